-- SPDX-License-Identifier: Apache-2.0
-- 0001-spine: facilities, keys, patients, visits, tickets, bills, payments, ledger, events
--
-- Every key begins with the facility. Money is whole yen in bigint, time is timestamptz, a business
-- day is a date of the facility. Migrations run as the owner; the programs connect with roles that
-- have only what they need, and row-level security lets them see one facility at a time
-- (app.facility, set in each transaction; no default: a forgotten setting is an error, not a leak).

CREATE SCHEMA sugu;
COMMENT ON SCHEMA sugu IS 'Sugu: check-in, queues, bills and payments of one or more hospitals';
SET LOCAL search_path = sugu;

CREATE FUNCTION current_facility() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('app.facility')::integer;
COMMENT ON FUNCTION current_facility IS 'The facility of this transaction; an error where none was set';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change IS 'Trigger of insert-only tables: corrections are new rows';

-- ---------------------------------------------------------------- who runs what

CREATE TABLE facility (
    facility         integer PRIMARY KEY CHECK (facility > 0),
    institution_code text NOT NULL UNIQUE CHECK (institution_code ~ '^[0-9]{10}$'),
    name             text NOT NULL CHECK (name <> ''),
    address          text NOT NULL DEFAULT '',
    phone            text NOT NULL DEFAULT '',
    utc_offset_min   integer NOT NULL DEFAULT 540 CHECK (utc_offset_min BETWEEN -840 AND 840),
    cutoff_min       integer NOT NULL DEFAULT 240 CHECK (cutoff_min BETWEEN 0 AND 1439)
);
COMMENT ON TABLE facility IS 'One hospital or clinic';
COMMENT ON COLUMN facility.utc_offset_min IS 'Local time minus UTC, minutes; Japan is +540 all year';
COMMENT ON COLUMN facility.cutoff_min IS 'Minutes after midnight when the business day changes';

CREATE TABLE department (
    facility   integer NOT NULL REFERENCES facility,
    department text NOT NULL CHECK (department ~ '^[a-z0-9-]{1,16}$'),
    name       text NOT NULL CHECK (name <> ''),
    series     text NOT NULL CHECK (series ~ '^[A-Z]?$'),
    is_desk    boolean NOT NULL DEFAULT false,
    is_open    boolean NOT NULL DEFAULT true,
    PRIMARY KEY (facility, department)
);
COMMENT ON TABLE department IS 'Where tickets wait. is_desk: the staffed reception, for whoever the kiosk cannot help';
COMMENT ON COLUMN department.series IS 'Letter before the number; departments with the same letter share one counter';

CREATE TABLE desk (
    facility   integer NOT NULL,
    desk       text NOT NULL CHECK (desk ~ '^[A-Za-z0-9-]{1,16}$'),
    department text NOT NULL,
    PRIMARY KEY (facility, desk),
    FOREIGN KEY (facility, department) REFERENCES department
);
COMMENT ON TABLE desk IS 'Counter or room that calls tickets';

CREATE TABLE client (
    facility integer NOT NULL REFERENCES facility,
    client   integer NOT NULL CHECK (client > 0),
    name     text NOT NULL CHECK (name ~ '^[a-z0-9-]{1,64}$'),
    role     text NOT NULL CHECK (role IN
        ('kiosk', 'printer', 'payment', 'desk', 'board', 'finance', 'fee', 'insurance', 'web')),
    place    text NOT NULL DEFAULT '' CHECK (place ~ '^[A-Za-z0-9._-]{0,64}$'),
    PRIMARY KEY (facility, client),
    UNIQUE (facility, name)
);
COMMENT ON TABLE client IS 'A program that may connect. place: the kiosk that a kiosk''s programs belong to';

CREATE TABLE client_key (
    public_key  bytea PRIMARY KEY CHECK (length(public_key) = 32),
    facility    integer NOT NULL,
    client      integer NOT NULL,
    valid_from  timestamptz NOT NULL DEFAULT now(),
    valid_until timestamptz NOT NULL DEFAULT 'infinity',
    revoked_at  timestamptz,
    FOREIGN KEY (facility, client) REFERENCES client
);
CREATE INDEX ON client_key (facility, client);
COMMENT ON TABLE client_key IS 'CURVE keys. A client may have two while one is replaced. The key begins the row, not the facility: it is how the facility is found';

