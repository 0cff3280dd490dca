/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-answer - nexo Retailer messages, read
 *
 * Nothing here guesses: an answer either says what happened, or it says nothing (UNKNOWN).
 */
#include "payment/terminal/nexo-message.h"

#include "payment/terminal/nexo-message-private.h"

#include "base/text.h"
#include "domain/card-number.h"
#include "domain/payment.h"

#include <ctype.h>

/* ErrorConditions and what each allows (domain/payments.md 1.5). */
#define NEXO_CONDITIONS(X)                                                                         \
    X("Refusal", SUGU_NEXO_FINAL, "payment.declined")                                              \
    X("WrongPIN", SUGU_NEXO_FINAL, "payment.declined")                                             \
    X("InvalidCard", SUGU_NEXO_FINAL, "payment.card-not-accepted")                                 \
    X("PaymentRestriction", SUGU_NEXO_FINAL, "payment.card-not-accepted")                          \
    X("Cancel", SUGU_NEXO_FINAL, "payment.cancelled")                                              \
    X("Aborted", SUGU_NEXO_FINAL, "payment.cancelled")                                             \
    X("UnreachableHost", SUGU_NEXO_FINAL, "payment.host-unreachable")                              \
    X("InsertedCard", SUGU_NEXO_FINAL, "payment.card-inserted")                                    \
    X("Busy", SUGU_NEXO_WAIT, "terminal.busy")                                                     \
    X("InProgress", SUGU_NEXO_WAIT, "terminal.busy")                                               \
    X("NotAllowed", SUGU_NEXO_WAIT, "terminal.busy")                                               \
    X("LoggedOut", SUGU_NEXO_LOG_IN, "terminal.logged-out")                                        \
    X("NotFound", SUGU_NEXO_MISSING, "payment.not-started")                                        \
    X("DeviceOut", SUGU_NEXO_TENDER_OFF, "terminal.away")                                          \
    X("UnavailableDevice", SUGU_NEXO_TENDER_OFF, "terminal.away")                                  \
    X("UnavailableService", SUGU_NEXO_TENDER_OFF, "terminal.away")                                 \
    X("MessageFormat", SUGU_NEXO_OUR_MISTAKE, "terminal.message-refused")

const struct sugu_nexo_condition *
sugu_nexo_condition_find(const char *name)
{
    static const struct sugu_nexo_condition others = {"", SUGU_NEXO_DOUBTFUL, "payment.declined"};
#define ROW(name_, verdict_, code_) {name_, verdict_, code_},
    static const struct sugu_nexo_condition rows[] = {NEXO_CONDITIONS(ROW)};
#undef ROW

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return &others;
}

/* ---- the envelope */

/* Every member of a message header that exists; "" where it is missing. */
struct header {
    char class[32], category[32], type[32], service[16], device[16], version[32];
    char sale[65], poi[65];
};

/* False where a member is there and is no text that fits. */
static bool
read_member(const struct sugu_json *json, int node, const char *key, char *to, size_t size)
{
    int member = sugu_json_at(json, node, key);

    memset(to, 0, size);
    return member < 0 || sugu_json_text(json, member, to, size);
}

static bool
read_header(const struct sugu_json *json, int node, struct header *ret_header)
{
    struct header *header = ret_header;

    return node >= 0 &&
           read_member(json, node, "MessageClass", header->class, sizeof header->class) &&
           read_member(json, node, "MessageCategory", header->category, sizeof header->category) &&
           read_member(json, node, "MessageType", header->type, sizeof header->type) &&
           read_member(json, node, "ServiceID", header->service, sizeof header->service) &&
           read_member(json, node, "DeviceID", header->device, sizeof header->device) &&
           read_member(json, node, "ProtocolVersion", header->version, sizeof header->version) &&
           read_member(json, node, "SaleID", header->sale, sizeof header->sale) &&
           read_member(json, node, "POIID", header->poi, sizeof header->poi);
}

static bool
is_equal(const struct header *a, const struct header *b)
{
    return strcmp(a->class, b->class) == 0 && strcmp(a->category, b->category) == 0 &&
           strcmp(a->type, b->type) == 0 && strcmp(a->service, b->service) == 0 &&
           strcmp(a->device, b->device) == 0 && strcmp(a->version, b->version) == 0 &&
           strcmp(a->sale, b->sale) == 0 && strcmp(a->poi, b->poi) == 0;
}

