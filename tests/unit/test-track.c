/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-track - a paper's way step by step, with a device that does what the test says
 *
 * Among others: the power is cut before and after the effect of every single call to the device,
 * and after the restart there is exactly one paper.
 */
#include "track.h"

#include "testlib/checks.h"
#include "testlib/sample-orders.h"
#include "testlib/scripted-printer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW_UTC   INT64_C(1795310640000000)
#define STEPS_MAX 40
#define DAY_US    (INT64_C(24) * 60 * SUGU_MINUTE)

struct desk {
    char folder[64];
    struct sugu_spool spool;
    struct sugu_track_settings settings;
    struct sugu_track_memory memory;
    struct scripted_printer *device;
    struct sugu_clock_manual clock;
    struct sample_order sample;
    char title[SUGU_ID_TEXT_SIZE];
};

static void
open_spool(struct desk *desk)
{
    struct sugu_error error;
    size_t bad = 0;

    sugu_assert_ok(sugu_spool_open(&desk->spool, desk->folder, &bad, &error), error);
    ck_assert_uint_eq(bad, 0);
    desk->memory = (struct sugu_track_memory){.sends = 0};
}

static void
set_up(struct desk *desk)
{
    struct sugu_id report = {.bytes = {7}};
    struct sugu_error error;

    memset(desk, 0, sizeof *desk);
    snprintf(desk->folder, sizeof desk->folder, "/tmp/sugu-track-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(desk->folder));
    desk->settings = (struct sugu_track_settings){.folder = desk->folder,
                                                  .give_up_us = 30 * SUGU_MINUTE,
                                                  .unconfirmed_us = 10 * SUGU_SECOND,
                                                  .clock = &desk->clock.clock};
    desk->device = scripted_printer_new();
    sugu_clock_manual_init(&desk->clock, NOW_UTC);
    sample_ticket(&desk->sample, "ja", 1);
    sugu_id_to_text(&desk->sample.paper, desk->title);
    open_spool(desk);
    sugu_assert_ok(sugu_spool_add(&desk->spool, &desk->sample.order, &report, 0, NOW_UTC, &error),
                   error);
}

static void
tear_down(struct desk *desk)
{
    char command[100];

    sugu_spool_done(&desk->spool);
    scripted_printer_free(desk->device);
    snprintf(command, sizeof command, "rm -rf %s", desk->folder);
    ck_assert_int_eq(system(command), 0);
}

static struct sugu_spooled *
paper_of(struct desk *desk)
{
    return &desk->spool.papers[0];
}

static void
step(struct desk *desk)
{
    struct sugu_error error;
    uint32_t reasons;

    sugu_assert_ok(sugu_track_step(&desk->settings, &desk->device->printer, paper_of(desk),
                                   &desk->memory, &reasons, &error),
                   error);
    sugu_clock_manual_advance(&desk->clock, SUGU_SECOND);
}

static void
step_until(struct desk *desk, enum sugu_print_job_state state)
{
    for (int i = 0; i < STEPS_MAX && paper_of(desk)->state != state; i++)
        step(desk);
    ck_assert_msg(paper_of(desk)->state == state, "state %d, code %s", paper_of(desk)->state,
                  paper_of(desk)->code);
}

static void
run_to_the_end(struct desk *desk)
{
    for (int i = 0; i < STEPS_MAX && !sugu_print_job_is_over(paper_of(desk)->state); i++)
        step(desk);
}

static bool
has_file(const struct desk *desk, const char *ending)
{
    char path[200];

    snprintf(path, sizeof path, "%s/%s.%s", desk->folder, desk->title, ending);
    return access(path, F_OK) == 0;
}

START_TEST(a_paper_goes_its_way_and_leaves_nothing_personal)
{
    struct desk desk;

    set_up(&desk);
    ck_assert(has_file(&desk, "order"));
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    ck_assert(has_file(&desk, "pdf"));
    step_until(&desk, SUGU_PRINT_JOB_OUT);
    ck_assert_str_eq(paper_of(&desk)->code, "");
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 1);
    ck_assert(!has_file(&desk, "pdf") && !has_file(&desk, "order") && has_file(&desk, "job"));
    tear_down(&desk);
}
END_TEST

