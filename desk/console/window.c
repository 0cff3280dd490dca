/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the one window of a desk: signs in, then shows its pages; hears the keys
 */
#include "window.h"

#include "desk-resources.h"
#include "pages/pages.h"
#include "widgets/text.h"

#include <glib/gi18n.h>

#define DPI_X1024     (96 * 1024)
#define LARGE_PERCENT 150

struct _DeskWindow {
    GtkWindow parent;
    DeskModel *model;
    GActionGroup *actions;
    GtkStack *shell, *stack;
    GtkBox *top;
    DeskSignIn *sign_in;
    DeskQueuePage *queue_page;
    DeskCasesPage *cases_page;
    DeskPeoplePage *people_page;
    DeskKiosksPage *kiosks_page;
    DeskTodayPage *today_page;
    DeskMoneyPage *money_page;
    GtkDropDown *desks;
    GtkToggleButton *tab_queues, *tab_cases, *tab_people, *tab_kiosks, *tab_today, *tab_money;
    bool is_choosing; /* the drop-down is set by us */
};

G_DEFINE_FINAL_TYPE(DeskWindow, desk_window, GTK_TYPE_WINDOW)

enum { PROP_MODEL = 1 };
static guint sign_in_signal;

static const struct {
    const char *name, *title;
    guint key;
} pages[] = {
    {"queues", NC_("page title", "Queues"), GDK_KEY_F1},
    {"cases", NC_("page title", "Sent to the desk"), GDK_KEY_F2},
    {"people", NC_("page title", "People"), GDK_KEY_F3},
    {"kiosks", NC_("page title", "Kiosks"), GDK_KEY_F4},
    {"today", NC_("page title", "Today"), GDK_KEY_F5},
    {"money", NC_("page title", "Money"), GDK_KEY_F6},
};

static GtkToggleButton *
tab_of(DeskWindow *window, guint page)
{
    GtkToggleButton *const tabs[] = {window->tab_queues, window->tab_cases, window->tab_people,
                                     window->tab_kiosks, window->tab_today, window->tab_money};

    return tabs[page];
}

/* ---------------------------------------------------------------- pages */

static void
show_title(DeskWindow *window)
{
    const char *name = gtk_stack_get_visible_child_name(window->stack);
    const char *page = C_("page title", "Sign in");
    char *title;

    for (guint i = 0; i < G_N_ELEMENTS(pages) && desk_model_person(window->model); i++)
        if (g_strcmp0(pages[i].name, name) == 0)
            page = g_dpgettext2(NULL, "page title", pages[i].title);
    title = g_strdup_printf("%s – %s", page, desk_model_text(window->model, DESK_MODEL_FACILITY));
    gtk_window_set_title(GTK_WINDOW(window), title);
    g_free(title);
}

void
desk_window_show_page(DeskWindow *window, const char *page)
{
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
        if (g_str_equal(pages[i].name, page)) {
            gtk_stack_set_visible_child_name(window->stack, page);
            gtk_toggle_button_set_active(tab_of(window, i), TRUE);
        }
    if (g_str_equal(page, "queues"))
        gtk_widget_grab_focus(GTK_WIDGET(desk_queue_page_list(window->queue_page)));
    else if (g_str_equal(page, "people"))
        desk_people_page_search(window->people_page);
    else if (g_str_equal(page, "money"))
        desk_money_page_enter(window->money_page);
    else if (g_str_equal(page, "cases"))
        gtk_widget_child_focus(GTK_WIDGET(window->cases_page), GTK_DIR_TAB_FORWARD);
    else if (g_str_equal(page, "kiosks"))
        gtk_widget_child_focus(GTK_WIDGET(window->kiosks_page), GTK_DIR_TAB_FORWARD);
    show_title(window);
}

static void
on_page(GSimpleAction *action, GVariant *value, void *user)
{
    (void)action;
    if (desk_model_person(DESK_WINDOW(user)->model))
        desk_window_show_page(user, g_variant_get_string(value, NULL));
}

static void
on_tab(GtkToggleButton *tab, DeskWindow *window)
{
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
        if (tab == tab_of(window, i) && gtk_toggle_button_get_active(tab))
            desk_window_show_page(window, pages[i].name);
}

static void
on_person(DeskModel *model, GParamSpec *spec, DeskWindow *window)
{
    bool is_here = desk_model_person(model) != NULL;

    (void)spec;
    gtk_stack_set_visible_child_name(window->shell, is_here ? "work" : "sign-in");
    if (is_here) {
        desk_window_show_page(window, "queues");
    } else {
        desk_sign_in_clear(window->sign_in);
        show_title(window);
    }
}

static void
on_sign_in(DeskSignIn *page, const char *staff, const char *password, DeskWindow *window)
{
    (void)page;
    g_signal_emit(window, sign_in_signal, 0, staff, password);
}

/* ---------------------------------------------------------------- the desk */

