/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-push - from the commit of a call until a thousand subscribers have its event
 *
 * The subscribers are call boards of the real queue server, each with a key and a connection of its
 * own over CURVE, all in this process; a desk calls a ticket again and again. The time runs from
 * the desk's acknowledgement, which is behind the commit; an event may overtake it, and counts as 0
 * then. Beside it, in the same run and over the same loopback: a bare ZeroMQ PUB with as many SUBs,
 * no CURVE, no database, nothing that holds if a subscriber was away.
 */
#include "base/text.h"
#include "client/keys.h"
#include "testlib/checks.h"
#include "testlib/facts.h"

#include <zmq.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SUBSCRIBERS 1000
#define CALLS       100
#define WAIT_US     (30 * SUGU_SECOND)
#define TICK_US     (50 * SUGU_MS)
#define FRAME_SIZE  96 /* an event of a call with its envelope */

struct subscriber {
    struct bench *bench;
    struct sugu_client *client;
    bool is_fresh;
    uint32_t calls; /* of the last event */
};

struct bench {
    struct sugu_hospital hospital;
    struct sugu_request_store *store;
    struct subscriber subscribers[SUBSCRIBERS];
    struct pollfd files[SUBSCRIBERS];
    struct sugu_test_client desk;
    size_t fresh, arrived;
    uint32_t wanted; /* calls of the ticket that is awaited */
    int64_t arrivals_us[SUBSCRIBERS];
    int64_t ticked_us;
    uint32_t times_us[SUBSCRIBERS * CALLS];
    size_t time_count;
};

static struct bench bench;

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* ---- subscribers */

static void
on_event(void *user, const Sugu__Event *event)
{
    struct subscriber *subscriber = user;

    if (event->body_case != SUGU__EVENT__BODY_NUMBER_CALLED ||
        event->number_called->calls != subscriber->bench->wanted)
        return;
    ck_assert_uint_lt(subscriber->calls, event->number_called->calls); /* each once */
    subscriber->calls = event->number_called->calls;
    subscriber->bench->arrivals_us[subscriber->bench->arrived++] = now_us();
}

static void
on_fresh(void *user, bool was_reset)
{
    struct subscriber *subscriber = user;

    (void)was_reset;
    subscriber->bench->fresh += !subscriber->is_fresh;
    subscriber->is_fresh = true;
}

/* Boards with fresh keys, written behind every program's back: sugu-admin would take a minute. */
static void
add_keys(struct sugu_client_settings *settings)
{
    char sql[400], hex[2 * SUGU_KEY_SIZE + 1];
    struct sugu_facts facts;

    sugu_facts_init(&facts, bench.hospital.folder);
    sugu_facts_run(&facts, "BEGIN");
    for (int i = 0; i < SUBSCRIBERS; i++) {
        sugu_key_pair_new(settings[i].public_key, settings[i].secret_key);
        for (size_t at = 0; at < SUGU_KEY_SIZE; at++)
            snprintf(hex + 2 * at, 3, "%02x", settings[i].public_key[at]);
        snprintf(sql, sizeof sql,
                 "WITH c AS (INSERT INTO client (facility, client, name, role, place) "
                 "VALUES (1, %d, 'board-%d', 'board', 'board-%d') RETURNING client) "
                 "INSERT INTO client_key (public_key, facility, client) "
                 "SELECT '\\x%s', 1, client FROM c",
                 1000 + i, i, i, hex);
        sugu_facts_run(&facts, sql);
    }
    sugu_facts_run(&facts, "COMMIT");
    sugu_facts_done(&facts);
}

static void
step(struct subscriber *subscriber)
{
    while (sugu_client_step(subscriber->client))
        continue;
}

/* Waits up to `wait_us` for any of them; every 50 ms all get their turn, for the heartbeats. */
static void
pump(int64_t wait_us)
{
    int64_t now = now_us();
    bool is_tick = now - bench.ticked_us >= TICK_US;

    if (is_tick)
        bench.ticked_us = now;
    poll(bench.files, SUBSCRIBERS, is_tick ? 0 : (int)(wait_us / SUGU_MS));
    for (int i = 0; i < SUBSCRIBERS; i++)
        if (is_tick || bench.files[i].revents) {
            step(&bench.subscribers[i]);
            bench.files[i].fd = sugu_client_fd(bench.subscribers[i].client);
        }
}

