/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-serial - the serial line of the cash devices: 9600 baud, 8 bits, no parity, one stop bit
 */
#include "payment/cash/cash-serial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

/* A frame of 260 bytes takes 271 ms at 9600 baud; a line that is not ready then is stuck. */
#define SEND_WAIT_MS 500

static enum sugu_status
fail_line(struct sugu_cash_serial *serial, const char *what, struct sugu_error *reterr)
{
    int number = errno;

    serial->line.ops->close(&serial->line);
    return sugu_fail(reterr, SUGU_RETRY, "cash.line", "%s: %s", what, strerror(number));
}

static void
serial_close(struct sugu_cash_line *line)
{
    struct sugu_cash_serial *serial = (struct sugu_cash_serial *)line;

    if (serial->file >= 0)
        close(serial->file);
    serial->file = -1;
}

static enum sugu_status
serial_open(struct sugu_cash_line *line, const char *where, struct sugu_error *reterr)
{
    struct sugu_cash_serial *serial = (struct sugu_cash_serial *)line;
    struct termios state;

    serial_close(line);
    serial->file = open(where, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (serial->file < 0)
        return fail_line(serial, where, reterr);
    if (tcgetattr(serial->file, &state) != 0)
        return fail_line(serial, where, reterr);
    cfmakeraw(&state);
    state.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CSIZE | CRTSCTS);
    state.c_cflag |= CS8 | CREAD | CLOCAL;
    state.c_cc[VMIN] = 0;
    state.c_cc[VTIME] = 0;
    if (cfsetspeed(&state, B9600) != 0 || tcsetattr(serial->file, TCSANOW, &state) != 0 ||
        flock(serial->file, LOCK_EX | LOCK_NB) != 0 || tcflush(serial->file, TCIOFLUSH) != 0)
        return fail_line(serial, where, reterr);
    return SUGU_OK;
}

static enum sugu_status
serial_send(struct sugu_cash_line *line,
            const uint8_t *bytes,
            size_t size,
            struct sugu_error *reterr)
{
    struct sugu_cash_serial *serial = (struct sugu_cash_serial *)line;

    if (serial->file < 0)
        return sugu_fail(reterr, SUGU_RETRY, "cash.line", "the line is closed");
    if (tcflush(serial->file, TCIFLUSH) != 0)
        return fail_line(serial, "flush", reterr);
    while (size > 0) {
        struct pollfd wait = {.fd = serial->file, .events = POLLOUT};
        ssize_t sent = write(serial->file, bytes, size);

        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return fail_line(serial, "write", reterr);
        if (poll(&wait, 1, SEND_WAIT_MS) == 0) {
            errno = ETIMEDOUT;
            return fail_line(serial, "write", reterr);
        }
    }
    return SUGU_OK;
}

static enum sugu_status
serial_receive(struct sugu_cash_line *line,
               uint8_t *to,
               size_t size_max,
               int64_t deadline_us,
               size_t *ret_size,
               struct sugu_error *reterr)
{
    struct sugu_cash_serial *serial = (struct sugu_cash_serial *)line;

    if (serial->file < 0)
        return sugu_fail(reterr, SUGU_RETRY, "cash.line", "the line is closed");
    for (;;) {
        struct pollfd wait = {.fd = serial->file, .events = POLLIN};
        int64_t left_us = deadline_us - serial->clock->monotonic_us(serial->clock);
        int ready = poll(&wait, 1, left_us > 0 ? (int)((left_us + 999) / 1000) : 0);
        ssize_t got;

        if (ready < 0 && errno != EINTR)
            return fail_line(serial, "poll", reterr);
        if (ready == 0) {
            *ret_size = 0;
            return SUGU_OK;
        }
        if (ready < 0)
            continue;
        got = read(serial->file, to, size_max);
        if (got > 0) {
            *ret_size = (size_t)got;
            return SUGU_OK;
        }
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got == 0)
            errno = ENODEV; /* hung up: an adapter that was pulled out */
        return fail_line(serial, "read", reterr);
    }
}

void
sugu_cash_serial_init(struct sugu_cash_serial *serial, const struct sugu_clock *clock)
{
    static const struct sugu_cash_line_ops ops = {
        .name = "serial",
        .open = serial_open,
        .send = serial_send,
        .receive = serial_receive,
        .close = serial_close,
    };

    *serial = (struct sugu_cash_serial){.line = {&ops}, .clock = clock, .file = -1};
}

void
sugu_cash_serial_done(struct sugu_cash_serial *serial)
{
    serial_close(&serial->line);
}
