/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-cash-device - what the cash devices are, hold and said
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

/* ---- the devices */

const struct sugu_cash_device *
sugu_cash_device_of(const struct sugu_agent_cash *cash, uint8_t id)
{
    for (size_t i = 0; i < cash->report.count; i++)
        if (cash->report.devices[i].id == id)
            return &cash->report.devices[i];
    return NULL;
}

static struct sugu_cash_known *
find_known(struct sugu_agent_cash *cash, uint8_t id)
{
    for (size_t i = 0; i < cash->known_count; i++)
        if (cash->known[i].id == id)
            return &cash->known[i];
    return NULL;
}

static bool
is_acceptor(const struct sugu_cash_device *device)
{
    return device->kind != SUGU_CASH_PAYOUT;
}

static bool
is_usable(const struct sugu_cash_device *device)
{
    return device->is_ready && device->trouble == SUGU_CASH_TROUBLE_NONE;
}

/* The payout into which an accepted piece of the unit falls; NULL where it goes to the box. */
static const struct sugu_cash_device *
recycler_of(const struct sugu_agent *agent, unsigned unit)
{
    const struct sugu_cash_report *report = &agent->cash.report;

    for (size_t i = 0; i < report->count && agent->settings.is_cash_recycled; i++)
        if (!is_acceptor(&report->devices[i]) && report->devices[i].gives & SUGU_CASH_BIT(unit))
            return &report->devices[i];
    return NULL;
}

bool
sugu_cash_drawer(struct sugu_agent *agent, struct sugu_cash_drawer *ret_drawer)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_cash_drawer drawer = {.must_repay = true};
    struct sugu_cash_counts held;
    struct sugu_error error;

    for (size_t i = 0; i < cash->report.count; i++) {
        const struct sugu_cash_device *device = &cash->report.devices[i];

        if (is_acceptor(device)) {
            drawer.takes |= is_usable(device) ? device->takes : 0;
            continue;
        }
        if (!is_usable(device) || device->gives & cash->failed_gives)
            continue;
        if (sugu_journal_cash_stock(agent->journal, device->id, &held, &error)) {
            sugu_agent_fail(agent, &error);
            return false;
        }
        drawer.gives |= device->gives;
        for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
            if (device->gives & SUGU_CASH_BIT(unit))
                drawer.stock.of[unit] += held.of[unit];
    }
    drawer.recycles = agent->settings.is_cash_recycled ? drawer.gives : 0;
    *ret_drawer = drawer;
    return true;
}

uint32_t
sugu_cash_units(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_cash_drawer drawer;

    if (!sugu_cash_is_live(cash) || !sugu_cash_session_takes_money(cash->session.state) ||
        !sugu_cash_drawer(agent, &drawer))
        return 0;
    return sugu_cash_takeable(&drawer, &cash->in, cash->session.due_yen);
}

const struct sugu_cash_device *
sugu_cash_escrow(const struct sugu_agent_cash *cash)
{
    for (size_t i = 0; i < cash->report.count; i++)
        if (cash->report.devices[i].is_ready && cash->report.devices[i].has_in_escrow)
            return &cash->report.devices[i];
    return NULL;
}

/* One that comes back is away until all of it was read, whatever it says of its health before. */
bool
sugu_cash_is_acceptor_away(const struct sugu_agent_cash *cash)
{
    for (size_t i = 0; i < cash->report.count; i++) {
        const struct sugu_cash_device *device = &cash->report.devices[i];

        if (is_acceptor(device) && !device->is_ready &&
            device->trouble != SUGU_CASH_TROUBLE_OTHER_DEVICE &&
            find_known((struct sugu_agent_cash *)cash, device->id))
            return true;
    }
    return false;
}

/* ---- rows of devices */

/* The first row of a device that is new: what it counted before is nobody's. */
static void
keep_new_devices(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    for (size_t i = 0; i < cash->report.count; i++) {
        const struct sugu_cash_device *device = &cash->report.devices[i];
        struct sugu_cash_known known = {.id = device->id,
                                        .serial = device->serial,
                                        .counter = device->counter,
                                        .newest = {device->newest[0], device->newest[1]}};

        if (!device->is_ready || find_known(cash, device->id) ||
            cash->known_count == SUGU_CASH_DEVICES_MAX)
            continue;
        if (!sugu_cash_write(agent, &(struct sugu_cash_entry){.device = &known}))
            return;
        cash->known[cash->known_count++] = known;
        sugu_log(SUGU_LOG_INFO, "cash.device", "device=%u serial=%u maker=%s product=%s", known.id,
                 known.serial, device->maker, device->product);
    }
}

