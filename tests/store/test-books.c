/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-books - a month of every kind of journal, through the ledger's functions: it holds every
 * invariant, its chain is whole, and hledger, which knows nothing of Sugu, adds up the same yen
 */
#include "store/ledger-world.h"

#include "testlib/checks.h"
#include "testlib/process.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DAY 20260501
#define DAYS      30
#define A_DAY     48 /* bills: four of each story */
#define KIOSK     "kiosk-1"
#define DESK      "9"
#define POI       "POI 1:é" /* what a terminal may call itself */
#define LINES_MAX 100

struct month {
    struct ledger_world world;
    struct sugu_batch *batch;
    uint32_t day;
    unsigned bills, attempts;
    int64_t card_open;                /* of the day, not paid by the acquirer yet */
    int32_t notes;                    /* 10,000 yen in the kiosk */
    int64_t sums[SUGU_ACCOUNT_COUNT]; /* by this test's own arithmetic */
};

/* `yen` from one account to another, as this test understands what happened. */
static void
expect(struct month *month, enum sugu_account to, enum sugu_account from, int64_t yen)
{
    month->sums[to] += yen;
    month->sums[from] -= yen;
}
#define EXPECT(to, from, yen) expect(month, SUGU_ACCOUNT_##to, SUGU_ACCOUNT_##from, yen)

/* ---- rows that journals are about */

static void run(struct month *month, const char *format, ...) SUGU_PRINTF(2, 3);

static void
run(struct month *month, const char *format, ...)
{
    char sql[2000];
    va_list values;

    va_start(values, format);
    vsnprintf(sql, sizeof sql, format, values);
    va_end(values);
    sugu_sql_run(month->world.owner, sql);
}

struct bill {
    struct sugu_id bill, visit;
    int64_t yen;
    int revision;
};

/* A visit and its bill, posted. */
static struct bill
make_bill(struct month *month)
{
    unsigned number = ++month->bills;
    struct bill bill = {.bill = ledger_world_id('b', number),
                        .visit = ledger_world_id('v', number),
                        .yen = 500 + number * 379 % 9000};
    char b[SUGU_ID_TEXT_SIZE], v[SUGU_ID_TEXT_SIZE];

    sugu_id_to_text(&bill.bill, b);
    sugu_id_to_text(&bill.visit, v);
    run(month,
        "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at) VALUES "
        "(1, '%s', '%u', 6, 'B', %u, decode(lpad('%u', 32, '0'), 'hex'), now()); "
        "INSERT INTO bill VALUES (1, '%s', '%s', 0, 1)",
        v, month->day, number, number, b, v);
    sugu_ledger_bill(month->batch, bill.bill, "bill", bill.yen);
    EXPECT(RECEIVABLE, REVENUE_CLEARING, bill.yen);
    return bill;
}

/* The present revision is another one, of so many yen. */
static void
add_revision(struct month *month, struct bill *bill, int state, int64_t yen)
{
    char b[SUGU_ID_TEXT_SIZE];

    sugu_id_to_text(&bill->bill, b);
    run(month,
        "INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent, "
        "total_points, copay_yen, self_pay_yen, total_yen, announced_at) "
        "VALUES (1, '%s', %d, 1, 30, 1, %" PRId64 ", 0, %" PRId64 ", now()); "
        "UPDATE bill SET state = %d, revision = %d WHERE facility = 1 AND bill = '%s'",
        b, bill->revision + 1, yen, yen, state, bill->revision + 1, b);
    bill->yen = yen;
    bill->revision++;
}

/* Approved for so many yen; declined for none. */
static struct sugu_id
make_attempt(struct month *month,
             const struct bill *bill,
             const char *method,
             int64_t yen,
             const struct sugu_id *original)
{
    struct sugu_id attempt = ledger_world_id('a', ++month->attempts);
    char a[SUGU_ID_TEXT_SIZE], b[SUGU_ID_TEXT_SIZE], o[SUGU_ID_TEXT_SIZE] = "";

    if (original)
        sugu_id_to_text(original, o);
    sugu_id_to_text(&bill->bill, b);
    run(month,
        "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, "
        "amount_yen, state, approved_yen, begun_at, ended_at, kind, original, provider_id) "
        "SELECT 1, '%s', '%s', %d, 1, '" KIOSK "', '%s', y, CASE WHEN y = 0 THEN 3 ELSE 2 END, "
        "nullif(y, 0), now(), now(), CASE WHEN o IS NULL THEN 'payment' ELSE 'refund' END, o, '%u' "
        "FROM (SELECT %" PRId64 "::bigint, nullif('%s', '')::uuid) AS x(y, o); "
        "UPDATE bill SET paid_yen = paid_yen + %" PRId64 " WHERE facility = 1 AND bill = '%s'",
        sugu_id_to_text(&attempt, a), b, bill->revision, method, month->attempts, yen, o,
        original ? -yen : yen, b);
    if (yen > 0 && !original)
        run(month,
            "UPDATE bill_revision SET settled_at = now(), posted_at = now() "
            "WHERE facility = 1 AND bill = '%s' AND revision = %d; "
            "UPDATE bill SET state = 4 WHERE facility = 1 AND bill = '%s'",
            b, bill->revision, b);
    return attempt;
}

