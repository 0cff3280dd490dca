-- SPDX-License-Identifier: Apache-2.0
-- payment - attempts to take money and to give it back, refunds that were ordered

-- :name attempt_add exec
-- :param facility int4
-- :param attempt uuid
-- :param bill uuid?
-- :param revision int4
-- :param patient uuid?
-- :param client int4
-- :param place text
-- :param kind text
-- :param method text
-- :param amount_yen int8
-- :param state int2
-- :param original uuid?
-- :param card uuid?
-- :param visit uuid?
-- :param begun_at timestamptz
INSERT INTO attempt (facility, attempt, bill, revision, patient, client, place, kind, method,
                     amount_yen, state, original, card, visit, begun_at)
VALUES (:facility, :attempt, :bill, nullif(:revision, 0), :patient, :client, :place, :kind, :method,
        :amount_yen, :state, :original, :card, :visit, :begun_at);

-- :name attempt_where one
-- Whose attempt it is; the locks are then taken in the order visit, bill, attempt, card. A
-- registration has neither bill nor visit, a hold no bill.
-- :param facility int4
-- :param attempt uuid
-- :column bill uuid?
-- :column visit uuid?
-- :column patient uuid?
-- :column card uuid?
SELECT a.bill, coalesce(b.visit, a.visit), coalesce(a.patient, v.patient), a.card
FROM attempt a
LEFT JOIN bill b USING (facility, bill)
LEFT JOIN visit v ON v.facility = b.facility AND v.visit = b.visit
WHERE a.facility = :facility AND a.attempt = :attempt;

-- :name attempt_lock one
-- :param facility int4
-- :param attempt uuid
-- :column bill uuid?
-- :column revision int4
-- :column client int4
-- :column place text(64)
-- :column kind text(16)
-- :column method text(32)
-- :column amount_yen int8
-- :column state int2
-- :column approved_yen int8?
-- :column terminal text(64)
-- :column provider_id text(64)
-- :column reason int2
-- :column original uuid?
-- :column hold_provider_id text(64)
-- :column paid_at timestamptz?
-- :column is_card_over bool
SELECT a.bill, coalesce(a.revision, 0), a.client, a.place, a.kind, a.method, a.amount_yen, a.state,
       a.approved_yen, a.terminal, coalesce(a.provider_id, ''), coalesce(r.reason, -1)::smallint,
       a.original,
       coalesce((SELECT h.provider_id FROM attempt h
                 WHERE h.facility = a.facility AND h.attempt = a.original AND h.kind = 'hold'), ''),
       a.paid_at, EXISTS (SELECT FROM card_on_file c WHERE c.facility = a.facility
                          AND c.card = a.card AND c.state = 3)
FROM attempt a LEFT JOIN refund r USING (facility, attempt)
WHERE a.facility = :facility AND a.attempt = :attempt
FOR UPDATE OF a;

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
-- :param decline int2
-- :param paid_at timestamptz?
-- :param ended_at timestamptz?
UPDATE attempt
SET state = :state, approved_yen = :approved_yen, code = :code, provider_id = :provider_id,
    approval_code = :approval_code, brand = :brand, last4 = :last4, terminal = :terminal,
    decline = :decline, paid_at = coalesce(:paid_at, paid_at), ended_at = :ended_at
WHERE facility = :facility AND attempt = :attempt;

-- :name attempt_open many
-- Of one payment program. Orders that it has not taken (0) come first. What goes back of a capture
-- goes back by the id of its hold. The token of an ended card only to forget it: who has taken back
-- what was agreed to is not charged any more.
-- :param facility int4
-- :param client int4
-- :column attempt uuid
-- :column bill uuid?
-- :column revision int4
-- :column kind text(16)
-- :column method text(32)
-- :column amount_yen int8
-- :column is_order bool
-- :column original uuid?
-- :column original_provider_id text(64)
-- :column original_at timestamptz?
-- :column token text(128)
-- :column payer text(64)
-- :column network_id text(64)
SELECT a.attempt, a.bill, coalesce(a.revision, 0), a.kind, a.method, a.amount_yen,
       a.state = 0 AND (a.kind = 'refund' OR a.method = 'on-file'), a.original,
       coalesce(h.provider_id, o.provider_id, ''), o.paid_at,
       CASE WHEN a.kind = 'forget' OR c.state <> 3 THEN c.token ELSE '' END,
       coalesce(c.payer, ''), coalesce(c.network_id, '')
FROM attempt a
LEFT JOIN attempt o ON o.facility = a.facility AND o.attempt = a.original
LEFT JOIN attempt h ON h.facility = o.facility AND h.attempt = o.original AND h.kind = 'hold'
LEFT JOIN card_on_file c ON c.facility = a.facility AND c.card = a.card
    AND a.kind IN ('payment', 'hold', 'release', 'forget')
WHERE a.facility = :facility AND a.client = :client AND a.state IN (0, 1, 4, 5)
ORDER BY NOT (a.state = 0 AND (a.kind = 'refund' OR a.method = 'on-file')), a.begun_at LIMIT 40;

-- :name attempt_call_off exec
-- An order that nobody has taken yet is not carried out any more.
-- :param facility int4
-- :param attempt uuid
-- :param at timestamptz
UPDATE attempt SET state = 3, code = 'payment.not-started', ended_at = :at
WHERE facility = :facility AND attempt = :attempt AND state = 0;

