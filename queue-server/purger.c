/* SPDX-License-Identifier: Apache-2.0 */
/*
 * purger - clears away what the facility need not keep, or may not, a page at a time
 */
#include "purger.h"

#include "base/clock.h"
#include "base/log.h"
#include "statements.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE_MOST 500
#define PAUSE_US  (100 * SUGU_MS)
#define RETRY_US  (10 * SUGU_SECOND)
#define DAY_US    (24 * 60 * SUGU_MINUTE)

/* what, days that it is kept, by a cursor. Each has its statement. */
#define KINDS(X)                                                                                   \
    X(ANSWERS, answers, answers_days, true)                                                        \
    X(EVENTS, events, events_days, false)                                                          \
    X(NOTICES, notices, notices_days, false)                                                       \
    X(AUDIT, audit, audit_days, false)                                                             \
    X(PAPERS, papers, papers_days, true)                                                           \
    X(HELPS, helps, papers_days, true)                                                             \
    X(SESSIONS, sessions, audit_days, true)                                                        \
    X(SIGN_INS, sign_ins, audit_days, true)

enum kind {
#define KIND(NAME, ...) KIND_##NAME,
    KINDS(KIND)
#undef KIND
        KIND_COUNT
};

enum phase { PHASE_LIST, PHASE_PAGE, PHASE_ROLLBACK };

struct sugu_purger {
    struct sugu_db *db;
    const struct sugu_clock *clock;
    struct sugu_keep keep;
    int64_t interval_us, due_at; /* monotonic */
    bool is_busy;
    enum phase phase;
    struct sugu_facility_list_rows facilities;
    size_t facility; /* of the list */
    enum kind kind;
    int32_t after_client;
    struct sugu_id after;
    /* of the page that is under way */
    struct sugu_facility_enter_row entered;
    struct sugu_purge_plan_row plan;
    union {
        struct sugu_purge_answers_row answers;
        struct sugu_purge_events_row events; /* notices and audit look the same */
        struct sugu_purge_papers_row papers; /* so do helps, sessions and sign_ins */
    } row;
    int64_t purged[KIND_COUNT];
    uint64_t rounds;
};

static int64_t
now_us(const struct sugu_purger *purger)
{
    return purger->clock->monotonic_us(purger->clock);
}

struct sugu_purger *
sugu_purger_new(const char *conninfo,
                const struct sugu_keep *keep,
                int64_t interval_us,
                const struct sugu_clock *clock)
{
    struct sugu_purger *purger = calloc(1, sizeof *purger);

    if (!purger)
        abort();
    purger->db = sugu_db_new(conninfo, clock);
    purger->clock = clock;
    purger->keep = *keep;
    purger->interval_us = interval_us;
    purger->due_at = now_us(purger) + interval_us; /* whoever starts has better things to do */
    return purger;
}

struct sugu_purger *
sugu_purger_free(struct sugu_purger *purger)
{
    if (purger) {
        sugu_facility_list_rows_done(&purger->facilities);
        sugu_db_free(purger->db);
    }
    free(purger);
    return NULL;
}

struct sugu_db *
sugu_purger_db(struct sugu_purger *purger)
{
    return purger->db;
}

int64_t
sugu_purger_due_us(const struct sugu_purger *purger)
{
    int64_t db = sugu_db_due_us(purger->db), own = purger->due_at - now_us(purger);

    return purger->is_busy || own > db ? db : own > 0 ? own : 0;
}

uint64_t
sugu_purger_rounds(const struct sugu_purger *purger)
{
    return purger->rounds;
}

/* ---- where it stands */

static bool
is_walked(enum kind kind)
{
#define KIND(NAME, name, days, is_walked_) is_walked_,
    static const bool walked[] = {KINDS(KIND)};
#undef KIND

    return walked[kind];
}

static int64_t
keep_days(const struct sugu_purger *purger)
{
#define KIND(NAME, name, days, is_walked_) purger->keep.days,
    const int64_t days[] = {KINDS(KIND)};
#undef KIND

    return days[purger->kind];
}

static void
report(struct sugu_purger *purger)
{
#define KIND(NAME, name, days, is_walked_) #name,
    static const char *const names[] = {KINDS(KIND)};
#undef KIND

    for (int i = 0; i < KIND_COUNT; i++) {
        if (purger->purged[i] > 0)
            sugu_log(SUGU_LOG_INFO, "store.purged", "what=%s rows=%ld", names[i],
                     (long)purger->purged[i]);
        purger->purged[i] = 0;
    }
}

static void
begin_walk(struct sugu_purger *purger)
{
    purger->after_client = 0;
    purger->after = (struct sugu_id){{0}};
}

/* The next kind, the next facility, or the end of the round. */
static void
next_kind(struct sugu_purger *purger)
{
    begin_walk(purger);
    purger->kind++;
    if (purger->kind < KIND_COUNT)
        return;
    purger->kind = KIND_ANSWERS;
    purger->facility++;
    if (purger->facility < purger->facilities.count)
        return;
    purger->rounds++;
    report(purger);
    sugu_facility_list_rows_done(&purger->facilities);
    purger->phase = PHASE_LIST;
    purger->due_at = now_us(purger) + purger->interval_us;
}

