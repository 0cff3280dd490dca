/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-on-file - orders about a card on file: each is carried out once, under its key
 */
#include "unit/provider-agent-world.h"

#include "testlib/checks.h"

#include "base/log.h"
#include "base/text.h"
#include "port/card-on-file.h"

#include <string.h>

#define HOLD    SUGU__ATTEMPT_KIND__ATTEMPT_HOLD
#define RELEASE SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE
#define FORGET  SUGU__ATTEMPT_KIND__ATTEMPT_FORGET
#define PAY     SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT
#define REFUND  SUGU__ATTEMPT_KIND__ATTEMPT_REFUND
#define YEN     4320

static uint32_t
state_of(const struct provider_agent_world *world, uint8_t number)
{
    return provider_agent_attempt(world, number)->state;
}

static const char *
code_of(const struct provider_agent_world *world, uint8_t number)
{
    return provider_agent_attempt(world, number)->code;
}

static int64_t
held_yen(const struct provider_agent_world *world)
{
    return sugu_card_on_file_provider_held(world->card_provider);
}

/* ---- each order */

START_TEST(a_hold_is_captured_and_its_rest_let_go)
{
    struct provider_agent_world world;
    struct sugu_id hold;

    provider_agent_init(&world);
    hold = provider_agent_order(&world, 1, HOLD, 10000, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(provider_agent_attempt(&world, 1)->approved_yen, 10000);
    ck_assert_int_eq(held_yen(&world), 10000);
    ck_assert_int_eq(world.server.posted_yen, 0);
    provider_agent_order(&world, 2, PAY, YEN, &hold);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.server.posted_yen, YEN);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_card_is_looked_at_charged_and_given_back_to)
{
    struct provider_agent_world world;
    struct sugu_id paid;

    provider_agent_init(&world);
    provider_agent_order(&world, 1, HOLD, 0, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    paid = provider_agent_order(&world, 2, PAY, YEN, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_APPROVED);
    provider_agent_order(&world, 3, REFUND, 1000, &paid);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 3), SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.server.refunded_yen, 1000);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_hold_is_let_go)
{
    struct provider_agent_world world;
    struct sugu_id hold;

    provider_agent_init(&world);
    hold = provider_agent_order(&world, 1, HOLD, 10000, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_order(&world, 2, RELEASE, 0, &hold);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(held_yen(&world), 0);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(what_is_called_off_when_it_is_taken_up_does_not_reach_the_provider)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    world.server.calls_off = true;
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(code_of(&world, 1), "later.not-allowed");
    ck_assert_int_eq(world.server.posted_yen, 0);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* However long the provider is away: the order stands until it says that the card is gone. */
START_TEST(a_card_is_forgotten_however_long_it_takes)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_card_do(&world, "away on");
    provider_agent_order(&world, 1, FORGET, 0, NULL);
    provider_agent_run(&world, 20 * 24 * 60 * SUGU_MINUTE); /* longer than any key is good for */
    ck_assert_uint_ne(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_ne(state_of(&world, 1), SUGU_ATTEMPT_HELD);
    provider_agent_card_do(&world, "away off");
    provider_agent_card_do(&world, "drop-response");
    provider_agent_run(&world, 60 * SUGU_MINUTE);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    provider_agent_order(&world, 2, PAY, YEN, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_DECLINED);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* A key that may charge cards and not delete them: whoever pays does not wait for that. */
START_TEST(who_may_not_delete_cards_charges_them)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_card_do(&world, "revoke on");
    provider_agent_order(&world, 2, FORGET, 0, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_UNKNOWN);
    ck_assert(world.health[1].is_offered);
    provider_agent_card_do(&world, "revoke off");
    provider_agent_run(&world, 60 * SUGU_MINUTE);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_APPROVED);
    provider_agent_done(&world);
}
END_TEST

/* ---- each answer → outcome */

static const struct {
    const char *fault;
    Sugu__AttemptKind kind;
    enum sugu_attempt_state state;
    const char *code;
    uint32_t decline; /* Decline */
} outcomes[] = {
    {"decline 12", PAY, SUGU_ATTEMPT_DECLINED, "payment.declined", SUGU__DECLINE__DECLINE_SOFT},
    {"decline 6", PAY, SUGU_ATTEMPT_DECLINED, "payment.card-not-accepted",
     SUGU__DECLINE__DECLINE_HARD},
    {"decline 5", HOLD, SUGU_ATTEMPT_DECLINED, "payment.card-not-accepted",
     SUGU__DECLINE__DECLINE_HARD},
    {"partial 1000", PAY, SUGU_ATTEMPT_APPROVED, "payment.partial", 0},
    {"partial 99999", PAY, SUGU_ATTEMPT_APPROVED, "payment.differs", 0},
    {"busy 3", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"result Error", PAY, SUGU_ATTEMPT_DECLINED, "payment.card-not-accepted",
     SUGU__DECLINE__DECLINE_HARD},
    {"drop-request", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"drop-response", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"drop-response", HOLD, SUGU_ATTEMPT_APPROVED, "", 0},
    {"in-flight 1", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"late 61000", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"twice", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"http 500", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"refuse 503", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"garbage", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"away on", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"revoke on", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
    {"token x payer-0001 visa 0006 12/2031 CREDIT", PAY, SUGU_ATTEMPT_APPROVED, "", 0},
};

static void
end_one(size_t i)
{
    struct provider_agent_world world;
    const struct sugu_provider_counts *counts;

    provider_agent_init(&world);
    counts = provider_agent_card_counts(&world);
    provider_agent_card_do(&world, outcomes[i].fault);
    provider_agent_order(&world, 1, outcomes[i].kind, YEN, NULL);
    provider_agent_run(&world, 30 * SUGU_SECOND);
    provider_agent_card_do(&world, "reset");
    provider_agent_run(&world, 10 * SUGU_MINUTE);
    ck_assert_msg(state_of(&world, 1) == outcomes[i].state, "%s: state %u, %s", outcomes[i].fault,
                  state_of(&world, 1), code_of(&world, 1));
    ck_assert_msg(strcmp(code_of(&world, 1), outcomes[i].code) == 0, "%s: %s", outcomes[i].fault,
                  code_of(&world, 1));
    ck_assert_msg(provider_agent_attempt(&world, 1)->decline == outcomes[i].decline, "%s: %u",
                  outcomes[i].fault, provider_agent_attempt(&world, 1)->decline);
    ck_assert_uint_le(counts->takes, 1);
    provider_agent_check(&world);
    provider_agent_done(&world);
}

START_TEST(every_answer_ends_in_the_truth)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(outcomes); i++)
        end_one(i);
}
END_TEST

