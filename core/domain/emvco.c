/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emvco - the payload of a merchant-presented payment code (EMVCo MPM, the form JPQR builds on)
 */
#include "domain/emvco.h"

#include "base/text.h"
#include "domain/yen.h"

#include <stdio.h>
#include <string.h>

enum {
    ID_FORMAT = 0,
    ID_METHOD = 1,
    ID_CATEGORY = 52,
    ID_CURRENCY = 53,
    ID_AMOUNT = 54,
    ID_COUNTRY = 58,
    ID_NAME = 59,
    ID_CITY = 60,
    ID_MORE = 62,
    ID_CRC = 63,
    ID_MORE_REFERENCE = 5,
};

#define CRC_OBJECT_SIZE 8 /* "6304" and four digits */

uint16_t
sugu_emvco_crc(const char *bytes, size_t size)
{
    unsigned crc = 0xffff;

    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned)(unsigned char)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
    return (uint16_t)crc;
}

static bool
is_printable(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            return false;
    return true;
}

/* ---- writing */

struct writer {
    char *to;
    size_t length;
};

static void
put(struct writer *writer, unsigned id, const char *value)
{
    writer->length +=
        (size_t)snprintf(writer->to + writer->length, SUGU_EMVCO_SIZE_MAX - writer->length,
                         "%02u%02zu%s", id, strlen(value), value);
}

static bool
is_text(const char *text, size_t least, size_t most)
{
    size_t size = strlen(text);

    return size >= least && size <= most && is_printable(text, size);
}

static bool
is_content(const struct sugu_emvco_content *content)
{
    return is_text(content->account, 0, SUGU_EMVCO_VALUE_MAX) &&
           (!*content->account || (content->account_id >= 2 && content->account_id <= 51)) &&
           content->category <= 9999 && content->amount_yen >= 0 &&
           content->amount_yen <= SUGU_YEN_MAX && is_text(content->name, 1, 25) &&
           is_text(content->city, 1, 15) && is_text(content->reference, 0, 25);
}

enum sugu_status
sugu_emvco_build(const struct sugu_emvco_content *content,
                 char to[SUGU_EMVCO_SIZE_MAX],
                 struct sugu_error *reterr)
{
    struct writer writer = {.to = to};
    char text[32];

    if (!is_content(content))
        return sugu_fail(reterr, SUGU_REFUSED, "message.out-of-bounds",
                         "the content of a payment code is out of range");
    put(&writer, ID_FORMAT, "01");
    put(&writer, ID_METHOD, content->is_dynamic ? "12" : "11");
    if (*content->account)
        put(&writer, content->account_id, content->account);
    snprintf(text, sizeof text, "%04u", content->category);
    put(&writer, ID_CATEGORY, text);
    put(&writer, ID_CURRENCY, "392");
    if (content->amount_yen > 0) {
        snprintf(text, sizeof text, "%lld", (long long)content->amount_yen);
        put(&writer, ID_AMOUNT, text);
    }
    put(&writer, ID_COUNTRY, "JP");
    put(&writer, ID_NAME, content->name);
    put(&writer, ID_CITY, content->city);
    if (*content->reference) {
        char more[40];
        snprintf(more, sizeof more, "%02u%02zu%s", ID_MORE_REFERENCE, strlen(content->reference),
                 content->reference);
        put(&writer, ID_MORE, more);
    }
    writer.length +=
        (size_t)snprintf(to + writer.length, SUGU_EMVCO_SIZE_MAX - writer.length, "%02u04", ID_CRC);
    snprintf(to + writer.length, SUGU_EMVCO_SIZE_MAX - writer.length, "%04X",
             sugu_emvco_crc(to, writer.length));
    return SUGU_OK;
}

/* ---- reading */

static bool
take_two_digits(const char *from, uint8_t *ret_value)
{
    if (from[0] < '0' || from[0] > '9' || from[1] < '0' || from[1] > '9')
        return false;
    *ret_value = (uint8_t)((from[0] - '0') * 10 + (from[1] - '0'));
    return true;
}

/* The objects of `size` bytes; where it stopped goes to *ret_at. */
static bool
take_objects(struct sugu_emvco *emvco, const char *payload, size_t size, size_t *ret_at)
{
    size_t at = 0;

    emvco->count = 0;
    while (at < size) {
        struct sugu_emvco_object object;
        *ret_at = at;
        if (emvco->count == SUGU_EMVCO_OBJECTS_MAX || size - at < 4 ||
            !take_two_digits(payload + at, &object.id) ||
            !take_two_digits(payload + at + 2, &object.length) || size - at - 4 < object.length ||
            sugu_emvco_find(emvco, object.id) || object.id == ID_CRC)
            return false;
        object.value = payload + at + 4;
        if (!is_printable(object.value, object.length) && object.id < 64)
            return false;
        emvco->objects[emvco->count++] = object;
        at += 4u + object.length;
    }
    return true;
}

enum sugu_status
sugu_emvco_parse(struct sugu_emvco *emvco,
                 const char *payload,
                 size_t size,
                 struct sugu_error *reterr)
{
    const struct sugu_emvco_object *format;
    char crc[5];
    size_t at = 0;

    emvco->count = 0;
    if (size < CRC_OBJECT_SIZE || size >= SUGU_EMVCO_SIZE_MAX ||
        memcmp(payload + size - CRC_OBJECT_SIZE, "6304", 4) != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed",
                         "a payment code of %zu bytes without CRC", size);
    snprintf(crc, sizeof crc, "%04X", sugu_emvco_crc(payload, size - 4));
    if (memcmp(crc, payload + size - 4, 4) != 0)
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed",
                         "the CRC of a payment code does not hold");
    if (!take_objects(emvco, payload, size - CRC_OBJECT_SIZE, &at)) {
        emvco->count = 0;
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed",
                         "bad object of a payment code at byte %zu", at);
    }
    format = &emvco->objects[0];
    if (emvco->count == 0 || format->id != ID_FORMAT || format->length != 2 ||
        memcmp(format->value, "01", 2) != 0) {
        emvco->count = 0;
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed",
                         "a payment code of another format");
    }
    return SUGU_OK;
}

const struct sugu_emvco_object *
sugu_emvco_find(const struct sugu_emvco *emvco, unsigned id)
{
    for (uint32_t i = 0; i < emvco->count; i++)
        if (emvco->objects[i].id == id)
            return &emvco->objects[i];
    return NULL;
}

bool
sugu_emvco_amount(const struct sugu_emvco *emvco, int64_t *ret_yen)
{
    const struct sugu_emvco_object *currency = sugu_emvco_find(emvco, ID_CURRENCY);
    const struct sugu_emvco_object *amount = sugu_emvco_find(emvco, ID_AMOUNT);
    char digits[16] = "";

    if (!currency || currency->length != 3 || memcmp(currency->value, "392", 3) != 0)
        return false;
    if (!amount) {
        *ret_yen = 0;
        return true;
    }
    if (amount->length == 0 || amount->length >= sizeof digits)
        return false;
    memcpy(digits, amount->value, amount->length);
    return sugu_text_is_digits(digits, 8) && sugu_text_to_int64(digits, 1, SUGU_YEN_MAX, ret_yen);
}
