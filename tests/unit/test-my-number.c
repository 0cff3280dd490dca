/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-my-number - looking at and reading a My Number card, on the scripted reader
 *
 * The same story with the real library and processes is in scenario-reader; here is every branch.
 */
#include "emulators/card-authority.h"
#include "emulators/card-my-number.h"
#include "emulators/scripted-reader.h"
#include "reader/watch.h"

#include "base/files.h"
#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW  (INT64_C(1790000000) * SUGU_SECOND) /* a day in 2026 */
#define YEAR (INT64_C(365) * 86400 * SUGU_SECOND)

static const struct my_number_person person = {
    .label = "test",
    .name = "山田　太郎",
    .address = "東京都千代田区霞が関１丁目１番１号",
    .birth_date = "19580415",
    .sex = '1',
    .number = "123456789018",
    .pin = "1234",
    .text_pin = "1234",
    .blocked_sw = 0x6984,
};

/* Made once for all tests, before Check forks: RSA keys take their time. */
static struct card_authority *authority, *stranger;
static EVP_PKEY *rsa_key, *rsa_key_2;

struct world {
    struct scripted_reader scripted;
    struct emulated_card *card;
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_trust *trust;
    struct sugu_watch watch;
    struct sugu_pin_page *page;
    char folder[64];
    /* what was said */
    struct sugu_card_note notes[16];
    size_t note_count;
    Sugu__PartHealth health;
    unsigned health_count, trouble_count;
};

static void
on_part(void *user, Sugu__PartHealth health, const char *code)
{
    struct world *world = user;

    ck_assert_str_eq(code, health == SUGU__PART_HEALTH__PART_OK ? "" : "reader.away");
    world->health = health;
    world->health_count++;
}

static void
on_card(void *user, const struct sugu_card_note *note)
{
    struct world *world = user;

    ck_assert_uint_lt(world->note_count, SUGU_ARRAY_SIZE(world->notes));
    world->notes[world->note_count++] = *note;
}

static void
on_trouble(void *user, const struct sugu_error *error)
{
    struct world *world = user;

    ck_assert_str_eq(error->code, "reader.away");
    world->trouble_count++;
}

static void
world_init(struct world *world)
{
    struct sugu_watch_callbacks callbacks = {on_part, on_card, on_trouble, world};
    struct sugu_my_number_needs needs = {
        .clock = &world->clock.clock,
        .random = &world->random.random,
    };
    struct sugu_error error;
    char folder[] = "/tmp/sugu-my-number-XXXXXX";
    int file = sugu_pin_page_file();

    memset(world, 0, sizeof *world);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(world->folder, sizeof world->folder, "%s", folder);
    card_authority_write(authority, folder);
    sugu_assert_ok(sugu_trust_load(folder, &world->trust, &error), error);
    needs.trust = world->trust;
    sugu_clock_manual_init(&world->clock, NOW);
    sugu_random_seeded_init(&world->random, 1);
    scripted_reader_init(&world->scripted);
    sugu_assert_ok(sugu_pin_page_new(file, &world->page, &error), error);
    close(file);
    sugu_watch_init(&world->watch, &world->scripted.reader, "scripted", SUGU_MS, &needs,
                    &callbacks);
    ck_assert_int_eq(sugu_watch_step(&world->watch), 0);
    ck_assert_int_eq(world->health, SUGU__PART_HEALTH__PART_OK);
}

