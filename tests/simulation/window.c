/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the kiosk's window and whoever stands before it: come, look, pay, abort, walk away
 *
 * Speaks with the product's client to the queue server and to the kiosk's payment program, as
 * kiosk/session*.c does, but has no pages: what the patient does is drawn from the seed.
 */
#include "simulation/window-private.h"

#include "simulation/device-code.h"

#include "base/text.h"
#include "domain/cash.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define ASK_WAIT_US     (20 * SUGU_SECOND)
#define PAY_DEADLINE_US (25 * SUGU_SECOND)
#define PATIENCE_US     (170 * SUGU_SECOND)
#define COMES_MAX       7 /* then the patient goes to a desk */

/* ---- asking */

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct window_state *window = user;

    if (window->reply)
        sugu__reply__free_unpacked(window->reply, NULL);
    window->reply = (Sugu__Reply *)sugu_message_copy(&reply->base);
    window->has_reply = true;
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void
window_pump(struct window_state *window, int64_t until_us)
{
    int64_t wait_us =
        least(sugu_client_due_us(window->server), sugu_client_due_us(window->payment));

    sim_wait(least((wait_us + SUGU_MS - 1) / SUGU_MS * SUGU_MS, until_us - sim_now()));
    sugu_client_step(window->server);
    sugu_client_step(window->payment); /* last: what has come ends the caller's waiting */
}

static void
stay(struct window_state *window, int64_t time_us)
{
    int64_t until = sim_now() + time_us;

    while (sim_now() < until)
        window_pump(window, until);
}

const Sugu__Reply *
window_ask(struct window_state *window,
           struct sugu_client *client,
           Sugu__Request__BodyCase body_case,
           void *body,
           int64_t deadline_us)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_error error;

    request.body_case = body_case;
    request.open_session = body; /* every body is a pointer at the same place */
    if (deadline_us > 0)
        request.deadline_utc_us =
            window->kiosk->window.clock.utc_us(&window->kiosk->window.clock) + deadline_us;
    window->has_reply = false;
    if (sugu_client_request(
            client, &request,
            &(struct sugu_ask){.wait_us = ASK_WAIT_US, .on_reply = on_reply, .user = window},
            &error)) {
        sim_fail("the window's client does not take a request: %s", error.code);
        sim_wait(INT64_MAX);
    }
    while (!window->has_reply)
        window_pump(window, INT64_MAX / 4);
    return window->reply;
}

/* ---- the payment program's news */

static void
take_cash(struct window_state *window, const Sugu__CashProgress *cash)
{
    enum sugu_cash_unit unit;

    window->stage = (int)cash->stage;
    window->in_yen = cash->in_yen;
    window->units = 0;
    for (size_t i = 0; i < cash->n_units; i++)
        if (sugu_cash_unit_find(cash->units[i]->yen, &unit))
            window->units |= SUGU_CASH_BIT(unit);
}

void
window_take_progress(struct window_state *window, const Sugu__PaymentProgress *progress)
{
    struct sugu_id attempt = sugu_id_of(&progress->attempt);

    if (!sugu_id_equal(&attempt, &window->attempt))
        return;
    window->state = progress->state;
    window->is_final = progress->is_final;
    if (progress->cash)
        take_cash(window, progress->cash);
    if (progress->code_offer && *progress->code_offer->payload)
        device_code_shown(window->kiosk, progress->code_offer->payload);
}

static void
on_payment_event(void *user, const Sugu__Event *event)
{
    struct window_state *window = user;

    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED)
        window_take_progress(window, event->payment_changed);
    if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED)
        window->is_offered = event->part_changed->health == SUGU__PART_HEALTH__PART_OK;
}

static void
on_server_event(void *user, const Sugu__Event *event)
{
    (void)user, (void)event;
}

/* ---- what a patient does */

static bool
is_ok(const Sugu__Reply *reply)
{
    return reply->status == SUGU__STATUS__OK;
}

static void
take_receipt(struct window_state *window, struct visit *visit)
{
    Sugu__IssueReceipt issue = SUGU__ISSUE_RECEIPT__INIT;

    issue.session = sugu_id_field(&window->session);
    issue.bill = sugu_id_field(&visit->bill);
    if (is_ok(window_ask(window, window->server, SUGU__REQUEST__BODY_ISSUE_RECEIPT, &issue, 0)))
        printer_told(window->kiosk->world, visit, SUGU__PAPER_KIND__PAPER_RECEIPT);
    world_is_done(visit);
}

