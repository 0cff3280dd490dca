/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-fee - the real sugu-fee against a small queue server
 *
 * The server's side is a sugu_service on ipc:// in this process: it keeps the open work, answers a
 * request id with the same reply for ever, and gives a bill its revisions, as the real one does.
 * What the program does is seen by its requests, its posting files, its log and its exit status.
 */
#include "client/service.h"
#include "fee/derived-id.h"
#include "fee/posting.h"

#include "testlib/checks.h"

#include "base/files.h"

#include <zmq.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TODAY       20261122
#define DEADLINE_US (20 * SUGU_SECOND)
#define SEEN_MAX    64

/* One request that changed something, in the order of arrival; repeats are counted, not listed. */
struct seen {
    struct sugu_id request, bill;
    Sugu__Request__BodyCase what;
    uint32_t acts_version, revision;
    uint32_t points, line_count;
    int64_t copay_yen, self_pay_yen, total_yen;
    char first_name[SUGU_BILL_NAME_SIZE];
    char code[65], act_codes[200]; /* of a report */
    bool is_refused;
    int repeats;
};

struct world {
    char folder[64], postings[128], state[128], log[128], endpoint[160];
    void *zmq;
    struct sugu_service *service;
    pid_t child;
    /* what the server knows */
    struct seen seen[SEEN_MAX];
    size_t seen_count;
    uint32_t revision; /* of the one bill */
    bool has_charge, has_posting;
    Sugu__ChargeOrder charge;
    Sugu__PostingOrder posting;
    struct sugu_id visit, bill;
    int asked; /* GetOpenWork */
    int listeners;
    /* what the test wants of it */
    bool is_silent;  /* to confirmations */
    int refuse_next; /* announcements */
};

/* ---- the server's side */

static struct seen *
find_seen(struct world *world, const struct sugu_id *request)
{
    for (size_t i = 0; i < world->seen_count; i++)
        if (sugu_id_equal(&world->seen[i].request, request))
            return &world->seen[i];
    return NULL;
}

static void
reply_open_work(struct world *world, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__OpenWork work = SUGU__OPEN_WORK__INIT;
    Sugu__ChargeOrder *charges[] = {&world->charge};
    Sugu__PostingOrder *postings[] = {&world->posting};

    world->asked++;
    work.n_charges = world->has_charge;
    work.charges = charges;
    work.n_postings = world->has_posting;
    work.postings = postings;
    reply.body_case = SUGU__REPLY__BODY_OPEN_WORK;
    reply.open_work = &work;
    sugu_service_reply(world->service, asker, &reply);
}

static void
note_bill(struct world *world, struct seen *seen, const Sugu__AnnounceBill *announce)
{
    const Sugu__Bill *bill = announce->bill;

    seen->bill = sugu_id_of(&bill->bill);
    seen->acts_version = announce->acts_version;
    seen->points = bill->total_points;
    seen->copay_yen = bill->copay_yen;
    seen->self_pay_yen = bill->self_pay_yen;
    seen->total_yen = bill->total_yen;
    seen->line_count = (uint32_t)bill->n_lines;
    if (bill->n_lines > 0)
        snprintf(seen->first_name, sizeof seen->first_name, "%s", bill->lines[0]->name);
    if (world->refuse_next > 0) {
        world->refuse_next--;
        seen->is_refused = true;
        return;
    }
    seen->revision = ++world->revision;
    if (world->charge.acts_version == seen->acts_version)
        world->has_charge = false;
}

