/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment-boundaries - the points of an attempt's life at which sugu-payment is held and killed
 *
 * For an attempt of any kind: what happens is counted from `payment_boundaries_begin` on.
 */
#pragma once

#include "scenario/payment-world.h"

struct payment_boundary {
    const char *name;
    void (*arm)(struct payment_world *world);
    bool (*is_reached)(struct payment_world *world);
    unsigned moves; /* of money by this attempt before or behind the kill */
};
extern const struct payment_boundary payment_boundaries[];
#define PAYMENT_BOUNDARIES 11

/* Waits until the terminal is at rest, reset after an earlier attempt. */
void payment_boundaries_begin(struct payment_world *world);
/* Kills the program there and lets go of everything that held it. */
void payment_boundary_kill(struct payment_world *world);
