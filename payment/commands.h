/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - what sugu-payment does instead of taking payments: "totals", "cash-count"
 */
#pragma once

#include "base/clock.h"
#include "payment/settings.h"

/* Carries the words behind the options out, `count` of them, at least one; the exit status. Ends
 * the process where they are none of ours, or where it fails. */
int sugu_payment_command(const struct sugu_payment_settings *settings,
                         const struct sugu_clock *clock,
                         int count,
                         char **arguments);
