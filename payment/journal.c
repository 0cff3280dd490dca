/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal - what sugu-payment did and is about to do, on its own disk (SQLite, WAL, FULL)
 */
#include "payment/journal-private.h"

#include "base/files.h"
#include "base/text.h"
#include "journal-cash-schema.h"
#include "journal-forget-schema.h"
#include "journal-provider-schema.h"
#include "journal-schema.h"
#include "journal-setup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define SCHEMA_VERSION 4
#define BUSY_MS        60000 /* someone looks at the journal with another program */
#define ID_BLOCK       64    /* service ids that one commit reserves */
#define ID_DIGITS      10

/* ---- attempts as columns */

enum column_type { COLUMN_ID, COLUMN_TEXT, COLUMN_NUMBER };

#define COLUMN(name_, type_)                                                                       \
    {                                                                                              \
        .name = #name_, .type = type_, .offset = offsetof(struct sugu_attempt, name_),             \
        .size = sizeof(((struct sugu_attempt *)0)->name_)                                          \
    }
static const struct column {
    const char *name;
    enum column_type type;
    size_t offset, size;
} columns[] = {
    COLUMN(id, COLUMN_ID),
    COLUMN(start_request, COLUMN_ID),
    COLUMN(session, COLUMN_ID),
    COLUMN(bill, COLUMN_ID),
    COLUMN(revision, COLUMN_NUMBER),
    COLUMN(kind, COLUMN_NUMBER),
    COLUMN(method, COLUMN_NUMBER),
    COLUMN(amount_yen, COLUMN_NUMBER),
    COLUMN(service_id, COLUMN_TEXT),
    COLUMN(state, COLUMN_NUMBER),
    COLUMN(server_stage, COLUMN_NUMBER),
    COLUMN(reference, COLUMN_TEXT),
    COLUMN(approved_yen, COLUMN_NUMBER),
    COLUMN(code, COLUMN_TEXT),
    COLUMN(provider_id, COLUMN_TEXT),
    COLUMN(provider_utc_us, COLUMN_NUMBER),
    COLUMN(approval_code, COLUMN_TEXT),
    COLUMN(brand, COLUMN_TEXT),
    COLUMN(last4, COLUMN_TEXT),
    COLUMN(terminal, COLUMN_TEXT),
    COLUMN(original, COLUMN_ID),
    COLUMN(original_provider_id, COLUMN_TEXT),
    COLUMN(original_utc_us, COLUMN_NUMBER),
    COLUMN(token, COLUMN_TEXT),
    COLUMN(expiry, COLUMN_NUMBER),
    COLUMN(code_id, COLUMN_TEXT),
    COLUMN(code_expires_utc_us, COLUMN_NUMBER),
    COLUMN(left_utc_us, COLUMN_NUMBER),
    COLUMN(deleted_utc_us, COLUMN_NUMBER),
    COLUMN(payer, COLUMN_TEXT),
    COLUMN(request_key, COLUMN_TEXT),
    COLUMN(first_sent_utc_us, COLUMN_NUMBER),
    COLUMN(network_id, COLUMN_TEXT),
    COLUMN(decline, COLUMN_NUMBER),
    COLUMN(funding, COLUMN_NUMBER),
    COLUMN(report_number, COLUMN_NUMBER),
    COLUMN(report_done, COLUMN_NUMBER),
    COLUMN(intended_utc_us, COLUMN_NUMBER),
    COLUMN(changed_utc_us, COLUMN_NUMBER),
};

static const struct column *
find_column(const char *name)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(columns); i++)
        if (strcmp(columns[i].name, name) == 0)
            return &columns[i];
    return NULL;
}

static int64_t
number_at(const void *at, size_t size)
{
    uint32_t small;
    int64_t large;

    if (size == sizeof large) {
        memcpy(&large, at, sizeof large);
        return large;
    }
    assert(size == sizeof small);
    memcpy(&small, at, sizeof small);
    return small;
}

