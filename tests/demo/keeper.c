/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keeper - runs a function in a process of its own and leaves nothing of it running
 */
#include "demo/keeper.h"

#include "base/clock.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLITE_US (5 * SUGU_SECOND) /* for an end of one's own accord */
#define LOOK_NS   (50 * 1000 * 1000)

static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

static sigset_t
heard_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        sigaddset(&set, stops[i]);
    return set;
}

/*
 * In the child, which does not outlive the keeper. It goes on hearing none of the signals: Ctrl-C
 * comes to it too, and what Check does with it in a process that does not fork is to kill the whole
 * process group, the shell included.
 */
static void
become_player(void)
{
    sigset_t child;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_UNBLOCK, &child, NULL);
}

static pid_t
parent_of(const char *pid)
{
    char path[64], line[512], *end = NULL;
    FILE *file;
    int parent = 0;

    snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
    file = fopen(path, "re");
    if (file && fgets(line, sizeof line, file))
        for (char *at = line; *at; at++) /* behind the name, which may hold anything */
            if (*at == ')')
                end = at;
    if (file)
        fclose(file);
    return end && sscanf(end, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* Sends the signal to everything that is our child by now. */
static void
signal_children(int signal)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;

    while (folder && (entry = readdir(folder)))
        if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == getpid())
            kill((pid_t)strtol(entry->d_name, NULL, 10), signal);
    if (folder)
        closedir(folder);
}

/* Takes in all that have ended; true where nobody is left. */
static bool
collect(pid_t player, int *player_status)
{
    pid_t pid;
    int status;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == player)
            *player_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return pid < 0 && errno == ECHILD;
}

/* An ended parent gives its children to us: until there are none. */
static void
sweep(pid_t player, int *player_status)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t polite_until = clock->monotonic_us(clock) + POLITE_US;
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    while (!collect(player, player_status)) {
        signal_children(clock->monotonic_us(clock) < polite_until ? SIGTERM : SIGKILL);
        sigtimedwait(&child, NULL, &(struct timespec){.tv_nsec = LOOK_NS});
    }
}

int
keeper_run(int (*play)(void *user), void *user)
{
    sigset_t heard = heard_signals();
    int status = -1, signal;
    pid_t player;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigprocmask(SIG_BLOCK, &heard, NULL);
    fflush(NULL);
    player = fork();
    if (player < 0)
        return 71;
    if (player == 0) {
        become_player();
        exit(play(user));
    }
    while (status < 0) {
        signal = sigwaitinfo(&heard, NULL);
        if (signal > 0 && signal != SIGCHLD) {
            kill(player, SIGKILL);
            sweep(player, &status);
            return 128 + signal;
        }
        collect(player, &status);
    }
    sweep(player, &status);
    return status;
}
