/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-insurance, which asks the qualification terminal about the people at the kiosks
 *
 * Orders come from the queue server as events and as its list of open work; verdicts go back as
 * stored requests. All the rules are in orders.c and core/domain/eligibility.c; this file is the
 * loop and the translation between messages and structs.
 */
#include "insurance/orders.h"

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "client/client.h"
#include "client/keys.h"
#include "domain/insurance-number.h"

#include <zmq.h>

#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define OPEN_WORK_WAIT_US  (10 * SUGU_SECOND)
#define OPEN_WORK_EVERY_US SUGU_MINUTE       /* a net under the events */
#define OPEN_WORK_AGAIN_US (5 * SUGU_SECOND) /* after a failure, or without room */
#define DAY_US             (INT64_C(24) * 60 * SUGU_MINUTE)

struct settings {
    struct sugu_connection_settings connection;
    char oqs_folder[512];
    char institution_code[SUGU_INSTITUTION_CODE_SIZE];
    char set_aside_folder[512];
    int64_t answer_wait_s, scan_ms, stable_ms, keep_days, sequence_first;
    bool asks_limit;
};

static const struct sugu_setting settings_rows[] = {
    SUGU_CONNECTION_ROWS(struct settings, connection),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          oqs_folder,
                          "oqs-folder",
                          1,
                          "",
                          "Shared folder of the qualification terminal; holds face, req and res."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          institution_code,
                          "institution-code",
                          1,
                          "",
                          "The facility's own 10-digit institution code."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          set_aside_folder,
                          "set-aside-folder",
                          1,
                          "",
                          "Folder that gets the answers: done for used ones, aside for staff."),
    SUGU_SETTING_INT_ROW(struct settings,
                         answer_wait_s,
                         "answer-wait-s",
                         1,
                         600,
                         "s",
                         "180",
                         "How long an answer is waited for before the patient is sent to a desk."),
    SUGU_SETTING_INT_ROW(struct settings,
                         scan_ms,
                         "scan-ms",
                         20,
                         60000,
                         "ms",
                         "1000",
                         "Time between two looks into res, beside the notices of the system."),
    SUGU_SETTING_INT_ROW(struct settings,
                         stable_ms,
                         "stable-ms",
                         5,
                         5000,
                         "ms",
                         "300",
                         "Time between two readings of one answer, which have to be the same."),
    SUGU_SETTING_INT_ROW(struct settings,
                         keep_days,
                         "keep-days",
                         1,
                         365,
                         "days",
                         "7",
                         "How long used answers are kept; what staff should look at is kept."),
    SUGU_SETTING_INT_ROW(struct settings,
                         sequence_first,
                         "sequence-first",
                         1,
                         9999,
                         "",
                         "1",
                         "First number of a day in the names of request files; a range of its own "
                         "where other programs ask the same terminal."),
    SUGU_SETTING_BOOL_ROW(struct settings,
                          asks_limit,
                          "ask-limit-certificate",
                          "no",
                          "Ask for limit certificates too; only where the patients agreed to it."),
};

static const struct sugu_program program = {
    .name = "sugu-insurance",
    .summary = "Verifies the insurance of patients through the qualification terminal's folders.",
    .settings = settings_rows,
    .settings_count = SUGU_ARRAY_SIZE(settings_rows),
    .arguments = "",
};

/* The outcomes of the domain and those of the wire are the same numbers. */
_Static_assert((int)SUGU_ELIGIBILITY_VERIFIED == SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "outcome");
_Static_assert((int)SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE ==
                   SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE,
               "outcome");
_Static_assert((int)SUGU_ELIGIBILITY_NOT_VERIFIED_NOW ==
                   SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW,
               "outcome");
_Static_assert((int)SUGU_ELIGIBILITY_NOT_FOUND == SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND, "outcome");
_Static_assert((int)SUGU_ELIGIBILITY_INVALID == SUGU__ELIGIBILITY_OUTCOME__INVALID, "outcome");

