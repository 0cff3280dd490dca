/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-reads - what the desk asks for: queues in pages, the person looked at, machines, numbers
 */
#include "session-private.h"

#include "base/text.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

#define LOOK_MS  150  /* a selection that moves on is not looked up */
#define RETRY_MS 2000 /* after a page that did not come */

/* ---------------------------------------------------------------- the queues */

static void ask_page(struct desk_session *session, const Sugu__GetQueues *after);

static gboolean
on_retry(void *user)
{
    struct desk_session *session = user;

    session->retry_timer = 0;
    desk_reads_snapshot(session);
    return G_SOURCE_REMOVE;
}

static void
end_snapshot(struct desk_session *session)
{
    session->is_snapshot_under_way = false;
    if (session->is_snapshot_wanted)
        desk_reads_snapshot(session);
}

static void
on_page(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    Sugu__GetQueues after = SUGU__GET_QUEUES__INIT;

    desk_ask_free(ask);
    if (!session)
        return;
    if (!desk_session_heard(session, DESK_MODEL_EMPTY, reply) ||
        reply->body_case != SUGU__REPLY__BODY_QUEUES) {
        session->is_snapshot_under_way = false;
        if (desk_model_person(session->model) && session->retry_timer == 0)
            session->retry_timer = g_timeout_add(RETRY_MS, on_retry, session);
        return;
    }
    if (desk_model_take_page(session->model, reply->queues, &after))
        end_snapshot(session);
    else
        ask_page(session, &after);
}

static void
ask_page(struct desk_session *session, const Sugu__GetQueues *after)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetQueues get = *after;

    request.body_case = SUGU__REQUEST__BODY_GET_QUEUES;
    request.get_queues = &get;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_EMPTY), on_page);
}

void
desk_reads_snapshot(struct desk_session *session)
{
    Sugu__GetQueues first = SUGU__GET_QUEUES__INIT;

    session->is_snapshot_wanted = session->is_snapshot_under_way;
    if (session->is_snapshot_under_way)
        return; /* once more, when this one is over */
    session->is_snapshot_under_way = true;
    g_clear_handle_id(&session->retry_timer, g_source_remove);
    desk_model_begin_snapshot(session->model);
    ask_page(session, &first);
}

/* ---------------------------------------------------------------- the person looked at */

static void
on_visit(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    bool is_same = session && strcmp(desk_model_subject(session->model), ask->subject) == 0;

    if (is_same && desk_session_heard(session, DESK_MODEL_KNOWN_NOTE, reply) &&
        reply->body_case == SUGU__REPLY__BODY_VISIT_FOUND) {
        desk_model_take_visit(session->model, ask->subject, reply->visit_found);
        desk_people_enable(session);
        desk_money_look(session);
    }
    desk_ask_free(ask);
}

static gboolean
on_look(void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    struct desk_ask *ask = desk_ask_new(session, DESK_MODEL_KNOWN_NOTE);
    struct sugu_id visit;

    session->look_timer = 0;
    sugu_text_copy(ask->subject, sizeof ask->subject, desk_model_subject(session->model));
    if (desk_model_subject_visit(session->model, &visit))
        find.visit = sugu_id_field(&visit);
    else
        find.number = ask->subject;
    request.body_case = SUGU__REQUEST__BODY_FIND_VISIT;
    request.find_visit = &find;
    desk_session_send(session, &request, /* is_read= */ true, ask, on_visit);
    return G_SOURCE_REMOVE;
}

void
desk_reads_look(struct desk_session *session)
{
    g_clear_handle_id(&session->look_timer, g_source_remove);
    desk_people_enable(session);
    if (!desk_model_subject(session->model)[0] || !desk_model_person(session->model))
        return;
    if (!desk_model_text(session->model, DESK_MODEL_INSURANCE)[0])
        desk_model_say(session->model, DESK_MODEL_KNOWN_NOTE, C_("details", "Looking up …"));
    session->look_timer = g_timeout_add(LOOK_MS, on_look, session);
}

/* ---------------------------------------------------------------- machines and numbers */

static void ask_kiosks(struct desk_session *session, const char *after);

