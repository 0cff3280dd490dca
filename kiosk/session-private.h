/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-private - the inside of a session, shared by session*.c
 */
#pragma once

#include "session.h"

#include "client/client-source.h"

/* How a person came in: decides what OpenSession says. */
enum kiosk_who { KIOSK_WHO_NOBODY, KIOSK_WHO_CARD, KIOSK_WHO_IDENTITY, KIOSK_WHO_TICKET };

/* The card on the reader, whoever it belongs to. */
struct kiosk_card {
    bool is_there, is_found; /* found: nobody put it, the reader went for a moment */
    struct sugu_id presence;
    Sugu__CardKind kind;
    uint8_t serial[10];
    size_t serial_size;
    unsigned tries_left;
    char code[KIOSK_CODE_SIZE]; /* why it cannot be used, "" where it can */
};

/* What the session needs to open itself again; personal. */
struct kiosk_visitor {
    enum kiosk_who who;
    Sugu__CardKind card;
    uint8_t serial[10];
    size_t serial_size;
    char name[201], address[601];
    uint32_t birth_date;
    Sugu__Sex sex;
    struct sugu_id token;
    uint32_t birthday; /* MMDD; 0 = not asked for yet */
};

struct kiosk_link {
    struct sugu_client *client; /* NULL = there is none */
    struct sugu_request_store *store;
    GSource *source;
};

#define KIOSK_PAPERS_MAX 3

struct kiosk_paper {
    struct sugu_id id;
    bool is_out;
};

/* An event with the code of what went wrong, waiting for its turn. */
struct kiosk_happening {
    enum sugu_kiosk_event event;
    char code[KIOSK_CODE_SIZE];
};
#define KIOSK_HAPPENINGS_MAX 8

/* What the staff want of this kiosk, whoever stands before it. */
struct kiosk_orders {
    bool is_known;    /* asked for and answered, over this connection's past */
    bool is_asking;   /* an answer is awaited */
    bool is_draining; /* finishes with whom it has, then takes nobody */
    bool is_to_restart;
    uint64_t as_of; /* number of the last event with a command */
};

struct kiosk_session {
    struct kiosk_session_settings settings;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    KioskModel *model;
    struct kiosk_secret *secret;
    GSimpleActionGroup *actions;
    void (*on_restart)(void *user);
    void *restart_user;
    struct kiosk_orders orders;
    struct kiosk_link server, reader, printer, payment;

    struct sugu_kiosk_flow flow;
    struct kiosk_facts facts;
    struct kiosk_happening waiting[KIOSK_HAPPENINGS_MAX];
    unsigned waiting_count;
    bool is_stepping;

    GHashTable *asks;    /* set of struct kiosk_ask without an answer yet, owned */
    unsigned generation; /* counts the persons: an answer for the last one is dropped */
    struct kiosk_card card;
    unsigned tries_asked; /* those of the card when its PIN was sent */
    struct kiosk_visitor visitor;
    struct sugu_id scanned;
    struct sugu_id session; /* none = not open */
    struct sugu_id eligibility;
    struct sugu_id visit;     /* asked for by CheckIn */
    struct sugu_id attempt;   /* none = not known (yet) */
    struct sugu_id storing;   /* the card that the person agreed to, and its attempt */
    struct sugu_id claimed;   /* attempt over whose owed money a slip was ordered */
    struct sugu_id claim;     /* paper of that slip */
    bool is_abort_wanted;     /* the patient cancelled before the attempt was known */
    unsigned payment_retries; /* payments that could not be started, of this person */
    struct kiosk_paper papers[KIOSK_PAPERS_MAX];
    unsigned paper_count;
    bool is_paper_told;           /* staff know that these did not come out */
    const Sugu__Receipt *receipt; /* while its reply is being taken in */

    guint pause_timer, countdown_timer, start_timer;
    guint offer_timer; /* while a code is shown: its seconds */
    unsigned countdown_s;
    unsigned pauses; /* on this page, one behind the other */
    int64_t page_since_us, staff_called_us;
    struct {
        Sugu__PartHealth health;
        char code[KIOSK_CODE_SIZE];
        bool is_known;
    } parts[SUGU__PART__PART_CODE + 1]; /* by Sugu__Part, for the heartbeat */
};

