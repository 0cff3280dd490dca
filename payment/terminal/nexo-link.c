/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-link - the real link to a terminal: one HTTPS POST over a connection of its own
 *
 * The connection is payment/http/http-curl; here stand a terminal's address and its words.
 */
#include "payment/terminal/nexo-link.h"

#include "base/text.h"
#include "payment/http/http-curl.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct https_link {
    struct sugu_nexo_link link;
    char *root_pem;
    char certificate_name[256];
    uint32_t connect_wait_ms;
    atomic_bool is_stopping;
};

/* The port's failures in the words of a terminal. */
static enum sugu_status
judge(enum sugu_status status,
      const struct sugu_error *error,
      const struct sugu_http_reply *reply,
      struct sugu_error *reterr)
{
    switch (status) {
    case SUGU_OK:
        if (reply->status == 200)
            return SUGU_OK;
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then HTTP status %u",
                         reply->status);
    case SUGU_RETRY:
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "%s", error->detail);
    case SUGU_UNKNOWN:
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "%s", error->detail);
    case SUGU_REFUSED: /* of the address: nothing was sent */
    case SUGU_BROKEN:
        break;
    }
    return sugu_fail(reterr, SUGU_BROKEN, "terminal.not-trusted", "%s", error->detail);
}

static enum sugu_status
https_post(struct sugu_nexo_link *port,
           const char *address,
           const char *body,
           uint32_t wait_ms,
           struct sugu_nexo_reply *reply,
           struct sugu_error *reterr)
{
    struct https_link *link = (struct https_link *)port;
    const char *host = strncmp(address, "https://", 8) == 0 ? address + 8 : "";
    const char *path = strchr(host, '/');
    char base[300] = "";
    struct sugu_http_curl_settings settings = {
        .base = base,
        .root_pem = link->root_pem,
        .certificate_name = link->certificate_name,
        .connect_wait_ms = link->connect_wait_ms,
        .is_stopping = &link->is_stopping,
    };
    struct sugu_http_request request = {.method = "POST",
                                        .path = path,
                                        .headers = {"Content-Type: application/json"},
                                        .body = body,
                                        .wait_ms = wait_ms};
    struct sugu_http_reply answer = {0};
    struct sugu_http *http = NULL;
    struct sugu_error error;
    enum sugu_status status;

    *reply = (struct sugu_nexo_reply){0};
    if (atomic_load(&link->is_stopping))
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the program is ending");
    if (!path || (size_t)(path - address) >= sizeof base)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "the address is none");
    memcpy(base, address, (size_t)(path - address));
    status = sugu_http_curl_new(&settings, &http, &error);
    if (!status)
        status = http->ops->ask(http, &request, &answer, &error);
    sugu_http_curl_free(http);
    reply->bytes = answer.bytes;
    reply->size = answer.size;
    reply->was_sent = status == SUGU_OK || status == SUGU_UNKNOWN;
    return judge(status, &error, &answer, reterr);
}

static void
https_stop(struct sugu_nexo_link *link)
{
    atomic_store(&((struct https_link *)link)->is_stopping, true);
}

static void
https_free(struct sugu_nexo_link *link)
{
    free(((struct https_link *)link)->root_pem);
    free(link);
}

static const struct sugu_nexo_link_ops https_ops = {
    .post = https_post, .stop = https_stop, .free = https_free};

enum sugu_status
sugu_nexo_link_https_new(const char *root_pem,
                         const char *certificate_name,
                         uint32_t connect_wait_ms,
                         struct sugu_nexo_link **ret_link,
                         struct sugu_error *reterr)
{
    struct https_link *link;

    if (!strstr(root_pem, "-----BEGIN CERTIFICATE-----"))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "the terminal's root holds no certificate (PEM)");
    link = calloc(1, sizeof *link);
    if (!link || !(link->root_pem = strdup(root_pem))) {
        free(link);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    link->link.ops = &https_ops;
    sugu_text_copy(link->certificate_name, sizeof link->certificate_name, certificate_name);
    link->connect_wait_ms = connect_wait_ms;
    *ret_link = &link->link;
    return SUGU_OK;
}

struct sugu_nexo_link *
sugu_nexo_link_free(struct sugu_nexo_link *link)
{
    if (link)
        link->ops->free(link);
    return NULL;
}
