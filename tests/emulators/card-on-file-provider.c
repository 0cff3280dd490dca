/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-on-file-provider - an emulated keeper of stored cards: Adyen's Checkout API
 */
#include "emulators/card-on-file-provider.h"

#include "base/text.h"
#include "payment/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct token {
    char token[65], payer[65], brand[20], last4[5], expiry[8], funding[12];
};

struct payment {
    char id[24], reference[65];
    int64_t amount_yen, taken_yen, given_yen;
    bool is_hold, is_released;
};

/* Money that was taken (> 0) or given back, for what of ours. */
struct move {
    char reference[65], id[24];
    int64_t yen;
};

/* What a key was used for, and the answer that it got. */
struct key {
    char key[65], path[160], request[2048];
    struct sugu_provider_reply reply;
};

struct sugu_card_on_file_provider {
    struct sugu_provider base; /* first: cast back */
    struct token *tokens;
    unsigned token_count;
    struct payment *payments;
    unsigned payment_count, change_count, deleted;
    struct move *moves;
    unsigned move_count;
    struct key *keys;
    unsigned key_count;
    struct sugu_json json;
    char refusal[8], result[32];
    int64_t partial_yen, busy; /* partial_yen -1 = the whole */
    bool differs, has_lapsed;
};

/* ---- answers */

static void
say_problem(struct sugu_provider_reply *reply, unsigned status, const char *number)
{
    reply->status = status;
    snprintf(reply->body, sizeof reply->body,
             "{\"status\":%u,\"errorCode\":\"%s\",\"message\":\"as emulated\","
             "\"errorType\":\"validation\"}",
             status, number);
}

static struct payment *
find_payment(struct sugu_card_on_file_provider *provider, const char *id, size_t size)
{
    for (unsigned i = 0; i < provider->payment_count; i++)
        if (strlen(provider->payments[i].id) == size &&
            memcmp(provider->payments[i].id, id, size) == 0)
            return &provider->payments[i];
    return NULL;
}

static void
note_move(struct sugu_card_on_file_provider *provider,
          const char *reference,
          const char *id,
          int64_t yen)
{
    struct move *move;

    provider->moves =
        sugu_provider_grow(provider->moves, provider->move_count, sizeof *provider->moves);
    move = &provider->moves[provider->move_count++];
    sugu_text_copy(move->reference, sizeof move->reference, reference);
    sugu_text_copy(move->id, sizeof move->id, id);
    move->yen = yen;
}

static void
take(struct sugu_card_on_file_provider *provider, struct payment *payment, int64_t amount_yen)
{
    struct sugu_provider_counts *counts = &provider->base.counts;

    for (unsigned i = 0; i < provider->payment_count; i++)
        if (strcmp(provider->payments[i].reference, payment->reference) == 0 &&
            provider->payments[i].taken_yen > 0)
            counts->twins++;
    payment->taken_yen += amount_yen;
    counts->takes++;
    counts->taken_yen += amount_yen;
}

/* ---- payments */

static const struct token *
find_token(const struct sugu_card_on_file_provider *provider)
{
    const struct sugu_json *json = &provider->json;

    for (unsigned i = 0; i < provider->token_count; i++)
        if (sugu_json_is(json, sugu_json_at(json, 0, "paymentMethod.storedPaymentMethodId"),
                         provider->tokens[i].token) &&
            sugu_json_is(json, sugu_json_at(json, 0, "shopperReference"),
                         provider->tokens[i].payer))
            return &provider->tokens[i];
    return NULL;
}

static void
say_payment(struct sugu_card_on_file_provider *provider,
            const struct token *token,
            const struct payment *payment,
            const char *result,
            struct sugu_provider_reply *reply)
{
    char amount[100] = "", refusal[100] = "";

    if (provider->partial_yen != 0)
        snprintf(amount, sizeof amount, "\"amount\":{\"currency\":\"JPY\",\"value\":%lld},",
                 (long long)payment->amount_yen);
    if (*provider->refusal)
        snprintf(refusal, sizeof refusal,
                 "\"refusalReason\":\"as emulated\",\"refusalReasonCode\":\"%s\",",
                 provider->refusal);
    reply->status = 200;
    snprintf(reply->body, sizeof reply->body,
             "{\"additionalData\":{\"cardSummary\":\"%s\",\"expiryDate\":\"%s\","
             "\"fundingSource\":\"%s\",\"networkTxReference\":\"MCC%s1123\","
             "\"cardHolderName\":\"A B\"},"
             "\"pspReference\":\"%s\",\"resultCode\":\"%s\",%s%s\"merchantReference\":\"%s\","
             "\"paymentMethod\":{\"brand\":\"%s\",\"type\":\"scheme\"}}",
             token->last4, token->expiry, token->funding, payment->id + 10, payment->id, result,
             amount, refusal, payment->reference, token->brand);
}

