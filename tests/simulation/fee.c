/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fee - the fee module's side: bills at random times, revised and withdrawn, and postings confirmed
 *
 * What it wants to do is kept over everything; the program itself is not killed.
 */
#include "simulation/world.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define DUE_NEVER     INT64_MAX
#define AGAIN_US      (4 * SUGU_SECOND)
#define OPEN_WORK_US  (30 * SUGU_SECOND)
#define REVISIONS_MAX 4
#define NAME          "初診料"

/* What is to be done about a visit, and when. */
struct charge {
    struct fee_state *fee;
    struct visit *visit;
    int64_t due_us;
    unsigned place; /* among the planned */
    bool withdraws;
    bool is_asked;
};

struct fee_state {
    struct world *world;
    void *context;
    struct sugu_client *client;
    struct charge charges[WORLD_VISITS_MAX];
    struct charge *planned[WORLD_VISITS_MAX]; /* those that are due some time, in any order */
    unsigned open;
    int64_t open_work_us;
    bool is_asking_open_work;
};

static void
plan(struct charge *charge, int64_t wait_us)
{
    struct fee_state *fee = charge->fee;

    if (charge->due_us == DUE_NEVER) {
        charge->place = fee->open++;
        fee->planned[charge->place] = charge;
    }
    charge->due_us = sim_now() + wait_us;
    sim_wake(fee->world->fee.main_thread);
}

static void
done(struct charge *charge)
{
    struct fee_state *fee = charge->fee;

    if (charge->due_us != DUE_NEVER) {
        fee->planned[charge->place] = fee->planned[--fee->open];
        fee->planned[charge->place]->place = charge->place;
    }
    charge->due_us = DUE_NEVER;
}

/* After a bill: sometimes another one comes, or it was a mistake. */
static void
plan_next(struct charge *charge)
{
    const struct world_settings *settings = &charge->fee->world->settings;
    bool was_withdrawn = charge->withdraws;

    done(charge);
    charge->withdraws = false;
    if (was_withdrawn) {
        plan(charge, sim_between(1, 20) * SUGU_SECOND);
    } else if (charge->visit->acts_version < REVISIONS_MAX && sim_happens(settings->revised)) {
        sim_count(SIM_COUNT_bills_revised);
        plan(charge, sim_between(1, 60) * SUGU_SECOND);
    } else if (charge->visit->acts_version < REVISIONS_MAX && sim_happens(settings->withdrawn)) {
        sim_count(SIM_COUNT_bills_withdrawn);
        charge->withdraws = true;
        plan(charge, sim_between(1, 60) * SUGU_SECOND);
    }
}

static void
on_told(void *user, const Sugu__Reply *reply)
{
    struct charge *charge = user;

    charge->is_asked = false;
    sim_note(reply->code, reply->status, charge->visit->index);
    if (reply->status == SUGU__STATUS__OK)
        plan_next(charge);
    else if (strcmp(reply->code, "bill.in-payment") == 0 || reply->status != SUGU__STATUS__REFUSED)
        plan(charge, AGAIN_US);
    else
        done(charge); /* it does not want it: the bill went to the counter, say */
}

static bool
request(struct fee_state *fee, Sugu__Request__BodyCase body_case, void *body, struct sugu_ask *ask)
{
    Sugu__Request message = SUGU__REQUEST__INIT;
    struct sugu_error error;

    message.body_case = body_case;
    message.announce_bill = body;
    return sugu_client_request(fee->client, &message, ask, &error) == SUGU_OK;
}

static bool
announce(struct charge *charge)
{
    Sugu__AnnounceBill body = SUGU__ANNOUNCE_BILL__INIT;
    Sugu__Bill bill = SUGU__BILL__INIT;
    Sugu__BillLine line = SUGU__BILL_LINE__INIT, *lines[] = {&line};
    struct visit *visit = charge->visit;
    int64_t points = sim_between(40, 20000);

    line.category = (char *)"A00";
    line.act_code = (char *)"111000110";
    line.name = (char *)NAME;
    line.points = (uint32_t)points;
    line.count = 1;
    bill.bill = sugu_id_field(&visit->bill);
    bill.visit = sugu_id_field(&visit->id);
    bill.ratio_percent = sim_chance(8) ? 0 : 30;
    bill.total_points = (uint32_t)points;
    bill.copay_yen = bill.total_yen = bill.ratio_percent ? (points * 3 + 5) / 10 * 10 : 0;
    bill.n_lines = 1;
    bill.lines = lines;
    body.bill = &bill;
    body.acts_version = ++visit->acts_version;
    return request(charge->fee, SUGU__REQUEST__BODY_ANNOUNCE_BILL, &body,
                   &(struct sugu_ask){.on_reply = on_told, .user = charge});
}

