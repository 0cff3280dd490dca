/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer - what became of papers: out, failed, and told to the server
 */
#include "simulation/world.h"

#include <stdlib.h>
#include <zmq.h>

#define PAPERS_MAX 64

struct paper {
    struct sugu_id visit;
    int kind;
};

struct printer_state {
    struct world *world;
    struct sugu_client *client;
    struct paper papers[PAPERS_MAX];
    unsigned first, count;
};

static void
on_reported(void *user, const Sugu__Reply *reply)
{
    (void)user;
    sim_note("paper reported", reply->status, 0);
}

static void
report(struct printer_state *printer, struct paper *paper)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReportPaper body = SUGU__REPORT_PAPER__INIT;
    struct sugu_id id = sugu_id_new(&printer->world->printer.clock, sim_random());
    struct sugu_error error;
    bool fails = sim_happens(printer->world->settings.paper_fails);

    if (fails)
        sim_count(SIM_COUNT_papers_failed);
    body.paper = sugu_id_field(&id);
    body.visit = sugu_id_field(&paper->visit);
    body.kind = (Sugu__PaperKind)paper->kind;
    body.state = fails ? SUGU__PAPER_STATE__PAPER_FAILED : SUGU__PAPER_STATE__PAPER_OUT;
    body.code = fails ? (char *)"printer.paper-out" : (char *)"";
    request.body_case = SUGU__REQUEST__BODY_REPORT_PAPER;
    request.report_paper = &body;
    if (sugu_client_request(printer->client, &request,
                            &(struct sugu_ask){.on_reply = on_reported, .user = printer}, &error))
        sim_note("paper not reported", 0, 0);
}

static void
printer_main(void *user)
{
    struct world *world = user;
    struct printer_state *printer = world->printer_state;
    struct sugu_client_settings settings = world_client('R', 0);
    struct sugu_client_callbacks callbacks = {.user = printer};
    struct sugu_error error;

    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){zmq_ctx_new(), &world->printer.clock,
                                                    sim_random(), sugu_store_memory()},
                        &printer->client, &error))
        sim_fail("the printer does not start: %s", error.detail);
    while (!*sim_failure()) {
        sugu_client_step(printer->client);
        for (; printer->count > 0; printer->count--, printer->first++)
            report(printer, &printer->papers[printer->first % PAPERS_MAX]);
        sim_wait(sugu_client_due_us(printer->client));
    }
}

void
printer_told(struct world *world, struct visit *visit, int kind)
{
    struct printer_state *printer = world->printer_state;

    if (printer->count == PAPERS_MAX)
        return;
    printer->papers[(printer->first + printer->count++) % PAPERS_MAX] =
        (struct paper){visit->id, kind};
    sim_wake(world->printer.main_thread);
}

void
printer_begin(struct world *world)
{
    sim_program_init(&world->printer, SIM_OTHER, 1);
    world->printer_state = calloc(1, sizeof *world->printer_state);
    if (!world->printer_state)
        abort();
    world->printer_state->world = world;
    sim_thread_start(&world->printer, printer_main, world);
}
