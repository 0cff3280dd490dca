/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-insurance-orders - one request, one wait, one verdict, on a real folder with a clock by hand
 */
#include "insurance/orders.h"

#include "base/files.h"
#include "base/text.h"

#include "testlib/checks.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW  (INT64_C(1795310100) * SUGU_SECOND) /* 2026-11-22 */
#define WAIT (180 * SUGU_SECOND)
#define GAP  (300 * SUGU_MS)

struct world {
    char folder[64];
    struct sugu_clock_manual clock;
    struct sugu_orders *orders;
    struct sugu_orders_settings settings;
    char oqs[80], kept[80], state[80];
    /* what on_verdict was given */
    int verdicts;
    struct sugu_eligibility_verdict verdict;
    char code[64], evidence[160];
    struct sugu_id about;
    bool refuses_verdicts, has_stored_verdict;
};

static enum sugu_status
on_verdict(void *user,
           const struct sugu_id *eligibility,
           const struct sugu_eligibility_verdict *verdict,
           const char *evidence,
           struct sugu_error *reterr)
{
    struct world *world = user;

    if (world->refuses_verdicts)
        return sugu_fail(reterr, SUGU_RETRY, "client.too-many", "not now");
    world->verdicts++;
    world->verdict = *verdict;
    world->about = *eligibility;
    sugu_text_copy(world->code, sizeof world->code, verdict->code);
    sugu_text_copy(world->evidence, sizeof world->evidence, evidence);
    return SUGU_OK;
}

static bool
has_verdict(void *user, const struct sugu_id *eligibility)
{
    const struct world *world = user;

    (void)eligibility;
    return world->has_stored_verdict;
}

static void
start(struct world *world)
{
    struct sugu_orders_callbacks callbacks = {
        .on_verdict = on_verdict, .has_verdict = has_verdict, .user = world};
    struct sugu_error error;

    sugu_assert_ok(
        sugu_orders_new(&world->settings, &callbacks, &world->clock.clock, &world->orders, &error),
        error);
}

static void
make_folder(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct sugu_error error;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    sugu_assert_ok(sugu_folder_make(path, &error), error);
}

static void
world_init(struct world *world)
{
    *world = (struct world){.folder = "/tmp/sugu-orders-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->oqs, sizeof world->oqs, "%s/oqs", world->folder);
    snprintf(world->kept, sizeof world->kept, "%s/kept", world->folder);
    snprintf(world->state, sizeof world->state, "%s/state", world->folder);
    make_folder(world->oqs, "req");
    make_folder(world->oqs, "res");
    sugu_clock_manual_init(&world->clock, NOW);
    world->settings = (struct sugu_orders_settings){
        .oqs_folder = world->oqs,
        .kept_folder = world->kept,
        .state_folder = world->state,
        .institution = "0110113719",
        .answer_wait_us = WAIT,
        .scan_us = SUGU_SECOND,
        .stable_us = GAP,
        .keep_us = INT64_C(7) * 24 * 60 * SUGU_MINUTE,
        .sequence_first = 1,
    };
    start(world);
}

static void
world_done(struct world *world)
{
    char command[128];

    sugu_orders_free(world->orders);
    snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

static void
restart(struct world *world)
{
    sugu_orders_free(world->orders);
    world->orders = NULL;
    start(world);
}

static struct sugu_order
order_of(uint8_t person)
{
    struct sugu_order order = {
        .eligibility = {{1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, person}},
        .asked = {.insurer_number = "06130488",
                  .symbol = "12",
                  .number = "0345",
                  .branch = "01",
                  .birth_date = 19700401,
                  .confirm_date = 20261122},
    };

    return order;
}

/* Names in a folder, without hidden ones. */
static int
count_files(const struct world *world, const char *folder)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    int count = 0;
    DIR *files;

    snprintf(path, sizeof path, "%s/%s", world->folder, folder);
    files = opendir(path);
    ck_assert_ptr_nonnull(files);
    while ((entry = readdir(files)))
        count += entry->d_name[0] != '.';
    closedir(files);
    return count;
}

static bool
is_there(const struct world *world, const char *name)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    return access(path, F_OK) == 0;
}

static void
write_file(const struct world *world, const char *name, const char *text, size_t size)
{
    char path[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, size, file), size);
    fclose(file);
}

