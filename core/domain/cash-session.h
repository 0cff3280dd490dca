/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-session - the states of one cash session, from the first coin to the last
 *
 * The rules are those of domain/payments.md 2.5; the verbs are UnifiedPOS CashChanger's (2.1):
 * BeginDeposit = BEGIN, PauseDeposit = PAUSE (again: RESUME), FixDeposit = FIX and then STILL,
 * EndDeposit with change = SETTLE_WITH_CHANGE, without = SETTLE_EXACT, with repay = REPAY,
 * DispenseChange = the payouts of PAYING_OUT. Money that arrives is counted in every state: a coin
 * may fall after the masks are off. The sum is always that of the journal's rows.
 */
#pragma once

#include "domain/machine.h"

#define SUGU_CASH_SESSION_STATES(X)                                                                \
    X(IDLE)       /* nobody pays; masks off */                                                     \
    X(OPEN)       /* masks on; nothing in yet */                                                   \
    X(COUNTING)   /* masks on; there is money in it */                                             \
    X(PAUSED)     /* masks off; the patient decides whether to go on */                            \
    X(FIXING)     /* masks off; waiting for a full poll cycle in which all is still */             \
    X(CLEARING)   /* the same, before everything goes back */                                      \
    X(KEEPING)    /* the same, before the money is kept for a patient who has left */              \
    X(FIXED)      /* the sum is final; settle it or give it back */                                \
    X(PAYING_OUT) /* the bill is settled; change is owed */                                        \
    X(REPAYING)   /* everything goes back */                                                       \
    X(COMPARING)  /* found open at the start: the devices are held against the journal */          \
    X(DONE)       /* final; what could not be paid out is owed */                                  \
    X(FAULT)      /* staff have to count; nothing is paid out by itself */

#define SUGU_CASH_SESSION_EVENTS(X)                                                                \
    X(BEGIN)              /* the server has begun the attempt */                                   \
    X(ACCEPTED)           /* a coin fell, a note is stacked */                                     \
    X(PAUSE)              /* an acceptor is away for a moment, or the patient asks for help */     \
    X(RESUME)             /* go on taking money */                                                 \
    X(FIX)                /* the due is reached, or the patient says that it was all */            \
    X(CANCEL)             /* the patient wants everything back, or the bill was revised */         \
    X(PATIENT_GONE)       /* time-out */                                                           \
    X(STILL)              /* masks off, a full poll cycle without news, no note in escrow */       \
    X(SETTLE_EXACT)       /* sum = due */                                                          \
    X(SETTLE_WITH_CHANGE) /* sum > due, and the plan for the change holds */                       \
    X(REPAY)              /* sum < due, or no plan for the change any more */                      \
    X(PAID_OUT)           /* all that is owed has come out */                                      \
    X(PAID_SHORT)         /* a payout has ended with fewer pieces than ordered */                  \
    X(NOTHING_MORE)       /* no plan for what is still owed */                                     \
    X(UNSURE)             /* events lost, restart of a device in use, string, a doubtful payout */ \
    X(DEVICE_FAULT)       /* a device in use is jammed or away */                                  \
    X(FOUND_OPEN)         /* the program was started again */                                      \
    X(SAME)               /* compared: every device agrees with the journal */                     \
    X(DIFFERS)            /* compared: one does not */                                             \
    X(STAFF_SETTLED)      /* staff have counted and decided */

#define SUGU_CASH_SESSION_EFFECTS(X)                                                               \
    X(MASKS_ON)      /* units by sugu_cash_takeable */                                             \
    X(MASKS_OFF)     /* and no note is stacked any more */                                         \
    X(RETURN_ESCROW) /* a note in escrow is the patient's until it is stacked */                   \
    X(COUNT)         /* a journal row, then the sum on the screen */                               \
    X(POST)          /* the approved yen are final: journal, then report */                        \
    X(PLAN)          /* plan what is owed, an intent row each, then the first payout */            \
    X(KEEP)          /* the money stays as the patient's deposit; the bill is not paid by it */    \
    X(OWE)           /* a claim slip over what did not come out */                                 \
    X(COMPARE)       /* read identity, counters, registers, faults; hold them against the rows */  \
    X(HOLD)          /* a human becomes the owner */                                               \
    X(CALL_STAFF)    /* now */                                                                     \
    X(REPORT)        /* in and out by unit, approved, owed */

/* What every doubt does to a session. */
#define SUGU_CASH_SESSION_DOUBT                                                                    \
    SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_HOLD | SUGU_CASH_SESSION_DO_CALL_STAFF
#define SUGU_CASH_SESSION_STOP SUGU_CASH_SESSION_DO_MASKS_OFF | SUGU_CASH_SESSION_DO_RETURN_ESCROW

