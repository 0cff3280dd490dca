/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - real programs under a test: started, watched by their words, killed by their id
 */
#include "testlib/process.h"

#include "base/clock.h"
#include "base/text.h"

#include "testlib/checks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS 5 /* between two looks at a file or a process */

extern char **environ;

static void
run_child(const char *log, const char *const *argv, const char *const *environment, int input)
{
    int output = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing outlives the test */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    for (int i = 0; environment && environment[i]; i++)
        putenv((char *)environment[i]);
    execv(argv[0], (char *const *)argv);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

void
sugu_process_spawn(struct sugu_process *process,
                   const char *log,
                   const char *const *argv,
                   const char *const *environment)
{
    int pipes[2];

    memset(process, 0, sizeof *process);
    snprintf(process->log, sizeof process->log, "%s", log);
    ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
    process->pid = fork();
    ck_assert_int_ge(process->pid, 0);
    if (process->pid == 0)
        run_child(log, argv, environment, pipes[0]);
    close(pipes[0]);
    process->input = pipes[1];
}

void
sugu_process_say(struct sugu_process *process, const char *line)
{
    ck_assert_int_gt(dprintf(process->input, "%s\n", line), 0);
}

static void
pause_briefly(void)
{
    poll(NULL, 0, POLL_MS);
}

bool
sugu_process_is_running(struct sugu_process *process)
{
    siginfo_t info = {.si_pid = 0};

    return process->pid > 0 &&
           waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

static bool
find_line(const char *log, const char *words, long *offset, char *line, size_t size)
{
    FILE *file = fopen(log, "re");
    char text[4096];
    bool is_found = false;

    if (!file)
        return false;
    if (offset)
        fseek(file, *offset, SEEK_SET);
    while (!is_found && fgets(text, sizeof text, file)) {
        if (!strchr(text, '\n'))
            break; /* still being written */
        if (offset)
            *offset = ftell(file);
        is_found = strstr(text, words) != NULL;
    }
    fclose(file);
    if (is_found && line)
        sugu_text_copy(line, size, text);
    return is_found;
}

bool
sugu_process_has_said(
    struct sugu_process *process, const char *words, long *offset, char *line, size_t size)
{
    return find_line(process->log, words, offset, line, size);
}

void
sugu_process_expect(struct sugu_process *process,
                    const char *words,
                    long *offset,
                    char *line,
                    size_t size,
                    int wait_s)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + wait_s * SUGU_SECOND;

    while (!find_line(process->log, words, offset, line, size)) {
        bool is_running = sugu_process_is_running(process);
        if (is_running && clock->monotonic_us(clock) < until) {
            pause_briefly();
            continue;
        }
        if (find_line(process->log, words, offset, line, size))
            return; /* said just before it ended */
        if (!is_running)
            ck_abort_msg("%s: never said \"%s\"; it has ended: %d", process->log, words,
                         sugu_process_wait(process, 1));
        ck_abort_msg("%s: never said \"%s\"", process->log, words);
    }
}

static int
collect(struct sugu_process *process)
{
    int status = 0;

    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    process->pid = 0;
    if (process->input >= 0)
        close(process->input);
    process->input = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int
sugu_process_end(struct sugu_process *process, int signal)
{
    if (process->pid <= 0)
        return 0;
    kill(process->pid, signal);
    return sugu_process_wait(process, 20);
}

int
sugu_process_wait(struct sugu_process *process, int wait_s)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + wait_s * SUGU_SECOND;

    while (sugu_process_is_running(process)) {
        if (clock->monotonic_us(clock) > until) {
            kill(process->pid, SIGKILL);
            collect(process);
            ck_abort_msg("%s: did not end within %d s", process->log, wait_s);
        }
        pause_briefly();
    }
    return collect(process);
}

int
sugu_process_run(const char *log, const char *const *argv, const char *const *environment)
{
    struct sugu_process process;

    sugu_process_spawn(&process, log, argv, environment);
    return sugu_process_wait(&process, 60);
}

bool
sugu_wait_until(bool (*is_so)(void *user), void *user, int wait_s)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + wait_s * SUGU_SECOND;

    while (!is_so(user)) {
        if (clock->monotonic_us(clock) > until)
            return false;
        pause_briefly();
    }
    return true;
}
