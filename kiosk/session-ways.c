/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-ways - ways to pay, cash and codes as facts and events of the flow
 *
 * Sums are what the payment program says, which has them in its journal before it says them.
 */
#include "session-private.h"

#include "base/text.h"

#include <string.h>

/* ---------------------------------------------------------------- which ways there are */

void
kiosk_ways_set(struct kiosk_session *session, Sugu__Part part, bool works)
{
    enum kiosk_way way = part == SUGU__PART__PART_CASH   ? KIOSK_WAY_CASH
                         : part == SUGU__PART__PART_CODE ? KIOSK_WAY_CODE
                                                         : KIOSK_WAY_CARD;

    session->facts.place.ways &= ~KIOSK_WAY_BIT(way);
    if (works)
        session->facts.place.ways |= KIOSK_WAY_BIT(way);
}

bool
kiosk_ways_allow(const struct kiosk_session *session, enum sugu_kiosk_event event)
{
    const struct kiosk_person *person = &session->facts.person;
    unsigned ways = session->facts.place.ways;

    if (event == SUGU_KIOSK_ON_PAY && session->flow.resume == SUGU_KIOSK_BILL)
        return ways != 0 || person->bill.ask_yen == 0;
    if (event == SUGU_KIOSK_ON_PAY)
        return ways & KIOSK_WAY_BIT(KIOSK_WAY_CARD);
    if (event == SUGU_KIOSK_ON_PAY_CASH)
        return ways & KIOSK_WAY_BIT(KIOSK_WAY_CASH);
    if (event == SUGU_KIOSK_ON_PAY_CODE)
        return ways & KIOSK_WAY_BIT(KIOSK_WAY_CODE);
    if (event == SUGU_KIOSK_ON_CHOOSE_WAY)
        return ways & (ways - 1) && !sugu_id_is_none(&session->session);
    if (event == SUGU_KIOSK_ON_STORE_CARD)
        return person->consent.version != 0;
    if (event == SUGU_KIOSK_ON_FIX)
        return person->cash.stage == KIOSK_CASH_IS_TAKING && person->cash.in_yen > 0;
    if (event == SUGU_KIOSK_ON_PAY_OLD)
        return kiosk_facts_payable(person) > 0;
    if (event == SUGU_KIOSK_ON_NEXT_OLD)
        return kiosk_facts_payable(person) > 1;
    return true;
}

enum sugu_kiosk_event
kiosk_ways_turn(const struct kiosk_session *session, enum sugu_kiosk_event event)
{
    unsigned ways = session->facts.place.ways;

    /* What the stored card does today is read before one goes. */
    if (session->flow.state == SUGU_KIOSK_TICKET && event == SUGU_KIOSK_ON_DONE &&
        session->facts.person.card.state > KIOSK_CARD_IS_WAITING &&
        session->facts.person.card.state < KIOSK_CARD_IS_ENDED &&
        !session->facts.person.card.is_told)
        return SUGU_KIOSK_ON_MY_CARD;
    /* Whose window was started anew has no bill to go back to. */
    if (session->flow.state == SUGU_KIOSK_PAY_TROUBLE && sugu_id_is_none(&session->session) &&
        (event == SUGU_KIOSK_ON_AGAIN || event == SUGU_KIOSK_ON_BACK))
        return SUGU_KIOSK_ON_DONE;
    if (event != SUGU_KIOSK_ON_PAY || session->flow.state != SUGU_KIOSK_BILL ||
        session->facts.person.bill.ask_yen == 0)
        return event;
    if (ways & (ways - 1))
        return SUGU_KIOSK_ON_CHOOSE_WAY;
    if (ways == KIOSK_WAY_BIT(KIOSK_WAY_CASH))
        return SUGU_KIOSK_ON_PAY_CASH;
    return ways == KIOSK_WAY_BIT(KIOSK_WAY_CODE) ? SUGU_KIOSK_ON_PAY_CODE : SUGU_KIOSK_ON_PAY;
}

/* ---------------------------------------------------------------- cash */

static enum kiosk_cash_stage
stage_of(Sugu__CashStage stage)
{
    switch (stage) {
    case SUGU__CASH_STAGE__CASH_OPENING:
        return KIOSK_CASH_IS_OPENING;
    case SUGU__CASH_STAGE__CASH_TAKING:
        return KIOSK_CASH_IS_TAKING;
    case SUGU__CASH_STAGE__CASH_COUNTING:
        return KIOSK_CASH_IS_COUNTING;
    case SUGU__CASH_STAGE__CASH_GIVING:
        return KIOSK_CASH_IS_GIVING;
    case SUGU__CASH_STAGE__CASH_DONE:
        return KIOSK_CASH_IS_DONE;
    case SUGU__CASH_STAGE__CASH_FAULT:
        return KIOSK_CASH_IS_FAULT;
    case _SUGU__CASH_STAGE_IS_INT_SIZE:
        break;
    }
    return KIOSK_CASH_IS_NONE;
}

