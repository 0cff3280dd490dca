-- SPDX-License-Identifier: Apache-2.0
-- invariant - what must never be found: each statement gives the rows that break it, so none
--
-- The sixteen of domain/payments.md 5.2, in their order; queue-server/store/invariant.h runs them.
-- Each is held by a constraint or by code as well; here the whole of a facility is looked at again.
-- `at` is the moment of the check: windows end there.

-- :name invariant_journal_sum many
-- 1: every journal has at least two lines, which sum to zero.
-- :param facility int4
-- :column what text(255)
SELECT format('journal %s: %s lines sum to %s', j.journal, coalesce(e.lines, 0),
              coalesce(e.total, 0))
FROM journal j
LEFT JOIN (SELECT journal, count(*) AS lines, sum(yen) AS total FROM entry
           WHERE facility = :facility GROUP BY journal) AS e USING (journal)
WHERE j.facility = :facility AND (e.lines IS NULL OR e.lines < 2 OR e.total <> 0)
ORDER BY j.journal LIMIT 100;

-- :name invariant_ledger_sum many
-- 2: all entries of the facility sum to zero.
-- :param facility int4
-- :column what text(255)
SELECT format('all entries sum to %s', sum(yen)) FROM entry WHERE facility = :facility
HAVING sum(yen) <> 0;

-- :name invariant_cached_balance many
-- 3: the balances of a day are the sums of its entries.
-- :param facility int4
-- :column what text(255)
SELECT format('%s %s of %s: debit %s credit %s, entries say %s and %s', account, detail, day,
              sum(kept_debit), sum(kept_credit), sum(debit), sum(credit))
FROM (SELECT j.day, e.account, e.detail, greatest(e.yen, 0) AS debit,
             greatest(-e.yen, 0) AS credit, 0::bigint AS kept_debit, 0::bigint AS kept_credit
      FROM entry e JOIN journal j USING (facility, journal) WHERE e.facility = :facility
      UNION ALL
      SELECT day, account, detail, 0, 0, debit_yen, credit_yen FROM day_balance
      WHERE facility = :facility) AS both_sides
GROUP BY day, account, detail
HAVING sum(debit) <> sum(kept_debit) OR sum(credit) <> sum(kept_credit)
ORDER BY day, account, detail LIMIT 100;

-- :name invariant_cash_count many
-- 4: at each kiosk no pieces are missing, and those that are there are its yen of cash.
-- :param facility int4
-- :column what text(255)
SELECT format('%s: %s pieces of %s yen', place, sum(pieces_in - pieces_out), unit)
FROM cash_count WHERE facility = :facility
GROUP BY place, unit HAVING sum(pieces_in - pieces_out) < 0
UNION ALL
SELECT format('%s: cash of %s yen, counted %s', place, sum(yen), sum(counted))
FROM (SELECT detail AS place, yen, 0::bigint AS counted FROM entry
      WHERE facility = :facility AND account IN ('cash', 'cash-float')
      UNION ALL
      SELECT place, 0, unit::bigint * (pieces_in - pieces_out) FROM cash_count
      WHERE facility = :facility) AS both_sides
GROUP BY place HAVING sum(yen) <> sum(counted)
LIMIT 100;

-- :name invariant_settled_once many
-- 5: a revision is paid once, in however many parts and with its deposit; what was paid and not
-- given back is not more than the bill asks for (its total less what is waived), but for what the
-- ledger owes the patient (refund-payable, deposit); and bill and ledger say the same of what is
-- due, paid too much, and held.
-- :param facility int4
-- :column what text(255)
SELECT format('bill %s revision %s of %s yen: %s payments of %s yen', p.bill, p.revision,
              r.total_yen, p.payments, p.came)
FROM (SELECT a.bill, a.revision, count(*) AS payments, sum(a.approved_yen) AS came,
             sum(least(a.approved_yen, a.amount_yen)) - coalesce(sum(back.yen), 0) AS kept
      FROM attempt a
      LEFT JOIN LATERAL (SELECT sum(f.approved_yen) AS yen FROM attempt f
                         WHERE f.facility = a.facility AND f.original = a.attempt
                           AND f.state = 2) AS back ON true
      WHERE a.facility = :facility AND a.state = 2 AND a.kind IN ('payment', 'deposit')
      GROUP BY a.bill, a.revision) AS p
