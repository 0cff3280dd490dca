/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-agent - what the payment agent decides, and that a kill at any boundary is harmless
 */
#include "unit/agent-world.h"
#include "testlib/checks.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- one payment */

START_TEST(a_payment_goes_its_way)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_INTENDED);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, AGENT_WORLD_YEN);
    ck_assert_int_eq(world.server.posted_yen, AGENT_WORLD_YEN);
    ck_assert_str_eq(world.code, "");
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(a_registration_is_of_no_bill_and_leaves_its_token_to_the_server)
{
    struct sugu_attempt kept;
    struct agent_world world;
    struct sugu_error error;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_register_card(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    ck_assert_str_ne(world.server.attempts[0].token, "");
    sugu_assert_ok(
        sugu_journal_find(world.journal, SUGU_JOURNAL_BY_ID, &world.attempt, &kept, &error), error);
    ck_assert_str_eq(kept.token, "");
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(no_byte_leaves_before_the_server_has_agreed)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    world.is_server_away = true;
    agent_world_pay(&world, 1, 100);
    ck_assert(!agent_world_run_until_final(&world, 20));
    ck_assert_uint_eq(agent_world_counts(&world).payments, 0);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "server.away");
    /* The server comes back: it is told that nothing happened. */
    world.is_server_away = false;
    ck_assert(agent_world_run_until_final(&world, 20));
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(a_refused_beginning_is_the_end)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_text_copy(world.server.refuse_begin, sizeof world.server.refuse_begin, "bill.revised");
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "bill.revised");
    ck_assert_uint_eq(agent_world_counts(&world).payments, 0);
    ck_assert_uint_eq(world.server.ends, 0);
    agent_world_done(&world);
}
END_TEST

START_TEST(nothing_due_needs_no_terminal)
{
    struct agent_world world;

    agent_world_init(&world);
    sugu_scripted_terminal_command(world.terminal, "away on");
    agent_world_start_payment(&world, 1, 100, 0, SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_uint_eq(agent_world_counts(&world).payments, 0);
    agent_world_start_payment(&world, 2, 101, 1, SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE);
    ck_assert_str_eq(world.reply_code, "payment.amount");
    agent_world_start_payment(&world, 3, 101, 0, SUGU__PAYMENT_METHOD__METHOD_CARD);
    ck_assert_str_eq(world.reply_code, "payment.amount");
    agent_world_done(&world);
}
END_TEST

START_TEST(what_was_approved_is_what_is_posted)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "partial 1000");
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, 1000);
    ck_assert_str_eq(world.code, "payment.partial");
    agent_world_check_money(&world);
    sugu_scripted_terminal_command(world.terminal, "over 9000");
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 2, 101);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_int_eq(world.approved_yen, 9000);
    ck_assert_str_eq(world.code, "payment.differs");
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(one_attempt_per_bill_and_one_at_the_terminal)
{
    struct sugu_id first;
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "patient 1");
    agent_world_pay(&world, 1, 100);
    first = world.attempt;
    agent_world_pay(&world, 2, 100);
    ck_assert_int_eq(world.reply_status, SUGU_REFUSED);
    ck_assert_str_eq(world.reply_code, "payment.open");
    ck_assert(sugu_id_equal(&world.attempt, &first));
    agent_world_pay(&world, 3, 101);
    ck_assert_int_eq(world.reply_status, SUGU_RETRY);
    ck_assert_str_eq(world.reply_code, "terminal.busy");
    /* The same request again is the same attempt. */
    agent_world_pay(&world, 1, 100);
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    ck_assert(sugu_id_equal(&world.attempt, &first));
    agent_world_get_payment(&world, 100);
    ck_assert(sugu_id_equal(&world.attempt, &first));
    agent_world_get_payment(&world, 177);
    ck_assert_str_eq(world.reply_code, "payment.unknown-attempt");
    agent_world_done(&world);
}
END_TEST

