/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-web-page - what a page advises in every state, and that its text is right and safe
 */
#include "web/html.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 3

static struct web_stage
stage(const char *department, enum sugu_stage_state state, uint32_t before)
{
    struct web_stage made = {.state = state, .before_you = before};

    snprintf(made.department, sizeof made.department, "%s", department);
    snprintf(made.name, sizeof made.name, "%s", department);
    return made;
}

static struct web_page
page_of(enum sugu_visit_state state, size_t count, const struct web_stage *stages)
{
    struct web_page page = {.is_found = true, .number = "A-042", .state = state};

    page.stage_count = count;
    for (size_t i = 0; i < count; i++)
        page.stages[i] = stages[i];
    return page;
}

static void
expect(const struct web_page *page, enum web_advice advice, size_t about)
{
    size_t stage_about;
    enum web_advice given = web_page_advice(page, FEW, &stage_about);

    ck_assert_msg(given == advice && stage_about == about, "advice %d about %zu, not %d about %zu",
                  given, stage_about, advice, about);
}

START_TEST(what_is_near_comes_before_what_is_far)
{
    struct web_page page =
        page_of(SUGU_VISIT_IN_STAGES, 5,
                (const struct web_stage[]){
                    stage("X", SUGU_STAGE_DONE, 0), stage("A", SUGU_STAGE_WAITING, FEW + 1),
                    stage("B", SUGU_STAGE_WAITING, FEW + 2), stage("C", SUGU_STAGE_PARKED, 0),
                    stage("D", SUGU_STAGE_PLANNED, 0)});

    expect(&page, WEB_ADVICE_WAIT, 1);
    page.stages[2].before_you = FEW;
    expect(&page, WEB_ADVICE_SOON, 2);
    page.stages[1].before_you = 0;
    expect(&page, WEB_ADVICE_SOON, 1);
    page.stages[3].state = SUGU_STAGE_MISSED;
    expect(&page, WEB_ADVICE_MISSED, 3);
    page.stages[0].state = SUGU_STAGE_PRESENT;
    expect(&page, WEB_ADVICE_PRESENT, 0);
    page.stages[4].state = SUGU_STAGE_CALLED;
    expect(&page, WEB_ADVICE_CALLED, 4);
    page.state = SUGU_VISIT_CANCELLED;
    expect(&page, WEB_ADVICE_OVER, WEB_STAGES_MAX);
}
END_TEST

START_TEST(the_end_of_a_visit_is_told_step_by_step)
{
    struct web_page page = page_of(SUGU_VISIT_AWAITING_BILL, 2,
                                   (const struct web_stage[]){stage("A", SUGU_STAGE_DONE, 0),
                                                              stage("P", SUGU_STAGE_DROPPED, 0)});

    expect(&page, WEB_ADVICE_BILL_SOON, WEB_STAGES_MAX);
    page.state = SUGU_VISIT_BILLED;
    page.is_bill_ready = true;
    expect(&page, WEB_ADVICE_BILL, WEB_STAGES_MAX);
    page.state = SUGU_VISIT_SETTLED;
    page.is_paid = true; /* whatever is said of the bill beside it */
    expect(&page, WEB_ADVICE_LEAVE, WEB_STAGES_MAX);
    page.stages[1] = stage("P", SUGU_STAGE_PLANNED, 0);
    expect(&page, WEB_ADVICE_PAID_NEXT, 1);
    page.stages[1].state = SUGU_STAGE_WAITING;
    page.stages[1].before_you = 20;
    expect(&page, WEB_ADVICE_PAID_NEXT, 1);
    page.stages[1].before_you = 1;
    expect(&page, WEB_ADVICE_SOON, 1);
    page.stages[1].state = SUGU_STAGE_DONE;
    page.state = SUGU_VISIT_LEFT;
    expect(&page, WEB_ADVICE_GOODBYE, WEB_STAGES_MAX);
    page.state = SUGU_VISIT_NO_SHOW;
    expect(&page, WEB_ADVICE_OVER, WEB_STAGES_MAX);
}
END_TEST

