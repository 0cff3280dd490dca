/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-ticket - tickets per second through the real server, and what pgbench makes of the same
 * statement
 *
 * Both run on one cluster in one run, in turns of a few seconds, so that the machine's noise falls
 * on both; the rates are medians of the turns. The clients are closed loops over CURVE: each sends
 * a check-in, waits for the ticket, sends the next. Prints one line of name=value pairs per
 * measurement.
 */
#include "client/keys.h"
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLIENTS_MAX   32
#define DEPARTMENTS   8
#define TURNS         3 /* odd: there is a middle one */
#define LATENCIES_MAX 4000000
#define NUMBERS_MAX   4000000

struct bench_client {
    struct sugu_client *client;
    struct bench *bench;
    int index;
    int64_t sent_at;
    bool is_waiting;
};

struct bench {
    struct sugu_hospital hospital;
    struct bench_client clients[CLIENTS_MAX];
    int client_count;
    bool is_hot;
    uint32_t *latencies_us;
    size_t done, errors, duplicates, gaps; /* since the first of the turns */
    uint8_t *seen[DEPARTMENTS];            /* by number, per series */
    uint32_t highest[DEPARTMENTS], lowest[DEPARTMENTS];
    uint64_t sent;
};

static const struct sugu_clock *
system_clock(void)
{
    return sugu_clock_system();
}

static int64_t
now_us(void)
{
    return system_clock()->monotonic_us(system_clock());
}

static void
note_number(struct bench *bench, const char *number)
{
    int series = number[0] - 'A';
    uint32_t value = (uint32_t)strtoul(number + 2, NULL, 10);

    if (series < 0 || series >= DEPARTMENTS || value == 0 || value >= NUMBERS_MAX) {
        bench->errors++;
        return;
    }
    bench->duplicates += bench->seen[series][value];
    bench->seen[series][value] = 1;
    if (value > bench->highest[series])
        bench->highest[series] = value;
    if (bench->lowest[series] == 0 || value < bench->lowest[series])
        bench->lowest[series] = value;
}

static size_t
count_gaps(const struct bench *bench)
{
    size_t gaps = 0;

    for (int series = 0; series < DEPARTMENTS; series++)
        for (uint32_t i = bench->lowest[series]; i > 0 && i <= bench->highest[series]; i++)
            gaps += !bench->seen[series][i];
    return gaps;
}

static void
on_ticket(void *user, const Sugu__Reply *reply)
{
    struct bench_client *client = user;
    struct bench *bench = client->bench;

    client->is_waiting = false;
    if (reply->status != SUGU__STATUS__OK) {
        bench->errors++;
        return;
    }
    if (bench->done < LATENCIES_MAX)
        bench->latencies_us[bench->done] = (uint32_t)(now_us() - client->sent_at);
    bench->done++;
    note_number(bench, reply->ticket->number);
}

static void
send_check_in(struct bench_client *client)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id visit = sugu_id_new(system_clock(), sugu_random_system());
    struct sugu_error error;
    char department[8];

    snprintf(department, sizeof department, "d%d",
             client->bench->is_hot ? 0 : (int)(client->bench->sent++ % DEPARTMENTS));
    body.visit = sugu_id_field(&visit);
    body.department = department;
    request.body_case = SUGU__REQUEST__BODY_CHECK_IN;
    request.check_in = &body;
    client->sent_at = now_us();
    client->is_waiting = true;
    sugu_assert_ok(sugu_client_request(client->client, &request,
                                       &(struct sugu_ask){.on_reply = on_ticket, .user = client},
                                       &error),
                   error);
}

/* One round of the loop: whoever has an answer sends the next. */
static void
turn(struct bench *bench, bool goes_on)
{
    struct pollfd files[CLIENTS_MAX];
    int64_t due = 100 * SUGU_MS;

    for (int i = 0; i < bench->client_count; i++) {
        struct bench_client *client = &bench->clients[i];
        int64_t at;
        if (!client->is_waiting && goes_on)
            send_check_in(client);
        at = sugu_client_due_us(client->client);
        due = at < due ? at : due;
        files[i] = (struct pollfd){.fd = sugu_client_fd(client->client), .events = POLLIN};
    }
    if (due > 0)
        poll(files, (nfds_t)bench->client_count, (int)(due / SUGU_MS) + 1);
    for (int i = 0; i < bench->client_count; i++)
        sugu_client_step(bench->clients[i].client);
}

