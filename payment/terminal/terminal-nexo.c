/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-nexo - the terminal port over nexo Retailer (JSON, encrypted envelope, HTTPS)
 */
#include "payment/terminal/terminal-nexo.h"

#include "payment/terminal/nexo-link.h"
#include "payment/terminal/nexo-message.h"
#include "payment/terminal/nexo-totals.h"

#include "base/text.h"

#include <assert.h>

#define ADDRESS_SIZE  256
#define ENVELOPE_SIZE (2 * SUGU_NEXO_MESSAGE_SIZE_MAX)

struct terminal_nexo {
    struct sugu_terminal terminal;
    struct sugu_terminal_nexo_settings settings; /* texts point into the arrays below */
    char sale_id[65], poi_id[65], address[ADDRESS_SIZE];
    struct sugu_nexo_key *key;
    struct sugu_nexo_link *link;
    struct sugu_service_ids *ids;
    const struct sugu_clock *clock;
    struct sugu_random *random;
};

/* One request and its answer: large, so on the heap, and cleared at the end. */
struct exchange {
    struct sugu_nexo_header header;
    char service_id[11];
    char message[SUGU_NEXO_MESSAGE_SIZE_MAX];
    char envelope[ENVELOPE_SIZE];
    struct sugu_json_writer writer; /* into message */
    struct sugu_json json;          /* of the answer */
    char *plain;
    bool was_sent;
};

static struct terminal_nexo *
of(struct sugu_terminal *terminal)
{
    return (struct terminal_nexo *)terminal;
}

static struct exchange *
exchange_new(const struct terminal_nexo *self, enum sugu_nexo_category category)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    if (!exchange)
        return NULL;
    exchange->header = (struct sugu_nexo_header){.category = category,
                                                 .service_id = exchange->service_id,
                                                 .sale_id = self->sale_id,
                                                 .poi_id = self->poi_id};
    exchange->writer =
        (struct sugu_json_writer){.to = exchange->message, .size = sizeof exchange->message};
    return exchange;
}

static void
exchange_free(struct exchange *exchange)
{
    if (!exchange)
        return;
    if (exchange->plain) {
        explicit_bzero(exchange->plain, strlen(exchange->plain));
        free(exchange->plain);
    }
    explicit_bzero(exchange, sizeof *exchange);
    free(exchange);
}

/* A new exchange with the next service id; NULL with *reterr (RETRY or BROKEN: nothing was sent).
 */
static struct exchange *
exchange_begin(struct terminal_nexo *self,
               enum sugu_nexo_category category,
               enum sugu_status *ret_status,
               struct sugu_error *reterr)
{
    struct exchange *exchange = exchange_new(self, category);

    if (!exchange) {
        *ret_status = sugu_fail(reterr, SUGU_RETRY, "terminal.away", "no memory for an exchange");
        return NULL;
    }
    *ret_status = self->ids->next(self->ids, exchange->service_id, reterr);
    if (*ret_status) {
        exchange_free(exchange);
        return NULL;
    }
    return exchange;
}

/*
 * Sends the written message and opens the answer. RETRY and BROKEN: nothing was sent. UNKNOWN:
 * it may have arrived. REFUSED: something came back that is not this terminal's answer to it.
 */
static enum sugu_status
exchange_run(struct terminal_nexo *self,
             struct exchange *exchange,
             uint32_t wait_ms,
             struct sugu_error *reterr)
{
    struct sugu_json_writer envelope = {.to = exchange->envelope,
                                        .size = sizeof exchange->envelope};
    struct sugu_nexo_reply reply = {0};
    enum sugu_status status;

    assert(!exchange->writer.is_full);
    status = sugu_nexo_wrap(self->key, self->random, &exchange->header, &exchange->writer,
                            &envelope, reterr);
    if (status)
        return status;
    status = self->link->ops->post(self->link, self->address, exchange->envelope, wait_ms, &reply,
                                   reterr);
    exchange->was_sent = reply.was_sent;
    if (!status)
        status = sugu_nexo_unwrap(self->key, &exchange->header, reply.bytes ? reply.bytes : "",
                                  &exchange->json, &exchange->plain, reterr);
    free(reply.bytes);
    return status;
}

/* Failures of questions that move no money: may be asked again; what is wrong stays to be seen. */
static enum sugu_status
question_failed(enum sugu_status status, struct sugu_error *reterr)
{
    if (status == SUGU_BROKEN || !reterr)
        return status;
    if (strcmp(reterr->code, "terminal.not-trusted") == 0)
        return reterr->status = SUGU_BROKEN;
    if (status == SUGU_REFUSED || status == SUGU_UNKNOWN)
        reterr->code = "terminal.away";
    return reterr->status = SUGU_RETRY;
}

