/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted-cash - the planted bugs of coins, notes and change
 */
#include "simulation/planted-wraps.h"
#include "simulation/world.h"

#include <stdlib.h>

/* ---- in sugu-payment */

/* Devices tell an event until they are asked no more: what has no step is not known again. */
static void
tell_twice(struct sugu_cash_news *news)
{
    for (size_t i = 0; i < news->count && news->count < SUGU_CASH_NEWS_MAX; i++)
        if (news->events[i].kind == SUGU_CASH_NEWS_ACCEPTED && news->events[i].step) {
            news->events[news->count] = news->events[i];
            news->events[news->count++].step = 0;
            return;
        }
}

void
__wrap_sugu_agent_on_cash_result(struct sugu_agent *agent,
                                 const struct sugu_cash_job_result *result)
{
    struct sugu_cash_job_result told = *result;

    if (planted_is(PLANTED_COIN_TWICE) && told.job.kind == SUGU_CASH_JOB_POLL)
        tell_twice(&told.news);
    __real_sugu_agent_on_cash_result(agent, &told);
}

enum sugu_cash_payout_verdict
__wrap_sugu_cash_judge_payout(const struct sugu_cash_order *order,
                              const struct sugu_cash_payout_status *now,
                              uint8_t *ret_paid)
{
    enum sugu_cash_payout_verdict verdict = __real_sugu_cash_judge_payout(order, now, ret_paid);

    if (planted_is(PLANTED_TRUST_HOPPER) && verdict == SUGU_CASH_PAYOUT_FINISHED)
        *ret_paid = order->count;
    return verdict;
}

enum sugu_status
__wrap_sugu_journal_cash_payout(struct sugu_journal *journal,
                                const struct sugu_id *attempt,
                                struct sugu_cash_payout_row *ret_row,
                                bool *ret_is_found,
                                struct sugu_error *reterr)
{
    enum sugu_status status =
        __real_sugu_journal_cash_payout(journal, attempt, ret_row, ret_is_found, reterr);

    if (planted_is(PLANTED_PAY_AGAIN) && !status)
        *ret_is_found = false;
    return status;
}

/* The coin that a program has not written down yet; it dies with it. */
static struct late {
    const struct sugu_journal *journal;
    struct sugu_cash_event event;
    struct sugu_id session;
    struct sugu_cash_known device;
    struct sugu_cash_movement movement;
    bool has_session;
} late[WORLD_KIOSKS_MAX];

static struct late *
find_late(const struct sugu_journal *journal)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(late); i++)
        if (late[i].journal == journal)
            return &late[i];
    return NULL;
}

void
planted_start(const struct sugu_journal *journal)
{
    struct late *old = find_late(journal);

    if (old)
        *old = (struct late){.journal = NULL};
}

static enum sugu_status
write_late(struct sugu_journal *journal, struct sugu_error *reterr)
{
    struct late *coin = find_late(journal), was;

    if (!coin)
        return SUGU_OK;
    was = *coin;
    *coin = (struct late){.journal = NULL};
    return __real_sugu_journal_cash_write(
        journal,
        &(struct sugu_cash_entry){.event = &was.event,
                                  .event_session = was.has_session ? &was.session : NULL,
                                  .device = &was.device,
                                  .movements = &was.movement,
                                  .movement_count = 1},
        reterr);
}

enum sugu_status
planted_cash_write(struct sugu_journal *journal,
                   const struct sugu_cash_entry *entry,
                   struct sugu_error *reterr)
{
    struct sugu_cash_entry now = *entry;
    struct late *coin;
    struct late *before = find_late(journal);
    bool is_coin = entry->event && entry->event->kind == SUGU_CASH_NEWS_ACCEPTED;
    bool is_time =
        is_coin || (entry->session && entry->session->state != SUGU_CASH_SESSION_COUNTING);
    enum sugu_status status;

    if (before && entry->device && entry->device->id == before->device.id)
        before->device = *entry->device; /* what came since stays known */
    status = is_time ? write_late(journal, reterr) : SUGU_OK;

    if (status || !planted_is(PLANTED_LOSE_COIN) || !is_coin)
        return status ? status : __real_sugu_journal_cash_write(journal, entry, reterr);
    coin = find_late(NULL);
    if (!coin)
        abort();
    *coin = (struct late){.journal = journal,
                          .event = *entry->event,
                          .device = *entry->device,
                          .movement = entry->movements[0],
                          .has_session = entry->event_session != NULL};
    if (coin->has_session)
        coin->session = *entry->event_session;
    now.event = NULL;
    now.event_session = NULL;
    now.movements = NULL;
    now.movement_count = 0;
    return __real_sugu_journal_cash_write(journal, &now, reterr);
}

/* ---- in the queue server */

bool
planted_forgets_change(const struct sugu_ledger_money *money)
{
    return planted_is(PLANTED_FORGET_CHANGE) && money->pieces_count > 0 &&
           sugu_cash_owed_yen(money->pieces, money->pieces_count, money->yen) > 0;
}

void
__wrap_sugu_ledger_cash_returned(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    if (!planted_forgets_change(money))
        __real_sugu_ledger_cash_returned(batch, money);
}
