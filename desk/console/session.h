/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - a desk's conversation with the queue server, and with the reader of staff cards
 *
 * Turns actions into requests, replies and events into the model. Nothing waits: a request that is
 * under way is counted and shown, its refusal is shown where it happened. A verb is stored before
 * it is sent and carries a deadline, so that one which waited too long is refused rather than done.
 */
#pragma once

#include "client/client.h"
#include "model.h"

struct desk_session;

struct desk_session_settings {
    struct sugu_client_settings server;
    const char *reader;   /* ipc://PATH of a sugu-reader for staff cards, "" = none */
    const char *language; /* of patients that are checked in here, "ja" */
};

struct desk_session_parts {
    void *zmq_context;
    DeskModel *model;                 /* not owned */
    struct sugu_request_store *store; /* owned from here on */
    const struct sugu_clock *clock;
};

/*
 * Connects in the background, on the thread's default main context. The session owns parts->store
 * also where it fails.
 */
enum sugu_status desk_session_new(const struct desk_session_settings *settings,
                                  const struct desk_session_parts *parts,
                                  struct desk_session **ret_session,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
struct desk_session *desk_session_free(struct desk_session *session);

/*
 * The group "desk". Verbs by their names (verbs.h), of which "park" takes minutes (u) and "move" a
 * department (s); "find" text (s); "check-in" priority and departments (uas); "priority" (u) and
 * "add-stage" (s) of the person looked at; "offer-bill", "bill-to-counter",
 * "share" (u, percent); of the form that is open (model-money.h) "settle" (xus: yen, DeskMoney,
 * note), "refund" (xusb: yen, RefundReason, note, by hand), "grant", "deny", "resolve" (uxss:
 * AttemptState, yen, provider's id, reason); "message" text (s), "drain", "open", "restart" of the
 * chosen kiosk; "sign-out", "refresh".
 */
GActionGroup *desk_session_actions(struct desk_session *session);

/* Signs a person in; the password is neither kept nor written down. */
void desk_session_sign_in(struct desk_session *session, const char *staff, const char *password);
