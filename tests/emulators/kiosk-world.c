/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world - a kiosk's session in a world of scripted peers that speak the real protocol
 */
#include "emulators/kiosk-world.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include <string.h>

static int64_t
ahead_monotonic(const struct sugu_clock *clock)
{
    const struct sugu_clock *system = sugu_clock_system();

    return system->monotonic_us(system) + ((const struct kiosk_world_clock *)clock)->ahead_us;
}

static sugu_time_us
ahead_utc(const struct sugu_clock *clock)
{
    const struct sugu_clock *system = sugu_clock_system();

    return system->utc_us(system) + ((const struct kiosk_world_clock *)clock)->ahead_us;
}

/* ---- the queue server */

static void
fill_ticket(struct kiosk_world *world, Sugu__Ticket *ticket)
{
    ticket->visit = sugu_id_field(&world->visit);
    ticket->number = "A-042";
    ticket->department_name = "内科";
    ticket->before_you = world->before_you ? world->before_you : 3;
    ticket->desk = "3";
    ticket->stage_state = world->stage;
    ticket->token = sugu_id_field(&world->visit);
}

static Sugu__BillLine *
bill_line(Sugu__BillLine *line, char *category, uint32_t points, uint32_t count, int64_t yen)
{
    *line = (Sugu__BillLine)SUGU__BILL_LINE__INIT;
    line->category = category;
    line->points = points;
    line->count = count;
    line->yen = yen;
    return line;
}

struct made_bill {
    Sugu__Bill bill;
    Sugu__BillLine lines[3], *places[3];
};

static Sugu__Bill *
make_bill(struct kiosk_world *world, struct made_bill *made)
{
    made->bill = (Sugu__Bill)SUGU__BILL__INIT;
    made->places[0] = bill_line(&made->lines[0], "D00", 100, 2, 0);
    made->places[1] = bill_line(&made->lines[1], "D00", 50, 1, 0);
    made->places[2] = bill_line(&made->lines[2], "SELF", 0, 1, 1100);
    made->bill.bill = sugu_id_field(&world->bill);
    made->bill.visit = sugu_id_field(&world->visit);
    made->bill.revision = world->revision;
    made->bill.state = world->bill_state;
    made->bill.ratio_percent = 30;
    made->bill.total_points = 250;
    made->bill.copay_yen = 750;
    made->bill.self_pay_yen = 1100;
    made->bill.total_yen = 1850;
    made->bill.deposit_yen = world->deposit_yen;
    made->bill.refund_due_yen = world->refund_due_yen;
    made->bill.lines = made->places;
    made->bill.n_lines = SUGU_ARRAY_SIZE(made->places);
    return &made->bill;
}

void
kiosk_world_push_bill(struct kiosk_world *world)
{
    struct made_bill made;
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_BILL_CHANGED;
    event.bill_changed = make_bill(world, &made);
    sugu_service_publish(world->services[KIOSK_PEER_SERVER], &event);
}

static void
refuse(struct kiosk_world *world,
       enum kiosk_peer peer,
       const struct sugu_asker *asker,
       const char *code)
{
    struct sugu_error error;

    sugu_fail(&error, SUGU_REFUSED, code, "scripted");
    sugu_service_reply_error(world->services[peer], asker, &error);
}

void
kiosk_world_refuse_connection(struct kiosk_world *world, const char *code)
{
    struct sugu_asker nobody = world->asker;

    nobody.request = (struct sugu_id){{0}};
    refuse(world, KIOSK_PEER_SERVER, &nobody, code);
}

struct made_old_bills {
    Sugu__OldBill bills[3], *places[3];
};

static void
fill_old_bills(struct kiosk_world *world, struct made_old_bills *made, Sugu__SessionOpened *opened)
{
    for (unsigned i = 0; i < world->old_count; i++) {
        made->places[i] = &made->bills[i];
        sugu__old_bill__init(made->places[i]);
        made->bills[i].bill = sugu_id_field(&world->old_bills[i]);
        made->bills[i].visit_date = 20250601 + i;
        made->bills[i].department_name = "内科";
        made->bills[i].due_yen = 1850;
        made->bills[i].is_at_counter = i == 1;
    }
    opened->n_old_bills = world->old_count;
    opened->old_bills = made->places;
}

