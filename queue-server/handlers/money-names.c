/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-names - kinds and methods of attempts as the store has them, and what a payment is called
 */
#include "handlers/money.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {
    [SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT] = "payment",
    [SUGU__ATTEMPT_KIND__ATTEMPT_REFUND] = "refund",
    [SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT] = "deposit",
    [SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER] = "register",
    [SUGU__ATTEMPT_KIND__ATTEMPT_HOLD] = "hold",
    [SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE] = "release",
    [SUGU__ATTEMPT_KIND__ATTEMPT_FORGET] = "forget",
};
static const char *const methods[] = {
    [SUGU__PAYMENT_METHOD__METHOD_CARD] = "card",
    [SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE] = "nothing-due",
    [SUGU__PAYMENT_METHOD__METHOD_CASH] = "cash",
    [SUGU__PAYMENT_METHOD__METHOD_CODE] = "code",
    [SUGU__PAYMENT_METHOD__METHOD_ON_FILE] = "on-file",
    [SUGU__PAYMENT_METHOD__METHOD_DESK] = "desk",
};

static size_t
find_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *
sugu_attempt_kind_name(Sugu__AttemptKind kind)
{
    return (size_t)kind < SUGU_ARRAY_SIZE(kinds) ? kinds[kind] : "";
}

Sugu__AttemptKind
sugu_attempt_kind_of(const char *name)
{
    return (Sugu__AttemptKind)find_name(kinds, SUGU_ARRAY_SIZE(kinds), name);
}

const char *
sugu_method_name(Sugu__PaymentMethod method)
{
    return (size_t)method < SUGU_ARRAY_SIZE(methods) ? methods[method] : "";
}

Sugu__PaymentMethod
sugu_method_of(const char *name)
{
    return (Sugu__PaymentMethod)find_name(methods, SUGU_ARRAY_SIZE(methods), name);
}

const char *
sugu_payment_reference(const struct sugu_id *bill,
                       uint32_t revision,
                       char text[SUGU_REFERENCE_SIZE])
{
    char id[SUGU_ID_TEXT_SIZE];

    snprintf(text, SUGU_REFERENCE_SIZE, "%.36s-%u", sugu_id_to_text(bill, id), revision % 1000);
    return text;
}
