/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-rule - no text on the wire holds a card number: the one check of it, and who is exempt
 */
#include "protocol/card-rule.h"

#include "base/macros.h"
#include "domain/card-number.h"

#include <stdio.h>
#include <string.h>

static const struct sugu_card_exception exceptions[] = {
    {"AnswerEligibility", "symbol", false, "an insurer chooses it: digits of any length"},
    {"AnswerEligibility", "number", false, "an insurer chooses it: digits of any length"},
    {"AnswerEligibility", "evidence", false, "name of a file, with a time of 17 digits in it"},
    {"EligibilityOrder", "symbol", false, "an insurer chooses it: digits of any length"},
    {"EligibilityOrder", "number", false, "an insurer chooses it: digits of any length"},
    {"EndPayment", "provider_id", true,
     "a provider chooses it, often with a time in it; the payment "
     "program takes none that is a card number (answer.c)"},
    {"ResolvePayment", "provider_id", true, "the same, read off the provider's list"},
    {"PaymentOrder", "original_provider_id", true, "the same on its way back"},
    {"Attempt", "provider_id", true, "the same on its way to a desk"},
    {"EndPayment", "token", true, "a provider's; the payment program takes no number for one"},
    {"PaymentOrder", "token", true, "the same on its way back"},
    {"EndPayment", "terminal", false, "a setting: the acquirer's number of terminal or merchant"},
    {"EndPayment", "network_id", false,
     "the card network's number of a charge: 15 digits, some of "
     "which begin with 4"},
    {"PaymentOrder", "network_id", false, "the same on its way back"},
    {"FindPatients", "text", false, "a hospital's patient number; looked for and never kept"},
    {"SessionOpened", "patient_number", false, "a hospital chooses it: up to 32 digits"},
    {"PatientFound", "patient_number", false, "a hospital chooses it: up to 32 digits"},
    {"QueueEntry", "patient_number", false, "a hospital chooses it: up to 32 digits"},
    {"Receipt", "patient_number", false, "a hospital chooses it: up to 32 digits"},
    {"PrintPaper", "phone_page", false, "an address with a random token in it"},
};

const struct sugu_card_exception *
sugu_card_exceptions(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(exceptions);
    return exceptions;
}

static const struct sugu_card_exception *
find_exception(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(exceptions); i++)
        if (strcmp(exceptions[i].field, field->name) == 0 &&
            strcmp(exceptions[i].message, type->short_name) == 0)
            return &exceptions[i];
    return NULL;
}

static bool
text_has(const ProtobufCMessage *message,
         const ProtobufCFieldDescriptor *field,
         char ret_field[static SUGU_CARD_FIELD_SIZE])
{
    const char *const *place = (const void *)((const char *)message + field->offset);
    bool is_whole = *place && sugu_card_number_is_all(*place);
    const struct sugu_card_exception *exception;

    if (!*place || (!is_whole && !sugu_card_number_is_in(*place)))
        return false;
    exception = find_exception(message->descriptor, field);
    if (exception && !(exception->is_whole && is_whole))
        return false;
    snprintf(ret_field, SUGU_CARD_FIELD_SIZE, "%s.%s", message->descriptor->short_name,
             field->name);
    return true;
}

static bool
messages_have(const ProtobufCMessage *message,
              const ProtobufCFieldDescriptor *field,
              char ret_field[static SUGU_CARD_FIELD_SIZE])
{
    const char *place = (const char *)message + field->offset;
    const char *quantifier = (const char *)message + field->quantifier_offset;
    ProtobufCMessage *const *each = (const void *)place;
    size_t count = 1;

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        count = *(const size_t *)(const void *)quantifier;
        each = *(ProtobufCMessage *const *const *)(const void *)place;
    }
    for (size_t i = 0; i < count; i++)
        if (each[i] && sugu_message_has_card_number(each[i], ret_field))
            return true;
    return false;
}

/* Is the field there at all: is it the one that its oneof holds? */
static bool
is_held(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *quantifier = (const char *)message + field->quantifier_offset;

    return !(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
           *(const uint32_t *)(const void *)quantifier == field->id;
}

bool
sugu_message_has_card_number(const ProtobufCMessage *message,
                             char ret_field[static SUGU_CARD_FIELD_SIZE])
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (!is_held(message, field))
            continue;
        if (field->type == PROTOBUF_C_TYPE_STRING && text_has(message, field, ret_field))
            return true;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && messages_have(message, field, ret_field))
            return true;
    }
    return false;
}
