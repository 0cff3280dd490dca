/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-machine - the states of one visit's bill
 *
 * ANNOUNCED and REVISED are both open to pay; the second says that an earlier revision was shown.
 * After a declined payment the bill is ANNOUNCED again, whatever its revision. Whether a payment is
 * unknown stands with its attempt; the bill stays IN_PAYMENT, so that no second attempt can begin,
 * until the result is known or a person has to find out (PAYMENT_HELD).
 *
 * What is due is the total of the present revision less what was paid; both stand with the bill. A
 * bill that changes while it is being paid is refused ("bill.in-payment"): the fee gateway
 * announces it again later. One that changes after money was taken is offered again where more is
 * due, stays settled where nothing changes, and owes the patient money where less is due
 * (OVERPAID): a person gives it back. Money that a device took is taken in whatever the bill is by
 * then.
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
    X(TO_COUNTER) /* a person settles it */                                                        \
    X(DEPOSITED)  /* a deposit is held until insurance is proven; nothing is due till then */      \
    X(OVERPAID)   /* more is paid than is owed: money is due to the patient */

#define SUGU_BILL_EVENTS(X)                                                                        \
    X(REVISE)          /* another revision of it: something is due, or nothing was ever paid */    \
    X(REVISE_PAID)     /* … that is just what was paid */                                        \
    X(REVISE_LESS)     /* … that is less than was paid */                                        \
    X(REVISE_UNPROVEN) /* … while insurance is still not proven */                               \
    X(WITHDRAW)        /* with nothing paid */                                                     \
    X(WITHDRAW_PAID)                                                                               \
    X(BEGIN_PAYMENT)                                                                               \
    X(PAYMENT_APPROVED) /* all that was due */                                                     \
    X(PART_APPROVED)    /* less than was due */                                                    \
    X(DEPOSIT_APPROVED)                                                                            \
    X(MORE_APPROVED)    /* more than was due: it was paid otherwise meanwhile */                   \
    X(PAYMENT_DECLINED) /* also reversed: nothing was taken */                                     \
    X(PAYMENT_UNKNOWN)                                                                             \
    X(PAYMENT_HELD)   /* nobody could find out */                                                  \
    X(PAYMENT_VOIDED) /* given back, and due again */                                              \
    X(REFUND_EXCESS)  /* what was paid too much, all of it */                                      \
    X(REFUND_SOME)    /* … a part of it, or of a deposit */                                      \
    X(REFUND_IN_PART) /* corrected: it is not due again */                                         \
    X(REFUND_WHOLE)   /* nothing is left of it */                                                  \
    X(SEND_TO_COUNTER)                                                                             \
    X(OFFER_AGAIN) /* nothing is unknown: the kiosks may have it back */

#define SUGU_BILL_EFFECTS(X)                                                                       \
    X(OFFER)          /* publish the amount to the screens */                                      \
    X(PULL_OFFER)     /* take it from every screen */                                              \
    X(POST_TO_LEDGER) /* money moved, or what is owed changed */                                   \
    X(POST_TO_FEE)    /* tell the fee module, once */                                              \
    X(CALL_STAFF)

