/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-provider-lanes - whatever goes wrong on the way to a provider, yen taken are yen posted
 *
 * A small lane for each of the two ways to pay, made of the rules, the attempt's machine and the
 * real driver as docs/payment-providers.md says, against the emulated provider under a virtual
 * clock. A seed decides what the person does, what is wrong with each question, and where the
 * program dies.
 */
#include "domain/on-file-machine.h"
#include "emulators/card-on-file-provider.h"
#include "emulators/code-provider.h"
#include "emulators/provider-direct.h"
#include "payment/code/paypay.h"
#include "payment/on-file/checkout.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

#define MORNING ((INT64_C(1780239600) + 10 * 3600) * SUGU_SECOND)
#define SEEDS   4000

/* What a journal would hold of one attempt: survives the program. */
struct row {
    enum sugu_attempt_state state;
    int64_t posted_yen;
    unsigned alarms;
};

struct world {
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_provider *emulated;
    struct sugu_provider_direct direct;
    uint64_t seed;
    bool is_calm; /* no faults any more */
};

static bool
chance(struct world *world, unsigned percent)
{
    return sugu_random_below(&world->random.random, 100) < percent;
}

static bool
command(struct world *world, const char *line)
{
    char answer[128];

    ck_assert_msg(sugu_provider_command(world->emulated, line, answer, sizeof answer), "%s", line);
    return strcmp(answer, "ok") == 0;
}

/* Three of ten questions go wrong. */
static void
spoil(struct world *world)
{
    static const char *const faults[] = {
        "drop-request", "drop-response", "late 40000", "http 500",  "http 503",    "refuse 502",
        "garbage",      "away on",       "twice",      "revoke on", "in-flight 1", "in-flight 3"};

    command(world, "reset");
    if (!world->is_calm && chance(world, 30))
        command(world, faults[sugu_random_below(&world->random.random, SUGU_ARRAY_SIZE(faults))]);
}

static void
world_init(struct world *world, struct sugu_provider *emulated, uint64_t seed)
{
    sugu_random_seeded_init(&world->random, seed);
    world->seed = seed;
    world->emulated = emulated;
    sugu_provider_direct_init(&world->direct, emulated, &world->clock);
}

static void
step(struct world *world, struct row *row, enum sugu_attempt_event event, int64_t yen)
{
    struct sugu_error error;
    uint32_t effects;
    unsigned next;
    enum sugu_status status =
        sugu_machine_step(&sugu_attempt_machine, row->state, event, &next, &effects, &error);

    ck_assert_msg(status == SUGU_OK, "seed %llu: %s", (unsigned long long)world->seed,
                  status ? error.detail : "");
    if (next == SUGU_ATTEMPT_APPROVED && row->state != SUGU_ATTEMPT_APPROVED)
        row->posted_yen = yen;
    row->alarms += (effects & SUGU_ATTEMPT_DO_ALARM) != 0;
    row->state = (enum sugu_attempt_state)next;
}

/* ---- a code */

struct code_lane {
    struct world world;
    struct sugu_code_payment *driver;
    struct row row;
    struct sugu_code_watch watch; /* in the journal, too */
    char code_id[65];
    struct sugu_not_found seen;
};

static void
leave(struct code_lane *lane)
{
    lane->watch.left_us = lane->world.clock.monotonic;
    if (!*lane->code_id)
        lane->watch.deleted_us = lane->watch.left_us; /* there is nothing that could be deleted */
}

static void
code_begin(struct code_lane *lane)
{
    struct world *world = &lane->world;
    struct sugu_code_order order = {.payment_id = "A1", .amount_yen = 3240};
    struct sugu_code_shown shown;
    struct sugu_error error;

    step(world, &lane->row, SUGU_ATTEMPT_ON_SENDING, 0);
    order.expires = world->clock.utc + 180 * SUGU_SECOND;
    lane->watch.expires_us = world->clock.monotonic + 180 * SUGU_SECOND;
    spoil(world);
    switch (lane->driver->ops->create(lane->driver, &order, &shown, &error)) {
    case SUGU_OK:
        ck_assert(!shown.is_known_already);
        memcpy(lane->code_id, shown.code_id, sizeof lane->code_id);
        lane->watch.shown_us = world->clock.monotonic;
        break;
    case SUGU_RETRY:
    case SUGU_REFUSED:
    case SUGU_BROKEN:
        step(world, &lane->row, SUGU_ATTEMPT_ON_NOT_SENT, 0);
        break;
    case SUGU_UNKNOWN:
        step(world, &lane->row, SUGU_ATTEMPT_ON_NO_ANSWER, 0);
        leave(lane);
        break;
    }
}

