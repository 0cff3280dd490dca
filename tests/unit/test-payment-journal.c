/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-journal - what is in the journal survives, what may not be there is refused
 */
#include "payment/journal-cash.h"
#include "testlib/checks.h"

#include "base/text.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
    char folder[64];
    struct sugu_clock_manual clock;
    struct sugu_journal *journal;
};

static void
open_journal(struct world *world)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_journal_open(world->folder, &world->clock.clock, &world->journal, &error),
                   error);
}

static void
world_init(struct world *world)
{
    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-journal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    sugu_clock_manual_init(&world->clock, INT64_C(1711929600000000));
    open_journal(world);
}

static void
world_done(struct world *world)
{
    char command[128];

    sugu_journal_close(world->journal);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(command), 0);
}

static struct sugu_attempt
make_attempt(struct world *world, uint8_t number, uint8_t bill)
{
    struct sugu_service_ids *ids = sugu_journal_service_ids(world->journal);
    struct sugu_attempt attempt = {
        .id.bytes = {1, number},
        .start_request.bytes = {2, number},
        .session.bytes = {3, number},
        .bill.bytes = {4, bill},
        .revision = 1,
        .amount_yen = 3240,
        .intended_utc_us = world->clock.utc + number,
    };
    struct sugu_error error;

    sugu_assert_ok(ids->next(ids, attempt.service_id, &error), error);
    return attempt;
}

START_TEST(every_column_comes_back_after_a_restart)
{
    struct sugu_attempt attempt, back;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    attempt = make_attempt(&world, 1, 1);
    sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    attempt.state = SUGU_ATTEMPT_APPROVED;
    attempt.server_stage = SUGU_SERVER_BEGUN;
    attempt.approved_yen = 99999999;
    attempt.report_number = 3;
    attempt.report_done = 2;
    attempt.changed_utc_us = world.clock.utc + 5;
    sugu_text_copy(attempt.reference, sizeof attempt.reference, "ref'; DROP TABLE attempt; --");
    sugu_text_copy(attempt.code, sizeof attempt.code, "payment.partial");
    sugu_text_copy(attempt.provider_id, sizeof attempt.provider_id, "BV0q001.NC6");
    sugu_text_copy(attempt.approval_code, sizeof attempt.approval_code, "123456");
    sugu_text_copy(attempt.brand, sizeof attempt.brand, "ブランド");
    sugu_text_copy(attempt.last4, sizeof attempt.last4, "9999");
    sugu_text_copy(attempt.terminal, sizeof attempt.terminal, "V400m-1");
    sugu_text_copy(attempt.code_id, sizeof attempt.code_id, "04-Em000001Xq");
    attempt.left_utc_us = world.clock.utc + 6;
    attempt.deleted_utc_us = world.clock.utc + 7;
    sugu_text_copy(attempt.request_key, sizeof attempt.request_key,
                   "019e80b1-de7c-77ae-a160-b30347adb8ec");
    attempt.first_sent_utc_us = world.clock.utc + 8;
    attempt.decline = 2;
    sugu_assert_ok(sugu_journal_save(world.journal, &attempt, "TEST", SUGU_ATTEMPT_SENT, &error),
                   error);
    sugu_journal_close(world.journal);
    open_journal(&world);
    for (int by = SUGU_JOURNAL_BY_ID; by <= SUGU_JOURNAL_LAST_OF_BILL; by++) {
        const struct sugu_id *keys[] = {&attempt.id, &attempt.start_request, &attempt.bill};
        memset(&back, 0xee, sizeof back);
        sugu_assert_ok(
            sugu_journal_find(world.journal, (enum sugu_journal_key)by, keys[by], &back, &error),
            error);
        ck_assert_str_eq(back.reference, attempt.reference);
        ck_assert_str_eq(back.brand, attempt.brand);
        ck_assert_int_eq(back.approved_yen, attempt.approved_yen);
        ck_assert_int_eq(back.changed_utc_us, attempt.changed_utc_us);
        ck_assert_uint_eq(back.report_number, 3);
        ck_assert_uint_eq(back.state, SUGU_ATTEMPT_APPROVED);
        ck_assert(sugu_id_equal(&back.session, &attempt.session));
        ck_assert_str_eq(back.service_id, attempt.service_id);
        ck_assert_str_eq(back.last4, "9999");
        ck_assert_str_eq(back.code_id, "04-Em000001Xq");
        ck_assert_int_eq(back.left_utc_us, attempt.left_utc_us);
        ck_assert_int_eq(back.deleted_utc_us, attempt.deleted_utc_us);
        ck_assert_str_eq(back.request_key, attempt.request_key);
        ck_assert_int_eq(back.first_sent_utc_us, attempt.first_sent_utc_us);
        ck_assert_uint_eq(back.decline, 2);
    }
    world_done(&world);
}
END_TEST

