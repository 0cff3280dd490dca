/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkout - the card-on-file port over Adyen's Checkout API, version 71
 */
#include "payment/on-file/checkout.h"

#include "base/text.h"
#include "payment/answer.h"
#include "payment/on-file/checkout-refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_SIZE 2048
#define YEN_MAX   99999999

struct checkout {
    struct sugu_card_on_file port; /* first: the port is cast back to it */
    struct sugu_checkout_settings settings;
};

enum kind { HOLD, CHARGE, CAPTURE, RELEASE, REFUND, FORGET };

/* One question, and its answer once parsed. */
struct exchange {
    enum kind kind;
    const struct sugu_on_file_request *request;
    char path[400], body[BODY_SIZE];
    struct sugu_http_reply reply;
    struct sugu_json json;
};

/* ---- asking */

static bool
is_id(const char *id, size_t least)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t size = strlen(id);

    return size >= least && size <= 64 && strspn(id, allowed) == size;
}

static bool
is_modification(enum kind kind)
{
    return kind == CAPTURE || kind == RELEASE || kind == REFUND;
}

static bool
is_request(enum kind kind, const struct sugu_on_file_request *request)
{
    int64_t least = kind == CHARGE || kind == CAPTURE || kind == REFUND ? 1 : 0;

    return is_id(request->key, 16) && is_id(request->reference, 1) &&
           request->amount_yen >= least && request->amount_yen <= YEN_MAX &&
           (is_modification(kind) ? is_id(request->original, 1)
                                  : is_id(request->token, 1) && is_id(request->payer, 3));
}

static void
put_money(struct sugu_json_writer *writer, int64_t amount_yen)
{
    sugu_json_open(writer, "amount", '{');
    sugu_json_put_text(writer, "currency", "JPY");
    sugu_json_put_whole(writer, "value", amount_yen);
    sugu_json_close(writer, '}');
}

static void
put_payment(struct sugu_json_writer *writer, const struct exchange *exchange)
{
    sugu_json_put_text(writer, "shopperReference", exchange->request->payer);
    sugu_json_open(writer, "paymentMethod", '{');
    sugu_json_put_text(writer, "type", "scheme");
    sugu_json_put_text(writer, "storedPaymentMethodId", exchange->request->token);
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "shopperInteraction", "ContAuth");
    sugu_json_put_text(writer, "recurringProcessingModel", "UnscheduledCardOnFile");
    if (exchange->kind == HOLD && exchange->request->amount_yen > 0) {
        sugu_json_open(writer, "additionalData", '{');
        sugu_json_put_text(writer, "authorisationType", "PreAuth");
        sugu_json_put_text(writer, "manualCapture", "true");
        sugu_json_close(writer, '}');
    }
}

/* docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/_storedPaymentMethodId_:
 * token and owner stand in the path, there is no body. */
static bool
write_forget(const struct checkout *checkout, struct exchange *exchange)
{
    int size =
        snprintf(exchange->path, sizeof exchange->path,
                 "/v71/storedPaymentMethods/%s?merchantAccount=%s&shopperReference=%s",
                 exchange->request->token, checkout->settings.merchant, exchange->request->payer);

    return is_id(checkout->settings.merchant, 1) && size < (int)sizeof exchange->path;
}

static bool
write_request(const struct checkout *checkout, struct exchange *exchange)
{
    static const char *const paths[] = {"", "", "/captures", "/cancels", "/refunds"};
    struct sugu_json_writer writer = {.to = exchange->body, .size = sizeof exchange->body};

    if (exchange->kind == FORGET)
        return write_forget(checkout, exchange);
    if (is_modification(exchange->kind))
        snprintf(exchange->path, sizeof exchange->path, "/v71/payments/%s%s",
                 exchange->request->original, paths[exchange->kind]);
    else
        snprintf(exchange->path, sizeof exchange->path, "/v71/payments");
    sugu_json_open(&writer, NULL, '{');
    sugu_json_put_text(&writer, "merchantAccount", checkout->settings.merchant);
    sugu_json_put_text(&writer, "reference", exchange->request->reference);
    if (exchange->kind != RELEASE)
        put_money(&writer, exchange->request->amount_yen);
    if (!is_modification(exchange->kind))
        put_payment(&writer, exchange);
    sugu_json_close(&writer, '}');
    return !writer.is_full;
}

