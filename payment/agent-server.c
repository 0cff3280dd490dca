/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-server - what the queue server is asked and told about an attempt, and what it answers
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#define ASK_AGAIN_US      SUGU_SECOND
#define OPEN_PAYMENTS_MAX 40                 /* of OpenWork (bounds.def) */
#define ASK_AGAIN_SLOW_US (30 * SUGU_SECOND) /* a human has to do something first */

static void
ask(struct sugu_agent *agent, struct sugu_slot *slot, uint32_t number)
{
    struct sugu_id id = sugu_attempt_request_id(&slot->attempt, number);
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_cash_told cash;
    Sugu__BeginPayment begin;
    Sugu__EndPayment end;

    slot->is_asking = true;
    slot->asked_number = number;
    if (number == 0) {
        sugu_attempt_to_begin(&slot->attempt, &begin);
        request.body_case = SUGU__REQUEST__BODY_BEGIN_PAYMENT;
        request.begin_payment = &begin;
    } else {
        sugu_attempt_to_end(&slot->attempt, &end);
        sugu_agent_cash_put_end(agent, &slot->attempt, &end, &cash);
        if (agent->has_failed)
            return;
        request.body_case = SUGU__REQUEST__BODY_END_PAYMENT;
        request.end_payment = &end;
    }
    if (!agent->ways.ask_server(agent->ways.user, &id, &request)) {
        slot->is_asking = false;
        slot->ask_due_us = sugu_agent_now(agent) + ASK_AGAIN_US;
    }
}

/* Is there something that the server has to be asked now or later? */
static bool
has_question(const struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;

    return attempt->server_stage == SUGU_SERVER_NOT_ASKED ||
           (attempt->server_stage == SUGU_SERVER_BEGUN &&
            attempt->report_done < attempt->report_number);
}

/* Nothing was sent yet, and the server does not answer: the patient does not wait for ever. */
static bool
is_begin_overdue(const struct sugu_agent *agent, const struct sugu_slot *slot)
{
    return slot->attempt.state == SUGU_ATTEMPT_INTENDED &&
           slot->attempt.server_stage == SUGU_SERVER_NOT_ASKED &&
           slot->attempt.method != SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE &&
           !sugu_attempt_is_order(&slot->attempt) &&
           sugu_agent_now(agent) - slot->first_asked_us >= agent->settings.begin_wait_us;
}

void
sugu_agent_step_server(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;

    if (is_begin_overdue(agent, slot))
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, "server.away");
    if (attempt->state == SUGU_ATTEMPT_INTENDED && attempt->server_stage == SUGU_SERVER_BEGUN &&
        attempt->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOTHING_DUE, "");
    if (slot->is_asking || !has_question(slot) || sugu_agent_now(agent) < slot->ask_due_us ||
        agent->has_failed)
        return;
    ask(agent, slot, attempt->server_stage == SUGU_SERVER_NOT_ASKED ? 0 : attempt->report_number);
}

int64_t
sugu_agent_server_due(const struct sugu_agent *agent, const struct sugu_slot *slot)
{
    int64_t due = INT64_MAX;

    if (!slot->is_asking && has_question(slot))
        due = slot->ask_due_us;
    if (slot->attempt.state == SUGU_ATTEMPT_INTENDED &&
        slot->attempt.server_stage == SUGU_SERVER_NOT_ASKED &&
        slot->attempt.method != SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE &&
        !sugu_attempt_is_order(&slot->attempt) &&
        slot->first_asked_us + agent->settings.begin_wait_us < due)
        due = slot->first_asked_us + agent->settings.begin_wait_us;
    return due;
}

/* ---- answers */

static void
ask_again(struct sugu_agent *agent, struct sugu_slot *slot, const Sugu__Reply *reply)
{
    bool is_slow = reply->status == SUGU__STATUS__BROKEN;

    slot->ask_due_us = sugu_agent_now(agent) + (is_slow ? ASK_AGAIN_SLOW_US : ASK_AGAIN_US);
    sugu_log(is_slow ? SUGU_LOG_ERROR : SUGU_LOG_INFO, "server.asked-again",
             "number=%u code=%s detail=\"%s\"", slot->asked_number, reply->code, reply->detail);
}

static void
on_begin_refused(struct sugu_agent *agent, struct sugu_slot *slot, const Sugu__Reply *reply)
{
    struct sugu_attempt next = slot->attempt;

    next.server_stage = SUGU_SERVER_REFUSED;
    next.report_done = next.report_number;
    if (slot->attempt.state == SUGU_ATTEMPT_INTENDED)
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, &next, reply->code);
    else
        sugu_agent_save(agent, slot, &next, "SERVER_REFUSED");
}