/* As written at the world's first moment. */
static void
date_file(const struct world *world, const char *name)
{
    struct timespec times[2] = {{.tv_sec = NOW / SUGU_SECOND}, {.tv_sec = NOW / SUGU_SECOND}};
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A right answer for the person. */
static size_t
answer_text(char to[2048], uint8_t person)
{
    struct sugu_order order = order_of(person);
    char identifier[SUGU_IDENTIFIER_SIZE];

    sugu_hex_from_bytes(identifier, order.eligibility.bytes, SUGU_ID_SIZE);
    return (size_t)snprintf(
        to, 2048,
        "<XmlMsg><MessageHeader><MedicalInstitutionCode>0110113719</MedicalInstitutionCode>"
        "<ArbitraryFileIdentifier>%s</ArbitraryFileIdentifier><SegmentOfResult>1</SegmentOfResult>"
        "</MessageHeader><MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>"
        "<QualificationValidity>1</QualificationValidity><ResultList>"
        "<ResultOfQualificationConfirmation><InsurerNumber>06130488</InsurerNumber>"
        "<InsuredCardSymbol>12</InsuredCardSymbol><InsuredIdentificationNumber>0345"
        "</InsuredIdentificationNumber><InsuredBranchNumber>01</InsuredBranchNumber>"
        "<Birthdate>19700401</Birthdate><InsuredPartialContributionRatio>030"
        "</InsuredPartialContributionRatio></ResultOfQualificationConfirmation></ResultList>"
        "</MessageBody></XmlMsg>",
        identifier);
}

static void
write_answer(const struct world *world, const char *stem, uint8_t person)
{
    char text[2048], name[128];
    size_t size = answer_text(text, person);

    snprintf(name, sizeof name, "oqs/res/OQSsiquc01res_%s.xml", stem);
    write_file(world, name, text, size);
}

/* Steps through `us` of time in small strides, as the program's loop would. */
static void
pass(struct world *world, int64_t us)
{
    for (int64_t done = 0; done < us; done += 100 * SUGU_MS) {
        sugu_orders_step(world->orders);
        sugu_clock_manual_advance(&world->clock, 100 * SUGU_MS);
    }
    sugu_orders_step(world->orders);
}

static void
take(struct world *world, uint8_t person)
{
    struct sugu_order order = order_of(person);

    ck_assert(sugu_orders_take(world->orders, &order));
}

#define FIRST "202611220001"

START_TEST(an_order_becomes_one_request_and_its_answer_one_verdict)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    take(&world, 1);
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    ck_assert(is_there(&world, "oqs/req/OQSsiquc01req_" FIRST ".xml"));
    write_answer(&world, FIRST, 1);
    sugu_orders_step(world.orders);
    ck_assert_int_eq(world.verdicts, 0); /* read once: not stable yet */
    pass(&world, GAP);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    ck_assert_uint_eq(world.verdict.ratio_percent, 30);
    ck_assert_str_eq(world.evidence, "done/OQSsiquc01res_" FIRST ".xml");
    ck_assert(is_there(&world, "kept/done/OQSsiquc01res_" FIRST ".xml"));
    ck_assert_int_eq(count_files(&world, "oqs/res"), 0);
    ck_assert_int_eq(count_files(&world, "kept/aside"), 0);
    take(&world, 1); /* the list of open work may still have it */
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    ck_assert_uint_eq(sugu_orders_open_count(world.orders), 0);
    world_done(&world);
}
END_TEST

START_TEST(a_growing_answer_is_awaited)
{
    struct world world;
    char text[2048], name[] = "oqs/res/OQSsiquc01res_" FIRST ".xml";
    size_t size = answer_text(text, 1);

    world_init(&world);
    take(&world, 1);
    write_file(&world, name, text, 0);
    pass(&world, SUGU_SECOND); /* stable, and empty */
    write_file(&world, name, text, size / 2);
    pass(&world, SUGU_SECOND); /* stable, and half */
    ck_assert_int_eq(world.verdicts, 0);
    write_file(&world, name, text, size);
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    world_done(&world);
}
END_TEST

