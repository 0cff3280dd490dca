/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - one person at the kiosk: events in, the flow's step, effects out, pauses
 */
#include "session-private.h"

#include "flow.h"
#include "window.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* Seconds a machine may take before the patient is sent on. */
#define WAIT_S      30
#define ELIGIBLE_S  60 /* the qualification terminal asks a distant centre */
#define PRINT_S     90
#define MONEY_S     180 /* a terminal gives up by itself long before */
#define POLL_S      10  /* asking what became of a payment */
#define CARD_LEFT_S 30
#define START_S     5     /* for the first word of the server */
#define REFERENCES  10000 /* four digits */
/* So often one person may hear "not now" instead of paying; then the desk takes over. */
#define PAYMENT_RETRIES_MAX 3
/* A second call for staff within this is the same call. */
#define STAFF_AGAIN_US (20 * SUGU_SECOND)

static void restart_pause(struct kiosk_session *session);

/* ---------------------------------------------------------------- asks */

struct kiosk_ask *
kiosk_ask_new(struct kiosk_session *session)
{
    struct kiosk_ask *ask = g_new(struct kiosk_ask, 1);

    *ask = (struct kiosk_ask){session, session->generation};
    g_hash_table_add(session->asks, ask);
    return ask;
}

void
kiosk_ask_drop(struct kiosk_ask *ask)
{
    g_hash_table_remove(ask->session->asks, ask);
}

struct kiosk_session *
kiosk_ask_take(struct kiosk_ask *ask)
{
    struct kiosk_session *session =
        ask->generation == ask->session->generation ? ask->session : NULL;

    kiosk_ask_drop(ask);
    return session;
}

/* ---------------------------------------------------------------- clearing */

void
kiosk_session_forget(struct kiosk_session *session)
{
    session->generation++;
    kiosk_secret_clear(session->secret);
    kiosk_facts_forget(&session->facts);
    explicit_bzero(&session->visitor, sizeof session->visitor);
    explicit_bzero(&session->scanned, sizeof session->scanned);
    session->session = session->eligibility = session->visit = session->attempt = session->claimed =
        session->claim = session->storing = (struct sugu_id){{0}};
    memset(session->papers, 0, sizeof session->papers);
    session->paper_count = 0;
    session->is_paper_told = false;
    session->payment_retries = 0;
    session->is_abort_wanted = false;
    session->staff_called_us = 0;
}

void
kiosk_session_clear(struct kiosk_session *session)
{
    kiosk_session_forget(session);
    kiosk_model_reset_view(session->model, session->settings.language);
}

/* ---------------------------------------------------------------- effects */

/* Why somebody goes to the desk: what went wrong, else what was pressed. */
static const char *
reason_of(enum sugu_kiosk_event event, const char *code)
{
    if (code[0])
        return code;
    if (event == SUGU_KIOSK_ON_NO)
        return "visit.data-wrong";
    if (event == SUGU_KIOSK_ON_NO_ANSWER)
        return "eligibility.no-answer";
    return "visit.wants-desk";
}

static void
make_reference(struct kiosk_session *session)
{
    unsigned number = (unsigned)sugu_random_below(session->random, REFERENCES);

    snprintf(session->facts.person.reference, sizeof session->facts.person.reference, "%04u",
             number);
    sugu_log(SUGU_LOG_WARNING, "flow.reference", "reference=%s", session->facts.person.reference);
}

static void
call_staff(struct kiosk_session *session, const char *reason)
{
    int64_t now = session->clock->monotonic_us(session->clock);

    session->facts.person.is_staff_called = true;
    if (session->staff_called_us && now - session->staff_called_us < STAFF_AGAIN_US)
        return;
    session->staff_called_us = now;
    kiosk_server_call_staff(session, reason);
}

/* That papers do not come out, once for each try. Nobody has to come: the page shows the number. */
static void
tell_staff(struct kiosk_session *session)
{
    if (session->is_paper_told)
        return;
    session->is_paper_told = true;
    kiosk_server_call_staff(session, session->facts.person.paper_code);
}

/* What staff are called for: what went wrong, else what it came to, else that the button "call
 * staff" was pressed. */
