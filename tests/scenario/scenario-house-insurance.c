/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-insurance - answers that prove nothing: the patient hears it in plain words and
 * gets a number for the desk, which sees why; the file is set aside; nothing is ever guessed
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/sql.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct house_options options = {
    .more =
        {
            [HOUSE_INSURANCE] = (const char *const[]){"--answer-wait-s", "2", "--scan-ms", "100",
                                                      "--stable-ms", "50", NULL},
        },
};

/* What the qualification terminal does, what staff read, what the patient reads. */
static const struct {
    const char *fault, *code, *words;
    bool is_file_kept; /* there was an answer at all */
} rows[] = {
    {"no-answer", "eligibility.no-answer", "確認できません", false},
    {"half-written", "eligibility.bad-answer", "確認できません", true},
    {"wrong-institution", "eligibility.bad-answer", "確認できません", true},
    {"several", "eligibility.several", "必要です", true},
    {"not-found", "eligibility.not-found", "見つかりませんでした", true},
    {"newer", "eligibility.newer-exists", "変わっています", true},
    {"dtd", "eligibility.bad-answer", "確認できません", true},
    {"bomb", "eligibility.bad-answer", "確認できません", true},
    {"large", "eligibility.bad-answer", "確認できません", true},
};

/* The answer as it came, and a note for staff beside it. */
static void
expect_set_aside(struct house_world *world)
{
    char path[400];
    struct stat answer, note;
    const char *evidence = sugu_sql_text(
        world->facts.connection, "SELECT evidence FROM eligibility ORDER BY asked_at DESC LIMIT 1");

    ck_assert_msg(strncmp(evidence, "aside/", 6) == 0, "%s: kept as \"%s\"", world->trouble,
                  evidence);
    snprintf(path, sizeof path, "%s/aside/%s", world->folder, evidence);
    ck_assert_msg(stat(path, &answer) == 0, "%s: no file %s", world->trouble, path);
    if (strcmp(world->trouble, "large") == 0)
        ck_assert_int_gt(answer.st_size, 5 * 1024 * 1024 - 1);
    snprintf(path, sizeof path, "%s/aside/%s.txt", world->folder, evidence);
    ck_assert_msg(stat(path, &note) == 0 && note.st_size > 0, "%s: no note %s", world->trouble,
                  path);
}

static void
meet(struct house_world *world, size_t row)
{
    char command[64], number[17], line[80], waiting[200];

    world->trouble = rows[row].fault;
    snprintf(command, sizeof command, "fault %s", rows[row].fault);
    house_world_tell(world, HOUSE_QUALIFICATION_EMULATOR, command);
    house_world_come(world, (unsigned)row);
    house_world_page(world, "to-desk");
    house_world_sees(world, rows[row].words);
    house_world_newest(world, number);
    ck_assert_int_eq(number[0], 'R');
    house_world_sees(world, number);
    snprintf(line, sizeof line, "reason %s", rows[row].code);
    house_world_staff_see(world, number, line);
    snprintf(line, sizeof line, "eligibility %s", rows[row].code);
    house_world_staff_see(world, number, line);
    if (rows[row].is_file_kept)
        expect_set_aside(world);
    snprintf(waiting, sizeof waiting, "%s/oqs/res", world->folder);
    ck_assert_int_eq(sugu_test_folder_count(waiting), 0);
    house_world_leave(world);
}

START_TEST(an_answer_that_proves_nothing_leads_to_the_desk_in_plain_words)
{
    struct house_world world;

    house_world_init(&world, &options);
    for (size_t row = 0; row < SUGU_ARRAY_SIZE(rows); row++)
        meet(&world, row);
    /* None of them counts as insured, and the next patient is served as ever. */
    ck_assert_int_eq(
        house_world_number(&world, "SELECT count(*) FROM eligibility WHERE outcome IN (0, 1, 2)"),
        0);
    world.trouble = "after all that";
    house_world_get_ticket(&world, SUGU_ARRAY_SIZE(rows));
    house_world_sees(&world, "A-001");
    house_world_done(&world);
}
END_TEST

START_TEST(without_the_gateway_the_patient_is_not_kept_waiting_for_ever)
{
    struct house_world world;
    char number[17];

    house_world_init(&world, &options);
    world.trouble = "gateway killed";
    house_world_kill(&world, HOUSE_INSURANCE);
    house_world_come(&world, 0);
    house_world_page(&world, "checking");
    house_world_start(&world, HOUSE_INSURANCE); /* finds the question in the open work */
    house_world_page(&world, "confirm");
    house_world_go(&world, "はい", "ticket");
    house_world_newest(&world, number);
    ck_assert_str_eq(number, "A-001");
    house_world_staff_see(&world, number, "department internal");
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-insurance",
                       150,
                       an_answer_that_proves_nothing_leads_to_the_desk_in_plain_words,
                       without_the_gateway_the_patient_is_not_kept_waiting_for_ever)
