/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print-command - the print engine behind ippeveprinter: pages, faults, papers that come out
 *
 * ippeveprinter runs it for each job with the document's file. Its standard error is the engine's
 * voice: STATE and ATTR lines. Faults are files in SUGU_PRINT_FOLDER/control (ipp-printer.h); it
 * waits for their going by inotify, and stops where the job was cancelled meanwhile: ippeveprinter
 * notes that and leaves it to the engine, so it is asked at SUGU_PRINT_PORT. What came out lands in
 * SUGU_PRINT_FOLDER/papers, named by job number and title, whole. Exit status 1 = the job is
 * aborted.
 */
#include <cups/cups.h>
#include <cups/raster.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LOOK_MS 100 /* between two questions whether the job was cancelled */

static char folder[512];

static bool
is_set(const char *fault)
{
    char path[600];

    snprintf(path, sizeof path, "%s/control/%s", folder, fault);
    return access(path, F_OK) == 0;
}

/* A number that ippeveprinter or its starter set; 0 where there is none. */
static int
number_of(const char *name)
{
    const char *text = getenv(name);

    return text ? (int)strtol(text, NULL, 10) : 0;
}

/* Has somebody cancelled this job? */
static bool
is_cancelled(void)
{
    http_t *http = httpConnect2("127.0.0.1", number_of("SUGU_PRINT_PORT"), NULL, AF_INET,
                                HTTP_ENCRYPTION_IF_REQUESTED, 1, 1000, NULL);
    ipp_t *request, *answer;
    bool is_so;

    if (!http)
        return false;
    request = ippNewRequest(IPP_OP_GET_JOB_ATTRIBUTES);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL,
                 "ipp://localhost/ipp/print");
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", number_of("IPP_JOB_ID"));
    answer = cupsDoRequest(http, request, "/ipp/print");
    is_so = ippContainsString(ippFindAttribute(answer, "job-state-reasons", IPP_TAG_KEYWORD),
                              "processing-to-stop-point");
    ippDelete(answer);
    httpClose(http);
    return is_so;
}

/* A cancelled job leaves nothing behind, not even the word that it suffered from. */
static void
stop_if_cancelled(const char *word)
{
    if (!is_cancelled())
        return;
    if (word)
        fprintf(stderr, "STATE: -%s\n", word);
    exit(EXIT_SUCCESS);
}

/* Until the fault is gone. The watch is older than the look, so no change is missed. */
static void
wait_while(const char *fault, const char *word)
{
    char path[600], events[4096];
    struct pollfd watch = {.fd = inotify_init1(IN_CLOEXEC), .events = POLLIN};

    snprintf(path, sizeof path, "%s/control", folder);
    inotify_add_watch(watch.fd, path, IN_DELETE | IN_MOVED_FROM);
    while (is_set(fault)) {
        if (poll(&watch, 1, LOOK_MS) > 0 && read(watch.fd, events, sizeof events) < 0 &&
            errno != EINTR)
            break;
        stop_if_cancelled(word);
    }
    close(watch.fd);
}

/* A fault that the printer shows by a word of its state. */
static void
suffer(const char *fault, const char *word)
{
    if (!is_set(fault))
        return;
    fprintf(stderr, "STATE: +%s\n", word);
    wait_while(fault, word);
    fprintf(stderr, "STATE: -%s\n", word);
}

static int
count_pdf_pages(const char *file)
{
    char command[700], line[200];
    FILE *pipe;
    int pages = 0;

    if (strchr(file, '\''))
        return 0;
    snprintf(command, sizeof command, "pdfinfo '%s' 2>/dev/null", file);
    pipe = popen(command, "re");
    while (pipe && fgets(line, sizeof line, pipe))
        if (strncmp(line, "Pages:", 6) == 0)
            pages = (int)strtol(line + 6, NULL, 10);
    if (pipe)
        pclose(pipe);
    return pages;
}

static int
count_raster_pages(const char *file)
{
    int input = open(file, O_RDONLY | O_CLOEXEC), pages = 0;
    cups_raster_t *raster = input < 0 ? NULL : cupsRasterOpen(input, CUPS_RASTER_READ);
    cups_page_header2_t header;

    while (raster && cupsRasterReadHeader2(raster, &header)) {
        unsigned char *line = malloc(header.cupsBytesPerLine);
        for (unsigned y = 0; y < header.cupsHeight; y++)
            if (cupsRasterReadPixels(raster, line, header.cupsBytesPerLine) == 0)
                return 0;
        free(line);
        pages++;
    }
    cupsRasterClose(raster);
    close(input);
    return pages;
}

/* Copies the document to papers/NNNN-TITLE.ending under a name that appears only when whole. */
static bool
put_out(const char *file, const char *ending)
{
    const char *title = getenv("IPP_JOB_NAME");
    char part[700], whole[700], buffer[65536];
    FILE *from = fopen(file, "re"), *to;
    size_t size;
    bool is_good;

    /* A device that was off counts its jobs from 1 again: the process id keeps names apart. */
    snprintf(whole, sizeof whole, "%s/papers/%04d-%d-%.100s.%s", folder, number_of("IPP_JOB_ID"),
             (int)getpid(), title ? title : "untitled", ending);
    snprintf(part, sizeof part, "%s/papers/.%d", folder, (int)getpid());
    to = fopen(part, "we");
    if (!from || !to)
        return false;
    while ((size = fread(buffer, 1, sizeof buffer, from)) > 0)
        fwrite(buffer, 1, size, to);
    is_good = !ferror(from) && !ferror(to);
    fclose(from);
    return fclose(to) == 0 && is_good && rename(part, whole) == 0;
}

static void
note_document(void)
{
    char path[600];
    int file;

    snprintf(path, sizeof path, "%s/control/%d.handed", folder, (int)getpid());
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
}

int
main(int argc, char **argv)
{
    const char *type = getenv("CONTENT_TYPE"), *home = getenv("SUGU_PRINT_FOLDER");
    bool is_pdf = type && strcmp(type, "application/pdf") == 0;
    int pages;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (argc < 2 || !home)
        return 1;
    snprintf(folder, sizeof folder, "%s", home);
    note_document();
    stop_if_cancelled(NULL);
    pages = is_pdf ? count_pdf_pages(argv[argc - 1]) : count_raster_pages(argv[argc - 1]);
    if (pages < 1) {
        fputs("ERROR: the document cannot be read\n", stderr);
        return 1;
    }
    fprintf(stderr, "ATTR: job-impressions=%d job-impressions-completed=0\n", pages);
    for (int page = 1; page <= pages; page++) {
        suffer("jam", "media-jam");
        suffer("cover", "cover-open");
        wait_while("hold", NULL);
        if (is_set("abort") && page == pages) {
            fputs("ERROR: the engine gave up\n", stderr);
            return 1;
        }
        if (!is_set("skip"))
            fprintf(stderr, "ATTR: job-impressions=%d job-impressions-completed=%d\n", pages, page);
    }
    if (is_set("skip"))
        return 0;
    return put_out(argv[argc - 1], is_pdf ? "pdf" : "pwg") ? 0 : 1;
}
