/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer-ipp - the printer port over IPP: to the device, or through a CUPS queue
 */
#include "printer-ipp.h"

#include "base/text.h"
#include "ipp-attributes.h"
#include "ipp-link.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ipp_printer {
    struct sugu_printer printer; /* first: the port's handle is this struct */
    const atomic_int *stop;
    bool is_queue;
    bool is_stopped;                 /* the queue, as of the last find_device */
    struct sugu_ipp_place submit_to; /* the device, or the scheduler */
    struct sugu_ipp_place device;    /* asked what came out; a queue's is known after ask_printer */
};

static struct ipp_printer *
self_of(struct sugu_printer *printer)
{
    return (struct ipp_printer *)(void *)printer;
}

/* Get-Printer-Attributes; the answer is the caller's. */
static enum sugu_status
ask_printer(const struct ipp_printer *self,
            const struct sugu_ipp_place *place,
            ipp_t **ret_answer,
            struct sugu_error *reterr)
{
    ipp_t *request = sugu_ipp_request_new(place, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
    int count;
    const char *const *names = sugu_ipp_printer_wanted(&count);

    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", count, NULL,
                  names);
    return sugu_ipp_exchange(place, request, NULL, self->stop, ret_answer, reterr);
}

/* Learns where a queue leads to, each time (an administrator may have changed it), and whether it
 * is stopped. */
static enum sugu_status
find_device(struct ipp_printer *self, struct sugu_error *reterr)
{
    ipp_t *answer;
    ipp_attribute_t *uri, *state;
    enum sugu_status status;

    if (!self->is_queue)
        return SUGU_OK;
    status = ask_printer(self, &self->submit_to, &answer, reterr);
    if (status != SUGU_OK)
        return status;
    uri = ippFindAttribute(answer, "device-uri", IPP_TAG_URI);
    status = sugu_ipp_place_read(uri ? ippGetString(uri, 0, NULL) : "", &self->device, reterr);
    state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    self->is_stopped = state && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED;
    ippDelete(answer);
    if (status != SUGU_OK)
        return sugu_fail(reterr, SUGU_REFUSED, "printer.refused",
                         "the queue does not lead to an IPP device");
    return SUGU_OK;
}

/* Paper and sides, where the device knows such paper; else its own default. */
static void
add_media(ipp_t *request, ipp_t *printer, const struct sugu_print_job *job)
{
    ipp_attribute_t *sides = ippFindAttribute(printer, "sides-supported", IPP_TAG_KEYWORD);

    if (sides && ippContainsString(sides, "one-sided"))
        ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", NULL, "one-sided");
    if (sugu_ipp_has_media(printer, job->width, job->height)) {
        ipp_t *size = ippNew(), *media = ippNew();
        ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
                      (int)lround(job->width * 2540 / 72));
        ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
                      (int)lround(job->height * 2540 / 72));
        ippAddCollection(media, IPP_TAG_ZERO, "media-size", size);
        ippAddCollection(request, IPP_TAG_JOB, "media-col", media);
        ippDelete(size);
        ippDelete(media);
    }
}

static enum sugu_status
ipp_create(struct sugu_printer *printer,
           const struct sugu_print_job *job,
           int32_t *ret_number,
           struct sugu_error *reterr)
{
    struct ipp_printer *self = self_of(printer);
    ipp_t *request, *attributes, *answer;
    ipp_attribute_t *number;
    enum sugu_status status = find_device(self, reterr);

    if (status == SUGU_OK)
        status = ask_printer(self, &self->submit_to, &attributes, reterr);
    if (status != SUGU_OK)
        return status == SUGU_UNKNOWN ? SUGU_RETRY : status;
    request = sugu_ipp_request_new(&self->submit_to, IPP_OP_CREATE_JOB, 0);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->title);
    add_media(request, attributes, job);
    ippDelete(attributes);
    status = sugu_ipp_exchange(&self->submit_to, request, NULL, self->stop, &answer, reterr);
    /* An empty job whose number was lost prints nothing: making another one is safe. */
    if (status != SUGU_OK)
        return status == SUGU_UNKNOWN ? SUGU_RETRY : status;
    number = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
    if (!number || ippGetInteger(number, 0) <= 0) {
        status = sugu_fail(reterr, SUGU_REFUSED, "printer.refused", "a job without a number");
    } else {
        *ret_number = ippGetInteger(number, 0);
    }
    ippDelete(answer);
    return status;
}

