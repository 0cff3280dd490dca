/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-nexo-message - nexo messages as they are written, and answers of every kind
 */
#include "payment/terminal/nexo-message-private.h"

#include "base/random.h"
#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

static struct sugu_json json; /* large */
static const struct sugu_terminal_request payid = {.service_id = "PAYID", .amount_yen = 3240};
static const struct sugu_nexo_header asked = {.category = SUGU_NEXO_PAYMENT,
                                              .service_id = "0000A17C",
                                              .sale_id = "KIOSK-03",
                                              .poi_id = "V400m-324688179"};

#define HEADER(category, service)                                                                  \
    "\"MessageHeader\":{\"MessageClass\":\"Service\",\"MessageCategory\":\"" category              \
    "\",\"MessageType\":\"Response\",\"ServiceID\":\"" service                                     \
    "\",\"SaleID\":\"KIOSK-03\",\"POIID\":\"V400m-324688179\"}"
#define APPROVAL(amount)                                                                           \
    "\"Response\":{\"Result\":\"Success\"},\"POIData\":{\"POITransactionID\":{\"TransactionID\":"  \
    "\"BV0q001.NC6HT9CRT65ZGN82\",\"TimeStamp\":\"2024-04-01T00:00:00Z\"}},\"PaymentResult\":{"    \
    "\"AmountsResp\":{\"Currency\":\"JPY\",\"AuthorizedAmount\":" amount                           \
    "},\"PaymentInstrumentData\":{\"CardData\":{\"MaskedPan\":\"541333 **** 9999\","               \
    "\"PaymentBrand\":\"mc\"}},\"PaymentAcquirerData\":{\"ApprovalCode\":\"123456\"}}"
#define PAYMENT(body)                                                                              \
    "{\"SaleToPOIResponse\":{" HEADER("Payment", "0000A17C") ",\"PaymentResponse\":{" body "}}}"
#define FAILURE(condition)                                                                         \
    "\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":\"" condition "\"}"

static void
parse(const char *text)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_json_parse(&json, text, strlen(text), &error), error);
}

/* ---- written */

START_TEST(a_payment_request_is_the_smallest_useful_one)
{
    struct sugu_terminal_request request = {.service_id = "0000A17C",
                                            .transaction_id = "b1-2-1",
                                            .amount_yen = 3240,
                                            .utc_us = INT64_C(1711929600000000)};
    char text[2048];
    struct sugu_json_writer writer = {.to = text, .size = sizeof text};

    ck_assert(sugu_nexo_write_deed(&writer, &asked, &request));
    ck_assert_str_eq(
        text, "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"ProtocolVersion\":\"3.0\","
              "\"MessageClass\":\"Service\","
              "\"MessageCategory\":\"Payment\",\"MessageType\":\"Request\",\"ServiceID\":"
              "\"0000A17C\",\"SaleID\":\"KIOSK-03\",\"POIID\":\"V400m-324688179\"},"
              "\"PaymentRequest\":{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":"
              "\"b1-2-1\",\"TimeStamp\":\"2024-04-01T09:00:00+09:00\"}},\"PaymentTransaction\":{"
              "\"AmountsReq\":{\"Currency\":\"JPY\",\"RequestedAmount\":3240}},\"PaymentData\":{"
              "\"PaymentType\":\"Normal\"}}}}");
}
END_TEST

