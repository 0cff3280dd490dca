/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow-pages - the pages of kiosk-flow.h, what can happen on them, what can be done
 *
 * Included by kiosk-flow.h only.
 */
#pragma once

/*
 * What a page waits for, which decides what a pause means:
 * REST for anybody, nothing personal is shown; ASKS for the patient, a pause leads to "still
 * there?"; WAITS for a machine, a pause leads on; MONEY for the outcome of a payment, a pause calls
 * staff; ENDS for nothing, a pause ends it; WARNS counts down; LEAVES until the card is taken.
 */
enum sugu_kiosk_kind {
    SUGU_KIOSK_REST,
    SUGU_KIOSK_ASKS,
    SUGU_KIOSK_WAITS,
    SUGU_KIOSK_MONEY,
    SUGU_KIOSK_ENDS,
    SUGU_KIOSK_WARNS,
    SUGU_KIOSK_LEAVES,
};

/* state, kind, page id (window title, heartbeat, outcome of the session) */
#define SUGU_KIOSK_STATES(X)                                                                       \
    X(WELCOME, REST, "welcome")                                                                    \
    X(CLOSED, REST, "closed")         /* the server is away */                                     \
    X(OUT_OF_USE, REST, "out-of-use") /* the staff closed it: the next kiosk */                    \
    X(NO_CARD, ASKS, "no-card")                                                                    \
    X(CARD_TROUBLE, ASKS, "card-trouble")                                                          \
    X(CARD_BACK, ASKS, "card-back") /* it was taken away too early */                              \
    X(PIN, ASKS, "pin")                                                                            \
    X(READING, WAITS, "reading")                                                                   \
    X(OPENING, WAITS, "opening") /* the server looks the person up */                              \
    X(BIRTHDAY, ASKS, "birthday")                                                                  \
    X(CHECKING, WAITS, "checking") /* insurance */                                                 \
    X(CONFIRM, ASKS, "confirm")                                                                    \
    X(ISSUING, WAITS, "issuing")                                                                   \
    X(TICKET, ENDS, "ticket")                                                                      \
    X(ISSUING_DESK, WAITS, "issuing-desk") /* a number for the reception desk */                   \
    X(TO_DESK, ENDS, "to-desk")            /* that number, and why */                              \
    X(DESK_AWAY, ENDS, "desk-away")        /* the server did not answer: a reference instead */    \
    X(SEE_DESK, ENDS, "see-desk")          /* has a number of today, needs the staff */            \
    X(NO_BILL, ENDS, "no-bill")            /* has a number of today, nothing to pay yet */         \
    X(BILL, ASKS, "bill")                                                                          \
    X(CHOOSE_WAY, ASKS, "choose-way")                                                              \
    X(OLD_BILLS, ASKS, "old-bills") /* of earlier visits */                                        \
    X(FETCHING_BILL, WAITS, "fetching-bill")                                                       \
    X(PAYING, MONEY, "paying")                                                                     \
    X(CASH, MONEY, "cash")               /* coins and notes are taken */                           \
    X(CASH_GIVING, MONEY, "cash-giving") /* they are counted, or come out */                       \
    X(CODE, MONEY, "code")               /* waits for the phone */                                 \
    X(CANCELLING, MONEY, "cancelling")                                                             \
    X(UNCLEAR, MONEY, "unclear")                                                                   \
    X(PAY_TROUBLE, ASKS, "pay-trouble") /* nothing was charged */                                  \
    X(HELD, ENDS, "held")               /* a person has to find out */                             \
    X(CASH_OWED, ENDS, "cash-owed")     /* not paid, and the money could not all come back */      \
    X(SETTLING, WAITS, "settling")      /* approved, the server has not said so yet */             \
    X(ISSUING_RECEIPT, WAITS, "issuing-receipt")                                                   \
    X(PRINTING, WAITS, "printing")                                                                 \
    X(PAPER_DOUBT, ASKS, "paper-doubt")                                                            \
    X(RECEIPT_LATER, ENDS, "receipt-later") /* paid; the papers come at the desk */                \
    X(PAID, ENDS, "paid")                                                                          \
    X(ALREADY_PAID, ENDS, "already-paid")                                                          \
    X(CONSENT, ASKS, "consent") /* to paying later by a stored card: the text */                   \
    X(LIMIT, ASKS, "limit")     /* how much one visit may cost the card */                         \
    X(PAYER, ASKS, "payer")     /* whose card it is */                                             \
    X(STORING, WAITS, "storing")                                                                   \
    X(REGISTERING, WAITS, "registering") /* the card terminal looks at the card */                 \
    X(CARD_STORED, ENDS, "card-stored")                                                            \
    X(CARD_NOT_STORED, ENDS, "card-not-stored")                                                    \
    X(MY_CARD, ENDS, "my-card")   /* what the stored card does today */                            \
    X(CARD_END, ASKS, "card-end") /* shall it be forgotten? */                                     \
    X(STILL_THERE, WARNS, "still-there")                                                           \
    X(TAKE_CARD, LEAVES, "take-card")                                                              \
    X(RESUME, WARNS, "") /* only as a next state: back to the page before the warning */