struct gateway {
    struct sugu_client *client;
    struct sugu_request_store *store;
    struct sugu_orders *orders;
    const struct sugu_clock *clock;
    int64_t open_work_at_us; /* monotonic */
    bool is_asking_open_work;
};

/*
 * The id of the request that answers an eligibility, the same in every life of this program, so
 * that the server takes one answer only. One to one: the fixed bytes are added to the random ones,
 * and version 8 (RFC 9562) keeps it apart from all ids that are made anew.
 */
static struct sugu_id
answer_id(const struct sugu_id *eligibility)
{
    static const uint8_t mask[SUGU_ID_SIZE] = {0, 0,    0,    0,    0,    0,    0,    0x53,
                                               0, 0x75, 0x67, 0x75, 0x2d, 0x6f, 0x71, 0x73};
    struct sugu_id id = *eligibility;

    for (size_t i = 0; i < SUGU_ID_SIZE; i++)
        id.bytes[i] ^= mask[i];
    id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f));
    return id;
}

/* ---- verdicts to the server */

static void
on_answered(void *user, const Sugu__Reply *reply)
{
    bool is_taken = reply->status == SUGU__STATUS__OK;

    (void)user;
    sugu_log(is_taken ? SUGU_LOG_DEBUG : SUGU_LOG_WARNING,
             is_taken ? "verdict.taken" : "verdict.not-taken", "status=%s code=%s",
             sugu_status_name((enum sugu_status)reply->status), reply->code);
}

static void
on_orphan_reply(void *user, const struct sugu_id *id, const Sugu__Reply *reply)
{
    (void)id;
    on_answered(user, reply);
}

static enum sugu_status
on_verdict(void *user,
           const struct sugu_id *eligibility,
           const struct sugu_eligibility_verdict *verdict,
           const char *evidence,
           struct sugu_error *reterr)
{
    struct gateway *gateway = user;
    struct sugu_id id = answer_id(eligibility);
    Sugu__AnswerEligibility answer = SUGU__ANSWER_ELIGIBILITY__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;

    answer.eligibility = sugu_id_field(eligibility);
    answer.outcome = (Sugu__EligibilityOutcome)verdict->outcome;
    answer.code = (char *)verdict->code;
    answer.insurer_number = (char *)verdict->insurer_number;
    answer.symbol = (char *)verdict->symbol;
    answer.number = (char *)verdict->number;
    answer.branch = (char *)verdict->branch;
    answer.ratio_percent = verdict->ratio_percent;
    answer.valid_from = verdict->valid_from;
    answer.valid_until = verdict->valid_until;
    answer.evidence = (char *)evidence;
    answer.limit_class = (char *)verdict->limit_class;
    request.body_case = SUGU__REQUEST__BODY_ANSWER_ELIGIBILITY;
    request.answer_eligibility = &answer;
    return sugu_client_request(
        gateway->client, &request,
        &(struct sugu_ask){.id = &id, .on_reply = on_answered, .user = gateway}, reterr);
}

struct store_search {
    struct sugu_id id;
    bool is_found;
};

static void
compare_stored(void *user, const struct sugu_id *id, const uint8_t *request, size_t size)
{
    struct store_search *search = user;

    (void)request;
    (void)size;
    search->is_found = search->is_found || sugu_id_equal(id, &search->id);
}

static bool
has_verdict(void *user, const struct sugu_id *eligibility)
{
    struct gateway *gateway = user;
    struct store_search search = {.id = answer_id(eligibility)};

    gateway->store->list(gateway->store, compare_stored, &search);
    return search.is_found;
}

/* ---- orders from the server */

/* False where there is no room now; the list of open work brings it again. */
static bool
take_order(struct gateway *gateway, const Sugu__EligibilityOrder *order)
{
    struct sugu_order taken = {
        .eligibility = sugu_id_of(&order->eligibility),
        .asked = {.birth_date = order->birth_date, .confirm_date = order->confirm_date},
    };
    bool is_taken;

    sugu_text_copy(taken.asked.insurer_number, sizeof taken.asked.insurer_number,
                   order->insurer_number);
    sugu_text_copy(taken.asked.symbol, sizeof taken.asked.symbol, order->symbol);
    sugu_text_copy(taken.asked.number, sizeof taken.asked.number, order->number);
    sugu_text_copy(taken.asked.branch, sizeof taken.asked.branch, order->branch);
    is_taken = sugu_orders_take(gateway->orders, &taken);
    explicit_bzero(&taken, sizeof taken);
    return is_taken;
}