static void
connect_all(void)
{
    static struct sugu_client_settings settings[SUBSCRIBERS];
    int64_t begin = now_us();
    struct sugu_error error;
    char path[300];

    add_keys(settings);
    snprintf(path, sizeof path, "%s.pub", bench.hospital.server_key);
    bench.store = sugu_store_memory();
    for (int i = 0; i < SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &bench.subscribers[i];
        struct sugu_client_callbacks callbacks = {
            .on_event = on_event, .on_fresh = on_fresh, .user = subscriber};
        subscriber->bench = &bench;
        sugu_assert_ok(sugu_key_file_read(path, settings[i].server_key, NULL, &error), error);
        settings[i].endpoint = bench.hospital.endpoint;
        settings[i].facility = SUGU_HOSPITAL_FACILITY;
        settings[i].has_curve = settings[i].listens = true;
        sugu_assert_ok(
            sugu_client_new(&settings[i], &callbacks,
                            &(struct sugu_client_means){bench.hospital.zmq, sugu_clock_system(),
                                                        sugu_random_system(), bench.store},
                            &subscriber->client, &error),
            error);
        bench.files[i] =
            (struct pollfd){.fd = sugu_client_fd(subscriber->client), .events = POLLIN};
    }
    while (bench.fresh < SUBSCRIBERS) {
        ck_assert_msg(now_us() - begin < 4 * WAIT_US, "%zu of %d connected", bench.fresh,
                      SUBSCRIBERS);
        pump(5 * SUGU_MS);
    }
    printf("push subscribers=%d connected_ms=%.0f\n", SUBSCRIBERS,
           (double)(now_us() - begin) / 1000.0);
}

/* ---- the caller */

struct ack {
    bool is_there;
    int64_t at_us;
    char code[65];
};

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct ack *ack = user;

    ack->is_there = true;
    ack->at_us = now_us();
    snprintf(ack->code, sizeof ack->code, "%s", reply->code);
}

static void
call(Sugu__TicketVerb verb, struct ack *ack)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    struct sugu_error error;

    *ack = (struct ack){.is_there = false};
    body.desk = (char *)"1";
    body.verb = verb;
    body.number = (char *)"A-001";
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    sugu_assert_ok(sugu_client_request(bench.desk.client, &request,
                                       &(struct sugu_ask){.on_reply = on_reply, .user = ack},
                                       &error),
                   error);
}

/* One call, until everybody has it. The caller is looked at before each look at the others. */
static void
push_once(Sugu__TicketVerb verb)
{
    int64_t until = now_us() + WAIT_US;
    struct ack ack;

    bench.wanted++;
    bench.arrived = 0;
    call(verb, &ack);
    while (!ack.is_there || bench.arrived < SUBSCRIBERS) {
        ck_assert_msg(now_us() < until, "call %u: %zu of %d have it", bench.wanted, bench.arrived,
                      SUBSCRIBERS);
        sugu_client_step(bench.desk.client);
        pump(SUGU_MS);
    }
    ck_assert_str_eq(ack.code, "");
    for (size_t i = 0; i < SUBSCRIBERS; i++) {
        int64_t time_us = bench.arrivals_us[i] - ack.at_us;
        bench.times_us[bench.time_count++] = time_us > 0 ? (uint32_t)time_us : 0;
    }
}

static void
arrive(void)
{
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode place = SUGU__DEPARTMENT_CODE__INIT, *places[] = {&place};
    struct sugu_id visit = sugu_test_id();
    Sugu__Reply *reply;

    place.department = (char *)"internal";
    body.visit = sugu_id_field(&visit);
    body.n_departments = 1;
    body.departments = places;
    body.priority = SUGU__PRIORITY__PRIORITY_ORDINARY;
    body.desk = (char *)"9";
    reply = sugu_test_client_call(&bench.desk, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "A-001");
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- figures */

static double
cpu_ms(pid_t pid)
{
    char path[64];
    unsigned long user = 0, system = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file,
                            "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                            &user, &system),
                     2);
    fclose(file);
    return (double)(user + system) * 1000.0 / (double)sysconf(_SC_CLK_TCK);
}

static int
compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return left < right ? -1 : left > right;
}

/* Prints them, forgets them; the median, ms. */
static double
report(const char *what)
{
    const uint32_t *times = bench.times_us;
    size_t count = bench.time_count;
    double median;

    qsort(bench.times_us, count, sizeof *times, compare);
    median = times[count / 2] / 1000.0;
    printf("push %s=%d events=%zu median_ms=%.2f p99_ms=%.2f max_ms=%.2f", what, SUBSCRIBERS,
           count / SUBSCRIBERS, median, times[count * 99 / 100] / 1000.0,
           times[count - 1] / 1000.0);
    bench.time_count = 0;
    return median;
}

static void
idle(int64_t time_us)
{
    int64_t until = now_us() + time_us;

    while (now_us() < until)
        pump(10 * SUGU_MS);
}

static double
measure_server(void)
{
    double idle_ms, work_ms, median;
    int64_t begin;

    arrive();
    push_once(SUGU__TICKET_VERB__CALL);
    bench.time_count = 0; /* the first one warms up */
    idle_ms = cpu_ms(bench.hospital.server.pid);
    idle(3 * SUGU_SECOND);
    idle_ms = (cpu_ms(bench.hospital.server.pid) - idle_ms) / 3000.0; /* of one ms */
    work_ms = cpu_ms(bench.hospital.server.pid);
    begin = now_us();
    for (int i = 0; i < CALLS; i++)
        push_once(SUGU__TICKET_VERB__CALL_AGAIN);
    work_ms =
        cpu_ms(bench.hospital.server.pid) - work_ms - idle_ms * (double)(now_us() - begin) / 1000.0;
    median = report("server");
    printf(" server_cpu_ms_per_event=%.2f server_idle_percent=%.1f\n", work_ms / CALLS,
           idle_ms * 100.0);
    return median;
}

