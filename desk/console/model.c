/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - everything a desk knows, as lists and properties to bind to
 */
#include "model-private.h"

#include "base/text.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

enum {
    PROP_IS_SIGNED_IN = DESK_MODEL_TEXT_COUNT + 1,
    PROP_IS_STALE,
    PROP_ROWS,
    PROP_LISTS, /* and those behind it */
    PROP_COUNT = PROP_LISTS + DESK_LIST_COUNT,
};
static GParamSpec *properties[PROP_COUNT];

enum { CHANGED, SUBJECT_CHANGED, RIGHTS_CHANGED, SHOW_ROW, MONEY_WANTED, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

G_DEFINE_FINAL_TYPE(DeskModel, desk_model, G_TYPE_OBJECT)

/* ---------------------------------------------------------------- properties */

static void
desk_model_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    DeskModel *model = DESK_MODEL(object);

    if (id >= 1 && id <= DESK_MODEL_TEXT_COUNT)
        g_value_set_string(value, model->texts[id - 1]);
    else if (id == PROP_IS_SIGNED_IN)
        g_value_set_boolean(value, !sugu_id_is_none(&model->person.sign_in));
    else if (id == PROP_IS_STALE)
        g_value_set_boolean(value, model->is_stale);
    else if (id == PROP_ROWS)
        g_value_set_object(value, model->rows);
    else if (id >= PROP_LISTS && id < PROP_COUNT)
        g_value_set_object(value, model->lists[id - PROP_LISTS]);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
free_visit(Sugu__VisitFound *found)
{
    sugu__visit_found__free_unpacked(found, NULL);
}

static void
forget_people(DeskModel *model)
{
    explicit_bzero(model->patients, sizeof *model->patients * DESK_PATIENTS_MAX);
    model->patient_count = 0;
    model->patient[0] = '\0';
    g_clear_pointer(&model->known, free_visit);
}

static void
desk_model_finalize(GObject *object)
{
    DeskModel *model = DESK_MODEL(object);

    forget_people(model);
    desk_model_forget_tasks(model);
    desk_model_free_money(model);
    g_hash_table_unref(model->changed);
    g_hash_table_unref(model->gone);
    g_clear_pointer(&model->kept, g_hash_table_unref);
    g_clear_pointer(&model->told, g_hash_table_unref);
    g_object_unref(model->rows);
    g_hash_table_unref(model->entries);
    g_hash_table_unref(model->dismissed);
    for (unsigned i = 0; i < DESK_LIST_COUNT; i++)
        g_object_unref(model->lists[i]);
    for (unsigned i = 0; i < DESK_MODEL_TEXT_COUNT; i++)
        g_free(model->texts[i]);
    g_free(model->queues);
    g_free(model->desks);
    g_free(model->helps);
    g_free(model->kiosks);
    g_free(model->patients);
    g_clear_pointer(&model->zone, g_time_zone_unref);
    G_OBJECT_CLASS(desk_model_parent_class)->finalize(object);
}

static void
install_properties(GObjectClass *class)
{
#define DESK_NAME(name, property) property,
    static const char *const texts[] = {DESK_MODEL_TEXTS(DESK_NAME)};
#undef DESK_NAME
    static const char *const lists[] = {
        [DESK_LIST_QUEUES] = "queues",   [DESK_LIST_CASES] = "cases",
        [DESK_LIST_PEOPLE] = "people",   [DESK_LIST_KIOSKS] = "kiosks",
        [DESK_LIST_DESKS] = "desks",     [DESK_LIST_DEPARTMENTS] = "departments",
        [DESK_LIST_TASKS] = "tasks",     [DESK_LIST_ATTEMPTS] = "attempts",
        [DESK_LIST_REFUNDS] = "refunds", [DESK_LIST_BILL_LINES] = "bill-lines",
        [DESK_LIST_BILLS] = "bills",
    };
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    for (guint i = 0; i < DESK_MODEL_TEXT_COUNT; i++)
        properties[i + 1] = g_param_spec_string(texts[i], NULL, NULL, "", flags);
    properties[PROP_IS_SIGNED_IN] = g_param_spec_boolean("is-signed-in", NULL, NULL, FALSE, flags);
    properties[PROP_IS_STALE] = g_param_spec_boolean("is-stale", NULL, NULL, FALSE, flags);
    properties[PROP_ROWS] = g_param_spec_object("rows", NULL, NULL, DESK_TYPE_ROWS, flags);
    for (guint i = 0; i < DESK_LIST_COUNT; i++)
        properties[PROP_LISTS + i] =
            g_param_spec_object(lists[i], NULL, NULL, G_TYPE_LIST_MODEL, flags);
    g_object_class_install_properties(class, PROP_COUNT, properties);
}

static void
desk_model_class_init(DeskModelClass *class)
{
    GType type = G_TYPE_FROM_CLASS(class);

    G_OBJECT_CLASS(class)->get_property = desk_model_get_property;
    G_OBJECT_CLASS(class)->finalize = desk_model_finalize;
    install_properties(G_OBJECT_CLASS(class));
    signals[CHANGED] =
        g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SUBJECT_CHANGED] = g_signal_new("subject-changed", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 0);
    signals[RIGHTS_CHANGED] = g_signal_new("rights-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);
    signals[MONEY_WANTED] =
        g_signal_new("money-wanted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[SHOW_ROW] = g_signal_new("show-row", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_UINT);
}

static guint
hash_key(gconstpointer key)
{
    const struct desk_key *of = key;
    guint hash;

    memcpy(&hash, of->visit.bytes + SUGU_ID_SIZE - sizeof hash, sizeof hash); /* random bytes */
    return hash ^ of->stage;
}

static gboolean
keys_equal(gconstpointer a, gconstpointer b)
{
    const struct desk_key *first = a, *second = b;

    return first->stage == second->stage && sugu_id_equal(&first->visit, &second->visit);
}

void
desk_model_look_at_selected(DeskModel *model)
{
    GPtrArray *selected = desk_rows_selected(model->rows);

    if (selected->len == 1)
        desk_model_look_at(model, desk_row_entry(g_ptr_array_index(selected, 0))->number);
    else
        desk_model_look_at(model, "");
    g_ptr_array_unref(selected);
}

static void
on_selected(DeskRows *rows, DeskModel *model)
{
    (void)rows;
    desk_model_look_at_selected(model);
    desk_model_touch(model);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

static void
desk_model_init(DeskModel *model)
{
    for (unsigned i = 0; i < DESK_MODEL_TEXT_COUNT; i++)
        model->texts[i] = g_strdup("");
    for (unsigned i = 0; i < DESK_LIST_COUNT; i++)
        model->lists[i] = g_list_store_new(DESK_TYPE_ITEM);
    model->queues = g_new0(struct desk_queue, DESK_QUEUES_MAX);
    model->desks = g_new0(struct desk_place_of_work, DESK_DESKS_MAX);
    model->helps = g_new0(struct desk_help, DESK_HELPS_MAX);
    model->kiosks = g_new0(struct desk_kiosk, DESK_KIOSKS_MAX);
    model->patients = g_new0(struct desk_patient, DESK_PATIENTS_MAX);
    model->entries = g_hash_table_new_full(hash_key, keys_equal, g_free, g_object_unref);
    model->changed = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL);
    model->gone = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL);
    model->dismissed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    model->groups = DESK_GROUPS_OPEN;
    model->rows = desk_rows_new();
    g_signal_connect_object(model->rows, "selected", G_CALLBACK(on_selected), model, 0);
}

enum sugu_status
desk_model_new(const struct desk_model_settings *settings,
               DeskModel **ret_model,
               struct sugu_error *reterr)
{
    GTimeZone *zone = g_time_zone_new_identifier(settings->time_zone);
    DeskModel *model;

