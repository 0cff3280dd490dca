/* SPDX-License-Identifier: Apache-2.0 */
/*
 * track - one paper, one step further
 */
#include "track.h"

#include "base/files.h"
#include "papers/paper.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SENDS_MAX          3
#define INCOMING_BELIEF_US (2 * SUGU_SECOND)  /* the device says so for this long: believe it */
#define CANCEL_PATIENCE_US (30 * SUGU_SECOND) /* for a cancelled job to end */

/* What one step works with. */
struct step {
    const struct sugu_track_settings *settings;
    struct sugu_printer *printer;
    struct sugu_track_memory *memory;
    const struct sugu_clock *clock;
    struct sugu_spooled paper;  /* the changed copy; counts once it is saved */
    struct sugu_spooled *saved; /* the caller's: always as it stands on disk */
    char title[SUGU_ID_TEXT_SIZE];
    uint32_t reasons;
};

static const struct {
    uint32_t reason;
    const char *code;
} codes[] = {
    {SUGU_PRINTER_AWAY, "printer.away"},   {SUGU_PRINTER_COVER_OPEN, "printer.cover-open"},
    {SUGU_PRINTER_JAM, "printer.jam"},     {SUGU_PRINTER_PAPER_OUT, "printer.paper-out"},
    {SUGU_PRINTER_OTHER, "printer.waits"}, {SUGU_PRINTER_PAPER_LOW, "printer.paper-low"},
};

const char *
sugu_track_code(uint32_t reasons)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(codes); i++)
        if (reasons & codes[i].reason)
            return codes[i].code;
    return "";
}

bool
sugu_track_is_blocked(uint32_t reasons)
{
    return (reasons & ~(uint32_t)SUGU_PRINTER_PAPER_LOW) != 0;
}

static struct sugu_print_job
job_of(const struct step *step)
{
    return (struct sugu_print_job){.title = step->title,
                                   .number = step->paper.device_job,
                                   .pages = step->paper.pages,
                                   .width = step->paper.width,
                                   .height = step->paper.height};
}

/* The code of a paper that waits. */
static void
set_waiting_code(struct step *step)
{
    step->paper.code = sugu_track_is_blocked(step->reasons) ? sugu_track_code(step->reasons) : "";
}

static enum sugu_status
save(struct step *step, struct sugu_error *reterr)
{
    enum sugu_status status = sugu_spool_save(step->settings->folder, &step->paper, reterr);

    if (status == SUGU_OK)
        *step->saved = step->paper;
    return status;
}

/* An event of the machine: new state, saved, document removed where it is over. */
static enum sugu_status
fire(struct step *step,
     enum sugu_print_job_event event,
     const char *code,
     uint32_t *ret_effects,
     struct sugu_error *reterr)
{
    unsigned next;
    uint32_t effects;
    enum sugu_status status = sugu_machine_step(&sugu_print_job_machine, step->paper.state, event,
                                                &next, &effects, reterr);

    if (status != SUGU_OK)
        return status;
    step->paper.state = (enum sugu_print_job_state)next;
    step->paper.code = code;
    status = save(step, reterr);
    if (status == SUGU_OK && (effects & SUGU_PRINT_JOB_DO_FORGET))
        sugu_spool_forget(step->settings->folder, &step->paper);
    if (status == SUGU_OK && ret_effects)
        *ret_effects = effects;
    return status;
}

static void
look(struct step *step, bool at_job, struct sugu_printer_look *ret_look)
{
    struct sugu_print_job job = job_of(step);

    step->printer->ops->look(step->printer, at_job ? &job : NULL, ret_look);
    step->reasons = ret_look->reasons;
}

/* Lays the order out in a format that the printer takes, and keeps the document. */
static enum sugu_status
lay_out(struct step *step, const struct sugu_printer_look *seen, struct sugu_error *reterr)
{
    Sugu__PrintPaper *order = NULL;
    struct sugu_paper document = {.bytes = NULL};
    enum sugu_status status;

    if (!seen->takes_pdf && seen->dots_per_inch == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "printer.refused", "takes neither PDF nor raster");
    status = sugu_spool_order(step->settings->folder, &step->paper, &order, reterr);
    if (status == SUGU_OK)
        status = sugu_paper_render(order, seen->takes_pdf ? SUGU_PAPER_PDF : SUGU_PAPER_PWG_RASTER,
                                   seen->dots_per_inch, &document, reterr);
    if (status == SUGU_OK) {
        step->paper.is_pdf = seen->takes_pdf;
        status = sugu_spool_keep_document(step->settings->folder, &step->paper, document.bytes,
                                          document.size, reterr);
    }
    if (status == SUGU_OK) {
        step->paper.pages = document.pages;
        step->paper.width = document.width;
        step->paper.height = document.height;
    }
    sugu_paper_done(&document);
    sugu__print_paper__free_unpacked(order, NULL);
    return status;
}

