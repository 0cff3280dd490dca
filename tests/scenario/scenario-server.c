/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-server - the queue server over CURVE and PostgreSQL, with the test as every peer
 */
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The peers of one patient's day. */
struct world {
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk, desk, insurance, fee, payment;
    struct sugu_id session, eligibility, visit, bill, attempt;
    char number[17];
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    sugu_hospital_init(&world->hospital, NULL);
    sugu_test_client_init(&world->kiosk, &world->hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_test_client_init(&world->desk, &world->hospital, "desk-1", "desk", "desk-1");
    sugu_test_client_init(&world->insurance, &world->hospital, "insurance", "insurance", "");
    sugu_test_client_init(&world->fee, &world->hospital, "fee", "fee", "");
    sugu_test_client_init(&world->payment, &world->hospital, "payment-1", "payment", "kiosk-1");
    world->session = sugu_test_id();
    world->eligibility = sugu_test_id();
    world->visit = sugu_test_id();
    world->bill = sugu_test_id();
    world->attempt = sugu_test_id();
}

static void
world_done(struct world *world)
{
    struct sugu_test_client *clients[] = {&world->kiosk, &world->desk, &world->insurance,
                                          &world->fee, &world->payment};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(clients); i++)
        sugu_test_client_done(clients[i]);
    sugu_hospital_done(&world->hospital, /* keep= */ false);
}

static void
expect_code(Sugu__Reply *reply, const char *code)
{
    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- the steps of the day */

static Sugu__Reply *
send_open(struct world *world, uint32_t birthday)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&world->session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = birthday;
    return sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &open, NULL);
}

static void
open_session(struct world *world)
{
    Sugu__Reply *reply = send_open(world, 1123);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->session_opened->name, "佐藤　花子");
    ck_assert_uint_eq(reply->session_opened->n_appointments, 1);
    ck_assert_str_eq(reply->session_opened->appointments[0]->department, "eye");
    ck_assert_ptr_null(reply->session_opened->bill);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
verify_insurance(struct world *world, Sugu__EligibilityOutcome outcome, const char *code)
{
    Sugu__AskEligibility ask = SUGU__ASK_ELIGIBILITY__INIT;
    Sugu__AnswerEligibility answer = SUGU__ANSWER_ELIGIBILITY__INIT;
    const Sugu__Event *event;
    size_t from_insurance = world->insurance.event_count, from_kiosk = world->kiosk.event_count;

    ask.session = sugu_id_field(&world->session);
    ask.eligibility = sugu_id_field(&world->eligibility);
    expect_code(
        sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_ASK_ELIGIBILITY, &ask, NULL), "");
    event = sugu_test_client_event(&world->insurance, SUGU__EVENT__BODY_ELIGIBILITY_ASKED,
                                   &from_insurance);
    ck_assert_str_eq(event->eligibility_asked->insurer_number, "33120015");
    ck_assert_uint_eq(event->eligibility_asked->birth_date, 19851123);
    answer.eligibility = event->eligibility_asked->eligibility;
    answer.outcome = outcome;
    answer.code = (char *)code;
    answer.ratio_percent = 30;
    expect_code(sugu_test_client_call(&world->insurance, SUGU__REQUEST__BODY_ANSWER_ELIGIBILITY,
                                      &answer, NULL),
                "");
    event =
        sugu_test_client_event(&world->kiosk, SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED, &from_kiosk);
    ck_assert_int_eq(event->eligibility_answered->outcome, outcome);
}

static Sugu__Reply *
send_check_in(struct world *world, const struct sugu_id *request)
{
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;

    check_in.session = sugu_id_field(&world->session);
    check_in.visit = sugu_id_field(&world->visit);
    check_in.eligibility = sugu_id_field(&world->eligibility);
    return sugu_test_client_call(&world->kiosk, SUGU__REQUEST__BODY_CHECK_IN, &check_in, request);
}

static void
check_in(struct world *world, const char *number)
{
    Sugu__Reply *reply = send_check_in(world, NULL);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    ck_assert_uint_eq(reply->ticket->token.len, 16);
    snprintf(world->number, sizeof world->number, "%s", reply->ticket->number);
    sugu__reply__free_unpacked(reply, NULL);
}

