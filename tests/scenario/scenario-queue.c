/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue - through the house: plans of stages, every verb, many desks at once, and what
 * boards and phone pages are told, over the real server and PostgreSQL
 */
#include "testlib/checks.h"
#include "testlib/facts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct house {
    struct sugu_hospital hospital;
    struct sugu_test_client desk, board, web;
    struct sugu_facts facts;
    size_t heard_board;
};

static void
setup(struct house *house, const char *const *words)
{
    sugu_hospital_admin(&house->hospital, 0, NULL, words);
}
#define SETUP(house, ...) setup(house, (const char *const[]){__VA_ARGS__, NULL})

static void
house_init(struct house *house)
{
    memset(house, 0, sizeof *house);
    sugu_hospital_init(&house->hospital, NULL);
    SETUP(house, "department", "blood", "採血", "T", "test");
    SETUP(house, "department", "xray", "X線", "X", "test");
    SETUP(house, "department", "pharmacy", "薬局", "P", "pharmacy");
    SETUP(house, "desk", "b1", "blood");
    SETUP(house, "desk", "x1", "xray");
    SETUP(house, "order-rule", "blood", "before", "xray");
    sugu_test_client_init(&house->desk, &house->hospital, "desk-1", "desk", "");
    sugu_test_client_init(&house->board, &house->hospital, "board-1", "board", "");
    sugu_test_client_init(&house->web, &house->hospital, "web-1", "web", "");
    sugu_facts_init(&house->facts, house->hospital.folder);
}

static void
house_done(struct house *house)
{
    sugu_facts_done(&house->facts);
    sugu_test_client_done(&house->web);
    sugu_test_client_done(&house->board);
    sugu_test_client_done(&house->desk);
    sugu_hospital_done(&house->hospital, /* keep= */ false);
}

static struct sugu_id
find_patient(struct house *house, const char *text)
{
    Sugu__FindPatients body = SUGU__FIND_PATIENTS__INIT;
    Sugu__Reply *reply;
    struct sugu_id patient;

    body.text = (char *)text;
    reply = sugu_test_client_call(&house->desk, SUGU__REQUEST__BODY_FIND_PATIENTS, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->patients_found->n_patients, 1);
    patient = sugu_id_of(&reply->patients_found->patients[0]->patient);
    sugu__reply__free_unpacked(reply, NULL);
    return patient;
}

/* Checked in at a desk; the number. `department` NULL: of appointments and orders. */
static Sugu__Reply *
send_arrive(struct house *house, const char *patient, const char *department, int priority)
{
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode code = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&code};
    struct sugu_id visit = sugu_test_id(), who = {{0}};

    if (patient)
        who = find_patient(house, patient);
    body.visit = sugu_id_field(&visit);
    if (patient)
        body.patient = sugu_id_field(&who);
    if (department) {
        code.department = (char *)department;
        body.n_departments = 1;
        body.departments = list;
    }
    body.priority = (Sugu__Priority)priority;
    body.desk = (char *)"9";
    return sugu_test_client_call(&house->desk, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body, NULL);
}

