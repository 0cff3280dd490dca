/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yen - checked arithmetic, grouping and reading of amounts
 */
#include "domain/yen.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool
sugu_yen_add(struct sugu_yen a, struct sugu_yen b, struct sugu_yen *ret_sum)
{
    int64_t value;

    if (__builtin_add_overflow(a.value, b.value, &value))
        return false;
    ret_sum->value = value;
    return true;
}

bool
sugu_yen_subtract(struct sugu_yen from, struct sugu_yen what, struct sugu_yen *ret_rest)
{
    int64_t value;

    if (__builtin_sub_overflow(from.value, what.value, &value))
        return false;
    ret_rest->value = value;
    return true;
}

bool
sugu_yen_multiply(struct sugu_yen one, int64_t count, struct sugu_yen *ret_product)
{
    int64_t value;

    if (__builtin_mul_overflow(one.value, count, &value))
        return false;
    ret_product->value = value;
    return true;
}

bool
sugu_points_add(struct sugu_points a, struct sugu_points b, struct sugu_points *ret_sum)
{
    int64_t value;

    if (__builtin_add_overflow(a.value, b.value, &value))
        return false;
    ret_sum->value = value;
    return true;
}

bool
sugu_points_multiply(struct sugu_points one, int64_t count, struct sugu_points *ret_product)
{
    int64_t value;

    if (__builtin_mul_overflow(one.value, count, &value))
        return false;
    ret_product->value = value;
    return true;
}

const char *
sugu_yen_format(struct sugu_yen yen, char to[SUGU_YEN_TEXT_SIZE])
{
    char digits[24];
    size_t length, at = 0;

    /* Printed, not negated: the smallest number has no positive counterpart. */
    snprintf(digits, sizeof digits, "%" PRId64, yen.value);
    length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        size_t left = length - i;
        bool is_group = i > 0 && left % 3 == 0 && digits[i - 1] != '-';
        if (is_group)
            to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = '\0';
    return to;
}

bool
sugu_yen_parse(const char *text, struct sugu_yen *ret_yen)
{
    char plain[SUGU_YEN_TEXT_SIZE], grouped[SUGU_YEN_TEXT_SIZE], bare[24];
    size_t at = 0;
    struct sugu_yen yen;

    if (strlen(text) >= sizeof plain)
        return false;
    for (const char *from = text; *from; from++)
        if (*from != ',')
            plain[at++] = *from;
    plain[at] = '\0';
    if (!sugu_text_to_int64(plain, INT64_MIN, INT64_MAX, &yen.value))
        return false;
    /* What is right comes back as it was written, in one of the two ways. */
    snprintf(bare, sizeof bare, "%" PRId64, yen.value);
    sugu_yen_format(yen, grouped);
    if (strcmp(text, bare) != 0 && strcmp(text, grouped) != 0)
        return false;
    *ret_yen = yen;
    return true;
}
