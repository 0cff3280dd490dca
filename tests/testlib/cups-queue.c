/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cups-queue - a private CUPS scheduler with one queue that leads to a device
 */
#include "testlib/cups-queue.h"

#include "base/clock.h"
#include "testlib/ipp-printer.h"

#include <cups/cups.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_US_MAX (20 * SUGU_SECOND)
#define BACKEND      "/usr/lib/cups/backend/ipp"

static bool
make_folders(const char *folder)
{
    static const char *const parts[] = {"",
                                        "/server",
                                        "/server/ppd",
                                        "/server/ssl",
                                        "/spool",
                                        "/cache",
                                        "/state",
                                        "/tmp",
                                        "/bin",
                                        "/bin/backend",
                                        "/bin/filter",
                                        "/bin/notifier",
                                        "/bin/cgi-bin",
                                        "/bin/driver"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s%s", folder, parts[i]);
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool
copy_backend(const char *folder)
{
    char path[400], buffer[65536];
    FILE *from = fopen(BACKEND, "re"), *to;
    size_t size;
    bool is_good;

    snprintf(path, sizeof path, "%s/bin/backend/ipp", folder);
    to = fopen(path, "we");
    if (!from || !to)
        return false;
    while ((size = fread(buffer, 1, sizeof buffer, from)) > 0)
        fwrite(buffer, 1, size, to);
    is_good = !ferror(from) && !ferror(to);
    fclose(from);
    is_good = fclose(to) == 0 && is_good && chmod(path, 0700) == 0;
    snprintf(path, sizeof path, "%s/bin/daemon", folder); /* cups-exec, which starts backends */
    return is_good && (symlink("/usr/lib/cups/daemon", path) == 0 || errno == EEXIST);
}

static bool
write_settings(const char *folder, const char *socket)
{
    char path[400];
    FILE *file;

    snprintf(path, sizeof path, "%s/cupsd.conf", folder);
    file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file,
            "Listen %s\nLogLevel debug\nMaxLogSize 0\nBrowsing Off\nDefaultAuthType "
            "None\nWebInterface No\n"
            "JobRetryInterval 1\n"
            "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
            "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n",
            socket);
    fclose(file);
    snprintf(path, sizeof path, "%s/cups-files.conf", folder);
    file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file,
            "ServerRoot %s/server\nServerBin %s/bin\nRequestRoot %s/spool\nCacheDir %s/cache\n"
            "StateDir %s/state\nTempDir %s/tmp\nAccessLog %s/access.log\nErrorLog %s/error.log\n"
            "PageLog %s/page.log\nPrintcap\n",
            folder, folder, folder, folder, folder, folder, folder, folder, folder);
    return fclose(file) == 0;
}

/* A raw queue: the document goes to the device as it is. */
static bool
add_queue(const char *socket, const char *device_uri)
{
    http_t *http = httpConnect2(socket, 631, NULL, AF_UNSPEC, HTTP_ENCRYPTION_NEVER, 1, 1000, NULL);
    ipp_t *request, *answer;
    bool is_good;

    if (!http)
        return false;
    request = ippNewRequest(IPP_OP_CUPS_ADD_MODIFY_PRINTER);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL,
                 "ipp://localhost/printers/kiosk");
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "root");
    ippAddString(request, IPP_TAG_PRINTER, IPP_TAG_URI, "device-uri", NULL, device_uri);
    ippAddBoolean(request, IPP_TAG_PRINTER, "printer-is-accepting-jobs", 1);
    ippAddInteger(request, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
    answer = cupsDoRequest(http, request, "/admin/");
    is_good = answer && ippGetStatusCode(answer) <= IPP_STATUS_OK_EVENTS_COMPLETE;
    ippDelete(answer);
    httpClose(http);
    return is_good;
}

const char *
cups_queue_start(struct cups_queue *queue, const char *folder, const char *device_uri)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + START_US_MAX;
    char settings[400], files[400], log[400];
    char *argv[] = {"/usr/sbin/cupsd", "-f", "-c", settings, "-s", files, NULL};

    *queue = (struct cups_queue){.scheduler = 0};
    if (access("/usr/sbin/cupsd", X_OK) < 0 || access(BACKEND, R_OK) < 0)
        return "no cupsd (package cups-daemon)";
    snprintf(queue->socket, sizeof queue->socket, "%s/sock", folder);
    snprintf(settings, sizeof settings, "%s/cupsd.conf", folder);
    snprintf(files, sizeof files, "%s/cups-files.conf", folder);
    snprintf(log, sizeof log, "%s/cupsd.log", folder);
    if (!make_folders(folder) || !copy_backend(folder) || !write_settings(folder, queue->socket))
        return "the scheduler's folder cannot be written";
    queue->scheduler = ipp_printer_spawn(argv, log);
    while (!add_queue(queue->socket, device_uri)) {
        if (clock->monotonic_us(clock) > until ||
            waitpid(queue->scheduler, NULL, WNOHANG) == queue->scheduler) {
            cups_queue_stop(queue);
            return "cupsd does not run as this user";
        }
        poll(NULL, 0, 10);
    }
    setenv("CUPS_SERVER", queue->socket, 1);
    return NULL;
}

void
cups_queue_stop(struct cups_queue *queue)
{
    ipp_printer_reap(queue->scheduler, SIGTERM);
    queue->scheduler = 0;
}
