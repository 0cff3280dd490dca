-- SPDX-License-Identifier: Apache-2.0
-- journal-forget-schema - orders to forget a stored card in sugu-payment's journal, version 4
--
-- A CHECK cannot be changed in place: the table is made anew with what it holds, while foreign keys
-- are not looked at.

-- :name attempt_4
-- One attempt to take money. Columns are those of BeginPayment and EndPayment in sugu.proto.
CREATE TABLE attempt_4 (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    start_request BLOB NOT NULL UNIQUE CHECK (length(start_request) = 16),  -- of StartPayment
    session BLOB NOT NULL CHECK (length(session) = 16),
    bill BLOB NOT NULL CHECK (length(bill) = 16),  -- all 0: of none
    revision INTEGER NOT NULL CHECK (revision BETWEEN 0 AND 1000),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 6),  -- AttemptKind
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
    original BLOB NOT NULL CHECK (length(original) = 16),  -- of a refund, capture or release
    original_provider_id TEXT NOT NULL,
    original_utc_us INTEGER NOT NULL,
    token TEXT NOT NULL,  -- the provider's, of a card on file; not a card number
    expiry INTEGER NOT NULL,
    code_id TEXT NOT NULL DEFAULT '',  -- of a code on the screen; what it says is never stored
    code_expires_utc_us INTEGER NOT NULL DEFAULT 0,
    left_utc_us INTEGER NOT NULL DEFAULT 0,     -- the code was taken off the screen
    deleted_utc_us INTEGER NOT NULL DEFAULT 0,  -- and the provider took it away
    payer TEXT NOT NULL DEFAULT '',        -- of a card on file: a pseudonym
    request_key TEXT NOT NULL DEFAULT '',  -- its requests go under this key …
    first_sent_utc_us INTEGER NOT NULL DEFAULT 0,  -- … which grows old from here on
    network_id TEXT NOT NULL DEFAULT '',
    decline INTEGER NOT NULL DEFAULT 0 CHECK (decline BETWEEN 0 AND 2),  -- Decline
    funding INTEGER NOT NULL DEFAULT 0 CHECK (funding BETWEEN 0 AND 3),  -- CardFunding
    report_number INTEGER NOT NULL,  -- counts the outcomes that the server has to be told
    report_done INTEGER NOT NULL,    -- the server has acknowledged so many of them
    intended_utc_us INTEGER NOT NULL,
    changed_utc_us INTEGER NOT NULL,
    CHECK (report_done <= report_number),
    CHECK (state <> 2 OR method = 1 OR kind >= 3 OR approved_yen > 0)
) STRICT;

-- :name attempt_copy
INSERT INTO attempt_4 (id, start_request, session, bill, revision, kind, method, amount_yen,
    service_id, state, server_stage, reference, approved_yen, code, provider_id, provider_utc_us,
    approval_code, brand, last4, terminal, original, original_provider_id, original_utc_us, token,
    expiry, code_id, code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key,
    first_sent_utc_us, network_id, decline, funding, report_number, report_done, intended_utc_us,
    changed_utc_us)
SELECT id, start_request, session, bill, revision, kind, method, amount_yen, service_id, state,
    server_stage, reference, approved_yen, code, provider_id, provider_utc_us, approval_code,
    brand, last4, terminal, original, original_provider_id, original_utc_us, token, expiry,
    code_id, code_expires_utc_us, left_utc_us, deleted_utc_us, payer, request_key,
    first_sent_utc_us, network_id, decline, funding, report_number, report_done, intended_utc_us,
    changed_utc_us
FROM attempt ORDER BY rowid;

-- :name attempt_drop
DROP TABLE attempt;

-- :name attempt_rename
ALTER TABLE attempt_4 RENAME TO attempt;

-- :name attempt_of_bill
-- At most one attempt that moves money may be open per bill: INTENDED, SENT, UNKNOWN or HELD.
CREATE UNIQUE INDEX attempt_of_bill ON attempt (bill)
    WHERE state IN (0, 1, 4, 5) AND kind <= 2;

-- :name attempt_by_bill
CREATE INDEX attempt_by_bill ON attempt (bill, intended_utc_us);

-- :name attempt_unfinished
CREATE INDEX attempt_unfinished ON attempt (intended_utc_us)
    WHERE state IN (0, 1, 4, 5) OR report_done < report_number;

-- :name attempt_forgotten
-- The provider does not have the card any more: its token stays in no row.
CREATE TRIGGER attempt_forgotten AFTER UPDATE OF state ON attempt
WHEN NEW.kind = 6 AND NEW.state = 2 AND NEW.token <> ''
BEGIN UPDATE attempt SET token = '' WHERE token = NEW.token; END;
