/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-on-file - the keeper of registered cards, and the program at the hospital's server
 *
 * emulators/card-on-file-provider.c behind provider-line; one sugu-payment without a window, which
 * carries out what the queue server orders: holds, charges, captures, releases, refunds.
 */
#pragma once

#include "simulation/device.h"

#define DEVICE_ON_FILE_PLACE "on-file" /* as in house.sql */

struct device_on_file;

struct device_on_file *device_on_file_new(struct world *world);
void device_on_file_settings(const struct kiosk *house, struct sugu_payment_settings *settings);
/* A terminal of the house has registered a card: the keeper has its token now. */
void device_on_file_stored(struct device_on_file *cards, const char *token, const char *payer);
/* The patient of this visit has registered a card some time ago. */
void device_on_file_register(struct world *world, const struct visit *visit);
/* An ended card is forgotten at its provider and in the journal, and no other is. */
void device_on_file_check(struct world *world);
/* What the provider did for this attempt of the program. */
enum truth device_on_file_truth(const struct device_on_file *cards,
                                const struct sugu_attempt *attempt,
                                int64_t *ret_yen,
                                char ret_provider_id[65]);

extern const struct device_lane device_on_file_lane;
