/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-pages - every page in every language, size and contrast: drawn, whole, large enough
 *
 * Pictures and one montage a language and view land in SUGU_TEST_PICTURES where that is set;
 * SUGU_TEST_LANGUAGE and SUGU_TEST_VIEW draw one only.
 */
#include "kiosk-fixture.h"

#include "languages.h"
#include "testlib/pages.h"
#include "visual-main.h"

#include <string.h>

#define PORTRAIT  1080, 1920
#define LANDSCAPE 1920, 1080
#define PX_PER_MM 4.03

/* As long as the desk lets one write: 60 characters, nowhere a space. */
#define LONG_MESSAGE                                                                               \
    "本日午後は耳鼻咽喉科が休診です。"                                             \
    "お薬だけの方は一階の受付窓口へ、"                                             \
    "検査の方は二階の中央検査室へ直接お越しくださいませ。"

struct view {
    const char *name;
    int width, height;
    bool is_large, has_contrast, has_more;
    const char *message; /* of the staff, shown on every page */
};

static const struct view views[] = {
    {"normal", PORTRAIT, false, false},
    {"large", PORTRAIT, true, false},
    {"contrast", PORTRAIT, false, true},
    {"large-contrast", PORTRAIT, true, true},
    {"wide", LANDSCAPE, false, false},
    {"wide-large", LANDSCAPE, true, false},
    {"message", PORTRAIT, false, false, false, LONG_MESSAGE},
    {"message-large", PORTRAIT, true, false, false, LONG_MESSAGE},
    {"message-wide", LANDSCAPE, false, false, false, LONG_MESSAGE},
    {"message-wide-large", LANDSCAPE, true, false, false, LONG_MESSAGE},
    {"more", PORTRAIT, false, false, true},
    {"more-large-contrast", PORTRAIT, true, true, true},
    {"more-wide", LANDSCAPE, false, false, true},
    {"more-wide-large", LANDSCAPE, true, false, true},
};

/* "1,850円", "6,760 yen": digits and a short unit. */
static bool
is_amount(const char *text)
{
    return strspn(text, "0123456789,") >= 3 && g_utf8_strlen(text, -1) <= 12;
}

/* A label is whole: nothing is left out, and it lies inside the window with all its lines. */
static void
check_label(GtkWidget *widget, GtkWidget *window, const char *page)
{
    GtkLabel *label = GTK_LABEL(widget);
    PangoLayout *layout = gtk_label_get_layout(label);
    const char *text = gtk_label_get_text(label);
    int width, height;
    graphene_rect_t area;

    pango_layout_get_pixel_size(layout, &width, &height);
    if (!text[0])
        return;
    ck_assert(gtk_widget_compute_bounds(widget, window, &area));
    if (pango_layout_is_ellipsized(layout))
        sugu_page_complain(page, "cut with dots: %s", text);
    if (height > gtk_widget_get_height(widget) + 1 || width > gtk_widget_get_width(widget) + 1)
        sugu_page_complain(page, "cut: %s (%d x %d in %d x %d)", text, width, height,
                           gtk_widget_get_width(widget), gtk_widget_get_height(widget));
    if (area.origin.x < 0 || area.origin.y < 0 ||
        area.origin.x + area.size.width > (float)gtk_widget_get_width(window) + 1 ||
        area.origin.y + area.size.height > (float)gtk_widget_get_height(window) + 1)
        sugu_page_complain(page, "outside the window: %s", text);
    if (is_amount(text) && pango_layout_get_line_count(layout) > 1)
        sugu_page_complain(page, "an amount on two lines: %s", text);
    if (pango_layout_get_unknown_glyphs_count(layout) > 0)
        sugu_page_complain(page, "no glyph for a character of: %s", text);
}

static void
check_button(GtkWidget *button, const char *page)
{
    double width = gtk_widget_get_width(button) / PX_PER_MM;
    double height = gtk_widget_get_height(button) / PX_PER_MM;

    if (width < 20 || height < 20)
        sugu_page_complain(page, "a button of %.1f x %.1f mm is smaller than 20 mm", width, height);
}