/* The last journal that was sent. */
static int64_t
last_journal(struct month *month)
{
    struct sugu_chain_end_row row;

    sugu_db_chain_end(month->world.db, &(struct sugu_chain_end_params){.facility = LEDGER_FACILITY},
                      &row);
    ledger_world_round(&month->world);
    return row.journal;
}

/* ---- what happens to a bill */

static struct sugu_id
pay(struct month *month, const struct bill *bill, const char *method, const char *where)
{
    struct sugu_id attempt = make_attempt(month, bill, method, bill->yen, NULL);

    sugu_ledger_payment(month->batch, &(struct sugu_ledger_money){.bill = bill->bill,
                                                                  .attempt = attempt,
                                                                  .method = method,
                                                                  .where = where,
                                                                  .yen = bill->yen});
    return attempt;
}

static void
by_card(struct month *month, struct bill *bill)
{
    pay(month, bill, "card", POI);
    EXPECT(CARD_CLEARING, RECEIVABLE, bill->yen);
    month->card_open += bill->yen;
}

static void
by_code(struct month *month, struct bill *bill)
{
    pay(month, bill, "code", "paypay");
    EXPECT(CODE_CLEARING, RECEIVABLE, bill->yen);
}

static void
at_desk(struct month *month, struct bill *bill)
{
    pay(month, bill, "desk", DESK);
    EXPECT(CASH_DESK, RECEIVABLE, bill->yen);
}

/* Held at check-in, charged when the bill is there. */
static void
by_card_on_file(struct month *month, struct bill *bill)
{
    struct sugu_hold_open_row hold;
    struct sugu_hold_open_params params = {.facility = LEDGER_FACILITY, .visit = bill->visit};

    sugu_ledger_post(
        month->batch, &(struct sugu_ledger_reference){.visit = bill->visit},
        &(struct sugu_posting_terms){.posting = SUGU_POSTING_HOLD, .yen = 10000, .where = "psp"});
    sugu_db_hold_open(month->world.db, &params, &hold);
    ledger_world_round(&month->world);
    ck_assert(hold.is_found);
    ck_assert_int_eq(hold.yen, 10000);
    sugu_ledger_post(
        month->batch,
        &(struct sugu_ledger_reference){.visit = bill->visit, .original = hold.journal},
        &(struct sugu_posting_terms){
            .posting = SUGU_POSTING_HOLD_ENDED, .yen = hold.yen, .where = "psp"});
    sugu_db_hold_open(month->world.db, &params, &hold);
    ledger_world_round(&month->world);
    ck_assert(!hold.is_found);
    pay(month, bill, "on-file", "psp");
    EXPECT(ON_FILE_CLEARING, RECEIVABLE, bill->yen);
}

/* One note in; the change out, `missing` yen of it not. */
static size_t
cash_for(int64_t yen, int64_t missing, struct sugu_cash_pieces pieces[SUGU_CASH_PIECES_UNITS])
{
    static const int32_t units[] = {5000, 1000, 500, 100, 50, 10, 5, 1};
    int64_t left = 10000 - yen - missing;
    size_t count = 1;

    pieces[0] = (struct sugu_cash_pieces){10000, 1, 0};
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(units); i++) {
        pieces[count++] = (struct sugu_cash_pieces){units[i], 0, (int32_t)(left / units[i])};
        left %= units[i];
    }
    return count;
}

