/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - strict reading of a peer's JSON and bounded writing of ours
 */
#include "payment/json.h"

#include "base/text.h"

#include <ctype.h>

struct reader {
    struct sugu_json *json;
    uint32_t at;
};

static char
peek(const struct reader *reader)
{
    return reader->at < reader->json->size ? reader->json->text[reader->at] : '\0';
}

static void
skip_space(struct reader *reader)
{
    while (reader->at < reader->json->size && strchr(" \t\r\n", peek(reader)) && peek(reader))
        reader->at++;
}

static bool
take(struct reader *reader, const char *word)
{
    size_t size = strlen(word);

    if (reader->json->size - reader->at < size ||
        memcmp(reader->json->text + reader->at, word, size) != 0)
        return false;
    reader->at += (uint32_t)size;
    return true;
}

static bool
take_escape(struct reader *reader)
{
    char letter;

    reader->at++;
    letter = peek(reader);
    reader->at++;
    if (letter != 'u')
        return letter && strchr("\"\\/bfnrt", letter);
    for (int i = 0; i < 4; i++, reader->at++)
        if (!isxdigit((unsigned char)peek(reader)))
            return false;
    return true;
}

/* A string from its opening quote; start and size of what is between the quotes. */
static bool
take_string(struct reader *reader, uint32_t *ret_start, uint32_t *ret_size)
{
    uint32_t start = ++reader->at;

    while (peek(reader) != '"') {
        if ((unsigned char)peek(reader) < 0x20)
            return false;
        if (peek(reader) == '\\') {
            if (!take_escape(reader))
                return false;
        } else {
            reader->at++;
        }
    }
    *ret_start = start;
    *ret_size = reader->at - start;
    reader->at++;
    return true;
}

static bool
take_digits(struct reader *reader)
{
    uint32_t start = reader->at;

    while (isdigit((unsigned char)peek(reader)))
        reader->at++;
    return reader->at > start;
}

static bool
take_number(struct reader *reader)
{
    if (peek(reader) == '-')
        reader->at++;
    if (peek(reader) == '0')
        reader->at++;
    else if (!take_digits(reader))
        return false;
    if (peek(reader) == '.') {
        reader->at++;
        if (!take_digits(reader))
            return false;
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->at++;
        if (peek(reader) == '+' || peek(reader) == '-')
            reader->at++;
        if (!take_digits(reader))
            return false;
    }
    return true;
}

static bool
take_scalar(struct reader *reader, struct sugu_json_node *node)
{
    node->start = reader->at;
    if (take(reader, "true")) {
        node->type = SUGU_JSON_TRUE;
    } else if (take(reader, "false")) {
        node->type = SUGU_JSON_FALSE;
    } else if (take(reader, "null")) {
        node->type = SUGU_JSON_NULL;
    } else {
        node->type = SUGU_JSON_NUMBER;
        if (!take_number(reader))
            return false;
    }
    node->size = reader->at - node->start;
    return true;
}

/* A key that is there already would let two readers see two values. */
static bool
is_doubled(const struct sugu_json *json, const struct sugu_json_node *node)
{
    for (int32_t i = node->parent + 1; i < json->count; i++) {
        const struct sugu_json_node *other = &json->nodes[i];
        if (other->parent == node->parent && other->key_size == node->key_size &&
            memcmp(json->text + other->key_start, json->text + node->key_start, node->key_size) ==
                0)
            return true;
    }
    return false;
}

/* `"key" :` of a member. Keys with escapes are refused: no peer needs them, and they hide twins. */
static bool
take_key(struct reader *reader, struct sugu_json_node *node)
{
    if (peek(reader) != '"' || !take_string(reader, &node->key_start, &node->key_size) ||
        memchr(reader->json->text + node->key_start, '\\', node->key_size) ||
        is_doubled(reader->json, node))
        return false;
    skip_space(reader);
    if (peek(reader) != ':')
        return false;
    reader->at++;
    skip_space(reader);
    return true;
}