void
window_abort_payment(struct window_state *window)
{
    Sugu__AbortPayment body = SUGU__ABORT_PAYMENT__INIT;
    struct sugu_id attempt = window->attempt;
    const Sugu__Reply *reply;

    sim_count(SIM_COUNT_patients_aborted);
    body.attempt = sugu_id_field(&attempt);
    reply = window_ask(window, window->payment, SUGU__REQUEST__BODY_ABORT_PAYMENT, &body, 0);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        window_take_progress(window, reply->payment_progress);
}

/* The bill's payment as the program knows it: it may be one that an earlier window began. */
static void
look_at_payment(struct window_state *window, const struct sugu_id *bill)
{
    Sugu__GetPayment get = SUGU__GET_PAYMENT__INIT;
    struct sugu_id copy = *bill;
    const Sugu__Reply *reply;

    get.bill = sugu_id_field(&copy);
    reply = window_ask(window, window->payment, SUGU__REQUEST__BODY_GET_PAYMENT, &get, 0);
    if (reply->body_case != SUGU__REPLY__BODY_PAYMENT_PROGRESS)
        return;
    window->attempt = sugu_id_of(&reply->payment_progress->attempt);
    window_take_progress(window, reply->payment_progress);
}

static bool
is_open(int state)
{
    return state == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_SENT ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN;
}

bool
window_is_paying(const struct window_state *window)
{
    return (is_open(window->state) || !window->is_final) &&
           window->state != SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
}

/* Watches until it is over, or does not. */
static void
watch_payment(struct window_state *window)
{
    const struct world_settings *settings = &window->kiosk->world->settings;
    int64_t now = sim_now(), look = now + 10 * SUGU_SECOND, until = now + PATIENCE_US;
    int64_t aborts =
        sim_happens(settings->aborts) ? now + sim_between(0, 20 * SUGU_SECOND) : INT64_MAX;

    if (sim_happens(settings->leaves)) {
        sim_count(SIM_COUNT_patients_left);
        until = now + sim_between(0, 20 * SUGU_SECOND);
    }
    while (sim_now() < until && window_is_paying(window)) {
        struct sugu_id bill = window->kiosk->patient->bill;
        if (sim_now() >= aborts) {
            aborts = INT64_MAX;
            window_abort_payment(window);
        } else if (sim_now() >= look) {
            look = sim_now() + 10 * SUGU_SECOND;
            look_at_payment(window, &bill);
        } else {
            window_pump(window, least(until, least(aborts, look)));
        }
    }
}

static Sugu__PaymentMethod
method_of(const struct kiosk *kiosk, const Sugu__Bill *bill)
{
#define WORLD_WAY(name, method) SUGU__PAYMENT_METHOD__##method,
    static const Sugu__PaymentMethod methods[] = {WORLD_WAYS(WORLD_WAY)};
#undef WORLD_WAY

    enum world_way way = kiosk->patient->way;

    if (bill->total_yen == 0)
        return SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE;
    /* Not every kiosk has everything, and a card on file is not for kiosks: then by card. */
    return methods[way == WAY_ON_FILE || (way == WAY_CASH && !kiosk->cash) ? WAY_CARD : way];
}

static void
pay(struct window_state *window, const Sugu__Bill *bill)
{
    Sugu__StartPayment start = SUGU__START_PAYMENT__INIT;
    const Sugu__Reply *reply;

    start.session = sugu_id_field(&window->session);
    start.bill = bill->bill;
    start.revision = bill->revision;
    start.amount_yen = bill->total_yen - bill->waived_yen - bill->paid_yen;
    start.method = method_of(window->kiosk, bill);
    window->attempt = (struct sugu_id){{0}};
    window->state = -1;
    window->is_final = false;
    window->stage = -1;
    window->in_yen = 0;
    window->units = 0;
    reply = window_ask(window, window->payment, SUGU__REQUEST__BODY_START_PAYMENT, &start,
                       PAY_DEADLINE_US);
    if (reply->body_case == SUGU__REPLY__BODY_PAYMENT_PROGRESS) {
        window->attempt = sugu_id_of(&reply->payment_progress->attempt);
        window_take_progress(window, reply->payment_progress);
        if (start.method == SUGU__PAYMENT_METHOD__METHOD_CASH)
            patient_pay_cash(window, start.amount_yen);
        else
            watch_payment(window);
    }
    sim_note("paid", window->state, window->is_final);
}

