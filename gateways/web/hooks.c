/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks - messages to an address of the hospital's choice, delivered at least once
 */
#include "web/hooks.h"

#include "base/log.h"
#include "base/text.h"
#include "web/html.h"

#include <libsoup/soup.h>

#include <inttypes.h>
#include <string.h>

#define NOTICES_MAX       512
#define AT_ONCE           4
#define TIMEOUT_S         10
#define AFTER_MAX_S       3600 /* a receiver's Retry-After counts up to this */
#define TOO_MANY_REQUESTS 429  /* RFC 6585; libsoup has no name for it */
#define USER_AGENT        "sugu-web"

struct notice {
    struct web_hooks *hooks;
    uint64_t number;
    char *body;
    sugu_time_us expires_utc;
    unsigned tries, refusals; /* before this one */
    bool is_sending;
    bool is_ended; /* the server does not know yet how */
    SoupMessage *message;
};

struct web_hooks {
    struct web_hooks_settings settings;
    const struct sugu_clock *clock;
    struct web_figures *figures;
    GUri *uri;
    SoupSession *session;
    GCancellable *cancellable;
    GQueue notices;    /* of struct notice, owned; by number */
    unsigned failures; /* of the receiver, in a row */
    int64_t not_before_us;
    unsigned sending;
    guint timer;
    struct web_hooks_callbacks callbacks;
};

static void work(struct web_hooks *hooks);

static int64_t
now_us(const struct web_hooks *hooks)
{
    return hooks->clock->monotonic_us(hooks->clock);
}

/* ---- what is sent */

int64_t
web_hook_pause_us(int64_t first_us, int64_t longest_us, unsigned failures)
{
    int64_t pause = first_us;

    for (unsigned i = 1; i < failures && pause < longest_us; i++)
        pause *= 2;
    return pause < longest_us ? pause : longest_us;
}

static const char *
kind_name(Sugu__NoticeKind kind)
{
    switch (kind) {
    case SUGU__NOTICE_KIND__NOTICE_BILL_READY:
        return "bill-ready";
    case SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE:
        return "you-may-leave";
    case SUGU__NOTICE_KIND__NOTICE_SOON:
    case _SUGU__NOTICE_KIND_IS_INT_SIZE:
        break;
    }
    return "soon-your-turn";
}

