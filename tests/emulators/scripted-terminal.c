/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-terminal - a card terminal in memory behind the terminal port
 */
#include "emulators/scripted-terminal.h"

#include "base/text.h"
#include "payment/terminal/nexo-message.h"

#include <assert.h>

#define JOURNAL_MAX 256

struct row {
    char service_id[11], transaction_id[41];
    int64_t approved_yen; /* 0 = declined */
    const char *code;
    int64_t asked_yen, not_found_left, in_progress_left;
    bool is_done, is_aborted;
};

struct scripted {
    struct sugu_terminal terminal;
    char fault[32], argument[32];
    bool is_away, cuts_next;
    char diagnosis[16];
    struct row journal[JOURNAL_MAX];
    unsigned count;
    struct sugu_emulated_counts counts;
};

static struct scripted *
of(struct sugu_terminal *terminal)
{
    return (struct scripted *)terminal;
}

static bool
is_fault(const struct scripted *self, const char *name)
{
    return strcmp(self->fault, name) == 0;
}

static int64_t
number(const struct scripted *self)
{
    int64_t value = 0;

    return sugu_text_to_int64(self->argument, 0, 99999999, &value) ? value : 0;
}

static struct row *
find(struct scripted *self, const char *service_id)
{
    for (unsigned i = 0; i < self->count; i++)
        if (strcmp(self->journal[i].service_id, service_id) == 0)
            return &self->journal[i];
    return NULL;
}

static bool
is_running(const struct scripted *self)
{
    for (unsigned i = 0; i < self->count; i++)
        if (!self->journal[i].is_done && self->journal[i].not_found_left == 0)
            return true;
    return false;
}

static void
carry_out(struct scripted *self, struct row *row)
{
    row->is_done = true;
    if (row->is_aborted)
        row->code = "payment.cancelled";
    if (*row->code) {
        row->approved_yen = 0;
        return;
    }
    for (unsigned i = 0; i < self->count; i++)
        if (&self->journal[i] != row && self->journal[i].approved_yen > 0 &&
            strcmp(self->journal[i].transaction_id, row->transaction_id) == 0) {
            self->counts.twins++;
            break;
        }
    self->counts.charges++;
    self->counts.charged_yen += row->approved_yen;
}

static void
put_answer(const struct row *row, struct sugu_terminal_answer *ret_answer)
{
    struct sugu_terminal_answer answer = {.code = row->code};

    answer.result = *row->code ? SUGU_TERMINAL_DECLINED : SUGU_TERMINAL_APPROVED;
    if (!*row->code) {
        answer.approved_yen = row->approved_yen;
        snprintf(answer.provider_id, sizeof answer.provider_id, "SCR.%s", row->service_id);
        sugu_text_copy(answer.approval_code, sizeof answer.approval_code, "123456");
        sugu_text_copy(answer.brand, sizeof answer.brand, "mc");
        sugu_text_copy(answer.last4, sizeof answer.last4, "9999");
    }
    *ret_answer = answer;
}

static enum sugu_status
scripted_open(struct sugu_terminal *terminal, const char *where, struct sugu_error *reterr)
{
    struct scripted *self = of(terminal);

    (void)where;
    self->counts.connections++;
    if (self->is_away)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "scripted");
    self->counts.logins++;
    self->counts.diagnoses++;
    if (is_running(self) || strcmp(self->diagnosis, "Busy") == 0)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.busy", "scripted");
    if (strcmp(self->diagnosis, "OK") != 0)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "scripted");
    return SUGU_OK;
}

static enum sugu_status
no_answer(struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "scripted");
}

/* The row of a new payment with what the script says about it. */
static struct row *
add(struct scripted *self, const struct sugu_terminal_request *request)
{
    struct row *row = &self->journal[self->count++];

    assert(self->count <= JOURNAL_MAX);
    *row = (struct row){.code = "", .asked_yen = request->amount_yen};
    sugu_text_copy(row->service_id, sizeof row->service_id, request->service_id);
    sugu_text_copy(row->transaction_id, sizeof row->transaction_id, request->transaction_id);
    row->approved_yen =
        is_fault(self, "partial") || is_fault(self, "over") ? number(self) : request->amount_yen;
    if (is_fault(self, "decline"))
        row->code = sugu_nexo_condition_find(*self->argument ? self->argument : "Refusal")->code;
    if (is_fault(self, "in-progress"))
        row->in_progress_left = number(self);
    if (is_fault(self, "in-flight"))
        row->not_found_left = number(self);
    return row;
}

static enum sugu_status
scripted_carry_out(struct sugu_terminal *terminal,
                   const struct sugu_terminal_request *request,
                   struct sugu_terminal_answer *ret_answer,
                   struct sugu_error *reterr)
{
    static const char *const silent[] = {"drop-response", "in-progress", "reboot-keep",
                                         "bad-hmac",      "garbage",     "wrong-service-id"};
    struct scripted *self = of(terminal);
    bool is_silent = false;
    struct row *row;