static bool
is_answer_to(const struct header *header,
             enum sugu_nexo_category category,
             const struct sugu_nexo_header *asked,
             const char *service_id)
{
    return strcmp(header->class, "Service") == 0 && strcmp(header->type, "Response") == 0 &&
           strcmp(header->category, sugu_nexo_category_name(category)) == 0 &&
           strcmp(header->service, service_id) == 0 && strcmp(header->sale, asked->sale_id) == 0 &&
           strcmp(header->poi, asked->poi_id) == 0;
}

/* Base64 text of exactly `size` bytes. */
static bool
read_bytes(const struct sugu_json *json, int node, uint8_t *to, size_t size)
{
    char text[128];
    uint8_t bytes[96];
    size_t got;

    if (!sugu_json_text(json, node, text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &got) || got != size)
        return false;
    memcpy(to, bytes, size);
    return true;
}

/* NexoBlob and SecurityTrailer of the envelope at `node`; all members are mandatory (1.3). */
static bool
read_sealed(const struct sugu_json *json,
            int node,
            const struct sugu_nexo_key *key,
            struct sugu_nexo_sealed *ret_sealed)
{
    int blob = sugu_json_at(json, node, "NexoBlob");
    int trailer = sugu_json_at(json, node, "SecurityTrailer");
    size_t size = blob < 0 ? 0 : json->nodes[blob].size + 1;
    struct sugu_nexo_sealed sealed = {.blob = malloc(size + 4)};
    char *text = malloc(size + 4);
    int64_t ignored;
    bool is_good =
        sealed.blob && text &&
        sugu_json_whole(json, sugu_json_at(json, trailer, "AdyenCryptoVersion"),
                        SUGU_NEXO_CRYPTO_VERSION, SUGU_NEXO_CRYPTO_VERSION, &ignored) &&
        sugu_json_is(json, sugu_json_at(json, trailer, "KeyIdentifier"), key->identifier) &&
        sugu_json_whole(json, sugu_json_at(json, trailer, "KeyVersion"), key->version, key->version,
                        &ignored) &&
        read_bytes(json, sugu_json_at(json, trailer, "Nonce"), sealed.nonce, sizeof sealed.nonce) &&
        read_bytes(json, sugu_json_at(json, trailer, "Hmac"), sealed.hmac, sizeof sealed.hmac) &&
        sugu_json_text(json, blob, text, size + 4) &&
        sugu_base64_decode(text, sealed.blob, size + 4, &sealed.blob_size);

    free(text);
    if (is_good)
        *ret_sealed = sealed;
    else
        free(sealed.blob);
    return is_good;
}

/* What the plaintext has to be before anything in it counts. */
static enum sugu_status
check_inside(const struct sugu_json *json,
             const struct header *outside,
             const struct sugu_nexo_header *asked,
             struct sugu_error *reterr)
{
    struct header inside;

    if (sugu_json_has_key(json, "SensitiveCardData") || sugu_json_has_key(json, "TrackData"))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.not-trusted",
                         "the terminal sends card data; it has to be set up not to");
    if (!read_header(json, sugu_json_at(json, 0, "SaleToPOIResponse.MessageHeader"), &inside) ||
        !is_equal(&inside, outside))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.not-trusted",
                         "header inside the envelope unlike the one outside");
    if (!is_answer_to(&inside, asked->category, asked, asked->service_id))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.wrong-answer",
                         "asked %s, answered something else",
                         sugu_nexo_category_name(asked->category));
    return SUGU_OK;
}

static void
clear(char *plain, size_t size)
{
    explicit_bzero(plain, size);
    free(plain);
}

enum sugu_status
sugu_nexo_unwrap(const struct sugu_nexo_key *key,
                 const struct sugu_nexo_header *asked,
                 const char *text,
                 struct sugu_json *json,
                 char **ret_plain,
                 struct sugu_error *reterr)
{
    enum sugu_status status = sugu_json_parse(json, text, strlen(text), reterr);
    struct sugu_nexo_sealed sealed;
    struct header outside;
    size_t plain_size;
    char *plain;
    int message;

    if (status)
        return status;
    message = sugu_json_at(json, 0, "SaleToPOIResponse");
    if (!read_header(json, sugu_json_at(json, message, "MessageHeader"), &outside) ||
        !read_sealed(json, message, key, &sealed))
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "no envelope of this key");
    status = sugu_nexo_unseal(key, &sealed, &plain, &plain_size, reterr);
    free(sealed.blob);
    if (status)
        return status;
    status = sugu_json_parse(json, plain, plain_size, reterr);
    if (!status)
        status = check_inside(json, &outside, asked, reterr);
    if (status)
        clear(plain, plain_size);
    else
        *ret_plain = plain;
    return status;
}

