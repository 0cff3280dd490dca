/* SPDX-License-Identifier: Apache-2.0 */
/*
 * languages - the languages of the kiosk and the switch between them while it runs
 *
 * gettext's language belongs to the process, so this is the one place with a state of its own. Main
 * thread only: setlocale and setenv are not thread safe (domain/screens.md section 8).
 */
#pragma once

#include <stddef.h>

struct kiosk_language {
    const char *code;     /* as in the po files: "ja", "ja@easy" */
    const char *own_name; /* in its own script; '|' where a line may end */
    const char *tag;      /* for Pango, which picks regional Han glyphs by it */
    const char *family;   /* font */
};

const struct kiosk_language *kiosk_languages(size_t *ret_count);
/* The row of a code; the first one where there is none. Never NULL. */
const struct kiosk_language *kiosk_language_find(const char *code);

/* Once, at start: the folder with the catalogues ("" = where they are installed). */
void kiosk_languages_start(const char *folder);
/* From here on texts come in this language. */
void kiosk_language_use(const char *code);
const struct kiosk_language *kiosk_language_current(void);