static void
world_done(struct world *world)
{
    char command[128];

    if (world->card)
        ck_assert_uint_eq(my_number_card_forbidden(world->card), 0);
    sugu_watch_done(&world->watch);
    emulated_card_free(world->card);
    sugu_trust_free(world->trust);
    sugu_pin_page_free(world->page);
    snprintf(command, sizeof command, "rm -r '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

static struct emulated_card *
make_card(const struct my_number_person *whose,
          EVP_PKEY *key,
          struct card_authority *issuer,
          sugu_time_us until)
{
    X509 *certificate = card_authority_issue(issuer, whose->label, key, NOW - YEAR, until);
    struct emulated_card *card =
        my_number_card_new(whose, key, certificate, card_authority_issuing(issuer));

    X509_free(certificate);
    return card;
}

static void
put(struct world *world, struct emulated_card *card)
{
    world->card = card;
    scripted_reader_put(&world->scripted, card);
    sugu_watch_step(&world->watch);
}

static const struct sugu_card_note *
last(struct world *world)
{
    ck_assert_uint_gt(world->note_count, 0);
    return world->notes + world->note_count - 1;
}

static enum sugu_status
read_with(struct world *world,
          const char *pin,
          struct sugu_attributes *attributes,
          struct sugu_error *error)
{
    static const struct sugu_pin_packet nothing;
    struct sugu_id presence = last(world)->presence;
    enum sugu_status status;

    world->page->arriving.presence = presence;
    memcpy(world->page->arriving.digits, pin, SUGU_PIN_DIGITS);
    ck_assert(sugu_pin_page_accept(world->page, 0));
    status = sugu_watch_read(&world->watch, &presence, world->page, attributes, error);
    ck_assert(!world->page->is_there);
    ck_assert_mem_eq(&world->page->pin, &nothing, sizeof nothing);
    return status;
}

START_TEST(a_good_card_and_its_pin_give_the_attributes)
{
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;
    unsigned drops;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert_int_eq(last(&world)->kind, SUGU__CARD_KIND__CARD_MY_NUMBER);
    ck_assert_uint_eq(last(&world)->tries_left, 3);
    ck_assert_uint_eq(last(&world)->serial_size, 0);
    ck_assert_str_eq(last(&world)->code, "");
    drops = world.scripted.drops;
    sugu_assert_ok(read_with(&world, "1234", &attributes, &error), error);
    ck_assert_str_eq(attributes.name, person.name);
    ck_assert_str_eq(attributes.address, person.address);
    ck_assert_uint_eq(attributes.birth_date, 19580415);
    ck_assert_int_eq(attributes.sex, '1');
    ck_assert_uint_eq(world.watch.card.tries_left, 3);
    ck_assert_uint_eq(world.scripted.drops, drops + 1);
    ck_assert_uint_eq(world.note_count, 1);
    world_done(&world);
}
END_TEST

START_TEST(a_key_of_the_next_card_is_a_matter_of_a_table)
{
    EVP_PKEY *key = card_key_new(0);
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, key, authority, NOW + YEAR));
    ck_assert_str_eq(last(&world)->code, "");
    sugu_assert_ok(read_with(&world, "1234", &attributes, &error), error);
    ck_assert_str_eq(attributes.name, person.name);
    world_done(&world);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(a_wrong_pin_costs_one_try_of_one_counter_and_says_what_is_left)
{
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED, "pin.wrong",
                      error);
    ck_assert_str_eq(error.detail, "tries=2");
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 2);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_TEXT), 3);
    ck_assert_uint_eq(world.note_count, 2);
    ck_assert_uint_eq(last(&world)->tries_left, 2);
    ck_assert(sugu_id_equal(&last(&world)->presence, &world.notes[0].presence));
    /* The right one now brings the counter back, and that is said as well. */
    sugu_assert_ok(read_with(&world, "1234", &attributes, &error), error);
    ck_assert_uint_eq(last(&world)->tries_left, 3);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 3);
    world_done(&world);
}
END_TEST

START_TEST(the_last_try_is_never_used)
{
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED, "pin.wrong",
                      error);
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED, "pin.last-try",
                      error);
    ck_assert_str_eq(error.detail, "tries=1");
    ck_assert_str_eq(last(&world)->code, "pin.last-try");
    /* Not even with the right one. */
    sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED, "pin.last-try",
                      error);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 1);
    world_done(&world);
}
END_TEST

START_TEST(either_counter_stops_a_reading_before_any_pin_is_shown)
{
    static const struct {
        unsigned key, text, shown;
        const char *code;
        unsigned blocked_sw;
    } rows[] = {
        {3, 3, 3, "", 0x6984},
        {2, 3, 2, "", 0x6984},
        {3, 2, 2, "", 0x6984},
        {1, 3, 1, "pin.last-try", 0x6984},
        {3, 1, 1, "pin.last-try", 0x6984},
        {0, 3, 0, "pin.blocked", 0x6984},
        {3, 0, 0, "pin.blocked", 0x6984},
        {0, 0, 0, "pin.blocked", 0x6983},
        {3, 0, 0, "pin.blocked", 0x6983},
        {0, 3, 0, "pin.blocked", 0x63c0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct my_number_person whose = person;
        struct emulated_card *card;
        struct sugu_attributes attributes;
        struct sugu_error error;
        struct world world;

        world_init(&world);
        whose.blocked_sw = rows[i].blocked_sw;
        card = make_card(&whose, rsa_key, authority, NOW + YEAR);
        my_number_card_set_tries(card, MY_NUMBER_PIN_AUTHENTICATION, rows[i].key);
        my_number_card_set_tries(card, MY_NUMBER_PIN_TEXT, rows[i].text);
        put(&world, card);
        ck_assert_uint_eq(last(&world)->tries_left, rows[i].shown);
        ck_assert_str_eq(last(&world)->code, rows[i].code);
        if (rows[i].code[0]) {
            sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED,
                              rows[i].code, error);
            ck_assert_uint_eq(my_number_card_tries(card, MY_NUMBER_PIN_AUTHENTICATION),
                              rows[i].key);
            ck_assert_uint_eq(my_number_card_tries(card, MY_NUMBER_PIN_TEXT), rows[i].text);
        }
        world_done(&world);
    }
}
END_TEST