/* The amount always stands there, and the payment is named by the terminal's own id and time. */
START_TEST(a_reversal_names_the_payment_and_the_amount)
{
    struct sugu_terminal_request request = {.deed = SUGU_TERMINAL_REVERSE,
                                            .service_id = "0000A17C",
                                            .transaction_id = "b1-2-2",
                                            .amount_yen = 1000,
                                            .utc_us = INT64_C(1711933200000000),
                                            .original_id = "BV0q001.NC6HT9CRT65ZGN82",
                                            .original_utc_us = INT64_C(1711929600123000)};
    struct sugu_nexo_header header = asked;
    char text[2048];
    struct sugu_json_writer writer = {.to = text, .size = sizeof text};

    header.category = sugu_nexo_category_of(request.deed);
    ck_assert(sugu_nexo_write_deed(&writer, &header, &request));
    ck_assert_ptr_nonnull(
        strstr(text, "\"ReversalRequest\":{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":"
                     "\"b1-2-2\",\"TimeStamp\":\"2024-04-01T10:00:00+09:00\"}},"
                     "\"OriginalPOITransaction\":{\"POITransactionID\":{\"TransactionID\":"
                     "\"BV0q001.NC6HT9CRT65ZGN82\",\"TimeStamp\":\"2024-04-01T00:00:00.123Z\"}},"
                     "\"ReversalReason\":\"MerchantCancel\",\"ReversedAmount\":1000}}}"));
    ck_assert_ptr_nonnull(strstr(text, "\"MessageCategory\":\"Reversal\""));
}
END_TEST

START_TEST(a_registration_asks_for_a_token_and_no_yen)
{
    struct sugu_terminal_request request = {.deed = SUGU_TERMINAL_REGISTER,
                                            .service_id = "0000A17C",
                                            .transaction_id = "r1",
                                            .utc_us = INT64_C(1711929600000000)};
    char text[2048];
    struct sugu_json_writer writer = {.to = text, .size = sizeof text};

    ck_assert(sugu_nexo_write_deed(&writer, &asked, &request));
    ck_assert_ptr_nonnull(strstr(text, "\"TokenRequestedType\":\"Customer\","
                                       "\"SaleToAcquirerData\":\"shopperReference=r1&"
                                       "recurringProcessingModel=UnscheduledCardOnFile\"}"));
    ck_assert_ptr_nonnull(strstr(text, "\"RequestedAmount\":0}"));
}
END_TEST

START_TEST(the_other_requests_carry_what_the_schema_wants)
{
    char text[2048];
    struct sugu_json_writer writer = {.to = text, .size = sizeof text};
    struct sugu_nexo_header header = asked;

    header.category = SUGU_NEXO_LOGIN;
    ck_assert(sugu_nexo_write_login(&writer, &header, 0));
    parse(text);
    ck_assert(sugu_json_is(&json, sugu_json_at(&json, 0, "SaleToPOIRequest.LoginRequest.DateTime"),
                           "1970-01-01T09:00:00+09:00"));
    ck_assert(sugu_json_is(
        &json, sugu_json_at(&json, 0, "SaleToPOIRequest.LoginRequest.OperatorLanguage"), "ja"));
    ck_assert(sugu_json_is(
        &json, sugu_json_at(&json, 0, "SaleToPOIRequest.MessageHeader.ProtocolVersion"), "3.0"));
    header.category = SUGU_NEXO_ABORT;
    writer.length = 0, writer.needs_comma = false;
    ck_assert(sugu_nexo_write_abort(&writer, &header, &payid));
    parse(text);
    ck_assert(sugu_json_is(
        &json, sugu_json_at(&json, 0, "SaleToPOIRequest.AbortRequest.MessageReference.ServiceID"),
        "PAYID"));
    ck_assert_int_ge(sugu_json_at(&json, 0, "SaleToPOIRequest.AbortRequest.AbortReason"), 0);
    header.category = SUGU_NEXO_TRANSACTION_STATUS;
    writer.length = 0, writer.needs_comma = false;
    ck_assert(sugu_nexo_write_status(&writer, &header, &payid));
    parse(text);
    ck_assert(sugu_json_is(
        &json,
        sugu_json_at(&json, 0,
                     "SaleToPOIRequest.TransactionStatusRequest.MessageReference.MessageCategory"),
        "Payment"));
}
END_TEST

/* ---- answers to a payment */