static Sugu__Reply *
move(struct world *world, const char *desk, Sugu__TicketVerb verb, const char *number)
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = (char *)desk;
    body.verb = verb;
    body.number = (char *)number;
    return sugu_test_client_call(&world->desk, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
}

static void
pass_stage(struct world *world)
{
    expect_code(move(world, "2", SUGU__TICKET_VERB__CALL_NEXT, ""), "");
    expect_code(move(world, "2", SUGU__TICKET_VERB__FINISH, world->number), "");
}

static void
record_acts(struct world *world, const char *code)
{
    Sugu__RecordActs body = SUGU__RECORD_ACTS__INIT;
    Sugu__Act act = SUGU__ACT__INIT, *acts[] = {&act};
    size_t from = world->fee.event_count;
    const Sugu__Event *event;

    act.code = (char *)code;
    act.count = 1;
    body.number = world->number;
    body.n_acts = 1;
    body.acts = acts;
    expect_code(sugu_test_client_call(&world->desk, SUGU__REQUEST__BODY_RECORD_ACTS, &body, NULL),
                "");
    event = sugu_test_client_event(&world->fee, SUGU__EVENT__BODY_ACTS_RECORDED, &from);
    ck_assert_uint_eq(event->acts_recorded->ratio_percent, 30);
}

static Sugu__Reply *
announce(struct world *world, uint32_t acts_version, uint32_t points, int64_t yen)
{
    Sugu__AnnounceBill body = SUGU__ANNOUNCE_BILL__INIT;
    Sugu__Bill bill = SUGU__BILL__INIT;
    Sugu__BillLine line = SUGU__BILL_LINE__INIT, *lines[] = {&line};

    line.category = (char *)"A00";
    line.act_code = (char *)"111000110";
    line.name = (char *)"初診料";
    line.points = points;
    line.count = 1;
    bill.bill = sugu_id_field(&world->bill);
    bill.visit = sugu_id_field(&world->visit);
    bill.ratio_percent = 30;
    bill.total_points = points;
    bill.copay_yen = bill.total_yen = yen;
    bill.n_lines = 1;
    bill.lines = lines;
    body.bill = &bill;
    body.acts_version = acts_version;
    return sugu_test_client_call(&world->fee, SUGU__REQUEST__BODY_ANNOUNCE_BILL, &body, NULL);
}

/* Announces and waits until the kiosk, whose session is open, shows it. */
static void
bill_arrives(struct world *world, uint32_t version, uint32_t points, int64_t yen)
{
    size_t from = world->kiosk.event_count;
    const Sugu__Event *event;

    expect_code(announce(world, version, points, yen), "");
    event = sugu_test_client_event(&world->kiosk, SUGU__EVENT__BODY_BILL_CHANGED, &from);
    ck_assert_int_eq(event->bill_changed->total_yen, yen);
    ck_assert_uint_eq(event->bill_changed->revision, version);
}

static Sugu__Reply *
begin_payment(struct world *world, uint32_t revision, int64_t yen)
{
    Sugu__BeginPayment body = SUGU__BEGIN_PAYMENT__INIT;

    body.attempt = sugu_id_field(&world->attempt);
    body.session = sugu_id_field(&world->session);
    body.bill = sugu_id_field(&world->bill);
    body.revision = revision;
    body.amount_yen = yen;
    return sugu_test_client_call(&world->payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &body, NULL);
}

static Sugu__Reply *
end_payment(struct world *world, Sugu__AttemptState state, int64_t yen)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    char provider_id[SUGU_ID_TEXT_SIZE]; /* the terminal names each of its transactions differently
                                          */

    body.attempt = sugu_id_field(&world->attempt);
    body.state = state;
    body.approved_yen = yen;
    body.provider_id = (char *)sugu_id_to_text(&world->attempt, provider_id);
    body.terminal = (char *)"terminal-1";
    body.last4 = (char *)"4242";
    return sugu_test_client_call(&world->payment, SUGU__REQUEST__BODY_END_PAYMENT, &body, NULL);
}

static void
ledger_says(struct world *world, const char *lines)
{
    char output[256], text[512] = "";
    FILE *file;

    sugu_hospital_admin(&world->hospital, 0, output, (const char *const[]){"ledger", NULL});
    file = fopen(output, "re");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_str_eq(text, lines);
}