/*
 * event, by whom: PATIENT does it; PAUSE is time that passed; WORLD is a device or the server.
 */
#define SUGU_KIOSK_EVENTS(X)                                                                       \
    X(NO_CARD, PATIENT)                                                                            \
    X(TAKE_NUMBER, PATIENT)                                                                        \
    X(TICKET_SCANNED, PATIENT)                                                                     \
    X(CARD_WITH_PIN, PATIENT) /* a My Number card was put, with tries left */                      \
    X(HOSPITAL_CARD, PATIENT) /* a hospital card was put */                                        \
    X(CARD_UNUSABLE, PATIENT) /* unknown, several, not readable */                                 \
    X(CARD_STOPPED, PATIENT)  /* last try, blocked, not trusted: the desk */                       \
    X(CARD_TAKEN, PATIENT)    /* the reader is empty */                                            \
    X(DIGITS, PATIENT)        /* all four */                                                       \
    X(YES, PATIENT)                                                                                \
    X(NO, PATIENT)                                                                                 \
    X(PAY, PATIENT)                                                                                \
    X(CHOOSE_WAY, PATIENT) /* there is more than one */                                            \
    X(PAY_CASH, PATIENT)                                                                           \
    X(PAY_CODE, PATIENT)                                                                           \
    X(FIX, PATIENT)       /* enough cash is in */                                                  \
    X(OLD_BILLS, PATIENT) /* show those of earlier visits */                                       \
    X(PAY_OLD, PATIENT)                                                                            \
    X(NEXT_OLD, PATIENT)                                                                           \
    X(OTHER_BILLS, PATIENT) /* what is left to pay, looked up anew */                              \
    X(CANCEL, PATIENT)                                                                             \
    X(AGAIN, PATIENT)                                                                              \
    X(BACK, PATIENT)                                                                               \
    X(DONE, PATIENT)                                                                               \
    X(CONTINUE, PATIENT)                                                                           \
    X(TO_DESK, PATIENT)                                                                            \
    X(STORE_CARD, PATIENT)                                                                         \
    X(LIMIT_LOW, PATIENT)                                                                          \
    X(LIMIT_MIDDLE, PATIENT)                                                                       \
    X(LIMIT_HIGH, PATIENT)                                                                         \
    X(OWN_CARD, PATIENT)                                                                           \
    X(OTHERS_CARD, PATIENT)                                                                        \
    X(MY_CARD, PATIENT)  /* show what the stored card does */                                      \
    X(USE_CARD, PATIENT) /* today, or not */                                                       \
    X(END_CARD, PATIENT) /* it shall be forgotten */                                               \
    X(PRINT, PATIENT)                                                                              \
    X(HELP, PATIENT)                                                                               \
    X(IDLE, PAUSE)      /* nobody touched anything for the page's time */                          \
    X(TIME_UP, PAUSE)   /* the warning's countdown ran out */                                      \
    X(NO_ANSWER, PAUSE) /* a machine did not answer in its time */                                 \
    X(IDENTITY_READ, WORLD)                                                                        \
    X(PIN_WRONG, WORLD)                                                                            \
    X(READ_FAILED, WORLD)                                                                          \
    X(READER_AWAY, WORLD)                                                                          \
    X(BIRTHDAY_NEEDED, WORLD) /* or was wrong */                                                   \
    X(OPENED_NEW, WORLD)      /* no ticket of today */                                             \
    X(OPENED_WAITING, WORLD)  /* a ticket, no bill */                                              \
    X(OPENED_BILL, WORLD)                                                                          \
    X(OPENED_IN_PAYMENT, WORLD)                                                                    \
    X(OPENED_SETTLED, WORLD) /* paid, the receipt was not issued */                                \
    X(OPENED_PAID, WORLD)    /* paid, the receipt was issued */                                    \
    X(OPENED_COUNTER, WORLD) /* the bill is with the staff */                                      \
    X(OPEN_REFUSED, WORLD)                                                                         \
    X(VERIFIED, WORLD)                                                                             \
    X(NOT_VERIFIED, WORLD)                                                                         \
    X(TICKET_ISSUED, WORLD)                                                                        \
    X(DESK_TICKET_ISSUED, WORLD)                                                                   \
    X(ALREADY_HERE, WORLD)                                                                         \
    X(CHECK_IN_REFUSED, WORLD)                                                                     \
    X(BILL_ARRIVED, WORLD) /* the first one or a revision */                                       \
    X(BILL_WITHDRAWN, WORLD)                                                                       \
    X(BILL_TO_COUNTER, WORLD) /* a person settles it: no offer any more */                         \
    X(BILL_SETTLED, WORLD)    /* taken in by the server, wherever it was paid */                   \
    X(PAYMENT_APPROVED, WORLD)                                                                     \
    X(PAYMENT_PARTIAL, WORLD) /* less than asked: the rest is still due */                         \
    X(PAYMENT_DECLINED, WORLD)                                                                     \
    X(PAYMENT_UNKNOWN, WORLD)                                                                      \
    X(PAYMENT_HELD, WORLD)                                                                         \
    X(PAYMENT_NOT_STARTED, WORLD)                                                                  \
    X(CASH_TAKING, WORLD)  /* coins and notes are taken; or one more came */                       \
    X(CASH_MOVING, WORLD)  /* they are counted, or come out */                                     \
    X(CHANGE_OWED, WORLD)  /* money that should have come out did not */                           \
    X(MONEY_OWED, WORLD)   /* so too, and nothing was paid */                                      \
    X(CODE_OFFERED, WORLD) /* the code to show */                                                  \
    X(CONSENT_TAKEN, WORLD)                                                                        \
    X(CONSENT_REFUSED, WORLD)                                                                      \
    X(CARD_STORED, WORLD)                                                                          \
    X(CARD_NOT_STORED, WORLD)                                                                      \
    X(BILL_FETCHED, WORLD)                                                                         \
    X(BILL_NOT_FETCHED, WORLD)                                                                     \
    X(RECEIPT_ISSUED, WORLD)                                                                       \
    X(RECEIPT_REFUSED, WORLD)                                                                      \
    X(PAPER_OUT, WORLD) /* all papers of the page */                                               \
    X(PAPER_TROUBLE, WORLD)                                                                        \
    X(PAPER_UNKNOWN, WORLD)                                                                        \
    X(SERVER_AWAY, WORLD)                                                                          \
    X(SERVER_BACK, WORLD)                                                                          \
    X(STAFF_CLOSES, WORLD)                                                                         \
    X(STAFF_OPENS, WORLD)

