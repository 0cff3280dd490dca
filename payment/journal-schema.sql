-- SPDX-License-Identifier: Apache-2.0
-- journal-schema - the tables of sugu-payment's own journal (SQLite), version 1
--
-- Written before anything is done or told: after a crash the journal alone says what is open.
-- No personal data: ids, yen, states, and of a card brand and last four digits only.

-- :name attempt
-- One attempt to take money. Columns are those of BeginPayment and EndPayment in sugu.proto.
CREATE TABLE attempt (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    start_request BLOB NOT NULL UNIQUE CHECK (length(start_request) = 16),  -- of StartPayment
    session BLOB NOT NULL CHECK (length(session) = 16),
    bill BLOB NOT NULL CHECK (length(bill) = 16),
    revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 1000),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- AttemptKind
    method INTEGER NOT NULL CHECK (method BETWEEN 0 AND 4),  -- PaymentMethod
    amount_yen INTEGER NOT NULL CHECK (amount_yen BETWEEN 0 AND 99999999),
    service_id TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    server_stage INTEGER NOT NULL CHECK (server_stage BETWEEN 0 AND 2),  -- of BeginPayment
    reference TEXT NOT NULL,  -- from PaymentBegun; goes to the device
    approved_yen INTEGER NOT NULL CHECK (approved_yen BETWEEN 0 AND 99999999),
    code TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    provider_utc_us INTEGER NOT NULL,  -- of provider_id, by the device's clock
    approval_code TEXT NOT NULL,
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL CHECK (length(last4) <= 4),
    terminal TEXT NOT NULL,
    original BLOB NOT NULL CHECK (length(original) = 16),  -- of a refund
    original_provider_id TEXT NOT NULL,
    original_utc_us INTEGER NOT NULL,
    token TEXT NOT NULL,  -- the provider's, of a card on file; not a card number
    expiry INTEGER NOT NULL,
    report_number INTEGER NOT NULL,  -- counts the outcomes that the server has to be told
    report_done INTEGER NOT NULL,    -- the server has acknowledged so many of them
    intended_utc_us INTEGER NOT NULL,
    changed_utc_us INTEGER NOT NULL,
    CHECK (report_done <= report_number),
    CHECK (state <> 2 OR method = 1 OR kind = 3 OR approved_yen > 0)
) STRICT;

-- :name attempt_of_bill
-- At most one attempt per bill may be open: INTENDED, SENT, UNKNOWN or HELD.
CREATE UNIQUE INDEX attempt_of_bill ON attempt (bill) WHERE state IN (0, 1, 4, 5);

-- :name attempt_by_bill
CREATE INDEX attempt_by_bill ON attempt (bill, intended_utc_us);

-- :name attempt_unfinished
CREATE INDEX attempt_unfinished ON attempt (intended_utc_us)
    WHERE state IN (0, 1, 4, 5) OR report_done < report_number;

-- :name change
-- What happened to an attempt, in order; never changed.
CREATE TABLE change (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt BLOB NOT NULL REFERENCES attempt (id),
    utc_us INTEGER NOT NULL,
    event TEXT NOT NULL,
    state_before INTEGER NOT NULL,
    state_after INTEGER NOT NULL,
    code TEXT NOT NULL
) STRICT;

-- :name change_no_update
CREATE TRIGGER change_no_update BEFORE UPDATE ON change
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;

-- :name change_no_delete
CREATE TRIGGER change_no_delete BEFORE DELETE ON change
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;

-- :name service_id
-- Service ids below `next` may have been used.
CREATE TABLE service_id (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    next INTEGER NOT NULL CHECK (next > 0)
) STRICT;
