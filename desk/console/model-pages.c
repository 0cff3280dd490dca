/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-pages - the words of the pages beside the queues: people found, kiosks, today's numbers
 */
#include "model-private.h"

#include "protocol/state-times.h"
#include "reasons.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

static void
say_number(DeskModel *model, enum desk_model_text text, unsigned number)
{
    char words[16];

    snprintf(words, sizeof words, "%u", number);
    desk_model_say(model, text, words);
}

static void
say_take(DeskModel *model, enum desk_model_text text, char *words)
{
    desk_model_say(model, text, words);
    g_free(words);
}

/* ---------------------------------------------------------------- people found */

static const struct desk_patient *
chosen_patient(DeskModel *model)
{
    char key[SUGU_ID_TEXT_SIZE];

    for (unsigned i = 0; i < model->patient_count; i++)
        if (strcmp(sugu_id_to_text(&model->patients[i].patient, key), model->patient) == 0)
            return &model->patients[i];
    return NULL;
}

static char *
patient_words(const struct desk_patient *patient)
{
    char born[DESK_WORDS_SIZE];

    return g_strdup_printf(C_("people", "No. %s, born %s"), patient->patient_number,
                           desk_words_date(born, patient->birth_date));
}

static void
show_patient(DeskModel *model)
{
    const struct desk_patient *patient = chosen_patient(model);
    char *words;

    desk_model_say(model, DESK_MODEL_PATIENT, patient ? patient->name : "");
    if (!patient) {
        desk_model_say(model, DESK_MODEL_PATIENT_TEXT, "");
        return;
    }
    words = patient_words(patient);
    say_take(model, DESK_MODEL_PATIENT_TEXT,
             g_strdup_printf("%s\n%s", words,
                             patient->appointments[0] ? patient->appointments
                                                      : C_("people", "no appointment today")));
    g_free(words);
}

void
desk_model_show_people(DeskModel *model)
{
    struct desk_line lines[DESK_PATIENTS_MAX] = {0};
    char keys[DESK_PATIENTS_MAX][SUGU_ID_TEXT_SIZE];
    char *words[DESK_PATIENTS_MAX], *tips[DESK_PATIENTS_MAX];

    for (unsigned i = 0; i < model->patient_count; i++) {
        const struct desk_patient *patient = &model->patients[i];
        words[i] = patient_words(patient);
        tips[i] = g_strdup_printf("%s%s%s, %s", patient->number, patient->number[0] ? " " : "",
                                  patient->name, words[i]);
        lines[i].key = sugu_id_to_text(&patient->patient, keys[i]);
        lines[i].texts[DESK_ITEM_TITLE] = patient->name;
        lines[i].texts[DESK_ITEM_SUBTITLE] = words[i];
        lines[i].texts[DESK_ITEM_TEXT] =
            patient->appointments[0] ? patient->appointments : C_("people", "no appointment today");
        lines[i].texts[DESK_ITEM_COUNT] = patient->number;
        lines[i].texts[DESK_ITEM_TIP] = tips[i];
    }
    desk_items_show(model->lists[DESK_LIST_PEOPLE], lines, model->patient_count);
    for (unsigned i = 0; i < model->patient_count; i++) {
        g_free(words[i]);
        g_free(tips[i]);
    }
    if (model->has_more_patients && model->patient_count > 0)
        desk_model_say(model, DESK_MODEL_PEOPLE_NOTE,
                       C_("people", "There are more; type more of the name or the number."));
    show_patient(model);
}

/* ---------------------------------------------------------------- kiosks */

static bool
is_away(DeskModel *model, const struct desk_kiosk *kiosk)
{
    return model->now_utc_us - kiosk->heard_utc_us > SUGU_STATE_AWAY_US;
}

static Sugu__PartHealth
health_of(DeskModel *model, const struct desk_kiosk *kiosk)
{
    Sugu__PartHealth worst =
        is_away(model, kiosk) ? SUGU__PART_HEALTH__PART_AWAY : SUGU__PART_HEALTH__PART_OK;

    for (unsigned i = 0; i < kiosk->part_count; i++)
        worst = MAX(worst, kiosk->parts[i].health);
    return worst;
}

/* What is wrong with it in few words: nearly empty, nearly full, stuck … */
static const char *
ailment(const struct desk_part *part)
{
    bool has_title = part->health != SUGU__PART_HEALTH__PART_OK && desk_reason_find(part->code);

    return has_title ? desk_reason_title(part->code) : desk_words_health(part->health);
}

