/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hospital - a whole installation in a folder: queue server, database, facility, keys, people
 *
 * Scenario tests and the demo start the real programs through it. The facility has the departments
 * reception (R, the desk), internal (A), eye (B); desks 1 (internal), 2 (eye), 9 (reception); the
 * patients of SUGU_HOSPITAL_PEOPLE. Programs are looked for below SUGU_BUILD_ROOT.
 */
#pragma once

#include "client/client.h"

#include "testlib/process.h"

#define SUGU_HOSPITAL_FACILITY 1
#define SUGU_HOSPITAL_CODE     "1312345679"

struct sugu_hospital {
    char folder[128];     /* everything is below it */
    char endpoint[256];   /* of the queue server */
    char server_key[256]; /* file */
    struct sugu_process server;
    const char *server_program;            /* NULL = queue-server/sugu-queue-server */
    const char *const *server_environment; /* NAME=VALUE … NULL, for the next start; may be NULL */
    bool has_database;                     /* the next server uses the running database */
    void *zmq;                             /* context of the test's own clients */
};

/* Makes the folder (below /tmp where `folder` is NULL), starts the server, sets the facility up. */
void sugu_hospital_init(struct sugu_hospital *hospital, const char *folder);
/* The same with a server_environment from the first start on; it outlives the hospital. */
void sugu_hospital_init_in(struct sugu_hospital *hospital,
                           const char *folder,
                           const char *const *server_environment);
/* The books hold: every invariant, and the hash chain. Starts the database where it was stopped.
 * Fails the test otherwise; what is broken stands in admin.log of the folder. */
void sugu_hospital_check_ledger(struct sugu_hospital *hospital);
/* Ends the server, checks the ledger, ends the database; removes the folder unless `keep`. */
void sugu_hospital_done(struct sugu_hospital *hospital, bool keep);

/* Starts the server, with `more` options (ended by NULL; may be NULL), and waits until it serves.
 */
void sugu_hospital_start_server(struct sugu_hospital *hospital, const char *const *more);
/* The same without waiting. */
void sugu_hospital_spawn_server(struct sugu_hospital *hospital, const char *const *more);
/* Ends the server, whose last counts have to hold these words ("malformed=2 refused=1"). */
void sugu_hospital_expect_counts(struct sugu_hospital *hospital, const char *words);
/* Starts another server on the same database; `other` is the hospital as its clients see it. Again
 * after the end of the first such server: at the same address. Ended by the caller. */
void sugu_hospital_join(struct sugu_hospital *other, const struct sugu_hospital *hospital);
/* kill -9; the database goes on. */
void sugu_hospital_kill_server(struct sugu_hospital *hospital);
/* Stops PostgreSQL (mode "immediate" or "fast") and starts it again. */
void sugu_hospital_restart_database(struct sugu_hospital *hospital, const char *mode);
/* The two halves of it. */
void sugu_hospital_stop_database(struct sugu_hospital *hospital, const char *mode);
void sugu_hospital_start_database(struct sugu_hospital *hospital);

/* sugu-admin with these words; fails the test unless it ends with `status`. The output's file is
 * returned in `output` (may be NULL). */
void sugu_hospital_admin(struct sugu_hospital *hospital,
                         int status,
                         char output[256],
                         const char *const *words);
/* The path of a built program: "queue-server/sugu-queue-server". */
const char *sugu_hospital_program(const char *name, char path[512]);
/* Makes a key and registers the client. */
void sugu_hospital_add_client(struct sugu_hospital *hospital,
                              const char *name,
                              const char *role,
                              const char *place);
/* The options that connect a program: --server … --key … --facility … --state-folder …; ends with
 * NULL. Memory of `options` is reused by the next call. */
struct sugu_hospital_options {
    char texts[10][300];
    const char *words[12];
};
const char *const *sugu_hospital_connection(struct sugu_hospital *hospital,
                                            const char *name,
                                            struct sugu_hospital_options *options);

/* A client inside the test, in a role of its own. */
struct sugu_test_client {
    struct sugu_client *client;
    struct sugu_request_store *store;
    struct sugu_hospital *hospital;
    char role[16], place[65];
    Sugu__Event *events[512]; /* copies, in order */
    size_t event_count;
    size_t fresh, resets, stales, refusals;
    sugu_time_us stale_since; /* as the last on_stale said */
    char refusal[65];         /* code of the last one */
};
/* `role` as in sugu-admin client; its key is made. */
void sugu_test_client_init(struct sugu_test_client *client,
                           struct sugu_hospital *hospital,
                           const char *name,
                           const char *role,
                           const char *place);
void sugu_test_client_done(struct sugu_test_client *client);
/* Sends and waits up to 15 s; the reply (a copy, freed by the caller). `id` may be NULL. */
Sugu__Reply *sugu_test_client_call(struct sugu_test_client *client,
                                   Sugu__Request__BodyCase body_case,
                                   void *body,
                                   const struct sugu_id *id);
/* Steps until an event of this kind is there behind *from (moved past it); fails after 10 s. */
const Sugu__Event *sugu_test_client_event(struct sugu_test_client *client,
                                          Sugu__Event__BodyCase body_case,
                                          size_t *from);
/* Steps for the time. */
void sugu_test_client_run(struct sugu_test_client *client, int64_t time_us);

/* A fresh id, and a message field pointing to one. */
struct sugu_id sugu_test_id(void);
