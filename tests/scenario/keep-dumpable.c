/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep-dumpable - preloaded into a program whose memory a test wants to look at
 *
 * Sugu's programs forbid everyone to read their memory; this leaves out that one call and nothing
 * else, so that the test looks into the very program that is installed.
 */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
prctl(int option, ...)
{
    unsigned long values[4];
    va_list arguments;

    if (option == PR_SET_DUMPABLE)
        return 0;
    va_start(arguments, option);
    for (int i = 0; i < 4; i++)
        values[i] = va_arg(arguments, unsigned long);
    va_end(arguments);
    return (int)syscall(SYS_prctl, option, values[0], values[1], values[2], values[3]);
}