/* ---- session.c */

/* Something happened. `code` ("" = nothing wrong) becomes the notice of the next page. */
void
kiosk_session_event(struct kiosk_session *session, enum sugu_kiosk_event event, const char *code);
/* The facts changed, the page did not. */
void kiosk_session_refresh(struct kiosk_session *session);
void kiosk_session_forget(struct kiosk_session *session);
/* Page and parts for the desk. */
void kiosk_session_beat(struct kiosk_session *session);

/* What belongs to an answer; owned by the session until kiosk_ask_take or kiosk_ask_drop. */
struct kiosk_ask {
    struct kiosk_session *session;
    unsigned generation;
};
struct kiosk_ask *kiosk_ask_new(struct kiosk_session *session);
/* The session that asked, or NULL where another person is there by now. Frees `ask`. */
struct kiosk_session *kiosk_ask_take(struct kiosk_ask *ask);
/* Nothing was sent. */
void kiosk_ask_drop(struct kiosk_ask *ask);

/* ---- session-server.c */

enum sugu_status kiosk_server_connect(struct kiosk_session *session,
                                      void *zmq_context,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
void kiosk_server_open(struct kiosk_session *session, enum sugu_kiosk_event event);
void kiosk_server_ask_eligibility(struct kiosk_session *session);
void kiosk_server_check_in(struct kiosk_session *session, const char *reason);
void kiosk_server_issue_receipt(struct kiosk_session *session);
/* The bill that is offered on the page of old bills, or the old one that is shown, anew. */
void kiosk_server_get_bill(struct kiosk_session *session);
void kiosk_server_close(struct kiosk_session *session);
void kiosk_server_call_staff(struct kiosk_session *session, const char *reason);

/* ---- session-take.c: answers and events of the server into facts */

void kiosk_take_opened(struct kiosk_session *session, const Sugu__SessionOpened *opened);
void kiosk_take_ticket(struct kiosk_session *session, const Sugu__Ticket *ticket);
void kiosk_take_bill(struct kiosk_session *session, const Sugu__Bill *bill);
/* The answer to kiosk_server_get_bill(). */
void kiosk_take_old_bill(struct kiosk_session *session, const Sugu__Bill *bill);
void kiosk_take_eligibility(struct kiosk_session *session, const Sugu__EligibilityAnswer *answer);
void kiosk_take_event(struct kiosk_session *session, const Sugu__Event *event);

/* ---- session-orders.c: what the staff tell this kiosk */

/* Asks the server what holds, unless that is known. */
void kiosk_orders_ask(struct kiosk_session *session);
void kiosk_orders_take(struct kiosk_session *session,
                       const Sugu__KioskCommand *command,
                       uint64_t number);
/* What `event` is to somebody new where the kiosk takes nobody: the end of whom it has. */
enum sugu_kiosk_event kiosk_orders_turn(const struct kiosk_session *session,
                                        enum sugu_kiosk_event event);
/* Nobody is there: closes or ends where the staff want it. True where it does. */
bool kiosk_orders_rest(struct kiosk_session *session);
/* Right after the start, while nobody knows whether the kiosk is closed: cards wait. */
bool kiosk_orders_are_awaited(const struct kiosk_session *session);

/* ---- session-devices.c */

enum sugu_status kiosk_devices_connect(struct kiosk_session *session,
                                       void *zmq_context,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The card that lies there, once more: for a page that can do something with it now. */
void kiosk_device_see_card(struct kiosk_session *session);
void kiosk_device_read(struct kiosk_session *session);
/* Sends a request to a device; false where there is none or it cannot be asked. */
#define KIOSK_DEVICE_WAIT_US (15 * SUGU_SECOND)
bool kiosk_device_ask(struct kiosk_session *session,
                      struct kiosk_link *link,
                      Sugu__Request *request,
                      int64_t wait_us,
                      sugu_on_reply on_reply);
/* Frees client, source and store. */
void kiosk_link_done(struct kiosk_link *link);

#include "session-money-private.h"
