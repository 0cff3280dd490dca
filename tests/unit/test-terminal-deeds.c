/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-terminal-deeds - the contract of a card terminal for money given back, cards registered, and
 * what lies between two patients and at the day's end
 *
 * Like test-terminal, against the nexo driver over real TLS and against the scripted one.
 */
#include "unit/terminal-rig.h"

#include "payment/terminal/nexo-totals.h"
#include "testlib/checks.h"

#include "base/text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A payment, and a request to give `yen` of it back. */
static struct sugu_terminal_request
pay_and_reverse(struct terminal_rig *rig, const char *pay, const char *back, int64_t yen)
{
    struct sugu_terminal_request request = terminal_rig_request(SUGU_TERMINAL_REVERSE, back);
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_pay(rig, pay, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.provider_utc_us, INT64_C(1711929600000000));
    sugu_text_copy(request.original_id, sizeof request.original_id, answer.provider_id);
    request.original_utc_us = answer.provider_utc_us;
    request.amount_yen = yen;
    return request;
}

static void
rename_request(struct sugu_terminal_request *request, const char *service_id)
{
    sugu_text_copy(request->service_id, sizeof request->service_id, service_id);
}

static void
assert_answer(struct terminal_rig *rig,
              const struct sugu_terminal_request *request,
              enum sugu_terminal_result result,
              int64_t yen,
              const char *code)
{
    struct sugu_terminal_answer answer, again;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_carry_out(rig, request, &answer, &error), error);
    ck_assert_int_eq(answer.result, result);
    ck_assert_int_eq(answer.approved_yen, yen);
    ck_assert_str_eq(answer.code, code);
    /* The terminal's journal says the same. */
    sugu_assert_ok(terminal_rig_status(rig, request, &again, &error), error);
    ck_assert_int_eq(again.result, result);
    ck_assert_int_eq(again.approved_yen, yen);
    ck_assert_str_eq(again.provider_id, answer.provider_id);
    ck_assert_str_eq(again.token, answer.token);
}

/* ---- the contract, for both */

static void
check_reversal(struct terminal_rig *rig)
{
    struct sugu_terminal_request request = pay_and_reverse(rig, "P1", "R1", TERMINAL_RIG_YEN);

    assert_answer(rig, &request, SUGU_TERMINAL_APPROVED, TERMINAL_RIG_YEN, "");
    ck_assert_int_eq(terminal_rig_counts(rig).given_back_yen, TERMINAL_RIG_YEN);
    /* Twice is once. */
    rename_request(&request, "R2");
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.declined");
    ck_assert_int_eq(terminal_rig_counts(rig).given_back_yen, TERMINAL_RIG_YEN);
    ck_assert_uint_eq(terminal_rig_counts(rig).given_back, 1);
}

static void
check_part_reversals(struct terminal_rig *rig)
{
    struct sugu_terminal_request request = pay_and_reverse(rig, "P1", "R1", 1000);

    assert_answer(rig, &request, SUGU_TERMINAL_APPROVED, 1000, "");
    rename_request(&request, "R2");
    request.amount_yen = TERMINAL_RIG_YEN - 1000 + 1;
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.declined");
    rename_request(&request, "R3");
    request.amount_yen = TERMINAL_RIG_YEN - 1000;
    assert_answer(rig, &request, SUGU_TERMINAL_APPROVED, TERMINAL_RIG_YEN - 1000, "");
    ck_assert_int_eq(terminal_rig_counts(rig).given_back_yen, TERMINAL_RIG_YEN);
    /* Less given back than asked: what was given back counts. */
    request = pay_and_reverse(rig, "P2", "R4", 2000);
    terminal_rig_command(rig, "partial 500");
    assert_answer(rig, &request, SUGU_TERMINAL_APPROVED, 500, "");
    ck_assert_int_eq(terminal_rig_counts(rig).given_back_yen, TERMINAL_RIG_YEN + 500);
}

static void
check_reversal_of_the_unknown(struct terminal_rig *rig)
{
    struct sugu_terminal_request request = terminal_rig_request(SUGU_TERMINAL_REVERSE, "R1");

    sugu_text_copy(request.original_id, sizeof request.original_id, "EMU999999.NONE");
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.original-unknown");
    ck_assert_uint_eq(terminal_rig_counts(rig).given_back, 0);
}

