/* SPDX-License-Identifier: Apache-2.0 */
/*
 * right - which role of the person who is signed in may do what at a desk: the one table of it
 *
 * The server decides by it, the desk greys out by it. A program at which nobody is signed in (and
 * need not be: client.needs_sign_in) acts by the right of its key; so does sugu-admin.
 */
#pragma once

#include "base/macros.h"

#include "sugu.pb-c.h"

#include <stdbool.h>

#define SUGU_RIGHT_NO_VERB (-1)

/*
 * right, words in the audit trail, request, verb within it, the least role that may. NO_SHOW ends
 * the whole visit, so it is a supervisor's; RESTART throws a patient out of the page, so it is an
 * administrator's. What is not here nobody may who is signed in.
 */
#define SUGU_RIGHTS(X)                                                                             \
    X(CALL_NEXT, "call-next", MOVE_TICKET, SUGU__TICKET_VERB__CALL_NEXT, CLERK)                    \
    X(CALL, "call", MOVE_TICKET, SUGU__TICKET_VERB__CALL, CLERK)                                   \
    X(CALL_AGAIN, "call-again", MOVE_TICKET, SUGU__TICKET_VERB__CALL_AGAIN, CLERK)                 \
    X(PRESENT, "present", MOVE_TICKET, SUGU__TICKET_VERB__PRESENT, CLERK)                          \
    X(FINISH, "finish", MOVE_TICKET, SUGU__TICKET_VERB__FINISH, CLERK)                             \
    X(MISS, "miss", MOVE_TICKET, SUGU__TICKET_VERB__MISS, CLERK)                                   \
    X(PARK, "park", MOVE_TICKET, SUGU__TICKET_VERB__PARK, CLERK)                                   \
    X(UNPARK, "unpark", MOVE_TICKET, SUGU__TICKET_VERB__UNPARK, CLERK)                             \
    X(MOVE, "move", MOVE_TICKET, SUGU__TICKET_VERB__MOVE, CLERK)                                   \
    X(SEND_BACK, "send-back", MOVE_TICKET, SUGU__TICKET_VERB__SEND_BACK, CLERK)                    \
    X(NO_SHOW, "no-show", MOVE_TICKET, SUGU__TICKET_VERB__NO_SHOW, SUPERVISOR)                     \
    X(UNDO, "undo", MOVE_TICKET, SUGU__TICKET_VERB__UNDO, CLERK)                                   \
    X(CHANGE_PLAN, "change-plan", CHANGE_PLAN, SUGU_RIGHT_NO_VERB, CLERK)                          \
    X(CHECK_IN, "assist-check-in", ASSIST_CHECK_IN, SUGU_RIGHT_NO_VERB, CLERK)                     \
    X(OFFER_BILL, "offer-bill", ASSIST_BILL, SUGU__BILL_VERB__OFFER_AGAIN, CLERK)                  \
    X(BILL_TO_COUNTER, "bill-to-counter", ASSIST_BILL, SUGU__BILL_VERB__TO_COUNTER, CLERK)         \
    X(SETTLE_BILL, "settle-bill", SETTLE_BILL, SUGU_RIGHT_NO_VERB, CLERK)                          \
    X(ORDER_REFUND, "order-refund", ORDER_REFUND, SUGU_RIGHT_NO_VERB, CLERK)                       \
    X(DECIDE_REFUND, "decide-refund", DECIDE_REFUND, SUGU_RIGHT_NO_VERB, SUPERVISOR)               \
    X(RESOLVE_PAYMENT, "resolve-payment", RESOLVE_PAYMENT, SUGU_RIGHT_NO_VERB, SUPERVISOR)         \
    X(SEE_MONEY, "get-money", GET_MONEY, SUGU_RIGHT_NO_VERB, CLERK)                                \
    X(SEE_MONEY_TASKS, "get-money-tasks", GET_MONEY_TASKS, SUGU_RIGHT_NO_VERB, CLERK)              \
    X(PAY_CHANGE, "pay-change", PAY_CHANGE, SUGU_RIGHT_NO_VERB, CLERK)                             \
    X(SEE_PATIENT_BILLS, "get-patient-bills", GET_PATIENT_BILLS, SUGU_RIGHT_NO_VERB, CLERK)        \
    X(SUSPEND_CARD, "suspend-card", CHANGE_CARD, SUGU__CARD_VERB__CARD_SUSPEND, CLERK)             \
    X(RELEASE_CARD, "release-card", CHANGE_CARD, SUGU__CARD_VERB__CARD_RELEASE, SUPERVISOR)        \
    X(END_CARD, "end-card", CHANGE_CARD, SUGU__CARD_VERB__CARD_END, CLERK)                         \
    X(CLOSE_HELP, "close-help", CLOSE_HELP, SUGU_RIGHT_NO_VERB, CLERK)                             \
    X(RECORD_ACTS, "record-acts", RECORD_ACTS, SUGU_RIGHT_NO_VERB, CLERK)                          \
    X(STATE_RATIO, "state-ratio", STATE_RATIO, SUGU_RIGHT_NO_VERB, CLERK)                          \
    X(FIND_VISIT, "find-visit", FIND_VISIT, SUGU_RIGHT_NO_VERB, CLERK)                             \
    X(FIND_PATIENTS, "find-patients", FIND_PATIENTS, SUGU_RIGHT_NO_VERB, CLERK)                    \
    X(SEE_QUEUES, "get-queues", GET_QUEUES, SUGU_RIGHT_NO_VERB, CLERK)                             \
    X(SEE_TODAY, "get-today", GET_TODAY, SUGU_RIGHT_NO_VERB, CLERK)                                \
    X(SEE_KIOSKS, "get-kiosks", GET_KIOSKS, SUGU_RIGHT_NO_VERB, CLERK)                             \
    X(SEE_BOARD, "get-board", GET_BOARD, SUGU_RIGHT_NO_VERB, CLERK)                                \
    X(SIGN_IN, "sign-in", SIGN_IN_STAFF, SUGU_RIGHT_NO_VERB, CLERK)                                \
    X(SIGN_OUT, "sign-out", SIGN_OUT, SUGU_RIGHT_NO_VERB, CLERK)                                   \
    X(MESSAGE_KIOSK, "message-kiosk", COMMAND_KIOSK, SUGU__KIOSK_VERB__SHOW_MESSAGE, SUPERVISOR)   \
    X(DRAIN_KIOSK, "drain-kiosk", COMMAND_KIOSK, SUGU__KIOSK_VERB__DRAIN, SUPERVISOR)              \
    X(OPEN_KIOSK, "open-kiosk", COMMAND_KIOSK, SUGU__KIOSK_VERB__OPEN_AGAIN, SUPERVISOR)           \
    X(RESTART_KIOSK, "restart-kiosk", COMMAND_KIOSK, SUGU__KIOSK_VERB__RESTART, ADMINISTRATOR)

enum sugu_right {
#define SUGU_RIGHT(name, ...) SUGU_RIGHT_##name,
    SUGU_RIGHTS(SUGU_RIGHT)
#undef SUGU_RIGHT
        SUGU_RIGHT_COUNT
};

struct sugu_right_row {
    const char *words;
    Sugu__Request__BodyCase request;
    int verb; /* SUGU_RIGHT_NO_VERB: the request has none */
    Sugu__StaffRole least;
};

const struct sugu_right_row *sugu_right_row(enum sugu_right right);
bool sugu_right_is_granted(enum sugu_right right, Sugu__StaffRole role);

/* The right that a request needs; false where the table has none: nobody may. */
bool sugu_right_of_request(const Sugu__Request *request, enum sugu_right *ret_right);
