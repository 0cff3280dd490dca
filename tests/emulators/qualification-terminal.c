/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qualification-terminal - an emulated online-qualification terminal on a real folder
 */
#include "emulators/qualification-terminal.h"

#include "emulators/qualification-register.h"

#include "base/files.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define JOBS_MAX         64
#define PIECES           4
#define REQUEST_SIZE_MAX 65536
#define LOOK_EVERY_US    (200 * SUGU_MS)

static const char request_prefix[] = "OQSsiquc01req_";

/* One answer on its way into res. */
struct job {
    bool is_used;
    char path[PATH_MAX];
    uint8_t *bytes;
    size_t size;
    unsigned piece; /* pieces written so far */
    unsigned repeats;
    enum sugu_terminal_fault fault;
    int64_t due_us;
};

enum number { DELAY_MS, GAP_MS, LATE_MS, PAUSE_MS, TWICE_MS, NUMBER_COUNT };
static const struct {
    const char *word;
    int64_t initial;
} number_rows[NUMBER_COUNT] = {
    [DELAY_MS] = {"delay-ms", 50},  [GAP_MS] = {"gap-ms", 5},       [LATE_MS] = {"late-ms", 4000},
    [PAUSE_MS] = {"pause-ms", 700}, [TWICE_MS] = {"twice-ms", 100},
};

static const struct {
    const char *word, *help;
} fault_rows[] = {
#define SUGU_FAULT(name, word, help) {word, help},
    SUGU_TERMINAL_FAULTS(SUGU_FAULT)
#undef SUGU_FAULT
};

struct sugu_qualification_terminal {
    const struct sugu_clock *clock;
    char request[PATH_MAX], answer[PATH_MAX], face[PATH_MAX];
    char institution[16];
    struct sugu_register people;
    struct job jobs[JOBS_MAX];
    int64_t numbers[NUMBER_COUNT];
    enum sugu_terminal_fault fault;
    unsigned fault_count; /* further requests that it meets; 0 = until changed */
    bool is_utf8;
    unsigned asked, wrong, faces;
    const char *last_wrong;
    int watch;
    int64_t look_at_us;
};

static int64_t
now_of(const struct sugu_qualification_terminal *terminal)
{
    return terminal->clock->monotonic_us(terminal->clock);
}