START_TEST(a_bill_has_one_open_attempt)
{
    struct sugu_attempt first, second;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    first = make_attempt(&world, 1, 1);
    second = make_attempt(&world, 2, 1);
    sugu_assert_ok(sugu_journal_insert(world.journal, &first, &error), error);
    sugu_assert_fails(sugu_journal_insert(world.journal, &second, &error), SUGU_REFUSED,
                      "payment.open", error);
    first.state = SUGU_ATTEMPT_HELD;
    sugu_assert_ok(sugu_journal_save(world.journal, &first, "T", SUGU_ATTEMPT_SENT, &error), error);
    sugu_assert_fails(sugu_journal_insert(world.journal, &second, &error), SUGU_REFUSED,
                      "payment.open", error);
    first.state = SUGU_ATTEMPT_DECLINED;
    sugu_assert_ok(sugu_journal_save(world.journal, &first, "T", SUGU_ATTEMPT_HELD, &error), error);
    sugu_assert_ok(sugu_journal_insert(world.journal, &second, &error), error);
    world_done(&world);
}
END_TEST

/* Holds, releases and registrations move no money of a bill, and mostly have none. */
START_TEST(what_moves_no_money_locks_no_bill)
{
    struct sugu_error error;
    struct world world;

    world_init(&world);
    for (uint8_t i = 1; i <= 6; i++) {
        struct sugu_attempt attempt = make_attempt(&world, i, 0);

        attempt.bill = (struct sugu_id){{0}};
        attempt.revision = 0;
        attempt.kind = 3 + i % 3;
        sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    }
    world_done(&world);
}
END_TEST

START_TEST(what_is_unfinished_is_found_oldest_first)
{
    struct sugu_attempt open[8], attempt;
    struct sugu_error error;
    struct world world;
    size_t count;

    world_init(&world);
    for (uint8_t i = 1; i <= 5; i++) {
        attempt = make_attempt(&world, i, i);
        sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
        attempt.state = i == 1   ? SUGU_ATTEMPT_DECLINED /* told */
                        : i == 2 ? SUGU_ATTEMPT_DECLINED /* not told */
                                 : SUGU_ATTEMPT_UNKNOWN;
        attempt.report_number = 1;
        attempt.report_done = i == 1;
        sugu_assert_ok(
            sugu_journal_save(world.journal, &attempt, "T", SUGU_ATTEMPT_INTENDED, &error), error);
    }
    sugu_assert_ok(sugu_journal_unfinished(world.journal, open, 8, &count, &error), error);
    ck_assert_uint_eq(count, 4);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(open[i].id.bytes[1], i + 2);
    sugu_assert_ok(sugu_journal_unfinished(world.journal, open, 2, &count, &error), error);
    ck_assert_uint_eq(count, 2);
    world_done(&world);
}
END_TEST

static void
take_id(struct world *world, char id[11])
{
    struct sugu_service_ids *ids = sugu_journal_service_ids(world->journal);
    struct sugu_error error;

    sugu_assert_ok(ids->next(ids, id, &error), error);
    ck_assert_uint_eq(strlen(id), 10);
}

/* Through restarts, a clock that was set back, and a journal that was lost. */
START_TEST(a_service_id_never_comes_again)
{
    char last[11] = "", id[11];
    struct world world;
    char command[128];

    world_init(&world);
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 150; i++) {
            take_id(&world, id);
            ck_assert_msg(strcmp(id, last) > 0, "%s after %s", id, last);
            memcpy(last, id, sizeof last);
        }
        world.journal = sugu_journal_close(world.journal);
        if (round == 2)
            world.clock.utc -= 30 * 24 * 60 * SUGU_MINUTE;
        if (round == 4) { /* a new disk, two minutes later, with the clock right */
            snprintf(command, sizeof command, "rm -rf %s/*", world.folder);
            ck_assert_int_eq(system(command), 0);
            world.clock.utc += 30 * 24 * 60 * SUGU_MINUTE + 2 * SUGU_MINUTE;
        }
        open_journal(&world);
    }
    world_done(&world);
}
END_TEST

