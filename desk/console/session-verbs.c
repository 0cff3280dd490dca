/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-verbs - what the desk does to tickets: one key, one request for each selected number
 */
#include "session-private.h"

#include "base/log.h"
#include "base/text.h"
#include "words.h"

#include <glib/gi18n.h>

#include <string.h>

/* Each is put on disk before it is sent: few at once, so that the window goes on drawing between
 * them, and that the client's 256 places have room for reads. */
#define OPEN_VERBS_MAX 8
#define PARK_MIN_MAX   480
#define UNDO_MOST                                                                                  \
    200 /* numbers that are remembered; the server takes back a quarter of an hour                 \
         */

static void pump(struct desk_session *session);

/* ---------------------------------------------------------------- answers */

/* "A-012 goes on to: X-ray, then ..." */
static void
say_next_places(struct desk_session *session, const Sugu__Stage *stage)
{
    GString *places = g_string_new(NULL);
    char *words;

    for (size_t i = 0; i < stage->n_next; i++) /* all of the day, also where they have been */
        if (stage->next[i]->state != SUGU__STAGE_STATE__STAGE_DONE)
            g_string_append_printf(places, "%s%s", places->len ? ", " : "",
                                   stage->next[i]->department_name);
    words = places->len > 0
                ? g_strdup_printf(C_("verb", "%s goes on to: %s"), stage->number, places->str)
                : g_strdup_printf(C_("verb", "%s is done; no further place today."), stage->number);
    desk_model_say(session->model, DESK_MODEL_VERB_NOTE, words);
    g_free(words);
    g_string_free(places, TRUE);
}

static void
say_done(struct desk_session *session, const struct desk_ask *ask, const Sugu__Stage *stage)
{
    char *words, desk[DESK_WORDS_SIZE];

    if (ask->verb == DESK_VERB_FINISH) {
        say_next_places(session, stage);
        return;
    }
    words = g_strdup_printf(
        "%s: %s%s%s", stage->number, desk_words_state((enum sugu_stage_state)stage->state),
        stage->desk[0] ? C_("verb", ", ") : "",
        desk_words_desk(desk, (enum sugu_desk_word)stage->desk_word, stage->desk));
    desk_model_say(session->model, DESK_MODEL_VERB_NOTE, words);
    g_free(words);
}

static void
say_refused(struct desk_session *session, const struct desk_ask *ask, const Sugu__Reply *reply)
{
    char words[DESK_WORDS_SIZE];
    char *all;

    desk_words_code(words, reply->code, reply->detail);
    all = ask->target.number[0] ? g_strdup_printf("%s: %s", ask->target.number, words)
                                : g_strdup_printf("%s: %s", desk_verb_label(ask->verb), words);
    desk_model_say(session->model, DESK_MODEL_VERB_NOTE, all);
    g_free(all);
}

/* In the order of the keys, however late the answer comes. */
static void
remember(struct desk_session *session, const struct desk_target *target)
{
    guint at = session->done->len;

    while (at > 0 &&
           ((struct desk_target *)g_ptr_array_index(session->done, at - 1))->press > target->press)
        at--;
    g_ptr_array_insert(session->done, (gint)at, g_memdup2(target, sizeof *target));
    if (session->done->len > UNDO_MOST)
        g_ptr_array_remove_index(session->done, 0);
    session->has_done = true;
}

static void
remember_stage(struct desk_session *session, unsigned press, const Sugu__Stage *stage)
{
    struct desk_target target = {.press = press, .state = (enum sugu_stage_state)stage->state};

    sugu_text_copy(target.number, sizeof target.number, stage->number);
    sugu_text_copy(target.department, sizeof target.department, stage->department);
    remember(session, &target);
}

static void
take_stage(struct desk_session *session, const struct desk_ask *ask, const Sugu__Stage *stage)
{
    say_done(session, ask, stage);
    if (ask->verb != DESK_VERB_UNDO)
        remember_stage(session, ask->press, stage);
    if (ask->verb == DESK_VERB_NEXT)
        desk_model_go_to(session->model, stage->number, stage->department);
}

