/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-agent-world - the payment agent with the real ccTalk driver on emulated devices, in process
 */
#include "unit/cash-agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"
#include "payment/journal-cash.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static const char devices[] = "line emulated\ncoin 2\nnote 40 crc\n"
                              "payout 3 1\npayout 4 5\npayout 5 10\n"
                              "payout 6 50\npayout 7 100\npayout 8 500\n"
                              "payout 41 1000\npayout 42 5000\n";

static const struct {
    uint8_t device;
    enum sugu_cash_unit unit;
} payouts[] = {{3, SUGU_CASH_1},   {4, SUGU_CASH_5},   {5, SUGU_CASH_10},    {6, SUGU_CASH_50},
               {7, SUGU_CASH_100}, {8, SUGU_CASH_500}, {41, SUGU_CASH_1000}, {42, SUGU_CASH_5000}};

/* ---- the agent's wishes */

static bool
on_ask(void *user, const struct sugu_id *id, Sugu__Request *request)
{
    struct cash_agent_world *world = user;

    ck_assert_uint_lt(world->request_count, CASH_AGENT_PENDING_MAX);
    request->id = sugu_id_field(id);
    world->requests[world->request_count++] = (Sugu__Request *)sugu_message_copy(&request->base);
    return true;
}

static void
take_progress(struct cash_agent_world *world, const Sugu__PaymentProgress *progress)
{
    world->attempt = sugu_id_of(&progress->attempt);
    world->state = progress->state;
    world->approved_yen = progress->approved_yen;
    world->is_final = progress->is_final;
    sugu_text_copy(world->code, sizeof world->code, progress->code);
    world->has_cash = progress->cash != NULL;
    if (!progress->cash)
        return;
    world->stage = progress->cash->stage;
    world->in_yen = progress->cash->in_yen;
    world->out_yen = progress->cash->out_yen;
    world->owed_yen = progress->cash->owed_yen;
    world->units = progress->cash->n_units;
    if (world->in_yen > world->in_most_yen)
        world->in_most_yen = world->in_yen;
}

static void
on_reply(void *user, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    struct cash_agent_world *world = user;

    (void)asker;
    world->reply_status = (enum sugu_status)reply->status;
    sugu_text_copy(world->reply_code, sizeof world->reply_code, reply->code);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        take_progress(world, reply->payment_progress);
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
    struct cash_agent_world *world = user;

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(states[0]->part, SUGU__PART__PART_CASH);
    world->health = states[0]->health;
    world->is_offered = states[0]->health != SUGU__PART_HEALTH__PART_AWAY;
    sugu_text_copy(world->health_code, sizeof world->health_code, states[0]->code);
}

static void
on_job(void *user, const struct sugu_cash_job *job)
{
    struct cash_agent_world *world = user;

    ck_assert(!world->has_job);
    world->has_job = true;
    world->job = *job;
}

static void
on_fail(void *user, const struct sugu_error *error)
{
    (void)error;
    ((struct cash_agent_world *)user)->has_failed = true;
}

/* ---- life */

static struct cash_agent_world *committing;

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
cash_agent_start(struct cash_agent_world *world)
{
    struct sugu_agent_settings settings = {
        .clock = &world->clock.clock,
        .random = &world->random.random,
        .has_cash = true,
        .is_cash_recycled = true,
        .cash_low_pieces = 3,
        .cash_idle_us = 2 * SUGU_MINUTE,
        .cash_stuck_us = 20 * SUGU_SECOND,
        .cash_place = "kiosk-1",
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
        .start_cash_job = on_job,
        .fail = on_fail,
        .user = world,
    };
    struct sugu_cash_settings places;
    struct sugu_error error;

    sugu_assert_ok(sugu_cash_settings_parse(devices, &places, &error), error);
    sugu_assert_ok(
        sugu_cash_cctalk_new(&places, &world->line.line, &world->clock.clock, &world->cash, &error),
        error);
    sugu_assert_ok(sugu_journal_open(world->folder, &world->clock.clock, &world->journal, &error),
                   error);
    settings.journal = world->journal;
    sugu_assert_ok(sugu_agent_new(&settings, &ways, &world->agent, &error), error);
}

void
cash_agent_kill(struct cash_agent_world *world)
{
    for (unsigned i = 0; i < world->request_count; i++)
        sugu__request__free_unpacked(world->requests[i], NULL);
    world->request_count = 0;
    world->has_job = world->is_offered = world->has_failed = false;
    /* As the kernel does it: no command is sent any more. */
    world->line.is_gone = true;
    world->cash = sugu_cash_cctalk_free(world->cash);
    world->line.is_gone = world->line.is_open = false;
    world->agent = sugu_agent_free(world->agent);
    world->journal = sugu_journal_close(world->journal);
}

