/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-terminal - one contract for payments, held by every card terminal behind the port
 *
 * Runs against the nexo driver with the emulated terminal (real TLS, real bytes) and against the
 * scripted one in memory; then what only the wire can do wrong.
 */
#include "unit/terminal-rig.h"

#include "payment/worker.h"
#include "testlib/checks.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the contract, for both */

static void
check_approval(struct terminal_rig *rig)
{
    struct sugu_terminal_answer answer, again;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_pay(rig, "A1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 3240);
    ck_assert_str_eq(answer.last4, "9999");
    ck_assert_str_eq(answer.code, "");
    sugu_assert_ok(terminal_rig_ask(rig, "A1", &again, &error), error);
    ck_assert_int_eq(again.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(again.approved_yen, 3240);
    ck_assert_str_eq(again.provider_id, answer.provider_id);
    terminal_rig_command(rig, "partial 1000");
    sugu_assert_ok(terminal_rig_pay(rig, "A2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 1000);
    ck_assert_int_eq(terminal_rig_counts(rig).charged_yen, 4240);
}

static void
check_decline(struct terminal_rig *rig)
{
    static const struct {
        const char *condition, *code;
    } rows[] = {
        {"Refusal", "payment.declined"},
        {"WrongPIN", "payment.declined"},
        {"InvalidCard", "payment.card-not-accepted"},
        {"PaymentRestriction", "payment.card-not-accepted"},
        {"Cancel", "payment.cancelled"},
        {"UnreachableHost", "payment.host-unreachable"},
        {"InsertedCard", "payment.card-inserted"},
        {"DeviceOut", "terminal.away"},
        {"UnavailableDevice", "terminal.away"},
        {"UnavailableService", "terminal.away"},
        {"MessageFormat", "terminal.message-refused"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;
        char line[64], id[11];

        snprintf(line, sizeof line, "decline %s", rows[i].condition);
        snprintf(id, sizeof id, "D%zu", i);
        terminal_rig_command(rig, line);
        sugu_assert_ok(terminal_rig_pay(rig, id, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
        ck_assert_str_eq(answer.code, rows[i].code);
        sugu_assert_ok(terminal_rig_ask(rig, id, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
    }
    ck_assert_uint_eq(terminal_rig_counts(rig).charges, 0);
}

static void
check_silence(struct terminal_rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    terminal_rig_command(rig, "drop-response");
    sugu_assert_fails(terminal_rig_pay(rig, "S1", &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(terminal_rig_ask(rig, "S1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    terminal_rig_command(rig, "drop-request");
    sugu_assert_fails(terminal_rig_pay(rig, "S2", &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(terminal_rig_ask(rig, "S2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
    terminal_rig_command(rig, "in-progress 2");
    sugu_assert_fails(terminal_rig_pay(rig, "S3", &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    for (int i = 0; i < 3; i++) {
        sugu_assert_ok(terminal_rig_ask(rig, "S3", &answer, &error), error);
        ck_assert_int_eq(answer.result, i < 2 ? SUGU_TERMINAL_IN_PROGRESS : SUGU_TERMINAL_APPROVED);
    }
    terminal_rig_command(rig, "in-flight 1");
    sugu_assert_fails(terminal_rig_pay(rig, "S4", &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(terminal_rig_ask(rig, "S4", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
    sugu_assert_ok(terminal_rig_ask(rig, "S4", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(terminal_rig_counts(rig).charges, 3);
}

static void
check_away_and_busy(struct terminal_rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_open(rig, &error), error);
    terminal_rig_command(rig, "cut");
    sugu_assert_fails(terminal_rig_pay(rig, "W1", &answer, &error), SUGU_RETRY, "terminal.away",
                      error);
    terminal_rig_command(rig, "away on");
    sugu_assert_fails(terminal_rig_open(rig, &error), SUGU_RETRY, "terminal.away", error);
    sugu_assert_fails(terminal_rig_pay(rig, "W2", &answer, &error), SUGU_RETRY, "terminal.away",
                      error);
    sugu_assert_status(terminal_rig_ask(rig, "W2", &answer, &error), SUGU_RETRY, error);
    terminal_rig_command(rig, "away off");
    ck_assert_uint_eq(terminal_rig_counts(rig).payments, 0);
    terminal_rig_command(rig, "diagnosis Busy");
    sugu_assert_fails(terminal_rig_open(rig, &error), SUGU_RETRY, "terminal.busy", error);
    terminal_rig_command(rig, "diagnosis Maintenance");
    sugu_assert_fails(terminal_rig_open(rig, &error), SUGU_RETRY, "terminal.away", error);
    terminal_rig_command(rig, "diagnosis OK");
    terminal_rig_command(rig, "busy");
    sugu_assert_ok(terminal_rig_pay(rig, "W3", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    sugu_assert_ok(terminal_rig_ask(rig, "W3", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
}

static void
check_used_service_id(struct terminal_rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(terminal_rig_pay(rig, "U1", &answer, &error), error);
    sugu_assert_ok(terminal_rig_pay(rig, "U1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    ck_assert_uint_eq(terminal_rig_counts(rig).charges, 1);
}

static void (*const contract[])(struct terminal_rig *rig) = {
    check_approval, check_decline, check_silence, check_away_and_busy, check_used_service_id,
};

START_TEST(the_contract_holds_for_the_nexo_driver)
{
    struct terminal_rig rig;

    struct sugu_error error;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    contract[_i](&rig);
    terminal_rig_done(&rig);
}
END_TEST

START_TEST(the_contract_holds_for_the_scripted_terminal)
{
    struct terminal_rig rig;

    struct sugu_error error;

    terminal_rig_init(&rig, TERMINAL_RIG_SCRIPTED);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    contract[_i](&rig);
    terminal_rig_done(&rig);
}
END_TEST

/* ---- what only the wire can do wrong */

/* Every answer that cannot be believed is UNKNOWN, and the truth comes by asking. */
START_TEST(an_answer_that_cannot_be_believed_is_unknown)
{
    static const char *const faults[] = {
        "wrong-service-id", "wrong-poi-id", "swapped-header", "bad-hmac",
        "garbage",          "http-500",     "no-amount",      "double-amount",
        "card-data",        "reboot-keep",  "delay 3000",
    };
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        char id[11];

        snprintf(id, sizeof id, "X%zu", i);
        terminal_rig_command(&rig, faults[i]);
        sugu_assert_fails(terminal_rig_pay(&rig, id, &answer, &error), SUGU_UNKNOWN,
                          "payment.no-answer", error);
        ck_assert_ptr_null(strstr(error.detail, "5413"));
        sugu_assert_ok(terminal_rig_ask(&rig, id, &answer, &error), error);
        ck_assert_msg(answer.result == SUGU_TERMINAL_APPROVED, "%s", faults[i]);
    }
    ck_assert_uint_eq(terminal_rig_counts(&rig).charges, SUGU_ARRAY_SIZE(faults));
    terminal_rig_done(&rig);
}
END_TEST

START_TEST(an_answer_that_comes_twice_or_with_a_closed_line_counts_once)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    terminal_rig_command(&rig, "duplicate-answer");
    sugu_assert_ok(terminal_rig_pay(&rig, "Y1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    terminal_rig_command(&rig, "close-after-answer");
    sugu_assert_ok(terminal_rig_pay(&rig, "Y2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(terminal_rig_counts(&rig).payments, 2);
    terminal_rig_done(&rig);
}
END_TEST

START_TEST(a_logged_out_terminal_is_logged_in_and_asked_again)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    sugu_assert_ok(terminal_rig_pay(&rig, "L1", &answer, &error), error);
    terminal_rig_command(&rig, "log-out");
    sugu_assert_ok(terminal_rig_pay(&rig, "L2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    sugu_assert_ok(terminal_rig_ask(&rig, "L1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(terminal_rig_counts(&rig).logins, 2);
    terminal_rig_done(&rig);
}
END_TEST

START_TEST(only_the_configured_root_is_trusted)
{
    struct sugu_terminal_answer answer;
    struct terminal_rig rig, other;
    struct sugu_error error;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    terminal_rig_init(&other, TERMINAL_RIG_NEXO);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal = terminal_rig_make_nexo(&rig, sugu_emulated_terminal_root(other.emulated), "",
                                          SUGU_EMULATED_POI);
    sugu_assert_fails(terminal_rig_open(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    sugu_assert_fails(terminal_rig_pay(&rig, "R1", &answer, &error), SUGU_BROKEN,
                      "terminal.not-trusted", error);
    ck_assert_uint_eq(terminal_rig_counts(&rig).payments, 0);
    /* A public root from the system's store is no root either. */
    if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0)
        ck_assert(setenv("SSL_CERT_FILE", sugu_emulated_terminal_root(rig.emulated), 1) == 0);
    sugu_assert_fails(terminal_rig_open(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    terminal_rig_done(&rig);
    terminal_rig_done(&other);
}
END_TEST

START_TEST(the_certificate_has_to_carry_the_name)
{
    struct sugu_error error;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal = terminal_rig_make_nexo(&rig, sugu_emulated_terminal_root(rig.emulated),
                                          "terminal.test", SUGU_EMULATED_POI);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal = terminal_rig_make_nexo(&rig, sugu_emulated_terminal_root(rig.emulated),
                                          "other.test", SUGU_EMULATED_POI);
    sugu_assert_fails(terminal_rig_open(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    terminal_rig_done(&rig);
}
END_TEST

/* A card number in every text that a terminal may send: none of it leaves the driver. */
START_TEST(a_card_number_does_not_pass_the_driver)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    terminal_rig_command(&rig, "pan 5413330089099999");
    sugu_assert_ok(terminal_rig_pay(&rig, "P1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_str_eq(answer.last4, "9999");
    ck_assert_ptr_null(memmem(&answer, sizeof answer, "541333008909", 12));
    terminal_rig_done(&rig);
}
END_TEST

struct aborter {
    struct terminal_rig *rig;
};

static void *
abort_main(void *user)
{
    struct aborter *aborter = user;
    struct sugu_terminal_request request = {.deed = SUGU_TERMINAL_PAY, .service_id = "B1"};

    sugu_emulated_terminal_wait(aborter->rig->emulated, "payments", 1, 5000);
    aborter->rig->terminal->ops->abort(aborter->rig->terminal, &request);
    return NULL;
}

START_TEST(an_abort_from_another_thread_ends_the_payment)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    pthread_t thread;
    struct terminal_rig rig;
    struct aborter aborter = {.rig = &rig};

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO);
    sugu_assert_ok(terminal_rig_open(&rig, &error), error);
    terminal_rig_command(&rig, "patient 1400");
    ck_assert_int_eq(pthread_create(&thread, NULL, abort_main, &aborter), 0);
    sugu_assert_ok(terminal_rig_pay(&rig, "B1", &answer, &error), error);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
    ck_assert_str_eq(answer.code, "payment.cancelled");
    ck_assert_uint_eq(terminal_rig_counts(&rig).charges, 0);
    terminal_rig_done(&rig);
}
END_TEST

/* The program was killed while the patient held the card: the next one stops that first of all. */
START_TEST(a_program_that_was_started_again_reaches_the_terminal_with_its_abort)
{
    struct sugu_job job = {.kind = SUGU_JOB_RESOLVE,
                           .request = terminal_rig_request(SUGU_TERMINAL_PAY, "R1"),
                           .aborts_first = true};
    struct sugu_job_result result;
    struct terminal_rig rig;

    terminal_rig_init(&rig, TERMINAL_RIG_NEXO); /* a driver that was never opened */
    sugu_job_run(rig.terminal, rig.where, &job, &result);
    ck_assert_uint_eq(terminal_rig_counts(&rig).aborts, 1);
    ck_assert(result.is_idle);
    ck_assert_int_eq(result.answer.result, SUGU_TERMINAL_NOT_FOUND);
    terminal_rig_done(&rig);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tcase = tcase_create("terminal");
    SRunner *runner;
    int failed;

    signal(SIGPIPE, SIG_IGN);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_contract_holds_for_the_nexo_driver, 0,
                        (int)SUGU_ARRAY_SIZE(contract));
    tcase_add_loop_test(tcase, the_contract_holds_for_the_scripted_terminal, 0,
                        (int)SUGU_ARRAY_SIZE(contract));
    tcase_add_test(tcase, an_answer_that_cannot_be_believed_is_unknown);
    tcase_add_test(tcase, an_answer_that_comes_twice_or_with_a_closed_line_counts_once);
    tcase_add_test(tcase, a_logged_out_terminal_is_logged_in_and_asked_again);
    tcase_add_test(tcase, only_the_configured_root_is_trusted);
    tcase_add_test(tcase, the_certificate_has_to_carry_the_name);
    tcase_add_test(tcase, a_card_number_does_not_pass_the_driver);
    tcase_add_test(tcase, an_abort_from_another_thread_ends_the_payment);
    tcase_add_test(tcase, a_program_that_was_started_again_reaches_the_terminal_with_its_abort);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
