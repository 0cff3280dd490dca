/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-apdu - commands and status words against a card that follows a script, and the gate
 */
#include "emulators/scripted-reader.h"
#include "reader/apdu.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <string.h>
#include <unistd.h>

#define JPKI                                                                                       \
    {                                                                                              \
        "00a4040c0ad392f000260100000001", "9000"                                                   \
    }
#define TEXT                                                                                       \
    {                                                                                              \
        "00a4040c0ad3921000310001010408", "9000"                                                   \
    }
#define KEY_PIN                                                                                    \
    {                                                                                              \
        "00a4020c020018", "9000"                                                                   \
    }
#define TEXT_PIN                                                                                   \
    {                                                                                              \
        "00a4020c020011", "9000"                                                                   \
    }
#define KEY                                                                                        \
    {                                                                                              \
        "00a4020c020017", "9000"                                                                   \
    }
#define ATTRS                                                                                      \
    {                                                                                              \
        "00a4020c020002", "9000"                                                                   \
    }
#define CERT                                                                                       \
    {                                                                                              \
        "00a4020c02000a", "9000"                                                                   \
    }

struct world {
    struct scripted_reader scripted;
    struct emulated_card *card;
    struct sugu_card_link link;
};

static void
world_init(struct world *world, const struct card_script_row *rows, size_t count)
{
    struct sugu_target target;
    struct sugu_error error;

    scripted_reader_init(&world->scripted);
    world->card = scripted_card_new(rows, count);
    scripted_reader_put(&world->scripted, world->card);
    sugu_assert_ok(world->scripted.reader.ops->open(&world->scripted.reader, "", &error), error);
    sugu_assert_ok(world->scripted.reader.ops->poll(&world->scripted.reader, 0, &target, &error),
                   error);
    sugu_card_link_init(&world->link, &world->scripted.reader);
}

/* The script has to be played to its end. */
static void
world_done(struct world *world)
{
    ck_assert_uint_eq(scripted_card_mismatches(world->card), 0);
    ck_assert_uint_eq(scripted_card_left(world->card), 0);
    emulated_card_free(world->card);
}

#define WORLD(world, ...)                                                                          \
    const struct card_script_row rows_[] = {__VA_ARGS__};                                          \
    struct world world;                                                                            \
    world_init(&world, rows_, SUGU_ARRAY_SIZE(rows_))

START_TEST(tries_left_are_asked_for_without_cost)
{
    static const struct {
        const char *answer;
        unsigned tries;
    } rows[] = {
        {"63c3", 3}, {"63c1", 1}, {"63c0", 0}, {"6983", 0}, {"6984", 0}, {"6300", 15}, {"9000", 3},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        WORLD(world, JPKI, KEY_PIN, {"00200080", rows[i].answer});
        struct sugu_error error;
        unsigned tries = 99;

        sugu_assert_ok(sugu_card_tries_left(&world.link, SUGU_CARD_KEY_PIN, &tries, &error), error);
        ck_assert_uint_eq(tries, rows[i].tries);
        world_done(&world);
    }
}
END_TEST

START_TEST(a_strange_answer_about_tries_is_no_number)
{
    WORLD(world, TEXT, TEXT_PIN, {"00200080", "6a86"});
    struct sugu_error error;
    unsigned tries = 99;

    sugu_assert_fails(sugu_card_tries_left(&world.link, SUGU_CARD_TEXT_PIN, &tries, &error),
                      SUGU_REFUSED, "card.not-readable", error);
    ck_assert_uint_eq(tries, 99);
    world_done(&world);
}
END_TEST

START_TEST(a_card_without_the_application_is_not_known)
{
    WORLD(world, {"00a4040c0ad392f000260100000001", "6a82"});
    struct sugu_error error;

    sugu_assert_fails(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), SUGU_REFUSED,
                      "card.not-known", error);
    world_done(&world);
}
END_TEST

