/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages - makes the types of all pages known before the first template is read
 */
#include "pages/pages.h"

#include "widgets/details.h"
#include "widgets/fact.h"
#include "widgets/line.h"
#include "widgets/money-form.h"
#include "widgets/text.h"
#include "widgets/verb-bar.h"

void
desk_pages_start(void)
{
    g_type_ensure(DESK_TYPE_TEXT);
    g_type_ensure(DESK_TYPE_FACT);
    g_type_ensure(DESK_TYPE_LINE);
    g_type_ensure(DESK_TYPE_VERB_BAR);
    g_type_ensure(DESK_TYPE_DETAILS);
    g_type_ensure(DESK_TYPE_SIGN_IN);
    g_type_ensure(DESK_TYPE_QUEUE_PAGE);
    g_type_ensure(DESK_TYPE_CASES_PAGE);
    g_type_ensure(DESK_TYPE_PEOPLE_PAGE);
    g_type_ensure(DESK_TYPE_KIOSKS_PAGE);
    g_type_ensure(DESK_TYPE_TODAY_PAGE);
    g_type_ensure(DESK_TYPE_MONEY_FORM);
    g_type_ensure(DESK_TYPE_MONEY_PAGE);
}