/* The old bills are as today's, but for their ids and dates. */
static void
answer_bill(struct kiosk_world *world, const struct sugu_asker *asker, const Sugu__GetBill *get)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct made_bill made;

    make_bill(world, &made);
    made.bill.bill = get->bill;
    made.bill.visit = sugu_id_field(&world->presence);
    made.bill.visit_date = 20250601;
    reply.body_case = SUGU__REPLY__BODY_BILL;
    reply.bill = &made.bill;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
answer_open(struct kiosk_world *world,
            const struct sugu_asker *asker,
            const Sugu__OpenSession *open)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__SessionOpened opened = SUGU__SESSION_OPENED__INIT;
    Sugu__Ticket ticket = SUGU__TICKET__INIT;
    struct made_old_bills old_bills;
    struct made_bill made;

    world->opened++;
    world->birthday = open->birthday;
    world->session_id = sugu_id_of(&open->session);
    if (open->who_case == SUGU__OPEN_SESSION__WHO_IDENTITY)
        sugu_text_copy(world->name, sizeof world->name, open->identity->name);
    if (world->open_code && open->birthday == 0) {
        world->session_id = (struct sugu_id){{0}};
        refuse(world, KIOSK_PEER_SERVER, asker, world->open_code);
        return;
    }
    opened.session = open->session;
    opened.name = KIOSK_WORLD_NAME;
    opened.birth_date = 19550401;
    fill_ticket(world, &ticket);
    if (world->has_ticket)
        opened.ticket = &ticket;
    if (world->has_bill)
        opened.bill = make_bill(world, &made);
    fill_old_bills(world, &old_bills, &opened);
    reply.body_case = SUGU__REPLY__BODY_SESSION_OPENED;
    reply.session_opened = &opened;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
answer_eligibility(struct kiosk_world *world,
                   const struct sugu_asker *asker,
                   const Sugu__AskEligibility *ask)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__EligibilityAsked asked = SUGU__ELIGIBILITY_ASKED__INIT;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__EligibilityAnswer answer = SUGU__ELIGIBILITY_ANSWER__INIT;

    asked.eligibility = ask->eligibility;
    reply.body_case = SUGU__REPLY__BODY_ELIGIBILITY_ASKED;
    reply.eligibility_asked = &asked;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
    answer.session = ask->session;
    answer.eligibility = ask->eligibility;
    answer.outcome = world->outcome;
    answer.ratio_percent = 30;
    event.body_case = SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED;
    event.eligibility_answered = &answer;
    sugu_service_publish(world->services[KIOSK_PEER_SERVER], &event);
}

static void
answer_check_in(struct kiosk_world *world,
                const struct sugu_asker *asker,
                const Sugu__CheckIn *check_in)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Ticket ticket = SUGU__TICKET__INIT;
    struct sugu_id session = sugu_id_of(&check_in->session);

    if (check_in->session.len > 0 && !sugu_id_equal(&session, &world->session_id)) {
        refuse(world, KIOSK_PEER_SERVER, asker, "session.unknown");
        return;
    }
    world->checked_in++;
    world->visit = sugu_id_of(&check_in->visit);
    sugu_text_copy(world->reason, sizeof world->reason, check_in->reason);
    fill_ticket(world, &ticket);
    ticket.is_to_desk = check_in->reason[0] != '\0';
    ticket.reason = check_in->reason;
    reply.body_case = SUGU__REPLY__BODY_TICKET;
    reply.ticket = &ticket;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
