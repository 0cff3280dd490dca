/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-machine - the states of a stored card's arrangement, and of the dues of one visit
 *
 * Rules of who and how much are in on-file.h. Each try to take money is an attempt of its own with
 * the attempt's machine (payment.h); its outcome is an event of the dues here.
 */
#pragma once

#include "domain/machine.h"

/* ---- the machine of an arrangement: one stored card */

#define SUGU_ON_FILE_STATES(X)                                                                     \
    X(OFFERED)   /* consent given; no token yet, or the card not looked at */                      \
    X(ACTIVE)    /* shown at check-in */                                                           \
    X(SUSPENDED) /* by a decline, an expired card or the hospital; shown at check-in, not used */  \
    X(ENDED)     /* taken back by the person; the token is deleted at the provider */

#define SUGU_ON_FILE_EVENTS(X)                                                                     \
    X(CARD_GOOD)     /* hold or validity check approved */                                         \
    X(CARD_DECLINED) /* hard, or the calendar of a bill is used up */                              \
    X(CARD_EXPIRED)                                                                                \
    X(NEW_CARD)     /* another token, looked at and good */                                        \
    X(STOPPED)      /* by the hospital */                                                          \
    X(RELEASED)     /* by the hospital, nothing is owed */                                         \
    X(TEXT_RENEWED) /* consent to the current text given */                                        \
    X(TAKEN_BACK)   /* by the person */

#define SUGU_ON_FILE_EFFECTS(X)                                                                    \
    X(TELL)   /* the person is told */                                                             \
    X(TASK)   /* the desk gets a task: another card, or the bill otherwise */                      \
    X(FORGET) /* the token is deleted, here and at the provider */

#define SUGU_ON_FILE_RULES(X)                                                                      \
    X(OFFERED, CARD_GOOD, ACTIVE, SUGU_ON_FILE_DO_TELL)                                            \
    X(OFFERED, CARD_DECLINED, OFFERED, SUGU_ON_FILE_DO_TELL)                                       \
    X(OFFERED, NEW_CARD, ACTIVE, SUGU_ON_FILE_DO_TELL)                                             \
    X(OFFERED, TAKEN_BACK, ENDED, SUGU_ON_FILE_DO_FORGET | SUGU_ON_FILE_DO_TELL)                   \
    X(ACTIVE, CARD_GOOD, ACTIVE, 0)                                                                \
    X(ACTIVE, CARD_DECLINED, SUSPENDED, SUGU_ON_FILE_DO_TELL | SUGU_ON_FILE_DO_TASK)               \
    X(ACTIVE, CARD_EXPIRED, SUSPENDED, SUGU_ON_FILE_DO_TELL)                                       \
    X(ACTIVE, NEW_CARD, ACTIVE, SUGU_ON_FILE_DO_TELL)                                              \
    X(ACTIVE, TEXT_RENEWED, ACTIVE, 0)                                                             \
    X(ACTIVE, STOPPED, SUSPENDED, SUGU_ON_FILE_DO_TELL)                                            \
    X(ACTIVE, TAKEN_BACK, ENDED, SUGU_ON_FILE_DO_FORGET | SUGU_ON_FILE_DO_TELL)                    \
    X(SUSPENDED, CARD_DECLINED, SUSPENDED, 0)                                                      \
    X(SUSPENDED, CARD_EXPIRED, SUSPENDED, 0)                                                       \
    X(SUSPENDED, NEW_CARD, ACTIVE, SUGU_ON_FILE_DO_TELL)                                           \
    X(SUSPENDED, STOPPED, SUSPENDED, 0)                                                            \
    X(SUSPENDED, RELEASED, ACTIVE, SUGU_ON_FILE_DO_TELL)                                           \
    X(SUSPENDED, TEXT_RENEWED, SUSPENDED, 0)                                                       \
    X(SUSPENDED, TAKEN_BACK, ENDED, SUGU_ON_FILE_DO_FORGET | SUGU_ON_FILE_DO_TELL)

