/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-pin - where in the memory of the real sugu-reader is the PIN, and where is it not?
 *
 * Every readable byte of both of its processes is searched: before a PIN is sent, while it waits,
 * after it was dropped, after a right and after a wrong one was used.
 */
#include "reader-world.h"

#include "testlib/memory.h"

#include <stdio.h>
#include <string.h>

#define YEAR_US (INT64_C(365) * 86400 * SUGU_SECOND)

static struct sugu_places before, now;
static const char *needle; /* the PIN that is looked for */

static void
search(struct reader_world *world, struct sugu_places *places)
{
    places->count = 0;
    sugu_memory_search(places, world->pid, needle);
    sugu_memory_search(places, reader_world_side(world), needle);
}

/* Places that were not there before; *ret_in_page of them in the page for the PIN. */
static size_t
count_new(size_t *ret_in_page)
{
    const struct sugu_place *place;
    size_t count = 0, from = 0;

    *ret_in_page = 0;
    while ((place = sugu_memory_next_new(&before, &now, &from))) {
        count++;
        *ret_in_page += strstr(place->mapping, "sugu-pin") != NULL;
    }
    return count;
}

static bool
is_pin_gone(struct reader_world *world)
{
    size_t in_page;

    search(world, &now);
    return count_new(&in_page) == 0;
}

static void
assert_pin_gone(struct reader_world *world)
{
    const struct sugu_place *place;
    size_t in_page, from = 0;

    search(world, &now);
    while ((place = sugu_memory_next_new(&before, &now, &from)))
        fprintf(stderr, "# PIN in %d at %llx %s\n", (int)place->pid,
                (unsigned long long)place->address, place->mapping);
    ck_assert_uint_eq(count_new(&in_page), 0);
}

START_TEST(a_pin_is_in_one_page_until_it_is_used_and_nowhere_after)
{
    struct emulated_card *card = reader_world_card(
        &reader_person, reader_fixture.key, reader_fixture.authority, reader_fixture.now + YEAR_US);
    struct reader_world world;
    struct sugu_id presence;
    size_t in_page, found;

    reader_world_init(&world, KEEP_DUMPABLE);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    presence = world.card.presence;
    needle = "8317";
    search(&world, &before);
    /* While it waits: once in the page, which both processes see. The search can find it. */
    reader_world_send_pin(&world, &presence, "8317");
    for (int64_t i = 0; i < 1000; i++) {
        search(&world, &now);
        if (count_new(&in_page) > 0)
            break;
    }
    found = count_new(&in_page);
    ck_assert_uint_eq(found, 2);
    ck_assert_uint_eq(in_page, 2);
    /* It is not asked for: gone after five seconds. */
    reader_world_wait(&world, is_pin_gone, "PIN dropped");
    reader_world_read(&world, &presence);
    ck_assert_str_eq(world.reply.code, "pin.missing");
    /* Used: gone when the reply is there. */
    reader_world_read_with(&world, "8317");
    ck_assert_int_eq(world.reply.status, SUGU_OK);
    assert_pin_gone(&world);
    /* A wrong one is the last thing that libnfc had on its stack. */
    needle = "7304";
    search(&world, &before);
    reader_world_read_with(&world, "7304");
    ck_assert_str_eq(world.reply.code, "pin.wrong");
    assert_pin_gone(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {a_pin_is_in_one_page_until_it_is_used_and_nowhere_after};
    int status;

    reader_fixture_init();
    status = sugu_run_tests("pin", tests, SUGU_ARRAY_SIZE(tests), 60);
    reader_fixture_done();
    return status;
}
