/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db-values - C values to PostgreSQL's binary format and back
 *
 * Formats: the *_send and *_recv functions of PostgreSQL; integers are big-endian, dates are days
 * and timestamps microseconds since 2000-01-01, an array is dimensions, has-null, element type,
 * then per dimension length and lower bound, then the elements with their sizes.
 */
#include "store/db-arguments.h"

#include "base/text.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_2000_US   INT64_C(946684800000000)
#define EPOCH_2000_DAYS 10957
#define DAYS_MAX        700000 /* nineteen centuries each way */

/* ---- to the server */

/* Not realloc(), which would leave names behind in the old block. */
static void
grow(struct sugu_arguments *arguments, size_t room)
{
    uint8_t *memory = malloc(room);

    if (!memory)
        abort();
    if (arguments->used > 0) {
        memcpy(memory, arguments->memory, arguments->used);
        explicit_bzero(arguments->memory, arguments->used);
    }
    free(arguments->memory);
    arguments->memory = memory;
    arguments->room = room;
}

static void *
reserve(struct sugu_arguments *arguments, size_t size)
{
    void *place;

    if (arguments->used + size > arguments->room)
        grow(arguments, (arguments->used + size) * 2);
    place = arguments->memory + arguments->used;
    arguments->used += size;
    return place;
}

/* Memory moves while it grows, so values are kept as offsets until they are sent. */
static void
put_value(struct sugu_db *db, const void *bytes, size_t size)
{
    struct sugu_arguments *arguments = sugu_db_arguments(db);

    assert(arguments->count < SUGU_ARGUMENTS_MAX);
    arguments->offsets[arguments->count] = (ptrdiff_t)arguments->used;
    arguments->sizes[arguments->count++] = (int)size;
    memcpy(reserve(arguments, size ? size : 1), size ? bytes : "", size ? size : 1);
}

static void
put_null(struct sugu_db *db)
{
    struct sugu_arguments *arguments = sugu_db_arguments(db);

    assert(arguments->count < SUGU_ARGUMENTS_MAX);
    arguments->offsets[arguments->count] = -1;
    arguments->sizes[arguments->count++] = 0;
}

/* Days since 1970 of a civil date, and back (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). */
static int32_t
days_of(uint32_t date)
{
    int32_t year = (int32_t)(date / 10000), month = (int32_t)(date / 100 % 100);
    int32_t day = (int32_t)(date % 100), era, of_era, of_year;

    year -= month <= 2;
    era = year / 400;
    of_era = year - era * 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static uint32_t
date_of(int32_t days)
{
    int32_t shifted = days + 719468, era = shifted / 146097, day_of_era = shifted - era * 146097;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t shifted_month = (5 * day_of_year + 2) / 153;
    int32_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    int32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;

    return (uint32_t)((year_of_era + era * 400 + (month <= 2)) * 10000 + month * 100 + day);
}

void
sugu_db_put_bool(struct sugu_db *db, bool value)
{
    uint8_t byte = value;

    put_value(db, &byte, 1);
}

void
sugu_db_put_int2(struct sugu_db *db, int16_t value)
{
    uint16_t wire = htobe16((uint16_t)value);

    put_value(db, &wire, sizeof wire);
}

void
sugu_db_put_int4(struct sugu_db *db, int32_t value)
{
    uint32_t wire = htobe32((uint32_t)value);

    put_value(db, &wire, sizeof wire);
}

void
sugu_db_put_int8(struct sugu_db *db, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);

    put_value(db, &wire, sizeof wire);
}

void
sugu_db_put_int8_or_null(struct sugu_db *db, int64_t value)
{
    if (value == INT64_MIN)
        put_null(db);
    else
        sugu_db_put_int8(db, value);
}

void
sugu_db_put_date(struct sugu_db *db, uint32_t value)
{
    sugu_db_put_int4(db, days_of(value) - EPOCH_2000_DAYS);
}

