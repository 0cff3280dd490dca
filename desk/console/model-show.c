/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-show - what the desk knows becomes words in lists and properties
 */
#include "model-private.h"

#include "base/text.h"
#include "cells.h"
#include "reasons.h"
#include "words.h"

#include <glib/gi18n.h>

#include <stdarg.h>
#include <string.h>

static void say(DeskModel *model, enum desk_model_text text, const char *format, ...)
    SUGU_PRINTF(3, 4);

static void
say(DeskModel *model, enum desk_model_text text, const char *format, ...)
{
    va_list values;
    char *words;

    va_start(values, format);
    words = g_strdup_vprintf(format, values);
    va_end(values);
    desk_model_say(model, text, words);
    g_free(words);
}

/* The words of one list, until they are shown. */
struct page {
    struct desk_line lines[DESK_HELPS_MAX + 1000];
    size_t count;
    GPtrArray *texts; /* what the lines point to */
};

static const char *
keep(struct page *page, char *words)
{
    g_ptr_array_add(page->texts, words);
    return words;
}

static struct page *
page_new(void)
{
    struct page *page = g_new0(struct page, 1);

    page->texts = g_ptr_array_new_with_free_func(g_free);
    return page;
}

static void
page_show(struct page *page, DeskModel *model, enum desk_list list)
{
    desk_items_show(model->lists[list], page->lines, page->count);
    g_ptr_array_unref(page->texts);
    g_free(page);
}

static struct desk_line *
page_add(struct page *page, const char *key)
{
    struct desk_line *line = &page->lines[page->count];

    if (page->count + 1 < SUGU_ARRAY_SIZE(page->lines))
        page->count++;
    line->key = key;
    return line;
}

/* ---------------------------------------------------------------- queues */

static void
count_groups(DeskModel *model)
{
    GHashTableIter iter;
    gpointer row;

    for (unsigned i = 0; i < model->queue_count; i++) {
        memset(model->queues[i].groups, 0, sizeof model->queues[i].groups);
        model->queues[i].longest_min = 0;
        model->queues[i].level = DESK_CALM;
    }
    g_hash_table_iter_init(&iter, model->entries);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        const struct desk_entry *entry = desk_row_entry(row);
        struct desk_queue *queue = desk_model_find_queue(model, entry->department);
        enum desk_group group = desk_entry_group(entry);
        if (!queue)
            continue;
        queue->groups[group]++;
        if (group != DESK_GROUP_WAITING)
            continue;
        queue->longest_min = MAX(queue->longest_min, desk_row_wait_min(row));
        queue->level = MAX(queue->level, desk_row_level(model, row));
    }
}

enum desk_level
desk_model_level(DeskModel *model, int wait_min, uint32_t high_min)
{
    bool is_late = wait_min >= model->late_wait_min;

    if (high_min == 0)
        return is_late ? DESK_LATE : wait_min >= model->long_wait_min ? DESK_LONG : DESK_CALM;
    if ((uint32_t)wait_min <= high_min) /* as it was said; but nobody forgets a very long wait */
        return is_late ? DESK_LONG : DESK_CALM;
    return is_late ? DESK_LATE : DESK_LONG;
}

enum desk_level
desk_row_level(DeskModel *model, DeskRow *row)
{
    return desk_model_level(model, desk_row_wait_min(row), desk_row_entry(row)->high_min);
}

const char *
desk_level_class(enum desk_level level)
{
    static const char *const classes[] = {"calm", "long", "late"};

    return classes[level];
}

const char *
desk_level_sign(enum desk_level level)
{
    static const char *const signs[] = {"○", "▲", "■"};

    return signs[level];
}

