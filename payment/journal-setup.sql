-- SPDX-License-Identifier: Apache-2.0
-- journal-setup - how sugu-payment's journal is opened

-- :name wal
PRAGMA journal_mode = WAL;

-- :name durable
-- Every commit is on the disk before the call returns.
PRAGMA synchronous = FULL;

-- :name foreign_keys_off
-- While tables are made anew.
PRAGMA foreign_keys = OFF;

-- :name foreign_keys
PRAGMA foreign_keys = ON;

-- :name begin
BEGIN IMMEDIATE;

-- :name version_select
PRAGMA user_version;

-- :name version_set
PRAGMA user_version = 4;

-- :name commit
COMMIT;
