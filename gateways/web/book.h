/* SPDX-License-Identifier: Apache-2.0 */
/*
 * book - the pages that somebody looks at now, and when the server is asked for them again
 *
 * Knows no network: it says which tokens to ask for (web_book_take) and is told what came back. A
 * page is asked for when somebody opens it, when its visit or a queue it waits in changed, and
 * every `refresh` because waiting ranges change with the time; never twice within `look_us_min`,
 * however many changes come. What concerns one visit goes before what concerns a whole queue.
 * Tokens that are known and tokens that are not go the same way.
 */
#pragma once

#include "web/page.h"
#include "web/token.h"

#include "base/random.h"

#define WEB_LOOK_TOKENS_MAX 10 /* bounds.def, GetPhonePages */

struct web_book;

enum web_look {
    WEB_LOOK_FOUND,   /* the page is right */
    WEB_LOOK_STALE,   /* the page was right at `as_of`; the server does not answer */
    WEB_LOOK_UNKNOWN, /* no such token, or its day is over */
    WEB_LOOK_AWAY,    /* nobody knows: the server does not answer, or there is no room */
};

/* What a page's reader is told; valid during the call. */
struct web_sight {
    enum web_look look;
    const struct web_page *page; /* NULL with UNKNOWN and AWAY */
    const struct web_house *house;
    int64_t as_of_us; /* UTC */
    int64_t since_us; /* monotonic, of the change that this look was for; 0 = for none */
};
typedef void (*web_on_sight)(void *user, const struct web_sight *sight);

struct web_book_settings {
    size_t page_max;     /* open pages */
    int64_t look_us_min; /* between two looks at one page */
    int64_t refresh_us;  /* a watched page is looked at at least so often */
    int64_t keep_us;     /* a page that nobody watches is forgotten after this */
    int64_t wait_us;     /* who waits for a page waits so long */
};

struct web_book *web_book_new(const struct web_book_settings *settings,
                              const struct sugu_clock *clock,
                              struct sugu_random *random);
/* Nobody is told anything any more. */
struct web_book *web_book_free(struct web_book *book);

/* ---- readers */

/* Tells once, now or later; within wait_us in any case. */
void web_book_ask(struct web_book *book,
                  const struct web_token *token,
                  web_on_sight on_sight,
                  void *user);

/* Tells every change from now on, never during the call; NULL where the token is not one that was
 * found a moment ago. */
struct web_watch *web_book_watch(struct web_book *book,
                                 const struct web_token *token,
                                 web_on_sight on_sight,
                                 void *user);
struct web_watch *web_watch_free(struct web_watch *watch);
/* What is known now. */
void web_watch_sight(const struct web_watch *watch, struct web_sight *ret_sight);

/* Is the token one that was found and is still in the book? */
bool web_book_knows(struct web_book *book, const struct web_token *token);

/* ---- the server's side */

/* Up to WEB_LOOK_TOKENS_MAX tokens to ask for; they count as asked until told. 0 = none now. */
size_t web_book_take(struct web_book *book, struct web_token tokens[WEB_LOOK_TOKENS_MAX]);
/* Microseconds until web_book_step has something to do or, with `can_ask`, web_book_take. */
int64_t web_book_due_us(struct web_book *book, bool can_ask);
/* The answer for one of the tokens. */
void
web_book_tell(struct web_book *book, const struct web_token *token, const struct web_page *page);
/* No answer came for them; they are asked for again a little later. */
void web_book_tell_away(struct web_book *book, const struct web_token *tokens, size_t count);
/* What all pages have in common; before the pages of the same answer. */
void web_book_tell_house(struct web_book *book, const struct web_house *house);

void
web_book_visit_changed(struct web_book *book, const struct sugu_id *visit, const char *department);
/* Anything may have changed. */
void web_book_all_changed(struct web_book *book);
/* The server is silent, or answers again. Watchers are told when it falls silent. */
void web_book_set_away(struct web_book *book, bool is_away);

/* Lets waiters go whose time is up, forgets what nobody reads. */
void web_book_step(struct web_book *book);

struct web_book_count {
    size_t pages, watches, wanted, asked;
    uint64_t looks, changes;
};
void web_book_count(const struct web_book *book, struct web_book_count *ret_count);
