/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer - the port behind which a paper printer sits
 *
 * A job is out only when the device itself says so: completed, all pages stacked, and no paper or
 * jam reason at that moment. A queue's word is not enough (a job that the device aborts is reported
 * as completed by CUPS in about one of eight cases), so implementations ask the device.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

enum sugu_print_state {
    SUGU_PRINT_QUEUED,
    SUGU_PRINT_PRINTING, /* also: waits for paper; see the printer's reasons */
    SUGU_PRINT_OUT,
    SUGU_PRINT_FAILED,
    SUGU_PRINT_DOUBTFUL, /* the device forgot the job */
};

/* Reasons of a printer, as bits. */
enum {
    SUGU_PRINTER_PAPER_OUT = 1 << 0,
    SUGU_PRINTER_PAPER_LOW = 1 << 1,
    SUGU_PRINTER_JAM = 1 << 2,
    SUGU_PRINTER_COVER_OPEN = 1 << 3,
    SUGU_PRINTER_AWAY = 1 << 4,  /* cannot be reached */
    SUGU_PRINTER_OTHER = 1 << 5, /* stopped for another reason */
};

struct sugu_printer;

struct sugu_printer_ops {
    const char *name;
    /* `where`: "ipp://host:port/ipp/print" or "cups:QUEUE". May be called again after a failure. */
    enum sugu_status (*open)(struct sugu_printer *printer,
                             const char *where,
                             struct sugu_error *reterr);
    /* Hands a document over. RETRY "printer.away": nothing was printed. UNKNOWN
     * "printer.no-answer": it may print. */
    enum sugu_status (*submit)(struct sugu_printer *printer,
                               const char *title,
                               const uint8_t *pdf,
                               size_t size,
                               int32_t *ret_job,
                               struct sugu_error *reterr);
    /* State of a job of `pages` pages. */
    enum sugu_status (*job)(struct sugu_printer *printer,
                            int32_t job,
                            uint32_t pages,
                            enum sugu_print_state *ret_state,
                            struct sugu_error *reterr);
    /* The reasons above, as bits; SUGU_PRINTER_AWAY instead of an error. */
    uint32_t (*reasons)(struct sugu_printer *printer);
    void (*close)(struct sugu_printer *printer);
};

struct sugu_printer {
    const struct sugu_printer_ops *ops;
};
