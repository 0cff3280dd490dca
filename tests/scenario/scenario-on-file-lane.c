/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-on-file-lane - leaving without stopping with the real server, program and TLS provider
 *
 * Terminal and kiosk of the registration are the test's. What is charged at the provider is what
 * the books say after each story, nothing is charged twice, and every invariant of the ledger
 * holds.
 */
#include "emulators/card-on-file-provider.h"
#include "emulators/provider-https.h"
#include "scenario/on-file-world.h"
#include "testlib/checks.h"

#include "base/files.h"
#include "base/settings.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define ANNOUNCED  SUGU__BILL_STATE__BILL_ANNOUNCED
#define IN_PAYMENT SUGU__BILL_STATE__BILL_IN_PAYMENT
#define SETTLED    SUGU__BILL_STATE__BILL_SETTLED
#define ACTIVE     SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE
#define SUSPENDED  SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED
#define LEFT       SUGU__VISIT_STATE__VISIT_LEFT
#define WAIT_US    (60 * SUGU_SECOND)

struct lane {
    struct cards cards;
    struct sugu_card_on_file_provider *provider;
    struct sugu_provider_https *https;
    char key_file[200], log[200];
    struct sugu_hospital_options connection;
    struct sugu_process program;
};

/* ---- program and provider */

static void
start(struct lane *lane)
{
    const char *argv[40] = {SUGU_PAYMENT,
                            "--listen",
                            "",
                            "--on-file",
                            sugu_provider_https_address(lane->https),
                            "--on-file-root",
                            sugu_provider_https_root(lane->https),
                            "--on-file-key",
                            lane->key_file,
                            "--on-file-wait-ms",
                            "10000",
                            "--connect-wait-ms",
                            "2000",
                            "--check-interval-ms",
                            "500"};
    size_t count = 15;

    for (const char *const *word =
             sugu_hospital_connection(&lane->cards.till.day.hospital, "cards", &lane->connection);
         *word;)
        argv[count++] = *word++;
    sugu_process_spawn(&lane->program, lane->log, argv, NULL);
}

static void
kill_program(struct lane *lane)
{
    ck_assert_int_eq(sugu_process_end(&lane->program, SIGKILL), -SIGKILL);
}

static void
provider(struct lane *lane, const char *line)
{
    char answer[256];

    ck_assert_msg(sugu_provider_https_command(lane->https, line, answer, sizeof answer), "%s: %s",
                  line, answer);
}

static const struct sugu_provider_counts *
counts(const struct lane *lane)
{
    return &sugu_card_on_file_provider_base(lane->provider)->counts;
}

static void
make_provider(struct lane *lane)
{
    static const char key[] =
        "api-key " SUGU_EMULATED_CARD_KEY "\nmerchant " SUGU_EMULATED_CARD_MERCHANT "\n";
    const char *folder = lane->cards.till.day.hospital.folder;
    struct sugu_error error;

    lane->provider = sugu_card_on_file_provider_new(sugu_clock_system());
    sugu_assert_ok(sugu_provider_https_new(sugu_card_on_file_provider_base(lane->provider), folder,
                                           &lane->https, &error),
                   error);
    sugu_assert_ok(sugu_file_write(folder, "on-file.key", key, sizeof key - 1, false, &error),
                   error);
    snprintf(lane->key_file, sizeof lane->key_file, "%s/on-file.key", folder);
    snprintf(lane->log, sizeof lane->log, "%s/cards.log", folder);
}

/* ---- waiting */

/* The others go on living for the server. */
static void
pump(struct lane *lane)
{
    struct sugu_test_client *clients[SUGU_DAY_CLIENTS];
    struct pollfd files[SUGU_DAY_CLIENTS];

    sugu_day_clients(&lane->cards.till.day, clients);
    for (int i = 0; i < SUGU_DAY_CLIENTS; i++) {
        while (sugu_client_step(clients[i]->client))
            continue;
        files[i] = (struct pollfd){.fd = sugu_client_fd(clients[i]->client), .events = POLLIN};
    }
    poll(files, SUGU_DAY_CLIENTS, 20);
}

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* Until the number is this, at the server. */
static void
await(struct lane *lane, const char *sql, int64_t number)
{
    struct sugu_facts *facts = &lane->cards.till.facts;
    int64_t end = now_us() + WAIT_US;

    while (sugu_facts_number(facts, sql) != number && now_us() < end)
        pump(lane);
    ck_assert_msg(sugu_facts_number(facts, sql) == number, "%s: %lld, not %lld", sql,
                  (long long)sugu_facts_number(facts, sql), (long long)number);
}

/* Until so many attempts of the kind are in the state. */
static void
await_attempts(struct lane *lane, const char *kind, Sugu__AttemptState state, int64_t number)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM attempt WHERE kind = '%s' AND state = %d", kind,
             (int)state);
    await(lane, sql, number);
}