START_TEST(an_approval_is_read_in_full)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    parse(PAYMENT(APPROVAL("3240")));
    sugu_assert_ok(sugu_nexo_read_deed(&json, &payid, &answer, &error), error);
    ck_assert_int_eq(answer.result, SUGU_TERMINAL_APPROVED);
    ck_assert_int_eq(answer.approved_yen, 3240);
    ck_assert_str_eq(answer.provider_id, "BV0q001.NC6HT9CRT65ZGN82");
    ck_assert_str_eq(answer.approval_code, "123456");
    ck_assert_str_eq(answer.brand, "mc");
    ck_assert_str_eq(answer.last4, "9999");
}
END_TEST

START_TEST(what_says_neither_yes_nor_no_is_unknown)
{
    static const char *const texts[] = {
        PAYMENT(APPROVAL("3240.00")),
        PAYMENT(APPROVAL("3.24e3")),
        PAYMENT(APPROVAL("\"3240\"")),
        PAYMENT(APPROVAL("0")),
        PAYMENT(APPROVAL("-3240")),
        PAYMENT(APPROVAL("100000000")),
        PAYMENT("\"Response\":{\"Result\":\"Success\"}"),
        PAYMENT("\"Response\":{\"Result\":\"Perhaps\"}"),
        PAYMENT("\"Response\":{}"),
        PAYMENT(""),
        PAYMENT("\"Response\":{\"Result\":\"Success\"},\"PaymentResult\":{\"AmountsResp\":{"
                "\"Currency\":\"EUR\",\"AuthorizedAmount\":3240}}"),
        PAYMENT(FAILURE("SomethingNew")),
        PAYMENT(FAILURE("NotFound")),
        PAYMENT("\"Response\":{\"Result\":\"Failure\"}"),
        "{\"SaleToPOIResponse\":{" HEADER("Payment", "0000A17C") "}}",
        "[]",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;

        parse(texts[i]);
        ck_assert_msg(sugu_nexo_read_deed(&json, &payid, &answer, &error) == SUGU_UNKNOWN, "%s",
                      texts[i]);
        ck_assert_str_eq(error.code, "payment.no-answer");
    }
}
END_TEST

START_TEST(a_busy_terminal_has_started_nothing_yet)
{
    static const char *const texts[] = {PAYMENT(FAILURE("Busy")), PAYMENT(FAILURE("InProgress")),
                                        PAYMENT(FAILURE("NotAllowed")),
                                        PAYMENT(FAILURE("LoggedOut"))};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;

        parse(texts[i]);
        sugu_assert_ok(sugu_nexo_read_deed(&json, &payid, &answer, &error), error);
        ck_assert_int_eq(answer.result, SUGU_TERMINAL_BUSY);
    }
}
END_TEST

/* Every condition of domain/payments.md 1.5 has a row of its own. */
START_TEST(every_condition_of_the_schema_is_known)
{
    static const char *const names[] = {
        "Aborted",
        "Busy",
        "Cancel",
        "DeviceOut",
        "InProgress",
        "InsertedCard",
        "InvalidCard",
        "LoggedOut",
        "MessageFormat",
        "NotAllowed",
        "NotFound",
        "PaymentRestriction",
        "Refusal",
        "UnavailableDevice",
        "UnavailableService",
        "UnreachableHost",
        "WrongPIN",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++) {
        const struct sugu_nexo_condition *row = sugu_nexo_condition_find(names[i]);
        ck_assert_str_eq(row->name, names[i]);
        ck_assert_str_ne(sugu_code_find(row->code)->code, "bug.unknown-code");
    }
    ck_assert_int_eq(sugu_nexo_condition_find("New")->verdict, SUGU_NEXO_DOUBTFUL);
}
END_TEST

/* ---- answers to a reversal and a registration */

static const struct sugu_terminal_request reversal = {
    .deed = SUGU_TERMINAL_REVERSE, .service_id = "0000A17C", .amount_yen = 1000};
