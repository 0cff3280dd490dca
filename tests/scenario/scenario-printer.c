/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-printer - papers through the real sugu-printer onto a real IPP printer
 */
#include "testlib/checks.h"
#include "testlib/printer-world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PDF "application/pdf"

static bool
has_document(const struct printer_world *world, const void *what)
{
    return ipp_printer_documents(&world->device) >= *(const unsigned *)what;
}

/* Orders the paper; the order has to be taken. */
static void
order(struct printer_world *world, const struct sample_order *sample)
{
    char code[64];
    Sugu__Status status = world_order(world, &sample->order, code);

    ck_assert_msg(status == SUGU__STATUS__OK, "refused: %s", code);
}

static void
assert_spool_is_clean(const struct printer_world *world)
{
    ck_assert_uint_eq(world_spooled(world, ".order"), 0);
    ck_assert_uint_eq(world_spooled(world, ".pdf"), 0);
    ck_assert_uint_eq(world_spooled(world, ".pwg"), 0);
}

START_TEST(a_ticket_comes_out_and_everyone_is_told)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 1);
    world_start_program(world);
    world_await_part(world, "");
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_PRINTING, NULL);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_await_report(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT);
    assert_spool_is_clean(world);
    ck_assert_int_eq(world_end_program(world, SIGTERM), 0);
    world_free(world);
}
END_TEST

START_TEST(receipt_and_statement_come_out_in_order)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order receipt, statement;

    sample_receipt(&receipt, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 2);
    sample_receipt(&statement, SUGU__PAPER_KIND__PAPER_STATEMENT, "en", 3);
    world_start_program(world);
    order(world, &receipt);
    order(world, &statement);
    world_await_paper(world, &statement.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert(world_heard(world, &receipt.paper, SUGU__PAPER_STATE__PAPER_OUT));
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 2);
    world_free(world);
}
END_TEST

START_TEST(a_device_without_pdf_gets_raster)
{
    struct printer_world *world = world_new("image/pwg-raster");
    struct sample_order sample;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 4);
    world_start_program(world);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    assert_spool_is_clean(world);
    world_free(world);
}
END_TEST

START_TEST(a_device_that_takes_neither_fails_the_paper)
{
    struct printer_world *world = world_new("image/jpeg");
    struct sample_order sample;

    sample_ticket(&sample, "ja", 5);
    world_start_program(world);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED, "printer.refused");
    world_await_report(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED);
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 0);
    world_free(world);
}
END_TEST

START_TEST(without_paper_it_waits_says_why_and_goes_on_after_the_refill)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order first, second;

    sample_ticket(&first, "ja", 6);
    sample_ticket(&second, "ja", 7);
    world_start_program(world);
    world_await_part(world, "");
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_PAPER_OUT, true));
    world_await_part(world, "printer.paper-out");
    ck_assert_int_eq(world->part_health, SUGU__PART_HEALTH__PART_AWAY);
    order(world, &first);
    order(world, &second);
    world_await_paper(world, &first.paper, SUGU__PAPER_STATE__PAPER_PRINTING, "printer.paper-out");
    world_await_paper(world, &second.paper, SUGU__PAPER_STATE__PAPER_QUEUED, "printer.paper-out");
    world_await_wait(world, &first.paper, "printer.paper-out");
    world_await_wait(world, &second.paper, "printer.paper-out");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 0);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_PAPER_OUT, false));
    world_await_paper(world, &second.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert(world_heard(world, &first.paper, SUGU__PAPER_STATE__PAPER_OUT));
    world_await_report(world, &second.paper, SUGU__PAPER_STATE__PAPER_OUT);
    world_await_part(world, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 2);
    world_free(world);
}
END_TEST

START_TEST(what_waited_until_the_patient_had_left_does_not_come_out)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order receipt, statement, later;

    sample_receipt(&receipt, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 20);
    sample_receipt(&statement, SUGU__PAPER_KIND__PAPER_STATEMENT, "ja", 21);
    sample_ticket(&later, "ja", 22);
    world_start_program(world);
    world_await_part(world, "");
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_JAM, true));
    world->deadline_us = 2 * SUGU_SECOND;
    order(world, &receipt);
    order(world, &statement);
    world_await_paper(world, &receipt.paper, SUGU__PAPER_STATE__PAPER_PRINTING, "printer.jam");
    world_await_paper(world, &receipt.paper, SUGU__PAPER_STATE__PAPER_FAILED, "printer.too-late");
    world_await_paper(world, &statement.paper, SUGU__PAPER_STATE__PAPER_FAILED, "printer.too-late");
    world_await_report(world, &receipt.paper, SUGU__PAPER_STATE__PAPER_FAILED);
    world_await_report(world, &statement.paper, SUGU__PAPER_STATE__PAPER_FAILED);
    assert_spool_is_clean(world);
    /* The next patient gets what is theirs, and nothing else comes out with it. */
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_JAM, false));
    world->deadline_us = 20 * SUGU_SECOND;
    order(world, &later);
    world_await_paper(world, &later.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_free(world);
}
END_TEST

