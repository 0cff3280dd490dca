/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue - through the house: plans of stages, every verb, many desks at once, and what
 * boards and phone pages are told, over the real server and PostgreSQL
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- plans */

START_TEST(a_plan_leads_through_tests_to_the_department_and_to_the_bill)
{
    struct ward ward;
    struct sugu_id by_number, by_ticket;
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "order", "0002", "blood");
    WARD_SETUP(&ward, "order", "0002", "xray");
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "B-001"); /* of the consultation, for the whole day */
    ck_assert_str_eq(reply->ticket->department, "blood");
    ck_assert_uint_eq(reply->ticket->n_stages, 3);
    sugu__reply__free_unpacked(reply, NULL);
    by_number = ward_find_patient(&ward, "0002");
    by_ticket = ward_find_patient(&ward, "b-1");
    ck_assert(sugu_id_equal(&by_ticket, &by_number));
    ward_refused(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "ticket.not-allowed");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "b1", "", "blood:1 xray:7 eye:7 ");
    ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "b1", "B-001", "xray:0 eye:7 ");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "x1", "", "xray:1 eye:7 ");
    ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "x1", "B-001", "eye:0 ");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "2", "B-001", "");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    ward_done(&ward);
}
END_TEST

START_TEST(an_order_that_comes_later_is_planned_and_one_that_is_dropped_is_gone)
{
    struct ward ward;
    Sugu__ChangePlan body = SUGU__CHANGE_PLAN__INIT;
    Sugu__DepartmentCode blood = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&blood};
    Sugu__Reply *reply;

    ward_init(&ward);
    ward_arrive(&ward, "eye", "B-001");
    blood.department = (char *)"blood";
    body.number = (char *)"B-001";
    body.desk = (char *)"2";
    body.n_add = 1;
    body.add = list;
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 2);
    sugu__reply__free_unpacked(reply, NULL);
    /* The patient is asked to both; the one who calls first has them. */
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "b1", "", "eye:0 blood:1 ");
    ward_refused(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "ticket.already-called");
    ward_refused(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "ticket.none-waiting");
    ward_verb(&ward, SUGU__TICKET_VERB__SEND_BACK, "b1", "B-001", "eye:0 blood:0 ");
    body.n_add = 0;
    body.n_drop = 1;
    body.drop = list;
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 1);
    sugu__reply__free_unpacked(reply, NULL);
    ward_done(&ward);
}
END_TEST

/* ---- verbs */

START_TEST(every_verb_does_what_it_says_and_can_be_taken_back)
{
    struct ward ward;
    Sugu__Reply *reply;

    ward_init(&ward);
    ward_arrive(&ward, "eye", "B-001");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_AGAIN, "2", "B-001", "eye:1 ");
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT calls FROM stage"), 2);
    ward_verb(&ward, SUGU__TICKET_VERB__MISS, "2", "B-001", "eye:5 ");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "b1", "eye:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__PRESENT, "2", "B-001", "eye:2 ");
    ward_verb(&ward, SUGU__TICKET_VERB__PARK, "2", "B-001", "eye:4 ");
    ward_refused(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "ticket.none-waiting");
    ward_verb(&ward, SUGU__TICKET_VERB__UNPARK, "2", "B-001", "eye:0 ");
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:4 ");
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "2", "B-001", "");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_IN_STAGES);
    reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__MOVE, "2", "B-001", "internal");
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->stage->n_next, 1);
    ck_assert_str_eq(reply->stage->next[0]->department, "internal");
    sugu__reply__free_unpacked(reply, NULL);
    /* The waiting time went along. */
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(DISTINCT waiting_at) FROM stage"),
                     1);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:2 ");
    ward_refused(&ward, SUGU__TICKET_VERB__NO_SHOW, "2", "B-001", "ticket.not-allowed");
    ward_done(&ward);
}
END_TEST