answer_receipt(struct kiosk_world *world, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Receipt receipt = SUGU__RECEIPT__INIT;
    struct made_bill made;

    receipt.receipt_number = 7;
    receipt.visit_date = 20250601;
    receipt.bill = make_bill(world, &made);
    receipt.paid_yen = 1850;
    reply.body_case = SUGU__REPLY__BODY_RECEIPT;
    reply.receipt = &receipt;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
answer_orders(struct kiosk_world *world, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__OpenWork work = SUGU__OPEN_WORK__INIT;
    Sugu__KioskOrders orders = SUGU__KIOSK_ORDERS__INIT;

    orders.is_draining = world->is_closed;
    if (world->message)
        orders.message = (char *)world->message;
    work.kiosk = &orders;
    work.last_event = UINT32_MAX - world->orders_age;
    reply.body_case = SUGU__REPLY__BODY_OPEN_WORK;
    reply.open_work = &work;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
note_restart(void *user)
{
    struct kiosk_world *world = user;

    world->restarts++;
}

static void
note_help(struct kiosk_world *world, const char *reason)
{
    world->helped++;
    sugu_text_copy(world->help_reason, sizeof world->help_reason, reason);
}

/* As the real one: by its own clock. */
static bool
is_too_late(const struct kiosk_world *world, const Sugu__Request *request)
{
    return request->deadline_utc_us > 0 &&
           request->deadline_utc_us < world->server_clock.clock.utc_us(&world->server_clock.clock);
}

static void
on_server_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;

    world->asker = *asker;
    if (world->is_mute) {
        world->ignored++;
        return;
    }
    if (is_too_late(world, request)) {
        world->late++;
        refuse(world, KIOSK_PEER_SERVER, asker, "request.too-late");
    } else if (request->body_case == SUGU__REQUEST__BODY_OPEN_SESSION)
        answer_open(world, asker, request->open_session);
    else if (request->body_case == SUGU__REQUEST__BODY_ASK_ELIGIBILITY)
        answer_eligibility(world, asker, request->ask_eligibility);
    else if (request->body_case == SUGU__REQUEST__BODY_CHECK_IN)
        answer_check_in(world, asker, request->check_in);
    else if (request->body_case == SUGU__REQUEST__BODY_ISSUE_RECEIPT)
        answer_receipt(world, asker);
    else if (request->body_case == SUGU__REQUEST__BODY_GET_OPEN_WORK)
        answer_orders(world, asker);
    else if (request->body_case == SUGU__REQUEST__BODY_GET_BILL)
        answer_bill(world, asker, request->get_bill);
    else {
        if (request->body_case == SUGU__REQUEST__BODY_CLOSE_SESSION) {
            world->closed++;
            sugu_text_copy(world->outcome_page, sizeof world->outcome_page,
                           request->close_session->outcome);
        } else if (request->body_case == SUGU__REQUEST__BODY_ASK_FOR_HELP)
            note_help(world, request->ask_for_help->reason);
        sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
    }
}

/* ---- the devices */

static void
publish_part(struct kiosk_world *world, enum kiosk_peer peer, Sugu__Part part)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState state = SUGU__PART_STATE__INIT;

    state.part = part;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &state;
    sugu_service_publish(world->services[peer], &event);
}

void
kiosk_world_set_way(struct kiosk_world *world, Sugu__Part part, Sugu__PartHealth health)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState state = SUGU__PART_STATE__INIT;
    bool works = health != SUGU__PART_HEALTH__PART_AWAY;
    enum kiosk_way way = part == SUGU__PART__PART_CASH   ? KIOSK_WAY_CASH
                         : part == SUGU__PART__PART_CODE ? KIOSK_WAY_CODE
                                                         : KIOSK_WAY_CARD;

    state.part = part;
    state.health = health;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &state;
    sugu_service_publish(world->services[KIOSK_PEER_PAYMENT], &event);
    while (((world->session->facts.place.ways & KIOSK_WAY_BIT(way)) != 0) != works)
        g_main_context_iteration(NULL, TRUE);
}

static void
on_reader_listener(void *user)
{
    publish_part(user, KIOSK_PEER_READER, SUGU__PART__PART_READER);
}

static void
on_printer_listener(void *user)
{
    publish_part(user, KIOSK_PEER_PRINTER, SUGU__PART__PART_PRINTER);
}

