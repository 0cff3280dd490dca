/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-client - requests that are answered once, events in order, over a link that breaks
 */
#include "client/client.h"
#include "client/keys.h"
#include "client/service.h"

#include "testlib/checks.h"

#include <zmq.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A service and a client in one process, stepped in turns. */
struct world {
    void *context;
    char folder[64], endpoint[128], state[128];
    struct sugu_service *service;
    struct sugu_client *client;
    struct sugu_request_store *store;
    int requests, replies, events, orphans, fresh, resets, listeners;
    uint64_t last_approved; /* of the last PaymentProgress event */
    bool stays_silent;
    const struct sugu_clock *service_clock; /* NULL = the right one */
    enum sugu_status last_status;
    char last_code[65];
};

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct world *world = user;
    struct sugu_error fine = {.status = SUGU_OK};

    ck_assert_int_eq(request->body_case, SUGU__REQUEST__BODY_GET_PAYMENT);
    world->requests++;
    if (!world->stays_silent)
        sugu_service_reply_error(world->service, asker, &fine);
}

static void
on_listener(void *user)
{
    ((struct world *)user)->listeners++;
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct world *world = user;

    world->events++;
    world->last_approved = (uint64_t)event->payment_changed->approved_yen;
}

static void
on_fresh(void *user, bool was_reset)
{
    ((struct world *)user)->fresh++;
    ((struct world *)user)->resets += was_reset;
}

static void
on_orphan(void *user, const struct sugu_id *id, const Sugu__Reply *reply)
{
    (void)id, (void)reply;
    ((struct world *)user)->orphans++;
}

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct world *world = user;

    world->replies++;
    world->last_status = (enum sugu_status)reply->status;
    snprintf(world->last_code, sizeof world->last_code, "%s", reply->code);
}

static void
start_service(struct world *world)
{
    static const struct sugu_service_callbacks callbacks = {.on_request = on_request,
                                                            .on_listener = on_listener};
    struct sugu_service_callbacks with_user = callbacks;
    struct sugu_error error;

    with_user.user = world;
    sugu_assert_ok(
        sugu_service_new(world->context, world->endpoint, &with_user,
                         world->service_clock ? world->service_clock : sugu_clock_system(),
                         &world->service, &error),
        error);
}

static void
start_client(struct world *world)
{
    struct sugu_client_settings settings = {.endpoint = world->endpoint,
                                            .listens = true,
                                            .resend_us = 50 * SUGU_MS,
                                            .heartbeat_us = 50 * SUGU_MS};
    struct sugu_client_callbacks callbacks = {
        .on_event = on_event, .on_fresh = on_fresh, .on_orphan_reply = on_orphan, .user = world};
    struct sugu_error error;

    sugu_assert_ok(sugu_store_folder(world->state, &world->store, &error), error);
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){world->context, sugu_clock_system(),
                                                               sugu_random_system(), world->store},
                                   &world->client, &error),
                   error);
}

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-client-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->endpoint, sizeof world->endpoint, "ipc://%s/run/s", world->folder);
    snprintf(world->state, sizeof world->state, "%s/state", world->folder);
    world->context = zmq_ctx_new();
}

static void
stop_client(struct world *world)
{
    world->client = sugu_client_free(world->client);
    world->store->free(world->store);
}

static void
world_done(struct world *world)
{
    char command[160];

    if (world->client)
        stop_client(world);
    sugu_service_free(world->service);
    zmq_ctx_term(world->context);
    snprintf(command, sizeof command, "rm -r %s", world->folder);
    ck_assert_int_eq(system(command), 0);
}

/* Steps both until the counter has the value; fails after `wait_us`. */
static void
step_until(struct world *world, const int *counter, int value, int64_t wait_us)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + wait_us;
    bool never = false;

    while (*counter < value) {
        ck_assert_msg(clock->monotonic_us(clock) < until, "still %d of %d", *counter, value);
        if (world->service)
            sugu_service_step(world->service);
        sugu_client_wait(world->client, &never, 2 * SUGU_MS);
    }
    ck_assert_int_eq(*counter, value);
}

static void
ask(struct world *world, const struct sugu_id *id, int64_t wait_us, bool is_read)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;
    struct sugu_id bill = sugu_id_new(sugu_clock_system(), sugu_random_system());
    struct sugu_error error;

    body.bill = sugu_id_field(&bill);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    sugu_assert_ok(sugu_client_request(world->client, &request,
                                       &(struct sugu_ask){.id = id,
                                                          .is_read = is_read,
                                                          .wait_us = wait_us,
                                                          .on_reply = on_reply,
                                                          .user = world},
                                       &error),
                   error);
}

