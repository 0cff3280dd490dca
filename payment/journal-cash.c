/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal-cash - the journal of cash: devices, sessions, events, payouts and stock
 */
#include "payment/journal-cash.h"

#include "base/text.h"
#include "payment/journal-private.h"

#define SUGU_NEWS(name) #name,
static const char *const kind_names[] = {SUGU_CASH_NEWS(SUGU_NEWS)};
#undef SUGU_NEWS

static void
put(sqlite3_stmt *statement, const char *name, int64_t value)
{
    sugu_journal_bind_number(statement, name, value);
}

static void
put_text(sqlite3_stmt *statement, const char *name, const char *text)
{
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, name), text, -1,
                      SQLITE_STATIC);
}

static void
put_id(sqlite3_stmt *statement, const char *name, const struct sugu_id *id)
{
    if (id)
        sqlite3_bind_blob(statement, sqlite3_bind_parameter_index(statement, name), id->bytes,
                          SUGU_ID_SIZE, SQLITE_STATIC);
}

static enum sugu_status
run(struct sugu_journal *journal, enum journal_cash_sql which, struct sugu_error *reterr)
{
    return sugu_journal_run(journal, journal->cash_statements[which], journal_cash_sql_names[which],
                            reterr);
}

/* ---- writing */

static int64_t
now_utc(struct sugu_journal *journal)
{
    return journal->clock->utc_us(journal->clock);
}

static enum sugu_status
write_device(struct sugu_journal *journal,
             const struct sugu_cash_known *device,
             struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[JOURNAL_CASH_SQL_DEVICE_PUT];

    put(statement, ":device", device->id);
    put(statement, ":serial", device->serial);
    put(statement, ":counter", device->counter);
    put(statement, ":newest_a", device->newest[0]);
    put(statement, ":newest_b", device->newest[1]);
    put(statement, ":step", (int64_t)device->step);
    return run(journal, JOURNAL_CASH_SQL_DEVICE_PUT, reterr);
}

static enum sugu_status
write_session(struct sugu_journal *journal,
              const struct sugu_cash_session_row *row,
              struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[JOURNAL_CASH_SQL_SESSION_PUT];

    put_id(statement, ":attempt", &row->attempt);
    put(statement, ":due_yen", row->due_yen);
    put(statement, ":state", row->state);
    put(statement, ":is_open", row->state != SUGU_CASH_SESSION_DONE);
    put(statement, ":wish", row->wish);
    put(statement, ":approved_yen", row->approved_yen);
    put(statement, ":is_by_staff", row->is_by_staff);
    put_text(statement, ":code", row->code);
    put(statement, ":begun_utc_us", row->begun_utc_us);
    put(statement, ":changed_utc_us", row->changed_utc_us);
    return run(journal, JOURNAL_CASH_SQL_SESSION_PUT, reterr);
}

static enum sugu_status
write_event(struct sugu_journal *journal,
            const struct sugu_cash_entry *entry,
            struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[JOURNAL_CASH_SQL_EVENT_ADD];
    const struct sugu_cash_event *event = entry->event;
    bool has_unit =
        event->kind == SUGU_CASH_NEWS_ACCEPTED || event->kind == SUGU_CASH_NEWS_ESCROWED;

    put(statement, ":device", event->device);
    put(statement, ":serial", entry->device->serial);
    if (event->step)
        put(statement, ":step", (int64_t)event->step);
    put_id(statement, ":session", entry->event_session);
    put(statement, ":utc_us", now_utc(journal));
    put_text(statement, ":kind", kind_names[event->kind]);
    put(statement, ":unit_yen",
        has_unit ? sugu_cash_unit_yen((enum sugu_cash_unit)event->unit) : 0);
    put(statement, ":code", event->code);
    put(statement, ":counter", event->counter);
    put(statement, ":paid", event->paid);
    put(statement, ":unpaid", event->unpaid);
    put(statement, ":lost", event->lost);
    put(statement, ":is_doubtful", event->is_doubtful);
    return run(journal, JOURNAL_CASH_SQL_EVENT_ADD, reterr);
}