START_TEST(an_answer_that_stays_half_is_given_up_after_twelve_readings)
{
    struct world world;
    char text[2048];
    size_t size = answer_text(text, 1);

    world_init(&world);
    take(&world, 1);
    write_file(&world, "oqs/res/OQSsiquc01res_" FIRST ".xml", text, size / 2);
    pass(&world, 10 * GAP);
    ck_assert_int_eq(world.verdicts, 0);
    pass(&world, 2 * GAP);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_NOT_VERIFIED_NOW);
    ck_assert_str_eq(world.code, "eligibility.bad-answer");
    ck_assert_str_eq(world.evidence, "aside/OQSsiquc01res_" FIRST ".xml");
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml"));
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml.txt"));
    world_done(&world);
}
END_TEST

START_TEST(a_file_of_5_mib_is_set_aside_at_once)
{
    struct world world;
    size_t size = (size_t)5 * 1024 * 1024;
    char *text = calloc(1, size);

    ck_assert_ptr_nonnull(text);
    world_init(&world);
    take(&world, 1);
    write_file(&world, "oqs/res/OQSsiquc01res_" FIRST ".xml", text, size);
    sugu_orders_step(world.orders);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_str_eq(world.code, "eligibility.bad-answer");
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml"));
    free(text);
    world_done(&world);
}
END_TEST

START_TEST(another_patients_answer_is_never_applied)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    take(&world, 2);
    write_answer(&world, "202611220002", 1); /* 1's identifier under 2's name */
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_uint_eq(world.about.bytes[15], 2);
    ck_assert_str_eq(world.code, "eligibility.bad-answer");
    write_answer(&world, FIRST, 1);
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 2);
    ck_assert_uint_eq(world.about.bytes[15], 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    world_done(&world);
}
END_TEST

START_TEST(silence_ends_at_its_time_and_the_late_answer_is_set_aside)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    pass(&world, WAIT - SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0);
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_NOT_VERIFIED_NOW);
    ck_assert_str_eq(world.code, "eligibility.no-answer");
    ck_assert_str_eq(world.evidence, "");
    restart(&world); /* and it is known as late by the next process too */
    write_answer(&world, FIRST, 1);
    pass(&world, 3 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml.txt"));
    write_answer(&world, FIRST, 1);
    pass(&world, 3 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST "-2.xml.txt"));
    world_done(&world);
}
END_TEST

START_TEST(a_late_answer_is_moved_only_when_it_has_stopped_growing)
{
    struct world world;
    char text[2048], name[] = "oqs/res/OQSsiquc01res_" FIRST ".xml";
    size_t size = answer_text(text, 1);

    world_init(&world);
    take(&world, 1);
    pass(&world, WAIT);
    for (size_t part = 1; part <= 4; part++) {
        write_file(&world, name, text, size * part / 4);
        pass(&world, 800 * SUGU_MS);
        ck_assert_int_eq(count_files(&world, "kept/aside"), 0);
    }
    pass(&world, 3 * SUGU_SECOND);
    ck_assert_int_eq(count_files(&world, "kept/aside"), 2);
    ck_assert_int_eq(world.verdicts, 1);
    world_done(&world);
}
END_TEST

START_TEST(any_number_of_late_answers_is_set_aside)
{
    struct world world;

    world_init(&world);
    for (uint8_t person = 1; person <= 40; person++)
        take(&world, person);
    pass(&world, WAIT);
    ck_assert_int_eq(world.verdicts, 40);
    for (uint8_t person = 1; person <= 40; person++) {
        char stem[16];
        snprintf(stem, sizeof stem, "20261122%04d", person);
        write_answer(&world, stem, person);
    }
    pass(&world, 10 * SUGU_SECOND);
    ck_assert_int_eq(count_files(&world, "oqs/res"), 0);
    ck_assert_int_eq(count_files(&world, "kept/aside"), 80);
    ck_assert_int_eq(world.verdicts, 40);
    world_done(&world);
}
END_TEST

START_TEST(an_answer_seen_in_time_is_read_to_its_end)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    pass(&world, WAIT - 200 * SUGU_MS);
    write_answer(&world, FIRST, 1);
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    world_done(&world);
}
END_TEST

START_TEST(a_restarted_gateway_goes_on_waiting)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    pass(&world, 60 * SUGU_SECOND);
    restart(&world);
    ck_assert_uint_eq(sugu_orders_open_count(world.orders), 1);
    write_answer(&world, FIRST, 1);
    pass(&world, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0); /* whom it is about has not been told yet */
    take(&world, 1);
    pass(&world, SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    world_done(&world);
}
END_TEST