START_TEST(whose_bill_is_settled_by_a_person_is_sent_there)
{
    struct web_page page = page_of(SUGU_VISIT_IN_STAGES, 3,
                                   (const struct web_stage[]){
                                       stage("A", SUGU_STAGE_WAITING, FEW + 1),
                                       stage("K", SUGU_STAGE_PLANNED, 0),
                                       stage("P", SUGU_STAGE_PLANNED, 0),
                                   });

    page.is_at_counter = true;
    page.stages[0].kind = SUGU_STAGE_CONSULTATION;
    page.stages[1].kind = SUGU_STAGE_BILLING;
    page.stages[2].kind = SUGU_STAGE_PHARMACY;
    expect(&page, WEB_ADVICE_WAIT, 0); /* one thing after the other */
    page.stages[0].state = SUGU_STAGE_DONE;
    expect(&page, WEB_ADVICE_COUNTER, WEB_STAGES_MAX);
    page.stages[1].state = SUGU_STAGE_WAITING;
    page.stages[1].before_you = FEW + 1;
    expect(&page, WEB_ADVICE_COUNTER, WEB_STAGES_MAX);
    page.stages[1].before_you = 0;
    expect(&page, WEB_ADVICE_SOON, 1);
    page.stages[1].state = SUGU_STAGE_DROPPED; /* back at the kiosks */
    page.is_at_counter = false;
    page.is_bill_ready = true;
    page.state = SUGU_VISIT_BILLED;
    expect(&page, WEB_ADVICE_BILL, WEB_STAGES_MAX);
}
END_TEST

START_TEST(who_was_sent_away_for_a_while_is_told_so)
{
    struct web_page page = page_of(SUGU_VISIT_IN_STAGES, 1,
                                   (const struct web_stage[]){stage("A", SUGU_STAGE_PARKED, 0)});

    expect(&page, WEB_ADVICE_PARKED, 0);
    page.stage_count = 0; /* no plan yet */
    expect(&page, WEB_ADVICE_WAIT, WEB_STAGES_MAX);
}
END_TEST

/* ---- text */

struct desk {
    struct web_words *words;
    struct web_house house;
    struct web_view view;
    GString *out;
};

static void
desk_init(struct desk *desk, size_t language)
{
    memset(desk, 0, sizeof *desk);
    desk->words = web_words_new(getenv("SUGU_TEST_LOCALE"));
    snprintf(desk->house.facility_name, sizeof desk->house.facility_name, "すぐ病院");
    desk->view = (struct web_view){.words = desk->words,
                                   .language = language,
                                   .house = &desk->house,
                                   .time = "9:05",
                                   .few = FEW,
                                   .refresh_s = 20,
                                   .up = "../",
                                   .assets = "?v=1"};
    desk->out = g_string_new(NULL);
}

static void
desk_done(struct desk *desk)
{
    g_string_free(desk->out, TRUE);
    web_words_free(desk->words);
}

static void
expect_words(struct desk *desk, const char *words)
{
    ck_assert_msg(strstr(desk->out->str, words) != NULL, "no '%s' in %s", words, desk->out->str);
}

static void
expect_no_words(struct desk *desk, const char *words)
{
    ck_assert_msg(strstr(desk->out->str, words) == NULL, "'%s' in %s", words, desk->out->str);
}

START_TEST(every_state_has_words_in_every_language)
{
    struct desk desk;

    desk_init(&desk, 0);
    for (size_t language = 0; language < WEB_LANGUAGE_COUNT; language++)
        for (int state = 0; state < SUGU_STAGE_STATE_COUNT; state++)
            for (int visit = 0; visit < SUGU_VISIT_STATE_COUNT; visit++) {
                struct web_stage one = stage("内科", (enum sugu_stage_state)state, 5);
                struct web_page page = page_of((enum sugu_visit_state)visit, 1, &one);
                g_string_truncate(desk.out, 0);
                desk.view.language = language;
                web_html_page(desk.out, &desk.view, &page);
                expect_words(&desk, "A-042");
                expect_words(&desk, web_language(language)->tag);
                expect_words(&desk, "</html>");
                expect_no_words(&desk, "|"); /* where a line may end */
                expect_no_words(&desk, "{");
                if (language != 2) /* nothing is left in English */
                    expect_no_words(&desk, "lease");
            }
    desk_done(&desk);
}
END_TEST

