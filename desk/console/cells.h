/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells - what the columns of the queue's list say
 */
#pragma once

#include "model.h"
#include "words.h"

enum desk_column {
    DESK_COLUMN_NUMBER,
    DESK_COLUMN_NAME,
    DESK_COLUMN_STATE,
    DESK_COLUMN_PRIORITY,
    DESK_COLUMN_APPOINTMENT,
    DESK_COLUMN_ARRIVED,
    DESK_COLUMN_WAITING,
    DESK_COLUMN_DESK,
    DESK_COLUMN_NOTE,
    DESK_COLUMN_COUNT,
};

/* Heading in the staff's language. */
const char *desk_column_title(enum desk_column column);
const char *desk_cell_text(char to[static DESK_WORDS_SIZE],
                           DeskModel *model,
                           DeskRow *row,
                           enum desk_column column);
/* The row in one sentence: number, name, state and what else there is to say. */
const char *desk_cells_row_text(char *to, size_t size, DeskModel *model, DeskRow *row);
/* CSS class of the cell, "" where it has none. */
const char *desk_cell_class(DeskModel *model, DeskRow *row, enum desk_column column);
/*
 * How long a wait is, by the desk's two limits and by what the person was told at the beginning
 * (high_min, 0 = nothing): who was told an hour is not overdue after 40 minutes, and who was told
 * five minutes is after ten.
 */
enum desk_level {
    DESK_CALM,
    DESK_LONG,
    DESK_LATE,
};
enum desk_level desk_model_level(DeskModel *model, int wait_min, uint32_t high_min);
enum desk_level desk_row_level(DeskModel *model, DeskRow *row);
/* A CSS class, and the sign that says the same without colour. */
const char *desk_level_class(enum desk_level level);
const char *desk_level_sign(enum desk_level level);
