/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-card - the card terminal of a kiosk, and the line to it
 */
#include "simulation/device-card.h"

#include "simulation/device-on-file.h"

#include "base/text.h"
#include "emulators/nexo-machine-private.h"
#include "payment/terminal/terminal-nexo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSPHRASE      "an emulated terminal's passphrase"
#define IDENTIFIER      "emulated"
#define LINE_US         (2 * SUGU_MS)
#define LINE_US_MAX     (60 * SUGU_MS)
#define LOOK_US         (250 * SUGU_MS)
#define CONNECT_WAIT_US (5 * SUGU_SECOND)
#define PATIENT_MS_MAX  6000
#define ROWS_OF_EACH    20000

struct device_card {
    struct sugu_emulated_machine *machine;
    struct kiosk *kiosk;
    uint8_t stored[EMULATED_JOURNAL_MAX / 8]; /* registrations that the keeper of cards knows */
    uint32_t stored_to;           /* all rows up to this number were looked at for good */
    struct emulated_row *archive; /* what it had in a memory that it has lost */
    size_t archived;
};

/* The driver's end of the line. */
struct line {
    struct sugu_nexo_link link;
    struct device_card *card;
};

/* ---- the device */

static struct sugu_nexo_key *
copy_key(void)
{
    static struct sugu_nexo_key *key; /* its derivation takes milliseconds; all have the same */
    struct sugu_nexo_key *copy = malloc(sizeof *copy);
    struct sugu_error error;

    if (!copy || (!key && sugu_nexo_key_new(PASSPHRASE, IDENTIFIER, 1, &key, &error)))
        abort();
    *copy = *key; /* never freed as a key: the process of a run ends */
    return copy;
}

struct device_card *
device_card_new(struct kiosk *kiosk)
{
    struct device_card *card = calloc(1, sizeof *card);

    if (!card)
        abort();
    card->kiosk = kiosk;
    card->machine = sugu_emulated_machine_new(copy_key(), sim_random());
    /* its tokens are its own */
    card->machine->row_count = card->stored_to = kiosk->index * ROWS_OF_EACH;
    return card;
}

static bool
is_charge(const struct emulated_row *row)
{
    return row->number > 0 && row->is_done && row->approved_yen > 0 &&
           (row->deed == SUGU_TERMINAL_PAY || row->deed == SUGU_TERMINAL_REVERSE);
}

static void
each_charge(const struct kiosk *kiosk,
            void (*each)(void *user, const struct device_charge *charge),
            void *user)
{
    const struct device_card *card = kiosk->card;

    for (size_t i = 0; card && i < card->archived + EMULATED_JOURNAL_MAX; i++) {
        const struct emulated_row *row =
            i < card->archived ? &card->archive[i] : &card->machine->journal[i - card->archived];
        if (is_charge(row))
            each(user, &(struct device_charge){.reference = row->service_id,
                                               .bill = row->transaction_id,
                                               .yen = row->approved_yen,
                                               .is_refund = row->deed == SUGU_TERMINAL_REVERSE});
    }
}

/* The card company's. */
static void
each_kept(const struct kiosk *kiosk,
          void (*each)(void *user, const struct device_charge *charge),
          void *user)
{
    const struct sugu_emulated_machine *machine = kiosk->card ? kiosk->card->machine : NULL;

    for (uint32_t i = 0; machine && i < machine->charge_count && i < EMULATED_CHARGES_MAX; i++)
        each(user, &(struct device_charge){.reference = "",
                                           .bill = machine->charges[i].transaction_id,
                                           .yen = machine->charges[i].yen -
                                                  machine->charges[i].given_back_yen});
}

enum truth
device_card_truth(const struct device_card *card,
                  const char *service_id,
                  int64_t *ret_yen,
                  char ret_provider_id[65])
{
    for (size_t i = 0; i < card->archived + EMULATED_JOURNAL_MAX; i++) {
        const struct emulated_row *row =
            i < card->archived ? &card->archive[i] : &card->machine->journal[i - card->archived];
        if (row->number == 0 || strcmp(row->service_id, service_id) != 0)
            continue;
        if (!row->is_done)
            return TRUTH_OPEN;
        if (!is_charge(row))
            return TRUTH_NOT;
        *ret_yen = row->approved_yen;
        snprintf(ret_provider_id, 65, "EMU%06u.%s", row->number, row->service_id);
        return TRUTH_MOVED;
    }
    return TRUTH_NOT;
}