-- ---------------------------------------------------------------- patients

CREATE TABLE patient (
    facility   integer NOT NULL REFERENCES facility,
    patient    uuid NOT NULL,
    number     text NOT NULL CHECK (number ~ '^[0-9A-Z-]{1,32}$'),
    name       text NOT NULL CHECK (name <> ''),
    name_key   text NOT NULL CHECK (name_key <> ''),
    birth_date date NOT NULL CHECK (birth_date BETWEEN '1868-01-01' AND '2999-12-31'),
    sex        smallint NOT NULL CHECK (sex BETWEEN 0 AND 3),
    birthday_misses smallint NOT NULL DEFAULT 0,
    missed_on  date,
    PRIMARY KEY (facility, patient),
    UNIQUE (facility, number)
);
CREATE INDEX ON patient (facility, birth_date, name_key);
COMMENT ON TABLE patient IS 'A person registered with the hospital';
COMMENT ON COLUMN patient.birthday_misses IS 'Wrong birthdays entered on missed_on for a card or ticket of this patient; after five the kiosk sends to the desk';
COMMENT ON COLUMN patient.name_key IS 'Name without blanks and with one width, for comparing; never fuzzy';

CREATE TABLE patient_card (
    facility integer NOT NULL,
    kind     smallint NOT NULL CHECK (kind IN (2, 3)),
    serial   bytea NOT NULL CHECK (length(serial) BETWEEN 4 AND 10),
    patient  uuid NOT NULL,
    PRIMARY KEY (facility, kind, serial),
    FOREIGN KEY (facility, patient) REFERENCES patient
);
COMMENT ON TABLE patient_card IS 'Hospital cards: FeliCa IDm (2) or MIFARE UID (3). They find a patient; they prove nothing';

CREATE TABLE insurance (
    facility       integer NOT NULL,
    patient        uuid NOT NULL,
    insurer_number text NOT NULL CHECK (insurer_number ~ '^[0-9]{6}([0-9]{2})?$'),
    symbol         text NOT NULL DEFAULT '',
    number         text NOT NULL,
    branch         text NOT NULL DEFAULT '' CHECK (branch ~ '^([0-9]{2})?$'),
    PRIMARY KEY (facility, patient),
    FOREIGN KEY (facility, patient) REFERENCES patient
);
COMMENT ON TABLE insurance IS 'Insurance on file; strings keep their leading zeros. What is true today stands in eligibility';

CREATE TABLE appointment (
    facility   integer NOT NULL,
    patient    uuid NOT NULL,
    day        date NOT NULL,
    department text NOT NULL,
    minutes    smallint NOT NULL CHECK (minutes BETWEEN 0 AND 1439),
    PRIMARY KEY (facility, patient, day, department),
    FOREIGN KEY (facility, patient) REFERENCES patient,
    FOREIGN KEY (facility, department) REFERENCES department
);
COMMENT ON TABLE appointment IS 'Booked for a business day; minutes after midnight, local';

-- ---------------------------------------------------------------- visits and tickets

CREATE TABLE visit (
    facility         integer NOT NULL REFERENCES facility,
    visit            uuid NOT NULL,
    day              date NOT NULL,
    patient          uuid,
    state            smallint NOT NULL CHECK (state BETWEEN 0 AND 8),
    series           text NOT NULL CHECK (series ~ '^[A-Z]?$'),
    number           integer NOT NULL CHECK (number > 0),
    token            bytea NOT NULL CHECK (length(token) = 16),
    eligibility      uuid,
    acts_version     integer NOT NULL DEFAULT 0,
    arrived_at       timestamptz NOT NULL,
    left_at          timestamptz,
    PRIMARY KEY (facility, visit),
    UNIQUE (facility, day, series, number),
    UNIQUE (facility, token),
    FOREIGN KEY (facility, patient) REFERENCES patient
);
-- One open visit per patient and day: left, no-show and cancelled ones (6, 7, 8) do not count.
CREATE UNIQUE INDEX visit_one_open ON visit (facility, day, patient) WHERE state NOT IN (6, 7, 8);
COMMENT ON TABLE visit IS 'One person''s day; its number is printed on the ticket. States: core/domain/visit.h';
COMMENT ON COLUMN visit.token IS 'Stands in the ticket''s QR; dies with the day';

