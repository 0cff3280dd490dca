/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-code - the provider of code payments, one for all kiosks, and the patients' phones
 *
 * emulators/code-provider.c behind provider-line. A phone reads a code only where a window has
 * shown it: soon, late, when it is deleted already, after it has ended, twice or never.
 */
#pragma once

#include "simulation/device.h"

struct device_code;

/* One for the world; its clock is the world's provider's. */
struct device_code *device_code_new(struct world *world);
void device_code_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings);
/* The window shows this code: whoever stands there may pay with it from now on. */
void device_code_shown(const struct kiosk *kiosk, const char *payload);
/* What the provider did for this attempt of the program. */
enum truth device_code_truth(const struct device_code *code,
                             const struct sugu_attempt *attempt,
                             int64_t *ret_yen,
                             char ret_provider_id[65]);

extern const struct device_lane device_code_lane;