/* "○ Printer well", one a line; with the codes in words where `is_long`. */
static char *
parts_words(const struct desk_kiosk *kiosk, bool is_long)
{
    GString *words = g_string_new(NULL);
    char text[DESK_WORDS_SIZE];

    for (unsigned i = 0; i < kiosk->part_count; i++) {
        const struct desk_part *part = &kiosk->parts[i];
        g_string_append_printf(words, "%s%s %s",
                               i == 0    ? ""
                               : is_long ? "\n"
                                         : "   ",
                               desk_words_health_sign(part->health), desk_words_part(part->part));
        if (is_long || part->health != SUGU__PART_HEALTH__PART_OK)
            g_string_append_printf(words, ": %s", ailment(part));
        if (is_long && part->code[0])
            g_string_append_printf(words, " – %s", desk_words_code(text, part->code, NULL));
    }
    return g_string_free(words, FALSE);
}

static const char *
program_words(const char *role)
{
    if (strcmp(role, "kiosk") == 0)
        return C_("program", "Screens");
    if (strcmp(role, "printer") == 0)
        return C_("program", "Printer program");
    if (strcmp(role, "payment") == 0)
        return C_("program", "Payment program");
    return role;
}

static char *
heard_words(DeskModel *model, const struct desk_kiosk *kiosk)
{
    char age[DESK_WORDS_SIZE];

    if (kiosk->heard_utc_us == 0)
        return g_strdup(C_("kiosk", "never heard"));
    desk_words_duration(age, model->now_utc_us - kiosk->heard_utc_us);
    return g_strdup_printf(
        is_away(model, kiosk) ? C_("kiosk", "silent for %s") : C_("kiosk", "heard %s ago"), age);
}

static void
show_kiosk(DeskModel *model, const struct desk_kiosk *kiosk)
{
    char *parts, *heard, clock[DESK_WORDS_SIZE], words[DESK_WORDS_SIZE];
    GString *text;

    if (!kiosk) {
        desk_model_say(model, DESK_MODEL_KIOSK, "");
        desk_model_say(model, DESK_MODEL_KIOSK_TEXT,
                       C_("kiosk", "Choose a program to see more of it."));
        return;
    }
    parts = parts_words(kiosk, /* is_long= */ true);
    heard = heard_words(model, kiosk);
    say_take(model, DESK_MODEL_KIOSK,
             g_strdup_printf("%s · %s", kiosk->place, program_words(kiosk->role)));
    text = g_string_new(heard);
    if (kiosk->page[0])
        g_string_append_printf(text, C_("kiosk", "\nPage: %s"), desk_words_page(kiosk->page));
    if (parts[0])
        g_string_append_printf(text, "\n%s", parts);
    if (kiosk->last_error[0])
        g_string_append_printf(text, C_("kiosk", "\nLast error %s: %s"),
                               desk_words_clock(clock, model->zone, kiosk->errored_utc_us),
                               desk_words_code(words, kiosk->last_error, NULL));
    say_take(model, DESK_MODEL_KIOSK_TEXT, g_string_free(text, FALSE));
    g_free(parts);
    g_free(heard);
}

static int
compare_kiosks(const void *a, const void *b)
{
    const struct desk_kiosk *first = a, *second = b;
    int order = strcmp(first->place, second->place);

    return order ? order : strcmp(first->client, second->client);
}

/* Told to close, and not there yet: somebody is served, or the kiosk has not heard it. */
static bool
is_closing(const struct desk_kiosk *kiosk)
{
    return kiosk->is_draining && strcmp(kiosk->page, "out-of-use") != 0;
}

