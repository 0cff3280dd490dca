-- SPDX-License-Identifier: Apache-2.0
-- 0011-money: bills paid in parts, deposits, refunds, registrations

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- attempts of every kind

ALTER TABLE attempt
    DROP CONSTRAINT attempt_kind_check,
    ADD CONSTRAINT attempt_kind_check CHECK (kind IN ('payment', 'refund', 'deposit', 'register')),
    ALTER bill DROP NOT NULL,
    ALTER revision DROP NOT NULL,
    ADD patient uuid,
    ADD CONSTRAINT attempt_for_what CHECK ((bill IS NULL) = (revision IS NULL)
                                           AND (bill IS NULL) = (kind = 'register')
                                           AND (bill IS NULL) = (patient IS NOT NULL)),
    ADD CONSTRAINT attempt_patient FOREIGN KEY (facility, patient) REFERENCES patient;
COMMENT ON COLUMN attempt.patient IS 'Of a registration, which has no bill';
-- A bill may be paid in parts: what may not be doubled is held by bill.paid_yen.
DROP INDEX attempt_one_settled;
CREATE INDEX attempt_approved ON attempt (facility, bill) WHERE state = 2;

-- ---------------------------------------------------------------- bills

ALTER TABLE bill
    DROP CONSTRAINT bill_state_check,
    ADD CONSTRAINT bill_state_check CHECK (state BETWEEN 0 AND 9),
    ADD paid_yen bigint NOT NULL DEFAULT 0 CHECK (paid_yen >= 0),
    ADD held_yen bigint NOT NULL DEFAULT 0 CHECK (held_yen >= 0),
    ADD waived_yen bigint NOT NULL DEFAULT 0 CHECK (waived_yen >= 0);
COMMENT ON COLUMN bill.paid_yen IS 'Approved payments and applied deposits, less what went back of them';
COMMENT ON COLUMN bill.held_yen IS 'Deposit that is not applied yet';
COMMENT ON COLUMN bill.waived_yen IS 'Of the present revision, not wanted any more: given back as a correction, or all of a withdrawn bill';
UPDATE bill b SET paid_yen = p.yen
FROM (SELECT facility, bill, sum(approved_yen) AS yen FROM attempt WHERE state = 2
      GROUP BY facility, bill) AS p
WHERE p.facility = b.facility AND p.bill = b.bill;
UPDATE bill b SET waived_yen = r.total_yen
FROM bill_revision r
WHERE b.state = 2 AND r.facility = b.facility AND r.bill = b.bill AND r.revision = b.revision;

CREATE INDEX bill_open ON bill (facility, visit) WHERE state IN (0, 1, 3, 7);

-- What stands in the bill is what its attempts say: looked at once, when the transaction ends.
CREATE FUNCTION check_bill_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_bill sugu.bill;
    came bigint;
BEGIN
    SELECT * INTO now_bill FROM sugu.bill WHERE facility = NEW.facility AND bill = NEW.bill;
    SELECT coalesce(sum(CASE a.kind WHEN 'refund' THEN -a.approved_yen ELSE a.approved_yen END),
                    0) INTO came
    FROM sugu.attempt a
    WHERE a.facility = NEW.facility AND a.bill = NEW.bill AND a.state = 2;
    IF came <> now_bill.paid_yen + now_bill.held_yen THEN
        RAISE EXCEPTION 'bill % says % yen, its attempts %', NEW.bill,
            now_bill.paid_yen + now_bill.held_yen, came USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_bill_paid IS 'A bill has just the money that its attempts brought';
CREATE CONSTRAINT TRIGGER bill_paid AFTER INSERT OR UPDATE OF paid_yen, held_yen ON bill
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_bill_paid();
CREATE CONSTRAINT TRIGGER attempt_paid AFTER INSERT OR UPDATE OF state, approved_yen ON attempt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.bill IS NOT NULL)
    EXECUTE FUNCTION check_bill_paid();

-- ---------------------------------------------------------------- refunds

CREATE TABLE refund (
    facility   integer NOT NULL,
    attempt    uuid NOT NULL,
    original   uuid NOT NULL,
    bill       uuid NOT NULL,
    amount_yen bigint NOT NULL CHECK (amount_yen > 0),
    reason     smallint NOT NULL CHECK (reason BETWEEN 0 AND 2),
    state      smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
    note       text NOT NULL DEFAULT '',
    ordered_by text NOT NULL,
    decided_by text NOT NULL DEFAULT '' CHECK (decided_by <> ordered_by),
    ordered_at timestamptz NOT NULL,
    decided_at timestamptz,
    PRIMARY KEY (facility, attempt),
    FOREIGN KEY (facility, original) REFERENCES attempt,
    FOREIGN KEY (facility, bill) REFERENCES bill
);
CREATE INDEX refund_of ON refund (facility, original);
CREATE INDEX refund_of_bill ON refund (facility, bill);
CREATE INDEX refund_waiting ON refund (facility, ordered_at) WHERE state = 0;
COMMENT ON TABLE refund IS 'Money that is to go back: who ordered it, who agreed. attempt: the id of the attempt that it becomes. Reasons and states: RefundReason, RefundState of money.proto';

-- Never more goes back than came (5.2 rule 8): refunds that wait or are under way count.
CREATE FUNCTION check_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    captured bigint;
BEGIN
    SELECT approved_yen INTO captured FROM sugu.attempt
    WHERE facility = NEW.facility AND attempt = NEW.original AND state = 2
      AND kind IN ('payment', 'deposit') FOR UPDATE;
    IF captured IS NULL OR captured < (SELECT sum(amount_yen) FROM sugu.refund
            WHERE facility = NEW.facility AND original = NEW.original AND state IN (0, 1, 2)) THEN
        RAISE EXCEPTION 'more would go back than came by attempt %', NEW.original
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_refund IS 'Refunds of an attempt are never more than it brought';
CREATE TRIGGER refund_within AFTER INSERT OR UPDATE OF state, amount_yen ON refund
    FOR EACH ROW EXECUTE FUNCTION check_refund();

-- ---------------------------------------------------------------- receipts

-- The slip of a deposit (預り証) is not the receipt of the same revision.
ALTER TABLE receipt
    ADD is_deposit boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT receipt_facility_bill_revision_key,
    ADD CONSTRAINT receipt_one UNIQUE (facility, bill, revision, is_deposit);

-- ---------------------------------------------------------------- settings, rights

ALTER TABLE facility
    ADD deposit_yen      bigint NOT NULL DEFAULT 0 CHECK (deposit_yen BETWEEN 0 AND 1000000),
    ADD refund_limit_yen bigint NOT NULL DEFAULT 10000 CHECK (refund_limit_yen >= 0);
COMMENT ON COLUMN facility.deposit_yen IS 'Taken instead of the whole bill while insurance is not proven; 0 = the whole bill';
COMMENT ON COLUMN facility.refund_limit_yen IS 'A refund above it needs a second person';

ALTER TABLE refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_facility ON refund USING (facility = current_facility())
    WITH CHECK (facility = current_facility());
GRANT SELECT ON refund TO sugu_server, sugu_report;
GRANT INSERT, UPDATE (state, decided_by, decided_at) ON refund TO sugu_server;
