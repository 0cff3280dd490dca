/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool - papers on disk
 */
#include "spool.h"

#include "base/files.h"
#include "base/text.h"

#include <assert.h>
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOB_FILE_MAX      4096
#define DOCUMENT_SIZE_MAX ((size_t)64 << 20)

enum file_kind { ORDER_FILE, JOB_FILE, DOCUMENT_FILE };

/* FNV-1a; tells apart two orders under one id, guards nothing. */
static uint64_t
digest_of(const uint8_t *bytes, size_t size)
{
    uint64_t digest = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < size; i++)
        digest = (digest ^ bytes[i]) * UINT64_C(1099511628211);
    return digest;
}

/* "0190….job" */
static void
file_name(const struct sugu_spooled *paper, enum file_kind kind, char *to, size_t size)
{
    static const char *const endings[] = {
        [ORDER_FILE] = "order", [JOB_FILE] = "job", [DOCUMENT_FILE] = "pdf"};
    char id[SUGU_ID_TEXT_SIZE];

    sugu_id_to_text(&paper->paper, id);
    snprintf(to, size, "%s.%s", id,
             kind == DOCUMENT_FILE && !paper->is_pdf ? "pwg" : endings[kind]);
}

static void
file_path(const char *folder,
          const struct sugu_spooled *paper,
          enum file_kind kind,
          char to[PATH_MAX])
{
    char name[64];

    file_name(paper, kind, name, sizeof name);
    snprintf(to, PATH_MAX, "%s/%s", folder, name);
}

static void
remove_file(const char *folder, const struct sugu_spooled *paper, enum file_kind kind)
{
    char path[PATH_MAX];

    file_path(folder, paper, kind, path);
    unlink(path);
}

enum sugu_status
sugu_spool_save(const char *folder, const struct sugu_spooled *paper, struct sugu_error *reterr)
{
    char name[64], text[JOB_FILE_MAX], visit[SUGU_ID_TEXT_SIZE], report[SUGU_ID_TEXT_SIZE];
    int size;

    file_name(paper, JOB_FILE, name, sizeof name);
    size = snprintf(
        text, sizeof text,
        "kind %d\nvisit %s\nreport %s\nstate %d\ncode %s\ndevice_job %" PRId32 "\npages %" PRIu32
        "\nwidth %d\nheight %d\nis_pdf %d\ndigest %" PRIx64 "\naccepted_utc %" PRId64
        "\nuntil_utc %" PRId64 "\nis_reported %d\nmust_cancel %d\n",
        (int)paper->kind, sugu_id_to_text(&paper->visit, visit),
        sugu_id_to_text(&paper->report, report), (int)paper->state,
        *paper->code ? paper->code : "-", paper->device_job, paper->pages,
        (int)(paper->width * 100), (int)(paper->height * 100), paper->is_pdf, paper->digest,
        paper->accepted_utc, paper->until_utc, paper->is_reported, paper->must_cancel);
    return sugu_file_write(folder, name, text, (size_t)size, /* must_be_new= */ false, reterr);
}

/* The value behind `name` in the lines of a job file, copied; false where it is not there. */
static bool
find_value(const char *text, const char *name, char *to, size_t size)
{
    size_t length = strlen(name);

    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            size_t value = strcspn(line + length + 1, "\n");
            if (value >= size)
                return false;
            memcpy(to, line + length + 1, value);
            to[value] = '\0';
            return true;
        }
    }
    return false;
}

static bool
find_number(const char *text, const char *name, int64_t low, int64_t high, int64_t *ret_value)
{
    char value[32];

    return find_value(text, name, value, sizeof value) &&
           sugu_text_to_int64(value, low, high, ret_value);
}

static bool
find_id(const char *text, const char *name, struct sugu_id *ret_id)
{
    char value[SUGU_ID_TEXT_SIZE];

    return find_value(text, name, value, sizeof value) && sugu_id_from_text(value, ret_id);
}

