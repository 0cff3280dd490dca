/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checks - one main for every Check program
 */
#include "testlib/checks.h"

#include <stdlib.h>

int
sugu_run_tests(const char *suite, const TTest *const *tests, size_t count, double timeout_s)
{
    Suite *suite_ = suite_create(suite);
    TCase *tcase = tcase_create(suite);
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_set_timeout(tcase, timeout_s);
    suite_add_tcase(suite_, tcase);
    runner = srunner_create(suite_);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