START_TEST(an_abort_before_and_after_the_first_byte)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    agent_world_abort_payment(&world);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert(agent_world_run_until_final(&world, 20));
    ck_assert_str_eq(world.code, "payment.cancelled");
    ck_assert_uint_eq(agent_world_counts(&world).payments, 0);
    /* The patient does not come: silence, then an abort that works. */
    sugu_scripted_terminal_command(world.terminal, "patient 1");
    agent_world_pay(&world, 2, 100);
    ck_assert(agent_world_run_until_final(&world, 30));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "payment.cancelled");
    ck_assert_uint_eq(agent_world_counts(&world).aborts, 1);
    ck_assert_uint_eq(agent_world_counts(&world).charges, 0);
    /* And a third try pays. */
    agent_world_pay(&world, 3, 100);
    ck_assert(agent_world_run_until_final(&world, 30));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

/* ---- doubt */

START_TEST(doubt_is_resolved_by_asking)
{
    static const struct {
        const char *fault, *code;
        enum sugu_attempt_state state;
    } rows[] = {
        {"drop-response", "", SUGU_ATTEMPT_APPROVED},
        {"in-progress 3", "", SUGU_ATTEMPT_APPROVED},
        {"in-flight 1", "", SUGU_ATTEMPT_APPROVED},
        {"reboot-keep", "", SUGU_ATTEMPT_APPROVED},
        {"drop-request", "payment.not-started", SUGU_ATTEMPT_DECLINED},
        {"reboot-lose", "payment.not-started", SUGU_ATTEMPT_DECLINED},
        {"busy", "payment.not-started", SUGU_ATTEMPT_DECLINED},
        {"decline Refusal", "payment.declined", SUGU_ATTEMPT_DECLINED},
        {"decline Cancel", "payment.cancelled", SUGU_ATTEMPT_DECLINED},
        {"cut", "terminal.away", SUGU_ATTEMPT_DECLINED},
    };
    struct agent_world world;

    agent_world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        agent_world_run_until_offered(&world);
        sugu_scripted_terminal_command(world.terminal, rows[i].fault);
        agent_world_pay(&world, (uint8_t)(1 + i), (uint8_t)(100 + i));
        ck_assert_msg(agent_world_run_until_final(&world, 60), "%s", rows[i].fault);
        ck_assert_msg(world.state == rows[i].state, "%s: %u", rows[i].fault, world.state);
        ck_assert_str_eq(world.code, rows[i].code);
        agent_world_check_money(&world);
    }
    agent_world_done(&world);
}
END_TEST

START_TEST(not_found_is_asked_twice_five_seconds_apart)
{
    struct agent_world world;
    int64_t begun;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "drop-request");
    begun = world.clock.monotonic;
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 60));
    ck_assert_uint_eq(agent_world_counts(&world).questions, 2);
    ck_assert_int_ge(world.clock.monotonic - begun, 5 * SUGU_SECOND);
    agent_world_done(&world);
}
END_TEST

START_TEST(not_found_does_not_count_while_the_terminal_works)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "drop-request");
    sugu_scripted_terminal_command(world.terminal, "diagnosis Busy");
    agent_world_pay(&world, 1, 100);
    ck_assert(!agent_world_run_until_final(&world, 60));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_UNKNOWN);
    sugu_scripted_terminal_command(world.terminal, "diagnosis OK");
    ck_assert(agent_world_run_until_final(&world, 20));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    agent_world_done(&world);
}
END_TEST

START_TEST(the_terminal_is_reset_between_patients)
{
    struct agent_world world;
    unsigned logins;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    logins = agent_world_counts(&world).logins;
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 5));
    agent_world_pay(&world, 2, 101);
    ck_assert(agent_world_run_until_final(&world, 5));
    ck_assert_uint_eq(agent_world_counts(&world).payments, 2);
    ck_assert_uint_ge(agent_world_counts(&world).logins, logins + 1);
    agent_world_done(&world);
}
END_TEST

