/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lane-world - one bill, the real queue server, the real sugu-payment and its emulated devices
 */
#include "scenario/lane-world.h"

#include "testlib/checks.h"

#include "base/files.h"
#include "base/settings.h"
#include "base/text.h"
#include "domain/payment.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define STOCK "30"

static const char *const payouts[] = {"3", "4", "5", "6", "7", "8", "41", "42"};

/* ---- the window */

static void
take_progress(struct lane_kiosk *kiosk, const Sugu__PaymentProgress *progress)
{
    kiosk->attempt = sugu_id_of(&progress->attempt);
    kiosk->state = progress->state;
    kiosk->approved_yen = progress->approved_yen;
    kiosk->is_final = progress->is_final;
    sugu_text_copy(kiosk->code, sizeof kiosk->code, progress->code);
    sugu_text_copy(kiosk->payload, sizeof kiosk->payload,
                   progress->code_offer ? progress->code_offer->payload : "");
    kiosk->has_cash = progress->cash != NULL;
    if (!progress->cash)
        return;
    kiosk->stage = progress->cash->stage;
    kiosk->in_yen = progress->cash->in_yen;
    kiosk->out_yen = progress->cash->out_yen;
    kiosk->owed_yen = progress->cash->owed_yen;
    kiosk->units = progress->cash->n_units;
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct lane_kiosk *kiosk = user;

    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        take_progress(kiosk, event->payment_changed);
    if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED) {
        size_t part = event->part_changed->part;
        ck_assert_uint_lt(part, SUGU_ARRAY_SIZE(kiosk->parts));
        kiosk->parts[part].is_known = true;
        kiosk->parts[part].health = event->part_changed->health;
        sugu_text_copy(kiosk->parts[part].code, sizeof kiosk->parts[part].code,
                       event->part_changed->code);
    }
}

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct lane_kiosk *kiosk = user;

    kiosk->has_reply = true;
    kiosk->reply_status = reply->status;
    sugu_text_copy(kiosk->reply_code, sizeof kiosk->reply_code, reply->code);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        take_progress(kiosk, reply->payment_progress);
}

static void
open_window(struct lane_world *world)
{
    struct lane_kiosk *kiosk = &world->kiosk;
    struct sugu_client_settings settings = {.endpoint = kiosk->endpoint,
                                            .listens = true,
                                            .resend_us = 200 * SUGU_MS,
                                            .heartbeat_us = 200 * SUGU_MS};
    struct sugu_client_callbacks callbacks = {.on_event = on_event, .user = kiosk};
    struct sugu_error error;

    kiosk->store = sugu_store_memory();
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){world->zmq, sugu_clock_system(),
                                                               sugu_random_system(), kiosk->store},
                                   &kiosk->window, &error),
                   error);
}

/* ---- the program */

static void
add(const char *argv[], size_t *count, const char *name, const char *value)
{
    argv[(*count)++] = name;
    argv[(*count)++] = value;
}

static void
add_times(const char *argv[], size_t *count)
{
    add(argv, count, "--sale-id", "POS-17");
    add(argv, count, "--connect-wait-ms", "2000");
    add(argv, count, "--status-interval-ms", "200");
    add(argv, count, "--held-interval-ms", "500");
    add(argv, count, "--begin-wait-ms", "10000");
    add(argv, count, "--check-interval-ms", "1000");
    add(argv, count, "--provider-check-ms", "500");
    add(argv, count, "--code-make-wait-ms", "3000");
    add(argv, count, "--code-ask-wait-ms", "3000");
    add(argv, count, "--cash-stuck-ms", "20000");
    add(argv, count, "--cash-recycles", "yes");
}

void
lane_world_start(struct lane_world *world)
{
    struct lane_kiosk *kiosk = &world->kiosk;
    const char *argv[64] = {SUGU_PAYMENT, "--listen", kiosk->endpoint};
    size_t count = 3;

    for (const char *const *word =
             sugu_hospital_connection(&world->till.day.hospital, "pay-1", &kiosk->connection);
         *word;)
        argv[count++] = *word++;
    add_times(argv, &count);
    add(argv, &count, "--cash-idle-ms", world->cash_idle_ms);
    add(argv, &count, "--code-valid-ms", world->code_valid_ms);
    if (world->has_cash)
        add(argv, &count, "--cash", world->cash_file);
    if (world->has_code) {
        add(argv, &count, "--code", sugu_provider_https_address(world->https));
        add(argv, &count, "--code-root", sugu_provider_https_root(world->https));
        add(argv, &count, "--code-key", world->key_file);
    }
    memset(kiosk->parts, 0, sizeof kiosk->parts);
    sugu_process_spawn(&kiosk->program, kiosk->log, argv, NULL);
}

