-- SPDX-License-Identifier: Apache-2.0
-- queue - stages and their places in the queues, and what was done to them

-- :name department_list many
-- :param facility int4
-- :column department text(16)
-- :column name text(100)
-- :column kind int2
-- :column is_desk bool
-- :column is_open bool
-- :column walk_in_after_min int4
-- :column grace_min int4
-- :column late_after_min int4
-- :column assist_before_min int4
-- :column desk_word int2
SELECT department, name, kind, is_desk, is_open, walk_in_after_min::integer, grace_min::integer,
       late_after_min::integer, assist_before_min::integer, desk_word
FROM department WHERE facility = :facility ORDER BY kind, department LIMIT 60;

-- :name order_rule_list many
-- :param facility int4
-- :column first text(16)
-- :column second text(16)
-- :column is_required bool
SELECT first, second, is_required FROM order_rule WHERE facility = :facility LIMIT 500;

-- :name plan_sources many
-- Where each patient has to go today: appointments (minutes after midnight) and orders (-1).
-- :param facility int4
-- :param patients uuid[]
-- :param day date
-- :column patient uuid
-- :column department text(16)
-- :column minutes int4
SELECT patient, department, max(minutes)
FROM (SELECT patient, department, minutes::integer FROM appointment
      WHERE facility = :facility AND patient = ANY (:patients) AND day = :day
      UNION ALL
      SELECT patient, department, -1 FROM test_order
      WHERE facility = :facility AND patient = ANY (:patients) AND day = :day) AS wanted
GROUP BY patient, department
ORDER BY patient, max(minutes), department;

-- :name patient_names many
-- :param facility int4
-- :param patients uuid[]
-- :column patient uuid
-- :column number text(32)
-- :column name text(200)
SELECT patient, number, name FROM patient
WHERE facility = :facility AND patient = ANY (:patients);

-- :name desk_find one
-- :param facility int4
-- :param desk text
-- :column department text(16)
SELECT department FROM desk WHERE facility = :facility AND desk = :desk;

-- :name desk_list many
-- :param facility int4
-- :column desk text(16)
-- :column department text(16)
SELECT desk, department FROM desk WHERE facility = :facility ORDER BY department, desk LIMIT 200;

-- :name queue_lock one
-- Whoever calls the next of a queue waits for whoever does so at this moment: so no press is lost
-- because the first one was locked and let go again.
-- :param facility int4
-- :param department text
-- :column is_locked bool
SELECT pg_advisory_xact_lock(hashtextextended(:department, :facility)) IS NOT NULL;

-- :name queue_next one
-- The first who waits, or whose time away is over, and who is not with somebody else.
-- :param facility int4
-- :param day date
-- :param department text
-- :param at timestamptz
-- :column visit uuid
SELECT s.visit
FROM ((SELECT visit, rank, due_at FROM stage w
       WHERE facility = :facility AND day = :day AND department = :department AND state = 0
         AND NOT EXISTS (SELECT FROM stage b WHERE b.facility = w.facility AND b.visit = w.visit
                         AND b.state IN (1, 2))
       ORDER BY rank, due_at, visit LIMIT 1)
      UNION ALL
      (SELECT visit, rank, due_at FROM stage p
       WHERE facility = :facility AND state = 4 AND parked_until <= :at AND day = :day
         AND department = :department
         AND NOT EXISTS (SELECT FROM stage b WHERE b.facility = p.facility AND b.visit = p.visit
                         AND b.state IN (1, 2))
       ORDER BY rank, due_at, visit LIMIT 1)) AS s
ORDER BY s.rank, s.due_at, s.visit LIMIT 1;

-- :name stage_list many
-- Every stage of a visit; ahead_now counts at most 100 and is 0 where the stage does not wait.
-- :param facility int4
-- :param visit uuid
-- :column stage int2
-- :column department text(16)
-- :column department_name text(100)
-- :column kind int2
-- :column is_desk bool
-- :column state int2
-- :column desk text(16)?
-- :column reason text(64)
-- :column rank int2
-- :column due_at timestamptz
-- :column appointment_at timestamptz?
-- :column waiting_at timestamptz
-- :column called_at timestamptz?
-- :column done_at timestamptz?
-- :column parked_until timestamptz?
-- :column calls int2
-- :column low_s int4?
-- :column high_s int4?
-- :column ahead_now int4
-- :column desk_word int2
SELECT s.stage, s.department, d.name, d.kind, d.is_desk, s.state, s.desk, s.reason, s.rank,
       s.due_at, s.appointment_at, s.waiting_at, s.called_at, s.done_at, s.parked_until, s.calls,
       s.low_s, s.high_s,
       (SELECT count(*) FROM (
           SELECT FROM stage o WHERE s.state = 0 AND o.facility = s.facility AND o.day = s.day
               AND o.department = s.department AND o.state = 0
               AND (o.rank, o.due_at, o.visit) < (s.rank, s.due_at, s.visit)
           LIMIT 100) AS few)::integer,
       d.desk_word
