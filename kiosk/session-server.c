/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-server - the session's requests to the queue server
 *
 * CheckIn, IssueReceipt and CloseSession change something and hold ids only: they wait in the
 * folder store until they are answered, CheckIn with a deadline. OpenSession may hold a name and an
 * address and is never written down; AskEligibility and AskForHelp mean nothing to a later process.
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

/* Longer than the pages wait (session.c): the page decides, not the request. */
#define READ_WAIT_US (40 * SUGU_SECOND)
#define HELP_WAIT_US (60 * SUGU_SECOND)
/* A check-in that the server sees later than this gives a number to somebody who has gone: also one
 * that waited in the store for the next process. Longer than a page waits. */
#define CHECK_IN_DEADLINE_US (60 * SUGU_SECOND)

/* Sends a request; where it cannot even be sent the page goes on without an answer. */
static void
send(struct kiosk_session *session, Sugu__Request *request, bool is_read, sugu_on_reply on_reply)
{
    struct kiosk_ask *ask = kiosk_ask_new(session);
    struct sugu_error error;
    int64_t wait_us = is_read ? READ_WAIT_US : 0;

    if (sugu_client_request(
            session->server.client, request,
            &(struct sugu_ask){
                .is_read = is_read, .wait_us = wait_us, .on_reply = on_reply, .user = ask},
            &error) == SUGU_OK)
        return;
    sugu_log_error(SUGU_LOG_ERROR, "request.not-sent", &error);
    kiosk_ask_drop(ask);
    kiosk_session_event(session, SUGU_KIOSK_ON_NO_ANSWER, "");
}

static bool
is_refused(const Sugu__Reply *reply)
{
    return reply->status == SUGU__STATUS__REFUSED;
}

/* ---------------------------------------------------------------- OpenSession */

static void
on_opened(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (is_refused(reply)) /* there is none: the desk's ticket must not name it */
        session->session = (struct sugu_id){{0}};
    if (reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_SESSION_OPENED)
        kiosk_take_opened(session, reply->session_opened);
    else if (strcmp(reply->code, "identity.birthday-needed") == 0)
        kiosk_session_event(session, SUGU_KIOSK_ON_BIRTHDAY_NEEDED, "");
    else if (strcmp(reply->code, "identity.birthday-wrong") == 0)
        kiosk_session_event(session, SUGU_KIOSK_ON_BIRTHDAY_NEEDED, reply->code);
    else if (is_refused(reply))
        kiosk_session_event(session, SUGU_KIOSK_ON_OPEN_REFUSED, reply->code);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_NO_ANSWER, reply->code);
}

/* Takes over who it is, from what just happened; a second time it is still the same person. */
static void
identify(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    struct kiosk_visitor *visitor = &session->visitor;

    if (event == SUGU_KIOSK_ON_HOSPITAL_CARD) {
        visitor->who = KIOSK_WHO_CARD;
        visitor->card = session->card.kind;
        memcpy(visitor->serial, session->card.serial, sizeof visitor->serial);
        visitor->serial_size = session->card.serial_size;
    } else if (event == SUGU_KIOSK_ON_TICKET_SCANNED) {
        visitor->who = KIOSK_WHO_TICKET;
        visitor->token = session->scanned;
    }
}

void
kiosk_server_open(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    struct kiosk_visitor *visitor = &session->visitor;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    Sugu__Identity identity = SUGU__IDENTITY__INIT;

    identify(session, event);
    kiosk_server_close(session);
    session->session = sugu_id_new(session->clock, session->random);
    open.session = sugu_id_field(&session->session);
    open.birthday = visitor->birthday;
    open.language = (char *)kiosk_model_language(session->model);
    if (visitor->who == KIOSK_WHO_CARD) {
        card.kind = visitor->card;
        card.serial = (ProtobufCBinaryData){.len = visitor->serial_size, .data = visitor->serial};
        open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
        open.hospital_card = &card;
    } else if (visitor->who == KIOSK_WHO_TICKET) {
        open.who_case = SUGU__OPEN_SESSION__WHO_VISIT_TOKEN;
        open.visit_token = sugu_id_field(&visitor->token);
    } else {
        identity.name = visitor->name;
        identity.address = visitor->address;
        identity.birth_date = visitor->birth_date;
        identity.sex = visitor->sex;
        open.who_case = SUGU__OPEN_SESSION__WHO_IDENTITY;
        open.identity = &identity;
    }
    request.body_case = SUGU__REQUEST__BODY_OPEN_SESSION;
    request.open_session = &open;
    send(session, &request, /* is_read= */ true, on_opened);
}

