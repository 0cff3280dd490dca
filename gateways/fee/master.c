/* SPDX-License-Identifier: Apache-2.0 */
/*
 * master - reading the published file, strictly, and finding an act in it
 */
#include "fee/master.h"

#include "base/files.h"
#include "base/text.h"
#include "domain/date.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Columns of the layout, from 1. */
enum {
    COLUMN_CHANGE = 1,
    COLUMN_TYPE = 2,
    COLUMN_CODE = 3,
    COLUMN_NAME = 5,
    COLUMN_UNIT = 8,
    COLUMN_KIND = 11,
    COLUMN_PRICE = 12,
    COLUMN_PLACE = 13,
    COLUMN_STEP = 30,
    COLUMN_STEP_FROM = 31,
    COLUMN_LETTER = 85,
    COLUMN_FROM = 87,
    COLUMN_UNTIL = 88,
    COLUMN_PART = 91,
};

#define OPEN_END "99999999"

struct sugu_master {
    struct sugu_act *acts; /* sorted by code and first day once indexed */
    size_t count, room;
};

/* One line taken apart. */
struct row {
    const char *where;
    uint32_t line;
    bool is_own;
    iconv_t from_cp932;
    char *fields[SUGU_MASTER_COLUMNS + 1]; /* [1] is the first; each ended with NUL */
};

struct sugu_master *
sugu_master_new(void)
{
    struct sugu_master *master = calloc(1, sizeof *master);

    if (!master)
        abort();
    return master;
}

struct sugu_master *
sugu_master_free(struct sugu_master *master)
{
    if (master) {
        free(master->acts);
        free(master);
    }
    return NULL;
}

static enum sugu_status
wrong(const struct row *row, int column, const char *what, struct sugu_error *reterr)
{
    const char *slash = strrchr(row->where, '/');

    return sugu_fail(reterr, SUGU_BROKEN, "fee.master", "%s line %" PRIu32 " column %d: %s",
                     slash ? slash + 1 : row->where, row->line, column, what);
}

/*
 * Takes one field off *rest: in quotes (a doubled quote is one) or bare. Ends it with NUL in place.
 * The second byte of a CP932 character is never a quote, a comma or a line end, so bytes can be
 * looked at one by one. False where quotes are wrong.
 */
static bool
take_field(char **rest, char **ret_field)
{
    char *from = *rest, *to;

    if (*from != '"') {
        *ret_field = from;
        from += strcspn(from, ",\"");
        if (*from == '"')
            return false;
        to = from;
    } else {
        *ret_field = to = ++from;
        for (;; *to++ = *from++) {
            if (!*from)
                return false;
            if (*from == '"' && *++from != '"')
                break;
        }
        if (*from && *from != ',')
            return false;
    }
    *rest = *from ? from + 1 : NULL;
    *to = '\0';
    return true;
}

static enum sugu_status
split(struct row *row, char *line, struct sugu_error *reterr)
{
    char *rest = line;
    int column = 0;

    while (rest) {
        if (++column > SUGU_MASTER_COLUMNS)
            return wrong(row, column, "more columns than the layout has (150)", reterr);
        if (!take_field(&rest, &row->fields[column]))
            return wrong(row, column, "quotes that do not match", reterr);
    }
    if (column < SUGU_MASTER_COLUMNS)
        return wrong(row, column, "fewer columns than the layout has (150)", reterr);
    return SUGU_OK;
}

static bool
read_date(const char *text, uint32_t *ret_date)
{
    int64_t value;

    if (strlen(text) != 8 || !sugu_text_is_digits(text, 8) ||
        !sugu_text_to_int64(text, SUGU_DATE_FIRST, SUGU_DATE_LAST, &value) ||
        !sugu_date_is_valid((uint32_t)value))
        return false;
    *ret_date = (uint32_t)value;
    return true;
}