static void
reply_to(struct world *world, const struct sugu_asker *asker, const struct seen *seen)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__BillAccepted accepted = SUGU__BILL_ACCEPTED__INIT;

    if (seen->is_refused) {
        reply.status = SUGU__STATUS__REFUSED;
        reply.code = (char *)"bill.not-allowed";
    } else if (seen->what == SUGU__REQUEST__BODY_ANNOUNCE_BILL) {
        accepted.bill = sugu_id_field(&seen->bill);
        accepted.revision = seen->revision;
        reply.body_case = SUGU__REPLY__BODY_BILL_ACCEPTED;
        reply.bill_accepted = &accepted;
    }
    sugu_service_reply(world->service, asker, &reply);
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct world *world = user;
    struct seen *seen;

    if (request->body_case == SUGU__REQUEST__BODY_GET_OPEN_WORK) {
        reply_open_work(world, asker);
        return;
    }
    seen = find_seen(world, &asker->request);
    if (seen) {
        seen->repeats++;
    } else {
        ck_assert_uint_lt(world->seen_count, SEEN_MAX);
        seen = &world->seen[world->seen_count++];
        *seen = (struct seen){.request = asker->request, .what = request->body_case};
        if (request->body_case == SUGU__REQUEST__BODY_ANNOUNCE_BILL) {
            note_bill(world, seen, request->announce_bill);
        } else if (request->body_case == SUGU__REQUEST__BODY_REPORT_CHARGE) {
            seen->acts_version = request->report_charge->acts_version;
            snprintf(seen->code, sizeof seen->code, "%s", request->report_charge->code);
            snprintf(seen->act_codes, sizeof seen->act_codes, "%s",
                     request->report_charge->act_codes);
        } else {
            ck_assert_int_eq(request->body_case, SUGU__REQUEST__BODY_CONFIRM_POSTING);
            seen->bill = sugu_id_of(&request->confirm_posting->bill);
            seen->revision = request->confirm_posting->revision;
        }
    }
    if (seen->what == SUGU__REQUEST__BODY_CONFIRM_POSTING) {
        if (world->is_silent)
            return;
        world->has_posting = false;
    }
    reply_to(world, asker, seen);
}

static void
on_listener(void *user)
{
    ((struct world *)user)->listeners++;
}

/* ---- the world */

static struct world *
new_world(void)
{
    struct world *world = calloc(1, sizeof *world);
    struct sugu_service_callbacks callbacks = {
        .on_request = on_request, .on_listener = on_listener, .user = world};
    struct sugu_error error;

    ck_assert_ptr_nonnull(world);
    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-fee-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->postings, sizeof world->postings, "%s/postings", world->folder);
    snprintf(world->state, sizeof world->state, "%s/state", world->folder);
    snprintf(world->log, sizeof world->log, "%s/log", world->folder);
    snprintf(world->endpoint, sizeof world->endpoint, "ipc://%s/server", world->folder);
    world->visit = (struct sugu_id){.bytes = {0x01, 0x93, 0x4f, 0x10, [6] = 0x70, [8] = 0x80}};
    world->bill = sugu_id_derive(&world->visit, SUGU_DERIVED_BILL, 0, 0);
    sugu__charge_order__init(&world->charge);
    sugu__posting_order__init(&world->posting);
    world->zmq = zmq_ctx_new();
    sugu_assert_ok(sugu_service_new(world->zmq, world->endpoint, &callbacks, sugu_clock_system(),
                                    &world->service, &error),
                   error);
    return world;
}

