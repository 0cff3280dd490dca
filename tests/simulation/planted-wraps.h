/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted-wraps - the product's functions that planted.c stands around (ld --wrap)
 */
#pragma once

#include "domain/bill-machine.h"
#include "handlers/ledger.h"
#include "handlers/view.h"
#include "payment/agent.h"
#include "payment/journal.h"
#include "payment/worker.h"

/* payment.c asks this where it wraps sugu_journal_insert: leave the row unwritten. */
bool planted_skips_intent(void);

#define PLANTED_WRAP(type, name, ...)                                                              \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

PLANTED_WRAP(void,
             sugu_attempt_take_answer,
             struct sugu_attempt *attempt,
             const struct sugu_terminal_answer *answer,
             const char *terminal);
PLANTED_WRAP(void,
             sugu_job_run,
             struct sugu_terminal *terminal,
             const char *where,
             const struct sugu_job *job,
             struct sugu_job_result *ret_result);
PLANTED_WRAP(enum sugu_attempt_event,
             sugu_payment_judge_not_found,
             struct sugu_not_found *seen,
             bool is_idle,
             int64_t now_us,
             int64_t apart_us);
PLANTED_WRAP(struct sugu_id,
             sugu_attempt_request_id,
             const struct sugu_attempt *attempt,
             uint32_t number);
PLANTED_WRAP(enum sugu_status,
             sugu_journal_unfinished,
             struct sugu_journal *journal,
             struct sugu_attempt *attempts,
             size_t max,
             size_t *ret_count,
             struct sugu_error *reterr);
PLANTED_WRAP(void, sugu_agent_on_open_work, struct sugu_agent *agent, const Sugu__OpenWork *work);
PLANTED_WRAP(void,
             sugu_db_bill_set_state,
             struct sugu_db *db,
             const struct sugu_bill_set_state_params *params,
             int64_t *ret_count);
PLANTED_WRAP(void,
             sugu_ledger_payment,
             struct sugu_batch *batch,
             const struct sugu_ledger_money *money);