static void
bind_column(sqlite3_stmt *statement, int at, const struct column *column, const void *field)
{
    switch (column->type) {
    case COLUMN_ID:
        sqlite3_bind_blob(statement, at, field, SUGU_ID_SIZE, SQLITE_STATIC);
        return;
    case COLUMN_TEXT:
        sqlite3_bind_text(statement, at, field, -1, SQLITE_STATIC);
        return;
    case COLUMN_NUMBER:
        sqlite3_bind_int64(statement, at, number_at(field, column->size));
        return;
    }
}

/* Binds every parameter that is named like a column; `attempt` has to outlive the step. */
static void
bind_attempt(sqlite3_stmt *statement, const struct sugu_attempt *attempt)
{
    for (int at = 1; at <= sqlite3_bind_parameter_count(statement); at++) {
        const struct column *column = find_column(sqlite3_bind_parameter_name(statement, at) + 1);
        if (column)
            bind_column(statement, at, column, (const char *)attempt + column->offset);
    }
}

void
sugu_journal_bind_number(sqlite3_stmt *statement, const char *name, int64_t value)
{
    int at = sqlite3_bind_parameter_index(statement, name);

    assert(at > 0);
    sqlite3_bind_int64(statement, at, value);
}

static void
read_attempt(sqlite3_stmt *statement, struct sugu_attempt *ret_attempt)
{
    for (int at = 0; at < sqlite3_column_count(statement); at++) {
        const struct column *column = find_column(sqlite3_column_name(statement, at));
        char *field = (char *)ret_attempt + column->offset;
        int64_t number = sqlite3_column_int64(statement, at);
        uint32_t small = (uint32_t)number;

        if (column->type == COLUMN_ID && sqlite3_column_bytes(statement, at) == SUGU_ID_SIZE)
            memcpy(field, sqlite3_column_blob(statement, at), SUGU_ID_SIZE);
        else if (column->type == COLUMN_TEXT)
            sugu_text_copy(field, column->size, (const char *)sqlite3_column_text(statement, at));
        else if (column->type == COLUMN_NUMBER && column->size == sizeof number)
            memcpy(field, &number, sizeof number);
        else if (column->type == COLUMN_NUMBER)
            memcpy(field, &small, sizeof small);
    }
}

/* ---- statements */

enum sugu_status
sugu_journal_fail(struct sugu_journal *journal, const char *what, struct sugu_error *reterr)
{
    int code = sqlite3_errcode(journal->database);

    return sugu_fail(reterr, SUGU_BROKEN, code == SQLITE_FULL ? "disk.full" : "payment.journal",
                     "%s: %.100s", what, sqlite3_errmsg(journal->database));
}

enum sugu_status
sugu_journal_run(struct sugu_journal *journal,
                 sqlite3_stmt *statement,
                 const char *name,
                 struct sugu_error *reterr)
{
    int result = sqlite3_step(statement);
    enum sugu_status status = SUGU_OK;

