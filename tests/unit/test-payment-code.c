/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-code - code payments of the agent: what was paid is posted, whoever has left
 */
#include "unit/provider-agent-world.h"

#include "testlib/checks.h"

#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define BILL 100

/* ---- a payment that goes its way */

START_TEST(what_the_phone_pays_is_posted)
{
    struct provider_agent_world world;
    const struct fake_attempt *kept;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    ck_assert_int_eq(strncmp(world.payload, "https://qr.emulated.test/", 25), 0);
    ck_assert_int_gt(world.until_utc_us, world.clock.utc + 170 * SUGU_SECOND);
    ck_assert_int_le(world.until_utc_us, world.clock.utc + 180 * SUGU_SECOND);
    provider_agent_code_do(&world, "pay");
    ck_assert(provider_agent_run_until_final(&world, 10 * SUGU_SECOND));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, PROVIDER_AGENT_YEN);
    ck_assert_str_eq(world.code_text, "");
    ck_assert_str_eq(world.payload, "");
    kept = fake_payments_find(&world.server, &world.attempt);
    ck_assert_str_eq(kept->provider_id, "04020000000000010000");
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_window_that_died_shows_the_same_code_again)
{
    struct provider_agent_world world;
    char payload[513];

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    sugu_text_copy(payload, sizeof payload, world.payload);
    world.payload[0] = '\0';
    provider_agent_look_up(&world, BILL);
    ck_assert_str_eq(world.payload, payload);
    world.payload[0] = '\0';
    provider_agent_ask(&world, 1, BILL); /* the same request again */
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    ck_assert_str_eq(world.payload, payload);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_CREATE], 1);
    provider_agent_done(&world);
}
END_TEST

START_TEST(several_patients_are_served_side_by_side)
{
    struct provider_agent_world world;
    struct sugu_id first;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    first = world.attempt;
    provider_agent_leave(&world);
    provider_agent_run(&world, SUGU_SECOND);
    provider_agent_ask(&world, 2, BILL); /* the bill is locked by the one that is watched */
    ck_assert_str_eq(world.reply_code, "payment.open");
    provider_agent_pay(&world, 3, BILL + 1);
    provider_agent_code_do(&world, "pay");
    ck_assert(provider_agent_run_until_final(&world, SUGU_MINUTE));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    provider_agent_run(&world, 4 * SUGU_MINUTE);
    ck_assert_uint_eq(fake_payments_find(&world.server, &first)->state, SUGU_ATTEMPT_DECLINED);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* ---- leaving */

START_TEST(who_leaves_takes_the_code_along_and_pays_nothing)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    provider_agent_leave(&world);
    ck_assert_str_eq(world.payload, "");
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_SENT);
    provider_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_WITHDRAW], 1);
    ck_assert(!world.is_final);
    ck_assert(provider_agent_run_until_final(&world, 5 * SUGU_MINUTE));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code_text, "payment.cancelled");
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_WITHDRAW], 1);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(what_is_paid_after_leaving_is_posted)
{
    static const char *const ways[] = {"race", "scan"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(ways); i++) {
        struct provider_agent_world world;

        provider_agent_init(&world);
        provider_agent_pay(&world, 1, BILL);
        provider_agent_code_do(&world, ways[i]);
        provider_agent_leave(&world);
        provider_agent_run(&world, 20 * SUGU_SECOND);
        if (strcmp(ways[i], "scan") == 0)
            provider_agent_code_do(&world, "pay");
        ck_assert(provider_agent_run_until_final(&world, SUGU_MINUTE));
        ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
        ck_assert_int_eq(world.server.posted_yen, PROVIDER_AGENT_YEN);
        provider_agent_check(&world);
        provider_agent_done(&world);
    }
}
END_TEST