/* A whole job file into *paper (its id is set already); false where something is missing or odd. */
static bool
parse_job(const char *text, struct sugu_spooled *paper)
{
    int64_t kind, state, job, pages, width, height, is_pdf, accepted, until, is_reported,
        must_cancel;
    char code[64], digest[20], *end;

    if (!find_number(text, "kind", 0, SUGU__PAPER_KIND__PAPER_REFUND, &kind) ||
        !find_number(text, "state", 0, SUGU_PRINT_JOB_STATE_COUNT - 1, &state) ||
        !find_number(text, "device_job", 0, INT32_MAX, &job) ||
        !find_number(text, "pages", 0, 1000, &pages) ||
        !find_number(text, "width", 0, 1000000, &width) ||
        !find_number(text, "height", 0, 1000000, &height) ||
        !find_number(text, "is_pdf", 0, 1, &is_pdf) ||
        !find_number(text, "accepted_utc", 0, INT64_MAX, &accepted) ||
        !find_number(text, "until_utc", 0, INT64_MAX, &until) ||
        !find_number(text, "is_reported", 0, 1, &is_reported) ||
        !find_number(text, "must_cancel", 0, 1, &must_cancel) ||
        !find_id(text, "visit", &paper->visit) || !find_id(text, "report", &paper->report) ||
        !find_value(text, "code", code, sizeof code) ||
        !find_value(text, "digest", digest, sizeof digest))
        return false;
    paper->digest = strtoull(digest, &end, 16);
    paper->kind = (Sugu__PaperKind)kind;
    paper->state = (enum sugu_print_job_state)state;
    paper->code = strcmp(code, "-") == 0 ? "" : sugu_code_find(code)->code;
    paper->device_job = (int32_t)job;
    paper->pages = (uint32_t)pages;
    paper->width = (double)width / 100;
    paper->height = (double)height / 100;
    paper->is_pdf = is_pdf;
    paper->accepted_utc = accepted;
    paper->until_utc = until;
    paper->is_reported = is_reported;
    paper->must_cancel = must_cancel;
    return *end == '\0';
}

static bool
make_room(struct sugu_spool *spool)
{
    size_t room = spool->room ? spool->room * 2 : 64;
    struct sugu_spooled *larger;

    if (spool->count < spool->room)
        return true;
    larger = realloc(spool->papers, room * sizeof *larger);
    if (!larger)
        return false;
    spool->papers = larger;
    spool->room = room;
    return true;
}

/* Reads one job file into the list, or sets it aside. */
static enum sugu_status
load_job(struct sugu_spool *spool, const char *name, size_t *bad, struct sugu_error *reterr)
{
    char path[PATH_MAX], aside[PATH_MAX], id[SUGU_ID_TEXT_SIZE];
    struct sugu_spooled paper = {.is_told = false};
    struct sugu_error error;
    uint8_t *text = NULL;
    size_t size;

    snprintf(path, sizeof path, "%s/%s", spool->folder, name);
    sugu_text_copy(id, sizeof id, name); /* cuts the ending off */
    if (sugu_file_read(path, JOB_FILE_MAX, &text, &size, &error) != SUGU_OK ||
        !sugu_id_from_text(id, &paper.paper) || !parse_job((const char *)text, &paper)) {
        free(text);
        ++*bad;
        if (snprintf(aside, sizeof aside, "%s.bad", path) >= (int)sizeof aside ||
            rename(path, aside) < 0)
            return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "cannot set %s aside", name);
        return SUGU_OK;
    }
    free(text);
    if (!make_room(spool))
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    spool->papers[spool->count++] = paper;
    return SUGU_OK;
}

static int
by_acceptance(const void *left, const void *right)
{
    const struct sugu_spooled *a = left, *b = right;

    if (a->accepted_utc != b->accepted_utc)
        return a->accepted_utc < b->accepted_utc ? -1 : 1;
    return memcmp(&a->paper, &b->paper, sizeof a->paper);
}

