/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-web-book - when a page is looked at again, who is told, and what is forgotten
 */
#include "web/book.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

struct reader {
    unsigned told;
    enum web_look look;
    uint32_t before;
};

struct desk {
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct web_book *book;
    struct web_token taken[WEB_LOOK_TOKENS_MAX];
};

static void
desk_init(struct desk *desk, size_t page_max)
{
    memset(desk, 0, sizeof *desk);
    sugu_clock_manual_init(&desk->clock, 1000 * SUGU_SECOND);
    sugu_random_seeded_init(&desk->random, 1);
    desk->book = web_book_new(&(struct web_book_settings){.page_max = page_max,
                                                          .look_us_min = SUGU_SECOND,
                                                          .refresh_us = SUGU_MINUTE,
                                                          .keep_us = 40 * SUGU_SECOND,
                                                          .wait_us = 5 * SUGU_SECOND},
                              &desk->clock.clock, &desk->random.random);
}

static struct web_token
token(uint8_t number)
{
    return (struct web_token){{number, 1, 2, 3}};
}

static struct web_page
page_of(uint8_t number, uint32_t before)
{
    struct web_page page = {.is_found = true, .stage_count = 1};

    page.visit.bytes[0] = number;
    page.stages[0].before_you = before;
    snprintf(page.stages[0].department, sizeof page.stages[0].department, "A");
    return page;
}

static void
on_sight(void *user, const struct web_sight *sight)
{
    struct reader *reader = user;

    reader->told++;
    reader->look = sight->look;
    reader->before = sight->page ? sight->page->stages[0].before_you : 0;
}

static void
ask(struct desk *desk, uint8_t number, struct reader *reader)
{
    struct web_token wanted = token(number);

    web_book_ask(desk->book, &wanted, on_sight, reader);
}

/* The server answers what it is asked; how many pages that were. */
static size_t
answer(struct desk *desk, uint32_t before)
{
    size_t count = web_book_take(desk->book, desk->taken);

    for (size_t i = 0; i < count; i++) {
        struct web_page page = page_of(desk->taken[i].bytes[0], before);
        web_book_tell(desk->book, &desk->taken[i], &page);
    }
    return count;
}

static struct web_watch *
watch(struct desk *desk, uint8_t number, struct reader *reader)
{
    struct web_token wanted = token(number);
    struct reader first = {0};

    ask(desk, number, &first);
    if (!first.told)
        answer(desk, 9);
    return web_book_watch(desk->book, &wanted, on_sight, reader);
}

static struct sugu_id
visit(uint8_t number)
{
    return (struct sugu_id){{number}};
}

START_TEST(who_asks_is_told_once_the_server_has_answered)
{
    struct desk desk;
    struct reader one = {0}, other = {0}, later = {0};

    desk_init(&desk, 100);
    ask(&desk, 1, &one);
    ask(&desk, 1, &other);
    ck_assert_uint_eq(one.told, 0);
    ck_assert_int_eq(web_book_due_us(desk.book, true), 0);
    ck_assert_uint_eq(answer(&desk, 4), 1); /* one look for both */
    ck_assert_uint_eq(one.told + other.told, 2);
    ck_assert_int_eq(one.look, WEB_LOOK_FOUND);
    ck_assert_uint_eq(one.before, 4);
    ask(&desk, 1, &later); /* within a second: the same */
    ck_assert_uint_eq(later.told, 1);
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    ask(&desk, 1, &later);
    ck_assert_uint_eq(later.told, 1);
    ck_assert_uint_eq(answer(&desk, 3), 1);
    ck_assert_uint_eq(later.before, 3);
    web_book_free(desk.book);
}
END_TEST

