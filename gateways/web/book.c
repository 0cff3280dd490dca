/* SPDX-License-Identifier: Apache-2.0 */
/*
 * book - the pages that somebody looks at now, and when the server is asked for them again
 */
#include "web/book.h"

#include <glib.h>

#include <assert.h>
#include <string.h>

#define SWEEP_US SUGU_SECOND

/* Equal tokens, equal keys; the hash says nothing about the token to who measures the time. */
struct key {
    guint hash;
    struct web_token token;
};

enum place { IDLE, EARLY, URGENT, ORDINARY, ASKED };

struct entry {
    struct key key;
    struct web_page page;
    bool is_known;        /* the server has answered for it */
    bool is_shown_stale;  /* watchers were told that the server is silent */
    bool is_urgent;       /* asked for by a reader or by its own visit */
    bool is_wanted_again; /* changed while it was asked for */
    enum place place;
    GList link;            /* in the queue of its place; data is the entry */
    int64_t looked_at_us;  /* monotonic, when it was last asked for; INT64_MIN = never */
    int64_t used_at_us;    /* monotonic, by a reader */
    int64_t as_of_us;      /* UTC, when it was right */
    int64_t changed_at_us; /* monotonic, of the first change that is not asked for; 0 = none */
    int64_t since_us;      /* the same of the look under way */
    uint32_t house_version;
    GQueue waiters, watches;
};

struct waiter {
    struct entry *entry;
    web_on_sight on_sight;
    void *user;
    int64_t until_us; /* monotonic */
    GList link;       /* in the entry's */
    GList line;       /* among all */
};

struct web_watch {
    struct web_book *book;
    struct entry *entry;
    web_on_sight on_sight;
    void *user;
    GList link;
};

struct web_book {
    struct web_book_settings settings;
    const struct sugu_clock *clock;
    uint64_t seeds[3];
    GHashTable *entries; /* key in entry → entry, owned */
    GQueue early;        /* wanted, looked at too short ago; by looked_at */
    GQueue urgent, ordinary;
    GQueue waiters; /* by until */
    struct web_house house;
    uint32_t house_version;
    bool is_away;
    int64_t sweep_at_us;
    size_t asked, watches;
    uint64_t looks, changes;
};

static int64_t
now_us(const struct web_book *book)
{
    return book->clock->monotonic_us(book->clock);
}

static guint
hash_key(gconstpointer key)
{
    return ((const struct key *)key)->hash;
}

static gboolean
equal_keys(gconstpointer a, gconstpointer b)
{
    const struct key *one = a, *other = b;
    uint8_t differs = 0;

    for (size_t i = 0; i < WEB_TOKEN_SIZE; i++)
        differs |= one->token.bytes[i] ^ other->token.bytes[i];
    return differs == 0;
}

/* Multiply and shift with secret odd factors: nobody can choose tokens that fall together. */
static struct key
key_of(const struct web_book *book, const struct web_token *token)
{
    struct key key = {.token = *token};
    uint64_t halves[2];

    memcpy(halves, token->bytes, sizeof halves);
    key.hash = (guint)((halves[0] * (book->seeds[0] | 1) + halves[1] * (book->seeds[1] | 1) +
                        book->seeds[2]) >>
                       32);
    return key;
}

static void
free_entry(gpointer data)
{
    struct entry *entry = data;

    explicit_bzero(entry, sizeof *entry);
    g_free(entry);
}

struct web_book *
web_book_new(const struct web_book_settings *settings,
             const struct sugu_clock *clock,
             struct sugu_random *random)
{
    struct web_book *book = g_new0(struct web_book, 1);

    book->settings = *settings;
    book->clock = clock;
    random->fill(random, book->seeds, sizeof book->seeds);
    book->entries = g_hash_table_new_full(hash_key, equal_keys, NULL, free_entry);
    book->house_version = 1;
    book->sweep_at_us = now_us(book) + SWEEP_US;
    return book;
}

struct web_book *
web_book_free(struct web_book *book)
{
    GList *line;

    if (!book)
        return NULL;
    while ((line = g_queue_pop_head_link(&book->waiters)))
        g_free(line->data);
    g_hash_table_unref(book->entries);
    g_free(book);
    return NULL;
}

/* ---- places */

static GQueue *
queue_of(struct web_book *book, enum place place)
{
    switch (place) {
    case EARLY:
        return &book->early;
    case URGENT:
        return &book->urgent;
    case ORDINARY:
        return &book->ordinary;
    case IDLE:
    case ASKED:
        break;
    }
    return NULL;
}

static int64_t
allowed_us(const struct web_book *book, const struct entry *entry)
{
    return entry->looked_at_us == INT64_MIN ? INT64_MIN
                                            : entry->looked_at_us + book->settings.look_us_min;
}

