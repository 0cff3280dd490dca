/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-orders - money goes back on an order, once, whatever happens meanwhile; and what a
 * person found out
 */
#include "unit/agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define REFUND      50 /* number of the order */
#define REFUND_YEN  1000
#define PAID_BILL   100
#define WIPE_FORMAT "rm -rf %s/*"

/* A world in which a bill was paid; the payment. */
static struct sugu_id
begin_paid(struct agent_world *world)
{
    agent_world_init(world);
    agent_world_run_until_offered(world);
    agent_world_pay(world, 1, PAID_BILL);
    ck_assert(agent_world_run_until_final(world, 30));
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_APPROVED);
    agent_world_run(world, 2); /* the terminal has been reset */
    return fake_payments_find(&world->server, &world->attempt)->id;
}

static const struct fake_attempt *
refund_of(const struct agent_world *world, uint8_t number)
{
    struct sugu_id id = agent_world_id_of(number);

    return fake_payments_find(&world->server, &id);
}

static void
lose_journal(struct agent_world *world)
{
    char command[128];

    agent_world_kill_program(world);
    snprintf(command, sizeof command, WIPE_FORMAT, world->folder);
    ck_assert_int_eq(system(command), 0);
    agent_world_start_program(world);
}

static void
assert_given_back(const struct agent_world *world, unsigned count, int64_t yen)
{
    ck_assert_uint_eq(agent_world_counts(world).given_back, count);
    ck_assert_int_eq(agent_world_counts(world).given_back_yen, yen);
    agent_world_check_money(world);
}

/* ---- one order */

START_TEST(money_goes_back_to_where_it_came_from)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    agent_world_run(&world, 10);
    ck_assert_uint_eq(refund_of(&world, REFUND)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(refund_of(&world, REFUND)->approved_yen, REFUND_YEN);
    ck_assert_str_ne(refund_of(&world, REFUND)->provider_id, "");
    assert_given_back(&world, 1, REFUND_YEN);
    agent_world_done(&world);
}
END_TEST

START_TEST(never_more_goes_back_than_was_captured)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    agent_world_order_refund(&world, 50, &paid, AGENT_WORLD_YEN + 1);
    agent_world_run(&world, 10);
    ck_assert_uint_eq(refund_of(&world, 50)->state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(refund_of(&world, 50)->code, "payment.declined");
    agent_world_order_refund(&world, 51, &paid, AGENT_WORLD_YEN);
    agent_world_run(&world, 10);
    ck_assert_uint_eq(refund_of(&world, 51)->state, SUGU_ATTEMPT_APPROVED);
    agent_world_order_refund(&world, 52, &paid, 1);
    agent_world_run(&world, 10);
    ck_assert_uint_eq(refund_of(&world, 52)->state, SUGU_ATTEMPT_DECLINED);
    assert_given_back(&world, 1, AGENT_WORLD_YEN);
    agent_world_done(&world);
}
END_TEST

/* The same order at every step of its life, and once more when it is long over. */
START_TEST(an_order_that_comes_again_is_carried_out_once)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);
    struct sugu_id id = agent_world_id_of(REFUND);
    Sugu__PaymentOrder order;

    fake_payments_order_refund(&world.server, &id, &paid, REFUND_YEN, &order);
    for (int i = 0; i < 60; i++) {
        sugu_agent_on_order(world.agent, &order);
        agent_world_step(&world);
        if (i % 7 == 0)
            agent_world_connect(&world);
    }
    ck_assert_uint_eq(refund_of(&world, REFUND)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_eq(agent_world_counts(&world).reversals, 1);
    assert_given_back(&world, 1, REFUND_YEN);
    agent_world_done(&world);
}
END_TEST

