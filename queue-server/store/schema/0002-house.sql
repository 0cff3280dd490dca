-- SPDX-License-Identifier: Apache-2.0
-- 0002-house: plans of stages, order in the queues, undo, waiting times, staff, machines, messages
--
-- A visit has one row of stage for each place it has to go to. Those that may be gone to now wait
-- (0), in several queues at once where no order rule forbids it; those that have to wait for
-- another are planned (7). A person is in one place: called or present (1, 2) at one stage only.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- queues

ALTER TABLE department
    ADD kind              smallint NOT NULL DEFAULT 2 CHECK (kind BETWEEN 0 AND 4),
    ADD walk_in_after_min smallint NOT NULL DEFAULT 0 CHECK (walk_in_after_min BETWEEN 0 AND 240),
    ADD grace_min         smallint NOT NULL DEFAULT 15 CHECK (grace_min BETWEEN 0 AND 240),
    ADD late_after_min    smallint NOT NULL DEFAULT 30 CHECK (late_after_min BETWEEN 0 AND 240),
    ADD assist_before_min smallint NOT NULL DEFAULT 15 CHECK (assist_before_min BETWEEN 0 AND 240);
COMMENT ON COLUMN department.kind IS 'When in a visit: reception 0, test 1, consultation 2, billing 3, pharmacy 4 (core/domain/plan.h)';
COMMENT ON COLUMN department.walk_in_after_min IS 'Rule of the queue, core/domain/queue.h: who has no appointment counts as booked so long after arriving';
UPDATE department SET kind = 0 WHERE is_desk;

CREATE TABLE order_rule (
    facility    integer NOT NULL,
    first       text NOT NULL,
    second      text NOT NULL,
    is_required boolean NOT NULL,
    PRIMARY KEY (facility, first, second),
    FOREIGN KEY (facility, first) REFERENCES department,
    FOREIGN KEY (facility, second) REFERENCES department,
    CHECK (first <> second)
);
COMMENT ON TABLE order_rule IS 'first has to be done before second (is_required), or may be done at any time although its kind says otherwise';

CREATE TABLE test_order (
    facility   integer NOT NULL,
    patient    uuid NOT NULL,
    day        date NOT NULL,
    department text NOT NULL,
    PRIMARY KEY (facility, patient, day, department),
    FOREIGN KEY (facility, patient) REFERENCES patient,
    FOREIGN KEY (facility, department) REFERENCES department
);
COMMENT ON TABLE test_order IS 'Ordered for a business day without a time: blood test, X-ray …; becomes a stage at check-in';

ALTER TABLE visit ADD priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 0 AND 2);
COMMENT ON COLUMN visit.priority IS 'Urgent 0, wheelchair or infant 1, ordinary 2 (core/domain/queue.h)';
ALTER TABLE visit ADD language text NOT NULL DEFAULT '';
COMMENT ON COLUMN visit.language IS 'In which the number is called; of the session that checked in';

ALTER TABLE stage DROP CONSTRAINT stage_state_check;
ALTER TABLE stage
    ADD CHECK (state BETWEEN 0 AND 8),
    ADD rank           smallint NOT NULL DEFAULT 2 CHECK (rank BETWEEN 0 AND 2),
    ADD due_at         timestamptz,
    ADD appointment_at timestamptz,
    ADD parked_until   timestamptz,
    ADD calls          smallint NOT NULL DEFAULT 0 CHECK (calls >= 0),
    ADD ahead          smallint CHECK (ahead >= 0),
    ADD low_s          integer CHECK (low_s >= 0),
    ADD high_s         integer CHECK (high_s >= low_s),
    ADD first_called_at timestamptz;
UPDATE stage SET due_at = waiting_at;
ALTER TABLE stage ALTER due_at SET NOT NULL;
COMMENT ON COLUMN stage.due_at IS 'Place in the queue: rank, then due_at, then visit; computed by core/domain/queue.c';
COMMENT ON COLUMN stage.low_s IS 'Range of the waiting time as it was said when the wait began, seconds; ahead: people before, then';
COMMENT ON COLUMN stage.waiting_at IS 'Since when this stage waits; kept when it moves to another queue';
DROP INDEX stage_waiting;
CREATE INDEX stage_waiting ON stage (facility, day, department, rank, due_at, visit)
    WHERE state = 0;
CREATE INDEX stage_called ON stage (facility, day, department, called_at)
    WHERE called_at IS NOT NULL;
