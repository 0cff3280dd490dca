/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks - messages to an address of the hospital's choice: "soon your turn", "bill ready", "you may
 * leave"
 *
 * The server's outbox is the truth: a notice stays there until it is confirmed, and it is confirmed
 * after the receiver answered 2xx. So each arrives at least once; the receiver knows it again by
 * its number (header Idempotency-Key). Where the receiver is away, all wait, longer each time;
 * where it refuses one notice, that one waits and the others go on. Pages never wait for any of it.
 */
#pragma once

#include "web/figures.h"
#include "web/signature.h"
#include "web/token.h"

#include "base/clock.h"
#include "protocol/message.h"

#include <stdbool.h>

struct web_hooks;

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

/* Called when the receiver has taken the notice: tell the server, once and for all. */
void web_hooks_on_delivered(struct web_hooks *hooks,
                            void (*on_delivered)(void *user, uint64_t notice),
                            void *user);

/* One of the outbox. A notice that is known already is ignored. False where there is no room now:
 * the outbox is to be asked again later. */
bool web_hooks_take(struct web_hooks *hooks, const Sugu__Notice *notice);
/* The server has it no more. */
void web_hooks_forget(struct web_hooks *hooks, uint64_t notice);
size_t web_hooks_waiting(const struct web_hooks *hooks);

/* For tests: the body of a message; and the pause after so many failures in a row. */
void
web_hook_body(GString *out, const struct web_hooks_settings *settings, const Sugu__Notice *notice);
int64_t web_hook_pause_us(int64_t first_us, int64_t longest_us, unsigned failures);