#define SUGU_KIOSK_EFFECTS(X)                                                                      \
    X(SHOW_TRIES)    /* of the PIN, as the card said */                                            \
    X(READ_IDENTITY) /* send the PIN, then ask for the reading */                                  \
    X(OPEN_SESSION)                                                                                \
    X(ASK_ELIGIBILITY)                                                                             \
    X(CHECK_IN)                                                                                    \
    X(CHECK_IN_DESK)  /* to the reception desk, with the reason */                                 \
    X(MAKE_REFERENCE) /* something to show at the desk without a server */                         \
    X(PRINT_TICKET)                                                                                \
    X(START_PAYMENT)                                                                               \
    X(ABORT_PAYMENT)                                                                               \
    X(FIX_PAYMENT)                                                                                 \
    X(ASK_PAYMENT) /* what became of it? */                                                        \
    X(ISSUE_RECEIPT)                                                                               \
    X(PRINT_RECEIPT) /* receipt and itemised statement */                                          \
    X(PRINT_CLAIM)   /* a slip over money that is owed */                                          \
    X(GET_BILL)      /* the old one that was chosen */                                             \
    X(SHOW_NEXT_OLD)                                                                               \
    X(SET_LIMIT)                                                                                   \
    X(GIVE_CONSENT)                                                                                \
    X(REGISTER_CARD)                                                                               \
    X(USE_CARD) /* today, or not */                                                                \
    X(END_CARD)                                                                                    \
    X(TELL_STAFF) /* about the paper; nobody has to come */                                        \
    X(CALL_STAFF)                                                                                  \
    X(CLOSE_SESSION)                                                                               \
    X(FORGET) /* every personal datum, now */                                                      \
    X(CLEAR)  /* that, language and text size */