static enum sugu_status
ipp_send(struct sugu_printer *printer,
         const struct sugu_print_job *job,
         const uint8_t *document,
         size_t size,
         struct sugu_error *reterr)
{
    struct ipp_printer *self = self_of(printer);
    bool is_pdf = size >= 4 && memcmp(document, "%PDF", 4) == 0;
    ipp_t *request = sugu_ipp_request_new(&self->submit_to, IPP_OP_SEND_DOCUMENT, job->number);
    ipp_t *answer;
    struct sugu_error error;
    enum sugu_status status;

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 is_pdf ? "application/pdf" : "image/pwg-raster");
    ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
    status =
        sugu_ipp_exchange(&self->submit_to, request, &(struct sugu_ipp_document){document, size},
                          self->stop, &answer, &error);
    if (status == SUGU_OK) {
        ippDelete(answer);
        return SUGU_OK;
    }
    /* "Busy" in the middle of a document says nothing about the document. */
    if (status == SUGU_RETRY && strcmp(error.code, "printer.away") != 0)
        return sugu_fail(reterr, SUGU_UNKNOWN, "printer.no-answer", "busy while the document came");
    return sugu_fail(reterr, status, error.code, "%s", error.detail);
}

/* State of one job by its number at `place`. */
static enum sugu_print_state
ask_job(const struct ipp_printer *self,
        const struct sugu_ipp_place *place,
        const struct sugu_print_job *job,
        uint32_t reasons)
{
    ipp_t *request = sugu_ipp_request_new(place, IPP_OP_GET_JOB_ATTRIBUTES, job->number);
    ipp_t *answer;
    struct sugu_ipp_job found;
    struct sugu_error error;
    enum sugu_print_state state = SUGU_PRINT_NO_NEWS;
    int count;
    const char *const *names = sugu_ipp_job_wanted(&count);
    enum sugu_status status;

    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", count, NULL,
                  names);
    status = sugu_ipp_exchange(place, request, NULL, self->stop, &answer, &error);
    if (status == SUGU_REFUSED && strcmp(error.code, "printer.no-job") == 0)
        return SUGU_PRINT_FORGOTTEN;
    if (status != SUGU_OK)
        return SUGU_PRINT_NO_NEWS;
    ippFirstAttribute(answer);
    if (sugu_ipp_next_job(answer, &found))
        state = sugu_ipp_judge_job(&found, job->pages, reasons);
    ippDelete(answer);
    return state;
}

/*
 * State at a queue's device: the jobs there that carry the title. The scheduler may have tried more
 * than once; the best of them counts. FORGOTTEN where the device has none.
 */
static enum sugu_print_state
ask_device_by_title(const struct ipp_printer *self,
                    const struct sugu_print_job *job,
                    uint32_t reasons)
{
    ipp_t *request = sugu_ipp_request_new(&self->device, IPP_OP_GET_JOBS, 0);
    ipp_t *answer;
    struct sugu_ipp_job found;
    struct sugu_error error;
    enum sugu_print_state best = SUGU_PRINT_FORGOTTEN;
    int count;
    const char *const *names = sugu_ipp_job_wanted(&count);

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", count, NULL,
                  names);
    if (sugu_ipp_exchange(&self->device, request, NULL, self->stop, &answer, &error) != SUGU_OK)
        return SUGU_PRINT_NO_NEWS;
    ippFirstAttribute(answer);
    while (sugu_ipp_next_job(answer, &found)) {
        enum sugu_print_state state = sugu_ipp_judge_job(&found, job->pages, reasons);
        if (strcmp(found.name, job->title) != 0)
            continue;
        if (state == SUGU_PRINT_OUT || best == SUGU_PRINT_FORGOTTEN ||
            (best == SUGU_PRINT_FAILED && state != SUGU_PRINT_FORGOTTEN))
            best = state;
    }
    ippDelete(answer);
    return best;
}

/* The device's word first; the scheduler's only where the device has nothing to say. */
static enum sugu_print_state
ask_queue(const struct ipp_printer *self, const struct sugu_print_job *job, uint32_t reasons)
{
    enum sugu_print_state device = ask_device_by_title(self, job, reasons);
    enum sugu_print_state queue;

    if (device == SUGU_PRINT_NO_NEWS || device == SUGU_PRINT_OUT || device == SUGU_PRINT_PRINTING ||
        device == SUGU_PRINT_UNCONFIRMED)
        return device;
    queue = ask_job(self, &self->submit_to, job, reasons);
    switch (queue) {
    case SUGU_PRINT_INCOMING:
    case SUGU_PRINT_PRINTING: /* it will try, or try again */
    case SUGU_PRINT_NO_NEWS:
        return queue;
    case SUGU_PRINT_FAILED:
        return SUGU_PRINT_FAILED;
    case SUGU_PRINT_OUT:
    case SUGU_PRINT_UNCONFIRMED:
    case SUGU_PRINT_FORGOTTEN:
        break;
    }
    /* The scheduler is done with it. A device that aborted it is believed, one without a trace of
     * it leaves the matter open. */
    return device == SUGU_PRINT_FAILED     ? SUGU_PRINT_FAILED
           : queue == SUGU_PRINT_FORGOTTEN ? SUGU_PRINT_FORGOTTEN
                                           : SUGU_PRINT_UNCONFIRMED;
}

