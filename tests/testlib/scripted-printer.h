/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-printer - the printer port in memory: a device that does what a test says
 *
 * The device keeps jobs as a real one does, so that the rules above the port can be tried without a
 * process: power cuts, lost answers, refusals, counts that are missing. It lives in shared memory,
 * so a forked child may die in the middle of a call and the device goes on.
 */
#pragma once

#include "port/printer.h"

#include <stdbool.h>

#define SCRIPTED_JOBS_MAX 32

struct scripted_job {
    char title[64];
    bool has_document;
    bool is_cancelled;
    bool is_out;
    unsigned copies; /* how often it came out; more than 1 is the bug to find */
};

enum scripted_answer {
    SCRIPTED_YES,
    SCRIPTED_AWAY,   /* no connection */
    SCRIPTED_LOST,   /* it happened, and the answer was lost */
    SCRIPTED_BROKEN, /* the connection broke before the document was whole: nothing happened */
    SCRIPTED_NO,     /* refused */
};

struct scripted_printer {
    struct sugu_printer printer; /* first; hand &scripted->printer on */
    struct scripted_job jobs[SCRIPTED_JOBS_MAX];
    int job_count;
    uint32_t reasons;
    bool takes_pdf;
    enum scripted_answer on_create, on_send, on_cancel; /* reset to YES after one use */
    bool prints;      /* jobs with a document come out at the next look */
    bool aborts;      /* or end aborted */
    bool forgets;     /* it does not know its jobs any more */
    bool contradicts; /* "completed" without all pages counted */
    unsigned calls;   /* of create, send, look and cancel so far */
    /* The process ends before (or after) the effect of call number `die_at` (from 1; 0 = never). */
    unsigned die_at;
    bool die_after;
};

/* In shared memory; free with scripted_printer_free. Takes PDF, is well, prints. */
struct scripted_printer *scripted_printer_new(void);
struct scripted_printer *scripted_printer_free(struct scripted_printer *scripted);

/* Papers that came out, of all jobs with this title. */
unsigned scripted_copies(const struct scripted_printer *scripted, const char *title);
