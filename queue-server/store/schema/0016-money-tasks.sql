-- SPDX-License-Identifier: Apache-2.0
-- 0016-money-tasks: what is to do because of money is found by index, never by reading all
--
-- Each index below holds what is open and nothing else, so it stays small for ever.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- change that is owed

ALTER TABLE bill ADD change_owed_yen bigint NOT NULL DEFAULT 0 CHECK (change_owed_yen >= 0);
ALTER TABLE bill ADD change_owed_since timestamptz;
COMMENT ON COLUMN bill.change_owed_yen IS 'Change that a machine could not pay and nobody has: what deposit "change" of the ledger says of this bill';
COMMENT ON COLUMN bill.change_owed_since IS 'The first of the journals that owe what is owed now; NULL = nothing is';

UPDATE bill b SET change_owed_yen = o.yen, change_owed_since = o.since
FROM (SELECT j.facility, j.bill, -sum(e.yen) AS yen, min(j.posted_at) AS since
      FROM journal j JOIN entry e USING (facility, journal)
      WHERE e.account = 'deposit' AND e.detail = 'change' AND j.bill IS NOT NULL
      GROUP BY j.facility, j.bill) AS o
WHERE o.facility = b.facility AND o.bill = b.bill AND o.yen > 0;
ALTER TABLE bill ADD CHECK ((change_owed_yen > 0) = (change_owed_since IS NOT NULL));

CREATE FUNCTION note_change_owed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sugu.bill b
    SET change_owed_yen = b.change_owed_yen - NEW.yen,
        change_owed_since = CASE WHEN b.change_owed_yen - NEW.yen > 0
                                 THEN coalesce(b.change_owed_since, j.posted_at) END
    FROM sugu.journal j
    WHERE j.facility = NEW.facility AND j.journal = NEW.journal
      AND b.facility = j.facility AND b.bill = j.bill;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION note_change_owed IS 'A bill owes the change that its journals say: nobody pays out more than is owed';
CREATE TRIGGER entry_change_owed AFTER INSERT ON entry
    FOR EACH ROW WHEN (NEW.account = 'deposit' AND NEW.detail = 'change')
    EXECUTE FUNCTION note_change_owed();

-- ---------------------------------------------------------------- what is open

ALTER TABLE bill ADD state_since timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN bill.state_since IS 'When it came into its state: the oldest task is shown first';
UPDATE bill b SET state_since = r.announced_at
FROM bill_revision r
WHERE r.facility = b.facility AND r.bill = b.bill AND r.revision = b.revision;

CREATE INDEX bill_change_owed ON bill (facility, change_owed_since) WHERE change_owed_yen > 0;
CREATE INDEX bill_task ON bill (facility, state, state_since) WHERE state IN (7, 8, 9);
CREATE INDEX refund_failed ON refund (facility, ordered_at) WHERE state = 3;
CREATE INDEX attempt_in_doubt ON attempt (facility, begun_at) WHERE state IN (4, 5);
CREATE INDEX dues_not_paid ON dues (facility, changed_at)
    WHERE state IN (2, 3) AND code <> '' AND NOT is_declined;
CREATE INDEX card_on_file_stopped ON card_on_file (facility, changed_at) WHERE state = 2;

-- ---------------------------------------------------------------- what cannot go back

ALTER TABLE refund ADD is_by_hand boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN refund.is_by_hand IS 'It failed before: a desk hands it over when a second person has agreed';

-- ---------------------------------------------------------------- stored cards that are forgotten

-- The token of a card that has ended stays here until its provider says that it is gone there.
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO STRICT name FROM pg_constraint
    WHERE conrelid = 'sugu.card_on_file'::regclass AND contype = 'c'
      AND pg_get_constraintdef(oid) LIKE '%state <> 3%';
    EXECUTE format('ALTER TABLE sugu.card_on_file DROP CONSTRAINT %I', name);
END $$;
COMMENT ON TABLE card_on_file IS 'A person''s arrangement to be charged later. payer: our pseudonym at the provider; token: the provider''s, "" as soon as it is deleted there; code: why it is suspended';
ALTER TABLE attempt
    DROP CONSTRAINT attempt_kind_check,
    ADD CONSTRAINT attempt_kind_check CHECK (kind IN ('payment', 'refund', 'deposit', 'register',
                                                      'hold', 'release', 'forget')),
    DROP CONSTRAINT attempt_for_what,
    ADD CONSTRAINT attempt_for_what CHECK (
        (bill IS NULL) = (revision IS NULL)
        AND (bill IS NULL) = (kind IN ('register', 'hold', 'release', 'forget'))
        AND (bill IS NULL) = (patient IS NOT NULL)
        AND (bill IS NOT NULL OR card IS NOT NULL)
        AND (bill IS NULL OR visit IS NULL));
COMMENT ON COLUMN attempt.kind IS 'payment, deposit; refund of the attempt in original, to the same means; register, hold, release and forget of a card on file, which move no money';
CREATE INDEX attempt_of_card ON attempt (facility, card) WHERE card IS NOT NULL;
CREATE INDEX card_on_file_ended ON card_on_file (facility, changed_at)
    WHERE state = 3 AND token <> '';

-- ---------------------------------------------------------------- the fee side hears of it

CREATE TABLE posting_change (
    facility   integer NOT NULL,
    change     uuid NOT NULL,
    bill       uuid NOT NULL,
    revision   integer NOT NULL,
    is_back    boolean NOT NULL,
    amount_yen bigint NOT NULL CHECK (amount_yen >= 0),
    kept_yen   bigint NOT NULL CHECK (kept_yen >= 0),
    reason     smallint NOT NULL CHECK (reason BETWEEN 0 AND 2),
    method     text NOT NULL,
    day        date NOT NULL,
    made_at    timestamptz NOT NULL,
    posted_at  timestamptz,
    PRIMARY KEY (facility, change),
    FOREIGN KEY (facility, change) REFERENCES attempt,
    FOREIGN KEY (facility, bill, revision) REFERENCES bill_revision
);
CREATE INDEX posting_change_open ON posting_change (facility, made_at) WHERE posted_at IS NULL;
COMMENT ON TABLE posting_change IS 'Money of a bill that moved after it was posted to the fee module. change: the attempt; reason: RefundReason of money.proto, where it went back; kept_yen: of the bill, afterwards; day: the business day on which it moved';
ALTER TABLE posting_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_facility ON posting_change USING (facility = current_facility())
    WITH CHECK (facility = current_facility());
GRANT SELECT ON posting_change TO sugu_server, sugu_report;
GRANT INSERT, UPDATE (posted_at) ON posting_change TO sugu_server;
