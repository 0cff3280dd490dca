/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patient-cash - what somebody does before an open slot: exactly, too much, too little, gone
 */
#include "simulation/device-cash.h"
#include "simulation/window-private.h"

#include "domain/cash.h"

#define PATIENCE_US (150 * SUGU_SECOND)
#define SHUT_US     (25 * SUGU_SECOND) /* before a slot that takes nothing */

enum habit {
    HABIT_EXACT,
    HABIT_BIG,    /* the largest note that is taken */
    HABIT_SHORT,  /* says that it is all, before it is */
    HABIT_ABORTS, /* wants it back */
    HABIT_LEAVES, /* walks away, the money in the machine */
};

static enum habit
draw_habit(const struct world_settings *settings)
{
    if (sim_happens(settings->aborts))
        return HABIT_ABORTS;
    if (sim_happens(settings->leaves))
        return HABIT_LEAVES;
    if (sim_chance(8))
        return HABIT_SHORT;
    return sim_chance(50) ? HABIT_BIG : HABIT_EXACT;
}

/* The next piece out of the purse: a unit that the slot shows, or one that it does not take. */
static int64_t
choose(enum habit habit, uint32_t units, int64_t left_yen)
{
    int64_t chosen = 0;

    if (sim_chance(3))
        return sim_chance(50) ? 1 : 2000;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
        int64_t yen = sugu_cash_unit_yen((enum sugu_cash_unit)unit);

        if (!(units & SUGU_CASH_BIT(unit)))
            continue;
        if (chosen == 0 || yen <= left_yen || (habit == HABIT_BIG && chosen < left_yen))
            chosen = yen;
    }
    return chosen;
}

static void
say_enough(struct window_state *window)
{
    Sugu__FixPayment fix = SUGU__FIX_PAYMENT__INIT;
    struct sugu_id attempt = window->attempt;

    fix.attempt = sugu_id_field(&attempt);
    window_ask(window, window->payment, SUGU__REQUEST__BODY_FIX_PAYMENT, &fix, 0);
}

/* Pieces go in one after the other; how many there will be, for those who do not go on. */
static void
put_in(struct window_state *window, enum habit habit, int64_t due_yen, int64_t until_us)
{
    struct device_cash *cash = window->kiosk->cash;
    unsigned most = habit == HABIT_EXACT || habit == HABIT_BIG ? 40 : (unsigned)sim_between(0, 3);
    int64_t seen_yen = -1, shut_us = sim_now() + SHUT_US;

    for (unsigned put = 0; put < most && sim_now() < until_us && window_is_paying(window);) {
        window_pump(window, sim_now() + sim_between(200, 1500) * SUGU_MS);
        if (window->in_yen >= due_yen || sim_now() >= shut_us)
            return;
        if (window->stage != SUGU__CASH_STAGE__CASH_TAKING || !window->units)
            continue;
        if (window->in_yen != seen_yen)
            shut_us = sim_now() + SHUT_US;
        seen_yen = window->in_yen;
        device_cash_insert(cash, choose(habit, window->units, due_yen - window->in_yen));
        put++;
        /* Most look whether it was taken, some pour their purse out. */
        if (!sim_chance(15))
            window_pump(window, sim_now() + sim_between(600, 2500) * SUGU_MS);
    }
}

void
patient_pay_cash(struct window_state *window, int64_t due_yen)
{
    const struct world_settings *settings = &window->kiosk->world->settings;
    enum habit habit = draw_habit(settings);
    int64_t until = sim_now() + PATIENCE_US;

    sim_count(SIM_COUNT_cash_visits);
    sim_note("habit", habit, due_yen);
    device_cash_plan_trouble(window->kiosk->cash);
    put_in(window, habit, due_yen, until);
    if (habit == HABIT_LEAVES) {
        sim_count(SIM_COUNT_patients_left);
        return;
    }
    if (window_is_paying(window) && habit == HABIT_SHORT && window->in_yen > 0)
        say_enough(window);
    else if (window_is_paying(window) && window->in_yen < due_yen)
        window_abort_payment(window);
    while (sim_now() < until && window_is_paying(window))
        window_pump(window, until);
}