/* Moves B-001 there from the queue of a desk; the stages that are open then. */
static void
move_to(struct ward *ward, const char *desk, const char *department, const char *expected)
{
    Sugu__Reply *reply =
        ward_send_verb(&ward->desk, SUGU__TICKET_VERB__MOVE, desk, "B-001", department);
    char text[200] = "";

    ck_assert_str_eq(reply->code, "");
    for (size_t i = 0; i < reply->stage->n_next; i++) {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s:%d ", reply->stage->next[i]->department,
                 reply->stage->next[i]->state);
    }
    ck_assert_str_eq(text, expected);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(who_is_moved_to_where_they_go_anyway_stands_there_once)
{
    struct ward ward;
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "order", "0002", "blood");
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->ticket->number, "B-001");
    sugu__reply__free_unpacked(reply, NULL);
    sugu_facts_run(&ward.facts, "UPDATE stage SET appointment_at = now() + interval '3 hours' "
                                "WHERE department = 'eye'; "
                                "UPDATE stage SET waiting_at = waiting_at - interval '20 minutes' "
                                "WHERE department = 'blood'; "
                                "INSERT INTO desk VALUES (1, 'u1', 'internal')");
    move_to(&ward, "b1", "eye", "eye:0 "); /* not twice */
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts,
                          "SELECT count(*) FROM stage e JOIN stage b USING (visit) "
                          "WHERE e.department = 'eye' AND b.department = 'blood' AND b.state = 6 "
                          "AND e.waiting_at = b.waiting_at AND e.appointment_at > now()"),
        1);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "b1", "B-001", "blood:0 eye:7 ");
    move_to(&ward, "b1", "eye", "eye:0 ");
    /* The appointment goes along to another queue, and back the place is the first one again. */
    move_to(&ward, "2", "internal", "internal:0 ");
    ck_assert_int_eq(sugu_facts_number(&ward.facts,
                                       "SELECT count(DISTINCT appointment_at) FROM stage "
                                       "WHERE department IN ('eye', 'internal')"),
                     1);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "u1", "", "internal:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "u1", "B-001", "");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    ward_done(&ward);
}
END_TEST

START_TEST(who_never_came_is_a_no_show_and_undo_brings_them_back)
{
    struct ward ward;

    ward_init(&ward);
    ward_arrive(&ward, "eye", "B-001");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__MISS, "2", "B-001", "eye:5 ");
    ward_verb(&ward, SUGU__TICKET_VERB__NO_SHOW, "2", "B-001", "");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_NO_SHOW);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:5 ");
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_IN_STAGES);
    /* Every verb stands in the history, also those that were taken back. */
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(*) FROM stage_change"), 4);
    ck_assert_int_ge(sugu_facts_number(&ward.facts, "SELECT count(*) FROM audit"), 4);
    ward_done(&ward);
}
END_TEST

START_TEST(the_urgent_and_the_booked_come_in_the_order_of_the_rule)
{
    struct ward ward;
    static const char *const expected[] = {"B-003", "B-004", "B-001", "B-002"};

    ward_init(&ward);
    WARD_SETUP(&ward, "queue", "eye", "0", "15", "30", "60");
    ward_arrive(&ward, "eye", "B-001");
    ward_arrive(&ward, "eye", "B-002");
    for (int priority = 0; priority < 2; priority++) {
        Sugu__Reply *reply = ward_send_arrive(&ward, NULL, "eye", priority);
        ck_assert_str_eq(reply->ticket->number, priority ? "B-004" : "B-003");
        ck_assert_uint_eq(reply->ticket->before_you, (unsigned)priority);
        sugu__reply__free_unpacked(reply, NULL);
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(expected); i++) {
        Sugu__Reply *reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "");
        ck_assert_str_eq(reply->stage->number, expected[i]);
        sugu__reply__free_unpacked(reply, NULL);
        ward_verb(&ward, SUGU__TICKET_VERB__FINISH, "2", expected[i], "");
    }
    ward_done(&ward);
}
END_TEST

/* ---- boards and phone pages */

START_TEST(boards_get_numbers_and_phone_pages_their_places)
{
    struct ward ward;
    Sugu__GetBoard get_board = SUGU__GET_BOARD__INIT;
    Sugu__GetNotices get_notices = SUGU__GET_NOTICES__INIT;
    Sugu__GetPhonePages get_pages = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, wrong = SUGU__PHONE_TOKEN__INIT;
    Sugu__PhoneToken *tokens[] = {&token, &wrong};
    uint8_t nobody[16] = {1};
    Sugu__Reply *ticket, *reply;
    const Sugu__Event *event;
    size_t from = 0;

    ward_init(&ward);
    reply = sugu_test_client_call(&ward.web, SUGU__REQUEST__BODY_GET_NOTICES, &get_notices, NULL);
    sugu__reply__free_unpacked(reply, NULL); /* there is a hook */
    ward_arrive(&ward, "eye", "B-001");
    ticket = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    token.token = ticket->ticket->token;
    wrong.token = (ProtobufCBinaryData){sizeof nobody, nobody};
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    event = sugu_test_client_event(&ward.board, SUGU__EVENT__BODY_NUMBER_CALLED, &from);
    ck_assert_str_eq(event->number_called->number, "B-001");
    ck_assert_str_eq(event->number_called->desk, "2");
    reply = sugu_test_client_call(&ward.board, SUGU__REQUEST__BODY_GET_BOARD, &get_board, NULL);
    ck_assert_uint_eq(reply->board->n_numbers, 1);
    ck_assert_str_eq(reply->board->numbers[0]->number, "B-001");
    sugu__reply__free_unpacked(reply, NULL);
    get_pages.n_tokens = 2;
    get_pages.tokens = tokens;
    reply = sugu_test_client_call(&ward.web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get_pages, NULL);
    ck_assert_uint_eq(reply->phone_pages->n_pages, 2);
    ck_assert(reply->phone_pages->pages[0]->is_found);
    ck_assert(!reply->phone_pages->pages[1]->is_found);
    ck_assert_str_eq(reply->phone_pages->pages[0]->number, "B-002");
    ck_assert_uint_eq(reply->phone_pages->pages[0]->n_stages, 1);
    ck_assert_uint_eq(reply->phone_pages->pages[0]->stages[0]->before_you, 0);
    sugu__reply__free_unpacked(reply, NULL);
    sugu__reply__free_unpacked(ticket, NULL);
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(*) FROM notice WHERE kind = 0"),
                     1);
    /* In another queue it is soon once more; there, too, it is said once. */
    ward_arrive(&ward, "internal", "A-001");
    ward_arrive(&ward, "internal", "A-002");
    reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__MOVE, "2", "B-002", "internal");
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "1", "A-001", "internal:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "1", "A-002", "internal:1 ");
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(*) FROM notice WHERE kind = 0 "
                                                    "AND visit = (SELECT visit FROM visit "
                                                    "WHERE series = 'B' AND number = 2)"),
                     2);
    ward_done(&ward);
}
END_TEST

