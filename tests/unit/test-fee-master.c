/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fee-master - the published layout, read strictly, each mistake with its line and column
 */
#include "fee/master.h"

#include "testlib/checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TODAY 20261122

/* What a test changes of an otherwise good row. */
struct row {
    const char *change, *type, *code, *name, *unit, *kind, *price, *place, *step, *step_from;
    const char *letter, *from, *until, *part;
};
static const struct row good = {.change = "0",
                                .type = "S",
                                .code = "111000110",
                                .name = "\x8f\x89\x90\x66\x97\xbf", /* 初診料 in CP932 */
                                .unit = "0",
                                .kind = "3",
                                .price = "291.00",
                                .place = "0",
                                .step = "0",
                                .step_from = "0",
                                .letter = "A",
                                .from = "20260601",
                                .until = "99999999",
                                .part = "01"};

static const char *
column_of(const struct row *row, int column)
{
    switch (column) {
    case 1:
        return row->change;
    case 2:
        return row->type;
    case 3:
        return row->code;
    case 5:
        return row->name;
    case 8:
        return row->unit;
    case 11:
        return row->kind;
    case 12:
        return row->price;
    case 13:
        return row->place;
    case 30:
        return row->step;
    case 31:
        return row->step_from;
    case 85:
        return row->letter;
    case 87:
        return row->from;
    case 88:
        return row->until;
    case 91:
        return row->part;
    default:
        return "0";
    }
}

/* A file of rows. `bytes` is what sugu_master_add may change. */
struct file {
    char bytes[16384];
    size_t size;
};

static void
add_text(struct file *file, const char *text)
{
    size_t length = strlen(text);

    ck_assert_uint_lt(file->size + length, sizeof file->bytes);
    memcpy(file->bytes + file->size, text, length + 1);
    file->size += length;
}

static void
add_row(struct file *file, const struct row *row)
{
    for (int column = 1; column <= SUGU_MASTER_COLUMNS; column++) {
        add_text(file, column > 1 ? ",\"" : "\"");
        add_text(file, column_of(row, column));
        add_text(file, "\"");
    }
    add_text(file, "\r\n");
}

/* Reads and indexes the file; the master is NULL on failure. */
static enum sugu_status
read_file(struct file *file, bool is_own, struct sugu_master **ret_master, struct sugu_error *error)
{
    struct sugu_master *master = sugu_master_new();
    enum sugu_status status = sugu_master_add(master, (uint8_t *)file->bytes, file->size,
                                              "/srv/fee/s.csv", is_own, error);

    if (status == SUGU_OK)
        status = sugu_master_index(master, error);
    *ret_master = status == SUGU_OK ? master : sugu_master_free(master);
    return status;
}

START_TEST(a_row_of_the_published_layout_is_read)
{
    struct file file = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;
    const struct sugu_act *act;

    add_row(&file, &good);
    sugu_assert_ok(read_file(&file, false, &master, &error), error);
    ck_assert_uint_eq(sugu_master_count(master), 1);
    act = sugu_master_find(master, 111000110, TODAY);
    ck_assert_ptr_nonnull(act);
    ck_assert_str_eq(act->name, "初診料");
    ck_assert_int_eq(act->amount, 291);
    ck_assert(act->is_whole && act->has_category && !act->wants_quantity &&
              !act->is_inpatient_only);
    ck_assert_int_eq(act->kind, SUGU_ACT_POINTS);
    ck_assert_int_eq(act->category, SUGU_CATEGORY_A00);
    ck_assert_ptr_null(sugu_master_find(master, 111000111, TODAY));
    ck_assert_ptr_null(sugu_master_find(master, 111000109, TODAY));
    sugu_master_free(master);
}
END_TEST