/* As the real one: its parts, and what is open. */
static void
on_payment_listener(void *user)
{
    struct kiosk_world *world = user;

    publish_part(world, KIOSK_PEER_PAYMENT, SUGU__PART__PART_TERMINAL);
    if (world->has_cash)
        kiosk_world_tell_payment(world);
}

static void
on_server_listener(void *user)
{
    (void)user;
}

static void
on_reader_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    struct sugu_pin_packet packet;
    int caller = accept(world->pin_file, NULL, NULL);
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Identity identity = SUGU__IDENTITY__INIT;
    struct sugu_id presence = sugu_id_of(&request->read_identity->presence);

    ck_assert_int_ge(caller, 0);
    ck_assert_int_eq(recv(caller, &packet, sizeof packet, 0), sizeof packet);
    close(caller);
    ck_assert(sugu_id_equal(&packet.presence, &presence));
    if (memcmp(packet.digits, world->right_pin, SUGU_PIN_DIGITS) != 0) {
        if (world->does_reader_say_count)
            kiosk_world_tell_card_again(world, --world->tries, "");
        refuse(world, KIOSK_PEER_READER, asker, "pin.wrong");
        return;
    }
    identity.name = KIOSK_WORLD_NAME;
    identity.address = "東京都千代田区";
    identity.birth_date = 19550401;
    identity.tries_left = 3;
    reply.body_case = SUGU__REPLY__BODY_IDENTITY;
    reply.identity = &identity;
    sugu_service_reply(world->services[KIOSK_PEER_READER], asker, &reply);
}

static void
on_printer_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaperChange change = SUGU__PAPER_CHANGE__INIT;
    int64_t left_us = request->deadline_utc_us - world->clock.clock.utc_us(&world->clock.clock);

    /* Not without an end, and not before the page that waits for it has gone. */
    ck_assert_int_gt(left_us, 90 * SUGU_SECOND);
    ck_assert_int_le(left_us, 120 * SUGU_SECOND);
    world->papers++;
    if (request->print_paper->content_case == SUGU__PRINT_PAPER__CONTENT_CLAIM) {
        world->slips++;
        world->slip.yen = request->print_paper->claim->yen;
    }
    sugu_service_reply(world->services[KIOSK_PEER_PRINTER], asker, &reply);
    change.paper = request->print_paper->paper;
    change.kind = request->print_paper->kind;
    change.state =
        world->is_paper_jammed ? SUGU__PAPER_STATE__PAPER_QUEUED : SUGU__PAPER_STATE__PAPER_OUT;
    change.code = world->is_paper_jammed ? "printer.jam" : "";
    event.body_case = SUGU__EVENT__BODY_PRINT_CHANGED;
    event.print_changed = &change;
    sugu_service_publish(world->services[KIOSK_PEER_PRINTER], &event);
}

/* What a progress points into. */
struct made_progress {
    Sugu__PaymentProgress progress;
    Sugu__CashProgress cash;
    Sugu__CashUnit units[2], *places[2];
    Sugu__CodeOffer offer;
};

static void
fill_cash(struct kiosk_world *world, struct made_progress *made)
{
    static const int64_t units[] = {100, 1000};

    sugu__cash_progress__init(&made->cash);
    made->cash.stage = world->stage_of_cash;
    made->cash.in_yen = world->in_yen;
    made->cash.out_yen = world->out_yen;
    made->cash.owed_yen = world->owed_yen;
    if (world->cash_code)
        made->cash.code = (char *)world->cash_code;
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(units); i++) {
        made->places[i] = &made->units[i];
        sugu__cash_unit__init(made->places[i]);
        made->units[i].yen = units[i];
    }
    made->cash.n_units = SUGU_ARRAY_SIZE(units);
    made->cash.units = made->places;
    made->progress.cash = &made->cash;
}

static void
fill_offer(struct kiosk_world *world, struct made_progress *made)
{
    sugu__code_offer__init(&made->offer);
    made->offer.payload = (char *)world->offer;
    made->offer.brand = "PayPay";
    made->offer.until_utc_us =
        ahead_utc(&world->clock.clock) + (world->offer_s ? world->offer_s : 300) * SUGU_SECOND;
    made->progress.code_offer = &made->offer;
}

