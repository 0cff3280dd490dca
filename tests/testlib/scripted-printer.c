/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-printer - the printer port in memory
 */
#include "testlib/scripted-printer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct scripted_printer *
self_of(struct sugu_printer *printer)
{
    return (struct scripted_printer *)(void *)printer;
}

/* Counts a call; power is cut before its effect where the script says so. */
static void
begin_call(struct scripted_printer *self)
{
    self->calls++;
    if (self->calls == self->die_at && !self->die_after)
        kill(getpid(), SIGKILL);
}

static void
end_call(const struct scripted_printer *self)
{
    if (self->calls == self->die_at && self->die_after)
        kill(getpid(), SIGKILL);
}

static enum scripted_answer
use(enum scripted_answer *answer)
{
    enum scripted_answer used = *answer;

    *answer = SCRIPTED_YES;
    return used;
}

static struct scripted_job *
find(struct scripted_printer *self, int32_t number)
{
    return number >= 1 && number <= self->job_count ? &self->jobs[number - 1] : NULL;
}

static bool
is_away(const struct scripted_printer *self)
{
    return self->reasons & SUGU_PRINTER_AWAY;
}

static enum sugu_status
scripted_create(struct sugu_printer *printer,
                const struct sugu_print_job *job,
                int32_t *ret_number,
                struct sugu_error *reterr)
{
    struct scripted_printer *self = self_of(printer);
    enum scripted_answer answer;

    begin_call(self);
    answer = use(&self->on_create);
    if (is_away(self) || answer == SCRIPTED_AWAY)
        return sugu_fail(reterr, SUGU_RETRY, "printer.away", "scripted");
    if (answer == SCRIPTED_NO)
        return sugu_fail(reterr, SUGU_REFUSED, "printer.refused", "scripted");
    if (self->job_count == SCRIPTED_JOBS_MAX)
        abort();
    self->jobs[self->job_count++] = (struct scripted_job){.has_document = false};
    snprintf(self->jobs[self->job_count - 1].title, sizeof self->jobs[0].title, "%s", job->title);
    end_call(self);
    if (answer != SCRIPTED_YES)
        return sugu_fail(reterr, SUGU_RETRY, "printer.away", "scripted: answer lost");
    *ret_number = self->job_count;
    return SUGU_OK;
}

static enum sugu_status
scripted_send(struct sugu_printer *printer,
              const struct sugu_print_job *job,
              const uint8_t *document,
              size_t size,
              struct sugu_error *reterr)
{
    struct scripted_printer *self = self_of(printer);
    struct scripted_job *found = find(self, job->number);
    enum scripted_answer answer;

    begin_call(self);
    answer = use(&self->on_send);
    if (is_away(self) || answer == SCRIPTED_AWAY)
        return sugu_fail(reterr, SUGU_RETRY, "printer.away", "scripted");
    if (answer == SCRIPTED_BROKEN)
        return sugu_fail(reterr, SUGU_UNKNOWN, "printer.no-answer", "scripted");
    if (answer == SCRIPTED_NO || !found || self->forgets || found->has_document || size < 4 ||
        memcmp(document, self->takes_pdf ? "%PDF" : "RaS2", 4) != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "printer.refused", "scripted");
    found->has_document = true;
    end_call(self);
    if (answer == SCRIPTED_LOST)
        return sugu_fail(reterr, SUGU_UNKNOWN, "printer.no-answer", "scripted");
    return SUGU_OK;
}

static enum sugu_print_state
state_of(struct scripted_printer *self, struct scripted_job *job)
{
    if (!job || self->forgets)
        return SUGU_PRINT_FORGOTTEN;
    if (job->is_cancelled)
        return SUGU_PRINT_FAILED;
    if (!job->has_document)
        return SUGU_PRINT_INCOMING;
    if (self->aborts)
        return SUGU_PRINT_FAILED;
    if (self->contradicts)
        return SUGU_PRINT_UNCONFIRMED;
    if (self->prints && !job->is_out) {
        job->is_out = true;
        job->copies++;
    }
    return job->is_out ? SUGU_PRINT_OUT : SUGU_PRINT_PRINTING;
}

static void
scripted_look(struct sugu_printer *printer,
              const struct sugu_print_job *job,
              struct sugu_printer_look *ret_look)
{
    struct scripted_printer *self = self_of(printer);

    begin_call(self);
    *ret_look = (struct sugu_printer_look){.reasons = self->reasons, .job = SUGU_PRINT_NO_NEWS};
    if (is_away(self))
        return;
    ret_look->takes_pdf = self->takes_pdf;
    if (job && job->number > 0)
        ret_look->job = state_of(self, find(self, job->number));
    end_call(self);
}

static enum sugu_status
scripted_cancel(struct sugu_printer *printer,
                const struct sugu_print_job *job,
                struct sugu_error *reterr)
{
    struct scripted_printer *self = self_of(printer);
    struct scripted_job *found = find(self, job->number);
    enum scripted_answer answer;

    begin_call(self);
    answer = use(&self->on_cancel);
    if (is_away(self) || answer == SCRIPTED_AWAY)
        return sugu_fail(reterr, SUGU_RETRY, "printer.away", "scripted");
    if (found && !found->is_out && answer != SCRIPTED_NO)
        found->is_cancelled = true;
    end_call(self);
    return SUGU_OK;
}

static void
scripted_free(struct sugu_printer *printer)
{
    (void)printer; /* the test owns it */
}

struct scripted_printer *
scripted_printer_new(void)
{
    static const struct sugu_printer_ops ops = {
        .name = "scripted",
        .create = scripted_create,
        .send = scripted_send,
        .look = scripted_look,
        .cancel = scripted_cancel,
        .free = scripted_free,
    };
    struct scripted_printer *self =
        mmap(NULL, sizeof *self, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (self == MAP_FAILED)
        abort();
    self->printer.ops = &ops;
    self->takes_pdf = true;
    self->prints = true;
    return self;
}

struct scripted_printer *
scripted_printer_free(struct scripted_printer *scripted)
{
    if (scripted)
        munmap(scripted, sizeof *scripted);
    return NULL;
}

unsigned
scripted_copies(const struct scripted_printer *scripted, const char *title)
{
    unsigned copies = 0;

    for (int i = 0; i < scripted->job_count; i++)
        if (strcmp(scripted->jobs[i].title, title) == 0)
            copies += scripted->jobs[i].copies;
    return copies;
}