START_TEST(the_application_is_selected_again_only_when_it_changes)
{
    WORLD(world, JPKI, CERT, KEY, TEXT, ATTRS, JPKI, CERT);
    struct sugu_error error;

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), error);
    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_KEY, &error), error);
    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_ATTRIBUTES, &error), error);
    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), error);
    world_done(&world);
}
END_TEST

START_TEST(an_object_is_read_in_parts_to_its_end_and_no_further)
{
    char first[2 * 240 + 5], rest[2 * 20 + 5];
    uint8_t bytes[SUGU_CARD_FILE_SIZE_MAX];
    struct sugu_error error;
    size_t size;

    memset(first, 'a', sizeof first);
    memcpy(first + 2 * 240, "9000", 5);
    memset(rest, 'b', sizeof rest);
    memcpy(rest + 2 * 20, "9000", 5);
    {
        /* 30 82 01 06 and 262 bytes: 6 with the head, then 240, then 20. */
        WORLD(world, JPKI, CERT, {"00b0000006", "3082010601029000"}, {"00b00006f0", first},
              {"00b000f614", rest});

        sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), error);
        sugu_assert_ok(sugu_card_read_object(&world.link, 0x30, 0, bytes, &size, &error), error);
        ck_assert_uint_eq(size, 266);
        ck_assert_uint_eq(bytes[6], 0xaa);
        ck_assert_uint_eq(bytes[246], 0xbb);
        world_done(&world);
    }
}
END_TEST

START_TEST(bytes_before_the_object_are_read_too)
{
    WORLD(world, TEXT, ATTRS, {"00b0000008", "1234ff20040102039000"}, {"00b0000801", "049000"});
    uint8_t bytes[SUGU_CARD_FILE_SIZE_MAX];
    struct sugu_error error;
    size_t size;

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_ATTRIBUTES, &error), error);
    sugu_assert_ok(sugu_card_read_object(&world.link, 0xff20, 2, bytes, &size, &error), error);
    ck_assert_uint_eq(size, 9);
    ck_assert_mem_eq(bytes, "\x12\x34\xff\x20\x04\x01\x02\x03\x04", 9);
    world_done(&world);
}
END_TEST

START_TEST(files_that_are_not_what_they_should_be_are_refused)
{
    static const struct {
        const char *what, *answer;
    } rows[] = {
        {"too large", "3082ffff01029000"},
        {"another object", "7f21820006009000"},
        {"smaller than its head", "3001ffffffff9000"},
        {"a length of four bytes", "3084000000019000"},
        {"shorter than asked for", "308201069000"},
        {"past the end", "6b00"},
        {"less than asked for", "3082010601026282"},
        {"not allowed", "6982"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        WORLD(world, JPKI, CERT, {"00b0000006", rows[i].answer});
        uint8_t bytes[SUGU_CARD_FILE_SIZE_MAX];
        struct sugu_error error;
        size_t size = 7;
        enum sugu_status status;

        sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), error);
        status = sugu_card_read_object(&world.link, 0x30, 0, bytes, &size, &error);
        ck_assert_msg(status == SUGU_REFUSED, "%s: %s", rows[i].what, sugu_status_name(status));
        ck_assert_str_eq(error.code, "card.not-readable");
        ck_assert_uint_eq(size, 7);
        world_done(&world);
    }
}
END_TEST

START_TEST(an_answer_in_pieces_is_put_together)
{
    WORLD(world, JPKI, KEY,
          {"802a00800201020"
           "0",
           "aabb6103"},
          {"00c0000003", "ccdd6102"}, {"00c0000002", "eeff9000"});
    struct sugu_card_answer answer;
    struct sugu_error error;

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_KEY, &error), error);
    sugu_assert_ok(sugu_card_sign(&world.link, (const uint8_t *)"\x01\x02", 2, &answer, &error),
                   error);
    ck_assert_uint_eq(answer.size, 6);
    ck_assert_mem_eq(answer.data, "\xaa\xbb\xcc\xdd\xee\xff", 6);
    world_done(&world);
}
END_TEST

