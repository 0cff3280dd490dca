/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine - what the emulated terminal does with each message
 */
#include "emulators/nexo-machine-private.h"

#include "base/clock.h"
#include "base/text.h"
#include "payment/terminal/nexo-message.h"

#include <assert.h>

struct sugu_emulated_machine *
sugu_emulated_machine_new(struct sugu_nexo_key *key, struct sugu_random *random)
{
    struct sugu_emulated_machine *machine = calloc(1, sizeof *machine);

    assert(machine);
    machine->key = key;
    machine->random = random;
    machine->is_released = true;
    machine->period.number = 1001;
    sugu_text_copy(machine->diagnosis, sizeof machine->diagnosis, "OK");
    return machine;
}

struct sugu_emulated_machine *
sugu_emulated_machine_free(struct sugu_emulated_machine *machine)
{
    if (machine) {
        sugu_nexo_key_free(machine->key);
        free(machine);
    }
    return NULL;
}

struct sugu_emulated_counts *
sugu_emulated_machine_counts(struct sugu_emulated_machine *machine)
{
    return &machine->counts;
}

enum sugu_emulated_gate
sugu_emulated_machine_connect(struct sugu_emulated_machine *machine)
{
    bool cuts = machine->cuts_next, stalls = machine->stalls_next;

    machine->counts.connections++;
    machine->cuts_next = machine->stalls_next = false;
    if (stalls)
        return SUGU_EMULATED_STALLS;
    return machine->is_away || cuts ? SUGU_EMULATED_CLOSES : SUGU_EMULATED_PASSES;
}

bool
sugu_emulated_machine_is_released(const struct sugu_emulated_machine *machine)
{
    return machine->is_released;
}

/* ---- payments, registrations, reversals */

/* A Failure with which nothing begins, so that the journal does not know of it. */
static bool
is_refusal_at_the_door(const struct sugu_emulated_exchange *exchange, const char *condition)
{
    switch (sugu_nexo_condition_find(condition)->verdict) {
    case SUGU_NEXO_WAIT:
    case SUGU_NEXO_LOG_IN:
        return true;
    case SUGU_NEXO_MISSING:
        return strcmp(exchange->request.category, "Payment") == 0;
    case SUGU_NEXO_FINAL:
    case SUGU_NEXO_TENDER_OFF:
    case SUGU_NEXO_OUR_MISTAKE:
    case SUGU_NEXO_DOUBTFUL:
        break;
    }
    return false;
}

/* What is answered at once, without a row in the journal; NULL where the deed begins. */
static const char *
find_obstacle(struct sugu_emulated_machine *machine, const struct sugu_emulated_exchange *exchange)
{
    if (machine->is_logged_out)
        return "LoggedOut";
    if (exchange->fault == FAULT_BUSY || emulated_is_running(machine))
        return "Busy";
    if (exchange->fault == FAULT_DECLINE && is_refusal_at_the_door(exchange, machine->fault_text))
        return machine->fault_text;
    return NULL;
}

static void
set_fault(struct sugu_emulated_machine *machine,
          struct sugu_emulated_exchange *exchange,
          struct emulated_row *row,
          int64_t now_us)
{
    int64_t number = machine->fault_number;

    row->carry_us = exchange->answer_us = now_us;
    if (exchange->fault == FAULT_DECLINE)
        sugu_text_copy(row->condition, sizeof row->condition, machine->fault_text);
    else if (exchange->fault == FAULT_PARTIAL || exchange->fault == FAULT_OVER)
        row->approved_yen = number;
    else if (exchange->fault == FAULT_IN_FLIGHT)
        row->not_found_left = number;
    else if (exchange->fault == FAULT_IN_PROGRESS)
        row->in_progress_left = number;
    else if (exchange->fault == FAULT_HOLD_BEFORE)
        row->is_held = true;
    else if (exchange->fault == FAULT_PATIENT)
        row->carry_us = now_us + number * SUGU_MS;
    else if (exchange->fault == FAULT_DELAY)
        exchange->answer_us = now_us + number * SUGU_MS;
    row->has_no_token = exchange->fault == FAULT_NO_TOKEN;
    exchange->is_dropped =
        exchange->fault == FAULT_DROP_RESPONSE || exchange->fault == FAULT_IN_PROGRESS ||
        exchange->fault == FAULT_IN_FLIGHT || exchange->fault == FAULT_REBOOT_KEEP;
}