/* "291.00", "85", "42.5"; at most what a bill's line holds. */
static bool
read_price(const char *text, int64_t *ret_amount, bool *ret_is_whole)
{
    char whole[12];
    size_t length = strcspn(text, ".");
    const char *fraction = text + length;

    if (length >= sizeof whole)
        return false;
    memcpy(whole, text, length);
    whole[length] = '\0';
    if (!sugu_text_is_digits(whole, 11) ||
        !sugu_text_to_int64(whole, 0, SUGU_YEN_MAX, ret_amount) ||
        (*fraction && !sugu_text_is_digits(fraction + 1, 2)))
        return false;
    *ret_is_whole = !*fraction || strspn(fraction + 1, "0") == strlen(fraction + 1);
    return true;
}

static enum sugu_status
read_name(const struct row *row, struct sugu_act *act, struct sugu_error *reterr)
{
    char name[4 * SUGU_BILL_NAME_SIZE];
    char *from = row->fields[COLUMN_NAME], *to = name;
    size_t left = strlen(from), room = sizeof name - 1;

    if (left == 0)
        return wrong(row, COLUMN_NAME, "no name", reterr);
    if (left > SUGU_BILL_NAME_SIZE)
        return wrong(row, COLUMN_NAME, "name too long", reterr);
    iconv(row->from_cp932, NULL, NULL, NULL, NULL);
    if (iconv(row->from_cp932, &from, &left, &to, &room) == (size_t)-1)
        return wrong(row, COLUMN_NAME, "not Shift_JIS", reterr);
    *to = '\0';
    sugu_text_clean(name);
    sugu_text_copy(act->name, sizeof act->name, name);
    return SUGU_OK;
}

/* The receipt's category of a section of the fee table; none for sections that it has no column
 * for. */
static void
read_category(const struct row *row, struct sugu_act *act)
{
    static const char letters[] = "BCDEFGHIJKLMN"; /* in the order of the categories from B00 on */
    const char *letter = row->fields[COLUMN_LETTER], *part = row->fields[COLUMN_PART];
    const char *found;

    if (row->is_own) {
        act->category = SUGU_CATEGORY_SELF;
        act->has_category = true;
    } else if (strcmp(letter, "A") == 0) {
        act->category = strcmp(part, "02") == 0 ? SUGU_CATEGORY_A10 : SUGU_CATEGORY_A00;
        act->has_category = strcmp(part, "01") == 0 || strcmp(part, "02") == 0;
    } else if (strlen(letter) == 1 && (found = strchr(letters, *letter))) {
        act->category = (enum sugu_category)(SUGU_CATEGORY_B00 + (found - letters));
        act->has_category = true;
    }
}

static enum sugu_status
read_code(const struct row *row, struct sugu_act *act, struct sugu_error *reterr)
{
    const char *code = row->fields[COLUMN_CODE];
    int64_t value;

    if (strlen(code) != 9 || !sugu_text_is_digits(code, 9) ||
        !sugu_text_to_int64(code, 1, 999999999, &value))
        return wrong(row, COLUMN_CODE, "a code has 9 digits", reterr);
    if ((*code == '0') != row->is_own)
        return wrong(row, COLUMN_CODE,
                     row->is_own ? "codes of own prices begin with 0"
                                 : "codes of the published master do not begin with 0",
                     reterr);
    act->code = (uint32_t)value;
    return SUGU_OK;
}

