/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-https - an emulated provider on a loopback port, over TLS with a root of its own making
 */
#include "emulators/provider-https.h"

#include "base/files.h"
#include "base/text.h"
#include "emulators/tls-server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX 16384

struct sugu_provider_https {
    struct sugu_provider *provider; /* under the server's mutex */
    struct sugu_tls_server server;
};

/* ---- HTTP */

struct request {
    char bytes[REQUEST_MAX];
    char method[16], path[300];
    struct sugu_provider_question question;
};

/* Reads it and cuts it apart. */
static bool
read_request(SSL *tls, struct request *request)
{
    char *body, *head;
    size_t body_size;

    if (!sugu_tls_read_request(tls, request->bytes, REQUEST_MAX, &body, &body_size))
        return false;
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

/* Waits, but not beyond the end; with the mutex. */
static void
wait_ms(struct sugu_tls_server *server, uint32_t delay_ms)
{
    struct timespec until = sugu_tls_server_deadline(delay_ms);

    while (!server->is_ending && sugu_tls_server_wait(server, &until))
        continue;
}

static void
serve(void *user, SSL *tls)
{
    struct sugu_provider_https *https = user;
    struct request *request = calloc(1, sizeof *request);
    struct sugu_provider_reply *reply = calloc(1, sizeof *reply);

    if (request && reply && read_request(tls, request)) {
        pthread_mutex_lock(&https->server.mutex);
        sugu_provider_ask(https->provider, &request->question, reply);
        if (reply->delay_ms > 0)
            wait_ms(&https->server, reply->delay_ms);
        pthread_mutex_unlock(&https->server.mutex);
        if (!reply->is_silent) {
            write_reply(tls, reply);
            SSL_shutdown(tls);
        }
    }
    free(request);
    free(reply);
}

static bool
admits(void *user)
{
    struct sugu_provider_https *https = user;
    bool is_there;

    pthread_mutex_lock(&https->server.mutex);
    is_there = !https->provider->is_away && !https->server.is_ending;
    pthread_mutex_unlock(&https->server.mutex);
    return is_there;
}

static void
closed(void *user)
{
    (void)user;
}

/* ---- life */

enum sugu_status
sugu_provider_https_new(struct sugu_provider *provider,
                        const char *folder,
                        struct sugu_provider_https **ret_https,
                        struct sugu_error *reterr)
{
    struct sugu_provider_https *https = calloc(1, sizeof *https);
    struct sugu_tls_calls calls = {admits, serve, closed, https};

    if (!https)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    https->provider = provider;
    if (sugu_tls_server_start(&https->server, folder, "Emulated provider", &calls, reterr)) {
        free(https);
        return reterr->status;
    }
    *ret_https = https;
    return SUGU_OK;
}

struct sugu_provider_https *
sugu_provider_https_free(struct sugu_provider_https *https)
{
    if (https)
        sugu_tls_server_done(&https->server);
    free(https);
    return NULL;
}

const char *
sugu_provider_https_address(const struct sugu_provider_https *https)
{
    return https->server.address;
}

const char *
sugu_provider_https_root(const struct sugu_provider_https *https)
{
    return https->server.root;
}

bool
sugu_provider_https_command(struct sugu_provider_https *https,
                            const char *line,
                            char *answer,
                            size_t answer_size)
{
    bool is_known;

    pthread_mutex_lock(&https->server.mutex);
    is_known = sugu_provider_command(https->provider, line, answer, answer_size);
    pthread_mutex_unlock(&https->server.mutex);
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
    printf("address %s\nroot %s\n%sready\n", https->server.address, https->server.root, facts);
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
