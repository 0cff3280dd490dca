/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-process - what a program does before it touches anything, and how it ends
 */
#include "base/process.h"

#include "testlib/checks.h"
#include "testlib/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct sugu_child child;

/* Stands before the C library's: tests do not run as root, so one of them pretends to. */
static uid_t pretended_user = 1000;

uid_t
geteuid(void)
{
    return pretended_user;
}

/* In a child, a failed check cannot be an assertion of Check; it is an exit status. */
static void
need(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "not so: %s\n", what);
    exit(99);
}

static void
start_and_look(void *argument)
{
    struct rlimit core;
    struct sigaction pipe_action;

    (void)argument;
    sugu_process_start("sugu-test");
    need(SUGU_HAS_ASAN || prctl(PR_GET_DUMPABLE) == 0, "no core dumps and no ptrace");
    need(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0, "core limit 0");
    need(umask(0) == 0077, "umask 0077");
    need(sigaction(SIGPIPE, NULL, &pipe_action) == 0 && pipe_action.sa_handler == SIG_IGN,
         "SIGPIPE ignored");
}

START_TEST(a_started_program_leaves_no_core_and_no_open_file_rights)
{
    sugu_child_run(start_and_look, /* argument= */ NULL, &child);
    ck_assert_msg(child.status == 0, "%d: %s", child.status, child.errors);
}
END_TEST

static void
start_without_descriptors(void *argument)
{
    int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
    bool is_good = true;

    (void)argument;
    for (int file = 0; file <= STDERR_FILENO; file++)
        close(file);
    sugu_process_start("sugu-test");
    for (int file = 0; file <= STDERR_FILENO; file++)
        is_good = is_good && fcntl(file, F_GETFD) >= 0;
    is_good = is_good && open("/dev/null", O_RDONLY) > STDERR_FILENO;
    dup2(kept, STDERR_FILENO);
    need(is_good, "descriptors 0 to 2 are open");
}

START_TEST(a_port_never_becomes_descriptor_zero)
{
    sugu_child_run(start_without_descriptors, /* argument= */ NULL, &child);
    ck_assert_msg(child.status == 0, "%d: %s", child.status, child.errors);
}
END_TEST

static void
start_as_root(void *argument)
{
    (void)argument;
    pretended_user = 0;
    sugu_process_start("sugu-test");
    sugu_process_refuse_root("sugu-test");
}

START_TEST(root_is_refused_and_told_what_to_do)
{
    sugu_child_run(start_as_root, /* argument= */ NULL, &child);
    ck_assert_int_eq(child.status, SUGU_EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(child.errors, "sugu-test: "));
    ck_assert_ptr_nonnull(strstr(child.errors, "ordinary user"));
}
END_TEST

static void
stop_by_signal(void *argument)
{
    const int *number = argument;
    struct pollfd stop = {.fd = sugu_process_stop_fd(), .events = POLLIN};

    need(poll(&stop, 1, 0) == 0, "not readable before the signal");
    need(fcntl(stop.fd, F_GETFD) & FD_CLOEXEC, "not inherited by programs that are started");
    kill(getpid(), *number);
    need(poll(&stop, 1, 5000) == 1, "readable after the signal");
}

START_TEST(sigterm_and_sigint_make_the_stop_descriptor_readable)
{
    int numbers[] = {SIGTERM, SIGINT};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(numbers); i++) {
        sugu_child_run(stop_by_signal, &numbers[i], &child);
        ck_assert_msg(child.status == 0 && child.signal == 0, "%d: %s", numbers[i], child.errors);
    }
}
END_TEST

static void
die_of(void *argument)
{
    struct sugu_error error;

    sugu_fail(&error, SUGU_BROKEN, argument, "the detail");
    sugu_process_die("sugu-test", &error);
}

START_TEST(the_exit_status_tells_a_script_what_is_wrong)
{
    static const struct {
        const char *code;
        int status;
    } rows[] = {
        {"settings.invalid", SUGU_EXIT_SETTINGS},  {"disk.full", SUGU_EXIT_NO_SPACE},
        {"store.full", SUGU_EXIT_NO_SPACE},        {"file.not-written", SUGU_EXIT_CANNOT_CREATE},
        {"store.away", SUGU_EXIT_UNAVAILABLE},     {"server.away", SUGU_EXIT_UNAVAILABLE},
        {"terminal.away", SUGU_EXIT_UNAVAILABLE},  {"bug.unexpected", SUGU_EXIT_BUG},
        {"request.not-allowed", SUGU_EXIT_FAILED}, {"command.invalid", SUGU_EXIT_USAGE},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        sugu_child_run(die_of, (void *)(uintptr_t)rows[i].code, &child);
        ck_assert_msg(child.status == rows[i].status, "%s: %d", rows[i].code, child.status);
    }
}
END_TEST

START_TEST(who_dies_says_what_happened_and_what_to_do_whatever_the_code)
{
    size_t count;
    const struct sugu_code *codes = sugu_codes(&count);

    for (size_t i = 0; i < count; i++) {
        sugu_child_run(die_of, (void *)(uintptr_t)codes[i].code, &child);
        ck_assert_msg(child.status > 0, "%s: %d", codes[i].code, child.status);
        ck_assert_ptr_nonnull(strstr(child.errors, "the detail"));
        ck_assert_ptr_nonnull(strstr(child.errors, codes[i].code));
        ck_assert_ptr_nonnull(strstr(child.errors, codes[i].staff));
    }
}
END_TEST

SUGU_TEST_MAIN("process",
               a_started_program_leaves_no_core_and_no_open_file_rights,
               a_port_never_becomes_descriptor_zero,
               root_is_refused_and_told_what_to_do,
               sigterm_and_sigint_make_the_stop_descriptor_readable,
               the_exit_status_tells_a_script_what_is_wrong,
               who_dies_says_what_happened_and_what_to_do_whatever_the_code)