static void
add_queue(struct page *page, const struct desk_queue *queue)
{
    struct desk_line *line = page_add(page, queue->department);
    unsigned waiting = queue->groups[DESK_GROUP_WAITING];
    char longest[DESK_WORDS_SIZE];

    desk_words_duration(longest, queue->longest_min * SUGU_MINUTE);
    line->texts[DESK_ITEM_TITLE] = queue->name;
    line->texts[DESK_ITEM_COUNT] = keep(page, g_strdup_printf("%u", waiting));
    line->texts[DESK_ITEM_SIGN] = waiting ? desk_level_sign(queue->level) : "";
    line->texts[DESK_ITEM_LEVEL] = desk_level_class(queue->level);
    if (!queue->is_open)
        line->texts[DESK_ITEM_TEXT] = C_("queue", "closed");
    else if (waiting)
        line->texts[DESK_ITEM_TEXT] =
            keep(page, g_strdup_printf(C_("queue", "longest %s"), longest));
    else
        line->texts[DESK_ITEM_TEXT] = C_("queue", "nobody waits");
    if (queue->groups[DESK_GROUP_MISSED] > 0)
        line->texts[DESK_ITEM_NOTE] =
            keep(page, g_strdup_printf(C_("queue", "%u missed"), queue->groups[DESK_GROUP_MISSED]));
    line->texts[DESK_ITEM_TIP] =
        keep(page, g_strdup_printf(C_("queue", "%s: %u waiting, %s. %s"), queue->name, waiting,
                                   line->texts[DESK_ITEM_TEXT],
                                   line->texts[DESK_ITEM_NOTE] ? line->texts[DESK_ITEM_NOTE] : ""));
}

static void
show_queues(DeskModel *model)
{
    struct page *page = page_new(), *names = page_new(), *desks = page_new();

    for (unsigned i = 0; i < model->queue_count; i++) {
        struct desk_queue *queue = &model->queues[i];
        add_queue(page, queue);
        if (queue->is_open && strcmp(queue->department, DESK_BILL_WAIT) != 0)
            page_add(names, queue->department)->texts[DESK_ITEM_TITLE] = queue->name;
    }
    for (unsigned i = 0; i < model->desk_count; i++) {
        const struct desk_place_of_work *desk = &model->desks[i];
        struct desk_line *line = page_add(desks, desk->desk);
        char name[DESK_WORDS_SIZE];
        line->texts[DESK_ITEM_TITLE] = keep(
            desks, g_strdup_printf("%s  %s",
                                   desk_model_desk_name(model, desk->department, desk->desk, name),
                                   desk_model_queue_name(model, desk->department)));
    }
    page_show(page, model, DESK_LIST_QUEUES);
    page_show(names, model, DESK_LIST_DEPARTMENTS);
    page_show(desks, model, DESK_LIST_DESKS);
}

static void
show_queue(DeskModel *model)
{
    const struct desk_queue *queue = desk_model_find_queue(model, model->queue);
    bool is_department = queue && strcmp(queue->department, DESK_BILL_WAIT) != 0;
    char words[DESK_WORDS_SIZE];
    GPtrArray *selected = desk_rows_selected(model->rows);

    desk_model_say(model, DESK_MODEL_QUEUE, queue ? queue->name : "");
    desk_model_say(model, DESK_MODEL_RULE,
                   is_department ? desk_words_rule(words, &queue->rule) : "");
    desk_model_say(model, DESK_MODEL_CALIBRATION,
                   is_department ? desk_words_calibration(words, queue->told, queue->held) : "");
    if (queue)
        say(model, DESK_MODEL_QUEUE_COUNTS,
            C_("queue", "%u waiting · %u at a desk · %u parked · %u missed"),
            queue->groups[DESK_GROUP_WAITING], queue->groups[DESK_GROUP_AT_DESK],
            queue->groups[DESK_GROUP_PARKED], queue->groups[DESK_GROUP_MISSED]);
    if (!model->has_snapshot)
        desk_model_say(model, DESK_MODEL_EMPTY, C_("queue", "Asking for the queues …"));
    else
        desk_model_say(model, DESK_MODEL_EMPTY,
                       g_list_model_get_n_items(G_LIST_MODEL(model->rows)) == 0
                           ? C_("queue", "Nobody is in this list.")
                           : "");
    if (selected->len > 1)
        say(model, DESK_MODEL_SELECTED,
            ngettext("%u number selected", "%u numbers selected", selected->len), selected->len);
    else
        desk_model_say(model, DESK_MODEL_SELECTED, "");
    g_ptr_array_unref(selected);
}

/* ---------------------------------------------------------------- sent to the desk */

struct desk_case {
    const char *place, *number, *reason;
    int64_t since_utc_us;
    DeskRow *row; /* NULL where only help was asked for */
};