/* One value (of a container only its opening bracket); the node is added. */
static bool
take_value(struct reader *reader, int32_t parent)
{
    struct sugu_json *json = reader->json;
    struct sugu_json_node node = {.parent = parent};
    bool is_good;

    if (json->count == SUGU_JSON_NODES_MAX)
        return false;
    if (parent >= 0 && json->nodes[parent].type == SUGU_JSON_OBJECT && !take_key(reader, &node))
        return false;
    if (peek(reader) == '{' || peek(reader) == '[') {
        node.type = peek(reader) == '{' ? SUGU_JSON_OBJECT : SUGU_JSON_ARRAY;
        node.start = reader->at++;
        is_good = true;
    } else if (peek(reader) == '"') {
        node.type = SUGU_JSON_TEXT;
        is_good = take_string(reader, &node.start, &node.size);
    } else {
        is_good = take_scalar(reader, &node);
    }
    json->nodes[json->count++] = node;
    return is_good;
}

static bool
is_container(const struct sugu_json_node *node)
{
    return node->type == SUGU_JSON_OBJECT || node->type == SUGU_JSON_ARRAY;
}

/*
 * Behind a value or an opening bracket inside the container `*parent`: closes what ends here (and
 * moves *parent up) or takes the next member. No recursion: the depth is counted.
 */
static bool
take_next(struct reader *reader, int32_t *parent, int *depth, bool is_first)
{
    struct sugu_json *json = reader->json;
    struct sugu_json_node *container = &json->nodes[*parent];

    skip_space(reader);
    if (peek(reader) == (container->type == SUGU_JSON_OBJECT ? '}' : ']')) {
        container->size = ++reader->at - container->start;
        *parent = container->parent;
        (*depth)--;
        return true;
    }
    if (!is_first) {
        if (peek(reader) != ',')
            return false;
        reader->at++;
        skip_space(reader);
    }
    if (!take_value(reader, *parent))
        return false;
    if (is_container(&json->nodes[json->count - 1])) {
        *parent = json->count - 1;
        (*depth)++;
    }
    return true;
}

static bool
parse(struct reader *reader)
{
    int32_t parent = 0;
    int depth = 1;

    skip_space(reader);
    if (!take_value(reader, -1))
        return false;
    if (is_container(&reader->json->nodes[0]))
        while (parent >= 0) {
            bool is_first = parent == reader->json->count - 1;
            if (depth > SUGU_JSON_DEPTH_MAX || !take_next(reader, &parent, &depth, is_first))
                return false;
        }
    skip_space(reader);
    return reader->at == reader->json->size;
}

enum sugu_status
sugu_json_parse(struct sugu_json *json, const char *text, size_t size, struct sugu_error *reterr)
{
    struct reader reader = {.json = json};

    json->count = 0;
    json->text = text;
    if (size > UINT32_MAX / 2 || !sugu_text_is_utf8(text, size))
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "JSON is not UTF-8");
    json->size = (uint32_t)size;
    if (!parse(&reader)) {
        json->count = 0;
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "bad JSON at byte %u",
                         reader.at);
    }
    return SUGU_OK;
}

/* ---- looking up */

static int
find_member(const struct sugu_json *json, int from, const char *key, size_t size)
{
    for (int32_t i = from + 1; i < json->count; i++) {
        const struct sugu_json_node *node = &json->nodes[i];
        if (node->parent == from && node->key_size == size && node->key_start &&
            memcmp(json->text + node->key_start, key, size) == 0)
            return i;
    }
    return -1;
}

int
sugu_json_at(const struct sugu_json *json, int from, const char *path)
{
    while (*path && from >= 0 && from < json->count) {
        size_t size = strcspn(path, ".");
        from = find_member(json, from, path, size);
        path += size + (path[size] == '.');
    }
    return from < json->count ? from : -1;
}

bool
sugu_json_has_key(const struct sugu_json *json, const char *key)
{
    size_t size = strlen(key);

    for (int32_t i = 0; i < json->count; i++)
        if (json->nodes[i].key_size == size &&
            memcmp(json->text + json->nodes[i].key_start, key, size) == 0)
            return true;
    return false;
}

static unsigned
hex4(const char *digits)
{
    unsigned value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = tolower((unsigned char)digits[i]);
        value = value << 4 | (unsigned)(digit >= 'a' ? digit - 'a' + 10 : digit - '0');
    }
    return value;
}

