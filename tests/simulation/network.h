/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network - libzmq's functions on a network that loses, doubles, delays and reorders
 *
 * Linked in place of libzmq: everything above it (core/client/, the server's gate and loop) is the
 * product. What is promised of a connection is what ZeroMQ promises and no more; what it does not
 * do by itself, losing or doubling a single message, the run may do to it all the same. CURVE is
 * not computed: the key that a client sets is the one that the gate is asked about (ZAP).
 */
#pragma once

#include "simulation/sim.h"

struct sim_network_faults {
    unsigned lost_percent, doubled_percent, late_percent, overtaking_percent;
    unsigned cut_per_million; /* frames that take their whole connection with them */
};

/* Faults of the lines between machines, and within a kiosk. */
void sim_network_begin(const struct sim_network_faults *far, const struct sim_network_faults *near);
void sim_network_end(void);

/* A context whose sockets wake the main thread of this program; zmq_ctx_new() takes the program of
 * the running thread. */
void *sim_network_context(struct sim_program *program);
/* Closes all that a dead program has left open. */
void sim_network_drop(void *context);