static const char *
help_reason(const struct kiosk_session *session, enum sugu_kiosk_event event, const char *code)
{
    const char *paper_code = session->facts.person.paper_code;
    enum sugu_kiosk_state state = session->flow.state;

    if (state == SUGU_KIOSK_RECEIPT_LATER && paper_code[0])
        return paper_code;
    if (code[0] || event == SUGU_KIOSK_ON_HELP)
        return code[0] ? code : "help.asked";
    if (event == SUGU_KIOSK_ON_TO_DESK && state == SUGU_KIOSK_SEE_DESK)
        return "help.pay-at-desk";
    if (state == SUGU_KIOSK_UNCLEAR || state == SUGU_KIOSK_HELD)
        return "payment.no-answer";
    if (state == SUGU_KIOSK_DESK_AWAY)
        return "help.no-number";
    return state == SUGU_KIOSK_TAKE_CARD ? "help.card-left" : "help.asked";
}

static void
carry_out_card(struct kiosk_session *session, uint32_t effects, enum sugu_kiosk_event event)
{
    if (effects & SUGU_KIOSK_DO_SET_LIMIT)
        kiosk_card_set_limit(session, event);
    if (effects & SUGU_KIOSK_DO_GIVE_CONSENT)
        kiosk_card_give_consent(session, event);
    if (effects & SUGU_KIOSK_DO_REGISTER_CARD)
        kiosk_card_register(session);
    if (effects & SUGU_KIOSK_DO_USE_CARD)
        kiosk_card_use(session);
    if (effects & SUGU_KIOSK_DO_END_CARD)
        kiosk_card_end(session);
    if (session->flow.state == SUGU_KIOSK_MY_CARD)
        session->facts.person.card.is_told = true;
}

/* The leaving person first, so that nothing of one person goes out under the next one. */
static void
carry_out(struct kiosk_session *session,
          uint32_t effects,
          enum sugu_kiosk_event event,
          const char *code)
{
    if (effects & SUGU_KIOSK_DO_CLOSE_SESSION)
        kiosk_server_close(session);
    if (effects & SUGU_KIOSK_DO_FORGET)
        kiosk_session_forget(session);
    if (effects & SUGU_KIOSK_DO_CLEAR)
        kiosk_session_clear(session);
    if (effects & SUGU_KIOSK_DO_SHOW_TRIES) {
        session->facts.person.has_tries = true;
        session->facts.person.tries_left = session->card.tries_left;
    }
    if (effects & SUGU_KIOSK_DO_READ_IDENTITY)
        kiosk_device_read(session);
    if (effects & SUGU_KIOSK_DO_OPEN_SESSION)
        kiosk_server_open(session, event);
    if (effects & SUGU_KIOSK_DO_ASK_ELIGIBILITY)
        kiosk_server_ask_eligibility(session);
    if (effects & SUGU_KIOSK_DO_CHECK_IN)
        kiosk_server_check_in(session, "");
    if (effects & SUGU_KIOSK_DO_CHECK_IN_DESK)
        kiosk_server_check_in(session, reason_of(event, code));
    if (effects & SUGU_KIOSK_DO_MAKE_REFERENCE)
        make_reference(session);
    if (effects & SUGU_KIOSK_DO_PRINT_TICKET)
        kiosk_device_print_ticket(session);
    if (effects & SUGU_KIOSK_DO_START_PAYMENT)
        kiosk_device_pay(session, event);
    if (effects & SUGU_KIOSK_DO_FIX_PAYMENT)
        kiosk_device_fix(session);
    if (effects & SUGU_KIOSK_DO_ABORT_PAYMENT)
        kiosk_device_abort(session);
    if (effects & SUGU_KIOSK_DO_ASK_PAYMENT)
        kiosk_device_ask_payment(session);
    if (effects & SUGU_KIOSK_DO_ISSUE_RECEIPT)
        kiosk_server_issue_receipt(session);
    if (effects & SUGU_KIOSK_DO_PRINT_RECEIPT)
        kiosk_device_print_receipt(session);
    if (effects & SUGU_KIOSK_DO_PRINT_CLAIM)
        kiosk_device_print_claim(session);
    if (effects & SUGU_KIOSK_DO_SHOW_NEXT_OLD)
        session->facts.person.old_shown++;
    if (effects & SUGU_KIOSK_DO_GET_BILL)
        kiosk_server_get_bill(session);
    carry_out_card(session, effects, event);
    if (effects & SUGU_KIOSK_DO_TELL_STAFF)
        tell_staff(session);
    if (effects & SUGU_KIOSK_DO_CALL_STAFF)
        call_staff(session, help_reason(session, event, code));
}