/* The person at the kiosk, who has seen the code or has not. */
static void
code_person(struct code_lane *lane)
{
    static const char *const acts[] = {"scan", "pay", "pay", "pay", "authorise", "fail"};
    struct world *world = &lane->world;

    if (*lane->code_id && chance(world, 8))
        command(world, acts[sugu_random_below(&world->random.random, SUGU_ARRAY_SIZE(acts))]);
    if (lane->row.state == SUGU_ATTEMPT_SENT && !lane->watch.left_us && chance(world, 4))
        leave(lane);
    if (chance(world, 3))
        command(world, "race");
    if (!world->is_calm && chance(world, 3)) { /* the program dies and comes back */
        if (!lane->watch.left_us)
            leave(lane);
        step(world, &lane->row, SUGU_ATTEMPT_ON_INTERRUPTED, 0);
        lane->seen = (struct sugu_not_found){0};
    }
}

static void
code_ask(struct code_lane *lane)
{
    struct world *world = &lane->world;
    struct sugu_code_answer answer;
    enum sugu_attempt_event event;
    struct sugu_error error;

    spoil(world);
    lane->watch.last_asked_us = world->clock.monotonic;
    if (lane->driver->ops->status(lane->driver, SUGU_CODE_PAYMENT, "A1", &answer, &error))
        return;
    if (sugu_code_judge(lane->row.state, answer.state, &lane->seen, world->clock.monotonic, &event))
        step(world, &lane->row, event, answer.amount_yen);
}

static void
code_turn(struct code_lane *lane)
{
    struct world *world = &lane->world;
    struct sugu_error error;
    enum sugu_status status;
    int64_t due_us;

    switch (sugu_code_next(&lane->watch, world->clock.monotonic, &due_us)) {
    case SUGU_CODE_WAIT:
        ck_assert_int_gt(due_us, world->clock.monotonic);
        sugu_clock_manual_advance(&world->clock, due_us - world->clock.monotonic);
        break;
    case SUGU_CODE_LEAVE:
        leave(lane);
        break;
    case SUGU_CODE_DELETE:
        spoil(world);
        status = lane->driver->ops->withdraw(lane->driver, lane->code_id, &error);
        if (status == SUGU_OK || status == SUGU_REFUSED)
            lane->watch.deleted_us = world->clock.monotonic;
        sugu_clock_manual_advance(&world->clock, SUGU_SECOND);
        break;
    case SUGU_CODE_ASK:
        code_ask(lane);
        break;
    case SUGU_CODE_HOLD:
        if (lane->row.state == SUGU_ATTEMPT_SENT)
            step(world, &lane->row, SUGU_ATTEMPT_ON_NO_ANSWER, 0);
        if (lane->row.state == SUGU_ATTEMPT_UNKNOWN)
            step(world, &lane->row, SUGU_ATTEMPT_ON_TRIES_USED_UP, 0);
        world->is_calm = true; /* the provider is back some day, and lets what it blocked go */
        command(world, "fail");
        sugu_clock_manual_advance(&world->clock, SUGU_MINUTE);
        code_ask(lane);
        break;
    }
}

/* One attempt from beginning to end; its last state. */
static enum sugu_attempt_state
code_run(uint64_t seed)
{
    struct code_lane lane = {0};
    struct sugu_code_provider *emulated = sugu_code_provider_new(&lane.world.clock.clock);
    struct sugu_paypay_settings settings = {.key = sugu_code_provider_key,
                                            .merchant = SUGU_EMULATED_CODE_MERCHANT,
                                            .make_wait_ms = 30000,
                                            .ask_wait_ms = 15000};
    const struct sugu_provider_counts *counts;
    int turns = 0;

    sugu_clock_manual_init(&lane.world.clock, MORNING);
    world_init(&lane.world, sugu_code_provider_base(emulated), seed);
    settings.http = &lane.world.direct.http;
    settings.clock = &lane.world.clock.clock;
    settings.random = &lane.world.random.random;
    lane.driver = sugu_paypay_new(&settings);
    counts = &lane.world.emulated->counts;
    code_begin(&lane);
    while (!sugu_attempt_is_final(lane.row.state) && turns++ < 2000) {
        code_person(&lane);
        code_turn(&lane);
    }
    ck_assert_msg(sugu_attempt_is_final(lane.row.state), "seed %llu never ends",
                  (unsigned long long)seed);
    /* Whatever a phone still tries: what was told is true. */
    command(&lane.world, "pay");
    ck_assert_msg(counts->taken_yen == lane.row.posted_yen && counts->takes <= 1,
                  "seed %llu: taken %lld, posted %lld", (unsigned long long)seed,
                  (long long)counts->taken_yen, (long long)lane.row.posted_yen);
    ck_assert_uint_eq(lane.row.alarms, 0);
    sugu_paypay_free(lane.driver);
    sugu_code_provider_free(emulated);
    return lane.row.state;
}

