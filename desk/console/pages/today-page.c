/* SPDX-License-Identifier: Apache-2.0 */
/*
 * today-page - the numbers of the day
 */
#include "pages/pages.h"

struct _DeskTodayPage {
    DeskPage parent;
};

G_DEFINE_FINAL_TYPE(DeskTodayPage, desk_today_page, DESK_TYPE_PAGE)

static void
desk_today_page_class_init(DeskTodayPageClass *class)
{
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                DESK_RESOURCES "/pages/today-page.ui");
}

static void
desk_today_page_init(DeskTodayPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
}
