/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-insurance - the real sugu-insurance through every fault of the terminal, and killed
 *
 * Each fault leads to the right outcome and code and to a file set aside; a kill between any two
 * steps leads to one request and one verdict; the log never says who.
 */
#include "insurance-world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(a_patient_is_verified_in_both_encodings)
{
    static const char *const encodings[] = {"encoding shift_jis", "encoding utf-8"};
    struct sugu_insurance_world world;

    sugu_insurance_world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(encodings); i++) {
        struct sugu_asked_slot *slot;
        sugu_insurance_world_command(&world, encodings[i]);
        slot = sugu_insurance_world_ask(&world);
        SUGU_WAIT_FOR(&world, slot->answer);
        ck_assert_int_eq(slot->answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
        ck_assert_str_eq(slot->answer->code, "");
        ck_assert_str_eq(slot->answer->insurer_number, "06130488");
        ck_assert_str_eq(slot->answer->symbol, "77120934");
        ck_assert_str_eq(slot->answer->number, "0034567");
        ck_assert_str_eq(slot->answer->branch, "01");
        ck_assert_uint_eq(slot->answer->ratio_percent, 30);
        ck_assert_uint_eq(slot->answer->valid_from, 20200401);
        ck_assert_uint_eq(slot->answer->valid_until, 20270331);
        ck_assert_str_eq(slot->answer->limit_class, ""); /* nobody consented */
        ck_assert_ptr_nonnull(strstr(slot->answer->evidence, "done/OQSsiquc01res_"));
    }
    SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "kept/done") == 2);
    ck_assert_int_eq(sugu_insurance_world_count(&world, "oqs/res"), 0);
    ck_assert_int_eq(sugu_insurance_world_count(&world, "kept/aside"), 0);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(a_branch_that_was_not_on_file_is_a_change)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;

    sugu_insurance_world_init(&world);
    slot = sugu_insurance_world_add(&world);
    slot->branch[0] = '\0';
    sugu_insurance_world_publish(&world, slot);
    SUGU_WAIT_FOR(&world, slot->answer);
    ck_assert_int_eq(slot->answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE);
    ck_assert_str_eq(slot->answer->branch, "01");
    sugu_insurance_world_done(&world);
}
END_TEST

#define NOT_NOW SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW
#define INVALID SUGU__ELIGIBILITY_OUTCOME__INVALID
#define BAD     "eligibility.bad-answer"
static const struct {
    const char *fault;
    Sugu__EligibilityOutcome outcome;
    const char *code;
    const char *kept; /* folder of the file; "" = there is no answer when the verdict is given */
} fault_rows[] = {
    {"none", SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "", "done"},
    {"no-answer", NOT_NOW, "eligibility.no-answer", ""},
    {"half-written", NOT_NOW, BAD, "aside"},
    {"pause", SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "", "done"},
    {"wrong-institution", NOT_NOW, BAD, "aside"},
    {"several", NOT_NOW, "eligibility.several", "aside"},
    {"not-found", SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND, "eligibility.not-found", "aside"},
    {"newer", INVALID, "eligibility.newer-exists", "aside"},
    {"invalid", INVALID, "eligibility.invalid", "aside"},
    {"unregistered", NOT_NOW, "eligibility.unregistered", "aside"},
    {"status-error", NOT_NOW, "eligibility.terminal-error", "aside"},
    {"segment-error", NOT_NOW, "eligibility.terminal-error", "aside"},
    {"processing", NOT_NOW, "eligibility.terminal-error", "aside"},
    {"dtd", NOT_NOW, BAD, "aside"},
    {"bomb", NOT_NOW, BAD, "aside"},
    {"large", NOT_NOW, BAD, "aside"},
    {"wrong-identifier", NOT_NOW, BAD, "aside"},
    {"birth-differs", NOT_NOW, BAD, "aside"},
    {"changed", SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE, "", "done"},
    {"garbage", NOT_NOW, BAD, "aside"},
};

