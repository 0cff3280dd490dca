/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - the simulated hospital: server, kiosks with their payment program, fee module, patients
 *
 * Real: the queue server as a whole on a private PostgreSQL (only its nightly chores and clearing
 * are left out), the client library, sugu-payment's agent, its journal in SQLite, its worker and
 * the nexo driver with its encrypted messages. Emulated: what the terminal answers
 * (emulators/nexo-machine.c), the fee module, the printer. Scripted: the kiosk's window
 * and the patients. Each way to pay is a lane of the payment program with a file of its own
 * (device.h), made in init_kiosk(), set up in settle_settings() and looked at in check.c.
 */
#pragma once

#include "simulation/sim.h"

#include "client/client.h"
#include "payment/agent.h"

#define WORLD_KIOSKS_MAX 48
#define WORLD_VISITS_MAX 2048
#define WORLD_FACILITY   1
#define WORLD_SERVER     "tcp://server:7700"

/* The ways to pay; numbers of PaymentMethod stand beside them. */
#define WORLD_WAYS(X)                                                                              \
    X(CARD, METHOD_CARD)                                                                           \
    X(CASH, METHOD_CASH)                                                                           \
    X(CODE, METHOD_CODE)                                                                           \
    X(ON_FILE, METHOD_ON_FILE)
#define WORLD_WAY(name, method) WAY_##name,
enum world_way { WORLD_WAYS(WORLD_WAY) WAY_COUNT };
#undef WORLD_WAY

/* What a run is made of; drawn from the seed unless the run is an enumeration. */
struct world_settings {
    unsigned kiosks, visits;
    const char *conninfo; /* of the role sugu_server */
    const char *owner;    /* of the owner, for the checks */
    const char *folder;   /* for journals; in memory */
    const char *checks;   /* file of the queries that return no row */
    int64_t arrival_us;   /* mean time between two new patients */
    /* per cent */
    unsigned terminal_fault, terminal_lost, revised, withdrawn, aborts, leaves, window_crash;
    unsigned paper_fails;
    unsigned cash_kiosks; /* that have a cash machine: the first ones */
    unsigned cash_fault;
    unsigned cash_lost_per_thousand; /* exchanges on its line */
    unsigned pays[WAY_COUNT];        /* shares of the visits: parts of their sum */
    unsigned fee_fault;              /* of the postings */
    bool is_small;                   /* the ways to pay take turns */
    unsigned desk;                   /* of the visits, that a person looks at afterwards */
    unsigned closes; /* of the journals, before which a day is closed; 0 = no day ever is */
    unsigned provider_fault, provider_lost;
    bool has_clock_jump;
};

/* ---- patients */

enum visit_stage {
    VISIT_NEW,     /* not checked in */
    VISIT_WAITING, /* has a ticket; comes again */
    VISIT_DONE,    /* paid, at the counter, or gone for good */
};

struct visit {
    unsigned index;
    enum visit_stage stage;
    enum world_way way; /* how the patient wants to pay */
    struct sugu_id id, bill;
    unsigned comes; /* how often the patient has stood at a kiosk */
    uint32_t acts_version;
    bool is_told_to_fee, is_told_to_ward;
    bool is_billed; /* the board shows the number under 会計 */
    bool waits;     /* for that */
};

/* ---- a kiosk */

struct device_card;
struct device_cash;
struct device_code;
struct device_on_file;

struct kiosk {
    struct world *world;
    unsigned index;
    char place[16], endpoint[160], folder[160], poi_id[32], terminal[64];
    /* sugu-payment */
    struct sim_program payment;
    struct payment_state *payment_state; /* of the living program */
    unsigned deaths;
    /* the card terminal; other lanes stand beside it */
    struct device_card *card;
    struct device_cash *cash;       /* NULL = none here */
    struct device_code *code;       /* the world's, NULL where nobody pays so */
    struct device_on_file *on_file; /* likewise; of the hospital's server alone */
    /* the window */
    struct sim_program window;
    struct window_state *window_state;
    struct sugu_request_store *store; /* its folder: survives the window */
    struct visit *patient;            /* who stands there */
    bool is_free;                     /* the window waits for somebody to come */
};

