/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-world - the cash driver between the emulated devices and a journal, in process or over a pty
 *
 * The world keeps what a payment program keeps: per device the newest step, counter and serial
 * number, and the sum of what was accepted. It holds every event to "exactly once": steps of a
 * device have no hole and never come twice.
 */
#pragma once

#include "emulators/cctalk-line.h"
#include "emulators/cctalk-pty.h"
#include "payment/cash/cash-cctalk.h"
#include "payment/cash/cash-serial.h"

#define CASH_WORLD_EVENTS 256

struct cash_world {
    bool is_pty;
    struct sugu_cash *cash;
    const struct sugu_clock *clock;
    /* in process */
    struct sugu_clock_manual manual;
    struct emulated_cash emulated;
    struct cctalk_line line;
    /* over a pseudo-terminal */
    struct cctalk_pty *pty;
    struct sugu_cash_serial serial;
    int pace; /* an eventfd that is never written: waiting between polls */
    /* the journal */
    struct sugu_cash_known known[SUGU_CASH_DEVICES_MAX];
    size_t known_count;
    struct sugu_cash_counts in; /* sum of the ACCEPTED rows */
    struct sugu_cash_event events[CASH_WORLD_EVENTS];
    size_t count, waited;
    struct sugu_cash_news news; /* of the last poll */
};

/* Starts the devices and the driver; does not open it. */
void cash_world_init(struct cash_world *world, bool is_pty);
void cash_world_done(struct cash_world *world);

/* Opens the driver with what the journal knows, and keeps the serial numbers it finds. */
void cash_world_open(struct cash_world *world);
/* The program dies and is started again: nothing is closed in an orderly way, the journal stays. */
void cash_world_restart(struct cash_world *world);

/* A command to the emulated devices; returns its answer, valid until the next. */
const char *cash_world_do(struct cash_world *world, const char *format, ...) SUGU_PRINTF(2, 3);
/* Yen that the machine really holds more than at the start. */
int64_t cash_world_gain(struct cash_world *world);

/* One poll; its events go into the journal. */
void cash_world_poll(struct cash_world *world);
/* The next event of this kind from the device (0 = any) after those that were waited for before;
 * polls until it comes. Fails after thirty seconds. */
struct sugu_cash_event
cash_world_wait(struct cash_world *world, enum sugu_cash_news_kind kind, uint8_t device);
/* Polls for so long. */
void cash_world_run(struct cash_world *world, int64_t us);
/* Polls until nothing moves, for a full cycle (the condition of STILL). */
void cash_world_settle(struct cash_world *world);
/* Events of this kind so far. */
size_t cash_world_count(const struct cash_world *world, enum sugu_cash_news_kind kind);

enum sugu_status cash_world_command(struct cash_world *world,
                                    struct sugu_cash_command command,
                                    struct sugu_error *reterr);
/* Opens the masks for these units. */
void cash_world_accept(struct cash_world *world, uint32_t units);
/* Orders pieces of a payout at the counter that it reports. */
enum sugu_status
cash_world_pay(struct cash_world *world, uint8_t device, uint8_t count, struct sugu_error *reterr);
/* The device as it was last seen. */
struct sugu_cash_device cash_world_device(struct cash_world *world, uint8_t device);
