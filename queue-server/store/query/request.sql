-- SPDX-License-Identifier: Apache-2.0
-- request - the stored answer of every request that changed something

-- :name request_find many
-- One look by key for each: LIMIT keeps the planner from joining, because a plan made while the
-- table is empty stays for as long as the connection.
-- :param facility int4
-- :param clients int4[]
-- :param requests uuid[]
-- :column client int4
-- :column request uuid
-- :column body_hash bytea(32)
-- :column reply bytea
SELECT asked.client, asked.request, r.body_hash, r.reply
FROM unnest(:clients, :requests) AS asked(client, request)
CROSS JOIN LATERAL (SELECT body_hash, reply FROM request
                    WHERE facility = :facility AND client = asked.client
                      AND request = asked.request LIMIT 1) AS r;

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
