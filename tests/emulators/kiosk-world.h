/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world - a kiosk's session in a world of scripted peers that speak the real protocol
 *
 * Queue server, reader, printer and payment are services on ipc:// sockets in this process; what
 * they answer is scripted in struct world. Time is the real one, moved forward by hand where a page
 * ignores a second tap.
 */
#pragma once

#include "session-private.h"

#include "client/service.h"

#define KIOSK_WORLD_NAME "長谷川　健太郎"

enum kiosk_peer {
    KIOSK_PEER_SERVER,
    KIOSK_PEER_READER,
    KIOSK_PEER_PRINTER,
    KIOSK_PEER_PAYMENT,
    KIOSK_PEER_COUNT
};

struct kiosk_world_clock {
    struct sugu_clock clock;
    int64_t ahead_us;
};

struct kiosk_world {
    struct kiosk_world_clock clock, server_clock; /* of the kiosk; of the queue server */
    char folder[64];
    char endpoints[KIOSK_PEER_COUNT][96];
    void *context;
    struct sugu_service *services[KIOSK_PEER_COUNT];
    GSource *sources[KIOSK_PEER_COUNT];
    int pin_file;
    struct kiosk_secret *secret;
    KioskModel *model;
    struct kiosk_session *session;
    /* what the peers do */
    const char *right_pin;
    const char *open_code;     /* OpenSession is refused with it until a birthday comes */
    bool has_ticket, has_bill; /* of the person's visit */
    Sugu__StageState stage;    /* of the ticket */
    uint32_t before_you;       /* on it; 0 = 3 */
    Sugu__BillState bill_state;
    Sugu__EligibilityOutcome outcome;
    bool is_mute; /* the server answers nothing */
    bool is_payment_mute;
    bool is_closed;                      /* by the staff: the answer of a kiosk that asks */
    const char *message;                 /* of the staff; NULL = none */
    uint64_t orders_age;                 /* the answer is so many events old */
    int64_t deposit_yen, refund_due_yen; /* of the bill */
    Sugu__RefundPlace refund_place;
    unsigned old_count; /* unpaid bills of earlier visits; the second of them */
                        /* is at the counter */
    Sugu__AttemptState attempt;
    int64_t approved_yen; /* of it; 0 = all that was asked */
    bool has_cash;        /* the payment says what of coins and notes */
    Sugu__CashStage stage_of_cash;
    int64_t in_yen, out_yen, owed_yen;
    const char *cash_code;
    const char *offer;        /* payload of the code to show; NULL = there is none */
    int64_t offer_s;          /* so long it can be read; 0 = 300 */
    const char *consent_text; /* of paying later; NULL = the house offers none */
    const char *consent_code; /* consent is refused with it */
    Sugu__CardOnFileState card_state;
    const char *card_code; /* why it does not pay this time */
    const char *attempt_code;
    const char *start_code;     /* StartPayment is answered RETRY with it */
    bool does_reader_say_count; /* as the real one, before it says that the PIN was wrong */
    bool is_paper_jammed;
    /* what they got */
    unsigned restarts; /* the session had the program begin anew */
    unsigned opened, closed, helped, checked_in, late, ignored, papers, started, aborted;
    uint32_t birthday, tries;
    char reason[65], help_reason[65], outcome_page[33], name[201];
    bool is_card_found;         /* said of the next card that is put */
    Sugu__PaymentMethod method; /* of the last StartPayment, and: */
    Sugu__AttemptKind kind;
    int64_t asked_yen;
    int64_t limit_yen; /* of the consent, and: */
    bool is_payer_other;
    unsigned fixed, slips; /* FixPayment; papers over money */
    Sugu__Claim slip;      /* the last one; its texts are not kept */
    struct sugu_id session_id, bill, visit, presence, old_bills[3], card;
    struct sugu_id paid_bill; /* that the payment is for */
    unsigned revision;
    struct sugu_asker asker; /* of the last request to the server */
};

/* Starts peers and session and waits until they know each other; a failure fails the test. */
void kiosk_world_init(struct kiosk_world *world);
void kiosk_world_done(struct kiosk_world *world);

/* Runs the loop until the session is on the page; fails the test after 10 s. */
void kiosk_world_await(struct kiosk_world *world, enum sugu_kiosk_state state);
/* Half a second later somebody presses the button of the action. */
void kiosk_world_press(struct kiosk_world *world, const char *action);
/* Four digits and Enter. */
void kiosk_world_enter(struct kiosk_world *world, const char *digits);
void kiosk_world_change_card(struct kiosk_world *world,
                             Sugu__CardChangeKind kind,
                             Sugu__CardKind card,
                             uint32_t tries);
/* The card that lies there is told once more. */
void kiosk_world_tell_card_again(struct kiosk_world *world, uint32_t tries, const char *code);
/* The kiosk is switched off, and is on again so much later; until it knows its peers. */
void kiosk_world_restart(struct kiosk_world *world, int64_t pause_us);
/* A My Number card with three tries, up to the page of the PIN; and away. */
void kiosk_world_put_card(struct kiosk_world *world);
void kiosk_world_take_card(struct kiosk_world *world);
/* Goes to the bill with a ticket and a birthday. */
void kiosk_world_come_to_pay(struct kiosk_world *world);
/* The payment program dies, and is not heard for long enough; comes back. */
void kiosk_world_kill_payment(struct kiosk_world *world);
void kiosk_world_start_payment(struct kiosk_world *world);
/* The payment program says that one way to pay works, or does not. */
void kiosk_world_set_way(struct kiosk_world *world, Sugu__Part part, Sugu__PartHealth health);
/* It says what it has of the payment, as the world has it. */
void kiosk_world_tell_payment(struct kiosk_world *world);
/* The server pushes the bill as the world has it. */
void kiosk_world_push_bill(struct kiosk_world *world);
/* The server refuses the connection over which the last request came. */
void kiosk_world_refuse_connection(struct kiosk_world *world, const char *code);
/* A text of the model; free with g_free(). */
char *kiosk_world_shown(struct kiosk_world *world, const char *property);