static void
serve_deed(struct sugu_emulated_machine *machine,
           struct sugu_emulated_exchange *exchange,
           int64_t now_us)
{
    const char *obstacle;
    struct emulated_row *row;

    exchange->fault = machine->fault;
    machine->fault = FAULT_NONE;
    if (strcmp(exchange->request.category, "Payment") == 0)
        machine->counts.payments++;
    else
        machine->counts.reversals++;
    if (exchange->fault == FAULT_REBOOT_LOSE)
        emulated_lose_journal(machine);
    if (exchange->fault == FAULT_DROP_REQUEST || exchange->fault == FAULT_REBOOT_LOSE) {
        exchange->is_dropped = true;
        return;
    }
    obstacle = find_obstacle(machine, exchange);
    row = obstacle ? NULL : emulated_row_new(machine, &exchange->request);
    if (!row) {
        exchange->answer.envelope =
            emulated_reply_condition(machine, &exchange->request, obstacle ? obstacle : "Busy");
        return;
    }
    exchange->row = row->number;
    set_fault(machine, exchange, row, now_us);
    emulated_advance(machine, now_us);
}

static void
end_deed(struct sugu_emulated_machine *machine,
         struct sugu_emulated_exchange *exchange,
         const struct emulated_row *row)
{
    struct sugu_emulated_answer *answer = &exchange->answer;

    answer->is_http_500 = exchange->fault == FAULT_HTTP_500;
    answer->closes_at_once = exchange->fault == FAULT_CLOSE_AFTER_ANSWER;
    answer->is_doubled = exchange->fault == FAULT_DUPLICATE_ANSWER;
    answer->envelope = emulated_reply_row(machine, &exchange->request, row, exchange->fault);
    if (exchange->fault == FAULT_GARBAGE)
        answer->envelope[strlen(answer->envelope) / 2] = '\0';
}

/* ---- questions about deeds */

/* The deed that is asked about: its message's category has to be right, too. */
static struct emulated_row *
find_referenced(struct sugu_emulated_machine *machine, const struct emulated_request *request)
{
    const struct sugu_json *json = &request->json;
    int reference = sugu_json_at(json, request->body, "MessageReference");
    struct emulated_row *row;
    char service_id[16];

    if (!sugu_json_text(json, sugu_json_at(json, reference, "ServiceID"), service_id,
                        sizeof service_id))
        return NULL;
    row = emulated_row_find(machine, service_id);
    if (row && !sugu_json_is(json, sugu_json_at(json, reference, "MessageCategory"),
                             row->deed == SUGU_TERMINAL_REVERSE ? "Reversal" : "Payment"))
        return NULL;
    return row;
}

static void
serve_question(struct sugu_emulated_machine *machine,
               struct sugu_emulated_exchange *exchange,
               int64_t now_us)
{
    const struct emulated_request *request = &exchange->request;
    struct emulated_row *row = find_referenced(machine, request);
    const char *condition = NULL;

    (void)now_us;
    machine->counts.questions++;
    if (machine->is_logged_out) {
        condition = "LoggedOut";
    } else if (!row) {
        condition = "NotFound";
    } else if (row->not_found_left > 0) {
        condition = "NotFound";
        if (--row->not_found_left == 0)
            emulated_carry_out(machine, row); /* here it arrives at last */
    } else if (!row->is_done || row->in_progress_left > 0) {
        condition = "InProgress";
        row->in_progress_left -= row->in_progress_left > 0;
    }
    exchange->answer.envelope = condition ? emulated_reply_condition(machine, request, condition)
                                          : emulated_reply_repeated(machine, request, row);
}

static void
serve_abort(struct sugu_emulated_machine *machine,
            struct sugu_emulated_exchange *exchange,
            int64_t now_us)
{
    struct emulated_row *row = find_referenced(machine, &exchange->request);

    machine->counts.aborts++;
    if (row && !row->is_done && row->not_found_left == 0)
        row->is_aborted = true;
    emulated_advance(machine, now_us);
    exchange->answer.envelope = strdup(""); /* 200 without a body */
}

/* ---- sessions */

static void
serve_login(struct sugu_emulated_machine *machine,
            struct sugu_emulated_exchange *exchange,
            int64_t now_us)
{
    (void)now_us;
    machine->counts.logins++;
    machine->is_logged_out = false;
    exchange->answer.envelope = emulated_reply_condition(machine, &exchange->request, "");
}

