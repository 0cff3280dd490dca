/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change-card - a desk stops a card on file, lets it pay again, or ends it; and what becomes of
 * the token of an ended one
 */
#include "handlers/change-card.h"

#include "handlers/dues.h"
#include "handlers/money.h"
#include "handlers/view.h"

#include <string.h>

/* ---- ChangeCard */

struct change_card {
    struct sugu_card_find_row known; /* only to learn whose it is: the visit's lock comes first */
    struct sugu_dues_visit_of_row dues;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_of_visit_row bill_of_visit;
    struct sugu_card_lock_row lock;
    struct sugu_card_facts_rows cards;
    struct sugu_bill_view view; /* the bill is offered at the kiosks again */
};

static void
change_card_done(void *state)
{
    struct change_card *change = state;

    sugu_card_facts_rows_done(&change->cards);
    sugu_bill_view_done(&change->view);
}
const struct sugu_state sugu_state_change_card = {sizeof(struct change_card), change_card_done};

static struct sugu_card_asked
asked_of(const struct sugu_work *work)
{
    const struct change_card *change = work->state;

    return (struct sugu_card_asked){.patient = change->known.patient,
                                    .visit = change->dues.visit,
                                    .card = sugu_id_of(&work->request->change_card->card)};
}

static bool
send_dues(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_card *change = work->state;

    if (!change->known.is_found) {
        sugu_work_refuse(work, "later.not-allowed", "no such card");
        return false;
    }
    sugu_db_dues_visit_of(batch->db,
                          &(struct sugu_dues_visit_of_params){.facility = batch->facility.facility,
                                                              .patient = change->known.patient},
                          &change->dues);
    return true;
}

/* Locks in the order visit, card. */
static void
send_change_locks(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_card *change = work->state;
    struct sugu_card_asked asked = asked_of(work);
    int32_t facility = batch->facility.facility;

    if (change->dues.is_found) {
        sugu_db_visit_lock(
            batch->db, &(struct sugu_visit_lock_params){.facility = facility, .visit = asked.visit},
            &change->visit);
        sugu_db_bill_of_visit(
            batch->db,
            &(struct sugu_bill_of_visit_params){.facility = facility, .visit = asked.visit},
            &change->bill_of_visit);
    }
    sugu_card_lock(batch, &asked, &change->lock);
    sugu_card_facts_send(batch, &asked, 1, &change->cards);
}

static bool
step_card(struct sugu_batch *batch, struct sugu_card_facts_row *card, Sugu__CardVerb verb)
{
    switch (verb) {
    case SUGU__CARD_VERB__CARD_SUSPEND:
        return card->state == SUGU_ON_FILE_ACTIVE &&
               sugu_card_step(batch, card, SUGU_ON_FILE_ON_STOPPED, "later.suspended");
    case SUGU__CARD_VERB__CARD_RELEASE:
        return sugu_card_step(batch, card, SUGU_ON_FILE_ON_RELEASED, "");
    case SUGU__CARD_VERB__CARD_END:
        if (card->state == SUGU_ON_FILE_ENDED)
            return false;
        sugu_dues_end(batch, card, "later.not-allowed");
        return sugu_card_step(batch, card, SUGU_ON_FILE_ON_TAKEN_BACK, "");
    case _SUGU__CARD_VERB_IS_INT_SIZE:
        break;
    }
    return false;
}

static const char *
verb_name(Sugu__CardVerb verb)
{
    static const char *const names[] = {[SUGU__CARD_VERB__CARD_SUSPEND] = "suspend-card",
                                        [SUGU__CARD_VERB__CARD_RELEASE] = "release-card",
                                        [SUGU__CARD_VERB__CARD_END] = "end-card"};

    return names[verb];
}

static bool
write_change(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_card *change = work->state;
    const Sugu__ChangeCard *body = work->request->change_card;
    struct sugu_card_facts_row *card = change->cards.count > 0 ? &change->cards.rows[0] : NULL;
    struct sugu_card_asked asked = asked_of(work);

    if (!*body->reason) {
        sugu_work_refuse(work, "payment.reason-needed", "");
        return false;
    }
    if (!card || !step_card(batch, card, body->verb)) {
        sugu_work_refuse(work, "later.not-allowed", "");
        return false;
    }
    sugu_audit(batch, work, verb_name(body->verb), change->dues.is_found ? &asked.visit : NULL,
               body->reason);
    if (change->bill_of_visit.is_found)
        sugu_bill_view_send(batch, &change->view, change->bill_of_visit.bill);
    sugu_card_facts_send(batch, &asked, 1, &change->cards);
    return true;
}

static void
reply_change(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_card *change = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__CardOnFile card;

    if (change->view.row.is_found)
        sugu_bill_view_publish(batch, &change->view);
    sugu_card_fill(&change->cards.rows[0], batch->day, &card);
    reply.body_case = SUGU__REPLY__BODY_CARD_ON_FILE;
    reply.card_on_file = &card;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_change_card(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct change_card *change = work->state;

    (void)count;
    switch (round) {
    case 0:
        sugu_db_card_find(
            batch->db,
            &(struct sugu_card_find_params){.facility = batch->facility.facility,
                                            .card = sugu_id_of(&work->request->change_card->card)},
            &change->known);
        return true;
    case 1:
        return send_dues(batch, work);
    case 2:
        send_change_locks(batch, work);
        return true;
    case 3:
        return write_change(batch, work);
    default:
        reply_change(batch, work);
        return false;
    }
}

/* ---- the provider forgets an ended card */

struct forget {
    struct sugu_card_forget_row card;
};
static const struct sugu_state forget_state = {sizeof(struct forget), NULL};

/* What it held for visits that it does not pay any more is let go first; then it is looked at
 * again. */
static void
order_forget(struct sugu_batch *batch, const struct sugu_work *work, const struct forget *forget)
{
    bool has_hold = !sugu_id_is_none(&forget->card.hold);

    sugu_order_payment(batch,
                       &(struct sugu_order){.attempt = sugu_id_new(batch->clock, batch->random),
                                            .client = forget->card.client,
                                            .place = forget->card.place,
                                            .kind = has_hold ? SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE
                                                             : SUGU__ATTEMPT_KIND__ATTEMPT_FORGET,
                                            .method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE,
                                            .amount_yen = forget->card.hold_yen,
                                            .original = forget->card.hold,
                                            .original_provider_id = forget->card.hold_provider_id,
                                            .token = forget->card.token,
                                            .payer = forget->card.payer,
                                            .patient = forget->card.patient,
                                            .visit = forget->card.hold_visit,
                                            .card = work->subject});
}

static bool
step_forget(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct forget *forget = work->state;

    (void)count;
    if (round == 0) {
        sugu_db_card_forget(batch->db,
                            &(struct sugu_card_forget_params){.facility = batch->facility.facility,
                                                              .card = work->subject},
                            &forget->card);
        return true;
    }
    if (forget->card.is_found)
        order_forget(batch, work, forget);
    explicit_bzero(forget->card.token, sizeof forget->card.token);
    sugu_work_reply_ok(work);
    return false;
}

const struct sugu_handler sugu_handler_forget = {
    .is_read = true, /* nobody asks for its reply */
    .state = &forget_state,
    .step = step_forget,
};
