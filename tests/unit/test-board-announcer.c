/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-announcer - turns, merging, pauses, repetition, languages
 */
#include "announcer.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

static struct board_announcement
call_of(const char *number, const char *desk, const char *language)
{
    struct board_announcement announcement = {.subject = BOARD_SAY_CALL};

    sugu_text_copy(announcement.number, sizeof announcement.number, number);
    sugu_text_copy(announcement.department, sizeof announcement.department, "internal");
    sugu_text_copy(announcement.desk, sizeof announcement.desk, desk);
    sugu_text_copy(announcement.language, sizeof announcement.language, language);
    return announcement;
}

static enum board_queued
add(struct board_announcer *announcer, const char *number, const char *desk)
{
    struct board_announcement announcement = call_of(number, desk, "ja");

    return board_announcer_add(announcer, &announcement);
}

/* The next one's number; "" = none. */
static const char *
next(struct board_announcer *announcer, int64_t now_us)
{
    const struct board_announcement *announcement = board_announcer_next(announcer, now_us);

    return announcement ? announcement->number : "";
}

START_TEST(calls_of_one_moment_are_spoken_in_order)
{
    struct board_announcer announcer = {.count = 0};

    ck_assert_int_eq(add(&announcer, "A-001", "1"), BOARD_QUEUED);
    ck_assert_int_eq(add(&announcer, "A-002", "2"), BOARD_QUEUED);
    ck_assert_int_eq(add(&announcer, "A-003", "3"), BOARD_QUEUED);
    ck_assert_str_eq(next(&announcer, 0), "A-001");
    ck_assert_str_eq(next(&announcer, SUGU_MINUTE), ""); /* not cut by the second */
    board_announcer_done(&announcer, 10 * SUGU_SECOND);
    ck_assert_str_eq(next(&announcer, 13 * SUGU_SECOND - 1), "");
    ck_assert_str_eq(next(&announcer, 13 * SUGU_SECOND), "A-002");
    board_announcer_done(&announcer, 20 * SUGU_SECOND);
    ck_assert_str_eq(next(&announcer, 23 * SUGU_SECOND), "A-003");
    board_announcer_done(&announcer, 30 * SUGU_SECOND);
    ck_assert_str_eq(next(&announcer, SUGU_MINUTE), "");
}
END_TEST

START_TEST(due_tells_when_to_look_again)
{
    struct board_announcer announcer = {.count = 0};

    ck_assert_int_eq(board_announcer_due_us(&announcer), INT64_MAX);
    add(&announcer, "A-001", "1");
    ck_assert_int_eq(board_announcer_due_us(&announcer), 0);
    next(&announcer, 5);
    ck_assert_int_eq(board_announcer_due_us(&announcer), INT64_MAX);
    add(&announcer, "A-002", "1");
    board_announcer_done(&announcer, 7 * SUGU_SECOND);
    ck_assert_int_eq(board_announcer_due_us(&announcer), 10 * SUGU_SECOND);
}
END_TEST

START_TEST(the_same_call_waits_once_with_the_newest_desk)
{
    struct board_announcer announcer = {.count = 0};

    add(&announcer, "A-001", "1");
    add(&announcer, "A-002", "2");
    ck_assert_int_eq(add(&announcer, "A-001", "5"), BOARD_MERGED);
    ck_assert_uint_eq(announcer.count, 2);
    ck_assert_str_eq(board_announcer_next(&announcer, 0)->desk, "5");
}
END_TEST

START_TEST(a_call_again_while_it_is_spoken_is_spoken_again)
{
    struct board_announcer announcer = {.count = 0};

    add(&announcer, "A-001", "1");
    next(&announcer, 0);
    ck_assert_int_eq(add(&announcer, "A-001", "1"), BOARD_QUEUED);
    ck_assert_int_eq(add(&announcer, "A-001", "1"), BOARD_MERGED);
    board_announcer_done(&announcer, 0);
    ck_assert_str_eq(next(&announcer, SUGU_MINUTE), "A-001");
}
END_TEST

START_TEST(what_is_not_called_any_more_is_taken_back_unless_it_is_being_spoken)
{
    struct board_announcer announcer = {.count = 0};

    add(&announcer, "A-001", "1");
    add(&announcer, "A-002", "2");
    add(&announcer, "A-003", "3");
    next(&announcer, 0);
    board_announcer_withdraw(&announcer, BOARD_SAY_CALL, "A-001", "internal");
    board_announcer_withdraw(&announcer, BOARD_SAY_CALL, "A-002", "internal");
    board_announcer_withdraw(&announcer, BOARD_SAY_CALL, "A-003", "surgery");
    ck_assert_uint_eq(announcer.count, 2);
    board_announcer_done(&announcer, 0);
    ck_assert_str_eq(next(&announcer, SUGU_MINUTE), "A-003");
}
END_TEST

