/* SPDX-License-Identifier: Apache-2.0 */
/*
 * morning-kiosk - what simulated patients do at their kiosk: check in, come back, pay, leave
 */
#include "demo/morning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_US      (10 * SUGU_SECOND) /* of the insurance, of a terminal */
#define UNINSURED      8 /* of 100 have no insurance card with them, and are sent to the desk */
#define ASSISTED       8 /* of 100 are checked in at the desk: a wheelchair, an infant */
#define CALLS_FOR_HELP 6

static struct sugu_id
new_id(struct morning *morning)
{
    return sugu_id_new(morning->clock, sugu_random_system());
}

/* Waits until an event of the kiosk has named the id. */
static bool
await_id(struct morning *morning, const struct sugu_id *named, const struct sugu_id *id)
{
    int64_t until_us = morning->clock->monotonic_us(morning->clock) + ANSWER_US;

    while (!sugu_id_equal(named, id) && morning->clock->monotonic_us(morning->clock) < until_us)
        morning_pump(morning, 100 * SUGU_MS, -1);
    return sugu_id_equal(named, id);
}

static struct morning_guest *
add_guest(struct morning *morning, unsigned townsman, const Sugu__Ticket *ticket)
{
    struct morning_guest *guest =
        ticket->token.len == sizeof guest->token ? morning_add_guest(morning) : NULL;

    if (!guest)
        return NULL;
    guest->townsman = townsman;
    snprintf(guest->number, sizeof guest->number, "%s", ticket->number);
    memcpy(guest->token, ticket->token.data, sizeof guest->token);
    morning->counts.arrived++;
    morning->counts.sent_to_desk += ticket->is_to_desk;
    return guest;
}

static struct morning_guest *
take_ticket(struct morning *morning, unsigned townsman, Sugu__Reply *reply)
{
    struct morning_guest *guest = NULL;

    if (reply && reply->body_case == SUGU__REPLY__BODY_TICKET)
        guest = add_guest(morning, townsman, reply->ticket);
    else
        morning_trouble(morning, "check-in", reply ? reply->code : "no answer");
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return guest;
}

/* ---- at the desk */

static bool
find_patient(struct morning *morning, const char *number, struct sugu_id *ret_patient)
{
    Sugu__FindPatients body = SUGU__FIND_PATIENTS__INIT;
    Sugu__Reply *reply;
    bool is_found;

    body.text = (char *)number;
    reply = morning_ask(morning, &morning->rooms, SUGU__REQUEST__BODY_FIND_PATIENTS, &body);
    is_found = reply && reply->body_case == SUGU__REPLY__BODY_PATIENTS_FOUND &&
               reply->patients_found->n_patients > 0;
    if (is_found)
        *ret_patient = sugu_id_of(&reply->patients_found->patients[0]->patient);
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return is_found;
}

static struct morning_guest *
check_in_at_desk(struct morning *morning, unsigned index, const struct townsman *man)
{
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode place = SUGU__DEPARTMENT_CODE__INIT, *places[] = {&place};
    struct sugu_id visit = new_id(morning), patient;

    if (!find_patient(morning, man->number, &patient)) {
        morning_trouble(morning, "find", man->number);
        return NULL;
    }
    body.visit = sugu_id_field(&visit);
    body.patient = sugu_id_field(&patient);
    place.department = (char *)town_places[man->goes_to].code;
    body.n_departments = man->minute < 0;
    body.departments = places;
    body.priority = morning_chance(morning, 25) ? SUGU__PRIORITY__PRIORITY_URGENT
                                                : SUGU__PRIORITY__PRIORITY_ASSISTED;
    body.desk = (char *)"9";
    body.language = (char *)man->language;
    return take_ticket(
        morning, index,
        morning_ask(morning, &morning->rooms, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body));
}

/* ---- at the kiosk */

static bool
open_session(struct morning *morning, const struct townsman *man, const struct sugu_id *session)
{
    Sugu__OpenSession body = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof man->serial, (uint8_t *)man->serial};
    body.session = sugu_id_field(session);
    body.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    body.hospital_card = &card;
    body.birthday = man->birth_date % 10000;
    body.language = (char *)man->language;
    return morning_do(morning, &morning->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &body);
}

static void
close_session(struct morning *morning, const struct sugu_id *session, const char *page)
{
    Sugu__CloseSession body = SUGU__CLOSE_SESSION__INIT;

    body.session = sugu_id_field(session);
    body.outcome = (char *)page;
    morning_do(morning, &morning->kiosk, SUGU__REQUEST__BODY_CLOSE_SESSION, &body);
}

/* The real gateway asks the emulated terminal. */
static bool
verify_insurance(struct morning *morning,
                 const struct sugu_id *session,
                 const struct sugu_id *eligibility)
{
    Sugu__AskEligibility body = SUGU__ASK_ELIGIBILITY__INIT;

    body.session = sugu_id_field(session);
    body.eligibility = sugu_id_field(eligibility);
    return morning_do(morning, &morning->kiosk, SUGU__REQUEST__BODY_ASK_ELIGIBILITY, &body) &&
           await_id(morning, &morning->answered, eligibility);
}