/* The hold has lapsed: nothing was done, and that is certain; a charge may follow. */
START_TEST(a_refused_capture_is_told_as_refused)
{
    struct provider_agent_world world;
    struct sugu_id hold;

    provider_agent_init(&world);
    hold = provider_agent_order(&world, 1, HOLD, 10000, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_card_do(&world, "lapse");
    provider_agent_order(&world, 2, PAY, YEN, &hold);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(code_of(&world, 2), "payment.message-refused");
    ck_assert_uint_eq(provider_agent_attempt(&world, 2)->decline, 0);
    ck_assert_int_eq(world.server.posted_yen, 0);
    provider_agent_done(&world);
}
END_TEST

/* The capture may have arrived, and the provider has forgotten its keys. */
START_TEST(a_refusal_behind_a_doubt_is_a_persons_matter)
{
    struct provider_agent_world world;
    struct sugu_id hold;
    unsigned questions;

    provider_agent_init(&world);
    hold = provider_agent_order(&world, 1, HOLD, 10000, NULL);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_card_do(&world, "drop-response");
    provider_agent_order(&world, 2, PAY, YEN, &hold);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_card_do(&world, "forget-keys");
    provider_agent_run(&world, SUGU_MINUTE);
    ck_assert_uint_eq(state_of(&world, 2), SUGU_ATTEMPT_HELD);
    questions = provider_agent_card_counts(&world)->questions;
    provider_agent_run(&world, 60 * SUGU_MINUTE);
    ck_assert_uint_eq(provider_agent_card_counts(&world)->questions, questions);
    provider_agent_done(&world);
}
END_TEST

START_TEST(what_may_be_a_card_number_is_a_persons_matter_at_once)
{
    struct provider_agent_world world;
    bool was_held = false;

    for (int n = 0; n < 16 && !was_held; n++) {
        char fault[64];
        unsigned questions;

        provider_agent_init(&world);
        snprintf(fault, sizeof fault, "taint %d 4111111111111111", n);
        provider_agent_card_do(&world, fault);
        provider_agent_order(&world, 1, PAY, YEN, NULL);
        provider_agent_run(&world, SUGU_SECOND);
        if (state_of(&world, 1) == SUGU_ATTEMPT_HELD) {
            was_held = true;
            ck_assert_str_eq(code_of(&world, 1), "payment.card-data");
            questions = provider_agent_card_counts(&world)->questions;
            provider_agent_run(&world, 60 * SUGU_MINUTE);
            ck_assert_uint_eq(provider_agent_card_counts(&world)->questions, questions);
            ck_assert_uint_eq(questions, 1);
        }
        provider_agent_done(&world);
    }
    ck_assert(was_held);
}
END_TEST

/* ---- doubts */

START_TEST(questions_become_seldom_and_end_with_the_key)
{
    struct provider_agent_world world;
    unsigned questions;

    provider_agent_init(&world);
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    for (int i = 0; i < 12; i++) {
        provider_agent_card_do(&world, "http 500");
        provider_agent_run(&world, 16 * SUGU_MINUTE);
    }
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    provider_agent_done(&world);

    provider_agent_init(&world);
    provider_agent_card_do(&world, "revoke on");
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    provider_agent_run(&world, 60 * SUGU_MINUTE);
    questions = provider_agent_card_counts(&world)->questions;
    ck_assert_uint_le(questions, 13);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_UNKNOWN);
    sugu_clock_manual_advance(&world.clock, SUGU_ON_FILE_KEY_US);
    provider_agent_card_do(&world, "revoke off");
    provider_agent_run(&world, 60 * SUGU_MINUTE);
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_HELD);
    ck_assert_uint_eq(provider_agent_card_counts(&world)->questions, questions);
    ck_assert_int_eq(provider_agent_card_counts(&world)->taken_yen, 0);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_provider_that_does_not_serve_is_told_and_its_orders_wait)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_card_do(&world, "away on");
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    provider_agent_run(&world, SUGU_SECOND / 2);
    ck_assert(!world.health[1].is_offered);
    ck_assert_str_eq(world.health[1].code, "provider.away");
    ck_assert(world.health[0].is_offered);
    provider_agent_order(&world, 2, PAY, YEN, NULL);
    provider_agent_order(&world, 3, PAY, YEN, NULL);
    provider_agent_run(&world, 5 * SUGU_MINUTE);
    provider_agent_card_do(&world, "away off");
    provider_agent_run(&world, 20 * SUGU_MINUTE);
    for (uint8_t i = 1; i <= 3; i++)
        ck_assert_uint_eq(state_of(&world, i), SUGU_ATTEMPT_APPROVED);
    ck_assert(world.health[1].is_offered);
    ck_assert_int_eq(world.server.posted_yen, 3 * YEN);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(an_order_that_comes_again_is_carried_out_once)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_order(&world, 1, PAY, YEN, NULL);
    for (int i = 0; i < 20; i++) {
        provider_agent_connect(&world);
        provider_agent_step(&world);
    }
    ck_assert_uint_eq(state_of(&world, 1), SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_eq(provider_agent_card_counts(&world)->questions, 1);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* Nobody at a kiosk moves money by a card that is on file. */
START_TEST(a_kiosk_is_refused)
{
    struct provider_agent_world world;
    struct sugu_asker asker = {.request = provider_agent_id_of(9)};
    struct sugu_id session = provider_agent_id_of(200), bill = provider_agent_id_of(100);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    provider_agent_init(&world);
    start.session = sugu_id_field(&session);
    start.bill = sugu_id_field(&bill);
    start.revision = 1;
    start.amount_yen = YEN;
    start.method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
    request.id = sugu_id_field(&asker.request);
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    sugu_agent_on_request(world.agent, &asker, &request);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code_text, "payment.no-such-way");
    ck_assert_uint_eq(provider_agent_card_counts(&world)->questions, 0);
    provider_agent_done(&world);
}
END_TEST

