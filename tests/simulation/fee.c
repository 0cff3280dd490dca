/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fee - the fee module's side: bills at random times, revised and withdrawn, and what it posts
 *
 * What it wants to do and what it has posted is kept over everything; the program itself dies
 * around each posting. What it was told once it is told again in the same words, or it is another
 * posting under the same name (fee.posting-differs of gateways/fee).
 */
#include "simulation/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define DUE_NEVER     INT64_MAX
#define AGAIN_US      (4 * SUGU_SECOND)
#define OPEN_WORK_US  (30 * SUGU_SECOND)
#define REVISIONS_MAX 4
#define AT_ONCE       40 /* of what is open */
#define ASKED_MAX     12 /* under way: whoever asks all at once dies of the backlog */
#define NAME          "初診料"
#define POSTED_MAX    16384 /* more than twice what there is */
#define WORDS_SIZE    160

/* What is to be done about a visit, and when. */
struct charge {
    struct fee_state *fee;
    struct visit *visit;
    int64_t due_us;
    unsigned place; /* among the planned */
    bool withdraws;
    bool is_asked;
};

/* A posting as it stands in the receipt computer. */
struct posted {
    struct sugu_id id; /* of the bill, or of the change */
    uint32_t revision; /* 0 of a change */
    char words[WORDS_SIZE];
};

struct fee_state {
    struct world *world;
    void *context; /* NULL while the program is dead, as is the client */
    struct sugu_client *client;
    struct posted posted[POSTED_MAX]; /* by its id; no words = free */
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
    if (reply->status == SUGU__STATUS__OK) {
        world_bill_is(charge->visit, /* is_ready= */ !charge->withdraws);
        plan_next(charge);
    } else if (strcmp(reply->code, "bill.in-payment") == 0 ||
               reply->status != SUGU__STATUS__REFUSED) {
        plan(charge, AGAIN_US);
    } else {
        done(charge); /* it does not want it: the bill went to the counter, say */
    }
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

/* Its own place, or the free one where it comes to stand. */
static struct posted *
find_posted(struct fee_state *fee, const struct sugu_id *id, uint32_t revision)
{
    size_t at = ((size_t)id->bytes[14] << 8 | id->bytes[15]) % POSTED_MAX;

    for (;; at = (at + 1) % POSTED_MAX) {
        struct posted *posted = &fee->posted[at];
        if (!*posted->words || (posted->revision == revision && sugu_id_equal(&posted->id, id)))
            return posted;
    }
}

bool
fee_has_posted(const struct world *world, const struct sugu_id *id, uint32_t revision)
{
    return *find_posted(world->fee_state, id, revision)->words;
}

/* Once, however often it is asked for; false = not now. */
static bool
post(struct fee_state *fee, const struct sugu_id *id, uint32_t revision, const char *words)
{
    struct posted *posted = find_posted(fee, id, revision);

    if (*posted->words && strcmp(posted->words, words) != 0)
        sim_fail("the fee module was told \"%s\" and then \"%s\"", posted->words, words);
    if (*posted->words)
        return true;
    if (sim_happens(fee->world->settings.fee_fault)) {
        sim_count(SIM_COUNT_fee_faults);
        return false;
    }
    sim_point("post.before");
    posted->id = *id;
    posted->revision = revision;
    snprintf(posted->words, sizeof posted->words, "%s", words);
    sim_note(words, 0, 0);
    sim_point("post.after");
    return true;
}

static void
on_confirmed(void *user, const Sugu__Reply *reply)
{
    (void)user;
    sim_note("confirmed", reply->status, 0);
}

/* Sometimes twice, as one does who died and did not write it down. */
static void
confirm(struct fee_state *fee, Sugu__Request__BodyCase body_case, void *body)
{
    struct sugu_ask ask = {.on_reply = on_confirmed, .user = fee};

    request(fee, body_case, body, &ask);
    if (sim_happens(fee->world->settings.fee_fault))
        request(fee, body_case, body, &ask);
}

static void
take_posting(struct fee_state *fee, const Sugu__PostingOrder *order)
{
    Sugu__ConfirmPosting body = SUGU__CONFIRM_POSTING__INIT;
    struct sugu_id bill = sugu_id_of(&order->bill);
    char words[WORDS_SIZE], id[SUGU_ID_TEXT_SIZE];

    snprintf(words, sizeof words, "%s-%u %lld %s %u", sugu_id_to_text(&bill, id), order->revision,
             (long long)order->amount_yen, order->method, order->business_day);
    if (!post(fee, &bill, order->revision, words))
        return;
    body.bill = order->bill;
    body.revision = order->revision;
    confirm(fee, SUGU__REQUEST__BODY_CONFIRM_POSTING, &body);
}

static void
take_change(struct fee_state *fee, const Sugu__PostingChange *change)
{
    Sugu__ConfirmPostingChange body = SUGU__CONFIRM_POSTING_CHANGE__INIT;
    struct sugu_id id = sugu_id_of(&change->change), bill = sugu_id_of(&change->bill);
    char words[WORDS_SIZE], text[SUGU_ID_TEXT_SIZE];

    snprintf(words, sizeof words, "%s-%u %c%lld keeps %lld %s %u %u", sugu_id_to_text(&bill, text),
             change->revision, change->is_back ? '-' : '+', (long long)change->amount_yen,
             (long long)change->kept_yen, change->method, (unsigned)change->reason,
             change->business_day);
    if (!post(fee, &id, 0, words))
        return;
    sim_count(SIM_COUNT_postings_changed);
    body.change = change->change;
    confirm(fee, SUGU__REQUEST__BODY_CONFIRM_POSTING_CHANGE, &body);
}

static void
on_event(void *user, const Sugu__Event *event)
{
    if (event->body_case == SUGU__EVENT__BODY_BILL_SETTLED)
        take_posting(user, event->bill_settled);
    else if (event->body_case == SUGU__EVENT__BODY_POSTING_CHANGED)
        take_change(user, event->posting_changed);
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct fee_state *fee = user;

    fee->is_asking_open_work = false;
    if (reply->body_case != SUGU__REPLY__BODY_OPEN_WORK)
        return;
    for (size_t i = 0; i < reply->open_work->n_postings && i < AT_ONCE; i++)
        take_posting(fee, reply->open_work->postings[i]);
    for (size_t i = 0; i < reply->open_work->n_posting_changes && i < AT_ONCE; i++)
        take_change(fee, reply->open_work->posting_changes[i]);
}

static void
ask_open_work(struct fee_state *fee)
{
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;

    fee->open_work_us = sim_now() + OPEN_WORK_US;
    fee->is_asking_open_work = request(
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
    unsigned asked = 0;

    for (unsigned i = 0; i < fee->open; i++)
        asked += fee->planned[i]->is_asked;
    for (unsigned i = 0; i < fee->open && asked < ASKED_MAX; i++) {
        struct charge *charge = fee->planned[i];
        if (charge->is_asked)
            continue;
        if (charge->due_us <= sim_now()) {
            charge->is_asked = charge->withdraws ? withdraw(charge) : announce(charge);
            if (!charge->is_asked)
                charge->due_us = sim_now() + AGAIN_US;
            asked += charge->is_asked;
        }
        if (!charge->is_asked && charge->due_us < next)
            next = charge->due_us;
    }
    return next;
}

static void
open_client(struct fee_state *fee)
{
    struct sugu_client_settings settings = world_client('F', 0);
    struct sugu_client_callbacks callbacks = {
        .on_event = on_event, .on_fresh = on_fresh, .user = fee};
    struct sugu_error error;

    settings.listens = true;
    fee->context = zmq_ctx_new();
    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){fee->context, &fee->world->fee.clock,
                                                    sim_random(), sugu_store_memory()},
                        &fee->client, &error))
        sim_fail("the fee module does not start: %s", error.detail);
}