/* ---------------------------------------------------------------- the page */

static void
enable_actions(struct kiosk_session *session)
{
    for (unsigned event = 0; event < SUGU_KIOSK_EVENT_COUNT; event++) {
        char name[32];
        GAction *action = g_action_map_lookup_action(
            G_ACTION_MAP(session->actions), kiosk_flow_action(name, (enum sugu_kiosk_event)event));
        bool is_allowed = sugu_kiosk_flow_allows(&session->flow, (enum sugu_kiosk_event)event) &&
                          kiosk_ways_allow(session, (enum sugu_kiosk_event)event);
        if (action)
            g_simple_action_set_enabled(G_SIMPLE_ACTION(action), is_allowed);
    }
}

void
kiosk_session_beat(struct kiosk_session *session)
{
    Sugu__Heartbeat beat = SUGU__HEARTBEAT__INIT;
    Sugu__PartState states[SUGU_ARRAY_SIZE(session->parts)];
    Sugu__PartState *parts[SUGU_ARRAY_SIZE(session->parts)];

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(session->parts); i++) {
        if (!session->parts[i].is_known)
            continue;
        states[i] = (Sugu__PartState)SUGU__PART_STATE__INIT;
        states[i].part = (Sugu__Part)i;
        states[i].health = session->parts[i].health;
        states[i].code = session->parts[i].code;
        parts[beat.n_parts++] = &states[i];
    }
    beat.parts = parts;
    beat.page = (char *)sugu_kiosk_page(session->flow.state);
    sugu_client_set_heartbeat(session->server.client, &beat);
}

void
kiosk_session_refresh(struct kiosk_session *session)
{
    enable_actions(session);
    kiosk_model_show(session->model, &session->facts, &session->flow, session->countdown_s);
}

static void
show_page(struct kiosk_session *session, enum sugu_kiosk_state left)
{
    int64_t now = session->clock->monotonic_us(session->clock);

    sugu_log(SUGU_LOG_INFO, "page.left", "page=%s next=%s ms=%lld language=%s large=%d",
             sugu_kiosk_page(left), sugu_kiosk_page(session->flow.state),
             (long long)((now - session->page_since_us) / SUGU_MS),
             kiosk_model_language(session->model), kiosk_model_is_large(session->model));
    session->page_since_us = now;
    session->pauses = 0;
    session->countdown_s = (unsigned)session->settings.warning_s;
    kiosk_session_refresh(session);
    kiosk_model_change_page(session->model, session->flow.state);
    kiosk_ways_count_down(session);
    kiosk_session_beat(session);
}

/*
 * What is the case already when a page comes: no card lies there to be taken, the staff want the
 * kiosk when it is free, no server is there for the next one, a card was put while nobody could be
 * taken, "not now" was said often enough.
 */
static void
go_on(struct kiosk_session *session, enum sugu_kiosk_state left, const char *code)
{
    bool is_new = session->flow.state != left;

    if (session->flow.state == SUGU_KIOSK_TAKE_CARD && !session->card.is_there)
        kiosk_session_event(session, SUGU_KIOSK_ON_CARD_TAKEN, "");
    else if (kiosk_orders_rest(session))
        return;
    else if (session->flow.state == SUGU_KIOSK_WELCOME && !session->facts.place.has_server)
        kiosk_session_event(session, SUGU_KIOSK_ON_SERVER_AWAY, "");
    else if (session->flow.state == SUGU_KIOSK_WELCOME && is_new &&
             sugu_kiosk_kind_of(left) == SUGU_KIOSK_REST)
        kiosk_device_see_card(session);
    else if (session->flow.state == SUGU_KIOSK_PAY_TROUBLE && is_new &&
             sugu_code_find(code)->status == SUGU_RETRY &&
             ++session->payment_retries >= PAYMENT_RETRIES_MAX)
        kiosk_session_event(session, SUGU_KIOSK_ON_TO_DESK, code);
}

