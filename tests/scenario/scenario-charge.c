/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-charge - what cannot be billed: the real server and the real sugu-fee, the test is the
 * desk, the kiosk and the insurance
 *
 * Nobody is shown an amount that somebody guessed: the desk is told what is wrong, puts it right,
 * and then there is one bill, which is right.
 */
#include "scenario/fee-gateway.h"
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include "base/files.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_VISIT "111000110" /* 291 points */
#define NO_ACT      "123456789"

struct world {
    struct sugu_day day;
    struct sugu_process fee;
    struct sugu_facts facts;
    size_t desk_from, kiosk_from;
};

static void
world_init(struct world *world, Sugu__EligibilityOutcome outcome, uint32_t ratio_percent)
{
    memset(world, 0, sizeof *world);
    sugu_day_init(&world->day);
    sugu_facts_init(&world->facts, world->day.hospital.folder);
    sugu_hospital_add_client(&world->day.hospital, "fee-1", "fee", "");
    fee_gateway_start(&world->day.hospital, &world->fee);
    world->day.answered_ratio = ratio_percent;
    sugu_day_open_session(&world->day);
    sugu_day_verify_insurance(&world->day, outcome, "");
    if (outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED) {
        sugu_day_check_in(&world->day, "B-001");
        sugu_day_pass_stage(&world->day);
    } else {
        sugu_day_check_in(&world->day, "R-001"); /* the reception sees why */
    }
}

static void
world_done(struct world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->fee, SIGTERM), 0);
    sugu_facts_done(&world->facts);
    sugu_day_done(&world->day);
}

/* ---- the desk */

/* The next word to the desk about this reason. */
static void
desk_hears(struct world *world, const char *reason, bool is_over)
{
    const Sugu__Help *help =
        sugu_test_client_event(&world->day.desk, SUGU__EVENT__BODY_HELP_WANTED, &world->desk_from)
            ->help_wanted;

    ck_assert_str_eq(help->reason, reason);
    ck_assert_str_eq(help->number, world->day.number);
    ck_assert_int_eq(help->is_over, is_over);
}

static void
desk_finds(struct world *world, const char *code, const char *act_codes)
{
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__GetQueues get = SUGU__GET_QUEUES__INIT;
    Sugu__Reply *found, *queues;

    find.number = world->day.number;
    found = sugu_test_client_call(&world->day.desk, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL);
    queues = sugu_test_client_call(&world->day.desk, SUGU__REQUEST__BODY_GET_QUEUES, &get, NULL);
    ck_assert_str_eq(found->code, "");
    ck_assert_str_eq(queues->code, "");
    if (*code) {
        ck_assert_ptr_nonnull(found->visit_found->charge_report);
        ck_assert_str_eq(found->visit_found->charge_report->code, code);
        ck_assert_str_eq(found->visit_found->charge_report->act_codes, act_codes);
        ck_assert_ptr_null(found->visit_found->bill);
        ck_assert_uint_eq(queues->queues->n_helps, 1);
        ck_assert_str_eq(queues->queues->helps[0]->reason, code);
        ck_assert_str_eq(queues->queues->helps[0]->number, world->day.number);
    } else {
        ck_assert_ptr_null(found->visit_found->charge_report);
        ck_assert_uint_eq(queues->queues->n_helps, 0);
    }
    sugu__reply__free_unpacked(found, NULL);
    sugu__reply__free_unpacked(queues, NULL);
}

/* A line of what sugu-admin prints. */
static void
admin_prints(struct world *world, const char *const *words, const char *line)
{
    char path[256];
    struct sugu_error error;
    uint8_t *text;
    size_t size;

    sugu_hospital_admin(&world->day.hospital, 0, path, words);
    sugu_assert_ok(sugu_file_read(path, 1 << 16, &text, &size, &error), error);
    ck_assert_msg(memmem(text, size, line, strlen(line)) != NULL, "no %s in:\n%.*s", line,
                  (int)size, (const char *)text);
    free(text);
}