START_TEST(tries_used_elsewhere_meanwhile_are_seen_before_the_pin_is_shown)
{
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    my_number_card_set_tries(world.card, MY_NUMBER_PIN_TEXT, 1);
    sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED, "pin.last-try",
                      error);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_TEXT), 1);
    ck_assert_str_eq(last(&world)->code, "pin.last-try");
    world_done(&world);
}
END_TEST

START_TEST(two_different_pins_cost_one_try_of_the_second)
{
    struct my_number_person whose = person;
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    snprintf(whose.text_pin, sizeof whose.text_pin, "5678");
    put(&world, make_card(&whose, rsa_key, authority, NOW + YEAR));
    sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED, "pin.wrong",
                      error);
    ck_assert_str_eq(error.detail, "tries=2");
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 3);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_TEXT), 2);
    world_done(&world);
}
END_TEST

START_TEST(a_card_of_another_issuer_is_not_trusted_and_not_shown_a_pin)
{
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, stranger, NOW + YEAR));
    ck_assert_str_eq(last(&world)->code, "card.not-trusted");
    ck_assert_uint_eq(last(&world)->tries_left, 3);
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED,
                      "card.not-trusted", error);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 3);
    world_done(&world);
}
END_TEST

START_TEST(validity_is_judged_by_the_clock_that_is_given)
{
    struct world world;
    struct emulated_card *card = make_card(&person, rsa_key, authority, NOW + YEAR);

    world_init(&world);
    put(&world, card);
    ck_assert_str_eq(last(&world)->code, "");
    scripted_reader_take(&world.scripted, card);
    sugu_watch_step(&world.watch);
    ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    sugu_clock_manual_advance(&world.clock, YEAR + SUGU_SECOND);
    put(&world, card);
    ck_assert_str_eq(last(&world)->code, "card.not-trusted");
    scripted_reader_take(&world.scripted, card);
    sugu_watch_step(&world.watch);
    sugu_clock_manual_init(&world.clock, NOW - 2 * YEAR);
    put(&world, card);
    ck_assert_str_eq(last(&world)->code, "card.not-trusted");
    world_done(&world);
}
END_TEST

START_TEST(a_copied_certificate_without_its_key_is_found_out)
{
    /* The certificate is of the first key, the card has the second. */
    X509 *certificate =
        card_authority_issue(authority, person.label, rsa_key, NOW - YEAR, NOW + YEAR);
    struct emulated_card *card =
        my_number_card_new(&person, rsa_key_2, certificate, card_authority_issuing(authority));
    struct sugu_attributes attributes = {.sex = 'x'};
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, card);
    ck_assert_str_eq(last(&world)->code, "");
    sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED,
                      "card.not-trusted", error);
    ck_assert_int_eq(attributes.sex, 'x');
    ck_assert_str_eq(last(&world)->code, "card.not-trusted");
    X509_free(certificate);
    world_done(&world);
}
END_TEST

START_TEST(a_pin_is_not_shown_to_another_card_in_its_place)
{
    struct emulated_card *second = make_card(&person, rsa_key_2, authority, NOW + YEAR);
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;
    struct sugu_id first;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    first = last(&world)->presence;
    scripted_reader_take(&world.scripted, NULL);
    scripted_reader_put(&world.scripted, second);
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED, "card.taken",
                      error);
    ck_assert_uint_eq(my_number_card_tries(second, MY_NUMBER_PIN_AUTHENTICATION), 3);
    ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    ck_assert(sugu_id_equal(&last(&world)->presence, &first));
    sugu_watch_step(&world.watch);
    ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert(!sugu_id_equal(&last(&world)->presence, &first));
    world_done(&world);
    emulated_card_free(second);
}
END_TEST