static bool
join(char to[PATH_MAX], const char *folder, const char *name)
{
    return snprintf(to, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

struct sugu_qualification_terminal *
sugu_qualification_terminal_new(const char *folder,
                                const char *institution,
                                const struct sugu_clock *clock)
{
    struct sugu_qualification_terminal *terminal = calloc(1, sizeof *terminal);
    struct sugu_error error = {.detail = "no memory, or a name is too long"};

    if (!terminal || !join(terminal->request, folder, "req") ||
        !join(terminal->answer, folder, "res") || !join(terminal->face, folder, "face") ||
        sugu_folder_make(terminal->request, &error) != SUGU_OK ||
        sugu_folder_make(terminal->answer, &error) != SUGU_OK ||
        sugu_folder_make(terminal->face, &error) != SUGU_OK) {
        fprintf(stderr, "qualification terminal: %s\n", error.detail);
        free(terminal);
        return NULL;
    }
    terminal->clock = clock;
    sugu_text_copy(terminal->institution, sizeof terminal->institution, institution);
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        terminal->numbers[i] = number_rows[i].initial;
    terminal->last_wrong = "nothing";
    terminal->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (terminal->watch >= 0)
        inotify_add_watch(terminal->watch, terminal->request,
                          IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE);
    return terminal;
}

static void
job_done(struct job *job)
{
    free(job->bytes);
    *job = (struct job){0};
}

struct sugu_qualification_terminal *
sugu_qualification_terminal_free(struct sugu_qualification_terminal *terminal)
{
    if (!terminal)
        return NULL;
    for (size_t i = 0; i < JOBS_MAX; i++)
        job_done(&terminal->jobs[i]);
    if (terminal->watch >= 0)
        close(terminal->watch);
    free(terminal);
    return NULL;
}

/* ---- writing answers */

static void
add_job(struct sugu_qualification_terminal *terminal,
        const char *folder,
        const char *name,
        const struct job *from)
{
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &terminal->jobs[i];
        if (job->is_used)
            continue;
        *job = *from;
        job->is_used = join(job->path, folder, name);
        return;
    }
    fprintf(stderr, "qualification terminal: too many answers at once\n");
    free(from->bytes);
}

/* Appends one piece to the file under its final name, as a slow writer on a share does. */
static void
write_piece(struct job *job)
{
    size_t from = job->size * job->piece / PIECES, to = job->size * (job->piece + 1) / PIECES;
    int file =
        open(job->path, O_WRONLY | O_CREAT | O_CLOEXEC | (job->piece ? O_APPEND : O_TRUNC), 0600);

    if (file < 0 || write(file, job->bytes + from, to - from) != (ssize_t)(to - from))
        fprintf(stderr, "qualification terminal: cannot write an answer: %s\n", strerror(errno));
    if (file >= 0)
        close(file);
    job->piece++;
}

static void
step_job(struct sugu_qualification_terminal *terminal, struct job *job, int64_t now_us)
{
    if (!job->is_used || now_us < job->due_us)
        return;
    write_piece(job);
    job->due_us = now_us + terminal->numbers[GAP_MS] * SUGU_MS;
    if (job->fault == SUGU_FAULT_PAUSE && job->piece == PIECES / 2)
        job->due_us = now_us + terminal->numbers[PAUSE_MS] * SUGU_MS;
    if (job->piece == PIECES && job->repeats > 0) {
        job->repeats--;
        job->piece = 0;
        job->due_us = now_us + terminal->numbers[TWICE_MS] * SUGU_MS;
    } else if (job->piece == (job->fault == SUGU_FAULT_HALF ? PIECES / 2 : PIECES)) {
        job_done(job);
    }
}

/* ---- taking requests */

static enum sugu_terminal_fault
next_fault(struct sugu_qualification_terminal *terminal)
{
    enum sugu_terminal_fault fault = terminal->fault;

    if (terminal->fault_count > 0 && --terminal->fault_count == 0)
        terminal->fault = SUGU_FAULT_NONE;
    return fault;
}

static void
answer_request(struct sugu_qualification_terminal *terminal,
               const char *name,
               const uint8_t *bytes,
               size_t size)
{
    struct sugu_qualification_request request = {0};
    const char *wrong =
        sugu_qualification_request_read(bytes, size, terminal->institution, &request);
    enum sugu_terminal_fault fault = next_fault(terminal);
    struct sugu_qualification_style style = {
        .fault = fault,
        .is_shift_jis = !terminal->is_utf8,
        .institution = terminal->institution,
        .now_utc = terminal->clock->utc_us(terminal->clock),
        .is_error = wrong != NULL,
    };
    struct job job = {.fault = fault, .repeats = fault == SUGU_FAULT_TWICE ? 1 : 0};
    char answer_name[NAME_MAX + 1];

    terminal->asked++;
    if (wrong) {
        terminal->wrong++;
        terminal->last_wrong = wrong;
    }
    if (fault == SUGU_FAULT_NO_ANSWER)
        return;
    job.bytes = sugu_qualification_answer(&terminal->people, &request, &style, &job.size);
    job.due_us = now_of(terminal) +
                 terminal->numbers[fault == SUGU_FAULT_LATE ? LATE_MS : DELAY_MS] * SUGU_MS;
    snprintf(answer_name, sizeof answer_name, "OQSsiquc01res_%s", name + sizeof request_prefix - 1);
    add_job(terminal, terminal->answer, answer_name, &job);
}

static bool
is_request_name(const char *name)
{
    const char *extension = strrchr(name, '.');

    return strncmp(name, request_prefix, sizeof request_prefix - 1) == 0 && extension &&
           strcmp(extension, ".xml") == 0;
}

/* The real one takes a request away once it has read it. */
static void
take_requests(struct sugu_qualification_terminal *terminal)
{
    DIR *folder = opendir(terminal->request);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        char path[PATH_MAX];
        uint8_t *bytes;
        size_t size;
        if (!is_request_name(entry->d_name) || !join(path, terminal->request, entry->d_name))
            continue;
        if (sugu_file_read(path, REQUEST_SIZE_MAX, &bytes, &size, /* reterr= */ NULL) != SUGU_OK)
            continue;
        unlink(path);
        answer_request(terminal, entry->d_name, bytes, size);
        free(bytes);
    }
    if (folder)
        closedir(folder);
    terminal->look_at_us = now_of(terminal) + LOOK_EVERY_US;
}

void
sugu_qualification_terminal_step(struct sugu_qualification_terminal *terminal)
{
    int64_t now_us = now_of(terminal);
    char events[4096];
    bool has_news = now_us >= terminal->look_at_us;

    while (terminal->watch >= 0 && read(terminal->watch, events, sizeof events) > 0)
        has_news = true;
    if (has_news)
        take_requests(terminal);
    for (size_t i = 0; i < JOBS_MAX; i++)
        step_job(terminal, &terminal->jobs[i], now_us);
}

