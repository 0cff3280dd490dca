/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insurance-world - the real sugu-insurance between a small queue server and the emulated terminal
 */
#include "insurance-world.h"

#include "base/files.h"

#include <zmq.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PERSON                                                                                     \
    "people add insurer=06130488 symbol=77120934 number=0034567 branch=01 birth=19700401 "         \
    "name=髙﨑　太郎 kana=ﾀｶｻｷ ratio=030 qualified=20200401 until=20270331 limit=A03"

/* ---- the small queue server */

static void
fill_order(const struct sugu_asked_slot *slot, Sugu__EligibilityOrder *order)
{
    sugu__eligibility_order__init(order);
    order->eligibility = sugu_id_field(&slot->eligibility);
    order->insurer_number = (char *)slot->insurer;
    order->symbol = (char *)"77120934";
    order->number = (char *)"0034567";
    order->branch = (char *)slot->branch;
    order->birth_date = 19700401;
    order->confirm_date = 20261122;
}

static void
reply_open_work(struct sugu_insurance_world *world, const struct sugu_asker *asker)
{
    Sugu__EligibilityOrder orders[SUGU_WORLD_ORDERS_MAX], *pointers[SUGU_WORLD_ORDERS_MAX];
    Sugu__OpenWork work = SUGU__OPEN_WORK__INIT;
    Sugu__Reply reply = SUGU__REPLY__INIT;

    for (size_t i = 0; i < world->count; i++) {
        if (world->slots[i].answer && !world->lists_answered)
            continue;
        fill_order(&world->slots[i], &orders[work.n_eligibilities]);
        pointers[work.n_eligibilities] = &orders[work.n_eligibilities];
        work.n_eligibilities++;
    }
    work.eligibilities = pointers;
    reply.body_case = SUGU__REPLY__BODY_OPEN_WORK;
    reply.open_work = &work;
    world->open_work_asked++;
    sugu_service_reply(world->service, asker, &reply);
}

/* The same id has to carry the same answer, as the real server insists. */
static void
take_answer(struct sugu_insurance_world *world,
            const struct sugu_asker *asker,
            const Sugu__AnswerEligibility *answer)
{
    struct sugu_id about = sugu_id_of(&answer->eligibility);

    for (size_t i = 0; i < world->count; i++) {
        struct sugu_asked_slot *slot = &world->slots[i];
        if (!sugu_id_equal(&slot->eligibility, &about))
            continue;
        slot->answers++;
        if (slot->answer) {
            ck_assert(sugu_id_equal(&slot->answer_id, &asker->request));
            ck_assert_int_eq(slot->answer->outcome, answer->outcome);
            ck_assert_str_eq(slot->answer->code, answer->code);
            ck_assert_str_eq(slot->answer->evidence, answer->evidence);
            return;
        }
        slot->answer_id = asker->request;
        slot->answer = (Sugu__AnswerEligibility *)sugu_message_copy(&answer->base);
        return;
    }
    ck_abort_msg("an answer about nobody");
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct sugu_insurance_world *world = user;
    struct sugu_error ok = {.status = SUGU_OK, .code = ""};

    if (request->body_case == SUGU__REQUEST__BODY_GET_OPEN_WORK) {
        reply_open_work(world, asker);
        return;
    }
    ck_assert_int_eq(request->body_case, SUGU__REQUEST__BODY_ANSWER_ELIGIBILITY);
    take_answer(world, asker, request->answer_eligibility);
    if (!world->withholds_replies)
        sugu_service_reply_error(world->service, asker, &ok);
}

void
sugu_insurance_world_open_server(struct sugu_insurance_world *world)
{
    struct sugu_service_callbacks callbacks = {.on_request = on_request, .user = world};
    struct sugu_error error;

    sugu_assert_ok(sugu_service_new(world->context, world->endpoint, &callbacks, world->clock,
                                    &world->service, &error),
                   error);
}

/* ---- the program */

