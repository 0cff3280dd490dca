/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp-printer - a real IPP printer with faults that can be set
 */
#include "testlib/ipp-printer.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <cups/cups.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_US_MAX (20 * SUGU_SECOND)

const char *
ipp_printer_fault_name(enum sugu_fault fault)
{
    static const char *const names[SUGU_FAULT_COUNT] = {
        [SUGU_FAULT_JAM] = "jam",
        [SUGU_FAULT_COVER_OPEN] = "cover",
        [SUGU_FAULT_HOLD] = "hold",
        [SUGU_FAULT_ABORT] = "abort",
        [SUGU_FAULT_SKIP] = "skip",
        [SUGU_FAULT_PAPER_OUT] = "paper-out",
        [SUGU_FAULT_PAPER_LOW] = "paper-low",
    };

    return names[fault];
}

pid_t
ipp_printer_spawn(char *const argv[], const char *log)
{
    pid_t parent = getpid(), child = fork();
    sigset_t none;

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    {
        int file = open(log ? log : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        close(file);
    }
    execvp(argv[0], argv);
    _exit(127);
}

void
ipp_printer_reap(pid_t child, int signal)
{
    if (child <= 0)
        return;
    kill(-child, signal); /* with what it started */
    kill(child, signal);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static int
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = -1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(file, (struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(file, (struct sockaddr *)&address, &size) == 0)
        port = ntohs(address.sin_port);
    close(file);
    return port;
}

/* Does the printer answer Get-Printer-Attributes? */
static bool
answers(const struct ipp_printer *printer)
{
    http_t *http = httpConnect2("127.0.0.1", printer->port, NULL, AF_INET,
                                HTTP_ENCRYPTION_IF_REQUESTED, 1, 1000, NULL);
    ipp_t *request = ippNewRequest(IPP_OP_GET_PRINTER_ATTRIBUTES), *answer;
    bool is_good;

    if (!http) {
        ippDelete(request);
        return false;
    }
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, printer->uri);
    answer = cupsDoRequest(http, request, "/ipp/print");
    is_good = answer && ippGetStatusCode(answer) <= IPP_STATUS_OK_EVENTS_COMPLETE;
    ippDelete(answer);
    httpClose(http);
    return is_good;
}

/* Looks again every few milliseconds: there is no event for "it listens". */
static bool
wait_until(bool (*is_so)(const struct ipp_printer *),
           const struct ipp_printer *printer,
           pid_t child)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + START_US_MAX;

    while (!is_so(printer)) {
        if (clock->monotonic_us(clock) > until || waitpid(child, NULL, WNOHANG) == child)
            return false;
        poll(NULL, 0, 10);
    }
    return true;
}

static bool
has_bus(const struct ipp_printer *printer)
{
    char path[600];

    snprintf(path, sizeof path, "%s/bus", printer->folder);
    return access(path, F_OK) == 0;
}

const char *
ipp_printer_on(struct ipp_printer *printer)
{
    char spool[560], log[560], port[12];
    char *argv[] = {"ippeveprinter",
                    "-r",
                    "off",
                    "-p",
                    port,
                    "-n",
                    "localhost",
                    "-d",
                    spool,
                    "-f",
                    printer->formats,
                    "-c",
                    SUGU_PRINT_COMMAND,
                    "Sugu test printer",
                    NULL};

    snprintf(spool, sizeof spool, "%s/spool", printer->folder);
    snprintf(log, sizeof log, "%s/ippeveprinter.log", printer->folder);
    snprintf(port, sizeof port, "%d", printer->port);
    setenv("SUGU_PRINT_PORT", port, 1); /* for print-command */
    printer->device = ipp_printer_spawn(argv, log);
    if (wait_until(answers, printer, printer->device))
        return NULL;
    ipp_printer_reap(printer->device, SIGKILL);
    printer->device = 0;
    return "ippeveprinter did not answer; see ippeveprinter.log (package cups-ipp-utils)";
}

void
ipp_printer_off(struct ipp_printer *printer)
{
    ipp_printer_reap(printer->device, SIGKILL);
    printer->device = 0;
}