START_TEST(a_request_that_could_not_be_taken_is_asked_again)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    world.refuse_asks = 2;
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 8));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    agent_world_done(&world);
}
END_TEST

/* While something is in doubt the terminal is not offered; in the end a human owns it, the bill
 * stays locked, and what the terminal says later still counts. */
START_TEST(what_stays_in_doubt_is_held_and_still_resolved_later)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "drop-response");
    agent_world_pay(&world, 1, 100);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_UNKNOWN; i++)
        agent_world_step(&world);
    sugu_scripted_terminal_command(world.terminal, "away on");
    ck_assert(!agent_world_run_until_final(&world, 200));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_HELD);
    ck_assert_str_eq(world.code, "payment.held");
    ck_assert(!world.is_offered);
    ck_assert_uint_eq(fake_payments_find(&world.server, &world.attempt)->state,
                      SUGU__ATTEMPT_STATE__ATTEMPT_HELD);
    agent_world_pay(&world, 2, 100);
    ck_assert_str_eq(world.reply_code, "payment.open");
    sugu_scripted_terminal_command(world.terminal, "away off");
    ck_assert(agent_world_run_until_final(&world, 200));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(a_terminal_that_cannot_serve_is_taken_off)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "decline DeviceOut");
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 10));
    ck_assert_str_eq(world.code, "terminal.away");
    ck_assert(!world.is_offered);
    agent_world_pay(&world, 2, 100);
    ck_assert_int_eq(world.reply_status, SUGU_RETRY);
    ck_assert_str_eq(world.reply_code, "terminal.away");
    agent_world_run_until_offered(&world); /* it is looked at again */
    agent_world_done(&world);
}
END_TEST

/* ---- the server's answers */

START_TEST(the_server_is_told_until_it_acknowledges)
{
    static const enum sugu_status failures[] = {SUGU_RETRY, SUGU_UNKNOWN, SUGU_BROKEN};
    struct agent_world world;

    agent_world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(failures); i++) {
        agent_world_run_until_offered(&world);
        world.server.fail_next = failures[i];
        agent_world_pay(&world, (uint8_t)(1 + i), (uint8_t)(100 + i));
        if (failures[i] != SUGU_BROKEN) {
            for (int j = 0; j < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_APPROVED; j++)
                agent_world_step(&world);
            world.server.fail_next = failures[i];
        }
        ck_assert(agent_world_run_until_final(&world, 60));
    }
    agent_world_check_money(&world);
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    agent_world_done(&world);
}
END_TEST

START_TEST(money_for_a_bill_that_takes_none_goes_to_the_staff)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_APPROVED; i++)
        agent_world_step(&world);
    sugu_text_copy(world.server.refuse_end, sizeof world.server.refuse_end, "bill.not-allowed");
    ck_assert(!agent_world_run_until_final(&world, 30));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_HELD);
    ck_assert_str_eq(world.code, "payment.reversal-due");
    ck_assert_str_eq(fake_payments_find(&world.server, &world.attempt)->code,
                     "payment.reversal-due");
    agent_world_done(&world);
}
END_TEST

/* The attempt is not open at the server for ever: a person has it there, too. */
START_TEST(an_amount_that_the_server_does_not_believe_is_held_there)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_APPROVED; i++)
        agent_world_step(&world);
    sugu_text_copy(world.server.refuse_end, sizeof world.server.refuse_end, "payment.amount");
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_HELD; i++)
        agent_world_step(&world);
    for (int i = 0; i < 20; i++)
        agent_world_step(&world);
    ck_assert_uint_eq(fake_payments_find(&world.server, &world.attempt)->state,
                      SUGU__ATTEMPT_STATE__ATTEMPT_HELD);
    agent_world_done(&world);
}
END_TEST