START_TEST(an_order_waits_for_the_terminal_and_for_patients)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    sugu_scripted_terminal_command(world.terminal, "away on");
    agent_world_run(&world, 40);
    ck_assert(!world.is_offered);
    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    agent_world_run(&world, 300);
    ck_assert_uint_eq(refund_of(&world, REFUND)->state, SUGU_ATTEMPT_INTENDED);
    ck_assert(!refund_of(&world, REFUND)->is_ordered); /* it is in the journal */
    ck_assert_uint_eq(agent_world_counts(&world).reversals, 0);
    sugu_scripted_terminal_command(world.terminal, "away off");
    agent_world_run(&world, 60);
    ck_assert_uint_eq(refund_of(&world, REFUND)->state, SUGU_ATTEMPT_APPROVED);
    /* A patient stands there: the order waits, and does not keep the patient away. */
    sugu_scripted_terminal_command(world.terminal, "drop-response");
    agent_world_pay(&world, 2, 101);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_UNKNOWN; i++)
        agent_world_step(&world);
    sugu_scripted_terminal_command(world.terminal, "diagnosis Busy");
    agent_world_order_refund(&world, 51, &paid, REFUND_YEN);
    agent_world_step(&world);
    ck_assert_uint_eq(agent_world_counts(&world).reversals, 1);
    sugu_scripted_terminal_command(world.terminal, "diagnosis OK");
    agent_world_run(&world, 60);
    assert_given_back(&world, 2, 2 * REFUND_YEN);
    agent_world_done(&world);
}
END_TEST

/* The server has trouble with the order: patients pay meanwhile. */
START_TEST(an_order_that_waits_keeps_nobody_away)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    world.server.fail_next = SUGU_BROKEN;
    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    agent_world_run(&world, 2);
    agent_world_pay(&world, 2, 101);
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    agent_world_run(&world, 60);
    assert_given_back(&world, 1, REFUND_YEN);
    agent_world_done(&world);
}
END_TEST

START_TEST(an_order_that_the_server_takes_back_moves_nothing)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);
    struct sugu_id id = agent_world_id_of(REFUND);
    Sugu__PaymentOrder order;

    sugu_text_copy(world.server.refuse_begin, sizeof world.server.refuse_begin,
                   "payment.not-allowed");
    fake_payments_order_refund(&world.server, &id, &paid, REFUND_YEN, &order);
    sugu_agent_on_order(world.agent, &order);
    agent_world_run(&world, 30);
    world.server.refuse_begin[0] = '\0';
    sugu_agent_on_order(world.agent, &order); /* late, and known */
    agent_world_connect(&world);
    agent_world_run(&world, 30);
    ck_assert_uint_eq(agent_world_counts(&world).reversals, 0);
    assert_given_back(&world, 0, 0);
    agent_world_done(&world);
}
END_TEST

/* ---- what was lost */

START_TEST(an_order_that_the_journal_lost_is_not_carried_out_twice)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    /* Not yet acknowledged: it is ordered again. */
    agent_world_order_refund(&world, 50, &paid, REFUND_YEN);
    lose_journal(&world);
    agent_world_connect(&world);
    agent_world_run(&world, 60);
    ck_assert_uint_eq(refund_of(&world, 50)->state, SUGU_ATTEMPT_APPROVED);
    assert_given_back(&world, 1, REFUND_YEN);
    /* Acknowledged and carried out, the outcome not told: a human finds out. */
    agent_world_run_until_offered(&world);
    agent_world_order_refund(&world, 51, &paid, REFUND_YEN);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && agent_world_counts(&world).given_back < 2; i++)
        agent_world_step(&world);
    lose_journal(&world);
    agent_world_connect(&world);
    agent_world_run(&world, 60);
    ck_assert_uint_eq(refund_of(&world, 51)->state, SUGU_ATTEMPT_HELD);
    ck_assert_uint_eq(agent_world_counts(&world).given_back, 2);
    agent_world_done(&world);
}
END_TEST

/* A restored server has forgotten what became of an order: it is told, not carried out again. */
START_TEST(an_outcome_that_the_server_lost_is_told_again)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);
    struct fake_attempt *order;

    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    agent_world_run(&world, 10);
    order = &world.server.attempts[world.server.attempt_count - 1];
    order->state = SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED;
    order->is_ordered = true;
    world.server.refunded_yen = 0;
    agent_world_connect(&world);
    agent_world_run(&world, 10);
    ck_assert_uint_eq(order->state, SUGU_ATTEMPT_APPROVED);
    assert_given_back(&world, 1, REFUND_YEN);
    agent_world_done(&world);
}
END_TEST

/* ---- doubt */