static Sugu__PaymentProgress *
make_progress(struct kiosk_world *world, struct made_progress *made)
{
    Sugu__PaymentProgress *progress = &made->progress;

    sugu__payment_progress__init(progress);
    progress->attempt = sugu_id_field(&world->bill);
    progress->bill = sugu_id_field(&world->paid_bill);
    progress->method = world->method;
    progress->amount_yen = world->asked_yen;
    if (world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        progress->approved_yen = world->approved_yen ? world->approved_yen : world->asked_yen;
    if (world->has_cash)
        fill_cash(world, made);
    if (world->offer)
        fill_offer(world, made);
    progress->state = world->attempt;
    progress->code = (char *)(world->attempt_code ? world->attempt_code : "");
    progress->is_final = world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    return progress;
}

void
kiosk_world_tell_payment(struct kiosk_world *world)
{
    struct made_progress made;
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_PAYMENT_CHANGED;
    event.payment_changed = make_progress(world, &made);
    sugu_service_publish(world->services[KIOSK_PEER_PAYMENT], &event);
}

static void
note_start(struct kiosk_world *world, const Sugu__Request *request)
{
    const Sugu__StartPayment *start = request->start_payment;

    ck_assert_int_gt(request->deadline_utc_us, 0);
    world->started++;
    world->method = start->method;
    world->kind = start->kind;
    world->asked_yen = start->amount_yen;
    world->paid_bill = sugu_id_of(&start->bill);
}

static void
note_abort(struct kiosk_world *world, const Sugu__AbortPayment *abort_payment)
{
    struct sugu_id attempt = sugu_id_of(&abort_payment->attempt);

    ck_assert(sugu_id_equal(&attempt, &world->bill)); /* as fill_progress names it */
    world->aborted++;
    if (world->attempt == SUGU__ATTEMPT_STATE__ATTEMPT_SENT && !world->has_cash) {
        world->attempt = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
        world->attempt_code = "payment.cancelled";
    }
}

static void
on_payment_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct kiosk_world *world = user;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct made_progress made;

    if (world->is_payment_mute)
        return;
    if (request->body_case == SUGU__REQUEST__BODY_ABORT_PAYMENT)
        note_abort(world, request->abort_payment);
    if (request->body_case == SUGU__REQUEST__BODY_FIX_PAYMENT)
        world->fixed++;
    if (request->body_case == SUGU__REQUEST__BODY_START_PAYMENT)
        note_start(world, request);
    if (world->start_code && request->body_case == SUGU__REQUEST__BODY_START_PAYMENT) {
        struct sugu_error error;
        sugu_fail(&error, SUGU_RETRY, world->start_code, "scripted");
        sugu_service_reply_error(world->services[KIOSK_PEER_PAYMENT], asker, &error);
        return;
    }
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_PROGRESS;
    reply.payment_progress = make_progress(world, &made);
    sugu_service_reply(world->services[KIOSK_PEER_PAYMENT], asker, &reply);
}

/* ---- the world */

static void
start_peer(struct kiosk_world *world,
           enum kiosk_peer peer,
           const struct sugu_service_callbacks *callbacks)
{
    struct kiosk_world_clock *clock =
        peer == KIOSK_PEER_SERVER ? &world->server_clock : &world->clock;
    struct sugu_error error;

    sugu_assert_ok(sugu_service_new(world->context, world->endpoints[peer], callbacks,
                                    &clock->clock, &world->services[peer], &error),
                   error);
    world->sources[peer] = sugu_service_source_attach(world->services[peer]);
}

void
kiosk_world_start_payment(struct kiosk_world *world)
{
    start_peer(world, KIOSK_PEER_PAYMENT,
               &(struct sugu_service_callbacks){on_payment_request, on_payment_listener, world});
}

