-- SPDX-License-Identifier: Apache-2.0
-- journal-cash-schema - the tables of cash sessions in sugu-payment's journal (SQLite), version 2
--
-- Every piece of money is a row before the sum on the screen changes (domain/payments.md 2.5).

-- :name cash_device
-- What is known of each device: its newest event. Devices are named by their address on the line.
CREATE TABLE cash_device (
    device INTEGER NOT NULL PRIMARY KEY CHECK (device BETWEEN 2 AND 250),
    serial INTEGER NOT NULL,
    counter INTEGER NOT NULL CHECK (counter BETWEEN 0 AND 255),
    newest_a INTEGER NOT NULL,
    newest_b INTEGER NOT NULL,
    step INTEGER NOT NULL CHECK (step >= 0)
) STRICT;

-- :name cash_session
-- One cash session; at most one is open. Its sums are those of cash_event and cash_payout.
CREATE TABLE cash_session (
    attempt BLOB NOT NULL PRIMARY KEY REFERENCES attempt (id),
    due_yen INTEGER NOT NULL CHECK (due_yen BETWEEN 1 AND 99999999),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 12),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    wish INTEGER NOT NULL CHECK (wish BETWEEN 0 AND 3),
    approved_yen INTEGER NOT NULL CHECK (approved_yen BETWEEN 0 AND 99999999),
    is_by_staff INTEGER NOT NULL CHECK (is_by_staff IN (0, 1)),
    code TEXT NOT NULL,
    begun_utc_us INTEGER NOT NULL,
    changed_utc_us INTEGER NOT NULL
) STRICT;

-- :name cash_session_one
CREATE UNIQUE INDEX cash_session_one ON cash_session (is_open) WHERE is_open = 1;

-- :name cash_event
-- What a device said, in order; never changed. A step is the count of the device's own counter.
CREATE TABLE cash_event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    step INTEGER,
    session BLOB REFERENCES cash_session (attempt),
    utc_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unit_yen INTEGER NOT NULL,
    code INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    unpaid INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    is_doubtful INTEGER NOT NULL,
    UNIQUE (device, serial, step)
) STRICT;

-- :name cash_event_of_session
CREATE INDEX cash_event_of_session ON cash_event (session) WHERE kind = 'ACCEPTED';

-- :name cash_event_no_update
CREATE TRIGGER cash_event_no_update BEFORE UPDATE ON cash_event
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;

-- :name cash_event_no_delete
CREATE TRIGGER cash_event_no_delete BEFORE DELETE ON cash_event
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;

-- :name cash_payout
-- One order to a payout, written before the order is given; at most one per device is open.
CREATE TABLE cash_payout (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session BLOB NOT NULL REFERENCES cash_session (attempt),
    device INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    unit_yen INTEGER NOT NULL CHECK (unit_yen > 0),
    count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 255),
    counter INTEGER NOT NULL,
    remaining_before INTEGER NOT NULL,
    paid_before INTEGER NOT NULL,
    unpaid_before INTEGER NOT NULL,
    was_taken INTEGER NOT NULL CHECK (was_taken IN (0, 1)),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    paid INTEGER NOT NULL CHECK (paid BETWEEN 0 AND count),
    changed_utc_us INTEGER NOT NULL
) STRICT;

-- :name cash_payout_open
CREATE UNIQUE INDEX cash_payout_open ON cash_payout (device) WHERE state = 0;

-- :name cash_payout_of_session
CREATE INDEX cash_payout_of_session ON cash_payout (session);

-- :name cash_stock
-- Pieces that went into a device or came out of it; what it holds is their sum. Never changed.
CREATE TABLE cash_stock (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device INTEGER NOT NULL,
    unit_yen INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('accepted', 'paid', 'short', 'counted')),
    utc_us INTEGER NOT NULL
) STRICT;

-- :name cash_stock_of_device
CREATE INDEX cash_stock_of_device ON cash_stock (device, unit_yen, pieces);

-- :name cash_stock_no_update
CREATE TRIGGER cash_stock_no_update BEFORE UPDATE ON cash_stock
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;

-- :name cash_stock_no_delete
CREATE TRIGGER cash_stock_no_delete BEFORE DELETE ON cash_stock
BEGIN SELECT raise(ABORT, 'the history is not changed'); END;