/* The faults that leave a reversal in doubt, and what asking says. */
static void
check_doubt(struct terminal_rig *rig)
{
    static const struct {
        const char *fault;
        int questions; /* until it is known */
        bool is_carried_out;
    } rows[] = {
        {"drop-request", 1, false},    {"drop-response", 1, true}, {"in-progress 2", 3, true},
        {"in-flight 1", 2, true},      {"reboot-keep", 1, true},   {"reboot-lose", 1, false},
        {"wrong-service-id", 1, true}, {"wrong-poi-id", 1, true},  {"swapped-header", 1, true},
        {"bad-hmac", 1, true},         {"garbage", 1, true},       {"http-500", 1, true},
        {"no-amount", 1, true},        {"double-amount", 1, true}, {"card-data", 1, true},
    };
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    unsigned carried_out = 0;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_terminal_request request;
        char pay[11], back[11];

        snprintf(pay, sizeof pay, "P%zu", i);
        snprintf(back, sizeof back, "R%zu", i);
        request = pay_and_reverse(rig, pay, back, TERMINAL_RIG_YEN);
        terminal_rig_command(rig, rows[i].fault);
        ck_assert_msg(terminal_rig_carry_out(rig, &request, &answer, &error) == SUGU_UNKNOWN, "%s",
                      rows[i].fault);
        ck_assert_str_eq(error.code, "payment.no-answer");
        for (int asked = 0; asked < rows[i].questions; asked++)
            sugu_assert_ok(terminal_rig_status(rig, &request, &answer, &error), error);
        ck_assert_msg(answer.result == (rows[i].is_carried_out ? SUGU_TERMINAL_APPROVED
                                                               : SUGU_TERMINAL_NOT_FOUND),
                      "%s", rows[i].fault);
        carried_out += rows[i].is_carried_out;
    }
    ck_assert_uint_eq(terminal_rig_counts(rig).given_back, carried_out);
    ck_assert_int_eq(terminal_rig_counts(rig).given_back_yen,
                     (int64_t)carried_out * TERMINAL_RIG_YEN);
}

