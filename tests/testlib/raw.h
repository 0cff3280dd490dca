/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - a bare socket at the queue server's door, for what no well-behaved client would send
 */
#pragma once

#include "testlib/hospital.h"

/* A DEALER with the key of a registered client, let in; or a connecting one with a stranger's
 * (`name` NULL). Close with zmq_close. */
void *sugu_raw_dealer(struct sugu_hospital *hospital, const char *name);

/* The same, let in under a routing id of the client's choice. */
void *sugu_raw_dealer_called(struct sugu_hospital *hospital,
                             const char *name,
                             const void *route,
                             size_t route_size);

void sugu_raw_send(void *socket, const void *bytes, size_t size);
/* Encodes and sends. */
void sugu_raw_send_up(void *socket, Sugu__Up *up);
/* The next frame within `wait_ms`, or NULL; freed by the caller. */
Sugu__Down *sugu_raw_receive(void *socket, int wait_ms);
/* The next frame is a reply with this code. */
void sugu_raw_expect_code(void *socket, const char *code);

/* A check-in of nobody under fresh ids. */
void
sugu_raw_send_check_in(void *socket, uint32_t version, uint32_t facility, const char *department);
/* `is_repair`: an event was missed. */
void sugu_raw_send_heartbeat(void *socket, uint64_t last_event, bool is_new, bool is_repair);
