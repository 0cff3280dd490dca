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
    int64_t total_yen; /* of the present revision; 0 of a withdrawn bill */
    int64_t paid_yen;  /* payments and applied deposits, less what went back of them */
    int64_t held_yen;  /* deposit that is not applied yet */
};

/* Numbers are those of AttemptKind in sugu.proto. */
enum sugu_attempt_kind {
    SUGU_ATTEMPT_IS_PAYMENT,
    SUGU_ATTEMPT_IS_REFUND,
    SUGU_ATTEMPT_IS_DEPOSIT,
    SUGU_ATTEMPT_IS_REGISTER,
};

/* Numbers are those of RefundReason in sugu.proto. */
enum sugu_refund_reason {
    SUGU_REFUND_OVERPAID,
    SUGU_REFUND_VOID,
    SUGU_REFUND_CORRECTION,
};

/* Never negative. */
int64_t sugu_bill_due_yen(const struct sugu_bill_money *money);
int64_t sugu_bill_excess_yen(const struct sugu_bill_money *money);

/* May the held deposit be applied when a revision comes? Only what is proven says what is owed. */
bool sugu_bill_applies_deposit(enum sugu_bill_state state, bool is_proven);

/* A revision came; `money` is with its total, the deposit applied where it may be. */
enum sugu_bill_event sugu_bill_revise_event(enum sugu_bill_state state,
                                            const struct sugu_bill_money *money,
                                            bool is_proven);

/* `approved_yen` came by an attempt of this kind (payment or deposit); `money` is before it. */
enum sugu_bill_event sugu_bill_approve_event(enum sugu_attempt_kind kind,
                                             const struct sugu_bill_money *money,
                                             int64_t approved_yen);

/* `yen` went back. `money` is before it; `captured_yen` is all that was ever kept by it. */
enum sugu_bill_event sugu_bill_refund_event(enum sugu_refund_reason reason,
                                            const struct sugu_bill_money *money,
                                            int64_t yen,
                                            int64_t captured_yen);

/* What the bill has afterwards. A correction leaves it: the money that went back is the hospital's
 * loss, not the patient's debt. */
void sugu_bill_take(enum sugu_attempt_kind kind, int64_t yen, struct sugu_bill_money *money);
void
sugu_bill_give_back(enum sugu_refund_reason reason, int64_t yen, struct sugu_bill_money *money);
