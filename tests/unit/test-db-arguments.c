/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-db-arguments - what a statement's parameters leave in memory
 */
#include "store/db-private.h"

#include "testlib/checks.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often the text stands in the heap, read past every owner. */
static int
count_in_heap(const char *text)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), count = 0;
    char line[512];

    ck_assert_ptr_nonnull(maps);
    ck_assert_int_ge(memory, 0);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        static char block[1 << 20];
        if (!strstr(line, "[heap]") || sscanf(line, "%lx-%lx", &from, &to) != 2)
            continue;
        for (; from < to; from += sizeof block / 2) { /* a text on a border is seen at least once */
            ssize_t got = pread(memory, block, sizeof block, (off_t)from);
            for (char *at = block;
                 got > 0 && (at = memmem(at, (size_t)(block + got - at), text, strlen(text))); at++)
                count++;
        }
    }
    close(memory);
    fclose(maps);
    return count;
}

START_TEST(a_name_that_had_to_move_leaves_nothing_behind)
{
    struct sugu_db *db = sugu_db_new("", sugu_clock_system());
    char name[100], *large = malloc(1 << 20);

    for (size_t i = 0; i < sizeof name - 1; i++) /* nowhere else in memory */
        name[i] = (char)('a' + i * i % 23);
    name[sizeof name - 1] = '\0';
    ck_assert_ptr_nonnull(large);
    memset(large, 'x', (1 << 20) - 1);
    large[(1 << 20) - 1] = '\0';
    sugu_db_put_text(db, name);
    sugu_db_put_text(db, name + 20);
    if (!SUGU_HAS_ASAN) /* its heap is elsewhere */
        ck_assert_int_gt(count_in_heap(name + 40), 0);
    sugu_db_put_text(db, large);
    ck_assert_int_eq(count_in_heap(name + 40), 0);
    free(large);
    sugu_db_free(db);
}
END_TEST

SUGU_TEST_MAIN("db-arguments", a_name_that_had_to_move_leaves_nothing_behind)
