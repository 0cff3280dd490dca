/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staff - whoever is called to a cash machine: opens it, counts, settles what is held
 *
 * What lies in the machine and is nobody's by the books is the patient's who stood there: it pays
 * the bill as far as it goes, the rest goes back by hand. What is settled is what the queue server
 * says has become of it.
 */
#include "simulation/check.h"
#include "simulation/device-cash.h"

#include <stdlib.h>
#include <zmq.h>

#define ROUND_US  (30 * SUGU_SECOND)
#define CLEAR_US  (8 * SUGU_SECOND) /* until the machine has its power again and is still */
#define ANSWER_US (20 * SUGU_SECOND)

/* An attempt that somebody works at. */
struct staff_case {
    struct sugu_id attempt;
    bool is_open, has_reply;
    int64_t found_yen; /* counted, and nobody else's */
};

struct staff_state {
    struct world *world;
    struct sugu_client *client;
    struct staff_case cases[WORLD_KIOSKS_MAX];
    bool has_work;
};

static void
wait_us(struct staff_state *staff, int64_t us)
{
    int64_t until = sim_now() + us;

    while (sim_now() < until) {
        int64_t due;
        sugu_client_step(staff->client);
        due = sugu_client_due_us(staff->client);
        sim_wait(due < until - sim_now() ? due : until - sim_now());
    }
}

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct staff_case *work = user;

    work->has_reply = true;
    sim_note(reply->code, reply->status, 0);
}

static void
resolve(struct staff_state *staff,
        struct staff_case *work,
        Sugu__AttemptState state,
        int64_t approved_yen)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ResolvePayment body = SUGU__RESOLVE_PAYMENT__INIT;
    struct sugu_error error;
    int64_t until = sim_now() + 2 * ANSWER_US;

    body.attempt = sugu_id_field(&work->attempt);
    body.state = state;
    body.approved_yen = approved_yen;
    body.reason = (char *)"counted";
    body.desk = (char *)"1";
    request.body_case = SUGU__REQUEST__BODY_RESOLVE_PAYMENT;
    request.resolve_payment = &body;
    sim_note("resolve", state, approved_yen);
    work->has_reply = false;
    if (sugu_client_request(
            staff->client, &request,
            &(struct sugu_ask){.wait_us = ANSWER_US, .on_reply = on_reply, .user = work}, &error))
        return;
    while (!work->has_reply && sim_now() < until)
        wait_us(staff, 100 * SUGU_MS);
}

/* What the server says has become of it; the rest of the money goes to the patient by hand. */
static bool
take_outcome(struct staff_state *staff, struct kiosk *kiosk, struct staff_case *work)
{
    int64_t approved_yen;
    int state = check_attempt(staff->world, &work->attempt, &approved_yen);
    int64_t rest_yen;

    if (!sugu_attempt_is_final((enum sugu_attempt_state)state))
        return false;
    rest_yen = work->found_yen - (state == SUGU_ATTEMPT_APPROVED ? approved_yen : 0);
    sim_note("counted", work->found_yen, rest_yen);
    if (rest_yen > 0)
        kiosk->cash->handed_yen += rest_yen;
    else
        kiosk->cash->missing_yen -= rest_yen;
    work->is_open = false;
    return true;
}

/* A session that staff had to end: the machine is opened and counted. */
static void
count(struct staff_state *staff, struct kiosk *kiosk, struct staff_case *work, int64_t due_yen)
{
    int64_t unused;

    device_cash_clear(kiosk->cash);
    wait_us(staff, CLEAR_US);
    if (check_attempt(staff->world, &work->attempt, &unused) != SUGU_ATTEMPT_HELD ||
        check_session_yen(kiosk, &work->attempt, &unused))
        return;
    work->found_yen = device_cash_gain_yen(kiosk->cash) - check_booked_yen(kiosk, &work->attempt);
    work->is_open = true;
    kiosk->cash->counted_yen = sugu_cash_sum_yen(&kiosk->cash->emulated.lied);
    sim_count(SIM_COUNT_cash_counted);
    if (work->found_yen > 0)
        resolve(staff, work, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED,
                work->found_yen < due_yen ? work->found_yen : due_yen);
    else
        resolve(staff, work, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0);
}

static void
work_at(struct staff_state *staff, struct kiosk *kiosk, struct staff_case *work, int64_t due_yen)
{
    if (check_session_yen(kiosk, &work->attempt, &work->found_yen)) {
        work->is_open = true; /* known by its rows, and the bill does not want it: back */
        resolve(staff, work, SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED, 0);
    } else {
        count(staff, kiosk, work, due_yen);
    }
    if (work->is_open)
        take_outcome(staff, kiosk, work);
}

static void
go_round(struct staff_state *staff)
{
    struct world *world = staff->world;

    staff->has_work = false;
    for (unsigned i = 0; i < world->settings.kiosks; i++) {
        struct staff_case *work = &staff->cases[i];
        struct kiosk *kiosk = &world->kiosks[i];
        int64_t due_yen;

        if (!kiosk->cash || (work->is_open && take_outcome(staff, kiosk, work)))
            continue;
        if (!check_held_cash(world, kiosk->place, &work->attempt, &due_yen))
            continue;
        staff->has_work = true;
        work_at(staff, kiosk, work, due_yen);
    }
}

static void
on_event(void *user, const Sugu__Event *event)
{
    (void)user, (void)event;
}

static void
staff_main(void *user)
{
    struct staff_state *staff = user;
    struct sugu_client_settings settings = world_client('D', 0);
    struct sugu_client_callbacks callbacks = {.on_event = on_event, .user = staff};
    struct sugu_error error;

    if (sugu_client_new(&settings, &callbacks,
                        &(struct sugu_client_means){zmq_ctx_new(), &staff->world->staff.clock,
                                                    sim_random(), sugu_store_memory()},
                        &staff->client, &error))
        sim_fail("the desk does not start: %s", error.detail);
    while (!*sim_failure()) {
        wait_us(staff, ROUND_US);
        go_round(staff);
    }
}

bool
staff_is_idle(const struct world *world)
{
    const struct staff_state *staff = world->staff_state;

    for (unsigned i = 0; staff && i < world->settings.kiosks; i++)
        if (staff->cases[i].is_open)
            return false;
    return !staff || !staff->has_work;
}

void
staff_begin(struct world *world)
{
    struct staff_state *staff = calloc(1, sizeof *staff);

    if (!staff)
        abort();
    staff->world = world;
    world->staff_state = staff;
    sim_program_init(&world->staff, SIM_OTHER, 2);
    sim_thread_start(&world->staff, staff_main, staff);
}