    if (result != SQLITE_DONE && result != SQLITE_ROW)
        status = sugu_journal_fail(journal, name, reterr);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

/* One statement with its parameters bound, no row wanted. */
static enum sugu_status
run(struct sugu_journal *journal, enum journal_sql which, struct sugu_error *reterr)
{
    return sugu_journal_run(journal, journal->statements[which], journal_sql_names[which], reterr);
}

enum sugu_status
sugu_journal_begin(struct sugu_journal *journal, struct sugu_error *reterr)
{
    return run(journal, JOURNAL_SQL_BEGIN, reterr);
}

enum sugu_status
sugu_journal_end(struct sugu_journal *journal, enum sugu_status status, struct sugu_error *reterr)
{
    struct sugu_error ignored;

    if (!status)
        status = run(journal, JOURNAL_SQL_COMMIT, reterr);
    if (status && !sqlite3_get_autocommit(journal->database) &&
        run(journal, JOURNAL_SQL_ROLLBACK, &ignored))
        assert(sqlite3_get_autocommit(journal->database));
    return status;
}

/* ---- opening */

/* Runs one text of the schema or the set-up. */
static enum sugu_status
execute(struct sugu_journal *journal, const char *text, struct sugu_error *reterr)
{
    if (sqlite3_exec(journal->database, text, NULL, NULL, NULL) != SQLITE_OK)
        return sugu_journal_fail(journal, "set-up", reterr);
    return SUGU_OK;
}

static enum sugu_status
read_version(struct sugu_journal *journal, int *ret_version, struct sugu_error *reterr)
{
    sqlite3_stmt *statement;
    int result;

    if (sqlite3_prepare_v2(journal->database, journal_setup_texts[JOURNAL_SETUP_VERSION_SELECT], -1,
                           &statement, NULL) != SQLITE_OK)
        return sugu_journal_fail(journal, "version", reterr);
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *ret_version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SUGU_OK : sugu_journal_fail(journal, "version", reterr);
}

/* In a transaction: the tables, unless they are there. */
static enum sugu_status
make_tables(struct sugu_journal *journal, struct sugu_error *reterr)
{
    int version = 0;
    enum sugu_status status = execute(journal, journal_setup_texts[JOURNAL_SETUP_BEGIN], reterr);

    if (!status)
        status = read_version(journal, &version, reterr);
    if (!status && version > SCHEMA_VERSION)
        status = sugu_fail(reterr, SUGU_BROKEN, "payment.journal",
                           "the journal is of a newer version (%d)", version);
    for (int i = 0; i < JOURNAL_SCHEMA_COUNT && version < 1 && !status; i++)
        status = execute(journal, journal_schema_texts[i], reterr);
    for (int i = 0; i < JOURNAL_CASH_SCHEMA_COUNT && version < 2 && !status; i++)
        status = execute(journal, journal_cash_schema_texts[i], reterr);
    for (int i = 0; i < JOURNAL_PROVIDER_SCHEMA_COUNT && version < 3 && !status; i++)
        status = execute(journal, journal_provider_schema_texts[i], reterr);
    for (int i = 0; i < JOURNAL_FORGET_SCHEMA_COUNT && version < 4 && !status; i++)
        status = execute(journal, journal_forget_schema_texts[i], reterr);
    if (!status && version < SCHEMA_VERSION)
        status = execute(journal, journal_setup_texts[JOURNAL_SETUP_VERSION_SET], reterr);
    if (!status)
        status = execute(journal, journal_setup_texts[JOURNAL_SETUP_COMMIT], reterr);
    return status;
}

static enum sugu_status
set_up(struct sugu_journal *journal, struct sugu_error *reterr)
{
    static const enum journal_setup first[] = {JOURNAL_SETUP_WAL, JOURNAL_SETUP_DURABLE,
                                               JOURNAL_SETUP_FOREIGN_KEYS_OFF};
    enum sugu_status status = SUGU_OK;

    sqlite3_busy_timeout(journal->database, BUSY_MS);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(first) && !status; i++)
        status = execute(journal, journal_setup_texts[first[i]], reterr);
    if (!status)
        status = make_tables(journal, reterr);
    if (!status)
        status = execute(journal, journal_setup_texts[JOURNAL_SETUP_FOREIGN_KEYS], reterr);
    for (int i = 0; i < JOURNAL_SQL_COUNT && !status; i++)
        if (sqlite3_prepare_v3(journal->database, journal_sql_texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &journal->statements[i],
                               NULL) != SQLITE_OK)
            status = sugu_journal_fail(journal, journal_sql_names[i], reterr);
    for (int i = 0; i < JOURNAL_CASH_SQL_COUNT && !status; i++)
        if (sqlite3_prepare_v3(journal->database, journal_cash_sql_texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &journal->cash_statements[i],
                               NULL) != SQLITE_OK)
            status = sugu_journal_fail(journal, journal_cash_sql_names[i], reterr);
    return status;
}

static enum sugu_status
lock_folder(const char *folder, int *ret_file, struct sugu_error *reterr)
{
    char path[600];
    int file;

    snprintf(path, sizeof path, "%s/payment.lock", folder);
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s: %s", path, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        close(file);
        return sugu_fail(reterr, SUGU_REFUSED, "file.locked",
                         "%s: another sugu-payment runs on this folder", folder);
    }
    *ret_file = file;
    return SUGU_OK;
}

static enum sugu_status
next_service_id(struct sugu_service_ids *ids, char ret_id[11], struct sugu_error *reterr);

