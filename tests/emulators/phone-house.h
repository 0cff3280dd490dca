/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phone-house - the queue server as sugu-web sees it: pages, events and an outbox, scripted
 *
 * Speaks the real protocol on an ipc:// socket, in a thread of its own, so that a test may block.
 * What the house says is changed between phone_house_lock and phone_house_unlock.
 */
#pragma once

#include "client/service.h"

#include <glib.h>

#define PHONE_STAGES_MAX 8
#define PHONE_OUTBOX_MAX 600

struct phone_stage {
    const char *department, *name, *desk;
    Sugu__StageKind kind;
    Sugu__StageState state;
    uint32_t before_you, low_min, high_min;
};

struct phone_visit {
    struct sugu_id id;
    uint8_t token[16];
    char number[17];
    Sugu__VisitState state;
    bool is_bill_ready, is_paid, is_over; /* its day is over */
    const char *language;
    size_t stage_count;
    struct phone_stage stages[PHONE_STAGES_MAX];
    unsigned asked; /* how often the page was looked at */
};

struct phone_notice {
    uint64_t notice;
    Sugu__NoticeKind kind;
    size_t visit;
    unsigned confirmed;
    sugu_time_us due_utc, expires_utc;
    unsigned tries, refusals; /* told by FailNotice */
    bool is_given_up;
};

struct phone_house {
    char endpoint[200];
    struct phone_visit *visits;
    size_t visit_count;
    const char *facility_name;
    struct {
        const char *language, *text;
    } lines[8];
    size_t line_count;
    struct phone_notice outbox[PHONE_OUTBOX_MAX];
    size_t outbox_count;
    bool is_mute;           /* answers no looks */
    unsigned looks, tokens; /* requests for pages, and what they asked for */
    unsigned tokens_most;   /* in one request */
    unsigned outbox_asked;
    unsigned listeners;
    /* inside */
    void *zmq;
    struct sugu_service *service;
    GMutex mutex;
    GMainContext *context;
    GMainLoop *loop;
    GThread *thread;
};

/* Opens the socket `folder`/queue. `visit_count` visits that wait in internal medicine (A). */
void phone_house_init(struct phone_house *house, const char *folder, size_t visit_count);
void phone_house_done(struct phone_house *house);
/* The server goes away, and comes back. */
void phone_house_stop(struct phone_house *house);
void phone_house_start(struct phone_house *house);

void phone_house_lock(struct phone_house *house);
void phone_house_unlock(struct phone_house *house);

/* Says that the visit changed; `department` "" or the queue that moved with it. Not locked. */
void phone_house_change(struct phone_house *house, size_t visit, const char *department);
/* Puts a notice that is worth hearing for an hour into the outbox and says that its visit changed.
 * Not locked. */
void phone_house_notice(struct phone_house *house, size_t visit, Sugu__NoticeKind kind);

/* "0123…", 32 digits. Returns `to`. */
const char *phone_house_token(const struct phone_house *house, size_t visit, char to[33]);