static void
on_begin_reply(struct sugu_agent *agent, struct sugu_slot *slot, const Sugu__Reply *reply)
{
    struct sugu_attempt next = slot->attempt;

    if (reply->status == SUGU__STATUS__REFUSED) {
        on_begin_refused(agent, slot, reply);
        return;
    }
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_PAYMENT_BEGUN ||
        !*reply->payment_begun->reference) {
        ask_again(agent, slot, reply);
        return;
    }
    next.server_stage = SUGU_SERVER_BEGUN;
    sugu_text_copy(next.reference, sizeof next.reference, reply->payment_begun->reference);
    if (reply->payment_begun->is_called_off && next.state == SUGU_ATTEMPT_INTENDED)
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, &next, "later.not-allowed");
    else
        sugu_agent_save(agent, slot, &next, "SERVER_BEGUN");
}

static bool
takes_money(const struct sugu_attempt *attempt)
{
    return attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
           attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT;
}

/* Has the server another outcome, or nothing that is open and ours? Then people know, or need not.
 */
static bool
is_over_there(const char *code)
{
    return strcmp(code, "payment.differs") == 0 || strcmp(code, "payment.unknown-attempt") == 0 ||
           strcmp(code, "payment.not-allowed") == 0;
}

/*
 * An amount, say, that it cannot believe; that a person has it, it can: else the attempt would be
 * open there for ever. What took nothing needs nobody where the server does not wait for it.
 */
static void
give_to_person(struct sugu_agent *agent,
               struct sugu_slot *slot,
               struct sugu_attempt *next,
               const char *code)
{
    enum sugu_attempt_state state = slot->attempt.state;
    bool has_taken_nothing = state == SUGU_ATTEMPT_DECLINED || state == SUGU_ATTEMPT_REVERSED;

    if (has_taken_nothing && is_over_there(code)) {
        sugu_agent_save(agent, slot, next, "REPORT_NOT_TAKEN");
        return;
    }
    if (sugu_attempt_is_final(state) && strcmp(code, "payment.differs") != 0)
        next->report_number++;
    sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_REPORT_REFUSED, next, NULL);
}

/* The server does not take the outcome in. Where money was taken, a human has to act. */
static void
on_end_refused(struct sugu_agent *agent, struct sugu_slot *slot, const Sugu__Reply *reply)
{
    struct sugu_attempt next = slot->attempt;
    bool is_bill = strncmp(reply->code, "bill.", 5) == 0 && takes_money(&slot->attempt);

    next.report_done = slot->asked_number;
    sugu_log(SUGU_LOG_ERROR, "server.report-refused", "number=%u code=%s detail=\"%s\"",
             slot->asked_number, reply->code, reply->detail);
    /* The server's own word, or overtaken by a newer outcome that is still to be told. */
    if (slot->is_by_person || slot->asked_number < slot->attempt.report_number ||
        (slot->is_told_again && is_over_there(reply->code)))
        sugu_agent_save(agent, slot, &next, "REPORT_NOT_TAKEN");
    else if (slot->attempt.state == SUGU_ATTEMPT_APPROVED && is_bill && !slot->is_told_again)
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_PAID_OTHERWISE, &next,
                         "payment.reversal-due");
    else
        give_to_person(agent, slot, &next, reply->code);
}

/* What a person has found out while this program was not there comes as the answer to its doubt. */
static void
take_ended(struct sugu_agent *agent, const struct sugu_slot *slot, const Sugu__PaymentEnded *ended)
{
    Sugu__PaymentResolved resolved = SUGU__PAYMENT_RESOLVED__INIT;

    if (slot->attempt.state != SUGU_ATTEMPT_HELD ||
        !sugu_attempt_is_final((enum sugu_attempt_state)ended->state))
        return;
    resolved.attempt = sugu_id_field(&slot->attempt.id);
    resolved.state = ended->state;
    resolved.approved_yen = ended->approved_yen;
    sugu_agent_on_resolved(agent, &resolved);
}

/* Of a registration the server has the token now. It stands in no second place: where it ends, it
 * is forgotten there. */
static void
drop_token(struct sugu_attempt *attempt)
{
    if (attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER &&
        sugu_attempt_is_final(attempt->state) && attempt->report_done == attempt->report_number)
        explicit_bzero(attempt->token, sizeof attempt->token);
}

