/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-take - what comes over the wire becomes what the desk knows
 *
 * A snapshot comes in pages while events go on. An event is newer than any page that was asked for
 * before it came, so what an event has said since the snapshot began is not taken from a page; what
 * neither of them has named by the last page is not there any more.
 */
#include "model-private.h"

#include "base/text.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

/* ---------------------------------------------------------------- stages */

static struct desk_key
key_of(const struct desk_entry *entry)
{
    return (struct desk_key){entry->visit, entry->stage};
}

static void
remember(GHashTable *set, const struct desk_key *key)
{
    if (set && !g_hash_table_contains(set, key))
        g_hash_table_add(set, g_memdup2(key, sizeof *key));
}

static void
put(DeskModel *model, const Sugu__QueueEntry *message, bool is_event)
{
    struct desk_entry entry;
    struct desk_key key;
    DeskRow *row;

    desk_entry_take(&entry, message);
    key = key_of(&entry);
    remember(model->kept, &key);
    if (is_event)
        remember(model->told, &key);
    else if (model->told && g_hash_table_contains(model->told, &key))
        return;
    row = g_hash_table_lookup(model->entries, &key);
    if (row) {
        desk_row_set_entry(row, &entry);
    } else {
        row = desk_row_new(&entry);
        g_hash_table_insert(model->entries, g_memdup2(&key, sizeof key), row);
    }
    desk_row_set_wait_min(row, desk_entry_wait_min(&entry, model->now_utc_us));
    if (!g_hash_table_contains(model->changed, row))
        g_hash_table_add(model->changed, g_object_ref(row));
    explicit_bzero(&entry, sizeof entry);
    desk_model_touch(model);
}

void
desk_model_take_entry(DeskModel *model, const Sugu__QueueEntry *message)
{
    put(model, message, /* is_event= */ true);
}

static guint
hash_of(gconstpointer key)
{
    const struct desk_key *of = key;
    guint hash;

    memcpy(&hash, of->visit.bytes + SUGU_ID_SIZE - sizeof hash, sizeof hash);
    return hash ^ of->stage;
}

static gboolean
equal(gconstpointer a, gconstpointer b)
{
    const struct desk_key *first = a, *second = b;

    return first->stage == second->stage && sugu_id_equal(&first->visit, &second->visit);
}

void
desk_model_begin_snapshot(DeskModel *model)
{
    g_clear_pointer(&model->kept, g_hash_table_unref);
    g_clear_pointer(&model->told, g_hash_table_unref);
    model->kept = g_hash_table_new_full(hash_of, equal, g_free, NULL);
    model->told = g_hash_table_new_full(hash_of, equal, g_free, NULL);
}

static gboolean
is_forgotten(gpointer key, gpointer row, gpointer user)
{
    DeskModel *model = user;

    if (g_hash_table_contains(model->kept, key))
        return FALSE;
    g_hash_table_remove(model->changed, row);
    if (!g_hash_table_contains(model->gone, row))
        g_hash_table_add(model->gone, g_object_ref(row));
    return TRUE;
}

static void
end_snapshot(DeskModel *model)
{
    if (model->kept)
        g_hash_table_foreach_remove(model->entries, is_forgotten, model);
    g_clear_pointer(&model->kept, g_hash_table_unref);
    g_clear_pointer(&model->told, g_hash_table_unref);
    model->has_snapshot = true;
    desk_model_touch(model);
}

/* ---------------------------------------------------------------- queues, desks, helps */

static void
take_queue(struct desk_queue *queue, const Sugu__Queue *message)
{
    *queue = (struct desk_queue){
        .kind = message->kind,
        .desk_word = (enum sugu_desk_word)message->desk_word,
        .is_desk = message->is_desk,
        .is_open = message->is_open,
        .told = message->told,
        .held = message->held,
    };
    sugu_text_copy(queue->department, sizeof queue->department, message->department);
    sugu_text_copy(queue->name, sizeof queue->name, message->name);
    if (message->rule)
        queue->rule = (struct sugu_queue_rule){
            .walk_in_after_min = (int32_t)message->rule->walk_in_after_min,
            .grace_min = (int32_t)message->rule->grace_min,
            .late_after_min = (int32_t)message->rule->late_after_min,
            .assist_before_min = (int32_t)message->rule->assist_before_min,
        };
}