static void
step(struct kiosk_session *session, enum sugu_kiosk_event event, const char *code)
{
    enum sugu_kiosk_state left = session->flow.state;
    struct sugu_error error;
    uint32_t effects = 0;

    if (sugu_kiosk_flow_step(&session->flow, event, &effects, &error) != SUGU_OK) {
        sugu_log(SUGU_LOG_DEBUG, "flow.ignored", "event=%s page=%s",
                 sugu_kiosk_machine.events[event], sugu_kiosk_page(left));
        return;
    }
    if (session->flow.state != left || code[0])
        sugu_text_copy(session->facts.person.notice, sizeof session->facts.person.notice, code);
    /* Read by now; what comes of the printing has the place. */
    if (event == SUGU_KIOSK_ON_CONTINUE || event == SUGU_KIOSK_ON_PRINT)
        session->facts.person.notice[0] = '\0';
    carry_out(session, effects, event, code);
    /* Digits that were not sent leave with their page, also below the question "still there?". */
    if (session->flow.state != left)
        kiosk_secret_clear(session->secret);
    if (code[0] && effects & SUGU_KIOSK_DO_FORGET)
        sugu_text_copy(session->facts.person.notice, sizeof session->facts.person.notice, code);
    if (session->flow.state != left)
        show_page(session, left);
    else
        kiosk_session_refresh(session);
    restart_pause(session);
    go_on(session, left, code);
}

void
kiosk_session_event(struct kiosk_session *session, enum sugu_kiosk_event event, const char *code)
{
    struct kiosk_happening *last;

    /* More than a handful at once would be a loop in the table; the pauses lead out of any page. */
    if (session->waiting_count == KIOSK_HAPPENINGS_MAX) {
        sugu_log(SUGU_LOG_ERROR, "flow.flooded", "event=%s", sugu_kiosk_machine.events[event]);
        return;
    }
    last = &session->waiting[session->waiting_count++];
    last->event = event;
    sugu_text_copy(last->code, sizeof last->code, code);
    if (session->is_stepping)
        return;
    session->is_stepping = true;
    while (session->waiting_count > 0) {
        struct kiosk_happening first = session->waiting[0];
        session->waiting_count--;
        memmove(session->waiting, session->waiting + 1,
                session->waiting_count * sizeof session->waiting[0]);
        step(session, kiosk_orders_turn(session, first.event), first.code);
    }
    session->is_stepping = false;
}

/* ---------------------------------------------------------------- pauses */

static gboolean
on_countdown(void *user)
{
    struct kiosk_session *session = user;

    if (session->countdown_s > 1) {
        session->countdown_s--;
        kiosk_session_refresh(session);
        return G_SOURCE_CONTINUE;
    }
    session->countdown_timer = 0;
    kiosk_session_event(session, SUGU_KIOSK_ON_TIME_UP, "");
    return G_SOURCE_REMOVE;
}

static gboolean
on_pause(void *user)
{
    struct kiosk_session *session = user;
    enum sugu_kiosk_event event = sugu_kiosk_pause(session->flow.state, ++session->pauses);

    session->pause_timer = 0;
    if (sugu_client_is_fresh(session->server.client))
        kiosk_orders_ask(session);
    kiosk_session_event(session, event, event == SUGU_KIOSK_ON_PAYMENT_HELD ? "payment.held" : "");
    if (session->pause_timer == 0 && session->countdown_timer == 0)
        restart_pause(session);
    return G_SOURCE_REMOVE;
}

/* Seconds until the page's pause means something. */
static int64_t
pause_s(const struct kiosk_session *session)
{
    int64_t idle = session->settings.idle_s;

    /* Who needs large letters needs more time as well. */
    if (kiosk_model_is_large(session->model))
        idle *= 2;
    switch (sugu_kiosk_kind_of(session->flow.state)) {
    case SUGU_KIOSK_WAITS:
        if (session->flow.state == SUGU_KIOSK_CHECKING)
            return ELIGIBLE_S;
        if (session->flow.state == SUGU_KIOSK_REGISTERING)
            return MONEY_S;
        return session->flow.state == SUGU_KIOSK_PRINTING ? PRINT_S : WAIT_S;
    case SUGU_KIOSK_MONEY:
        if (session->flow.state == SUGU_KIOSK_CODE)
            return MONEY_S + session->facts.person.offer.left_s;
        return session->flow.state == SUGU_KIOSK_UNCLEAR ? POLL_S : MONEY_S;
    case SUGU_KIOSK_ENDS:
        return 2 * idle;
    case SUGU_KIOSK_LEAVES:
        return CARD_LEFT_S;
    case SUGU_KIOSK_REST:
    case SUGU_KIOSK_ASKS:
    case SUGU_KIOSK_WARNS:
        return idle;
    }
    return idle;
}

