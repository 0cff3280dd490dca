/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-card-numbers - no card number that a terminal sends is kept, logged or told
 *
 * The emulated terminal puts a card number into every text of every answer; then the journal's
 * files, the log and every message to kiosk and server are searched for it.
 */
#include "unit/agent-world.h"

#include "testlib/checks.h"

#include "base/text.h"
#include "domain/card-number.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS_KEPT  4 /* the last ones */
#define WINDOW       8 /* digits of the number in a row that may stand nowhere */
#define HAY_SIZE_MAX 8000000

/* ---- card numbers */

/* A number of `count` digits whose check digit holds, as plain digits. */
static void
make_number(struct sugu_random *random, size_t count, char to[32])
{
    static const char first[] = "23456";

    to[0] = first[sugu_random_below(random, 5)];
    for (size_t i = 1; i < count; i++)
        to[i] = (char)('0' + sugu_random_below(random, 10));
    to[count] = '\0';
    for (int digit = 0; digit <= 9; digit++) {
        to[count - 1] = (char)('0' + digit);
        if (sugu_card_number_is_valid(to, count))
            return;
    }
}

/* The digits in groups of four with `between` between them. */
static void
group(const char *digits, const char *between, char to[64])
{
    *to = '\0';
    for (size_t i = 0; digits[i]; i++)
        snprintf(to + strlen(to), 64 - strlen(to), "%s%c", i && i % 4 == 0 ? between : "",
                 digits[i]);
}

/* ---- searching */

/* Does a part of the number stand there, blanks and dashes put aside? */
static bool
has_number(const char *hay, size_t size, const char *digits)
{
    size_t length = strlen(digits), run = 0;
    char *plain = malloc(size + 1);
    bool is_found = false;

    ck_assert_ptr_nonnull(plain);
    for (size_t i = 0; i < size; i++)
        if (hay[i] != ' ' && hay[i] != '-')
            plain[run++] = hay[i];
    for (size_t at = 0; at + WINDOW + DIGITS_KEPT <= length && !is_found; at++)
        is_found = memmem(plain, run, digits + at, WINDOW) != NULL;
    free(plain);
    return is_found;
}

static void
assert_not_in_file(const char *path, const char *digits)
{
    FILE *file = fopen(path, "re");
    char *hay = malloc(HAY_SIZE_MAX);
    size_t size;

    ck_assert_msg(file && hay, "%s", path);
    size = fread(hay, 1, HAY_SIZE_MAX, file);
    ck_assert_uint_lt(size, HAY_SIZE_MAX);
    ck_assert_msg(!has_number(hay, size, digits), "%s holds %s", path, digits);
    fclose(file);
    free(hay);
}

/* Journal, its log, the program's log, the wire: all lie in the world's folder. */
static void
assert_not_kept(const struct agent_world *world, const char *digits)
{
    DIR *folder = opendir(world->folder);
    const struct dirent *entry;
    unsigned files = 0;

    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder))) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", world->folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            assert_not_in_file(path, digits);
            files++;
        }
    }
    closedir(folder);
    ck_assert_uint_ge(files, 4);
}

/* ---- a day with that number */

/* From here on the log goes into the world's folder; the descriptor of what it was. */
static int
catch_log(const struct agent_world *world)
{
    char path[128];
    int was = dup(STDERR_FILENO), file;

    snprintf(path, sizeof path, "%s/log", world->folder);
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ck_assert(was >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    close(file);
    return was;
}

static void
release_log(int was)
{
    fflush(stderr);
    ck_assert_int_ge(dup2(was, STDERR_FILENO), 0);
    close(was);
}

static void
begin_wire(struct agent_world *world)
{
    char path[128];

    snprintf(path, sizeof path, "%s/wire", world->folder);
    world->wire = fopen(path, "we");
    ck_assert_ptr_nonnull(world->wire);
}

/* Every kind of deed and of answer: approved, refused, repeated, busy, out of order. */
static void
live_through(struct agent_world *world, const char *number)
{
    static const char *const faults[] = {"",
                                         "drop-response",
                                         "decline Refusal",
                                         "decline MessageFormat",
                                         "decline SomethingNew",
                                         "partial 100",
                                         "no-amount",
                                         "garbage"};
    char command[160];

    snprintf(command, sizeof command, "pan %s", number);
    sugu_scripted_terminal_command(world->terminal, command);
    snprintf(command, sizeof command, "token %s", number);
    sugu_scripted_terminal_command(world->terminal, command);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        agent_world_run_until_offered(world);
        sugu_scripted_terminal_command(world->terminal, faults[i]);
        agent_world_pay(world, (uint8_t)(1 + i), (uint8_t)(100 + i));
        ck_assert_msg(agent_world_run_until_final(world, 60), "%s", faults[i]);
        if (world->state == SUGU_ATTEMPT_APPROVED) {
            agent_world_order_refund(world, (uint8_t)(50 + i), &world->attempt, 50);
            agent_world_run(world, 30);
        }
    }
    agent_world_run_until_offered(world);
    agent_world_register_card(world, 40, 140);
    ck_assert(agent_world_run_until_final(world, 60));
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_DECLINED); /* a number is no token */
    snprintf(command, sizeof command, "diagnosis %s", number);
    sugu_scripted_terminal_command(world->terminal, command);
    agent_world_run(world, 60);
    sugu_scripted_terminal_command(world->terminal, "reset");
    agent_world_run(world, 60);
}

static void
live_with(struct sugu_random *random, size_t digits_count, const char *between)
{
    struct agent_world world;
    char digits[32], number[64];
    int log;

    agent_world_init(&world);
    log = catch_log(&world);
    begin_wire(&world);
    make_number(random, digits_count, digits);
    group(digits, between, number);
    live_through(&world, number);
    fclose(world.wire);
    release_log(log);
    assert_not_kept(&world, digits);
    agent_world_check_money(&world);
    world.wire = NULL;
    agent_world_done(&world);
}

START_TEST(no_card_number_is_kept_logged_or_told)
{
    static const char *const between[] = {"", " ", "-"};
    struct sugu_random_seeded random;

    sugu_random_seeded_init(&random, (uint64_t)_i);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(between); i++)
        live_with(&random.random, (size_t)_i, between[i]);
}
END_TEST

/* The search would find one. */
START_TEST(the_search_finds_numbers)
{
    ck_assert(has_number("x5413330089099999y", 18, "5413330089099999"));
    ck_assert(has_number("x5413 3300-8909 9999", 20, "5413330089099999"));
    ck_assert(has_number("5413330089**", 12, "5413330089099999"));
    ck_assert(!has_number("************9999", 16, "5413330089099999"));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("payment-card-numbers");
    TCase *tcase = tcase_create("payment-card-numbers");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_search_finds_numbers);
    tcase_add_loop_test(tcase, no_card_number_is_kept_logged_or_told, SUGU_CARD_NUMBER_DIGITS_MIN,
                        SUGU_CARD_NUMBER_DIGITS_MAX + 1);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