    if (!zone)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "time-zone: %s is not known",
                         settings->time_zone);
    model = g_object_new(DESK_TYPE_MODEL, NULL);
    model->zone = zone;
    model->long_wait_min = settings->long_wait_min;
    model->late_wait_min = settings->late_wait_min;
    desk_model_say(model, DESK_MODEL_FACILITY, settings->facility_name);
    desk_model_choose_desk(model, settings->desk);
    *ret_model = model;
    return SUGU_OK;
}

/* ---------------------------------------------------------------- words */

const char *
desk_model_text(DeskModel *model, enum desk_model_text text)
{
    return model->texts[text];
}

void
desk_model_say(DeskModel *model, enum desk_model_text text, const char *words)
{
    if (strcmp(model->texts[text], words) == 0)
        return;
    g_free(model->texts[text]);
    model->texts[text] = g_strdup(words);
    g_object_notify_by_pspec(G_OBJECT(model), properties[text + 1]);
}

void
desk_model_touch(DeskModel *model)
{
    if (model->is_dirty)
        return;
    model->is_dirty = true;
    g_signal_emit(model, signals[CHANGED], 0);
}

void
desk_model_count_request(DeskModel *model, int change)
{
    model->under_way = (unsigned)((int)model->under_way + change);
    desk_model_touch(model);
}

