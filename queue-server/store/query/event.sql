-- SPDX-License-Identifier: Apache-2.0
-- event - every change, numbered in the order of the commits, without gaps

-- :name event_add one
-- Takes the numbers under the counter's row lock, as late in the transaction as possible. A visit
-- of all zeros is none.
-- :param facility int4
-- :param made_at timestamptz
-- :param roles int4[]
-- :param places text[]
-- :param visits uuid[]
-- :param bodies bytea[]
-- :column last int8
WITH counter AS (
    INSERT INTO number_counter AS c (facility, kind, number)
    VALUES (:facility, 'event', cardinality(:roles))
    ON CONFLICT (facility, kind) DO UPDATE SET number = c.number + excluded.number
    RETURNING c.number
), added AS (
    INSERT INTO event (facility, event, roles, place, visit, made_at, body)
    SELECT :facility, counter.number - cardinality(:roles) + made.at, made.roles, made.place,
           nullif(made.visit, '00000000-0000-0000-0000-000000000000'), :made_at, made.body
    FROM counter,
         unnest(:roles, :places, :visits, :bodies) WITH ORDINALITY
             AS made(roles, place, visit, body, at)
)
SELECT number FROM counter;

-- :name event_after many
-- What came after a number and not behind another, each with the places that have the session of
-- its visit open now: for the whole house, or of some roles and what has no place or this one, and
-- (is_of_visit) no visit or one whose session is open there.
-- :param facility int4
-- :param after int8
-- :param until int8
-- :param is_whole bool
-- :param roles int4
-- :param place text
-- :param is_of_visit bool
-- :param most int4
-- :column event int8
-- :column roles int4
-- :column place text(64)
-- :column has_visit bool
-- :column open_places text(1024)
-- :column made_at timestamptz
-- :column body bytea
SELECT e.event, e.roles, e.place, e.visit IS NOT NULL,
       coalesce((SELECT string_agg(s.place, ' ') FROM session s
                 WHERE s.facility = e.facility AND s.visit = e.visit AND s.closed_at IS NULL), ''),
       e.made_at, e.body
FROM event e
WHERE e.facility = :facility AND e.event > :after AND e.event <= :until
  AND (:is_whole OR (e.roles & :roles <> 0 AND e.place IN ('', :place)
                     AND (e.visit IS NULL OR NOT :is_of_visit
                          OR e.visit IN (SELECT s.visit FROM session s
                                         WHERE s.facility = :facility AND s.place = :place
                                           AND s.closed_at IS NULL))))
ORDER BY e.event LIMIT :most;

-- :name event_is_there one
-- :param facility int4
-- :param event int8
-- :column event int8
SELECT event FROM event WHERE facility = :facility AND event = :event;

-- :name event_last one
-- :param facility int4
-- :column last int8
SELECT number FROM number_counter WHERE facility = :facility AND kind = 'event';
