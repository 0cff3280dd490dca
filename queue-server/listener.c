/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener - what one connection is sent of the events, and what it says that it got
 */
#include "listener.h"

#include <stdlib.h>
#include <string.h>

bool
sugu_listener_may_get(const struct sugu_connection *connection,
                      const struct sugu_event_after_row *event)
{
    const char *place = connection->peer.place;
    size_t length = strlen(place);

    if (!(event->roles & (int32_t)connection->peer.role))
        return false;
    if (*event->place && strcmp(event->place, place) != 0)
        return false;
    if (!event->has_visit || connection->peer.role != SUGU_ROLE_KIOSK)
        return true;
    /* A kiosk: only while its session with this visit is open. The list is separated by blanks. */
    for (const char *at = event->open_places; length > 0 && (at = strstr(at, place)); at += length)
        if ((at == event->open_places || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static bool
send_down(const struct sugu_pusher_callbacks *callbacks,
          struct sugu_connection *connection,
          Sugu__Down *down)
{
    size_t size;
    uint8_t *bytes;
    bool is_sent;

    down->version = SUGU_PROTOCOL_VERSION;
    bytes = sugu_down_encode(down, &size);
    is_sent = callbacks->send(callbacks->user, connection, bytes, size);
    free(bytes);
    return is_sent;
}

bool
sugu_listener_send(const struct sugu_pusher_callbacks *callbacks,
                   struct sugu_connection *connection,
                   const struct sugu_event_after_row *row,
                   Sugu__Event *event)
{
    Sugu__Down down = SUGU__DOWN__INIT;

    event->number = (uint64_t)row->event;
    event->previous = connection->last_event;
    event->utc_us = row->made_at;
    down.frame_case = SUGU__DOWN__FRAME_EVENT;
    down.event = event;
    if (!send_down(callbacks, connection, &down))
        return false;
    connection->last_event = event->number;
    sugu_sent_add(&connection->sent, event->number);
    return true;
}

static void
send_pulse(const struct sugu_pusher_callbacks *callbacks,
           struct sugu_connection *connection,
           sugu_time_us utc,
           bool is_reset)
{
    Sugu__Down down = SUGU__DOWN__INIT;
    Sugu__Pulse pulse = SUGU__PULSE__INIT;

    pulse.last_event = connection->last_event;
    pulse.utc_us = utc;
    pulse.is_reset = is_reset;
    down.frame_case = SUGU__DOWN__FRAME_PULSE;
    down.pulse = &pulse;
    send_down(callbacks, connection, &down);
}

void
sugu_listener_pulse(const struct sugu_pusher_callbacks *callbacks,
                    struct sugu_connection *connection,
                    sugu_time_us utc)
{
    send_pulse(callbacks, connection, utc, /* is_reset= */ false);
}

void
sugu_listener_reset(const struct sugu_pusher_callbacks *callbacks,
                    struct sugu_connection *connection,
                    uint64_t number,
                    sugu_time_us utc)
{
    connection->wants_reset = false;
    connection->seen = connection->last_event = number;
    sugu_sent_begin(&connection->sent, number);
    send_pulse(callbacks, connection, utc, /* is_reset= */ true);
}

void
sugu_listener_take_beat(struct sugu_connection *connection, const Sugu__Heartbeat *heartbeat)
{
    bool is_first = !connection->listens;
    bool is_known = !heartbeat->is_new && (!is_first || connection->inherits);

    connection->listens = true;
    if (!is_first && !heartbeat->is_repair && !heartbeat->is_new)
        return;
    connection->inherits = false;
    connection->wants_reset = heartbeat->is_new;
    connection->last_event = heartbeat->last_event;
    connection->seen =
        sugu_sent_rewind(&connection->sent, heartbeat->last_event, is_known ? connection->seen : 0);
}