static void
start_peers(struct kiosk_world *world)
{
    const struct sugu_service_callbacks callbacks[] = {
        [KIOSK_PEER_SERVER] = {on_server_request, on_server_listener, world},
        [KIOSK_PEER_READER] = {on_reader_request, on_reader_listener, world},
        [KIOSK_PEER_PRINTER] = {on_printer_request, on_printer_listener, world},
        [KIOSK_PEER_PAYMENT] = {on_payment_request, on_payment_listener, world},
    };
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++)
        start_peer(world, (enum kiosk_peer)peer, &callbacks[peer]);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/reader.pin", world->folder);
    world->pin_file = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(world->pin_file, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(world->pin_file, 4), 0);
}

static void
start_session(struct kiosk_world *world)
{
    char *folder = g_strdup_printf("%s/requests", world->folder);
    struct kiosk_session_settings settings = {
        .server = {.endpoint = world->endpoints[KIOSK_PEER_SERVER], .facility = 1},
        .reader = world->endpoints[KIOSK_PEER_READER],
        .printer = world->endpoints[KIOSK_PEER_PRINTER],
        .payment = world->endpoints[KIOSK_PEER_PAYMENT],
        .language = "ja",
        .facility_name = "試験病院",
        .kiosk_name = "K-03",
        .phone_page = "",
        .idle_s = 45,
        .warning_s = 25,
    };
    struct kiosk_session_parts parts = {
        .zmq_context = world->context,
        .model = world->model,
        .secret = world->secret,
        .clock = &world->clock.clock,
        .random = sugu_random_system(),
        .on_restart = note_restart,
        .restart_user = world,
    };
    struct sugu_error error;

    sugu_assert_ok(sugu_store_folder(folder, &parts.store, &error), error);
    sugu_assert_ok(kiosk_session_new(&settings, &parts, &world->session, &error), error);
    g_free(folder);
}

static bool
is_ready(struct kiosk_world *world)
{
    const struct kiosk_place *place = &world->session->facts.place;

    return sugu_client_is_fresh(world->session->server.client) && place->has_printer &&
           world->session->orders.is_known && place->ways &&
           world->session->parts[SUGU__PART__PART_READER].is_known;
}

static void
await_peers(struct kiosk_world *world)
{
    int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    while (!is_ready(world)) {
        ck_assert_msg(g_get_monotonic_time() < end, "the peers are not there after 10 s");
        g_main_context_iteration(NULL, TRUE);
    }
}

void
kiosk_world_init(struct kiosk_world *world)
{
    static const char *const names[] = {"server", "reader", "printer", "payment"};
    struct sugu_error error;

    *world = (struct kiosk_world){
        .clock = {.clock = {.utc_us = ahead_utc, .monotonic_us = ahead_monotonic}},
        .server_clock = {.clock = {.utc_us = ahead_utc, .monotonic_us = ahead_monotonic}},
        .right_pin = "4821",
        .outcome = SUGU__ELIGIBILITY_OUTCOME__VERIFIED,
        .bill_state = SUGU__BILL_STATE__BILL_ANNOUNCED,
        .attempt = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED,
        .revision = 1,
    };
    g_strlcpy(world->folder, "/tmp/sugu-kiosk-XXXXXX", sizeof world->folder);
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++)
        snprintf(world->endpoints[peer], sizeof world->endpoints[peer], "ipc://%s/%s",
                 world->folder, names[peer]);
    world->bill = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->visit = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->paid_bill = world->bill;
    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(world->old_bills); i++)
        world->old_bills[i] = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->context = zmq_ctx_new();
    sugu_assert_ok(kiosk_secret_new(&world->secret, &error), error);
    world->model = kiosk_model_new(world->secret);
    start_peers(world);
    start_session(world);
    await_peers(world);
}

void
kiosk_world_restart(struct kiosk_world *world, int64_t pause_us)
{
    kiosk_session_free(world->session);
    world->clock.ahead_us += pause_us;
    world->server_clock.ahead_us += pause_us;
    start_session(world);
    await_peers(world);
}

void
kiosk_world_done(struct kiosk_world *world)
{
    char *command = g_strdup_printf("rm -r '%s'", world->folder);

    kiosk_session_free(world->session);
    for (unsigned peer = 0; peer < KIOSK_PEER_COUNT; peer++) {
        g_source_destroy(world->sources[peer]);
        g_source_unref(world->sources[peer]);
        sugu_service_free(world->services[peer]);
    }
    close(world->pin_file);
    g_assert_finalize_object(world->model);
    kiosk_secret_free(world->secret);
    zmq_ctx_term(world->context);
    ck_assert_int_eq(system(command), 0);
    g_free(command);
}

