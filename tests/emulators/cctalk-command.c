/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-command - what a hand, a test or the demo does to the emulated cash devices
 */
#include "emulators/cctalk-private.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define COIN_US (200 * SUGU_MS) /* from the slot to the credit sensor */
#define PACE_US (30 * SUGU_MS)

struct words {
    char name[32], first[32], second[32];
    int64_t number, other; /* of first and second; -1 = none */
};

struct asked {
    struct emulated_cash *cash;
    const struct words *words;
    int64_t now_us;
    char *answer;
    size_t size;
};

static bool
has_on(const struct words *words)
{
    return strcmp(words->second, "on") == 0;
}

static bool
do_coin(const struct asked *asked)
{
    struct emulated_cash *cash = asked->cash;
    int64_t pieces = asked->words->other > 0 ? asked->words->other : 1;
    int64_t due_us = asked->now_us + COIN_US;
    enum sugu_cash_unit unit;

    if (!sugu_cash_unit_find(asked->words->number, &unit) || unit > SUGU_CASH_500)
        return false;
    if (cash->coin_count > 0 && cash->coins[cash->coin_count - 1].due_us + PACE_US > due_us)
        due_us = cash->coins[cash->coin_count - 1].due_us + PACE_US;
    for (; pieces > 0 && cash->coin_count < EMULATED_CASH_COINS; pieces--) {
        cash->coins[cash->coin_count++] =
            (struct emulated_coin){(uint8_t)unit, cash->next_coin, due_us};
        cash->next_coin = EMULATED_TAKEN;
        due_us += PACE_US;
    }
    return pieces == 0;
}

static bool
do_note(const struct asked *asked)
{
    enum sugu_cash_unit unit;

    if (!sugu_cash_unit_find(asked->words->number, &unit))
        return false;
    if (!cctalk_note_insert(asked->cash, emulated_cash_find(asked->cash, 40), (uint8_t)unit,
                            asked->now_us))
        snprintf(asked->answer, asked->size, "the slot is shut");
    return true;
}

static bool
do_fate(const struct asked *asked)
{
    static const struct {
        const char *name;
        enum emulated_cash_fate fate;
        bool is_note;
    } rows[] = {
        {"reject", EMULATED_REJECTED, false},     {"jam", EMULATED_JAMS, false},
        {"backwards", EMULATED_BACKWARDS, false}, {"string", EMULATED_STRING, false},
        {"slow", EMULATED_SLOW, false},           {"note-reject", EMULATED_REJECTED, true},
        {"note-jam", EMULATED_JAMS, true},        {"pull-back", EMULATED_PULLED, true},
        {"note-string", EMULATED_STRING, true},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        if (strcmp(rows[i].name, asked->words->name) != 0)
            continue;
        *(rows[i].is_note ? &asked->cash->next_note : &asked->cash->next_coin) = rows[i].fate;
        return true;
    }
    return false;
}

static bool
do_stacker(const struct asked *asked)
{
    static const struct {
        const char *name;
        uint8_t event;
    } rows[] = {{"removed", 11}, {"in", 12}, {"full", 14}, {"emptied", 10}};
    struct emulated_cash_device *note = emulated_cash_find(asked->cash, 40);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        if (strcmp(rows[i].name, asked->words->first) != 0)
            continue;
        note->is_stacker_out = rows[i].event == 11 || (note->is_stacker_out && rows[i].event != 12);
        note->is_stacker_full =
            rows[i].event == 14 || (note->is_stacker_full && rows[i].event != 10);
        cctalk_push_event(note, 0, rows[i].event);
        return true;
    }
    return false;
}

/* What has an address first. */
static bool
do_device(const struct asked *asked)
{
    const struct words *words = asked->words;
    struct emulated_cash_device *device =
        words->number > 0 && words->number < 256
            ? emulated_cash_find(asked->cash, (uint8_t)words->number)
            : NULL;
    const char *name = words->name;

    if (!device)
        return false;
    if (strcmp(name, "stock") == 0 && words->other >= 0)
        device->stock = (int32_t)words->other;
    else if (strcmp(name, "stock") == 0)
        snprintf(asked->answer, asked->size, "%d", device->stock);
    else if (strcmp(name, "hopper-jam") == 0)
        device->is_jammed = has_on(words);
    else if (strcmp(name, "lie") == 0 && words->other >= 0)
        device->lies = (uint8_t)words->other;
    else if (strcmp(name, "late-coin") == 0)
        device->has_late_coin = true;
    else if (strcmp(name, "clears-unpaid") == 0)
        device->clears_unpaid = has_on(words);
    else if (strcmp(name, "opto") == 0)
        device->has_opto = has_on(words);
    else if (strcmp(name, "counter") == 0 && words->other >= 0)
        device->counter = (uint8_t)words->other;
    else if (strcmp(name, "silence") == 0)
        device->is_silent = has_on(words);
    else if (strcmp(name, "swap") == 0)
        device->serial += 1000;
    else if (strcmp(name, "restart") == 0)
        cctalk_device_power(asked->cash, device, false, asked->now_us),
            cctalk_device_power(asked->cash, device, true, asked->now_us);
    else
        return false;
    return true;
}

