-- SPDX-License-Identifier: Apache-2.0
-- visit - one person's day: numbers, tickets, stages

-- :name ticket_issue many
-- Gives numbers to any number of visits at once: one counter row per series, taken in the statement
-- that inserts visits and stages. One element per stage; is_first marks the one of each visit that
-- decides the series and carries what belongs to the visit. The order of the numbers is that of the
-- elements; those that live on from earlier days are left out. before_you counts at most 100. A
-- department that is missing or closed gives no row. A patient, eligibility of all zeros is none;
-- appointments of 0 (1970) are none. The heads of the queues are read once for each department:
-- MATERIALIZED.
-- :param facility int4
-- :param day date
-- :param at timestamptz
-- :param visits uuid[]
-- :param is_first bool[]
-- :param patients uuid[]
-- :param tokens bytea[]
-- :param eligibilities uuid[]
-- :param priorities int2[]
-- :param languages text[]
-- :param stages int2[]
-- :param departments text[]
-- :param states int2[]
-- :param reasons text[]
-- :param ranks int2[]
-- :param dues timestamptz[]
-- :param appointments timestamptz[]
-- :column visit uuid
-- :column stage int2
-- :column series text(1)
-- :column number int4
-- :column before_you int4
-- :column low_s int4?
-- :column high_s int4?
WITH given AS (
    SELECT asked.*, d.series
    FROM unnest(:visits, :is_first, :patients, :tokens, :eligibilities, :priorities, :languages,
                :stages, :departments, :states, :reasons, :ranks, :dues, :appointments)
         WITH ORDINALITY
         AS asked(visit, is_first, patient, token, eligibility, priority, language,
                  stage, department, state, reason, rank, due_at, appointment_at, at)
    JOIN department d ON d.facility = :facility AND d.department = asked.department AND d.is_open
), wanted AS (
    SELECT series, count(*)::integer AS wanted FROM given WHERE is_first GROUP BY series
), counter AS (
    INSERT INTO ticket_counter AS c (facility, day, series, number)
    SELECT :facility, :day, series, wanted FROM wanted ORDER BY series
    ON CONFLICT (facility, day, series) DO UPDATE SET number = c.number + excluded.number
    RETURNING c.series, c.number, c.skips
), counted AS (
    SELECT g.*, k.skips, (k.number - w.wanted
                 + row_number() OVER (PARTITION BY g.series ORDER BY g.at))::integer AS nth
    FROM given g JOIN wanted w USING (series) JOIN counter k USING (series)
    WHERE g.is_first
), numbered AS (
    SELECT c.*, c.nth + width_bucket(c.nth, c.skips) AS number FROM counted c
), added AS (
    INSERT INTO visit (facility, visit, day, patient, state, series, number, token, eligibility,
                       arrived_at, priority, language)
    SELECT :facility, visit, :day, nullif(patient, '00000000-0000-0000-0000-000000000000'),
           1, series, number, token,
           nullif(eligibility, '00000000-0000-0000-0000-000000000000'), :at, priority, language
    FROM numbered
), heads AS MATERIALIZED (
    SELECT places.department,
           ARRAY(SELECT s.due_at FROM stage s WHERE s.facility = :facility AND s.day = :day
                     AND s.department = places.department AND s.state = 0 AND s.rank = 0
                 ORDER BY s.rank, s.due_at LIMIT 100) AS urgent,
           ARRAY(SELECT s.due_at FROM stage s WHERE s.facility = :facility AND s.day = :day
                     AND s.department = places.department AND s.state = 0 AND s.rank = 1
                 ORDER BY s.rank, s.due_at LIMIT 100) AS others
    FROM (SELECT DISTINCT department FROM given WHERE state = 0) AS places
), placed AS (
    SELECT g.*, least(100, CASE WHEN g.state <> 0 THEN 0 WHEN g.rank = 0
               THEN width_bucket(g.due_at, h.urgent)
               ELSE cardinality(h.urgent) + width_bucket(g.due_at, h.others) END
           + row_number() OVER (PARTITION BY g.department, g.state
                                ORDER BY g.rank, g.due_at, g.at) - 1)::integer AS ahead
    FROM given g LEFT JOIN heads h USING (department)
), ranged AS (
    SELECT p.*, r.low_s, r.high_s, r.pace_percent
    FROM placed p
    LEFT JOIN LATERAL (SELECT low_s, high_s, pace_percent FROM wait_range
                       WHERE facility = :facility AND department = p.department
                         AND ahead <= p.ahead AND p.state = 0
                       ORDER BY ahead DESC LIMIT 1) AS r ON true
), staged AS (
    INSERT INTO stage (facility, visit, stage, day, department, state, reason, waiting_at, rank,
                       due_at, appointment_at, ahead, low_s, high_s, pace_percent, said_at)
    SELECT :facility, visit, stage, :day, department, state, reason, :at, rank, due_at,
           nullif(appointment_at, 'epoch'),
           CASE state WHEN 0 THEN ahead END, low_s, high_s, pace_percent,
           CASE state WHEN 0 THEN :at END FROM ranged
)
SELECT r.visit, r.stage, n.series, n.number, r.ahead, r.low_s, r.high_s
FROM ranged r JOIN numbered n USING (visit)
ORDER BY r.at;

