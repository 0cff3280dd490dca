/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-machine - the states of one visit's bill
 *
 * ANNOUNCED and REVISED are both open to pay; the second says that an earlier revision was shown.
 * After a declined payment the bill is ANNOUNCED again, whatever its revision. Whether a payment is
 * unknown stands with its attempt; the bill stays IN_PAYMENT, so that no second attempt can begin,
 * until the result is known or a person has to find out (PAYMENT_HELD).
 *
 * A bill that changes while it is being paid is refused ("bill.not-allowed"): the fee gateway
 * announces it again later. One that changes after money was taken goes to the counter
 * (domain/fee-module.md 1.4): a machine cannot know whether to take the difference or give it back.
 */
#pragma once

#include "domain/machine.h"

/* Numbers are those of BillState in sugu.proto. */
#define SUGU_BILL_STATES(X)                                                                        \
    X(ANNOUNCED)                                                                                   \
    X(REVISED)                                                                                     \
    X(WITHDRAWN)  /* there is nothing to pay until it is announced again */                        \
    X(IN_PAYMENT) /* an attempt is open or its result unknown */                                   \
    X(SETTLED)                                                                                     \
    X(REFUNDED_IN_PART)                                                                            \
    X(REFUNDED)                                                                                    \
    X(TO_COUNTER) /* a person settles it */

#define SUGU_BILL_EVENTS(X)                                                                        \
    X(REVISE) /* another revision of it was announced */                                           \
    X(WITHDRAW)                                                                                    \
    X(BEGIN_PAYMENT)                                                                               \
    X(PAYMENT_APPROVED)                                                                            \
    X(PAYMENT_DECLINED) /* also reversed: nothing was taken */                                     \
    X(PAYMENT_UNKNOWN)                                                                             \
    X(PAYMENT_HELD) /* nobody could find out */                                                    \
    X(REFUND_IN_PART)                                                                              \
    X(REFUND_WHOLE)                                                                                \
    X(SEND_TO_COUNTER)                                                                             \
    X(OFFER_AGAIN) /* nothing was taken and nothing is unknown: the kiosks may have it back */

#define SUGU_BILL_EFFECTS(X)                                                                       \
    X(OFFER)          /* publish the amount to the screens */                                      \
    X(PULL_OFFER)     /* take it from every screen */                                              \
    X(POST_TO_LEDGER) /* money moved, or what is owed changed */                                   \
    X(POST_TO_FEE)    /* tell the fee module, once */                                              \
    X(CALL_STAFF)

#define SUGU_BILL_RULES(X)                                                                         \
    X(ANNOUNCED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                \
    X(ANNOUNCED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)       \
    X(ANNOUNCED, BEGIN_PAYMENT, IN_PAYMENT, 0)                                                     \
    X(ANNOUNCED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)   \
    X(REVISED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                  \
    X(REVISED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)         \
    X(REVISED, BEGIN_PAYMENT, IN_PAYMENT, 0)                                                       \
    X(REVISED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)     \
    X(WITHDRAWN, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                \
    X(IN_PAYMENT, PAYMENT_APPROVED, SETTLED,                                                       \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(IN_PAYMENT, PAYMENT_DECLINED, ANNOUNCED, SUGU_BILL_DO_OFFER)                                 \
    X(IN_PAYMENT, PAYMENT_UNKNOWN, IN_PAYMENT, 0)                                                  \
    X(IN_PAYMENT, PAYMENT_HELD, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)     \
    X(SETTLED, REVISE, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)          \
    X(SETTLED, WITHDRAW, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)        \
    X(SETTLED, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)                      \
    X(SETTLED, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                                \
    X(SETTLED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)                               \
    X(REFUNDED_IN_PART, REVISE, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF) \
    X(REFUNDED_IN_PART, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)             \
    X(REFUNDED_IN_PART, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                       \
    X(REFUNDED_IN_PART, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)                      \
    X(REFUNDED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                 \
    X(TO_COUNTER, REVISE, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)       \
    X(TO_COUNTER, OFFER_AGAIN, ANNOUNCED, SUGU_BILL_DO_OFFER)                                      \
    X(TO_COUNTER, PAYMENT_APPROVED, SETTLED,                                                       \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(TO_COUNTER, PAYMENT_DECLINED, TO_COUNTER, 0)                                                 \
    X(TO_COUNTER, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)                   \
    X(TO_COUNTER, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)

#define SUGU_STATE(name) SUGU_BILL_##name,
enum sugu_bill_state { SUGU_BILL_STATES(SUGU_STATE) SUGU_BILL_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_BILL_ON_##name,
enum sugu_bill_event { SUGU_BILL_EVENTS(SUGU_EVENT) SUGU_BILL_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_BILL_BIT_##name,
enum sugu_bill_bit { SUGU_BILL_EFFECTS(SUGU_EFFECT) SUGU_BILL_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_BILL_DO_##name = 1 << SUGU_BILL_BIT_##name,
enum sugu_bill_effect { SUGU_BILL_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_bill_machine;
