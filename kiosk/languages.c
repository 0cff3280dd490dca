/* SPDX-License-Identifier: Apache-2.0 */
/*
 * languages - switching gettext's language without any generated locale
 */
#include "languages.h"

#include "base/macros.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct kiosk_language languages[] = {
    {"ja", "日本語", "ja", "Noto Sans CJK JP"},
    {"ja@easy", "やさしい|にほんご", "ja", "Noto Sans CJK JP"},
    {"en", "English", "en", "Noto Sans CJK JP"},
    {"zh_CN", "中文", "zh-cn", "Noto Sans CJK SC"},
};
static const struct kiosk_language *current = &languages[0];

const struct kiosk_language *
kiosk_languages(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(languages);
    return languages;
}

const struct kiosk_language *
kiosk_language_find(const char *code)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(languages); i++)
        if (strcmp(languages[i].code, code) == 0)
            return &languages[i];
    return &languages[0];
}

void
kiosk_languages_start(const char *folder)
{
    /* Numbers and times stay those of C: nothing that goes over a wire is written by a locale. */
    setlocale(LC_CTYPE, "C.UTF-8");
    bindtextdomain("sugu", folder[0] ? folder : SUGU_LOCALE_FOLDER);
    bind_textdomain_codeset("sugu", "UTF-8");
    textdomain("sugu");
}

void
kiosk_language_use(const char *code)
{
    char list[32];

    current = kiosk_language_find(code);
    /* The easy variant falls back to plain Japanese. */
    snprintf(list, sizeof list, "%s%s", current->code,
             strcmp(current->code, "ja@easy") == 0 ? ":ja" : "");
    setenv("LANGUAGE", list, 1);
    /* glibc caches the catalogue until the locale is set to another value. */
    setlocale(LC_MESSAGES, "C");
    setlocale(LC_MESSAGES, "C.UTF-8");
}

const struct kiosk_language *
kiosk_language_current(void)
{
    return current;
}
