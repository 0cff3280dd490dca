/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - a desk's conversation with the queue server, and with the reader of staff cards
 */
#include "session-private.h"

#include "base/log.h"
#include "protocol/state-times.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

#define READ_WAIT_US  (15 * SUGU_SECOND)
#define DEADLINE_US   (60 * SUGU_SECOND) /* of what changes something: pressed, then forgotten */
#define TICK_S        5
#define MACHINE_TICKS 2   /* kiosks are asked for every 10 s: SUGU_STATE_READ_US */
#define TODAY_TICKS   6   /* numbers of the day every 30 s */
#define TASKS_TICKS   12  /* what waits because of money, if no event said so */
#define QUEUES_TICKS  120 /* the whole snapshot every 10 min: calibration, another day */

/* Or healthy machines are called silent (state-times.h). */
_Static_assert(TICK_S *MACHINE_TICKS *SUGU_SECOND <= SUGU_STATE_READ_US,
               "a desk reads the machines' states as often as their age is judged by");

static int64_t
server_utc(const struct desk_session *session)
{
    return sugu_client_server_utc_us(session->server.client);
}

/* ---------------------------------------------------------------- requests */

struct desk_ask *
desk_ask_new(struct desk_session *session, enum desk_model_text note)
{
    struct desk_ask *ask = g_new0(struct desk_ask, 1);

    ask->session = session;
    ask->generation = session->generation;
    ask->note = note;
    g_hash_table_add(session->asks, ask);
    return ask;
}

void
desk_ask_free(struct desk_ask *ask)
{
    g_clear_object(&ask->row);
    g_free(ask);
}

struct desk_session *
desk_ask_end(struct desk_ask *ask)
{
    struct desk_session *session = ask->session;

    desk_model_count_request(session->model, -1);
    g_hash_table_steal(session->asks, ask);
    return ask->generation == session->generation ? session : NULL;
}

/* The waiter is told as if the server had answered. */
static void
answer_here(struct desk_ask *ask, sugu_on_reply on_reply, const struct sugu_error *error)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    reply.status = (Sugu__Status)error->status;
    reply.code = (char *)error->code;
    reply.detail = (char *)error->detail;
    on_reply(ask, &reply);
}

void
desk_session_send(struct desk_session *session,
                  Sugu__Request *request,
                  bool is_read,
                  struct desk_ask *ask,
                  sugu_on_reply on_reply)
{
    const struct desk_person *person = desk_model_person(session->model);
    struct sugu_error error;

    if (person)
        request->sign_in = sugu_id_field(&person->sign_in);
    if (!is_read)
        request->deadline_utc_us = server_utc(session) + DEADLINE_US;
    desk_model_count_request(session->model, 1);
    if (sugu_client_request(session->server.client, request,
                            &(struct sugu_ask){.is_read = is_read,
                                               .wait_us = is_read ? READ_WAIT_US : 0,
                                               .on_reply = on_reply,
                                               .user = ask},
                            &error) == SUGU_OK)
        return;
    sugu_log_error(SUGU_LOG_ERROR, "request.not-sent", &error);
    answer_here(ask, on_reply, &error);
}

static bool
is_sign_in_over(const char *code)
{
    return strcmp(code, "staff.sign-in-needed") == 0;
}

bool
desk_session_heard(struct desk_session *session,
                   enum desk_model_text note,
                   const Sugu__Reply *reply)
{
    char words[DESK_WORDS_SIZE];

    if (reply->status == SUGU__STATUS__OK) {
        desk_model_say(session->model, note, "");
        return true;
    }
    desk_words_code(words, reply->code, reply->detail);
    desk_model_say(session->model, note, words);
    if (is_sign_in_over(reply->code))
        desk_session_sign_out(session, words);
    return false;
}

void
desk_session_set_enabled(struct desk_session *session, const char *action, bool is_enabled)
{
    GAction *found = g_action_map_lookup_action(G_ACTION_MAP(session->actions), action);

    g_simple_action_set_enabled(G_SIMPLE_ACTION(found), is_enabled);
}

