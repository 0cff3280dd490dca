/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-terminal - the real nexo driver and an emulated terminal, in memory behind the port
 */
#include "emulators/scripted-terminal.h"

#include "emulators/nexo-in-process.h"
#include "payment/terminal/terminal-nexo.h"

#include <assert.h>

#define PASSPHRASE "a scripted terminal's passphrase"
#define ADDRESS    "https://in-process:1/nexo"

struct scripted {
    struct sugu_terminal terminal;
    struct sugu_service_ids ids;
    unsigned next_id;
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_emulated_machine *machine;
    struct sugu_terminal *driver;
    char answer[256];
};

static struct scripted *
of(const struct sugu_terminal *terminal)
{
    return (struct scripted *)terminal;
}

static enum sugu_status
scripted_open(struct sugu_terminal *terminal, const char *where, struct sugu_error *reterr)
{
    struct sugu_terminal *driver = of(terminal)->driver;

    (void)where;
    return driver->ops->open(driver, ADDRESS, reterr);
}

static enum sugu_status
scripted_carry_out(struct sugu_terminal *terminal,
                   const struct sugu_terminal_request *request,
                   struct sugu_terminal_answer *ret_answer,
                   struct sugu_error *reterr)
{
    struct sugu_terminal *driver = of(terminal)->driver;

    return driver->ops->carry_out(driver, request, ret_answer, reterr);
}

static enum sugu_status
scripted_status(struct sugu_terminal *terminal,
                const struct sugu_terminal_request *request,
                struct sugu_terminal_answer *ret_answer,
                struct sugu_error *reterr)
{
    struct sugu_terminal *driver = of(terminal)->driver;

    return driver->ops->status(driver, request, ret_answer, reterr);
}

static void
scripted_abort(struct sugu_terminal *terminal, const struct sugu_terminal_request *request)
{
    struct sugu_terminal *driver = of(terminal)->driver;

    driver->ops->abort(driver, request);
}

static void
scripted_close(struct sugu_terminal *terminal)
{
    struct sugu_terminal *driver = of(terminal)->driver;

    driver->ops->close(driver);
}

static const struct sugu_terminal_ops scripted_ops = {
    .name = "scripted",
    .open = scripted_open,
    .carry_out = scripted_carry_out,
    .status = scripted_status,
    .abort = scripted_abort,
    .close = scripted_close,
};

static enum sugu_status
next_id(struct sugu_service_ids *ids, char ret_id[11], struct sugu_error *reterr)
{
    struct scripted *self = (struct scripted *)((char *)ids - offsetof(struct scripted, ids));

    (void)reterr;
    snprintf(ret_id, 11, "Q%09u", ++self->next_id % 1000000000);
    return SUGU_OK;
}

struct sugu_terminal *
sugu_scripted_terminal_new(void)
{
    struct scripted *self = calloc(1, sizeof *self);
    struct sugu_terminal_nexo_settings settings;
    struct sugu_nexo_key *here = NULL, *there = NULL;
    struct sugu_nexo_link *link;

    assert(self);
    self->terminal.ops = &scripted_ops;
    self->ids.next = next_id;
    sugu_clock_manual_init(&self->clock, INT64_C(1711929600000000));
    sugu_random_seeded_init(&self->random, 7);
    settings = (struct sugu_terminal_nexo_settings){
        .ids = &self->ids,
        .clock = &self->clock.clock,
        .random = &self->random.random,
        .sale_id = "KIOSK-03",
        .poi_id = SUGU_EMULATED_POI,
        .answer_wait_ms = 120000,
        .exchange_wait_ms = 10000,
    };
    if (sugu_nexo_key_new(PASSPHRASE, "scripted", 1, &here, NULL) ||
        sugu_nexo_key_new(PASSPHRASE, "scripted", 1, &there, NULL))
        abort();
    self->machine = sugu_emulated_machine_new(there, &self->random.random);
    link = sugu_emulated_link_new(self->machine, &self->clock.clock);
    if (sugu_terminal_nexo_new(&settings, &here, &link, &self->driver, NULL))
        abort();
    return &self->terminal;
}

struct sugu_terminal *
sugu_scripted_terminal_free(struct sugu_terminal *terminal)
{
    if (terminal) {
        sugu_terminal_nexo_free(of(terminal)->driver);
        sugu_emulated_machine_free(of(terminal)->machine);
        free(of(terminal));
    }
    return NULL;
}

static bool
command(struct scripted *self, const char *line)
{
    return sugu_emulated_machine_command(self->machine, line,
                                         self->clock.clock.monotonic_us(&self->clock.clock),
                                         self->answer, sizeof self->answer);
}

bool
sugu_scripted_terminal_command(struct sugu_terminal *terminal, const char *line)
{
    return command(of(terminal), strncmp(line, "patient ", 8) == 0 ? "hold-before" : line);
}

const char *
sugu_scripted_terminal_ask(struct sugu_terminal *terminal, const char *line)
{
    command(of(terminal), line);
    return of(terminal)->answer;
}

struct sugu_emulated_counts
sugu_scripted_terminal_counts(const struct sugu_terminal *terminal)
{
    return *sugu_emulated_machine_counts(of(terminal)->machine);
}