static bool
withdraw(struct charge *charge)
{
    Sugu__WithdrawBill body = SUGU__WITHDRAW_BILL__INIT;

    body.bill = sugu_id_field(&charge->visit->bill);
    return request(charge->fee, SUGU__REQUEST__BODY_WITHDRAW_BILL, &body,
                   &(struct sugu_ask){.on_reply = on_told, .user = charge});
}

/* ---- postings */

static void
on_confirmed(void *user, const Sugu__Reply *reply)
{
    (void)user;
    sim_note("confirmed", reply->status, 0);
}

static void
confirm(struct fee_state *fee, const Sugu__PostingOrder *order)
{
    Sugu__ConfirmPosting body = SUGU__CONFIRM_POSTING__INIT;

    body.bill = order->bill;
    body.revision = order->revision;
    request(fee, SUGU__REQUEST__BODY_CONFIRM_POSTING, &body,
            &(struct sugu_ask){.on_reply = on_confirmed, .user = fee});
}

static void
on_event(void *user, const Sugu__Event *event)
{
    if (event->body_case == SUGU__EVENT__BODY_BILL_SETTLED)
        confirm(user, event->bill_settled);
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct fee_state *fee = user;

    fee->is_asking_open_work = false;
    if (reply->body_case != SUGU__REPLY__BODY_OPEN_WORK)
        return;
    for (size_t i = 0; i < reply->open_work->n_postings && i < 40; i++)
        confirm(fee, reply->open_work->postings[i]);
}

static void
ask_open_work(struct fee_state *fee)
{
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;

    fee->open_work_us = sim_now() + OPEN_WORK_US;
    fee->is_asking_open_work = true;
    request(
        fee, SUGU__REQUEST__BODY_GET_OPEN_WORK, &get,
        &(struct sugu_ask){
            .is_read = true, .wait_us = 10 * SUGU_SECOND, .on_reply = on_open_work, .user = fee});
}

static void
on_fresh(void *user, bool was_reset)
{
    struct fee_state *fee = user;

    (void)was_reset;
    fee->open_work_us = 0;
}

/* ---- the program */

static int64_t
step_charges(struct fee_state *fee)
{
    int64_t next = DUE_NEVER;

    for (unsigned i = 0; i < fee->open; i++) {
        struct charge *charge = fee->planned[i];
        if (charge->is_asked)
            continue;
        if (charge->due_us <= sim_now()) {
            charge->is_asked = charge->withdraws ? withdraw(charge) : announce(charge);
            if (!charge->is_asked)
                charge->due_us = sim_now() + AGAIN_US;
        }
        if (!charge->is_asked && charge->due_us < next)
            next = charge->due_us;
    }
    return next;
}

static void
fee_main(void *user)
{
    struct world *world = user;
    struct fee_state *fee = world->fee_state;
    struct sugu_client_settings settings = world_client('F', 0);
    struct sugu_client_callbacks callbacks = {
        .on_event = on_event, .on_fresh = on_fresh, .user = fee};
    struct sugu_error error;

    settings.listens = true;
    fee->context = zmq_ctx_new();
    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){fee->context, &world->fee.clock, sim_random(),
                                                    sugu_store_memory()},
                        &fee->client, &error))
        sim_fail("the fee module does not start: %s", error.detail);
    while (!*sim_failure()) {
        int64_t next, due;
        sugu_client_step(fee->client);
        if (!fee->is_asking_open_work && fee->open_work_us <= sim_now())
            ask_open_work(fee);
        next = step_charges(fee);
        next = fee->open_work_us < next ? fee->open_work_us : next;
        due = sugu_client_due_us(fee->client);
        next = next > sim_now() ? next - sim_now() : 0;
        sim_wait(due < next ? due : next);
    }
}

void
fee_told(struct world *world, struct visit *visit)
{
    struct charge *charge = &world->fee_state->charges[visit->index];

    if (visit->is_told_to_fee)
        return;
    visit->is_told_to_fee = true;
    charge->fee = world->fee_state;
    charge->visit = visit;
    charge->due_us = DUE_NEVER;
    plan(charge, sim_between(1, 12) * SUGU_SECOND);
}

bool
fee_is_idle(const struct world *world)
{
    return world->fee_state->open == 0;
}

void
fee_begin(struct world *world)
{
    sim_program_init(&world->fee, SIM_OTHER, 0);
    world->fee_state = calloc(1, sizeof *world->fee_state);
    if (!world->fee_state)
        abort();
    world->fee_state->world = world;
    sim_thread_start(&world->fee, fee_main, world);
}