static const char *
start_bus(struct ipp_printer *printer)
{
    char address[600], log[600], path[600];
    char *argv[] = {"dbus-daemon", "--session", "--nofork", "--nopidfile", address, NULL};

    snprintf(path, sizeof path, "%s/bus", printer->folder);
    unlink(path);
    snprintf(address, sizeof address, "--address=unix:path=%s/bus", printer->folder);
    snprintf(log, sizeof log, "%s/dbus.log", printer->folder);
    printer->bus = ipp_printer_spawn(argv, log);
    if (!wait_until(has_bus, printer, printer->bus))
        return "dbus-daemon did not start; see dbus.log (package dbus)";
    snprintf(address, sizeof address, "unix:path=%s/bus", printer->folder);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
    return NULL;
}

const char *
ipp_printer_start(struct ipp_printer *printer, const char *folder, const char *formats)
{
    static const char *const parts[] = {"", "/spool", "/control", "/papers"};
    const char *problem;

    *printer = (struct ipp_printer){.port = 0};
    snprintf(printer->folder, sizeof printer->folder, "%s", folder);
    snprintf(printer->formats, sizeof printer->formats, "%s", formats);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s%s", folder, parts[i]);
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return "cannot make the printer's folder";
    }
    setenv("SUGU_PRINT_FOLDER", folder, 1); /* for print-command */
    problem = start_bus(printer);
    /* Someone else may take the free port before ippeveprinter does: choose another one then. */
    for (int i = 0; i < 5 && !problem && !printer->device; i++) {
        printer->port = free_port();
        snprintf(printer->uri, sizeof printer->uri, "ipp://127.0.0.1:%d/ipp/print", printer->port);
        ipp_printer_on(printer);
    }
    if (!problem && !printer->device)
        problem = "ippeveprinter did not answer; see ippeveprinter.log (package cups-ipp-utils)";
    if (problem)
        ipp_printer_stop(printer);
    return problem;
}

void
ipp_printer_stop(struct ipp_printer *printer)
{
    ipp_printer_reap(printer->device, SIGKILL);
    ipp_printer_reap(printer->bus, SIGTERM);
    printer->device = printer->bus = 0;
}

/* The web form, whole: an incomplete one empties the printer's trays for good. */
static bool
set_sheets(const struct ipp_printer *printer, int sheets)
{
    http_t *http = httpConnect2("127.0.0.1", printer->port, NULL, AF_INET,
                                HTTP_ENCRYPTION_IF_REQUESTED, 1, 3000, NULL);
    char path[300], buffer[4096];
    http_status_t status = HTTP_STATUS_CONTINUE;

    if (!http)
        return false;
    snprintf(path, sizeof path,
             "/media?size1=iso_a4_210x297mm&type1=stationery&level1=%d"
             "&size3=na_number-10_4.125x9.5in&type3=envelope&level3=25",
             sheets);
    httpClearFields(http);
    httpSetField(http, HTTP_FIELD_HOST, "localhost");
    if (httpGet(http, path) == 0)
        while ((status = httpUpdate(http)) == HTTP_STATUS_CONTINUE)
            continue;
    while (status == HTTP_STATUS_OK && httpRead2(http, buffer, sizeof buffer) > 0)
        continue;
    httpClose(http);
    return status == HTTP_STATUS_OK;
}

bool
ipp_printer_set_fault(struct ipp_printer *printer, enum sugu_fault fault, bool is_on)
{
    char path[600];
    int file;

    if (fault == SUGU_FAULT_PAPER_OUT || fault == SUGU_FAULT_PAPER_LOW)
        return set_sheets(printer, !is_on ? 250 : fault == SUGU_FAULT_PAPER_OUT ? 0 : 5);
    snprintf(path, sizeof path, "%s/control/%s", printer->folder, ipp_printer_fault_name(fault));
    if (!is_on)
        return unlink(path) == 0 || errno == ENOENT;
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static unsigned
count_files(const struct ipp_printer *printer, const char *part, const char *ending)
{
    char path[600];
    DIR *files;
    struct dirent *entry;
    unsigned count = 0;

    snprintf(path, sizeof path, "%s/%s", printer->folder, part);
    files = opendir(path);
    while (files && (entry = readdir(files))) {
        size_t length = strlen(entry->d_name), end = strlen(ending);
        count += entry->d_name[0] != '.' && length > end &&
                 strcmp(entry->d_name + length - end, ending) == 0;
    }
    if (files)
        closedir(files);
    return count;
}

unsigned
ipp_printer_papers(const struct ipp_printer *printer)
{
    return count_files(printer, "papers", ".pdf") + count_files(printer, "papers", ".pwg");
}

unsigned
ipp_printer_documents(const struct ipp_printer *printer)
{
    return count_files(printer, "control", ".handed");
}
