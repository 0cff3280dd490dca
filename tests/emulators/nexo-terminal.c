/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal - a card terminal on a loopback port: connections, TLS and HTTP
 */
#include "emulators/nexo-terminal-private.h"
#include "emulators/tls-certificate.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PASSPHRASE  "an emulated terminal's passphrase"
#define IDENTIFIER  "emulated"
#define HEAD_MAX    8192
#define REQUEST_MAX 131072
#define WAIT_US_MAX (100 * SUGU_MS)

struct connection {
    struct sugu_emulated_terminal *terminal;
    int file;
    unsigned at; /* in terminal->open */
};

/* ---- waiting */

struct timespec
emulated_deadline(int64_t wait_ms)
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
emulated_terminal_wait_until(struct sugu_emulated_terminal *terminal,
                             const struct timespec *deadline)
{
    return pthread_cond_timedwait(&terminal->changed, &terminal->mutex, deadline) != ETIMEDOUT;
}

/* ---- HTTP over TLS */

/* The whole request; the body's start and size. */
static bool
read_request(SSL *tls, char *to, size_t size_max, char **ret_body, size_t *ret_size)
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
            if (strncmp(to, "POST /nexo HTTP/1.1\r\n", 21) != 0 || !length)
                return false;
            wanted = strtoul(length + 17, NULL, 10);
            body += 4;
        }
        if (!body && size > HEAD_MAX)
            return false;
    }
    *ret_body = body;
    *ret_size = wanted;
    return true;
}

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

    pthread_mutex_lock(&terminal->mutex);
    exchange = sugu_emulated_begin(machine, body, size, clock->monotonic_us(clock));
    pthread_cond_broadcast(&terminal->changed);
    while (now = clock->monotonic_us(clock), due = sugu_emulated_due_us(machine, exchange, now),
           due > now && !terminal->is_ending) {
        struct timespec until = emulated_deadline(
            due - now > WAIT_US_MAX ? WAIT_US_MAX / SUGU_MS : (due - now) / SUGU_MS + 1);
        emulated_terminal_wait_until(terminal, &until);
    }
    sugu_emulated_end(machine, exchange, now, ret_answer);
    pthread_cond_broadcast(&terminal->changed);
    pthread_mutex_unlock(&terminal->mutex);
}