/* What both statements on a payout have in common. */
static void
put_outcome(sqlite3_stmt *statement, const struct sugu_cash_payout_row *row, int64_t utc_us)
{
    put(statement, ":device", row->device);
    put(statement, ":was_taken", row->order.was_taken);
    put(statement, ":state", row->state);
    put(statement, ":paid", row->paid);
    put(statement, ":changed_utc_us", utc_us);
}

static enum sugu_status
write_intent(struct sugu_journal *journal,
             const struct sugu_cash_payout_row *row,
             struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[JOURNAL_CASH_SQL_PAYOUT_ADD];

    put_outcome(statement, row, now_utc(journal));
    put_id(statement, ":session", &row->session);
    put(statement, ":serial", row->serial);
    put(statement, ":unit_yen", sugu_cash_unit_yen(row->unit));
    put(statement, ":count", row->order.count);
    put(statement, ":counter", row->order.before.counter);
    put(statement, ":remaining_before", row->order.before.remaining);
    put(statement, ":paid_before", row->order.before.paid);
    put(statement, ":unpaid_before", row->order.before.unpaid);
    return run(journal, JOURNAL_CASH_SQL_PAYOUT_ADD, reterr);
}

static enum sugu_status
write_payout(struct sugu_journal *journal,
             const struct sugu_cash_payout_row *row,
             struct sugu_error *reterr)
{
    put_outcome(journal->cash_statements[JOURNAL_CASH_SQL_PAYOUT_SET], row, now_utc(journal));
    return run(journal, JOURNAL_CASH_SQL_PAYOUT_SET, reterr);
}

static enum sugu_status
write_movement(struct sugu_journal *journal,
               const struct sugu_cash_movement *movement,
               struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[JOURNAL_CASH_SQL_STOCK_ADD];

    put(statement, ":device", movement->device);
    put(statement, ":unit_yen", sugu_cash_unit_yen(movement->unit));
    put(statement, ":pieces", movement->pieces);
    put_text(statement, ":why", movement->why);
    put(statement, ":utc_us", now_utc(journal));
    return run(journal, JOURNAL_CASH_SQL_STOCK_ADD, reterr);
}

static enum sugu_status
write_all(struct sugu_journal *journal,
          const struct sugu_cash_entry *entry,
          struct sugu_error *reterr)
{
    enum sugu_status status = SUGU_OK;

    if (entry->session)
        status = write_session(journal, entry->session, reterr);
    if (!status && entry->event)
        status = write_event(journal, entry, reterr);
    if (!status && entry->device)
        status = write_device(journal, entry->device, reterr);
    if (!status && entry->intent)
        status = write_intent(journal, entry->intent, reterr);
    if (!status && entry->payout)
        status = write_payout(journal, entry->payout, reterr);
    for (size_t i = 0; !status && i < entry->movement_count; i++)
        status = write_movement(journal, &entry->movements[i], reterr);
    return status;
}

