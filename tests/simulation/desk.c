/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk - two people at the hospital's desk: they find out, give back, take money, agree or do not
 */
#include "simulation/desk-private.h"

#include "simulation/planted.h"
#include "simulation/truth.h"

#include "base/id.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define ASK_WAIT_US (20 * SUGU_SECOND)
#define LOOKS_MAX   8 /* then what is open stays open */
#define TASKS_US    (60 * SUGU_SECOND)
#define DUE_NEVER   INT64_MAX

/* Somebody whose money has to be looked at. */
struct desk_slip {
    struct visit *visit;
    int64_t due_us;
    unsigned looks;
};

/* ---- asking */

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct desk_state *desk = user;

    if (desk->reply)
        sugu__reply__free_unpacked(desk->reply, NULL);
    desk->reply = (Sugu__Reply *)sugu_message_copy(&reply->base);
    desk->has_reply = true;
}

static void
pump(struct desk_state *desk, int64_t until_us)
{
    int64_t wait_us = sugu_client_due_us(desk->client), left_us = until_us - sim_now();

    wait_us = (wait_us + SUGU_MS - 1) / SUGU_MS * SUGU_MS;
    sim_wait(wait_us < left_us ? wait_us : left_us);
    sugu_client_step(desk->client); /* last: what has come ends the caller's waiting */
}

const Sugu__Reply *
desk_ask(struct desk_state *desk,
         enum desk_person who,
         Sugu__Request__BodyCase body_case,
         void *body)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_error error;

    request.body_case = body_case;
    request.check_in = body; /* every body is a pointer at the same place */
    if (!sugu_id_is_none(&desk->sign_ins[who]))
        request.sign_in = sugu_id_field(&desk->sign_ins[who]);
    desk->has_reply = false;
    if (sugu_client_request(
            desk->client, &request,
            &(struct sugu_ask){.wait_us = ASK_WAIT_US, .on_reply = on_reply, .user = desk},
            &error)) {
        sim_fail("the desk's client does not take a request: %s", error.code);
        sim_wait(INT64_MAX);
    }
    while (!desk->has_reply)
        pump(desk, INT64_MAX / 4);
    if (strcmp(desk->reply->code, "staff.sign-in-needed") == 0)
        desk->sign_ins[who] = (struct sugu_id){{0}};
    sim_note(desk->reply->code, (int64_t)body_case, desk->reply->status);
    return desk->reply;
}

bool
desk_is_ok(const Sugu__Reply *reply)
{
    return reply->status == SUGU__STATUS__OK;
}

static bool
sign_in(struct desk_state *desk, enum desk_person who)
{
    Sugu__SignIn body = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[4] = {1, 2, 3, (uint8_t)who};
    const Sugu__Reply *reply;

    if (!sugu_id_is_none(&desk->sign_ins[who]))
        return true;
    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    body.card = &card;
    reply = desk_ask(desk, who, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &body);
    if (desk_is_ok(reply) && reply->signed_in)
        desk->sign_ins[who] = sugu_id_of(&reply->signed_in->sign_in);
    return desk_is_ok(reply);
}

bool
desk_sign_in(struct desk_state *desk)
{
    return sign_in(desk, DESK_BOSS) && sign_in(desk, DESK_OTHER);
}

/* ---- what was held */

bool
desk_resolve(struct desk_state *desk, const Sugu__Attempt *attempt)
{
    Sugu__ResolvePayment body = SUGU__RESOLVE_PAYMENT__INIT;
    struct sugu_id id = sugu_id_of(&attempt->attempt);
    char provider_id[65] = "";
    int64_t yen = 0;
    enum truth truth = truth_of(desk->world, attempt->place, &id, &yen, provider_id);

    if (truth == TRUTH_OPEN)
        return false;
    body.attempt = sugu_id_field(&id);
    body.state = truth == TRUTH_MOVED ? SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
                                      : SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    body.approved_yen = yen;
    body.provider_id = provider_id;
    body.reason = (char *)"the device's own list";
    body.desk = (char *)DESK_NAME;
    if (desk_is_ok(desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_RESOLVE_PAYMENT, &body)))
        sim_count(SIM_COUNT_desk_resolutions);
    return true;
}

/* ---- giving back */

bool
desk_order_refund(struct desk_state *desk,
                  const struct sugu_id *original,
                  int64_t yen,
                  Sugu__RefundReason reason,
                  bool is_too_much)
{
    Sugu__OrderRefund body = SUGU__ORDER_REFUND__INIT;
    struct sugu_id refund = sugu_id_new(&desk->world->desk.clock, sim_random()), copy = *original;
    const Sugu__Reply *reply;

    body.refund = sugu_id_field(&refund);
    body.original = sugu_id_field(&copy);
    body.amount_yen = yen;
    body.reason = reason;
    body.note = (char *)"slip 1";
    body.desk = (char *)DESK_NAME;
    reply = desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_ORDER_REFUND, &body);
    sim_count(is_too_much ? SIM_COUNT_refunds_too_much : SIM_COUNT_refunds_ordered);
    if (desk_is_ok(reply) && is_too_much)
        sim_fail("a refund of %lld yen was accepted, which is more than was left", (long long)yen);
    return desk_is_ok(reply);
}

