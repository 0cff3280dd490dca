-- SPDX-License-Identifier: Apache-2.0
-- staff - people at desks, the machines they watch, and how patients are found

-- :name staff_find one
-- By name, or by card where the name is "".
-- :param facility int4
-- :param staff text
-- :param card_kind int2
-- :param card bytea
-- :column staff text(32)
-- :column name text(200)
-- :column role int2
-- :column password text(200)
-- :column is_active bool
-- :column misses int2
-- :column missed_at timestamptz?
SELECT staff, name, role, password, is_active, misses, missed_at FROM staff
WHERE facility = :facility
  AND (staff = :staff OR (:staff = '' AND card_kind = :card_kind AND card = :card));

-- :name staff_miss exec
-- :param facility int4
-- :param staff text
-- :param misses int2
-- :param missed_at timestamptz?
UPDATE staff SET misses = :misses, missed_at = :missed_at
WHERE facility = :facility AND staff = :staff;

-- :name sign_in_add exec
-- :param facility int4
-- :param sign_in uuid
-- :param staff text
-- :param client int4
-- :param signed_in_at timestamptz
-- :param valid_until timestamptz
INSERT INTO staff_sign_in (facility, sign_in, staff, client, signed_in_at, valid_until)
VALUES (:facility, :sign_in, :staff, :client, :signed_in_at, :valid_until);

-- :name sign_in_find many
-- Who is signed in under these ids, each with its client, now.
-- :param facility int4
-- :param sign_ins uuid[]
-- :param at timestamptz
-- :column sign_in uuid
-- :column client int4
-- :column staff text(32)
-- :column role int2
SELECT i.sign_in, i.client, i.staff, s.role
FROM unnest(:sign_ins) AS asked(sign_in)
CROSS JOIN LATERAL (SELECT * FROM staff_sign_in
                    WHERE facility = :facility AND sign_in = asked.sign_in LIMIT 1) AS i
JOIN staff s ON s.facility = i.facility AND s.staff = i.staff
WHERE i.signed_out_at IS NULL AND i.valid_until > :at AND s.is_active;

-- :name sign_out exec
-- :param facility int4
-- :param sign_in uuid
-- :param client int4
-- :param signed_out_at timestamptz
UPDATE staff_sign_in SET signed_out_at = :signed_out_at
WHERE facility = :facility AND sign_in = :sign_in AND client = :client AND signed_out_at IS NULL;

-- :name client_needs_sign_in many
-- :param facility int4
-- :column client int4
SELECT client FROM client WHERE facility = :facility AND needs_sign_in LIMIT 1000;

-- :name patient_search many
-- By patient number, a ticket that lives (0: none is meant), birth date (YYYYMMDD), or the
-- beginning of the name's key.
-- :param facility int4
-- :param day date
-- :param number text
-- :param series text
-- :param ticket int4
-- :param birth_date date?
-- :param name_key text
-- :column patient uuid
-- :column number text(32)
-- :column name text(200)
-- :column birth_date date
-- :column series text(1)?
-- :column ticket int4?
SELECT p.patient, p.number, p.name, p.birth_date, v.series, v.number
FROM patient p
LEFT JOIN LATERAL (
    (SELECT day, series, number FROM visit
     WHERE facility = p.facility AND day = :day AND patient = p.patient AND state NOT IN (6, 7, 8))
    UNION ALL
    (SELECT day, series, number FROM visit
     WHERE facility = p.facility AND carried_to = :day AND patient = p.patient
       AND state NOT IN (6, 7, 8))
    ORDER BY day DESC LIMIT 1) AS v ON true
WHERE p.facility = :facility
  AND (p.number = :number OR p.birth_date = :birth_date
       OR p.patient = (SELECT t.patient FROM visit t
                       WHERE t.facility = :facility AND t.day = :day AND t.series = :series
                         AND t.number = :ticket)
       OR p.patient = (SELECT t.patient FROM visit t
                       WHERE t.facility = :facility AND t.carried_to = :day
                         AND t.series = :series AND t.number = :ticket)
       OR (:name_key <> '' AND p.name_key LIKE :name_key || '%'))
