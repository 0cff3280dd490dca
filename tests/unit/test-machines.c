/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-machines - what holds for every state machine of the domain, whatever it is about
 *
 * Each machine's own test says what its table has to say; here every state × event pair of every
 * machine is walked for what none may do.
 */
#include "domain/machine.h"

#include "base/random.h"
#include "protocol/message.h"
#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

#define STATES_MAX 64

/*
 * States that the table cannot reach from state 0, with the reason: things may begin there.
 */
static const struct {
    const char *machine, *state, *why;
} beginnings[] = {
    {"ticket", "PLANNED", "a stage of a plan that something else comes before"},
};

static bool
is_beginning(const struct sugu_machine *machine, unsigned state)
{
    if (state == 0)
        return true;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(beginnings); i++)
        if (strcmp(beginnings[i].machine, machine->name) == 0 &&
            strcmp(beginnings[i].state, machine->states[state]) == 0)
            return true;
    return false;
}

static const struct sugu_rule *
rule_of(const struct sugu_machine *machine, unsigned state, unsigned event)
{
    return &machine->rules[state * machine->event_count + event];
}

static void
need_names(const struct sugu_machine *machine, const char *const *names, unsigned count)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    for (unsigned i = 0; i < count; i++) {
        ck_assert_msg(names[i] && *names[i] && strspn(names[i], allowed) == strlen(names[i]),
                      "%s: '%s' is not upper case", machine->name, names[i]);
        for (unsigned k = 0; k < i; k++)
            ck_assert_msg(strcmp(names[i], names[k]) != 0, "%s: %s twice", machine->name, names[i]);
    }
}

START_TEST(machines_and_what_they_name_are_named_once)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    ck_assert_uint_ge(count, 1);
    for (size_t i = 0; i < count; i++) {
        const struct sugu_machine *machine = machines[i];
        ck_assert_uint_gt(machine->state_count, 1);
        ck_assert_uint_gt(machine->event_count, 0);
        ck_assert_uint_le(machine->state_count, STATES_MAX);
        ck_assert_uint_le(machine->effect_count, 32);
        need_names(machine, machine->states, machine->state_count);
        need_names(machine, machine->events, machine->event_count);
        need_names(machine, machine->effects, machine->effect_count);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(machine->name, machines[k]->name);
    }
}
END_TEST

START_TEST(what_a_machine_refuses_has_its_code_in_the_table)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++) {
        const struct sugu_code *code = sugu_code_find(machines[i]->refusal);
        ck_assert_str_eq(code->code, machines[i]->refusal);
        ck_assert_int_eq(code->status, SUGU_REFUSED);
    }
}
END_TEST

static void
walk_pair(const struct sugu_machine *machine, unsigned state, unsigned event)
{
    const struct sugu_rule *rule = rule_of(machine, state, event);
    unsigned next = 12345;
    uint32_t effects = 67890;
    struct sugu_error error;

    ck_assert_int_eq(sugu_machine_allows(machine, state, event), rule->is_there);
    if (rule->is_there) {
        ck_assert_msg(rule->next < machine->state_count, "%s: %s on %s leads to state %u",
                      machine->name, machine->states[state], machine->events[event], rule->next);
        ck_assert_msg(machine->effect_count == 32 || rule->effects >> machine->effect_count == 0,
                      "%s: %s on %s has an effect without a name", machine->name,
                      machine->states[state], machine->events[event]);
        sugu_assert_ok(sugu_machine_step(machine, state, event, &next, &effects, &error), error);
        ck_assert_uint_eq(next, rule->next);
        ck_assert_uint_eq(effects, rule->effects);
        sugu_assert_ok(sugu_machine_step(machine, state, event, &next, NULL, &error), error);
        return;
    }
    sugu_assert_fails(sugu_machine_step(machine, state, event, &next, &effects, &error),
                      SUGU_REFUSED, machine->refusal, error);
    ck_assert_uint_eq(next, 12345);
    ck_assert_uint_eq(effects, 67890);
    ck_assert_ptr_nonnull(strstr(error.detail, machine->events[event]));
    ck_assert_ptr_nonnull(strstr(error.detail, machine->states[state]));
}

START_TEST(every_pair_steps_as_its_rule_says_or_is_refused_by_name)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++)
        for (unsigned state = 0; state < machines[i]->state_count; state++)
            for (unsigned event = 0; event < machines[i]->event_count; event++)
                walk_pair(machines[i], state, event);
}
END_TEST

/* Marks what can be reached from the marked states. */
static void
spread(const struct sugu_machine *machine, bool is_reached[STATES_MAX])
{
    bool has_changed = true;

    while (has_changed) {
        has_changed = false;
        for (unsigned at = 0; at < machine->state_count * machine->event_count; at++) {
            const struct sugu_rule *rule = &machine->rules[at];
            if (!rule->is_there || !is_reached[at / machine->event_count] || is_reached[rule->next])
                continue;
            is_reached[rule->next] = true;
            has_changed = true;
        }
    }
}

