/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-conditions - each ErrorCondition of a terminal has its action (payments.md 1.5)
 *
 * Through the agent, with the real nexo driver and the emulated terminal in memory: for a payment
 * and for money that goes back.
 */
#include "unit/agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* What the agent does about a condition. */
enum action {
    FINAL,      /* declined at once; the terminal stays, the patient may try again */
    ASK,        /* something else runs: never sent again, asked by id until it is known */
    LOG_IN_ASK, /* a login, then asked by id */
    OFF,        /* declined, and the terminal is off the screen until it was looked at */
    ASK_ONCE,   /* in doubt; the terminal's journal says what it was */
};

static const struct {
    const char *condition, *code, *reversal_code; /* reversal_code NULL = the same */
    enum action action, reversal_action;
} rows[] = {
    {"Refusal", "payment.declined", NULL, FINAL, FINAL},
    {"WrongPIN", "payment.declined", NULL, FINAL, FINAL},
    {"InvalidCard", "payment.card-not-accepted", NULL, FINAL, FINAL},
    {"PaymentRestriction", "payment.card-not-accepted", NULL, FINAL, FINAL},
    {"Cancel", "payment.cancelled", NULL, FINAL, FINAL},
    {"Aborted", "payment.cancelled", NULL, FINAL, FINAL},
    {"UnreachableHost", "payment.host-unreachable", NULL, FINAL, FINAL},
    {"InsertedCard", "payment.card-inserted", NULL, FINAL, FINAL},
    {"Busy", "payment.not-started", NULL, ASK, ASK},
    {"InProgress", "payment.not-started", NULL, ASK, ASK},
    {"NotAllowed", "payment.not-started", NULL, ASK, ASK},
    {"LoggedOut", "payment.not-started", NULL, LOG_IN_ASK, LOG_IN_ASK},
    {"NotFound", "payment.not-started", "payment.original-unknown", ASK, FINAL},
    {"DeviceOut", "terminal.away", NULL, OFF, OFF},
    {"UnavailableDevice", "terminal.away", NULL, OFF, OFF},
    {"UnavailableService", "terminal.away", NULL, OFF, OFF},
    {"MessageFormat", "terminal.message-refused", NULL, OFF, OFF},
    {"SomethingNew", "payment.declined", NULL, ASK_ONCE, ASK_ONCE},
};

/* What was asked of the terminal meanwhile. */
static void
assert_action(const struct agent_world *world,
              const struct sugu_emulated_counts *before,
              enum action action,
              const char *condition)
{
    static const unsigned questions[] = {
        [FINAL] = 0, [ASK] = 2, [LOG_IN_ASK] = 2, [OFF] = 0, [ASK_ONCE] = 1};
    struct sugu_emulated_counts now = agent_world_counts(world);

    ck_assert_msg(now.questions - before->questions == questions[action], "%s: %u questions",
                  condition, now.questions - before->questions);
    if (action == LOG_IN_ASK)
        ck_assert_msg(now.logins > before->logins, "%s", condition);
    ck_assert_msg(now.payments + now.reversals == before->payments + before->reversals + 1,
                  "%s: sent again", condition);
}

START_TEST(each_condition_of_a_payment_has_its_action)
{
    struct sugu_emulated_counts before;
    struct agent_world world;
    char line[64];

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    before = agent_world_counts(&world);
    snprintf(line, sizeof line, "decline %s", rows[_i].condition);
    sugu_scripted_terminal_command(world.terminal, line);
    if (rows[_i].action == LOG_IN_ASK)
        sugu_scripted_terminal_command(world.terminal, "log-out");
    agent_world_pay(&world, 1, 100);
    ck_assert_msg(agent_world_run_until_final(&world, 60), "%s", rows[_i].condition);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, rows[_i].code);
    assert_action(&world, &before, rows[_i].action, rows[_i].condition);
    ck_assert_uint_eq(agent_world_counts(&world).charges, 0);
    agent_world_step(&world);
    if (rows[_i].action == OFF) {
        ck_assert(!world.is_offered);
        ck_assert_str_eq(world.health_code, rows[_i].code);
        agent_world_pay(&world, 2, 101);
        ck_assert_str_eq(world.reply_code, rows[_i].code);
    } else {
        ck_assert_str_eq(world.health_code, "");
    }
    /* Another card, or the same one later: a new attempt. */
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 3, 100);
    ck_assert(agent_world_run_until_final(&world, 60));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(each_condition_of_a_reversal_has_its_action)
{
    enum action action = rows[_i].reversal_action;
    const char *code = rows[_i].reversal_code ? rows[_i].reversal_code : rows[_i].code;
    struct sugu_id paid, refund = agent_world_id_of(50), again = agent_world_id_of(51);
    struct sugu_emulated_counts before;
    struct agent_world world;
    char line[64];

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 60));
    paid = world.attempt;
    agent_world_run_until_offered(&world);
    agent_world_run(&world, 2);
    before = agent_world_counts(&world);
    snprintf(line, sizeof line, "decline %s", rows[_i].condition);
    sugu_scripted_terminal_command(world.terminal, line);
    if (action == LOG_IN_ASK)
        sugu_scripted_terminal_command(world.terminal, "log-out");
    agent_world_order_refund(&world, 50, &paid, 1000);
    ck_assert_msg(agent_world_run_until_final(&world, 60), "%s", rows[_i].condition);
    ck_assert_uint_eq(fake_payments_find(&world.server, &refund)->state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(fake_payments_find(&world.server, &refund)->code, code);
    assert_action(&world, &before, action, rows[_i].condition);
    ck_assert_uint_eq(agent_world_counts(&world).given_back, 0);
    /* Ordered once more it goes back. */
    agent_world_order_refund(&world, 51, &paid, 1000);
    agent_world_run(&world, 60);
    ck_assert_uint_eq(fake_payments_find(&world.server, &again)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(agent_world_counts(&world).given_back_yen, 1000);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("payment-conditions");
    TCase *tcase = tcase_create("payment-conditions");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, each_condition_of_a_payment_has_its_action, 0,
                        (int)SUGU_ARRAY_SIZE(rows));
    tcase_add_loop_test(tcase, each_condition_of_a_reversal_has_its_action, 0,
                        (int)SUGU_ARRAY_SIZE(rows));
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
