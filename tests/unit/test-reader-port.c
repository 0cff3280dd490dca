/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-reader-port - one contract for every reader: libnfc on the emulated chip, and the scripted
 * one
 *
 * What holds for both stands in the first part; what only a line with bytes can do (broken frames,
 * silence, a second program) in the second.
 */
#include "emulators/card-authority.h"
#include "emulators/card-my-number.h"
#include "emulators/pn532.h"
#include "emulators/scripted-reader.h"
#include "reader/reader-libnfc.h"

#include "testlib/checks.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const uint8_t idm[] = {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x9a};
static const uint8_t other_idm[] = {0x01, 0x14, 0x03, 0x12, 0x34, 0x56, 0x78, 0x9b};
static const uint8_t uid[] = {0x04, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6};

/* A reader with what a hand or a cable can do to it. */
struct world {
    bool is_real;
    struct sugu_reader *reader;
    struct pn532 *chip;
    struct sugu_reader_libnfc libnfc;
    struct scripted_reader scripted;
};

static void
world_init(struct world *world, int is_real)
{
    memset(world, 0, sizeof *world);
    world->is_real = is_real;
    if (is_real) {
        world->chip = pn532_new(NULL);
        sugu_reader_libnfc_init(&world->libnfc);
        world->reader = &world->libnfc.reader;
    } else {
        scripted_reader_init(&world->scripted);
        world->reader = &world->scripted.reader;
    }
}

static const char *
world_where(struct world *world)
{
    return world->is_real ? pn532_connstring(world->chip) : "scripted";
}

static void
world_done(struct world *world)
{
    if (world->is_real) {
        sugu_reader_libnfc_done(&world->libnfc);
        pn532_free(world->chip);
    } else {
        world->reader->ops->close(world->reader);
    }
}

static void
world_put(struct world *world, struct emulated_card *card)
{
    if (world->is_real)
        pn532_put(world->chip, card);
    else
        scripted_reader_put(&world->scripted, card);
}

static void
world_take(struct world *world, struct emulated_card *card)
{
    if (world->is_real)
        pn532_take(world->chip, card);
    else
        scripted_reader_take(&world->scripted, card);
}

static void
world_take_after(struct world *world, unsigned exchanges)
{
    struct pn532_plan plan = {
        .fault = PN532_FAULT_CARD_TAKEN,
        .command = PN532_EXCHANGE_APDU,
        .after = exchanges,
    };

    world->scripted.take_after = exchanges;
    if (world->is_real)
        pn532_plan(world->chip, &plan);
}

static void
world_unplug(struct world *world)
{
    world->scripted.is_away = true;
    if (world->is_real)
        pn532_unplug(world->chip);
}

static void
world_plug(struct world *world)
{
    world->scripted.is_away = false;
    if (world->is_real)
        pn532_plug(world->chip);
}

static void
open_reader(struct world *world)
{
    struct sugu_error error;

    sugu_assert_ok(world->reader->ops->open(world->reader, world_where(world), &error), error);
}

static struct sugu_target
poll_reader(struct world *world)
{
    struct sugu_target target = {0};
    struct sugu_error error;

    sugu_assert_ok(world->reader->ops->poll(world->reader, 400, &target, &error), error);
    return target;
}

static enum sugu_status
exchange(struct world *world, const char *command, size_t size, struct sugu_error *error)
{
    uint8_t answer[SUGU_RAPDU_SIZE_MAX];
    size_t answer_size;

    return world->reader->ops->exchange(world->reader, (const uint8_t *)command, size, answer,
                                        &answer_size, error);
}

/* ---- part 1: both */

START_TEST(an_empty_field_is_no_error)
{
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_NONE);
    world_done(&world);
}
END_TEST