/* ---------------------------------------------------------------- a burst becomes visible */

static GPtrArray *
array_of(GHashTable *set)
{
    GPtrArray *array = g_ptr_array_sized_new(g_hash_table_size(set));
    GHashTableIter iter;
    gpointer row;

    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        g_ptr_array_add(array, row);
    return array;
}

static void
select_awaited(DeskModel *model)
{
    char number[SUGU_TICKET_NUMBER_SIZE], department[DESK_DEPARTMENT_SIZE];

    if (!model->awaited_number[0])
        return;
    sugu_text_copy(number, sizeof number, model->awaited_number);
    sugu_text_copy(department, sizeof department, model->awaited_department);
    desk_model_go_to(model, number, department);
}

void
desk_model_flush(DeskModel *model)
{
    GPtrArray *changed, *gone;

    if (!model->is_dirty)
        return;
    changed = array_of(model->changed);
    gone = array_of(model->gone);
    g_hash_table_steal_all(model->changed);
    g_hash_table_steal_all(model->gone);
    g_ptr_array_set_free_func(changed, g_object_unref);
    g_ptr_array_set_free_func(gone, g_object_unref);
    if (changed->len + gone->len > 0)
        desk_rows_update(model->rows, changed, gone);
    for (guint i = 0; i < changed->len; i++)
        desk_row_tell(g_ptr_array_index(changed, i));
    if (changed->len > 0)
        select_awaited(model);
    model->is_dirty = false;
    desk_model_show(model);
    if (changed->len > 0)
        g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
    g_ptr_array_unref(changed);
    g_ptr_array_unref(gone);
}

void
desk_model_set_now(DeskModel *model, int64_t now_utc_us)
{
    GHashTableIter iter;
    gpointer row;

    model->now_utc_us = now_utc_us;
    g_hash_table_iter_init(&iter, model->entries);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        desk_row_set_wait_min(row, desk_entry_wait_min(desk_row_entry(row), now_utc_us));
    desk_model_touch(model);
}

int64_t
desk_model_now(DeskModel *model)
{
    return model->now_utc_us;
}

void
desk_model_want_money(DeskModel *model, bool is_wanted)
{
    model->wants_money = is_wanted;
    if (is_wanted)
        g_signal_emit(model, signals[MONEY_WANTED], 0);
}

bool
desk_model_wants_money(DeskModel *model)
{
    return model->wants_money;
}