/* ---- bare ZeroMQ */

struct raw {
    void *from, *to, *publisher;
    void *sockets[SUBSCRIBERS];
    struct pollfd files[SUBSCRIBERS];
    int heard[SUBSCRIBERS]; /* last event of each */
    size_t arrived;
};

static void
open_raw(struct raw *raw)
{
    char endpoint[64];
    size_t size = sizeof endpoint, file_size = sizeof(int);

    raw->from = zmq_ctx_new();
    raw->to = zmq_ctx_new();
    raw->publisher = zmq_socket(raw->from, ZMQ_PUB);
    zmq_ctx_set(raw->to, ZMQ_MAX_SOCKETS, 2 * SUBSCRIBERS);
    ck_assert_int_eq(zmq_bind(raw->publisher, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(raw->publisher, ZMQ_LAST_ENDPOINT, endpoint, &size);
    for (int i = 0; i < SUBSCRIBERS; i++) {
        raw->sockets[i] = zmq_socket(raw->to, ZMQ_SUB);
        ck_assert_ptr_nonnull(raw->sockets[i]);
        zmq_setsockopt(raw->sockets[i], ZMQ_SUBSCRIBE, "", 0);
        ck_assert_int_eq(zmq_connect(raw->sockets[i], endpoint), 0);
        raw->files[i].events = POLLIN;
        zmq_getsockopt(raw->sockets[i], ZMQ_FD, &raw->files[i].fd, &file_size);
    }
}

/* Takes in what is there; the descriptors tell of a change only once. */
static void
hear_raw(struct raw *raw, int event, int64_t sent_us, bool is_all)
{
    char frame[FRAME_SIZE];
    int number;

    poll(raw->files, SUBSCRIBERS, is_all ? 0 : 1);
    for (int i = 0; i < SUBSCRIBERS; i++)
        while ((is_all || raw->files[i].revents) &&
               zmq_recv(raw->sockets[i], frame, sizeof frame, ZMQ_DONTWAIT) == FRAME_SIZE) {
            memcpy(&number, frame, sizeof number);
            if (number != event || raw->heard[i] == event)
                continue;
            raw->heard[i] = event;
            raw->arrived++;
            if (bench.time_count < SUBSCRIBERS * CALLS)
                bench.times_us[bench.time_count++] = (uint32_t)(now_us() - sent_us);
        }
}

static void
push_raw(struct raw *raw, int event, bool is_first)
{
    int64_t until = now_us() + WAIT_US, sent_us = 0;
    char frame[FRAME_SIZE] = "";

    memcpy(frame, &event, sizeof event);
    raw->arrived = 0;
    while (raw->arrived < SUBSCRIBERS) {
        ck_assert_msg(now_us() < until, "%zu of %d have it", raw->arrived, SUBSCRIBERS);
        /* Until the first one was heard by all, nobody knows whether all have subscribed. */
        if (sent_us == 0 || (is_first && now_us() - sent_us > 100 * SUGU_MS)) {
            zmq_send(raw->publisher, frame, sizeof frame, 0);
            sent_us = now_us();
        }
        hear_raw(raw, event, sent_us, /* is_all= */ is_first);
    }
}

static double
measure_raw(void)
{
    static struct raw raw;
    double median;

    open_raw(&raw);
    push_raw(&raw, 1, /* is_first= */ true);
    bench.time_count = 0;
    for (int event = 2; event < 2 + CALLS; event++)
        push_raw(&raw, event, /* is_first= */ false);
    median = report("raw");
    printf("\n");
    for (int i = 0; i < SUBSCRIBERS; i++)
        zmq_close(raw.sockets[i]);
    zmq_close(raw.publisher);
    zmq_ctx_term(raw.to);
    zmq_ctx_term(raw.from);
    return median;
}

static void
raise_limits(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert_msg(limit.rlim_max >= 8 * SUBSCRIBERS, "open files are limited to %lu",
                  (unsigned long)limit.rlim_max);
}

START_TEST(measure)
{
    double server_ms, raw_ms;

    raise_limits(); /* the server inherits it */
    sugu_hospital_init(&bench.hospital, NULL);
    zmq_ctx_set(bench.hospital.zmq, ZMQ_MAX_SOCKETS, 4 * SUBSCRIBERS);
    sugu_test_client_init(&bench.desk, &bench.hospital, "desk-1", "desk", "desk-1");
    connect_all();
    server_ms = measure_server();
    for (int i = 0; i < SUBSCRIBERS; i++)
        bench.subscribers[i].client = sugu_client_free(bench.subscribers[i].client);
    raw_ms = measure_raw();
    printf("push ratio=%.1f server_median_ms=%.2f raw_median_ms=%.2f\n", server_ms / raw_ms,
           server_ms, raw_ms);
    bench.store->free(bench.store);
    sugu_test_client_done(&bench.desk);
    sugu_hospital_done(&bench.hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("push", 240, measure)
