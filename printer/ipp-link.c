/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-link - one IPP request and its answer, in bounded time
 */
#include "ipp-link.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SLICE_MS 500 /* how often a waiting call looks at the stop flag */

struct patience {
    const atomic_int *stop;
    unsigned slices; /* of silence */
};

enum sugu_status
sugu_ipp_place_read(const char *uri, struct sugu_ipp_place *ret_place, struct sugu_error *reterr)
{
    struct sugu_ipp_place place = {.port = 0};
    char scheme[32], user[256];
    http_uri_status_t status = httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme,
                                               user, sizeof user, place.host, sizeof place.host,
                                               &place.port, place.resource, sizeof place.resource);

    if (status < HTTP_URI_STATUS_OK || !*place.host || strlen(uri) >= sizeof place.uri ||
        (strcmp(scheme, "ipp") != 0 && strcmp(scheme, "ipps") != 0))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "printer: \"%s\" is not an address like ipp://host:631/ipp/print", uri);
    place.encryption =
        strcmp(scheme, "ipps") == 0 ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
    sugu_text_copy(place.uri, sizeof place.uri, uri);
    *ret_place = place;
    return SUGU_OK;
}

ipp_t *
sugu_ipp_request_new(const struct sugu_ipp_place *place, ipp_op_t operation, int32_t job)
{
    ipp_t *request = ippNewRequest(operation);

    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, place->uri);
    if (job > 0)
        ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "sugu");
    return request;
}

/* Called by libcups after each slice of silence: 1 goes on waiting. */
static int
on_silence(http_t *http, void *user)
{
    struct patience *patience = user;

    (void)http;
    patience->slices++;
    return !atomic_load(patience->stop) && patience->slices * SLICE_MS < SUGU_IPP_SILENCE_MS_MAX;
}

/* A printer of a kiosk wants no password; never ask a terminal for one. */
static const char *
no_password(const char *prompt, http_t *http, const char *method, const char *resource, void *user)
{
    (void)prompt;
    (void)http;
    (void)method;
    (void)resource;
    (void)user;
    return NULL;
}

static http_t *
connect_to(const struct sugu_ipp_place *place, struct patience *patience, struct sugu_error *reterr)
{
    int cancel = 0;
    http_t *http;

    cupsSetPasswordCB2(no_password, NULL);
    http = httpConnect2(place->host, place->port, /* addrlist= */ NULL, AF_UNSPEC,
                        place->encryption, /* blocking= */ 1, SUGU_IPP_CONNECT_MS_MAX, &cancel);
    if (!http) {
        sugu_fail(reterr, SUGU_RETRY, "printer.away", "no connection to %s:%d: %s", place->host,
                  place->port, cupsLastErrorString());
        return NULL;
    }
    httpSetTimeout(http, SLICE_MS / 1000.0, on_silence, patience);
    return http;
}

/* What the device's status means for the caller. */
static enum sugu_status
judge(ipp_t *answer, struct sugu_error *reterr)
{
    ipp_status_t code = ippGetStatusCode(answer);
    ipp_attribute_t *message = ippFindAttribute(answer, "status-message", IPP_TAG_TEXT);
    const char *words = message ? ippGetString(message, 0, NULL) : "";

    if (code <= IPP_STATUS_OK_EVENTS_COMPLETE)
        return SUGU_OK;
    if (code == IPP_STATUS_ERROR_NOT_FOUND || code == IPP_STATUS_ERROR_GONE)
        return sugu_fail(reterr, SUGU_REFUSED, "printer.no-job", "%s", ippErrorString(code));
    if (code == IPP_STATUS_ERROR_BUSY || code == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE ||
        code == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS || code == IPP_STATUS_ERROR_TEMPORARY ||
        code == IPP_STATUS_ERROR_DEVICE || code == IPP_STATUS_ERROR_PRINTER_IS_DEACTIVATED)
        return sugu_fail(reterr, SUGU_RETRY, "printer.waits", "%s %s", ippErrorString(code), words);
    return sugu_fail(reterr, SUGU_REFUSED, "printer.refused", "%s %s", ippErrorString(code), words);
}

enum sugu_status
sugu_ipp_exchange(const struct sugu_ipp_place *place,
                  ipp_t *request,
                  const struct sugu_ipp_document *document,
                  const atomic_int *stop,
                  ipp_t **ret_answer,
                  struct sugu_error *reterr)
{
    struct patience patience = {stop, 0};
    size_t size = document ? document->size : 0;
    http_t *http = connect_to(place, &patience, reterr);
    http_status_t sent;
    ipp_t *answer = NULL;
    enum sugu_status status;

    if (!http) {
        ippDelete(request);
        return SUGU_RETRY;
    }
    sent = cupsSendRequest(http, request, place->resource, ippLength(request) + size);
    if (sent == HTTP_STATUS_CONTINUE && size > 0)
        sent = cupsWriteRequestData(http, (const char *)document->bytes, size);
    if (sent == HTTP_STATUS_CONTINUE || sent == HTTP_STATUS_OK)
        answer = cupsGetResponse(http, place->resource);
    if (!answer)
        status = sugu_fail(reterr, SUGU_UNKNOWN, "printer.no-answer", "%s:%d: %s", place->host,
                           place->port, cupsLastErrorString());
    else
        status = judge(answer, reterr);
    httpClose(http);
    ippDelete(request);
    if (status == SUGU_OK)
        *ret_answer = answer;
    else
        ippDelete(answer);
    return status;
}
