/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow-money - the second half of the kiosk's table: bill, money, papers, leaving
 *
 * Included by kiosk-flow.h only.
 */
#pragma once

#define SUGU_KIOSK_RULES_BILL(X)                                                                   \
    SUGU_KIOSK_END(X, NO_BILL)                                                                     \
    SUGU_KIOSK_NEW_CARD(X, NO_BILL)                                                                \
    X(NO_BILL, PRINT, NO_BILL, SUGU_KIOSK_DO_PRINT_TICKET)                                         \
    X(NO_BILL, PAPER_OUT, NO_BILL, 0)                                                              \
    X(NO_BILL, PAPER_TROUBLE, NO_BILL, SUGU_KIOSK_DO_TELL_STAFF)                                   \
    X(NO_BILL, PAPER_UNKNOWN, NO_BILL, 0)                                                          \
    X(NO_BILL, OLD_BILLS, OLD_BILLS, 0)                                                            \
    X(NO_BILL, BILL_ARRIVED, BILL, 0)                                                              \
    X(NO_BILL, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                \
    X(NO_BILL, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                   \
    SUGU_KIOSK_HELP(X, BILL)                                                                       \
    SUGU_KIOSK_WARN(X, BILL)                                                                       \
    SUGU_KIOSK_GO_BACK(X, BILL)                                                                    \
    SUGU_KIOSK_SEE_DESK(X, BILL)                                                                   \
    SUGU_KIOSK_NEW_CARD(X, BILL)                                                                   \
    X(BILL, PAY, PAYING, SUGU_KIOSK_DO_START_PAYMENT)                                              \
    X(BILL, PAY_CASH, CASH, SUGU_KIOSK_DO_START_PAYMENT)                                           \
    X(BILL, PAY_CODE, CODE, SUGU_KIOSK_DO_START_PAYMENT)                                           \
    X(BILL, CHOOSE_WAY, CHOOSE_WAY, 0)                                                             \
    X(BILL, OLD_BILLS, OLD_BILLS, 0)                                                               \
    X(BILL, OTHER_BILLS, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                      \
    SUGU_KIOSK_BILL_CHANGES(X, BILL)                                                               \
    SUGU_KIOSK_HELP(X, PAY_TROUBLE)                                                                \
    SUGU_KIOSK_WARN(X, PAY_TROUBLE)                                                                \
    SUGU_KIOSK_SEE_DESK(X, PAY_TROUBLE)                                                            \
    X(PAY_TROUBLE, AGAIN, BILL, 0)                                                                 \
    X(PAY_TROUBLE, BACK, BILL, 0)                                                                  \
    X(PAY_TROUBLE, CHOOSE_WAY, CHOOSE_WAY, 0)                                                      \
    X(PAY_TROUBLE, DONE, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)                                      \
    SUGU_KIOSK_BILL_CHANGES(X, PAY_TROUBLE)

#define SUGU_KIOSK_RULES_MONEY(X)                                                                  \
    SUGU_KIOSK_HELP(X, PAYING)                                                                     \
    SUGU_KIOSK_OUTCOMES(X, PAYING)                                                                 \
    X(PAYING, CANCEL, CANCELLING, SUGU_KIOSK_DO_ABORT_PAYMENT)                                     \
    SUGU_KIOSK_DOUBTS(X, PAYING)                                                                   \
    SUGU_KIOSK_HELP(X, CANCELLING)                                                                 \
    SUGU_KIOSK_OUTCOMES(X, CANCELLING)                                                             \
    SUGU_KIOSK_DOUBTS(X, CANCELLING)                                                               \
    SUGU_KIOSK_HELP(X, UNCLEAR)                                                                    \
    SUGU_KIOSK_OUTCOMES(X, UNCLEAR)                                                                \
    X(UNCLEAR, IDLE, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)                \
    X(UNCLEAR, NO_ANSWER, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                      \
    X(UNCLEAR, PAYMENT_UNKNOWN, UNCLEAR, 0)                                                        \
    X(UNCLEAR, PAYMENT_NOT_STARTED, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                \
    X(UNCLEAR, CASH_TAKING, CASH, 0)                                                               \
    X(UNCLEAR, CASH_MOVING, CASH_GIVING, 0)                                                        \
    X(UNCLEAR, CODE_OFFERED, CODE, 0)                                                              \
    X(UNCLEAR, TO_DESK, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                            \
    X(UNCLEAR, SERVER_BACK, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                    \
    SUGU_KIOSK_END(X, HELD)                                                                        \
    X(HELD, PAYMENT_APPROVED, SETTLING, 0)                                                         \
    X(HELD, PAYMENT_PARTIAL, BILL, 0)                                                              \
    X(HELD, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                            \
    X(HELD, PAYMENT_DECLINED, PAY_TROUBLE, 0)                                                      \
    X(HELD, CHANGE_OWED, HELD, SUGU_KIOSK_DO_PRINT_CLAIM | SUGU_KIOSK_DO_CALL_STAFF)               \
    X(HELD, MONEY_OWED, CASH_OWED, 0)                                                              \
    SUGU_KIOSK_HELP(X, SETTLING)                                                                   \
    X(SETTLING, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                        \
    X(SETTLING, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                               \
    X(SETTLING, SERVER_BACK, SETTLING, SUGU_KIOSK_DO_ASK_PAYMENT)                                  \
    X(SETTLING, NO_ANSWER, RECEIPT_LATER, 0)

#define SUGU_KIOSK_RULES_PAPER(X)                                                                  \
    SUGU_KIOSK_HELP(X, ISSUING_RECEIPT)                                                            \
    X(ISSUING_RECEIPT, RECEIPT_ISSUED, PRINTING, SUGU_KIOSK_DO_PRINT_RECEIPT)                      \
    X(ISSUING_RECEIPT, RECEIPT_REFUSED, RECEIPT_LATER, 0)                                          \
    X(ISSUING_RECEIPT, NO_ANSWER, RECEIPT_LATER, 0)                                                \
    X(ISSUING_RECEIPT, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                        \
    SUGU_KIOSK_HELP(X, PRINTING)                                                                   \
    X(PRINTING, PAPER_OUT, PAID, 0)                                                                \
    X(PRINTING, PAPER_TROUBLE, RECEIPT_LATER, SUGU_KIOSK_DO_CALL_STAFF)                            \
    X(PRINTING, PAPER_UNKNOWN, PAPER_DOUBT, 0)                                                     \
    X(PRINTING, NO_ANSWER, PAPER_DOUBT, 0)                                                         \
    X(PRINTING, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                               \
    SUGU_KIOSK_HELP(X, PAPER_DOUBT)                                                                \
    SUGU_KIOSK_WARN(X, PAPER_DOUBT)                                                                \
    X(PAPER_DOUBT, YES, PAID, 0)                                                                   \
    X(PAPER_DOUBT, NO, RECEIPT_LATER, SUGU_KIOSK_DO_CALL_STAFF)                                    \
    X(PAPER_DOUBT, PAPER_OUT, PAID, 0)                                                             \
    X(PAPER_DOUBT, PAPER_TROUBLE, RECEIPT_LATER, SUGU_KIOSK_DO_CALL_STAFF)                         \
    X(PAPER_DOUBT, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                            \
    SUGU_KIOSK_END(X, RECEIPT_LATER)                                                               \
    SUGU_KIOSK_NEW_CARD(X, RECEIPT_LATER)                                                          \
    X(RECEIPT_LATER, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                          \
    SUGU_KIOSK_END(X, PAID)                                                                        \
    SUGU_KIOSK_NEW_CARD(X, PAID)                                                                   \
    X(PAID, OTHER_BILLS, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                      \
    X(PAID, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                   \
    SUGU_KIOSK_END(X, ALREADY_PAID)                                                                \
    SUGU_KIOSK_NEW_CARD(X, ALREADY_PAID)                                                           \
    X(ALREADY_PAID, PRINT, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                           \
    X(ALREADY_PAID, OLD_BILLS, OLD_BILLS, 0)                                                       \
    X(ALREADY_PAID, BILL_ARRIVED, BILL, 0)                                                         \
    X(ALREADY_PAID, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)

#define SUGU_KIOSK_RULES_LEAVE(X)                                                                  \
    SUGU_KIOSK_HELP(X, STILL_THERE)                                                                \
    X(STILL_THERE, CONTINUE, RESUME, 0)                                                            \
    X(STILL_THERE, TIME_UP, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)                                   \
    X(STILL_THERE, DONE, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)                                      \
    SUGU_KIOSK_HELP(X, TAKE_CARD)                                                                  \
    X(TAKE_CARD, CARD_TAKEN, WELCOME, SUGU_KIOSK_DO_CLEAR)                                         \
    X(TAKE_CARD, READER_AWAY, WELCOME, SUGU_KIOSK_DO_CLEAR)                                        \
    X(TAKE_CARD, IDLE, TAKE_CARD, SUGU_KIOSK_DO_CALL_STAFF)