START_TEST(what_is_read_back_is_what_was_known)
{
    struct desk desk;
    struct sugu_spooled before;

    set_up(&desk);
    paper_of(&desk)->until_utc = NOW_UTC + SUGU_MINUTE;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    before = *paper_of(&desk);
    sugu_spool_done(&desk.spool);
    open_spool(&desk);
    ck_assert_uint_eq(desk.spool.count, 1);
    ck_assert(sugu_id_equal(&paper_of(&desk)->paper, &before.paper));
    ck_assert(sugu_id_equal(&paper_of(&desk)->visit, &before.visit));
    ck_assert(sugu_id_equal(&paper_of(&desk)->report, &before.report));
    ck_assert_int_eq(paper_of(&desk)->state, before.state);
    ck_assert_int_eq(paper_of(&desk)->device_job, before.device_job);
    ck_assert_uint_eq(paper_of(&desk)->pages, before.pages);
    ck_assert_uint_eq(paper_of(&desk)->digest, before.digest);
    ck_assert_int_eq(paper_of(&desk)->accepted_utc, before.accepted_utc);
    ck_assert_int_eq(paper_of(&desk)->until_utc, before.until_utc);
    tear_down(&desk);
}
END_TEST

START_TEST(an_answer_that_was_lost_is_looked_up_and_not_sent_again)
{
    struct desk desk;

    set_up(&desk);
    desk.device->on_send = SCRIPTED_LOST;
    step_until(&desk, SUGU_PRINT_JOB_OUT);
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 1);
    ck_assert_int_eq(desk.device->job_count, 1);
    tear_down(&desk);
}
END_TEST

START_TEST(a_document_that_did_not_arrive_is_sent_again)
{
    struct desk desk;

    set_up(&desk);
    desk.device->on_send = SCRIPTED_BROKEN;
    step_until(&desk, SUGU_PRINT_JOB_OUT);
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 1);
    tear_down(&desk);
}
END_TEST

START_TEST(a_number_that_was_lost_leaves_an_empty_job_and_one_paper)
{
    struct desk desk;

    set_up(&desk);
    desk.device->on_create = SCRIPTED_LOST;
    step_until(&desk, SUGU_PRINT_JOB_OUT);
    ck_assert_int_eq(desk.device->job_count, 2);
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 1);
    tear_down(&desk);
}
END_TEST

START_TEST(a_refusal_is_a_failure)
{
    struct desk desk;

    set_up(&desk);
    desk.device->on_create = SCRIPTED_NO;
    run_to_the_end(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.refused");
    tear_down(&desk);
    set_up(&desk);
    desk.device->on_send = SCRIPTED_NO;
    run_to_the_end(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_FAILED);
    ck_assert(desk.device->jobs[0].is_cancelled);
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 0);
    tear_down(&desk);
}
END_TEST

START_TEST(an_abort_a_lost_memory_and_a_contradiction_are_told_apart)
{
    struct desk desk;

    set_up(&desk);
    desk.device->aborts = true;
    run_to_the_end(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.failed");
    tear_down(&desk);
    set_up(&desk);
    desk.device->prints = false;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    desk.device->forgets = true;
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_DOUBTFUL);
    tear_down(&desk);
    set_up(&desk);
    desk.device->contradicts = true;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    for (int i = 0; i < 9; i++)
        step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_PRINTING);
    step_until(&desk, SUGU_PRINT_JOB_DOUBTFUL);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.no-answer");
    tear_down(&desk);
}
END_TEST

