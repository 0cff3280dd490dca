-- SPDX-License-Identifier: Apache-2.0
-- ledger - journals with their entries and counted cash; reading them back to check and to export

-- :name journal_add one
-- One journal with its entries, into the day or the next open one; the number is taken under the
-- counter's row lock. It is sealed when the transaction commits (schema 0010).
-- :param facility int4
-- :param day date
-- :param posted_at timestamptz
-- :param kind text
-- :param bill uuid?
-- :param visit uuid?
-- :param attempt uuid?
-- :param original int8?
-- :param accounts text[]
-- :param details text[]
-- :param yens int8[]
-- :column journal int8
WITH counter AS (
    INSERT INTO number_counter AS c (facility, kind, number) VALUES (:facility, 'journal', 1)
    ON CONFLICT (facility, kind) DO UPDATE SET number = c.number + 1
    RETURNING c.number
), added AS (
    INSERT INTO journal (facility, journal, day, posted_at, kind, bill, visit, attempt, original)
    SELECT :facility, number, posting_day(:facility, :day), :posted_at, :kind, :bill, :visit,
        :attempt, :original
    FROM counter
), entries AS (
    INSERT INTO entry (facility, journal, line, account, detail, yen)
    SELECT :facility, counter.number, e.line, e.account, e.detail, e.yen
    FROM counter,
        unnest(:accounts, :details, :yens) WITH ORDINALITY AS e(account, detail, yen, line)
)
SELECT number FROM counter;

-- :name cash_count_add exec
-- Behind journal_add in the same transaction, which holds the counter: of the journal just added.
-- :param facility int4
-- :param place text
-- :param units int4[]
-- :param pieces_in int4[]
-- :param pieces_out int4[]
INSERT INTO cash_count (facility, journal, place, unit, pieces_in, pieces_out)
SELECT :facility, c.number, :place, p.unit, p.pieces_in, p.pieces_out
FROM number_counter c,
    unnest(:units, :pieces_in, :pieces_out) AS p(unit, pieces_in, pieces_out)
WHERE c.facility = :facility AND c.kind = 'journal';

-- :name day_doubts many
-- Payments and refunds begun until the end of the day whose outcome nobody knows: intended, sent,
-- unknown, held. An order that no program has taken yet is one of them.
-- :param facility int4
-- :param day date
-- :column attempt uuid
-- :column series text(1)
-- :column number int4
-- :column kind text(16)
-- :column method text(16)
-- :column yen int8
-- :column place text(64)
-- :column begun_at timestamptz
SELECT a.attempt, v.series, v.number, a.kind, a.method, a.amount_yen, a.place, a.begun_at
FROM attempt a
JOIN facility f USING (facility)
JOIN bill b USING (facility, bill)
JOIN visit v ON v.facility = b.facility AND v.visit = b.visit
WHERE a.facility = :facility AND a.state IN (0, 1, 4, 5)
  AND (a.begun_at AT TIME ZONE 'UTC'
       + make_interval(mins => f.utc_offset_min - f.cutoff_min))::date <= :day
ORDER BY a.begun_at LIMIT 100;

-- :name day_open_before one
-- The first open day with journals before this one.
-- :param facility int4
-- :param day date
-- :column before date?
SELECT min(day) FROM business_day
WHERE facility = :facility AND day < :day AND state <> 2 AND last_journal IS NOT NULL;

-- :name day_close one
-- No row where it is closed already.
-- :param facility int4
-- :param day date
-- :param closed_at timestamptz
-- :param closed_by text
-- :param closed_reason text
-- :column last_journal int8
-- :column head bytea(32)?
INSERT INTO business_day AS d (facility, day, state, closed_at, closed_by, closed_reason,
                               closed_journal)
VALUES (:facility, :day, 2, :closed_at, :closed_by, :closed_reason, 0)
ON CONFLICT (facility, day) DO UPDATE
SET state = 2, closed_at = excluded.closed_at, closed_by = excluded.closed_by,
    closed_reason = excluded.closed_reason
WHERE d.state <> 2
RETURNING coalesce(last_journal, 0), head;

-- :name hold_open one
-- The hold of a visit that nothing has ended yet: what hold-ended names as its original.
-- :param facility int4
-- :param visit uuid
-- :column journal int8
-- :column yen int8
SELECT h.journal, e.yen
FROM journal h
JOIN entry e ON e.facility = h.facility AND e.journal = h.journal
    AND e.account = 'pending-clearing'
WHERE h.facility = :facility AND h.visit = :visit AND h.kind = 'hold'
  AND NOT EXISTS (SELECT FROM journal n WHERE n.facility = h.facility
                  AND n.original = h.journal AND n.kind = 'hold-ended')
ORDER BY h.journal DESC LIMIT 1;

-- :name device_step_add exec
-- How many were new; the same steps may be reported again.
-- :param facility int4
-- :param place text
-- :param device text
-- :param boot int8
-- :param attempt uuid?
-- :param counters int8[]
-- :param units int4[]
INSERT INTO device_step (facility, place, device, boot, counter, attempt, unit)
SELECT :facility, :place, :device, :boot, s.counter, :attempt, nullif(s.unit, 0)
FROM unnest(:counters, :units) AS s(counter, unit)
ON CONFLICT DO NOTHING;

-- :name ledger_sums many
-- :param facility int4
-- :column account text(32)
-- :column yen int8
SELECT account, sum(debit_yen - credit_yen)::bigint FROM day_balance WHERE facility = :facility
GROUP BY account ORDER BY account;