/* Who waits for the bill stands in a list of its own, which is no department. */
static void
add_bill_wait(DeskModel *model)
{
    struct desk_queue *queue;

    if (model->queue_count == DESK_QUEUES_MAX)
        return;
    queue = &model->queues[model->queue_count++];
    *queue = (struct desk_queue){.kind = SUGU__STAGE_KIND__KIND_BILLING, .is_open = true};
    sugu_text_copy(queue->department, sizeof queue->department, DESK_BILL_WAIT);
    sugu_text_copy(queue->name, sizeof queue->name, C_("queue", "Waiting for the bill"));
}

static void
take_frame(DeskModel *model, const Sugu__Queues *page)
{
    model->queue_count = model->desk_count = model->help_count = 0;
    for (size_t i = 0; i < page->n_queues && model->queue_count < DESK_QUEUES_MAX; i++)
        take_queue(&model->queues[model->queue_count++], page->queues[i]);
    add_bill_wait(model);
    for (size_t i = 0; i < page->n_desks && model->desk_count < DESK_DESKS_MAX; i++) {
        struct desk_place_of_work *desk = &model->desks[model->desk_count++];
        sugu_text_copy(desk->desk, sizeof desk->desk, page->desks[i]->desk);
        sugu_text_copy(desk->department, sizeof desk->department, page->desks[i]->department);
    }
    for (size_t i = 0; i < page->n_helps; i++) {
        Sugu__Help help = SUGU__HELP__INIT;
        help.place = page->helps[i]->place;
        help.reason = page->helps[i]->reason;
        help.number = page->helps[i]->number;
        desk_model_take_help(model, &help, page->helps[i]->asked_utc_us);
    }
}

/* The queue of one's own desk first; else the first that there is. */
static void
choose_first(DeskModel *model)
{
    if (model->queue[0] && desk_model_find_queue(model, model->queue))
        return;
    model->queue[0] = '\0';
    for (unsigned i = 0; i < model->desk_count; i++)
        if (strcmp(model->desks[i].desk, model->desk) == 0)
            desk_model_choose_queue(model, model->desks[i].department);
    if (!model->queue[0] && model->queue_count > 0)
        desk_model_choose_queue(model, model->queues[0].department);
}

bool
desk_model_take_page(DeskModel *model, const Sugu__Queues *page, Sugu__GetQueues *ret_after)
{
    if (page->n_queues > 0)
        take_frame(model, page);
    for (size_t i = 0; i < page->n_entries; i++)
        put(model, page->entries[i], /* is_event= */ false);
    if (page->n_queues > 0)
        choose_first(model);
    desk_model_touch(model);
    if (page->is_last || page->n_entries == 0) {
        end_snapshot(model);
        return true;
    }
    if (ret_after) {
        ret_after->after_visit = page->entries[page->n_entries - 1]->visit;
        ret_after->after_stage = page->entries[page->n_entries - 1]->stage;
    }
    return false;
}

void
desk_model_take_help(DeskModel *model, const Sugu__Help *help, int64_t asked_utc_us)
{
    struct desk_help *to;

    for (unsigned i = 0; i < model->help_count; i++) {
        to = &model->helps[i];
        if (strcmp(to->place, help->place) != 0 || strcmp(to->reason, help->reason) != 0 ||
            strcmp(to->number, help->number) != 0)
            continue;
        to->asked_utc_us = asked_utc_us; /* pressed once more */
        if (help->is_over)
            memmove(to, to + 1, sizeof *to * (--model->help_count - i));
        desk_model_touch(model);
        return;
    }
    if (help->is_over)
        return;
    if (model->help_count == DESK_HELPS_MAX) /* the oldest gives way */
        memmove(model->helps, model->helps + 1, sizeof *to * --model->help_count);
    to = &model->helps[model->help_count++];
    *to = (struct desk_help){.asked_utc_us = asked_utc_us};
    sugu_text_copy(to->place, sizeof to->place, help->place);
    sugu_text_copy(to->reason, sizeof to->reason, help->reason);
    sugu_text_copy(to->number, sizeof to->number, help->number);
    desk_model_touch(model);
}