/* ---- reading */

enum sugu_status
sugu_nexo_read_response(const struct sugu_json *json,
                        int node,
                        char ret_result[16],
                        const struct sugu_nexo_condition **ret_condition,
                        struct sugu_error *reterr)
{
    int response = sugu_json_at(json, node, "Response");
    char name[64] = "", result[16];

    if (!sugu_json_text(json, sugu_json_at(json, response, "Result"), result, sizeof result) ||
        (strcmp(result, "Success") != 0 && strcmp(result, "Partial") != 0 &&
         strcmp(result, "Failure") != 0))
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "no Result in the answer");
    sugu_json_text(json, sugu_json_at(json, response, "ErrorCondition"), name, sizeof name);
    sugu_text_copy(ret_result, 16, result);
    *ret_condition = sugu_nexo_condition_find(name);
    return SUGU_OK;
}

enum sugu_status
sugu_nexo_read_diagnosis(const struct sugu_json *json, struct sugu_error *reterr)
{
    int body = sugu_json_at(json, 0, "SaleToPOIResponse.DiagnosisResponse");
    int flag = sugu_json_at(json, body, "POIStatus.CommunicationOKFlag");
    const struct sugu_nexo_condition *condition;
    char result[16], global[32] = "";
    enum sugu_status status = sugu_nexo_read_response(json, body, result, &condition, reterr);

    if (status)
        return status;
    sugu_json_text(json, sugu_json_at(json, body, "POIStatus.GlobalStatus"), global, sizeof global);
    if (strcmp(global, "Busy") == 0 || condition->verdict == SUGU_NEXO_WAIT)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.busy", "the terminal runs another service");
    if (strcmp(result, "Success") != 0 || strcmp(global, "OK") != 0)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the terminal is not ready (%.20s)",
                         global);
    if (flag >= 0 && json->nodes[flag].type == SUGU_JSON_FALSE)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the terminal has no network");
    return SUGU_OK;
}

/* A text for the journal: cut to fit, control characters and card numbers taken out. */
static void
read_clean(const struct sugu_json *json, int node, char *to, size_t size)
{
    char text[512] = "";

    sugu_json_text(json, node, text, sizeof text);
    sugu_text_clean(text);
    sugu_card_number_hide(text);
    sugu_text_copy(to, size, text);
}

/* Last four digits of a masked number, "541333 **** 9999"; "" where it does not end in four. */
static void
read_last4(const struct sugu_json *json, int node, char to[5])
{
    char masked[64] = "";
    size_t length;

    sugu_json_text(json, node, masked, sizeof masked);
    length = strlen(masked);
    to[0] = '\0';
    if (length >= 4 && sugu_text_is_digits(masked + length - 4, 4))
        sugu_text_copy(to, 5, masked + length - 4);
    explicit_bzero(masked, sizeof masked);
}

/* The details of an approval at `body`, a PaymentResponse; false where no amount in yen is there.
 */
static bool
read_approval(const struct sugu_json *json, int body, struct sugu_terminal_answer *answer)
{
    int result = sugu_json_at(json, body, "PaymentResult");
    int card = sugu_json_at(json, result, "PaymentInstrumentData.CardData");
    int currency = sugu_json_at(json, result, "AmountsResp.Currency");
    int amount = sugu_json_at(json, result, "AmountsResp.AuthorizedAmount");

    answer->result = SUGU_TERMINAL_APPROVED;
    answer->code = "";
    if (currency >= 0 && !sugu_json_is(json, currency, "JPY"))
        return false;
    if (!sugu_json_whole(json, amount, 1, SUGU_PAYMENT_YEN_MAX, &answer->approved_yen))
        return false;
    read_clean(json, sugu_json_at(json, body, "POIData.POITransactionID.TransactionID"),
               answer->provider_id, sizeof answer->provider_id);
    read_clean(json, sugu_json_at(json, result, "PaymentAcquirerData.ApprovalCode"),
               answer->approval_code, sizeof answer->approval_code);
    read_clean(json, sugu_json_at(json, card, "PaymentBrand"), answer->brand, sizeof answer->brand);
    read_last4(json, sugu_json_at(json, card, "MaskedPan"), answer->last4);
    return true;
}

static enum sugu_status
no_answer(struct sugu_error *reterr, const char *why)
{
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "%s", why);
}