void
cash_agent_init(struct cash_agent_world *world)
{
    memset(world, 0, sizeof *world);
    world->commits_left = -1;
    committing = world;
    ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))watch_commits), SQLITE_OK);
    snprintf(world->folder, sizeof world->folder, "/dev/shm/sugu-cash-XXXXXX");
    if (!mkdtemp(world->folder)) {
        snprintf(world->folder, sizeof world->folder, "/tmp/sugu-cash-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(world->folder));
    }
    sugu_clock_manual_init(&world->clock, 1790000000 * SUGU_SECOND);
    sugu_random_seeded_init(&world->random, 42);
    emulated_cash_init(&world->emulated, world->clock.monotonic);
    cctalk_line_init(&world->line, &world->emulated, &world->clock);
    cash_agent_start(world);
    cash_agent_fill(world, 50);
    cash_agent_run_until_offered(world);
}

void
cash_agent_done(struct cash_agent_world *world)
{
    char command[128];

    cash_agent_kill(world);
    committing = NULL;
    fake_payments_done(&world->server);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- one thing at a time */

bool
cash_agent_deliver(struct cash_agent_world *world, bool is_lost)
{
    struct sugu_cash_job_result result;

    if (world->request_count > 0) {
        Sugu__Request *request = world->requests[0];
        struct sugu_id id = sugu_id_of(&request->id);
        const Sugu__Reply *reply = fake_payments_handle(&world->server, request);

        world->request_count--;
        memmove(world->requests, world->requests + 1,
                world->request_count * sizeof *world->requests);
        if (!is_lost)
            sugu_agent_on_reply(world->agent, &id, reply);
        sugu__request__free_unpacked(request, NULL);
        return true;
    }
    if (!world->has_job)
        return false;
    sugu_cash_job_run(world->cash, &world->job, &result);
    world->has_job = false;
    if (!is_lost)
        sugu_agent_on_cash_result(world->agent, &result);
    return true;
}

void
cash_agent_step(struct cash_agent_world *world)
{
    int64_t due = sugu_agent_step(world->agent, SUGU_SECOND);

    if (cash_agent_deliver(world, false))
        return;
    sugu_clock_manual_advance(&world->clock, due > 0 ? due : 1);
    emulated_cash_pass(&world->emulated, world->clock.monotonic);
}

void
cash_agent_run(struct cash_agent_world *world, int64_t us)
{
    int64_t end = world->clock.monotonic + us;

    while (world->clock.monotonic < end)
        cash_agent_step(world);
}

bool
cash_agent_run_until_final(struct cash_agent_world *world)
{
    int64_t end = world->clock.monotonic + SUGU_MINUTE;

    while (!world->is_final && world->clock.monotonic < end)
        cash_agent_step(world);
    return world->is_final;
}

bool
cash_agent_run_until_in(struct cash_agent_world *world, int64_t yen)
{
    int64_t end = world->clock.monotonic + SUGU_MINUTE;

    while (world->in_yen < yen && world->clock.monotonic < end)
        cash_agent_step(world);
    return world->in_yen >= yen;
}

bool
cash_agent_run_until_stage(struct cash_agent_world *world, Sugu__CashStage stage)
{
    int64_t end = world->clock.monotonic + SUGU_MINUTE;

    while ((!world->has_cash || world->stage != stage) && world->clock.monotonic < end)
        cash_agent_step(world);
    return world->has_cash && world->stage == stage;
}

void
cash_agent_run_until_offered(struct cash_agent_world *world)
{
    for (int i = 0; i < CASH_AGENT_STEPS_MAX && !world->is_offered; i++)
        cash_agent_step(world);
    ck_assert(world->is_offered);
}

/* ---- the kiosk */

static struct sugu_id
id_of(uint8_t number)
{
    struct sugu_id id = {.bytes = {1}};

    id.bytes[15] = number;
    return id;
}

void
cash_agent_ask(struct cash_agent_world *world, uint8_t number, uint8_t bill, int64_t yen)
{
    struct sugu_asker asker = {.request = id_of(number)};
    struct sugu_id session = id_of(200), bill_id = id_of(bill);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    start.session = sugu_id_field(&session);
    start.bill = sugu_id_field(&bill_id);
    start.revision = 1;
    start.amount_yen = yen;
    start.method = SUGU__PAYMENT_METHOD__METHOD_CASH;
    request.id = sugu_id_field(&asker.request);
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    world->is_final = false;
    sugu_agent_on_request(world->agent, &asker, &request);
}

void
cash_agent_pay(struct cash_agent_world *world, uint8_t number, uint8_t bill, int64_t yen)
{
    world->has_cash = false;
    world->in_yen = world->out_yen = world->owed_yen = world->in_most_yen = 0;
    cash_agent_ask(world, number, bill, yen);
    ck_assert_msg(world->reply_status == SUGU_OK, "%s", world->reply_code);
    ck_assert(cash_agent_run_until_stage(world, SUGU__CASH_STAGE__CASH_TAKING));
    cash_agent_run(world, 2 * SUGU_SECOND); /* until the masks are open */
}

static void
send(struct cash_agent_world *world, Sugu__Request *request)
{
    struct sugu_asker asker = {.request = id_of(250)};

    request->id = sugu_id_field(&asker.request);
    sugu_agent_on_request(world->agent, &asker, request);
}

void
cash_agent_fix(struct cash_agent_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FixPayment body = SUGU__FIX_PAYMENT__INIT;
    struct sugu_id attempt = world->attempt;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_FIX_PAYMENT;
    request.fix_payment = &body;
    send(world, &request);
}

void
cash_agent_cancel(struct cash_agent_world *world)
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
cash_agent_look_up(struct cash_agent_world *world, uint8_t bill)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;
    struct sugu_id id = id_of(bill);

    body.bill = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    send(world, &request);
}