static void
leave_place(struct web_book *book, struct entry *entry)
{
    GQueue *queue = queue_of(book, entry->place);

    if (queue)
        g_queue_unlink(queue, &entry->link);
    if (entry->place == ASKED)
        book->asked--;
    entry->place = IDLE;
}

/* Sorted by the time of the last look; those that come late belong to the end. */
static void
put_early(struct web_book *book, struct entry *entry)
{
    GList *before = book->early.tail;

    while (before && ((struct entry *)before->data)->looked_at_us > entry->looked_at_us)
        before = before->prev;
    entry->place = EARLY;
    g_queue_insert_after_link(&book->early, before, &entry->link);
}

static void
want(struct web_book *book, struct entry *entry, bool is_urgent)
{
    if (entry->place == ASKED) {
        entry->is_wanted_again = true;
        entry->is_urgent = entry->is_urgent || is_urgent;
        return;
    }
    if (entry->place != IDLE && (entry->is_urgent || !is_urgent))
        return;
    if (entry->place == EARLY) {
        entry->is_urgent = true;
        return;
    }
    leave_place(book, entry);
    entry->is_urgent = is_urgent;
    if (allowed_us(book, entry) > now_us(book)) {
        put_early(book, entry);
        return;
    }
    entry->place = is_urgent ? URGENT : ORDINARY;
    g_queue_push_tail_link(queue_of(book, entry->place), &entry->link);
}

/* It has changed: look at it again, at once where somebody is looking. */
static void
mark(struct web_book *book, struct entry *entry, bool is_urgent)
{
    if (!entry->changed_at_us)
        entry->changed_at_us = now_us(book);
    if (entry->watches.length > 0 || entry->waiters.length > 0 || entry->place == ASKED)
        want(book, entry, is_urgent);
    else
        entry->is_wanted_again = true;
}

/* ---- readers */

static void
see(const struct web_book *book, const struct entry *entry, struct web_sight *to)
{
    bool is_found = entry->is_known && entry->page.is_found;

    *to = (struct web_sight){
        .house = &book->house, .as_of_us = entry->as_of_us, .since_us = entry->since_us};
    if (is_found)
        to->page = &entry->page;
    if (book->is_away || !entry->is_known)
        to->look = is_found ? WEB_LOOK_STALE : WEB_LOOK_AWAY;
    else
        to->look = is_found ? WEB_LOOK_FOUND : WEB_LOOK_UNKNOWN;
}

static void
let_go(struct web_book *book, struct waiter *waiter, bool is_late)
{
    struct web_sight sight;

    g_queue_unlink(&waiter->entry->waiters, &waiter->link);
    g_queue_unlink(&book->waiters, &waiter->line);
    see(book, waiter->entry, &sight);
    if (is_late && sight.look == WEB_LOOK_FOUND)
        sight.look = WEB_LOOK_STALE;
    waiter->on_sight(waiter->user, &sight);
    g_free(waiter);
}

static bool
is_in_use(const struct entry *entry)
{
    return entry->watches.length > 0 || entry->waiters.length > 0 || entry->place == ASKED;
}

static void
forget(struct web_book *book, struct entry *entry)
{
    leave_place(book, entry);
    g_hash_table_remove(book->entries, &entry->key);
}

/* Makes room by forgetting the page that was not used longest. */
static bool
make_room(struct web_book *book)
{
    struct entry *oldest = NULL;
    GHashTableIter all;
    gpointer value;

    if (g_hash_table_size(book->entries) < book->settings.page_max)
        return true;
    g_hash_table_iter_init(&all, book->entries);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        struct entry *entry = value;
        if (!is_in_use(entry) && (!oldest || entry->used_at_us < oldest->used_at_us))
            oldest = entry;
    }
    if (oldest)
        forget(book, oldest);
    return oldest != NULL;
}

static struct entry *
find(struct web_book *book, const struct web_token *token)
{
    struct key key = key_of(book, token);

    return g_hash_table_lookup(book->entries, &key);
}

static struct entry *
open_entry(struct web_book *book, const struct web_token *token)
{
    struct entry *entry = find(book, token);

    if (!entry) {
        if (!make_room(book))
            return NULL;
        entry = g_new0(struct entry, 1);
        entry->key = key_of(book, token);
        entry->looked_at_us = INT64_MIN;
        entry->link.data = entry;
        g_hash_table_insert(book->entries, &entry->key, entry);
    }
    entry->used_at_us = now_us(book);
    return entry;
}