static void
in_cash_with(struct month *month, struct bill *bill, int64_t missing)
{
    struct sugu_cash_pieces pieces[SUGU_CASH_PIECES_UNITS];
    struct sugu_id attempt = make_attempt(month, bill, "cash", bill->yen, NULL);

    month->notes++;
    sugu_ledger_payment(month->batch, &(struct sugu_ledger_money){
                                          .bill = bill->bill,
                                          .attempt = attempt,
                                          .method = "cash",
                                          .where = KIOSK,
                                          .yen = bill->yen,
                                          .pieces = pieces,
                                          .pieces_count = cash_for(bill->yen, missing, pieces)});
    EXPECT(CASH, RECEIVABLE, bill->yen);
}

static void
in_cash(struct month *month, struct bill *bill)
{
    in_cash_with(month, bill, 0);
}

/* The hopper pays twenty too few; a desk does. */
static void
in_cash_short(struct month *month, struct bill *bill)
{
    in_cash_with(month, bill, 20);
    EXPECT(CASH, DEPOSIT, 20);
    sugu_ledger_change_paid(month->batch, bill->bill, DESK, 20);
    EXPECT(DEPOSIT, CASH_DESK, 20);
}

/* First the money is given back, in other coins; then the hopper pays three too many. */
static void
in_cash_twice(struct month *month, struct bill *bill)
{
    static const struct sugu_cash_pieces back[] = {{1000, 1, 0}, {500, 0, 2}};

    sugu_ledger_cash_returned(
        month->batch,
        &(struct sugu_ledger_money){.bill = bill->bill,
                                    .attempt = make_attempt(month, bill, "cash", 0, NULL),
                                    .method = "cash",
                                    .where = KIOSK,
                                    .pieces = back,
                                    .pieces_count = 2});
    in_cash_with(month, bill, -3);
    EXPECT(OVER_SHORT, CASH, 3);
}

static void
revised_before(struct month *month, struct bill *bill)
{
    int64_t before = bill->yen;

    add_revision(month, bill, 1, before - 60);
    sugu_ledger_bill(month->batch, bill->bill, "bill-revised", bill->yen - before);
    EXPECT(REVENUE_CLEARING, RECEIVABLE, 60);
    by_card(month, bill);
}

/* Paid, then smaller: what is too much goes back to where it came from. */
static void
revised_after(struct month *month, struct bill *bill)
{
    struct sugu_id paid = pay(month, bill, "code", "paypay"), back;

    EXPECT(CODE_CLEARING, RECEIVABLE, bill->yen);
    add_revision(month, bill, 5, bill->yen - 50);
    sugu_ledger_bill(month->batch, bill->bill, "bill-revised", -50);
    EXPECT(REVENUE_CLEARING, RECEIVABLE, 50);
    sugu_ledger_overpayment(month->batch, bill->bill, 50);
    EXPECT(RECEIVABLE, REFUND_PAYABLE, 50);
    if (month->bills % 24 == 7)
        return; /* still payable at the end of the month */
    back = make_attempt(month, bill, "code", 50, &paid);
    sugu_ledger_refund(
        month->batch, SUGU_POSTING_REFUND,
        &(struct sugu_ledger_money){
            .bill = bill->bill, .attempt = back, .method = "code", .where = "paypay", .yen = 50});
    EXPECT(REFUND_PAYABLE, CODE_CLEARING, 50);
}

static void
withdrawn(struct month *month, struct bill *bill)
{
    run(month,
        "UPDATE bill SET state = 2, waived_yen = %" PRId64 " WHERE facility = 1 AND bill = '%s'",
        bill->yen, sugu_id_to_text(&bill->bill, (char[SUGU_ID_TEXT_SIZE]){""}));
    sugu_ledger_bill(month->batch, bill->bill, "bill-withdrawn", -bill->yen);
    EXPECT(REVENUE_CLEARING, RECEIVABLE, bill->yen);
}

/* A deposit of 20,000 yen that waits for proof of insurance. */
static struct sugu_id
take_deposit(struct month *month, const struct bill *bill)
{
    struct sugu_id attempt = ledger_world_id('a', ++month->attempts);
    char a[SUGU_ID_TEXT_SIZE], b[SUGU_ID_TEXT_SIZE];

    run(month,
        "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, "
        "amount_yen, state, approved_yen, begun_at, ended_at, kind, provider_id) VALUES "
        "(1, '%s', '%s', %d, 1, '" KIOSK "', 'desk', 20000, 2, 20000, now(), now(), 'deposit', "
        "'%u'); UPDATE bill SET held_yen = 20000 WHERE facility = 1 AND bill = '%s'",
        sugu_id_to_text(&attempt, a), sugu_id_to_text(&bill->bill, b), bill->revision,
        month->attempts, b);
    sugu_ledger_deposit_taken(
        month->batch,
        &(struct sugu_ledger_money){
            .bill = bill->bill, .attempt = attempt, .method = "desk", .where = DESK, .yen = 20000});
    EXPECT(CASH_DESK, DEPOSIT, 20000);
    return attempt;
}