static int
compare_cases(const void *a, const void *b)
{
    const struct desk_case *first = a, *second = b;
    bool is_money = desk_reason_kind_of(first->reason) == DESK_REASON_MONEY;
    bool is_other_money = desk_reason_kind_of(second->reason) == DESK_REASON_MONEY;

    if (is_money != is_other_money)
        return is_money ? -1 : 1;
    return first->since_utc_us < second->since_utc_us ? -1
                                                      : first->since_utc_us > second->since_utc_us;
}

static char *
case_key(const char *number, const char *place, const char *reason)
{
    return g_strdup_printf("%s/%s/%s", number, place, reason);
}

static bool
is_dismissed(DeskModel *model, const struct desk_help *help)
{
    char *key = case_key(help->number, help->place, help->reason);
    const int64_t *asked = g_hash_table_lookup(model->dismissed, key);
    bool is_old = asked && help->asked_utc_us <= *asked;

    g_free(key);
    return is_old;
}

void
desk_model_take_help_closed(DeskModel *model, const Sugu__HelpClosed *closed)
{
    g_hash_table_replace(model->dismissed, case_key(closed->number, closed->place, closed->reason),
                         g_memdup2(&closed->asked_utc_us, sizeof closed->asked_utc_us));
    desk_model_touch(model);
}

bool
desk_model_find_help(DeskModel *model, const char *key, Sugu__CloseHelp *ret_close)
{
    bool is_found = false;

    for (unsigned i = 0; i < model->help_count && !is_found; i++) {
        struct desk_help *help = &model->helps[i];
        char *own = case_key(help->number, help->place, help->reason);
        is_found = strcmp(own, key) == 0;
        g_free(own);
        if (!is_found)
            continue;
        sugu__close_help__init(ret_close);
        ret_close->place = help->place;
        ret_close->reason = help->reason;
        ret_close->number = help->number;
        ret_close->asked_utc_us = help->asked_utc_us;
    }
    return is_found;
}

static void
add_case(DeskModel *model, struct page *page, const struct desk_case *of)
{
    char clock[DESK_WORDS_SIZE], words[DESK_WORDS_SIZE], age[DESK_WORDS_SIZE];
    struct desk_line *line =
        page_add(page, keep(page, case_key(of->number, of->place, of->reason)));

    line->texts[DESK_ITEM_TITLE] =
        keep(page, g_strjoin("  ", of->number[0] ? of->number : of->place,
                             of->row         ? desk_row_entry(of->row)->patient_name
                             : of->number[0] ? of->place
                                             : NULL,
                             NULL));
    line->texts[DESK_ITEM_TEXT] =
        of->reason[0] ? desk_reason_title(of->reason) : C_("case", "Has a number for the desk");
    line->texts[DESK_ITEM_NOTE] =
        keep(page, g_strdup(desk_words_code(words, of->reason, /* detail= */ NULL)));
    line->texts[DESK_ITEM_SIGN] =
        of->reason[0] ? desk_reason_sign(desk_reason_kind_of(of->reason)) : "○";
    line->texts[DESK_ITEM_LEVEL] =
        desk_reason_kind_of(of->reason) == DESK_REASON_MONEY && of->reason[0] ? "late" : "calm";
    line->texts[DESK_ITEM_COUNT] =
        keep(page, g_strdup_printf(C_("case", "since %s (%s)"),
                                   desk_words_clock(clock, model->zone, of->since_utc_us),
                                   desk_words_duration(age, model->now_utc_us - of->since_utc_us)));
    line->texts[DESK_ITEM_TIP] =
        keep(page, g_strdup_printf("%s %s. %s %s", line->texts[DESK_ITEM_TITLE],
                                   line->texts[DESK_ITEM_TEXT], line->texts[DESK_ITEM_NOTE],
                                   line->texts[DESK_ITEM_COUNT]));
}

