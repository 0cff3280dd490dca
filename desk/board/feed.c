/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed - asks, hears, and knows since when it has not
 */
#include "feed.h"

#include "base/log.h"
#include "client/client-source.h"

#include <assert.h>
#include <string.h>

/* A read: the client repeats it by itself meanwhile. */
#define ANSWER_WAIT_US (10 * SUGU_SECOND)

struct board_feed {
    struct board_feed_means means;
    Sugu__DepartmentCode departments[BOARD_WAITS_MAX], *department_places[BOARD_WAITS_MAX];
    size_t department_count;
    struct sugu_request_store *store;
    struct sugu_client *client;
    GSource *source;
    guint ask_timer;
    bool is_asking, is_caught_up, is_silent;
    bool wants_again; /* something happened while a request was open */
    uint64_t mark;    /* of the open request */
    int64_t answered_us;
    sugu_time_us answered_utc, stale_since_utc;
};

static void ask(struct board_feed *feed);

static struct board_moment
moment_of(const struct board_feed *feed)
{
    const struct sugu_clock *clock = feed->means.clock;

    return (struct board_moment){clock->monotonic_us(clock), clock->utc_us(clock),
                                 feed->is_caught_up};
}

static void
tell(struct board_feed *feed)
{
    feed->means.on_change(feed->means.user);
}

/* ---------------------------------------------------------------- asking */

static gboolean
on_ask_due(void *user)
{
    struct board_feed *feed = user;

    feed->ask_timer = 0;
    ask(feed);
    return G_SOURCE_REMOVE;
}

static void
ask_in(struct board_feed *feed, int64_t wait_us)
{
    g_clear_handle_id(&feed->ask_timer, g_source_remove);
    feed->ask_timer = g_timeout_add((guint)(wait_us / SUGU_MS), on_ask_due, feed);
}

/* Once, however much happens before it is sent. */
static void
ask_soon(struct board_feed *feed)
{
    if (feed->wants_again)
        return;
    feed->wants_again = true;
    if (!feed->is_asking)
        ask_in(feed, BOARD_SOON_US);
}

static void
on_answer(void *user, const Sugu__Reply *reply)
{
    struct board_feed *feed = user;
    struct board_moment moment = moment_of(feed);

    feed->is_asking = false;
    ask_in(feed, feed->wants_again ? BOARD_SOON_US : BOARD_ASK_US);
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_BOARD) {
        sugu_log(SUGU_LOG_WARNING, "board.no-answer", "code=%s", reply->code);
        ask_in(feed, BOARD_SOON_US);
        tell(feed);
        return;
    }
    feed->answered_us = moment.now_us;
    feed->answered_utc = moment.utc_us;
    /* What it holds is not news of this moment. */
    moment.is_live = false;
    board_state_take_board(feed->means.state, reply->board, feed->mark, &moment);
    tell(feed);
}

static void
ask(struct board_feed *feed)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetBoard get = SUGU__GET_BOARD__INIT;
    struct sugu_ask how = {
        .is_read = true, .wait_us = ANSWER_WAIT_US, .on_reply = on_answer, .user = feed};
    struct sugu_error error;

    if (feed->is_asking)
        return;
    get.departments = feed->department_places;
    get.n_departments = feed->department_count;
    request.body_case = SUGU__REQUEST__BODY_GET_BOARD;
    request.get_board = &get;
    feed->mark = board_state_mark(feed->means.state);
    feed->wants_again = false;
    if (sugu_client_request(feed->client, &request, &how, &error) == SUGU_OK) {
        feed->is_asking = true;
        return;
    }
    sugu_log_error(SUGU_LOG_ERROR, "request.not-sent", &error);
    ask_in(feed, BOARD_SOON_US);
}

/* ---------------------------------------------------------------- hearing */

