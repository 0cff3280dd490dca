/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth - what a device or a provider really did for an attempt, as its own list would say it
 */
#pragma once

#include "simulation/device.h"

/* `place` is of the payment program that has the attempt; yen and id with TRUTH_MOVED. */
enum truth truth_of(struct world *world,
                    const char *place,
                    const struct sugu_id *id,
                    int64_t *ret_yen,
                    char ret_provider_id[65]);