static void
remove_tree(const char *path)
{
    DIR *files = opendir(path);
    struct dirent *entry;

    while (files && (entry = readdir(files))) {
        char inner[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        remove_tree(inner);
    }
    if (files)
        closedir(files);
    remove(path);
}

static void
free_world(struct world *world)
{
    ck_assert_int_eq(world->child, 0); /* each test ends its program itself */
    sugu_service_free(world->service);
    zmq_ctx_term(world->zmq);
    remove_tree(world->folder);
    free(world);
}

static const char *
sample(void)
{
    return SUGU_SOURCE_ROOT "/assets/fee/acts-sample.csv";
}

static void
exec_program(const struct world *world, const char *master)
{
    char own[] = SUGU_SOURCE_ROOT "/assets/fee/own-prices-sample.csv";
    int log = open(world->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nothing running */
    dup2(log, STDERR_FILENO);
    execl(SUGU_FEE, SUGU_FEE, "--server", world->endpoint, "--facility", "7", "--state-folder",
          world->state, "--postings-folder", world->postings, "--master", master, "--own-prices",
          own, "--poll-interval", "1", (char *)NULL);
    _exit(127);
}

static void
start_program(struct world *world, const char *master)
{
    world->child = fork();
    ck_assert_int_ge(world->child, 0);
    if (world->child == 0)
        exec_program(world, master);
}

/* Waits for its end; the exit status, or minus the signal. */
static int
reap(struct world *world)
{
    int status;

    ck_assert_int_eq(waitpid(world->child, &status, 0), world->child);
    world->child = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
end_program(struct world *world)
{
    kill(world->child, SIGTERM);
    ck_assert_int_eq(reap(world), 0);
}

static void
kill_program(struct world *world)
{
    kill(world->child, SIGKILL);
    ck_assert_int_eq(reap(world), -SIGKILL);
}

/* Steps the server until the condition holds. */
#define WAIT_FOR(world, condition)                                                                 \
    do {                                                                                           \
        int64_t until_ = monotonic_us() + DEADLINE_US;                                             \
        while (!(condition)) {                                                                     \
            ck_assert_msg(monotonic_us() < until_, "waited in vain for %s (log: %s)", #condition,  \
                          (world)->log);                                                           \
            step(world);                                                                           \
        }                                                                                          \
    } while (0)

static int64_t
monotonic_us(void)
{
    const struct sugu_clock *clock = sugu_clock_system();

    return clock->monotonic_us(clock);
}

static void
step(struct world *world)
{
    struct pollfd file = {.fd = sugu_service_fd(world->service), .events = POLLIN};

    poll(&file, 1, sugu_service_due_us(world->service) <= 0 ? 0 : 20);
    sugu_service_step(world->service);
}

/* Long enough for whatever it would send wrongly: it asked for open work once more. */
static void
let_it_settle(struct world *world)
{
    int asked = world->asked;

    WAIT_FOR(world, world->asked >= asked + 1);
}

/* ---- what happens in the hospital */

static void
fill_charge(struct world *world, uint32_t version, Sugu__Act **acts, size_t count)
{
    world->charge.visit = sugu_id_field(&world->visit);
    world->charge.acts_version = version;
    world->charge.n_acts = count;
    world->charge.acts = acts;
    world->charge.ratio_percent = 30;
    world->charge.department = (char *)"INT";
    world->charge.business_day = TODAY;
    world->has_charge = true;
}

static void
publish_charge(struct world *world)
{
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_ACTS_RECORDED;
    event.acts_recorded = &world->charge;
    sugu_service_publish(world->service, &event);
}

static void
fill_posting(struct world *world, uint32_t revision, int64_t amount_yen)
{
    world->posting.bill = sugu_id_field(&world->bill);
    world->posting.visit = sugu_id_field(&world->visit);
    world->posting.revision = revision;
    world->posting.amount_yen = amount_yen;
    world->posting.method = (char *)"card";
    world->posting.business_day = TODAY;
    world->has_posting = true;
}

static void
publish_posting(struct world *world)
{
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_BILL_SETTLED;
    event.bill_settled = &world->posting;
    sugu_service_publish(world->service, &event);
}

static size_t
count_posting_files(const struct world *world)
{
    DIR *files = opendir(world->postings);
    struct dirent *entry;
    size_t count = 0;

    while (files && (entry = readdir(files)))
        count += strstr(entry->d_name, ".posting") && entry->d_name[0] != '.';
    if (files)
        closedir(files);
    return count;
}

static bool
log_has(const struct world *world, const char *text, size_t times)
{
    struct sugu_error error;
    uint8_t *bytes;
    size_t size, count = 0;

    if (sugu_file_read(world->log, 1 << 20, &bytes, &size, &error) != SUGU_OK)
        return times == 0;
    for (char *at = strstr((char *)bytes, text); at; at = strstr(at + 1, text))
        count++;
    free(bytes);
    return count == times;
}

static Sugu__Act first_visit = {.base = PROTOBUF_C_MESSAGE_INIT(&sugu__act__descriptor),
                                .code = (char *)"111000110",
                                .count = 1};
static Sugu__Act blood = {.base = PROTOBUF_C_MESSAGE_INIT(&sugu__act__descriptor),
                          .code = (char *)"160008010",
                          .count = 1};
static Sugu__Act certificate = {.base = PROTOBUF_C_MESSAGE_INIT(&sugu__act__descriptor),
                                .code = (char *)"095000001",
                                .count = 1};
static Sugu__Act unknown = {.base = PROTOBUF_C_MESSAGE_INIT(&sugu__act__descriptor),
                            .code = (char *)"123456789",
                            .count = 1};

/* ---- the stories */

START_TEST(acts_become_a_bill_and_new_acts_a_revision_of_the_same_bill)
{
    struct world *world = new_world();
    Sugu__Act *acts[] = {&first_visit, &blood, &certificate};

    start_program(world, sample());
    WAIT_FOR(world, world->listeners > 0 && world->asked > 0);
    fill_charge(world, 1, acts, 2);
    publish_charge(world);
    WAIT_FOR(world, world->revision == 1);
    ck_assert_uint_eq(world->seen[0].points, 312);
    ck_assert_int_eq(world->seen[0].copay_yen, 940); /* 936 */
    ck_assert_int_eq(world->seen[0].total_yen, 940);
    ck_assert_uint_eq(world->seen[0].line_count, 2);
    ck_assert_str_eq(world->seen[0].first_name, "初診料");
    ck_assert(sugu_id_equal(&world->seen[0].bill, &world->bill));

    fill_charge(world, 2, acts, 3);
    publish_charge(world);
    WAIT_FOR(world, world->revision == 2);
    ck_assert(sugu_id_equal(&world->seen[1].bill, &world->bill));
    ck_assert(!sugu_id_equal(&world->seen[1].request, &world->seen[0].request));
    ck_assert_int_eq(world->seen[1].self_pay_yen, 3300);
    ck_assert_int_eq(world->seen[1].total_yen, 4240);

    /* the same once more, and again after a restart: the same request, no third revision */
    publish_charge(world);
    WAIT_FOR(world, world->seen[1].repeats == 1);
    end_program(world);
    world->has_charge = true;
    start_program(world, sample());
    WAIT_FOR(world, world->seen[1].repeats == 2);
    let_it_settle(world);
    ck_assert_uint_eq(world->revision, 2);
    ck_assert_uint_eq(world->seen_count, 2);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(acts_that_were_recorded_while_it_was_away_are_billed_at_the_start)
{
    struct world *world = new_world();
    Sugu__Act *acts[] = {&first_visit};

    fill_charge(world, 3, acts, 1);
    start_program(world, sample());
    WAIT_FOR(world, world->revision == 1);
    ck_assert_uint_eq(world->seen[0].acts_version, 3);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(an_unknown_act_stays_open_is_reported_once_and_a_correction_solves_it)
{
    struct world *world = new_world();
    Sugu__Act *wrong[] = {&first_visit, &unknown}, *right[] = {&first_visit};

    fill_charge(world, 1, wrong, 2);
    start_program(world, sample());
    WAIT_FOR(world, world->seen_count == 1);
    let_it_settle(world);
    ck_assert(log_has(world, "code=fee.act-unknown", 1));
    ck_assert_int_eq(world->seen[0].what, SUGU__REQUEST__BODY_REPORT_CHARGE);
    ck_assert_str_eq(world->seen[0].code, "fee.act-unknown");
    ck_assert_str_eq(world->seen[0].act_codes, "123456789");
    ck_assert_uint_eq(world->seen_count, 1);
    ck_assert_int_eq(world->seen[0].repeats, 0);
    ck_assert(world->has_charge);
    fill_charge(world, 2, right, 1);
    publish_charge(world);
    WAIT_FOR(world, world->revision == 1);
    ck_assert_uint_eq(world->seen[1].acts_version, 2);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(another_reason_for_the_same_acts_is_reported_as_well)
{
    struct world *world = new_world();
    Sugu__Act *wrong[] = {&first_visit, &unknown}, *right[] = {&first_visit};

    fill_charge(world, 1, wrong, 2);
    world->charge.ratio_source = SUGU__RATIO_SOURCE__RATIO_UNKNOWN;
    start_program(world, sample());
    WAIT_FOR(world, world->seen_count == 1);
    world->charge.n_acts = 1; /* as with a new master, which knows the act */
    world->charge.acts = right;
    WAIT_FOR(world, world->seen_count == 2);
    ck_assert_str_eq(world->seen[1].code, "fee.ratio-unknown");
    ck_assert_str_eq(world->seen[1].act_codes, "");
    ck_assert_uint_eq(world->revision, 0);
    world->charge.ratio_source = SUGU__RATIO_SOURCE__RATIO_STATED;
    WAIT_FOR(world, world->revision == 1);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(a_refused_announcement_is_made_again_under_another_id)
{
    struct world *world = new_world();
    Sugu__Act *acts[] = {&first_visit};

    world->refuse_next = 1; /* the bill is being paid */
    fill_charge(world, 2, acts, 1);
    start_program(world, sample());
    WAIT_FOR(world, world->revision == 1);
    ck_assert_uint_eq(world->seen_count, 2);
    ck_assert(world->seen[0].is_refused && !world->seen[1].is_refused);
    ck_assert(sugu_id_equal(&world->seen[1].bill, &world->bill));
    ck_assert(log_has(world, "fee.announce-refused", 1));
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(a_settled_bill_is_posted_in_one_file_and_confirmed)
{
    struct world *world = new_world();

    start_program(world, sample());
    WAIT_FOR(world, world->listeners > 0 && world->asked > 0);
    fill_posting(world, 2, 4240);
    publish_posting(world);
    publish_posting(world);
    WAIT_FOR(world, !world->has_posting);
    let_it_settle(world);
    ck_assert_uint_eq(count_posting_files(world), 1);
    ck_assert_uint_eq(world->seen_count, 1);
    ck_assert_uint_eq(world->seen[0].revision, 2);
    ck_assert(sugu_id_equal(&world->seen[0].bill, &world->bill));
    end_program(world);
    free_world(world);
}
END_TEST

/* Killed when the confirmation has left and before its answer. */
START_TEST(a_kill_before_the_answer_confirms_once_under_the_same_id)
{
    struct world *world = new_world();

    world->is_silent = true;
    fill_posting(world, 1, 940);
    start_program(world, sample());
    WAIT_FOR(world, world->seen_count == 1);
    kill_program(world);
    ck_assert_uint_eq(count_posting_files(world), 1);
    world->is_silent = false;
    start_program(world, sample());
    WAIT_FOR(world, !world->has_posting);
    let_it_settle(world);
    ck_assert_uint_eq(world->seen_count, 1);
    ck_assert_int_ge(world->seen[0].repeats, 1);
    ck_assert_uint_eq(count_posting_files(world), 1);
    end_program(world);
    free_world(world);
}
END_TEST

/* Killed as soon as the file has its name; the confirmation may or may not have left. */
START_TEST(a_kill_at_the_moment_of_the_file_confirms_once)
{
    struct world *world = new_world();
    struct sugu_error error;
    struct pollfd file = {.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .events = POLLIN};

    sugu_assert_ok(sugu_folder_make(world->postings, &error), error);
    ck_assert_int_ge(inotify_add_watch(file.fd, world->postings, IN_CREATE), 0);
    world->is_silent = true;
    fill_posting(world, 1, 940);
    start_program(world, sample());
    WAIT_FOR(world, poll(&file, 1, 0) == 1 && count_posting_files(world) == 1);
    kill_program(world);
    close(file.fd);
    world->is_silent = false;
    start_program(world, sample());
    WAIT_FOR(world, !world->has_posting);
    let_it_settle(world);
    ck_assert_uint_eq(world->seen_count, 1);
    ck_assert_uint_eq(count_posting_files(world), 1);
    end_program(world);
    free_world(world);
}
END_TEST

/* Killed between the file and the confirmation: only the file is there, nothing was stored to be
 * sent.
 */
START_TEST(a_file_without_a_confirmation_is_confirmed_at_the_start)
{
    struct world *world = new_world();
    struct sugu_posting posting = {.bill = world->bill,
                                   .visit = world->visit,
                                   .revision = 1,
                                   .amount = {940},
                                   .method = "card",
                                   .business_day = TODAY};
    struct sugu_error error;

    sugu_assert_ok(sugu_folder_make(world->postings, &error), error);
    sugu_assert_ok(sugu_posting_write(world->postings, &posting, &error), error);
    fill_posting(world, 1, 940);
    start_program(world, sample());
    WAIT_FOR(world, !world->has_posting);
    let_it_settle(world);
    ck_assert_uint_eq(count_posting_files(world), 1);
    ck_assert_uint_eq(world->seen_count, 1);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(another_amount_under_the_same_posting_is_never_confirmed)
{
    struct world *world = new_world();
    struct sugu_posting posting = {.bill = world->bill,
                                   .visit = world->visit,
                                   .revision = 1,
                                   .amount = {941},
                                   .method = "card",
                                   .business_day = TODAY};
    struct sugu_error error;

    sugu_assert_ok(sugu_folder_make(world->postings, &error), error);
    sugu_assert_ok(sugu_posting_write(world->postings, &posting, &error), error);
    fill_posting(world, 1, 940);
    start_program(world, sample());
    WAIT_FOR(world, log_has(world, "code=fee.posting-differs", 1));
    let_it_settle(world);
    ck_assert_uint_eq(world->seen_count, 0);
    ck_assert(world->has_posting);
    end_program(world);
    free_world(world);
}
END_TEST

START_TEST(a_broken_master_ends_it_with_a_status_of_its_own_and_the_line)
{
    struct world *world = new_world();
    struct sugu_error error;
    char path[160];
    uint8_t *bytes;
    size_t size;

    sugu_assert_ok(sugu_file_read(sample(), 1 << 20, &bytes, &size, &error), error);
    snprintf(path, sizeof path, "%s/broken.csv", world->folder);
    /* cut in the middle of the fourth line */
    for (int line = 0, i = 0; i < (int)size; i++)
        if (bytes[i] == '\n' && ++line == 3)
            size = (size_t)i + 40;
    sugu_assert_ok(sugu_file_write(world->folder, "broken.csv", bytes, size, true, &error), error);
    free(bytes);
    start_program(world, path);
    ck_assert_int_eq(reap(world), 65);
    ck_assert(
        log_has(world, "broken.csv line 4 column 1: no line end: the file is cut [fee.master]", 1));
    start_program(world, "/nowhere/master.csv");
    ck_assert_int_eq(reap(world), 73);
    start_program(world, "");
    ck_assert_int_eq(reap(world), 78);
    free_world(world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("fee",
                       60,
                       acts_become_a_bill_and_new_acts_a_revision_of_the_same_bill,
                       acts_that_were_recorded_while_it_was_away_are_billed_at_the_start,
                       an_unknown_act_stays_open_is_reported_once_and_a_correction_solves_it,
                       another_reason_for_the_same_acts_is_reported_as_well,
                       a_refused_announcement_is_made_again_under_another_id,
                       a_settled_bill_is_posted_in_one_file_and_confirmed,
                       a_kill_before_the_answer_confirms_once_under_the_same_id,
                       a_kill_at_the_moment_of_the_file_confirms_once,
                       a_file_without_a_confirmation_is_confirmed_at_the_start,
                       another_amount_under_the_same_posting_is_never_confirmed,
                       a_broken_master_ends_it_with_a_status_of_its_own_and_the_line)
