/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb-bar - the desk's verbs as buttons with their keys, and the question that some of them ask
 */
#include "widgets/verb-bar.h"

#include "widgets/key-button.h"
#include "widgets/text.h"

#include <glib/gi18n.h>

#define COLUMNS       6
#define COLUMNS_LARGE 4

struct _DeskVerbBar {
    DeskPage parent;
    GtkGrid *grid;
    GtkWidget *buttons[DESK_VERB_COUNT];
    GtkBox *park, *move;
    GtkSpinButton *minutes;
    GtkDropDown *where;
    GtkButton *park_yes, *park_no, *move_yes, *move_no;
    GtkWidget *focus_before; /* weak: gets the focus back after a question */
};

G_DEFINE_FINAL_TYPE(DeskVerbBar, desk_verb_bar, DESK_TYPE_PAGE)

/* ---------------------------------------------------------------- questions */

static void
set_focus_before(DeskVerbBar *bar, GtkWidget *widget)
{
    if (bar->focus_before)
        g_object_remove_weak_pointer(G_OBJECT(bar->focus_before), (gpointer *)&bar->focus_before);
    bar->focus_before = widget;
    if (widget)
        g_object_add_weak_pointer(G_OBJECT(widget), (gpointer *)&bar->focus_before);
}

static void
ask(DeskVerbBar *bar, GtkBox *question, GtkWidget *first)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(bar));

    set_focus_before(bar, root ? gtk_root_get_focus(root) : NULL);
    gtk_widget_set_visible(GTK_WIDGET(bar->park), question == bar->park);
    gtk_widget_set_visible(GTK_WIDGET(bar->move), question == bar->move);
    gtk_widget_grab_focus(first);
}

bool
desk_verb_bar_cancel(DeskVerbBar *bar)
{
    bool was_open = gtk_widget_get_visible(GTK_WIDGET(bar->park)) ||
                    gtk_widget_get_visible(GTK_WIDGET(bar->move));

    if (!was_open)
        return false;
    if (bar->focus_before)
        gtk_widget_grab_focus(bar->focus_before);
    set_focus_before(bar, NULL);
    gtk_widget_set_visible(GTK_WIDGET(bar->park), FALSE);
    gtk_widget_set_visible(GTK_WIDGET(bar->move), FALSE);
    return true;
}

static void
on_no(GtkButton *button, DeskVerbBar *bar)
{
    (void)button;
    desk_verb_bar_cancel(bar);
}

static void
on_park(GtkWidget *from, DeskVerbBar *bar)
{
    (void)from;
    gtk_spin_button_update(bar->minutes);
    desk_page_do(DESK_PAGE(bar), "park",
                 g_variant_new_uint32((guint32)gtk_spin_button_get_value_as_int(bar->minutes)));
    desk_verb_bar_cancel(bar);
}

static void
on_move(GtkWidget *from, DeskVerbBar *bar)
{
    const char *department = desk_page_chosen_key(bar->where);

    (void)from;
    if (!department[0])
        return;
    desk_page_do(DESK_PAGE(bar), "move", g_variant_new_string(department));
    desk_verb_bar_cancel(bar);
}

/* ---------------------------------------------------------------- verbs */

enum desk_verb
desk_verb_bar_verb_of(guint key)
{
    for (unsigned verb = 0; verb < DESK_VERB_COUNT; verb++)
        if (gdk_keyval_to_lower(key) == (guint)desk_verb_find((enum desk_verb)verb)->key)
            return (enum desk_verb)verb;
    return DESK_VERB_COUNT;
}

void
desk_verb_bar_press(DeskVerbBar *bar, enum desk_verb verb)
{
    const char *action = desk_verb_find(verb)->action;

    if (!desk_page_can(DESK_PAGE(bar), action))
        return;
    if (verb == DESK_VERB_PARK)
        ask(bar, bar->park, GTK_WIDGET(bar->minutes));
    else if (verb == DESK_VERB_MOVE)
        ask(bar, bar->move, GTK_WIDGET(bar->where));
    else
        desk_page_do(DESK_PAGE(bar), action, NULL);
}

static void
on_clicked(GtkWidget *button, DeskVerbBar *bar)
{
    for (unsigned verb = 0; verb < DESK_VERB_COUNT; verb++)
        if (bar->buttons[verb] == button)
            desk_verb_bar_press(bar, (enum desk_verb)verb);
}

