/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532 - a PN532 reader chip on a pseudo-terminal, with cards and faults to order
 */
#include "emulators/pn532.h"

#include "emulators/pn532-chip.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

struct pn532 {
    pthread_mutex_t lock;
    pthread_t thread;
    bool is_stopping;
    int wake;          /* eventfd: the thread looks at its orders */
    int master, slave; /* -1 while unplugged; the slave keeps the line up between two clients */
    char link[256];
    char connstring[300];
    struct pn532_chip chip;
    struct pn532_plan plan;
    unsigned seen;   /* commands that the plan counts */
    unsigned struck; /* how often it has struck */
    size_t command_count;
    uint8_t input[1024];
    size_t input_size;
};

static void
fail(const char *what)
{
    perror(what);
    abort();
}

static void
set_raw(int terminal)
{
    struct termios state;

    if (tcgetattr(terminal, &state) != 0)
        fail("tcgetattr");
    cfmakeraw(&state);
    if (tcsetattr(terminal, TCSANOW, &state) != 0)
        fail("tcsetattr");
}

static void
plug_locked(struct pn532 *chip)
{
    char name[128];

    chip->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (chip->master < 0 || grantpt(chip->master) != 0 || unlockpt(chip->master) != 0 ||
        ptsname_r(chip->master, name, sizeof name) != 0)
        fail("pseudo-terminal");
    chip->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (chip->slave < 0)
        fail(name);
    set_raw(chip->slave);
    chip->input_size = 0;
    pn532_chip_set_field(&chip->chip, false);
    snprintf(chip->connstring, sizeof chip->connstring, "pn532_uart:%s",
             chip->link[0] ? chip->link : name);
    if (!chip->link[0])
        return;
    unlink(chip->link);
    if (symlink(name, chip->link) != 0)
        fail(chip->link);
}

static void
unplug_locked(struct pn532 *chip)
{
    if (chip->master < 0)
        return;
    if (chip->link[0])
        unlink(chip->link);
    close(chip->slave);
    close(chip->master);
    chip->slave = chip->master = -1;
    pn532_chip_set_field(&chip->chip, false);
}