START_TEST(a_call_names_the_desk_as_the_board_does)
{
    static const struct {
        size_t language;
        enum sugu_desk_word word;
        const char *desk, *named;
    } rows[] = {
        {0, SUGU_DESK_ROOM, "3", "<b>3番診察室</b>へ"},
        {0, SUGU_DESK_COUNTER, "12", "<b>12番窓口</b>へ"},
        {1, SUGU_DESK_TEST_ROOM, "3", "<b>3ばん けんさしつ</b>へ"},
        {2, SUGU_DESK_ROOM, "3", "Please go to <b lang=\"ja\">眼科</b>, <b>Room 3</b>."},
        {3, SUGU_DESK_COUNTER, "3", "<b>3号窗口</b>"},
        {0, SUGU_DESK_ROOM, "処置室", "<b lang=\"ja\">処置室</b>へ"},
        {2, SUGU_DESK_ROOM, "処置室", "Called to <b lang=\"ja\">処置室</b>"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct web_page page =
            page_of(SUGU_VISIT_IN_STAGES, 1,
                    (const struct web_stage[]){stage("眼科", SUGU_STAGE_CALLED, 0)});
        struct desk desk;
        desk_init(&desk, rows[i].language);
        page.stages[0].desk_word = rows[i].word;
        snprintf(page.stages[0].desk, sizeof page.stages[0].desk, "%s", rows[i].desk);
        web_html_page(desk.out, &desk.view, &page);
        expect_words(&desk, rows[i].named);
        desk_done(&desk);
    }
}
END_TEST

START_TEST(a_range_is_said_as_far_as_it_is_known)
{
    static const struct {
        uint32_t before, low, high;
        const char *words, *range;
    } rows[] = {
        {0, 0, 0, "You are next", ""},
        {1, 0, 10, "1 person before you", "up to <b>10</b> minutes"},
        {2, 15, 15, "<b>2</b> people before you", "about <b>15</b> minutes"},
        {7, 20, 35, "<b>7</b> people before you", "about <b>20</b> to <b>35</b> minutes"},
        {99, 0, 0, "<b>99</b> people before you", ""},
        {100, 0, 0, "<b>100</b> or more people before you", ""},
    };
    struct desk desk;

    desk_init(&desk, 2);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct web_stage one = stage("内科", SUGU_STAGE_WAITING, rows[i].before);
        struct web_page page;
        one.low_min = rows[i].low;
        one.high_min = rows[i].high;
        page = page_of(SUGU_VISIT_IN_STAGES, 1, &one);
        g_string_truncate(desk.out, 0);
        web_html_page(desk.out, &desk.view, &page);
        expect_words(&desk, rows[i].words);
        expect_words(&desk, rows[i].range);
        if (!*rows[i].range)
            expect_no_words(&desk, "minutes");
    }
    desk_done(&desk);
}
END_TEST

