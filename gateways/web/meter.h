/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter - how much one address may ask for
 *
 * One bucket per address: it holds `burst` and is filled at `per_minute`. An IPv6 address counts by
 * its first 64 bits, because a single subscriber has that many. The table is bounded; where it is
 * full, the address that was quiet longest is forgotten, which gives it a full bucket at most.
 * Addresses live in memory only and are never logged.
 */
#pragma once

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct web_meter;

/* A key of 16 bytes; made of an address by web_meter_key. */
struct web_address {
    uint8_t bytes[16];
};

/* `size` 4 (IPv4) or 16 bytes in network order. */
struct web_address web_address_of(const uint8_t *bytes, size_t size);

/* All > 0. */
struct web_meter *web_meter_new(uint32_t burst, uint32_t per_minute, size_t address_max);
struct web_meter *web_meter_free(struct web_meter *meter);

/* Would there be one left? Takes nothing. */
bool web_meter_has(struct web_meter *meter, const struct web_address *address, int64_t now_us);
/* Takes one; false where none is left. */
bool web_meter_take(struct web_meter *meter, const struct web_address *address, int64_t now_us);
/* Seconds, at least 1, until there is one again. */
uint32_t web_meter_wait_s(const struct web_meter *meter);