static enum sugu_status
log_in(struct terminal_nexo *self, struct sugu_error *reterr)
{
    const struct sugu_nexo_condition *condition;
    enum sugu_status status;
    struct exchange *exchange = exchange_begin(self, SUGU_NEXO_LOGIN, &status, reterr);
    char result[16];

    if (!exchange)
        return status;
    sugu_nexo_write_login(&exchange->writer, &exchange->header, self->clock->utc_us(self->clock));
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, reterr);
    if (!status)
        status = sugu_nexo_read_response(
            &exchange->json, sugu_json_at(&exchange->json, 0, "SaleToPOIResponse.LoginResponse"),
            result, &condition, reterr);
    if (status)
        status = question_failed(status, reterr);
    else if (strcmp(result, "Success") != 0)
        status = sugu_fail(reterr, SUGU_RETRY,
                           condition->verdict == SUGU_NEXO_WAIT ? "terminal.busy" : "terminal.away",
                           "login was refused (%s)", condition->name);
    exchange_free(exchange);
    return status;
}

/* What an earlier patient did may still stand on the screen. */
static enum sugu_status
show_standby(struct terminal_nexo *self, struct sugu_error *reterr)
{
    enum sugu_status status;
    struct exchange *exchange = exchange_begin(self, SUGU_NEXO_DISPLAY, &status, reterr);

    if (!exchange)
        return status;
    sugu_nexo_write_standby(&exchange->writer, &exchange->header);
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, reterr);
    if (!status)
        status = sugu_nexo_read_standby(&exchange->json, reterr);
    if (status)
        status = question_failed(status, reterr);
    exchange_free(exchange);
    return status;
}

static enum sugu_status
diagnose(struct terminal_nexo *self, struct sugu_error *reterr)
{
    enum sugu_status status;
    struct exchange *exchange = exchange_begin(self, SUGU_NEXO_DIAGNOSIS, &status, reterr);

    if (!exchange)
        return status;
    sugu_nexo_write_diagnosis(&exchange->writer, &exchange->header);
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, reterr);
    if (status)
        status = question_failed(status, reterr);
    else
        status = sugu_nexo_read_diagnosis(&exchange->json, reterr);
    if (status == SUGU_REFUSED)
        status = question_failed(status, reterr);
    exchange_free(exchange);
    return status;
}

static enum sugu_status
nexo_open(struct sugu_terminal *terminal, const char *where, struct sugu_error *reterr)
{
    struct terminal_nexo *self = of(terminal);
    enum sugu_status status;

    if (strncmp(where, "https://", 8) != 0 ||
        !sugu_text_copy(self->address, sizeof self->address, where))
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid",
                         "terminal has to be https://HOST:PORT/nexo");
    status = log_in(self, reterr);
    if (!status)
        status = show_standby(self, reterr);
    return status ? status : diagnose(self, reterr);
}

/* What a deed's failure means: only where nothing was sent is it anything but UNKNOWN. */
static enum sugu_status
deed_failed(const struct exchange *exchange, enum sugu_status status, struct sugu_error *reterr)
{
    char why[160];

    if (!exchange->was_sent || status == SUGU_UNKNOWN || !reterr)
        return exchange->was_sent ? SUGU_UNKNOWN : status;
    snprintf(why, sizeof why, "%s: %.120s", reterr->code, reterr->detail);
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "%s", why);
}

static enum sugu_status
nexo_carry_out(struct sugu_terminal *terminal,
               const struct sugu_terminal_request *request,
               struct sugu_terminal_answer *ret_answer,
               struct sugu_error *reterr)
{
    struct terminal_nexo *self = of(terminal);
    struct exchange *exchange = exchange_new(self, sugu_nexo_category_of(request->deed));
    enum sugu_status status;

    if (!exchange)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "no memory for an exchange");
    sugu_text_copy(exchange->service_id, sizeof exchange->service_id, request->service_id);
    if (!sugu_nexo_write_deed(&exchange->writer, &exchange->header, request)) {
        exchange_free(exchange);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "a message is too large");
    }
    status = exchange_run(self, exchange, self->settings.answer_wait_ms, reterr);
    if (status)
        status = deed_failed(exchange, status, reterr);
    else
        status = sugu_nexo_read_deed(&exchange->json, request, ret_answer, reterr);
    exchange_free(exchange);
    return status;
}

static enum sugu_status
ask_status(struct terminal_nexo *self,
           const struct sugu_terminal_request *request,
           struct sugu_terminal_answer *ret_answer,
           struct sugu_error *reterr)
{
    enum sugu_status status;
    struct exchange *exchange = exchange_begin(self, SUGU_NEXO_TRANSACTION_STATUS, &status, reterr);

    if (!exchange)
        return status;
    sugu_nexo_write_status(&exchange->writer, &exchange->header, request);
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, reterr);
    if (status)
        status = question_failed(status, reterr);
    else
        status =
            sugu_nexo_read_status(&exchange->json, &exchange->header, request, ret_answer, reterr);
    exchange_free(exchange);
    return status;
}

