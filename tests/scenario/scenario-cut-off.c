/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-cut-off - what is still open when the business day ends
 *
 * Outcome: who has a bill to pay, waits for one, or has medicines to fetch is found on the next
 * days, too, by ticket, number and (with a bill) by card, stands on the boards and in the lists of
 * the desks, keeps the day of the treatment, and is forgotten after the days that the facility
 * wants. The numbers of the new day leave these numbers out. Who still waits in a department that
 * keeps hours is told to the desks, and found by number. Of two servers whose clocks differ by
 * seconds the slower one works on the day that the quicker one has begun.
 */
#include "domain/date.h"

#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_S (24 * 60 * 60)

struct night {
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_test_client board, web;
    char preload[600], name[300];
    const char *environment[3];
    int64_t begin_s; /* from now until 23:50 of the facility */
    uint32_t today;  /* business day then */
    int file;
    size_t heard;
    uint8_t token[16]; /* of B-001 */
};

/* So many seconds after 23:50. */
static void
set_clock(struct night *night, int64_t after_s)
{
    int64_t hands[2] = {0, night->begin_s + after_s};

    ck_assert_int_eq(pwrite(night->file, hands, sizeof hands, 0), sizeof hands);
}

static void
admin(struct night *night, const char *const *words)
{
    sugu_hospital_admin(&night->day.hospital, 0, NULL, words);
}

/* The evening of a day on which 0002 has an appointment. */
static void
set_evening(struct night *night)
{
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_day_rule rule = {SUGU_JAPAN_OFFSET_MINUTES, 240};
    int64_t now_s = clock->utc_us(clock) / SUGU_SECOND;
    int64_t local_s = now_s + SUGU_JAPAN_OFFSET_MINUTES * 60;
    char sql[200];

    night->begin_s = ((23 * 60 + 50) * 60 - local_s % DAY_S + DAY_S) % DAY_S;
    ck_assert(sugu_business_day(&rule, (now_s + night->begin_s) * SUGU_SECOND, &night->today));
    snprintf(sql, sizeof sql, "UPDATE appointment SET day = '%u'", night->today);
    sugu_facts_run(&night->facts, sql);
}

static void
night_init(struct night *night)
{
    struct sugu_hospital *hospital = &night->day.hospital;
    char path[200];

    memset(night, 0, sizeof *night);
    sugu_day_init(&night->day);
    sugu_facts_init(&night->facts, hospital->folder);
    snprintf(path, sizeof path, "%s/clock", hospital->folder);
    night->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(night->file, 0);
    snprintf(night->preload, sizeof night->preload, "LD_PRELOAD=%s", LATER);
    snprintf(night->name, sizeof night->name, "SUGU_LATER_FILE=%s", path);
    night->environment[0] = night->preload;
    night->environment[1] = night->name;
    hospital->server_environment = night->environment;
    set_evening(night);
    set_clock(night, 0);
    /* What the setting up counted as today is not the day that is played. */
    sugu_hospital_kill_server(hospital);
    sugu_facts_run(&night->facts, "DELETE FROM day_task");
    sugu_hospital_start_server(hospital, NULL);
    admin(night, (const char *const[]){"department", "pharmacy", "薬局", "P", "pharmacy", NULL});
    admin(night, (const char *const[]){"desk", "p1", "pharmacy", NULL});
    sugu_test_client_init(&night->board, hospital, "board-1", "board", "");
    sugu_test_client_init(&night->web, hospital, "web-1", "web", "");
}

static void
night_done(struct night *night)
{
    sugu_test_client_done(&night->web);
    sugu_test_client_done(&night->board);
    close(night->file);
    sugu_facts_done(&night->facts);
    sugu_day_done(&night->day);
}

/* ---- what the peers ask */

