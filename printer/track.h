/* SPDX-License-Identifier: Apache-2.0 */
/*
 * track - one paper, one step further
 *
 * What to do next with a paper, given its state and what the device says; the machine of
 * domain/print-job.h decides what is allowed. Each call does one thing at most that may take
 * seconds. Runs in the worker's thread; knows the time from the settings' clock.
 */
#pragma once

#include "port/printer.h"
#include "spool.h"

struct sugu_track_settings {
    const char *folder;     /* of the spool */
    int64_t give_up_us;     /* a paper that waited so long is dropped, whatever its own time */
    int64_t unconfirmed_us; /* so long "completed" may contradict the device's count or reasons */
    const struct sugu_clock *clock;
};

/* What is remembered of a paper between two steps, not on disk. */
struct sugu_track_memory {
    struct sugu_id paper;      /* of which paper; another one starts afresh */
    int64_t unconfirmed_since; /* monotonic; 0 = not */
    int64_t incoming_since;    /* monotonic; 0 = the device does not wait for the document */
    int64_t cancelled_since;   /* monotonic; 0 = not cancelled */
    unsigned sends;            /* tries to hand the document over */
    bool was_refused;          /* the device refused the document */
};

/*
 * One step. Changes *paper and saves it (before anything that could print). Returns the reasons of
 * the printer as they were seen. BROKEN (saving failed) is written to *reterr and returned as
 * status; the paper is then as it was on disk.
 */
enum sugu_status sugu_track_step(const struct sugu_track_settings *settings,
                                 struct sugu_printer *printer,
                                 struct sugu_spooled *paper,
                                 struct sugu_track_memory *memory,
                                 uint32_t *ret_reasons,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The code for the reasons, the gravest first: "printer.away" … "printer.paper-low", "". */
const char *sugu_track_code(uint32_t reasons);
/* Can nothing be printed with these reasons? */
bool sugu_track_is_blocked(uint32_t reasons);
