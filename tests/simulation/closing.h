/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closing - business days are closed while the hospital works, and nights pass
 *
 * `sugu-admin close-day` itself (queue-server/admin/day.c), on a connection of its own: at any
 * time, and between two rounds of the very transaction that posts money. With payments in doubt it
 * is refused and done again with a reason. After a night all clocks show the next day.
 */
#pragma once

#include "simulation/world.h"

void closing_begin(struct world *world);
