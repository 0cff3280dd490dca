/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paypay - the code payment port over PayPay's Open Payment API
 */
#include "payment/code/paypay.h"

#include "base/id.h"
#include "base/text.h"
#include "domain/card-number.h"
#include "domain/emvco.h"
#include "payment/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_TYPE "application/json;charset=UTF-8"
#define BODY_SIZE    2048

struct paypay {
    struct sugu_code_payment port; /* first: the port is cast back to it */
    struct sugu_paypay_settings settings;
};

/* One question, and its answer once parsed. */
struct exchange {
    const char *method, *body;
    char path[160];
    uint32_t wait_ms;
    struct sugu_http_reply reply;
    struct sugu_json json;
    char code[48]; /* resultInfo.code */
    int data;      /* node */
    int64_t provider_now_s;
};

static struct exchange *
exchange_new(const char *method, const char *body, uint32_t wait_ms)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    if (!exchange)
        abort();
    exchange->method = method;
    exchange->body = body;
    exchange->wait_ms = wait_ms;
    return exchange;
}

static void
exchange_free(struct exchange *exchange)
{
    sugu_http_reply_done(&exchange->reply);
    free(exchange);
}

static enum sugu_status
check_id(const char *id, struct sugu_error *reterr)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t size = strlen(id);

    if (size < 1 || size > 64 || strspn(id, allowed) != size)
        return sugu_fail(reterr, SUGU_BROKEN, "provider.refused", "an id of %zu bytes is none",
                         size);
    return SUGU_OK;
}

/* Sends the question; what is not PayPay's own, whole answer comes back as a failure. */
static enum sugu_status
send_question(struct paypay *paypay, struct exchange *exchange, struct sugu_error *reterr)
{
    const struct sugu_paypay_settings *settings = &paypay->settings;
    struct sugu_id id = sugu_id_new(settings->clock, settings->random);
    char nonce[SUGU_ID_TEXT_SIZE], authorization[SUGU_PAYPAY_HEADER_SIZE], merchant[96];
    struct sugu_paypay_signed what = {
        .method = exchange->method,
        .path = exchange->path,
        .content_type = CONTENT_TYPE,
        .body = exchange->body,
        .nonce = sugu_id_to_text(&id, nonce),
        .epoch_s = settings->clock->utc_us(settings->clock) / SUGU_SECOND,
    };
    struct sugu_http_request request = {
        .method = exchange->method,
        .path = exchange->path,
        .headers = {authorization, merchant, exchange->body ? "Content-Type: " CONTENT_TYPE : NULL},
        .wanted = {"Date"},
        .body = exchange->body,
        .wait_ms = exchange->wait_ms,
    };
    enum sugu_status status;

    sugu_paypay_sign(&settings->key, &what, authorization);
    snprintf(merchant, sizeof merchant, "X-ASSUME-MERCHANT: %s", settings->merchant);
    status = settings->http->ops->ask(settings->http, &request, &exchange->reply, reterr);
    explicit_bzero(authorization, sizeof authorization);
    return status;
}

