/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider - what every emulated payment provider is: one question in, one answer out
 */
#include "emulators/provider.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *
sugu_provider_grow(void *array, unsigned count, size_t size)
{
    if ((count & (count - 1)) != 0 && count != 0)
        return array; /* it is full at powers of two only */
    array = realloc(array, (count ? 2 * (size_t)count : 1) * size);
    if (!array)
        abort();
    return array;
}

int64_t
sugu_provider_now_s(const struct sugu_provider *provider)
{
    return provider->clock->utc_us(provider->clock) / SUGU_SECOND + provider->skew_s;
}

bool
sugu_provider_header(const struct sugu_provider_question *question,
                     const char *name,
                     char *to,
                     size_t size)
{
    size_t name_size = strlen(name);
    const char *line = question->headers;

    while (line && *line) {
        const char *end = strstr(line, "\r\n");
        if (!end)
            return false;
        if (strncasecmp(line, name, name_size) == 0 && line[name_size] == ':') {
            line += name_size + 1;
            line += strspn(line, " ");
            if ((size_t)(end - line) >= size)
                return false;
            memcpy(to, line, (size_t)(end - line));
            to[end - line] = '\0';
            return true;
        }
        line = end + 2;
    }
    return false;
}

/* ---- what is wrong on the way */

/* Puts `text` for the text of the n-th string that is a value. */
static bool
taint(char *body, size_t size, int64_t n, const char *text)
{
    char rest[4096];

    for (char *at = strstr(body, ":\""); at; at = strstr(at + 2, ":\"")) {
        char *end = strchr(at + 2, '"');
        if (!end)
            return false;
        if (n-- > 0)
            continue;
        sugu_text_copy(rest, sizeof rest, end);
        *(at + 2) = '\0';
        return snprintf(at + 2, size - (size_t)(at + 2 - body), "%s%s", text, rest) > 0;
    }
    return false;
}

static void
add_date(const struct sugu_provider *provider, struct sugu_provider_reply *reply)
{
    time_t now = sugu_provider_now_s(provider);
    size_t size = strlen(reply->headers);
    struct tm date;

    gmtime_r(&now, &date);
    strftime(reply->headers + size, sizeof reply->headers - size,
             "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &date);
}

static void
be_empty(struct sugu_provider_reply *reply, unsigned status)
{
    reply->status = status;
    reply->body[0] = '\0';
}

/* Behind the carrying out. */
static void
spoil(struct sugu_provider *provider,
      enum sugu_provider_fault fault,
      const struct sugu_provider_question *question,
      struct sugu_provider_reply *reply)
{
    static struct sugu_provider_reply second;

    switch (fault) {
    case SUGU_PROVIDER_DROP_RESPONSE:
        reply->is_silent = true;
        break;
    case SUGU_PROVIDER_LATE:
        reply->delay_ms = (uint32_t)provider->fault_number;
        break;
    case SUGU_PROVIDER_TWICE:
        provider->ops->serve(provider, question, &second);
        break;
    case SUGU_PROVIDER_HTTP:
        be_empty(reply, (unsigned)provider->fault_number);
        break;
    case SUGU_PROVIDER_GARBAGE:
        memcpy(reply->body, "<html>", 6);
        break;
    case SUGU_PROVIDER_TAINT:
        provider->was_tainted =
            taint(reply->body, sizeof reply->body, provider->fault_number, provider->fault_text);
        break;
    case SUGU_PROVIDER_FINE:
    case SUGU_PROVIDER_DROP_REQUEST:
    case SUGU_PROVIDER_IN_FLIGHT:
    case SUGU_PROVIDER_REFUSE:
        break;
    }
}

static void
keep_in_flight(struct sugu_provider *provider, const struct sugu_provider_question *question)
{
    struct sugu_provider_in_flight *kept = &provider->in_flight;

    sugu_text_copy(kept->method, sizeof kept->method, question->method);
    sugu_text_copy(kept->path, sizeof kept->path, question->path);
    sugu_text_copy(kept->headers, sizeof kept->headers, question->headers);
    sugu_text_copy(kept->body, sizeof kept->body, question->body);
    kept->questions_left = provider->fault_number;
}

/* Lets the question that was on its way arrive, where its time has come; nobody hears the answer.
 */
static void
let_arrive(struct sugu_provider *provider)
{
    static struct sugu_provider_reply unheard;
    struct sugu_provider_in_flight *kept = &provider->in_flight;
    struct sugu_provider_question question = {kept->method, kept->path, kept->headers, kept->body};

    if (kept->questions_left > 0 && --kept->questions_left == 0)
        provider->ops->serve(provider, &question, &unheard);
}

void
sugu_provider_ask(struct sugu_provider *provider,
                  const struct sugu_provider_question *question,
                  struct sugu_provider_reply *reply)
{
    enum sugu_provider_fault fault = SUGU_PROVIDER_FINE;

    *reply = (struct sugu_provider_reply){0};
    provider->counts.questions++;
    let_arrive(provider);
    if (strstr(question->path, provider->fault_at)) {
        fault = provider->fault;
        provider->fault = SUGU_PROVIDER_FINE;
        provider->fault_at[0] = '\0';
    }
    if (fault == SUGU_PROVIDER_DROP_REQUEST || fault == SUGU_PROVIDER_IN_FLIGHT) {
        reply->is_silent = true;
        if (fault == SUGU_PROVIDER_IN_FLIGHT)
            keep_in_flight(provider, question);
        return;
    }
    if (fault == SUGU_PROVIDER_REFUSE) {
        be_empty(reply, (unsigned)provider->fault_number);
        return;
    }
    provider->ops->serve(provider, question, reply);
    add_date(provider, reply);
    spoil(provider, fault, question, reply);
}

/* ---- commands */

static bool
set_fault(struct sugu_provider *provider, const char *name, const char *argument)
{
    static const struct {
        const char *name;
        enum sugu_provider_fault fault;
        bool wants_number;
    } rows[] = {
        {"drop-request", SUGU_PROVIDER_DROP_REQUEST, false},
        {"drop-response", SUGU_PROVIDER_DROP_RESPONSE, false},
        {"in-flight", SUGU_PROVIDER_IN_FLIGHT, true},
        {"late", SUGU_PROVIDER_LATE, true},
        {"twice", SUGU_PROVIDER_TWICE, false},
        {"http", SUGU_PROVIDER_HTTP, true},
        {"refuse", SUGU_PROVIDER_REFUSE, true},
        {"garbage", SUGU_PROVIDER_GARBAGE, false},
        {"taint", SUGU_PROVIDER_TAINT, true},
    };
    char digits[24];
    size_t size = strcspn(argument, " ");

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        snprintf(digits, sizeof digits, "%.*s", (int)size, argument);
        if (rows[i].wants_number &&
            !sugu_text_to_int64(digits, 0, 99999999, &provider->fault_number))
            return false;
        provider->fault = rows[i].fault;
        sugu_text_copy(provider->fault_text, sizeof provider->fault_text,
                       argument + size + (argument[size] == ' '));
        return true;
    }
    return false;
}