static void
arrive(struct house *house, const char *department, const char *number)
{
    Sugu__Reply *reply = send_arrive(house, NULL, department, SUGU__PRIORITY__PRIORITY_ORDINARY);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

static Sugu__Reply *
send_verb(struct house *house,
          Sugu__TicketVerb verb,
          const char *desk,
          const char *number,
          const char *department)
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = (char *)desk;
    body.verb = verb;
    body.number = (char *)number;
    body.department = (char *)department;
    body.park_minutes = verb == SUGU__TICKET_VERB__PARK ? 5 : 0;
    return sugu_test_client_call(&house->desk, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
}

/* The verb is done; the stages that are open then, as "department:state " of those not over. */
static void
verb(struct house *house,
     Sugu__TicketVerb verb_,
     const char *desk,
     const char *number,
     const char *expected)
{
    Sugu__Reply *reply = send_verb(house, verb_, desk, number, "");
    char text[300] = "";

    ck_assert_msg(strcmp(reply->code, "") == 0, "verb %d on %s: %s", (int)verb_, number,
                  reply->code);
    for (size_t i = 0; i < reply->stage->n_next; i++) {
        const Sugu__TicketStage *stage = reply->stage->next[i];
        size_t at = strlen(text);
        if (stage->state != SUGU__STAGE_STATE__STAGE_DONE)
            snprintf(text + at, sizeof text - at, "%s:%d ", stage->department, stage->state);
    }
    ck_assert_str_eq(text, expected);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
refused(struct house *house,
        Sugu__TicketVerb verb_,
        const char *desk,
        const char *number,
        const char *code)
{
    Sugu__Reply *reply = send_verb(house, verb_, desk, number, "");

    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
}

static int64_t
visit_state(struct house *house)
{
    return sugu_facts_number(&house->facts, "SELECT max(state) FROM visit");
}

/* ---- plans */

START_TEST(a_plan_leads_through_tests_to_the_department_and_to_the_bill)
{
    struct house house;
    Sugu__Reply *reply;

    house_init(&house);
    SETUP(&house, "order", "0002", "blood");
    SETUP(&house, "order", "0002", "xray");
    reply = send_arrive(&house, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "B-001"); /* of the consultation, for the whole day */
    ck_assert_str_eq(reply->ticket->department, "blood");
    ck_assert_uint_eq(reply->ticket->n_stages, 3);
    sugu__reply__free_unpacked(reply, NULL);
    refused(&house, SUGU__TICKET_VERB__CALL, "2", "B-001", "ticket.not-allowed");
    verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "b1", "", "blood:1 xray:7 eye:7 ");
    verb(&house, SUGU__TICKET_VERB__FINISH, "b1", "B-001", "xray:0 eye:7 ");
    verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "x1", "", "xray:1 eye:7 ");
    verb(&house, SUGU__TICKET_VERB__FINISH, "x1", "B-001", "eye:0 ");
    verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    verb(&house, SUGU__TICKET_VERB__FINISH, "2", "B-001", "");
    ck_assert_int_eq(visit_state(&house), SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    house_done(&house);
}
END_TEST

START_TEST(an_order_that_comes_later_is_planned_and_one_that_is_dropped_is_gone)
{
    struct house house;
    Sugu__ChangePlan body = SUGU__CHANGE_PLAN__INIT;
    Sugu__DepartmentCode blood = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&blood};
    Sugu__Reply *reply;

    house_init(&house);
    arrive(&house, "eye", "B-001");
    blood.department = (char *)"blood";
    body.number = (char *)"B-001";
    body.desk = (char *)"2";
    body.n_add = 1;
    body.add = list;
    reply = sugu_test_client_call(&house.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 2);
    sugu__reply__free_unpacked(reply, NULL);
    /* The patient is asked to both; the one who calls first has them. */
    verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "b1", "", "eye:0 blood:1 ");
    refused(&house, SUGU__TICKET_VERB__CALL, "2", "B-001", "ticket.already-called");
    refused(&house, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "ticket.none-waiting");
    verb(&house, SUGU__TICKET_VERB__SEND_BACK, "b1", "B-001", "eye:0 blood:0 ");
    body.n_add = 0;
    body.n_drop = 1;
    body.drop = list;
    reply = sugu_test_client_call(&house.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 1);
    sugu__reply__free_unpacked(reply, NULL);
    house_done(&house);
}
END_TEST

/* ---- verbs */

