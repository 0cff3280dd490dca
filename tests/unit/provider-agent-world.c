/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-agent-world - the payment agent with the real drivers of both providers, in process
 */
#include "unit/provider-agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"
#include "payment/code/paypay.h"
#include "payment/on-file/checkout.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- the agent's wishes */

static bool
on_ask(void *user, const struct sugu_id *id, Sugu__Request *request)
{
    struct provider_agent_world *world = user;

    ck_assert_uint_lt(world->request_count, PROVIDER_AGENT_PENDING_MAX);
    request->id = sugu_id_field(id);
    world->requests[world->request_count++] = (Sugu__Request *)sugu_message_copy(&request->base);
    return true;
}

static void
take_progress(struct provider_agent_world *world, const Sugu__PaymentProgress *progress)
{
    struct sugu_id attempt = sugu_id_of(&progress->attempt);

    /* Events of others, which are watched still, are not what this kiosk's page is about. */
    if (!world->is_asking && !sugu_id_equal(&attempt, &world->attempt))
        return;
    world->attempt = attempt;
    world->state = progress->state;
    world->approved_yen = progress->approved_yen;
    world->is_final = progress->is_final;
    sugu_text_copy(world->code_text, sizeof world->code_text, progress->code);
    world->payload[0] = '\0';
    if (!progress->code_offer)
        return;
    sugu_text_copy(world->payload, sizeof world->payload, progress->code_offer->payload);
    sugu_text_copy(world->seen_payload, sizeof world->seen_payload, world->payload);
    world->until_utc_us = progress->code_offer->until_utc_us;
}

static void
on_reply(void *user, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    struct provider_agent_world *world = user;

    (void)asker;
    world->reply_status = (enum sugu_status)reply->status;
    sugu_text_copy(world->reply_code, sizeof world->reply_code, reply->code);
    world->is_asking = true;
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        take_progress(world, reply->payment_progress);
    world->is_asking = false;
}

static void
on_publish(void *user, Sugu__Event *event)
{
    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        take_progress(user, event->payment_changed);
}

static void
on_health(void *user, Sugu__PartState *const *states, size_t count)
{
    struct provider_agent_world *world = user;

    ck_assert_uint_eq(count, 2);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(states[i]->part, i ? SUGU__PART__PART_ON_FILE : SUGU__PART__PART_CODE);
        world->health[i].is_offered = states[i]->health == SUGU__PART_HEALTH__PART_OK;
        sugu_text_copy(world->health[i].code, sizeof world->health[i].code, states[i]->code);
    }
}

static void
on_code_job(void *user, const struct sugu_code_job *job)
{
    struct provider_agent_world *world = user;

    ck_assert(!world->has_code_job);
    world->has_code_job = true;
    world->code_job = *job;
}

static void
on_on_file_job(void *user, const struct sugu_on_file_job *job)
{
    struct provider_agent_world *world = user;

    ck_assert(!world->has_on_file_job);
    world->has_on_file_job = true;
    world->on_file_job = *job;
}

static void
on_fail(void *user, const struct sugu_error *error)
{
    (void)error;
    ((struct provider_agent_world *)user)->has_failed = true;
}

/* ---- life */

static struct provider_agent_world *committing;

/* The power goes at this commit: it never reached the disk. */
static int
on_commit(void *user)
{
    (void)user;
    return committing && committing->commits_left >= 0 && committing->commits_left-- == 0;
}

static int
watch_commits(sqlite3 *database, char **error, const struct sqlite3_api_routines *routines)
{
    (void)error;
    (void)routines;
    sqlite3_commit_hook(database, on_commit, NULL);
    return SQLITE_OK;
}