static void
publish(struct world *world, int64_t approved_yen)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaymentProgress progress = SUGU__PAYMENT_PROGRESS__INIT;
    struct sugu_id bill = sugu_id_new(sugu_clock_system(), sugu_random_system());

    progress.bill = sugu_id_field(&bill);
    progress.approved_yen = approved_yen;
    event.body_case = SUGU__EVENT__BODY_PAYMENT_CHANGED;
    event.payment_changed = &progress;
    sugu_service_publish(world->service, &event);
}

START_TEST(a_request_is_answered_once_and_leaves_the_store)
{
    struct world world;
    char command[160];

    world_init(&world);
    start_service(&world);
    start_client(&world);
    ask(&world, NULL, 0, /* is_read= */ false);
    step_until(&world, &world.replies, 1, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.last_status, SUGU_OK);
    snprintf(command, sizeof command, "test -z \"$(ls %s)\"", world.state);
    ck_assert_int_eq(system(command), 0);
    world_done(&world);
}
END_TEST

/* Refused before it is stored: not even the sender's disk keeps it. */
START_TEST(a_card_number_is_not_even_stored)
{
    struct world world;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CommandKiosk body = SUGU__COMMAND_KIOSK__INIT;
    struct sugu_error error;
    char command[160];

    world_init(&world);
    start_client(&world);
    body.place = (char *)"kiosk-1";
    body.text = (char *)"card 4111 1111 1111 1111";
    request.body_case = SUGU__REQUEST__BODY_COMMAND_KIOSK;
    request.command_kiosk = &body;
    sugu_assert_fails(sugu_client_request(world.client, &request,
                                          &(struct sugu_ask){.on_reply = on_reply, .user = &world},
                                          &error),
                      SUGU_REFUSED, "message.card-number", error);
    ck_assert_str_eq(error.detail, "CommandKiosk.text");
    snprintf(command, sizeof command, "test -z \"$(ls %s)\"", world.state);
    ck_assert_int_eq(system(command), 0);
    body.text = (char *)"card …1111";
    sugu_assert_ok(sugu_client_request(world.client, &request,
                                       &(struct sugu_ask){.on_reply = on_reply, .user = &world},
                                       &error),
                   error);
    snprintf(command, sizeof command, "test -n \"$(ls %s)\"", world.state);
    ck_assert_int_eq(system(command), 0);
    world_done(&world);
}
END_TEST

START_TEST(an_unanswered_request_is_sent_again_and_survives_a_restart)
{
    struct world world;
    struct sugu_id id = sugu_id_new(sugu_clock_system(), sugu_random_system());

    world_init(&world);
    world.stays_silent = true;
    start_service(&world);
    start_client(&world);
    ask(&world, &id, 0, /* is_read= */ false);
    step_until(&world, &world.requests, 3, 5 * SUGU_SECOND);
    stop_client(&world);
    world.stays_silent = false;
    start_client(&world);
    step_until(&world, &world.orphans, 1, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.replies, 0);
    world_done(&world);
}
END_TEST

START_TEST(a_new_connection_carries_what_is_unanswered_at_once)
{
    struct world world;
    int asked;

    world_init(&world);
    world.stays_silent = true;
    start_service(&world);
    start_client(&world);
    ask(&world, NULL, 0, /* is_read= */ false);
    step_until(&world, &world.requests, 7, 20 * SUGU_SECOND); /* the next pause is 3.2 s and more */
    world.service = sugu_service_free(world.service);
    world.stays_silent = false;
    asked = world.requests;
    start_service(&world);
    step_until(&world, &world.replies, 1, 5 * SUGU_SECOND / 2);
    ck_assert_int_gt(world.requests, asked); /* by two, where the answer is slow */
    world_done(&world);
}
END_TEST

START_TEST(a_waiter_is_told_that_it_is_not_known_and_the_request_goes_on)
{
    struct world world;

    world_init(&world);
    world.stays_silent = true;
    start_service(&world);
    start_client(&world);
    ask(&world, NULL, 200 * SUGU_MS, /* is_read= */ false);
    step_until(&world, &world.replies, 1, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.last_status, SUGU_UNKNOWN);
    ck_assert_str_eq(world.last_code, "server.no-answer");
    world.stays_silent = false;
    step_until(&world, &world.orphans, 1, 5 * SUGU_SECOND);
    world_done(&world);
}
END_TEST

