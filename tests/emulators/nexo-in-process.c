/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-in-process - the link of the real nexo driver, led to an emulated terminal in this process
 */
#include "emulators/nexo-in-process.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct emulated_link {
    struct sugu_nexo_link link;
    struct sugu_emulated_machine *machine;
    const struct sugu_clock *clock;
    int64_t took_us;
    bool is_stopping;
};

static enum sugu_status
judge(struct sugu_emulated_answer *answer, struct sugu_nexo_reply *reply, struct sugu_error *reterr)
{
    if (!answer->envelope)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then: line closed");
    if (answer->is_http_500) {
        free(answer->envelope);
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then HTTP status 500");
    }
    reply->bytes = answer->envelope;
    reply->size = strlen(answer->envelope);
    return SUGU_OK;
}

static enum sugu_status
emulated_post(struct sugu_nexo_link *port,
              const char *address,
              const char *body,
              uint32_t wait_ms,
              struct sugu_nexo_reply *reply,
              struct sugu_error *reterr)
{
    struct emulated_link *link = (struct emulated_link *)port;
    int64_t now = link->clock->monotonic_us(link->clock), wait_us = wait_ms * SUGU_MS, due;
    struct sugu_emulated_exchange *exchange;
    struct sugu_emulated_answer answer;

    (void)address;
    *reply = (struct sugu_nexo_reply){0};
    if (link->is_stopping || sugu_emulated_machine_connect(link->machine) != SUGU_EMULATED_PASSES)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "nothing was sent");
    reply->was_sent = true;
    exchange = sugu_emulated_begin(link->machine, body, strlen(body), now);
    due = sugu_emulated_due_us(link->machine, exchange, now);
    if (due > now && (due == INT64_MAX || due - now > wait_us)) {
        link->took_us += wait_us;
        sugu_emulated_end(link->machine, exchange, now, &answer);
        assert(!answer.envelope);
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then: time-out");
    }
    link->took_us += due - now;
    sugu_emulated_end(link->machine, exchange, due, &answer);
    return judge(&answer, reply, reterr);
}

static void
emulated_stop(struct sugu_nexo_link *link)
{
    ((struct emulated_link *)link)->is_stopping = true;
}

static void
emulated_free(struct sugu_nexo_link *link)
{
    free(link);
}

static const struct sugu_nexo_link_ops emulated_ops = {
    .post = emulated_post, .stop = emulated_stop, .free = emulated_free};

struct sugu_nexo_link *
sugu_emulated_link_new(struct sugu_emulated_machine *machine, const struct sugu_clock *clock)
{
    struct emulated_link *link = calloc(1, sizeof *link);

    assert(link);
    link->link.ops = &emulated_ops;
    link->machine = machine;
    link->clock = clock;
    return &link->link;
}

int64_t
sugu_emulated_link_take_us(struct sugu_nexo_link *port)
{
    struct emulated_link *link = (struct emulated_link *)port;
    int64_t took_us = link->took_us;

    link->took_us = 0;
    return took_us;
}
