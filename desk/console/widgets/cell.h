/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cell - one cell of the queue's list: says what its column says about its row
 */
#pragma once

#include "cells.h"

/* A column of the list, with the factory of its cells; keeps the model alive. */
GtkColumnViewColumn *desk_cell_column_new(DeskModel *model, enum desk_column column);

#define DESK_TYPE_CELL (desk_cell_get_type())
G_DECLARE_FINAL_TYPE(DeskCell, desk_cell, DESK, CELL, GtkWidget)
