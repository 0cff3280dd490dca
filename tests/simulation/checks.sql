-- SPDX-License-Identifier: Apache-2.0
-- checks - what may not be in the database when a run has settled: every query returns no row
--
-- The ledger's own invariants belong here until `sugu-admin check-ledger` has them; a block is a
-- name and one statement.

-- :name open
-- Work that somebody still has to do. Alone this one is also asked while the run settles.
SELECT 'attempt ' || state, count(*) FROM sugu.attempt WHERE state IN (0, 1, 4) GROUP BY state
UNION ALL
SELECT 'posting', count(*) FROM sugu.bill_revision
WHERE settled_at IS NOT NULL AND posted_at IS NULL HAVING count(*) > 0;

-- :name bill_without_attempt
-- A bill that says it is in payment, and nobody pays.
SELECT b.bill FROM sugu.bill b WHERE b.state = 3
  AND NOT EXISTS (SELECT FROM sugu.attempt a WHERE a.bill = b.bill AND a.state IN (0, 1, 4, 5));

-- :name held_without_owner
SELECT a.attempt FROM sugu.attempt a JOIN sugu.bill b USING (facility, bill)
WHERE a.state = 5 AND NOT EXISTS (SELECT FROM sugu.help h WHERE h.visit = b.visit);

-- :name partial_without_owner
-- Another amount than the one asked for: a person has to look.
SELECT a.attempt, a.amount_yen, a.approved_yen
FROM sugu.attempt a JOIN sugu.bill b USING (facility, bill)
WHERE a.state = 2 AND a.approved_yen <> a.amount_yen
  AND NOT EXISTS (SELECT FROM sugu.help h WHERE h.visit = b.visit);

-- :name journal_unbalanced
SELECT journal, sum(yen), count(*) FROM sugu.entry GROUP BY journal
HAVING sum(yen) <> 0 OR count(*) < 2;

-- :name journal_without_entry
SELECT j.journal FROM sugu.journal j
WHERE NOT EXISTS (SELECT FROM sugu.entry e WHERE e.facility = j.facility AND e.journal = j.journal);

-- :name approval_not_posted_once
-- An approval has one journal of its own amount, and nothing else has one.
SELECT a.attempt, a.state, a.approved_yen, sum(e.yen), count(DISTINCT j.journal)
FROM sugu.attempt a
LEFT JOIN sugu.journal j ON j.attempt = a.attempt
LEFT JOIN sugu.entry e ON e.facility = j.facility AND e.journal = j.journal AND e.yen > 0
GROUP BY a.attempt, a.state, a.approved_yen
HAVING coalesce(sum(e.yen), 0) <> CASE WHEN a.state = 2 THEN a.approved_yen ELSE 0 END
    OR count(DISTINCT j.journal) > 1;

-- :name bill_settled_twice
SELECT bill, count(*) FROM sugu.attempt WHERE state = 2 GROUP BY bill, revision HAVING count(*) > 1;

-- :name bill_paid_beyond_counter
-- Money of two approvals on one bill: only where it went to the counter, where a person looks.
SELECT a.bill, count(*) FROM sugu.attempt a JOIN sugu.bill b USING (facility, bill)
WHERE a.state = 2 AND a.approved_yen > 0 AND b.state <> 7 GROUP BY a.bill HAVING count(*) > 1;

-- :name settled_without_money
-- A bill that says settled was paid by approvals of exactly its amount.
SELECT b.bill, r.total_yen, coalesce(sum(a.approved_yen), 0)
FROM sugu.bill b JOIN sugu.bill_revision r USING (facility, bill, revision)
LEFT JOIN sugu.attempt a ON a.bill = b.bill AND a.revision = r.revision AND a.state = 2
WHERE b.state = 4 GROUP BY b.bill, r.total_yen
HAVING coalesce(sum(a.approved_yen), 0) <> r.total_yen;

-- :name receivable_wrong
-- What is owed for a bill: its present total less what was paid for it.
SELECT b.bill, b.state, sum(e.yen),
       CASE WHEN b.state = 2 THEN 0 ELSE r.total_yen END - coalesce(p.paid, 0)
FROM sugu.bill b JOIN sugu.bill_revision r USING (facility, bill, revision)
LEFT JOIN sugu.journal j ON j.bill = b.bill
LEFT JOIN sugu.entry e ON e.facility = j.facility AND e.journal = j.journal
    AND e.account = 'receivable'
LEFT JOIN LATERAL (SELECT sum(approved_yen) AS paid FROM sugu.attempt a
                   WHERE a.bill = b.bill AND a.state = 2) p ON true
WHERE b.state <> 7 GROUP BY b.bill, b.state, r.total_yen, p.paid
HAVING coalesce(sum(e.yen), 0) <>
       CASE WHEN b.state = 2 THEN 0 ELSE r.total_yen END - coalesce(p.paid, 0);

-- :name receipt_doubled
SELECT bill, revision, count(*) FROM sugu.receipt GROUP BY bill, revision HAVING count(*) > 1;

-- :name event_hole
SELECT e.event FROM sugu.event e WHERE e.event > 1
  AND NOT EXISTS (SELECT FROM sugu.event p WHERE p.facility = e.facility AND p.event = e.event - 1);

-- :name journal_hole
SELECT j.journal FROM sugu.journal j WHERE j.journal > 1
  AND NOT EXISTS (SELECT FROM sugu.journal p
                  WHERE p.facility = j.facility AND p.journal = j.journal - 1);