/* Looked at a moment ago, and nothing has changed since. */
static bool
is_fresh(const struct web_book *book, const struct entry *entry)
{
    return entry->place == IDLE && !entry->is_wanted_again &&
           allowed_us(book, entry) > now_us(book);
}

void
web_book_ask(struct web_book *book,
             const struct web_token *token,
             web_on_sight on_sight,
             void *user)
{
    struct entry *entry = open_entry(book, token);
    struct web_sight sight = {.look = WEB_LOOK_AWAY, .house = &book->house};
    struct waiter *waiter;
    int64_t now = now_us(book);

    if (entry)
        see(book, entry, &sight);
    if (!entry || (entry->is_known && (sight.look == WEB_LOOK_STALE || is_fresh(book, entry)))) {
        on_sight(user, &sight);
        return;
    }
    waiter = g_new0(struct waiter, 1);
    *waiter = (struct waiter){.entry = entry,
                              .on_sight = on_sight,
                              .user = user,
                              .until_us = now + book->settings.wait_us,
                              .link = {.data = waiter},
                              .line = {.data = waiter}};
    g_queue_push_tail_link(&entry->waiters, &waiter->link);
    g_queue_push_tail_link(&book->waiters, &waiter->line);
    want(book, entry, /* is_urgent= */ true);
}

struct web_watch *
web_book_watch(struct web_book *book,
               const struct web_token *token,
               web_on_sight on_sight,
               void *user)
{
    struct entry *entry = find(book, token);
    struct web_watch *watch;

    if (!entry || !entry->is_known || !entry->page.is_found)
        return NULL;
    watch = g_new0(struct web_watch, 1);
    *watch = (struct web_watch){
        .book = book, .entry = entry, .on_sight = on_sight, .user = user, .link = {.data = watch}};
    g_queue_push_tail_link(&entry->watches, &watch->link);
    entry->is_shown_stale = book->is_away;
    book->watches++;
    return watch;
}

struct web_watch *
web_watch_free(struct web_watch *watch)
{
    if (watch) {
        g_queue_unlink(&watch->entry->watches, &watch->link);
        watch->entry->used_at_us = now_us(watch->book);
        watch->book->watches--;
    }
    g_free(watch);
    return NULL;
}

void
web_watch_sight(const struct web_watch *watch, struct web_sight *ret_sight)
{
    see(watch->book, watch->entry, ret_sight);
}

bool
web_book_knows(struct web_book *book, const struct web_token *token)
{
    const struct entry *entry = find(book, token);

    return entry && entry->is_known && entry->page.is_found;
}

/* ---- the server's side */

static void
ripen(struct web_book *book)
{
    int64_t now = now_us(book);
    GList *head;

    while ((head = book->early.head)) {
        struct entry *entry = head->data;
        if (allowed_us(book, entry) > now)
            return;
        leave_place(book, entry);
        entry->place = entry->is_urgent ? URGENT : ORDINARY;
        g_queue_push_tail_link(queue_of(book, entry->place), &entry->link);
    }
}

size_t
web_book_take(struct web_book *book, struct web_token tokens[WEB_LOOK_TOKENS_MAX])
{
    size_t count = 0;

    ripen(book);
    while (count < WEB_LOOK_TOKENS_MAX) {
        GQueue *queue = book->urgent.head ? &book->urgent : &book->ordinary;
        struct entry *entry = g_queue_peek_head(queue);
        if (!entry)
            break;
        leave_place(book, entry);
        entry->place = ASKED;
        entry->is_urgent = false;
        entry->is_wanted_again = false;
        entry->looked_at_us = now_us(book);
        entry->since_us = entry->changed_at_us;
        entry->changed_at_us = 0;
        book->asked++;
        book->looks++;
        tokens[count++] = entry->key.token;
    }
    return count;
}

int64_t
web_book_due_us(struct web_book *book, bool can_ask)
{
    int64_t now = now_us(book);
    int64_t due = book->sweep_at_us;
    const struct entry *early = g_queue_peek_head(&book->early);
    const struct waiter *waiter = g_queue_peek_head(&book->waiters);

    if (can_ask && (book->urgent.head || book->ordinary.head))
        return 0;
    if (can_ask && early && allowed_us(book, early) < due)
        due = allowed_us(book, early);
    if (waiter && waiter->until_us < due)
        due = waiter->until_us;
    return due > now ? due - now : 0;
}

static void
tell_watchers(struct web_book *book, struct entry *entry)
{
    struct web_sight sight;

    see(book, entry, &sight);
    entry->is_shown_stale = sight.look == WEB_LOOK_STALE;
    for (GList *link = entry->watches.head; link;) {
        struct web_watch *watch = link->data;
        link = link->next; /* a watcher may free its own watch */
        watch->on_sight(watch->user, &sight);
    }
}