static void
check_widget(GtkWidget *widget, GtkWidget *window, const char *page)
{
    if (!gtk_widget_get_mapped(widget))
        return;
    if (GTK_IS_LABEL(widget))
        check_label(widget, window, page);
    if (GTK_IS_BUTTON(widget))
        check_button(widget, page);
    /* No text widget anywhere: nothing that is typed can stay in its buffer. */
    if (GTK_IS_EDITABLE(widget) || GTK_IS_TEXT_VIEW(widget))
        sugu_page_complain(page, "%s keeps what is typed", G_OBJECT_TYPE_NAME(widget));
    /* What scrolls may be longer than the window. */
    if (GTK_IS_SCROLLED_WINDOW(widget))
        return;
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        check_widget(child, window, page);
}

/* Paints textures side by side, each `scale` of its size, `columns` in a row. */
static GdkTexture *
lay_out(GskRenderer *renderer, GPtrArray *textures, double scale, int columns)
{
    GtkSnapshot *snapshot = gtk_snapshot_new();
    int count = (int)textures->len, rows = (count + columns - 1) / columns;
    GdkTexture *first = g_ptr_array_index(textures, 0), *sheet;
    float width = (float)(gdk_texture_get_width(first) * scale);
    float height = (float)(gdk_texture_get_height(first) * scale);
    graphene_rect_t area =
        GRAPHENE_RECT_INIT(0, 0, width * (float)MIN(count, columns), height * (float)rows);
    GskRenderNode *node;

    for (int i = 0; i < count; i++)
        gtk_snapshot_append_texture(snapshot, g_ptr_array_index(textures, (guint)i),
                                    &GRAPHENE_RECT_INIT(width * (float)(i % columns),
                                                        height * (float)(i / columns), width,
                                                        height));
    node = gtk_snapshot_free_to_node(snapshot);
    sheet = gsk_renderer_render_texture(renderer, node, &area);
    gsk_render_node_unref(node);
    return sheet;
}

static void
save_texture(GdkTexture *texture, const char *name)
{
    char *path = g_strdup_printf("%s/%s.png", g_getenv("SUGU_TEST_PICTURES"), name);

    ck_assert_msg(gdk_texture_save_to_png(texture, path), "%s is not written", path);
    g_free(path);
}

static bool
wants_pictures(void)
{
    const char *folder = g_getenv("SUGU_TEST_PICTURES");

    return folder && folder[0];
}

/* The page as a picture, and a small one for the montage. */
static void
save_picture(struct kiosk_fixture *fixture, const char *page, GPtrArray *small)
{
    GskRenderer *renderer = gtk_native_get_renderer(GTK_NATIVE(fixture->window));
    GPtrArray *one;

    if (!wants_pictures())
        return;
    one = g_ptr_array_new_with_free_func(g_object_unref);
    g_ptr_array_add(one, sugu_page_texture(GTK_WIDGET(fixture->window)));
    save_texture(g_ptr_array_index(one, 0), page);
    g_ptr_array_add(small, lay_out(renderer, one, 0.2, 1));
    g_ptr_array_unref(one);
}

static void
save_montage(struct kiosk_fixture *fixture, const struct view *view, GPtrArray *small)
{
    char *name;
    GdkTexture *sheet;

    if (!wants_pictures())
        return;
    name = g_strdup_printf("montage.%s.%s", kiosk_model_language(fixture->model), view->name);
    sheet = lay_out(gtk_native_get_renderer(GTK_NATIVE(fixture->window)), small, 1,
                    view->width > view->height ? 6 : 11);
    save_texture(sheet, name);
    g_object_unref(sheet);
    g_free(name);
}