/* What a "Failure" with this condition says about a payment. `is_repeated`: out of the terminal's
 * journal, so that it cannot be followed by another answer. */
static enum sugu_status
read_failure(const struct sugu_nexo_condition *condition,
             bool is_repeated,
             struct sugu_terminal_answer *answer,
             struct sugu_error *reterr)
{
    answer->result = SUGU_TERMINAL_DECLINED;
    answer->code = condition->code;
    switch (condition->verdict) {
    case SUGU_NEXO_FINAL:
    case SUGU_NEXO_TENDER_OFF:
    case SUGU_NEXO_OUR_MISTAKE:
        return SUGU_OK;
    case SUGU_NEXO_WAIT:
    case SUGU_NEXO_LOG_IN:
        if (!is_repeated)
            answer->result = SUGU_TERMINAL_BUSY;
        return SUGU_OK;
    case SUGU_NEXO_DOUBTFUL:
        if (is_repeated)
            return SUGU_OK;
        return no_answer(reterr, "failure of a kind that is not known");
    case SUGU_NEXO_MISSING:
        break;
    }
    return no_answer(reterr, "the terminal says that it does not know its own payment");
}

/* A PaymentResponse at `body`. */
static enum sugu_status
read_payment_body(const struct sugu_json *json,
                  int body,
                  bool is_repeated,
                  struct sugu_terminal_answer *ret_answer,
                  struct sugu_error *reterr)
{
    struct sugu_terminal_answer answer = {.code = ""};
    const struct sugu_nexo_condition *condition;
    enum sugu_status status;
    char result[16];

    if (sugu_nexo_read_response(json, body, result, &condition, NULL))
        return no_answer(reterr, "no Result in the answer");
    if (strcmp(result, "Failure") != 0)
        status = read_approval(json, body, &answer)
                     ? SUGU_OK
                     : no_answer(reterr, "approved without an amount "
                                         "in whole yen");
    else
        status = read_failure(condition, is_repeated, &answer, reterr);
    if (!status)
        *ret_answer = answer;
    return status;
}

enum sugu_status
sugu_nexo_read_payment(const struct sugu_json *json,
                       struct sugu_terminal_answer *ret_answer,
                       struct sugu_error *reterr)
{
    return read_payment_body(json, sugu_json_at(json, 0, "SaleToPOIResponse.PaymentResponse"),
                             /* is_repeated= */ false, ret_answer, reterr);
}

/* The payment's own answer out of the terminal's journal. */
static enum sugu_status
read_repeated(const struct sugu_json *json,
              int body,
              const struct sugu_nexo_header *asked,
              const char *payment,
              struct sugu_terminal_answer *ret_answer,
              struct sugu_error *reterr)
{
    int repeated = sugu_json_at(json, body, "RepeatedMessageResponse");
    struct header header;

    if (!read_header(json, sugu_json_at(json, repeated, "MessageHeader"), &header) ||
        !is_answer_to(&header, SUGU_NEXO_PAYMENT, asked, payment))
        return no_answer(reterr, "the terminal repeated another payment");
    return read_payment_body(
        json, sugu_json_at(json, repeated, "RepeatedResponseMessageBody.PaymentResponse"),
        /* is_repeated= */ true, ret_answer, reterr);
}

enum sugu_status
sugu_nexo_read_status(const struct sugu_json *json,
                      const struct sugu_nexo_header *asked,
                      const char *payment,
                      struct sugu_terminal_answer *ret_answer,
                      struct sugu_error *reterr)
{
    int body = sugu_json_at(json, 0, "SaleToPOIResponse.TransactionStatusResponse");
    struct sugu_terminal_answer answer = {.code = ""};
    const struct sugu_nexo_condition *condition;
    char result[16];

    if (sugu_nexo_read_response(json, body, result, &condition, NULL))
        return no_answer(reterr, "no Result in the answer");
    if (strcmp(result, "Success") == 0)
        return read_repeated(json, body, asked, payment, ret_answer, reterr);
    answer.code = condition->code;
    if (condition->verdict == SUGU_NEXO_LOG_IN)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.logged-out", "the terminal wants a login");
    if (condition->verdict == SUGU_NEXO_MISSING)
        answer.result = SUGU_TERMINAL_NOT_FOUND;
    else if (condition->verdict == SUGU_NEXO_WAIT)
        answer.result = SUGU_TERMINAL_IN_PROGRESS;
    else
        return no_answer(reterr, "the terminal cannot say what became of the payment");
    *ret_answer = answer;
    return SUGU_OK;
}
