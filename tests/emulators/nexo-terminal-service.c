/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal-service - what the emulated terminal answers: logins, payments, questions, aborts
 */
#include "emulators/nexo-terminal-private.h"

#include "base/text.h"

#include <assert.h>

#define CARD_MASKED "541333 **** 9999"

/* One opened request. */
struct request {
    struct sugu_json json;
    char *plain;
    char category[32], service_id[16], sale_id[65], poi_id[65], version[16];
    int body; /* node of "PaymentRequest" … */
};

/* ---- opening */

static bool
read_trailer(const struct sugu_json *json, int trailer, struct sugu_nexo_sealed *sealed)
{
    uint8_t bytes[96];
    char text[128];
    size_t size;

    if (!sugu_json_text(json, sugu_json_at(json, trailer, "Nonce"), text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &size) || size != sizeof sealed->nonce)
        return false;
    memcpy(sealed->nonce, bytes, size);
    if (!sugu_json_text(json, sugu_json_at(json, trailer, "Hmac"), text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &size) || size != sizeof sealed->hmac)
        return false;
    memcpy(sealed->hmac, bytes, size);
    return true;
}

static bool
unseal(struct sugu_emulated_terminal *terminal,
       const char *body,
       size_t size,
       struct request *request)
{
    struct sugu_nexo_sealed sealed = {.blob = malloc(size + 1)};
    char *text = malloc(size + 1);
    size_t plain_size = 0;
    int message;
    bool is_good = text && sealed.blob && !sugu_json_parse(&request->json, body, size, NULL);

    message = is_good ? sugu_json_at(&request->json, 0, "SaleToPOIRequest") : -1;
    is_good = is_good &&
              sugu_json_text(&request->json, sugu_json_at(&request->json, message, "NexoBlob"),
                             text, size + 1) &&
              sugu_base64_decode(text, sealed.blob, size, &sealed.blob_size) &&
              read_trailer(&request->json, sugu_json_at(&request->json, message, "SecurityTrailer"),
                           &sealed) &&
              !sugu_nexo_unseal(terminal->key, &sealed, &request->plain, &plain_size, NULL) &&
              !sugu_json_parse(&request->json, request->plain, plain_size, NULL);
    free(sealed.blob);
    free(text);
    return is_good;
}

static bool
open_request(struct sugu_emulated_terminal *terminal,
             const char *body,
             size_t size,
             struct request *request)
{
    const struct sugu_json *json = &request->json;
    char name[48];
    int header;

    if (!unseal(terminal, body, size, request))
        return false;
    header = sugu_json_at(json, 0, "SaleToPOIRequest.MessageHeader");
    sugu_json_text(json, sugu_json_at(json, header, "ProtocolVersion"), request->version,
                   sizeof request->version);
    if (!sugu_json_text(json, sugu_json_at(json, header, "MessageCategory"), request->category,
                        sizeof request->category) ||
        !sugu_json_text(json, sugu_json_at(json, header, "ServiceID"), request->service_id, 11) ||
        !sugu_json_text(json, sugu_json_at(json, header, "SaleID"), request->sale_id,
                        sizeof request->sale_id) ||
        !sugu_json_text(json, sugu_json_at(json, header, "POIID"), request->poi_id,
                        sizeof request->poi_id))
        return false;
    snprintf(name, sizeof name, "%sRequest", request->category);
    request->body = sugu_json_at(json, sugu_json_at(json, 0, "SaleToPOIRequest"), name);
    return request->body >= 0 && strcmp(request->poi_id, terminal->poi_id) == 0;
}

/* ---- answering */

static void
put_header(struct sugu_json_writer *writer,
           const struct request *request,
           const char *category,
           const char *service_id,
           const char *poi_id)
{
    sugu_json_open(writer, "MessageHeader", '{');
    if (*request->version)
        sugu_json_put_text(writer, "ProtocolVersion", request->version);
    sugu_json_put_text(writer, "SaleID", request->sale_id);
    sugu_json_put_text(writer, "MessageClass", "Service");
    sugu_json_put_text(writer, "MessageCategory", category);
    sugu_json_put_text(writer, "ServiceID", service_id);
    sugu_json_put_text(writer, "POIID", poi_id);
    sugu_json_put_text(writer, "MessageType", "Response");
    sugu_json_close(writer, '}');
}

