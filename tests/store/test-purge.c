/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-purge - what is old goes, what is needed stays, and nobody gets below the least
 */
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"
#include "purger.h"

#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define OLD   1200 /* rows of each kind and facility: more than two pages */
#define YOUNG 7

static const struct sugu_keep keep = {
    .answers_days = 30, .events_days = 3, .notices_days = 7, .papers_days = 30, .audit_days = 731};

/* Rows of each kind and facility, each kind just on one side of its age in days. */
static const char planter[] =
    "CREATE FUNCTION plant(most int, more interval, answers int, events int, trail int)"
    " RETURNS void LANGUAGE plpgsql SET search_path = sugu AS $$ "
    "DECLARE at_answers timestamptz := now() - more - make_interval(days => answers);"
    "        at_events timestamptz := now() - more - make_interval(days => events);"
    "        at_trail timestamptz := now() - more - make_interval(days => trail);"
    "BEGIN FOR f IN 1..2 LOOP "
    "INSERT INTO request SELECT f, 1 + n % 3, gen_random_uuid(), decode(repeat('00', 32), 'hex'),"
    "    'name', at_answers FROM generate_series(1, most) n;"
    "INSERT INTO event SELECT f, n + (SELECT coalesce(max(event), 0) FROM event WHERE facility = "
    "f),"
    "    1, '', NULL, at_events, 'x' FROM generate_series(1, most) n;"
    "INSERT INTO audit (facility, made_at, client, staff, place, verb)"
    "    SELECT f, at_trail, 1, '', '', 'v' FROM generate_series(1, most) n;"
    "INSERT INTO paper SELECT f, gen_random_uuid(), 'kiosk-1', NULL, 0, 2, '', at_answers"
    "    FROM generate_series(1, most) n;"
    "INSERT INTO help SELECT f, gen_random_uuid(), 'kiosk-1', NULL, 'r', at_answers"
    "    FROM generate_series(1, most) n;"
    "INSERT INTO session (facility, session, client, place, opened_at)"
    "    SELECT f, gen_random_uuid(), 1, 'kiosk-1', at_trail FROM generate_series(1, most) n;"
    "INSERT INTO staff_sign_in SELECT f, gen_random_uuid(), 'ito', 1, at_trail, at_trail"
    "    FROM generate_series(1, most) n;"
    "END LOOP; END $$";

struct world {
    struct sugu_test_database database;
    PGconn *owner, *server;
};

static void
plant(struct world *world, int most, const char *more, int answers, int events, int trail)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT plant(%d, '%s', %d, %d, %d)", most, more, answers, events,
             trail);
    sugu_sql_run(world->owner, sql);
}

static void
world_init(struct world *world)
{
    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    world->server = sugu_sql_connect(world->database.server);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    sugu_sql_run(world->owner, "DELETE FROM event; UPDATE notice SET sent_at = now()");
    sugu_sql_run(world->owner, planter);
}

static void
world_done(struct world *world)
{
    PQfinish(world->owner);
    PQfinish(world->server);
    sugu_test_database_done(&world->database);
}

/* Until one of them has something to do, as in the server's poll loop. */
static void
await_any(struct sugu_purger *const *purgers, size_t count)
{
    int64_t wait_us = SUGU_SECOND;
    struct pollfd items[2];

    for (size_t i = 0; i < count; i++) {
        const struct sugu_db *db = sugu_purger_db(purgers[i]);
        int64_t due_us = sugu_purger_due_us(purgers[i]);
        items[i] = (struct pollfd){.fd = sugu_db_fd(db), .events = sugu_db_poll_events(db)};
        if (due_us < wait_us)
            wait_us = due_us;
    }
    poll(items, count, (int)((wait_us + SUGU_MS - 1) / SUGU_MS));
}

/* Steps them in turn until each has been through everything. */
static void
purge(struct world *world, const struct sugu_keep *for_days, size_t count)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 180 * SUGU_SECOND;
    struct sugu_purger *purgers[2];
    size_t done = 0;

    for (size_t i = 0; i < count; i++)
        purgers[i] = sugu_purger_new(world->database.server, for_days, 0, clock);
    while (done < count) {
        done = 0;
        await_any(purgers, count);
        for (size_t i = 0; i < count; i++) {
            sugu_purger_step(purgers[i]);
            done += sugu_purger_rounds(purgers[i]) > 0;
        }
        ck_assert_msg(clock->monotonic_us(clock) < until, "it does not come to an end");
    }
    for (size_t i = 0; i < count; i++)
        sugu_purger_free(purgers[i]);
}