START_TEST(every_state_can_be_reached)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++) {
        bool is_reached[STATES_MAX] = {false};
        for (unsigned state = 0; state < machines[i]->state_count; state++)
            is_reached[state] = is_beginning(machines[i], state);
        spread(machines[i], is_reached);
        for (unsigned state = 0; state < machines[i]->state_count; state++)
            ck_assert_msg(is_reached[state],
                          "%s: no way leads to %s; where things may begin there, say so in "
                          "`beginnings`",
                          machines[i]->name, machines[i]->states[state]);
    }
}
END_TEST

START_TEST(every_event_and_every_effect_is_in_some_rule)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++) {
        const struct sugu_machine *machine = machines[i];
        uint32_t effects = 0;
        for (unsigned event = 0; event < machine->event_count; event++) {
            unsigned rules = 0;
            for (unsigned state = 0; state < machine->state_count; state++) {
                rules += rule_of(machine, state, event)->is_there;
                effects |= rule_of(machine, state, event)->effects;
            }
            ck_assert_msg(rules > 0, "%s: %s never happens", machine->name, machine->events[event]);
        }
        for (unsigned bit = 0; bit < machine->effect_count; bit++)
            ck_assert_msg(effects & UINT32_C(1) << bit, "%s: nothing does %s", machine->name,
                          machine->effects[bit]);
    }
}
END_TEST

/* The states that go over the wire have the numbers and names that the schema gives them. */
START_TEST(states_have_the_numbers_of_the_schema)
{
    static const struct {
        const char *machine, *prefix;
        const ProtobufCEnumDescriptor *numbers;
    } rows[] = {
        {"visit", "VISIT_", &sugu__visit_state__descriptor},
        {"ticket", "STAGE_", &sugu__stage_state__descriptor},
        {"bill", "BILL_", &sugu__bill_state__descriptor},
        {"attempt", "ATTEMPT_", &sugu__attempt_state__descriptor},
    };
    size_t count, held = 0;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < SUGU_ARRAY_SIZE(rows); k++) {
            const ProtobufCEnumDescriptor *numbers = rows[k].numbers;
            if (strcmp(machines[i]->name, rows[k].machine) != 0)
                continue;
            held++;
            ck_assert_uint_eq(machines[i]->state_count, numbers->n_values);
            for (unsigned state = 0; state < machines[i]->state_count; state++) {
                char name[64];
                const ProtobufCEnumValue *value =
                    protobuf_c_enum_descriptor_get_value(numbers, (int)state);
                snprintf(name, sizeof name, "%s%s", rows[k].prefix, machines[i]->states[state]);
                ck_assert_ptr_nonnull(value);
                ck_assert_str_eq(value->name, name);
            }
        }
    ck_assert_uint_ge(held, 3);
}
END_TEST

START_TEST(a_random_walk_never_leaves_the_table)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 11);
    for (size_t i = 0; i < count; i++) {
        unsigned state = 0;
        for (int step = 0; step < 10000; step++) {
            unsigned event = (unsigned)sugu_random_below(&seeded.random, machines[i]->event_count);
            struct sugu_error error;
            if (sugu_machine_step(machines[i], state, event, &state, NULL, &error) != SUGU_OK)
                ck_assert_str_eq(error.code, machines[i]->refusal);
            ck_assert_uint_lt(state, machines[i]->state_count);
        }
    }
}
END_TEST

START_TEST(the_picture_shows_every_rule_and_no_other)
{
    size_t count;
    const struct sugu_machine *const *machines = sugu_machines(&count);

    for (size_t i = 0; i < count; i++) {
        const struct sugu_machine *machine = machines[i];
        char *text = NULL, edge[200];
        size_t size, arrows = 0, rules = 0;
        FILE *file = open_memstream(&text, &size);
        sugu_machine_print(machine, file);
        fclose(file);
        for (unsigned at = 0; at < machine->state_count * machine->event_count; at++) {
            if (!machine->rules[at].is_there)
                continue;
            rules++;
            snprintf(edge, sizeof edge, "    %s -> %s [label = \"%s",
                     machine->states[at / machine->event_count],
                     machine->states[machine->rules[at].next],
                     machine->events[at % machine->event_count]);
            ck_assert_msg(strstr(text, edge) != NULL, "%s: %s", machine->name, edge);
        }
        for (const char *arrow = text; (arrow = strstr(arrow, " -> ")); arrow++)
            arrows++;
        ck_assert_uint_eq(arrows, rules);
        free(text);
    }
}
END_TEST

SUGU_TEST_MAIN("machines",
               machines_and_what_they_name_are_named_once,
               what_a_machine_refuses_has_its_code_in_the_table,
               every_pair_steps_as_its_rule_says_or_is_refused_by_name,
               every_state_can_be_reached,
               every_event_and_every_effect_is_in_some_rule,
               states_have_the_numbers_of_the_schema,
               a_random_walk_never_leaves_the_table,
               the_picture_shows_every_rule_and_no_other)
