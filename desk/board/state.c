/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state - the server's answers and events, merged into one truth
 */
#include "state.h"

#include "base/text.h"

#include <string.h>

#define BOARD_DAY_US (24 * 60 * SUGU_MINUTE)

void
board_state_init(struct board_state *state,
                 const char *const *departments,
                 const struct board_callbacks *callbacks)
{
    memset(state, 0, sizeof *state);
    state->departments = departments;
    state->callbacks = *callbacks;
}

static bool
is_shown(const struct board_state *state, const char *department)
{
    const char *const *at = state->departments;

    if (!*at)
        return true;
    while (*at && strcmp(*at, department) != 0)
        at++;
    return *at != NULL;
}

static bool
is_recent(sugu_time_us called_utc_us, const struct board_moment *moment)
{
    return moment->utc_us - called_utc_us <= BOARD_LATE_US;
}

/* ---------------------------------------------------------------- numbers */

static struct board_number *
find_number(struct board_state *state, const char *number, const char *department)
{
    for (size_t i = 0; i < state->number_count; i++)
        if (strcmp(state->numbers[i].number, number) == 0 &&
            strcmp(state->numbers[i].department, department) == 0)
            return &state->numbers[i];
    return NULL;
}

static void
remove_number(struct board_state *state, size_t at)
{
    state->number_count--;
    memmove(&state->numbers[at], &state->numbers[at + 1],
            (state->number_count - at) * sizeof state->numbers[0]);
}

/* Room for one more: what is off goes first, then what has stood longest. */
static struct board_number *
add_number(struct board_state *state)
{
    size_t oldest = 0;

    if (state->number_count == BOARD_NUMBERS_MAX) {
        for (size_t i = 1; i < state->number_count; i++) {
            const struct board_number *a = &state->numbers[i], *b = &state->numbers[oldest];
            bool is_off = a->state == BOARD_OFF;
            if (is_off != (b->state == BOARD_OFF) ? is_off : a->state_us < b->state_us)
                oldest = i;
        }
        remove_number(state, oldest);
    }
    return memset(&state->numbers[state->number_count++], 0, sizeof state->numbers[0]);
}

static enum board_number_state
state_of(Sugu__StageState state)
{
    if (state == SUGU__STAGE_STATE__STAGE_CALLED)
        return BOARD_CALLED;
    if (state == SUGU__STAGE_STATE__STAGE_PRESENT)
        return BOARD_PRESENT;
    return state == SUGU__STAGE_STATE__STAGE_MISSED ? BOARD_MISSED : BOARD_OFF;
}

/* How long ago, by the wall clock; a call of the future has come just now. */
static int64_t
age_of(const Sugu__NumberCalled *called, const struct board_moment *moment)
{
    int64_t age_us = moment->utc_us - called->called_utc_us;

    if (moment->is_live || age_us < 0)
        return 0;
    return age_us < BOARD_DAY_US ? age_us : BOARD_DAY_US;
}

/* Puts what the server says into the entry; true where it says a call that is new here. */
static bool
put_number(struct board_number *entry,
           const Sugu__NumberCalled *called,
           const struct board_moment *moment)
{
    enum board_number_state state = state_of(called->state);
    bool is_new = !entry->number[0];
    bool is_call = state == BOARD_CALLED && called->calls > entry->calls;

    if (is_new || state != entry->state)
        entry->state_us = moment->now_us;
    if (is_new || is_call)
        entry->called_us = moment->now_us - age_of(called, moment);
    sugu_text_copy(entry->number, sizeof entry->number, called->number);
    sugu_text_copy(entry->department, sizeof entry->department, called->department);
    sugu_text_copy(entry->department_name, sizeof entry->department_name, called->department_name);
    sugu_text_copy(entry->desk, sizeof entry->desk, called->desk);
    sugu_text_copy(entry->language, sizeof entry->language, called->language);
    entry->desk_word = (enum sugu_desk_word)called->desk_word;
    entry->state = state;
    entry->calls = called->calls;
    entry->called_utc_us = called->called_utc_us;
    return is_call;
}

void
board_state_take_number(struct board_state *state,
                        const Sugu__NumberCalled *called,
                        const struct board_moment *moment)
{
    struct board_number *entry;
    bool is_call;

    state->mark++;
    if (!is_shown(state, called->department) || !called->number[0])
        return;
    entry = find_number(state, called->number, called->department);
    if (!entry)
        entry = add_number(state);
    is_call = put_number(entry, called, moment);
    entry->touched = state->mark;
    if (is_call && (moment->is_live || is_recent(entry->called_utc_us, moment)))
        state->callbacks.on_call(state->callbacks.user, entry);
}

/* ---------------------------------------------------------------- bills */

static struct board_bill *
find_bill(struct board_state *state, const char *number)
{
    for (size_t i = 0; i < state->bill_count; i++)
        if (strcmp(state->bills[i].number, number) == 0)
            return &state->bills[i];
    return NULL;
}

static void
remove_bill(struct board_state *state, size_t at)
{
    state->bill_count--;
    memmove(&state->bills[at], &state->bills[at + 1],
            (state->bill_count - at) * sizeof state->bills[0]);
}

