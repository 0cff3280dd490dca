/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totals - "sugu-payment totals read": the terminal's own sums on standard output, for finance
 *
 * Runs beside the program that takes payments (a terminal that is at work answers "busy") and
 * touches neither its journal nor its service ids.
 */
#pragma once

#include "base/clock.h"
#include "payment/terminal/terminal-nexo.h"

/* Service ids that are none of a journal's: a 'T' and nine characters of the clock's milliseconds.
 * Milliseconds do not come twice, and a journal's ids begin with '0'. */
struct sugu_totals_ids {
    struct sugu_service_ids ids;
    const struct sugu_clock *clock;
    int64_t last_ms;
};
void sugu_totals_ids_init(struct sugu_totals_ids *ids, const struct sugu_clock *clock);

/*
 * `name` is "read", "close" or "previous" (nexo-totals.h). Prints "period=1007 rows=2", then one
 * line for each sum, "brand=mc type=Debit count=12 yen=38880". REFUSED "settings.invalid" for
 * another name, else as sugu_terminal_nexo_totals.
 */
enum sugu_status sugu_totals_print(struct sugu_terminal *terminal,
                                   const char *where,
                                   const char *name,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
