/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-console - one line of text is one thing done to the emulated reader
 */
#include "emulators/reader-console.h"

#include "emulators/card-folder.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CARDS_MAX 32
#define WORDS_MAX 8

/* Cards that were on the reader once; they are kept, as their counters live in them. */
struct known_card {
    char name[512]; /* as it was put: "my-number yamada" */
    struct emulated_card *card;
    bool is_my_number;
};

struct reader_console {
    struct pn532 *chip;
    char cards[400];
    struct known_card known[CARDS_MAX];
    size_t known_count;
};

struct words {
    const char *at[WORDS_MAX];
    size_t count;
};

static const char *
word(const struct words *words, size_t at)
{
    return at < words->count ? words->at[at] : "";
}

static bool
error(FILE *to, const char *why, const char *what)
{
    fprintf(to, "error %s%s%s\n", why, *what ? " " : "", what);
    return true;
}

static bool
ok(FILE *to)
{
    fputs("ok\n", to);
    return true;
}

static struct known_card *
find(struct reader_console *console, const char *name)
{
    for (size_t i = 0; i < console->known_count; i++)
        if (strcmp(console->known[i].name, name) == 0)
            return console->known + i;
    return NULL;
}

static struct emulated_card *
make_my_number(struct reader_console *console, const char *name)
{
    struct emulated_card *card = NULL;
    struct sugu_error problem;
    char path[600];

    if (strchr(name, '/'))
        snprintf(path, sizeof path, "%s", name);
    else
        snprintf(path, sizeof path, "%s/%s", console->cards, name);
    if (card_folder_load(path, &card, &problem) != SUGU_OK)
        fprintf(stderr, "emulate-reader: %s: %s\n", problem.code, problem.detail);
    return card;
}

/* NULL where the words name no card. */
static struct emulated_card *
make_card(struct reader_console *console, const char *kind, const char *which)
{
    uint8_t serial[10];
    size_t size = strlen(which) / 2;

    if (strcmp(kind, "my-number") == 0)
        return make_my_number(console, which);
    if (strcmp(kind, "licence") == 0)
        return licence_card_new();
    if (size > sizeof serial || !sugu_hex_to_bytes(serial, size, which))
        return NULL;
    if (strcmp(kind, "felica") == 0 && size == 8)
        return felica_card_new(serial, false);
    if (strcmp(kind, "mifare") == 0 && (size == 4 || size == 7 || size == 10))
        return mifare_card_new(serial, size);
    return NULL;
}

static struct known_card *
find_or_make(struct reader_console *console, const char *kind, const char *which)
{
    struct known_card *known;
    struct emulated_card *card;
    char name[512];

    snprintf(name, sizeof name, "%s %s", kind, which);
    known = find(console, name);
    if (known || console->known_count == CARDS_MAX)
        return known;
    card = make_card(console, kind, which);
    if (!card)
        return NULL;
    known = console->known + console->known_count++;
    known->card = card;
    known->is_my_number = strcmp(kind, "my-number") == 0;
    sugu_text_copy(known->name, sizeof known->name, name);
    return known;
}

static bool
do_put(struct reader_console *console, const struct words *words, FILE *to)
{
    struct known_card *known = find_or_make(console, word(words, 1), word(words, 2));

    if (!known)
        return error(to, "no such card:", word(words, 2));
    pn532_put(console->chip, known->card);
    return ok(to);
}

static bool
do_take(struct reader_console *console, const struct words *words, FILE *to)
{
    struct known_card *known = NULL;

    if (words->count > 1) {
        known = find_or_make(console, word(words, 1), word(words, 2));
        if (!known)
            return error(to, "no such card:", word(words, 2));
    }
    pn532_take(console->chip, known ? known->card : NULL);
    return ok(to);
}

static bool
do_tries(struct reader_console *console, const struct words *words, FILE *to)
{
    struct known_card *known = find_or_make(console, "my-number", word(words, 1));
    int64_t key, text;

    if (!known)
        return error(to, "no such card:", word(words, 1));
    if (words->count == 4 && sugu_text_to_int64(word(words, 2), 0, 3, &key) &&
        sugu_text_to_int64(word(words, 3), 0, 3, &text)) {
        my_number_card_set_tries(known->card, MY_NUMBER_PIN_AUTHENTICATION, (unsigned)key);
        my_number_card_set_tries(known->card, MY_NUMBER_PIN_TEXT, (unsigned)text);
    }
    fprintf(to, "tries %u %u\n", my_number_card_tries(known->card, MY_NUMBER_PIN_AUTHENTICATION),
            my_number_card_tries(known->card, MY_NUMBER_PIN_TEXT));
    return ok(to);
}

#define FAULT_WORD(name, word) [PN532_FAULT_##name] = word,
static const char *const fault_words[] = {PN532_FAULTS(FAULT_WORD)};