static bool
do_fault(const struct asked *asked)
{
    static const char *const names[] = {
        [CASH_FAULT_NONE] = "none",
        [CASH_FAULT_DROP_REQUEST] = "drop-request",
        [CASH_FAULT_DROP_REPLY] = "drop-reply",
        [CASH_FAULT_BAD_CHECKSUM] = "bad-checksum",
        [CASH_FAULT_HALF] = "half",
        [CASH_FAULT_TWICE] = "twice",
        [CASH_FAULT_LATE] = "late",
        [CASH_FAULT_NAK] = "nak",
        [CASH_FAULT_BUSY] = "busy",
    };
    int64_t times = asked->words->other > 0 ? asked->words->other : 1;

    if (asked->words->number < 0 || asked->words->number > 255)
        return false;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++) {
        if (strcmp(names[i], asked->words->second) != 0)
            continue;
        asked->cash->fault = (enum emulated_cash_fault)i;
        asked->cash->fault_header = (uint8_t)asked->words->number;
        asked->cash->fault_times = (unsigned)times;
        return true;
    }
    return false;
}

static bool
do_bus(const struct asked *asked)
{
    const struct words *words = asked->words;
    struct emulated_cash *cash = asked->cash;

    if (strcmp(words->name, "power") == 0)
        emulated_cash_set_power(cash, strcmp(words->first, "on") == 0, asked->now_us);
    else if (strcmp(words->name, "cut") == 0 && words->number > 0)
        cash->cut_left = words->number;
    else if (strcmp(words->name, "echo") == 0)
        cash->has_echo = strcmp(words->first, "on") == 0;
    else if (strcmp(words->name, "noise") == 0 && words->number >= 0)
        cash->noise = (unsigned)words->number;
    else if (strcmp(words->name, "pace") == 0 && words->number > 0)
        cash->byte_us = words->number;
    else if (strcmp(words->name, "think") == 0 && words->number >= 0)
        cash->think_us = words->number * SUGU_MS;
    else if (strcmp(words->name, "reset") == 0)
        cash->fault_times = cash->noise = 0, cash->cut_left = -1;
    else
        return false;
    return true;
}

static void
say_counts(const struct sugu_cash_counts *counts, char *to, size_t size)
{
    size_t length = 0;

    *to = '\0';
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT && length < size; unit++)
        if (counts->of[unit])
            length += (size_t)snprintf(to + length, size - length, " %lld:%d",
                                       (long long)sugu_cash_unit_yen(unit), counts->of[unit]);
}

static bool
do_question(const struct asked *asked)
{
    const struct emulated_cash *cash = asked->cash;
    char in[128], out[128], returned[128], stuck[128];

    if (strcmp(asked->words->name, "heard") == 0 && asked->words->number >= 0 &&
        asked->words->number < 256) {
        snprintf(asked->answer, asked->size, "%u", cash->heard_count[asked->words->number]);
        return true;
    }
    if (strcmp(asked->words->name, "truth") != 0 && strcmp(asked->words->name, "status") != 0)
        return false;
    say_counts(&cash->in, in, sizeof in);
    say_counts(&cash->out, out, sizeof out);
    say_counts(&cash->returned, returned, sizeof returned);
    say_counts(&cash->stuck, stuck, sizeof stuck);
    if (strcmp(asked->words->name, "truth") == 0)
        snprintf(asked->answer, asked->size, "gain=%lld in%s out%s returned%s stuck%s",
                 (long long)emulated_cash_gain_yen(cash), in, out, returned, stuck);
    else
        snprintf(asked->answer, asked->size, "power=%s echo=%s", cash->has_power ? "on" : "off",
                 cash->has_echo ? "on" : "off");
    return true;
}

bool
emulated_cash_command(
    struct emulated_cash *cash, const char *line, int64_t now_us, char *answer, size_t answer_size)
{
    struct words words = {.number = -1, .other = -1};
    char third[32] = "";
    struct asked asked = {cash, &words, now_us, answer, answer_size};
    int count = sscanf(line, "%31s %31s %31s %31s", words.name, words.first, words.second, third);

    emulated_cash_pass(cash, now_us);
    snprintf(answer, answer_size, "ok");
    if (count < 1)
        return false;
    if (!sugu_text_to_int64(words.first, 0, 1000000, &words.number))
        words.number = -1;
    if (!sugu_text_to_int64(*third ? third : words.second, 0, 1000000, &words.other))
        words.other = -1;
    if ((strcmp(words.name, "coin") == 0 && do_coin(&asked)) ||
        (strcmp(words.name, "note") == 0 && do_note(&asked)) ||
        (strcmp(words.name, "stacker") == 0 && do_stacker(&asked)) ||
        (strcmp(words.name, "fault") == 0 && do_fault(&asked)) || do_fate(&asked) ||
        do_bus(&asked) || do_question(&asked) || do_device(&asked))
        return true;
    snprintf(answer, answer_size, "not known: %.60s", line);
    return false;
}
