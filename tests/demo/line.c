/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - a command line that is put together
 */
#include "demo/line.h"

#include "testlib/checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
line_add(struct line *line, const char *format, ...)
{
    va_list values;

    ck_assert_int_lt(line->count, LINE_WORDS_MAX);
    va_start(values, format);
    vsnprintf(line->texts[line->count], sizeof line->texts[0], format, values);
    va_end(values);
    line->words[line->count] = line->texts[line->count];
    line->words[++line->count] = NULL;
}

void
line_add_option(struct line *line, const char *name, const char *value)
{
    line_add(line, "--%s", name);
    line_add(line, "%s", value);
}

void
line_begin(struct line *line, const char *program)
{
    char path[512];

    line->count = 0;
    line_add(line, "%s", sugu_hospital_program(program, path));
}

void
line_add_connection(struct line *line,
                    struct sugu_hospital *hospital,
                    const char *name,
                    bool is_stateless)
{
    struct sugu_hospital_options options;

    for (const char *const *word = sugu_hospital_connection(hospital, name, &options); *word;
         word += 2)
        if (!is_stateless || strcmp(*word, "--state-folder") != 0)
            line_add_option(line, *word + strlen("--"), word[1]);
}