static GArray *
gather_cases(DeskModel *model)
{
    GArray *cases = g_array_new(FALSE, TRUE, sizeof(struct desk_case));
    GHashTableIter iter;
    gpointer row;

    for (unsigned i = 0; i < model->help_count; i++) {
        const struct desk_help *help = &model->helps[i];
        struct desk_case one = {help->place, help->number, help->reason, help->asked_utc_us, NULL};
        if (!is_dismissed(model, help))
            g_array_append_val(cases, one);
    }
    g_hash_table_iter_init(&iter, model->entries);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        const struct desk_entry *entry = desk_row_entry(row);
        const struct desk_queue *queue = desk_model_find_queue(model, entry->department);
        struct desk_case one = {"", entry->number, entry->reason, entry->waiting_utc_us, row};
        bool is_open = desk_entry_group(entry) != DESK_GROUP_OVER &&
                       desk_entry_group(entry) != DESK_GROUP_PLANNED;
        if (queue && queue->is_desk && is_open && cases->len < DESK_HELPS_MAX + 900)
            g_array_append_val(cases, one);
    }
    g_array_sort(cases, compare_cases);
    return cases;
}

static void
show_cases(DeskModel *model)
{
    struct page *page = page_new();
    GArray *cases = gather_cases(model);

    for (guint i = 0; i < cases->len; i++)
        add_case(model, page, &g_array_index(cases, struct desk_case, i));
    desk_model_say(model, DESK_MODEL_CASES_NOTE,
                   cases->len == 0 ? C_("case", "Nobody was sent to the desk.") : "");
    if (cases->len > 0)
        say(model, DESK_MODEL_TAB_CASES, "%u", cases->len);
    else
        desk_model_say(model, DESK_MODEL_TAB_CASES, "");
    page_show(page, model, DESK_LIST_CASES);
    g_array_unref(cases);
}

/* ---------------------------------------------------------------- the person looked at */

static void
show_place(DeskModel *model, DeskRow *row)
{
    const struct desk_entry *entry = desk_row_entry(row);
    struct desk_queue *queue = desk_model_find_queue(model, entry->department);
    DeskRow *behind = desk_rows_behind(model->rows, row);
    struct desk_place place = {entry, queue ? &queue->rule : NULL, model->zone};
    char words[DESK_WORDS_SIZE], more[DESK_WORDS_SIZE];

    if (!queue)
        return;
    if (entry->state != SUGU_STAGE_WAITING || !behind) {
        desk_model_say(model, DESK_MODEL_PLACE, desk_words_place(words, &place));
        return;
    }
    desk_model_say(model, DESK_MODEL_WHY, desk_words_why(words, &place, desk_row_entry(behind)));
    place.entry = desk_row_entry(behind);
    say(model, DESK_MODEL_WHY_NEXT, "%s: %s", place.entry->number, desk_words_place(more, &place));
}

static void
show_row(DeskModel *model, DeskRow *row)
{
    const struct desk_entry *entry = desk_row_entry(row);
    char words[DESK_WORDS_SIZE], clock[DESK_WORDS_SIZE], desk[DESK_WORDS_SIZE];

    say(model, DESK_MODEL_NAME, "%s%s%s", entry->patient_name, entry->patient_number[0] ? "  " : "",
        entry->patient_number);
    if (entry->desk[0])
        say(model, DESK_MODEL_STATE, C_("details", "%s · %s · %s · %s"),
            desk_model_queue_name(model, entry->department), desk_words_state(entry->state),
            desk_model_desk_name(model, entry->department, entry->desk, desk),
            desk_words_clock(clock, model->zone, entry->called_utc_us));
    else
        say(model, DESK_MODEL_STATE, "%s · %s", desk_model_queue_name(model, entry->department),
            desk_words_state(entry->state));
    if (!desk_entry_waits_for_bill(entry))
        show_place(model, row);
    if (entry->low_min || entry->high_min)
        say(model, DESK_MODEL_RANGE, C_("details", "%s was said at the beginning"),
            desk_words_range(words, entry->low_min, entry->high_min));
    desk_model_say(model, DESK_MODEL_SPEAKS, desk_words_language(entry->language));
    desk_model_say(model, DESK_MODEL_REASON, desk_reason_title(entry->reason));
    desk_model_say(model, DESK_MODEL_TO_DO,
                   desk_words_code(words, entry->reason, /* detail= */ NULL));
}

