/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-insurance-asked - names of request files and notes of what was asked, over restarts
 */
#include "insurance/asked.h"

#include "base/files.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world {
    char folder[64], state[80];
    struct sugu_asked asked;
};

static void
world_init(struct world *world)
{
    struct sugu_error error;

    *world = (struct world){.folder = "/tmp/sugu-asked-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->state, sizeof world->state, "%s/a/b", world->folder);
    sugu_assert_ok(sugu_asked_open(world->state, &world->asked, &error), error);
}

static void
world_done(struct world *world)
{
    char command[128];

    sugu_asked_done(&world->asked);
    snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

static void
reopen(struct world *world)
{
    struct sugu_error error;

    sugu_asked_done(&world->asked);
    sugu_assert_ok(sugu_asked_open(world->state, &world->asked, &error), error);
}

static void
expect_stem(struct world *world, uint32_t date, uint32_t first, const char *expected)
{
    char stem[SUGU_OQS_STEM_SIZE];
    struct sugu_error error;

    sugu_assert_ok(sugu_asked_next_stem(&world->asked, date, first, stem, &error), error);
    ck_assert_str_eq(stem, expected);
}

static struct sugu_asked_entry
entry_of(uint8_t number, sugu_time_us asked_utc, enum sugu_asked_phase phase)
{
    struct sugu_asked_entry entry = {
        .eligibility = {{[0] = 1, [15] = number}}, .asked_utc = asked_utc, .phase = phase};

    snprintf(entry.stem, sizeof entry.stem, "20261122%04d", number);
    return entry;
}

static void
put(struct world *world, uint8_t number, sugu_time_us asked_utc, enum sugu_asked_phase phase)
{
    struct sugu_asked_entry entry = entry_of(number, asked_utc, phase);
    struct sugu_error error;

    sugu_assert_ok(sugu_asked_put(&world->asked, &entry, &error), error);
}

START_TEST(a_name_is_never_given_twice)
{
    struct world world;

    world_init(&world);
    expect_stem(&world, 20261122, 1, "202611220001");
    expect_stem(&world, 20261122, 1, "202611220002");
    reopen(&world);
    expect_stem(&world, 20261122, 1, "202611220003");
    expect_stem(&world, 20261121, 1, "202611220004"); /* an order of yesterday, after midnight */
    expect_stem(&world, 20261123, 1, "202611230001");
    expect_stem(&world, 20261122, 1, "202611230002");
    reopen(&world);
    expect_stem(&world, 20261123, 500, "202611230003");
    expect_stem(&world, 20261124, 500, "202611240500");
    world_done(&world);
}
END_TEST

START_TEST(the_days_numbers_end_at_9999)
{
    struct world world;
    char stem[SUGU_OQS_STEM_SIZE] = "as before";
    struct sugu_error error;

    world_init(&world);
    expect_stem(&world, 20261122, 9999, "202611229999");
    sugu_assert_fails(sugu_asked_next_stem(&world.asked, 20261122, 1, stem, &error), SUGU_REFUSED,
                      "eligibility.no-answer", error);
    ck_assert_str_eq(stem, "as before");
    expect_stem(&world, 20261123, 1, "202611230001");
    world_done(&world);
}
END_TEST

START_TEST(notes_survive_and_are_replaced_by_name)
{
    struct world world;
    struct sugu_id second = entry_of(2, 0, SUGU_ASKED_WAITING).eligibility;
    const struct sugu_asked_entry *found;

    world_init(&world);
    for (uint8_t number = 1; number <= 200; number++)
        put(&world, number, 1000 + number, SUGU_ASKED_WAITING);
    put(&world, 2, 1002, SUGU_ASKED_CLOSED);
    for (int turn = 0; turn < 2; turn++) {
        ck_assert_uint_eq(world.asked.count, 200);
        found = sugu_asked_find(&world.asked, &second);
        ck_assert_ptr_nonnull(found);
        ck_assert_int_eq(found->phase, SUGU_ASKED_CLOSED);
        ck_assert_int_eq(found->asked_utc, 1002);
        ck_assert_str_eq(found->stem, "202611220002");
        found = sugu_asked_find_stem(&world.asked, "202611220200");
        ck_assert_ptr_nonnull(found);
        ck_assert_int_eq(found->phase, SUGU_ASKED_WAITING);
        ck_assert_ptr_null(sugu_asked_find_stem(&world.asked, "202611220201"));
        reopen(&world);
    }
    world_done(&world);
}
END_TEST

START_TEST(only_closed_notes_become_old)
{
    struct world world;

    world_init(&world);
    put(&world, 1, 1000, SUGU_ASKED_CLOSED);
    put(&world, 2, 1000, SUGU_ASKED_WAITING);
    put(&world, 3, 2000, SUGU_ASKED_CLOSED);
    put(&world, 4, 3000, SUGU_ASKED_CLOSED);
    sugu_asked_prune(&world.asked, 2000);
    sugu_asked_forget(&world.asked, "202611220004");
    for (int turn = 0; turn < 2; turn++) {
        ck_assert_uint_eq(world.asked.count, 2);
        ck_assert_ptr_nonnull(sugu_asked_find_stem(&world.asked, "202611220002"));
        ck_assert_ptr_nonnull(sugu_asked_find_stem(&world.asked, "202611220003"));
        reopen(&world);
    }
    world_done(&world);
}
END_TEST

START_TEST(a_damaged_note_stops_the_start_instead_of_being_forgotten)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"202611220001", "eligibility 1 asked_utc_us 1 phase waiting\n"},
        {"202611220001", ""},
        {"202611220001",
         "eligibility 01000000-0000-0000-0000-000000000001\nasked_utc_us 5\nphase maybe\n"},
        {"202611220001",
         "eligibility 01000000-0000-0000-0000-000000000001\nasked_utc_us x\nphase closed\n"},
        {"sequence", "20261122\n"},
        {"sequence", "none\n"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct world world;
        struct sugu_asked again;
        struct sugu_error error;
        world_init(&world);
        sugu_asked_done(&world.asked);
        sugu_assert_ok(sugu_file_write(world.state, rows[i].name, rows[i].text,
                                       strlen(rows[i].text), false, &error),
                       error);
        sugu_assert_fails(sugu_asked_open(world.state, &again, &error), SUGU_BROKEN,
                          "file.not-readable", error);
        ck_assert_ptr_nonnull(strstr(error.detail, rows[i].name));
        world_done(&world);
    }
}
END_TEST

START_TEST(one_gateway_at_a_time)
{
    struct world world;
    struct sugu_asked second;
    struct sugu_error error;

    world_init(&world);
    sugu_assert_fails(sugu_asked_open(world.state, &second, &error), SUGU_BROKEN,
                      "file.not-written", error);
    sugu_asked_done(&world.asked);
    sugu_assert_ok(sugu_asked_open(world.state, &second, &error), error);
    sugu_asked_done(&second);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("insurance-asked",
               a_name_is_never_given_twice,
               the_days_numbers_end_at_9999,
               notes_survive_and_are_replaced_by_name,
               only_closed_notes_become_old,
               a_damaged_note_stops_the_start_instead_of_being_forgotten,
               one_gateway_at_a_time)