static bool
is_anyone_waiting(const struct bench *bench)
{
    for (int i = 0; i < bench->client_count; i++)
        if (bench->clients[i].is_waiting)
            return true;
    return false;
}

static int
compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* One turn; tickets per second. */
static double
drive(struct bench *bench, int seconds)
{
    size_t done_before = bench->done;
    int64_t from = now_us(), took;
    double per_s;

    memset(bench->highest, 0, sizeof bench->highest);
    memset(bench->lowest, 0, sizeof bench->lowest);
    while (now_us() < from + seconds * SUGU_SECOND)
        turn(bench, /* goes_on= */ true);
    took = now_us() - from;
    per_s = (double)(bench->done - done_before) * 1e6 / (double)took;
    while (is_anyone_waiting(bench))
        turn(bench, /* goes_on= */ false);
    bench->gaps += count_gaps(bench); /* before pgbench takes numbers of the same series */
    return per_s;
}

static void
start_measuring(struct bench *bench, int clients, bool is_hot)
{
    bench->client_count = clients;
    bench->is_hot = is_hot;
    bench->done = bench->errors = bench->duplicates = bench->gaps = 0;
}

static void
print_measured(struct bench *bench, const char *label, double per_s)
{
    size_t kept = bench->done < LATENCIES_MAX ? bench->done : LATENCIES_MAX;

    qsort(bench->latencies_us, kept, sizeof *bench->latencies_us, compare_u32);
    printf("sugu %s clients=%d departments=%d per_s=%.0f p50_ms=%.2f p99_ms=%.2f duplicates=%zu "
           "gaps=%zu errors=%zu\n",
           label, bench->client_count, bench->is_hot ? 1 : DEPARTMENTS, per_s,
           kept ? bench->latencies_us[kept / 2] / 1000.0 : 0,
           kept ? bench->latencies_us[kept - 1 - kept / 100] / 1000.0 : 0, bench->duplicates,
           bench->gaps, bench->errors);
}

/* ---- pgbench with the statement of store/query/visit.sql */

/* Puts `value` for every `name` in text. */
static void
replace_all(char *text, size_t size, const char *name, const char *value)
{
    char *at = text;

    while ((at = strstr(at, name))) {
        size_t tail = strlen(at + strlen(name)) + 1;
        ck_assert_uint_lt((size_t)(at - text) + strlen(value) + tail, size);
        memmove(at + strlen(value), at + strlen(name), tail);
        memcpy(at, value, strlen(value));
        at += strlen(value);
    }
}

static void
write_script(const struct bench *bench, const char *path, bool is_hot)
{
    static const char *const values[][2] = {
        {":facility", "1"},
        {":visits", "ARRAY[gen_random_uuid()]"},
        {":is_first", "ARRAY[true]"},
        {":patients", "ARRAY['00000000-0000-0000-0000-000000000000'::uuid]"},
        {":tokens", "ARRAY[uuid_send(gen_random_uuid())]"},
        {":eligibilities", "ARRAY['00000000-0000-0000-0000-000000000000'::uuid]"},
        {":priorities", "ARRAY[2::smallint]"},
        {":languages", "ARRAY['']"},
        {":stages", "ARRAY[1::smallint]"},
        {":departments", "ARRAY['d' || :dept]"},
        {":states", "ARRAY[0::smallint]"},
        {":reasons", "ARRAY['']"},
        {":ranks", "ARRAY[1::smallint]"},
        {":dues", "ARRAY[now()]"},
        {":appointments", "ARRAY['epoch'::timestamptz]"},
        {":day", "current_date"},
        {":at,", "now(),"},
        {":at\n", "now()\n"},
        {":at ", "now() "},
    };
    static char sql[16384];
    FILE *from = fopen(SUGU_SOURCE_ROOT "/queue-server/store/query/visit.sql", "re"), *to;
    char *start, *end;

    (void)bench;
    ck_assert_ptr_nonnull(from);
    sql[fread(sql, 1, sizeof sql - 1, from)] = '\0';
    fclose(from);
    start = strstr(sql, "WITH given");
    end = strchr(start, ';');
    ck_assert(start && end);
    end[1] = '\0';
    memmove(sql, start, strlen(start) + 1);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(values); i++)
        replace_all(sql, sizeof sql, values[i][0], values[i][1]);
    to = fopen(path, "we");
    ck_assert_ptr_nonnull(to);
    fprintf(to, "\\set dept random(0, %d)\n%s\n", is_hot ? 0 : DEPARTMENTS - 1, sql);
    fclose(to);
}

