/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gateway - between the queue server and a fee module: each charge billed, each payment posted,
 * once
 *
 * Work comes as events and, behind them, from GetOpenWork (after a reset, and every poll_us), which
 * is the truth. Nothing is remembered over a restart: ids of requests follow from what they are
 * about (derived-id.h), so doing a piece of work again is the same request again. A request that
 * the server refused is made anew under the id of the next attempt, later each time.
 *
 * What the fee module refuses (an unknown act, a share that nobody knows …) is logged and reported
 * to the desk once per reason. It stays in the open work and is tried again as often as it comes
 * from there: acts that are set anew, a share that is stated or a new master solve it.
 */
#pragma once

#include "client/client.h"
#include "fee/fee-module.h"

struct sugu_gateway;

/* Everything is borrowed and outlives the gateway, except the module, which it frees. */
struct sugu_gateway *sugu_gateway_new(const struct sugu_clock *clock, int64_t poll_us);
struct sugu_gateway *sugu_gateway_free(struct sugu_gateway *gateway);

/* What the module has to be made with. */
struct sugu_fee_callbacks sugu_gateway_fee_callbacks(struct sugu_gateway *gateway);
/* What the client has to be made with. */
struct sugu_client_callbacks sugu_gateway_client_callbacks(struct sugu_gateway *gateway);
/* Before the first step. */
void sugu_gateway_connect(struct sugu_gateway *gateway,
                          struct sugu_client *client,
                          struct sugu_fee_module *module);

/* Asks for the open work when it is time. */
void sugu_gateway_step(struct sugu_gateway *gateway);
int64_t sugu_gateway_due_us(const struct sugu_gateway *gateway);
