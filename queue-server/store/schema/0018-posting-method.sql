-- SPDX-License-Identifier: Apache-2.0
-- 0018-posting-method: what the fee side is told of a payment stays what it was told first
--
-- The method was found anew each time an open posting was told. A payment that came, or was held
-- over, in between made another one of it, and a posting that is told twice in different words is
-- never confirmed (fee.posting-differs).

SET LOCAL search_path = sugu;

ALTER TABLE bill_revision ADD settled_by text;
COMMENT ON COLUMN bill_revision.settled_by IS 'The method that the fee module is told, with settled_at: "mixed" where it was more than one';

UPDATE bill_revision r
SET settled_by = coalesce((SELECT CASE WHEN min(a.method) = max(a.method) THEN min(a.method)
                                       ELSE 'mixed' END
                           FROM attempt a WHERE a.facility = r.facility AND a.bill = r.bill
                           AND a.state = 2 AND a.kind IN ('payment', 'deposit')), 'nothing-due')
WHERE r.settled_at IS NOT NULL AND r.posted_at IS NULL;

GRANT UPDATE (settled_by) ON bill_revision TO sugu_server;