static void
make_payment(struct sugu_card_on_file_provider *provider, struct sugu_provider_reply *reply)
{
    const struct sugu_json *json = &provider->json;
    const struct token *token = find_token(provider);
    const char *result = *provider->result ? provider->result : "Authorised";
    struct payment payment = {0}, *kept;
    int64_t amount_yen;

    if (!token || !sugu_json_is(json, sugu_json_at(json, 0, "shopperInteraction"), "ContAuth") ||
        !sugu_json_is(json, sugu_json_at(json, 0, "recurringProcessingModel"),
                      "UnscheduledCardOnFile") ||
        !sugu_json_is(json, sugu_json_at(json, 0, "amount.currency"), "JPY") ||
        !sugu_json_whole(json, sugu_json_at(json, 0, "amount.value"), 0, 99999999, &amount_yen) ||
        !sugu_json_text(json, sugu_json_at(json, 0, "reference"), payment.reference,
                        sizeof payment.reference)) {
        say_problem(reply, 422, token ? "702" : "803");
        return;
    }
    if (*provider->refusal)
        result = "Refused";
    payment.amount_yen = provider->partial_yen > 0 ? provider->partial_yen : amount_yen;
    payment.is_hold =
        sugu_json_is(json, sugu_json_at(json, 0, "additionalData.manualCapture"), "true");
    snprintf(payment.id, sizeof payment.id, "8816178%09u", provider->payment_count + 1);
    provider->payments =
        sugu_provider_grow(provider->payments, provider->payment_count, sizeof *provider->payments);
    provider->payments[provider->payment_count++] = payment;
    kept = &provider->payments[provider->payment_count - 1];
    if (strcmp(result, "Authorised") != 0)
        kept->amount_yen = 0, kept->is_hold = false;
    else if (!payment.is_hold && payment.amount_yen > 0) {
        take(provider, kept, payment.amount_yen);
        note_move(provider, kept->reference, kept->id, payment.amount_yen);
    }
    say_payment(provider, token, &payment, result, reply);
    provider->refusal[0] = provider->result[0] = '\0';
    provider->partial_yen = -1;
}

/* ---- captures, cancels, refunds */

static bool
may_change(const struct sugu_card_on_file_provider *provider,
           const struct payment *payment,
           const char *what,
           int64_t amount_yen)
{
    if (strcmp(what, "captures") == 0)
        return payment->is_hold && !payment->is_released && !provider->has_lapsed &&
               payment->taken_yen == 0 && amount_yen <= payment->amount_yen;
    if (strcmp(what, "cancels") == 0)
        return payment->is_hold && payment->taken_yen == 0;
    return strcmp(what, "refunds") == 0 && amount_yen <= payment->taken_yen - payment->given_yen;
}

static void
change_payment(struct sugu_card_on_file_provider *provider,
               const char *path,
               struct sugu_provider_reply *reply)
{
    const char *what = strchr(path, '/');
    struct payment *payment = what ? find_payment(provider, path, (size_t)(what - path)) : NULL;
    const struct sugu_json *json = &provider->json;
    int64_t amount_yen = 0;
    bool has_amount =
        sugu_json_whole(json, sugu_json_at(json, 0, "amount.value"), 1, 99999999, &amount_yen);
    char reference[65] = "", id[24];

    sugu_json_text(json, sugu_json_at(json, 0, "reference"), reference, sizeof reference);
    if (!payment || has_amount == (strcmp(what + 1, "cancels") == 0) ||
        !may_change(provider, payment, what + 1, amount_yen)) {
        say_problem(reply, 422, payment ? "121" : "167");
        return;
    }
    if (strcmp(what + 1, "captures") == 0)
        take(provider, payment, amount_yen);
    else if (strcmp(what + 1, "cancels") == 0)
        payment->is_released = true;
    else
        payment->given_yen += amount_yen, provider->base.counts.gives++,
            provider->base.counts.given_yen += amount_yen;
    snprintf(id, sizeof id, "9916178%09u", ++provider->change_count);
    if (has_amount)
        note_move(provider, reference, id,
                  strcmp(what + 1, "captures") == 0 ? amount_yen : -amount_yen);
    reply->status = 201;
    snprintf(reply->body, sizeof reply->body,
             "{\"merchantAccount\":\"" SUGU_EMULATED_CARD_MERCHANT "\","
             "\"paymentPspReference\":\"%s\",\"pspReference\":\"%s\","
             "\"reference\":\"%s\",\"status\":\"received\","
             "\"amount\":{\"currency\":\"JPY\",\"value\":%lld}}",
             payment->id, id, reference, (long long)amount_yen);
}

