/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - the states of one attempt to take money, and the rules for doubtful answers
 *
 * One attempt is one request to one device under one id; another try is another attempt. The rules
 * are those of domain/payments.md 1.4: what was sent and not answered is UNKNOWN, never declined;
 * UNKNOWN is asked by id until it is known or a human has to find out (HELD); the same table serves
 * every device, whose driver turns its own answers into these events.
 */
#pragma once

#include "domain/machine.h"

/* Numbers are those of AttemptState in sugu.proto. */
#define SUGU_ATTEMPT_STATES(X)                                                                     \
    X(INTENDED) /* in the journal; no byte has left */                                             \
    X(SENT)     /* marked in the journal; from here on money may have moved */                     \
    X(APPROVED) /* final */                                                                        \
    X(DECLINED) /* final: nothing was charged */                                                   \
    X(UNKNOWN)  /* sent, and no answer of the device itself */                                     \
    X(HELD)     /* a human has to find out; the bill stays locked */                               \
    X(REVERSED) /* final: approved, then given back */

#define SUGU_ATTEMPT_EVENTS(X)                                                                     \
    X(SENDING)                /* the first byte is about to leave */                               \
    X(NOTHING_DUE)            /* 0 yen: no device is needed */                                     \
    X(NOT_STARTED)            /* given up, refused or cancelled before anything was sent */        \
    X(NOT_SENT)               /* the driver is certain that no byte left */                        \
    X(APPROVED_BY_DEVICE)     /* the payment's own answer */                                       \
    X(DECLINED_BY_DEVICE)     /* the payment's own answer */                                       \
    X(BUSY)                   /* the device runs something else */                                 \
    X(NO_ANSWER)              /* silence, a broken line, an answer that cannot be believed */      \
    X(INTERRUPTED)            /* the program was started again and found the attempt open */       \
    X(STATUS_APPROVED)        /* asked by id: it was approved */                                   \
    X(STATUS_DECLINED)        /* asked by id: it was declined */                                   \
    X(STATUS_IN_PROGRESS)     /* asked by id: still running */                                     \
    X(STATUS_NOT_FOUND)       /* asked by id: not known, and it may still be on its way */         \
    X(STATUS_NOT_FOUND_AGAIN) /* not known for the second time, device idle, long enough apart */  \
    X(STATUS_NO_ANSWER)       /* asked by id: no usable answer */                                  \
    X(TRIES_USED_UP)          /* asked for long enough */                                          \
    X(REPORT_REFUSED)         /* the queue server does not take the outcome in */                  \
    X(PAID_OTHERWISE)         /* the queue server says that the bill takes no money any more */    \
    X(STAFF_APPROVED)         /* looked up by a human */                                           \
    X(STAFF_DECLINED)                                                                              \
    X(STAFF_REVERSED)

#define SUGU_ATTEMPT_EFFECTS(X)                                                                    \
    X(ABORT)   /* ask the device to stop; it decides */                                            \
    X(QUERY)   /* ask by id (again), after the interval */                                         \
    X(REPORT)  /* tell the queue server until it acknowledges */                                   \
    X(HOLD)    /* a human becomes the owner */                                                     \
    X(REVERSE) /* the money has to go back to the card */                                          \
    X(ALARM)   /* something that must not happen; staff look at once */

