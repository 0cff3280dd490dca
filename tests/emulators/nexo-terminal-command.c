/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal-command - the emulated terminal's commands: faults, modes, questions
 */
#include "emulators/nexo-terminal-private.h"

#include "base/text.h"

/* Faults of the next payment, and whether a number has to follow. */
static const struct {
    const char *name;
    enum emulated_fault fault;
    bool wants_number;
} faults[] = {
    {"drop-request", FAULT_DROP_REQUEST, false},
    {"drop-response", FAULT_DROP_RESPONSE, false},
    {"delay", FAULT_DELAY, true},
    {"patient", FAULT_PATIENT, true},
    {"close-after-answer", FAULT_CLOSE_AFTER_ANSWER, false},
    {"duplicate-answer", FAULT_DUPLICATE_ANSWER, false},
    {"wrong-service-id", FAULT_WRONG_SERVICE_ID, false},
    {"wrong-poi-id", FAULT_WRONG_POI_ID, false},
    {"swapped-header", FAULT_SWAPPED_HEADER, false},
    {"bad-hmac", FAULT_BAD_HMAC, false},
    {"garbage", FAULT_GARBAGE, false},
    {"http-500", FAULT_HTTP_500, false},
    {"no-amount", FAULT_NO_AMOUNT, false},
    {"double-amount", FAULT_DOUBLE_AMOUNT, false},
    {"card-data", FAULT_CARD_DATA, false},
    {"busy", FAULT_BUSY, false},
    {"partial", FAULT_PARTIAL, true},
    {"over", FAULT_OVER, true},
    {"in-progress", FAULT_IN_PROGRESS, true},
    {"in-flight", FAULT_IN_FLIGHT, true},
    {"reboot-keep", FAULT_REBOOT_KEEP, false},
    {"reboot-lose", FAULT_REBOOT_LOSE, false},
    {"hold-before", FAULT_HOLD_BEFORE, false},
    {"hold-after", FAULT_HOLD_AFTER, false},
};

static bool
set_fault(struct sugu_emulated_terminal *terminal, const char *name, const char *argument)
{
    int64_t number = 0;

    if (strcmp(name, "decline") == 0) {
        terminal->fault = FAULT_DECLINE;
        sugu_text_copy(terminal->fault_text, sizeof terminal->fault_text,
                       *argument ? argument : "Refusal");
        return true;
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        if (strcmp(faults[i].name, name) != 0)
            continue;
        if (faults[i].wants_number && !sugu_text_to_int64(argument, 0, 99999999, &number))
            return false;
        terminal->fault = faults[i].fault;
        terminal->fault_number = number;
        if (faults[i].fault == FAULT_HOLD_BEFORE || faults[i].fault == FAULT_HOLD_AFTER)
            terminal->is_released = false;
        return true;
    }
    return false;
}

static void
reset(struct sugu_emulated_terminal *terminal)
{
    terminal->fault = FAULT_NONE;
    terminal->cuts_next = terminal->stalls_next = false;
    terminal->is_away = terminal->is_logged_out = false;
    terminal->is_released = true;
    terminal->pan[0] = '\0';
    sugu_text_copy(terminal->diagnosis, sizeof terminal->diagnosis, "OK");
}

static bool
set_mode(struct sugu_emulated_terminal *terminal, const char *name, const char *argument)
{
    if (strcmp(name, "away") == 0)
        terminal->is_away = strcmp(argument, "on") == 0;
    else if (strcmp(name, "cut") == 0)
        terminal->cuts_next = true;
    else if (strcmp(name, "stall") == 0)
        terminal->stalls_next = true, terminal->is_released = false;
    else if (strcmp(name, "diagnosis") == 0)
        sugu_text_copy(terminal->diagnosis, sizeof terminal->diagnosis, argument);
    else if (strcmp(name, "log-out") == 0)
        terminal->is_logged_out = true;
    else if (strcmp(name, "pan") == 0)
        sugu_text_copy(terminal->pan, sizeof terminal->pan, argument);
    else if (strcmp(name, "release") == 0)
        terminal->is_released = true;
    else if (strcmp(name, "reset") == 0)
        reset(terminal);
    else
        return false;
    return true;
}

static bool
ask(const struct sugu_emulated_terminal *terminal, const char *name, char *answer, size_t size)
{
    const struct sugu_emulated_counts *counts = &terminal->counts;

    if (strcmp(name, "charged") == 0)
        snprintf(answer, size, "yen=%lld charges=%u twins=%u", (long long)counts->charged_yen,
                 counts->charges, counts->twins);
    else if (strcmp(name, "status") == 0)
        snprintf(answer, size, "away=%s diagnosis=%s payments=%u questions=%u aborts=%u logins=%u",
                 terminal->is_away ? "on" : "off", terminal->diagnosis, counts->payments,
                 counts->questions, counts->aborts, counts->logins);
    else
        return false;
    return true;
}

bool
sugu_emulated_terminal_command(struct sugu_emulated_terminal *terminal,
                               const char *line,
                               char *answer,
                               size_t answer_size)
{
    size_t name_size = strcspn(line, " ");
    const char *argument = line + name_size + (line[name_size] == ' ');
    char name[64];
    bool is_known;

    snprintf(name, sizeof name, "%.*s", (int)name_size, line);
    snprintf(answer, answer_size, "ok");
    pthread_mutex_lock(&terminal->mutex);
    is_known = set_fault(terminal, name, argument) || set_mode(terminal, name, argument) ||
               ask(terminal, name, answer, answer_size);
    pthread_cond_broadcast(&terminal->changed);
    pthread_mutex_unlock(&terminal->mutex);
    if (!is_known)
        snprintf(answer, answer_size, "not known: %.60s", line);
    return is_known;
}
