/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-provider - any bytes as the answer of a provider of payments
 *
 * The first byte picks the question and the HTTP status, the rest is the body. Promises: no answer
 * says that money moved without an amount and a reference of the right form, and no text that comes
 * out of an answer may be a card number.
 */
#include "fuzz-target.h"

#include "domain/card-number.h"
#include "payment/code/paypay.h"
#include "payment/on-file/checkout.h"

#include <stdlib.h>
#include <string.h>

struct fake {
    struct sugu_http http;
    const uint8_t *bytes;
    size_t size;
    uint32_t status;
};

static void
need(bool is_true)
{
    if (!is_true)
        abort();
}

static enum sugu_status
ask(struct sugu_http *http,
    const struct sugu_http_request *request,
    struct sugu_http_reply *reply,
    struct sugu_error *reterr)
{
    const struct fake *fake = (const struct fake *)http;

    (void)request, (void)reterr;
    *reply = (struct sugu_http_reply){.status = fake->status, .size = fake->size};
    reply->bytes = calloc(1, fake->size + 1);
    need(reply->bytes != NULL);
    if (fake->size > 0)
        memcpy(reply->bytes, fake->bytes, fake->size);
    return SUGU_OK;
}

static const struct sugu_http_ops ops = {.name = "fake", .ask = ask};

static void
need_no_card(const char *text)
{
    char copy[300];

    need(strlen(text) < sizeof copy);
    memcpy(copy, text, strlen(text) + 1);
    need(!sugu_card_number_hide(copy));
}

static void
ask_code_provider(struct fake *fake, unsigned which)
{
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_paypay_settings settings = {.http = &fake->http,
                                            .key = {"key", "secret"},
                                            .merchant = "m",
                                            .make_wait_ms = 30000,
                                            .ask_wait_ms = 15000};
    struct sugu_code_order order = {.payment_id = "P1", .amount_yen = 3240};
    struct sugu_code_refund refund = {.refund_id = "R1", .provider_id = "X1", .amount_yen = 1};
    struct sugu_code_payment *provider;
    struct sugu_code_shown shown;
    struct sugu_code_answer answer;
    struct sugu_error error;

    sugu_clock_manual_init(&clock, INT64_C(1780000000) * SUGU_SECOND);
    sugu_random_seeded_init(&random, 1);
    settings.clock = &clock.clock;
    settings.random = &random.random;
    provider = sugu_paypay_new(&settings);
    need(provider != NULL);
    if (which == 0) {
        if (!provider->ops->create(provider, &order, &shown, &error) && !shown.is_known_already)
            need(*shown.code_id && *shown.payload);
    } else if (which == 1) {
        if (!provider->ops->status(provider, SUGU_CODE_PAYMENT, "P1", &answer, &error) &&
            answer.state == SUGU_CODE_COMPLETED)
            need(answer.amount_yen > 0 && *answer.provider_id);
    } else if (!provider->ops->refund(provider, &refund, &answer, &error) &&
               answer.state == SUGU_CODE_REFUNDED) {
        need(answer.amount_yen > 0);
    }
    sugu_paypay_free(provider);
}

static void
ask_card_on_file(struct fake *fake, bool is_capture)
{
    struct sugu_checkout_settings settings = {
        .http = &fake->http, .api_key = "key", .merchant = "m", .wait_ms = 1000};
    struct sugu_on_file_request request = {.key = "0123456789abcdef",
                                           .reference = "A1",
                                           .payer = "payer-1",
                                           .token = "T1",
                                           .original = "O1",
                                           .amount_yen = 3240};
    struct sugu_card_on_file *provider = sugu_checkout_new(&settings);
    struct sugu_on_file_answer answer;
    struct sugu_error error;
    enum sugu_status status;

    need(provider != NULL);
    status = is_capture ? provider->ops->capture(provider, &request, &answer, &error)
                        : provider->ops->charge(provider, &request, &answer, &error);
    if (!status) {
        if (answer.result == SUGU_ON_FILE_APPROVED)
            need(answer.approved_yen > 0 && *answer.provider_id);
        if (answer.result == SUGU_ON_FILE_ACCEPTED)
            need(answer.approved_yen == 3240 && *answer.provider_id);
        need((answer.result == SUGU_ON_FILE_DECLINED) == (*answer.code != '\0'));
        need_no_card(answer.card.brand);
        need_no_card(answer.card.last4);
    }
    sugu_checkout_free(provider);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint32_t statuses[] = {200, 201, 202, 400, 401, 404, 422, 500};
    struct fake fake = {.http.ops = &ops};

    if (size == 0)
        return 0;
    fake.bytes = bytes + 1;
    fake.size = size - 1;
    fake.status = statuses[bytes[0] >> 4 & 7];
    if ((bytes[0] & 7) < 3)
        ask_code_provider(&fake, bytes[0] & 7);
    else
        ask_card_on_file(&fake, (bytes[0] & 7) == 3);
    return 0;
}