static void
until_billed(struct world *world)
{
    world_init(world);
    open_session(world);
    verify_insurance(world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    check_in(world, "B-001");
    pass_stage(world);
    record_acts(world, "111000110");
    bill_arrives(world, 1, 291, 870);
}

/* ---- the stories */

START_TEST(one_day_goes_from_the_card_to_leaving)
{
    struct world world;
    Sugu__IssueReceipt issue = SUGU__ISSUE_RECEIPT__INIT;
    Sugu__CloseSession close = SUGU__CLOSE_SESSION__INIT;
    Sugu__ConfirmPosting confirm = SUGU__CONFIRM_POSTING__INIT;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__Reply *reply;
    size_t from;

    until_billed(&world);
    bill_arrives(&world, 2, 2 * 291, 1750); /* other acts came: it is of version 2 */
    from = world.fee.event_count;
    expect_code(begin_payment(&world, 2, 1750), "");
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 1750), "");
    sugu_test_client_event(&world.fee, SUGU__EVENT__BODY_BILL_SETTLED, &from);
    confirm.bill = sugu_id_field(&world.bill);
    confirm.revision = 2;
    expect_code(
        sugu_test_client_call(&world.fee, SUGU__REQUEST__BODY_CONFIRM_POSTING, &confirm, NULL), "");
    issue.session = sugu_id_field(&world.session);
    issue.bill = sugu_id_field(&world.bill);
    for (uint32_t copy = 0; copy < 2; copy++) {
        reply =
            sugu_test_client_call(&world.kiosk, SUGU__REQUEST__BODY_ISSUE_RECEIPT, &issue, NULL);
        ck_assert_str_eq(reply->code, "");
        ck_assert_uint_eq(reply->receipt->receipt_number, 1);
        ck_assert_uint_eq(reply->receipt->copy, copy);
        ck_assert_int_eq(reply->receipt->paid_yen, 1750);
        sugu__reply__free_unpacked(reply, NULL);
    }
    close.session = sugu_id_field(&world.session);
    expect_code(
        sugu_test_client_call(&world.kiosk, SUGU__REQUEST__BODY_CLOSE_SESSION, &close, NULL), "");
    find.number = world.number;
    reply = sugu_test_client_call(&world.desk, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL);
    ck_assert_int_eq(reply->visit_found->ticket->state, SUGU__VISIT_STATE__VISIT_LEFT);
    sugu__reply__free_unpacked(reply, NULL);
    ledger_says(&world, "card-clearing 1750\nreceivable 0\nrevenue-clearing -1750\nsum 0\n");
    world_done(&world);
}
END_TEST

START_TEST(a_card_alone_opens_nothing)
{
    struct world world;

    world_init(&world);
    expect_code(send_open(&world, 0), "identity.birthday-needed");
    for (int i = 0; i < 4; i++)
        expect_code(send_open(&world, 1122), "identity.birthday-wrong");
    expect_code(send_open(&world, 1122), "identity.too-many-tries");
    expect_code(send_open(&world, 1123), "identity.too-many-tries");
    world_done(&world);
}
END_TEST

START_TEST(insurance_that_is_not_verified_leads_to_the_desk)
{
    struct world world;
    Sugu__Reply *reply;

    world_init(&world);
    open_session(&world);
    verify_insurance(&world, SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND, "eligibility.not-found");
    reply = send_check_in(&world, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "R-001");
    ck_assert(reply->ticket->is_to_desk);
    ck_assert_str_eq(reply->ticket->reason, "eligibility.not-found");
    sugu__reply__free_unpacked(reply, NULL);
    world_done(&world);
}
END_TEST

