/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-ledger - finance looks at the books of a day: check, verify, export; and at forged ones
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What sugu-admin says, ending with this status. */
static const char *
admin_says(struct sugu_hospital *hospital, int status, const char *const *words)
{
    static char text[20000];
    char path[256];
    FILE *file;
    size_t size;

    sugu_hospital_admin(hospital, status, path, words);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}
#define SAYS(hospital, status, ...)                                                                \
    admin_says(hospital, status, (const char *const[]){__VA_ARGS__, NULL})

static void
has(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part), "\"%s\" is not in \"%s\"", part, text);
}

/* The business day of the first journal, as it is typed. */
static void
get_day(struct sugu_facts *facts, char day[11])
{
    int64_t number = sugu_facts_number(
        facts, "SELECT to_char(day, 'YYYYMMDD')::integer FROM journal WHERE journal = 1");

    snprintf(day, 11, "%04d-%02d-%02d", (int)(number / 10000), (int)(number / 100 % 100),
             (int)(number % 100));
}

START_TEST(the_books_of_a_day_are_checked_and_exported)
{
    static struct sugu_day day;
    struct sugu_facts facts;
    const char *text;
    char date[11], head[65], line[100];

    sugu_day_init(&day);
    sugu_day_play(&day, 1);
    sugu_facts_init(&facts, day.hospital.folder);
    get_day(&facts, date);
    text = SAYS(&day.hospital, 0, "check-ledger");
    has(text, " 1 holds journal_sum: every journal sums to 0\n");
    has(text, "16 holds device_step: ");
    ck_assert_ptr_null(strstr(text, "BROKEN"));
    text = SAYS(&day.hospital, 0, "check-ledger", "--json");
    has(text, "{\"number\": 14, \"name\": \"hash_chain\", \"says\": \"the hash chain is unbroken "
              "and anchored each day\", \"broken_by\": []}");
    has(text, "\"broken\": 0}");
    text = SAYS(&day.hospital, 0, "verify-ledger", "--day", date);
    has(text, "journals 3\nhead ");
    snprintf(head, sizeof head, "%.64s", strstr(text, "head ") + 5);
    SAYS(&day.hospital, 0, "verify-ledger", "--day", date, "--head", head);
    text = SAYS(&day.hospital, 0, "export-ledger", "--from", date, "--to", date);
    snprintf(line, sizeof line, "%s * (3) payment\n    assets:card-clearing:", date);
    has(text, line);
    has(text, "  1750 JPY\n    assets:receivable  -1750 JPY\n\n");
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(forged_books_end_both_checks_with_the_culprit)
{
    static struct sugu_day day;
    struct sugu_facts facts;
    const char *text;
    char date[11], line[200];

    sugu_day_init(&day);
    sugu_day_play(&day, 1);
    sugu_facts_init(&facts, day.hospital.folder);
    get_day(&facts, date);
    sugu_facts_run(&facts, "SET session_replication_role = replica");
    sugu_facts_run(&facts, "UPDATE entry SET yen = yen + 1 WHERE journal = 3 AND yen > 0");
    text = SAYS(&day.hospital, 1, "check-ledger");
    has(text,
        " 1 BROKEN journal_sum: every journal sums to 0\n      journal 3: 2 lines sum to 1\n");
    has(text, "[ledger.broken]");
    text = SAYS(&day.hospital, 1, "check-ledger", "--json");
    has(text, "\"broken_by\": [\"journal 3: 2 lines sum to 1\"]");
    has(text, "\"broken_by\": [\"all entries sum to 1\"]");
    has(text, "\"broken_by\": [\"journal 3: its content is not what was hashed\"]");
    has(text, "\"broken\": 4}");
    text = SAYS(&day.hospital, 1, "verify-ledger");
    has(text, "journal 3: its content was changed; its entries sum to 1; card-clearing ");
    has(text, "[ledger.chain]");
    sugu_facts_run(&facts, "UPDATE entry SET yen = yen - 1 WHERE journal = 3 AND yen > 0");
    SAYS(&day.hospital, 0, "verify-ledger");
    /* Of another day's report. */
    snprintf(line, sizeof line, "%064d", 7);
    text = SAYS(&day.hospital, 1, "verify-ledger", "--day", date, "--head", line);
    has(text, "its anchor is not the one that was printed\n");
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

/* From the first business day that was posted into to the last. */
#define DAYS_OF_JOURNALS "SELECT max(day) - min(day) FROM journal"

/* A payment's outcome is not known in the evening; finance closes the day all the same. */
START_TEST(what_comes_after_the_close_is_posted_into_the_next_open_day)
{
    static struct sugu_day day;
    struct sugu_facts facts;
    const char *text;
    char date[11];

    sugu_day_init(&day);
    sugu_day_until_billed(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    get_day(&facts, date);
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "");
    sugu_day_expect_code(sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0),
                         "");
    text = SAYS(&day.hospital, 1, "close-day", date, "山田");
    has(text, " payment by card, 870 yen, number B-001, begun at ");
    has(text, "[day.in-doubt]");
    text = SAYS(&day.hospital, 0, "close-day", date, "山田", "端末の会社に問い合わせ中");
    has(text, "last journal 1\nhead ");
    has(SAYS(&day.hospital, 1, "close-day", date, "山田", "再度"), "[day.closed]");
    sugu_day_expect_code(
        sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 870), "");
    ck_assert_int_eq(sugu_facts_number(&facts, DAYS_OF_JOURNALS), 1);
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT closed_journal FROM business_day "
                                               "WHERE state = 2"),
                     1);
    sugu_hospital_check_ledger(&day.hospital);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

