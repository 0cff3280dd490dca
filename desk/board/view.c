/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - sorting into lists, turning pages, naming desks
 */
#include "view.h"

#include "base/text.h"
#include "domain/date.h"
#include "domain/ticket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Entries of one list, newest call first. */
struct list {
    const struct board_number *numbers[BOARD_NUMBERS_MAX];
    size_t count;
};

static int
compare_numbers(const void *left, const void *right)
{
    const struct board_number *a = *(const struct board_number *const *)left;
    const struct board_number *b = *(const struct board_number *const *)right;

    if (a->called_utc_us != b->called_utc_us)
        return a->called_utc_us > b->called_utc_us ? -1 : 1;
    return strcmp(a->number, b->number);
}

static bool
belongs(const struct board_number *number,
        enum board_section section,
        const struct board_rules *rules,
        int64_t now_us)
{
    bool is_old = now_us - number->called_us >= rules->now_us;

    switch (number->state) {
    case BOARD_CALLED:
        return section == (is_old ? BOARD_BEFORE : BOARD_NOW);
    case BOARD_PRESENT:
        return section == BOARD_BEFORE;
    case BOARD_MISSED:
        return section == BOARD_MISSED_LIST && now_us - number->state_us < rules->missed_us;
    case BOARD_OFF:
        break;
    }
    return false;
}

static void
gather(const struct board_viewing *viewing,
       enum board_section section,
       int64_t now_us,
       struct list *ret_list)
{
    const struct board_state *state = viewing->state;

    ret_list->count = 0;
    for (size_t i = 0; i < state->number_count; i++)
        if (belongs(&state->numbers[i], section, viewing->rules, now_us))
            ret_list->numbers[ret_list->count++] = &state->numbers[i];
    qsort(ret_list->numbers, ret_list->count, sizeof ret_list->numbers[0], compare_numbers);
}

/* The page whose turn it is; its first entry. */
static size_t
turn(const struct board_viewing *viewing,
     enum board_section section,
     size_t count,
     int64_t now_us,
     struct board_page *ret_page)
{
    const struct board_area *area = &viewing->layout->areas[section];
    size_t capacity = board_area_capacity(area), turns = area->turns ? area->turns : 1;
    size_t step = (size_t)(now_us / viewing->rules->page_us), pages, page;

    if (area->title.width <= 0 || step % turns != area->turn) {
        *ret_page = (struct board_page){.pages = 0};
        return 0;
    }
    if (capacity > BOARD_PAGE_MAX)
        capacity = BOARD_PAGE_MAX;
    pages = count ? (count + capacity - 1) / capacity : 1;
    page = step / turns % pages;
    ret_page->page = (uint32_t)page + 1;
    ret_page->pages = (uint32_t)pages;
    ret_page->count = count - page * capacity < capacity ? count - page * capacity : capacity;
    return page * capacity;
}

/* ---------------------------------------------------------------- the calls */

static void
name_desk(const struct board_number *number, struct board_called *called)
{
    sugu_desk_name(called->desk, "ja", number->desk_word, number->desk);
    if (sugu_desk_is_numbered(number->desk))
        sugu_desk_name(called->desk_english, "en", number->desk_word, number->desk);
}

static bool
is_spoken(const struct board_viewing *viewing, const struct board_number *number)
{
    return viewing->spoken_number && strcmp(viewing->spoken_number, number->number) == 0 &&
           strcmp(viewing->spoken_department, number->department) == 0;
}

/* What was just called comes to the front; the others turn their pages behind it. */
static void
make_now(const struct board_viewing *viewing, int64_t now_us, struct board_view *view)
{
    struct board_page *page = &view->pages[BOARD_NOW];
    struct list list;
    size_t first;
    bool has_new = false;

    gather(viewing, BOARD_NOW, now_us, &list);
    for (size_t i = 0; i < list.count; i++)
        has_new |= now_us - list.numbers[i]->called_us < BOARD_NEW_US;
    first = turn(viewing, BOARD_NOW, list.count, has_new ? 0 : now_us, page);
    for (size_t i = 0; i < page->count; i++) {
        const struct board_number *number = list.numbers[first + i];
        struct board_called *called = &view->now[i];
        sugu_text_copy(called->number, sizeof called->number, number->number);
        sugu_text_copy(called->department_name, sizeof called->department_name,
                       number->department_name);
        name_desk(number, called);
        called->is_new = now_us - number->called_us < BOARD_NEW_US || is_spoken(viewing, number);
    }
}

