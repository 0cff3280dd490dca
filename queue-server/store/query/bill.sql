-- SPDX-License-Identifier: Apache-2.0
-- bill - bills, their revisions, attempts to pay, receipts

-- :name bill_lock one
-- :param facility int4
-- :param bill uuid
-- :column visit uuid
-- :column state int2
-- :column revision int4
-- :column total_yen int8
-- :column acts_version int4
SELECT b.visit, b.state, b.revision, r.total_yen, r.acts_version
FROM bill b JOIN bill_revision r USING (facility, bill, revision)
WHERE b.facility = :facility AND b.bill = :bill
FOR UPDATE OF b;

-- :name bill_of_visit one
-- The newest bill of a visit that was not withdrawn.
-- :param facility int4
-- :param visit uuid
-- :column bill uuid
-- :column state int2
SELECT b.bill, b.state FROM bill b JOIN bill_revision r USING (facility, bill, revision)
WHERE b.facility = :facility AND b.visit = :visit AND b.state <> 2
ORDER BY r.announced_at DESC LIMIT 1;

-- :name bill_view one
-- :param facility int4
-- :param bill uuid
-- :column visit uuid
-- :column revision int4
-- :column state int2
-- :column ratio_percent int2
-- :column total_points int4
-- :column copay_yen int8
-- :column self_pay_yen int8
-- :column total_yen int8
-- :column department_name text(100)
-- :column is_receipt_issued bool
-- :column visit_state int2
-- :column series text(1)
-- :column number int4
SELECT b.visit, b.revision, b.state, r.ratio_percent, r.total_points, r.copay_yen, r.self_pay_yen,
       r.total_yen,
       coalesce((SELECT d.name FROM stage s JOIN department d USING (facility, department)
                 WHERE s.facility = b.facility AND s.visit = b.visit AND NOT d.is_desk
                 ORDER BY d.kind <> 2, s.stage LIMIT 1), ''),
       EXISTS (SELECT FROM receipt c WHERE c.facility = b.facility AND c.bill = b.bill
               AND c.revision = b.revision),
       v.state, v.series, v.number
FROM bill b
JOIN bill_revision r USING (facility, bill, revision)
JOIN visit v ON v.facility = b.facility AND v.visit = b.visit
WHERE b.facility = :facility AND b.bill = :bill;

-- :name bill_lines many
-- Of the present revision.
-- :param facility int4
-- :param bill uuid
-- :column category text(8)
-- :column act_code text(9)
-- :column name text(120)
-- :column points int4
-- :column count int4
-- :column yen int8
SELECT l.category, l.act_code, l.name, l.points, l.count, l.yen
FROM bill b JOIN bill_line l USING (facility, bill, revision)
WHERE b.facility = :facility AND b.bill = :bill ORDER BY l.line;

-- :name bill_set exec
-- :param facility int4
-- :param bill uuid
-- :param visit uuid
-- :param state int2
-- :param revision int4
INSERT INTO bill (facility, bill, visit, state, revision)
VALUES (:facility, :bill, :visit, :state, :revision)
ON CONFLICT (facility, bill) DO UPDATE SET state = excluded.state, revision = excluded.revision;

-- :name bill_set_state exec
-- :param facility int4
-- :param bill uuid
-- :param state int2
UPDATE bill SET state = :state WHERE facility = :facility AND bill = :bill;

-- :name bill_revision_add exec
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param acts_version int4
-- :param ratio_percent int2
-- :param total_points int4
-- :param copay_yen int8
-- :param self_pay_yen int8
-- :param announced_at timestamptz
INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent, total_points,
                           copay_yen, self_pay_yen, total_yen, announced_at)
VALUES (:facility, :bill, :revision, :acts_version, :ratio_percent, :total_points,
        :copay_yen, :self_pay_yen, :copay_yen + :self_pay_yen, :announced_at);

-- :name bill_line_add exec
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param categories text[]
-- :param act_codes text[]
-- :param names text[]
-- :param points int4[]
-- :param counts int4[]
-- :param yens int8[]
INSERT INTO bill_line (facility, bill, revision, line, category, act_code, name, points, count, yen)
SELECT :facility, :bill, :revision, l.line, l.category, l.act_code, l.name, l.points, l.count, l.yen
FROM unnest(:categories, :act_codes, :names, :points, :counts, :yens) WITH ORDINALITY
     AS l(category, act_code, name, points, count, yen, line);

-- :name bill_settle exec
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param settled_at timestamptz
UPDATE bill_revision SET settled_at = :settled_at
WHERE facility = :facility AND bill = :bill AND revision = :revision AND settled_at IS NULL;

-- :name bill_mark_posted exec
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param posted_at timestamptz
UPDATE bill_revision SET posted_at = :posted_at
WHERE facility = :facility AND bill = :bill AND revision = :revision AND settled_at IS NOT NULL
  AND posted_at IS NULL;

-- :name charge_open many
-- Visits whose newest acts have no bill yet. What was reported to the desk comes last, in any
-- order, so that no number of them keeps back the others or each other.
-- :param facility int4
-- :column visit uuid
-- :column acts_version int4
-- :column department text(16)
-- :column day date
-- :column eligibility_outcome int2?
-- :column ratio_percent int2?
-- :column stated_ratio int2
SELECT v.visit, v.acts_version, s.department, v.day, e.outcome, e.ratio_percent,
       coalesce(v.stated_ratio, -1)::smallint
