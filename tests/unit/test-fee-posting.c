/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fee-posting - one file per payment, once, and ids that come out the same again
 */
#include "fee/posting.h"

#include "testlib/checks.h"

#include "base/files.h"
#include "fee/derived-id.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
make_folder(char folder[64])
{
    snprintf(folder, 64, "/tmp/sugu-posting-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static size_t
count_files(const char *folder, bool remove_them)
{
    DIR *files = opendir(folder);
    struct dirent *entry;
    size_t count = 0;

    ck_assert_ptr_nonnull(files);
    while ((entry = readdir(files))) {
        char path[400];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (remove_them)
            unlink(path);
    }
    closedir(files);
    if (remove_them)
        rmdir(folder);
    return count;
}

static struct sugu_posting
posting(void)
{
    struct sugu_posting made = {.revision = 2,
                                .amount = {1010},
                                .method = "card",
                                .business_day = 20261122,
                                .bill.bytes = {1, 2, 3},
                                .visit.bytes = {9}};

    return made;
}

START_TEST(a_payment_is_one_file_however_often_it_is_posted)
{
    struct sugu_posting made = posting();
    struct sugu_error error;
    char folder[64], path[200], name[SUGU_POSTING_NAME_SIZE];
    uint8_t *bytes;
    size_t size;

    make_folder(folder);
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    ck_assert_str_eq(sugu_posting_name(&made, name),
                     "20261122-01020300-0000-0000-0000-000000000000-r2.posting");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sugu_assert_ok(sugu_file_read(path, 4096, &bytes, &size, &error), error);
    ck_assert_str_eq((char *)bytes, "sugu-posting 1\n"
                                    "bill 01020300-0000-0000-0000-000000000000\n"
                                    "visit 09000000-0000-0000-0000-000000000000\n"
                                    "revision 2\n"
                                    "amount-yen 1010\n"
                                    "method card\n"
                                    "business-day 20261122\n");
    free(bytes);
    made.revision = 3;
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    ck_assert_uint_eq(count_files(folder, true), 2);
}
END_TEST

START_TEST(what_moves_after_that_is_another_file)
{
    struct sugu_posting made = posting();
    struct sugu_error error;
    char folder[64], path[200], name[SUGU_POSTING_NAME_SIZE];
    uint8_t *bytes;
    size_t size;

    make_folder(folder);
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    made.change = (struct sugu_id){.bytes = {7}};
    made.is_back = true;
    made.reason = SUGU_POSTING_VOID;
    made.amount.value = 310;
    made.kept.value = 700;
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    ck_assert_str_eq(sugu_posting_name(&made, name),
                     "20261122-07000000-0000-0000-0000-000000000000.change");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sugu_assert_ok(sugu_file_read(path, 4096, &bytes, &size, &error), error);
    ck_assert_str_eq((char *)bytes, "sugu-posting-change 1\n"
                                    "change 07000000-0000-0000-0000-000000000000\n"
                                    "bill 01020300-0000-0000-0000-000000000000\n"
                                    "visit 09000000-0000-0000-0000-000000000000\n"
                                    "revision 2\n"
                                    "reason void\n"
                                    "amount-yen -310\n"
                                    "kept-yen 700\n"
                                    "method card\n"
                                    "business-day 20261122\n");
    free(bytes);
    made.amount.value = 311;
    sugu_assert_fails(sugu_posting_write(folder, &made, &error), SUGU_BROKEN, "fee.posting-differs",
                      error);
    ck_assert_uint_eq(count_files(folder, true), 2);
}
END_TEST

START_TEST(another_content_under_the_same_name_is_never_written)
{
    struct sugu_posting made = posting();
    struct sugu_error error;
    char folder[64];

    make_folder(folder);
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    made.amount.value = 1020;
    sugu_assert_fails(sugu_posting_write(folder, &made, &error), SUGU_BROKEN, "fee.posting-differs",
                      error);
    made = posting();
    sugu_assert_ok(sugu_posting_write(folder, &made, &error), error);
    ck_assert_uint_eq(count_files(folder, true), 1);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_said)
{
    struct sugu_posting made = posting();
    struct sugu_error error;

    sugu_assert_fails(sugu_posting_write("/nowhere/at/all", &made, &error), SUGU_BROKEN,
                      "file.not-written", error);
}
END_TEST

START_TEST(derived_ids_come_out_the_same_and_never_meet)
{
    static const enum sugu_derived purposes[] = {SUGU_DERIVED_BILL, SUGU_DERIVED_ANNOUNCE,
                                                 SUGU_DERIVED_CHANGE};
    enum { VISITS = 8, NUMBERS = 6, ATTEMPTS = 3, ALL = VISITS * 3 * NUMBERS * ATTEMPTS };
    static struct sugu_id made[ALL];
    size_t count = 0;
    char text[SUGU_ID_TEXT_SIZE];
    struct sugu_id fixed = {.bytes = {0x01, 0x93, 0x4f}};

    for (int visit = 0; visit < VISITS; visit++)
        for (size_t what = 0; what < 3; what++)
            for (uint32_t number = 0; number < NUMBERS; number++)
                for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
                    struct sugu_id from = {.bytes = {[15] = (uint8_t)visit}};
                    struct sugu_id id = sugu_id_derive(&from, purposes[what], number, attempt);
                    struct sugu_id again = sugu_id_derive(&from, purposes[what], number, attempt);
                    ck_assert(sugu_id_equal(&id, &again) && !sugu_id_is_none(&id));
                    ck_assert_int_eq(id.bytes[6] >> 4, 8);
                    ck_assert_int_eq(id.bytes[8] >> 6, 2);
                    made[count++] = id;
                }
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (sugu_id_equal(&made[i], &made[j]))
                ck_abort_msg("%zu and %zu are the same", i, j);
    /* A change of the function would make second bills of visits that have one. */
    fixed = sugu_id_derive(&fixed, SUGU_DERIVED_BILL, 0, 0);
    ck_assert_str_eq(sugu_id_to_text(&fixed, text), "c30f9573-a1ee-87e4-ba76-ded09fa6eace");
}
END_TEST

SUGU_TEST_MAIN("fee-posting",
               a_payment_is_one_file_however_often_it_is_posted,
               what_moves_after_that_is_another_file,
               another_content_under_the_same_name_is_never_written,
               a_folder_that_cannot_be_written_is_said,
               derived_ids_come_out_the_same_and_never_meet)