static void
on_kiosks(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    const Sugu__Kiosks *kiosks = reply->kiosks;

    desk_ask_free(ask);
    if (!session || reply->status != SUGU__STATUS__OK ||
        reply->body_case != SUGU__REPLY__BODY_KIOSKS)
        return;
    desk_model_take_kiosks(session->model, kiosks);
    if (!kiosks->is_last && kiosks->n_kiosks > 0)
        ask_kiosks(session, kiosks->kiosks[kiosks->n_kiosks - 1]->client);
}

static void
ask_kiosks(struct desk_session *session, const char *after)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetKiosks get = SUGU__GET_KIOSKS__INIT;

    get.after = (char *)after;
    request.body_case = SUGU__REQUEST__BODY_GET_KIOSKS;
    request.get_kiosks = &get;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_KIOSK_NOTE), on_kiosks);
}

void
desk_reads_machines(struct desk_session *session)
{
    if (!desk_model_is_stale(session->model)) /* else nobody would answer; on_fresh asks */
        ask_kiosks(session, "");
}

static void
on_today(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    desk_ask_free(ask);
    if (!session)
        return;
    if (desk_session_heard(session, DESK_MODEL_TODAY_NOTE, reply) &&
        reply->body_case == SUGU__REPLY__BODY_TODAY)
        desk_model_take_today(session->model, reply->today);
}

void
desk_reads_today(struct desk_session *session)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetToday get = SUGU__GET_TODAY__INIT;

    if (desk_model_is_stale(session->model))
        return;
    request.body_case = SUGU__REQUEST__BODY_GET_TODAY;
    request.get_today = &get;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_TODAY_NOTE), on_today);
}

/* ---------------------------------------------------------------- events */

/* Something about a visit: what is known of the person looked at may be another. */
static void
look_again(struct desk_session *session, const char *number)
{
    if (number[0] && strcmp(number, desk_model_subject(session->model)) == 0)
        desk_reads_look(session);
}

static void
look_again_at_visit(struct desk_session *session, const ProtobufCBinaryData *visit)
{
    struct sugu_id id = sugu_id_of(visit);

    if (desk_model_looks_at_visit(session->model, &id))
        desk_reads_look(session);
}

static void
look_again_at_bill(struct desk_session *session, const ProtobufCBinaryData *bill)
{
    struct sugu_id id = sugu_id_of(bill);

    if (desk_model_looks_at_bill(session->model, &id))
        desk_money_look(session);
}

void
desk_reads_event(struct desk_session *session, const Sugu__Event *event)
{
    if (!desk_model_person(session->model))
        return; /* nothing is shown, so nothing is gathered */
    if (event->body_case == SUGU__EVENT__BODY_BILL_CHANGED ||
        event->body_case == SUGU__EVENT__BODY_REFUND_CHANGED ||
        event->body_case == SUGU__EVENT__BODY_HELP_WANTED)
        desk_money_tasks(session);
    if (event->body_case == SUGU__EVENT__BODY_QUEUE_CHANGED) {
        desk_model_take_entry(session->model, event->queue_changed);
        look_again(session, event->queue_changed->number);
    } else if (event->body_case == SUGU__EVENT__BODY_HELP_WANTED) {
        desk_model_take_help(session->model, event->help_wanted, event->utc_us);
        look_again(session, event->help_wanted->number);
    } else if (event->body_case == SUGU__EVENT__BODY_HELP_CLOSED)
        desk_model_take_help_closed(session->model, event->help_closed);
    else if (event->body_case == SUGU__EVENT__BODY_KIOSK_CHANGED)
        desk_model_take_kiosk(session->model, event->kiosk_changed);
    else if (event->body_case == SUGU__EVENT__BODY_BILL_CHANGED)
        look_again_at_visit(session, &event->bill_changed->visit);
    else if (event->body_case == SUGU__EVENT__BODY_REFUND_CHANGED)
        look_again_at_bill(session, &event->refund_changed->bill);
    else if (event->body_case == SUGU__EVENT__BODY_PAPER_CHANGED)
        look_again_at_visit(session, &event->paper_changed->visit);
}
