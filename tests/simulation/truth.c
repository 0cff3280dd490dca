/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth - what a device or a provider really did for an attempt, as its own list would say it
 */
#include "simulation/truth.h"

#include "simulation/device-card.h"
#include "simulation/device-code.h"
#include "simulation/device-on-file.h"

#include <string.h>

enum truth
truth_of(struct world *world,
         const char *place,
         const struct sugu_id *id,
         int64_t *ret_yen,
         char ret_provider_id[65])
{
    struct sugu_attempt attempt;
    struct kiosk *kiosk;

    for (unsigned i = 0; (kiosk = world_place(world, i)); i++) {
        if (strcmp(kiosk->place, place) != 0 || !payment_find_attempt(kiosk, id, &attempt))
            continue;
        if (attempt.method == SUGU__PAYMENT_METHOD__METHOD_CODE)
            return device_code_truth(kiosk->code, &attempt, ret_yen, ret_provider_id);
        if (attempt.method == SUGU__PAYMENT_METHOD__METHOD_ON_FILE)
            return device_on_file_truth(kiosk->on_file, &attempt, ret_yen, ret_provider_id);
        if (attempt.method == SUGU__PAYMENT_METHOD__METHOD_CARD)
            return device_card_truth(kiosk->card, attempt.service_id, ret_yen, ret_provider_id);
    }
    return TRUTH_OPEN;
}
