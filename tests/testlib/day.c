/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - one patient's day over the wire, step by step
 */
#include "testlib/day.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

void
sugu_day_init(struct sugu_day *day)
{
    struct sugu_hospital *hospital = &day->hospital;

    memset(day, 0, sizeof *day);
    sugu_hospital_init(hospital, NULL);
    sugu_test_client_init(&day->kiosk, hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_test_client_init(&day->printer, hospital, "printer-1", "printer", "kiosk-1");
    sugu_test_client_init(&day->payment, hospital, "payment-1", "payment", "kiosk-1");
    sugu_test_client_init(&day->desk, hospital, "desk-1", "desk", "desk-1");
    sugu_test_client_init(&day->insurance, hospital, "insurance", "insurance", "");
    sugu_test_client_init(&day->fee, hospital, "fee", "fee", "");
    day->answered_ratio = 30;
    sugu_day_begin_visit(day);
}

void
sugu_day_clients(struct sugu_day *day, struct sugu_test_client *clients[SUGU_DAY_CLIENTS])
{
    struct sugu_test_client *all[SUGU_DAY_CLIENTS] = {&day->kiosk, &day->printer,   &day->payment,
                                                      &day->desk,  &day->insurance, &day->fee};

    memcpy(clients, all, sizeof all);
}

void
sugu_day_done(struct sugu_day *day)
{
    struct sugu_test_client *clients[SUGU_DAY_CLIENTS];

    sugu_day_clients(day, clients);
    for (size_t i = 0; i < SUGU_DAY_CLIENTS; i++)
        sugu_test_client_done(clients[i]);
    sugu_hospital_done(&day->hospital, /* keep= */ false);
}

void
sugu_day_begin_visit(struct sugu_day *day)
{
    day->session = sugu_test_id();
    day->eligibility = sugu_test_id();
    day->visit = sugu_test_id();
    day->bill = sugu_test_id();
    day->attempt = sugu_test_id();
}

void
sugu_day_expect_code(Sugu__Reply *reply, const char *code)
{
    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
}

static Sugu__Reply *
call(struct sugu_day *day,
     struct sugu_test_client *client,
     Sugu__Request__BodyCase body_case,
     void *body,
     const struct sugu_id *id)
{
    if (day->call)
        return day->call(day, client, body_case, body, id);
    return sugu_test_client_call(client, body_case, body, id);
}

/* ---- check-in */

Sugu__Reply *
sugu_day_send_open(struct sugu_day *day, uint32_t birthday)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&day->session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = birthday;
    return call(day, &day->kiosk, SUGU__REQUEST__BODY_OPEN_SESSION, &open, NULL);
}

void
sugu_day_open_session(struct sugu_day *day)
{
    Sugu__Reply *reply = sugu_day_send_open(day, 1123);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->session_opened->name, "佐藤　花子");
    ck_assert_uint_eq(reply->session_opened->n_appointments, 1);
    ck_assert_str_eq(reply->session_opened->appointments[0]->department, "eye");
    ck_assert_ptr_null(reply->session_opened->bill);
    sugu__reply__free_unpacked(reply, NULL);
}

void
sugu_day_verify_insurance(struct sugu_day *day, Sugu__EligibilityOutcome outcome, const char *code)
{
    Sugu__AskEligibility ask = SUGU__ASK_ELIGIBILITY__INIT;
    Sugu__AnswerEligibility answer = SUGU__ANSWER_ELIGIBILITY__INIT;
    const Sugu__Event *event;
    size_t from_insurance = day->insurance.event_count, from_kiosk = day->kiosk.event_count;

    ask.session = sugu_id_field(&day->session);
    ask.eligibility = sugu_id_field(&day->eligibility);
    sugu_day_expect_code(call(day, &day->kiosk, SUGU__REQUEST__BODY_ASK_ELIGIBILITY, &ask, NULL),
                         "");
    event = sugu_test_client_event(&day->insurance, SUGU__EVENT__BODY_ELIGIBILITY_ASKED,
                                   &from_insurance);
    ck_assert_str_eq(event->eligibility_asked->insurer_number, "33120015");
    ck_assert_uint_eq(event->eligibility_asked->birth_date, 19851123);
    answer.eligibility = event->eligibility_asked->eligibility;
    answer.outcome = outcome;
    answer.code = (char *)code;
    answer.ratio_percent = day->answered_ratio;
    sugu_day_expect_code(
        call(day, &day->insurance, SUGU__REQUEST__BODY_ANSWER_ELIGIBILITY, &answer, NULL), "");
    event =
        sugu_test_client_event(&day->kiosk, SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED, &from_kiosk);
    ck_assert_int_eq(event->eligibility_answered->outcome, outcome);
}

