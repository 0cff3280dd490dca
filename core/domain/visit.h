/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit - the states of one patient's day in the house
 */
#pragma once

#include "domain/machine.h"

/* Numbers are those of VisitState in sugu.proto. */
#define SUGU_VISIT_STATES(X)                                                                       \
    X(EXPECTED)      /* has an appointment, has not come */                                        \
    X(ARRIVED)       /* has a ticket, no stage has begun */                                        \
    X(IN_STAGES)     /* at least one stage has begun, not all are done */                          \
    X(AWAITING_BILL) /* all stages are done, the fee module has not answered */                    \
    X(BILLED)        /* there is a bill to pay */                                                  \
    X(SETTLED)       /* nothing is left to pay */                                                  \
    X(LEFT)                                                                                        \
    X(NO_SHOW)                                                                                     \
    X(CANCELLED)

#define SUGU_VISIT_EVENTS(X)                                                                       \
    X(CHECK_IN)                                                                                    \
    X(STAGE_BEGUN)    /* a desk called the ticket */                                               \
    X(STAGES_DONE)    /* the last stage was finished */                                            \
    X(STAGE_ADDED)    /* an order came after all were done */                                      \
    X(BILL_ANNOUNCED) /* a revision of the bill arrived */                                         \
    X(BILL_WITHDRAWN)                                                                              \
    X(BILL_SETTLED)                                                                                \
    X(LEAVE)                                                                                       \
    X(DAY_ENDED)                                                                                   \
    X(NO_SHOW) /* was called, and is not in the house */                                           \
    X(CANCEL)

#define SUGU_VISIT_EFFECTS(X)                                                                      \
    X(ISSUE_TICKET)                                                                                \
    X(ANNOUNCE_BILL)                                                                               \
    X(WITHDRAW_BILL)                                                                               \
    X(POST_TO_FEE)

#define SUGU_VISIT_RULES(X)                                                                        \
    X(EXPECTED, CHECK_IN, ARRIVED, SUGU_VISIT_DO_ISSUE_TICKET)                                     \
    X(EXPECTED, DAY_ENDED, NO_SHOW, 0)                                                             \
    X(EXPECTED, CANCEL, CANCELLED, 0)                                                              \
    X(ARRIVED, STAGE_BEGUN, IN_STAGES, 0)                                                          \
    X(ARRIVED, CANCEL, CANCELLED, 0)                                                               \
    X(ARRIVED, DAY_ENDED, NO_SHOW, 0)                                                              \
    X(ARRIVED, NO_SHOW, NO_SHOW, 0)                                                                \
    X(IN_STAGES, NO_SHOW, NO_SHOW, 0)                                                              \
    X(IN_STAGES, STAGE_ADDED, IN_STAGES, 0)                                                        \
    X(ARRIVED, STAGE_ADDED, ARRIVED, 0)                                                            \
    X(ARRIVED, STAGES_DONE, AWAITING_BILL, 0)                                                      \
    X(ARRIVED, BILL_ANNOUNCED, ARRIVED, SUGU_VISIT_DO_ANNOUNCE_BILL)                               \
    X(ARRIVED, BILL_WITHDRAWN, ARRIVED, SUGU_VISIT_DO_WITHDRAW_BILL)                               \
    X(IN_STAGES, STAGE_BEGUN, IN_STAGES, 0)                                                        \
    X(IN_STAGES, STAGES_DONE, AWAITING_BILL, 0)                                                    \
    X(IN_STAGES, BILL_ANNOUNCED, IN_STAGES, SUGU_VISIT_DO_ANNOUNCE_BILL)                           \
    X(IN_STAGES, BILL_WITHDRAWN, IN_STAGES, SUGU_VISIT_DO_WITHDRAW_BILL)                           \
    X(AWAITING_BILL, STAGE_ADDED, IN_STAGES, 0)                                                    \
    X(AWAITING_BILL, BILL_ANNOUNCED, BILLED, SUGU_VISIT_DO_ANNOUNCE_BILL)                          \
    X(AWAITING_BILL, LEAVE, LEFT, 0)                                                               \
    X(BILLED, BILL_ANNOUNCED, BILLED, SUGU_VISIT_DO_ANNOUNCE_BILL)                                 \
    X(BILLED, BILL_WITHDRAWN, AWAITING_BILL, SUGU_VISIT_DO_WITHDRAW_BILL)                          \
    X(BILLED, STAGE_ADDED, IN_STAGES, 0)                                                           \
    X(BILLED, BILL_SETTLED, SETTLED, SUGU_VISIT_DO_POST_TO_FEE)                                    \
    X(SETTLED, BILL_ANNOUNCED, BILLED, SUGU_VISIT_DO_ANNOUNCE_BILL)                                \
    X(SETTLED, STAGE_ADDED, IN_STAGES, 0)                                                          \
    X(SETTLED, STAGE_BEGUN, SETTLED, 0) /* the pharmacy */                                         \
    X(SETTLED, STAGES_DONE, SETTLED, 0)                                                            \
    X(BILLED, STAGE_BEGUN, BILLED, 0) /* the counter for bills */                                  \
    X(BILLED, STAGES_DONE, BILLED, 0)                                                              \
    X(SETTLED, LEAVE, LEFT, 0)                                                                     \
    X(LEFT, BILL_ANNOUNCED, LEFT, SUGU_VISIT_DO_ANNOUNCE_BILL) /* to be paid another day */        \
    X(LEFT, BILL_WITHDRAWN, LEFT, SUGU_VISIT_DO_WITHDRAW_BILL)                                     \
    X(LEFT, BILL_SETTLED, LEFT, SUGU_VISIT_DO_POST_TO_FEE)

#define SUGU_STATE(name) SUGU_VISIT_##name,
enum sugu_visit_state { SUGU_VISIT_STATES(SUGU_STATE) SUGU_VISIT_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_VISIT_ON_##name,
enum sugu_visit_event { SUGU_VISIT_EVENTS(SUGU_EVENT) SUGU_VISIT_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_VISIT_BIT_##name,
enum sugu_visit_bit { SUGU_VISIT_EFFECTS(SUGU_EFFECT) SUGU_VISIT_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_VISIT_DO_##name = 1 << SUGU_VISIT_BIT_##name,
enum sugu_visit_effect { SUGU_VISIT_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_visit_machine;
