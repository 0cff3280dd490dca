/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-pin-keypad - where in the memory of the real sugu-kiosk is the PIN, and where is it not?
 *
 * The keys are pressed on the real screen and typed on a keyboard beside it; every readable byte of
 * the process is searched while the digits stand there, after they were sent, and after the page
 * was left without sending them.
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"
#include "testlib/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct house_options options = {.people = NULL};
static struct sugu_places before, now;

static pid_t
kiosk_of(struct house_world *world)
{
    return world->house.parts[HOUSE_KIOSK].pid;
}

/* The same program again, but for the one call that forbids to look into its memory. */
static void
restart_kiosk(struct house_world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->house.parts[HOUSE_KIOSK], SIGTERM), 0);
    setenv("LD_PRELOAD", KEEP_DUMPABLE, 1);
    house_world_start(world, HOUSE_KIOSK);
    unsetenv("LD_PRELOAD");
    house_world_page(world, "welcome");
}

static void
look(struct house_world *world, struct sugu_places *places, const char *pin)
{
    places->count = 0;
    sugu_memory_search(places, kiosk_of(world), pin);
}

/* While the digits stand on the page: once, where nothing else may look. */
static void
assert_guarded(struct house_world *world, const char *pin)
{
    const struct sugu_place *place;
    size_t from = 0;

    look(world, &now, pin);
    place = sugu_memory_next_new(&before, &now, &from);
    ck_assert_ptr_nonnull(place);
    ck_assert_msg(sugu_memory_is_guarded(place), "%s: %s", place->mapping, place->around);
    place = sugu_memory_next_new(&before, &now, &from);
    ck_assert_msg(!place, "the PIN stands in %s too: %s", place ? place->mapping : "",
                  place ? place->around : "");
}

static void
assert_gone(struct house_world *world, const char *pin)
{
    const struct sugu_place *place;
    size_t from = 0;

    look(world, &now, pin);
    place = sugu_memory_next_new(&before, &now, &from);
    ck_assert_msg(!place, "the PIN still stands in %s: %s", place ? place->mapping : "",
                  place ? place->around : "");
}

static void
press_keys(struct house_world *world, const char *pin)
{
    for (char key[2] = ""; *pin; pin++) {
        key[0] = *pin;
        sugu_screen_press(&world->house.screen, "sugu-kiosk", key);
    }
    house_world_sees(world, "4けた入力済み");
}

/* On a keyboard; a page that has just come takes no keys yet, so the first is tried again. */
static void
type_keys(struct house_world *world, const char *pin)
{
    struct sugu_screen *screen = &world->house.screen;
    const char first[2] = {pin[0], '\0'};

    do
        sugu_screen_type(screen, first);
    while (!sugu_screen_await_text(screen, "sugu-kiosk", "1けた入力済み", /* is_there= */ true,
                                   /* wait_s= */ 1));
    sugu_screen_type(screen, pin + 1);
    house_world_sees(world, "4けた入力済み");
}

START_TEST(nobody_may_look_into_the_kiosks_memory)
{
    struct house_world world;
    char path[64];

    house_world_init(&world, &options);
    snprintf(path, sizeof path, "/proc/%d/mem", (int)kiosk_of(&world));
    errno = 0;
    ck_assert_int_lt(open(path, O_RDONLY | O_CLOEXEC), 0);
    ck_assert_int_eq(errno, EACCES);
    house_world_done(&world);
}
END_TEST

/* Not of its own accord, and not by the kernel's. */
static void
assert_no_dumps(struct house_world *world)
{
    char path[64], line[256] = "";
    FILE *limits;

    snprintf(path, sizeof path, "/proc/%d/limits", (int)kiosk_of(world));
    limits = fopen(path, "re");
    ck_assert_ptr_nonnull(limits);
    while (strncmp(line, "Max core file size", 18) != 0)
        ck_assert_ptr_nonnull(fgets(line, sizeof line, limits));
    fclose(limits);
    ck_assert_msg(strncmp(line + 18, "        0                    0 ", 31) == 0, "%s", line);
}

START_TEST(a_pin_is_in_one_page_until_it_is_sent_and_nowhere_after)
{
    struct house_world world;

    house_world_init(&world, &options);
    restart_kiosk(&world);
    assert_no_dumps(&world);
    house_world_tell(&world, HOUSE_READER_EMULATOR, "put my-number sato");
    house_world_page(&world, "pin");
    /* Typed on a keyboard, and wrong. */
    look(&world, &before, "7391");
    type_keys(&world, "7391");
    assert_guarded(&world, "7391");
    house_world_press(&world, "決定");
    house_world_sees(&world, "あと2回");
    assert_gone(&world, "7391");
    /* Pressed, and not sent. */
    look(&world, &before, "8046");
    press_keys(&world, "8046");
    assert_guarded(&world, "8046");
    house_world_go(&world, "もどる", "take-card");
    assert_gone(&world, "8046");
    house_world_tell(&world, HOUSE_READER_EMULATOR, "take");
    house_world_page(&world, "welcome");
    /* Pressed, sent and right. */
    house_world_tell(&world, HOUSE_READER_EMULATOR, "put my-number sato");
    house_world_page(&world, "pin");
    look(&world, &before, HOUSE_PIN_SATO);
    press_keys(&world, HOUSE_PIN_SATO);
    assert_guarded(&world, HOUSE_PIN_SATO);
    house_world_go(&world, "決定", "confirm");
    assert_gone(&world, HOUSE_PIN_SATO);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("pin-keypad",
                       120,
                       nobody_may_look_into_the_kiosks_memory,
                       a_pin_is_in_one_page_until_it_is_sent_and_nowhere_after)