#define SUGU_STATE(name) SUGU_ON_FILE_##name,
enum sugu_on_file_state { SUGU_ON_FILE_STATES(SUGU_STATE) SUGU_ON_FILE_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_ON_FILE_ON_##name,
enum sugu_on_file_event { SUGU_ON_FILE_EVENTS(SUGU_EVENT) SUGU_ON_FILE_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_ON_FILE_BIT_##name,
enum sugu_on_file_bit { SUGU_ON_FILE_EFFECTS(SUGU_EFFECT) SUGU_ON_FILE_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_ON_FILE_DO_##name = 1 << SUGU_ON_FILE_BIT_##name,
enum sugu_on_file_effect { SUGU_ON_FILE_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_on_file_machine;

/* ---- the machine of the dues of one visit */

#define SUGU_DUES_STATES(X)                                                                        \
    X(WAITING)  /* the person may leave; no bill yet */                                            \
    X(TAKING)   /* one attempt is under way; its outcome alone moves this */                       \
    X(RETRYING) /* declined softly; the calendar says when */                                      \
    X(AT_KIOSK) /* the card will not do for this bill: it is an ordinary open bill again */        \
    X(PAID)                                                                                        \
    X(NOTHING) /* ended without anything due */

#define SUGU_DUES_EVENTS(X)                                                                        \
    X(BILL_TAKES)     /* sugu_on_file_decide said capture or charge: the attempt is intended */    \
    X(BILL_TOO_HIGH)  /* … said kiosk */                                                         \
    X(BILL_ZERO)      /* … said nothing */                                                       \
    X(APPROVED)       /* the attempt, for the whole bill */                                        \
    X(APPROVED_PART)  /* the attempt, for less: the rest is due */                                 \
    X(DECLINED_SOFT)  /* and the calendar has another day */                                       \
    X(DECLINED_LAST)  /* hard, or the calendar is used up */                                       \
    X(RETRY_DUE)      /* its day has come: another attempt is intended */                          \
    X(PAID_OTHERWISE) /* at a kiosk or desk */                                                     \
    X(CALLED_OFF)     /* the person wants to pay otherwise, or an exclusion holds now */           \
    X(WANTED_AGAIN)   /* the person wants it after all */

#define SUGU_DUES_EFFECTS(X)                                                                       \
    X(ATTEMPT) /* make an attempt and give it to the payment program */                            \
    X(RELEASE) /* let a hold go */                                                                 \
    X(TELL)    /* the person is told */                                                            \
    X(TASK)    /* the desk gets a task */

#define SUGU_DUES_RULES(X)                                                                         \
    X(WAITING, BILL_TAKES, TAKING, SUGU_DUES_DO_ATTEMPT)                                           \
    X(WAITING, BILL_TOO_HIGH, AT_KIOSK, SUGU_DUES_DO_RELEASE | SUGU_DUES_DO_TELL)                  \
    X(WAITING, BILL_ZERO, NOTHING, SUGU_DUES_DO_RELEASE)                                           \
    X(WAITING, CALLED_OFF, AT_KIOSK, SUGU_DUES_DO_RELEASE)                                         \
    X(WAITING, PAID_OTHERWISE, PAID, SUGU_DUES_DO_RELEASE)                                         \
    X(TAKING, APPROVED, PAID, SUGU_DUES_DO_RELEASE | SUGU_DUES_DO_TELL)                            \
    X(TAKING, APPROVED_PART, AT_KIOSK,                                                             \
      SUGU_DUES_DO_RELEASE | SUGU_DUES_DO_TELL | SUGU_DUES_DO_TASK)                                \
    X(TAKING, DECLINED_SOFT, RETRYING, SUGU_DUES_DO_RELEASE | SUGU_DUES_DO_TELL)                   \
    X(TAKING, DECLINED_LAST, AT_KIOSK,                                                             \
      SUGU_DUES_DO_RELEASE | SUGU_DUES_DO_TELL | SUGU_DUES_DO_TASK)                                \
    X(RETRYING, RETRY_DUE, TAKING, SUGU_DUES_DO_ATTEMPT)                                           \
    X(RETRYING, PAID_OTHERWISE, PAID, 0)                                                           \
    X(RETRYING, CALLED_OFF, AT_KIOSK, SUGU_DUES_DO_TASK)                                           \
    X(RETRYING, BILL_TOO_HIGH, AT_KIOSK, SUGU_DUES_DO_TELL) /* revised meanwhile */                \
    X(RETRYING, BILL_ZERO, NOTHING, 0)                                                             \
    X(AT_KIOSK, PAID_OTHERWISE, PAID, 0)                                                           \
    X(AT_KIOSK, WANTED_AGAIN, WAITING, 0)                                                          \
    /* Revised after it was paid: the rest is a charge of its own. */                              \
    X(PAID, BILL_TAKES, TAKING, SUGU_DUES_DO_ATTEMPT)                                              \
    X(PAID, BILL_TOO_HIGH, AT_KIOSK, SUGU_DUES_DO_TELL)                                            \
    X(PAID, CALLED_OFF, AT_KIOSK, SUGU_DUES_DO_TELL)                                               \
    X(NOTHING, BILL_TAKES, TAKING, SUGU_DUES_DO_ATTEMPT)                                           \
    X(NOTHING, BILL_TOO_HIGH, AT_KIOSK, SUGU_DUES_DO_TELL)                                         \
    X(NOTHING, CALLED_OFF, AT_KIOSK, SUGU_DUES_DO_TELL)

#define SUGU_STATE(name) SUGU_DUES_##name,
enum sugu_dues_state { SUGU_DUES_STATES(SUGU_STATE) SUGU_DUES_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_DUES_ON_##name,
enum sugu_dues_event { SUGU_DUES_EVENTS(SUGU_EVENT) SUGU_DUES_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_DUES_BIT_##name,
enum sugu_dues_bit { SUGU_DUES_EFFECTS(SUGU_EFFECT) SUGU_DUES_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_DUES_DO_##name = 1 << SUGU_DUES_BIT_##name,
enum sugu_dues_effect { SUGU_DUES_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_dues_machine;
