/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - between the queue server and the book: looks, events, the outbox of the message hooks
 */
#include "web/line.h"

#include "base/log.h"

#include <inttypes.h>
#include <string.h>

#define LOOKS_AT_ONCE  4
#define LOOK_WAIT_US   (4 * SUGU_SECOND)
#define OUTBOX_MS      60000 /* the outbox is asked for beside the events */
#define OUTBOX_SOON_MS 200   /* after an event, which many may follow */
#define OUTBOX_MORE_MS 5000  /* where it had more than fits into an answer */
#define OUTBOX_MOST    200   /* bounds.def, Notices */

/* One question under way. */
struct look {
    struct web_line *line; /* NULL = free */
    struct web_token tokens[WEB_LOOK_TOKENS_MAX];
    size_t count;
    int64_t sent_at_us;
};

/* Turns the book in the loop: the book says when it has something to do. */
struct book_source {
    GSource source;
    struct web_line *line;
};

struct web_line {
    struct web_book *book;
    struct web_hooks *hooks;
    const struct sugu_clock *clock;
    struct web_figures *figures;
    struct sugu_client *client;
    GSource *source;
    guint outbox_timer;
    int64_t outbox_at_us; /* monotonic, when the timer fires */
    struct look looks[LOOKS_AT_ONCE];
    GQueue confirmations; /* under way */
    bool is_up, has_failed, is_asking_outbox;
};

static int64_t
now_us(const struct web_line *line)
{
    return line->clock->monotonic_us(line->clock);
}

/* ---- looks */

static void
tell_pages(struct web_line *line, struct look *look, const Sugu__PhonePages *pages)
{
    struct web_house house;
    struct web_page page;
    struct web_token token;

    web_house_read(pages, &house);
    web_book_tell_house(line->book, &house);
    for (size_t i = 0; i < pages->n_pages; i++) {
        web_page_read(pages->pages[i], &page);
        memcpy(token.bytes, pages->pages[i]->token.data, WEB_TOKEN_SIZE); /* bounds.def: 16 */
        web_book_tell(line->book, &token, &page);
    }
    explicit_bzero(&page, sizeof page);
    /* What the answer left out is asked for again. */
    web_book_tell_away(line->book, look->tokens, look->count);
}

static void
on_pages(void *user, const Sugu__Reply *reply)
{
    struct look *look = user;
    struct web_line *line = look->line;
    bool is_good =
        reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_PHONE_PAGES;

    if (is_good) {
        web_spread_add(&line->figures->look_time, now_us(line) - look->sent_at_us);
        tell_pages(line, look, reply->phone_pages);
    } else {
        line->figures->looks_failed++;
        if (!line->has_failed) /* once, not for each of thousands */
            sugu_log(SUGU_LOG_WARNING, "look.failed", "code=%s detail=\"%s\"", reply->code,
                     reply->detail);
        web_book_tell_away(line->book, look->tokens, look->count);
    }
    line->has_failed = !is_good;
    explicit_bzero(look, sizeof *look);
}

static struct look *
free_look(struct web_line *line)
{
    for (size_t i = 0; i < LOOKS_AT_ONCE; i++)
        if (!line->looks[i].line)
            return &line->looks[i];
    return NULL;
}

static bool
can_ask(struct web_line *line)
{
    return line->is_up && free_look(line);
}

static void
send_look(struct web_line *line, struct look *look)
{
    Sugu__GetPhonePages get = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__PhoneToken token[WEB_LOOK_TOKENS_MAX], *tokens[WEB_LOOK_TOKENS_MAX];
    struct sugu_error error;

    for (size_t i = 0; i < look->count; i++) {
        sugu__phone_token__init(&token[i]);
        token[i].token = (ProtobufCBinaryData){WEB_TOKEN_SIZE, look->tokens[i].bytes};
        tokens[i] = &token[i];
    }
    get.n_tokens = look->count;
    get.tokens = tokens;
    request.body_case = SUGU__REQUEST__BODY_GET_PHONE_PAGES;
    request.get_phone_pages = &get;
    look->line = line;
    look->sent_at_us = now_us(line);
    if (sugu_client_request(
            line->client, &request,
            &(struct sugu_ask){
                .is_read = true, .wait_us = LOOK_WAIT_US, .on_reply = on_pages, .user = look},
            &error) == SUGU_OK)
        return;
    sugu_log_error(SUGU_LOG_WARNING, "look.not-sent", &error);
    web_book_tell_away(line->book, look->tokens, look->count);
    explicit_bzero(look, sizeof *look);
}