FROM visit v
JOIN stage s ON s.facility = v.facility AND s.visit = v.visit AND s.stage = 1
LEFT JOIN eligibility e ON e.facility = v.facility AND e.eligibility = v.eligibility
LEFT JOIN charge_report c ON c.facility = v.facility AND c.visit = v.visit
    AND c.acts_version = v.acts_version
WHERE v.facility = :facility AND v.acts_version > 0 AND v.state NOT IN (6, 7, 8)
  AND NOT EXISTS (SELECT FROM bill b JOIN bill_revision r USING (facility, bill)
                  WHERE b.facility = v.facility AND b.visit = v.visit
                    AND r.acts_version >= v.acts_version)
ORDER BY c.visit IS NOT NULL, CASE WHEN c.visit IS NULL THEN 0 ELSE random() END,
         v.arrived_at
LIMIT 10;

-- :name posting_open many
-- :param facility int4
-- :column bill uuid
-- :column visit uuid
-- :column revision int4
-- :column total_yen int8
-- :column day date
-- :column method text(32)
SELECT r.bill, b.visit, r.revision, r.total_yen, v.day, a.method
FROM bill_revision r
JOIN bill b USING (facility, bill)
JOIN visit v USING (facility, visit)
JOIN attempt a ON a.facility = r.facility AND a.bill = r.bill AND a.revision = r.revision
    AND a.state = 2
WHERE r.facility = :facility AND r.settled_at IS NOT NULL AND r.posted_at IS NULL
ORDER BY r.settled_at LIMIT 200;

-- :name attempt_add exec
-- :param facility int4
-- :param attempt uuid
-- :param bill uuid
-- :param revision int4
-- :param client int4
-- :param place text
-- :param method text
-- :param amount_yen int8
-- :param begun_at timestamptz
INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen, state,
                     begun_at)
VALUES (:facility, :attempt, :bill, :revision, :client, :place, :method, :amount_yen, 0, :begun_at);

-- :name attempt_where one
-- Whose attempt it is; the locks are then taken in the order visit, bill, attempt.
-- :param facility int4
-- :param attempt uuid
-- :column bill uuid
-- :column visit uuid
SELECT a.bill, b.visit FROM attempt a JOIN bill b USING (facility, bill)
WHERE a.facility = :facility AND a.attempt = :attempt;

-- :name attempt_lock one
-- :param facility int4
-- :param attempt uuid
-- :column bill uuid
-- :column revision int4
-- :column client int4
-- :column method text(32)
-- :column amount_yen int8
-- :column state int2
-- :column approved_yen int8?
SELECT bill, revision, client, method, amount_yen, state, approved_yen FROM attempt
WHERE facility = :facility AND attempt = :attempt
FOR UPDATE;

-- :name attempt_set exec
-- :param facility int4
-- :param attempt uuid
-- :param state int2
-- :param approved_yen int8?
-- :param code text
-- :param provider_id text?
-- :param approval_code text
-- :param brand text
-- :param last4 text
-- :param terminal text
-- :param ended_at timestamptz?
UPDATE attempt
SET state = :state, approved_yen = :approved_yen, code = :code, provider_id = :provider_id,
    approval_code = :approval_code, brand = :brand, last4 = :last4, terminal = :terminal,
    ended_at = :ended_at
WHERE facility = :facility AND attempt = :attempt;

-- :name attempt_open many
-- Of one payment program.
-- :param facility int4
-- :param client int4
-- :column attempt uuid
-- :column bill uuid
-- :column revision int4
-- :column amount_yen int8
SELECT attempt, bill, revision, amount_yen FROM attempt
WHERE facility = :facility AND client = :client AND state IN (0, 1, 4, 5)
ORDER BY begun_at LIMIT 40;

-- :name attempt_settled one
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :column attempt uuid
-- :column method text(32)
-- :column approved_yen int8
-- :column brand text(32)
-- :column last4 text(4)
SELECT attempt, method, approved_yen, brand, last4 FROM attempt
WHERE facility = :facility AND bill = :bill AND revision = :revision AND state = 2;

-- :name business_day_open exec
-- :param facility int4
-- :param day date
INSERT INTO business_day (facility, day) VALUES (:facility, :day) ON CONFLICT DO NOTHING;

-- :name receipt_lock one
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :column receipt int8
-- :column copies int4
-- :column issued_at timestamptz
SELECT receipt, copies, issued_at FROM receipt
WHERE facility = :facility AND bill = :bill AND revision = :revision
FOR UPDATE;

-- :name receipt_add one
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param attempt uuid
-- :param issued_at timestamptz
-- :column receipt int8
WITH counter AS (
    INSERT INTO number_counter AS c (facility, kind, number) VALUES (:facility, 'receipt', 1)
    ON CONFLICT (facility, kind) DO UPDATE SET number = c.number + 1
    RETURNING c.number
), added AS (
    INSERT INTO receipt (facility, receipt, bill, revision, attempt, issued_at)
    SELECT :facility, number, :bill, :revision, :attempt, :issued_at FROM counter
)
SELECT number FROM counter;

-- :name receipt_copy exec
-- :param facility int4
-- :param receipt int8
UPDATE receipt SET copies = copies + 1 WHERE facility = :facility AND receipt = :receipt;

-- :name attempt_money one
-- Was money taken for the bill, or may it have been?
-- :param facility int4
-- :param bill uuid
-- :column has_money bool
SELECT EXISTS (SELECT FROM attempt WHERE facility = :facility AND bill = :bill
               AND state IN (0, 1, 2, 4, 5));
