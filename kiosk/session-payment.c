/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-payment - the session's talk with sugu-payment over ipc
 *
 * A payment that was started and is not heard of again is never taken for failed: it is asked for
 * until it is known or a person has to find out.
 */
#include "session-private.h"

#include <string.h>

/* A device that wakes up later than this must not begin to take money with nobody there. */
#define PAY_DEADLINE_US (10 * SUGU_SECOND)

/* The code says what is special about an approval; owed change is nothing special about the bill.
 */
static bool
is_part(const Sugu__PaymentProgress *progress)
{
    return progress->approved_yen < progress->amount_yen ||
           (progress->code[0] && strcmp(progress->code, "cash.change-owed") != 0);
}

static void
take_approved(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    /* The rest is still due, and the server says how much when it has taken the payment in. */
    if (is_part(progress)) {
        if (!progress->is_final)
            return;
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_PARTIAL, "payment.partial");
        if (session->facts.person.bill.is_old)
            kiosk_server_get_bill(session);
        return;
    }
    kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_APPROVED, "");
    if (progress->is_final)
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_SETTLED, "");
}

/* The cancelling needs the attempt's id: one that was wanted before goes out when it is known. */
void
kiosk_take_payment(struct kiosk_session *session, const Sugu__PaymentProgress *progress)
{
    const struct kiosk_bill *bill = &session->facts.person.bill;
    struct sugu_id id = sugu_id_of(&progress->bill);

    if (progress->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER) {
        kiosk_card_take_progress(session, progress);
        return;
    }
    if (!kiosk_ways_adopt(session, progress) &&
        (sugu_id_is_none(&bill->bill) || !sugu_id_equal(&id, &bill->bill)))
        return;
    session->attempt = sugu_id_of(&progress->attempt);
    switch (progress->state) {
    case SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_SENT:
        if (session->is_abort_wanted)
            kiosk_device_abort(session);
        kiosk_ways_take(session, progress);
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED:
        kiosk_ways_end(session, progress);
        take_approved(session, progress);
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED:
        kiosk_ways_end(session, progress);
        if (session->facts.person.cash.owed_yen > 0)
            kiosk_session_event(session, SUGU_KIOSK_ON_MONEY_OWED, "");
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_DECLINED,
                            progress->code[0] ? progress->code : "payment.declined");
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED:
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_DECLINED, "payment.cancelled");
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN:
        /* After a restart of the program: its cash is known all the same. */
        if (progress->cash && progress->cash->stage <= SUGU__CASH_STAGE__CASH_GIVING) {
            kiosk_ways_take(session, progress);
            return;
        }
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_UNKNOWN, "");
        return;
    case SUGU__ATTEMPT_STATE__ATTEMPT_HELD:
        kiosk_ways_take(session, progress);
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_HELD, "payment.held");
        return;
    case _SUGU__ATTEMPT_STATE_IS_INT_SIZE:
        return;
    }
}

static void
on_started(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    /* An attempt is open on this bill, perhaps from another kiosk: it is asked for. */
    if (reply->status == SUGU__STATUS__UNKNOWN || reply->status == SUGU__STATUS__BROKEN ||
        strcmp(reply->code, "payment.open") == 0)
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_UNKNOWN, "");
    else if (reply->status != SUGU__STATUS__OK)
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_NOT_STARTED, reply->code);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        kiosk_take_payment(session, reply->payment_progress);
}

static Sugu__PaymentMethod
method_of(const struct kiosk_bill *bill, enum sugu_kiosk_event event)
{
    if (bill->ask_yen == 0)
        return SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE;
    if (event == SUGU_KIOSK_ON_PAY_CASH)
        return SUGU__PAYMENT_METHOD__METHOD_CASH;
    return event == SUGU_KIOSK_ON_PAY_CODE ? SUGU__PAYMENT_METHOD__METHOD_CODE
                                           : SUGU__PAYMENT_METHOD__METHOD_CARD;
}