const struct device_lane device_card_lane = {
    .account = "card-clearing",
    .find = "SELECT state, approved_yen, id FROM attempt WHERE service_id = ?1",
    .each_charge = each_charge,
    .each_kept = each_kept,
};

/* ---- what goes wrong with a payment */

/* An everyday one: the patient takes a while; some cards are refused. */
static void
plan_ordinary(char *line, size_t size)
{
    static const char *const conditions[] = {"Refusal", "WrongPIN", "InvalidCard", "Cancel",
                                             "UnreachableHost"};

    if (sim_chance(6))
        snprintf(line, size, "decline %s", conditions[sim_below(SUGU_ARRAY_SIZE(conditions))]);
    else
        snprintf(line, size, "patient %lld", (long long)sim_between(500, PATIENT_MS_MAX));
}

static void
plan_fault(char *line, size_t size)
{
    static const char *const faults[] = {"drop-request",     "drop-response",  "close-after-answer",
                                         "duplicate-answer", "bad-hmac",       "wrong-service-id",
                                         "wrong-poi-id",     "swapped-header", "garbage",
                                         "http-500",         "no-amount",      "double-amount",
                                         "card-data",        "busy",           "reboot-keep"};
    uint64_t which = sim_below(SUGU_ARRAY_SIZE(faults) + 6);

    sim_count(SIM_COUNT_terminal_faults);
    if (which < SUGU_ARRAY_SIZE(faults))
        snprintf(line, size, "%s", faults[which]);
    else if (which == SUGU_ARRAY_SIZE(faults))
        snprintf(line, size, "delay %lld", (long long)sim_between(1000, 200000));
    else if (which == SUGU_ARRAY_SIZE(faults) + 1)
        snprintf(line, size, "in-progress %lld", (long long)sim_between(1, 30));
    else if (which == SUGU_ARRAY_SIZE(faults) + 2)
        snprintf(line, size, "in-flight 1");
    else if (which == SUGU_ARRAY_SIZE(faults) + 3)
        snprintf(line, size, "partial %lld", (long long)sim_between(1, 30000));
    else if (which == SUGU_ARRAY_SIZE(faults) + 4)
        snprintf(line, size, "over %lld", (long long)sim_between(1, 60000));
    else
        snprintf(line, size, "patient %lld", (long long)sim_between(60000, 300000));
}

/* What the next payment will meet, unless that is planned already. */
static void
plan_payment(struct device_card *card)
{
    char line[64], answer[128];

    if (card->machine->fault != FAULT_NONE)
        return;
    if (sim_happens(card->kiosk->world->settings.terminal_fault))
        plan_fault(line, sizeof line);
    else
        plan_ordinary(line, sizeof line);
    sim_note(line, 0, 0);
    if (!sugu_emulated_machine_command(card->machine, line, sim_now(), answer, sizeof answer))
        sim_fail("the emulated terminal does not know %s", line);
}

/*
 * Switched off and on, its memory lost. Not while an outcome is wanted of it: what a device took
 * and then forgot is found by the acquirer's file, not by a question (domain/payments.md 5.4).
 */
static void
restart(struct device_card *card)
{
    size_t size = sizeof card->machine->journal;

    card->archive = realloc(card->archive, card->archived * sizeof *card->archive + size);
    if (!card->archive)
        abort();
    memcpy(card->archive + card->archived, card->machine->journal, size);
    card->archived += EMULATED_JOURNAL_MAX;
    emulated_lose_journal(card->machine);
    card->machine->is_logged_out = true;
    sim_count(SIM_COUNT_terminal_restarts);
    sim_note("terminal restarted", (int64_t)card->archived, 0);
}

