/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-world - the payment agent, its real journal, a scripted terminal, the server's promises
 */
#include "unit/agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- the agent's wishes */

static void
put_on_wire(struct agent_world *world, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);

    ck_assert_ptr_nonnull(bytes);
    protobuf_c_message_pack(message, bytes);
    if (world->wire)
        ck_assert_uint_eq(fwrite(bytes, 1, size, world->wire), size);
    free(bytes);
}

static bool
on_ask(void *user, const struct sugu_id *id, Sugu__Request *request)
{
    struct agent_world *world = user;

    if (world->refuse_asks > 0) {
        world->refuse_asks--;
        return false;
    }
    ck_assert_uint_lt(world->request_count, AGENT_WORLD_PENDING_MAX);
    request->id = sugu_id_field(id);
    put_on_wire(world, &request->base);
    world->requests[world->request_count++] = (Sugu__Request *)sugu_message_copy(&request->base);
    return true;
}

static void
take_progress(struct agent_world *world, const Sugu__PaymentProgress *progress)
{
    world->attempt = sugu_id_of(&progress->attempt);
    world->state = progress->state;
    world->approved_yen = progress->approved_yen;
    world->is_final = progress->is_final;
    sugu_text_copy(world->code, sizeof world->code, progress->code);
}

static void
on_reply(void *user, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    struct agent_world *world = user;

    (void)asker;
    put_on_wire(world, &reply->base);
    world->replies++;
    world->reply_status = (enum sugu_status)reply->status;
    sugu_text_copy(world->reply_code, sizeof world->reply_code, reply->code);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        take_progress(world, reply->payment_progress);
}

static void
on_publish(void *user, Sugu__Event *event)
{
    struct agent_world *world = user;

    put_on_wire(world, &event->base);
    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        take_progress(world, event->payment_changed);
}

static void
on_health(void *user, Sugu__PartState *const *states, size_t count)
{
    struct agent_world *world = user;

    ck_assert_uint_eq(count, 1);
    world->is_offered = states[0]->health == SUGU__PART_HEALTH__PART_OK;
    sugu_text_copy(world->health_code, sizeof world->health_code, states[0]->code);
}

static void
on_job(void *user, const struct sugu_job *job)
{
    struct agent_world *world = user;

    ck_assert(!world->has_job);
    world->has_job = true;
    world->job = *job;
}

static void
on_abort(void *user, const char *service_id)
{
    struct agent_world *world = user;
    struct sugu_terminal_request request = {.deed = SUGU_TERMINAL_PAY};

    sugu_text_copy(request.service_id, sizeof request.service_id, service_id);
    world->terminal->ops->abort(world->terminal, &request);
}

static void
on_fail(void *user, const struct sugu_error *error)
{
    (void)error;
    ((struct agent_world *)user)->has_failed = true;
}

/* ---- the world */

void
agent_world_start_program(struct agent_world *world)
{
    struct sugu_agent_settings settings = {
        .clock = &world->clock.clock,
        .random = &world->random.random,
        .has_terminal = true,
        .poi_id = "SCR-1",
        .status_interval_us = 5 * SUGU_SECOND,
        .status_give_up_us = 90 * SUGU_SECOND,
        .held_interval_us = SUGU_MINUTE,
        .begin_wait_us = 10 * SUGU_SECOND,
        .check_interval_us = 15 * SUGU_SECOND,
    };
    struct sugu_agent_ways ways = {
        .ask_server = on_ask,
        .reply = on_reply,
        .publish = on_publish,
        .set_health = on_health,
        .start_job = on_job,
        .abort_job = on_abort,
        .fail = on_fail,
        .user = world,
    };
    struct sugu_error error;

    sugu_assert_ok(sugu_journal_open(world->folder, &world->clock.clock, &world->journal, &error),
                   error);
    settings.journal = world->journal;
    sugu_assert_ok(sugu_agent_new(&settings, &ways, &world->agent, &error), error);
}

