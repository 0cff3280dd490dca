/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-world - the cash driver between the emulated devices and a journal, in process or over a pty
 */
#include "cash-world.h"

#include "testlib/checks.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A line with slow devices takes its time; only a failing test waits so long. */
#define WAIT_US (30 * SUGU_SECOND)

static const char devices[] = "coin 2\n"
                              "note 40 crc\n"
                              "payout 3 1\npayout 4 5\npayout 5 10\n"
                              "payout 6 50\npayout 7 100\npayout 8 500\n"
                              "payout 41 1000\npayout 42 5000\n";

static int64_t
now_us(const struct cash_world *world)
{
    return world->clock->monotonic_us(world->clock);
}

static void
make_driver(struct cash_world *world)
{
    struct sugu_cash_settings settings;
    struct sugu_cash_line *line = world->is_pty ? &world->serial.line : &world->line.line;
    struct sugu_error error;
    char text[512];

    snprintf(text, sizeof text, "line %s\n%s",
             world->is_pty ? cctalk_pty_path(world->pty) : "emulated", devices);
    sugu_assert_ok(sugu_cash_settings_parse(text, &settings, &error), error);
    sugu_assert_ok(sugu_cash_cctalk_new(&settings, line, world->clock, &world->cash, &error),
                   error);
}

void
cash_world_init(struct cash_world *world, bool is_pty)
{
    memset(world, 0, sizeof *world);
    world->is_pty = is_pty;
    world->pace = eventfd(0, EFD_CLOEXEC);
    if (is_pty) {
        world->clock = sugu_clock_system();
        world->pty = cctalk_pty_new("");
        sugu_cash_serial_init(&world->serial, world->clock);
    } else {
        sugu_clock_manual_init(&world->manual, 1790000000 * SUGU_SECOND);
        world->clock = &world->manual.clock;
        emulated_cash_init(&world->emulated, world->manual.monotonic);
        cctalk_line_init(&world->line, &world->emulated, &world->manual);
    }
    make_driver(world);
}

void
cash_world_done(struct cash_world *world)
{
    sugu_cash_cctalk_free(world->cash);
    if (world->is_pty) {
        sugu_cash_serial_done(&world->serial);
        cctalk_pty_free(world->pty);
    }
    close(world->pace);
}

static struct sugu_cash_known *
find_known(struct cash_world *world, uint8_t device)
{
    for (size_t i = 0; i < world->known_count; i++)
        if (world->known[i].id == device)
            return world->known + i;
    return NULL;
}

void
cash_world_open(struct cash_world *world)
{
    struct sugu_cash_report report;
    struct sugu_error error;

    sugu_assert_ok(world->cash->ops->open(world->cash, world->known, world->known_count, &error),
                   error);
    world->cash->ops->report(world->cash, &report);
    for (size_t i = 0; i < report.count; i++) {
        const struct sugu_cash_device *device = report.devices + i;

        if (!device->is_ready || find_known(world, device->id))
            continue;
        world->known[world->known_count++] = (struct sugu_cash_known){
            .id = device->id,
            .serial = device->serial,
            .counter = device->counter,
            .newest = {device->newest[0], device->newest[1]},
        };
    }
}

void
cash_world_restart(struct cash_world *world)
{
    /* As the kernel does it: the line is closed, no command is sent any more. */
    if (world->is_pty)
        sugu_cash_serial_done(&world->serial);
    else
        world->line.is_open = false;
    world->line.is_gone = true;
    sugu_cash_cctalk_free(world->cash);
    world->line.is_gone = false;
    make_driver(world);
    cash_world_open(world);
}

const char *
cash_world_do(struct cash_world *world, const char *format, ...)
{
    static char answer[512];
    char line[128];
    va_list values;
    bool is_known;

    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    is_known = world->is_pty ? cctalk_pty_command(world->pty, line, answer, sizeof answer)
                             : emulated_cash_command(&world->emulated, line, now_us(world), answer,
                                                     sizeof answer);
    ck_assert_msg(is_known, "%s: %s", line, answer);
    return answer;
}

int64_t
cash_world_gain(struct cash_world *world)
{
    const char *answer = cash_world_do(world, "truth");

    ck_assert_msg(strncmp(answer, "gain=", 5) == 0, "%s", answer);
    return strtoll(answer + 5, NULL, 10);
}