FROM stage s JOIN department d USING (facility, department)
WHERE s.facility = :facility AND s.visit = :visit
ORDER BY s.stage LIMIT 20;

-- :name visit_head one
-- What belongs to the visit as a whole.
-- :param facility int4
-- :param visit uuid
-- :column series text(1)
-- :column number int4
-- :column day date
-- :column state int2
-- :column priority int2
-- :column language text(16)
-- :column arrived_at timestamptz
-- :column token bytea(16)
-- :column patient_number text(32)?
-- :column patient_name text(200)?
-- :column has_bill bool
-- :column bill_state int2?
-- :column over_at timestamptz
SELECT v.series, v.number, v.day, v.state, v.priority, v.language, v.arrived_at, v.token,
       p.number, p.name, b.state IS NOT NULL, b.state,
       coalesce((SELECT max(done_at) FROM stage
                 WHERE facility = v.facility AND visit = v.visit AND v.state = 3), v.arrived_at)
FROM visit v
LEFT JOIN patient p USING (facility, patient)
LEFT JOIN LATERAL (SELECT state FROM bill WHERE facility = v.facility AND visit = v.visit
                   ORDER BY state = 2, bill DESC LIMIT 1) AS b ON true
WHERE v.facility = :facility AND v.visit = :visit;

-- :name stage_set exec
-- The state of a stage with all that goes with it; times that are NULL are cleared, desk "" keeps
-- what is there. Who is sent away (4) before the first call has no wait that could be measured.
-- :param facility int4
-- :param visit uuid
-- :param stage int2
-- :param state int2
-- :param desk text
-- :param waiting_at timestamptz
-- :param called_at timestamptz?
-- :param done_at timestamptz?
-- :param parked_until timestamptz?
-- :param is_call bool
-- :param at timestamptz
UPDATE stage
SET state = :state, desk = coalesce(nullif(:desk, ''), desk), waiting_at = :waiting_at,
    called_at = :called_at, done_at = :done_at, parked_until = :parked_until,
    calls = calls + :is_call::integer,
    first_called_at = CASE WHEN :is_call THEN coalesce(first_called_at, :called_at)
                           ELSE first_called_at END,
    said_at = CASE WHEN :state <> 4 OR first_called_at IS NOT NULL THEN said_at END,
    parked_at = CASE WHEN :state = 4 THEN :at END,
    away_s = away_s + CASE WHEN state = 4 AND :state <> 4 AND first_called_at IS NULL
                           THEN greatest(0, extract(epoch FROM :at - parked_at))::integer
                           ELSE 0 END
WHERE facility = :facility AND visit = :visit AND stage = :stage;

-- :name stage_restore exec
-- What a change found is there again, as if it had never been made.
-- :param facility int4
-- :param visit uuid
-- :param stage int2
-- :param change int4
UPDATE stage s
SET state = c.from_state, desk = coalesce(c.from_desk, s.desk), waiting_at = c.from_waiting_at,
    called_at = c.from_called_at, done_at = c.from_done_at, parked_until = c.from_parked_until,
    parked_at = c.from_parked_at, away_s = c.from_away_s, rank = c.from_rank,
    due_at = c.from_due_at, appointment_at = c.from_appointment_at, said_at = c.from_said_at,
    ahead = c.from_ahead, low_s = c.from_low_s, high_s = c.from_high_s,
    pace_percent = c.from_pace_percent, first_called_at = c.from_first_called_at
FROM stage_change c
WHERE s.facility = :facility AND s.visit = :visit AND s.stage = :stage
  AND c.facility = :facility AND c.visit = :visit AND c.stage = :stage AND c.change = :change;

