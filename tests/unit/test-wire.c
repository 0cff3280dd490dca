/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-wire - golden bytes of every kind of frame, and the schema against the released one
 *
 * tests/unit/wire-traces/ holds one file per kind, filled by tests/testlib/fill.c; an accidental
 * change of the wire fails here. tests/unit/sugu.proto.released holds each field's number, name and
 * type as they were released: fields may be added, never removed, renumbered or retyped. After a
 * change that is meant, `test-wire --write` writes both; the difference is read in review.
 */
#include "protocol/message.h"

#include "base/files.h"
#include "base/text.h"
#include "testlib/checks.h"
#include "testlib/fill.h"
#include "testlib/folder.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_LINE 32

static bool is_writing;

/* A path below tests/unit/. */
static void
locate(char path[PATH_MAX], const char *name)
{
    const char *root = getenv("SUGU_SOURCE");

    ck_assert_msg(root != NULL, "SUGU_SOURCE has to name the clone; meson test sets it");
    snprintf(path, PATH_MAX, "%s/tests/unit/%s", root, name);
}

static void
write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    ck_assert_msg(file != NULL, "cannot write %s", path);
    fputs(text, file);
    fclose(file);
}

static char *
read_text(const char *path)
{
    struct sugu_error error;
    uint8_t *bytes = NULL;
    size_t size;

    if (sugu_file_read(path, 1000000, &bytes, &size, &error) != SUGU_OK)
        ck_abort_msg("%s; after a change that is meant: test-wire --write", error.detail);
    return (char *)bytes;
}

/* ---- golden bytes */

static void
name_frame(char *to,
           size_t size,
           const ProtobufCMessageDescriptor *type,
           const struct sugu_fill_path *path,
           const char *between)
{
    int at = snprintf(to, size, "%s", type == &sugu__up__descriptor ? "up" : "down");

    for (size_t i = 0; i < path->count; i++)
        at += snprintf(to + at, size - (size_t)at, "%s%s", between, path->names[i]);
}

static char *
print_trace(const char *name, const uint8_t *bytes, size_t size)
{
    char *text = NULL, hex[2 * BYTES_PER_LINE + 1];
    size_t text_size;
    FILE *file = open_memstream(&text, &text_size);

    fprintf(file, "# %s: %zu bytes\n", name, size);
    for (size_t at = 0; at < size; at += BYTES_PER_LINE) {
        size_t part = size - at < BYTES_PER_LINE ? size - at : BYTES_PER_LINE;
        sugu_hex_from_bytes(hex, bytes + at, part);
        fprintf(file, "%s\n", hex);
    }
    fclose(file);
    return text;
}

static void
hold_trace(const ProtobufCMessageDescriptor *type, const struct sugu_fill_path *path, void *user)
{
    size_t size, *count = user;
    ProtobufCMessage *message = sugu_fill_new(type, path);
    bool is_up = type == &sugu__up__descriptor;
    uint8_t *bytes = is_up ? sugu_up_encode((Sugu__Up *)message, &size)
                           : sugu_down_encode((Sugu__Down *)message, &size);
    char name[200], file_name[220] = "wire-traces/", where[PATH_MAX], *text, *stored;

    name_frame(name, sizeof name, type, path, ".");
    name_frame(file_name + strlen(file_name), sizeof file_name - strlen(file_name), type, path,
               "-");
    strncat(file_name, ".hex", sizeof file_name - strlen(file_name) - 1);
    locate(where, file_name);
    text = print_trace(name, bytes, size);
    if (is_writing)
        write_text(where, text);
    stored = read_text(where);
    ck_assert_msg(strcmp(stored, text) == 0,
                  "the bytes of %s changed: every program that was not updated would misread it. "
                  "If that is meant: test-wire --write",
                  name);
    ++*count;
    free(stored);
    free(text);
    free(bytes);
    protobuf_c_message_free_unpacked(message, NULL);
}

START_TEST(every_kind_of_frame_has_its_golden_bytes)
{
    size_t count = 0;
    char folder[PATH_MAX];

    sugu_fill_each_frame(&sugu__up__descriptor, hold_trace, &count);
    sugu_fill_each_frame(&sugu__down__descriptor, hold_trace, &count);
    ck_assert_uint_gt(count, 50);
    locate(folder, "wire-traces");
    ck_assert_msg(sugu_test_folder_count(folder) == (int)count,
                  "tests/unit/wire-traces/ has %d files for %zu kinds: remove those of kinds that "
                  "are gone",
                  sugu_test_folder_count(folder), count);
}
END_TEST

