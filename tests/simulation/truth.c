/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth - what a device or a provider really did for an attempt, as its own list would say it
 */
#include "simulation/truth.h"

#include "simulation/device-card.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The service id under which the program of this kiosk asked its terminal; false = not at all. */
static bool
find_service(const struct kiosk *kiosk, const struct sugu_id *attempt, char ret_service[16])
{
    sqlite3_stmt *statement;
    sqlite3 *journal;
    char path[200];
    bool is_found;

    snprintf(path, sizeof path, "%s/payment.sqlite", kiosk->folder);
    if (sqlite3_open_v2(path, &journal, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(journal, "SELECT service_id FROM attempt WHERE id = ?", -1, &statement,
                           NULL) != SQLITE_OK)
        abort();
    sqlite3_bind_blob(statement, 1, attempt->bytes, SUGU_ID_SIZE, SQLITE_STATIC);
    is_found = sqlite3_step(statement) == SQLITE_ROW;
    if (is_found)
        snprintf(ret_service, 16, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(journal);
    return is_found;
}

enum truth
truth_of(struct world *world,
         const char *place,
         const struct sugu_id *attempt,
         int64_t *ret_yen,
         char ret_provider_id[65])
{
    char service[16] = "";

    for (unsigned i = 0; i < world->settings.kiosks; i++) {
        struct kiosk *kiosk = &world->kiosks[i];
        if (strcmp(kiosk->place, place) != 0)
            continue;
        if (!find_service(kiosk, attempt, service))
            return TRUTH_OPEN;
        return device_card_truth(kiosk->card, service, ret_yen, ret_provider_id);
    }
    return TRUTH_OPEN;
}
