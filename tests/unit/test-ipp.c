/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-ipp - what attributes of printers and jobs mean, and places
 */
#include "ipp-attributes.h"
#include "ipp-link.h"
#include "printer-ipp.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_reason_is_known_with_any_suffix_and_nothing_else)
{
    static const struct {
        const char *word;
        uint32_t reason;
    } rows[] = {
        {"none", 0},
        {"media-empty", SUGU_PRINTER_PAPER_OUT},
        {"media-empty-error", SUGU_PRINTER_PAPER_OUT},
        {"media-empty-report", SUGU_PRINTER_PAPER_OUT},
        {"media-needed-warning", SUGU_PRINTER_PAPER_OUT},
        {"media-low-warning", SUGU_PRINTER_PAPER_LOW},
        {"media-jam-error", SUGU_PRINTER_JAM},
        {"cover-open", SUGU_PRINTER_COVER_OPEN},
        {"interlock-open-error", SUGU_PRINTER_COVER_OPEN},
        {"offline-report", SUGU_PRINTER_AWAY},
        {"paused", SUGU_PRINTER_OTHER},
        {"moving-to-paused", SUGU_PRINTER_OTHER},
        {"marker-supply-low-warning", 0},
        {"cups-waiting-for-job-completed", 0},
        {"media-emptyish", 0},
        {"", 0},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_ipp_reason(rows[i].word) == rows[i].reason, "%s", rows[i].word);
}
END_TEST

START_TEST(out_needs_completed_all_pages_and_no_trouble)
{
    static const struct {
        ipp_jstate_t state;
        bool waits_for_document, has_count;
        int pages_out;
        uint32_t pages, reasons;
        enum sugu_print_state expected;
    } rows[] = {
        {IPP_JSTATE_COMPLETED, false, true, 2, 2, 0, SUGU_PRINT_OUT},
        {IPP_JSTATE_COMPLETED, false, true, 3, 2, SUGU_PRINTER_PAPER_LOW, SUGU_PRINT_OUT},
        {IPP_JSTATE_COMPLETED, false, true, 1, 2, 0, SUGU_PRINT_UNCONFIRMED},
        {IPP_JSTATE_COMPLETED, false, false, 0, 1, 0, SUGU_PRINT_UNCONFIRMED},
        {IPP_JSTATE_COMPLETED, false, true, 2, 2, SUGU_PRINTER_PAPER_OUT, SUGU_PRINT_UNCONFIRMED},
        {IPP_JSTATE_COMPLETED, false, true, 2, 2, SUGU_PRINTER_JAM, SUGU_PRINT_UNCONFIRMED},
        {IPP_JSTATE_COMPLETED, false, true, 2, 2, SUGU_PRINTER_COVER_OPEN, SUGU_PRINT_UNCONFIRMED},
        {IPP_JSTATE_HELD, true, true, 0, 1, 0, SUGU_PRINT_INCOMING},
        {IPP_JSTATE_HELD, false, true, 0, 1, 0, SUGU_PRINT_PRINTING},
        {IPP_JSTATE_PENDING, false, true, 0, 1, 0, SUGU_PRINT_PRINTING},
        {IPP_JSTATE_PROCESSING, false, true, 1, 1, 0, SUGU_PRINT_PRINTING},
        {IPP_JSTATE_STOPPED, false, true, 1, 1, SUGU_PRINTER_JAM, SUGU_PRINT_PRINTING},
        {IPP_JSTATE_ABORTED, false, true, 1, 1, 0, SUGU_PRINT_FAILED},
        {IPP_JSTATE_CANCELED, false, true, 1, 1, 0, SUGU_PRINT_FAILED},
        {(ipp_jstate_t)77, false, true, 1, 1, 0, SUGU_PRINT_NO_NEWS},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_ipp_job job = {.state = rows[i].state,
                                   .waits_for_document = rows[i].waits_for_document,
                                   .has_count = rows[i].has_count,
                                   .pages_out = rows[i].pages_out};
        ck_assert_msg(sugu_ipp_judge_job(&job, rows[i].pages, rows[i].reasons) == rows[i].expected,
                      "row %zu", i);
    }
}
END_TEST

START_TEST(several_jobs_in_one_answer_are_told_apart)
{
    ipp_t *answer = ippNew();
    struct sugu_ipp_job job;

    ippAddString(answer, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", NULL, "utf-8");
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 7);
    ippAddString(answer, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", NULL, "first");
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", IPP_JSTATE_COMPLETED);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-impressions-completed", 3);
    ippAddSeparator(answer);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 8);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", IPP_JSTATE_HELD);
    ippAddString(answer, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL, "job-incoming");
    ippFirstAttribute(answer);
    ck_assert(sugu_ipp_next_job(answer, &job));
    ck_assert_int_eq(job.number, 7);
    ck_assert_str_eq(job.name, "first");
    ck_assert(job.has_count && job.pages_out == 3 && !job.waits_for_document);
    ck_assert(sugu_ipp_next_job(answer, &job));
    ck_assert_int_eq(job.number, 8);
    ck_assert_str_eq(job.name, "");
    ck_assert(!job.has_count && job.waits_for_document);
    ck_assert(!sugu_ipp_next_job(answer, &job));
    ippDelete(answer);
}
END_TEST

