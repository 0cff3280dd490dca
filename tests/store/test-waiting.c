/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-waiting - ranges of waiting times on a simulated month whose truth is known
 *
 * People come to three departments by weekday and hour and are served as fast as weekday, hour and
 * the day's form allow; who waits how long follows from that alone. The ranges are learnt each
 * night and follow the pace every ten minutes, by the server's own statements; what was said to
 * each person is then held against what came. Eight of ten have to fall within, in each department,
 * and the figures that the desk shows have to say the same.
 */
#include "base/random.h"
#include "domain/date.h"
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS       37
#define LEARNING   14       /* days before the figures count */
#define FIRST_DAY  20260504 /* a Monday */
#define PEOPLE_MAX 900      /* of a day */
#define PACE_S     600
#define OPEN_S     (9 * 3600)
#define LAST_S     (16 * 3600)
#define HELD_LOW   0.74 /* of 0.8, with a month's chance on both sides */
#define HELD_HIGH  0.88
#define CONNECT_US (20 * SUGU_SECOND)

/* The truth. */
static const struct truth {
    const char *name;
    unsigned servers;
    double service_s;       /* mean on an ordinary hour */
    double people_per_hour; /* likewise */
    double by_weekday[7];   /* service is so much slower; Sunday first */
    double morning, afternoon;
    double form; /* how much the days differ, as a standard deviation of the logarithm */
} truths[] = {
    {"internal", 2, 400, 15, {1, 1.25, 1, 0.9, 1, 1.1, 1}, 1.1, 0.9, 0.2},
    {"eye", 1, 500, 6, {1, 1.1, 0.95, 1, 1.15, 1, 1}, 0.95, 1.05, 0.15},
    {"blood", 1, 170, 17, {1, 1.1, 1, 1, 1, 0.9, 1}, 1.15, 0.8, 0.1},
};
#define DEPARTMENTS SUGU_ARRAY_SIZE(truths)

struct person {
    unsigned department;
    int id;                   /* of the visit */
    int64_t came_s, called_s; /* after local midnight */
    bool is_called;
};

struct month {
    struct sugu_test_database database;
    PGconn *owner;
    struct sugu_db *db;
    struct sugu_random_seeded random;
    struct person people[PEOPLE_MAX];
    size_t count;
    int next_id;
    uint32_t day;
    int64_t midnight_us;
};

/* ---- chance */

static double
draw(struct month *month)
{
    uint32_t value;

    month->random.random.fill(&month->random.random, &value, sizeof value);
    return (value + 1.0) / 4294967297.0;
}

static double
draw_normal(struct month *month)
{
    return sqrt(-2 * log(draw(month))) * cos(2 * M_PI * draw(month));
}

/* ---- the truth of a day */

static int
by_time(const void *a, const void *b)
{
    const struct person *x = a, *y = b;

    return x->came_s < y->came_s ? -1 : x->came_s > y->came_s;
}

static double
service_s(struct month *month, const struct truth *truth, double form, int64_t at_s)
{
    double hour = at_s < 12 * 3600 ? truth->morning : truth->afternoon;
    double own = exp(0.35 * draw_normal(month) - 0.06);

    return truth->service_s * truth->by_weekday[sugu_date_weekday(month->day)] * hour * form * own;
}

static void
live_department(struct month *month, unsigned department)
{
    const struct truth *truth = &truths[department];
    double form = exp(truth->form * draw_normal(month)), at = OPEN_S - 1800;
    int64_t free_s[4] = {OPEN_S, OPEN_S, OPEN_S, OPEN_S};

    for (;;) {
        struct person *person = &month->people[month->count];
        unsigned first = 0;
        at += -log(draw(month)) * 3600 / truth->people_per_hour;
        if (at > LAST_S)
            return;
        ck_assert_uint_lt(month->count, PEOPLE_MAX);
        for (unsigned i = 1; i < truth->servers; i++)
            if (free_s[i] < free_s[first])
                first = i;
        *person = (struct person){.department = department, .came_s = (int64_t)at};
        person->called_s = free_s[first] > person->came_s ? free_s[first] : person->came_s;
        free_s[first] = person->called_s + (int64_t)service_s(month, truth, form, person->called_s);
        month->count++;
    }
}

