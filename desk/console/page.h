/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - what every page and pane of the desk's window is: properties in, actions out
 *
 * A page is a template bound to the model. It knows no other page, no timer and no network; what is
 * pressed are actions of the group "desk".
 */
#pragma once

#include "item.h"
#include "model.h"

#include <gtk/gtk.h>

#define DESK_RESOURCES "/org/sugu/desk"

/* Properties: "model" (DeskModel), "actions" (GActionGroup "desk", may be NULL). */
#define DESK_TYPE_PAGE (desk_page_get_type())
G_DECLARE_DERIVABLE_TYPE(DeskPage, desk_page, DESK, PAGE, GtkWidget)

struct _DeskPageClass {
    GtkWidgetClass parent;
    /* Both properties are there now. May be NULL. */
    void (*ready)(DeskPage *page);
};

DeskModel *desk_page_model(DeskPage *page);
/* False also where there is no such action. */
bool desk_page_can(DeskPage *page, const char *action);
/* Runs an action of the group; takes a floating value. */
void desk_page_do(DeskPage *page, const char *action, GVariant *value);
/* The text of the chosen item of a drop-down over DeskItem: its key, "" where nothing is chosen. */
const char *desk_page_chosen_key(GtkDropDown *from);
/* For drop-downs over DeskItem: shows the title. Owned by the caller. */
GtkExpression *desk_page_title_expression(void);

/* GTK 4.8 gives rows of lists no names: the row, `steps` above the widget in it, is called so. */
void desk_page_name_row(GtkWidget *widget, unsigned steps, const char *name);
/* The button inside a drop-down takes the focus: it is called so. */
void desk_page_name_drop_down(GtkDropDown *drop_down, const char *name);
