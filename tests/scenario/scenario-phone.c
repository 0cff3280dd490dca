/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-phone - the phone page in a real Chromium, with its scripts and without
 *
 * SUGU_PICTURES names a folder for a picture of every state in every language, to be looked at.
 */
#include "web-world.h"

#include "testlib/browser.h"
#include "testlib/checks.h"
#include "testlib/folder.h"

#include <libsoup/soup.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void
open_page(struct web_world *world, struct sugu_browser *browser, size_t visit, const char *rest)
{
    char path[128], url[200];

    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", world->port,
             web_world_path(world, visit, rest, path));
    sugu_browser_open(browser, url);
}

static void
call(struct web_world *world, size_t visit)
{
    phone_house_lock(&world->house);
    world->house.visits[visit].state = SUGU__VISIT_STATE__VISIT_IN_STAGES;
    world->house.visits[visit].stages[0].state = SUGU__STAGE_STATE__STAGE_CALLED;
    world->house.visits[visit].stages[0].desk = "3";
    phone_house_unlock(&world->house);
    phone_house_change(&world->house, visit, "A");
}

static void
expect_value(struct sugu_browser *browser, const char *expression, const char *expected)
{
    char *value = sugu_browser_value(browser, expression);

    ck_assert_msg(strcmp(value, expected) == 0, "%s is '%s', not '%s'", expression, value,
                  expected);
    g_free(value);
}

START_TEST(an_open_page_changes_without_being_touched)
{
    struct web_world world;
    struct sugu_browser browser;
    double waited_ms;

    web_world_init(&world, 6, NULL);
    sugu_browser_init(&browser, &(struct sugu_browser_settings){.folder = world.folder,
                                                                .languages = "en-GB,en",
                                                                .has_scripts = true});
    open_page(&world, &browser, 5, "");
    sugu_browser_expect(&browser, "<b>5</b> people before you");
    expect_value(&browser, "document.documentElement.lang", "en");
    web_world_await_figure(&world, "listeners", 1);
    call(&world, 5);
    waited_ms = sugu_browser_expect(&browser, "You are being called");
    ck_assert_double_lt(waited_ms, 3000);
    expect_value(&browser, "document.title", "A-006 You are being called");
    expect_value(&browser, "document.getElementById('offline').hidden", "true");
    expect_value(&browser, "document.cookie", "");
    /* Nothing is fetched from elsewhere, and nothing of the page's own was refused. */
    expect_value(&browser,
                 "performance.getEntriesByType('resource').filter(e => "
                 "!e.name.startsWith(location.origin)).length",
                 "0");
    expect_value(&browser, "getComputedStyle(document.querySelector('.number')).fontWeight", "700");
    sugu_browser_done(&browser);
    web_world_done(&world);
}
END_TEST

START_TEST(a_page_without_scripts_comes_again_by_itself)
{
    static const char *const options[] = {"--refresh", "5", NULL};
    struct web_world world;
    struct sugu_browser browser;

    web_world_init(&world, 3, options);
    sugu_browser_init(
        &browser, &(struct sugu_browser_settings){.folder = world.folder, .languages = "zh-CN,zh"});
    open_page(&world, &browser, 2, "");
    sugu_browser_expect(&browser, "<html lang=\"zh-CN\"");
    ck_assert_int_eq(web_world_figure(&world, "listeners"), 0);
    call(&world, 2);
    sugu_browser_expect(&browser, "class=\"now go\"");
    ck_assert_int_eq(web_world_figure(&world, "listeners"), 0);
    sugu_browser_done(&browser);
    web_world_done(&world);
}
END_TEST

START_TEST(a_language_is_chosen_by_a_link)
{
    struct web_world world;
    struct sugu_browser browser;

    web_world_init(&world, 1, NULL);
    world.house.visits[0].language = "zh_CN"; /* of the kiosk */
    sugu_browser_init(&browser, &(struct sugu_browser_settings){.folder = world.folder,
                                                                .languages = "en",
                                                                .has_scripts = true});
    open_page(&world, &browser, 0, "");
    sugu_browser_expect(&browser, "<html lang=\"zh-CN\"");
    sugu_browser_press(&browser, "日本語");
    sugu_browser_expect(&browser, "<html lang=\"ja\"");
    expect_value(&browser, "document.querySelector('[aria-current]').textContent", "日本語");
    web_world_await_figure(&world, "listeners", 1);
    call(&world, 0);
    sugu_browser_expect(&browser, "お呼び");
    sugu_browser_done(&browser);
    web_world_done(&world);
}
END_TEST

