/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal - a card terminal on a loopback port: connections, TLS and HTTP
 */
#include "emulators/nexo-terminal.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "emulators/tls-server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSPHRASE  "an emulated terminal's passphrase"
#define IDENTIFIER  "emulated"
#define REQUEST_MAX 131072
#define WAIT_US_MAX (100 * SUGU_MS)

struct sugu_emulated_terminal {
    char folder[256], address[80], key_file[300];
    struct sugu_emulated_machine *machine; /* under the server's mutex */
    struct sugu_tls_server server;
};

static void
write_answer(SSL *tls, const struct sugu_emulated_answer *answer)
{
    const char *body = answer->envelope ? answer->envelope : "";
    char head[160];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        answer->is_http_500 ? "500 Internal Server Error" : "200 OK", strlen(body));

    for (int i = 0; i <= answer->is_doubled; i++)
        if (SSL_write(tls, head, size) <= 0 ||
            (*body && SSL_write(tls, body, (int)strlen(body)) <= 0))
            return;
}

/* Begins, waits until the answer is due, ends; the mutex is let go of while waiting. */
static void
carry_through(struct sugu_emulated_terminal *terminal,
              const char *body,
              size_t size,
              struct sugu_emulated_answer *ret_answer)
{
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_emulated_machine *machine = terminal->machine;
    struct sugu_emulated_exchange *exchange;
    int64_t now, due;

    pthread_mutex_lock(&terminal->server.mutex);
    exchange = sugu_emulated_begin(machine, body, size, clock->monotonic_us(clock));
    pthread_cond_broadcast(&terminal->server.changed);
    while (now = clock->monotonic_us(clock), due = sugu_emulated_due_us(machine, exchange, now),
           due > now && !terminal->server.is_ending) {
        struct timespec until = sugu_tls_server_deadline(
            due - now > WAIT_US_MAX ? WAIT_US_MAX / SUGU_MS : (due - now) / SUGU_MS + 1);
        sugu_tls_server_wait(&terminal->server, &until);
    }
    sugu_emulated_end(machine, exchange, now, ret_answer);
    pthread_cond_broadcast(&terminal->server.changed);
    pthread_mutex_unlock(&terminal->server.mutex);
}

static void
serve(void *user, SSL *tls)
{
    struct sugu_emulated_terminal *terminal = user;
    char *request = malloc(REQUEST_MAX), *body;
    struct sugu_emulated_answer answer = {0};
    size_t size;

    if (request && sugu_tls_read_request(tls, request, REQUEST_MAX, &body, &size) &&
        strncmp(request, "POST /nexo HTTP/1.1\r\n", 21) == 0) {
        carry_through(terminal, body, size, &answer);
        if (answer.envelope || answer.is_http_500)
            write_answer(tls, &answer);
        if (!answer.closes_at_once)
            SSL_shutdown(tls);
    }
    free(answer.envelope);
    free(request);
}

/* Should this connection go on? May wait for a release. */
static bool
pass_gate(void *user)
{
    struct sugu_emulated_terminal *terminal = user;
    enum sugu_emulated_gate gate;
    bool passes;

    pthread_mutex_lock(&terminal->server.mutex);
    gate = sugu_emulated_machine_connect(terminal->machine);
    pthread_cond_broadcast(&terminal->server.changed);
    while (gate == SUGU_EMULATED_STALLS && !terminal->server.is_ending &&
           !sugu_emulated_machine_is_released(terminal->machine))
        pthread_cond_wait(&terminal->server.changed, &terminal->server.mutex);
    passes = gate != SUGU_EMULATED_CLOSES && !terminal->server.is_ending;
    pthread_mutex_unlock(&terminal->server.mutex);
    return passes;
}

static void
count_closed(void *user)
{
    struct sugu_emulated_terminal *terminal = user;

    sugu_emulated_machine_counts(terminal->machine)->closed++;
}

/* ---- life */

static enum sugu_status
write_key(struct sugu_emulated_terminal *terminal, struct sugu_error *reterr)
{
    static const char text[] = "identifier " IDENTIFIER "\nversion 1\npassphrase " PASSPHRASE "\n";
    struct sugu_nexo_key *key = NULL;
    enum sugu_status status =
        sugu_file_write(terminal->folder, "terminal.key", text, sizeof text - 1, false, reterr);

    if (!status)
        status = sugu_nexo_key_new(PASSPHRASE, IDENTIFIER, 1, &key, reterr);
    if (!status)
        terminal->machine = sugu_emulated_machine_new(key, sugu_random_system());
    return status;
}