static enum sugu_status
send_request(struct checkout *checkout, struct exchange *exchange, struct sugu_error *reterr)
{
    const struct sugu_checkout_settings *settings = &checkout->settings;
    char api_key[340], key[100];
    struct sugu_http_request request = {
        .method = exchange->kind == FORGET ? "DELETE" : "POST",
        .path = exchange->path,
        .headers = {"Content-Type: application/json", api_key, key},
        .wanted = {"Transient-Error", "Idempotency-Key"},
        .body = exchange->kind == FORGET ? NULL : exchange->body,
        .wait_ms = settings->wait_ms,
    };
    enum sugu_status status;

    snprintf(api_key, sizeof api_key, "X-API-Key: %s", settings->api_key);
    snprintf(key, sizeof key, "Idempotency-Key: %s", exchange->request->key);
    status = settings->http->ops->ask(settings->http, &request, &exchange->reply, reterr);
    explicit_bzero(api_key, sizeof api_key);
    return status;
}

/* ---- the answer */

/* A problem instead of an answer: {"status", "errorCode", "message", "errorType"}. */
static enum sugu_status
judge_problem(const struct exchange *exchange,
              struct sugu_on_file_answer *answer,
              struct sugu_error *reterr)
{
    const struct sugu_http_reply *reply = &exchange->reply;
    char number[16] = "";

    if (!sugu_json_text(&exchange->json, sugu_json_at(&exchange->json, 0, "errorCode"), number,
                        sizeof number) ||
        strlen(number) > 7 || !sugu_text_is_digits(number, 7))
        number[0] = '\0';
    if (reply->status == 401 || reply->status == 403)
        return sugu_fail(reterr, SUGU_BROKEN, "provider.refused", "HTTP status %u, error %s",
                         reply->status, number);
    if ((reply->status == 409 || reply->status == 422) && strcmp(number, "704") == 0) {
        if (strcasecmp(reply->values[0], "true") != 0)
            return sugu_fail(reterr, SUGU_BROKEN, "payment.key-reused", "error 704 for good");
        answer->result = SUGU_ON_FILE_IN_PROGRESS;
        return SUGU_OK;
    }
    if ((reply->status == 400 || reply->status == 404 || reply->status == 422) && *number)
        return sugu_fail(reterr, SUGU_REFUSED, "payment.message-refused",
                         "HTTP status %u, error %s", reply->status, number);
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "HTTP status %u", reply->status);
}

/* "8/2031" → 203108; 0 where it is something else. */
static uint32_t
read_month(const char *text)
{
    const char *slash = strchr(text, '/');
    int64_t month, year;
    char first[4] = "";

    if (!slash || slash - text > 2)
        return 0;
    memcpy(first, text, (size_t)(slash - text));
    if (!sugu_text_is_digits(first, 2) || !sugu_text_is_digits(slash + 1, 4) ||
        !sugu_text_to_int64(first[0] == '0' ? first + 1 : first, 1, 12, &month) ||
        !sugu_text_to_int64(slash + 1, 2000, 2999, &year))
        return 0;
    return (uint32_t)(year * 100 + month);
}

static enum sugu_on_file_funding
read_funding(const char *word)
{
    static const struct {
        const char *word;
        enum sugu_on_file_funding funding;
    } rows[] = {{"CREDIT", SUGU_ON_FILE_CREDIT},
                {"CHARGE", SUGU_ON_FILE_CREDIT},
                {"DEBIT", SUGU_ON_FILE_DEBIT},
                {"PREPAID", SUGU_ON_FILE_PREPAID}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].word, word) == 0)
            return rows[i].funding;
    return SUGU_ON_FILE_FUNDING_UNKNOWN;
}

/* What is told of the card; nothing of it decides about money. */
static void
read_card(const struct sugu_json *json, struct sugu_on_file_answer *answer)
{
    int more = sugu_json_at(json, 0, "additionalData");
    struct sugu_on_file_card *card = &answer->card;
    bool is_card_like = false;
    char text[32];

    sugu_answer_text(json, sugu_json_at(json, 0, "paymentMethod.brand"), card->brand,
                     sizeof card->brand);
    sugu_answer_text(json, sugu_json_at(json, more, "cardSummary"), text, sizeof text);
    if (strlen(text) == 4 && sugu_text_is_digits(text, 4))
        memcpy(card->last4, text, 5);
    sugu_answer_text(json, sugu_json_at(json, more, "expiryDate"), text, sizeof text);
    card->expiry_month = read_month(text);
    sugu_answer_text(json, sugu_json_at(json, more, "fundingSource"), text, sizeof text);
    card->funding = read_funding(text);
    if (!sugu_answer_reference(json, sugu_json_at(json, more, "networkTxReference"),
                               answer->network_id, sizeof answer->network_id, &is_card_like))
        answer->network_id[0] = '\0';
}

