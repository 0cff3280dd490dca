/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-pages - every page of the front desk: drawn, whole, readable, with keys that do their
 * verb
 *
 * SUGU_TEST_LANGUAGE chooses the language; pictures land in SUGU_TEST_PICTURES where that is set.
 */
#include "desk-fixture.h"

#include "item.h"
#include "model-money.h"
#include "model-tasks.h"
#include "testlib/checks.h"
#include "testlib/pages.h"

#include <math.h>
#include <string.h>

#define SIZE 1440, 900

static const char *const pages[] = {"queues", "cases", "people", "kiosks", "today", "money"};

/* ---------------------------------------------------------------- whole pages */

/* What may be cut with dots says so by its widget; the rest stands there whole. */
static void
check_label(GtkWidget *widget, GtkWidget *window, const char *page)
{
    GtkLabel *label = GTK_LABEL(widget);
    PangoLayout *layout = gtk_label_get_layout(label);
    const char *text = gtk_label_get_text(label);
    /* In twice the text the list is moved sideways to its last columns. */
    bool is_scrolled_to =
        strstr(page, ".twice") && gtk_widget_get_ancestor(widget, GTK_TYPE_COLUMN_VIEW) != NULL;
    int width, height;
    graphene_rect_t area;

    pango_layout_get_pixel_size(layout, &width, &height);
    if (!text[0])
        return;
    ck_assert(gtk_widget_compute_bounds(widget, window, &area));
    if (gtk_label_get_ellipsize(label) == PANGO_ELLIPSIZE_NONE &&
        (height > gtk_widget_get_height(widget) + 1 || width > gtk_widget_get_width(widget) + 1))
        sugu_page_complain(page, "cut: %s (%d x %d in %d x %d)", text, width, height,
                           gtk_widget_get_width(widget), gtk_widget_get_height(widget));
    if (!is_scrolled_to &&
        area.origin.x + area.size.width > (float)gtk_widget_get_width(window) + 1)
        sugu_page_complain(page, "outside the window: %s", text);
    if (pango_layout_get_unknown_glyphs_count(layout) > 0)
        sugu_page_complain(page, "no glyph for a character of: %s", text);
}

/* What a key or a pointer can reach has a name for those who do not see it. */
static void
check_widget(GtkWidget *widget, GtkWidget *window, const char *page)
{
    if (!gtk_widget_get_mapped(widget))
        return;
    if (GTK_IS_LABEL(widget))
        check_label(widget, window, page);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        check_widget(child, window, page);
}

static void
check_size(GtkWidget *content, const char *page, int width, int height)
{
    int least_width, least_height;

    gtk_widget_measure(content, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
    gtk_widget_measure(content, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL, NULL);
    if (least_width > width || least_height > height)
        sugu_page_complain(page, "needs %d x %d", least_width, least_height);
}

static void
save_picture(struct desk_fixture *fixture, const char *name)
{
    const char *folder = g_getenv("SUGU_TEST_PICTURES");
    const char *language = g_getenv("SUGU_TEST_LANGUAGE");
    char *path;
    GdkTexture *texture;

    if (!folder || !folder[0])
        return;
    path = g_strdup_printf("%s/desk.%s.%s.png", folder, name, language ? language : "ja");
    texture = sugu_page_texture(GTK_WIDGET(fixture->window));
    ck_assert_msg(gdk_texture_save_to_png(texture, path), "%s is not written", path);
    g_object_unref(texture);
    g_free(path);
}

static void
check_page(struct desk_fixture *fixture, const char *name, int width, int height)
{
    GtkWidget *window = GTK_WIDGET(fixture->window);

    desk_fixture_settle(fixture);
    check_size(gtk_window_get_child(GTK_WINDOW(window)), name, width, height);
    check_widget(window, window, name);
    save_picture(fixture, name);
}

static void
check_pages(struct desk_fixture *fixture, const char *view, int width, int height)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        char *name = g_strdup_printf("%s.%s", pages[i], view);
        desk_fixture_show(fixture, pages[i]);
        check_page(fixture, name, width, height);
        g_free(name);
    }
}

