/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment-boundaries - the points of an attempt's life at which sugu-payment is held and killed
 */
#include "scenario/payment-boundaries.h"

#include "testlib/checks.h"

#include <signal.h>
#include <sqlite3.h>

static void
lock_journal(struct payment_world *world)
{
    sqlite3 *database;
    char path[160];

    snprintf(path, sizeof path, "%s/payment.sqlite", world->state);
    ck_assert_int_eq(sqlite3_open(path, &database), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    world->lock = database;
}

static void
unlock_journal(struct payment_world *world)
{
    if (world->lock) {
        sqlite3_close(world->lock);
        world->lock = NULL;
    }
}

static void
arm_nothing(struct payment_world *world)
{
    (void)world;
}

static void
arm_stop(struct payment_world *world)
{
    kill(world->program.pid, SIGSTOP); /* the request waits in the socket */
}

static void
arm_lock(struct payment_world *world)
{
    lock_journal(world);
}

static void
arm_begin_ignored(struct payment_world *world)
{
    world->begin_mode = SERVER_IGNORES;
}

static void
arm_begin_silent(struct payment_world *world)
{
    world->begin_mode = SERVER_SILENT;
}

static void
arm_stall(struct payment_world *world)
{
    payment_world_command(world, "stall");
}

static void
arm_hold_before(struct payment_world *world)
{
    payment_world_command(world, "hold-before");
}

static void
arm_hold_after(struct payment_world *world)
{
    payment_world_command(world, "hold-after");
}

static void
arm_end_ignored(struct payment_world *world)
{
    world->end_mode = SERVER_IGNORES;
}

static void
arm_end_silent(struct payment_world *world)
{
    world->end_mode = SERVER_SILENT;
}

static bool
at_once(struct payment_world *world)
{
    (void)world;
    return true;
}

static bool
is_begin_seen(struct payment_world *world)
{
    return world->begins_seen > 0;
}

static bool
is_end_seen(struct payment_world *world)
{
    return world->ends_seen > 0;
}

static bool
is_connecting(struct payment_world *world)
{
    return payment_world_counts(world).connections > world->base.connections;
}

static bool
is_request_there(struct payment_world *world)
{
    struct sugu_emulated_counts counts = payment_world_counts(world);

    return counts.payments + counts.reversals > world->base.payments + world->base.reversals;
}

static bool
is_carried_out(struct payment_world *world)
{
    struct sugu_emulated_counts counts = payment_world_counts(world);

    return counts.charges + counts.given_back > world->base.charges + world->base.given_back;
}

/* The answer is on its way while the journal cannot be written: it is lost with the program. */
static bool
is_answer_read(struct payment_world *world)
{
    if (!is_carried_out(world))
        return false;
    if (!world->lock) {
        lock_journal(world);
        payment_world_command(world, "release");
        return false;
    }
    return sugu_emulated_terminal_wait(world->terminal, "closed", world->base.closed + 1, 0);
}

static bool
is_all_done(struct payment_world *world)
{
    return world->is_final && fake_payments_open(&world->fake) == 0;
}

const struct payment_boundary payment_boundaries[] = {
    {"before the request is read", arm_stop, at_once, 0},
    {"while the intent is written", arm_lock, at_once, 0},
    {"intent written, BeginPayment not taken", arm_begin_ignored, is_begin_seen, 0},
    {"BeginPayment carried out, not answered", arm_begin_silent, is_begin_seen, 0},
    {"SENT written, no byte at the terminal", arm_stall, is_connecting, 0},
    {"request at the terminal, not carried out", arm_hold_before, is_request_there, 1},
    {"carried out, not answered", arm_hold_after, is_carried_out, 1},
    {"answered, outcome not written", arm_hold_after, is_answer_read, 1},
    {"outcome written, EndPayment not taken", arm_end_ignored, is_end_seen, 1},
    {"EndPayment carried out, not answered", arm_end_silent, is_end_seen, 1},
    {"everything done", arm_nothing, is_all_done, 1},
};
_Static_assert(SUGU_ARRAY_SIZE(payment_boundaries) == PAYMENT_BOUNDARIES, "count them");

static bool
is_at_rest(struct payment_world *world)
{
    struct sugu_emulated_counts counts = payment_world_counts(world);

    return counts.closed == counts.connections &&
           counts.diagnoses > (counts.payments ? world->base.diagnoses : 0);
}

void
payment_boundaries_begin(struct payment_world *world)
{
    ck_assert(payment_world_wait_until(world, is_at_rest));
    world->base = payment_world_counts(world);
}

void
payment_boundary_kill(struct payment_world *world)
{
    payment_world_kill_program(world);
    unlock_journal(world);
    payment_world_command(world, "release");
    world->begin_mode = world->end_mode = SERVER_ANSWERS;
    world->is_final = false;
}
