/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks - messages to an address of the hospital's choice: "soon your turn", "bill ready", "you may
 * leave"
 *
 * The server's outbox is the truth: a notice stays there until it is confirmed, and it is confirmed
 * after the receiver answered 2xx. So each arrives at least once; the receiver knows it again by
 * its number (header Idempotency-Key). A try that failed is told to the outbox, which brings the
 * notice again after a pause that grows with its tries: one that always fails stands in nobody's
 * way, and no restart forgets the pause. Where the receiver is away, all others wait too, longer
 * each time. A notice that the receiver refuses (4xx) WEB_HOOK_REFUSALS_MAX times is given up, and
 * one that is too late is not sent. What is soonest too late goes first. Pages never wait for any
 * of it.
 */
#pragma once

#include "web/figures.h"
#include "web/signature.h"
#include "web/token.h"

#include "base/clock.h"
#include "protocol/message.h"

#include <stdbool.h>

struct web_hooks;

#define WEB_HOOK_REFUSALS_MAX 5

/* A try that failed. */
struct web_hook_failure {
    uint64_t notice;
    unsigned status;  /* of HTTP; 0 = no answer */
    int64_t pause_us; /* until the next one */
    bool is_refused;  /* the receiver looked at it */
    bool is_final;    /* and will not be asked again */
};

struct web_hooks_settings {
    const char *url;       /* https://…; http:// only to this machine */
    const char *page_base; /* "https://phone.hospital.example/t/"; "" = no address in the message */
    uint32_t facility;
    struct web_hook_key key;        /* taken over */
    int64_t retry_us, retry_us_max; /* first and longest pause after a failure */
};

/* REFUSED "settings.invalid" for an address that cannot be used; the key is taken over only with
 * OK. */
enum sugu_status web_hooks_new(const struct web_hooks_settings *settings,
                               const struct sugu_clock *clock,
                               struct web_figures *figures,
                               struct web_hooks **ret_hooks,
                               struct sugu_error *reterr) SUGU_MUST_CHECK;
struct web_hooks *web_hooks_free(struct web_hooks *hooks);

/* Called when the receiver has taken a notice, or has not: tell the server, then web_hooks_forget.
 */
struct web_hooks_callbacks {
    void (*on_delivered)(void *user, uint64_t notice);
    void (*on_failed)(void *user, const struct web_hook_failure *failure);
    void *user;
};
void web_hooks_on_ended(struct web_hooks *hooks, const struct web_hooks_callbacks *callbacks);

/* One of the outbox. A notice that is known already is ignored. False where there is no room now:
 * the outbox is to be asked again later. */
bool web_hooks_take(struct web_hooks *hooks, const Sugu__Notice *notice);
/* The server knows how it ended. */
void web_hooks_forget(struct web_hooks *hooks, uint64_t notice);
size_t web_hooks_waiting(const struct web_hooks *hooks);

/* For tests: the body of a message; and the pause after so many failures in a row. */
void
web_hook_body(GString *out, const struct web_hooks_settings *settings, const Sugu__Notice *notice);
int64_t web_hook_pause_us(int64_t first_us, int64_t longest_us, unsigned failures);
