/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-master - any bytes as an act master, published or own
 *
 * What is read has to be within the bounds of a bill's line, and findable.
 */
#include "fuzz-target.h"

#include "base/text.h"
#include "domain/date.h"
#include "fee/calculator.h"
#include "fee/master.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 20261122

static void
require(bool is_held)
{
    if (!is_held)
        abort();
}

/* Each act that is found on the day is billed alone. */
static void
use(const struct sugu_master *master, uint32_t code)
{
    static struct sugu_bill bill;
    static struct sugu_charge charge = {
        .ratio_percent = 30, .business_day = DAY, .act_count = 1, .acts[0].count = 1};
    const struct sugu_act *act = sugu_master_find(master, code, DAY);
    struct sugu_error error;

    if (!act)
        return;
    require(act->code == code && act->valid_from <= DAY && act->valid_until >= DAY);
    require(act->amount >= 0 && act->amount <= SUGU_YEN_MAX);
    require(*act->name && sugu_text_is_utf8(act->name, strlen(act->name)));
    snprintf(charge.acts[0].code, sizeof charge.acts[0].code, "%09u", code);
    if (sugu_calculate(master, &charge, &bill, &error) == SUGU_OK)
        require(sugu_bill_check(&bill, &error) == SUGU_OK && bill.line_count == 1);
    else
        require(error.status == SUGU_REFUSED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sugu_error error;

    for (int is_own = 0; is_own < 2; is_own++) {
        struct sugu_master *master = sugu_master_new();
        uint8_t *copy = malloc(size + 1);
        require(copy != NULL);
        memcpy(copy, bytes, size);
        copy[size] = 0;
        if (sugu_master_add(master, copy, size, "fuzz", is_own, &error) == SUGU_OK &&
            sugu_master_index(master, &error) == SUGU_OK) {
            use(master, 111000110);
            use(master, 170000410);
            use(master, 95000001);
        } else {
            require(error.status == SUGU_BROKEN && *error.detail);
        }
        free(copy);
        sugu_master_free(master);
    }
    return 0;
}
