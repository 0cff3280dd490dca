/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment-world - the real sugu-payment between a kiosk, a queue server and a card terminal
 *
 * The terminal is the emulated one (TLS, encrypted nexo messages, faults on demand). The queue
 * server's side is a sugu_service on ipc:// here that keeps its promises (fake-payments). The kiosk
 * is a sugu_client. SUGU_PAYMENT is the program's path.
 */
#pragma once

#include "client/client.h"
#include "client/service.h"
#include "emulators/nexo-terminal.h"
#include "testlib/fake-payments.h"
#include "testlib/process.h"

#define PAYMENT_WORLD_YEN    3240
#define PAYMENT_WORLD_WAIT_S 60

/* What the queue server does with a kind of request. */
enum server_mode {
    SERVER_ANSWERS,
    SERVER_IGNORES, /* as if it never arrived */
    SERVER_SILENT,  /* carries it out, and the answer is lost */
};

struct payment_world {
    char folder[64], log[128], server_endpoint[128], kiosk_endpoint[128], state[128];
    void *zmq;
    struct sugu_service *server;
    struct fake_payments fake;
    enum server_mode begin_mode, end_mode;
    unsigned begins_seen, ends_seen; /* not answered */
    struct sugu_emulated_terminal *terminal;
    struct sugu_process program;
    struct sugu_client *kiosk;
    struct sugu_request_store *store;
    void *lock;                       /* of the story: holds the journal */
    struct sugu_emulated_counts base; /* of the story: where it began to count */

    /* what the kiosk heard */
    bool has_reply, is_offered, is_final;
    uint32_t reply_status;
    char reply_code[65], code[65];
    struct sugu_id attempt, bill;
    uint32_t state_seen;
    int64_t approved_yen;
};

/* For wait_until: what the kiosk heard last. */
bool payment_world_is_offered(struct payment_world *world);
bool payment_world_is_final(struct payment_world *world);
bool payment_world_has_reply(struct payment_world *world);
bool payment_world_is_sent(struct payment_world *world);
bool payment_world_is_unknown(struct payment_world *world);
bool payment_world_is_held(struct payment_world *world);
/* The kiosk's window comes. */
void payment_world_open_kiosk(struct payment_world *world);
/* It dies. */
void payment_world_close_kiosk(struct payment_world *world);
/* Everything of the test's own process runs in here, once. */
void payment_world_pump(struct payment_world *world);
/* Runs everything until it is so; false after PAYMENT_WORLD_WAIT_S. */
bool payment_world_wait_until(struct payment_world *world,
                              bool (*is_so)(struct payment_world *world));
/* An id that says its kind and number. */
struct sugu_id payment_world_id_of(uint8_t kind, uint8_t number);
/* The kiosk's request `number` to pay the bill; does not wait. */
void payment_world_send_start(struct payment_world *world, uint8_t number, uint8_t bill);
/* The same, and its reply. */
void payment_world_start_payment(struct payment_world *world, uint8_t number, uint8_t bill);
/* What became of the bill? Waits for the reply. */
void payment_world_get_payment(struct payment_world *world, uint8_t bill);
/* Of the attempt that was heard of last; waits for the reply. */
void payment_world_abort_payment(struct payment_world *world);
/* Starts sugu-payment with short times; it finds its journal in the folder. */
void payment_world_start_program(struct payment_world *world);
/* kill -9. */
void payment_world_kill_program(struct payment_world *world);
/* The server orders `yen` of an approved attempt back, as order `number`. */
struct sugu_id payment_world_order_refund(struct payment_world *world,
                                          uint8_t number,
                                          const struct sugu_id *original,
                                          int64_t yen);
/* A command of the terminal's emulator. */
void payment_world_command(struct payment_world *world, const char *line);
/* What the terminal did. */
struct sugu_emulated_counts payment_world_counts(struct payment_world *world);
/* Peers, and the program, which has just been started. */
void payment_world_init(struct payment_world *world);
/* What must be true after every story. */
void payment_world_check_money(struct payment_world *world);
/* Ends the program (it has to end well) and removes the folder. */
void payment_world_done(struct payment_world *world);
