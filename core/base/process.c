/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - what every program does before it touches anything
 */
#include "base/process.h"

#include "base/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

void
sugu_process_start(const char *name)
{
    struct rlimit no_core = {0, 0};
    int file;

    while ((file = open("/dev/null", O_RDWR)) >= 0 && file <= STDERR_FILENO)
        continue;
    if (file >= 0)
        close(file);
    if (!SUGU_HAS_ASAN) /* its search for leaks attaches to the process at the end */
        prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    umask(0077);
    signal(SIGPIPE, SIG_IGN);
    sugu_log_start(name);
}

void
sugu_process_refuse_root(const char *name)
{
    if (geteuid() != 0)
        return;
    fprintf(stderr, "%s: refuses to run as root; start it as an ordinary user\n", name);
    exit(SUGU_EXIT_USAGE);
}

int
sugu_process_stop_fd(void)
{
    sigset_t signals;
    int file;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    file = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (file < 0)
        abort();
    return file;
}

static int
exit_status(const struct sugu_error *error)
{
    static const struct {
        const char *prefix;
        int status;
    } rows[] = {
        {"settings.", SUGU_EXIT_SETTINGS},
        {"fee.master", SUGU_EXIT_DATA},
        {"command.", SUGU_EXIT_USAGE},
        {"disk.full", SUGU_EXIT_NO_SPACE},
        {"store.full", SUGU_EXIT_NO_SPACE},
        {"file.", SUGU_EXIT_CANNOT_CREATE},
        {"store.", SUGU_EXIT_UNAVAILABLE},
        {"server.", SUGU_EXIT_UNAVAILABLE},
        {"terminal.", SUGU_EXIT_UNAVAILABLE},
        {"device.", SUGU_EXIT_UNAVAILABLE},
        {"bug.", SUGU_EXIT_BUG},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strncmp(error->code, rows[i].prefix, strlen(rows[i].prefix)) == 0)
            return rows[i].status;
    return SUGU_EXIT_FAILED;
}

void
sugu_process_die(const char *name, const struct sugu_error *error)
{
    fprintf(stderr, "%s: %s [%s]\n%s: %s\n", name, error->detail, error->code, name,
            sugu_code_find(error->code)->staff);
    exit(exit_status(error));
}