-- :name stage_enqueue exec
-- The wait of a stage begins, or goes on with another place, of a stage that is there or of one
-- that is made now: its place in the queue, how many are before it, and the range that is said.
-- That is measured from `at` on, however long the person has waited before.
-- :param facility int4
-- :param visit uuid
-- :param stage int2
-- :param day date
-- :param department text
-- :param state int2
-- :param reason text
-- :param waiting_at timestamptz
-- :param rank int2
-- :param due_at timestamptz
-- :param appointment_at timestamptz?
-- :param at timestamptz
WITH head AS (
    SELECT count(*)::smallint AS ahead FROM (
        SELECT FROM stage o WHERE o.facility = :facility AND o.day = :day
            AND o.department = :department AND o.state = 0
            AND (o.rank, o.due_at, o.visit) < (:rank, :due_at, :visit) LIMIT 100) AS few
), range AS (
    SELECT head.ahead, r.low_s, r.high_s, r.pace_percent
    FROM head LEFT JOIN LATERAL (SELECT low_s, high_s, pace_percent FROM wait_range
                       WHERE facility = :facility AND department = :department
                         AND wait_range.ahead <= head.ahead
                       ORDER BY wait_range.ahead DESC LIMIT 1) AS r ON true
)
INSERT INTO stage AS s (facility, visit, stage, day, department, state, reason, waiting_at, rank,
                        due_at, appointment_at, ahead, low_s, high_s, pace_percent, said_at)
SELECT :facility, :visit, :stage, :day, :department, :state, :reason, :waiting_at, :rank, :due_at,
       :appointment_at, CASE :state WHEN 0 THEN ahead END,
       CASE :state WHEN 0 THEN low_s END, CASE :state WHEN 0 THEN high_s END,
       CASE :state WHEN 0 THEN pace_percent END, CASE :state WHEN 0 THEN :at::timestamptz END
FROM range
ON CONFLICT (facility, visit, stage) DO UPDATE
SET state = excluded.state, waiting_at = excluded.waiting_at, rank = excluded.rank,
    due_at = excluded.due_at, appointment_at = excluded.appointment_at, ahead = excluded.ahead,
    low_s = excluded.low_s, high_s = excluded.high_s, pace_percent = excluded.pace_percent,
    said_at = excluded.said_at, done_at = NULL, parked_until = NULL, parked_at = NULL,
    away_s = s.away_s + CASE WHEN s.state = 4 AND s.first_called_at IS NULL
                             THEN greatest(0, extract(epoch FROM :at - s.parked_at))::integer
                             ELSE 0 END;

-- :name stage_reorder exec
-- The place in the queue of a stage that does not wait at the moment: the priority changed.
-- :param facility int4
-- :param visit uuid
-- :param stage int2
-- :param rank int2
-- :param due_at timestamptz
UPDATE stage SET rank = :rank, due_at = :due_at
WHERE facility = :facility AND visit = :visit AND stage = :stage;

-- :name visit_set_priority exec
-- :param facility int4
-- :param visit uuid
-- :param priority int2
UPDATE visit SET priority = :priority WHERE facility = :facility AND visit = :visit;

-- :name stage_change_add exec
-- What a verb finds, one element per stage that it is about to change or to make; before it does.
-- `priority`: of the visit before, where the verb changes it; else -1.
-- :param facility int4
-- :param visit uuid
-- :param verb int2
-- :param changed_at timestamptz
-- :param client int4
-- :param staff text
-- :param desk text
-- :param visit_state int2
-- :param priority int2
-- :param stages int2[]
-- :param to_states int2[]
INSERT INTO stage_change (facility, visit, change, stage, verb, changed_at, client, staff, desk,
                          visit_state, from_priority, from_state, to_state, from_desk,
                          from_waiting_at, from_called_at, from_done_at, from_parked_until,
                          from_parked_at, from_away_s, from_rank, from_due_at, from_appointment_at,
                          from_said_at, from_ahead, from_low_s, from_high_s, from_pace_percent,
                          from_first_called_at)
SELECT :facility, :visit, 1 + coalesce((SELECT max(change) FROM stage_change
                                        WHERE facility = :facility AND visit = :visit), 0),
       given.stage, :verb, :changed_at, :client, :staff, :desk, :visit_state,
       nullif(:priority, -1), coalesce(s.state, -1), given.to_state, s.desk,
       coalesce(s.waiting_at, :changed_at), s.called_at, s.done_at, s.parked_until, s.parked_at,
       s.away_s, s.rank, s.due_at, s.appointment_at, s.said_at, s.ahead, s.low_s, s.high_s,
       s.pace_percent, s.first_called_at
FROM unnest(:stages, :to_states) AS given(stage, to_state)
LEFT JOIN LATERAL (SELECT * FROM stage WHERE facility = :facility AND visit = :visit
                   AND stage.stage = given.stage LIMIT 1) AS s ON true;

