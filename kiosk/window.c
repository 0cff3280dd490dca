/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the one window of a kiosk: shows the model's page in the frame, hears touches and keys
 */
#include "window.h"

#include "flow.h"
#include "scanner.h"
#include "widgets/frame.h"

#include <string.h>

struct _KioskWindow {
    GtkWindow parent;
    KioskModel *model;
    struct kiosk_style *style;
    KioskFrame *frame;
    GtkOrientation orientation;
    struct kiosk_scanner scanner;
    guint settle_timer, turn_idle;
    gulong painted_handler;
    GdkFrameClock *clock; /* while a new page waits for its first frame */
};

G_DEFINE_FINAL_TYPE(KioskWindow, kiosk_window, GTK_TYPE_WINDOW)

enum { TOUCHED, SCANNED, SHOWN, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

/* ---------------------------------------------------------------- the page */

static gboolean
on_settled(void *user)
{
    KioskWindow *window = user;

    window->settle_timer = 0;
    gtk_widget_set_can_target(GTK_WIDGET(window->frame), TRUE);
    return G_SOURCE_REMOVE;
}

static void
ignore_touches(KioskWindow *window)
{
    gtk_widget_set_can_target(GTK_WIDGET(window->frame), FALSE);
    g_clear_handle_id(&window->settle_timer, g_source_remove);
    window->settle_timer = g_timeout_add(KIOSK_SETTLE_MS, on_settled, window);
}

static void
forget_painting(KioskWindow *window)
{
    /* A clock whose surface is gone has lost its handlers already. */
    if (window->clock && g_signal_handler_is_connected(window->clock, window->painted_handler))
        g_signal_handler_disconnect(window->clock, window->painted_handler);
    g_clear_object(&window->clock);
}

static void
on_painted(GdkFrameClock *clock, KioskWindow *window)
{
    (void)clock;
    forget_painting(window);
    g_signal_emit(window, signals[SHOWN], 0, gtk_window_get_title(GTK_WINDOW(window)));
}

static void
await_painting(KioskWindow *window)
{
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(window));

    forget_painting(window);
    if (!clock)
        return;
    window->clock = g_object_ref(clock);
    window->painted_handler =
        g_signal_connect(clock, "after-paint", G_CALLBACK(on_painted), window);
}

static void
show_page(KioskWindow *window)
{
    enum sugu_kiosk_state state = kiosk_model_state(window->model);
    GtkWidget *page = kiosk_flow_screen_new(state, window->model, window->orientation);

    /* The focus of the old page goes with it. */
    gtk_window_set_focus(GTK_WINDOW(window), NULL);
    kiosk_frame_set_page(window->frame, page);
    if (g_strcmp0(gtk_window_get_title(GTK_WINDOW(window)), sugu_kiosk_page(state)) != 0) {
        gtk_window_set_title(GTK_WINDOW(window), sugu_kiosk_page(state));
        ignore_touches(window);
    }
    await_painting(window);
}

/* Everything anew: another language, another form of the screen. */
static void
show_frame(KioskWindow *window)
{
    window->frame = g_object_new(KIOSK_TYPE_FRAME, "model", window->model, "orientation",
                                 window->orientation, NULL);
    gtk_window_set_child(GTK_WINDOW(window), GTK_WIDGET(window->frame));
    show_page(window);
}

static void
on_page_changed(KioskModel *model, KioskWindow *window)
{
    (void)model;
    show_page(window);
}

static void
on_view_changed(KioskModel *model, GParamSpec *spec, KioskWindow *window)
{
    kiosk_style_apply(window->style, model);
    if (strcmp(spec->name, "language") == 0)
        show_frame(window);
}

/* ---------------------------------------------------------------- view actions */

static void
on_language(GSimpleAction *action, GVariant *code, void *user)
{
    KioskWindow *window = user;

    (void)action;
    kiosk_model_set_language(window->model, g_variant_get_string(code, NULL));
}

static void
on_large(GSimpleAction *action, GVariant *nothing, void *user)
{
    KioskWindow *window = user;

    (void)action;
    (void)nothing;
    kiosk_model_set_large(window->model, !kiosk_model_is_large(window->model));
}

static void
on_contrast(GSimpleAction *action, GVariant *nothing, void *user)
{
    KioskWindow *window = user;

    (void)action;
    (void)nothing;
    kiosk_model_set_contrast(window->model, !kiosk_model_has_contrast(window->model));
}

static void
add_view_actions(KioskWindow *window)
{
    static const GActionEntry entries[] = {
        {.name = "language", .activate = on_language, .parameter_type = "s"},
        {.name = "large", .activate = on_large},
        {.name = "contrast", .activate = on_contrast},
    };
    GSimpleActionGroup *group = g_simple_action_group_new();

    g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), window);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "view", G_ACTION_GROUP(group));
    g_object_unref(group);
}

/* ---------------------------------------------------------------- touches and keys */

static gboolean
on_any_event(GtkEventControllerLegacy *controller, GdkEvent *event, KioskWindow *window)
{
    GdkEventType type = gdk_event_get_event_type(event);

    (void)controller;
    if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_KEY_PRESS)
        g_signal_emit(window, signals[TOUCHED], 0);
    return GDK_EVENT_PROPAGATE;
}

