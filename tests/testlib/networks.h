/* SPDX-License-Identifier: Apache-2.0 */
/*
 * networks - two networks of our own, joined by a cable that a test can cut
 *
 * Two network namespaces inside a user namespace of this process, a veth pair between them, and a
 * packet filter that drops everything both ways. No root is needed, nothing outside is touched, and
 * all of it ends with the process.
 */
#pragma once

#include "testlib/checks.h"

#include <stdbool.h>

#define SUGU_NETWORKS_NEAR "198.18.0.1" /* of the benchmark range: nobody's (RFC 2544) */
#define SUGU_NETWORKS_FAR  "198.18.0.2"

#include "testlib/hospital.h"

struct sugu_networks {
    int near, far; /* descriptors of the namespaces */
    char log[256];
};

/* Has this machine what it takes? Else the reason: the test is skipped, and says so. Asked in a
 * process of its own. */
bool sugu_networks_are_possible(char reason[200]);

/* sugu_run_tests, or one TAP line that skips them all. */
int sugu_networks_run_tests(const char *suite,
                            const TTest *const *tests,
                            size_t count,
                            double timeout_s);

/*
 * Before the process has any thread. It stands in the near one then. False, with the reason, where
 * the kernel forbids it (no user namespaces): the test says so loudly and is left out. Everything
 * else that fails ends the test. `folder`: for the log.
 */
bool sugu_networks_init(struct sugu_networks *networks, const char *folder, char reason[200]);

/* Sockets that this thread opens, and threads and programs that it starts, are there from now on.
 */
void sugu_networks_enter(const struct sugu_networks *networks, int network);

/* The server's door is open on both sides; `far` is the hospital as it is seen from beyond the
 * cable, without a ZeroMQ context of its own. */
void sugu_networks_open_hospital(struct sugu_hospital *hospital, struct sugu_hospital *far);

/* How long a test cuts: 12 s (ZMTP's heartbeats give a peer up after 8 s), or what SUGU_CUT_S says:
 * 60 is a real minute. */
int64_t sugu_networks_cut_us(void);

/* Nothing passes, in either direction, without a word to either side; and goes on. */
void sugu_networks_cut(const struct sugu_networks *networks);
void sugu_networks_mend(const struct sugu_networks *networks);
