/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch - what is ready, in one transaction and one flush
 *
 * A batch takes requests of one facility through one transaction on one connection: look for stored
 * answers and for revoked keys, let the handlers work in rounds, number the events, store the
 * answers, commit. Grouped requests run together, the others one after the other, so that each sees
 * what the one before it did. When it fails, nothing happened (or, with a lost commit, it is not
 * known); what to do then is the server's business.
 */
#pragma once

#include "work.h"

#include "domain/date.h"

#define SUGU_BATCH_MAX 64

struct sugu_facility {
    int32_t facility;
    struct sugu_day_rule day_rule;
};

struct sugu_batch_event {
    uint32_t roles;
    char place[65];
    struct sugu_id visit;
    uint8_t *bytes;
    size_t size;
};

enum sugu_batch_phase {
    SUGU_BATCH_IDLE,
    SUGU_BATCH_FIND,
    SUGU_BATCH_STEP,
    SUGU_BATCH_END,
    SUGU_BATCH_ROLLBACK,
};

struct sugu_batch {
    struct sugu_db *db;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_facility facility;
    sugu_time_us now_utc; /* one moment for the whole batch */
    uint32_t day;         /* business day of that moment */
    struct sugu_work *works[SUGU_BATCH_MAX];
    size_t count;
    void (*on_done)(void *user, struct sugu_batch *batch);
    void *user;
    /* the result */
    enum sugu_status status;
    struct sugu_error error;
    const struct sugu_work *culprit; /* whose statement failed; NULL when not one alone */
    bool has_bug;                    /* an event that may not be sent: everything is undone */
    size_t event_count;
    /* inner state */
    int32_t opened_facility; /* whose day was opened last through this batch, and which */
    uint32_t opened_day;
    enum sugu_batch_phase phase;
    struct sugu_batch_event *events;
    size_t event_room;
    struct sugu_batch_find *find;
    struct sugu_work *group[SUGU_BATCH_MAX];
    size_t group_count;
    int round;
};

/* `batch` is zeroed, db, clock and random set. Works are borrowed, of one facility, no two of them
 * the same request; on_done is called later, never from here. */
void sugu_batch_start(struct sugu_batch *batch,
                      const struct sugu_facility *facility,
                      struct sugu_work *const *works,
                      size_t count,
                      void (*on_done)(void *user, struct sugu_batch *batch),
                      void *user);
bool sugu_batch_is_idle(const struct sugu_batch *batch);
/* Frees the inner memory of an idle batch. */
void sugu_batch_done(struct sugu_batch *batch);

/* For handlers: an event of this batch. `roles` are bits; `place` "" = anywhere; `visit` NULL or
 * none = not only where its session is open. */
void sugu_batch_event(struct sugu_batch *batch,
                      uint32_t roles,
                      const char *place,
                      const struct sugu_id *visit,
                      Sugu__Event *event);