/* The bill as the server showed it: pay it, or see what has become of it. */
static void
meet_bill(struct window_state *window, struct visit *visit, const Sugu__Bill *shown)
{
    Sugu__Bill bill = *shown; /* its ids point into the reply, which the next question replaces */
    struct sugu_id id = sugu_id_of(&shown->bill);

    bill.bill = sugu_id_field(&id);
    switch (bill.state) {
    case SUGU__BILL_STATE__BILL_ANNOUNCED:
    case SUGU__BILL_STATE__BILL_REVISED:
        stay(window, sim_between(500, 2500) * SUGU_MS);
        if (visit->way == WAY_ON_FILE &&
            (window->kiosk->world->settings.is_small || sim_chance(50))) {
            world_is_done(visit); /* goes home: the card may pay on another day */
            break;
        }
        pay(window, &bill);
        if (window->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED && window->is_final)
            take_receipt(window, visit);
        break;
    case SUGU__BILL_STATE__BILL_IN_PAYMENT:
        window->state = -1;
        look_at_payment(window, &id);
        if (is_open(window->state))
            watch_payment(window);
        break;
    case SUGU__BILL_STATE__BILL_SETTLED:
        take_receipt(window, visit);
        break;
    case SUGU__BILL_STATE__BILL_TO_COUNTER:
    case SUGU__BILL_STATE__BILL_OVERPAID:
    case SUGU__BILL_STATE__BILL_REFUNDED_IN_PART:
    case SUGU__BILL_STATE__BILL_REFUNDED:
        world_is_done(visit);
        break;
    case SUGU__BILL_STATE__BILL_WITHDRAWN:
    case SUGU__BILL_STATE__BILL_DEPOSITED:
    case _SUGU__BILL_STATE_IS_INT_SIZE:
        break;
    }
}

static bool
check_in(struct window_state *window, struct visit *visit)
{
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;

    body.session = sugu_id_field(&window->session);
    body.visit = sugu_id_field(&visit->id);
    body.department = (char *)"internal";
    if (!is_ok(window_ask(window, window->server, SUGU__REQUEST__BODY_CHECK_IN, &body, 0)))
        return false;
    if (visit->way == WAY_ON_FILE)
        ward_told(window->kiosk->world, visit, window->reply->ticket->number);
    return true;
}

static const Sugu__Reply *
open_session(struct window_state *window, const struct visit *visit)
{
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[8] = {1, [6] = (uint8_t)(visit->index >> 8), [7] = (uint8_t)visit->index};

    window->session = sugu_id_new(&window->kiosk->window.clock, sim_random());
    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&window->session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 401;
    return window_ask(window, window->server, SUGU__REQUEST__BODY_OPEN_SESSION, &open, ASK_WAIT_US);
}

static void
close_session(struct window_state *window)
{
    Sugu__CloseSession close = SUGU__CLOSE_SESSION__INIT;

    close.session = sugu_id_field(&window->session);
    close.outcome = (char *)"simulated";
    window_ask(window, window->server, SUGU__REQUEST__BODY_CLOSE_SESSION, &close, 0);
}

/* The card on file shall not pay this time, or never again. */
static void
decline_card(struct window_state *window, struct sugu_id card)
{
    Sugu__UseCardOnFile use = SUGU__USE_CARD_ON_FILE__INIT;

    use.session = sugu_id_field(&window->session);
    use.card = sugu_id_field(&card);
    use.ends = sim_chance(25);
    sim_count(use.ends ? SIM_COUNT_cards_ended : SIM_COUNT_cards_not_used);
    window_ask(window, window->server, SUGU__REQUEST__BODY_USE_CARD_ON_FILE, &use, 0);
}

/* Who has none, or has ended it, may have a card registered. */
static bool
wants_card(const struct visit *visit, const Sugu__SessionOpened *session)
{
    return visit->way == WAY_ON_FILE && !session->bill &&
           (!session->card_on_file ||
            session->card_on_file->state == SUGU__CARD_ON_FILE_STATE__ON_FILE_ENDED) &&
           sim_chance(70);
}

/* Checked in by now; false = it did not work this time. */
static bool
come_in(struct window_state *window, struct visit *visit, const Sugu__Reply *reply)
{
    if (reply->session_opened->ticket) {
        if (visit->way == WAY_ON_FILE)
            ward_told(window->kiosk->world, visit, reply->session_opened->ticket->number);
        return true;
    }
    if (visit->stage != VISIT_NEW || !check_in(window, visit))
        return false;
    printer_told(window->kiosk->world, visit, SUGU__PAPER_KIND__PAPER_TICKET);
    return true;
}

