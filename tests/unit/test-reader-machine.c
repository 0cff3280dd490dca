/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-reader-machine - the table of what lies on the reader
 */
#include "reader/watch.h"

#include "testlib/checks.h"

START_TEST(the_machine_stays_in_its_table)
{
    struct sugu_random_seeded random;
    unsigned state = SUGU_READER_AWAY, put = 0, taken = 0;

    sugu_random_seeded_init(&random, 5);
    for (int i = 0; i < 20000; i++) {
        unsigned event = (unsigned)sugu_random_below(&random.random, SUGU_READER_EVENT_COUNT);
        unsigned before = state;
        uint32_t effects = 0;

        if (sugu_machine_step(&sugu_reader_machine, state, event, &state, &effects, NULL) !=
            SUGU_OK) {
            ck_assert_uint_eq(before, state);
            continue;
        }
        put += !!(effects & SUGU_READER_DO_SAY_PUT);
        if (before == SUGU_READER_CARD)
            taken += !!(effects & SUGU_READER_DO_SAY_TAKEN);
        /* Whoever was announced is taken before anyone else is announced. */
        ck_assert_uint_eq(put - taken, state == SUGU_READER_CARD);
        ck_assert_int_eq(!!(effects & SUGU_READER_DO_SAY_AWAY),
                         before != SUGU_READER_AWAY && state == SUGU_READER_AWAY);
    }
    ck_assert_uint_gt(put, 100);
}
END_TEST

SUGU_TEST_MAIN("reader-machine", the_machine_stays_in_its_table)
