/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow-rules - the table of kiosk-flow.h: on which page what leads where and does what
 *
 * This half goes from the card to the ticket; kiosk-flow-money.h from the bill to the end. Included
 * by kiosk-flow.h only.
 */
#pragma once

#define SUGU_KIOSK_LEAVE_EFFECTS (SUGU_KIOSK_DO_CLOSE_SESSION | SUGU_KIOSK_DO_FORGET)
/* Rules that several pages share. */
#define SUGU_KIOSK_HELP(X, state)    X(state, HELP, state, SUGU_KIOSK_DO_CALL_STAFF)
#define SUGU_KIOSK_WARN(X, state)    X(state, IDLE, STILL_THERE, 0)
#define SUGU_KIOSK_GO_BACK(X, state) X(state, BACK, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)
#define SUGU_KIOSK_END(X, state)                                                                   \
    SUGU_KIOSK_HELP(X, state)                                                                      \
    X(state, DONE, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)                                            \
    X(state, IDLE, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)
/* A card that is put where none is expected begins a new session. */
#define SUGU_KIOSK_NEW_CARD(X, state)                                                              \
    X(state, CARD_WITH_PIN, PIN, SUGU_KIOSK_LEAVE_EFFECTS | SUGU_KIOSK_DO_SHOW_TRIES)              \
    X(state, HOSPITAL_CARD, OPENING, SUGU_KIOSK_LEAVE_EFFECTS | SUGU_KIOSK_DO_OPEN_SESSION)        \
    X(state, CARD_STOPPED, ISSUING_DESK, SUGU_KIOSK_LEAVE_EFFECTS | SUGU_KIOSK_DO_CHECK_IN_DESK)
