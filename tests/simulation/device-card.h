/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-card - the card terminal of a kiosk, and the line to it
 *
 * The driver is payment/terminal/terminal-nexo.c; in place of libcurl's connection it gets one in
 * virtual time whose other end is emulators/nexo-machine.c.
 */
#pragma once

#include "simulation/world.h"

#include "payment/terminal/terminal-nexo.h"

struct device_card *device_card_new(struct kiosk *kiosk);

/* The driver for a program that starts; never freed, for its threads may be gone in mid-call. */
struct sugu_terminal *device_card_driver(struct kiosk *kiosk, struct sugu_service_ids *ids);

/* Calls `each` for every payment that was carried out with money. `reference` is "<bill>-<rev>". */
void device_card_each(
    const struct device_card *card,
    void (*each)(void *user, const char *service_id, const char *reference, int64_t yen),
    void *user);
/* What the card company keeps of each charge. */
void device_card_each_kept(const struct device_card *card,
                           void (*each)(void *user, const char *reference, int64_t yen),
                           void *user);
