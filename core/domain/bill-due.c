/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-due - what of a bill is due, and what a revision, a payment or a refund means for it
 */
#include "domain/bill-due.h"

#include <assert.h>

int64_t
sugu_bill_due_yen(const struct sugu_bill_money *money)
{
    return money->total_yen > money->paid_yen ? money->total_yen - money->paid_yen : 0;
}

int64_t
sugu_bill_excess_yen(const struct sugu_bill_money *money)
{
    return money->paid_yen > money->total_yen ? money->paid_yen - money->total_yen : 0;
}

bool
sugu_bill_applies_deposit(enum sugu_bill_state state, bool is_proven)
{
    return state != SUGU_BILL_DEPOSITED || is_proven;
}

enum sugu_bill_event
sugu_bill_revise_event(enum sugu_bill_state state,
                       const struct sugu_bill_money *money,
                       bool is_proven)
{
    if (!sugu_bill_applies_deposit(state, is_proven))
        return SUGU_BILL_ON_REVISE_UNPROVEN;
    if (money->paid_yen == 0 || money->paid_yen < money->total_yen)
        return SUGU_BILL_ON_REVISE;
    return money->paid_yen == money->total_yen ? SUGU_BILL_ON_REVISE_PAID
                                               : SUGU_BILL_ON_REVISE_LESS;
}

enum sugu_bill_event
sugu_bill_approve_event(enum sugu_attempt_kind kind,
                        const struct sugu_bill_money *money,
                        int64_t approved_yen)
{
    assert(kind == SUGU_ATTEMPT_IS_PAYMENT || kind == SUGU_ATTEMPT_IS_DEPOSIT);
    if (approved_yen > sugu_bill_due_yen(money))
        return SUGU_BILL_ON_MORE_APPROVED;
    if (kind == SUGU_ATTEMPT_IS_DEPOSIT)
        return SUGU_BILL_ON_DEPOSIT_APPROVED;
    return approved_yen == sugu_bill_due_yen(money) ? SUGU_BILL_ON_PAYMENT_APPROVED
                                                    : SUGU_BILL_ON_PART_APPROVED;
}

enum sugu_bill_event
sugu_bill_refund_event(enum sugu_refund_reason reason,
                       const struct sugu_bill_money *money,
                       int64_t yen,
                       int64_t captured_yen)
{
    int64_t excess = sugu_bill_excess_yen(money);

    switch (reason) {
    case SUGU_REFUND_OVERPAID:
        if (yen > excess) /* a device gave back more than it was asked to: that much is due again */
            return SUGU_BILL_ON_PAYMENT_VOIDED;
        return yen < excess ? SUGU_BILL_ON_REFUND_IN_PART : SUGU_BILL_ON_REFUND_EXCESS;
    case SUGU_REFUND_VOID:
        return SUGU_BILL_ON_PAYMENT_VOIDED;
    case SUGU_REFUND_CORRECTION:
        break;
    }
    return yen < captured_yen ? SUGU_BILL_ON_REFUND_IN_PART : SUGU_BILL_ON_REFUND_WHOLE;
}

void
sugu_bill_take(enum sugu_attempt_kind kind, int64_t yen, struct sugu_bill_money *money)
{
    if (kind == SUGU_ATTEMPT_IS_DEPOSIT)
        money->held_yen += yen;
    else
        money->paid_yen += yen;
}

void
sugu_bill_give_back(enum sugu_refund_reason reason, int64_t yen, struct sugu_bill_money *money)
{
    int64_t of_deposit = yen < money->held_yen ? yen : money->held_yen;

    if (reason == SUGU_REFUND_CORRECTION)
        return;
    assert(yen <= money->held_yen + money->paid_yen);
    money->held_yen -= of_deposit;
    money->paid_yen -= yen - of_deposit;
}
