/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - a run from its first patient until everything has settled
 */
#include "simulation/world.h"

#include "simulation/cluster.h"
#include "simulation/closing.h"
#include "simulation/desk.h"
#include "simulation/device-card.h"
#include "simulation/device-cash.h"
#include "simulation/device-code.h"
#include "simulation/device-on-file.h"
#include "simulation/lockstep.h"
#include "simulation/network.h"
#include "simulation/provider-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_UTC_US         INT64_C(1932944400000000) /* 2031-04-03, 09:00 in Japan */
#define SESSION_S            22                        /* of kiosk time that a visit takes */
#define SETTLE_US            (130 * SUGU_MINUTE) /* a card is forgotten an hour after a "no" */
#define STORM_US             (90 * SUGU_MINUTE)
#define LOOK_US              (5 * SUGU_SECOND)
#define HEARTBEAT_US         (3 * SUGU_SECOND)
#define DAY_US               (24 * 60 * SUGU_MINUTE)
#define KIOSKS_LEAST         24
#define KIOSKS_DRAWN         48 /* at most; each lives on while nobody stands there */
#define STORM_KIOSKS         8
#define PER_CENT_MAX         30
#define SERVER_PAYMENT       1003 /* number of its key in house.sql */
#define OTHERS_LESS          12   /* where one way is looked at */
#define DESK_MOST            60
#define CLOSES_MOST          6
#define QUIET_IN_FOUR        25
#define COMES_EARLY          15                /* of those whose bill is not ready, per cent */
#define BOARD_US             (4 * SUGU_MINUTE) /* then one asks at a kiosk why nothing is shown */
#define FLUSH_US_MIN         (100 * SUGU_MS)   /* meanwhile requests gather to one transaction */
#define FLUSH_US_MAX         (700 * SUGU_MS)
#define ANALYZED_AFTER       50 /* visits */
#define ANALYZED_AGAIN_AFTER 400

static struct world world;

void
world_key(char letter, unsigned index, uint8_t key[32])
{
    memset(key, letter, 30);
    key[30] = (uint8_t)(index >> 8);
    key[31] = (uint8_t)index;
}

struct sugu_client_settings
world_client(char letter, unsigned index)
{
    struct sugu_client_settings settings = {.endpoint = WORLD_SERVER,
                                            .facility = WORLD_FACILITY,
                                            .has_curve = true,
                                            .heartbeat_us = HEARTBEAT_US};

    world_key(letter, index, settings.public_key);
    world_key('S', 0, settings.server_key);
    return settings;
}

/* ---- what a run is made of */

/* Nothing in a quarter of the runs, else up to `most` per cent. */
static unsigned
draw_percent(struct sugu_random *random, unsigned most)
{
    if (sugu_random_below(random, 100) < QUIET_IN_FOUR)
        return 0;
    return (unsigned)sugu_random_below(random, most + 1);
}

static uint64_t
draw_one_in(struct sugu_random *random, uint64_t least, uint64_t most)
{
    if (sugu_random_below(random, 100) < QUIET_IN_FOUR)
        return 0;
    return least + sugu_random_below(random, most - least);
}

static struct sim_network_faults
draw_network(struct sugu_random *random, unsigned most)
{
    return (struct sim_network_faults){
        .lost_percent = draw_percent(random, most),
        .doubled_percent = draw_percent(random, most),
        .late_percent = draw_percent(random, most),
        .overtaking_percent = draw_percent(random, most),
        .cut_per_million = (unsigned)draw_one_in(random, 20, 4000),
    };
}

/* The two networks and the losses of the database are drawn here, too, from the same numbers. */
static struct {
    struct sim_network_faults far, near;
    uint64_t lose_one_in;
    int64_t flush_us;
} drawn;

/* How much of everything may be paid by each way; 0 = no such device here. */
static const unsigned pays_most[WAY_COUNT] = {
    [WAY_CARD] = 100, [WAY_CASH] = 100, [WAY_CODE] = 60, [WAY_ON_FILE] = 60};

/* Not all by one way, and not every way in every run. */
static void
draw_ways(struct sugu_random *random, unsigned pays[WAY_COUNT])
{
    for (unsigned way = 0; way < WAY_COUNT; way++)
        pays[way] = way == WAY_CARD ? pays_most[way] : draw_percent(random, pays_most[way]);
}

/* One after the other, those that there are. */
static enum world_way
next_way(unsigned visit)
{
    for (unsigned way = visit % WAY_COUNT;; way = (way + 1) % WAY_COUNT)
        if (world.settings.pays[way] > 0)
            return (enum world_way)way;
}