static void
state_ratio(struct world *world, uint32_t percent, const char *code)
{
    Sugu__StateRatio state = SUGU__STATE_RATIO__INIT;

    state.number = world->day.number;
    state.ratio_percent = percent;
    state.desk = (char *)"2";
    sugu_day_expect_code(
        sugu_test_client_call(&world->day.desk, SUGU__REQUEST__BODY_STATE_RATIO, &state, NULL),
        code);
}

/* ---- the kiosk */

/* The next bill that the kiosk, whose session is open, is told of. */
static void
kiosk_is_shown(struct world *world, uint32_t revision, int64_t yen)
{
    const Sugu__Bill *bill =
        sugu_test_client_event(&world->day.kiosk, SUGU__EVENT__BODY_BILL_CHANGED,
                               &world->kiosk_from)
            ->bill_changed;

    ck_assert_uint_eq(bill->revision, revision);
    ck_assert_int_eq(bill->total_yen, yen);
    world->day.bill = sugu_id_of(&bill->bill);
}

static int64_t
count(struct world *world, const char *what)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    return sugu_facts_number(&world->facts, sql);
}

/* ---- the stories */

START_TEST(an_unknown_act_reaches_the_desk_and_is_billed_once_when_it_is_corrected)
{
    static const char *const show[] = {"show", "B-001", NULL}, *const list[] = {"unbilled", NULL};
    struct world world;

    world_init(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, 30);
    sugu_day_record_acts(&world.day, NO_ACT);
    desk_hears(&world, "fee.act-unknown", /* is_over= */ false);
    desk_finds(&world, "fee.act-unknown", NO_ACT);
    admin_prints(&world, show, "unbilled fee.act-unknown acts=" NO_ACT "\n");
    admin_prints(&world, list, "B-001 fee.act-unknown acts=" NO_ACT "\n");

    /* killed and started: it says the same, and that is nothing new */
    ck_assert_int_eq(sugu_process_end(&world.fee, SIGKILL), -SIGKILL);
    fee_gateway_start(&world.day.hospital, &world.fee);
    sugu_process_expect(&world.fee, "fee.reported", NULL, NULL, 0, 20);
    ck_assert_int_eq(count(&world, "charge_report"), 1);

    sugu_day_record_acts(&world.day, FIRST_VISIT);
    desk_hears(&world, "fee.act-unknown", /* is_over= */ true);
    kiosk_is_shown(&world, 1, 870);
    desk_finds(&world, "", "");
    ck_assert_int_eq(count(&world, "bill_revision"), 1);
    ck_assert_int_eq(count(&world, "charge_report"), 0);
    world_done(&world);
}
END_TEST

START_TEST(a_share_that_is_not_in_the_answer_is_never_guessed_and_billed_when_it_is_stated)
{
    static const char *const show[] = {"show", "B-001", NULL};
    struct world world;

    world_init(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, 0);
    ck_assert_int_eq(count(&world, "eligibility WHERE ratio_percent IS NULL"), 1);
    sugu_day_record_acts(&world.day, FIRST_VISIT);
    desk_hears(&world, "fee.ratio-unknown", /* is_over= */ false);
    desk_finds(&world, "fee.ratio-unknown", "");
    admin_prints(&world, show, "ratio unknown\n");
    ck_assert_int_eq(count(&world, "bill"), 0);

    state_ratio(&world, 3, "fee.ratio-wrong"); /* 3割 is 30 */
    ck_assert_int_eq(count(&world, "audit WHERE verb = 'state-ratio'"), 0);
    state_ratio(&world, 30, "");
    desk_hears(&world, "fee.ratio-unknown", /* is_over= */ true);
    kiosk_is_shown(&world, 1, 870);
    state_ratio(&world, 30, ""); /* said again, it changes nothing */
    desk_finds(&world, "", "");
    admin_prints(&world, show, "ratio 30 stated\n");
    ck_assert_int_eq(count(&world, "bill_revision"), 1);
    ck_assert_int_eq(count(&world, "audit WHERE verb = 'state-ratio'"), 1);
    ck_assert_int_eq(count(&world, "visit WHERE acts_version = 2"), 1);
    world_done(&world);
}
END_TEST