/* A deposit of a visit that never got a bill. */
static void
give_deposit_back(struct month *month, const struct bill *bill)
{
    struct sugu_ledger_money money = {
        .visit = bill->visit, .method = "desk", .where = DESK, .yen = 500};

    sugu_ledger_deposit_taken(month->batch, &money);
    EXPECT(CASH_DESK, DEPOSIT, 500);
    sugu_ledger_deposit_refunded(month->batch, &money);
    EXPECT(DEPOSIT, CASH_DESK, 500);
}

/* With the proof the deposit is applied; what is too much goes back, but for 100 yen. */
static void
from_deposit(struct month *month, struct bill *bill)
{
    struct sugu_id taken = take_deposit(month, bill);
    int64_t excess = 20000 - bill->yen;
    char b[SUGU_ID_TEXT_SIZE];

    run(month,
        "UPDATE bill SET held_yen = 0, paid_yen = 20000, state = 9 WHERE facility = 1 AND bill = "
        "'%s'",
        sugu_id_to_text(&bill->bill, b));
    give_deposit_back(month, bill);
    sugu_ledger_deposit_applied(month->batch, bill->bill, 20000);
    EXPECT(DEPOSIT, RECEIVABLE, 20000);
    sugu_ledger_overpayment(month->batch, bill->bill, excess);
    EXPECT(RECEIVABLE, REFUND_PAYABLE, excess);
    sugu_ledger_refund(month->batch, SUGU_POSTING_REFUND,
                       &(struct sugu_ledger_money){
                           .bill = bill->bill,
                           .attempt = make_attempt(month, bill, "desk", excess - 100, &taken),
                           .method = "desk",
                           .where = DESK,
                           .yen = excess - 100});
    EXPECT(REFUND_PAYABLE, CASH_DESK, excess - 100);
}

/* Unknown at the close and accepted by a person; next it turns out that nothing was taken. */
static void
suspended(struct month *month, struct bill *bill)
{
    struct sugu_ledger_line lines[] = {{SUGU_ACCOUNT_RECEIVABLE, "", bill->yen},
                                       {SUGU_ACCOUNT_SUSPENSE, "", -bill->yen}};
    struct sugu_ledger_reference reference = {.bill = bill->bill};

    sugu_ledger_post(
        month->batch, &reference,
        &(struct sugu_posting_terms){.posting = SUGU_POSTING_SUSPENDED, .yen = bill->yen});
    EXPECT(SUSPENSE, RECEIVABLE, bill->yen);
    if (month->bills % 24 == 11)
        return;
    reference.original = last_journal(month);
    sugu_ledger_correct(month->batch, &(struct sugu_ledger_correction){
                                          .reference = reference, .lines = lines, .count = 2});
    EXPECT(RECEIVABLE, SUSPENSE, bill->yen);
}

/* ---- what happens to the house */

static void
post(struct month *month, const struct sugu_posting_terms *terms)
{
    sugu_ledger_post(month->batch, &(struct sugu_ledger_reference){.original = 0}, terms);
}

static void
morning(struct month *month)
{
    static const struct sugu_cash_pieces filled[] = {{5000, 30, 0}, {1000, 80, 0}, {500, 40, 0},
                                                     {100, 80, 0},  {50, 40, 0},   {10, 80, 0},
                                                     {5, 40, 0},    {1, 90, 0}};
    int64_t yen = sugu_cash_net_yen(filled, SUGU_ARRAY_SIZE(filled));

    post(month, &(struct sugu_posting_terms){
                    .posting = SUGU_POSTING_BAG_FROM_BANK, .yen = yen, .other = "bag-8"});
    EXPECT(CASH_IN_TRANSIT, BANK, yen);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_FLOAT_FILLED,
                                             .yen = yen,
                                             .where = KIOSK,
                                             .other = "bag-8",
                                             .pieces = filled,
                                             .pieces_count = SUGU_ARRAY_SIZE(filled)});
    EXPECT(CASH_FLOAT, CASH_IN_TRANSIT, yen);
}