static void
restart_pause(struct kiosk_session *session)
{
    g_clear_handle_id(&session->pause_timer, g_source_remove);
    if (sugu_kiosk_kind_of(session->flow.state) == SUGU_KIOSK_WARNS) {
        if (session->countdown_timer == 0)
            session->countdown_timer = g_timeout_add_seconds(1, on_countdown, session);
        return;
    }
    g_clear_handle_id(&session->countdown_timer, g_source_remove);
    session->pause_timer = g_timeout_add_seconds((guint)pause_s(session), on_pause, session);
}

void
kiosk_session_touched(struct kiosk_session *session)
{
    enum sugu_kiosk_kind kind = sugu_kiosk_kind_of(session->flow.state);

    if (kind == SUGU_KIOSK_ASKS || kind == SUGU_KIOSK_REST || kind == SUGU_KIOSK_ENDS)
        restart_pause(session);
}

/* ---------------------------------------------------------------- the patient's actions */

static void
press(struct kiosk_session *session, enum sugu_kiosk_event event)
{
    int64_t now = session->clock->monotonic_us(session->clock);

    /* The second tap of a double one belongs to the page before. */
    if (event != SUGU_KIOSK_ON_HELP && now - session->page_since_us < KIOSK_SETTLE_MS * SUGU_MS)
        return;
    if (event == SUGU_KIOSK_ON_DIGITS && session->flow.state == SUGU_KIOSK_BIRTHDAY &&
        !kiosk_secret_take_birthday(session->secret, &session->visitor.birthday)) {
        kiosk_secret_clear(session->secret);
        sugu_text_copy(session->facts.person.notice, sizeof session->facts.person.notice,
                       "identity.birthday-wrong");
        kiosk_session_refresh(session);
        kiosk_model_change_page(session->model, session->flow.state);
        return;
    }
    kiosk_session_event(session, kiosk_ways_turn(session, event), "");
}

static void
on_action(GSimpleAction *action, GVariant *parameter, void *user)
{
    (void)parameter;
    press(user, GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(action), "event")));
}

static void
add_actions(struct kiosk_session *session)
{
    static const enum sugu_kiosk_event events[] = {
        SUGU_KIOSK_ON_NO_CARD,      SUGU_KIOSK_ON_TAKE_NUMBER, SUGU_KIOSK_ON_DIGITS,
        SUGU_KIOSK_ON_YES,          SUGU_KIOSK_ON_NO,          SUGU_KIOSK_ON_PAY,
        SUGU_KIOSK_ON_CANCEL,       SUGU_KIOSK_ON_AGAIN,       SUGU_KIOSK_ON_BACK,
        SUGU_KIOSK_ON_DONE,         SUGU_KIOSK_ON_CONTINUE,    SUGU_KIOSK_ON_TO_DESK,
        SUGU_KIOSK_ON_PRINT,        SUGU_KIOSK_ON_HELP,        SUGU_KIOSK_ON_CHOOSE_WAY,
        SUGU_KIOSK_ON_PAY_CASH,     SUGU_KIOSK_ON_PAY_CODE,    SUGU_KIOSK_ON_FIX,
        SUGU_KIOSK_ON_OLD_BILLS,    SUGU_KIOSK_ON_PAY_OLD,     SUGU_KIOSK_ON_NEXT_OLD,
        SUGU_KIOSK_ON_OTHER_BILLS,  SUGU_KIOSK_ON_STORE_CARD,  SUGU_KIOSK_ON_LIMIT_LOW,
        SUGU_KIOSK_ON_LIMIT_MIDDLE, SUGU_KIOSK_ON_LIMIT_HIGH,  SUGU_KIOSK_ON_OWN_CARD,
        SUGU_KIOSK_ON_OTHERS_CARD,  SUGU_KIOSK_ON_MY_CARD,     SUGU_KIOSK_ON_USE_CARD,
        SUGU_KIOSK_ON_END_CARD,
    };

    session->actions = g_simple_action_group_new();
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(events); i++) {
        char name[32];
        GSimpleAction *action = g_simple_action_new(kiosk_flow_action(name, events[i]), NULL);
        g_object_set_data(G_OBJECT(action), "event", GUINT_TO_POINTER(events[i]));
        g_signal_connect(action, "activate", G_CALLBACK(on_action), session);
        g_action_map_add_action(G_ACTION_MAP(session->actions), G_ACTION(action));
        g_object_unref(action);
    }
}