START_TEST(what_does_not_exist_goes_the_same_way)
{
    struct desk desk;
    struct reader one = {0}, again = {0};
    struct web_page none = {0};
    struct web_token wanted = token(1);

    desk_init(&desk, 100);
    ask(&desk, 1, &one);
    ck_assert_uint_eq(web_book_take(desk.book, desk.taken), 1);
    web_book_tell(desk.book, &wanted, &none);
    ck_assert_int_eq(one.look, WEB_LOOK_UNKNOWN);
    ask(&desk, 1, &again);
    ck_assert_uint_eq(again.told, 1);
    ck_assert(!web_book_knows(desk.book, &wanted));
    ck_assert_ptr_null(web_book_watch(desk.book, &wanted, on_sight, &again));
    sugu_clock_manual_advance(&desk.clock, 3 * SUGU_SECOND);
    web_book_step(desk.book);
    struct web_book_count count;
    web_book_count(desk.book, &count);
    ck_assert_uint_eq(count.pages, 0); /* not kept */
    web_book_free(desk.book);
}
END_TEST

START_TEST(a_page_is_looked_at_once_a_second_and_never_forgotten)
{
    struct desk desk;
    struct reader reader = {0};
    struct sugu_id changed = visit(1);
    struct web_watch *watched;

    desk_init(&desk, 100);
    watched = watch(&desk, 1, &reader);
    for (int i = 0; i < 50; i++)
        web_book_visit_changed(desk.book, &changed, "A");
    ck_assert_uint_eq(answer(&desk, 8), 0); /* looked at a moment ago */
    ck_assert_int_eq(web_book_due_us(desk.book, true), SUGU_SECOND);
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    ck_assert_uint_eq(web_book_take(desk.book, desk.taken), 1);
    web_book_visit_changed(desk.book, &changed, "A"); /* while it is asked for */
    struct web_page page = page_of(1, 7);
    web_book_tell(desk.book, &desk.taken[0], &page);
    ck_assert_uint_eq(reader.told, 1);
    ck_assert_uint_eq(reader.before, 7);
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    ck_assert_uint_eq(answer(&desk, 6), 1); /* the later change was not lost */
    ck_assert_uint_eq(reader.before, 6);
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    ck_assert_uint_eq(answer(&desk, 5), 0);
    web_watch_free(watched);
    web_book_free(desk.book);
}
END_TEST

START_TEST(a_queue_that_moves_concerns_all_who_wait_there_the_called_one_first)
{
    struct desk desk;
    struct reader readers[15] = {0};
    struct web_watch *watches[15];
    struct sugu_id called = visit(14), nobody = visit(99);
    size_t asked;

    desk_init(&desk, 100);
    for (uint8_t i = 0; i < 15; i++)
        watches[i] = watch(&desk, i, &readers[i]);
    sugu_clock_manual_advance(&desk.clock, 2 * SUGU_SECOND);
    web_book_visit_changed(desk.book, &nobody, "B"); /* another queue */
    ck_assert_uint_eq(web_book_take(desk.book, desk.taken), 0);
    web_book_visit_changed(desk.book, &called, "A");
    asked = web_book_take(desk.book, desk.taken);
    ck_assert_uint_eq(asked, WEB_LOOK_TOKENS_MAX);
    ck_assert_uint_eq(desk.taken[0].bytes[0], 14);
    ck_assert_uint_eq(web_book_take(desk.book, desk.taken), 15 - asked);
    for (size_t i = 0; i < 15; i++)
        web_watch_free(watches[i]);
    web_book_free(desk.book);
}
END_TEST

START_TEST(watchers_hear_changes_only)
{
    struct desk desk;
    struct reader reader = {0};
    struct web_watch *watched;
    struct web_house house = {.facility_name = "すぐ病院"};

    desk_init(&desk, 100);
    watched = watch(&desk, 1, &reader);
    sugu_clock_manual_advance(&desk.clock, SUGU_MINUTE + 2 * SUGU_SECOND);
    web_book_step(desk.book);
    ck_assert_uint_eq(answer(&desk, 9), 1); /* looked at for its ranges, and all is as it was */
    ck_assert_uint_eq(reader.told, 0);
    sugu_clock_manual_advance(&desk.clock, SUGU_MINUTE + 2 * SUGU_SECOND);
    web_book_step(desk.book);
    web_book_tell_house(desk.book, &house);
    ck_assert_uint_eq(answer(&desk, 9), 1); /* the hospital's lines are new */
    ck_assert_uint_eq(reader.told, 1);
    web_watch_free(watched);
    web_book_free(desk.book);
}
END_TEST

