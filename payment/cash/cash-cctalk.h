/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-cctalk - the cash port over ccTalk: coins, notes and payouts on one line
 *
 * Polls one device per call, the one that is due longest. The line is a port of its own, so that
 * the same driver runs on a serial line and inside a simulation; time comes from the clock alone.
 */
#pragma once

#include "base/clock.h"
#include "payment/cash/cash-line.h"
#include "payment/cash/cash-settings.h"

/* `line` and `clock` are not owned and outlive the device; the settings are copied. */
enum sugu_status sugu_cash_cctalk_new(const struct sugu_cash_settings *settings,
                                      struct sugu_cash_line *line,
                                      const struct sugu_clock *clock,
                                      struct sugu_cash **ret_cash,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Closes it first. NULL is fine. */
struct sugu_cash *sugu_cash_cctalk_free(struct sugu_cash *cash);
