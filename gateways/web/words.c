/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - the phone page's texts in all its languages, read once at the start
 */
#include "web/words.h"

#include <glib.h>

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT "phone"
/* As in glib/gi18n.h, which wants a domain of its own; xgettext knows both names. */
#define NC_(context, text) text

static const char *const ids[WEB_WORD_COUNT] = {
    [WEB_WORD_NUMBER] = NC_("phone", "Your number"),
    [WEB_WORD_HEAD_OVER] = NC_("phone", "Please go to the reception desk"),
    [WEB_WORD_MORE_OVER] = NC_("phone", "This number is not in use any more."),
    [WEB_WORD_HEAD_CALLED] = NC_("phone", "You are being called"),
    /* TRANSLATORS: {place} is a department, {desk} is like "Room 3" */
    [WEB_WORD_MORE_CALLED] = NC_("phone", "Please go to {place}, {desk}."),
    [WEB_WORD_MORE_CALLED_NO_DESK] = NC_("phone", "Please go to {place}."),
    [WEB_WORD_HEAD_PRESENT] = NC_("phone", "It is your turn"),
    [WEB_WORD_MORE_PRESENT] =
        NC_("phone", "You are at {place}. Afterwards this page shows where to go next."),
    [WEB_WORD_HEAD_MISSED] = NC_("phone", "You have been called"),
    [WEB_WORD_MORE_MISSED] = NC_(
        "phone", "Please tell the staff at {place} that you are here. They will call you again."),
    [WEB_WORD_HEAD_SOON] = NC_("phone", "Please come back now"),
    [WEB_WORD_MORE_SOON] = NC_("phone", "It is your turn soon. Please come to {place}."),
    [WEB_WORD_HEAD_BILL] = NC_("phone", "Your bill is ready"),
    [WEB_WORD_MORE_BILL] =
        NC_("phone", "Please pay at a kiosk. Bring your ticket or your hospital card."),
    [WEB_WORD_HEAD_COUNTER] = NC_("phone", "Please go to the counter"),
    [WEB_WORD_MORE_COUNTER] =
        NC_("phone", "The staff settle your bill with you. Bring your ticket or hospital card."),
    [WEB_WORD_HEAD_PAID_NEXT] = NC_("phone", "Your bill is paid"),
    [WEB_WORD_MORE_PAID_NEXT] = NC_("phone", "Please go to {place} before you leave."),
    [WEB_WORD_HEAD_WAIT] = NC_("phone", "Please wait"),
    [WEB_WORD_MORE_WAIT] = NC_("phone",
                               "You need not stay in the waiting room. This page makes no sound: "
                               "please look at it now and then."),
    [WEB_WORD_HEAD_PARKED] = NC_("phone", "Please wait a little"),
    [WEB_WORD_MORE_PARKED] = NC_("phone", "You will be called to {place} later."),
    [WEB_WORD_HEAD_LEAVE] = NC_("phone", "You may leave"),
    [WEB_WORD_MORE_LEAVE] = NC_("phone", "Your bill is paid. Take care of yourself."),
    [WEB_WORD_HEAD_GOODBYE] = NC_("phone", "Thank you"),
    [WEB_WORD_MORE_GOODBYE] = NC_("phone", "Your visit is over. Take care of yourself."),
    [WEB_WORD_HEAD_BILL_SOON] = NC_("phone", "Your bill is being made"),
    [WEB_WORD_MORE_BILL_SOON] =
        NC_("phone", "Please wait a moment. This page tells you when you can pay."),
    [WEB_WORD_PLAN] = NC_("phone", "Your places today"),
    [WEB_WORD_ROW_NEXT] = NC_("phone", "You are next"),
    [WEB_WORD_ROW_ONE] = NC_("phone", "1 person before you"),
    [WEB_WORD_ROW_MANY] = NC_("phone", "{count} people before you"),
    [WEB_WORD_ROW_MOST] = NC_("phone", "{count} or more people before you"),
    [WEB_WORD_ROW_CALLED] = NC_("phone", "Called to {desk}"),
    [WEB_WORD_ROW_CALLED_NO_DESK] = NC_("phone", "Called"),
    [WEB_WORD_ROW_PRESENT] = NC_("phone", "You are there now"),
    [WEB_WORD_ROW_DONE] = NC_("phone", "Done"),
    [WEB_WORD_ROW_PARKED] = NC_("phone", "You will be called later"),
    [WEB_WORD_ROW_MISSED] = NC_("phone", "You have been called"),
    [WEB_WORD_ROW_PLANNED] = NC_("phone", "Later"),
    /* TRANSLATORS: how long the wait is */
    [WEB_WORD_RANGE] = NC_("phone", "Wait: about {low} to {high} minutes"),
    [WEB_WORD_RANGE_ONE] = NC_("phone", "Wait: about {high} minutes"),
    [WEB_WORD_RANGE_UP_TO] = NC_("phone", "Wait: up to {high} minutes"),
    [WEB_WORD_LINES] = NC_("phone", "From the hospital"),
    /* TRANSLATORS: {time} is like 10:25 */
    [WEB_WORD_AS_OF] = NC_("phone", "As of {time}"),
    [WEB_WORD_OFFLINE] = NC_("phone",
                             "No connection at the moment. The page goes on by itself as soon as "
                             "it can. Your number stays valid."),
    [WEB_WORD_STALE] = NC_(
        "phone", "The hospital's system does not answer at the moment. Your number stays valid."),
    [WEB_WORD_LANGUAGES] = NC_("phone", "Language"),
    [WEB_WORD_GONE_TITLE] = NC_("phone", "There is no such page today"),
    [WEB_WORD_GONE_TEXT] =
        NC_("phone",
            "The page of a number ends with the day. If you have a ticket of today, "
            "please scan its code again, or ask at the reception desk."),
    [WEB_WORD_BUSY_TITLE] = NC_("phone", "Please try again in a minute"),
    [WEB_WORD_BUSY_TEXT] =
        NC_("phone",
            "Too many pages are being asked for. Your number stays valid, and you are "
            "called in the hospital as well."),
    [WEB_WORD_AWAY_TITLE] = NC_("phone", "The page cannot be shown at the moment"),
    [WEB_WORD_AWAY_TEXT] = NC_("phone",
                               "Your number stays valid. Please look at the boards in the "
                               "hospital, or ask the staff."),
    [WEB_WORD_START_TITLE] = NC_("phone", "Your number on your phone"),
    [WEB_WORD_START_TEXT] = NC_("phone", "Please scan the code on your ticket."),
};

