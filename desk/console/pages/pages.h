/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages - the types of all pages; each has a file pair of its name in this folder
 */
#pragma once

#include "page.h"

/* Signal "sign-in" (user name, password; valid during the call). */
#define DESK_TYPE_SIGN_IN (desk_sign_in_get_type())
G_DECLARE_FINAL_TYPE(DeskSignIn, desk_sign_in, DESK, SIGN_IN, DeskPage)
/* Empties both entries and puts the focus into the first. */
void desk_sign_in_clear(DeskSignIn *page);

#define DESK_TYPE_QUEUE_PAGE (desk_queue_page_get_type())
G_DECLARE_FINAL_TYPE(DeskQueuePage, desk_queue_page, DESK, QUEUE_PAGE, DeskPage)
/* A key of the window; true where the page took it. */
bool desk_queue_page_key(DeskQueuePage *page, guint key);
GtkColumnView *desk_queue_page_list(DeskQueuePage *page);

#define DESK_TYPE_CASES_PAGE (desk_cases_page_get_type())
G_DECLARE_FINAL_TYPE(DeskCasesPage, desk_cases_page, DESK, CASES_PAGE, DeskPage)

#define DESK_TYPE_PEOPLE_PAGE (desk_people_page_get_type())
G_DECLARE_FINAL_TYPE(DeskPeoplePage, desk_people_page, DESK, PEOPLE_PAGE, DeskPage)
/* The cursor goes into the search. */
void desk_people_page_search(DeskPeoplePage *page);

#define DESK_TYPE_KIOSKS_PAGE (desk_kiosks_page_get_type())
G_DECLARE_FINAL_TYPE(DeskKiosksPage, desk_kiosks_page, DESK, KIOSKS_PAGE, DeskPage)

#define DESK_TYPE_TODAY_PAGE (desk_today_page_get_type())
G_DECLARE_FINAL_TYPE(DeskTodayPage, desk_today_page, DESK, TODAY_PAGE, DeskPage)

#define DESK_TYPE_MONEY_PAGE (desk_money_page_get_type())
G_DECLARE_FINAL_TYPE(DeskMoneyPage, desk_money_page, DESK, MONEY_PAGE, DeskPage)
/* A key of the window; true where the page took it. */
bool desk_money_page_key(DeskMoneyPage *page, guint key);
/* Letters are verbs where somebody is looked at; else the cursor goes into the search. */
void desk_money_page_enter(DeskMoneyPage *page);
/* The cursor goes into the search. */
void desk_money_page_search(DeskMoneyPage *page);

/* All that the templates name. */
void desk_pages_start(void);