START_TEST(a_second_program_is_refused)
{
    struct sugu_journal *second;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    sugu_assert_fails(sugu_journal_open(world.folder, &world.clock.clock, &second, &error),
                      SUGU_REFUSED, "file.locked", error);
    world_done(&world);
}
END_TEST

static int
execute(struct world *world, const char *sql)
{
    char path[96];
    sqlite3 *database;
    int result;

    snprintf(path, sizeof path, "%s/payment.sqlite", world->folder);
    ck_assert_int_eq(sqlite3_open(path, &database), SQLITE_OK);
    result = sqlite3_exec(database, sql, NULL, NULL, NULL);
    sqlite3_close(database);
    return result;
}

START_TEST(the_history_cannot_be_changed)
{
    struct sugu_attempt attempt;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    attempt = make_attempt(&world, 1, 1);
    sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    ck_assert_int_eq(execute(&world, "UPDATE change SET event = 'x'"), SQLITE_CONSTRAINT);
    ck_assert_int_eq(execute(&world, "DELETE FROM change"), SQLITE_CONSTRAINT);
    ck_assert_int_eq(execute(&world, "UPDATE attempt SET state = 2"), SQLITE_CONSTRAINT);
    ck_assert_int_eq(execute(&world, "UPDATE attempt SET last4 = '54133'"), SQLITE_CONSTRAINT);
    ck_assert_int_eq(execute(&world, "SELECT 1 FROM change WHERE event = 'INTENDED'"), SQLITE_OK);
    world_done(&world);
}
END_TEST

/* Version 1 had no cash. */
START_TEST(an_older_journal_gets_the_tables_of_cash)
{
    struct sugu_cash_movement coins = {
        .device = 7, .unit = SUGU_CASH_100, .pieces = 3, .why = "accepted"};
    struct sugu_cash_counts stock;
    struct sugu_attempt attempt, back;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    attempt = make_attempt(&world, 1, 1);
    sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    world.journal = sugu_journal_close(world.journal);
    ck_assert_int_eq(execute(&world, "DROP TABLE cash_event; DROP TABLE cash_payout;"
                                     "DROP TABLE cash_session; DROP TABLE cash_stock;"
                                     "DROP TABLE cash_device; PRAGMA user_version = 1"),
                     SQLITE_OK);
    open_journal(&world);
    sugu_assert_ok(sugu_journal_find(world.journal, SUGU_JOURNAL_BY_ID, &attempt.id, &back, &error),
                   error);
    sugu_assert_ok(sugu_journal_cash_write(
                       world.journal,
                       &(struct sugu_cash_entry){.movements = &coins, .movement_count = 1}, &error),
                   error);
    sugu_assert_ok(sugu_journal_cash_stock(world.journal, 7, &stock, &error), error);
    ck_assert_int_eq(stock.of[SUGU_CASH_100], 3);
    ck_assert_int_eq(execute(&world, "UPDATE cash_stock SET pieces = 4"), SQLITE_CONSTRAINT);
    world_done(&world);
}
END_TEST