START_TEST(every_mistake_says_its_line_and_column)
{
    static const struct {
        struct row change; /* what is not NULL replaces */
        const char *said;
    } rows[] = {
        {{.change = "2"}, "s.csv line 2 column 1: not a kind of change (0, 1, 3, 5, 9)"},
        {{.type = "Y"}, "s.csv line 2 column 2: not a line of this master (S)"},
        {{.code = "11100011"}, "s.csv line 2 column 3: a code has 9 digits"},
        {{.code = "1110001100"}, "s.csv line 2 column 3: a code has 9 digits"},
        {{.code = "11100011x"}, "s.csv line 2 column 3: a code has 9 digits"},
        {{.code = "000000000"}, "s.csv line 2 column 3: a code has 9 digits"},
        {{.code = "095000001"},
         "s.csv line 2 column 3: codes of the published master do not begin with 0"},
        {{.name = ""}, "s.csv line 2 column 5: no name"},
        {{.name = "\x8f"}, "s.csv line 2 column 5: not Shift_JIS"},
        {{.name = "\xfd\xfd"}, "s.csv line 2 column 5: not Shift_JIS"},
        {{.kind = ""},
         "s.csv line 2 column 11: empty: this is a file of changes, the whole master is needed"},
        {{.kind = "0"}, "s.csv line 2 column 11: not a kind of price (1 … 9)"},
        {{.kind = "33"}, "s.csv line 2 column 11: not a kind of price (1 … 9)"},
        {{.price = "-1.00"}, "s.csv line 2 column 12: not a price"},
        {{.price = "1.000"}, "s.csv line 2 column 12: not a price"},
        {{.price = "1."}, "s.csv line 2 column 12: not a price"},
        {{.price = ".5"}, "s.csv line 2 column 12: not a price"},
        {{.price = "99999999999999999999"}, "s.csv line 2 column 12: not a price"},
        {{.price = "100000000.00"}, "s.csv line 2 column 12: not a price"},
        {{.step_from = "x"}, "s.csv line 2 column 31: not a number"},
        {{.from = "20260631"}, "s.csv line 2 column 87: not a date"},
        {{.from = ""}, "s.csv line 2 column 87: not a date"},
        {{.until = "20270229"}, "s.csv line 2 column 88: not a date"},
        {{.until = "20260531"}, "s.csv line 2 column 88: ends before it begins"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct row row = good;
        struct file file = {.size = 0};
        struct sugu_error error;
        struct sugu_master *master;
        const char *const *from = (const char *const *)&rows[i].change;
        const char **to = (const char **)&row;
        for (size_t at = 0; at < sizeof row / sizeof *to; at++)
            if (from[at])
                to[at] = from[at];
        add_row(&file, &good);
        add_row(&file, &row);
        sugu_assert_fails(read_file(&file, false, &master, &error), SUGU_BROKEN, "fee.master",
                          error);
        ck_assert_str_eq(error.detail, rows[i].said);
    }
}
END_TEST

START_TEST(quotes_commas_and_line_ends_have_to_be_right)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"\"0\",\"S\"\r\n", "s.csv line 1 column 2: fewer columns than the layout has (150)"},
        {"\r\n", "s.csv line 1 column 1: fewer columns than the layout has (150)"},
        {"\"0\",\"S\n", "s.csv line 1 column 2: quotes that do not match"},
        {"\"0\"x,\"S\"\n", "s.csv line 1 column 1: quotes that do not match"},
        {"0\",\"S\"\n", "s.csv line 1 column 1: quotes that do not match"},
        {"\"0\",\"S\"", "s.csv line 1 column 1: no line end: the file is cut"},
        {"", "no act in it"},
    };
    struct file many = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct file file = {.size = 0};
        add_text(&file, rows[i].text);
        sugu_assert_fails(read_file(&file, false, &master, &error), SUGU_BROKEN, "fee.master",
                          error);
        ck_assert_str_eq(error.detail, rows[i].said);
    }
    add_row(&many, &good);
    many.size -= 2;
    add_text(&many, ",0\n");
    sugu_assert_fails(read_file(&many, false, &master, &error), SUGU_BROKEN, "fee.master", error);
    ck_assert_str_eq(error.detail,
                     "s.csv line 1 column 151: more columns than the layout has (150)");
    many.size = 0;
    add_row(&many, &good);
    many.bytes[40] = '\0';
    sugu_assert_fails(read_file(&many, false, &master, &error), SUGU_BROKEN, "fee.master", error);
    ck_assert_str_eq(error.detail, "s.csv line 1 column 1: a NUL byte");
}
END_TEST

START_TEST(quotes_and_commas_inside_quotes_belong_to_the_field)
{
    struct row row = good;
    struct file file = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;

    row.name = "a\"\"b,c";
    add_row(&file, &row);
    sugu_assert_ok(read_file(&file, false, &master, &error), error);
    ck_assert_str_eq(sugu_master_find(master, 111000110, TODAY)->name, "a\"b,c");
    sugu_master_free(master);
}
END_TEST

START_TEST(an_act_is_in_force_from_its_first_to_its_last_day)
{
    struct row old = good, new = good;
    struct file file = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;

    old.from = "20240601";
    old.until = "20260531";
    old.price = "288.00";
    add_row(&file, &new);
    add_row(&file, &old);
    sugu_assert_ok(read_file(&file, false, &master, &error), error);
    ck_assert_ptr_null(sugu_master_find(master, 111000110, 20240531));
    ck_assert_int_eq(sugu_master_find(master, 111000110, 20240601)->amount, 288);
    ck_assert_int_eq(sugu_master_find(master, 111000110, 20260531)->amount, 288);
    ck_assert_int_eq(sugu_master_find(master, 111000110, 20260601)->amount, 291);
    ck_assert(sugu_master_has(master, 111000110));
    ck_assert(!sugu_master_has(master, 111000111));
    sugu_master_free(master);

    old.until = "20260601";
    file.size = 0;
    add_row(&file, &new);
    add_row(&file, &old);
    sugu_assert_fails(read_file(&file, false, &master, &error), SUGU_BROKEN, "fee.master", error);
    ck_assert_str_eq(error.detail, "code 111000110 twice on one day: lines 2 and 1");
}
END_TEST

