/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-handlers - the table of who may send which request, held against the schema
 *
 * The schema says it in the comments over the requests ("sent by desks"): that is what a vendor
 * reads. Requests that stand under "inside a kiosk" are not the server's.
 */
#include "handlers/handlers.h"

#include "protocol/right.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES 0 /* no role at the server: the request goes to a device program */

static const struct {
    const char *words; /* as in the schema */
    uint32_t role;
} senders[] = {
    {"kiosks", SUGU_ROLE_KIOSK},
    {"a kiosk's printer program", SUGU_ROLE_PRINTER},
    {"a kiosk's payment program", SUGU_ROLE_PAYMENT},
    {"desks", SUGU_ROLE_DESK},
    {"boards", SUGU_ROLE_BOARD},
    {"finance", SUGU_ROLE_FINANCE},
    {"the fee gateway", SUGU_ROLE_FEE},
    {"the insurance gateway", SUGU_ROLE_INSURANCE},
    {"the web gateway", SUGU_ROLE_WEB},
    {"every role", SUGU_ROLE_ALL},
};

/* "desks, boards and the web gateway", in place; 0 and a failed test for what is not known. */
static uint32_t
roles_of(char *words)
{
    uint32_t roles = 0;

    while (*words) {
        char *and = strstr(words, " and "), *comma = strstr(words, ", ");
        char *end = comma ? comma : and;
        size_t skip = comma ? 2 : and? 5 : 0, i = 0;
        if (end)
            *end = '\0';
        while (i < SUGU_ARRAY_SIZE(senders) && strcmp(senders[i].words, words) != 0)
            i++;
        ck_assert_msg(i < SUGU_ARRAY_SIZE(senders), "sugu.proto: sent by \"%s\"?", words);
        roles |= senders[i].role;
        words = end ? end + skip : words + strlen(words);
    }
    return roles;
}

struct said {
    char name[64];
    uint32_t roles;
};

/* The fields of Request's body with who sends them; how many. */
static size_t
read_schema(struct said *said, size_t most)
{
    char path[512], line[256], words[200], type[64];
    FILE *file;
    bool is_inside = false, is_said = false;
    uint32_t roles = DEVICES;
    size_t count = 0;

    snprintf(path, sizeof path, "%s/core/protocol/sugu.proto", getenv("SUGU_SOURCE"));
    file = fopen(path, "re");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    while (fgets(line, sizeof line, file)) {
        if (strcmp(line, "message Request {\n") == 0)
            is_inside = true;
        else if (strcmp(line, "}\n") == 0)
            is_inside = false;
        else if (is_inside && sscanf(line, " // sent by %199[^\n]", words) == 1) {
            roles = roles_of(words);
            is_said = true;
        } else if (is_inside && sscanf(line, " // inside a kiosk%199[^\n]", words) == 1) {
            roles = DEVICES;
            is_said = true;
        } else if (is_inside && is_said && count < most &&
                   sscanf(line, " %63[A-Za-z] %63[a-z_] =", type, said[count].name) == 2)
            said[count++].roles = roles;
    }
    fclose(file);
    return count;
}

START_TEST(every_request_of_the_schema_has_its_handler_and_its_senders)
{
    struct said said[128];
    size_t said_count = read_schema(said, SUGU_ARRAY_SIZE(said)), bodies = 0, handled = 0, count;

    sugu_handlers(&count);
    for (unsigned i = 0; i < sugu__request__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &sugu__request__descriptor.fields[i];
        const struct sugu_handler *handler = sugu_handler_find((Sugu__Request__BodyCase)field->id);
        size_t at = 0;
        if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)) {
            ck_assert_ptr_null(handler);
            continue;
        }
        bodies++;
        while (at < said_count && strcmp(said[at].name, field->name) != 0)
            at++;
        ck_assert_msg(at < said_count, "sugu.proto does not say who sends %s", field->name);
        handled += handler != NULL;
        ck_assert_msg((handler ? handler->roles : DEVICES) == said[at].roles,
                      "%s: sugu.proto says roles %#x, the table %#x", field->name, said[at].roles,
                      handler ? handler->roles : DEVICES);
    }
    ck_assert_uint_eq(bodies, said_count);
    ck_assert_uint_eq(handled, count);
}
END_TEST

/* What a name promises to a reader of the schema; only these may be asked again and again. Nobody
 * waits for the answer to report_state. */
START_TEST(only_a_request_that_gets_finds_or_lists_leaves_no_answer_behind)
{
    for (unsigned i = 0; i < sugu__request__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &sugu__request__descriptor.fields[i];
        const struct sugu_handler *handler = sugu_handler_find((Sugu__Request__BodyCase)field->id);
        bool is_asking = strncmp(field->name, "get_", 4) == 0 ||
                         strncmp(field->name, "find_", 5) == 0 ||
                         strncmp(field->name, "list_", 5) == 0;
        if (strcmp(field->name, "report_state") == 0)
            continue;
        ck_assert_msg(!handler || handler->is_read == is_asking, "%s", field->name);
    }
}
END_TEST

/* ---- people: protocol/right.h */

static bool
has_right(Sugu__Request__BodyCase request, int verb)
{
    for (unsigned i = 0; i < SUGU_RIGHT_COUNT; i++) {
        const struct sugu_right_row *row = sugu_right_row((enum sugu_right)i);
        if (row->request == request && row->verb == verb)
            return true;
    }
    return false;
}

/* The verbs of a request: the enum of its field "verb"; NULL = it has none. */
static const ProtobufCEnumDescriptor *
verbs_of(const ProtobufCFieldDescriptor *request)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(
        (const ProtobufCMessageDescriptor *)request->descriptor, "verb");

    return field ? (const ProtobufCEnumDescriptor *)field->descriptor : NULL;
}

START_TEST(every_request_of_a_desk_and_every_verb_in_it_has_its_right)
{
    unsigned rights = 0;

    for (unsigned i = 0; i < sugu__request__descriptor.n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &sugu__request__descriptor.fields[i];
        const struct sugu_handler *handler = sugu_handler_find((Sugu__Request__BodyCase)field->id);
        const ProtobufCEnumDescriptor *verbs;
        if (!handler || !(handler->roles & SUGU_ROLE_DESK))
            continue;
        verbs = field->type == PROTOBUF_C_TYPE_MESSAGE ? verbs_of(field) : NULL;
        for (unsigned k = 0; k < (verbs ? verbs->n_values : 1); k++) {
            int verb = verbs ? verbs->values[k].value : SUGU_RIGHT_NO_VERB;
            ck_assert_msg(has_right((Sugu__Request__BodyCase)field->id, verb), "%s %d", field->name,
                          verb);
            rights++;
        }
    }
    ck_assert_uint_eq(rights, SUGU_RIGHT_COUNT);
}
END_TEST

SUGU_TEST_MAIN("handlers",
               every_request_of_the_schema_has_its_handler_and_its_senders,
               only_a_request_that_gets_finds_or_lists_leaves_no_answer_behind,
               every_request_of_a_desk_and_every_verb_in_it_has_its_right)