/* ---- events */

struct meaning {
    bool is_event;
    enum sugu_cash_session_event event;
    const char *code;
};

/* Is the device one that the session needs at this moment? */
static bool
is_in_use(const struct sugu_agent_cash *cash, uint8_t id)
{
    const struct sugu_cash_device *device = sugu_cash_device_of(cash, id);

    return (device && is_acceptor(device)) || (cash->has_payout && cash->payout.device == id);
}

static struct meaning
meaning_of(const struct sugu_agent_cash *cash, const struct sugu_cash_event *event)
{
    const struct meaning fault = {is_in_use(cash, event->device), SUGU_CASH_SESSION_ON_DEVICE_FAULT,
                                  "cash.broken"};
    const struct meaning unsure = {true, SUGU_CASH_SESSION_ON_UNSURE, "payment.held"};

    switch (event->kind) {
    case SUGU_CASH_NEWS_ACCEPTED:
        return (struct meaning){true, SUGU_CASH_SESSION_ON_ACCEPTED, NULL};
    case SUGU_CASH_NEWS_JAMMED:
        return (struct meaning){fault.is_event, fault.event, "cash.jammed"};
    case SUGU_CASH_NEWS_BROKEN:
    case SUGU_CASH_NEWS_OTHER_DEVICE:
        return fault;
    case SUGU_CASH_NEWS_TAMPERED:
        return (struct meaning){true, unsure.event, "cash.tampered"};
    case SUGU_CASH_NEWS_UNREADABLE:
    case SUGU_CASH_NEWS_LOST:
        return unsure;
    case SUGU_CASH_NEWS_ESCROWED:
    case SUGU_CASH_NEWS_RETURNED:
    case SUGU_CASH_NEWS_REJECTED:
    case SUGU_CASH_NEWS_STACKER_REMOVED:
    case SUGU_CASH_NEWS_STACKER_BACK:
    case SUGU_CASH_NEWS_STACKER_FULL:
    case SUGU_CASH_NEWS_NOTED:
    case SUGU_CASH_NEWS_PAYING:
    case SUGU_CASH_NEWS_PAID:
    case SUGU_CASH_NEWS_PAYOUT_UNSURE:
    case SUGU_CASH_NEWS_RESTARTED:
    case SUGU_CASH_NEWS_AWAY:
    case SUGU_CASH_NEWS_BACK:
    case SUGU_CASH_NEWS_LEVEL:
    case SUGU_CASH_NEWS_COUNT:
        break;
    }
    return (struct meaning){.is_event = false};
}

/* Where an accepted piece lies now. */
static struct sugu_cash_movement
movement_of(const struct sugu_agent *agent, const struct sugu_cash_event *event)
{
    const struct sugu_cash_device *recycler = recycler_of(agent, event->unit);

    return (struct sugu_cash_movement){.device = recycler ? recycler->id : event->device,
                                       .unit = (enum sugu_cash_unit)event->unit,
                                       .pieces = 1,
                                       .why = "accepted"};
}

/* The rest of an event whose row is written. */
static void
count(struct sugu_agent *agent, const struct sugu_cash_event *event, bool is_of_session)
{
    if (event->kind != SUGU_CASH_NEWS_ACCEPTED)
        return;
    if (!is_of_session)
        sugu_log(SUGU_LOG_ERROR, "cash.unowned", "device=%u step=%llu", event->device,
                 (unsigned long long)event->step);
    else if (!sugu_cash_add(&agent->cash.in, (enum sugu_cash_unit)event->unit, 1))
        assert(!"more pieces than a machine holds");
}

/* What a device went through before the session met it is nobody's doubt. */
static bool
concerns_session(const struct sugu_agent_cash *cash, const struct sugu_cash_event *event)
{
    return event->kind != SUGU_CASH_NEWS_RESTARTED || cash->is_used[event->device];
}