/* ---- the program dies at each commit of its journal, and behind each job, by number */

struct death {
    int at;
    bool is_behind_job;
};

static void
step_or_die(struct provider_agent_world *world, struct death *death)
{
    sugu_agent_step(world->agent, 1);
    if (!world->has_failed && death->is_behind_job && world->request_count == 0 &&
        world->has_on_file_job && death->at-- == 0) {
        provider_agent_deliver(world, /* is_lost= */ true);
        world->has_failed = true;
    } else if (!world->has_failed) {
        provider_agent_step(world);
    }
}

/* A hold, its capture, a charge, money back. False where all was over before the death. */
static bool
live_and_die(struct death death)
{
    static const struct {
        Sugu__AttemptKind kind;
        int64_t yen;
        uint8_t original;
    } orders[] = {{HOLD, 10000, 0}, {PAY, YEN, 1}, {PAY, 500, 0}, {REFUND, 320, 2}};
    struct provider_agent_world world;
    bool has_died = false;
    uint8_t given = 0;

    provider_agent_init(&world);
    world.commits_left = death.is_behind_job ? -1 : death.at;
    while (given < SUGU_ARRAY_SIZE(orders) || fake_payments_open(&world.server) > 0) {
        if (given < SUGU_ARRAY_SIZE(orders) && fake_payments_open(&world.server) == 0) {
            struct sugu_id original = provider_agent_id_of(orders[given].original);

            provider_agent_order(&world, given + 1, orders[given].kind, orders[given].yen,
                                 orders[given].original ? &original : NULL);
            given++;
        }
        if (!world.has_failed)
            provider_agent_connect(&world); /* an order that could not be taken comes again */
        if (!world.has_failed)
            step_or_die(&world, &death);
        if (world.has_failed) {
            has_died = true;
            provider_agent_kill(&world);
            provider_agent_start(&world);
        }
    }
    for (uint8_t i = 1; i <= given; i++)
        ck_assert_msg(state_of(&world, i) == SUGU_ATTEMPT_APPROVED, "death %d, order %u: %u, %s",
                      death.at, i, state_of(&world, i), code_of(&world, i));
    ck_assert_int_eq(world.server.posted_yen, YEN + 500);
    ck_assert_int_eq(world.server.refunded_yen, 320);
    ck_assert_int_eq(held_yen(&world), 0);
    provider_agent_check(&world);
    has_died = death.is_behind_job ? has_died : world.commits_left < 0;
    provider_agent_done(&world);
    return has_died;
}