void
sugu_db_put_date_or_null(struct sugu_db *db, uint32_t value)
{
    if (value == 0)
        put_null(db);
    else
        sugu_db_put_date(db, value);
}

void
sugu_db_put_timestamptz(struct sugu_db *db, int64_t value)
{
    bool is_infinite = value == INT64_MAX || value == INT64_MIN;

    sugu_db_put_int8(db, is_infinite ? value : value - EPOCH_2000_US);
}

void
sugu_db_put_timestamptz_or_null(struct sugu_db *db, int64_t value)
{
    if (value == 0)
        put_null(db);
    else
        sugu_db_put_timestamptz(db, value);
}

void
sugu_db_put_uuid(struct sugu_db *db, struct sugu_id value)
{
    put_value(db, value.bytes, SUGU_ID_SIZE);
}

void
sugu_db_put_uuid_or_null(struct sugu_db *db, struct sugu_id value)
{
    if (sugu_id_is_none(&value))
        put_null(db);
    else
        sugu_db_put_uuid(db, value);
}

void
sugu_db_put_text(struct sugu_db *db, const char *value)
{
    put_value(db, value ? value : "", value ? strlen(value) : 0);
}

void
sugu_db_put_text_or_null(struct sugu_db *db, const char *value)
{
    if (!value || !*value)
        put_null(db);
    else
        sugu_db_put_text(db, value);
}

void
sugu_db_put_bytea(struct sugu_db *db, struct sugu_bytes value)
{
    put_value(db, value.data, value.size);
}

/* Arrays: the head, then the elements one by one, all in one value. */
static void
begin_array(struct sugu_db *db, Oid element, size_t count)
{
    struct sugu_arguments *arguments = sugu_db_arguments(db);
    uint32_t head[5] = {htobe32(count ? 1 : 0), 0, htobe32(element), htobe32((uint32_t)count),
                        htobe32(1)};
    size_t size = count ? sizeof head : 3 * sizeof head[0];

    assert(arguments->count < SUGU_ARGUMENTS_MAX);
    arguments->offsets[arguments->count] = (ptrdiff_t)arguments->used;
    arguments->sizes[arguments->count++] = (int)size;
    memcpy(reserve(arguments, size), head, size);
}

static void
add_element(struct sugu_db *db, const void *bytes, size_t size)
{
    struct sugu_arguments *arguments = sugu_db_arguments(db);
    uint32_t wire = htobe32((uint32_t)size);
    uint8_t *place = reserve(arguments, sizeof wire + size);

    memcpy(place, &wire, sizeof wire);
    if (size)
        memcpy(place + sizeof wire, bytes, size);
    arguments->sizes[arguments->count - 1] += (int)(sizeof wire + size);
}

void
sugu_db_put_uuid_array(struct sugu_db *db, const struct sugu_id *values, size_t count)
{
    begin_array(db, 2950, count);
    for (size_t i = 0; i < count; i++)
        add_element(db, values[i].bytes, SUGU_ID_SIZE);
}

void
sugu_db_put_int2_array(struct sugu_db *db, const int16_t *values, size_t count)
{
    begin_array(db, 21, count);
    for (size_t i = 0; i < count; i++) {
        uint16_t wire = htobe16((uint16_t)values[i]);
        add_element(db, &wire, sizeof wire);
    }
}

void
sugu_db_put_int4_array(struct sugu_db *db, const int32_t *values, size_t count)
{
    begin_array(db, 23, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t wire = htobe32((uint32_t)values[i]);
        add_element(db, &wire, sizeof wire);
    }
}

void
sugu_db_put_int8_array(struct sugu_db *db, const int64_t *values, size_t count)
{
    begin_array(db, 20, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t wire = htobe64((uint64_t)values[i]);
        add_element(db, &wire, sizeof wire);
    }
}

void
sugu_db_put_bool_array(struct sugu_db *db, const bool *values, size_t count)
{
    begin_array(db, 16, count);
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = values[i];
        add_element(db, &byte, sizeof byte);
    }
}

