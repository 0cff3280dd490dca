/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine - state machines as tables: state, event, next state, effects
 *
 * Each machine is one table in a file of its own (visit.def …), expanded here into enums, names and
 * a dense array. The step is pure; whoever calls it carries the effects out. What is not in the
 * table is refused. The same table prints its picture (sugu_machine_print, docs/machines/). A
 * doubled rule is a compile error.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sugu_rule {
    bool is_there;
    uint8_t next;
    uint32_t effects; /* bits, named by the machine */
};

struct sugu_machine {
    const char *name;          /* "visit" */
    const char *refusal;       /* code of what is not in the table: "visit.not-allowed" */
    const char *const *states; /* names, upper case */
    const char *const *events;
    const char *const *effects; /* names of the bits, from bit 0; may be NULL with 0 */
    unsigned state_count, event_count, effect_count;
    const struct sugu_rule *rules; /* [state * event_count + event] */
};

/*
 * One step. Writes the next state and the effects; REFUSED with the machine's code (detail: state
 * and event) where the table has no rule. `ret_effects` may be NULL.
 */
enum sugu_status sugu_machine_step(const struct sugu_machine *machine,
                                   unsigned state,
                                   unsigned event,
                                   unsigned *ret_next,
                                   uint32_t *ret_effects,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Is there a rule? */
bool sugu_machine_allows(const struct sugu_machine *machine, unsigned state, unsigned event);

/* The table as a Graphviz digraph, for docs/machines/. */
void sugu_machine_print(const struct sugu_machine *machine, FILE *file);

/* All machines of the domain, for tests and pictures. */
const struct sugu_machine *const *sugu_machines(size_t *ret_count);
