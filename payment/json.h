/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - strict reading of a peer's JSON and bounded writing of ours
 *
 * Why not json-glib: it turns 3240.00 into a double, takes comments and doubled keys, and nests as
 * deep as the peer likes. Here numbers stay text until they are asked for as whole numbers (no
 * amount is ever a double, domain/payments.md 5.1), a doubled key or anything behind the value is
 * refused, depth and size are bounded, and nothing is allocated, so that a decrypted message can be
 * cleared.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_JSON_NODES_MAX 1024
#define SUGU_JSON_DEPTH_MAX 24

enum sugu_json_type {
    SUGU_JSON_OBJECT,
    SUGU_JSON_ARRAY,
    SUGU_JSON_TEXT, /* start and size without the quotes, escapes not resolved */
    SUGU_JSON_NUMBER,
    SUGU_JSON_TRUE,
    SUGU_JSON_FALSE,
    SUGU_JSON_NULL,
};

struct sugu_json_node {
    enum sugu_json_type type;
    uint32_t start, size;         /* of the value in the text */
    uint32_t key_start, key_size; /* of a member's key; 0, 0 elsewhere */
    int32_t parent;               /* -1 of the root, which is node 0 */
};

/* `text` is not copied and has to outlive the struct. */
struct sugu_json {
    const char *text;
    uint32_t size;
    int32_t count;
    struct sugu_json_node nodes[SUGU_JSON_NODES_MAX];
};

/* RFC 8259, one value. REFUSED "message.malformed" (the detail names the byte, not the text). */
enum sugu_status sugu_json_parse(struct sugu_json *json,
                                 const char *text,
                                 size_t size,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The node below `from` at a path of keys, "Response.Result"; -1 where there is none. `from` -1
 * gives -1, so that look-ups chain. */
int sugu_json_at(const struct sugu_json *json, int from, const char *path);
/* Does a member of this key stand anywhere? */
bool sugu_json_has_key(const struct sugu_json *json, const char *key);

/* The text of a node, escapes resolved. False (nothing written) where the node is no text, does not
 * fit or holds U+0000. */
bool sugu_json_text(const struct sugu_json *json, int node, char *to, size_t size);
/* Is the node a text equal to `text`? */
bool sugu_json_is(const struct sugu_json *json, int node, const char *text);
/* A number written as digits only ("3240", not "3240.0", "3.24e3" or "-1") in low … high. */
bool sugu_json_whole(
    const struct sugu_json *json, int node, int64_t low, int64_t high, int64_t *ret_value);

/* ---- writing */

/* Zero it, set `to` and `size`. When it is full it stays full and the text is of no use. */
struct sugu_json_writer {
    char *to;
    size_t size, length;
    bool is_full, needs_comma;
};

/* `key` NULL inside an array and for the root. */
void sugu_json_open(struct sugu_json_writer *writer, const char *key, char bracket);
void sugu_json_close(struct sugu_json_writer *writer, char bracket);
void sugu_json_put_text(struct sugu_json_writer *writer, const char *key, const char *text);
void sugu_json_put_whole(struct sugu_json_writer *writer, const char *key, int64_t value);
void sugu_json_put_bool(struct sugu_json_writer *writer, const char *key, bool value);