-- :name day_share one
-- Near the cut-off, before anything else of a transaction: whoever opens the new day waits for
-- those who still work on the old one, so that what they do is carried over too.
-- :param facility int4
-- :column is_locked bool
SELECT pg_advisory_xact_lock_shared(hashtextextended('DAY', :facility)) IS NOT NULL;

-- :name day_lock one
-- Whoever opens a day, in the stead of day_share.
-- :param facility int4
-- :column is_locked bool
SELECT pg_advisory_xact_lock(hashtextextended('DAY', :facility)) IS NOT NULL;

-- :name day_opened one
-- The newest day that was opened; under one of the two locks nobody opens another.
-- :param facility int4
-- :column day date
SELECT day FROM day_task WHERE facility = :facility AND task = 'open-day';

-- :name day_open many
-- Before the first work of a business day, under day_lock. Who waits, or has still to go, where it
-- is open day and night goes over to it with number and place; the day's numbers begin after
-- theirs. Whose stages are over but for money and medicine goes over with the number alone, for as
-- many days as the facility wants, and keeps the day of the treatment; the day's numbers leave
-- theirs out. Who waits elsewhere stays behind: these are the rows, the last who came first.
-- Whoever comes second finds it done.
-- :param facility int4
-- :param day date
-- :param at timestamptz
-- :column visit uuid
-- :column series text(1)
-- :column number int4
WITH before AS (
    SELECT coalesce((SELECT day FROM day_task
                     WHERE facility = :facility AND task = 'open-day'), :day - 1) AS day
), taken AS (
    INSERT INTO day_task AS t (facility, task, day, done_at)
    VALUES (:facility, 'open-day', :day, :at)
    ON CONFLICT (facility, task) DO UPDATE SET day = excluded.day, done_at = excluded.done_at
    WHERE t.day < excluded.day
    RETURNING day
), known AS (
    SELECT v.* FROM visit v CROSS JOIN before b
    WHERE v.facility = :facility AND v.day = b.day AND v.state IN (1, 2, 3, 4, 5)
      AND EXISTS (SELECT FROM taken)
    UNION ALL
    SELECT v.* FROM visit v CROSS JOIN before b
    WHERE v.facility = :facility AND v.carried_to = b.day AND v.state IN (1, 2, 3, 4, 5)
      AND EXISTS (SELECT FROM taken)
), judged AS MATERIALIZED (
    SELECT k.visit, k.series, k.number, k.day, k.state, k.arrived_at,
           k.state IN (1, 2) AND k.day = :day - 1 AND s.has_night AS is_night,
           k.day >= :day - f.open_days
           AND (k.state IN (3, 4) OR (k.state = 5 AND s.has_any)
                OR (k.state IN (1, 2) AND s.has_any AND NOT s.has_treatment)) AS is_money
    FROM known k
    JOIN facility f USING (facility)
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS has_any, coalesce(bool_or(d.is_day_and_night), false) AS has_night,
               coalesce(bool_or(d.kind NOT IN (3, 4)), false) AS has_treatment
        FROM stage t JOIN department d USING (facility, department)
        WHERE t.facility = k.facility AND t.visit = k.visit
          AND t.state IN (0, 1, 2, 4, 5, 7)) AS s
), nights AS (
    UPDATE visit v SET day = :day FROM judged j
    WHERE v.facility = :facility AND v.visit = j.visit AND j.is_night
), moneys AS (
    UPDATE visit v SET carried_to = :day FROM judged j
    WHERE v.facility = :facility AND v.visit = j.visit AND j.is_money AND NOT j.is_night
), stages AS (
    UPDATE stage s SET day = :day, ahead = CASE WHEN j.is_night THEN s.ahead END,
        said_at = CASE WHEN j.is_night THEN s.said_at END,
        low_s = CASE WHEN j.is_night THEN s.low_s END,
        high_s = CASE WHEN j.is_night THEN s.high_s END
    FROM judged j
    WHERE s.facility = :facility AND s.visit = j.visit AND s.state IN (0, 1, 2, 4, 5, 7)
      AND (j.is_night OR j.is_money)
), starts AS (
    SELECT series, max(number) AS number FROM judged WHERE is_night GROUP BY series
), lives AS (
    SELECT j.series, j.number, row_number() OVER (PARTITION BY j.series ORDER BY j.number) AS nth
    FROM judged j LEFT JOIN starts s USING (series)
    WHERE j.number > coalesce(s.number, 0) AND (j.is_money OR j.day = :day - 1)
), skips AS (
    SELECT series, array_agg((number - nth + 1)::integer ORDER BY number) AS skips
    FROM lives GROUP BY series
), counters AS (
    INSERT INTO ticket_counter AS c (facility, day, series, number, skips)
    SELECT :facility, :day, series, coalesce(s.number, 0), coalesce(k.skips, '{}')
    FROM starts s FULL JOIN skips k USING (series)
    ON CONFLICT (facility, day, series) DO UPDATE
    SET number = greatest(c.number, excluded.number), skips = excluded.skips
)
SELECT visit, series, number FROM judged
WHERE NOT is_night AND NOT is_money AND state IN (1, 2) AND day = :day - 1
ORDER BY arrived_at DESC LIMIT 20;