static void
release(struct web_book *book, struct entry *entry)
{
    struct waiter *waiter;

    while ((waiter = g_queue_peek_head(&entry->waiters)))
        let_go(book, waiter, /* is_late= */ false);
}

void
web_book_tell(struct web_book *book, const struct web_token *token, const struct web_page *page)
{
    struct entry *entry = find(book, token);
    bool has_changed;

    if (!entry)
        return;
    leave_place(book, entry);
    has_changed = !entry->is_known || entry->is_shown_stale ||
                  entry->house_version != book->house_version ||
                  !web_page_equal(&entry->page, page);
    entry->page = *page;
    entry->is_known = true;
    entry->as_of_us = book->clock->utc_us(book->clock);
    entry->house_version = book->house_version;
    if (entry->is_wanted_again && is_in_use(entry))
        want(book, entry, entry->is_urgent);
    if (has_changed) {
        book->changes++;
        tell_watchers(book, entry);
    }
    entry->since_us = 0;
    release(book, entry);
}

void
web_book_tell_away(struct web_book *book, const struct web_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = find(book, &tokens[i]);
        if (!entry || entry->place != ASKED)
            continue;
        leave_place(book, entry);
        entry->changed_at_us = entry->since_us;
        want(book, entry, /* is_urgent= */ entry->waiters.length > 0);
    }
}

void
web_book_tell_house(struct web_book *book, const struct web_house *house)
{
    if (web_house_equal(&book->house, house))
        return;
    book->house = *house;
    book->house_version++;
}

/* Does the page show how many are before it in this queue? */
static bool
waits_in(const struct web_page *page, const char *department)
{
    for (size_t i = 0; i < page->stage_count; i++)
        if (page->stages[i].state == SUGU_STAGE_WAITING &&
            strcmp(page->stages[i].department, department) == 0)
            return true;
    return false;
}

void
web_book_visit_changed(struct web_book *book, const struct sugu_id *visit, const char *department)
{
    GHashTableIter all;
    gpointer value;

    g_hash_table_iter_init(&all, book->entries);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        struct entry *entry = value;
        if (!entry->is_known || !entry->page.is_found) {
            if (entry->place == ASKED) /* the answer under way may be of before */
                entry->is_wanted_again = true;
            continue;
        }
        if (sugu_id_equal(&entry->page.visit, visit))
            mark(book, entry, /* is_urgent= */ true);
        else if (*department && waits_in(&entry->page, department))
            mark(book, entry, /* is_urgent= */ false);
    }
}

void
web_book_all_changed(struct web_book *book)
{
    GHashTableIter all;
    gpointer value;

    g_hash_table_iter_init(&all, book->entries);
    while (g_hash_table_iter_next(&all, NULL, &value))
        mark(book, value, /* is_urgent= */ false);
}

void
web_book_set_away(struct web_book *book, bool is_away)
{
    GHashTableIter all;
    gpointer value;

    if (book->is_away == is_away)
        return;
    book->is_away = is_away;
    if (!is_away) { /* each is told when its look came back */
        web_book_all_changed(book);
        return;
    }
    g_hash_table_iter_init(&all, book->entries);
    while (g_hash_table_iter_next(&all, NULL, &value))
        tell_watchers(book, value);
}

/* ---- time passes */

static void
sweep(struct web_book *book)
{
    int64_t now = now_us(book);
    GHashTableIter all;
    gpointer value;

    book->sweep_at_us = now + SWEEP_US;
    g_hash_table_iter_init(&all, book->entries);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        struct entry *entry = value;
        int64_t keep = entry->page.is_found ? book->settings.keep_us : book->settings.look_us_min;
        if (!is_in_use(entry) && now - entry->used_at_us > keep) {
            leave_place(book, entry);
            g_hash_table_iter_remove(&all);
        } else if (entry->watches.length > 0 &&
                   now - entry->looked_at_us > book->settings.refresh_us) {
            want(book, entry, /* is_urgent= */ false);
        }
    }
}

void
web_book_step(struct web_book *book)
{
    int64_t now = now_us(book);
    struct waiter *waiter;

    while ((waiter = g_queue_peek_head(&book->waiters)) && waiter->until_us <= now)
        let_go(book, waiter, /* is_late= */ true);
    if (now >= book->sweep_at_us)
        sweep(book);
}

void
web_book_count(const struct web_book *book, struct web_book_count *ret_count)
{
    *ret_count = (struct web_book_count){
        .pages = g_hash_table_size(book->entries),
        .watches = book->watches,
        .wanted = book->early.length + book->urgent.length + book->ordinary.length,
        .asked = book->asked,
        .looks = book->looks,
        .changes = book->changes,
    };
}