/* ---- tokens that are deleted */

/* "ID?merchantAccount=…&shopperReference=…" */
static void
delete_token(struct sugu_card_on_file_provider *provider,
             const char *path,
             struct sugu_provider_reply *reply)
{
    char id[65], merchant[65], payer[65];

    if (sscanf(path, "%64[^?]?merchantAccount=%64[^&]&shopperReference=%64[^&]", id, merchant,
               payer) != 3 ||
        strcmp(merchant, SUGU_EMULATED_CARD_MERCHANT) != 0) {
        say_problem(reply, 403, "901");
        return;
    }
    for (unsigned i = 0; i < provider->token_count; i++)
        if (strcmp(provider->tokens[i].token, id) == 0 &&
            strcmp(provider->tokens[i].payer, payer) == 0) {
            provider->tokens[i] = provider->tokens[--provider->token_count];
            provider->deleted++;
            reply->status = 204;
            return;
        }
    say_problem(reply, 422, "803");
}

/* ---- keys */

static struct key *
find_key(struct sugu_card_on_file_provider *provider, const char *text)
{
    for (unsigned i = 0; i < provider->key_count; i++)
        if (strcmp(provider->keys[i].key, text) == 0)
            return &provider->keys[i];
    return NULL;
}

static void
say_again(struct sugu_card_on_file_provider *provider,
          const struct key *key,
          const struct sugu_provider_question *question,
          struct sugu_provider_reply *reply)
{
    static const char good[] = "\"Authorised\"", bad[] = "\"Refused\"   ";
    char *at;

    if (strcmp(key->path, question->path) != 0 || strcmp(key->request, question->body) != 0) {
        say_problem(reply, 422, "704");
        return;
    }
    *reply = key->reply;
    if (!provider->differs)
        return;
    provider->differs = false;
    if ((at = strstr(reply->body, good)))
        memcpy(at, bad, strlen(bad));
    else if ((at = strstr(reply->body, "\"Refused\"")))
        memcpy(at, "\"Pending\"", 9);
}

static void
carry_out(struct sugu_card_on_file_provider *provider,
          const char *text,
          const struct sugu_provider_question *question,
          struct sugu_provider_reply *reply)
{
    struct key *key;

    if (sugu_json_parse(&provider->json, question->body, strlen(question->body), NULL) ||
        !sugu_json_is(&provider->json, sugu_json_at(&provider->json, 0, "merchantAccount"),
                      SUGU_EMULATED_CARD_MERCHANT)) {
        say_problem(reply, 403, "901");
        return;
    }
    if (strcmp(question->path, "/v71/payments") == 0)
        make_payment(provider, reply);
    else if (strncmp(question->path, "/v71/payments/", 14) == 0)
        change_payment(provider, question->path + 14, reply);
    else
        say_problem(reply, 404, "000");
    snprintf(reply->headers, sizeof reply->headers, "Idempotency-Key: %s\r\n", text);
    provider->keys =
        sugu_provider_grow(provider->keys, provider->key_count, sizeof *provider->keys);
    key = &provider->keys[provider->key_count++];
    *key = (struct key){.reply = *reply};
    sugu_text_copy(key->key, sizeof key->key, text);
    sugu_text_copy(key->path, sizeof key->path, question->path);
    sugu_text_copy(key->request, sizeof key->request, question->body);
}

static void
serve(struct sugu_provider *base,
      const struct sugu_provider_question *question,
      struct sugu_provider_reply *reply)
{
    struct sugu_card_on_file_provider *provider = (struct sugu_card_on_file_provider *)base;
    char api_key[64], text[65];
    const struct key *key;