/* ---------------------------------------------------------------- AskEligibility */

static void
on_eligibility_asked(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    /* The answer itself comes as an event. */
    if (!session || reply->status == SUGU__STATUS__OK)
        return;
    if (is_refused(reply))
        kiosk_session_event(session, SUGU_KIOSK_ON_NOT_VERIFIED, reply->code);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_NOT_VERIFIED, "eligibility.no-answer");
}

void
kiosk_server_ask_eligibility(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AskEligibility ask = SUGU__ASK_ELIGIBILITY__INIT;

    session->eligibility = sugu_id_new(session->clock, session->random);
    ask.session = sugu_id_field(&session->session);
    ask.eligibility = sugu_id_field(&session->eligibility);
    request.body_case = SUGU__REQUEST__BODY_ASK_ELIGIBILITY;
    request.ask_eligibility = &ask;
    send(session, &request, /* is_read= */ true, on_eligibility_asked);
}

/* ---------------------------------------------------------------- CheckIn */

static void
on_checked_in(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_TICKET) {
        kiosk_take_ticket(session, reply->ticket);
        kiosk_session_event(session,
                            reply->ticket->is_to_desk ? SUGU_KIOSK_ON_DESK_TICKET_ISSUED
                                                      : SUGU_KIOSK_ON_TICKET_ISSUED,
                            "");
    } else if (strcmp(reply->code, "visit.already-here") == 0 &&
               session->visitor.who != KIOSK_WHO_NOBODY)
        kiosk_session_event(session, SUGU_KIOSK_ON_ALREADY_HERE, "");
    else if (is_refused(reply))
        kiosk_session_event(session, SUGU_KIOSK_ON_CHECK_IN_REFUSED, reply->code);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_NO_ANSWER, reply->code);
}

void
kiosk_server_check_in(struct kiosk_session *session, const char *reason)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;

    session->visit = sugu_id_new(session->clock, session->random);
    check_in.visit = sugu_id_field(&session->visit);
    if (!sugu_id_is_none(&session->session))
        check_in.session = sugu_id_field(&session->session);
    if (!sugu_id_is_none(&session->eligibility))
        check_in.eligibility = sugu_id_field(&session->eligibility);
    check_in.reason = (char *)reason;
    request.deadline_utc_us =
        sugu_client_server_utc_us(session->server.client) + CHECK_IN_DEADLINE_US;
    request.body_case = SUGU__REQUEST__BODY_CHECK_IN;
    request.check_in = &check_in;
    send(session, &request, /* is_read= */ false, on_checked_in);
}

/* ---------------------------------------------------------------- IssueReceipt */

static void
on_receipt_issued(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_RECEIPT) {
        session->receipt = reply->receipt;
        kiosk_session_event(session, SUGU_KIOSK_ON_RECEIPT_ISSUED, "");
        session->receipt = NULL;
    } else if (is_refused(reply))
        kiosk_session_event(session, SUGU_KIOSK_ON_RECEIPT_REFUSED, reply->code);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_NO_ANSWER, reply->code);
}

void
kiosk_server_issue_receipt(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__IssueReceipt issue = SUGU__ISSUE_RECEIPT__INIT;

    /* The window was started anew and knows nobody: whoever paid gets it with card or ticket. */
    if (sugu_id_is_none(&session->session)) {
        kiosk_session_event(session, SUGU_KIOSK_ON_RECEIPT_REFUSED, "");
        return;
    }
    issue.session = sugu_id_field(&session->session);
    issue.bill = sugu_id_field(&session->facts.person.bill.bill);
    request.body_case = SUGU__REQUEST__BODY_ISSUE_RECEIPT;
    request.issue_receipt = &issue;
    send(session, &request, /* is_read= */ false, on_receipt_issued);
}

/* ---------------------------------------------------------------- GetBill */

static void
on_bill(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    if (!session)
        return;
    if (reply->status == SUGU__STATUS__OK && reply->body_case == SUGU__REPLY__BODY_BILL)
        kiosk_take_old_bill(session, reply->bill);
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_BILL_NOT_FETCHED, reply->code);
}