CREATE INDEX stage_parked ON stage (facility, parked_until) WHERE state = 4;
-- A person is called to one place at a time, and a ticket is called at one desk.
CREATE UNIQUE INDEX stage_one_place ON stage (facility, visit) WHERE state IN (1, 2);

-- A visit that goes through the house always has a next place: nobody is forgotten.
CREATE FUNCTION check_next_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sugu.stage WHERE facility = NEW.facility AND visit = NEW.visit
                   AND state IN (0, 1, 2, 4, 5, 7))
       AND EXISTS (SELECT FROM sugu.visit WHERE facility = NEW.facility AND visit = NEW.visit
                   AND state IN (1, 2)) THEN
        RAISE EXCEPTION 'visit % has no next place', NEW.visit USING ERRCODE = 'check_violation',
            CONSTRAINT = 'stage_next_place';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stage_next_place AFTER UPDATE OF state ON stage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN (3, 6, 8)) EXECUTE FUNCTION check_next_place();

-- Nobody has ever asked for requests by their age; the index cost each of them an insert.
DROP INDEX request_age;

-- ---------------------------------------------------------------- what was done, by whom

CREATE TABLE stage_change (
    facility       integer NOT NULL,
    visit          uuid NOT NULL,
    change         integer NOT NULL CHECK (change > 0),
    stage          smallint NOT NULL CHECK (stage > 0),
    verb           smallint NOT NULL CHECK (verb BETWEEN 0 AND 31),
    changed_at     timestamptz NOT NULL,
    client         integer NOT NULL,
    staff          text NOT NULL DEFAULT '',
    desk           text NOT NULL DEFAULT '',
    visit_state    smallint NOT NULL,
    from_state     smallint NOT NULL CHECK (from_state BETWEEN -1 AND 8),
    to_state       smallint NOT NULL CHECK (to_state BETWEEN 0 AND 8),
    from_desk      text,
    from_waiting_at timestamptz NOT NULL,
    from_called_at timestamptz,
    from_done_at   timestamptz,
    undone_by      integer,
    PRIMARY KEY (facility, visit, change, stage),
    FOREIGN KEY (facility, visit, stage) REFERENCES stage
);
CREATE INDEX ON stage_change (facility, desk, changed_at);
COMMENT ON TABLE stage_change IS 'Every verb with what it found: the history, and what undo puts back. from_state -1: the verb made the stage. visit_state: of the visit before';

CREATE TABLE staff (
    facility   integer NOT NULL REFERENCES facility,
    staff      text NOT NULL CHECK (staff ~ '^[a-z0-9._-]{1,32}$'),
    name       text NOT NULL CHECK (name <> ''),
    role       smallint NOT NULL CHECK (role BETWEEN 0 AND 2),
    password   text NOT NULL DEFAULT '',
    card_kind  smallint CHECK (card_kind IN (2, 3)),
    card       bytea CHECK (length(card) BETWEEN 4 AND 10),
    is_active  boolean NOT NULL DEFAULT true,
    misses     smallint NOT NULL DEFAULT 0,
    missed_at  timestamptz,
    PRIMARY KEY (facility, staff),
    CHECK ((card IS NULL) = (card_kind IS NULL))
);
CREATE UNIQUE INDEX staff_card ON staff (facility, card_kind, card) WHERE card IS NOT NULL;
COMMENT ON TABLE staff IS 'People who work at a desk. role: clerk 0, supervisor 1, administrator 2. password: Argon2id of libsodium, "" = card only';

CREATE TABLE staff_sign_in (
    facility   integer NOT NULL,
    sign_in    uuid NOT NULL,
    staff      text NOT NULL,
    client     integer NOT NULL,
    signed_in_at timestamptz NOT NULL,
    valid_until  timestamptz NOT NULL,
    signed_out_at timestamptz,
    PRIMARY KEY (facility, sign_in),
    FOREIGN KEY (facility, staff) REFERENCES staff,
    FOREIGN KEY (facility, client) REFERENCES client
);
COMMENT ON TABLE staff_sign_in IS 'Who is signed in at which desk program; good only with that program''s key';

ALTER TABLE client ADD needs_sign_in boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN client.needs_sign_in IS 'A desk program that may do nothing before somebody has signed in';