void
lane_world_kill(struct lane_world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->kiosk.program, SIGKILL), -SIGKILL);
    memset(world->kiosk.parts, 0, sizeof world->kiosk.parts);
}

void
lane_world_fill(struct lane_world *world)
{
    char line[64];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        snprintf(line, sizeof line, "stock %s %s", payouts[i], STOCK);
        lane_world_cash(world, line);
    }
}

/* A person has counted what was filled in. */
static void
keep_counts(struct lane_world *world)
{
    struct sugu_hospital_options connection;
    const char *const *words =
        sugu_hospital_connection(&world->till.day.hospital, "pay-1", &connection);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        const char *argv[40] = {SUGU_PAYMENT, "--sale-id", "POS-17", "--cash", world->cash_file};
        size_t count = 5;

        for (size_t word = 0; words[word]; word++)
            argv[count++] = words[word];
        argv[count++] = "cash-count";
        argv[count++] = payouts[i];
        argv[count++] = STOCK;
        ck_assert_int_eq(sugu_process_run(world->kiosk.log, argv, NULL), 0);
    }
}

static void
write_text(const char *folder, const char *name, const char *text)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_file_write(folder, name, text, strlen(text), false, &error), error);
}

static void
make_cash(struct lane_world *world)
{
    const char *folder = world->till.day.hospital.folder;
    char text[512];

    snprintf(world->line, sizeof world->line, "%s/cash-line", folder);
    snprintf(world->cash_file, sizeof world->cash_file, "%s/cash.conf", folder);
    world->pty = cctalk_pty_new(world->line);
    snprintf(text, sizeof text,
             "line %s\ncoin 2\nnote 40 crc\npayout 3 1\npayout 4 5\npayout 5 10\npayout 6 50\n"
             "payout 7 100\npayout 8 500\npayout 41 1000\npayout 42 5000\n",
             world->line);
    write_text(folder, "cash.conf", text);
    lane_world_fill(world);
    keep_counts(world);
    /* And it stands in the books: 30 of each payout's unit, out of a bag. */
    sugu_hospital_admin(&world->till.day.hospital, 0, NULL,
                        (const char *const[]){"fill-cash", "kiosk-1", "bag-1", "1*30", "5*30",
                                              "10*30", "50*30", "100*30", "500*30", "1000*30",
                                              "5000*30", NULL});
}

static void
make_provider(struct lane_world *world)
{
    const char *folder = world->till.day.hospital.folder;
    struct sugu_error error;
    char text[512];

    world->provider = sugu_code_provider_new(sugu_clock_system());
    sugu_assert_ok(sugu_provider_https_new(sugu_code_provider_base(world->provider), folder,
                                           &world->https, &error),
                   error);
    snprintf(world->key_file, sizeof world->key_file, "%s/code.key", folder);
    snprintf(text, sizeof text, "api-key %s\nsecret %s\nmerchant %s\n",
             sugu_code_provider_key.api_key, sugu_code_provider_key.secret,
             SUGU_EMULATED_CODE_MERCHANT);
    write_text(folder, "code.key", text);
}

/* ---- life */

void
lane_world_init(struct lane_world *world, bool has_code, bool has_cash)
{
    struct lane_kiosk *kiosk = &world->kiosk;
    const char *folder;

    memset(world, 0, sizeof *world);
    signal(SIGPIPE, SIG_IGN);
    till_init(&world->till);
    folder = world->till.day.hospital.folder;
    sugu_day_until_billed(&world->till.day);
    sugu_hospital_add_client(&world->till.day.hospital, "pay-1", "payment", "kiosk-1");
    snprintf(kiosk->endpoint, sizeof kiosk->endpoint, "ipc://%s/run/payment", folder);
    snprintf(kiosk->log, sizeof kiosk->log, "%s/pay-1.log", folder);
    world->zmq = zmq_ctx_new();
    world->has_code = has_code;
    world->has_cash = has_cash;
    world->code_valid_ms = "60000";
    world->cash_idle_ms = "60000";
    if (has_code)
        make_provider(world);
    if (has_cash)
        make_cash(world);
    lane_world_start(world);
    open_window(world);
    ck_assert(!has_code || lane_world_wait(world, lane_world_has_code));
    ck_assert(!has_cash || lane_world_wait(world, lane_world_has_cash));
}

