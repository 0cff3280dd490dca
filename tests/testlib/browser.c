/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser - a real Chromium at the size of a phone, driven over WebDriver (W3C), without a window
 */
#include "testlib/browser.h"

#include "testlib/checks.h"

#include "base/clock.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHROMIUM     "/usr/bin/chromium"
#define CHROMEDRIVER "/usr/bin/chromedriver"
#define WAIT_US      (15 * SUGU_SECOND)

/* One WebDriver command; the "value" of the answer, freed by the caller. NULL body = GET. */
static JsonNode *
command(struct sugu_browser *browser, const char *method, const char *path, const char *body)
{
    char *url = g_strconcat(browser->address, path, NULL);
    SoupMessage *message = soup_message_new(method, url);
    GError *error = NULL;
    GBytes *answer;
    JsonNode *root, *value;
    char *text;

    if (body) {
        GBytes *bytes = g_bytes_new(body, strlen(body));
        soup_message_set_request_body_from_bytes(message, "application/json", bytes);
        g_bytes_unref(bytes);
    }
    answer = soup_session_send_and_read(browser->http, message, NULL, &error);
    ck_assert_msg(answer != NULL, "%s %s: %s", method, path, error ? error->message : "");
    text = g_strndup(g_bytes_get_data(answer, NULL), g_bytes_get_size(answer));
    root = json_from_string(text, &error);
    ck_assert_msg(root && soup_message_get_status(message) == 200, "%s %s: %s", method, path, text);
    g_free(text);
    value = json_node_copy(json_object_get_member(json_node_get_object(root), "value"));
    json_node_unref(root);
    g_bytes_unref(answer);
    g_object_unref(message);
    g_free(url);
    return value;
}

static JsonNode *
in_session(struct sugu_browser *browser, const char *method, const char *what, const char *body)
{
    char path[200];
    JsonNode *value;

    snprintf(path, sizeof path, "/session/%s/%s", browser->session, what);
    value = command(browser, method, path, body);
    return value;
}

static void
forget(JsonNode *value)
{
    if (value)
        json_node_unref(value);
}

static void
start_driver(struct sugu_browser *browser, const char *folder)
{
    const char *argv[] = {CHROMEDRIVER, "--port=0", NULL};
    char log[256], home[300], line[300];
    const char *environment[] = {home, NULL};
    const char *port;
    long offset = 0;

    snprintf(log, sizeof log, "%s/chromedriver.log", folder);
    snprintf(home, sizeof home, "HOME=%s", folder);
    remove(log); /* of a browser before this one: it names another port */
    sugu_process_spawn(&browser->driver, log, argv, environment);
    sugu_process_expect(&browser->driver, "started successfully on port", &offset, line,
                        sizeof line, 20);
    port = strstr(line, "on port ");
    ck_assert_ptr_nonnull(port);
    snprintf(browser->address, sizeof browser->address, "http://127.0.0.1:%d",
             (int)strtol(port + strlen("on port "), NULL, 10));
}

void
sugu_browser_init(struct sugu_browser *browser, const struct sugu_browser_settings *settings)
{
    char *body;
    JsonNode *value;

    *browser = (struct sugu_browser){0};
    start_driver(browser, settings->folder);
    browser->http = soup_session_new_with_options("timeout", 60, NULL);
    /* No sandbox: it needs namespaces that containers of tests often lack; only our own pages are
     * shown. */
    body = g_strdup_printf(
        "{\"capabilities\":{\"alwaysMatch\":{\"goog:chromeOptions\":{"
        "\"binary\":\"" CHROMIUM "\",\"args\":[\"--headless=new\",\"--no-sandbox\","
        "\"--disable-gpu\",\"--disable-dev-shm-usage\",\"--hide-scrollbars\",\"--no-first-run\","
        "\"--disable-background-networking\",\"--disable-component-update\","
        "\"--user-data-dir=%s/profile\"%s],"
        "\"mobileEmulation\":{\"deviceMetrics\":{\"width\":390,\"height\":844,\"pixelRatio\":2,"
        "\"touch\":true}},"
        "\"prefs\":{\"intl.accept_languages\":\"%s\","
        "\"webkit.webprefs.default_font_size\":%u,"
        "\"profile.default_content_setting_values.javascript\":%d}}}}}",
        settings->folder, settings->is_dark ? ",\"--force-dark-mode\"" : "", settings->languages,
        16 * (settings->text_percent ? settings->text_percent : 100) / 100,
        settings->has_scripts ? 1 : 2);
    value = command(browser, "POST", "/session", body);
    snprintf(browser->session, sizeof browser->session, "%s",
             json_object_get_string_member(json_node_get_object(value), "sessionId"));
    forget(value);
    g_free(body);
}

void
sugu_browser_done(struct sugu_browser *browser)
{
    char path[100];

    snprintf(path, sizeof path, "/session/%s", browser->session);
    forget(command(browser, "DELETE", path, NULL));
    sugu_process_end(&browser->driver, SIGTERM);
    g_object_unref(browser->http);
}

void
sugu_browser_open(struct sugu_browser *browser, const char *url)
{
    char *body = g_strdup_printf("{\"url\":\"%s\"}", url);

    forget(in_session(browser, "POST", "url", body));
    g_free(body);
}

char *
sugu_browser_source(struct sugu_browser *browser)
{
    JsonNode *value = in_session(browser, "GET", "source", NULL);
    char *source = g_strdup(json_node_get_string(value));

    forget(value);
    return source;
}

double
sugu_browser_expect(struct sugu_browser *browser, const char *words)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t begin = clock->monotonic_us(clock);

    for (;;) {
        char *source = sugu_browser_source(browser);
        bool is_there = strstr(source, words) != NULL;
        int64_t span = clock->monotonic_us(clock) - begin;
        ck_assert_msg(is_there || span < WAIT_US, "no '%s' in: %s", words, source);
        g_free(source);
        if (is_there)
            return (double)span / 1000;
    }
}

void
sugu_browser_press(struct sugu_browser *browser, const char *link)
{
    char *body = g_strdup_printf("{\"using\":\"link text\",\"value\":\"%s\"}", link);
    JsonNode *value = in_session(browser, "POST", "element", body);
    JsonObject *element = json_node_get_object(value);
    GList *names = json_object_get_members(element);
    char path[200];

    snprintf(path, sizeof path, "element/%s/click",
             json_object_get_string_member(element, names->data));
    g_list_free(names);
    forget(value);
    forget(in_session(browser, "POST", path, "{}"));
    g_free(body);
}

char *
sugu_browser_value(struct sugu_browser *browser, const char *expression)
{
    char *quoted = g_strescape(expression, NULL);
    char *body = g_strdup_printf("{\"script\":\"return String(%s)\",\"args\":[]}", quoted);
    JsonNode *value = in_session(browser, "POST", "execute/sync", body);
    char *text = g_strdup(json_node_get_string(value));

    forget(value);
    g_free(body);
    g_free(quoted);
    return text;
}

void
sugu_browser_save(struct sugu_browser *browser, const char *path)
{
    JsonNode *value = in_session(
        browser, "POST", "goog/cdp/execute",
        "{\"cmd\":\"Page.captureScreenshot\",\"params\":{\"captureBeyondViewport\":true}}");
    gsize size;
    guchar *png =
        g_base64_decode(json_object_get_string_member(json_node_get_object(value), "data"), &size);

    ck_assert(g_file_set_contents(path, (const char *)png, (gssize)size, NULL));
    g_free(png);
    forget(value);
}
