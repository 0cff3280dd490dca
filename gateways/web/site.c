/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site - what is answered to whom: the addresses of the phone page, their headers and limits
 */
#include "web/site.h"

#include <string.h>

#define ADDRESSES_MAX     20000 /* known to the meters at once */
#define BURST_MINUTES     2     /* so much of a meter may be used at once */
#define TOO_MANY_REQUESTS 429   /* RFC 6585; libsoup has no name for it */
#define PATH_SIZE_MAX     200

struct web_site {
    struct web_site_settings settings;
    struct web_site_means means;
    struct web_door *door;
    struct web_meter *asks, *misses;
    GTimeZone *zone;
    char assets[24]; /* "?v=…" */
    char time[8];    /* of the view made last */
    struct web_address proxy;
    bool has_proxy;
};

/* One request for a page, until it is answered. */
struct visit {
    struct web_site *site;
    SoupServerMessage *message;
    struct web_token token;
    struct web_address address;
    size_t depth; /* of the path, for "../" */
    char *query, *accept;
    bool wants_events;
    bool is_paused, is_answered;
};

/* Nothing of ours may be framed, cached, guessed at, or take anything from elsewhere. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "                \
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
static const struct {
    const char *name, *value;
} safety[] = {
    {"Content-Security-Policy", POLICY},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"X-Robots-Tag", "noindex, nofollow, noarchive"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

/* ---- answers */

static void
set_headers(struct web_site *site, SoupServerMessage *message, guint status, const char *type)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(safety); i++)
        soup_message_headers_replace(headers, safety[i].name, safety[i].value);
    if (!soup_message_headers_get_one(headers, "Cache-Control"))
        soup_message_headers_replace(headers, "Cache-Control", "no-store");
    if (site->settings.has_tls)
        soup_message_headers_replace(headers, "Strict-Transport-Security", "max-age=31536000");
    /* libsoup keeps no connection that it did not accept itself. */
    soup_message_headers_replace(headers, "Connection", "close");
    soup_message_headers_replace(headers, "Content-Type", type);
    soup_server_message_set_status(message, status, NULL);
}

static void
respond(
    struct web_site *site, SoupServerMessage *message, guint status, const char *type, GBytes *body)
{
    set_headers(site, message, status, type);
    soup_message_body_append_bytes(soup_server_message_get_response_body(message), body);
    soup_message_body_complete(soup_server_message_get_response_body(message));
}

static void
respond_text(struct web_site *site,
             SoupServerMessage *message,
             guint status,
             const char *type,
             GString *text)
{
    GBytes *body = g_string_free_to_bytes(text);

    respond(site, message, status, type, body);
    g_bytes_unref(body);
}

static const char *
say_time(struct web_site *site, int64_t utc_us)
{
    GDateTime *utc = g_date_time_new_from_unix_utc(utc_us / SUGU_SECOND);
    GDateTime *local = utc ? g_date_time_to_timezone(utc, site->zone) : NULL;

    site->time[0] = '\0';
    if (local)
        g_snprintf(site->time, sizeof site->time, "%d:%02d", g_date_time_get_hour(local),
                   g_date_time_get_minute(local));
    g_clear_pointer(&local, g_date_time_unref);
    g_clear_pointer(&utc, g_date_time_unref);
    return site->time;
}

static void
make_view(void *user, const struct web_sight *sight, size_t language, struct web_view *ret_view)
{
    struct web_site *site = user;

    *ret_view = (struct web_view){.words = site->means.words,
                                  .language = language,
                                  .house = sight->house,
                                  .time = say_time(site, sight->as_of_us),
                                  .is_stale = sight->look == WEB_LOOK_STALE,
                                  .few = site->settings.few,
                                  .refresh_s = site->settings.refresh_s,
                                  .up = "../",
                                  .assets = site->assets};
}

