/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house-private - what the files of the house share
 */
#pragma once

#include "demo/house.h"
#include "demo/line.h"

#define HOUSE_START_S 20

/* Starts the part with this command line and the part's further options. */
void house_spawn(struct house *house, enum house_part part, struct line *line);
/* The rest of the line that begins with `word`, once the part has said it. */
void
house_take_word(struct house *house, enum house_part part, const char *word, char *to, size_t size);

/* ---- cash devices and the provider of code payments (house-money.c) */

void house_start_cash_emulator(struct house *house);
void house_start_code_emulator(struct house *house);
/* What sugu-payment has to know of them. */
void house_add_ways(struct house *house, struct line *line);