-- :name day_task_take one
-- Takes a task of the servers on, if it was last done before `since` or on an earlier day. No row:
-- it is done, or another server is at it.
-- :param facility int4
-- :param task text
-- :param day date
-- :param since timestamptz
-- :param at timestamptz
-- :column task text(16)
INSERT INTO day_task AS t (facility, task, day, done_at) VALUES (:facility, :task, :day, :at)
ON CONFLICT (facility, task) DO UPDATE SET day = excluded.day, done_at = excluded.done_at
WHERE t.day < excluded.day OR t.done_at < :since
RETURNING task;

-- :name visit_of_patient one
-- The visit of today that has not ended. Else one of an earlier day that has a bill to be paid; not
-- so for who has an appointment or an order today: that is what they came for.
-- :param facility int4
-- :param day date
-- :param patient uuid
-- :column visit uuid
SELECT visit FROM (
    (SELECT visit, day FROM visit
     WHERE facility = :facility AND day = :day AND patient = :patient AND state NOT IN (6, 7, 8))
    UNION ALL
    (SELECT visit, day FROM visit
     WHERE facility = :facility AND carried_to = :day AND patient = :patient AND state IN (2, 4)
       AND NOT EXISTS (SELECT FROM appointment a WHERE a.facility = :facility
                       AND a.patient = :patient AND a.day = :day)
       AND NOT EXISTS (SELECT FROM test_order o WHERE o.facility = :facility
                       AND o.patient = :patient AND o.day = :day))
) AS found ORDER BY day DESC LIMIT 1;

-- :name visit_by_token one
-- :param facility int4
-- :param day date
-- :param token bytea
-- :column visit uuid
-- :column patient uuid?
SELECT visit, patient FROM visit
WHERE facility = :facility AND token = :token AND (day = :day OR carried_to = :day)
  AND state NOT IN (7, 8);

-- :name visit_by_id one
-- Is there such a visit, of whatever day?
-- :param facility int4
-- :param visit uuid
-- :column visit uuid
SELECT visit FROM visit WHERE facility = :facility AND visit = :visit;

-- :name visit_person one
-- Whose visit it is; no row where nobody is known.
-- :param facility int4
-- :param visit uuid
-- :column number text(32)
-- :column name text(200)
SELECT p.number, p.name FROM visit v JOIN patient p USING (facility, patient)
WHERE v.facility = :facility AND v.visit = :visit;

-- :name visit_by_number one
-- Of today, also of an earlier day that lives on, or of yesterday where it was left waiting:
-- a number means one of them (day_open).
-- :param facility int4
-- :param day date
-- :param series text
-- :param number int4
-- :column visit uuid
SELECT visit FROM (
    (SELECT visit, 0 AS place FROM visit
     WHERE facility = :facility AND day = :day AND series = :series AND number = :number)
    UNION ALL
    (SELECT visit, 1 FROM visit
     WHERE facility = :facility AND carried_to = :day AND series = :series AND number = :number)
    UNION ALL
    (SELECT visit, 2 FROM visit
     WHERE facility = :facility AND day = :day - 1 AND series = :series AND number = :number
       AND state IN (1, 2))
) AS found ORDER BY place LIMIT 1;

-- :name visit_lock one
-- :param facility int4
-- :param visit uuid
-- :column state int2
-- :column day date
-- :column acts_version int4
-- :column priority int2
-- :column arrived_at timestamptz
-- :column has_open_stage bool
SELECT state, day, acts_version, priority, arrived_at,
       EXISTS (SELECT FROM stage s WHERE s.facility = visit.facility AND s.visit = visit.visit
               AND s.state IN (0, 1, 2, 4, 5, 7))