/* ---------------------------------------------------------------- machines and the day */

static void
take_kiosk(struct desk_kiosk *to, const Sugu__Kiosk *kiosk)
{
    *to = (struct desk_kiosk){
        .heard_utc_us = kiosk->heard_utc_us,
        .errored_utc_us = kiosk->errored_utc_us,
        .is_draining = kiosk->is_draining,
    };
    sugu_text_copy(to->place, sizeof to->place, kiosk->place);
    sugu_text_copy(to->client, sizeof to->client, kiosk->client);
    sugu_text_copy(to->role, sizeof to->role, kiosk->role);
    sugu_text_copy(to->page, sizeof to->page, kiosk->page);
    sugu_text_copy(to->last_error, sizeof to->last_error, kiosk->last_error);
    for (size_t i = 0; i < kiosk->n_parts && to->part_count < DESK_PARTS_MAX; i++) {
        struct desk_part *part = &to->parts[to->part_count++];
        part->part = kiosk->parts[i]->part;
        part->health = kiosk->parts[i]->health;
        sugu_text_copy(part->code, sizeof part->code, kiosk->parts[i]->code);
    }
}

void
desk_model_take_kiosk(DeskModel *model, const Sugu__Kiosk *kiosk)
{
    struct desk_kiosk *to = NULL;

    for (unsigned i = 0; i < model->kiosk_count && !to; i++)
        if (strcmp(model->kiosks[i].client, kiosk->client) == 0)
            to = &model->kiosks[i];
    if (!to && model->kiosk_count < DESK_KIOSKS_MAX)
        to = &model->kiosks[model->kiosk_count++];
    if (to)
        take_kiosk(to, kiosk);
    desk_model_touch(model);
}

void
desk_model_take_kiosks(DeskModel *model, const Sugu__Kiosks *kiosks)
{
    for (size_t i = 0; i < kiosks->n_kiosks; i++)
        desk_model_take_kiosk(model, kiosks->kiosks[i]);
}

/* ---------------------------------------------------------------- people */

static void
take_appointments(DeskModel *model, struct desk_patient *to, const Sugu__PatientFound *patient)
{
    char words[160];

    (void)model;
    for (size_t i = 0; i < patient->n_appointments; i++) {
        const Sugu__Appointment *appointment = patient->appointments[i];
        snprintf(words, sizeof words, "%s%u:%02u %s", i ? ", " : "", appointment->minutes / 60,
                 appointment->minutes % 60, appointment->department_name);
        g_strlcat(to->appointments, words, sizeof to->appointments);
    }
}

void
desk_model_take_patients(DeskModel *model, const Sugu__PatientsFound *found)
{
    explicit_bzero(model->patients, sizeof *model->patients * DESK_PATIENTS_MAX);
    model->patient_count = 0;
    model->has_more_patients = found->has_more;
    for (size_t i = 0; i < found->n_patients && model->patient_count < DESK_PATIENTS_MAX; i++) {
        const Sugu__PatientFound *patient = found->patients[i];
        struct desk_patient *to = &model->patients[model->patient_count++];
        to->patient = sugu_id_of(&patient->patient);
        to->birth_date = patient->birth_date;
        sugu_text_copy(to->patient_number, sizeof to->patient_number, patient->patient_number);
        sugu_text_copy(to->name, sizeof to->name, patient->name);
        sugu_text_copy(to->number, sizeof to->number, patient->number);
        take_appointments(model, to, patient);
    }
    model->patient[0] = '\0';
    desk_model_show_people(model);
}

void
desk_model_take_visit(DeskModel *model, const char *number, const Sugu__VisitFound *found)
{
    if (strcmp(model->subject, number) != 0)
        return; /* somebody else is looked at by now */
    if (model->known)
        sugu__visit_found__free_unpacked(model->known, NULL);
    model->known = (Sugu__VisitFound *)sugu_message_copy(&found->base);
    desk_model_say(model, DESK_MODEL_KNOWN_NOTE, "");
    if (model->money && !desk_model_money(model)) /* there is another bill now */
        desk_model_forget_money(model);
    desk_model_show_subject(model);
    desk_model_show_money(model);
}