#define SUGU_CASH_SESSION_RULES(X)                                                                 \
    X(IDLE, BEGIN, OPEN, SUGU_CASH_SESSION_DO_MASKS_ON)                                            \
    /* Money that nobody put in for a bill: it is in the machine, so it is in the books. */        \
    X(IDLE, ACCEPTED, IDLE,                                                                        \
      SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_KEEP | SUGU_CASH_SESSION_DO_CALL_STAFF)    \
    X(OPEN, ACCEPTED, COUNTING, SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_MASKS_ON)        \
    X(OPEN, PAUSE, PAUSED, SUGU_CASH_SESSION_STOP)                                                 \
    X(OPEN, CANCEL, CLEARING, SUGU_CASH_SESSION_STOP)                                              \
    X(OPEN, PATIENT_GONE, CLEARING, SUGU_CASH_SESSION_STOP)                                        \
    X(OPEN, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                                \
    X(OPEN, DEVICE_FAULT, CLEARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_CALL_STAFF)      \
    X(OPEN, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)          \
    X(COUNTING, ACCEPTED, COUNTING, SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_MASKS_ON)    \
    X(COUNTING, PAUSE, PAUSED, SUGU_CASH_SESSION_STOP)                                             \
    X(COUNTING, FIX, FIXING, SUGU_CASH_SESSION_STOP)                                               \
    X(COUNTING, CANCEL, CLEARING, SUGU_CASH_SESSION_STOP)                                          \
    X(COUNTING, PATIENT_GONE, KEEPING, SUGU_CASH_SESSION_STOP)                                     \
    X(COUNTING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                            \
    X(COUNTING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                      \
    X(COUNTING, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)      \
    X(PAUSED, ACCEPTED, PAUSED, SUGU_CASH_SESSION_DO_COUNT)                                        \
    X(PAUSED, RESUME, COUNTING, SUGU_CASH_SESSION_DO_MASKS_ON)                                     \
    X(PAUSED, FIX, FIXING, SUGU_CASH_SESSION_STOP)                                                 \
    X(PAUSED, CANCEL, CLEARING, SUGU_CASH_SESSION_STOP)                                            \
    X(PAUSED, PATIENT_GONE, KEEPING, SUGU_CASH_SESSION_STOP)                                       \
    X(PAUSED, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                              \
    X(PAUSED, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                        \
    X(PAUSED, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)        \
    X(FIXING, ACCEPTED, FIXING, SUGU_CASH_SESSION_DO_COUNT)                                        \
    X(FIXING, STILL, FIXED, 0)                                                                     \
    X(FIXING, CANCEL, CLEARING, 0)                                                                 \
    X(FIXING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                              \
    X(FIXING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                        \
    X(FIXING, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)        \
    X(CLEARING, ACCEPTED, CLEARING, SUGU_CASH_SESSION_DO_COUNT)                                    \
    X(CLEARING, STILL, REPAYING, SUGU_CASH_SESSION_DO_PLAN)                                        \
    X(CLEARING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                            \
    X(CLEARING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                      \
    X(CLEARING, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)      \
    X(KEEPING, ACCEPTED, KEEPING, SUGU_CASH_SESSION_DO_COUNT)                                      \
    X(KEEPING, RESUME, COUNTING, SUGU_CASH_SESSION_DO_MASKS_ON)                                    \
    X(KEEPING, CANCEL, CLEARING, 0)                                                                \
    X(KEEPING, STILL, DONE,                                                                        \
      SUGU_CASH_SESSION_DO_KEEP | SUGU_CASH_SESSION_DO_CALL_STAFF | SUGU_CASH_SESSION_DO_REPORT)   \
    X(KEEPING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                             \
    X(KEEPING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                       \
    X(KEEPING, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)       \
    /* Later than any cycle should let it be: the sum was not final after all. */                  \
    X(FIXED, ACCEPTED, FIXING, SUGU_CASH_SESSION_DO_COUNT)                                         \
    X(FIXED, SETTLE_EXACT, DONE, SUGU_CASH_SESSION_DO_POST | SUGU_CASH_SESSION_DO_REPORT)          \
    X(FIXED, SETTLE_WITH_CHANGE, PAYING_OUT,                                                       \
      SUGU_CASH_SESSION_DO_POST | SUGU_CASH_SESSION_DO_PLAN)                                       \
    X(FIXED, REPAY, REPAYING, SUGU_CASH_SESSION_DO_PLAN)                                           \
    X(FIXED, CANCEL, REPAYING, SUGU_CASH_SESSION_DO_PLAN)                                          \
    X(FIXED, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                               \
    X(FIXED, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                         \
    X(FIXED, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)         \
    X(PAYING_OUT, ACCEPTED, PAYING_OUT, SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_PLAN)    \
    X(PAYING_OUT, PAID_SHORT, PAYING_OUT,                                                          \
      SUGU_CASH_SESSION_DO_PLAN | SUGU_CASH_SESSION_DO_CALL_STAFF)                                 \
    X(PAYING_OUT, PAID_OUT, DONE, SUGU_CASH_SESSION_DO_REPORT)                                     \
    X(PAYING_OUT, NOTHING_MORE, DONE,                                                              \
      SUGU_CASH_SESSION_DO_OWE | SUGU_CASH_SESSION_DO_CALL_STAFF | SUGU_CASH_SESSION_DO_REPORT)    \
    X(PAYING_OUT, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                          \
    X(PAYING_OUT, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                    \
    /* The registers of the payouts say what came out; the intents what was meant to. */           \
    X(PAYING_OUT, FOUND_OPEN, PAYING_OUT, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)   \
    X(PAYING_OUT, SAME, PAYING_OUT, SUGU_CASH_SESSION_DO_PLAN)                                     \
    X(PAYING_OUT, DIFFERS, FAULT, SUGU_CASH_SESSION_DOUBT)                                         \
    X(REPAYING, ACCEPTED, REPAYING, SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_PLAN)        \
    X(REPAYING, PAID_SHORT, REPAYING, SUGU_CASH_SESSION_DO_PLAN | SUGU_CASH_SESSION_DO_CALL_STAFF) \
    X(REPAYING, PAID_OUT, DONE, SUGU_CASH_SESSION_DO_REPORT)                                       \
    X(REPAYING, NOTHING_MORE, DONE,                                                                \
      SUGU_CASH_SESSION_DO_OWE | SUGU_CASH_SESSION_DO_CALL_STAFF | SUGU_CASH_SESSION_DO_REPORT)    \
    X(REPAYING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                            \
    X(REPAYING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                      \
    X(REPAYING, FOUND_OPEN, REPAYING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)       \
    X(REPAYING, SAME, REPAYING, SUGU_CASH_SESSION_DO_PLAN)                                         \
    X(REPAYING, DIFFERS, FAULT, SUGU_CASH_SESSION_DOUBT)                                           \
    X(COMPARING, ACCEPTED, COMPARING, SUGU_CASH_SESSION_DO_COUNT)                                  \
    /* The patient may still stand there: ask. */                                                  \
    X(COMPARING, SAME, PAUSED, 0)                                                                  \
    X(COMPARING, DIFFERS, FAULT, SUGU_CASH_SESSION_DOUBT)                                          \
    X(COMPARING, UNSURE, FAULT, SUGU_CASH_SESSION_DOUBT)                                           \
    X(COMPARING, DEVICE_FAULT, FAULT, SUGU_CASH_SESSION_DOUBT)                                     \
    X(COMPARING, FOUND_OPEN, COMPARING, SUGU_CASH_SESSION_STOP | SUGU_CASH_SESSION_DO_COMPARE)     \
    X(DONE, ACCEPTED, DONE,                                                                        \
      SUGU_CASH_SESSION_DO_COUNT | SUGU_CASH_SESSION_DO_KEEP | SUGU_CASH_SESSION_DO_CALL_STAFF)    \
    X(FAULT, ACCEPTED, FAULT, SUGU_CASH_SESSION_DO_COUNT)                                          \
    X(FAULT, FOUND_OPEN, FAULT, SUGU_CASH_SESSION_DOUBT)                                           \
    X(FAULT, STAFF_SETTLED, DONE, SUGU_CASH_SESSION_DO_REPORT)

#define SUGU_STATE(name) SUGU_CASH_SESSION_##name,
enum sugu_cash_session_state { SUGU_CASH_SESSION_STATES(SUGU_STATE) SUGU_CASH_SESSION_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_CASH_SESSION_ON_##name,
enum sugu_cash_session_event { SUGU_CASH_SESSION_EVENTS(SUGU_EVENT) SUGU_CASH_SESSION_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_CASH_SESSION_BIT_##name,
enum sugu_cash_session_bit {
    SUGU_CASH_SESSION_EFFECTS(SUGU_EFFECT) SUGU_CASH_SESSION_EFFECT_COUNT
};
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_CASH_SESSION_DO_##name = 1 << SUGU_CASH_SESSION_BIT_##name,
enum sugu_cash_session_effect { SUGU_CASH_SESSION_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_cash_session_machine;

/* May acceptors take money in this state? Everywhere else the masks are off. */
bool sugu_cash_session_takes_money(enum sugu_cash_session_state state);

/* What is owed to the patient: in - out - approved. False where that is negative or an argument is:
 * the journal does not add up. */
bool sugu_cash_session_owed(int64_t in_yen,
                            int64_t out_yen,
                            int64_t approved_yen,
                            int64_t *ret_owed_yen) SUGU_MUST_CHECK;