START_TEST(the_same_request_gets_the_same_answer_for_ever)
{
    struct world world;
    struct sugu_id request = sugu_test_id();
    Sugu__Reply *first, *second;

    world_init(&world);
    open_session(&world);
    verify_insurance(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    first = send_check_in(&world, &request);
    ck_assert_str_eq(first->code, "");
    sugu_hospital_kill_server(&world.hospital);
    sugu_hospital_start_server(&world.hospital, NULL);
    second = send_check_in(&world, &request);
    ck_assert_uint_eq(sugu__reply__get_packed_size(first), sugu__reply__get_packed_size(second));
    ck_assert_str_eq(second->ticket->number, first->ticket->number);
    ck_assert_mem_eq(second->ticket->token.data, first->ticket->token.data, 16);
    sugu__reply__free_unpacked(first, NULL);
    sugu__reply__free_unpacked(second, NULL);
    world.visit = sugu_test_id(); /* another content under the same id */
    expect_code(send_check_in(&world, &request), "request.id-reused");
    expect_code(send_check_in(&world, NULL), "visit.already-here");
    world_done(&world);
}
END_TEST

START_TEST(a_payment_that_is_open_lets_no_second_one_begin)
{
    struct world world;
    struct sugu_id first;

    until_billed(&world);
    expect_code(begin_payment(&world, 1, 871), "payment.amount");
    expect_code(begin_payment(&world, 1, 870), "");
    first = world.attempt;
    world.attempt = sugu_test_id();
    expect_code(begin_payment(&world, 1, 870), "payment.open");
    expect_code(announce(&world, 2, 400, 1200), "bill.in-payment");
    world.attempt = first;
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0), "");
    world.attempt = sugu_test_id();
    expect_code(begin_payment(&world, 1, 870), "payment.open");
    world.attempt = first;
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0), "");
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 870), "payment.differs");
    expect_code(announce(&world, 2, 400, 1200), "");
    world.attempt = sugu_test_id();
    expect_code(begin_payment(&world, 1, 870), "bill.revised");
    expect_code(begin_payment(&world, 2, 1200), "");
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 1200), "");
    expect_code(end_payment(&world, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 1200), "");
    ledger_says(&world, "card-clearing 1200\nreceivable 0\nrevenue-clearing -1200\nsum 0\n");
    world_done(&world);
}
END_TEST

START_TEST(a_bill_that_does_not_add_up_is_refused)
{
    struct world world;
    Sugu__AnnounceBill body = SUGU__ANNOUNCE_BILL__INIT;
    Sugu__Bill bill = SUGU__BILL__INIT;

    until_billed(&world);
    bill.bill = sugu_id_field(&world.bill);
    bill.visit = sugu_id_field(&world.visit);
    bill.ratio_percent = 30;
    bill.total_points = 10; /* without a line */
    body.bill = &bill;
    body.acts_version = 2;
    expect_code(sugu_test_client_call(&world.fee, SUGU__REQUEST__BODY_ANNOUNCE_BILL, &body, NULL),
                "bill.does-not-add-up");
    expect_code(announce(&world, 1, 400, 1200), "bill.revised");
    world_done(&world);
}
END_TEST

START_TEST(a_role_may_send_its_own_requests_only)
{
    struct world world;
    Sugu__MoveTicket move_body = SUGU__MOVE_TICKET__INIT;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;

    world_init(&world);
    move_body.desk = (char *)"2";
    expect_code(
        sugu_test_client_call(&world.kiosk, SUGU__REQUEST__BODY_MOVE_TICKET, &move_body, NULL),
        "request.not-allowed");
    find.number = (char *)"A-001";
    expect_code(sugu_test_client_call(&world.fee, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL),
                "request.not-allowed");
    expect_code(move(&world, "77", SUGU__TICKET_VERB__CALL_NEXT, ""), "desk.unknown");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__CALL_NEXT, ""), "ticket.none-waiting");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__CALL, "Z-999"), "visit.unknown");
    world_done(&world);
}
END_TEST

START_TEST(a_ticket_is_called_at_one_desk)
{
    struct world world;

    world_init(&world);
    open_session(&world);
    verify_insurance(&world, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    check_in(&world, "B-001");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__CALL, "b1"), "");
    expect_code(move(&world, "1", SUGU__TICKET_VERB__CALL, "B-001"), "ticket.already-called");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__CALL_AGAIN, "B-001"), "");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__PRESENT, "B-001"), "");
    expect_code(move(&world, "2", SUGU__TICKET_VERB__MISS, "B-001"), "ticket.not-allowed");
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("server",
                       60,
                       one_day_goes_from_the_card_to_leaving,
                       a_card_alone_opens_nothing,
                       insurance_that_is_not_verified_leads_to_the_desk,
                       the_same_request_gets_the_same_answer_for_ever,
                       a_payment_that_is_open_lets_no_second_one_begin,
                       a_bill_that_does_not_add_up_is_refused,
                       a_role_may_send_its_own_requests_only,
                       a_ticket_is_called_at_one_desk)
