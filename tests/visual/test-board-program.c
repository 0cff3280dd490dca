/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-program - the real sugu-board on a display, between a scripted server and no
 * loudspeaker
 *
 * The server is a client service on ipc://, so the real client, the real wire and the real window
 * take part; what the board says goes into a file.
 */
#include "base/text.h"
#include "client/service.h"
#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/process.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define TRUTH_MS_MAX 1000 /* a board that (re)starts shows the true state within a second */
#define TRIES        3    /* the best one counts: the machine has other work too */

struct world {
    char *folder;
    char endpoint[300], log[300], sink[400], voice[300];
    void *context;
    struct sugu_service *service;
    struct sugu_process board;
    unsigned asked;                /* how often GetBoard came */
    Sugu__NumberCalled numbers[4]; /* what the server knows */
    size_t number_count;
};

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Board board = SUGU__BOARD__INIT;
    Sugu__NumberCalled *places[4];

    ck_assert_int_eq(request->body_case, SUGU__REQUEST__BODY_GET_BOARD);
    world->asked++;
    for (size_t i = 0; i < world->number_count; i++)
        places[i] = &world->numbers[i];
    board.numbers = places;
    board.n_numbers = world->number_count;
    reply.body_case = SUGU__REPLY__BODY_BOARD;
    reply.board = &board;
    sugu_service_reply(world->service, asker, &reply);
}

static void
on_listener(void *user)
{
    (void)user;
}

static void
start_server(struct world *world)
{
    struct sugu_service_callbacks callbacks = {
        .on_request = on_request, .on_listener = on_listener, .user = world};
    struct sugu_error error;

    sugu_assert_ok(sugu_service_new(world->context, world->endpoint, &callbacks,
                                    sugu_clock_system(), &world->service, &error),
                   error);
}

static void
start_board(struct world *world, const char *sink)
{
    const char *const argv[] = {SUGU_BOARD,
                                "--server",
                                world->endpoint,
                                "--sound",
                                sink,
                                "--voice-folder",
                                world->voice,
                                "--viewing-distance-dm",
                                "30",
                                "--screen-width-mm",
                                "941",
                                "--screen-height-mm",
                                "529",
                                "--width",
                                "1280",
                                "--height",
                                "720",
                                "--measure",
                                NULL};

    sugu_process_spawn(&world->board, world->log, argv, NULL);
}

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->folder = sugu_test_folder_new();
    snprintf(world->endpoint, sizeof world->endpoint, "ipc://%s/server", world->folder);
    snprintf(world->log, sizeof world->log, "%s/board.log", world->folder);
    snprintf(world->sink, sizeof world->sink, "wavenc ! filesink location=%s/said.wav",
             world->folder);
    snprintf(world->voice, sizeof world->voice, "%s/assets/voice", getenv("SUGU_SOURCE"));
    world->context = zmq_ctx_new();
    start_server(world);
}

static void
world_done(struct world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->board, SIGTERM), 0);
    sugu_service_free(world->service);
    zmq_ctx_term(world->context);
    world->folder = sugu_test_folder_free(world->folder);
}

/* One turn of the server, if it is there. */
static void
turn(struct world *world)
{
    struct pollfd row = {.fd = -1, .events = POLLIN};

    if (world->service) {
        while (sugu_service_step(world->service))
            ;
        row.fd = sugu_service_fd(world->service);
    }
    poll(&row, 1, 5);
}

/* The next line of the board's log with these words, while the server goes on. */
static void
expect(struct world *world, const char *words, long *offset, char *line, size_t size)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t deadline = clock->monotonic_us(clock) + 30 * SUGU_SECOND;

    while (!sugu_process_has_said(&world->board, words, offset, line, size)) {
        ck_assert_msg(clock->monotonic_us(clock) < deadline, "no '%s' in %s", words, world->log);
        ck_assert_msg(sugu_process_is_running(&world->board), "the board has ended: %s",
                      world->log);
        turn(world);
    }
}

static Sugu__NumberCalled
number_of(const char *number, unsigned calls)
{
    Sugu__NumberCalled called = SUGU__NUMBER_CALLED__INIT;
    const struct sugu_clock *clock = sugu_clock_system();

    called.number = (char *)number;
    called.department = "internal";
    called.department_name = "内科";
    called.desk = "3";
    called.language = "ja";
    called.state = SUGU__STAGE_STATE__STAGE_CALLED;
    called.calls = calls;
    called.called_utc_us = clock->utc_us(clock);
    return called;
}

static void
publish_number(struct world *world, Sugu__NumberCalled *called)
{
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_NUMBER_CALLED;
    event.number_called = called;
    sugu_service_publish(world->service, &event);
}

static void
publish(struct world *world, const char *number, unsigned calls)
{
    Sugu__NumberCalled called = number_of(number, calls);

    ck_assert_uint_lt(world->number_count, SUGU_ARRAY_SIZE(world->numbers));
    world->numbers[world->number_count++] = called;
    publish_number(world, &called);
}

