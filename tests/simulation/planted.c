/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted - bugs put in on purpose, one at a time: a test of the test
 */
#include "simulation/planted.h"

#include "simulation/planted-wraps.h"
#include "simulation/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLANTED_ROW(name, text, way, what) {text, way, what},
static const struct {
    const char *name;
    enum world_way way;
    const char *what;
} rows[] = {PLANTED(PLANTED_ROW)};
#undef PLANTED_ROW

static enum planted chosen;

bool
planted_is(enum planted bug)
{
    return chosen == bug;
}

bool
planted_choose(const char *name)
{
    for (int i = 1; i < PLANTED_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            chosen = (enum planted)i;
            return true;
        }
    return false;
}

const char *
planted_name(void)
{
    return rows[chosen].name;
}

enum world_way
planted_way(void)
{
    return rows[chosen].way;
}

unsigned
planted_count(void)
{
    return PLANTED_COUNT - 1;
}

const char *
planted_name_at(unsigned index)
{
    return rows[index + 1].name;
}

void
planted_list(void)
{
    for (int i = 1; i < PLANTED_COUNT; i++)
        printf("%s: %s\n", rows[i].name, rows[i].what);
    exit(0);
}

/* ---- in sugu-payment */

void
__wrap_sugu_attempt_take_answer(struct sugu_attempt *attempt,
                                const struct sugu_terminal_answer *answer,
                                const char *terminal)
{
    __real_sugu_attempt_take_answer(attempt, answer, terminal);
    if (chosen == PLANTED_ASKED_AMOUNT && answer->result == SUGU_TERMINAL_APPROVED)
        attempt->approved_yen = attempt->amount_yen;
}

/* A new service id for the same payment, as a program would take that thinks nothing happened. */
static void
pay_again(struct sugu_terminal *terminal, struct sugu_job_result *result)
{
    struct sugu_terminal_request request = result->job.request;

    request.service_id[0] = 'Z';
    result->status = terminal->ops->carry_out(terminal, &request, &result->answer, &result->error);
}

void
__wrap_sugu_job_run(struct sugu_terminal *terminal,
                    const char *where,
                    const struct sugu_job *job,
                    struct sugu_job_result *ret_result)
{
    __real_sugu_job_run(terminal, where, job, ret_result);
    if (job->kind == SUGU_JOB_CARRY_OUT && ret_result->status == SUGU_UNKNOWN) {
        if (chosen == PLANTED_RETRY_TIMEOUT)
            pay_again(terminal, ret_result);
        if (chosen == PLANTED_NO_ANSWER_DECLINED) {
            ret_result->status = SUGU_OK;
            ret_result->answer = (struct sugu_terminal_answer){.result = SUGU_TERMINAL_DECLINED,
                                                               .code = "payment.declined"};
        }
    }
    if (chosen == PLANTED_LOSE_LATE && job->kind == SUGU_JOB_RESOLVE &&
        ret_result->status == SUGU_OK && ret_result->answer.result == SUGU_TERMINAL_APPROVED)
        ret_result->answer = (struct sugu_terminal_answer){.result = SUGU_TERMINAL_DECLINED,
                                                           .code = "payment.declined"};
}

enum sugu_attempt_event
__wrap_sugu_payment_judge_not_found(struct sugu_not_found *seen,
                                    bool is_idle,
                                    int64_t now_us,
                                    int64_t apart_us)
{
    if (chosen == PLANTED_NOT_FOUND_FINAL)
        return SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN;
    return __real_sugu_payment_judge_not_found(seen, is_idle, now_us, apart_us);
}

bool
planted_skips_intent(void)
{
    return chosen == PLANTED_NO_JOURNAL;
}

static unsigned starts; /* of payment programs */

struct sugu_id
__wrap_sugu_attempt_request_id(const struct sugu_attempt *attempt, uint32_t number)
{
    struct sugu_id id = __real_sugu_attempt_request_id(attempt, number);

    if (chosen == PLANTED_FRESH_IDS)
        id.bytes[15] = (uint8_t)starts;
    return id;
}

enum sugu_status
__wrap_sugu_journal_unfinished(struct sugu_journal *journal,
                               struct sugu_attempt *attempts,
                               size_t max,
                               size_t *ret_count,
                               struct sugu_error *reterr)
{
    enum sugu_status status =
        __real_sugu_journal_unfinished(journal, attempts, max, ret_count, reterr);
    size_t kept = 0;

    starts++;
    if (status)
        return status;
    if (chosen == PLANTED_NO_INTENT)
        *ret_count = 0;
    for (size_t i = 0; i < *ret_count && chosen == PLANTED_NO_REPORT; i++)
        if (!sugu_attempt_is_final(attempts[i].state))
            attempts[kept++] = attempts[i];
    if (chosen == PLANTED_NO_REPORT)
        *ret_count = kept;
    return SUGU_OK;
}

void
__wrap_sugu_agent_on_open_work(struct sugu_agent *agent, const Sugu__OpenWork *work)
{
    if (chosen != PLANTED_NO_REPORT)
        __real_sugu_agent_on_open_work(agent, work);
}

/* ---- in the queue server */

void
__wrap_sugu_ledger_payment(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    struct sugu_ledger_money again = *money;

    if ((chosen == PLANTED_NO_POSTING && money->yen > 30000) || planted_forgets_change(money))
        return;
    __real_sugu_ledger_payment(batch, money);
    again.attempt = (struct sugu_id){{0}};
    if (chosen == PLANTED_POST_TWICE)
        __real_sugu_ledger_payment(batch, &again);
}

void
__wrap_sugu_posting_change(struct sugu_batch *batch, const struct sugu_posting_change_facts *facts)
{
    if (chosen != PLANTED_TELL_NO_CHANGE)
        __real_sugu_posting_change(batch, facts);
}

void
__wrap_sugu_db_bill_set_state(struct sugu_db *db,
                              const struct sugu_bill_set_state_params *params,
                              int64_t *ret_count)
{
    if (chosen != PLANTED_UNLOCKED_BILL || params->state != SUGU_BILL_IN_PAYMENT)
        __real_sugu_db_bill_set_state(db, params, ret_count);
}