static bool
is_nearly_full(const struct sugu_emulated_machine *machine)
{
    unsigned used = 0;

    for (size_t i = 0; i < EMULATED_JOURNAL_MAX; i++)
        used += machine->journal[i].number > 0;
    return used > EMULATED_JOURNAL_MAX - 16;
}

static void
maybe_restart(struct device_card *card)
{
    if ((is_nearly_full(card->machine) || sim_happens(1)) && card->machine->undone == 0 &&
        payment_open_count(card->kiosk) == 0)
        restart(card);
}

/* Terminal and keeper of cards are the same company's: what one registers the other has. */
static void
tell_registrations(struct device_card *card)
{
    struct sugu_emulated_machine *machine = card->machine;
    bool is_all = true;

    for (uint32_t number = card->stored_to + 1; number <= machine->row_count; number++) {
        const struct emulated_row *row = emulated_row_of(machine, number);
        uint32_t at = number % EMULATED_JOURNAL_MAX;
        char token[32];
        is_all = is_all && (!row || row->is_done);
        if (is_all)
            card->stored_to = number;
        if (row && row->is_done && !(card->stored[at / 8] & 1u << at % 8) && !*row->condition &&
            row->deed == SUGU_TERMINAL_REGISTER) {
            snprintf(token, sizeof token, "TOK%06uQZRW44SX", number);
            device_on_file_stored(card->kiosk->world->on_file, token, row->transaction_id);
        }
        if (row && row->is_done)
            card->stored[at / 8] |= (uint8_t)(1u << at % 8);
        if (is_all)
            card->stored[at / 8] &= (uint8_t) ~(1u << at % 8);
    }
}

/* ---- the line: a link of the driver, as payment/terminal/nexo-link.h says */

/* One exchange; shared by both ends, each of which may be gone first. */
struct exchange {
    struct device_card *card;
    char *body;
    struct sugu_emulated_answer answer;
    struct sim_thread *caller; /* NULL when it waits no longer */
    bool is_answered, is_lost;
    unsigned ends;
};

static void
exchange_leave(struct exchange *exchange)
{
    if (--exchange->ends > 0)
        return;
    free(exchange->answer.envelope);
    free(exchange->body);
    free(exchange);
}

static void
on_answered(void *user)
{
    struct exchange *exchange = user;

    exchange->is_answered = true;
    if (exchange->caller)
        sim_wake(exchange->caller);
    exchange_leave(exchange);
}

static void
serve(struct exchange *exchange)
{
    struct sugu_emulated_machine *machine = exchange->card->machine;
    struct sugu_emulated_exchange *inner =
        sugu_emulated_begin(machine, exchange->body, strlen(exchange->body), sim_now());

    for (;;) {
        int64_t left = sugu_emulated_due_us(machine, inner, sim_now()) - sim_now();
        if (left <= 0)
            break;
        sim_wait(left < LOOK_US ? left : LOOK_US);
    }
    sugu_emulated_end(machine, inner, sim_now(), &exchange->answer);
}

/* The device's end: a thread of the world, which no program's death ends. */
static void
device_main(void *user)
{
    struct exchange *exchange = user;
    unsigned lost = exchange->card->kiosk->world->settings.terminal_lost;

    maybe_restart(exchange->card);
    plan_payment(exchange->card);
    serve(exchange);
    tell_registrations(exchange->card);
    if (sim_happens(lost)) {
        sim_count(SIM_COUNT_terminal_answers_lost);
        free(exchange->answer.envelope);
        exchange->answer.envelope = NULL;
        if (sim_happens(50)) {
            exchange_leave(exchange);
            return; /* silence */
        }
    }
    sim_at(sim_now() + sim_between(LINE_US, LINE_US_MAX), on_answered, exchange);
}

static void
on_arrived(void *user)
{
    sim_thread_start(NULL, device_main, user);
}

static struct exchange *
exchange_new(struct device_card *card, const char *body, struct sim_thread *caller)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    if (!exchange || !(exchange->body = strdup(body)))
        abort();
    exchange->card = card;
    exchange->caller = caller;
    exchange->ends = 2;
    return exchange;
}