static void
die_everywhere(bool is_behind_job, int least)
{
    struct death death = {.is_behind_job = is_behind_job};

    while (live_and_die(death))
        death.at++;
    sugu_log(SUGU_LOG_INFO, "test.ends", "deaths=%d", death.at);
    ck_assert_int_ge(death.at, least);
}

START_TEST(a_death_at_any_commit_carries_every_order_out_once)
{
    die_everywhere(false, 20);
}
END_TEST

START_TEST(a_death_behind_any_job_carries_every_order_out_once)
{
    die_everywhere(true, 4);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("payment-on-file",
                       120,
                       a_hold_is_captured_and_its_rest_let_go,
                       a_card_is_looked_at_charged_and_given_back_to,
                       a_hold_is_let_go,
                       what_is_called_off_when_it_is_taken_up_does_not_reach_the_provider,
                       a_card_is_forgotten_however_long_it_takes,
                       who_may_not_delete_cards_charges_them,
                       every_answer_ends_in_the_truth,
                       a_refused_capture_is_told_as_refused,
                       a_refusal_behind_a_doubt_is_a_persons_matter,
                       what_may_be_a_card_number_is_a_persons_matter_at_once,
                       questions_become_seldom_and_end_with_the_key,
                       a_provider_that_does_not_serve_is_told_and_its_orders_wait,
                       an_order_that_comes_again_is_carried_out_once,
                       a_kiosk_is_refused,
                       a_death_at_any_commit_carries_every_order_out_once,
                       a_death_behind_any_job_carries_every_order_out_once)
