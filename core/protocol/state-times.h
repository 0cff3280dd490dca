/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state-times - how old the stored state of a machine may be before somebody is told that it is
 * silent
 *
 * The server stores a heartbeat that says nothing new only every SUGU_STATE_STORED_US, and lets it
 * wait up to SUGU_STATE_GATHERED_US for a transaction that is made for something else or for others
 * like it; a desk reads what is stored every SUGU_STATE_READ_US. Between two reads a healthy
 * machine is therefore as old as all three together, and no desk may call it silent before.
 */
#pragma once

#include "base/clock.h"

#define SUGU_STATE_STORED_US   (20 * SUGU_SECOND)
#define SUGU_STATE_GATHERED_US (3 * SUGU_SECOND)
#define SUGU_STATE_READ_US     (10 * SUGU_SECOND)
/* For a beat that just missed its turn (one a second), a slow reply and a busy database. */
#define SUGU_STATE_SPARE_US (5 * SUGU_SECOND)
/* Older than this: silent. */
#define SUGU_STATE_AWAY_US                                                                         \
    (SUGU_STATE_STORED_US + SUGU_STATE_GATHERED_US + SUGU_STATE_READ_US + SUGU_STATE_SPARE_US)
