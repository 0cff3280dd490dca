/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign-in - who works here: name and password, or a staff card
 */
#include "pages/pages.h"

struct _DeskSignIn {
    DeskPage parent;
    GtkEntry *staff;
    GtkPasswordEntry *password;
    GtkButton *enter;
};

G_DEFINE_FINAL_TYPE(DeskSignIn, desk_sign_in, DESK_TYPE_PAGE)

static guint sign_in_signal;

static void
on_enter(GtkWidget *from, DeskSignIn *page)
{
    const char *staff = gtk_editable_get_text(GTK_EDITABLE(page->staff));
    const char *password = gtk_editable_get_text(GTK_EDITABLE(page->password));

    (void)from;
    if (!staff[0])
        gtk_widget_grab_focus(GTK_WIDGET(page->staff));
    else if (!password[0])
        gtk_widget_grab_focus(GTK_WIDGET(page->password));
    else {
        g_signal_emit(page, sign_in_signal, 0, staff, password);
        gtk_editable_set_text(GTK_EDITABLE(page->password), "");
    }
}

void
desk_sign_in_clear(DeskSignIn *page)
{
    gtk_editable_set_text(GTK_EDITABLE(page->staff), "");
    gtk_editable_set_text(GTK_EDITABLE(page->password), "");
    gtk_widget_grab_focus(GTK_WIDGET(page->staff));
}

static void
desk_sign_in_class_init(DeskSignInClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    sign_in_signal = g_signal_new(
        "sign-in", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
        G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
    gtk_widget_class_set_template_from_resource(widget_class, DESK_RESOURCES "/pages/sign-in.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskSignIn, staff);
    gtk_widget_class_bind_template_child(widget_class, DeskSignIn, password);
    gtk_widget_class_bind_template_child(widget_class, DeskSignIn, enter);
}

static void
desk_sign_in_init(DeskSignIn *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect(page->staff, "activate", G_CALLBACK(on_enter), page);
    g_signal_connect(page->password, "activate", G_CALLBACK(on_enter), page);
    g_signal_connect(page->enter, "clicked", G_CALLBACK(on_enter), page);
}