GActionGroup *
kiosk_session_actions(struct kiosk_session *session)
{
    return G_ACTION_GROUP(session->actions);
}

void
kiosk_session_scanned(struct kiosk_session *session, const struct sugu_id *token)
{
    kiosk_session_touched(session);
    if (!sugu_kiosk_flow_allows(&session->flow, SUGU_KIOSK_ON_TICKET_SCANNED))
        return;
    session->scanned = *token;
    kiosk_session_event(session, SUGU_KIOSK_ON_TICKET_SCANNED, "");
}

/* ---------------------------------------------------------------- beginning and end */

static void
on_view_changed(KioskModel *model, GParamSpec *spec, void *user)
{
    struct kiosk_session *session = user;

    (void)model;
    (void)spec;
    kiosk_session_refresh(session);
}

/* A server that was never heard of is away as well. */
static gboolean
on_start_over(void *user)
{
    struct kiosk_session *session = user;

    session->start_timer = 0;
    if (!sugu_client_is_fresh(session->server.client)) {
        session->facts.place.has_server = false;
        kiosk_session_event(session, SUGU_KIOSK_ON_SERVER_AWAY, "");
    } else if (session->flow.state == SUGU_KIOSK_WELCOME && !session->orders.is_known)
        kiosk_device_see_card(session); /* it waited long enough */
    return G_SOURCE_REMOVE;
}

static void
begin(struct kiosk_session *session)
{
    struct kiosk_place *place = &session->facts.place;

    sugu_text_copy(place->facility_name, sizeof place->facility_name,
                   session->settings.facility_name);
    sugu_text_copy(place->phone_page, sizeof place->phone_page, session->settings.phone_page);
    /* Until a device has answered it counts as away; the first page says so only after a while. */
    place->has_server = true;
    place->has_reader = session->reader.client != NULL;
    session->page_since_us = session->clock->monotonic_us(session->clock);
    session->countdown_s = (unsigned)session->settings.warning_s;
    kiosk_model_reset_view(session->model, session->settings.language);
    g_signal_connect(session->model, "notify::language", G_CALLBACK(on_view_changed), session);
    kiosk_session_refresh(session);
    kiosk_session_beat(session);
    restart_pause(session);
    session->start_timer = g_timeout_add_seconds(START_S, on_start_over, session);
}

enum sugu_status
kiosk_session_new(const struct kiosk_session_settings *settings,
                  const struct kiosk_session_parts *parts,
                  struct kiosk_session **ret_session,
                  struct sugu_error *reterr)
{
    struct kiosk_session *session = g_new0(struct kiosk_session, 1);
    enum sugu_status status;

    session->settings = *settings;
    session->asks = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    session->clock = parts->clock;
    session->random = parts->random;
    session->model = g_object_ref(parts->model);
    session->secret = parts->secret;
    session->server.store = parts->store;
    session->on_restart = parts->on_restart;
    session->restart_user = parts->restart_user;
    add_actions(session);
    status = kiosk_server_connect(session, parts->zmq_context, reterr);
    if (status == SUGU_OK)
        status = kiosk_devices_connect(session, parts->zmq_context, reterr);
    if (status != SUGU_OK) {
        kiosk_session_free(session);
        return status;
    }
    begin(session);
    *ret_session = session;
    return SUGU_OK;
}

struct kiosk_session *
kiosk_session_free(struct kiosk_session *session)
{
    if (!session)
        return NULL;
    g_clear_handle_id(&session->pause_timer, g_source_remove);
    g_clear_handle_id(&session->countdown_timer, g_source_remove);
    g_clear_handle_id(&session->start_timer, g_source_remove);
    g_clear_handle_id(&session->offer_timer, g_source_remove);
    g_signal_handlers_disconnect_by_data(session->model, session);
    kiosk_session_forget(session);
    explicit_bzero(&session->card, sizeof session->card);
    kiosk_link_done(&session->server);
    kiosk_link_done(&session->reader);
    kiosk_link_done(&session->printer);
    kiosk_link_done(&session->payment);
    g_hash_table_unref(session->asks); /* nobody is left to answer */
    g_object_unref(session->actions);
    g_object_unref(session->model);
    g_free(session);
    return NULL;
}

const struct kiosk_facts *
kiosk_session_facts(const struct kiosk_session *session)
{
    return &session->facts;
}

enum sugu_kiosk_state
kiosk_session_state(const struct kiosk_session *session)
{
    return session->flow.state;
}