void
web_hook_body(GString *out, const struct web_hooks_settings *settings, const Sugu__Notice *notice)
{
    GDateTime *made = g_date_time_new_from_unix_utc(notice->made_utc_us / SUGU_SECOND);
    char *time = made ? g_date_time_format(made, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("");
    char hex[2 * WEB_TOKEN_SIZE + 1] = "";

    if (notice->token.len == WEB_TOKEN_SIZE)
        sugu_hex_from_bytes(hex, notice->token.data, WEB_TOKEN_SIZE);
    g_string_append_printf(out,
                           "{\"version\":1,\"facility\":%" PRIu32 ",\"notice\":%" PRIu64
                           ",\"kind\":\"%s\",\"number\":",
                           settings->facility, notice->notice, kind_name(notice->kind));
    web_json_string(out, notice->number);
    g_string_append_printf(out, ",\"token\":\"%s\",\"made\":\"%s\"", hex, time);
    if (*settings->page_base) {
        GString *page = g_string_new(settings->page_base);
        g_string_append(page, hex);
        g_string_append(out, ",\"page\":");
        web_json_string(out, page->str);
        g_string_free(page, TRUE);
    }
    g_string_append_c(out, '}');
    g_clear_pointer(&made, g_date_time_unref);
    g_free(time);
}

static SoupMessage *
make_message(const struct web_hooks *hooks, const struct notice *notice)
{
    SoupMessage *message = soup_message_new_from_uri(SOUP_METHOD_POST, hooks->uri);
    SoupMessageHeaders *headers = soup_message_get_request_headers(message);
    GBytes *body = g_bytes_new(notice->body, strlen(notice->body));
    int64_t time_s = hooks->clock->utc_us(hooks->clock) / SUGU_SECOND;
    char signature[WEB_SIGNATURE_SIZE], text[64];

    web_signature_make(&hooks->settings.key, time_s, notice->body, signature);
    g_snprintf(text, sizeof text, "%" PRId64, time_s);
    soup_message_headers_replace(headers, "Sugu-Timestamp", text);
    soup_message_headers_replace(headers, "Sugu-Signature", signature);
    g_snprintf(text, sizeof text, "%" PRIu32 "-%" PRIu64, hooks->settings.facility, notice->number);
    soup_message_headers_replace(headers, "Idempotency-Key", text);
    soup_message_set_request_body_from_bytes(message, "application/json", body);
    /* A token is not carried to wherever a receiver points. */
    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
    g_bytes_unref(body);
    return message;
}

/* ---- what came back */

static void
free_notice(struct notice *notice)
{
    explicit_bzero(notice->body, strlen(notice->body));
    g_free(notice->body);
    g_free(notice);
}

/* The whole receiver is away, or wants a pause. */
static void
pause_all(struct web_hooks *hooks, int64_t at_least_us)
{
    int64_t pause;

    hooks->failures++;
    pause =
        web_hook_pause_us(hooks->settings.retry_us, hooks->settings.retry_us_max, hooks->failures);
    if (pause < at_least_us)
        pause = at_least_us;
    hooks->not_before_us = now_us(hooks) + pause;
}

static int64_t
retry_after_us(SoupMessage *message)
{
    const char *text =
        soup_message_headers_get_one(soup_message_get_response_headers(message), "Retry-After");
    int64_t seconds;

    if (!text || !sugu_text_to_int64(text, 0, AFTER_MAX_S, &seconds))
        return 0;
    return seconds * SUGU_SECOND;
}

/* Nothing is known about the notice itself: the receiver did not come to look at it. */
static bool
is_away(guint status)
{
    return status == 0 || status >= 500 || status == SOUP_STATUS_REQUEST_TIMEOUT ||
           status == TOO_MANY_REQUESTS;
}

static void
fail(struct notice *notice, guint status, int64_t at_least_us)
{
    struct web_hooks *hooks = notice->hooks;
    struct web_hook_failure failure = {
        .notice = notice->number,
        .status = status,
        .pause_us = web_hook_pause_us(hooks->settings.retry_us, hooks->settings.retry_us_max,
                                      notice->tries + 1),
        .is_refused = !is_away(status),
    };

    if (failure.pause_us < at_least_us)
        failure.pause_us = at_least_us;
    failure.is_final =
        failure.is_refused && status >= 400 && notice->refusals + 1 >= WEB_HOOK_REFUSALS_MAX;
    hooks->figures->hooks_failed++;
    sugu_log(SUGU_LOG_WARNING, failure.is_final ? "hook.given-up" : "hook.not-taken",
             "notice=%" PRIu64 " status=%u tries=%u", notice->number, status, notice->tries + 1);
    if (failure.is_final)
        hooks->figures->hooks_given_up++;
    if (failure.is_refused)
        hooks->failures = 0;
    else
        pause_all(hooks, at_least_us);
    hooks->callbacks.on_failed(hooks->callbacks.user, &failure);
}

static void
judge(struct notice *notice, guint status, int64_t pause_us)
{
    struct web_hooks *hooks = notice->hooks;

    notice->is_ended = true;
    if (status < 200 || status >= 300) {
        fail(notice, status, pause_us);
        return;
    }
    hooks->failures = 0;
    hooks->figures->hooks_delivered++;
    hooks->callbacks.on_delivered(hooks->callbacks.user, notice->number);
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user)
{
    struct notice *notice = user;
    struct web_hooks *hooks = notice->hooks;
    GError *error = NULL;
    GInputStream *body = soup_session_send_finish(SOUP_SESSION(source), result, &error);
    SoupMessage *message = g_steal_pointer(&notice->message);

    /* What the receiver says beside its status is not read. */
    g_clear_object(&body);
    notice->is_sending = false;
    hooks->sending--;
    if (error)
        sugu_log(SUGU_LOG_DEBUG, "hook.error", "domain=%s code=%d",
                 g_quark_to_string(error->domain), error->code);
    if (!g_cancellable_is_cancelled(hooks->cancellable)) {
        judge(notice, error ? 0 : soup_message_get_status(message), retry_after_us(message));
        work(hooks);
    }
    g_object_unref(message);
    g_clear_error(&error);
}

/* ---- the work */

static void
send_notice(struct notice *notice)
{
    struct web_hooks *hooks = notice->hooks;

    notice->is_sending = true;
    hooks->sending++;
    notice->message = make_message(hooks, notice);
    soup_session_send_async(hooks->session, notice->message, G_PRIORITY_DEFAULT, hooks->cancellable,
                            on_answered, notice);
}

static gboolean
on_timer(gpointer user)
{
    struct web_hooks *hooks = user;

    hooks->timer = 0;
    work(hooks);
    return G_SOURCE_REMOVE;
}

static void
wake_in(struct web_hooks *hooks, int64_t span_us)
{
    if (hooks->timer)
        g_source_remove(hooks->timer);
    hooks->timer = g_timeout_add((guint)(span_us / SUGU_MS) + 1, on_timer, hooks);
}

static bool
is_idle(const struct notice *notice)
{
    return !notice->is_sending && !notice->is_ended;
}

/* What is too late is the server's to give up; here it is only not sent. */
static void
drop_late(struct web_hooks *hooks)
{
    sugu_time_us now = hooks->clock->utc_us(hooks->clock);

    for (GList *link = hooks->notices.head, *next; link; link = next) {
        struct notice *notice = link->data;
        next = link->next;
        if (!is_idle(notice) || notice->expires_utc > now)
            continue;
        sugu_log(SUGU_LOG_WARNING, "hook.too-late", "notice=%" PRIu64 " tries=%u", notice->number,
                 notice->tries);
        hooks->figures->hooks_late++;
        g_queue_delete_link(&hooks->notices, link);
        free_notice(notice);
    }
}

/* The one that is soonest too late; NULL: there is none to send. */
static struct notice *
find_next(const struct web_hooks *hooks)
{
    struct notice *first = NULL;

    for (GList *link = hooks->notices.head; link; link = link->next) {
        struct notice *notice = link->data;
        if (is_idle(notice) && (!first || notice->expires_utc < first->expires_utc))
            first = notice;
    }
    return first;
}

/* Sends what may be sent; while the receiver is away one at a time. */
static void
work(struct web_hooks *hooks)
{
    unsigned at_once = hooks->failures > 0 ? 1 : AT_ONCE;
    int64_t pause_us = hooks->not_before_us - now_us(hooks);
    struct notice *next;

    drop_late(hooks);
    while ((next = find_next(hooks)) && pause_us <= 0 && hooks->sending < at_once)
        send_notice(next);
    if (next && pause_us > 0)
        wake_in(hooks, pause_us);
}

/* ---- the hooks */

static bool
is_this_machine(const char *host)
{
    GInetAddress *address = host ? g_inet_address_new_from_string(host) : NULL;
    bool is_local = address && g_inet_address_get_is_loopback(address);

    g_clear_object(&address);
    return is_local || g_strcmp0(host, "localhost") == 0;
}

static enum sugu_status
read_url(const char *url, GUri **ret_uri, struct sugu_error *reterr)
{
    GUri *uri = g_uri_parse(url, SOUP_HTTP_URI_FLAGS, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : "";
    bool is_fine = uri && g_uri_get_host(uri) && *g_uri_get_host(uri) && !g_uri_get_userinfo(uri) &&
                   (strcmp(scheme, "https") == 0 ||
                    (strcmp(scheme, "http") == 0 && is_this_machine(g_uri_get_host(uri))));

    if (!is_fine) {
        g_clear_pointer(&uri, g_uri_unref);
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "hook-url: has to be https://HOST/…, or http:// to this machine");
    }
    *ret_uri = uri;
    return SUGU_OK;
}

enum sugu_status
web_hooks_new(const struct web_hooks_settings *settings,
              const struct sugu_clock *clock,
              struct web_figures *figures,
              struct web_hooks **ret_hooks,
              struct sugu_error *reterr)
{
    struct web_hooks *hooks;
    GUri *uri;
    enum sugu_status status = read_url(settings->url, &uri, reterr);

    if (status != SUGU_OK)
        return status;
    hooks = g_new0(struct web_hooks, 1);
    hooks->settings = *settings;
    hooks->clock = clock;
    hooks->figures = figures;
    hooks->uri = uri;
    hooks->cancellable = g_cancellable_new();
    hooks->session =
        soup_session_new_with_options("timeout", TIMEOUT_S, "idle-timeout", 60, "user-agent",
                                      USER_AGENT, "max-conns-per-host", AT_ONCE, NULL);
    *ret_hooks = hooks;
    return SUGU_OK;
}

struct web_hooks *
web_hooks_free(struct web_hooks *hooks)
{
    struct notice *notice;

    if (!hooks)
        return NULL;
    g_cancellable_cancel(hooks->cancellable);
    while (hooks->sending > 0)
        g_main_context_iteration(NULL, TRUE);
    if (hooks->timer)
        g_source_remove(hooks->timer);
    while ((notice = g_queue_pop_head(&hooks->notices)))
        free_notice(notice);
    g_object_unref(hooks->session);
    g_object_unref(hooks->cancellable);
    g_uri_unref(hooks->uri);
    web_hook_key_done(&hooks->settings.key);
    g_free(hooks);
    return NULL;
}

void
web_hooks_on_ended(struct web_hooks *hooks, const struct web_hooks_callbacks *callbacks)
{
    hooks->callbacks = *callbacks;
}

bool
web_hooks_take(struct web_hooks *hooks, const Sugu__Notice *notice)
{
    GList *before = hooks->notices.tail;
    struct notice *taken;
    GString *body;

    while (before && ((struct notice *)before->data)->number > notice->notice)
        before = before->prev;
    if (before && ((struct notice *)before->data)->number == notice->notice)
        return true;
    if (hooks->notices.length >= NOTICES_MAX)
        return false;
    body = g_string_new(NULL);
    web_hook_body(body, &hooks->settings, notice);
    taken = g_new0(struct notice, 1);
    *taken = (struct notice){.hooks = hooks,
                             .number = notice->notice,
                             .body = g_string_free(body, FALSE),
                             .expires_utc = notice->expires_utc_us,
                             .tries = notice->tries,
                             .refusals = notice->refusals};
    g_queue_insert_after(&hooks->notices, before, taken);
    work(hooks);
    return true;
}

void
web_hooks_forget(struct web_hooks *hooks, uint64_t notice)
{
    for (GList *link = hooks->notices.head; link; link = link->next) {
        struct notice *known = link->data;
        if (known->number != notice || known->is_sending)
            continue;
        g_queue_delete_link(&hooks->notices, link);
        free_notice(known);
        return;
    }
}

size_t
web_hooks_waiting(const struct web_hooks *hooks)
{
    return hooks->notices.length;
}
