/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-pin - where in the memory of the real sugu-reader is the PIN, and where is it not?
 *
 * Every readable byte of both of its processes is searched: before a PIN is sent, while it waits,
 * after it was dropped, after a right and after a wrong one was used.
 */
#include "reader-world.h"

#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define YEAR_US (INT64_C(365) * 86400 * SUGU_SECOND)

#define PLACES_MAX 512

struct places {
    struct {
        pid_t pid;
        uint64_t address;
        char mapping[96];
    } at[PLACES_MAX];
    size_t count;
};

static const char *needle; /* the PIN that is looked for */

static void
search_range(struct places *places, pid_t pid, uint64_t low, uint64_t high, const char *mapping)
{
    char path[64];
    size_t size = high - low;
    uint8_t *bytes = malloc(size), *end = bytes + size;
    ssize_t got;
    int memory;

    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    memory = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(memory >= 0 && bytes, "%s", path);
    got = pread(memory, bytes, size, (off_t)low);
    close(memory);
    if (got != (ssize_t)size)
        end = bytes; /* [vvar] and its like */
    for (uint8_t *at = bytes; (at = memmem(at, (size_t)(end - at), needle, 4)); at += 4) {
        ck_assert_uint_lt(places->count, PLACES_MAX);
        places->at[places->count].pid = pid;
        places->at[places->count].address = low + (uint64_t)(at - bytes);
        sugu_text_copy(places->at[places->count].mapping, sizeof places->at[0].mapping, mapping);
        places->count++;
    }
    free(bytes);
}

static void
search_process(struct places *places, pid_t pid)
{
    char path[64], line[512];
    size_t ranges = 0;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    maps = fopen(path, "re");
    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps)) {
        unsigned long long low, high;
        char rights[8], name[400] = "";

        ck_assert_int_ge(
            sscanf(line, "%llx-%llx %7s %*s %*s %*s %399[^\n]", &low, &high, rights, name), 3);
        if (rights[0] != 'r' || strncmp(name, "[v", 2) == 0)
            continue;
        search_range(places, pid, low, high, name);
        ranges++;
    }
    fclose(maps);
    ck_assert_uint_gt(ranges, 20);
}

static void
search(struct reader_world *world, struct places *places)
{
    places->count = 0;
    search_process(places, world->pid);
    search_process(places, reader_world_side(world));
}

/* Places that were not there before; *ret_in_page of them in the page for the PIN. */
static size_t
new_places(const struct places *before, const struct places *now, size_t *ret_in_page)
{
    size_t count = 0;

    *ret_in_page = 0;
    for (size_t i = 0; i < now->count; i++) {
        bool is_old = false;

        for (size_t j = 0; j < before->count; j++)
            is_old = is_old || (before->at[j].pid == now->at[i].pid &&
                                before->at[j].address == now->at[i].address);
        if (is_old)
            continue;
        count++;
        *ret_in_page += strstr(now->at[i].mapping, "sugu-pin") != NULL;
    }
    return count;
}

static struct places before, now;

static bool
is_pin_gone(struct reader_world *world)
{
    size_t in_page;

    search(world, &now);
    return new_places(&before, &now, &in_page) == 0;
}

static void
assert_pin_gone(struct reader_world *world)
{
    size_t in_page, found;

    search(world, &now);
    found = new_places(&before, &now, &in_page);
    for (size_t i = 0; found && i < now.count; i++)
        fprintf(stderr, "# %zu of: PIN in %d at %llx %s\n", found, (int)now.at[i].pid,
                (unsigned long long)now.at[i].address, now.at[i].mapping);
    ck_assert_uint_eq(found, 0);
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
        if (new_places(&before, &now, &in_page) > 0)
            break;
    }
    found = new_places(&before, &now, &in_page);
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
