/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-tasks - what waits because of money, as the books have it, and the bills of one patient
 *
 * A row is there as long as the server names it: nothing at a desk takes it away but what ends it.
 */
#include "model-tasks.h"

#include "base/text.h"
#include "model-private.h"
#include "reasons.h"
#include "words-money.h"

#include <glib/gi18n.h>

#include <inttypes.h>
#include <string.h>

#define TASKS_MAX 100 /* bounds.def */
#define BILLS_MAX 60

/* What the lines of a list point to. */
struct texts {
    struct desk_line lines[TASKS_MAX];
    size_t count;
    GPtrArray *kept;
};

static const char *
keep(struct texts *texts, char *words)
{
    g_ptr_array_add(texts->kept, words);
    return words;
}

static struct texts *
texts_new(void)
{
    struct texts *texts = g_new0(struct texts, 1);

    texts->kept = g_ptr_array_new_with_free_func(g_free);
    return texts;
}

static void
texts_show(struct texts *texts, DeskModel *model, enum desk_list list)
{
    desk_items_show(model->lists[list], texts->lines, texts->count);
    g_ptr_array_unref(texts->kept);
    g_free(texts);
}

/* ---------------------------------------------------------------- what they are about */

static void
name_subject(const char *number,
             uint32_t day,
             const ProtobufCBinaryData *visit,
             struct desk_subject *to)
{
    char date[DESK_WORDS_SIZE];

    *to = (struct desk_subject){.visit = visit ? sugu_id_of(visit) : (struct sugu_id){{0}}};
    if (visit)
        snprintf(to->words, sizeof to->words, "%.30s %.16s", desk_words_date(date, day), number);
    else
        sugu_text_copy(to->words, sizeof to->words, number);
}

/* "visit/since/attempt/code": a visit may have several, of one kind, too (two refunds that wait),
 * and those of no visit are not one another. */
static char *
task_key(const Sugu__MoneyTask *task)
{
    struct sugu_id visit = sugu_id_of(&task->visit), attempt = sugu_id_of(&task->attempt);
    char text[SUGU_ID_TEXT_SIZE], of[SUGU_ID_TEXT_SIZE];

    return g_strdup_printf("%s/%" PRId64 "/%s/%s", sugu_id_to_text(&visit, text),
                           task->since_utc_us, sugu_id_to_text(&attempt, of), task->code);
}

/* Of a bill, the bill's own table has it. */
static bool
is_held_alone(const Sugu__MoneyTask *task)
{
    return task->attempt.len > 0 && task->bill.len == 0 && strcmp(task->code, "payment.held") == 0;
}

bool
desk_model_find_task(DeskModel *model, const char *key, struct desk_subject *ret_subject)
{
    for (size_t i = 0; model->tasks && i < model->tasks->n_tasks; i++) {
        const Sugu__MoneyTask *task = model->tasks->tasks[i];
        char *own = task_key(task);
        bool is_found = strcmp(own, key) == 0;
        g_free(own);
        if (!is_found)
            continue;
        name_subject(task->number, task->visit_date, task->is_earlier ? &task->visit : NULL,
                     ret_subject);
        if (is_held_alone(task))
            ret_subject->attempt = sugu_id_of(&task->attempt);
        return true;
    }
    return false;
}

const Sugu__Attempt *
desk_model_held(DeskModel *model)
{
    for (size_t i = 0; model->tasks && i < model->tasks->n_tasks; i++) {
        Sugu__MoneyTask *task = model->tasks->tasks[i];
        struct sugu_id attempt = sugu_id_of(&task->attempt);
        if (!is_held_alone(task) || !sugu_id_equal(&attempt, &model->held_task))
            continue;
        sugu__attempt__init(&model->held);
        model->held.attempt = task->attempt;
        model->held.kind = task->kind;
        model->held.method = task->method;
        model->held.state = SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
        model->held.amount_yen = task->yen;
        model->held.place = task->place;
        model->held.begun_utc_us = task->since_utc_us;
        model->held_person = task->patient_name;
        return &model->held;
    }
    return NULL;
}

static const char *
bill_key(const Sugu__PatientBill *bill, char text[SUGU_ID_TEXT_SIZE])
{
    struct sugu_id id = sugu_id_of(&bill->bill);

    return sugu_id_to_text(&id, text);
}

