/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-reader - cards, PINs and trouble, through the real sugu-reader, libnfc and a line
 */
#include "reader-world.h"

#include "base/settings.h"
#include "base/text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define YEAR_US (INT64_C(365) * 86400 * SUGU_SECOND)

static struct emulated_card *
good_card(void)
{
    return reader_world_card(&reader_person, reader_fixture.key, reader_fixture.authority,
                             reader_fixture.now + YEAR_US);
}

static void
assert_reply(const struct reader_world *world, enum sugu_status status, const char *code)
{
    ck_assert_msg(world->reply.status == status && strcmp(world->reply.code, code) == 0,
                  "reply %s %s: %s; expected %s %s", sugu_status_name(world->reply.status),
                  world->reply.code, world->reply.detail, sugu_status_name(status), code);
    if (status != SUGU_OK)
        ck_assert_str_eq(world->reply.name, "");
}

static void
assert_identity(const struct reader_world *world)
{
    assert_reply(world, SUGU_OK, "");
    ck_assert_str_eq(world->reply.name, reader_person.name);
    ck_assert_str_eq(world->reply.address, reader_person.address);
    ck_assert_uint_eq(world->reply.birth_date, 19580415);
    ck_assert_int_eq(world->reply.sex, SUGU__SEX__MALE);
    ck_assert_uint_eq(world->reply.tries_left, 3);
}

/* Every APDU that reached the card is one that a reading needs; the PIN stands in VERIFY alone. */
static void
assert_apdus(struct reader_world *world, const struct emulated_card *card)
{
    static const char *const selects[] = {
        "00a4040c0ad392f000260100000001",
        "00a4040c0ad3921000310001010408",
        "00a4020c02000a",
        "00a4020c020017",
        "00a4020c020018",
        "00a4020c020002",
        "00a4020c020011",
    };
    struct pn532_log_row row;
    size_t at;

    for (at = 0; pn532_log_row(world->chip, at, &row); at++) {
        char hex[2 * sizeof row.command + 1];
        bool is_known = row.command[1] != 0xa4;

        sugu_hex_from_bytes(hex, row.command, row.command_size);
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(selects); i++)
            is_known = is_known || strcmp(hex, selects[i]) == 0;
        ck_assert_msg(is_known, "APDU %s", hex);
        ck_assert_msg(row.command[1] != 0xb0 || !(row.command[2] & 0x80), "APDU %s", hex);
        ck_assert_msg(row.command[1] == 0x20 || !strstr(hex, "38333137"), "APDU %s", hex);
    }
    ck_assert_uint_gt(at, 10);
    ck_assert_uint_eq(my_number_card_forbidden(card), 0);
}