static void
on_event(void *user, const Sugu__Event *event)
{
    struct board_feed *feed = user;
    struct board_moment moment = moment_of(feed);

    if (event->body_case == SUGU__EVENT__BODY_NUMBER_CALLED)
        board_state_take_number(feed->means.state, event->number_called, &moment);
    else if (event->body_case == SUGU__EVENT__BODY_BILL_READY)
        board_state_take_bill(feed->means.state, event->bill_ready, &moment);
    /* Whatever it was, it may have moved the ranges. */
    ask_soon(feed);
    tell(feed);
}

static void
on_fresh(void *user, bool was_reset)
{
    struct board_feed *feed = user;

    (void)was_reset;
    feed->is_caught_up = true;
    feed->stale_since_utc = 0;
    sugu_log(SUGU_LOG_INFO, "board.connected", "");
    if (feed->is_asking)
        feed->wants_again = true;
    else
        ask(feed);
    tell(feed);
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    struct board_feed *feed = user;

    feed->is_caught_up = false;
    feed->stale_since_utc = since_utc;
    sugu_log(SUGU_LOG_WARNING, "board.stale", "");
    tell(feed);
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

struct board_hearing
board_feed_hearing(const struct board_feed *feed)
{
    const struct sugu_clock *clock = feed->means.clock;

    if (!feed->means.state->has_truth)
        return (struct board_hearing){.line = BOARD_CONNECTING};
    if (feed->stale_since_utc)
        return (struct board_hearing){BOARD_STALE, feed->stale_since_utc};
    if (clock->monotonic_us(clock) - feed->answered_us > BOARD_STALE_US)
        return (struct board_hearing){BOARD_STALE, feed->answered_utc};
    return (struct board_hearing){.line = BOARD_FRESH};
}

void
board_feed_set_silent(struct board_feed *feed, bool is_silent)
{
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    feed->is_silent = is_silent;
    heartbeat.page = is_silent ? "board-silent" : "board";
    sugu_client_set_heartbeat(feed->client, &heartbeat);
}

/* ---------------------------------------------------------------- the whole */

static void
put_departments(struct board_feed *feed, const char *const *departments)
{
    for (; departments[feed->department_count]; feed->department_count++) {
        Sugu__DepartmentCode *code = &feed->departments[feed->department_count];
        assert(feed->department_count < BOARD_WAITS_MAX); /* held by the settings */
        *code = (Sugu__DepartmentCode)SUGU__DEPARTMENT_CODE__INIT;
        code->department = (char *)departments[feed->department_count];
        feed->department_places[feed->department_count] = code;
    }
}

enum sugu_status
board_feed_new(const struct board_feed_settings *settings,
               const struct board_feed_means *means,
               struct board_feed **ret_feed,
               struct sugu_error *reterr)
{
    struct board_feed *feed = g_new0(struct board_feed, 1);
    struct sugu_client_settings server = settings->server;
    struct sugu_client_callbacks callbacks = {.on_event = on_event,
                                              .on_fresh = on_fresh,
                                              .on_stale = on_stale,
                                              .on_refused = on_refused,
                                              .user = feed};
    struct sugu_client_means client_means = {
        .zmq_context = means->zmq_context, .clock = means->clock, .random = means->random};
    enum sugu_status status;

    feed->means = *means;
    put_departments(feed, settings->departments);
    feed->store = sugu_store_memory(); /* a board only reads */
    client_means.store = feed->store;
    server.listens = true;
    status = sugu_client_new(&server, &callbacks, &client_means, &feed->client, reterr);
    explicit_bzero(&server, sizeof server);
    if (status != SUGU_OK) {
        board_feed_free(feed);
        return status;
    }
    board_feed_set_silent(feed, false);
    feed->source = sugu_client_source_attach(feed->client);
    ask(feed);
    *ret_feed = feed;
    return SUGU_OK;
}

struct board_feed *
board_feed_free(struct board_feed *feed)
{
    if (!feed)
        return NULL;
    g_clear_handle_id(&feed->ask_timer, g_source_remove);
    if (feed->source) {
        g_source_destroy(feed->source);
        g_source_unref(feed->source);
    }
    sugu_client_free(feed->client);
    feed->store->free(feed->store);
    g_free(feed);
    return NULL;
}
