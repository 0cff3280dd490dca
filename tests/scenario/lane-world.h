/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lane-world - one bill, the real queue server, the real sugu-payment and its emulated devices
 *
 * A till (money-world) whose payment program is the real one: it talks TLS to the emulated provider
 * of code payments and ccTalk over a pseudo-terminal to the emulated cash devices; there is no card
 * terminal. The test is the kiosk's window, the fee gateway and the desk. SUGU_PAYMENT is the
 * program's path.
 */
#pragma once

#include "emulators/cctalk-pty.h"
#include "emulators/code-provider.h"
#include "emulators/provider-https.h"
#include "scenario/money-world.h"

#include "domain/payment.h"

#define LANE_WORLD_WAIT_US (60 * SUGU_SECOND)

/* A sugu-payment and the window that talks to it. */
struct lane_kiosk {
    char endpoint[200], log[200];
    struct sugu_hospital_options connection;
    struct sugu_process program;
    struct sugu_client *window;
    struct sugu_request_store *store;
    /* what the window heard */
    bool has_reply;
    uint32_t reply_status;
    char reply_code[65];
    struct sugu_id attempt;
    uint32_t state; /* of the attempt */
    char code[65];
    int64_t approved_yen, in_yen, out_yen, owed_yen;
    Sugu__CashStage stage;
    size_t units;
    bool is_final, has_cash;
    char payload[513]; /* on the screen */
    struct {
        bool is_known;
        uint32_t health;
        char code[65];
    } parts[8]; /* by Sugu__Part */
};

struct lane_world {
    struct till till;
    void *zmq;
    bool has_code, has_cash;
    struct sugu_code_provider *provider;
    struct sugu_provider_https *https;
    char key_file[200];
    struct cctalk_pty *pty;
    char cash_file[200], line[200];
    const char *code_valid_ms, *cash_idle_ms; /* settings of the next start */
    struct lane_kiosk kiosk;
    struct sugu_id refund; /* ordered last */
};

/* A bill of 870 yen on the kiosk's screen, and the ways that are wanted offered there. */
void lane_world_init(struct lane_world *world, bool has_code, bool has_cash);
/* What must be true after every story: the devices' yen are the books', every attempt is final or
 * held, all invariants hold. */
void lane_world_done(struct lane_world *world);

/* kill -9; and again. */
void lane_world_kill(struct lane_world *world);
void lane_world_start(struct lane_world *world);

/* Everything of the test's own process runs in here, once. */
void lane_world_pump(struct lane_world *world);
void lane_world_run(struct lane_world *world, int64_t us);
/* Runs everything until it is so; false after LANE_WORLD_WAIT_US, or where the program has
 * ended. */
bool lane_world_wait(struct lane_world *world, bool (*is_so)(const struct lane_world *world));
/* For it. */
bool lane_world_is_shown(const struct lane_world *world);
bool lane_world_is_taking(const struct lane_world *world);
bool lane_world_is_held(const struct lane_world *world);
bool lane_world_has_code(const struct lane_world *world);
bool lane_world_has_no_code(const struct lane_world *world);
bool lane_world_has_cash(const struct lane_world *world);
bool lane_world_has_no_cash(const struct lane_world *world);
/* Until so many yen are in. */
bool lane_world_wait_in(struct lane_world *world, int64_t yen);

/* The window asks to pay `yen` of the bill; its reply has this code, "" = OK. */
void
lane_world_pay(struct lane_world *world, Sugu__PaymentMethod method, int64_t yen, const char *code);
/* The window's patient leaves, or presses cancel; that was all. */
void lane_world_abort(struct lane_world *world);
void lane_world_fix(struct lane_world *world);
/* The outcome, as the window sees it. */
void lane_world_ends(struct lane_world *world,
                     enum sugu_attempt_state state,
                     int64_t yen,
                     const char *code);

/* Commands of the emulators. */
void lane_world_provider(struct lane_world *world, const char *line);
void lane_world_cash(struct lane_world *world, const char *line);
/* So many pieces lie in every payout as the books say that were filled in. */
void lane_world_fill(struct lane_world *world);
/* The desk orders `yen` of the attempt back; waits until the refund is in this state. */
void lane_world_refund(struct lane_world *world,
                       const struct sugu_id *original,
                       int64_t yen,
                       Sugu__RefundReason reason,
                       int state);
/* Waits until the number is this. */
void lane_world_await(struct lane_world *world, const char *sql, int64_t number);