static void
send_bytes(struct pn532 *chip, const uint8_t *bytes, size_t size)
{
    while (size > 0 && chip->master >= 0) {
        ssize_t sent = write(chip->master, bytes, size);

        if (sent < 0 && errno == EAGAIN)
            return; /* nobody reads; a UART would lose them too */
        if (sent < 0 && errno != EINTR)
            return;
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
}

/* Whether the plan strikes at this command. */
static enum pn532_fault
next_fault(struct pn532 *chip, uint8_t command)
{
    struct pn532_plan *plan = &chip->plan;

    if (plan->fault == PN532_FAULT_NONE ||
        (plan->command != PN532_ANY_COMMAND && plan->command != command))
        return PN532_FAULT_NONE;
    if (chip->seen++ < plan->after)
        return PN532_FAULT_NONE;
    if (plan->times && chip->struck >= plan->times)
        return PN532_FAULT_NONE;
    chip->struck++;
    return plan->fault;
}

static void
swap_card(struct pn532 *chip)
{
    pn532_chip_take(&chip->chip, NULL);
    if (chip->plan.other)
        pn532_chip_put(&chip->chip, chip->plan.other);
    chip->chip.is_swapped = true;
}

/* The faults that strike before the command is run; true where nothing more is to be done. */
static bool
strike_before(struct pn532 *chip, enum pn532_fault fault)
{
    static const uint8_t nack[] = {0x00, 0x00, 0xff, 0xff, 0x00, 0x00};

    if (fault == PN532_FAULT_SILENCE)
        return true;
    if (fault == PN532_FAULT_UNPLUG) {
        unplug_locked(chip);
        return true;
    }
    if (fault == PN532_FAULT_NACK) {
        send_bytes(chip, nack, sizeof nack);
        return true;
    }
    if (fault == PN532_FAULT_CARD_TAKEN)
        pn532_chip_take(&chip->chip, NULL);
    if (fault == PN532_FAULT_CARD_SWAPPED)
        swap_card(chip);
    return false;
}

/* Waits without the lock; a stop ends the wait. The line is not read meanwhile, as the chip is
 * busy. */
static void
wait_late(struct pn532 *chip)
{
    struct pollfd stop = {.fd = chip->wake, .events = POLLIN};
    int late_ms = (int)chip->plan.late_ms;

    pthread_mutex_unlock(&chip->lock);
    poll(&stop, 1, late_ms);
    pthread_mutex_lock(&chip->lock);
}

static void
send_reply(struct pn532 *chip, const uint8_t *reply, size_t size, enum pn532_fault fault)
{
    static const uint8_t error_frame[] = {0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00};
    uint8_t frame[PN532_FRAME_SIZE_MAX];
    size_t frame_size;

    if (fault == PN532_FAULT_LATE)
        wait_late(chip);
    if (size == 0 || fault == PN532_FAULT_ERROR_FRAME) {
        send_bytes(chip, error_frame, sizeof error_frame);
        return;
    }
    frame_size = pn532_frame_build(reply, size, frame);
    if (fault == PN532_FAULT_BAD_CHECKSUM)
        frame[frame_size - 2] ^= 0x55;
    if (fault == PN532_FAULT_BAD_LENGTH)
        frame[4] ^= 0x55;
    if (fault == PN532_FAULT_HALF_FRAME)
        frame_size /= 2;
    send_bytes(chip, frame, frame_size);
}

static void
on_command(struct pn532 *chip, const uint8_t *command, size_t size)
{
    static const uint8_t ack[] = {0x00, 0x00, 0xff, 0x00, 0xff, 0x00};
    enum pn532_fault fault = next_fault(chip, command[0]);
    uint8_t reply[PN532_DATA_SIZE_MAX] = {0};
    size_t reply_size;

    chip->command_count++;
    if (strike_before(chip, fault))
        return;
    if (fault != PN532_FAULT_NO_ACK)
        send_bytes(chip, ack, sizeof ack);
    reply_size = pn532_chip_run(&chip->chip, command, size, reply);
    if (fault == PN532_FAULT_NAD_STATUS && reply_size > 1)
        reply[1] |= PN532_STATUS_NAD;
    send_reply(chip, reply, reply_size, fault);
}

/* An ACK outside a reply aborts a command that is running; none is, and a NACK is not used by
 * libnfc: both are dropped without an answer. */
static void
on_input(struct pn532 *chip)
{
    for (;;) {
        uint8_t command[PN532_DATA_SIZE_MAX];
        size_t used, size;
        struct pn532_frame frame = pn532_frame_find(chip->input, chip->input_size, &used);

        size = frame.kind == PN532_FRAME_COMMAND ? frame.size : 0;
        if (size)
            memcpy(command, frame.data, size);
        memmove(chip->input, chip->input + used, chip->input_size - used);
        chip->input_size -= used;
        if (frame.kind == PN532_FRAME_PARTIAL)
            return;
        if (size)
            on_command(chip, command, size);
    }
}

static void
read_line(struct pn532 *chip)
{
    ssize_t got;

    if (chip->input_size == sizeof chip->input)
        chip->input_size = 0;
    got = read(chip->master, chip->input + chip->input_size, sizeof chip->input - chip->input_size);
    if (got > 0) {
        chip->input_size += (size_t)got;
        on_input(chip);
    }
}

static void *
serve(void *user)
{
    struct pn532 *chip = user;

    pthread_mutex_lock(&chip->lock);
    while (!chip->is_stopping) {
        struct pollfd files[] = {
            {.fd = chip->wake, .events = POLLIN},
            {.fd = chip->master, .events = POLLIN},
        };
        uint64_t count;

        pthread_mutex_unlock(&chip->lock);
        poll(files, 2, -1);
        pthread_mutex_lock(&chip->lock);
        if (files[0].revents && read(chip->wake, &count, sizeof count) < 0 && errno != EAGAIN)
            fail("eventfd");
        if (files[1].revents && chip->master == files[1].fd)
            read_line(chip);
    }
    pthread_mutex_unlock(&chip->lock);
    return NULL;
}

static void
wake(struct pn532 *chip)
{
    uint64_t one = 1;

    if (write(chip->wake, &one, sizeof one) < 0)
        fail("eventfd");
}

struct pn532 *
pn532_new(const char *link)
{
    struct pn532 *chip = calloc(1, sizeof *chip);

    assert(chip);
    pthread_mutex_init(&chip->lock, NULL);
    chip->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (chip->wake < 0)
        fail("eventfd");
    if (link) {
        assert(strlen(link) < sizeof chip->link);
        snprintf(chip->link, sizeof chip->link, "%s", link);
    }
    plug_locked(chip);
    if (pthread_create(&chip->thread, NULL, serve, chip) != 0)
        fail("thread");
    return chip;
}

struct pn532 *
pn532_free(struct pn532 *chip)
{
    if (!chip)
        return NULL;
    pthread_mutex_lock(&chip->lock);
    chip->is_stopping = true;
    wake(chip);
    pthread_mutex_unlock(&chip->lock);
    pthread_join(chip->thread, NULL);
    unplug_locked(chip);
    close(chip->wake);
    pthread_mutex_destroy(&chip->lock);
    free(chip->chip.log);
    free(chip);
    return NULL;
}

const char *
pn532_connstring(struct pn532 *chip)
{
    return chip->connstring;
}

void
pn532_put(struct pn532 *chip, struct emulated_card *card)
{
    pthread_mutex_lock(&chip->lock);
    pn532_chip_put(&chip->chip, card);
    pthread_mutex_unlock(&chip->lock);
}

void
pn532_take(struct pn532 *chip, struct emulated_card *card)
{
    pthread_mutex_lock(&chip->lock);
    pn532_chip_take(&chip->chip, card);
    pthread_mutex_unlock(&chip->lock);
}

void
pn532_unplug(struct pn532 *chip)
{
    pthread_mutex_lock(&chip->lock);
    unplug_locked(chip);
    wake(chip);
    pthread_mutex_unlock(&chip->lock);
}

void
pn532_plug(struct pn532 *chip)
{
    pthread_mutex_lock(&chip->lock);
    if (chip->master < 0)
        plug_locked(chip);
    wake(chip);
    pthread_mutex_unlock(&chip->lock);
}

void
pn532_plan(struct pn532 *chip, const struct pn532_plan *plan)
{
    pthread_mutex_lock(&chip->lock);
    chip->plan = *plan;
    chip->seen = chip->struck = 0;
    pthread_mutex_unlock(&chip->lock);
}

bool
pn532_has_struck(struct pn532 *chip)
{
    bool has_struck;

    pthread_mutex_lock(&chip->lock);
    has_struck = chip->struck > 0;
    pthread_mutex_unlock(&chip->lock);
    return has_struck;
}

size_t
pn532_log_count(struct pn532 *chip)
{
    size_t count;

    pthread_mutex_lock(&chip->lock);
    count = chip->chip.log_count;
    pthread_mutex_unlock(&chip->lock);
    return count;
}

bool
pn532_log_row(struct pn532 *chip, size_t at, struct pn532_log_row *ret_row)
{
    bool is_there;

    pthread_mutex_lock(&chip->lock);
    is_there = at < chip->chip.log_count;
    if (is_there)
        *ret_row = chip->chip.log[at];
    pthread_mutex_unlock(&chip->lock);
    return is_there;
}

void
pn532_log_clear(struct pn532 *chip)
{
    pthread_mutex_lock(&chip->lock);
    chip->chip.log_count = 0;
    pthread_mutex_unlock(&chip->lock);
}

size_t
pn532_command_count(struct pn532 *chip)
{
    size_t count;

    pthread_mutex_lock(&chip->lock);
    count = chip->command_count;
    pthread_mutex_unlock(&chip->lock);
    return count;
}