static void
serve(struct window_state *window, struct visit *visit)
{
    const Sugu__Reply *reply = open_session(window, visit);
    bool has_bill, has_come, gets_card;

    visit->comes++;
    if (!is_ok(reply))
        return;
    if (reply->session_opened->card_on_file && sim_chance(8)) {
        struct sugu_id card = sugu_id_of(&reply->session_opened->card_on_file->card);
        decline_card(window, card);
        close_session(window);
        return;
    }
    if (visit->stage == VISIT_WAITING && !reply->session_opened->ticket) {
        world_is_done(visit); /* it left by itself, or stayed on the day before */
        close_session(window);
        return;
    }
    has_bill = reply->session_opened->ticket && reply->session_opened->bill;
    gets_card = wants_card(visit, reply->session_opened);
    has_come = come_in(window, visit, reply);
    if (has_come && gets_card)
        patient_register_card(window);
    if (has_bill)
        meet_bill(window, visit, reply->session_opened->bill);
    if (visit->stage == VISIT_NEW && has_come) {
        visit->stage = VISIT_WAITING;
        fee_told(window->kiosk->world, visit);
    }
    close_session(window);
}

/* ---- the program */

static void
open_clients(struct window_state *window)
{
    struct kiosk *kiosk = window->kiosk;
    struct sugu_client_settings server = world_client('K', kiosk->index);
    struct sugu_client_settings payment = {
        .endpoint = kiosk->endpoint, .listens = true, .heartbeat_us = 3 * SUGU_SECOND};
    struct sugu_client_callbacks of_server = {.on_event = on_server_event, .user = window};
    struct sugu_client_callbacks of_payment = {.on_event = on_payment_event, .user = window};
    struct sugu_error error;

    server.listens = true;
    window->context = zmq_ctx_new();
    if (sugu_client_new(&server, &of_server,
                        &(struct sugu_client_means){window->context, &kiosk->window.clock,
                                                    sim_random(), kiosk->store},
                        &window->server, &error) ||
        sugu_client_new(&payment, &of_payment,
                        &(struct sugu_client_means){window->context, &kiosk->window.clock,
                                                    sim_random(), sugu_store_memory()},
                        &window->payment, &error))
        sim_fail("the window does not start: %s", error.detail);
}

static void
kill_window(void *user)
{
    struct sim_program *program = user;

    if (program->is_alive && sim_is_stormy())
        sim_program_kill(program);
}

static void
close_window(struct kiosk *kiosk)
{
    struct window_state *window = kiosk->window_state;

    kiosk->window_state = NULL;
    kiosk->is_free = false;
    if (window) {
        sugu_client_free(window->server);
        sugu_client_free(window->payment);
        if (window->context)
            zmq_ctx_term(window->context);
        if (window->reply)
            sugu__reply__free_unpacked(window->reply, NULL);
        free(window);
    }
}

/* In the evening; sugu-payment goes on. */
static void
switch_off(struct kiosk *kiosk)
{
    close_window(kiosk);
    kiosk->window.is_alive = false;
    kiosk->window.main_thread = NULL;
}

static void
window_main(void *user)
{
    struct kiosk *kiosk = user;
    struct window_state *window = calloc(1, sizeof *window);

    if (!window)
        abort();
    window->kiosk = kiosk;
    kiosk->window_state = window;
    open_clients(window);
    while (!*sim_failure() && !world_is_empty(kiosk->world)) {
        struct visit *visit = world_next_patient(kiosk);
        if (!visit) {
            kiosk->is_free = true;
            window_pump(window, INT64_MAX / 4);
            kiosk->is_free = false;
            continue;
        }
        if (sim_happens(kiosk->world->settings.window_crash))
            sim_at(sim_now() + sim_between(0, 30 * SUGU_SECOND), kill_window, &kiosk->window);
        kiosk->patient = visit;
        serve(window, visit);
        kiosk->patient = NULL;
        if (visit->stage != VISIT_DONE && visit->comes >= COMES_MAX)
            world_is_done(visit);
        if (visit->stage != VISIT_DONE)
            world_come_back(visit);
    }
    switch_off(kiosk);
}

static void
start_again(void *user)
{
    struct kiosk *kiosk = user;

    sim_thread_start(&kiosk->window, window_main, kiosk);
}

static void
on_killed(struct sim_program *program)
{
    struct kiosk *kiosk = program->user;

    close_window(kiosk);
    if (kiosk->patient && kiosk->patient->stage != VISIT_DONE)
        world_come_later(kiosk->patient, sim_between(1, 10) * SUGU_SECOND);
    kiosk->patient = NULL;
    sim_at(sim_now() + sim_between(200 * SUGU_MS, 4 * SUGU_SECOND), start_again, kiosk);
}

void
window_begin(struct kiosk *kiosk)
{
    sim_program_init(&kiosk->window, SIM_WINDOW, kiosk->index);
    kiosk->window.on_killed = on_killed;
    kiosk->window.user = kiosk;
    kiosk->store = sim_store_new();
    sim_thread_start(&kiosk->window, window_main, kiosk);
}