/* The devices' own truth against the books. */
static void
check_truth(struct lane_world *world)
{
    struct sugu_facts *facts = &world->till.facts;

    if (world->has_code) {
        const struct sugu_provider_counts *counts =
            &sugu_code_provider_base(world->provider)->counts;
        ck_assert_int_eq(counts->taken_yen,
                         sugu_facts_number(facts, "SELECT coalesce(sum(approved_yen), 0) FROM "
                                                  "attempt WHERE method = 'code' AND state = 2 "
                                                  "AND kind = 'payment'"));
        ck_assert_int_eq(counts->given_yen,
                         sugu_facts_number(facts, "SELECT coalesce(sum(approved_yen), 0) FROM "
                                                  "attempt WHERE method = 'code' AND state = 2 "
                                                  "AND kind = 'refund'"));
        ck_assert_uint_eq(counts->twins, 0);
    }
    ck_assert_int_eq(sugu_facts_number(facts, "SELECT count(*) FROM attempt WHERE state NOT IN "
                                              "(2, 3, 5, 6)"),
                     0);
}

void
lane_world_done(struct lane_world *world)
{
    check_truth(world);
    if (sugu_process_is_running(&world->kiosk.program))
        ck_assert_int_eq(sugu_process_end(&world->kiosk.program, SIGTERM), SUGU_EXIT_OK);
    sugu_client_free(world->kiosk.window);
    world->kiosk.store->free(world->kiosk.store);
    zmq_ctx_term(world->zmq);
    if (world->https)
        sugu_provider_https_free(world->https);
    if (world->provider)
        sugu_code_provider_free(world->provider);
    cctalk_pty_free(world->pty);
    till_done(&world->till);
}

/* ---- one thing at a time */

void
lane_world_pump(struct lane_world *world)
{
    struct sugu_test_client *clients[SUGU_DAY_CLIENTS];
    struct pollfd file = {.fd = sugu_client_fd(world->kiosk.window), .events = POLLIN};

    while (sugu_client_step(world->kiosk.window))
        continue;
    /* The others go on living for the server. */
    sugu_day_clients(&world->till.day, clients);
    for (int i = 0; i < SUGU_DAY_CLIENTS; i++)
        while (sugu_client_step(clients[i]->client))
            continue;
    poll(&file, 1, 10);
}

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

void
lane_world_run(struct lane_world *world, int64_t us)
{
    int64_t end = now_us() + us;

    while (now_us() < end)
        lane_world_pump(world);
}

bool
lane_world_wait(struct lane_world *world, bool (*is_so)(const struct lane_world *world))
{
    int64_t end = now_us() + LANE_WORLD_WAIT_US;

    while (!is_so(world) && now_us() < end && sugu_process_is_running(&world->kiosk.program))
        lane_world_pump(world);
    return is_so(world);
}

bool
lane_world_is_shown(const struct lane_world *world)
{
    return *world->kiosk.payload;
}

bool
lane_world_is_taking(const struct lane_world *world)
{
    return world->kiosk.has_cash && world->kiosk.stage == SUGU__CASH_STAGE__CASH_TAKING &&
           world->kiosk.units > 0;
}

bool
lane_world_is_held(const struct lane_world *world)
{
    return world->kiosk.state == SUGU_ATTEMPT_HELD;
}

static bool
is_away(const struct lane_world *world, Sugu__Part part)
{
    return world->kiosk.parts[part].is_known &&
           world->kiosk.parts[part].health == SUGU__PART_HEALTH__PART_AWAY;
}

static bool
is_there(const struct lane_world *world, Sugu__Part part)
{
    return world->kiosk.parts[part].is_known && !is_away(world, part);
}

bool
lane_world_has_code(const struct lane_world *world)
{
    return is_there(world, SUGU__PART__PART_CODE);
}

bool
lane_world_has_no_code(const struct lane_world *world)
{
    return is_away(world, SUGU__PART__PART_CODE);
}

bool
lane_world_has_cash(const struct lane_world *world)
{
    return is_there(world, SUGU__PART__PART_CASH);
}

bool
lane_world_has_no_cash(const struct lane_world *world)
{
    return is_away(world, SUGU__PART__PART_CASH);
}

bool
lane_world_wait_in(struct lane_world *world, int64_t yen)
{
    int64_t end = now_us() + LANE_WORLD_WAIT_US;

    while (world->kiosk.in_yen < yen && now_us() < end)
        lane_world_pump(world);
    return world->kiosk.in_yen == yen;
}

/* ---- the window's requests */

static void
send_request(struct lane_world *world, Sugu__Request *request, bool is_read)
{
    struct lane_kiosk *kiosk = &world->kiosk;
    struct sugu_id id = sugu_test_id();
    struct sugu_error error;
    int64_t end = now_us() + LANE_WORLD_WAIT_US;

    kiosk->has_reply = false;
    sugu_assert_ok(sugu_client_request(kiosk->window, request,
                                       &(struct sugu_ask){.id = is_read ? NULL : &id,
                                                          .is_read = is_read,
                                                          .wait_us = LANE_WORLD_WAIT_US,
                                                          .on_reply = on_reply,
                                                          .user = kiosk},
                                       &error),
                   error);
    while (!kiosk->has_reply && now_us() < end)
        lane_world_pump(world);
    ck_assert(kiosk->has_reply);
}