/* A page that says one thing, in the visitor's language. */
static void
respond_notice(const struct visit *visit, guint status, enum web_word title)
{
    static const struct web_house nowhere;
    struct web_sight sight = {.look = WEB_LOOK_AWAY, .house = &nowhere};
    struct web_view view;
    GString *text = g_string_new(NULL);
    GString *up = g_string_new(NULL);

    make_view(visit->site, &sight, web_language_choose(visit->query, NULL, visit->accept), &view);
    for (size_t i = 0; i < visit->depth; i++)
        g_string_append(up, "../");
    view.up = up->str;
    web_html_notice(text, &view, title);
    g_string_free(up, TRUE);
    respond_text(visit->site, visit->message, status, "text/html; charset=utf-8", text);
}

static void
respond_later(const struct visit *visit, guint status, enum web_word title, uint32_t wait_s)
{
    char text[16];

    g_snprintf(text, sizeof text, "%u", wait_s);
    soup_message_headers_replace(soup_server_message_get_response_headers(visit->message),
                                 "Retry-After", text);
    respond_notice(visit, status, title);
}

/* ---- the page of a visit */

static void
free_visit(struct visit *visit)
{
    g_object_unref(visit->message);
    explicit_bzero(&visit->token, sizeof visit->token);
    g_free(visit->query);
    g_free(visit->accept);
    g_free(visit);
}

static void
respond_page(struct visit *visit, const struct web_sight *sight)
{
    GString *text = g_string_sized_new(8192);
    struct web_view view;

    make_view(visit->site, sight,
              web_language_choose(visit->query, sight->page->language, visit->accept), &view);
    web_html_page(text, &view, sight->page);
    visit->site->means.figures->answers_ok++;
    respond_text(visit->site, visit->message, SOUP_STATUS_OK, "text/html; charset=utf-8", text);
}

static void
begin_events(struct visit *visit, const struct web_sight *sight)
{
    struct web_site *site = visit->site;
    WebStream *stream = web_door_stream(visit->message);

    if (!stream || !web_crowd_has_room(site->means.crowd)) {
        site->means.figures->answers_away++;
        respond_later(visit, SOUP_STATUS_SERVICE_UNAVAILABLE, WEB_WORD_BUSY_TITLE, 30);
    } else {
        site->means.figures->answers_ok++;
        set_headers(site, visit->message, SOUP_STATUS_OK, "text/event-stream");
        soup_message_headers_replace(soup_server_message_get_response_headers(visit->message),
                                     "X-Accel-Buffering", "no");
        web_crowd_join(site->means.crowd, visit->message, stream, &visit->token,
                       web_language_choose(visit->query, sight->page->language, visit->accept));
    }
    g_clear_object(&stream);
}

static void
on_sight(void *user, const struct web_sight *sight)
{
    struct visit *visit = user;
    struct web_site *site = visit->site;
    struct web_figures *figures = site->means.figures;

    switch (sight->look) {
    case WEB_LOOK_FOUND:
    case WEB_LOOK_STALE:
        if (visit->wants_events)
            begin_events(visit, sight);
        else
            respond_page(visit, sight);
        break;
    case WEB_LOOK_UNKNOWN:
        figures->answers_unknown++;
        web_meter_take(site->misses, &visit->address,
                       site->means.clock->monotonic_us(site->means.clock));
        respond_notice(visit, SOUP_STATUS_NOT_FOUND, WEB_WORD_GONE_TITLE);
        break;
    case WEB_LOOK_AWAY:
        figures->answers_away++;
        respond_later(visit, SOUP_STATUS_SERVICE_UNAVAILABLE, WEB_WORD_AWAY_TITLE, 10);
        break;
    }
    visit->is_answered = true;
    if (visit->is_paused) {
        soup_server_message_unpause(visit->message);
        free_visit(visit);
    }
}

static void
ask(struct visit *visit)
{
    struct web_site *site = visit->site;
    int64_t now = site->means.clock->monotonic_us(site->means.clock);

    /* Who has asked for many pages that do not exist gets those only that others look at. */
    if (!web_meter_take(site->asks, &visit->address, now) ||
        (!web_meter_has(site->misses, &visit->address, now) &&
         !web_book_knows(site->means.book, &visit->token))) {
        site->means.figures->answers_busy++;
        respond_later(visit, TOO_MANY_REQUESTS, WEB_WORD_BUSY_TITLE,
                      web_meter_wait_s(site->misses));
        visit->is_answered = true;
        return;
    }
    web_book_ask(site->means.book, &visit->token, on_sight, visit);
}