    self->counts.connections++;
    if (self->is_away || self->cuts_next) {
        self->cuts_next = false;
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "scripted");
    }
    self->counts.payments++;
    if (is_fault(self, "busy") || is_running(self) || find(self, request->service_id)) {
        self->fault[0] = '\0';
        *ret_answer =
            (struct sugu_terminal_answer){.result = SUGU_TERMINAL_BUSY, .code = "terminal.busy"};
        return SUGU_OK;
    }
    if (is_fault(self, "reboot-lose"))
        self->count = 0;
    if (is_fault(self, "drop-request") || is_fault(self, "reboot-lose")) {
        self->fault[0] = '\0';
        return no_answer(reterr);
    }
    row = add(self, request);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(silent); i++)
        is_silent |= is_fault(self, silent[i]);
    is_silent |= is_fault(self, "in-flight") || is_fault(self, "patient");
    if (!is_fault(self, "in-flight") && !is_fault(self, "patient"))
        carry_out(self, row);
    self->fault[0] = '\0';
    if (is_silent)
        return no_answer(reterr);
    put_answer(row, ret_answer);
    return SUGU_OK;
}

static enum sugu_status
scripted_status(struct sugu_terminal *terminal,
                const struct sugu_terminal_request *request,
                struct sugu_terminal_answer *ret_answer,
                struct sugu_error *reterr)
{
    struct scripted *self = of(terminal);
    struct row *row = find(self, request->service_id);

    self->counts.connections++;
    if (self->is_away)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "scripted");
    self->counts.questions++;
    if (!row || row->not_found_left > 0) {
        *ret_answer = (struct sugu_terminal_answer){.result = SUGU_TERMINAL_NOT_FOUND,
                                                    .code = "payment.not-started"};
        if (row && --row->not_found_left == 0)
            carry_out(self, row);
        return SUGU_OK;
    }
    if (!row->is_done || row->in_progress_left > 0) {
        row->in_progress_left -= row->in_progress_left > 0;
        *ret_answer = (struct sugu_terminal_answer){.result = SUGU_TERMINAL_IN_PROGRESS,
                                                    .code = "terminal.busy"};
        return SUGU_OK;
    }
    put_answer(row, ret_answer);
    return SUGU_OK;
}

static void
scripted_abort(struct sugu_terminal *terminal, const char *service_id)
{
    struct scripted *self = of(terminal);
    struct row *row = find(self, service_id);

    self->counts.aborts++;
    if (row && !row->is_done && row->not_found_left == 0) {
        row->is_aborted = true;
        carry_out(self, row);
    }
}

static void
scripted_close(struct sugu_terminal *terminal)
{
    (void)terminal;
}

static const struct sugu_terminal_ops scripted_ops = {
    .name = "scripted",
    .open = scripted_open,
    .carry_out = scripted_carry_out,
    .status = scripted_status,
    .abort = scripted_abort,
    .close = scripted_close,
};

struct sugu_terminal *
sugu_scripted_terminal_new(void)
{
    struct scripted *self = calloc(1, sizeof *self);

    assert(self);
    self->terminal.ops = &scripted_ops;
    sugu_text_copy(self->diagnosis, sizeof self->diagnosis, "OK");
    return &self->terminal;
}

struct sugu_terminal *
sugu_scripted_terminal_free(struct sugu_terminal *terminal)
{
    free(terminal);
    return NULL;
}

/* The patient of `patient` finishes now. */
static void
release(struct scripted *self)
{
    for (unsigned i = 0; i < self->count; i++)
        if (!self->journal[i].is_done && self->journal[i].not_found_left == 0)
            carry_out(self, &self->journal[i]);
}

bool
sugu_scripted_terminal_command(struct sugu_terminal *terminal, const char *line)
{
    struct scripted *self = of(terminal);
    size_t size = strcspn(line, " ");
    const char *argument = line + size + (line[size] == ' ');
    char name[32];

    snprintf(name, sizeof name, "%.*s", (int)size, line);
    if (strcmp(name, "away") == 0) {
        self->is_away = strcmp(argument, "on") == 0;
    } else if (strcmp(name, "cut") == 0) {
        self->cuts_next = true;
    } else if (strcmp(name, "diagnosis") == 0) {
        sugu_text_copy(self->diagnosis, sizeof self->diagnosis, argument);
    } else if (strcmp(name, "release") == 0) {
        release(self);
    } else if (strcmp(name, "reset") == 0) {
        self->is_away = self->cuts_next = false;
        self->fault[0] = '\0';
    } else {
        sugu_text_copy(self->fault, sizeof self->fault, name);
        sugu_text_copy(self->argument, sizeof self->argument, argument);
    }
    return true;
}

struct sugu_emulated_counts
sugu_scripted_terminal_counts(const struct sugu_terminal *terminal)
{
    return ((const struct scripted *)terminal)->counts;
}
