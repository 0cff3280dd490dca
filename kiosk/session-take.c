/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-take - answers and events of the queue server into facts and events of the flow
 */
#include "session-private.h"

#include "base/text.h"

#include <string.h>

/* The places of the plan that the person still goes to or was at. */
static void
take_stages(struct kiosk_ticket *to, const Sugu__Ticket *ticket)
{
    to->stage_count = 0;
    for (size_t i = 0; i < ticket->n_stages && to->stage_count < KIOSK_STAGES_MAX; i++) {
        const Sugu__TicketStage *stage = ticket->stages[i];
        if (stage->state == SUGU__STAGE_STATE__STAGE_DROPPED ||
            stage->state == SUGU__STAGE_STATE__STAGE_MOVED)
            continue;
        struct kiosk_stage *place = &to->stages[to->stage_count++];
        sugu_text_copy(place->department_name, sizeof place->department_name,
                       stage->department_name);
        place->before_you = stage->before_you;
    }
}

void
kiosk_take_ticket(struct kiosk_session *session, const Sugu__Ticket *ticket)
{
    struct kiosk_ticket *to = &session->facts.person.ticket;

    to->visit = sugu_id_of(&ticket->visit);
    sugu_text_copy(to->number, sizeof to->number, ticket->number);
    sugu_text_copy(to->department_name, sizeof to->department_name, ticket->department_name);
    sugu_text_copy(to->desk, sizeof to->desk,
                   ticket->stage_state == SUGU__STAGE_STATE__STAGE_CALLED ? ticket->desk : "");
    to->desk_word = (enum sugu_desk_word)ticket->desk_word;
    to->is_waiting = ticket->stage_state == SUGU__STAGE_STATE__STAGE_WAITING;
    sugu_text_copy(to->reason, sizeof to->reason, ticket->reason);
    to->before_you = ticket->before_you;
    to->low_min = ticket->low_min;
    to->high_min = ticket->high_min;
    take_stages(to, ticket);
    to->token = sugu_id_of(&ticket->token);
    to->is_to_desk = ticket->is_to_desk;
}

/* Adds a line to its category; what finds no room goes to the last one rather than being lost. */
static void
add_line(struct kiosk_bill *bill, const Sugu__BillLine *line)
{
    struct kiosk_category *category = NULL;

    for (unsigned i = 0; i < bill->category_count; i++)
        if (strcmp(bill->categories[i].code, line->category) == 0)
            category = &bill->categories[i];
    if (!category && bill->category_count < KIOSK_CATEGORIES_MAX) {
        category = &bill->categories[bill->category_count++];
        sugu_text_copy(category->code, sizeof category->code, line->category);
    }
    if (!category)
        category = &bill->categories[KIOSK_CATEGORIES_MAX - 1];
    category->points += (int64_t)line->points * line->count;
    category->yen += line->yen;
}

static void
copy_bill(struct kiosk_bill *to, const Sugu__Bill *bill)
{
    int64_t due_yen = bill->total_yen - bill->waived_yen - bill->paid_yen;

    *to = (struct kiosk_bill){
        .bill = sugu_id_of(&bill->bill),
        .revision = bill->revision,
        .ratio_percent = bill->ratio_percent,
        .points = bill->total_points,
        .copay_yen = bill->copay_yen,
        .self_pay_yen = bill->self_pay_yen,
        .total_yen = bill->total_yen,
        .paid_yen = bill->paid_yen,
        .waived_yen = bill->waived_yen,
        .refund_due_yen = bill->refund_due_yen,
        .refund_place = (uint32_t)bill->refund_place,
        .due_yen = due_yen > 0 ? due_yen : 0,
        .visit_date = bill->visit_date,
    };
    to->is_deposit = bill->deposit_yen > 0 && bill->deposit_yen < to->due_yen && to->paid_yen == 0;
    to->ask_yen = to->is_deposit ? bill->deposit_yen : to->due_yen;
    sugu_text_copy(to->department_name, sizeof to->department_name, bill->department_name);
    sugu_text_copy(to->on_file_code, sizeof to->on_file_code, bill->on_file_code);
    for (size_t i = 0; i < bill->n_lines; i++)
        add_line(to, bill->lines[i]);
}

/* Is this bill about the visit of the person who stands here, and not an old one on the page? */
static bool
is_ours(const struct kiosk_session *session, const Sugu__Bill *bill)
{
    struct sugu_id visit = sugu_id_of(&bill->visit);

    return !session->facts.person.bill.is_old &&
           !sugu_id_is_none(&session->facts.person.ticket.visit) &&
           sugu_id_equal(&visit, &session->facts.person.ticket.visit);
}

/* The same revision again is no news: after a payment that was declined it is open once more, and
 * the page that says so stays. */
