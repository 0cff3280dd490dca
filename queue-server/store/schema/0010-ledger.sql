-- SPDX-License-Identifier: Apache-2.0
-- 0010-ledger: every account, counted cash, the hash chain, balances of a day, devices' counters
--
-- When a transaction commits, each of its journals is sealed: it sums to zero, its counted coins
-- and notes are its yen of cash, and its hash covers the hash before it and all that it says
-- (docs/ledger.md). Behind the seal nothing comes to a journal any more.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- attempts

ALTER TABLE attempt DROP CONSTRAINT attempt_method_check;
ALTER TABLE attempt
    ADD CONSTRAINT attempt_method_check
        CHECK (method IN ('card', 'cash', 'code', 'on-file', 'desk', 'nothing-due')),
    ADD kind     text NOT NULL DEFAULT 'payment' CHECK (kind IN ('payment', 'refund')),
    ADD original uuid,
    ADD CONSTRAINT attempt_original FOREIGN KEY (facility, original) REFERENCES attempt,
    ADD CONSTRAINT attempt_refunds_one CHECK ((kind = 'refund') = (original IS NOT NULL));
CREATE INDEX attempt_refunds ON attempt (facility, original) WHERE original IS NOT NULL;
CREATE INDEX attempt_of_bill ON attempt (facility, bill);
DROP INDEX attempt_one_settled;
CREATE UNIQUE INDEX attempt_one_settled ON attempt (facility, bill, revision)
    WHERE state = 2 AND kind = 'payment';
COMMENT ON COLUMN attempt.kind IS 'payment, or refund of the attempt in original, to the same means';

-- ---------------------------------------------------------------- accounts

ALTER TABLE account
    ADD CHECK (account ~ '^[a-z][a-z-]{0,31}$'),
    ADD class text NOT NULL DEFAULT 'assets'
        CHECK (class IN ('assets', 'liabilities', 'revenues', 'expenses'));
COMMENT ON COLUMN account.class IS 'Where it stands in the accounts that are exported: docs/ledger.md';

CREATE FUNCTION add_accounts(integer) RETURNS void LANGUAGE sql BEGIN ATOMIC
    INSERT INTO account (facility, account, class)
    SELECT $1, a.account, c.class
    FROM (VALUES
        ('assets', ARRAY['receivable', 'card-clearing', 'code-clearing', 'on-file-clearing',
                         'pending-clearing', 'cash', 'cash-float', 'cash-desk',
                         'cash-in-transit', 'bank', 'suspense']),
        ('liabilities', ARRAY['deposit', 'pending-deposit', 'refund-payable']),
        ('revenues', ARRAY['revenue-clearing']),
        ('expenses', ARRAY['fees', 'losses', 'over-short', 'rounding'])
    ) AS c(class, accounts), unnest(c.accounts) AS a(account)
    ON CONFLICT (facility, account) DO UPDATE SET class = excluded.class;
END;
COMMENT ON FUNCTION add_accounts IS 'The accounts of one facility; the same list stands in core/domain/ledger.h';
CREATE FUNCTION facility_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sugu.add_accounts(NEW.facility);
    RETURN NULL;
END $$;
CREATE TRIGGER facility_accounts AFTER INSERT ON facility
    FOR EACH ROW EXECUTE FUNCTION facility_accounts();
SELECT add_accounts(facility) FROM facility;

-- ---------------------------------------------------------------- journals

ALTER TABLE journal
    DROP CONSTRAINT journal_kind_check,
    ADD CONSTRAINT journal_kind_check CHECK (kind IN
        ('bill', 'bill-revised', 'bill-withdrawn', 'payment', 'cash-returned', 'refund',
         'overpayment', 'deposit-taken', 'deposit-applied', 'deposit-refunded', 'change-paid',
         'hold', 'hold-ended', 'over-short', 'cash-moved', 'bank', 'chargeback', 'suspense',
         'rounding', 'correction')),
    ALTER bill DROP NOT NULL,
    ADD visit    uuid,
    ADD original bigint,
    ADD CONSTRAINT journal_visit FOREIGN KEY (facility, visit) REFERENCES visit,
    ADD CONSTRAINT journal_original FOREIGN KEY (facility, original) REFERENCES journal,
    ADD CONSTRAINT journal_later CHECK (original < journal),
    ADD CONSTRAINT journal_for_whom CHECK (bill IS NOT NULL OR kind NOT IN
        ('bill', 'bill-revised', 'bill-withdrawn', 'overpayment', 'deposit-applied')),
    ADD CONSTRAINT journal_of_attempt CHECK (attempt IS NOT NULL OR kind NOT IN
        ('payment', 'refund', 'cash-returned')),
    ADD CONSTRAINT journal_of_original CHECK (original IS NOT NULL OR kind NOT IN
        ('hold-ended', 'correction'));