static void *
approve(void *user)
{
    struct sugu_day *day = user;

    sugu_day_expect_code(sugu_day_send_end_payment(day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 870),
                         "");
    return NULL;
}

/* The payment waits for the row that the close has locked, and then finds the next day by itself.
 */
START_TEST(a_payment_posted_while_the_day_is_being_closed_is_not_lost)
{
    static struct sugu_day day;
    struct sugu_facts facts;
    pthread_t payment;

    sugu_day_init(&day);
    sugu_day_until_billed(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "");
    sugu_facts_run(&facts, "BEGIN; UPDATE business_day SET state = 2");
    ck_assert_int_eq(pthread_create(&payment, NULL, approve, &day), 0);
    sugu_facts_wait_blocked(&facts, 1);
    sugu_facts_run(&facts, "COMMIT");
    pthread_join(payment, NULL);
    ck_assert_int_eq(sugu_facts_number(&facts, DAYS_OF_JOURNALS), 1);
    sugu_hospital_check_ledger(&day.hospital);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_bill_is_an_open_item_until_it_is_paid)
{
    static struct sugu_day day;
    struct sugu_facts facts;
    char date[11], line[80];

    sugu_day_init(&day);
    sugu_day_until_billed(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    get_day(&facts, date);
    snprintf(line, sizeof line, "%s B-001 0002 receivable 870\npatients-owe 870\n", date);
    has(SAYS(&day.hospital, 0, "open-items"), line);
    has(SAYS(&day.hospital, 0, "ledger"), "receivable 870\n"); /* as the books say it */
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "");
    approve(&day);
    ck_assert_str_eq(SAYS(&day.hospital, 0, "open-items"), "patients-owe 0\nowed-to-patients 0\n");
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(change_money_and_takings_are_posted_by_pieces)
{
    static struct sugu_day day;
    struct sugu_facts facts;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    has(SAYS(&day.hospital, 0, "fill-cash", "kiosk-1", "bag-7", "100*30", "1000*10"),
        "kiosk-1 holds more: 13000 yen\n");
    has(SAYS(&day.hospital, 0, "empty-cash", "kiosk-1", "bag-8", "1000*4"),
        "kiosk-1 holds less: 4000 yen\n");
    has(SAYS(&day.hospital, 0, "ledger"), "cash -4000\ncash-float 13000\ncash-in-transit -9000\n");
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT sum(unit * (pieces_in - pieces_out)) "
                                               "FROM cash_count WHERE place = 'kiosk-1'"),
                     9000);
    has(SAYS(&day.hospital, 1, "fill-cash", "kiosk-9", "bag-7", "100*30"), "[kiosk.unknown]");
    SAYS(&day.hospital, 64, "fill-cash", "kiosk-1", "bag-7", "25*4");
    SAYS(&day.hospital, 64, "fill-cash", "kiosk-1", "bag-7", "100*1", "100*2");
    SAYS(&day.hospital, 64, "fill-cash", "kiosk-1", "bag-7", "100*-1");
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(what_cannot_be_meant_is_refused)
{
    struct sugu_hospital hospital;

    sugu_hospital_init(&hospital, NULL);
    has(SAYS(&hospital, 0, "verify-ledger"), "journals 0\n");
    has(SAYS(&hospital, 0, "export-ledger", "--from", "2026-04-01", "--to", "2026-04-30"),
        "; Sugu, facility 1, business days 20260401 to 20260430\n");
    has(SAYS(&hospital, 1, "verify-ledger", "--day", "2026-04-01"), "[ledger.no-day]");
    SAYS(&hospital, 64, "verify-ledger", "--day", "2026-04-31");
    SAYS(&hospital, 64, "verify-ledger", "--day");
    SAYS(&hospital, 64, "verify-ledger", "--day", "2026-04-01", "--head", "12");
    SAYS(&hospital, 64, "verify-ledger", "--day", "2026-04-01", "--tail", "12");
    SAYS(&hospital, 64, "check-ledger", "--yaml");
    SAYS(&hospital, 64, "close-day", "2026-04-31", "山田");
    SAYS(&hospital, 64, "close-day", "2026-04-30", "");
    has(SAYS(&hospital, 1, "close-day", "2200-01-01", "山田"), "[day.not-begun]");
    SAYS(&hospital, 64, "export-ledger", "--from", "2026-04-02", "--to", "2026-04-01");
    SAYS(&hospital, 64, "export-ledger", "--from", "2026-04-02", "--till", "2026-04-03");
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-ledger",
                       60,
                       the_books_of_a_day_are_checked_and_exported,
                       forged_books_end_both_checks_with_the_culprit,
                       what_comes_after_the_close_is_posted_into_the_next_open_day,
                       a_payment_posted_while_the_day_is_being_closed_is_not_lost,
                       a_bill_is_an_open_item_until_it_is_paid,
                       change_money_and_takings_are_posted_by_pieces,
                       what_cannot_be_meant_is_refused)
