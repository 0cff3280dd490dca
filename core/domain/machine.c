/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine - state machines as tables: the step and the picture
 */
#include "domain/machine.h"

#include <assert.h>

static const struct sugu_rule *
find_rule(const struct sugu_machine *machine, unsigned state, unsigned event)
{
    assert(state < machine->state_count && event < machine->event_count);
    return &machine->rules[state * machine->event_count + event];
}

bool
sugu_machine_allows(const struct sugu_machine *machine, unsigned state, unsigned event)
{
    return find_rule(machine, state, event)->is_there;
}

enum sugu_status
sugu_machine_step(const struct sugu_machine *machine,
                  unsigned state,
                  unsigned event,
                  unsigned *ret_next,
                  uint32_t *ret_effects,
                  struct sugu_error *reterr)
{
    const struct sugu_rule *rule = find_rule(machine, state, event);

    if (!rule->is_there)
        return sugu_fail(reterr, SUGU_REFUSED, machine->refusal, "%s in state %s",
                         machine->events[event], machine->states[state]);
    *ret_next = rule->next;
    if (ret_effects)
        *ret_effects = rule->effects;
    return SUGU_OK;
}

void
sugu_machine_print(const struct sugu_machine *machine, FILE *file)
{
    fprintf(file, "digraph %s {\n    rankdir = LR; node [shape = box];\n", machine->name);
    for (unsigned state = 0; state < machine->state_count; state++)
        for (unsigned event = 0; event < machine->event_count; event++) {
            const struct sugu_rule *rule = find_rule(machine, state, event);
            if (!rule->is_there)
                continue;
            fprintf(file, "    %s -> %s [label = \"%s", machine->states[state],
                    machine->states[rule->next], machine->events[event]);
            for (unsigned bit = 0; bit < machine->effect_count; bit++)
                if (rule->effects & 1u << bit)
                    fprintf(file, "\\n/ %s", machine->effects[bit]);
            fputs("\"];\n", file);
        }
    fputs("}\n", file);
}
