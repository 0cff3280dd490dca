/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-kill - the server killed at every boundary of every request of a patient's day
 *
 * The server is the failing build (queue-server/failpoint.h). A request is sent once; the server
 * dies at its first boundary, a new one at its second, and so on until the request is answered
 * without a death; the clients go on by themselves under the same request id. Boundaries behind the
 * commit exist once in the life of a request: each of them gets a day of its own. At the end what
 * is stored is held against what was acknowledged.
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILING      "tests/failing/sugu-queue-server-failing"
#define REQUESTS_MAX 200
#define POINTS_MAX   20
#define WAIT_US      (20 * SUGU_SECOND)

/* What became of one request. */
struct told {
    struct sugu_id id;
    Sugu__Request__BodyCase body_case;
    Sugu__Reply *reply; /* NULL until it came */
};

struct kills {
    struct sugu_day day; /* first: the hook gets a pointer to it */
    const char *name;    /* die at this point only; NULL: at each in turn */
    int at;              /* at its how manieth passing */
    struct told told[REQUESTS_MAX];
    size_t told_count;
    char points[POINTS_MAX][32]; /* where it died, and how often */
    unsigned deaths[POINTS_MAX];
    size_t point_count;
    char at_text[40], name_text[64], command_text[400]; /* for the server's environment */
    const char *environment[4];
};

/* Events that a request makes. */
static int
events_of(Sugu__Request__BodyCase body_case)
{
    switch ((int)body_case) {
    case SUGU__REQUEST__BODY_OPEN_SESSION:
    case SUGU__REQUEST__BODY_CONFIRM_POSTING:
    case SUGU__REQUEST__BODY_ISSUE_RECEIPT:
    case SUGU__REQUEST__BODY_CLOSE_SESSION:
        return 0;
    case SUGU__REQUEST__BODY_END_PAYMENT:
        return 4; /* the posting, and the bill to three kinds of listeners */
    case SUGU__REQUEST__BODY_ANNOUNCE_BILL:
    case SUGU__REQUEST__BODY_BEGIN_PAYMENT:
        return 3; /* kiosk and desk, boards, phone pages */
    case SUGU__REQUEST__BODY_MOVE_TICKET:
        return 4; /* desks, boards, the kiosk, phone pages */
    default:
        return 1;
    }
}

/* Does a request pass the point `at` times when it is carried out? */
static bool
passes(Sugu__Request__BodyCase body_case, const char *name, int at)
{
    if (strcmp(name, "events.read") == 0)
        return events_of(body_case) > 0;
    if (strcmp(name, "event.pushed") == 0)
        return events_of(body_case) >= at;
    return true;
}

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct told *told = user;

    ck_assert_ptr_null(told->reply); /* exactly once */
    told->reply = (Sugu__Reply *)sugu_message_copy(&reply->base);
}

static void
step_all(struct kills *kills)
{
    struct sugu_test_client *clients[SUGU_DAY_CLIENTS];

    sugu_day_clients(&kills->day, clients);
    for (size_t i = 0; i < SUGU_DAY_CLIENTS; i++)
        sugu_test_client_run(clients[i], SUGU_MS);
}

/* Ends the server and starts another that fails at the n-th passing of `name` (NULL: of any point);
 * n 0: never. */
static void
start_failing(struct kills *kills, const char *name, int n)
{
    struct sugu_hospital *hospital = &kills->day.hospital;
    int count = 0;

    if (hospital->server.pid > 0)
        sugu_hospital_kill_server(hospital);
    snprintf(kills->at_text, sizeof kills->at_text, "SUGU_FAIL_AT=%d", n);
    snprintf(kills->name_text, sizeof kills->name_text, "SUGU_FAIL_NAME=%s", name ? name : "");
    if (n > 0)
        kills->environment[count++] = kills->at_text;
    if (name)
        kills->environment[count++] = kills->name_text;
    if (*kills->command_text)
        kills->environment[count++] = kills->command_text;
    kills->environment[count] = NULL;
    hospital->server_environment = kills->environment;
    hospital->server_program = FAILING;
    hospital->has_database = true;
    sugu_hospital_spawn_server(hospital, NULL);
}

/* The point's place in the list of those that were met. */
static size_t
note_point(struct kills *kills, const char *name)
{
    size_t i = 0;

    while (i < kills->point_count && strcmp(kills->points[i], name) != 0)
        i++;
    ck_assert_uint_lt(i, POINTS_MAX);
    if (i == kills->point_count)
        snprintf(kills->points[kills->point_count++], sizeof kills->points[0], "%s", name);
    return i;
}

/* Writes down at which point the server died: the last line of its log about one. False where the
 * request came a second time (it was slow), or its batch was begun a second time (a session of a
 * server that was killed still held a lock): the bare number names another boundary then and has to
 * be tried again. */