START_TEST(a_code_that_is_left_while_it_is_made_is_never_shown)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_ask(&world, 1, BILL);
    while (!world.has_code_job) {
        sugu_agent_step(world.agent, 1);
        if (world.request_count > 0)
            provider_agent_deliver(&world, false);
    }
    provider_agent_leave(&world);
    ck_assert(provider_agent_run_until_final(&world, 5 * SUGU_MINUTE));
    ck_assert_str_eq(world.seen_payload, "");
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_WITHDRAW], 1);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_code_that_nobody_reads_expires)
{
    struct provider_agent_world world;
    int64_t begun;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    begun = world.clock.monotonic;
    ck_assert(provider_agent_run_until_final(&world, 10 * SUGU_MINUTE));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code_text, "payment.code-expired");
    ck_assert_int_lt(world.clock.monotonic - begun, 190 * SUGU_SECOND);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_deletion_that_does_not_get_through_does_not_hide_a_payment)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    provider_agent_code_do(&world, "scan");
    provider_agent_code_do(&world, "at /v2/codes/04 drop-request");
    provider_agent_leave(&world);
    provider_agent_run(&world, 2 * SUGU_SECOND);
    provider_agent_code_do(&world, "at /v2/codes/04 drop-request");
    provider_agent_code_do(&world, "pay");
    ck_assert(provider_agent_run_until_final(&world, 20 * SUGU_SECOND));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* ---- each answer of each function → outcome */

/* What goes wrong before the code is made, or behind it; what the payer does; what it becomes. */
static const struct {
    const char *before, *behind, *payer;
    enum sugu_attempt_state state;
    const char *code;
    bool is_shown;
} outcomes[] = {
    {"reset", NULL, "pay", SUGU_ATTEMPT_APPROVED, "", true},
    {"reset", NULL, "fail", SUGU_ATTEMPT_DECLINED, "payment.declined", true},
    {"reset", NULL, "authorise", SUGU_ATTEMPT_HELD, "payment.held", true},
    {"reset", "differ", "pay", SUGU_ATTEMPT_DECLINED, "payment.declined", true},
    {"reset", "amount 1000", "pay", SUGU_ATTEMPT_APPROVED, "payment.partial", true},
    {"reset", "amount 99999", "pay", SUGU_ATTEMPT_APPROVED, "payment.differs", true},
    {"reset", "forget", NULL, SUGU_ATTEMPT_DECLINED, "payment.not-started", true},
    {"at /v2/codes drop-request", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.not-started", false},
    {"at /v2/codes drop-response", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"at /v2/codes twice", NULL, "pay", SUGU_ATTEMPT_APPROVED, "", true},
    {"at /v2/codes late 29000", NULL, "pay", SUGU_ATTEMPT_APPROVED, "", true},
    {"at /v2/codes late 31000", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"at /v2/codes http 500", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"at /v2/codes refuse 503", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.not-started", false},
    {"at /v2/codes garbage", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"at /v2/codes in-flight 2", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"code-amount 9", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"internal", NULL, NULL, SUGU_ATTEMPT_DECLINED, "payment.cancelled", false},
    {"away on", NULL, NULL, SUGU_ATTEMPT_DECLINED, "provider.away", false},
    {"revoke on", NULL, NULL, SUGU_ATTEMPT_DECLINED, "provider.refused", false},
    {"skew 300", NULL, NULL, SUGU_ATTEMPT_DECLINED, "provider.clock", false},
};

static void
end_one(size_t i)
{
    struct provider_agent_world world;
    int64_t posted;

    provider_agent_init(&world);
    provider_agent_code_do(&world, outcomes[i].before);
    provider_agent_ask(&world, 1, BILL);
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    provider_agent_run_until_shown(&world);
    ck_assert_int_eq(*world.seen_payload != '\0', outcomes[i].is_shown);
    if (outcomes[i].behind)
        provider_agent_code_do(&world, outcomes[i].behind);
    if (outcomes[i].payer)
        provider_agent_code_do(&world, outcomes[i].payer);
    provider_agent_run_until_final(&world, 40 * SUGU_MINUTE);
    ck_assert_msg(world.state == outcomes[i].state, "%s: state %u, %s", outcomes[i].before,
                  world.state, world.code_text);
    ck_assert_str_eq(world.code_text, outcomes[i].code);
    posted = world.server.posted_yen;
    if (world.state == SUGU_ATTEMPT_APPROVED && !*world.code_text)
        ck_assert_int_eq(posted, provider_agent_code_counts(&world)->taken_yen);
    if (world.state == SUGU_ATTEMPT_DECLINED && !outcomes[i].behind)
        ck_assert_int_eq(provider_agent_code_counts(&world)->taken_yen, 0);
    provider_agent_done(&world);
}

START_TEST(every_answer_ends_in_the_truth)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(outcomes); i++)
        end_one(i);
}
END_TEST