static int64_t
count(struct world *world, const char *what)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    return sugu_sql_number(world->owner, sql);
}

/* Rows of each kind that are left, those of the fixture left out. */
static const char left[] =
    "SELECT concat_ws(' ', (SELECT count(*) FROM request WHERE reply <> ''),"
    " (SELECT count(*) FROM event), (SELECT count(*) FROM audit) - 2,"
    " (SELECT count(*) FROM paper) - 2, (SELECT count(*) FROM help) - 2,"
    " (SELECT count(*) FROM session) - 2, (SELECT count(*) FROM staff_sign_in) - 2)";
/* What the law wants kept, and what money hangs on. */
static const char kept[] =
    "SELECT concat_ws(' ', (SELECT count(*) FROM journal), (SELECT count(*) FROM entry),"
    " (SELECT count(*) FROM bill_revision), (SELECT count(*) FROM bill_line),"
    " (SELECT count(*) FROM attempt), (SELECT count(*) FROM receipt), (SELECT count(*) FROM visit),"
    " (SELECT count(*) FROM eligibility), (SELECT count(*) FROM act),"
    " (SELECT count(*) FROM stage_change))";

START_TEST(what_is_old_goes_and_what_is_younger_stays)
{
    struct world world;

    world_init(&world);
    plant(&world, OLD, "1 second", 30, 3, 731);
    plant(&world, YOUNG, "-1 hour", 30, 3, 731);
    ck_assert_str_eq(sugu_sql_text(world.owner, left), "2414 2414 2414 2414 2414 2414 2414");
    sugu_sql_run(world.owner, "UPDATE notice SET sent_at = now() - interval '8 days'"
                              " WHERE facility = 1");
    purge(&world, &keep, 1);
    ck_assert_str_eq(sugu_sql_text(world.owner, left), "14 14 14 14 14 14 14");
    ck_assert_str_eq(sugu_sql_text(world.owner, kept), "4 8 2 2 2 2 2 2 2 2");
    ck_assert_int_eq(count(&world, "notice"), 1); /* the one that was not delivered yet */
    /* The requests themselves stay: none of them is ever carried out again. */
    ck_assert_int_eq(count(&world, "request"), 2 * (OLD + YOUNG) + 2);
    ck_assert_int_eq(count(&world, "request WHERE length(body_hash) = 32"), 2 * (OLD + YOUNG) + 2);
    world_done(&world);
}
END_TEST

START_TEST(two_servers_at_once_do_the_same_as_one)
{
    struct world world;

    world_init(&world);
    plant(&world, OLD, "1 second", 30, 3, 731);
    plant(&world, YOUNG, "-1 hour", 30, 3, 731);
    purge(&world, &keep, 2);
    ck_assert_str_eq(sugu_sql_text(world.owner, left), "14 14 14 14 14 14 14");
    world_done(&world);
}
END_TEST

/* The least that the schema knows holds against any setting, and against a stolen server role. */
START_TEST(nothing_is_cleared_away_before_its_least_age)
{
    static const struct sugu_keep nothing = {.answers_days = 0};
    struct world world;

    world_init(&world);
    plant(&world, YOUNG, "-1 hour", 3, 1, 365);
    sugu_sql_run(world.owner, "UPDATE request SET reply = 'name'");
    purge(&world, &nothing, 1);
    ck_assert_int_eq(count(&world, "request WHERE reply = ''"), 0);
    ck_assert_int_eq(count(&world, "event"), 2 * YOUNG);
    ck_assert_int_eq(count(&world, "audit"), 2 * YOUNG + 2);
    ck_assert_int_eq(count(&world, "session"), 2 * YOUNG + 2);
    ck_assert_int_eq(count(&world, "notice"), 2);
    /* Of an old answer nothing else can be made, and the owner keeps the trail as well. */
    plant(&world, 1, "1 second", 30, 3, 731);
    sugu_sql_run(world.server, "BEGIN; SELECT set_config('app.facility', '1', true)");
    sugu_sql_refused(world.server, "42501",
                     "UPDATE request SET reply = 'other' WHERE made_at < now() - interval '9 d'");
    sugu_sql_refused(world.owner, "23001", "DELETE FROM audit");
    sugu_sql_refused(world.owner, "23001", "UPDATE audit SET verb = 'w'");
    sugu_sql_refused(world.owner, "23001", "TRUNCATE audit");
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("purge",
                       100,
                       what_is_old_goes_and_what_is_younger_stays,
                       two_servers_at_once_do_the_same_as_one,
                       nothing_is_cleared_away_before_its_least_age)
