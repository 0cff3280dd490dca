/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stable-read - a file that another machine may still be writing
 */
#include "insurance/stable-read.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>

static void
forget_bytes(struct sugu_stable_read *read)
{
    if (read->bytes)
        explicit_bzero(read->bytes, read->size);
    free(read->bytes);
    read->bytes = NULL;
    read->size = 0;
    read->is_same = false;
}

void
sugu_stable_read_done(struct sugu_stable_read *read)
{
    forget_bytes(read);
    *read = (struct sugu_stable_read){0};
}

/* One reading; keeps the bytes for the next comparison. */
static enum sugu_status
read_once(struct sugu_stable_read *read,
          const char *path,
          size_t size_max,
          struct sugu_error *reterr)
{
    uint8_t *bytes;
    size_t size;
    enum sugu_status status = sugu_file_read(path, size_max, &bytes, &size, reterr);
    bool is_same;

    if (status != SUGU_OK) {
        forget_bytes(read);
        return status;
    }
    is_same = read->bytes && read->size == size && memcmp(read->bytes, bytes, size) == 0;
    forget_bytes(read);
    read->bytes = bytes;
    read->size = size;
    read->is_same = is_same;
    return SUGU_OK;
}

enum sugu_status
sugu_stable_read_step(struct sugu_stable_read *read,
                      const char *path,
                      size_t size_max,
                      int64_t now_us,
                      int64_t gap_us,
                      struct sugu_error *reterr)
{
    struct sugu_error error;
    enum sugu_status status;

    if (read->tries > 0 && now_us < read->due_us)
        return sugu_fail(reterr, SUGU_RETRY, "eligibility.bad-answer", "not due yet");
    if (read->tries >= SUGU_STABLE_TRIES_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.bad-answer",
                         "the file was never whole in %d readings", SUGU_STABLE_TRIES_MAX);
    status = read_once(read, path, size_max, &error);
    if (status == SUGU_REFUSED) { /* missing or too large */
        if (strcmp(error.code, "file.missing") == 0)
            sugu_stable_read_done(read);
        return sugu_fail(reterr, SUGU_REFUSED, error.code, "%s", error.detail);
    }
    /* Not readable now (a lock of the writer's, a share that hangs) counts as a try too. */
    read->tries++;
    read->due_us = now_us + gap_us;
    if (status == SUGU_OK && read->is_same)
        return SUGU_OK;
    return sugu_fail(reterr, SUGU_RETRY, "eligibility.bad-answer", "not the same bytes twice yet");
}