/* What happens to a status question does not end a payment. */
START_TEST(a_question_that_goes_wrong_is_asked_again)
{
    static const char *const faults[] = {"drop-request", "drop-response", "late 16000", "twice",
                                         "http 500",     "refuse 502",    "garbage",    "internal",
                                         "amount 0",     "in-flight 2"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        struct provider_agent_world world;

        provider_agent_init(&world);
        provider_agent_pay(&world, 1, BILL);
        provider_agent_code_do(&world, "pay");
        provider_agent_code_do(&world, faults[i]);
        provider_agent_run(&world, 5 * SUGU_SECOND);
        provider_agent_code_do(&world, "amount -1");
        ck_assert_msg(provider_agent_run_until_final(&world, 2 * SUGU_MINUTE), "%s: %u", faults[i],
                      world.state);
        ck_assert_msg(world.state == SUGU_ATTEMPT_APPROVED, "%s: %u", faults[i], world.state);
        provider_agent_check(&world);
        provider_agent_done(&world);
    }
}
END_TEST

START_TEST(money_that_moved_both_ways_by_anothers_hand_is_a_persons_matter)
{
    struct provider_agent_world world;
    struct sugu_id held;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    provider_agent_code_do(&world, "pay");
    provider_agent_code_do(&world, "give-back");
    provider_agent_run(&world, SUGU_MINUTE);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_HELD);
    held = world.attempt;
    ck_assert_uint_eq(fake_payments_find(&world.server, &held)->state, SUGU_ATTEMPT_HELD);
    ck_assert_int_eq(world.server.posted_yen, 0);
    provider_agent_done(&world);
}
END_TEST

/* ---- a provider that does not serve */

START_TEST(a_provider_that_does_not_serve_is_told_and_comes_back)
{
    static const struct {
        const char *fault, *mended, *code;
    } rows[] = {{"away on", "away off", "provider.away"},
                {"revoke on", "revoke off", "provider.refused"},
                {"skew 300", "skew 0", "provider.clock"}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct provider_agent_world world;

        provider_agent_init(&world);
        provider_agent_code_do(&world, rows[i].fault);
        provider_agent_run(&world, 2 * SUGU_MINUTE);
        ck_assert(!world.health[0].is_offered);
        ck_assert_str_eq(world.health[0].code, rows[i].code);
        ck_assert(world.health[1].is_offered); /* the other way goes on */
        provider_agent_ask(&world, 1, BILL);
        ck_assert_int_eq(world.reply_status, SUGU_RETRY);
        ck_assert_str_eq(world.reply_code, rows[i].code);
        provider_agent_code_do(&world, rows[i].mended);
        provider_agent_run(&world, SUGU_MINUTE);
        ck_assert(world.health[0].is_offered);
        provider_agent_pay(&world, 2, BILL);
        provider_agent_done(&world);
    }
}
END_TEST

START_TEST(a_provider_away_while_a_code_is_shown_does_not_lose_the_payment)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    provider_agent_code_do(&world, "pay");
    provider_agent_code_do(&world, "away on");
    provider_agent_run(&world, 12 * SUGU_MINUTE);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_SENT);
    provider_agent_code_do(&world, "away off");
    ck_assert(provider_agent_run_until_final(&world, 2 * SUGU_MINUTE));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