static double
value_of(const char *line)
{
    const char *at = strchr(line, '=');

    ck_assert_ptr_nonnull(at);
    return strtod(at + 1, NULL);
}

START_TEST(a_board_that_is_started_again_shows_the_truth_within_a_second)
{
    struct world world;
    double best_ms = 1e9;
    long offset = 0;
    char line[200];

    world_init(&world);
    world.numbers[world.number_count++] = number_of("A-042", 1);
    start_board(&world, "");
    for (int i = 0; i < TRIES; i++) {
        expect(&world, "truth-ms=", &offset, line, sizeof line);
        best_ms = value_of(line) < best_ms ? value_of(line) : best_ms;
        sugu_process_end(&world.board, SIGKILL);
        start_board(&world, "");
    }
    ck_assert_msg(best_ms < TRUTH_MS_MAX, "%.0f ms until the truth is shown", best_ms);
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    world_done(&world);
}
END_TEST

START_TEST(two_calls_of_one_moment_are_shown_at_once_and_spoken_in_turn)
{
    struct world world;
    long offset = 0, spoken = 0;
    char line[200];

    world_init(&world);
    start_board(&world, world.sink);
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    publish(&world, "A-001", 1);
    publish(&world, "A-002", 1);
    expect(&world, "call.shown number=A-001", &offset, line, sizeof line);
    expect(&world, "call.shown number=A-002", &offset, line, sizeof line);
    expect(&world, "call.spoken", &spoken, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "number=A-001"));
    expect(&world, "call.spoken", &spoken, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "number=A-002"));
    world_done(&world);
}
END_TEST

START_TEST(who_is_at_the_desk_before_the_turn_came_is_not_spoken)
{
    struct world world;
    Sugu__NumberCalled there;
    long offset = 0, spoken = 0;
    char line[200];

    world_init(&world);
    start_board(&world, world.sink);
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    publish(&world, "A-001", 1);
    publish(&world, "A-002", 1);
    publish(&world, "A-003", 1);
    world.numbers[1].state = SUGU__STAGE_STATE__STAGE_PRESENT;
    there = world.numbers[1];
    publish_number(&world, &there);
    expect(&world, "call.spoken", &spoken, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "number=A-001"));
    expect(&world, "call.spoken", &spoken, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "number=A-003"));
    world_done(&world);
}
END_TEST

START_TEST(a_board_without_a_loudspeaker_goes_on_calling)
{
    struct world world;
    long offset = 0, silent = 0;
    char line[300];

    world_init(&world);
    start_board(&world, "alsasink device=no-such-device");
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    publish(&world, "A-001", 1);
    expect(&world, "sound.silent", &silent, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "sound.failed"));
    publish(&world, "A-002", 1);
    expect(&world, "call.shown number=A-002", &offset, line, sizeof line);
    expect(&world, "called-ms=", &offset, line, sizeof line);
    expect(&world, "call.spoken number=A-002", &offset, line, sizeof line); /* tried again */
    ck_assert(!sugu_process_has_said(&world.board, "sound.silent", &silent, line, sizeof line));
    world_done(&world);
}
END_TEST

START_TEST(a_server_that_goes_and_comes_back_is_asked_again)
{
    struct world world;
    long offset = 0;
    unsigned asked;
    char line[200];

    world_init(&world);
    start_board(&world, "");
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    sugu_service_free(world.service);
    world.service = NULL;
    expect(&world, "board.stale", &offset, line, sizeof line);
    world.numbers[world.number_count++] = number_of("A-077", 1);
    asked = world.asked;
    start_server(&world);
    expect(&world, "board.connected", &offset, line, sizeof line);
    expect(&world, "call.shown number=A-077", &offset, line, sizeof line);
    ck_assert_uint_gt(world.asked, asked);
    world_done(&world);
}
END_TEST

START_TEST(many_events_of_a_moment_make_one_question)
{
    struct world world;
    long offset = 0;
    unsigned asked;
    char line[200];

    world_init(&world);
    start_board(&world, "");
    expect(&world, "truth-ms=", &offset, line, sizeof line);
    asked = world.asked;
    for (unsigned i = 1; i <= 50; i++) {
        world.number_count = 0;
        publish(&world, "A-001", i);
    }
    expect(&world, "call.shown number=A-001 desk=3 calls=50", &offset, line, sizeof line);
    while (world.asked == asked)
        turn(&world);
    /* Nothing else follows: the next call comes before another question. */
    asked = world.asked;
    publish(&world, "A-002", 1);
    expect(&world, "call.shown number=A-002", &offset, line, sizeof line);
    ck_assert_uint_eq(world.asked, asked);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("board-program",
                       60,
                       a_board_that_is_started_again_shows_the_truth_within_a_second,
                       two_calls_of_one_moment_are_shown_at_once_and_spoken_in_turn,
                       who_is_at_the_desk_before_the_turn_came_is_not_spoken,
                       a_board_without_a_loudspeaker_goes_on_calling,
                       a_server_that_goes_and_comes_back_is_asked_again,
                       many_events_of_a_moment_make_one_question)
