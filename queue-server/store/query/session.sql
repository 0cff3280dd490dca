-- SPDX-License-Identifier: Apache-2.0
-- session - one person at one kiosk

-- :name session_add exec
-- The earlier sessions of the place end: there is one person at a kiosk.
-- :param facility int4
-- :param session uuid
-- :param client int4
-- :param place text
-- :param patient uuid?
-- :param visit uuid?
-- :param language text
-- :param opened_at timestamptz
WITH ended AS (
    UPDATE session SET closed_at = :opened_at, outcome = 'replaced'
    WHERE facility = :facility AND place = :place AND closed_at IS NULL AND session <> :session
)
INSERT INTO session (facility, session, client, place, patient, visit, language, opened_at)
VALUES (:facility, :session, :client, :place, :patient, :visit, :language, :opened_at);

-- :name session_leaving many
-- Visits whose session at this place ends because another one begins: paid (5), and with no place
-- to go. Locked.
-- :param facility int4
-- :param place text
-- :param visit uuid
-- :column visit uuid
-- :column state int2
SELECT v.visit, v.state
FROM session s JOIN visit v ON v.facility = s.facility AND v.visit = s.visit
WHERE s.facility = :facility AND s.place = :place AND s.closed_at IS NULL
  AND v.visit <> :visit AND v.state = 5
  AND NOT EXISTS (SELECT FROM stage t WHERE t.facility = v.facility AND t.visit = v.visit
                  AND t.state IN (0, 1, 2, 4, 5, 7))
ORDER BY v.visit
FOR UPDATE OF v;

-- :name session_sweep exec
-- Sessions of kiosks that have said nothing since `silent` end; who had paid there, and has no
-- place to go to, has left. Nobody waits for a kiosk that is dead.
-- :param facility int4
-- :param silent timestamptz
-- :param at timestamptz
WITH lost AS (
    UPDATE session s SET closed_at = :at, outcome = 'kiosk-lost'
    WHERE s.facility = :facility AND s.closed_at IS NULL AND s.opened_at < :silent
      AND NOT EXISTS (SELECT FROM kiosk_state k WHERE k.facility = s.facility
                      AND k.client = s.client AND k.heard_at >= :silent)
    RETURNING s.visit
)
UPDATE visit v SET state = 6, left_at = :at FROM lost
WHERE v.facility = :facility AND v.visit = lost.visit AND v.state = 5
  AND NOT EXISTS (SELECT FROM stage t WHERE t.facility = v.facility AND t.visit = v.visit
                  AND t.state IN (0, 1, 2, 4, 5, 7));

-- :name session_of_visit one
-- Is somebody at a kiosk with it?
-- :param facility int4
-- :param visit uuid
-- :column is_open bool
SELECT EXISTS (SELECT FROM session WHERE facility = :facility AND visit = :visit
               AND closed_at IS NULL);

-- :name session_find one
-- Open sessions of this place only.
-- :param facility int4
-- :param session uuid
-- :param place text
-- :column patient uuid?
-- :column visit uuid?
SELECT patient, visit FROM session
WHERE facility = :facility AND session = :session AND place = :place AND closed_at IS NULL;

-- :name session_find_many many
-- :param facility int4
-- :param sessions uuid[]
-- :param places text[]
-- :column session uuid
-- :column patient uuid?
-- :column visit uuid?
-- :column language text(16)
-- :column pays_otherwise bool
SELECT asked.session, s.patient, s.visit, s.language, s.pays_otherwise
FROM unnest(:sessions, :places) AS asked(session, place)
CROSS JOIN LATERAL (SELECT patient, visit, language, pays_otherwise FROM session
                    WHERE facility = :facility AND session = asked.session
                      AND place = asked.place AND closed_at IS NULL LIMIT 1) AS s;

-- :name session_pays_otherwise exec
-- Before check-in: the card on file shall not pay, or shall after all.
-- :param facility int4
-- :param session uuid
-- :param pays_otherwise bool
UPDATE session SET pays_otherwise = :pays_otherwise
WHERE facility = :facility AND session = :session;

-- :name session_set_visits exec
-- By key: a join would read all sessions where the plan was made while there were few.
-- :param facility int4
-- :param sessions uuid[]
-- :param visits uuid[]
UPDATE session SET visit = (SELECT given.visit
                            FROM unnest(:sessions, :visits) AS given(session, visit)
                            WHERE given.session = session.session LIMIT 1)
WHERE facility = :facility AND session = ANY (:sessions);

-- :name session_close exec
-- :param facility int4
-- :param session uuid
-- :param place text
-- :param closed_at timestamptz
-- :param outcome text
UPDATE session SET closed_at = :closed_at, outcome = :outcome
WHERE facility = :facility AND session = :session AND place = :place AND closed_at IS NULL;

-- :name help_add exec
-- What two programs of a place say of one matter is one call; who presses a button again is heard.
-- :param facility int4
-- :param help uuid
-- :param place text
-- :param visit uuid?
-- :param reason text
-- :param asked_at timestamptz
INSERT INTO help (facility, help, place, visit, reason, asked_at)
SELECT :facility, :help, :place, :visit, :reason, :asked_at
WHERE :reason = 'help.asked'
   OR NOT EXISTS (SELECT FROM help h WHERE h.facility = :facility AND h.visit = :visit
                  AND h.place = :place AND h.reason = :reason AND h.closed_at IS NULL
                  AND h.asked_at > :asked_at::timestamptz - interval '1 minute');

-- :name help_of_visit many
-- The newest first.
-- :param facility int4
-- :param visit uuid
-- :column place text(64)
-- :column reason text(64)
SELECT place, reason FROM help WHERE facility = :facility AND visit = :visit
ORDER BY asked_at DESC, help DESC LIMIT 45;
