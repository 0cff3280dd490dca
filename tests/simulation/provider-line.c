/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-line - the line from a payment program to an emulated provider, in virtual time
 */
#include "simulation/provider-line.h"

#include "payment/http/http-curl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX       4
#define LINE_US         (15 * SUGU_MS)
#define LINE_US_MAX     (400 * SUGU_MS)
#define CONNECT_US      (5 * SUGU_SECOND)
#define AWAY_US_MAX     (4 * SUGU_MINUTE)
#define HEADERS_SIZE    2048
#define QUESTION_SIZE   2048
#define AWAY_IN_HUNDRED 2

static struct provider_line *lines[LINES_MAX];
static unsigned line_count;
static unsigned faults, lost; /* per cent */

/* A program's end of a line. */
struct end {
    struct sugu_http http; /* first: cast back */
    struct provider_line *line;
};

/* One question; shared by both ends, each of which may be gone first. */
struct exchange {
    struct provider_line *line;
    struct sim_thread *caller; /* NULL when it waits no longer */
    char method[16], path[256], headers[HEADERS_SIZE], body[QUESTION_SIZE];
    struct sugu_provider_reply answer;
    bool is_answered;
    unsigned ends;
};

void
provider_line_add(struct provider_line *line)
{
    if (line_count == LINES_MAX)
        abort();
    lines[line_count++] = line;
}

void
provider_line_command(struct provider_line *line, const char *command)
{
    char answer[128];

    sim_note(command, 0, 0);
    if (!sugu_provider_command(line->provider, command, answer, sizeof answer))
        sim_fail("the emulated provider does not know %s", command);
}

/* ---- what goes wrong */

static void
plan_fault(struct provider_line *line)
{
    static const char *const commands[] = {"drop-request", "drop-response", "twice",
                                           "garbage",      "http 500",      "http 503",
                                           "refuse 429",   "refuse 500"};
    uint64_t which = sim_below(SUGU_ARRAY_SIZE(commands) + 3);
    char text[64];

    sim_count(SIM_COUNT_provider_faults);
    if (which < SUGU_ARRAY_SIZE(commands))
        snprintf(text, sizeof text, "%s", commands[which]);
    else if (which == SUGU_ARRAY_SIZE(commands))
        snprintf(text, sizeof text, "late %lld", (long long)sim_between(1000, 60000));
    else if (which == SUGU_ARRAY_SIZE(commands) + 1)
        snprintf(text, sizeof text, "in-flight %lld", (long long)sim_between(1, 4));
    else {
        line->plan_fault(line);
        return;
    }
    provider_line_command(line, text);
}

static bool
is_away(struct provider_line *line)
{
    if (sim_happens(faults) && sim_happens(AWAY_IN_HUNDRED)) {
        sim_count(SIM_COUNT_provider_absences);
        line->away_until_us = sim_now() + sim_between(SUGU_SECOND, AWAY_US_MAX);
    }
    return sim_is_stormy() && sim_now() < line->away_until_us;
}

/* ---- one question */

static void
exchange_leave(struct exchange *exchange)
{
    if (--exchange->ends == 0)
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
on_arrived(void *user)
{
    struct exchange *exchange = user;
    struct sugu_provider_question question = {.method = exchange->method,
                                              .path = exchange->path,
                                              .headers = exchange->headers,
                                              .body = exchange->body};

    if (sim_happens(faults))
        plan_fault(exchange->line);
    sugu_provider_ask(exchange->line->provider, &question, &exchange->answer);
    sim_note(exchange->path, (int64_t)exchange->answer.status, exchange->answer.is_silent);
    if (sim_happens(lost)) {
        sim_count(SIM_COUNT_provider_answers_lost);
        exchange_leave(exchange);
        return;
    }
    sim_at(sim_now() + exchange->answer.delay_ms * SUGU_MS + sim_between(LINE_US, LINE_US_MAX),
           on_answered, exchange);
}

static struct exchange *
exchange_new(struct provider_line *line, const struct sugu_http_request *request)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    size_t size = 0;

    if (!exchange)
        abort();
    exchange->line = line;
    exchange->caller = sim_self();
    exchange->ends = 2;
    snprintf(exchange->method, sizeof exchange->method, "%s", request->method);
    snprintf(exchange->path, sizeof exchange->path, "%s", request->path);
    snprintf(exchange->body, sizeof exchange->body, "%s", request->body ? request->body : "");
    for (unsigned i = 0; i < SUGU_HTTP_HEADERS_MAX && request->headers[i]; i++)
        size += (size_t)snprintf(exchange->headers + size, sizeof exchange->headers - size,
                                 "%s\r\n", request->headers[i]);
    return exchange;
}

static void
take_answer(const struct exchange *exchange,
            const struct sugu_http_request *request,
            struct sugu_http_reply *reply)
{
    struct sugu_provider_question headers = {.headers = exchange->answer.headers};

    for (unsigned i = 0; i < SUGU_HTTP_WANTED_MAX && request->wanted[i]; i++)
        sugu_provider_header(&headers, request->wanted[i], reply->values[i],
                             sizeof reply->values[i]);
    reply->status = exchange->answer.status;
    if (!*exchange->answer.body)
        return;
    reply->bytes = strdup(exchange->answer.body);
    if (!reply->bytes)
        abort();
    reply->size = strlen(reply->bytes);
}

static enum sugu_status
ask(struct sugu_http *http,
    const struct sugu_http_request *request,
    struct sugu_http_reply *reply,
    struct sugu_error *reterr)
{
    struct provider_line *line = ((struct end *)http)->line;
    int64_t until = sim_now() + request->wait_ms * SUGU_MS;
    enum sugu_status status = SUGU_OK;
    struct exchange *exchange;

    *reply = (struct sugu_http_reply){0};
    if (is_away(line) || sim_happens(lost)) {
        sim_wait(sim_between(1, CONNECT_US));
        return sugu_fail(reterr, SUGU_RETRY, "provider.away", "nothing was sent");
    }
    sim_point("provider.before");
    exchange = exchange_new(line, request);
    if (sim_happens(lost)) {
        sim_count(SIM_COUNT_provider_requests_lost);
        exchange->ends--;
    } else {
        sim_at(sim_now() + sim_between(LINE_US, LINE_US_MAX), on_arrived, exchange);
    }
    sim_point("provider.after");
    while (!exchange->is_answered && sim_now() < until)
        sim_wait(until - sim_now());
    exchange->caller = NULL;
    if (!exchange->is_answered || exchange->answer.is_silent)
        status = sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then silence");
    else
        take_answer(exchange, request, reply);
    exchange_leave(exchange);
    return status;
}

/* ---- in place of libcurl's (ld --wrap) */

enum sugu_status __wrap_sugu_http_curl_new(const struct sugu_http_curl_settings *settings,
                                           struct sugu_http **ret_http,
                                           struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_http_curl_new(const struct sugu_http_curl_settings *settings,
                          struct sugu_http **ret_http,
                          struct sugu_error *reterr)
{
    static const struct sugu_http_ops ops = {.name = "simulated", .ask = ask};
    struct end *end = calloc(1, sizeof *end);

    if (!end)
        abort();
    end->http.ops = &ops;
    for (unsigned i = 0; i < line_count; i++)
        if (strcmp(lines[i]->address, settings->base) == 0)
            end->line = lines[i];
    if (!end->line)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "no provider %s",
                         settings->base);
    *ret_http = &end->http;
    return SUGU_OK;
}

void
provider_line_begin(unsigned fault_percent, unsigned lost_percent)
{
    faults = fault_percent;
    lost = lost_percent;
    line_count = 0;
}