/* Into the journal: in order, each once. */
static void
keep(struct cash_world *world, const struct sugu_cash_event *event)
{
    struct sugu_cash_known *known = find_known(world, event->device);

    ck_assert_uint_lt(world->count, CASH_WORLD_EVENTS);
    world->events[world->count++] = *event;
    ck_assert_ptr_nonnull(known);
    known->counter = event->counter;
    memcpy(known->newest, event->newest, sizeof known->newest);
    if (event->step) {
        ck_assert_uint_eq(event->step, known->step + 1);
        known->step = event->step;
    }
    if (event->kind == SUGU_CASH_NEWS_ACCEPTED) {
        ck_assert(event->step);
        ck_assert(sugu_cash_add(&world->in, event->unit, 1));
    }
}

void
cash_world_poll(struct cash_world *world)
{
    struct sugu_error error;

    if (world->cash->ops->poll(world->cash, &world->news, &error) != SUGU_OK)
        ck_assert_str_eq(error.code, "cash.line");
    for (size_t i = 0; i < world->news.count; i++)
        keep(world, world->news.events + i);
    if (!world->is_pty) {
        sugu_clock_manual_advance(&world->manual, world->news.wait_us);
        emulated_cash_pass(&world->emulated, world->manual.monotonic);
    } else if (world->news.wait_us > 0) {
        struct pollfd wait = {.fd = world->pace, .events = POLLIN};

        poll(&wait, 1, (int)(world->news.wait_us / 1000) + 1);
    }
}

struct sugu_cash_event
cash_world_wait(struct cash_world *world, enum sugu_cash_news_kind kind, uint8_t device)
{
    int64_t end_us = now_us(world) + WAIT_US;

    for (;;) {
        while (world->waited < world->count) {
            const struct sugu_cash_event *event = world->events + world->waited++;

            if (event->kind == kind && (device == 0 || event->device == device))
                return *event;
        }
        ck_assert_msg(now_us(world) < end_us, "no event %d of device %u", (int)kind, device);
        cash_world_poll(world);
    }
}

void
cash_world_run(struct cash_world *world, int64_t us)
{
    int64_t end_us = now_us(world) + us;

    while (now_us(world) < end_us)
        cash_world_poll(world);
}

void
cash_world_settle(struct cash_world *world)
{
    int64_t end_us = now_us(world) + WAIT_US;
    uint32_t cycle;

    cash_world_poll(world);
    cycle = world->news.cycle;
    while (!world->news.is_still || world->news.cycle == cycle) {
        cash_world_poll(world);
        ck_assert_msg(now_us(world) < end_us, "never still");
        if (world->news.count)
            cycle = world->news.cycle;
    }
}

size_t
cash_world_count(const struct cash_world *world, enum sugu_cash_news_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < world->count; i++)
        count += world->events[i].kind == kind;
    return count;
}

enum sugu_status
cash_world_command(struct cash_world *world,
                   struct sugu_cash_command command,
                   struct sugu_error *reterr)
{
    return world->cash->ops->command(world->cash, &command, reterr);
}

void
cash_world_accept(struct cash_world *world, uint32_t units)
{
    struct sugu_cash_command command = {.kind = SUGU_CASH_ACCEPT, .units = units};
    struct sugu_error error;

    sugu_assert_ok(cash_world_command(world, command, &error), error);
}

enum sugu_status
cash_world_pay(struct cash_world *world, uint8_t device, uint8_t count, struct sugu_error *reterr)
{
    struct sugu_cash_command command = {
        .kind = SUGU_CASH_PAY,
        .device = device,
        .count = count,
        .counter = cash_world_device(world, device).counter,
    };

    return cash_world_command(world, command, reterr);
}

struct sugu_cash_device
cash_world_device(struct cash_world *world, uint8_t device)
{
    struct sugu_cash_report report;

    world->cash->ops->report(world->cash, &report);
    for (size_t i = 0; i < report.count; i++)
        if (report.devices[i].id == device)
            return report.devices[i];
    ck_abort_msg("no device %u", device);
    return (struct sugu_cash_device){0};
}