START_TEST(an_answer_in_endless_pieces_ends)
{
    WORLD(world, JPKI, KEY, {"802a0080010100", "6101"}, {"00c0000001", "aa6101"},
          {"00c0000001", "aa6101"}, {"00c0000001", "aa6101"}, {"00c0000001", "aa6101"},
          {"00c0000001", "aa6101"}, {"00c0000001", "aa6101"}, {"00c0000001", "aa6101"},
          {"00c0000001", "aa6101"});
    struct sugu_card_answer answer;
    struct sugu_error error;

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_KEY, &error), error);
    sugu_assert_fails(sugu_card_sign(&world.link, (const uint8_t *)"\x01", 1, &answer, &error),
                      SUGU_REFUSED, "card.not-readable", error);
    world_done(&world);
}
END_TEST

START_TEST(a_wrong_le_is_corrected_once)
{
    WORLD(world, JPKI, CERT, {"00b0000006", "6c06"}, {"00b0000006", "0102030405069000"}, KEY,
          {"802a0080010100", "6c02"}, {"802a0080010102", "aabb9000"});
    struct sugu_card_answer answer;
    struct sugu_error error;
    uint8_t bytes[6];

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_CERTIFICATE, &error), error);
    sugu_assert_ok(sugu_card_read_part(&world.link, 0, bytes, 6, &error), error);
    ck_assert_mem_eq(bytes, "\x01\x02\x03\x04\x05\x06", 6);
    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_KEY, &error), error);
    sugu_assert_ok(sugu_card_sign(&world.link, (const uint8_t *)"\x01", 1, &answer, &error), error);
    ck_assert_uint_eq(answer.size, 2);
    world_done(&world);
}
END_TEST

static struct sugu_pin_page *
page_with_pin(const char *digits)
{
    int file = sugu_pin_page_file();
    struct sugu_pin_page *page;
    struct sugu_error error;

    sugu_assert_ok(sugu_pin_page_new(file, &page, &error), error);
    close(file);
    memset(page->arriving.presence.bytes, 7, SUGU_ID_SIZE);
    memcpy(page->arriving.digits, digits, SUGU_PIN_DIGITS);
    ck_assert(sugu_pin_page_accept(page, 0));
    return page;
}

START_TEST(a_pin_is_shown_once_whatever_the_card_says)
{
    static const struct {
        const char *answer;
        enum sugu_status status;
        bool is_right;
        unsigned tries;
    } rows[] = {
        {"9000", SUGU_OK, true, 99},       {"63c2", SUGU_OK, false, 2},
        {"63c0", SUGU_OK, false, 0},       {"6983", SUGU_OK, false, 0},
        {"6984", SUGU_OK, false, 0},       {"6c00", SUGU_REFUSED, false, 99},
        {"6f00", SUGU_REFUSED, false, 99},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        WORLD(world, JPKI, KEY_PIN, {"002000800438333137", rows[i].answer});
        struct sugu_pin_page *page = page_with_pin("8317");
        static const uint8_t nothing[sizeof page->command];
        struct sugu_error error;
        bool is_right = false;
        unsigned tries = 99;

        ck_assert_int_eq(
            sugu_card_verify(&world.link, SUGU_CARD_KEY_PIN, page, &is_right, &tries, &error),
            rows[i].status);
        ck_assert(is_right == rows[i].is_right);
        ck_assert_uint_eq(tries, rows[i].tries);
        ck_assert_mem_eq(page->command, nothing, sizeof nothing);
        sugu_pin_page_free(page);
        world_done(&world);
    }
}
END_TEST

/* ---- the gate */