enum sugu_status
sugu_emulated_terminal_new(const char *folder,
                           struct sugu_emulated_terminal **ret_terminal,
                           struct sugu_error *reterr)
{
    struct sugu_emulated_terminal *terminal = calloc(1, sizeof *terminal);
    struct sugu_tls_calls calls = {pass_gate, serve, count_closed, terminal};
    enum sugu_status status;

    if (!terminal)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    sugu_text_copy(terminal->folder, sizeof terminal->folder, folder);
    snprintf(terminal->key_file, sizeof terminal->key_file, "%s/terminal.key", folder);
    status = write_key(terminal, reterr);
    if (!status)
        status =
            sugu_tls_server_start(&terminal->server, folder, SUGU_EMULATED_POI, &calls, reterr);
    if (status) {
        free(terminal); /* the process ends: the rest goes with it */
        return status;
    }
    snprintf(terminal->address, sizeof terminal->address, "%s/nexo", terminal->server.address);
    *ret_terminal = terminal;
    return SUGU_OK;
}

struct sugu_emulated_terminal *
sugu_emulated_terminal_free(struct sugu_emulated_terminal *terminal)
{
    if (!terminal)
        return NULL;
    sugu_tls_server_done(&terminal->server);
    sugu_emulated_machine_free(terminal->machine);
    free(terminal);
    return NULL;
}

const char *
sugu_emulated_terminal_address(const struct sugu_emulated_terminal *terminal)
{
    return terminal->address;
}

const char *
sugu_emulated_terminal_root(const struct sugu_emulated_terminal *terminal)
{
    return terminal->server.root;
}

const char *
sugu_emulated_terminal_key(const struct sugu_emulated_terminal *terminal)
{
    return terminal->key_file;
}

struct sugu_emulated_counts
sugu_emulated_terminal_counts(struct sugu_emulated_terminal *terminal)
{
    struct sugu_emulated_counts counts;

    pthread_mutex_lock(&terminal->server.mutex);
    counts = *sugu_emulated_machine_counts(terminal->machine);
    pthread_mutex_unlock(&terminal->server.mutex);
    return counts;
}

static uint32_t
count_of(const struct sugu_emulated_counts *counts, const char *member)
{
    const struct {
        const char *name;
        uint32_t value;
    } rows[] = {
        {"connections", counts->connections}, {"payments", counts->payments},
        {"charges", counts->charges},         {"questions", counts->questions},
        {"aborts", counts->aborts},           {"logins", counts->logins},
        {"diagnoses", counts->diagnoses},     {"closed", counts->closed},
        {"reversals", counts->reversals},     {"given-back", counts->given_back},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].name, member) == 0)
            return rows[i].value;
    abort();
}

bool
sugu_emulated_terminal_wait(struct sugu_emulated_terminal *terminal,
                            const char *member,
                            uint32_t least,
                            uint32_t wait_ms)
{
    struct timespec deadline = sugu_tls_server_deadline(wait_ms);
    bool is_there;

    pthread_mutex_lock(&terminal->server.mutex);
    while (
        !(is_there = count_of(sugu_emulated_machine_counts(terminal->machine), member) >= least) &&
        sugu_tls_server_wait(&terminal->server, &deadline))
        continue;
    pthread_mutex_unlock(&terminal->server.mutex);
    return is_there;
}

bool
sugu_emulated_terminal_command(struct sugu_emulated_terminal *terminal,
                               const char *line,
                               char *answer,
                               size_t answer_size)
{
    const struct sugu_clock *clock = sugu_clock_system();
    bool is_known;

    pthread_mutex_lock(&terminal->server.mutex);
    is_known = sugu_emulated_machine_command(terminal->machine, line, clock->monotonic_us(clock),
                                             answer, answer_size);
    pthread_cond_broadcast(&terminal->server.changed);
    pthread_mutex_unlock(&terminal->server.mutex);
    return is_known;
}
