/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db-private - what the generated statements and their test need of a connection
 */
#pragma once

#include "store/db.h"

#include <libpq-fe.h>

struct sugu_statement {
    const char *name;
    const char *sql;
    const Oid *params;
    size_t param_count;
    const Oid *columns;
    const char *const *column_names;
    size_t column_count;
};
extern const struct sugu_statement sugu_statements[];
extern const size_t sugu_statement_count;

typedef void (*sugu_db_take)(const PGresult *result, void *target);

/* Parameters of the next statement, in order, then the statement. */
void sugu_db_put_bool(struct sugu_db *db, bool value);
void sugu_db_put_int2(struct sugu_db *db, int16_t value);
void sugu_db_put_int4(struct sugu_db *db, int32_t value);
void sugu_db_put_int8(struct sugu_db *db, int64_t value);
void sugu_db_put_int8_or_null(struct sugu_db *db, int64_t value); /* INT64_MIN = NULL */
void sugu_db_put_date(struct sugu_db *db, uint32_t value);        /* YYYYMMDD */
void sugu_db_put_date_or_null(struct sugu_db *db, uint32_t value);
/* us since 1970; INT64_MAX and INT64_MIN are infinity and -infinity, both ways */
void sugu_db_put_timestamptz(struct sugu_db *db, int64_t value);
void sugu_db_put_timestamptz_or_null(struct sugu_db *db, int64_t value);
void sugu_db_put_uuid(struct sugu_db *db, struct sugu_id value);
void sugu_db_put_uuid_or_null(struct sugu_db *db, struct sugu_id value);
void sugu_db_put_text(struct sugu_db *db, const char *value);
void sugu_db_put_text_or_null(struct sugu_db *db, const char *value); /* NULL or "" = NULL */
void sugu_db_put_bytea(struct sugu_db *db, struct sugu_bytes value);
void sugu_db_put_uuid_array(struct sugu_db *db, const struct sugu_id *values, size_t count);
void sugu_db_put_int2_array(struct sugu_db *db, const int16_t *values, size_t count);
void sugu_db_put_int4_array(struct sugu_db *db, const int32_t *values, size_t count);
void sugu_db_put_int8_array(struct sugu_db *db, const int64_t *values, size_t count);
void sugu_db_put_bool_array(struct sugu_db *db, const bool *values, size_t count);
void sugu_db_put_timestamptz_array(struct sugu_db *db, const int64_t *values, size_t count);
void sugu_db_put_text_array(struct sugu_db *db, const char *const *values, size_t count);
void sugu_db_put_bytea_array(struct sugu_db *db, const struct sugu_bytes *values, size_t count);
void sugu_db_send(struct sugu_db *db, int statement, sugu_db_take take, void *target);

/* Values of a row; NULL is the zero value. */
bool sugu_db_get_bool(const PGresult *result, int row, int column);
int16_t sugu_db_get_int2(const PGresult *result, int row, int column);
int32_t sugu_db_get_int4(const PGresult *result, int row, int column);
int64_t sugu_db_get_int8(const PGresult *result, int row, int column);
uint32_t sugu_db_get_date(const PGresult *result, int row, int column);
int64_t sugu_db_get_timestamptz(const PGresult *result, int row, int column);
struct sugu_id sugu_db_get_uuid(const PGresult *result, int row, int column);
void sugu_db_get_text(const PGresult *result, int row, int column, char *to, size_t size);
size_t sugu_db_get_bytes(const PGresult *result, int row, int column, uint8_t *to, size_t size);
uint8_t *sugu_db_get_memory(const PGresult *result, int row, int column, size_t *ret_size);
void *sugu_db_new_rows(size_t count, size_t size);

/*
 * RETRY "store.away" with what PQerrorMessage said about a connection that was not made: of several
 * lines the first, the reason ahead of the place, so that a long path is cut and not the reason.
 */
enum sugu_status sugu_db_away(const char *message, struct sugu_error *reterr);

/* The connection itself, for migrations and the test of the statements; not in pipeline mode unless
 * is_ready. */
PGconn *sugu_db_connection(struct sugu_db *db);
