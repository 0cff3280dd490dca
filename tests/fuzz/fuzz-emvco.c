/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-emvco - any bytes as the payload of a payment code
 *
 * Promises: reading ends in OK or REFUSED message.malformed; what was read lies inside the payload,
 * each id once; with the right check put behind them the bytes are read by the same rules.
 */
#include "fuzz-target.h"

#include "domain/emvco.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
need(bool is_true)
{
    if (!is_true)
        abort();
}

static void
read_payload(const char *payload, size_t size)
{
    struct sugu_emvco emvco;
    struct sugu_error error;
    enum sugu_status status = sugu_emvco_parse(&emvco, payload, size, &error);
    int64_t amount_yen;
    size_t used = 8;

    if (status) {
        need(status == SUGU_REFUSED && strcmp(error.code, "message.malformed") == 0);
        need(emvco.count == 0);
        return;
    }
    for (uint32_t i = 0; i < emvco.count; i++) {
        const struct sugu_emvco_object *object = &emvco.objects[i];
        need(object->value >= payload && object->value + object->length <= payload + size);
        need(sugu_emvco_find(&emvco, object->id) == object);
        used += 4u + object->length;
    }
    need(used == size);
    if (sugu_emvco_amount(&emvco, &amount_yen))
        need(amount_yen >= 0 && amount_yen <= 99999999);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *payload = malloc(size + 9);

    if (!payload)
        abort();
    read_payload((const char *)bytes, size);
    if (size > 0)
        memcpy(payload, bytes, size);
    memcpy(payload + size, "6304", 4);
    snprintf(payload + size + 4, 5, "%04X", sugu_emvco_crc(payload, size + 4));
    read_payload(payload, size + 8);
    free(payload);
    return 0;
}
