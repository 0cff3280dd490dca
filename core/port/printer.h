/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer - the port behind which a paper printer sits
 *
 * A job is out only when the device itself says so: completed, all pages counted, and no paper or
 * jam reason at that moment. A queue's word is not enough (a job that the device aborts is reported
 * as completed by CUPS in about one of eight cases, domain/payments.md 7), so implementations ask
 * the device.
 *
 * A job is made first and gets its document afterwards. Its number can thus be written down before
 * anything can print, and whatever is lost later (the answer, the power, this program) the device
 * can be asked by that number. Every call may take seconds, none takes for ever.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum sugu_print_state {
    SUGU_PRINT_NO_NEWS,     /* the device did not answer */
    SUGU_PRINT_INCOMING,    /* it knows the job and waits for its document */
    SUGU_PRINT_PRINTING,    /* also: waits for paper; see the reasons */
    SUGU_PRINT_OUT,         /* all pages came out */
    SUGU_PRINT_UNCONFIRMED, /* it says completed, but its count or its reasons say otherwise */
    SUGU_PRINT_FAILED,      /* it aborted or cancelled the job */
    SUGU_PRINT_FORGOTTEN,   /* it does not know the job */
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

struct sugu_print_job {
    const char *title; /* unique; the device shows it: an id, nothing personal */
    int32_t number;    /* of the job, from create; 0 = none yet */
    uint32_t pages;
    double width, height; /* of a page, points */
};

struct sugu_printer_look {
    uint32_t reasons;          /* SUGU_PRINTER_AWAY where it could not be asked */
    enum sugu_print_state job; /* NO_NEWS where no job was asked for */
    bool takes_pdf;            /* else PWG raster with so many dots per inch */
    unsigned dots_per_inch;
};

struct sugu_printer;

struct sugu_printer_ops {
    const char *name;
    /*
     * Makes a job without a document; nothing is printed. RETRY "printer.away" or "printer.waits",
     * REFUSED "printer.refused". A job whose number got lost stays empty and prints nothing.
     */
    enum sugu_status (*create)(struct sugu_printer *printer,
                               const struct sugu_print_job *job,
                               int32_t *ret_number,
                               struct sugu_error *reterr);
    /*
     * Hands the document of a created job over. RETRY "printer.away": no byte of it left.
     * Otherwise only `look` knows what became of it: REFUSED "printer.refused" where the device
     * said no, UNKNOWN "printer.no-answer" where its answer was lost.
     */
    enum sugu_status (*send)(struct sugu_printer *printer,
                             const struct sugu_print_job *job,
                             const uint8_t *document,
                             size_t size,
                             struct sugu_error *reterr);
    /* How the printer is, and the job; `job` may be NULL. */
    void (*look)(struct sugu_printer *printer,
                 const struct sugu_print_job *job,
                 struct sugu_printer_look *ret_look);
    /* Asks the device to drop the job; what became of it says `look`. RETRY "printer.away". */
    enum sugu_status (*cancel)(struct sugu_printer *printer,
                               const struct sugu_print_job *job,
                               struct sugu_error *reterr);
    void (*free)(struct sugu_printer *printer);
};

struct sugu_printer {
    const struct sugu_printer_ops *ops;
};
