-- SPDX-License-Identifier: Apache-2.0
-- money-task - what waits for a person because of money, as the books have it

-- :name money_task_list many
-- First what cannot wait: money in doubt, and what a second person has to agree to. Then the rest
-- that is money, then stopped cards; the oldest first. A hundred bills that nobody ever comes back
-- for may not hide a payment of this minute. Each part reads the index of what is open of it, from
-- its oldest on; one matter is one row. `asked_long_ago`: a card that ended before then, and that
-- its provider still has, takes a person.
-- :param facility int4
-- :param day date
-- :param asked_long_ago timestamptz
-- :column code text(64)
-- :column since timestamptz
-- :column visit uuid?
-- :column bill uuid?
-- :column yen int8
-- :column place text(64)
-- :column day date?
-- :column series text(1)
-- :column number int4
-- :column is_earlier bool
-- :column patient_number text(32)
-- :column patient_name text(200)
-- :column attempt uuid?
-- :column kind text(16)
-- :column method text(32)
WITH task(code, since, visit, bill, patient, yen, place, attempt, kind, method) AS (
    (SELECT CASE a.state WHEN 5 THEN 'payment.held' ELSE 'payment.no-answer' END, a.begun_at,
            coalesce((SELECT b.visit FROM bill b WHERE b.facility = a.facility
                      AND b.bill = a.bill), a.visit,
                     (SELECT visit FROM visit WHERE facility = a.facility AND patient = a.patient
                      ORDER BY day DESC LIMIT 1)), a.bill, a.patient, a.amount_yen, a.place,
            a.attempt, a.kind, a.method
     FROM attempt a WHERE a.facility = :facility AND a.state IN (4, 5) AND a.kind <> 'forget'
     ORDER BY a.begun_at LIMIT 101)
    UNION ALL
    (SELECT 'cash.change-owed', b.change_owed_since, b.visit, b.bill, NULL::uuid,
            b.change_owed_yen, p.place, NULL::uuid, '', ''
     FROM bill b
     CROSS JOIN LATERAL (SELECT place FROM attempt
                         WHERE facility = b.facility AND bill = b.bill AND method = 'cash'
                         ORDER BY begun_at DESC LIMIT 1) AS p
     WHERE b.facility = :facility AND b.change_owed_yen > 0
     ORDER BY b.change_owed_since LIMIT 101)
    UNION ALL
    (SELECT 'refund.waiting', r.ordered_at, (SELECT b.visit FROM bill b
                                             WHERE b.facility = r.facility AND b.bill = r.bill),
            r.bill, NULL::uuid, r.amount_yen, '', NULL::uuid, '', ''
     FROM refund r WHERE r.facility = :facility AND r.state = 0 ORDER BY r.ordered_at LIMIT 101)
    UNION ALL
    (SELECT CASE WHEN f.state = 1 THEN 'refund.ordered' WHEN f.state = 3 THEN 'refund.failed'
                 ELSE 'bill.overpaid' END,
            b.state_since, b.visit, b.bill, NULL::uuid, b.paid_yen - r.total_yen + b.waived_yen, '',
            NULL::uuid, '', ''
     FROM bill b
     CROSS JOIN LATERAL (SELECT total_yen FROM bill_revision
                         WHERE facility = b.facility AND bill = b.bill AND revision = b.revision
                         LIMIT 1) AS r
     LEFT JOIN LATERAL (SELECT state FROM refund WHERE facility = b.facility AND bill = b.bill
                        ORDER BY ordered_at DESC LIMIT 1) AS f ON true
     WHERE b.facility = :facility AND b.state = 9 AND f.state IS DISTINCT FROM 0
       AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = b.facility AND a.bill = b.bill
                       AND a.state IN (4, 5))
     ORDER BY b.state_since LIMIT 101)
    UNION ALL
    (SELECT 'refund.failed', r.ordered_at, b.visit, r.bill, NULL::uuid, r.amount_yen, '',
            NULL::uuid, '', ''
     FROM refund r
     CROSS JOIN LATERAL (SELECT visit, state FROM bill WHERE facility = r.facility
                         AND bill = r.bill LIMIT 1) AS b
     WHERE r.facility = :facility AND r.state = 3 AND r.reason <> 0 AND b.state <> 9
       AND NOT EXISTS (SELECT FROM refund n WHERE n.facility = r.facility
                       AND n.original = r.original AND n.ordered_at > r.ordered_at)
     ORDER BY r.ordered_at LIMIT 101)
    UNION ALL
    (SELECT 'bill.deposit-held', b.state_since, b.visit, b.bill, NULL::uuid, b.held_yen, p.place,
            NULL::uuid, '', ''
     FROM bill b
     CROSS JOIN LATERAL (SELECT v.day, v.stated_ratio IS NOT NULL
                                OR coalesce(e.outcome IN (1, 2), false) AS is_proven
                         FROM visit v
                         LEFT JOIN LATERAL (SELECT outcome FROM eligibility
                                            WHERE facility = v.facility
                                              AND eligibility = v.eligibility LIMIT 1) AS e ON true
                         WHERE v.facility = b.facility AND v.visit = b.visit LIMIT 1) AS v
     CROSS JOIN LATERAL (SELECT place FROM attempt
                         WHERE facility = b.facility AND bill = b.bill AND state = 2
                         ORDER BY begun_at DESC LIMIT 1) AS p
     WHERE b.facility = :facility AND b.state = 8 AND (v.is_proven OR v.day < :day)
     ORDER BY b.state_since LIMIT 101)
    UNION ALL
    (SELECT 'bill.to-counter', b.state_since, b.visit, b.bill, NULL::uuid,
            r.total_yen - b.waived_yen - b.paid_yen - b.held_yen, '', NULL::uuid, '', ''
     FROM bill b
     CROSS JOIN LATERAL (SELECT total_yen FROM bill_revision
                         WHERE facility = b.facility AND bill = b.bill AND revision = b.revision
                         LIMIT 1) AS r
     WHERE b.facility = :facility AND b.state = 7
       AND r.total_yen > b.waived_yen + b.paid_yen + b.held_yen
       AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = b.facility AND a.bill = b.bill
                       AND a.state IN (4, 5))
     ORDER BY b.state_since LIMIT 101)
    UNION ALL
    (SELECT d.code, d.changed_at, d.visit, b.bill, NULL::uuid, b.yen, '', NULL::uuid, '', ''
     FROM dues d
     CROSS JOIN LATERAL (SELECT i.bill, r.total_yen - i.waived_yen - i.paid_yen - i.held_yen AS yen
                         FROM bill i
                         CROSS JOIN LATERAL (SELECT total_yen FROM bill_revision
                                             WHERE facility = i.facility AND bill = i.bill
                                               AND revision = i.revision LIMIT 1) AS r
                         WHERE i.facility = d.facility AND i.visit = d.visit AND i.state IN (0, 1)
                         LIMIT 1) AS b
     CROSS JOIN LATERAL (SELECT state, day FROM visit WHERE facility = d.facility
                         AND visit = d.visit LIMIT 1) AS v
     LEFT JOIN LATERAL (SELECT true AS is_tried FROM attempt WHERE facility = d.facility
                        AND bill = b.bill AND method = 'on-file' AND state = 3 LIMIT 1) AS t ON true
     WHERE d.facility = :facility AND d.state IN (2, 3) AND d.code <> '' AND NOT d.is_declined
       AND b.yen > 0
       AND (v.state = 6 OR v.day < :day OR t.is_tried)
     ORDER BY d.changed_at LIMIT 101)
    UNION ALL
    (SELECT coalesce(nullif(c.code, ''), 'later.suspended'), c.changed_at, v.visit, NULL::uuid,
            c.patient, 0::bigint, '', NULL::uuid, '', ''
     FROM card_on_file c
     LEFT JOIN LATERAL (SELECT visit FROM visit WHERE facility = c.facility
                        AND patient = c.patient ORDER BY day DESC LIMIT 1) AS v ON true
     WHERE c.facility = :facility AND c.state = 2 ORDER BY c.changed_at LIMIT 101)
    UNION ALL
    (SELECT 'later.not-forgotten', c.changed_at, v.visit, NULL::uuid, c.patient, 0::bigint, '',
            NULL::uuid, '', ''
     FROM card_on_file c
     LEFT JOIN LATERAL (SELECT visit FROM visit WHERE facility = c.facility
                        AND patient = c.patient ORDER BY day DESC LIMIT 1) AS v ON true
     WHERE c.facility = :facility AND c.state = 3 AND c.token <> ''
       AND c.changed_at < :asked_long_ago
       AND NOT EXISTS (SELECT FROM attempt a WHERE a.facility = c.facility AND a.card = c.card
                       AND a.state IN (4, 5) AND a.kind <> 'forget')
     ORDER BY c.changed_at LIMIT 101))