static void
on_desk_selected(GtkDropDown *desks, GParamSpec *spec, DeskWindow *window)
{
    const char *key = desk_page_chosen_key(desks);

    (void)spec;
    if (!window->is_choosing && key[0])
        desk_model_choose_desk(window->model, key);
}

/* Before the drop-down hears of a new list: what it selects of it by itself is nobody's choice. */
static void
on_desks_begin(GListModel *desks, guint position, guint removed, guint added, DeskWindow *window)
{
    (void)desks;
    (void)position;
    (void)removed;
    (void)added;
    window->is_choosing = true;
}

/* The desk of the settings is chosen as soon as the list has it. */
static void
on_desks(GListModel *desks, guint position, guint removed, guint added, DeskWindow *window)
{
    guint chosen = GTK_INVALID_LIST_POSITION;

    (void)position;
    (void)removed;
    (void)added;
    for (guint i = 0; i < g_list_model_get_n_items(desks); i++) {
        DeskItem *item = g_list_model_get_item(desks, i);
        if (g_str_equal(desk_item_key(item), desk_model_desk(window->model)))
            chosen = i;
        g_object_unref(item);
    }
    window->is_choosing = true;
    gtk_drop_down_set_selected(window->desks, chosen);
    window->is_choosing = false;
}

/* ---------------------------------------------------------------- keys */

void
desk_window_set_text_percent(int percent)
{
    g_object_set(gtk_settings_get_default(), "gtk-xft-dpi", DPI_X1024 * percent / 100, NULL);
}

static void
change_text(int step_percent)
{
    int dpi, percent;

    g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &dpi, NULL);
    percent = (dpi * 100 + DPI_X1024 / 2) / DPI_X1024 + step_percent;
    desk_window_set_text_percent(CLAMP(percent, DESK_TEXT_PERCENT_MIN, DESK_TEXT_PERCENT_MAX));
}

/* In large text what stands above the pages takes two rows. */
static void
lay_out(DeskWindow *window)
{
    int dpi;

    g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &dpi, NULL);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(window->top),
                                   dpi > DPI_X1024 / 100 * LARGE_PERCENT
                                       ? GTK_ORIENTATION_VERTICAL
                                       : GTK_ORIENTATION_HORIZONTAL);
}

static void
on_larger(GSimpleAction *action, GVariant *value, void *user)
{
    (void)value;
    (void)user;
    change_text(g_str_equal(g_action_get_name(G_ACTION(action)), "larger") ? 10 : -10);
}

static void
on_search(GSimpleAction *action, GVariant *value, void *user)
{
    (void)action;
    (void)value;
    if (desk_model_person(DESK_WINDOW(user)->model))
        desk_window_show_page(user, "people");
}

static gboolean
on_control_key(DeskWindow *window, guint key)
{
    if (key == GDK_KEY_plus || key == GDK_KEY_equal || key == GDK_KEY_KP_Add)
        change_text(10);
    else if (key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract)
        change_text(-10);
    else if (key == GDK_KEY_0)
        desk_window_set_text_percent(100);
    else if (key == GDK_KEY_f && desk_model_person(window->model))
        desk_window_show_page(window, "people");
    else if (key == GDK_KEY_r)
        g_action_group_activate_action(window->actions, "refresh", NULL);
    else
        return GDK_EVENT_PROPAGATE;
    return GDK_EVENT_STOP;
}

/* What the focused widget left: an entry has taken its letters by now. */
static gboolean
on_key(GtkEventControllerKey *keys,
       guint key,
       guint code,
       GdkModifierType modifiers,
       DeskWindow *window)
{
    const char *page = gtk_stack_get_visible_child_name(window->stack);
    bool is_money = g_strcmp0(page, "money") == 0, is_queues = g_strcmp0(page, "queues") == 0;

    (void)keys;
    (void)code;
    if (modifiers & GDK_CONTROL_MASK)
        return on_control_key(window, key);
    if ((modifiers & GDK_ALT_MASK) || !desk_model_person(window->model))
        return GDK_EVENT_PROPAGATE;
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
        if (key == pages[i].key) {
            desk_window_show_page(window, pages[i].name);
            return GDK_EVENT_STOP;
        }
    if (key == GDK_KEY_slash) {
        if (is_money)
            desk_money_page_search(window->money_page);
        else
            desk_window_show_page(window, "people");
        return GDK_EVENT_STOP;
    }
    if (is_money)
        return desk_money_page_key(window->money_page, key);
    return is_queues && desk_queue_page_key(window->queue_page, key);
}

/* ---------------------------------------------------------------- the object */

