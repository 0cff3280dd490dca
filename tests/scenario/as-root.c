/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as-root - preloaded: a program that asks who runs it hears that it is root
 */
#include <sys/types.h>
#include <unistd.h>

uid_t
geteuid(void)
{
    return 0;
}