/* `condition` "" = Success, or Partial. */
static void
put_response(struct sugu_json_writer *writer, const char *condition, bool is_partial)
{
    sugu_json_open(writer, "Response", '{');
    if (*condition) {
        sugu_json_put_text(writer, "ErrorCondition", condition);
        sugu_json_put_text(writer, "AdditionalResponse", "message=emulated");
    }
    sugu_json_put_text(writer, "Result",
                       *condition   ? "Failure"
                       : is_partial ? "Partial"
                                    : "Success");
    sugu_json_close(writer, '}');
}

static void
put_amount(struct sugu_json_writer *writer,
           const struct emulated_payment *payment,
           enum emulated_fault fault)
{
    sugu_json_open(writer, "AmountsResp", '{');
    sugu_json_put_text(writer, "Currency", "JPY");
    if (fault != FAULT_NO_AMOUNT)
        sugu_json_put_whole(writer, "AuthorizedAmount", payment->approved_yen);
    if (fault == FAULT_DOUBLE_AMOUNT) {
        assert(writer->length + 4 < writer->size);
        memcpy(writer->to + writer->length, ".00", 4);
        writer->length += 3;
    }
    sugu_json_close(writer, '}');
}

static void
put_result(struct sugu_json_writer *writer,
           const struct sugu_emulated_terminal *terminal,
           const struct emulated_payment *payment,
           enum emulated_fault fault)
{
    bool has_pan = *terminal->pan;

    sugu_json_open(writer, "PaymentResult", '{');
    sugu_json_put_bool(writer, "OnlineFlag", true);
    put_amount(writer, payment, fault);
    sugu_json_open(writer, "PaymentInstrumentData", '{');
    sugu_json_open(writer, "CardData", '{');
    sugu_json_put_text(writer, "MaskedPan", has_pan ? terminal->pan : CARD_MASKED);
    sugu_json_put_text(writer, "PaymentBrand", has_pan ? terminal->pan : "mc");
    if (fault == FAULT_CARD_DATA) {
        sugu_json_open(writer, "SensitiveCardData", '{');
        sugu_json_put_text(writer, "PAN", "5413330089099999");
        sugu_json_close(writer, '}');
    }
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "PaymentInstrumentType", "Card");
    sugu_json_close(writer, '}');
    sugu_json_open(writer, "PaymentAcquirerData", '{');
    sugu_json_put_text(writer, "MerchantID", "EMULATED");
    sugu_json_put_text(writer, "ApprovalCode", has_pan ? terminal->pan : "123456");
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
}

/* The members of a PaymentResponse. */
static void
put_payment(struct sugu_json_writer *writer,
            const struct sugu_emulated_terminal *terminal,
            const struct emulated_payment *payment,
            enum emulated_fault fault)
{
    char id[100];

    snprintf(id, sizeof id, "EMU%06u.%s%s", payment->number, payment->service_id, terminal->pan);
    put_response(writer, payment->condition, payment->approved_yen < payment->asked_yen);
    sugu_json_open(writer, "POIData", '{');
    sugu_json_open(writer, "POITransactionID", '{');
    sugu_json_put_text(writer, "TransactionID", id);
    sugu_json_put_text(writer, "TimeStamp", "2024-04-01T09:00:00.000Z");
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    if (payment->approved_yen > 0)
        put_result(writer, terminal, payment, fault);
}

/* A message that is being written: begun, its members put, then ended into an envelope. */
struct reply {
    char text[EMULATED_MESSAGE_MAX];
    struct sugu_json_writer writer;
    const char *service_id, *poi_id; /* as they stand in the header */
};

static struct reply *
begin_reply(const struct request *request, enum emulated_fault fault)
{
    struct reply *reply = calloc(1, sizeof *reply);
    char name[48];

    assert(reply);
    snprintf(name, sizeof name, "%sResponse", request->category);
    reply->writer = (struct sugu_json_writer){.to = reply->text, .size = sizeof reply->text};
    reply->service_id = fault == FAULT_WRONG_SERVICE_ID ? "WRONG" : request->service_id;
    reply->poi_id = fault == FAULT_WRONG_POI_ID ? "EMU400-999999999" : request->poi_id;
    sugu_json_open(&reply->writer, NULL, '{');
    sugu_json_open(&reply->writer, "SaleToPOIResponse", '{');
    put_header(&reply->writer, request, request->category, reply->service_id, reply->poi_id);
    sugu_json_open(&reply->writer, name, '{');
    return reply;
}