CREATE UNIQUE INDEX journal_hold_ended ON journal (facility, original) WHERE kind = 'hold-ended';
CREATE INDEX journal_day ON journal (facility, day, journal);
CREATE INDEX journal_bill ON journal (facility, bill) WHERE bill IS NOT NULL;
CREATE INDEX journal_hold ON journal (facility, visit, journal) WHERE kind = 'hold';
COMMENT ON COLUMN journal.visit IS 'Whose money it is where there is no bill: deposits, holds';
COMMENT ON COLUMN journal.original IS 'The journal that this one corrects, or the hold that it ends';

ALTER TABLE entry ADD CHECK (octet_length(detail) <= 255);
COMMENT ON COLUMN entry.detail IS 'Which one of the account: terminal, kiosk, brand, acquirer; of a deposit "change" where it is change still owed';

CREATE TABLE cash_count (
    facility   integer NOT NULL,
    journal    bigint NOT NULL,
    place      text NOT NULL CHECK (place ~ '^[A-Za-z0-9._-]{1,64}$'),
    unit       integer NOT NULL CHECK (unit IN (1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10000)),
    pieces_in  integer NOT NULL CHECK (pieces_in >= 0),
    pieces_out integer NOT NULL CHECK (pieces_out >= 0),
    PRIMARY KEY (facility, journal, place, unit),
    FOREIGN KEY (facility, journal) REFERENCES journal,
    CHECK (pieces_in + pieces_out > 0)
);
CREATE INDEX cash_count_place ON cash_count (facility, place, unit)
    INCLUDE (pieces_in, pieces_out);
COMMENT ON TABLE cash_count IS 'Coins and notes that a journal moved at a place: together its yen of cash and cash-float there. unit: yen of one piece';

CREATE TABLE device_step (
    facility integer NOT NULL REFERENCES facility,
    place    text NOT NULL CHECK (place ~ '^[A-Za-z0-9._-]{1,64}$'),
    device   text NOT NULL CHECK (device ~ '^[a-z0-9._-]{1,32}$'),
    boot     bigint NOT NULL CHECK (boot >= 0),
    counter  bigint NOT NULL CHECK (counter > 0),
    attempt  uuid,
    unit     integer CHECK (unit IN (1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10000)),
    PRIMARY KEY (facility, place, device, boot, counter),
    FOREIGN KEY (facility, attempt) REFERENCES attempt,
    CHECK (unit IS NULL OR attempt IS NOT NULL)
);
CREATE INDEX device_step_attempt ON device_step (facility, attempt) WHERE unit IS NOT NULL;
COMMENT ON TABLE device_step IS 'Steps of the event counter of a cash device, each consumed once. boot: which life of the device, counted by the kiosk; counter: within it, wraps counted on. unit: the piece that the step brought in';

CREATE TABLE journal_hash (
    facility integer NOT NULL,
    journal  bigint NOT NULL,
    hash     bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (facility, journal),
    FOREIGN KEY (facility, journal) REFERENCES journal
);
COMMENT ON TABLE journal_hash IS 'SHA-256 of the hash of the journal before (32 zero bytes before the first) and of journal_text';

CREATE TABLE day_balance (
    facility   integer NOT NULL,
    day        date NOT NULL,
    account    text NOT NULL,
    detail     text NOT NULL,
    debit_yen  bigint NOT NULL CHECK (debit_yen >= 0),
    credit_yen bigint NOT NULL CHECK (credit_yen >= 0),
    PRIMARY KEY (facility, day, account, detail),
    FOREIGN KEY (facility, day) REFERENCES business_day,
    FOREIGN KEY (facility, account) REFERENCES account
) WITH (fillfactor = 50);
COMMENT ON TABLE day_balance IS 'What a business day moved in each account and detail: sums of entries, kept by the seal';