START_TEST(each_fault_leads_to_its_outcome_and_the_file_to_its_folder)
{
    struct sugu_insurance_world world;

    sugu_insurance_world_init(&world);
    sugu_insurance_world_command(
        &world, "pause-ms 100"); /* several readings long, and shorter than twelve */
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(fault_rows); i++) {
        char line[64], file[128];
        struct sugu_asked_slot *slot;
        snprintf(line, sizeof line, "fault %s", fault_rows[i].fault);
        sugu_insurance_world_command(&world, line);
        slot = sugu_insurance_world_ask(&world);
        SUGU_WAIT_FOR(&world, slot->answer);
        ck_assert_msg(slot->answer->outcome == fault_rows[i].outcome, "%s: outcome %d",
                      fault_rows[i].fault, (int)slot->answer->outcome);
        ck_assert_msg(strcmp(slot->answer->code, fault_rows[i].code) == 0, "%s: %s",
                      fault_rows[i].fault, slot->answer->code);
        if (!*fault_rows[i].kept) {
            ck_assert_str_eq(slot->answer->evidence, "");
            continue;
        }
        ck_assert_msg(
            strncmp(slot->answer->evidence, fault_rows[i].kept, strlen(fault_rows[i].kept)) == 0,
            "%s: %s", fault_rows[i].fault, slot->answer->evidence);
        snprintf(file, sizeof file, "kept/%s", slot->answer->evidence);
        SUGU_WAIT_FOR(&world, sugu_insurance_world_has(&world, file));
        if (strcmp(fault_rows[i].kept, "aside") == 0) {
            strncat(file, ".txt", sizeof file - strlen(file) - 1);
            SUGU_WAIT_FOR(&world, sugu_insurance_world_has(&world, file));
        }
    }
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal),
                      SUGU_ARRAY_SIZE(fault_rows));
    ck_assert_int_eq(sugu_insurance_world_count(&world, "oqs/res"), 0);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(a_late_and_a_second_answer_are_set_aside_and_change_nothing)
{
    static const char *const faults[] = {"fault late", "fault twice"};
    static const char *const codes[] = {"eligibility.no-answer", ""};
    struct sugu_insurance_world world;

    sugu_insurance_world_init(&world);
    sugu_insurance_world_command(&world, "late-ms 2500");
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        struct sugu_asked_slot *slot;
        sugu_insurance_world_command(&world, faults[i]);
        slot = sugu_insurance_world_ask(&world);
        SUGU_WAIT_FOR(&world, slot->answer);
        ck_assert_str_eq(slot->answer->code, codes[i]);
        SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "kept/aside") == 2 * (int)(i + 1));
        ck_assert_int_eq(slot->answers, 1);
    }
    ck_assert_int_eq(sugu_insurance_world_count(&world, "oqs/res"), 0);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(an_impossible_number_on_file_is_never_sent_to_the_terminal)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;

    sugu_insurance_world_init(&world);
    slot = sugu_insurance_world_add(&world);
    slot->insurer[7] = '9';
    sugu_insurance_world_publish(&world, slot);
    SUGU_WAIT_FOR(&world, slot->answer);
    ck_assert_int_eq(slot->answer->outcome, NOT_NOW);
    ck_assert_str_eq(slot->answer->code, "eligibility.number-invalid");
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), 0);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(thirty_patients_at_once_get_thirty_verdicts)
{
    struct sugu_insurance_world world;

    sugu_insurance_world_init(&world);
    for (int i = 0; i < 30; i++)
        sugu_insurance_world_ask(&world);
    for (size_t i = 0; i < world.count; i++) {
        SUGU_WAIT_FOR(&world, world.slots[i].answer);
        ck_assert_int_eq(world.slots[i].answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
        ck_assert_int_eq(world.slots[i].answers, 1);
    }
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), 30);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(killed_while_the_terminal_thinks_it_asks_once_and_takes_the_answer)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;

    sugu_insurance_world_init(&world);
    sugu_insurance_world_command(&world, "delay-ms 300");
    slot = sugu_insurance_world_ask(&world);
    SUGU_WAIT_FOR(&world, sugu_qualification_terminal_asked(world.terminal) == 1);
    sugu_insurance_world_end(&world, SIGKILL);
    sugu_insurance_world_start(&world);
    SUGU_WAIT_FOR(&world, slot->answer);
    ck_assert_int_eq(slot->answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), 1);
    SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "kept/done") == 1);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(an_answer_written_while_the_program_is_dead_is_taken)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;

    sugu_insurance_world_init(&world);
    slot = sugu_insurance_world_ask(&world);
    sugu_insurance_world_command(&world, "delay-ms 100");
    SUGU_WAIT_FOR(&world, sugu_qualification_terminal_asked(world.terminal) == 1);
    sugu_insurance_world_end(&world, SIGKILL);
    SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "oqs/res") == 1);
    sugu_insurance_world_start(&world);
    SUGU_WAIT_FOR(&world, slot->answer);
    ck_assert_int_eq(slot->answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), 1);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(killed_before_the_server_replied_it_says_the_same_again)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;

    sugu_insurance_world_init(&world);
    world.withholds_replies = true;
    slot = sugu_insurance_world_ask(&world);
    SUGU_WAIT_FOR(&world, slot->answers == 1);
    sugu_insurance_world_end(&world, SIGKILL);
    world.withholds_replies = false;
    sugu_insurance_world_start(&world);
    SUGU_WAIT_FOR(&world, slot->answers >= 2); /* take_answer holds it against the first one */
    SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "state/requests") == 0);
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), 1);
    SUGU_WAIT_FOR(&world, sugu_insurance_world_count(&world, "oqs/res") == 0);
    sugu_insurance_world_done(&world);
}
END_TEST

/* clang links its sanitizer's own rename and unlink into the program, before all preloaded ones. */
#if defined(__clang__)
#define CAN_PRELOAD (!__has_feature(address_sanitizer))
#else
#define CAN_PRELOAD true
#endif