START_TEST(a_hospital_card_gives_its_serial_as_often_as_it_is_asked)
{
    struct emulated_card *felica = felica_card_new(idm, false), *old = felica_card_new(idm, true),
                         *mifare = mifare_card_new(uid, sizeof uid);
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    for (int i = 0; i < 6; i++) {
        struct emulated_card *card = i < 2 ? felica : i < 4 ? old : mifare;
        struct sugu_target target;

        world_put(&world, card);
        target = poll_reader(&world);
        ck_assert_int_eq(target.kind, i < 4 ? SUGU_TARGET_FELICA : SUGU_TARGET_TYPE_A);
        ck_assert_mem_eq(target.serial, i < 4 ? idm : uid, target.serial_size);
        ck_assert_uint_eq(target.serial_size, i < 4 ? sizeof idm : sizeof uid);
        ck_assert_int_eq(poll_reader(&world).kind, target.kind);
        world_take(&world, card);
        ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_NONE);
    }
    world_done(&world);
    emulated_card_free(felica);
    emulated_card_free(old);
    emulated_card_free(mifare);
}
END_TEST

START_TEST(two_cards_of_any_kind_are_several)
{
    struct emulated_card *cards[] = {
        licence_card_new(),      licence_card_new(),          mifare_card_new(uid, 4),
        mifare_card_new(uid, 7), felica_card_new(idm, false), felica_card_new(other_idm, false),
    };
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    for (size_t a = 0; a < SUGU_ARRAY_SIZE(cards); a++) {
        for (size_t b = a + 1; b < SUGU_ARRAY_SIZE(cards); b++) {
            if (a == 4) /* two FeliCa cards answer at once: the chip hears one */
                continue;
            world_put(&world, cards[a]);
            world_put(&world, cards[b]);
            ck_assert_msg(poll_reader(&world).kind == SUGU_TARGET_SEVERAL, "%zu %zu", a, b);
            world_take(&world, cards[a]);
            ck_assert_int_ne(poll_reader(&world).kind, SUGU_TARGET_SEVERAL);
            world_take(&world, NULL);
        }
    }
    world_done(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(cards); i++)
        emulated_card_free(cards[i]);
}
END_TEST

