/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chores - what the server does by itself: ranges of waiting times, sessions of dead kiosks
 */
#include "chores.h"

#include "base/log.h"
#include "handlers/change-card.h"
#include "handlers/collect.h"
#include "statements.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_US  (10 * SUGU_SECOND) /* between two looks at what is due */
#define PACE_US  SUGU_MINUTE        /* how old the pace may be */
#define RANGE_US (24 * 60 * SUGU_MINUTE)
#define DUES_US  (9 * SUGU_SECOND)
#define LOST_US  (5 * SUGU_MINUTE)  /* a kiosk that is silent for so long has nobody before it */
#define CALM_US  (20 * SUGU_SECOND) /* after an outage of ours all kiosks have been silent */

enum chore { CHORE_RANGES, CHORE_PACE, CHORE_SESSIONS, CHORE_DUES, CHORE_COUNT };
enum phase { CHORES_IDLE, CHORES_TAKING, CHORES_WORKING, CHORES_UNDOING };

static const struct {
    const char *task;
    int64_t age_us; /* done again where it is so old, or of an earlier day */
} rows[] = {
    [CHORE_RANGES] = {"ranges", RANGE_US},
    [CHORE_PACE] = {"pace", PACE_US},
    [CHORE_SESSIONS] = {"sessions", SUGU_MINUTE},
    [CHORE_DUES] = {"dues", DUES_US},
};

struct sugu_chores {
    struct sugu_db *db;
    const struct sugu_clock *clock;
    const struct sugu_clock_steady *steady;
    bool is_off; /* its jump is told */
    const struct sugu_facility *(*list)(const void *user, size_t index);
    const void *user;
    enum phase phase;
    struct sugu_facility facility; /* at which we are */
    size_t next;                   /* facility and chore: index * CHORE_COUNT + chore */
    int64_t looked_at;             /* monotonic */
    int64_t calm_since;            /* likewise: looked at regularly since then */
    sugu_time_us now_utc;
    uint32_t day;
    struct sugu_facility_enter_row entered;
    struct sugu_day_task_take_row taken;
    struct sugu_dues_of_day_rows dues;
    struct sugu_card_to_forget_rows ended;
    struct sugu_waiting *waiting; /* may be NULL */
};

static void on_round(void *user,
                     enum sugu_status status,
                     const struct sugu_error *error,
                     const struct sugu_db_failure *failure);

struct sugu_chores *
sugu_chores_new(const char *conninfo,
                const struct sugu_clock *clock,
                const struct sugu_clock_steady *steady,
                const struct sugu_facility *(*list)(const void *user, size_t index),
                const void *user)
{
    struct sugu_chores *chores = calloc(1, sizeof *chores);

    if (!chores)
        abort();
    chores->db = sugu_db_new(conninfo, clock);
    chores->clock = clock;
    chores->steady = steady;
    chores->list = list;
    chores->user = user;
    chores->calm_since = clock->monotonic_us(clock);
    chores->looked_at = chores->calm_since - LOOK_US;
    return chores;
}

struct sugu_chores *
sugu_chores_free(struct sugu_chores *chores)
{
    if (chores) {
        sugu_db_free(chores->db);
        sugu_dues_of_day_rows_done(&chores->dues);
        sugu_card_to_forget_rows_done(&chores->ended);
    }
    free(chores);
    return NULL;
}

static void
send_take(struct sugu_chores *chores, enum chore chore)
{
    char facility[16];

    snprintf(facility, sizeof facility, "%d", chores->facility.facility);
    chores->phase = CHORES_TAKING;
    sugu_db_tx_begin(chores->db, NULL);
    sugu_db_facility_enter(chores->db, &(struct sugu_facility_enter_params){.facility = facility},
                           &chores->entered);
    sugu_db_day_task_take(
        chores->db,
        &(struct sugu_day_task_take_params){.facility = chores->facility.facility,
                                            .task = rows[chore].task,
                                            .day = chores->day,
                                            .since = chores->now_utc - rows[chore].age_us,
                                            .at = chores->now_utc},
        &chores->taken);
    sugu_db_end_round(chores->db, /* has_commit= */ false, on_round, chores);
}

static void
send_dues(struct sugu_chores *chores)
{
    sugu_db_dues_of_day(chores->db,
                        &(struct sugu_dues_of_day_params){.facility = chores->facility.facility,
                                                          .day = chores->day},
                        &chores->dues);
    sugu_db_card_to_forget(chores->db,
                           &(struct sugu_card_to_forget_params){
                               .facility = chores->facility.facility, .at = chores->now_utc},
                           &chores->ended);
}

/* One work for a visit or card at a time: its id is theirs. */
static void
push(struct sugu_chores *chores, const struct sugu_handler *handler, struct sugu_id subject)
{
    struct sugu_work *work =
        sugu_work_of_server(chores->facility.facility, handler, subject, subject);

    work->queued_at = chores->clock->monotonic_us(chores->clock);
    sugu_waiting_push(chores->waiting, work);
}

static void
hand_over(struct sugu_chores *chores)
{
    for (size_t i = 0; i < chores->dues.count && chores->waiting; i++)
        push(chores, &sugu_handler_collect, chores->dues.rows[i].visit);
    for (size_t i = 0; i < chores->ended.count && chores->waiting; i++)
        push(chores, &sugu_handler_forget, chores->ended.rows[i].card);
    sugu_dues_of_day_rows_done(&chores->dues);
    sugu_card_to_forget_rows_done(&chores->ended);
}

