/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-printer-queue - papers through a CUPS queue, believed only on the device's word
 */
#include "testlib/checks.h"
#include "testlib/cups-queue.h"
#include "testlib/printer-world.h"

#include <stdio.h>
#include <stdlib.h>

#define PDF "application/pdf"

static struct printer_world *
new_world(struct cups_queue *queue)
{
    struct printer_world *world = world_new(PDF);
    const char *problem;
    char folder[128];

    snprintf(folder, sizeof folder, "%s/cups", world->folder);
    problem = cups_queue_start(queue, folder, world->device.uri);
    ck_assert_msg(!problem, "%s", problem);
    snprintf(world->where, sizeof world->where, "cups:kiosk");
    return world;
}

static void
order(struct printer_world *world, const struct sample_order *sample)
{
    char code[64];

    ck_assert_int_eq(world_order(world, &sample->order, code), SUGU__STATUS__OK);
}

START_TEST(a_paper_through_the_queue_is_out_when_the_device_says_so)
{
    struct cups_queue queue;
    struct printer_world *world = new_world(&queue);
    struct sample_order sample;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 1);
    world_start_program(world);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    cups_queue_stop(&queue);
    world_free(world);
}
END_TEST

START_TEST(an_empty_tray_behind_the_queue_is_seen_and_waited_for)
{
    struct cups_queue queue;
    struct printer_world *world = new_world(&queue);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 2);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_PAPER_OUT, true));
    world_start_program(world);
    world_await_part(world, "printer.paper-out");
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_PRINTING, "printer.paper-out");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 0);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_PAPER_OUT, false));
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    cups_queue_stop(&queue);
    world_free(world);
}
END_TEST

START_TEST(a_job_that_the_device_aborts_is_never_out_whatever_the_queue_says)
{
    struct cups_queue queue;
    struct printer_world *world = new_world(&queue);

    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_ABORT, true));
    world_start_program(world);
    for (unsigned i = 0; i < 6; i++) {
        struct sample_order sample;
        sample_ticket(&sample, "ja", 3 + i);
        order(world, &sample);
        world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED, NULL);
        ck_assert(!world_heard(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT));
    }
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 0);
    cups_queue_stop(&queue);
    world_free(world);
}
END_TEST

START_TEST(a_scheduler_that_is_away_is_a_printer_that_is_away)
{
    struct cups_queue queue;
    struct printer_world *world = new_world(&queue);

    world_start_program(world);
    world_await_part(world, "");
    cups_queue_stop(&queue);
    world_await_part(world, "printer.away");
    world_free(world);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        a_paper_through_the_queue_is_out_when_the_device_says_so,
        an_empty_tray_behind_the_queue_is_seen_and_waited_for,
        a_job_that_the_device_aborts_is_never_out_whatever_the_queue_says,
        a_scheduler_that_is_away_is_a_printer_that_is_away,
    };
    char folder[] = "/tmp/sugu-cups-XXXXXX", command[100];
    struct cups_queue queue;
    const char *problem = mkdtemp(folder) ? NULL : "no temporary folder";

    /* Where no scheduler can run, say so instead of passing. */
    if (!problem)
        problem = cups_queue_start(&queue, folder, "ipp://127.0.0.1:1/ipp/print");
    if (!problem)
        cups_queue_stop(&queue);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0 || problem) {
        printf("1..0 # SKIP %s\n", problem ? problem : "cannot clean up");
        return 0;
    }
    return sugu_run_tests("printer-queue", tests, SUGU_ARRAY_SIZE(tests), 100);
}