START_TEST(a_type_b_card_exchanges_after_each_poll)
{
    static const struct card_script_row rows[] = {
        {"00a4000c023f00", "9000"},
        {"00b0000000", "6a82"},
        {"00a4000c023f00", "9000"},
    };
    struct emulated_card *card = scripted_card_new(rows, SUGU_ARRAY_SIZE(rows));
    struct sugu_error error;
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xa4\x00\x0c\x02\x3f\x00", 7, &error), error);
    sugu_assert_ok(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), error);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xa4\x00\x0c\x02\x3f\x00", 7, &error), error);
    ck_assert_uint_eq(scripted_card_left(card), 0);
    ck_assert_uint_eq(scripted_card_mismatches(card), 0);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(the_longest_command_and_answer_fit)
{
    struct card_script_row row;
    uint8_t command[SUGU_APDU_SIZE_MAX] = {0x80, 0x2a, 0x00, 0x80, 0xff}, answer[512] = {0};
    char command_hex[2 * SUGU_APDU_SIZE_MAX + 1], answer_hex[2 * SUGU_RAPDU_SIZE_MAX + 1];
    struct emulated_card *card;
    struct sugu_error error;
    struct world world;
    size_t size = 0;

    for (size_t i = 0; i < SUGU_APDU_SIZE_MAX; i++)
        snprintf(command_hex + 2 * i, 3, "%02x", command[i]);
    for (size_t i = 0; i < SUGU_RAPDU_SIZE_MAX; i++)
        snprintf(answer_hex + 2 * i, 3, "%02x", (unsigned)(uint8_t)(i * 7));
    row = (struct card_script_row){command_hex, answer_hex};
    card = scripted_card_new(&row, 1);
    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(
        world.reader->ops->exchange(world.reader, command, sizeof command, answer, &size, &error),
        error);
    ck_assert_uint_eq(size, SUGU_RAPDU_SIZE_MAX);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(answer[i], (uint8_t)(i * 7));
    ck_assert_uint_eq(answer[SUGU_RAPDU_SIZE_MAX], 0);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_card_pulled_in_mid_exchange_is_taken_and_can_come_back)
{
    struct emulated_card *card = licence_card_new();
    struct sugu_error error;
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    world_take_after(&world, 1);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), error);
    sugu_assert_fails(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), SUGU_REFUSED,
                      "card.taken", error);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_NONE);
    if (world.is_real)
        pn532_plan(world.chip, &(struct pn532_plan){0});
    world.scripted.take_after = 0;
    world_put(&world, card);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), error);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_dropped_field_makes_the_card_forget)
{
    /* A card that was shown its PIN answers 9000 to the question for tries, and 63C3 after the
     * field was gone. */
    struct my_number_person person = {
        .label = "test",
        .name = "x",
        .address = "y",
        .birth_date = "19700101",
        .sex = '1',
        .number = "123456789018",
        .pin = "1234",
        .text_pin = "1234",
        .blocked_sw = 0x6984,
    };
    EVP_PKEY *key = card_key_new(0);
    struct card_authority *authority =
        card_authority_new("Contract", sugu_clock_system()->utc_us(sugu_clock_system()));
    X509 *certificate = card_authority_issue(authority, "test", key, 0, SUGU_SECOND);
    struct emulated_card *card =
        my_number_card_new(&person, key, certificate, card_authority_issuing(authority));
    static const char select_jpki[] =
        "\x00\xa4\x04\x0c\x0a\xd3\x92\xf0\x00\x26\x01\x00\x00\x00\x01";
    struct sugu_error error;
    struct world world;
    uint8_t answer[SUGU_RAPDU_SIZE_MAX];
    size_t size;

    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
        sugu_assert_ok(exchange(&world, select_jpki, 15, &error), error);
        sugu_assert_ok(exchange(&world, "\x00\xa4\x02\x0c\x02\x00\x17", 7, &error), error);
        sugu_assert_ok(world.reader->ops->exchange(world.reader,
                                                   (const uint8_t *)"\x80\x2a\x00\x80\x01\x00\x00",
                                                   7, answer, &size, &error),
                       error);
        ck_assert_uint_eq(answer[size - 2] << 8 | answer[size - 1], 0x6982);
        sugu_assert_ok(exchange(&world, "\x00\xa4\x02\x0c\x02\x00\x18", 7, &error), error);
        sugu_assert_ok(exchange(&world, "\x00\x20\x00\x80\x04\x31\x32\x33\x34", 9, &error), error);
        if (round == 0)
            world.reader->ops->drop_field(world.reader);
    }
    world_done(&world);
    emulated_card_free(card);
    X509_free(certificate);
    EVP_PKEY_free(key);
    card_authority_free(authority);
}
END_TEST

START_TEST(a_reader_that_is_unplugged_is_away_until_it_is_back)
{
    struct emulated_card *card = licence_card_new();
    struct sugu_target target;
    struct sugu_error error;
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    world_unplug(&world);
    sugu_assert_fails(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), SUGU_RETRY,
                      "reader.away", error);
    sugu_assert_fails(world.reader->ops->poll(world.reader, 400, &target, &error), SUGU_RETRY,
                      "reader.away", error);
    world.reader->ops->close(world.reader);
    sugu_assert_fails(world.reader->ops->open(world.reader, world_where(&world), &error),
                      SUGU_RETRY, "reader.away", error);
    world_plug(&world);
    open_reader(&world);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_reader_that_goes_in_mid_exchange_is_away)
{
    struct pn532_plan plan = {
        .fault = PN532_FAULT_UNPLUG, .command = PN532_EXCHANGE_APDU, .after = 1};
    struct emulated_card *card = licence_card_new();
    struct sugu_error error;
    struct world world;

    world_init(&world, _i);
    open_reader(&world);
    world_put(&world, card);
    world.scripted.away_after = 1;
    if (world.is_real)
        pn532_plan(world.chip, &plan);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), error);
    sugu_assert_fails(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), SUGU_RETRY,
                      "reader.away", error);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