static void
show_bill(DeskModel *model, const Sugu__Bill *bill, const Sugu__ChargeReport *report)
{
    char words[DESK_WORDS_SIZE];
    GString *more;

    if (report) {
        say(model, DESK_MODEL_BILL, "%s  %s", desk_reason_title(report->code), report->act_codes);
        return;
    }
    if (!bill) {
        desk_model_say(model, DESK_MODEL_BILL, C_("details", "no bill yet"));
        return;
    }
    more = g_string_new(bill->is_receipt_issued ? C_("details", ", receipt issued") : "");
    if (bill->refund_due_yen > 0)
        g_string_append_printf(more, C_("details", ", %s to be given back"),
                               desk_words_yen(words, bill->refund_due_yen));
    if (bill->on_file_code[0])
        g_string_append_printf(more, ", %s", desk_reason_title(bill->on_file_code));
    say(model, DESK_MODEL_BILL, "%s, %s%s", desk_words_yen(words, bill->total_yen),
        desk_words_bill(bill->state), more->str);
    g_string_free(more, TRUE);
}

/* One a line, `add` makes each of them. */
static void
say_lines(DeskModel *model, enum desk_model_text text, GString *lines)
{
    if (lines->len > 0 && lines->str[lines->len - 1] == '\n')
        g_string_truncate(lines, lines->len - 1);
    desk_model_say(model, text, lines->str);
    g_string_free(lines, TRUE);
}

static void
show_papers(DeskModel *model, const Sugu__VisitFound *found)
{
    GString *papers = g_string_new(NULL), *helps = g_string_new(NULL);
    char words[DESK_WORDS_SIZE];

    for (size_t i = 0; i < found->n_papers; i++) {
        const Sugu__PaperChange *paper = found->papers[i];
        g_string_append_printf(papers, "%s %s", desk_words_paper(paper->kind),
                               desk_words_paper_state(paper->state));
        if (paper->code[0])
            g_string_append_printf(papers, " – %s", desk_words_code(words, paper->code, NULL));
        g_string_append_c(papers, '\n');
    }
    for (size_t i = 0; i < found->n_helps; i++)
        g_string_append_printf(helps, "%s: %s\n", found->helps[i]->place,
                               desk_reason_title(found->helps[i]->reason));
    say_lines(model, DESK_MODEL_PAPERS, papers);
    say_lines(model, DESK_MODEL_HELPS, helps);
}

static const char *
stage_sign(Sugu__StageState state)
{
    if (state == SUGU__STAGE_STATE__STAGE_DONE)
        return "✓";
    if (state == SUGU__STAGE_STATE__STAGE_CALLED || state == SUGU__STAGE_STATE__STAGE_PRESENT)
        return "▶";
    return state == SUGU__STAGE_STATE__STAGE_DROPPED || state == SUGU__STAGE_STATE__STAGE_MOVED
               ? "–"
               : "○";
}

static void
show_stages(DeskModel *model, const Sugu__Ticket *ticket)
{
    GString *stages = g_string_new(NULL);

    for (size_t i = 0; ticket && i < ticket->n_stages; i++) {
        const Sugu__TicketStage *stage = ticket->stages[i];
        g_string_append_printf(stages, "%s %s  %s", stage_sign(stage->state),
                               stage->department_name,
                               desk_words_state((enum sugu_stage_state)stage->state));
        if (stage->state == SUGU__STAGE_STATE__STAGE_WAITING && stage->before_you > 0)
            g_string_append_printf(stages,
                                   stage->before_you < SUGU_BEFORE_YOU_MAX
                                       ? C_("details", ", %u before")
                                       : C_("details", ", %u or more before"),
                                   stage->before_you);
        g_string_append_c(stages, '\n');
    }
    say_lines(model, DESK_MODEL_STAGES, stages);
}

/* What the patient pays of insured acts. */
static void
show_share(DeskModel *model, const Sugu__VisitFound *found)
{
    if (found->ratio_source == SUGU__RATIO_SOURCE__RATIO_UNKNOWN)
        desk_model_say(model, DESK_MODEL_SHARE, C_("details", "not in the answer: state it"));
    else if (found->ratio_source == SUGU__RATIO_SOURCE__RATIO_STATED)
        say(model, DESK_MODEL_SHARE, C_("details", "%u %%, stated at the desk"),
            found->ratio_percent);
    else if (found->ratio_source == SUGU__RATIO_SOURCE__RATIO_NOT_PROVEN)
        say(model, DESK_MODEL_SHARE, C_("details", "%u %%, insurance not proven"),
            found->ratio_percent);
    else
        say(model, DESK_MODEL_SHARE, "%u %%", found->ratio_percent);
}

