/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal-private - the emulated terminal's shell: connections, threads, certificate
 */
#pragma once

#include "emulators/nexo-terminal.h"

#include <openssl/ssl.h>
#include <pthread.h>

#define EMULATED_CONNECTIONS_MAX 64

struct sugu_emulated_terminal {
    char folder[256], address[64], root[300], key_file[300];
    SSL_CTX *tls;
    int listener;
    pthread_t acceptor;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_ending;

    /* under the mutex */
    int open[EMULATED_CONNECTIONS_MAX]; /* descriptors of running connections, -1 = free */
    unsigned running;
    struct sugu_emulated_machine *machine;
};

/* Waits on `changed` until the deadline (monotonic); the mutex is held. False at the deadline. */
bool emulated_terminal_wait_until(struct sugu_emulated_terminal *terminal,
                                  const struct timespec *deadline);
struct timespec emulated_deadline(int64_t wait_ms);

/* Makes a root and a certificate for 127.0.0.1 and terminal.test; writes FOLDER/root.pem. */
bool emulated_terminal_certify(SSL_CTX *tls, const char *root_path);
