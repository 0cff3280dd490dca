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
    X(get_open_work, GET_OPEN_WORK, SUGU_SERVICES | SUGU_ROLE_KIOSK, true, false)                  \
    X(open_session, OPEN_SESSION, SUGU_ROLE_KIOSK, false, false)                                   \
    X(ask_eligibility, ASK_ELIGIBILITY, SUGU_ROLE_KIOSK, false, false)                             \
    X(check_in, CHECK_IN, SUGU_ROLE_KIOSK, false, true)                                            \
    X(get_bill, GET_BILL, SUGU_ROLE_KIOSK, true, false)                                            \
    X(get_consent_text, GET_CONSENT_TEXT, SUGU_ROLE_KIOSK, true, false)                            \
    X(give_consent, GIVE_CONSENT, SUGU_ROLE_KIOSK, false, false)                                   \
    X(use_card_on_file, USE_CARD_ON_FILE, SUGU_ROLE_KIOSK, false, false)                           \
    X(issue_receipt, ISSUE_RECEIPT, SUGU_ROLE_KIOSK, false, false)                                 \
    X(close_session, CLOSE_SESSION, SUGU_ROLE_KIOSK, false, false)                                 \
    X(ask_for_help, ASK_FOR_HELP, SUGU_ROLE_KIOSK, false, false)                                   \
    X(report_state, REPORT_STATE, SUGU_ROLE_KIOSK | SUGU_ROLE_PRINTER | SUGU_ROLE_PAYMENT, true,   \
      true)                                                                                        \
    X(report_paper, REPORT_PAPER, SUGU_ROLE_PRINTER, false, false)                                 \
    X(begin_payment, BEGIN_PAYMENT, SUGU_ROLE_PAYMENT, false, false)                               \
    X(end_payment, END_PAYMENT, SUGU_ROLE_PAYMENT, false, false)                                   \
    X(move_ticket, MOVE_TICKET, SUGU_ROLE_DESK, false, false)                                      \
    X(record_acts, RECORD_ACTS, SUGU_ROLE_DESK, false, false)                                      \
    X(state_ratio, STATE_RATIO, SUGU_ROLE_DESK, false, false)                                      \
    X(find_visit, FIND_VISIT, SUGU_ROLE_DESK, true, false)                                         \
    X(sign_in_staff, SIGN_IN_STAFF, SUGU_ROLE_DESK, false, false)                                  \
    X(sign_out, SIGN_OUT, SUGU_ROLE_DESK, false, false)                                            \
    X(get_queues, GET_QUEUES, SUGU_ROLE_DESK, true, false)                                         \
    X(change_plan, CHANGE_PLAN, SUGU_ROLE_DESK, false, false)                                      \
    X(find_patients, FIND_PATIENTS, SUGU_ROLE_DESK, true, false)                                   \
    X(get_today, GET_TODAY, SUGU_ROLE_DESK, true, false)                                           \
    X(get_kiosks, GET_KIOSKS, SUGU_ROLE_DESK, true, false)                                         \
    X(command_kiosk, COMMAND_KIOSK, SUGU_ROLE_DESK, false, false)                                  \
    X(assist_check_in, ASSIST_CHECK_IN, SUGU_ROLE_DESK, false, false)                              \
    X(assist_bill, ASSIST_BILL, SUGU_ROLE_DESK, false, false)                                      \
    X(settle_bill, SETTLE_BILL, SUGU_ROLE_DESK, false, false)                                      \
    X(order_refund, ORDER_REFUND, SUGU_ROLE_DESK, false, false)                                    \
    X(decide_refund, DECIDE_REFUND, SUGU_ROLE_DESK, false, false)                                  \
    X(resolve_payment, RESOLVE_PAYMENT, SUGU_ROLE_DESK, false, false)                              \
    X(get_money, GET_MONEY, SUGU_ROLE_DESK, true, false)                                           \
    X(get_money_tasks, GET_MONEY_TASKS, SUGU_ROLE_DESK, true, false)                               \
    X(pay_change, PAY_CHANGE, SUGU_ROLE_DESK, false, false)                                        \
    X(get_patient_bills, GET_PATIENT_BILLS, SUGU_ROLE_DESK, true, false)                           \
    X(change_card, CHANGE_CARD, SUGU_ROLE_DESK, false, false)                                      \
    X(close_help, CLOSE_HELP, SUGU_ROLE_DESK, false, false)                                        \
    X(get_board, GET_BOARD, SUGU_ROLE_BOARD | SUGU_ROLE_DESK, true, false)                         \
    X(get_phone_pages, GET_PHONE_PAGES, SUGU_ROLE_WEB, true, false)                                \
    X(get_notices, GET_NOTICES, SUGU_ROLE_WEB, true, false)                                        \
    X(confirm_notice, CONFIRM_NOTICE, SUGU_ROLE_WEB, false, false)                                 \
    X(fail_notice, FAIL_NOTICE, SUGU_ROLE_WEB, false, false)                                       \
    X(answer_eligibility, ANSWER_ELIGIBILITY, SUGU_ROLE_INSURANCE, false, false)                   \
    X(announce_bill, ANNOUNCE_BILL, SUGU_ROLE_FEE, false, false)                                   \
    X(withdraw_bill, WITHDRAW_BILL, SUGU_ROLE_FEE, false, false)                                   \
    X(confirm_posting, CONFIRM_POSTING, SUGU_ROLE_FEE, false, false)                               \
    X(confirm_posting_change, CONFIRM_POSTING_CHANGE, SUGU_ROLE_FEE, false, false)                 \
    X(report_charge, REPORT_CHARGE, SUGU_ROLE_FEE, false, false)

#define SUGU_HANDLER(name, NAME, roles, is_read, is_grouped)                                       \
    bool sugu_step_##name(struct sugu_batch *batch, struct sugu_work **works, size_t count,        \
                          int round);                                                              \
    extern const struct sugu_state sugu_state_##name;
SUGU_HANDLERS(SUGU_HANDLER)
#undef SUGU_HANDLER