static enum world_way
draw_way(void)
{
    unsigned sum = 0, way = 0;
    uint64_t at;

    for (unsigned i = 0; i < WAY_COUNT; i++)
        sum += world.settings.pays[i];
    if (sum == world.settings.pays[WAY_CARD])
        return WAY_CARD;
    if (world.settings.is_small)
        return next_way(world.arrived - 1);
    for (at = sim_below(sum); at >= world.settings.pays[way]; way++)
        at -= world.settings.pays[way];
    return (enum world_way)way;
}

void
world_draw(struct world_settings *settings, struct sim_settings *sim)
{
    struct sugu_random_seeded seeded;
    struct sugu_random *random = &seeded.random;

    sugu_random_seeded_init(&seeded, sim->seed ^ UINT64_C(0x5375677553696d75));
    settings->kiosks =
        KIOSKS_LEAST + (unsigned)sugu_random_below(random, KIOSKS_DRAWN + 1 - KIOSKS_LEAST);
    settings->terminal_fault = draw_percent(random, PER_CENT_MAX);
    settings->terminal_lost = draw_percent(random, PER_CENT_MAX / 3);
    settings->revised = draw_percent(random, PER_CENT_MAX);
    settings->withdrawn = draw_percent(random, 10);
    settings->aborts = draw_percent(random, PER_CENT_MAX);
    settings->leaves = draw_percent(random, PER_CENT_MAX);
    settings->window_crash = draw_percent(random, 10);
    settings->paper_fails = draw_percent(random, PER_CENT_MAX);
    settings->has_clock_jump = sugu_random_below(random, 8) == 0;
    drawn.far = draw_network(random, PER_CENT_MAX);
    drawn.near = draw_network(random, PER_CENT_MAX / 3);
    drawn.flush_us = FLUSH_US_MIN + (int64_t)sugu_random_below(random, FLUSH_US_MAX - FLUSH_US_MIN);
    drawn.lose_one_in = draw_one_in(random, 150, 3500);
    sim->crash_one_in[SIM_SERVER] = draw_one_in(random, 300, 4500);
    sim->crash_one_in[SIM_PAYMENT] = draw_one_in(random, 120, 2000);
    draw_ways(random, settings->pays);
    settings->cash_kiosks =
        settings->pays[WAY_CASH] ? 1 + (unsigned)sugu_random_below(random, 6) : 0;
    settings->cash_fault = draw_percent(random, PER_CENT_MAX);
    settings->cash_lost_per_thousand = draw_percent(random, 20);
    settings->desk = draw_percent(random, DESK_MOST);
    settings->closes = draw_percent(random, CLOSES_MOST);
    settings->provider_fault = draw_percent(random, PER_CENT_MAX);
    settings->provider_lost = draw_percent(random, PER_CENT_MAX / 3);
    settings->fee_fault = draw_percent(random, PER_CENT_MAX);
    sim->crash_one_in[SIM_FEE] = draw_one_in(random, 150, 3000);
    sim->crash_one_in[SIM_DESK] = draw_one_in(random, 150, 3000);
}

void
world_storm(struct world_settings *settings, struct sim_settings *sim)
{
    world_draw(settings, sim);
    settings->kiosks = STORM_KIOSKS;
    settings->terminal_fault = 40;
    settings->terminal_lost = 5;
    settings->revised = PER_CENT_MAX;
    settings->leaves = 15;
    settings->aborts = 10;
    for (unsigned way = 0; way < WAY_COUNT; way++)
        settings->pays[way] = pays_most[way];
    settings->cash_kiosks = STORM_KIOSKS / 2;
    settings->cash_fault = 40;
    settings->cash_lost_per_thousand = 5;
    settings->desk = DESK_MOST;
    settings->closes = CLOSES_MOST;
    settings->provider_fault = PER_CENT_MAX;
    settings->provider_lost = 5;
    settings->fee_fault = 20;
    drawn.far.lost_percent = drawn.far.doubled_percent = 20;
    drawn.flush_us = 5 * SUGU_MS;
    sim->crash_one_in[SIM_SERVER] = 700;
    sim->crash_one_in[SIM_PAYMENT] = 150;
    sim->crash_one_in[SIM_FEE] = sim->crash_one_in[SIM_DESK] = 200;
}

void
world_focus(struct world_settings *settings, enum world_way way)
{
    for (unsigned other = 0; other < WAY_COUNT; other++)
        if (other != way)
            settings->pays[other] /= OTHERS_LESS;
    settings->desk = 100;
    if (way == WAY_CASH)
        settings->cash_kiosks = STORM_KIOSKS;
}

/* ---- patients */

