/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-era - dates in Japanese eras
 */
#include "domain/era.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_day_is_written_in_its_era)
{
    static const struct {
        uint32_t date;
        const char *text; /* "" = no era */
        const char *both;
    } rows[] = {
        {20261122, "令和8年11月22日", "令和8年(2026年)11月22日"},
        {20190501, "令和元年5月1日", "令和元年(2019年)5月1日"},
        {20190430, "平成31年4月30日", "平成31年(2019年)4月30日"},
        {19890108, "平成元年1月8日", "平成元年(1989年)1月8日"},
        {19890107, "昭和64年1月7日", "昭和64年(1989年)1月7日"},
        {19261225, "昭和元年12月25日", "昭和元年(1926年)12月25日"},
        {19261224, "大正15年12月24日", "大正15年(1926年)12月24日"},
        {19120730, "大正元年7月30日", "大正元年(1912年)7月30日"},
        {19120729, "明治45年7月29日", "明治45年(1912年)7月29日"},
        {18680125, "明治元年1月25日", "明治元年(1868年)1月25日"},
        {29991231, "令和981年12月31日", "令和981年(2999年)12月31日"},
        {18680124, "", ""},
        {20260229, "", ""},
        {0, "", ""},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        char text[SUGU_DATE_TEXT_SIZE], both[SUGU_DATE_TEXT_SIZE];
        ck_assert_msg(sugu_era_text(rows[i].date, text) == (*rows[i].text != '\0'), "%u",
                      rows[i].date);
        sugu_era_text_both(rows[i].date, both);
        ck_assert_str_eq(text, rows[i].text);
        ck_assert_str_eq(both, rows[i].both);
    }
}
END_TEST

START_TEST(a_western_date_has_no_era)
{
    char text[SUGU_DATE_TEXT_SIZE];

    ck_assert(sugu_date_text_iso(20260105, text));
    ck_assert_str_eq(text, "2026-01-05");
    ck_assert(!sugu_date_text_iso(20260132, text));
    ck_assert_str_eq(text, "");
}
END_TEST

SUGU_TEST_MAIN("era", a_day_is_written_in_its_era, a_western_date_has_no_era)
