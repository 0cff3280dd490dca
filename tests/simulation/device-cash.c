/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device-cash - the coin acceptor, note acceptor and payouts of a kiosk, and the line to them
 */
#include "simulation/device-cash.h"

#include "base/text.h"
#include "payment/cash-set.h"
#include "payment/cash/cash-serial.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_AWAY_US (30 * SUGU_SECOND)
#define STOCK_MAX    60
#define STOCK_FEW    6
#define COUNTER_LAST 255

/* Of the emulated bus; 1 and 5 yen are not given, bills are in tens. */
static const uint8_t payouts[] = {5, 6, 7, 8, 41, 42};
static const char settings_text[] = "line /dev/cash\ncoin 2\nnote 40 crc\n"
                                    "payout 5 10\npayout 6 50\npayout 7 100\npayout 8 500\n"
                                    "payout 41 1000\npayout 42 5000\n";

struct device_cash *
device_cash_new(struct kiosk *kiosk)
{
    struct device_cash *cash = calloc(1, sizeof *cash);

    if (!cash)
        abort();
    cash->kiosk = kiosk;
    emulated_cash_init(&cash->emulated, sim_now());
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++)
        emulated_cash_find(&cash->emulated, payouts[i])->stock = (int32_t)sim_between(0, STOCK_MAX);
    /* Counters soon wrap. */
    for (size_t i = 0; i < cash->emulated.count; i++)
        cash->emulated.devices[i].counter = (uint8_t)sim_between(COUNTER_LAST - 20, COUNTER_LAST);
    return cash;
}

static void
command(struct device_cash *cash, const char *line)
{
    char answer[256];

    sim_note(line, cash->kiosk->index, 0);
    if (!emulated_cash_command(&cash->emulated, line, sim_now(), answer, sizeof answer))
        sim_fail("the emulated cash devices do not know %s", line);
}

void
device_cash_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings)
{
    device_file(kiosk, "cash", settings_text, settings->cash);
    settings->cash_recycles = true;
}

/* Now and then somebody has miscounted. */
void
device_cash_fill(struct device_cash *cash, const struct sugu_payment_settings *settings)
{
    struct sugu_error error;
    char device[8], pieces[16];

    if (cash->is_filled)
        return;
    cash->is_filled = true;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        int32_t stock = emulated_cash_find(&cash->emulated, payouts[i])->stock;

        if (sim_happens(cash->kiosk->world->settings.cash_fault / 2))
            stock += (int32_t)sim_between(1, 20);
        snprintf(device, sizeof device, "%u", payouts[i]);
        snprintf(pieces, sizeof pieces, "%d", stock);
        if (sugu_cash_set_count(settings->cash, cash->kiosk->folder, device, pieces, &error))
            sim_fail("a payout is not counted: %s %s", error.code, error.detail);
    }
}

/* ---- what patients and staff do */

void
device_cash_insert(struct device_cash *cash, int64_t yen)
{
    static const char *const coin_fates[] = {"reject", "jam", "backwards", "string", "slow"};
    static const char *const note_fates[] = {"note-reject", "note-jam", "pull-back", "note-string"};
    bool is_note = yen >= 1000;
    char line[32];

    if (sim_happens(cash->kiosk->world->settings.cash_fault / 4)) {
        sim_count(SIM_COUNT_cash_fates);
        command(cash, is_note ? note_fates[sim_below(SUGU_ARRAY_SIZE(note_fates))]
                              : coin_fates[sim_below(SUGU_ARRAY_SIZE(coin_fates))]);
    }
    snprintf(line, sizeof line, "%s %lld", is_note ? "note" : "coin", (long long)yen);
    sim_count(SIM_COUNT_cash_pieces);
    command(cash, line);
}

static void
power_on(void *user)
{
    struct device_cash *cash = user;

    cash->emulated.cut_left = -1;
    command(cash, "power on");
}

/* In the middle of what the patient does. */
static void
trouble(void *user)
{
    struct device_cash *cash = user;
    uint8_t payout = payouts[sim_below(SUGU_ARRAY_SIZE(payouts))];
    char line[48];

    if (!sim_is_stormy())
        return;
    sim_count(SIM_COUNT_cash_troubles);
    switch (sim_below(8)) {
    case 0:
    case 1:
        snprintf(line, sizeof line, "restart %u",
                 sim_chance(70) ? (sim_chance(50) ? 2 : 40) : payout);
        break;
    case 2:
        snprintf(line, sizeof line, "cut %lld", (long long)sim_between(1, 200));
        sim_at(sim_now() + sim_between(SUGU_SECOND, 20 * SUGU_SECOND), power_on, cash);
        break;
    case 3:
        snprintf(line, sizeof line, "hopper-jam %u on", payout);
        break;
    case 4:
        snprintf(line, sizeof line, "lie %u %lld", payout, (long long)sim_between(1, 2));
        break;
    case 5:
        snprintf(line, sizeof line, "opto %u on", payout);
        break;
    case 6:
        snprintf(line, sizeof line, "stock %u 0", payout); /* somebody has taken them out */
        break;
    default:
        cash->gone_until_us = sim_now() + sim_between(1, LINE_AWAY_US);
        sim_note("cash line gone", cash->kiosk->index, 0);
        return;
    }
    command(cash, line);
}

void
device_cash_plan_trouble(struct device_cash *cash)
{
    if (sim_happens(cash->kiosk->world->settings.cash_fault))
        sim_at(sim_now() + sim_between(0, 25 * SUGU_SECOND), trouble, cash);
}