/* "/t/TOKEN" or "/t/TOKEN/events". */
static bool
read_path(const char *path, struct web_token *ret_token, bool *ret_wants_events)
{
    const char *token, *end;

    if (!g_str_has_prefix(path, "/t/"))
        return false;
    token = path + strlen("/t/");
    end = token + strcspn(token, "/");
    *ret_wants_events = strcmp(end, "/events") == 0;
    return (*end == '\0' || *ret_wants_events) &&
           web_token_read(token, (size_t)(end - token), ret_token);
}

/* ---- everything else */

static const struct {
    const char *path, *resource, *type;
} files[] = {
    {"/phone.css", "/sugu/web/phone.css", "text/css; charset=utf-8"},
    {"/phone.js", "/sugu/web/phone.js", "text/javascript; charset=utf-8"},
    {"/robots.txt", "/sugu/web/robots.txt", "text/plain; charset=utf-8"},
    {"/favicon.ico", "/sugu/web/phone.svg", "image/svg+xml"},
};

/* The same for everybody, and changed by a new version only: these may be kept. */
static bool
respond_file(struct web_site *site, SoupServerMessage *message, const char *path)
{
    GBytes *body;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(files); i++) {
        if (strcmp(path, files[i].path) != 0)
            continue;
        body = g_resources_lookup_data(files[i].resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        if (!body)
            return false;
        soup_message_headers_replace(soup_server_message_get_response_headers(message),
                                     "Cache-Control", "public, max-age=86400");
        site->means.figures->answers_ok++;
        respond(site, message, SOUP_STATUS_OK, files[i].type, body);
        g_bytes_unref(body);
        return true;
    }
    return false;
}

static void
respond_health(struct web_site *site, SoupServerMessage *message)
{
    bool is_up = site->means.is_up(site->means.user);

    respond_text(site, message, is_up ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE,
                 "text/plain; charset=utf-8",
                 g_string_new(is_up ? "ok\n" : "the queue server does not answer\n"));
}

static size_t
count_slashes(const char *path)
{
    size_t count = 0;

    for (; *path; path++)
        count += *path == '/';
    return count;
}

static void
respond_other(struct visit *visit, const char *path)
{
    struct web_site *site = visit->site;

    visit->is_answered = true;
    if (strcmp(path, "/healthz") == 0) {
        respond_health(site, visit->message);
    } else if (strcmp(path, "/") == 0) {
        site->means.figures->answers_ok++;
        respond_notice(visit, SOUP_STATUS_OK, WEB_WORD_START_TITLE);
    } else if (!respond_file(site, visit->message, path)) {
        site->means.figures->answers_unknown++;
        respond_notice(visit, SOUP_STATUS_NOT_FOUND, WEB_WORD_GONE_TITLE);
    }
}

/* ---- requests */

static struct web_address
address_of(struct web_site *site, SoupServerMessage *message, WebStream *stream)
{
    const char *forwarded = soup_message_headers_get_list(
        soup_server_message_get_request_headers(message), "X-Forwarded-For");
    struct web_address address = {0};

    if (stream)
        address = *web_stream_address(stream);
    if (forwarded && site->has_proxy && memcmp(&address, &site->proxy, sizeof address) == 0)
        web_forwarded_address(forwarded, &address);
    return address;
}

static void
refuse_method(struct web_site *site, SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);

    site->means.figures->answers_refused++;
    soup_message_headers_replace(headers, "Allow", "GET, HEAD");
    respond_text(site, message, SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain; charset=utf-8",
                 g_string_new("Only GET and HEAD.\n"));
}

