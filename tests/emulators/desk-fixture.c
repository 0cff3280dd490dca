/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-fixture - the front desk's window with an invented morning, without any server
 */
#include "desk-fixture.h"

#include "language.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <check.h>

void
desk_fixture_start(void)
{
    const char *language = g_getenv("SUGU_TEST_LANGUAGE");

    gtk_disable_setlocale();
    desk_language_start(language ? language : "ja", g_getenv("SUGU_TEST_LOCALE"));
    gtk_init();
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, "gtk-theme-name",
                 "Default", NULL);
    desk_window_set_text_percent(100);
    desk_window_start(gdk_display_get_default());
}

static void
on_action(GSimpleAction *action, GVariant *value, struct desk_fixture *fixture)
{
    fixture->activated++;
    sugu_text_copy(fixture->last, sizeof fixture->last, g_action_get_name(G_ACTION(action)));
    g_clear_pointer(&fixture->last_value, g_variant_unref);
    fixture->last_value = value ? g_variant_ref(value) : NULL;
}

/* The same group as the session's, of which every action is possible. */
static void
add_actions(struct desk_fixture *fixture)
{
    static const struct {
        const char *name, *type;
    } rows[] = {
        {"sign-out", NULL},
        {"refresh", NULL},
        {"find", "s"},
        {"check-in", "(uas)"},
        {"priority", "u"},
        {"add-stage", "s"},
        {"drop-stage", "s"},
        {"offer-bill", NULL},
        {"message", "s"},
        {"bill-to-counter", NULL},
        {"drain", NULL},
        {"open", NULL},
        {"restart", NULL},
        {"share", "u"},
        {"close-help", "s"},
        {"settle", "(xus)"},
        {"refund", "(xusb)"},
        {"grant", NULL},
        {"deny", NULL},
        {"resolve", "(uxss)"},
        {"pay-change", "(xus)"},
        {"suspend-card", "(xus)"},
        {"release-card", "(xus)"},
        {"end-card", "(xus)"},
        {"find-bills", "s"},
    };

    fixture->actions = g_simple_action_group_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(rows) + DESK_VERB_COUNT; i++) {
        bool is_verb = i >= G_N_ELEMENTS(rows);
        unsigned verb = i - (unsigned)G_N_ELEMENTS(rows);
        const char *type = !is_verb                 ? rows[i].type
                           : verb == DESK_VERB_PARK ? "u"
                           : verb == DESK_VERB_MOVE ? "s"
                                                    : NULL;
        GSimpleAction *action = g_simple_action_new(
            is_verb ? desk_verb_find((enum desk_verb)verb)->action : rows[i].name,
            type ? G_VARIANT_TYPE(type) : NULL);
        g_signal_connect(action, "activate", G_CALLBACK(on_action), fixture);
        g_action_map_add_action(G_ACTION_MAP(fixture->actions), G_ACTION(action));
        g_object_unref(action);
    }
}

static void
sign_in(struct desk_fixture *fixture)
{
    struct desk_person person = {.sign_in = desk_house_visit(7),
                                 .staff = "m.sato",
                                 .name = "佐藤 美和",
                                 .role = SUGU__STAFF_ROLE__SUPERVISOR};

    desk_model_set_person(fixture->model, &person);
}

static void
fill(struct desk_fixture *fixture, unsigned rows)
{
    struct desk_house_page *page = desk_house_page_new(0, rows, NULL);

    desk_model_set_now(fixture->model, DESK_HOUSE_NOW);
    desk_model_begin_snapshot(fixture->model);
    ck_assert(desk_model_take_page(fixture->model, desk_house_queues(page), NULL));
    if (rows > 0) {
        desk_model_take_kiosks(fixture->model, desk_house_kiosks());
        desk_model_take_today(fixture->model, desk_house_today());
        desk_model_take_patients(fixture->model, desk_house_patients());
    }
    desk_model_flush(fixture->model);
    desk_house_page_free(page);
}

void
desk_fixture_init(struct desk_fixture *fixture, int width, int height, unsigned rows)
{
    const struct desk_model_settings settings = {
        .facility_name = "すぐ総合病院",
        .time_zone = "Asia/Tokyo",
        .desk = "1",
        .long_wait_min = 30,
        .late_wait_min = 60,
    };
    struct sugu_error error;

    *fixture = (struct desk_fixture){.activated = 0};
    sugu_assert_ok(desk_model_new(&settings, &fixture->model, &error), error);
    add_actions(fixture);
    fixture->window = desk_window_new(fixture->model, G_ACTION_GROUP(fixture->actions));
    gtk_window_set_default_size(GTK_WINDOW(fixture->window), width, height);
    gtk_window_set_decorated(GTK_WINDOW(fixture->window), FALSE);
    gtk_window_present(GTK_WINDOW(fixture->window));
    sign_in(fixture);
    fill(fixture, rows);
    desk_fixture_settle(fixture);
}

static void
on_painted(GdkFrameClock *clock, struct desk_fixture *fixture)
{
    (void)clock;
    fixture->is_painted = true;
}

void
desk_fixture_settle(struct desk_fixture *fixture)
{
    int64_t deadline = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    GdkFrameClock *clock;

    while (g_main_context_pending(NULL))
        g_main_context_iteration(NULL, FALSE);
    desk_model_flush(fixture->model);
    clock = gtk_widget_get_frame_clock(GTK_WIDGET(fixture->window));
    ck_assert_ptr_nonnull(clock);
    fixture->is_painted = false;
    g_signal_connect(clock, "after-paint", G_CALLBACK(on_painted), fixture);
    gtk_widget_queue_draw(GTK_WIDGET(fixture->window));
    while (!fixture->is_painted) {
        ck_assert_msg(g_get_monotonic_time() < deadline, "nothing was painted in 10 s");
        g_main_context_iteration(NULL, TRUE);
    }
    g_signal_handlers_disconnect_by_data(clock, fixture);
    while (g_main_context_pending(NULL))
        g_main_context_iteration(NULL, FALSE);
}

void
desk_fixture_show(struct desk_fixture *fixture, const char *page)
{
    desk_window_show_page(fixture->window, page);
    desk_fixture_settle(fixture);
}

void
desk_fixture_key(struct desk_fixture *fixture, guint key)
{
    GListModel *controllers = gtk_widget_observe_controllers(GTK_WIDGET(fixture->window));
    gboolean is_taken = FALSE;

    for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
        GObject *controller = g_list_model_get_item(controllers, i);
        if (GTK_IS_EVENT_CONTROLLER_KEY(controller) && !is_taken)
            g_signal_emit_by_name(controller, "key-pressed", key, 0, 0, &is_taken);
        g_object_unref(controller);
    }
    g_object_unref(controllers);
    desk_fixture_settle(fixture);
}

void
desk_fixture_done(struct desk_fixture *fixture)
{
    gtk_window_set_focus(GTK_WINDOW(fixture->window), NULL);
    g_object_ref(fixture->window);
    gtk_window_destroy(GTK_WINDOW(fixture->window));
    while (g_main_context_pending(NULL))
        g_main_context_iteration(NULL, FALSE);
    g_assert_finalize_object(fixture->window);
    g_clear_pointer(&fixture->last_value, g_variant_unref);
    g_assert_finalize_object(fixture->actions);
    g_assert_finalize_object(fixture->model);
}
