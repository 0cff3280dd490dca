/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the queue server's whole program, killed and started again
 */
#include "server.h"

#include "chores.h"

#include "simulation/lockstep.h"
#include "simulation/world.h"

#include "statements.h"

#include <stdlib.h>
#include <string.h>

#define START_WAIT_US (30 * SUGU_SECOND)
#define KEEP_DAYS     3650

static bool has_chores;

static void
server_main(void *user)
{
    struct world *world = user;
    struct sugu_server_settings settings = {
        .listen = WORLD_SERVER,
        .conninfo = world->settings.conninfo,
        .workers = 1, /* two would wait for each other's locks, which lockstep cannot */
        .facility_batches = 1,
        .purge_interval_us = INT64_MAX / 4,
    };
    struct sugu_error error;

    world_key('S', 0, settings.public_key);
    world_key('s', 0, settings.secret_key);
    if (sugu_server_new(&settings, START_WAIT_US, &world->server.clock, sim_random(),
                        &world->server_state, &error)) {
        sim_fail("the server does not start: %s %s", error.code, error.detail);
        return;
    }
    sim_note("server started", 0, 0);
    sugu_server_run(world->server_state, /* stop_fd= */ -1);
}

static void
start_again(void *user)
{
    struct world *world = user;

    sim_thread_start(&world->server, server_main, world);
}

static void
on_killed(struct sim_program *program)
{
    struct world *world = program->user;

    if (world->server_state)
        sugu_server_free(world->server_state);
    world->server_state = NULL;
    lockstep_drop();
    sim_at(sim_now() + sim_between(20 * SUGU_MS, 3 * SUGU_SECOND), start_again, world);
}

void
server_begin(struct world *world)
{
    sim_program_init(&world->server, SIM_SERVER, 0);
    has_chores = world->on_file != NULL;
    world->server.on_killed = on_killed;
    world->server.user = world;
    sim_thread_start(&world->server, server_main, world);
}

/*
 * ---- left out: they share no rows with money, and their transactions span rounds. Only what looks
 * for cards on file that have to pay is there, where there are any.
 */

void __real_sugu_chores_step(struct sugu_chores *chores);
int64_t __real_sugu_chores_due_us(const struct sugu_chores *chores);

void __wrap_sugu_chores_step(struct sugu_chores *chores);
void
__wrap_sugu_chores_step(struct sugu_chores *chores)
{
    if (has_chores)
        __real_sugu_chores_step(chores);
}

int64_t __wrap_sugu_chores_due_us(const struct sugu_chores *chores);
int64_t
__wrap_sugu_chores_due_us(const struct sugu_chores *chores)
{
    return has_chores ? __real_sugu_chores_due_us(chores) : INT64_MAX / 4;
}

void __real_sugu_db_day_task_take(struct sugu_db *db,
                                  const struct sugu_day_task_take_params *params,
                                  struct sugu_day_task_take_row *row);
void __wrap_sugu_db_day_task_take(struct sugu_db *db,
                                  const struct sugu_day_task_take_params *params,
                                  struct sugu_day_task_take_row *row);
void
__wrap_sugu_db_day_task_take(struct sugu_db *db,
                             const struct sugu_day_task_take_params *params,
                             struct sugu_day_task_take_row *row)
{
    row->is_found = false;
    if (strcmp(params->task, "dues") == 0)
        __real_sugu_db_day_task_take(db, params, row);
}

void __wrap_sugu_purger_step(struct sugu_purger *purger);
void
__wrap_sugu_purger_step(struct sugu_purger *purger)
{
    (void)purger;
}

int64_t __wrap_sugu_purger_due_us(const struct sugu_purger *purger);
int64_t
__wrap_sugu_purger_due_us(const struct sugu_purger *purger)
{
    (void)purger;
    return INT64_MAX / 4;
}