/* Words of one line; `words` keeps what it points to. */
static void
fill_kiosk(DeskModel *model, const struct desk_kiosk *kiosk, struct desk_line *line, char **words)
{
    Sugu__PartHealth health = health_of(model, kiosk);
    bool gone = is_away(model, kiosk);

    words[0] = heard_words(model, kiosk);
    words[1] = parts_words(kiosk, /* is_long= */ false);
    words[2] = g_strdup_printf("%s %s: %s. %s. %s", kiosk->place, program_words(kiosk->role),
                               words[0], desk_words_health(health), words[1]);
    words[3] = g_strdup_printf("%s · %s", kiosk->place, program_words(kiosk->role));
    line->key = kiosk->client;
    line->texts[DESK_ITEM_TITLE] = words[3];
    line->texts[DESK_ITEM_TEXT] = gone                ? ""
                                  : is_closing(kiosk) ? C_("kiosk", "closes: takes nobody new")
                                                      : desk_words_page(kiosk->page);
    line->texts[DESK_ITEM_NOTE] = words[1];
    line->texts[DESK_ITEM_COUNT] = words[0];
    line->texts[DESK_ITEM_SIGN] = desk_words_health_sign(health);
    line->texts[DESK_ITEM_LEVEL] = health == SUGU__PART_HEALTH__PART_OK    ? "calm"
                                   : health == SUGU__PART_HEALTH__PART_LOW ? "long"
                                                                           : "late";
    line->texts[DESK_ITEM_TIP] = words[2];
}

void
desk_model_show_kiosks(DeskModel *model)
{
    struct desk_line lines[DESK_KIOSKS_MAX] = {0};
    char *words[DESK_KIOSKS_MAX][4];
    const struct desk_kiosk *chosen = NULL;
    unsigned troubled = 0;

    qsort(model->kiosks, model->kiosk_count, sizeof *model->kiosks, compare_kiosks);
    for (unsigned i = 0; i < model->kiosk_count; i++) {
        const struct desk_kiosk *kiosk = &model->kiosks[i];
        fill_kiosk(model, kiosk, &lines[i], words[i]);
        troubled += health_of(model, kiosk) != SUGU__PART_HEALTH__PART_OK;
        if (strcmp(kiosk->client, model->kiosk) == 0)
            chosen = kiosk;
    }
    desk_items_show(model->lists[DESK_LIST_KIOSKS], lines, model->kiosk_count);
    for (unsigned i = 0; i < model->kiosk_count; i++)
        for (unsigned j = 0; j < 4; j++)
            g_free(words[i][j]);
    if (troubled > 0)
        say_number(model, DESK_MODEL_TAB_KIOSKS, troubled);
    else
        desk_model_say(model, DESK_MODEL_TAB_KIOSKS, "");
    show_kiosk(model, chosen);
}

const char *
desk_model_kiosk(DeskModel *model)
{
    for (unsigned i = 0; i < model->kiosk_count; i++)
        if (strcmp(model->kiosks[i].client, model->kiosk) == 0)
            return model->kiosks[i].place;
    return "";
}

bool
desk_model_kiosk_is_screen(DeskModel *model)
{
    for (unsigned i = 0; i < model->kiosk_count; i++)
        if (strcmp(model->kiosks[i].client, model->kiosk) == 0)
            return strcmp(model->kiosks[i].role, "kiosk") == 0;
    return false;
}

/* ---------------------------------------------------------------- today */

void
desk_model_take_today(DeskModel *model, const Sugu__Today *today)
{
    char words[DESK_WORDS_SIZE], clock[DESK_WORDS_SIZE];

    say_number(model, DESK_MODEL_TODAY_ARRIVED, today->arrived);
    say_number(model, DESK_MODEL_TODAY_WAITING, today->waiting);
    say_number(model, DESK_MODEL_TODAY_CALLED, today->called);
    say_number(model, DESK_MODEL_TODAY_GONE, today->gone);
    say_number(model, DESK_MODEL_TODAY_MISSED, today->missed);
    say_number(model, DESK_MODEL_TODAY_SETTLED, today->settled);
    desk_model_say(model, DESK_MODEL_TODAY_MEDIAN,
                   desk_words_duration(words, today->wait_median_s * SUGU_SECOND));
    desk_model_say(model, DESK_MODEL_TODAY_P90,
                   desk_words_duration(words, today->wait_p90_s * SUGU_SECOND));
    say_take(model, DESK_MODEL_TODAY_ALONE,
             today->settled == 0
                 ? g_strdup("–")
                 : g_strdup_printf("%u %%", (unsigned)(((uint64_t)today->settled_at_kiosk * 100 +
                                                        today->settled / 2) /
                                                       today->settled)));
    say_take(model, DESK_MODEL_TODAY_NOTE,
             g_strdup_printf(C_("today", "As of %s"),
                             desk_words_clock_s(clock, model->zone, model->now_utc_us)));
}
