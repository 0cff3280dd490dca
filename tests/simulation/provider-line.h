/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-line - the line from a payment program to an emulated provider, in virtual time
 *
 * The http port of payment/http/http.h in place of libcurl's: a question takes its time, is lost,
 * comes twice or late, or its answer does; the provider is away for a while, or answers with errors
 * of its own. A provider belongs to the world: it outlives every program. Crash points are before
 * and behind each question.
 */
#pragma once

#include "simulation/world.h"

#include "emulators/provider.h"
#include "payment/http/http.h"

struct provider_line {
    struct sugu_provider *provider;
    const char *address; /* of the settings, by which a program finds it */
    int64_t away_until_us;
    /* Something goes wrong that only this kind of provider does; may do nothing. */
    void (*plan_fault)(struct provider_line *line);
};

/* Before all others: how much goes wrong at the providers and on the lines, per cent. */
void provider_line_begin(unsigned fault_percent, unsigned lost_percent);
/* `line` stays where it is until the run is over. */
void provider_line_add(struct provider_line *line);
/* A command of the emulator's; fails the run where it is not known. */
void provider_line_command(struct provider_line *line, const char *command);
