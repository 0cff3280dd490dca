-- SPDX-License-Identifier: Apache-2.0
-- 0012-closed-day: a day is closed by somebody; what comes late is posted into the next open one

SET LOCAL search_path = sugu;

ALTER TABLE business_day
    ADD closed_at     timestamptz,
    ADD closed_by     text,
    ADD closed_reason text NOT NULL DEFAULT '',
    ADD CONSTRAINT business_day_closed_by CHECK (closed_by IS NULL OR state = 2),
    ADD CONSTRAINT business_day_closed_at CHECK ((closed_at IS NULL) = (closed_by IS NULL));
COMMENT ON COLUMN business_day.closed_by IS 'Who accepts the day; NULL on days that were closed before this was asked';
COMMENT ON COLUMN business_day.closed_reason IS 'Why with payments in doubt, "" = there were none';

CREATE FUNCTION posting_day(integer, date) RETURNS date LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT greatest($2, (SELECT max(day) + 1 FROM sugu.business_day
                         WHERE facility = $1 AND day >= $2 AND state <> 0));
END;
COMMENT ON FUNCTION posting_day IS 'The day itself, or the first that is open behind it (domain/payments.md 6: late items go to the next open day)';

-- A day that is closed while a journal is on its way into it: the transaction is carried out again,
-- and finds the next day.
CREATE OR REPLACE FUNCTION check_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state smallint;
BEGIN
    SELECT state INTO found_state FROM sugu.business_day
        WHERE facility = NEW.facility AND day = NEW.day FOR SHARE;
    IF found_state IS NULL THEN
        RAISE EXCEPTION 'business day % is not there', NEW.day USING ERRCODE = 'check_violation';
    ELSIF found_state <> 0 THEN
        RAISE EXCEPTION 'business day % is not open', NEW.day
            USING ERRCODE = 'serialization_failure', CONSTRAINT = 'journal_day_open';
    END IF;
    RETURN NEW;
END $$;