static void
serve_display(struct sugu_emulated_machine *machine,
              struct sugu_emulated_exchange *exchange,
              int64_t now_us)
{
    const char *condition = *machine->display_condition    ? machine->display_condition
                            : emulated_is_running(machine) ? "Busy"
                                                           : "";

    (void)now_us;
    if (!*condition) {
        machine->counts.standbys++;
        machine->shows_patient = false;
    }
    exchange->answer.envelope = emulated_reply_display(machine, &exchange->request, condition);
    machine->display_condition[0] = '\0';
}

static void
serve_diagnosis(struct sugu_emulated_machine *machine,
                struct sugu_emulated_exchange *exchange,
                int64_t now_us)
{
    (void)now_us;
    machine->counts.diagnoses++;
    exchange->answer.envelope = emulated_reply_diagnosis(machine, &exchange->request);
}

/* ---- totals: a question, or the end of a period */

static void
serve_totals(struct sugu_emulated_machine *machine,
             struct sugu_emulated_exchange *exchange,
             int64_t now_us)
{
    const struct emulated_request *request = &exchange->request;
    int type = sugu_json_at(&request->json, request->body, "ReconciliationType");
    const struct emulated_period *period = &machine->period;

    (void)now_us;
    machine->counts.totals++;
    if (machine->is_logged_out || emulated_is_running(machine)) {
        exchange->answer.envelope = emulated_reply_condition(
            machine, request, machine->is_logged_out ? "LoggedOut" : "Busy");
        return;
    }
    if (sugu_json_is(&request->json, type, "SaleReconciliation")) {
        machine->previous = machine->period;
        machine->period = (struct emulated_period){.number = machine->previous.number + 1};
        period = &machine->previous;
    } else if (sugu_json_is(&request->json, type, "PreviousReconciliation")) {
        period = &machine->previous;
    }
    exchange->answer.envelope = emulated_reply_totals(machine, request, period);
}

/* ---- messages */

static const struct {
    const char *category;
    void (*serve)(struct sugu_emulated_machine *machine,
                  struct sugu_emulated_exchange *exchange,
                  int64_t now_us);
} services[] = {
    {"Login", serve_login},  {"Diagnosis", serve_diagnosis}, {"Display", serve_display},
    {"Payment", serve_deed}, {"Reversal", serve_deed},       {"TransactionStatus", serve_question},
    {"Abort", serve_abort},  {"GetTotals", serve_totals},    {"Reconciliation", serve_totals},
};

struct sugu_emulated_exchange *
sugu_emulated_begin(struct sugu_emulated_machine *machine,
                    const char *body,
                    size_t size,
                    int64_t now_us)
{
    struct sugu_emulated_exchange *exchange = calloc(1, sizeof *exchange);

    assert(exchange);
    emulated_advance(machine, now_us);
    if (emulated_open_request(machine, body, size, &exchange->request))
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(services); i++)
            if (strcmp(services[i].category, exchange->request.category) == 0)
                services[i].serve(machine, exchange, now_us);
    return exchange;
}

int64_t
sugu_emulated_due_us(struct sugu_emulated_machine *machine,
                     const struct sugu_emulated_exchange *exchange,
                     int64_t now_us)
{
    const struct emulated_row *row = emulated_row_of(machine, exchange->row);

    if (!row || exchange->is_dropped)
        return now_us;
    if (!row->is_done)
        return row->is_held ? INT64_MAX : row->carry_us;
    if (exchange->fault == FAULT_HOLD_AFTER)
        return machine->is_released ? now_us : INT64_MAX;
    return exchange->answer_us > now_us ? exchange->answer_us : now_us;
}

void
sugu_emulated_end(struct sugu_emulated_machine *machine,
                  struct sugu_emulated_exchange *exchange,
                  int64_t now_us,
                  struct sugu_emulated_answer *ret_answer)
{
    const struct emulated_row *row;

    emulated_advance(machine, now_us);
    row = emulated_row_of(machine, exchange->row);
    if (row && !exchange->is_dropped && row->is_done &&
        sugu_emulated_due_us(machine, exchange, now_us) <= now_us)
        end_deed(machine, exchange, row);
    *ret_answer = exchange->answer;
    free(exchange->request.plain);
    free(exchange);
}
