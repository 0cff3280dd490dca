/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posting - money received or given back, as one file for each time
 */
#include "fee/posting.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POSTING_SIZE_MAX 4096

const char *
sugu_posting_name(const struct sugu_posting *posting, char to[SUGU_POSTING_NAME_SIZE])
{
    char id[SUGU_ID_TEXT_SIZE];

    if (sugu_id_is_none(&posting->change))
        snprintf(to, SUGU_POSTING_NAME_SIZE, "%08" PRIu32 "-%s-r%" PRIu32 ".posting",
                 posting->business_day, sugu_id_to_text(&posting->bill, id), posting->revision);
    else
        snprintf(to, SUGU_POSTING_NAME_SIZE, "%08" PRIu32 "-%s.change", posting->business_day,
                 sugu_id_to_text(&posting->change, id));
    return to;
}

static const char *
reason_name(const struct sugu_posting *posting)
{
    static const char *const names[] = {[SUGU_POSTING_OVERPAID] = "overpaid",
                                        [SUGU_POSTING_VOID] = "void",
                                        [SUGU_POSTING_CORRECTION] = "correction"};

    return !posting->is_back                                  ? "paid-again"
           : (size_t)posting->reason < SUGU_ARRAY_SIZE(names) ? names[posting->reason]
                                                              : "correction";
}

/* What went back is negative. */
static size_t
format_change(const struct sugu_posting *posting, char to[POSTING_SIZE_MAX])
{
    char change[SUGU_ID_TEXT_SIZE], bill[SUGU_ID_TEXT_SIZE], visit[SUGU_ID_TEXT_SIZE];
    int64_t yen = posting->is_back ? -posting->amount.value : posting->amount.value;

    return (size_t)snprintf(
        to, POSTING_SIZE_MAX,
        "sugu-posting-change 1\nchange %s\nbill %s\nvisit %s\nrevision %" PRIu32 "\nreason %s\n"
        "amount-yen %" PRId64 "\nkept-yen %" PRId64 "\nmethod %s\nbusiness-day %08" PRIu32 "\n",
        sugu_id_to_text(&posting->change, change), sugu_id_to_text(&posting->bill, bill),
        sugu_id_to_text(&posting->visit, visit), posting->revision, reason_name(posting), yen,
        posting->kept.value, posting->method, posting->business_day);
}

static size_t
format(const struct sugu_posting *posting, char to[POSTING_SIZE_MAX])
{
    char bill[SUGU_ID_TEXT_SIZE], visit[SUGU_ID_TEXT_SIZE];

    if (!sugu_id_is_none(&posting->change))
        return format_change(posting, to);
    return (size_t)snprintf(to, POSTING_SIZE_MAX,
                            "sugu-posting 1\nbill %s\nvisit %s\nrevision %" PRIu32
                            "\namount-yen %" PRId64 "\nmethod %s\nbusiness-day %08" PRIu32 "\n",
                            sugu_id_to_text(&posting->bill, bill),
                            sugu_id_to_text(&posting->visit, visit), posting->revision,
                            posting->amount.value, posting->method, posting->business_day);
}

/* A file that a killed process left may not have reached the disk yet: nothing is confirmed before.
 */
static bool
flush_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_flushed = file >= 0 && (fsync(file) == 0 || errno == EINVAL);

    if (file >= 0)
        close(file);
    return is_flushed;
}

/* The name is taken: by the same posting, or by another one? */
static enum sugu_status
compare_file(
    const char *folder, const char *name, const char *text, size_t size, struct sugu_error *reterr)
{
    char path[4096];
    uint8_t *bytes;
    size_t there;
    bool is_same;
    enum sugu_status status;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "name too long");
    status = sugu_file_read(path, POSTING_SIZE_MAX, &bytes, &there, reterr);
    if (status != SUGU_OK)
        return status;
    is_same = there == size && memcmp(bytes, text, size) == 0;
    free(bytes);
    if (!is_same)
        return sugu_fail(reterr, SUGU_BROKEN, "fee.posting-differs", "%s", name);
    if (!flush_folder(folder))
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "cannot flush %s: %s", folder,
                         strerror(errno));
    return SUGU_OK;
}

enum sugu_status
sugu_posting_write(const char *folder,
                   const struct sugu_posting *posting,
                   struct sugu_error *reterr)
{
    char name[SUGU_POSTING_NAME_SIZE], text[POSTING_SIZE_MAX];
    size_t size = format(posting, text);
    struct sugu_error error;
    enum sugu_status status;

    sugu_posting_name(posting, name);
    status = sugu_file_write(folder, name, text, size, /* must_be_new= */ true, &error);
    if (status == SUGU_REFUSED && strcmp(error.code, "file.exists") == 0)
        return compare_file(folder, name, text, size, reterr);
    if (status != SUGU_OK && reterr)
        *reterr = error;
    return status;
}