void
sugu_insurance_world_exec(const struct sugu_insurance_world *world, const char *institution)
{
    char state[96], kept[96];
    int log = open(world->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(log, STDERR_FILENO);
    dup2(log, STDOUT_FILENO);
    snprintf(state, sizeof state, "%s/state", world->folder);
    snprintf(kept, sizeof kept, "%s/kept", world->folder);
    setenv("SUGU_DEBUG", "1", 1);
    execl(SUGU_INSURANCE, SUGU_INSURANCE, "--server", world->endpoint, "--facility", "1",
          "--state-folder", state, "--oqs-folder", world->oqs, "--set-aside-folder", kept,
          "--institution-code", institution, "--answer-wait-s", "2", "--scan-ms", "50",
          "--stable-ms", "20", (char *)NULL);
    _exit(127);
}

void
sugu_insurance_world_start(struct sugu_insurance_world *world)
{
    world->program = fork();
    ck_assert_int_ge(world->program, 0);
    if (world->program == 0)
        sugu_insurance_world_exec(world, "0110113719");
}

int
sugu_insurance_world_end(struct sugu_insurance_world *world, int signal)
{
    int status = 0;

    ck_assert_int_eq(kill(world->program, signal), 0);
    ck_assert_int_eq(waitpid(world->program, &status, 0), world->program);
    world->program = 0;
    return status;
}

/* ---- the world */

void
sugu_insurance_world_turn(struct sugu_insurance_world *world)
{
    struct pollfd files[] = {
        {.fd = world->service ? sugu_service_fd(world->service) : -1, .events = POLLIN},
        {.fd = sugu_qualification_terminal_fd(world->terminal), .events = POLLIN},
    };
    int64_t due = sugu_qualification_terminal_due_us(world->terminal);

    if (world->service && sugu_service_due_us(world->service) < due)
        due = sugu_service_due_us(world->service);
    if (due > 20 * SUGU_MS)
        due = 20 * SUGU_MS; /* files that the program moves wake nobody */
    poll(files, SUGU_ARRAY_SIZE(files), (int)((due + SUGU_MS - 1) / SUGU_MS));
    if (world->service)
        sugu_service_step(world->service);
    sugu_qualification_terminal_step(world->terminal);
}

void
sugu_insurance_world_command(struct sugu_insurance_world *world, const char *line)
{
    char reply[256];

    ck_assert_msg(sugu_qualification_terminal_command(world->terminal, line, reply, sizeof reply),
                  "%s: %s", line, reply);
}

void
sugu_insurance_world_init(struct sugu_insurance_world *world)
{
    *world = (struct sugu_insurance_world){.folder = "/tmp/sugu-insurance-XXXXXX",
                                           .clock = sugu_clock_system()};
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->oqs, sizeof world->oqs, "%s/oqs", world->folder);
    snprintf(world->log, sizeof world->log, "%s/log", world->folder);
    snprintf(world->endpoint, sizeof world->endpoint, "ipc://%s/queue", world->folder);
    world->context = zmq_ctx_new();
    world->terminal =
        sugu_qualification_terminal_new(world->oqs, "0110113719", sugu_clock_system());
    ck_assert_ptr_nonnull(world->terminal);
    sugu_insurance_world_command(world, PERSON);
    sugu_insurance_world_open_server(world);
    sugu_insurance_world_start(world);
    SUGU_WAIT_FOR(world, world->open_work_asked > 0);
}

bool
sugu_insurance_world_has(const struct sugu_insurance_world *world, const char *name)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    return access(path, F_OK) == 0;
}

int
sugu_insurance_world_count(const struct sugu_insurance_world *world, const char *folder)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    int count = 0;
    DIR *files;

    snprintf(path, sizeof path, "%s/%s", world->folder, folder);
    files = opendir(path);
    while (files && (entry = readdir(files)))
        count += entry->d_name[0] != '.';
    if (files)
        closedir(files);
    return count;
}

/* Neither the person's name nor any number of the certificate stands in this file. */
static void
check_nothing_personal(const char *path)
{
    static const char *const secrets[] = {"髙﨑",     "太郎",    "ﾀｶｻｷ",    "06130488",
                                          "77120934", "0034567", "19700401"};
    struct sugu_error error;
    uint8_t *text;
    size_t size;

    sugu_assert_ok(sugu_file_read(path, 1 << 20, &text, &size, &error), error);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(secrets); i++)
        ck_assert_msg(!strstr((char *)text, secrets[i]), "%s says %s", path, secrets[i]);
    free(text);
}

static void
check_explanations(const struct sugu_insurance_world *world)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *files;

    snprintf(path, sizeof path, "%s/kept/aside", world->folder);
    files = opendir(path);
    ck_assert_ptr_nonnull(files);
    while ((entry = readdir(files))) {
        if (!strstr(entry->d_name, ".txt"))
            continue;
        snprintf(path, sizeof path, "%s/kept/aside/%s", world->folder, entry->d_name);
        check_nothing_personal(path);
    }
    closedir(files);
}

/* Every test ends here, so every test checks the log and the clean end. */
void
sugu_insurance_world_done(struct sugu_insurance_world *world)
{
    char line[128];

    if (world->program) {
        int status = sugu_insurance_world_end(world, SIGTERM);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
    }
    check_nothing_personal(world->log);
    check_explanations(world);
    ck_assert_uint_eq(sugu_qualification_terminal_wrong(world->terminal), 0);
    for (size_t i = 0; i < world->count; i++)
        if (world->slots[i].answer)
            sugu__answer_eligibility__free_unpacked(world->slots[i].answer, NULL);
    sugu_service_free(world->service);
    sugu_qualification_terminal_free(world->terminal);
    zmq_ctx_term(world->context);
    snprintf(line, sizeof line, "rm -rf '%s'", world->folder);
    ck_assert_int_eq(system(line), 0);
}

struct sugu_asked_slot *
sugu_insurance_world_add(struct sugu_insurance_world *world)
{
    struct sugu_asked_slot *slot = &world->slots[world->count++];

    ck_assert_uint_le(world->count, SUGU_WORLD_ORDERS_MAX);
    slot->eligibility = sugu_id_new(world->clock, sugu_random_system());
    strncpy(slot->branch, "01", sizeof slot->branch);
    strncpy(slot->insurer, "06130488", sizeof slot->insurer);
    return slot;
}

void
sugu_insurance_world_publish(struct sugu_insurance_world *world, const struct sugu_asked_slot *slot)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__EligibilityOrder order;

    fill_order(slot, &order);
    event.body_case = SUGU__EVENT__BODY_ELIGIBILITY_ASKED;
    event.eligibility_asked = &order;
    sugu_service_publish(world->service, &event);
}

struct sugu_asked_slot *
sugu_insurance_world_ask(struct sugu_insurance_world *world)
{
    struct sugu_asked_slot *slot = sugu_insurance_world_add(world);

    sugu_insurance_world_publish(world, slot);
    return slot;
}
