/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texts - the words on the papers
 */
#include "papers/texts.h"

#include "base/text.h"

#include <string.h>

#define SUGU_TEXT(name, en, ja) [SUGU_TEXT_##name] = {en, ja},
static const struct {
    const char *en, *ja;
} texts[SUGU_TEXT_COUNT] = {
#include "papers/texts.def"
};
#undef SUGU_TEXT

bool
sugu_language_is_japanese(const char *language)
{
    return !*language || (strncmp(language, "ja", 2) == 0 &&
                          !strchr("abcdefghijklmnopqrstuvwxyz", language[2] ? language[2] : '-'));
}

const char *
sugu_paper_text(enum sugu_paper_text text, bool in_japanese)
{
    return in_japanese ? texts[text].ja : texts[text].en;
}

void
sugu_paper_text_with(
    enum sugu_paper_text text, bool in_japanese, const char *value, char *to, size_t size)
{
    const char *format = sugu_paper_text(text, in_japanese), *hole = strstr(format, "{}");
    size_t before = hole ? (size_t)(hole - format) : 0;

    if (!hole || before >= size) {
        sugu_text_copy(to, size, format);
        return;
    }
    memcpy(to, format, before);
    if (sugu_text_copy(to + before, size - before, value)) {
        before += strlen(value);
        sugu_text_copy(to + before, size - before, hole + 2);
    }
}
