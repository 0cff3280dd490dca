/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-provider - an emulated provider of code payments: PayPay's Open Payment API
 */
#include "emulators/code-provider.h"

#include "base/text.h"
#include "domain/date.h"
#include "payment/json.h"

#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_CODE UINT_MAX

struct code {
    char payment_id[65], code_id[33], provider_id[33], terminal[33];
    int64_t amount_yen, expires_s, paid_s, given_yen;
    enum sugu_code_state state;
    bool is_deleted, is_scanned;
};

struct refund {
    char refund_id[65];
    unsigned code;
    int64_t amount_yen, questions_left;
};

struct sugu_code_provider {
    struct sugu_provider base; /* first: cast back */
    struct code *codes;
    unsigned code_count;
    struct refund *refunds;
    unsigned refund_count;
    void *nonces; /* a tree: there may be a hundred thousand, and each is looked for in all */
    struct sugu_json json;
    bool races, differs, is_irreversible, is_internal;
    int64_t said_amount_yen, refund_questions; /* -1 = the true one */
    int64_t code_amount_yen;                   /* of the next code, 0 = as ordered */
};

const struct sugu_paypay_key sugu_code_provider_key = {"emulated-key",
                                                       "emulated secret of the key"};

/* ---- answers */

static void
answer(struct sugu_provider_reply *reply, unsigned status, const char *code, const char *data)
{
    reply->status = status;
    snprintf(
        reply->body, sizeof reply->body,
        "{\"resultInfo\":{\"code\":\"%s\",\"message\":\"as emulated\",\"codeId\":\"08100001\"},"
        "\"data\":%s}",
        code, data ? data : "null");
}

static const char *
name_of(enum sugu_code_state state)
{
    static const char *const names[] = {"CREATED",  "AUTHORIZED", "COMPLETED", "EXPIRED",
                                        "CANCELED", "FAILED",     "REFUNDED",  "NOT_FOUND"};

    return names[state];
}

static struct code *
find(struct sugu_code_provider *provider, const char *payment_id)
{
    for (unsigned i = 0; i < provider->code_count; i++)
        if (strcmp(provider->codes[i].payment_id, payment_id) == 0 &&
            provider->codes[i].state != SUGU_CODE_NOT_FOUND)
            return &provider->codes[i];
    return NULL;
}

static void
let_expire(struct sugu_code_provider *provider, struct code *code)
{
    if (code->state == SUGU_CODE_CREATED && sugu_provider_now_s(&provider->base) >= code->expires_s)
        code->state = SUGU_CODE_EXPIRED;
}

/* ---- who asks */

/* "hmac OPA-Auth:KEY:SIGNATURE:NONCE:EPOCH:HASH": signed by the key that we know, just now, once.
 */
