/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-checkout - the contract of the card-on-file port, held by the Checkout driver
 *
 * Runs against the emulated provider in the same process and against the same provider over real
 * TLS with libcurl.
 */
#include "payment/on-file/checkout.h"

#include "base/files.h"
#include "emulators/card-on-file-provider.h"
#include "emulators/provider-direct.h"
#include "emulators/provider-https.h"
#include "payment/http/http-curl.h"
#include "payment/on-file/checkout-refusal.h"
#include "testlib/checks.h"
#include "testlib/folder.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN "8415718415172836"

/* A driver, and the provider behind it. */
struct rig {
    struct sugu_clock_manual clock;
    struct sugu_card_on_file_provider *emulated;
    struct sugu_provider_direct direct;
    struct sugu_provider_https *https; /* NULL: in the process */
    struct sugu_http *curl;
    atomic_bool is_stopping;
    char *folder;
    struct sugu_card_on_file *provider;
    unsigned keys;
};

static void
command(struct rig *rig, const char *line)
{
    char answer[128];
    bool is_known = rig->https
                        ? sugu_provider_https_command(rig->https, line, answer, sizeof answer)
                        : sugu_provider_command(sugu_card_on_file_provider_base(rig->emulated),
                                                line, answer, sizeof answer);

    ck_assert_msg(is_known, "%s: %s", line, answer);
}

static void
connect_tls(struct rig *rig)
{
    struct sugu_http_curl_settings settings = {
        .certificate_name = "", .connect_wait_ms = 2000, .is_stopping = &rig->is_stopping};
    struct sugu_error error;
    uint8_t *root;
    size_t size;

    rig->folder = sugu_test_folder_new();
    sugu_assert_ok(sugu_provider_https_new(sugu_card_on_file_provider_base(rig->emulated),
                                           rig->folder, &rig->https, &error),
                   error);
    sugu_assert_ok(
        sugu_file_read(sugu_provider_https_root(rig->https), 65536, &root, &size, &error), error);
    settings.base = sugu_provider_https_address(rig->https);
    settings.root_pem = (const char *)root;
    sugu_assert_ok(sugu_http_curl_new(&settings, &rig->curl, &error), error);
    free(root);
}

static void
rig_init(struct rig *rig, bool is_over_tls)
{
    struct sugu_checkout_settings settings = {.api_key = SUGU_EMULATED_CARD_KEY,
                                              .merchant = SUGU_EMULATED_CARD_MERCHANT,
                                              .wait_ms = 1000};

    *rig = (struct rig){0};
    sugu_clock_manual_init(&rig->clock, INT64_C(1780275600) * SUGU_SECOND);
    rig->emulated = sugu_card_on_file_provider_new(&rig->clock.clock);
    ck_assert_ptr_nonnull(rig->emulated);
    sugu_provider_direct_init(&rig->direct, sugu_card_on_file_provider_base(rig->emulated),
                              &rig->clock);
    if (is_over_tls)
        connect_tls(rig);
    settings.http = is_over_tls ? rig->curl : &rig->direct.http;
    rig->provider = sugu_checkout_new(&settings);
    ck_assert_ptr_nonnull(rig->provider);
    command(rig, "token " TOKEN " payer-1 visa 1111 8/2031 CREDIT");
    command(rig, "token 8415718415172837 payer-2 mc 2222 3/2027 DEBIT");
}

static void
rig_done(struct rig *rig)
{
    sugu_checkout_free(rig->provider);
    sugu_http_curl_free(rig->curl);
    sugu_provider_https_free(rig->https);
    sugu_card_on_file_provider_free(rig->emulated);
    if (rig->folder)
        sugu_test_folder_free(rig->folder);
}

static struct sugu_provider_counts
counts(struct rig *rig)
{
    return sugu_card_on_file_provider_base(rig->emulated)->counts;
}

/* A request under a key of its own. */
static struct sugu_on_file_request
request(struct rig *rig, const char *reference, int64_t amount_yen)
{
    struct sugu_on_file_request request = {
        .payer = "payer-1", .token = TOKEN, .amount_yen = amount_yen};

    snprintf(request.reference, sizeof request.reference, "%s", reference);
    snprintf(request.key, sizeof request.key, "00000000-0000-4000-8000-%012u", ++rig->keys);
    return request;
}

