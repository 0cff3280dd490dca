/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow-ways - the third part of the kiosk's table: which way to pay, cash, code, old bills
 *
 * Included by kiosk-flow.h only. A window that was started anew while cash is in the machine goes
 * from its first page straight back to the cash: who put it in still stands there.
 */
#pragma once

#define SUGU_KIOSK_RULES_WAYS(X)                                                                   \
    SUGU_KIOSK_HELP(X, CHOOSE_WAY)                                                                 \
    SUGU_KIOSK_WARN(X, CHOOSE_WAY)                                                                 \
    SUGU_KIOSK_SEE_DESK(X, CHOOSE_WAY)                                                             \
    SUGU_KIOSK_NEW_CARD(X, CHOOSE_WAY)                                                             \
    SUGU_KIOSK_BILL_CHANGES(X, CHOOSE_WAY)                                                         \
    X(CHOOSE_WAY, BACK, BILL, 0)                                                                   \
    X(CHOOSE_WAY, PAY, PAYING, SUGU_KIOSK_DO_START_PAYMENT)                                        \
    X(CHOOSE_WAY, PAY_CASH, CASH, SUGU_KIOSK_DO_START_PAYMENT)                                     \
    X(CHOOSE_WAY, PAY_CODE, CODE, SUGU_KIOSK_DO_START_PAYMENT)

#define SUGU_KIOSK_RULES_CASH(X)                                                                   \
    X(WELCOME, CASH_TAKING, CASH, 0)                                                               \
    X(WELCOME, CASH_MOVING, CASH_GIVING, 0)                                                        \
    X(CLOSED, CASH_TAKING, CASH, 0)                                                                \
    X(CLOSED, CASH_MOVING, CASH_GIVING, 0)                                                         \
    SUGU_KIOSK_HELP(X, CASH)                                                                       \
    SUGU_KIOSK_OUTCOMES(X, CASH)                                                                   \
    SUGU_KIOSK_DOUBTS(X, CASH)                                                                     \
    X(CASH, CASH_TAKING, CASH, 0)                                                                  \
    X(CASH, CASH_MOVING, CASH_GIVING, 0)                                                           \
    X(CASH, FIX, CASH, SUGU_KIOSK_DO_FIX_PAYMENT)                                                  \
    X(CASH, CANCEL, CASH_GIVING, SUGU_KIOSK_DO_ABORT_PAYMENT)                                      \
    SUGU_KIOSK_HELP(X, CASH_GIVING)                                                                \
    SUGU_KIOSK_OUTCOMES(X, CASH_GIVING)                                                            \
    SUGU_KIOSK_DOUBTS(X, CASH_GIVING)                                                              \
    X(CASH_GIVING, CASH_TAKING, CASH, 0)                                                           \
    X(CASH_GIVING, CASH_MOVING, CASH_GIVING, 0)                                                    \
    SUGU_KIOSK_END(X, CASH_OWED)                                                                   \
    SUGU_KIOSK_NEW_CARD(X, CASH_OWED)

#define SUGU_KIOSK_RULES_CODE(X)                                                                   \
    SUGU_KIOSK_HELP(X, CODE)                                                                       \
    SUGU_KIOSK_OUTCOMES(X, CODE)                                                                   \
    SUGU_KIOSK_DOUBTS(X, CODE)                                                                     \
    X(CODE, CODE_OFFERED, CODE, 0)                                                                 \
    X(CODE, CANCEL, CANCELLING, SUGU_KIOSK_DO_ABORT_PAYMENT)

/* Today's bill is looked up anew behind them: it may be there by then. */
#define SUGU_KIOSK_RULES_OLD(X)                                                                    \
    SUGU_KIOSK_HELP(X, OLD_BILLS)                                                                  \
    SUGU_KIOSK_WARN(X, OLD_BILLS)                                                                  \
    SUGU_KIOSK_SEE_DESK(X, OLD_BILLS)                                                              \
    SUGU_KIOSK_NEW_CARD(X, OLD_BILLS)                                                              \
    X(OLD_BILLS, PAY_OLD, FETCHING_BILL, SUGU_KIOSK_DO_GET_BILL)                                   \
    X(OLD_BILLS, NEXT_OLD, OLD_BILLS, SUGU_KIOSK_DO_SHOW_NEXT_OLD)                                 \
    X(OLD_BILLS, OTHER_BILLS, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                 \
    X(OLD_BILLS, BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                        \
    X(OLD_BILLS, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                 \
    SUGU_KIOSK_HELP(X, FETCHING_BILL)                                                              \
    X(FETCHING_BILL, BILL_FETCHED, BILL, 0)                                                        \
    X(FETCHING_BILL, BILL_NOT_FETCHED, OLD_BILLS, 0)                                               \
    X(FETCHING_BILL, NO_ANSWER, OLD_BILLS, 0)
