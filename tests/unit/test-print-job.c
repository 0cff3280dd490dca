/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-print-job - every state and event of a paper
 */
#include "domain/print-job.h"

#include "base/random.h"

#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

#define NONE SUGU_PRINT_JOB_STATE_COUNT

/* The specification once more, by hand: [state][event] → next, NONE = refused. */
static const unsigned expected[SUGU_PRINT_JOB_STATE_COUNT][SUGU_PRINT_JOB_EVENT_COUNT] = {
    [SUGU_PRINT_JOB_QUEUED] = {[SUGU_PRINT_JOB_ON_SEND_BEGUN] = SUGU_PRINT_JOB_PRINTING,
                               [SUGU_PRINT_JOB_ON_NOT_SENT] = NONE,
                               [SUGU_PRINT_JOB_ON_CAME_OUT] = NONE,
                               [SUGU_PRINT_JOB_ON_ABORTED] = NONE,
                               [SUGU_PRINT_JOB_ON_FORGOTTEN] = NONE,
                               [SUGU_PRINT_JOB_ON_NOT_CONFIRMED] = NONE,
                               [SUGU_PRINT_JOB_ON_NOT_PRINTABLE] = SUGU_PRINT_JOB_FAILED,
                               [SUGU_PRINT_JOB_ON_GIVEN_UP] = SUGU_PRINT_JOB_FAILED,
                               [SUGU_PRINT_JOB_ON_CANCEL_LOST] = NONE},
    [SUGU_PRINT_JOB_PRINTING] = {[SUGU_PRINT_JOB_ON_SEND_BEGUN] = NONE,
                                 [SUGU_PRINT_JOB_ON_NOT_SENT] = SUGU_PRINT_JOB_QUEUED,
                                 [SUGU_PRINT_JOB_ON_CAME_OUT] = SUGU_PRINT_JOB_OUT,
                                 [SUGU_PRINT_JOB_ON_ABORTED] = SUGU_PRINT_JOB_FAILED,
                                 [SUGU_PRINT_JOB_ON_FORGOTTEN] = SUGU_PRINT_JOB_DOUBTFUL,
                                 [SUGU_PRINT_JOB_ON_NOT_CONFIRMED] = SUGU_PRINT_JOB_DOUBTFUL,
                                 [SUGU_PRINT_JOB_ON_NOT_PRINTABLE] = SUGU_PRINT_JOB_FAILED,
                                 [SUGU_PRINT_JOB_ON_GIVEN_UP] = SUGU_PRINT_JOB_PRINTING,
                                 [SUGU_PRINT_JOB_ON_CANCEL_LOST] = SUGU_PRINT_JOB_DOUBTFUL},
    [SUGU_PRINT_JOB_OUT] = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
    [SUGU_PRINT_JOB_FAILED] = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
    [SUGU_PRINT_JOB_DOUBTFUL] = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
};

START_TEST(every_state_and_event_is_as_specified)
{
    for (unsigned state = 0; state < SUGU_PRINT_JOB_STATE_COUNT; state++)
        for (unsigned event = 0; event < SUGU_PRINT_JOB_EVENT_COUNT; event++) {
            unsigned next = NONE;
            struct sugu_error error;
            enum sugu_status status = sugu_machine_step(&sugu_print_job_machine, state, event,
                                                        &next, /* ret_effects= */ NULL, &error);
            ck_assert_msg(next == expected[state][event], "state %u event %u: %u", state, event,
                          next);
            if (next == NONE) {
                ck_assert_uint_eq(status, SUGU_REFUSED);
                ck_assert_str_eq(error.code, "paper.not-allowed");
            }
        }
}
END_TEST

START_TEST(what_is_over_stays_over_and_is_told_and_forgotten)
{
    for (unsigned state = 0; state < SUGU_PRINT_JOB_STATE_COUNT; state++)
        for (unsigned event = 0; event < SUGU_PRINT_JOB_EVENT_COUNT; event++) {
            unsigned next = 0;
            uint32_t effects = 0;
            if (!sugu_machine_allows(&sugu_print_job_machine, state, event))
                continue;
            ck_assert(!sugu_print_job_is_over((enum sugu_print_job_state)state));
            ck_assert_uint_eq(
                sugu_machine_step(&sugu_print_job_machine, state, event, &next, &effects, NULL),
                SUGU_OK);
            if (sugu_print_job_is_over((enum sugu_print_job_state)next))
                ck_assert_uint_eq(effects, SUGU_PRINT_JOB_END);
            else
                ck_assert_uint_eq(effects & SUGU_PRINT_JOB_DO_FORGET, 0);
            if (next != state)
                ck_assert(effects & SUGU_PRINT_JOB_DO_TELL);
        }
}
END_TEST

START_TEST(no_walk_reaches_out_without_the_device_saying_so)
{
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 20261122);
    for (unsigned walk = 0; walk < 2000; walk++) {
        unsigned state = SUGU_PRINT_JOB_QUEUED, last_event = SUGU_PRINT_JOB_EVENT_COUNT;
        unsigned before = state;
        for (unsigned step = 0; step < 30; step++) {
            unsigned event =
                (unsigned)sugu_random_below(&seeded.random, SUGU_PRINT_JOB_EVENT_COUNT);
            unsigned next = 0;
            if (sugu_machine_step(&sugu_print_job_machine, state, event, &next, NULL, NULL) !=
                SUGU_OK)
                continue;
            before = state;
            state = next;
            last_event = event;
        }
        if (state == SUGU_PRINT_JOB_OUT) {
            ck_assert_uint_eq(last_event, SUGU_PRINT_JOB_ON_CAME_OUT);
            ck_assert_uint_eq(before, SUGU_PRINT_JOB_PRINTING);
        }
    }
}
END_TEST

START_TEST(its_picture_names_every_state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    sugu_machine_print(&sugu_print_job_machine, file);
    fclose(file);
    for (unsigned state = 0; state < SUGU_PRINT_JOB_STATE_COUNT; state++)
        ck_assert_ptr_nonnull(strstr(text, sugu_print_job_machine.states[state]));
    free(text);
}
END_TEST

SUGU_TEST_MAIN("print-job",
               every_state_and_event_is_as_specified,
               what_is_over_stays_over_and_is_told_and_forgotten,
               no_walk_reaches_out_without_the_device_saying_so,
               its_picture_names_every_state)