START_TEST(low_paper_is_a_warning_and_prints)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 8);
    world_start_program(world);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_PAPER_LOW, true));
    world_await_part(world, "printer.paper-low");
    ck_assert_int_eq(world->part_health, SUGU__PART_HEALTH__PART_LOW);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    world_free(world);
}
END_TEST

START_TEST(jam_and_open_cover_in_the_middle_of_a_job_are_waited_for)
{
    static const struct {
        enum sugu_fault fault;
        const char *code;
    } rows[] = {{SUGU_FAULT_JAM, "printer.jam"}, {SUGU_FAULT_COVER_OPEN, "printer.cover-open"}};
    struct printer_world *world = world_new(PDF);

    world_start_program(world);
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sample_order sample;
        sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 9 + i);
        ck_assert(ipp_printer_set_fault(&world->device, rows[i].fault, true));
        order(world, &sample);
        world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_PRINTING, rows[i].code);
        world_await_part(world, rows[i].code);
        ck_assert(!world_heard(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT));
        ck_assert(ipp_printer_set_fault(&world->device, rows[i].fault, false));
        world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
        world_await_part(world, "");
    }
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 2);
    world_free(world);
}
END_TEST

START_TEST(a_printer_that_is_off_gets_its_paper_when_it_is_on)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 12);
    ipp_printer_off(&world->device);
    world_start_program(world);
    world_await_part(world, "printer.away");
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_QUEUED, "printer.away");
    ck_assert_ptr_null(ipp_printer_on(&world->device));
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    world_await_part(world, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_free(world);
}
END_TEST

START_TEST(power_lost_in_the_middle_is_doubtful_and_not_printed_again)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample, next;
    unsigned one = 1;

    sample_ticket(&sample, "ja", 13);
    sample_ticket(&next, "ja", 14);
    world_start_program(world);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_HOLD, true));
    order(world, &sample);
    world_await(world, has_document, &one, "the document at the device");
    ipp_printer_off(&world->device);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_PRINTING, "printer.away");
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_HOLD, false));
    ck_assert_ptr_null(ipp_printer_on(&world->device));
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_DOUBTFUL, "printer.no-answer");
    world_await_report(world, &sample.paper, SUGU__PAPER_STATE__PAPER_DOUBTFUL);
    order(world, &next);
    world_await_paper(world, &next.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1); /* the next one only */
    world_free(world);
}
END_TEST

START_TEST(an_aborted_job_is_failed_and_never_out)
{
    struct printer_world *world = world_new(PDF);

    world_start_program(world);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_ABORT, true));
    for (unsigned i = 0; i < 8; i++) {
        struct sample_order sample;
        sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 20 + i);
        order(world, &sample);
        world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED, "printer.failed");
        world_await_report(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED);
        ck_assert(!world_heard(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT));
    }
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 0);
    assert_spool_is_clean(world);
    world_free(world);
}
END_TEST

START_TEST(completed_without_a_counted_page_is_doubtful)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 30);
    world_start_program(world);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_SKIP, true));
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_DOUBTFUL, "printer.no-answer");
    ck_assert(!world_heard(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT));
    world_free(world);
}
END_TEST

START_TEST(the_same_paper_ordered_again_is_the_same_paper)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;
    char code[64];

    sample_ticket(&sample, "ja", 31);
    world_start_program(world);
    order(world, &sample);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    order(world, &sample);
    ck_assert_int_eq(world_end_program(world, SIGTERM), 0);
    world->news_count = 0;
    world_start_program(world);
    order(world, &sample);
    /* The answer to a repeated order is the state that the paper is in. */
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    sample.ticket.number = (char *)"A-043";
    ck_assert_int_eq(world_order(world, &sample.order, code), SUGU__STATUS__REFUSED);
    ck_assert_str_eq(code, "request.id-reused");
    ck_assert_uint_eq(ipp_printer_documents(&world->device), 1);
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_free(world);
}
END_TEST