START_TEST(a_page_that_lost_the_server_keeps_its_number_and_comes_back)
{
    struct web_world world;
    struct sugu_browser browser;
    char port[32];
    const char *options[] = {"--listen", port, NULL};

    web_world_init(&world, 1, NULL);
    sugu_browser_init(&browser, &(struct sugu_browser_settings){.folder = world.folder,
                                                                .languages = "en",
                                                                .has_scripts = true});
    open_page(&world, &browser, 0, "");
    web_world_await_figure(&world, "listeners", 1);
    snprintf(port, sizeof port, "127.0.0.1:%u", world.port);
    ck_assert_int_eq(sugu_process_end(&world.web, 9), -9);
    sugu_browser_expect(&browser, "<p id=\"offline\" role=\"status\">");
    expect_value(&browser, "document.querySelector('.number').textContent", "A-001");
    web_world_restart(&world, options);
    sugu_browser_expect(&browser, "<p id=\"offline\" role=\"status\" hidden=\"\">");
    call(&world, 0);
    sugu_browser_expect(&browser, "You are being called");
    sugu_browser_done(&browser);
    web_world_done(&world);
}
END_TEST

static gboolean
on_certificate(SoupMessage *message,
               GTlsCertificate *certificate,
               GTlsCertificateFlags flags,
               gpointer user)
{
    (void)message, (void)certificate, (void)flags, (void)user;
    return TRUE; /* made a moment ago, by this test */
}

