/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world-payment - the scripted payment program of a kiosk's world
 */
#include "emulators/kiosk-world-private.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <string.h>

/* What a progress points into. */
struct made_progress {
    Sugu__PaymentProgress progress;
    Sugu__CashProgress cash;
    Sugu__CashUnit units[2], *places[2];
    Sugu__CodeOffer offer;
};

static void
fill_cash(struct kiosk_world *world, struct made_progress *made)
{
    static const int64_t units[] = {100, 1000};

    sugu__cash_progress__init(&made->cash);
    made->cash.stage = world->stage_of_cash;
    made->cash.in_yen = world->in_yen;
    made->cash.out_yen = world->out_yen;
    made->cash.owed_yen = world->owed_yen;
    if (world->cash_code)
        made->cash.code = (char *)world->cash_code;
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(units); i++) {
        made->places[i] = &made->units[i];
        sugu__cash_unit__init(made->places[i]);
        made->units[i].yen = units[i];
    }
    made->cash.n_units = SUGU_ARRAY_SIZE(units);
    made->cash.units = made->places;
    made->progress.cash = &made->cash;
}

static void
fill_offer(struct kiosk_world *world, struct made_progress *made)
{
    sugu__code_offer__init(&made->offer);
    made->offer.payload = (char *)world->offer;
    made->offer.brand = "PayPay";
    made->offer.until_utc_us = world->clock.clock.utc_us(&world->clock.clock) +
                               (world->offer_s ? world->offer_s : 300) * SUGU_SECOND;
    made->progress.code_offer = &made->offer;
}

static Sugu__PaymentProgress *
make_progress(struct kiosk_world *world, struct made_progress *made)
{
    Sugu__PaymentProgress *progress = &made->progress;
    bool is_register = world->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;

    sugu__payment_progress__init(progress);
    progress->attempt = sugu_id_field(is_register ? &world->card : &world->bill);
    if (!is_register)
        progress->bill = sugu_id_field(&world->paid_bill);
    progress->kind = world->kind;
    progress->method = world->method;
    progress->amount_yen = world->asked_yen;
    if (world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        progress->approved_yen = world->approved_yen ? world->approved_yen : world->asked_yen;
    if (world->has_cash)
        fill_cash(world, made);
    if (world->offer)
        fill_offer(world, made);
    progress->state = world->attempt;
    progress->code = (char *)(world->attempt_code ? world->attempt_code : "");
    progress->is_final = world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    return progress;
}

void
kiosk_world_tell_payment(struct kiosk_world *world)
{
    struct made_progress made;
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_PAYMENT_CHANGED;
    event.payment_changed = make_progress(world, &made);
    sugu_service_publish(world->services[KIOSK_PEER_PAYMENT], &event);
}

static void
note_start(struct kiosk_world *world, const Sugu__Request *request)
{
    const Sugu__StartPayment *start = request->start_payment;

    ck_assert_int_gt(request->deadline_utc_us, 0);
    world->started++;
    world->method = start->method;
    world->kind = start->kind;
    world->asked_yen = start->amount_yen;
    if (start->kind != SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER) {
        world->paid_bill = sugu_id_of(&start->bill);
    } else { /* it is the card that was agreed to, and of no bill */
        struct sugu_id attempt = sugu_id_of(&start->attempt);
        ck_assert(sugu_id_equal(&attempt, &world->card));
        ck_assert_uint_eq(start->bill.len, 0);
    }
}

static void
note_abort(struct kiosk_world *world, const Sugu__AbortPayment *abort_payment)
{
    struct sugu_id attempt = sugu_id_of(&abort_payment->attempt);

    ck_assert(sugu_id_equal(&attempt, world->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER
                                          ? &world->card
                                          : &world->bill));
    world->aborted++;
    if (world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_SENT && !world->has_cash) {
        world->attempt = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
        world->attempt_code = "payment.cancelled";
    }
}

void
kiosk_world_on_payment_request(void *user,
                               const struct sugu_asker *asker,
                               const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct made_progress made;

    if (world->is_payment_mute)
        return;
    if (request->body_case == SUGU__REQUEST__BODY_ABORT_PAYMENT)
        note_abort(world, request->abort_payment);
    if (request->body_case == SUGU__REQUEST__BODY_FIX_PAYMENT)
        world->fixed++;
    if (request->body_case == SUGU__REQUEST__BODY_START_PAYMENT)
        note_start(world, request);
    if (world->start_code && request->body_case == SUGU__REQUEST__BODY_START_PAYMENT) {
        struct sugu_error error;
        sugu_fail(&error, SUGU_RETRY, world->start_code, "scripted");
        sugu_service_reply_error(world->services[KIOSK_PEER_PAYMENT], asker, &error);
        return;
    }
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_PROGRESS;
    reply.payment_progress = make_progress(world, &made);
    sugu_service_reply(world->services[KIOSK_PEER_PAYMENT], asker, &reply);
}

void
kiosk_world_set_way(struct kiosk_world *world, Sugu__Part part, Sugu__PartHealth health)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState state = SUGU__PART_STATE__INIT;
    bool works = health != SUGU__PART_HEALTH__PART_AWAY;
    enum kiosk_way way = part == SUGU__PART__PART_CASH   ? KIOSK_WAY_CASH
                         : part == SUGU__PART__PART_CODE ? KIOSK_WAY_CODE
                                                         : KIOSK_WAY_CARD;

    state.part = part;
    state.health = health;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &state;
    sugu_service_publish(world->services[KIOSK_PEER_PAYMENT], &event);
    while (((world->session->facts.place.ways & KIOSK_WAY_BIT(way)) != 0) != works)
        g_main_context_iteration(NULL, TRUE);
}

/* As the real one: its parts, and what is open. */
void
kiosk_world_on_payment_listener(void *user)
{
    struct kiosk_world *world = user;

    kiosk_world_publish_part(world, KIOSK_PEER_PAYMENT, SUGU__PART__PART_TERMINAL);
    if (world->has_cash)
        kiosk_world_tell_payment(world);
}
