-- SPDX-License-Identifier: Apache-2.0
-- board - what stands on call boards and phone pages: numbers, ranges, bills; never a name

-- :name board_numbers many
-- Called now, with somebody now, or missed; the newest first. No departments: all of them.
-- :param facility int4
-- :param day date
-- :param departments text[]
-- :column series text(1)
-- :column number int4
-- :column department text(16)
-- :column department_name text(100)
-- :column state int2
-- :column desk text(16)?
-- :column called_at timestamptz
-- :column calls int2
-- :column language text(16)
-- :column desk_word int2
SELECT v.series, v.number, s.department, d.name, s.state, s.desk, s.called_at, s.calls, v.language,
       d.desk_word
FROM stage s
JOIN visit v USING (facility, visit)
JOIN department d ON d.facility = s.facility AND d.department = s.department
WHERE s.facility = :facility AND s.day = :day AND s.called_at IS NOT NULL AND s.state IN (1, 2, 5)
  AND (cardinality(:departments) = 0 OR s.department = ANY (:departments))
ORDER BY s.called_at DESC LIMIT 200;

-- :name board_waits many
-- How many wait in each queue, and the range for one who comes now.
-- :param facility int4
-- :param day date
-- :column department text(16)
-- :column department_name text(100)
-- :column waiting int4
-- :column low_s int4?
-- :column high_s int4?
SELECT d.department, d.name, q.waiting, r.low_s, r.high_s
FROM department d
CROSS JOIN LATERAL (SELECT count(*)::integer AS waiting FROM (
    SELECT FROM stage s WHERE s.facility = d.facility AND s.day = :day
        AND s.department = d.department AND s.state = 0 LIMIT 1000) AS few) AS q
LEFT JOIN LATERAL (SELECT low_s, high_s FROM wait_range w
                   WHERE w.facility = d.facility AND w.department = d.department
                     AND w.ahead <= q.waiting ORDER BY w.ahead DESC LIMIT 1) AS r ON true
WHERE d.facility = :facility AND d.is_open
ORDER BY d.kind, d.department LIMIT 60;

-- :name board_bills many
-- Numbers whose bill can be paid at a kiosk now; not those that a card on file is going to pay.
-- :param facility int4
-- :param day date
-- :column series text(1)
-- :column number int4
SELECT v.series, v.number
FROM ((SELECT facility, visit, series, number FROM visit
       WHERE facility = :facility AND day = :day AND state = 4)
      UNION ALL
      (SELECT facility, visit, series, number FROM visit
       WHERE facility = :facility AND carried_to = :day AND state = 4)) AS v
JOIN bill b USING (facility, visit)
WHERE b.state IN (0, 1)
  AND NOT EXISTS (SELECT FROM dues d WHERE d.facility = v.facility AND d.visit = v.visit
                  AND d.state = 0)
ORDER BY b.bill DESC LIMIT 200;

-- :name visit_by_tokens many
-- The visits of phone pages whose day is not over, or which live on.
-- :param facility int4
-- :param day date
-- :param tokens bytea[]
-- :column visit uuid
-- :column token bytea(16)
SELECT visit, token FROM visit
WHERE facility = :facility AND token = ANY (:tokens) AND (day = :day OR carried_to = :day)
  AND state NOT IN (7, 8);

-- :name phone_stages many
-- :param facility int4
-- :param visits uuid[]
-- :column visit uuid
-- :column stage int2
-- :column department text(16)
-- :column department_name text(100)
-- :column kind int2
-- :column state int2
-- :column desk text(16)?
-- :column appointment_at timestamptz?
-- :column ahead_now int4
-- :column low_s int4?
-- :column high_s int4?
-- :column desk_word int2
SELECT s.visit, s.stage, s.department, d.name, d.kind, s.state, s.desk, s.appointment_at,
       q.ahead_now, r.low_s, r.high_s, d.desk_word