/* ---- what the server does with it */

static void
begin(struct month *month)
{
    static struct sugu_facility_enter_row entered;

    sugu_db_tx_begin(month->db, NULL);
    sugu_db_facility_enter(month->db, &(struct sugu_facility_enter_params){.facility = "1"},
                           &entered);
}

static void
commit(struct month *month)
{
    struct sugu_error error;

    sugu_db_tx_commit(month->db, NULL);
    sugu_assert_ok(sugu_db_wait_round(month->db, /* has_commit= */ true, &error), error);
}

static struct sugu_id
visit_id(int n)
{
    struct sugu_id id;
    char text[SUGU_ID_TEXT_SIZE];

    snprintf(text, sizeof text, "00000000-0000-0000-0000-%012d", n);
    ck_assert(sugu_id_from_text(text, &id));
    return id;
}

static void
add_visits(struct month *month)
{
    char sql[500];

    snprintf(sql, sizeof sql,
             "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at) "
             "SELECT 1, lpad(n::text, 32, '0')::uuid, '%u'::text::date, 1, 'W', n, "
             "decode(lpad(n::text, 32, '0'), 'hex'), now() FROM generate_series(%d, %d) n",
             month->day, month->next_id, month->next_id + (int)month->count - 1);
    sugu_sql_run(month->owner, sql);
    for (size_t i = 0; i < month->count; i++)
        month->people[i].id = month->next_id++;
}

static void
come(struct month *month, const struct person *person)
{
    int64_t at = month->midnight_us + person->came_s * SUGU_SECOND;

    sugu_db_stage_enqueue(
        month->db,
        &(struct sugu_stage_enqueue_params){.facility = 1,
                                            .visit = visit_id(person->id),
                                            .stage = 1,
                                            .day = month->day,
                                            .department = truths[person->department].name,
                                            .state = 0,
                                            .reason = "",
                                            .waiting_at = at,
                                            .rank = 2,
                                            .due_at = at},
        NULL);
}

static void
call(struct month *month, struct person *person)
{
    int64_t came = month->midnight_us + person->came_s * SUGU_SECOND;
    int64_t called = month->midnight_us + person->called_s * SUGU_SECOND;

    person->is_called = true;
    sugu_db_stage_set(month->db,
                      &(struct sugu_stage_set_params){.facility = 1,
                                                      .visit = visit_id(person->id),
                                                      .stage = 1,
                                                      .state = 1,
                                                      .desk = truths[person->department].name,
                                                      .waiting_at = came,
                                                      .called_at = called,
                                                      .is_call = true},
                      NULL);
}

/* All that happens before `until_s`, in order of time. */
static void
live_until(struct month *month, size_t *next, int64_t until_s)
{
    for (;;) {
        struct person *first = NULL;
        bool is_coming = *next < month->count && month->people[*next].came_s < until_s;
        for (size_t i = 0; i < *next; i++)
            if (!month->people[i].is_called && month->people[i].called_s < until_s &&
                (!first || month->people[i].called_s < first->called_s))
                first = &month->people[i];
        if (!first && !is_coming)
            return;
        if (is_coming && (!first || month->people[*next].came_s <= first->called_s))
            come(month, &month->people[(*next)++]);
        else
            call(month, first);
    }
}

static void
refresh_pace(struct month *month, int64_t at_s)
{
    sugu_db_wait_pace_refresh(
        month->db,
        &(struct sugu_wait_pace_refresh_params){
            .facility = 1, .day = month->day, .at = month->midnight_us + at_s * SUGU_SECOND},
        NULL);
}