static void
count_drawers(struct month *month)
{
    static const struct sugu_cash_pieces lost[] = {{50, 0, 1}}, found[] = {{10, 3, 0}};

    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_SHORT,
                                             .yen = 50,
                                             .where = KIOSK,
                                             .pieces = lost,
                                             .pieces_count = 1});
    EXPECT(OVER_SHORT, CASH, 50);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_SHORT,
                                             .yen = -30,
                                             .where = KIOSK,
                                             .pieces = found,
                                             .pieces_count = 1});
    EXPECT(CASH, OVER_SHORT, 30);
    post(month, &(struct sugu_posting_terms){
                    .posting = SUGU_POSTING_SHORT_AT_DESK, .yen = 7, .where = DESK});
    EXPECT(OVER_SHORT, CASH_DESK, 7);
}

static void
evening(struct month *month)
{
    struct sugu_cash_pieces notes = {10000, 0, month->notes};
    int64_t yen = 10000 * (int64_t)month->notes;

    count_drawers(month);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_CASH_EMPTIED,
                                             .yen = yen,
                                             .where = KIOSK,
                                             .other = "bag-9",
                                             .pieces = &notes,
                                             .pieces_count = 1});
    EXPECT(CASH_IN_TRANSIT, CASH, yen);
    post(month,
         &(struct sugu_posting_terms){
             .posting = SUGU_POSTING_DESK_EMPTIED, .yen = 500, .where = DESK, .other = "bag-9"});
    EXPECT(CASH_IN_TRANSIT, CASH_DESK, 500);
    post(month, &(struct sugu_posting_terms){
                    .posting = SUGU_POSTING_BAG_BANKED, .yen = yen + 500, .other = "bag-9"});
    EXPECT(BANK, CASH_IN_TRANSIT, yen + 500);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_ACQUIRER_PAID,
                                             .yen = month->card_open,
                                             .method = SUGU_MONEY_BY_CARD,
                                             .where = POI,
                                             .other = "acquirer",
                                             .fee_yen = month->card_open / 100});
    EXPECT(BANK, CARD_CLEARING, month->card_open);
    EXPECT(FEES, BANK, month->card_open / 100);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_CHARGEBACK,
                                             .yen = 11,
                                             .method = SUGU_MONEY_BY_CARD,
                                             .where = POI});
    EXPECT(RECEIVABLE, CARD_CLEARING, 11);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_CHARGEBACK_LOST,
                                             .yen = 12,
                                             .method = SUGU_MONEY_BY_CARD,
                                             .where = POI});
    EXPECT(LOSSES, CARD_CLEARING, 12);
    post(month, &(struct sugu_posting_terms){.posting = SUGU_POSTING_ROUNDED, .yen = 1});
    EXPECT(ROUNDING, RECEIVABLE, 1);
    month->card_open = month->notes = 0;
}

static void
post_month(struct month *month)
{
    static void (*const stories[])(struct month *, struct bill *) = {
        by_card,        by_code,       by_card_on_file, at_desk,      in_cash,       in_cash_short,
        revised_before, revised_after, withdrawn,       from_deposit, in_cash_twice, suspended};

    for (unsigned day = 0; day < DAYS; day++) {
        month->day = FIRST_DAY + day;
        ledger_world_begin(&month->world, month->day);
        morning(month);
        for (unsigned i = 0; i < A_DAY; i++) {
            struct bill bill = make_bill(month);
            add_revision(month, &bill, 0, bill.yen);
            stories[i % SUGU_ARRAY_SIZE(stories)](month, &bill);
        }
        evening(month);
        ledger_world_commit(&month->world);
    }
}

static void
month_init(struct month *month)
{
    memset(month, 0, sizeof *month);
    ledger_world_init(&month->world);
    month->batch = &month->world.batch;
    /* The fixture's two journals. */
    EXPECT(CARD_CLEARING, RECEIVABLE, 870);
    EXPECT(CASH_FLOAT, CASH_IN_TRANSIT, 5000);
    post_month(month);
}

/* ---- the checks */

static void
has_expected_sums(struct month *month)
{
    int64_t total = 0;

    for (int i = 0; i < SUGU_ACCOUNT_COUNT; i++) {
        const char *name = sugu_account_name((enum sugu_account)i);
        char sql[200];
        snprintf(sql, sizeof sql,
                 "SELECT coalesce(sum(yen), 0) FROM entry WHERE facility = 1 AND account = '%s'",
                 name);
        ck_assert_msg(sugu_sql_number(month->world.owner, sql) == month->sums[i],
                      "%s: %ld, expected %ld", name, (long)sugu_sql_number(month->world.owner, sql),
                      (long)month->sums[i]);
        total += month->sums[i];
    }
    ck_assert_int_eq(total, 0);
}