START_TEST(a_contradiction_that_is_resolved_in_time_is_out)
{
    struct desk desk;

    set_up(&desk);
    desk.device->contradicts = true;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    for (int i = 0; i < 5; i++)
        step(&desk);
    desk.device->contradicts = false;
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_OUT);
    tear_down(&desk);
}
END_TEST

START_TEST(a_waiting_paper_says_why)
{
    static const struct {
        uint32_t reasons;
        const char *code;
    } rows[] = {
        {SUGU_PRINTER_PAPER_OUT, "printer.paper-out"},
        {SUGU_PRINTER_PAPER_OUT | SUGU_PRINTER_JAM, "printer.jam"},
        {SUGU_PRINTER_COVER_OPEN | SUGU_PRINTER_JAM, "printer.cover-open"},
        {SUGU_PRINTER_AWAY, "printer.away"},
        {SUGU_PRINTER_OTHER, "printer.waits"},
        {SUGU_PRINTER_PAPER_LOW, ""},
        {0, ""},
    };
    struct desk desk;

    set_up(&desk);
    desk.device->prints = false;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        desk.device->reasons = rows[i].reasons;
        step(&desk);
        ck_assert_str_eq(paper_of(&desk)->code, rows[i].code);
    }
    ck_assert_str_eq(sugu_track_code(SUGU_PRINTER_PAPER_LOW), "printer.paper-low");
    tear_down(&desk);
}
END_TEST

START_TEST(a_paper_that_never_left_is_given_up_without_doubt)
{
    struct desk desk;

    set_up(&desk);
    desk.device->reasons = SUGU_PRINTER_AWAY;
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_QUEUED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.away");
    sugu_clock_manual_advance(&desk.clock, 31 * SUGU_MINUTE);
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.given-up");
    ck_assert(!paper_of(&desk)->must_cancel);
    tear_down(&desk);
}
END_TEST

START_TEST(a_paper_at_the_device_is_cancelled_when_it_is_given_up)
{
    struct desk desk;

    set_up(&desk);
    desk.device->prints = false;
    desk.device->reasons = SUGU_PRINTER_PAPER_OUT;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    sugu_clock_manual_advance(&desk.clock, 31 * SUGU_MINUTE);
    step_until(&desk, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.given-up");
    ck_assert(desk.device->jobs[0].is_cancelled);
    tear_down(&desk);
}
END_TEST

START_TEST(a_paper_whose_orderer_is_gone_is_not_sent)
{
    struct desk desk;

    set_up(&desk);
    paper_of(&desk)->until_utc = NOW_UTC + 120 * SUGU_SECOND;
    desk.device->reasons = SUGU_PRINTER_AWAY;
    step(&desk);
    sugu_clock_manual_advance(&desk.clock, 110 * SUGU_SECOND);
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_QUEUED);
    sugu_clock_manual_advance(&desk.clock, 10 * SUGU_SECOND);
    desk.device->reasons = 0; /* it could now */
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.too-late");
    ck_assert_uint_eq(scripted_copies(desk.device, desk.title), 0);
    tear_down(&desk);
}
END_TEST

START_TEST(a_paper_at_the_device_is_cancelled_when_its_orderer_is_gone)
{
    struct desk desk;

    set_up(&desk);
    paper_of(&desk)->until_utc = NOW_UTC + 120 * SUGU_SECOND;
    desk.device->prints = false;
    desk.device->reasons = SUGU_PRINTER_PAPER_OUT;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    /* A restart forgets nothing of it. */
    sugu_spool_done(&desk.spool);
    open_spool(&desk);
    sugu_clock_manual_advance(&desk.clock, 120 * SUGU_SECOND);
    step(&desk);
    ck_assert(desk.device->jobs[0].is_cancelled);
    sugu_spool_done(&desk.spool);
    open_spool(&desk);
    step_until(&desk, SUGU_PRINT_JOB_FAILED);
    ck_assert_str_eq(paper_of(&desk)->code, "printer.too-late");
    tear_down(&desk);
}
END_TEST

