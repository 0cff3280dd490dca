/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checks - what every Check program needs: one main, one-line registration, readable failures
 *
 * A test program is:
 *
 *     START_TEST(a_called_ticket_cannot_be_cancelled) { … } END_TEST
 *     SUGU_TEST_MAIN("ticket", a_called_ticket_cannot_be_cancelled, …)
 */
#pragma once

#include "base/status.h"

#include <check.h>

/* Runs the tests under the suite's name; the exit status for main. */
int sugu_run_tests(const char *suite, const TTest *const *tests, size_t count, double timeout_s);

#define SUGU_TEST_MAIN(suite, ...) SUGU_TEST_MAIN_TIMEOUT(suite, 30, __VA_ARGS__)
#define SUGU_TEST_MAIN_TIMEOUT(suite, timeout_s, ...)                                              \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        return sugu_run_tests(suite, tests, SUGU_ARRAY_SIZE(tests), timeout_s);                    \
    }

/* The call returns the status; on a mismatch the failure shows code and detail. `error` is a
 * struct sugu_error variable that the call fills. */
#define sugu_assert_status(call, expected, error)                                                  \
    do {                                                                                           \
        enum sugu_status status_ = (call);                                                         \
        ck_assert_msg(status_ == (expected), "%s: %s, expected %s (%s: %s)", #call,                \
                      sugu_status_name(status_), sugu_status_name(expected),                       \
                      status_ == SUGU_OK ? "" : (error).code,                                      \
                      status_ == SUGU_OK ? "" : (error).detail);                                   \
    } while (0)
#define sugu_assert_ok(call, error) sugu_assert_status(call, SUGU_OK, error)
/* The call fails with this status and code. */
#define sugu_assert_fails(call, expected, code_, error)                                            \
    do {                                                                                           \
        sugu_assert_status(call, expected, error);                                                 \
        ck_assert_str_eq((error).code, code_);                                                     \
    } while (0)