SELECT t.code, t.since, t.visit, t.bill, t.yen, t.place, v.day, coalesce(v.series, ''),
       coalesce(v.number, 0),
       coalesce(v.day <> :day AND v.carried_to IS DISTINCT FROM :day, false),
       coalesce(p.number, ''), coalesce(p.name, ''), t.attempt, t.kind, t.method
FROM task t
LEFT JOIN LATERAL (SELECT * FROM visit WHERE facility = :facility AND visit = t.visit LIMIT 1)
    AS v ON true
LEFT JOIN LATERAL (SELECT number, name FROM patient WHERE facility = :facility
                   AND patient = coalesce(t.patient, v.patient) LIMIT 1) AS p ON true
ORDER BY t.code LIKE 'payment.%' OR t.code = 'refund.waiting' DESC, t.yen = 0, t.since LIMIT 101;

-- :name patient_bills many
-- Bills of one person at which something can be done: open, paid too much, with a deposit or change
-- that is owed, or paid since then. The newest day first.
-- :param facility int4
-- :param patient uuid
-- :param day date
-- :param since timestamptz
-- :column bill uuid
-- :column visit uuid
-- :column day date
-- :column series text(1)
-- :column number int4
-- :column department_name text(100)
-- :column state int2
-- :column total_yen int8
-- :column due_yen int8
-- :column refund_due_yen int8
-- :column is_earlier bool
SELECT b.bill, v.visit, v.day, v.series, v.number,
       coalesce((SELECT d.name FROM stage s JOIN department d USING (facility, department)
                 WHERE s.facility = b.facility AND s.visit = b.visit AND NOT d.is_desk
                 ORDER BY d.kind <> 2, s.stage LIMIT 1), ''),
       b.state, r.total_yen,
       CASE b.state WHEN 2 THEN 0
                    ELSE greatest(r.total_yen - b.waived_yen - b.paid_yen - b.held_yen, 0) END,
       greatest(b.paid_yen - r.total_yen + b.waived_yen, 0),
       v.day <> :day AND v.carried_to IS DISTINCT FROM :day
FROM visit v
CROSS JOIN LATERAL (SELECT * FROM bill WHERE facility = v.facility AND visit = v.visit) AS b
CROSS JOIN LATERAL (SELECT total_yen FROM bill_revision
                    WHERE facility = b.facility AND bill = b.bill AND revision = b.revision
                    LIMIT 1) AS r
WHERE v.facility = :facility AND v.patient = :patient
  AND (b.state IN (3, 7, 8, 9) OR b.change_owed_yen > 0
       OR (b.state IN (0, 1) AND r.total_yen > b.waived_yen + b.paid_yen + b.held_yen)
       OR EXISTS (SELECT FROM attempt a WHERE a.facility = b.facility AND a.bill = b.bill
                  AND a.state = 2 AND a.kind IN ('payment', 'deposit') AND a.amount_yen > 0
                  AND a.ended_at >= :since))
ORDER BY v.day DESC, b.bill LIMIT 61;