void
cash_agent_resolve(struct cash_agent_world *world, uint32_t state, int64_t yen)
{
    Sugu__PaymentResolved resolved = SUGU__PAYMENT_RESOLVED__INIT;
    struct sugu_id attempt = world->attempt;

    resolved.attempt = sugu_id_field(&attempt);
    resolved.state = (Sugu__AttemptState)state;
    resolved.approved_yen = yen;
    sugu_agent_on_resolved(world->agent, &resolved);
}

/* ---- hands */

void
cash_agent_do(struct cash_agent_world *world, const char *line)
{
    char answer[512];

    ck_assert_msg(emulated_cash_command(&world->emulated, line, world->clock.monotonic, answer,
                                        sizeof answer),
                  "%s: %s", line, answer);
}

void
cash_agent_fill(struct cash_agent_world *world, int32_t pieces)
{
    struct sugu_error error;
    char line[64];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        snprintf(line, sizeof line, "stock %u %d", payouts[i].device, pieces);
        cash_agent_do(world, line);
        sugu_assert_ok(sugu_journal_cash_count(world->journal, payouts[i].device, payouts[i].unit,
                                               pieces, &error),
                       error);
    }
}

/* ---- the books */

/* One report of cash, into the sums. */
static void
add_report(const Sugu__EndPayment *end, int64_t *in, int64_t *out, int64_t *owed)
{
    int64_t net = 0;

    ck_assert_msg(end->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
                      end->state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED,
                  "cash is posted once, at the end");
    ck_assert_str_eq(end->terminal, "kiosk-1");
    for (size_t i = 0; i < end->n_cash; i++) {
        *in += end->cash[i]->unit_yen * end->cash[i]->pieces_in;
        *out += end->cash[i]->unit_yen * end->cash[i]->pieces_out;
        net += end->cash[i]->unit_yen *
               ((int64_t)end->cash[i]->pieces_in - (int64_t)end->cash[i]->pieces_out);
    }
    ck_assert_int_eq(net - end->approved_yen, end->owed_yen);
    *owed += end->owed_yen;
}

bool
cash_agent_reported(const struct cash_agent_world *world,
                    const struct sugu_id *attempt,
                    int64_t *ret_in,
                    int64_t *ret_out,
                    int64_t *ret_owed)
{
    bool is_found = false;

    *ret_in = *ret_out = *ret_owed = 0;
    for (unsigned i = 0; i < world->server.stored_count; i++) {
        Sugu__Request *request = sugu__request__unpack(NULL, world->server.stored[i].size,
                                                       world->server.stored[i].request);
        struct sugu_id id;

        ck_assert_ptr_nonnull(request);
        if (request->body_case == SUGU__REQUEST__BODY_END_PAYMENT &&
            request->end_payment->n_cash > 0) {
            id = sugu_id_of(&request->end_payment->attempt);
            if (!attempt || sugu_id_equal(&id, attempt)) {
                add_report(request->end_payment, ret_in, ret_out, ret_owed);
                is_found = true;
            }
        }
        sugu__request__free_unpacked(request, NULL);
    }
    return is_found;
}

void
cash_agent_check(struct cash_agent_world *world)
{
    struct sugu_cash_counts in, out;
    int64_t told_in, told_out, owed;
    struct sugu_error error;

    sugu_assert_ok(sugu_journal_cash_sums(world->journal, &world->attempt, &in, &out, &error),
                   error);
    cash_agent_reported(world, &world->attempt, &told_in, &told_out, &owed);
    ck_assert_int_eq(sugu_cash_sum_yen(&in), told_in);
    ck_assert_int_eq(sugu_cash_sum_yen(&out), told_out);
    cash_agent_reported(world, NULL, &told_in, &told_out, &owed);
    ck_assert_int_eq(emulated_cash_gain_yen(&world->emulated), told_in - told_out);
    ck_assert_int_eq(world->server.posted_yen + owed, told_in - told_out);
    ck_assert_uint_eq(world->server.double_settlements, 0);
    ck_assert_uint_eq(world->server.reused_ids, 0);
    ck_assert_uint_eq(fake_payments_open(&world->server), 0);
}