/* What was decoded says the same again, byte by byte. */
static void
go_round(const ProtobufCMessageDescriptor *type, const struct sugu_fill_path *path, void *user)
{
    ProtobufCMessage *message = sugu_fill_new(type, path);
    size_t size = protobuf_c_message_get_packed_size(message), again_size = 0;
    uint8_t *bytes = malloc(size), *again;
    struct sugu_error error;
    struct sugu_id id;

    (void)user;
    protobuf_c_message_pack(message, bytes);
    if (type == &sugu__up__descriptor) {
        Sugu__Up *up = NULL;
        sugu_assert_ok(sugu_up_decode(bytes, size, &up, &id, &error), error);
        again = sugu_up_encode(up, &again_size);
        sugu__up__free_unpacked(up, NULL);
    } else {
        Sugu__Down *down = NULL;
        sugu_assert_ok(sugu_down_decode(bytes, size, &down, &error), error);
        again = sugu_down_encode(down, &again_size);
        sugu__down__free_unpacked(down, NULL);
    }
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(bytes, again, size);
    free(bytes);
    free(again);
    protobuf_c_message_free_unpacked(message, NULL);
}

START_TEST(a_frame_that_is_decoded_and_encoded_again_is_the_same)
{
    sugu_fill_each_frame(&sugu__up__descriptor, go_round, /* user= */ NULL);
    sugu_fill_each_frame(&sugu__down__descriptor, go_round, /* user= */ NULL);
}
END_TEST

/* ---- the released schema */

struct sheet {
    FILE *file;
    const ProtobufCEnumDescriptor *enums[64];
    size_t enum_count;
};

static void
print_enum(struct sheet *sheet, const ProtobufCEnumDescriptor *type)
{
    for (size_t i = 0; i < sheet->enum_count; i++)
        if (sheet->enums[i] == type)
            return;
    ck_assert_uint_lt(sheet->enum_count, SUGU_ARRAY_SIZE(sheet->enums));
    sheet->enums[sheet->enum_count++] = type;
    for (unsigned i = 0; i < type->n_values; i++)
        fprintf(sheet->file, "enum %s %d %s\n", type->short_name, type->values[i].value,
                type->values[i].name);
}

static const char *
type_name(const ProtobufCFieldDescriptor *field)
{
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return ((const ProtobufCMessageDescriptor *)field->descriptor)->short_name;
    case PROTOBUF_C_TYPE_ENUM:
        return ((const ProtobufCEnumDescriptor *)field->descriptor)->short_name;
    case PROTOBUF_C_TYPE_UINT32:
        return "uint32";
    case PROTOBUF_C_TYPE_UINT64:
        return "uint64";
    case PROTOBUF_C_TYPE_INT64:
        return "int64";
    case PROTOBUF_C_TYPE_BOOL:
        return "bool";
    case PROTOBUF_C_TYPE_BYTES:
        return "bytes";
    case PROTOBUF_C_TYPE_STRING:
        return "string";
    default:
        ck_abort_msg("%s: a type that the house does not use", field->name);
    }
    return "";
}

static void
print_type(const ProtobufCMessageDescriptor *type, void *user)
{
    struct sheet *sheet = user;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        bool is_oneof = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
        fprintf(sheet->file, "field %s %" PRIu32 " %s %s%s\n", type->short_name, field->id,
                field->name, field->label == PROTOBUF_C_LABEL_REPEATED ? "repeated " : "",
                type_name(field));
        if (is_oneof)
            fprintf(sheet->file, "oneof %s %" PRIu32 "\n", type->short_name, field->id);
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            print_enum(sheet, field->descriptor);
    }
}

static char *
print_schema(void)
{
    struct sheet sheet = {.enum_count = 0};
    char *text = NULL;
    size_t size;

    sheet.file = open_memstream(&text, &size);
    fputs("# What is released: lines may be added (test-wire --write), never changed or removed.\n",
          sheet.file);
    sugu_fill_each_type(print_type, &sheet);
    fclose(sheet.file);
    return text;
}

START_TEST(nothing_that_was_released_is_removed_renumbered_or_retyped)
{
    char where[PATH_MAX], *now = print_schema(), *released, *rest, *line;
    size_t count = 0;

    locate(where, "sugu.proto.released");
    if (is_writing)
        write_text(where, now);
    released = read_text(where);
    for (rest = released; (line = strsep(&rest, "\n"));) {
        size_t length = strlen(line);
        const char *found = now;
        if (length == 0 || line[0] == '#')
            continue;
        count++;
        while ((found = strstr(found, line)) && (found[-1] != '\n' || found[length] != '\n'))
            found++;
        ck_assert_msg(found != NULL,
                      "released, and not in core/protocol/sugu.proto any more: '%s'. Give the new "
                      "meaning a new number and leave this one as it is",
                      line);
    }
    ck_assert_uint_gt(count, 200);
    free(released);
    free(now);
}
END_TEST

int
main(int argc, char **argv)
{
    const TTest *const tests[] = {
        every_kind_of_frame_has_its_golden_bytes,
        a_frame_that_is_decoded_and_encoded_again_is_the_same,
        nothing_that_was_released_is_removed_renumbered_or_retyped,
    };

    is_writing = argc > 1 && strcmp(argv[1], "--write") == 0;
    return sugu_run_tests("wire", tests, SUGU_ARRAY_SIZE(tests), 30);
}
