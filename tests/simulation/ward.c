/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ward - the department's own desk: who has a card on file is called and treated, so that the card
 * may pay behind it
 *
 * What it wants to do is kept over everything; the program itself is not killed.
 */
#include "simulation/world.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define TRIES_MAX  4
#define TREATED_US (2 * SUGU_SECOND)
#define NUMBER_MAX 16

struct treatment {
    struct ward_state *ward;
    char number[NUMBER_MAX];
    unsigned step; /* of what is to be done */
    unsigned tries;
    int64_t due_us;
    bool is_asked, is_over;
};

struct ward_state {
    struct world *world;
    struct sugu_client *client;
    struct treatment treatments[WORLD_VISITS_MAX];
    unsigned count;
};

/* The reception first: nobody has proven an insurance. */
static const struct {
    const char *desk;
    Sugu__TicketVerb verb;
} steps[] = {{"9", SUGU__TICKET_VERB__CALL},
             {"9", SUGU__TICKET_VERB__FINISH},
             {"1", SUGU__TICKET_VERB__CALL},
             {"1", SUGU__TICKET_VERB__FINISH}};

static void
on_moved(void *user, const Sugu__Reply *reply)
{
    struct treatment *treatment = user;

    sim_note(reply->code, reply->status, treatment->step);
    treatment->is_asked = false;
    treatment->due_us = sim_now() + TREATED_US;
    if (reply->status == SUGU__STATUS__OK)
        treatment->is_over = ++treatment->step == SUGU_ARRAY_SIZE(steps);
    else
        treatment->is_over = ++treatment->tries >= TRIES_MAX;
}

static void
move(struct treatment *treatment)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    struct sugu_error error;

    body.desk = (char *)steps[treatment->step].desk;
    body.verb = steps[treatment->step].verb;
    body.number = treatment->number;
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    treatment->is_asked =
        sugu_client_request(treatment->ward->client, &request,
                            &(struct sugu_ask){.on_reply = on_moved, .user = treatment},
                            &error) == SUGU_OK;
    if (!treatment->is_asked)
        treatment->due_us = sim_now() + TREATED_US;
}

static int64_t
step(struct ward_state *ward)
{
    int64_t next = INT64_MAX / 4;

    for (unsigned i = 0; i < ward->count; i++) {
        struct treatment *treatment = &ward->treatments[i];
        if (treatment->is_asked || treatment->is_over)
            continue;
        if (treatment->due_us <= sim_now())
            move(treatment);
        if (!treatment->is_asked && treatment->due_us < next)
            next = treatment->due_us;
    }
    return next;
}

static void
ward_main(void *user)
{
    struct world *world = user;
    struct ward_state *ward = world->ward_state;
    struct sugu_client_settings settings = world_client('D', 2);
    struct sugu_client_callbacks callbacks = {.user = ward};
    struct sugu_error error;

    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){zmq_ctx_new(), &world->ward.clock, sim_random(),
                                                    sugu_store_memory()},
                        &ward->client, &error))
        sim_fail("the ward does not start: %s", error.detail);
    while (!*sim_failure()) {
        int64_t due, next;
        sugu_client_step(ward->client);
        next = step(ward);
        due = sugu_client_due_us(ward->client);
        next = next > sim_now() ? next - sim_now() : 0;
        sim_wait(due < next ? due : next);
    }
}

void
ward_told(struct world *world, struct visit *visit, const char *number)
{
    struct ward_state *ward = world->ward_state;
    struct treatment *treatment;

    if (visit->is_told_to_ward || !ward)
        return;
    visit->is_told_to_ward = true;
    treatment = &ward->treatments[ward->count++];
    *treatment =
        (struct treatment){.ward = ward, .due_us = sim_now() + sim_between(0, 5 * SUGU_SECOND)};
    sugu_text_copy(treatment->number, sizeof treatment->number, number);
    sim_wake(world->ward.main_thread);
}

void
ward_begin(struct world *world)
{
    sim_program_init(&world->ward, SIM_OTHER, 4);
    world->ward_state = calloc(1, sizeof *world->ward_state);
    if (!world->ward_state)
        abort();
    world->ward_state->world = world;
    sim_thread_start(&world->ward, ward_main, world);
}