static void
on_verb_reply(void *user, const Sugu__Reply *reply)
{
    struct desk_ask *ask = user;
    struct desk_session *here = ask->session, *session = desk_ask_end(ask);
    bool is_ok = reply->status == SUGU__STATUS__OK;

    here->open_verbs--;
    if (ask->row)
        desk_row_end(ask->row, is_ok ? "" : reply->code, is_ok ? "" : reply->detail);
    sugu_log(SUGU_LOG_INFO, "desk.verb", "verb=%s number=%s status=%s code=%s",
             desk_verb_find(ask->verb)->action, ask->target.number,
             sugu_status_name((enum sugu_status)reply->status), reply->code);
    if (session && is_ok && reply->body_case == SUGU__REPLY__BODY_STAGE)
        take_stage(session, ask, reply->stage);
    else if (session && !is_ok) {
        desk_session_heard(session, DESK_MODEL_VERB_NOTE, reply);
        say_refused(session, ask, reply);
        /* Not done, as far as is known: the next press means the same one, not the one before. */
        if (ask->verb == DESK_VERB_UNDO && ask->target.press &&
            reply->status != SUGU__STATUS__REFUSED)
            remember(session, &ask->target);
    }
    desk_ask_free(ask);
    pump(here);
    desk_verbs_enable(here);
}

/* ---------------------------------------------------------------- sending */

static void
send_verb(struct desk_session *session, struct desk_ask *ask)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket move = SUGU__MOVE_TICKET__INIT;

    move.desk = (char *)desk_model_desk(session->model);
    move.verb = desk_verb_find(ask->verb)->verb;
    move.number = ask->target.number;
    move.department = ask->verb == DESK_VERB_MOVE ? ask->to : ask->target.department;
    move.park_minutes = ask->minutes;
    move.has_seen = ask->has_seen;
    move.seen = (Sugu__StageState)ask->seen;
    move.seen_desk = ask->seen_desk;
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &move;
    session->open_verbs++;
    desk_session_send(session, &request, /* is_read= */ false, ask, on_verb_reply);
}

static void
pump(struct desk_session *session)
{
    while (session->open_verbs < OPEN_VERBS_MAX && !g_queue_is_empty(&session->verbs))
        send_verb(session, g_queue_pop_head(&session->verbs));
}

static void
queue_verb(struct desk_session *session,
           const struct desk_ask *how,
           const struct desk_target *target)
{
    struct desk_ask *ask = desk_ask_new(session, DESK_MODEL_VERB_NOTE);

    ask->verb = how->verb;
    ask->press = session->press;
    ask->minutes = how->minutes;
    ask->has_seen = how->has_seen;
    ask->seen = how->seen;
    memcpy(ask->seen_desk, how->seen_desk, sizeof ask->seen_desk);
    memcpy(ask->to, how->to, sizeof ask->to);
    ask->target = *target;
    if (how->row) {
        ask->row = g_object_ref(how->row);
        desk_row_begin(ask->row);
    }
    g_queue_push_tail(&session->verbs, ask);
}

/* Undo is about the ticket's last verb; the others about the stage, and the wait for the bill is
 * none. */
static bool
is_possible_for(enum desk_verb verb, const struct desk_entry *entry)
{
    return desk_verb_is_possible(verb, entry->state) &&
           (verb == DESK_VERB_UNDO || !desk_entry_waits_for_bill(entry));
}

/* One request for each selected number that the verb is possible for; the others say why not. */
static void
do_selected(struct desk_session *session, struct desk_ask *how)
{
    GPtrArray *selected = desk_rows_selected(desk_model_rows(session->model));

    for (guint i = 0; i < selected->len; i++) {
        DeskRow *row = g_ptr_array_index(selected, i);
        const struct desk_entry *entry = desk_row_entry(row);
        struct desk_target target = {0};
        bool is_stage = !desk_entry_waits_for_bill(entry);
        if (!is_possible_for(how->verb, entry)) {
            desk_row_begin(row);
            desk_row_end(row, "ticket.not-allowed", "");
            continue;
        }
        sugu_text_copy(target.number, sizeof target.number, entry->number);
        sugu_text_copy(target.department, sizeof target.department,
                       is_stage ? entry->department : "");
        how->row = row;
        how->has_seen = is_stage;
        how->seen = entry->state;
        sugu_text_copy(how->seen_desk, sizeof how->seen_desk, entry->desk);
        queue_verb(session, how, &target);
    }
    g_ptr_array_unref(selected);
}

static void
do_next(struct desk_session *session, struct desk_ask *how)
{
    struct desk_target target = {0};

    sugu_text_copy(target.department, sizeof target.department, desk_model_queue(session->model));
    queue_verb(session, how, &target);
}

