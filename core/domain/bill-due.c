/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-due - what of a bill is due, and what a revision, a payment or a refund means for it
 */
#include "domain/bill-due.h"

#include <assert.h>

int64_t
sugu_bill_owed_yen(const struct sugu_bill_money *money)
{
    assert(money->waived_yen >= 0 && money->waived_yen <= money->total_yen);
    return money->total_yen - money->waived_yen;
}

int64_t
sugu_bill_due_yen(const struct sugu_bill_money *money)
{
    int64_t owed = sugu_bill_owed_yen(money);

    return owed > money->paid_yen ? owed - money->paid_yen : 0;
}

int64_t
sugu_bill_excess_yen(const struct sugu_bill_money *money)
{
    int64_t owed = sugu_bill_owed_yen(money);

    return money->paid_yen > owed ? money->paid_yen - owed : 0;
}

int64_t
sugu_bill_apply_deposit(struct sugu_bill_money *money)
{
    int64_t yen = money->held_yen;

    money->paid_yen += yen;
    money->held_yen = 0;
    return yen;
}

enum sugu_bill_event
sugu_bill_revise_event(enum sugu_bill_state state,
                       const struct sugu_bill_money *money,
                       bool is_proven)
{
    if (state == SUGU_BILL_DEPOSITED && !is_proven)
        return SUGU_BILL_ON_REVISE_UNPROVEN;
    if (money->paid_yen == 0 || sugu_bill_due_yen(money) > 0)
        return SUGU_BILL_ON_REVISE;
    return sugu_bill_excess_yen(money) > 0 ? SUGU_BILL_ON_REVISE_LESS : SUGU_BILL_ON_REVISE_PAID;
}

enum sugu_bill_event
sugu_bill_offer_event(const struct sugu_bill_money *money)
{
    if (money->paid_yen == 0 || sugu_bill_due_yen(money) > 0)
        return SUGU_BILL_ON_OFFER_AGAIN;
    return sugu_bill_excess_yen(money) > 0 ? SUGU_BILL_ON_REVISE_LESS : SUGU_BILL_ON_REVISE_PAID;
}

enum sugu_bill_event
sugu_bill_approve_event(enum sugu_attempt_kind kind,
                        const struct sugu_bill_money *money,
                        int64_t approved_yen)
{
    assert(kind == SUGU_ATTEMPT_IS_PAYMENT || kind == SUGU_ATTEMPT_IS_DEPOSIT);
    if (approved_yen > sugu_bill_due_yen(money) || sugu_bill_excess_yen(money) > 0)
        return SUGU_BILL_ON_MORE_APPROVED;
    if (kind == SUGU_ATTEMPT_IS_DEPOSIT)
        return SUGU_BILL_ON_DEPOSIT_APPROVED;
    return approved_yen == sugu_bill_due_yen(money) ? SUGU_BILL_ON_PAYMENT_APPROVED
                                                    : SUGU_BILL_ON_PART_APPROVED;
}

bool
sugu_bill_may_refund(enum sugu_refund_reason reason,
                     const struct sugu_bill_money *money,
                     int64_t yen)
{
    switch (reason) {
    case SUGU_REFUND_OVERPAID:
        return yen <= sugu_bill_excess_yen(money);
    case SUGU_REFUND_CORRECTION:
        return money->held_yen == 0 && yen <= money->paid_yen &&
               money->paid_yen == sugu_bill_owed_yen(money);
    case SUGU_REFUND_VOID:
        break;
    }
    return yen <= money->paid_yen + money->held_yen;
}

enum sugu_bill_event
sugu_bill_refund_event(enum sugu_refund_reason reason,
                       const struct sugu_bill_money *money,
                       int64_t yen)
{
    int64_t excess = sugu_bill_excess_yen(money);

    if (reason == SUGU_REFUND_CORRECTION)
        return yen < money->paid_yen ? SUGU_BILL_ON_REFUND_IN_PART : SUGU_BILL_ON_REFUND_WHOLE;
    /* Withdrawn: nothing is left of it. */
    if (money->waived_yen > 0 && sugu_bill_owed_yen(money) == 0 &&
        yen == money->paid_yen + money->held_yen)
        return SUGU_BILL_ON_REFUND_WHOLE;
    if (yen < excess || yen < money->held_yen)
        return SUGU_BILL_ON_REFUND_SOME;
    return yen == excess ? SUGU_BILL_ON_REFUND_EXCESS : SUGU_BILL_ON_PAYMENT_VOIDED;
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

    assert(yen <= money->held_yen + money->paid_yen);
    money->held_yen -= of_deposit;
    money->paid_yen -= yen - of_deposit;
    if (reason == SUGU_REFUND_CORRECTION)
        money->waived_yen += yen - of_deposit;
}
