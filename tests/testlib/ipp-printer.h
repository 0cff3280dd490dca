/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-printer - a real IPP printer (ippeveprinter of CUPS) with faults that can be set
 *
 * Runs as two processes below one folder: a private dbus-daemon, which ippeveprinter wants even
 * without announcing itself, and ippeveprinter on a free port (domain/payments.md section 7). Each
 * job goes through print-command, which counts pages like a print engine, obeys the faults and puts
 * what came out into FOLDER/papers. Both die with their starter.
 *
 * Faults: SUGU_FAULT_PAPER_OUT and SUGU_FAULT_PAPER_LOW set the tray as a person would through the
 * printer's web form; the others stop the engine in the middle of a job.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum sugu_fault {
    SUGU_FAULT_JAM,
    SUGU_FAULT_COVER_OPEN,
    SUGU_FAULT_HOLD,  /* the engine stands still without a reason, as a slow one does */
    SUGU_FAULT_ABORT, /* the engine gives up before its last page */
    SUGU_FAULT_SKIP,  /* it says "completed", but has not counted a page */
    SUGU_FAULT_PAPER_OUT,
    SUGU_FAULT_PAPER_LOW,
    SUGU_FAULT_COUNT,
};

struct ipp_printer {
    char folder[512];
    char formats[128];
    int port;
    char uri[128]; /* ipp://127.0.0.1:PORT/ipp/print */
    pid_t bus, device;
};

/* "jam", "cover", "hold", "abort", "skip", "paper-out", "paper-low". */
const char *ipp_printer_fault_name(enum sugu_fault fault);

/*
 * Starts the printer in `folder` (made if missing). `formats` is what it takes, e.g.
 * "application/pdf". NULL, else what went wrong (static): ippeveprinter missing, no answer in time.
 */
const char *ipp_printer_start(struct ipp_printer *printer, const char *folder, const char *formats);
/* Ends all processes; the folder stays. */
void ipp_printer_stop(struct ipp_printer *printer);

/* Power off: jobs under way are lost. And on again, on the same port. */
void ipp_printer_off(struct ipp_printer *printer);
const char *ipp_printer_on(struct ipp_printer *printer);

/* False where the printer could not be told. */
bool ipp_printer_set_fault(struct ipp_printer *printer, enum sugu_fault fault, bool is_on);

/* Papers that came out so far, and how many jobs it was handed with a document. */
unsigned ipp_printer_papers(const struct ipp_printer *printer);
unsigned ipp_printer_documents(const struct ipp_printer *printer);

/* The arguments' process with its output into `log` (NULL = nowhere); dies with its starter. */
pid_t ipp_printer_spawn(char *const argv[], const char *log);
/* Sends the signal and waits until the process is gone. */
void ipp_printer_reap(pid_t child, int signal);