CREATE TABLE ticket_counter (
    facility integer NOT NULL REFERENCES facility,
    day      date NOT NULL,
    series   text NOT NULL,
    number   integer NOT NULL CHECK (number > 0),
    PRIMARY KEY (facility, day, series)
) WITH (fillfactor = 50);
COMMENT ON TABLE ticket_counter IS 'Last number given; taken under its row lock in the statement that inserts the visit';

CREATE TABLE stage (
    facility   integer NOT NULL,
    visit      uuid NOT NULL,
    stage      smallint NOT NULL CHECK (stage > 0),
    day        date NOT NULL,
    department text NOT NULL,
    state      smallint NOT NULL CHECK (state BETWEEN 0 AND 6),
    reason     text NOT NULL DEFAULT '',
    desk       text,
    waiting_at timestamptz NOT NULL,
    called_at  timestamptz,
    done_at    timestamptz,
    PRIMARY KEY (facility, visit, stage),
    FOREIGN KEY (facility, visit) REFERENCES visit,
    FOREIGN KEY (facility, department) REFERENCES department,
    FOREIGN KEY (facility, desk) REFERENCES desk,
    CHECK (state NOT IN (1, 2) OR desk IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX stage_waiting ON stage (facility, day, department, waiting_at, visit) WHERE state = 0;
COMMENT ON TABLE stage IS 'The ticket at one stage of the visit. States: core/domain/ticket.h. reason: code why it is at the desk';

CREATE TABLE session (
    facility  integer NOT NULL,
    session   uuid NOT NULL,
    client    integer NOT NULL,
    place     text NOT NULL,
    patient   uuid,
    visit     uuid,
    language  text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    outcome   text NOT NULL DEFAULT '',
    PRIMARY KEY (facility, session),
    FOREIGN KEY (facility, client) REFERENCES client
);
CREATE INDEX session_open ON session (facility, place) WHERE closed_at IS NULL;
CREATE INDEX session_visit ON session (facility, visit) WHERE closed_at IS NULL;
COMMENT ON TABLE session IS 'One person at one kiosk; while open, the place gets the events of the visit';

CREATE TABLE eligibility (
    facility       integer NOT NULL,
    eligibility    uuid NOT NULL,
    session        uuid,
    patient        uuid NOT NULL,
    asked_at       timestamptz NOT NULL,
    answered_at    timestamptz,
    outcome        smallint NOT NULL DEFAULT 0 CHECK (outcome BETWEEN 0 AND 5),
    code           text NOT NULL DEFAULT '',
    insurer_number text NOT NULL,
    symbol         text NOT NULL,
    number         text NOT NULL,
    branch         text NOT NULL,
    birth_date     date NOT NULL,
    confirm_date   date NOT NULL,
    ratio_percent  smallint NOT NULL DEFAULT 0 CHECK (ratio_percent BETWEEN 0 AND 100),
    valid_from     date,
    valid_until    date,
    limit_class    text NOT NULL DEFAULT '',
    evidence       text NOT NULL DEFAULT '',
    PRIMARY KEY (facility, eligibility),
    FOREIGN KEY (facility, patient) REFERENCES patient,
    CHECK ((outcome = 0) = (answered_at IS NULL))
);
CREATE INDEX eligibility_open ON eligibility (facility, asked_at) WHERE outcome = 0;
COMMENT ON TABLE eligibility IS 'What the online qualification system was asked and said: the only authority, with its evidence';

CREATE TABLE help (
    facility integer NOT NULL REFERENCES facility,
    help     uuid NOT NULL,
    place    text NOT NULL,
    visit    uuid,
    reason   text NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (facility, help)
);
CREATE INDEX ON help (facility, visit);
COMMENT ON TABLE help IS 'People whom a kiosk sent to the staff, with the reason';

-- ---------------------------------------------------------------- acts and bills

CREATE TABLE act (
    facility integer NOT NULL,
    visit    uuid NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    line     smallint NOT NULL CHECK (line > 0),
    code     text NOT NULL CHECK (code ~ '^[0-9]{9}$'),
    count    integer NOT NULL CHECK (count BETWEEN 1 AND 9999),
    PRIMARY KEY (facility, visit, version, line),
    FOREIGN KEY (facility, visit) REFERENCES visit
);
COMMENT ON TABLE act IS 'Acts of a visit as they were recorded; a new recording is a new version';

CREATE TABLE bill (
    facility integer NOT NULL,
    bill     uuid NOT NULL,
    visit    uuid NOT NULL,
    state    smallint NOT NULL CHECK (state BETWEEN 0 AND 7),
    revision integer NOT NULL CHECK (revision > 0),
    PRIMARY KEY (facility, bill),
    UNIQUE (facility, visit, bill),
    FOREIGN KEY (facility, visit) REFERENCES visit
);
CREATE INDEX ON bill (facility, visit);
COMMENT ON TABLE bill IS 'A bill and its present revision. States: core/domain/bill.h';

CREATE TABLE bill_revision (
    facility      integer NOT NULL,
    bill          uuid NOT NULL,
    revision      integer NOT NULL CHECK (revision > 0),
    acts_version  integer NOT NULL,
    ratio_percent smallint NOT NULL CHECK (ratio_percent BETWEEN 0 AND 100),
    total_points  integer NOT NULL CHECK (total_points >= 0),
    copay_yen     bigint NOT NULL CHECK (copay_yen >= 0),
    self_pay_yen  bigint NOT NULL CHECK (self_pay_yen >= 0),
    total_yen     bigint NOT NULL CHECK (total_yen = copay_yen + self_pay_yen),
    announced_at  timestamptz NOT NULL,
    settled_at    timestamptz,
    posted_at     timestamptz,
    PRIMARY KEY (facility, bill, revision),
    FOREIGN KEY (facility, bill) REFERENCES bill,
    CHECK (posted_at IS NULL OR settled_at IS NOT NULL)
);
CREATE INDEX bill_revision_unposted ON bill_revision (facility, settled_at)
    WHERE settled_at IS NOT NULL AND posted_at IS NULL;
COMMENT ON TABLE bill_revision IS 'One announced state of a bill; never changed but for when it was settled and posted to the fee module';

CREATE TABLE bill_line (
    facility integer NOT NULL,
    bill     uuid NOT NULL,
    revision integer NOT NULL,
    line     smallint NOT NULL CHECK (line > 0),
    category text NOT NULL,
    act_code text NOT NULL,
    name     text NOT NULL,
    points   integer NOT NULL CHECK (points >= 0),
    count    integer NOT NULL CHECK (count BETWEEN 1 AND 9999),
    yen      bigint NOT NULL CHECK (yen >= 0),
    PRIMARY KEY (facility, bill, revision, line),
    FOREIGN KEY (facility, bill, revision) REFERENCES bill_revision
);
COMMENT ON TABLE bill_line IS 'Lines of the itemised statement: points for insured acts, yen for others';

-- ---------------------------------------------------------------- money

CREATE TABLE attempt (
    facility      integer NOT NULL,
    attempt       uuid NOT NULL,
    bill          uuid NOT NULL,
    revision      integer NOT NULL,
    client        integer NOT NULL,
    place         text NOT NULL,
    method        text NOT NULL CHECK (method IN ('card', 'nothing-due')),
    amount_yen    bigint NOT NULL CHECK (amount_yen >= 0),
    state         smallint NOT NULL CHECK (state BETWEEN 0 AND 6),
    approved_yen  bigint CHECK (approved_yen >= 0),
    code          text NOT NULL DEFAULT '',
    provider_id   text,
    approval_code text NOT NULL DEFAULT '',
    brand         text NOT NULL DEFAULT '',
    last4         text NOT NULL DEFAULT '' CHECK (last4 ~ '^([0-9]{4})?$'),
    terminal      text NOT NULL DEFAULT '',
    begun_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    PRIMARY KEY (facility, attempt),
    FOREIGN KEY (facility, bill, revision) REFERENCES bill_revision,
    CHECK ((state = 2) = (approved_yen IS NOT NULL) OR state = 6),
    CHECK ((state IN (2, 3, 6)) = (ended_at IS NOT NULL))
);
-- Intended, sent, unknown and held attempts (0, 1, 4, 5) are open: one per bill. One approved (2)
-- per revision: a bill is settled once.
CREATE UNIQUE INDEX attempt_one_open ON attempt (facility, bill) WHERE state IN (0, 1, 4, 5);
CREATE UNIQUE INDEX attempt_one_settled ON attempt (facility, bill, revision) WHERE state = 2;
CREATE UNIQUE INDEX attempt_provider ON attempt (facility, terminal, provider_id)
    WHERE provider_id IS NOT NULL;
COMMENT ON TABLE attempt IS 'Tries to take money. States: core/domain/payment.h. Of a card only its last four digits are ever here';

CREATE TABLE account (
    facility integer NOT NULL REFERENCES facility,
    account  text NOT NULL,
    PRIMARY KEY (facility, account)
);
COMMENT ON TABLE account IS 'Accounts of the ledger: receivable, revenue-clearing, card-clearing …';

CREATE TABLE business_day (
    facility integer NOT NULL REFERENCES facility,
    day      date NOT NULL,
    state    smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
    PRIMARY KEY (facility, day)
);
COMMENT ON TABLE business_day IS 'Open 0, closing 1, closed 2; nothing is posted into a closed day';

CREATE TABLE journal (
    facility  integer NOT NULL,
    journal   bigint NOT NULL CHECK (journal > 0),
    day       date NOT NULL,
    posted_at timestamptz NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('bill', 'bill-revised', 'bill-withdrawn', 'payment')),
    bill      uuid NOT NULL,
    attempt   uuid,
    PRIMARY KEY (facility, journal),
    FOREIGN KEY (facility, day) REFERENCES business_day,
    FOREIGN KEY (facility, bill) REFERENCES bill,
    FOREIGN KEY (facility, attempt) REFERENCES attempt
);
CREATE UNIQUE INDEX journal_one_per_attempt ON journal (facility, attempt)
    WHERE attempt IS NOT NULL;
COMMENT ON TABLE journal IS 'Double entry, insert-only, numbered without gaps; each sums to zero';

CREATE TABLE entry (
    facility integer NOT NULL,
    journal  bigint NOT NULL,
    line     smallint NOT NULL CHECK (line > 0),
    account  text NOT NULL,
    detail   text NOT NULL DEFAULT '',
    yen      bigint NOT NULL CHECK (yen <> 0),
    PRIMARY KEY (facility, journal, line),
    FOREIGN KEY (facility, journal) REFERENCES journal,
    FOREIGN KEY (facility, account) REFERENCES account
);
COMMENT ON TABLE entry IS 'Lines of a journal: debit positive, credit negative';

CREATE FUNCTION check_journal_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    lines bigint;
BEGIN
    SELECT coalesce(sum(yen), 0), count(*) INTO total, lines FROM sugu.entry
        WHERE facility = NEW.facility AND journal = NEW.journal;
    IF total <> 0 OR lines < 2 THEN
        RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_balance();
-- The one above catches a journal without lines, this one a line that comes to an old journal.
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_balance();

CREATE FUNCTION check_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM sugu.business_day
        WHERE facility = NEW.facility AND day = NEW.day AND state = 0 FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'business day % is not open', NEW.day USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_day_open BEFORE INSERT ON journal
    FOR EACH ROW EXECUTE FUNCTION check_day_open();

CREATE TABLE number_counter (
    facility integer NOT NULL REFERENCES facility,
    kind     text NOT NULL CHECK (kind IN ('journal', 'receipt', 'event')),
    number   bigint NOT NULL CHECK (number >= 0),
    PRIMARY KEY (facility, kind)
) WITH (fillfactor = 50);
COMMENT ON TABLE number_counter IS 'Gapless counters of a facility, taken under their row lock in the transaction that uses the number';

CREATE TABLE receipt (
    facility  integer NOT NULL,
    receipt   bigint NOT NULL CHECK (receipt > 0),
    bill      uuid NOT NULL,
    revision  integer NOT NULL,
    attempt   uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    copies    integer NOT NULL DEFAULT 0 CHECK (copies >= 0),
    PRIMARY KEY (facility, receipt),
    UNIQUE (facility, bill, revision),
    FOREIGN KEY (facility, bill, revision) REFERENCES bill_revision,
    FOREIGN KEY (facility, attempt) REFERENCES attempt
);
COMMENT ON TABLE receipt IS 'Receipts, numbered without gaps. copies counts the reprints (再発行)';

CREATE TABLE paper (
    facility    integer NOT NULL,
    paper       uuid NOT NULL,
    place       text NOT NULL,
    visit       uuid,
    kind        smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),
    state       smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
    code        text NOT NULL DEFAULT '',
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (facility, paper)
);
CREATE INDEX ON paper (facility, visit);
COMMENT ON TABLE paper IS 'What became of each paper, as the device said. Apart from money: nothing is undone because paper failed';