enum sugu_status
sugu_journal_open(const char *folder,
                  const struct sugu_clock *clock,
                  struct sugu_journal **ret_journal,
                  struct sugu_error *reterr)
{
    struct sugu_journal *journal = calloc(1, sizeof *journal);
    enum sugu_status status;
    char path[600];

    if (!journal)
        return sugu_fail(reterr, SUGU_BROKEN, "payment.journal", "no memory");
    journal->lock_file = -1;
    journal->clock = clock;
    journal->ids.next = next_service_id;
    pthread_mutex_init(&journal->mutex, NULL);
    snprintf(path, sizeof path, "%s/payment.sqlite", folder);
    status = sugu_folder_make(folder, reterr);
    if (!status)
        status = lock_folder(folder, &journal->lock_file, reterr);
    if (!status && sqlite3_open_v2(path, &journal->database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   NULL) != SQLITE_OK)
        status = sugu_journal_fail(journal, path, reterr);
    if (!status)
        status = set_up(journal, reterr);
    if (status)
        sugu_journal_close(journal);
    else
        *ret_journal = journal;
    return status;
}

struct sugu_journal *
sugu_journal_close(struct sugu_journal *journal)
{
    if (!journal)
        return NULL;
    for (int i = 0; i < JOURNAL_SQL_COUNT; i++)
        sqlite3_finalize(journal->statements[i]);
    for (int i = 0; i < JOURNAL_CASH_SQL_COUNT; i++)
        sqlite3_finalize(journal->cash_statements[i]);
    sqlite3_close(journal->database);
    if (journal->lock_file >= 0)
        close(journal->lock_file);
    pthread_mutex_destroy(&journal->mutex);
    free(journal);
    return NULL;
}

/* ---- attempts */

static enum sugu_status
insert_change(struct sugu_journal *journal,
              const struct sugu_attempt *attempt,
              const char *event,
              enum sugu_attempt_state before,
              struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->statements[JOURNAL_SQL_CHANGE_INSERT];

    bind_attempt(statement, attempt);
    sugu_journal_bind_number(statement, ":state_before", before);
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":event"), event, -1,
                      SQLITE_STATIC);
    return run(journal, JOURNAL_SQL_CHANGE_INSERT, reterr);
}