-- :name attempt_parts many
-- What was paid for a bill and by which way, what went back taken off.
-- :param facility int4
-- :param bill uuid
-- :column attempt uuid
-- :column kind text(16)
-- :column method text(32)
-- :column yen int8
-- :column brand text(32)
-- :column last4 text(4)
SELECT a.attempt, a.kind, a.method,
       a.approved_yen - coalesce((SELECT sum(b.approved_yen) FROM attempt b
                                  WHERE b.facility = a.facility AND b.original = a.attempt
                                    AND b.state = 2), 0)::bigint, a.brand, a.last4
FROM attempt a
WHERE a.facility = :facility AND a.bill = :bill AND a.state = 2 AND a.kind IN ('payment', 'deposit')
ORDER BY a.begun_at LIMIT 10;

-- :name attempt_open_of_bill one
-- :param facility int4
-- :param bill uuid
-- :column is_open bool
SELECT EXISTS (SELECT FROM attempt WHERE facility = :facility AND bill = :bill
               AND state IN (0, 1, 4, 5));

-- :name attempt_refund_open one
-- Is money on its way back? Until it is there, nobody may say what the bill has.
-- :param facility int4
-- :param bill uuid
-- :column is_open bool
SELECT EXISTS (SELECT FROM attempt WHERE facility = :facility AND bill = :bill
               AND state IN (0, 1, 4, 5) AND kind = 'refund');

-- :name attempt_take exec
-- The payment program has the order in its journal.
-- :param facility int4
-- :param attempt uuid
UPDATE attempt SET state = 1 WHERE facility = :facility AND attempt = :attempt AND state = 0;

-- :name attempt_list many
-- Of a bill, the newest first.
-- :param facility int4
-- :param bill uuid
-- :column attempt uuid
-- :column kind text(16)
-- :column method text(32)
-- :column state int2
-- :column amount_yen int8
-- :column approved_yen int8
-- :column refunded_yen int8
-- :column code text(64)
-- :column brand text(32)
-- :column last4 text(4)
-- :column place text(64)
-- :column provider_id text(64)
-- :column begun_at timestamptz
-- :column original uuid?
SELECT a.attempt, a.kind, a.method, a.state, a.amount_yen, coalesce(a.approved_yen, 0),
       coalesce((SELECT sum(r.amount_yen) FROM refund r WHERE r.facility = a.facility
                 AND r.original = a.attempt AND r.state IN (0, 1, 2)), 0)::bigint,
       a.code, a.brand, a.last4, a.place, coalesce(a.provider_id, ''), a.begun_at, a.original
FROM attempt a WHERE a.facility = :facility AND a.bill = :bill
ORDER BY a.begun_at DESC LIMIT 60;

-- :name refund_add exec
-- :param facility int4
-- :param attempt uuid
-- :param original uuid
-- :param bill uuid
-- :param amount_yen int8
-- :param reason int2
-- :param state int2
-- :param note text
-- :param ordered_by text
-- :param ordered_at timestamptz
-- :param is_by_hand bool
INSERT INTO refund (facility, attempt, original, bill, amount_yen, reason, state, note, ordered_by,
                    ordered_at, is_by_hand)
VALUES (:facility, :attempt, :original, :bill, :amount_yen, :reason, :state, :note, :ordered_by,
        :ordered_at, :is_by_hand);

-- :name refund_set exec
-- :param facility int4
-- :param attempt uuid
-- :param state int2
-- :param decided_by text
-- :param decided_at timestamptz?
UPDATE refund
SET state = :state, decided_by = coalesce(nullif(:decided_by, ''), decided_by),
    decided_at = coalesce(:decided_at, decided_at)
WHERE facility = :facility AND attempt = :attempt;

-- :name refund_find one
-- :param facility int4
-- :param attempt uuid
-- :column original uuid
-- :column bill uuid
-- :column visit uuid
-- :column amount_yen int8
-- :column reason int2
-- :column state int2
-- :column note text(100)
-- :column ordered_by text(32)
-- :column decided_by text(32)
-- :column ordered_at timestamptz
-- :column series text(1)
-- :column number int4
-- :column is_by_hand bool
SELECT r.original, r.bill, b.visit, r.amount_yen, r.reason, r.state, r.note, r.ordered_by,
       r.decided_by, r.ordered_at, v.series, v.number, r.is_by_hand
FROM refund r JOIN bill b USING (facility, bill) JOIN visit v USING (facility, visit)
WHERE r.facility = :facility AND r.attempt = :attempt;

-- :name refund_of_original one
-- What of an attempt is given back, or will be; and did it fail to go back before?
-- :param facility int4
-- :param original uuid
-- :column yen int8
-- :column has_failed bool
SELECT coalesce(sum(amount_yen) FILTER (WHERE state IN (0, 1, 2)), 0)::bigint,
       coalesce(bool_or(state = 3), false)
FROM refund WHERE facility = :facility AND original = :original;

-- :name refund_list many
-- :param facility int4
-- :param bill uuid
-- :column attempt uuid
-- :column original uuid
-- :column amount_yen int8
-- :column reason int2
-- :column state int2
-- :column note text(100)
-- :column ordered_by text(32)
-- :column decided_by text(32)
-- :column ordered_at timestamptz
-- :column is_by_hand bool
SELECT attempt, original, amount_yen, reason, state, note, ordered_by, decided_by, ordered_at,
       is_by_hand
FROM refund WHERE facility = :facility AND bill = :bill ORDER BY ordered_at DESC LIMIT 30;