CREATE SEQUENCE audit_number;
CREATE TABLE audit (
    facility  integer NOT NULL REFERENCES facility,
    audit     bigint NOT NULL DEFAULT nextval('audit_number'),
    made_at   timestamptz NOT NULL,
    client    integer NOT NULL,
    staff     text NOT NULL,
    place     text NOT NULL,
    verb      text NOT NULL CHECK (verb <> ''),
    visit     uuid,
    detail    text NOT NULL DEFAULT '',
    PRIMARY KEY (facility, audit)
);
COMMENT ON TABLE audit IS 'Who did or saw what, where; insert-only';
CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- waiting times

CREATE TABLE wait_range (
    facility   integer NOT NULL,
    department text NOT NULL,
    ahead      smallint NOT NULL CHECK (ahead >= 0),
    low_s      integer NOT NULL CHECK (low_s >= 0),
    high_s     integer NOT NULL CHECK (high_s >= low_s),
    samples    integer NOT NULL CHECK (samples > 0),
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (facility, department, ahead),
    FOREIGN KEY (facility, department) REFERENCES department
);
COMMENT ON TABLE wait_range IS 'From the facility''s own past: of those who had so many before them (the least of a class), eight in ten waited between low_s and high_s';

CREATE TABLE kiosk_state (
    facility    integer NOT NULL,
    client      integer NOT NULL,
    heard_at    timestamptz NOT NULL,
    page        text NOT NULL DEFAULT '',
    parts       bytea NOT NULL,
    is_draining boolean NOT NULL DEFAULT false,
    last_error  text NOT NULL DEFAULT '',
    errored_at  timestamptz,
    PRIMARY KEY (facility, client),
    FOREIGN KEY (facility, client) REFERENCES client
) WITH (fillfactor = 50);
COMMENT ON TABLE kiosk_state IS 'What each program of a kiosk said last with its heartbeat; parts: Heartbeat of sugu.proto';

-- ---------------------------------------------------------------- messages to the outside

CREATE SEQUENCE notice_number;
CREATE TABLE notice (
    facility  integer NOT NULL REFERENCES facility,
    notice    bigint NOT NULL DEFAULT nextval('notice_number'),
    visit     uuid NOT NULL,
    kind      smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),
    made_at   timestamptz NOT NULL,
    sent_at   timestamptz,
    PRIMARY KEY (facility, notice),
    UNIQUE (facility, visit, kind),
    FOREIGN KEY (facility, visit) REFERENCES visit
);
CREATE INDEX notice_unsent ON notice (facility, notice) WHERE sent_at IS NULL;
COMMENT ON TABLE notice IS 'Outbox of the message hooks: soon your turn 0, bill ready 1, you may leave 2; written in the transaction of its cause, sent by sugu-web';

CREATE TABLE house_line (
    facility   integer NOT NULL REFERENCES facility,
    line       smallint NOT NULL CHECK (line > 0),
    language   text NOT NULL,
    text       text NOT NULL CHECK (text <> ''),
    PRIMARY KEY (facility, line, language)
);
COMMENT ON TABLE house_line IS 'Lines from the hospital on the phone page: free parking places, notices';

-- ---------------------------------------------------------------- rights

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT unnest(ARRAY['order_rule', 'test_order', 'stage_change', 'staff',
                'staff_sign_in', 'audit', 'wait_range', 'kiosk_state', 'notice', 'house_line']) LOOP
        EXECUTE format('ALTER TABLE sugu.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_facility ON sugu.%I
                        USING (facility = sugu.current_facility())
                        WITH CHECK (facility = sugu.current_facility())', name);
    END LOOP;
END $$;
GRANT SELECT ON order_rule, test_order, stage_change, staff, staff_sign_in, audit, wait_range,
    kiosk_state, notice, house_line TO sugu_server;
GRANT SELECT ON order_rule, test_order, stage_change, audit, wait_range, notice TO sugu_report;
GRANT INSERT ON stage_change, staff_sign_in, audit, wait_range, kiosk_state, notice, test_order,
    house_line TO sugu_server;
GRANT USAGE ON SEQUENCE audit_number, notice_number TO sugu_server;
GRANT UPDATE (undone_by) ON stage_change TO sugu_server;
GRANT UPDATE (misses, missed_at) ON staff TO sugu_server;
GRANT UPDATE (signed_out_at) ON staff_sign_in TO sugu_server;
GRANT UPDATE ON kiosk_state, wait_range, house_line TO sugu_server;
GRANT DELETE ON wait_range, house_line TO sugu_server;
GRANT UPDATE (sent_at) ON notice TO sugu_server;