void
provider_agent_start(struct provider_agent_world *world)
{
    struct sugu_agent_settings settings = {
        .clock = &world->clock.clock,
        .random = &world->random.random,
        .has_code = true,
        .has_on_file = true,
        .code_place = "paypay",
        .code_brand = "PayPay",
        .code_valid_us = 3 * SUGU_MINUTE,
        .on_file_place = "adyen",
        .provider_check_us = SUGU_MINUTE,
        .poi_id = "",
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
        .start_code_job = on_code_job,
        .start_on_file_job = on_on_file_job,
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
provider_agent_kill(struct provider_agent_world *world)
{
    for (unsigned i = 0; i < world->request_count; i++)
        sugu__request__free_unpacked(world->requests[i], NULL);
    world->request_count = 0;
    world->has_code_job = world->has_on_file_job = world->has_failed = false;
    world->payload[0] = '\0';
    world->agent = sugu_agent_free(world->agent);
    world->journal = sugu_journal_close(world->journal);
}

static void
make_drivers(struct provider_agent_world *world)
{
    struct sugu_paypay_settings paypay = {.http = &world->code_line.http,
                                          .clock = &world->clock.clock,
                                          .random = &world->random.random,
                                          .key = sugu_code_provider_key,
                                          .merchant = SUGU_EMULATED_CODE_MERCHANT,
                                          .make_wait_ms = 30000,
                                          .ask_wait_ms = 15000};
    struct sugu_checkout_settings checkout = {.http = &world->card_line.http,
                                              .api_key = SUGU_EMULATED_CARD_KEY,
                                              .merchant = SUGU_EMULATED_CARD_MERCHANT,
                                              .wait_ms = 60000};

    world->code_provider = sugu_code_provider_new(&world->clock.clock);
    world->card_provider = sugu_card_on_file_provider_new(&world->clock.clock);
    sugu_provider_direct_init(&world->code_line, sugu_code_provider_base(world->code_provider),
                              &world->clock);
    sugu_provider_direct_init(&world->card_line,
                              sugu_card_on_file_provider_base(world->card_provider), &world->clock);
    world->code = sugu_paypay_new(&paypay);
    world->on_file = sugu_checkout_new(&checkout);
    provider_agent_card_do(world, "token " PROVIDER_AGENT_TOKEN " " PROVIDER_AGENT_PAYER
                                  " visa 0006 12/2031 CREDIT");
}

void
provider_agent_init(struct provider_agent_world *world)
{
    memset(world, 0, sizeof *world);
    world->commits_left = -1;
    committing = world;
    ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))watch_commits), SQLITE_OK);
    snprintf(world->folder, sizeof world->folder, "/dev/shm/sugu-provider-XXXXXX");
    if (!mkdtemp(world->folder)) {
        snprintf(world->folder, sizeof world->folder, "/tmp/sugu-provider-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(world->folder));
    }
    /* 2026-06-01 09:00 in Japan. */
    sugu_clock_manual_init(&world->clock, INT64_C(1780272000) * SUGU_SECOND);
    sugu_clock_manual_advance(&world->clock, 60 * SUGU_MINUTE);
    sugu_random_seeded_init(&world->random, 42);
    make_drivers(world);
    provider_agent_start(world);
    provider_agent_run(world, SUGU_SECOND);
    ck_assert(world->health[0].is_offered);
}

void
provider_agent_done(struct provider_agent_world *world)
{
    char command[128];

    provider_agent_kill(world);
    committing = NULL;
    sugu_paypay_free(world->code);
    sugu_checkout_free(world->on_file);
    sugu_code_provider_free(world->code_provider);
    sugu_card_on_file_provider_free(world->card_provider);
    fake_payments_done(&world->server);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- one thing at a time */

static void
deliver_request(struct provider_agent_world *world, bool is_lost)
{
    Sugu__Request *request = world->requests[0];
    struct sugu_id id = sugu_id_of(&request->id);
    const Sugu__Reply *reply = fake_payments_handle(&world->server, request);

    world->request_count--;
    memmove(world->requests, world->requests + 1, world->request_count * sizeof *world->requests);
    if (!is_lost)
        sugu_agent_on_reply(world->agent, &id, reply);
    sugu__request__free_unpacked(request, NULL);
}

bool
provider_agent_deliver(struct provider_agent_world *world, bool is_lost)
{
    struct sugu_on_file_job_result on_file;
    struct sugu_code_job_result code;

    if (world->request_count > 0 && !world->is_server_away) {
        deliver_request(world, is_lost);
    } else if (world->has_code_job) {
        sugu_code_job_run(world->code, &world->code_job, &code);
        world->jobs[world->code_job.kind]++;
        world->has_code_job = false;
        if (!is_lost)
            sugu_agent_on_code_result(world->agent, &code);
    } else if (world->has_on_file_job) {
        sugu_on_file_job_run(world->on_file, &world->on_file_job, &on_file);
        world->has_on_file_job = false;
        if (!is_lost)
            sugu_agent_on_on_file_result(world->agent, &on_file);
    } else {
        return false;
    }
    return true;
}

void
provider_agent_step(struct provider_agent_world *world)
{
    int64_t due = sugu_agent_step(world->agent, SUGU_SECOND);

    if (!provider_agent_deliver(world, false))
        sugu_clock_manual_advance(&world->clock, due > 0 ? due : 1);
}

void
provider_agent_run(struct provider_agent_world *world, int64_t us)
{
    int64_t end = world->clock.monotonic + us;

    while (world->clock.monotonic < end && !world->has_failed)
        provider_agent_step(world);
}

bool
provider_agent_run_until_final(struct provider_agent_world *world, int64_t us)
{
    int64_t end = world->clock.monotonic + us;

    while (!world->is_final && world->clock.monotonic < end && !world->has_failed)
        provider_agent_step(world);
    return world->is_final;
}

bool
provider_agent_run_until_shown(struct provider_agent_world *world)
{
    int64_t end = world->clock.monotonic + SUGU_MINUTE;

    while (!*world->payload && !world->is_final && world->clock.monotonic < end &&
           !world->has_failed)
        provider_agent_step(world);
    return *world->payload;
}

/* ---- the kiosk */

struct sugu_id
provider_agent_id_of(uint8_t number)
{
    struct sugu_id id = {.bytes = {1}};

    id.bytes[15] = number;
    return id;
}

void
provider_agent_ask(struct provider_agent_world *world, uint8_t number, uint8_t bill)
{
    struct sugu_asker asker = {.request = provider_agent_id_of(number)};
    struct sugu_id session = provider_agent_id_of(200), bill_id = provider_agent_id_of(bill);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    start.session = sugu_id_field(&session);
    start.bill = sugu_id_field(&bill_id);
    start.revision = 1;
    start.amount_yen = PROVIDER_AGENT_YEN;
    start.method = SUGU__PAYMENT_METHOD__METHOD_CODE;
    request.id = sugu_id_field(&asker.request);
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    world->is_final = false;
    sugu_agent_on_request(world->agent, &asker, &request);
}

void
provider_agent_pay(struct provider_agent_world *world, uint8_t number, uint8_t bill)
{
    provider_agent_ask(world, number, bill);
    ck_assert_msg(world->reply_status == SUGU_OK, "%s", world->reply_code);
    ck_assert_msg(provider_agent_run_until_shown(world), "state %u, %s", world->state,
                  world->code_text);
}

static void
send(struct provider_agent_world *world, Sugu__Request *request)
{
    struct sugu_asker asker = {.request = provider_agent_id_of(250)};

    request->id = sugu_id_field(&asker.request);
    sugu_agent_on_request(world->agent, &asker, request);
}

void
provider_agent_leave(struct provider_agent_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AbortPayment body = SUGU__ABORT_PAYMENT__INIT;
    struct sugu_id attempt = world->attempt;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_ABORT_PAYMENT;
    request.abort_payment = &body;
    send(world, &request);
}

void
provider_agent_look_up(struct provider_agent_world *world, uint8_t bill)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;
    struct sugu_id id = provider_agent_id_of(bill);

    body.bill = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    send(world, &request);
}