START_TEST(yen_taken_by_codes_are_yen_posted_whatever_goes_wrong)
{
    int approved = 0, declined = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        enum sugu_attempt_state state = code_run(seed);
        approved += state == SUGU_ATTEMPT_APPROVED;
        declined += state == SUGU_ATTEMPT_DECLINED;
    }
    ck_assert_int_eq(approved + declined, SEEDS);
    ck_assert_int_gt(approved, SEEDS / 5);
    ck_assert_int_gt(declined, SEEDS / 5);
}
END_TEST

/* ---- a card on file */

struct card_lane {
    struct world world;
    struct sugu_card_on_file *driver;
    struct sugu_card_on_file_provider *emulated;
    enum sugu_dues_state dues;
    unsigned keys;
    int64_t posted_yen, bill_yen;
    struct sugu_on_file_answer hold;
    uint32_t first_day, retries;
};

typedef enum sugu_status (*request_function)(struct sugu_card_on_file *,
                                             const struct sugu_on_file_request *,
                                             struct sugu_on_file_answer *,
                                             struct sugu_error *);

/* A request until its outcome is known: the same key again and again. False: it was not carried out
 * and never will be. */
static bool
settle(struct card_lane *lane,
       request_function function,
       const char *original,
       int64_t amount_yen,
       struct sugu_on_file_answer *ret_answer)
{
    struct world *world = &lane->world;
    struct sugu_on_file_request request = {
        .payer = "payer-1", .token = "T1", .amount_yen = amount_yen};
    sugu_time_us first_us = world->clock.utc;
    enum sugu_status status = SUGU_UNKNOWN;

    snprintf(request.key, sizeof request.key, "00000000-0000-4000-8000-%012u", ++lane->keys);
    snprintf(request.reference, sizeof request.reference, "A%u", lane->keys);
    snprintf(request.original, sizeof request.original, "%s", original);
    for (int tries = 0; tries < 200; tries++) {
        struct sugu_error error;

        ck_assert(sugu_on_file_may_repeat(first_us, world->clock.utc));
        spoil(world);
        if (!world->is_calm && chance(world, 10))
            command(world, "busy 1");
        status = function(lane->driver, &request, ret_answer, &error);
        if (status == SUGU_REFUSED)
            return false;
        if (status == SUGU_OK && ret_answer->result != SUGU_ON_FILE_IN_PROGRESS)
            return true;
        sugu_clock_manual_advance(&world->clock, 5 * SUGU_SECOND);
    }
    ck_abort_msg("seed %llu: never settled", (unsigned long long)world->seed);
}

static void
dues(struct card_lane *lane, enum sugu_dues_event event)
{
    struct sugu_on_file_answer answer;
    struct sugu_error error;
    uint32_t effects;
    unsigned next;

    sugu_assert_ok(
        sugu_machine_step(&sugu_dues_machine, lane->dues, event, &next, &effects, &error), error);
    lane->dues = (enum sugu_dues_state)next;
    if ((effects & SUGU_DUES_DO_RELEASE) && *lane->hold.provider_id) {
        settle(lane, lane->driver->ops->release, lane->hold.provider_id, 0, &answer);
        lane->hold = (struct sugu_on_file_answer){0};
    }
}