static void
serve(struct sugu_emulated_terminal *terminal, SSL *tls)
{
    char *request = malloc(REQUEST_MAX), *body;
    struct sugu_emulated_answer answer = {0};
    size_t size;

    if (request && read_request(tls, request, REQUEST_MAX, &body, &size)) {
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
pass_gate(struct sugu_emulated_terminal *terminal)
{
    enum sugu_emulated_gate gate;
    bool passes;

    pthread_mutex_lock(&terminal->mutex);
    gate = sugu_emulated_machine_connect(terminal->machine);
    pthread_cond_broadcast(&terminal->changed);
    while (gate == SUGU_EMULATED_STALLS && !terminal->is_ending &&
           !sugu_emulated_machine_is_released(terminal->machine))
        pthread_cond_wait(&terminal->changed, &terminal->mutex);
    passes = gate != SUGU_EMULATED_CLOSES && !terminal->is_ending;
    pthread_mutex_unlock(&terminal->mutex);
    return passes;
}

static void *
connection_main(void *user)
{
    struct connection *connection = user;
    struct sugu_emulated_terminal *terminal = connection->terminal;

    if (pass_gate(terminal)) {
        SSL *tls = SSL_new(terminal->tls);
        if (tls && SSL_set_fd(tls, connection->file) == 1 && SSL_accept(tls) == 1)
            serve(terminal, tls);
        SSL_free(tls);
    }
    pthread_mutex_lock(&terminal->mutex);
    terminal->open[connection->at] = -1;
    close(connection->file);
    terminal->running--;
    sugu_emulated_machine_counts(terminal->machine)->closed++;
    pthread_cond_broadcast(&terminal->changed);
    pthread_mutex_unlock(&terminal->mutex);
    free(connection);
    return NULL;
}

/* A thread for the connection; false where there is no room. */
static bool
start_connection(struct sugu_emulated_terminal *terminal, int file)
{
    struct connection *connection = malloc(sizeof *connection);
    pthread_t thread;
    unsigned at = 0;

    pthread_mutex_lock(&terminal->mutex);
    while (at < EMULATED_CONNECTIONS_MAX && terminal->open[at] >= 0)
        at++;
    if (!connection || at == EMULATED_CONNECTIONS_MAX) {
        pthread_mutex_unlock(&terminal->mutex);
        free(connection);
        return false;
    }
    *connection = (struct connection){.terminal = terminal, .file = file, .at = at};
    terminal->open[at] = file;
    terminal->running++;
    pthread_mutex_unlock(&terminal->mutex);
    if (pthread_create(&thread, NULL, connection_main, connection) != 0)
        abort();
    pthread_detach(thread);
    return true;
}

static void *
acceptor_main(void *user)
{
    struct sugu_emulated_terminal *terminal = user;
    bool is_ending = false;

    while (!is_ending) {
        int file = accept4(terminal->listener, NULL, NULL, SOCK_CLOEXEC);

        pthread_mutex_lock(&terminal->mutex);
        is_ending = terminal->is_ending;
        pthread_mutex_unlock(&terminal->mutex);
        if (file >= 0 && (is_ending || !start_connection(terminal, file)))
            close(file);
    }
    return NULL;
}

/* ---- life */

static bool
listen_on_loopback(struct sugu_emulated_terminal *terminal)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    terminal->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (terminal->listener < 0 ||
        bind(terminal->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(terminal->listener, 16) != 0 ||
        getsockname(terminal->listener, (struct sockaddr *)&address, &size) != 0)
        return false;
    snprintf(terminal->address, sizeof terminal->address, "https://127.0.0.1:%u/nexo",
             ntohs(address.sin_port));
    return true;
}

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
    pthread_condattr_t monotonic;
    enum sugu_status status;

    if (!terminal)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    memset(terminal->open, 0xff, sizeof terminal->open);
    sugu_text_copy(terminal->folder, sizeof terminal->folder, folder);
    snprintf(terminal->root, sizeof terminal->root, "%s/root.pem", folder);
    snprintf(terminal->key_file, sizeof terminal->key_file, "%s/terminal.key", folder);
    pthread_mutex_init(&terminal->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&terminal->changed, &monotonic);
    terminal->tls = SSL_CTX_new(TLS_server_method());
    status = write_key(terminal, reterr);
    if (!status && (!terminal->tls ||
                    !sugu_emulated_certify(terminal->tls, terminal->root, SUGU_EMULATED_POI) ||
                    !listen_on_loopback(terminal) ||
                    pthread_create(&terminal->acceptor, NULL, acceptor_main, terminal) != 0))
        status =
            sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s: %s", folder, strerror(errno));
    if (status)
        free(terminal); /* the process ends: the rest goes with it */
    else
        *ret_terminal = terminal;
    return status;
}

struct sugu_emulated_terminal *
sugu_emulated_terminal_free(struct sugu_emulated_terminal *terminal)
{
    if (!terminal)
        return NULL;
    pthread_mutex_lock(&terminal->mutex);
    terminal->is_ending = true;
    pthread_cond_broadcast(&terminal->changed);
    for (unsigned i = 0; i < EMULATED_CONNECTIONS_MAX; i++)
        if (terminal->open[i] >= 0)
            shutdown(terminal->open[i], SHUT_RDWR);
    pthread_mutex_unlock(&terminal->mutex);
    shutdown(terminal->listener, SHUT_RDWR);
    pthread_join(terminal->acceptor, NULL);
    pthread_mutex_lock(&terminal->mutex);
    while (terminal->running > 0)
        pthread_cond_wait(&terminal->changed, &terminal->mutex);
    pthread_mutex_unlock(&terminal->mutex);
    close(terminal->listener);
    SSL_CTX_free(terminal->tls);
    sugu_emulated_machine_free(terminal->machine);
    pthread_cond_destroy(&terminal->changed);
    pthread_mutex_destroy(&terminal->mutex);
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
    return terminal->root;
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

    pthread_mutex_lock(&terminal->mutex);
    counts = *sugu_emulated_machine_counts(terminal->machine);
    pthread_mutex_unlock(&terminal->mutex);
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
    struct timespec deadline = emulated_deadline(wait_ms);
    bool is_there;

    pthread_mutex_lock(&terminal->mutex);
    while (
        !(is_there = count_of(sugu_emulated_machine_counts(terminal->machine), member) >= least) &&
        emulated_terminal_wait_until(terminal, &deadline))
        continue;
    pthread_mutex_unlock(&terminal->mutex);
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

    pthread_mutex_lock(&terminal->mutex);
    is_known = sugu_emulated_machine_command(terminal->machine, line, clock->monotonic_us(clock),
                                             answer, answer_size);
    pthread_cond_broadcast(&terminal->changed);
    pthread_mutex_unlock(&terminal->mutex);
    return is_known;
}
