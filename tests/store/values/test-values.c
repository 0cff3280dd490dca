/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-values - values of every type go to the server and come back, and mean the same there
 *
 * Links the connection with statements of its own (values.sql), made by the same generator.
 */
#include "base/clock.h"
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 1000

struct world {
    struct sugu_test_database database;
    struct sugu_db *db;
};

static void
world_init(struct world *world)
{
    struct sugu_error error;

    sugu_test_database_init(&world->database);
    world->db = sugu_db_new(world->database.server, sugu_clock_system());
    sugu_assert_ok(sugu_db_wait_ready(world->db, 10 * SUGU_SECOND, &error), error);
}

static void
world_done(struct world *world)
{
    sugu_db_free(world->db);
    sugu_test_database_done(&world->database);
}

static void
wait_round(struct world *world)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_db_wait_round(world->db, /* has_commit= */ false, &error), error);
}

static const struct sugu_id some_id = {{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x7d, 0xef, 0x80, 0x11,
                                        0x22, 0x33, 0x44, 0x55, 0x66, 0xff}};

START_TEST(scalars_mean_the_same_to_the_server)
{
    struct world world;
    static const uint8_t bytes[] = {0x00, 0xff, 0x27, 0x5c};
    struct sugu_scalars_params params = {.b = true,
                                         .i2 = -32768,
                                         .i4 = INT32_MIN,
                                         .i8 = INT64_MIN,
                                         .d = 20240229,
                                         .t = 1775001600123456,
                                         .u = some_id,
                                         .x = "佐藤　花子 'x' \\ $1",
                                         .y = {bytes, sizeof bytes}};
    struct sugu_scalars_row row = {.is_found = false};

    world_init(&world);
    sugu_db_scalars(world.db, &params, &row);
    wait_round(&world);
    ck_assert(row.is_found && row.b);
    ck_assert_int_eq(row.i2, -32768);
    ck_assert_int_eq(row.i4, INT32_MIN);
    ck_assert_int_eq(row.i8, INT64_MIN);
    ck_assert_uint_eq(row.d, 20240229);
    ck_assert_int_eq(row.t, 1775001600123456);
    ck_assert(sugu_id_equal(&row.u, &some_id));
    ck_assert_str_eq(row.x, params.x);
    ck_assert_uint_eq(row.y_size, sizeof bytes);
    ck_assert_mem_eq(row.y, bytes, sizeof bytes);
    ck_assert_str_eq(row.said, "t -32768 -2147483648 -9223372036854775808 2024-02-29 "
                               "2026-04-01 00:00:00.123456+00 01234567-89ab-7def-8011-2233445566ff "
                               "佐藤　花子 'x' \\ $1 00ff275c");
    sugu_scalars_row_done(&row);
    /* The other ends, and the empty ones. */
    params = (struct sugu_scalars_params){
        .i2 = 32767, .i4 = INT32_MAX, .i8 = INT64_MAX, .d = 20000101, .t = 0, .x = ""};
    sugu_db_scalars(world.db, &params, &row);
    wait_round(&world);
    ck_assert(!row.b);
    ck_assert_int_eq(row.i2, 32767);
    ck_assert_int_eq(row.i4, INT32_MAX);
    ck_assert_int_eq(row.i8, INT64_MAX);
    ck_assert_int_eq(row.t, 0);
    ck_assert(sugu_id_is_none(&row.u));
    ck_assert_str_eq(row.x, "");
    ck_assert_uint_eq(row.y_size, 0);
    ck_assert_str_eq(row.said, "f 32767 2147483647 9223372036854775807 2000-01-01 "
                               "1970-01-01 00:00:00+00 00000000-0000-0000-0000-000000000000  ");
    sugu_scalars_row_done(&row);
    world_done(&world);
}
END_TEST