#define SUGU_BILL_RULES(X)                                                                         \
    X(ANNOUNCED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                \
    X(ANNOUNCED, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)     \
    X(ANNOUNCED, REVISE_LESS, OVERPAID,                                                            \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(ANNOUNCED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)       \
    X(ANNOUNCED, WITHDRAW_PAID, TO_COUNTER,                                                        \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(ANNOUNCED, BEGIN_PAYMENT, IN_PAYMENT, 0)                                                     \
    X(ANNOUNCED, PAYMENT_APPROVED, SETTLED,                                                        \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(ANNOUNCED, PART_APPROVED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)       \
    X(ANNOUNCED, DEPOSIT_APPROVED, DEPOSITED,                                                      \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                                       \
    X(ANNOUNCED, MORE_APPROVED, OVERPAID,                                                          \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(ANNOUNCED, PAYMENT_VOIDED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)      \
    X(ANNOUNCED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)   \
    X(REVISED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                  \
    X(REVISED, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)       \
    X(REVISED, REVISE_LESS, OVERPAID,                                                              \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(REVISED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)         \
    X(REVISED, WITHDRAW_PAID, TO_COUNTER,                                                          \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(REVISED, BEGIN_PAYMENT, IN_PAYMENT, 0)                                                       \
    X(REVISED, PAYMENT_APPROVED, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)  \
    X(REVISED, PART_APPROVED, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)           \
    X(REVISED, DEPOSIT_APPROVED, DEPOSITED, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER) \
    X(REVISED, MORE_APPROVED, OVERPAID,                                                            \
      SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)             \
    X(REVISED, PAYMENT_VOIDED, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)          \
    X(REVISED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)     \
    X(WITHDRAWN, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                \
    X(WITHDRAWN, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)   \
    X(IN_PAYMENT, PAYMENT_APPROVED, SETTLED,                                                       \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(IN_PAYMENT, PART_APPROVED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)      \
    X(IN_PAYMENT, DEPOSIT_APPROVED, DEPOSITED, SUGU_BILL_DO_POST_TO_LEDGER)                        \
    X(IN_PAYMENT, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)  \
    X(IN_PAYMENT, PAYMENT_DECLINED, ANNOUNCED, SUGU_BILL_DO_OFFER)                                 \
    X(IN_PAYMENT, PAYMENT_UNKNOWN, IN_PAYMENT, 0)                                                  \
    X(IN_PAYMENT, PAYMENT_HELD, TO_COUNTER, SUGU_BILL_DO_PULL_OFFER | SUGU_BILL_DO_CALL_STAFF)     \
    X(SETTLED, REVISE, REVISED,                                                                    \
      SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                  \
    X(SETTLED, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)       \
    X(SETTLED, REVISE_LESS, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)       \
    X(SETTLED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_POST_TO_LEDGER)                                   \
    X(SETTLED, WITHDRAW_PAID, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)   \
    X(SETTLED, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)     \
    X(SETTLED, PAYMENT_VOIDED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)        \
    X(SETTLED, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)                      \
    X(SETTLED, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                                \
    X(SETTLED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)                               \
    X(REFUNDED_IN_PART, REVISE, REVISED,                                                           \
      SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                  \
    X(REFUNDED_IN_PART, REVISE_PAID, SETTLED,                                                      \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(REFUNDED_IN_PART, REVISE_LESS, OVERPAID,                                                     \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                                       \
    X(REFUNDED_IN_PART, WITHDRAW_PAID, TO_COUNTER,                                                 \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                                       \
    X(REFUNDED_IN_PART, MORE_APPROVED, OVERPAID,                                                   \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                                       \
    X(REFUNDED_IN_PART, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)             \
    X(REFUNDED_IN_PART, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                       \
    X(REFUNDED_IN_PART, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)                      \
    X(REFUNDED, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_POST_TO_LEDGER)                                  \
    X(REFUNDED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                 \
    X(REFUNDED, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)    \
    X(TO_COUNTER, REVISE, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)       \
    X(TO_COUNTER, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)    \
    X(TO_COUNTER, REVISE_LESS, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)    \
    X(TO_COUNTER, WITHDRAW, WITHDRAWN, SUGU_BILL_DO_POST_TO_LEDGER)                                \
    X(TO_COUNTER, WITHDRAW_PAID, TO_COUNTER,                                                       \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)                                       \
    X(TO_COUNTER, PAYMENT_APPROVED, SETTLED,                                                       \
      SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)                                      \
    X(TO_COUNTER, PART_APPROVED, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER)                          \
    X(TO_COUNTER, DEPOSIT_APPROVED, DEPOSITED, SUGU_BILL_DO_POST_TO_LEDGER)                        \
    X(TO_COUNTER, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)  \
    X(TO_COUNTER, PAYMENT_DECLINED, TO_COUNTER, 0)                                                 \
    X(TO_COUNTER, PAYMENT_VOIDED, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER)                         \
    X(TO_COUNTER, REFUND_EXCESS, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)  \
    X(TO_COUNTER, REFUND_SOME, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER)                            \
    X(TO_COUNTER, REFUND_IN_PART, REFUNDED_IN_PART, SUGU_BILL_DO_POST_TO_LEDGER)                   \
    X(TO_COUNTER, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                             \
    X(TO_COUNTER, OFFER_AGAIN, ANNOUNCED, SUGU_BILL_DO_OFFER)                                      \
    X(DEPOSITED, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                \
    X(DEPOSITED, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)     \
    X(DEPOSITED, REVISE_LESS, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)     \
    X(DEPOSITED, REVISE_UNPROVEN, DEPOSITED, SUGU_BILL_DO_POST_TO_LEDGER)                          \
    X(DEPOSITED, WITHDRAW_PAID, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF) \
    X(DEPOSITED, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)   \
    X(DEPOSITED, PAYMENT_VOIDED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)      \
    X(DEPOSITED, REFUND_SOME, DEPOSITED, SUGU_BILL_DO_POST_TO_LEDGER)                              \
    X(DEPOSITED, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)                             \
    X(DEPOSITED, OFFER_AGAIN, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)         \
    X(OVERPAID, REVISE, REVISED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)                 \
    X(OVERPAID, REVISE_PAID, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)      \
    X(OVERPAID, REVISE_LESS, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)      \
    X(OVERPAID, WITHDRAW_PAID, TO_COUNTER, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)  \
    X(OVERPAID, MORE_APPROVED, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_CALL_STAFF)    \
    X(OVERPAID, PAYMENT_VOIDED, ANNOUNCED, SUGU_BILL_DO_OFFER | SUGU_BILL_DO_POST_TO_LEDGER)       \
    X(OVERPAID, REFUND_EXCESS, SETTLED, SUGU_BILL_DO_POST_TO_LEDGER | SUGU_BILL_DO_POST_TO_FEE)    \
    X(OVERPAID, REFUND_SOME, OVERPAID, SUGU_BILL_DO_POST_TO_LEDGER)                                \
    X(OVERPAID, REFUND_WHOLE, REFUNDED, SUGU_BILL_DO_POST_TO_LEDGER)                               \
    X(OVERPAID, SEND_TO_COUNTER, TO_COUNTER, SUGU_BILL_DO_CALL_STAFF)

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
