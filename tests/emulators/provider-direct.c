/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-direct - an emulated provider behind the http port, in the same process and thread
 */
#include "emulators/provider-direct.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
pass(struct sugu_provider_direct *direct, uint32_t wait_ms)
{
    if (direct->clock)
        sugu_clock_manual_advance(direct->clock, wait_ms * SUGU_MS);
}

static void
keep_headers(const struct sugu_http_request *request,
             const struct sugu_provider_reply *from,
             struct sugu_http_reply *reply)
{
    struct sugu_provider_question headers = {.headers = from->headers};

    for (unsigned i = 0; i < SUGU_HTTP_WANTED_MAX && request->wanted[i]; i++)
        sugu_provider_header(&headers, request->wanted[i], reply->values[i],
                             sizeof reply->values[i]);
}

static enum sugu_status
ask(struct sugu_http *http,
    const struct sugu_http_request *request,
    struct sugu_http_reply *reply,
    struct sugu_error *reterr)
{
    struct sugu_provider_direct *direct = (struct sugu_provider_direct *)http;
    char headers[2048] = "";
    struct sugu_provider_question question = {.method = request->method,
                                              .path = request->path,
                                              .headers = headers,
                                              .body = request->body ? request->body : ""};
    struct sugu_provider_reply answer;

    *reply = (struct sugu_http_reply){0};
    if (direct->provider->is_away)
        return sugu_fail(reterr, SUGU_RETRY, "provider.away", "the emulated provider is away");
    for (unsigned i = 0; i < SUGU_HTTP_HEADERS_MAX && request->headers[i]; i++)
        snprintf(headers + strlen(headers), sizeof headers - strlen(headers), "%s\r\n",
                 request->headers[i]);
    sugu_provider_ask(direct->provider, &question, &answer);
    if (answer.is_silent || answer.delay_ms + direct->line_ms >= request->wait_ms) {
        pass(direct, answer.is_silent ? direct->line_ms : request->wait_ms);
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the line was closed");
    }
    pass(direct, answer.delay_ms + direct->line_ms);
    reply->status = answer.status;
    keep_headers(request, &answer, reply);
    if (*answer.body) {
        reply->size = strlen(answer.body);
        reply->bytes = strdup(answer.body);
        if (!reply->bytes)
            abort();
    }
    return SUGU_OK;
}

static const struct sugu_http_ops ops = {.name = "direct", .ask = ask};

void
sugu_provider_direct_init(struct sugu_provider_direct *direct,
                          struct sugu_provider *provider,
                          struct sugu_clock_manual *clock)
{
    *direct = (struct sugu_provider_direct){
        .http.ops = &ops, .provider = provider, .clock = clock, .line_ms = 20};
}