/* What is selected before; the command; allowed? */
static const struct {
    enum sugu_card_application application;
    int file; /* enum sugu_card_file, -1 = none */
    const char *command;
    bool is_allowed;
} gate_rows[] = {
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad392f000260100000001", true},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad3921000310001010408", true},
    /* visual, resident register, common applications; a name that is cut; the master file */
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad3921000310001010402", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad3921000310001010401", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad3921000310001010100", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c09d392f0002601000000", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c0ad392f00026010000000100", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4000c023f00", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4040c", false},
    /* files: the number, the digests, the signing key's certificate; the right file in the
     * wrong application */
    {SUGU_CARD_TEXT, -1, "00a4020c020001", false},
    {SUGU_CARD_TEXT, -1, "00a4020c020003", false},
    {SUGU_CARD_TEXT, -1, "00a4020c020002", true},
    {SUGU_CARD_TEXT, -1, "00a4020c020014", false},
    {SUGU_CARD_TEXT, -1, "00a4020c02000a", false},
    {SUGU_CARD_JPKI, -1, "00a4020c020001", false},
    {SUGU_CARD_JPKI, -1, "00a4020c020002", false},
    {SUGU_CARD_JPKI, -1, "00a4020c02000a", true},
    {SUGU_CARD_JPKI, -1, "00a4020c02001a", false},
    {SUGU_CARD_NO_APPLICATION, -1, "00a4020c02000a", false},
    {SUGU_CARD_TEXT, -1, "00a402000200020000", false},
    /* reading: only what may be read, never by a short name, never by record */
    {SUGU_CARD_TEXT, SUGU_CARD_ATTRIBUTES, "00b0000000", true},
    {SUGU_CARD_TEXT, SUGU_CARD_ATTRIBUTES, "00b0810000", false},
    {SUGU_CARD_TEXT, SUGU_CARD_ATTRIBUTES, "00b2010c00", false},
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "00b0000000", false},
    {SUGU_CARD_TEXT, -1, "00b0000000", false},
    /* PINs: only four digits, only the selected one, never changed */
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "00200080", true},
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "002000800431323334", true},
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "00200080053132333435", false},
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "00200080043132333", false},
    {SUGU_CARD_TEXT, SUGU_CARD_TEXT_PIN, "00200091", false},
    {SUGU_CARD_TEXT, SUGU_CARD_ATTRIBUTES, "00200080", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY_PIN, "002401800431323334", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY_PIN, "002c0080", false},
    /* signatures */
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "802a0080010100", true},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "802a009a010100", false},
    {SUGU_CARD_JPKI, SUGU_CARD_CERTIFICATE, "802a0080010100", false},
    /* anything else */
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "00c0000010", true},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "80a20006c1", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "0084000010", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "00d6000001aa", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "04a4040c0ad392f000260100000001", false},
    {SUGU_CARD_JPKI, SUGU_CARD_KEY, "00b0", false},
};

START_TEST(nothing_goes_through_the_gate_but_what_a_reading_needs)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(gate_rows); i++) {
        struct sugu_apdu_gate gate = {
            .application = gate_rows[i].application,
            .file = gate_rows[i].file < 0
                        ? NULL
                        : sugu_card_file_row((enum sugu_card_file)gate_rows[i].file),
        };
        uint8_t command[32];
        size_t size = strlen(gate_rows[i].command) / 2;
        char whole[64];

        snprintf(whole, sizeof whole, "%.*s", (int)(2 * size), gate_rows[i].command);
        ck_assert(sugu_hex_to_bytes(command, size, whole));
        ck_assert_msg(sugu_apdu_gate_allows(&gate, command, size) == gate_rows[i].is_allowed, "%s",
                      gate_rows[i].command);
    }
}
END_TEST