/* Version 2 had no providers: its table of attempts is made anew, and nothing is lost. */
START_TEST(an_older_journal_keeps_its_attempts_and_what_hangs_on_them)
{
    struct sugu_cash_session_row session = {.due_yen = 3240}, back_session;
    struct sugu_attempt attempt, other, back;
    struct sugu_error error;
    struct world world;

    world_init(&world);
    attempt = make_attempt(&world, 1, 1);
    session.attempt = attempt.id;
    sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    sugu_assert_ok(sugu_journal_cash_write(world.journal,
                                           &(struct sugu_cash_entry){.session = &session}, &error),
                   error);
    world.journal = sugu_journal_close(world.journal);
    ck_assert_int_eq(execute(&world, "DROP INDEX attempt_of_bill;"
                                     "ALTER TABLE attempt DROP COLUMN code_id;"
                                     "ALTER TABLE attempt DROP COLUMN payer;"
                                     "ALTER TABLE attempt DROP COLUMN request_key;"
                                     "PRAGMA user_version = 2"),
                     SQLITE_OK);
    open_journal(&world);
    sugu_assert_ok(sugu_journal_find(world.journal, SUGU_JOURNAL_BY_ID, &attempt.id, &back, &error),
                   error);
    ck_assert_str_eq(back.service_id, attempt.service_id);
    ck_assert_str_eq(back.code_id, "");
    sugu_assert_ok(sugu_journal_cash_session(world.journal, NULL, &back_session, &error), error);
    ck_assert(sugu_id_equal(&back_session.attempt, &attempt.id));
    /* The locks and the history hold as before. */
    other = make_attempt(&world, 2, 1);
    sugu_assert_fails(sugu_journal_insert(world.journal, &other, &error), SUGU_REFUSED,
                      "payment.open", error);
    back.state = SUGU_ATTEMPT_SENT;
    sugu_assert_ok(sugu_journal_save(world.journal, &back, "TEST", SUGU_ATTEMPT_INTENDED, &error),
                   error);
    ck_assert_int_eq(execute(&world, "CREATE TABLE seen AS SELECT * FROM pragma_foreign_key_check;"
                                     "CREATE TABLE none (n CHECK (n = 0));"
                                     "INSERT INTO none SELECT count(*) FROM seen"),
                     SQLITE_OK);
    ck_assert_int_eq(execute(&world, "PRAGMA foreign_keys = ON;"
                                     "UPDATE cash_session SET attempt = x'00'"),
                     SQLITE_CONSTRAINT);
    world_done(&world);
}
END_TEST

START_TEST(a_newer_journal_and_a_damaged_one_are_left_alone)
{
    struct sugu_error error;
    struct world world;
    char path[96];
    FILE *file;

    world_init(&world);
    world.journal = sugu_journal_close(world.journal);
    ck_assert_int_eq(execute(&world, "PRAGMA user_version = 5"), SQLITE_OK);
    sugu_assert_fails(sugu_journal_open(world.folder, &world.clock.clock, &world.journal, &error),
                      SUGU_BROKEN, "payment.journal", error);
    snprintf(path, sizeof path, "%s/payment.sqlite", world.folder);
    file = fopen(path, "w");
    fputs("this is not a database at all, but long enough to look at", file);
    fclose(file);
    sugu_assert_fails(sugu_journal_open(world.folder, &world.clock.clock, &world.journal, &error),
                      SUGU_BROKEN, "payment.journal", error);
    world.journal = NULL;
    world_done(&world);
}
END_TEST

/* A full disk, as the process's file size limit: an error, and the row is not there. */
START_TEST(a_full_disk_is_an_error_and_nothing_is_half_there)
{
    struct sugu_attempt attempt, back;
    struct sugu_error error;
    struct rlimit limit;
    struct world world;

    world_init(&world);
    attempt = make_attempt(&world, 1, 1);
    signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){.rlim_cur = 4096, .rlim_max = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 4096;
    setrlimit(RLIMIT_FSIZE, &limit);
    sugu_assert_status(sugu_journal_insert(world.journal, &attempt, &error), SUGU_BROKEN, error);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    sugu_assert_fails(
        sugu_journal_find(world.journal, SUGU_JOURNAL_BY_ID, &attempt.id, &back, &error),
        SUGU_REFUSED, "payment.unknown-attempt", error);
    sugu_assert_ok(sugu_journal_insert(world.journal, &attempt, &error), error);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("payment-journal",
               every_column_comes_back_after_a_restart,
               a_bill_has_one_open_attempt,
               what_moves_no_money_locks_no_bill,
               what_is_unfinished_is_found_oldest_first,
               a_service_id_never_comes_again,
               a_second_program_is_refused,
               the_history_cannot_be_changed,
               an_older_journal_gets_the_tables_of_cash,
               an_older_journal_keeps_its_attempts_and_what_hangs_on_them,
               a_newer_journal_and_a_damaged_one_are_left_alone,
               a_full_disk_is_an_error_and_nothing_is_half_there)