START_TEST(a_my_number_card_and_its_pin_say_who_it_is)
{
    struct emulated_card *card = good_card();
    struct reader_world world;
    struct sugu_id presence;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(world.card.kind, SUGU__CARD_KIND__CARD_MY_NUMBER);
    ck_assert_uint_eq(world.card.tries_left, 3);
    ck_assert_uint_eq(world.card.serial_size, 0);
    ck_assert_str_eq(world.card.code, "");
    presence = world.card.presence;
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    assert_apdus(&world, card);
    pn532_take(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    ck_assert(sugu_id_equal(&world.card.presence, &presence));
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert(!sugu_id_equal(&world.card.presence, &presence));
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_window_that_starts_later_is_told_what_lies_there)
{
    struct emulated_card *card = good_card();
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    sugu_client_free(world.client);
    world.store->free(world.store);
    world.card_count = world.health_count = 0;
    reader_world_start_client(&world);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(wrong_pins_are_counted_and_the_last_try_is_kept)
{
    struct emulated_card *card = good_card();
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "0000");
    assert_reply(&world, SUGU_REFUSED, "pin.wrong");
    ck_assert_str_eq(world.reply.detail, "tries=2");
    ck_assert_uint_eq(world.card.tries_left, 2); /* said before the reply */
    reader_world_read_with(&world, "0000");
    assert_reply(&world, SUGU_REFUSED, "pin.last-try");
    ck_assert_str_eq(world.reply.detail, "tries=1");
    ck_assert_str_eq(world.card.code, "pin.last-try");
    reader_world_read_with(&world, "8317");
    assert_reply(&world, SUGU_REFUSED, "pin.last-try");
    ck_assert_uint_eq(my_number_card_tries(card, MY_NUMBER_PIN_AUTHENTICATION), 1);
    assert_apdus(&world, card);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_blocked_card_is_sent_to_the_desk)
{
    static const unsigned words[] = {0x6983, 0x6984};
    struct my_number_person person = reader_person;
    struct emulated_card *card;
    struct reader_world world;

    person.blocked_sw = words[_i];
    card = reader_world_card(&person, reader_fixture.key, reader_fixture.authority,
                             reader_fixture.now + YEAR_US);
    my_number_card_set_tries(card, MY_NUMBER_PIN_AUTHENTICATION, 0);
    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_str_eq(world.card.code, "pin.blocked");
    ck_assert_uint_eq(world.card.tries_left, 0);
    reader_world_read_with(&world, "8317");
    assert_reply(&world, SUGU_REFUSED, "pin.blocked");
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_card_pulled_in_mid_exchange_can_be_put_back)
{
    struct emulated_card *card = good_card();
    struct pn532_plan plan = {
        .fault = PN532_FAULT_CARD_TAKEN,
        .command = PN532_EXCHANGE_APDU,
        .after = (unsigned)(3 * _i),
        .times = 1,
    };
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    pn532_plan(world.chip, &plan);
    reader_world_read_with(&world, "8317");
    ck_assert(pn532_has_struck(world.chip));
    assert_reply(&world, SUGU_REFUSED, "card.taken");
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    ck_assert_int_eq(world.health, SUGU__PART_HEALTH__PART_OK);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_uint_eq(world.card.tries_left, 3);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_card_swapped_while_the_pin_is_typed_is_not_shown_it)
{
    struct emulated_card *card = good_card();
    struct emulated_card *other =
        reader_world_card(&reader_person, reader_fixture.key_2, reader_fixture.authority,
                          reader_fixture.now + YEAR_US);
    struct reader_world world;
    struct sugu_id presence;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    presence = world.card.presence;
    pn532_plan(world.chip, &(struct pn532_plan){.fault = PN532_FAULT_CARD_SWAPPED,
                                                .command = PN532_LIST_TARGETS,
                                                .times = 1,
                                                .other = other});
    reader_world_send_pin(&world, &presence, "0000");
    reader_world_read(&world, &presence);
    assert_reply(&world, SUGU_REFUSED, "card.taken");
    ck_assert_uint_eq(my_number_card_tries(card, MY_NUMBER_PIN_AUTHENTICATION), 3);
    ck_assert_uint_eq(my_number_card_tries(other, MY_NUMBER_PIN_AUTHENTICATION), 3);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert(!sugu_id_equal(&world.card.presence, &presence));
    reader_world_done(&world);
    emulated_card_free(card);
    emulated_card_free(other);
}
END_TEST

START_TEST(hospital_cards_strangers_and_several_are_told_apart)
{
    static const uint8_t idm[8] = {1, 0x14, 3, 4, 5, 6, 7, 8}, uid[4] = {0x9a, 2, 3, 4};
    struct emulated_card *felica = felica_card_new(idm, false), *mifare = mifare_card_new(uid, 4),
                         *licence = licence_card_new(), *card = good_card();
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, felica);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(world.card.kind, SUGU__CARD_KIND__CARD_FELICA);
    ck_assert_mem_eq(world.card.serial, idm, 8);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARDS_SEVERAL);
    ck_assert_str_eq(world.card.code, "card.several");
    pn532_take(world.chip, felica);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(world.card.kind, SUGU__CARD_KIND__CARD_MY_NUMBER);
    pn532_take(world.chip, NULL);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    pn532_put(world.chip, mifare);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(world.card.kind, SUGU__CARD_KIND__CARD_MIFARE);
    ck_assert_mem_eq(world.card.serial, uid, 4);
    reader_world_read_with(&world, "8317");
    assert_reply(&world, SUGU_REFUSED, "card.not-known");
    pn532_take(world.chip, NULL);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    pn532_put(world.chip, licence);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(world.card.kind, SUGU__CARD_KIND__CARD_UNKNOWN);
    ck_assert_str_eq(world.card.code, "card.not-known");
    reader_world_done(&world);
    emulated_card_free(felica);
    emulated_card_free(mifare);
    emulated_card_free(licence);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_certificate_that_is_not_ours_or_too_old_is_not_trusted)
{
    bool is_expired = _i == 1;
    struct emulated_card *card = reader_world_card(
        &reader_person, reader_fixture.key,
        is_expired ? reader_fixture.authority : reader_fixture.stranger,
        is_expired ? reader_fixture.now - SUGU_MINUTE : reader_fixture.now + YEAR_US);
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_str_eq(world.card.code, "card.not-trusted");
    reader_world_read_with(&world, "8317");
    assert_reply(&world, SUGU_REFUSED, "card.not-trusted");
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_pin_has_to_be_there_and_for_this_card)
{
    static const uint8_t garbage[300] = {0xff};
    struct emulated_card *card = good_card();
    struct reader_world world;
    struct sugu_id presence, other = {{9}};

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    presence = world.card.presence;
    reader_world_read(&world, &presence);
    assert_reply(&world, SUGU_REFUSED, "pin.missing");
    reader_world_send_pin(&world, &other, "8317");
    reader_world_read(&world, &presence);
    assert_reply(&world, SUGU_REFUSED, "pin.missing");
    reader_world_send_pin(&world, &presence, "83x7");
    reader_world_send_packet(&world, garbage, 1);
    reader_world_send_packet(&world, garbage, sizeof garbage);
    reader_world_read(&world, &presence);
    assert_reply(&world, SUGU_REFUSED, "pin.missing");
    reader_world_send_pin(&world, &presence, "8317");
    reader_world_read(&world, &other);
    assert_reply(&world, SUGU_REFUSED, "card.taken");
    /* That request was refused, and took the PIN with it. */
    reader_world_read(&world, &presence);
    assert_reply(&world, SUGU_REFUSED, "pin.missing");
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_reader_unplugged_is_away_and_comes_back_by_itself)
{
    struct emulated_card *card = good_card();
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    pn532_unplug(world.chip);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_AWAY);
    reader_world_read(&world, &world.card.presence);
    assert_reply(&world, SUGU_RETRY, "reader.away");
    pn532_plug(world.chip);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

