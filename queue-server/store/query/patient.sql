-- SPDX-License-Identifier: Apache-2.0
-- patient - finding the person

-- :name patient_by_card one
-- :param facility int4
-- :param kind int2
-- :param serial bytea
-- :column patient uuid
SELECT patient FROM patient_card WHERE facility = :facility AND kind = :kind AND serial = :serial;

-- :name patient_by_attributes many
-- Two rows are enough to know that it is not one.
-- :param facility int4
-- :param name_key text
-- :param birth_date date
-- :column patient uuid
SELECT patient FROM patient
WHERE facility = :facility AND birth_date = :birth_date AND name_key = :name_key LIMIT 2;

-- :name patient_find one
-- :param facility int4
-- :param patient uuid
-- :column number text(32)
-- :column name text(200)
-- :column birth_date date
-- :column sex int2
-- :column insurer_number text(8)?
-- :column symbol text(80)?
-- :column insured_number text(80)?
-- :column branch text(2)?
SELECT p.number, p.name, p.birth_date, p.sex, i.insurer_number, i.symbol, i.number, i.branch
FROM patient p LEFT JOIN insurance i USING (facility, patient)
WHERE p.facility = :facility AND p.patient = :patient;

-- :name patient_tries one
-- Locked until the guess is judged and counted: guesses at several kiosks and servers go one after
-- the other.
-- :param facility int4
-- :param patient uuid
-- :column birthday_misses int2
-- :column missed_on date?
SELECT birthday_misses, missed_on FROM patient
WHERE facility = :facility AND patient = :patient FOR NO KEY UPDATE;

-- :name patient_miss_birthday exec
-- After patient_tries in the same transaction.
-- :param facility int4
-- :param patient uuid
-- :param day date
UPDATE patient
SET birthday_misses = CASE WHEN missed_on = :day THEN birthday_misses + 1 ELSE 1 END,
    missed_on = :day
WHERE facility = :facility AND patient = :patient;

-- :name appointment_list many
-- :param facility int4
-- :param patient uuid
-- :param day date
-- :column department text(16)
-- :column name text(100)
-- :column minutes int2
SELECT a.department, d.name, a.minutes
FROM appointment a JOIN department d USING (facility, department)
WHERE a.facility = :facility AND a.patient = :patient AND a.day = :day
ORDER BY a.minutes, a.department LIMIT 10;

-- :name appointments_of many
-- Those of several people on a day, ten of each at most.
-- :param facility int4
-- :param patients uuid[]
-- :param day date
-- :column patient uuid
-- :column department text(16)
-- :column name text(100)
-- :column minutes int2
SELECT asked.patient, a.department, a.name, a.minutes
FROM unnest(:patients) AS asked(patient)
CROSS JOIN LATERAL (SELECT b.department, d.name, b.minutes
                    FROM appointment b JOIN department d USING (facility, department)
                    WHERE b.facility = :facility AND b.patient = asked.patient AND b.day = :day
                    ORDER BY b.minutes, b.department LIMIT 10) AS a;

-- :name insurance_set exec
-- :param facility int4
-- :param patient uuid
-- :param insurer_number text
-- :param symbol text
-- :param number text
-- :param branch text
INSERT INTO insurance (facility, patient, insurer_number, symbol, number, branch)
VALUES (:facility, :patient, :insurer_number, :symbol, :number, :branch)
ON CONFLICT (facility, patient) DO UPDATE
SET insurer_number = excluded.insurer_number, symbol = excluded.symbol, number = excluded.number,
    branch = excluded.branch;