/* To any kiosk that is free; to one that takes cash who pays so, where one is. */
static void
call_kiosk(const struct visit *visit)
{
    unsigned first = (unsigned)sim_below(world.settings.kiosks);
    struct kiosk *found = NULL;

    for (unsigned i = 0; i < world.settings.kiosks; i++) {
        struct kiosk *kiosk = &world.kiosks[(first + i) % world.settings.kiosks];
        if (kiosk->is_free && (!found || (visit->way == WAY_CASH && kiosk->cash && !found->cash)))
            found = kiosk;
    }
    if (!found)
        return;
    found->is_free = false;
    sim_wake(found->window.main_thread);
}

static void
add_to_line(void *user)
{
    struct visit *visit = user;

    if (visit->stage == VISIT_DONE)
        return;
    world.line[(world.line_first + world.line_count++) % SUGU_ARRAY_SIZE(world.line)] = visit;
    call_kiosk(visit);
}

void
world_come_later(struct visit *visit, int64_t after_us)
{
    sim_at(sim_now() + after_us, add_to_line, visit);
}

static void
lose_patience(void *user)
{
    struct visit *visit = user;

    if (visit->waits)
        add_to_line(visit);
    visit->waits = false;
}

void
world_come_back(struct visit *visit)
{
    if (visit->stage == VISIT_NEW || visit->is_billed || sim_chance(COMES_EARLY)) {
        world_come_later(visit, sim_between(8, 35) * SUGU_SECOND);
        return;
    }
    visit->waits = true;
    sim_at(sim_now() + BOARD_US, lose_patience, visit);
}

void
world_bill_is(struct visit *visit, bool is_ready)
{
    visit->is_billed = is_ready;
    if (visit->waits && is_ready)
        world_come_later(visit, sim_between(2, 20) * SUGU_SECOND);
    visit->waits = visit->waits && !is_ready;
}

static void
arrive(void *user)
{
    struct visit *visit = &world.visits[world.arrived];

    (void)user;
    visit->index = world.arrived++;
    visit->id = sugu_id_new(&world.printer.clock, sim_random());
    visit->bill = sugu_id_new(&world.printer.clock, sim_random());
    visit->way = draw_way();
    /* the others have it done at a kiosk */
    if (visit->way == WAY_ON_FILE && !world.settings.is_small && sim_chance(50))
        device_on_file_register(&world, visit);
    sim_count(SIM_COUNT_visits);
    add_to_line(visit);
    if (world.arrived < world.settings.visits)
        sim_at(sim_now() + sim_between(0, 2 * world.settings.arrival_us), arrive, NULL);
}

static struct visit **
in_line(unsigned at)
{
    return &world.line[(world.line_first + at) % SUGU_ARRAY_SIZE(world.line)];
}

struct visit *
world_next_patient(const struct kiosk *kiosk)
{
    unsigned at = 0;
    struct visit *visit;

    if (world.line_count == 0)
        return NULL;
    while (kiosk->cash && at < world.line_count && (*in_line(at))->way != WAY_CASH)
        at++;
    at = at < world.line_count ? at : 0;
    visit = *in_line(at);
    for (; at > 0; at--)
        *in_line(at) = *in_line(at - 1);
    world.line_first = (world.line_first + 1) % SUGU_ARRAY_SIZE(world.line);
    world.line_count--;
    return visit;
}

static void
analyze(void *user)
{
    (void)user;
    cluster_database_analyze(world.settings.owner);
}

void
world_is_done(struct visit *visit)
{
    if (visit->stage == VISIT_DONE)
        return;
    desk_told(&world, visit);
    visit->stage = VISIT_DONE;
    world.done++;
    if (world.done == ANALYZED_AFTER || world.done == ANALYZED_AGAIN_AFTER)
        sim_at(sim_now(), analyze, NULL);
}

bool
world_is_empty(const struct world *unused)
{
    (void)unused;
    return world.done == world.settings.visits && world.arrived == world.settings.visits;
}

/* ---- the run */

/* The server's clock, or a kiosk's, is set: to the other side of the cut-off, or a little off. */
static void
jump(void *user)
{
    struct sim_program *programs[] = {&world.server, &world.kiosks[0].payment,
                                      &world.kiosks[1].payment};
    int64_t steps[] = {DAY_US, 20 * 60 * SUGU_MINUTE, 3 * SUGU_MINUTE, -3 * SUGU_MINUTE};

    (void)user;
    if (!sim_is_stormy())
        return;
    sim_count(SIM_COUNT_clock_jumps);
    programs[sim_below(SUGU_ARRAY_SIZE(programs))]->clock_ahead_us =
        steps[sim_below(SUGU_ARRAY_SIZE(steps))];
}

