/* SPDX-License-Identifier: Apache-2.0 */
/*
 * language - the staff's language, chosen once at start
 */
#include "language.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

bool
desk_language_is_known(const char *code)
{
    return strcmp(code, "ja") == 0 || strcmp(code, "en") == 0;
}

void
desk_language_start(const char *code, const char *folder)
{
    /* Without any generated locale, as the kiosk does it (domain/screens.md section 8). */
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("LANGUAGE", code, 1);
    setlocale(LC_MESSAGES, "C");
    setlocale(LC_MESSAGES, "C.UTF-8");
    bindtextdomain("sugu-desk", folder[0] ? folder : SUGU_LOCALE_FOLDER);
    bind_textdomain_codeset("sugu-desk", "UTF-8");
    textdomain("sugu-desk");
}
