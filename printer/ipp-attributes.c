/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-attributes - what the attributes of printers and jobs mean
 */
#include "ipp-attributes.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MEDIA_TOLERANCE 200 /* hundredths of a millimetre */
#define DPI_WANTED      300

const char *const *
sugu_ipp_printer_wanted(int *ret_count)
{
    static const char *const names[] = {
        "printer-state",
        "printer-state-reasons",
        "document-format-supported",
        "pwg-raster-document-resolution-supported",
        "media-size-supported",
        "sides-supported",
        "device-uri",
    };

    *ret_count = (int)SUGU_ARRAY_SIZE(names);
    return names;
}

const char *const *
sugu_ipp_job_wanted(int *ret_count)
{
    static const char *const names[] = {
        "job-id",
        "job-name",
        "job-state",
        "job-state-reasons",
        "job-impressions-completed",
        "job-media-sheets-completed",
    };

    *ret_count = (int)SUGU_ARRAY_SIZE(names);
    return names;
}

uint32_t
sugu_ipp_reason(const char *word)
{
    static const struct {
        const char *word; /* without its suffix */
        uint32_t reason;
    } rows[] = {
        {"media-empty", SUGU_PRINTER_PAPER_OUT},
        {"media-needed", SUGU_PRINTER_PAPER_OUT},
        {"media-low", SUGU_PRINTER_PAPER_LOW},
        {"media-jam", SUGU_PRINTER_JAM},
        {"die-cutter-jam", SUGU_PRINTER_JAM},
        {"cover-open", SUGU_PRINTER_COVER_OPEN},
        {"door-open", SUGU_PRINTER_COVER_OPEN},
        {"interlock-open", SUGU_PRINTER_COVER_OPEN},
        {"die-cutter-cover-open", SUGU_PRINTER_COVER_OPEN},
        {"offline", SUGU_PRINTER_AWAY},
        {"shutdown", SUGU_PRINTER_AWAY},
        {"timed-out", SUGU_PRINTER_AWAY},
        {"connecting-to-device", SUGU_PRINTER_AWAY},
        {"input-tray-missing", SUGU_PRINTER_OTHER},
        {"output-area-full", SUGU_PRINTER_OTHER},
        {"marker-supply-empty", SUGU_PRINTER_OTHER},
        {"spool-area-full", SUGU_PRINTER_OTHER},
        {"paused", SUGU_PRINTER_OTHER},
        {"moving-to-paused", SUGU_PRINTER_OTHER},
        {"stopped-partly", SUGU_PRINTER_OTHER},
        {"other", SUGU_PRINTER_OTHER},
    };
    static const char *const suffixes[] = {"", "-report", "-warning", "-error"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        size_t length = strlen(rows[i].word);
        if (strncmp(word, rows[i].word, length) != 0)
            continue;
        for (size_t j = 0; j < SUGU_ARRAY_SIZE(suffixes); j++)
            if (strcmp(word + length, suffixes[j]) == 0)
                return rows[i].reason;
    }
    return 0;
}

static bool
has_word(ipp_t *answer, const char *attribute, const char *word)
{
    ipp_attribute_t *found = ippFindAttribute(answer, attribute, IPP_TAG_ZERO);

    return found && ippContainsString(found, word);
}

/* The offered resolution that is nearest to what a ticket needs; 0 where there is none. */
static unsigned
choose_resolution(ipp_t *answer)
{
    ipp_attribute_t *offered =
        ippFindAttribute(answer, "pwg-raster-document-resolution-supported", IPP_TAG_RESOLUTION);
    unsigned best = 0;

    for (int i = 0; offered && i < ippGetCount(offered); i++) {
        int y;
        ipp_res_t unit;
        int x = ippGetResolution(offered, i, &y, &unit);
        if (unit == IPP_RES_PER_CM)
            x = (int)(x * 2.54 + 0.5);
        if (x < 100 || x > 1200)
            continue;
        if (best == 0 || abs(x - DPI_WANTED) < abs((int)best - DPI_WANTED))
            best = (unsigned)x;
    }
    return best;
}

void
sugu_ipp_read_printer(ipp_t *answer, struct sugu_printer_look *ret_look)
{
    ipp_attribute_t *state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    ipp_attribute_t *reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    struct sugu_printer_look look = {.job = SUGU_PRINT_NO_NEWS};

    for (int i = 0; reasons && i < ippGetCount(reasons); i++)
        look.reasons |= sugu_ipp_reason(ippGetString(reasons, i, NULL));
    if (state && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED && look.reasons == 0)
        look.reasons = SUGU_PRINTER_OTHER;
    look.takes_pdf = has_word(answer, "document-format-supported", "application/pdf");
    if (has_word(answer, "document-format-supported", "image/pwg-raster"))
        look.dots_per_inch = choose_resolution(answer);
    *ret_look = look;
}

