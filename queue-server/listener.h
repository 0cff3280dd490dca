/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener - what one connection is sent of the events, and what it says that it got
 *
 * The pusher decides when; here is to whom and how. Every event carries the number of the one
 * before it that went to the same listener, so that it sees a hole by itself.
 */
#pragma once

#include "peers.h"
#include "pusher.h"
#include "statements.h"

/* Is it entitled to the event? Of a visit, a kiosk gets only what happens while its session with
 * it is open. */
bool sugu_listener_may_get(const struct sugu_connection *connection,
                           const struct sugu_event_after_row *row);
/* Numbers the event for it and sends it; false when it is gone or full. */
bool sugu_listener_send(const struct sugu_pusher_callbacks *callbacks,
                        struct sugu_connection *connection,
                        const struct sugu_event_after_row *row,
                        Sugu__Event *event);
/* A sign of life with the number of the last event that it should have. */
void sugu_listener_pulse(const struct sugu_pusher_callbacks *callbacks,
                         struct sugu_connection *connection,
                         sugu_time_us utc);
/* Nothing of the past: it begins behind `number`, and is told so. */
void sugu_listener_reset(const struct sugu_pusher_callbacks *callbacks,
                         struct sugu_connection *connection,
                         uint64_t number,
                         sugu_time_us utc);
/* What a heartbeat says of the events: where the reading for it has to go on. */
void sugu_listener_take_beat(struct sugu_connection *connection, const Sugu__Heartbeat *heartbeat);