#define APPROVED SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define DECLINED SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED
#define UNKNOWN  SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN

/* Until the provider has moved money so often. */
static void
await_takes(struct lane *lane, uint32_t takes)
{
    int64_t end = now_us() + WAIT_US;

    while (counts(lane)->takes < takes && now_us() < end)
        pump(lane);
    ck_assert_uint_eq(counts(lane)->takes, takes);
}

/* The bill is paid by the card and the person has left. */
static void
await_left(struct lane *lane)
{
    await(lane, "SELECT count(*) FROM bill WHERE state = 4", 1);
    till_bill_is(&lane->cards.till, SETTLED, 870, 870);
    cards_visit_is(&lane->cards, LEFT);
}

/* ---- life */

/* The person has registered a card, of which the provider knows this much. */
static void
lane_register(struct lane *lane, const char *hold, const char *funding)
{
    struct cards *cards = &lane->cards;
    char line[200];

    signal(SIGPIPE, SIG_IGN);
    memset(lane, 0, sizeof *lane);
    cards_init_without_keeper(cards, hold);
    make_provider(lane);
    start(lane);
    cards_consent(cards, CARDS_CEILING, "");
    cards_begin_register(cards);
    /* What the terminal sends as the token's owner (payment/terminal/nexo-message.c). */
    snprintf(line, sizeof line, "token tok-1 %s visa 4242 12/2030 %s", cards->payer, funding);
    provider(lane, line);
    cards_end_register(cards, SUGU__CARD_FUNDING__FUNDING_UNKNOWN, 0);
}

/* The person has a card on file, which the provider has looked at. */
static void
lane_init(struct lane *lane, const char *hold)
{
    lane_register(lane, hold, "CREDIT");
    await(lane, "SELECT count(*) FROM card_on_file WHERE state = 1 AND expiry = 203012", 1);
    cards_session_says(&lane->cards, ACTIVE, "");
}

/* The person checks in; the provider has held, or looked. */
static void
check_in(struct lane *lane)
{
    cards_check_in(&lane->cards, "B-001");
    await_attempts(lane, "hold", APPROVED, 2);
}

/* The provider's own truth against the books. */
static void
check_truth(struct lane *lane)
{
    struct sugu_facts *facts = &lane->cards.till.facts;

    ck_assert_int_eq(counts(lane)->taken_yen,
                     sugu_facts_number(facts, "SELECT coalesce(sum(approved_yen), 0) FROM attempt "
                                              "WHERE method = 'on-file' AND state = 2 "
                                              "AND kind = 'payment'"));
    ck_assert_int_eq(counts(lane)->given_yen,
                     sugu_facts_number(facts, "SELECT coalesce(sum(approved_yen), 0) FROM attempt "
                                              "WHERE method = 'on-file' AND state = 2 "
                                              "AND kind = 'refund'"));
    ck_assert_int_eq(counts(lane)->taken_yen - counts(lane)->given_yen,
                     sugu_facts_number(facts, "SELECT coalesce(sum(yen), 0) FROM entry "
                                              "WHERE account = 'on-file-clearing'"));
    ck_assert_uint_eq(counts(lane)->twins, 0);
    ck_assert_int_eq(sugu_card_on_file_provider_held(lane->provider), 0);
}

static void
lane_done(struct lane *lane)
{
    await(lane, "SELECT count(*) FROM attempt WHERE state NOT IN (2, 3, 6)", 0);
    check_truth(lane);
    ck_assert_int_eq(sugu_process_end(&lane->program, SIGTERM), SUGU_EXIT_OK);
    sugu_provider_https_free(lane->https);
    sugu_card_on_file_provider_free(lane->provider);
    cards_done(&lane->cards);
}

/* ---- stories */

START_TEST(who_consented_leaves_and_a_part_goes_back_to_the_card)
{
    struct lane lane;
    struct sugu_id paid;

    lane_init(&lane, "3000");
    check_in(&lane);
    ck_assert_int_eq(sugu_card_on_file_provider_held(lane.provider), 3000);
    cards_announce(&lane.cards, 1, 870);
    await_left(&lane);
    till_fee_posts(&lane.cards.till, 1, 870);
    till_books_say(&lane.cards.till, "on-file-clearing 870 revenue-clearing -870");
    ck_assert_int_eq(till_count(&lane.cards.till,
                                "card_on_file WHERE network_id <> '' AND funding = 1 "
                                "AND brand = 'visa' AND last4 = '4242'"),
                     1);
    paid = till_bill_is(&lane.cards.till, SETTLED, 870, 870);
    till_order_refund(&lane.cards.till, &lane.cards.till.clerk, &paid,
                      ORDER(300, CORRECTION, ORDERED, ""));
    await_attempts(&lane, "refund", APPROVED, 1);
    till_books_say(&lane.cards.till, "on-file-clearing 570 revenue-clearing -570");
    ck_assert_uint_eq(counts(&lane)->takes, 1);
    ck_assert_uint_eq(counts(&lane)->gives, 1);
    lane_done(&lane);
}
END_TEST