#define SUGU_KIOSK_CARDS(X, state)                                                                 \
    X(state, CARD_WITH_PIN, PIN, SUGU_KIOSK_DO_SHOW_TRIES)                                         \
    X(state, HOSPITAL_CARD, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                   \
    X(state, CARD_UNUSABLE, CARD_TROUBLE, 0)                                                       \
    X(state, CARD_STOPPED, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)
#define SUGU_KIOSK_SCAN(X, state)     X(state, TICKET_SCANNED, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)
#define SUGU_KIOSK_DESK(X, state)     X(state, TO_DESK, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)
#define SUGU_KIOSK_SEE_DESK(X, state) X(state, TO_DESK, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)
/* No number can be had: a reference and the desk. */
#define SUGU_KIOSK_NO_NUMBER(X, state, event)                                                      \
    X(state, event, DESK_AWAY,                                                                     \
      SUGU_KIOSK_DO_MAKE_REFERENCE | SUGU_KIOSK_DO_PRINT_TICKET | SUGU_KIOSK_DO_CALL_STAFF)
#define SUGU_KIOSK_OUTCOMES(X, state)                                                              \
    X(state, PAYMENT_APPROVED, SETTLING, 0)                                                        \
    X(state, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                           \
    X(state, PAYMENT_DECLINED, PAY_TROUBLE, 0)                                                     \
    X(state, PAYMENT_PARTIAL, BILL, 0)                                                             \
    X(state, PAYMENT_HELD, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                         \
    X(state, BILL_TO_COUNTER, HELD, SUGU_KIOSK_DO_CALL_STAFF)                                      \
    X(state, CHANGE_OWED, state, SUGU_KIOSK_DO_PRINT_CLAIM | SUGU_KIOSK_DO_CALL_STAFF)             \
    X(state, MONEY_OWED, CASH_OWED, 0)
/* A payment under way that says nothing, or nothing certain. */
#define SUGU_KIOSK_DOUBTS(X, state)                                                                \
    X(state, IDLE, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)                  \
    X(state, PAYMENT_UNKNOWN, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                                  \
    X(state, PAYMENT_NOT_STARTED, PAY_TROUBLE, 0)                                                  \
    X(state, NO_ANSWER, UNCLEAR, SUGU_KIOSK_DO_CALL_STAFF | SUGU_KIOSK_DO_ASK_PAYMENT)
/* The bill that is on the page has become another one, or none. */
#define SUGU_KIOSK_BILL_CHANGES(X, state)                                                          \
    X(state, BILL_ARRIVED, BILL, 0)                                                                \
    X(state, BILL_WITHDRAWN, NO_BILL, 0)                                                           \
    X(state, BILL_TO_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                  \
    X(state, BILL_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                           \
    X(state, SERVER_BACK, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)

#define SUGU_KIOSK_RULES_CARD(X)                                                                   \
    SUGU_KIOSK_HELP(X, WELCOME)                                                                    \
    SUGU_KIOSK_CARDS(X, WELCOME)                                                                   \
    SUGU_KIOSK_SCAN(X, WELCOME)                                                                    \
    X(WELCOME, NO_CARD, NO_CARD, 0)                                                                \
    X(WELCOME, IDLE, WELCOME, SUGU_KIOSK_DO_CLEAR)                                                 \
    X(WELCOME, SERVER_AWAY, CLOSED, 0)                                                             \
    SUGU_KIOSK_HELP(X, CLOSED)                                                                     \
    SUGU_KIOSK_NO_NUMBER(X, CLOSED, TAKE_NUMBER)                                                   \
    X(CLOSED, SERVER_BACK, WELCOME, 0)                                                             \
    X(CLOSED, IDLE, CLOSED, SUGU_KIOSK_DO_CLEAR)                                                   \
    X(WELCOME, STAFF_CLOSES, OUT_OF_USE, 0)                                                        \
    X(CLOSED, STAFF_CLOSES, OUT_OF_USE, 0)                                                         \
    SUGU_KIOSK_HELP(X, OUT_OF_USE)                                                                 \
    X(OUT_OF_USE, IDLE, OUT_OF_USE, SUGU_KIOSK_DO_CLEAR)                                           \
    X(OUT_OF_USE, STAFF_OPENS, WELCOME, SUGU_KIOSK_DO_CLEAR)                                       \
    SUGU_KIOSK_HELP(X, NO_CARD)                                                                    \
    SUGU_KIOSK_WARN(X, NO_CARD)                                                                    \
    SUGU_KIOSK_GO_BACK(X, NO_CARD)                                                                 \
    SUGU_KIOSK_CARDS(X, NO_CARD)                                                                   \
    SUGU_KIOSK_SCAN(X, NO_CARD)                                                                    \
    X(NO_CARD, TAKE_NUMBER, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                             \
    SUGU_KIOSK_HELP(X, CARD_TROUBLE)                                                               \
    SUGU_KIOSK_WARN(X, CARD_TROUBLE)                                                               \
    SUGU_KIOSK_GO_BACK(X, CARD_TROUBLE)                                                            \
    SUGU_KIOSK_CARDS(X, CARD_TROUBLE)                                                              \
    SUGU_KIOSK_SCAN(X, CARD_TROUBLE)                                                               \
    X(CARD_TROUBLE, READER_AWAY, NO_CARD, 0)                                                       \
    X(CARD_TROUBLE, NO_CARD, NO_CARD, 0)                                                           \
    SUGU_KIOSK_HELP(X, CARD_BACK)                                                                  \
    SUGU_KIOSK_WARN(X, CARD_BACK)                                                                  \
    SUGU_KIOSK_GO_BACK(X, CARD_BACK)                                                               \
    SUGU_KIOSK_CARDS(X, CARD_BACK)                                                                 \
    X(CARD_BACK, READER_AWAY, NO_CARD, 0)                                                          \
    X(CARD_BACK, NO_CARD, NO_CARD, 0)

#define SUGU_KIOSK_RULES_IDENTITY(X)                                                               \
    SUGU_KIOSK_HELP(X, PIN)                                                                        \
    SUGU_KIOSK_WARN(X, PIN)                                                                        \
    SUGU_KIOSK_GO_BACK(X, PIN)                                                                     \
    SUGU_KIOSK_DESK(X, PIN)                                                                        \
    X(PIN, DIGITS, READING, SUGU_KIOSK_DO_READ_IDENTITY)                                           \
    X(PIN, CARD_TAKEN, CARD_BACK, SUGU_KIOSK_DO_FORGET)                                            \
    X(PIN, CARD_WITH_PIN, PIN, SUGU_KIOSK_DO_FORGET | SUGU_KIOSK_DO_SHOW_TRIES)                    \
    X(PIN, HOSPITAL_CARD, OPENING, SUGU_KIOSK_DO_FORGET | SUGU_KIOSK_DO_OPEN_SESSION)              \
    X(PIN, CARD_UNUSABLE, CARD_TROUBLE, SUGU_KIOSK_DO_FORGET)                                      \
    X(PIN, CARD_STOPPED, ISSUING_DESK, SUGU_KIOSK_DO_FORGET | SUGU_KIOSK_DO_CHECK_IN_DESK)         \
    X(PIN, READER_AWAY, NO_CARD, SUGU_KIOSK_DO_FORGET)                                             \
    SUGU_KIOSK_HELP(X, READING)                                                                    \
    X(READING, IDENTITY_READ, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                 \
    X(READING, PIN_WRONG, PIN, SUGU_KIOSK_DO_SHOW_TRIES)                                           \
    X(READING, CARD_TAKEN, CARD_BACK, SUGU_KIOSK_DO_FORGET)                                        \
    X(READING, CARD_UNUSABLE, CARD_TROUBLE, SUGU_KIOSK_DO_FORGET)                                  \
    X(READING, READ_FAILED, CARD_TROUBLE, SUGU_KIOSK_DO_FORGET)                                    \
    X(READING, CARD_STOPPED, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                            \
    X(READING, READER_AWAY, NO_CARD, SUGU_KIOSK_DO_FORGET)                                         \
    X(READING, NO_ANSWER, NO_CARD, SUGU_KIOSK_DO_FORGET)                                           \
    SUGU_KIOSK_HELP(X, OPENING)                                                                    \
    SUGU_KIOSK_NO_NUMBER(X, OPENING, NO_ANSWER)                                                    \
    X(OPENING, OPENED_NEW, CHECKING, SUGU_KIOSK_DO_ASK_ELIGIBILITY)                                \
    X(OPENING, OPENED_WAITING, NO_BILL, 0)                                                         \
    X(OPENING, OPENED_BILL, BILL, 0)                                                               \
    X(OPENING, OPENED_IN_PAYMENT, UNCLEAR, SUGU_KIOSK_DO_ASK_PAYMENT)                              \
    X(OPENING, OPENED_SETTLED, ISSUING_RECEIPT, SUGU_KIOSK_DO_ISSUE_RECEIPT)                       \
    X(OPENING, OPENED_PAID, ALREADY_PAID, 0)                                                       \
    X(OPENING, OPENED_COUNTER, SEE_DESK, SUGU_KIOSK_DO_CALL_STAFF)                                 \
    X(OPENING, OPEN_REFUSED, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                            \
    X(OPENING, BIRTHDAY_NEEDED, BIRTHDAY, 0)                                                       \
    SUGU_KIOSK_HELP(X, BIRTHDAY)                                                                   \
    SUGU_KIOSK_WARN(X, BIRTHDAY)                                                                   \
    SUGU_KIOSK_GO_BACK(X, BIRTHDAY)                                                                \
    SUGU_KIOSK_DESK(X, BIRTHDAY)                                                                   \
    SUGU_KIOSK_NEW_CARD(X, BIRTHDAY)                                                               \
    X(BIRTHDAY, DIGITS, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)

#define SUGU_KIOSK_RULES_CHECK_IN(X)                                                               \
    SUGU_KIOSK_HELP(X, CHECKING)                                                                   \
    X(CHECKING, VERIFIED, CONFIRM, 0)                                                              \
    X(CHECKING, NOT_VERIFIED, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                           \
    X(CHECKING, NO_ANSWER, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                              \
    X(CHECKING, SERVER_BACK, CHECKING, SUGU_KIOSK_DO_ASK_ELIGIBILITY)                              \
    SUGU_KIOSK_HELP(X, CONFIRM)                                                                    \
    SUGU_KIOSK_WARN(X, CONFIRM)                                                                    \
    SUGU_KIOSK_GO_BACK(X, CONFIRM)                                                                 \
    SUGU_KIOSK_NEW_CARD(X, CONFIRM)                                                                \
    X(CONFIRM, OLD_BILLS, OLD_BILLS, 0)                                                            \
    X(CONFIRM, YES, ISSUING, SUGU_KIOSK_DO_CHECK_IN)                                               \
    X(CONFIRM, NO, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                                      \
    SUGU_KIOSK_HELP(X, ISSUING)                                                                    \
    SUGU_KIOSK_NO_NUMBER(X, ISSUING, NO_ANSWER)                                                    \
    X(ISSUING, TICKET_ISSUED, TICKET, SUGU_KIOSK_DO_PRINT_TICKET)                                  \
    X(ISSUING, DESK_TICKET_ISSUED, TO_DESK, SUGU_KIOSK_DO_PRINT_TICKET)                            \
    X(ISSUING, ALREADY_HERE, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                                  \
    X(ISSUING, CHECK_IN_REFUSED, ISSUING_DESK, SUGU_KIOSK_DO_CHECK_IN_DESK)                        \
    SUGU_KIOSK_HELP(X, ISSUING_DESK)                                                               \
    SUGU_KIOSK_NO_NUMBER(X, ISSUING_DESK, NO_ANSWER)                                               \
    SUGU_KIOSK_NO_NUMBER(X, ISSUING_DESK, CHECK_IN_REFUSED)                                        \
    X(ISSUING_DESK, TICKET_ISSUED, TO_DESK, SUGU_KIOSK_DO_PRINT_TICKET)                            \
    X(ISSUING_DESK, DESK_TICKET_ISSUED, TO_DESK, SUGU_KIOSK_DO_PRINT_TICKET)                       \
    X(ISSUING_DESK, ALREADY_HERE, OPENING, SUGU_KIOSK_DO_OPEN_SESSION)                             \
    SUGU_KIOSK_END(X, TICKET)                                                                      \
    SUGU_KIOSK_NEW_CARD(X, TICKET)                                                                 \
    X(TICKET, PAPER_OUT, TICKET, 0)                                                                \
    X(TICKET, PAPER_TROUBLE, TICKET, SUGU_KIOSK_DO_TELL_STAFF)                                     \
    X(TICKET, PAPER_UNKNOWN, TICKET, 0)                                                            \
    SUGU_KIOSK_END(X, TO_DESK)                                                                     \
    SUGU_KIOSK_NEW_CARD(X, TO_DESK)                                                                \
    X(TO_DESK, PAPER_OUT, TO_DESK, 0)                                                              \
    X(TO_DESK, PAPER_TROUBLE, TO_DESK, SUGU_KIOSK_DO_TELL_STAFF)                                   \
    X(TO_DESK, PAPER_UNKNOWN, TO_DESK, 0)                                                          \
    SUGU_KIOSK_END(X, DESK_AWAY)                                                                   \
    SUGU_KIOSK_NEW_CARD(X, DESK_AWAY)                                                              \
    X(DESK_AWAY, PAPER_OUT, DESK_AWAY, 0)                                                          \
    X(DESK_AWAY, PAPER_TROUBLE, DESK_AWAY, SUGU_KIOSK_DO_TELL_STAFF)                               \
    X(DESK_AWAY, PAPER_UNKNOWN, DESK_AWAY, 0)                                                      \
    X(DESK_AWAY, TICKET_ISSUED, TICKET, SUGU_KIOSK_DO_PRINT_TICKET)                                \
    X(DESK_AWAY, DESK_TICKET_ISSUED, TO_DESK, SUGU_KIOSK_DO_PRINT_TICKET)                          \
    SUGU_KIOSK_END(X, SEE_DESK)                                                                    \
    SUGU_KIOSK_NEW_CARD(X, SEE_DESK)