/* Why a paper is not to come out any more; NULL while it may. */
static const char *
expiry(const struct step *step)
{
    sugu_time_us now = step->clock->utc_us(step->clock);

    if (step->paper.until_utc > 0 && now > step->paper.until_utc)
        return "printer.too-late";
    return now - step->paper.accepted_utc > step->settings->give_up_us ? "printer.given-up" : NULL;
}

/* The document leaves; from here on only the device knows. */
static enum sugu_status
send_document(struct step *step, struct sugu_error *reterr)
{
    struct sugu_print_job job = job_of(step);
    struct sugu_error error;
    uint8_t *document;
    size_t size;
    enum sugu_status status =
        sugu_spool_document(step->settings->folder, &step->paper, &document, &size, &error);

    if (status != SUGU_OK) {
        step->paper.pages = 0; /* lay it out again */
        return save(step, reterr);
    }
    status = fire(step, SUGU_PRINT_JOB_ON_SEND_BEGUN, "", NULL, reterr);
    if (status != SUGU_OK) {
        free(document);
        return status;
    }
    step->memory->sends++;
    step->memory->incoming_since = 0;
    status = step->printer->ops->send(step->printer, &job, document, size, &error);
    explicit_bzero(document, size);
    free(document);
    if (status == SUGU_REFUSED)
        step->memory->was_refused = true;
    if (status != SUGU_RETRY)
        return SUGU_OK; /* the next look tells */
    step->reasons |= SUGU_PRINTER_AWAY;
    return fire(step, SUGU_PRINT_JOB_ON_NOT_SENT, error.code, NULL, reterr);
}

static enum sugu_status
create_job(struct step *step, struct sugu_error *reterr)
{
    struct sugu_print_job job = job_of(step);
    struct sugu_error error;
    int32_t number;
    enum sugu_status status = step->printer->ops->create(step->printer, &job, &number, &error);

    if (status == SUGU_OK) {
        step->paper.device_job = number;
        return save(step, reterr);
    }
    if (status == SUGU_RETRY) {
        step->paper.code = error.code;
        return SUGU_OK;
    }
    return fire(step, SUGU_PRINT_JOB_ON_NOT_PRINTABLE, error.code, NULL, reterr);
}

/* A job at the device that has no document yet. */
static enum sugu_status
continue_job(struct step *step, const struct sugu_printer_look *seen, struct sugu_error *reterr)
{
    switch (seen->job) {
    case SUGU_PRINT_NO_NEWS:
        set_waiting_code(step);
        return SUGU_OK;
    case SUGU_PRINT_INCOMING:
        return send_document(step, reterr);
    case SUGU_PRINT_FAILED:
    case SUGU_PRINT_FORGOTTEN: /* it got no document, so nothing was printed: begin again */
        step->paper.device_job = 0;
        return save(step, reterr);
    case SUGU_PRINT_PRINTING:
    case SUGU_PRINT_OUT:
    case SUGU_PRINT_UNCONFIRMED: /* it has one after all */
        return fire(step, SUGU_PRINT_JOB_ON_SEND_BEGUN, "", NULL, reterr);
    }
    return SUGU_OK;
}

static enum sugu_status
step_queued(struct step *step, struct sugu_error *reterr)
{
    struct sugu_printer_look seen;
    struct sugu_error error;
    enum sugu_status status;

    if (expiry(step)) {
        step->paper.must_cancel = step->paper.device_job > 0;
        return fire(step, SUGU_PRINT_JOB_ON_GIVEN_UP, expiry(step), NULL, reterr);
    }
    look(step, step->paper.device_job > 0, &seen);
    if (seen.reasons & SUGU_PRINTER_AWAY) {
        set_waiting_code(step);
        return SUGU_OK;
    }
    if (step->paper.pages == 0) {
        status = lay_out(step, &seen, &error);
        if (status == SUGU_OK)
            return save(step, reterr);
        if (strncmp(error.code, "disk.", 5) == 0 || strncmp(error.code, "file.", 5) == 0)
            return sugu_fail(reterr, SUGU_BROKEN, error.code, "%s", error.detail);
        return fire(step, SUGU_PRINT_JOB_ON_NOT_PRINTABLE, error.code, NULL, reterr);
    }
    if (step->paper.device_job > 0)
        return continue_job(step, &seen, reterr);
    return create_job(step, reterr);
}

/* The device says for a while that it still waits for a document that was sent. */
static enum sugu_status
still_incoming(struct step *step, int64_t now, struct sugu_error *reterr)
{
    struct sugu_print_job job = job_of(step);
    struct sugu_error error;

    if (step->memory->was_refused || step->memory->sends >= SENDS_MAX) {
        step->paper.must_cancel =
            step->printer->ops->cancel(step->printer, &job, &error) != SUGU_OK;
        return fire(step, SUGU_PRINT_JOB_ON_NOT_PRINTABLE, "printer.refused", NULL, reterr);
    }
    if (step->memory->incoming_since == 0)
        step->memory->incoming_since = now;
    if (now - step->memory->incoming_since < INCOMING_BELIEF_US)
        return SUGU_OK;
    return fire(step, SUGU_PRINT_JOB_ON_NOT_SENT, "", NULL, reterr);
}

