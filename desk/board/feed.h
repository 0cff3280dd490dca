/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed - the board's connection: the truth by GetBoard, changes by events, and how old it all is
 *
 * GetBoard is asked at the start, after every gap, every BOARD_ASK_US for the ranges, and soon
 * after an event; many events within a moment make one request. One is open at a time.
 */
#pragma once

#include "state.h"
#include "view.h"

#include "client/client.h"

#define BOARD_ASK_US   (20 * SUGU_SECOND) /* without any event */
#define BOARD_SOON_US  (1 * SUGU_SECOND)  /* after an event, and after a failure */
#define BOARD_STALE_US (65 * SUGU_SECOND) /* no answer for three asks: stale, though connected */

struct board_feed;

struct board_feed_settings {
    struct sugu_client_settings server; /* `listens` is set here */
    const char *const *departments;     /* NULL-ended; empty = all */
};

struct board_feed_means {
    void *zmq_context;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct board_state *state; /* changed by the feed only */
    /* The state or the hearing has changed. */
    void (*on_change)(void *user);
    void *user;
};

/* Attaches to the default main context. Keeps pointers to what is in `means` and `departments`. */
enum sugu_status board_feed_new(const struct board_feed_settings *settings,
                                const struct board_feed_means *means,
                                struct board_feed **ret_feed,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;
struct board_feed *board_feed_free(struct board_feed *feed);

/* How well the server is heard at this moment. */
struct board_hearing board_feed_hearing(const struct board_feed *feed);

/* What the heartbeats say about the board: "board", or "board-silent" where it cannot speak. */
void board_feed_set_silent(struct board_feed *feed, bool is_silent);
