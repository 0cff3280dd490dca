/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money - what a desk can do about a bill's money: key, action, right, amounts, and when
 */
#include "money.h"

#include "domain/copay.h"

#include <glib/gi18n.h>

#include <string.h>

#define DESK_ROW(name, key_, action_, label_, right_)                                              \
    [DESK_MONEY_##                                                                                 \
        name] = {.key = key_, .action = action_, .label = label_, .right = SUGU_RIGHT_##right_},
static const struct desk_money_verb_row rows[] = {DESK_MONEY_VERBS(DESK_ROW)};

const struct desk_money_verb_row *
desk_money_verb_find(enum desk_money_verb verb)
{
    return &rows[verb];
}

const char *
desk_money_verb_label(enum desk_money_verb verb)
{
    return g_dpgettext2(NULL, "money verb", rows[verb].label);
}

/* ---------------------------------------------------------------- sums */

struct sugu_bill_money
desk_money_of(const Sugu__Money *money)
{
    return (struct sugu_bill_money){.total_yen = money->total_yen,
                                    .waived_yen = MIN(money->waived_yen, money->total_yen),
                                    .paid_yen = money->paid_yen - money->held_yen,
                                    .held_yen = money->held_yen};
}

static struct sugu_bill_money
with_deposit(const Sugu__Money *money)
{
    struct sugu_bill_money of = desk_money_of(money);

    sugu_bill_apply_deposit(&of);
    return of;
}

int64_t
desk_money_due_yen(const Sugu__Money *money)
{
    struct sugu_bill_money of = with_deposit(money);

    return money->state == SUGU__BILL_STATE__BILL_WITHDRAWN ? 0 : sugu_bill_due_yen(&of);
}

int64_t
desk_money_excess_yen(const Sugu__Money *money)
{
    struct sugu_bill_money of = desk_money_of(money);

    return sugu_bill_excess_yen(&of);
}

/* ---------------------------------------------------------------- attempts */

bool
desk_attempt_is_open(const Sugu__Attempt *attempt)
{
    return attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED ||
           attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_SENT ||
           attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN ||
           attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
}

int64_t
desk_attempt_left_yen(const Sugu__Attempt *attempt)
{
    bool has_taken = attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED &&
                     (attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
                      attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT);

    return has_taken ? MAX(attempt->approved_yen - attempt->refunded_yen, 0) : 0;
}

bool
desk_attempt_goes_back_by_hand(const Sugu__Attempt *attempt)
{
    return attempt->method == SUGU__PAYMENT_METHOD__METHOD_CASH ||
           attempt->method == SUGU__PAYMENT_METHOD__METHOD_DESK;
}

bool
desk_attempt_moves_nothing(const Sugu__Attempt *attempt)
{
    return attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER ||
           attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_HOLD ||
           attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE ||
           attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_FORGET;
}

static bool
is_same(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b)
{
    return a->len == b->len && a->len > 0 && memcmp(a->data, b->data, a->len) == 0;
}

const Sugu__Attempt *
desk_money_find_attempt(const Sugu__Money *money, const ProtobufCBinaryData *attempt)
{
    for (size_t i = 0; i < money->n_attempts; i++)
        if (is_same(&money->attempts[i]->attempt, attempt))
            return money->attempts[i];
    return NULL;
}

static bool
has_open_attempt(const Sugu__Money *money)
{
    for (size_t i = 0; i < money->n_attempts; i++)
        if (desk_attempt_is_open(money->attempts[i]))
            return true;
    return false;
}

/* ---------------------------------------------------------------- giving back */

int64_t
desk_money_refund_most_yen(const Sugu__Money *money,
                           const Sugu__Attempt *attempt,
                           Sugu__RefundReason reason)
{
    struct sugu_bill_money of = desk_money_of(money);
    int64_t most = desk_attempt_left_yen(attempt);

    if (reason == SUGU__REFUND_REASON__REFUND_OVERPAID)
        most = MIN(most, sugu_bill_excess_yen(&of));
    most = MIN(most, money->paid_yen);
    return most > 0 && sugu_bill_may_refund((enum sugu_refund_reason)reason, &of, most) ? most : 0;
}

bool
desk_money_has_failed_back(const Sugu__Money *money, const Sugu__Attempt *attempt)
{
    for (size_t i = 0; i < money->n_refunds; i++)
        if (money->refunds[i]->state == SUGU__REFUND_STATE__REFUND_FAILED &&
            is_same(&money->refunds[i]->original, &attempt->attempt))
            return !desk_attempt_goes_back_by_hand(attempt);
    return false;
}

Sugu__RefundReason
desk_money_refund_reason(const Sugu__Money *money)
{
    return desk_money_excess_yen(money) > 0 ? SUGU__REFUND_REASON__REFUND_OVERPAID
                                            : SUGU__REFUND_REASON__REFUND_VOID;
}

static bool
may_go_back(const Sugu__Money *money, const Sugu__Attempt *attempt)
{
    return desk_money_refund_most_yen(money, attempt, SUGU__REFUND_REASON__REFUND_OVERPAID) > 0 ||
           desk_money_refund_most_yen(money, attempt, SUGU__REFUND_REASON__REFUND_VOID) > 0;
}

static int64_t
copay_of(const Sugu__Bill *bill, int64_t points)
{
    const struct sugu_copay_rule *rule =
        sugu_copay_rule_find(bill->ratio_percent, bill->visit_date);
    struct sugu_yen copay;

    if (!rule || sugu_copay_compute(rule, (struct sugu_points){points}, bill->ratio_percent, &copay,
                                    /* reterr= */ NULL) != SUGU_OK)
        return 0;
    return copay.value;
}

int64_t
desk_money_lines_yen(const Sugu__Bill *bill, const bool *is_chosen)
{
    int64_t yen = 0, points = 0, chosen_points = 0;

    for (size_t i = 0; i < bill->n_lines; i++) {
        const Sugu__BillLine *line = bill->lines[i];
        int64_t of_line = (int64_t)line->points * line->count;
        points += of_line;
        if (!is_chosen[i])
            continue;
        chosen_points += of_line;
        yen += line->yen;
    }
    return yen + copay_of(bill, points) - copay_of(bill, points - chosen_points);
}

/* ---------------------------------------------------------------- what a verb is about */

static bool
fits(const Sugu__Money *money, enum desk_money_verb verb, const Sugu__Attempt *attempt)
{
    if (verb == DESK_MONEY_RESOLVE)
        return attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
    return verb == DESK_MONEY_REFUND && may_go_back(money, attempt);
}

const Sugu__Attempt *
desk_money_attempt_for(const Sugu__Money *money,
                       enum desk_money_verb verb,
                       const Sugu__Attempt *chosen)
{
    if (chosen && fits(money, verb, chosen))
        return chosen;
    for (size_t i = 0; i < money->n_attempts; i++)
        if (fits(money, verb, money->attempts[i]))
            return money->attempts[i];
    return NULL;
}

const Sugu__Refund *
desk_money_refund_for(const Sugu__Money *money, const Sugu__Refund *chosen)
{
    if (chosen && chosen->state == SUGU__REFUND_STATE__REFUND_WAITING)
        return chosen;
    for (size_t i = 0; i < money->n_refunds; i++)
        if (money->refunds[i]->state == SUGU__REFUND_STATE__REFUND_WAITING)
            return money->refunds[i];
    return NULL;
}

bool
desk_money_is_possible(const Sugu__Money *money, enum desk_money_verb verb)
{
    switch (verb) {
    case DESK_MONEY_SETTLE:
        return desk_money_due_yen(money) > 0 && !has_open_attempt(money);
    case DESK_MONEY_REFUND:
        return desk_money_attempt_for(money, verb, NULL) && !has_open_attempt(money);
    case DESK_MONEY_GRANT:
    case DESK_MONEY_DENY:
        return desk_money_refund_for(money, NULL) != NULL;
    case DESK_MONEY_RESOLVE:
        return desk_money_attempt_for(money, verb, NULL) != NULL;
    case DESK_MONEY_CHANGE:
        return money->change_owed_yen > 0;
    case DESK_MONEY_SUSPEND:
    case DESK_MONEY_RELEASE:
    case DESK_MONEY_END:
    case DESK_MONEY_VERB_COUNT:
        break;
    }
    return false;
}

bool
desk_money_is_of_card(enum desk_money_verb verb)
{
    return verb == DESK_MONEY_SUSPEND || verb == DESK_MONEY_RELEASE || verb == DESK_MONEY_END;
}

bool
desk_money_is_possible_of_card(const Sugu__CardOnFile *card, enum desk_money_verb verb)
{
    if (!card)
        return false;
    if (verb == DESK_MONEY_SUSPEND)
        return card->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE;
    if (verb == DESK_MONEY_RELEASE)
        return card->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED;
    return verb == DESK_MONEY_END && (card->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING ||
                                      card->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE ||
                                      card->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED);
}