static bool
note_death(struct kills *kills)
{
    char line[256], name[32] = "";
    unsigned taken = 0, begun = 0;
    long offset = 0;

    ck_assert_int_eq(sugu_process_wait(&kills->day.hospital.server, 5), -SIGKILL);
    while (sugu_process_has_said(&kills->day.hospital.server, "failpoint ", &offset, line,
                                 sizeof line)) {
        ck_assert_int_eq(sscanf(line, "failpoint %*d %31s", name), 1);
        taken += strcmp(name, "request.taken") == 0;
        begun += strcmp(name, "batch.begun") == 0;
    }
    ck_assert_str_ne(name, "");
    if ((taken > 1 || begun > 1) && strcmp(kills->name_text, "SUGU_FAIL_NAME=") == 0)
        return false;
    kills->deaths[note_point(kills, name)]++;
    return true;
}

static unsigned
deaths_at(const struct kills *kills, const char *name)
{
    for (size_t i = 0; i < kills->point_count; i++)
        if (strcmp(kills->points[i], name) == 0)
            return kills->deaths[i];
    return 0;
}

static unsigned
print_deaths(const struct kills *kills, const char *what)
{
    unsigned total = 0;

    printf("# %zu requests, %s:", kills->told_count, what);
    for (size_t i = 0; i < kills->point_count; i++) {
        total += kills->deaths[i];
        printf(" %s %u", kills->points[i], kills->deaths[i]);
    }
    printf("; together %u\n", total);
    fflush(stdout);
    return total;
}

enum end { END_ANSWERED, END_DEATH, END_DEATH_ELSEWHERE };

/* Until the server has died, or the reply is there where `may_be_answered`. */
static enum end
runs_into_death(struct kills *kills, const struct told *told, bool may_be_answered)
{
    int64_t until = now_us() + WAIT_US;

    while (sugu_process_is_running(&kills->day.hospital.server)) {
        if (may_be_answered && told->reply)
            return END_ANSWERED;
        ck_assert_msg(now_us() < until, "request %d: neither answer nor death; see %s",
                      (int)told->body_case, kills->day.hospital.server.log);
        step_all(kills);
    }
    return note_death(kills) ? END_DEATH : END_DEATH_ELSEWHERE;
}

static struct told *
send_request(struct kills *kills,
             struct sugu_test_client *client,
             Sugu__Request__BodyCase body_case,
             void *body)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct told *told = &kills->told[kills->told_count++];
    struct sugu_error error;

    ck_assert_uint_le(kills->told_count, REQUESTS_MAX);
    told->id = sugu_test_id();
    told->body_case = body_case;
    request.body_case = body_case;
    request.check_in = body; /* every member of the union is a pointer */
    sugu_assert_ok(
        sugu_client_request(client->client, &request,
                            &(struct sugu_ask){.id = &told->id, .on_reply = on_reply, .user = told},
                            &error),
        error);
    return told;
}

/* The server that runs may die at its n-th boundary, and the next ones at the later ones. */
static void
die_until_answered(struct kills *kills, const struct told *told, int n)
{
    enum end end;

    while ((end = runs_into_death(kills, told, /* may_be_answered= */ true)) != END_ANSWERED) {
        if (end == END_DEATH)
            n++;
        start_failing(kills, NULL, n);
    }
}

/* A kiosk is not entitled to the events of a visit whose session is closed: what it missed while
 * the servers died comes before that. */
static void
hear_all(struct kills *kills, struct sugu_test_client *client)
{
    struct sugu_facts facts;

    sugu_facts_init(&facts, kills->day.hospital.folder);
    sugu_facts_were_heard(&facts, client);
    sugu_facts_done(&facts);
}

/* The hook of the day. */
static Sugu__Reply *
call_and_kill(struct sugu_day *day,
              struct sugu_test_client *client,
              Sugu__Request__BodyCase body_case,
              void *body,
              const struct sugu_id *id)
{
    struct kills *kills = (struct kills *)day;
    struct told *told;

    ck_assert_ptr_null(id);
    if (body_case == SUGU__REQUEST__BODY_CLOSE_SESSION)
        hear_all(kills, client);
    if (kills->name && !passes(body_case, kills->name, kills->at)) {
        told = send_request(kills, client, body_case, body);
        ck_assert_int_eq(runs_into_death(kills, told, /* may_be_answered= */ true), END_ANSWERED);
        return (Sugu__Reply *)sugu_message_copy(&told->reply->base);
    }
    start_failing(kills, kills->name, kills->name ? kills->at : 1);
    told = send_request(kills, client, body_case, body);
    if (!kills->name)
        die_until_answered(kills, told, 1);
    else {
        ck_assert_int_eq(runs_into_death(kills, told, /* may_be_answered= */ false), END_DEATH);
        /* The boundaries of an answer that is stored already are the same for every request. */
        start_failing(kills, NULL,
                      body_case == SUGU__REQUEST__BODY_CHECK_IN &&
                          strcmp(kills->name, "end.committed") == 0);
        die_until_answered(kills, told, 1);
    }
    return (Sugu__Reply *)sugu_message_copy(&told->reply->base);
}