/* An answer that says "not you" or "not so": the request was not carried out. */
static enum sugu_status
judge_refusal(struct paypay *paypay, const struct exchange *exchange, struct sugu_error *reterr)
{
    sugu_time_us own_us = paypay->settings.clock->utc_us(paypay->settings.clock);

    if (exchange->reply.status == 401 && exchange->provider_now_s > 0 &&
        !sugu_code_clocks_agree(own_us, exchange->provider_now_s * SUGU_SECOND))
        return sugu_fail(reterr, SUGU_BROKEN, "provider.clock", "%lld s apart",
                         (long long)(own_us / SUGU_SECOND - exchange->provider_now_s));
    return sugu_fail(reterr, SUGU_BROKEN, "provider.refused", "HTTP status %u, %s",
                     exchange->reply.status, exchange->code);
}

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* PayPay's own answer, whatever it says; its code is in the exchange. */
static enum sugu_status
ask(struct paypay *paypay, struct exchange *exchange, struct sugu_error *reterr)
{
    static const char *const refusals[] = {"UNAUTHORIZED",           "OP_OUT_OF_SCOPE",
                                           "INVALID_REQUEST_PARAMS", "MISSING_REQUEST_PARAMS",
                                           "OPA_CLIENT_NOT_FOUND",   "DYNAMIC_QR_BAD_REQUEST"};
    static const char *const unknowns[] = {"INTERNAL_SERVER_ERROR", "SERVICE_ERROR", "RATE_LIMIT",
                                           "MAINTENANCE_MODE"};
    struct sugu_http_reply *reply = &exchange->reply;
    enum sugu_status status = send_question(paypay, exchange, reterr);

    if (status)
        return status;
    if (!sugu_http_date_parse(reply->values[0], &exchange->provider_now_s))
        exchange->provider_now_s = 0;
    if (reply->status >= 502 || !reply->bytes ||
        sugu_json_parse(&exchange->json, reply->bytes, reply->size, NULL) ||
        !sugu_json_text(&exchange->json, sugu_json_at(&exchange->json, 0, "resultInfo.code"),
                        exchange->code, sizeof exchange->code) ||
        strspn(exchange->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(exchange->code))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "HTTP status %u without an answer", reply->status);
    exchange->data = sugu_json_at(&exchange->json, 0, "data");
    if (is_one_of(exchange->code, unknowns, SUGU_ARRAY_SIZE(unknowns)))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "HTTP status %u, %s",
                         reply->status, exchange->code);
    if (reply->status == 401 || is_one_of(exchange->code, refusals, SUGU_ARRAY_SIZE(refusals)))
        return judge_refusal(paypay, exchange, reterr);
    return SUGU_OK;
}

static bool
is_code(const struct exchange *exchange, const char *code)
{
    return strcmp(exchange->code, code) == 0;
}

static bool
is_success(const struct exchange *exchange)
{
    return exchange->reply.status >= 200 && exchange->reply.status < 300 &&
           (is_code(exchange, "SUCCESS") || is_code(exchange, "REQUEST_ACCEPTED"));
}

/* An own answer that nobody here knows: it may have happened. */
static enum sugu_status
fail_strange(const struct exchange *exchange, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "HTTP status %u, %s",
                     exchange->reply.status, exchange->code);
}

/* ---- making a code */

static void
put_money(struct sugu_json_writer *writer, int64_t amount_yen)
{
    sugu_json_open(writer, "amount", '{');
    sugu_json_put_whole(writer, "amount", amount_yen);
    sugu_json_put_text(writer, "currency", "JPY");
    sugu_json_close(writer, '}');
}

static bool
write_order(const struct paypay *paypay, const struct sugu_code_order *order, char body[BODY_SIZE])
{
    const struct sugu_paypay_settings *settings = &paypay->settings;
    struct sugu_json_writer writer = {.to = body, .size = BODY_SIZE};

    sugu_json_open(&writer, NULL, '{');
    sugu_json_put_text(&writer, "merchantPaymentId", order->payment_id);
    put_money(&writer, order->amount_yen);
    sugu_json_put_text(&writer, "codeType", "ORDER_QR");
    if (*order->description)
        sugu_json_put_text(&writer, "orderDescription", order->description);
    if (*settings->store)
        sugu_json_put_text(&writer, "storeId", settings->store);
    if (*settings->place)
        sugu_json_put_text(&writer, "terminalId", settings->place);
    sugu_json_put_bool(&writer, "isAuthorization", false);
    sugu_json_put_whole(&writer, "requestedAt",
                        settings->clock->utc_us(settings->clock) / SUGU_SECOND);
    sugu_json_put_whole(&writer, "expiryDate", order->expires / SUGU_SECOND);
    sugu_json_close(&writer, '}');
    return !writer.is_full;
}

/* What the phone is to read: an address of the provider, or an EMVCo payload whose CRC holds. */
static bool
is_payload(const char *payload)
{
    char copy[sizeof((struct sugu_code_shown *)NULL)->payload];
    struct sugu_emvco emvco;

    if (strncmp(payload, "https://", 8) == 0)
        return sugu_text_copy(copy, sizeof copy, payload) && !sugu_card_number_hide(copy) &&
               strspn(payload, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                               "-._~:/?#[]@!$&'()*+,;=%") == strlen(payload);
    return sugu_emvco_parse(&emvco, payload, strlen(payload), NULL) == SUGU_OK;
}

static enum sugu_status
read_code(const struct exchange *exchange,
          const struct sugu_code_order *order,
          struct sugu_code_shown *ret_shown,
          struct sugu_error *reterr)
{
    const struct sugu_json *json = &exchange->json;
    struct sugu_code_shown shown = {.provider_now = exchange->provider_now_s * SUGU_SECOND};
    int64_t amount_yen = 0, expires_s = 0;
    bool is_card_like = false;

