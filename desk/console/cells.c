/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells - what the columns of the queue's list say
 */
#include "cells.h"

#include "model-private.h"
#include "reasons.h"

#include <glib/gi18n.h>

const char *
desk_column_title(enum desk_column column)
{
    static const char *const titles[] = {
        [DESK_COLUMN_NUMBER] = NC_("column", "Number"),
        [DESK_COLUMN_NAME] = NC_("column", "Name"),
        [DESK_COLUMN_STATE] = NC_("column", "State"),
        [DESK_COLUMN_PRIORITY] = NC_("column", "Priority"),
        [DESK_COLUMN_APPOINTMENT] = NC_("column", "Appt."),
        [DESK_COLUMN_ARRIVED] = NC_("column", "Arrived"),
        [DESK_COLUMN_WAITING] = NC_("column", "Waiting"),
        [DESK_COLUMN_DESK] = NC_("column", "Desk"),
        [DESK_COLUMN_NOTE] = NC_("column", "Note"),
    };

    return g_dpgettext2(NULL, "column", titles[column]);
}

static const char *
state_sign(enum sugu_stage_state state)
{
    static const char *const signs[] = {
        [SUGU_STAGE_WAITING] = "",     [SUGU_STAGE_CALLED] = "▶ ",  [SUGU_STAGE_PRESENT] = "● ",
        [SUGU_STAGE_DONE] = "✓ ",      [SUGU_STAGE_PARKED] = "‖ ",  [SUGU_STAGE_MISSED] = "× ",
        [SUGU_STAGE_MOVED] = "→ ",     [SUGU_STAGE_PLANNED] = "… ", [SUGU_STAGE_DROPPED] = "– ",
        [SUGU_STAGE_STATE_COUNT] = "",
    };

    return signs[state];
}

static void
say_state(char to[static DESK_WORDS_SIZE], DeskRow *row)
{
    const struct desk_entry *entry = desk_row_entry(row);

    if (desk_row_is_under_way(row))
        /* TRANSLATORS: a request for this number is under way; %s is its present state */
        snprintf(to, DESK_WORDS_SIZE, C_("stage", "%s … under way"),
                 desk_words_state(entry->state));
    else
        snprintf(to, DESK_WORDS_SIZE, "%s%s", state_sign(entry->state),
                 desk_words_state(entry->state));
}

static void
say_waiting(char to[static DESK_WORDS_SIZE], DeskModel *model, DeskRow *row)
{
    const struct desk_entry *entry = desk_row_entry(row);
    char words[DESK_WORDS_SIZE];
    int minutes = desk_row_wait_min(row);

    to[0] = '\0';
    if (entry->state == SUGU_STAGE_WAITING)
        snprintf(to, DESK_WORDS_SIZE, "%s %s", desk_level_sign(desk_row_level(model, row)),
                 desk_words_duration(words, minutes * SUGU_MINUTE));
    else if (entry->state == SUGU_STAGE_PARKED)
        /* TRANSLATORS: parked until a time of day */
        snprintf(to, DESK_WORDS_SIZE, C_("stage", "until %s"),
                 desk_words_clock(words, model->zone, entry->parked_until_utc_us));
    else if (entry->state == SUGU_STAGE_CALLED || entry->state == SUGU_STAGE_MISSED)
        /* TRANSLATORS: called at a time of day, %u times */
        snprintf(to, DESK_WORDS_SIZE, C_("stage", "%s (%u×)"),
                 desk_words_clock(words, model->zone, entry->called_utc_us), entry->calls);
}

const char *
desk_cell_text(char to[static DESK_WORDS_SIZE],
               DeskModel *model,
               DeskRow *row,
               enum desk_column column)
{
    const struct desk_entry *entry = desk_row_entry(row);

    to[0] = '\0';
    switch (column) {
    case DESK_COLUMN_NUMBER:
        return entry->number;
    case DESK_COLUMN_NAME:
        return entry->patient_name;
    case DESK_COLUMN_STATE:
        say_state(to, row);
        break;
    case DESK_COLUMN_PRIORITY:
        snprintf(to, DESK_WORDS_SIZE, "%s%s",
                 entry->priority == SUGU_PRIORITY_URGENT     ? "‼ "
                 : entry->priority == SUGU_PRIORITY_ASSISTED ? "♿ "
                                                             : "",
                 desk_words_priority(entry->priority));
        break;
    case DESK_COLUMN_APPOINTMENT:
        return desk_words_clock(to, model->zone, entry->appointment_utc_us);
    case DESK_COLUMN_ARRIVED:
        return desk_words_clock(to, model->zone, entry->arrived_utc_us);
    case DESK_COLUMN_WAITING:
        say_waiting(to, model, row);
        break;
    case DESK_COLUMN_DESK:
        return desk_model_desk_name(model, entry->department, entry->desk, to);
    case DESK_COLUMN_NOTE:
        if (desk_row_refusal(row)[0])
            return desk_words_code(to, desk_row_refusal(row), desk_row_detail(row));
        return desk_reason_title(entry->reason);
    case DESK_COLUMN_COUNT:
        break;
    }
    return to;
}

const char *
desk_cells_row_text(char *to, size_t size, DeskModel *model, DeskRow *row)
{
    static const enum desk_column columns[] = {
        DESK_COLUMN_NUMBER, DESK_COLUMN_NAME,     DESK_COLUMN_STATE, DESK_COLUMN_WAITING,
        DESK_COLUMN_DESK,   DESK_COLUMN_PRIORITY, DESK_COLUMN_NOTE};
    size_t used = 0;

    to[0] = '\0';
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(columns) && used + 1 < size; i++) {
        char words[DESK_WORDS_SIZE];
        const char *text = desk_cell_text(words, model, row, columns[i]);
        if (text[0])
            used += (size_t)snprintf(to + used, size - used, "%s%s", used ? ", " : "", text);
    }
    return to;
}

const char *
desk_cell_class(DeskModel *model, DeskRow *row, enum desk_column column)
{
    const struct desk_entry *entry = desk_row_entry(row);

    if (column == DESK_COLUMN_WAITING && entry->state == SUGU_STAGE_WAITING)
        return desk_level_class(desk_row_level(model, row));
    if (column == DESK_COLUMN_NOTE && desk_row_refusal(row)[0])
        return "refused";
    if (column == DESK_COLUMN_PRIORITY && entry->priority == SUGU_PRIORITY_URGENT)
        return "late";
    if (column == DESK_COLUMN_STATE && desk_entry_group(entry) == DESK_GROUP_AT_DESK)
        return "at-desk";
    return "";
}
