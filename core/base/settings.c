/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings - one table per program is its settings file, its command line and its help
 */
#include "base/settings.h"

#include "base/process.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct sugu_setting *
find_setting(const struct sugu_program *program, const char *name)
{
    for (size_t i = 0; i < program->settings_count; i++)
        if (strcmp(program->settings[i].name, name) == 0)
            return &program->settings[i];
    return NULL;
}

static enum sugu_status
set_text(const struct sugu_setting *setting, char *to, const char *value, struct sugu_error *reterr)
{
    size_t length = strlen(value);

    if (!sugu_text_is_utf8(value, length))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: not UTF-8", setting->name);
    if ((int64_t)length < setting->low || (int64_t)length > setting->high)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "%s: needs %" PRId64 " to %" PRId64 " bytes", setting->name, setting->low,
                         setting->high);
    memcpy(to, value, length + 1);
    return SUGU_OK;
}

enum sugu_status
sugu_settings_set(const struct sugu_program *program,
                  void *target,
                  const char *name,
                  const char *value,
                  struct sugu_error *reterr)
{
    const struct sugu_setting *setting = find_setting(program, name);
    char *field;

    if (!setting)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "%s: no such setting; see %s --help", name, program->name);
    field = (char *)target + setting->offset;
    switch (setting->type) {
    case SUGU_SETTING_TEXT:
        return set_text(setting, field, value, reterr);
    case SUGU_SETTING_INT:
        if (!sugu_text_to_int64(value, setting->low, setting->high, (int64_t *)(void *)field))
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                             "%s: needs a whole number from %" PRId64 " to %" PRId64 "%s%s", name,
                             setting->low, setting->high, *setting->unit ? " " : "", setting->unit);
        return SUGU_OK;
    case SUGU_SETTING_BOOL:
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: needs yes or no", name);
        *(bool *)field = value[0] == 'y';
        return SUGU_OK;
    }
    return SUGU_BROKEN;
}

enum sugu_status
sugu_settings_need(const struct sugu_program *program,
                   const void *target,
                   const char *const *names,
                   struct sugu_error *reterr)
{
    for (; *names; names++) {
        const struct sugu_setting *setting = find_setting(program, *names);
        assert(setting && setting->type == SUGU_SETTING_TEXT);
        if (!*((const char *)target + setting->offset))
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: has to be set: %s",
                             setting->name, setting->help);
    }
    return SUGU_OK;
}

void
sugu_settings_init(const struct sugu_program *program, void *target)
{
    for (size_t i = 0; i < program->settings_count; i++) {
        const struct sugu_setting *setting = &program->settings[i];
        struct sugu_error error;
        /* A required text has the default "", which `low` forbids; it is simply left empty. */
        if (setting->type == SUGU_SETTING_TEXT && !*setting->initial)
            *((char *)target + setting->offset) = '\0';
        else if (sugu_settings_set(program, target, setting->name, setting->initial, &error) !=
                 SUGU_OK) {
            fprintf(stderr, "%s: default out of range: %s\n", program->name, error.detail);
            abort();
        }
    }
}

/* Cuts blanks at both ends, in place; returns the start. */
static char *
trim(char *text)
{
    size_t length;

    text += strspn(text, " \t\r\n");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

enum sugu_status
sugu_settings_read(const struct sugu_program *program,
                   void *target,
                   FILE *file,
                   const char *where,
                   struct sugu_error *reterr)
{
    char line[2048];
    int number = 0;

    while (fgets(line, sizeof line, file)) {
        struct sugu_error error;
        bool is_cut = strlen(line) == sizeof line - 1 && line[sizeof line - 2] != '\n';
        char *name = trim(line), *equals = strchr(name, '=');
        number++;
        if (is_cut) /* or its end would be taken for the next line */
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s line %d: too long",
                             where, number);
        if (!*name || *name == '#')
            continue;
        if (!equals)
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                             "%s line %d: needs 'name = value'", where, number);
        *equals = '\0';
        if (sugu_settings_set(program, target, trim(name), trim(equals + 1), &error) != SUGU_OK)
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s line %d: %s", where,
                             number, error.detail);
    }
    return SUGU_OK;
}