    if (!sugu_answer_reference(json, sugu_json_at(json, exchange->data, "codeId"), shown.code_id,
                               sizeof shown.code_id, &is_card_like) ||
        !sugu_json_text(json, sugu_json_at(json, exchange->data, "url"), shown.payload,
                        sizeof shown.payload) ||
        !is_payload(shown.payload) ||
        !sugu_json_is(json, sugu_json_at(json, exchange->data, "merchantPaymentId"),
                      order->payment_id))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "a code that cannot be shown%s",
                         is_card_like ? " (card data)" : "");
    if (!sugu_json_whole(json, sugu_json_at(json, exchange->data, "amount.amount"), 1,
                         SUGU_PAYMENT_YEN_MAX, &amount_yen) ||
        amount_yen != order->amount_yen ||
        !sugu_json_is(json, sugu_json_at(json, exchange->data, "amount.currency"), "JPY"))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "a code for another amount, which is not shown");
    if (sugu_json_whole(json, sugu_json_at(json, exchange->data, "expiryDate"), 1, INT64_C(1) << 40,
                        &expires_s))
        shown.expires = expires_s * SUGU_SECOND;
    *ret_shown = shown;
    return SUGU_OK;
}

static enum sugu_status
create(struct sugu_code_payment *provider,
       const struct sugu_code_order *order,
       struct sugu_code_shown *ret_shown,
       struct sugu_error *reterr)
{
    struct paypay *paypay = (struct paypay *)provider;
    char body[BODY_SIZE];
    struct exchange *exchange;
    enum sugu_status status = check_id(order->payment_id, reterr);

    if (status)
        return status;
    if (!write_order(paypay, order, body))
        return sugu_fail(reterr, SUGU_BROKEN, "provider.refused", "the order is too long");
    exchange = exchange_new("POST", body, paypay->settings.make_wait_ms);
    sugu_text_copy(exchange->path, sizeof exchange->path, "/v2/codes");
    status = ask(paypay, exchange, reterr);
    if (!status) {
        if (is_success(exchange))
            status = read_code(exchange, order, ret_shown, reterr);
        else if (is_code(exchange, "DUPLICATE_DYNAMIC_QR_REQUEST"))
            *ret_shown = (struct sugu_code_shown){
                .is_known_already = true, .provider_now = exchange->provider_now_s * SUGU_SECOND};
        else
            status = fail_strange(exchange, reterr);
    }
    exchange_free(exchange);
    return status;
}

/* ---- asking */

/* Of a payment that is paid; false where a COMPLETED lacks its amount or its reference. */
static bool
read_paid(const struct exchange *exchange, struct sugu_code_answer *answer)
{
    const struct sugu_json *json = &exchange->json;
    bool is_card_like = false;
    int64_t paid_s = 0;

    if (!sugu_json_whole(json, sugu_json_at(json, exchange->data, "amount.amount"), 1,
                         SUGU_PAYMENT_YEN_MAX, &answer->amount_yen) ||
        !sugu_json_is(json, sugu_json_at(json, exchange->data, "amount.currency"), "JPY") ||
        !sugu_answer_reference(json, sugu_json_at(json, exchange->data, "paymentId"),
                               answer->provider_id, sizeof answer->provider_id, &is_card_like))
        return false;
    if (sugu_json_whole(json, sugu_json_at(json, exchange->data, "acceptedAt"), 1, INT64_C(1) << 40,
                        &paid_s))
        answer->paid = paid_s * SUGU_SECOND;
    return true;
}

static enum sugu_status
read_payment(const struct exchange *exchange,
             const char *id,
             struct sugu_code_answer *answer,
             struct sugu_error *reterr)
{
    const struct sugu_json *json = &exchange->json;
    int echo = sugu_json_at(json, exchange->data, "merchantPaymentId");
    char word[24];

    if (!sugu_json_text(json, sugu_json_at(json, exchange->data, "status"), word, sizeof word) ||
        !sugu_code_state_parse(word, &answer->state) || answer->state == SUGU_CODE_NOT_FOUND)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "a state that is none");
    if (echo >= 0 && !sugu_json_is(json, echo, id))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the state of another payment");
    if ((answer->state == SUGU_CODE_COMPLETED || answer->state == SUGU_CODE_REFUNDED) &&
        !read_paid(exchange, answer))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer",
                         "paid without amount or reference");
    return SUGU_OK;
}

