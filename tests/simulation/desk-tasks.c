/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-tasks - the desk works off what the books say waits for a person because of money
 */
#include "simulation/desk-private.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define TASKS_MAX 100 /* bounds.def */

/* One row of GetMoneyTasks; the reply does not stand while it is worked at. */
struct task {
    char code[65];
    struct sugu_id bill; /* none = of no bill */
};

/* More than is owed has to be refused. */
static void
pay_change(struct desk_state *desk, const Sugu__Money *money)
{
    Sugu__PayChange body = SUGU__PAY_CHANGE__INIT;
    struct sugu_id bill = sugu_id_of(&money->bill);
    bool is_too_much = sim_chance(20);
    const Sugu__Reply *reply;

    body.bill = sugu_id_field(&bill);
    body.amount_yen = is_too_much      ? money->change_owed_yen + sim_between(1, 1000)
                      : sim_chance(70) ? money->change_owed_yen
                                       : sim_between(1, money->change_owed_yen);
    body.note = (char *)"slip 3";
    body.desk = (char *)DESK_NAME;
    reply = desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_PAY_CHANGE, &body);
    if (!desk_is_ok(reply))
        return;
    sim_count(SIM_COUNT_change_paid);
    if (is_too_much)
        sim_fail("%lld yen of change were handed out, %lld were owed", (long long)body.amount_yen,
                 (long long)money->change_owed_yen);
}

/* What was paid by machines comes from there; by cash only the staff who count it say so. */
static bool
resolve(struct desk_state *desk, const Sugu__Money *money)
{
    bool is_known = true;

    for (size_t i = 0; i < money->n_attempts; i++) {
        const Sugu__Attempt *attempt = money->attempts[i];
        if (attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD &&
            attempt->method != SUGU__PAYMENT_METHOD__METHOD_CASH)
            is_known = desk_resolve(desk, attempt) && is_known;
    }
    return is_known;
}

/* What failed last, once more; false where it may not go back any more. */
static bool
give_back_again(struct desk_state *desk, const Sugu__Money *money)
{
    for (size_t i = 0; i < money->n_refunds; i++) {
        const Sugu__Refund *failed = money->refunds[i];
        struct sugu_id original = sugu_id_of(&failed->original);
        if (failed->state == SUGU__REFUND_STATE__REFUND_FAILED)
            return desk_order_refund(desk, &original, failed->amount_yen, failed->reason,
                                     /* is_too_much= */ false);
    }
    return false;
}

/* The excess goes back to one payment after the other, as far as each goes. */
static bool
give_excess_back(struct desk_state *desk, const Sugu__Money *money)
{
    int64_t excess = money->paid_yen + money->waived_yen - money->total_yen;

    for (size_t i = 0; i < money->n_attempts && excess > 0; i++) {
        const Sugu__Attempt *paid = money->attempts[i];
        int64_t left = paid->approved_yen - paid->refunded_yen;
        struct sugu_id id = sugu_id_of(&paid->attempt);
        if (paid->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND || left <= 0)
            continue;
        /* the next one when the books say that it is over */
        desk_order_refund(desk, &id, left < excess ? left : excess,
                          SUGU__REFUND_REASON__REFUND_OVERPAID, /* is_too_much= */ false);
        return true;
    }
    return give_back_again(desk, money);
}

static void
decide(struct desk_state *desk, const Sugu__Money *money)
{
    for (size_t i = 0; i < money->n_refunds; i++)
        if (money->refunds[i]->state == SUGU__REFUND_STATE__REFUND_WAITING) {
            desk_decide_refund(desk, money->refunds[i]);
            return;
        }
}

/* True where it is to be looked at again. */
static bool
work_off(struct desk_state *desk, const struct task *task)
{
    Sugu__Money *money = desk_money(desk, &task->bill);
    bool is_left = true;

    if (!money)
        return desk->reply->status != SUGU__STATUS__REFUSED;
    if (strcmp(task->code, "payment.held") == 0)
        is_left = !resolve(desk, money);
    else if (strcmp(task->code, "cash.change-owed") == 0)
        pay_change(desk, money);
    else if (strcmp(task->code, "refund.waiting") == 0)
        decide(desk, money);
    else if (strcmp(task->code, "bill.overpaid") == 0 || strcmp(task->code, "refund.failed") == 0)
        is_left = give_excess_back(desk, money);
    else
        is_left = false;
    sugu__money__free_unpacked(money, NULL);
    return is_left;
}

bool
desk_do_tasks(struct desk_state *desk)
{
    Sugu__GetMoneyTasks get = SUGU__GET_MONEY_TASKS__INIT;
    struct task tasks[TASKS_MAX];
    const Sugu__Reply *reply;
    size_t count = 0;
    bool is_left = false;

    snprintf(desk->left, sizeof desk->left, "signing in");
    if (!desk_sign_in(desk))
        return true;
    snprintf(desk->left, sizeof desk->left, "asking for tasks");
    reply = desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_GET_MONEY_TASKS, &get);
    if (!desk_is_ok(reply)) {
        snprintf(desk->left, sizeof desk->left, "no tasks: %s", reply->code);
        return true;
    }
    for (size_t i = 0; i < reply->money_tasks->n_tasks && count < TASKS_MAX; i++) {
        const Sugu__MoneyTask *task = reply->money_tasks->tasks[i];
        if (task->bill.len == 0)
            continue;
        tasks[count].bill = sugu_id_of(&task->bill);
        sugu_text_copy(tasks[count++].code, sizeof tasks->code, task->code);
    }
    for (size_t i = 0; i < count; i++)
        if (work_off(desk, &tasks[i])) {
            char bill[SUGU_ID_TEXT_SIZE];
            is_left = true;
            snprintf(desk->left, sizeof desk->left, "%s of bill %s", tasks[i].code,
                     sugu_id_to_text(&tasks[i].bill, bill));
        }
    return is_left;
}
