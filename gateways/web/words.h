/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - the phone page's texts in all its languages, read once at the start
 *
 * gettext's language belongs to the process; so each text is asked for in each language when the
 * program starts, and pages are made of the table from then on. A '|' in a text stands where a line
 * of a language without spaces may end; {names} in braces are filled in by html.h.
 */
#pragma once

#include "web/languages.h"

#define WEB_WORDS(X)                                                                               \
    X(NUMBER)                                                                                      \
    X(HEAD_OVER)                                                                                   \
    X(MORE_OVER)                                                                                   \
    X(HEAD_CALLED)                                                                                 \
    X(MORE_CALLED)                                                                                 \
    X(MORE_CALLED_NO_DESK)                                                                         \
    X(HEAD_PRESENT)                                                                                \
    X(MORE_PRESENT)                                                                                \
    X(HEAD_MISSED)                                                                                 \
    X(MORE_MISSED)                                                                                 \
    X(HEAD_SOON)                                                                                   \
    X(MORE_SOON)                                                                                   \
    X(HEAD_BILL)                                                                                   \
    X(MORE_BILL)                                                                                   \
    X(HEAD_COUNTER)                                                                                \
    X(MORE_COUNTER)                                                                                \
    X(HEAD_PAID_NEXT)                                                                              \
    X(MORE_PAID_NEXT)                                                                              \
    X(HEAD_WAIT)                                                                                   \
    X(MORE_WAIT)                                                                                   \
    X(HEAD_PARKED)                                                                                 \
    X(MORE_PARKED)                                                                                 \
    X(HEAD_LEAVE)                                                                                  \
    X(MORE_LEAVE)                                                                                  \
    X(HEAD_GOODBYE)                                                                                \
    X(MORE_GOODBYE)                                                                                \
    X(HEAD_BILL_SOON)                                                                              \
    X(MORE_BILL_SOON)                                                                              \
    X(PLAN)                                                                                        \
    X(ROW_NEXT)                                                                                    \
    X(ROW_ONE)                                                                                     \
    X(ROW_MANY)                                                                                    \
    X(ROW_MOST)                                                                                    \
    X(ROW_CALLED)                                                                                  \
    X(ROW_CALLED_NO_DESK)                                                                          \
    X(ROW_PRESENT)                                                                                 \
    X(ROW_DONE)                                                                                    \
    X(ROW_PARKED)                                                                                  \
    X(ROW_MISSED)                                                                                  \
    X(ROW_PLANNED)                                                                                 \
    X(RANGE)                                                                                       \
    X(RANGE_ONE)                                                                                   \
    X(RANGE_UP_TO)                                                                                 \
    X(LINES)                                                                                       \
    X(AS_OF)                                                                                       \
    X(OFFLINE)                                                                                     \
    X(STALE)                                                                                       \
    X(LANGUAGES)                                                                                   \
    X(GONE_TITLE)                                                                                  \
    X(GONE_TEXT)                                                                                   \
    X(BUSY_TITLE)                                                                                  \
    X(BUSY_TEXT)                                                                                   \
    X(AWAY_TITLE)                                                                                  \
    X(AWAY_TEXT)                                                                                   \
    X(START_TITLE)                                                                                 \
    X(START_TEXT)

enum web_word {
#define WEB_WORD_ROW(name) WEB_WORD_##name,
    WEB_WORDS(WEB_WORD_ROW)
#undef WEB_WORD_ROW
        WEB_WORD_COUNT,
};

struct web_words;

/* Reads the catalogues below `folder` ("" = where they are installed). Changes the environment and
 * the locale: once, before any thread is made. */
struct web_words *web_words_new(const char *folder);
struct web_words *web_words_free(struct web_words *words);

/* Never NULL; the English text where there is no translation. */
const char *web_word(const struct web_words *words, size_t language, enum web_word word);
