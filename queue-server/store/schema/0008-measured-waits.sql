-- SPDX-License-Identifier: Apache-2.0
-- 0008-measured-waits: since when a wait is measured, all that undo puts back, hooks that give up

SET LOCAL search_path = sugu;

-- ---------------------------------------------------------------- waiting times

ALTER TABLE stage
    ADD said_at   timestamptz,
    ADD parked_at timestamptz,
    ADD away_s    integer NOT NULL DEFAULT 0 CHECK (away_s >= 0);
COMMENT ON COLUMN stage.said_at IS 'When ahead was counted and the range was said: from then to first_called_at is the wait that is learnt from and held against the range. NULL: none, who waits was sent away meanwhile';
COMMENT ON COLUMN stage.parked_at IS 'Since when a parked person is away';
COMMENT ON COLUMN stage.away_s IS 'How long the person was parked before the first call: no wait';
COMMENT ON COLUMN stage.first_called_at IS 'The first call that was not taken back';

-- Of before: who was not moved here and never parked has waited since the range was said.
UPDATE stage s SET said_at = waiting_at
WHERE ahead IS NOT NULL
  AND NOT EXISTS (SELECT FROM stage m WHERE m.facility = s.facility AND m.visit = s.visit
                  AND m.stage < s.stage AND m.state = 6)
  AND NOT EXISTS (SELECT FROM stage_change c WHERE c.facility = s.facility AND c.visit = s.visit
                  AND c.stage = s.stage
                  AND (c.to_state = 4 OR c.undone_by IS NOT NULL));
UPDATE stage SET parked_at = now() WHERE state = 4;

-- ---------------------------------------------------------------- undo

ALTER TABLE stage_change
    ADD from_priority        smallint CHECK (from_priority BETWEEN 0 AND 2),
    ADD from_rank            smallint,
    ADD from_due_at          timestamptz,
    ADD from_appointment_at  timestamptz,
    ADD from_parked_until    timestamptz,
    ADD from_parked_at       timestamptz,
    ADD from_away_s          integer,
    ADD from_said_at         timestamptz,
    ADD from_ahead           smallint,
    ADD from_low_s           integer,
    ADD from_high_s          integer,
    ADD from_pace_percent    smallint,
    ADD from_first_called_at timestamptz;
COMMENT ON COLUMN stage_change.from_priority IS 'Of the visit before, where the verb changed it';
COMMENT ON COLUMN stage_change.from_rank IS 'NULL: the verb made the stage, or it is of before 0008';
-- What may still be taken back (a quarter of an hour) finds what is there now.
UPDATE stage_change c
SET from_rank = s.rank, from_due_at = s.due_at, from_appointment_at = s.appointment_at,
    from_parked_until = s.parked_until, from_parked_at = s.parked_at, from_away_s = s.away_s,
    from_said_at = s.said_at, from_ahead = s.ahead, from_low_s = s.low_s, from_high_s = s.high_s,
    from_pace_percent = s.pace_percent, from_first_called_at = s.first_called_at
FROM stage s
WHERE s.facility = c.facility AND s.visit = c.visit AND s.stage = c.stage
  AND c.from_state >= 0 AND c.changed_at > now() - interval '1 hour';
-- What a verb finds is copied before it is changed, so the stages that it makes come later.
ALTER TABLE stage_change ALTER CONSTRAINT stage_change_facility_visit_stage_fkey
    DEFERRABLE INITIALLY DEFERRED;

-- ---------------------------------------------------------------- message hooks

ALTER TABLE notice
    ADD stage       smallint NOT NULL DEFAULT 0 CHECK (stage >= 0),
    ADD expires_at  timestamptz,
    ADD due_at      timestamptz,
    ADD tries       integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    ADD refusals    integer NOT NULL DEFAULT 0 CHECK (refusals >= 0),
    ADD status      smallint NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 599),
    ADD ended_at    timestamptz,
    ADD end_reason  text CHECK (end_reason IN ('refused', 'expired'));
UPDATE notice SET due_at = made_at,
    expires_at = made_at + CASE kind WHEN 0 THEN interval '15 minutes' ELSE interval '6 hours' END;
ALTER TABLE notice
    ALTER expires_at SET NOT NULL, ALTER due_at SET NOT NULL,
    ADD CHECK (expires_at > made_at),
    ADD CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    ADD CHECK (sent_at IS NULL OR ended_at IS NULL),
    DROP CONSTRAINT notice_facility_visit_kind_key,
    ADD UNIQUE (facility, visit, kind, stage);
DROP INDEX notice_unsent;
CREATE INDEX notice_open ON notice (facility, expires_at, notice)
    WHERE sent_at IS NULL AND ended_at IS NULL;
CREATE INDEX notice_due ON notice (facility, due_at)
    WHERE sent_at IS NULL AND ended_at IS NULL;
COMMENT ON COLUMN notice.stage IS 'Of "soon your turn": the place where it is soon; else 0';
COMMENT ON COLUMN notice.expires_at IS 'Nobody needs to hear it after this';
COMMENT ON COLUMN notice.due_at IS 'Not to be tried before';
COMMENT ON COLUMN notice.refusals IS 'How many of the tries the receiver refused this very message';
COMMENT ON COLUMN notice.status IS 'HTTP status of the last try; 0 = no answer, or no try';
COMMENT ON COLUMN notice.ended_at IS 'Given up: refused for good, or too late. Neither is tried again';
GRANT UPDATE (due_at, tries, refusals, status, ended_at, end_reason) ON notice TO sugu_server;