bool
desk_model_find_bill(DeskModel *model, const char *key, struct desk_subject *ret_subject)
{
    char text[SUGU_ID_TEXT_SIZE];

    for (size_t i = 0; model->bills && i < model->bills->n_bills; i++) {
        const Sugu__PatientBill *bill = model->bills->bills[i];
        if (strcmp(bill_key(bill, text), key) != 0)
            continue;
        name_subject(bill->number, bill->visit_date, bill->is_earlier ? &bill->visit : NULL,
                     ret_subject);
        return true;
    }
    return false;
}

/* ---------------------------------------------------------------- tasks */

static char *
task_since(DeskModel *model, const Sugu__MoneyTask *task)
{
    char clock[DESK_WORDS_SIZE], age[DESK_WORDS_SIZE];
    int64_t age_us = model->now_utc_us - task->since_utc_us;

    if (age_us > 24 * 60 * SUGU_MINUTE)
        return g_strdup_printf(
            ngettext("for %u day", "for %u days", (unsigned)(age_us / (24 * 60 * SUGU_MINUTE))),
            (unsigned)(age_us / (24 * 60 * SUGU_MINUTE)));
    return g_strdup_printf(C_("case", "since %s (%s)"),
                           desk_words_clock(clock, model->zone, task->since_utc_us),
                           desk_words_duration(age, age_us));
}

/* What it is about: of what moves no money, what was done. */
static char *
task_title(const Sugu__MoneyTask *task)
{
    return is_held_alone(task)
               ? g_strdup_printf(C_("case", "%s: find out"), desk_words_attempt_kind(task->kind))
               : g_strdup(desk_reason_title(task->code));
}

static void
add_task(DeskModel *model, struct texts *texts, const Sugu__MoneyTask *task)
{
    struct desk_line *line = &texts->lines[texts->count++];
    char words[DESK_WORDS_SIZE];

    line->key = keep(texts, task_key(task));
    line->texts[DESK_ITEM_TITLE] =
        keep(texts, g_strjoin("  ", task->number[0] ? task->number : task->patient_number,
                              task->patient_name[0] ? task->patient_name : NULL, NULL));
    line->texts[DESK_ITEM_TEXT] =
        keep(texts, g_strjoin("  ", keep(texts, task_title(task)),
                              task->yen > 0 ? desk_words_yen(words, task->yen) : NULL, NULL));
    line->texts[DESK_ITEM_NOTE] = keep(texts, g_strdup(desk_words_code(words, task->code, NULL)));
    line->texts[DESK_ITEM_SIGN] = desk_reason_sign(DESK_REASON_MONEY);
    line->texts[DESK_ITEM_LEVEL] = strcmp(task->code, "refund.ordered") == 0 ? "calm" : "late";
    line->texts[DESK_ITEM_COUNT] = keep(texts, task_since(model, task));
    line->texts[DESK_ITEM_TIP] =
        keep(texts, g_strdup_printf("%s %s. %s %s %s", line->texts[DESK_ITEM_TITLE],
                                    line->texts[DESK_ITEM_TEXT], task->place,
                                    line->texts[DESK_ITEM_NOTE], line->texts[DESK_ITEM_COUNT]));
}

void
desk_model_show_tasks(DeskModel *model)
{
    struct texts *texts = texts_new();
    const Sugu__MoneyTasks *tasks = model->tasks;
    char count[16];

    for (size_t i = 0; tasks && i < MIN(tasks->n_tasks, TASKS_MAX); i++)
        add_task(model, texts, tasks->tasks[i]);
    snprintf(count, sizeof count, "%zu%s", texts->count, tasks && tasks->has_more ? "+" : "");
    desk_model_say(model, DESK_MODEL_TAB_MONEY, texts->count > 0 ? count : "");
    desk_model_say(model, DESK_MODEL_MONEY_TASKS_NOTE,
                   !tasks            ? ""
                   : tasks->has_more ? C_("case", "There are more; what cannot wait stands first.")
                   : texts->count == 0 ? C_("case", "Nothing waits because of money.")
                                       : "");
    texts_show(texts, model, DESK_LIST_TASKS);
}

/* ---------------------------------------------------------------- bills of a patient */