void
agent_world_kill_program(struct agent_world *world)
{
    for (unsigned i = 0; i < world->request_count; i++)
        sugu__request__free_unpacked(world->requests[i], NULL);
    world->request_count = 0;
    world->has_job = false;
    world->is_offered = false;
    world->agent = sugu_agent_free(world->agent);
    world->journal = sugu_journal_close(world->journal);
}

void
agent_world_init(struct agent_world *world)
{
    memset(world, 0, sizeof *world);
    /* In memory where there is such a folder: hundreds of journals are made and flushed. */
    snprintf(world->folder, sizeof world->folder, "/dev/shm/sugu-agent-XXXXXX");
    if (!mkdtemp(world->folder)) {
        snprintf(world->folder, sizeof world->folder, "/tmp/sugu-agent-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(world->folder));
    }
    sugu_clock_manual_init(&world->clock, INT64_C(1711929600000000));
    sugu_random_seeded_init(&world->random, 42);
    world->terminal = sugu_scripted_terminal_new();
    agent_world_start_program(world);
}

void
agent_world_done(struct agent_world *world)
{
    char command[128];

    agent_world_kill_program(world);
    sugu_scripted_terminal_free(world->terminal);
    fake_payments_done(&world->server);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(command), 0);
}

/* The oldest request goes to the server; its answer comes back unless it is lost. */
static void
deliver_request(struct agent_world *world, bool is_answer_lost)
{
    Sugu__Request *request = world->requests[0];
    struct sugu_id id = sugu_id_of(&request->id);
    const Sugu__Reply *reply = fake_payments_handle(&world->server, request);

    world->request_count--;
    for (unsigned i = 0; i < world->request_count; i++)
        world->requests[i] = world->requests[i + 1];
    if (!is_answer_lost)
        sugu_agent_on_reply(world->agent, &id, reply);
    sugu__request__free_unpacked(request, NULL);
}

static void
run_job(struct agent_world *world, bool is_answer_lost)
{
    struct sugu_job_result result;

    sugu_job_run(world->terminal, "scripted", &world->job, &result);
    world->has_job = false;
    if (!is_answer_lost)
        sugu_agent_on_result(world->agent, &result);
}

bool
agent_world_has_delivery(const struct agent_world *world)
{
    return world->has_job || (world->request_count > 0 && !world->is_server_away);
}

void
agent_world_deliver(struct agent_world *world, bool is_answer_lost)
{
    if (world->request_count > 0 && !world->is_server_away)
        deliver_request(world, is_answer_lost);
    else
        run_job(world, is_answer_lost);
}

void
agent_world_step(struct agent_world *world)
{
    int64_t due = sugu_agent_step(world->agent, SUGU_SECOND);

    if (agent_world_has_delivery(world))
        agent_world_deliver(world, false);
    else
        sugu_clock_manual_advance(&world->clock, due > 0 ? due : 1);
}

bool
agent_world_run_until_final(struct agent_world *world, int seconds)
{
    int64_t end = world->clock.monotonic + seconds * SUGU_SECOND;

    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && !world->is_final && world->clock.monotonic < end;
         i++)
        agent_world_step(world);
    return world->is_final;
}

void
agent_world_run_until_offered(struct agent_world *world)
{
    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && !world->is_offered; i++)
        agent_world_step(world);
    ck_assert(world->is_offered);
}

struct sugu_id
agent_world_id_of(uint8_t number)
{
    struct sugu_id id = {.bytes = {1}};

    id.bytes[15] = number;
    return id;
}

