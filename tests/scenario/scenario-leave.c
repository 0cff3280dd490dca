/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-leave - who has paid and has nowhere else to go has left, however the session ended
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <stdio.h>
#include <string.h>

static int64_t
state_of(struct sugu_facts *facts, const struct sugu_id *visit)
{
    char sql[200], text[SUGU_ID_TEXT_SIZE];

    snprintf(sql, sizeof sql,
             "SELECT CASE WHEN (state = 6) = (left_at IS NOT NULL) THEN state ELSE -1 END "
             "FROM visit WHERE visit = '%s'",
             sugu_id_to_text(visit, text));
    return sugu_facts_number(facts, sql);
}

/* Another person puts a card on the same kiosk, which has forgotten the first one. */
static void
another_person_comes(struct sugu_day *day)
{
    static uint8_t serial[] = {0x04, 0xa1, 0xb2, 0xc3};
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    struct sugu_id session = sugu_test_id();

    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 229;
    sugu_day_expect_code(
        sugu_test_client_call(&day->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &open, NULL), "");
}

START_TEST(a_session_that_is_replaced_ends_the_visit_that_was_paid)
{
    struct sugu_day day;
    struct sugu_facts facts;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_until_billed(&day);
    sugu_day_pay(&day, 1, 870);
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_SETTLED);
    another_person_comes(&day);
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_LEFT);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_session_that_is_replaced_leaves_a_visit_that_was_not_paid)
{
    struct sugu_day day;
    struct sugu_facts facts;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_until_billed(&day);
    another_person_comes(&day);
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_BILLED);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

/* The same person again at the same kiosk, for the receipt: still here. */
START_TEST(who_comes_again_to_the_same_kiosk_has_not_left_yet)
{
    struct sugu_day day;
    struct sugu_facts facts;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_until_billed(&day);
    sugu_day_pay(&day, 1, 870);
    day.session = sugu_test_id();
    sugu_day_expect_code(sugu_day_send_open(&day, 1123), "");
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_SETTLED);
    sugu_day_issue_receipt(&day, 1, 0, 870);
    sugu_day_close(&day, SUGU__VISIT_STATE__VISIT_LEFT);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

/* The terminal's word came when the session had timed out. */
START_TEST(money_that_is_known_of_after_the_session_ends_the_visit)
{
    struct sugu_day day;
    struct sugu_facts facts;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_until_billed(&day);
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "");
    sugu_day_close(&day, SUGU__VISIT_STATE__VISIT_BILLED);
    sugu_day_expect_code(sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0),
                         "");
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_BILLED);
    sugu_day_expect_code(
        sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 870), "");
    ck_assert_int_eq(state_of(&facts, &day.visit), SUGU__VISIT_STATE__VISIT_LEFT);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("leave",
                       100,
                       a_session_that_is_replaced_ends_the_visit_that_was_paid,
                       a_session_that_is_replaced_leaves_a_visit_that_was_not_paid,
                       who_comes_again_to_the_same_kiosk_has_not_left_yet,
                       money_that_is_known_of_after_the_session_ends_the_visit)
