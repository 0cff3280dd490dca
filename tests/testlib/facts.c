/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - what stands in a hospital's database, asked by the owner behind every program's back
 */
#include "testlib/facts.h"

#include "testlib/checks.h"
#include "testlib/sql.h"

#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sugu_facts_init(struct sugu_facts *facts, const char *folder)
{
    char conninfo[300];

    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=sugu user=sugu_owner", folder);
    facts->connection = sugu_sql_connect(conninfo);
}

void
sugu_facts_done(struct sugu_facts *facts)
{
    PQfinish(facts->connection);
}

void
sugu_facts_run(struct sugu_facts *facts, const char *sql)
{
    sugu_sql_run(facts->connection, sql);
}

int64_t
sugu_facts_number(struct sugu_facts *facts, const char *sql)
{
    return sugu_sql_number(facts->connection, sql);
}

void
sugu_facts_wait_blocked(struct sugu_facts *facts, int64_t count)
{
    static const char sql[] = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'sugu_server' "
                              "AND wait_event_type = 'Lock'";
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 4 * SUGU_SECOND;

    while (sugu_facts_number(facts, sql) < count)
        ck_assert_msg(clock->monotonic_us(clock) < until, "the servers do not wait");
}

void
sugu_facts_are_gapless(struct sugu_facts *facts,
                       const char *table,
                       const char *column,
                       int64_t count)
{
    char sql[300], expected[100];

    snprintf(sql, sizeof sql,
             "SELECT format('%%s rows, %%s different, %%s to %%s', count(*), count(DISTINCT %s), "
             "coalesce(min(%s), 1), coalesce(max(%s), 0)) FROM %s",
             column, column, column, table);
    snprintf(expected, sizeof expected, "%d rows, %d different, 1 to %d", (int)count, (int)count,
             (int)count);
    ck_assert_str_eq(sugu_sql_text(facts->connection, sql), expected);
}

Sugu__Down *
sugu_facts_stored_reply(struct sugu_facts *facts, const struct sugu_id *request)
{
    char text[SUGU_ID_TEXT_SIZE];
    const char *values[] = {sugu_id_to_text(request, text)};
    PGresult *result =
        PQexecParams(facts->connection, "SELECT reply FROM request WHERE request = $1", 1, NULL,
                     values, NULL, NULL, /* resultFormat= */ 1);
    Sugu__Down *down = NULL;

    ck_assert_int_eq(PQresultStatus(result), PGRES_TUPLES_OK);
    ck_assert_int_le(PQntuples(result), 1);
    if (PQntuples(result) == 1)
        down = sugu__down__unpack(NULL, (size_t)PQgetlength(result, 0, 0),
                                  (const uint8_t *)PQgetvalue(result, 0, 0));
    PQclear(result);
    return down;
}

/* The numbers of the events that the client is entitled to. */
static PGresult *
ask_entitled(struct sugu_facts *facts, const struct sugu_test_client *client)
{
    char roles[16];
    const char *values[] = {roles, client->place};
    PGresult *result;

    snprintf(roles, sizeof roles, "%u", sugu_role_find(client->role));
    result = PQexecParams(facts->connection,
                          "SELECT event FROM event WHERE roles & $1::integer <> 0 "
                          "AND place IN ('', $2) ORDER BY event",
                          2, NULL, values, NULL, NULL, /* resultFormat= */ 0);
    ck_assert_int_eq(PQresultStatus(result), PGRES_TUPLES_OK);
    return result;
}

void
sugu_facts_were_heard(struct sugu_facts *facts, struct sugu_test_client *client)
{
    PGresult *result = ask_entitled(facts, client);
    size_t count = (size_t)PQntuples(result);
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 10 * SUGU_SECOND;

    while (client->event_count < count && clock->monotonic_us(clock) < until)
        sugu_test_client_run(client, 20 * SUGU_MS);
    ck_assert_msg(client->event_count == count, "%s got %zu of %zu events", client->role,
                  client->event_count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(client->events[i]->number,
                          strtoull(PQgetvalue(result, (int)i, 0), NULL, 10));
    ck_assert_msg(client->resets == 1, "%s was reset %zu times", client->role, client->resets);
    PQclear(result);
}