START_TEST(a_provider_away_for_too_long_is_a_persons_matter_and_asked_all_the_same)
{
    struct provider_agent_world world;

    provider_agent_init(&world);
    provider_agent_pay(&world, 1, BILL);
    provider_agent_code_do(&world, "pay");
    provider_agent_code_do(&world, "away on");
    provider_agent_run(&world, 40 * SUGU_MINUTE);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_HELD);
    provider_agent_code_do(&world, "away off");
    ck_assert(provider_agent_run_until_final(&world, 3 * SUGU_MINUTE));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    provider_agent_check(&world);
    provider_agent_done(&world);
}
END_TEST

/* ---- restarts */

START_TEST(after_a_start_a_shown_code_is_taken_away_and_asked_for)
{
    for (int is_paid = 0; is_paid < 2; is_paid++) {
        struct provider_agent_world world;

        provider_agent_init(&world);
        provider_agent_pay(&world, 1, BILL);
        if (is_paid)
            provider_agent_code_do(&world, "pay");
        provider_agent_kill(&world);
        provider_agent_start(&world);
        provider_agent_run(&world, 2 * SUGU_SECOND);
        ck_assert_uint_eq(world.jobs[SUGU_CODE_JOB_WITHDRAW], 1);
        ck_assert(provider_agent_run_until_final(&world, 5 * SUGU_MINUTE));
        ck_assert_uint_eq(world.state, is_paid ? SUGU_ATTEMPT_APPROVED : SUGU_ATTEMPT_DECLINED);
        ck_assert_str_eq(world.code_text, is_paid ? "" : "payment.cancelled");
        provider_agent_check(&world);
        provider_agent_done(&world);
    }
}
END_TEST

START_TEST(what_a_person_found_out_while_the_program_was_down_is_learnt)
{
    for (int is_paid = 0; is_paid < 2; is_paid++) {
        struct provider_agent_world world;
        uint32_t state = is_paid ? SUGU_ATTEMPT_APPROVED : SUGU_ATTEMPT_DECLINED;
        struct sugu_attempt row;
        struct sugu_error error;
        struct sugu_id held;

        provider_agent_init(&world);
        provider_agent_pay(&world, 1, BILL);
        held = world.attempt;
        provider_agent_code_do(&world, "authorise");
        provider_agent_run(&world, 40 * SUGU_MINUTE);
        ck_assert_uint_eq(world.state, SUGU_ATTEMPT_HELD);
        provider_agent_kill(&world);
        fake_payments_resolve(&world.server, &held, state, is_paid ? 1234 : 0);
        provider_agent_start(&world);
        provider_agent_connect(&world);
        provider_agent_run(&world, 2 * SUGU_SECOND);
        sugu_assert_ok(sugu_journal_find(world.journal, SUGU_JOURNAL_BY_ID, &held, &row, &error),
                       error);
        ck_assert_uint_eq(row.state, state);
        ck_assert_int_eq(row.approved_yen, is_paid ? 1234 : 0);
        ck_assert_uint_eq(world.server.reused_ids, 0);
        /* The bill is free for another attempt. */
        provider_agent_pay(&world, 2, BILL + 1);
        provider_agent_done(&world);
    }
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
        world->has_code_job && death->at-- == 0) {
        provider_agent_deliver(world, /* is_lost= */ true);
        world->has_failed = true;
    } else if (!world->has_failed) {
        provider_agent_step(world);
    }
}

/* Pays by a code (`leaves`: goes away, and pays all the same by what the phone has read), then the
 * money is ordered back. False where all was over before the death. */
