/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-attributes - what the attributes of printers and jobs mean
 *
 * Pure: answers in, facts out. Words and rules: domain/payments.md section 7, RFC 8011, PWG
 * 5100.14.
 */
#pragma once

#include "port/printer.h"

#include <cups/cups.h>

/* The names to ask for, for ippAddStrings. */
const char *const *sugu_ipp_printer_wanted(int *ret_count);
const char *const *sugu_ipp_job_wanted(int *ret_count);

/* One printer-state-reasons word to bits; 0 for "none" and for words that stop nothing. */
uint32_t sugu_ipp_reason(const char *word);

/* The printer's attributes: reasons, formats. `job` is left at NO_NEWS. */
void sugu_ipp_read_printer(ipp_t *answer, struct sugu_printer_look *ret_look);

/*
 * State of a job of `pages` pages from its attributes. The first attribute of the job is `first`
 * (ippFirstAttribute, or within an answer to Get-Jobs the first of its group); reading ends at the
 * group's end. `reasons` are the printer's of the same moment.
 */
struct sugu_ipp_job {
    int32_t number;
    char name[256];
    ipp_jstate_t state;
    bool waits_for_document;
    bool has_count;
    int pages_out;
};
/* Reads the job that begins at the answer's current attribute; false at the end. */
bool sugu_ipp_next_job(ipp_t *answer, struct sugu_ipp_job *ret_job);
enum sugu_print_state
sugu_ipp_judge_job(const struct sugu_ipp_job *job, uint32_t pages, uint32_t reasons);

/* Does "media-size-supported" in the answer hold this size (points), within 2 mm? */
bool sugu_ipp_has_media(ipp_t *answer, double width, double height);