/* The second line of each list is chosen, as a click would. */
static void
choose_lines(struct desk_fixture *fixture)
{
    DeskItem *patient, *kiosk;
    GListModel *people, *kiosks;

    g_object_get(fixture->model, "people", &people, "kiosks", &kiosks, NULL);
    patient = g_list_model_get_item(people, 1);
    kiosk = g_list_model_get_item(kiosks, 1);
    desk_model_choose_patient(fixture->model, desk_item_key(patient));
    desk_model_choose_kiosk(fixture->model, desk_item_key(kiosk));
    g_object_unref(patient);
    g_object_unref(kiosk);
    g_object_unref(people);
    g_object_unref(kiosks);
    desk_fixture_settle(fixture);
}

/* Somebody is looked at, with everything that can be known. */
static void
look_at_first(struct desk_fixture *fixture)
{
    ck_assert(desk_model_go_to(fixture->model, "A-017", ""));
    desk_model_take_visit(fixture->model, "A-017", desk_house_known("A-017"));
    desk_fixture_settle(fixture);
}

START_TEST(every_page_is_whole)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 700);
    check_pages(&fixture, "full", SIZE);
    look_at_first(&fixture);
    choose_lines(&fixture);
    check_pages(&fixture, "person", SIZE);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(every_page_is_whole_where_nobody_is)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 0);
    check_pages(&fixture, "empty", SIZE);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(every_page_is_whole_in_large_text)
{
    struct desk_fixture fixture;

    desk_window_set_text_percent(150);
    desk_fixture_init(&fixture, 1920, 1080, 700);
    look_at_first(&fixture);
    check_pages(&fixture, "large", 1920, 1080);
    desk_fixture_done(&fixture);
    desk_window_set_text_percent(100);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(every_page_is_whole_in_twice_the_text)
{
    struct desk_fixture fixture;

    desk_window_set_text_percent(DESK_TEXT_PERCENT_MAX);
    desk_fixture_init(&fixture, 1920, 1080, 700);
    look_at_first(&fixture);
    choose_lines(&fixture);
    check_pages(&fixture, "twice", 1920, 1080);
    desk_fixture_done(&fixture);
    desk_window_set_text_percent(100);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(every_page_is_whole_on_a_small_screen)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, 1280, 720, 700);
    look_at_first(&fixture);
    check_pages(&fixture, "small", 1280, 720);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(a_stale_view_says_since_when)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 60);
    desk_model_set_stale(fixture.model, DESK_HOUSE_NOW - 40 * SUGU_SECOND);
    ck_assert_ptr_nonnull(strstr(desk_model_text(fixture.model, DESK_MODEL_STALE), "10:40:20"));
    check_page(&fixture, "stale", SIZE);
    desk_model_set_stale(fixture.model, 0);
    ck_assert_str_eq(desk_model_text(fixture.model, DESK_MODEL_STALE), "");
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(who_signs_out_leaves_nothing_on_the_screen)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 60);
    look_at_first(&fixture);
    desk_model_set_person(fixture.model, NULL);
    check_page(&fixture, "sign-in", SIZE);
    ck_assert_str_eq(desk_model_text(fixture.model, DESK_MODEL_NAME), "");
    ck_assert_str_eq(desk_model_text(fixture.model, DESK_MODEL_PATIENT), "");
    ck_assert_uint_eq(g_list_model_get_n_items(G_LIST_MODEL(desk_model_rows(fixture.model))), 0);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

/* ---------------------------------------------------------------- money */

static void
show_money(struct desk_fixture *fixture, bool is_held)
{
    struct sugu_id patient = sugu_id_of(&desk_house_patients()->patients[0]->patient);

    desk_fixture_show(fixture, "money");
    desk_model_take_tasks(fixture->model, desk_house_tasks());
    desk_model_take_patients(fixture->model, desk_house_patients());
    desk_model_take_bills(fixture->model, &patient, NULL);
    if (is_held)
        desk_model_take_bills(fixture->model, &patient, desk_house_bills());
    desk_model_look_at(fixture->model, "A-017");
    desk_model_take_visit(fixture->model, "A-017", desk_house_known("A-017"));
    desk_model_take_money(fixture->model, desk_house_money(is_held));
    gtk_window_set_focus(GTK_WINDOW(fixture->window), NULL); /* not the search's */
    desk_fixture_settle(fixture);
}

