/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked - which requests this gateway has written, over restarts
 */
#include "insurance/asked.h"

#include "base/files.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NUMBER_MAX    9999
#define FILE_SIZE_MAX 256
#define SEQUENCE_NAME "sequence"
#define WAITING_WORD  "waiting"
#define CLOSED_WORD   "closed"

static enum sugu_status
fail_file(struct sugu_error *reterr, const char *folder, const char *name)
{
    return sugu_fail(reterr, SUGU_BROKEN, "file.not-readable",
                     "%s/%s is damaged; move it away and start again", folder, name);
}

/* ---- the file of one entry: "eligibility UUID asked_utc_us N phase WORD" */

static bool
read_entry(const char *text, const char *stem, struct sugu_asked_entry *ret_entry)
{
    struct sugu_asked_entry entry = {0};
    char id[SUGU_ID_TEXT_SIZE], utc[24], phase[16];

    if (sscanf(text, "eligibility %36s asked_utc_us %23s phase %15s", id, utc, phase) != 3 ||
        !sugu_id_from_text(id, &entry.eligibility) ||
        !sugu_text_to_int64(utc, 0, INT64_MAX, &entry.asked_utc))
        return false;
    if (strcmp(phase, WAITING_WORD) != 0 && strcmp(phase, CLOSED_WORD) != 0)
        return false;
    entry.phase = strcmp(phase, WAITING_WORD) == 0 ? SUGU_ASKED_WAITING : SUGU_ASKED_CLOSED;
    sugu_text_copy(entry.stem, sizeof entry.stem, stem);
    *ret_entry = entry;
    return true;
}

static enum sugu_status
write_entry(const struct sugu_asked *asked,
            const struct sugu_asked_entry *entry,
            struct sugu_error *reterr)
{
    char text[FILE_SIZE_MAX], id[SUGU_ID_TEXT_SIZE];

    snprintf(text, sizeof text, "eligibility %s\nasked_utc_us %" PRId64 "\nphase %s\n",
             sugu_id_to_text(&entry->eligibility, id), entry->asked_utc,
             entry->phase == SUGU_ASKED_WAITING ? WAITING_WORD : CLOSED_WORD);
    return sugu_file_write(asked->folder, entry->stem, text, strlen(text),
                           /* must_be_new= */ false, reterr);
}

static enum sugu_status
add_entry(struct sugu_asked *asked, const struct sugu_asked_entry *entry, struct sugu_error *reterr)
{
    if (asked->count == asked->room) {
        size_t room = asked->room ? asked->room * 2 : 64;
        struct sugu_asked_entry *entries = realloc(asked->entries, room * sizeof *entries);
        if (!entries)
            return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
        asked->entries = entries;
        asked->room = room;
    }
    asked->entries[asked->count++] = *entry;
    return SUGU_OK;
}

/* ---- opening */

static bool
is_stem(const char *name)
{
    return strlen(name) == SUGU_OQS_STEM_SIZE - 1 && sugu_text_is_digits(name, SUGU_OQS_STEM_SIZE);
}

static enum sugu_status
read_small_file(const char *folder,
                const char *name,
                char to[FILE_SIZE_MAX],
                struct sugu_error *reterr)
{
    char path[PATH_MAX];
    uint8_t *bytes;
    size_t size;
    enum sugu_status status;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return fail_file(reterr, folder, name);
    status = sugu_file_read(path, FILE_SIZE_MAX - 1, &bytes, &size, reterr);
    if (status != SUGU_OK)
        return status;
    memcpy(to, bytes, size + 1);
    free(bytes);
    return SUGU_OK;
}

/* "YYYYMMDD N" */
static enum sugu_status
read_sequence(struct sugu_asked *asked, struct sugu_error *reterr)
{
    struct sugu_error error;
    char text[FILE_SIZE_MAX];
    unsigned date, number;
    enum sugu_status status = read_small_file(asked->folder, SEQUENCE_NAME, text, &error);

    if (status == SUGU_REFUSED && strcmp(error.code, "file.missing") == 0)
        return SUGU_OK; /* the first start */
    if (status != SUGU_OK || sscanf(text, "%8u %4u", &date, &number) != 2)
        return fail_file(reterr, asked->folder, SEQUENCE_NAME);
    asked->last_date = date;
    asked->last_number = number;
    return SUGU_OK;
}

static enum sugu_status
read_entries(struct sugu_asked *asked, struct sugu_error *reterr)
{
    DIR *folder = opendir(asked->folder);
    const struct dirent *file;
    enum sugu_status status = SUGU_OK;

    if (!folder)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-readable", "cannot list %s: %s",
                         asked->folder, strerror(errno));
    while (status == SUGU_OK && (file = readdir(folder))) {
        struct sugu_asked_entry entry;
        char text[FILE_SIZE_MAX];
        if (!is_stem(file->d_name))
            continue;
        status = read_small_file(asked->folder, file->d_name, text, reterr);
        if (status == SUGU_OK && !read_entry(text, file->d_name, &entry))
            status = fail_file(reterr, asked->folder, file->d_name);
        if (status == SUGU_OK)
            status = add_entry(asked, &entry, reterr);
    }
    closedir(folder);
    return status;
}

