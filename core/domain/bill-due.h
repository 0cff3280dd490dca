/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-due - what of a bill is due, and what a revision, a payment or a refund means for it
 *
 * Pure: turns yen into the events of bill-machine.h. Whole yen; totals are those of the present
 * revision.
 */
#pragma once

#include "domain/bill-machine.h"

#include <stdint.h>

struct sugu_bill_money {
    int64_t total_yen;  /* of the present revision */
    int64_t waived_yen; /* of it, not wanted any more: corrected, or all of a withdrawn bill */
    int64_t paid_yen;   /* payments and applied deposits, less what went back of them */
    int64_t held_yen;   /* deposit that is not applied yet */
};

/* Numbers are those of AttemptKind in sugu.proto. */
enum sugu_attempt_kind {
    SUGU_ATTEMPT_IS_PAYMENT,
    SUGU_ATTEMPT_IS_REFUND,
    SUGU_ATTEMPT_IS_DEPOSIT,
    SUGU_ATTEMPT_IS_REGISTER,
    SUGU_ATTEMPT_IS_HOLD,
    SUGU_ATTEMPT_IS_RELEASE,
    SUGU_ATTEMPT_IS_FORGET,
};

/* Numbers are those of RefundReason in sugu.proto. */
enum sugu_refund_reason {
    SUGU_REFUND_OVERPAID,
    SUGU_REFUND_VOID,
    SUGU_REFUND_CORRECTION,
};

/* Where money that is the patient's is given back; numbers are those of RefundPlace in sugu.proto.
 */
enum sugu_refund_place {
    SUGU_REFUND_ANYWHERE,
    SUGU_REFUND_TO_CARD,
    SUGU_REFUND_TO_CODE,
    SUGU_REFUND_AT_DESK,
};

/* What the bill asks for: the total less what is waived. Due and excess are never negative. */
int64_t sugu_bill_owed_yen(const struct sugu_bill_money *money);
int64_t sugu_bill_due_yen(const struct sugu_bill_money *money);
int64_t sugu_bill_excess_yen(const struct sugu_bill_money *money);

/* The held deposit is paid towards the bill from now on; how much that is. When a revision comes:
 * only where insurance is proven, because only that says what is owed. */
int64_t sugu_bill_apply_deposit(struct sugu_bill_money *money);

/* A revision came; `money` is with its total, nothing of which is waived, the deposit applied where
 * it may be. */
enum sugu_bill_event sugu_bill_revise_event(enum sugu_bill_state state,
                                            const struct sugu_bill_money *money,
                                            bool is_proven);

/* A desk gives the bill back to the kiosks; the deposit is applied. Where nothing is due any more
 * there is nothing to offer. */
enum sugu_bill_event sugu_bill_offer_event(const struct sugu_bill_money *money);

/* `approved_yen` came by an attempt of this kind (payment or deposit); `money` is before it. */
enum sugu_bill_event sugu_bill_approve_event(enum sugu_attempt_kind kind,
                                             const struct sugu_bill_money *money,
                                             int64_t approved_yen);

/* May so much go back for this reason? OVERPAID: of the excess. CORRECTION: of a bill that is paid
 * in full, with no excess, which goes back first. */
bool sugu_bill_may_refund(enum sugu_refund_reason reason,
                          const struct sugu_bill_money *money,
                          int64_t yen);

/* `yen` went back. `money` is before it. What is not more than the excess leaves no debt, whatever
 * the reason; a payment that is voided beyond that is due again. */
enum sugu_bill_event sugu_bill_refund_event(enum sugu_refund_reason reason,
                                            const struct sugu_bill_money *money,
                                            int64_t yen);

/* What the bill has afterwards. What a correction gives back is waived: it is not the patient's
 * debt again, until another revision says anew what the bill is. A deposit goes back first. */
void sugu_bill_take(enum sugu_attempt_kind kind, int64_t yen, struct sugu_bill_money *money);
void
sugu_bill_give_back(enum sugu_refund_reason reason, int64_t yen, struct sugu_bill_money *money);
