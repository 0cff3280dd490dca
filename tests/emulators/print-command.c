/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print-command - the print engine behind ippeveprinter: pages, faults, papers that come out
 *
 * ippeveprinter runs it for each job with the document's file. Its standard error is the engine's
 * voice: STATE and ATTR lines. Faults are files in SUGU_PRINT_FOLDER/control (ipp-printer.h); it
 * waits for their going by inotify. What came out lands in SUGU_PRINT_FOLDER/papers, named by job
 * number and title, whole. Exit status 1 = the job is aborted.
 */
#include <cups/raster.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <unistd.h>

static char folder[512];

static bool
is_set(const char *fault)
{
    char path[600];

    snprintf(path, sizeof path, "%s/control/%s", folder, fault);
    return access(path, F_OK) == 0;
}

/* Until the fault is gone. The watch is older than the look, so no change is missed. */
static void
wait_while(const char *fault)
{
    char path[600], events[4096];
    int watch = inotify_init1(IN_CLOEXEC);

    snprintf(path, sizeof path, "%s/control", folder);
    inotify_add_watch(watch, path, IN_DELETE | IN_MOVED_FROM);
    while (is_set(fault))
        if (read(watch, events, sizeof events) < 0 && errno != EINTR)
            break;
    close(watch);
}

/* A fault that the printer shows by a word of its state. */
static void
suffer(const char *fault, const char *word)
{
    if (!is_set(fault))
        return;
    fprintf(stderr, "STATE: +%s\n", word);
    wait_while(fault);
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
    const char *title = getenv("IPP_JOB_NAME"), *number = getenv("IPP_JOB_ID");
    char part[700], whole[700], buffer[65536];
    FILE *from = fopen(file, "re"), *to;
    size_t size;
    bool is_good;

    /* A device that was off counts its jobs from 1 again: the process id keeps names apart. */
    snprintf(whole, sizeof whole, "%s/papers/%04ld-%d-%.100s.%s", folder,
             number ? strtol(number, NULL, 10) : 0, (int)getpid(), title ? title : "untitled",
             ending);
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
    pages = is_pdf ? count_pdf_pages(argv[argc - 1]) : count_raster_pages(argv[argc - 1]);
    if (pages < 1) {
        fputs("ERROR: the document cannot be read\n", stderr);
        return 1;
    }
    fprintf(stderr, "ATTR: job-impressions=%d job-impressions-completed=0\n", pages);
    for (int page = 1; page <= pages; page++) {
        suffer("jam", "media-jam");
        suffer("cover", "cover-open");
        wait_while("hold");
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
