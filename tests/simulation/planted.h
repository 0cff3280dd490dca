/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted - bugs put in on purpose, one at a time: a test of the test
 *
 * Each is a function linked around one of the product's (ld --wrap) that does the wrong thing when
 * it was chosen. The product's sources know nothing of them.
 */
#pragma once

#include "simulation/world.h"

/* False where there is no such bug. */
bool planted_choose(const char *name);
/* The chosen one, "" = none. */
const char *planted_name(void);
/* By which way to pay it is met; WAY_COUNT = by any. */
enum world_way planted_way(void);
/* All of them by number. */
unsigned planted_count(void);
const char *planted_name_at(unsigned index);
/* What the chosen one changes in the database of a run; NULL = nothing. */
const char *planted_statement(void);
/* Prints all names and ends the process. */
void planted_list(void);