START_TEST(a_month_of_every_kind_breaks_nothing)
{
    struct month month;
    struct sugu_chain_finding finding;

    month_init(&month);
    ck_assert_int_ge(sugu_sql_number(month.world.owner, "SELECT count(*) FROM journal"), 4000);
    ck_assert_str_eq(
        sugu_sql_text(month.world.owner,
                      "SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM journal"),
        "bank bill bill-revised bill-withdrawn cash-moved cash-returned change-paid chargeback "
        "correction deposit-applied deposit-refunded deposit-taken hold hold-ended over-short "
        "overpayment payment refund rounding suspense");
    has_expected_sums(&month);
    ledger_world_holds(&month.world);
    finding = ledger_world_verify(&month.world, /* day= */ 0, /* head= */ NULL);
    ck_assert_msg(!finding.is_broken, "%s", finding.what);
    ledger_world_done(&month.world);
}
END_TEST

/* Runs sugu-admin export-ledger for the month; its output is the file. */
static void
export_month(struct month *month, const char *file)
{
    const char *argv[] = {SUGU_ADMIN,      "--database", month->world.database.owner,
                          "export-ledger", "--from",     "2026-05-01",
                          "--to",          "2026-05-30", NULL};

    ck_assert_int_eq(sugu_process_run(file, argv, NULL), 0);
}

static int
compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The sorted lines of a file, one behind the other. */
static char *
read_sorted(const char *path)
{
    static char lines[LINES_MAX][200], all[LINES_MAX * 200];
    FILE *file = fopen(path, "re");
    size_t count = 0, used = 0;

    ck_assert_ptr_nonnull(file);
    while (count < LINES_MAX && fgets(lines[count], sizeof lines[0], file))
        count++;
    fclose(file);
    qsort(lines, count, sizeof lines[0], compare_lines);
    *all = '\0';
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i], "\"account\",\"balance\"\n") != 0)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s", lines[i]);
    return all;
}

static const char balances[] =
    "SELECT string_agg(format('\"%s\",\"%s JPY\"', name, yen), E'\\n' ORDER BY name COLLATE \"C\") "
    "|| E'\\n' FROM (SELECT a.class || ':' || e.account || CASE e.detail WHEN '' THEN '' ELSE ':' "
    "|| translate(e.detail, ' :', '__') END AS name, sum(e.yen) AS yen FROM entry e "
    "JOIN journal j USING (facility, journal) JOIN account a USING (facility, account) "
    "WHERE e.facility = 1 AND j.day BETWEEN '2026-05-01' AND '2026-05-30' "
    "GROUP BY 1 HAVING sum(e.yen) <> 0) AS s";

START_TEST(hledger_adds_up_the_same_yen)
{
    struct month month;
    char exported[100], again[100], csv[100];
    const char *balance[] = {"/usr/bin/hledger", "-f", exported, "balance", "--flat",
                             "--no-total",       "-O", "csv",    NULL};
    const char *check[] = {"/usr/bin/hledger", "-f", exported, "check", "ordereddates", NULL};
    const char *same[] = {"/usr/bin/cmp", exported, again, NULL};
    const char *ids[] = {"/bin/grep", "-q", "0000-7000-80", exported, NULL};
    static const char *const utf8[] = {"LC_ALL=C.UTF-8", NULL};

    month_init(&month);
    snprintf(exported, sizeof exported, "%s/books", month.world.database.folder);
    snprintf(again, sizeof again, "%s/books.again", month.world.database.folder);
    snprintf(csv, sizeof csv, "%s/balance", month.world.database.folder);
    export_month(&month, exported);
    ck_assert_int_eq(sugu_process_run(csv, check, utf8), 0); /* every transaction balances */
    ck_assert_int_eq(sugu_process_run(csv, balance, utf8), 0);
    ck_assert_str_eq(read_sorted(csv), sugu_sql_text(month.world.owner, balances));
    /* The same text again, and nobody's ids in it. */
    export_month(&month, again);
    ck_assert_int_eq(sugu_process_run(csv, same, NULL), 0);
    ck_assert_int_eq(sugu_process_run(csv, ids, NULL), 1);
    ledger_world_done(&month.world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("books",
                       120,
                       a_month_of_every_kind_breaks_nothing,
                       hledger_adds_up_the_same_yen)