struct web_words {
    char *texts[WEB_LANGUAGE_COUNT][WEB_WORD_COUNT];
};

static void
use_language(const char *code)
{
    char list[32];

    /* The easy variant falls back to plain Japanese. */
    snprintf(list, sizeof list, "%s%s", code, strcmp(code, "ja@easy") == 0 ? ":ja" : "");
    setenv("LANGUAGE", list, 1);
    /* glibc caches the catalogue until the locale is set to another value (domain/screens.md 8). */
    setlocale(LC_MESSAGES, "C");
    setlocale(LC_MESSAGES, "C.UTF-8");
}

static const char *
translate(const char *id)
{
    char key[400];
    const char *text;

    snprintf(key, sizeof key, "%s\004%s", CONTEXT, id);
    text = dgettext("sugu", key);
    return text == key ? id : text;
}

struct web_words *
web_words_new(const char *folder)
{
    struct web_words *words = g_new0(struct web_words, 1);

    setlocale(LC_CTYPE, "C.UTF-8");
    bindtextdomain("sugu", *folder ? folder : SUGU_LOCALE_FOLDER);
    bind_textdomain_codeset("sugu", "UTF-8");
    for (size_t language = 0; language < WEB_LANGUAGE_COUNT; language++) {
        use_language(web_language(language)->code);
        for (int word = 0; word < WEB_WORD_COUNT; word++)
            words->texts[language][word] = g_strdup(translate(ids[word]));
    }
    use_language("en");
    return words;
}

struct web_words *
web_words_free(struct web_words *words)
{
    for (size_t language = 0; words && language < WEB_LANGUAGE_COUNT; language++)
        for (int word = 0; word < WEB_WORD_COUNT; word++)
            g_free(words->texts[language][word]);
    g_free(words);
    return NULL;
}

const char *
web_word(const struct web_words *words, size_t language, enum web_word word)
{
    return words->texts[language < WEB_LANGUAGE_COUNT ? language : 0][word];
}