static bool
live_and_die(struct death death, bool leaves, unsigned *approved)
{
    struct provider_agent_world world;
    bool has_died = false, has_paid = false, is_ordered = false;
    int64_t end;

    provider_agent_init(&world);
    world.commits_left = death.is_behind_job ? -1 : death.at;
    provider_agent_ask(&world, 1, BILL);
    end = world.clock.monotonic + 20 * SUGU_MINUTE;
    while (world.clock.monotonic < end) {
        if (*world.payload && !has_paid) {
            provider_agent_code_do(&world, "scan");
            if (leaves)
                provider_agent_leave(&world);
            provider_agent_code_do(&world, "pay");
            has_paid = true;
        }
        if (world.is_final && world.state == SUGU_ATTEMPT_APPROVED && !is_ordered) {
            is_ordered = true;
            provider_agent_order_refund(&world, 50, &world.attempt, PROVIDER_AGENT_YEN);
        }
        if (is_ordered && provider_agent_attempt(&world, 50)->is_ordered && !world.has_failed)
            provider_agent_connect(&world); /* an order that could not be taken comes again */
        if (!world.has_failed)
            step_or_die(&world, &death);
        if (world.has_failed || world.reply_status == SUGU_BROKEN) {
            has_died = true;
            provider_agent_kill(&world);
            provider_agent_start(&world);
            provider_agent_connect(&world);
            provider_agent_ask(&world, 1, BILL); /* the kiosk asks again */
        }
        if (world.reply_status == SUGU_RETRY) { /* the provider is not looked at yet */
            provider_agent_run(&world, SUGU_SECOND / 2);
            provider_agent_ask(&world, 1, BILL);
        }
        if (world.is_final && fake_payments_open(&world.server) == 0 &&
            (world.state == SUGU_ATTEMPT_DECLINED ||
             (is_ordered && provider_agent_attempt(&world, 50)->state == SUGU_ATTEMPT_APPROVED)))
            break;
    }
    ck_assert_msg(world.is_final, "death %d: state %u", death.at, world.state);
    *approved += world.state == SUGU_ATTEMPT_APPROVED;
    if (has_paid)
        ck_assert_int_eq(world.server.posted_yen, PROVIDER_AGENT_YEN);
    if (is_ordered)
        ck_assert_int_eq(world.server.refunded_yen, PROVIDER_AGENT_YEN);
    provider_agent_check(&world);
    has_died = death.is_behind_job ? has_died : world.commits_left < 0;
    provider_agent_done(&world);
    return has_died;
}

static void
die_everywhere(bool is_behind_job, bool leaves, int least)
{
    struct death death = {.is_behind_job = is_behind_job};
    unsigned approved = 0;

    while (live_and_die(death, leaves, &approved))
        death.at++;
    sugu_log(SUGU_LOG_INFO, "test.ends", "deaths=%d approved=%u", death.at, approved);
    ck_assert_int_ge(death.at, least);
    ck_assert_uint_ge(approved, 3);
}

START_TEST(a_death_at_any_commit_loses_no_payment)
{
    die_everywhere(false, false, 9);
}
END_TEST

START_TEST(a_death_at_any_commit_loses_no_payment_of_who_has_left)
{
    die_everywhere(false, true, 11);
}
END_TEST

START_TEST(a_death_behind_any_job_loses_no_payment)
{
    die_everywhere(true, false, 3);
}
END_TEST

START_TEST(a_death_behind_any_job_loses_no_payment_of_who_has_left)
{
    die_everywhere(true, true, 4);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("payment-code",
                       120,
                       what_the_phone_pays_is_posted,
                       a_window_that_died_shows_the_same_code_again,
                       several_patients_are_served_side_by_side,
                       who_leaves_takes_the_code_along_and_pays_nothing,
                       what_is_paid_after_leaving_is_posted,
                       a_code_that_is_left_while_it_is_made_is_never_shown,
                       a_code_that_nobody_reads_expires,
                       a_deletion_that_does_not_get_through_does_not_hide_a_payment,
                       every_answer_ends_in_the_truth,
                       a_question_that_goes_wrong_is_asked_again,
                       money_that_moved_both_ways_by_anothers_hand_is_a_persons_matter,
                       a_provider_that_does_not_serve_is_told_and_comes_back,
                       a_provider_away_while_a_code_is_shown_does_not_lose_the_payment,
                       a_provider_away_for_too_long_is_a_persons_matter_and_asked_all_the_same,
                       after_a_start_a_shown_code_is_taken_away_and_asked_for,
                       what_a_person_found_out_while_the_program_was_down_is_learnt,
                       a_death_at_any_commit_loses_no_payment,
                       a_death_at_any_commit_loses_no_payment_of_who_has_left,
                       a_death_behind_any_job_loses_no_payment,
                       a_death_behind_any_job_loses_no_payment_of_who_has_left)
