-- SPDX-License-Identifier: Apache-2.0
-- eligibility - what the online qualification system was asked and said

-- :name eligibility_add exec
-- :param facility int4
-- :param eligibility uuid
-- :param session uuid
-- :param patient uuid
-- :param asked_at timestamptz
-- :param insurer_number text
-- :param symbol text
-- :param number text
-- :param branch text
-- :param birth_date date
-- :param confirm_date date
INSERT INTO eligibility (facility, eligibility, session, patient, asked_at, insurer_number, symbol,
                         number, branch, birth_date, confirm_date)
VALUES (:facility, :eligibility, :session, :patient, :asked_at, :insurer_number, :symbol,
        :number, :branch, :birth_date, :confirm_date);

-- :name eligibility_lock one
-- :param facility int4
-- :param eligibility uuid
-- :column session uuid?
-- :column patient uuid
-- :column outcome int2
-- :column place text(64)?
SELECT e.session, e.patient, e.outcome, s.place
FROM eligibility e LEFT JOIN session s USING (facility, session)
WHERE e.facility = :facility AND e.eligibility = :eligibility
FOR UPDATE OF e;

-- :name eligibility_answer exec
-- A ratio of 0 is none: not in the answer.
-- :param facility int4
-- :param eligibility uuid
-- :param answered_at timestamptz
-- :param outcome int2
-- :param code text
-- :param ratio_percent int2
-- :param valid_from date?
-- :param valid_until date?
-- :param limit_class text
-- :param evidence text
UPDATE eligibility
SET answered_at = :answered_at, outcome = :outcome, code = :code,
    ratio_percent = nullif(:ratio_percent, 0),
    valid_from = :valid_from, valid_until = :valid_until, limit_class = :limit_class,
    evidence = :evidence
WHERE facility = :facility AND eligibility = :eligibility;

-- :name eligibility_find_many many
-- :param facility int4
-- :param eligibilities uuid[]
-- :column eligibility uuid
-- :column patient uuid
-- :column outcome int2
-- :column code text(64)
SELECT eligibility, patient, outcome, code FROM eligibility
WHERE facility = :facility AND eligibility = ANY (:eligibilities);

-- :name eligibility_open many
-- :param facility int4
-- :column eligibility uuid
-- :column insurer_number text(8)
-- :column symbol text(80)
-- :column number text(80)
-- :column branch text(2)
-- :column birth_date date
-- :column confirm_date date
SELECT eligibility, insurer_number, symbol, number, branch, birth_date, confirm_date
FROM eligibility WHERE facility = :facility AND outcome = 0
ORDER BY asked_at LIMIT 200;
