/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - the thread that talks to the printer
 */
#include "worker.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define UNKNOWN_REASONS UINT32_MAX /* the printer has not been looked at yet */
/* A listener may have been away when a paper ended: it hears of papers that are so young again. */
#define TELL_AGAIN_US (15 * SUGU_MINUTE)

struct sugu_worker {
    struct sugu_worker_settings settings;
    struct sugu_track_settings track;
    struct sugu_printer *printer;
    atomic_int *stop;
    const struct sugu_clock *clock;
    pthread_t thread;
    int wake_fd; /* main thread → worker */
    int news_fd; /* worker → main thread */

    pthread_mutex_t mutex; /* guards all below */
    struct sugu_spool spool;
    uint32_t reasons;
    bool is_reasons_told;
};

static void
ring(int file)
{
    uint64_t one = 1;
    ssize_t done;

    do
        done = write(file, &one, sizeof one);
    while (done < 0 && errno == EINTR);
}

static void
hush(int file)
{
    uint64_t count;
    ssize_t done;

    do
        done = read(file, &count, sizeof count);
    while (done < 0 && errno == EINTR);
}

/* Sleeps until something is handed in, the time is over, or the end. */
static void
nap(struct sugu_worker *worker, int64_t time_us)
{
    struct pollfd file = {.fd = worker->wake_fd, .events = POLLIN};

    if (!atomic_load(worker->stop) && poll(&file, 1, (int)(time_us / SUGU_MS)) > 0)
        hush(worker->wake_fd);
}

/* Under the mutex: the first paper that is not over. */
static struct sugu_spooled *
first_open(struct sugu_worker *worker)
{
    for (size_t i = 0; i < worker->spool.count; i++)
        if (!sugu_print_job_is_over(worker->spool.papers[i].state))
            return &worker->spool.papers[i];
    return NULL;
}

/* Under the mutex: papers that wait behind the first one wait for the same reason. */
static void
explain_waiting(struct sugu_worker *worker)
{
    bool is_blocked = worker->reasons != UNKNOWN_REASONS && sugu_track_is_blocked(worker->reasons);
    const char *code = is_blocked ? sugu_track_code(worker->reasons) : "";
    const struct sugu_spooled *first = first_open(worker);

    for (size_t i = 0; i < worker->spool.count; i++) {
        struct sugu_spooled *paper = &worker->spool.papers[i];
        if (paper == first || paper->state != SUGU_PRINT_JOB_QUEUED ||
            strcmp(paper->code, code) == 0)
            continue;
        paper->code = code;
        paper->is_told = false;
    }
}

static void
take_reasons_in(struct sugu_worker *worker, uint32_t reasons)
{
    pthread_mutex_lock(&worker->mutex);
    if (worker->reasons != reasons) {
        worker->reasons = reasons;
        worker->is_reasons_told = false;
        explain_waiting(worker);
    }
    pthread_mutex_unlock(&worker->mutex);
    ring(worker->news_fd);
}

/* A paper after a step back into the list; the main thread may have asked for it meanwhile. */
static void
put_back(struct sugu_worker *worker,
         const struct sugu_spooled *before,
         const struct sugu_spooled *after)
{
    bool is_news = before->state != after->state || strcmp(before->code, after->code) != 0;
    struct sugu_spooled *place;

    pthread_mutex_lock(&worker->mutex);
    place = sugu_spool_find(&worker->spool, &after->paper);
    assert(place); /* only papers that are over are pruned */
    is_news = is_news || !place->is_told;
    *place = *after;
    place->is_told = !is_news;
    pthread_mutex_unlock(&worker->mutex);
}

enum pace { NOTHING_TO_DO, LOOK_AGAIN_LATER, GO_ON };

/* One step of the first open paper. */
static enum pace
step_first(struct sugu_worker *worker, struct sugu_track_memory *memory)
{
    struct sugu_spooled before = {.state = SUGU_PRINT_JOB_OUT, .code = ""}, after;
    const struct sugu_spooled *place;
    struct sugu_error error;
    uint32_t reasons = 0;

    pthread_mutex_lock(&worker->mutex);
    place = first_open(worker);
    if (place)
        before = *place;
    pthread_mutex_unlock(&worker->mutex);
    if (sugu_print_job_is_over(before.state))
        return NOTHING_TO_DO;
    after = before;
    if (sugu_track_step(&worker->track, worker->printer, &after, memory, &reasons, &error) !=
        SUGU_OK) {
        sugu_log_error(SUGU_LOG_ERROR, "paper.not-kept", &error);
        return LOOK_AGAIN_LATER;
    }
    put_back(worker, &before, &after);
    take_reasons_in(worker, reasons);
    if (after.state == SUGU_PRINT_JOB_QUEUED &&
        (after.pages != before.pages || after.device_job != before.device_job))
        return GO_ON; /* it got further on its way to the device */
    return sugu_print_job_is_over(after.state) ? GO_ON : LOOK_AGAIN_LATER;
}