static void
take_offer(struct kiosk_session *session, const Sugu__Bill *bill)
{
    struct kiosk_bill *to = &session->facts.person.bill;
    uint32_t before = to->revision;

    copy_bill(to, bill);
    if (before == bill->revision)
        kiosk_session_refresh(session);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_ARRIVED, before ? "bill.revised" : "");
}

void
kiosk_take_bill(struct kiosk_session *session, const Sugu__Bill *bill)
{
    struct kiosk_person *person = &session->facts.person;

    if (!is_ours(session, bill))
        return;
    switch (bill->state) {
    case SUGU__BILL_STATE__BILL_ANNOUNCED:
    case SUGU__BILL_STATE__BILL_REVISED:
        take_offer(session, bill);
        return;
    case SUGU__BILL_STATE__BILL_WITHDRAWN:
        person->bill = (struct kiosk_bill){0};
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_WITHDRAWN, "bill.withdrawn");
        return;
    case SUGU__BILL_STATE__BILL_SETTLED:
    case SUGU__BILL_STATE__BILL_DEPOSITED:
    case SUGU__BILL_STATE__BILL_OVERPAID:
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_SETTLED, "");
        return;
    case SUGU__BILL_STATE__BILL_TO_COUNTER:
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_TO_COUNTER, "bill.to-counter");
        return;
    case SUGU__BILL_STATE__BILL_IN_PAYMENT:
    case SUGU__BILL_STATE__BILL_REFUNDED_IN_PART:
    case SUGU__BILL_STATE__BILL_REFUNDED:
    case _SUGU__BILL_STATE_IS_INT_SIZE:
        return;
    }
}

void
kiosk_take_old_bill(struct kiosk_session *session, const Sugu__Bill *bill)
{
    struct kiosk_bill *to = &session->facts.person.bill;

    if (bill->state != SUGU__BILL_STATE__BILL_ANNOUNCED &&
        bill->state != SUGU__BILL_STATE__BILL_REVISED) {
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_NOT_FETCHED, "bill.to-counter");
        return;
    }
    copy_bill(to, bill);
    to->is_old = true;
    kiosk_session_event(session, SUGU_KIOSK_ON_BILL_FETCHED, "");
    kiosk_session_refresh(session); /* after a part of it was paid the page is there already */
}

static void
take_old_bills(struct kiosk_person *person, const Sugu__SessionOpened *opened)
{
    person->old_count = person->old_shown = 0;
    for (size_t i = 0; i < opened->n_old_bills && i < KIOSK_OLD_BILLS_MAX; i++) {
        const Sugu__OldBill *from = opened->old_bills[i];
        struct kiosk_old_bill *to = &person->old_bills[person->old_count++];
        to->bill = sugu_id_of(&from->bill);
        to->visit_date = from->visit_date;
        to->due_yen = from->due_yen;
        to->is_at_counter = from->is_at_counter;
        sugu_text_copy(to->department_name, sizeof to->department_name, from->department_name);
    }
}

/* What the person came for, by the state of the bill of today's visit. */
static enum sugu_kiosk_event
opened_event(const Sugu__SessionOpened *opened)
{
    if (!opened->ticket)
        return SUGU_KIOSK_ON_OPENED_NEW;
    if (!opened->bill)
        return SUGU_KIOSK_ON_OPENED_WAITING;
    switch (opened->bill->state) {
    case SUGU__BILL_STATE__BILL_ANNOUNCED:
    case SUGU__BILL_STATE__BILL_REVISED:
        return SUGU_KIOSK_ON_OPENED_BILL;
    case SUGU__BILL_STATE__BILL_IN_PAYMENT:
        return SUGU_KIOSK_ON_OPENED_IN_PAYMENT;
    case SUGU__BILL_STATE__BILL_SETTLED:
    case SUGU__BILL_STATE__BILL_DEPOSITED:
    case SUGU__BILL_STATE__BILL_OVERPAID:
        return opened->bill->is_receipt_issued ? SUGU_KIOSK_ON_OPENED_PAID
                                               : SUGU_KIOSK_ON_OPENED_SETTLED;
    case SUGU__BILL_STATE__BILL_REFUNDED_IN_PART:
    case SUGU__BILL_STATE__BILL_REFUNDED:
        return SUGU_KIOSK_ON_OPENED_PAID;
    case SUGU__BILL_STATE__BILL_TO_COUNTER:
        return SUGU_KIOSK_ON_OPENED_COUNTER;
    case SUGU__BILL_STATE__BILL_WITHDRAWN:
    case _SUGU__BILL_STATE_IS_INT_SIZE:
        return SUGU_KIOSK_ON_OPENED_WAITING;
    }
    return SUGU_KIOSK_ON_OPENED_WAITING;
}

