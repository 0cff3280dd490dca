/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totals - "sugu-payment totals read": the terminal's own sums on standard output, for finance
 */
#include "payment/totals.h"

#include "payment/terminal/nexo-totals.h"

#include <inttypes.h>

#define ID_DIGITS 9 /* behind the 'T' */

static enum sugu_status
next_id(struct sugu_service_ids *port, char ret_id[11], struct sugu_error *reterr)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct sugu_totals_ids *ids = (struct sugu_totals_ids *)port;
    int64_t rest = ids->clock->utc_us(ids->clock) / SUGU_MS;

    (void)reterr;
    if (rest <= ids->last_ms)
        rest = ids->last_ms + 1;
    ids->last_ms = rest;
    ret_id[0] = 'T';
    for (int i = ID_DIGITS; i >= 1; i--, rest /= 36)
        ret_id[i] = digits[rest % 36];
    ret_id[1 + ID_DIGITS] = '\0';
    return SUGU_OK;
}

void
sugu_totals_ids_init(struct sugu_totals_ids *ids, const struct sugu_clock *clock)
{
    *ids = (struct sugu_totals_ids){.ids.next = next_id, .clock = clock};
}

enum sugu_status
sugu_totals_print(struct sugu_terminal *terminal,
                  const char *where,
                  const char *name,
                  struct sugu_error *reterr)
{
    struct sugu_nexo_totals totals;
    enum sugu_nexo_totals_kind kind;
    enum sugu_status status;

    if (!sugu_nexo_totals_kind_of(name, &kind))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "totals: has to be read, close or previous");
    status = sugu_terminal_nexo_totals(terminal, where, kind, &totals, reterr);
    if (status)
        return status;
    printf("period=%" PRId64 " rows=%zu\n", totals.period, totals.count);
    for (size_t i = 0; i < totals.count; i++)
        printf("brand=%s type=%s count=%" PRId64 " yen=%" PRId64 "\n", totals.rows[i].brand,
               totals.rows[i].type, totals.rows[i].count, totals.rows[i].yen);
    return SUGU_OK;
}
