/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screens - the types of all screens; each has a file pair of its name in this folder
 */
#pragma once

#include "screen.h"

G_DECLARE_FINAL_TYPE(KioskWelcome, kiosk_welcome, KIOSK, WELCOME, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskClosed, kiosk_closed, KIOSK, CLOSED, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskOutOfUse, kiosk_out_of_use, KIOSK, OUT_OF_USE, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskNoCard, kiosk_no_card, KIOSK, NO_CARD, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskCard, kiosk_card, KIOSK, CARD, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPin, kiosk_pin, KIOSK, PIN, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskBirthday, kiosk_birthday, KIOSK, BIRTHDAY, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskWait, kiosk_wait, KIOSK, WAIT, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskConfirm, kiosk_confirm, KIOSK, CONFIRM, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskTicket, kiosk_ticket, KIOSK, TICKET, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskDesk, kiosk_desk, KIOSK, DESK, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskNoBill, kiosk_no_bill, KIOSK, NO_BILL, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskBill, kiosk_bill, KIOSK, BILL, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskChooseWay, kiosk_choose_way, KIOSK, CHOOSE_WAY, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskOldBills, kiosk_old_bills, KIOSK, OLD_BILLS, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPaying, kiosk_paying, KIOSK, PAYING, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskCash, kiosk_cash, KIOSK, CASH, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskCashGiving, kiosk_cash_giving, KIOSK, CASH_GIVING, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPhone, kiosk_phone, KIOSK, PHONE, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskUnclear, kiosk_unclear, KIOSK, UNCLEAR, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPayTrouble, kiosk_pay_trouble, KIOSK, PAY_TROUBLE, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPrinting, kiosk_printing, KIOSK, PRINTING, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPaperDoubt, kiosk_paper_doubt, KIOSK, PAPER_DOUBT, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPaid, kiosk_paid, KIOSK, PAID, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskAlreadyPaid, kiosk_already_paid, KIOSK, ALREADY_PAID, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskConsent, kiosk_consent, KIOSK, CONSENT, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskLimit, kiosk_limit, KIOSK, LIMIT, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskPayer, kiosk_payer, KIOSK, PAYER, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskRegistering, kiosk_registering, KIOSK, REGISTERING, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskStored, kiosk_stored, KIOSK, STORED, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskMyCard, kiosk_my_card, KIOSK, MY_CARD, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskCardEnd, kiosk_card_end, KIOSK, CARD_END, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskStillThere, kiosk_still_there, KIOSK, STILL_THERE, KioskScreen)
G_DECLARE_FINAL_TYPE(KioskTakeCard, kiosk_take_card, KIOSK, TAKE_CARD, KioskScreen)