static enum sugu_status
read_refund(const struct exchange *exchange,
            const char *id,
            struct sugu_code_answer *answer,
            struct sugu_error *reterr)
{
    const struct sugu_json *json = &exchange->json;
    int status = sugu_json_at(json, exchange->data, "status");
    bool is_card_like = false;

    if (!sugu_json_is(json, sugu_json_at(json, exchange->data, "merchantRefundId"), id))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the state of another refund");
    if (sugu_json_is(json, status, "FAILED")) {
        answer->state = SUGU_CODE_FAILED;
        return SUGU_OK;
    }
    if (!sugu_json_is(json, status, "REFUNDED") && !sugu_json_is(json, status, "COMPLETED")) {
        answer->state = SUGU_CODE_CREATED;
        return SUGU_OK;
    }
    answer->state = SUGU_CODE_REFUNDED;
    if (!sugu_json_whole(json, sugu_json_at(json, exchange->data, "amount.amount"), 1,
                         SUGU_PAYMENT_YEN_MAX, &answer->amount_yen))
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "given back without amount");
    if (!sugu_answer_reference(json, sugu_json_at(json, exchange->data, "paymentId"),
                               answer->provider_id, sizeof answer->provider_id, &is_card_like))
        answer->provider_id[0] = '\0';
    return SUGU_OK;
}

static enum sugu_status
status_of(struct sugu_code_payment *provider,
          enum sugu_code_subject subject,
          const char *id,
          struct sugu_code_answer *ret_answer,
          struct sugu_error *reterr)
{
    struct paypay *paypay = (struct paypay *)provider;
    bool is_payment = subject == SUGU_CODE_PAYMENT;
    struct sugu_code_answer answer = {0};
    struct exchange *exchange;
    enum sugu_status status = check_id(id, reterr);

    if (status)
        return status;
    exchange = exchange_new("GET", NULL, paypay->settings.ask_wait_ms);
    snprintf(exchange->path, sizeof exchange->path, "%s/%s",
             is_payment ? "/v2/codes/payments" : "/v2/refunds", id);
    status = ask(paypay, exchange, reterr);
    if (!status) {
        answer.provider_now = exchange->provider_now_s * SUGU_SECOND;
        if (is_success(exchange))
            status = is_payment ? read_payment(exchange, id, &answer, reterr)
                                : read_refund(exchange, id, &answer, reterr);
        else if (is_code(exchange,
                         is_payment ? "DYNAMIC_QR_PAYMENT_NOT_FOUND" : "NO_SUCH_REFUND_ORDER"))
            answer.state = SUGU_CODE_NOT_FOUND;
        else
            status = fail_strange(exchange, reterr);
    }
    if (!status)
        *ret_answer = answer;
    exchange_free(exchange);
    return status;
}

/* ---- taking back */

static enum sugu_status
withdraw(struct sugu_code_payment *provider, const char *code_id, struct sugu_error *reterr)
{
    struct paypay *paypay = (struct paypay *)provider;
    struct exchange *exchange;
    enum sugu_status status = check_id(code_id, reterr);

    if (status)
        return status;
    exchange = exchange_new("DELETE", NULL, paypay->settings.ask_wait_ms);
    snprintf(exchange->path, sizeof exchange->path, "/v2/codes/%s", code_id);
    status = ask(paypay, exchange, reterr);
    if (!status && is_code(exchange, "DYNAMIC_QR_ALREADY_PAID"))
        status = sugu_fail(reterr, SUGU_REFUSED, "payment.code-used", "paid before the deletion");
    else if (!status && !is_success(exchange) && !is_code(exchange, "DYNAMIC_QR_NOT_FOUND"))
        status = fail_strange(exchange, reterr);
    exchange_free(exchange);
    return status;
}

