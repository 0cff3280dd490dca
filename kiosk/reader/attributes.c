/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attributes - the four basic attributes of a My Number card out of the bytes of their file
 */
#include "reader/attributes.h"

#include "base/text.h"

#include <string.h>

enum {
    TAG_OFFSETS = 0xdf21,
    TAG_NAME = 0xdf22,
    TAG_ADDRESS = 0xdf23,
    TAG_BIRTH_DATE = 0xdf24,
    TAG_SEX = 0xdf25,
};

struct span {
    const uint8_t *bytes;
    size_t size;
};

static enum sugu_status
refuse(const char *what, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, "card.not-readable", "attributes: %s", what);
}

/* Takes one object with a two-byte tag off the front of `from`. */
static bool
take_object(struct span *from, uint16_t *ret_tag, struct span *ret_value)
{
    size_t head = 3, length;

    if (from->size < 3)
        return false;
    length = from->bytes[2];
    if (length == 0x81 && from->size >= 4) {
        length = from->bytes[3];
        head = 4;
    } else if (length == 0x82 && from->size >= 5) {
        length = (size_t)(from->bytes[3] << 8 | from->bytes[4]);
        head = 5;
    } else if (length >= 0x80) {
        return false;
    }
    if (length > from->size - head)
        return false;
    *ret_tag = (uint16_t)(from->bytes[0] << 8 | from->bytes[1]);
    *ret_value = (struct span){from->bytes + head, length};
    from->bytes += head + length;
    from->size -= head + length;
    return true;
}

static bool
take_text(struct span value, char *to, size_t room)
{
    if (value.size == 0 || value.size >= room ||
        !sugu_text_is_utf8((const char *)value.bytes, value.size))
        return false;
    memcpy(to, value.bytes, value.size);
    to[value.size] = '\0';
    return true;
}

static unsigned
days_of(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

static bool
take_date(struct span value, uint32_t *ret_date)
{
    uint32_t date = 0;
    unsigned year, month, day;

    if (value.size != 8)
        return false;
    for (size_t i = 0; i < 8; i++) {
        if (value.bytes[i] < '0' || value.bytes[i] > '9')
            return false;
        date = 10 * date + (value.bytes[i] - (uint32_t)'0');
    }
    year = date / 10000;
    month = date / 100 % 100;
    day = date % 100;
    if (year < 1868 || year > 2999 || month < 1 || month > 12 || day < 1 ||
        day > days_of(year, month))
        return false;
    *ret_date = date;
    return true;
}

/* JIS X 0303 as far as cards have shown it; what is not known is no reason to send anyone away. */
static bool
take_sex(struct span value, char *ret_sex)
{
    if (value.size != 1)
        return false;
    *ret_sex = value.bytes[0] >= '1' && value.bytes[0] <= '3' ? (char)value.bytes[0] : '0';
    return true;
}

static bool
offsets_are_inside(struct span value, size_t file_size)
{
    if (value.size != 8)
        return false;
    for (size_t i = 0; i < value.size; i += 2)
        if ((size_t)(value.bytes[i] << 8 | value.bytes[i + 1]) >= file_size)
            return false;
    return true;
}

static bool
is_filler(struct span rest)
{
    for (size_t i = 0; i < rest.size; i++)
        if (rest.bytes[i] != 0x00 && rest.bytes[i] != 0xff)
            return false;
    return true;
}

static bool
take_field(uint16_t tag, struct span value, size_t file_size, struct sugu_attributes *to)
{
    switch (tag) {
    case TAG_OFFSETS:
        return offsets_are_inside(value, file_size);
    case TAG_NAME:
        return take_text(value, to->name, sizeof to->name);
    case TAG_ADDRESS:
        return take_text(value, to->address, sizeof to->address);
    case TAG_BIRTH_DATE:
        return take_date(value, &to->birth_date);
    case TAG_SEX:
        return take_sex(value, &to->sex);
    default: /* a later card may have more */
        return true;
    }
}

/* The container's value; leading bytes are skipped where the tag is not at the front. */
static bool
find_container(struct span file, struct span *ret_inside)
{
    for (size_t skip = 0; skip <= SUGU_ATTRIBUTES_SKIP_MAX && skip < file.size; skip++) {
        struct span rest = {file.bytes + skip, file.size - skip};
        uint16_t tag;

        if (take_object(&rest, &tag, ret_inside) && tag == SUGU_ATTRIBUTES_TAG)
            return true;
    }
    return false;
}

enum sugu_status
sugu_attributes_parse(const uint8_t *bytes,
                      size_t size,
                      struct sugu_attributes *ret_attributes,
                      struct sugu_error *reterr)
{
    struct sugu_attributes attributes = {0};
    struct span inside;
    unsigned seen = 0;
    enum sugu_status status = SUGU_OK;

    if (!find_container((struct span){bytes, size}, &inside))
        return refuse("no container", reterr);
    while (status == SUGU_OK && !is_filler(inside)) {
        struct span value;
        uint16_t tag;

        if (!take_object(&inside, &tag, &value))
            status = refuse("object reaches past the end", reterr);
        else if (!take_field(tag, value, size, &attributes))
            status = sugu_fail(reterr, SUGU_REFUSED, "card.not-readable",
                               "attributes: object %04X is not right", tag);
        else if (tag >= TAG_NAME && tag <= TAG_SEX)
            seen |= 1u << (tag - TAG_NAME);
    }
    if (status == SUGU_OK && seen != 0x0f)
        status = refuse("not all four are there", reterr);
    if (status == SUGU_OK)
        *ret_attributes = attributes;
    explicit_bzero(&attributes, sizeof attributes);
    return status;
}
