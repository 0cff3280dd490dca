/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk - two people at the hospital's desk: they find out, give back, take money, agree or do not
 *
 * For a share of the visits that are over at the kiosks. What was held is resolved by what the
 * device or the provider really did (truth.h); of what was paid, some goes back, whole or in part;
 * some orders ask for more than is left and have to be refused.
 */
#pragma once

#include "simulation/world.h"

void desk_begin(struct world *world);
/* The patient of this visit has gone from the kiosks. */
void desk_told(struct world *world, struct visit *visit);
/* What is still to do there; "" = nothing. */
const char *desk_left(const struct world *world);
/* Nobody waits at the desk. */
bool desk_is_idle(const struct world *world);
