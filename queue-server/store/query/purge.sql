-- SPDX-License-Identifier: Apache-2.0
-- purge - clearing away what is old, a page of keys at a time
--
-- Each statement looks at one page in the order of the primary key, so no table needs an index by
-- age, and no lock is held for longer than a page takes. A page of a table whose keys say nothing
-- of time is walked through by a cursor (after); no row back: that was the end. Several servers may
-- do it at once: the second one waits for a page, and finds that it is gone.

-- :name purge_plan one
-- For this transaction: by key, also where the plan is made while the table is small.
-- :column seq text(8)
-- :column sort text(8)
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true);

-- :name purge_answers one
-- Empties answers; their rows stay, so that the request is never carried out again.
-- :param facility int4
-- :param after_client int4
-- :param after uuid
-- :param before timestamptz
-- :param most int4
-- :column client int4
-- :column last uuid
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT client, request, reply <> '' AND made_at < :before AS is_old FROM request
    WHERE facility = :facility AND (client, request) > (:after_client, :after)
    ORDER BY client, request LIMIT :most
), gone AS (
    UPDATE request t SET reply = '' FROM page
    WHERE t.facility = :facility AND t.client = page.client AND t.request = page.request
      AND page.is_old AND t.reply <> ''
    RETURNING t.request
)
SELECT client, request, (SELECT count(*) FROM gone)::integer FROM page
ORDER BY client DESC, request DESC LIMIT 1;

-- :name purge_events one
-- Whoever asks for older ones starts anew (pusher.c).
-- The keys count upwards in time: the oldest stand first.
-- :param facility int4
-- :param before timestamptz
-- :param most int4
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT event FROM event WHERE facility = :facility ORDER BY event LIMIT :most
), gone AS (
    DELETE FROM event t USING page
    WHERE t.facility = :facility AND t.event = page.event AND t.made_at < :before
    RETURNING t.event
)
SELECT count(*)::integer FROM gone;

-- :name purge_notices one
-- Delivered ones, and those that nobody ever came for.
-- The keys count upwards in time: the oldest stand first.
-- :param facility int4
-- :param before timestamptz
-- :param most int4
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT notice FROM notice WHERE facility = :facility ORDER BY notice LIMIT :most
), gone AS (
    DELETE FROM notice t USING page
    WHERE t.facility = :facility AND t.notice = page.notice
      AND coalesce(t.sent_at, t.made_at) < :before
    RETURNING t.notice
)
SELECT count(*)::integer FROM gone;

-- :name purge_audit one
-- The trail of who did or saw what.
-- The keys count upwards in time: the oldest stand first.
-- :param facility int4
-- :param before timestamptz
-- :param most int4
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT audit FROM audit WHERE facility = :facility ORDER BY audit LIMIT :most
), gone AS (
    DELETE FROM audit t USING page
    WHERE t.facility = :facility AND t.audit = page.audit AND t.made_at < :before
    RETURNING t.audit
)
SELECT count(*)::integer FROM gone;

-- :name purge_papers one
-- What became of papers.
-- :param facility int4
-- :param after uuid
-- :param before timestamptz
-- :param most int4
-- :column last uuid
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT paper FROM paper
    WHERE facility = :facility AND paper > :after ORDER BY paper LIMIT :most
), gone AS (
    DELETE FROM paper t USING page
    WHERE t.facility = :facility AND t.paper = page.paper AND t.reported_at < :before
    RETURNING t.paper
)
SELECT paper, (SELECT count(*) FROM gone)::integer FROM page ORDER BY paper DESC LIMIT 1;

-- :name purge_helps one
-- Calls for the staff.
-- :param facility int4
-- :param after uuid
-- :param before timestamptz
-- :param most int4
-- :column last uuid
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT help FROM help
    WHERE facility = :facility AND help > :after ORDER BY help LIMIT :most
), gone AS (
    DELETE FROM help t USING page
    WHERE t.facility = :facility AND t.help = page.help AND t.asked_at < :before
    RETURNING t.help
)
SELECT help, (SELECT count(*) FROM gone)::integer FROM page ORDER BY help DESC LIMIT 1;

-- :name purge_sessions one
-- Who was at which kiosk.
-- :param facility int4
-- :param after uuid
-- :param before timestamptz
-- :param most int4
-- :column last uuid
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT session FROM session
    WHERE facility = :facility AND session > :after ORDER BY session LIMIT :most
), gone AS (
    DELETE FROM session t USING page
    WHERE t.facility = :facility AND t.session = page.session AND t.opened_at < :before
    RETURNING t.session
)
SELECT session, (SELECT count(*) FROM gone)::integer FROM page ORDER BY session DESC LIMIT 1;

-- :name purge_sign_ins one
-- Who was signed in where.
-- :param facility int4
-- :param after uuid
-- :param before timestamptz
-- :param most int4
-- :column last uuid
-- :column purged int4
WITH page AS MATERIALIZED (
    SELECT sign_in FROM staff_sign_in
    WHERE facility = :facility AND sign_in > :after ORDER BY sign_in LIMIT :most
), gone AS (
    DELETE FROM staff_sign_in t USING page
    WHERE t.facility = :facility AND t.sign_in = page.sign_in AND t.valid_until < :before
    RETURNING t.sign_in
)
SELECT sign_in, (SELECT count(*) FROM gone)::integer FROM page ORDER BY sign_in DESC LIMIT 1;