START_TEST(every_verb_does_what_it_says_and_can_be_taken_back)
{
    struct house house;
    Sugu__Reply *reply;

    house_init(&house);
    arrive(&house, "eye", "B-001");
    verb(&house, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    verb(&house, SUGU__TICKET_VERB__CALL_AGAIN, "2", "B-001", "eye:1 ");
    ck_assert_int_eq(sugu_facts_number(&house.facts, "SELECT calls FROM stage"), 2);
    verb(&house, SUGU__TICKET_VERB__MISS, "2", "B-001", "eye:5 ");
    verb(&house, SUGU__TICKET_VERB__CALL, "2", "b1", "eye:1 ");
    verb(&house, SUGU__TICKET_VERB__PRESENT, "2", "B-001", "eye:2 ");
    verb(&house, SUGU__TICKET_VERB__PARK, "2", "B-001", "eye:4 ");
    refused(&house, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "ticket.none-waiting");
    verb(&house, SUGU__TICKET_VERB__UNPARK, "2", "B-001", "eye:0 ");
    verb(&house, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:4 ");
    verb(&house, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    verb(&house, SUGU__TICKET_VERB__FINISH, "2", "B-001", "");
    ck_assert_int_eq(visit_state(&house), SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    verb(&house, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    ck_assert_int_eq(visit_state(&house), SUGU__VISIT_STATE__VISIT_IN_STAGES);
    reply = send_verb(&house, SUGU__TICKET_VERB__MOVE, "2", "B-001", "internal");
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 1);
    ck_assert_str_eq(reply->stage->next[0]->department, "internal");
    sugu__reply__free_unpacked(reply, NULL);
    /* The waiting time went along. */
    ck_assert_int_eq(
        sugu_facts_number(&house.facts, "SELECT count(DISTINCT waiting_at) FROM stage"), 1);
    verb(&house, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    refused(&house, SUGU__TICKET_VERB__NO_SHOW, "2", "B-001", "ticket.not-allowed");
    house_done(&house);
}
END_TEST

START_TEST(who_never_came_is_a_no_show_and_undo_brings_them_back)
{
    struct house house;

    house_init(&house);
    arrive(&house, "eye", "B-001");
    verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    verb(&house, SUGU__TICKET_VERB__MISS, "2", "B-001", "eye:5 ");
    verb(&house, SUGU__TICKET_VERB__NO_SHOW, "2", "B-001", "");
    ck_assert_int_eq(visit_state(&house), SUGU__VISIT_STATE__VISIT_NO_SHOW);
    verb(&house, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:5 ");
    ck_assert_int_eq(visit_state(&house), SUGU__VISIT_STATE__VISIT_IN_STAGES);
    /* Every verb stands in the history, also those that were taken back. */
    ck_assert_int_eq(sugu_facts_number(&house.facts, "SELECT count(*) FROM stage_change"), 4);
    ck_assert_int_ge(sugu_facts_number(&house.facts, "SELECT count(*) FROM audit"), 4);
    house_done(&house);
}
END_TEST

START_TEST(the_urgent_and_the_booked_come_in_the_order_of_the_rule)
{
    struct house house;
    static const char *const expected[] = {"B-003", "B-004", "B-001", "B-002"};

    house_init(&house);
    SETUP(&house, "queue", "eye", "0", "15", "30", "60");
    arrive(&house, "eye", "B-001");
    arrive(&house, "eye", "B-002");
    for (int priority = 0; priority < 2; priority++) {
        Sugu__Reply *reply = send_arrive(&house, NULL, "eye", priority);
        ck_assert_str_eq(reply->ticket->number, priority ? "B-004" : "B-003");
        ck_assert_uint_eq(reply->ticket->before_you, (unsigned)priority);
        sugu__reply__free_unpacked(reply, NULL);
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(expected); i++) {
        Sugu__Reply *reply = send_verb(&house, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "");
        ck_assert_str_eq(reply->stage->number, expected[i]);
        sugu__reply__free_unpacked(reply, NULL);
        verb(&house, SUGU__TICKET_VERB__FINISH, "2", expected[i], "");
    }
    house_done(&house);
}
END_TEST

/* ---- boards and phone pages */

START_TEST(boards_get_numbers_and_phone_pages_their_places)
{
    struct house house;
    Sugu__GetBoard get_board = SUGU__GET_BOARD__INIT;
    Sugu__GetPhonePages get_pages = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, wrong = SUGU__PHONE_TOKEN__INIT;
    Sugu__PhoneToken *tokens[] = {&token, &wrong};
    uint8_t nobody[16] = {1};
    Sugu__Reply *ticket, *reply;
    const Sugu__Event *event;
    size_t from = 0;

    house_init(&house);
    arrive(&house, "eye", "B-001");
    ticket = send_arrive(&house, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    token.token = ticket->ticket->token;
    wrong.token = (ProtobufCBinaryData){sizeof nobody, nobody};
    verb(&house, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    event = sugu_test_client_event(&house.board, SUGU__EVENT__BODY_NUMBER_CALLED, &from);
    ck_assert_str_eq(event->number_called->number, "B-001");
    ck_assert_str_eq(event->number_called->desk, "2");
    reply = sugu_test_client_call(&house.board, SUGU__REQUEST__BODY_GET_BOARD, &get_board, NULL);
    ck_assert_uint_eq(reply->board->n_numbers, 1);
    ck_assert_str_eq(reply->board->numbers[0]->number, "B-001");
    sugu__reply__free_unpacked(reply, NULL);
    get_pages.n_tokens = 2;
    get_pages.tokens = tokens;
    reply =
        sugu_test_client_call(&house.web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get_pages, NULL);
    ck_assert_uint_eq(reply->phone_pages->n_pages, 2);
    ck_assert(reply->phone_pages->pages[0]->is_found);
    ck_assert(!reply->phone_pages->pages[1]->is_found);
    ck_assert_str_eq(reply->phone_pages->pages[0]->number, "B-002");
    ck_assert_uint_eq(reply->phone_pages->pages[0]->n_stages, 1);
    ck_assert_uint_eq(reply->phone_pages->pages[0]->stages[0]->before_you, 0);
    sugu__reply__free_unpacked(reply, NULL);
    sugu__reply__free_unpacked(ticket, NULL);
    ck_assert_int_eq(sugu_facts_number(&house.facts, "SELECT count(*) FROM notice WHERE kind = 0"),
                     1);
    house_done(&house);
}
END_TEST

/* ---- people at desks */

START_TEST(a_desk_that_needs_somebody_does_nothing_before)
{
    struct house house;
    Sugu__GetToday today = SUGU__GET_TODAY__INIT;
    Sugu__SignIn sign_in = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[] = {1, 2, 3, 4}, proof[32] = {0};
    Sugu__Reply *reply;

    house_init(&house);
    SETUP(&house, "staff", "ito", "伊藤", "clerk", "mifare", "01020304");
    SETUP(&house, "sign-in", "desk-1", "needed");
    reply = sugu_test_client_call(&house.desk, SUGU__REQUEST__BODY_GET_TODAY, &today, NULL);
    ck_assert_str_eq(reply->code, "staff.sign-in-needed");
    sugu__reply__free_unpacked(reply, NULL);
    sign_in.staff = (char *)"ito";
    sign_in.proof = (ProtobufCBinaryData){sizeof proof, proof};
    for (int i = 0; i < 5; i++) {
        reply =
            sugu_test_client_call(&house.desk, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &sign_in, NULL);
        ck_assert_str_eq(reply->code, i < 4 ? "staff.unknown" : "staff.locked");
        sugu__reply__free_unpacked(reply, NULL);
    }
    sign_in.staff = (char *)"";
    sign_in.proof = (ProtobufCBinaryData){0, NULL};
    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    sign_in.card = &card;
    reply = sugu_test_client_call(&house.desk, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &sign_in, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->signed_in->staff, "ito");
    ck_assert_uint_eq(reply->signed_in->sign_in.len, 16);
    sugu__reply__free_unpacked(reply, NULL);
    house_done(&house);
}
END_TEST

/* ---- many desks at once */

#define DESKS   64
#define TICKETS 160

struct presses {
    struct sugu_test_client clients[DESKS];
    struct press {
        struct presses *all;
        bool is_waiting, is_empty;
    } presses[DESKS];
    uint8_t called[TICKETS + 1];
    size_t count, twice, others;
};

static void
on_called(void *user, const Sugu__Reply *reply)
{
    struct press *press = user;
    unsigned long number;

    press->is_waiting = false;
    if (reply->status != SUGU__STATUS__OK) {
        press->is_empty = strcmp(reply->code, "ticket.none-waiting") == 0;
        press->all->others += !press->is_empty && reply->status != SUGU__STATUS__RETRY;
        return;
    }
    number = strtoul(reply->stage->number + 2, NULL, 10);
    press->all->twice += press->all->called[number]++;
    press->all->count++;
}

static void
press_next(struct presses *all, int desk)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    struct sugu_error error;
    char name[16];

    snprintf(name, sizeof name, "d%d", desk);
    body.desk = name;
    body.verb = SUGU__TICKET_VERB__CALL_NEXT;
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    all->presses[desk].is_waiting = true;
    sugu_assert_ok(
        sugu_client_request(all->clients[desk].client, &request,
                            &(struct sugu_ask){.on_reply = on_called, .user = &all->presses[desk]},
                            &error),
        error);
}

/* Every desk presses as soon as it has its answer, until the queue is empty for it. */
static void
press_until(struct presses *all, size_t until)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t limit = clock->monotonic_us(clock) + 60 * SUGU_SECOND;

    for (bool is_busy = true; is_busy && all->count < until;) {
        ck_assert_msg(clock->monotonic_us(clock) < limit, "%zu of %zu called", all->count, until);
        is_busy = false;
        for (int desk = 0; desk < DESKS; desk++) {
            if (!all->presses[desk].is_waiting && !all->presses[desk].is_empty)
                press_next(all, desk);
            sugu_test_client_run(&all->clients[desk], SUGU_MS / 4);
            is_busy = is_busy || !all->presses[desk].is_empty;
        }
    }
}

START_TEST(sixty_four_desks_never_get_the_same_patient_and_lose_no_press)
{
    static struct presses all;
    struct house house;
    char name[32], setup_text[64];

    house_init(&house);
    for (int desk = 0; desk < DESKS; desk++) {
        snprintf(name, sizeof name, "d%d", desk);
        snprintf(setup_text, sizeof setup_text, "INSERT INTO desk VALUES (1, '%s', 'eye')", name);
        sugu_facts_run(&house.facts, setup_text);
        snprintf(name, sizeof name, "desk-%d", desk + 2);
        sugu_test_client_init(&all.clients[desk], &house.hospital, name, "desk", "");
        all.presses[desk].all = &all;
    }
    for (int i = 1; i <= TICKETS; i++) {
        snprintf(name, sizeof name, "B-%03d", i);
        arrive(&house, "eye", name);
    }
    press_until(&all, TICKETS / 3);
    sugu_hospital_kill_server(&house.hospital);
    sugu_hospital_start_server(&house.hospital, NULL);
    press_until(&all, 2 * TICKETS / 3);
    sugu_hospital_restart_database(&house.hospital, "immediate");
    sugu_facts_done(&house.facts);
    sugu_facts_init(&house.facts, house.hospital.folder);
    press_until(&all, TICKETS + 1);
    ck_assert_uint_eq(all.count, TICKETS);
    ck_assert_uint_eq(all.twice, 0);
    ck_assert_uint_eq(all.others, 0);
    ck_assert_int_eq(sugu_facts_number(&house.facts, "SELECT count(*) FROM stage WHERE state = 1"),
                     TICKETS);
    for (int desk = 0; desk < DESKS; desk++)
        sugu_test_client_done(&all.clients[desk]);
    house_done(&house);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        a_plan_leads_through_tests_to_the_department_and_to_the_bill,
        an_order_that_comes_later_is_planned_and_one_that_is_dropped_is_gone,
        every_verb_does_what_it_says_and_can_be_taken_back,
        who_never_came_is_a_no_show_and_undo_brings_them_back,
        the_urgent_and_the_booked_come_in_the_order_of_the_rule,
        boards_get_numbers_and_phone_pages_their_places,
        a_desk_that_needs_somebody_does_nothing_before,
        sixty_four_desks_never_get_the_same_patient_and_lose_no_press,
    };

    return sugu_run_tests("queue", tests, SUGU_ARRAY_SIZE(tests), 120);
}
