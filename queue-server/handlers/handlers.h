/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handlers - one step function per request, and the table of who may send which
 */
#pragma once

#include "batch.h"
#include "statements.h"

/* name, NAME of the body, roles that may send it, changes nothing, stepped together with others of
 * its kind. A request that is missing here is refused as unknown; a test holds the table against
 * the schema. */
#define SUGU_SERVICES (SUGU_ROLE_INSURANCE | SUGU_ROLE_FEE | SUGU_ROLE_PAYMENT)
#define SUGU_HANDLERS(X)                                                                           \
    X(get_open_work, GET_OPEN_WORK, SUGU_SERVICES, true, false)                                    \
    X(open_session, OPEN_SESSION, SUGU_ROLE_KIOSK, false, false)                                   \
    X(ask_eligibility, ASK_ELIGIBILITY, SUGU_ROLE_KIOSK, false, false)                             \
    X(check_in, CHECK_IN, SUGU_ROLE_KIOSK, false, true)                                            \
    X(issue_receipt, ISSUE_RECEIPT, SUGU_ROLE_KIOSK, false, false)                                 \
    X(close_session, CLOSE_SESSION, SUGU_ROLE_KIOSK, false, false)                                 \
    X(ask_for_help, ASK_FOR_HELP, SUGU_ROLE_KIOSK, false, false)                                   \
    X(report_paper, REPORT_PAPER, SUGU_ROLE_PRINTER, false, false)                                 \
    X(begin_payment, BEGIN_PAYMENT, SUGU_ROLE_PAYMENT, false, false)                               \
    X(end_payment, END_PAYMENT, SUGU_ROLE_PAYMENT, false, false)                                   \
    X(move_ticket, MOVE_TICKET, SUGU_ROLE_DESK, false, false)                                      \
    X(record_acts, RECORD_ACTS, SUGU_ROLE_DESK, false, false)                                      \
    X(find_visit, FIND_VISIT, SUGU_ROLE_DESK, true, false)                                         \
    X(answer_eligibility, ANSWER_ELIGIBILITY, SUGU_ROLE_INSURANCE, false, false)                   \
    X(announce_bill, ANNOUNCE_BILL, SUGU_ROLE_FEE, false, false)                                   \
    X(withdraw_bill, WITHDRAW_BILL, SUGU_ROLE_FEE, false, false)                                   \
    X(confirm_posting, CONFIRM_POSTING, SUGU_ROLE_FEE, false, false)

#define SUGU_HANDLER(name, NAME, roles, is_read, is_grouped)                                       \
    bool sugu_step_##name(struct sugu_batch *batch, struct sugu_work **works, size_t count,        \
                          int round);                                                              \
    extern const struct sugu_state sugu_state_##name;
SUGU_HANDLERS(SUGU_HANDLER)
#undef SUGU_HANDLER

/* The patient's share that a bill is made with: that of a verified answer, else all of it. */
uint32_t sugu_charge_ratio(int outcome, int ratio_percent);