static void
refresh_ranges(struct month *month)
{
    begin(month);
    sugu_db_wait_range_refresh(month->db,
                               &(struct sugu_wait_range_refresh_params){
                                   .facility = 1, .day = month->day, .made_at = month->midnight_us},
                               NULL);
    commit(month);
}

static void
live_day(struct month *month)
{
    size_t next = 0;

    month->count = 0;
    for (unsigned i = 0; i < DEPARTMENTS; i++)
        live_department(month, i);
    qsort(month->people, month->count, sizeof *month->people, by_time);
    add_visits(month);
    refresh_ranges(month);
    for (int64_t at_s = OPEN_S - 1800; at_s <= 24 * 3600; at_s += PACE_S) {
        begin(month);
        live_until(month, &next, at_s);
        refresh_pace(month, at_s);
        commit(month);
    }
}

static void
month_init(struct month *month, uint64_t seed)
{
    struct sugu_error error;

    memset(month, 0, sizeof *month);
    sugu_random_seeded_init(&month->random, seed);
    month->next_id = 1;
    sugu_test_database_init(&month->database);
    month->owner = sugu_sql_connect(month->database.owner);
    sugu_sql_run(month->owner, SUGU_FIXTURE);
    sugu_sql_run(month->owner, "ALTER ROLE sugu_server SET synchronous_commit = off");
    sugu_sql_run(month->owner, "DELETE FROM wait_range; DELETE FROM stage_change; "
                               "DELETE FROM department WHERE department = 'none'");
    for (unsigned i = 0; i < DEPARTMENTS; i++) {
        char sql[300];
        snprintf(sql, sizeof sql,
                 "INSERT INTO department (facility, department, name, series) "
                 "VALUES (1, '%s', 'N', 'W') ON CONFLICT DO NOTHING; "
                 "INSERT INTO desk VALUES (1, '%s', '%s')",
                 truths[i].name, truths[i].name, truths[i].name);
        sugu_sql_run(month->owner, sql);
    }
    month->db = sugu_db_new(month->database.server, sugu_clock_system());
    sugu_assert_ok(sugu_db_wait_ready(month->db, CONNECT_US, &error), error);
}

static void
month_done(struct month *month)
{
    sugu_db_free(month->db);
    PQfinish(month->owner);
    sugu_test_database_done(&month->database);
}

static void
set_day(struct month *month, int index)
{
    ck_assert(sugu_date_add_days(FIRST_DAY, index, &month->day));
    month->midnight_us =
        (sugu_date_to_days(month->day) * INT64_C(24) * 60 - SUGU_JAPAN_OFFSET_MINUTES) *
        SUGU_MINUTE;
}

/* ---- what has to come of it */

static int64_t
ask(struct month *month, const char *department, const char *what)
{
    char sql[600];

    snprintf(
        sql, sizeof sql,
        "SELECT count(*) FROM stage WHERE facility = 1 AND department = '%s' "
        "AND day > '%u'::text::date - 30 AND low_s IS NOT NULL AND first_called_at IS NOT NULL "
        "AND %s",
        department, month->day, what);
    return strtoll(sugu_sql_text(month->owner, sql), NULL, 10);
}

static void
expect_eight_of_ten(struct month *month, uint64_t seed)
{
    static struct sugu_wait_calibration_rows rows;

    begin(month);
    sugu_db_wait_calibration(
        month->db, &(struct sugu_wait_calibration_params){.facility = 1, .day = month->day}, &rows);
    commit(month);
    ck_assert_uint_eq(rows.count, DEPARTMENTS);
    for (size_t i = 0; i < rows.count; i++) {
        const struct sugu_wait_calibration_row *row = &rows.rows[i];
        double share = (double)row->held / row->told;
        int64_t below =
            ask(month, row->department, "extract(epoch FROM first_called_at - waiting_at) < low_s");
        int64_t above = ask(month, row->department,
                            "extract(epoch FROM first_called_at - waiting_at) > high_s");
        printf("# seed %lu %s: %d told, %.3f within, %.3f sooner, %.3f later\n",
               (unsigned long)seed, row->department, row->told, share, (double)below / row->told,
               (double)above / row->told);
        ck_assert_int_gt(row->told, 700);
        ck_assert_int_eq(row->held, row->told - below - above);
        ck_assert_msg(share >= HELD_LOW && share <= HELD_HIGH, "seed %lu, %s: %.3f within",
                      (unsigned long)seed, row->department, share);
    }
    sugu_wait_calibration_rows_done(&rows);
}