/* A missing reference is no answer; one that may be a card number is for a person. */
static enum sugu_status
read_reference(const struct sugu_json *json,
               struct sugu_on_file_answer *answer,
               struct sugu_error *reterr)
{
    bool is_card_like = false;

    if (sugu_answer_reference(json, sugu_json_at(json, 0, "pspReference"), answer->provider_id,
                              sizeof answer->provider_id, &is_card_like))
        return SUGU_OK;
    if (is_card_like)
        return sugu_fail(reterr, SUGU_BROKEN, "payment.card-data",
                         "a reference that may be a card number");
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "an answer without reference");
}

static enum sugu_status
read_approval(const struct exchange *exchange,
              struct sugu_on_file_answer *answer,
              struct sugu_error *reterr)
{
    const struct sugu_json *json = &exchange->json;

    if (!sugu_json_is(json, sugu_json_at(json, 0, "amount.currency"), "JPY") ||
        !sugu_json_whole(json, sugu_json_at(json, 0, "amount.value"),
                         exchange->request->amount_yen > 0 ? 1 : 0, YEN_MAX, &answer->approved_yen))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "approved without amount");
    answer->result = SUGU_ON_FILE_APPROVED;
    return SUGU_OK;
}

static void
read_decline(const struct sugu_json *json, struct sugu_on_file_answer *answer)
{
    answer->result = SUGU_ON_FILE_DECLINED;
    if (!sugu_json_text(json, sugu_json_at(json, 0, "refusalReasonCode"), answer->refusal,
                        sizeof answer->refusal) ||
        !sugu_text_is_digits(answer->refusal, sizeof answer->refusal - 1))
        answer->refusal[0] = '\0';
    answer->decline = sugu_checkout_classify(answer->refusal, &answer->code);
}

/* The answer to a hold or charge. */
static enum sugu_status
read_payment(const struct exchange *exchange,
             struct sugu_on_file_answer *answer,
             struct sugu_error *reterr)
{
    static const char *const noes[] = {"Refused",          "Cancelled",       "Error",
                                       "ChallengeShopper", "IdentifyShopper", "RedirectShopper",
                                       "PresentToShopper"};
    const struct sugu_json *json = &exchange->json;
    int result = sugu_json_at(json, 0, "resultCode");
    enum sugu_status status = read_reference(json, answer, reterr);

    if (status)
        return status;
    if (!sugu_json_is(json, sugu_json_at(json, 0, "merchantReference"),
                      exchange->request->reference))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "the answer of another payment");
    read_card(json, answer);
    if (sugu_json_is(json, result, "Authorised") ||
        sugu_json_is(json, result, "PartiallyAuthorised"))
        return read_approval(exchange, answer, reterr);
    if (sugu_json_is(json, result, "Received") || sugu_json_is(json, result, "Pending")) {
        answer->result = SUGU_ON_FILE_IN_PROGRESS;
        return SUGU_OK;
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(noes); i++) {
        if (sugu_json_is(json, result, noes[i])) {
            read_decline(json, answer);
            return SUGU_OK;
        }
    }
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "a result that is none");
}

/* The answer to a capture, release or refund. */
static enum sugu_status
read_modification(const struct exchange *exchange,
                  struct sugu_on_file_answer *answer,
                  struct sugu_error *reterr)
{
    const struct sugu_json *json = &exchange->json;
    int64_t amount_yen = exchange->request->amount_yen;
    enum sugu_status status = read_reference(json, answer, reterr);

    if (status)
        return status;
    if (!sugu_json_is(json, sugu_json_at(json, 0, "status"), "received") ||
        !sugu_json_is(json, sugu_json_at(json, 0, "paymentPspReference"),
                      exchange->request->original))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "the answer of another request");
    if (exchange->kind != RELEASE &&
        (!sugu_json_whole(json, sugu_json_at(json, 0, "amount.value"), 1, YEN_MAX, &amount_yen) ||
         amount_yen != exchange->request->amount_yen))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "taken in with another amount");
    answer->approved_yen = exchange->kind == RELEASE ? 0 : amount_yen;
    answer->result = SUGU_ON_FILE_ACCEPTED;
    return SUGU_OK;
}

/* Is that a problem of a token that the provider does not have? 800 "Contract not found", 803
 * "PaymentDetail not found". */
