/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue-clock - the server's clock jumps by a day; a night goes by in the emergency room
 *
 * Outcome of the jump, forward or back: the server does not follow it and says so; no number is
 * given twice, who waits goes on waiting, who was sent away does not come back early, and deadlines
 * are judged by the time that it really is. Outcome of the night: at midnight nothing happens; at
 * the cut-off a new business day begins, its numbers go on after those of the people who still wait
 * where it is open day and night, they keep number, place and phone page, and a department that
 * keeps hours leaves out the number of who was left waiting there.
 */
#include "domain/date.h"

#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_S (24 * 60 * 60)

struct clock_world {
    struct ward ward;
    char preload[600], name[300];
    const char *environment[3];
    int file;
};

/* `wrong_s`: the time of day alone; `passed_s`: time that has gone by. */
static void
set_clock(struct clock_world *world, int64_t wrong_s, int64_t passed_s)
{
    int64_t hands[2] = {wrong_s, passed_s};

    ck_assert_int_eq(pwrite(world->file, hands, sizeof hands, 0), sizeof hands);
}

static void
world_init(struct clock_world *world, int64_t passed_s)
{
    char path[200];

    memset(world, 0, sizeof *world);
    ward_init(&world->ward);
    snprintf(path, sizeof path, "%s/clock", world->ward.hospital.folder);
    world->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(world->file, 0);
    set_clock(world, 0, passed_s);
    snprintf(world->preload, sizeof world->preload, "LD_PRELOAD=%s", LATER);
    snprintf(world->name, sizeof world->name, "SUGU_LATER_FILE=%s", path);
    world->environment[0] = world->preload;
    world->environment[1] = world->name;
    world->ward.hospital.server_environment = world->environment;
    sugu_hospital_kill_server(&world->ward.hospital);
    sugu_hospital_start_server(&world->ward.hospital, NULL);
}

static void
world_done(struct clock_world *world)
{
    close(world->file);
    ward_done(&world->ward);
}