START_TEST(the_program_speaks_tls_itself_where_it_is_given_a_certificate)
{
    char *folder = sugu_test_folder_new(), pem[200], log[200], path[128], url[200];
    const char *const make[] = {"/usr/bin/openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-keyout",
                                pem,
                                "-out",
                                pem,
                                "-subj",
                                "/CN=localhost",
                                NULL};
    const char *const options[] = {"--certificate", pem, NULL};
    struct web_world world;
    SoupSession *session = soup_session_new_with_options("timeout", 10, NULL);
    SoupMessage *message;
    GBytes *body;

    snprintf(pem, sizeof pem, "%s/pem", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    ck_assert_int_eq(sugu_process_run(log, make, NULL), 0);
    web_world_init(&world, 1, options);
    snprintf(url, sizeof url, "https://127.0.0.1:%u%s", world.port,
             web_world_path(&world, 0, "", path));
    message = soup_message_new("GET", url);
    g_signal_connect(message, "accept-certificate", G_CALLBACK(on_certificate), NULL);
    body = soup_session_send_and_read(session, message, NULL, NULL);
    ck_assert_ptr_nonnull(body);
    ck_assert_int_eq(soup_message_get_status(message), 200);
    ck_assert_ptr_nonnull(soup_message_headers_get_one(soup_message_get_response_headers(message),
                                                       "Strict-Transport-Security"));
    g_bytes_unref(body);
    g_object_unref(message);
    g_object_unref(session);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

/* ---- pictures of every state */

#define INTERNAL(state_, before, desk_)                                                            \
    {                                                                                              \
        .department = "A", .name = "内科", .kind = SUGU__STAGE_KIND__KIND_CONSULTATION,            \
        .state = SUGU__STAGE_STATE__STAGE_##state_, .before_you = before, .low_min = 20,           \
        .high_min = 35, .desk = desk_                                                              \
    }
#define BLOOD(state_)                                                                              \
    {                                                                                              \
        .department = "T", .name = "採血室", .kind = SUGU__STAGE_KIND__KIND_TEST,                  \
        .state = SUGU__STAGE_STATE__STAGE_##state_                                                 \
    }
#define PHARMACY(state_, before)                                                                   \
    {                                                                                              \
        .department = "P", .name = "お薬渡し口", .kind = SUGU__STAGE_KIND__KIND_PHARMACY,          \
        .state = SUGU__STAGE_STATE__STAGE_##state_, .before_you = before, .high_min = 10           \
    }
#define LONG_NAME(state_)                                                                          \
    {                                                                                              \
        .department = "L", .name = "総合診療科・リウマチ膠原病内科（第二診察室）",                 \
        .state = SUGU__STAGE_STATE__STAGE_##state_, .before_you = 12, .low_min = 45,               \
        .high_min = 70                                                                             \
    }

static const struct {
    const char *name;
    struct phone_visit visit;
} pictured[] = {
    {"wait",
     {.state = SUGU__VISIT_STATE__VISIT_IN_STAGES,
      .stage_count = 3,
      .stages = {BLOOD(DONE), INTERNAL(WAITING, 7, ""), PHARMACY(PLANNED, 0)}}},
    {"soon",
     {.state = SUGU__VISIT_STATE__VISIT_IN_STAGES,
      .stage_count = 3,
      .stages = {BLOOD(DONE), INTERNAL(WAITING, 2, ""), LONG_NAME(WAITING)}}},
    {"called",
     {.state = SUGU__VISIT_STATE__VISIT_IN_STAGES,
      .stage_count = 2,
      .stages = {BLOOD(DONE), INTERNAL(CALLED, 0, "3")}}},
    {"missed",
     {.state = SUGU__VISIT_STATE__VISIT_IN_STAGES,
      .stage_count = 2,
      .stages = {BLOOD(DONE), INTERNAL(MISSED, 0, "")}}},
    {"present",
     {.state = SUGU__VISIT_STATE__VISIT_IN_STAGES,
      .stage_count = 2,
      .stages = {BLOOD(PRESENT), INTERNAL(PLANNED, 0, "")}}},
    {"bill",
     {.state = SUGU__VISIT_STATE__VISIT_BILLED,
      .is_bill_ready = true,
      .stage_count = 3,
      .stages = {BLOOD(DONE), INTERNAL(DONE, 0, ""), PHARMACY(PLANNED, 0)}}},
    {"paid",
     {.state = SUGU__VISIT_STATE__VISIT_SETTLED,
      .is_paid = true,
      .stage_count = 3,
      .stages = {BLOOD(DONE), INTERNAL(DONE, 0, ""), PHARMACY(WAITING, 6)}}},
    {"leave",
     {.state = SUGU__VISIT_STATE__VISIT_SETTLED,
      .is_paid = true,
      .stage_count = 2,
      .stages = {BLOOD(DONE), INTERNAL(DONE, 0, "")}}},
};

/*
 * In a language without spaces lines end where the texts say so: no phrase of ours is on two lines,
 * whatever a hospital calls its places. A range
 * over a piece of text has one box for each line it is on.
 */
static const char broken_phrases[] =
    "(() => { const bad = []; const walk = "
    "document.createTreeWalker(document.querySelector('main'),"
    " NodeFilter.SHOW_TEXT); while (walk.nextNode()) { const node = walk.currentNode; let from = 0;"
    " if (node.parentElement.closest('.place')) continue;"
    " for (const part of node.data.split(/(?<=[ \\u3000\\u3002\\u3001])/)) { const range ="
    " document.createRange(); range.setStart(node, from); from += part.trimEnd().length;"
    " range.setEnd(node, from); from += part.length - part.trimEnd().length;"
    " const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top / 8)));"
    " if (tops.size > 1) bad.push(part); } } return bad.join('/'); })()";

struct look {
    const char *name; /* of the pictures */
    unsigned text_percent;
    bool is_dark;
};

static void
take_pictures(struct web_world *world, const char *folder, const struct look *look)
{
    static const char *const languages[] = {"ja", "ja-easy", "en", "zh-CN"};
    struct sugu_browser browser;

    sugu_browser_init(&browser,
                      &(struct sugu_browser_settings){.folder = world->folder,
                                                      .languages = "ja",
                                                      .has_scripts = true,
                                                      .is_dark = look->is_dark,
                                                      .text_percent = look->text_percent});
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(pictured); i++)
        for (size_t k = 0; k < SUGU_ARRAY_SIZE(languages); k++) {
            char rest[32], path[300];
            snprintf(rest, sizeof rest, "?lang=%s", languages[k]);
            open_page(world, &browser, i, rest);
            sugu_browser_expect(&browser, "class=\"number\"");
            if (k != 2)
                expect_value(&browser, broken_phrases, "");
            /* Nothing is cut off or pushes the page wider than the phone. */
            expect_value(&browser, "document.documentElement.scrollWidth <= 390", "true");
            if (!folder)
                continue;
            snprintf(path, sizeof path, "%s/%s-%s%s.png", folder, pictured[i].name, languages[k],
                     look->name);
            sugu_browser_save(&browser, path);
        }
    sugu_browser_done(&browser);
}

START_TEST(every_state_fits_the_phone_in_every_language)
{
    const char *folder = getenv("SUGU_PICTURES");
    struct web_world world;

    web_world_init(&world, SUGU_ARRAY_SIZE(pictured), NULL);
    phone_house_lock(&world.house);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(pictured); i++) {
        struct phone_visit *visit = &world.house.visits[i];
        struct phone_visit made = pictured[i].visit;
        made.id = visit->id;
        memcpy(made.token, visit->token, sizeof made.token);
        snprintf(made.number, sizeof made.number, "A-%03zu", 40 + i);
        *visit = made;
    }
    world.house.lines[0].language = "ja";
    world.house.lines[0].text = "駐車場：空き 24台";
    world.house.lines[1].language = "en";
    world.house.lines[1].text = "Free parking places: 24";
    world.house.line_count = 2;
    phone_house_unlock(&world.house);
    take_pictures(&world, folder, &(struct look){"", 100});
    take_pictures(&world, folder, &(struct look){"-large", 200});
    if (folder)
        take_pictures(&world, folder, &(struct look){"-dark", 100, true});
    web_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-phone",
                       180,
                       an_open_page_changes_without_being_touched,
                       a_page_without_scripts_comes_again_by_itself,
                       a_language_is_chosen_by_a_link,
                       a_page_that_lost_the_server_keeps_its_number_and_comes_back,
                       the_program_speaks_tls_itself_where_it_is_given_a_certificate,
                       every_state_fits_the_phone_in_every_language)
