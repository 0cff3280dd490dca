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
/* CSS class of the cell, "" where it has none. */
const char *desk_cell_class(DeskModel *model, DeskRow *row, enum desk_column column);
/* A level of waiting: a CSS class, and the sign that says the same without colour. */
const char *desk_model_level(DeskModel *model, int wait_min);
const char *desk_model_level_sign(DeskModel *model, int wait_min);