/* ---- part 2: the line */

/* The last three leave the host waiting: 350 ms in a poll, 5 s in an exchange. */
static const enum pn532_fault line_faults[] = {
    PN532_FAULT_NO_ACK,     PN532_FAULT_NACK,        PN532_FAULT_BAD_CHECKSUM,
    PN532_FAULT_BAD_LENGTH, PN532_FAULT_ERROR_FRAME, PN532_FAULT_HALF_FRAME,
    PN532_FAULT_LATE,       PN532_FAULT_SILENCE,
};
#define PROMPT_FAULTS 5

START_TEST(a_broken_line_is_away_in_a_poll_and_well_after_a_new_open)
{
    struct pn532_plan plan = {
        .fault = line_faults[_i],
        .command = PN532_LIST_TARGETS,
        .times = 1,
        .late_ms = 700,
    };
    struct emulated_card *card = licence_card_new();
    struct sugu_target target;
    struct sugu_error error;
    struct world world;

    world_init(&world, true);
    open_reader(&world);
    world_put(&world, card);
    pn532_plan(world.chip, &plan);
    sugu_assert_fails(world.reader->ops->poll(world.reader, 400, &target, &error), SUGU_RETRY,
                      "reader.away", error);
    ck_assert(pn532_has_struck(world.chip));
    world.reader->ops->close(world.reader);
    /* A late answer may still spoil the first try; the next one has a clean line. */
    if (world.reader->ops->open(world.reader, world_where(&world), &error) != SUGU_OK)
        open_reader(&world);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_broken_line_is_away_in_an_exchange)
{
    struct pn532_plan plan = {
        .fault = line_faults[_i],
        .command = PN532_EXCHANGE_APDU,
    };
    struct emulated_card *card = licence_card_new();
    struct sugu_error error;
    struct world world;

    world_init(&world, true);
    open_reader(&world);
    world_put(&world, card);
    pn532_plan(world.chip, &plan);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_fails(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), SUGU_RETRY,
                      "reader.away", error);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_silent_reader_is_away_at_open)
{
    struct pn532_plan plan = {.fault = PN532_FAULT_SILENCE, .command = PN532_ANY_COMMAND};
    struct sugu_error error;
    struct world world;

    world_init(&world, true);
    pn532_plan(world.chip, &plan);
    sugu_assert_fails(world.reader->ops->open(world.reader, world_where(&world), &error),
                      SUGU_RETRY, "reader.away", error);
    pn532_plan(world.chip, &(struct pn532_plan){0});
    open_reader(&world);
    world_done(&world);
}
END_TEST

START_TEST(a_card_that_takes_a_second_to_answer_is_waited_for)
{
    struct pn532_plan plan = {
        .fault = PN532_FAULT_LATE,
        .command = PN532_EXCHANGE_APDU,
        .times = 1,
        .late_ms = 1100,
    };
    struct emulated_card *card = licence_card_new();
    struct sugu_error error;
    struct world world;

    world_init(&world, true);
    open_reader(&world);
    world_put(&world, card);
    pn532_plan(world.chip, &plan);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_ok(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), error);
    ck_assert(pn532_has_struck(world.chip));
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_swapped_card_is_taken)
{
    struct emulated_card *card = licence_card_new(), *other = licence_card_new();
    struct pn532_plan plan = {
        .fault = PN532_FAULT_CARD_SWAPPED,
        .command = PN532_EXCHANGE_APDU,
        .times = 1,
        .other = other,
    };
    struct sugu_error error;
    struct world world;

    world_init(&world, true);
    open_reader(&world);
    world_put(&world, card);
    pn532_plan(world.chip, &plan);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    sugu_assert_fails(exchange(&world, "\x00\xb0\x00\x00\x00", 5, &error), SUGU_REFUSED,
                      "card.taken", error);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    world_done(&world);
    emulated_card_free(card);
    emulated_card_free(other);
}
END_TEST

