/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closing - business days are closed while the hospital works, and nights pass
 */
#include "simulation/closing.h"

#include "simulation/cluster.h"
#include "simulation/planted.h"

#include "admin.h"
#include "base/text.h"
#include "domain/date.h"
#include "statements.h"
#include "store/db-private.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US     (24 * 60 * SUGU_MINUTE)
#define CONNECT_US SUGU_MINUTE
#define NIGHTS_FEW 2 /* of a small run */
#define NIGHTS_MAX 8 /* what is held may be so for 30 days */
#define DATE_SIZE  11

static struct {
    struct world *world;
    struct sim_program program; /* sugu-admin, as somebody runs it in the evening */
    struct sugu_db *db;         /* its, while it closes */
    bool is_wanted;
    PGconn *look;
    unsigned nights;
} closing;

/* ---- what day.c and setup.c get from sugu-admin's main */

enum sugu_status
admin_conninfo(const struct admin *admin, char conninfo[600], struct sugu_error *reterr)
{
    (void)reterr;
    snprintf(conninfo, 600, "%s", admin->settings->database);
    return SUGU_OK;
}

enum sugu_status
admin_open_database(struct admin *admin, struct sugu_error *reterr)
{
    if (admin->db)
        return SUGU_OK;
    closing.db = admin->db = sugu_db_new(admin->settings->database, sugu_clock_system());
    return sugu_db_wait_ready(admin->db, CONNECT_US, reterr);
}

enum sugu_status
admin_open_client(struct admin *admin, struct sugu_error *reterr)
{
    (void)admin;
    return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "closing a day asks no server");
}

/* By the server's clock, which is nobody's real one. */
static uint32_t
today(void)
{
    struct sugu_clock *clock = &closing.world->server.clock;
    struct sugu_day_rule rule;
    int64_t offset, cutoff;
    PGresult *result = PQexec(closing.look, "SELECT utc_offset_min, cutoff_min FROM sugu.facility");
    uint32_t day = 0;

    if (!sugu_text_to_int64(PQgetvalue(result, 0, 0), -1440, 1440, &offset) ||
        !sugu_text_to_int64(PQgetvalue(result, 0, 1), 0, 1440, &cutoff))
        abort();
    PQclear(result);
    rule = (struct sugu_day_rule){.offset_minutes = (int)offset, .cutoff_minutes = (int)cutoff};
    if (!sugu_business_day(&rule, clock->utc_us(clock), &day))
        abort();
    return day;
}

enum sugu_status
__wrap_admin_today(struct admin *admin, uint32_t *ret_day, struct sugu_error *reterr);
enum sugu_status
__wrap_admin_today(struct admin *admin, uint32_t *ret_day, struct sugu_error *reterr)
{
    *ret_day = today();
    return admin_open_database(admin, reterr);
}

/* ---- closing */

/*
 * Nobody has touched a business day in a transaction that is not over: PostgreSQL would let us wait
 * for it, and it for the time that stands still meanwhile.
 */
static bool
can_close(void)
{
    PGresult *result = PQexec(
        closing.look, "SELECT FROM pg_locks WHERE relation = 'sugu.business_day'::regclass AND "
                      "mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()");
    bool can = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0;

    PQclear(result);
    return can;
}

/* The oldest day that is open and has journals; false = there is none yet. */
static bool
find_day(char ret_day[DATE_SIZE])
{
    PGresult *result =
        PQexec(closing.look, "SELECT min(day) FROM sugu.business_day WHERE state <> 2 AND "
                             "last_journal IS NOT NULL HAVING min(day) IS NOT NULL");
    bool is_found = PQntuples(result) == 1;

    if (is_found)
        sugu_text_copy(ret_day, DATE_SIZE, PQgetvalue(result, 0, 0));
    PQclear(result);
    return is_found;
}

static enum sugu_status
run(char *day, char *reason, struct sugu_error *reterr)
{
    static struct admin_settings settings;
    struct admin admin = {.settings = &settings};
    char *arguments[] = {day, (char *)"closer", reason};
    enum sugu_status status;

    settings.connection.facility = WORLD_FACILITY;
    sugu_text_copy(settings.database, sizeof settings.database, closing.world->settings.owner);
    status = admin_day_commands[0].run(&admin, reason ? 3 : 2, arguments, reterr);
    sugu_db_free(admin.db);
    closing.db = NULL;
    return status;
}