void
desk_session_sign_out(struct desk_session *session, const char *why)
{
    session->generation++;
    session->is_snapshot_under_way = session->is_snapshot_wanted = false;
    session->is_money_open = false;
    g_clear_handle_id(&session->look_timer, g_source_remove);
    g_clear_handle_id(&session->retry_timer, g_source_remove);
    g_clear_handle_id(&session->tasks_timer, g_source_remove);
    g_ptr_array_set_size(session->done, 0);
    session->has_done = false;
    desk_model_set_person(session->model, NULL);
    desk_model_say(session->model, DESK_MODEL_SIGN_IN_NOTE, why);
}

/* ---------------------------------------------------------------- the server's voice */

static void
on_event(void *user, const Sugu__Event *event)
{
    desk_reads_event(user, event);
}

static void
on_fresh(void *user, bool was_reset)
{
    struct desk_session *session = user;

    sugu_log(SUGU_LOG_INFO, "desk.fresh", "reset=%d", was_reset);
    desk_model_set_now(session->model, server_utc(session));
    desk_model_set_stale(session->model, 0);
    if (!desk_model_person(session->model))
        return;
    desk_reads_snapshot(session);
    desk_reads_machines(session);
    desk_reads_today(session);
    desk_money_tasks(session);
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    struct desk_session *session = user;

    /* The client says it by our own clock; all that is shown goes by the server's. */
    int64_t silent_us = session->clock->utc_us(session->clock) - since_utc;

    sugu_log(SUGU_LOG_WARNING, "desk.stale", "");
    desk_model_set_stale(session->model, server_utc(session) - silent_us);
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

/* A verb of an earlier run of this program was answered: there is no row any more that waits. */
static void
on_orphan_reply(void *user, const struct sugu_id *id, const Sugu__Reply *reply)
{
    (void)user;
    (void)id;
    sugu_log(SUGU_LOG_INFO, "desk.late-reply", "status=%s code=%s",
             sugu_status_name((enum sugu_status)reply->status), reply->code);
}

/* ---------------------------------------------------------------- time */

static gboolean
on_flush(void *user)
{
    struct desk_session *session = user;

    session->flush_idle = 0;
    desk_model_flush(session->model);
    return G_SOURCE_REMOVE;
}

/* A burst of events becomes visible at once, before the next frame is laid out. */
static void
on_changed(DeskModel *model, struct desk_session *session)
{
    (void)model;
    if (session->flush_idle == 0)
        session->flush_idle = g_idle_add_full(G_PRIORITY_HIGH_IDLE, on_flush, session, NULL);
}

static void
check_sign_in(struct desk_session *session)
{
    const struct desk_person *person = desk_model_person(session->model);

    if (person && person->valid_until_utc_us > 0 &&
        server_utc(session) >= person->valid_until_utc_us)
        desk_session_sign_out(session,
                              C_("sign-in", "The sign-in has ended. Please sign in again."));
}

static gboolean
on_tick(void *user)
{
    struct desk_session *session = user;

    session->ticks++;
    desk_model_set_now(session->model, server_utc(session));
    check_sign_in(session);
    if (!desk_model_person(session->model))
        return G_SOURCE_CONTINUE;
    if (session->ticks % MACHINE_TICKS == 0)
        desk_reads_machines(session);
    if (session->ticks % TODAY_TICKS == 0)
        desk_reads_today(session);
    if (session->ticks % TASKS_TICKS == 0)
        desk_money_tasks(session);
    if (session->ticks % QUEUES_TICKS == 0)
        desk_reads_snapshot(session);
    return G_SOURCE_CONTINUE;
}

static void
on_rights(DeskModel *model, struct desk_session *session)
{
    (void)model;
    desk_verbs_enable(session);
    desk_people_enable(session);
    desk_money_enable(session);
}

static void
on_money_wanted(DeskModel *model, struct desk_session *session)
{
    (void)model;
    desk_money_look(session);
}

static void
on_subject(DeskModel *model, struct desk_session *session)
{
    (void)model;
    desk_reads_look(session);
}

/* ---------------------------------------------------------------- the object */

static void
link_done(struct desk_link *link)
{
    if (link->source) {
        g_source_destroy(link->source);
        g_source_unref(link->source);
    }
    sugu_client_free(link->client);
    if (link->store)
        link->store->free(link->store);
}

static enum sugu_status
connect_server(struct desk_session *session, void *zmq_context, struct sugu_error *reterr)
{
    const struct sugu_client_callbacks callbacks = {
        .on_event = on_event,
        .on_fresh = on_fresh,
        .on_stale = on_stale,
        .on_refused = on_refused,
        .on_orphan_reply = on_orphan_reply,
        .user = session,
    };
    const struct sugu_client_means means = {zmq_context, session->clock, sugu_random_system(),
                                            session->server.store};
    struct sugu_client_settings settings = session->settings.server;
    enum sugu_status status;

    settings.listens = true;
    status = sugu_client_new(&settings, &callbacks, &means, &session->server.client, reterr);
    explicit_bzero(&settings, sizeof settings);
    if (status != SUGU_OK)
        return status;
    session->server.source = sugu_client_source_attach(session->server.client);
    desk_model_set_now(session->model, server_utc(session));
    desk_model_set_stale(session->model, server_utc(session));
    return SUGU_OK;
}

static void
connect_model(struct desk_session *session)
{
    g_signal_connect(session->model, "changed", G_CALLBACK(on_changed), session);
    g_signal_connect(session->model, "rights-changed", G_CALLBACK(on_rights), session);
    g_signal_connect(session->model, "subject-changed", G_CALLBACK(on_subject), session);
    g_signal_connect(session->model, "money-wanted", G_CALLBACK(on_money_wanted), session);
    on_changed(session->model, session);
    on_rights(session->model, session);
}

enum sugu_status
desk_session_new(const struct desk_session_settings *settings,
                 const struct desk_session_parts *parts,
                 struct desk_session **ret_session,
                 struct sugu_error *reterr)
{
    struct desk_session *session = g_new0(struct desk_session, 1);
    enum sugu_status status;

    session->settings = *settings;
    session->clock = parts->clock;
    session->model = parts->model;
    session->server.store = parts->store;
    session->actions = g_simple_action_group_new();
    session->done = g_ptr_array_new_with_free_func(g_free);
    session->asks = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)desk_ask_free, NULL);
    session->until_end = g_cancellable_new();
    g_queue_init(&session->verbs);
    desk_verbs_add(session);
    desk_people_add(session);
    desk_money_add(session);
    status = connect_server(session, parts->zmq_context, reterr);
    if (status == SUGU_OK)
        status = desk_people_connect(session, parts->zmq_context, reterr);
    if (status != SUGU_OK) {
        desk_session_free(session);
        return status;
    }
    explicit_bzero(session->settings.server.secret_key, sizeof session->settings.server.secret_key);
    connect_model(session);
    session->tick_timer = g_timeout_add_seconds(TICK_S, on_tick, session);
    *ret_session = session;
    return SUGU_OK;
}

struct desk_session *
desk_session_free(struct desk_session *session)
{
    if (!session)
        return NULL;
    g_signal_handlers_disconnect_by_data(session->model, session);
    g_clear_handle_id(&session->flush_idle, g_source_remove);
    g_clear_handle_id(&session->tick_timer, g_source_remove);
    g_clear_handle_id(&session->look_timer, g_source_remove);
    g_clear_handle_id(&session->retry_timer, g_source_remove);
    g_clear_handle_id(&session->tasks_timer, g_source_remove);
    g_cancellable_cancel(session->until_end);
    g_object_unref(session->until_end);
    link_done(&session->reader);
    link_done(&session->server);
    desk_verbs_done(session);
    g_hash_table_unref(session->asks);
    g_ptr_array_unref(session->done);
    g_object_unref(session->actions);
    g_free(session);
    return NULL;
}

GActionGroup *
desk_session_actions(struct desk_session *session)
{
    return G_ACTION_GROUP(session->actions);
}