/* An order without its job file was never acknowledged: its sender sends it again. */
static void
sweep(struct sugu_spool *spool, const char *name)
{
    char id[SUGU_ID_TEXT_SIZE], path[PATH_MAX];
    struct sugu_id paper;
    const struct sugu_spooled *found;

    sugu_text_copy(id, sizeof id, name);
    if (!sugu_id_from_text(id, &paper))
        return;
    found = sugu_spool_find(spool, &paper);
    if (found && !sugu_print_job_is_over(found->state))
        return;
    snprintf(path, sizeof path, "%s/%s", spool->folder, name);
    unlink(path);
}

static bool
ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), end = strlen(ending);

    return length > end && strcmp(name + length - end, ending) == 0;
}

enum sugu_status
sugu_spool_open(struct sugu_spool *spool,
                const char *folder,
                size_t *ret_bad,
                struct sugu_error *reterr)
{
    enum sugu_status status = sugu_folder_make(folder, reterr);
    size_t bad = 0;
    struct dirent *entry;
    DIR *files;

    if (status != SUGU_OK)
        return status;
    *spool = (struct sugu_spool){.count = 0};
    sugu_text_copy(spool->folder, sizeof spool->folder, folder);
    files = opendir(folder);
    if (!files || access(folder, W_OK) < 0) {
        if (files)
            closedir(files);
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "cannot use folder %s", folder);
    }
    while (status == SUGU_OK && (entry = readdir(files)))
        if (ends_in(entry->d_name, ".job"))
            status = load_job(spool, entry->d_name, &bad, reterr);
    if (spool->count > 0)
        qsort(spool->papers, spool->count, sizeof *spool->papers, by_acceptance);
    rewinddir(files);
    while (status == SUGU_OK && (entry = readdir(files)))
        if (ends_in(entry->d_name, ".order") || ends_in(entry->d_name, ".pdf") ||
            ends_in(entry->d_name, ".pwg"))
            sweep(spool, entry->d_name);
    closedir(files);
    if (status != SUGU_OK)
        sugu_spool_done(spool);
    else
        *ret_bad = bad;
    return status;
}

void
sugu_spool_done(struct sugu_spool *spool)
{
    free(spool->papers);
    *spool = (struct sugu_spool){.count = 0};
}

struct sugu_spooled *
sugu_spool_find(struct sugu_spool *spool, const struct sugu_id *paper)
{
    for (size_t i = spool->count; i-- > 0;)
        if (sugu_id_equal(&spool->papers[i].paper, paper))
            return &spool->papers[i];
    return NULL;
}

static size_t
count_open(const struct sugu_spool *spool)
{
    size_t open = 0;

    assert(spool->count == 0 || spool->papers);
    for (size_t i = 0; i < spool->count; i++)
        open += !sugu_print_job_is_over(spool->papers[i].state);
    return open;
}

/* Order first, job file second: without the job file the order counts as never accepted. */
static enum sugu_status
write_new(struct sugu_spool *spool,
          const struct sugu_spooled *paper,
          const uint8_t *order,
          size_t size,
          struct sugu_error *reterr)
{
    char name[64];
    enum sugu_status status;

    file_name(paper, ORDER_FILE, name, sizeof name);
    status = sugu_file_write(spool->folder, name, order, size, /* must_be_new= */ false, reterr);
    if (status == SUGU_OK)
        status = sugu_spool_save(spool->folder, paper, reterr);
    if (status != SUGU_OK)
        remove_file(spool->folder, paper, ORDER_FILE);
    return status;
}

enum sugu_status
sugu_spool_add(struct sugu_spool *spool,
               const Sugu__PrintPaper *order,
               const struct sugu_id *report,
               sugu_time_us until_utc,
               sugu_time_us now_utc,
               struct sugu_error *reterr)
{
    size_t size = sugu__print_paper__get_packed_size(order);
    uint8_t *bytes = malloc(size ? size : 1);
    struct sugu_spooled paper = {
        .paper = sugu_id_of(&order->paper),
        .visit = sugu_id_of(&order->visit),
        .report = *report,
        .kind = order->kind,
        .code = "",
        .is_pdf = true,
        .accepted_utc = now_utc,
        .until_utc = until_utc,
    };
    const struct sugu_spooled *known = sugu_spool_find(spool, &paper.paper);
    enum sugu_status status = SUGU_OK;

