/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-https - an emulated provider on a loopback port, over TLS with a root of its own making
 */
#include "emulators/provider-https.h"

#include "base/files.h"
#include "base/text.h"
#include "emulators/tls-certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64
#define REQUEST_MAX     16384

struct sugu_provider_https {
    struct sugu_provider *provider;
    SSL_CTX *tls;
    char address[64], root[300];
    int listener;
    pthread_t acceptor;
    pthread_mutex_t mutex;
    pthread_cond_t changed;

    /* under the mutex */
    bool is_ending;
    int open[CONNECTIONS_MAX]; /* descriptors of running connections, -1 = free */
    unsigned running;
};

struct connection {
    struct sugu_provider_https *https;
    int file;
    unsigned at; /* in https->open */
};

/* ---- HTTP */

struct request {
    char bytes[REQUEST_MAX];
    char method[16], path[300];
    struct sugu_provider_question question;
};

/* Reads until head and body are whole, and cuts them apart. */
static bool
read_request(SSL *tls, struct request *request)
{
    size_t size = 0, wanted = 0;
    char *body = NULL, *head;

    while (!body || size < (size_t)(body - request->bytes) + wanted) {
        int more = size + 1 < REQUEST_MAX
                       ? SSL_read(tls, request->bytes + size, (int)(REQUEST_MAX - size - 1))
                       : 0;
        if (more <= 0)
            return false;
        size += (size_t)more;
        request->bytes[size] = '\0';
        if (!body && (body = strstr(request->bytes, "\r\n\r\n"))) {
            char *length = strcasestr(request->bytes, "\r\nContent-Length:");
            wanted = length && length < body ? strtoul(length + 17, NULL, 10) : 0;
            body += 4;
        }
    }
    head = strstr(request->bytes, "\r\n");
    if (sscanf(request->bytes, "%15s %299s HTTP/1.1", request->method, request->path) != 2)
        return false;
    body[-2] = '\0';
    request->question = (struct sugu_provider_question){
        .method = request->method, .path = request->path, .headers = head + 2, .body = body};
    return true;
}

static void
write_reply(SSL *tls, const struct sugu_provider_reply *reply)
{
    char text[6000];
    int size = snprintf(text, sizeof text,
                        "HTTP/1.1 %u Emulated\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n%s\r\n%s",
                        reply->status, strlen(reply->body), reply->headers, reply->body);

    SSL_write(tls, text, size);
}

/* Waits, but not beyond the end. */
static void
wait_ms(struct sugu_provider_https *https, uint32_t delay_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += delay_ms / 1000;
    until.tv_nsec += delay_ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!https->is_ending &&
           pthread_cond_timedwait(&https->changed, &https->mutex, &until) != ETIMEDOUT)
        continue;
}

static void
serve(struct sugu_provider_https *https, SSL *tls)
{
    struct request *request = calloc(1, sizeof *request);
    struct sugu_provider_reply *reply = calloc(1, sizeof *reply);

    if (request && reply && read_request(tls, request)) {
        pthread_mutex_lock(&https->mutex);
        sugu_provider_ask(https->provider, &request->question, reply);
        if (reply->delay_ms > 0)
            wait_ms(https, reply->delay_ms);
        pthread_mutex_unlock(&https->mutex);
        if (!reply->is_silent) {
            write_reply(tls, reply);
            SSL_shutdown(tls);
        }
    }
    free(request);
    free(reply);
}

/* ---- connections */

static void *
connection_main(void *user)
{
    struct connection *connection = user;
    struct sugu_provider_https *https = connection->https;
    bool is_away;

    pthread_mutex_lock(&https->mutex);
    is_away = https->provider->is_away || https->is_ending;
    pthread_mutex_unlock(&https->mutex);
    if (!is_away) {
        SSL *tls = SSL_new(https->tls);
        if (tls && SSL_set_fd(tls, connection->file) == 1 && SSL_accept(tls) == 1)
            serve(https, tls);
        SSL_free(tls);
    }
    pthread_mutex_lock(&https->mutex);
    https->open[connection->at] = -1;
    close(connection->file);
    https->running--;
    pthread_cond_broadcast(&https->changed);
    pthread_mutex_unlock(&https->mutex);
    free(connection);
    return NULL;
}

/* A thread for the connection; false where there is no room. */
static bool
start_connection(struct sugu_provider_https *https, int file)
{
    struct connection *connection = malloc(sizeof *connection);
    pthread_t thread;
    unsigned at = 0;

    pthread_mutex_lock(&https->mutex);
    while (at < CONNECTIONS_MAX && https->open[at] >= 0)
        at++;
    if (!connection || at == CONNECTIONS_MAX || https->is_ending) {
        pthread_mutex_unlock(&https->mutex);
        free(connection);
        return false;
    }
    *connection = (struct connection){.https = https, .file = file, .at = at};
    https->open[at] = file;
    https->running++;
    pthread_mutex_unlock(&https->mutex);
    if (pthread_create(&thread, NULL, connection_main, connection) != 0)
        abort();
    pthread_detach(thread);
    return true;
}

