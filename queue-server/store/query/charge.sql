-- SPDX-License-Identifier: Apache-2.0
-- charge - acts that cannot be billed, and the share that a desk stated

-- :name charge_report_set one
-- A row comes back where it was taken in: the acts are still these, have no bill, and the visit is
-- not over. The visit is locked.
-- :param facility int4
-- :param visit uuid
-- :param acts_version int4
-- :param code text
-- :param act_codes text
-- :param reported_at timestamptz
-- :column visit uuid
INSERT INTO charge_report AS c (facility, visit, acts_version, code, act_codes, reported_at)
SELECT v.facility, v.visit, v.acts_version, :code, :act_codes, :reported_at
FROM visit v
WHERE v.facility = :facility AND v.visit = :visit AND v.acts_version = :acts_version
  AND v.state NOT IN (6, 7, 8)
  AND NOT EXISTS (SELECT FROM bill b JOIN bill_revision r USING (facility, bill)
                  WHERE b.facility = v.facility AND b.visit = v.visit
                    AND r.acts_version >= v.acts_version)
ON CONFLICT (facility, visit) DO UPDATE
SET acts_version = excluded.acts_version, code = excluded.code, act_codes = excluded.act_codes,
    reported_at = excluded.reported_at
RETURNING c.visit;

-- :name charge_report_remove one
-- A bill of these acts, or newer ones, came; a row comes back where there was something to remove.
-- :param facility int4
-- :param visit uuid
-- :param acts_version int4
-- :column code text(64)
-- :column series text(1)
-- :column number int4
WITH gone AS (
    DELETE FROM charge_report
    WHERE facility = :facility AND visit = :visit AND acts_version <= :acts_version
    RETURNING facility, visit, code
)
SELECT gone.code, v.series, v.number FROM gone JOIN visit v USING (facility, visit);

-- :name charge_report_of_visit one
-- :param facility int4
-- :param visit uuid
-- :column acts_version int4
-- :column code text(64)
-- :column act_codes text(199)
-- :column reported_at timestamptz
SELECT acts_version, code, act_codes, reported_at FROM charge_report
WHERE facility = :facility AND visit = :visit;

-- :name charge_report_list many
-- Of any day, for sugu-admin.
-- :param facility int4
-- :column day date
-- :column series text(1)
-- :column number int4
-- :column code text(64)
-- :column act_codes text(199)
-- :column reported_at timestamptz
SELECT v.day, v.series, v.number, c.code, c.act_codes, c.reported_at
FROM charge_report c JOIN visit v USING (facility, visit)
WHERE c.facility = :facility AND v.state NOT IN (6, 7, 8)
ORDER BY c.reported_at LIMIT 1000;

-- :name visit_state_ratio exec
-- :param facility int4
-- :param visit uuid
-- :param ratio_percent int2
UPDATE visit SET stated_ratio = :ratio_percent WHERE facility = :facility AND visit = :visit;
