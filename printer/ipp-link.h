/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-link - one IPP request and its answer, in bounded time
 *
 * Every exchange opens its own connection and closes it: a printer that was switched off leaves no
 * half-open socket behind, and no document is ever sent twice by a library that reconnects.
 */
#pragma once

#include "base/status.h"

#include <cups/cups.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SUGU_IPP_CONNECT_MS_MAX 3000
#define SUGU_IPP_SILENCE_MS_MAX 8000 /* nothing heard for so long: the answer counts as lost */

/* Where a printer listens. */
struct sugu_ipp_place {
    char uri[HTTP_MAX_URI]; /* as the printer wants it in "printer-uri" */
    char host[256];         /* name, address, or the path of a local socket */
    int port;
    char resource[256];
    http_encryption_t encryption;
};

/*
 * Reads "ipp://host[:port]/path" (or ipps://). REFUSED "settings.invalid" for anything else.
 */
enum sugu_status sugu_ipp_place_read(const char *uri,
                                     struct sugu_ipp_place *ret_place,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* A request to the place with the attributes that every request has; `job` > 0 adds the job's. */
ipp_t *sugu_ipp_request_new(const struct sugu_ipp_place *place, ipp_op_t operation, int32_t job);

/* What goes behind a request. */
struct sugu_ipp_document {
    const uint8_t *bytes;
    size_t size;
};

/*
 * Sends the request (freed in any case) with `document` (NULL = none) behind it and waits for the
 * answer, which the caller frees with ippDelete. `stop` set to non-zero ends the waiting.
 *
 * RETRY "printer.away": no connection, nothing was sent. UNKNOWN "printer.no-answer": sent, and no
 * answer came. RETRY "printer.waits": the device is busy or does not accept jobs now. REFUSED
 * "printer.refused": it said no; detail has its words. REFUSED "printer.no-job": it does not know
 * the job.
 */
enum sugu_status sugu_ipp_exchange(const struct sugu_ipp_place *place,
                                   ipp_t *request,
                                   const struct sugu_ipp_document *document,
                                   const atomic_int *stop,
                                   ipp_t **ret_answer,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