static bool
set_mode(struct sugu_provider *provider, const char *name, const char *argument)
{
    if (strcmp(name, "away") == 0)
        provider->is_away = strcmp(argument, "on") == 0;
    else if (strcmp(name, "revoke") == 0)
        provider->is_revoked = strcmp(argument, "on") == 0;
    else if (strcmp(name, "skew") == 0)
        return sugu_text_to_int64(argument, -100000, 100000, &provider->skew_s);
    else if (strcmp(name, "reset") == 0)
        provider->fault = SUGU_PROVIDER_FINE, provider->fault_at[0] = '\0',
        provider->is_away = provider->is_revoked = false, provider->skew_s = 0;
    else
        return false;
    return true;
}

bool
sugu_provider_command(struct sugu_provider *provider,
                      const char *line,
                      char *answer,
                      size_t answer_size)
{
    const struct sugu_provider_counts *counts = &provider->counts;
    char name[64], at[64] = "";
    size_t size;

    if (strncmp(line, "at ", 3) == 0) {
        line += 3;
        size = strcspn(line, " ");
        snprintf(at, sizeof at, "%.*s", (int)size, line);
        line += size + (line[size] == ' ');
    }
    size = strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", (int)size, line);
    line += size + (line[size] == ' ');
    snprintf(answer, answer_size, "ok");
    if (set_fault(provider, name, line)) {
        sugu_text_copy(provider->fault_at, sizeof provider->fault_at, at);
        return true;
    }
    if (strcmp(name, "counts") == 0) {
        snprintf(answer, answer_size,
                 "questions=%u takes=%u gives=%u twins=%u taken=%lld given=%lld", counts->questions,
                 counts->takes, counts->gives, counts->twins, (long long)counts->taken_yen,
                 (long long)counts->given_yen);
        return true;
    }
    if (set_mode(provider, name, line) ||
        provider->ops->command(provider, name, line, answer, answer_size))
        return true;
    snprintf(answer, answer_size, "not known: %.60s", name);
    return false;
}
