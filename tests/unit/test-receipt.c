/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-receipt - names of the categories and amounts as text
 */
#include "domain/receipt.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(the_form_has_the_categories_of_the_fee_table_in_their_order)
{
    /* domain/fee-module.md section 4 */
    static const struct {
        const char *code, *ja;
    } rows[] = {
        {"A00", "初・再診料"},     {"A10", "入院料等"},   {"B00", "医学管理等"},
        {"C00", "在宅医療"},       {"D00", "検査"},       {"E00", "画像診断"},
        {"F00", "投薬"},           {"G00", "注射"},       {"H00", "リハビリテーション"},
        {"I00", "精神科専門療法"}, {"J00", "処置"},       {"K00", "手術"},
        {"L00", "麻酔"},           {"M00", "放射線治療"}, {"N00", "病理診断"},
    };

    ck_assert_uint_eq(SUGU_RECEIPT_COLUMN_COUNT, SUGU_ARRAY_SIZE(rows));
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        ck_assert_str_eq(sugu_category_code((enum sugu_category)i), rows[i].code);
        ck_assert_str_eq(sugu_category_name((enum sugu_category)i)->ja, rows[i].ja);
    }
    for (unsigned i = 0; i < SUGU_CATEGORY_COUNT; i++)
        for (unsigned j = 0; j < i; j++) {
            ck_assert_str_ne(sugu_category_name((enum sugu_category)i)->ja,
                             sugu_category_name((enum sugu_category)j)->ja);
            ck_assert_str_ne(sugu_category_name((enum sugu_category)i)->en,
                             sugu_category_name((enum sugu_category)j)->en);
        }
}
END_TEST

START_TEST(yen_and_points_are_grouped_by_three)
{
    static const struct {
        int64_t value;
        const char *ja, *other, *points;
    } rows[] = {
        {0, "0円", "¥0", "0点"},
        {999, "999円", "¥999", "999点"},
        {12340, "12,340円", "¥12,340", "12,340点"},
        {9999999, "9,999,999円", "¥9,999,999", "9,999,999点"},
        {-4970, "-4,970円", "¥-4,970", "-4,970点"},
        {INT64_MIN, "-9,223,372,036,854,775,808円", "¥-9,223,372,036,854,775,808",
         "-9,223,372,036,854,775,808点"},
    };
    char text[SUGU_AMOUNT_TEXT_SIZE];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        ck_assert_str_eq(sugu_yen_text(sugu_yen(rows[i].value), true, text), rows[i].ja);
        ck_assert_str_eq(sugu_yen_text(sugu_yen(rows[i].value), false, text), rows[i].other);
        ck_assert_str_eq(sugu_points_text(sugu_points(rows[i].value), text), rows[i].points);
    }
}
END_TEST

SUGU_TEST_MAIN("receipt",
               the_form_has_the_categories_of_the_fee_table_in_their_order,
               yen_and_points_are_grouped_by_three)