static void
fee_main(void *user)
{
    struct fee_state *fee = user;

    open_client(fee);
    while (!*sim_failure()) {
        int64_t next, due;
        sugu_client_step(fee->client);
        if (!fee->is_asking_open_work && fee->open_work_us <= sim_now())
            ask_open_work(fee);
        next = step_charges(fee);
        if (!fee->is_asking_open_work && fee->open_work_us < next)
            next = fee->open_work_us;
        due = sugu_client_due_us(fee->client);
        next = next > sim_now() ? next - sim_now() : 0;
        sim_wait(due < next ? due : next);
    }
}

static void
start_again(void *user)
{
    struct fee_state *fee = user;

    sim_thread_start(&fee->world->fee, fee_main, fee);
}

/* Who has asked and does not know the answer asks anew. */
static void
on_killed(struct sim_program *program)
{
    struct fee_state *fee = program->user;

    sugu_client_free(fee->client);
    if (fee->context)
        zmq_ctx_term(fee->context);
    fee->client = fee->context = NULL;
    fee->is_asking_open_work = false;
    fee->open_work_us = 0;
    for (unsigned i = 0; i < fee->open; i++)
        fee->planned[i]->is_asked = false;
    sim_at(sim_now() + sim_between(50 * SUGU_MS, 20 * SUGU_SECOND), start_again, fee);
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
    sim_program_init(&world->fee, SIM_FEE, 0);
    world->fee_state = calloc(1, sizeof *world->fee_state);
    if (!world->fee_state)
        abort();
    world->fee_state->world = world;
    world->fee.on_killed = on_killed;
    world->fee.user = world->fee_state;
    sim_thread_start(&world->fee, fee_main, world->fee_state);
}
