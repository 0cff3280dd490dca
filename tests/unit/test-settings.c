/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-settings - one table as settings file, command line, help and print-out
 */
#include "base/settings.h"

#include "testlib/checks.h"
#include "testlib/child.h"
#include "testlib/folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct target {
    char listen[16];
    int64_t wait_ms;
    bool is_loud;
    char key[32];
};

static const struct sugu_setting settings[] = {
    SUGU_SETTING_TEXT_ROW(struct target, listen, "listen", 1, "tcp://x", "Where to listen."),
    SUGU_SETTING_INT_ROW(struct target, wait_ms, "wait", -5, 60000, "ms", "500", "How long."),
    SUGU_SETTING_BOOL_ROW(struct target, is_loud, "loud", "no", "Whether to be loud."),
    SUGU_SETTING_TEXT_ROW(struct target, key, "key", 1, "", "A required text."),
};

static const struct sugu_program program = {
    .name = "sugu-test",
    .summary = "Tests the settings.",
    .settings = settings,
    .settings_count = SUGU_ARRAY_SIZE(settings),
    .arguments = "[FILE]…",
};

static struct sugu_child child;

static enum sugu_status
read_text(struct target *target, const char *text, struct sugu_error *reterr)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    enum sugu_status status = sugu_settings_read(&program, target, file, "test.conf", reterr);

    fclose(file);
    return status;
}

START_TEST(without_anything_the_defaults_are_in_force)
{
    struct target target;

    memset(&target, 0xff, sizeof target);
    sugu_settings_init(&program, &target);
    ck_assert_str_eq(target.listen, "tcp://x");
    ck_assert_int_eq(target.wait_ms, 500);
    ck_assert(!target.is_loud);
    ck_assert_str_eq(target.key, "");
}
END_TEST

START_TEST(a_text_that_is_needed_is_asked_for_by_name_and_purpose)
{
    static const char *const needed[] = {"listen", "key", NULL};
    struct target target;
    struct sugu_error error;

    sugu_settings_init(&program, &target);
    sugu_assert_fails(sugu_settings_need(&program, &target, needed, &error), SUGU_REFUSED,
                      "settings.invalid", error);
    ck_assert_str_eq(error.detail, "key: has to be set: A required text.");
    sugu_assert_ok(sugu_settings_set(&program, &target, "key", "k", &error), error);
    sugu_assert_ok(sugu_settings_need(&program, &target, needed, &error), error);
}
END_TEST