static struct board_bill *
add_bill(struct board_state *state, const char *number)
{
    struct board_bill *bill;
    size_t oldest = 0;

    if (state->bill_count == BOARD_BILLS_MAX) {
        for (size_t i = 1; i < state->bill_count; i++) {
            const struct board_bill *a = &state->bills[i], *b = &state->bills[oldest];
            if (a->is_ready != b->is_ready ? !a->is_ready : a->state_us < b->state_us)
                oldest = i;
        }
        remove_bill(state, oldest);
    }
    bill = memset(&state->bills[state->bill_count++], 0, sizeof state->bills[0]);
    sugu_text_copy(bill->number, sizeof bill->number, number);
    return bill;
}

/* True where the bill was not ready here before. */
static bool
put_bill(struct board_bill *bill, bool is_ready, int64_t now_us)
{
    if (bill->is_ready == is_ready && bill->state_us)
        return false;
    bill->is_ready = is_ready;
    bill->state_us = now_us;
    return is_ready;
}

void
board_state_take_bill(struct board_state *state,
                      const Sugu__BillReady *ready,
                      const struct board_moment *moment)
{
    struct board_bill *bill;
    bool is_news;

    state->mark++;
    if (!ready->number[0])
        return;
    bill = find_bill(state, ready->number);
    if (!bill)
        bill = add_bill(state, ready->number);
    is_news = put_bill(bill, ready->is_ready, moment->now_us);
    bill->touched = state->mark;
    if (is_news && moment->is_live)
        state->callbacks.on_bill(state->callbacks.user, bill);
}

/* ---------------------------------------------------------------- the whole board */

uint64_t
board_state_mark(const struct board_state *state)
{
    return state->mark;
}

static bool
has_number(const Sugu__Board *board, const struct board_number *entry)
{
    for (size_t i = 0; i < board->n_numbers; i++)
        if (strcmp(board->numbers[i]->number, entry->number) == 0 &&
            strcmp(board->numbers[i]->department, entry->department) == 0)
            return true;
    return false;
}

static bool
has_bill(const Sugu__Board *board, const struct board_bill *bill)
{
    for (size_t i = 0; i < board->n_bills; i++)
        if (strcmp(board->bills[i]->number, bill->number) == 0)
            return true;
    return false;
}

static void
take_numbers(struct board_state *state,
             const Sugu__Board *board,
             uint64_t mark,
             const struct board_moment *moment)
{
    for (size_t i = state->number_count; i-- > 0;) {
        const struct board_number *entry = &state->numbers[i];
        if (entry->touched <= mark && (entry->state == BOARD_OFF || !has_number(board, entry)))
            remove_number(state, i);
    }
    for (size_t i = 0; i < board->n_numbers; i++) {
        const Sugu__NumberCalled *called = board->numbers[i];
        struct board_number *entry = find_number(state, called->number, called->department);
        if ((entry && entry->touched > mark) || !is_shown(state, called->department) ||
            !called->number[0] || state_of(called->state) == BOARD_OFF)
            continue;
        if (!entry)
            entry = add_number(state);
        if (put_number(entry, called, moment) && is_recent(entry->called_utc_us, moment))
            state->callbacks.on_call(state->callbacks.user, entry);
    }
}

static void
take_bills(struct board_state *state,
           const Sugu__Board *board,
           uint64_t mark,
           const struct board_moment *moment)
{
    for (size_t i = state->bill_count; i-- > 0;) {
        const struct board_bill *bill = &state->bills[i];
        if (bill->touched <= mark && (!bill->is_ready || !has_bill(board, bill)))
            remove_bill(state, i);
    }
    for (size_t i = 0; i < board->n_bills; i++) {
        const Sugu__BillReady *ready = board->bills[i];
        struct board_bill *bill = find_bill(state, ready->number);
        if ((bill && bill->touched > mark) || !ready->is_ready || !ready->number[0])
            continue;
        if (!bill)
            bill = add_bill(state, ready->number);
        /* The first answer holds what was said long ago. */
        if (put_bill(bill, true, moment->now_us) && state->has_truth)
            state->callbacks.on_bill(state->callbacks.user, bill);
    }
}

static void
take_waits(struct board_state *state, const Sugu__Board *board)
{
    state->wait_count = 0;
    for (size_t i = 0; i < board->n_waits && state->wait_count < BOARD_WAITS_MAX; i++) {
        const Sugu__QueueWait *from = board->waits[i];
        struct board_wait *wait = &state->waits[state->wait_count];
        if (!is_shown(state, from->department))
            continue;
        sugu_text_copy(wait->department, sizeof wait->department, from->department);
        sugu_text_copy(wait->department_name, sizeof wait->department_name, from->department_name);
        wait->waiting = from->waiting;
        wait->low_min = from->low_min;
        wait->high_min = from->high_min;
        state->wait_count++;
    }
}

void
board_state_take_board(struct board_state *state,
                       const Sugu__Board *board,
                       uint64_t mark,
                       const struct board_moment *moment)
{
    take_numbers(state, board, mark, moment);
    take_bills(state, board, mark, moment);
    take_waits(state, board);
    state->has_truth = true;
}
