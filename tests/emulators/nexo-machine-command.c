/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine-command - the emulated terminal's commands: faults, modes, questions
 */
#include "emulators/nexo-machine-private.h"

#include "base/text.h"

static const struct {
    const char *name;
    enum emulated_fault fault;
    bool wants_number;
} faults[] = {
#define FAULT(id, name, wants_number) {name, FAULT_##id, wants_number},
    EMULATED_FAULTS(FAULT)
#undef FAULT
};

static bool
set_fault(struct sugu_emulated_machine *machine, const char *name, const char *argument)
{
    int64_t number = 0;

    if (strcmp(name, "decline") == 0) {
        machine->fault = FAULT_DECLINE;
        sugu_text_copy(machine->fault_text, sizeof machine->fault_text,
                       *argument ? argument : "Refusal");
        return true;
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        if (strcmp(faults[i].name, name) != 0)
            continue;
        if (faults[i].wants_number && !sugu_text_to_int64(argument, 0, 99999999, &number))
            return false;
        machine->fault = faults[i].fault;
        machine->fault_number = number;
        if (faults[i].fault == FAULT_HOLD_BEFORE || faults[i].fault == FAULT_HOLD_AFTER)
            machine->is_released = false;
        return true;
    }
    return false;
}

static void
reset(struct sugu_emulated_machine *machine)
{
    machine->fault = FAULT_NONE;
    machine->cuts_next = machine->stalls_next = false;
    machine->is_away = machine->is_logged_out = false;
    machine->is_released = true;
    machine->pan[0] = machine->token[0] = machine->display_condition[0] = '\0';
    sugu_text_copy(machine->diagnosis, sizeof machine->diagnosis, "OK");
}

/* Texts that are set by name. */
static bool
set_text(struct sugu_emulated_machine *machine, const char *name, const char *argument)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = {
        {"diagnosis", machine->diagnosis, sizeof machine->diagnosis},
        {"pan", machine->pan, sizeof machine->pan},
        {"token", machine->token, sizeof machine->token},
        {"refuse-display", machine->display_condition, sizeof machine->display_condition},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++)
        if (strcmp(texts[i].name, name) == 0) {
            sugu_text_copy(texts[i].to, texts[i].size, argument);
            return true;
        }
    return false;
}

static bool
set_mode(struct sugu_emulated_machine *machine, const char *name, const char *argument)
{
    if (strcmp(name, "away") == 0)
        machine->is_away = strcmp(argument, "on") == 0;
    else if (strcmp(name, "cut") == 0)
        machine->cuts_next = true;
    else if (strcmp(name, "stall") == 0)
        machine->stalls_next = true, machine->is_released = false;
    else if (strcmp(name, "log-out") == 0)
        machine->is_logged_out = true;
    else if (strcmp(name, "release") == 0)
        machine->is_released = true;
    else if (strcmp(name, "reset") == 0)
        reset(machine);
    else
        return set_text(machine, name, argument);
    return true;
}

static bool
ask(const struct sugu_emulated_machine *machine, const char *name, char *answer, size_t size)
{
    const struct sugu_emulated_counts *counts = &machine->counts;

    if (strcmp(name, "charged") == 0)
        snprintf(answer, size, "yen=%lld charges=%u twins=%u given-back-yen=%lld given-back=%u",
                 (long long)counts->charged_yen, counts->charges, counts->twins,
                 (long long)counts->given_back_yen, counts->given_back);
    else if (strcmp(name, "status") == 0)
        snprintf(answer, size, "away=%s diagnosis=%s payments=%u questions=%u aborts=%u logins=%u",
                 machine->is_away ? "on" : "off", machine->diagnosis, counts->payments,
                 counts->questions, counts->aborts, counts->logins);
    else if (strcmp(name, "screen") == 0)
        snprintf(answer, size, "%s", machine->shows_patient ? "patient" : "standby");
    else
        return false;
    return true;
}

bool
sugu_emulated_machine_command(struct sugu_emulated_machine *machine,
                              const char *line,
                              int64_t now_us,
                              char *answer,
                              size_t answer_size)
{
    size_t name_size = strcspn(line, " ");
    const char *argument = line + name_size + (line[name_size] == ' ');
    char name[64];
    bool is_known;

    snprintf(name, sizeof name, "%.*s", (int)name_size, line);
    snprintf(answer, answer_size, "ok");
    is_known = set_fault(machine, name, argument) || set_mode(machine, name, argument) ||
               ask(machine, name, answer, answer_size);
    emulated_advance(machine, now_us);
    if (!is_known)
        snprintf(answer, answer_size, "not known: %.60s", line);
    return is_known;
}
