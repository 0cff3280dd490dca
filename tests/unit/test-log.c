/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-log - what a log line looks like and what it never holds
 */
#include "base/log.h"

#include "testlib/checks.h"
#include "testlib/child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct sugu_child child;

/* Runs in a child of its own, so that level and standard error are fresh. */
static const char *
logged(void (*run)(void *argument))
{
    sugu_child_run(run, /* argument= */ NULL, &child);
    ck_assert_int_eq(child.status, 0);
    ck_assert_str_eq(child.output, "");
    return child.errors;
}

static void
begin(void)
{
    unsetenv("SUGU_DEBUG");
    unsetenv("JOURNAL_STREAM");
    sugu_log_start("sugu-test");
}

static void
log_plain(void *argument)
{
    (void)argument;
    begin();
    sugu_log(SUGU_LOG_INFO, "ticket.issued", "number=%s wait_ms=%d", "A-042", 12);
    sugu_log(SUGU_LOG_WARNING, "server.away", "");
}

START_TEST(a_line_is_program_event_and_fields)
{
    ck_assert_str_eq(logged(log_plain),
                     "sugu-test: ticket.issued number=A-042 wait_ms=12\nsugu-test: server.away\n");
}
END_TEST

static void
log_dirty(void *argument)
{
    (void)argument;
    begin();
    sugu_log(SUGU_LOG_INFO, "x", "a=%s", "1\nsugu-test: forged\r\x1b[31m\x7f\xff");
}

START_TEST(a_value_cannot_forge_a_line_or_move_the_cursor)
{
    ck_assert_str_eq(logged(log_dirty), "sugu-test: x a=1?sugu-test: forged??[31m??\n");
}
END_TEST

static void
log_numbers(void *argument)
{
    (void)argument;
    begin();
    sugu_log(SUGU_LOG_INFO, "x", "short=%s long=%s", "12345678901", "123456789012");
    sugu_log(SUGU_LOG_INFO, "x", "a%sb %s", "4111111111111111", "0000000000000000000");
    sugu_log(SUGU_LOG_INFO, "x", "at the end %s", "987654321098");
}

START_TEST(a_run_of_twelve_digits_or_more_is_hidden_wherever_it_stands)
{
    ck_assert_str_eq(logged(log_numbers), "sugu-test: x short=12345678901 long=############\n"
                                          "sugu-test: x a################b ###################\n"
                                          "sugu-test: x at the end ############\n");
}
END_TEST

static void
log_levels(void *argument)
{
    (void)argument;
    begin();
    sugu_log(SUGU_LOG_DEBUG, "one", "");
    raise(SIGUSR1);
    sugu_log(SUGU_LOG_DEBUG, "two", "");
    raise(SIGUSR1);
    sugu_log(SUGU_LOG_DEBUG, "three", "");
    setenv("SUGU_DEBUG", "1", 1);
    sugu_log_start("sugu-test");
    sugu_log(SUGU_LOG_DEBUG, "four", "");
}

START_TEST(debug_lines_come_only_while_they_are_asked_for)
{
    ck_assert_str_eq(logged(log_levels), "sugu-test: two\nsugu-test: four\n");
}
END_TEST

static void
log_journal(void *argument)
{
    (void)argument;
    setenv("JOURNAL_STREAM", "8:1234", 1);
    unsetenv("SUGU_DEBUG");
    sugu_log_start("sugu-test");
    sugu_log(SUGU_LOG_ERROR, "a", "");
    sugu_log(SUGU_LOG_INFO, "b", "");
}

START_TEST(the_journal_gets_its_priorities)
{
    ck_assert_str_eq(logged(log_journal), "<3>sugu-test: a\n<6>sugu-test: b\n");
}
END_TEST

static void
log_error(void *argument)
{
    struct sugu_error error;

    (void)argument;
    begin();
    sugu_fail(&error, SUGU_UNKNOWN, "payment.no-answer", "silent for 250 ms");
    sugu_log_error(SUGU_LOG_ERROR, "attempt.unclear", &error);
}

START_TEST(an_error_is_logged_with_status_code_and_detail)
{
    ck_assert_str_eq(logged(log_error), "sugu-test: attempt.unclear status=UNKNOWN "
                                        "code=payment.no-answer detail=\"silent for 250 ms\"\n");
}
END_TEST

static void
log_long(void *argument)
{
    char text[5000];

    (void)argument;
    begin();
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    sugu_log(SUGU_LOG_INFO, "x", "a=%s", text);
}

START_TEST(a_line_that_is_too_long_is_cut_and_still_one_line)
{
    const char *line = logged(log_long);

    ck_assert_uint_le(strlen(line), 1024);
    ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
}
END_TEST

SUGU_TEST_MAIN("log",
               a_line_is_program_event_and_fields,
               a_value_cannot_forge_a_line_or_move_the_cursor,
               a_run_of_twelve_digits_or_more_is_hidden_wherever_it_stands,
               debug_lines_come_only_while_they_are_asked_for,
               the_journal_gets_its_priorities,
               an_error_is_logged_with_status_code_and_detail,
               a_line_that_is_too_long_is_cut_and_still_one_line)