START_TEST(a_paper_at_a_device_that_is_away_ends_doubtful_and_is_cancelled_later)
{
    struct desk desk;

    set_up(&desk);
    desk.device->prints = false;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    desk.device->reasons = SUGU_PRINTER_AWAY;
    sugu_clock_manual_advance(&desk.clock, 31 * SUGU_MINUTE);
    step_until(&desk, SUGU_PRINT_JOB_DOUBTFUL);
    ck_assert(paper_of(&desk)->must_cancel);
    sugu_spool_done(&desk.spool);
    open_spool(&desk);
    ck_assert(paper_of(&desk)->must_cancel);
    tear_down(&desk);
}
END_TEST

START_TEST(a_cancel_that_comes_too_late_is_out)
{
    struct desk desk;

    set_up(&desk);
    desk.device->prints = false;
    step_until(&desk, SUGU_PRINT_JOB_PRINTING);
    sugu_clock_manual_advance(&desk.clock, 31 * SUGU_MINUTE);
    desk.device->on_cancel = SCRIPTED_NO; /* it had begun with the page */
    step(&desk);
    desk.device->prints = true;
    step(&desk);
    ck_assert_int_eq(paper_of(&desk)->state, SUGU_PRINT_JOB_OUT);
    tear_down(&desk);
}
END_TEST

/* One process's life: takes the spool as it is, works, dies where the script says so. */
static bool
live(struct desk *desk)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        open_spool(desk);
        run_to_the_end(desk);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Lives with a power cut at this call, then without; was the power cut at all? */
static bool
survives_cut(unsigned at, bool after)
{
    struct desk desk;
    bool has_died;

    set_up(&desk);
    sugu_spool_done(&desk.spool);
    desk.device->die_at = at;
    desk.device->die_after = after;
    has_died = !live(&desk);
    if (has_died) {
        desk.device->die_at = 0;
        ck_assert(live(&desk));
    }
    open_spool(&desk);
    ck_assert_msg(paper_of(&desk)->state == SUGU_PRINT_JOB_OUT, "cut at %u.%d: state %d", at, after,
                  paper_of(&desk)->state);
    ck_assert_msg(scripted_copies(desk.device, desk.title) == 1, "cut at %u.%d: %u papers", at,
                  after, scripted_copies(desk.device, desk.title));
    tear_down(&desk);
    return has_died;
}

START_TEST(power_cut_around_every_call_leaves_exactly_one_paper)
{
    unsigned at = 1;

    while (survives_cut(at, false)) {
        ck_assert(survives_cut(at, true));
        at++;
    }
    ck_assert_uint_ge(at, 6); /* look, create, send and looks in between */
}
END_TEST

START_TEST(an_order_without_its_job_file_was_never_accepted)
{
    struct desk desk;
    char path[200];

    set_up(&desk);
    sugu_spool_done(&desk.spool);
    snprintf(path, sizeof path, "%s/%s.job", desk.folder, desk.title);
    ck_assert_int_eq(unlink(path), 0);
    open_spool(&desk);
    ck_assert_uint_eq(desk.spool.count, 0);
    ck_assert(!has_file(&desk, "order"));
    tear_down(&desk);
}
END_TEST

START_TEST(a_job_file_that_is_broken_is_set_aside)
{
    static const char *const texts[] = {"", "kind 0\n", "kind 9\nvisit x\n", "\xff\xfe"};
    struct desk desk;
    struct sugu_error error;
    size_t bad = 0;

    set_up(&desk);
    sugu_spool_done(&desk.spool);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++) {
        char path[200];
        FILE *file;
        snprintf(path, sizeof path, "%s/0190a0b0-0000-7000-8000-00000000000%zu.job", desk.folder,
                 i);
        file = fopen(path, "we");
        fputs(texts[i], file);
        fclose(file);
    }
    sugu_assert_ok(sugu_spool_open(&desk.spool, desk.folder, &bad, &error), error);
    ck_assert_uint_eq(bad, SUGU_ARRAY_SIZE(texts));
    ck_assert_uint_eq(desk.spool.count, 1);
    tear_down(&desk);
}
END_TEST