-- :name stage_change_last many
-- The last verb of a visit that was not undone and is not an undo (11), one row per stage. A
-- priority of -1: it was not changed.
-- :param facility int4
-- :param visit uuid
-- :column change int4
-- :column changed_at timestamptz
-- :column desk text(64)
-- :column stage int2
-- :column visit_state int2
-- :column from_priority int2
-- :column from_state int2
-- :column to_state int2
SELECT change, changed_at, desk, stage, visit_state, coalesce(from_priority, -1::smallint),
       from_state, to_state
FROM stage_change
WHERE facility = :facility AND visit = :visit AND change = (
    SELECT max(change) FROM stage_change
    WHERE facility = :facility AND visit = :visit AND verb <> 11 AND undone_by IS NULL)
ORDER BY stage;

-- :name visit_again one
-- Of a visit that is over: the one of the same person and day that is open.
-- :param facility int4
-- :param visit uuid
-- :column series text(1)
-- :column number int4
SELECT o.series, o.number
FROM visit v
CROSS JOIN LATERAL (SELECT series, number FROM visit n
                    WHERE n.facility = v.facility AND n.day = v.day AND n.patient = v.patient
                      AND n.state NOT IN (6, 7, 8) LIMIT 1) AS o
WHERE v.facility = :facility AND v.visit = :visit AND v.state IN (6, 7, 8);

-- :name stage_change_undo exec
-- :param facility int4
-- :param visit uuid
-- :param change int4
UPDATE stage_change SET undone_by = (SELECT max(change) FROM stage_change
                                     WHERE facility = :facility AND visit = :visit)
WHERE facility = :facility AND visit = :visit AND change = :change;

-- :name audit_add exec
-- :param facility int4
-- :param made_at timestamptz
-- :param client int4
-- :param staff text
-- :param place text
-- :param verb text
-- :param visit uuid?
-- :param detail text
INSERT INTO audit (facility, made_at, client, staff, place, verb, visit, detail)
VALUES (:facility, :made_at, :client, :staff, :place, :verb, :visit, :detail);

-- :name queue_page many
-- The stages of today's visits, and of those that live on from earlier days, that are not over, in
-- pages; those that are done stay away. Stage 0: all are over, and the bill is waited for; since
-- when stands as waiting_at and due_at.
-- :param facility int4
-- :param day date
-- :param after_visit uuid
-- :param after_stage int2
-- :param most int4
-- :column visit uuid
-- :column stage int2
-- :column series text(1)
-- :column number int4
-- :column department text(16)
-- :column state int2
-- :column desk text(16)?
-- :column priority int2
-- :column appointment_at timestamptz?
-- :column arrived_at timestamptz
-- :column waiting_at timestamptz
-- :column due_at timestamptz
-- :column rank int2
-- :column called_at timestamptz?
-- :column parked_until timestamptz?
-- :column calls int2
-- :column patient_number text(32)?
-- :column patient_name text(200)?
-- :column reason text(64)
-- :column visit_state int2
-- :column low_s int4?
-- :column high_s int4?
-- :column language text(16)
WITH here AS (
    (SELECT * FROM visit WHERE facility = :facility AND day = :day AND state NOT IN (6, 7, 8)
       AND visit >= :after_visit)
    UNION ALL
    (SELECT * FROM visit WHERE facility = :facility AND carried_to = :day
       AND state NOT IN (6, 7, 8) AND visit >= :after_visit)
)
SELECT s.visit, s.stage, v.series, v.number, s.department, s.state, s.desk, v.priority,
       s.appointment_at, v.arrived_at, s.waiting_at, s.due_at, s.rank, s.called_at,
       s.parked_until, s.calls, p.number, p.name, s.reason, v.state, s.low_s, s.high_s, v.language
FROM here v
CROSS JOIN LATERAL (
    SELECT visit, stage, department, state, desk, appointment_at, waiting_at, due_at, rank,
           called_at, parked_until, calls, reason, low_s, high_s
    FROM stage WHERE facility = v.facility AND visit = v.visit AND state IN (0, 1, 2, 4, 5, 7)
    UNION ALL
    SELECT v.visit, 0::smallint, '', 0::smallint, NULL, NULL, o.over_at, o.over_at, 2::smallint,
           NULL, NULL, 0::smallint, '', NULL, NULL
    FROM (SELECT coalesce(max(done_at), v.arrived_at) AS over_at FROM stage
          WHERE facility = v.facility AND visit = v.visit) AS o
    WHERE v.state = 3) AS s
LEFT JOIN patient p ON p.facility = v.facility AND p.patient = v.patient
WHERE (s.visit, s.stage) > (:after_visit, :after_stage)
ORDER BY s.visit, s.stage LIMIT :most;