static bool
is_not_known(const struct exchange *exchange)
{
    const struct sugu_http_reply *reply = &exchange->reply;

    int code = sugu_json_at(&exchange->json, 0, "errorCode");

    return (reply->status == 404 || reply->status == 422) &&
           (sugu_json_is(&exchange->json, code, "800") ||
            sugu_json_is(&exchange->json, code, "803"));
}

/* 204 without content: the token is deleted. */
static enum sugu_status
read_forget(struct exchange *exchange,
            struct sugu_on_file_answer *answer,
            struct sugu_error *reterr)
{
    const struct sugu_http_reply *reply = &exchange->reply;
    bool has_problem =
        reply->bytes && !sugu_json_parse(&exchange->json, reply->bytes, reply->size, NULL);

    answer->result = SUGU_ON_FILE_APPROVED;
    if (reply->status == 204 || reply->status == 200)
        return SUGU_OK;
    if (reply->status >= 500 || !has_problem)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "HTTP status %u without an answer", reply->status);
    return is_not_known(exchange) ? SUGU_OK : judge_problem(exchange, answer, reterr);
}

static enum sugu_status
read_answer(struct exchange *exchange,
            struct sugu_on_file_answer *answer,
            struct sugu_error *reterr)
{
    const struct sugu_http_reply *reply = &exchange->reply;

    if (exchange->kind == FORGET)
        return read_forget(exchange, answer, reterr);
    if (reply->status >= 500 || !reply->bytes ||
        sugu_json_parse(&exchange->json, reply->bytes, reply->size, NULL))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "HTTP status %u without an answer", reply->status);
    if (reply->status != 200 && reply->status != 201)
        return judge_problem(exchange, answer, reterr);
    if (*reply->values[1] && strcmp(reply->values[1], exchange->request->key) != 0)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the answer of another key");
    return is_modification(exchange->kind) ? read_modification(exchange, answer, reterr)
                                           : read_payment(exchange, answer, reterr);
}

static enum sugu_status
ask(struct sugu_card_on_file *provider,
    enum kind kind,
    const struct sugu_on_file_request *request,
    struct sugu_on_file_answer *ret_answer,
    struct sugu_error *reterr)
{
    struct checkout *checkout = (struct checkout *)provider;
    struct sugu_on_file_answer answer = {.code = ""};
    struct exchange *exchange;
    enum sugu_status status;

    if (!is_request(kind, request))
        return sugu_fail(reterr, SUGU_REFUSED, "payment.message-refused",
                         "an id or amount out of range; nothing was sent");
    exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return sugu_fail(reterr, SUGU_RETRY, "provider.away", "no memory for a question");
    exchange->kind = kind;
    exchange->request = request;
    status = write_request(checkout, exchange)
                 ? send_request(checkout, exchange, reterr)
                 : sugu_fail(reterr, SUGU_REFUSED, "payment.message-refused", "too long");
    if (!status)
        status = read_answer(exchange, &answer, reterr);
    if (!status)
        *ret_answer = answer;
    sugu_http_reply_done(&exchange->reply);
    free(exchange);
    return status;
}

/* ---- the port */

#define FUNCTION(name, kind)                                                                       \
    static enum sugu_status name(                                                                  \
        struct sugu_card_on_file *provider, const struct sugu_on_file_request *request,            \
        struct sugu_on_file_answer *ret_answer, struct sugu_error *reterr)                         \
    {                                                                                              \
        return ask(provider, kind, request, ret_answer, reterr);                                   \
    }
FUNCTION(hold, HOLD)
FUNCTION(charge, CHARGE)
FUNCTION(capture, CAPTURE)
FUNCTION(release, RELEASE)
FUNCTION(refund, REFUND)
FUNCTION(forget, FORGET)

static const struct sugu_card_on_file_ops ops = {
    .name = "checkout",
    .hold = hold,
    .charge = charge,
    .capture = capture,
    .release = release,
    .refund = refund,
    .forget = forget,
};

struct sugu_card_on_file *
sugu_checkout_new(const struct sugu_checkout_settings *settings)
{
    struct checkout *checkout = calloc(1, sizeof *checkout);

    if (!checkout)
        return NULL;
    checkout->port.ops = &ops;
    checkout->settings = *settings;
    return &checkout->port;
}

struct sugu_card_on_file *
sugu_checkout_free(struct sugu_card_on_file *provider)
{
    if (provider) {
        explicit_bzero(provider, sizeof(struct checkout));
        free(provider);
    }
    return NULL;
}