ALTER TABLE business_day
    ADD first_journal  bigint,
    ADD last_journal   bigint,
    ADD head           bytea CHECK (length(head) = 32),
    ADD closed_journal bigint,
    ADD CONSTRAINT business_day_head CHECK ((last_journal IS NULL) = (head IS NULL)),
    ADD CONSTRAINT business_day_order CHECK (first_journal <= last_journal);
ALTER TABLE business_day SET (fillfactor = 50);
COMMENT ON COLUMN business_day.head IS 'Hash of last_journal: the day''s anchor, printed on the closing report';
COMMENT ON COLUMN business_day.closed_journal IS 'last_journal (0 = none) when the day was closed';

-- ---------------------------------------------------------------- the seal

-- What the hash of a journal covers, a line for each thing; texts of others' making carry their
-- length in bytes, so that no text can be taken for another.
CREATE FUNCTION journal_text(integer, bigint) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT 'sugu-journal 1' || E'\nfacility ' || j.facility || E'\njournal ' || j.journal
        || E'\nday ' || to_char(j.day, 'YYYYMMDD')
        || E'\nposted ' || (extract(epoch FROM j.posted_at) * 1000000)::bigint
        || E'\nkind ' || j.kind || E'\nbill ' || coalesce(j.bill::text, '-')
        || E'\nvisit ' || coalesce(j.visit::text, '-')
        || E'\nattempt ' || coalesce(j.attempt::text, '-')
        || E'\noriginal ' || coalesce(j.original::text, '-') || E'\n'
        || coalesce((SELECT string_agg('entry ' || e.line || ' ' || e.account || ' ' || e.yen || ' '
                                       || octet_length(e.detail) || ':' || e.detail || E'\n', ''
                                       ORDER BY e.line)
                     FROM entry e WHERE e.facility = j.facility AND e.journal = j.journal), '')
        || coalesce((SELECT string_agg('count ' || c.unit || ' ' || c.pieces_in || ' '
                                       || c.pieces_out || ' ' || octet_length(c.place) || ':'
                                       || c.place || E'\n', '' ORDER BY c.place COLLATE "C", c.unit)
                     FROM cash_count c WHERE c.facility = j.facility AND c.journal = j.journal), '')
    FROM journal j WHERE j.facility = $1 AND j.journal = $2;
END;
COMMENT ON FUNCTION journal_text IS 'Canonical content of a journal, as docs/ledger.md describes it';