START_TEST(null_is_the_zero_value_both_ways)
{
    struct world world;
    struct sugu_nulls_row row;
    static uint8_t rubbish = 1;

    world_init(&world);
    memset(&row, 0x55, sizeof row);
    row.y = &rubbish;
    sugu_db_nulls(world.db, &(struct sugu_nulls_params){.i8 = INT64_MIN, .x = ""}, &row);
    wait_round(&world);
    ck_assert_int_eq(row.count, 5);
    ck_assert_int_eq(row.i8, 0);
    ck_assert_uint_eq(row.d, 0);
    ck_assert_int_eq(row.t, 0);
    ck_assert(sugu_id_is_none(&row.u));
    ck_assert_str_eq(row.x, "");
    ck_assert(!row.b);
    ck_assert_int_eq(row.i4, 0);
    ck_assert_uint_eq(row.y_size, 0);
    ck_assert_uint_eq(row.z_size, 0);
    sugu_nulls_row_done(&row);
    sugu_db_nulls(
        world.db,
        &(struct sugu_nulls_params){.i8 = 0, .d = 19000101, .t = 1, .u = some_id, .x = "x"}, &row);
    wait_round(&world);
    ck_assert_int_eq(row.count, 0);
    ck_assert_uint_eq(row.d, 19000101);
    ck_assert_int_eq(row.t, 1);
    ck_assert_str_eq(row.x, "x");
    sugu_nulls_row_done(&row);
    world_done(&world);
}
END_TEST

START_TEST(a_long_text_is_cut_between_characters)
{
    struct world world;
    struct sugu_short_row row;
    static const uint8_t bytes[] = {1, 2, 3, 4};

    world_init(&world);
    sugu_db_short(world.db, &(struct sugu_short_params){.x = "一番町", .y = {bytes, 4}}, &row);
    wait_round(&world);
    ck_assert_str_eq(row.x, "一"); /* three bytes; the second one would need six */
    ck_assert_uint_eq(row.y_size, 4);
    ck_assert_mem_eq(row.y, bytes, 4);
    world_done(&world);
}
END_TEST

/* Days of each month of the years that the wire carries: the first, the last, and one between. */
START_TEST(dates_from_1868_to_2999_are_the_same_days)
{
    static const uint32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static struct sugu_day_row rows[36];
    struct world world;

    world_init(&world);
    for (uint32_t year = 1868; year <= 2999; year++) {
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        uint32_t dates[36];
        for (uint32_t month = 0; month < 12; month++) {
            uint32_t last = lengths[month] + (month == 1 && is_leap);
            uint32_t days[] = {1, 15, last};
            for (uint32_t i = 0; i < 3; i++) {
                uint32_t at = 3 * month + i;
                dates[at] = year * 10000 + (month + 1) * 100 + days[i];
                sugu_db_day(world.db, &(struct sugu_day_params){.d = dates[at]}, &rows[at]);
            }
        }
        wait_round(&world);
        for (uint32_t at = 0; at < 36; at++) {
            ck_assert_uint_eq(rows[at].d, dates[at]);
            ck_assert_int_eq(rows[at].number, (int32_t)dates[at]);
        }
    }
    world_done(&world);
}
END_TEST

START_TEST(days_of_no_calendar_are_none)
{
    struct world world;
    struct sugu_far_days_row row = {.above = 1, .below = 1, .late = 1, .early = 1};

    world_init(&world);
    sugu_db_far_days(world.db, &(struct sugu_far_days_params){.n = 1}, &row);
    wait_round(&world);
    ck_assert_uint_eq(row.above, 0);
    ck_assert_uint_eq(row.below, 0);
    ck_assert_uint_eq(row.late, 0);
    ck_assert_uint_eq(row.early, 0);
    world_done(&world);
}
END_TEST