static void
arrive(struct night *night, const char *department, const char *number)
{
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode code = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&code};
    struct sugu_id visit = sugu_test_id();
    Sugu__Reply *reply;

    code.department = (char *)department;
    body.visit = sugu_id_field(&visit);
    body.priority = SUGU__PRIORITY__PRIORITY_ORDINARY;
    body.desk = (char *)"9";
    body.n_departments = 1;
    body.departments = list;
    reply =
        sugu_test_client_call(&night->day.desk, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
verb(struct night *night, const char *desk, Sugu__TicketVerb verb_, const char *number)
{
    sugu_day_expect_code(sugu_day_send_move(&night->day, desk, verb_, number), "");
}

static void
expect_number(struct night *night, const char *number, const char *code)
{
    Sugu__FindVisit body = SUGU__FIND_VISIT__INIT;

    body.number = (char *)number;
    sugu_day_expect_code(
        sugu_test_client_call(&night->day.desk, SUGU__REQUEST__BODY_FIND_VISIT, &body, NULL), code);
}

static void
expect_board(struct night *night, const char *number)
{
    Sugu__GetBoard body = SUGU__GET_BOARD__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&night->board, SUGU__REQUEST__BODY_GET_BOARD, &body, NULL);

    ck_assert_uint_eq(reply->board->n_bills, *number ? 1 : 0);
    if (*number)
        ck_assert_str_eq(reply->board->bills[0]->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
expect_phone(struct night *night, bool is_found)
{
    Sugu__GetPhonePages get = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, *tokens[] = {&token};
    Sugu__Reply *reply;

    token.token = (ProtobufCBinaryData){sizeof night->token, night->token};
    get.n_tokens = 1;
    get.tokens = tokens;
    reply = sugu_test_client_call(&night->web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get, NULL);
    ck_assert(reply->phone_pages->pages[0]->is_found == is_found);
    sugu__reply__free_unpacked(reply, NULL);
}

/* The rows of the desks' lists, "B-004/0 ": number and stage. */
static void
expect_lists(struct night *night, const char *rows)
{
    Sugu__GetQueues body = SUGU__GET_QUEUES__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&night->day.desk, SUGU__REQUEST__BODY_GET_QUEUES, &body, NULL);
    char text[300] = "";

    for (size_t i = 0; i < reply->queues->n_entries; i++) {
        const Sugu__QueueEntry *entry = reply->queues->entries[i];
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s/%u ", entry->number,
                 entry->stage);
        if (entry->stage == 0) {
            ck_assert_int_eq(entry->visit_state, SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
            ck_assert_int_ge(entry->waiting_utc_us, entry->arrived_utc_us);
        }
    }
    ck_assert_str_eq(text, rows);
    sugu__reply__free_unpacked(reply, NULL);
}

/* At a kiosk with the card: the bill of these days, or none (0). */
static void
open_by_card(struct night *night, int64_t total_yen)
{
    Sugu__Reply *reply;

    night->day.session = sugu_test_id();
    reply = sugu_day_send_open(&night->day, 1123);
    ck_assert_str_eq(reply->code, "");
    ck_assert((reply->session_opened->bill != NULL) == (total_yen > 0));
    if (total_yen > 0)
        ck_assert_int_eq(reply->session_opened->bill->total_yen, total_yen);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
close_session(struct night *night)
{
    Sugu__CloseSession body = SUGU__CLOSE_SESSION__INIT;

    body.session = sugu_id_field(&night->day.session);
    body.outcome = (char *)"bill";
    sugu_day_expect_code(
        sugu_test_client_call(&night->day.kiosk, SUGU__REQUEST__BODY_CLOSE_SESSION, &body, NULL),
        "");
}

static void
remember_token(struct night *night)
{
    PGresult *row =
        PQexecParams(night->facts.connection, "SELECT token FROM visit WHERE number = 1", 0, NULL,
                     NULL, NULL, NULL, /* resultFormat= */ 1);

    ck_assert_int_eq(PQntuples(row), 1);
    memcpy(night->token, PQgetvalue(row, 0, 0), sizeof night->token);
    PQclear(row);
}

/* ---- stories */

/* 001 has a bill, 002 is gone, 003 still waits, 004 waits for the bill. */
static void
play_the_evening(struct night *night)
{
    sugu_day_until_billed(&night->day);
    remember_token(night);
    close_session(night);
    arrive(night, "eye", "B-002");
    arrive(night, "eye", "B-003");
    arrive(night, "eye", "B-004");
    verb(night, "2", SUGU__TICKET_VERB__CALL, "B-002");
    verb(night, "2", SUGU__TICKET_VERB__NO_SHOW, "B-002");
    verb(night, "2", SUGU__TICKET_VERB__CALL, "B-004");
    verb(night, "2", SUGU__TICKET_VERB__FINISH, "B-004");
}

static void
expect_told(struct night *night, const char *number)
{
    const Sugu__Event *event =
        sugu_test_client_event(&night->day.desk, SUGU__EVENT__BODY_HELP_WANTED, &night->heard);

    ck_assert_str_eq(event->help_wanted->reason, "visit.day-over");
    ck_assert_str_eq(event->help_wanted->number, number);
}

START_TEST(a_bill_that_is_not_paid_in_the_evening_is_paid_on_another_day)
{
    struct night night;

    night_init(&night);
    play_the_evening(&night);
    set_clock(&night, 4 * 60 * 60 + 11 * 60); /* 04:01 */
    arrive(&night, "eye", "B-002");           /* not 001 */
    arrive(&night, "eye", "B-005");           /* not 003, nor 004 */
    expect_told(&night, "B-003");
    expect_board(&night, "B-001");
    expect_phone(&night, /* is_found= */ true);
    expect_number(&night, "B-001", "");
    expect_lists(&night, "B-004/0 B-002/1 B-005/1 ");
    verb(&night, "2", SUGU__TICKET_VERB__NO_SHOW, "B-003");
    expect_number(&night, "B-003", "visit.unknown");
    /* Two days later: the machines were off for one of them. */
    set_clock(&night, 2 * DAY_S + 10 * 60 * 60);
    arrive(&night, "eye", "B-002");
    arrive(&night, "eye", "B-003");
    open_by_card(&night, 870);
    sugu_day_pay(&night.day, 1, 870);
    close_session(&night);
    ck_assert_int_eq(sugu_facts_number(&night.facts, "SELECT state FROM visit WHERE number = 1"),
                     SUGU__VISIT_STATE__VISIT_LEFT);
    ck_assert_int_eq(
        sugu_facts_number(&night.facts,
                          "SELECT to_char(day, 'YYYYMMDD')::int FROM visit WHERE number = 1"),
        night.today);
    expect_board(&night, "");
    open_by_card(&night, 0);
    /* Four days after that evening nobody looks for the bill of 004 any more. */
    set_clock(&night, 4 * (int64_t)DAY_S);
    expect_number(&night, "B-004", "visit.unknown");
    expect_phone(&night, /* is_found= */ false);
    arrive(&night, "eye", "B-001");
    night_done(&night);
}
END_TEST

START_TEST(who_has_an_appointment_today_comes_for_that)
{
    struct night night;
    char sql[200];

    night_init(&night);
    sugu_day_until_billed(&night.day);
    close_session(&night);
    set_clock(&night, 9 * 60 * 60);
    open_by_card(&night, 870);
    snprintf(sql, sizeof sql, "UPDATE appointment SET day = day + 1");
    sugu_facts_run(&night.facts, sql);
    open_by_card(&night, 0);
    night.day.visit = sugu_test_id();
    night.day.eligibility = sugu_test_id();
    sugu_day_verify_insurance(&night.day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&night.day, "B-002");
    expect_number(&night, "B-001", "");
    night_done(&night);
}
END_TEST

/* Paid in the evening; the medicines are fetched in the morning. */
START_TEST(who_has_medicines_to_fetch_stands_in_the_queue_in_the_morning)
{
    struct night night;
    Sugu__ChangePlan body = SUGU__CHANGE_PLAN__INIT;
    Sugu__DepartmentCode pharmacy = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&pharmacy};
    Sugu__Reply *reply;

    night_init(&night);
    sugu_day_open_session(&night.day);
    sugu_day_verify_insurance(&night.day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&night.day, "B-001");
    pharmacy.department = (char *)"pharmacy";
    body.number = (char *)"B-001";
    body.desk = (char *)"2";
    body.n_add = 1;
    body.add = list;
    sugu_day_expect_code(
        sugu_test_client_call(&night.day.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL), "");
    sugu_day_pass_stage(&night.day);
    sugu_day_record_acts(&night.day, "111000110");
    sugu_day_bill_arrives(&night.day, 1, 291, 870);
    sugu_day_pay(&night.day, 1, 870);
    sugu_day_close(&night.day, SUGU__VISIT_STATE__VISIT_SETTLED);
    set_clock(&night, 9 * 60 * 60);
    expect_lists(&night, "B-001/2 ");
    reply = sugu_day_send_move(&night.day, "p1", SUGU__TICKET_VERB__CALL_NEXT, "");
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->stage->number, "B-001");
    sugu__reply__free_unpacked(reply, NULL);
    verb(&night, "p1", SUGU__TICKET_VERB__FINISH, "B-001");
    ck_assert_int_eq(sugu_facts_number(&night.facts, "SELECT state FROM visit"),
                     SUGU__VISIT_STATE__VISIT_LEFT);
    night_done(&night);
}
END_TEST

