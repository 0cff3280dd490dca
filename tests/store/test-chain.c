/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-chain - whatever is changed behind the ledger's back, the first broken journal is named
 */
#include "store/ledger-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

/* Behind the fixture's two journals; over several pages of the verifier, and three days. */
#define MORE 600
#define DAYS 3

static const uint32_t days[DAYS] = {20260401, 20260402, 20260403};

/* Deposits at a desk: journals that need no bill. */
static void
post_deposits(struct ledger_world *world)
{
    for (unsigned i = 0; i < MORE; i++) {
        if (i % 50 == 0)
            ledger_world_begin(world, days[i / (MORE / DAYS)]);
        sugu_ledger_deposit_taken(
            &world->batch,
            &(struct sugu_ledger_money){.visit = {{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                                   0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11}},
                                        .method = "desk",
                                        .where = i % 2 ? "9" : "desk: 窓口 \"1\"",
                                        .yen = 1000 + i});
        if (i % 50 == 49)
            ledger_world_commit(world);
    }
}

static void
world_init(struct ledger_world *world)
{
    ledger_world_init(world);
    post_deposits(world);
}

START_TEST(the_chain_is_computed_anew_and_whole)
{
    struct ledger_world world;
    struct sugu_chain_finding finding;

    world_init(&world);
    finding = ledger_world_verify(&world, /* day= */ 0, /* head= */ NULL);
    ck_assert_msg(!finding.is_broken, "journal %ld: %s", (long)finding.journal, finding.what);
    ck_assert_int_eq(finding.checked, MORE + 2);
    for (int i = 0; i < DAYS; i++) {
        finding = ledger_world_verify(&world, days[i], NULL);
        ck_assert(!finding.is_broken);
        ck_assert_int_eq(finding.checked, MORE / DAYS + (i == 0 ? 2 : 0));
    }
    ledger_world_holds(&world);
    ledger_world_done(&world);
}
END_TEST

static const struct {
    const char *sql;
    int64_t journal; /* the first broken one; 0: the anchor of `day` */
    uint32_t day;
    const char *what;
} tamperings[] = {
    {"UPDATE entry SET yen = yen + 100 WHERE facility = 1 AND journal = 7 AND line = 1", 7, 0,
     "content was changed; its entries sum to 100; cash-desk desk: 窓口 \"1\": entries"},
    {"UPDATE entry SET yen = yen * 2 WHERE facility = 1 AND journal = 7", 7, 0,
     "content was changed; cash-desk desk: 窓口 \"1\": entries"},
    {"UPDATE entry SET account = 'bank' WHERE facility = 1 AND journal = 403 AND line = 1", 403, 0,
     "content was changed; bank desk: 窓口 \"1\": entries 1400, sealed 0"},
    {"UPDATE entry SET detail = '8' WHERE facility = 1 AND journal = 404 AND line = 1", 404, 0,
     "content was changed; cash-desk 8: entries 1401, sealed 0; cash-desk 9: entries"},
    {"UPDATE journal SET posted_at = posted_at + interval '1 us' WHERE facility = 1 AND journal = "
     "9",
     9, 0, "its time, kind, bill"},
    {"UPDATE journal SET visit = NULL WHERE facility = 1 AND journal = 9", 9, 0,
     "its time, kind, bill"},
    {"UPDATE journal SET kind = 'payment' WHERE facility = 1 AND journal = 602", 602, 0,
     "its time, kind, bill"},
    {"UPDATE cash_count SET pieces_in = 10, unit = 500 WHERE facility = 1", 2, 0,
     "original or counted pieces"},
    {"DELETE FROM entry WHERE facility = 1 AND journal = 250; "
     "DELETE FROM journal WHERE facility = 1 AND journal = 250",
     250, 0, "it is missing: journal 251 is the next"},
    {"DELETE FROM journal WHERE facility = 1 AND journal = 251", 251, 0,
     "it is missing: journal 252 is the next"}, /* the first of a page */
    {"DELETE FROM journal WHERE facility = 1 AND journal = 602", 602, 0,
     "it is missing, and all up to 602"},
    {"UPDATE journal SET journal = -journal WHERE facility = 1 AND journal IN (20, 21);"
     "UPDATE journal SET journal = 41 + journal WHERE facility = 1 AND journal < 0;"
     "UPDATE entry SET journal = -journal WHERE facility = 1 AND journal IN (20, 21);"
     "UPDATE entry SET journal = 41 + journal WHERE facility = 1 AND journal < 0",
     20, 0, "its place was changed: what belongs here stands as 21"},
    {"UPDATE journal_hash SET hash = sha256('x') WHERE facility = 1 AND journal = 300", 300, 0,
     "its hash was changed"},
    {"UPDATE journal_hash SET hash = sha256('x') WHERE facility = 1 AND journal = 602", 602, 0,
     "its hash was changed"},
    {"DELETE FROM journal_hash WHERE facility = 1 AND journal = 300", 300, 0, "it has no hash"},
    {"UPDATE business_day SET head = sha256('x') WHERE facility = 1 AND day = '2026-04-02'", 0,
     20260402, "its anchor is not the hash of journal 402"},
    {"DELETE FROM business_day WHERE facility = 1 AND day = '2026-04-02'", 203, 0,
     "its day 20260402 has no anchor"},
};

