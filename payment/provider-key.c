/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-key - who we are at a provider, out of a file that nobody else can read
 */
#include "payment/provider-key.h"

#include "base/files.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_SIZE_MAX 4096

/* One line, which is changed; false where it is none of ours, comes twice or does not fit. */
static bool
take_line(struct sugu_provider_key *key, char *line)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } rows[] = {{"api-key", key->api_key, sizeof key->api_key},
                {"secret", key->secret, sizeof key->secret},
                {"merchant", key->merchant, sizeof key->merchant},
                {"store", key->store, sizeof key->store}};
    size_t size = strcspn(line, " ");

    if (!*line || *line == '#')
        return true;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strlen(rows[i].name) == size && memcmp(rows[i].name, line, size) == 0)
            return !*rows[i].to && line[size] && line[size + 1] &&
                   sugu_text_copy(rows[i].to, rows[i].size, line + size + 1);
    return false;
}

static enum sugu_status
take_lines(char *text,
           const char *path,
           bool wants_secret,
           struct sugu_provider_key *key,
           struct sugu_error *reterr)
{
    char *rest = text, *line;
    unsigned number = 0;

    while ((line = strsep(&rest, "\n"))) {
        number++;
        if (!take_line(key, line))
            return sugu_fail(reterr, SUGU_REFUSED, "key.file", "%s: line %u", path, number);
    }
    if (!*key->api_key || !*key->merchant || (wants_secret && !*key->secret))
        return sugu_fail(reterr, SUGU_REFUSED, "key.file", "%s: api-key, merchant%s: missing", path,
                         wants_secret ? " or secret" : "");
    return SUGU_OK;
}

enum sugu_status
sugu_provider_key_read(const char *path,
                       bool wants_secret,
                       struct sugu_provider_key *ret_key,
                       struct sugu_error *reterr)
{
    struct sugu_provider_key key = {0};
    enum sugu_status status;
    struct stat about;
    uint8_t *bytes;
    size_t size;

    if (stat(path, &about) == 0 && about.st_mode & 077)
        return sugu_fail(reterr, SUGU_REFUSED, "key.file", "%s: others can read it; chmod 600",
                         path);
    status = sugu_file_read(path, FILE_SIZE_MAX, &bytes, &size, reterr);
    if (status)
        return status;
    status = take_lines((char *)bytes, path, wants_secret, &key, reterr);
    explicit_bzero(bytes, size);
    free(bytes);
    if (!status)
        *ret_key = key;
    explicit_bzero(&key, sizeof key);
    return status;
}