static void *
acceptor_main(void *user)
{
    struct sugu_provider_https *https = user;
    bool is_ending = false;

    while (!is_ending) {
        int file = accept4(https->listener, NULL, NULL, SOCK_CLOEXEC);

        pthread_mutex_lock(&https->mutex);
        is_ending = https->is_ending;
        pthread_mutex_unlock(&https->mutex);
        if (file >= 0 && !start_connection(https, file))
            close(file);
    }
    return NULL;
}

/* ---- life */

static bool
listen_on_loopback(struct sugu_provider_https *https)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    https->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (https->listener < 0 ||
        bind(https->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(https->listener, 16) != 0 ||
        getsockname(https->listener, (struct sockaddr *)&address, &size) != 0)
        return false;
    snprintf(https->address, sizeof https->address, "https://127.0.0.1:%u",
             ntohs(address.sin_port));
    return true;
}

enum sugu_status
sugu_provider_https_new(struct sugu_provider *provider,
                        const char *folder,
                        struct sugu_provider_https **ret_https,
                        struct sugu_error *reterr)
{
    struct sugu_provider_https *https = calloc(1, sizeof *https);
    pthread_condattr_t monotonic;

    if (!https)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    signal(SIGPIPE, SIG_IGN); /* the driver hangs up where its time is over */
    memset(https->open, 0xff, sizeof https->open);
    https->provider = provider;
    snprintf(https->root, sizeof https->root, "%s/root.pem", folder);
    pthread_mutex_init(&https->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&https->changed, &monotonic);
    https->tls = SSL_CTX_new(TLS_server_method());
    if (!https->tls || !sugu_emulated_certify(https->tls, https->root, "Emulated provider") ||
        !listen_on_loopback(https) ||
        pthread_create(&https->acceptor, NULL, acceptor_main, https) != 0) {
        free(https); /* the process ends: the rest goes with it */
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s: %s", folder,
                         strerror(errno));
    }
    *ret_https = https;
    return SUGU_OK;
}

struct sugu_provider_https *
sugu_provider_https_free(struct sugu_provider_https *https)
{
    if (!https)
        return NULL;
    pthread_mutex_lock(&https->mutex);
    https->is_ending = true;
    pthread_cond_broadcast(&https->changed);
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
        if (https->open[i] >= 0)
            shutdown(https->open[i], SHUT_RDWR);
    pthread_mutex_unlock(&https->mutex);
    shutdown(https->listener, SHUT_RDWR);
    pthread_join(https->acceptor, NULL);
    pthread_mutex_lock(&https->mutex);
    while (https->running > 0)
        pthread_cond_wait(&https->changed, &https->mutex);
    pthread_mutex_unlock(&https->mutex);
    close(https->listener);
    SSL_CTX_free(https->tls);
    pthread_cond_destroy(&https->changed);
    pthread_mutex_destroy(&https->mutex);
    free(https);
    return NULL;
}

const char *
sugu_provider_https_address(const struct sugu_provider_https *https)
{
    return https->address;
}

const char *
sugu_provider_https_root(const struct sugu_provider_https *https)
{
    return https->root;
}

bool
sugu_provider_https_command(struct sugu_provider_https *https,
                            const char *line,
                            char *answer,
                            size_t answer_size)
{
    bool is_known;

    pthread_mutex_lock(&https->mutex);
    is_known = sugu_provider_command(https->provider, line, answer, answer_size);
    pthread_mutex_unlock(&https->mutex);
    return is_known;
}

int
sugu_provider_https_main(struct sugu_provider *provider,
                         const char *program,
                         const char *folder,
                         const char *facts)
{
    struct sugu_provider_https *https;
    struct sugu_error error;
    char line[256], answer[256];

    if (sugu_folder_make(folder, &error) ||
        sugu_provider_https_new(provider, folder, &https, &error)) {
        fprintf(stderr, "%s: %s [%s]\n", program, error.detail, error.code);
        return EXIT_FAILURE;
    }
    printf("address %s\nroot %s\n%sready\n", https->address, https->root, facts);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line)
            continue;
        sugu_provider_https_command(https, line, answer, sizeof answer);
        printf("%s\n", answer);
        fflush(stdout);
    }
    sugu_provider_https_free(https);
    return EXIT_SUCCESS;
}