static enum sugu_status
cancel(struct sugu_code_payment *provider, const char *payment_id, struct sugu_error *reterr)
{
    struct paypay *paypay = (struct paypay *)provider;
    struct exchange *exchange;
    enum sugu_status status = check_id(payment_id, reterr);

    if (status)
        return status;
    exchange = exchange_new("DELETE", NULL, paypay->settings.make_wait_ms);
    snprintf(exchange->path, sizeof exchange->path, "/v2/payments/%s", payment_id);
    status = ask(paypay, exchange, reterr);
    if (!status && is_code(exchange, "ORDER_NOT_REVERSIBLE"))
        status = sugu_fail(reterr, SUGU_REFUSED, "payment.not-reversible", "not cancelled");
    else if (!status && !is_success(exchange))
        status = fail_strange(exchange, reterr);
    exchange_free(exchange);
    return status;
}

static bool
write_refund(const struct paypay *paypay,
             const struct sugu_code_refund *refund,
             char body[BODY_SIZE])
{
    const struct sugu_clock *clock = paypay->settings.clock;
    struct sugu_json_writer writer = {.to = body, .size = BODY_SIZE};

    sugu_json_open(&writer, NULL, '{');
    sugu_json_put_text(&writer, "merchantRefundId", refund->refund_id);
    sugu_json_put_text(&writer, "paymentId", refund->provider_id);
    put_money(&writer, refund->amount_yen);
    sugu_json_put_whole(&writer, "requestedAt", clock->utc_us(clock) / SUGU_SECOND);
    sugu_json_close(&writer, '}');
    return !writer.is_full;
}

/*
 * A no may be to a refund that an earlier request of the same id has carried out already: only when
 * the provider knows no refund of the id has nothing gone back.
 */
static enum sugu_status
judge_no(struct sugu_code_payment *provider,
         const char *refund_id,
         struct sugu_code_answer *answer,
         struct sugu_error *reterr)
{
    struct sugu_error error;
    enum sugu_status status = status_of(provider, SUGU_CODE_GIVING_BACK, refund_id, answer, &error);

    if (status)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "refused, and then: %s",
                         error.detail);
    if (answer->state == SUGU_CODE_NOT_FOUND)
        answer->state = SUGU_CODE_FAILED;
    return SUGU_OK;
}

static enum sugu_status
refund_it(struct sugu_code_payment *provider,
          const struct sugu_code_refund *refund,
          struct sugu_code_answer *ret_answer,
          struct sugu_error *reterr)
{
    static const char *const noes[] = {"INVALID_PARAMS", "UNACCEPTABLE_OP", "CANCELED_USER",
                                       "RESOURCE_NOT_FOUND", "TRANSACTION_FAILED"};
    struct paypay *paypay = (struct paypay *)provider;
    struct sugu_code_answer answer = {0};
    char body[BODY_SIZE];
    struct exchange *exchange;
    enum sugu_status status = check_id(refund->refund_id, reterr);

    if (!status)
        status = check_id(refund->provider_id, reterr);
    if (status)
        return status;
    if (!write_refund(paypay, refund, body))
        return sugu_fail(reterr, SUGU_BROKEN, "provider.refused", "the refund is too long");
    exchange = exchange_new("POST", body, paypay->settings.make_wait_ms);
    sugu_text_copy(exchange->path, sizeof exchange->path, "/v2/refunds");
    status = ask(paypay, exchange, reterr);
    if (!status) {
        answer.provider_now = exchange->provider_now_s * SUGU_SECOND;
        if (is_success(exchange))
            status = read_refund(exchange, refund->refund_id, &answer, reterr);
        else if (is_one_of(exchange->code, noes, SUGU_ARRAY_SIZE(noes)))
            status = judge_no(provider, refund->refund_id, &answer, reterr);
        else
            status = fail_strange(exchange, reterr);
    }
    if (!status)
        *ret_answer = answer;
    exchange_free(exchange);
    return status;
}

/* ---- life */

static const struct sugu_code_payment_ops ops = {
    .name = "paypay",
    .create = create,
    .status = status_of,
    .withdraw = withdraw,
    .cancel = cancel,
    .refund = refund_it,
};

struct sugu_code_payment *
sugu_paypay_new(const struct sugu_paypay_settings *settings)
{
    struct paypay *paypay = calloc(1, sizeof *paypay);

    if (!paypay)
        return NULL;
    paypay->port.ops = &ops;
    paypay->settings = *settings;
    return &paypay->port;
}

struct sugu_code_payment *
sugu_paypay_free(struct sugu_code_payment *provider)
{
    if (provider) {
        explicit_bzero(provider, sizeof(struct paypay));
        free(provider);
    }
    return NULL;
}