static void
put_envelope(struct sugu_json_writer *writer,
             const struct sugu_nexo_key *key,
             const struct sugu_nexo_sealed *sealed)
{
    char *blob = malloc(sealed->blob_size * 2 + 8);
    char nonce[64], hmac[64];

    assert(blob);
    sugu_base64_encode(blob, sealed->blob, sealed->blob_size);
    sugu_base64_encode(nonce, sealed->nonce, sizeof sealed->nonce);
    sugu_base64_encode(hmac, sealed->hmac, sizeof sealed->hmac);
    sugu_json_put_text(writer, "NexoBlob", blob);
    sugu_json_open(writer, "SecurityTrailer", '{');
    sugu_json_put_text(writer, "KeyIdentifier", key->identifier);
    sugu_json_put_whole(writer, "KeyVersion", key->version);
    sugu_json_put_whole(writer, "AdyenCryptoVersion", 1);
    sugu_json_put_text(writer, "Nonce", nonce);
    sugu_json_put_text(writer, "Hmac", hmac);
    sugu_json_close(writer, '}');
    free(blob);
}

/* Ends the message and puts it into its envelope; frees the reply. */
static char *
end_reply(const struct sugu_emulated_terminal *terminal,
          const struct request *request,
          struct reply *reply,
          enum emulated_fault fault)
{
    struct sugu_json_writer envelope = {.size = 2 * EMULATED_MESSAGE_MAX};
    struct sugu_nexo_sealed sealed;

    for (int i = 0; i < 3; i++)
        sugu_json_close(&reply->writer, '}');
    assert(!reply->writer.is_full);
    if (sugu_nexo_seal(terminal->key, sugu_random_system(), reply->text, reply->writer.length,
                       &sealed, NULL))
        abort();
    if (fault == FAULT_BAD_HMAC)
        sealed.hmac[7] ^= 0x10;
    envelope.to = malloc(envelope.size);
    assert(envelope.to);
    sugu_json_open(&envelope, NULL, '{');
    sugu_json_open(&envelope, "SaleToPOIResponse", '{');
    put_header(&envelope, request, request->category,
               fault == FAULT_SWAPPED_HEADER ? "SWAPPED" : reply->service_id, reply->poi_id);
    put_envelope(&envelope, terminal->key, &sealed);
    sugu_json_close(&envelope, '}');
    sugu_json_close(&envelope, '}');
    free(sealed.blob);
    free(reply);
    return envelope.to;
}

static char *
reply_condition(const struct sugu_emulated_terminal *terminal,
                const struct request *request,
                const char *condition)
{
    struct reply *reply = begin_reply(request, FAULT_NONE);

    put_response(&reply->writer, condition, false);
    return end_reply(terminal, request, reply, FAULT_NONE);
}

/* ---- payments; the mutex is held */

static struct emulated_payment *
find_payment(struct sugu_emulated_terminal *terminal, const char *service_id)
{
    for (unsigned i = 0; i < terminal->journal_count; i++)
        if (strcmp(terminal->journal[i].service_id, service_id) == 0)
            return &terminal->journal[i];
    return NULL;
}

/* A payment that runs now: the patient has not finished. */
static bool
is_running(const struct sugu_emulated_terminal *terminal)
{
    for (unsigned i = 0; i < terminal->journal_count; i++)
        if (!terminal->journal[i].is_done && terminal->journal[i].not_found_left == 0)
            return true;
    return false;
}

static bool
was_charged(const struct sugu_emulated_terminal *terminal, const struct emulated_payment *payment)
{
    for (unsigned i = 0; i < terminal->journal_count; i++)
        if (&terminal->journal[i] != payment && terminal->journal[i].approved_yen > 0 &&
            strcmp(terminal->journal[i].transaction_id, payment->transaction_id) == 0)
            return true;
    return false;
}

static void
carry_out(struct sugu_emulated_terminal *terminal, struct emulated_payment *payment)
{
    payment->is_done = true;
    if (payment->is_aborted)
        sugu_text_copy(payment->condition, sizeof payment->condition, "Aborted");
    if (*payment->condition) {
        payment->approved_yen = 0;
    } else {
        terminal->counts.twins += was_charged(terminal, payment);
        terminal->counts.charges++;
        terminal->counts.charged_yen += payment->approved_yen;
    }
    pthread_cond_broadcast(&terminal->changed);
}

static void
wait_for_release(struct sugu_emulated_terminal *terminal)
{
    while (!terminal->is_released && !terminal->is_ending)
        pthread_cond_wait(&terminal->changed, &terminal->mutex);
}

/* Until the time is over or the payment (NULL = none) is aborted. */
static void
wait_ms(struct sugu_emulated_terminal *terminal, int64_t ms, const struct emulated_payment *payment)
{
    struct timespec deadline = emulated_deadline(ms);

    while (!terminal->is_ending && !(payment && payment->is_aborted) &&
           emulated_terminal_wait_until(terminal, &deadline))
        continue;
}