static void
ask_open_work_in(struct gateway *gateway, int64_t after_us)
{
    gateway->open_work_at_us = gateway->clock->monotonic_us(gateway->clock) + after_us;
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct gateway *gateway = user;
    const Sugu__OpenWork *work = reply->open_work;
    bool has_room = true;

    gateway->is_asking_open_work = false;
    if (reply->status != SUGU__STATUS__OK || reply->body_case != SUGU__REPLY__BODY_OPEN_WORK) {
        sugu_log(SUGU_LOG_WARNING, "open-work.not-told", "status=%s code=%s",
                 sugu_status_name((enum sugu_status)reply->status), reply->code);
        ask_open_work_in(gateway, OPEN_WORK_AGAIN_US);
        return;
    }
    for (size_t i = 0; has_room && i < work->n_eligibilities; i++)
        has_room = take_order(gateway, work->eligibilities[i]);
    if (has_room)
        sugu_orders_settle_untold(gateway->orders);
    ask_open_work_in(gateway, has_room ? OPEN_WORK_EVERY_US : OPEN_WORK_AGAIN_US);
}

static void
ask_open_work(struct gateway *gateway)
{
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_error error;

    if (gateway->is_asking_open_work)
        return;
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    ask_open_work_in(gateway, OPEN_WORK_AGAIN_US);
    if (sugu_client_request(gateway->client, &request,
                            &(struct sugu_ask){.is_read = true,
                                               .wait_us = OPEN_WORK_WAIT_US,
                                               .on_reply = on_open_work,
                                               .user = gateway},
                            &error) == SUGU_OK)
        gateway->is_asking_open_work = true;
    else
        sugu_log_error(SUGU_LOG_WARNING, "open-work.not-asked", &error);
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct gateway *gateway = user;

    if (event->body_case == SUGU__EVENT__BODY_ELIGIBILITY_ASKED &&
        !take_order(gateway, event->eligibility_asked))
        ask_open_work_in(gateway, OPEN_WORK_AGAIN_US);
}

static void
on_fresh(void *user, bool was_reset)
{
    sugu_log(SUGU_LOG_INFO, "server.reached", "was_reset=%s", was_reset ? "yes" : "no");
    if (was_reset)
        ask_open_work(user);
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    const struct gateway *gateway = user;

    sugu_log(SUGU_LOG_WARNING, "server.away", "silent_ms=%" PRId64,
             (gateway->clock->utc_us(gateway->clock) - since_utc) / SUGU_MS);
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

/* ---- the program */

static int
wait_ms(const struct gateway *gateway)
{
    int64_t due = sugu_client_due_us(gateway->client);
    int64_t orders = sugu_orders_due_us(gateway->orders);
    int64_t work = gateway->open_work_at_us - gateway->clock->monotonic_us(gateway->clock);

    if (orders < due)
        due = orders;
    if (work < due && !gateway->is_asking_open_work)
        due = work;
    if (due <= 0)
        return 0;
    return due / SUGU_MS >= INT_MAX ? INT_MAX : (int)(due / SUGU_MS) + 1;
}

static void
run(struct gateway *gateway)
{
    int stop = sugu_process_stop_fd();

    for (;;) {
        struct pollfd files[] = {
            {.fd = stop, .events = POLLIN},
            {.fd = sugu_client_fd(gateway->client), .events = POLLIN},
            {.fd = sugu_orders_fd(gateway->orders), .events = POLLIN},
        };
        poll(files, SUGU_ARRAY_SIZE(files), wait_ms(gateway));
        if (files[0].revents)
            return;
        sugu_client_step(gateway->client);
        sugu_orders_step(gateway->orders);
        if (gateway->clock->monotonic_us(gateway->clock) >= gateway->open_work_at_us)
            ask_open_work(gateway);
    }
}

static enum sugu_status
open_orders(struct gateway *gateway, const struct settings *settings, struct sugu_error *reterr)
{
    struct sugu_orders_settings orders = {
        .oqs_folder = settings->oqs_folder,
        .kept_folder = settings->set_aside_folder,
        .state_folder = settings->connection.state_folder,
        .institution = settings->institution_code,
        .answer_wait_us = settings->answer_wait_s * SUGU_SECOND,
        .scan_us = settings->scan_ms * SUGU_MS,
        .stable_us = settings->stable_ms * SUGU_MS,
        .keep_us = settings->keep_days * DAY_US,
        .sequence_first = (uint32_t)settings->sequence_first,
        .asks_limit = settings->asks_limit,
    };
    struct sugu_orders_callbacks callbacks = {
        .on_verdict = on_verdict, .has_verdict = has_verdict, .user = gateway};

    return sugu_orders_new(&orders, &callbacks, gateway->clock, &gateway->orders, reterr);
}

static enum sugu_status
check_settings(const struct settings *settings, struct sugu_error *reterr)
{
    static const char *const needed[] = {"oqs-folder", "set-aside-folder", "institution-code",
                                         "server",     "state-folder",     NULL};
    struct sugu_error error;
    enum sugu_status status = sugu_settings_need(&program, settings, needed, reterr);

    if (status != SUGU_OK)
        return status;
    if (sugu_institution_code_check(settings->institution_code, &error) != SUGU_OK)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "institution-code: %s",
                         error.detail);
    return SUGU_OK;
}

