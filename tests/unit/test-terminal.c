/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-terminal - one contract, held by every card terminal behind the port
 *
 * Runs against the nexo driver with the emulated terminal (real TLS, real bytes) and against the
 * scripted one in memory; then what only the wire can do wrong.
 */
#include "emulators/nexo-terminal.h"
#include "emulators/scripted-terminal.h"
#include "payment/terminal/terminal-nexo.h"
#include "testlib/checks.h"

#include "base/files.h"
#include "base/text.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A terminal, how to command the device behind it, and service ids. */
struct rig {
    struct sugu_service_ids ids;
    int next_id;
    struct sugu_terminal *terminal;
    struct sugu_emulated_terminal *emulated; /* NULL: scripted */
    char folder[64];
    const char *where;
};

static enum sugu_status
next_id(struct sugu_service_ids *ids, char ret_id[11], struct sugu_error *reterr)
{
    struct rig *rig = (struct rig *)ids;

    (void)reterr;
    snprintf(ret_id, 11, "T%09d", __atomic_add_fetch(&rig->next_id, 1, __ATOMIC_RELAXED));
    return SUGU_OK;
}

static struct sugu_terminal *
make_nexo(struct rig *rig, const char *root_file, const char *name, const char *poi)
{
    struct sugu_terminal_nexo_settings settings = {
        .ids = &rig->ids,
        .clock = sugu_clock_system(),
        .random = sugu_random_system(),
        .certificate_name = name,
        .sale_id = "KIOSK-03",
        .poi_id = poi,
        .connect_wait_ms = 2000,
        .answer_wait_ms = 1500,
        .exchange_wait_ms = 2000,
    };
    struct sugu_terminal *terminal;
    struct sugu_nexo_key *key;
    struct sugu_error error;
    uint8_t *root;
    size_t size;

    sugu_assert_ok(sugu_nexo_key_read(sugu_emulated_terminal_key(rig->emulated), &key, &error),
                   error);
    sugu_assert_ok(sugu_file_read(root_file, 65536, &root, &size, &error), error);
    settings.root_pem = (const char *)root;
    sugu_assert_ok(sugu_terminal_nexo_new(&settings, &key, &terminal, &error), error);
    free(root);
    return terminal;
}

