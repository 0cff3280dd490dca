/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-world - a desk's session in a world of scripted peers that speak the real protocol
 *
 * Queue server and card reader are services on ipc:// sockets in this process; what they answer is
 * scripted in struct desk_world.
 */
#pragma once

#include "session.h"

#include "client/service.h"

#define DESK_WORLD_PASSWORD "correct horse"

struct desk_world {
    char folder[64], server_endpoint[96], reader_endpoint[96];
    void *context;
    struct sugu_service *server, *reader;
    GSource *server_source, *reader_source;
    DeskModel *model;
    struct desk_session *session;
    unsigned rows;     /* in the snapshot, pages of 60 */
    const char *code;  /* verbs are refused with it; NULL = they are done */
    bool is_mute;      /* verbs are not answered */
    bool knows_nobody; /* every request is refused: the sign-in is over */
    Sugu__StaffRole role;
    bool is_held; /* the newest attempt of the bill is held */
    /* what came */
    unsigned sign_ins, pages, finds, looks, moves, check_ins, commands, bills, plans;
    uint32_t ratio_percent; /* stated last */
    struct sugu_id sign_in; /* of the last request */
    struct sugu_id sign_in_request;
    Sugu__TicketVerb verb;
    char desk[17], number[17], department[17], seen_desk[17], text[201], place[65], departments[64];
    uint32_t minutes;
    bool has_seen;
    Sugu__StageState seen;
    int64_t deadline_utc_us;
    /* of money */
    unsigned money_reads, money_verbs, task_reads;
    bool has_no_tasks; /* from now on */
    bool has_visit;    /* the last look was for a visit by its id: this one */
    struct sugu_id visit;
    Sugu__Request *money; /* the last verb, owned */
};

/* Starts peers and session; nobody is signed in. */
void desk_world_init(struct desk_world *world, unsigned rows);
void desk_world_done(struct desk_world *world);

/* Runs the loop until the condition holds; fails the test with `what` after 10 s. */
#define desk_world_await(world, condition)                                                         \
    do {                                                                                           \
        int64_t end_ = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;                               \
        while (!(condition)) {                                                                     \
            ck_assert_msg(g_get_monotonic_time() < end_, "not within 10 s: %s", #condition);       \
            g_main_context_iteration(NULL, TRUE);                                                  \
        }                                                                                          \
        (void)(world);                                                                             \
    } while (0)

/* Signs in with the right password and waits for the queues. */
void desk_world_sign_in(struct desk_world *world);
void desk_world_do(struct desk_world *world, const char *action, GVariant *value);
/* Selects the n-th row of the list that is in this state; its number. */
const char *desk_world_select(struct desk_world *world, enum sugu_stage_state state, unsigned nth);
/* The server goes away, and comes back. */
void desk_world_stop_server(struct desk_world *world);
void desk_world_start_server(struct desk_world *world);
/* Tells an entry as an event. */
void desk_world_tell(struct desk_world *world, Sugu__QueueEntry *entry);
/* A staff card is put on the reader. */
void desk_world_put_card(struct desk_world *world);
