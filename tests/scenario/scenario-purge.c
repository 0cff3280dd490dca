/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-purge - names do not stay for ever, and nothing that was done is done twice for it
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world {
    struct sugu_day day;
    struct sugu_facts facts;
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    sugu_day_init(&world->day);
    sugu_facts_init(&world->facts, world->day.hospital.folder);
}

static void
world_done(struct world *world)
{
    sugu_facts_done(&world->facts);
    sugu_day_done(&world->day);
}

/* The answer holds the patient's name. */
static void
open_session(struct world *world, const struct sugu_id *request, const char *code)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&world->day.session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 1123;
    sugu_day_expect_code(
        sugu_test_client_call(&world->day.kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &open, request),
        code);
}

static void
check_in(struct world *world, const struct sugu_id *request)
{
    Sugu__Reply *reply = sugu_day_send_check_in(&world->day, request);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "R-001");
    sugu__reply__free_unpacked(reply, NULL);
}

/* What the request's row says is so old. */
static void
age(struct world *world, const struct sugu_id *request, const char *how_old)
{
    char sql[200], text[SUGU_ID_TEXT_SIZE];

    snprintf(sql, sizeof sql,
             "UPDATE request SET made_at = made_at - interval '%s' WHERE request = '%s'", how_old,
             sugu_id_to_text(request, text));
    sugu_facts_run(&world->facts, sql);
}

static const char names[] =
    "SELECT count(*) FROM request WHERE position(convert_to('佐藤', 'UTF8') IN reply) > 0";

START_TEST(a_request_gets_its_answer_again_while_older_answers_are_cleared_away)
{
    static const char *const quick[] = {"--purge-interval", "1", NULL};
    const struct sugu_id opened = sugu_test_id(), checked_in = sugu_test_id();
    struct world world;

    world_init(&world);
    open_session(&world, &opened, "");
    check_in(&world, &checked_in);
    ck_assert_int_ge(sugu_facts_number(&world.facts, names), 1);
    age(&world, &opened, "31 days");
    age(&world, &checked_in, "29 days");
    sugu_hospital_kill_server(&world.day.hospital);
    sugu_hospital_start_server(&world.day.hospital, quick);
    sugu_process_expect(&world.day.hospital.server, "store.purged what=answers rows=1", NULL, NULL,
                        0, 40);
    ck_assert_int_eq(sugu_facts_number(&world.facts, names), 0);

    check_in(&world, &checked_in);
    open_session(&world, &opened, "request.answer-gone");
    ck_assert_int_eq(sugu_facts_number(&world.facts, "SELECT count(*) FROM visit"), 1);
    ck_assert_int_eq(sugu_facts_number(&world.facts, "SELECT count(*) FROM session"), 1);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("purge",
                       100,
                       a_request_gets_its_answer_again_while_older_answers_are_cleared_away)