static double
run_pgbench(struct bench *bench, int clients, bool is_hot, int seconds)
{
    char script[300], host[300], log[300], count[16], time_[16], line[256], options[300];
    const char *argv[] = {SUGU_POSTGRES_PROGRAMS "/pgbench",
                          "-n",
                          "-M",
                          "prepared",
                          "-f",
                          script,
                          "-h",
                          host,
                          "-U",
                          "sugu_server",
                          "-c",
                          count,
                          "-j",
                          "2",
                          "-T",
                          time_,
                          "sugu",
                          NULL};
    const char *environment[] = {options, NULL};
    double per_s = 0;
    FILE *file;

    snprintf(script, sizeof script, "%s/ticket.pgbench", bench->hospital.folder);
    snprintf(host, sizeof host, "%s/run", bench->hospital.folder);
    snprintf(log, sizeof log, "%s/pgbench.log", bench->hospital.folder);
    snprintf(count, sizeof count, "%d", clients);
    snprintf(time_, sizeof time_, "%d", seconds);
    snprintf(options, sizeof options, "PGOPTIONS=-c app.facility=1 -c search_path=sugu");
    write_script(bench, script, is_hot);
    unlink(log);
    ck_assert_msg(sugu_process_run(log, argv, environment) == 0, "pgbench failed; see %s", log);
    file = fopen(log, "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "tps = %lf", &per_s) == 1)
            break;
    if (file)
        fclose(file);
    return per_s;
}

/* ---- set-up */

static void
add_departments(struct bench *bench)
{
    for (int i = 0; i < DEPARTMENTS; i++) {
        char code[8], name[16], series[2] = {(char)('A' + i), '\0'};
        snprintf(code, sizeof code, "d%d", i);
        snprintf(name, sizeof name, "診療科%d", i);
        sugu_hospital_admin(&bench->hospital, 0, NULL,
                            (const char *const[]){"department", code, name, series, NULL});
        bench->seen[i] = calloc(NUMBERS_MAX, 1);
    }
}

static void
add_clients(struct bench *bench)
{
    struct sugu_connection_settings connection = {.facility = SUGU_HOSPITAL_FACILITY};
    struct sugu_error error;

    snprintf(connection.server, sizeof connection.server, "%s", bench->hospital.endpoint);
    snprintf(connection.server_key, sizeof connection.server_key, "%s.pub",
             bench->hospital.server_key);
    for (int i = 0; i < CLIENTS_MAX; i++) {
        struct sugu_client_settings settings;
        char name[32];
        snprintf(name, sizeof name, "bench-%d", i);
        sugu_hospital_add_client(&bench->hospital, name, "kiosk", name);
        snprintf(connection.key, sizeof connection.key, "%s/%s.key", bench->hospital.folder, name);
        sugu_assert_ok(sugu_connection_prepare(&connection, &settings, &error), error);
        bench->clients[i].bench = bench;
        bench->clients[i].index = i;
        sugu_assert_ok(
            sugu_client_new(&settings, NULL,
                            &(struct sugu_client_means){bench->hospital.zmq, sugu_clock_system(),
                                                        sugu_random_system(), sugu_store_memory()},
                            &bench->clients[i].client, &error),
            error);
    }
}

static void
run_sql(struct bench *bench, const char *sql)
{
    char host[300], log[300];
    const char *argv[] = {SUGU_POSTGRES_PROGRAMS "/psql",
                          "-h",
                          host,
                          "-U",
                          "sugu_owner",
                          "-v",
                          "ON_ERROR_STOP=1",
                          "-q",
                          "-c",
                          sql,
                          "sugu",
                          NULL};

    snprintf(host, sizeof host, "%s/run", bench->hospital.folder);
    snprintf(log, sizeof log, "%s/psql.log", bench->hospital.folder);
    ck_assert_int_eq(sugu_process_run(log, argv, NULL), 0);
}

/* A million tickets of the past hundred days, all done. */
static void
add_old_tickets(struct bench *bench)
{
    run_sql(
        bench,
        "INSERT INTO sugu.visit (facility, visit, day, state, series, number, token, arrived_at)"
        " SELECT 1, gen_random_uuid(), current_date - 1 - i / 10000, 6,"
        " chr(65 + i % 8), 1 + i % 10000, uuid_send(gen_random_uuid()), now()"
        " FROM generate_series(0, 999999) AS i");
    run_sql(bench,
            "INSERT INTO sugu.stage (facility, visit, stage, day, department, state, waiting_at,"
            " due_at, done_at, desk) SELECT facility, visit, 1, day, 'd0', 3, arrived_at,"
            " arrived_at, now(), '1'"
            " FROM sugu.visit WHERE state = 6");
    run_sql(bench, "VACUUM ANALYZE sugu.visit");
    run_sql(bench, "VACUUM ANALYZE sugu.stage");
}

static int
compare_rates(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double
median(double rates[TURNS])
{
    qsort(rates, TURNS, sizeof *rates, compare_rates);
    return rates[TURNS / 2];
}

static void
measure_pair(struct bench *bench, const char *label, bool is_hot, int seconds)
{
    static const int counts[] = {1, 8, 32};
    double best = 0, ours = 0;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(counts); i++) {
        double references[TURNS], rates[TURNS];
        start_measuring(bench, counts[i], is_hot);
        for (int t = 0; t < TURNS; t++) {
            references[t] = run_pgbench(bench, counts[i], is_hot, seconds);
            rates[t] = drive(bench, seconds);
        }
        printf("pgbench %s clients=%d departments=%d per_s=%.0f\n", label, counts[i],
               is_hot ? 1 : DEPARTMENTS, median(references));
        best = fmax(best, median(references));
        ours = median(rates);
        print_measured(bench, label, ours);
        fflush(stdout);
    }
    printf("ratio %s departments=%d sugu_32=%.0f pgbench_best=%.0f ratio=%.2f\n", label,
           is_hot ? 1 : DEPARTMENTS, ours, best, ours / best);
    fflush(stdout);
}

static void
measure_with_flush(struct bench *bench, const char *flush_us, int seconds)
{
    char label[32];

    setenv("SUGU_FLUSH_US", flush_us, 1);
    snprintf(label, sizeof label, "flush_us=%s old=0", flush_us);
    sugu_hospital_init(&bench->hospital, NULL);
    add_departments(bench);
    add_clients(bench);
    measure_pair(bench, label, /* is_hot= */ false, seconds);
    measure_pair(bench, label, /* is_hot= */ true, seconds);
    if (strcmp(flush_us, "0") == 0) {
        add_old_tickets(bench);
        measure_pair(bench, "flush_us=0 old=1000000", /* is_hot= */ false, seconds);
    }
    for (int i = 0; i < CLIENTS_MAX; i++)
        sugu_client_free(bench->clients[i].client);
    for (int i = 0; i < DEPARTMENTS; i++)
        free(bench->seen[i]);
    sugu_hospital_done(&bench->hospital, /* keep= */ false);
}

START_TEST(tickets_per_second)
{
    static struct bench bench;
    const char *text = getenv("SUGU_BENCH_SECONDS");
    int seconds = text ? (int)strtol(text, NULL, 10) : 2;

    ck_assert_int_gt(seconds, 0);
    bench.latencies_us = calloc(LATENCIES_MAX, sizeof *bench.latencies_us);
    setenv("LD_PRELOAD", SUGU_SLOW_FLUSH, 1); /* of PostgreSQL, through the server that starts it */
    measure_with_flush(&bench, "0", seconds);
    measure_with_flush(&bench, "1000", seconds);
    measure_with_flush(&bench, "5000", seconds);
    free(bench.latencies_us);
}
END_TEST

/* A Check program only because the fixtures are: no fork, no time-out. */
int
main(void)
{
    const TTest *const tests[] = {tickets_per_second};

    setenv("CK_FORK", "no", 1);
    return sugu_run_tests("bench-ticket", tests, 1, 0);
}