void
desk_decide_refund(struct desk_state *desk, const Sugu__Refund *refund)
{
    Sugu__DecideRefund body = SUGU__DECIDE_REFUND__INIT;
    struct sugu_id id = sugu_id_of(&refund->refund);

    body.refund = sugu_id_field(&id);
    body.is_granted = sim_chance(80);
    body.desk = (char *)DESK_NAME;
    desk_ask(desk, DESK_OTHER, SUGU__REQUEST__BODY_DECIDE_REFUND, &body);
}

/* What of an attempt was not given back for good: what is on its way may fail, and is left then. */
static int64_t
left_at_most(const Sugu__Money *money, const Sugu__Attempt *attempt)
{
    struct sugu_id id = sugu_id_of(&attempt->attempt);
    int64_t left = attempt->approved_yen;

    for (size_t i = 0; i < money->n_refunds; i++) {
        struct sugu_id original = sugu_id_of(&money->refunds[i]->original);
        if (money->refunds[i]->state == SUGU__REFUND_STATE__REFUND_DONE &&
            sugu_id_equal(&original, &id))
            left -= money->refunds[i]->amount_yen;
    }
    return left;
}

/* Of what this attempt took and still has. */
static void
give_back(struct desk_state *desk, const Sugu__Money *money, const Sugu__Attempt *attempt)
{
    static const Sugu__RefundReason reasons[] = {SUGU__REFUND_REASON__REFUND_VOID,
                                                 SUGU__REFUND_REASON__REFUND_CORRECTION,
                                                 SUGU__REFUND_REASON__REFUND_OVERPAID};
    int64_t left = attempt->approved_yen - attempt->refunded_yen;
    /* By hand it would be over at once: a server that was spoilt on purpose dies of it. */
    bool is_by_hand = attempt->method == SUGU__PAYMENT_METHOD__METHOD_DESK ||
                      attempt->method == SUGU__PAYMENT_METHOD__METHOD_CASH;
    bool is_too_much = sim_chance(30) && !(is_by_hand && *planted_name());
    int64_t yen = sim_chance(50) ? left : sim_between(1, left > 1 ? left : 1);
    struct sugu_id id = sugu_id_of(&attempt->attempt);

    if (is_too_much)
        yen = left_at_most(money, attempt) + sim_between(1, 2000);
    if (left > 0 || is_too_much)
        desk_order_refund(desk, &id, yen, reasons[sim_below(SUGU_ARRAY_SIZE(reasons))],
                          is_too_much);
}

/* ---- taking */

static void
settle(struct desk_state *desk, const Sugu__Money *money)
{
    Sugu__SettleBill body = SUGU__SETTLE_BILL__INIT;
    struct sugu_id bill = sugu_id_of(&money->bill);

    body.bill = sugu_id_field(&bill);
    body.revision = money->revision;
    body.amount_yen = money->total_yen - money->waived_yen - money->paid_yen;
    body.by = SUGU__DESK_MONEY__DESK_CASH;
    body.note = (char *)"slip 2";
    body.desk = (char *)DESK_NAME;
    if (desk_is_ok(desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_SETTLE_BILL, &body)))
        sim_count(SIM_COUNT_desk_settlements);
}

/* ---- one visit */

/* What is done about it now; false where nothing has to be done any more. */
static bool
act(struct desk_state *desk, const Sugu__Money *money)
{
    const Sugu__Attempt *paid = NULL;
    bool is_open = false;

    for (size_t i = 0; i < money->n_refunds; i++)
        if (money->refunds[i]->state == SUGU__REFUND_STATE__REFUND_WAITING) {
            desk_decide_refund(desk, money->refunds[i]);
            return true;
        }
    for (size_t i = 0; i < money->n_attempts; i++) {
        const Sugu__Attempt *attempt = money->attempts[i];
        if (attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD) {
            desk_resolve(desk, attempt);
            return true;
        }
        is_open = is_open || attempt->state < SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
                  attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN;
        if (attempt->kind != SUGU__ATTEMPT_KIND__ATTEMPT_REFUND && attempt->approved_yen > 0)
            paid = attempt;
    }
    if (paid && sim_chance(60)) {
        give_back(desk, money, paid);
        return true;
    }
    if (!is_open && money->paid_yen + money->waived_yen < money->total_yen && sim_chance(50)) {
        settle(desk, money);
        return true;
    }
    return is_open;
}