static bool
is_signed(struct sugu_code_provider *provider, const struct sugu_provider_question *question)
{
    char header[SUGU_PAYPAY_HEADER_SIZE], wanted[SUGU_PAYPAY_HEADER_SIZE], content_type[64] = "";
    char parts[6][200], merchant[80];
    struct sugu_paypay_signed what = {.method = question->method, .path = question->path};
    int64_t epoch_s, now_s = sugu_provider_now_s(&provider->base);

    if (provider->base.is_revoked ||
        !sugu_provider_header(question, "Authorization", header, sizeof header) ||
        sscanf(header, "%199[^:]:%199[^:]:%199[^:]:%199[^:]:%199[^:]:%199s", parts[0], parts[1],
               parts[2], parts[3], parts[4], parts[5]) != 6 ||
        !sugu_text_to_int64(parts[4], 0, INT64_C(1) << 40, &epoch_s) || epoch_s < now_s - 120 ||
        epoch_s > now_s + 120 ||
        !sugu_provider_header(question, "X-ASSUME-MERCHANT", merchant, sizeof merchant) ||
        strcmp(merchant, SUGU_EMULATED_CODE_MERCHANT) != 0)
        return false;
    sugu_provider_header(question, "Content-Type", content_type, sizeof content_type);
    what.content_type = content_type;
    what.body = *question->body ? question->body : NULL;
    what.nonce = parts[3];
    what.epoch_s = epoch_s;
    sugu_paypay_sign(&sugu_code_provider_key, &what, wanted);
    return strcmp(wanted + strlen("Authorization: "), header) == 0;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool
is_new_nonce(struct sugu_code_provider *provider, const struct sugu_provider_question *question)
{
    char header[SUGU_PAYPAY_HEADER_SIZE], nonce[200], *key;

    if (!sugu_provider_header(question, "Authorization", header, sizeof header) ||
        sscanf(header, "%*[^:]:%*[^:]:%*[^:]:%199[^:]", nonce) != 1)
        return false;
    if (tfind(nonce, &provider->nonces, by_text))
        return false;
    key = strdup(nonce);
    if (!key || !tsearch(key, &provider->nonces, by_text))
        abort();
    return true;
}

/* ---- codes */

static void
say_code(const struct code *code, struct sugu_provider_reply *reply)
{
    char data[1024];

    snprintf(
        data, sizeof data,
        "{\"codeId\":\"%s\",\"url\":\"https://qr.emulated.test/%s\",\"deeplink\":\"paypay://x\","
        "\"expiryDate\":%lld,\"merchantPaymentId\":\"%s\",\"amount\":{\"amount\":%lld,"
        "\"currency\":\"JPY\"},\"codeType\":\"ORDER_QR\",\"isAuthorization\":false}",
        code->code_id, code->code_id, (long long)code->expires_s, code->payment_id,
        (long long)code->amount_yen);
    answer(reply, 201, "SUCCESS", data);
}

static void
make_code(struct sugu_code_provider *provider, struct sugu_provider_reply *reply)
{
    const struct sugu_json *json = &provider->json;
    int64_t amount_yen, now_s = sugu_provider_now_s(&provider->base);
    struct code code = {.expires_s = now_s + 300};

    if (!sugu_json_text(json, sugu_json_at(json, 0, "merchantPaymentId"), code.payment_id,
                        sizeof code.payment_id) ||
        !sugu_json_whole(json, sugu_json_at(json, 0, "amount.amount"), 1, 99999999, &amount_yen) ||
        !sugu_json_is(json, sugu_json_at(json, 0, "codeType"), "ORDER_QR")) {
        answer(reply, 400, "INVALID_REQUEST_PARAMS", NULL);
        return;
    }
    for (unsigned i = 0; i < provider->code_count; i++) {
        if (strcmp(provider->codes[i].payment_id, code.payment_id) == 0) {
            answer(reply, 400, "DUPLICATE_DYNAMIC_QR_REQUEST", NULL);
            return;
        }
    }
    sugu_json_text(json, sugu_json_at(json, 0, "terminalId"), code.terminal, sizeof code.terminal);
    sugu_json_whole(json, sugu_json_at(json, 0, "expiryDate"), now_s, now_s + 86400,
                    &code.expires_s);
    code.amount_yen = provider->code_amount_yen ? provider->code_amount_yen : amount_yen;
    provider->code_amount_yen = 0;
    snprintf(code.code_id, sizeof code.code_id, "04-Em%06uXq", provider->code_count + 1);
    snprintf(code.provider_id, sizeof code.provider_id, "0402%012u0000", provider->code_count + 1);
    provider->codes =
        sugu_provider_grow(provider->codes, provider->code_count, sizeof *provider->codes);
    provider->codes[provider->code_count++] = code;
    say_code(&code, reply);
}

static void
delete_code(struct sugu_code_provider *provider,
            const char *code_id,
            struct sugu_provider_reply *reply)
{
    for (unsigned i = 0; i < provider->code_count; i++) {
        struct code *code = &provider->codes[i];
        if (strcmp(code->code_id, code_id) != 0 || code->is_deleted)
            continue;
        if (code->state == SUGU_CODE_COMPLETED || code->state == SUGU_CODE_REFUNDED) {
            answer(reply, 400, "DYNAMIC_QR_ALREADY_PAID", NULL);
            return;
        }
        code->is_deleted = true;
        answer(reply, 200, "SUCCESS", NULL);
        return;
    }
    answer(reply, 404, "DYNAMIC_QR_NOT_FOUND", NULL);
}

static void
take(struct sugu_code_provider *provider, struct code *code)
{
    struct sugu_provider_counts *counts = &provider->base.counts;

    code->state = SUGU_CODE_COMPLETED;
    code->paid_s = sugu_provider_now_s(&provider->base);
    counts->takes++;
    counts->taken_yen += code->amount_yen;
}

static void
give(struct sugu_code_provider *provider, struct code *code, int64_t amount_yen)
{
    code->given_yen += amount_yen;
    code->state = SUGU_CODE_REFUNDED;
    provider->base.counts.gives++;
    provider->base.counts.given_yen += amount_yen;
}

static void
say_status(struct sugu_code_provider *provider,
           const char *payment_id,
           struct sugu_provider_reply *reply)
{
    struct code *code = find(provider, payment_id);
    char data[1024], paid[300] = "";
    bool is_paid;

    if (!code) {
        answer(reply, 400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", NULL);
        return;
    }
    let_expire(provider, code);
    is_paid = code->state == SUGU_CODE_COMPLETED || code->state == SUGU_CODE_REFUNDED;
    if (is_paid && provider->said_amount_yen != 0)
        snprintf(paid, sizeof paid,
                 ",\"paymentId\":\"%s\",\"acceptedAt\":%lld,\"amount\":{\"amount\":%lld,"
                 "\"currency\":\"JPY\"}",
                 code->provider_id, (long long)code->paid_s,
                 (long long)(provider->said_amount_yen < 0 ? code->amount_yen
                                                           : provider->said_amount_yen));
    snprintf(data, sizeof data,
             "{\"merchantPaymentId\":\"%s\",\"status\":\"%s\",\"storeId\":\"s\"%s}", payment_id,
             is_paid && provider->differs ? "FAILED" : name_of(code->state), paid);
    if (is_paid)
        provider->differs = false;
    answer(reply, 200, "SUCCESS", data);
}

/* ---- the way back */

/* The payment's day in Japan and a quarter of an hour of the next. */
static bool
is_cancellable(struct sugu_code_provider *provider, const struct code *code)
{
    int64_t now_s = sugu_provider_now_s(&provider->base);
    uint32_t paid_day, day;

    if (provider->is_irreversible || code->state != SUGU_CODE_COMPLETED ||
        !sugu_date_of_utc(code->paid_s * SUGU_SECOND, SUGU_JAPAN_OFFSET_MINUTES, &paid_day) ||
        !sugu_date_of_utc((now_s - 15 * 60) * SUGU_SECOND, SUGU_JAPAN_OFFSET_MINUTES, &day))
        return false;
    return day <= paid_day;
}

static void
cancel_payment(struct sugu_code_provider *provider,
               const char *payment_id,
               struct sugu_provider_reply *reply)
{
    struct code *code = find(provider, payment_id);

    if (!code || !is_cancellable(provider, code)) {
        answer(reply, 400, "ORDER_NOT_REVERSIBLE", NULL);
        return;
    }
    give(provider, code, code->amount_yen);
    code->state = SUGU_CODE_CANCELED;
    answer(reply, 202, "REQUEST_ACCEPTED", NULL);
}

static void
say_refund(struct sugu_code_provider *provider,
           struct refund *refund,
           struct sugu_provider_reply *reply)
{
    struct code *code = &provider->codes[refund->code];
    char data[512];

    if (refund->questions_left > 0 && --refund->questions_left == 0)
        give(provider, code, refund->amount_yen);
    snprintf(data, sizeof data,
             "{\"status\":\"%s\",\"merchantRefundId\":\"%s\",\"paymentId\":\"%s\","
             "\"amount\":{\"amount\":%lld,\"currency\":\"JPY\"}}",
             refund->questions_left > 0 ? "CREATED" : "REFUNDED", refund->refund_id,
             code->provider_id, (long long)refund->amount_yen);
    answer(reply, refund->questions_left > 0 ? 202 : 200,
           refund->questions_left > 0 ? "REQUEST_ACCEPTED" : "SUCCESS", data);
}

static struct refund *
find_refund(struct sugu_code_provider *provider, const char *refund_id)
{
    for (unsigned i = 0; i < provider->refund_count; i++)
        if (strcmp(provider->refunds[i].refund_id, refund_id) == 0)
            return &provider->refunds[i];
    return NULL;
}

/* The code that a payment's own id belongs to; NO_CODE where there is none. */
static unsigned
find_paid(const struct sugu_code_provider *provider, const char *provider_id)
{
    for (unsigned i = 0; i < provider->code_count; i++)
        if (strcmp(provider->codes[i].provider_id, provider_id) == 0 && provider->codes[i].paid_s)
            return i;
    return NO_CODE;
}

static void
make_refund(struct sugu_code_provider *provider, struct sugu_provider_reply *reply)
{
    const struct sugu_json *json = &provider->json;
    struct refund refund = {.questions_left = provider->refund_questions};
    struct code *code;
    char provider_id[65];

    if (!sugu_json_text(json, sugu_json_at(json, 0, "merchantRefundId"), refund.refund_id,
                        sizeof refund.refund_id) ||
        !sugu_json_text(json, sugu_json_at(json, 0, "paymentId"), provider_id,
                        sizeof provider_id) ||
        !sugu_json_whole(json, sugu_json_at(json, 0, "amount.amount"), 1, 99999999,
                         &refund.amount_yen)) {
        answer(reply, 400, "INVALID_PARAMS", NULL);
        return;
    }
    refund.code = find_paid(provider, provider_id);
    if (refund.code == NO_CODE) {
        answer(reply, 404, "RESOURCE_NOT_FOUND", NULL);
        return;
    }
    code = &provider->codes[refund.code];
    if (find_refund(provider, refund.refund_id) || code->state == SUGU_CODE_CANCELED ||
        refund.amount_yen > code->amount_yen - code->given_yen) {
        answer(reply, 400, "UNACCEPTABLE_OP", NULL);
        return;
    }
    if (refund.questions_left == 0)
        give(provider, code, refund.amount_yen);
    else
        refund.questions_left++; /* this answer is none of the questions */
    provider->refunds =
        sugu_provider_grow(provider->refunds, provider->refund_count, sizeof *provider->refunds);
    provider->refunds[provider->refund_count++] = refund;
    say_refund(provider, &provider->refunds[provider->refund_count - 1], reply);
}

/* ---- which question */

static const char *
below(const struct sugu_provider_question *question, const char *method, const char *path)
{
    size_t size = strlen(path);

    if (strcmp(question->method, method) != 0 || strncmp(question->path, path, size) != 0)
        return NULL;
    return strchr(question->path + size, '/') ? NULL : question->path + size;
}

static void
serve_known(struct sugu_code_provider *provider,
            const struct sugu_provider_question *question,
            struct sugu_provider_reply *reply)
{
    const char *id;

    if (strcmp(question->method, "POST") == 0 &&
        sugu_json_parse(&provider->json, question->body, strlen(question->body), NULL))
        answer(reply, 400, "INVALID_REQUEST_PARAMS", NULL);
    else if (below(question, "POST", "/v2/codes"))
        make_code(provider, reply);
    else if (below(question, "POST", "/v2/refunds"))
        make_refund(provider, reply);
    else if ((id = below(question, "GET", "/v2/codes/payments/")))
        say_status(provider, id, reply);
    else if ((id = below(question, "GET", "/v2/refunds/")) && find_refund(provider, id))
        say_refund(provider, find_refund(provider, id), reply);
    else if (id)
        answer(reply, 404, "NO_SUCH_REFUND_ORDER", NULL);
    else if ((id = below(question, "DELETE", "/v2/codes/")))
        delete_code(provider, id, reply);
    else if ((id = below(question, "DELETE", "/v2/payments/")))
        cancel_payment(provider, id, reply);
    else
        answer(reply, 404, "RESOURCE_NOT_FOUND", NULL);
}

/* Pays with the code that was deleted in this moment. */
static void
race(struct sugu_code_provider *provider, const struct sugu_provider_question *question)
{
    const char *id = below(question, "DELETE", "/v2/codes/");

    for (unsigned i = 0; id && i < provider->code_count; i++) {
        if (strcmp(provider->codes[i].code_id, id) == 0 &&
            provider->codes[i].state == SUGU_CODE_CREATED) {
            take(provider, &provider->codes[i]);
            provider->races = false;
        }
    }
}

static void
serve(struct sugu_provider *base,
      const struct sugu_provider_question *question,
      struct sugu_provider_reply *reply)
{
    struct sugu_code_provider *provider = (struct sugu_code_provider *)base;

    if (!is_signed(provider, question)) {
        answer(reply, 401, "UNAUTHORIZED", NULL);
        return;
    }
    if (!is_new_nonce(provider, question)) {
        answer(reply, 401, "UNAUTHORIZED", NULL);
        return;
    }
    serve_known(provider, question, reply);
    if (provider->races)
        race(provider, question);
    if (provider->is_internal)
        answer(reply, 500, "INTERNAL_SERVER_ERROR", NULL);
    provider->is_internal = false;
}

/* ---- commands */

/* What the payer does with a code. */
static bool
act(struct sugu_code_provider *provider, const char *name, struct code *code)
{
    bool is_open;

    let_expire(provider, code);
    is_open = (code->state == SUGU_CODE_CREATED || code->state == SUGU_CODE_AUTHORIZED) &&
              (!code->is_deleted || code->is_scanned);
    if (strcmp(name, "give-back") == 0 && code->state == SUGU_CODE_COMPLETED)
        give(provider, code, code->amount_yen);
    else if (strcmp(name, "forget") == 0)
        code->state = SUGU_CODE_NOT_FOUND;
    else if (!is_open)
        return false;
    else if (strcmp(name, "scan") == 0)
        code->is_scanned = true;
    else if (strcmp(name, "pay") == 0)
        take(provider, code);
    else if (strcmp(name, "authorise") == 0)
        code->state = SUGU_CODE_AUTHORIZED, code->is_scanned = true;
    else if (strcmp(name, "fail") == 0)
        code->state = SUGU_CODE_FAILED;
    return true;
}

static bool
command(struct sugu_provider *base,
        const char *name,
        const char *argument,
        char *text,
        size_t text_size)
{
    static const char *const acts[] = {"scan", "pay", "authorise", "fail", "give-back", "forget"};
    struct sugu_code_provider *provider = (struct sugu_code_provider *)base;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(acts); i++) {
        struct code *code =
            provider->code_count ? &provider->codes[provider->code_count - 1] : NULL;
        if (strcmp(acts[i], name) != 0)
            continue;
        if (*argument)
            code = find(provider, argument);
        if (!code || !act(provider, name, code))
            snprintf(text, text_size, "cannot");
        return true;
    }
    if (strcmp(name, "race") == 0)
        provider->races = true;
    else if (strcmp(name, "differ") == 0)
        provider->differs = true;
    else if (strcmp(name, "internal") == 0)
        provider->is_internal = true;
    else if (strcmp(name, "irreversible") == 0)
        provider->is_irreversible = strcmp(argument, "on") == 0;
    else if (strcmp(name, "amount") == 0)
        return sugu_text_to_int64(argument, -1, 99999999, &provider->said_amount_yen);
    else if (strcmp(name, "code-amount") == 0)
        return sugu_text_to_int64(argument, 1, 99999999, &provider->code_amount_yen);
    else if (strcmp(name, "slow-refund") == 0)
        return sugu_text_to_int64(argument, 0, 1000, &provider->refund_questions);
    else
        return false;
    return true;
}

static const struct sugu_provider_ops provider_ops = {.serve = serve, .command = command};

struct sugu_code_provider *
sugu_code_provider_new(const struct sugu_clock *clock)
{
    struct sugu_code_provider *provider = calloc(1, sizeof *provider);

    if (!provider)
        return NULL;
    provider->base.ops = &provider_ops;
    provider->base.clock = clock;
    provider->said_amount_yen = -1;
    return provider;
}

struct sugu_code_provider *
sugu_code_provider_free(struct sugu_code_provider *provider)
{
    if (provider) {
        free(provider->codes);
        free(provider->refunds);
        tdestroy(provider->nonces, free);
        free(provider);
    }
    return NULL;
}

struct sugu_provider *
sugu_code_provider_base(struct sugu_code_provider *provider)
{
    return &provider->base;
}

static struct sugu_code_provider_row
row_of(const struct code *code)
{
    return (struct sugu_code_provider_row){.id = code->payment_id,
                                           .code_id = code->code_id,
                                           .provider_id = code->provider_id,
                                           .terminal = code->terminal,
                                           .state = code->state,
                                           .yen = code->amount_yen,
                                           .given_yen = code->given_yen,
                                           .is_paid = code->paid_s != 0};
}

void
sugu_code_provider_each(struct sugu_code_provider *provider,
                        void (*each)(void *user, const struct sugu_code_provider_row *row),
                        void *user)
{
    struct sugu_code_provider_row row;

    for (unsigned i = 0; i < provider->code_count; i++) {
        let_expire(provider, &provider->codes[i]);
        row = row_of(&provider->codes[i]);
        each(user, &row);
        row.is_refund = row.is_cancellation = true;
        if (row.state == SUGU_CODE_CANCELED)
            each(user, &row);
    }
    for (unsigned i = 0; i < provider->refund_count; i++) {
        const struct refund *refund = &provider->refunds[i];
        row = row_of(&provider->codes[refund->code]);
        row.id = refund->refund_id;
        row.is_refund = true;
        row.yen = refund->amount_yen;
        row.state = refund->questions_left > 0 ? SUGU_CODE_CREATED : SUGU_CODE_REFUNDED;
        each(user, &row);
    }
}