FROM stage s
JOIN department d USING (facility, department)
CROSS JOIN LATERAL (SELECT count(*)::integer AS ahead_now FROM (
    SELECT FROM stage o WHERE s.state = 0 AND o.facility = s.facility AND o.day = s.day
        AND o.department = s.department AND o.state = 0
        AND (o.rank, o.due_at, o.visit) < (s.rank, s.due_at, s.visit) LIMIT 100) AS few) AS q
LEFT JOIN LATERAL (SELECT low_s, high_s FROM wait_range w
                   WHERE s.state = 0 AND w.facility = s.facility AND w.department = s.department
                     AND w.ahead <= q.ahead_now ORDER BY w.ahead DESC LIMIT 1) AS r ON true
WHERE s.facility = :facility AND s.visit = ANY (:visits) AND s.state NOT IN (6, 8)
ORDER BY s.visit, s.stage LIMIT 200;

-- :name phone_heads many
-- A bill that a card on file is going to pay is in payment (3).
-- :param facility int4
-- :param visits uuid[]
-- :column visit uuid
-- :column series text(1)
-- :column number int4
-- :column state int2
-- :column language text(16)
-- :column has_bill bool
-- :column bill_state int2?
SELECT v.visit, v.series, v.number, v.state, v.language, b.state IS NOT NULL,
       CASE WHEN b.state IN (0, 1) AND d.state = 0 THEN 3::int2 ELSE b.state END
FROM visit v
LEFT JOIN dues d ON d.facility = v.facility AND d.visit = v.visit
LEFT JOIN LATERAL (SELECT state FROM bill WHERE facility = v.facility AND visit = v.visit
                   ORDER BY state = 2, bill DESC LIMIT 1) AS b ON true
WHERE v.facility = :facility AND v.visit = ANY (:visits);

-- :name house_line_list many
-- :param facility int4
-- :column language text(16)
-- :column text text(300)
SELECT language, text FROM house_line WHERE facility = :facility ORDER BY line LIMIT 20;

-- :name notice_add exec
-- One of each kind for a visit, whatever happens how often; none where nobody has asked for notices
-- in the last day.
-- :param facility int4
-- :param visit uuid
-- :param kind int2
-- :param made_at timestamptz
-- :param expires_at timestamptz
INSERT INTO notice (facility, visit, kind, made_at, due_at, expires_at)
SELECT :facility, :visit, :kind, :made_at, :made_at, :expires_at FROM facility f
WHERE f.facility = :facility AND f.hook_asked_at > :made_at - interval '1 day'
ON CONFLICT (facility, visit, kind, stage) DO NOTHING;

-- :name notice_may_leave exec
-- The bill is paid, and there is no place to go to any more: not the pharmacy either.
-- :param facility int4
-- :param visit uuid
-- :param made_at timestamptz
-- :param expires_at timestamptz
INSERT INTO notice (facility, visit, kind, made_at, due_at, expires_at)
SELECT :facility, :visit, 2, :made_at, :made_at, :expires_at FROM visit v
JOIN facility f ON f.facility = v.facility AND f.hook_asked_at > :made_at - interval '1 day'
WHERE v.facility = :facility AND v.visit = :visit AND v.state IN (5, 6)
  AND NOT EXISTS (SELECT FROM stage s WHERE s.facility = v.facility AND s.visit = v.visit
                  AND s.state IN (0, 1, 2, 4, 5, 7))
ON CONFLICT (facility, visit, kind, stage) DO NOTHING;

-- :name notice_asked exec
-- Somebody sends them on: remembered to the hour.
-- :param facility int4
-- :param at timestamptz
UPDATE facility SET hook_asked_at = :at
WHERE facility = :facility AND coalesce(hook_asked_at < :at - interval '1 hour', true);

-- :name notice_soon exec
-- Those who come within the next three of a queue and have not been told so of this place yet.
-- :param facility int4
-- :param day date
-- :param department text
-- :param made_at timestamptz
-- :param expires_at timestamptz
INSERT INTO notice (facility, visit, kind, stage, made_at, due_at, expires_at)
SELECT :facility, first.visit, 0, first.stage, :made_at, :made_at, :expires_at
FROM facility f
CROSS JOIN LATERAL (SELECT visit, stage FROM stage
      WHERE facility = :facility AND day = :day AND department = :department AND state = 0
      ORDER BY rank, due_at, visit LIMIT 3) AS first