/* Neither is one that took nothing; and the person's word is the end of it, here too. */
START_TEST(a_decline_that_the_server_does_not_take_is_held_there)
{
    Sugu__PaymentResolved resolved = SUGU__PAYMENT_RESOLVED__INIT;
    struct agent_world world;
    unsigned ends;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "decline Refusal");
    agent_world_pay(&world, 1, 100);
    sugu_text_copy(world.server.refuse_end, sizeof world.server.refuse_end, "payment.amount");
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world.state != SUGU_ATTEMPT_HELD; i++)
        agent_world_step(&world);
    for (int i = 0; i < 20; i++)
        agent_world_step(&world);
    ck_assert_int_eq(world.state, SUGU_ATTEMPT_HELD);
    ck_assert_uint_eq(fake_payments_find(&world.server, &world.attempt)->state,
                      SUGU__ATTEMPT_STATE__ATTEMPT_HELD);

    resolved.attempt = sugu_id_field(&world.attempt);
    resolved.state = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    ends = world.server.ends;
    sugu_text_copy(world.server.refuse_end, sizeof world.server.refuse_end, "payment.amount");
    sugu_agent_on_resolved(world.agent, &resolved);
    for (int i = 0; i < 50; i++)
        agent_world_step(&world);
    ck_assert_int_eq(world.state, SUGU_ATTEMPT_DECLINED); /* though it was not taken once more */
    ck_assert_uint_eq(world.server.ends, ends + 1);
    agent_world_done(&world);
}
END_TEST

START_TEST(a_decline_of_what_is_over_there_is_nobody_s)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "decline Refusal");
    agent_world_pay(&world, 1, 100);
    sugu_text_copy(world.server.refuse_end, sizeof world.server.refuse_end, "payment.differs");
    for (int i = 0; i < 100; i++)
        agent_world_step(&world);
    ck_assert_int_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_uint_eq(world.server.ends, 1);
    agent_world_done(&world);
}
END_TEST

START_TEST(an_outcome_that_the_server_lost_is_told_again)
{
    struct agent_world world;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    agent_world_pay(&world, 1, 100);
    ck_assert(agent_world_run_until_final(&world, 10));
    /* Restored from yesterday's copy: the attempt is open again, the money not posted. */
    world.server.attempts[0].state = SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED;
    world.server.posted_yen = 0;
    agent_world_connect(&world);
    for (int i = 0; i < 50; i++)
        agent_world_step(&world);
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    agent_world_check_money(&world);
    agent_world_done(&world);
}
END_TEST

START_TEST(an_attempt_that_the_journal_lost_becomes_a_humans)
{
    struct sugu_id lost;
    struct agent_world world;
    char command[128];

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "drop-response");
    agent_world_pay(&world, 1, 100);
    lost = world.attempt;
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && agent_world_counts(&world).payments == 0; i++)
        agent_world_step(&world);
    agent_world_kill_program(&world);
    snprintf(command, sizeof command, "rm -rf %s/*", world.folder);
    ck_assert_int_eq(system(command), 0);
    agent_world_start_program(&world);
    agent_world_connect(&world);
    for (int i = 0; i < 50; i++)
        agent_world_step(&world);
    ck_assert_uint_eq(fake_payments_find(&world.server, &lost)->state,
                      SUGU__ATTEMPT_STATE__ATTEMPT_HELD);
    agent_world_done(&world);
}
END_TEST

/* ---- the program is killed before and behind every message and job, by number */

static const char *const kill_faults[] = {
    "",     "drop-response", "in-progress 2", "drop-request", "decline Refusal", "in-flight 1",
    "busy", "cut",
};