Sugu__Reply *
sugu_day_send_check_in(struct sugu_day *day, const struct sugu_id *request)
{
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;

    check_in.session = sugu_id_field(&day->session);
    check_in.visit = sugu_id_field(&day->visit);
    check_in.eligibility = sugu_id_field(&day->eligibility);
    return call(day, &day->kiosk, SUGU__REQUEST__BODY_CHECK_IN, &check_in, request);
}

void
sugu_day_check_in(struct sugu_day *day, const char *number)
{
    Sugu__Reply *reply = sugu_day_send_check_in(day, NULL);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    ck_assert_uint_eq(reply->ticket->token.len, 16);
    snprintf(day->number, sizeof day->number, "%s", reply->ticket->number);
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- through the house */

Sugu__Reply *
sugu_day_send_move(struct sugu_day *day,
                   const char *desk,
                   Sugu__TicketVerb verb,
                   const char *number)
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = (char *)desk;
    body.verb = verb;
    body.number = (char *)number;
    return call(day, &day->desk, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
}

void
sugu_day_pass_stage(struct sugu_day *day)
{
    Sugu__Reply *reply = sugu_day_send_move(day, "2", SUGU__TICKET_VERB__CALL_NEXT, "");

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->stage->number, day->number);
    sugu__reply__free_unpacked(reply, NULL);
    sugu_day_expect_code(sugu_day_send_move(day, "2", SUGU__TICKET_VERB__FINISH, day->number), "");
}

void
sugu_day_record_acts(struct sugu_day *day, const char *code)
{
    Sugu__RecordActs body = SUGU__RECORD_ACTS__INIT;
    Sugu__Act act = SUGU__ACT__INIT, *acts[] = {&act};
    size_t from = day->fee.event_count;
    const Sugu__Event *event;

    act.code = (char *)code;
    act.count = 1;
    body.number = day->number;
    body.n_acts = 1;
    body.acts = acts;
    sugu_day_expect_code(call(day, &day->desk, SUGU__REQUEST__BODY_RECORD_ACTS, &body, NULL), "");
    event = sugu_test_client_event(&day->fee, SUGU__EVENT__BODY_ACTS_RECORDED, &from);
    if (day->answered_ratio > 0)
        ck_assert_uint_eq(event->acts_recorded->ratio_percent, day->answered_ratio);
}

/* ---- the bill and the money */

Sugu__Reply *
sugu_day_send_announce(struct sugu_day *day, uint32_t acts_version, uint32_t points, int64_t yen)
{
    Sugu__AnnounceBill body = SUGU__ANNOUNCE_BILL__INIT;
    Sugu__Bill bill = SUGU__BILL__INIT;
    Sugu__BillLine line = SUGU__BILL_LINE__INIT, *lines[] = {&line};

    line.category = (char *)"A00";
    line.act_code = (char *)"111000110";
    line.name = (char *)"初診料";
    line.points = points;
    line.count = 1;
    bill.bill = sugu_id_field(&day->bill);
    bill.visit = sugu_id_field(&day->visit);
    bill.ratio_percent = 30;
    bill.total_points = points;
    bill.copay_yen = bill.total_yen = yen;
    bill.n_lines = 1;
    bill.lines = lines;
    body.bill = &bill;
    body.acts_version = acts_version;
    return call(day, &day->fee, SUGU__REQUEST__BODY_ANNOUNCE_BILL, &body, NULL);
}

void
sugu_day_bill_arrives(struct sugu_day *day, uint32_t version, uint32_t points, int64_t yen)
{
    size_t from = day->kiosk.event_count;
    const Sugu__Event *event;

    sugu_day_expect_code(sugu_day_send_announce(day, version, points, yen), "");
    event = sugu_test_client_event(&day->kiosk, SUGU__EVENT__BODY_BILL_CHANGED, &from);
    ck_assert_int_eq(event->bill_changed->total_yen, yen);
    ck_assert_uint_eq(event->bill_changed->revision, version);
}

Sugu__Reply *
sugu_day_send_begin_payment(struct sugu_day *day, uint32_t revision, int64_t yen)
{
    Sugu__BeginPayment body = SUGU__BEGIN_PAYMENT__INIT;

    day->attempt = sugu_test_id();
    body.attempt = sugu_id_field(&day->attempt);
    body.session = sugu_id_field(&day->session);
    body.bill = sugu_id_field(&day->bill);
    body.revision = revision;
    body.amount_yen = yen;
    return call(day, &day->payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &body, NULL);
}

Sugu__Reply *
sugu_day_send_end_payment(struct sugu_day *day, Sugu__AttemptState state, int64_t yen)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    char provider_id[SUGU_ID_TEXT_SIZE]; /* the terminal names each of its transactions anew */

    body.attempt = sugu_id_field(&day->attempt);
    body.state = state;
    body.approved_yen = yen;
    body.provider_id = (char *)sugu_id_to_text(&day->attempt, provider_id);
    body.terminal = (char *)"terminal-1";
    body.last4 = (char *)"4242";
    return call(day, &day->payment, SUGU__REQUEST__BODY_END_PAYMENT, &body, NULL);
}

