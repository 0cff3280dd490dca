/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - which screen shows which state of the flow
 */
#include "flow.h"

#include "kiosk-resources.h"
#include "screens/screens.h"
#include "widgets/button.h"
#include "widgets/code.h"
#include "widgets/picture.h"
#include "widgets/text.h"

#include <assert.h>

static const struct {
    GType (*type)(void);
} screens[] = {
    [SUGU_KIOSK_WELCOME] = {kiosk_welcome_get_type},
    [SUGU_KIOSK_CLOSED] = {kiosk_closed_get_type},
    [SUGU_KIOSK_OUT_OF_USE] = {kiosk_out_of_use_get_type},
    [SUGU_KIOSK_NO_CARD] = {kiosk_no_card_get_type},
    [SUGU_KIOSK_CARD_TROUBLE] = {kiosk_card_get_type},
    [SUGU_KIOSK_CARD_BACK] = {kiosk_card_get_type},
    [SUGU_KIOSK_PIN] = {kiosk_pin_get_type},
    [SUGU_KIOSK_READING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_OPENING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_BIRTHDAY] = {kiosk_birthday_get_type},
    [SUGU_KIOSK_CHECKING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_CONFIRM] = {kiosk_confirm_get_type},
    [SUGU_KIOSK_ISSUING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_TICKET] = {kiosk_ticket_get_type},
    [SUGU_KIOSK_ISSUING_DESK] = {kiosk_wait_get_type},
    [SUGU_KIOSK_TO_DESK] = {kiosk_desk_get_type},
    [SUGU_KIOSK_DESK_AWAY] = {kiosk_desk_get_type},
    [SUGU_KIOSK_SEE_DESK] = {kiosk_desk_get_type},
    [SUGU_KIOSK_NO_BILL] = {kiosk_no_bill_get_type},
    [SUGU_KIOSK_BILL] = {kiosk_bill_get_type},
    [SUGU_KIOSK_CHOOSE_WAY] = {kiosk_choose_way_get_type},
    [SUGU_KIOSK_OLD_BILLS] = {kiosk_old_bills_get_type},
    [SUGU_KIOSK_FETCHING_BILL] = {kiosk_wait_get_type},
    [SUGU_KIOSK_PAYING] = {kiosk_paying_get_type},
    [SUGU_KIOSK_CASH] = {kiosk_cash_get_type},
    [SUGU_KIOSK_CASH_GIVING] = {kiosk_cash_giving_get_type},
    [SUGU_KIOSK_CODE] = {kiosk_phone_get_type},
    [SUGU_KIOSK_CANCELLING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_UNCLEAR] = {kiosk_unclear_get_type},
    [SUGU_KIOSK_PAY_TROUBLE] = {kiosk_pay_trouble_get_type},
    [SUGU_KIOSK_HELD] = {kiosk_desk_get_type},
    [SUGU_KIOSK_CASH_OWED] = {kiosk_desk_get_type},
    [SUGU_KIOSK_SETTLING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_ISSUING_RECEIPT] = {kiosk_wait_get_type},
    [SUGU_KIOSK_PRINTING] = {kiosk_printing_get_type},
    [SUGU_KIOSK_PAPER_DOUBT] = {kiosk_paper_doubt_get_type},
    [SUGU_KIOSK_RECEIPT_LATER] = {kiosk_desk_get_type},
    [SUGU_KIOSK_PAID] = {kiosk_paid_get_type},
    [SUGU_KIOSK_ALREADY_PAID] = {kiosk_already_paid_get_type},
    [SUGU_KIOSK_CONSENT] = {kiosk_consent_get_type},
    [SUGU_KIOSK_LIMIT] = {kiosk_limit_get_type},
    [SUGU_KIOSK_PAYER] = {kiosk_payer_get_type},
    [SUGU_KIOSK_STORING] = {kiosk_wait_get_type},
    [SUGU_KIOSK_REGISTERING] = {kiosk_registering_get_type},
    [SUGU_KIOSK_CARD_STORED] = {kiosk_stored_get_type},
    [SUGU_KIOSK_CARD_NOT_STORED] = {kiosk_stored_get_type},
    [SUGU_KIOSK_MY_CARD] = {kiosk_my_card_get_type},
    [SUGU_KIOSK_CARD_END] = {kiosk_card_end_get_type},
    [SUGU_KIOSK_STILL_THERE] = {kiosk_still_there_get_type},
    [SUGU_KIOSK_TAKE_CARD] = {kiosk_take_card_get_type},
};

void
kiosk_flow_start(void)
{
    g_resources_register(kiosk_get_resource());
    g_type_ensure(KIOSK_TYPE_MODEL);
    g_type_ensure(KIOSK_TYPE_LINE);
    g_type_ensure(KIOSK_TYPE_TEXT);
    g_type_ensure(KIOSK_TYPE_BUTTON);
    g_type_ensure(KIOSK_TYPE_PICTURE);
    g_type_ensure(KIOSK_TYPE_CODE);
    g_type_ensure(KIOSK_TYPE_KEYPAD);
}

GtkWidget *
kiosk_flow_screen_new(enum sugu_kiosk_state state, KioskModel *model, GtkOrientation orientation)
{
    assert((unsigned)state < SUGU_ARRAY_SIZE(screens) && screens[state].type);
    return g_object_new(screens[state].type(), "model", model, "orientation", orientation, NULL);
}

const char *
kiosk_flow_action(char to[static 32], enum sugu_kiosk_event event)
{
    const char *name = sugu_kiosk_machine.events[event];
    size_t i;

    for (i = 0; name[i] && i < 31; i++)
        to[i] = name[i] == '_' ? '-' : g_ascii_tolower(name[i]);
    to[i] = '\0';
    return to;
}