struct world {
    struct world_settings settings;
    struct sim_program server, fee, printer, staff, desk, ward;
    struct sim_program provider; /* the clock of all providers */
    struct sugu_server *server_state;
    struct fee_state *fee_state;
    struct printer_state *printer_state;
    struct staff_state *staff_state; /* NULL = nobody is needed */
    struct desk_state *desk_state;
    struct ward_state *ward_state; /* NULL where nobody has a card on file */
    struct device_code *code;
    struct device_on_file *on_file;
    struct kiosk server_payment; /* no kiosk: who carries out what is ordered of cards on file */
    struct kiosk kiosks[WORLD_KIOSKS_MAX];
    struct visit visits[WORLD_VISITS_MAX];
    unsigned arrived, done;
    /* who wants to a kiosk, in the order of coming */
    struct visit *line[WORLD_VISITS_MAX * 2];
    unsigned line_first, line_count;
};

/* Draws what is not given. */
void world_draw(struct world_settings *settings, struct sim_settings *sim);
/* The same with much of everything, for what has to be found in few visits. */
void world_storm(struct world_settings *settings, struct sim_settings *sim);
/* Most people pay so, and all of them come to the desk. */
void world_focus(struct world_settings *settings, enum world_way way);
/* Plays the whole run with its checks; false where something failed (sim_failure). */
bool world_play(const struct world_settings *settings, const struct sim_settings *sim);

/* server.c, payment.c, window.c, fee.c, printer.c, staff.c, ward.c: the first start */
void server_begin(struct world *world);
void payment_begin(struct kiosk *kiosk);
void window_begin(struct kiosk *kiosk);
void fee_begin(struct world *world);
void printer_begin(struct world *world);
void staff_begin(struct world *world);
void ward_begin(struct world *world);

/* The keys that stand in house.sql: a letter and a number. */
void world_key(char letter, unsigned index, uint8_t key[32]);
/* The settings of a client of the queue server with this key. */
struct sugu_client_settings world_client(char letter, unsigned index);
/* Takes the next patient in line to this kiosk: where it takes cash, one who pays so first. NULL =
 * nobody waits. */
struct visit *world_next_patient(const struct kiosk *kiosk);
/* The patient comes to the line (again) after a while. */
void world_come_later(struct visit *visit, int64_t after_us);
/* The patient comes again: mostly when the bill is ready, some before it, in vain. */
void world_come_back(struct visit *visit);
/* fee.c: the server has a bill, or has none any more. */
void world_bill_is(struct visit *visit, bool is_ready);
void world_is_done(struct visit *visit);
/* Nobody will come any more. */
bool world_is_empty(const struct world *world);
/* Every place with a payment program, from 0 on: the kiosks, the hospital's server; NULL = no more.
 */
struct kiosk *world_place(struct world *world, unsigned index);

/* Attempts that are not over and told; -1 while the program does not run. */
int payment_open_count(const struct kiosk *kiosk);

/* fee.c: the patient has a ticket; a bill will come. */
void fee_told(struct world *world, struct visit *visit);
/* ward.c: the person waits for the department, with this number. */
void ward_told(struct world *world, struct visit *visit, const char *number);
/* printer.c: a paper of the visit. */
void printer_told(struct world *world, struct visit *visit, int kind);
/* Nothing of them is under way, or only what a human has. */
bool fee_is_idle(const struct world *world);
/* The fee module has it: the revision of a bill, or with 0 what changed a posting. */
bool fee_has_posted(const struct world *world, const struct sugu_id *id, uint32_t revision);
bool staff_is_idle(const struct world *world);
bool payment_is_idle(const struct kiosk *kiosk);
/* What the journal says of an attempt; false where it is not there or the program is dead. */
bool payment_find_attempt(const struct kiosk *kiosk,
                          const struct sugu_id *id,
                          struct sugu_attempt *ret_attempt);

/* store.c: requests that outlive a program, and the wait of a program with clients */
struct sugu_request_store *sim_store_new(void);

/* check.c: nothing waits in the database; what still does, to standard error. */
bool world_is_settled(const struct world *world);
void world_tell_open(const struct world *world);
/* What has to hold at the end; sim_fail where it does not. */
void world_check(struct world *world);