WHERE f.facility = :facility AND f.hook_asked_at > :made_at - interval '1 day'
ON CONFLICT (facility, visit, kind, stage) DO NOTHING;

-- :name notice_expire one
-- What nobody needs to hear any more is given up.
-- :param facility int4
-- :param at timestamptz
-- :column expired int4
WITH late AS MATERIALIZED (
    SELECT notice FROM notice
    WHERE facility = :facility AND expires_at <= :at AND sent_at IS NULL AND ended_at IS NULL
    ORDER BY expires_at LIMIT 1000
    FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE notice n SET ended_at = :at, end_reason = 'expired' FROM late
    WHERE n.facility = :facility AND n.notice = late.notice
    RETURNING n.notice
)
SELECT count(*)::integer FROM ended;

-- :name notice_unsent many
-- What may be tried now; first what is soonest too late.
-- :param facility int4
-- :param at timestamptz
-- :column notice int8
-- :column kind int2
-- :column token bytea(16)
-- :column series text(1)
-- :column number int4
-- :column made_at timestamptz
-- :column expires_at timestamptz
-- :column tries int4
-- :column refusals int4
SELECT n.notice, n.kind, v.token, v.series, v.number, n.made_at, n.expires_at, n.tries, n.refusals
FROM (SELECT * FROM notice
      WHERE facility = :facility AND sent_at IS NULL AND ended_at IS NULL AND due_at <= :at
        AND expires_at > :at
      ORDER BY expires_at, notice LIMIT 200) AS n
JOIN LATERAL (SELECT token, series, number FROM visit
              WHERE visit.facility = :facility AND visit.visit = n.visit LIMIT 1) AS v ON true
ORDER BY n.expires_at, n.notice;

-- :name notice_next one
-- When the next of those that wait for another try is due.
-- :param facility int4
-- :param at timestamptz
-- :column due_at timestamptz
SELECT due_at FROM notice
WHERE facility = :facility AND sent_at IS NULL AND ended_at IS NULL AND due_at > :at
ORDER BY due_at LIMIT 1;

-- :name notice_sent exec
-- :param facility int4
-- :param notice int8
-- :param sent_at timestamptz
UPDATE notice SET sent_at = :sent_at, ended_at = NULL, end_reason = NULL, tries = tries + 1
WHERE facility = :facility AND notice = :notice AND sent_at IS NULL;

-- :name notice_fail exec
-- A try that failed: another one is due later, or none where the receiver refuses it for good.
-- :param facility int4
-- :param notice int8
-- :param at timestamptz
-- :param due_at timestamptz
-- :param status int2
-- :param is_refused bool
-- :param is_final bool
UPDATE notice
SET tries = tries + 1, refusals = refusals + :is_refused::integer, status = :status,
    due_at = :due_at, ended_at = CASE WHEN :is_final THEN :at::timestamptz END,
    end_reason = CASE WHEN :is_final THEN 'refused' END
WHERE facility = :facility AND notice = :notice AND sent_at IS NULL AND ended_at IS NULL;