void
kiosk_world_await(struct kiosk_world *world, enum sugu_kiosk_state state)
{
    int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

    while (kiosk_session_state(world->session) != state) {
        ck_assert_msg(g_get_monotonic_time() < end, "on page %s instead of %s",
                      sugu_kiosk_page(kiosk_session_state(world->session)), sugu_kiosk_page(state));
        g_main_context_iteration(NULL, TRUE);
    }
}

void
kiosk_world_press(struct kiosk_world *world, const char *action)
{
    world->clock.ahead_us += SUGU_SECOND / 2;
    g_action_group_activate_action(kiosk_session_actions(world->session), action, NULL);
}

void
kiosk_world_enter(struct kiosk_world *world, const char *digits)
{
    for (; *digits; digits++)
        ck_assert(kiosk_secret_add(world->secret, (unsigned)(*digits - '0')));
    kiosk_world_press(world, "digits");
}

static void
publish_card(struct kiosk_world *world,
             Sugu__CardChangeKind kind,
             Sugu__CardKind card,
             uint32_t tries,
             const char *code)
{
    static const uint8_t serial[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__CardChange change = SUGU__CARD_CHANGE__INIT;

    change.presence = sugu_id_field(&world->presence);
    change.change = kind;
    change.card = card;
    change.tries_left = tries;
    change.code = (char *)code;
    change.is_found = world->is_card_found;
    if (card == SUGU__CARD_KIND__CARD_FELICA)
        change.serial = (ProtobufCBinaryData){sizeof serial, (uint8_t *)serial};
    event.body_case = SUGU__EVENT__BODY_CARD_CHANGED;
    event.card_changed = &change;
    sugu_service_publish(world->services[KIOSK_PEER_READER], &event);
}

void
kiosk_world_change_card(struct kiosk_world *world,
                        Sugu__CardChangeKind kind,
                        Sugu__CardKind card,
                        uint32_t tries)
{
    world->presence = sugu_id_new(sugu_clock_system(), sugu_random_system());
    world->tries = tries;
    publish_card(world, kind, card, tries, "");
}

void
kiosk_world_put_card(struct kiosk_world *world)
{
    kiosk_world_change_card(world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
    kiosk_world_await(world, SUGU_KIOSK_PIN);
}

void
kiosk_world_take_card(struct kiosk_world *world)
{
    kiosk_world_change_card(world, SUGU__CARD_CHANGE_KIND__CARD_TAKEN,
                            SUGU__CARD_KIND__CARD_UNKNOWN, 0);
}

void
kiosk_world_come_to_pay(struct kiosk_world *world)
{
    world->has_ticket = world->has_bill = true;
    world->open_code = "identity.birthday-needed";
    kiosk_session_scanned(world->session, &world->visit);
    kiosk_world_await(world, SUGU_KIOSK_BIRTHDAY);
    kiosk_world_enter(world, "0401");
    kiosk_world_await(world, SUGU_KIOSK_BILL);
}

void
kiosk_world_tell_card_again(struct kiosk_world *world, uint32_t tries, const char *code)
{
    publish_card(world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_MY_NUMBER, tries,
                 code);
}

void
kiosk_world_kill_payment(struct kiosk_world *world)
{
    g_source_destroy(world->sources[KIOSK_PEER_PAYMENT]);
    g_source_unref(world->sources[KIOSK_PEER_PAYMENT]);
    world->services[KIOSK_PEER_PAYMENT] = sugu_service_free(world->services[KIOSK_PEER_PAYMENT]);
    world->clock.ahead_us += 4 * SUGU_SECOND;
}

char *
kiosk_world_shown(struct kiosk_world *world, const char *property)
{
    char *text = NULL;

    g_object_get(world->model, property, &text, NULL);
    return text;
}
