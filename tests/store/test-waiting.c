/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-waiting - ranges of waiting times on a simulated month whose truth is known
 *
 * People come to three departments by weekday and hour and are served as fast as weekday, hour and
 * the day's form allow; who waits how long follows from that alone. The ranges are learnt each
 * night and follow the pace every ten minutes, by the server's own statements; what was said to
 * each person is then held against what came. Eight of ten have to fall within, in each department,
 * and the figures that the desk shows have to say the same.
 *
 * Some are called by mistake and that is taken back, some come from another queue, some are sent
 * away for a while. What each of them really waited after what was said to them stands in a table
 * of the test; the store has to know the same of everybody, and nothing of those of whom there is
 * nothing to know.
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

struct month;

/* What becomes of a person beside waiting and being called; one in so many hundred. */
enum mishap { NO_MISHAP, CALLED_BY_MISTAKE, CAME_FROM_ELSEWHERE, AWAY_AND_BACK, AWAY_UNTIL_CALLED };
#define MISTAKES  8
#define MOVES     8
#define AWAYS     6
#define AWAYS_OUT 4

struct person {
    unsigned department;
    int id;                   /* of the visit */
    int64_t came_s, called_s; /* after local midnight; came to this queue */
    enum mishap mishap;
    int64_t began_s, ended_s; /* of the mishap */
};

struct happening {
    int64_t at_s;
    void (*happen)(struct month *month, const struct person *person, int64_t at);
    const struct person *person;
};
#define HAPPENINGS_MAX (5 * PEOPLE_MAX)

struct month {
    struct sugu_test_database database;
    PGconn *owner;
    struct sugu_db *db;
    struct sugu_random_seeded random, mishaps; /* with and without mishaps: the same days */
    struct person people[PEOPLE_MAX];
    size_t count;
    struct happening happenings[HAPPENINGS_MAX];
    size_t happening_count;
    int next_id;
    uint32_t day;
    int64_t midnight_us;
};

/* ---- chance */

static double
draw_from(struct sugu_random *random)
{
    uint32_t value;

    random->fill(random, &value, sizeof value);
    return (value + 1.0) / 4294967297.0;
}

