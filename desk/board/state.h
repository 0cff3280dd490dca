/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state - what a call board knows: numbers called, waiting ranges, bills, and since when
 *
 * The server's answer to GetBoard is the truth; events change it in between. An answer may be older
 * than an event that overtook it, so each entry remembers when an event touched it, and an answer
 * that was asked for before that does not undo it. Numbers only: nothing here can hold a name.
 */
#pragma once

#include "protocol/message.h"

#include "base/clock.h"
#include "domain/desk-name.h"

/* The bounds of the wire (core/protocol/bounds.def), and room for what is taken off meanwhile. */
#define BOARD_TEXT_SIZE   17
#define BOARD_NAME_SIZE   101
#define BOARD_NUMBERS_MAX 400
#define BOARD_WAITS_MAX   60
#define BOARD_BILLS_MAX   400

enum board_number_state {
    BOARD_CALLED,
    BOARD_PRESENT, /* at the desk that called */
    BOARD_MISSED,
    BOARD_OFF, /* taken off; kept until the next answer, which may not know it yet */
};

/* One number at one department. */
struct board_number {
    char number[BOARD_TEXT_SIZE];
    char department[BOARD_TEXT_SIZE];
    char department_name[BOARD_NAME_SIZE];
    char desk[BOARD_TEXT_SIZE];
    char language[BOARD_TEXT_SIZE];
    enum sugu_desk_word desk_word;
    enum board_number_state state;
    uint32_t calls;
    sugu_time_us called_utc_us;
    int64_t called_us; /* monotonic: when the last call came here */
    int64_t state_us;  /* monotonic: since when it is in this state here */
    uint64_t touched;  /* mark of the last event */
};

struct board_wait {
    char department[BOARD_TEXT_SIZE];
    char department_name[BOARD_NAME_SIZE];
    uint32_t waiting, low_min, high_min; /* both 0 = not known */
};

struct board_bill {
    char number[BOARD_TEXT_SIZE];
    bool is_ready; /* false: taken off, as BOARD_OFF */
    int64_t state_us;
    uint64_t touched;
};

/* When something arrives, and whether it is news: not live = the past is being told again. */
struct board_moment {
    int64_t now_us;
    sugu_time_us utc_us;
    bool is_live;
};

/* What has to be spoken now. The pointers are valid during the call. */
struct board_callbacks {
    void (*on_call)(void *user, const struct board_number *number);
    void (*on_bill)(void *user, const struct board_bill *bill);
    void *user;
};

struct board_state {
    struct board_number numbers[BOARD_NUMBERS_MAX];
    struct board_wait waits[BOARD_WAITS_MAX];
    struct board_bill bills[BOARD_BILLS_MAX];
    size_t number_count, wait_count, bill_count;
    uint64_t mark;                  /* grows with each event */
    bool has_truth;                 /* an answer has come */
    const char *const *departments; /* shown here; NULL-ended, empty = all */
    struct board_callbacks callbacks;
};

/* `departments` is kept, not copied; it ends with NULL. */
void board_state_init(struct board_state *state,
                      const char *const *departments,
                      const struct board_callbacks *callbacks);

/*
 * An event. A call that grew is spoken, unless it is told again and older than BOARD_LATE_US: who
 * was called then has been called on the picture.
 */
#define BOARD_LATE_US (60 * SUGU_SECOND)
void board_state_take_number(struct board_state *state,
                             const Sugu__NumberCalled *called,
                             const struct board_moment *moment);
void board_state_take_bill(struct board_state *state,
                           const Sugu__BillReady *bill,
                           const struct board_moment *moment);

/* To be remembered when GetBoard is sent, and given back with its answer. */
uint64_t board_state_mark(const struct board_state *state);
/*
 * The answer to GetBoard. What it does not hold is gone, except what events said after `mark`. A
 * call that the board has not heard of is spoken if it is not older than BOARD_LATE_US.
 */
void board_state_take_board(struct board_state *state,
                            const Sugu__Board *board,
                            uint64_t mark,
                            const struct board_moment *moment);
