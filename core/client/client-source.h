/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client-source - a client or a device service inside a GLib main loop
 *
 * ZeroMQ's descriptor is edge-triggered and every socket call may eat the edge, so the source asks
 * ZMQ_EVENTS (through `due`) before each wait instead of trusting the descriptor. Work per
 * turn is bounded: the screen stays alive under a flood.
 */
#pragma once

#include "client/client.h"
#include "client/service.h"

#include <glib.h>

/* Attached to the thread's default main context. Does not own the client: destroy the source first.
 */
GSource *sugu_client_source_attach(struct sugu_client *client);
GSource *sugu_service_source_attach(struct sugu_service *service);