START_TEST(a_full_queue_drops_the_newest_and_says_so)
{
    struct board_announcer announcer = {.count = 0};
    char number[16];

    for (unsigned i = 0; i < BOARD_QUEUE_MAX; i++) {
        snprintf(number, sizeof number, "A-%03u", i);
        ck_assert_int_eq(add(&announcer, number, "1"), BOARD_QUEUED);
    }
    ck_assert_int_eq(add(&announcer, "B-001", "1"), BOARD_FULL);
    ck_assert_str_eq(next(&announcer, 0), "A-000");
}
END_TEST

START_TEST(done_without_speaking_takes_nothing_away)
{
    struct board_announcer announcer = {.count = 0};

    add(&announcer, "A-001", "1");
    board_announcer_done(&announcer, 0);
    ck_assert_str_eq(next(&announcer, 0), "A-001");
}
END_TEST

/* The script as a line: clips by name, silences by milliseconds, '|' where a text begins. */
static const char *
script_line(const struct board_announcement *announcement)
{
    static char line[4000];
    static struct board_script script;
    size_t used = 0;

    board_announcement_write(announcement, &script);
    for (size_t i = 0; i < script.count; i++) {
        const struct board_part *part = &script.parts[i];
        if (i > 0 && part->text != script.parts[i - 1].text)
            used += (size_t)snprintf(line + used, sizeof line - used, " |");
        used += part->clip[0]
                    ? (size_t)snprintf(line + used, sizeof line - used, " %s", part->clip)
                    : (size_t)snprintf(line + used, sizeof line - used, " %u", part->silence_ms);
    }
    return line;
}

START_TEST(a_call_is_a_chime_and_the_text_twice)
{
    struct board_announcement announcement = call_of("A-300", "3", "ja");

    ck_assert_str_eq(script_line(&announcement),
                     " chime | 250 ja/letter-a ja/300 ja/ban-no-kata ja/3 ja/ban-room"
                     " | 1000 ja/letter-a ja/300 ja/ban-no-kata ja/3 ja/ban-room");
}
END_TEST

START_TEST(the_patients_language_follows_the_japanese)
{
    struct board_announcement announcement = call_of("2", "3", "en");

    ck_assert_str_eq(
        script_line(&announcement),
        " chime | 250 ja/2 ja/ban-no-kata ja/3 ja/ban-room"
        " | 1000 ja/2 ja/ban-no-kata ja/3 ja/ban-room"
        " | 1000 en/number en/2 en/to-room en/3 | 1000 en/number en/2 en/to-room en/3");
    announcement = call_of("2", "3", "vi"); /* no clips: Japanese alone */
    ck_assert_str_eq(script_line(&announcement), " chime | 250 ja/2 ja/ban-no-kata ja/3 ja/ban-room"
                                                 " | 1000 ja/2 ja/ban-no-kata ja/3 ja/ban-room");
}
END_TEST

START_TEST(a_bill_is_announced_and_an_odd_number_has_its_chime)
{
    struct board_announcement bill = {.subject = BOARD_SAY_BILL, .number = "42"};
    struct board_announcement odd = call_of("松-1", "3", "ja");

    ck_assert_str_eq(script_line(&bill), " chime | 250 ja/40 ja/2 ja/ban-no-kata ja/bill"
                                         " | 1000 ja/40 ja/2 ja/ban-no-kata ja/bill");
    ck_assert_str_eq(script_line(&odd), " chime");
}
END_TEST

START_TEST(the_longest_announcement_has_room)
{
    struct board_announcement announcement = call_of("WXYZ-9999", "WXYZ9999", "zh_CN");
    struct board_script script;

    board_announcement_write(&announcement, &script);
    ck_assert_uint_le(script.count, BOARD_PARTS_MAX);
    ck_assert_uint_gt(script.count, 80);
}
END_TEST

SUGU_TEST_MAIN("board-announcer",
               calls_of_one_moment_are_spoken_in_order,
               due_tells_when_to_look_again,
               the_same_call_waits_once_with_the_newest_desk,
               a_call_again_while_it_is_spoken_is_spoken_again,
               what_is_not_called_any_more_is_taken_back_unless_it_is_being_spoken,
               a_full_queue_drops_the_newest_and_says_so,
               done_without_speaking_takes_nothing_away,
               a_call_is_a_chime_and_the_text_twice,
               the_patients_language_follows_the_japanese,
               a_bill_is_announced_and_an_odd_number_has_its_chime,
               the_longest_announcement_has_room)
