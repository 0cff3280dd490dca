/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-roles - every verb of a desk tried by every role, over the real server
 *
 * Outcome: whoever is signed in does what the role allows and nothing else, whatever the desk's
 * window offers; who tried stands in the audit trail; a desk program at which nobody is signed in
 * acts by its key.
 */
#include "protocol/right.h"

#include "scenario/queue-world.h"
#include "testlib/checks.h"
#include "testlib/fill.h"

#include <stdio.h>
#include <string.h>

enum { NOBODY = 3, WHO_COUNT };

static const char *const role_words[] = {"clerk", "supervisor", "administrator"};

/* The specification, apart from the product's table: what a clerk, and what a supervisor, may not.
 */
static const struct {
    const char *words;
    Sugu__StaffRole least;
} needed[] = {
    {"no-show", SUGU__STAFF_ROLE__SUPERVISOR},
    {"decide-refund", SUGU__STAFF_ROLE__SUPERVISOR},
    {"resolve-payment", SUGU__STAFF_ROLE__SUPERVISOR},
    {"message-kiosk", SUGU__STAFF_ROLE__SUPERVISOR},
    {"drain-kiosk", SUGU__STAFF_ROLE__SUPERVISOR},
    {"open-kiosk", SUGU__STAFF_ROLE__SUPERVISOR},
    {"restart-kiosk", SUGU__STAFF_ROLE__ADMINISTRATOR},
};

static int
least_role(const char *words)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(needed); i++)
        if (strcmp(needed[i].words, words) == 0)
            return (int)needed[i].least;
    return SUGU__STAFF_ROLE__CLERK;
}

static struct sugu_id
sign_in_as(struct ward *ward, int role)
{
    Sugu__SignIn body = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[] = {1, 2, 3, (uint8_t)role};
    char serial_text[16];
    Sugu__Reply *reply;
    struct sugu_id sign_in;

    snprintf(serial_text, sizeof serial_text, "010203%02x", (unsigned)role);
    WARD_SETUP(ward, "staff", role_words[role], "誰か", role_words[role], "mifare", serial_text);
    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    body.card = &card;
    reply = ward_call_as(&ward->desk, NULL, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &body);
    ck_assert_str_eq(reply->code, "");
    sign_in = sugu_id_of(&reply->signed_in->sign_in);
    sugu__reply__free_unpacked(reply, NULL);
    return sign_in;
}

/* Any request of this kind with this verb: it is judged before anybody looks into it. */
static Sugu__Request *
new_request(const struct sugu_right_row *row)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&sugu__request__descriptor, row->request);
    struct sugu_fill_path path = {.names = {field->name}, .count = 1};
    Sugu__Request *request = (Sugu__Request *)sugu_fill_new(&sugu__request__descriptor, &path);

    if (row->request == SUGU__REQUEST__BODY_MOVE_TICKET)
        request->move_ticket->verb = (Sugu__TicketVerb)row->verb;
    if (row->request == SUGU__REQUEST__BODY_COMMAND_KIOSK)
        request->command_kiosk->verb = (Sugu__KioskVerb)row->verb;
    if (row->request == SUGU__REQUEST__BODY_ASSIST_BILL)
        request->assist_bill->verb = (Sugu__BillVerb)row->verb;
    return request;
}

static void
try_right(struct ward *ward, enum sugu_right right, int who, const struct sugu_id *sign_in)
{
    const struct sugu_right_row *row = sugu_right_row(right);
    bool is_allowed = who == NOBODY || who >= least_role(row->words);
    Sugu__Request *request = new_request(row);
    Sugu__Reply *reply = ward_call_as(&ward->desk, sign_in, row->request, request->move_ticket);

    ck_assert_msg((strcmp(reply->code, "staff.not-allowed") != 0) == is_allowed, "%s by %s: \"%s\"",
                  row->words, who == NOBODY ? "nobody" : role_words[who], reply->code);
    sugu__reply__free_unpacked(reply, NULL);
    sugu__request__free_unpacked(request, NULL);
}

START_TEST(every_verb_is_done_by_who_may_and_refused_to_the_others)
{
    struct ward ward;
    struct sugu_id sign_ins[NOBODY];
    char sql[200];

    ward_init(&ward);
    for (int role = 0; role < NOBODY; role++)
        sign_ins[role] = sign_in_as(&ward, role);
    for (unsigned right = 0; right < SUGU_RIGHT_COUNT; right++)
        for (int who = 0; who < WHO_COUNT; who++)
            if (right != SUGU_RIGHT_SIGN_OUT)
                try_right(&ward, (enum sugu_right)right, who,
                          who == NOBODY ? NULL : &sign_ins[who]);
    /* Seven things that a clerk may not and one that a supervisor may not: each is on record. */
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts, "SELECT count(*) FROM audit WHERE verb = 'refused'"), 8);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(needed); i++) {
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM audit WHERE verb = 'refused' AND detail = '%s' "
                 "AND staff = 'clerk'",
                 needed[i].words);
        ck_assert_int_eq(sugu_facts_number(&ward.facts, sql), 1);
    }
    ward_done(&ward);
}
END_TEST

/* The window greys out; who sends the request all the same changes nothing by it. */
START_TEST(what_is_refused_has_no_effect)
{
    struct ward ward;
    struct sugu_id clerk, supervisor;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    Sugu__Reply *reply;

    ward_init(&ward);
    clerk = sign_in_as(&ward, SUGU__STAFF_ROLE__CLERK);
    supervisor = sign_in_as(&ward, SUGU__STAFF_ROLE__SUPERVISOR);
    ward_arrive(&ward, "eye", "B-001");
    body.verb = SUGU__TICKET_VERB__NO_SHOW;
    body.desk = (char *)"2";
    body.number = (char *)"B-001";
    reply = ward_call_as(&ward.desk, &clerk, SUGU__REQUEST__BODY_MOVE_TICKET, &body);
    ck_assert_str_eq(reply->code, "staff.not-allowed");
    ck_assert_int_eq(reply->status, SUGU__STATUS__REFUSED);
    sugu__reply__free_unpacked(reply, NULL);
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_ARRIVED);
    reply = ward_call_as(&ward.desk, &supervisor, SUGU__REQUEST__BODY_MOVE_TICKET, &body);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    ck_assert_int_eq(ward_visit_state(&ward), SUGU__VISIT_STATE__VISIT_NO_SHOW);
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts, "SELECT count(*) FROM stage_change WHERE staff = 'clerk'"),
        0);
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("roles",
                       60,
                       every_verb_is_done_by_who_may_and_refused_to_the_others,
                       what_is_refused_has_no_effect)