START_TEST(the_spool_has_a_limit_and_knows_its_papers_again)
{
    struct desk desk;
    struct sugu_id report = {.bytes = {7}};
    struct sugu_error error;
    struct sample_order *sample = malloc(sizeof *sample);

    set_up(&desk);
    for (unsigned i = 1; i < SUGU_SPOOL_OPEN_MAX; i++) {
        sample_ticket(sample, "ja", 100 + i);
        sugu_assert_ok(sugu_spool_add(&desk.spool, &sample->order, &report, 0, NOW_UTC, &error),
                       error);
    }
    sample_ticket(sample, "ja", 9999);
    sugu_assert_fails(sugu_spool_add(&desk.spool, &sample->order, &report, 0, NOW_UTC, &error),
                      SUGU_RETRY, "printer.too-many", error);
    sugu_assert_ok(sugu_spool_add(&desk.spool, &desk.sample.order, &report, 0, NOW_UTC, &error),
                   error);
    ck_assert_uint_eq(desk.spool.count, SUGU_SPOOL_OPEN_MAX);
    desk.sample.ticket.before_you++;
    sugu_assert_fails(sugu_spool_add(&desk.spool, &desk.sample.order, &report, 0, NOW_UTC, &error),
                      SUGU_REFUSED, "request.id-reused", error);
    free(sample);
    tear_down(&desk);
}
END_TEST

START_TEST(old_papers_go_when_everything_about_them_is_done)
{
    struct desk desk;

    set_up(&desk);
    run_to_the_end(&desk);
    paper_of(&desk)->is_told = true;
    sugu_spool_prune(&desk.spool, NOW_UTC + 8 * DAY_US);
    ck_assert_uint_eq(desk.spool.count, 1); /* the server has not been told */
    paper_of(&desk)->is_reported = true;
    sugu_spool_prune(&desk.spool, NOW_UTC + 6 * DAY_US);
    ck_assert_uint_eq(desk.spool.count, 1);
    sugu_spool_prune(&desk.spool, NOW_UTC + 8 * DAY_US);
    ck_assert_uint_eq(desk.spool.count, 0);
    ck_assert(!has_file(&desk, "job"));
    tear_down(&desk);
}
END_TEST

SUGU_TEST_MAIN("track",
               a_paper_goes_its_way_and_leaves_nothing_personal,
               what_is_read_back_is_what_was_known,
               an_answer_that_was_lost_is_looked_up_and_not_sent_again,
               a_document_that_did_not_arrive_is_sent_again,
               a_number_that_was_lost_leaves_an_empty_job_and_one_paper,
               a_refusal_is_a_failure,
               an_abort_a_lost_memory_and_a_contradiction_are_told_apart,
               a_contradiction_that_is_resolved_in_time_is_out,
               a_waiting_paper_says_why,
               a_paper_that_never_left_is_given_up_without_doubt,
               a_paper_at_the_device_is_cancelled_when_it_is_given_up,
               a_paper_whose_orderer_is_gone_is_not_sent,
               a_paper_at_the_device_is_cancelled_when_its_orderer_is_gone,
               a_paper_at_a_device_that_is_away_ends_doubtful_and_is_cancelled_later,
               a_cancel_that_comes_too_late_is_out,
               power_cut_around_every_call_leaves_exactly_one_paper,
               an_order_without_its_job_file_was_never_accepted,
               a_job_file_that_is_broken_is_set_aside,
               the_spool_has_a_limit_and_knows_its_papers_again,
               old_papers_go_when_everything_about_them_is_done)