JOIN bill_revision r ON r.facility = :facility AND r.bill = p.bill AND r.revision = p.revision
WHERE p.kept > r.total_yen
  AND p.kept > r.total_yen - (SELECT coalesce(sum(e.yen), 0) FROM journal j
                              JOIN entry e USING (facility, journal)
                              WHERE j.facility = :facility AND j.bill = p.bill
                                AND e.account = 'refund-payable')
UNION ALL
SELECT format('bill %s of %s yen: %s yen kept, %s owed to the patient', b.bill,
              r.total_yen - b.waived_yen, p.kept, l.owed)
FROM (SELECT bill, sum(CASE kind WHEN 'refund' THEN -approved_yen ELSE approved_yen END) AS kept
      FROM attempt WHERE facility = :facility AND state = 2 AND bill IS NOT NULL
      GROUP BY bill) AS p
JOIN bill b ON b.facility = :facility AND b.bill = p.bill
JOIN bill_revision r ON r.facility = b.facility AND r.bill = b.bill AND r.revision = b.revision,
    LATERAL (SELECT -coalesce(sum(e.yen), 0) AS owed FROM journal j
             JOIN entry e USING (facility, journal)
             WHERE j.facility = b.facility AND j.bill = b.bill
               AND (e.account = 'refund-payable'
                    OR (e.account = 'deposit' AND e.detail <> 'change'))) AS l
WHERE p.kept > r.total_yen - b.waived_yen + l.owed
UNION ALL
SELECT format('bill %s: %s yen due, %s too much, %s held; the ledger says %s, %s, %s', b.bill,
              t.due, t.excess, b.held_yen, l.due, l.excess, l.held)
FROM bill b
JOIN bill_revision r USING (facility, bill, revision),
    LATERAL (SELECT greatest(r.total_yen - b.waived_yen - b.paid_yen, 0) AS due,
                    greatest(b.paid_yen - r.total_yen + b.waived_yen, 0) AS excess) AS t,
    LATERAL (SELECT coalesce(sum(e.yen) FILTER (WHERE e.account IN ('receivable', 'suspense')),
                             0) AS due,
                    coalesce(-sum(e.yen) FILTER (WHERE e.account = 'refund-payable'), 0) AS excess,
                    coalesce(-sum(e.yen) FILTER (WHERE e.account = 'deposit'
                                                 AND e.detail <> 'change'), 0) AS held,
                    coalesce(bool_or(j.kind = 'bill'), false) AS is_known
             FROM journal j JOIN entry e USING (facility, journal)
             WHERE j.facility = b.facility AND j.bill = b.bill
               AND j.kind NOT IN ('chargeback', 'correction', 'rounding', 'suspense')) AS l
WHERE b.facility = :facility AND l.is_known
  AND (t.due, t.excess, b.held_yen) <> (l.due, l.excess, l.held)
UNION ALL
SELECT format('bill %s: %s yen of change owed; the ledger says %s', bill,
              coalesce(b.change_owed_yen, 0), coalesce(l.owed, 0))
FROM (SELECT j.bill, -sum(e.yen) AS owed FROM entry e JOIN journal j USING (facility, journal)
      WHERE e.facility = :facility AND e.account = 'deposit' AND e.detail = 'change'
        AND j.bill IS NOT NULL
      GROUP BY j.bill) AS l
FULL JOIN (SELECT bill, change_owed_yen FROM bill
           WHERE facility = :facility AND change_owed_yen > 0) AS b USING (bill)
WHERE coalesce(b.change_owed_yen, 0) <> coalesce(l.owed, 0)
LIMIT 100;

-- :name invariant_one_open_attempt many
-- 6: a bill has one open attempt at most. Holds and registrations are of no bill.
-- :param facility int4
-- :column what text(255)
SELECT format('bill %s: %s attempts are open', bill, count(*))
FROM attempt WHERE facility = :facility AND state IN (0, 1, 4, 5) AND bill IS NOT NULL
GROUP BY bill HAVING count(*) > 1 LIMIT 100;

