/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs - what a desk can do to a ticket: key, action, right, and when it is possible
 */
#include "verbs.h"

#include <glib/gi18n.h>

#define DESK_ROW(name, wire, key_, action_, label_, event_)                                        \
    [DESK_VERB_##name] = {.verb = SUGU__TICKET_VERB__##wire,                                       \
                          .key = key_,                                                             \
                          .action = action_,                                                       \
                          .label = label_,                                                         \
                          .right = SUGU_RIGHT_##wire,                                              \
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
    return sugu_right_is_granted(rows[verb].right, role);
}

bool
desk_verb_is_possible(enum desk_verb verb, enum sugu_stage_state state)
{
    unsigned event = rows[verb].event;

    return event == SUGU_STAGE_EVENT_COUNT ||
           sugu_machine_allows(&sugu_stage_machine, state, event);
}
