/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys - CURVE keys in files
 */
#include "client/keys.h"

#include "base/files.h"
#include "base/text.h"

#include <zmq.h>

#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX 4096

void
sugu_key_pair_new(uint8_t public_key[SUGU_KEY_SIZE], uint8_t secret_key[SUGU_KEY_SIZE])
{
    char public_text[41], secret_text[41];

    if (zmq_curve_keypair(public_text, secret_text) < 0)
        abort(); /* a libzmq without CURVE cannot protect anything */
    zmq_z85_decode(public_key, public_text);
    zmq_z85_decode(secret_key, secret_text);
    explicit_bzero(secret_text, sizeof secret_text);
}

/* The 64 hexadecimal digits behind `word` at the start of a line. */
static bool
find_key(const char *text, const char *word, uint8_t key[SUGU_KEY_SIZE])
{
    size_t length = strlen(word);

    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        char hex[2 * SUGU_KEY_SIZE + 1];
        bool is_key;
        line += *line == '\n';
        if (strncmp(line, word, length) != 0 || line[length] != ' ' ||
            strlen(line + length + 1) < 2 * SUGU_KEY_SIZE)
            continue;
        memcpy(hex, line + length + 1, 2 * SUGU_KEY_SIZE);
        hex[2 * SUGU_KEY_SIZE] = '\0';
        is_key = sugu_hex_to_bytes(key, SUGU_KEY_SIZE, hex);
        explicit_bzero(hex, sizeof hex);
        return is_key;
    }
    return false;
}

enum sugu_status
sugu_key_file_read(const char *path,
                   uint8_t public_key[SUGU_KEY_SIZE],
                   uint8_t *secret_key,
                   struct sugu_error *reterr)
{
    uint8_t *bytes = NULL;
    size_t size;
    enum sugu_status status = sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, reterr);

    if (status != SUGU_OK)
        return status;
    if (!find_key((const char *)bytes, "public", public_key) ||
        (secret_key && !find_key((const char *)bytes, "secret", secret_key)))
        status = sugu_fail(reterr, SUGU_REFUSED, "key.file", "%s holds no %s key", path,
                           secret_key ? "secret" : "public");
    explicit_bzero(bytes, size);
    free(bytes);
    return status;
}

enum sugu_status
sugu_key_file_write(const char *path,
                    const uint8_t public_key[SUGU_KEY_SIZE],
                    const uint8_t secret_key[SUGU_KEY_SIZE],
                    struct sugu_error *reterr)
{
    char text[256], hex[2 * SUGU_KEY_SIZE + 1], folder[4096], name[300];
    const char *slash = strrchr(path, '/');
    enum sugu_status status;
    int length;

    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : path);
    sugu_hex_from_bytes(hex, secret_key, SUGU_KEY_SIZE);
    length = snprintf(text, sizeof text, "secret %s\n", hex);
    sugu_hex_from_bytes(hex, public_key, SUGU_KEY_SIZE);
    length += snprintf(text + length, sizeof text - (size_t)length, "public %s\n", hex);
    status = sugu_file_write(folder, name, text, (size_t)length, /* must_be_new= */ true, reterr);
    explicit_bzero(text, sizeof text);
    if (status != SUGU_OK)
        return status;
    length = snprintf(text, sizeof text, "public %s\n", hex);
    snprintf(name, sizeof name, "%s.pub", slash ? slash + 1 : path);
    return sugu_file_write(folder, name, text, (size_t)length, /* must_be_new= */ false, reterr);
}

enum sugu_status
sugu_connection_prepare(const struct sugu_connection_settings *from,
                        struct sugu_client_settings *ret_settings,
                        struct sugu_error *reterr)
{
    struct sugu_client_settings settings = {.endpoint = from->server,
                                            .facility = (uint32_t)from->facility};
    enum sugu_status status;

    if (!*from->server)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "server: has to be set");
    /* Inside one machine the folder's rights protect the socket; across machines only keys do. */
    if (strncmp(from->server, "ipc://", 6) != 0 || *from->key) {
        const char *missing = !*from->key ? "key" : !*from->server_key ? "server-key" : NULL;
        if (missing)
            return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: has to be set",
                             missing);
        settings.has_curve = true;
        status = sugu_key_file_read(from->server_key, settings.server_key, NULL, reterr);
        if (status == SUGU_OK)
            status =
                sugu_key_file_read(from->key, settings.public_key, settings.secret_key, reterr);
        if (status != SUGU_OK)
            return status;
    }
    *ret_settings = settings;
    explicit_bzero(settings.secret_key, sizeof settings.secret_key);
    return SUGU_OK;
}