/* A row in the journal for a new request; NULL where the service id is used or the terminal busy.
 */
static struct emulated_payment *
add_payment(struct sugu_emulated_terminal *terminal,
            const struct request *request,
            enum emulated_fault fault,
            int64_t number)
{
    const struct sugu_json *json = &request->json;
    struct emulated_payment *payment = &terminal->journal[terminal->journal_count];

    if (find_payment(terminal, request->service_id) || is_running(terminal) ||
        terminal->journal_count == EMULATED_JOURNAL_MAX)
        return NULL;
    memset(payment, 0, sizeof *payment);
    if (!sugu_json_whole(
            json,
            sugu_json_at(json, request->body, "PaymentTransaction.AmountsReq.RequestedAmount"), 1,
            99999999, &payment->asked_yen) ||
        !sugu_json_text(
            json, sugu_json_at(json, request->body, "SaleData.SaleTransactionID.TransactionID"),
            payment->transaction_id, sizeof payment->transaction_id))
        return NULL;
    sugu_text_copy(payment->service_id, sizeof payment->service_id, request->service_id);
    sugu_text_copy(payment->sale_id, sizeof payment->sale_id, request->sale_id);
    payment->number = ++terminal->journal_count;
    payment->approved_yen =
        fault == FAULT_PARTIAL || fault == FAULT_OVER ? number : payment->asked_yen;
    if (fault == FAULT_IN_FLIGHT)
        payment->not_found_left = number;
    if (fault == FAULT_IN_PROGRESS)
        payment->in_progress_left = number;
    return payment;
}

/* Everything from the card to the outcome. False: the line is closed without an answer. */
static bool
run_payment(struct sugu_emulated_terminal *terminal,
            struct emulated_payment *payment,
            enum emulated_fault fault,
            int64_t number)
{
    if (fault == FAULT_IN_FLIGHT)
        return false;
    if (fault == FAULT_HOLD_BEFORE)
        wait_for_release(terminal);
    if (fault == FAULT_PATIENT)
        wait_ms(terminal, number, payment);
    if (fault == FAULT_REBOOT_LOSE) {
        terminal->journal_count = 0;
        return false;
    }
    carry_out(terminal, payment);
    if (fault == FAULT_HOLD_AFTER)
        wait_for_release(terminal);
    if (fault == FAULT_DELAY)
        wait_ms(terminal, number, NULL);
    return fault != FAULT_DROP_RESPONSE && fault != FAULT_IN_PROGRESS &&
           fault != FAULT_REBOOT_KEEP && !terminal->is_ending;
}

static void
serve_payment(struct sugu_emulated_terminal *terminal,
              const struct request *request,
              struct emulated_answer *answer)
{
    enum emulated_fault fault = terminal->fault;
    int64_t number = terminal->fault_number;
    struct emulated_payment *payment;
    struct reply *reply;

    terminal->fault = FAULT_NONE;
    terminal->counts.payments++;
    pthread_cond_broadcast(&terminal->changed);
    if (fault == FAULT_DROP_REQUEST)
        return;
    if (terminal->is_logged_out) {
        answer->envelope = reply_condition(terminal, request, "LoggedOut");
        return;
    }
    payment = fault == FAULT_BUSY ? NULL : add_payment(terminal, request, fault, number);
    if (!payment) {
        answer->envelope = reply_condition(terminal, request, "Busy");
        return;
    }
    if (fault == FAULT_DECLINE)
        sugu_text_copy(payment->condition, sizeof payment->condition, terminal->fault_text);
    if (!run_payment(terminal, payment, fault, number))
        return;
    answer->is_http_500 = fault == FAULT_HTTP_500;
    answer->closes_at_once = fault == FAULT_CLOSE_AFTER_ANSWER;
    answer->is_doubled = fault == FAULT_DUPLICATE_ANSWER;
    reply = begin_reply(request, fault);
    put_payment(&reply->writer, terminal, payment, fault);
    answer->envelope = end_reply(terminal, request, reply, fault);
    if (fault == FAULT_GARBAGE)
        answer->envelope[strlen(answer->envelope) / 2] = '\0';
}

/* ---- questions about payments */

static void
reply_repeated(struct sugu_emulated_terminal *terminal,
               const struct request *request,
               const struct emulated_payment *payment,
               struct emulated_answer *answer)
{
    struct reply *reply = begin_reply(request, FAULT_NONE);
    struct request original = *request;

