-- SPDX-License-Identifier: Apache-2.0
-- register - how migrations are registered; run around each file of this folder

-- :name prepare
-- One transaction, under the lock of the migrations: IF NOT EXISTS alone fails where two come at
-- once.
SET client_min_messages = warning;
SELECT pg_advisory_xact_lock(7834120);
CREATE SCHEMA IF NOT EXISTS sugu_register;
CREATE TABLE IF NOT EXISTS sugu_register.migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    hash       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sugu_register.migration IS 'Migrations that ran; a file is never edited after release';
GRANT USAGE ON SCHEMA sugu_register TO PUBLIC;
GRANT SELECT ON sugu_register.migration TO PUBLIC;

-- :name begin
BEGIN; SELECT pg_advisory_xact_lock(7834120);

-- :name find
SELECT hash FROM sugu_register.migration WHERE number = $1;

-- :name add
INSERT INTO sugu_register.migration (number, name, hash) VALUES ($1, $2, $3);

-- :name commit
COMMIT;

-- :name rollback
ROLLBACK;
