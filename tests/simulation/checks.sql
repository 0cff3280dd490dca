-- SPDX-License-Identifier: Apache-2.0
-- checks - what may not be in the database when a run has settled: every query returns no row
--
-- The sixteen invariants of the ledger (queue-server/store/invariant.h) are asked beside them. A
-- block is a name and one statement. Those that compare times begin with steady_ and are left out
-- where a clock was set.

-- :name open
-- Work that somebody still has to do. Alone this one is also asked while the run settles.
SELECT 'attempt ' || state, count(*) FROM sugu.attempt WHERE state IN (0, 1, 4) GROUP BY state
UNION ALL
SELECT 'posting', count(*) FROM sugu.bill_revision
WHERE settled_at IS NOT NULL AND posted_at IS NULL HAVING count(*) > 0
UNION ALL
SELECT 'change of a posting', count(*) FROM sugu.posting_change WHERE posted_at IS NULL
HAVING count(*) > 0
UNION ALL
SELECT 'card to forget', count(*) FROM sugu.card_on_file WHERE state = 3 AND token <> ''
HAVING count(*) > 0;

-- :name bill_without_attempt
-- A bill that says it is in payment, and nobody pays.
SELECT b.bill FROM sugu.bill b WHERE b.state = 3
  AND NOT EXISTS (SELECT FROM sugu.attempt a WHERE a.bill = b.bill AND a.state IN (0, 1, 4, 5));

-- :name held_without_owner
SELECT a.attempt FROM sugu.attempt a JOIN sugu.bill b USING (facility, bill)
WHERE a.state = 5 AND NOT EXISTS (SELECT FROM sugu.help h WHERE h.visit = b.visit);

-- :name steady_revised_in_payment
-- A revision that came while an attempt at an older one was open, and before a person had it: the
-- bill was not locked.
SELECT r.bill, r.revision, r.announced_at, a.method, a.state, a.begun_at, a.ended_at
FROM sugu.bill_revision r JOIN sugu.attempt a USING (facility, bill)
JOIN sugu.bill b USING (facility, bill)
WHERE a.kind = 'payment' AND r.revision > a.revision AND r.announced_at > a.begun_at
  AND (a.ended_at IS NULL OR r.announced_at < a.ended_at)
  AND NOT EXISTS (SELECT FROM sugu.help h WHERE h.visit = b.visit AND h.reason = 'payment.held'
                  AND h.asked_at BETWEEN a.begun_at AND r.announced_at);

-- :name hold_left
-- Money that is held on a card, and nobody will charge it or let it go.
SELECT h.attempt, h.visit FROM sugu.attempt h
WHERE h.kind = 'hold' AND h.state = 2 AND h.approved_yen > 0
  AND NOT EXISTS (SELECT FROM sugu.attempt o WHERE o.original = h.attempt AND o.state <> 3)
  AND NOT EXISTS (SELECT FROM sugu.dues d WHERE d.visit = h.visit AND d.hold = h.attempt);

-- :name refund_without_outcome
-- Ordered of a program, and its attempt is over: the desk has to see what came of it.
SELECT r.attempt, r.state, a.state FROM sugu.refund r JOIN sugu.attempt a USING (facility, attempt)
WHERE r.state = 1 AND a.state IN (2, 3, 6);

-- :name steady_change_keeps
-- The fee module is told that so much is kept: what was paid until then less what went back.
SELECT c.change, c.kept_yen, k.yen, c.is_back FROM sugu.posting_change c
CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE a.kind WHEN 'refund' THEN -a.approved_yen ELSE a.approved_yen END), 0)
               AS yen, count(*) FILTER (WHERE a.ended_at = c.made_at) AS at_once
    FROM sugu.attempt a WHERE a.bill = c.bill AND a.state = 2 AND a.ended_at <= c.made_at) k
WHERE k.yen <> c.kept_yen AND k.at_once = 1;

-- :name steady_refund_not_told
-- Money that went back after its bill was posted, and the fee module does not hear of it.
SELECT a.attempt, a.bill, a.approved_yen FROM sugu.attempt a
WHERE a.kind = 'refund' AND a.state = 2 AND a.approved_yen > 0
  AND EXISTS (SELECT FROM sugu.bill_revision r WHERE r.bill = a.bill AND r.settled_at < a.ended_at)
  AND NOT EXISTS (SELECT FROM sugu.posting_change c WHERE c.change = a.attempt);