START_TEST(each_value_is_taken_at_its_bounds_and_refused_past_them)
{
    static const struct {
        const char *name, *value;
        bool is_good;
    } rows[] = {
        {"wait", "-5", true},
        {"wait", "-6", false},
        {"wait", "60000", true},
        {"wait", "60001", false},
        {"wait", "", false},
        {"wait", "5 ms", false},
        {"wait", "0x10", false},
        {"loud", "yes", true},
        {"loud", "no", true},
        {"loud", "true", false},
        {"loud", "1", false},
        {"loud", "", false},
        {"listen", "a", true},
        {"listen", "", false},
        {"listen", "123456789012345", true},
        {"listen", "1234567890123456", false},
        {"listen", "\xff", false},
        {"no-such", "1", false},
        {"Listen", "a", false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct target target, before;
        struct sugu_error error = {.code = "", .detail = ""};
        enum sugu_status status;
        memset(&target, 0, sizeof target);
        before = target;
        status = sugu_settings_set(&program, &target, rows[i].name, rows[i].value, &error);
        ck_assert_msg((status == SUGU_OK) == rows[i].is_good, "%s = %s: %s", rows[i].name,
                      rows[i].value, error.detail);
        if (rows[i].is_good)
            continue;
        ck_assert_str_eq(error.code, "settings.invalid");
        ck_assert_msg(strstr(error.detail, rows[i].name), "'%s'", error.detail);
        ck_assert_mem_eq(&target, &before, sizeof target);
    }
}
END_TEST

START_TEST(a_refusal_says_the_range_and_the_unit)
{
    struct target target;
    struct sugu_error error;

    sugu_assert_fails(sugu_settings_set(&program, &target, "wait", "99999", &error), SUGU_REFUSED,
                      "settings.invalid", error);
    ck_assert_str_eq(error.detail, "wait: needs a whole number from -5 to 60000 ms");
}
END_TEST

START_TEST(a_file_has_comments_blanks_and_values_with_equals_signs)
{
    struct target target;
    struct sugu_error error;

    sugu_settings_init(&program, &target);
    sugu_assert_ok(read_text(&target,
                             "# a comment = not a setting\n\n  \t\n"
                             "listen=a=b\r\n   wait   =   7   \nloud = yes\nkey = 山 田",
                             &error),
                   error);
    ck_assert_str_eq(target.listen, "a=b");
    ck_assert_int_eq(target.wait_ms, 7);
    ck_assert(target.is_loud);
    ck_assert_str_eq(target.key, "山 田");
}
END_TEST

START_TEST(a_mistake_in_a_file_is_told_with_file_and_line)
{
    struct target target;
    struct sugu_error error;

    sugu_settings_init(&program, &target);
    sugu_assert_fails(read_text(&target, "loud = yes\n\nwait = soon\n", &error), SUGU_REFUSED,
                      "settings.invalid", error);
    ck_assert_int_eq(strncmp(error.detail, "test.conf line 3: wait: ", 24), 0);
    sugu_assert_fails(read_text(&target, "listen\n", &error), SUGU_REFUSED, "settings.invalid",
                      error);
    ck_assert_int_eq(strncmp(error.detail, "test.conf line 1: ", 18), 0);
    sugu_assert_fails(read_text(&target, "wiat = 5\n", &error), SUGU_REFUSED, "settings.invalid",
                      error);
    ck_assert_ptr_nonnull(strstr(error.detail, "wiat: no such setting"));
}
END_TEST

START_TEST(the_end_of_a_long_line_is_not_taken_for_a_setting)
{
    struct target target;
    struct sugu_error error;
    char text[4000];

    memset(text, '#', sizeof text);
    snprintf(text + 2047, sizeof text - 2047, "loud = yes\n");
    sugu_settings_init(&program, &target);
    sugu_assert_fails(read_text(&target, text, &error), SUGU_REFUSED, "settings.invalid", error);
    ck_assert(!target.is_loud);
}
END_TEST

START_TEST(what_is_printed_can_be_read_again)
{
    struct target target, back;
    struct sugu_error error;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    memset(&target, 0, sizeof target);
    memset(&back, 0, sizeof back);
    sugu_settings_init(&program, &target);
    sugu_settings_init(&program, &back);
    sugu_assert_ok(read_text(&target, "listen = # no comment\nwait=-5\nloud=yes\nkey=k\n", &error),
                   error);
    sugu_settings_print(&program, &target, file);
    fclose(file);
    sugu_assert_ok(read_text(&back, text, &error), error);
    ck_assert_mem_eq(&target, &back, sizeof back);
    ck_assert_ptr_nonnull(strstr(text, "-5 to 60000 ms"));
    free(text);
}
END_TEST

/* A command line in a child: prints what came of it, for what does not end by itself. */
struct line {
    const char *words[12]; /* ended by NULL */
};

static void
start_program(void *argument)
{
    struct line *line = argument;
    struct target target;
    int count = 0, first;

    while (line->words[count])
        count++;
    first = sugu_program_start(&program, count, (char **)(uintptr_t)line->words, &target);
    printf("listen=%s wait=%d loud=%d key=%s first=%s\n", target.listen, (int)target.wait_ms,
           target.is_loud, target.key, first < count ? line->words[first] : "(none)");
}

static const struct sugu_child *
started(struct line line)
{
    sugu_child_run(start_program, &line, &child);
    return &child;
}

START_TEST(the_command_line_sets_each_kind_of_value)
{
    started((struct line){{"x", "--listen", "b", "--wait", "-3", "--loud", "--key", "k"}});
    ck_assert_str_eq(child.output, "listen=b wait=-3 loud=1 key=k first=(none)\n");
    started((struct line){{"x", "--loud", "no", "--loud", "yes", "rest"}});
    ck_assert_str_eq(child.output, "listen=tcp://x wait=500 loud=1 key= first=rest\n");
    started((struct line){{"x", "--loud", "rest", "--wait"}});
    ck_assert_str_eq(child.output, "listen=tcp://x wait=500 loud=1 key= first=rest\n");
    started((struct line){{"x", "--", "--wait"}});
    ck_assert_str_eq(child.output, "listen=tcp://x wait=500 loud=0 key= first=--wait\n");
}
END_TEST

START_TEST(the_command_line_wins_over_the_file_wherever_it_stands)
{
    char *folder = sugu_test_folder_new();
    char path[500];
    FILE *file;

    snprintf(path, sizeof path, "%s/test.conf", folder);
    file = fopen(path, "we");
    fputs("wait = 1\nlisten = file\n", file);
    fclose(file);
    started((struct line){{"x", "--wait", "2", "--settings", path}});
    ck_assert_str_eq(child.output, "listen=file wait=2 loud=0 key= first=(none)\n");
    started((struct line){{"x", "--settings", path, "--print-settings"}});
    ck_assert_int_eq(child.status, SUGU_EXIT_OK);
    ck_assert_ptr_nonnull(strstr(child.output, "\nwait = 1\n"));
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(help_lists_every_setting_with_range_and_default)
{
    started((struct line){{"x", "--help"}});
    ck_assert_int_eq(child.status, SUGU_EXIT_OK);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(settings); i++) {
        char option[64];
        snprintf(option, sizeof option, "--%s ", settings[i].name);
        ck_assert_msg(strstr(child.output, option) != NULL, "%s", option);
        ck_assert_ptr_nonnull(strstr(child.output, settings[i].help));
    }
    ck_assert_ptr_nonnull(strstr(child.output, "-5 to 60000 ms"));
    ck_assert_ptr_nonnull(strstr(child.output, "Default: 500."));
    ck_assert_ptr_nonnull(strstr(child.output, "Usage: sugu-test [OPTION]… [FILE]…"));
    started((struct line){{"x", "--version"}});
    ck_assert_int_eq(child.status, SUGU_EXIT_OK);
    ck_assert_str_eq(child.output, "sugu-test " SUGU_VERSION "\n");
}
END_TEST

START_TEST(each_kind_of_mistake_has_its_exit_status)
{
    static const struct {
        struct line line;
        int status;
        const char *said;
    } rows[] = {
        {{{"x", "--no-such", "1"}}, SUGU_EXIT_USAGE, "no-such"},
        {{{"x", "--wait"}}, SUGU_EXIT_USAGE, "needs a value"},
        {{{"x", "--settings"}}, SUGU_EXIT_USAGE, "needs a file"},
        {{{"x", "--wait", "soon"}}, SUGU_EXIT_SETTINGS, "-5 to 60000 ms"},
        {{{"x", "--settings", "/nonexistent/x.conf"}}, SUGU_EXIT_SETTINGS, "/nonexistent/x.conf"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        started(rows[i].line);
        ck_assert_msg(child.status == rows[i].status, "row %zu: %d %s", i, child.status,
                      child.errors);
        ck_assert_msg(strstr(child.errors, rows[i].said) != NULL, "row %zu: %s", i, child.errors);
        ck_assert_str_eq(child.output, "");
    }
}
END_TEST

static void
init_bad_default(void *argument)
{
    static const struct sugu_setting bad[] = {
        SUGU_SETTING_INT_ROW(struct target, wait_ms, "wait", 1, 5, "", "6", "Out of its range."),
    };
    struct sugu_program other = {.name = "sugu-bad", .settings = bad, .settings_count = 1};
    struct target target;

    (void)argument;
    sugu_settings_init(&other, &target);
}

START_TEST(a_default_out_of_range_is_a_bug_that_shows_at_once)
{
    sugu_child_run(init_bad_default, /* argument= */ NULL, &child);
    ck_assert_int_eq(child.signal, SIGABRT);
    ck_assert_ptr_nonnull(strstr(child.errors, "sugu-bad: default out of range: wait"));
}
END_TEST

SUGU_TEST_MAIN("settings",
               without_anything_the_defaults_are_in_force,
               a_text_that_is_needed_is_asked_for_by_name_and_purpose,
               each_value_is_taken_at_its_bounds_and_refused_past_them,
               a_refusal_says_the_range_and_the_unit,
               a_file_has_comments_blanks_and_values_with_equals_signs,
               a_mistake_in_a_file_is_told_with_file_and_line,
               the_end_of_a_long_line_is_not_taken_for_a_setting,
               what_is_printed_can_be_read_again,
               the_command_line_sets_each_kind_of_value,
               the_command_line_wins_over_the_file_wherever_it_stands,
               help_lists_every_setting_with_range_and_default,
               each_kind_of_mistake_has_its_exit_status,
               a_default_out_of_range_is_a_bug_that_shows_at_once)