-- :name help_open many
-- What today's acts cannot be billed for, then the calls for staff of the last twelve hours that
-- nobody has closed and whose visit has not gone on since. The newest of each kind, and of each at
-- most half of what a reply holds (bounds.def): neither kind hides the other.
-- :param facility int4
-- :param day date
-- :param since timestamptz
-- :column place text(64)
-- :column reason text(64)
-- :column series text(1)?
-- :column number int4?
-- :column asked_at timestamptz
SELECT place, reason, series, number, asked_at
FROM (
    (SELECT false AS is_charge, h.place, h.reason, v.series, v.number, h.asked_at
     FROM help h LEFT JOIN visit v USING (facility, visit)
     WHERE h.facility = :facility AND h.asked_at > :since AND h.closed_at IS NULL
       AND (v.visit IS NULL OR v.state NOT IN (6, 7, 8))
     ORDER BY h.asked_at DESC LIMIT 25)
    UNION ALL
    (SELECT true, '', c.code, v.series, v.number, c.reported_at
     FROM charge_report c JOIN visit v USING (facility, visit)
     WHERE c.facility = :facility AND (v.day = :day OR v.carried_to = :day)
       AND v.state NOT IN (6, 7, 8)
     ORDER BY c.reported_at DESC LIMIT 25)
) AS open
ORDER BY is_charge DESC, asked_at DESC;

-- :name help_close many
-- The open calls of a place and reason up to a moment; a visit of all zeros is any.
-- :param facility int4
-- :param place text
-- :param reason text
-- :param visit uuid
-- :param asked timestamptz
-- :param closed_at timestamptz
-- :param staff text
-- :param desk text
-- :column asked_at timestamptz
UPDATE help SET closed_at = :closed_at, closed_by = :staff, closed_at_desk = :desk
WHERE facility = :facility AND closed_at IS NULL AND asked_at <= :asked AND place = :place
  AND reason = :reason
  AND (visit = :visit OR :visit = '00000000-0000-0000-0000-000000000000')
RETURNING asked_at;

-- :name help_is_known one
-- Was there ever such a call?
-- :param facility int4
-- :param place text
-- :param reason text
-- :column is_there bool
SELECT true FROM help WHERE facility = :facility AND place = :place AND reason = :reason LIMIT 1;

-- :name today_find one
-- The numbers of the day. Who was sent away for a while did not wait then. A bill counts as paid
-- without a cashier where it is settled and a kiosk took the money; one that was sent to the
-- counter counts as finished, and with a cashier. A wait that went over the cut-off is none of the
-- day (day_open).
-- :param facility int4
-- :param day date
-- :column arrived int4
-- :column waiting int4
-- :column called int4
-- :column gone int4
-- :column missed int4
-- :column wait_median_s int4
-- :column wait_p90_s int4
-- :column settled int4
-- :column settled_at_kiosk int4
WITH waits AS (
    SELECT extract(epoch FROM first_called_at - waiting_at)::integer - away_s AS wait_s
    FROM stage WHERE facility = :facility AND day = :day AND first_called_at IS NOT NULL
      AND ahead IS NOT NULL
), paid AS (
    SELECT b.state <> 7 AND EXISTS (
               SELECT FROM attempt a WHERE a.facility = b.facility AND a.bill = b.bill
               AND a.state = 2 AND a.place <> '') AS is_kiosk
    FROM visit v JOIN bill b USING (facility, visit)
    WHERE v.facility = :facility AND v.day = :day AND b.state IN (4, 5, 6, 7)
), today AS (
    SELECT v.state,
           EXISTS (SELECT FROM stage s WHERE s.facility = v.facility AND s.visit = v.visit
                   AND s.state = 0) AS waits,
           EXISTS (SELECT FROM stage s WHERE s.facility = v.facility AND s.visit = v.visit
                   AND s.state IN (1, 2)) AS is_called,
           EXISTS (SELECT FROM stage s WHERE s.facility = v.facility AND s.visit = v.visit
                   AND s.state = 5) AS is_missed
    FROM visit v WHERE v.facility = :facility AND v.day = :day
)
SELECT count(*)::integer, count(*) FILTER (WHERE waits)::integer,
       count(*) FILTER (WHERE is_called)::integer, count(*) FILTER (WHERE state = 6)::integer,
       count(*) FILTER (WHERE is_missed)::integer,
       coalesce((SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY wait_s) FROM waits), 0),
       coalesce((SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_s) FROM waits), 0),
       (SELECT count(*) FROM paid)::integer, (SELECT count(*) FROM paid WHERE is_kiosk)::integer
FROM today;