/* Did the program die by itself? Then it is waited for. */
static bool
has_died(struct sugu_insurance_world *world)
{
    int status;

    if (waitpid(world->program, &status, WNOHANG) != world->program)
        return false;
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return true;
}

/* One life that ends just before its `at`th durable step, and the next one. False: it outlived. */
static bool
live_and_die(struct sugu_insurance_world *world, int at)
{
    char number[12], sanitizer[4096];
    struct sugu_asked_slot *slot;
    bool died = false;

    sugu_insurance_world_end(world, SIGTERM);
    snprintf(number, sizeof number, "%d", at);
    setenv("SUGU_KILL_AT", number, 1);
    setenv("LD_PRELOAD", KILL_AT_CALL, 1);
    snprintf(sanitizer, sizeof sanitizer, "%s:verify_asan_link_order=0",
             getenv("ASAN_OPTIONS") ? getenv("ASAN_OPTIONS") : "");
    setenv("ASAN_OPTIONS", sanitizer, 1);
    sugu_insurance_world_start(world);
    unsetenv("LD_PRELOAD");
    slot = sugu_insurance_world_ask(world);
    SUGU_WAIT_FOR(world,
                  (died = has_died(world)) ||
                      (slot->answer && sugu_insurance_world_count(world, "state/requests") == 0));
    if (died)
        sugu_insurance_world_start(world);
    SUGU_WAIT_FOR(world, slot->answer && sugu_insurance_world_count(world, "state/requests") == 0);
    return died;
}

START_TEST(killed_between_any_two_steps_there_is_one_request_and_one_verdict)
{
    struct sugu_insurance_world world;
    unsigned verified = 0;
    int at = 0;

    if (!CAN_PRELOAD)
        return;
    sugu_insurance_world_init(&world);
    world.lists_answered = true;
    while (live_and_die(&world, ++at))
        verified +=
            world.slots[world.count - 1].answer->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED;
    /* The steps: name, note, request, its temporary name, verdict, answer away, note, verdict away
     */
    ck_assert_int_ge(at, 8);
    /* Between its note and the request nobody knows whether it was written: then there was no
     * answer. Everywhere else the patient is verified, and nothing is asked twice. */
    ck_assert_uint_eq(verified, (unsigned)at - 2);
    ck_assert_uint_eq(sugu_qualification_terminal_asked(world.terminal), (unsigned)at - 1);
    for (size_t i = 0; i < world.count; i++)
        ck_assert(world.slots[i].answer->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED ||
                  strcmp(world.slots[i].answer->code, "eligibility.no-answer") == 0);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(what_was_asked_while_the_server_was_away_is_found_in_the_open_work)
{
    struct sugu_insurance_world world;
    struct sugu_asked_slot *slot;
    int asked;

    sugu_insurance_world_init(&world);
    world.service = sugu_service_free(world.service);
    slot = sugu_insurance_world_add(&world); /* no event ever tells of it */
    asked = world.open_work_asked;
    sugu_insurance_world_open_server(&world);
    SUGU_WAIT_FOR(&world, world.open_work_asked > asked);
    SUGU_WAIT_FOR(&world, slot->answer);
    ck_assert_int_eq(slot->answer->outcome, SUGU__ELIGIBILITY_OUTCOME__VERIFIED);
    sugu_insurance_world_done(&world);
}
END_TEST

START_TEST(a_wrong_setting_ends_the_program_with_its_own_status)
{
    struct sugu_insurance_world world;
    int status;

    sugu_insurance_world_init(&world);
    sugu_insurance_world_end(&world, SIGTERM);
    world.program = fork();
    if (world.program == 0)
        sugu_insurance_world_exec(&world, "0110113710");
    ck_assert_int_eq(waitpid(world.program, &status, 0), world.program);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 78);
    snprintf(world.oqs, sizeof world.oqs, "%s/nothing", world.folder);
    world.program = fork();
    if (world.program == 0)
        sugu_insurance_world_exec(&world, "0110113719");
    ck_assert_int_eq(waitpid(world.program, &status, 0), world.program);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 73);
    world.program = 0;
    sugu_insurance_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("insurance",
                       60,
                       a_patient_is_verified_in_both_encodings,
                       a_branch_that_was_not_on_file_is_a_change,
                       each_fault_leads_to_its_outcome_and_the_file_to_its_folder,
                       a_late_and_a_second_answer_are_set_aside_and_change_nothing,
                       an_impossible_number_on_file_is_never_sent_to_the_terminal,
                       thirty_patients_at_once_get_thirty_verdicts,
                       killed_while_the_terminal_thinks_it_asks_once_and_takes_the_answer,
                       an_answer_written_while_the_program_is_dead_is_taken,
                       killed_before_the_server_replied_it_says_the_same_again,
                       killed_between_any_two_steps_there_is_one_request_and_one_verdict,
                       what_was_asked_while_the_server_was_away_is_found_in_the_open_work,
                       a_wrong_setting_ends_the_program_with_its_own_status)
