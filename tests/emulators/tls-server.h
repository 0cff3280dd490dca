/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls-server - a TLS server on a loopback port, for emulated devices and providers
 *
 * A thread for each connection. What the emulator keeps is under the server's mutex; `changed` is
 * told of each change, so that threads wait for events and not for time.
 */
#pragma once

#include "base/status.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define SUGU_TLS_CONNECTIONS_MAX 64

/* What the emulator does; on the connection's thread, without the mutex. */
struct sugu_tls_calls {
    /* Does this connection go on to the handshake? May wait. */
    bool (*admits)(void *user);
    void (*serve)(void *user, SSL *tls);
    /* The connection is closed; with the mutex. */
    void (*closed)(void *user);
    void *user;
};

struct sugu_tls_server {
    char address[64]; /* https://127.0.0.1:PORT */
    char root[300];   /* file with the root of the certificate (PEM) */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_ending; /* under the mutex: whoever waits lets go */

    /* its own */
    struct sugu_tls_calls calls;
    SSL_CTX *tls;
    int listener;
    pthread_t acceptor;
    int open[SUGU_TLS_CONNECTIONS_MAX]; /* descriptors of running connections, -1 = free */
    unsigned running;
};

/* Writes FOLDER/root.pem and listens; `name` is the certificate's common name. BROKEN
 * "file.not-written". */
enum sugu_status sugu_tls_server_start(struct sugu_tls_server *server,
                                       const char *folder,
                                       const char *name,
                                       const struct sugu_tls_calls *calls,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Ends the connections and waits for their threads. */
void sugu_tls_server_done(struct sugu_tls_server *server);

struct timespec sugu_tls_server_deadline(int64_t wait_ms);
/* Waits on `changed` with the mutex held. False at the deadline. */
bool sugu_tls_server_wait(struct sugu_tls_server *server, const struct timespec *deadline);

/* Reads an HTTP request to its end, as long as Content-Length says, closed by a zero byte; false
 * where it does not come whole. `ret_body` points into `to`, behind the empty line. */
bool
sugu_tls_read_request(SSL *tls, char *to, size_t size_max, char **ret_body, size_t *ret_body_size);