static void
close_oldest(void)
{
    struct sugu_error error = {.code = ""};
    char day[DATE_SIZE];

    if (!can_close() || !find_day(day))
        return;
    if (run(day, NULL, &error) == SUGU_OK) {
        sim_count(SIM_COUNT_days_closed);
    } else if (strcmp(error.code, "day.in-doubt") == 0) {
        if (run(day, (char *)"simulated", &error) == SUGU_OK)
            sim_count(SIM_COUNT_days_closed_in_doubt);
    } else if (strcmp(error.code, "day.not-begun") != 0) {
        sim_fail("%s cannot be closed: %s %s", day, error.code, error.detail);
    }
    sim_note("day closed", 0, 0);
    sim_note(day, 0, 0);
}

/* Between two rounds of a transaction, the moment before its journal is sent. */
void __real_sugu_db_journal_add(struct sugu_db *db,
                                const struct sugu_journal_add_params *params,
                                struct sugu_journal_add_row *row);
void __wrap_sugu_db_journal_add(struct sugu_db *db,
                                const struct sugu_journal_add_params *params,
                                struct sugu_journal_add_row *row);
void
__wrap_sugu_db_journal_add(struct sugu_db *db,
                           const struct sugu_journal_add_params *params,
                           struct sugu_journal_add_row *row)
{
    if (closing.world && sim_happens(closing.world->settings.closes))
        close_oldest();
    __real_sugu_db_journal_add(db, params, row);
}

/* ---- sugu-admin dies in the middle */

enum sugu_status
__real_sugu_db_wait_round(struct sugu_db *db, bool has_commit, struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_db_wait_round(struct sugu_db *db, bool has_commit, struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_db_wait_round(struct sugu_db *db, bool has_commit, struct sugu_error *reterr)
{
    bool is_closing = closing.db == db && sim_running() == &closing.program;
    enum sugu_status status;

    if (is_closing)
        sim_point(has_commit ? "close.before" : "look.before");
    status = __real_sugu_db_wait_round(db, has_commit, reterr);
    if (is_closing)
        sim_point(has_commit ? "close.after" : "look.after");
    return status;
}

static void
closing_main(void *user)
{
    (void)user;
    while (!*sim_failure()) {
        if (closing.is_wanted)
            close_oldest();
        closing.is_wanted = false;
        sim_wait(INT64_MAX / 4);
    }
}

static void
start_again(void *user)
{
    (void)user;
    sim_thread_start(&closing.program, closing_main, NULL);
}

/* Its transaction is rolled back, if it had none that was committed; then it is tried again. */
static void
on_killed(struct sim_program *program)
{
    (void)program;
    sugu_db_free(closing.db);
    closing.db = NULL;
    sim_at(sim_now() + sim_between(SUGU_SECOND, 30 * SUGU_SECOND), start_again, NULL);
}

/* ---- nights */

static void
add_day(struct sim_program *program)
{
    program->clock_ahead_us += DAY_US;
}

static void
pass_night(void)
{
    struct world *world = closing.world;
    struct kiosk *place;
    struct sim_program *programs[] = {&world->server, &world->fee,      &world->printer,
                                      &world->desk,   &world->provider, &world->ward};

    if (closing.nights == (world->settings.is_small ? NIGHTS_FEW : NIGHTS_MAX))
        return;
    closing.nights++;
    sim_count(SIM_COUNT_nights);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(programs); i++)
        add_day(programs[i]);
    for (unsigned i = 0; (place = world_place(world, i)); i++) {
        add_day(&place->payment);
        add_day(&place->window);
    }
}

static int64_t
until_evening_us(void)
{
    return closing.world->settings.is_small ? sim_between(20, 60) * SUGU_SECOND
                                            : sim_between(30, 600) * SUGU_SECOND;
}

static void
on_evening(void *user)
{
    (void)user;
    if (!sim_is_stormy())
        return;
    closing.is_wanted = closing.is_wanted || closing.world->settings.closes > 0;
    sim_wake(closing.program.main_thread);
    if (sim_below(2) == 0)
        pass_night();
    sim_at(sim_now() + until_evening_us(), on_evening, NULL);
}

static void
plant(void)
{
    if (planted_statement())
        PQclear(PQexec(closing.look, planted_statement()));
}

void
closing_begin(struct world *world)
{
    memset(&closing, 0, sizeof closing);
    closing.world = world;
    if (world->settings.closes == 0 && world->settings.pays[WAY_ON_FILE] == 0)
        return;
    closing.look = PQconnectdb(world->settings.owner);
    if (PQstatus(closing.look) != CONNECTION_OK)
        abort();
    cluster_take_near(closing.look);
    plant();
    sim_program_init(&closing.program, SIM_DESK, 1);
    closing.program.on_killed = on_killed;
    start_again(NULL);
    sim_at(until_evening_us(), on_evening, NULL);
}
