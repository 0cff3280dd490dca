/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs - what a desk can do to a ticket: key, action, right, and when it is possible
 *
 * Who may do it is said in protocol/right.h, by which the server decides: nobody is offered a key
 * that will be refused.
 */
#pragma once

#include "entry.h"

#include "protocol/right.h"

/*
 * name, name on the wire, key, action, English label, event of the ticket's machine (COUNT: none).
 */
#define DESK_VERBS(X)                                                                              \
    X(NEXT, CALL_NEXT, 'n', "next", NC_("verb", "Call next"), COUNT)                               \
    X(CALL, CALL, 'c', "call", NC_("verb", "Call this"), ON_CALL)                                  \
    X(AGAIN, CALL_AGAIN, 'a', "again", NC_("verb", "Call again"), ON_CALL_AGAIN)                   \
    X(PRESENT, PRESENT, 'p', "present", NC_("verb", "Is here"), ON_PRESENT)                        \
    X(FINISH, FINISH, 'd', "done", NC_("verb", "Done"), ON_FINISH)                                 \
    X(PARK, PARK, 'k', "park", NC_("verb", "Park …"), ON_PARK)                                     \
    X(UNPARK, UNPARK, 'w', "unpark", NC_("verb", "Waits again"), ON_UNPARK)                        \
    X(MISS, MISS, 'm', "miss", NC_("verb", "Missed"), ON_MISS)                                     \
    X(SEND_BACK, SEND_BACK, 'b', "send-back", NC_("verb", "Send back"), ON_SEND_BACK)              \
    X(MOVE, MOVE, 'v', "move", NC_("verb", "Move to …"), ON_MOVE)                                  \
    X(NO_SHOW, NO_SHOW, 'x', "no-show", NC_("verb", "No-show"), ON_DROP)                           \
    X(UNDO, UNDO, 'u', "undo", NC_("verb", "Undo"), COUNT)

enum desk_verb {
#define DESK_VERB(name, ...) DESK_VERB_##name,
    DESK_VERBS(DESK_VERB)
#undef DESK_VERB
        DESK_VERB_COUNT
};

struct desk_verb_row {
    Sugu__TicketVerb verb; /* on the wire */
    char key;              /* lower case */
    const char *action;    /* of the group "desk" */
    const char *label;     /* English message id, context "verb" */
    enum sugu_right right; /* who may */
    unsigned event;        /* enum sugu_stage_event; SUGU_STAGE_EVENT_COUNT = none */
};

const struct desk_verb_row *desk_verb_find(enum desk_verb verb);
/* In the staff's language. */
const char *desk_verb_label(enum desk_verb verb);
bool desk_verb_is_granted(enum desk_verb verb, Sugu__StaffRole role);
/* Does the ticket's machine know it in this state? Undo is known by the server alone: true. */
bool desk_verb_is_possible(enum desk_verb verb, enum sugu_stage_state state);