static void
add_bill(struct texts *texts, const Sugu__PatientBill *bill)
{
    struct desk_line *line = &texts->lines[texts->count++];
    char key[SUGU_ID_TEXT_SIZE], date[DESK_WORDS_SIZE], yen[DESK_WORDS_SIZE];
    int64_t open_yen = bill->refund_due_yen > 0 ? bill->refund_due_yen : bill->due_yen;

    line->key = keep(texts, g_strdup(bill_key(bill, key)));
    line->texts[DESK_ITEM_TITLE] = keep(
        texts, g_strdup_printf("%s  %s", desk_words_date(date, bill->visit_date), bill->number));
    line->texts[DESK_ITEM_SUBTITLE] = keep(texts, g_strdup(bill->department_name));
    line->texts[DESK_ITEM_TEXT] =
        keep(texts, g_strdup_printf("%s, %s", desk_words_yen(yen, bill->total_yen),
                                    desk_words_bill(bill->state)));
    if (open_yen > 0 && bill->refund_due_yen > 0)
        line->texts[DESK_ITEM_NOTE] =
            keep(texts, g_strdup_printf(C_("bills", "%s to be given back"),
                                        desk_words_yen(yen, open_yen)));
    else if (open_yen > 0)
        line->texts[DESK_ITEM_NOTE] =
            keep(texts, g_strdup_printf(C_("bills", "%s due"), desk_words_yen(yen, open_yen)));
    line->texts[DESK_ITEM_LEVEL] = open_yen > 0 ? "late" : "calm";
    line->texts[DESK_ITEM_TIP] =
        keep(texts, g_strdup_printf("%s %s %s %s", line->texts[DESK_ITEM_TITLE],
                                    line->texts[DESK_ITEM_SUBTITLE], line->texts[DESK_ITEM_TEXT],
                                    open_yen > 0 ? line->texts[DESK_ITEM_NOTE] : ""));
}

static const char *
name_of_patient(DeskModel *model)
{
    for (unsigned i = 0; i < model->patient_count; i++)
        if (sugu_id_equal(&model->patients[i].patient, &model->bills_of))
            return model->patients[i].name;
    return "";
}

void
desk_model_show_bills(DeskModel *model)
{
    struct texts *texts = texts_new();
    const Sugu__PatientBills *bills = model->bills;
    const char *name = name_of_patient(model);
    char *title = g_strdup_printf(C_("bills", "Bills of %s"), name);

    for (size_t i = 0; bills && i < MIN(bills->n_bills, BILLS_MAX); i++)
        add_bill(texts, bills->bills[i]);
    desk_model_say(model, DESK_MODEL_BILLS_TITLE, bills && name[0] ? title : "");
    desk_model_say(model, DESK_MODEL_BILLS_NOTE,
                   !bills || !name[0]  ? ""
                   : bills->has_more   ? C_("bills", "There are more; these are the newest.")
                   : texts->count == 0 ? C_("bills", "None is open, and none can be given back.")
                                       : "");
    texts_show(texts, model, DESK_LIST_BILLS);
    g_free(title);
}

/* ---------------------------------------------------------------- what comes */

static void
free_tasks(Sugu__MoneyTasks *tasks)
{
    sugu__money_tasks__free_unpacked(tasks, NULL);
}

static void
free_bills(Sugu__PatientBills *bills)
{
    sugu__patient_bills__free_unpacked(bills, NULL);
}

void
desk_model_forget_tasks(DeskModel *model)
{
    g_clear_pointer(&model->tasks, free_tasks);
    g_clear_pointer(&model->bills, free_bills);
    model->bills_of = model->held_task = (struct sugu_id){{0}};
}

void
desk_model_take_tasks(DeskModel *model, const Sugu__MoneyTasks *tasks)
{
    g_clear_pointer(&model->tasks, free_tasks);
    model->tasks = (Sugu__MoneyTasks *)sugu_message_copy(&tasks->base);
    desk_model_check_held(model);
    desk_model_show_tasks(model);
}

void
desk_model_take_bills(DeskModel *model,
                      const struct sugu_id *patient,
                      const Sugu__PatientBills *bills)
{
    if (bills && !sugu_id_equal(patient, &model->bills_of))
        return; /* somebody else is chosen by now */
    g_clear_pointer(&model->bills, free_bills);
    model->bills_of = *patient;
    if (bills)
        model->bills = (Sugu__PatientBills *)sugu_message_copy(&bills->base);
    desk_model_show_bills(model);
}
