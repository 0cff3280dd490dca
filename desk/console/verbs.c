/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs - what a desk can do to a ticket: key, action, right, and when it is possible
 */
#include "verbs.h"

#include <glib/gi18n.h>

#define DESK_ROW(name, wire, key_, action_, label_, role_, event_)                                 \
    [DESK_VERB_##name] = {.verb = SUGU__TICKET_VERB__##wire,                                       \
                          .key = key_,                                                             \
                          .action = action_,                                                       \
                          .label = label_,                                                         \
                          .role = SUGU__STAFF_ROLE__##role_,                                       \
                          .event = SUGU_STAGE_##event_},
#define SUGU_STAGE_COUNT SUGU_STAGE_EVENT_COUNT
static const struct desk_verb_row rows[] = {DESK_VERBS(DESK_ROW)};
#undef SUGU_STAGE_COUNT

const struct desk_verb_row *
desk_verb_find(enum desk_verb verb)
{
    return &rows[verb];
}

const char *
desk_verb_label(enum desk_verb verb)
{
    return g_dpgettext2(NULL, "verb", rows[verb].label);
}

bool
desk_verb_is_granted(enum desk_verb verb, Sugu__StaffRole role)
{
    return role >= rows[verb].role;
}

bool
desk_verb_is_possible(enum desk_verb verb, enum sugu_stage_state state)
{
    unsigned event = rows[verb].event;

    return event == SUGU_STAGE_EVENT_COUNT ||
           sugu_machine_allows(&sugu_stage_machine, state, event);
}

bool
desk_right_is_granted(enum desk_right right, Sugu__StaffRole role)
{
    static const Sugu__StaffRole least[DESK_RIGHT_COUNT] = {
        [DESK_MAY_CHECK_IN] = SUGU__STAFF_ROLE__CLERK,
        [DESK_MAY_OFFER_BILL] = SUGU__STAFF_ROLE__CLERK,
        [DESK_MAY_CHANGE_PLAN] = SUGU__STAFF_ROLE__CLERK,
        [DESK_MAY_STATE_SHARE] = SUGU__STAFF_ROLE__CLERK,
        [DESK_MAY_MESSAGE] = SUGU__STAFF_ROLE__SUPERVISOR,
        [DESK_MAY_DRAIN] = SUGU__STAFF_ROLE__SUPERVISOR,
        [DESK_MAY_RESTART] = SUGU__STAFF_ROLE__ADMINISTRATOR,
    };

    return role >= least[right];
}
