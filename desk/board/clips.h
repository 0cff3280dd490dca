/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clips - a call as a list of recorded words, in the grammar of each language
 *
 * Japanese needs 36 clips for 1 to 9999 (domain/screens.md section 6): hundreds and thousands are
 * words of their own, for their sounds change (sanbyaku, roppyaku, happyaku, sanzen, hassen). A
 * number is spoken as a number, never digit by digit: "A-042" is "A, forty-two".
 *
 * A clip's name is LANGUAGE/WORD; its file is WORD.opus, .flac or .wav in the folder LANGUAGE of
 * the voice folder. assets/voice/clips.tsv says what each word is in writing.
 */
#pragma once

#include "domain/desk-name.h"

#include <stdbool.h>
#include <stdint.h>

#define BOARD_CLIPS_MAX     40
#define BOARD_CLIP_NAME_MAX 31

struct board_clips {
    char names[BOARD_CLIPS_MAX][BOARD_CLIP_NAME_MAX + 1];
    size_t count;
};

/* "ja", "en" or "zh_CN", the language that has clips; NULL for one that has none ("", "vi"). */
const char *board_clips_language(const char *language);

/*
 * "Number …, please come to room …". Appends to `clips`; false, and nothing appended, where the
 * number cannot be spoken: it is up to four letters and one to four digits with or without a '-'.
 * A desk that is no number (domain/desk-name.h) is left to the picture. `language` is one of the
 * three above.
 */
bool board_clips_call(struct board_clips *clips,
                      const char *language,
                      const char *number,
                      const char *desk,
                      enum sugu_desk_word word);
/* "Number …, your bill is ready". */
bool board_clips_bill(struct board_clips *clips, const char *language, const char *number);