static gboolean
book_prepare(GSource *source, gint *timeout_ms)
{
    struct web_line *line = ((struct book_source *)source)->line;
    int64_t due = web_book_due_us(line->book, can_ask(line));

    *timeout_ms = due <= 0 ? 0 : (gint)(due / SUGU_MS) + 1;
    return due <= 0;
}

static gboolean
book_check(GSource *source)
{
    gint timeout_ms;

    return book_prepare(source, &timeout_ms);
}

static gboolean
book_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct web_line *line = ((struct book_source *)source)->line;
    struct look *look;

    (void)callback, (void)user;
    web_book_step(line->book);
    while (line->is_up && (look = free_look(line))) {
        look->count = web_book_take(line->book, look->tokens);
        if (look->count == 0)
            break;
        send_look(line, look);
    }
    return G_SOURCE_CONTINUE;
}

/* ---- the outbox */

static gboolean ask_outbox(gpointer user);

/* Unless it is asked for sooner anyway. */
static void
ask_outbox_in(struct web_line *line, int64_t span_ms)
{
    int64_t at_us = now_us(line) + span_ms * SUGU_MS;

    if (!line->hooks || (line->outbox_timer && line->outbox_at_us <= at_us))
        return;
    if (line->outbox_timer)
        g_source_remove(line->outbox_timer);
    line->outbox_at_us = at_us;
    line->outbox_timer = g_timeout_add((guint)span_ms, ask_outbox, line);
}

/* When the server's clock says so; what is far away is asked for again anyway. */
static void
ask_outbox_at(struct web_line *line, sugu_time_us due_utc)
{
    int64_t span_ms = (due_utc - sugu_client_server_utc_us(line->client)) / SUGU_MS + 1;

    if (span_ms < OUTBOX_MS)
        ask_outbox_in(line, span_ms > OUTBOX_SOON_MS ? span_ms : OUTBOX_SOON_MS);
}

static void
on_notices(void *user, const Sugu__Reply *reply)
{
    struct web_line *line = user;
    bool has_room = true;

    line->is_asking_outbox = false;
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_NOTICES) {
        sugu_log(SUGU_LOG_WARNING, "outbox.not-told", "code=%s", reply->code);
        return;
    }
    for (size_t i = 0; has_room && i < reply->notices->n_notices; i++)
        has_room = web_hooks_take(line->hooks, reply->notices->notices[i]);
    if (!has_room || reply->notices->n_notices == OUTBOX_MOST)
        ask_outbox_in(line, OUTBOX_MORE_MS);
    if (reply->notices->next_due_utc_us)
        ask_outbox_at(line, reply->notices->next_due_utc_us);
}

static gboolean
ask_outbox(gpointer user)
{
    struct web_line *line = user;
    Sugu__GetNotices get = SUGU__GET_NOTICES__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_error error;

    line->outbox_timer = 0;
    /* One that is under way may have been read before what happened now. */
    ask_outbox_in(line, line->is_asking_outbox ? OUTBOX_SOON_MS : OUTBOX_MS);
    if (!line->hooks || line->is_asking_outbox || !line->is_up)
        return G_SOURCE_REMOVE;
    request.body_case = SUGU__REQUEST__BODY_GET_NOTICES;
    request.get_notices = &get;
    line->is_asking_outbox = sugu_client_request(line->client, &request,
                                                 &(struct sugu_ask){.is_read = true,
                                                                    .wait_us = LOOK_WAIT_US,
                                                                    .on_reply = on_notices,
                                                                    .user = line},
                                                 &error) == SUGU_OK;
    return G_SOURCE_REMOVE;
}

/* How a notice ended, under way to the server; it outlives the process in the client's store. */
struct confirmation {
    struct web_line *line;
    uint64_t notice;
    int64_t pause_ms; /* 0 = it is not tried again */
    GList link;
};

static void
free_confirmation(struct confirmation *confirmation)
{
    g_queue_unlink(&confirmation->line->confirmations, &confirmation->link);
    g_free(confirmation);
}

static void
on_confirmed(void *user, const Sugu__Reply *reply)
{
    struct confirmation *confirmation = user;

    if (reply->status != SUGU__STATUS__OK)
        sugu_log(SUGU_LOG_WARNING, "outbox.not-confirmed", "notice=%" PRIu64 " code=%s",
                 confirmation->notice, reply->code);
    web_hooks_forget(confirmation->line->hooks, confirmation->notice);
    if (confirmation->pause_ms)
        ask_outbox_in(confirmation->line, confirmation->pause_ms);
    free_confirmation(confirmation);
}

