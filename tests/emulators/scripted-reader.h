/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-reader - the reader port in memory: no line, no chip, the same cards
 *
 * For unit tests of what lies above the port, and for the simulation. Not thread-safe.
 */
#pragma once

#include "emulators/emulated-card.h"
#include "port/reader.h"

#define SCRIPTED_CARDS_MAX 4

struct scripted_reader {
    struct sugu_reader reader; /* hand &scripted.reader down */
    struct emulated_card *cards[SCRIPTED_CARDS_MAX];
    size_t card_count;
    struct emulated_card *selected;
    bool is_open;
    /* Orders, changed by the test at will. */
    bool is_away;        /* the reader is unplugged */
    unsigned take_after; /* the cards are taken after so many exchanges; 0 = never */
    unsigned away_after; /* the reader goes after so many exchanges; 0 = never */
    /* What happened. */
    unsigned exchanges, opens, polls, drops;
    uint8_t last_command[SUGU_APDU_SIZE_MAX];
    size_t last_command_size;
};

void scripted_reader_init(struct scripted_reader *scripted);
void scripted_reader_put(struct scripted_reader *scripted, struct emulated_card *card);
/* NULL takes all. */
void scripted_reader_take(struct scripted_reader *scripted, struct emulated_card *card);