START_TEST(a_refund_in_doubt_is_resolved_by_asking)
{
    static const struct {
        const char *fault, *code;
        bool is_given_back;
    } faults[] = {
        {"drop-response", "", true},
        {"in-progress 3", "", true},
        {"in-flight 1", "", true},
        {"reboot-keep", "", true},
        {"bad-hmac", "", true},
        {"no-amount", "", true},
        {"delay 130000", "", true},
        {"drop-request", "payment.not-started", false},
        {"reboot-lose", "payment.not-started", false},
        {"busy", "payment.not-started", false},
        {"cut", "terminal.away", false},
    };
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);

    sugu_scripted_terminal_command(world.terminal, faults[_i].fault);
    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    agent_world_run(&world, 60);
    ck_assert_msg(refund_of(&world, REFUND)->state ==
                      (faults[_i].is_given_back ? SUGU_ATTEMPT_APPROVED : SUGU_ATTEMPT_DECLINED),
                  "%s: %u", faults[_i].fault, refund_of(&world, REFUND)->state);
    ck_assert_str_eq(refund_of(&world, REFUND)->code, faults[_i].code);
    ck_assert_uint_le(agent_world_counts(&world).reversals, 1);
    assert_given_back(&world, faults[_i].is_given_back, faults[_i].is_given_back ? REFUND_YEN : 0);
    agent_world_done(&world);
}
END_TEST
#define DOUBTS 11

/* ---- what a person found out */

/* A payment that was charged, held because the terminal is away for good. */
static struct sugu_id
begin_held(struct agent_world *world)
{
    agent_world_init(world);
    agent_world_run_until_offered(world);
    sugu_scripted_terminal_command(world->terminal, "drop-response");
    agent_world_pay(world, 1, PAID_BILL);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world->state != SUGU_ATTEMPT_UNKNOWN; i++)
        agent_world_step(world);
    sugu_scripted_terminal_command(world->terminal, "away on");
    ck_assert(!agent_world_run_until_final(world, 200));
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_HELD);
    return fake_payments_find(&world->server, &world->attempt)->id;
}

START_TEST(a_late_approval_of_a_held_attempt_counts)
{
    struct agent_world world;
    struct sugu_id held = begin_held(&world);

    /* The program was started again meanwhile. */
    agent_world_kill_program(&world);
    agent_world_start_program(&world);
    agent_world_run(&world, 200);
    ck_assert_uint_eq(fake_payments_find(&world.server, &held)->state, SUGU_ATTEMPT_HELD);
    sugu_scripted_terminal_command(world.terminal, "away off");
    agent_world_run(&world, 120);
    ck_assert_uint_eq(fake_payments_find(&world.server, &held)->state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.server.posted_yen, AGENT_WORLD_YEN);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(what_a_person_found_out_ends_it)
{
    static const enum sugu_attempt_state states[] = {SUGU_ATTEMPT_APPROVED, SUGU_ATTEMPT_DECLINED,
                                                     SUGU_ATTEMPT_REVERSED};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(states); i++) {
        struct agent_world world;
        struct sugu_id held = begin_held(&world);
        unsigned questions;

        world.server.attempts[0].state = states[i];
        world.server.attempts[0].approved_yen = 3000;
        agent_world_resolve(&world, &held, (int)states[i], 3000);
        ck_assert_uint_eq(world.state, states[i]);
        ck_assert(agent_world_run_until_final(&world, 30));           /* told, and taken in */
        agent_world_resolve(&world, &held, SUGU_ATTEMPT_DECLINED, 0); /* once more, otherwise */
        ck_assert_uint_eq(world.state, states[i]);
        /* The terminal is not asked any more, and its other opinion changes nothing. */
        sugu_scripted_terminal_command(world.terminal, "away off");
        agent_world_run_until_offered(&world);
        questions = agent_world_counts(&world).questions;
        agent_world_run(&world, 200);
        ck_assert_uint_eq(agent_world_counts(&world).questions, questions);
        agent_world_get_payment(&world, PAID_BILL);
        ck_assert_uint_eq(world.state, states[i]);
        if (states[i] != SUGU_ATTEMPT_DECLINED)
            ck_assert_int_eq(world.approved_yen, states[i] == SUGU_ATTEMPT_APPROVED ? 3000 : 0);
        agent_world_done(&world);
    }
}
END_TEST

/* Until the terminal is about to be asked what became of an attempt. */
static void
wait_for_question(struct agent_world *world)
{
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX; i++) {
        int64_t due = sugu_agent_step(world->agent, SUGU_SECOND);

        if (world->has_job && world->job.kind == SUGU_JOB_RESOLVE)
            return;
        if (agent_world_has_delivery(world))
            agent_world_deliver(world, false);
        else
            sugu_clock_manual_advance(&world->clock, due > 0 ? due : 1);
    }
    ck_abort_msg("nothing is asked");
}

