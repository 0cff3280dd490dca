/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child - running a function in a child process and looking at how it ended
 */
#include "testlib/child.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_MS_MAX 20000

static int
new_file(void)
{
    int file = memfd_create("child", MFD_CLOEXEC);

    ck_assert_int_ge(file, 0);
    return file;
}

static void
take_text(int file, char *to, size_t size)
{
    ssize_t got = pread(file, to, size - 1, 0);

    ck_assert_int_ge(got, 0);
    to[got] = '\0';
    close(file);
}

void
sugu_child_run(void (*run)(void *argument), void *argument, struct sugu_child *ret_child)
{
    int output = new_file(), errors = new_file(), state;
    struct pollfd end = {.events = POLLIN};
    pid_t pid;

    fflush(NULL); /* or the child would write it again */
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(output, STDOUT_FILENO);
        dup2(errors, STDERR_FILENO);
        run(argument);
        exit(0);
    }
    end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
    ck_assert_int_ge(end.fd, 0);
    if (poll(&end, 1, CHILD_MS_MAX) != 1)
        kill(pid, SIGKILL);
    close(end.fd);
    ck_assert_int_eq(waitpid(pid, &state, 0), pid);
    ret_child->status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    ret_child->signal = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
    take_text(output, ret_child->output, sizeof ret_child->output);
    take_text(errors, ret_child->errors, sizeof ret_child->errors);
}