/* Everything that the page can ask, each with what it is about. */
static void
check_money(struct desk_fixture *fixture, const char *view, int width, int height)
{
    static const struct {
        const char *name;
        bool is_held;
        guint key;
    } rows[] = {
        {"money", false, 0},          {"money-refund", false, 'r'}, {"money-grant", false, 'g'},
        {"money-deny", false, 'x'},   {"money-held", true, 0},      {"money-resolve", true, 'h'},
        {"money-change", false, 'c'}, {"money-card", true, 'e'},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *name = g_strdup_printf("%s.%s", rows[i].name, view);
        show_money(fixture, rows[i].is_held);
        if (rows[i].key)
            desk_fixture_key(fixture, rows[i].key);
        ck_assert_int_eq(desk_model_form(fixture->model)->is_open, rows[i].key != 0);
        check_page(fixture, name, width, height);
        desk_model_close_form(fixture->model);
        g_free(name);
    }
}

/* A refund of what could not go back before may be handed over. */
static void
check_by_hand(struct desk_fixture *fixture, const char *view, int width, int height)
{
    struct sugu_id failed = sugu_id_of(&desk_house_money(false)->attempts[2]->attempt);
    char *name = g_strdup_printf("money-by-hand.%s", view), key[SUGU_ID_TEXT_SIZE];

    show_money(fixture, false);
    desk_model_choose_attempt(fixture->model, sugu_id_to_text(&failed, key));
    desk_fixture_key(fixture, 'r');
    check_page(fixture, name, width, height);
    desk_model_close_form(fixture->model);
    desk_model_choose_attempt(fixture->model, "");
    g_free(name);
}

/* What has no bill: a hold of today's visit, and a registration of no visit. */
static void
check_held(struct desk_fixture *fixture, const char *view, int width, int height)
{
    for (unsigned i = 0; i < 2; i++) {
        const Sugu__MoneyTask *task = desk_house_tasks()->tasks[DESK_HOUSE_HELD_TASKS + i];
        struct desk_subject subject = {.attempt = sugu_id_of(&task->attempt)};
        char *name = g_strdup_printf("money-%s.%s", i == 0 ? "hold" : "registration", view);
        show_money(fixture, false);
        g_strlcpy(subject.words, task->number, sizeof subject.words);
        desk_model_look_at_subject(fixture->model, &subject);
        desk_fixture_key(fixture, 'h');
        ck_assert(desk_model_form(fixture->model)->is_open);
        check_page(fixture, name, width, height);
        desk_model_close_form(fixture->model);
        g_free(name);
    }
}

START_TEST(the_money_of_a_bill_is_whole)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 700);
    check_money(&fixture, "person", SIZE);
    check_held(&fixture, "person", SIZE);
    check_by_hand(&fixture, "person", SIZE);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(the_money_of_a_bill_is_whole_on_a_small_screen)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, 1280, 720, 700);
    check_money(&fixture, "small", 1280, 720);
    check_held(&fixture, "small", 1280, 720);
    check_by_hand(&fixture, "small", 1280, 720);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(the_money_of_a_bill_is_whole_in_large_text)
{
    static const int percents[] = {150, DESK_TEXT_PERCENT_MAX};
    static const char *const views[] = {"large", "twice"};
    struct desk_fixture fixture;

    for (unsigned i = 0; i < G_N_ELEMENTS(percents); i++) {
        desk_window_set_text_percent(percents[i]);
        desk_fixture_init(&fixture, 1920, 1080, 700);
        check_money(&fixture, views[i], 1920, 1080);
        check_held(&fixture, views[i], 1920, 1080);
        check_by_hand(&fixture, views[i], 1920, 1080);
        desk_fixture_done(&fixture);
    }
    desk_window_set_text_percent(100);
    sugu_page_complaints_end();
}
END_TEST

/* ---------------------------------------------------------------- keys */

START_TEST(a_key_does_its_verb)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 60);
    desk_fixture_key(&fixture, 'n');
    ck_assert_str_eq(fixture.last, "next");
    desk_fixture_key(&fixture, 'D');
    ck_assert_str_eq(fixture.last, "done");
    ck_assert_uint_eq(fixture.activated, 2);
    desk_fixture_done(&fixture);
}
END_TEST

START_TEST(parking_asks_for_minutes_first)
{
    struct desk_fixture fixture;

    desk_fixture_init(&fixture, SIZE, 60);
    desk_fixture_key(&fixture, 'k');
    ck_assert_uint_eq(fixture.activated, 0);
    check_page(&fixture, "park", SIZE);
    desk_fixture_key(&fixture, GDK_KEY_Escape);
    desk_fixture_key(&fixture, 'v');
    check_page(&fixture, "move", SIZE);
    ck_assert_uint_eq(fixture.activated, 0);
    desk_fixture_done(&fixture);
    sugu_page_complaints_end();
}
END_TEST