static const struct sugu_terminal_request registration = {.deed = SUGU_TERMINAL_REGISTER,
                                                          .service_id = "0000A17C"};

#define REVERSAL(body)                                                                             \
    "{\"SaleToPOIResponse\":{" HEADER("Reversal", "0000A17C") ",\"ReversalResponse\":{" body "}}}"

START_TEST(a_reversal_is_read_by_its_own_amount)
{
    static const struct {
        const char *text;
        enum sugu_status status;
        enum sugu_terminal_result result;
        int64_t yen;
    } rows[] = {
        {REVERSAL("\"Response\":{\"Result\":\"Success\"}"), SUGU_OK, SUGU_TERMINAL_APPROVED, 1000},
        {REVERSAL("\"Response\":{\"Result\":\"Success\"},\"ReversedAmount\":700"), SUGU_OK,
         SUGU_TERMINAL_APPROVED, 700},
        {REVERSAL("\"Response\":{\"Result\":\"Partial\"},\"ReversedAmount\":700"), SUGU_OK,
         SUGU_TERMINAL_APPROVED, 700},
        {REVERSAL("\"Response\":{\"Result\":\"Partial\"}"), SUGU_UNKNOWN, 0, 0},
        {REVERSAL("\"Response\":{\"Result\":\"Success\"},\"ReversedAmount\":1000.00"), SUGU_UNKNOWN,
         0, 0},
        {REVERSAL("\"Response\":{\"Result\":\"Success\"},\"ReversedAmount\":0"), SUGU_UNKNOWN, 0,
         0},
        {REVERSAL(FAILURE("Refusal")), SUGU_OK, SUGU_TERMINAL_DECLINED, 0},
        {REVERSAL(FAILURE("NotFound")), SUGU_OK, SUGU_TERMINAL_DECLINED, 0},
        {REVERSAL(FAILURE("Busy")), SUGU_OK, SUGU_TERMINAL_BUSY, 0},
        {REVERSAL(FAILURE("SomethingNew")), SUGU_UNKNOWN, 0, 0},
        {PAYMENT(APPROVAL("1000")), SUGU_UNKNOWN, 0, 0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;

        parse(rows[i].text);
        ck_assert_msg(sugu_nexo_read_deed(&json, &reversal, &answer, &error) == rows[i].status,
                      "row %zu", i);
        if (rows[i].status == SUGU_OK) {
            ck_assert_msg(answer.result == rows[i].result, "row %zu", i);
            ck_assert_int_eq(answer.approved_yen, rows[i].yen);
        }
    }
}
END_TEST

#define REGISTERED(response, token)                                                                \
    PAYMENT("\"Response\":{\"Result\":\"Success\"" response                                        \
            "},\"PaymentResult\":{\"PaymentInstrumentData\":{\"CardData\":{" token "}}}")
#define NEXO_TOKEN(value)                                                                          \
    "\"PaymentToken\":{\"TokenRequestedType\":\"Customer\",\"TokenValue\":\"" value                \
    "\",\"ExpiryDateTime\":\"2028-03-31T00:00:00Z\"}"
#define ADYEN_TOKEN(value)                                                                         \
    ",\"AdditionalResponse\":\"tid=1&expiryMonth=3&expiryYear=2030&recurring.recurringDetail"      \
    "Reference=" value "\""

START_TEST(a_token_is_read_and_never_a_card_number)
{
    static const struct {
        const char *text, *token;
        uint32_t expiry;
    } rows[] = {
        {REGISTERED(ADYEN_TOKEN("NZQM5QGRW44SXC75"), ""), "NZQM5QGRW44SXC75", 203003},
        {REGISTERED(ADYEN_TOKEN("A%2BB"), NEXO_TOKEN("OTHER")), "A+B", 203003},
        {REGISTERED("", NEXO_TOKEN("6FD955C23A48A041D881")), "6FD955C23A48A041D881", 202803},
        {REGISTERED("", NEXO_TOKEN("5413330089099999")), NULL, 0},
        {REGISTERED(ADYEN_TOKEN("5413%203300%208909%209999"), ""), NULL, 0},
        {REGISTERED(ADYEN_TOKEN(""), ""), NULL, 0},
        {REGISTERED("", ""), NULL, 0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;

        parse(rows[i].text);
        sugu_assert_ok(sugu_nexo_read_deed(&json, &registration, &answer, &error), error);
        ck_assert_msg(answer.result ==
                          (rows[i].token ? SUGU_TERMINAL_APPROVED : SUGU_TERMINAL_DECLINED),
                      "row %zu", i);
        ck_assert_str_eq(answer.token, rows[i].token ? rows[i].token : "");
        if (rows[i].token)
            ck_assert_uint_eq(answer.expiry, rows[i].expiry);
        ck_assert_ptr_null(memmem(&answer, sizeof answer, "3300", 4));
    }
}
END_TEST

/* What the terminal says about a refusal goes into the log: no card number behind an escape. */
START_TEST(a_refusals_words_are_cleaned)
{
    struct sugu_terminal_answer answer;
    struct sugu_error error;

    parse(PAYMENT(
        "\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":\"Refusal\","
        "\"AdditionalResponse\":\"errors=x&message=card%205413%203300%208909%209999+no\"}"));
    sugu_assert_ok(sugu_nexo_read_deed(&json, &payid, &answer, &error), error);
    ck_assert_str_eq(answer.detail, "card **** **** **** 9999 no");
}
END_TEST

START_TEST(times_of_the_terminal_are_read_with_their_zone)
{
    static const struct {
        const char *text;
        int64_t utc_us; /* -1 = none */
    } rows[] = {
        {"2024-04-01T00:00:00.000Z", INT64_C(1711929600000000)},
        {"2024-04-01T09:00:00+09:00", INT64_C(1711929600000000)},
        {"2024-03-31T14:30:00.123-09:30", INT64_C(1711929600123000)},
        {"2024-04-01T00:00:00", -1},
        {"2024-13-01T00:00:00Z", -1},
        {"2024-04-01T25:00:00Z", -1},
        {"2024-04-01T00:00:00.1Z", -1},
        {"2024-04-01T00:00:00+9", -1},
        {"tomorrow at a quarter past", -1},
        {"", -1},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        int64_t utc_us = -1;
        bool is_read = sugu_nexo_parse_time(rows[i].text, &utc_us);

        ck_assert_msg(is_read == (rows[i].utc_us >= 0), "%s", rows[i].text);
        ck_assert_int_eq(utc_us, rows[i].utc_us);
    }
}
END_TEST

/* ---- answers to a question */

#define STATUS(body)                                                                               \
    "{\"SaleToPOIResponse\":{" HEADER("TransactionStatus",                                         \
                                      "Q1") ",\"TransactionStatusResponse\":{" body "}}}"
#define REPEATED(category, service, body)                                                          \
    STATUS("\"Response\":{\"Result\":\"Success\"},\"RepeatedMessageResponse\":{" HEADER(           \
        category, service) ",\"RepeatedResponseMessageBody\":{\"PaymentResponse\":{" body "}}}")

START_TEST(a_question_is_answered_for_this_payment_only)
{
    static const struct {
        const char *text;
        enum sugu_status status;
        enum sugu_terminal_result result;
    } rows[] = {
        {REPEATED("Payment", "PAYID", APPROVAL("3240")), SUGU_OK, SUGU_TERMINAL_APPROVED},
        {REPEATED("Payment", "PAYID", FAILURE("Refusal")), SUGU_OK, SUGU_TERMINAL_DECLINED},
        {REPEATED("Payment", "PAYID", FAILURE("SomethingNew")), SUGU_OK, SUGU_TERMINAL_DECLINED},
        {REPEATED("Payment", "PAYID", FAILURE("Busy")), SUGU_OK, SUGU_TERMINAL_DECLINED},
        {REPEATED("Payment", "OTHER", APPROVAL("3240")), SUGU_UNKNOWN, 0},
        {REPEATED("Reversal", "PAYID", APPROVAL("3240")), SUGU_UNKNOWN, 0},
        {REPEATED("Payment", "PAYID", APPROVAL("3240.5")), SUGU_UNKNOWN, 0},
        {STATUS("\"Response\":{\"Result\":\"Success\"}"), SUGU_UNKNOWN, 0},
        {STATUS(FAILURE("NotFound")), SUGU_OK, SUGU_TERMINAL_NOT_FOUND},
        {STATUS(FAILURE("InProgress")), SUGU_OK, SUGU_TERMINAL_IN_PROGRESS},
        {STATUS(FAILURE("Busy")), SUGU_OK, SUGU_TERMINAL_IN_PROGRESS},
        {STATUS(FAILURE("LoggedOut")), SUGU_RETRY, 0},
        {STATUS(FAILURE("Refusal")), SUGU_UNKNOWN, 0},
        {STATUS(FAILURE("SomethingNew")), SUGU_UNKNOWN, 0},
        {STATUS(""), SUGU_UNKNOWN, 0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_terminal_answer answer;
        struct sugu_error error;

        parse(rows[i].text);
        ck_assert_msg(sugu_nexo_read_status(&json, &asked, &payid, &answer, &error) ==
                          rows[i].status,
                      "row %zu", i);
        if (rows[i].status == SUGU_OK)
            ck_assert_msg(answer.result == rows[i].result, "row %zu", i);
    }
}
END_TEST

/* ---- envelopes */

/* An envelope as a terminal makes it: clear header, sealed plaintext. */
static char *
envelope_of(const struct sugu_nexo_key *key, const char *outside, const char *plain)
{
    char *text = malloc(65536), *blob = malloc(32768), nonce[64], hmac[64];
    struct sugu_nexo_sealed sealed;
    struct sugu_error error;

    sugu_assert_ok(sugu_nexo_seal(key, sugu_random_system(), plain, strlen(plain), &sealed, &error),
                   error);
    sugu_base64_encode(blob, sealed.blob, sealed.blob_size);
    sugu_base64_encode(nonce, sealed.nonce, sizeof sealed.nonce);
    sugu_base64_encode(hmac, sealed.hmac, sizeof sealed.hmac);
    snprintf(text, 65536,
             "{\"SaleToPOIResponse\":{%s,\"NexoBlob\":\"%s\",\"SecurityTrailer\":{"
             "\"AdyenCryptoVersion\":1,\"KeyIdentifier\":\"k\",\"KeyVersion\":1,\"Nonce\":\"%s\","
             "\"Hmac\":\"%s\"}}}",
             outside, blob, nonce, hmac);
    free(sealed.blob);
    free(blob);
    return text;
}

static void
assert_unwraps(const char *outside, const char *plain, const char *code)
{
    struct sugu_nexo_key *key;
    struct sugu_error error;
    char *envelope, *opened;

    sugu_assert_ok(sugu_nexo_key_new("mysupersecretpassphrase", "k", 1, &key, &error), error);
    envelope = envelope_of(key, outside, plain);
    if (*code) {
        sugu_assert_fails(sugu_nexo_unwrap(key, &asked, envelope, &json, &opened, &error),
                          SUGU_REFUSED, code, error);
    } else {
        sugu_assert_ok(sugu_nexo_unwrap(key, &asked, envelope, &json, &opened, &error), error);
        ck_assert_str_eq(opened, plain);
        free(opened);
    }
    free(envelope);
    sugu_nexo_key_free(key);
}

START_TEST(the_header_outside_has_to_be_the_one_inside)
{
    assert_unwraps(HEADER("Payment", "0000A17C"), PAYMENT(APPROVAL("3240")), "");
    assert_unwraps(HEADER("Payment", "0000A17D"), PAYMENT(APPROVAL("3240")),
                   "terminal.not-trusted");
    assert_unwraps(HEADER("Login", "0000A17C"), PAYMENT(APPROVAL("3240")), "terminal.not-trusted");
    /* Equal, but the answer to something else: an old answer played again. */
    assert_unwraps(
        HEADER("Payment", "0000A17B"),
        "{\"SaleToPOIResponse\":{" HEADER("Payment", "0000A17B") ",\"PaymentResponse\":{}}}",
        "terminal.wrong-answer");
    assert_unwraps(HEADER("Payment", "0000A17C"), "{\"SaleToPOIResponse\":{}}",
                   "terminal.not-trusted");
    assert_unwraps(HEADER("Payment", "0000A17C"), "not json", "message.malformed");
}
END_TEST

START_TEST(card_data_in_any_place_is_refused)
{
    assert_unwraps(HEADER("Payment", "0000A17C"),
                   PAYMENT(APPROVAL("3240") ",\"x\":[{\"SensitiveCardData\":{}}]"),
                   "terminal.not-trusted");
    assert_unwraps(HEADER("Payment", "0000A17C"), PAYMENT("\"TrackData\":[]"),
                   "terminal.not-trusted");
}
END_TEST

/* A damaged envelope is refused, whatever was damaged. */
START_TEST(a_damaged_envelope_is_refused)
{
    struct sugu_random_seeded seeded;
    struct sugu_nexo_key *key;
    struct sugu_error error;
    char *good, *bad;
    size_t size;

    sugu_assert_ok(sugu_nexo_key_new("mysupersecretpassphrase", "k", 1, &key, &error), error);
    good = envelope_of(key, HEADER("Payment", "0000A17C"), PAYMENT(APPROVAL("3240")));
    size = strlen(good);
    bad = malloc(size + 1);
    sugu_random_seeded_init(&seeded, 99);
    for (int i = 0; i < 3000; i++) {
        size_t at = sugu_random_below(&seeded.random, size);
        char *opened;

        memcpy(bad, good, size + 1);
        bad[at] = (char)(bad[at] ^ (1 << sugu_random_below(&seeded.random, 7)));
        /* A changed letter of a member that does not count leaves the message whole. */
        if (sugu_nexo_unwrap(key, &asked, bad, &json, &opened, &error) == SUGU_OK) {
            struct sugu_terminal_answer answer;
            ck_assert_str_eq(opened, PAYMENT(APPROVAL("3240")));
            sugu_assert_ok(sugu_nexo_read_deed(&json, &payid, &answer, &error), error);
            free(opened);
        }
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        char *opened;
        memcpy(bad, good, size);
        bad[cut] = '\0';
        ck_assert_int_eq(sugu_nexo_unwrap(key, &asked, bad, &json, &opened, &error), SUGU_REFUSED);
    }
    free(bad);
    free(good);
    sugu_nexo_key_free(key);
}
END_TEST

SUGU_TEST_MAIN("nexo-message",
               a_payment_request_is_the_smallest_useful_one,
               a_reversal_names_the_payment_and_the_amount,
               a_registration_asks_for_a_token_and_no_yen,
               the_other_requests_carry_what_the_schema_wants,
               an_approval_is_read_in_full,
               what_says_neither_yes_nor_no_is_unknown,
               a_busy_terminal_has_started_nothing_yet,
               every_condition_of_the_schema_is_known,
               a_reversal_is_read_by_its_own_amount,
               a_token_is_read_and_never_a_card_number,
               a_refusals_words_are_cleaned,
               times_of_the_terminal_are_read_with_their_zone,
               a_question_is_answered_for_this_payment_only,
               the_header_outside_has_to_be_the_one_inside,
               card_data_in_any_place_is_refused,
               a_damaged_envelope_is_refused)