/* The row and its history in one transaction. */
static enum sugu_status
write_attempt(struct sugu_journal *journal,
              enum journal_sql which,
              const struct sugu_attempt *attempt,
              const char *event,
              enum sugu_attempt_state before,
              struct sugu_error *reterr)
{
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    status = sugu_journal_begin(journal, reterr);
    if (!status) {
        bind_attempt(journal->statements[which], attempt);
        status = run(journal, which, reterr);
        if (status && sqlite3_extended_errcode(journal->database) == SQLITE_CONSTRAINT_UNIQUE)
            status =
                sugu_fail(reterr, SUGU_REFUSED, "payment.open", "an attempt on this bill is open");
    }
    if (!status)
        status = insert_change(journal, attempt, event, before, reterr);
    status = sugu_journal_end(journal, status, reterr);
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

enum sugu_status
sugu_journal_insert(struct sugu_journal *journal,
                    const struct sugu_attempt *attempt,
                    struct sugu_error *reterr)
{
    return write_attempt(journal, JOURNAL_SQL_ATTEMPT_INSERT, attempt, "INTENDED", attempt->state,
                         reterr);
}

enum sugu_status
sugu_journal_save(struct sugu_journal *journal,
                  const struct sugu_attempt *attempt,
                  const char *event,
                  enum sugu_attempt_state before,
                  struct sugu_error *reterr)
{
    return write_attempt(journal, JOURNAL_SQL_ATTEMPT_UPDATE, attempt, event, before, reterr);
}

/* Up to `max` rows of a statement whose parameters are bound. */
static enum sugu_status
select_attempts(struct sugu_journal *journal,
                enum journal_sql which,
                struct sugu_attempt *attempts,
                size_t max,
                size_t *ret_count,
                struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->statements[which];
    enum sugu_status status = SUGU_OK;
    size_t count = 0;
    int result;

    while (count < max && (result = sqlite3_step(statement)) != SQLITE_DONE) {
        if (result != SQLITE_ROW) {
            status = sugu_journal_fail(journal, journal_sql_names[which], reterr);
            break;
        }
        memset(&attempts[count], 0, sizeof attempts[count]);
        read_attempt(statement, &attempts[count++]);
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (!status)
        *ret_count = count;
    return status;
}

enum sugu_status
sugu_journal_find(struct sugu_journal *journal,
                  enum sugu_journal_key by,
                  const struct sugu_id *key,
                  struct sugu_attempt *ret_attempt,
                  struct sugu_error *reterr)
{
    static const enum journal_sql statements[] = {
        [SUGU_JOURNAL_BY_ID] = JOURNAL_SQL_ATTEMPT_SELECT,
        [SUGU_JOURNAL_BY_START] = JOURNAL_SQL_ATTEMPT_SELECT_BY_START,
        [SUGU_JOURNAL_LAST_OF_BILL] = JOURNAL_SQL_ATTEMPT_SELECT_LAST,
    };
    struct sugu_attempt found;
    enum sugu_status status;
    size_t count = 0;

    pthread_mutex_lock(&journal->mutex);
    sqlite3_bind_blob(journal->statements[statements[by]], 1, key->bytes, SUGU_ID_SIZE,
                      SQLITE_STATIC);
    status = select_attempts(journal, statements[by], &found, 1, &count, reterr);
    pthread_mutex_unlock(&journal->mutex);
    if (status)
        return status;
    if (count == 0)
        return sugu_fail(reterr, SUGU_REFUSED, "payment.unknown-attempt", "not in the journal");
    *ret_attempt = found;
    return SUGU_OK;
}

enum sugu_status
sugu_journal_unfinished(struct sugu_journal *journal,
                        struct sugu_attempt *attempts,
                        size_t max,
                        size_t *ret_count,
                        struct sugu_error *reterr)
{
    enum sugu_status status;

    pthread_mutex_lock(&journal->mutex);
    sugu_journal_bind_number(journal->statements[JOURNAL_SQL_ATTEMPT_SELECT_UNFINISHED], ":limit",
                             (int64_t)max);
    status = select_attempts(journal, JOURNAL_SQL_ATTEMPT_SELECT_UNFINISHED, attempts, max,
                             ret_count, reterr);
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

/* ---- service ids */

static enum sugu_status
reserve_ids(struct sugu_journal *journal, struct sugu_error *reterr)
{
    sqlite3_stmt *statement = journal->statements[JOURNAL_SQL_SERVICE_ID_RESERVE];
    enum sugu_status status = SUGU_OK;

    sugu_journal_bind_number(statement, ":first", journal->clock->utc_us(journal->clock) / SUGU_MS);
    sugu_journal_bind_number(statement, ":count", ID_BLOCK);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        journal->end_id = sqlite3_column_int64(statement, 0);
        journal->next_id = journal->end_id - ID_BLOCK;
        /* Without this step the statement is not committed. */
        if (sqlite3_step(statement) != SQLITE_DONE)
            status = sugu_journal_fail(journal, "service_id_reserve", reterr);
    } else {
        status = sugu_journal_fail(journal, "service_id_reserve", reterr);
    }
    if (status)
        journal->next_id = journal->end_id = 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

static enum sugu_status
next_service_id(struct sugu_service_ids *ids, char ret_id[11], struct sugu_error *reterr)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct sugu_journal *journal = (struct sugu_journal *)ids;
    enum sugu_status status = SUGU_OK;

    pthread_mutex_lock(&journal->mutex);
    if (journal->next_id == journal->end_id)
        status = reserve_ids(journal, reterr);
    if (!status) {
        int64_t rest = journal->next_id++;
        for (int i = ID_DIGITS - 1; i >= 0; i--, rest /= 36)
            ret_id[i] = digits[rest % 36];
        ret_id[ID_DIGITS] = '\0';
    }
    pthread_mutex_unlock(&journal->mutex);
    return status;
}

struct sugu_service_ids *
sugu_journal_service_ids(struct sugu_journal *journal)
{
    return &journal->ids;
}