void
kiosk_device_pay(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    const struct kiosk_bill *bill = &session->facts.person.bill;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    session->attempt = (struct sugu_id){{0}}; /* whatever was before is over */
    session->is_abort_wanted = false;
    session->facts.person.cash = (struct kiosk_cash){.stage = KIOSK_CASH_IS_NONE};
    session->facts.person.offer = (struct kiosk_offer){.left_s = 0};
    session->facts.person.way = event == SUGU_KIOSK_ON_PAY_CASH   ? KIOSK_WAY_CASH
                                : event == SUGU_KIOSK_ON_PAY_CODE ? KIOSK_WAY_CODE
                                                                  : KIOSK_WAY_CARD;
    start.session = sugu_id_field(&session->session);
    start.bill = sugu_id_field(&bill->bill);
    start.revision = bill->revision;
    start.amount_yen = bill->ask_yen;
    start.method = method_of(bill, event);
    start.kind = bill->is_deposit ? SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT
                                  : SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT;
    request.deadline_utc_us = session->clock->utc_us(session->clock) + PAY_DEADLINE_US;
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    if (!kiosk_device_ask(session, &session->payment, &request, KIOSK_DEVICE_WAIT_US, on_started))
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_NOT_STARTED, "terminal.away");
}

static void
on_asked(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (session && reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        kiosk_take_payment(session, reply->payment_progress);
}

void
kiosk_device_abort(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AbortPayment abort_payment = SUGU__ABORT_PAYMENT__INIT;

    session->facts.person.cash.is_stopped = true;
    session->is_abort_wanted = sugu_id_is_none(&session->attempt);
    if (session->is_abort_wanted)
        return;
    abort_payment.attempt = sugu_id_field(&session->attempt);
    request.body_case = SUGU__REQUEST__BODY_ABORT_PAYMENT;
    request.abort_payment = &abort_payment;
    kiosk_device_ask(session, &session->payment, &request, KIOSK_DEVICE_WAIT_US, on_asked);
}

void
kiosk_device_fix(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FixPayment fix = SUGU__FIX_PAYMENT__INIT;

    if (sugu_id_is_none(&session->attempt))
        return;
    fix.attempt = sugu_id_field(&session->attempt);
    request.body_case = SUGU__REQUEST__BODY_FIX_PAYMENT;
    request.fix_payment = &fix;
    kiosk_device_ask(session, &session->payment, &request, KIOSK_DEVICE_WAIT_US, on_asked);
}

static void
on_payment_known(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        kiosk_take_payment(session, reply->payment_progress);
    else if (strcmp(reply->code, "payment.unknown-attempt") == 0)
        /* This kiosk knows of none: another one has it, or nobody does. Staff find out. */
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_HELD, "payment.held");
}

void
kiosk_device_ask_payment(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment get = SUGU__GET_PAYMENT__INIT;

    get.bill = sugu_id_field(&session->facts.person.bill.bill);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &get;
    kiosk_device_ask(session, &session->payment, &request, KIOSK_DEVICE_WAIT_US, on_payment_known);
}

/*
 * Does a payment of this person wait for its outcome? One that the program has not taken yet does
 * not: its request is sent again by itself, before any question about it.
 */
static bool
is_attempt_open(const struct kiosk_session *session)
{
    return session->flow.state == SUGU_KIOSK_UNCLEAR ||
           (sugu_kiosk_kind_of(session->flow.state) == SUGU_KIOSK_MONEY &&
            !sugu_id_is_none(&session->attempt));
}

void
kiosk_payment_lost(struct kiosk_session *session)
{
    if (is_attempt_open(session))
        kiosk_session_event(session, SUGU_KIOSK_ON_PAYMENT_UNKNOWN, "");
}

void
kiosk_payment_back(struct kiosk_session *session)
{
    if (is_attempt_open(session) || session->flow.state == SUGU_KIOSK_HELD ||
        session->flow.state == SUGU_KIOSK_SETTLING)
        kiosk_device_ask_payment(session);
}
