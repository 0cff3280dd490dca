/* SPDX-License-Identifier: Apache-2.0 */
/*
 * past - invented weeks before the demo's day, of which the hospital learns its waiting times
 */
#include "demo/past.h"

#include "testlib/facts.h"

/* Nobody in particular, finished long ago: 20 days, and each day in each place one person who found
 * 0, 1 … 17 before them, twice. A place takes so many minutes for one; chance makes it two thirds
 * to four thirds of that. The letter Z is no department's. */
static const char visits_sql[] =
    "CREATE TEMP TABLE past AS "
    "SELECT gen_random_uuid() AS visit, current_date - back AS day, d.department,"
    "       row_number() OVER (PARTITION BY back)::integer AS number, ahead,"
    "       (current_date - back + interval '0.5 hour' + ahead * interval '8 minutes') AS at,"
    "       (ahead + 0.7) * each.s * (0.67 + 0.66 * random()) AS wait_s "
    "FROM generate_series(1, 20) AS back"
    " CROSS JOIN (VALUES ('internal', 210), ('eye', 330), ('ortho', 360), ('blood', 170),"
    "             ('xray', 260), ('pharmacy', 170), ('reception', 400)) AS each(department, s)"
    " JOIN sugu.department d ON d.facility = 1 AND d.department = each.department"
    " CROSS JOIN generate_series(0, 17) AS ahead CROSS JOIN generate_series(1, 2);"
    "INSERT INTO sugu.visit (facility, visit, day, state, series, number, token, arrived_at, "
    "left_at) "
    "SELECT 1, visit, day, 6, 'Z', number, uuid_send(visit), at, at + interval '2 hours' FROM past;"
    "INSERT INTO sugu.stage (facility, visit, stage, day, department, state, waiting_at, called_at,"
    "    first_called_at, done_at, due_at, calls, ahead, low_s, high_s, said_at) "
    "SELECT 1, visit, 1, day, department, 3, at, called, called, called + interval '5 minutes', "
    "at, 1,"
    "       ahead, (ahead + 0.7) * 60, (ahead + 0.7) * 480, at "
    "FROM (SELECT *, at + wait_s * interval '1 second' AS called FROM past) AS p";

/* The morning is played with the calendar of an hour ago, when today's keys were not good yet. */
static const char keys_sql[] =
    "UPDATE sugu.client_key SET valid_from = valid_from - interval '1 day'";

void
past_write(struct sugu_hospital *hospital)
{
    struct sugu_facts facts;

    sugu_facts_init(&facts, hospital->folder);
    sugu_facts_run(&facts, visits_sql);
    sugu_facts_run(&facts, keys_sql);
    sugu_facts_done(&facts);
    sugu_hospital_admin(hospital, 0, NULL, (const char *const[]){"ranges", NULL});
}