-- :name invariant_posted_once many
-- 7: every approved attempt is posted once, with its yen; no other is posted as money. Holds move
-- none.
-- :param facility int4
-- :column what text(255)
SELECT format('attempt %s (%s): approved %s yen, %s journals with %s', a.attempt, a.kind,
              a.approved_yen, count(p.journal), coalesce(sum(p.yen), 0))
FROM attempt a
LEFT JOIN (SELECT j.attempt, j.journal, sum(e.yen) FILTER (
               WHERE e.account IN ('receivable', 'revenue-clearing', 'refund-payable')
                  OR (e.account = 'deposit' AND e.detail <> 'change')) AS yen
           FROM journal j JOIN entry e USING (facility, journal)
           WHERE j.facility = :facility AND j.attempt IS NOT NULL
             AND j.kind IN ('payment', 'refund', 'deposit-taken', 'deposit-refunded')
           GROUP BY j.attempt, j.journal) AS p USING (attempt)
WHERE a.facility = :facility AND a.state = 2 AND a.approved_yen > 0 AND a.bill IS NOT NULL
GROUP BY a.attempt, a.kind, a.approved_yen
HAVING count(p.journal) <> 1
    OR sum(p.yen) <> CASE a.kind WHEN 'refund' THEN a.approved_yen ELSE -a.approved_yen END
UNION ALL
SELECT format('journal %s (%s): attempt %s is in state %s', j.journal, j.kind, j.attempt,
              coalesce(a.state::text, 'none'))
FROM journal j
LEFT JOIN attempt a ON a.facility = j.facility AND a.attempt = j.attempt
WHERE j.facility = :facility AND j.attempt IS NOT NULL
  AND (j.kind IN ('payment', 'refund', 'deposit-taken', 'deposit-refunded'))
      <> (a.state IS NOT DISTINCT FROM 2 AND a.approved_yen > 0)
LIMIT 100;

-- :name invariant_refund_limit many
-- 8: no more is given back, or on its way back, than was taken.
-- :param facility int4
-- :column what text(255)
SELECT format('attempt %s: %s yen taken, refunds of %s', f.original,
              coalesce(o.approved_yen, 0), f.yen)
FROM (SELECT original, sum(CASE state WHEN 2 THEN approved_yen ELSE amount_yen END) AS yen
      FROM attempt
      WHERE facility = :facility AND kind = 'refund' AND state IN (0, 1, 2, 4, 5)
      GROUP BY original) AS f
LEFT JOIN attempt o ON o.facility = :facility AND o.attempt = f.original AND o.state = 2
    AND o.kind IN ('payment', 'deposit')
WHERE f.yen > coalesce(o.approved_yen, 0) LIMIT 100;

-- :name invariant_pending_window many
-- 9: what is pending is resolved once, and before its window is over: attempts in a day, those held
-- for a person and holds on a card in thirty. A provider is asked to forget a card for as long as
-- it takes; that moves no money.
-- :param facility int4
-- :param at timestamptz
-- :column what text(255)
SELECT format('attempt %s: open since %s', attempt, begun_at)
FROM attempt
WHERE facility = :facility AND state IN (0, 1, 4, 5) AND kind <> 'forget'
  AND begun_at < :at::timestamptz - make_interval(days => CASE state WHEN 5 THEN 30 ELSE 1 END)
UNION ALL
SELECT format('journal %s: hold of %s has %s ends', h.journal, h.posted_at, count(e.journal))
FROM journal h
LEFT JOIN journal e ON e.facility = h.facility AND e.original = h.journal
    AND e.kind = 'hold-ended'
WHERE h.facility = :facility AND h.kind = 'hold'
GROUP BY h.journal, h.posted_at
HAVING count(e.journal) > 1
    OR (count(e.journal) = 0 AND h.posted_at < :at::timestamptz - interval '30 days')
UNION ALL
SELECT format('journal %s: ends journal %s, which is no hold', e.journal, e.original)
FROM journal e LEFT JOIN journal h ON h.facility = e.facility AND h.journal = e.original
WHERE e.facility = :facility AND e.kind = 'hold-ended' AND h.kind IS DISTINCT FROM 'hold'
LIMIT 100;

-- :name invariant_closed_day many
-- 10: nothing came to a day after it was closed.
-- :param facility int4
-- :column what text(255)
SELECT format('journal %s: posted into %s, which was closed with journal %s', j.journal, d.day,
              coalesce(d.closed_journal::text, '?'))