int64_t
sugu_qualification_terminal_due_us(const struct sugu_qualification_terminal *terminal)
{
    int64_t due = terminal->look_at_us, now_us = now_of(terminal);

    for (size_t i = 0; i < JOBS_MAX; i++)
        if (terminal->jobs[i].is_used && terminal->jobs[i].due_us < due)
            due = terminal->jobs[i].due_us;
    return due > now_us ? due - now_us : 0;
}

int
sugu_qualification_terminal_fd(const struct sugu_qualification_terminal *terminal)
{
    return terminal->watch;
}

unsigned
sugu_qualification_terminal_asked(const struct sugu_qualification_terminal *terminal)
{
    return terminal->asked;
}

unsigned
sugu_qualification_terminal_wrong(const struct sugu_qualification_terminal *terminal)
{
    return terminal->wrong;
}

/* ---- commands */

static bool
command_people(struct sugu_qualification_terminal *terminal, const char *rest)
{
    if (strcmp(rest, "clear") == 0)
        terminal->people.count = 0;
    else if (strncmp(rest, "add ", 4) != 0 || !sugu_register_add(&terminal->people, rest + 4))
        return false;
    return true;
}

static bool
command_fault(struct sugu_qualification_terminal *terminal, const char *rest)
{
    char word[32], count_text[12] = "1";
    int64_t count;

    if (sscanf(rest, "%31s %11s", word, count_text) < 1 ||
        !sugu_text_to_int64(count_text, 0, 1000000, &count))
        return false;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(fault_rows); i++) {
        if (strcmp(fault_rows[i].word, word) != 0)
            continue;
        terminal->fault = (enum sugu_terminal_fault)i;
        terminal->fault_count = (unsigned)count;
        return true;
    }
    return false;
}

static bool
command_encoding(struct sugu_qualification_terminal *terminal, const char *rest)
{
    if (strcmp(rest, "utf-8") != 0 && strcmp(rest, "shift_jis") != 0)
        return false;
    terminal->is_utf8 = rest[0] == 'u';
    return true;
}

static bool
command_face(struct sugu_qualification_terminal *terminal, const char *rest)
{
    struct sugu_qualification_style style = {.is_shift_jis = !terminal->is_utf8,
                                             .institution = terminal->institution,
                                             .now_utc = terminal->clock->utc_us(terminal->clock)};
    struct job job = {.due_us = now_of(terminal)};
    char name[NAME_MAX + 1], time[15];
    int64_t person;

    if (!sugu_text_to_int64(rest, 1, (int64_t)terminal->people.count, &person))
        return false;
    job.bytes = sugu_qualification_face(&terminal->people.people[person - 1], &style, &job.size);
    sugu_japan_time(style.now_utc, time);
    snprintf(name, sizeof name, "OQSsiquc01res_face_%s%08x_%s.xml", terminal->institution,
             ++terminal->faces, time);
    add_job(terminal, terminal->face, name, &job);
    return true;
}

static bool
command_number(struct sugu_qualification_terminal *terminal, const char *word, const char *rest)
{
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        if (strcmp(number_rows[i].word, word) == 0)
            return sugu_text_to_int64(rest, 0, 3600000, &terminal->numbers[i]);
    return false;
}

static bool
run_command(struct sugu_qualification_terminal *terminal, const char *word, const char *rest)
{
    if (strcmp(word, "people") == 0)
        return command_people(terminal, rest);
    if (strcmp(word, "fault") == 0)
        return command_fault(terminal, rest);
    if (strcmp(word, "encoding") == 0)
        return command_encoding(terminal, rest);
    if (strcmp(word, "face") == 0)
        return command_face(terminal, rest);
    return strcmp(word, "asked") == 0 || command_number(terminal, word, rest);
}

bool
sugu_qualification_terminal_command(struct sugu_qualification_terminal *terminal,
                                    const char *line,
                                    char *reply,
                                    size_t reply_size)
{
    char word[32] = "", rest[2048];
    size_t length;
    bool is_right;

    line += strspn(line, " \t");
    length = strcspn(line, " \t\r\n");
    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), line);
    line += length;
    snprintf(rest, sizeof rest, "%s", line + strspn(line, " \t"));
    rest[strcspn(rest, "\r\n")] = '\0';
    is_right = run_command(terminal, word, rest);
    if (!is_right)
        snprintf(reply, reply_size, "error: not understood: %s", word);
    else if (strcmp(word, "asked") == 0)
        snprintf(reply, reply_size, "asked %u wrong %u: %s", terminal->asked, terminal->wrong,
                 terminal->last_wrong);
    else
        snprintf(reply, reply_size, "ok");
    return is_right;
}
