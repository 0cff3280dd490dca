/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-printer FOLDER - the test printer for the demo, led by lines on standard input
 *
 * Prints its address as the first line, then obeys:
 *   paper out | paper low | paper in     the tray
 *   jam on | jam off, cover on | off, hold on | off, abort on | off, skip on | off
 *   off | on                             the power
 *   papers                               how many came out
 * and answers each with "ok", a number or "failed". Ends with its input. What came out lies in
 * FOLDER/papers.
 */
#include "testlib/ipp-printer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "jam" alone is "jam on". */
static bool
obey_fault(struct ipp_printer *printer, const char *name, const char *value)
{
    for (int i = 0; i < SUGU_FAULT_PAPER_OUT; i++)
        if (strcmp(name, ipp_printer_fault_name((enum sugu_fault)i)) == 0)
            return ipp_printer_set_fault(printer, (enum sugu_fault)i, strcmp(value, "off") != 0);
    return false;
}

static bool
obey(struct ipp_printer *printer, const char *name, const char *value)
{
    if (strcmp(name, "paper") == 0 && strcmp(value, "out") == 0)
        return ipp_printer_set_fault(printer, SUGU_FAULT_PAPER_OUT, true);
    if (strcmp(name, "paper") == 0 && strcmp(value, "low") == 0)
        return ipp_printer_set_fault(printer, SUGU_FAULT_PAPER_LOW, true);
    if (strcmp(name, "paper") == 0 && strcmp(value, "in") == 0)
        return ipp_printer_set_fault(printer, SUGU_FAULT_PAPER_OUT, false);
    if (strcmp(name, "off") == 0) {
        ipp_printer_off(printer);
        return true;
    }
    if (strcmp(name, "on") == 0)
        return printer->device > 0 || ipp_printer_on(printer) == NULL;
    return obey_fault(printer, name, value);
}

int
main(int argc, char **argv)
{
    struct ipp_printer printer;
    const char *problem;
    char line[200];

    if (argc != 2 || argv[1][0] != '/') {
        fputs("Usage: emulate-printer /ABSOLUTE/FOLDER\n", stderr);
        return 64;
    }
    problem = ipp_printer_start(&printer, argv[1], "application/pdf,image/pwg-raster");
    if (problem) {
        fprintf(stderr, "emulate-printer: %s\n", problem);
        return 1;
    }
    printf("%s\n", printer.uri);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        char name[32] = "", value[32] = "";
        int words = sscanf(line, "%31s %31s", name, value);
        if (words < 1)
            continue;
        if (strcmp(name, "papers") == 0)
            printf("%u\n", ipp_printer_papers(&printer));
        else
            puts(obey(&printer, name, value) ? "ok" : "failed");
        fflush(stdout);
    }
    ipp_printer_stop(&printer);
    return 0;
}