static void
init_kiosk(struct kiosk *kiosk, unsigned index)
{
    kiosk->world = &world;
    kiosk->index = index;
    snprintf(kiosk->place, sizeof kiosk->place, "kiosk-%u", index);
    snprintf(kiosk->folder, sizeof kiosk->folder, "%s/k%u", world.settings.folder, index);
    snprintf(kiosk->endpoint, sizeof kiosk->endpoint, "ipc://%s/run/k%u", world.settings.folder,
             index);
    snprintf(kiosk->poi_id, sizeof kiosk->poi_id, "EMU400-%09u", index);
    snprintf(kiosk->terminal, sizeof kiosk->terminal, "https://terminal-%u:8443/nexo", index);
    kiosk->card = device_card_new(kiosk);
    if (index < world.settings.cash_kiosks)
        kiosk->cash = device_cash_new(kiosk);
    kiosk->code = world.code;
    payment_begin(kiosk);
    window_begin(kiosk);
}

static void
init_server_payment(struct kiosk *place)
{
    place->world = &world;
    place->index = SERVER_PAYMENT;
    snprintf(place->place, sizeof place->place, DEVICE_ON_FILE_PLACE);
    snprintf(place->folder, sizeof place->folder, "%s/cards", world.settings.folder);
    place->on_file = world.on_file;
    payment_begin(place);
}

struct kiosk *
world_place(struct world *unused, unsigned index)
{
    (void)unused;
    if (index < world.settings.kiosks)
        return &world.kiosks[index];
    return index == world.settings.kiosks && world.on_file ? &world.server_payment : NULL;
}

static bool
have_all_gone(void *user)
{
    (void)user;
    return world_is_empty(&world);
}

struct quiet {
    int64_t look_us;
    bool is_quiet;
};

/* Nobody is in the house, and nothing is open but what a human has. */
static bool
is_quiet(void *user)
{
    struct quiet *quiet = user;
    const struct kiosk *place;

    if (sim_now() < quiet->look_us)
        return quiet->is_quiet;
    quiet->look_us = sim_now() + LOOK_US;
    if (!have_all_gone(NULL) || !fee_is_idle(&world) || !staff_is_idle(&world) ||
        !desk_is_idle(&world))
        return false;
    for (unsigned i = 0; (place = world_place(&world, i)); i++)
        if (place->patient || !payment_is_idle(place))
            return false;
    return quiet->is_quiet = world_is_settled(&world);
}

static void
begin(const struct world_settings *settings, const struct sim_settings *sim)
{
    memset(&world, 0, sizeof world);
    world.settings = *settings;
    if (world.settings.arrival_us == 0)
        world.settings.arrival_us = SESSION_S * SUGU_SECOND / world.settings.kiosks;
    sim_begin(sim);
    sim_network_begin(&drawn.far, &drawn.near);
    lockstep_begin(drawn.lose_one_in, drawn.flush_us);
    sim_program_init(&world.provider, SIM_OTHER, 3);
    provider_line_begin(world.settings.provider_fault, world.settings.provider_lost);
    if (world.settings.pays[WAY_CODE] > 0)
        world.code = device_code_new(&world);
    if (world.settings.pays[WAY_ON_FILE] > 0)
        world.on_file = device_on_file_new(&world);
    server_begin(&world);
    fee_begin(&world);
    printer_begin(&world);
    if (world.settings.cash_kiosks > 0)
        staff_begin(&world);
    desk_begin(&world);
    closing_begin(&world);
    for (unsigned i = 0; i < world.settings.kiosks; i++)
        init_kiosk(&world.kiosks[i], i);
    if (world.on_file)
        init_server_payment(&world.server_payment);
    if (world.on_file)
        ward_begin(&world);
    sim_at(5 * SUGU_SECOND, arrive, NULL);
    if (world.settings.has_clock_jump)
        sim_at(sim_between(60, 600) * SUGU_SECOND, jump, NULL);
}

bool
world_play(const struct world_settings *settings, const struct sim_settings *sim)
{
    struct sim_settings own = *sim;
    struct quiet quiet = {.look_us = 0};
    int64_t until;

    if (own.utc_us == 0)
        own.utc_us = START_UTC_US;
    begin(settings, &own);
    until = STORM_US + (int64_t)world.settings.visits * 3 * world.settings.arrival_us;
    sim_run(have_all_gone, NULL, until);
    sim_calm();
    if (!sim_run(is_quiet, &quiet, sim_now() + SETTLE_US) && !*sim_failure()) {
        world_tell_open(&world);
        sim_fail("it does not settle: %u of %u visits are over", world.done, world.settings.visits);
    }
    if (!*sim_failure())
        world_check(&world);
    return !*sim_failure();
}