void
sugu_settings_print(const struct sugu_program *program, const void *target, FILE *file)
{
    for (size_t i = 0; i < program->settings_count; i++) {
        const struct sugu_setting *setting = &program->settings[i];
        const char *field = (const char *)target + setting->offset;
        fprintf(file, "# %s", setting->help);
        if (setting->type == SUGU_SETTING_INT)
            fprintf(file, " (%" PRId64 " to %" PRId64 "%s%s)", setting->low, setting->high,
                    *setting->unit ? " " : "", setting->unit);
        if (setting->type == SUGU_SETTING_TEXT)
            fprintf(file, "\n%s = %s\n", setting->name, field);
        else if (setting->type == SUGU_SETTING_BOOL)
            fprintf(file, "\n%s = %s\n", setting->name, *(const bool *)field ? "yes" : "no");
        else
            fprintf(file, "\n%s = %" PRId64 "\n", setting->name,
                    *(const int64_t *)(const void *)field);
    }
}

static void
print_help(const struct sugu_program *program)
{
    printf("Usage: %s [OPTION]…%s%s\n%s\n\nOptions:\n", program->name,
           *program->arguments ? " " : "", program->arguments, program->summary);
    for (size_t i = 0; i < program->settings_count; i++) {
        const struct sugu_setting *setting = &program->settings[i];
        const char *value = setting->type == SUGU_SETTING_BOOL  ? "[yes|no]"
                            : setting->type == SUGU_SETTING_INT ? "N"
                                                                : "TEXT";
        printf("  --%s %s\n      %s", setting->name, value, setting->help);
        if (setting->type == SUGU_SETTING_INT)
            printf(" %" PRId64 " to %" PRId64 "%s%s;", setting->low, setting->high,
                   *setting->unit ? " " : "", setting->unit);
        if (*setting->initial)
            printf(" Default: %s.", setting->initial);
        puts("");
    }
    puts("  --settings FILE\n      Read settings from FILE (name = value) before the options.");
    puts("  --print-settings\n      Print all settings as they are in force, then end.");
    puts("  --help, --version");
}

static void
die(const struct sugu_program *program, int status, const char *text)
{
    fprintf(stderr, "%s: %s\n", program->name, text);
    exit(status);
}

static void
read_file(const struct sugu_program *program, void *target, const char *path)
{
    struct sugu_error error;
    FILE *file = fopen(path, "re");

    if (!file) {
        snprintf(error.detail, sizeof error.detail, "cannot read settings %s: %s", path,
                 strerror(errno));
        die(program, SUGU_EXIT_SETTINGS, error.detail);
    }
    if (sugu_settings_read(program, target, file, path, &error) != SUGU_OK)
        die(program, SUGU_EXIT_SETTINGS, error.detail);
    fclose(file);
}

/* One option at argv[at]; returns how many words it took. */
static int
take_option(const struct sugu_program *program, char **argv, int at, void *target)
{
    const char *name = argv[at] + 2;
    const struct sugu_setting *setting = find_setting(program, name);
    const char *value = argv[at + 1];
    struct sugu_error error;
    int words = 2;

    if (setting && setting->type == SUGU_SETTING_BOOL &&
        (!value || (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0))) {
        value = "yes";
        words = 1;
    }
    if (setting && !value) {
        snprintf(error.detail, sizeof error.detail, "--%s needs a value; see --help", name);
        die(program, SUGU_EXIT_USAGE, error.detail);
    }
    if (sugu_settings_set(program, target, name, value, &error) != SUGU_OK)
        die(program, setting ? SUGU_EXIT_SETTINGS : SUGU_EXIT_USAGE, error.detail);
    return words;
}

int
sugu_program_start(const struct sugu_program *program, int argc, char **argv, void *target)
{
    bool print = false;
    int at = 1;

    sugu_settings_init(program, target);
    for (int i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--settings") == 0)
            read_file(program, target, argv[i + 1]);
    while (at < argc && strncmp(argv[at], "--", 2) == 0) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (strcmp(argv[at], "--help") == 0) {
            print_help(program);
            exit(SUGU_EXIT_OK);
        } else if (strcmp(argv[at], "--version") == 0) {
            printf("%s %s\n", program->name, SUGU_VERSION);
            exit(SUGU_EXIT_OK);
        } else if (strcmp(argv[at], "--print-settings") == 0) {
            print = true;
            at++;
        } else if (strcmp(argv[at], "--settings") == 0) {
            if (at + 1 == argc)
                die(program, SUGU_EXIT_USAGE, "--settings needs a file");
            at += 2;
        } else {
            at += take_option(program, argv, at, target);
        }
    }
    if (print) {
        sugu_settings_print(program, target, stdout);
        exit(SUGU_EXIT_OK);
    }
    sugu_process_refuse_root(program->name);
    return at;
}