/* ---- people at desks */

START_TEST(a_desk_that_needs_somebody_does_nothing_before)
{
    struct ward ward;
    Sugu__GetToday today = SUGU__GET_TODAY__INIT;
    Sugu__SignIn sign_in = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[] = {1, 2, 3, 4}, proof[32] = {0};
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "staff", "ito", "伊藤", "clerk", "mifare", "01020304");
    WARD_SETUP(&ward, "sign-in", "desk-1", "needed");
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_GET_TODAY, &today, NULL);
    ck_assert_str_eq(reply->code, "staff.sign-in-needed");
    sugu__reply__free_unpacked(reply, NULL);
    sign_in.staff = (char *)"ito";
    sign_in.proof = (ProtobufCBinaryData){sizeof proof, proof};
    for (int i = 0; i < 5; i++) {
        reply =
            sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &sign_in, NULL);
        ck_assert_str_eq(reply->code, i < 4 ? "staff.unknown" : "staff.locked");
        sugu__reply__free_unpacked(reply, NULL);
    }
    sign_in.staff = (char *)"";
    sign_in.proof = (ProtobufCBinaryData){0, NULL};
    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    sign_in.card = &card;
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &sign_in, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->signed_in->staff, "ito");
    ck_assert_uint_eq(reply->signed_in->sign_in.len, 16);
    sugu__reply__free_unpacked(reply, NULL);
    ward_done(&ward);
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
    struct ward ward;
    char name[32], setup_text[64];

    ward_init(&ward);
    for (int desk = 0; desk < DESKS; desk++) {
        snprintf(name, sizeof name, "d%d", desk);
        snprintf(setup_text, sizeof setup_text, "INSERT INTO desk VALUES (1, '%s', 'eye')", name);
        sugu_facts_run(&ward.facts, setup_text);
        snprintf(name, sizeof name, "desk-%d", desk + 2);
        sugu_test_client_init(&all.clients[desk], &ward.hospital, name, "desk", "");
        all.presses[desk].all = &all;
    }
    for (int i = 1; i <= TICKETS; i++) {
        snprintf(name, sizeof name, "B-%03d", i);
        ward_arrive(&ward, "eye", name);
    }
    press_until(&all, TICKETS / 3);
    sugu_hospital_kill_server(&ward.hospital);
    sugu_hospital_start_server(&ward.hospital, NULL);
    press_until(&all, 2 * TICKETS / 3);
    sugu_hospital_restart_database(&ward.hospital, "immediate");
    sugu_facts_done(&ward.facts);
    sugu_facts_init(&ward.facts, ward.hospital.folder);
    press_until(&all, TICKETS + 1);
    ck_assert_uint_eq(all.count, TICKETS);
    ck_assert_uint_eq(all.twice, 0);
    ck_assert_uint_eq(all.others, 0);
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(*) FROM stage WHERE state = 1"),
                     TICKETS);
    for (int desk = 0; desk < DESKS; desk++)
        sugu_test_client_done(&all.clients[desk]);
    ward_done(&ward);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        a_plan_leads_through_tests_to_the_department_and_to_the_bill,
        an_order_that_comes_later_is_planned_and_one_that_is_dropped_is_gone,
        every_verb_does_what_it_says_and_can_be_taken_back,
        who_is_moved_to_where_they_go_anyway_stands_there_once,
        who_never_came_is_a_no_show_and_undo_brings_them_back,
        the_urgent_and_the_booked_come_in_the_order_of_the_rule,
        boards_get_numbers_and_phone_pages_their_places,
        a_desk_that_needs_somebody_does_nothing_before,
        sixty_four_desks_never_get_the_same_patient_and_lose_no_press,
    };

    return sugu_run_tests("queue", tests, SUGU_ARRAY_SIZE(tests), 120);
}