void
device_cash_clear(struct device_cash *cash)
{
    char line[32];

    command(cash, "power off");
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        snprintf(line, sizeof line, "hopper-jam %u off", payouts[i]);
        command(cash, line);
        snprintf(line, sizeof line, "opto %u off", payouts[i]);
        command(cash, line);
    }
    command(cash, "stacker in");
    sim_at(sim_now() + 2 * SUGU_SECOND, power_on, cash);
}

int64_t
device_cash_gain_yen(struct device_cash *cash)
{
    emulated_cash_pass(&cash->emulated, sim_now());
    return emulated_cash_gain_yen(&cash->emulated) - cash->handed_yen + cash->missing_yen;
}

/* ---- the line: payment/cash/cash-line.h, in place of the serial one (ld --wrap) */

static enum sugu_status
line_gone(struct sugu_cash_line *line, struct sugu_error *reterr)
{
    ((struct sugu_cash_serial *)line)->file = -1;
    return sugu_fail(reterr, SUGU_RETRY, "cash.line", "simulated: no line");
}

static bool
is_gone(const struct sugu_cash_line *line)
{
    return ((const struct sugu_cash_serial *)line)->file < 0 ||
           device_kiosk()->cash->gone_until_us > sim_now();
}

static enum sugu_status
line_open(struct sugu_cash_line *line, const char *where, struct sugu_error *reterr)
{
    (void)where;
    ((struct sugu_cash_serial *)line)->file = 0;
    return is_gone(line) ? line_gone(line, reterr) : SUGU_OK;
}

/* The next exchange with this header goes wrong. */
static void
plan_fault(struct device_cash *cash, const uint8_t *frame, size_t size)
{
    static const char *const kinds[] = {"drop-request", "drop-reply", "bad-checksum", "half",
                                        "twice",        "late",       "nak",          "busy"};
    char line[48];

    if (size < 5 || !sim_is_stormy() ||
        sim_below(1000) >= cash->kiosk->world->settings.cash_lost_per_thousand)
        return;
    sim_count(SIM_COUNT_cash_exchanges_lost);
    if (sim_chance(10))
        snprintf(line, sizeof line, "noise %lld", (long long)sim_between(1, 20));
    else
        snprintf(line, sizeof line, "fault %u %s %lld", frame[3],
                 kinds[sim_below(SUGU_ARRAY_SIZE(kinds))], (long long)sim_between(1, 4));
    command(cash, line);
}

/* A question changes nothing, and masks are sent again all the time: to die around them is to die
 * at any time. */
static bool
is_repeated(const uint8_t *frame, size_t size)
{
    static const uint8_t headers[] = {229, 159, 166, 163, 217, 254, 246, 245, 244,
                                      242, 241, 232, 184, 157, 156, 228, 231};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(headers); i++)
        if (size >= 5 && frame[3] == headers[i])
            return true;
    return false;
}

static enum sugu_status
line_send(struct sugu_cash_line *line, const uint8_t *bytes, size_t size, struct sugu_error *reterr)
{
    struct device_cash *cash = device_kiosk()->cash;
    uint8_t old[64];

    if (is_gone(line))
        return line_gone(line, reterr);
    while (emulated_cash_say(&cash->emulated, old, sizeof old, sim_now()) > 0)
        ;
    if (!is_repeated(bytes, size))
        sim_point("cash.before");
    sim_count(SIM_COUNT_cash_exchanges);
    plan_fault(cash, bytes, size);
    emulated_cash_hear(&cash->emulated, bytes, size, sim_now());
    if (!is_repeated(bytes, size))
        sim_point("cash.after");
    return SUGU_OK;
}

/* Until all that is on the wire has arrived: a driver is not told byte by byte. */
static enum sugu_status
line_receive(struct sugu_cash_line *line,
             uint8_t *to,
             size_t size_max,
             int64_t deadline_us,
             size_t *ret_size,
             struct sugu_error *reterr)
{
    const struct sugu_clock *clock = ((struct sugu_cash_serial *)line)->clock;
    struct emulated_cash *cash = &device_kiosk()->cash->emulated;
    int64_t until = sim_now() + deadline_us - clock->monotonic_us(clock);
    size_t waiting = cash->wire_size;

    if (is_gone(line))
        return line_gone(line, reterr);
    if (waiting > 0 && cash->wire_us[0] <= until && cash->wire_us[waiting - 1] < until)
        until = cash->wire_us[waiting - 1];
    if (until > sim_now())
        sim_wait(until - sim_now());
    if (is_gone(line))
        return line_gone(line, reterr);
    *ret_size = emulated_cash_say(cash, to, size_max, sim_now());
    return SUGU_OK;
}

static void
line_close(struct sugu_cash_line *line)
{
    ((struct sugu_cash_serial *)line)->file = -1;
}

void __wrap_sugu_cash_serial_init(struct sugu_cash_serial *serial, const struct sugu_clock *clock);
void
__wrap_sugu_cash_serial_init(struct sugu_cash_serial *serial, const struct sugu_clock *clock)
{
    static const struct sugu_cash_line_ops ops = {
        .name = "simulated",
        .open = line_open,
        .send = line_send,
        .receive = line_receive,
        .close = line_close,
    };

    *serial = (struct sugu_cash_serial){.line = {&ops}, .clock = clock, .file = -1};
}
