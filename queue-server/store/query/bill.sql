-- SPDX-License-Identifier: Apache-2.0
-- bill - bills and their revisions, what the fee side has to do, receipts

-- :name bill_lock one
-- The visit by its key: a join would read all visits where the plan was made while there were few.
-- :param facility int4
-- :param bill uuid
-- :column visit uuid
-- :column state int2
-- :column revision int4
-- :column total_yen int8
-- :column acts_version int4
-- :column paid_yen int8
-- :column held_yen int8
-- :column waived_yen int8
-- :column is_settled bool
-- :column patient uuid?
-- :column is_proven bool
-- :column was_settled bool
-- :column change_owed_yen int8
SELECT b.visit, b.state, b.revision, r.total_yen, r.acts_version, b.paid_yen, b.held_yen,
       b.waived_yen, r.settled_at IS NOT NULL, v.patient,
       v.stated_ratio IS NOT NULL OR coalesce(e.outcome IN (1, 2), false),
       EXISTS (SELECT FROM bill_revision s WHERE s.facility = b.facility AND s.bill = b.bill
               AND s.settled_at IS NOT NULL),
       b.change_owed_yen
FROM bill b JOIN bill_revision r USING (facility, bill, revision)
CROSS JOIN LATERAL (SELECT facility, eligibility, patient, stated_ratio FROM visit
                    WHERE facility = b.facility AND visit = b.visit LIMIT 1) AS v
LEFT JOIN eligibility e ON e.facility = v.facility AND e.eligibility = v.eligibility
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
-- :column paid_yen int8
-- :column deposit_yen int8
-- :column day date
-- :column patient uuid?
-- :column waived_yen int8
-- :column refund_due_yen int8
-- :column on_file_code text(64)
-- :column is_on_file bool
-- :column held_yen int8
-- :column change_owed_yen int8
-- :column refund_method text(32)
SELECT b.visit, b.revision, b.state, r.ratio_percent, r.total_points, r.copay_yen, r.self_pay_yen,
       r.total_yen,
       coalesce((SELECT d.name FROM stage s JOIN department d USING (facility, department)
                 WHERE s.facility = b.facility AND s.visit = b.visit AND NOT d.is_desk
                 ORDER BY d.kind <> 2, s.stage LIMIT 1), ''),
       EXISTS (SELECT FROM receipt c WHERE c.facility = b.facility AND c.bill = b.bill
               AND c.revision = b.revision AND c.is_deposit = (b.state = 8)),
       v.state, v.series, v.number, b.paid_yen + b.held_yen,
       CASE WHEN b.state IN (0, 1) AND b.paid_yen = 0 AND v.stated_ratio IS NULL
                 AND coalesce(e.outcome NOT IN (1, 2), true) AND f.deposit_yen < r.total_yen
            THEN f.deposit_yen ELSE 0 END, v.day, v.patient, b.waived_yen,
       greatest(b.paid_yen - r.total_yen + b.waived_yen, 0), coalesce(d.code, ''),
       coalesce(d.state IN (0, 1), false), b.held_yen, b.change_owed_yen,
       CASE WHEN b.state = 9
            THEN refund_method(b.facility, b.bill, b.paid_yen - r.total_yen + b.waived_yen)
            ELSE '' END
FROM bill b
JOIN facility f USING (facility)
JOIN bill_revision r USING (facility, bill, revision)
CROSS JOIN LATERAL (SELECT * FROM visit
                    WHERE facility = b.facility AND visit = b.visit LIMIT 1) AS v
LEFT JOIN eligibility e ON e.facility = v.facility AND e.eligibility = v.eligibility
LEFT JOIN dues d ON d.facility = b.facility AND d.visit = b.visit
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
-- :param at timestamptz
INSERT INTO bill AS b (facility, bill, visit, state, revision, state_since)
VALUES (:facility, :bill, :visit, :state, :revision, :at)
ON CONFLICT (facility, bill) DO UPDATE
SET state = excluded.state, revision = excluded.revision,
    state_since = CASE b.state WHEN excluded.state THEN b.state_since
                               ELSE excluded.state_since END;

-- :name bill_set_state exec
-- :param facility int4
-- :param bill uuid
-- :param state int2
-- :param at timestamptz
UPDATE bill
SET state = :state, state_since = CASE state WHEN :state THEN state_since ELSE :at END
WHERE facility = :facility AND bill = :bill;

-- :name bill_set_money exec
-- State, and what is paid, held and waived of it.
-- :param facility int4
-- :param bill uuid
-- :param state int2
-- :param paid_yen int8
-- :param held_yen int8
-- :param waived_yen int8
-- :param at timestamptz
UPDATE bill
SET state = :state, paid_yen = :paid_yen, held_yen = :held_yen, waived_yen = :waived_yen,
    state_since = CASE state WHEN :state THEN state_since ELSE :at END
WHERE facility = :facility AND bill = :bill;

-- :name bill_of_old many
-- Open bills of the patient's other visits, the oldest first: announced, revised, at the counter.
-- :param facility int4
-- :param patient uuid
-- :param visit uuid?
-- :column bill uuid
-- :column day date
-- :column department_name text(100)
-- :column due_yen int8
-- :column is_at_counter bool
SELECT b.bill, v.day,
       coalesce((SELECT d.name FROM stage s JOIN department d USING (facility, department)
                 WHERE s.facility = b.facility AND s.visit = b.visit AND NOT d.is_desk
                 ORDER BY d.kind <> 2, s.stage LIMIT 1), ''),
       r.total_yen - b.waived_yen - b.paid_yen - b.held_yen, b.state = 7
