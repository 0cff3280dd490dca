/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - what one visit's page says: the server's facts, and what the patient should do now
 */
#include "web/page.h"

#include "base/text.h"

#include <string.h>

static void
read_stage(const Sugu__TicketStage *from, struct web_stage *to)
{
    sugu_text_copy(to->department, sizeof to->department, from->department);
    sugu_text_copy(to->name, sizeof to->name, from->department_name);
    sugu_text_copy(to->desk, sizeof to->desk, from->desk);
    to->desk_word = (enum sugu_desk_word)from->desk_word;
    to->kind = (enum sugu_stage_kind)from->kind;
    to->state = (enum sugu_stage_state)from->state;
    to->before_you = from->before_you;
    to->low_min = from->low_min;
    to->high_min = from->high_min;
}

void
web_page_read(const Sugu__PhonePage *from, struct web_page *to)
{
    memset(to, 0, sizeof *to);
    to->is_found = from->is_found;
    if (!from->is_found)
        return;
    sugu_id_from_bytes(from->visit.data, from->visit.len, &to->visit);
    sugu_text_copy(to->number, sizeof to->number, from->number);
    sugu_text_copy(to->language, sizeof to->language, from->language);
    to->state = (enum sugu_visit_state)from->state;
    to->is_bill_ready = from->is_bill_ready;
    to->is_at_counter = from->is_at_counter;
    to->is_paid = from->is_paid;
    to->stage_count = from->n_stages < WEB_STAGES_MAX ? from->n_stages : WEB_STAGES_MAX;
    for (size_t i = 0; i < to->stage_count; i++)
        read_stage(from->stages[i], &to->stages[i]);
}

void
web_house_read(const Sugu__PhonePages *from, struct web_house *to)
{
    memset(to, 0, sizeof *to);
    sugu_text_copy(to->facility_name, sizeof to->facility_name, from->facility_name);
    to->line_count = from->n_lines < WEB_LINES_MAX ? from->n_lines : WEB_LINES_MAX;
    for (size_t i = 0; i < to->line_count; i++) {
        sugu_text_copy(to->lines[i].language, sizeof to->lines[i].language,
                       from->lines[i]->language);
        sugu_text_copy(to->lines[i].text, sizeof to->lines[i].text, from->lines[i]->text);
    }
}

bool
web_page_equal(const struct web_page *a, const struct web_page *b)
{
    /* Zeroed before they are filled, so padding and what is behind texts is the same.
     * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    return memcmp(a, b, sizeof *a) == 0;
}

bool
web_house_equal(const struct web_house *a, const struct web_house *b)
{
    /* Zeroed before they are filled, so padding and what is behind texts is the same.
     * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    return memcmp(a, b, sizeof *a) == 0;
}

bool
web_stage_is_shown(const struct web_stage *stage)
{
    return stage->state != SUGU_STAGE_MOVED && stage->state != SUGU_STAGE_DROPPED;
}

/* The first stage in the state; WEB_STAGES_MAX where there is none. */
static size_t
find_state(const struct web_page *page, enum sugu_stage_state state)
{
    for (size_t i = 0; i < page->stage_count; i++)
        if (page->stages[i].state == state)
            return i;
    return WEB_STAGES_MAX;
}

/* The waiting stage with the fewest people before. */
static size_t
find_nearest(const struct web_page *page)
{
    size_t nearest = WEB_STAGES_MAX;

    for (size_t i = 0; i < page->stage_count; i++)
        if (page->stages[i].state == SUGU_STAGE_WAITING &&
            (nearest == WEB_STAGES_MAX ||
             page->stages[i].before_you < page->stages[nearest].before_you))
            nearest = i;
    return nearest;
}

static enum web_advice
advise_by_stage(const struct web_page *page, uint32_t few, size_t *ret_stage)
{
    static const struct {
        enum sugu_stage_state state;
        enum web_advice advice;
    } rows[] = {
        {SUGU_STAGE_CALLED, WEB_ADVICE_CALLED},
        {SUGU_STAGE_PRESENT, WEB_ADVICE_PRESENT},
        {SUGU_STAGE_MISSED, WEB_ADVICE_MISSED},
    };
    size_t nearest = find_nearest(page);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        *ret_stage = find_state(page, rows[i].state);
        if (*ret_stage < WEB_STAGES_MAX)
            return rows[i].advice;
    }
    *ret_stage = nearest;
    if (nearest < WEB_STAGES_MAX && page->stages[nearest].before_you <= few)
        return WEB_ADVICE_SOON;
    return WEB_ADVICE_COUNT;
}

/* Is there still a place to go to before the bill? */
static bool
has_place_before_bill(const struct web_page *page)
{
    for (size_t i = 0; i < page->stage_count; i++) {
        const struct web_stage *stage = &page->stages[i];
        if (stage->state != SUGU_STAGE_DONE && web_stage_is_shown(stage) &&
            (stage->kind == SUGU_STAGE_TEST || stage->kind == SUGU_STAGE_CONSULTATION))
            return true;
    }
    return false;
}

/* Nobody is waited for closely: where the visit stands says it. */
static enum web_advice
advise_by_visit(const struct web_page *page, size_t *ret_stage)
{
    size_t waiting = find_nearest(page);
    size_t parked = find_state(page, SUGU_STAGE_PARKED);
    size_t planned = find_state(page, SUGU_STAGE_PLANNED);

    *ret_stage = WEB_STAGES_MAX;
    if (page->is_bill_ready && !page->is_paid)
        return WEB_ADVICE_BILL;
    if (page->is_at_counter && !has_place_before_bill(page))
        return WEB_ADVICE_COUNTER;
    if (waiting < WEB_STAGES_MAX || planned < WEB_STAGES_MAX) {
        *ret_stage = waiting < WEB_STAGES_MAX ? waiting : planned;
        return page->is_paid ? WEB_ADVICE_PAID_NEXT : WEB_ADVICE_WAIT;
    }
    *ret_stage = parked;
    if (parked < WEB_STAGES_MAX)
        return WEB_ADVICE_PARKED;
    if (page->state == SUGU_VISIT_LEFT)
        return WEB_ADVICE_GOODBYE;
    if (page->is_paid)
        return WEB_ADVICE_LEAVE;
    return page->state == SUGU_VISIT_AWAITING_BILL ? WEB_ADVICE_BILL_SOON : WEB_ADVICE_WAIT;
}

enum web_advice
web_page_advice(const struct web_page *page, uint32_t few, size_t *ret_stage)
{
    enum web_advice advice;

    *ret_stage = WEB_STAGES_MAX;
    if (page->state == SUGU_VISIT_NO_SHOW || page->state == SUGU_VISIT_CANCELLED)
        return WEB_ADVICE_OVER;
    if (page->state == SUGU_VISIT_LEFT)
        return WEB_ADVICE_GOODBYE;
    advice = advise_by_stage(page, few, ret_stage);
    return advice != WEB_ADVICE_COUNT ? advice : advise_by_visit(page, ret_stage);
}
