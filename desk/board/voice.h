/* SPDX-License-Identifier: Apache-2.0 */
/*
 * voice - what is called on the picture becomes an announcement, in its turn
 *
 * Between the state's callbacks and the speaker: queues, starts, and goes on when the speaker does
 * not answer. Without it a board calls by the picture alone, and with a broken one too.
 */
#pragma once

#include "announcer.h"
#include "speaker.h"
#include "view.h"
#include "volume.h"

/* A speaker that has not ended by then is given up for this announcement. */
#define BOARD_GUARD_US (150 * SUGU_SECOND)

struct board_voice;

struct board_voice_settings {
    const char *sink; /* "" = the board has no sound: nothing is queued */
    const char *voice_folder;
    const struct board_volume *volume; /* kept */
    const struct board_rules *rules;   /* kept */
    const struct sugu_clock *clock;
    bool says_bills;
    /* Another announcement is being spoken, or none; or whether sound works has changed. */
    void (*on_change)(void *user);
    void *user;
};

struct board_voice *board_voice_new(const struct board_voice_settings *settings);
struct board_voice *board_voice_free(struct board_voice *voice);

/* The picture is there: what is called is spoken from now on, what was queued first. */
void board_voice_begin(struct board_voice *voice);

void board_voice_call(struct board_voice *voice, const struct board_number *number);
void board_voice_bill(struct board_voice *voice, const struct board_bill *bill);
/* Takes back what waits for its turn and is not called any more. */
void board_voice_check(struct board_voice *voice, const struct board_state *state);

/* What is being spoken; NULL = nothing. Valid until on_change. */
const struct board_announcement *board_voice_spoken(const struct board_voice *voice);
/* The last announcement could not be heard. */
bool board_voice_is_silent(const struct board_voice *voice);
