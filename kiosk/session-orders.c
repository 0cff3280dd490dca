/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-orders - what the staff tell this kiosk: a message, to close, to open, to begin anew
 *
 * What holds until it is taken back is kept by the server and asked for on connecting; what changes
 * comes as events. Closing and beginning anew wait until whoever is there has finished.
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

/* As long as a page may wait for its server; then a pause asks once more. */
#define ASK_WAIT_US (40 * SUGU_SECOND)

/* One line: what came with a paste does not push the page away. */
static void
set_message(struct kiosk_session *session, const char *text)
{
    char *to = session->facts.place.message;

    sugu_text_copy(to, sizeof session->facts.place.message, text);
    for (; *to; to++)
        if ((unsigned char)*to < ' ' || *to == 0x7f)
            *to = ' ';
    kiosk_session_refresh(session);
}

static void
close_or_open(struct kiosk_session *session, bool is_draining)
{
    session->orders.is_draining = is_draining;
    if (is_draining)
        kiosk_session_event(session, SUGU_KIOSK_ON_STAFF_CLOSES, "");
    else
        kiosk_session_event(session, SUGU_KIOSK_ON_STAFF_OPENS, "");
}

/* ---------------------------------------------------------------- what holds */

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct kiosk_ask *ask = user;
    struct kiosk_session *session = ask->session;
    const Sugu__KioskOrders *orders;
    bool was_awaited = kiosk_orders_are_awaited(session);

    kiosk_ask_drop(ask); /* about the kiosk, whoever stands there by now */
    session->orders.is_asking = false;
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_OPEN_WORK) {
        sugu_log(SUGU_LOG_WARNING, "orders.unknown", "code=%s", reply->code);
        return;
    }
    session->orders.is_known = true;
    orders = reply->open_work->kiosk;
    /* A command that came meanwhile is newer than the answer. */
    if (reply->open_work->last_event >= session->orders.as_of) {
        set_message(session, orders ? orders->message : "");
        close_or_open(session, orders && orders->is_draining);
    }
    if (was_awaited && session->flow.state == SUGU_KIOSK_WELCOME)
        kiosk_device_see_card(session);
}

void
kiosk_orders_ask(struct kiosk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct kiosk_ask *ask;
    struct sugu_error error;

    if (session->orders.is_known || session->orders.is_asking)
        return;
    ask = kiosk_ask_new(session);
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    if (sugu_client_request(
            session->server.client, &request,
            &(struct sugu_ask){
                .is_read = true, .wait_us = ASK_WAIT_US, .on_reply = on_open_work, .user = ask},
            &error) == SUGU_OK) {
        session->orders.is_asking = true;
        return;
    }
    sugu_log_error(SUGU_LOG_WARNING, "orders.not-asked", &error);
    kiosk_ask_drop(ask);
}

/* ---------------------------------------------------------------- what changes */

void
kiosk_orders_take(struct kiosk_session *session, const Sugu__KioskCommand *command, uint64_t number)
{
    session->orders.as_of = number;
    sugu_log(SUGU_LOG_INFO, "orders.taken", "verb=%d", (int)command->verb);
    switch (command->verb) {
    case SUGU__KIOSK_VERB__SHOW_MESSAGE:
        set_message(session, command->text);
        return;
    case SUGU__KIOSK_VERB__DRAIN:
        close_or_open(session, /* is_draining= */ true);
        return;
    case SUGU__KIOSK_VERB__OPEN_AGAIN:
        close_or_open(session, /* is_draining= */ false);
        return;
    case SUGU__KIOSK_VERB__RESTART:
        session->orders.is_to_restart = true;
        kiosk_orders_rest(session);
        return;
    case _SUGU__KIOSK_VERB_IS_INT_SIZE:
        return;
    }
}

bool
kiosk_orders_are_awaited(const struct kiosk_session *session)
{
    return !session->orders.is_known && session->start_timer != 0;
}

/* Would the event begin with somebody new while another person's session is open? */
static bool
is_for_somebody_new(const struct kiosk_session *session, enum sugu_kiosk_event event)
{
    unsigned state = session->flow.resume;
    const struct sugu_rule *rule =
        &sugu_kiosk_machine.rules[state * SUGU_KIOSK_EVENT_COUNT + event];

    return rule->is_there && rule->effects & SUGU_KIOSK_DO_CLOSE_SESSION &&
           rule->next != SUGU_KIOSK_TAKE_CARD;
}

enum sugu_kiosk_event
kiosk_orders_turn(const struct kiosk_session *session, enum sugu_kiosk_event event)
{
    if ((!session->orders.is_draining && !session->orders.is_to_restart) ||
        !is_for_somebody_new(session, event))
        return event;
    return sugu_kiosk_flow_allows(&session->flow, SUGU_KIOSK_ON_DONE) ? SUGU_KIOSK_ON_DONE
                                                                      : SUGU_KIOSK_ON_BACK;
}

bool
kiosk_orders_rest(struct kiosk_session *session)
{
    if (sugu_kiosk_kind_of(session->flow.state) != SUGU_KIOSK_REST)
        return false;
    if (session->orders.is_to_restart && session->on_restart) {
        session->orders.is_to_restart = false;
        session->on_restart(session->restart_user);
        return true;
    }
    if (!session->orders.is_draining || session->flow.state == SUGU_KIOSK_OUT_OF_USE)
        return false;
    kiosk_session_event(session, SUGU_KIOSK_ON_STAFF_CLOSES, "");
    return true;
}