-- ---------------------------------------------------------------- requests and events

CREATE TABLE request (
    facility  integer NOT NULL,
    client    integer NOT NULL,
    request   uuid NOT NULL,
    body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
    reply     bytea NOT NULL,
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (facility, client, request)
);
CREATE INDEX request_age ON request (facility, made_at);
COMMENT ON TABLE request IS 'The stored answer of every request that changed something, written in the transaction of its effect';

CREATE TABLE event (
    facility  integer NOT NULL,
    event     bigint NOT NULL CHECK (event > 0),
    roles     integer NOT NULL,
    place     text NOT NULL DEFAULT '',
    visit     uuid,
    made_at   timestamptz NOT NULL,
    body      bytea NOT NULL,
    PRIMARY KEY (facility, event)
);
COMMENT ON TABLE event IS 'Every change, numbered in commit order without gaps. body: Event of sugu.proto. roles: bits of who may see it; place: only there; visit: only where its session is open';

-- ---------------------------------------------------------------- insert-only tables

CREATE TRIGGER journal_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bill_line_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bill_line
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- rights

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT unnest(ARRAY['sugu_server', 'sugu_report']) LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS', name);
        END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'sugu'
                AND tablename <> 'client_key' LOOP
        EXECUTE format('ALTER TABLE sugu.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_facility ON sugu.%I
                        USING (facility = sugu.current_facility())
                        WITH CHECK (facility = sugu.current_facility())', name);
        EXECUTE format('GRANT SELECT ON sugu.%I TO sugu_server, sugu_report', name);
    END LOOP;
END $$;
-- Keys and facilities are looked up before the facility is known; neither is personal.
DROP POLICY own_facility ON facility;
CREATE POLICY every_facility ON facility FOR SELECT USING (true);
DROP POLICY own_facility ON client;
CREATE POLICY every_client ON client FOR SELECT USING (true);
GRANT SELECT ON client_key TO sugu_server;
GRANT USAGE ON SCHEMA sugu TO sugu_server, sugu_report;
GRANT INSERT ON visit, ticket_counter, stage, session, eligibility, help, act, bill, bill_revision,
    bill_line, attempt, journal, entry, number_counter, receipt, paper, request, event,
    business_day, account, insurance TO sugu_server;
GRANT UPDATE ON visit, ticket_counter, stage, session, eligibility, bill, attempt, number_counter,
    paper, insurance TO sugu_server;
GRANT UPDATE (settled_at, posted_at) ON bill_revision TO sugu_server;
GRANT UPDATE (copies) ON receipt TO sugu_server;
GRANT UPDATE ON business_day TO sugu_server;
GRANT UPDATE (birthday_misses, missed_on) ON patient TO sugu_server;
