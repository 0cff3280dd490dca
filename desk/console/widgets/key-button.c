/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key-button - a verb's button: the cap of its key, and its words; and rows of such buttons
 */
#include "widgets/key-button.h"

#define LARGE_DPI (150 * 96 * 1024 / 100) /* in the unit of GTK's settings */

GtkWidget *
desk_key_button_new(char key, const char *words)
{
    char text[2] = {g_ascii_toupper(key), '\0'};
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *cap = gtk_label_new(text), *label = gtk_label_new(words);

    gtk_widget_add_css_class(cap, "key");
    gtk_widget_set_valign(cap, GTK_ALIGN_CENTER);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_box_append(GTK_BOX(box), cap);
    gtk_box_append(GTK_BOX(box), label);
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                   GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS, text, -1);
    return button;
}

void
desk_key_grid_lay_out(GtkGrid *grid, int columns, int columns_large)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(grid));
    int dpi, place = 0;

    g_object_get(gtk_settings_get_default(), "gtk-xft-dpi", &dpi, NULL);
    if (dpi > LARGE_DPI)
        columns = columns_large;
    for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(grid)); child;
         child = gtk_widget_get_next_sibling(child)) {
        if (!gtk_widget_get_visible(child))
            continue;
        g_object_set(gtk_layout_manager_get_layout_child(layout, child), "column", place % columns,
                     "row", place / columns, NULL);
        place++;
    }
}