    original.version[0] = '\0';
    put_response(&reply->writer, "", false);
    sugu_json_open(&reply->writer, "RepeatedMessageResponse", '{');
    put_header(&reply->writer, &original, "Payment", payment->service_id, request->poi_id);
    sugu_json_open(&reply->writer, "RepeatedResponseMessageBody", '{');
    sugu_json_open(&reply->writer, "PaymentResponse", '{');
    put_payment(&reply->writer, terminal, payment, FAULT_NONE);
    for (int i = 0; i < 3; i++)
        sugu_json_close(&reply->writer, '}');
    answer->envelope = end_reply(terminal, request, reply, FAULT_NONE);
}

static struct emulated_payment *
find_referenced(struct sugu_emulated_terminal *terminal, const struct request *request)
{
    char service_id[16];

    if (!sugu_json_text(&request->json,
                        sugu_json_at(&request->json, request->body, "MessageReference.ServiceID"),
                        service_id, sizeof service_id))
        return NULL;
    return find_payment(terminal, service_id);
}

static void
serve_question(struct sugu_emulated_terminal *terminal,
               const struct request *request,
               struct emulated_answer *answer)
{
    struct emulated_payment *payment = find_referenced(terminal, request);

    terminal->counts.questions++;
    pthread_cond_broadcast(&terminal->changed);
    if (terminal->is_logged_out) {
        answer->envelope = reply_condition(terminal, request, "LoggedOut");
    } else if (!payment) {
        answer->envelope = reply_condition(terminal, request, "NotFound");
    } else if (payment->not_found_left > 0) {
        answer->envelope = reply_condition(terminal, request, "NotFound");
        if (--payment->not_found_left == 0)
            carry_out(terminal, payment); /* here it arrives at last */
    } else if (!payment->is_done || payment->in_progress_left > 0) {
        payment->in_progress_left -= payment->in_progress_left > 0;
        answer->envelope = reply_condition(terminal, request, "InProgress");
    } else {
        reply_repeated(terminal, request, payment, answer);
    }
}

static void
serve_abort(struct sugu_emulated_terminal *terminal,
            const struct request *request,
            struct emulated_answer *answer)
{
    struct emulated_payment *payment = find_referenced(terminal, request);

    terminal->counts.aborts++;
    if (payment && !payment->is_done && payment->not_found_left == 0)
        payment->is_aborted = true;
    pthread_cond_broadcast(&terminal->changed);
    answer->envelope = strdup(""); /* 200 without a body */
}

/* ---- sessions */

static void
serve_login(struct sugu_emulated_terminal *terminal,
            const struct request *request,
            struct emulated_answer *answer)
{
    terminal->counts.logins++;
    terminal->is_logged_out = false;
    answer->envelope = reply_condition(terminal, request, "");
}

static void
serve_diagnosis(struct sugu_emulated_terminal *terminal,
                const struct request *request,
                struct emulated_answer *answer)
{
    struct reply *reply = begin_reply(request, FAULT_NONE);

    terminal->counts.diagnoses++;
    pthread_cond_broadcast(&terminal->changed);
    put_response(&reply->writer, "", false);
    sugu_json_open(&reply->writer, "POIStatus", '{');
    sugu_json_put_text(&reply->writer, "GlobalStatus",
                       is_running(terminal) ? "Busy" : terminal->diagnosis);
    sugu_json_put_bool(&reply->writer, "CommunicationOKFlag", true);
    sugu_json_close(&reply->writer, '}');
    answer->envelope = end_reply(terminal, request, reply, FAULT_NONE);
}

void
emulated_terminal_serve(struct sugu_emulated_terminal *terminal,
                        const char *body,
                        size_t size,
                        struct emulated_answer *ret_answer)
{
    static const struct {
        const char *category;
        void (*serve)(struct sugu_emulated_terminal *terminal,
                      const struct request *request,
                      struct emulated_answer *answer);
    } rows[] = {
        {"Login", serve_login},     {"Diagnosis", serve_diagnosis},
        {"Payment", serve_payment}, {"TransactionStatus", serve_question},
        {"Abort", serve_abort},
    };
    struct request *request = calloc(1, sizeof *request);

    assert(request);
    if (open_request(terminal, body, size, request)) {
        pthread_mutex_lock(&terminal->mutex);
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
            if (strcmp(rows[i].category, request->category) == 0)
                rows[i].serve(terminal, request, ret_answer);
        pthread_mutex_unlock(&terminal->mutex);
    }
    free(request->plain);
    free(request);
}