START_TEST(a_printer_says_what_it_takes_and_how_it_is)
{
    static const char *const reasons[] = {"media-low-report", "marker-supply-low-report"};
    static const char *const formats[] = {"application/octet-stream", "image/pwg-raster"};
    static const int dpi[] = {203, 600};
    ipp_t *answer = ippNew();
    struct sugu_printer_look look;

    ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
    ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", 2, NULL,
                  reasons);
    ippAddStrings(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", 2, NULL,
                  formats);
    ippAddResolutions(answer, IPP_TAG_PRINTER, "pwg-raster-document-resolution-supported", 2,
                      IPP_RES_PER_INCH, dpi, dpi);
    sugu_ipp_read_printer(answer, &look);
    ck_assert_uint_eq(look.reasons, SUGU_PRINTER_PAPER_LOW);
    ck_assert(!look.takes_pdf);
    ck_assert_uint_eq(look.dots_per_inch, 203); /* nearer to 300 than 600 is */
    ippDelete(answer);
    answer = ippNew();
    ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_STOPPED);
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 "application/pdf");
    sugu_ipp_read_printer(answer, &look);
    ck_assert_uint_eq(look.reasons, SUGU_PRINTER_OTHER);
    ck_assert(look.takes_pdf);
    ck_assert_uint_eq(look.dots_per_inch, 0);
    ippDelete(answer);
}
END_TEST

static void
add_size(ipp_t *answer, ipp_attribute_t **sizes, int x, int y_low, int y_high)
{
    ipp_t *size = ippNew();

    ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", x);
    if (y_low == y_high)
        ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", y_low);
    else
        ippAddRange(size, IPP_TAG_ZERO, "y-dimension", y_low, y_high);
    if (*sizes)
        ippSetCollection(answer, sizes, ippGetCount(*sizes), size);
    else
        *sizes = ippAddCollection(answer, IPP_TAG_PRINTER, "media-size-supported", size);
    ippDelete(size);
}

START_TEST(paper_is_asked_for_only_where_the_device_has_it)
{
    ipp_t *answer = ippNew();
    ipp_attribute_t *sizes = NULL;

    ck_assert(!sugu_ipp_has_media(answer, 595.28, 841.89));
    add_size(answer, &sizes, 21000, 29700, 29700);
    add_size(answer, &sizes, 8000, 2540, 300000);           /* a roll */
    ck_assert(sugu_ipp_has_media(answer, 595.28, 841.89));  /* A4 */
    ck_assert(!sugu_ipp_has_media(answer, 419.53, 595.28)); /* A5 */
    ck_assert(sugu_ipp_has_media(answer, 226.77, 450));     /* 80 mm of the roll */
    ck_assert(!sugu_ipp_has_media(answer, 164.4, 450));     /* 58 mm */
    ippDelete(answer);
}
END_TEST

START_TEST(places_are_read_and_nonsense_is_refused)
{
    static const char *const bad[] = {"",           "ipp:",   "socket://10.0.0.1",
                                      "http://a/b", "cups:",  "cups:a/b",
                                      "file:///x",  "ipp://", "cups:../x"};
    static const char *const good[] = {"ipp://10.0.0.7/ipp/print", "ipps://printer.local:443/x",
                                       "ipp://[fe80::1]:631/ipp/print", "cups:Kiosk-1_a.b"};
    struct sugu_ipp_place place;
    struct sugu_printer *printer;
    struct sugu_error error;
    atomic_int stop = 0;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bad); i++)
        sugu_assert_fails(sugu_printer_ipp_new(bad[i], &stop, &printer, &error), SUGU_REFUSED,
                          "settings.invalid", error);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(good); i++) {
        sugu_assert_ok(sugu_printer_ipp_new(good[i], &stop, &printer, &error), error);
        printer->ops->free(printer);
    }
    sugu_assert_ok(sugu_ipp_place_read("ipp://host/ipp/print", &place, &error), error);
    ck_assert_int_eq(place.port, 631);
    ck_assert_str_eq(place.resource, "/ipp/print");
}
END_TEST

START_TEST(nobody_listening_is_away_at_once)
{
    struct sugu_printer *printer;
    struct sugu_printer_look look;
    struct sugu_print_job job = {.title = "x", .pages = 1, .width = 100, .height = 100};
    struct sugu_error error;
    atomic_int stop = 0;
    int32_t number;

    sugu_assert_ok(sugu_printer_ipp_new("ipp://127.0.0.1:1/ipp/print", &stop, &printer, &error),
                   error);
    printer->ops->look(printer, NULL, &look);
    ck_assert_uint_eq(look.reasons, SUGU_PRINTER_AWAY);
    sugu_assert_fails(printer->ops->create(printer, &job, &number, &error), SUGU_RETRY,
                      "printer.away", error);
    job.number = 1;
    sugu_assert_fails(printer->ops->send(printer, &job, (const uint8_t *)"%PDF", 4, &error),
                      SUGU_RETRY, "printer.away", error);
    sugu_assert_fails(printer->ops->cancel(printer, &job, &error), SUGU_RETRY, "printer.away",
                      error);
    printer->ops->free(printer);
}
END_TEST

SUGU_TEST_MAIN("ipp",
               a_reason_is_known_with_any_suffix_and_nothing_else,
               out_needs_completed_all_pages_and_no_trouble,
               several_jobs_in_one_answer_are_told_apart,
               a_printer_says_what_it_takes_and_how_it_is,
               paper_is_asked_for_only_where_the_device_has_it,
               places_are_read_and_nonsense_is_refused,
               nobody_listening_is_away_at_once)