/* "NAME=VALUE" with a whole number. */
static bool
take_option(const char *text, struct pn532_plan *plan)
{
    static const char *const names[] = {"command=", "after=", "times=", "ms="};
    int64_t value;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++) {
        if (strncmp(text, names[i], strlen(names[i])) != 0 ||
            !sugu_text_to_int64(text + strlen(names[i]), 0, 3600000, &value))
            continue;
        if (i == 0)
            plan->command = (uint8_t)value;
        else
            *(i == 1 ? &plan->after : i == 2 ? &plan->times : &plan->late_ms) = (unsigned)value;
        return true;
    }
    return false;
}

static bool
do_fault(struct reader_console *console, const struct words *words, FILE *to)
{
    struct pn532_plan plan = {.command = PN532_ANY_COMMAND};
    bool is_known = false;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(fault_words); i++) {
        if (strcmp(fault_words[i], word(words, 1)) != 0)
            continue;
        plan.fault = (enum pn532_fault)i;
        is_known = true;
    }
    if (!is_known)
        return error(to, "no such fault:", word(words, 1));
    for (size_t i = 2; i < words->count; i++)
        if (!take_option(words->at[i], &plan))
            return error(to, "not understood:", words->at[i]);
    pn532_plan(console->chip, &plan);
    return ok(to);
}

/* A PIN does not go into anyone's log, be it an invented one. */
static void
print_row(const struct pn532_log_row *row, FILE *to)
{
    char hex[2 * sizeof row->command + 1];

    sugu_hex_from_bytes(hex, row->command, row->command_size);
    if (row->command_size > 5 && row->command[1] == 0x20)
        memset(hex + 10, '*', 2 * (row->command_size - 5));
    fprintf(to, "apdu \"%s\" %s ", row->card, hex);
    sugu_hex_from_bytes(hex, row->answer, row->answer_size);
    fprintf(to, "%s\n", hex);
}

static bool
do_log(struct reader_console *console, const struct words *words, FILE *to)
{
    struct pn532_log_row row;

    if (strcmp(word(words, 1), "clear") == 0)
        pn532_log_clear(console->chip);
    for (size_t i = 0; pn532_log_row(console->chip, i, &row); i++)
        print_row(&row, to);
    return ok(to);
}

static bool
do_unplug(struct reader_console *console, const struct words *words, FILE *to)
{
    (void)words;
    pn532_unplug(console->chip);
    return ok(to);
}

static bool
do_plug(struct reader_console *console, const struct words *words, FILE *to)
{
    (void)words;
    pn532_plug(console->chip);
    return ok(to);
}

static bool
do_quit(struct reader_console *console, const struct words *words, FILE *to)
{
    (void)console;
    (void)words;
    ok(to);
    return false;
}

static bool do_help(struct reader_console *console, const struct words *words, FILE *to);

static const struct {
    const char *name;
    bool (*run)(struct reader_console *console, const struct words *words, FILE *to);
    const char *help;
} commands[] = {
    {"put", do_put,
     "my-number NAME|FOLDER | felica IDM | mifare UID | licence: put a card on the reader"},
    {"take", do_take, "[KIND NAME]: take one card, or all"},
    {"tries", do_tries, "NAME [KEY TEXT]: show or set the tries left of a My Number card's PINs"},
    {"unplug", do_unplug, ": pull the reader's cable"},
    {"plug", do_plug, ": put it back"},
    {"fault", do_fault,
     "KIND [command=N] [after=N] [times=N] [ms=N]: plan a fault, none to end it"},
    {"log", do_log, "[clear]: the APDUs that reached cards"},
    {"help", do_help, ": this list"},
    {"quit", do_quit, ": end the emulator"},
};

static bool
do_help(struct reader_console *console, const struct words *words, FILE *to)
{
    (void)console;
    (void)words;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(commands); i++)
        fprintf(to, "%s %s\n", commands[i].name, commands[i].help);
    fputs("faults:", to);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(fault_words); i++)
        fprintf(to, " %s", fault_words[i]);
    fputc('\n', to);
    return ok(to);
}

bool
reader_console_do(struct reader_console *console, char *line, FILE *to)
{
    struct words words = {.count = 0};
    char *rest = NULL;

    for (char *at = strtok_r(line, " \t\r\n", &rest); at && words.count < WORDS_MAX;
         at = strtok_r(NULL, " \t\r\n", &rest))
        words.at[words.count++] = at;
    if (words.count == 0)
        return true;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(commands); i++)
        if (strcmp(commands[i].name, words.at[0]) == 0)
            return commands[i].run(console, &words, to);
    return error(to, "no such command (try help):", words.at[0]);
}

struct reader_console *
reader_console_new(struct pn532 *chip, const char *cards)
{
    struct reader_console *console = calloc(1, sizeof *console);

    assert(console);
    console->chip = chip;
    sugu_text_copy(console->cards, sizeof console->cards, cards);
    return console;
}

struct reader_console *
reader_console_free(struct reader_console *console)
{
    if (!console)
        return NULL;
    pn532_take(console->chip, NULL);
    for (size_t i = 0; i < console->known_count; i++)
        emulated_card_free(console->known[i].card);
    free(console);
    return NULL;
}
