/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame - what stands around every page, always in the same place
 */
#include "widgets/frame.h"

#include "languages.h"
#include "screen.h"
#include "widgets/button.h"

#include <string.h>

struct _KioskFrame {
    GtkWidget parent;
    KioskModel *model;
    GtkOrientation orientation;
    GtkWidget *languages, *holder;
};

G_DEFINE_FINAL_TYPE(KioskFrame, kiosk_frame, GTK_TYPE_WIDGET)

enum { PROP_MODEL = 1, PROP_ORIENTATION };

/* One button for each language, in its own script, never in translation. */
static void
add_language(KioskFrame *frame, const struct kiosk_language *language)
{
    GtkWidget *button = g_object_new(KIOSK_TYPE_BUTTON, "text", language->own_name, "action-name",
                                     "view.language", "hexpand", TRUE, NULL);

    gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", language->code);
    if (strcmp(kiosk_language_current()->code, language->code) == 0)
        gtk_widget_add_css_class(button, "chosen");
    gtk_box_append(GTK_BOX(frame->languages), button);
}

void
kiosk_frame_set_page(KioskFrame *frame, GtkWidget *page)
{
    GtkWidget *old = gtk_widget_get_first_child(frame->holder);

    if (old)
        gtk_box_remove(GTK_BOX(frame->holder), old);
    gtk_widget_set_hexpand(page, TRUE);
    gtk_widget_set_vexpand(page, TRUE);
    gtk_box_append(GTK_BOX(frame->holder), page);
}

GtkWidget *
kiosk_frame_page(KioskFrame *frame)
{
    return gtk_widget_get_first_child(frame->holder);
}

static void
set_orientation(KioskFrame *frame, GtkOrientation orientation)
{
    frame->orientation = orientation;
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        gtk_widget_add_css_class(GTK_WIDGET(frame), "wide");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(frame), "wide");
}

/*
 * A style that has changed is measured by before GTK tells its widget to forget the height that it
 * had by the old one: both together are no size at all.
 */
static void
forget_sizes(GtkWidget *widget)
{
    gtk_widget_queue_resize(widget);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        forget_sizes(child);
}

/* A message of the staff needs room, or much in large letters: the page keeps to less. */
static void
on_fullness(KioskModel *model, GParamSpec *spec, GtkWidget *frame)
{
    gboolean is_full, is_large, is_tight;
    char *message;

    (void)spec;
    g_object_get(model, "message", &message, "is-full", &is_full, "is-large", &is_large, NULL);
    is_tight = message[0] || (is_full && is_large);
    g_free(message);
    if (is_tight == gtk_widget_has_css_class(frame, "tight"))
        return;
    if (is_tight)
        gtk_widget_add_css_class(frame, "tight");
    else
        gtk_widget_remove_css_class(frame, "tight");
    forget_sizes(frame);
}

static void
set_model(KioskFrame *frame, KioskModel *model)
{
    if (!g_set_object(&frame->model, model) || !model)
        return;
    g_signal_connect_object(model, "notify::message", G_CALLBACK(on_fullness), frame, 0);
    g_signal_connect_object(model, "notify::is-full", G_CALLBACK(on_fullness), frame, 0);
    g_signal_connect_object(model, "notify::is-large", G_CALLBACK(on_fullness), frame, 0);
    on_fullness(model, NULL, GTK_WIDGET(frame));
}

static void
kiosk_frame_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskFrame *frame = KIOSK_FRAME(object);

    if (id == PROP_MODEL)
        g_value_set_object(value, frame->model);
    else if (id == PROP_ORIENTATION)
        g_value_set_enum(value, frame->orientation);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_frame_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskFrame *frame = KIOSK_FRAME(object);

    if (id == PROP_MODEL)
        set_model(frame, g_value_get_object(value));
    else if (id == PROP_ORIENTATION)
        set_orientation(frame, (GtkOrientation)g_value_get_enum(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_frame_dispose(GObject *object)
{
    KioskFrame *frame = KIOSK_FRAME(object);
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child(GTK_WIDGET(frame))))
        gtk_widget_unparent(child);
    g_clear_object(&frame->model);
    G_OBJECT_CLASS(kiosk_frame_parent_class)->dispose(object);
}

static void
kiosk_frame_class_init(KioskFrameClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = kiosk_frame_get_property;
    object_class->set_property = kiosk_frame_set_property;
    object_class->dispose = kiosk_frame_dispose;
    g_object_class_install_property(
        object_class, PROP_MODEL,
        g_param_spec_object("model", NULL, NULL, KIOSK_TYPE_MODEL, flags));
    g_object_class_install_property(object_class, PROP_ORIENTATION,
                                    g_param_spec_enum("orientation", NULL, NULL,
                                                      GTK_TYPE_ORIENTATION,
                                                      GTK_ORIENTATION_VERTICAL, flags));
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "frame");
    gtk_widget_class_set_template_from_resource(widget_class, KIOSK_RESOURCES "/widgets/frame.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskFrame, languages);
    gtk_widget_class_bind_template_child(widget_class, KioskFrame, holder);
}

static void
kiosk_frame_init(KioskFrame *frame)
{
    const struct kiosk_language *languages;
    size_t count;

    frame->orientation = GTK_ORIENTATION_VERTICAL;
    gtk_widget_init_template(GTK_WIDGET(frame));
    languages = kiosk_languages(&count);
    for (size_t i = 0; i < count; i++)
        add_language(frame, &languages[i]);
}