static void
play_month(uint64_t seed)
{
    static struct month month;

    month_init(&month, seed);
    for (int i = 0; i < DAYS; i++) {
        set_day(&month, i);
        if (sugu_date_weekday(month.day) != SUGU_SUNDAY)
            live_day(&month);
        if (i % 7 == 0)
            sugu_sql_run(month.owner, "VACUUM ANALYZE stage");
    }
    expect_eight_of_ten(&month, seed);
    month_done(&month);
}

START_TEST(eight_of_ten_fall_within_what_was_said)
{
    play_month(1);
}
END_TEST

START_TEST(eight_of_ten_fall_within_in_another_month_too)
{
    play_month(FIRST_DAY);
}
END_TEST

/* Twelve people with two before them were called in the hour before noon; each had waited twice as
 * long as is usual. */
static void
add_slow_hour(struct month *month)
{
    char sql[900];

    month->count = 12;
    add_visits(month);
    snprintf(sql, sizeof sql,
             "INSERT INTO stage (facility, visit, stage, day, department, state, desk, waiting_at, "
             "    due_at, called_at, first_called_at, ahead) "
             "SELECT 1, lpad(n::text, 32, '0')::uuid, 1, '%u'::text::date, 'eye', 1, 'eye', "
             "    called - make_interval(secs => 2 * usual_mid_s), called, called, called, 2 "
             "FROM wait_range, generate_series(%d, %d) n, "
             "    LATERAL (SELECT to_timestamp(%ld) - make_interval(mins => 60 - (n %% 12) * 4) "
             "             + interval '1 minute' AS called) AS c "
             "WHERE facility = 1 AND department = 'eye' AND ahead = 2",
             month->day, month->next_id - 12, month->next_id - 1,
             (long)(month->midnight_us / SUGU_SECOND + 12 * 3600));
    sugu_sql_run(month->owner, sql);
}

static void
pace_at(struct month *month, int64_t at_s, const char *expected)
{
    begin(month);
    refresh_pace(month, at_s);
    commit(month);
    ck_assert_str_eq(
        sugu_sql_text(month->owner,
                      "SELECT string_agg(DISTINCT format('%s %s %s', department, pace_percent, "
                      "low_s = usual_low_s * pace_percent / 100 AND "
                      "high_s = usual_high_s * pace_percent / 100), ', ') "
                      "FROM wait_range WHERE department IN ('eye', 'blood')"),
        expected);
}

START_TEST(a_slow_hour_stretches_the_ranges_of_its_own_department)
{
    static struct month month;

    month_init(&month, 3);
    for (int i = 0; i < LEARNING; i++) {
        set_day(&month, i);
        live_day(&month);
    }
    set_day(&month, LEARNING);
    refresh_ranges(&month);
    pace_at(&month, 11 * 3600, "blood 100 t, eye 100 t");
    add_slow_hour(&month);
    /* (5 x 1 + 12 x 2) / 17 */
    pace_at(&month, 12 * 3600, "blood 100 t, eye 171 t");
    pace_at(&month, 13 * 3600 + 60, "blood 100 t, eye 100 t");
    month_done(&month);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("waiting",
                       110,
                       eight_of_ten_fall_within_what_was_said,
                       eight_of_ten_fall_within_in_another_month_too,
                       a_slow_hour_stretches_the_ranges_of_its_own_department)
