/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls-server - a TLS server on a loopback port, for emulated devices and providers
 */
#include "emulators/tls-server.h"

#include "emulators/tls-certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    struct sugu_tls_server *server;
    int file;
    unsigned at; /* in server->open */
};

/* ---- waiting */

struct timespec
sugu_tls_server_deadline(int64_t wait_ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += wait_ms / 1000;
    at.tv_nsec += wait_ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

bool
sugu_tls_server_wait(struct sugu_tls_server *server, const struct timespec *deadline)
{
    return pthread_cond_timedwait(&server->changed, &server->mutex, deadline) != ETIMEDOUT;
}

/* ---- HTTP */

bool
sugu_tls_read_request(SSL *tls, char *to, size_t size_max, char **ret_body, size_t *ret_body_size)
{
    size_t size = 0, wanted = 0;
    char *body = NULL;

    while (!body || size < (size_t)(body - to) + wanted) {
        int more = size + 1 < size_max ? SSL_read(tls, to + size, (int)(size_max - size - 1)) : 0;
        if (more <= 0)
            return false;
        size += (size_t)more;
        to[size] = '\0';
        if (!body && (body = strstr(to, "\r\n\r\n"))) {
            char *length = strcasestr(to, "\r\nContent-Length:");
            wanted = length && length < body ? strtoul(length + 17, NULL, 10) : 0;
            body += 4;
        }
    }
    *ret_body = body;
    *ret_body_size = wanted;
    return true;
}

/* ---- connections */

static void *
connection_main(void *user)
{
    struct connection *connection = user;
    struct sugu_tls_server *server = connection->server;
    const struct sugu_tls_calls *calls = &server->calls;

    if (calls->admits(calls->user)) {
        SSL *tls = SSL_new(server->tls);
        if (tls && SSL_set_fd(tls, connection->file) == 1 && SSL_accept(tls) == 1)
            calls->serve(calls->user, tls);
        SSL_free(tls);
    }
    pthread_mutex_lock(&server->mutex);
    server->open[connection->at] = -1;
    close(connection->file);
    server->running--;
    calls->closed(calls->user);
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->mutex);
    free(connection);
    return NULL;
}

/* A thread for the connection; false where there is no room, or no more time. */
static bool
start_connection(struct sugu_tls_server *server, int file)
{
    struct connection *connection = malloc(sizeof *connection);
    pthread_t thread;
    unsigned at = 0;

    pthread_mutex_lock(&server->mutex);
    while (at < SUGU_TLS_CONNECTIONS_MAX && server->open[at] >= 0)
        at++;
    if (!connection || at == SUGU_TLS_CONNECTIONS_MAX || server->is_ending) {
        pthread_mutex_unlock(&server->mutex);
        free(connection);
        return false;
    }
    *connection = (struct connection){.server = server, .file = file, .at = at};
    server->open[at] = file;
    server->running++;
    pthread_mutex_unlock(&server->mutex);
    if (pthread_create(&thread, NULL, connection_main, connection) != 0)
        abort();
    pthread_detach(thread);
    return true;
}

static void *
acceptor_main(void *user)
{
    struct sugu_tls_server *server = user;
    bool is_ending = false;

    while (!is_ending) {
        int file = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);

        pthread_mutex_lock(&server->mutex);
        is_ending = server->is_ending;
        pthread_mutex_unlock(&server->mutex);
        if (file >= 0 && !start_connection(server, file))
            close(file);
    }
    return NULL;
}

/* ---- life */

static bool
listen_on_loopback(struct sugu_tls_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 16) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0)
        return false;
    snprintf(server->address, sizeof server->address, "https://127.0.0.1:%u",
             ntohs(address.sin_port));
    return true;
}

enum sugu_status
sugu_tls_server_start(struct sugu_tls_server *server,
                      const char *folder,
                      const char *name,
                      const struct sugu_tls_calls *calls,
                      struct sugu_error *reterr)
{
    pthread_condattr_t monotonic;

    signal(SIGPIPE, SIG_IGN); /* a driver hangs up where its time is over */
    *server = (struct sugu_tls_server){.calls = *calls, .listener = -1};
    memset(server->open, 0xff, sizeof server->open);
    snprintf(server->root, sizeof server->root, "%s/root.pem", folder);
    pthread_mutex_init(&server->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->changed, &monotonic);
    server->tls = SSL_CTX_new(TLS_server_method());
    /* Where this fails the process ends, and the rest goes with it. */
    if (!server->tls || !sugu_emulated_certify(server->tls, server->root, name) ||
        !listen_on_loopback(server) ||
        pthread_create(&server->acceptor, NULL, acceptor_main, server) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s: %s", folder,
                         strerror(errno));
    return SUGU_OK;
}

void
sugu_tls_server_done(struct sugu_tls_server *server)
{
    pthread_mutex_lock(&server->mutex);
    server->is_ending = true;
    pthread_cond_broadcast(&server->changed);
    for (unsigned i = 0; i < SUGU_TLS_CONNECTIONS_MAX; i++)
        if (server->open[i] >= 0)
            shutdown(server->open[i], SHUT_RDWR);
    pthread_mutex_unlock(&server->mutex);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->acceptor, NULL);
    pthread_mutex_lock(&server->mutex);
    while (server->running > 0)
        pthread_cond_wait(&server->changed, &server->mutex);
    pthread_mutex_unlock(&server->mutex);
    close(server->listener);
    SSL_CTX_free(server->tls);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->mutex);
}
