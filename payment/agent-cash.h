/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-cash - the lane of coins and notes: what the agent knows of the devices and of the session
 *
 * One session at a time, by the machine of domain/cash-session.h. What a device said is in the
 * journal before it counts, what is ordered of a payout before the order leaves. After a session
 * that ended in a fault nobody is served until staff have counted. The lane never pays a bill by
 * money whose patient has left: it is kept and owed.
 */
#pragma once

#include "payment/cash-worker.h"
#include "payment/journal-cash.h"

#include "protocol/message.h"

struct sugu_agent;
struct sugu_slot;

struct sugu_agent_cash {
    /* the devices */
    bool is_open;
    bool was_opened; /* by this process: a device that is exchanged from now on is not used */
    struct sugu_cash_report report;
    struct sugu_cash_known known[SUGU_CASH_DEVICES_MAX]; /* their newest rows in the journal */
    size_t known_count;
    int64_t poll_due_us;
    uint32_t cycle, noted_cycle; /* of the port; since when nothing has happened */
    bool is_still;
    uint32_t units_sent; /* of the last ACCEPT */
    int64_t routed_us;   /* the note in escrow was last told where to go */
    /* the session: the open one, or the last one, which is DONE */
    bool has_session;
    struct sugu_cash_session_row session;
    struct sugu_cash_counts in, out; /* sums of its rows */
    bool is_used[256];               /* by address: the session has met the device */
    bool is_comparing;               /* found open: the devices are held against the rows */
    int64_t moved_us;                /* something has happened last */
    /* its payout that is open */
    bool has_payout;
    bool is_inherited; /* ordered before this process was started: the port does not follow it */
    struct sugu_cash_payout_row payout;
    bool wants_plan;
    uint32_t failed_gives; /* units whose payouts are not asked again in this session */
    unsigned retries;
};

/* What messages about cash point into. */
struct sugu_cash_told {
    Sugu__CashProgress progress;
    Sugu__CashUnit units[SUGU_CASH_UNIT_COUNT];
    Sugu__CashUnit *unit_list[SUGU_CASH_UNIT_COUNT];
    Sugu__CashCount counts[SUGU_CASH_UNIT_COUNT];
    Sugu__CashCount *count_list[SUGU_CASH_UNIT_COUNT];
};

/* ---- agent-cash.c: the lane */

/* What the journal holds, into an agent that has just been made. */
enum sugu_status sugu_agent_cash_load(struct sugu_agent *agent,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The patient says that it was all; false where the session is elsewhere. */
bool sugu_agent_cash_fix(struct sugu_agent *agent, struct sugu_slot *slot);
/* Adds what belongs to cash; nothing where the attempt is none of it. */
void sugu_agent_cash_put_progress(struct sugu_agent *agent,
                                  const struct sugu_attempt *attempt,
                                  Sugu__PaymentProgress *progress,
                                  struct sugu_cash_told *told);
void sugu_agent_cash_put_end(struct sugu_agent *agent,
                             const struct sugu_attempt *attempt,
                             Sugu__EndPayment *end,
                             struct sugu_cash_told *told);

/* ---- agent-cash-session.c: the machine and the clock */

/* Is a session under way that is not DONE? */
bool sugu_cash_is_live(const struct sugu_agent_cash *cash);
/*
 * One event of the machine: with everything else in `entry` (NULL = nothing) in one transaction,
 * then its effects. False, and nothing written, where the machine does not allow it. `code` NULL
 * leaves the session's.
 */
bool sugu_cash_apply(struct sugu_agent *agent,
                     enum sugu_cash_session_event event,
                     const char *code,
                     struct sugu_cash_entry *entry);
/* The same, and the wish that a restart comes back to. */
bool sugu_cash_wish(struct sugu_agent *agent,
                    enum sugu_cash_wish wish,
                    enum sugu_cash_session_event event,
                    const char *code);
/* Writes an entry without an event of the machine; false where the journal failed. */
bool sugu_cash_write(struct sugu_agent *agent, const struct sugu_cash_entry *entry);
/* The kiosk's screen, after the rows: where a session is under way. */
void sugu_cash_publish(struct sugu_agent *agent);
/* Everything that is due without a device. */
void sugu_cash_step_session(struct sugu_agent *agent);
/* The outcome of a session that is DONE, as that of its attempt. */
void sugu_cash_end_attempt(struct sugu_agent *agent,
                           struct sugu_slot *slot,
                           const struct sugu_cash_session_row *session,
                           int64_t owed_yen);
/* in - out - approved. */
int64_t sugu_cash_owed(const struct sugu_agent_cash *cash);

/* ---- agent-cash-device.c: what the devices are and said */

const struct sugu_cash_device *sugu_cash_device_of(const struct sugu_agent_cash *cash, uint8_t id);
/* What the machine can do now; false where the journal failed. */
bool sugu_cash_drawer(struct sugu_agent *agent, struct sugu_cash_drawer *ret_drawer);
/* Units that acceptors may take now: 0 outside of a session. */
uint32_t sugu_cash_units(struct sugu_agent *agent);
/* The note acceptor with a note in escrow; NULL where there is none. */
const struct sugu_cash_device *sugu_cash_escrow(const struct sugu_agent_cash *cash);
/* An acceptor that was there has gone. */
bool sugu_cash_is_acceptor_away(const struct sugu_agent_cash *cash);
/* The session has met every device that is ready, from now on. */
void sugu_cash_meet_devices(struct sugu_agent_cash *cash);
/* A row for each device that is new, then the events of a poll, each with its row. */
void sugu_cash_take_news(struct sugu_agent *agent, const struct sugu_cash_news *news);
/* Offered or not, and whether someone is needed soon. */
void sugu_cash_judge_lane(struct sugu_agent *agent);

/* ---- agent-cash-payout.c: orders to payouts */

/* Writes the next order of what is owed; its command. False where nothing is to be ordered. */
bool sugu_cash_order_next(struct sugu_agent *agent, struct sugu_cash_command *ret_command);
/* What became of the command PAY. */
void sugu_cash_on_ordered(struct sugu_agent *agent, const struct sugu_cash_job_result *result);
/* The news of the device that the open order is at; true where they are taken in with it. */
bool sugu_cash_on_payout_news(struct sugu_agent *agent,
                              const struct sugu_cash_event *event,
                              struct sugu_cash_entry *entry);
/* An order of an earlier process: judged by the registers. */
void sugu_cash_judge_inherited(struct sugu_agent *agent);
