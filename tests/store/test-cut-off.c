/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cut-off - a day is opened: nobody who comes at the last moment is left behind, and numbers
 * that live on are given to nobody else
 */
#include "base/clock.h"
#include "base/random.h"
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define OLD 20260401
#define NEW 20260402
#define AT  INT64_C(1775088000000000)

struct world {
    struct sugu_test_database database;
    PGconn *owner;
    struct sugu_db *late, *early; /* two servers */
    bool is_opened;
};

static struct sugu_db *
connect_server(const struct world *world)
{
    struct sugu_db *db = sugu_db_new(world->database.server, sugu_clock_system());
    struct sugu_error error;

    sugu_assert_ok(sugu_db_wait_ready(db, 10 * SUGU_SECOND, &error), error);
    return db;
}

static void
world_init(struct world *world, const char *sql)
{
    memset(world, 0, sizeof *world);
    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    sugu_sql_run(world->owner, "DELETE FROM day_task");
    sugu_sql_run(world->owner, sql);
    world->late = connect_server(world);
    world->early = connect_server(world);
}

static void
world_done(struct world *world)
{
    sugu_db_free(world->late);
    sugu_db_free(world->early);
    PQfinish(world->owner);
    sugu_test_database_done(&world->database);
}

static void
enter(struct sugu_db *db)
{
    static struct sugu_facility_enter_row entered;

    sugu_db_tx_begin(db, NULL);
    sugu_db_facility_enter(db, &(struct sugu_facility_enter_params){.facility = "1"}, &entered);
}

/* Up to 8 numbers at once. */
static void
send_issue(struct sugu_db *db,
           uint32_t day,
           size_t count,
           struct sugu_ticket_issue_rows *ret_tickets)
{
    struct sugu_id visits[8], none[8] = {{{0}}};
    uint8_t tokens[8][16];
    struct sugu_bytes token_bytes[8];
    const char *departments[8], *nothing[8];
    int16_t priorities[8], stages[8], states[8] = {0}, ranks[8];
    int64_t ats[8], no_appointments[8] = {0};
    bool firsts[8];

    for (size_t i = 0; i < count; i++) {
        visits[i] = sugu_id_new(sugu_clock_system(), sugu_random_system());
        sugu_random_system()->fill(sugu_random_system(), tokens[i], sizeof tokens[i]);
        token_bytes[i] = (struct sugu_bytes){tokens[i], sizeof tokens[i]};
        departments[i] = "eye";
        nothing[i] = "";
        priorities[i] = 2;
        stages[i] = ranks[i] = 1;
        ats[i] = AT;
        firsts[i] = true;
    }
    sugu_db_ticket_issue(db,
                         &(struct sugu_ticket_issue_params){.count = count,
                                                            .facility = 1,
                                                            .day = day,
                                                            .at = AT,
                                                            .visits = visits,
                                                            .is_first = firsts,
                                                            .patients = none,
                                                            .tokens = token_bytes,
                                                            .eligibilities = none,
                                                            .priorities = priorities,
                                                            .languages = nothing,
                                                            .stages = stages,
                                                            .departments = departments,
                                                            .states = states,
                                                            .reasons = nothing,
                                                            .ranks = ranks,
                                                            .dues = ats,
                                                            .appointments = no_appointments},
                         ret_tickets);
}

static void
send_open(struct sugu_db *db, struct sugu_day_open_rows *ret_left)
{
    static struct sugu_day_lock_row locked;

    enter(db);
    sugu_db_day_lock(db, &(struct sugu_day_lock_params){.facility = 1}, &locked);
    sugu_db_day_open(db, &(struct sugu_day_open_params){.facility = 1, .day = NEW, .at = AT},
                     ret_left);
    sugu_db_tx_commit(db, NULL);
}

static void
on_opened(void *user,
          enum sugu_status status,
          const struct sugu_error *error,
          const struct sugu_db_failure *failure)
{
    (void)failure;
    ck_assert_msg(status == SUGU_OK, "%s: %s", error->code, error->detail);
    ((struct world *)user)->is_opened = true;
}