static void
on_end_reply(struct sugu_agent *agent, struct sugu_slot *slot, const Sugu__Reply *reply)
{
    struct sugu_attempt next = slot->attempt;

    switch (reply->status) {
    case SUGU__STATUS__OK:
        next.report_done = slot->asked_number;
        drop_token(&next);
        if (sugu_agent_save(agent, slot, &next, "REPORTED") &&
            reply->body_case == SUGU__REPLY__BODY_PAYMENT_ENDED)
            take_ended(agent, slot, reply->payment_ended);
        return;
    case SUGU__STATUS__REFUSED:
        on_end_refused(agent, slot, reply);
        return;
    case SUGU__STATUS__RETRY:
    case SUGU__STATUS__UNKNOWN:
    case SUGU__STATUS__BROKEN:
    case _SUGU__STATUS_IS_INT_SIZE:
        break;
    }
    ask_again(agent, slot, reply);
}

void
sugu_agent_on_reply(struct sugu_agent *agent, const struct sugu_id *id, const Sugu__Reply *reply)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        struct sugu_slot *slot = &agent->slots[i];
        struct sugu_id asked;

        if (!slot->is_used || !slot->is_asking)
            continue;
        asked = sugu_attempt_request_id(&slot->attempt, slot->asked_number);
        if (!sugu_id_equal(&asked, id))
            continue;
        slot->is_asking = false;
        if (slot->asked_number == 0)
            on_begin_reply(agent, slot, reply);
        else
            on_end_reply(agent, slot, reply);
        return;
    }
}

/* ---- what the server orders and resolves */

/* What this terminal itself remembers of the payment that is to be given back. */
static void
take_original(struct sugu_agent *agent, struct sugu_attempt *attempt)
{
    struct sugu_attempt original;
    struct sugu_error error;

    if (sugu_id_is_none(&attempt->original) ||
        sugu_journal_find(agent->journal, SUGU_JOURNAL_BY_ID, &attempt->original, &original,
                          &error) ||
        strcmp(original.provider_id, attempt->original_provider_id) != 0)
        return;
    if (original.provider_utc_us)
        attempt->original_utc_us = original.provider_utc_us;
    /* What a capture took goes back by the provider's name of the hold, which it knows the payment
     * by; that of the capture is only a receipt. */
    if (original.method == SUGU__PAYMENT_METHOD__METHOD_ON_FILE && *original.original_provider_id)
        sugu_text_copy(attempt->original_provider_id, sizeof attempt->original_provider_id,
                       original.original_provider_id);
}

/* It stands in the journal before the server hears that it is taken: it is carried out once. */
void
sugu_agent_on_order(struct sugu_agent *agent, const Sugu__PaymentOrder *order)
{
    struct sugu_attempt attempt = {
        .id = sugu_id_of(&order->attempt),
        .start_request = sugu_id_of(&order->attempt),
        .bill = sugu_id_of(&order->bill),
        .revision = order->revision,
        .kind = (uint32_t)order->kind,
        .method = (uint32_t)order->method,
        .amount_yen = order->amount_yen,
        .original = sugu_id_of(&order->original),
        .original_utc_us = order->original_utc_us,
    };
    struct sugu_attempt known;
    struct sugu_slot *slot;
    struct sugu_error error;

    sugu_agent_reap(agent);
    if (agent->has_failed || sugu_journal_find(agent->journal, SUGU_JOURNAL_BY_ID, &attempt.id,
                                               &known, &error) != SUGU_REFUSED)
        return;
    if (!sugu_agent_lane_of(agent, attempt.method)) {
        sugu_log(SUGU_LOG_ERROR, "order.no-such-way", "method=%u", attempt.method);
        return;
    }
    slot = sugu_agent_slot_new(agent);
    if (!slot)
        return; /* it comes again with the next open work */
    sugu_text_copy(attempt.original_provider_id, sizeof attempt.original_provider_id,
                   order->original_provider_id);
    sugu_text_copy(attempt.token, sizeof attempt.token, order->token);
    sugu_text_copy(attempt.payer, sizeof attempt.payer, order->payer);
    sugu_text_copy(attempt.network_id, sizeof attempt.network_id, order->network_id);
    take_original(agent, &attempt);
    if (sugu_agent_insert(agent, &attempt, &error)) {
        slot->is_used = false;
        sugu_log_error(SUGU_LOG_ERROR, "order.not-taken", &error);
        return;
    }
    slot->attempt = attempt;
    slot->first_asked_us = sugu_agent_now(agent);
}

