/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-cash - the coin acceptor, note acceptor and payouts of a kiosk, and the line to them
 *
 * The driver is payment/cash/; in place of the serial line it gets one in virtual time whose other
 * end is emulators/cctalk-emulator.c, which knows what really went in and came out.
 */
#pragma once

#include "simulation/device.h"

#include "emulators/cctalk-emulator.h"

struct device_cash {
    struct kiosk *kiosk;
    struct emulated_cash emulated;
    int64_t gone_until_us; /* the adapter of the line is pulled out */
    int64_t handed_yen;    /* out of the box by staff, to patients */
    int64_t missing_yen;   /* found by counting: more had gone out than had come in */
    int64_t counted_yen;   /* pieces that a payout lied about and staff have counted since */
    bool is_filled;        /* the books know what the payouts hold */
};

struct device_cash *device_cash_new(struct kiosk *kiosk);
/* Says in the settings of the kiosk's payment program that there is one. */
void device_cash_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings);
/* What staff tell the program before its first start: how many pieces they have filled in. */
void device_cash_fill(struct device_cash *cash, const struct sugu_payment_settings *settings);

/* A patient puts a piece in; how it fares is drawn. */
void device_cash_insert(struct device_cash *cash, int64_t yen);
/* A patient begins to pay: what will go wrong meanwhile, if anything. */
void device_cash_plan_trouble(struct device_cash *cash);
/* Staff open the machine: whatever was in the way is not any more, and its power comes back. */
void device_cash_clear(struct device_cash *cash);
/* Yen that were put in and have not come out, by whatever way. */
int64_t device_cash_gain_yen(struct device_cash *cash);