static void
show_reason(DeskModel *model, const char *code)
{
    char words[DESK_WORDS_SIZE];

    desk_model_say(model, DESK_MODEL_REASON, desk_reason_title(code));
    desk_model_say(model, DESK_MODEL_TO_DO, desk_words_code(words, code, /* detail= */ NULL));
}

static void
show_known(DeskModel *model)
{
    const Sugu__VisitFound *found = model->known;
    char words[DESK_WORDS_SIZE];

    if (!found)
        return;
    if (!desk_model_text(model, DESK_MODEL_NAME)[0] && found->patient_name[0])
        say(model, DESK_MODEL_NAME, "%s  %s", found->patient_name, found->patient_number);
    show_share(model, found);
    say(model, DESK_MODEL_INSURANCE, "%s%s%s", desk_words_eligibility(found->eligibility),
        found->eligibility_code[0] ? " – " : "",
        desk_words_code(words, found->eligibility_code, /* detail= */ NULL));
    show_bill(model, found->bill, found->charge_report);
    show_papers(model, found);
    show_stages(model, found->ticket);
    if (!desk_model_text(model, DESK_MODEL_STATE)[0] && found->ticket)
        desk_model_say(model, DESK_MODEL_STATE, desk_words_visit(found->ticket->state));
    if (found->ticket && !desk_model_text(model, DESK_MODEL_REASON)[0])
        show_reason(model, found->ticket->reason);
    if (found->charge_report)
        show_reason(model, found->charge_report->code);
}

void
desk_model_show_subject(DeskModel *model)
{
    static const enum desk_model_text texts[] = {
        DESK_MODEL_NAME,   DESK_MODEL_STATE,     DESK_MODEL_PLACE,  DESK_MODEL_WHY,
        DESK_MODEL_RANGE,  DESK_MODEL_WHY_NEXT,  DESK_MODEL_SPEAKS, DESK_MODEL_REASON,
        DESK_MODEL_TO_DO,  DESK_MODEL_INSURANCE, DESK_MODEL_BILL,   DESK_MODEL_PAPERS,
        DESK_MODEL_STAGES, DESK_MODEL_HELPS,     DESK_MODEL_SHARE,
    };
    DeskRow *row = NULL;
    GPtrArray *selected = desk_rows_selected(model->rows);

    /* The row that is selected, even where the person waits elsewhere too. */
    if (selected->len == 1 &&
        strcmp(desk_row_entry(g_ptr_array_index(selected, 0))->number, model->subject) == 0)
        row = g_ptr_array_index(selected, 0);
    else
        row = desk_model_find(model, model->subject, "");
    g_object_freeze_notify(G_OBJECT(model));
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++)
        desk_model_say(model, texts[i], "");
    desk_model_say(model, DESK_MODEL_NUMBER, model->subject);
    desk_model_say(model, DESK_MODEL_NOBODY,
                   model->subject[0] ? "" : C_("details", "Choose a number to see what is known."));
    if (row)
        show_row(model, row);
    show_known(model);
    g_object_thaw_notify(G_OBJECT(model));
    g_ptr_array_unref(selected);
}

/* ---------------------------------------------------------------- the rest */

void
desk_model_show_person(DeskModel *model)
{
    if (sugu_id_is_none(&model->person.sign_in))
        desk_model_say(model, DESK_MODEL_PERSON, "");
    else
        say(model, DESK_MODEL_PERSON, "%s (%s)", model->person.name,
            desk_words_role(model->person.role));
}

static void
show_status(DeskModel *model)
{
    if (model->under_way > 0)
        say(model, DESK_MODEL_STATUS,
            ngettext("%u request under way", "%u requests under way", model->under_way),
            model->under_way);
    else
        desk_model_say(model, DESK_MODEL_STATUS, "");
}

void
desk_model_show(DeskModel *model)
{
    count_groups(model);
    show_queues(model);
    show_queue(model);
    show_cases(model);
    desk_model_show_tasks(model);
    desk_model_show_subject(model);
    desk_model_show_money(model);
    desk_model_show_kiosks(model);
    show_status(model);
}