void
kiosk_take_opened(struct kiosk_session *session, const Sugu__SessionOpened *opened)
{
    struct kiosk_person *person = &session->facts.person;
    enum sugu_kiosk_event event;

    sugu_text_copy(person->name, sizeof person->name, opened->name);
    person->birth_date = opened->birth_date;
    person->appointment_count = 0;
    for (size_t i = 0; i < opened->n_appointments && i < KIOSK_APPOINTMENTS_MAX; i++) {
        struct kiosk_appointment *to = &person->appointments[person->appointment_count++];
        sugu_text_copy(to->department_name, sizeof to->department_name,
                       opened->appointments[i]->department_name);
        to->minutes = opened->appointments[i]->minutes;
    }
    person->ticket = (struct kiosk_ticket){0};
    person->bill = (struct kiosk_bill){0};
    person->cash = (struct kiosk_cash){.stage = KIOSK_CASH_IS_NONE};
    take_old_bills(person, opened);
    person->card = (struct kiosk_stored_card){.state = KIOSK_CARD_IS_NONE};
    if (opened->card_on_file)
        kiosk_card_take(session, opened->card_on_file);
    if (opened->ticket)
        kiosk_take_ticket(session, opened->ticket);
    if (opened->bill && opened->bill->state != SUGU__BILL_STATE__BILL_WITHDRAWN)
        copy_bill(&person->bill, opened->bill);
    event = opened_event(opened);
    if (event != SUGU_KIOSK_ON_OPENED_NEW)
        kiosk_card_ask_text(session);
    kiosk_session_event(session, event,
                        event == SUGU_KIOSK_ON_OPENED_COUNTER ? "bill.to-counter" : "");
}

/* The code of an outcome that is no success, where the answer carries none. */
static const char *
outcome_code(Sugu__EligibilityOutcome outcome)
{
    switch (outcome) {
    case SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND:
        return "eligibility.not-found";
    case SUGU__ELIGIBILITY_OUTCOME__INVALID:
        return "eligibility.invalid";
    case SUGU__ELIGIBILITY_OUTCOME__ELIGIBILITY_OPEN:
    case SUGU__ELIGIBILITY_OUTCOME__VERIFIED:
    case SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE:
    case SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW:
    case _SUGU__ELIGIBILITY_OUTCOME_IS_INT_SIZE:
        return "eligibility.no-answer";
    }
    return "eligibility.no-answer";
}

void
kiosk_take_eligibility(struct kiosk_session *session, const Sugu__EligibilityAnswer *answer)
{
    struct kiosk_person *person = &session->facts.person;
    struct sugu_id eligibility = sugu_id_of(&answer->eligibility);
    const char *code = answer->code[0] ? answer->code : outcome_code(answer->outcome);

    if (sugu_id_is_none(&session->eligibility) ||
        !sugu_id_equal(&eligibility, &session->eligibility) ||
        answer->outcome == SUGU__ELIGIBILITY_OUTCOME__ELIGIBILITY_OPEN)
        return;
    person->is_eligible = answer->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED ||
                          answer->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE;
    person->is_eligibility_changed =
        answer->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE;
    person->ratio_percent = answer->ratio_percent;
    sugu_text_copy(person->eligibility_code, sizeof person->eligibility_code,
                   person->is_eligible ? "" : code);
    if (person->is_eligible)
        kiosk_session_event(session, SUGU_KIOSK_ON_VERIFIED, "");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_NOT_VERIFIED, code);
}

/* The person's number was called, or moved on, while the page is open. */
static void
take_stage(struct kiosk_session *session, const Sugu__Stage *stage)
{
    struct kiosk_ticket *ticket = &session->facts.person.ticket;
    struct sugu_id visit = sugu_id_of(&stage->visit);

    if (sugu_id_is_none(&ticket->visit) || !sugu_id_equal(&visit, &ticket->visit))
        return;
    sugu_text_copy(ticket->desk, sizeof ticket->desk,
                   stage->state == SUGU__STAGE_STATE__STAGE_CALLED ? stage->desk : "");
    ticket->desk_word = (enum sugu_desk_word)stage->desk_word;
    ticket->is_waiting = stage->state == SUGU__STAGE_STATE__STAGE_WAITING;
    kiosk_session_refresh(session);
}

void
kiosk_take_event(struct kiosk_session *session, const Sugu__Event *event)
{
    if (event->body_case == SUGU__EVENT__BODY_BILL_CHANGED)
        kiosk_take_bill(session, event->bill_changed);
    else if (event->body_case == SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED)
        kiosk_take_eligibility(session, event->eligibility_answered);
    else if (event->body_case == SUGU__EVENT__BODY_STAGE_CHANGED)
        take_stage(session, event->stage_changed);
    else if (event->body_case == SUGU__EVENT__BODY_KIOSK_COMMAND)
        kiosk_orders_take(session, event->kiosk_command, event->number);
}