FROM visit WHERE facility = :facility AND visit = :visit
FOR UPDATE;

-- :name visit_set_state exec
-- :param facility int4
-- :param visit uuid
-- :param state int2
-- :param left_at timestamptz?
UPDATE visit SET state = :state, left_at = coalesce(:left_at, left_at)
WHERE facility = :facility AND visit = :visit;

-- :name visit_ticket one
-- The ticket as it is now: the visit, and the stage where the person is or is wanted next.
-- :param facility int4
-- :param visit uuid
-- :column series text(1)
-- :column number int4
-- :column day date
-- :column state int2
-- :column token bytea(16)
-- :column arrived_at timestamptz
-- :column patient uuid?
-- :column department text(16)
-- :column department_name text(100)
-- :column is_desk bool
-- :column reason text(64)
-- :column stage_state int2
-- :column desk text(16)?
-- :column before_you int4
-- :column low_s int4?
-- :column high_s int4?
-- :column eligibility_outcome int2?
-- :column eligibility_code text(64)?
-- :column ratio_percent int2?
-- :column stated_ratio int2
-- :column desk_word int2
SELECT v.series, v.number, v.day, v.state, v.token, v.arrived_at, v.patient, s.department, d.name,
       d.is_desk, s.reason, s.state, s.desk,
       (SELECT count(*) FROM (
           SELECT FROM stage o WHERE s.state = 0 AND o.facility = s.facility AND o.day = s.day
               AND o.department = s.department AND o.state = 0
               AND (o.rank, o.due_at, o.visit) < (s.rank, s.due_at, s.visit)
           LIMIT 100) AS few)::integer,
       s.low_s, s.high_s, e.outcome, e.code, e.ratio_percent,
       coalesce(v.stated_ratio, -1)::smallint, d.desk_word
FROM visit v
JOIN LATERAL (SELECT * FROM stage WHERE facility = v.facility AND visit = v.visit
              ORDER BY CASE WHEN state IN (1, 2) THEN 0 WHEN state = 0 THEN 1
                            WHEN state IN (4, 5) THEN 2 WHEN state = 7 THEN 3 ELSE 4 END,
                       CASE WHEN state IN (0, 7) THEN stage ELSE -stage END
              LIMIT 1) AS s ON true
JOIN department d ON d.facility = v.facility AND d.department = s.department
LEFT JOIN eligibility e ON e.facility = v.facility AND e.eligibility = v.eligibility
WHERE v.facility = :facility AND v.visit = :visit;

-- :name act_add exec
-- A new version of the visit's acts.
-- :param facility int4
-- :param visit uuid
-- :param version int4
-- :param codes text[]
-- :param counts int4[]
WITH counted AS (
    UPDATE visit SET acts_version = :version WHERE facility = :facility AND visit = :visit
)
INSERT INTO act (facility, visit, version, line, code, count)
SELECT :facility, :visit, :version, given.line, given.code, given.count
FROM unnest(:codes, :counts) WITH ORDINALITY AS given(code, count, line);

-- :name act_again exec
-- The same acts as a new version.
-- :param facility int4
-- :param visit uuid
-- :param version int4
WITH counted AS (
    UPDATE visit SET acts_version = :version + 1 WHERE facility = :facility AND visit = :visit
)
INSERT INTO act (facility, visit, version, line, code, count)
SELECT facility, visit, version + 1, line, code, count FROM act
WHERE facility = :facility AND visit = :visit AND version = :version;

-- :name act_list many
-- :param facility int4
-- :param visit uuid
-- :param version int4
-- :column code text(9)
-- :column count int4
SELECT code, count FROM act
WHERE facility = :facility AND visit = :visit AND version = :version ORDER BY line;

-- :name paper_report exec
-- A final word is not replaced by a later one that is not.
-- :param facility int4
-- :param paper uuid
-- :param place text
-- :param visit uuid?
-- :param kind int2
-- :param state int2
-- :param code text
-- :param reported_at timestamptz
INSERT INTO paper AS p (facility, paper, place, visit, kind, state, code, reported_at)
VALUES (:facility, :paper, :place, :visit, :kind, :state, :code, :reported_at)
ON CONFLICT (facility, paper) DO UPDATE
SET state = excluded.state, code = excluded.code, reported_at = excluded.reported_at
WHERE p.state NOT IN (2, 3) OR excluded.state IN (2, 3);

-- :name paper_of_visit many
-- The newest first.
-- :param facility int4
-- :param visit uuid
-- :column paper uuid
-- :column kind int2
-- :column state int2
-- :column code text(64)
SELECT paper, kind, state, code FROM paper WHERE facility = :facility AND visit = :visit
ORDER BY reported_at DESC, paper DESC LIMIT 50;
