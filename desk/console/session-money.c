/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-money - a bill's money: asked for while it is shown, taken, given back, found out
 *
 * A verb is about the bill, attempt or refund of the form that was opened for it, with the revision
 * that the person saw. One is under way at a time, so that a key pressed twice takes money once;
 * its form stays until it is done, so that nothing typed is lost by a refusal.
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"
#include "words-money.h"

#include <glib/gi18n.h>

#include <string.h>

#define NOTE_SIZE   101 /* bounds.def */
#define REASON_SIZE 161
#define ID_SIZE     65

#define TASKS_SHOWN_MS 300  /* a burst of events is one question */
#define TASKS_MS       2000 /* where only their number is shown */

/* ---------------------------------------------------------------- asking */

static void
on_money(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    char words[DESK_WORDS_SIZE];

    desk_ask_free(ask);
    if (!session)
        return;
    if (reply->status != SUGU__STATUS__OK)
        desk_model_say(session->model, DESK_MODEL_MONEY_NOTE,
                       desk_words_code(words, reply->code, reply->detail));
    else if (reply->body_case == SUGU__REPLY__BODY_MONEY)
        desk_model_take_money(session->model, reply->money);
}

void
desk_money_look(struct desk_session *session)
{
    const Sugu__Bill *bill = desk_model_bill(session->model);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetMoney get = SUGU__GET_MONEY__INIT;

    if (!bill || !desk_model_wants_money(session->model) || !desk_model_person(session->model))
        return;
    get.bill = bill->bill;
    request.body_case = SUGU__REQUEST__BODY_GET_MONEY;
    request.get_money = &get;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_MONEY_NOTE), on_money);
}

/* ---------------------------------------------------------------- tasks, and bills of a patient */

static void
on_tasks(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    desk_ask_free(ask);
    if (session && reply->status == SUGU__STATUS__OK &&
        reply->body_case == SUGU__REPLY__BODY_MONEY_TASKS)
        desk_model_take_tasks(session->model, reply->money_tasks);
}

static gboolean
on_tasks_due(void *user)
{
    struct desk_session *session = user;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetMoneyTasks get = SUGU__GET_MONEY_TASKS__INIT;

    session->tasks_timer = 0;
    if (!desk_model_person(session->model) || desk_model_is_stale(session->model))
        return G_SOURCE_REMOVE; /* asked for with the next person, or when the server is back */
    request.body_case = SUGU__REQUEST__BODY_GET_MONEY_TASKS;
    request.get_money_tasks = &get;
    desk_session_send(session, &request, /* is_read= */ true,
                      desk_ask_new(session, DESK_MODEL_MONEY_TASKS_NOTE), on_tasks);
    return G_SOURCE_REMOVE;
}

/* Many events, one question: sooner where somebody looks. */
void
desk_money_tasks(struct desk_session *session)
{
    if (session->tasks_timer == 0)
        session->tasks_timer =
            g_timeout_add(desk_model_wants_money(session->model) ? TASKS_SHOWN_MS : TASKS_MS,
                          on_tasks_due, session);
}

static void
on_bills(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);

    if (session && desk_session_heard(session, DESK_MODEL_BILLS_NOTE, reply) &&
        reply->body_case == SUGU__REPLY__BODY_PATIENT_BILLS)
        desk_model_take_bills(session->model, &ask->patient, reply->patient_bills);
    desk_ask_free(ask);
}

/* The patient's id as text; "" takes the list away. */
static void
on_find_bills(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    struct sugu_id patient = {{0}};
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPatientBills get = SUGU__GET_PATIENT_BILLS__INIT;
    struct desk_ask *ask;

    (void)action;
    if (!sugu_id_from_text(g_variant_get_string(value, NULL), &patient))
        patient = (struct sugu_id){{0}};
    desk_model_take_bills(session->model, &patient, NULL);
    if (sugu_id_is_none(&patient) || !desk_model_person(session->model))
        return;
    ask = desk_ask_new(session, DESK_MODEL_BILLS_NOTE);
    ask->patient = patient;
    get.patient = sugu_id_field(&ask->patient);
    request.body_case = SUGU__REQUEST__BODY_GET_PATIENT_BILLS;
    request.get_patient_bills = &get;
    desk_session_send(session, &request, /* is_read= */ true, ask, on_bills);
}

/* ---------------------------------------------------------------- what became of a verb */