static enum sugu_status
nexo_status(struct sugu_terminal *terminal,
            const struct sugu_terminal_request *request,
            struct sugu_terminal_answer *ret_answer,
            struct sugu_error *reterr)
{
    struct terminal_nexo *self = of(terminal);
    struct sugu_error error;
    enum sugu_status status = ask_status(self, request, ret_answer, &error);

    if (status == SUGU_RETRY && strcmp(error.code, "terminal.logged-out") == 0 &&
        log_in(self, &error) == SUGU_OK)
        status = ask_status(self, request, ret_answer, &error);
    if (status && reterr)
        *reterr = error;
    return status;
}

static void
nexo_abort(struct sugu_terminal *terminal, const struct sugu_terminal_request *request)
{
    struct terminal_nexo *self = of(terminal);
    struct sugu_error ignored;
    enum sugu_status status;
    struct exchange *exchange = exchange_begin(self, SUGU_NEXO_ABORT, &status, &ignored);

    if (!exchange)
        return;
    sugu_nexo_write_abort(&exchange->writer, &exchange->header, request);
    /* It is a request: whatever comes back, the outcome is that of the payment. */
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, &ignored);
    (void)status;
    exchange_free(exchange);
}

/* Connections live for one exchange each: nothing is kept that would have to be closed. */
static void
nexo_close(struct sugu_terminal *terminal)
{
    (void)terminal;
}

/* ---- the day's end */

static enum sugu_status
ask_totals(struct terminal_nexo *self,
           enum sugu_nexo_totals_kind kind,
           struct sugu_nexo_totals *ret_totals,
           struct sugu_error *reterr)
{
    enum sugu_status status;
    struct exchange *exchange =
        exchange_begin(self, sugu_nexo_totals_category(kind), &status, reterr);

    if (!exchange)
        return status;
    sugu_nexo_write_totals(&exchange->writer, &exchange->header, kind);
    status = exchange_run(self, exchange, self->settings.exchange_wait_ms, reterr);
    if (!status)
        status = sugu_nexo_read_totals(&exchange->json, kind, ret_totals, reterr);
    else if (kind == SUGU_NEXO_TOTALS_CLOSE)
        status = deed_failed(exchange, status, reterr);
    else
        status = question_failed(status, reterr);
    exchange_free(exchange);
    return status;
}

enum sugu_status
sugu_terminal_nexo_totals(struct sugu_terminal *terminal,
                          const char *where,
                          enum sugu_nexo_totals_kind kind,
                          struct sugu_nexo_totals *ret_totals,
                          struct sugu_error *reterr)
{
    struct terminal_nexo *self = of(terminal);
    struct sugu_error error;
    enum sugu_status status;

    if (!sugu_text_copy(self->address, sizeof self->address, where))
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "the address is too long");
    status = ask_totals(self, kind, ret_totals, &error);
    if (status == SUGU_RETRY && strcmp(error.code, "terminal.logged-out") == 0 &&
        log_in(self, &error) == SUGU_OK)
        status = ask_totals(self, kind, ret_totals, &error);
    if (status && reterr)
        *reterr = error;
    return status;
}

static const struct sugu_terminal_ops nexo_ops = {
    .name = "nexo",
    .open = nexo_open,
    .carry_out = nexo_carry_out,
    .status = nexo_status,
    .abort = nexo_abort,
    .close = nexo_close,
};

enum sugu_status
sugu_terminal_nexo_new(const struct sugu_terminal_nexo_settings *settings,
                       struct sugu_nexo_key **key,
                       struct sugu_nexo_link **link,
                       struct sugu_terminal **ret_terminal,
                       struct sugu_error *reterr)
{
    struct terminal_nexo *self = calloc(1, sizeof *self);

    if (!self)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a terminal");
    self->terminal.ops = &nexo_ops;
    self->settings = *settings;
    self->ids = settings->ids;
    self->clock = settings->clock;
    self->random = settings->random;
    sugu_text_copy(self->sale_id, sizeof self->sale_id, settings->sale_id);
    sugu_text_copy(self->poi_id, sizeof self->poi_id, settings->poi_id);
    self->key = *key;
    self->link = *link;
    *key = NULL;
    *link = NULL;
    *ret_terminal = &self->terminal;
    return SUGU_OK;
}

void
sugu_terminal_nexo_stop(struct sugu_terminal *terminal)
{
    struct terminal_nexo *self = of(terminal);

    self->link->ops->stop(self->link);
}

struct sugu_terminal *
sugu_terminal_nexo_free(struct sugu_terminal *terminal)
{
    struct terminal_nexo *self = of(terminal);

    if (self) {
        sugu_nexo_link_free(self->link);
        sugu_nexo_key_free(self->key);
        free(self);
    }
    return NULL;
}