/* False where the payment was over before boundary `at`. */
static bool
pay_and_kill(const char *fault, int at, bool is_delivered)
{
    struct agent_world world;
    bool was_killed = false;
    int boundary = 0;

    agent_world_init(&world);
    agent_world_run_until_offered(&world);
    if (*fault)
        sugu_scripted_terminal_command(world.terminal, fault);
    agent_world_pay(&world, 1, 100);
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && !(world.is_final && was_killed); i++) {
        int64_t due = sugu_agent_step(world.agent, SUGU_SECOND);

        if (!agent_world_has_delivery(&world)) {
            if (world.is_final)
                break;
            sugu_clock_manual_advance(&world.clock, due > 0 ? due : 1);
            continue;
        }
        if (boundary++ != at) {
            agent_world_deliver(&world, false);
            continue;
        }
        if (is_delivered)
            agent_world_deliver(&world, true);
        agent_world_kill_program(&world);
        was_killed = true;
        agent_world_start_program(&world);
        agent_world_pay(&world, 1, 100); /* the kiosk asks again under its stored id */
        ck_assert_int_eq(world.reply_status, SUGU_OK);
    }
    ck_assert_msg(world.is_final, "%s at %d: not final (state %u)", fault, at, world.state);
    ck_assert_uint_eq(fake_payments_open(&world.server), 0);
    ck_assert_uint_le(agent_world_counts(&world).charges, 1);
    agent_world_check_money(&world);
    /* Where nothing was charged the patient can pay, once. */
    agent_world_run_until_offered(&world);
    sugu_scripted_terminal_command(world.terminal, "reset");
    agent_world_pay(&world, 2, 100);
    ck_assert(agent_world_run_until_final(&world, 120));
    ck_assert_uint_eq(agent_world_counts(&world).charges, 1);
    agent_world_check_money(&world);
    agent_world_done(&world);
    return was_killed;
}

START_TEST(a_kill_at_any_boundary_charges_once)
{
    int kills = 0;

    for (int is_delivered = 0; is_delivered < 2; is_delivered++) {
        int at = 0;
        while (pay_and_kill(kill_faults[_i], at, is_delivered))
            at++;
        ck_assert_int_ge(at, 3);
        kills += at;
    }
    ck_assert_int_ge(kills, 6);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("payment-agent");
    TCase *tcase = tcase_create("payment-agent");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_payment_goes_its_way);
    tcase_add_test(tcase, a_registration_is_of_no_bill_and_leaves_its_token_to_the_server);
    tcase_add_test(tcase, no_byte_leaves_before_the_server_has_agreed);
    tcase_add_test(tcase, a_refused_beginning_is_the_end);
    tcase_add_test(tcase, nothing_due_needs_no_terminal);
    tcase_add_test(tcase, what_was_approved_is_what_is_posted);
    tcase_add_test(tcase, one_attempt_per_bill_and_one_at_the_terminal);
    tcase_add_test(tcase, an_abort_before_and_after_the_first_byte);
    tcase_add_test(tcase, doubt_is_resolved_by_asking);
    tcase_add_test(tcase, not_found_is_asked_twice_five_seconds_apart);
    tcase_add_test(tcase, not_found_does_not_count_while_the_terminal_works);
    tcase_add_test(tcase, the_terminal_is_reset_between_patients);
    tcase_add_test(tcase, a_request_that_could_not_be_taken_is_asked_again);
    tcase_add_test(tcase, what_stays_in_doubt_is_held_and_still_resolved_later);
    tcase_add_test(tcase, a_terminal_that_cannot_serve_is_taken_off);
    tcase_add_test(tcase, the_server_is_told_until_it_acknowledges);
    tcase_add_test(tcase, money_for_a_bill_that_takes_none_goes_to_the_staff);
    tcase_add_test(tcase, an_amount_that_the_server_does_not_believe_is_held_there);
    tcase_add_test(tcase, a_decline_that_the_server_does_not_take_is_held_there);
    tcase_add_test(tcase, a_decline_of_what_is_over_there_is_nobody_s);
    tcase_add_test(tcase, an_outcome_that_the_server_lost_is_told_again);
    tcase_add_test(tcase, an_attempt_that_the_journal_lost_becomes_a_humans);
    tcase_add_loop_test(tcase, a_kill_at_any_boundary_charges_once, 0,
                        (int)SUGU_ARRAY_SIZE(kill_faults));
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