START_TEST(a_bill_above_the_hold_is_charged_once_and_the_hold_is_let_go)
{
    struct lane lane;

    lane_init(&lane, "500");
    check_in(&lane);
    cards_announce(&lane.cards, 1, 870);
    await_left(&lane);
    await_attempts(&lane, "release", APPROVED, 1);
    till_books_say(&lane.cards.till, "on-file-clearing 870 revenue-clearing -870");
    lane_done(&lane);
}
END_TEST

START_TEST(a_hold_that_has_lapsed_becomes_a_charge)
{
    struct lane lane;

    lane_init(&lane, "3000");
    check_in(&lane);
    provider(&lane, "lapse");
    cards_announce(&lane.cards, 1, 870);
    await_left(&lane);
    await_attempts(&lane, "release", APPROVED, 1);
    await_attempts(&lane, "payment", DECLINED, 1);
    till_books_say(&lane.cards.till, "on-file-clearing 870 revenue-clearing -870");
    lane_done(&lane);
}
END_TEST

/* What the terminal does not say of a card, the provider says when it looks at it. */
START_TEST(a_debit_card_is_forgotten_and_pays_nothing)
{
    struct lane lane;
    uint32_t questions;

    lane_register(&lane, "3000", "DEBIT");
    await_attempts(&lane, "hold", APPROVED, 1);
    await_attempts(&lane, "forget", APPROVED, 1); /* at the provider first */
    ck_assert_uint_eq(sugu_card_on_file_provider_deleted(lane.provider), 1);
    await(&lane, "SELECT count(*) FROM card_on_file WHERE state = 3 AND token = ''", 1);
    cards_use(&lane.cards, true, false, "", "later.not-credit");
    cards_session_says(&lane.cards, SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE, "");
    questions = counts(&lane)->questions;
    cards_check_in(&lane.cards, "B-001");
    cards_announce(&lane.cards, 1, 870);
    till_bill_is(&lane.cards.till, ANNOUNCED, 870, 0);
    cards_come(&lane.cards);
    till_pay(&lane.cards.till, CARD, 870);
    ck_assert_uint_eq(counts(&lane)->questions, questions);
    lane_done(&lane);
}
END_TEST

START_TEST(a_soft_decline_is_tried_again_on_the_next_day)
{
    struct lane lane;

    lane_init(&lane, "0");
    check_in(&lane);
    provider(&lane, "decline 12");
    cards_announce(&lane.cards, 1, 870);
    await_attempts(&lane, "payment", DECLINED, 1);
    till_bill_is(&lane.cards.till, ANNOUNCED, 870, 0);
    cards_come(&lane.cards);
    cards_bill_says(&lane.cards, "later.declined");
    sugu_day_close(&lane.cards.till.day, SUGU__VISIT_STATE__VISIT_BILLED);
    ck_assert_uint_eq(counts(&lane)->takes, 0);
    cards_days_pass(&lane.cards, 1);
    await_left(&lane);
    till_books_say(&lane.cards.till, "on-file-clearing 870 revenue-clearing -870");
    lane_done(&lane);
}
END_TEST

START_TEST(a_hard_decline_suspends_the_card)
{
    struct lane lane;
    uint32_t questions;

    lane_init(&lane, "0");
    check_in(&lane);
    provider(&lane, "decline 5");
    cards_announce(&lane.cards, 1, 870);
    await_attempts(&lane, "payment", DECLINED, 1);
    till_desk_hears(&lane.cards.till, "later.declined");
    cards_session_says(&lane.cards, SUSPENDED, "later.suspended");
    cards_bill_says(&lane.cards, "later.declined");
    questions = counts(&lane)->questions;
    till_pay(&lane.cards.till, CARD, 870);
    till_bill_is(&lane.cards.till, SETTLED, 870, 870);
    ck_assert_uint_eq(counts(&lane)->questions, questions);
    till_books_say(&lane.cards.till, "card-clearing 870 revenue-clearing -870");
    lane_done(&lane);
}
END_TEST