/* The last one makes libnfc call abort(). */
static const enum pn532_fault line_faults[] = {
    PN532_FAULT_NO_ACK,      PN532_FAULT_NACK,       PN532_FAULT_BAD_CHECKSUM,
    PN532_FAULT_BAD_LENGTH,  PN532_FAULT_HALF_FRAME, PN532_FAULT_LATE,
    PN532_FAULT_ERROR_FRAME, PN532_FAULT_SILENCE,    PN532_FAULT_NAD_STATUS,
};

START_TEST(a_reader_that_talks_nonsense_or_not_at_all_is_away_until_it_is_well)
{
    struct emulated_card *card = good_card();
    struct pn532_plan plan = {
        .fault = line_faults[_i],
        .command =
            line_faults[_i] == PN532_FAULT_NAD_STATUS ? PN532_EXCHANGE_APDU : PN532_LIST_TARGETS,
        .late_ms = 600,
    };
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_plan(world.chip, &plan);
    pn532_put(world.chip, card);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_AWAY);
    ck_assert(pn532_has_struck(world.chip));
    pn532_plan(world.chip, &(struct pn532_plan){.fault = PN532_FAULT_NONE});
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_reader_lost_in_mid_reading_is_an_answer_too)
{
    static const enum pn532_fault faults[] = {PN532_FAULT_UNPLUG, PN532_FAULT_BAD_CHECKSUM,
                                              PN532_FAULT_NAD_STATUS};
    struct emulated_card *card = good_card();
    struct pn532_plan plan = {
        .fault = faults[_i],
        .command = PN532_EXCHANGE_APDU,
        .after = 9,
        .times = 1,
    };
    struct reader_world world;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    pn532_plan(world.chip, &plan);
    reader_world_read_with(&world, "8317");
    ck_assert(pn532_has_struck(world.chip));
    assert_reply(&world, SUGU_RETRY, "reader.away");
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_AWAY);
    pn532_plug(world.chip);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(the_front_answers_while_the_card_side_hangs_and_replaces_it)
{
    struct emulated_card *card = good_card();
    struct reader_world world;
    struct sugu_id nobody = {{1}};
    pid_t side;

    reader_world_init(&world, NULL);
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    side = reader_world_side(&world);
    ck_assert_int_gt(side, 0);
    ck_assert_int_eq(kill(side, SIGSTOP), 0);
    reader_world_read(&world, &nobody);
    assert_reply(&world, SUGU_REFUSED, "card.taken");
    ck_assert_int_eq(world.health, SUGU__PART_HEALTH__PART_OK); /* not found out yet */
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_AWAY);
    ck_assert_int_eq(world.card.change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    ck_assert_int_ne(reader_world_side(&world), side);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

static pid_t orphan;

/* Gone, or dead and not yet buried by whoever inherited it. */
static bool
is_orphan_dead(struct reader_world *world)
{
    char path[64], text[256] = "";
    FILE *file;
    const char *state;

    (void)world;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)orphan);
    file = fopen(path, "re");
    if (!file)
        return true;
    if (!fgets(text, sizeof text, file))
        text[0] = '\0';
    fclose(file);
    state = strrchr(text, ')');
    return !state || state[2] == 'Z' || state[2] == 'X';
}