START_TEST(the_gate_forgets_after_a_select_that_failed)
{
    static const uint8_t select_text[] = {0x00, 0xa4, 0x04, 0x0c, 0x0a, 0xd3, 0x92, 0x10,
                                          0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08};
    static const uint8_t select_file[] = {0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x02};
    static const uint8_t read[] = {0x00, 0xb0, 0x00, 0x00, 0x00};
    struct sugu_apdu_gate gate = {0};

    sugu_apdu_gate_note(&gate, select_text, sizeof select_text, 0x9000);
    sugu_apdu_gate_note(&gate, select_file, sizeof select_file, 0x9000);
    ck_assert(sugu_apdu_gate_allows(&gate, read, sizeof read));
    sugu_apdu_gate_note(&gate, select_file, sizeof select_file, 0x6a82);
    ck_assert(!sugu_apdu_gate_allows(&gate, read, sizeof read));
    ck_assert(sugu_apdu_gate_allows(&gate, select_file, sizeof select_file));
    sugu_apdu_gate_note(&gate, select_text, sizeof select_text, 0);
    ck_assert(!sugu_apdu_gate_allows(&gate, select_file, sizeof select_file));
}
END_TEST

START_TEST(a_forbidden_command_does_not_reach_the_reader)
{
    static const uint8_t number[] = {0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x01};
    WORLD(world, TEXT, ATTRS);
    struct sugu_card_answer answer;
    struct sugu_error error;

    sugu_assert_ok(sugu_card_select(&world.link, SUGU_CARD_ATTRIBUTES, &error), error);
    sugu_assert_fails(sugu_card_exchange(&world.link, number, sizeof number, &answer, &error),
                      SUGU_BROKEN, "card.forbidden", error);
    ck_assert_uint_eq(world.scripted.exchanges, 2);
    world_done(&world);
}
END_TEST

/* ---- the page */

START_TEST(a_pin_is_four_digits_for_a_presence_and_lives_five_seconds)
{
    struct sugu_pin_page *page = page_with_pin("0000");
    struct sugu_id presence, other = {{1}};
    static const char *const bad[] = {"123", "12a4", "1 34", "１", ""};

    memset(presence.bytes, 7, SUGU_ID_SIZE);
    ck_assert(sugu_pin_page_has(page, &presence, 0));
    ck_assert(!sugu_pin_page_has(page, &other, 0));
    ck_assert(sugu_pin_page_has(page, &presence, SUGU_PIN_LIFE_US - 1));
    ck_assert(!sugu_pin_page_has(page, &presence, SUGU_PIN_LIFE_US));
    ck_assert_int_eq(sugu_pin_page_expire(page, SUGU_PIN_LIFE_US - 10), 10);
    ck_assert_int_eq(page->pin.digits[0], '0');
    ck_assert_int_eq(sugu_pin_page_expire(page, SUGU_PIN_LIFE_US), -1);
    ck_assert_int_eq(page->pin.digits[0], 0);
    ck_assert(!sugu_pin_page_has(page, &presence, 0));
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bad); i++) {
        memset(page->arriving.presence.bytes, 7, SUGU_ID_SIZE);
        memcpy(page->arriving.digits, bad[i], strnlen(bad[i], 4));
        ck_assert_msg(!sugu_pin_page_accept(page, 0), "%s", bad[i]);
        ck_assert_int_eq(page->arriving.digits[0], 0);
    }
    memcpy(page->arriving.digits, "1234", 4); /* for no presence */
    ck_assert(!sugu_pin_page_accept(page, 0));
    sugu_pin_page_free(page);
}
END_TEST

SUGU_TEST_MAIN("apdu",
               tries_left_are_asked_for_without_cost,
               a_strange_answer_about_tries_is_no_number,
               a_card_without_the_application_is_not_known,
               the_application_is_selected_again_only_when_it_changes,
               an_object_is_read_in_parts_to_its_end_and_no_further,
               bytes_before_the_object_are_read_too,
               files_that_are_not_what_they_should_be_are_refused,
               an_answer_in_pieces_is_put_together,
               an_answer_in_endless_pieces_ends,
               a_wrong_le_is_corrected_once,
               a_pin_is_shown_once_whatever_the_card_says,
               nothing_goes_through_the_gate_but_what_a_reading_needs,
               the_gate_forgets_after_a_select_that_failed,
               a_forbidden_command_does_not_reach_the_reader,
               a_pin_is_four_digits_for_a_presence_and_lives_five_seconds)