START_TEST(a_restart_does_not_lengthen_the_wait)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    pass(&world, 100 * SUGU_SECOND);
    restart(&world);
    take(&world, 1);
    pass(&world, 79 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0);
    pass(&world, 2 * SUGU_SECOND);
    ck_assert_str_eq(world.code, "eligibility.no-answer");
    world_done(&world);
}
END_TEST

START_TEST(a_verdict_that_is_stored_already_is_not_given_again)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    world.has_stored_verdict = true; /* killed between storing it and closing the order */
    restart(&world);
    ck_assert_uint_eq(sugu_orders_open_count(world.orders), 0);
    take(&world, 1);
    write_answer(&world, FIRST, 1);
    pass(&world, WAIT + SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0);
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml"));
    world_done(&world);
}
END_TEST

START_TEST(what_the_server_does_not_list_any_more_is_settled)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    take(&world, 2);
    restart(&world);
    take(&world, 2);
    sugu_orders_settle_untold(world.orders);
    ck_assert_uint_eq(sugu_orders_open_count(world.orders), 1);
    write_answer(&world, FIRST, 1);
    write_answer(&world, "202611220002", 2);
    pass(&world, 3 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_uint_eq(world.about.bytes[15], 2);
    ck_assert(is_there(&world, "kept/aside/OQSsiquc01res_" FIRST ".xml"));
    world_done(&world);
}
END_TEST