    if (base->is_revoked || !sugu_provider_header(question, "X-API-Key", api_key, sizeof api_key) ||
        strcmp(api_key, SUGU_EMULATED_CARD_KEY) != 0) {
        say_problem(reply, 401, "000");
        return;
    }
    if (strcmp(question->method, "DELETE") == 0 &&
        strncmp(question->path, "/v71/storedPaymentMethods/", 26) == 0) {
        delete_token(provider, question->path + 26, reply);
        return;
    }
    if (strcmp(question->method, "POST") != 0 ||
        !sugu_provider_header(question, "Idempotency-Key", text, sizeof text) ||
        strlen(question->body) >= sizeof provider->keys[0].request) {
        say_problem(reply, 400, "702");
        return;
    }
    if (provider->busy > 0) {
        provider->busy--;
        say_problem(reply, 422, "704");
        snprintf(reply->headers, sizeof reply->headers, "transient-error: true\r\n");
        return;
    }
    key = find_key(provider, text);
    if (key)
        say_again(provider, key, question, reply);
    else
        carry_out(provider, text, question, reply);
}

/* ---- commands */

static bool
add_token(struct sugu_card_on_file_provider *provider, const char *argument)
{
    struct token *token;

    provider->tokens =
        sugu_provider_grow(provider->tokens, provider->token_count, sizeof *provider->tokens);
    token = &provider->tokens[provider->token_count];
    if (sscanf(argument, "%64s %64s %19s %4s %7s %11s", token->token, token->payer, token->brand,
               token->last4, token->expiry, token->funding) != 6)
        return false;
    provider->token_count++;
    return true;
}

static bool
command(struct sugu_provider *base,
        const char *name,
        const char *argument,
        char *answer,
        size_t answer_size)
{
    struct sugu_card_on_file_provider *provider = (struct sugu_card_on_file_provider *)base;

    (void)answer, (void)answer_size;
    if (strcmp(name, "token") == 0)
        return add_token(provider, argument);
    if (strcmp(name, "partial") == 0)
        return sugu_text_to_int64(argument, 0, 99999999, &provider->partial_yen);
    if (strcmp(name, "busy") == 0)
        return sugu_text_to_int64(argument, 1, 1000, &provider->busy);
    if (strcmp(name, "decline") == 0)
        sugu_text_copy(provider->refusal, sizeof provider->refusal, argument);
    else if (strcmp(name, "result") == 0)
        sugu_text_copy(provider->result, sizeof provider->result, argument);
    else if (strcmp(name, "differ") == 0)
        provider->differs = true;
    else if (strcmp(name, "forget-keys") == 0)
        provider->key_count = 0;
    else if (strcmp(name, "lapse") == 0)
        provider->has_lapsed = true;
    else
        return false;
    return true;
}

static const struct sugu_provider_ops provider_ops = {.serve = serve, .command = command};

struct sugu_card_on_file_provider *
sugu_card_on_file_provider_new(const struct sugu_clock *clock)
{
    struct sugu_card_on_file_provider *provider = calloc(1, sizeof *provider);

    if (!provider)
        return NULL;
    provider->base.ops = &provider_ops;
    provider->base.clock = clock;
    provider->partial_yen = -1;
    return provider;
}

struct sugu_card_on_file_provider *
sugu_card_on_file_provider_free(struct sugu_card_on_file_provider *provider)
{
    if (provider) {
        free(provider->tokens);
        free(provider->payments);
        free(provider->moves);
        free(provider->keys);
        free(provider);
    }
    return NULL;
}

struct sugu_provider *
sugu_card_on_file_provider_base(struct sugu_card_on_file_provider *provider)
{
    return &provider->base;
}

void
sugu_card_on_file_provider_each_token(const struct sugu_card_on_file_provider *provider,
                                      void (*each)(void *user,
                                                   const char *token,
                                                   const char *payer),
                                      void *user)
{
    for (unsigned i = 0; i < provider->token_count; i++)
        each(user, provider->tokens[i].token, provider->tokens[i].payer);
}

unsigned
sugu_card_on_file_provider_deleted(const struct sugu_card_on_file_provider *provider)
{
    return provider->deleted;
}

int64_t
sugu_card_on_file_provider_held(const struct sugu_card_on_file_provider *provider)
{
    int64_t held_yen = 0;

    for (unsigned i = 0; i < provider->payment_count; i++)
        if (provider->payments[i].is_hold && !provider->payments[i].is_released &&
            provider->payments[i].taken_yen == 0)
            held_yen += provider->payments[i].amount_yen;
    return held_yen;
}

void
sugu_card_on_file_provider_each(const struct sugu_card_on_file_provider *provider,
                                void (*each)(void *user,
                                             const struct sugu_card_on_file_provider_row *row),
                                void *user)
{
    for (unsigned i = 0; i < provider->move_count; i++) {
        const struct move *move = &provider->moves[i];
        each(user, &(struct sugu_card_on_file_provider_row){move->reference, move->id, move->yen});
    }
}
