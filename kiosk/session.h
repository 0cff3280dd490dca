/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - one person at the kiosk: takes events in, steps the flow, carries its effects out
 *
 * Speaks to the queue server and to the three device programs, each of which may be away; what is
 * missing is said on the page and gone around. Nothing here blocks: everything happens in callbacks
 * of the GLib main loop. Ids are made before anything is sent; what changes something at the queue
 * server waits in the store until it is answered, so that a kiosk that dies loses nothing. Requests
 * that hold personal data are kept in memory only.
 *
 * kiosk_session_clear() is the one way to the first page: data, language and text size are gone.
 */
#pragma once

#include "model.h"

#include "base/clock.h"
#include "client/client.h"

#include <gio/gio.h>

struct kiosk_session;

struct kiosk_session_settings {
    struct sugu_client_settings server;     /* strings are kept */
    const char *reader, *printer, *payment; /* ipc:// endpoints; "" = there is none */
    const char *language;                   /* on the first page */
    const char *facility_name;
    const char *kiosk_name;    /* on slips over money; "" = none */
    const char *phone_page;    /* address for the ticket's QR; "" = none */
    int64_t idle_s, warning_s; /* pause before the warning, its countdown */
};

/* What the session works with; all but `store` outlive it. */
struct kiosk_session_parts {
    void *zmq_context;
    struct sugu_request_store *store; /* taken over, freed with the session */
    KioskModel *model;
    struct kiosk_secret *secret;
    const struct sugu_clock *clock;
    struct sugu_random *random; /* for ids */
    /* The staff want the program to begin anew, and nobody is there: end it. */
    void (*on_restart)(void *user);
    void *restart_user;
};

/*
 * Connects in the background and shows the first page in the model. Copies settings and parts; the
 * settings' strings are kept. BROKEN "settings.invalid" for an endpoint that ZeroMQ does not know
 * (the store is freed then as well).
 */
enum sugu_status kiosk_session_new(const struct kiosk_session_settings *settings,
                                   const struct kiosk_session_parts *parts,
                                   struct kiosk_session **ret_session,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Forgets the person first. NULL is fine. */
struct kiosk_session *kiosk_session_free(struct kiosk_session *session);

/* The patient's events as actions, enabled where the page allows them (flow.h). Not owned. */
GActionGroup *kiosk_session_actions(struct kiosk_session *session);

/* Somebody touched the screen or a key. */
void kiosk_session_touched(struct kiosk_session *session);
/* A ticket was held to the scanner. */
void kiosk_session_scanned(struct kiosk_session *session, const struct sugu_id *token);

/* Drops every personal datum, the language and the text size. */
void kiosk_session_clear(struct kiosk_session *session);

/* For tests: what the session knows and where it is. */
const struct kiosk_facts *kiosk_session_facts(const struct kiosk_session *session);
enum sugu_kiosk_state kiosk_session_state(const struct kiosk_session *session);
