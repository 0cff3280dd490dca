/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front - the side of sugu-reader that the kiosk talks to
 *
 * Offers the ipc:// service and the PIN's socket, keeps the card side alive, and answers whatever
 * the card side does. Never waits for it.
 */
#pragma once

#include "base/random.h"
#include "client/service.h"
#include "reader/pin-door.h"
#include "reader/side.h"

struct sugu_front_settings {
    const char *listen;  /* ipc://PATH; the PIN's socket is PATH.pin */
    bool has_device;     /* false: there is no reader at this kiosk */
    char **argv;         /* to start the card side with */
    int64_t watchdog_us; /* a card side that is silent for longer is killed */
};

/* Runs until `stop_file` becomes readable. Fails only where the sockets cannot be made. */
enum sugu_status sugu_front_run(const struct sugu_front_settings *settings,
                                void *zmq_context,
                                const struct sugu_clock *clock,
                                int stop_file,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;