START_TEST(what_comes_from_outside_is_escaped_everywhere)
{
    static const char evil[] = "<script>alert('1')</script>&\"{desk}|";
    struct web_stage one = stage("A", SUGU_STAGE_CALLED, 0);
    struct web_page page;
    struct desk desk;

    desk_init(&desk, 2);
    snprintf(one.name, sizeof one.name, "%s", evil);
    snprintf(one.desk, sizeof one.desk, "<i>\"'&");
    page = page_of(SUGU_VISIT_IN_STAGES, 1, &one);
    snprintf(page.number, sizeof page.number, "<b>&'\"");
    snprintf(desk.house.facility_name, sizeof desk.house.facility_name, "%s", evil);
    snprintf(desk.house.lines[0].text, sizeof desk.house.lines[0].text, "%s", evil);
    desk.house.line_count = 1;
    web_html_page(desk.out, &desk.view, &page);
    expect_no_words(&desk, "<script>");
    expect_no_words(&desk, "<i>");
    expect_no_words(&desk, "alert('");
    /* A name is not a pattern: nothing is filled into it. */
    expect_words(&desk, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;{desk}|");
    expect_words(&desk, "<title>&lt;b&gt;&amp;&#39;&quot; You are being called</title>");
    g_string_truncate(desk.out, 0);
    web_html_change(desk.out, &desk.view, &page);
    expect_no_words(&desk, "<script>");
    expect_words(&desk, "\"title\":\"<b>&'\\\" You are being called\""); /* text, not HTML */
    ck_assert_ptr_null(strchr(desk.out->str, '\n'));                     /* an event is one line */
    desk_done(&desk);
}
END_TEST

START_TEST(json_is_escaped_as_its_standard_says)
{
    GString *out = g_string_new(NULL);

    web_json_string(out, "a\"b\\c\n\t\x01\x7f/号");
    ck_assert_str_eq(out->str, "\"a\\\"b\\\\c\\u000a\\u0009\\u0001\\u007f/号\"");
    g_string_free(out, TRUE);
}
END_TEST

START_TEST(lines_of_the_hospital_come_in_the_readers_language_or_in_japanese)
{
    struct web_page page = page_of(SUGU_VISIT_ARRIVED, 0, NULL);
    struct desk desk;

    desk_init(&desk, 2);
    web_html_page(desk.out, &desk.view, &page);
    expect_no_words(&desk, "From the hospital");
    snprintf(desk.house.lines[0].language, 17, "ja");
    snprintf(desk.house.lines[0].text, 301, "駐車場");
    snprintf(desk.house.lines[1].language, 17, "zh_CN");
    snprintf(desk.house.lines[1].text, 301, "停车场");
    desk.house.line_count = 2;
    g_string_truncate(desk.out, 0);
    web_html_page(desk.out, &desk.view, &page);
    expect_words(&desk, "<li lang=\"ja\">駐車場</li>");
    expect_no_words(&desk, "停车场");
    desk.view.language = 3;
    g_string_truncate(desk.out, 0);
    web_html_page(desk.out, &desk.view, &page);
    expect_words(&desk, "<li>停车场</li>");
    expect_no_words(&desk, "駐車場");
    desk_done(&desk);
}
END_TEST

/* ---- colours */

/* The value of "--name: #rrggbb" behind `from`, as relative luminance (WCAG 2.x). */
static double
luminance(const char *from, const char *name)
{
    char key[40];
    const char *place;
    double parts[3];

    snprintf(key, sizeof key, "--%s: #", name);
    place = strstr(from, key);
    ck_assert_msg(place != NULL, "no colour %s", name);
    for (int i = 0; i < 3; i++) {
        char digits[3] = {place[strlen(key) + 2 * (size_t)i],
                          place[strlen(key) + 2 * (size_t)i + 1], '\0'};
        double value = (double)strtol(digits, NULL, 16) / 255;
        /* x^2.4 within half a percent, without libm: x^2 * x^(2/5) by Newton's method. */
        double base = (value + 0.055) / 1.055, root = base;
        for (int k = 0; k < 60; k++)
            root -= (root * root * root * root * root - base * base) /
                    (5 * root * root * root * root + 1e-12);
        parts[i] = value <= 0.03928 ? value / 12.92 : base * base * root;
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

START_TEST(texts_stand_out_from_their_ground_by_day_and_by_night)
{
    static const char *const pairs[][2] = {
        {"paper", "ink"},           {"paper", "quiet"},       {"paper", "link"},
        {"panel", "ink"},           {"panel", "quiet"},       {"go-paper", "go-ink"},
        {"soon-paper", "soon-ink"}, {"ask-paper", "ask-ink"}, {"done-paper", "done-ink"},
    };
    char path[512], *sheet = NULL;
    const char *grounds[2];

    snprintf(path, sizeof path, "%s/gateways/web/phone.css", getenv("SUGU_SOURCE"));
    ck_assert(g_file_get_contents(path, &sheet, NULL, NULL));
    grounds[0] = sheet;
    grounds[1] = strstr(sheet, "prefers-color-scheme: dark");
    ck_assert_ptr_nonnull(grounds[1]);
    for (size_t ground = 0; ground < 2; ground++)
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(pairs); i++) {
            double a = luminance(grounds[ground], pairs[i][0]);
            double b = luminance(grounds[ground], pairs[i][1]);
            double ratio = a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
            ck_assert_msg(ratio >= 5.5, "%s on %s: %.2f", pairs[i][1], pairs[i][0], ratio);
        }
    g_free(sheet);
}
END_TEST

SUGU_TEST_MAIN("web-page",
               what_is_near_comes_before_what_is_far,
               the_end_of_a_visit_is_told_step_by_step,
               whose_bill_is_settled_by_a_person_is_sent_there,
               who_was_sent_away_for_a_while_is_told_so,
               every_state_has_words_in_every_language,
               a_call_names_the_desk_as_the_board_does,
               a_range_is_said_as_far_as_it_is_known,
               what_comes_from_outside_is_escaped_everywhere,
               json_is_escaped_as_its_standard_says,
               lines_of_the_hospital_come_in_the_readers_language_or_in_japanese,
               texts_stand_out_from_their_ground_by_day_and_by_night)