START_TEST(a_read_without_a_server_is_given_up)
{
    struct world world;

    world_init(&world);
    start_client(&world);
    ask(&world, NULL, 200 * SUGU_MS, /* is_read= */ true);
    step_until(&world, &world.replies, 1, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.last_status, SUGU_RETRY);
    ck_assert_str_eq(world.last_code, "server.away");
    world_done(&world);
}
END_TEST

START_TEST(events_come_in_order_and_a_restarted_service_resets_the_view)
{
    struct world world;

    world_init(&world);
    start_service(&world);
    start_client(&world);
    step_until(&world, &world.resets, 1, 5 * SUGU_SECOND);
    ck_assert_int_eq(world.listeners, 1);
    for (int i = 1; i <= 20; i++)
        publish(&world, i);
    step_until(&world, &world.events, 20, 5 * SUGU_SECOND);
    ck_assert_uint_eq(world.last_approved, 20);
    world.service = sugu_service_free(world.service);
    start_service(&world);
    step_until(&world, &world.resets, 2, 10 * SUGU_SECOND);
    publish(&world, 77);
    step_until(&world, &world.events, 21, 5 * SUGU_SECOND);
    ck_assert_uint_eq(world.last_approved, 77);
    world_done(&world);
}
END_TEST

static sugu_time_us
utc_in_an_hour(const struct sugu_clock *clock)
{
    (void)clock;
    return sugu_clock_system()->utc_us(sugu_clock_system()) + 60 * SUGU_MINUTE;
}

START_TEST(the_servers_clock_is_known_from_its_pulse)
{
    const struct sugu_clock *system = sugu_clock_system();
    struct sugu_clock ahead = *system;
    struct world world;
    int64_t difference;

    ahead.utc_us = utc_in_an_hour;
    world_init(&world);
    world.service_clock = &ahead;
    start_service(&world);
    start_client(&world);
    difference = sugu_client_server_utc_us(world.client) - system->utc_us(system);
    ck_assert_int_lt(llabs(difference), SUGU_SECOND); /* nothing was heard yet */
    step_until(&world, &world.resets, 1, 5 * SUGU_SECOND);
    difference = sugu_client_server_utc_us(world.client) - ahead.utc_us(&ahead);
    ck_assert_int_lt(llabs(difference), SUGU_SECOND);
    /* It goes on while nothing is heard. */
    world.service = sugu_service_free(world.service);
    sugu_client_wait(world.client, &(bool){false}, 200 * SUGU_MS);
    difference = sugu_client_server_utc_us(world.client) - ahead.utc_us(&ahead);
    ck_assert_int_lt(llabs(difference), 150 * SUGU_MS);
    world_done(&world);
}
END_TEST

START_TEST(a_key_file_gives_back_what_was_written_and_is_not_replaced)
{
    uint8_t public_key[SUGU_KEY_SIZE], secret_key[SUGU_KEY_SIZE];
    uint8_t public_back[SUGU_KEY_SIZE], secret_back[SUGU_KEY_SIZE];
    char folder[] = "/tmp/sugu-keys-XXXXXX", path[64], public_path[80], command[64];
    struct sugu_error error;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/kiosk-1", folder);
    snprintf(public_path, sizeof public_path, "%s.pub", path);
    sugu_key_pair_new(public_key, secret_key);
    sugu_assert_ok(sugu_key_file_write(path, public_key, secret_key, &error), error);
    sugu_assert_ok(sugu_key_file_read(path, public_back, secret_back, &error), error);
    ck_assert_mem_eq(public_key, public_back, SUGU_KEY_SIZE);
    ck_assert_mem_eq(secret_key, secret_back, SUGU_KEY_SIZE);
    sugu_assert_ok(sugu_key_file_read(public_path, public_back, NULL, &error), error);
    sugu_assert_fails(sugu_key_file_read(public_path, public_back, secret_back, &error),
                      SUGU_REFUSED, "key.file", error);
    sugu_assert_fails(sugu_key_file_write(path, public_key, secret_key, &error), SUGU_REFUSED,
                      "file.exists", error);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

SUGU_TEST_MAIN("client",
               a_request_is_answered_once_and_leaves_the_store,
               a_card_number_is_not_even_stored,
               an_unanswered_request_is_sent_again_and_survives_a_restart,
               a_new_connection_carries_what_is_unanswered_at_once,
               a_waiter_is_told_that_it_is_not_known_and_the_request_goes_on,
               a_read_without_a_server_is_given_up,
               events_come_in_order_and_a_restarted_service_resets_the_view,
               the_servers_clock_is_known_from_its_pulse,
               a_key_file_gives_back_what_was_written_and_is_not_replaced)