void
sugu_day_pay(struct sugu_day *day, uint32_t revision, int64_t yen)
{
    Sugu__ConfirmPosting confirm = SUGU__CONFIRM_POSTING__INIT;
    size_t from = day->fee.event_count;
    const Sugu__Event *event;

    sugu_day_expect_code(sugu_day_send_begin_payment(day, revision, yen), "");
    sugu_day_expect_code(sugu_day_send_end_payment(day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, yen),
                         "");
    event = sugu_test_client_event(&day->fee, SUGU__EVENT__BODY_BILL_SETTLED, &from);
    ck_assert_int_eq(event->bill_settled->amount_yen, yen);
    confirm.bill = sugu_id_field(&day->bill);
    confirm.revision = revision;
    sugu_day_expect_code(call(day, &day->fee, SUGU__REQUEST__BODY_CONFIRM_POSTING, &confirm, NULL),
                         "");
}

/* ---- papers and leaving */

Sugu__Reply *
sugu_day_send_issue_receipt(struct sugu_day *day)
{
    Sugu__IssueReceipt issue = SUGU__ISSUE_RECEIPT__INIT;

    issue.session = sugu_id_field(&day->session);
    issue.bill = sugu_id_field(&day->bill);
    return call(day, &day->kiosk, SUGU__REQUEST__BODY_ISSUE_RECEIPT, &issue, NULL);
}

void
sugu_day_issue_receipt(struct sugu_day *day, uint64_t number, uint32_t copy, int64_t paid_yen)
{
    Sugu__Reply *reply = sugu_day_send_issue_receipt(day);

    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->receipt->receipt_number, number);
    ck_assert_uint_eq(reply->receipt->copy, copy);
    ck_assert_int_eq(reply->receipt->paid_yen, paid_yen);
    sugu__reply__free_unpacked(reply, NULL);
}

void
sugu_day_report_paper(struct sugu_day *day, Sugu__PaperKind kind)
{
    Sugu__ReportPaper report = SUGU__REPORT_PAPER__INIT;
    struct sugu_id paper = sugu_test_id();

    report.paper = sugu_id_field(&paper);
    report.visit = sugu_id_field(&day->visit);
    report.kind = kind;
    report.state = SUGU__PAPER_STATE__PAPER_OUT;
    sugu_day_expect_code(call(day, &day->printer, SUGU__REQUEST__BODY_REPORT_PAPER, &report, NULL),
                         "");
}

void
sugu_day_close(struct sugu_day *day, Sugu__VisitState state)
{
    Sugu__CloseSession close = SUGU__CLOSE_SESSION__INIT;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__Reply *reply;

    close.session = sugu_id_field(&day->session);
    close.outcome = (char *)"done";
    sugu_day_expect_code(call(day, &day->kiosk, SUGU__REQUEST__BODY_CLOSE_SESSION, &close, NULL),
                         "");
    find.number = day->number;
    reply = sugu_test_client_call(&day->desk, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->visit_found->ticket->state, state);
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- together */

void
sugu_day_until_billed(struct sugu_day *day)
{
    sugu_day_open_session(day);
    sugu_day_verify_insurance(day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(day, "B-001");
    sugu_day_pass_stage(day);
    sugu_day_record_acts(day, "111000110");
    sugu_day_bill_arrives(day, 1, 291, 870);
}

void
sugu_day_play(struct sugu_day *day, unsigned nth)
{
    char number[16];

    snprintf(number, sizeof number, "B-%03u", nth);
    sugu_day_open_session(day);
    sugu_day_verify_insurance(day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(day, number);
    sugu_day_report_paper(day, SUGU__PAPER_KIND__PAPER_TICKET);
    sugu_day_pass_stage(day);
    sugu_day_record_acts(day, "111000110");
    sugu_day_bill_arrives(day, 1, 291, 870);
    sugu_day_record_acts(day, "111000110"); /* other acts came: the bill is revised */
    sugu_day_bill_arrives(day, 2, 2 * 291, SUGU_DAY_YEN);
    sugu_day_pay(day, 2, SUGU_DAY_YEN);
    sugu_day_issue_receipt(day, nth, 0, SUGU_DAY_YEN);
    sugu_day_report_paper(day, SUGU__PAPER_KIND__PAPER_RECEIPT);
    sugu_day_issue_receipt(day, nth, 1, SUGU_DAY_YEN);
    sugu_day_close(day, SUGU__VISIT_STATE__VISIT_LEFT);
}

void
sugu_day_ledger_says(struct sugu_day *day, const char *lines)
{
    char output[256], text[512] = "";
    FILE *file;

    sugu_hospital_admin(&day->hospital, 0, output, (const char *const[]){"ledger", NULL});
    file = fopen(output, "re");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_str_eq(text, lines);
}