FROM business_day d
JOIN journal j ON j.facility = d.facility AND j.day = d.day
    AND j.journal > coalesce(d.closed_journal, 0)
WHERE d.facility = :facility AND d.state = 2
ORDER BY j.journal LIMIT 100;

-- :name invariant_provider_id many
-- 11: a provider's transaction is one attempt.
-- :param facility int4
-- :column what text(255)
SELECT format('%s %s: %s attempts', terminal, provider_id, count(*))
FROM attempt WHERE facility = :facility AND provider_id IS NOT NULL
GROUP BY terminal, provider_id HAVING count(*) > 1 LIMIT 100;

-- :name invariant_request_hash many
-- 12: one request id is one request.
-- :param facility int4
-- :column what text(255)
SELECT format('request %s of client %s: %s rows', request, client, count(*))
FROM request WHERE facility = :facility
GROUP BY client, request HAVING count(*) > 1 LIMIT 100;

-- :name invariant_outbox many
-- 13: what has to be told is written down and told within a day: payments to the fee module,
-- notices to the hook (while somebody fetches them), events without a hole. SETTLED is 4.
-- :param facility int4
-- :param at timestamptz
-- :column what text(255)
SELECT format('bill %s revision %s: settled at %s and not posted to the fee module', bill,
              revision, settled_at)
FROM bill_revision
WHERE facility = :facility AND settled_at IS NOT NULL AND posted_at IS NULL
  AND settled_at < :at::timestamptz - interval '1 day'
UNION ALL
SELECT format('bill %s: %s yen moved at %s and not posted to the fee module', bill, amount_yen,
              made_at)
FROM posting_change
WHERE facility = :facility AND posted_at IS NULL AND made_at < :at::timestamptz - interval '1 day'
UNION ALL
SELECT format('bill %s revision %s: settled without a payment to post', r.bill, r.revision)
FROM bill_revision r
WHERE r.facility = :facility AND r.settled_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = r.facility AND a.bill = r.bill
                  AND a.revision <= r.revision AND a.state = 2
                  AND a.kind IN ('payment', 'deposit'))
UNION ALL
SELECT format('bill %s: settled, and nothing to post', b.bill)
FROM bill b JOIN bill_revision r USING (facility, bill, revision)
WHERE b.facility = :facility AND b.state = 4 AND r.settled_at IS NULL
UNION ALL
SELECT format('notice %s: not delivered since %s', n.notice, n.made_at)
FROM notice n JOIN facility f USING (facility)
WHERE n.facility = :facility AND n.sent_at IS NULL AND n.ended_at IS NULL
  AND n.made_at < :at::timestamptz - interval '1 day'
  AND f.hook_asked_at > :at::timestamptz - interval '1 day'
UNION ALL
SELECT format('event %s follows %s', e.event, e.before)
FROM (SELECT event, lag(event) OVER (ORDER BY event) AS before FROM event
      WHERE facility = :facility) AS e
WHERE e.event <> e.before + 1
UNION ALL
SELECT format('event %s is the last, the counter says %s', e.last, c.number)
FROM number_counter c,
    LATERAL (SELECT max(event) AS last FROM event WHERE facility = :facility) AS e
WHERE c.facility = :facility AND c.kind = 'event' AND e.last <> c.number
LIMIT 100;

-- :name invariant_hash_chain many
-- 14: journals are numbered without a hole, each is chained, each day has its anchor; those of the
-- last three days are hashed again. verify-ledger hashes all of them again, outside the database.
-- :param facility int4
-- :param at timestamptz
-- :column what text(255)
SELECT format('journal %s follows %s', n.journal, n.before)
FROM (SELECT journal, lag(journal, 1, 0::bigint) OVER (ORDER BY journal) AS before FROM journal
      WHERE facility = :facility) AS n
WHERE n.journal <> n.before + 1
UNION ALL
SELECT format('journal %s is the last, the counter says %s', n.last, c.number)
FROM number_counter c,
    LATERAL (SELECT coalesce(max(journal), 0) AS last FROM journal
             WHERE facility = :facility) AS n