static void
tell_server(struct web_line *line, Sugu__Request *request, uint64_t notice, int64_t pause_ms)
{
    struct confirmation *confirmation = g_new0(struct confirmation, 1);
    struct sugu_error error;

    confirmation->line = line;
    confirmation->notice = notice;
    confirmation->pause_ms = pause_ms;
    confirmation->link.data = confirmation;
    g_queue_push_tail_link(&line->confirmations, &confirmation->link);
    if (sugu_client_request(line->client, request,
                            &(struct sugu_ask){.on_reply = on_confirmed, .user = confirmation},
                            &error) == SUGU_OK)
        return;
    /* The outbox brings it again, and it is tried again: at least once. */
    sugu_log_error(SUGU_LOG_ERROR, "outbox.not-sent", &error);
    web_hooks_forget(line->hooks, notice);
    free_confirmation(confirmation);
}

static void
on_delivered(void *user, uint64_t notice)
{
    Sugu__ConfirmNotice confirm = SUGU__CONFIRM_NOTICE__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;

    confirm.notice = notice;
    request.body_case = SUGU__REQUEST__BODY_CONFIRM_NOTICE;
    request.confirm_notice = &confirm;
    tell_server(user, &request, notice, 0);
}

static void
on_failed(void *user, const struct web_hook_failure *failure)
{
    Sugu__FailNotice fail = SUGU__FAIL_NOTICE__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    int64_t pause_ms = failure->pause_us / SUGU_MS;

    fail.notice = failure->notice;
    fail.http_status = failure->status < 600 ? failure->status : 599;
    fail.pause_ms = (uint32_t)pause_ms;
    fail.is_refused = failure->is_refused;
    fail.is_final = failure->is_final;
    request.body_case = SUGU__REQUEST__BODY_FAIL_NOTICE;
    request.fail_notice = &fail;
    tell_server(user, &request, failure->notice, failure->is_final ? 0 : pause_ms);
}

/* ---- the connection */

static void
on_event(void *user, const Sugu__Event *event)
{
    struct web_line *line = user;
    struct sugu_id visit;

    line->figures->events_taken++;
    if (event->body_case != SUGU__EVENT__BODY_VISIT_CHANGED)
        return;
    if (sugu_id_from_bytes(event->visit_changed->visit.data, event->visit_changed->visit.len,
                           &visit))
        web_book_visit_changed(line->book, &visit, event->visit_changed->department);
    ask_outbox_in(line, OUTBOX_SOON_MS);
}

static void
on_fresh(void *user, bool was_reset)
{
    struct web_line *line = user;

    sugu_log(SUGU_LOG_INFO, "server.reached", "was_reset=%s", was_reset ? "yes" : "no");
    if (line->is_up && was_reset)
        web_book_all_changed(line->book);
    line->is_up = true;
    web_book_set_away(line->book, /* is_away= */ false);
    ask_outbox_in(line, 0);
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    struct web_line *line = user;

    sugu_log(SUGU_LOG_WARNING, "server.away", "silent_ms=%" PRId64,
             (line->clock->utc_us(line->clock) - since_utc) / SUGU_MS);
    line->is_up = false;
    web_book_set_away(line->book, /* is_away= */ true);
}

struct web_line *
web_line_new(struct web_book *book,
             struct web_hooks *hooks,
             const struct sugu_clock *clock,
             struct web_figures *figures)
{
    struct web_line *line = g_new0(struct web_line, 1);

    line->book = book;
    line->hooks = hooks;
    line->clock = clock;
    line->figures = figures;
    if (hooks)
        web_hooks_on_ended(hooks, &(struct web_hooks_callbacks){on_delivered, on_failed, line});
    return line;
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

struct sugu_client_callbacks
web_line_callbacks(struct web_line *line)
{
    return (struct sugu_client_callbacks){.on_event = on_event,
                                          .on_fresh = on_fresh,
                                          .on_stale = on_stale,
                                          .on_refused = on_refused,
                                          .user = line};
}

void
web_line_start(struct web_line *line, struct sugu_client *client)
{
    static GSourceFuncs functions = {
        .prepare = book_prepare, .check = book_check, .dispatch = book_dispatch};

    line->client = client;
    line->source = g_source_new(&functions, sizeof(struct book_source));
    ((struct book_source *)line->source)->line = line;
    g_source_attach(line->source, NULL);
}

struct web_line *
web_line_free(struct web_line *line)
{
    if (!line)
        return NULL;
    if (line->source) {
        g_source_destroy(line->source);
        g_source_unref(line->source);
    }
    if (line->outbox_timer)
        g_source_remove(line->outbox_timer);
    while (line->confirmations.head) /* it takes itself out of the list; the analyzer misses it */
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        free_confirmation(line->confirmations.head->data);
    g_free(line);
    return NULL;
}

bool
web_line_is_up(const struct web_line *line)
{
    return line->is_up;
}