enum sugu_status
sugu_journal_cash_write(struct sugu_journal *journal,
                        const struct sugu_cash_entry *entry,
                        struct sugu_error *reterr)
{
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    status = sugu_journal_begin(journal, reterr);
    if (!status)
        status = write_all(journal, entry, reterr);
    status = sugu_journal_end(journal, status, reterr);
    if (entry->movement_count > 0)
        memset(journal->knows_stock, 0, sizeof journal->knows_stock);
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

/* ---- reading */

/* Takes one row of a statement. */
typedef bool (*take_row)(sqlite3_stmt *statement, void *to);

/* Every row of a statement whose parameters are bound; false of `take` is a row that cannot be. */
static enum sugu_status
read_rows(struct sugu_journal *journal,
          enum journal_cash_sql which,
          take_row take,
          void *to,
          struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->cash_statements[which];
    enum sugu_status status = SUGU_OK;
    int result;

    while (!status && (result = sqlite3_step(statement)) != SQLITE_DONE) {
        if (result != SQLITE_ROW)
            status = sugu_journal_fail(journal, journal_cash_sql_names[which], reterr);
        else if (!take(statement, to))
            status = sugu_fail(reterr, SUGU_BROKEN, "payment.journal", "%s: a row is wrong",
                               journal_cash_sql_names[which]);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

struct device_list {
    struct sugu_cash_known known[SUGU_CASH_DEVICES_MAX];
    size_t count;
};

static bool
take_device(sqlite3_stmt *statement, void *to)
{
    struct device_list *list = to;

    if (list->count == SUGU_CASH_DEVICES_MAX)
        return false;
    list->known[list->count++] = (struct sugu_cash_known){
        .id = (uint8_t)sqlite3_column_int(statement, 0),
        .serial = (uint32_t)sqlite3_column_int64(statement, 1),
        .counter = (uint8_t)sqlite3_column_int(statement, 2),
        .newest = {(uint8_t)sqlite3_column_int(statement, 3),
                   (uint8_t)sqlite3_column_int(statement, 4)},
        .step = (uint64_t)sqlite3_column_int64(statement, 5),
    };
    return true;
}

enum sugu_status
sugu_journal_cash_devices(struct sugu_journal *journal,
                          struct sugu_cash_known *ret_known,
                          size_t *ret_count,
                          struct sugu_error *reterr)
{
    struct device_list list = {.count = 0};
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    status = read_rows(journal, JOURNAL_CASH_SQL_DEVICE_LIST, take_device, &list, reterr);
    pthread_mutex_unlock(&journal->mutex);
    if (status)
        return status;
    memcpy(ret_known, list.known, sizeof list.known);
    *ret_count = list.count;
    return SUGU_OK;
}

struct found_session {
    struct sugu_cash_session_row row;
    bool is_found;
};

static bool
take_session(sqlite3_stmt *statement, void *to)
{
    struct found_session *found = to;
    struct sugu_cash_session_row *row = &found->row;

    if (sqlite3_column_bytes(statement, 0) != SUGU_ID_SIZE)
        return false;
    memcpy(row->attempt.bytes, sqlite3_column_blob(statement, 0), SUGU_ID_SIZE);
    row->due_yen = sqlite3_column_int64(statement, 1);
    row->state = (enum sugu_cash_session_state)sqlite3_column_int(statement, 2);
    row->wish = (enum sugu_cash_wish)sqlite3_column_int(statement, 3);
    row->approved_yen = sqlite3_column_int64(statement, 4);
    row->is_by_staff = sqlite3_column_int(statement, 5) != 0;
    sugu_text_copy(row->code, sizeof row->code, (const char *)sqlite3_column_text(statement, 6));
    row->begun_utc_us = sqlite3_column_int64(statement, 7);
    row->changed_utc_us = sqlite3_column_int64(statement, 8);
    found->is_found = true;
    return row->state < SUGU_CASH_SESSION_STATE_COUNT;
}

enum sugu_status
sugu_journal_cash_session(struct sugu_journal *journal,
                          const struct sugu_id *attempt,
                          struct sugu_cash_session_row *ret_row,
                          struct sugu_error *reterr)
{
    enum journal_cash_sql which =
        attempt ? JOURNAL_CASH_SQL_SESSION_OF : JOURNAL_CASH_SQL_SESSION_OPEN;
    struct found_session found = {.is_found = false};
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    put_id(journal->cash_statements[which], ":attempt", attempt);
    status = read_rows(journal, which, take_session, &found, reterr);
    pthread_mutex_unlock(&journal->mutex);
    if (status)
        return status;
    if (!found.is_found)
        return sugu_fail(reterr, SUGU_REFUSED, "payment.unknown-attempt", "no cash session");
    *ret_row = found.row;
    return SUGU_OK;
}

/* Yen of a unit and pieces of it. */
static bool
take_count(sqlite3_stmt *statement, void *to)
{
    int64_t pieces = sqlite3_column_int64(statement, 1);
    enum sugu_cash_unit unit;

    if (!sugu_cash_unit_find(sqlite3_column_int64(statement, 0), &unit))
        return false;
    pieces = pieces < 0 ? 0 : pieces;
    return pieces <= SUGU_CASH_PIECES_MAX && sugu_cash_add(to, unit, (int32_t)pieces);
}

enum sugu_status
sugu_journal_cash_sums(struct sugu_journal *journal,
                       const struct sugu_id *attempt,
                       struct sugu_cash_counts *ret_in,
                       struct sugu_cash_counts *ret_out,
                       struct sugu_error *reterr)
{
    struct sugu_cash_counts in = {{0}}, out = {{0}};
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    put_id(journal->cash_statements[JOURNAL_CASH_SQL_SUMS_IN], ":attempt", attempt);
    status = read_rows(journal, JOURNAL_CASH_SQL_SUMS_IN, take_count, &in, reterr);
    if (!status) {
        put_id(journal->cash_statements[JOURNAL_CASH_SQL_SUMS_OUT], ":attempt", attempt);
        status = read_rows(journal, JOURNAL_CASH_SQL_SUMS_OUT, take_count, &out, reterr);
    }
    pthread_mutex_unlock(&journal->mutex);
    if (status)
        return status;
    *ret_in = in;
    *ret_out = out;
    return SUGU_OK;
}

struct found_payout {
    struct sugu_cash_payout_row row;
    bool is_found;
};

static bool
take_payout(sqlite3_stmt *statement, void *to)
{
    struct found_payout *found = to;

    found->row.device = (uint8_t)sqlite3_column_int(statement, 0);
    found->row.serial = (uint32_t)sqlite3_column_int64(statement, 1);
    found->row.order = (struct sugu_cash_order){
        .count = (uint8_t)sqlite3_column_int(statement, 3),
        .before = {.counter = (uint8_t)sqlite3_column_int(statement, 4),
                   .remaining = (uint8_t)sqlite3_column_int(statement, 5),
                   .paid = (uint8_t)sqlite3_column_int(statement, 6),
                   .unpaid = (uint8_t)sqlite3_column_int(statement, 7)},
        .was_taken = sqlite3_column_int(statement, 8) != 0,
    };
    found->row.state = SUGU_CASH_ORDER_OPEN;
    found->is_found = true;
    return sugu_cash_unit_find(sqlite3_column_int64(statement, 2), &found->row.unit);
}

enum sugu_status
sugu_journal_cash_payout(struct sugu_journal *journal,
                         const struct sugu_id *attempt,
                         struct sugu_cash_payout_row *ret_row,
                         bool *ret_is_found,
                         struct sugu_error *reterr)
{
    struct found_payout found = {.row.session = *attempt};
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    put_id(journal->cash_statements[JOURNAL_CASH_SQL_PAYOUT_OPEN], ":attempt", attempt);
    status = read_rows(journal, JOURNAL_CASH_SQL_PAYOUT_OPEN, take_payout, &found, reterr);
    pthread_mutex_unlock(&journal->mutex);
    if (status)
        return status;
    *ret_row = found.row;
    *ret_is_found = found.is_found;
    return SUGU_OK;
}

enum sugu_status
sugu_journal_cash_stock(struct sugu_journal *journal,
                        uint8_t device,
                        struct sugu_cash_counts *ret_stock,
                        struct sugu_error *reterr)
{
    struct sugu_cash_counts stock = {{0}};
    enum sugu_status status = SUGU_OK;

    pthread_mutex_lock(&journal->mutex);
    if (!journal->knows_stock[device]) {
        put(journal->cash_statements[JOURNAL_CASH_SQL_STOCK_LIST], ":device", device);
        status = read_rows(journal, JOURNAL_CASH_SQL_STOCK_LIST, take_count, &stock, reterr);
        journal->knows_stock[device] = !status;
        journal->stock[device] = stock;
    }
    if (!status)
        *ret_stock = journal->stock[device];
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

enum sugu_status
sugu_journal_cash_count(struct sugu_journal *journal,
                        uint8_t device,
                        enum sugu_cash_unit unit,
                        int32_t pieces,
                        struct sugu_error *reterr)
{
    struct sugu_cash_movement movement = {.device = device, .unit = unit, .why = "counted"};
    struct sugu_cash_counts stock;
    enum sugu_status status = sugu_journal_cash_stock(journal, device, &stock, reterr);

    if (status)
        return status;
    movement.pieces = pieces - stock.of[unit];
    return sugu_journal_cash_write(
        journal, &(struct sugu_cash_entry){.movements = &movement, .movement_count = 1}, reterr);
}