/* A numeric keypad beside the screen is the page's own keypad. */
static gboolean
give_to_keypad(KioskWindow *window, guint key)
{
    KioskKeypad *keypad = kiosk_screen_keypad(KIOSK_SCREEN(kiosk_frame_page(window->frame)));
    guint32 character = gdk_keyval_to_unicode(key);

    if (!keypad || window->settle_timer)
        return GDK_EVENT_PROPAGATE;
    if (character >= '0' && character <= '9')
        kiosk_keypad_press(keypad, character - '0');
    else if (key == GDK_KEY_BackSpace)
        kiosk_keypad_erase(keypad);
    else if (key == GDK_KEY_KP_Enter)
        kiosk_keypad_enter(keypad);
    else
        return GDK_EVENT_PROPAGATE;
    return GDK_EVENT_STOP;
}

static gboolean
on_key(GtkEventControllerKey *controller,
       guint key,
       guint code,
       GdkModifierType modifiers,
       KioskWindow *window)
{
    bool is_enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter;
    struct sugu_id token;

    (void)code;
    if (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return GDK_EVENT_PROPAGATE;
    switch (kiosk_scanner_key(
        &window->scanner, is_enter ? '\r' : gdk_keyval_to_unicode(key),
        (int64_t)gtk_event_controller_get_current_event_time(GTK_EVENT_CONTROLLER(controller)) *
            SUGU_MS,
        &token)) {
    case KIOSK_SCAN_NOTHING:
        return give_to_keypad(window, key);
    case KIOSK_SCAN_TICKET:
        g_signal_emit(window, signals[SCANNED], 0, &token);
        return GDK_EVENT_STOP;
    case KIOSK_SCAN_TAKEN:
    case KIOSK_SCAN_UNKNOWN:
        return GDK_EVENT_STOP;
    }
    return GDK_EVENT_PROPAGATE;
}

static void
hear_everything(KioskWindow *window)
{
    GtkEventController *any = gtk_event_controller_legacy_new();
    GtkEventController *keys = gtk_event_controller_key_new();

    gtk_event_controller_set_propagation_phase(any, GTK_PHASE_CAPTURE);
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(any, "event", G_CALLBACK(on_any_event), window);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), window);
    gtk_widget_add_controller(GTK_WIDGET(window), any);
    gtk_widget_add_controller(GTK_WIDGET(window), keys);
}

/* ---------------------------------------------------------------- the object */

static GtkOrientation
orientation_of(int width, int height)
{
    return width > height ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL;
}

/* The screen was turned: the frame is built anew, outside the layout that told so. */
static gboolean
on_turned(void *user)
{
    KioskWindow *window = user;

    window->turn_idle = 0;
    show_frame(window);
    return G_SOURCE_REMOVE;
}

static void
on_layout(GdkSurface *surface, int width, int height, KioskWindow *window)
{
    GtkOrientation orientation = orientation_of(width, height);

    (void)surface;
    if (orientation == window->orientation)
        return;
    window->orientation = orientation;
    if (window->turn_idle == 0)
        window->turn_idle = g_idle_add(on_turned, window);
}

static void
kiosk_window_realize(GtkWidget *widget)
{
    GTK_WIDGET_CLASS(kiosk_window_parent_class)->realize(widget);
    g_signal_connect_object(gtk_native_get_surface(GTK_NATIVE(widget)), "layout",
                            G_CALLBACK(on_layout), widget, 0);
    await_painting(KIOSK_WINDOW(widget));
}

static void
kiosk_window_dispose(GObject *object)
{
    KioskWindow *window = KIOSK_WINDOW(object);

    g_clear_handle_id(&window->settle_timer, g_source_remove);
    g_clear_handle_id(&window->turn_idle, g_source_remove);
    forget_painting(window);
    kiosk_scanner_clear(&window->scanner);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "flow", NULL);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "view", NULL);
    if (window->model)
        g_signal_handlers_disconnect_by_data(window->model, window);
    g_clear_object(&window->model);
    G_OBJECT_CLASS(kiosk_window_parent_class)->dispose(object);
}

static void
kiosk_window_class_init(KioskWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    GType type = G_TYPE_FROM_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = kiosk_window_dispose;
    widget_class->realize = kiosk_window_realize;
    signals[TOUCHED] =
        g_signal_new("touched", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SCANNED] = g_signal_new("scanned", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SHOWN] = g_signal_new("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kiosk_window_init(KioskWindow *window)
{
    window->orientation = GTK_ORIENTATION_VERTICAL;
    hear_everything(window);
    add_view_actions(window);
}

KioskWindow *
kiosk_window_new(
    KioskModel *model, struct kiosk_style *style, GActionGroup *flow, int width, int height)
{
    KioskWindow *window = g_object_new(KIOSK_TYPE_WINDOW, "default-width", width, "default-height",
                                       height, "decorated", FALSE, NULL);

    window->orientation = orientation_of(width, height);
    window->model = g_object_ref(model);
    window->style = style;
    gtk_widget_insert_action_group(GTK_WIDGET(window), "flow", flow);
    g_signal_connect(model, "page-changed", G_CALLBACK(on_page_changed), window);
    g_signal_connect(model, "notify::language", G_CALLBACK(on_view_changed), window);
    g_signal_connect(model, "notify::is-large", G_CALLBACK(on_view_changed), window);
    g_signal_connect(model, "notify::has-contrast", G_CALLBACK(on_view_changed), window);
    kiosk_style_apply(style, model);
    show_frame(window);
    return window;
}
