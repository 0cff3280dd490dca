/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texts - the words on the papers in the languages that there are
 *
 * All stand in texts.def. Languages: "ja" and English; whatever else is asked for gets English.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SUGU_TEXT(name, en, ja) SUGU_TEXT_##name,
enum sugu_paper_text {
#include "papers/texts.def"
    SUGU_TEXT_COUNT
};
#undef SUGU_TEXT

/* "ja", "ja-JP", "ja@easy" and "" are Japanese. */
bool sugu_language_is_japanese(const char *language);

/* The text; never NULL. */
const char *sugu_paper_text(enum sugu_paper_text text, bool in_japanese);

/* Writes the text with `value` in place of {}; cut at a character where it is too long. */
void sugu_paper_text_with(
    enum sugu_paper_text text, bool in_japanese, const char *value, char *to, size_t size);
