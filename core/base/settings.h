/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings - one table per program is its settings file, its command line and its help
 *
 * A setting `listen` may stand in the file as `listen = tcp://0.0.0.0:7700` and on the command line
 * as
 * `--listen tcp://0.0.0.0:7700`; the command line wins. Values land in a struct that is passed
 * down; there are no global settings. A value out of range is refused with the place, the name and
 * the range.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum sugu_setting_type {
    SUGU_SETTING_TEXT, /* char[size] */
    SUGU_SETTING_INT,  /* int64_t, low … high */
    SUGU_SETTING_BOOL, /* bool; "yes" or "no"; on the command line the bare name means yes */
};

struct sugu_setting {
    const char *name; /* lower case with dashes */
    enum sugu_setting_type type;
    size_t offset;     /* in the program's struct */
    size_t size;       /* of the field */
    int64_t low, high; /* INT: range; TEXT: least and most characters (low 1 = may not be empty) */
    const char *unit;  /* "ms", "yen" …, "" where there is none */
    const char *initial; /* default, as text */
    const char *help;    /* one sentence */
};

/* Rows for a table; `type_` is the struct. */
#define SUGU_SETTING_TEXT_ROW(type_, field, name_, low_, initial_, help_)                          \
    {                                                                                              \
        .name = name_, .type = SUGU_SETTING_TEXT, .offset = offsetof(type_, field),                \
        .size = sizeof(((type_ *)0)->field), .low = low_, .high = sizeof(((type_ *)0)->field) - 1, \
        .unit = "", .initial = initial_, .help = help_                                             \
    }
#define SUGU_SETTING_INT_ROW(type_, field, name_, low_, high_, unit_, initial_, help_)             \
    {                                                                                              \
        .name = name_, .type = SUGU_SETTING_INT, .offset = offsetof(type_, field),                 \
        .size = sizeof(((type_ *)0)->field), .low = low_, .high = high_, .unit = unit_,            \
        .initial = initial_, .help = help_                                                         \
    }
#define SUGU_SETTING_BOOL_ROW(type_, field, name_, initial_, help_)                                \
    {                                                                                              \
        .name = name_, .type = SUGU_SETTING_BOOL, .offset = offsetof(type_, field),                \
        .size = sizeof(((type_ *)0)->field), .low = 0, .high = 1, .unit = "", .initial = initial_, \
        .help = help_                                                                              \
    }

struct sugu_program {
    const char *name;    /* "sugu-reader" */
    const char *summary; /* one line for --help and the man page */
    const struct sugu_setting *settings;
    size_t settings_count;
    const char *arguments; /* "" or what may follow the options, for --help */
};

/*
 * Fills `target` with the defaults, then the file given by --settings FILE, then the other options
 * of the command line. Handles --help, --version and --print-settings itself (prints and ends the
 * process with 0); a mistake is printed with what to do and ends it with SUGU_EXIT_USAGE or
 * SUGU_EXIT_SETTINGS; so does being root. Returns the index of the first argument that is not an
 * option.
 */
int sugu_program_start(const struct sugu_program *program, int argc, char **argv, void *target);

/*
 * The texts without a default that cannot stay empty in this program (`names` of rows, ended by
 * NULL): REFUSED "settings.invalid" with the first that is, and what it is for.
 */
enum sugu_status sugu_settings_need(const struct sugu_program *program,
                                    const void *target,
                                    const char *const *names,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The parts, for tests. `where` is the file name or "command line" and stands in the error. */
void sugu_settings_init(const struct sugu_program *program, void *target);
enum sugu_status sugu_settings_set(const struct sugu_program *program,
                                   void *target,
                                   const char *name,
                                   const char *value,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_settings_read(const struct sugu_program *program,
                                    void *target,
                                    FILE *file,
                                    const char *where,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_settings_print(const struct sugu_program *program, const void *target, FILE *file);

/* Exit statuses of every program (those of sysexits.h, so that systemd and scripts know them). */
enum {
    SUGU_EXIT_OK = 0,
    SUGU_EXIT_FAILED = 1,       /* what was asked for was refused or did not work */
    SUGU_EXIT_USAGE = 64,       /* the command line is wrong */
    SUGU_EXIT_DATA = 65,        /* a file that was given to the program cannot be used */
    SUGU_EXIT_UNAVAILABLE = 69, /* a peer (database, server, device) cannot be reached */
    SUGU_EXIT_BUG = 70,
    SUGU_EXIT_CANNOT_CREATE = 73, /* a folder or file cannot be written */
    SUGU_EXIT_NO_SPACE = 74,      /* disk or database full */
    SUGU_EXIT_RESTART = 75,       /* ended in order to be started again */
    SUGU_EXIT_SETTINGS = 78,      /* a setting is missing, unknown or out of range */
};
