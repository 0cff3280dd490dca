-- SPDX-License-Identifier: Apache-2.0
-- visit - one person's day: numbers, tickets, stages

-- :name ticket_issue many
-- Gives numbers to any number of visits at once: one counter row per series, taken in the statement
-- that inserts the visits. before_you counts at most 100. A department that is missing or closed
-- gives no row. A patient, eligibility of all zeros is none. MATERIALIZED: the queue is counted once
-- for each department, not once for each ticket.
-- :param facility int4
-- :param day date
-- :param at timestamptz
-- :param visits uuid[]
-- :param patients uuid[]
-- :param departments text[]
-- :param tokens bytea[]
-- :param eligibilities uuid[]
-- :param reasons text[]
-- :param states int2[]
-- :column visit uuid
-- :column series text(1)
-- :column number int4
-- :column department text(16)
-- :column department_name text(100)
-- :column is_desk bool
-- :column before_you int4
WITH given AS (
    SELECT asked.*, d.series, d.name AS department_name, d.is_desk
    FROM unnest(:visits, :patients, :departments, :tokens, :eligibilities, :reasons, :states)
         WITH ORDINALITY
         AS asked(visit, patient, department, token, eligibility, reason, state, at)
    JOIN department d ON d.facility = :facility AND d.department = asked.department AND d.is_open
), wanted AS (
    SELECT series, count(*)::integer AS wanted FROM given GROUP BY series
), counter AS (
    INSERT INTO ticket_counter AS c (facility, day, series, number)
    SELECT :facility, :day, series, wanted FROM wanted ORDER BY series
    ON CONFLICT (facility, day, series) DO UPDATE SET number = c.number + excluded.number
    RETURNING c.series, c.number
), numbered AS (
    SELECT g.*, (k.number - w.wanted
                 + row_number() OVER (PARTITION BY g.series ORDER BY g.at))::integer AS number,
           row_number() OVER (PARTITION BY g.department ORDER BY g.at) - 1 AS ahead_here
    FROM given g JOIN wanted w USING (series) JOIN counter k USING (series)
), added AS (
    INSERT INTO visit (facility, visit, day, patient, state, series, number, token, eligibility,
                       arrived_at)
    SELECT :facility, visit, :day, nullif(patient, '00000000-0000-0000-0000-000000000000'),
           state, series, number, token,
           nullif(eligibility, '00000000-0000-0000-0000-000000000000'), :at
    FROM numbered
), staged AS (
    INSERT INTO stage (facility, visit, stage, day, department, state, reason, waiting_at)
    SELECT :facility, visit, 1, :day, department, 0, reason, :at FROM numbered
), waiting AS MATERIALIZED (
    SELECT places.department, (
        SELECT count(*) FROM (
            SELECT FROM stage s WHERE s.facility = :facility AND s.day = :day
                AND s.department = places.department AND s.state = 0 LIMIT 100) AS few) AS ahead
    FROM (SELECT DISTINCT department FROM given) AS places
)
SELECT n.visit, n.series, n.number, n.department, n.department_name, n.is_desk,
       least(w.ahead + n.ahead_here, 100)::integer
FROM numbered n JOIN waiting w USING (department);

-- :name visit_of_patient one
-- The visit of today that has not ended, with its newest stage.
-- :param facility int4
-- :param day date
-- :param patient uuid
-- :column visit uuid
SELECT visit FROM visit
WHERE facility = :facility AND day = :day AND patient = :patient AND state NOT IN (6, 7, 8);

-- :name visit_by_token one
-- :param facility int4
-- :param day date
-- :param token bytea
-- :column visit uuid
-- :column patient uuid?
SELECT visit, patient FROM visit
WHERE facility = :facility AND token = :token AND day = :day AND state NOT IN (7, 8);

-- :name visit_by_number one
-- :param facility int4
-- :param day date
-- :param series text
-- :param number int4
-- :column visit uuid
SELECT visit FROM visit
WHERE facility = :facility AND day = :day AND series = :series AND number = :number;

-- :name visit_lock one
-- :param facility int4
-- :param visit uuid
-- :column state int2
-- :column day date
-- :column acts_version int4
SELECT state, day, acts_version FROM visit WHERE facility = :facility AND visit = :visit
FOR UPDATE;

-- :name visit_set_state exec
-- :param facility int4
-- :param visit uuid
-- :param state int2
-- :param left_at timestamptz?
UPDATE visit SET state = :state, left_at = coalesce(:left_at, left_at)
WHERE facility = :facility AND visit = :visit;

-- :name visit_ticket one
-- The ticket as it is now: the visit and its newest stage.
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
-- :column eligibility_outcome int2?
-- :column eligibility_code text(64)?
-- :column ratio_percent int2?
SELECT v.series, v.number, v.day, v.state, v.token, v.arrived_at, v.patient, s.department, d.name,
       d.is_desk, s.reason, s.state, s.desk,
       (SELECT count(*) FROM (
           SELECT FROM stage o WHERE s.state = 0 AND o.facility = s.facility AND o.day = s.day
               AND o.department = s.department AND o.state = 0
               AND (o.waiting_at, o.visit) < (s.waiting_at, s.visit) LIMIT 100) AS few)::integer,
       e.outcome, e.code, e.ratio_percent
FROM visit v
JOIN LATERAL (SELECT * FROM stage WHERE facility = v.facility AND visit = v.visit
              ORDER BY stage DESC LIMIT 1) AS s ON true
JOIN department d ON d.facility = v.facility AND d.department = s.department
LEFT JOIN eligibility e ON e.facility = v.facility AND e.eligibility = v.eligibility
WHERE v.facility = :facility AND v.visit = :visit;

-- :name department_desk one
-- The reception: where those go whom the kiosk cannot help.
-- :param facility int4
-- :column department text(16)
SELECT department FROM department
WHERE facility = :facility AND is_desk AND is_open ORDER BY department LIMIT 1;

-- :name desk_find one
-- :param facility int4
-- :param desk text
-- :column department text(16)
SELECT department FROM desk WHERE facility = :facility AND desk = :desk;

-- :name stage_next one
-- The first in the queue that no other desk is taking at this moment.
-- :param facility int4
-- :param day date
-- :param department text
-- :column visit uuid
-- :column stage int2
SELECT visit, stage FROM stage
WHERE facility = :facility AND day = :day AND department = :department AND state = 0
ORDER BY waiting_at, visit LIMIT 1
FOR UPDATE SKIP LOCKED;

-- :name stage_lock one
-- The newest stage of a visit.
-- :param facility int4
-- :param visit uuid
-- :column stage int2
-- :column state int2
-- :column department text(16)
-- :column desk text(16)?
SELECT stage, state, department, desk FROM stage
WHERE facility = :facility AND visit = :visit
ORDER BY stage DESC LIMIT 1
FOR UPDATE;

-- :name stage_set_state exec
-- :param facility int4
-- :param visit uuid
-- :param stage int2
-- :param state int2
-- :param desk text?
-- :param called_at timestamptz?
-- :param done_at timestamptz?
UPDATE stage
SET state = :state, desk = coalesce(:desk, desk), called_at = coalesce(:called_at, called_at),
    done_at = :done_at
WHERE facility = :facility AND visit = :visit AND stage = :stage;

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
-- :param facility int4
-- :param visit uuid
-- :column paper uuid
-- :column kind int2
-- :column state int2
-- :column code text(64)
SELECT paper, kind, state, code FROM paper WHERE facility = :facility AND visit = :visit
ORDER BY reported_at LIMIT 50;