ORDER BY p.name_key, p.number LIMIT 41;

-- :name patient_exists one
-- :param facility int4
-- :param patient uuid
-- :column number text(32)
SELECT number FROM patient WHERE facility = :facility AND patient = :patient;

-- :name kiosk_state_set many
-- One row for each client, none of them twice, in their order. is_news: the parts are not as they
-- were, or the program went out of use or came back.
-- :param facility int4
-- :param heard_at timestamptz
-- :param clients int4[]
-- :param pages text[]
-- :param parts bytea[]
-- :param last_errors text[]
-- :column is_news bool
-- :column is_draining bool
WITH told AS (
    SELECT * FROM unnest(:clients, :pages, :parts, :last_errors) WITH ORDINALITY
        AS told(client, page, parts, last_error, at)
), before AS (
    SELECT told.client, told.at, k.parts, k.page, k.is_draining,
           coalesce(k.parts, '') <> told.parts
           OR (coalesce(k.page, '') = 'out-of-use') <> (told.page = 'out-of-use') AS is_news
    FROM told
    LEFT JOIN LATERAL (SELECT parts, page, is_draining FROM kiosk_state
                       WHERE facility = :facility AND client = told.client LIMIT 1) AS k ON true
), stored AS (
    INSERT INTO kiosk_state AS k (facility, client, heard_at, page, parts, last_error, errored_at)
    SELECT :facility, client, :heard_at, page, parts, last_error,
           CASE WHEN last_error <> '' THEN :heard_at END
    FROM told
    ORDER BY client
    ON CONFLICT (facility, client) DO UPDATE
    SET heard_at = excluded.heard_at, page = excluded.page, parts = excluded.parts,
        last_error = CASE WHEN excluded.last_error <> '' THEN excluded.last_error
                          ELSE k.last_error END,
        errored_at = coalesce(excluded.errored_at, k.errored_at)
)
SELECT is_news, coalesce(is_draining, false) FROM before ORDER BY at;

-- :name kiosk_state_list many
-- :param facility int4
-- :param after text
-- :column place text(64)
-- :column client text(64)
-- :column role text(16)
-- :column heard_at timestamptz?
-- :column page text(32)?
-- :column parts bytea
-- :column is_draining bool
-- :column last_error text(64)?
-- :column errored_at timestamptz?
SELECT c.place, c.name, c.role, k.heard_at, k.page, coalesce(k.parts, ''),
       coalesce(k.is_draining, false), k.last_error, k.errored_at
FROM client c LEFT JOIN kiosk_state k USING (facility, client)
WHERE c.facility = :facility AND c.role IN ('kiosk', 'printer', 'payment') AND c.name > :after
ORDER BY c.name LIMIT 50;

-- :name kiosk_drain exec
-- :param facility int4
-- :param place text
-- :param heard_at timestamptz
-- :param is_draining bool
INSERT INTO kiosk_state AS k (facility, client, heard_at, parts, is_draining)
SELECT :facility, client, :heard_at, '', :is_draining FROM client
WHERE facility = :facility AND place = :place AND role = 'kiosk'
ON CONFLICT (facility, client) DO UPDATE SET is_draining = excluded.is_draining;

-- :name kiosk_message exec
-- :param facility int4
-- :param place text
-- :param heard_at timestamptz
-- :param message text
INSERT INTO kiosk_state AS k (facility, client, heard_at, parts, message)
SELECT :facility, client, :heard_at, '', :message FROM client
WHERE facility = :facility AND place = :place AND role = 'kiosk'
ON CONFLICT (facility, client) DO UPDATE SET message = excluded.message;

-- :name kiosk_orders one
-- :param facility int4
-- :param client int4
-- :column is_draining bool
-- :column message text(200)
SELECT is_draining, message FROM kiosk_state WHERE facility = :facility AND client = :client;

-- :name kiosk_exists one
-- :param facility int4
-- :param place text
-- :column is_there bool
SELECT true FROM client WHERE facility = :facility AND place = :place AND role = 'kiosk' LIMIT 1;
