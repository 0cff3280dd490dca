/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - the thread that talks to the printer, so that the service never waits for it
 *
 * One paper after the other, in the order of their acceptance. The main thread hands orders in and
 * takes news out; between two looks at the printer the worker sleeps on a descriptor.
 */
#pragma once

#include "track.h"

#include <stdatomic.h>

struct sugu_worker;

struct sugu_worker_settings {
    const char *spool_folder;
    int64_t give_up_us;
    int64_t poll_us;      /* between two looks while a paper is under way */
    int64_t idle_poll_us; /* and while none is */
    int64_t unconfirmed_us;
    bool wants_reports; /* there is a server that is told how papers ended */
};

/* What changed since the last time; see sugu_worker_take. */
struct sugu_worker_news {
    bool has_paper;
    struct sugu_spooled paper; /* copied */
    bool needs_report;         /* over, and the server has not been told */
    bool has_reasons;
    uint32_t reasons; /* of the printer */
};

/*
 * Opens the spool and starts the thread. Takes the printer over (also on failure). `stop` is the
 * flag that the printer was made with: the worker sets it when it is freed. Call
 * sugu_process_stop_fd() first, so that the thread inherits the blocked signals.
 */
enum sugu_status sugu_worker_new(const struct sugu_worker_settings *settings,
                                 struct sugu_printer *printer,
                                 atomic_int *stop,
                                 const struct sugu_clock *clock,
                                 struct sugu_worker **ret_worker,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Stops the thread (a call under way ends within a second or so) and leaves the spool as it is. */
struct sugu_worker *sugu_worker_free(struct sugu_worker *worker);

/* Becomes readable when there is news. */
int sugu_worker_fd(const struct sugu_worker *worker);
/* One piece of news; false where there is none (and the descriptor is quiet again). */
bool sugu_worker_take(struct sugu_worker *worker, struct sugu_worker_news *ret_news);

/* Keeps an order durably and wakes the thread; as sugu_spool_add. */
enum sugu_status sugu_worker_add(struct sugu_worker *worker,
                                 const Sugu__PrintPaper *order,
                                 const struct sugu_id *report,
                                 sugu_time_us until_utc,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Has the present state of everything (open papers, those of the last minutes, the printer) count
 * as news again. */
void sugu_worker_tell_all(struct sugu_worker *worker);
/* The same for one paper, also one that is over; false where there is none. */
bool sugu_worker_tell(struct sugu_worker *worker, const struct sugu_id *paper);
/* The report of this paper is in safe hands. */
void sugu_worker_reported(struct sugu_worker *worker, const struct sugu_id *paper);
