/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted-wraps - the bugs, and the product's functions that they stand around (ld --wrap)
 */
#pragma once

#include "simulation/world.h"

#include "domain/bill-machine.h"
#include "handlers/ledger.h"
#include "handlers/posting.h"
#include "handlers/view.h"
#include "payment/agent.h"
#include "payment/journal-cash.h"
#include "payment/journal.h"
#include "payment/worker.h"

/* name, by whom it is met: who pays so are many, what is wrong */
#define PLANTED(X)                                                                                 \
    X(NONE, "", WAY_COUNT, "nothing")                                                              \
    X(ASKED_AMOUNT, "asked-amount", WAY_CARD, "posts what was asked, not what was approved")       \
    X(RETRY_TIMEOUT, "retry-on-timeout", WAY_CARD, "sends a payment again that got no answer")     \
    X(NO_JOURNAL, "skip-journal", WAY_CARD, "does not write its intent down")                      \
    X(NOT_FOUND_FINAL, "not-found-is-final", WAY_CARD, "believes the first NotFound")              \
    X(LOSE_LATE, "lose-late-approval", WAY_CARD, "takes an approval by status for a decline")      \
    X(NO_ANSWER_DECLINED, "no-answer-is-declined", WAY_CARD, "takes silence for a decline")        \
    X(NO_REPORT, "forget-report", WAY_CARD,                                                        \
      "does not tell the server an outcome after a restart, asked or not")                         \
    X(FRESH_IDS, "fresh-request-ids", WAY_CARD, "asks the server again under another id")          \
    X(NO_POSTING, "forget-posting", WAY_CARD, "an approval of more than 30,000 yen is not posted") \
    X(POST_TWICE, "post-twice", WAY_CARD, "posts a payment under another attempt once more")       \
    X(UNLOCKED_BILL, "bill-not-locked", WAY_CARD, "a bill in payment may be revised")              \
    X(NO_INTENT, "no-resume", WAY_CARD, "starts without looking at what was open")                 \
    X(NO_REVERSAL, "forget-reversal", WAY_CODE,                                                    \
      "says that a code payment went back, and asks nobody")                                       \
    X(DROP_PAID, "drop-paid-code", WAY_CODE, "forgets a code that it has cancelled, paid or not")  \
    X(NEW_KEY, "charge-under-new-key", WAY_ON_FILE,                                                \
      "sends a charge on a card on file again as a new one")                                       \
    X(TOO_MUCH, "refund-above-capture", WAY_COUNT, "gives back more than is left of a payment")    \
    X(CLOSED_DAY, "post-into-closed-day", WAY_COUNT, "posts into a day that was closed")           \
    X(COIN_TWICE, "credit-twice", WAY_CASH, "a coin that was told twice is counted twice")         \
    X(TRUST_HOPPER, "trust-hopper", WAY_CASH, "what a payout was told to give is what it gave")    \
    X(LOSE_COIN, "lose-coin", WAY_CASH, "writes a coin down when the next thing happens")          \
    X(FORGET_CHANGE, "forget-change", WAY_CASH, "does not post change that is still owed")         \
    X(PAY_AGAIN, "pay-out-again", WAY_CASH, "forgets an order to a payout when it starts again")   \
    X(KEEP_TOKEN, "forget-no-token", WAY_ON_FILE,                                                  \
      "says that a stored card is deleted, and asks nobody")                                       \
    X(KEEP_HOLD, "release-nothing", WAY_ON_FILE, "says that a hold was let go, and asks nobody")   \
    X(TELL_NO_CHANGE, "change-not-posted", WAY_COUNT,                                              \
      "the fee module does not hear of what goes back")

#define PLANTED_ENUM(name, text, way, what) PLANTED_##name,
enum planted { PLANTED(PLANTED_ENUM) PLANTED_COUNT };
#undef PLANTED_ENUM

/* Is it this one that was chosen? */
bool planted_is(enum planted bug);

/* payment.c asks this where it wraps sugu_journal_insert: leave the row unwritten. */
bool planted_skips_intent(void);
/* payment.c calls this where it wraps sugu_journal_cash_write, and that where a program starts. */
enum sugu_status planted_cash_write(struct sugu_journal *journal,
                                    const struct sugu_cash_entry *entry,
                                    struct sugu_error *reterr);
void planted_start(const struct sugu_journal *journal);
/* A payment with change owed that is not posted. */
bool planted_forgets_change(const struct sugu_ledger_money *money);

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
PLANTED_WRAP(void,
             sugu_posting_change,
             struct sugu_batch *batch,
             const struct sugu_posting_change_facts *facts);
PLANTED_WRAP(void,
             sugu_ledger_cash_returned,
             struct sugu_batch *batch,
             const struct sugu_ledger_money *money);
PLANTED_WRAP(void,
             sugu_agent_on_cash_result,
             struct sugu_agent *agent,
             const struct sugu_cash_job_result *result);
PLANTED_WRAP(enum sugu_cash_payout_verdict,
             sugu_cash_judge_payout,
             const struct sugu_cash_order *order,
             const struct sugu_cash_payout_status *now,
             uint8_t *ret_paid);
PLANTED_WRAP(enum sugu_status,
             sugu_journal_cash_write,
             struct sugu_journal *journal,
             const struct sugu_cash_entry *entry,
             struct sugu_error *reterr);
PLANTED_WRAP(enum sugu_status,
             sugu_journal_cash_payout,
             struct sugu_journal *journal,
             const struct sugu_id *attempt,
             struct sugu_cash_payout_row *ret_row,
             bool *ret_is_found,
             struct sugu_error *reterr);