static void
desk_window_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id == PROP_MODEL)
        g_value_set_object(value, DESK_WINDOW(object)->model);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_window_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (id == PROP_MODEL)
        g_set_object(&DESK_WINDOW(object)->model, g_value_get_object(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_window_dispose(GObject *object)
{
    DeskWindow *window = DESK_WINDOW(object);

    if (window->model) {
        GListModel *desks;
        g_object_get(window->model, "desks", &desks, NULL);
        g_signal_handlers_disconnect_by_data(desks, window);
        g_object_unref(desks);
        g_signal_handlers_disconnect_by_data(window->model, window);
    }
    gtk_widget_insert_action_group(GTK_WIDGET(window), "desk", NULL);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "view", NULL);
    g_clear_object(&window->model);
    g_clear_object(&window->actions);
    G_OBJECT_CLASS(desk_window_parent_class)->dispose(object);
}

static void
bind_children(GtkWidgetClass *class)
{
    gtk_widget_class_bind_template_child(class, DeskWindow, shell);
    gtk_widget_class_bind_template_child(class, DeskWindow, stack);
    gtk_widget_class_bind_template_child(class, DeskWindow, top);
    gtk_widget_class_bind_template_child(class, DeskWindow, sign_in);
    gtk_widget_class_bind_template_child(class, DeskWindow, queue_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, cases_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, people_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, kiosks_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, today_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, money_page);
    gtk_widget_class_bind_template_child(class, DeskWindow, desks);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_queues);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_cases);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_people);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_kiosks);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_today);
    gtk_widget_class_bind_template_child(class, DeskWindow, tab_money);
}

static void
desk_window_class_init(DeskWindowClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->dispose = desk_window_dispose;
    object_class->get_property = desk_window_get_property;
    object_class->set_property = desk_window_set_property;
    g_object_class_install_property(
        object_class, PROP_MODEL,
        g_param_spec_object("model", NULL, NULL, DESK_TYPE_MODEL,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    sign_in_signal = g_signal_new(
        "sign-in", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
        G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                DESK_RESOURCES "/window.ui");
    bind_children(GTK_WIDGET_CLASS(class));
}

static void
add_view_actions(DeskWindow *window)
{
    static const GActionEntry entries[] = {
        {.name = "page", .activate = on_page, .parameter_type = "s"},
        {.name = "larger", .activate = on_larger},
        {.name = "smaller", .activate = on_larger},
        {.name = "search", .activate = on_search},
    };
    GSimpleActionGroup *group = g_simple_action_group_new();

    g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), window);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "view", G_ACTION_GROUP(group));
    g_object_unref(group);
}

static void
desk_window_init(DeskWindow *window)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkExpression *title = desk_page_title_expression();

    gtk_widget_init_template(GTK_WIDGET(window));
    lay_out(window);
    g_signal_connect_object(gtk_settings_get_default(), "notify::gtk-xft-dpi", G_CALLBACK(lay_out),
                            window, G_CONNECT_SWAPPED);
    add_view_actions(window);
    gtk_drop_down_set_expression(window->desks, title);
    desk_page_name_drop_down(window->desks, _("Desk"));
    gtk_expression_unref(title);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), window);
    gtk_widget_add_controller(GTK_WIDGET(window), keys);
    g_signal_connect(window->sign_in, "sign-in", G_CALLBACK(on_sign_in), window);
    for (guint i = 0; i < G_N_ELEMENTS(pages); i++)
        g_signal_connect(tab_of(window, i), "toggled", G_CALLBACK(on_tab), window);
}

/* ---------------------------------------------------------------- from outside */

static void
give(DeskWindow *window, void *page)
{
    g_object_set(page, "model", window->model, "actions", window->actions, NULL);
}

DeskWindow *
desk_window_new(DeskModel *model, GActionGroup *actions)
{
    DeskWindow *window = g_object_new(DESK_TYPE_WINDOW, "model", model, NULL);
    GListModel *desks;

    window->actions = g_object_ref(actions);
    gtk_widget_insert_action_group(GTK_WIDGET(window), "desk", actions);
    give(window, window->sign_in);
    give(window, window->queue_page);
    give(window, window->cases_page);
    give(window, window->people_page);
    give(window, window->kiosks_page);
    give(window, window->today_page);
    give(window, window->money_page);
    g_object_get(model, "desks", &desks, NULL);
    g_signal_connect(desks, "items-changed", G_CALLBACK(on_desks_begin), window);
    gtk_drop_down_set_model(window->desks, desks);
    g_signal_connect(desks, "items-changed", G_CALLBACK(on_desks), window);
    on_desks(desks, 0, 0, 0, window);
    g_signal_connect(window->desks, "notify::selected", G_CALLBACK(on_desk_selected), window);
    g_object_unref(desks);
    g_signal_connect(model, "notify::is-signed-in", G_CALLBACK(on_person), window);
    on_person(model, NULL, window);
    return window;
}

void
desk_window_start(GdkDisplay *display)
{
    GtkCssProvider *provider = gtk_css_provider_new();

    g_resources_register(desk_get_resource());
    desk_pages_start();
    gtk_css_provider_load_from_resource(provider, DESK_RESOURCES "/style.css");
    gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_unref(provider);
}

GtkColumnView *
desk_window_list(DeskWindow *window)
{
    return desk_queue_page_list(window->queue_page);
}
