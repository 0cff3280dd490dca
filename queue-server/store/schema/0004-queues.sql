-- SPDX-License-Identifier: Apache-2.0
-- 0004-queues: departments around the clock, what is done once a day, ranges that follow the pace,
-- calls for help that end, message hooks that somebody hears
--
-- Ranges of waiting times: docs/waiting-times.md.

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- departments

ALTER TABLE department ADD is_day_and_night boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN department.is_day_and_night IS 'Works across the cut-off: who waits there then goes over to the new business day with number and place';

-- A department is not closed over the heads of those who wait for it, or are to go there.
CREATE FUNCTION check_department_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sugu.stage s JOIN sugu.facility f USING (facility)
               WHERE s.facility = NEW.facility AND s.department = NEW.department
                 AND s.state IN (0, 1, 2, 4, 5, 7)
                 AND s.day >= ((now() AT TIME ZONE 'UTC') + make_interval(
                                   mins => f.utc_offset_min - f.cutoff_min))::date) THEN
        RAISE EXCEPTION 'people wait for %', NEW.department USING ERRCODE = 'check_violation',
            CONSTRAINT = 'department_empty';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER department_empty BEFORE UPDATE OF is_open ON department
    FOR EACH ROW WHEN (OLD.is_open AND NOT NEW.is_open) EXECUTE FUNCTION check_department_empty();

-- ---------------------------------------------------------------- once a day

CREATE TABLE day_task (
    facility integer NOT NULL REFERENCES facility,
    task     text NOT NULL CHECK (task IN ('open-day', 'ranges', 'pace')),
    day      date NOT NULL,
    done_at  timestamptz NOT NULL,
    PRIMARY KEY (facility, task)
) WITH (fillfactor = 50);
COMMENT ON TABLE day_task IS 'What the servers do by themselves: whoever takes the row forward does it, in the same transaction, so that of several servers one does';

-- ---------------------------------------------------------------- waiting times

ALTER TABLE wait_range
    ADD usual_low_s  integer CHECK (usual_low_s >= 0),
    ADD usual_mid_s  integer CHECK (usual_mid_s >= usual_low_s),
    ADD usual_high_s integer CHECK (usual_high_s >= usual_mid_s),
    ADD pace_percent smallint NOT NULL DEFAULT 100 CHECK (pace_percent BETWEEN 30 AND 400);
UPDATE wait_range SET usual_low_s = low_s, usual_mid_s = (low_s + high_s) / 2,
                      usual_high_s = high_s;
ALTER TABLE wait_range
    ALTER usual_low_s SET NOT NULL, ALTER usual_mid_s SET NOT NULL,
    ALTER usual_high_s SET NOT NULL;
COMMENT ON COLUMN wait_range.low_s IS 'What is said now: usual_low_s at the present pace. Queries read this alone';
COMMENT ON COLUMN wait_range.usual_low_s IS 'Of the past 60 days, at a pace of 100: tenth percentile; mid the fiftieth, high the ninetieth';
COMMENT ON COLUMN wait_range.pace_percent IS 'How long those of the last hour waited, in percent of what is usual for so many before them';
ALTER TABLE stage ADD pace_percent smallint CHECK (pace_percent BETWEEN 30 AND 400);
COMMENT ON COLUMN stage.pace_percent IS 'Pace in the range that was said; the past is learnt without it';

-- ---------------------------------------------------------------- calls for help

ALTER TABLE help
    ADD closed_at timestamptz,
    ADD closed_by text NOT NULL DEFAULT '',
    ADD closed_at_desk text NOT NULL DEFAULT '';
CREATE INDEX help_open ON help (facility, asked_at) WHERE closed_at IS NULL;
COMMENT ON COLUMN help.closed_at IS 'Somebody has taken care of it: shown at no desk any more';

-- ---------------------------------------------------------------- message hooks

ALTER TABLE facility ADD hook_asked_at timestamptz;
COMMENT ON COLUMN facility.hook_asked_at IS 'When a gateway with a hook last asked for notices, to the hour; without one in the last day, none is written';
CREATE POLICY own_hook ON facility FOR UPDATE USING (facility = current_facility())
    WITH CHECK (facility = current_facility());

-- ---------------------------------------------------------------- rights

ALTER TABLE day_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_facility ON day_task USING (facility = current_facility())
    WITH CHECK (facility = current_facility());
GRANT SELECT ON day_task TO sugu_server, sugu_report;
GRANT INSERT, UPDATE ON day_task TO sugu_server;
GRANT UPDATE (closed_at, closed_by, closed_at_desk) ON help TO sugu_server;
GRANT UPDATE (hook_asked_at) ON facility TO sugu_server;