/* Finite times only. */
void
sugu_db_put_timestamptz_array(struct sugu_db *db, const int64_t *values, size_t count)
{
    begin_array(db, 1184, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t wire = htobe64((uint64_t)(values[i] - EPOCH_2000_US));
        add_element(db, &wire, sizeof wire);
    }
}

void
sugu_db_put_text_array(struct sugu_db *db, const char *const *values, size_t count)
{
    begin_array(db, 25, count);
    for (size_t i = 0; i < count; i++)
        add_element(db, values[i], strlen(values[i]));
}

void
sugu_db_put_bytea_array(struct sugu_db *db, const struct sugu_bytes *values, size_t count)
{
    begin_array(db, 17, count);
    for (size_t i = 0; i < count; i++)
        add_element(db, values[i].data, values[i].size);
}

/* ---- from the server; the types were compared when the statement was tested */

static bool
is_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

bool
sugu_db_get_bool(const PGresult *result, int row, int column)
{
    return !is_null(result, row, column) && *PQgetvalue(result, row, column);
}

int16_t
sugu_db_get_int2(const PGresult *result, int row, int column)
{
    uint16_t wire = 0;

    if (!is_null(result, row, column))
        memcpy(&wire, PQgetvalue(result, row, column), sizeof wire);
    return (int16_t)be16toh(wire);
}

int32_t
sugu_db_get_int4(const PGresult *result, int row, int column)
{
    uint32_t wire = 0;

    if (!is_null(result, row, column))
        memcpy(&wire, PQgetvalue(result, row, column), sizeof wire);
    return (int32_t)be32toh(wire);
}

int64_t
sugu_db_get_int8(const PGresult *result, int row, int column)
{
    uint64_t wire = 0;

    if (!is_null(result, row, column))
        memcpy(&wire, PQgetvalue(result, row, column), sizeof wire);
    return (int64_t)be64toh(wire);
}

uint32_t
sugu_db_get_date(const PGresult *result, int row, int column)
{
    int32_t days = sugu_db_get_int4(result, row, column);

    if (is_null(result, row, column) || days < -DAYS_MAX || days > DAYS_MAX)
        return 0; /* also what no calendar of ours reaches, and infinity */
    return date_of(days + EPOCH_2000_DAYS);
}

int64_t
sugu_db_get_timestamptz(const PGresult *result, int row, int column)
{
    int64_t value = sugu_db_get_int8(result, row, column);

    if (is_null(result, row, column))
        return 0;
    if (value == INT64_MAX || value == INT64_MIN) /* infinity and -infinity */
        return value;
    return value + EPOCH_2000_US;
}

struct sugu_id
sugu_db_get_uuid(const PGresult *result, int row, int column)
{
    struct sugu_id id = {{0}};

    if (!is_null(result, row, column))
        memcpy(id.bytes, PQgetvalue(result, row, column), SUGU_ID_SIZE);
    return id;
}

void
sugu_db_get_text(const PGresult *result, int row, int column, char *to, size_t size)
{
    sugu_text_copy(to, size, is_null(result, row, column) ? "" : PQgetvalue(result, row, column));
}

size_t
sugu_db_get_bytes(const PGresult *result, int row, int column, uint8_t *to, size_t size)
{
    size_t length = (size_t)PQgetlength(result, row, column);

    assert(length <= size);
    if (length)
        memcpy(to, PQgetvalue(result, row, column), length);
    return length;
}

uint8_t *
sugu_db_get_memory(const PGresult *result, int row, int column, size_t *ret_size)
{
    uint8_t *bytes;

    *ret_size = (size_t)PQgetlength(result, row, column);
    bytes = malloc(*ret_size ? *ret_size : 1);
    if (!bytes)
        abort();
    memcpy(bytes, PQgetvalue(result, row, column), *ret_size);
    return bytes;
}

void *
sugu_db_new_rows(size_t count, size_t size)
{
    void *rows = calloc(count ? count : 1, size);

    if (!rows)
        abort();
    return rows;
}
