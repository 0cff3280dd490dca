/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - who may come in: the table of keys, and ZeroMQ's authentication (ZAP)
 *
 * CURVE without a ZAP handler lets every key in, so the gate is built before the server's socket is
 * bound, and knocks at its own door with a random key: unless that is turned away, the server does
 * not start. The handler calls a peer by its public key (hexadecimal); every later message carries
 * that name, and it is looked up again on each (domain/reliability-security.md 1.5).
 */
#pragma once

#include "work.h"

struct sugu_gate;

/* Binds inproc://zeromq.zap.01 of the context. */
enum sugu_status sugu_gate_new(void *zmq_context,
                               struct sugu_gate **ret_gate,
                               struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_gate *sugu_gate_free(struct sugu_gate *gate);

/* Replaces the table; copies. Before the first call everybody is asked to come again. */
void sugu_gate_set_keys(struct sugu_gate *gate, const struct sugu_peer *peers, size_t count);
bool sugu_gate_has_keys(const struct sugu_gate *gate);

/* The peer that a frame's user names; NULL where its key is not valid (any more). */
const struct sugu_peer *sugu_gate_find(const struct sugu_gate *gate, const char *user);
const struct sugu_peer *sugu_gate_find_key(const struct sugu_gate *gate, const uint8_t key[32]);

/* The ZAP socket for a poll loop, and its step: answers what waits. */
void *sugu_gate_socket(struct sugu_gate *gate);
void sugu_gate_step(struct sugu_gate *gate);

/*
 * Knocks at `endpoint` with a random key, answering ZAP itself meanwhile. BROKEN "key.not-checked"
 * (with the reason in detail) where the door was opened or nothing happened within 3 s.
 */
enum sugu_status sugu_gate_probe(struct sugu_gate *gate,
                                 void *zmq_context,
                                 const char *endpoint,
                                 const uint8_t server_key[32],
                                 const struct sugu_clock *clock,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Refused handshakes since the start. */
uint64_t sugu_gate_refused(const struct sugu_gate *gate);