static void
call_next(struct ward *ward, const char *desk, const char *number)
{
    Sugu__Reply *reply = ward_send_verb(&ward->desk, SUGU__TICKET_VERB__CALL_NEXT, desk, "", "");

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->stage->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- the jump */

/* What the desk believes of the server's clock is the time that it is. */
static void
expect_deadlines_hold(struct ward *ward)
{
    const struct sugu_clock *clock = sugu_clock_system();
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    Sugu__Reply *reply = NULL;
    struct sugu_error error;

    sugu_test_client_run(&ward->desk, 500 * SUGU_MS); /* a pulse */
    ck_assert_int_le(llabs(sugu_client_server_utc_us(ward->desk.client) - clock->utc_us(clock)),
                     2 * SUGU_SECOND);
    body.desk = (char *)"2";
    body.verb = SUGU__TICKET_VERB__UNDO;
    body.number = (char *)"B-001";
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    request.deadline_utc_us = clock->utc_us(clock) - 5 * SUGU_SECOND;
    sugu_assert_fails(sugu_client_call(ward->desk.client, &request,
                                       &(struct sugu_ask){.wait_us = 15 * SUGU_SECOND}, &reply,
                                       &error),
                      SUGU_REFUSED, "request.too-late", error);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(a_clock_that_jumps_by_a_day_changes_nothing)
{
    struct clock_world world;
    struct ward *ward = &world.ward;

    world_init(&world, 0);
    ward_arrive(ward, "eye", "B-001");
    ward_arrive(ward, "eye", "B-002");
    ward_arrive(ward, "eye", "B-003");
    call_next(ward, "2", "B-001");
    ward_verb(ward, SUGU__TICKET_VERB__PARK, "2", "B-001", "eye:4 "); /* for five minutes */
    for (int sign = 1; sign >= -1; sign -= 2) {
        set_clock(&world, sign * DAY_S, 0);
        sugu_process_expect(&ward->hospital.server, "clock.jumped", NULL, NULL, 0, 10);
        ward_arrive(ward, "eye", sign > 0 ? "B-004" : "B-005");
        expect_deadlines_hold(ward);
        call_next(ward, "2", sign > 0 ? "B-002" : "B-003");
    }
    set_clock(&world, 0, 0);
    sugu_process_expect(&ward->hospital.server, "clock.back", NULL, NULL, 0, 10);
    ward_arrive(ward, "eye", "B-006");
    call_next(ward, "2", "B-004");
    ck_assert_int_eq(sugu_facts_number(&ward->facts, "SELECT count(DISTINCT day) FROM visit"), 1);
    sugu_facts_are_gapless(&ward->facts, "visit", "number", 6);
    /* Nobody's times are of another day either. */
    ck_assert_int_eq(sugu_facts_number(&ward->facts,
                                       "SELECT count(*) FROM stage_change "
                                       "WHERE abs(extract(epoch FROM changed_at - now())) > 300"),
                     0);
    world_done(&world);
}
END_TEST

/* ---- the night */

/* Seconds from now until it is this time of a Japanese day. */
static int64_t
until_local(unsigned hour, unsigned minute)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t local_s = clock->utc_us(clock) / SUGU_SECOND + SUGU_JAPAN_OFFSET_MINUTES * 60;
    int64_t wanted_s = (int64_t)(hour * 60 + minute) * 60;

    return (wanted_s - local_s % DAY_S + DAY_S) % DAY_S;
}

static void
expect_page(struct ward *ward, ProtobufCBinaryData token_bytes, const char *number)
{
    Sugu__GetPhonePages get = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, *tokens[] = {&token};
    Sugu__Reply *reply;

    token.token = token_bytes;
    get.n_tokens = 1;
    get.tokens = tokens;
    reply = sugu_test_client_call(&ward->web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get, NULL);
    ck_assert(reply->phone_pages->pages[0]->is_found);
    ck_assert_str_eq(reply->phone_pages->pages[0]->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

static Sugu__Reply *
play_the_night(struct clock_world *world, int64_t begin_s)
{
    struct ward *ward = &world->ward;
    Sugu__Reply *waiting;

    ward_arrive(ward, "emergency", "E-001");
    ward_arrive(ward, "emergency", "E-002");
    ward_arrive(ward, "eye", "B-001");
    call_next(ward, "e1", "E-001");
    set_clock(world, 0, begin_s + 20 * 60); /* 00:10 */
    waiting = ward_send_arrive(ward, NULL, "emergency", SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(waiting->ticket->number, "E-003");
    ck_assert_int_eq(sugu_facts_number(&ward->facts, "SELECT count(DISTINCT day) FROM visit"), 1);
    ward_verb(ward, SUGU__TICKET_VERB__FINISH, "e1", "E-001", "");
    call_next(ward, "e1", "E-002");
    set_clock(world, 0, begin_s + 9 * 60 + 4 * 60 * 60); /* 03:59 */
    ward_refused(ward, SUGU__TICKET_VERB__CALL, "2", "E-002", "ticket.already-called");
    return waiting;
}

START_TEST(a_night_goes_over_the_cut_off_and_nobody_is_forgotten)
{
    struct clock_world world;
    struct ward *ward = &world.ward;
    int64_t begin_s = until_local(23, 50);
    Sugu__Reply *waiting;

    world_init(&world, begin_s);
    WARD_SETUP(ward, "department", "emergency", "救急", "E", "day-and-night");
    WARD_SETUP(ward, "desk", "e1", "emergency");
    waiting = play_the_night(&world, begin_s);
    set_clock(&world, 0, begin_s + 11 * 60 + 4 * 60 * 60); /* 04:01 */
    ward_arrive(ward, "emergency", "E-004"); /* not 001: 002 and 003 are still in the house */
    ward_arrive(ward, "eye", "B-002");
    ck_assert_int_eq(sugu_facts_number(&ward->facts, "SELECT count(DISTINCT day) FROM visit"), 2);
    ward_verb(ward, SUGU__TICKET_VERB__FINISH, "e1", "E-002", "");
    expect_page(ward, waiting->ticket->token, "E-003");
    call_next(ward, "e1", "E-003");
    ward_verb(ward, SUGU__TICKET_VERB__FINISH, "e1", "E-003", "");
    call_next(ward, "e1", "E-004");
    /* The eye department of yesterday is over: whoever had not come then is not called today. */
    call_next(ward, "2", "B-002");
    ck_assert_int_eq(sugu_facts_number(&ward->facts,
                                       "SELECT count(*) FROM visit v JOIN stage s USING (visit) "
                                       "WHERE v.series = 'B' AND s.state = 1 "
                                       "AND v.day = (SELECT max(day) FROM visit)"),
                     1);
    sugu__reply__free_unpacked(waiting, NULL);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("queue-clock",
                       60,
                       a_clock_that_jumps_by_a_day_changes_nothing,
                       a_night_goes_over_the_cut_off_and_nobody_is_forgotten)