START_TEST(killed_while_it_prints_it_asks_and_does_not_print_again)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;
    unsigned one = 1;

    sample_ticket(&sample, "ja", 32);
    world_start_program(world);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_HOLD, true));
    order(world, &sample);
    world_await(world, has_document, &one, "the document at the device");
    ck_assert_int_eq(world_end_program(world, SIGKILL), -SIGKILL);
    ck_assert(ipp_printer_set_fault(&world->device, SUGU_FAULT_HOLD, false));
    world_start_program(world);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    world_await_report(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT);
    ck_assert_uint_eq(ipp_printer_documents(&world->device), 1);
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_free(world);
}
END_TEST

START_TEST(killed_with_an_order_in_hand_it_prints_it_after_the_start)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_ticket(&sample, "ja", 33);
    ipp_printer_off(&world->device);
    world_start_program(world);
    order(world, &sample);
    ck_assert_int_eq(world_end_program(world, SIGKILL), -SIGKILL);
    ck_assert_uint_eq(world_spooled(world, ".order"), 1);
    ck_assert_ptr_null(ipp_printer_on(&world->device));
    world_start_program(world);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    ck_assert_uint_eq(ipp_printer_papers(&world->device), 1);
    world_free(world);
}
END_TEST

START_TEST(a_bill_that_does_not_add_up_fails_with_the_reason)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 34);
    sample.bill.total_points++;
    world_start_program(world);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_FAILED,
                      "bill.does-not-add-up");
    ck_assert_uint_eq(ipp_printer_documents(&world->device), 0);
    world_free(world);
}
END_TEST

START_TEST(the_log_holds_no_name_and_no_amount)
{
    struct printer_world *world = world_new(PDF);
    struct sample_order sample;
    char command[200];

    sample_receipt(&sample, SUGU__PAPER_KIND__PAPER_RECEIPT, "ja", 35);
    world_start_program(world);
    order(world, &sample);
    world_await_paper(world, &sample.paper, SUGU__PAPER_STATE__PAPER_OUT, "");
    snprintf(command, sizeof command, "grep -c paper.state %s >/dev/null", world->log);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "grep -e 山田 -e 00012345 -e 6790 -e 6,790 %s", world->log);
    ck_assert_int_ne(system(command), 0);
    world_free(world);
}
END_TEST

/* The exit status of the program with these settings, which has to end by itself. */
static int
exit_status_with(const char *printer, const char *spool)
{
    char command[600];
    int status;

    snprintf(command, sizeof command,
             "timeout 20 %s --listen ipc:///tmp/sugu-no-such --printer '%s' --spool-folder '%s' "
             ">/dev/null 2>&1",
             SUGU_PRINTER, printer, spool);
    status = system(command);
    return WEXITSTATUS(status);
}

START_TEST(settings_that_cannot_work_end_it_with_distinct_statuses)
{
    ck_assert_int_eq(exit_status_with("socket://10.0.0.1", "/tmp"), 78);
    ck_assert_int_eq(exit_status_with("cups:", "/tmp"), 78);
    ck_assert_int_eq(exit_status_with("ipp://127.0.0.1/ipp/print", "/proc/no-such"), 73);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("printer",
                       100,
                       a_ticket_comes_out_and_everyone_is_told,
                       receipt_and_statement_come_out_in_order,
                       a_device_without_pdf_gets_raster,
                       a_device_that_takes_neither_fails_the_paper,
                       without_paper_it_waits_says_why_and_goes_on_after_the_refill,
                       what_waited_until_the_patient_had_left_does_not_come_out,
                       low_paper_is_a_warning_and_prints,
                       jam_and_open_cover_in_the_middle_of_a_job_are_waited_for,
                       a_printer_that_is_off_gets_its_paper_when_it_is_on,
                       power_lost_in_the_middle_is_doubtful_and_not_printed_again,
                       an_aborted_job_is_failed_and_never_out,
                       completed_without_a_counted_page_is_doubtful,
                       the_same_paper_ordered_again_is_the_same_paper,
                       killed_while_it_prints_it_asks_and_does_not_print_again,
                       killed_with_an_order_in_hand_it_prints_it_after_the_start,
                       a_bill_that_does_not_add_up_fails_with_the_reason,
                       the_log_holds_no_name_and_no_amount,
                       settings_that_cannot_work_end_it_with_distinct_statuses)