/* The attempt of the dues: out of the hold or by a charge of its own. */
static void
card_take(struct card_lane *lane, bool is_capture)
{
    struct world *world = &lane->world;
    const struct sugu_card_on_file_ops *ops = lane->driver->ops;
    struct sugu_on_file_answer answer;
    uint32_t day;
    bool is_known;

    if (!is_capture && chance(world, 30))
        command(world, chance(world, 50) ? "decline 12" : "decline 5");
    is_known = is_capture
                   ? settle(lane, ops->capture, lane->hold.provider_id, lane->bill_yen, &answer)
                   : settle(lane, ops->charge, "", lane->bill_yen, &answer);
    ck_assert(is_known);
    if (is_capture)
        lane->hold = (struct sugu_on_file_answer){0};
    if (answer.result != SUGU_ON_FILE_DECLINED) {
        lane->posted_yen += answer.approved_yen;
        dues(lane, SUGU_DUES_ON_APPROVED);
    } else if (sugu_on_file_next_try(lane->first_day, lane->retries, answer.decline, &day)) {
        dues(lane, SUGU_DUES_ON_DECLINED_SOFT);
    } else {
        dues(lane, SUGU_DUES_ON_DECLINED_LAST);
    }
}

static void
card_visit(struct card_lane *lane)
{
    static const struct sugu_on_file_house house = {
        .text_version = 1, .ceiling_yen_max = 100000, .hold_yen = 10000, .hold_days = 7};
    static const struct sugu_on_file_consent consent = {.text_version = 1, .ceiling_yen = 30000};
    struct world *world = &lane->world;
    int64_t hold_yen = chance(world, 70) ? sugu_on_file_hold_yen(&consent, &house) : 0;
    enum sugu_on_file_step way;

    lane->bill_yen = (int64_t)sugu_random_below(&world->random.random, 40000);
    lane->first_day = 20260601;
    ck_assert(settle(lane, lane->driver->ops->hold, "", hold_yen, &lane->hold));
    way = sugu_on_file_decide(&consent, &house, lane->bill_yen, hold_yen, 0);
    switch (way) {
    case SUGU_ON_FILE_NOTHING:
        dues(lane, SUGU_DUES_ON_BILL_ZERO);
        return;
    case SUGU_ON_FILE_TO_KIOSK:
        dues(lane, SUGU_DUES_ON_BILL_TOO_HIGH);
        return;
    case SUGU_ON_FILE_CAPTURE:
    case SUGU_ON_FILE_CHARGE:
        dues(lane, SUGU_DUES_ON_BILL_TAKES);
        break;
    }
    card_take(lane, way == SUGU_ON_FILE_CAPTURE);
    while (lane->dues == SUGU_DUES_RETRYING) {
        lane->retries++;
        dues(lane, SUGU_DUES_ON_RETRY_DUE);
        card_take(lane, false);
    }
}

static enum sugu_dues_state
card_run(uint64_t seed)
{
    struct card_lane lane = {0};
    struct sugu_checkout_settings settings = {.api_key = SUGU_EMULATED_CARD_KEY,
                                              .merchant = SUGU_EMULATED_CARD_MERCHANT,
                                              .wait_ms = 30000};
    const struct sugu_provider_counts *counts;

    lane.emulated = sugu_card_on_file_provider_new(&lane.world.clock.clock);
    sugu_clock_manual_init(&lane.world.clock, MORNING);
    world_init(&lane.world, sugu_card_on_file_provider_base(lane.emulated), seed);
    settings.http = &lane.world.direct.http;
    lane.driver = sugu_checkout_new(&settings);
    counts = &lane.world.emulated->counts;
    command(&lane.world, "token T1 payer-1 visa 1111 8/2031 CREDIT");
    card_visit(&lane);
    ck_assert_msg(counts->taken_yen == lane.posted_yen && counts->takes <= 1 && counts->twins == 0,
                  "seed %llu: taken %lld, posted %lld", (unsigned long long)seed,
                  (long long)counts->taken_yen, (long long)lane.posted_yen);
    ck_assert_int_eq(lane.posted_yen, lane.dues == SUGU_DUES_PAID ? lane.bill_yen : 0);
    ck_assert_int_eq(sugu_card_on_file_provider_held(lane.emulated), 0);
    sugu_checkout_free(lane.driver);
    sugu_card_on_file_provider_free(lane.emulated);
    return lane.dues;
}

START_TEST(yen_taken_from_stored_cards_are_yen_posted_whatever_goes_wrong)
{
    int paid = 0, at_kiosk = 0;

    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        enum sugu_dues_state state = card_run(seed);
        paid += state == SUGU_DUES_PAID;
        at_kiosk += state == SUGU_DUES_AT_KIOSK;
    }
    ck_assert_int_gt(paid, SEEDS / 16);
    ck_assert_int_gt(at_kiosk, SEEDS / 20);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("provider-lanes",
                       120,
                       yen_taken_by_codes_are_yen_posted_whatever_goes_wrong,
                       yen_taken_from_stored_cards_are_yen_posted_whatever_goes_wrong)
