/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-ranges - two servers learn the waiting times by themselves, one of them each night
 *
 * Outcome: nobody has to call anything; the ranges are there after the start, are learnt anew with
 * the next business day, once, whichever of the servers does it, and also when that one was killed;
 * who comes is told them.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Forty people a day, with one before them, waited 10 to 49 minutes. */
static const char past[] =
    "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at) "
    "SELECT 1, md5('v' || d || n)::uuid, current_date - d, 6, 'Z', n, "
    "       decode(md5('t' || d || n), 'hex'), now() "
    "FROM generate_series(2, 8) d, generate_series(1, 40) n;"
    "INSERT INTO stage (facility, visit, stage, day, department, state, desk, waiting_at, due_at, "
    "                   called_at, first_called_at, ahead, said_at) "
    "SELECT 1, md5('v' || d || n)::uuid, 1, current_date - d, 'eye', 3, '2', at, at, "
    "       at + make_interval(mins => 9 + n), at + make_interval(mins => 9 + n), 1, at "
    "FROM generate_series(2, 8) d, generate_series(1, 40) n, "
    "     LATERAL (SELECT now() - make_interval(days => d) AS at) AS t";

/* Counts, whoever does it, how often the task was taken on. */
static const char count_tasks[] =
    "CREATE TABLE taken (task text);"
    "CREATE FUNCTION note_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
    "$$ BEGIN INSERT INTO sugu.taken VALUES (NEW.task); RETURN NULL; END $$;"
    "CREATE TRIGGER note_task AFTER INSERT OR UPDATE ON day_task FOR EACH ROW "
    "EXECUTE FUNCTION note_task()";

static int64_t
count_taken(struct ward *ward)
{
    return sugu_facts_number(&ward->facts, "SELECT count(*) FROM taken WHERE task = 'ranges'");
}

static bool
is_learnt(void *user)
{
    struct ward *ward = user;

    return sugu_facts_number(&ward->facts,
                             "SELECT count(*) FROM wait_range WHERE department = 'eye'") == 1;
}

static bool
is_learnt_again(void *user)
{
    return count_taken(user) >= 1;
}

static void
expect_told(struct ward *ward)
{
    Sugu__Reply *reply;

    ward_arrive(ward, "eye", "B-001");
    reply = ward_send_arrive(ward, NULL, "eye", SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->ticket->before_you, 1);
    ck_assert_uint_ge(reply->ticket->low_min, 10);
    ck_assert_uint_le(reply->ticket->low_min, 14);
    ck_assert_uint_ge(reply->ticket->high_min, 44);
    ck_assert_uint_le(reply->ticket->high_min, 49);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(ranges_are_learnt_once_a_night_by_one_of_two_servers)
{
    struct ward ward;
    struct sugu_hospital other = {.folder = ""};

    ward_init(&ward);
    sugu_facts_run(&ward.facts, past);
    sugu_facts_run(&ward.facts, "UPDATE day_task SET day = day - 1 WHERE task = 'ranges'");
    ck_assert(sugu_wait_until(is_learnt, &ward, 30));
    expect_told(&ward);
    sugu_hospital_join(&other, &ward.hospital);
    sugu_facts_run(&ward.facts, count_tasks);
    /* The next day, at both: one learns. */
    sugu_facts_run(&ward.facts, "UPDATE day_task SET day = day - 1 WHERE task = 'ranges';"
                                "DELETE FROM taken");
    ck_assert(sugu_wait_until(is_learnt_again, &ward, 30));
    /* Both have looked again when the pace was refreshed after that, and neither learnt twice. */
    sugu_facts_run(&ward.facts, "UPDATE day_task SET done_at = done_at - interval '1 hour' "
                                "WHERE task = 'pace'");
    sugu_test_client_run(&ward.desk, 21 * SUGU_SECOND); /* two looks of each */
    ck_assert_int_eq(count_taken(&ward), 1);
    /* The first one is killed: the other does it. */
    sugu_hospital_kill_server(&ward.hospital);
    sugu_facts_run(&ward.facts, "UPDATE day_task SET day = day - 1 WHERE task = 'ranges';"
                                "DELETE FROM taken");
    ck_assert(sugu_wait_until(is_learnt_again, &ward, 30));
    ck_assert_int_eq(sugu_process_end(&other.server, SIGTERM), 0);
    sugu_hospital_start_server(&ward.hospital, NULL);
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("ranges", 110, ranges_are_learnt_once_a_night_by_one_of_two_servers)
