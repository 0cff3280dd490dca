-- SPDX-License-Identifier: Apache-2.0
-- key - CURVE keys and the clients they belong to

-- :name key_list many
-- Every key that may be used now; the ZAP handler keeps them in memory for the handshake only.
-- :param at timestamptz
-- :column public_key bytea(32)
-- :column facility int4
-- :column client int4
-- :column role text(16)
-- :column place text(64)
-- :column name text(64)
SELECT k.public_key, k.facility, k.client, c.role, c.place, c.name
FROM client_key k JOIN client c USING (facility, client)
WHERE k.revoked_at IS NULL AND k.valid_from <= :at AND k.valid_until > :at;

-- :name key_valid many
-- Which of these are valid now: asked in the transaction of every request, so that a revoked key
-- stops at once although its connection lives on.
-- :param keys bytea[]
-- :param at timestamptz
-- :column public_key bytea(32)
SELECT k.public_key
FROM unnest(:keys) AS asked(public_key)
CROSS JOIN LATERAL (SELECT public_key FROM client_key
                    WHERE public_key = asked.public_key AND revoked_at IS NULL
                      AND valid_from <= :at AND valid_until > :at LIMIT 1) AS k;
