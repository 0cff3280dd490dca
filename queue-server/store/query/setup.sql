-- SPDX-License-Identifier: Apache-2.0
-- setup - what sugu-admin writes, as the owner of the database

-- :name setup_facility exec
-- :param facility int4
-- :param institution_code text
-- :param name text
-- :param address text
-- :param phone text
-- :param cutoff_min int4
-- :param open_days int2
INSERT INTO facility (facility, institution_code, name, address, phone, cutoff_min, open_days)
VALUES (:facility, :institution_code, :name, :address, :phone, :cutoff_min, :open_days)
ON CONFLICT (facility) DO UPDATE
SET institution_code = excluded.institution_code, name = excluded.name,
    address = excluded.address, phone = excluded.phone, cutoff_min = excluded.cutoff_min,
    open_days = excluded.open_days;

-- :name setup_money one
-- :param facility int4
-- :param deposit_yen int8
-- :param refund_limit_yen int8
-- :column facility int4
UPDATE facility SET deposit_yen = :deposit_yen, refund_limit_yen = :refund_limit_yen
WHERE facility = :facility RETURNING facility;

-- :name setup_on_file one
-- :param facility int4
-- :param client text
-- :param ceiling_yen int8
-- :param hold_yen int8
-- :param hold_days int2
-- :column facility int4
UPDATE facility
SET on_file_client = :client, on_file_ceiling_yen = :ceiling_yen, on_file_hold_yen = :hold_yen,
    on_file_hold_days = :hold_days
WHERE facility = :facility RETURNING facility;

-- :name setup_consent_next one
-- :param facility int4
-- :column version int4
SELECT coalesce(max(version), 0) + 1 FROM consent_text WHERE facility = :facility;

-- :name setup_consent_text exec
-- :param facility int4
-- :param version int4
-- :param language text
-- :param text text
-- :param made_at timestamptz
INSERT INTO consent_text (facility, version, language, text, hash, made_at)
VALUES (:facility, :version, :language, :text, sha256(convert_to(:text, 'UTF8')), :made_at);

-- :name setup_ceiling_sheet exec
-- :param facility int4
-- :param patient uuid
-- :param has_ceiling_sheet bool
UPDATE patient SET has_ceiling_sheet = :has_ceiling_sheet
WHERE facility = :facility AND patient = :patient;

-- :name setup_card_suspend exec
-- The hospital stops the patient's card on file, or lets it pay again: active 1, suspended 2.
-- :param facility int4
-- :param patient uuid
-- :param is_suspended bool
-- :param at timestamptz
UPDATE card_on_file
SET state = CASE WHEN :is_suspended THEN 2 ELSE 1 END,
    code = CASE WHEN :is_suspended THEN 'later.suspended' ELSE '' END, changed_at = :at
WHERE facility = :facility AND patient = :patient
  AND state = CASE WHEN :is_suspended THEN 1 ELSE 2 END;

-- :name setup_department one
-- No row where the facility would get more than sixty: queues and boards are told in one message.
-- :param facility int4
-- :param department text
-- :param name text
-- :param series text
-- :param kind int2
-- :param is_desk bool
-- :param is_open bool
-- :param is_day_and_night bool
-- :param desk_word int2
-- :column department text(16)
INSERT INTO department (facility, department, name, series, kind, is_desk, is_open,
                        is_day_and_night, desk_word)
SELECT :facility, :department, :name, :series, :kind, :is_desk, :is_open, :is_day_and_night,
       :desk_word
WHERE 60 > (SELECT count(*) FROM department
            WHERE facility = :facility AND department <> :department)
ON CONFLICT (facility, department) DO UPDATE
SET name = excluded.name, series = excluded.series, kind = excluded.kind,
    is_desk = excluded.is_desk, is_open = excluded.is_open,
    is_day_and_night = excluded.is_day_and_night, desk_word = excluded.desk_word
RETURNING department;

-- :name setup_queue_rule exec
-- :param facility int4
-- :param department text
-- :param walk_in_after_min int2
-- :param grace_min int2
-- :param late_after_min int2
-- :param assist_before_min int2
UPDATE department
SET walk_in_after_min = :walk_in_after_min, grace_min = :grace_min,
    late_after_min = :late_after_min, assist_before_min = :assist_before_min
WHERE facility = :facility AND department = :department;

-- :name setup_order_rule exec
-- :param facility int4
-- :param first text
-- :param second text
-- :param is_required bool
INSERT INTO order_rule (facility, first, second, is_required)
VALUES (:facility, :first, :second, :is_required)
ON CONFLICT (facility, first, second) DO UPDATE SET is_required = excluded.is_required;