START_TEST(a_verdict_that_cannot_be_stored_is_offered_again)
{
    struct world world;

    world_init(&world);
    take(&world, 1);
    write_answer(&world, FIRST, 1);
    world.refuses_verdicts = true;
    pass(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0);
    ck_assert(is_there(&world, "oqs/res/OQSsiquc01res_" FIRST ".xml"));
    world.refuses_verdicts = false;
    pass(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
    world_done(&world);
}
END_TEST

START_TEST(other_programs_files_are_left_alone)
{
    struct world world;

    world_init(&world);
    write_file(&world, "oqs/req/OQSsiquc01req_" FIRST ".xml", "x", 1);
    write_file(&world, "oqs/res/OQSsiquc01res_202611220002.xml", "y", 1);
    write_file(&world, "oqs/res/OQSmuquc02res_202611220003.xml", "z", 1);
    take(&world, 1);
    ck_assert(is_there(&world, "oqs/req/OQSsiquc01req_202611220003.xml"));
    pass(&world, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.verdicts, 0);
    ck_assert_int_eq(count_files(&world, "oqs/req"), 2);
    ck_assert_int_eq(count_files(&world, "oqs/res"), 2);
    world_done(&world);
}
END_TEST

START_TEST(what_cannot_be_asked_goes_to_the_desk_at_once)
{
    struct world world;
    struct sugu_order order = order_of(1);

    world_init(&world);
    order.asked.insurer_number[7] = '9';
    ck_assert(sugu_orders_take(world.orders, &order));
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_int_eq(world.verdict.outcome, SUGU_ELIGIBILITY_NOT_VERIFIED_NOW);
    ck_assert_str_eq(world.code, "eligibility.number-invalid");
    ck_assert_int_eq(count_files(&world, "oqs/req"), 0);
    world.settings.sequence_first = 9999;
    restart(&world);
    take(&world, 2);
    ck_assert(is_there(&world, "oqs/req/OQSsiquc01req_202611229999.xml"));
    take(&world, 3); /* the day's numbers are used up */
    ck_assert_int_eq(world.verdicts, 2);
    ck_assert_str_eq(world.code, "eligibility.no-answer");
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    world_done(&world);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_sends_to_the_desk_at_once)
{
    struct world world;
    char path[PATH_MAX];

    world_init(&world);
    snprintf(path, sizeof path, "%s/oqs/req", world.folder);
    ck_assert_int_eq(chmod(path, 0500), 0);
    take(&world, 1);
    ck_assert_int_eq(world.verdicts, 1);
    ck_assert_str_eq(world.code, "eligibility.terminal-away");
    ck_assert_int_eq(chmod(path, 0700), 0);
    take(&world, 1); /* never asked again: nobody knows what the share kept */
    ck_assert_int_eq(count_files(&world, "oqs/req"), 0);
    take(&world, 2);
    ck_assert_int_eq(count_files(&world, "oqs/req"), 1);
    world_done(&world);
}
END_TEST

START_TEST(missing_folders_are_refused_at_start)
{
    struct sugu_orders_callbacks callbacks = {.on_verdict = on_verdict, .has_verdict = has_verdict};
    struct world world;
    struct sugu_orders *second;
    struct sugu_error error;

    world_init(&world);
    world.settings.oqs_folder = "/tmp/there-is-no-such-folder";
    sugu_assert_fails(
        sugu_orders_new(&world.settings, &callbacks, &world.clock.clock, &second, &error),
        SUGU_BROKEN, "file.not-written", error);
    ck_assert_ptr_nonnull(strstr(error.detail, "/tmp/there-is-no-such-folder/req"));
    world_done(&world);
}
END_TEST

START_TEST(used_answers_and_old_names_are_not_kept_for_ever)
{
    static const char answer[] = "kept/done/OQSsiquc01res_" FIRST ".xml";
    struct world world;

    world_init(&world);
    take(&world, 1);
    write_answer(&world, FIRST, 1);
    pass(&world, SUGU_SECOND);
    date_file(&world, answer);
    ck_assert(is_there(&world, "state/asked/" FIRST));
    sugu_clock_manual_advance(&world.clock, world.settings.keep_us - SUGU_MINUTE);
    sugu_orders_step(world.orders);
    ck_assert(is_there(&world, answer));
    sugu_clock_manual_advance(&world.clock, 120 * SUGU_MINUTE);
    sugu_orders_step(world.orders);
    ck_assert(!is_there(&world, answer));
    ck_assert(!is_there(&world, "state/asked/" FIRST));
    world_done(&world);
}
END_TEST

START_TEST(a_request_that_was_killed_in_the_making_is_cleared_away)
{
    static const char name[] = "oqs/req/.OQSsiquc01req_" FIRST ".xml.a1B2c3";
    struct world world;

    world_init(&world);
    write_file(&world, name, "x", 1);
    date_file(&world, name);
    sugu_orders_step(world.orders);
    ck_assert(is_there(&world, name));
    sugu_clock_manual_advance(&world.clock, 61 * SUGU_MINUTE);
    sugu_orders_step(world.orders);
    ck_assert(!is_there(&world, name));
    world_done(&world);
}
END_TEST

START_TEST(the_loop_is_told_when_to_come_back)
{
    struct world world;

    world_init(&world);
    sugu_orders_step(world.orders);
    ck_assert_int_eq(sugu_orders_due_us(world.orders), SUGU_SECOND);
    take(&world, 1);
    sugu_clock_manual_advance(&world.clock, 400 * SUGU_MS);
    write_answer(&world, FIRST, 1);
    sugu_orders_step(world.orders);
    ck_assert_int_eq(sugu_orders_due_us(world.orders), GAP);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("insurance-orders",
               an_order_becomes_one_request_and_its_answer_one_verdict,
               a_growing_answer_is_awaited,
               an_answer_that_stays_half_is_given_up_after_twelve_readings,
               a_file_of_5_mib_is_set_aside_at_once,
               another_patients_answer_is_never_applied,
               silence_ends_at_its_time_and_the_late_answer_is_set_aside,
               a_late_answer_is_moved_only_when_it_has_stopped_growing,
               any_number_of_late_answers_is_set_aside,
               an_answer_seen_in_time_is_read_to_its_end,
               a_restarted_gateway_goes_on_waiting,
               a_restart_does_not_lengthen_the_wait,
               a_verdict_that_is_stored_already_is_not_given_again,
               what_the_server_does_not_list_any_more_is_settled,
               a_verdict_that_cannot_be_stored_is_offered_again,
               other_programs_files_are_left_alone,
               what_cannot_be_asked_goes_to_the_desk_at_once,
               a_folder_that_cannot_be_written_sends_to_the_desk_at_once,
               missing_folders_are_refused_at_start,
               used_answers_and_old_names_are_not_kept_for_ever,
               a_request_that_was_killed_in_the_making_is_cleared_away,
               the_loop_is_told_when_to_come_back)
