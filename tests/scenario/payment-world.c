/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment-world - the real sugu-payment between a kiosk, a queue server and a card terminal
 */
#include "scenario/payment-world.h"

#include "testlib/checks.h"

#include "base/settings.h"
#include "base/text.h"
#include "domain/payment.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* ---- the queue server */

static void
on_server_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct payment_world *world = user;
    bool is_begin = request->body_case == SUGU__REQUEST__BODY_BEGIN_PAYMENT;
    bool is_end = request->body_case == SUGU__REQUEST__BODY_END_PAYMENT;
    enum server_mode mode = is_begin ? world->begin_mode
                            : is_end ? world->end_mode
                                     : SERVER_ANSWERS;
    const Sugu__Reply *reply;

    if (mode != SERVER_IGNORES) {
        reply = fake_payments_handle(&world->fake, request);
        if (mode == SERVER_ANSWERS) {
            Sugu__Reply copy = *reply;
            sugu_service_reply(world->server, asker, &copy);
            return;
        }
    }
    world->begins_seen += is_begin;
    world->ends_seen += is_end;
}

/* ---- the kiosk */

static void
take_progress(struct payment_world *world, const Sugu__PaymentProgress *progress)
{
    world->attempt = sugu_id_of(&progress->attempt);
    world->bill = sugu_id_of(&progress->bill);
    world->state_seen = progress->state;
    world->approved_yen = progress->approved_yen;
    world->is_final = progress->is_final;
    sugu_text_copy(world->code, sizeof world->code, progress->code);
}

static void
on_kiosk_event(void *user, const Sugu__Event *event)
{
    struct payment_world *world = user;

    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        take_progress(world, event->payment_changed);
    if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED)
        world->is_offered = event->part_changed->health == SUGU__PART_HEALTH__PART_OK;
}

static void
on_kiosk_reply(void *user, const Sugu__Reply *reply)
{
    struct payment_world *world = user;

    world->has_reply = true;
    world->reply_status = reply->status;
    sugu_text_copy(world->reply_code, sizeof world->reply_code, reply->code);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        take_progress(world, reply->payment_progress);
}

void
payment_world_open_kiosk(struct payment_world *world)
{
    struct sugu_client_settings settings = {.endpoint = world->kiosk_endpoint,
                                            .listens = true,
                                            .resend_us = 200 * SUGU_MS,
                                            .heartbeat_us = 200 * SUGU_MS};
    struct sugu_client_callbacks callbacks = {.on_event = on_kiosk_event, .user = world};
    struct sugu_error error;

    world->store = sugu_store_memory();
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){world->zmq, sugu_clock_system(),
                                                               sugu_random_system(), world->store},
                                   &world->kiosk, &error),
                   error);
}

void
payment_world_close_kiosk(struct payment_world *world)
{
    world->kiosk = sugu_client_free(world->kiosk);
    world->store->free(world->store);
}

void
payment_world_pump(struct payment_world *world)
{
    struct pollfd files[] = {
        {.fd = sugu_service_fd(world->server), .events = POLLIN},
        {.fd = sugu_client_fd(world->kiosk), .events = POLLIN},
    };

    while (sugu_service_step(world->server) || sugu_client_step(world->kiosk))
        continue;
    poll(files, SUGU_ARRAY_SIZE(files), 5);
}

bool
payment_world_wait_until(struct payment_world *world, bool (*is_so)(struct payment_world *world))
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t end = clock->monotonic_us(clock) + PAYMENT_WORLD_WAIT_S * SUGU_SECOND;

    while (!is_so(world) && clock->monotonic_us(clock) < end)
        payment_world_pump(world);
    return is_so(world);
}

bool
payment_world_is_offered(struct payment_world *world)
{
    return world->is_offered;
}

bool
payment_world_is_final(struct payment_world *world)
{
    return world->is_final;
}

bool
payment_world_has_reply(struct payment_world *world)
{
    return world->has_reply;
}

bool
payment_world_is_sent(struct payment_world *world)
{
    return world->state_seen == SUGU_ATTEMPT_SENT;
}

bool
payment_world_is_unknown(struct payment_world *world)
{
    return world->state_seen == SUGU_ATTEMPT_UNKNOWN;
}

bool
payment_world_is_held(struct payment_world *world)
{
    return world->state_seen == SUGU_ATTEMPT_HELD;
}

struct sugu_id
payment_world_id_of(uint8_t kind, uint8_t number)
{
    struct sugu_id id = {.bytes = {kind}};

    id.bytes[15] = number;
    return id;
}

static void
send_request(struct payment_world *world, Sugu__Request *request, const struct sugu_id *id)
{
    struct sugu_error error;

    world->has_reply = false;
    sugu_assert_ok(
        sugu_client_request(world->kiosk, request,
                            &(struct sugu_ask){.id = id,
                                               .is_read = id == NULL,
                                               .wait_us = PAYMENT_WORLD_WAIT_S * SUGU_SECOND,
                                               .on_reply = on_kiosk_reply,
                                               .user = world},
                            &error),
        error);
}

void
payment_world_send_start(struct payment_world *world, uint8_t number, uint8_t bill)
{
    struct sugu_id session = payment_world_id_of(3, 1), bill_id = payment_world_id_of(4, bill),
                   id = payment_world_id_of(5, number);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    start.session = sugu_id_field(&session);
    start.bill = sugu_id_field(&bill_id);
    start.revision = 1;
    start.amount_yen = PAYMENT_WORLD_YEN;
    start.method = SUGU__PAYMENT_METHOD__METHOD_CARD;
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    world->is_final = false;
    world->state_seen = 99;
    send_request(world, &request, &id);
}