/* It waited too long: the device is to drop it, or it would come out before someone else's eyes. */
static enum sugu_status
give_up(struct step *step, int64_t now, struct sugu_error *reterr)
{
    struct sugu_print_job job = job_of(step);
    struct sugu_error error;
    uint32_t effects = 0;
    enum sugu_status status =
        fire(step, SUGU_PRINT_JOB_ON_GIVEN_UP, expiry(step), &effects, reterr);

    if (status != SUGU_OK)
        return status;
    assert(effects & SUGU_PRINT_JOB_DO_CANCEL);
    if (step->printer->ops->cancel(step->printer, &job, &error) == SUGU_OK) {
        step->memory->cancelled_since = now;
        return SUGU_OK;
    }
    step->paper.must_cancel = true;
    return fire(step, SUGU_PRINT_JOB_ON_CANCEL_LOST, "printer.no-answer", NULL, reterr);
}

/* The device has it and is not done, or says nothing. */
static enum sugu_status
still_printing(struct step *step, int64_t now, struct sugu_error *reterr)
{
    if (step->memory->cancelled_since > 0) {
        if (now - step->memory->cancelled_since < CANCEL_PATIENCE_US)
            return SUGU_OK;
        step->paper.must_cancel = true;
        return fire(step, SUGU_PRINT_JOB_ON_CANCEL_LOST, "printer.no-answer", NULL, reterr);
    }
    if (expiry(step))
        return give_up(step, now, reterr);
    set_waiting_code(step);
    return SUGU_OK;
}

static enum sugu_status
not_confirmed(struct step *step, int64_t now, struct sugu_error *reterr)
{
    set_waiting_code(step);
    if (step->memory->unconfirmed_since == 0)
        step->memory->unconfirmed_since = now;
    if (now - step->memory->unconfirmed_since < step->settings->unconfirmed_us)
        return SUGU_OK;
    return fire(step, SUGU_PRINT_JOB_ON_NOT_CONFIRMED, "printer.no-answer", NULL, reterr);
}

static enum sugu_status
step_printing(struct step *step, struct sugu_error *reterr)
{
    int64_t now = step->clock->monotonic_us(step->clock) + 1; /* never 0, which says "not" */
    struct sugu_printer_look seen;

    look(step, /* at_job= */ true, &seen);
    if (seen.job != SUGU_PRINT_UNCONFIRMED)
        step->memory->unconfirmed_since = 0;
    switch (seen.job) {
    case SUGU_PRINT_NO_NEWS:
    case SUGU_PRINT_PRINTING:
        return still_printing(step, now, reterr);
    case SUGU_PRINT_INCOMING:
        return still_incoming(step, now, reterr);
    case SUGU_PRINT_OUT:
        return fire(step, SUGU_PRINT_JOB_ON_CAME_OUT, "", NULL, reterr);
    case SUGU_PRINT_UNCONFIRMED:
        return not_confirmed(step, now, reterr);
    case SUGU_PRINT_FAILED:
        /* After its time it was cancelled by us, perhaps before a restart. */
        return fire(step, SUGU_PRINT_JOB_ON_ABORTED, expiry(step) ? expiry(step) : "printer.failed",
                    NULL, reterr);
    case SUGU_PRINT_FORGOTTEN:
        return fire(step, SUGU_PRINT_JOB_ON_FORGOTTEN, "printer.no-answer", NULL, reterr);
    }
    return SUGU_OK;
}

enum sugu_status
sugu_track_step(const struct sugu_track_settings *settings,
                struct sugu_printer *printer,
                struct sugu_spooled *paper,
                struct sugu_track_memory *memory,
                uint32_t *ret_reasons,
                struct sugu_error *reterr)
{
    struct step step = {settings, printer, memory, settings->clock, *paper, paper, "", 0};
    enum sugu_status status = SUGU_OK;

    if (!sugu_id_equal(&memory->paper, &paper->paper))
        *memory = (struct sugu_track_memory){.paper = paper->paper};
    sugu_id_to_text(&paper->paper, step.title);
    switch (paper->state) {
    case SUGU_PRINT_JOB_QUEUED:
        status = step_queued(&step, reterr);
        break;
    case SUGU_PRINT_JOB_PRINTING:
        status = step_printing(&step, reterr);
        break;
    case SUGU_PRINT_JOB_OUT:
    case SUGU_PRINT_JOB_FAILED:
    case SUGU_PRINT_JOB_DOUBTFUL:
    case SUGU_PRINT_JOB_STATE_COUNT:
        return SUGU_OK;
    }
    *ret_reasons = step.reasons;
    if (status == SUGU_OK)
        *paper = step.paper;
    return status;
}