FROM visit v
CROSS JOIN LATERAL (SELECT * FROM bill WHERE facility = v.facility AND visit = v.visit
                    AND state IN (0, 1, 7)) AS b
JOIN bill_revision r ON r.facility = b.facility AND r.bill = b.bill AND r.revision = b.revision
WHERE v.facility = :facility AND v.patient = :patient AND v.visit IS DISTINCT FROM :visit
  AND r.total_yen > b.waived_yen + b.paid_yen + b.held_yen
ORDER BY v.day, b.bill LIMIT 10;

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
-- What the fee side is told of it stays: posting_open says the same.
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param settled_at timestamptz
-- :param settled_by text
UPDATE bill_revision SET settled_at = :settled_at, settled_by = :settled_by
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
CROSS JOIN LATERAL (SELECT department FROM stage
                    WHERE facility = v.facility AND visit = v.visit AND stage = 1 LIMIT 1) AS s
LEFT JOIN LATERAL (SELECT outcome, ratio_percent FROM eligibility
                   WHERE facility = v.facility AND eligibility = v.eligibility LIMIT 1) AS e
    ON true
LEFT JOIN LATERAL (SELECT visit FROM charge_report
                   WHERE facility = v.facility AND visit = v.visit
                   AND acts_version = v.acts_version LIMIT 1) AS c ON true
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
SELECT r.bill, b.visit, r.revision, r.total_yen, v.day,
       coalesce(r.settled_by, 'mixed')
FROM bill_revision r
JOIN bill b USING (facility, bill)
JOIN visit v USING (facility, visit)
WHERE r.facility = :facility AND r.settled_at IS NOT NULL AND r.posted_at IS NULL
ORDER BY r.settled_at LIMIT 200;

-- :name posting_change_add exec
-- :param facility int4
-- :param change uuid
-- :param bill uuid
-- :param revision int4
-- :param is_back bool
-- :param amount_yen int8
-- :param kept_yen int8
-- :param reason int2
-- :param method text
-- :param day date
-- :param made_at timestamptz
INSERT INTO posting_change (facility, change, bill, revision, is_back, amount_yen, kept_yen, reason,
                            method, day, made_at)
VALUES (:facility, :change, :bill, :revision, :is_back, :amount_yen, :kept_yen, :reason, :method,
        :day, :made_at);

-- :name posting_change_open many
-- In the order in which they happened.
-- :param facility int4
-- :column change uuid
-- :column bill uuid
-- :column visit uuid
-- :column revision int4
-- :column is_back bool
-- :column amount_yen int8
-- :column kept_yen int8
-- :column reason int2
-- :column method text(32)
-- :column day date
SELECT c.change, c.bill, b.visit, c.revision, c.is_back, c.amount_yen, c.kept_yen, c.reason,
       c.method, c.day
FROM posting_change c
CROSS JOIN LATERAL (SELECT visit FROM bill WHERE facility = c.facility AND bill = c.bill
                    LIMIT 1) AS b
WHERE c.facility = :facility AND c.posted_at IS NULL ORDER BY c.made_at, c.change LIMIT 50;

-- :name posting_change_find one
-- :param facility int4
-- :param change uuid
-- :column bill uuid
SELECT bill FROM posting_change WHERE facility = :facility AND change = :change;

-- :name posting_change_mark exec
-- :param facility int4
-- :param change uuid
-- :param posted_at timestamptz
UPDATE posting_change SET posted_at = :posted_at
WHERE facility = :facility AND change = :change AND posted_at IS NULL;

-- :name business_day_open exec
-- The day, or the next open one. All but the first posting of a day find it there: an INSERT that
-- comes to nothing would check its row before.
-- :param facility int4
-- :param day date
INSERT INTO business_day (facility, day)
SELECT :facility, d.day FROM posting_day(:facility, :day) AS d(day)
WHERE NOT EXISTS (SELECT FROM business_day b WHERE b.facility = :facility AND b.day = d.day)
ON CONFLICT DO NOTHING;

-- :name receipt_lock one
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param is_deposit bool
-- :column receipt int8
-- :column copies int4
-- :column issued_at timestamptz
SELECT receipt, copies, issued_at FROM receipt
WHERE facility = :facility AND bill = :bill AND revision = :revision AND is_deposit = :is_deposit
FOR UPDATE;

-- :name receipt_add one
-- :param facility int4
-- :param bill uuid
-- :param revision int4
-- :param attempt uuid
-- :param issued_at timestamptz
-- :param is_deposit bool
-- :column receipt int8
WITH counter AS (
    INSERT INTO number_counter AS c (facility, kind, number) VALUES (:facility, 'receipt', 1)
    ON CONFLICT (facility, kind) DO UPDATE SET number = c.number + 1
    RETURNING c.number
), added AS (
    INSERT INTO receipt (facility, receipt, bill, revision, attempt, issued_at, is_deposit)
    SELECT :facility, number, :bill, :revision, :attempt, :issued_at, :is_deposit FROM counter
)
SELECT number FROM counter;

-- :name receipt_copy exec
-- :param facility int4
-- :param receipt int8
UPDATE receipt SET copies = copies + 1 WHERE facility = :facility AND receipt = :receipt;