static void
read_job_attribute(ipp_attribute_t *attribute, struct sugu_ipp_job *job)
{
    const char *name = ippGetName(attribute);

    if (strcmp(name, "job-id") == 0) {
        job->number = ippGetInteger(attribute, 0);
    } else if (strcmp(name, "job-name") == 0) {
        sugu_text_copy(job->name, sizeof job->name, ippGetString(attribute, 0, NULL));
    } else if (strcmp(name, "job-state") == 0) {
        job->state = (ipp_jstate_t)ippGetInteger(attribute, 0);
    } else if (strcmp(name, "job-state-reasons") == 0) {
        job->waits_for_document = ippContainsString(attribute, "job-incoming") ||
                                  ippContainsString(attribute, "job-data-insufficient");
    } else if ((strcmp(name, "job-impressions-completed") == 0 ||
                strcmp(name, "job-media-sheets-completed") == 0) &&
               ippGetValueTag(attribute) == IPP_TAG_INTEGER) {
        job->has_count = true;
        if (ippGetInteger(attribute, 0) > job->pages_out)
            job->pages_out = ippGetInteger(attribute, 0);
    }
}

bool
sugu_ipp_next_job(ipp_t *answer, struct sugu_ipp_job *ret_job)
{
    struct sugu_ipp_job job = {.number = 0};
    ipp_attribute_t *attribute = ippNextAttribute(answer);

    while (attribute && ippGetGroupTag(attribute) != IPP_TAG_JOB)
        attribute = ippNextAttribute(answer);
    if (!attribute)
        return false;
    /* The group ends at a separator without a name. */
    for (; attribute && ippGetGroupTag(attribute) == IPP_TAG_JOB && ippGetName(attribute);
         attribute = ippNextAttribute(answer))
        read_job_attribute(attribute, &job);
    *ret_job = job;
    return true;
}

enum sugu_print_state
sugu_ipp_judge_job(const struct sugu_ipp_job *job, uint32_t pages, uint32_t reasons)
{
    const uint32_t contradictions =
        SUGU_PRINTER_PAPER_OUT | SUGU_PRINTER_JAM | SUGU_PRINTER_COVER_OPEN;

    switch (job->state) {
    case IPP_JSTATE_HELD:
        return job->waits_for_document ? SUGU_PRINT_INCOMING : SUGU_PRINT_PRINTING;
    case IPP_JSTATE_PENDING:
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED:
        return SUGU_PRINT_PRINTING;
    case IPP_JSTATE_CANCELED:
    case IPP_JSTATE_ABORTED:
        return SUGU_PRINT_FAILED;
    case IPP_JSTATE_COMPLETED:
        if (job->has_count && job->pages_out >= (int)pages && !(reasons & contradictions))
            return SUGU_PRINT_OUT;
        return SUGU_PRINT_UNCONFIRMED;
    }
    return SUGU_PRINT_NO_NEWS; /* a number that no standard knows */
}

/* An integer or a range of a media size: does it hold `length` (hundredths of a millimetre)? */
static bool
holds_length(ipp_t *size, const char *name, int length)
{
    ipp_attribute_t *attribute = ippFindAttribute(size, name, IPP_TAG_ZERO);
    int low, high;

    if (!attribute)
        return false;
    if (ippGetValueTag(attribute) == IPP_TAG_RANGE) {
        low = ippGetRange(attribute, 0, &high);
        return length >= low - MEDIA_TOLERANCE && length <= high + MEDIA_TOLERANCE;
    }
    return abs(ippGetInteger(attribute, 0) - length) <= MEDIA_TOLERANCE;
}

bool
sugu_ipp_has_media(ipp_t *answer, double width, double height)
{
    ipp_attribute_t *sizes =
        ippFindAttribute(answer, "media-size-supported", IPP_TAG_BEGIN_COLLECTION);
    int x = (int)lround(width * 2540 / 72), y = (int)lround(height * 2540 / 72);

    for (int i = 0; sizes && i < ippGetCount(sizes); i++) {
        ipp_t *size = ippGetCollection(sizes, i);
        if (holds_length(size, "x-dimension", x) && holds_length(size, "y-dimension", y))
            return true;
    }
    return false;
}