START_TEST(a_silent_server_makes_pages_stale_and_lets_nobody_wait_for_ever)
{
    struct desk desk;
    struct reader watcher = {0}, known = {0}, unknown = {0};
    struct web_watch *watched;

    desk_init(&desk, 100);
    watched = watch(&desk, 1, &watcher);
    web_book_set_away(desk.book, true);
    ck_assert_uint_eq(watcher.told, 1);
    ck_assert_int_eq(watcher.look, WEB_LOOK_STALE);
    ask(&desk, 1, &known);
    ck_assert_int_eq(known.look, WEB_LOOK_STALE);
    ask(&desk, 2, &unknown);
    sugu_clock_manual_advance(&desk.clock, 4 * SUGU_SECOND);
    web_book_step(desk.book);
    ck_assert_uint_eq(unknown.told, 0);
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    web_book_step(desk.book);
    ck_assert_uint_eq(unknown.told, 1);
    ck_assert_int_eq(unknown.look, WEB_LOOK_AWAY);
    web_book_set_away(desk.book, false);
    ck_assert_uint_eq(answer(&desk, 9), 1);         /* nobody waits for the other any more */
    ck_assert_int_eq(watcher.look, WEB_LOOK_FOUND); /* nothing changed but that it is right again */
    ck_assert_uint_eq(watcher.told, 2);
    web_watch_free(watched);
    web_book_free(desk.book);
}
END_TEST

START_TEST(an_answer_that_does_not_come_is_asked_for_again)
{
    struct desk desk;
    struct reader reader = {0};
    size_t count;

    desk_init(&desk, 100);
    ask(&desk, 1, &reader);
    count = web_book_take(desk.book, desk.taken);
    web_book_tell_away(desk.book, desk.taken, count);
    ck_assert_uint_eq(web_book_take(desk.book, desk.taken), 0); /* not at once */
    sugu_clock_manual_advance(&desk.clock, SUGU_SECOND);
    ck_assert_uint_eq(answer(&desk, 4), 1);
    ck_assert_int_eq(reader.look, WEB_LOOK_FOUND);
    web_book_free(desk.book);
}
END_TEST

START_TEST(a_full_book_forgets_what_nobody_reads_and_refuses_then)
{
    struct desk desk;
    struct reader readers[3] = {0}, reader = {0};
    struct web_watch *watches[3];

    desk_init(&desk, 3);
    ask(&desk, 9, &reader);
    answer(&desk, 1);
    for (uint8_t i = 0; i < 3; i++)
        watches[i] = watch(&desk, i, &readers[i]); /* the third takes the place of 9 */
    ck_assert_ptr_nonnull(watches[2]);
    ask(&desk, 10, &reader);
    ck_assert_int_eq(reader.look, WEB_LOOK_AWAY);
    web_watch_free(watches[0]);
    ask(&desk, 10, &reader);
    ck_assert_uint_eq(answer(&desk, 5), 1);
    ck_assert_int_eq(reader.look, WEB_LOOK_FOUND);
    web_watch_free(watches[1]);
    web_watch_free(watches[2]);
    sugu_clock_manual_advance(&desk.clock, SUGU_MINUTE);
    web_book_step(desk.book);
    struct web_book_count count;
    web_book_count(desk.book, &count);
    ck_assert_uint_eq(count.pages, 0);
    web_book_free(desk.book);
}
END_TEST

SUGU_TEST_MAIN("web-book",
               who_asks_is_told_once_the_server_has_answered,
               what_does_not_exist_goes_the_same_way,
               a_page_is_looked_at_once_a_second_and_never_forgotten,
               a_queue_that_moves_concerns_all_who_wait_there_the_called_one_first,
               watchers_hear_changes_only,
               a_silent_server_makes_pages_stale_and_lets_nobody_wait_for_ever,
               an_answer_that_does_not_come_is_asked_for_again,
               a_full_book_forgets_what_nobody_reads_and_refuses_then)
