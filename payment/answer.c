/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - reading a provider's answer so that no card number gets any further
 */
#include "payment/answer.h"

#include "base/text.h"
#include "domain/card-number.h"

#include <ctype.h>
#include <string.h>

static bool
is_reference(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '-' && *text != '_')
            return false;
    return true;
}

static bool
is_card_like(const char *text)
{
    size_t size = strlen(text);

    return size >= SUGU_CARD_NUMBER_DIGITS_MIN && size <= SUGU_CARD_NUMBER_DIGITS_MAX &&
           sugu_text_is_digits(text, size) && text[0] >= '2' && text[0] <= '6' &&
           sugu_card_number_is_valid(text, size);
}

bool
sugu_answer_reference(
    const struct sugu_json *json, int node, char *to, size_t size, bool *ret_is_card_like)
{
    char text[128];
    bool is_good;

    if (!sugu_json_text(json, node, text, sizeof text))
        return false;
    is_good = *text && strlen(text) < size && is_reference(text);
    if (is_good && is_card_like(text)) {
        *ret_is_card_like = true;
        is_good = false;
    }
    if (is_good)
        memcpy(to, text, strlen(text) + 1);
    explicit_bzero(text, sizeof text);
    return is_good;
}

void
sugu_answer_text(const struct sugu_json *json, int node, char *to, size_t size)
{
    to[0] = '\0';
    if (sugu_json_text(json, node, to, size) && sugu_card_number_hide(to))
        explicit_bzero(to, size);
    sugu_text_clean(to);
}