static double
draw(struct month *month)
{
    return draw_from(&month->random.random);
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
draw_mishap(struct month *month, struct person *person)
{
    struct sugu_random *random = &month->mishaps.random;
    double chance = 100 * draw_from(random), from = draw_from(random), to = draw_from(random);
    int64_t wait_s = person->called_s - person->came_s;

    person->mishap = chance < MISTAKES                               ? CALLED_BY_MISTAKE
                     : chance < MISTAKES + MOVES                     ? CAME_FROM_ELSEWHERE
                     : chance < MISTAKES + MOVES + AWAYS             ? AWAY_AND_BACK
                     : chance < MISTAKES + MOVES + AWAYS + AWAYS_OUT ? AWAY_UNTIL_CALLED
                                                                     : NO_MISHAP;
    if (person->mishap == CAME_FROM_ELSEWHERE)
        person->began_s = person->came_s - 60 - (int64_t)(2400 * from);
    else if (wait_s < 60)
        person->mishap = NO_MISHAP;
    else
        person->began_s = person->came_s + 1 + (int64_t)(from * (double)(wait_s - 30));
    person->ended_s =
        person->began_s + 1 + (int64_t)(to * (double)(person->called_s - person->began_s - 2));
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
        draw_mishap(month, person);
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

/* ---- what happens, by the statements that the server's handlers use */

static int64_t
utc_us(const struct month *month, int64_t at_s)
{
    return month->midnight_us + at_s * SUGU_SECOND;
}

/* Which stage the person has in the queue where the wait is measured. */
static int16_t
stage_of(const struct person *person)
{
    return person->mishap == CAME_FROM_ELSEWHERE ? 2 : 1;
}

static void
enqueue(struct month *month, const struct person *person, int16_t stage, unsigned queue, int64_t at)
{
    bool is_moved = person->mishap == CAME_FROM_ELSEWHERE;
    int64_t place_s = stage == stage_of(person) ? person->came_s : person->began_s;

    sugu_db_stage_enqueue(
        month->db,
        &(struct sugu_stage_enqueue_params){
            .facility = 1,
            .visit = visit_id(person->id),
            .stage = stage,
            .day = month->day,
            .department = truths[queue].name,
            .state = 0,
            .reason = "",
            .waiting_at = utc_us(month, is_moved ? person->began_s : person->came_s),
            .rank = 2,
            .due_at = utc_us(month, place_s),
            .at = at},
        NULL);
}

static void
set_stage(
    struct month *month, const struct person *person, int16_t stage, int16_t state, int64_t at)
{
    bool is_moved = person->mishap == CAME_FROM_ELSEWHERE;
    int64_t came = utc_us(month, is_moved ? person->began_s : person->came_s);

    sugu_db_stage_set(month->db,
                      &(struct sugu_stage_set_params){.facility = 1,
                                                      .visit = visit_id(person->id),
                                                      .stage = stage,
                                                      .state = state,
                                                      .desk = truths[person->department].name,
                                                      .waiting_at = came,
                                                      .called_at = state == 1 ? at : 0,
                                                      .is_call = state == 1,
                                                      .at = at},
                      NULL);
}

static void
add_history(struct month *month, const struct person *person, int16_t verb, int16_t to, int64_t at)
{
    int16_t stage = stage_of(person);

    sugu_db_stage_change_add(month->db,
                             &(struct sugu_stage_change_add_params){.count = 1,
                                                                    .facility = 1,
                                                                    .visit = visit_id(person->id),
                                                                    .verb = verb,
                                                                    .changed_at = at,
                                                                    .client = 1,
                                                                    .staff = "",
                                                                    .desk = "d",
                                                                    .visit_state = 1,
                                                                    .priority = -1,
                                                                    .stages = &stage,
                                                                    .to_states = &to},
                             NULL);
}

static void
come(struct month *month, const struct person *person, int64_t at)
{
    enqueue(month, person, 1, person->department, at);
}

static void
come_elsewhere(struct month *month, const struct person *person, int64_t at)
{
    enqueue(month, person, 1, (person->department + 1) % DEPARTMENTS, at);
}

static void
move(struct month *month, const struct person *person, int64_t at)
{
    set_stage(month, person, 1, 6, at);
    enqueue(month, person, 2, person->department, at);
}

static void
call(struct month *month, const struct person *person, int64_t at)
{
    set_stage(month, person, stage_of(person), 1, at);
}

static void
call_by_mistake(struct month *month, const struct person *person, int64_t at)
{
    add_history(month, person, 1, 1, at);
    call(month, person, at);
}

static void
take_back(struct month *month, const struct person *person, int64_t at)
{
    add_history(month, person, 11, 0, at);
    sugu_db_stage_restore(
        month->db,
        &(struct sugu_stage_restore_params){
            .facility = 1, .visit = visit_id(person->id), .stage = stage_of(person), .change = 1},
        NULL);
}

static void
park(struct month *month, const struct person *person, int64_t at)
{
    set_stage(month, person, 1, 4, at);
}

static void
add_happening(struct month *month,
              const struct person *person,
              int64_t at_s,
              void (*happen)(struct month *month, const struct person *person, int64_t at))
{
    ck_assert_uint_lt(month->happening_count, HAPPENINGS_MAX);
    month->happenings[month->happening_count++] =
        (struct happening){.at_s = at_s, .happen = happen, .person = person};
}

static void
add_happenings(struct month *month, const struct person *person)
{
    add_happening(month, person, person->called_s, call);
    add_happening(month, person, person->came_s,
                  person->mishap == CAME_FROM_ELSEWHERE ? move : come);
    switch (person->mishap) {
    case NO_MISHAP:
        break;
    case CALLED_BY_MISTAKE:
        add_happening(month, person, person->began_s, call_by_mistake);
        add_happening(month, person, person->ended_s, take_back);
        break;
    case CAME_FROM_ELSEWHERE:
        add_happening(month, person, person->began_s, come_elsewhere);
        break;
    case AWAY_AND_BACK:
        add_happening(month, person, person->began_s, park);
        add_happening(month, person, person->ended_s, come);
        break;
    case AWAY_UNTIL_CALLED:
        add_happening(month, person, person->began_s, park);
        break;
    }
}

/* Who was called the moment they came had come before. */
static int
by_moment(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;

    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->happen == call) - (y->happen == call);
}

static void
live_until(struct month *month, size_t *next, int64_t until_s)
{
    for (; *next < month->happening_count && month->happenings[*next].at_s < until_s; ++*next) {
        const struct happening *now = &month->happenings[*next];
        now->happen(month, now->person, utc_us(month, now->at_s));
    }
}

/* Since when each of them waited after something was said: what the store has to find by itself. */
static void
write_truth(struct month *month)
{
    static char sql[100 + PEOPLE_MAX * 80];
    size_t size = (size_t)snprintf(sql, sizeof sql, "INSERT INTO truth VALUES ");

    for (size_t i = 0; i < month->count; i++) {
        const struct person *person = &month->people[i];
        int64_t from_s = person->mishap == AWAY_AND_BACK ? person->ended_s : person->came_s;
        bool is_known = person->mishap != AWAY_UNTIL_CALLED;
        size += (size_t)snprintf(sql + size, sizeof sql - size,
                                 "%s(lpad('%d', 32, '0')::uuid, %d, nullif(%ld, -1))",
                                 i ? ", " : "", person->id, stage_of(person),
                                 is_known ? (long)(person->called_s - from_s) : -1L);
    }
    ck_assert_uint_lt(size, sizeof sql);
    sugu_sql_run(month->owner, sql);
}

static void
refresh_pace(struct month *month, int64_t at_s)
{
    sugu_db_wait_pace_refresh(month->db,
                              &(struct sugu_wait_pace_refresh_params){
                                  .facility = 1, .day = month->day, .at = utc_us(month, at_s)},
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
    month->happening_count = 0;
    for (size_t i = 0; i < month->count; i++)
        add_happenings(month, &month->people[i]);
    qsort(month->happenings, month->happening_count, sizeof *month->happenings, by_moment);
    write_truth(month);
    refresh_ranges(month);
    for (int64_t at_s = OPEN_S - 5400; at_s <= 24 * 3600; at_s += PACE_S) {
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
    sugu_random_seeded_init(&month->mishaps, seed + 1);
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
    sugu_sql_run(month->owner, "CREATE TABLE truth (visit uuid, stage smallint, wait_s integer)");
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

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM stage JOIN truth USING (visit, stage) "
             "WHERE facility = 1 AND department = '%s' "
             "AND day > '%u'::text::date - 30 AND low_s IS NOT NULL AND wait_s IS NOT NULL AND %s",
             department, month->day, what);
    return strtoll(sugu_sql_text(month->owner, sql), NULL, 10);
}

/* Of each person the true wait is known, to the second; of nobody another one. */
static void
expect_truth(struct month *month)
{
    ck_assert_str_eq(
        sugu_sql_text(month->owner,
                      "SELECT count(*) FROM stage s LEFT JOIN truth USING (visit, stage) "
                      "WHERE facility = 1 AND day < '2026-08-01' AND day >= '2026-05-01' "
                      "AND wait_s IS DISTINCT FROM CASE WHEN first_called_at >= said_at THEN "
                      "extract(epoch FROM first_called_at - said_at)::integer END"),
        "0");
    ck_assert_str_ne(
        sugu_sql_text(month->owner, "SELECT count(*) FROM stage WHERE state = 6 OR away_s > 0"),
        "0");
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
        int64_t below = ask(month, row->department, "wait_s < low_s");
        int64_t above = ask(month, row->department, "wait_s > high_s");
        printf("# seed %lu %s: %d told, %.3f within, %.3f sooner, %.3f later\n",
               (unsigned long)seed, row->department, row->told, share, (double)below / row->told,
               (double)above / row->told);
        ck_assert_int_gt(row->told, 700);
        ck_assert_int_eq(row->told, ask(month, row->department, "true"));
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
    expect_truth(&month);
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
             "    due_at, called_at, first_called_at, ahead, said_at) "
             "SELECT 1, lpad(n::text, 32, '0')::uuid, 1, '%u'::text::date, 'eye', 1, 'eye', "
             "    called - make_interval(secs => 2 * usual_mid_s), called, called, called, 2, "
             "    called - make_interval(secs => 2 * usual_mid_s) "
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