static void
make_list(const struct board_viewing *viewing,
          enum board_section section,
          int64_t now_us,
          struct board_view *view)
{
    struct board_page *page = &view->pages[section];
    struct list list;
    size_t first;

    gather(viewing, section, now_us, &list);
    first = turn(viewing, section, list.count, now_us, page);
    for (size_t i = 0; i < page->count; i++)
        sugu_text_copy(view->numbers[section][i], BOARD_TEXT_SIZE, list.numbers[first + i]->number);
}

/* ---------------------------------------------------------------- bills and ranges */

static int
compare_bills(const void *left, const void *right)
{
    const struct board_bill *a = *(const struct board_bill *const *)left;
    const struct board_bill *b = *(const struct board_bill *const *)right;

    return strcmp(a->number, b->number); /* a list to look oneself up in */
}

static void
make_bills(const struct board_viewing *viewing, int64_t now_us, struct board_view *view)
{
    const struct board_state *state = viewing->state;
    struct board_page *page = &view->pages[BOARD_BILLS];
    const struct board_bill *bills[BOARD_BILLS_MAX];
    size_t count = 0, first;

    if (!viewing->rules->has_bills)
        return;
    for (size_t i = 0; i < state->bill_count; i++)
        if (state->bills[i].is_ready)
            bills[count++] = &state->bills[i];
    qsort(bills, count, sizeof bills[0], compare_bills);
    first = turn(viewing, BOARD_BILLS, count, now_us, page);
    for (size_t i = 0; i < page->count; i++)
        sugu_text_copy(view->numbers[BOARD_BILLS][i], BOARD_TEXT_SIZE, bills[first + i]->number);
}

void
board_wait_write(const struct board_wait *wait, bool is_wide, struct board_wait_words *ret_words)
{
    char people[sizeof ret_words->people];

    if (wait->waiting < SUGU_BEFORE_YOU_MAX)
        snprintf(people, sizeof people, "%u人", wait->waiting);
    else /* more than the column holds, and nobody counts them */
        snprintf(people, sizeof people, "%u+", SUGU_BEFORE_YOU_MAX);
    memset(ret_words, 0, sizeof *ret_words);
    if (is_wide && wait->waiting > 0)
        memcpy(ret_words->people, people, sizeof people);
    if (wait->waiting == 0)
        snprintf(ret_words->range, sizeof ret_words->range, "%s",
                 is_wide ? "待ちなし  No queue" : "待ちなし");
    else if (wait->high_min == 0)
        snprintf(ret_words->range, sizeof ret_words->range, "%s", is_wide ? "—" : people);
    else if (wait->low_min == wait->high_min)
        snprintf(ret_words->range, sizeof ret_words->range, "%u分", wait->high_min);
    else
        snprintf(ret_words->range, sizeof ret_words->range, "%u〜%u分", wait->low_min,
                 wait->high_min);
}

static void
make_waits(const struct board_viewing *viewing, int64_t now_us, struct board_view *view)
{
    const struct board_state *state = viewing->state;
    struct board_page *page = &view->pages[BOARD_WAITS];
    size_t first = turn(viewing, BOARD_WAITS, state->wait_count, now_us, page);

    for (size_t i = 0; i < page->count; i++)
        view->waits[i] = state->waits[first + i];
}

/* ---------------------------------------------------------------- the whole view */

static void
write_clock(char text[BOARD_CLOCK_SIZE], sugu_time_us utc_us, int32_t offset_minutes)
{
    uint32_t minutes = sugu_minutes_of_utc(utc_us, offset_minutes);

    snprintf(text, BOARD_CLOCK_SIZE, "%02u:%02u", minutes / 60 % 24, minutes % 60);
}

void
board_view_make(const struct board_viewing *viewing,
                const struct board_moment *moment,
                struct board_view *ret_view)
{
    int32_t offset_minutes = viewing->rules->utc_offset_minutes;

    memset(ret_view, 0, sizeof *ret_view);
    make_now(viewing, moment->now_us, ret_view);
    make_list(viewing, BOARD_BEFORE, moment->now_us, ret_view);
    make_list(viewing, BOARD_MISSED_LIST, moment->now_us, ret_view);
    make_bills(viewing, moment->now_us, ret_view);
    make_waits(viewing, moment->now_us, ret_view);
    write_clock(ret_view->clock, moment->utc_us, offset_minutes);
    ret_view->line = viewing->hearing.line;
    if (ret_view->line == BOARD_STALE)
        write_clock(ret_view->since, viewing->hearing.since_utc, offset_minutes);
}