static enum sugu_status
read_pricing(const struct row *row, struct sugu_act *act, struct sugu_error *reterr)
{
    const char *kind = row->fields[COLUMN_KIND];

    if (strlen(kind) != 1 || *kind < '1' || *kind > '9')
        return wrong(row, COLUMN_KIND,
                     *kind ? "not a kind of price (1 … 9)"
                           : "empty: this is a file of changes, the whole master is needed",
                     reterr);
    if (row->is_own && *kind != '1')
        return wrong(row, COLUMN_KIND, "own prices are yen (1)", reterr);
    act->kind = *kind == '3' ? SUGU_ACT_POINTS : *kind == '1' ? SUGU_ACT_YEN : SUGU_ACT_OTHER;
    if (!read_price(row->fields[COLUMN_PRICE], &act->amount, &act->is_whole))
        return wrong(row, COLUMN_PRICE, "not a price", reterr);
    act->is_inpatient_only = strcmp(row->fields[COLUMN_PLACE], "1") == 0;
    act->wants_quantity =
        strcmp(row->fields[COLUMN_UNIT], "0") != 0 || strcmp(row->fields[COLUMN_STEP], "0") != 0;
    if (!sugu_text_to_int64(row->fields[COLUMN_STEP_FROM], 0, 99999999, &act->quantity_from))
        return wrong(row, COLUMN_STEP_FROM, "not a number", reterr);
    return SUGU_OK;
}

static enum sugu_status
read_validity(const struct row *row, struct sugu_act *act, struct sugu_error *reterr)
{
    if (!read_date(row->fields[COLUMN_FROM], &act->valid_from))
        return wrong(row, COLUMN_FROM, "not a date", reterr);
    if (strcmp(row->fields[COLUMN_UNTIL], OPEN_END) == 0)
        act->valid_until = SUGU_DATE_LAST;
    else if (!read_date(row->fields[COLUMN_UNTIL], &act->valid_until))
        return wrong(row, COLUMN_UNTIL, "not a date", reterr);
    if (act->valid_until < act->valid_from)
        return wrong(row, COLUMN_UNTIL, "ends before it begins", reterr);
    return SUGU_OK;
}

static enum sugu_status
read_act(const struct row *row, struct sugu_act *ret_act, struct sugu_error *reterr)
{
    struct sugu_act act = {.line = row->line};
    enum sugu_status status = read_code(row, &act, reterr);

    if (status == SUGU_OK)
        status = read_name(row, &act, reterr);
    if (status == SUGU_OK)
        status = read_pricing(row, &act, reterr);
    if (status == SUGU_OK)
        status = read_validity(row, &act, reterr);
    if (status != SUGU_OK)
        return status;
    read_category(row, &act);
    *ret_act = act;
    return SUGU_OK;
}

static struct sugu_act *
new_act(struct sugu_master *master)
{
    if (master->count == master->room) {
        size_t room = master->room ? 2 * master->room : 1024;
        struct sugu_act *acts = reallocarray(master->acts, room, sizeof *acts);
        if (!acts)
            abort();
        master->acts = acts;
        master->room = room;
    }
    return &master->acts[master->count];
}

static enum sugu_status
add_line(struct sugu_master *master, struct row *row, char *line, struct sugu_error *reterr)
{
    enum sugu_status status = split(row, line, reterr);
    const char *change = row->fields[COLUMN_CHANGE];

    if (status != SUGU_OK)
        return status;
    if (strcmp(row->fields[COLUMN_TYPE], "S") != 0)
        return wrong(row, COLUMN_TYPE, "not a line of this master (S)", reterr);
    if (strcmp(change, "1") == 0 || strcmp(change, "9") == 0)
        return SUGU_OK; /* gone; whether its other columns are filled is not said anywhere */
    if (strcmp(change, "0") != 0 && strcmp(change, "3") != 0 && strcmp(change, "5") != 0)
        return wrong(row, COLUMN_CHANGE, "not a kind of change (0, 1, 3, 5, 9)", reterr);
    status = read_act(row, new_act(master), reterr);
    if (status == SUGU_OK)
        master->count++;
    return status;
}

enum sugu_status
sugu_master_add(struct sugu_master *master,
                uint8_t *bytes,
                size_t size,
                const char *where,
                bool is_own,
                struct sugu_error *reterr)
{
    struct row row = {.where = where, .is_own = is_own};
    enum sugu_status status = SUGU_OK;
    char *line = (char *)bytes, *end = line + size;