void
desk_model_tell_rights(DeskModel *model)
{
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

/* ---------------------------------------------------------------- finding */

struct desk_queue *
desk_model_find_queue(DeskModel *model, const char *department)
{
    for (unsigned i = 0; i < model->queue_count; i++)
        if (strcmp(model->queues[i].department, department) == 0)
            return &model->queues[i];
    return NULL;
}

const char *
desk_model_queue_name(DeskModel *model, const char *department)
{
    const struct desk_queue *queue = desk_model_find_queue(model, department);

    return queue ? queue->name : department;
}

const char *
desk_model_desk_name(DeskModel *model,
                     const char *department,
                     const char *desk,
                     char to[static DESK_WORDS_SIZE])
{
    const struct desk_queue *queue = desk_model_find_queue(model, department);

    return desk_words_desk(to, queue ? queue->desk_word : SUGU_DESK_ROOM, desk);
}

GPtrArray *
desk_model_all_rows(DeskModel *model)
{
    GPtrArray *all = g_ptr_array_sized_new(g_hash_table_size(model->entries));
    GHashTableIter iter;
    gpointer row;

    g_hash_table_iter_init(&iter, model->entries);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(all, row);
    return all;
}

DeskRow *
desk_model_find(DeskModel *model, const char *number, const char *department)
{
    GHashTableIter iter;
    gpointer value;
    DeskRow *found = NULL;

    g_hash_table_iter_init(&iter, model->entries);
    while (number[0] && g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct desk_entry *entry = desk_row_entry(value);
        if (desk_entry_group(entry) == DESK_GROUP_OVER || strcmp(entry->number, number) != 0 ||
            (department[0] && strcmp(entry->department, department) != 0))
            continue;
        /* Where a person waits in several places, the one where something happens. */
        if (!found || desk_entry_group(entry) < desk_entry_group(desk_row_entry(found)))
            found = value;
    }
    return found;
}

/* ---------------------------------------------------------------- what is chosen */

static void
apply_filter(DeskModel *model)
{
    struct desk_filter filter = {.groups = model->groups};
    GPtrArray *all = desk_model_all_rows(model);

    sugu_text_copy(filter.department, sizeof filter.department, model->queue);
    desk_rows_set_filter(model->rows, &filter, all);
    g_ptr_array_unref(all);
    desk_model_touch(model);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

void
desk_model_choose_queue(DeskModel *model, const char *department)
{
    if (strcmp(model->queue, department) == 0)
        return;
    sugu_text_copy(model->queue, sizeof model->queue, department);
    apply_filter(model);
}

const char *
desk_model_queue(DeskModel *model)
{
    return model->queue;
}

void
desk_model_choose_groups(DeskModel *model, unsigned groups)
{
    if (model->groups == groups)
        return;
    model->groups = groups;
    apply_filter(model);
}

void
desk_model_choose_desk(DeskModel *model, const char *desk)
{
    sugu_text_copy(model->desk, sizeof model->desk, desk);
    desk_model_say(model, DESK_MODEL_DESK, model->desk);
    for (unsigned i = 0; i < model->desk_count && !model->queue[0]; i++)
        if (strcmp(model->desks[i].desk, desk) == 0)
            desk_model_choose_queue(model, model->desks[i].department);
    desk_model_touch(model);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

const char *
desk_model_desk(DeskModel *model)
{
    return model->desk;
}

void
desk_model_look_at(DeskModel *model, const char *number)
{
    struct desk_subject subject = {.visit = {{0}}};

    sugu_text_copy(subject.words, sizeof subject.words, number);
    desk_model_look_at_subject(model, &subject);
}

void
desk_model_look_at_subject(DeskModel *model, const struct desk_subject *subject)
{
    desk_model_choose_held(model, &subject->attempt);
    if (strcmp(model->subject, subject->words) == 0 &&
        sugu_id_equal(&model->subject_visit, &subject->visit))
        return;
    sugu_text_copy(model->subject, sizeof model->subject, subject->words);
    model->subject_visit = subject->visit;
    g_clear_pointer(&model->known, free_visit);
    desk_model_forget_money(model);
    desk_model_say(model, DESK_MODEL_MONEY_NOTE, "");
    desk_model_say(model, DESK_MODEL_BILL_NOTE, "");
    desk_model_say(model, DESK_MODEL_KNOWN_NOTE, "");
    desk_model_show_subject(model);
    g_signal_emit(model, signals[SUBJECT_CHANGED], 0);
}

const char *
desk_model_subject(DeskModel *model)
{
    return model->subject;
}

bool
desk_model_subject_visit(DeskModel *model, struct sugu_id *ret_visit)
{
    if (sugu_id_is_none(&model->subject_visit))
        return false;
    *ret_visit = model->subject_visit;
    return true;
}

bool
desk_model_looks_at_visit(DeskModel *model, const struct sugu_id *visit)
{
    struct sugu_id known;

    if (!model->known || !model->known->ticket)
        return false;
    known = sugu_id_of(&model->known->ticket->visit);
    return sugu_id_equal(&known, visit);
}

bool
desk_model_may_state_share(DeskModel *model)
{
    const Sugu__Bill *bill = desk_model_bill(model);

    return model->known && sugu_id_is_none(&model->subject_visit) &&
           (!bill || bill->state == SUGU__BILL_STATE__BILL_ANNOUNCED ||
            bill->state == SUGU__BILL_STATE__BILL_REVISED ||
            bill->state == SUGU__BILL_STATE__BILL_TO_COUNTER);
}

const Sugu__Bill *
desk_model_bill(DeskModel *model)
{
    return model->known ? model->known->bill : NULL;
}

void
desk_model_choose_kiosk(DeskModel *model, const char *key)
{
    sugu_text_copy(model->kiosk, sizeof model->kiosk, key);
    desk_model_say(model, DESK_MODEL_KIOSK_NOTE, "");
    desk_model_show_kiosks(model);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

void
desk_model_choose_patient(DeskModel *model, const char *key)
{
    sugu_text_copy(model->patient, sizeof model->patient, key);
    desk_model_say(model, DESK_MODEL_CHECK_IN_NOTE, "");
    desk_model_show_people(model);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
}

bool
desk_model_patient(DeskModel *model, struct sugu_id *ret_patient)
{
    return model->patient[0] && sugu_id_from_text(model->patient, ret_patient);
}

bool
desk_model_go_to(DeskModel *model, const char *number, const char *department)
{
    DeskRow *row = desk_model_find(model, number, department);
    guint position;

    if (!row) {
        sugu_text_copy(model->awaited_number, sizeof model->awaited_number, number);
        sugu_text_copy(model->awaited_department, sizeof model->awaited_department, department);
        return false;
    }
    model->awaited_number[0] = '\0';
    desk_model_choose_queue(model, desk_row_entry(row)->department);
    if (!(model->groups & (1u << desk_entry_group(desk_row_entry(row)))))
        desk_model_choose_groups(model, DESK_GROUPS_OPEN);
    position = desk_rows_select_only(model->rows, row);
    if (position != GTK_INVALID_LIST_POSITION)
        g_signal_emit(model, signals[SHOW_ROW], 0, position);
    return position != GTK_INVALID_LIST_POSITION;
}

DeskRows *
desk_model_rows(DeskModel *model)
{
    return model->rows;
}

/* ---------------------------------------------------------------- who and since when */

void
desk_model_set_person(DeskModel *model, const struct desk_person *person)
{
    model->person = person ? *person : (struct desk_person){.role = SUGU__STAFF_ROLE__CLERK};
    if (!person) {
        forget_people(model);
        desk_model_forget_tasks(model);
        desk_model_forget_money(model);
        desk_model_look_at(model, "");
        g_hash_table_remove_all(model->changed);
        g_hash_table_remove_all(model->gone);
        g_hash_table_remove_all(model->entries);
        model->has_snapshot = false;
        model->help_count = model->kiosk_count = 0;
        apply_filter(model);
        desk_model_show_people(model);
    }
    desk_model_show_person(model);
    g_object_notify_by_pspec(G_OBJECT(model), properties[PROP_IS_SIGNED_IN]);
    g_signal_emit(model, signals[RIGHTS_CHANGED], 0);
    desk_model_touch(model);
}

const struct desk_person *
desk_model_person(DeskModel *model)
{
    return sugu_id_is_none(&model->person.sign_in) ? NULL : &model->person;
}

void
desk_model_set_stale(DeskModel *model, int64_t since_utc_us)
{
    char *words, clock[DESK_WORDS_SIZE];

    model->is_stale = since_utc_us != 0;
    if (model->is_stale) {
        words = g_strdup_printf(
            C_("stale", "No connection to the server since %s. What you see may be old; what you "
                        "press is sent as soon as it is back."),
            desk_words_clock_s(clock, model->zone, since_utc_us));
        desk_model_say(model, DESK_MODEL_STALE, words);
        g_free(words);
    } else {
        desk_model_say(model, DESK_MODEL_STALE, "");
    }
    g_object_notify_by_pspec(G_OBJECT(model), properties[PROP_IS_STALE]);
}

bool
desk_model_is_stale(DeskModel *model)
{
    return model->is_stale;
}

bool
desk_model_has_snapshot(DeskModel *model)
{
    return model->has_snapshot;
}
