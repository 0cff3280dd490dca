/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device - what every lane's device tells check.c: whose money it took, and what it keeps
 *
 * A lane is a file device-NAME.c: the device or provider with its faults, the line to it in place
 * of the product's (ld --wrap of its constructor), what it adds to sugu-payment's settings, and one
 * of these. The product's driver and everything above it are as they are.
 */
#pragma once

#include "simulation/world.h"

#include "payment/settings.h"

struct device_charge {
    const char *reference; /* by which the journal finds the attempt */
    const char *bill; /* text of its id, with or without "-<revision>" behind; "" = not known */
    int64_t yen;
    bool is_refund; /* given back */
};

struct device_lane {
    const char *account; /* where the ledger has its money */
    /* Journal's state, approved yen and id of the attempt whose reference is ?1. */
    const char *find;
    /* Every payment, and every refund, that was carried out with money at this kiosk. */
    void (*each_charge)(const struct kiosk *kiosk,
                        void (*each)(void *user, const struct device_charge *charge),
                        void *user);
    /* What is kept of each: taken and not given back. */
    void (*each_kept)(const struct kiosk *kiosk,
                      void (*each)(void *user, const struct device_charge *charge),
                      void *user);
};

/* What the device's or provider's own list says of one deed. */
enum truth {
    TRUTH_OPEN,  /* it is still at it, or nobody can look now */
    TRUTH_MOVED, /* money was taken, or given back */
    TRUTH_NOT,   /* nothing was, and nothing will be */
};

/* The kiosk whose payment program is running. */
struct kiosk *device_kiosk(void);
/* Writes a file of the payment program's into its folder, and its path. */
void device_file(const struct kiosk *kiosk, const char *name, const char *text, char path[512]);