static void
start(struct agent_world *world,
      uint8_t number,
      uint8_t bill,
      int64_t yen,
      const Sugu__StartPayment *what)
{
    struct sugu_asker asker = {.request = agent_world_id_of(number)};
    struct sugu_id session = agent_world_id_of(200), bill_id = agent_world_id_of(bill);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    start.session = sugu_id_field(&session);
    if (what->kind != SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        start.bill = sugu_id_field(&bill_id);
    start.revision = 1;
    start.amount_yen = yen;
    start.method = what->method;
    start.kind = what->kind;
    request.id = sugu_id_field(&asker.request);
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    request.deadline_utc_us = world->deadline;
    world->is_final = false;
    sugu_agent_on_request(world->agent, &asker, &request);
}

void
agent_world_start_payment(
    struct agent_world *world, uint8_t number, uint8_t bill, int64_t yen, int method)
{
    start(world, number, bill, yen, &(Sugu__StartPayment){.method = (Sugu__PaymentMethod)method});
}

void
agent_world_register_card(struct agent_world *world, uint8_t number, uint8_t bill)
{
    start(world, number, bill, 0,
          &(Sugu__StartPayment){.method = SUGU__PAYMENT_METHOD__METHOD_CARD,
                                .kind = SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER});
}

void
agent_world_connect(struct agent_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct sugu_id id = agent_world_id_of(222);

    request.id = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    sugu_agent_on_open_work(world->agent,
                            fake_payments_handle(&world->server, &request)->open_work);
}

void
agent_world_order_refund(struct agent_world *world,
                         uint8_t number,
                         const struct sugu_id *original,
                         int64_t yen)
{
    struct sugu_id id = agent_world_id_of(number);
    Sugu__PaymentOrder order;

    fake_payments_order_refund(&world->server, &id, original, yen, &order);
    world->is_final = false;
    sugu_agent_on_order(world->agent, &order);
}

void
agent_world_resolve(struct agent_world *world,
                    const struct sugu_id *attempt,
                    int state,
                    int64_t yen)
{
    Sugu__PaymentResolved resolved = SUGU__PAYMENT_RESOLVED__INIT;

    resolved.attempt = sugu_id_field(attempt);
    resolved.state = (Sugu__AttemptState)state;
    resolved.approved_yen = yen;
    sugu_agent_on_resolved(world->agent, &resolved);
}

void
agent_world_run(struct agent_world *world, int seconds)
{
    int64_t end = world->clock.monotonic + seconds * SUGU_SECOND;

    for (int i = 0; i < AGENT_WORLD_STEPS_MAX && world->clock.monotonic < end; i++)
        agent_world_step(world);
}

void
agent_world_pay(struct agent_world *world, uint8_t number, uint8_t bill)
{
    agent_world_start_payment(world, number, bill, AGENT_WORLD_YEN,
                              SUGU__PAYMENT_METHOD__METHOD_CARD);
}

void
agent_world_abort_payment(struct agent_world *world)
{
    struct sugu_asker asker = {.request = agent_world_id_of(250)};
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AbortPayment body = SUGU__ABORT_PAYMENT__INIT;
    struct sugu_id attempt = world->attempt;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_ABORT_PAYMENT;
    request.abort_payment = &body;
    sugu_agent_on_request(world->agent, &asker, &request);
}

void
agent_world_get_payment(struct agent_world *world, uint8_t bill)
{
    struct sugu_asker asker = {.request = agent_world_id_of(251)};
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;
    struct sugu_id id = agent_world_id_of(bill);

    body.bill = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    sugu_agent_on_request(world->agent, &asker, &request);
}

struct sugu_emulated_counts
agent_world_counts(const struct agent_world *world)
{
    return sugu_scripted_terminal_counts(world->terminal);
}

void
agent_world_check_money(const struct agent_world *world)
{
    ck_assert_int_eq(agent_world_counts(world).charged_yen, world->server.posted_yen);
    ck_assert_int_eq(agent_world_counts(world).given_back_yen, world->server.refunded_yen);
    ck_assert_uint_eq(agent_world_counts(world).twins, 0);
    ck_assert_uint_eq(world->server.double_settlements, 0);
    ck_assert_uint_eq(world->server.reused_ids, 0);
}