WHERE c.facility = :facility AND c.kind = 'journal' AND n.last <> c.number
UNION ALL
SELECT format('journal %s has no hash', j.journal)
FROM journal j LEFT JOIN journal_hash h USING (facility, journal)
WHERE j.facility = :facility AND h.journal IS NULL
UNION ALL
SELECT format('day %s: its anchor is not journal %s', d.day, coalesce(l.journal, 0))
FROM business_day d
LEFT JOIN LATERAL (SELECT j.journal, h.hash FROM journal j
                   LEFT JOIN journal_hash h USING (facility, journal)
                   WHERE j.facility = d.facility AND j.day = d.day
                   ORDER BY j.journal DESC LIMIT 1) AS l ON true
WHERE d.facility = :facility
  AND (l.journal IS DISTINCT FROM d.last_journal OR l.hash IS DISTINCT FROM d.head)
UNION ALL
SELECT format('journal %s: its content is not what was hashed', j.journal)
FROM journal j
JOIN journal_hash h USING (facility, journal)
LEFT JOIN journal_hash p ON p.facility = j.facility AND p.journal = j.journal - 1
WHERE j.facility = :facility AND j.day > (:at::timestamptz)::date - 3
  AND h.hash <> sha256(coalesce(p.hash, decode(repeat('00', 32), 'hex'))
                       || convert_to(journal_text(j.facility, j.journal), 'UTF8'))
LIMIT 100;

-- :name invariant_receipt many
-- 15: for each settled bill there is a receipt, or one may still be asked for at any kiosk, which
-- takes the approved payments and the deposit; receipts are numbered without a hole.
-- :param facility int4
-- :column what text(255)
SELECT format('bill %s: settled, no receipt, and no payment to make one of', b.bill)
FROM bill b JOIN bill_revision r USING (facility, bill, revision)
WHERE b.facility = :facility AND b.state = 4
  AND NOT EXISTS (SELECT FROM receipt c WHERE c.facility = b.facility AND c.bill = b.bill
                  AND c.revision = b.revision)
  AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = b.facility AND a.bill = b.bill
                  AND a.state = 2 AND a.kind IN ('payment', 'deposit'))
UNION ALL
SELECT format('receipt %s: attempt %s did not pay bill %s', c.receipt, c.attempt, c.bill)
FROM receipt c
LEFT JOIN attempt a ON a.facility = c.facility AND a.attempt = c.attempt
WHERE c.facility = :facility
  AND (a.state IS DISTINCT FROM 2 OR a.kind NOT IN ('payment', 'deposit') OR a.bill <> c.bill)
UNION ALL
SELECT format('receipt %s follows %s', n.receipt, n.before)
FROM (SELECT receipt, lag(receipt, 1, 0::bigint) OVER (ORDER BY receipt) AS before FROM receipt
      WHERE facility = :facility) AS n
WHERE n.receipt <> n.before + 1
UNION ALL
SELECT format('receipt %s is the last, the counter says %s', n.last, c.number)
FROM number_counter c,
    LATERAL (SELECT coalesce(max(receipt), 0) AS last FROM receipt
             WHERE facility = :facility) AS n
WHERE c.facility = :facility AND c.kind = 'receipt' AND n.last <> c.number
LIMIT 100;

-- :name invariant_device_step many
-- 16: each step of a cash device's counter is there once, from its first to its last; and of an
-- attempt that is posted, what the devices took in is what was counted.
-- :param facility int4
-- :column what text(255)
SELECT format('%s %s, life %s: step %s follows %s', place, device, boot, counter, before)
FROM (SELECT place, device, boot, counter,
             lag(counter) OVER (PARTITION BY place, device, boot ORDER BY counter) AS before
      FROM device_step WHERE facility = :facility) AS n
WHERE counter <> before + 1
UNION ALL
SELECT format('attempt %s: %s pieces of %s yen in steps, %s counted', s.attempt, s.pieces, s.unit,
              coalesce(c.pieces_in, 0))
FROM (SELECT attempt, unit, count(*) AS pieces FROM device_step
      WHERE facility = :facility AND unit IS NOT NULL GROUP BY attempt, unit) AS s
JOIN journal j ON j.facility = :facility AND j.attempt = s.attempt
LEFT JOIN cash_count c ON c.facility = j.facility AND c.journal = j.journal AND c.unit = s.unit
WHERE s.pieces <> coalesce(c.pieces_in, 0)
LIMIT 100;
