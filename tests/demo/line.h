/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - a command line that is put together
 */
#pragma once

#include "testlib/hospital.h"

#define LINE_WORDS_MAX 72

struct line {
    char texts[LINE_WORDS_MAX][320];
    const char *words[LINE_WORDS_MAX + 1]; /* ended by NULL */
    int count;
};

/* Begins with the path of a built program: "kiosk/sugu-kiosk". */
void line_begin(struct line *line, const char *program);
/* One word; fails the test where there are too many. */
void line_add(struct line *line, const char *format, ...) SUGU_PRINTF(2, 3);
/* --NAME VALUE. */
void line_add_option(struct line *line, const char *name, const char *value);
/* The options that connect the registered client `name` to the hospital's server; `is_stateless`:
 * without the folder for requests that wait. */
void line_add_connection(struct line *line,
                         struct sugu_hospital *hospital,
                         const char *name,
                         bool is_stateless);