static char *
done_words(const struct desk_ask *ask, const Sugu__Reply *reply)
{
    char yen[DESK_WORDS_SIZE];

    if (reply->body_case == SUGU__REPLY__BODY_REFUND)
        return g_strdup_printf(C_("money", "Refund of %s: %s"),
                               desk_words_yen(yen, reply->refund->amount_yen),
                               desk_words_refund_state(reply->refund->state));
    if (reply->body_case == SUGU__REPLY__BODY_CARD_ON_FILE)
        return g_strdup(desk_words_card(yen, reply->card_on_file));
    return g_strdup(ask->money_verb == DESK_MONEY_RESOLVE
                        ? C_("money", "What became of the payment is booked.")
                        : C_("money", "The money is booked."));
}

static void
on_verb_reply(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *session = desk_ask_end(ask);
    char *words;

    sugu_log(SUGU_LOG_INFO, "desk.money", "verb=%s status=%s code=%s",
             desk_money_verb_find(ask->money_verb)->action,
             sugu_status_name((enum sugu_status)reply->status), reply->code);
    if (session) {
        session->is_money_open = false;
        if (desk_session_heard(session, DESK_MODEL_MONEY_NOTE, reply)) {
            desk_model_close_form(session->model);
            words = done_words(ask, reply);
            desk_model_say(session->model, DESK_MODEL_MONEY_NOTE, words);
            g_free(words);
        }
        if (desk_model_person(session->model))
            desk_reads_look(session); /* as it is now, whatever was said */
        desk_money_tasks(session);
        desk_money_enable(session);
    }
    desk_ask_free(ask);
}

static void
send(struct desk_session *session, enum desk_money_verb verb, Sugu__Request *request)
{
    struct desk_ask *ask = desk_ask_new(session, DESK_MODEL_MONEY_NOTE);

    ask->money_verb = verb;
    session->is_money_open = true;
    desk_model_say(session->model, DESK_MODEL_MONEY_NOTE, C_("money", "Being booked …"));
    desk_money_enable(session);
    desk_session_send(session, request, /* is_read= */ false, ask, on_verb_reply);
}

/* The open form, where it is that of the verb. */
static const struct desk_money_form *
form_of(struct desk_session *session, enum desk_money_verb verb)
{
    const struct desk_money_form *form = desk_model_form(session->model);

    return form->is_open && form->verb == verb && !session->is_money_open ? form : NULL;
}

/* What most verbs ask for: an amount, one of a list, and why. */
struct typed {
    gint64 yen;
    guint32 choice;
    char note[NOTE_SIZE];
};
#define TYPED        "(xus)"
#define REFUND_TYPED "(xu&sb)" /* the last: by hand */

static struct typed
typed_of(GVariant *value)
{
    struct typed typed;
    const char *note;

    g_variant_get(value, "(xu&s)", &typed.yen, &typed.choice, &note);
    sugu_text_copy(typed.note, sizeof typed.note, note);
    return typed;
}

/* ---------------------------------------------------------------- verbs */

static void
on_settle(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const struct desk_money_form *form = form_of(session, DESK_MONEY_SETTLE);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__SettleBill settle = SUGU__SETTLE_BILL__INIT;
    struct typed typed;

    (void)action;
    if (!form)
        return;
    typed = typed_of(value);
    settle.amount_yen = typed.yen;
    settle.bill = sugu_id_field(&form->bill);
    settle.revision = form->revision;
    settle.by = (Sugu__DeskMoney)MIN(typed.choice, SUGU__DESK_MONEY__DESK_TRANSFER);
    settle.note = typed.note;
    settle.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_SETTLE_BILL;
    request.settle_bill = &settle;
    send(session, DESK_MONEY_SETTLE, &request);
}

static void
on_refund(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const struct desk_money_form *form = form_of(session, DESK_MONEY_REFUND);
    struct sugu_id refund = sugu_id_new(session->clock, sugu_random_system());
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__OrderRefund order = SUGU__ORDER_REFUND__INIT;
    char note[NOTE_SIZE];
    const char *typed_note;
    gboolean is_by_hand;
    guint32 reason;

    (void)action;
    if (!form)
        return;
    g_variant_get(value, REFUND_TYPED, &order.amount_yen, &reason, &typed_note, &is_by_hand);
    sugu_text_copy(note, sizeof note, typed_note);
    order.refund = sugu_id_field(&refund);
    order.original = sugu_id_field(&form->target);
    order.reason = (Sugu__RefundReason)MIN(reason, SUGU__REFUND_REASON__REFUND_CORRECTION);
    order.note = note;
    order.is_by_hand = is_by_hand;
    order.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_ORDER_REFUND;
    request.order_refund = &order;
    send(session, DESK_MONEY_REFUND, &request);
}