-- :name ledger_open_items many
-- What each bill still has on an account of a patient, by the entries themselves. The oldest first;
-- what names no bill stands last.
-- :param facility int4
-- :column day date?
-- :column series text(1)
-- :column number int4
-- :column patient_number text(32)
-- :column account text(32)
-- :column yen int8
SELECT v.day, coalesce(v.series, ''), coalesce(v.number, 0), coalesce(p.number, ''), o.account,
       o.yen
FROM (SELECT j.bill, e.account, sum(e.yen)::bigint AS yen
      FROM entry e JOIN journal j USING (facility, journal)
      WHERE e.facility = :facility AND e.account IN ('receivable', 'refund-payable', 'deposit')
      GROUP BY j.bill, e.account HAVING sum(e.yen) <> 0) AS o
LEFT JOIN bill b ON b.facility = :facility AND b.bill = o.bill
LEFT JOIN visit v ON v.facility = b.facility AND v.visit = b.visit
LEFT JOIN patient p ON p.facility = v.facility AND p.patient = v.patient
ORDER BY v.day, v.series, v.number, o.bill, o.account;

-- :name cash_stock many
-- Pieces that should lie at a place.
-- :param facility int4
-- :param place text
-- :column unit int4
-- :column pieces int8
SELECT unit, sum(pieces_in - pieces_out) FROM cash_count
WHERE facility = :facility AND place = :place GROUP BY unit ORDER BY unit;

-- :name journal_page many
-- In the order of their numbers, from one on.
-- :param facility int4
-- :param journal int8
-- :param most int4
-- :column journal int8
-- :column day date
-- :column posted_at timestamptz
-- :column kind text(20)
-- :column bill uuid?
-- :column visit uuid?
-- :column attempt uuid?
-- :column original int8?
-- :column hash bytea(32)?
SELECT j.journal, j.day, j.posted_at, j.kind, j.bill, j.visit, j.attempt, j.original, h.hash
FROM journal j LEFT JOIN journal_hash h USING (facility, journal)
WHERE j.facility = :facility AND j.journal >= :journal
ORDER BY j.journal LIMIT :most;

-- :name journal_page_of_days many
-- By day and number, from behind this one on.
-- :param facility int4
-- :param day date
-- :param journal int8
-- :param last_day date
-- :param most int4
-- :column journal int8
-- :column day date
-- :column kind text(20)
-- :column hash bytea(32)?
SELECT j.journal, j.day, j.kind, h.hash
FROM journal j LEFT JOIN journal_hash h USING (facility, journal)
WHERE j.facility = :facility AND (j.day, j.journal) > (:day, :journal) AND j.day <= :last_day
ORDER BY j.day, j.journal LIMIT :most;

-- :name entry_list many
-- Of these journals.
-- :param facility int4
-- :param journals int8[]
-- :column journal int8
-- :column line int2
-- :column account text(32)
-- :column class text(16)
-- :column detail text(255)
-- :column yen int8
SELECT e.journal, e.line, e.account, coalesce(a.class, ''), e.detail, e.yen
FROM unnest(:journals) WITH ORDINALITY AS w(journal, place)
JOIN entry e ON e.facility = :facility AND e.journal = w.journal
LEFT JOIN account a ON a.facility = e.facility AND a.account = e.account
ORDER BY w.place, e.line;

-- :name count_list many
-- Of these journals.
-- :param facility int4
-- :param journals int8[]
-- :column journal int8
-- :column place text(64)
-- :column unit int4
-- :column pieces_in int4
-- :column pieces_out int4
SELECT c.journal, c.place, c.unit, c.pieces_in, c.pieces_out
FROM unnest(:journals) WITH ORDINALITY AS w(journal, place)
JOIN cash_count c ON c.facility = :facility AND c.journal = w.journal
ORDER BY w.place, c.place COLLATE "C", c.unit;

-- :name chain_days many
-- Anchors, of one day (NULL: of all).
-- :param facility int4
-- :param day date?
-- :column day date
-- :column state int2
-- :column first_journal int8
-- :column last_journal int8
-- :column head bytea(32)
SELECT day, state, first_journal, last_journal, head FROM business_day
WHERE facility = :facility AND last_journal IS NOT NULL AND (:day::date IS NULL OR day = :day)
ORDER BY first_journal;

-- :name chain_end one
-- The last journal there is, or should be.
-- :param facility int4
-- :column journal int8
SELECT greatest((SELECT number FROM number_counter
                 WHERE facility = :facility AND kind = 'journal'),
                (SELECT max(journal) FROM journal WHERE facility = :facility), 0);

-- :name journal_hash_find one
-- :param facility int4
-- :param journal int8
-- :column hash bytea(32)
SELECT hash FROM journal_hash WHERE facility = :facility AND journal = :journal;

-- :name day_balance_differs many
-- Accounts of a day whose entries are not what the seal summed up.
-- :param facility int4
-- :param day date
-- :column account text(32)
-- :column detail text(255)
-- :column entry_yen int8
-- :column sealed_yen int8
SELECT s.account, s.detail, sum(s.entry_yen)::bigint, sum(s.sealed_yen)::bigint
FROM (SELECT e.account, e.detail, e.yen AS entry_yen, 0::bigint AS sealed_yen
      FROM journal j JOIN entry e USING (facility, journal)
      WHERE j.facility = :facility AND j.day = :day
      UNION ALL
      SELECT account, detail, 0, debit_yen - credit_yen FROM day_balance
      WHERE facility = :facility AND day = :day) AS s
GROUP BY s.account, s.detail HAVING sum(s.entry_yen) <> sum(s.sealed_yen)
ORDER BY s.account, s.detail LIMIT 20;
