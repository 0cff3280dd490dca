/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-paypay - the contract of the code payment port, held by the PayPay driver
 *
 * Runs against the emulated provider in the same process, under a virtual clock, and against the
 * same provider over real TLS with libcurl; then what only one of the two can show.
 */
#include "payment/code/paypay.h"

#include "base/files.h"
#include "domain/card-number.h"
#include "emulators/code-provider.h"
#include "emulators/provider-direct.h"
#include "emulators/provider-https.h"
#include "payment/http/http-curl.h"
#include "testlib/checks.h"
#include "testlib/folder.h"

#include <stdlib.h>
#include <string.h>

/* 2026-06-01 10:00 in Japan. */
#define MORNING ((INT64_C(1780239600) + 10 * 3600) * SUGU_SECOND)

/* A driver, and the provider behind it. */
struct rig {
    struct sugu_clock_manual clock;
    struct sugu_code_provider *emulated;
    struct sugu_provider_direct direct;
    struct sugu_provider_https *https; /* NULL: in the process */
    struct sugu_http *curl;
    atomic_bool is_stopping;
    char *folder;
    struct sugu_code_payment *provider;
};

static struct sugu_code_payment *
make_driver(struct rig *rig, struct sugu_http *http, const struct sugu_paypay_key *key)
{
    struct sugu_paypay_settings settings = {.http = http,
                                            .clock = &rig->clock.clock,
                                            .random = sugu_random_system(),
                                            .key = *key,
                                            .merchant = SUGU_EMULATED_CODE_MERCHANT,
                                            .store = "main",
                                            .place = "KIOSK-03",
                                            .make_wait_ms = 2000,
                                            .ask_wait_ms = 1000};
    struct sugu_code_payment *provider = sugu_paypay_new(&settings);

    ck_assert_ptr_nonnull(provider);
    return provider;
}

static struct sugu_http *
make_curl(struct rig *rig, const char *root_file)
{
    struct sugu_http_curl_settings settings = {.base = sugu_provider_https_address(rig->https),
                                               .certificate_name = "",
                                               .connect_wait_ms = 2000,
                                               .is_stopping = &rig->is_stopping};
    struct sugu_http *curl;
    struct sugu_error error;
    uint8_t *root;
    size_t size;

    sugu_assert_ok(sugu_file_read(root_file, 65536, &root, &size, &error), error);
    settings.root_pem = (const char *)root;
    sugu_assert_ok(sugu_http_curl_new(&settings, &curl, &error), error);
    free(root);
    return curl;
}

static void
rig_init(struct rig *rig, bool is_over_tls)
{
    struct sugu_error error;

    *rig = (struct rig){0};
    sugu_clock_manual_init(&rig->clock, MORNING);
    rig->emulated = sugu_code_provider_new(&rig->clock.clock);
    ck_assert_ptr_nonnull(rig->emulated);
    sugu_provider_direct_init(&rig->direct, sugu_code_provider_base(rig->emulated), &rig->clock);
    if (!is_over_tls) {
        rig->provider = make_driver(rig, &rig->direct.http, &sugu_code_provider_key);
        return;
    }
    rig->folder = sugu_test_folder_new();
    sugu_assert_ok(sugu_provider_https_new(sugu_code_provider_base(rig->emulated), rig->folder,
                                           &rig->https, &error),
                   error);
    rig->curl = make_curl(rig, sugu_provider_https_root(rig->https));
    rig->provider = make_driver(rig, rig->curl, &sugu_code_provider_key);
}

static void
rig_done(struct rig *rig)
{
    sugu_paypay_free(rig->provider);
    sugu_http_curl_free(rig->curl);
    sugu_provider_https_free(rig->https);
    sugu_code_provider_free(rig->emulated);
    if (rig->folder)
        sugu_test_folder_free(rig->folder);
}

static void
command(struct rig *rig, const char *line)
{
    char answer[128];
    bool is_known = rig->https
                        ? sugu_provider_https_command(rig->https, line, answer, sizeof answer)
                        : sugu_provider_command(sugu_code_provider_base(rig->emulated), line,
                                                answer, sizeof answer);

    ck_assert_msg(is_known && strcmp(answer, "ok") == 0, "%s: %s", line, answer);
}

static struct sugu_provider_counts
counts(struct rig *rig)
{
    return sugu_code_provider_base(rig->emulated)->counts;
}