START_TEST(a_command_too_long_for_libnfc_never_reaches_it)
{
    static const uint8_t command[SUGU_APDU_SIZE_MAX + 1];
    struct emulated_card *card = licence_card_new();
    uint8_t answer[SUGU_RAPDU_SIZE_MAX];
    struct sugu_error error;
    struct world world;
    size_t size, commands;

    world_init(&world, true);
    open_reader(&world);
    world_put(&world, card);
    ck_assert_int_eq(poll_reader(&world).kind, SUGU_TARGET_TYPE_B);
    commands = pn532_command_count(world.chip);
    sugu_assert_status(
        world.reader->ops->exchange(world.reader, command, sizeof command, answer, &size, &error),
        SUGU_BROKEN, error);
    ck_assert_uint_eq(pn532_command_count(world.chip), commands);
    world_done(&world);
    emulated_card_free(card);
}
END_TEST

START_TEST(a_line_in_use_by_another_program_is_left_alone)
{
    struct sugu_error error;
    struct world world;
    const char *path;
    int file;

    world_init(&world, true);
    path = strchr(world_where(&world), ':') + 1;
    file = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(flock(file, LOCK_EX | LOCK_NB), 0);
    sugu_assert_fails(world.reader->ops->open(world.reader, world_where(&world), &error),
                      SUGU_RETRY, "reader.away", error);
    ck_assert_uint_eq(pn532_command_count(world.chip), 0);
    close(file);
    open_reader(&world);
    world_done(&world);
}
END_TEST

START_TEST(orders_in_the_environment_do_not_reach_libnfc)
{
    struct world world;

    setenv("LIBNFC_LOG_LEVEL", "3", 1);
    setenv("LIBNFC_DEVICE", "pn532_uart:/nowhere", 1);
    world_init(&world, true);
    open_reader(&world);
    ck_assert_str_eq(getenv("LIBNFC_LOG_LEVEL"), "0");
    ck_assert_ptr_null(getenv("LIBNFC_DEVICE"));
    world_done(&world);
}
END_TEST

int
main(void)
{
    const struct {
        const TTest *test;
        int count;
    } rows[] = {
        {an_empty_field_is_no_error, 2},
        {a_hospital_card_gives_its_serial_as_often_as_it_is_asked, 2},
        {two_cards_of_any_kind_are_several, 2},
        {a_type_b_card_exchanges_after_each_poll, 2},
        {the_longest_command_and_answer_fit, 2},
        {a_card_pulled_in_mid_exchange_is_taken_and_can_come_back, 2},
        {a_dropped_field_makes_the_card_forget, 2},
        {a_reader_that_is_unplugged_is_away_until_it_is_back, 2},
        {a_reader_that_goes_in_mid_exchange_is_away, 2},
        {a_broken_line_is_away_in_a_poll_and_well_after_a_new_open,
         (int)SUGU_ARRAY_SIZE(line_faults)},
        {a_broken_line_is_away_in_an_exchange, PROMPT_FAULTS},
        {a_silent_reader_is_away_at_open, 1},
        {a_card_that_takes_a_second_to_answer_is_waited_for, 1},
        {a_swapped_card_is_taken, 1},
        {a_command_too_long_for_libnfc_never_reaches_it, 1},
        {a_line_in_use_by_another_program_is_left_alone, 1},
        {orders_in_the_environment_do_not_reach_libnfc, 1},
    };
    Suite *suite = suite_create("reader-port");
    TCase *tcase = tcase_create("reader-port");
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        tcase_add_loop_test(tcase, rows[i].test, 0, rows[i].count);
    tcase_set_timeout(tcase, 30);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
