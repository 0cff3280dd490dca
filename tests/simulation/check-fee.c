/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check-fee - what the books say was posted to the fee module, against what stands there
 */
#include "simulation/check.h"

#include <stdlib.h>

static void
check_rows(const struct world *world, const char *statement, const char *what)
{
    PGresult *result = check_query(world, statement);

    for (int i = 0; i < PQntuples(result); i++) {
        const char *name = PQgetvalue(result, i, 0);
        struct sugu_id id;
        if (!sugu_id_from_text(name, &id))
            abort();
        if (!fee_has_posted(world, &id, (uint32_t)strtoul(PQgetvalue(result, i, 1), NULL, 10)))
            sim_fail("%s %s is confirmed, and the fee module has not posted it", what, name);
    }
    PQclear(result);
}

void
check_fee(const struct world *world)
{
    check_rows(world, "SELECT bill, revision FROM sugu.bill_revision WHERE posted_at IS NOT NULL",
               "bill");
    check_rows(world, "SELECT change, 0 FROM sugu.posting_change WHERE posted_at IS NOT NULL",
               "change");
}
