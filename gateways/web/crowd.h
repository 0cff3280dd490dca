/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crowd - the open pages that listen: each change of theirs is written to them at once
 *
 * Server-sent events as the endless body of libsoup's answer. While nothing is said the message is
 * paused and costs the loop nothing; one epoll descriptor tells of those who leave. Nothing is
 * queued for a phone that reads slowly: what it gets next is the page as it is then.
 */
#pragma once

#include "web/book.h"
#include "web/figures.h"
#include "web/html.h"
#include "web/stream.h"

#include <libsoup/soup.h>

struct web_crowd;

struct web_crowd_settings {
    size_t listener_max;
    int64_t tick_us;  /* to each one at least so often */
    int64_t drain_us; /* what was written has to be taken within this */
};

/* Makes the view of a sight in a language; what it points to is valid until the next call. */
typedef void (*web_make_view)(void *user,
                              const struct web_sight *sight,
                              size_t language,
                              struct web_view *ret_view);

struct web_crowd *web_crowd_new(const struct web_crowd_settings *settings,
                                struct web_book *book,
                                const struct sugu_clock *clock,
                                struct web_figures *figures);
/* Ends all connections. */
struct web_crowd *web_crowd_free(struct web_crowd *crowd);
void web_crowd_set_view(struct web_crowd *crowd, web_make_view make_view, void *user);

bool web_crowd_has_room(const struct web_crowd *crowd);
size_t web_crowd_count(const struct web_crowd *crowd);

/*
 * The message's answer is the page and what becomes of it; its headers and status are set already,
 * and the caller unpauses it. The token was found a moment ago. Both objects are kept.
 */
void web_crowd_join(struct web_crowd *crowd,
                    SoupServerMessage *message,
                    WebStream *stream,
                    const struct web_token *token,
                    size_t language);