START_TEST(a_card_that_the_reader_lost_for_a_moment_is_found_and_not_put)
{
    static const struct {
        int64_t away_us;
        bool is_taken, is_found;
    } cases[] = {
        {SUGU_SECOND, false, true},
        {6 * SUGU_SECOND, false, false}, /* long enough for the next person */
        {SUGU_SECOND, true, false},      /* the reader was seen empty in between */
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(cases); i++) {
        struct world world;
        struct sugu_id first;

        world_init(&world);
        put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
        ck_assert(!last(&world)->is_found);
        first = last(&world)->presence;
        world.scripted.is_away = true;
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
        sugu_clock_manual_advance(&world.clock, cases[i].away_us);
        world.scripted.is_away = false;
        if (cases[i].is_taken)
            scripted_reader_take(&world.scripted, NULL);
        sugu_watch_step(&world.watch);
        sugu_watch_step(&world.watch);
        if (cases[i].is_taken)
            put(&world, world.card);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
        ck_assert_int_eq(last(&world)->is_found, cases[i].is_found);
        ck_assert(!sugu_id_equal(&last(&world)->presence, &first));
        world_done(&world);
    }
}
END_TEST

/* Wherever in the reading the card is pulled or the reader goes, nothing of the person is told, the
 * PIN is gone, and the card that comes back is a new presence. */
START_TEST(a_card_can_be_pulled_at_any_point)
{
    for (unsigned at = 1;; at++) {
        struct sugu_attributes attributes = {.sex = 'x'};
        struct sugu_error error;
        struct world world;
        struct sugu_id first;
        enum sugu_status status;

        world_init(&world);
        put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
        first = last(&world)->presence;
        world.scripted.take_after = world.scripted.exchanges + at;
        status = read_with(&world, "1234", &attributes, &error);
        if (status == SUGU_OK) {
            world_done(&world);
            ck_assert_uint_gt(at, 15);
            break;
        }
        ck_assert_str_eq(error.code, "card.taken");
        ck_assert_int_eq(attributes.sex, 'x');
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
        world.scripted.take_after = 0;
        scripted_reader_put(&world.scripted, world.card);
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
        ck_assert(!sugu_id_equal(&last(&world)->presence, &first));
        ck_assert_uint_eq(last(&world)->tries_left, 3);
        world_done(&world);
    }
}
END_TEST

START_TEST(the_reader_can_go_at_any_point)
{
    for (unsigned at = 1;; at++) {
        struct sugu_attributes attributes = {.sex = 'x'};
        struct sugu_error error;
        struct world world;
        enum sugu_status status;

        world_init(&world);
        put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
        world.scripted.away_after = world.scripted.exchanges + at;
        status = read_with(&world, "1234", &attributes, &error);
        if (status == SUGU_OK) {
            world_done(&world);
            ck_assert_uint_gt(at, 15);
            break;
        }
        ck_assert_int_eq(status, SUGU_RETRY);
        ck_assert_str_eq(error.code, "reader.away");
        ck_assert_int_eq(world.health, SUGU__PART_HEALTH__PART_AWAY);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
        ck_assert_int_eq(sugu_watch_step(&world.watch), 200 * SUGU_MS);
        ck_assert_int_eq(sugu_watch_step(&world.watch), 400 * SUGU_MS);
        world.scripted.away_after = 0;
        world.scripted.is_away = false;
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(world.health, SUGU__PART_HEALTH__PART_OK);
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
        world_done(&world);
    }
}
END_TEST

START_TEST(a_file_of_nonsense_is_not_readable_and_not_a_person)
{
    struct sugu_attributes attributes = {.sex = 'x'};
    struct sugu_error error;
    struct world world;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    my_number_card_set_attributes(world.card, (const uint8_t *)"\xff\x20\x03\xdf\x22\x01xyzuvw",
                                  12);
    sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED,
                      "card.not-readable", error);
    ck_assert_int_eq(attributes.sex, 'x');
    world_done(&world);
}
END_TEST

START_TEST(other_cards_are_announced_for_what_they_are)
{
    static const uint8_t idm[8] = {1, 2, 3, 4, 5, 6, 7, 8}, uid[7] = {4, 1, 2, 3, 4, 5, 6};
    static const uint8_t random_uid[4] = {0x08, 1, 2, 3};
    struct emulated_card *cards[] = {
        felica_card_new(idm, false),
        mifare_card_new(uid, 7),
        mifare_card_new(random_uid, 4),
        licence_card_new(),
    };
    static const struct {
        Sugu__CardKind kind;
        size_t serial_size;
        const char *code;
    } expected[] = {
        {SUGU__CARD_KIND__CARD_FELICA, 8, ""},
        {SUGU__CARD_KIND__CARD_MIFARE, 7, ""},
        {SUGU__CARD_KIND__CARD_UNKNOWN, 0, "card.not-known"},
        {SUGU__CARD_KIND__CARD_UNKNOWN, 0, "card.not-known"},
    };
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(cards); i++) {
        scripted_reader_put(&world.scripted, cards[i]);
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
        ck_assert_int_eq(last(&world)->kind, expected[i].kind);
        ck_assert_uint_eq(last(&world)->serial_size, expected[i].serial_size);
        ck_assert_str_eq(last(&world)->code, expected[i].code);
        sugu_assert_fails(read_with(&world, "1234", &attributes, &error), SUGU_REFUSED,
                          "card.not-known", error);
        scripted_reader_take(&world.scripted, cards[i]);
        sugu_watch_step(&world.watch);
        ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
        emulated_card_free(cards[i]);
    }
    world_done(&world);
}
END_TEST