/* A page that needs more room than the screen has would lose its lower buttons. */
static void
check_size(GtkWidget *frame, const struct view *view, const char *page)
{
    int width, height;

    gtk_widget_measure(frame, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
    gtk_widget_measure(frame, GTK_ORIENTATION_VERTICAL, MAX(width, view->width), &height, NULL,
                       NULL, NULL);
    if (width > view->width || height > view->height)
        sugu_page_complain(page, "needs %d x %d", width, height);
}

static void
check_page(struct kiosk_fixture *fixture,
           const struct view *view,
           enum sugu_kiosk_state state,
           GPtrArray *small)
{
    GtkWidget *window = GTK_WIDGET(fixture->window);
    char *page = g_strdup_printf("%s.%s.%s", sugu_kiosk_page(state),
                                 kiosk_model_language(fixture->model), view->name);

    kiosk_fixture_show(fixture, state);
    ck_assert_str_eq(gtk_window_get_title(GTK_WINDOW(window)), sugu_kiosk_page(state));
    check_size(gtk_window_get_child(GTK_WINDOW(window)), view, page);
    check_widget(window, window, page);
    save_picture(fixture, page, small);
    g_free(page);
}

static void
check_view(const struct view *view)
{
    size_t count;
    const struct kiosk_language *languages = kiosk_languages(&count);
    const char *only = g_getenv("SUGU_TEST_LANGUAGE"), *only_view = g_getenv("SUGU_TEST_VIEW");

    if (only_view && strcmp(only_view, view->name) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        struct kiosk_fixture fixture;
        GPtrArray *small;
        if (only && strcmp(only, languages[i].code) != 0)
            continue;
        small = g_ptr_array_new_with_free_func(g_object_unref);
        kiosk_fixture_init(&fixture, view->width, view->height);
        kiosk_model_set_large(fixture.model, view->is_large);
        kiosk_model_set_contrast(fixture.model, view->has_contrast);
        kiosk_model_set_language(fixture.model, languages[i].code);
        fixture.message = view->message;
        fixture.has_more = view->has_more;
        for (unsigned state = 0; state < SUGU_KIOSK_RESUME; state++)
            check_page(&fixture, view, (enum sugu_kiosk_state)state, small);
        save_montage(&fixture, view, small);
        g_ptr_array_unref(small);
        kiosk_fixture_done(&fixture);
    }
    sugu_page_complaints_end();
}

/* A page is whole in every language, in one size and contrast. */
START_TEST(every_page_is_whole)
{
    check_view(&views[0]);
}
END_TEST

START_TEST(every_page_is_whole_in_large_text)
{
    check_view(&views[1]);
}
END_TEST

START_TEST(every_page_is_whole_in_high_contrast)
{
    check_view(&views[2]);
    check_view(&views[3]);
}
END_TEST

START_TEST(every_page_is_whole_on_a_wide_screen)
{
    check_view(&views[4]);
}
END_TEST

START_TEST(every_page_is_whole_on_a_wide_screen_in_large_text)
{
    check_view(&views[5]);
}
END_TEST

/* What the staff say takes its place from the page and hides nothing of it. */
START_TEST(every_page_is_whole_below_a_message)
{
    check_view(&views[6]);
    check_view(&views[7]);
}
END_TEST

START_TEST(every_page_is_whole_below_a_message_on_a_wide_screen)
{
    check_view(&views[8]);
    check_view(&views[9]);
}
END_TEST

/* A deposit, change that is owed, a refund, old bills: a page is whole with all of it. */
START_TEST(every_page_is_whole_with_all_that_it_may_show)
{
    check_view(&views[10]);
    check_view(&views[11]);
}
END_TEST

START_TEST(every_page_is_whole_with_all_that_it_may_show_on_a_wide_screen)
{
    check_view(&views[12]);
    check_view(&views[13]);
}
END_TEST

VISUAL_TEST_MAIN("kiosk-pages",
                 every_page_is_whole,
                 every_page_is_whole_in_large_text,
                 every_page_is_whole_in_high_contrast,
                 every_page_is_whole_on_a_wide_screen,
                 every_page_is_whole_on_a_wide_screen_in_large_text,
                 every_page_is_whole_below_a_message,
                 every_page_is_whole_below_a_message_on_a_wide_screen,
                 every_page_is_whole_with_all_that_it_may_show,
                 every_page_is_whole_with_all_that_it_may_show_on_a_wide_screen)
