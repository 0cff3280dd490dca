/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-help - a call for help at a kiosk, until somebody has taken care of it
 *
 * Outcome: an open call is shown at every desk, also at one that is started later and after the
 * server's death; closed at one desk it is over at all of them, with who closed it on record; a
 * call that comes after that is a new one. Whoever is looked for is found with the day's
 * appointments.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

static void
call_for_help(struct sugu_test_client *kiosk)
{
    Sugu__AskForHelp body = SUGU__ASK_FOR_HELP__INIT;
    Sugu__Reply *reply;

    body.reason = (char *)"help.asked";
    reply = sugu_test_client_call(kiosk, SUGU__REQUEST__BODY_ASK_FOR_HELP, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

/* How many calls a desk is shown; when the newest was made. */
static size_t
count_open(struct sugu_test_client *desk, int64_t *ret_asked)
{
    Sugu__GetQueues body = SUGU__GET_QUEUES__INIT;
    Sugu__Reply *reply = sugu_test_client_call(desk, SUGU__REQUEST__BODY_GET_QUEUES, &body, NULL);
    size_t count = reply->queues->n_helps;

    ck_assert_str_eq(reply->code, "");
    if (count > 0 && ret_asked)
        *ret_asked = reply->queues->helps[0]->asked_utc_us;
    sugu__reply__free_unpacked(reply, NULL);
    return count;
}

static void
close_call(struct sugu_test_client *desk, const char *place, int64_t asked, const char *code)
{
    Sugu__CloseHelp body = SUGU__CLOSE_HELP__INIT;
    Sugu__Reply *reply;

    body.place = (char *)place;
    body.reason = (char *)"help.asked";
    body.asked_utc_us = asked;
    body.desk = (char *)"9";
    reply = sugu_test_client_call(desk, SUGU__REQUEST__BODY_CLOSE_HELP, &body, NULL);
    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(a_call_is_open_everywhere_until_one_desk_has_taken_care_of_it)
{
    static struct sugu_test_client kiosk, other;
    struct ward ward;
    const Sugu__Event *event;
    int64_t asked = 0;
    size_t from = 0;

    ward_init(&ward);
    sugu_test_client_init(&kiosk, &ward.hospital, "kiosk-1", "kiosk", "kiosk-1");
    call_for_help(&kiosk);
    call_for_help(&kiosk); /* pressed twice */
    sugu_hospital_kill_server(&ward.hospital);
    sugu_hospital_start_server(&ward.hospital, NULL);
    sugu_test_client_init(&other, &ward.hospital, "desk-2", "desk", "");
    ck_assert_uint_eq(count_open(&ward.desk, &asked), 2);
    ck_assert_uint_eq(count_open(&other, NULL), 2);
    close_call(&ward.desk, "kiosk-9", asked, "help.unknown");
    close_call(&ward.desk, "kiosk-1", asked, "");
    event = sugu_test_client_event(&other, SUGU__EVENT__BODY_HELP_CLOSED, &from);
    ck_assert_str_eq(event->help_closed->place, "kiosk-1");
    ck_assert_int_eq(event->help_closed->asked_utc_us, asked);
    ck_assert_uint_eq(count_open(&other, NULL), 0);
    close_call(&other, "kiosk-1", asked, ""); /* as it is wished; once on record */
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts, "SELECT count(*) FROM audit WHERE verb = 'close-help'"), 1);
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts, "SELECT count(*) FROM help WHERE closed_at_desk = '9'"), 2);
    call_for_help(&kiosk);
    ck_assert_uint_eq(count_open(&other, &asked), 1);
    sugu_facts_were_heard(&ward.facts, &ward.desk);
    sugu_test_client_done(&other);
    sugu_test_client_done(&kiosk);
    ward_done(&ward);
}
END_TEST

START_TEST(who_is_found_is_shown_with_the_appointments_of_the_day)
{
    struct ward ward;
    Sugu__FindPatients body = SUGU__FIND_PATIENTS__INIT;
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "appointment", "0002", "internal", "09:15");
    body.text = (char *)"0002";
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_FIND_PATIENTS, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->patients_found->n_patients, 1);
    ck_assert_uint_eq(reply->patients_found->patients[0]->n_appointments, 2);
    ck_assert_str_eq(reply->patients_found->patients[0]->appointments[0]->department, "internal");
    ck_assert_uint_eq(reply->patients_found->patients[0]->appointments[0]->minutes, 9 * 60 + 15);
    ck_assert_str_eq(reply->patients_found->patients[0]->appointments[1]->department_name, "眼科");
    sugu__reply__free_unpacked(reply, NULL);
    body.text = (char *)"0003"; /* is booked nowhere */
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_FIND_PATIENTS, &body, NULL);
    ck_assert_uint_eq(reply->patients_found->patients[0]->n_appointments, 0);
    sugu__reply__free_unpacked(reply, NULL);
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("help",
                       60,
                       a_call_is_open_everywhere_until_one_desk_has_taken_care_of_it,
                       who_is_found_is_shown_with_the_appointments_of_the_day)