START_TEST(two_cards_end_the_presence_until_one_is_left)
{
    static const uint8_t idm[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct emulated_card *felica = felica_card_new(idm, false);
    struct sugu_attributes attributes;
    struct sugu_error error;
    struct world world;
    struct sugu_id first;

    world_init(&world);
    put(&world, make_card(&person, rsa_key, authority, NOW + YEAR));
    first = last(&world)->presence;
    scripted_reader_put(&world.scripted, felica);
    sugu_assert_fails(read_with(&world, "9999", &attributes, &error), SUGU_REFUSED, "card.several",
                      error);
    ck_assert_uint_eq(my_number_card_tries(world.card, MY_NUMBER_PIN_AUTHENTICATION), 3);
    ck_assert_uint_eq(world.note_count, 3);
    ck_assert_int_eq(world.notes[1].change, SUGU__CARD_CHANGE_KIND__CARD_TAKEN);
    ck_assert_int_eq(world.notes[2].change, SUGU__CARD_CHANGE_KIND__CARDS_SEVERAL);
    ck_assert_str_eq(world.notes[2].code, "card.several");
    sugu_watch_step(&world.watch);
    ck_assert_uint_eq(world.note_count, 3); /* said once */
    scripted_reader_take(&world.scripted, felica);
    sugu_watch_step(&world.watch);
    ck_assert_int_eq(last(&world)->change, SUGU__CARD_CHANGE_KIND__CARD_PUT);
    ck_assert(!sugu_id_equal(&last(&world)->presence, &first));
    world_done(&world);
    emulated_card_free(felica);
}
END_TEST

START_TEST(a_reader_that_stays_away_is_tried_ever_more_rarely)
{
    struct world world;
    int64_t expected = 200 * SUGU_MS;

    world_init(&world);
    world.scripted.is_away = true;
    ck_assert_int_eq(sugu_watch_step(&world.watch), expected);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(sugu_watch_step(&world.watch), expected);
        expected = 2 * expected < 5 * SUGU_SECOND ? 2 * expected : 5 * SUGU_SECOND;
    }
    ck_assert_uint_eq(world.health_count, 2);
    world_done(&world);
}
END_TEST

static const TTest *
tests_at(size_t i)
{
    const TTest *const tests[] = {
        a_good_card_and_its_pin_give_the_attributes,
        a_key_of_the_next_card_is_a_matter_of_a_table,
        a_wrong_pin_costs_one_try_of_one_counter_and_says_what_is_left,
        the_last_try_is_never_used,
        either_counter_stops_a_reading_before_any_pin_is_shown,
        tries_used_elsewhere_meanwhile_are_seen_before_the_pin_is_shown,
        two_different_pins_cost_one_try_of_the_second,
        a_card_of_another_issuer_is_not_trusted_and_not_shown_a_pin,
        validity_is_judged_by_the_clock_that_is_given,
        a_copied_certificate_without_its_key_is_found_out,
        a_pin_is_not_shown_to_another_card_in_its_place,
        a_card_that_the_reader_lost_for_a_moment_is_found_and_not_put,
        a_card_can_be_pulled_at_any_point,
        the_reader_can_go_at_any_point,
        a_file_of_nonsense_is_not_readable_and_not_a_person,
        other_cards_are_announced_for_what_they_are,
        two_cards_end_the_presence_until_one_is_left,
        a_reader_that_stays_away_is_tried_ever_more_rarely,
    };

    return i < SUGU_ARRAY_SIZE(tests) ? tests[i] : NULL;
}

int
main(void)
{
    const TTest *tests[32];
    size_t count = 0;
    int status;

    while ((tests[count] = tests_at(count)))
        count++;
    authority = card_authority_new("Sugu Test", NOW);
    stranger = card_authority_new("Stranger", NOW);
    rsa_key = card_key_new(2048);
    rsa_key_2 = card_key_new(2048);
    status = sugu_run_tests("my-number", tests, count, 60);
    card_authority_free(authority);
    card_authority_free(stranger);
    EVP_PKEY_free(rsa_key);
    EVP_PKEY_free(rsa_key_2);
    return status;
}
