/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-answer - nexo Retailer messages, read
 *
 * Nothing here guesses: an answer either says what happened, or it says nothing (UNKNOWN).
 */
#include "payment/terminal/nexo-message-private.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/card-number.h"
#include "domain/payment.h"

#include <time.h>

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

/* ---- parts of answers */

void
sugu_nexo_read_clean(const struct sugu_json *json, int node, char *to, size_t size)
{
    char text[512] = "";

    sugu_json_text(json, node, text, sizeof text);
    sugu_text_clean(text);
    sugu_card_number_hide(text);
    sugu_text_copy(to, size, text);
    explicit_bzero(text, sizeof text);
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

/* `count` digits at `at` as a number; -1 where they are none. */
static int
read_digits(const char *at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = 10 * value + at[i] - '0';
    }
    return value;
}

/* The offset of a time from UTC in minutes: "Z", "+09:00"; false for anything else. */
static bool
read_zone(const char *at, int *ret_minutes)
{
    int hours, minutes;

    *ret_minutes = 0;
    if (strcmp(at, "Z") == 0)
        return true;
    if (strlen(at) != 6 || (*at != '+' && *at != '-') || at[3] != ':')
        return false;
    hours = read_digits(at + 1, 2);
    minutes = read_digits(at + 4, 2);
    *ret_minutes = (*at == '-' ? -1 : 1) * (60 * hours + minutes);
    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

bool
sugu_nexo_parse_time(const char *text, int64_t *ret_utc_us)
{
    struct tm utc = {0};
    int ms = 0, zone;

    if (strlen(text) < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':')
        return false;
    utc.tm_year = read_digits(text, 4) - 1900;
    utc.tm_mon = read_digits(text + 5, 2) - 1;
    utc.tm_mday = read_digits(text + 8, 2);
    utc.tm_hour = read_digits(text + 11, 2);
    utc.tm_min = read_digits(text + 14, 2);
    utc.tm_sec = read_digits(text + 17, 2);
    text += 19;
    if (*text == '.') {
        ms = read_digits(text + 1, 3);
        text += ms < 0 ? 1 : 4;
    }
    if (utc.tm_year < 100 || utc.tm_mon < 0 || utc.tm_mon > 11 || utc.tm_mday < 1 ||
        utc.tm_mday > 31 || utc.tm_hour < 0 || utc.tm_hour > 23 || utc.tm_min < 0 ||
        utc.tm_min > 59 || utc.tm_sec < 0 || utc.tm_sec > 60 || ms < 0 || !read_zone(text, &zone))
        return false;
    *ret_utc_us = timegm(&utc) * SUGU_SECOND + ms * SUGU_MS - zone * SUGU_MINUTE;
    return true;
}

/* URL escapes resolved, in place; a broken one stays as it is. */
static void
unescape(char *text)
{
    char *to = text;
    uint8_t byte;

    for (const char *at = text; *at; at++) {
        char pair[3] = {at[0] == '%' ? at[1] : '\0', at[0] == '%' && at[1] ? at[2] : '\0', '\0'};

        if (*at == '+') {
            *to++ = ' ';
        } else if (sugu_hex_to_bytes(&byte, 1, pair) && byte) {
            *to++ = (char)byte;
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

/*
 * The value of `key` in AdditionalResponse, "key=value&key=value", with its escapes resolved, and
 * then cleaned: a card number may hide behind an escape. "" where it is not there.
 */
static void
read_additional(const struct sugu_json *json, int body, const char *key, char *to, size_t size)
{
    size_t key_size = strlen(key), room = 16384;
    char *text = calloc(1, room), *rest = text, *pair;

    *to = '\0';
    if (text &&
        sugu_json_text(json, sugu_json_at(json, body, "Response.AdditionalResponse"), text, room))
        while ((pair = strsep(&rest, "&")))
            if (strncmp(pair, key, key_size) == 0 && pair[key_size] == '=') {
                unescape(pair + key_size + 1);
                sugu_text_clean(pair + key_size + 1);
                sugu_card_number_hide(pair + key_size + 1);
                sugu_text_copy(to, size, pair + key_size + 1);
            }
    if (text)
        explicit_bzero(text, room);
    free(text);
}

/* ---- responses */

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
    sugu_nexo_read_clean(json, sugu_json_at(json, body, "POIStatus.GlobalStatus"), global,
                         sizeof global);
    if (strcmp(global, "Busy") == 0 || condition->verdict == SUGU_NEXO_WAIT)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.busy", "the terminal runs another service");
    if (strcmp(result, "Success") != 0 || strcmp(global, "OK") != 0)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the terminal is not ready (%.20s)",
                         global);
    if (flag >= 0 && json->nodes[flag].type == SUGU_JSON_FALSE)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the terminal has no network");
    return SUGU_OK;
}

enum sugu_status
sugu_nexo_read_standby(const struct sugu_json *json, struct sugu_error *reterr)
{
    int body = sugu_json_at(json, 0, "SaleToPOIResponse.DisplayResponse");
    int results = sugu_json_at(json, body, "OutputResult");
    const struct sugu_nexo_condition *condition;
    char result[16];
    enum sugu_status status;

    /* One result for each output; there was one, so the first child is it. */
    if (results >= 0 && results + 1 < json->count && json->nodes[results + 1].parent == results)
        body = results + 1;
    status = sugu_nexo_read_response(json, body, result, &condition, reterr);
    if (status || strcmp(result, "Success") == 0 ||
        strcmp(condition->name, "UnavailableDevice") == 0 ||
        strcmp(condition->name, "UnavailableService") == 0)
        return status;
    return sugu_fail(reterr, SUGU_RETRY,
                     condition->verdict == SUGU_NEXO_WAIT ? "terminal.busy" : "terminal.away",
                     "the terminal does not clear its screen (%s)", condition->name);
}

/* ---- approvals */

/* What the terminal calls it, and when it was. */
static void
read_provider_id(const struct sugu_json *json, int body, struct sugu_terminal_answer *answer)
{
    int id = sugu_json_at(json, body, "POIData.POITransactionID");
    char text[64] = "";

    sugu_nexo_read_clean(json, sugu_json_at(json, id, "TransactionID"), answer->provider_id,
                         sizeof answer->provider_id);
    sugu_json_text(json, sugu_json_at(json, id, "TimeStamp"), text, sizeof text);
    if (!sugu_nexo_parse_time(text, &answer->provider_utc_us))
        answer->provider_utc_us = 0;
}

/* The details of an approved PaymentResponse; false where no amount in whole yen is there. */
static bool
read_paid(const struct sugu_json *json,
          int body,
          const struct sugu_terminal_request *request,
          struct sugu_terminal_answer *answer)
{
    int result = sugu_json_at(json, body, "PaymentResult");
    int card = sugu_json_at(json, result, "PaymentInstrumentData.CardData");
    int currency = sugu_json_at(json, result, "AmountsResp.Currency");
    int amount = sugu_json_at(json, result, "AmountsResp.AuthorizedAmount");
    bool is_free = request->deed == SUGU_TERMINAL_REGISTER;

    if (currency >= 0 && !sugu_json_is(json, currency, "JPY"))
        return false;
    if (!(is_free && amount < 0) && !sugu_json_whole(json, amount, is_free ? 0 : 1,
                                                     SUGU_PAYMENT_YEN_MAX, &answer->approved_yen))
        return false;
    sugu_nexo_read_clean(json, sugu_json_at(json, result, "PaymentAcquirerData.ApprovalCode"),
                         answer->approval_code, sizeof answer->approval_code);
    sugu_nexo_read_clean(json, sugu_json_at(json, card, "PaymentBrand"), answer->brand,
                         sizeof answer->brand);
    read_last4(json, sugu_json_at(json, card, "MaskedPan"), answer->last4);
    return true;
}

/* A ReversalResponse says the amount only where it likes to: all that was asked, then. */
static bool
read_given_back(const struct sugu_json *json,
                int body,
                const struct sugu_terminal_request *request,
                struct sugu_terminal_answer *answer)
{
    int amount = sugu_json_at(json, body, "ReversedAmount");

    if (amount >= 0)
        return sugu_json_whole(json, amount, 1, SUGU_PAYMENT_YEN_MAX, &answer->approved_yen);
    answer->approved_yen = request->amount_yen;
    return sugu_json_is(json, sugu_json_at(json, body, "Response.Result"), "Success");
}

/* 202711 = November 2027; 0 where month or year are none. */
static uint32_t
expiry_of(const char *year_text, const char *month_text)
{
    int64_t year, month;

    if (!sugu_text_to_int64(year_text, 2000, 2999, &year) ||
        !sugu_text_to_int64(month_text, 1, 12, &month))
        return 0;
    return (uint32_t)(100 * year + month);
}

/* Adyen's token, or that of nexo itself; "" where there is none, or one that looks like a number of
 * a card: that is never kept. */
static void
read_token(const struct sugu_json *json, int body, struct sugu_terminal_answer *answer)
{
    int token =
        sugu_json_at(json, body, "PaymentResult.PaymentInstrumentData.CardData.PaymentToken");
    char year[8], month[8], until[64] = "", plain[sizeof answer->token + 1] = "";

    read_additional(json, body, "recurring.recurringDetailReference", plain, sizeof plain);
    read_additional(json, body, "expiryYear", year, sizeof year);
    read_additional(json, body, "expiryMonth", month, sizeof month);
    answer->expiry = expiry_of(year, month);
    if (!*plain)
        sugu_nexo_read_clean(json, sugu_json_at(json, token, "TokenValue"), plain, sizeof plain);
    if (!strchr(plain, '*') && strlen(plain) < sizeof answer->token)
        sugu_text_copy(answer->token, sizeof answer->token, plain);
    sugu_json_text(json, sugu_json_at(json, token, "ExpiryDateTime"), until, sizeof until);
    if (!answer->expiry && strlen(until) > 7 && until[4] == '-' && until[7] == '-') {
        until[4] = until[7] = '\0';
        answer->expiry = expiry_of(until, until + 5);
    }
}

static enum sugu_status
no_answer(struct sugu_error *reterr, const char *why)
{
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "%s", why);
}

static enum sugu_status
read_approval(const struct sugu_json *json,
              int body,
              const struct sugu_terminal_request *request,
              struct sugu_terminal_answer *answer,
              struct sugu_error *reterr)
{
    bool is_reversal = request->deed == SUGU_TERMINAL_REVERSE;

    answer->result = SUGU_TERMINAL_APPROVED;
    answer->code = "";
    read_provider_id(json, body, answer);
    if (!(is_reversal ? read_given_back : read_paid)(json, body, request, answer))
        return no_answer(reterr, "approved without an amount in whole yen");
    if (request->deed != SUGU_TERMINAL_REGISTER)
        return SUGU_OK;
    read_token(json, body, answer);
    if (!*answer->token && answer->approved_yen == 0) {
        answer->result = SUGU_TERMINAL_DECLINED;
        answer->code = "payment.card-not-accepted";
        sugu_text_copy(answer->detail, sizeof answer->detail, "no token of use in the answer");
    }
    return SUGU_OK;
}

/* ---- failures */

/* What a "Failure" with this condition says about a deed. `is_repeated`: out of the terminal's
 * journal, so that it cannot be followed by another answer. */
static enum sugu_status
read_failure(const struct sugu_nexo_condition *condition,
             const struct sugu_terminal_request *request,
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
    if (request->deed != SUGU_TERMINAL_REVERSE)
        return no_answer(reterr, "the terminal says that it does not know its own payment");
    /* Of a reversal it is the payment that is not known: nothing can be given back. */
    answer->code = "payment.original-unknown";
    return SUGU_OK;
}

/* ---- answers about deeds */

static const char *
body_name(const struct sugu_terminal_request *request)
{
    return request->deed == SUGU_TERMINAL_REVERSE ? "ReversalResponse" : "PaymentResponse";
}

/* A PaymentResponse or ReversalResponse at `body`. */
static enum sugu_status
read_body(const struct sugu_json *json,
          int body,
          const struct sugu_terminal_request *request,
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
    if (strcmp(result, "Failure") != 0) {
        status = read_approval(json, body, request, &answer, reterr);
    } else {
        status = read_failure(condition, request, is_repeated, &answer, reterr);
        read_additional(json, body, "message", answer.detail, sizeof answer.detail);
    }
    if (!status)
        *ret_answer = answer;
    return status;
}

enum sugu_status
sugu_nexo_read_deed(const struct sugu_json *json,
                    const struct sugu_terminal_request *request,
                    struct sugu_terminal_answer *ret_answer,
                    struct sugu_error *reterr)
{
    int body = sugu_json_at(json, sugu_json_at(json, 0, "SaleToPOIResponse"), body_name(request));

    return read_body(json, body, request, /* is_repeated= */ false, ret_answer, reterr);
}

/* The deed's own answer out of the terminal's journal. */
static enum sugu_status
read_repeated(const struct sugu_json *json,
              int body,
              const struct sugu_nexo_header *asked,
              const struct sugu_terminal_request *request,
              struct sugu_terminal_answer *ret_answer,
              struct sugu_error *reterr)
{
    int repeated = sugu_json_at(json, body, "RepeatedMessageResponse");
    int deed = sugu_json_at(json, sugu_json_at(json, repeated, "RepeatedResponseMessageBody"),
                            body_name(request));
    struct sugu_nexo_seen seen;

    if (!sugu_nexo_read_header(json, sugu_json_at(json, repeated, "MessageHeader"), &seen) ||
        !sugu_nexo_is_answer_to(&seen, sugu_nexo_category_of(request->deed), asked,
                                request->service_id))
        return no_answer(reterr, "the terminal repeated something else");
    return read_body(json, deed, request, /* is_repeated= */ true, ret_answer, reterr);
}

enum sugu_status
sugu_nexo_read_status(const struct sugu_json *json,
                      const struct sugu_nexo_header *asked,
                      const struct sugu_terminal_request *request,
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
        return read_repeated(json, body, asked, request, ret_answer, reterr);
    answer.code = condition->code;
    if (condition->verdict == SUGU_NEXO_LOG_IN)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.logged-out", "the terminal wants a login");
    if (condition->verdict == SUGU_NEXO_MISSING)
        answer.result = SUGU_TERMINAL_NOT_FOUND;
    else if (condition->verdict == SUGU_NEXO_WAIT)
        answer.result = SUGU_TERMINAL_IN_PROGRESS;
    else
        return no_answer(reterr, "the terminal cannot say what became of it");
    *ret_answer = answer;
    return SUGU_OK;
}
