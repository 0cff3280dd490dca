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
    X(NO_BILL, BILL_ARRIVED, BILL, 0)                                                              \
    X(NO_BILL, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                \
    X(NO_BILL, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                   \
    SUGU_KIOSK_HELP(X, BILL)                                                                       \
    SUGU_KIOSK_WARN(X, BILL)                                                                       \
    SUGU_KIOSK_GO_BACK(X, BILL)                                                                    \
    SUGU_KIOSK_SEE_DESK(X, BILL)                                                                   \
    SUGU_KIOSK_NEW_CARD(X, BILL)                                                                   \
    X(BILL, PAY, PAYING, SUGU_KIOSK_DO_START_PAYMENT)                                              \
    X(BILL, BILL_ARRIVED, BILL, 0)                                                                 \
    X(BILL, BILL_WITHDRAWN, NO_BILL, 0)                                                            \
    X(BILL, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                   \
    X(BILL, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                            \
    X(BILL, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                      \
    SUGU_KIOSK_HELP(X, PAY_TROUBLE)                                                                \
    SUGU_KIOSK_WARN(X, PAY_TROUBLE)                                                                \
    SUGU_KIOSK_SEE_DESK(X, PAY_TROUBLE)                                                            \
    X(PAY_TROUBLE, AGAIN, BILL, 0)                                                                 \
    X(PAY_TROUBLE, BACK, BILL, 0)                                                                  \
    X(PAY_TROUBLE, BILL_ARRIVED, BILL, 0)                                                          \
    X(PAY_TROUBLE, BILL_WITHDRAWN, NO_BILL, 0)                                                     \
    X(PAY_TROUBLE, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                            \
    X(PAY_TROUBLE, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                     \
    X(PAY_TROUBLE, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)

#define SUGU_KIOSK_RULES_MONEY(X)                                                                  \
    SUGU_KIOSK_HELP(X, PAYING)                                                                     \
    SUGU_KIOSK_OUTCOMES(X, PAYING)                                                                 \
    X(PAYING, CANCEL, CANCELLING, SUGU_KIOSK_DO_ABORT_PAYMENT)                                     \
    X(PAYING, IDLE, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)                 \
    X(PAYING, PAYMENT_UNKNOWN, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                 \
    X(PAYING, PAYMENT_NOT_STARTED, PAY_TROUBLE, 0)                                                 \
    X(PAYING, NO_ANSWER, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)            \
    SUGU_KIOSK_HELP(X, CANCELLING)                                                                 \
    SUGU_KIOSK_OUTCOMES(X, CANCELLING)                                                             \
    X(CANCELLING, IDLE, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)             \
    X(CANCELLING, PAYMENT_UNKNOWN, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                             \
    X(CANCELLING, PAYMENT_NOT_STARTED, PAY_TROUBLE, 0)                                             \
    X(CANCELLING, NO_ANSWER, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)        \
    SUGU_KIOSK_HELP(X, UNCLEAR)                                                                    \
    SUGU_KIOSK_OUTCOMES(X, UNCLEAR)                                                                \
    X(UNCLEAR, IDLE, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)                \
    X(UNCLEAR, NO_ANSWER, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                      \
    X(UNCLEAR, PAYMENT_UNKNOWN, UNCLEAR, 0)                                                        \
    X(UNCLEAR, PAYMENT_NOT_STARTED, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                \
    X(UNCLEAR, TO_DESK, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                            \
    X(UNCLEAR, SERVER_BACK, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                    \
    SUGU_KIOSK_END(X, HELD)                                                                        \
    X(HELD, PAYMENT_APPROVED, SETTLING, 0)                                                         \
    X(HELD, PAYMENT_PARTIAL, BILL, 0)                                                              \
    X(HELD, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                            \
    X(HELD, PAYMENT_DECLINED, PAY_TROUBLE, 0)                                                      \
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
    X(PAID, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                   \
    SUGU_KIOSK_END(X, ALREADY_PAID)                                                                \
    SUGU_KIOSK_NEW_CARD(X, ALREADY_PAID)                                                           \
    X(ALREADY_PAID, PRINT, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                           \
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