void
lane_world_pay(struct lane_world *world, Sugu__PaymentMethod method, int64_t yen, const char *code)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;

    start.session = sugu_id_field(&world->till.day.session);
    start.bill = sugu_id_field(&world->till.day.bill);
    start.revision = world->till.revision;
    start.amount_yen = yen;
    start.method = method;
    request.body_case = SUGU__REQUEST__BODY_START_PAYMENT;
    request.start_payment = &start;
    world->kiosk.is_final = world->kiosk.has_cash = false;
    world->kiosk.in_yen = world->kiosk.out_yen = world->kiosk.owed_yen = 0;
    world->kiosk.payload[0] = '\0';
    send_request(world, &request, false);
    ck_assert_str_eq(world->kiosk.reply_code, code);
}

void
lane_world_abort(struct lane_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__AbortPayment body = SUGU__ABORT_PAYMENT__INIT;
    struct sugu_id attempt = world->kiosk.attempt;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_ABORT_PAYMENT;
    request.abort_payment = &body;
    send_request(world, &request, true);
}

void
lane_world_fix(struct lane_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__FixPayment body = SUGU__FIX_PAYMENT__INIT;
    struct sugu_id attempt = world->kiosk.attempt;

    body.attempt = sugu_id_field(&attempt);
    request.body_case = SUGU__REQUEST__BODY_FIX_PAYMENT;
    request.fix_payment = &body;
    send_request(world, &request, true);
}

/* As the kiosk's window does: what ended while nobody listened is asked for. */
static bool
ends_at_last(struct lane_world *world)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetPayment body = SUGU__GET_PAYMENT__INIT;
    int64_t end = now_us() + LANE_WORLD_WAIT_US;

    body.bill = sugu_id_field(&world->till.day.bill);
    request.body_case = SUGU__REQUEST__BODY_GET_PAYMENT;
    request.get_payment = &body;
    while (!world->kiosk.is_final && now_us() < end &&
           sugu_process_is_running(&world->kiosk.program)) {
        int64_t next = now_us() + 2 * SUGU_SECOND;
        while (!world->kiosk.is_final && now_us() < next)
            lane_world_pump(world);
        if (!world->kiosk.is_final)
            send_request(world, &request, /* is_read= */ true);
    }
    return world->kiosk.is_final;
}

void
lane_world_ends(struct lane_world *world,
                enum sugu_attempt_state state,
                int64_t yen,
                const char *code)
{
    ck_assert_msg(ends_at_last(world), "state %u, %s", world->kiosk.state, world->kiosk.code);
    ck_assert_msg(world->kiosk.state == state, "state %u, %s", world->kiosk.state,
                  world->kiosk.code);
    ck_assert_int_eq(world->kiosk.approved_yen, yen);
    ck_assert_str_eq(world->kiosk.code, code);
}

/* ---- hands */

void
lane_world_provider(struct lane_world *world, const char *line)
{
    char answer[256];

    ck_assert_msg(sugu_provider_https_command(world->https, line, answer, sizeof answer), "%s: %s",
                  line, answer);
    ck_assert_msg(strcmp(answer, "cannot") != 0, "%s: cannot", line);
}

void
lane_world_cash(struct lane_world *world, const char *line)
{
    char answer[512];

    ck_assert_msg(cctalk_pty_command(world->pty, line, answer, sizeof answer), "%s: %s", line,
                  answer);
}

void
lane_world_refund(struct lane_world *world,
                  const struct sugu_id *original,
                  int64_t yen,
                  Sugu__RefundReason reason,
                  int state)
{
    char sql[200], text[SUGU_ID_TEXT_SIZE];

    world->refund = till_order_refund(&world->till, &world->till.clerk, original,
                                      ORDER(yen, reason, ORDERED, ""));
    snprintf(sql, sizeof sql, "SELECT state FROM refund WHERE attempt = '%s'",
             sugu_id_to_text(&world->refund, text));
    lane_world_await(world, sql, state);
}

void
lane_world_await(struct lane_world *world, const char *sql, int64_t number)
{
    int64_t end = now_us() + LANE_WORLD_WAIT_US;

    while (sugu_facts_number(&world->till.facts, sql) != number && now_us() < end)
        lane_world_run(world, 50 * SUGU_MS);
    ck_assert_msg(sugu_facts_number(&world->till.facts, sql) == number, "%s: not %lld", sql,
                  (long long)number);
}