/* A question about a payment with the id of a reversal finds nothing, and the other way round. */
static void
check_category(struct terminal_rig *rig)
{
    struct sugu_terminal_request request = pay_and_reverse(rig, "P1", "R1", 100);
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_carry_out(rig, &request, &answer, &error), error);
    request.deed = SUGU_TERMINAL_PAY;
    sugu_assert_ok(terminal_rig_status(rig, &request, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
}

static void
check_registration(struct terminal_rig *rig)
{
    struct sugu_terminal_request request = terminal_rig_request(SUGU_TERMINAL_REGISTER, "G1");
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    assert_answer(rig, &request, SUGU_TERMINAL_APPROVED, 0, "");
    sugu_assert_ok(terminal_rig_status(rig, &request, &answer, &error), error);
    ck_assert_str_eq(answer.token, "TOK000001QZRW44SX");
    ck_assert_uint_eq(answer.expiry, 202711);
    ck_assert_str_eq(answer.last4, "9999");
    ck_assert_str_eq(answer.brand, "mc");
    /* No token, or one that looks like a card number: the card is not registered. */
    terminal_rig_command(rig, "no-token");
    rename_request(&request, "G2");
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.card-not-accepted");
    terminal_rig_command(rig, "token 5413330089099999");
    rename_request(&request, "G3");
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.card-not-accepted");
    terminal_rig_command(rig, "reset");
    terminal_rig_command(rig, "decline Refusal");
    rename_request(&request, "G4");
    assert_answer(rig, &request, SUGU_TERMINAL_DECLINED, 0, "payment.declined");
    terminal_rig_command(rig, "drop-response");
    rename_request(&request, "G5");
    sugu_assert_fails(terminal_rig_carry_out(rig, &request, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(terminal_rig_status(rig, &request, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_str_ne(answer.token, "");
    ck_assert_int_eq(terminal_rig_counts(rig).charged_yen, 0);
}

/* Between two patients: a session of its own, and nothing of the last one on the screen. */
static void
check_fresh_session(struct terminal_rig *rig)
{
    struct sugu_emulated_counts before = terminal_rig_counts(rig);
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_pay(rig, "P1", &answer, &error), error);
    ck_assert(terminal_rig_says(rig, "screen", "patient"));
    sugu_assert_ok(terminal_rig_open(rig, &error), error);
    ck_assert(terminal_rig_says(rig, "screen", "standby"));
    ck_assert_uint_eq(terminal_rig_counts(rig).logins, before.logins + 1);
    ck_assert_uint_eq(terminal_rig_counts(rig).standbys, before.standbys + 1);
    /* A terminal without such a display shows its own; any other refusal keeps patients away. */
    terminal_rig_command(rig, "refuse-display UnavailableService");
    sugu_assert_ok(terminal_rig_open(rig, &error), error);
    terminal_rig_command(rig, "refuse-display Busy");
    sugu_assert_fails(terminal_rig_open(rig, &error), SUGU_RETRY, "terminal.busy", error);
    terminal_rig_command(rig, "refuse-display DeviceOut");
    sugu_assert_fails(terminal_rig_open(rig, &error), SUGU_RETRY, "terminal.away", error);
    sugu_assert_ok(terminal_rig_open(rig, &error), error);
}

static void (*const contract[])(struct terminal_rig *rig) = {
    check_reversal, check_part_reversals, check_reversal_of_the_unknown, check_doubt,
    check_category, check_registration,   check_fresh_session,
};
#define CONTRACT_SIZE ((int)SUGU_ARRAY_SIZE(contract))

START_TEST(the_contract_holds)
{
    struct terminal_rig rig;
    struct sugu_error error;

    terminal_rig_init(&rig, (enum terminal_rig_kind)(_i / CONTRACT_SIZE));
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    contract[_i % CONTRACT_SIZE](&rig);
    terminal_rig_done(&rig);
}
END_TEST

/* ---- the day's end, which is the driver's own */

static void
assert_totals(struct terminal_rig *rig,
              enum sugu_nexo_totals_kind kind,
              int64_t period,
              int64_t taken,
              int64_t given_back)
{
    struct sugu_nexo_totals totals;
    struct sugu_error error;
    int64_t debit = 0, credit = 0;

    sugu_assert_ok(sugu_terminal_nexo_totals(rig->terminal, rig->where, kind, &totals, &error),
                   error);
    for (size_t i = 0; i < totals.count; i++) {
        ck_assert_str_eq(totals.rows[i].brand, "mc");
        if (strcmp(totals.rows[i].type, "Debit") == 0)
            debit += totals.rows[i].yen;
        else
            credit += totals.rows[i].yen;
    }
    ck_assert_int_eq(totals.period, period);
    ck_assert_int_eq(debit, taken);
    ck_assert_int_eq(credit, given_back);
}

START_TEST(the_totals_are_what_was_moved)
{
    struct sugu_terminal_request request;
    struct sugu_terminal_answer answer;
    struct sugu_nexo_totals totals;
    struct terminal_rig rig;
    struct sugu_error error;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    request = pay_and_reverse(&rig, "P1", "R1", 240);
    sugu_assert_ok(terminal_rig_carry_out(&rig, &request, &answer, &error), error);
    assert_totals(&rig, SUGU_NEXO_TOTALS_READ, 1001, TERMINAL_RIG_YEN, 240);
    terminal_rig_command(&rig, "log-out");
    assert_totals(&rig, SUGU_NEXO_TOTALS_READ, 1001, TERMINAL_RIG_YEN, 240);
    assert_totals(&rig, SUGU_NEXO_TOTALS_CLOSE, 1001, TERMINAL_RIG_YEN, 240);
    assert_totals(&rig, SUGU_NEXO_TOTALS_READ, 1002, 0, 0);
    assert_totals(&rig, SUGU_NEXO_TOTALS_PREVIOUS, 1001, TERMINAL_RIG_YEN, 240);
    terminal_rig_command(&rig, "away on");
    sugu_assert_fails(
        sugu_terminal_nexo_totals(rig.terminal, rig.where, SUGU_NEXO_TOTALS_CLOSE, &totals, &error),
        SUGU_RETRY, "terminal.away", error);
    terminal_rig_done(&rig);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("terminal-deeds");
    TCase *tcase = tcase_create("terminal-deeds");
    SRunner *runner;
    int failed;

    signal(SIGPIPE, SIG_IGN);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_contract_holds, 0, TERMINAL_RIG_KIND_COUNT * CONTRACT_SIZE);
    tcase_add_test(tcase, the_totals_are_what_was_moved);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
