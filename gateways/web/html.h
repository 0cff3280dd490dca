/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - pages as text: escaping, the words filled in, and the parts that change
 *
 * Pure. Every text that comes from outside is escaped here and nowhere else.
 */
#pragma once

#include "web/page.h"
#include "web/words.h"

#include "base/clock.h"

#include <glib.h>

/* Appends `text` with & < > " ' escaped. */
void web_html_escape(GString *out, const char *text);
/* Appends `text` as a JSON string in quotes (RFC 8259 7); on one line, so also for events. */
void web_json_string(GString *out, const char *text);

/* What a page is made of. */
struct web_view {
    const struct web_words *words;
    size_t language;
    const struct web_house *house;
    const char *time;   /* "10:25", of the last answer of the server */
    bool is_stale;      /* the server does not answer: say so */
    uint32_t few;       /* so many before the patient are "soon" */
    int64_t refresh_s;  /* how often a page without scripts comes again */
    const char *up;     /* from the page's address to the root: "../" for /t/TOKEN */
    const char *assets; /* what stands behind the names of style sheet and script: "?v=…" */
};

/* The whole document. */
void web_html_page(GString *out, const struct web_view *view, const struct web_page *page);

/* A document with a title and a sentence: WEB_WORD_GONE_TITLE … START_TITLE; the word behind the
 * title is its text. */
void web_html_notice(GString *out, const struct web_view *view, enum web_word title);

/* The changing parts as one line of JSON: {"title", "now", "plan", "lines", "asof"}. */
void web_html_change(GString *out, const struct web_view *view, const struct web_page *page);
/* {"asof"} alone: nothing changed, and the page is right. */
void web_html_tick(GString *out, const struct web_view *view);