/* Takes the page in: how many went, and whether the table may have more. */
static void
take_page(struct sugu_purger *purger)
{
    bool has_more, is_answers = purger->kind == KIND_ANSWERS;
    int32_t purged;

    if (is_answers) {
        has_more = purger->row.answers.is_found;
        purged = has_more ? purger->row.answers.purged : 0;
        purger->after_client = purger->row.answers.client;
        purger->after = purger->row.answers.last;
    } else if (is_walked(purger->kind)) {
        has_more = purger->row.papers.is_found;
        purged = has_more ? purger->row.papers.purged : 0;
        purger->after = purger->row.papers.last;
    } else {
        purged = purger->row.events.purged;
        has_more = purged > 0;
    }
    purger->purged[purger->kind] += purged;
    purger->due_at =
        now_us(purger) + (purger->interval_us < PAUSE_US ? purger->interval_us : PAUSE_US);
    if (!has_more)
        next_kind(purger);
}

/* ---- rounds */

static void
on_round(void *user,
         enum sugu_status status,
         const struct sugu_error *error,
         const struct sugu_db_failure *failure)
{
    struct sugu_purger *purger = user;

    purger->is_busy = false;
    if (status != SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "store.not-purged", error);
        sugu_facility_list_rows_done(&purger->facilities);
        /* The transaction is still there, and would refuse everything that follows. */
        purger->phase = failure->statement >= 0 ? PHASE_ROLLBACK : PHASE_LIST;
        purger->due_at = now_us(purger) + (failure->statement >= 0 ? 0 : RETRY_US);
    } else if (purger->phase == PHASE_ROLLBACK) {
        purger->phase = PHASE_LIST;
        purger->due_at = now_us(purger) + RETRY_US;
    } else if (purger->phase == PHASE_LIST) {
        purger->phase = purger->facilities.count > 0 ? PHASE_PAGE : PHASE_LIST;
        purger->facility = 0;
        purger->kind = KIND_ANSWERS;
        begin_walk(purger);
        purger->due_at = now_us(purger) + (purger->facilities.count > 0 ? 0 : purger->interval_us);
    } else {
        take_page(purger);
    }
}

/* Of a table whose keys count upwards in time. */
#define SEND_FRONT(name)                                                                           \
    sugu_db_purge_##name(purger->db,                                                               \
                         &(struct sugu_purge_##name##_params){                                     \
                             .facility = facility, .before = before, .most = PAGE_MOST},           \
                         (void *)&purger->row)
/* Of one that is walked through. */
#define SEND_WALK(name)                                                                            \
    sugu_db_purge_##name(                                                                          \
        purger->db,                                                                                \
        &(struct sugu_purge_##name##_params){                                                      \
            .facility = facility, .after = purger->after, .before = before, .most = PAGE_MOST},    \
        (void *)&purger->row)

static void
send_kind(struct sugu_purger *purger, int32_t facility, int64_t before)
{
    switch (purger->kind) {
    case KIND_ANSWERS:
        sugu_db_purge_answers(
            purger->db,
            &(struct sugu_purge_answers_params){.facility = facility,
                                                .after_client = purger->after_client,
                                                .after = purger->after,
                                                .before = before,
                                                .most = PAGE_MOST},
            &purger->row.answers);
        break;
    case KIND_EVENTS:
        SEND_FRONT(events);
        break;
    case KIND_NOTICES:
        SEND_FRONT(notices);
        break;
    case KIND_AUDIT:
        SEND_FRONT(audit);
        break;
    case KIND_PAPERS:
        SEND_WALK(papers);
        break;
    case KIND_HELPS:
        SEND_WALK(helps);
        break;
    case KIND_SESSIONS:
        SEND_WALK(sessions);
        break;
    case KIND_SIGN_INS:
        SEND_WALK(sign_ins);
        break;
    case KIND_COUNT:
        break;
    }
}

static void
send_page(struct sugu_purger *purger)
{
    int32_t facility = purger->facilities.rows[purger->facility].facility;
    char text[16];

    snprintf(text, sizeof text, "%d", facility);
    sugu_db_tx_begin(purger->db, NULL);
    sugu_db_facility_enter(purger->db, &(struct sugu_facility_enter_params){.facility = text},
                           &purger->entered);
    sugu_db_purge_plan(purger->db, &purger->plan);
    send_kind(purger, facility, purger->clock->utc_us(purger->clock) - keep_days(purger) * DAY_US);
    sugu_db_tx_commit(purger->db, NULL);
}

void
sugu_purger_step(struct sugu_purger *purger)
{
    sugu_db_step(purger->db);
    if (purger->is_busy || !sugu_db_is_ready(purger->db) || now_us(purger) < purger->due_at)
        return;
    purger->is_busy = true;
    sugu_db_set_owner(purger->db, NULL);
    switch (purger->phase) {
    case PHASE_LIST:
        sugu_db_facility_list(purger->db, &purger->facilities);
        break;
    case PHASE_PAGE:
        send_page(purger);
        break;
    case PHASE_ROLLBACK:
        sugu_db_tx_rollback(purger->db, NULL);
        break;
    }
    sugu_db_end_round(purger->db, /* has_commit= */ purger->phase == PHASE_PAGE, on_round, purger);
}