void
payment_world_start_payment(struct payment_world *world, uint8_t number, uint8_t bill)
{
    payment_world_send_start(world, number, bill);
    ck_assert(payment_world_wait_until(world, payment_world_has_reply));
}

void
payment_world_get_payment(struct payment_world *world, uint8_t bill)
{
    struct sugu_id id = payment_world_id_of(4, bill);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;

    body.bill = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    send_request(world, &request, NULL);
    ck_assert(payment_world_wait_until(world, payment_world_has_reply));
}

void
payment_world_abort_payment(struct payment_world *world)
{
    struct sugu_id attempt = world->attempt;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AbortPayment body = SUGU__ABORT_PAYMENT__INIT;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_ABORT_PAYMENT;
    request.abort_payment = &body;
    send_request(world, &request, NULL);
    ck_assert(payment_world_wait_until(world, payment_world_has_reply));
}

struct sugu_id
payment_world_order_refund(struct payment_world *world,
                           uint8_t number,
                           const struct sugu_id *original,
                           int64_t yen)
{
    struct sugu_id id = payment_world_id_of(6, number);
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaymentOrder order;

    fake_payments_order_refund(&world->fake, &id, original, yen, &order);
    event.body_case = SUGU__EVENT__BODY_PAYMENT_ORDERED;
    event.payment_ordered = &order;
    world->is_final = false;
    sugu_service_publish(world->server, &event);
    return id;
}

/* ---- the program and the terminal */

void
payment_world_start_program(struct payment_world *world)
{
    const char *argv[] = {SUGU_PAYMENT,
                          "--listen",
                          world->kiosk_endpoint,
                          "--server",
                          world->server_endpoint,
                          "--state-folder",
                          world->state,
                          "--terminal",
                          sugu_emulated_terminal_address(world->terminal),
                          "--terminal-root",
                          sugu_emulated_terminal_root(world->terminal),
                          "--terminal-key",
                          sugu_emulated_terminal_key(world->terminal),
                          "--poi-id",
                          SUGU_EMULATED_POI,
                          "--sale-id",
                          "KIOSK-03",
                          "--answer-wait-ms",
                          "700",
                          "--connect-wait-ms",
                          "1000",
                          "--exchange-wait-ms",
                          "1000",
                          "--status-interval-ms",
                          "60",
                          "--status-give-up-ms",
                          "1500",
                          "--held-interval-ms",
                          "200",
                          "--begin-wait-ms",
                          "1000",
                          "--check-interval-ms",
                          "600000",
                          NULL};

    world->is_offered = false;
    sugu_process_spawn(&world->program, world->log, argv, NULL);
}

void
payment_world_kill_program(struct payment_world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->program, SIGKILL), -SIGKILL);
}

void
payment_world_command(struct payment_world *world, const char *line)
{
    char answer[128];

    ck_assert_msg(sugu_emulated_terminal_command(world->terminal, line, answer, sizeof answer),
                  "%s", answer);
}

struct sugu_emulated_counts
payment_world_counts(struct payment_world *world)
{
    return sugu_emulated_terminal_counts(world->terminal);
}

void
payment_world_init(struct payment_world *world)
{
    struct sugu_service_callbacks callbacks = {.on_request = on_server_request, .user = world};
    struct sugu_error error;

    memset(world, 0, sizeof *world);
    signal(SIGPIPE, SIG_IGN);
    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-payment-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->log, sizeof world->log, "%s/payment.log", world->folder);
    snprintf(world->state, sizeof world->state, "%s/state", world->folder);
    snprintf(world->server_endpoint, sizeof world->server_endpoint, "ipc://%s/run/server",
             world->folder);
    snprintf(world->kiosk_endpoint, sizeof world->kiosk_endpoint, "ipc://%s/run/payment",
             world->folder);
    world->zmq = zmq_ctx_new();
    sugu_assert_ok(sugu_service_new(world->zmq, world->server_endpoint, &callbacks,
                                    sugu_clock_system(), &world->server, &error),
                   error);
    sugu_assert_ok(sugu_emulated_terminal_new(world->folder, &world->terminal, &error), error);
    payment_world_open_kiosk(world);
    payment_world_start_program(world);
}

void
payment_world_check_money(struct payment_world *world)
{
    ck_assert_int_eq(payment_world_counts(world).charged_yen, world->fake.posted_yen);
    ck_assert_int_eq(payment_world_counts(world).given_back_yen, world->fake.refunded_yen);
    ck_assert_uint_eq(payment_world_counts(world).twins, 0);
    ck_assert_uint_eq(world->fake.double_settlements, 0);
    ck_assert_uint_eq(world->fake.reused_ids, 0);
}

void
payment_world_done(struct payment_world *world)
{
    char remove[128];

    if (sugu_process_is_running(&world->program))
        ck_assert_int_eq(sugu_process_end(&world->program, SIGTERM), SUGU_EXIT_OK);
    payment_world_close_kiosk(world);
    sugu_service_free(world->server);
    zmq_ctx_term(world->zmq);
    sugu_emulated_terminal_free(world->terminal);
    fake_payments_done(&world->fake);
    snprintf(remove, sizeof remove, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(remove), 0);
}