static void
take_event(struct sugu_agent *agent, const struct sugu_cash_event *event)
{
    struct sugu_agent_cash *cash = &agent->cash;
    bool is_live = sugu_cash_is_live(cash);
    struct sugu_cash_known *known = find_known(cash, event->device), next;
    struct sugu_cash_movement movement;
    struct sugu_cash_entry entry = {.event = event, .device = &next};
    struct meaning meaning = meaning_of(cash, event);

    if (!known)
        return; /* AWAY of a device that was never there */
    next = *known;
    next.counter = event->counter;
    memcpy(next.newest, event->newest, sizeof next.newest);
    next.step = event->step ? event->step : next.step;
    entry.event_session = is_live ? &cash->session.attempt : NULL;
    if (event->kind == SUGU_CASH_NEWS_ACCEPTED) {
        movement = movement_of(agent, event);
        entry.movements = &movement;
        entry.movement_count = 1;
    }
    if ((!is_live || !sugu_cash_on_payout_news(agent, event, &entry)) &&
        (!is_live || !meaning.is_event ||
         !sugu_cash_apply(agent, meaning.event, meaning.code, &entry)) &&
        !sugu_cash_write(agent, &entry))
        return;
    if (agent->has_failed)
        return;
    *known = next;
    cash->moved_us = sugu_agent_now(agent);
    count(agent, event, is_live);
    if (event->is_doubtful && sugu_cash_is_live(cash) && concerns_session(cash, event))
        sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_UNSURE, "payment.held", NULL);
}

void
sugu_cash_meet_devices(struct sugu_agent_cash *cash)
{
    for (size_t i = 0; i < cash->report.count; i++)
        if (cash->report.devices[i].is_ready)
            cash->is_used[cash->report.devices[i].id] = true;
}

void
sugu_cash_take_news(struct sugu_agent *agent, const struct sugu_cash_news *news)
{
    struct sugu_agent_cash *cash = &agent->cash;

    keep_new_devices(agent);
    for (size_t i = 0; i < news->count && !agent->has_failed; i++)
        take_event(agent, &news->events[i]);
    sugu_cash_meet_devices(cash);
    if (news->count > 0)
        cash->noted_cycle = news->cycle;
    if (news->count > 0)
        sugu_cash_publish(agent);
}

/* ---- the lane */

/* Near empty, near full, stuck: someone is needed soon, or now. NULL where nobody is. */
static const char *
find_low(struct sugu_agent *agent)
{
    const struct sugu_cash_report *report = &agent->cash.report;
    struct sugu_cash_counts held;
    struct sugu_error error;

    for (size_t i = 0; i < report->count; i++)
        if (report->devices[i].trouble != SUGU_CASH_TROUBLE_NONE)
            return sugu_cash_trouble_code(report->devices[i].trouble);
    for (size_t i = 0; i < report->count; i++) {
        const struct sugu_cash_device *device = &report->devices[i];

        if (device->sensor == SUGU_CASH_SENSOR_FULL)
            return "cash.near-full";
        if (is_acceptor(device))
            continue;
        if (sugu_journal_cash_stock(agent->journal, device->id, &held, &error)) {
            sugu_agent_fail(agent, &error);
            return NULL;
        }
        if (device->sensor == SUGU_CASH_SENSOR_EMPTY ||
            sugu_cash_pieces(&held) <= agent->settings.cash_low_pieces)
            return "cash.near-empty";
    }
    return NULL;
}

/* Why nobody can pay by cash; NULL where one can. */
static const char *
find_obstacle(const struct sugu_agent *agent)
{
    const struct sugu_agent_cash *cash = &agent->cash;
    const char *code = "cash.away";

    if (!cash->is_open)
        return *agent->lanes[SUGU_LANE_CASH].code ? agent->lanes[SUGU_LANE_CASH].code : code;
    if (sugu_cash_is_live(cash) && cash->session.state == SUGU_CASH_SESSION_FAULT)
        return *cash->session.code ? cash->session.code : "payment.held";
    for (size_t i = 0; i < cash->report.count; i++) {
        const struct sugu_cash_device *device = &cash->report.devices[i];

        if (is_acceptor(device) && is_usable(device))
            return NULL;
        if (is_acceptor(device) && *sugu_cash_trouble_code(device->trouble))
            code = sugu_cash_trouble_code(device->trouble);
    }
    return code;
}

void
sugu_cash_judge_lane(struct sugu_agent *agent)
{
    struct sugu_lane *lane = &agent->lanes[SUGU_LANE_CASH];
    const char *obstacle = find_obstacle(agent);

    lane->low_code = agent->cash.is_open ? find_low(agent) : NULL;
    lane->state = obstacle ? SUGU_LANE_AWAY : SUGU_LANE_READY;
    if (obstacle && obstacle != lane->code)
        sugu_text_copy(lane->code, sizeof lane->code, obstacle);
}