START_TEST(a_verb_that_is_not_possible_does_nothing)
{
    struct desk_fixture fixture;
    GAction *next;

    desk_fixture_init(&fixture, SIZE, 60);
    next = g_action_map_lookup_action(G_ACTION_MAP(fixture.actions), "next");
    g_simple_action_set_enabled(G_SIMPLE_ACTION(next), FALSE);
    desk_fixture_key(&fixture, 'n');
    ck_assert_uint_eq(fixture.activated, 0);
    desk_fixture_done(&fixture);
}
END_TEST

START_TEST(function_keys_change_the_page)
{
    struct desk_fixture fixture;
    char *before;

    desk_fixture_init(&fixture, SIZE, 60);
    before = g_strdup(gtk_window_get_title(GTK_WINDOW(fixture.window)));
    desk_fixture_key(&fixture, GDK_KEY_F4);
    ck_assert_str_ne(gtk_window_get_title(GTK_WINDOW(fixture.window)), before);
    /* There the letters are no verbs. */
    desk_fixture_key(&fixture, 'n');
    ck_assert_uint_eq(fixture.activated, 0);
    desk_fixture_key(&fixture, GDK_KEY_F1);
    ck_assert_str_eq(gtk_window_get_title(GTK_WINDOW(fixture.window)), before);
    g_free(before);
    desk_fixture_done(&fixture);
}
END_TEST

/* ---------------------------------------------------------------- colours */

static double
channel(double value)
{
    return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double
luminance(const char *hex)
{
    GdkRGBA colour;

    ck_assert_msg(gdk_rgba_parse(&colour, hex), "%s is no colour", hex);
    return 0.2126 * channel(colour.red) + 0.7152 * channel(colour.green) +
           0.0722 * channel(colour.blue);
}

/* The colour of a name in style.css. */
static char *
colour_of(const char *name)
{
    GBytes *bytes = g_resources_lookup_data("/org/sugu/desk/style.css", 0, NULL);
    char *sheet, *line, *colour;

    ck_assert_ptr_nonnull(bytes);
    sheet = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    line = g_strdup_printf("@define-color %s ", name);
    colour = strstr(sheet, line);
    ck_assert_msg(colour, "no colour %s", name);
    colour = g_strndup(colour + strlen(line), 7);
    g_free(line);
    g_free(sheet);
    g_bytes_unref(bytes);
    return colour;
}

START_TEST(text_stands_out_from_its_ground)
{
    static const struct {
        const char *text, *ground;
        double least;
    } pairs[] = {
        {"ink", "paper", 7},        {"ink", "chosen", 7},       {"ink", "tint", 7},
        {"quiet", "paper", 4.5},    {"quiet", "tint", 4.5},     {"quiet", "chosen", 4.5},
        {"on_accent", "accent", 7}, {"on_notice", "notice", 7}, {"on_alarm", "alarm", 7},
        {"on_alarm", "paper", 7},   {"on_off", "off", 4.5},     {"accent", "paper", 4.5},
        {"on_notice", "paper", 7},  {"alarm_line", "alarm", 3}, {"notice_line", "notice", 3},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(pairs); i++) {
        char *text = colour_of(pairs[i].text), *ground = colour_of(pairs[i].ground);
        double a = luminance(text), b = luminance(ground);
        double ratio = (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);
        ck_assert_msg(ratio >= pairs[i].least, "%s on %s: %.2f, wants %.1f", pairs[i].text,
                      pairs[i].ground, ratio, pairs[i].least);
        g_free(text);
        g_free(ground);
    }
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        every_page_is_whole,
        every_page_is_whole_where_nobody_is,
        every_page_is_whole_in_large_text,
        every_page_is_whole_in_twice_the_text,
        every_page_is_whole_on_a_small_screen,
        a_stale_view_says_since_when,
        who_signs_out_leaves_nothing_on_the_screen,
        the_money_of_a_bill_is_whole,
        the_money_of_a_bill_is_whole_on_a_small_screen,
        the_money_of_a_bill_is_whole_in_large_text,
        a_key_does_its_verb,
        parking_asks_for_minutes_first,
        a_verb_that_is_not_possible_does_nothing,
        function_keys_change_the_page,
        text_stands_out_from_its_ground,
    };

    g_setenv("CK_FORK", "no", TRUE); /* a display does not survive a fork */
    desk_fixture_start();
    return sugu_run_tests("desk-pages", tests, SUGU_ARRAY_SIZE(tests), 0);
}