START_TEST(moments_reach_from_before_1970_to_infinity)
{
    static const struct {
        int64_t value;
        const char *said;
    } moments[] = {
        {-1, "1969-12-31 23:59:59.999999+00"},
        {INT64_C(-3218832000000000), "1868-01-01 00:00:00+00"},
        {INT64_C(946684800000000), "2000-01-01 00:00:00+00"},
        {INT64_C(32503679999999999), "2999-12-31 23:59:59.999999+00"},
        {INT64_MAX, "infinity"},
        {INT64_MIN, "-infinity"},
    };
    struct world world;

    world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(moments); i++) {
        struct sugu_moment_row row;
        sugu_db_moment(world.db, &(struct sugu_moment_params){.t = moments[i].value}, &row);
        wait_round(&world);
        ck_assert_int_eq(row.t, moments[i].value);
        ck_assert_str_eq(row.said, moments[i].said);
    }
    world_done(&world);
}
END_TEST

struct columns {
    struct sugu_id u[MANY];
    int16_t i2[MANY];
    int32_t i4[MANY];
    int64_t i8[MANY];
    const char *x[MANY];
    struct sugu_bytes y[MANY];
    char texts[MANY][16];
};

static void
check_arrays(struct world *world, const struct columns *columns, size_t count)
{
    struct sugu_arrays_rows rows;
    struct sugu_array_sizes_row sizes;

    sugu_db_arrays(world->db,
                   &(struct sugu_arrays_params){.count = count,
                                                .u = columns->u,
                                                .i2 = columns->i2,
                                                .i4 = columns->i4,
                                                .i8 = columns->i8,
                                                .x = columns->x,
                                                .y = columns->y},
                   &rows);
    sugu_db_array_sizes(
        world->db,
        &(struct sugu_array_sizes_params){.count = count, .u = columns->u, .x = columns->x},
        &sizes);
    wait_round(world);
    ck_assert_uint_eq(rows.count, count);
    ck_assert_int_eq(sizes.u, (int32_t)count);
    ck_assert_int_eq(sizes.x, (int32_t)count);
    for (size_t i = 0; i < count; i++) {
        const struct sugu_arrays_row *row = &rows.rows[i];
        ck_assert(sugu_id_equal(&row->u, &columns->u[i]));
        ck_assert_int_eq(row->i2, columns->i2[i]);
        ck_assert_int_eq(row->i4, columns->i4[i]);
        ck_assert_int_eq(row->i8, columns->i8[i]);
        ck_assert_str_eq(row->x, columns->x[i]);
        ck_assert_uint_eq(row->y_size, columns->y[i].size);
        if (row->y_size)
            ck_assert_mem_eq(row->y, columns->y[i].data, row->y_size);
    }
    sugu_arrays_rows_done(&rows);
}

START_TEST(arrays_of_none_one_and_many_keep_their_order)
{
    static struct columns columns;
    struct world world;

    for (size_t i = 0; i < MANY; i++) {
        snprintf(columns.texts[i], sizeof columns.texts[i], "%zu、\"{}", i);
        if (i % 7 == 0)
            columns.texts[i][0] = 0;
        columns.u[i].bytes[15] = (uint8_t)i;
        columns.i2[i] = (int16_t)(i * 31 - 15000);
        columns.i4[i] = (int32_t)(i * 2000000) - 1000000000;
        columns.i8[i] = (int64_t)i * INT64_C(9000000000000000) - INT64_C(4500000000000000000);
        columns.x[i] = columns.texts[i];
        columns.y[i] = (struct sugu_bytes){(const uint8_t *)columns.texts[i], i % 9};
    }
    world_init(&world);
    check_arrays(&world, &columns, 0);
    check_arrays(&world, &columns, 1);
    check_arrays(&world, &columns, MANY);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("values",
                       60,
                       scalars_mean_the_same_to_the_server,
                       null_is_the_zero_value_both_ways,
                       a_long_text_is_cut_between_characters,
                       dates_from_1868_to_2999_are_the_same_days,
                       days_of_no_calendar_are_none,
                       moments_reach_from_before_1970_to_infinity,
                       arrays_of_none_one_and_many_keep_their_order)
