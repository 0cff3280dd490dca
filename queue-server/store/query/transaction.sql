-- SPDX-License-Identifier: Apache-2.0
-- transaction - beginning, ending, and which facility a transaction sees

-- :name tx_begin exec
BEGIN;

-- :name tx_commit exec
COMMIT;

-- :name tx_rollback exec
ROLLBACK;

-- :name facility_enter one
-- Row-level security shows only this facility until the transaction ends.
-- :param facility text
-- :column facility text(16)
SELECT set_config('app.facility', :facility, true);

-- :name facility_find one
-- :param facility int4
-- :column institution_code text(10)
-- :column name text(120)
-- :column address text(300)
-- :column phone text(20)
-- :column utc_offset_min int4
-- :column cutoff_min int4
-- :column deposit_yen int8
-- :column refund_limit_yen int8
SELECT institution_code, name, address, phone, utc_offset_min, cutoff_min, deposit_yen,
       refund_limit_yen
FROM facility WHERE facility = :facility;

-- :name facility_list many
-- :column facility int4
-- :column utc_offset_min int4
-- :column cutoff_min int4
SELECT facility, utc_offset_min, cutoff_min FROM facility ORDER BY facility;

-- :name listen_commits exec
LISTEN sugu_commit;

-- :name notify_commit one
-- After a commit and outside of it: NOTIFY inside would line all commits up one behind the other.
-- :param facility text
-- :column notified bool
SELECT pg_notify('sugu_commit', :facility) IS NOT NULL;

-- :name patience_set one
-- Statements of this transaction may take so long: for tools that look at everything.
-- :param patience text
-- :column patience text(16)
SELECT set_config('statement_timeout', :patience, true);
