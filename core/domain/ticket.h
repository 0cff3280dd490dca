/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - the states of a ticket at one stage of the visit, and the number on it
 */
#pragma once

#include "domain/machine.h"

/* Numbers are those of StageState in sugu.proto. */
#define SUGU_STAGE_STATES(X)                                                                       \
    X(WAITING)                                                                                     \
    X(CALLED)  /* to a desk; the person is on the way */                                           \
    X(PRESENT) /* the person is there */                                                           \
    X(DONE)                                                                                        \
    X(PARKED)  /* sent away for a while, by a desk */                                              \
    X(MISSED)  /* called and did not come */                                                       \
    X(MOVED)   /* to another queue; that one has a stage of its own */                             \
    X(PLANNED) /* something else has to be done before */                                          \
    X(DROPPED) /* not needed any more, or nobody came */

#define SUGU_STAGE_EVENTS(X)                                                                       \
    X(CALL)                                                                                        \
    X(CALL_AGAIN)                                                                                  \
    X(PRESENT)                                                                                     \
    X(FINISH)                                                                                      \
    X(MISS)                                                                                        \
    X(PARK)                                                                                        \
    X(UNPARK)                                                                                      \
    X(MOVE)                                                                                        \
    X(SEND_BACK) /* into the queue, with the place it had */                                       \
    X(READY)     /* nothing has to be done before any more */                                      \
    X(DROP)

#define SUGU_STAGE_EFFECTS(X)                                                                      \
    X(ANNOUNCE) /* boards show it, voices say it */                                                \
    X(END_STAGE)

#define SUGU_STAGE_RULES(X)                                                                        \
    X(WAITING, CALL, CALLED, SUGU_STAGE_DO_ANNOUNCE)                                               \
    X(WAITING, PARK, PARKED, 0)                                                                    \
    X(WAITING, MOVE, MOVED, SUGU_STAGE_DO_END_STAGE)                                               \
    X(CALLED, CALL_AGAIN, CALLED, SUGU_STAGE_DO_ANNOUNCE)                                          \
    X(CALLED, PRESENT, PRESENT, 0)                                                                 \
    X(CALLED, FINISH, DONE, SUGU_STAGE_DO_END_STAGE)                                               \
    X(CALLED, MISS, MISSED, 0)                                                                     \
    X(CALLED, PARK, PARKED, 0)                                                                     \
    X(CALLED, MOVE, MOVED, SUGU_STAGE_DO_END_STAGE)                                                \
    X(PRESENT, FINISH, DONE, SUGU_STAGE_DO_END_STAGE)                                              \
    X(PRESENT, PARK, PARKED, 0)                                                                    \
    X(PRESENT, MOVE, MOVED, SUGU_STAGE_DO_END_STAGE)                                               \
    X(PARKED, UNPARK, WAITING, 0)                                                                  \
    X(PARKED, CALL, CALLED, SUGU_STAGE_DO_ANNOUNCE)                                                \
    X(MISSED, CALL, CALLED, SUGU_STAGE_DO_ANNOUNCE)                                                \
    X(MISSED, PRESENT, PRESENT, 0)                                                                 \
    X(MISSED, MOVE, MOVED, SUGU_STAGE_DO_END_STAGE)                                                \
    X(PARKED, MOVE, MOVED, SUGU_STAGE_DO_END_STAGE)                                                \
    X(CALLED, SEND_BACK, WAITING, 0)                                                               \
    X(PRESENT, SEND_BACK, WAITING, 0)                                                              \
    X(MISSED, SEND_BACK, WAITING, 0)                                                               \
    X(PLANNED, READY, WAITING, 0)                                                                  \
    X(PLANNED, DROP, DROPPED, SUGU_STAGE_DO_END_STAGE)                                             \
    X(WAITING, DROP, DROPPED, SUGU_STAGE_DO_END_STAGE)                                             \
    X(CALLED, DROP, DROPPED, SUGU_STAGE_DO_END_STAGE)                                              \
    X(PARKED, DROP, DROPPED, SUGU_STAGE_DO_END_STAGE)                                              \
    X(MISSED, DROP, DROPPED, SUGU_STAGE_DO_END_STAGE)

#define SUGU_STATE(name) SUGU_STAGE_##name,
enum sugu_stage_state { SUGU_STAGE_STATES(SUGU_STATE) SUGU_STAGE_STATE_COUNT };
#undef SUGU_STATE
#define SUGU_EVENT(name) SUGU_STAGE_ON_##name,
enum sugu_stage_event { SUGU_STAGE_EVENTS(SUGU_EVENT) SUGU_STAGE_EVENT_COUNT };
#undef SUGU_EVENT
#define SUGU_EFFECT(name) SUGU_STAGE_BIT_##name,
enum sugu_stage_bit { SUGU_STAGE_EFFECTS(SUGU_EFFECT) SUGU_STAGE_EFFECT_COUNT };
#undef SUGU_EFFECT
#define SUGU_EFFECT(name) SUGU_STAGE_DO_##name = 1 << SUGU_STAGE_BIT_##name,
enum sugu_stage_effect { SUGU_STAGE_EFFECTS(SUGU_EFFECT) };
#undef SUGU_EFFECT

extern const struct sugu_machine sugu_stage_machine;

/* People before one are counted up to here; this many are "100 or more". */
#define SUGU_BEFORE_YOU_MAX 100

#define SUGU_TICKET_NUMBER_SIZE 17 /* with the NUL */

/* "A-042" for series "A", "042" for the series "": at least three digits. */
void
sugu_ticket_number_format(char to[SUGU_TICKET_NUMBER_SIZE], const char *series, uint32_t number);
/* The reverse; lower-case letters, a missing dash and missing zeros are fine. False for what is
 * none. */
bool sugu_ticket_number_parse(const char *text,
                              char ret_series[2],
                              uint32_t *ret_number) SUGU_MUST_CHECK;