START_TEST(without_proof_all_is_charged_until_the_desk_has_seen_the_insurance)
{
    static const char *const twenty[] = {"ratio", "R-001", "20", NULL};
    struct world world;

    world_init(&world, SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW, 0);
    sugu_day_record_acts(&world.day, FIRST_VISIT);
    kiosk_is_shown(&world, 1, 2910);
    desk_finds(&world, "", "");
    sugu_hospital_admin(&world.day.hospital, 0, NULL, twenty);
    kiosk_is_shown(&world, 2, 580); /* 582 */
    state_ratio(&world, 0, "");     /* nothing to pay is a share as well */
    kiosk_is_shown(&world, 3, 0);
    ck_assert_int_eq(sugu_facts_number(&world.facts, "SELECT sum(yen) FROM entry"), 0);
    world_done(&world);
}
END_TEST

/* Stated before the doctor is through: the first bill is made with it. */
START_TEST(a_share_that_is_stated_early_waits_for_the_acts)
{
    struct world world;

    world_init(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, 0);
    state_ratio(&world, 10, "");
    ck_assert_int_eq(count(&world, "visit WHERE acts_version = 0"), 1);
    sugu_day_record_acts(&world.day, FIRST_VISIT);
    kiosk_is_shown(&world, 1, 290);
    ck_assert_int_eq(count(&world, "charge_report"), 0);
    world_done(&world);
}
END_TEST

static void
report(struct world *world, uint32_t version, const char *code, const char *acts, const char *said)
{
    Sugu__ReportCharge body = SUGU__REPORT_CHARGE__INIT;

    body.visit = sugu_id_field(&world->day.visit);
    body.acts_version = version;
    body.code = (char *)code;
    body.act_codes = (char *)acts;
    sugu_day_expect_code(
        sugu_test_client_call(&world->day.fee, SUGU__REQUEST__BODY_REPORT_CHARGE, &body, NULL),
        said);
}

START_TEST(a_report_that_came_too_late_or_is_none_does_nothing)
{
    struct world world;

    world_init(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, 30);
    sugu_day_record_acts(&world.day, FIRST_VISIT);
    kiosk_is_shown(&world, 1, 870);
    report(&world, 1, "fee.act-unknown", NO_ACT, ""); /* it is billed */
    report(&world, 2, "fee.act-unknown", NO_ACT, ""); /* no such acts */
    report(&world, 1, "payment.held", "", "message.out-of-bounds");
    report(&world, 1, "fee.no-such-code", "", "message.out-of-bounds");
    report(&world, 1, "fee.act-unknown", "12345678", "message.out-of-bounds");
    report(&world, 1, "fee.act-unknown", NO_ACT " ", "message.out-of-bounds");
    ck_assert_int_eq(count(&world, "charge_report"), 0);
    desk_finds(&world, "", "");
    sugu_day_pay(&world.day, 1, 870);
    state_ratio(&world, 10, "bill.not-allowed"); /* it is paid */
    ck_assert_int_eq(count(&world, "bill_revision"), 1);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT(
    "charge",
    100,
    an_unknown_act_reaches_the_desk_and_is_billed_once_when_it_is_corrected,
    a_share_that_is_not_in_the_answer_is_never_guessed_and_billed_when_it_is_stated,
    without_proof_all_is_charged_until_the_desk_has_seen_the_insurance,
    a_share_that_is_stated_early_waits_for_the_acts,
    a_report_that_came_too_late_or_is_none_does_nothing)