/* Another server on the same database, whose clock is 20 seconds ahead. */
START_TEST(a_server_whose_clock_is_late_works_on_the_day_that_has_begun)
{
    struct night night, ahead;

    night_init(&night);
    memset(&ahead, 0, sizeof ahead);
    arrive(&night, "eye", "B-001");
    set_clock(&night, 4 * 60 * 60 + 9 * 60 + 50); /* 03:59:50 */
    setenv("LD_PRELOAD", LATER, 1);
    setenv("SUGU_LATER_FILE", strchr(night.name, '=') + 1, 1);
    setenv("SUGU_LATER_S", "20", 1);
    sugu_hospital_join(&ahead.day.hospital, &night.day.hospital);
    unsetenv("LD_PRELOAD");
    unsetenv("SUGU_LATER_FILE");
    unsetenv("SUGU_LATER_S");
    sugu_test_client_init(&ahead.day.desk, &ahead.day.hospital, "desk-2", "desk", "");
    arrive(&ahead, "eye", "B-002"); /* 001 still waits */
    arrive(&night, "eye", "B-003"); /* on the same day */
    ck_assert_int_eq(sugu_facts_number(&night.facts, "SELECT count(*) FROM visit WHERE day = "
                                                     "(SELECT max(day) FROM visit)"),
                     2);
    verb(&ahead, "2", SUGU__TICKET_VERB__CALL_NEXT, "");
    verb(&night, "2", SUGU__TICKET_VERB__FINISH, "B-003"); /* by its server's clock it came first */
    verb(&ahead, "2", SUGU__TICKET_VERB__CALL_NEXT, "");
    sugu_test_client_done(&ahead.day.desk);
    sugu_process_end(&ahead.day.hospital.server, SIGTERM);
    night_done(&night);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("cut-off",
                       60,
                       a_bill_that_is_not_paid_in_the_evening_is_paid_on_another_day,
                       who_has_an_appointment_today_comes_for_that,
                       who_has_medicines_to_fetch_stands_in_the_queue_in_the_morning,
                       a_server_whose_clock_is_late_works_on_the_day_that_has_begun)
