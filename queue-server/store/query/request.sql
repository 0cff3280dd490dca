-- SPDX-License-Identifier: Apache-2.0
-- request - the stored answer of every request that changed something

-- :name request_find many
-- :param facility int4
-- :param clients int4[]
-- :param requests uuid[]
-- :column client int4
-- :column request uuid
-- :column body_hash bytea(32)
-- :column reply bytea
SELECT r.client, r.request, r.body_hash, r.reply
FROM unnest(:clients, :requests) AS asked(client, request)
JOIN request r ON r.facility = :facility AND r.client = asked.client AND r.request = asked.request;

-- :name request_add exec
-- :param facility int4
-- :param made_at timestamptz
-- :param clients int4[]
-- :param requests uuid[]
-- :param hashes bytea[]
-- :param replies bytea[]
INSERT INTO request (facility, client, request, body_hash, reply, made_at)
SELECT :facility, client, request, body_hash, reply, :made_at
FROM unnest(:clients, :requests, :hashes, :replies) AS made(client, request, body_hash, reply);