static void
send_work(struct sugu_chores *chores, enum chore chore)
{
    int32_t facility = chores->facility.facility;

    chores->phase = CHORES_WORKING;
    if (chores->taken.is_found && chore == CHORE_RANGES)
        sugu_db_wait_range_refresh(
            chores->db,
            &(struct sugu_wait_range_refresh_params){
                .facility = facility, .day = chores->day, .made_at = chores->now_utc},
            NULL);
    if (chores->taken.is_found && chore == CHORE_PACE)
        sugu_db_wait_pace_refresh(chores->db,
                                  &(struct sugu_wait_pace_refresh_params){.facility = facility,
                                                                          .day = chores->day,
                                                                          .at = chores->now_utc},
                                  NULL);
    if (chores->taken.is_found && chore == CHORE_SESSIONS)
        sugu_db_session_sweep(
            chores->db,
            &(struct sugu_session_sweep_params){
                .facility = facility, .silent = chores->now_utc - LOST_US, .at = chores->now_utc},
            NULL);
    if (chores->taken.is_found && chore == CHORE_DUES)
        send_dues(chores);
    if (chores->taken.is_found)
        sugu_log(SUGU_LOG_DEBUG, "chore.done", "facility=%d task=%s", facility, rows[chore].task);
    sugu_db_tx_commit(chores->db, NULL);
    sugu_db_end_round(chores->db, /* has_commit= */ true, on_round, chores);
}

/* The next one; none behind the last until it is time to look again. */
static void
begin_next(struct sugu_chores *chores)
{
    const struct sugu_facility *facility = chores->list(chores->user, chores->next / CHORE_COUNT);
    enum chore chore = (enum chore)(chores->next % CHORE_COUNT);

    int64_t now = chores->clock->monotonic_us(chores->clock);
    bool is_calm;

    chores->phase = CHORES_IDLE;
    if (chores->next == 0 && now - chores->looked_at > 3 * LOOK_US)
        chores->calm_since = now;
    is_calm = now - chores->calm_since >= CALM_US;
    if (!facility) {
        chores->next = 0;
        chores->looked_at = now;
        return;
    }
    chores->facility = *facility;
    chores->now_utc = chores->clock->utc_us(chores->clock);
    if ((chore != CHORE_SESSIONS || is_calm) &&
        sugu_business_day(&facility->day_rule, chores->now_utc, &chores->day))
        send_take(chores, chore);
    else
        chores->next++; /* what cannot be done now does not stop the rest */
}

static void
on_round(void *user,
         enum sugu_status status,
         const struct sugu_error *error,
         const struct sugu_db_failure *failure)
{
    struct sugu_chores *chores = user;
    enum chore chore = (enum chore)(chores->next % CHORE_COUNT);

    if (status != SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "chore.failed", error);
        chores->next++;
        chores->phase = CHORES_IDLE;
        if (failure->statement >= 0 && failure->statement != SUGU_STATEMENT_TX_ROLLBACK) {
            chores->phase = CHORES_UNDOING;
            sugu_db_tx_rollback(chores->db, NULL);
            sugu_db_end_round(chores->db, /* has_commit= */ false, on_round, chores);
        }
        return;
    }
    switch (chores->phase) {
    case CHORES_TAKING:
        send_work(chores, chore);
        break;
    case CHORES_WORKING:
        hand_over(chores);
        chores->next++;
        chores->phase = CHORES_IDLE;
        break;
    case CHORES_UNDOING:
        chores->phase = CHORES_IDLE;
        break;
    case CHORES_IDLE:
        abort(); /* a round of nobody */
    }
}

void
sugu_chores_feed(struct sugu_chores *chores, struct sugu_waiting *waiting)
{
    chores->waiting = waiting;
}

/* Told when it happens and when it is over: who set the clock on purpose has to start us again. */
static void
watch_clock(struct sugu_chores *chores)
{
    int64_t jump_us = chores->steady ? sugu_clock_steady_jump_us(chores->steady) : 0;

    if (jump_us && !chores->is_off)
        sugu_log(SUGU_LOG_ERROR, "clock.jumped",
                 "seconds=%ld: its own count goes on; start again if the new time is right",
                 (long)(jump_us / SUGU_SECOND));
    else if (!jump_us && chores->is_off)
        sugu_log(SUGU_LOG_INFO, "clock.back", "%s", "");
    chores->is_off = jump_us != 0;
}

void
sugu_chores_step(struct sugu_chores *chores)
{
    int64_t now = chores->clock->monotonic_us(chores->clock);

    sugu_db_step(chores->db);
    watch_clock(chores);
    if (chores->phase == CHORES_IDLE && sugu_db_is_ready(chores->db) &&
        (chores->next > 0 || now - chores->looked_at >= LOOK_US))
        begin_next(chores);
}

const struct sugu_db *
sugu_chores_db(const struct sugu_chores *chores)
{
    return chores->db;
}

int64_t
sugu_chores_due_us(const struct sugu_chores *chores)
{
    return sugu_db_due_us(chores->db);
}
