/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-card - the card terminal of a kiosk, and the line to it
 *
 * The driver is payment/terminal/terminal-nexo.c; in place of libcurl's connection it gets one in
 * virtual time whose other end is emulators/nexo-machine.c.
 */
#pragma once

#include "simulation/device.h"

struct device_card *device_card_new(struct kiosk *kiosk);
/* Says in the settings of the kiosk's payment program that there is one. */
void device_card_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings);

/* What the terminal and the card company know of a service id; yen and id with TRUTH_MOVED. */
enum truth device_card_truth(const struct device_card *card,
                             const char *service_id,
                             int64_t *ret_yen,
                             char ret_provider_id[65]);

extern const struct device_lane device_card_lane;
