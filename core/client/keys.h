/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys - CURVE keys in files
 *
 * A key file is text, mode 0600, made by `sugu-admin key FILE`: lines "public HEX64" and, in a
 * secret one, "secret HEX64". The server's public file has the first line only.
 */
#pragma once

#include "base/settings.h"
#include "client/client.h"

/* Makes a pair. */
void sugu_key_pair_new(uint8_t public_key[SUGU_KEY_SIZE], uint8_t secret_key[SUGU_KEY_SIZE]);
/* `secret_key` may be NULL for a public file. REFUSED "key.file" with what is wrong with it. */
enum sugu_status sugu_key_file_read(const char *path,
                                    uint8_t public_key[SUGU_KEY_SIZE],
                                    uint8_t *secret_key,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Writes `path` (secret) and `path`.pub (public only); refuses to replace a secret. */
enum sugu_status sugu_key_file_write(const char *path,
                                     const uint8_t public_key[SUGU_KEY_SIZE],
                                     const uint8_t secret_key[SUGU_KEY_SIZE],
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The connection settings that every client program has: server, server_key (file), key (file),
 * facility. SUGU_CLIENT_SETTING_ROWS(struct, member) puts them into a program's table.
 */
struct sugu_connection_settings {
    char server[256];
    char server_key[512];
    char key[512];
    int64_t facility;
    char state_folder[512];
};
#define SUGU_CONNECTION_ROWS(type_, member)                                                        \
    SUGU_SETTING_TEXT_ROW(type_, member.server, "server", 1, "",                                   \
                          "Queue server, tcp://HOST:PORT."),                                       \
        SUGU_SETTING_TEXT_ROW(type_, member.server_key, "server-key", 1, "",                       \
                              "File with the public key of the queue server."),                    \
        SUGU_SETTING_TEXT_ROW(type_, member.key, "key", 1, "",                                     \
                              "File with this program's own key pair (sugu-admin key FILE)."),     \
        SUGU_SETTING_INT_ROW(type_, member.facility, "facility", 1, 2147483647, "", "1",           \
                             "Number of the facility that the key belongs to."),                   \
        SUGU_SETTING_TEXT_ROW(type_, member.state_folder, "state-folder", 1, "",                   \
                              "Folder for requests that wait for their answer.")

/* Reads the key files and fills the client's settings; `listens` is left to the caller. The strings
 * point into `from`. */
enum sugu_status sugu_connection_prepare(const struct sugu_connection_settings *from,
                                         struct sugu_client_settings *ret_settings,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
