/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature - proves to the receiver of a message hook that it comes from here, and when
 */
#include "web/signature.h"

#include "base/files.h"

#include <sys/stat.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum sugu_status
web_hook_key_read(const char *path, struct web_hook_key *ret_key, struct sugu_error *reterr)
{
    struct web_hook_key key = {0};
    struct stat status;
    enum sugu_status result = sugu_file_read(path, WEB_HOOK_KEY_MAX, &key.bytes, &key.size, reterr);

    if (result != SUGU_OK)
        return result;
    while (key.size > 0 && (key.bytes[key.size - 1] == '\n' || key.bytes[key.size - 1] == '\r'))
        key.size--;
    if (stat(path, &status) != 0 || (status.st_mode & 077))
        result = sugu_fail(reterr, SUGU_REFUSED, "hook.key", "%s: others may read it", path);
    else if (key.size < WEB_HOOK_KEY_MIN)
        result = sugu_fail(reterr, SUGU_REFUSED, "hook.key", "%s: shorter than %d bytes", path,
                           WEB_HOOK_KEY_MIN);
    if (result == SUGU_OK)
        *ret_key = key;
    else
        web_hook_key_done(&key);
    return result;
}

void
web_hook_key_done(struct web_hook_key *key)
{
    if (key->bytes)
        explicit_bzero(key->bytes, key->size);
    free(key->bytes);
    *key = (struct web_hook_key){0};
}

void
web_signature_make(const struct web_hook_key *key,
                   int64_t time_s,
                   const char *body,
                   char to[WEB_SIGNATURE_SIZE])
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, key->size);
    char time[32];

    g_snprintf(time, sizeof time, "%" PRId64 ".", time_s);
    g_hmac_update(hmac, (const guchar *)time, -1);
    g_hmac_update(hmac, (const guchar *)body, -1);
    g_snprintf(to, WEB_SIGNATURE_SIZE, "v1=%s", g_hmac_get_string(hmac));
    g_hmac_unref(hmac);
}