static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskVerbBar *bar)
{
    (void)actions;
    for (unsigned verb = 0; verb < DESK_VERB_COUNT; verb++)
        if (g_str_equal(desk_verb_find((enum desk_verb)verb)->action, name))
            gtk_widget_set_sensitive(bar->buttons[verb], is_enabled);
}

static GtkWidget *
button_new(enum desk_verb verb)
{
    GtkWidget *button = desk_key_button_new(desk_verb_find(verb)->key, desk_verb_label(verb));

    if (verb == DESK_VERB_NEXT)
        gtk_widget_add_css_class(button, "primary");
    return button;
}

static void
lay_out(DeskVerbBar *bar)
{
    desk_key_grid_lay_out(bar->grid, COLUMNS, COLUMNS_LARGE);
}

static void
add_buttons(DeskVerbBar *bar)
{
    for (int verb = 0; verb < DESK_VERB_COUNT; verb++) {
        GtkWidget *button = button_new((enum desk_verb)verb);
        bar->buttons[verb] = button;
        gtk_grid_attach(bar->grid, button, 0, 0, 1, 1);
        gtk_widget_set_sensitive(button, FALSE);
        g_signal_connect(button, "clicked", G_CALLBACK(on_clicked), bar);
    }
    lay_out(bar);
    g_signal_connect_object(gtk_settings_get_default(), "notify::gtk-xft-dpi", G_CALLBACK(lay_out),
                            bar, G_CONNECT_SWAPPED);
}

static void
desk_verb_bar_ready(DeskPage *page)
{
    DeskVerbBar *bar = DESK_VERB_BAR(page);
    GListModel *departments;
    GActionGroup *actions;

    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), bar);
    for (unsigned verb = 0; verb < DESK_VERB_COUNT; verb++)
        gtk_widget_set_sensitive(bar->buttons[verb],
                                 desk_page_can(page, desk_verb_find((enum desk_verb)verb)->action));
    g_object_unref(actions);
    g_object_get(desk_page_model(page), "departments", &departments, NULL);
    gtk_drop_down_set_model(bar->where, departments);
    g_object_unref(departments);
}

static void
desk_verb_bar_dispose(GObject *object)
{
    DeskVerbBar *bar = DESK_VERB_BAR(object);

    set_focus_before(bar, NULL);
    G_OBJECT_CLASS(desk_verb_bar_parent_class)->dispose(object);
}

static void
desk_verb_bar_class_init(DeskVerbBarClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = desk_verb_bar_dispose;
    DESK_PAGE_CLASS(class)->ready = desk_verb_bar_ready;
    g_type_ensure(DESK_TYPE_TEXT);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/widgets/verb-bar.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, grid);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, park);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, move);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, minutes);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, where);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, park_yes);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, park_no);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, move_yes);
    gtk_widget_class_bind_template_child(widget_class, DeskVerbBar, move_no);
    gtk_widget_class_set_css_name(widget_class, "verb-bar");
}

static gboolean
on_minutes_key(
    GtkEventControllerKey *keys, guint key, guint code, GdkModifierType modifiers, DeskVerbBar *bar)
{
    (void)keys;
    (void)code;
    (void)modifiers;
    if (key != GDK_KEY_Return && key != GDK_KEY_KP_Enter)
        return GDK_EVENT_PROPAGATE;
    on_park(NULL, bar);
    return GDK_EVENT_STOP;
}

static void
desk_verb_bar_init(DeskVerbBar *bar)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkExpression *title = desk_page_title_expression();

    gtk_widget_init_template(GTK_WIDGET(bar));
    add_buttons(bar);
    gtk_drop_down_set_expression(bar->where, title);
    desk_page_name_drop_down(bar->where, _("Move to which queue?"));
    gtk_expression_unref(title);
    g_signal_connect(bar->park_yes, "clicked", G_CALLBACK(on_park), bar);
    g_signal_connect(bar->park_no, "clicked", G_CALLBACK(on_no), bar);
    g_signal_connect(bar->move_yes, "clicked", G_CALLBACK(on_move), bar);
    g_signal_connect(bar->move_no, "clicked", G_CALLBACK(on_no), bar);
    /* Enter is the answer; the entry inside would only take the number over. */
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_minutes_key), bar);
    gtk_widget_add_controller(GTK_WIDGET(bar->minutes), keys);
}