static enum sugu_status
create(struct rig *rig, const char *id, struct sugu_code_shown *shown, struct sugu_error *reterr)
{
    struct sugu_code_order order = {.amount_yen = 3240, .description = "\xe5\x8c\xbb"};

    snprintf(order.payment_id, sizeof order.payment_id, "%s", id);
    order.expires = rig->clock.utc + 300 * SUGU_SECOND;
    return rig->provider->ops->create(rig->provider, &order, shown, reterr);
}

static enum sugu_status
ask(struct rig *rig, const char *id, struct sugu_code_answer *answer, struct sugu_error *reterr)
{
    return rig->provider->ops->status(rig->provider, SUGU_CODE_PAYMENT, id, answer, reterr);
}

static enum sugu_status
refund(struct rig *rig,
       const char *refund_id,
       const struct sugu_code_answer *paid,
       int64_t amount_yen,
       struct sugu_code_answer *answer,
       struct sugu_error *reterr)
{
    struct sugu_code_refund order = {.amount_yen = amount_yen};

    snprintf(order.refund_id, sizeof order.refund_id, "%s", refund_id);
    snprintf(order.provider_id, sizeof order.provider_id, "%s", paid->provider_id);
    return rig->provider->ops->refund(rig->provider, &order, answer, reterr);
}

static void
need_state(struct rig *rig, const char *id, enum sugu_code_state state)
{
    struct sugu_code_answer answer;
    struct sugu_error error;

    sugu_assert_ok(ask(rig, id, &answer, &error), error);
    ck_assert_int_eq(answer.state, state);
}

/* ---- the contract, for both */