/* Tells the device to drop what a paper left there that is over; false where none did. */
static bool
cancel_left(struct sugu_worker *worker)
{
    struct sugu_spooled paper = {.must_cancel = false}, *place;
    struct sugu_print_job job;
    struct sugu_error error;
    char title[SUGU_ID_TEXT_SIZE];

    pthread_mutex_lock(&worker->mutex);
    for (size_t i = 0; i < worker->spool.count && !paper.must_cancel; i++)
        if (worker->spool.papers[i].must_cancel)
            paper = worker->spool.papers[i];
    pthread_mutex_unlock(&worker->mutex);
    if (!paper.must_cancel)
        return false;
    job = (struct sugu_print_job){.title = sugu_id_to_text(&paper.paper, title),
                                  .number = paper.device_job,
                                  .pages = paper.pages};
    if (worker->printer->ops->cancel(worker->printer, &job, &error) != SUGU_OK)
        return false;
    paper.must_cancel = false;
    if (sugu_spool_save(worker->track.folder, &paper, &error) != SUGU_OK)
        return false;
    pthread_mutex_lock(&worker->mutex);
    place = sugu_spool_find(&worker->spool, &paper.paper);
    if (place)
        place->must_cancel = false;
    pthread_mutex_unlock(&worker->mutex);
    return true;
}

static void
look_idle(struct sugu_worker *worker)
{
    struct sugu_printer_look seen;

    worker->printer->ops->look(worker->printer, /* job= */ NULL, &seen);
    if (!(seen.reasons & SUGU_PRINTER_AWAY))
        while (cancel_left(worker) && !atomic_load(worker->stop))
            continue;
    take_reasons_in(worker, seen.reasons);
    pthread_mutex_lock(&worker->mutex);
    sugu_spool_prune(&worker->spool, worker->clock->utc_us(worker->clock));
    pthread_mutex_unlock(&worker->mutex);
}

static void *
run(void *user)
{
    struct sugu_worker *worker = user;
    struct sugu_track_memory memory = {.sends = 0};

    while (!atomic_load(worker->stop)) {
        switch (step_first(worker, &memory)) {
        case NOTHING_TO_DO:
            look_idle(worker);
            nap(worker, worker->settings.idle_poll_us);
            break;
        case LOOK_AGAIN_LATER:
            nap(worker, worker->settings.poll_us);
            break;
        case GO_ON:
            break;
        }
    }
    return NULL;
}

enum sugu_status
sugu_worker_new(const struct sugu_worker_settings *settings,
                struct sugu_printer *printer,
                atomic_int *stop,
                const struct sugu_clock *clock,
                struct sugu_worker **ret_worker,
                struct sugu_error *reterr)
{
    struct sugu_worker *worker = calloc(1, sizeof *worker);
    size_t bad = 0;
    enum sugu_status status;

    if (!worker) {
        printer->ops->free(printer);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    worker->settings = *settings;
    worker->printer = printer;
    worker->stop = stop;
    worker->clock = clock;
    worker->reasons = UNKNOWN_REASONS;
    worker->is_reasons_told = true;
    status = sugu_spool_open(&worker->spool, settings->spool_folder, &bad, reterr);
    if (status != SUGU_OK) {
        printer->ops->free(printer);
        free(worker);
        return status;
    }
    for (size_t i = 0; i < worker->spool.count; i++) {
        struct sugu_spooled *paper = &worker->spool.papers[i];
        paper->is_told = sugu_print_job_is_over(paper->state) &&
                         (paper->is_reported || !settings->wants_reports);
    }
    if (bad > 0)
        sugu_log(SUGU_LOG_ERROR, "spool.bad-files", "count=%zu", bad);
    worker->track = (struct sugu_track_settings){.folder = worker->spool.folder,
                                                 .give_up_us = settings->give_up_us,
                                                 .unconfirmed_us = settings->unconfirmed_us,
                                                 .clock = clock};
    worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    worker->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&worker->mutex, NULL);
    if (worker->wake_fd < 0 || worker->news_fd < 0 ||
        pthread_create(&worker->thread, NULL, run, worker) != 0)
        abort(); /* no descriptors or threads left at start: nothing can go on */
    *ret_worker = worker;
    return SUGU_OK;
}

