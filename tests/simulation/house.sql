-- SPDX-License-Identifier: Apache-2.0
-- house - the simulated hospital: one facility, its programs with their keys, 2048 patients
--
-- Keys are those of world_key(): 30 times a letter, then a number.
SET search_path = sugu;

INSERT INTO facility (facility, institution_code, name)
VALUES (1, '1312345679', 'すぐ総合病院');

INSERT INTO department (facility, department, name, series, is_desk, kind)
VALUES (1, 'reception', '総合受付', 'R', true, 0), (1, 'internal', '内科', 'A', false, 2);

INSERT INTO desk (facility, desk, department) VALUES (1, '1', 'internal'), (1, '9', 'reception');

INSERT INTO client (facility, client, name, role, place)
SELECT 1, n + 1, 'kiosk-' || n, 'kiosk', 'kiosk-' || n FROM generate_series(0, 47) n
UNION ALL
SELECT 1, n + 1001, 'payment-' || n, 'payment', 'kiosk-' || n FROM generate_series(0, 47) n
UNION ALL
SELECT 1, 2001, 'fee', 'fee', '' UNION ALL SELECT 1, 2002, 'printer', 'printer', 'kiosk-0'
UNION ALL
SELECT 1, 2003, 'desk', 'desk', '1' UNION ALL
SELECT 1, 2005, 'desk-9', 'desk', 'desk-9' UNION ALL
SELECT 1, 2007, 'ward', 'desk', 'desk-1' UNION ALL
SELECT 1, 2004, 'on-file', 'payment', 'on-file';

INSERT INTO client_key (public_key, facility, client)
SELECT decode(repeat(CASE role WHEN 'kiosk' THEN '4b' WHEN 'payment' THEN '50'
                               WHEN 'fee' THEN '46' WHEN 'desk' THEN '44' ELSE '52' END, 30) ||
              lpad(to_hex(CASE role WHEN 'kiosk' THEN client - 1
                                    WHEN 'payment' THEN client - 1001
                                    WHEN 'desk' THEN (client - 2003) / 2
                                    ELSE 0 END), 4, '0'), 'hex'),
       1, client
FROM client;

-- Two who may order a refund and agree to one, with their cards.
INSERT INTO staff (facility, staff, name, role, card_kind, card)
VALUES (1, 'boss', '誰か', 1, 3, '\x01020300'), (1, 'other', '別の人', 1, 3, '\x01020301');

UPDATE facility SET on_file_client = 'on-file', on_file_ceiling_yen = 60000;
INSERT INTO consent_text (facility, version, language, text, hash, made_at)
SELECT 1, 1, 'ja', text, sha256(convert_to(text, 'UTF8')), '2031-04-01'
FROM (VALUES ('同意します')) AS t(text);

INSERT INTO patient (facility, patient, number, name, name_key, birth_date, sex)
SELECT 1, lpad(to_hex(n + 1), 32, '0')::uuid, lpad(n::text, 4, '0'), '患者', '患者', '1950-04-01', 1
FROM generate_series(0, 2047) n;

INSERT INTO patient_card (facility, kind, serial, patient)
SELECT 1, 2, decode('01' || lpad(to_hex(n), 14, '0'), 'hex'), lpad(to_hex(n + 1), 32, '0')::uuid
FROM generate_series(0, 2047) n;

-- Only what is full: a table that was looked at while empty is read as a whole for ever after.
ANALYZE patient, patient_card, client, client_key;
