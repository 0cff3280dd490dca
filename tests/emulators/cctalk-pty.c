/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-pty - the emulated cash devices on a pseudo-terminal, served by a thread
 */
#include "emulators/cctalk-pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#define TURN_MS 5 /* coins fall and motors turn also while nobody speaks */

struct cctalk_pty {
    pthread_t thread;
    pthread_mutex_t lock;
    int master, slave, stop;
    char path[128], link[128];
    struct emulated_cash cash;
};

static int64_t
now_us(void)
{
    const struct sugu_clock *clock = sugu_clock_system();

    return clock->monotonic_us(clock);
}

static void
fail(const char *what)
{
    perror(what);
    abort();
}

static void
say_all(struct cctalk_pty *pty, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = write(pty->master, bytes, size);

        if (sent < 0 && errno != EINTR)
            return; /* nobody reads; a wire would lose it too */
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
}

/* How long until there is something to say, at most a turn. */
static int
wait_ms(struct cctalk_pty *pty)
{
    int64_t next;

    pthread_mutex_lock(&pty->lock);
    next = emulated_cash_next_us(&pty->cash);
    pthread_mutex_unlock(&pty->lock);
    if (next == INT64_MAX || next - now_us() > TURN_MS * SUGU_MS)
        return TURN_MS;
    return next > now_us() ? (int)((next - now_us() + 999) / 1000) : 0;
}

static void *
serve(void *user)
{
    struct cctalk_pty *pty = user;

    for (;;) {
        struct pollfd files[] = {{.fd = pty->stop, .events = POLLIN},
                                 {.fd = pty->master, .events = POLLIN}};
        uint8_t bytes[256];
        ssize_t got = 0;
        size_t size;

        poll(files, 2, wait_ms(pty));
        if (files[0].revents)
            return NULL;
        if (files[1].revents & POLLIN)
            got = read(pty->master, bytes, sizeof bytes);
        pthread_mutex_lock(&pty->lock);
        if (got > 0)
            emulated_cash_hear(&pty->cash, bytes, (size_t)got, now_us());
        size = emulated_cash_say(&pty->cash, bytes, sizeof bytes, now_us());
        pthread_mutex_unlock(&pty->lock);
        say_all(pty, bytes, size);
    }
}

struct cctalk_pty *
cctalk_pty_new(const char *link)
{
    struct cctalk_pty *pty = calloc(1, sizeof *pty);
    struct termios state;

    if (!pty)
        fail("memory");
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (pty->master < 0 || grantpt(pty->master) != 0 || unlockpt(pty->master) != 0 ||
        ptsname_r(pty->master, pty->path, sizeof pty->path) != 0)
        fail("pseudo-terminal");
    /* Open here too, so that the line stays up between two programs. */
    pty->slave = open(pty->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->slave < 0 || tcgetattr(pty->slave, &state) != 0)
        fail(pty->path);
    cfmakeraw(&state);
    tcsetattr(pty->slave, TCSANOW, &state);
    snprintf(pty->link, sizeof pty->link, "%s", link);
    unlink(*link ? link : "");
    if (*link && symlink(pty->path, link) != 0)
        fail(link);
    pty->stop = eventfd(0, EFD_CLOEXEC);
    emulated_cash_init(&pty->cash, now_us());
    pthread_mutex_init(&pty->lock, NULL);
    if (pty->stop < 0 || pthread_create(&pty->thread, NULL, serve, pty) != 0)
        fail("thread");
    return pty;
}

struct cctalk_pty *
cctalk_pty_free(struct cctalk_pty *pty)
{
    if (!pty)
        return NULL;
    eventfd_write(pty->stop, 1);
    pthread_join(pty->thread, NULL);
    pthread_mutex_destroy(&pty->lock);
    if (pty->link[0])
        unlink(pty->link);
    close(pty->stop);
    close(pty->slave);
    close(pty->master);
    free(pty);
    return NULL;
}

const char *
cctalk_pty_path(const struct cctalk_pty *pty)
{
    return pty->link[0] ? pty->link : pty->path;
}

bool
cctalk_pty_command(struct cctalk_pty *pty, const char *line, char *answer, size_t answer_size)
{
    bool is_known;

    pthread_mutex_lock(&pty->lock);
    is_known = emulated_cash_command(&pty->cash, line, now_us(), answer, answer_size);
    pthread_mutex_unlock(&pty->lock);
    return is_known;
}
