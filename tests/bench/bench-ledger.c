/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-ledger - what it costs to seal a journal, and to check a million entries
 *
 * Posting goes through the ledger's functions on one connection, sixteen journals to a transaction
 * as the server does under load, in turns with the seal and without it (its triggers off). Then the
 * books are filled to a million entries; each invariant and the verifier look at all of them.
 */
#include "store/ledger-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>

#define TURNS    6 /* of each way */
#define A_TURN   3200
#define A_COMMIT 16
#define ENTRIES  1000000

/* Seals journals of facility 1 from one on; a commit now and then, as rows that were changed often
 * in one transaction become slow. */
#define SEAL_FROM                                                                                  \
    "DO $$ DECLARE n bigint; last bigint; BEGIN SELECT max(journal) INTO last FROM sugu.journal "  \
    "WHERE facility = 1; FOR n IN %ld..last LOOP PERFORM sugu.seal(1, n, (SELECT day FROM "        \
    "sugu.journal WHERE facility = 1 AND journal = n)); IF n %% 200 = 0 THEN COMMIT; END IF; "     \
    "END LOOP; END $$"

static const struct sugu_id visit = {{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                      0x11, 0x11, 0x11, 0x11, 0x11, 0x11}};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* Journals of two lines each; microseconds for one. */
static double
post(struct ledger_world *world)
{
    int64_t from = now_us();

    for (int i = 0; i < A_TURN; i++) {
        if (i % A_COMMIT == 0)
            ledger_world_begin(world, 20260401);
        sugu_ledger_deposit_taken(
            &world->batch,
            &(struct sugu_ledger_money){.visit = visit, .method = "desk", .where = "9", .yen = 5});
        if (i % A_COMMIT == A_COMMIT - 1)
            ledger_world_commit(world);
    }
    return (double)(now_us() - from) / A_TURN;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void
bench_seal(struct ledger_world *world)
{
    double sealed[TURNS], bare[TURNS];
    char sql[500];

    /* Without the seal first: what is sealed needs the one before. */
    sugu_sql_run(world->owner, "ALTER TABLE journal DISABLE TRIGGER journal_sealed; "
                               "ALTER TABLE entry DISABLE TRIGGER entry_in_time");
    for (int i = 0; i < TURNS; i++)
        bare[i] = post(world);
    sugu_sql_run(world->owner, "ALTER TABLE journal ENABLE TRIGGER journal_sealed; "
                               "ALTER TABLE entry ENABLE TRIGGER entry_in_time");
    snprintf(sql, sizeof sql, SEAL_FROM, 3L);
    sugu_sql_run(world->owner, sql);
    for (int i = 0; i < TURNS; i++)
        sealed[i] = post(world);
    qsort(bare, TURNS, sizeof bare[0], compare);
    qsort(sealed, TURNS, sizeof sealed[0], compare);
    printf("ledger journal_us=%.0f without_seal_us=%.0f seal_us=%.0f\n", sealed[TURNS / 2],
           bare[TURNS / 2], sealed[TURNS / 2] - bare[TURNS / 2]);
}

/* Bills of 1,000 yen with three lines each, over three hundred days. */
static void
fill(struct ledger_world *world)
{
    char sql[2000];
    int64_t from = now_us(),
            first = sugu_sql_number(world->owner, "SELECT max(journal) + 1 "
                                                  "FROM journal WHERE facility = 1");
    int64_t last =
        first +
        (ENTRIES - sugu_sql_number(world->owner, "SELECT count(*) FROM entry WHERE facility = 1")) /
            3;

    snprintf(
        sql, sizeof sql,
        "SET session_replication_role = replica; "
        "INSERT INTO business_day (facility, day) SELECT 1, '2025-12-01'::date + n "
        "FROM generate_series(1, 300) n ON CONFLICT DO NOTHING; "
        "INSERT INTO journal (facility, journal, day, posted_at, kind, visit) "
        "SELECT 1, n, '2025-12-02'::date + ((n - %ld) * 300 / %ld)::integer, now(), 'bank', "
        "repeat('1', 32)::uuid FROM generate_series(%ld, %ld) n; "
        "INSERT INTO entry SELECT 1, n, l, (ARRAY['bank', 'fees', 'card-clearing'])[l], "
        "CASE l WHEN 3 THEN 'terminal-' || n %% 40 ELSE '' END, "
        "(ARRAY[970, 30, -1000])[l] FROM generate_series(%ld, %ld) n, generate_series(1, 3) l; "
        "UPDATE number_counter SET number = %ld WHERE facility = 1 AND kind = 'journal'; "
        "SET session_replication_role = origin",
        (long)first, (long)(last - first + 1), (long)first, (long)last, (long)first, (long)last,
        (long)last);
    sugu_sql_run(world->owner, sql);
    sugu_sql_run(world->owner, "ANALYZE");
    snprintf(sql, sizeof sql, SEAL_FROM, (long)first);
    sugu_sql_run(world->owner, sql);
    sugu_sql_run(world->owner, "ANALYZE");
    printf("ledger entries=%ld journals=%ld filled_s=%.1f\n",
           (long)sugu_sql_number(world->owner, "SELECT count(*) FROM entry WHERE facility = 1"),
           (long)last, (double)(now_us() - from) / 1e6);
}

static void
bench_checks(struct ledger_world *world)
{
    struct sugu_chain_finding finding;
    int64_t from, all = 0;

    for (int i = 0; i < SUGU_INVARIANT_COUNT; i++) {
        from = now_us();
        ck_assert_str_eq(ledger_world_broken(world, i + 1), "");
        printf("ledger invariant=%d name=%s ms=%.0f\n", i + 1, sugu_invariants[i].name,
               (double)(now_us() - from) / 1e3);
        all += now_us() - from;
    }
    from = now_us();
    finding = ledger_world_verify(world, /* day= */ 0, /* head= */ NULL);
    ck_assert_msg(!finding.is_broken, "%s", finding.what);
    printf("ledger check_s=%.1f verify_s=%.1f verified_per_s=%.0f\n", (double)all / 1e6,
           (double)(now_us() - from) / 1e6,
           (double)finding.checked * 1e6 / (double)(now_us() - from));
}

START_TEST(bench)
{
    struct ledger_world world;

    ledger_world_init(&world);
    bench_seal(&world);
    fill(&world);
    bench_checks(&world);
    ledger_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("bench-ledger", 1200, bench)