    row.from_cp932 = iconv_open("UTF-8", "CP932");
    if (row.from_cp932 == (iconv_t)-1) /* libc without its conversions: a broken installation */
        return sugu_fail(reterr, SUGU_BROKEN, "fee.master", "no conversion from CP932: %s",
                         strerror(errno));
    while (status == SUGU_OK && line < end) {
        char *line_end = memchr(line, '\n', (size_t)(end - line));
        row.line++;
        if (!line_end) {
            status = wrong(&row, 1, "no line end: the file is cut", reterr);
            break;
        }
        if (memchr(line, '\0', (size_t)(line_end - line)))
            status = wrong(&row, 1, "a NUL byte", reterr);
        *line_end = '\0';
        if (line_end > line && line_end[-1] == '\r')
            line_end[-1] = '\0';
        if (status == SUGU_OK)
            status = add_line(master, &row, line, reterr);
        line = line_end + 1;
    }
    iconv_close(row.from_cp932);
    return status;
}

static int
compare(const void *a, const void *b)
{
    const struct sugu_act *left = a, *right = b;

    if (left->code != right->code)
        return left->code < right->code ? -1 : 1;
    return (left->valid_from > right->valid_from) - (left->valid_from < right->valid_from);
}

enum sugu_status
sugu_master_index(struct sugu_master *master, struct sugu_error *reterr)
{
    if (master->count == 0)
        return sugu_fail(reterr, SUGU_BROKEN, "fee.master", "no act in it");
    qsort(master->acts, master->count, sizeof *master->acts, compare);
    for (size_t i = 1; i < master->count; i++) {
        const struct sugu_act *one = &master->acts[i - 1], *other = &master->acts[i];
        if (one->code == other->code && one->valid_until >= other->valid_from)
            return sugu_fail(reterr, SUGU_BROKEN, "fee.master",
                             "code %09" PRIu32 " twice on one day: lines %" PRIu32 " and %" PRIu32,
                             one->code, one->line, other->line);
    }
    return SUGU_OK;
}

static enum sugu_status
add_file(struct sugu_master *master, const char *path, bool is_own, struct sugu_error *reterr)
{
    uint8_t *bytes;
    size_t size;
    enum sugu_status status = sugu_file_read(path, SUGU_MASTER_SIZE_MAX, &bytes, &size, reterr);

    if (status != SUGU_OK)
        return status;
    status = sugu_master_add(master, bytes, size, path, is_own, reterr);
    free(bytes);
    return status;
}

enum sugu_status
sugu_master_load(const char *path,
                 const char *own_path,
                 struct sugu_master **ret_master,
                 struct sugu_error *reterr)
{
    struct sugu_master *master = sugu_master_new();
    enum sugu_status status = add_file(master, path, /* is_own= */ false, reterr);

    if (status == SUGU_OK && own_path && *own_path)
        status = add_file(master, own_path, /* is_own= */ true, reterr);
    if (status == SUGU_OK)
        status = sugu_master_index(master, reterr);
    if (status != SUGU_OK) {
        sugu_master_free(master);
        return status;
    }
    *ret_master = master;
    return SUGU_OK;
}

/* The place of the last act with this code that begins on or before the day; count where none. */
static size_t
find_place(const struct sugu_master *master, uint32_t code, uint32_t date)
{
    size_t low = 0, high = master->count;

    while (low < high) { /* the first act after (code, date) */
        size_t middle = low + (high - low) / 2;
        const struct sugu_act *act = &master->acts[middle];
        if (act->code < code || (act->code == code && act->valid_from <= date))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && master->acts[low - 1].code == code ? low - 1 : master->count;
}

const struct sugu_act *
sugu_master_find(const struct sugu_master *master, uint32_t code, uint32_t date)
{
    size_t place = find_place(master, code, date);

    if (place == master->count || master->acts[place].valid_until < date)
        return NULL;
    return &master->acts[place];
}

bool
sugu_master_has(const struct sugu_master *master, uint32_t code)
{
    return find_place(master, code, UINT32_MAX) != master->count;
}

size_t
sugu_master_count(const struct sugu_master *master)
{
    return master->count;
}
