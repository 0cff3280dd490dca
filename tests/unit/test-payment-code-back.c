/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-code-back - what came by a code goes back once: cancelled on its day, else refunded
 */
#include "unit/provider-agent-world.h"

#include "testlib/checks.h"

#define BILL 100

static const char *
id_text(const struct sugu_id *id)
{
    static char text[SUGU_ID_TEXT_SIZE];

    return sugu_id_to_text(id, text);
}

/* A world in which the bill was paid by a code; the payment. */
static struct sugu_id
begin_paid(struct provider_agent_world *world)
{
    provider_agent_init(world);
    provider_agent_pay(world, 1, BILL);
    provider_agent_code_do(world, "pay");
    ck_assert(provider_agent_run_until_final(world, SUGU_MINUTE));
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_APPROVED);
    return world->attempt;
}

/* ---- giving back */

START_TEST(the_whole_is_cancelled_on_its_day)
{
    struct provider_agent_world world;
    struct sugu_id paid = begin_paid(&world);

    provider_agent_order_refund(&world, 50, &paid, PROVIDER_AGENT_YEN);
    provider_agent_run(&world, 5 * SUGU_SECOND);
    ck_assert_uint_eq(provider_agent_attempt(&world, 50)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(provider_agent_attempt(&world, 50)->approved_yen, PROVIDER_AGENT_YEN);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_CANCEL], 1);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_REFUND], 0);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_part_and_what_is_older_is_refunded)
{
    struct provider_agent_world world;
    struct sugu_id paid = begin_paid(&world);
    struct sugu_id first = provider_agent_order_refund(&world, 50, &paid, 1000);

    provider_agent_run(&world, 5 * SUGU_SECOND);
    ck_assert_uint_eq(provider_agent_attempt(&world, 50)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_str_eq(provider_agent_attempt(&world, 50)->provider_id, id_text(&first));
    sugu_clock_manual_advance(&world.clock, 24 * 60 * SUGU_MINUTE);
    provider_agent_order_refund(&world, 51, &paid, PROVIDER_AGENT_YEN - 1000);
    provider_agent_run(&world, 5 * SUGU_SECOND);
    ck_assert_uint_eq(provider_agent_attempt(&world, 51)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_CANCEL], 0);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_REFUND], 2);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(never_more_goes_back_than_was_paid)
{
    struct provider_agent_world world;
    struct sugu_id paid = begin_paid(&world);

    provider_agent_order_refund(&world, 50, &paid, PROVIDER_AGENT_YEN + 1);
    provider_agent_run(&world, 30 * SUGU_SECOND);
    ck_assert_uint_eq(provider_agent_attempt(&world, 50)->state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(provider_agent_attempt(&world, 50)->code, "payment.declined");
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* What happens to the order on its way; whether the whole is ordered back, or a part. */
static const struct {
    const char *fault;
    bool is_whole;
} ways_back[] = {
    {"at /v2/payments drop-request", true},
    {"at /v2/payments drop-response", true},
    {"at /v2/payments http 500", true},
    {"at /v2/payments twice", true},
    {"at /v2/payments in-flight 2", true},
    {"at /v2/payments in-flight 5", true},
    {"irreversible on", true},
    {"internal", true},
    {"away on", true},
    {"revoke on", true},
    {"at /v2/refunds drop-request", false},
    {"at /v2/refunds drop-response", false},
    {"at /v2/refunds http 502", false},
    {"at /v2/refunds twice", false},
    {"at /v2/refunds in-flight 2", false},
    {"at /v2/refunds in-flight 4", false},
    {"at /v2/refunds garbage", false},
    {"slow-refund 3", false},
    {"internal", false},
    {"away on", false},
    {"skew 300", false},
};

static void
give_back_one(size_t i)
{
    struct provider_agent_world world;
    struct sugu_id paid = begin_paid(&world);
    int64_t yen = ways_back[i].is_whole ? PROVIDER_AGENT_YEN : 1000;

    provider_agent_code_do(&world, ways_back[i].fault);
    provider_agent_order_refund(&world, 50, &paid, yen);
    provider_agent_run(&world, SUGU_MINUTE);
    provider_agent_code_do(&world, "reset");
    provider_agent_run(&world, 2 * SUGU_MINUTE);
    ck_assert_msg(provider_agent_attempt(&world, 50)->state == SUGU_ATTEMPT_APPROVED,
                  "%s: state %u, %s", ways_back[i].fault, provider_agent_attempt(&world, 50)->state,
                  provider_agent_attempt(&world, 50)->code);
    ck_assert_uint_eq(provider_agent_code_counts(&world)->gives, 1);
    provider_agent_check(&world);
    provider_agent_done(&world);
}

START_TEST(what_is_ordered_back_goes_back_once)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(ways_back); i++)
        give_back_one(i);
}
END_TEST

START_TEST(a_payment_that_the_provider_does_not_know_is_not_given_back)
{
    struct provider_agent_world world;
    struct sugu_id paid = begin_paid(&world);

    provider_agent_code_do(&world, "forget");
    provider_agent_order_refund(&world, 50, &paid, PROVIDER_AGENT_YEN);
    provider_agent_run(&world, SUGU_MINUTE);
    ck_assert_uint_eq(provider_agent_attempt(&world, 50)->state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(provider_agent_attempt(&world, 50)->code, "payment.original-unknown");
    ck_assert_int_eq(world.server.refunded_yen, 0);
    provider_agent_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("payment-code-back",
                       120,
                       the_whole_is_cancelled_on_its_day,
                       a_part_and_what_is_older_is_refunded,
                       never_more_goes_back_than_was_paid,
                       what_is_ordered_back_goes_back_once,
                       a_payment_that_the_provider_does_not_know_is_not_given_back)