    if (!bytes)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    sugu__print_paper__pack(order, bytes);
    paper.digest = digest_of(bytes, size);
    if (known && known->digest != paper.digest)
        status = sugu_fail(reterr, SUGU_REFUSED, "request.id-reused",
                           "another paper was ordered under this id");
    else if (!known && count_open(spool) >= SUGU_SPOOL_OPEN_MAX)
        status = sugu_fail(reterr, SUGU_RETRY, "printer.too-many", "%d papers wait",
                           SUGU_SPOOL_OPEN_MAX);
    else if (!known && !make_room(spool))
        status = sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    else if (!known)
        status = write_new(spool, &paper, bytes, size, reterr);
    if (status == SUGU_OK && !known) {
        assert(spool->papers); /* make_room */
        spool->papers[spool->count++] = paper;
    }
    explicit_bzero(bytes, size);
    free(bytes);
    return status;
}

enum sugu_status
sugu_spool_order(const char *folder,
                 const struct sugu_spooled *paper,
                 Sugu__PrintPaper **ret_order,
                 struct sugu_error *reterr)
{
    char path[PATH_MAX];
    uint8_t *bytes;
    size_t size;
    Sugu__PrintPaper *order;
    enum sugu_status status;

    file_path(folder, paper, ORDER_FILE, path);
    status = sugu_file_read(path, SUGU_MESSAGE_SIZE_MAX, &bytes, &size, reterr);
    if (status != SUGU_OK)
        return status;
    order = sugu__print_paper__unpack(NULL, size, bytes);
    explicit_bzero(bytes, size);
    free(bytes);
    if (!order)
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "the kept order cannot be read");
    *ret_order = order;
    return SUGU_OK;
}

enum sugu_status
sugu_spool_keep_document(const char *folder,
                         const struct sugu_spooled *paper,
                         const uint8_t *bytes,
                         size_t size,
                         struct sugu_error *reterr)
{
    char name[64];

    file_name(paper, DOCUMENT_FILE, name, sizeof name);
    return sugu_file_write(folder, name, bytes, size, /* must_be_new= */ false, reterr);
}

enum sugu_status
sugu_spool_document(const char *folder,
                    const struct sugu_spooled *paper,
                    uint8_t **ret_bytes,
                    size_t *ret_size,
                    struct sugu_error *reterr)
{
    char path[PATH_MAX];

    file_path(folder, paper, DOCUMENT_FILE, path);
    return sugu_file_read(path, DOCUMENT_SIZE_MAX, ret_bytes, ret_size, reterr);
}

void
sugu_spool_forget(const char *folder, const struct sugu_spooled *paper)
{
    remove_file(folder, paper, DOCUMENT_FILE);
    remove_file(folder, paper, ORDER_FILE);
}

void
sugu_spool_prune(struct sugu_spool *spool, sugu_time_us now_utc)
{
    size_t kept = 0, surplus;

    surplus = spool->count > SUGU_SPOOL_ALL_MAX ? spool->count - SUGU_SPOOL_ALL_MAX : 0;
    for (size_t i = 0; i < spool->count; i++) {
        const struct sugu_spooled *paper = &spool->papers[i];
        bool is_settled = sugu_print_job_is_over(paper->state) && paper->is_reported &&
                          !paper->must_cancel && paper->is_told;
        bool is_old = now_utc - paper->accepted_utc > SUGU_SPOOL_KEPT_US;
        if (is_settled && (is_old || surplus > 0)) {
            surplus -= surplus > 0;
            remove_file(spool->folder, paper, JOB_FILE);
            continue;
        }
        spool->papers[kept++] = *paper;
    }
    spool->count = kept;
}
