/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visual-main - main of a test with GTK: one process, for a display does not survive a fork
 */
#pragma once

#include "kiosk-fixture.h"
#include "testlib/checks.h"

#define VISUAL_TEST_MAIN(suite, ...)                                                               \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        g_setenv("CK_FORK", "no", TRUE);                                                           \
        kiosk_fixture_start();                                                                     \
        return sugu_run_tests(suite, tests, SUGU_ARRAY_SIZE(tests), 0);                            \
    }
