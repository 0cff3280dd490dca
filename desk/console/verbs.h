/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs - what a desk can do to a ticket: key, action, right, and when it is possible
 *
 * The server decides by its own table; this one says what is offered, so that nobody presses a key
 * that will be refused.
 */
#pragma once

#include "entry.h"

/*
 * name, key, action, English label, least role, event of the ticket's machine (COUNT: none).
 * NO_SHOW ends the whole visit, so it is a supervisor's.
 */
#define DESK_VERBS(X)                                                                              \
    X(NEXT, CALL_NEXT, 'n', "next", NC_("verb", "Call next"), CLERK, COUNT)                        \
    X(CALL, CALL, 'c', "call", NC_("verb", "Call this"), CLERK, ON_CALL)                           \
    X(AGAIN, CALL_AGAIN, 'a', "again", NC_("verb", "Call again"), CLERK, ON_CALL_AGAIN)            \
    X(PRESENT, PRESENT, 'p', "present", NC_("verb", "Is here"), CLERK, ON_PRESENT)                 \
    X(FINISH, FINISH, 'd', "done", NC_("verb", "Done"), CLERK, ON_FINISH)                          \
    X(PARK, PARK, 'k', "park", NC_("verb", "Park …"), CLERK, ON_PARK)                              \
    X(UNPARK, UNPARK, 'w', "unpark", NC_("verb", "Waits again"), CLERK, ON_UNPARK)                 \
    X(MISS, MISS, 'm', "miss", NC_("verb", "Missed"), CLERK, ON_MISS)                              \
    X(SEND_BACK, SEND_BACK, 'b', "send-back", NC_("verb", "Send back"), CLERK, ON_SEND_BACK)       \
    X(MOVE, MOVE, 'v', "move", NC_("verb", "Move to …"), CLERK, ON_MOVE)                           \
    X(NO_SHOW, NO_SHOW, 'x', "no-show", NC_("verb", "No-show"), SUPERVISOR, ON_DROP)               \
    X(UNDO, UNDO, 'u', "undo", NC_("verb", "Undo"), CLERK, COUNT)

enum desk_verb {
#define DESK_VERB(name, ...) DESK_VERB_##name,
    DESK_VERBS(DESK_VERB)
#undef DESK_VERB
        DESK_VERB_COUNT
};

/* What else a person at a desk may do. */
enum desk_right {
    DESK_MAY_CHECK_IN,
    DESK_MAY_OFFER_BILL,
    DESK_MAY_CHANGE_PLAN,
    DESK_MAY_STATE_SHARE,
    DESK_MAY_MESSAGE,
    DESK_MAY_DRAIN,
    DESK_MAY_RESTART,
    DESK_RIGHT_COUNT,
};

struct desk_verb_row {
    Sugu__TicketVerb verb; /* on the wire */
    char key;              /* lower case */
    const char *action;    /* of the group "desk" */
    const char *label;     /* English message id, context "verb" */
    Sugu__StaffRole role;  /* the least that may */
    unsigned event;        /* enum sugu_stage_event; SUGU_STAGE_EVENT_COUNT = none */
};

const struct desk_verb_row *desk_verb_find(enum desk_verb verb);
/* In the staff's language. */
const char *desk_verb_label(enum desk_verb verb);
bool desk_verb_is_granted(enum desk_verb verb, Sugu__StaffRole role);
/* Does the ticket's machine know it in this state? Undo is known by the server alone: true. */
bool desk_verb_is_possible(enum desk_verb verb, enum sugu_stage_state state);

bool desk_right_is_granted(enum desk_right right, Sugu__StaffRole role);