/* ---- what is stored against what was acknowledged */

/* Each answer that was given is the stored one. */
static void
check_told(struct kills *kills, struct sugu_facts *facts)
{
    for (size_t i = 0; i < kills->told_count; i++) {
        const struct told *told = &kills->told[i];
        size_t size = sugu__reply__get_packed_size(told->reply), stored_size;
        uint8_t *bytes = malloc(size), *stored_bytes;
        Sugu__Down *stored = sugu_facts_stored_reply(facts, &told->id);
        ck_assert_ptr_nonnull(stored);
        stored_size = sugu__reply__get_packed_size(stored->reply);
        stored_bytes = malloc(stored_size);
        sugu__reply__pack(told->reply, bytes);
        sugu__reply__pack(stored->reply, stored_bytes);
        ck_assert_uint_eq(size, stored_size);
        ck_assert_mem_eq(bytes, stored_bytes, size);
        free(bytes);
        free(stored_bytes);
        sugu__down__free_unpacked(stored, NULL);
    }
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM request"), kills->told_count);
}

static void
check_numbers(struct sugu_facts *facts, int64_t days)
{
    sugu_facts_are_gapless(facts, "visit", "number", days);
    sugu_facts_are_gapless(facts, "receipt", "receipt", days);
    sugu_facts_are_gapless(facts, "journal", "journal", 3 * days); /* bill, revised, payment */
    sugu_facts_are_gapless(facts, "event", "event", SUGU_DAY_EVENTS * days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM visit WHERE state = 6"), days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT sum(copies) FROM receipt"), days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM attempt WHERE state = 2"),
                     days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM attempt"), days);
    ck_assert_int_eq(
        sugu_facts_number(facts, "SELECT count(*) FROM bill_revision WHERE posted_at IS NOT NULL"),
        days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM stage"), days);
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM paper"), 2 * days);
    ck_assert_int_eq(
        sugu_facts_number(facts, "SELECT count(*) FROM session WHERE closed_at IS NULL"), 0);
}

static void
check_facts(struct kills *kills, int64_t days)
{
    struct sugu_test_client *clients[SUGU_DAY_CLIENTS];
    struct sugu_facts facts;
    char ledger[200];

    sugu_facts_init(&facts, kills->day.hospital.folder);
    check_told(kills, &facts);
    check_numbers(&facts, days);
    sugu_day_clients(&kills->day, clients);
    for (size_t i = 0; i < SUGU_DAY_CLIENTS; i++)
        sugu_facts_were_heard(&facts, clients[i]);
    sugu_facts_done(&facts);
    snprintf(ledger, sizeof ledger, "card-clearing %d\nreceivable 0\nrevenue-clearing -%d\nsum 0\n",
             (int)days * SUGU_DAY_YEN, (int)days * SUGU_DAY_YEN);
    sugu_day_ledger_says(&kills->day, ledger);
}

static void
kills_init(struct kills *kills)
{
    memset(kills, 0, sizeof *kills);
    sugu_day_init(&kills->day);
    kills->day.call = call_and_kill;
}

static void
kills_done(struct kills *kills)
{
    for (size_t i = 0; i < kills->told_count; i++)
        sugu__reply__free_unpacked(kills->told[i].reply, NULL);
    sugu_day_done(&kills->day);
}

START_TEST(every_boundary_before_the_commit_may_be_the_last)
{
    static struct kills kills;
    static const char *const points[] = {"request.taken", "batch.begun", "find.sent",
                                         "batch.found",   "end.unsent",  "end.sent"};

    kills_init(&kills);
    sugu_day_play(&kills.day, 1);
    check_facts(&kills, 1);
    print_deaths(&kills, "deaths");
    /* Each request at each of these, and its handler's rounds. */
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(points); i++)
        ck_assert_uint_ge(deaths_at(&kills, points[i]), kills.told_count);
    ck_assert_uint_ge(deaths_at(&kills, "step.sent"), 2 * (kills.told_count - 2));
    ck_assert_uint_eq(deaths_at(&kills, "step.sent"), deaths_at(&kills, "step.answered"));
    kills_done(&kills);
}
END_TEST