/* Two gateways on one folder would ask twice under the same names. */
static enum sugu_status
take_lock(struct sugu_asked *asked, struct sugu_error *reterr)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/lock", asked->folder) >= (int)sizeof path)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "state-folder: name too long");
    asked->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (asked->lock < 0 || flock(asked->lock, LOCK_EX | LOCK_NB) < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "state-folder: %s: %s", path,
                         errno == EWOULDBLOCK ? "another sugu-insurance uses it" : strerror(errno));
    return SUGU_OK;
}

enum sugu_status
sugu_asked_open(const char *folder, struct sugu_asked *ret_asked, struct sugu_error *reterr)
{
    struct sugu_asked asked = {.lock = -1};
    enum sugu_status status = sugu_folder_make(folder, reterr);

    if (status == SUGU_OK && !sugu_text_copy(asked.folder, sizeof asked.folder, folder))
        status = sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "state-folder: name too long");
    if (status == SUGU_OK)
        status = take_lock(&asked, reterr);
    if (status == SUGU_OK)
        status = read_sequence(&asked, reterr);
    if (status == SUGU_OK)
        status = read_entries(&asked, reterr);
    if (status != SUGU_OK) {
        sugu_asked_done(&asked);
        return status;
    }
    *ret_asked = asked;
    return SUGU_OK;
}

void
sugu_asked_done(struct sugu_asked *asked)
{
    if (asked->lock >= 0)
        close(asked->lock);
    free(asked->entries);
    *asked = (struct sugu_asked){.lock = -1};
}

/* ---- names */

enum sugu_status
sugu_asked_next_stem(struct sugu_asked *asked,
                     uint32_t date,
                     uint32_t first,
                     char ret_stem[SUGU_OQS_STEM_SIZE],
                     struct sugu_error *reterr)
{
    bool is_new_day = date > asked->last_date;
    uint32_t day = is_new_day ? date : asked->last_date;
    uint32_t number = is_new_day ? first : asked->last_number + 1;
    char text[FILE_SIZE_MAX], stem[32];
    enum sugu_status status;

    if (number > NUMBER_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.no-answer",
                         "the day's numbers for request files are used up");
    snprintf(text, sizeof text, "%08u %u\n", (unsigned)day, (unsigned)number);
    status = sugu_file_write(asked->folder, SEQUENCE_NAME, text, strlen(text),
                             /* must_be_new= */ false, reterr);
    if (status != SUGU_OK)
        return status;
    asked->last_date = day;
    asked->last_number = number;
    snprintf(stem, sizeof stem, "%08u%04u", (unsigned)day, (unsigned)number);
    memcpy(ret_stem, stem, SUGU_OQS_STEM_SIZE);
    return SUGU_OK;
}

/* ---- entries */

enum sugu_status
sugu_asked_put(struct sugu_asked *asked,
               const struct sugu_asked_entry *entry,
               struct sugu_error *reterr)
{
    enum sugu_status status = write_entry(asked, entry, reterr);

    if (status != SUGU_OK)
        return status;
    for (size_t i = 0; i < asked->count; i++) {
        if (strcmp(asked->entries[i].stem, entry->stem) == 0) {
            asked->entries[i] = *entry;
            return SUGU_OK;
        }
    }
    return add_entry(asked, entry, reterr);
}

const struct sugu_asked_entry *
sugu_asked_find(const struct sugu_asked *asked, const struct sugu_id *eligibility)
{
    for (size_t i = 0; i < asked->count; i++)
        if (sugu_id_equal(&asked->entries[i].eligibility, eligibility))
            return &asked->entries[i];
    return NULL;
}

const struct sugu_asked_entry *
sugu_asked_find_stem(const struct sugu_asked *asked, const char *stem)
{
    for (size_t i = 0; i < asked->count; i++)
        if (strcmp(asked->entries[i].stem, stem) == 0)
            return &asked->entries[i];
    return NULL;
}

static void
remove_file(const struct sugu_asked *asked, const char *stem)
{
    char path[PATH_MAX + SUGU_OQS_STEM_SIZE + 1];

    snprintf(path, sizeof path, "%s/%s", asked->folder, stem);
    unlink(path);
}

void
sugu_asked_forget(struct sugu_asked *asked, const char *stem)
{
    for (size_t i = 0; i < asked->count; i++) {
        if (strcmp(asked->entries[i].stem, stem) != 0)
            continue;
        remove_file(asked, stem);
        asked->entries[i] = asked->entries[--asked->count];
        return;
    }
}

void
sugu_asked_prune(struct sugu_asked *asked, sugu_time_us before_utc)
{
    size_t kept = 0;

    for (size_t i = 0; i < asked->count; i++) {
        const struct sugu_asked_entry *entry = &asked->entries[i];
        if (entry->phase == SUGU_ASKED_WAITING || entry->asked_utc >= before_utc)
            asked->entries[kept++] = *entry;
        else
            remove_file(asked, entry->stem);
    }
    asked->count = kept;
}