void
kiosk_server_get_bill(struct kiosk_session *session)
{
    const struct kiosk_person *person = &session->facts.person;
    const struct kiosk_old_bill *offered = kiosk_facts_old_bill(person);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetBill get = SUGU__GET_BILL__INIT;

    get.session = sugu_id_field(&session->session);
    if (person->bill.is_old)
        get.bill = sugu_id_field(&person->bill.bill);
    else if (offered)
        get.bill = sugu_id_field(&offered->bill);
    request.body_case = SUGU__REQUEST__BODY_GET_BILL;
    request.get_bill = &get;
    send(session, &request, /* is_read= */ true, on_bill);
}

/* ---------------------------------------------------------------- CloseSession, AskForHelp */

static void
on_heard(void *user, const Sugu__Reply *reply)
{
    (void)reply;
    kiosk_ask_take(user);
}

void
kiosk_server_close(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CloseSession close = SUGU__CLOSE_SESSION__INIT;
    struct kiosk_ask *ask;
    struct sugu_error error;

    if (sugu_id_is_none(&session->session))
        return;
    close.session = sugu_id_field(&session->session);
    close.outcome = (char *)sugu_kiosk_page(session->flow.resume);
    request.body_case = SUGU__REQUEST__BODY_CLOSE_SESSION;
    request.close_session = &close;
    ask = kiosk_ask_new(session);
    if (sugu_client_request(session->server.client, &request,
                            &(struct sugu_ask){.on_reply = on_heard, .user = ask},
                            &error) != SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "session.not-closed", &error);
        kiosk_ask_drop(ask);
    }
    session->session = (struct sugu_id){{0}};
}

void
kiosk_server_call_staff(struct kiosk_session *session, const char *reason)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AskForHelp help = SUGU__ASK_FOR_HELP__INIT;
    struct kiosk_ask *ask = kiosk_ask_new(session);
    struct sugu_error error;

    if (!sugu_id_is_none(&session->session))
        help.session = sugu_id_field(&session->session);
    if (!sugu_id_is_none(&session->facts.person.ticket.visit))
        help.visit = sugu_id_field(&session->facts.person.ticket.visit);
    help.reason = (char *)reason;
    request.body_case = SUGU__REQUEST__BODY_ASK_FOR_HELP;
    request.ask_for_help = &help;
    if (sugu_client_request(
            session->server.client, &request,
            &(struct sugu_ask){
                .is_read = true, .wait_us = HELP_WAIT_US, .on_reply = on_heard, .user = ask},
            &error) != SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "help.not-asked", &error);
        kiosk_ask_drop(ask);
    }
}

/* ---------------------------------------------------------------- the connection */

static void
on_event(void *user, const Sugu__Event *event)
{
    kiosk_take_event(user, event);
}

static void
on_fresh(void *user, bool was_reset)
{
    struct kiosk_session *session = user;

    session->facts.place.has_server = true;
    if (was_reset)
        session->orders.is_known = false;
    kiosk_orders_ask(session);
    /* What changed meanwhile comes as events, from the last one on. After a gap that could not be
     * repaired the bill may be another one: ask anew what is open. */
    if (was_reset || session->flow.state == SUGU_KIOSK_CLOSED)
        kiosk_session_event(session, SUGU_KIOSK_ON_SERVER_BACK, "");
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    struct kiosk_session *session = user;

    (void)since_utc;
    session->facts.place.has_server = false;
    kiosk_session_event(session, SUGU_KIOSK_ON_SERVER_AWAY, "");
}

/* What the pages do about it came with on_stale. */
static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

enum sugu_status
kiosk_server_connect(struct kiosk_session *session, void *zmq_context, struct sugu_error *reterr)
{
    const struct sugu_client_callbacks callbacks = {
        .on_event = on_event,
        .on_fresh = on_fresh,
        .on_stale = on_stale,
        .on_refused = on_refused,
        .user = session,
    };
    struct sugu_client_settings settings = session->settings.server;
    struct kiosk_link *link = &session->server;
    enum sugu_status status;

    settings.listens = true;
    status = sugu_client_new(
        &settings, &callbacks,
        &(struct sugu_client_means){zmq_context, session->clock, session->random, link->store},
        &link->client, reterr);
    if (status == SUGU_OK)
        link->source = sugu_client_source_attach(link->client);
    return status;
}
