/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-chores - what the server does by itself is done, for every facility, and not too early
 */
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "chores.h"
#include "fixture.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

/* 2999-12-31 20:00 UTC: in Japan a year has begun that no business day knows. */
#define THE_END INT64_C(32503665600000000)

struct world {
    struct sugu_test_database database;
    PGconn *owner;
    struct sugu_clock_manual clock;
    struct sugu_facility facilities[2];
    struct sugu_chores *chores;
};

static const struct sugu_facility *
list(const void *user, size_t index)
{
    const struct world *world = user;

    return index < 2 ? &world->facilities[index] : NULL;
}

static void
world_init(struct world *world, sugu_time_us utc)
{
    memset(world, 0, sizeof *world);
    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    sugu_sql_run(world->owner, "DELETE FROM day_task");
    for (int i = 0; i < 2; i++)
        world->facilities[i] =
            (struct sugu_facility){.facility = i + 1, .day_rule = {i == 0 ? 540 : -600, 240}};
    sugu_clock_manual_init(&world->clock, utc);
    world->chores = sugu_chores_new(world->database.server, &world->clock.clock, NULL, list, world);
}

static void
world_done(struct world *world)
{
    sugu_chores_free(world->chores);
    PQfinish(world->owner);
    sugu_test_database_done(&world->database);
}

/* Lets `seconds` go by, and everything that is due be done. */
static void
pass(struct world *world, int seconds)
{
    for (int i = 0; i <= seconds; i++) {
        for (int turns = 0; turns < 20; turns++) {
            struct pollfd wait = {sugu_db_fd(sugu_chores_db(world->chores)), POLLIN, 0};
            sugu_chores_step(world->chores);
            poll(&wait, wait.fd >= 0 ? 1 : 0, 5);
        }
        sugu_clock_manual_advance(&world->clock, SUGU_SECOND);
    }
}

START_TEST(a_facility_that_cannot_be_dated_does_not_stop_the_others)
{
    struct world world;

    world_init(&world, THE_END);
    pass(&world, 3);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT count(*) FROM day_task WHERE facility = 1"), 0);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT count(*) FROM day_task WHERE facility = 2"), 3);
    world_done(&world);
}
END_TEST

/* 1 has paid at a kiosk that died; 2 too, and has the pharmacy still before him. */
START_TEST(who_paid_at_a_kiosk_that_died_has_left)
{
    struct world world;

    world_init(&world, sugu_clock_system()->utc_us(sugu_clock_system()));
    sugu_sql_run(world.owner, "UPDATE session SET visit = repeat(facility::text, 32)::uuid;"
                              "DELETE FROM kiosk_state;"
                              "INSERT INTO kiosk_state (facility, client, heard_at, parts)"
                              "    SELECT f, 1, now(), '' FROM generate_series(1, 2) f;"
                              "UPDATE stage SET state = 0 WHERE facility = 2");
    pass(&world, 40);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT count(*) FROM session WHERE closed_at IS NULL"), 2);
    sugu_sql_run(world.owner, "UPDATE kiosk_state SET heard_at = now() - interval '6 minutes';"
                              "UPDATE session SET opened_at = now() - interval '7 minutes';"
                              "UPDATE day_task SET done_at = done_at - interval '1 hour'");
    pass(&world, 12);
    ck_assert_str_eq(sugu_sql_text(world.owner, "SELECT string_agg(outcome, ' ') FROM session"),
                     "kiosk-lost kiosk-lost");
    ck_assert_str_eq(sugu_sql_text(world.owner,
                                   "SELECT string_agg(state || ' ' || (left_at IS NOT NULL), ', '"
                                   "                  ORDER BY facility) FROM visit"),
                     "6 true, 5 false");
    world_done(&world);
}
END_TEST

/* The server was away, so it has not heard any of them: it asks itself first. */
START_TEST(after_an_outage_kiosks_are_given_time_to_be_heard)
{
    struct world world;

    world_init(&world, sugu_clock_system()->utc_us(sugu_clock_system()));
    sugu_sql_run(world.owner, "DELETE FROM kiosk_state;"
                              "UPDATE session SET visit = repeat(facility::text, 32)::uuid,"
                              "                   opened_at = now() - interval '7 minutes'");
    pass(&world, 15);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT count(*) FROM session WHERE closed_at IS NULL"), 2);
    sugu_sql_run(world.owner, "INSERT INTO kiosk_state (facility, client, heard_at, parts)"
                              "    VALUES (1, 1, now(), '')");
    pass(&world, 20);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT facility FROM session WHERE closed_at IS NULL"), 1);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("chores",
                       60,
                       a_facility_that_cannot_be_dated_does_not_stop_the_others,
                       who_paid_at_a_kiosk_that_died_has_left,
                       after_an_outage_kiosks_are_given_time_to_be_heard)