static enum sugu_status
no_answer(struct sugu_error *reterr, const char *why)
{
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then: %s", why);
}

static enum sugu_status
wait_answer(struct exchange *exchange,
            uint32_t wait_ms,
            struct sugu_nexo_reply *reply,
            struct sugu_error *reterr)
{
    int64_t until = sim_now() + wait_ms * SUGU_MS;
    enum sugu_status status = SUGU_OK;

    while (!exchange->is_answered && sim_now() < until)
        sim_wait(until - sim_now());
    exchange->caller = NULL;
    if (!exchange->is_answered)
        status = no_answer(reterr, "silence");
    else if (exchange->answer.is_http_500)
        status = no_answer(reterr, "HTTP status 500");
    else if (!exchange->answer.envelope)
        status = no_answer(reterr, "closed");
    else if (!(reply->bytes = strdup(exchange->answer.envelope)))
        abort();
    if (reply->bytes)
        reply->size = strlen(reply->bytes);
    exchange_leave(exchange);
    return status;
}

static enum sugu_status
line_post(struct sugu_nexo_link *link,
          const char *address,
          const char *body,
          uint32_t wait_ms,
          struct sugu_nexo_reply *reply,
          struct sugu_error *reterr)
{
    struct device_card *card = ((struct line *)link)->card;
    unsigned lost = card->kiosk->world->settings.terminal_lost;
    struct exchange *exchange;

    *reply = (struct sugu_nexo_reply){0};
    if (strcmp(address, card->kiosk->terminal) != 0)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "nothing was sent: no address");
    if (sim_happens(lost)) {
        sim_wait(sim_between(1, CONNECT_WAIT_US));
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "nothing was sent: no connection");
    }
    sim_point("terminal.before");
    reply->was_sent = true;
    exchange = exchange_new(card, body, sim_self());
    if (sim_happens(lost)) {
        sim_count(SIM_COUNT_terminal_requests_lost);
        exchange->ends--;
    } else {
        sim_at(sim_now() + sim_between(LINE_US, LINE_US_MAX), on_arrived, exchange);
    }
    sim_point("terminal.after");
    return wait_answer(exchange, wait_ms, reply, reterr);
}

static void
line_stop(struct sugu_nexo_link *link)
{
    (void)link; /* programs of the simulation are killed */
}

static void
line_free(struct sugu_nexo_link *link)
{
    free(link);
}

/* ---- in place of the product's connection and its key (ld --wrap) */

enum sugu_status __wrap_sugu_nexo_link_https_new(const char *root_pem,
                                                 const char *certificate_name,
                                                 uint32_t connect_wait_ms,
                                                 struct sugu_nexo_link **ret_link,
                                                 struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_nexo_link_https_new(const char *root_pem,
                                const char *certificate_name,
                                uint32_t connect_wait_ms,
                                struct sugu_nexo_link **ret_link,
                                struct sugu_error *reterr)
{
    static const struct sugu_nexo_link_ops ops = {
        .post = line_post, .stop = line_stop, .free = line_free};
    struct line *line = calloc(1, sizeof *line);

    (void)root_pem, (void)certificate_name, (void)connect_wait_ms, (void)reterr;
    if (!line)
        abort();
    line->link.ops = &ops;
    line->card = device_kiosk()->card;
    *ret_link = &line->link;
    return SUGU_OK;
}

enum sugu_status __wrap_sugu_nexo_key_read(const char *path,
                                           struct sugu_nexo_key **ret_key,
                                           struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_nexo_key_read(const char *path,
                          struct sugu_nexo_key **ret_key,
                          struct sugu_error *reterr)
{
    (void)path, (void)reterr;
    *ret_key = copy_key();
    return SUGU_OK;
}

void
device_card_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings)
{
    sugu_text_copy(settings->terminal, sizeof settings->terminal, kiosk->terminal);
    sugu_text_copy(settings->poi_id, sizeof settings->poi_id, SUGU_EMULATED_POI);
    device_file(kiosk, "terminal.root", "nobody looks at it", settings->terminal_root);
    settings->check_interval_ms = 60000;
}