static void
copy_cash(struct kiosk_cash *to, const Sugu__CashProgress *from)
{
    to->stage = stage_of(from->stage);
    to->in_yen = from->in_yen;
    to->out_yen = from->out_yen;
    to->owed_yen = from->owed_yen;
    to->unit_count = 0;
    for (size_t i = 0; i < from->n_units && to->unit_count < KIOSK_UNITS_MAX; i++)
        to->units[to->unit_count++] = from->units[i]->yen;
    sugu_text_copy(to->code, sizeof to->code, from->code);
}

/* What was said before the patient wanted to stop may come behind it: the page does not go back. */
static void
tell_stage(struct kiosk_session *session)
{
    const struct kiosk_cash *cash = &session->facts.person.cash;

    switch (cash->stage) {
    case KIOSK_CASH_IS_OPENING:
    case KIOSK_CASH_IS_TAKING:
        if (!cash->is_stopped)
            kiosk_session_event(session, SUGU_KIOSK_ON_CASH_TAKING, "");
        else
            kiosk_session_refresh(session);
        return;
    case KIOSK_CASH_IS_COUNTING:
    case KIOSK_CASH_IS_GIVING:
    case KIOSK_CASH_IS_DONE:
        kiosk_session_event(session, SUGU_KIOSK_ON_CASH_MOVING, "");
        return;
    case KIOSK_CASH_IS_NONE:
    case KIOSK_CASH_IS_FAULT: /* the outcome of the attempt leads on */
        kiosk_session_refresh(session);
        return;
    }
}

bool
kiosk_ways_adopt(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    enum sugu_kiosk_state state = session->flow.state;
    struct kiosk_bill *bill = &session->facts.person.bill;

    if ((state != SUGU_KIOSK_WELCOME && state != SUGU_KIOSK_CLOSED) || !progress->cash ||
        progress->cash->stage > SUGU__CASH_STAGE__CASH_GIVING ||
        (progress->state != SUGU__ATTEMPT_STATE__ATTEMPT_SENT &&
         progress->state != SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN))
        return false;
    bill->bill = sugu_id_of(&progress->bill);
    bill->due_yen = bill->ask_yen = progress->amount_yen;
    return true;
}

void
kiosk_ways_end(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    struct kiosk_cash *cash = &session->facts.person.cash;

    if (!progress->cash)
        return;
    copy_cash(cash, progress->cash);
    cash->is_paid = progress->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    if (cash->owed_yen > 0 && !sugu_id_equal(&session->claimed, &session->attempt))
        kiosk_session_event(session, SUGU_KIOSK_ON_CHANGE_OWED, "cash.change-owed");
}

/* ---------------------------------------------------------------- codes */

static unsigned
seconds_left(const struct kiosk_session *session)
{
    int64_t now = session->clock->utc_us(session->clock);
    int64_t left_us = session->facts.person.offer.until_utc_us - now;

    return left_us > 0 ? (unsigned)((left_us + SUGU_SECOND - 1) / SUGU_SECOND) : 0;
}

static void count_second(struct kiosk_session *session);

static gboolean
on_second(void *user)
{
    struct kiosk_session *session = user;

    session->offer_timer = 0;
    session->facts.person.offer.left_s = seconds_left(session);
    kiosk_session_refresh(session);
    if (session->facts.person.offer.left_s > 0)
        count_second(session);
    return G_SOURCE_REMOVE;
}

/* Wakes up when the next second is over: a timer of a second each would drift and skip one. */
static void
count_second(struct kiosk_session *session)
{
    int64_t now = session->clock->utc_us(session->clock);
    int64_t left_us = session->facts.person.offer.until_utc_us - now;
    int64_t rest_us = left_us > 0 ? left_us % SUGU_SECOND : 0;

    session->offer_timer = g_timeout_add((guint)(rest_us / SUGU_MS + 1), on_second, session);
}

void
kiosk_ways_count_down(struct kiosk_session *session)
{
    if (session->flow.state != SUGU_KIOSK_CODE)
        g_clear_handle_id(&session->offer_timer, g_source_remove);
    else if (session->offer_timer == 0 && session->facts.person.offer.left_s > 0)
        count_second(session);
}

static void
take_offer(struct kiosk_session *session, const Sugu__CodeOffer *from)
{
    struct kiosk_offer *to = &session->facts.person.offer;

    sugu_text_copy(to->payload, sizeof to->payload, from->payload);
    sugu_text_copy(to->brand, sizeof to->brand, from->brand);
    to->until_utc_us = from->until_utc_us;
    to->left_s = seconds_left(session);
    kiosk_session_event(session, SUGU_KIOSK_ON_CODE_OFFERED, "");
    kiosk_ways_count_down(session);
}

void
kiosk_ways_take(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    if (progress->cash) {
        session->facts.person.way = KIOSK_WAY_CASH;
        copy_cash(&session->facts.person.cash, progress->cash);
        tell_stage(session);
    } else if (progress->code_offer && progress->code_offer->payload[0]) {
        session->facts.person.way = KIOSK_WAY_CODE;
        take_offer(session, progress->code_offer);
    }
}
