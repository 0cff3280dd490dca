/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side - the card side of sugu-reader: a process of its own that owns the reader
 */
#include "reader/side.h"

#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "reader/reader-libnfc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIDE_VARIABLE "SUGU_READER_CARD_SIDE"

extern char **environ;

struct side {
    int channel;
    struct sugu_pin_page *page;
    struct sugu_watch watch;
    char last_trouble[160];
};

/* The front reads all the time; where it is gone the loop ends at the next look at the channel. */
static void
tell(const struct side *side, const struct sugu_side_message *message)
{
    if (send(side->channel, message, sizeof *message, MSG_NOSIGNAL) < 0 && errno != EPIPE &&
        errno != ECONNRESET)
        sugu_log(SUGU_LOG_WARNING, "reader.channel", "error=\"%s\"", strerror(errno));
}

static void
on_part(void *user, Sugu__PartHealth health, const char *code)
{
    struct side *side = user;
    struct sugu_side_message message = {.word = SUGU_SIDE_PART, .part = {.health = health}};

    sugu_text_copy(message.part.code, sizeof message.part.code, code);
    if (health == SUGU__PART_HEALTH__PART_OK)
        side->last_trouble[0] = '\0';
    tell(side, &message);
}

static void
on_card(void *user, const struct sugu_card_note *note)
{
    struct sugu_side_message message = {.word = SUGU_SIDE_CARD, .card = *note};

    tell(user, &message);
}

/* Once per trouble, not once per try. */
static void
on_trouble(void *user, const struct sugu_error *error)
{
    struct side *side = user;

    if (strcmp(side->last_trouble, error->detail) == 0)
        return;
    sugu_text_copy(side->last_trouble, sizeof side->last_trouble, error->detail);
    sugu_log_error(SUGU_LOG_WARNING, "reader.trouble", error);
}

static void
read_card(struct side *side, const struct sugu_id *presence)
{
    struct sugu_side_message message = {.word = SUGU_SIDE_DONE};
    struct sugu_error error;

    message.done.status =
        sugu_watch_read(&side->watch, presence, side->page, &message.done.attributes, &error);
    message.done.tries_left = side->watch.card.tries_left;
    if (message.done.status != SUGU_OK) {
        sugu_text_copy(message.done.code, sizeof message.done.code, error.code);
        sugu_text_copy(message.done.detail, sizeof message.done.detail, error.detail);
    }
    tell(side, &message);
    explicit_bzero(&message, sizeof message);
}

/* Waits for an order; false when the front is gone. */
static bool
wait_for_front(struct side *side, int64_t wait_us)
{
    struct pollfd file = {.fd = side->channel, .events = POLLIN};
    struct sugu_side_message message;
    ssize_t got;

    /* Rounded up: at 0 ms the loop would spin through the rest of a millisecond. */
    if (poll(&file, 1, (int)((wait_us + SUGU_MS - 1) / SUGU_MS)) <= 0)
        return true;
    got = recv(side->channel, &message, sizeof message, 0);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
        return false;
    if (got == sizeof message && message.word == SUGU_SIDE_READ)
        read_card(side, &message.presence);
    return true;
}

static void
watch_until_front_ends(struct side *side, const struct sugu_clock *clock)
{
    int64_t next = clock->monotonic_us(clock), now = next;

    do {
        struct sugu_side_message alive = {.word = SUGU_SIDE_ALIVE};
        int64_t wait_us;

        now = clock->monotonic_us(clock);
        if (now >= next)
            next = now + sugu_watch_step(&side->watch);
        tell(side, &alive);
        wait_us = next - clock->monotonic_us(clock);
        wait_us = wait_us < 0 ? 0 : wait_us > SUGU_SECOND ? SUGU_SECOND : wait_us;
        if (!wait_for_front(side, wait_us))
            return;
    } while (true);
}

enum sugu_status
sugu_side_run(const struct sugu_side_settings *settings,
              int channel,
              struct sugu_pin_page *page,
              struct sugu_error *reterr)
{
    struct side side = {.channel = channel, .page = page};
    const struct sugu_watch_callbacks callbacks = {on_part, on_card, on_trouble, &side};
    struct sugu_reader_libnfc libnfc;
    struct sugu_my_number_needs needs = {
        .clock = sugu_clock_system(),
        .random = sugu_random_system(),
    };
    struct sugu_trust *trust = NULL;
    enum sugu_status status = sugu_trust_load(settings->roots, &trust, reterr);

    if (status != SUGU_OK)
        return status;
    needs.trust = trust;
    sugu_reader_libnfc_init(&libnfc);
    sugu_watch_init(&side.watch, &libnfc.reader, settings->device, settings->poll_us, &needs,
                    &callbacks);
    watch_until_front_ends(&side, needs.clock);
    sugu_watch_done(&side.watch);
    sugu_reader_libnfc_done(&libnfc);
    sugu_trust_free(trust);
    return SUGU_OK;
}

bool
sugu_side_is_here(void)
{
    const char *front = getenv(SIDE_VARIABLE);
    int64_t pid;

    if (!front)
        return false;
    /* A front that is killed takes its card side along; it may have been killed just now. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!sugu_text_to_int64(front, 1, INT32_MAX, &pid) || getppid() != pid)
        _exit(SUGU_EXIT_USAGE);
    return true;
}

/* Ours and one more: which process the front is. */
static char **
side_environment(void)
{
    static char variable[64];
    size_t count = 0;
    char **copy;

    snprintf(variable, sizeof variable, "%s=%d", SIDE_VARIABLE, (int)getpid());

    while (environ[count])
        count++;
    copy = calloc(count + 2, sizeof *copy);
    if (copy) {
        memcpy(copy, environ, count * sizeof *copy);
        copy[count] = variable;
    }
    return copy;
}

static int
spawn(char **argv, int channel, int pin_page_file, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    char **environment = side_environment();
    int error;

    if (!environment)
        return ENOMEM;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    /* Both come from above 10, so that neither overwrites the other. */
    posix_spawn_file_actions_adddup2(&actions, channel, SUGU_SIDE_CHANNEL_FD);
    posix_spawn_file_actions_adddup2(&actions, pin_page_file, SUGU_SIDE_PIN_PAGE_FD);
    error = posix_spawn(ret_pid, "/proc/self/exe", &actions, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return error;
}

enum sugu_status
sugu_side_start(
    char **argv, int pin_page_file, pid_t *ret_pid, int *ret_channel, struct sugu_error *reterr)
{
    int pair[2], theirs, page, error;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "socketpair: %s", strerror(errno));
    theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
    page = fcntl(pin_page_file, F_DUPFD_CLOEXEC, 10);
    close(pair[1]);
    error = theirs < 0 || page < 0 ? errno : spawn(argv, theirs, page, ret_pid);
    if (theirs >= 0)
        close(theirs);
    if (page >= 0)
        close(page);
    if (error) {
        close(pair[0]);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "card side: %s", strerror(error));
    }
    *ret_channel = pair[0];
    return SUGU_OK;
}
