/* SPDX-License-Identifier: Apache-2.0 */
/*
 * morning - simulated patients, and the staff of the rooms, over the wire of a real hospital
 *
 * A discrete simulation (seeded; time is microseconds since the morning began) whose every act is a
 * request of a real client: kiosk-2 checks people in and lets them pay through its own
 * sugu-payment, the client "rooms" has all rooms' keys under its hand. The hour before the demo
 * opens is played at once, with the server's calendar behind (shift-clock.c); then it goes on at
 * its pace. People who were not made here (the user's patient) are called and treated like all
 * others, unless `leaves_others`.
 */
#pragma once

#include "base/random.h"
#include "client/client.h"
#include "demo/town.h"

#define MORNING_GUESTS_MAX 400
#define MORNING_ROOMS      8
#define MORNING_TASKS_MAX  1024

/* What comes to pass at its time. */
enum morning_task_kind {
    MORNING_ARRIVAL, /* the next person comes through the door */
    MORNING_ROOM,    /* a room is free */
    MORNING_CALLED,  /* who was called comes, or does not */
    MORNING_END,     /* a treatment ends */
    MORNING_RETURN,  /* who was missed comes back and is called again */
    MORNING_ACTS,    /* the acts are entered */
    MORNING_PAY,     /* to the kiosk with the bill */
};

struct morning_task {
    int64_t at_us;
    uint64_t order; /* of two at the same time the earlier made goes first */
    enum morning_task_kind kind;
    size_t who; /* index of a guest or a room */
};

/* Somebody in the house. */
struct morning_guest {
    unsigned townsman;
    char number[17];
    uint8_t token[16];
    bool is_other; /* nobody that was made here */
    bool was_missed, was_parked, is_back;
    bool is_done; /* nothing is planned any more: the place may be taken */
    size_t room;  /* that missed this person */
};

struct morning_room {
    const char *desk;
    enum town_department place;
    bool is_busy;
    size_t guest;
};

/* One connection. */
struct morning_peer {
    struct sugu_client *client;
    struct sugu_request_store *store;
};

struct morning_settings {
    const char *folder;   /* of the hospital: keys, sockets, the clock's file */
    const char *endpoint; /* of the queue server */
    uint64_t seed;
    int64_t before_us;  /* so much is played at once */
    int64_t pace;       /* simulated seconds in one, 0 = holds */
    int64_t per_hour;   /* people who come */
    bool leaves_others; /* calls only its own people */
};

struct morning_counts {
    unsigned arrived, sent_to_desk, called, missed, parked, finished, billed, paid, troubles;
    int64_t paid_yen;
};

struct morning {
    struct morning_settings settings;
    struct sugu_random_seeded seeded;
    struct sugu_random *random;
    const struct sugu_clock *clock;
    void *zmq;
    struct morning_peer kiosk, rooms, payment;
    volatile int64_t *shift_us; /* of the server's calendar */
    int64_t now_us;             /* of the simulation */
    struct morning_task tasks[MORNING_TASKS_MAX];
    size_t task_count;
    uint64_t order;
    struct morning_guest guests[MORNING_GUESTS_MAX];
    size_t guest_count;
    unsigned arrivals;
    struct morning_room desks[MORNING_ROOMS];
    struct morning_counts counts;
    /* what the kiosk's events said */
    struct sugu_id answered; /* eligibility */
    struct sugu_id settled;  /* bill whose payment is over */
    int settled_state;       /* AttemptState */
};

/* ---- connections (morning-peers.c); they end the process where nothing can be done */

void morning_connect(struct morning *morning);
void morning_disconnect(struct morning *morning);
/* Steps all connections, waits up to `wait_us` for one of them or `file` (-1: none) to speak. */
void morning_pump(struct morning *morning, int64_t wait_us, int file);
/* Pumps until *is_done or the time is over. */
bool morning_wait(struct morning *morning, const bool *is_done, int64_t wait_us);
/* The reply, a copy, freed by the caller; NULL where none came. What could not be done only now is
 * asked again. */
Sugu__Reply *morning_ask(struct morning *morning,
                         struct morning_peer *peer,
                         Sugu__Request__BodyCase body_case,
                         void *body);
/* The same where nothing but its success matters; counts and tells what was refused. */
bool morning_do(struct morning *morning,
                struct morning_peer *peer,
                Sugu__Request__BodyCase body_case,
                void *body);
/* A line on standard output, and counted. */
void morning_trouble(struct morning *morning, const char *what, const char *code);

/* ---- at the kiosk (morning-kiosk.c) */

/* Checks a townsman in; NULL where that was refused. */
struct morning_guest *morning_check_in(struct morning *morning, unsigned townsman);
/* Pays the bill; false where there is none yet. */
bool morning_pay(struct morning *morning, struct morning_guest *guest);

/* ---- the simulation (morning.c) */

void morning_init(struct morning *morning, const struct morning_settings *settings);
/* A place for one more person; NULL where everybody in the house has something before them. */
struct morning_guest *morning_add_guest(struct morning *morning);
/* Adds a task in `in_us` from now. */
void morning_plan(struct morning *morning, enum morning_task_kind kind, size_t who, int64_t in_us);
/* A time between the two, minutes. */
int64_t morning_minutes(struct morning *morning, unsigned min, unsigned max);
bool morning_chance(struct morning *morning, unsigned percent);
/* Carries out what is due at or before `until_us`; the clock of the simulation stands there then.
 * At most `tasks_max` tasks: true where more are due. */
bool morning_step(struct morning *morning, int64_t until_us, unsigned tasks_max);
/* Plays the time before the demo opens. */
void morning_play_past(struct morning *morning);