static struct visit *
new_visit(struct web_site *site, SoupServerMessage *message, const char *path, GHashTable *query)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    struct visit *visit = g_new0(struct visit, 1);

    visit->site = site;
    visit->message = g_object_ref(message);
    visit->query = g_strdup(query ? g_hash_table_lookup(query, "lang") : NULL);
    visit->accept = g_strdup(soup_message_headers_get_list(headers, "Accept-Language"));
    visit->depth = strlen(path) < PATH_SIZE_MAX ? count_slashes(path) - 1 : 0;
    return visit;
}

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user)
{
    struct web_site *site = user;
    const char *method = soup_server_message_get_method(message);
    WebStream *stream = web_door_stream(message);
    struct visit *visit;

    (void)server;
    if (stream)
        web_door_on_request(site->door, stream);
    /* libsoup would cut pages into ranges, as many as are asked for. */
    soup_message_headers_remove(soup_server_message_get_request_headers(message), "Range");
    if (method != SOUP_METHOD_GET && method != SOUP_METHOD_HEAD) {
        refuse_method(site, message);
        g_clear_object(&stream);
        return;
    }
    visit = new_visit(site, message, path, query);
    visit->address = address_of(site, message, stream);
    g_clear_object(&stream);
    if (read_path(path, &visit->token, &visit->wants_events)) {
        visit->wants_events = visit->wants_events && method == SOUP_METHOD_GET;
        ask(visit);
    } else {
        respond_other(visit, path);
    }
    if (visit->is_answered) {
        free_visit(visit);
    } else {
        visit->is_paused = true;
        soup_server_message_pause(message);
    }
}

bool
web_forwarded_address(const char *header, struct web_address *ret_address)
{
    const char *comma = strrchr(header, ',');
    char *text = g_strstrip(g_strdup(comma ? comma + 1 : header));
    GInetAddress *inet = g_inet_address_new_from_string(text);

    g_free(text);
    if (!inet)
        return false;
    *ret_address =
        web_address_of(g_inet_address_to_bytes(inet), g_inet_address_get_native_size(inet));
    g_object_unref(inet);
    return true;
}

/* A new version of a file has a new address. */
static void
name_assets(struct web_site *site)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(files); i++) {
        GBytes *body =
            g_resources_lookup_data(files[i].resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        if (body)
            g_checksum_update(sum, g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));
        g_clear_pointer(&body, g_bytes_unref);
    }
    g_snprintf(site->assets, sizeof site->assets, "?v=%.12s", g_checksum_get_string(sum));
    g_checksum_free(sum);
}

enum sugu_status
web_site_new(const struct web_site_settings *settings,
             const struct web_site_means *means,
             struct web_site **ret_site,
             struct sugu_error *reterr)
{
    GTimeZone *zone = g_time_zone_new_identifier(settings->time_zone);
    struct web_site *site;

    if (!zone)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "time-zone: '%s' is not known",
                         settings->time_zone);
    site = g_new0(struct web_site, 1);
    site->zone = zone;
    site->settings = *settings;
    site->means = *means;
    site->has_proxy = *settings->trusted_proxy != '\0';
    if (site->has_proxy && !web_forwarded_address(settings->trusted_proxy, &site->proxy)) {
        web_site_free(site);
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "trusted-proxy: '%s' is no address", settings->trusted_proxy);
    }
    site->asks = web_meter_new((uint32_t)(BURST_MINUTES * settings->asks_per_minute),
                               settings->asks_per_minute, ADDRESSES_MAX);
    site->misses = web_meter_new((uint32_t)(BURST_MINUTES * settings->misses_per_minute),
                                 settings->misses_per_minute, ADDRESSES_MAX);
    name_assets(site);
    web_crowd_set_view(means->crowd, make_view, site);
    soup_server_add_handler(means->server, NULL, on_request, site, NULL);
    *ret_site = site;
    return SUGU_OK;
}

struct web_site *
web_site_free(struct web_site *site)
{
    if (!site)
        return NULL;
    if (site->asks)
        soup_server_remove_handler(site->means.server, NULL);
    web_meter_free(site->asks);
    web_meter_free(site->misses);
    g_time_zone_unref(site->zone);
    g_free(site);
    return NULL;
}

void
web_site_set_door(struct web_site *site, struct web_door *door)
{
    site->door = door;
}