static void
on_decide(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    bool is_granted = strcmp(g_action_get_name(G_ACTION(action)), "grant") == 0;
    enum desk_money_verb verb = is_granted ? DESK_MONEY_GRANT : DESK_MONEY_DENY;
    const struct desk_money_form *form = form_of(session, verb);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__DecideRefund decide = SUGU__DECIDE_REFUND__INIT;

    (void)value;
    if (!form)
        return;
    decide.refund = sugu_id_field(&form->target);
    decide.is_granted = is_granted;
    decide.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_DECIDE_REFUND;
    request.decide_refund = &decide;
    send(session, verb, &request);
}

static void
on_resolve(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const struct desk_money_form *form = form_of(session, DESK_MONEY_RESOLVE);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ResolvePayment resolve = SUGU__RESOLVE_PAYMENT__INIT;
    char provider_id[ID_SIZE], reason[REASON_SIZE];
    const char *typed_id, *typed_reason;
    guint32 state;

    (void)action;
    if (!form)
        return;
    g_variant_get(value, "(ux&s&s)", &state, &resolve.approved_yen, &typed_id, &typed_reason);
    sugu_text_copy(provider_id, sizeof provider_id, typed_id);
    sugu_text_copy(reason, sizeof reason, typed_reason);
    resolve.attempt = sugu_id_field(&form->target);
    resolve.state = (Sugu__AttemptState)state;
    resolve.provider_id = provider_id;
    resolve.reason = reason;
    resolve.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_RESOLVE_PAYMENT;
    request.resolve_payment = &resolve;
    send(session, DESK_MONEY_RESOLVE, &request);
}

static void
on_change(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const struct desk_money_form *form = form_of(session, DESK_MONEY_CHANGE);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__PayChange pay = SUGU__PAY_CHANGE__INIT;
    struct typed typed;

    (void)action;
    if (!form)
        return;
    typed = typed_of(value);
    pay.amount_yen = typed.yen;
    pay.bill = sugu_id_field(&form->bill);
    pay.note = typed.note;
    pay.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_PAY_CHANGE;
    request.pay_change = &pay;
    send(session, DESK_MONEY_CHANGE, &request);
}

static void
on_card(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    const char *name = g_action_get_name(G_ACTION(action));
    enum desk_money_verb verb = strcmp(name, "suspend-card") == 0   ? DESK_MONEY_SUSPEND
                                : strcmp(name, "release-card") == 0 ? DESK_MONEY_RELEASE
                                                                    : DESK_MONEY_END;
    const struct desk_money_form *form = form_of(session, verb);
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ChangeCard change = SUGU__CHANGE_CARD__INIT;
    struct typed typed;

    if (!form)
        return;
    typed = typed_of(value);
    change.card = sugu_id_field(&form->target);
    change.verb = verb == DESK_MONEY_SUSPEND   ? SUGU__CARD_VERB__CARD_SUSPEND
                  : verb == DESK_MONEY_RELEASE ? SUGU__CARD_VERB__CARD_RELEASE
                                               : SUGU__CARD_VERB__CARD_END;
    change.reason = typed.note;
    change.desk = (char *)desk_model_desk(session->model);
    request.body_case = SUGU__REQUEST__BODY_CHANGE_CARD;
    request.change_card = &change;
    send(session, verb, &request);
}

/* ---------------------------------------------------------------- what is offered */

void
desk_money_add(struct desk_session *session)
{
    static const GActionEntry entries[] = {
        {.name = "settle", .activate = on_settle, .parameter_type = TYPED},
        {.name = "refund", .activate = on_refund, .parameter_type = "(xusb)"},
        {.name = "grant", .activate = on_decide},
        {.name = "deny", .activate = on_decide},
        {.name = "resolve", .activate = on_resolve, .parameter_type = "(uxss)"},
        {.name = "pay-change", .activate = on_change, .parameter_type = TYPED},
        {.name = "suspend-card", .activate = on_card, .parameter_type = TYPED},
        {.name = "release-card", .activate = on_card, .parameter_type = TYPED},
        {.name = "end-card", .activate = on_card, .parameter_type = TYPED},
        {.name = "find-bills", .activate = on_find_bills, .parameter_type = "s"},
    };

    g_action_map_add_action_entries(G_ACTION_MAP(session->actions), entries, G_N_ELEMENTS(entries),
                                    session);
}

void
desk_money_enable(struct desk_session *session)
{
    const struct desk_person *person = desk_model_person(session->model);

    for (unsigned i = 0; i < DESK_MONEY_VERB_COUNT; i++) {
        const struct desk_money_verb_row *row = desk_money_verb_find((enum desk_money_verb)i);
        bool is_possible = person && desk_model_desk(session->model)[0] &&
                           !session->is_money_open &&
                           sugu_right_is_granted(row->right, person->role) &&
                           desk_model_may_money(session->model, (enum desk_money_verb)i);
        desk_session_set_enabled(session, row->action, is_possible);
    }
}