void
sugu_agent_on_resolved(struct sugu_agent *agent, const Sugu__PaymentResolved *resolved)
{
    struct sugu_id id = sugu_id_of(&resolved->attempt);
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &id);
    struct sugu_attempt next;

    if (!slot || slot->attempt.state != SUGU_ATTEMPT_HELD)
        return;
    slot->is_by_person = true;
    next = slot->attempt;
    if (resolved->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED) {
        next.approved_yen = resolved->approved_yen;
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_STAFF_APPROVED, &next, "");
    } else if (resolved->state == SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED) {
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_STAFF_REVERSED, &next, NULL);
    } else {
        sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_STAFF_DECLINED, &next, NULL);
    }
}

/* ---- what the server holds for open */

/* It has forgotten an outcome that it had acknowledged (a restored database): told again. */
static void
tell_again(struct sugu_agent *agent, const struct sugu_attempt *attempt)
{
    struct sugu_slot *slot = sugu_agent_slot_new(agent);
    struct sugu_attempt next = *attempt;

    if (!slot)
        return;
    slot->attempt = *attempt;
    slot->is_told_again = true;
    next.report_number++;
    sugu_agent_save(agent, slot, &next, "TOLD_AGAIN");
}

/*
 * The server knows an attempt of this program that the journal does not: the journal was lost. What
 * the terminal did can no longer be asked for by id, so a human becomes the owner.
 */
static void
tell_lost(struct sugu_agent *agent, const struct sugu_id *attempt)
{
    struct sugu_attempt lost = {.id = *attempt, .state = SUGU_ATTEMPT_HELD};
    struct sugu_id id = sugu_attempt_request_id(&lost, UINT32_MAX);
    Sugu__Request request = SUGU__REQUEST__INIT;
    char text[SUGU_ID_TEXT_SIZE];
    Sugu__EndPayment end;

    sugu_log(SUGU_LOG_ERROR, "attempt.lost", "attempt=%s", sugu_id_to_text(attempt, text));
    sugu_text_copy(lost.code, sizeof lost.code, "payment.held");
    sugu_text_copy(lost.terminal, sizeof lost.terminal, agent->settings.poi_id);
    sugu_attempt_to_end(&lost, &end);
    request.body_case = SUGU__REQUEST__BODY_END_PAYMENT;
    request.end_payment = &end;
    /* Where it is not taken the next connection brings it up again. */
    if (!agent->ways.ask_server(agent->ways.user, &id, &request))
        sugu_log(SUGU_LOG_WARNING, "attempt.lost-not-told", "attempt=%s", text);
}

static bool
is_listed(const Sugu__OpenWork *work, const struct sugu_id *id)
{
    for (size_t i = 0; i < work->n_payments; i++) {
        struct sugu_id open = sugu_id_of(&work->payments[i]->attempt);
        if (sugu_id_equal(&open, id))
            return true;
    }
    return false;
}

/*
 * Held here and over at the server: a person has found out, and this program did not hear of it.
 * The doubt is told once more; the answer says what it has become. A full list says nothing of
 * those that are not in it.
 */
static void
ask_for_resolved(struct sugu_agent *agent, const Sugu__OpenWork *work)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX && work->n_payments < OPEN_PAYMENTS_MAX; i++) {
        struct sugu_slot *slot = &agent->slots[i];
        struct sugu_attempt next = slot->attempt;

        if (!slot->is_used || next.state != SUGU_ATTEMPT_HELD ||
            next.server_stage != SUGU_SERVER_BEGUN || next.report_done < next.report_number ||
            is_listed(work, &next.id))
            continue;
        next.report_number++;
        sugu_agent_save(agent, slot, &next, "TOLD_AGAIN");
    }
}

void
sugu_agent_on_open_work(struct sugu_agent *agent, const Sugu__OpenWork *work)
{
    sugu_agent_reap(agent);
    ask_for_resolved(agent, work);
    for (size_t i = 0; i < work->n_payments && !agent->has_failed; i++) {
        struct sugu_id id = sugu_id_of(&work->payments[i]->attempt);
        const Sugu__PaymentOrder *order = work->payments[i]->order;
        struct sugu_attempt attempt;
        struct sugu_error error;

        if (sugu_agent_slot_of_attempt(agent, &id))
            continue;
        if (sugu_journal_find(agent->journal, SUGU_JOURNAL_BY_ID, &id, &attempt, &error)) {
            if (error.status == SUGU_REFUSED && order)
                sugu_agent_on_order(agent, order);
            else if (error.status == SUGU_REFUSED)
                tell_lost(agent, &id);
        } else if (attempt.server_stage == SUGU_SERVER_BEGUN) {
            tell_again(agent, &attempt);
        }
    }
}