Sugu__Money *
desk_money(struct desk_state *desk, const struct sugu_id *bill)
{
    Sugu__GetMoney get = SUGU__GET_MONEY__INIT;
    struct sugu_id copy = *bill;
    const Sugu__Reply *reply;

    get.bill = sugu_id_field(&copy);
    reply = desk_ask(desk, DESK_BOSS, SUGU__REQUEST__BODY_GET_MONEY, &get);
    return desk_is_ok(reply) ? (Sugu__Money *)sugu_message_copy(&reply->money->base) : NULL;
}

static bool
look(struct desk_state *desk, const struct desk_slip *slip)
{
    Sugu__Money *money;
    bool has_more;

    if (!desk_sign_in(desk))
        return true;
    money = desk_money(desk, &slip->visit->bill);
    if (!money)
        return desk->reply->status != SUGU__STATUS__REFUSED;
    has_more = act(desk, money);
    sugu__money__free_unpacked(money, NULL);
    return has_more;
}

static void
serve(struct desk_state *desk, struct desk_slip *slip)
{
    bool has_more = look(desk, slip);

    slip->due_us = sim_now() + sim_between(5, 60) * SUGU_SECOND;
    if (!has_more || ++slip->looks >= LOOKS_MAX) {
        slip->due_us = DUE_NEVER;
        desk->open--;
    }
}

/* ---- the program */

static void
open_client(struct desk_state *desk)
{
    struct sugu_client_settings settings = world_client('D', 1);
    struct sugu_client_callbacks callbacks = {.user = desk};
    struct sugu_error error;

    desk->context = zmq_ctx_new();
    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){desk->context, &desk->world->desk.clock,
                                                    sim_random(), sugu_store_memory()},
                        &desk->client, &error))
        sim_fail("the desk does not start: %s", error.detail);
}

static void
desk_main(void *user)
{
    struct world *world = user;
    struct desk_state *desk = world->desk_state;

    open_client(desk);
    while (!*sim_failure()) {
        struct desk_slip *next = NULL;
        for (unsigned i = 0; i < desk->count; i++)
            if (desk->slips[i].due_us != DUE_NEVER &&
                (!next || desk->slips[i].due_us < next->due_us))
                next = &desk->slips[i];
        if (next && next->due_us <= sim_now()) {
            serve(desk, next);
        } else if (desk->tasks_us <= sim_now()) {
            desk->has_tasks = desk_do_tasks(desk);
            desk->tasks_us = sim_now() + sim_between(TASKS_US / 2, TASKS_US);
        } else {
            pump(desk, next && next->due_us < desk->tasks_us ? next->due_us : desk->tasks_us);
        }
    }
}

static void
start_again(void *user)
{
    sim_thread_start(&((struct world *)user)->desk, desk_main, user);
}

/* What the two people want stays, and what they were at they do not know: they look again. */
static void
on_killed(struct sim_program *program)
{
    struct world *world = program->user;
    struct desk_state *desk = world->desk_state;

    sugu_client_free(desk->client);
    if (desk->context)
        zmq_ctx_term(desk->context);
    if (desk->reply)
        sugu__reply__free_unpacked(desk->reply, NULL);
    desk->client = desk->context = NULL;
    desk->reply = NULL;
    memset(desk->sign_ins, 0, sizeof desk->sign_ins);
    sim_at(sim_now() + sim_between(SUGU_SECOND, 30 * SUGU_SECOND), start_again, world);
}

void
desk_told(struct world *world, struct visit *visit)
{
    struct desk_state *desk = world->desk_state;

    if (!sim_chance(world->settings.desk))
        return;
    desk->slips[desk->count++] =
        (struct desk_slip){.visit = visit, .due_us = sim_now() + sim_between(1, 90) * SUGU_SECOND};
    desk->open++;
    sim_wake(world->desk.main_thread);
}

const char *
desk_left(const struct world *world)
{
    return world->desk_state->has_tasks ? world->desk_state->left : "";
}

bool
desk_is_idle(const struct world *world)
{
    return world->desk_state->open == 0 && !world->desk_state->has_tasks;
}

void
desk_begin(struct world *world)
{
    sim_program_init(&world->desk, SIM_DESK, 0);
    world->desk_state = calloc(1, sizeof *world->desk_state);
    if (!world->desk_state)
        abort();
    world->desk_state->slips = calloc(WORLD_VISITS_MAX, sizeof(struct desk_slip));
    if (!world->desk_state->slips)
        abort();
    world->desk_state->world = world;
    /* where nobody goes to the desk nobody works there */
    world->desk_state->tasks_us = world->settings.desk > 0 ? TASKS_US : INT64_MAX / 4;
    world->desk.on_killed = on_killed;
    world->desk.user = world;
    sim_thread_start(&world->desk, desk_main, world);
}