/* Whatever happens on the way of the charge: it is asked again under its key, and charged once. */
START_TEST(answers_that_are_lost_late_or_double_charge_once)
{
    static const char *const faults[] = {"drop-response", "http 500",     "garbage",
                                         "twice",         "drop-request", "busy 2"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        struct lane lane;

        lane_init(&lane, i % 2 == 0 ? "3000" : "0");
        check_in(&lane);
        provider(&lane, faults[i]);
        cards_announce(&lane.cards, 1, 870);
        await_left(&lane);
        ck_assert_uint_eq(counts(&lane)->takes, 1);
        till_books_say(&lane.cards.till, "on-file-clearing 870 revenue-clearing -870");
        lane_done(&lane);
    }
}
END_TEST

START_TEST(a_program_killed_in_the_middle_charges_once)
{
    for (int has_hold = 0; has_hold < 2; has_hold++) {
        struct lane lane;

        lane_init(&lane, has_hold ? "3000" : "0");
        check_in(&lane);
        provider(&lane, "late 5000");
        cards_announce(&lane.cards, 1, 870);
        await_takes(&lane, 1);
        kill_program(&lane);
        till_bill_is(&lane.cards.till, IN_PAYMENT, 870, 0);
        start(&lane);
        await_left(&lane);
        ck_assert_uint_eq(counts(&lane)->takes, 1);
        lane_done(&lane);
    }
}
END_TEST

/* It was down when the orders were made, and finds each in the open work. */
START_TEST(a_program_that_was_down_finds_its_orders)
{
    struct lane lane;

    lane_init(&lane, "3000");
    check_in(&lane);
    kill_program(&lane);
    cards_announce(&lane.cards, 1, 870);
    till_bill_is(&lane.cards.till, IN_PAYMENT, 870, 0);
    sugu_hospital_kill_server(&lane.cards.till.day.hospital);
    sugu_hospital_start_server(&lane.cards.till.day.hospital, NULL);
    start(&lane);
    await_left(&lane);
    ck_assert_uint_eq(counts(&lane)->takes, 1);
    lane_done(&lane);
}
END_TEST

START_TEST(a_server_killed_in_the_middle_hears_of_the_charge)
{
    struct lane lane;

    lane_init(&lane, "3000");
    check_in(&lane);
    provider(&lane, "late 3000");
    cards_announce(&lane.cards, 1, 870);
    await_takes(&lane, 1);
    sugu_hospital_kill_server(&lane.cards.till.day.hospital);
    sugu_hospital_start_server(&lane.cards.till.day.hospital, NULL);
    await_left(&lane);
    ck_assert_uint_eq(counts(&lane)->takes, 1);
    lane_done(&lane);
}
END_TEST

START_TEST(a_refund_whose_answer_is_lost_is_given_once)
{
    struct lane lane;
    struct sugu_id paid;

    lane_init(&lane, "0");
    check_in(&lane);
    cards_announce(&lane.cards, 1, 870);
    await_left(&lane);
    paid = till_bill_is(&lane.cards.till, SETTLED, 870, 870);
    provider(&lane, "at /refunds drop-response");
    till_order_refund(&lane.cards.till, &lane.cards.till.clerk, &paid,
                      ORDER(870, VOID, ORDERED, ""));
    await_attempts(&lane, "refund", APPROVED, 1);
    ck_assert_uint_eq(counts(&lane)->gives, 1);
    till_bill_is(&lane.cards.till, ANNOUNCED, 870, 0);
    lane_done(&lane);
}
END_TEST

/* The charge does not wait for the hold; what is held late is let go. */
START_TEST(a_provider_that_was_away_is_asked_when_it_is_back)
{
    struct lane lane;

    lane_init(&lane, "3000");
    provider(&lane, "away on");
    cards_check_in(&lane.cards, "B-001");
    await_attempts(&lane, "hold", UNKNOWN, 1);
    cards_announce(&lane.cards, 1, 870);
    till_bill_is(&lane.cards.till, IN_PAYMENT, 870, 0);
    ck_assert_uint_eq(counts(&lane)->takes, 0);
    provider(&lane, "away off");
    await_left(&lane);
    await_attempts(&lane, "hold", APPROVED, 2);
    await_attempts(&lane, "release", APPROVED, 1);
    lane_done(&lane);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("on-file-lane",
                       300,
                       who_consented_leaves_and_a_part_goes_back_to_the_card,
                       a_bill_above_the_hold_is_charged_once_and_the_hold_is_let_go,
                       a_hold_that_has_lapsed_becomes_a_charge,
                       a_debit_card_is_forgotten_and_pays_nothing,
                       a_soft_decline_is_tried_again_on_the_next_day,
                       a_hard_decline_suspends_the_card,
                       answers_that_are_lost_late_or_double_charge_once,
                       a_program_killed_in_the_middle_charges_once,
                       a_program_that_was_down_finds_its_orders,
                       a_server_killed_in_the_middle_hears_of_the_charge,
                       a_refund_whose_answer_is_lost_is_given_once,
                       a_provider_that_was_away_is_asked_when_it_is_back)
