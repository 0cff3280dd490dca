/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - what sugu-payment does instead of taking payments: "totals", "cash-count"
 */
#include "payment/commands.h"

#include "payment/cash-set.h"
#include "payment/devices.h"
#include "payment/totals.h"

#include "base/process.h"

#include <string.h>

static void
die_if(enum sugu_status status, const struct sugu_error *error)
{
    if (status)
        sugu_process_die(SUGU_PAYMENT_PROGRAM, error);
}

static _Noreturn void
refuse_arguments(void)
{
    struct sugu_error error;

    (void)sugu_fail(&error, SUGU_REFUSED, "settings.invalid",
                    "arguments: \"totals read|close|previous\" or \"cash-count DEVICE PIECES\"");
    sugu_process_die(SUGU_PAYMENT_PROGRAM, &error);
}

/* "cash-count DEVICE PIECES": a person has counted a payout. */
static int
keep_cash_count(const struct sugu_payment_settings *settings, int count, char **arguments)
{
    struct sugu_error error;

    if (count != 3 || !*settings->cash)
        refuse_arguments();
    die_if(sugu_cash_set_count(settings->cash, settings->connection.state_folder, arguments[1],
                               arguments[2], &error),
           &error);
    return SUGU_EXIT_OK;
}

/* "totals NAME": asks, prints, ends. The program that takes payments may run meanwhile. */
static int
show_totals(const struct sugu_payment_settings *settings,
            const struct sugu_clock *clock,
            int count,
            char **arguments)
{
    struct sugu_terminal *terminal = NULL;
    struct sugu_totals_ids ids;
    struct sugu_error error;

    if (count != 2)
        refuse_arguments();
    sugu_totals_ids_init(&ids, clock);
    die_if(sugu_payment_terminal_new(settings, clock, &ids.ids, &terminal, &error), &error);
    die_if(sugu_totals_print(terminal, settings->terminal, arguments[1], &error), &error);
    sugu_terminal_nexo_free(terminal);
    return SUGU_EXIT_OK;
}

int
sugu_payment_command(const struct sugu_payment_settings *settings,
                     const struct sugu_clock *clock,
                     int count,
                     char **arguments)
{
    if (strcmp(arguments[0], "totals") == 0)
        return show_totals(settings, clock, count, arguments);
    if (strcmp(arguments[0], "cash-count") == 0)
        return keep_cash_count(settings, count, arguments);
    refuse_arguments();
}