/* The person was faster than a question that was on its way already. */
START_TEST(a_late_answer_does_not_change_what_a_person_said)
{
    struct agent_world world;
    struct sugu_id held = begin_held(&world);

    sugu_scripted_terminal_command(world.terminal, "away off");
    wait_for_question(&world);
    world.server.attempts[0].state = SUGU_ATTEMPT_APPROVED;
    world.is_server_away = true; /* it cannot be told, so that it is still in work */
    agent_world_resolve(&world, &held, SUGU_ATTEMPT_APPROVED, 3000);
    agent_world_run(&world, 30);
    world.is_server_away = false;
    agent_world_run(&world, 30);
    agent_world_get_payment(&world, PAID_BILL);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, 3000);
    agent_world_done(&world);
}
END_TEST

/* ---- the program is killed before and behind every message and job of an order, by number */

static const char *const kill_faults[] = {
    "",     "drop-response", "in-progress 2", "drop-request", "decline Refusal", "in-flight 1",
    "busy", "cut",
};

/* False where the order was over before boundary `at`. */
static bool
refund_and_kill(const char *fault, int at, bool is_delivered)
{
    struct agent_world world;
    struct sugu_id paid = begin_paid(&world);
    bool was_killed = false;
    int boundary = 0;

    if (*fault)
        sugu_scripted_terminal_command(world.terminal, fault);
    agent_world_order_refund(&world, REFUND, &paid, REFUND_YEN);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX; i++) {
        int64_t due = sugu_agent_step(world.agent, SUGU_SECOND);

        if (refund_of(&world, REFUND)->state == SUGU_ATTEMPT_APPROVED ||
            refund_of(&world, REFUND)->state == SUGU_ATTEMPT_DECLINED)
            if (was_killed || !agent_world_has_delivery(&world))
                break;
        if (!agent_world_has_delivery(&world)) {
            sugu_clock_manual_advance(&world.clock, due > 0 ? due : 1);
            continue;
        }
        if (boundary++ != at || was_killed) {
            agent_world_deliver(&world, false);
            continue;
        }
        if (is_delivered)
            agent_world_deliver(&world, true);
        agent_world_kill_program(&world);
        was_killed = true;
        agent_world_start_program(&world);
        agent_world_connect(&world);
    }
    agent_world_run(&world, 60);
    ck_assert_msg(refund_of(&world, REFUND)->state == SUGU_ATTEMPT_APPROVED ||
                      refund_of(&world, REFUND)->state == SUGU_ATTEMPT_DECLINED,
                  "%s at %d: not final", fault, at);
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    ck_assert_uint_le(agent_world_counts(&world).given_back, 1);
    agent_world_check_money(&world);
    agent_world_done(&world);
    return was_killed;
}

START_TEST(a_kill_at_any_boundary_gives_back_once)
{
    for (int is_delivered = 0; is_delivered < 2; is_delivered++) {
        int at = 0;
        while (refund_and_kill(kill_faults[_i], at, is_delivered))
            at++;
        ck_assert_int_ge(at, 3);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("payment-orders");
    TCase *tcase = tcase_create("payment-orders");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, money_goes_back_to_where_it_came_from);
    tcase_add_test(tcase, never_more_goes_back_than_was_captured);
    tcase_add_test(tcase, an_order_that_comes_again_is_carried_out_once);
    tcase_add_test(tcase, an_order_waits_for_the_terminal_and_for_patients);
    tcase_add_test(tcase, an_order_that_waits_keeps_nobody_away);
    tcase_add_test(tcase, an_order_that_the_server_takes_back_moves_nothing);
    tcase_add_test(tcase, an_order_that_the_journal_lost_is_not_carried_out_twice);
    tcase_add_test(tcase, an_outcome_that_the_server_lost_is_told_again);
    tcase_add_loop_test(tcase, a_refund_in_doubt_is_resolved_by_asking, 0, DOUBTS);
    tcase_add_test(tcase, a_late_approval_of_a_held_attempt_counts);
    tcase_add_test(tcase, what_a_person_found_out_ends_it);
    tcase_add_test(tcase, a_late_answer_does_not_change_what_a_person_said);
    tcase_add_loop_test(tcase, a_kill_at_any_boundary_gives_back_once, 0,
                        (int)SUGU_ARRAY_SIZE(kill_faults));
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