static void
rig_init(struct rig *rig, bool is_nexo)
{
    struct sugu_error error;

    *rig = (struct rig){.ids.next = next_id, .where = "scripted"};
    if (!is_nexo) {
        rig->terminal = sugu_scripted_terminal_new();
        return;
    }
    snprintf(rig->folder, sizeof rig->folder, "/tmp/sugu-terminal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rig->folder));
    sugu_assert_ok(sugu_emulated_terminal_new(rig->folder, &rig->emulated, &error), error);
    rig->where = sugu_emulated_terminal_address(rig->emulated);
    rig->terminal =
        make_nexo(rig, sugu_emulated_terminal_root(rig->emulated), "", SUGU_EMULATED_POI);
}

static void
rig_done(struct rig *rig)
{
    char command[128];

    if (!rig->emulated) {
        sugu_scripted_terminal_free(rig->terminal);
        return;
    }
    sugu_terminal_nexo_free(rig->terminal);
    sugu_emulated_terminal_free(rig->emulated);
    snprintf(command, sizeof command, "rm -rf %s", rig->folder);
    ck_assert_int_eq(system(command), 0);
}

static void
command(struct rig *rig, const char *line)
{
    char answer[128];

    if (rig->emulated)
        ck_assert_msg(sugu_emulated_terminal_command(rig->emulated, line, answer, sizeof answer),
                      "%s", answer);
    else
        sugu_scripted_terminal_command(rig->terminal, line);
}

static struct sugu_emulated_counts
counts(struct rig *rig)
{
    return rig->emulated ? sugu_emulated_terminal_counts(rig->emulated)
                         : sugu_scripted_terminal_counts(rig->terminal);
}

static enum sugu_status
pay(struct rig *rig,
    const char *service_id,
    struct sugu_terminal_answer *ret_answer,
    struct sugu_error *reterr)
{
    struct sugu_terminal_request request = {.amount_yen = 3240, .utc_us = 1711929600000000};

    snprintf(request.service_id, sizeof request.service_id, "%s", service_id);
    snprintf(request.transaction_id, sizeof request.transaction_id, "B-%s", service_id);
    return rig->terminal->ops->carry_out(rig->terminal, &request, ret_answer, reterr);
}

static enum sugu_status
ask(struct rig *rig,
    const char *service_id,
    struct sugu_terminal_answer *ret_answer,
    struct sugu_error *reterr)
{
    struct sugu_terminal_request request = {.amount_yen = 3240};

    snprintf(request.service_id, sizeof request.service_id, "%s", service_id);
    return rig->terminal->ops->status(rig->terminal, &request, ret_answer, reterr);
}

static enum sugu_status
open_it(struct rig *rig, struct sugu_error *reterr)
{
    return rig->terminal->ops->open(rig->terminal, rig->where, reterr);
}

/* ---- the contract, for both */

static void
check_approval(struct rig *rig)
{
    struct sugu_terminal_answer answer, again;
    struct sugu_error error;

    sugu_assert_ok(pay(rig, "A1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 3240);
    ck_assert_str_eq(answer.last4, "9999");
    ck_assert_str_eq(answer.code, "");
    sugu_assert_ok(ask(rig, "A1", &again, &error), error);
    ck_assert_int_eq(again.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(again.approved_yen, 3240);
    ck_assert_str_eq(again.provider_id, answer.provider_id);
    command(rig, "partial 1000");
    sugu_assert_ok(pay(rig, "A2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 1000);
    ck_assert_int_eq(counts(rig).charged_yen, 4240);
}

static void
check_decline(struct rig *rig)
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
        command(rig, line);
        sugu_assert_ok(pay(rig, id, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
        ck_assert_str_eq(answer.code, rows[i].code);
        sugu_assert_ok(ask(rig, id, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
    }
    ck_assert_uint_eq(counts(rig).charges, 0);
}

static void
check_silence(struct rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    command(rig, "drop-response");
    sugu_assert_fails(pay(rig, "S1", &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    sugu_assert_ok(ask(rig, "S1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    command(rig, "drop-request");
    sugu_assert_fails(pay(rig, "S2", &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    sugu_assert_ok(ask(rig, "S2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
    command(rig, "in-progress 2");
    sugu_assert_fails(pay(rig, "S3", &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    for (int i = 0; i < 3; i++) {
        sugu_assert_ok(ask(rig, "S3", &answer, &error), error);
        ck_assert_int_eq(answer.result, i < 2 ? SUGU_TERMINAL_IN_PROGRESS : SUGU_TERMINAL_APPROVED);
    }
    command(rig, "in-flight 1");
    sugu_assert_fails(pay(rig, "S4", &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    sugu_assert_ok(ask(rig, "S4", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
    sugu_assert_ok(ask(rig, "S4", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(counts(rig).charges, 3);
}

static void
check_away_and_busy(struct rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(open_it(rig, &error), error);
    command(rig, "cut");
    sugu_assert_fails(pay(rig, "W1", &answer, &error), SUGU_RETRY, "terminal.away", error);
    command(rig, "away on");
    sugu_assert_fails(open_it(rig, &error), SUGU_RETRY, "terminal.away", error);
    sugu_assert_fails(pay(rig, "W2", &answer, &error), SUGU_RETRY, "terminal.away", error);
    sugu_assert_status(ask(rig, "W2", &answer, &error), SUGU_RETRY, error);
    command(rig, "away off");
    ck_assert_uint_eq(counts(rig).payments, 0);
    command(rig, "diagnosis Busy");
    sugu_assert_fails(open_it(rig, &error), SUGU_RETRY, "terminal.busy", error);
    command(rig, "diagnosis Maintenance");
    sugu_assert_fails(open_it(rig, &error), SUGU_RETRY, "terminal.away", error);
    command(rig, "diagnosis OK");
    command(rig, "busy");
    sugu_assert_ok(pay(rig, "W3", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    sugu_assert_ok(ask(rig, "W3", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_NOT_FOUND);
}

static void
check_used_service_id(struct rig *rig)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    sugu_assert_ok(pay(rig, "U1", &answer, &error), error);
    sugu_assert_ok(pay(rig, "U1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    ck_assert_uint_eq(counts(rig).charges, 1);
}

static void (*const contract[])(struct rig *rig) = {
    check_approval, check_decline, check_silence, check_away_and_busy, check_used_service_id,
};

START_TEST(the_contract_holds_for_the_nexo_driver)
{
    struct rig rig;

    struct sugu_error error;

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    contract[_i](&rig);
    rig_done(&rig);
}
END_TEST

START_TEST(the_contract_holds_for_the_scripted_terminal)
{
    struct rig rig;

    struct sugu_error error;

    rig_init(&rig, false);
    sugu_assert_ok(open_it(&rig, &error), error);
    contract[_i](&rig);
    rig_done(&rig);
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
    struct rig rig;

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        char id[11];

        snprintf(id, sizeof id, "X%zu", i);
        command(&rig, faults[i]);
        sugu_assert_fails(pay(&rig, id, &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
        ck_assert_ptr_null(strstr(error.detail, "5413"));
        sugu_assert_ok(ask(&rig, id, &answer, &error), error);
        ck_assert_msg(answer.result == SUGU_TERMINAL_APPROVED, "%s", faults[i]);
    }
    ck_assert_uint_eq(counts(&rig).charges, SUGU_ARRAY_SIZE(faults));
    rig_done(&rig);
}
END_TEST

START_TEST(an_answer_that_comes_twice_or_with_a_closed_line_counts_once)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    command(&rig, "duplicate-answer");
    sugu_assert_ok(pay(&rig, "Y1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    command(&rig, "close-after-answer");
    sugu_assert_ok(pay(&rig, "Y2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(counts(&rig).payments, 2);
    rig_done(&rig);
}
END_TEST

START_TEST(a_logged_out_terminal_is_logged_in_and_asked_again)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    sugu_assert_ok(pay(&rig, "L1", &answer, &error), error);
    command(&rig, "log-out");
    sugu_assert_ok(pay(&rig, "L2", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    sugu_assert_ok(ask(&rig, "L1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_uint_eq(counts(&rig).logins, 2);
    rig_done(&rig);
}
END_TEST

START_TEST(only_the_configured_root_is_trusted)
{
    struct sugu_terminal_answer answer;
    struct rig rig, other;
    struct sugu_error error;

    rig_init(&rig, true);
    rig_init(&other, true);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal =
        make_nexo(&rig, sugu_emulated_terminal_root(other.emulated), "", SUGU_EMULATED_POI);
    sugu_assert_fails(open_it(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    sugu_assert_fails(pay(&rig, "R1", &answer, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    ck_assert_uint_eq(counts(&rig).payments, 0);
    /* A public root from the system's store is no root either. */
    if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0)
        ck_assert(setenv("SSL_CERT_FILE", sugu_emulated_terminal_root(rig.emulated), 1) == 0);
    sugu_assert_fails(open_it(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    rig_done(&rig);
    rig_done(&other);
}
END_TEST

START_TEST(the_certificate_has_to_carry_the_name)
{
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, true);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal = make_nexo(&rig, sugu_emulated_terminal_root(rig.emulated), "terminal.test",
                             SUGU_EMULATED_POI);
    sugu_assert_ok(open_it(&rig, &error), error);
    sugu_terminal_nexo_free(rig.terminal);
    rig.terminal =
        make_nexo(&rig, sugu_emulated_terminal_root(rig.emulated), "other.test", SUGU_EMULATED_POI);
    sugu_assert_fails(open_it(&rig, &error), SUGU_BROKEN, "terminal.not-trusted", error);
    rig_done(&rig);
}
END_TEST

/* A card number in every text that a terminal may send: none of it leaves the driver. */
START_TEST(a_card_number_does_not_pass_the_driver)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    command(&rig, "pan 5413330089099999");
    sugu_assert_ok(pay(&rig, "P1", &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_str_eq(answer.last4, "9999");
    ck_assert_ptr_null(memmem(&answer, sizeof answer, "541333008909", 12));
    rig_done(&rig);
}
END_TEST

struct aborter {
    struct rig *rig;
};

static void *
abort_main(void *user)
{
    struct aborter *aborter = user;

    sugu_emulated_terminal_wait(aborter->rig->emulated, "payments", 1, 5000);
    aborter->rig->terminal->ops->abort(aborter->rig->terminal, "B1");
    return NULL;
}

START_TEST(an_abort_from_another_thread_ends_the_payment)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;
    pthread_t thread;
    struct rig rig;
    struct aborter aborter = {.rig = &rig};

    rig_init(&rig, true);
    sugu_assert_ok(open_it(&rig, &error), error);
    command(&rig, "patient 1400");
    ck_assert_int_eq(pthread_create(&thread, NULL, abort_main, &aborter), 0);
    sugu_assert_ok(pay(&rig, "B1", &answer, &error), error);
    pthread_join(thread, NULL);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_DECLINED);
    ck_assert_str_eq(answer.code, "payment.cancelled");
    ck_assert_uint_eq(counts(&rig).charges, 0);
    rig_done(&rig);
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
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