-- :name setup_test_order exec
-- :param facility int4
-- :param patient uuid
-- :param day date
-- :param department text
INSERT INTO test_order (facility, patient, day, department)
VALUES (:facility, :patient, :day, :department) ON CONFLICT DO NOTHING;

-- :name setup_staff exec
-- :param facility int4
-- :param staff text
-- :param name text
-- :param role int2
-- :param password text
-- :param card_kind int2
-- :param card bytea
INSERT INTO staff (facility, staff, name, role, password, card_kind, card)
VALUES (:facility, :staff, :name, :role, :password, nullif(:card_kind, 0::int2),
        nullif(:card, ''::bytea))
ON CONFLICT (facility, staff) DO UPDATE
SET name = excluded.name, role = excluded.role, password = excluded.password,
    card_kind = excluded.card_kind, card = excluded.card, is_active = true, misses = 0;

-- :name setup_staff_leave exec
-- :param facility int4
-- :param staff text
UPDATE staff SET is_active = false WHERE facility = :facility AND staff = :staff;

-- :name setup_needs_sign_in exec
-- :param facility int4
-- :param name text
-- :param needs bool
UPDATE client SET needs_sign_in = :needs WHERE facility = :facility AND name = :name
  AND role = 'desk';

-- :name setup_house_line exec
-- :param facility int4
-- :param line int2
-- :param language text
-- :param text text
INSERT INTO house_line (facility, line, language, text)
VALUES (:facility, :line, :language, :text)
ON CONFLICT (facility, line, language) DO UPDATE SET text = excluded.text;

-- :name setup_house_line_drop exec
-- :param facility int4
-- :param line int2
DELETE FROM house_line WHERE facility = :facility AND line = :line;

-- :name setup_desk exec
-- :param facility int4
-- :param desk text
-- :param department text
INSERT INTO desk (facility, desk, department) VALUES (:facility, :desk, :department)
ON CONFLICT (facility, desk) DO UPDATE SET department = excluded.department;

-- :name setup_client one
-- :param facility int4
-- :param name text
-- :param role text
-- :param place text
-- :column client int4
INSERT INTO client (facility, client, name, role, place)
SELECT :facility, coalesce(max(client), 0) + 1, :name, :role, :place
FROM client WHERE facility = :facility
ON CONFLICT (facility, name) DO UPDATE SET place = excluded.place
WHERE client.role = excluded.role
RETURNING client;

-- :name setup_key exec
-- :param facility int4
-- :param client int4
-- :param public_key bytea
INSERT INTO client_key (public_key, facility, client) VALUES (:public_key, :facility, :client)
ON CONFLICT DO NOTHING;

-- :name setup_key_revoke exec
-- :param facility int4
-- :param name text
-- :param public_key bytea
-- :param revoked_at timestamptz
UPDATE client_key k SET revoked_at = :revoked_at
FROM client c
WHERE k.facility = :facility AND c.facility = k.facility AND c.client = k.client
  AND c.name = :name AND k.revoked_at IS NULL
  AND (length(:public_key) = 0 OR k.public_key = :public_key);

-- :name setup_patient exec
-- :param facility int4
-- :param patient uuid
-- :param number text
-- :param name text
-- :param name_key text
-- :param birth_date date
-- :param sex int2
INSERT INTO patient (facility, patient, number, name, name_key, birth_date, sex)
VALUES (:facility, :patient, :number, :name, :name_key, :birth_date, :sex)
ON CONFLICT (facility, number) DO UPDATE
SET name = excluded.name, name_key = excluded.name_key, birth_date = excluded.birth_date,
    sex = excluded.sex;

-- :name setup_patient_find one
-- :param facility int4
-- :param number text
-- :column patient uuid
SELECT patient FROM patient WHERE facility = :facility AND number = :number;

-- :name setup_card exec
-- :param facility int4
-- :param kind int2
-- :param serial bytea
-- :param patient uuid
INSERT INTO patient_card (facility, kind, serial, patient)
VALUES (:facility, :kind, :serial, :patient)
ON CONFLICT (facility, kind, serial) DO UPDATE SET patient = excluded.patient;

-- :name setup_appointment exec
-- :param facility int4
-- :param patient uuid
-- :param day date
-- :param department text
-- :param minutes int2
INSERT INTO appointment (facility, patient, day, department, minutes)
VALUES (:facility, :patient, :day, :department, :minutes)
ON CONFLICT (facility, patient, day, department) DO UPDATE SET minutes = excluded.minutes;