/* The folder of stored requests stands beside that of the asked ones. */
static enum sugu_status
open_store(struct gateway *gateway, const struct settings *settings, struct sugu_error *reterr)
{
    char folder[PATH_MAX];

    snprintf(folder, sizeof folder, "%s/requests", settings->connection.state_folder);
    return sugu_store_folder(folder, &gateway->store, reterr);
}

static enum sugu_status
open_client(struct gateway *gateway,
            void *context,
            const struct settings *settings,
            struct sugu_error *reterr)
{
    struct sugu_client_callbacks callbacks = {.on_event = on_event,
                                              .on_fresh = on_fresh,
                                              .on_stale = on_stale,
                                              .on_refused = on_refused,
                                              .on_orphan_reply = on_orphan_reply,
                                              .user = gateway};
    struct sugu_client_settings client;
    enum sugu_status status = sugu_connection_prepare(&settings->connection, &client, reterr);

    if (status != SUGU_OK)
        return status;
    client.listens = true;
    status = sugu_client_new(
        &client, &callbacks,
        &(struct sugu_client_means){context, gateway->clock, sugu_random_system(), gateway->store},
        &gateway->client, reterr);
    explicit_bzero(&client, sizeof client);
    return status;
}

int
main(int argc, char **argv)
{
    static struct settings settings;
    struct gateway gateway = {.clock = sugu_clock_system()};
    struct sugu_error error;
    enum sugu_status status;
    void *context;

    sugu_process_start(program.name);
    sugu_program_start(&program, argc, argv, &settings);
    context = zmq_ctx_new();
    status = check_settings(&settings, &error);
    if (status == SUGU_OK)
        status = open_store(&gateway, &settings, &error);
    if (status == SUGU_OK)
        status = open_orders(&gateway, &settings, &error);
    if (status == SUGU_OK)
        status = open_client(&gateway, context, &settings, &error);
    if (status != SUGU_OK)
        sugu_process_die(program.name, &error);
    sugu_log(SUGU_LOG_INFO, "program.started", "waiting=%zu",
             sugu_orders_open_count(gateway.orders));
    ask_open_work(&gateway);
    run(&gateway);
    sugu_log(SUGU_LOG_INFO, "program.ended", "waiting=%zu", sugu_orders_open_count(gateway.orders));
    sugu_client_free(gateway.client);
    sugu_orders_free(gateway.orders);
    gateway.store->free(gateway.store);
    zmq_ctx_term(context);
    return SUGU_EXIT_OK;
}
