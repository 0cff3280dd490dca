/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-world-server - the scripted queue server of a kiosk's world
 */
#include "emulators/kiosk-world-private.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <string.h>

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
    made->bill.refund_place = world->refund_place;
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

void
kiosk_world_refuse(struct kiosk_world *world,
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
    kiosk_world_refuse(world, KIOSK_PEER_SERVER, &nobody, code);
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

/* ---- a stored card */

static Sugu__CardOnFile *
make_card(struct kiosk_world *world, Sugu__CardOnFile *card)
{
    sugu__card_on_file__init(card);
    card->card = sugu_id_field(&world->card);
    card->brand = "VISA";
    card->last4 = "4242";
    card->state = world->card_state;
    card->code = (char *)(world->card_code ? world->card_code : "");
    return card;
}

static void
answer_text(struct kiosk_world *world, const struct sugu_asker *asker)
{
    static uint8_t hash[32] = {7};
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__ConsentText text = SUGU__CONSENT_TEXT__INIT;

    if (!world->consent_text) {
        kiosk_world_refuse(world, KIOSK_PEER_SERVER, asker, "later.not-allowed");
        return;
    }
    text.version = 3;
    text.hash = (ProtobufCBinaryData){sizeof hash, hash};
    text.text = (char *)world->consent_text;
    text.language = "ja";
    text.ceiling_yen_max = 50000;
    reply.body_case = SUGU__REPLY__BODY_CONSENT_TEXT;
    reply.consent_text = &text;
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
reply_card(struct kiosk_world *world, const struct sugu_asker *asker)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__CardOnFile card;

    reply.body_case = SUGU__REPLY__BODY_CARD_ON_FILE;
    reply.card_on_file = make_card(world, &card);
    sugu_service_reply(world->services[KIOSK_PEER_SERVER], asker, &reply);
}

static void
answer_consent(struct kiosk_world *world,
               const struct sugu_asker *asker,
               const Sugu__GiveConsent *give)
{
    if (world->consent_code) {
        kiosk_world_refuse(world, KIOSK_PEER_SERVER, asker, world->consent_code);
        return;
    }
    ck_assert_uint_eq(give->version, 3);
    ck_assert_uint_eq(give->hash.len, 32);
    ck_assert_uint_eq(give->hash.data[0], 7);
    world->card = sugu_id_of(&give->card);
    world->limit_yen = give->ceiling_yen;
    world->is_payer_other = give->is_payer_other;
    world->card_state = SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING;
    reply_card(world, asker);
}

static void
answer_use(struct kiosk_world *world,
           const struct sugu_asker *asker,
           const Sugu__UseCardOnFile *use)
{
    struct sugu_id card = sugu_id_of(&use->card);

    ck_assert(sugu_id_equal(&card, &world->card));
    world->card_code = use->is_used ? "" : "later.not-this-time";
    if (use->ends)
        world->card_state = SUGU__CARD_ON_FILE_STATE__ON_FILE_ENDED;
    reply_card(world, asker);
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
    Sugu__CardOnFile card;
    struct made_bill made;

    world->opened++;
    world->birthday = open->birthday;
    world->session_id = sugu_id_of(&open->session);
    if (open->who_case == SUGU__OPEN_SESSION__WHO_IDENTITY)
        sugu_text_copy(world->name, sizeof world->name, open->identity->name);
    if (world->open_code && open->birthday == 0) {
        world->session_id = (struct sugu_id){{0}};
        kiosk_world_refuse(world, KIOSK_PEER_SERVER, asker, world->open_code);
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
    if (world->card_state != SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE)
        opened.card_on_file = make_card(world, &card);
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
        kiosk_world_refuse(world, KIOSK_PEER_SERVER, asker, "session.unknown");
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

void
kiosk_world_on_server_request(void *user,
                              const struct sugu_asker *asker,
                              const Sugu__Request *request)
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
        kiosk_world_refuse(world, KIOSK_PEER_SERVER, asker, "request.too-late");
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
    else if (request->body_case == SUGU__REQUEST__BODY_GET_CONSENT_TEXT)
        answer_text(world, asker);
    else if (request->body_case == SUGU__REQUEST__BODY_GIVE_CONSENT)
        answer_consent(world, asker, request->give_consent);
    else if (request->body_case == SUGU__REQUEST__BODY_USE_CARD_ON_FILE)
        answer_use(world, asker, request->use_card_on_file);
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
