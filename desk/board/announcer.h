/* SPDX-License-Identifier: Apache-2.0 */
/*
 * announcer - one announcement after the other, each with its turn
 *
 * Two calls within the same 100 ms are both spoken, in order, none cut (domain/peers.md section 8).
 * What is waiting already is not queued a second time. An announcement is a chime, then the text
 * twice in Japanese, then twice in the patient's own language where there are clips for it; 1 s
 * between repetitions and 3 s between announcements (domain/screens.md section 6). Pure: the time
 * is an argument, nothing is played here.
 */
#pragma once

#include "clips.h"
#include "state.h"

#define BOARD_QUEUE_MAX 64
#define BOARD_REPEAT_MS 1000 /* between the first time and the second */
#define BOARD_CHIME_MS  250  /* between the chime and the first word */
#define BOARD_REST_MS   3000 /* between two announcements */
#define BOARD_PARTS_MAX 200

enum board_subject {
    BOARD_SAY_CALL,
    BOARD_SAY_BILL,
};

struct board_announcement {
    enum board_subject subject;
    char number[BOARD_TEXT_SIZE];
    char department[BOARD_TEXT_SIZE]; /* "" for a bill */
    char desk[BOARD_TEXT_SIZE];
    char language[BOARD_TEXT_SIZE];
    enum sugu_desk_word desk_word;
};

struct board_announcer {
    struct board_announcement queue[BOARD_QUEUE_MAX]; /* [0] is spoken where is_speaking */
    size_t count;
    bool is_speaking;
    int64_t rest_until_us; /* monotonic */
};

enum board_queued {
    BOARD_QUEUED,
    BOARD_MERGED, /* the same waits for its turn already */
    BOARD_FULL,   /* nothing was queued: only the picture calls */
};

enum board_queued board_announcer_add(struct board_announcer *announcer,
                                      const struct board_announcement *announcement);

/* Takes back what nobody needs to hear any more: the number is at the desk, or off the board. */
void board_announcer_withdraw(struct board_announcer *announcer,
                              enum board_subject subject,
                              const char *number,
                              const char *department);

/*
 * The announcement whose turn has come, once: it is spoken from now on, until board_announcer_done.
 * NULL where one is being spoken, the rest is not over, or nothing waits. Valid until the next
 * call.
 */
const struct board_announcement *board_announcer_next(struct board_announcer *announcer,
                                                      int64_t now_us);
/* The spoken one has ended, or could not be spoken. */
void board_announcer_done(struct board_announcer *announcer, int64_t now_us);

/* When board_announcer_next may have something; INT64_MAX = not before add or done. */
int64_t board_announcer_due_us(const struct board_announcer *announcer);

/* One piece of an announcement: a clip, or silence where `clip` is "". */
struct board_part {
    char clip[BOARD_CLIP_NAME_MAX + 1]; /* "chime", "ja/300" */
    uint32_t silence_ms;
    uint8_t text; /* 0 = chime; pieces of one repetition of the text have one number */
};

struct board_script {
    struct board_part parts[BOARD_PARTS_MAX];
    size_t count;
};

/* Everything that is heard, in order. A number that cannot be spoken has the chime alone. */
void board_announcement_write(const struct board_announcement *announcement,
                              struct board_script *ret_script);
