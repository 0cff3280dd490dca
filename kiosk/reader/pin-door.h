/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin-door - the reader's end of the PIN's way (port/pin-channel.h)
 *
 * A listening SOCK_SEQPACKET socket at a path; packets are received straight into the PIN page.
 */
#pragma once

#include "base/status.h"
#include "reader/pin-page.h"

#include <poll.h>
#include <sys/un.h>

#define SUGU_PIN_CALLERS_MAX 4

struct sugu_pin_door {
    int listener;
    int callers[SUGU_PIN_CALLERS_MAX]; /* -1 = free */
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
};

/* Replaces a socket that is left at the path. For the owner and the group. BROKEN
 * "file.not-written" or "settings.invalid" (path too long). */
enum sugu_status sugu_pin_door_open(struct sugu_pin_door *door,
                                    const char *path,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_pin_door_close(struct sugu_pin_door *door);

/* What to wait for; returns how many (at most 1 + SUGU_PIN_CALLERS_MAX). */
size_t sugu_pin_door_files(const struct sugu_pin_door *door, struct pollfd *files);

/*
 * Lets callers in and takes what they bring; never blocks. While `is_busy` the page is in use by
 * the card side: what comes is cleared and dropped. Returns how many packets were dropped, for that
 * or for not being a PIN.
 */
unsigned sugu_pin_door_step(struct sugu_pin_door *door,
                            struct sugu_pin_page *page,
                            int64_t now_monotonic_us,
                            bool is_busy);