struct sugu_worker *
sugu_worker_free(struct sugu_worker *worker)
{
    if (!worker)
        return NULL;
    atomic_store(worker->stop, 1);
    ring(worker->wake_fd);
    pthread_join(worker->thread, NULL);
    worker->printer->ops->free(worker->printer);
    sugu_spool_done(&worker->spool);
    pthread_mutex_destroy(&worker->mutex);
    close(worker->wake_fd);
    close(worker->news_fd);
    free(worker);
    return NULL;
}

int
sugu_worker_fd(const struct sugu_worker *worker)
{
    return worker->news_fd;
}

bool
sugu_worker_take(struct sugu_worker *worker, struct sugu_worker_news *ret_news)
{
    struct sugu_worker_news news = {.has_paper = false};

    hush(worker->news_fd);
    pthread_mutex_lock(&worker->mutex);
    for (size_t i = 0; i < worker->spool.count && !news.has_paper; i++) {
        struct sugu_spooled *paper = &worker->spool.papers[i];
        if (paper->is_told)
            continue;
        paper->is_told = true;
        if (!worker->settings.wants_reports && sugu_print_job_is_over(paper->state))
            paper->is_reported = true;
        news.has_paper = true;
        news.paper = *paper;
        news.needs_report = !paper->is_reported && sugu_print_job_is_over(paper->state);
    }
    if (!worker->is_reasons_told) {
        worker->is_reasons_told = true;
        news.has_reasons = true;
        news.reasons = worker->reasons;
    }
    pthread_mutex_unlock(&worker->mutex);
    if (news.has_paper || news.has_reasons) {
        ring(worker->news_fd); /* there may be more */
        *ret_news = news;
        return true;
    }
    return false;
}

enum sugu_status
sugu_worker_add(struct sugu_worker *worker,
                const Sugu__PrintPaper *order,
                const struct sugu_id *report,
                sugu_time_us until_utc,
                struct sugu_error *reterr)
{
    enum sugu_status status;

    pthread_mutex_lock(&worker->mutex);
    status = sugu_spool_add(&worker->spool, order, report, until_utc,
                            worker->clock->utc_us(worker->clock), reterr);
    if (status == SUGU_OK)
        explain_waiting(worker);
    pthread_mutex_unlock(&worker->mutex);
    if (status == SUGU_OK) {
        struct sugu_id paper = sugu_id_of(&order->paper);
        sugu_worker_tell(worker, &paper);
        ring(worker->wake_fd);
    }
    return status;
}

void
sugu_worker_tell_all(struct sugu_worker *worker)
{
    sugu_time_us now = worker->clock->utc_us(worker->clock);

    pthread_mutex_lock(&worker->mutex);
    for (size_t i = 0; i < worker->spool.count; i++) {
        struct sugu_spooled *paper = &worker->spool.papers[i];
        if (!sugu_print_job_is_over(paper->state) || now - paper->accepted_utc < TELL_AGAIN_US)
            paper->is_told = false;
    }
    worker->is_reasons_told = worker->reasons == UNKNOWN_REASONS;
    pthread_mutex_unlock(&worker->mutex);
    ring(worker->news_fd);
}

bool
sugu_worker_tell(struct sugu_worker *worker, const struct sugu_id *paper)
{
    struct sugu_spooled *found;

    pthread_mutex_lock(&worker->mutex);
    found = sugu_spool_find(&worker->spool, paper);
    if (found)
        found->is_told = false;
    pthread_mutex_unlock(&worker->mutex);
    ring(worker->news_fd);
    return found != NULL;
}

void
sugu_worker_reported(struct sugu_worker *worker, const struct sugu_id *paper)
{
    struct sugu_spooled *found, copy = {.is_reported = false};
    struct sugu_error error;

    pthread_mutex_lock(&worker->mutex);
    found = sugu_spool_find(&worker->spool, paper);
    if (found && sugu_print_job_is_over(found->state)) {
        found->is_reported = true;
        copy = *found;
    }
    pthread_mutex_unlock(&worker->mutex);
    /* Not kept? Then it is reported once more after a restart, under the same id. */
    if (copy.is_reported && sugu_spool_save(worker->track.folder, &copy, &error) != SUGU_OK)
        sugu_log_error(SUGU_LOG_WARNING, "paper.not-kept", &error);
}