START_TEST(every_boundary_behind_the_commit_may_be_the_last)
{
    static struct kills kills;
    static const struct {
        const char *name;
        int at;
    } rows[] = {{"end.committed", 1},
                {"reply.sent", 1},
                {"events.read", 1},
                {"event.pushed", 1},
                {"event.pushed", 2}};
    unsigned expected = 0;

    kills_init(&kills);
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        size_t from = kills.told_count;
        kills.name = rows[i].name;
        kills.at = rows[i].at;
        sugu_day_begin_visit(&kills.day);
        sugu_day_play(&kills.day, i + 1);
        for (; from < kills.told_count; from++)
            expected += passes(kills.told[from].body_case, rows[i].name, rows[i].at);
    }
    check_facts(&kills, SUGU_ARRAY_SIZE(rows));
    ck_assert_uint_ge(print_deaths(&kills, "deaths"), expected);
    ck_assert_uint_ge(expected, 3 * kills.told_count / SUGU_ARRAY_SIZE(rows));
    kills_done(&kills);
}
END_TEST

/* ---- the database instead of the server */

/* Where PostgreSQL is stopped under a request; NULL: not. Starting it again takes seconds. */
static const char *
stop_point(Sugu__Request__BodyCase body_case)
{
    switch ((int)body_case) {
    case SUGU__REQUEST__BODY_ANSWER_ELIGIBILITY:
    case SUGU__REQUEST__BODY_ISSUE_RECEIPT:
        return "end.unsent";
    case SUGU__REQUEST__BODY_CHECK_IN:
    case SUGU__REQUEST__BODY_END_PAYMENT:
        return "end.sent";
    case SUGU__REQUEST__BODY_BEGIN_PAYMENT:
    case SUGU__REQUEST__BODY_CONFIRM_POSTING:
        return "end.committed";
    default:
        return NULL;
    }
}

/* With a slow disk, so that it can be stopped in the middle of a flush. */
static void
start_database(struct kills *kills)
{
    setenv("LD_PRELOAD", SUGU_SLOW_FLUSH, 1);
    setenv("SUGU_FLUSH_US", "50000", 1);
    setenv("SUGU_FLUSH_LOG_ONLY", "1", 1); /* the start flushes a thousand files */
    sugu_hospital_start_database(&kills->day.hospital);
    unsetenv("LD_PRELOAD");
    unsetenv("SUGU_FLUSH_US");
    unsetenv("SUGU_FLUSH_LOG_ONLY");
}

/* The hook: PostgreSQL is stopped at one of the points around the commit, and comes back. */
static Sugu__Reply *
call_and_stop(struct sugu_day *day,
              struct sugu_test_client *client,
              Sugu__Request__BodyCase body_case,
              void *body,
              const struct sugu_id *id)
{
    struct kills *kills = (struct kills *)day;
    struct sugu_process *server = &day->hospital.server;
    const char *point = stop_point(body_case);
    int64_t until = now_us() + WAIT_US;
    struct told *told;

    ck_assert_ptr_null(id);
    if (body_case == SUGU__REQUEST__BODY_CLOSE_SESSION)
        hear_all(kills, client);
    start_failing(kills, point, point ? 1 : 0);
    told = send_request(kills, client, body_case, body);
    while (point &&
           !sugu_process_has_said(server, "failpoint: the command ended with 0", NULL, NULL, 0)) {
        ck_assert_msg(now_us() < until, "the database was not stopped; see %s", server->log);
        step_all(kills);
    }
    if (point)
        start_database(kills);
    ck_assert_int_eq(runs_into_death(kills, told, /* may_be_answered= */ true), END_ANSWERED);
    if (point && sugu_process_has_said(server, "store.unknown", NULL, NULL, 0))
        kills->deaths[note_point(kills, point)]++;
    return (Sugu__Reply *)sugu_message_copy(&told->reply->base);
}

START_TEST(a_commit_whose_fate_is_unknown_happens_once)
{
    static struct kills kills;

    kills_init(&kills);
    kills.day.call = call_and_stop;
    snprintf(kills.command_text, sizeof kills.command_text,
             "SUGU_FAIL_COMMAND=" SUGU_POSTGRES_PROGRAMS
             "/pg_ctl stop -w -m immediate -D '%.127s/postgres' >/dev/null",
             kills.day.hospital.folder);
    sugu_day_play(&kills.day, 1);
    check_facts(&kills, 1);
    print_deaths(&kills, "commits of unknown fate");
    ck_assert_uint_eq(deaths_at(&kills, "end.unsent"), 3); /* did not happen */
    ck_assert_uint_ge(deaths_at(&kills, "end.sent"), 1);   /* happened, without an answer */
    ck_assert_uint_eq(deaths_at(&kills, "end.committed"), 0);
    kills_done(&kills);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("kill",
                       300,
                       every_boundary_before_the_commit_may_be_the_last,
                       every_boundary_behind_the_commit_may_be_the_last,
                       a_commit_whose_fate_is_unknown_happens_once)
