/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check-cash - what lies in the cash machines, against the rows of the kiosks and the ledger
 *
 * Of each kiosk: yen put in less yen that came out, by whatever way, is what its journal's sessions
 * say, those that staff have counted included; and what the rows say stands on its account, what
 * staff say on that of what is over or short. Pieces that a payout counted and did not give are
 * found by counting only; they are left out until somebody has counted.
 */
#include "simulation/check.h"
#include "simulation/device-cash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of journal-cash-schema.sql: in - out of a session. */
#define IN_LESS_OUT                                                                                \
    "(SELECT coalesce(sum(e.unit_yen), 0) FROM cash_event e"                                       \
    " WHERE e.session = s.attempt AND e.kind = 'ACCEPTED')"                                        \
    " - (SELECT coalesce(sum(p.paid * p.unit_yen), 0) FROM cash_payout p"                          \
    "    WHERE p.session = s.attempt)"
/* Of all that are over: that, or what staff have counted; nothing where they gave it all back. */
#define BOOKED                                                                                     \
    "SELECT coalesce(sum(CASE WHEN a.state = 6 OR s.state <> 11 THEN 0"                            \
    " WHEN s.is_by_staff THEN CASE WHEN a.state = 2 THEN a.approved_yen ELSE 0 END"                \
    " ELSE " IN_LESS_OUT " END), 0)"                                                               \
    " FROM cash_session s JOIN attempt a ON a.id = s.attempt WHERE s.attempt <> ?1"
#define BY_STAFF                                                                                   \
    "SELECT coalesce(sum(a.approved_yen), 0) FROM cash_session s JOIN attempt a"                   \
    " ON a.id = s.attempt WHERE s.is_by_staff AND s.state = 11 AND a.state = 2"
#define OF_ONE "SELECT " IN_LESS_OUT " FROM cash_session s WHERE s.attempt = ?1 AND s.state = 11"

static sqlite3_stmt *
prepare(sqlite3 *journal, const char *text, const struct sugu_id *id)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(journal, text, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "sim: %s\n", sqlite3_errmsg(journal));
        abort();
    }
    if (id)
        sqlite3_bind_blob(statement, 1, id->bytes, SUGU_ID_SIZE, SQLITE_STATIC);
    return statement;
}

static int64_t
ask_number(sqlite3 *journal, const char *text, const struct sugu_id *id)
{
    sqlite3_stmt *statement = prepare(journal, text, id);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;

    sqlite3_finalize(statement);
    return value;
}

int64_t
check_booked_yen(const struct kiosk *kiosk, const struct sugu_id *but_for)
{
    sqlite3 *journal = check_open_journal(kiosk);
    int64_t yen = ask_number(journal, BOOKED, but_for);

    sqlite3_close(journal);
    return yen;
}

bool
check_session_yen(const struct kiosk *kiosk, const struct sugu_id *attempt, int64_t *ret_yen)
{
    sqlite3 *journal = check_open_journal(kiosk);
    sqlite3_stmt *statement = prepare(journal, OF_ONE, attempt);
    bool is_over = sqlite3_step(statement) == SQLITE_ROW;

    if (is_over)
        *ret_yen = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(journal);
    return is_over;
}

bool
check_held_cash(const struct world *world,
                const char *place,
                struct sugu_id *ret_attempt,
                int64_t *ret_due_yen)
{
    char statement[300];
    PGresult *result;
    bool is_found;

    snprintf(statement, sizeof statement,
             "SELECT amount_yen, attempt FROM sugu.attempt WHERE state = %d AND method = 'cash' "
             "AND place = '%s' ORDER BY attempt LIMIT 1",
             SUGU_ATTEMPT_HELD, place);
    result = check_query(world, statement);
    is_found = PQntuples(result) > 0;
    if (is_found) {
        *ret_due_yen = check_number_at(result, 0);
        if (!sugu_id_from_text(PQgetvalue(result, 0, 1), ret_attempt))
            abort();
    }
    PQclear(result);
    return is_found;
}

/* Each attempt that says it took money; what goes back in whole stays in nobody's name. */
static void
each_bill(sqlite3 *journal,
          void (*each)(void *user, const struct device_charge *charge),
          void *user)
{
    sqlite3_stmt *statement =
        prepare(journal,
                "SELECT bill, approved_yen FROM attempt WHERE method = 2 AND state = 2 "
                "AND kind = 0",
                NULL);

    while (sqlite3_step(statement) == SQLITE_ROW) {
        char text[SUGU_ID_TEXT_SIZE];
        struct sugu_id bill;

        memcpy(bill.bytes, sqlite3_column_blob(statement, 0), SUGU_ID_SIZE);
        each(user, &(struct device_charge){"", sugu_id_to_text(&bill, text),
                                           sqlite3_column_int64(statement, 1)});
    }
    sqlite3_finalize(statement);
}

/* Pieces with a row that belongs to no session: in the machine, and in no patient's sum. */
static void
check_unowned(const struct kiosk *kiosk, sqlite3 *journal)
{
    int64_t yen = ask_number(journal,
                             "SELECT coalesce(sum(unit_yen), 0) FROM cash_event "
                             "WHERE kind = 'ACCEPTED' AND session IS NULL",
                             NULL);

    if (yen > 0)
        sim_fail("kiosk %u accepted %lld yen of nobody", kiosk->index, (long long)yen);
}

static int64_t
by_staff_yen(const struct kiosk *kiosk)
{
    sqlite3 *journal = check_open_journal(kiosk);
    int64_t yen = ask_number(journal, BY_STAFF, NULL);

    sqlite3_close(journal);
    return yen;
}

/* What staff have counted there. */
static int64_t
check_box(const struct world *world, const struct kiosk *kiosk)
{
    struct device_cash *cash = kiosk->cash;
    int64_t lied = sugu_cash_sum_yen(&cash->emulated.lied) - cash->counted_yen;
    int64_t gain = device_cash_gain_yen(cash) - lied;
    int64_t booked = check_booked_yen(kiosk, &(struct sugu_id){{0}});
    int64_t posted = check_posted_yen(world, "cash", kiosk->place);
    int64_t by_staff = by_staff_yen(kiosk);

    sim_note("cash", gain, posted);
    if (gain != booked || booked != posted + by_staff)
        sim_fail("cash of kiosk %u: %lld yen are in its boxes, %lld in its journal, %lld of them "
                 "counted by staff; %lld posted",
                 kiosk->index, (long long)gain, (long long)booked, (long long)by_staff,
                 (long long)posted);
    if (cash->missing_yen > sugu_cash_sum_yen(&cash->emulated.pulled))
        sim_fail("cash of kiosk %u: %lld yen are missing, only %lld were pulled out on a string",
                 kiosk->index, (long long)cash->missing_yen,
                 (long long)sugu_cash_sum_yen(&cash->emulated.pulled));
    return by_staff;
}

void
check_cash(const struct world *world,
           void (*each)(void *user, const struct device_charge *charge),
           void *user)
{
    int64_t by_staff = 0, over_short = check_posted_yen(world, "over-short", "");

    for (unsigned i = 0; i < world->settings.kiosks; i++) {
        const struct kiosk *kiosk = &world->kiosks[i];
        sqlite3 *journal;

        if (!kiosk->cash)
            continue;
        journal = check_open_journal(kiosk);
        check_unowned(kiosk, journal);
        each_bill(journal, each, user);
        sqlite3_close(journal);
        by_staff += check_box(world, kiosk);
    }
    if (by_staff != over_short)
        sim_fail("staff have counted %lld yen, %lld are posted as over or short",
                 (long long)by_staff, (long long)over_short);
}