/* UTF-8 of one code point; its size. */
static size_t
put_code_point(unsigned point, char to[4])
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xc0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xe0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3f));
        to[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3f));
    to[2] = (char)(0x80 | (point >> 6 & 0x3f));
    to[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

/* The character of the escape at *from (behind the backslash), which is moved behind it; 0 where it
 * is none: U+0000 or half a surrogate pair. */
static size_t
resolve_escape(const char **from, const char *end, char to[4])
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    unsigned point;

    if (**from != 'u') {
        to[0] = meant[strchr(letters, **from) - letters];
        (*from)++;
        return 1;
    }
    point = hex4(*from + 1);
    *from += 5;
    if (point >= 0xd800 && point < 0xdc00) {
        unsigned low =
            end - *from >= 6 && (*from)[0] == '\\' && (*from)[1] == 'u' ? hex4(*from + 2) : 0;
        if (low < 0xdc00 || low > 0xdfff)
            return 0;
        *from += 6;
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    } else if (point == 0 || (point >= 0xdc00 && point <= 0xdfff)) {
        return 0;
    }
    return put_code_point(point, to);
}

bool
sugu_json_text(const struct sugu_json *json, int node, char *to, size_t size)
{
    const char *from, *end;
    size_t length = 0;

    if (node < 0 || json->nodes[node].type != SUGU_JSON_TEXT)
        return false;
    from = json->text + json->nodes[node].start;
    end = from + json->nodes[node].size;
    if ((size_t)(end - from) > 0xffff || size == 0)
        return false;
    /* First pass counts, so that nothing is written where it does not fit. */
    for (int pass = 0; pass < 2; pass++) {
        length = 0;
        for (const char *at = from; at < end;) {
            char piece[4] = {*at};
            size_t piece_size = 1;
            if (*at++ == '\\' && (piece_size = resolve_escape(&at, end, piece)) == 0)
                return false;
            if (length + piece_size >= size)
                return false;
            if (pass == 1)
                memcpy(to + length, piece, piece_size);
            length += piece_size;
        }
    }
    to[length] = '\0';
    return true;
}

bool
sugu_json_is(const struct sugu_json *json, int node, const char *text)
{
    char found[256];

    return sugu_json_text(json, node, found, sizeof found) && strcmp(found, text) == 0;
}

bool
sugu_json_whole(
    const struct sugu_json *json, int node, int64_t low, int64_t high, int64_t *ret_value)
{
    char digits[20] = "";

    if (node < 0 || json->nodes[node].type != SUGU_JSON_NUMBER ||
        json->nodes[node].size >= sizeof digits)
        return false;
    memcpy(digits, json->text + json->nodes[node].start, json->nodes[node].size);
    return sugu_text_is_digits(digits, sizeof digits - 1) &&
           sugu_text_to_int64(digits, low, high, ret_value);
}

/* ---- writing */

static void
put(struct sugu_json_writer *writer, const char *bytes, size_t size)
{
    if (writer->is_full || writer->size - writer->length <= size) {
        writer->is_full = true;
        return;
    }
    memcpy(writer->to + writer->length, bytes, size);
    writer->length += size;
    writer->to[writer->length] = '\0';
}

static void
put_string(struct sugu_json_writer *writer, const char *text)
{
    put(writer, "\"", 1);
    for (; *text; text++) {
        char escape[8];
        if (*text == '"' || *text == '\\') {
            put(writer, (char[]){'\\', *text}, 2);
        } else if ((unsigned char)*text < 0x20) {
            int size = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*text);
            put(writer, escape, (size_t)size);
        } else {
            put(writer, text, 1);
        }
    }
    put(writer, "\"", 1);
}

static void
put_key(struct sugu_json_writer *writer, const char *key)
{
    if (writer->needs_comma)
        put(writer, ",", 1);
    writer->needs_comma = true;
    if (key) {
        put_string(writer, key);
        put(writer, ":", 1);
    }
}

void
sugu_json_open(struct sugu_json_writer *writer, const char *key, char bracket)
{
    put_key(writer, key);
    put(writer, &bracket, 1);
    writer->needs_comma = false;
}

void
sugu_json_close(struct sugu_json_writer *writer, char bracket)
{
    put(writer, &bracket, 1);
    writer->needs_comma = true;
}

void
sugu_json_put_text(struct sugu_json_writer *writer, const char *key, const char *text)
{
    put_key(writer, key);
    put_string(writer, text);
}

void
sugu_json_put_whole(struct sugu_json_writer *writer, const char *key, int64_t value)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);

    put_key(writer, key);
    put(writer, digits, (size_t)size);
}

void
sugu_json_put_bool(struct sugu_json_writer *writer, const char *key, bool value)
{
    put_key(writer, key);
    put(writer, value ? "true" : "false", value ? 4 : 5);
}