static struct sugu_on_file_request
change(struct rig *rig, const struct sugu_on_file_answer *original, int64_t amount_yen)
{
    struct sugu_on_file_request made = request(rig, "C1", amount_yen);

    snprintf(made.original, sizeof made.original, "%s", original->provider_id);
    return made;
}

/* ---- the contract, for both */

static void
check_charge(struct rig *rig)
{
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_request order = request(rig, "A1", 3240);
    struct sugu_on_file_answer answer, again;
    struct sugu_error error;

    sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 3240);
    ck_assert_str_eq(answer.code, "");
    ck_assert_str_eq(answer.card.last4, "1111");
    ck_assert_str_eq(answer.card.brand, "visa");
    ck_assert_uint_eq(answer.card.expiry_month, 203108);
    ck_assert_int_eq(answer.card.funding, SUGU_ON_FILE_CREDIT);
    ck_assert_str_ne(answer.network_id, "");
    sugu_assert_ok(ops->charge(rig->provider, &order, &again, &error), error);
    ck_assert_str_eq(again.provider_id, answer.provider_id);
    ck_assert_int_eq(counts(rig).taken_yen, 3240);
    order = request(rig, "A2", 1000);
    command(rig, "partial 400");
    sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.approved_yen, 400);
    order = request(rig, "A3", 1000);
    memcpy(order.token, "8415718415172837", 17);
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error); /* somebody else's token */
    memcpy(order.payer, "payer-2", 8);
    snprintf(order.key, sizeof order.key, "another-key-0000000");
    sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.card.funding, SUGU_ON_FILE_DEBIT);
    ck_assert_uint_eq(counts(rig).twins, 0);
}