#define SUGU_ATTEMPT_RULES(X)                                                                      \
    X(INTENDED, SENDING, SENT, 0)                                                                  \
    X(INTENDED, NOTHING_DUE, APPROVED, SUGU_ATTEMPT_DO_REPORT)                                     \
    X(INTENDED, NOT_STARTED, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                     \
    /* Nothing should have left, but a disk may have lost the mark: ask. */                        \
    X(INTENDED, INTERRUPTED, UNKNOWN, SUGU_ATTEMPT_DO_QUERY | SUGU_ATTEMPT_DO_REPORT)              \
    X(SENT, NOT_SENT, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                            \
    X(SENT, APPROVED_BY_DEVICE, APPROVED, SUGU_ATTEMPT_DO_REPORT)                                  \
    X(SENT, DECLINED_BY_DEVICE, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                  \
    X(SENT, BUSY, UNKNOWN, SUGU_ATTEMPT_DO_QUERY | SUGU_ATTEMPT_DO_REPORT)                         \
    X(SENT, NO_ANSWER, UNKNOWN,                                                                    \
      SUGU_ATTEMPT_DO_ABORT | SUGU_ATTEMPT_DO_QUERY | SUGU_ATTEMPT_DO_REPORT)                      \
    X(SENT, INTERRUPTED, UNKNOWN,                                                                  \
      SUGU_ATTEMPT_DO_ABORT | SUGU_ATTEMPT_DO_QUERY | SUGU_ATTEMPT_DO_REPORT)                      \
    X(UNKNOWN, INTERRUPTED, UNKNOWN, SUGU_ATTEMPT_DO_ABORT | SUGU_ATTEMPT_DO_QUERY)                \
    X(UNKNOWN, STATUS_APPROVED, APPROVED, SUGU_ATTEMPT_DO_REPORT)                                  \
    X(UNKNOWN, STATUS_DECLINED, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                  \
    X(UNKNOWN, STATUS_IN_PROGRESS, UNKNOWN, SUGU_ATTEMPT_DO_QUERY)                                 \
    X(UNKNOWN, STATUS_NOT_FOUND, UNKNOWN, SUGU_ATTEMPT_DO_QUERY)                                   \
    X(UNKNOWN, STATUS_NOT_FOUND_AGAIN, DECLINED, SUGU_ATTEMPT_DO_REPORT)                           \
    X(UNKNOWN, STATUS_NO_ANSWER, UNKNOWN, SUGU_ATTEMPT_DO_QUERY)                                   \
    X(UNKNOWN, TRIES_USED_UP, HELD,                                                                \
      SUGU_ATTEMPT_DO_HOLD | SUGU_ATTEMPT_DO_QUERY | SUGU_ATTEMPT_DO_REPORT)                       \
    X(UNKNOWN, REPORT_REFUSED, UNKNOWN, SUGU_ATTEMPT_DO_ALARM)                                     \
    X(HELD, INTERRUPTED, HELD, SUGU_ATTEMPT_DO_QUERY)                                              \
    X(HELD, STATUS_APPROVED, APPROVED, SUGU_ATTEMPT_DO_REPORT)                                     \
    X(HELD, STATUS_DECLINED, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                     \
    X(HELD, STATUS_IN_PROGRESS, HELD, SUGU_ATTEMPT_DO_QUERY)                                       \
    X(HELD, STATUS_NOT_FOUND, HELD, SUGU_ATTEMPT_DO_QUERY)                                         \
    X(HELD, STATUS_NOT_FOUND_AGAIN, DECLINED, SUGU_ATTEMPT_DO_REPORT)                              \
    X(HELD, STATUS_NO_ANSWER, HELD, SUGU_ATTEMPT_DO_QUERY)                                         \
    X(HELD, REPORT_REFUSED, HELD, SUGU_ATTEMPT_DO_ALARM)                                           \
    X(HELD, STAFF_APPROVED, APPROVED, SUGU_ATTEMPT_DO_REPORT)                                      \
    X(HELD, STAFF_DECLINED, DECLINED, SUGU_ATTEMPT_DO_REPORT)                                      \
    X(HELD, STAFF_REVERSED, REVERSED, SUGU_ATTEMPT_DO_REPORT)                                      \
    /* A late answer to something final is dropped; a different one is an alarm. */                \
    X(APPROVED, STATUS_APPROVED, APPROVED, 0)                                                      \
    X(APPROVED, STATUS_DECLINED, APPROVED, SUGU_ATTEMPT_DO_ALARM)                                  \
    X(APPROVED, REPORT_REFUSED, HELD, SUGU_ATTEMPT_DO_HOLD | SUGU_ATTEMPT_DO_ALARM)                \
    X(APPROVED, PAID_OTHERWISE, HELD,                                                              \
      SUGU_ATTEMPT_DO_REVERSE | SUGU_ATTEMPT_DO_HOLD | SUGU_ATTEMPT_DO_ALARM |                     \
          SUGU_ATTEMPT_DO_REPORT)                                                                  \
    X(DECLINED, STATUS_DECLINED, DECLINED, 0)                                                      \
    X(DECLINED, STATUS_APPROVED, DECLINED, SUGU_ATTEMPT_DO_ALARM)                                  \
    X(DECLINED, REPORT_REFUSED, HELD, SUGU_ATTEMPT_DO_HOLD | SUGU_ATTEMPT_DO_ALARM)                \
    X(REVERSED, REPORT_REFUSED, HELD, SUGU_ATTEMPT_DO_HOLD | SUGU_ATTEMPT_DO_ALARM)

#define SUGU_STATE(name) SUGU_ATTEMPT_##name,
enum sugu_attempt_state { SUGU_ATTEMPT_STATES(SUGU_STATE) SUGU_ATTEMPT_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_ATTEMPT_ON_##name,
enum sugu_attempt_event { SUGU_ATTEMPT_EVENTS(SUGU_EVENT) SUGU_ATTEMPT_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_ATTEMPT_BIT_##name,
enum sugu_attempt_bit { SUGU_ATTEMPT_EFFECTS(SUGU_EFFECT) SUGU_ATTEMPT_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_ATTEMPT_DO_##name = 1 << SUGU_ATTEMPT_BIT_##name,
enum sugu_attempt_effect { SUGU_ATTEMPT_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_attempt_machine;

/* Nothing changes any more: APPROVED, DECLINED or REVERSED. Everything else locks the bill. */
bool sugu_attempt_is_final(enum sugu_attempt_state state);

/* ---- amounts: what is posted is what was approved, never what was asked (1.4 rule 5) */

#define SUGU_PAYMENT_YEN_MAX 99999999

enum sugu_amount_verdict {
    SUGU_AMOUNT_EXACT,
    SUGU_AMOUNT_PARTIAL,  /* less than asked: posted, and the rest is still due */
    SUGU_AMOUNT_TOO_MUCH, /* more than asked: posted, and an alarm */
    SUGU_AMOUNT_MISSING,  /* no approval at all: the outcome is unknown */
};

/* `approved_yen` is what the device said, 0 or less where it said nothing. */
enum sugu_amount_verdict sugu_payment_judge_amount(int64_t asked_yen, int64_t approved_yen);

/* ---- "not found" (1.4 rule 4): the request may still be on its way to the device */

/* What was seen before; all zero at first and after every other answer. */
struct sugu_not_found {
    bool was_seen;
    int64_t first_us; /* monotonic */
};

/*
 * A status question, asked over a fresh connection, was answered "not found". It counts only where
 * the device said just before that it is idle, and is final only when the first such answer is
 * `apart_us` old (5 s in a hospital). Returns the event STATUS_IN_PROGRESS (not idle: begin anew),
 * STATUS_NOT_FOUND or STATUS_NOT_FOUND_AGAIN.
 */
enum sugu_attempt_event sugu_payment_judge_not_found(struct sugu_not_found *seen,
                                                     bool is_idle,
                                                     int64_t now_us,
                                                     int64_t apart_us);