/* ---- the server */

void
provider_agent_connect(struct provider_agent_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct sugu_id id = provider_agent_id_of(222);

    request.id = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    sugu_agent_on_open_work(world->agent,
                            fake_payments_handle(&world->server, &request)->open_work);
}

struct sugu_id
provider_agent_order_refund(struct provider_agent_world *world,
                            uint8_t number,
                            const struct sugu_id *original,
                            int64_t yen)
{
    struct sugu_id id = provider_agent_id_of(number);
    Sugu__PaymentOrder order;

    fake_payments_order_refund(&world->server, &id, original, yen, &order);
    sugu_agent_on_order(world->agent, &order);
    return id;
}

struct sugu_id
provider_agent_order(struct provider_agent_world *world,
                     uint8_t number,
                     Sugu__AttemptKind kind,
                     int64_t yen,
                     const struct sugu_id *original)
{
    struct fake_attempt attempt = {
        .id = provider_agent_id_of(number),
        .kind = kind,
        .method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE,
        .amount_yen = yen,
        .token = PROVIDER_AGENT_TOKEN,
        .payer = PROVIDER_AGENT_PAYER,
    };
    Sugu__PaymentOrder order;

    if (original)
        attempt.original = *original;
    if (kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT || kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND)
        attempt.bill = provider_agent_id_of((uint8_t)(number + 100));
    fake_payments_order(&world->server, &attempt, &order);
    sugu_agent_on_order(world->agent, &order);
    return attempt.id;
}

const struct fake_attempt *
provider_agent_attempt(const struct provider_agent_world *world, uint8_t number)
{
    struct sugu_id id = provider_agent_id_of(number);

    return fake_payments_find(&world->server, &id);
}

/* ---- the providers */

static void
command(struct sugu_provider *provider, const char *line)
{
    char answer[256];

    ck_assert_msg(sugu_provider_command(provider, line, answer, sizeof answer), "%s: %s", line,
                  answer);
    ck_assert_msg(strcmp(answer, "cannot") != 0, "%s: cannot", line);
}

void
provider_agent_code_do(struct provider_agent_world *world, const char *line)
{
    command(sugu_code_provider_base(world->code_provider), line);
}

void
provider_agent_card_do(struct provider_agent_world *world, const char *line)
{
    command(sugu_card_on_file_provider_base(world->card_provider), line);
}

const struct sugu_provider_counts *
provider_agent_code_counts(const struct provider_agent_world *world)
{
    return &sugu_code_provider_base(world->code_provider)->counts;
}

const struct sugu_provider_counts *
provider_agent_card_counts(const struct provider_agent_world *world)
{
    return &sugu_card_on_file_provider_base(world->card_provider)->counts;
}

void
provider_agent_check(const struct provider_agent_world *world)
{
    const struct sugu_provider_counts *code = provider_agent_code_counts(world),
                                      *card = provider_agent_card_counts(world);

    ck_assert_int_eq(code->taken_yen + card->taken_yen, world->server.posted_yen);
    ck_assert_int_eq(code->given_yen + card->given_yen, world->server.refunded_yen);
    ck_assert_uint_eq(code->twins + card->twins, 0);
    ck_assert_uint_eq(world->server.double_settlements, 0);
    ck_assert_uint_eq(world->server.reused_ids, 0);
    ck_assert_uint_eq(fake_payments_open(&world->server), 0);
}
