/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side - the card side of sugu-reader: a process of its own that owns the reader
 *
 * libnfc can hang on a line and calls abort() at certain replies. So it runs in a second process,
 * the same program started again, which the front kills and starts anew as needed. The two share
 * a SOCK_SEQPACKET socket, one struct sugu_side_message per packet, and the PIN page.
 */
#pragma once

#include "reader/watch.h"

#include <sys/types.h>

enum sugu_side_word {
    SUGU_SIDE_ALIVE, /* card side: at least every second, unless it hangs */
    SUGU_SIDE_PART,  /* card side */
    SUGU_SIDE_CARD,  /* card side */
    SUGU_SIDE_READ,  /* front: read the card of this presence; the PIN is in the page */
    SUGU_SIDE_DONE,  /* card side: what became of it */
};

/* Holds attributes of a person with DONE: cleared by both sides when done. */
struct sugu_side_message {
    enum sugu_side_word word;
    union {
        struct {
            Sugu__PartHealth health;
            char code[64];
        } part;
        struct sugu_card_note card;
        struct sugu_id presence;
        struct {
            enum sugu_status status;
            char code[64];
            char detail[160];
            unsigned tries_left;
            struct sugu_attributes attributes; /* with SUGU_OK */
        } done;
    };
};

struct sugu_side_settings {
    const char *device; /* connection string of libnfc */
    const char *roots;
    int64_t poll_us;
};

/*
 * The card side's whole life: opens the roots, watches the reader, answers the front. Ends when the
 * front closes the channel. BROKEN "settings.invalid" for roots that cannot be used.
 */
enum sugu_status sugu_side_run(const struct sugu_side_settings *settings,
                               int channel,
                               struct sugu_pin_page *page,
                               struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Am I the card side? Then these are its descriptors. */
bool sugu_side_is_here(void);
#define SUGU_SIDE_CHANNEL_FD  3
#define SUGU_SIDE_PIN_PAGE_FD 4

/*
 * Starts the card side: this program again, with the same arguments. *ret_channel is the front's
 * end. It dies with its parent. BROKEN "bug.unexpected" where it cannot be started.
 */
enum sugu_status sugu_side_start(char **argv,
                                 int pin_page_file,
                                 pid_t *ret_pid,
                                 int *ret_channel,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