-- :name wait_range_refresh exec
-- From the waits of the last 60 days, each measured since it was counted how many were before it
-- (said_at) and at a pace of 100: for classes of people before (0, 1, 2,
-- 3, 5, 8, 13, 21, 34, 55), the tenth, fiftieth and ninetieth percentile. Classes with fewer than
-- 20 waits are left out: the next lower one speaks for them.
-- :param facility int4
-- :param day date
-- :param made_at timestamptz
WITH classed AS (
    SELECT department,
           (ARRAY[0, 1, 2, 3, 5, 8, 13, 21, 34, 55])[width_bucket(
               ahead::integer, ARRAY[0, 1, 2, 3, 5, 8, 13, 21, 34, 55])] AS class,
           (extract(epoch FROM first_called_at - said_at) * 100
            / coalesce(pace_percent, 100))::integer AS wait_s
    FROM stage
    WHERE facility = :facility AND day >= :day - 60 AND day < :day
      AND ahead IS NOT NULL AND first_called_at >= said_at
), ranges AS (
    SELECT department, class, percentile_disc(0.1) WITHIN GROUP (ORDER BY wait_s) AS low_s,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY wait_s) AS mid_s,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_s) AS high_s,
           count(*)::integer AS samples
    FROM classed GROUP BY department, class HAVING count(*) >= 20
), stale AS (
    DELETE FROM wait_range w WHERE facility = :facility
      AND NOT EXISTS (SELECT FROM ranges r WHERE r.department = w.department
                      AND r.class = w.ahead)
)
INSERT INTO wait_range (facility, department, ahead, low_s, high_s, samples, made_at,
                        usual_low_s, usual_mid_s, usual_high_s, pace_percent)
SELECT :facility, department, class, low_s, high_s, samples, :made_at, low_s, mid_s, high_s, 100
FROM ranges
ON CONFLICT (facility, department, ahead) DO UPDATE
SET low_s = excluded.low_s, high_s = excluded.high_s, samples = excluded.samples,
    made_at = excluded.made_at, usual_low_s = excluded.usual_low_s,
    usual_mid_s = excluded.usual_mid_s, usual_high_s = excluded.usual_high_s, pace_percent = 100;

-- :name wait_pace_refresh exec
-- How long those who were called in the last hour waited, in percent of what is usual for so many
-- before them: the median of each department, with five more who waited as usual, so that one or
-- two do not decide. What is said now is the usual range at this pace.
-- :param facility int4
-- :param day date
-- :param at timestamptz
WITH recent AS (
    SELECT s.department, extract(epoch FROM s.first_called_at - s.said_at)
                         / greatest(r.usual_mid_s, 60) AS ratio
    FROM stage s
    CROSS JOIN LATERAL (SELECT usual_mid_s FROM wait_range w
                        WHERE w.facility = s.facility AND w.department = s.department
                          AND w.ahead <= s.ahead ORDER BY w.ahead DESC LIMIT 1) AS r
    WHERE s.facility = :facility AND s.day = :day AND s.called_at > :at - interval '1 hour'
      AND s.first_called_at > :at - interval '1 hour' AND s.first_called_at >= s.said_at
      AND s.ahead > 0
), paces AS (
    SELECT department, greatest(30, least(400, round(
               100 * (5 + count(*) * percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio))
               / (5 + count(*)))))::smallint AS pace
    FROM recent GROUP BY department
), present AS (
    SELECT w.department, w.ahead, coalesce(p.pace, 100::smallint) AS pace
    FROM wait_range w LEFT JOIN paces p USING (department) WHERE w.facility = :facility
)
UPDATE wait_range w
SET pace_percent = p.pace, low_s = w.usual_low_s * p.pace / 100,
    high_s = w.usual_high_s * p.pace / 100
FROM present p
WHERE w.facility = :facility AND w.department = p.department AND w.ahead = p.ahead
  AND w.pace_percent <> p.pace;

-- :name wait_range_age one
-- When the ranges were made; no row: never.
-- :param facility int4
-- :column made_at timestamptz
SELECT max(made_at) FROM wait_range WHERE facility = :facility HAVING count(*) > 0;

-- :name wait_calibration many
-- Of the ranges that were said in the last 30 days, how many waits fell within.
-- :param facility int4
-- :param day date
-- :column department text(16)
-- :column told int4
-- :column held int4
SELECT department, count(*)::integer,
       count(*) FILTER (WHERE extract(epoch FROM first_called_at - said_at)
                        BETWEEN low_s AND high_s)::integer
FROM stage
WHERE facility = :facility AND day > :day - 30 AND low_s IS NOT NULL
  AND first_called_at >= said_at
GROUP BY department ORDER BY department LIMIT 60;