static void
check_payment(struct rig *rig)
{
    struct sugu_code_shown shown;
    struct sugu_code_answer answer;
    struct sugu_error error;

    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    ck_assert(!shown.is_known_already);
    ck_assert_msg(strncmp(shown.payload, "https://", 8) == 0, "%s", shown.payload);
    ck_assert_int_eq(shown.expires / SUGU_SECOND, MORNING / SUGU_SECOND + 300);
    ck_assert_int_eq(shown.provider_now / SUGU_SECOND, MORNING / SUGU_SECOND);
    need_state(rig, "P1", SUGU_CODE_CREATED);
    command(rig, "authorise");
    need_state(rig, "P1", SUGU_CODE_AUTHORIZED);
    command(rig, "pay");
    sugu_assert_ok(ask(rig, "P1", &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_COMPLETED);
    ck_assert_int_eq(answer.amount_yen, 3240);
    ck_assert_int_eq(answer.paid / SUGU_SECOND, rig->clock.utc / SUGU_SECOND);
    ck_assert_str_ne(answer.provider_id, "");
    ck_assert_int_eq(counts(rig).taken_yen, 3240);
    need_state(rig, "never-made", SUGU_CODE_NOT_FOUND);
    sugu_assert_ok(create(rig, "P2", &shown, &error), error);
    command(rig, "fail");
    need_state(rig, "P2", SUGU_CODE_FAILED);
}

static void
check_repeated_order(struct rig *rig)
{
    struct sugu_code_shown shown;
    struct sugu_error error;

    command(rig, "drop-response");
    sugu_assert_fails(create(rig, "P1", &shown, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    need_state(rig, "P1", SUGU_CODE_CREATED);
    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    ck_assert(shown.is_known_already);
    ck_assert_str_eq(shown.payload, "");
    command(rig, "drop-request");
    sugu_assert_fails(create(rig, "P2", &shown, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    need_state(rig, "P2", SUGU_CODE_NOT_FOUND);
    command(rig, "away on");
    sugu_assert_fails(create(rig, "P3", &shown, &error), SUGU_RETRY, "provider.away", error);
    command(rig, "away off");
    need_state(rig, "P3", SUGU_CODE_NOT_FOUND);
    sugu_assert_ok(create(rig, "P3", &shown, &error), error);
    ck_assert(!shown.is_known_already);
}

static void
check_doubtful_answers(struct rig *rig)
{
    static const char *const faults[] = {"late 1500", "http 500", "http 502",   "http 503",
                                         "http 504",  "garbage",  "refuse 503", "internal"};
    struct sugu_code_shown shown;
    struct sugu_code_answer answer;
    struct sugu_error error;

    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    command(rig, "pay");
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        command(rig, faults[i]);
        sugu_assert_fails(ask(rig, "P1", &answer, &error), SUGU_UNKNOWN, "payment.no-answer",
                          error);
        need_state(rig, "P1", SUGU_CODE_COMPLETED);
    }
    command(rig, "amount 0");
    sugu_assert_fails(ask(rig, "P1", &answer, &error), SUGU_UNKNOWN, "payment.no-answer", error);
    command(rig, "amount 100");
    sugu_assert_ok(ask(rig, "P1", &answer, &error), error);
    ck_assert_int_eq(answer.amount_yen, 100); /* what is said is told, not what was asked */
    command(rig, "amount -1");
    command(rig, "differ");
    need_state(rig, "P1", SUGU_CODE_FAILED);
    need_state(rig, "P1", SUGU_CODE_COMPLETED);
    command(rig, "twice");
    need_state(rig, "P1", SUGU_CODE_COMPLETED);
    ck_assert_uint_eq(counts(rig).takes, 1);
}

/* What cannot be this order's code is never shown. */
static void
check_strange_codes(struct rig *rig)
{
    static const char *const strange[] = {
        "taint 3 ",                             /* no code id */
        "taint 3 04/../x",                      /* one that is an address */
        "taint 4 http://qr.emulated.test/x",    /* a code without TLS */
        "taint 4 https://qr.emulated.test/a b", /* one that is no address */
        "taint 4 000201010212520480625303392540410005802JP5908HOSPITAL6005TOKYO63049881",
        "taint 6 P99", /* of another payment */
        "code-amount 3241",
    };
    struct sugu_code_shown shown;
    struct sugu_error error;
    char id[8];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(strange); i++) {
        snprintf(id, sizeof id, "S%zu", i);
        command(rig, strange[i]);
        sugu_assert_fails(create(rig, id, &shown, &error), SUGU_UNKNOWN, "payment.no-answer",
                          error);
        need_state(rig, id, SUGU_CODE_CREATED);
    }
    command(rig, "taint 4 000201010212520480625303392540410005802JP5908HOSPITAL6005TOKYO63049880");
    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    ck_assert_uint_eq(strlen(shown.payload), 70);
}

static void
check_withdrawal(struct rig *rig)
{
    const struct sugu_code_payment_ops *ops = rig->provider->ops;
    struct sugu_code_shown shown;
    struct sugu_error error;
    char answer[64];

    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    sugu_assert_ok(ops->withdraw(rig->provider, shown.code_id, &error), error);
    sugu_assert_ok(ops->withdraw(rig->provider, shown.code_id, &error), error);
    sugu_provider_command(sugu_code_provider_base(rig->emulated), "pay", answer, sizeof answer);
    ck_assert_str_eq(answer, "cannot");
    /* A payment that was under way wins the race against the deletion. */
    sugu_assert_ok(create(rig, "P2", &shown, &error), error);
    command(rig, "race");
    sugu_assert_ok(ops->withdraw(rig->provider, shown.code_id, &error), error);
    need_state(rig, "P2", SUGU_CODE_COMPLETED);
    /* So does one of a phone that has read the code. */
    sugu_assert_ok(create(rig, "P3", &shown, &error), error);
    command(rig, "scan");
    sugu_assert_ok(ops->withdraw(rig->provider, shown.code_id, &error), error);
    need_state(rig, "P3", SUGU_CODE_CREATED);
    command(rig, "pay");
    need_state(rig, "P3", SUGU_CODE_COMPLETED);
    sugu_assert_ok(create(rig, "P4", &shown, &error), error);
    command(rig, "pay");
    sugu_assert_fails(ops->withdraw(rig->provider, shown.code_id, &error), SUGU_REFUSED,
                      "payment.code-used", error);
    command(rig, "at /v2/codes/04 drop-response");
    sugu_assert_fails(ops->withdraw(rig->provider, shown.code_id, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    ck_assert_uint_eq(counts(rig).takes, 3);
}

static void
check_cancellation(struct rig *rig)
{
    const struct sugu_code_payment_ops *ops = rig->provider->ops;
    struct sugu_code_shown shown;
    struct sugu_error error;

    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    command(rig, "pay");
    sugu_assert_ok(ops->cancel(rig->provider, "P1", &error), error);
    need_state(rig, "P1", SUGU_CODE_CANCELED);
    sugu_assert_fails(ops->cancel(rig->provider, "P1", &error), SUGU_REFUSED,
                      "payment.not-reversible", error);
    sugu_assert_ok(create(rig, "P2", &shown, &error), error);
    command(rig, "pay");
    command(rig, "drop-response");
    sugu_assert_fails(ops->cancel(rig->provider, "P2", &error), SUGU_UNKNOWN, "payment.no-answer",
                      error);
    need_state(rig, "P2", SUGU_CODE_CANCELED);
    sugu_assert_ok(create(rig, "P3", &shown, &error), error);
    command(rig, "pay");
    command(rig, "irreversible on");
    sugu_assert_fails(ops->cancel(rig->provider, "P3", &error), SUGU_REFUSED,
                      "payment.not-reversible", error);
    need_state(rig, "P3", SUGU_CODE_COMPLETED);
    ck_assert_int_eq(counts(rig).taken_yen - counts(rig).given_yen, 3240);
}

static void
check_refund(struct rig *rig)
{
    const struct sugu_code_payment_ops *ops = rig->provider->ops;
    struct sugu_code_answer paid, answer;
    struct sugu_code_shown shown;
    struct sugu_error error;

    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    command(rig, "pay");
    sugu_assert_ok(ask(rig, "P1", &paid, &error), error);
    sugu_assert_ok(refund(rig, "R1", &paid, 1000, &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_REFUNDED);
    ck_assert_int_eq(answer.amount_yen, 1000);
    sugu_assert_ok(refund(rig, "R1", &paid, 1000, &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_REFUNDED); /* once, and told twice */
    ck_assert_int_eq(counts(rig).given_yen, 1000);
    sugu_assert_ok(refund(rig, "R2", &paid, 2241, &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_FAILED); /* more than is left */
    command(rig, "drop-response");
    sugu_assert_fails(refund(rig, "R3", &paid, 240, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(ops->status(rig->provider, SUGU_CODE_GIVING_BACK, "R3", &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_REFUNDED);
    ck_assert_int_eq(answer.amount_yen, 240);
    command(rig, "drop-request");
    sugu_assert_fails(refund(rig, "R4", &paid, 2000, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(ops->status(rig->provider, SUGU_CODE_GIVING_BACK, "R4", &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_NOT_FOUND);
    command(rig, "slow-refund 2");
    sugu_assert_ok(refund(rig, "R4", &paid, 2000, &answer, &error), error);
    ck_assert_int_eq(answer.state, SUGU_CODE_CREATED);
    for (int i = 0; i < 2; i++) {
        sugu_assert_ok(ops->status(rig->provider, SUGU_CODE_GIVING_BACK, "R4", &answer, &error),
                       error);
        ck_assert_int_eq(answer.state, i == 0 ? SUGU_CODE_CREATED : SUGU_CODE_REFUNDED);
    }
    ck_assert_int_eq(counts(rig).given_yen, 3240);
    need_state(rig, "P1", SUGU_CODE_REFUNDED);
}

static void
check_keys_and_clocks(struct rig *rig)
{
    struct sugu_code_shown shown;
    struct sugu_code_answer answer;
    struct sugu_error error;

    command(rig, "skew 110"); /* within what the provider takes, and so near that we say nothing */
    sugu_assert_ok(create(rig, "P1", &shown, &error), error);
    command(rig, "skew -121");
    sugu_assert_fails(create(rig, "P2", &shown, &error), SUGU_BROKEN, "provider.clock", error);
    command(rig, "skew 600");
    sugu_assert_fails(ask(rig, "P1", &answer, &error), SUGU_BROKEN, "provider.clock", error);
    command(rig, "skew 0");
    command(rig, "revoke on");
    sugu_assert_fails(create(rig, "P2", &shown, &error), SUGU_BROKEN, "provider.refused", error);
    command(rig, "revoke off");
    need_state(rig, "P2", SUGU_CODE_NOT_FOUND);
    sugu_assert_fails(create(rig, "a/b", &shown, &error), SUGU_BROKEN, "provider.refused", error);
    sugu_assert_fails(create(rig, "", &shown, &error), SUGU_BROKEN, "provider.refused", error);
}

static void (*const contract[])(struct rig *rig) = {
    check_payment,    check_repeated_order, check_doubtful_answers, check_strange_codes,
    check_withdrawal, check_cancellation,   check_refund,           check_keys_and_clocks,
};

static void
check_contract(bool is_over_tls)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(contract); i++) {
        struct rig rig;
        rig_init(&rig, is_over_tls);
        contract[i](&rig);
        rig_done(&rig);
    }
}

START_TEST(the_contract_is_held_in_the_process)
{
    check_contract(false);
}
END_TEST

START_TEST(the_contract_is_held_over_tls)
{
    check_contract(true);
}
END_TEST

/* ---- only in the process: time passes as we say */

/* Sent, not there when asked, sent again, and only then did the first request arrive. */
START_TEST(a_refund_that_arrives_late_is_carried_out_once)
{
    for (int first = 1; first <= 3; first++) {
        struct sugu_code_answer paid, answer;
        struct sugu_code_shown shown;
        struct sugu_error error;
        struct rig rig;
        char line[32];

        rig_init(&rig, false);
        sugu_assert_ok(create(&rig, "P1", &shown, &error), error);
        command(&rig, "pay");
        sugu_assert_ok(ask(&rig, "P1", &paid, &error), error);
        snprintf(line, sizeof line, "in-flight %d", first);
        command(&rig, line);
        sugu_assert_fails(refund(&rig, "R1", &paid, 1000, &answer, &error), SUGU_UNKNOWN,
                          "payment.no-answer", error);
        sugu_assert_ok(
            rig.provider->ops->status(rig.provider, SUGU_CODE_GIVING_BACK, "R1", &answer, &error),
            error);
        ck_assert_int_eq(answer.state, first == 1 ? SUGU_CODE_REFUNDED : SUGU_CODE_NOT_FOUND);
        sugu_assert_ok(refund(&rig, "R1", &paid, 1000, &answer, &error), error);
        ck_assert_int_eq(answer.state, SUGU_CODE_REFUNDED);
        need_state(&rig, "P1", SUGU_CODE_REFUNDED);
        ck_assert_int_eq(counts(&rig).given_yen, 1000);
        rig_done(&rig);
    }
}
END_TEST

START_TEST(a_code_ends_by_the_providers_clock)
{
    struct sugu_code_shown shown;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, false);
    sugu_assert_ok(create(&rig, "P1", &shown, &error), error);
    sugu_clock_manual_advance(&rig.clock, 290 * SUGU_SECOND);
    need_state(&rig, "P1", SUGU_CODE_CREATED);
    sugu_clock_manual_advance(&rig.clock, 10 * SUGU_SECOND);
    need_state(&rig, "P1", SUGU_CODE_EXPIRED);
    rig_done(&rig);
}
END_TEST

/* Gives back what was paid, in the way that the rule says, at any minute of two days. */
START_TEST(the_way_that_the_rule_says_is_always_open)
{
    for (int minute = 0; minute < 2 * 1440; minute += 7) {
        struct sugu_code_answer paid, answer;
        struct sugu_code_shown shown;
        struct sugu_error error;
        struct rig rig;

        rig_init(&rig, false);
        rig.clock.utc += 13 * 60 * SUGU_MINUTE + 50 * SUGU_MINUTE; /* 23:50 */
        sugu_assert_ok(create(&rig, "P1", &shown, &error), error);
        command(&rig, "pay");
        sugu_assert_ok(ask(&rig, "P1", &paid, &error), error);
        sugu_clock_manual_advance(&rig.clock, minute * SUGU_MINUTE);
        if (sugu_code_way_back(paid.paid, rig.clock.utc, true) == SUGU_CODE_CANCEL) {
            sugu_assert_ok(rig.provider->ops->cancel(rig.provider, "P1", &error), error);
        } else {
            sugu_assert_ok(refund(&rig, "R1", &paid, 3240, &answer, &error), error);
            ck_assert_int_eq(answer.state, SUGU_CODE_REFUNDED);
        }
        ck_assert_int_eq(counts(&rig).given_yen, 3240);
        rig_done(&rig);
    }
}
END_TEST

START_TEST(a_wrong_secret_is_told_from_a_wrong_clock)
{
    struct sugu_paypay_key key = sugu_code_provider_key;
    struct sugu_code_payment *other;
    struct sugu_code_answer answer;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, false);
    key.secret[0] ^= 1;
    other = make_driver(&rig, &rig.direct.http, &key);
    sugu_assert_fails(other->ops->status(other, SUGU_CODE_PAYMENT, "P1", &answer, &error),
                      SUGU_BROKEN, "provider.refused", error);
    sugu_paypay_free(other);
    rig_done(&rig);
}
END_TEST

/* PayPay's own example: zenn.dev/katoaki/articles/65cfe0ac5dac9f and paypay-signature.h. */
START_TEST(the_signature_is_that_of_paypays_example)
{
    static const struct sugu_paypay_key key = {"APIKeyGenerated", "APIKeySecretGenerated"};
    struct sugu_paypay_signed what = {
        .method = "POST",
        .path = "/v2/codes",
        .content_type = "application/json;charset=UTF-8;",
        .body = "{\"sampleRequestBodyKey1\":\"sampleRequestBodyValue1\","
                "\"sampleRequestBodyKey2\":\"sampleRequestBodyValue2\"}",
        .nonce = "acd028",
        .epoch_s = 1579843452,
    };
    char header[SUGU_PAYPAY_HEADER_SIZE];

    sugu_paypay_sign(&key, &what, header);
    ck_assert_str_eq(header, "Authorization: hmac OPA-Auth:APIKeyGenerated:"
                             "NW1jKIMnzR7tEhMWtcJcaef+nFVBt7jjAGcVuxHhchc=:acd028:1579843452:"
                             "1j0FnY4flNp5CtIKa7x9MQ==");
    what.method = "GET";
    what.body = NULL;
    sugu_paypay_sign(&key, &what, header);
    ck_assert_ptr_nonnull(strstr(header, ":acd028:1579843452:empty"));
}
END_TEST

/* ---- only over TLS */

START_TEST(a_provider_under_another_root_gets_nothing)
{
    struct sugu_code_payment *other;
    struct sugu_code_shown shown;
    struct sugu_code_order order = {.payment_id = "P1", .amount_yen = 1};
    struct sugu_error error;
    struct rig rig, stranger;
    struct sugu_http *curl;

    rig_init(&rig, true);
    rig_init(&stranger, true);
    curl = make_curl(&rig, sugu_provider_https_root(stranger.https));
    other = make_driver(&rig, curl, &sugu_code_provider_key);
    sugu_assert_fails(other->ops->create(other, &order, &shown, &error), SUGU_BROKEN,
                      "provider.not-trusted", error);
    ck_assert_uint_eq(counts(&rig).questions, 0);
    sugu_paypay_free(other);
    sugu_http_curl_free(curl);
    rig_done(&stranger);
    rig_done(&rig);
}
END_TEST

/* ---- card numbers */

#define CARD "4111111111111111"

static void
need_no_card(const void *bytes, size_t size)
{
    ck_assert_ptr_null(memmem(bytes, size, CARD, strlen(CARD)));
}

/* Puts a card number for every string of every answer in turn. */
START_TEST(no_card_number_gets_out_of_any_field)
{
    int fields = 0;

    for (int which = 0; which < 3; which++) {
        bool was_tainted = true;
        for (int field = 0; was_tainted; field++) {
            struct sugu_code_answer paid = {0}, answer = {0};
            struct sugu_code_shown shown = {0};
            struct sugu_error error = {0};
            char line[64];
            struct rig rig;

            rig_init(&rig, false);
            snprintf(line, sizeof line, "taint %d " CARD, field);
            if (which > 0) {
                sugu_assert_ok(create(&rig, "P1", &shown, &error), error);
                command(&rig, "pay");
                sugu_assert_ok(ask(&rig, "P1", &paid, &error), error);
            }
            command(&rig, line);
            if (which == 0)
                ck_assert(create(&rig, "P1", &shown, &error) <= SUGU_BROKEN);
            else if (which == 1)
                ck_assert(ask(&rig, "P1", &answer, &error) <= SUGU_BROKEN);
            else
                ck_assert(refund(&rig, "R1", &paid, 1, &answer, &error) <= SUGU_BROKEN);
            was_tainted = sugu_code_provider_base(rig.emulated)->was_tainted;
            fields += was_tainted;
            need_no_card(&shown, sizeof shown);
            need_no_card(&answer, sizeof answer);
            need_no_card(error.detail, sizeof error.detail);
            rig_done(&rig);
        }
    }
    ck_assert_int_ge(fields, 20);
}
END_TEST

SUGU_TEST_MAIN("paypay",
               the_contract_is_held_in_the_process,
               the_contract_is_held_over_tls,
               a_refund_that_arrives_late_is_carried_out_once,
               a_code_ends_by_the_providers_clock,
               the_way_that_the_rule_says_is_always_open,
               a_wrong_secret_is_told_from_a_wrong_clock,
               the_signature_is_that_of_paypays_example,
               a_provider_under_another_root_gets_nothing,
               no_card_number_gets_out_of_any_field)
