/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-private - the inside of a session, shared by session*.c
 */
#pragma once

#include "model-money.h"
#include "model-tasks.h"
#include "session.h"

#include "client/client-source.h"

struct desk_link {
    struct sugu_client *client; /* NULL = there is none */
    struct sugu_request_store *store;
    GSource *source;
};

struct desk_session {
    struct desk_session_settings settings;
    const struct sugu_clock *clock;
    DeskModel *model;
    GSimpleActionGroup *actions;
    struct desk_link server, reader;
    unsigned generation; /* counts the people signed in: an answer for the last one is dropped */
    bool is_signing_in, is_snapshot_under_way, is_snapshot_wanted;
    GQueue verbs; /* struct desk_ask that wait for their turn */
    unsigned open_verbs;
    unsigned press; /* counts the verbs of the keys */
    GPtrArray
        *done; /* struct desk_target: what they were about, in the order of the keys, for undo */
    bool has_done;      /* anything, since somebody signed in */
    bool is_money_open; /* a verb about money is under way: none is pressed twice */
    unsigned ticks;
    guint flush_idle, tick_timer, look_timer, retry_timer, tasks_timer;
    GCancellable *until_end; /* of what runs in a thread */
    GHashTable *asks;        /* set of struct desk_ask that are open, owned */
};

/* A ticket at a stage, the state it was in then, and by which press of a key. */
struct desk_target {
    unsigned press;
    char number[SUGU_TICKET_NUMBER_SIZE], department[DESK_DEPARTMENT_SIZE];
    enum sugu_stage_state state;
};

/* One request and what belongs to its answer. */
struct desk_ask {
    struct desk_session *session;
    unsigned generation, press;
    enum desk_verb verb; /* of a MoveTicket */
    struct desk_target target;
    enum desk_money_verb money_verb; /* of a request about money */
    uint32_t minutes;
    bool has_seen; /* `seen` is the state that was shown when the key was pressed */
    enum sugu_stage_state seen;
    char seen_desk[DESK_DESK_SIZE];
    char to[DESK_DEPARTMENT_SIZE];   /* of a move */
    char subject[DESK_SUBJECT_SIZE]; /* of what is looked up */
    struct sugu_id patient;          /* whose bills are asked for */
    DeskRow *row;                    /* owned; NULL where there is none */
    enum desk_model_text note;       /* where a refusal is said */
};

/* ---- session.c */

struct desk_ask *desk_ask_new(struct desk_session *session, enum desk_model_text note);
/* The session, or NULL where another person is signed in by now. The request is counted out. */
struct desk_session *desk_ask_end(struct desk_ask *ask);
void desk_ask_free(struct desk_ask *ask);
/*
 * Sends with the id of who is signed in. A read is given up after a while; anything else is stored
 * and carries a deadline. Where nothing can be sent on_reply is called with the reason.
 */
void desk_session_send(struct desk_session *session,
                       Sugu__Request *request,
                       bool is_read,
                       struct desk_ask *ask,
                       sugu_on_reply on_reply);
/* Says a refusal at the ask's place; true where the reply was OK. Signs out where the server says
 * that nobody is signed in. */
bool desk_session_heard(struct desk_session *session,
                        enum desk_model_text note,
                        const Sugu__Reply *reply);
void desk_session_set_enabled(struct desk_session *session, const char *action, bool is_enabled);
void desk_session_sign_out(struct desk_session *session, const char *why);

/* ---- session-verbs.c */

void desk_verbs_add(struct desk_session *session);
void desk_verbs_enable(struct desk_session *session);
void desk_verbs_done(struct desk_session *session);

/* ---- session-reads.c */

void desk_reads_snapshot(struct desk_session *session);
void desk_reads_machines(struct desk_session *session);
void desk_reads_today(struct desk_session *session);
/* Looks the person up who is looked at, a moment later. */
void desk_reads_look(struct desk_session *session);
void desk_reads_event(struct desk_session *session, const Sugu__Event *event);

/* ---- session-money.c */

void desk_money_add(struct desk_session *session);
void desk_money_enable(struct desk_session *session);
/* What waits because of money may be other by now: asked for, a moment later. */
void desk_money_tasks(struct desk_session *session);
/* Asks for the money of the bill looked at, where a page shows it. */
void desk_money_look(struct desk_session *session);

/* ---- session-people.c */

void desk_people_add(struct desk_session *session);
void desk_people_enable(struct desk_session *session);
/* Somebody put a card on the reader. */
void desk_people_card(struct desk_session *session, const Sugu__CardChange *change);
enum sugu_status desk_people_connect(struct desk_session *session,
                                     void *zmq_context,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
