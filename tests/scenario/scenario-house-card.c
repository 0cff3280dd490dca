/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-card - cards, PINs and the reader in trouble: what the patient sees, what staff
 * know
 *
 * The whole house runs; the card is put and taken, the cable pulled and frames are broken under
 * unmodified libnfc.
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

static const struct house_options options = {.people = NULL};

static void
tell_reader(struct house_world *world, const char *line)
{
    house_world_tell(world, HOUSE_READER_EMULATOR, line);
}

/* The emulated card's own counters: "tries KEY TEXT". */
static void
expect_tries(struct house_world *world, const char *name, const char *tries)
{
    char command[64], line[128];

    snprintf(command, sizeof command, "tries %s", name);
    house_say(&world->house, HOUSE_READER_EMULATOR, command);
    house_world_hear(world, HOUSE_READER_EMULATOR, "tries ", line, sizeof line);
    line[strcspn(line, "\n")] = '\0';
    ck_assert_str_eq(line, tries);
    house_world_hear(world, HOUSE_READER_EMULATOR, "ok", NULL, 0);
}

/* On the page "to-desk": the number is large, staff see it and why; then the person goes. */
static void
goes_to_desk(struct house_world *world, const char *words, const char *reason)
{
    char number[17], line[80];

    house_world_page(world, "to-desk");
    house_world_sees(world, words);
    house_world_newest(world, number);
    ck_assert_int_eq(number[0], 'R');
    house_world_sees(world, number);
    snprintf(line, sizeof line, "reason %s", reason);
    house_world_staff_see(world, number, line);
    house_world_leave(world);
}

START_TEST(a_wrong_pin_shows_the_tries_left_and_stops_before_the_last)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "wrong PIN";
    tell_reader(&world, "put my-number sato");
    house_world_page(&world, "pin");
    house_world_sees(&world, "あと3回");
    house_world_digits(&world, "1111");
    house_world_sees(&world, "暗証番号が");
    house_world_sees(&world, "あと2回");
    expect_tries(&world, "sato", "tries 2 3");
    house_world_digits(&world, "1111");
    goes_to_desk(&world, "あと1回", "pin.last-try");
    expect_tries(&world, "sato", "tries 1 3");
    world.trouble = "last try";
    tell_reader(&world, "put my-number sato");
    goes_to_desk(&world, "あと1回", "pin.last-try");
    expect_tries(&world, "sato", "tries 1 3"); /* nobody was asked for it */
    world.trouble = "blocked card";
    tell_reader(&world, "tries sato 0 3");
    tell_reader(&world, "put my-number sato");
    goes_to_desk(&world, "ロック", "pin.blocked");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM session"), 0);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM visit"), 3);
    house_world_done(&world);
}
END_TEST

START_TEST(a_card_pulled_away_in_mid_exchange_is_asked_for_and_another_one_begins_anew)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "pulled away from the keypad";
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    tell_reader(&world, "take");
    house_world_page(&world, "card-back");
    house_world_sees(&world, "もう一度");
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    world.trouble = "pulled away in mid-exchange";
    tell_reader(&world, "fault card-taken command=64 after=6 times=1");
    house_world_digits(&world, "1234");
    house_world_page(&world, "card-back");
    house_world_sees(&world, "もう一度");
    tell_reader(&world, "fault none");
    expect_tries(&world, "yamada", "tries 3 3");
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    house_world_sees(&world, "あと3回");
    house_world_digits(&world, "1234");
    house_world_page(&world, "confirm");
    world.trouble = "another card";
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM session"), 1);
    house_world_put_card(&world, 0);
    house_world_page(&world, "birthday");
    house_world_await(&world, "SELECT count(*) FROM session WHERE closed_at IS NOT NULL", 1);
    house_world_digits(&world, "0101");
    house_world_page(&world, "confirm");
    house_world_sees(&world, "試験");
    house_world_sees_no(&world, "山田");
    house_world_done(&world);
}
END_TEST

START_TEST(two_cards_and_an_unknown_one_are_said_in_plain_words)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "two cards";
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    tell_reader(&world, "put felica 0114b34d5c2fb000");
    house_world_page(&world, "card-trouble");
    house_world_sees(&world, "1枚だけ");
    tell_reader(&world, "take felica 0114b34d5c2fb000");
    house_world_page(&world, "pin");
    house_world_sees(&world, "あと3回");
    house_world_go(&world, "もどる", "take-card");
    house_world_take_card(&world);
    house_world_page(&world, "welcome");
    world.trouble = "unknown card";
    tell_reader(&world, "put licence");
    house_world_page(&world, "card-trouble");
    house_world_sees(&world, "お使いになれません");
    house_world_go(&world, "カードなしで", "no-card");
    house_world_go(&world, "番号札を取る", "to-desk");
    goes_to_desk(&world, "受付窓口へ", "visit.wants-desk");
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM session"), 0);
    house_world_done(&world);
}
END_TEST

/* The notice on the first page; and that one gets on without the reader. */
static void
goes_on_without_a_card(struct house_world *world)
{
    house_world_page(world, "welcome");
    house_world_sees(world, "カードの");
    house_world_go(world, "カードがない方", "no-card");
    house_world_sees(world, "カードの");
    house_world_go(world, "番号札を取る", "to-desk");
    goes_to_desk(world, "受付窓口へ", "visit.wants-desk");
}

/* The reader is there again, by itself: somebody's card is read. */
static void
reads_again(struct house_world *world, unsigned patient)
{
    house_world_page(world, "welcome");
    house_world_sees_no(world, "カードの");
    house_world_put_card(world, patient);
    house_world_page(world, "birthday");
    house_world_go(world, "もどる", "take-card");
    house_world_take_card(world);
    house_world_page(world, "welcome");
}

START_TEST(without_its_reader_the_kiosk_goes_on_and_takes_it_back)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "unplugged";
    tell_reader(&world, "unplug");
    goes_on_without_a_card(&world);
    tell_reader(&world, "plug");
    reads_again(&world, 0);
    world.trouble = "silent before the keypad";
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    tell_reader(&world, "fault silence");
    house_world_page(&world, "no-card");
    house_world_sees(&world, "カードの");
    tell_reader(&world, "take");
    house_world_go(&world, "もどる", "welcome");
    tell_reader(&world, "fault none");
    reads_again(&world, 1);
    world.trouble = "broken frames in the reading";
    tell_reader(&world, "put my-number yamada");
    house_world_page(&world, "pin");
    tell_reader(&world, "fault bad-checksum command=64 after=6");
    house_world_digits(&world, "1234");
    house_world_page(&world, "no-card");
    tell_reader(&world, "take");
    house_world_go(&world, "もどる", "welcome");
    tell_reader(&world, "fault none");
    reads_again(&world, 2);
    world.trouble = "program killed";
    house_world_kill(&world, HOUSE_READER);
    goes_on_without_a_card(&world);
    house_world_start(&world, HOUSE_READER);
    reads_again(&world, 3);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-card",
                       100,
                       a_wrong_pin_shows_the_tries_left_and_stops_before_the_last,
                       a_card_pulled_away_in_mid_exchange_is_asked_for_and_another_one_begins_anew,
                       two_cards_and_an_unknown_one_are_said_in_plain_words,
                       without_its_reader_the_kiosk_goes_on_and_takes_it_back)