START_TEST(a_killed_program_leaves_nothing_in_the_way_of_the_next)
{
    struct emulated_card *card = good_card();
    struct reader_world world;

    reader_world_init(&world, NULL);
    orphan = reader_world_side(&world);
    ck_assert_int_gt(orphan, 0);
    ck_assert_int_eq(kill(world.pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(world.pid, NULL, 0), world.pid);
    world.health_count = 0;
    reader_world_start_program(&world, NULL);
    reader_world_wait_health(&world, SUGU__PART_HEALTH__PART_OK);
    reader_world_wait(&world, is_orphan_dead, "card side of the killed program");
    pn532_put(world.chip, card);
    reader_world_wait_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    reader_world_read_with(&world, "8317");
    assert_identity(&world);
    reader_world_done(&world);
    emulated_card_free(card);
}
END_TEST

/* ---- settings */

static int
run_reader(const char *const *arguments)
{
    pid_t pid = fork();
    int status = 0;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        const char *argv[16] = {"sugu-reader"};
        int null = open("/dev/null", O_RDWR);

        for (size_t i = 0; arguments[i]; i++)
            argv[i + 1] = arguments[i];
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execv(SUGU_READER, (char *const *)argv);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(settings_that_cannot_work_end_the_program_with_their_status)
{
    static const struct {
        const char *arguments[10];
        int status;
    } rows[] = {
        {{"--help"}, SUGU_EXIT_OK},
        {{"--bogus", "1"}, SUGU_EXIT_USAGE},
        {{"--listen", "tcp://127.0.0.1:1"}, SUGU_EXIT_SETTINGS},
        {{"--listen", "ipc:///proc/nowhere/reader"}, SUGU_EXIT_CANNOT_CREATE},
        {{"--listen", "ipc:///tmp/x", "--poll-ms", "1"}, SUGU_EXIT_SETTINGS},
        {{"--listen", "ipc:///tmp/x", "--device", "pn532_uart:/dev/null", "--roots", "/nowhere"},
         SUGU_EXIT_SETTINGS},
        {{"--listen", "ipc:///tmp/x", "--device", "pn532_uart:/dev/null"}, SUGU_EXIT_SETTINGS},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        int status = run_reader(rows[i].arguments);

        ck_assert_msg(status == rows[i].status, "row %zu: status %d, expected %d", i, status,
                      rows[i].status);
    }
}
END_TEST

int
main(void)
{
    const struct {
        const TTest *test;
        int count;
    } rows[] = {
        {a_my_number_card_and_its_pin_say_who_it_is, 1},
        {a_window_that_starts_later_is_told_what_lies_there, 1},
        {wrong_pins_are_counted_and_the_last_try_is_kept, 1},
        {a_blocked_card_is_sent_to_the_desk, 2},
        {a_card_pulled_in_mid_exchange_can_be_put_back, 6},
        {a_card_swapped_while_the_pin_is_typed_is_not_shown_it, 1},
        {hospital_cards_strangers_and_several_are_told_apart, 1},
        {a_certificate_that_is_not_ours_or_too_old_is_not_trusted, 2},
        {a_pin_has_to_be_there_and_for_this_card, 1},
        {a_reader_unplugged_is_away_and_comes_back_by_itself, 1},
        {a_reader_that_talks_nonsense_or_not_at_all_is_away_until_it_is_well,
         (int)SUGU_ARRAY_SIZE(line_faults)},
        {a_reader_lost_in_mid_reading_is_an_answer_too, 3},
        {the_front_answers_while_the_card_side_hangs_and_replaces_it, 1},
        {a_killed_program_leaves_nothing_in_the_way_of_the_next, 1},
        {settings_that_cannot_work_end_the_program_with_their_status, 1},
    };
    Suite *suite = suite_create("reader");
    TCase *tcase = tcase_create("reader");
    SRunner *runner;
    int failed;

    reader_fixture_init();
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        tcase_add_loop_test(tcase, rows[i].test, 0, rows[i].count);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    reader_fixture_done();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