START_TEST(acts_that_are_gone_are_skipped)
{
    struct row gone = good;
    struct file file = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;

    gone.change = "9";
    gone.code = "190215110";
    gone.kind = gone.price = gone.name = "";
    add_row(&file, &gone);
    add_row(&file, &good);
    sugu_assert_ok(read_file(&file, false, &master, &error), error);
    ck_assert_uint_eq(sugu_master_count(master), 1);
    sugu_master_free(master);
}
END_TEST

START_TEST(sections_become_categories_of_the_receipt)
{
    static const struct {
        const char *letter, *part;
        int category; /* -1 = none */
    } rows[] = {
        {"A", "01", SUGU_CATEGORY_A00},
        {"A", "02", SUGU_CATEGORY_A10},
        {"A", "03", -1},
        {"B", "01", SUGU_CATEGORY_B00},
        {"C", "02", SUGU_CATEGORY_C00},
        {"D", "03", SUGU_CATEGORY_D00},
        {"E", "04", SUGU_CATEGORY_E00},
        {"F", "05", SUGU_CATEGORY_F00},
        {"G", "06", SUGU_CATEGORY_G00},
        {"H", "07", SUGU_CATEGORY_H00},
        {"I", "08", SUGU_CATEGORY_I00},
        {"J", "09", SUGU_CATEGORY_J00},
        {"K", "10", SUGU_CATEGORY_K00},
        {"L", "11", SUGU_CATEGORY_L00},
        {"M", "12", SUGU_CATEGORY_M00},
        {"N", "13", SUGU_CATEGORY_N00},
        {"O", "14", -1},
        {"-", "00", -1},
        {"*", "00", -1},
        {"", "00", -1},
        {"DE", "03", -1},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct row row = good;
        struct file file = {.size = 0};
        struct sugu_error error;
        struct sugu_master *master;
        const struct sugu_act *act;
        row.letter = rows[i].letter;
        row.part = rows[i].part;
        add_row(&file, &row);
        sugu_assert_ok(read_file(&file, false, &master, &error), error);
        act = sugu_master_find(master, 111000110, TODAY);
        ck_assert_msg((act->has_category ? (int)act->category : -1) == rows[i].category, "row %zu",
                      i);
        sugu_master_free(master);
    }
}
END_TEST

START_TEST(own_prices_begin_with_zero_and_are_yen)
{
    struct row own = good;
    struct file file = {.size = 0};
    struct sugu_error error;
    struct sugu_master *master;

    own.code = "095000001";
    own.kind = "1";
    own.price = "3300.00";
    add_row(&file, &own);
    sugu_assert_ok(read_file(&file, true, &master, &error), error);
    ck_assert_int_eq(sugu_master_find(master, 95000001, TODAY)->category, SUGU_CATEGORY_SELF);
    ck_assert_int_eq(sugu_master_find(master, 95000001, TODAY)->kind, SUGU_ACT_YEN);
    sugu_master_free(master);
    own.kind = "3";
    file.size = 0;
    add_row(&file, &own);
    sugu_assert_fails(read_file(&file, true, &master, &error), SUGU_BROKEN, "fee.master", error);
    file.size = 0;
    add_row(&file, &good);
    sugu_assert_fails(read_file(&file, true, &master, &error), SUGU_BROKEN, "fee.master", error);
    ck_assert_str_eq(error.detail, "s.csv line 1 column 3: codes of own prices begin with 0");
}
END_TEST

START_TEST(the_sample_is_a_good_master)
{
    struct sugu_error error;
    struct sugu_master *master;

    sugu_assert_ok(sugu_master_load(SUGU_FEE_ASSETS "/acts-sample.csv",
                                    SUGU_FEE_ASSETS "/own-prices-sample.csv", &master, &error),
                   error);
    ck_assert_uint_eq(sugu_master_count(master), 25);
    ck_assert_str_eq(sugu_master_find(master, 160008010, TODAY)->name, "末梢血液一般検査");
    ck_assert(sugu_master_find(master, 170000410, TODAY)->wants_quantity);
    ck_assert_int_eq(sugu_master_find(master, 170000410, TODAY)->quantity_from, 1);
    sugu_master_free(master);
    sugu_assert_fails(sugu_master_load("/nowhere/s.csv", NULL, &master, &error), SUGU_REFUSED,
                      "file.missing", error);
}
END_TEST

SUGU_TEST_MAIN("fee-master",
               a_row_of_the_published_layout_is_read,
               every_mistake_says_its_line_and_column,
               quotes_commas_and_line_ends_have_to_be_right,
               quotes_and_commas_inside_quotes_belong_to_the_field,
               an_act_is_in_force_from_its_first_to_its_last_day,
               acts_that_are_gone_are_skipped,
               sections_become_categories_of_the_receipt,
               own_prices_begin_with_zero_and_are_yen,
               the_sample_is_a_good_master)