CREATE FUNCTION seal(integer, bigint, date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before bytea := decode(repeat('00', 32), 'hex');
    sealed bytea;
BEGIN
    IF $2 > 1 THEN
        SELECT hash INTO before FROM sugu.journal_hash WHERE facility = $1 AND journal = $2 - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'journal % follows none', $2 USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    sealed := sha256(before || convert_to(sugu.journal_text($1, $2), 'UTF8'));
    INSERT INTO sugu.journal_hash (facility, journal, hash) VALUES ($1, $2, sealed);
    UPDATE sugu.business_day
    SET first_journal = coalesce(first_journal, $2), last_journal = $2, head = sealed
    WHERE facility = $1 AND day = $3;
    INSERT INTO sugu.day_balance AS b (facility, day, account, detail, debit_yen, credit_yen)
    SELECT $1, $3, account, detail, coalesce(sum(yen) FILTER (WHERE yen > 0), 0),
           coalesce(-sum(yen) FILTER (WHERE yen < 0), 0)
    FROM sugu.entry WHERE facility = $1 AND journal = $2 GROUP BY account, detail
    ON CONFLICT (facility, day, account, detail) DO UPDATE
    SET debit_yen = b.debit_yen + excluded.debit_yen,
        credit_yen = b.credit_yen + excluded.credit_yen;
END $$;
COMMENT ON FUNCTION seal IS 'Links a journal into the chain; the journals'' counter is locked then, so the one before is there';

-- The books that are there, in their order; days and balances at once.
DO $$
DECLARE
    j record;
    sealed bytea;
BEGIN
    FOR j IN SELECT facility, journal FROM sugu.journal ORDER BY facility, journal LOOP
        IF j.journal = 1 THEN
            sealed := decode(repeat('00', 32), 'hex');
        END IF;
        sealed := sha256(sealed || convert_to(sugu.journal_text(j.facility, j.journal), 'UTF8'));
        INSERT INTO sugu.journal_hash VALUES (j.facility, j.journal, sealed);
    END LOOP;
END $$;
UPDATE business_day d
SET first_journal = j.first, last_journal = j.last, head = h.hash
FROM (SELECT facility, day, min(journal) AS first, max(journal) AS last FROM journal
      GROUP BY facility, day) AS j
JOIN journal_hash h ON h.facility = j.facility AND h.journal = j.last
WHERE d.facility = j.facility AND d.day = j.day;
INSERT INTO day_balance (facility, day, account, detail, debit_yen, credit_yen)
SELECT j.facility, j.day, e.account, e.detail, coalesce(sum(e.yen) FILTER (WHERE e.yen > 0), 0),
       coalesce(-sum(e.yen) FILTER (WHERE e.yen < 0), 0)
FROM journal j JOIN entry e USING (facility, journal)
GROUP BY j.facility, j.day, e.account, e.detail;

CREATE FUNCTION seal_journal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = sugu, pg_temp AS $$
DECLARE
    total bigint;
    lines bigint;
BEGIN
    SELECT coalesce(sum(yen), 0), count(*) INTO total, lines FROM entry
        WHERE facility = NEW.facility AND journal = NEW.journal;
    IF total <> 0 OR lines < 2 THEN
        RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balances';
    END IF;
    IF EXISTS (SELECT FROM (
            SELECT detail, yen FROM entry WHERE facility = NEW.facility
                AND journal = NEW.journal AND account IN ('cash', 'cash-float')
            UNION ALL
            SELECT place, -unit::bigint * (pieces_in - pieces_out) FROM cash_count
            WHERE facility = NEW.facility AND journal = NEW.journal) AS both_sides
        GROUP BY detail HAVING sum(yen) <> 0) THEN
        RAISE EXCEPTION 'the cash of journal % is not what was counted', NEW.journal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_is_counted';
    END IF;
    PERFORM seal(NEW.facility, NEW.journal, NEW.day);
    RETURN NULL;
END $$;
DROP TRIGGER journal_balances ON journal;
DROP TRIGGER entry_balances ON entry;
DROP FUNCTION check_journal_balance();
CREATE CONSTRAINT TRIGGER journal_sealed AFTER INSERT ON journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_journal();

CREATE FUNCTION refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sugu.journal_hash
               WHERE facility = NEW.facility AND journal = NEW.journal) THEN
        RAISE EXCEPTION 'journal % is sealed', NEW.journal USING ERRCODE = 'check_violation',
            CONSTRAINT = 'journal_is_sealed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_in_time BEFORE INSERT ON entry
    FOR EACH ROW EXECUTE FUNCTION refuse_sealed();
CREATE TRIGGER cash_count_in_time BEFORE INSERT ON cash_count
    FOR EACH ROW EXECUTE FUNCTION refuse_sealed();

CREATE FUNCTION note_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.closed_journal := CASE WHEN NEW.state = 2 THEN coalesce(NEW.last_journal, 0) END;
    RETURN NEW;
END $$;
CREATE TRIGGER business_day_close BEFORE UPDATE OF state ON business_day
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note_close();
UPDATE business_day SET closed_journal = coalesce(last_journal, 0) WHERE state = 2;

CREATE TRIGGER cash_count_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cash_count
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER device_step_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON device_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_hash_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_hash
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- rights

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT unnest(ARRAY['cash_count', 'device_step', 'journal_hash',
                                    'day_balance']) LOOP
        EXECUTE format('ALTER TABLE sugu.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_facility ON sugu.%I
                        USING (facility = sugu.current_facility())
                        WITH CHECK (facility = sugu.current_facility())', name);
        EXECUTE format('GRANT SELECT ON sugu.%I TO sugu_server, sugu_report', name);
    END LOOP;
END $$;
-- The chain and the balances are written by the owner's trigger alone.
GRANT INSERT ON cash_count, device_step TO sugu_server;
REVOKE INSERT ON account FROM sugu_server;
REVOKE INSERT, UPDATE ON business_day FROM sugu_server;
GRANT INSERT (facility, day), UPDATE (state) ON business_day TO sugu_server;
REVOKE EXECUTE ON FUNCTION add_accounts, seal, journal_text FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_text TO sugu_server, sugu_report;
