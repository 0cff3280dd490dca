/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-eligibility - from the kiosk's question to the answer on its screen, all programs real
 *
 * Queue server with PostgreSQL, sugu-insurance over CURVE, and the emulated qualification terminal
 * as a program of its own; the test is the kiosk.
 */
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define INSTITUTION "0110113719"

struct world {
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk;
    struct sugu_process terminal, insurance;
    struct sugu_id session, eligibility;
    char oqs[200], kept[200];
    long told; /* up to here the terminal's words were read */
};

static void
start_terminal(struct world *world)
{
    char program[512], log[300];
    const char *argv[] = {sugu_hospital_program("tests/emulators/emulate-qualification", program),
                          "--oqs-folder",
                          world->oqs,
                          "--institution-code",
                          INSTITUTION,
                          NULL};

    snprintf(log, sizeof log, "%s/terminal.log", world->hospital.folder);
    sugu_process_spawn(&world->terminal, log, argv, NULL);
    sugu_process_expect(&world->terminal, "ready", NULL, NULL, 0, 10);
}

static void
tell_terminal(struct world *world, const char *line)
{
    sugu_process_say(&world->terminal, line);
    sugu_process_expect(&world->terminal, "ok", &world->told, NULL, 0, 10);
}

static void
start_insurance(struct world *world)
{
    struct sugu_hospital_options options;
    char program[512], log[300];
    const char *argv[32] = {sugu_hospital_program("gateways/insurance/sugu-insurance", program),
                            "--oqs-folder",
                            world->oqs,
                            "--set-aside-folder",
                            world->kept,
                            "--institution-code",
                            INSTITUTION,
                            "--stable-ms",
                            "20",
                            "--answer-wait-s",
                            "5"};
    int count = 11;

    for (const char *const *word =
             sugu_hospital_connection(&world->hospital, "insurance", &options);
         *word; word++)
        argv[count++] = *word;
    snprintf(log, sizeof log, "%s/insurance.log", world->hospital.folder);
    sugu_process_spawn(&world->insurance, log, argv, (const char *const[]){"SUGU_DEBUG=1", NULL});
    sugu_process_expect(&world->insurance, "server.reached", NULL, NULL, 0, 20);
}

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    sugu_hospital_init(&world->hospital, NULL);
    snprintf(world->oqs, sizeof world->oqs, "%s/oqs", world->hospital.folder);
    snprintf(world->kept, sizeof world->kept, "%s/kept", world->hospital.folder);
    sugu_test_client_init(&world->kiosk, &world->hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&world->hospital, "insurance", "insurance", "");
    world->session = sugu_test_id();
    world->eligibility = sugu_test_id();
    start_terminal(world);
    tell_terminal(world, "people add insurer=33120015 symbol=77 number=123456 branch=02 "
                         "birth=19851123 name=佐藤　花子 ratio=020");
    start_insurance(world);
}

static void
world_done(struct world *world)
{
    sugu_test_client_done(&world->kiosk);
    ck_assert_int_eq(sugu_process_end(&world->insurance, SIGTERM), 0);
    ck_assert_int_eq(sugu_process_end(&world->terminal, SIGTERM), 0);
    sugu_hospital_done(&world->hospital, /* keep= */ false);
}

static void
expect_ok(Sugu__Reply *reply)
{
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

/* 佐藤 puts the hospital's card on the reader and types her birthday. */
static void
open_session(struct world *world)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&world->session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 1123;
    expect_ok(sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &open, NULL));
}

static void
ask(struct world *world)
{
    Sugu__AskEligibility ask = SUGU__ASK_ELIGIBILITY__INIT;

    ask.session = sugu_id_field(&world->session);
    ask.eligibility = sugu_id_field(&world->eligibility);
    expect_ok(
        sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_ASK_ELIGIBILITY, &ask, NULL));
}

static const Sugu__EligibilityAnswer *
await_answer(struct world *world)
{
    size_t from = 0;
    const Sugu__Event *event =
        sugu_test_client_event(&world->kiosk, SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED, &from);

    return event->eligibility_answered;
}

static Sugu__Reply *
check_in(struct world *world)
{
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;
    struct sugu_id visit = sugu_test_id();

    check_in.session = sugu_id_field(&world->session);
    check_in.visit = sugu_id_field(&visit);
    check_in.eligibility = sugu_id_field(&world->eligibility);
    return sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_CHECK_IN, &check_in, NULL);
}

START_TEST(a_verified_patient_goes_straight_to_the_department)
{
    struct world world;
    const Sugu__EligibilityAnswer *answer;
    Sugu__Reply *reply;

    world_init(&world);
    open_session(&world);
    ask(&world);
    answer = await_answer(&world);
    ck_assert_int_eq(answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    ck_assert_str_eq(answer->code, "");
    ck_assert_uint_eq(answer->ratio_percent, 20);
    ck_assert_str_eq(answer->insurer_number, "33120015");
    reply = check_in(&world);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->department, "eye");
    ck_assert(!reply->ticket->is_to_desk);
    sugu__reply__free_unpacked(reply, NULL);
    world_done(&world);
}
END_TEST

START_TEST(a_newer_qualification_leads_to_the_desk_which_sees_why)
{
    struct world world;
    const Sugu__EligibilityAnswer *answer;
    Sugu__Reply *reply;

    world_init(&world);
    tell_terminal(&world, "fault newer");
    open_session(&world);
    ask(&world);
    answer = await_answer(&world);
    ck_assert_int_eq(answer->outcome, SUGU__ELIGIBILITY_OUTCOME__INVALID);
    ck_assert_str_eq(answer->code, "eligibility.newer-exists");
    reply = check_in(&world);
    ck_assert_str_eq(reply->code, "");
    ck_assert(reply->ticket->is_to_desk);
    ck_assert_str_eq(reply->ticket->reason, "eligibility.newer-exists");
    sugu__reply__free_unpacked(reply, NULL);
    world_done(&world);
}
END_TEST

START_TEST(a_server_killed_while_the_terminal_thinks_still_gets_the_answer)
{
    struct world world;
    const Sugu__EligibilityAnswer *answer;

    world_init(&world);
    tell_terminal(&world, "delay-ms 300");
    open_session(&world);
    ask(&world);
    sugu_process_expect(&world.insurance, "eligibility.asked", NULL, NULL, 0, 10);
    sugu_hospital_kill_server(&world.hospital);
    sugu_process_expect(&world.insurance, "eligibility.decided", NULL, NULL, 0, 10);
    sugu_hospital_start_server(&world.hospital, NULL);
    sugu_process_expect(&world.insurance, "verdict.taken", NULL, NULL, 0, 40);
    answer = await_answer(&world);
    ck_assert_int_eq(answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    world_done(&world);
}
END_TEST

START_TEST(a_gateway_that_starts_after_the_question_finds_it)
{
    struct world world;
    const Sugu__EligibilityAnswer *answer;

    world_init(&world);
    ck_assert_int_eq(sugu_process_end(&world.insurance, SIGKILL), -SIGKILL);
    open_session(&world);
    ask(&world);
    start_insurance(&world);
    answer = await_answer(&world);
    ck_assert_int_eq(answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("eligibility",
                       90,
                       a_verified_patient_goes_straight_to_the_department,
                       a_newer_qualification_leads_to_the_desk_which_sees_why,
                       a_server_killed_while_the_terminal_thinks_still_gets_the_answer,
                       a_gateway_that_starts_after_the_question_finds_it)