/* Of what the last key did, and with the next press of what the key before it did. Who has done
 * nothing yet (the desk was started again) takes back what is selected. */
static void
do_undo(struct desk_session *session, struct desk_ask *how)
{
    GPtrArray *done = session->done;
    guint first = done->len;
    unsigned press;

    if (!session->has_done)
        do_selected(session, how);
    if (done->len == 0)
        return;
    press = ((struct desk_target *)g_ptr_array_index(done, done->len - 1))->press;
    while (first > 0 && ((struct desk_target *)g_ptr_array_index(done, first - 1))->press == press)
        first--;
    for (guint i = first; i < done->len; i++) {
        struct desk_target target = *(struct desk_target *)g_ptr_array_index(done, i);
        /* The server undoes the ticket's last verb, wherever it was, if it is still this one. */
        target.department[0] = '\0';
        how->has_seen = true;
        how->seen = target.state;
        how->row = desk_model_find(session->model, target.number, "");
        queue_verb(session, how, &target);
    }
    g_ptr_array_set_size(done, (gint)first);
}

static void
on_verb(GSimpleAction *action, GVariant *value, void *user)
{
    struct desk_session *session = user;
    struct desk_ask how = {.session = session};
    const char *name = g_action_get_name(G_ACTION(action));

    while (strcmp(desk_verb_find(how.verb)->action, name) != 0)
        how.verb++;
    if (how.verb == DESK_VERB_PARK)
        how.minutes = CLAMP(g_variant_get_uint32(value), 1, PARK_MIN_MAX);
    if (how.verb == DESK_VERB_MOVE)
        sugu_text_copy(how.to, sizeof how.to, g_variant_get_string(value, NULL));
    desk_model_say(session->model, DESK_MODEL_VERB_NOTE, "");
    session->press++;
    if (how.verb == DESK_VERB_NEXT)
        do_next(session, &how);
    else if (how.verb == DESK_VERB_UNDO)
        do_undo(session, &how);
    else
        do_selected(session, &how);
    pump(session);
    desk_verbs_enable(session);
}

/* ---------------------------------------------------------------- what is offered */

void
desk_verbs_add(struct desk_session *session)
{
    for (unsigned verb = 0; verb < DESK_VERB_COUNT; verb++) {
        const struct desk_verb_row *row = desk_verb_find((enum desk_verb)verb);
        GSimpleAction *action =
            g_simple_action_new(row->action, verb == DESK_VERB_PARK   ? G_VARIANT_TYPE_UINT32
                                             : verb == DESK_VERB_MOVE ? G_VARIANT_TYPE_STRING
                                                                      : NULL);
        g_signal_connect(action, "activate", G_CALLBACK(on_verb), session);
        g_action_map_add_action(G_ACTION_MAP(session->actions), G_ACTION(action));
        g_object_unref(action);
    }
}

static bool
is_possible_for_some(enum desk_verb verb, GPtrArray *selected)
{
    for (guint i = 0; i < selected->len; i++)
        if (is_possible_for(verb, desk_row_entry(g_ptr_array_index(selected, i))))
            return true;
    return false;
}

void
desk_verbs_enable(struct desk_session *session)
{
    const struct desk_person *person = desk_model_person(session->model);
    GPtrArray *selected = desk_rows_selected(desk_model_rows(session->model));
    bool has_place = person && desk_model_desk(session->model)[0];
    const char *queue = desk_model_queue(session->model);

    for (unsigned i = 0; i < DESK_VERB_COUNT; i++) {
        enum desk_verb verb = (enum desk_verb)i;
        bool is_possible = has_place && desk_verb_is_granted(verb, person->role);
        if (verb == DESK_VERB_NEXT)
            is_possible = is_possible && queue[0] && strcmp(queue, DESK_BILL_WAIT) != 0;
        else if (verb == DESK_VERB_UNDO)
            /* What is under way is not there to be taken back, and something older is not meant. */
            is_possible = is_possible && session->open_verbs == 0 &&
                          g_queue_is_empty(&session->verbs) &&
                          (session->done->len > 0 || (!session->has_done && selected->len > 0));
        else
            is_possible = is_possible && is_possible_for_some(verb, selected);
        desk_session_set_enabled(session, desk_verb_find(verb)->action, is_possible);
    }
    g_ptr_array_unref(selected);
}

void
desk_verbs_done(struct desk_session *session)
{
    g_queue_clear(&session->verbs); /* the asks belong to session->asks */
}