static void
call_for_help(struct morning *morning, const struct sugu_id *session)
{
    Sugu__AskForHelp body = SUGU__ASK_FOR_HELP__INIT;

    body.session = sugu_id_field(session);
    body.reason = (char *)"help.asked";
    morning_do(morning, &morning->kiosk, SUGU__REQUEST__BODY_ASK_FOR_HELP, &body);
}

static struct morning_guest *
check_in_at_kiosk(struct morning *morning, unsigned index, const struct townsman *man)
{
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id session = new_id(morning), visit = new_id(morning),
                   eligibility = new_id(morning);
    struct morning_guest *guest;

    if (!open_session(morning, man, &session))
        return NULL;
    body.session = sugu_id_field(&session);
    body.visit = sugu_id_field(&visit);
    if (!morning_chance(morning, UNINSURED) && verify_insurance(morning, &session, &eligibility))
        body.eligibility = sugu_id_field(&eligibility);
    if (man->minute < 0)
        body.department = (char *)town_places[man->goes_to].code;
    guest = take_ticket(morning, index,
                        morning_ask(morning, &morning->kiosk, SUGU__REQUEST__BODY_CHECK_IN, &body));
    if (morning_chance(morning, CALLS_FOR_HELP))
        call_for_help(morning, &session);
    close_session(morning, &session, "ticket");
    return guest;
}

struct morning_guest *
morning_check_in(struct morning *morning, unsigned townsman)
{
    struct townsman man;

    townsman_make(townsman, &man);
    return morning_chance(morning, ASSISTED) ? check_in_at_desk(morning, townsman, &man)
                                             : check_in_at_kiosk(morning, townsman, &man);
}

/* ---- paying */

/* The bill that the screen shows; false where there is none. Opens the session. */
static bool
open_bill(struct morning *morning,
          const struct morning_guest *guest,
          const struct sugu_id *session,
          Sugu__StartPayment *start,
          struct sugu_id *bill)
{
    Sugu__OpenSession body = SUGU__OPEN_SESSION__INIT;
    struct townsman man;
    Sugu__Reply *reply;
    bool is_due;

    townsman_make(guest->townsman, &man);
    body.session = sugu_id_field(session);
    body.who_case = SUGU__OPEN_SESSION__WHO_VISIT_TOKEN;
    body.visit_token = (ProtobufCBinaryData){sizeof guest->token, (uint8_t *)guest->token};
    body.birthday = man.birth_date % 10000;
    body.language = (char *)man.language;
    reply = morning_ask(morning, &morning->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &body);
    if (!reply || reply->body_case != SUGU__REPLY__BODY_SESSION_OPENED)
        morning_trouble(morning, "come back", reply ? reply->code : "no answer");
    is_due = reply && reply->body_case == SUGU__REPLY__BODY_SESSION_OPENED &&
             reply->session_opened->bill &&
             reply->session_opened->bill->state <= SUGU__BILL_STATE__BILL_REVISED;
    if (is_due) {
        *bill = sugu_id_of(&reply->session_opened->bill->bill);
        start->revision = reply->session_opened->bill->revision;
        start->amount_yen = reply->session_opened->bill->total_yen;
    }
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return is_due;
}

static bool
take_money(struct morning *morning, Sugu__StartPayment *start, const struct sugu_id *bill)
{
    start->bill = sugu_id_field(bill);
    start->method = start->amount_yen > 0 ? SUGU__PAYMENT_METHOD__METHOD_CARD
                                          : SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE;
    if (!morning_do(morning, &morning->payment, SUGU__REQUEST__BODY_START_PAYMENT, start))
        return false;
    if (await_id(morning, &morning->settled, bill) &&
        morning->settled_state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        return true;
    morning_trouble(morning, "payment", "not approved");
    return false;
}

bool
morning_pay(struct morning *morning, struct morning_guest *guest)
{
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;
    Sugu__IssueReceipt receipt = SUGU__ISSUE_RECEIPT__INIT;
    struct sugu_id session = new_id(morning), bill;
    bool is_paid = false;

    if (!open_bill(morning, guest, &session, &start, &bill)) {
        close_session(morning, &session, "no-bill");
        return false;
    }
    start.session = sugu_id_field(&session);
    if (take_money(morning, &start, &bill)) {
        receipt.session = start.session;
        receipt.bill = sugu_id_field(&bill);
        morning_do(morning, &morning->kiosk, SUGU__REQUEST__BODY_ISSUE_RECEIPT, &receipt);
        morning->counts.paid++;
        morning->counts.paid_yen += start.amount_yen;
        guest->is_done = is_paid = true;
    }
    close_session(morning, &session, "paid");
    return is_paid;
}