/* Steps the early server until the condition holds. */
#define AWAIT(world, condition)                                                                    \
    do {                                                                                           \
        const struct sugu_clock *clock_ = sugu_clock_system();                                     \
        int64_t until_ = clock_->monotonic_us(clock_) + 4 * SUGU_SECOND;                           \
        while (!(condition)) {                                                                     \
            sugu_db_step((world)->early);                                                          \
            ck_assert_msg(clock_->monotonic_us(clock_) < until_, #condition);                      \
        }                                                                                          \
    } while (0)

static bool
is_blocked(struct world *world)
{
    return sugu_sql_number(world->owner, "SELECT count(*) FROM pg_locks "
                                         "WHERE locktype = 'advisory' AND NOT granted") == 1;
}

START_TEST(who_came_in_the_last_moment_goes_over_too)
{
    struct world world;
    struct sugu_ticket_issue_rows tickets = {.count = 0};
    struct sugu_day_open_rows left = {.count = 0};
    struct sugu_day_share_row shared;
    struct sugu_error error;

    world_init(&world, "UPDATE department SET is_day_and_night = true");
    enter(world.late);
    sugu_db_day_share(world.late, &(struct sugu_day_share_params){.facility = 1}, &shared);
    send_issue(world.late, OLD, 1, &tickets);
    sugu_assert_ok(sugu_db_wait_round(world.late, /* has_commit= */ false, &error), error);
    ck_assert_int_eq(tickets.rows[0].number, 2);
    sugu_ticket_issue_rows_done(&tickets);
    send_open(world.early, &left);
    sugu_db_end_round(world.early, /* has_commit= */ true, on_opened, &world);
    AWAIT(&world, is_blocked(&world));
    ck_assert(!world.is_opened);
    sugu_db_tx_commit(world.late, NULL);
    sugu_assert_ok(sugu_db_wait_round(world.late, /* has_commit= */ true, &error), error);
    AWAIT(&world, world.is_opened);
    ck_assert_uint_eq(left.count, 0);
    sugu_day_open_rows_done(&left);
    ck_assert_int_eq(sugu_sql_number(world.owner,
                                     "SELECT count(*) FROM visit JOIN stage USING (visit, day) "
                                     "WHERE number = 2 AND day = '2026-04-02'"),
                     1);
    world_done(&world);
}
END_TEST

/* Of the evening: 1, 2, 5 and 9 have a bill, 6 waits, 3 and 4 are gone. */
START_TEST(numbers_that_live_on_are_given_to_nobody_else)
{
    struct world world;
    struct sugu_day_open_rows left = {.count = 0};
    struct sugu_error error;

    world_init(&world,
               "UPDATE visit SET state = 4 WHERE facility = 1;"
               "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at)"
               "    SELECT 1, lpad(n::text, 32, '0')::uuid, '2026-04-01',"
               "           CASE n WHEN 6 THEN 1 WHEN 3 THEN 6 WHEN 4 THEN 7 ELSE 4 END, 'B', n,"
               "           decode(lpad(n::text, 32, '0'), 'hex'), now()"
               "    FROM unnest(ARRAY[2, 3, 4, 5, 6, 9]) n;"
               "INSERT INTO stage (facility, visit, stage, day, department, state, waiting_at,"
               "                   due_at)"
               "    VALUES (1, lpad('6', 32, '0')::uuid, 1, '2026-04-01', 'eye', 0, now(), now())");
    send_open(world.early, &left);
    sugu_assert_ok(sugu_db_wait_round(world.early, /* has_commit= */ true, &error), error);
    ck_assert_uint_eq(left.count, 1);
    ck_assert_int_eq(left.rows[0].number, 6);
    sugu_day_open_rows_done(&left);
    for (size_t count = 1; count <= 4; count++) {
        struct sugu_ticket_issue_rows tickets = {.count = 0};
        enter(world.late);
        send_issue(world.late, NEW, count, &tickets);
        sugu_db_tx_commit(world.late, NULL);
        sugu_assert_ok(sugu_db_wait_round(world.late, /* has_commit= */ true, &error), error);
        sugu_ticket_issue_rows_done(&tickets);
    }
    ck_assert_str_eq(sugu_sql_text(world.owner,
                                   "SELECT string_agg(number::text, ' ' ORDER BY number) "
                                   "FROM visit WHERE day = '2026-04-02'"),
                     "3 4 7 8 10 11 12 13 14 15");
    ck_assert_str_eq(sugu_sql_text(world.owner,
                                   "SELECT string_agg(number::text, ' ' ORDER BY number) "
                                   "FROM visit WHERE carried_to = '2026-04-02'"),
                     "1 2 5 9");
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("cut-off",
                       60,
                       who_came_in_the_last_moment_goes_over_too,
                       numbers_that_live_on_are_given_to_nobody_else)