static void
ipp_look(struct sugu_printer *printer,
         const struct sugu_print_job *job,
         struct sugu_printer_look *ret_look)
{
    struct ipp_printer *self = self_of(printer);
    struct sugu_printer_look look = {.reasons = SUGU_PRINTER_AWAY, .job = SUGU_PRINT_NO_NEWS};
    struct sugu_error error;
    ipp_t *answer;
    enum sugu_status status = find_device(self, &error);

    *ret_look = look;
    if (status == SUGU_REFUSED) /* it is there, and will never do */
        ret_look->reasons = SUGU_PRINTER_OTHER;
    if (status != SUGU_OK || ask_printer(self, &self->device, &answer, &error) != SUGU_OK)
        return;
    sugu_ipp_read_printer(answer, &look);
    ippDelete(answer);
    if (self->is_queue)
        look.takes_pdf = true; /* the scheduler converts */
    if (self->is_stopped)
        look.reasons |= SUGU_PRINTER_OTHER;
    if (job && job->number > 0)
        look.job = self->is_queue ? ask_queue(self, job, look.reasons)
                                  : ask_job(self, &self->device, job, look.reasons);
    *ret_look = look;
}

static enum sugu_status
ipp_cancel(struct sugu_printer *printer,
           const struct sugu_print_job *job,
           struct sugu_error *reterr)
{
    struct ipp_printer *self = self_of(printer);
    ipp_t *request = sugu_ipp_request_new(&self->submit_to, IPP_OP_CANCEL_JOB, job->number);
    ipp_t *answer;
    enum sugu_status status =
        sugu_ipp_exchange(&self->submit_to, request, NULL, self->stop, &answer, reterr);

    if (status == SUGU_OK)
        ippDelete(answer);
    /* A job that is over already cannot be cancelled: as good as done. */
    if (status == SUGU_REFUSED)
        return SUGU_OK;
    return status == SUGU_OK ? SUGU_OK
                             : sugu_fail(reterr, SUGU_RETRY, "printer.away", "cancel: no answer");
}

static void
ipp_free(struct sugu_printer *printer)
{
    free(printer);
}

static const struct sugu_printer_ops ipp_ops = {
    .name = "ipp",
    .create = ipp_create,
    .send = ipp_send,
    .look = ipp_look,
    .cancel = ipp_cancel,
    .free = ipp_free,
};

/* The scheduler's place for a queue: its socket or host from CUPS_SERVER or client.conf. */
static enum sugu_status
place_of_queue(const char *queue, struct sugu_ipp_place *ret_place, struct sugu_error *reterr)
{
    struct sugu_ipp_place place = {.port = ippPort(), .encryption = cupsEncryption()};

    if (!*queue ||
        strspn(queue, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                      "-_.") != strlen(queue) ||
        strlen(queue) > 127)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "cups:%s: no queue name", queue);
    sugu_text_copy(place.host, sizeof place.host, cupsServer());
    snprintf(place.resource, sizeof place.resource, "/printers/%s", queue);
    snprintf(place.uri, sizeof place.uri, "ipp://localhost/printers/%s", queue);
    *ret_place = place;
    return SUGU_OK;
}

enum sugu_status
sugu_printer_ipp_new(const char *where,
                     const atomic_int *stop,
                     struct sugu_printer **ret_printer,
                     struct sugu_error *reterr)
{
    struct ipp_printer *self = calloc(1, sizeof *self);
    enum sugu_status status;

    if (!self)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    self->printer.ops = &ipp_ops;
    self->stop = stop;
    self->is_queue = strncmp(where, "cups:", 5) == 0;
    if (self->is_queue)
        status = place_of_queue(where + 5, &self->submit_to, reterr);
    else
        status = sugu_ipp_place_read(where, &self->submit_to, reterr);
    if (status != SUGU_OK) {
        free(self);
        return status;
    }
    self->device = self->submit_to;
    *ret_printer = &self->printer;
    return SUGU_OK;
}