/* A token that is deleted pays nothing any more; deleting what is gone is fine. */
static void
check_forget(struct rig *rig)
{
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_request order = request(rig, "F1", 0);
    struct sugu_on_file_answer answer;
    struct sugu_error error;
    unsigned before = sugu_card_on_file_provider_deleted(rig->emulated);

    memcpy(order.token, "8415718415172837", 17);
    sugu_assert_ok(ops->forget(rig->provider, &order, &answer, &error), error);
    ck_assert_uint_eq(sugu_card_on_file_provider_deleted(rig->emulated),
                      before); /* not payer-1's */
    memcpy(order.payer, "payer-2", 8);
    sugu_assert_ok(ops->forget(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_APPROVED);
    ck_assert_uint_eq(sugu_card_on_file_provider_deleted(rig->emulated), before + 1);
    sugu_assert_ok(ops->forget(rig->provider, &order, &answer, &error), error);
    ck_assert_uint_eq(sugu_card_on_file_provider_deleted(rig->emulated), before + 1);
    order.amount_yen = 100;
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error);
    command(rig, "revoke on");
    sugu_assert_fails(ops->forget(rig->provider, &order, &answer, &error), SUGU_BROKEN,
                      "provider.refused", error);
    command(rig, "revoke off");
    command(rig, "http 500");
    sugu_assert_fails(ops->forget(rig->provider, &order, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
}

static void
check_hold(struct rig *rig)
{
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_request order = request(rig, "H0", 0);
    struct sugu_on_file_answer answer, hold;
    struct sugu_error error;

    sugu_assert_ok(ops->hold(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 0);
    order = request(rig, "H1", 30000);
    sugu_assert_ok(ops->hold(rig->provider, &order, &hold, &error), error);
    ck_assert_int_eq(hold.approved_yen, 30000);
    ck_assert_int_eq(counts(rig).taken_yen, 0);
    ck_assert_int_eq(sugu_card_on_file_provider_held(rig->emulated), 30000);
    order = change(rig, &hold, 30001);
    sugu_assert_fails(ops->capture(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error);
    order = change(rig, &hold, 12340);
    sugu_assert_ok(ops->capture(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_ACCEPTED);
    ck_assert_int_eq(answer.approved_yen, 12340);
    ck_assert_int_eq(counts(rig).taken_yen, 12340);
    order = change(rig, &hold, 1);
    sugu_assert_fails(ops->capture(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error); /* once only */
    order = request(rig, "H2", 5000);
    sugu_assert_ok(ops->hold(rig->provider, &order, &hold, &error), error);
    order = change(rig, &hold, 0);
    sugu_assert_ok(ops->release(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_ACCEPTED);
    ck_assert_int_eq(sugu_card_on_file_provider_held(rig->emulated), 0);
    order = change(rig, &hold, 5000);
    sugu_assert_fails(ops->capture(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error);
    ck_assert_int_eq(counts(rig).taken_yen, 12340);
}

static void
check_refund(struct rig *rig)
{
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_request order = request(rig, "A1", 3240);
    struct sugu_on_file_answer charge, answer;
    struct sugu_error error;

    sugu_assert_ok(ops->charge(rig->provider, &order, &charge, &error), error);
    order = change(rig, &charge, 1000);
    sugu_assert_ok(ops->refund(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_ACCEPTED);
    command(rig, "drop-response");
    order = change(rig, &charge, 2000);
    sugu_assert_fails(ops->refund(rig->provider, &order, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    sugu_assert_ok(ops->refund(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.approved_yen, 2000);
    ck_assert_int_eq(counts(rig).given_yen, 3000);
    order = change(rig, &charge, 241);
    sugu_assert_fails(ops->refund(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error);
    ck_assert_int_eq(counts(rig).given_yen, 3000);
}

/* Whatever is wrong on the way: the same key once more tells what became of it. */
static void
check_unknown_outcomes(struct rig *rig)
{
    static const char *const faults[] = {"drop-request", "drop-response", "late 1500", "twice",
                                         "http 500",     "http 503",      "garbage",   "refuse 502",
                                         "in-flight 1",  "in-flight 2",   "partial 0"};
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    int64_t taken_yen = 0;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        struct sugu_on_file_answer answer;
        struct sugu_error error;
        struct sugu_on_file_request order;
        char reference[16];

        snprintf(reference, sizeof reference, "A%zu", i);
        order = request(rig, reference, 3240);
        command(rig, faults[i]);
        if (strcmp(faults[i], "twice") == 0)
            sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
        else
            sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_UNKNOWN,
                              "payment.no-answer", error);
        taken_yen += 3240;
        if (strcmp(faults[i], "partial 0") == 0)
            continue; /* the provider says it without amount again and again: a person */
        sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_ON_FILE_APPROVED);
        ck_assert_int_eq(counts(rig).taken_yen, taken_yen);
    }
    ck_assert_uint_eq(counts(rig).twins, 0);
}

static void
check_keys(struct rig *rig)
{
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_request order = request(rig, "A1", 3240);
    struct sugu_on_file_answer answer;
    struct sugu_error error;

    command(rig, "away on");
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_RETRY,
                      "provider.away", error);
    command(rig, "away off");
    command(rig, "busy 2");
    for (int i = 0; i < 3; i++) {
        sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
        ck_assert_int_eq(answer.result, i < 2 ? SUGU_ON_FILE_IN_PROGRESS : SUGU_ON_FILE_APPROVED);
    }
    order.amount_yen = 3241; /* the same key for something else */
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_BROKEN,
                      "payment.key-reused", error);
    order.amount_yen = 3240;
    command(rig, "differ");
    sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_DECLINED); /* above: an alarm, nothing is undone */
    command(rig, "revoke on");
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_BROKEN,
                      "provider.refused", error);
    command(rig, "revoke off");
    ck_assert_int_eq(counts(rig).taken_yen, 3240);
    order.key[0] = '\0';
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_REFUSED,
                      "payment.message-refused", error);
}

static void
check_declines(struct rig *rig)
{
    static const struct {
        const char *command;
        enum sugu_on_file_decline decline;
        const char *code;
    } rows[] = {
        {"decline 2", SUGU_ON_FILE_SOFT, "payment.declined"},
        {"decline 12", SUGU_ON_FILE_SOFT, "payment.declined"},
        {"decline 9", SUGU_ON_FILE_SOFT, "payment.declined"},
        {"decline 5", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"decline 6", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"decline 26", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"decline 31", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"decline 38", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"decline 999", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"result Error", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
        {"result ChallengeShopper", SUGU_ON_FILE_HARD, "payment.card-not-accepted"},
    };
    const struct sugu_card_on_file_ops *ops = rig->provider->ops;
    struct sugu_on_file_answer answer;
    struct sugu_on_file_request order;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        order = request(rig, "A1", 3240);
        command(rig, rows[i].command);
        sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_ON_FILE_DECLINED);
        ck_assert_msg(answer.decline == rows[i].decline, "%s", rows[i].command);
        ck_assert_str_eq(answer.code, rows[i].code);
        ck_assert_int_eq(answer.approved_yen, 0);
    }
    order = request(rig, "A1", 3240);
    command(rig, "result Pending");
    sugu_assert_ok(ops->charge(rig->provider, &order, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_ON_FILE_IN_PROGRESS);
    order = request(rig, "A1", 3240);
    command(rig, "result Something");
    sugu_assert_fails(ops->charge(rig->provider, &order, &answer, &error), SUGU_UNKNOWN,
                      "payment.no-answer", error);
    ck_assert_uint_eq(counts(rig).takes, 0);
}

static void (*const contract[])(struct rig *rig) = {
    check_charge,           check_hold, check_forget,   check_refund,
    check_unknown_outcomes, check_keys, check_declines,
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

/* ---- beyond the contract */

/* What the limit of sugu_on_file_may_repeat guards against. */
START_TEST(a_key_that_the_provider_forgot_charges_again)
{
    struct sugu_on_file_request order;
    struct sugu_on_file_answer answer;
    struct sugu_error error;
    struct rig rig;

    rig_init(&rig, false);
    order = request(&rig, "A1", 3240);
    sugu_assert_ok(rig.provider->ops->charge(rig.provider, &order, &answer, &error), error);
    command(&rig, "forget-keys");
    sugu_assert_ok(rig.provider->ops->charge(rig.provider, &order, &answer, &error), error);
    ck_assert_uint_eq(counts(&rig).twins, 1);
    rig_done(&rig);
}
END_TEST

START_TEST(numbers_that_nobody_knows_are_hard)
{
    static const char *const strange[] = {"", "0", "1", "13", "02", "47", "100"};
    const char *code;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(strange); i++)
        ck_assert_int_eq(sugu_checkout_classify(strange[i], &code), SUGU_ON_FILE_HARD);
}
END_TEST

#define CARD "4111111111111111"

/* Puts a card number for every string of every answer in turn. */
START_TEST(no_card_number_gets_out_of_any_field)
{
    static const char *const cards[] = {CARD, "4111 1111 1111 1111", "5555-5555-5555-4444",
                                        "x3530111333300000"};
    int fields = 0, broken = 0;

    for (size_t k = 0; k < SUGU_ARRAY_SIZE(cards); k++) {
        for (int which = 0; which < 2; which++) {
            bool was_tainted = true;
            for (int field = 0; was_tainted; field++) {
                struct sugu_on_file_answer hold = {0}, answer = {0};
                struct sugu_error error = {0};
                struct sugu_on_file_request order;
                enum sugu_status status;
                char line[64];
                struct rig rig;

                rig_init(&rig, false);
                order = request(&rig, "H1", 3240);
                if (which == 1) {
                    sugu_assert_ok(rig.provider->ops->hold(rig.provider, &order, &hold, &error),
                                   error);
                    order = change(&rig, &hold, 3240);
                }
                snprintf(line, sizeof line, "taint %d %s", field, cards[k]);
                command(&rig, line);
                status = which == 0
                             ? rig.provider->ops->charge(rig.provider, &order, &answer, &error)
                             : rig.provider->ops->capture(rig.provider, &order, &answer, &error);
                was_tainted = sugu_card_on_file_provider_base(rig.emulated)->was_tainted;
                fields += was_tainted;
                broken += status == SUGU_BROKEN && strcmp(error.code, "payment.card-data") == 0;
                ck_assert_ptr_null(memmem(&answer.card, sizeof answer.card, cards[k], 13));
                ck_assert_ptr_null(memmem(&answer, sizeof answer, CARD, strlen(CARD)));
                ck_assert_ptr_null(memmem(error.detail, sizeof error.detail, "1111", 4));
                rig_done(&rig);
            }
        }
    }
    ck_assert_int_ge(fields, 60);
    ck_assert_int_ge(broken, 2); /* in the place of the reference, both answers */
}
END_TEST

SUGU_TEST_MAIN("checkout",
               the_contract_is_held_in_the_process,
               the_contract_is_held_over_tls,
               a_key_that_the_provider_forgot_charges_again,
               numbers_that_nobody_knows_are_hard,
               no_card_number_gets_out_of_any_field)