START_TEST(each_tampering_is_named)
{
    struct ledger_world world;

    world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(tamperings); i++) {
        struct sugu_chain_finding finding;
        char name[20];
        snprintf(name, sizeof name, "tampered_%zu", i);
        ledger_world_use_copy(&world, name);
        sugu_sql_run(world.owner, "SET session_replication_role = replica");
        sugu_sql_run(world.owner, "ALTER TABLE journal DROP CONSTRAINT journal_journal_check, "
                                  "DROP CONSTRAINT journal_of_attempt");
        sugu_sql_run(world.owner, tamperings[i].sql);
        finding = ledger_world_verify(&world, /* day= */ 0, /* head= */ NULL);
        ck_assert_msg(finding.is_broken && finding.journal == tamperings[i].journal &&
                          finding.day == tamperings[i].day &&
                          strstr(finding.what, tamperings[i].what),
                      "%s\njournal %ld, day %u: \"%s\"", tamperings[i].sql, (long)finding.journal,
                      finding.day, finding.what);
    }
    ledger_world_done(&world);
}
END_TEST

/* Somebody who has everything chains it all anew: the printed anchor tells. */
START_TEST(a_chain_forged_from_end_to_end_is_not_the_printed_one)
{
    struct ledger_world world;
    struct sugu_chain_finding before, after;

    world_init(&world);
    before = ledger_world_verify(&world, days[2], NULL);
    sugu_sql_run(world.owner, "SET session_replication_role = replica");
    sugu_sql_run(world.owner,
                 "UPDATE entry SET yen = yen * 10 WHERE facility = 1 AND journal = 100; "
                 "DELETE FROM journal_hash WHERE facility = 1; "
                 "DELETE FROM day_balance WHERE facility = 1; "
                 "DO $$ BEGIN FOR n IN 1..602 LOOP PERFORM seal(1, n, (SELECT day FROM journal "
                 "WHERE facility = 1 AND journal = n)); END LOOP; END $$");
    after = ledger_world_verify(&world, /* day= */ 0, NULL);
    ck_assert_msg(!after.is_broken, "%s", after.what); /* within, it is whole */
    after = ledger_world_verify(&world, days[2], before.head);
    ck_assert(after.is_broken);
    ck_assert_uint_eq(after.day, days[2]);
    ck_assert_str_eq(after.what, "its anchor is not the one that was printed");
    ledger_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("chain",
                       120,
                       the_chain_is_computed_anew_and_whole,
                       each_tampering_is_named,
                       a_chain_forged_from_end_to_end_is_not_the_printed_one)
