/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-money - a bill's money from every side: the real server, the test is every other program
 *
 * Parts, revisions, refunds, deposits, desks, held payments, old bills. After each story the sums
 * of the ledger are those computed by hand, every invariant holds, and so does the hash chain.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"
#include "testlib/day.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define CARD SUGU__PAYMENT_METHOD__METHOD_CARD

struct till {
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_id clerk, boss, other; /* signed in; two supervisors */
    size_t fee_from, payment_from, desk_from;
    uint32_t revision;
};

/* ---- people */

static struct sugu_id
sign_in(struct till *till, const char *name, const char *role, uint8_t key)
{
    Sugu__SignIn body = SUGU__SIGN_IN__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    uint8_t serial[] = {1, 2, 3, key};
    char text[16];
    struct sugu_id id;
    Sugu__Reply *reply;

    snprintf(text, sizeof text, "010203%02x", key);
    sugu_hospital_admin(&till->day.hospital, 0, NULL,
                        (const char *const[]){"staff", name, "誰か", role, "mifare", text, NULL});
    card.kind = SUGU__CARD_KIND__CARD_MIFARE;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    body.card = &card;
    reply = ward_call_as(&till->day.desk, NULL, SUGU__REQUEST__BODY_SIGN_IN_STAFF, &body);
    ck_assert_str_eq(reply->code, "");
    id = sugu_id_of(&reply->signed_in->sign_in);
    sugu__reply__free_unpacked(reply, NULL);
    return id;
}

static void
set_money(struct till *till, const char *deposit, const char *limit)
{
    sugu_hospital_admin(&till->day.hospital, 0, NULL,
                        (const char *const[]){"money", deposit, limit, NULL});
}

static void
till_init(struct till *till)
{
    memset(till, 0, sizeof *till);
    sugu_day_init(&till->day);
    sugu_facts_init(&till->facts, till->day.hospital.folder);
    till->clerk = sign_in(till, "clerk", "clerk", 1);
    till->boss = sign_in(till, "boss", "supervisor", 2);
    till->other = sign_in(till, "other", "supervisor", 3);
    till->revision = 1;
}

static void
till_done(struct till *till)
{
    sugu_facts_done(&till->facts);
    sugu_day_done(&till->day);
}

/* ---- the fee gateway */

/* A share of 30 %: points are a third of the yen, which end in 0. */
static void
announce(struct till *till, uint32_t version, int64_t yen)
{
    uint32_t points = yen == 870 ? 291 : (uint32_t)yen / 3;

    sugu_day_expect_code(sugu_day_send_announce(&till->day, version, points, yen), "");
    till->revision = version;
}

/* Another bill of the same visit. */
static void
announce_another(struct till *till, int64_t yen)
{
    till->day.bill = sugu_test_id();
    announce(till, 1, yen);
}

static void
withdraw(struct till *till, const char *code)
{
    Sugu__WithdrawBill body = SUGU__WITHDRAW_BILL__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.fee, SUGU__REQUEST__BODY_WITHDRAW_BILL, &body, NULL),
        code);
}

/* The next thing that the fee gateway is told to post. */
static void
fee_posts(struct till *till, uint32_t revision, int64_t yen)
{
    const Sugu__PostingOrder *order =
        sugu_test_client_event(&till->day.fee, SUGU__EVENT__BODY_BILL_SETTLED, &till->fee_from)
            ->bill_settled;

    ck_assert_uint_eq(order->revision, revision);
    ck_assert_int_eq(order->amount_yen, yen);
}

static void
fee_posts_no_more(struct till *till)
{
    sugu_test_client_run(&till->day.fee, 300 * SUGU_MS);
    for (size_t i = till->fee_from; i < till->day.fee.event_count; i++)
        ck_assert_int_ne(till->day.fee.events[i]->body_case, SUGU__EVENT__BODY_BILL_SETTLED);
}

/* ---- the payment program */

static void
begin(struct till *till,
      Sugu__AttemptKind kind,
      Sugu__PaymentMethod method,
      int64_t yen,
      const char *code)
{
    Sugu__BeginPayment body = SUGU__BEGIN_PAYMENT__INIT;
    struct sugu_id attempt = sugu_test_id();

    body.attempt = sugu_id_field(&attempt);
    body.session = sugu_id_field(&till->day.session);
    body.bill = sugu_id_field(&till->day.bill);
    body.revision = till->revision;
    body.method = method;
    body.kind = kind;
    body.amount_yen = yen;
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &body, NULL),
        code);
    if (!*code)
        till->day.attempt = attempt;
}

static void
end(struct till *till, Sugu__AttemptState state, int64_t yen, const char *code)
{
    sugu_day_expect_code(sugu_day_send_end_payment(&till->day, state, yen), code);
}

static struct sugu_id
pay(struct till *till, Sugu__PaymentMethod method, int64_t yen)
{
    begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, method, yen, "");
    end(till, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, yen, "");
    return till->day.attempt;
}

/* Coins into the kiosk, none out. */
static struct sugu_id
pay_cash(struct till *till, uint32_t coins_of_100)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    Sugu__CashCount count = SUGU__CASH_COUNT__INIT, *counts[] = {&count};

    begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, SUGU__PAYMENT_METHOD__METHOD_CASH,
          100 * (int64_t)coins_of_100, "");
    count.unit_yen = 100;
    count.pieces_in = coins_of_100;
    body.attempt = sugu_id_field(&till->day.attempt);
    body.state = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    body.approved_yen = 100 * (int64_t)coins_of_100;
    body.terminal = (char *)"kiosk-1";
    body.cash = counts;
    body.n_cash = 1;
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_END_PAYMENT, &body, NULL),
        "");
    return till->day.attempt;
}

/* The next order that the program hears. */
static struct sugu_id
hears_order(struct till *till, const struct sugu_id *original, int64_t yen)
{
    const Sugu__PaymentOrder *order =
        sugu_test_client_event(&till->day.payment, SUGU__EVENT__BODY_PAYMENT_ORDERED,
                               &till->payment_from)
            ->payment_ordered;
    struct sugu_id was = sugu_id_of(&order->original);
    char provider_id[SUGU_ID_TEXT_SIZE];

    ck_assert_int_eq(order->kind, SUGU__ATTEMPT_KIND__ATTEMPT_REFUND);
    ck_assert_int_eq(order->amount_yen, yen);
    ck_assert(sugu_id_equal(&was, original));
    ck_assert_str_eq(order->original_provider_id, sugu_id_to_text(original, provider_id));
    return sugu_id_of(&order->attempt);
}

/* The same in what is open: how many attempts, how many of them orders that were not taken. */
static void
open_work_is(struct till *till, size_t attempts, size_t orders)
{
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    Sugu__Reply *reply =
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_GET_OPEN_WORK, &get, NULL);
    size_t found = 0;

    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->open_work->n_payments, attempts);
    for (size_t i = 0; i < attempts; i++)
        found += reply->open_work->payments[i]->order != NULL;
    ck_assert_uint_eq(found, orders);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
carry_out(struct till *till,
          const struct sugu_id *refund,
          int64_t yen,
          Sugu__AttemptState state,
          const char *code)
{
    Sugu__BeginPayment body = SUGU__BEGIN_PAYMENT__INIT;

    body.attempt = sugu_id_field(refund);
    body.session = sugu_id_field(&till->day.session); /* nobody's: it is not looked at */
    body.bill = sugu_id_field(&till->day.bill);
    body.revision = till->revision;
    body.kind = SUGU__ATTEMPT_KIND__ATTEMPT_REFUND;
    body.method = CARD;
    body.amount_yen = yen;
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &body, NULL),
        "");
    till->day.attempt = *refund;
    end(till, state, state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ? yen : 0, code);
}

/* ---- the desk */

#define WAITING SUGU__REFUND_STATE__REFUND_WAITING
#define ORDERED SUGU__REFUND_STATE__REFUND_ORDERED
#define DONE    SUGU__REFUND_STATE__REFUND_DONE
#define DENIED  SUGU__REFUND_STATE__REFUND_DENIED
#define REFUSED (-1)

static struct sugu_id
order_refund(struct till *till,
             const struct sugu_id *who,
             const struct sugu_id *original,
             int64_t yen,
             Sugu__RefundReason reason,
             int state,
             const char *code)
{
    Sugu__OrderRefund body = SUGU__ORDER_REFUND__INIT;
    struct sugu_id refund = sugu_test_id();
    Sugu__Reply *reply;

    body.refund = sugu_id_field(&refund);
    body.original = sugu_id_field(original);
    body.amount_yen = yen;
    body.reason = reason;
    body.note = (char *)"slip 1";
    body.desk = (char *)"9";
    reply = ward_call_as(&till->day.desk, who, SUGU__REQUEST__BODY_ORDER_REFUND, &body);
    ck_assert_str_eq(reply->code, code);
    if (state != REFUSED)
        ck_assert_int_eq(reply->refund->state, state);
    sugu__reply__free_unpacked(reply, NULL);
    return refund;
}

#define OVERPAID   SUGU__REFUND_REASON__REFUND_OVERPAID
#define VOID       SUGU__REFUND_REASON__REFUND_VOID
#define CORRECTION SUGU__REFUND_REASON__REFUND_CORRECTION

static void
decide(struct till *till,
       const struct sugu_id *who,
       const struct sugu_id *refund,
       bool is_granted,
       int state,
       const char *code)
{
    Sugu__DecideRefund body = SUGU__DECIDE_REFUND__INIT;
    Sugu__Reply *reply;

    body.refund = sugu_id_field(refund);
    body.is_granted = is_granted;
    body.desk = (char *)"9";
    reply = ward_call_as(&till->day.desk, who, SUGU__REQUEST__BODY_DECIDE_REFUND, &body);
    ck_assert_str_eq(reply->code, code);
    if (state != REFUSED)
        ck_assert_int_eq(reply->refund->state, state);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
settle(struct till *till, int64_t yen, Sugu__DeskMoney by, const char *code)
{
    Sugu__SettleBill body = SUGU__SETTLE_BILL__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    body.revision = till->revision;
    body.amount_yen = yen;
    body.by = by;
    body.note = (char *)"slip 2";
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_SETTLE_BILL, &body), code);
}

static void
assist(struct till *till, Sugu__BillVerb verb, const char *code)
{
    Sugu__AssistBill body = SUGU__ASSIST_BILL__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    body.verb = verb;
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_ASSIST_BILL, &body), code);
}

static void
resolve(struct till *till,
        const struct sugu_id *who,
        const struct sugu_id *attempt,
        Sugu__AttemptState state,
        int64_t yen,
        const char *code)
{
    Sugu__ResolvePayment body = SUGU__RESOLVE_PAYMENT__INIT;

    body.attempt = sugu_id_field(attempt);
    body.state = state;
    body.approved_yen = yen;
    body.reason = (char *)"list of the acquirer";
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, who, SUGU__REQUEST__BODY_RESOLVE_PAYMENT, &body), code);
}

static void
hears_resolved(struct till *till, const struct sugu_id *attempt, Sugu__AttemptState state)
{
    const Sugu__PaymentResolved *resolved =
        sugu_test_client_event(&till->day.payment, SUGU__EVENT__BODY_PAYMENT_RESOLVED,
                               &till->payment_from)
            ->payment_resolved;
    struct sugu_id is = sugu_id_of(&resolved->attempt);

    ck_assert(sugu_id_equal(&is, attempt));
    ck_assert_int_eq(resolved->state, state);
}

static void
desk_hears(struct till *till, const char *reason)
{
    const Sugu__Event *event;

    do
        event = sugu_test_client_event(&till->day.desk, SUGU__EVENT__BODY_HELP_WANTED,
                                       &till->desk_from);
    while (strcmp(event->help_wanted->reason, reason) != 0);
}

static struct sugu_id
bill_is(struct till *till, Sugu__BillState state, int64_t total, int64_t paid)
{
    Sugu__GetMoney get = SUGU__GET_MONEY__INIT;
    struct sugu_id newest = {{0}};
    Sugu__Reply *reply;

    get.bill = sugu_id_field(&till->day.bill);
    reply = ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_GET_MONEY, &get);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->money->state, state);
    ck_assert_int_eq(reply->money->total_yen, total);
    ck_assert_int_eq(reply->money->paid_yen, paid);
    if (reply->money->n_attempts > 0)
        newest = sugu_id_of(&reply->money->attempts[0]->attempt);
    sugu__reply__free_unpacked(reply, NULL);
    return newest;
}

/* ---- the books and the papers */

/* "account yen account yen …": all that are not 0. */
static void
books_say(struct till *till, const char *expected)
{
    PGresult *result =
        PQexec(till->facts.connection,
               "SELECT coalesce(string_agg(account || ' ' || yen, ' ' ORDER BY account), '') "
               "FROM (SELECT account, sum(yen) AS yen FROM entry GROUP BY account) AS e "
               "WHERE yen <> 0");

    ck_assert_int_eq(PQresultStatus(result), PGRES_TUPLES_OK);
    ck_assert_str_eq(PQgetvalue(result, 0, 0), expected);
    PQclear(result);
}

static int64_t
count(struct till *till, const char *what)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    return sugu_facts_number(&till->facts, sql);
}

static void
receipt_is(struct till *till, uint64_t number, uint32_t copy, size_t parts, int64_t paid, bool slip)
{
    Sugu__Reply *reply = sugu_day_send_issue_receipt(&till->day);
    int64_t sum = 0;

    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->receipt->receipt_number, number);
    ck_assert_uint_eq(reply->receipt->copy, copy);
    ck_assert_uint_eq(reply->receipt->n_parts, parts);
    for (size_t i = 0; i < parts; i++)
        sum += reply->receipt->parts[i]->yen;
    ck_assert_int_eq(sum, paid);
    ck_assert_int_eq(reply->receipt->paid_yen, paid);
    ck_assert_int_eq(reply->receipt->is_deposit, slip);
    sugu__reply__free_unpacked(reply, NULL);
}

#define ANNOUNCED        SUGU__BILL_STATE__BILL_ANNOUNCED
#define SETTLED          SUGU__BILL_STATE__BILL_SETTLED
#define APPROVED         SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define BEGIN(till, ...) begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, __VA_ARGS__)

/* ---- the stories */

START_TEST(a_bill_is_paid_in_parts_by_different_ways)
{
    struct till till;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    BEGIN(&till, CARD, 871, "payment.amount");
    BEGIN(&till, SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE, 0, "payment.amount");
    pay(&till, CARD, 300);
    bill_is(&till, ANNOUNCED, 870, 300);
    BEGIN(&till, CARD, 571, "payment.amount");
    sugu_day_expect_code(sugu_day_send_issue_receipt(&till.day), "bill.not-settled");
    BEGIN(&till, SUGU__PAYMENT_METHOD__METHOD_CODE, 570, "");
    BEGIN(&till, CARD, 100, "payment.open");
    settle(&till, 100, SUGU__DESK_MONEY__DESK_CASH, "payment.open");
    end(&till, APPROVED, 270, ""); /* less than was asked */
    bill_is(&till, ANNOUNCED, 870, 570);
    BEGIN(&till, CARD, 300, "");
    end(&till, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    bill_is(&till, ANNOUNCED, 870, 570);
    pay_cash(&till, 3);
    bill_is(&till, SETTLED, 870, 870);
    fee_posts(&till, 1, 870);
    BEGIN(&till, CARD, 1, "payment.amount");
    receipt_is(&till, 1, 0, 3, 870, false);
    receipt_is(&till, 1, 1, 3, 870, false);
    fee_posts_no_more(&till);
    books_say(&till, "card-clearing 300 cash 300 code-clearing 270 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(what_a_revision_changes_is_due_or_given_back)
{
    struct till till;
    struct sugu_id first, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    first = pay(&till, CARD, 870);
    fee_posts(&till, 1, 870);
    announce(&till, 2, 870);
    bill_is(&till, SETTLED, 870, 870);
    fee_posts(&till, 2, 870);
    announce(&till, 3, 1200);
    bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 1200, 870);
    books_say(&till, "card-clearing 870 receivable 330 revenue-clearing -1200");
    pay(&till, CARD, 330);
    fee_posts(&till, 3, 1200);
    announce(&till, 4, 900);
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 900, 1200);
    desk_hears(&till, "bill.overpaid");
    books_say(&till, "card-clearing 1200 refund-payable -300 revenue-clearing -900");
    order_refund(&till, &till.clerk, &first, 301, OVERPAID, REFUSED, "refund.not-overpaid");
    order_refund(&till, &till.clerk, &first, 871, OVERPAID, REFUSED, "refund.too-much");
    order_refund(&till, &till.clerk, &first, 100, CORRECTION, REFUSED, "bill.not-allowed");
    order_refund(&till, &till.clerk, &first, 300, OVERPAID, ORDERED, "");
    open_work_is(&till, 1, 1);
    sugu_day_expect_code(sugu_day_send_announce(&till.day, 5, 300, 900), "bill.in-payment");
    withdraw(&till, "bill.in-payment");
    order_refund(&till, &till.boss, &first, 10, OVERPAID, REFUSED, "payment.open");
    refund = hears_order(&till, &first, 300);
    carry_out(&till, &refund, 300, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, "");
    open_work_is(&till, 1, 0);
    end(&till, APPROVED, 301, "payment.amount");
    end(&till, APPROVED, 300, "");
    open_work_is(&till, 0, 0);
    bill_is(&till, SETTLED, 900, 900);
    fee_posts(&till, 4, 900);
    receipt_is(&till, 1, 0, 2, 900, false);
    fee_posts_no_more(&till);
    books_say(&till, "card-clearing 900 revenue-clearing -900");
    till_done(&till);
}
END_TEST

START_TEST(above_the_limit_a_second_person_decides)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    set_money(&till, "0", "500");
    sugu_day_until_billed(&till.day);
    paid = pay(&till, CARD, 870);
    fee_posts(&till, 1, 870);
    refund = order_refund(&till, &till.boss, &paid, 870, VOID, WAITING, "");
    desk_hears(&till, "refund.waiting");
    order_refund(&till, &till.clerk, &paid, 1, VOID, REFUSED, "refund.too-much");
    decide(&till, &till.clerk, &refund, true, REFUSED, "staff.not-allowed");
    decide(&till, &till.boss, &refund, true, REFUSED, "refund.second-person");
    decide(&till, NULL, &refund, true, REFUSED, "refund.second-person");
    decide(&till, &till.other, &refund, false, DENIED, "");
    decide(&till, &till.other, &refund, true, REFUSED, "payment.not-allowed");
    open_work_is(&till, 0, 0);

    refund = order_refund(&till, &till.boss, &paid, 870, VOID, WAITING, "");
    decide(&till, &till.other, &refund, true, ORDERED, "");
    hears_order(&till, &paid, 870);
    carry_out(&till, &refund, 870, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, "");
    desk_hears(&till, "refund.failed");
    bill_is(&till, SETTLED, 870, 870);

    refund = order_refund(&till, &till.boss, &paid, 870, VOID, WAITING, "");
    decide(&till, &till.other, &refund, true, ORDERED, "");
    carry_out(&till, &refund, 870, APPROVED, "");
    bill_is(&till, ANNOUNCED, 870, 0);
    books_say(&till, "receivable 870 revenue-clearing -870");
    order_refund(&till, &till.clerk, &paid, 1, VOID, REFUSED, "refund.too-much");
    pay(&till, CARD, 870);
    bill_is(&till, SETTLED, 870, 870);
    fee_posts_no_more(&till); /* it was posted once */
    ck_assert_int_eq(count(&till, "refund WHERE state = 2 AND ordered_by = 'boss' "
                                  "AND decided_by = 'other'"),
                     1);
    books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(what_a_correction_gives_back_is_not_due_again)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = pay(&till, CARD, 870);
    refund = order_refund(&till, &till.clerk, &paid, 200, CORRECTION, ORDERED, "");
    carry_out(&till, &refund, 200, APPROVED, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED_IN_PART, 870, 670);
    books_say(&till, "card-clearing 670 revenue-clearing -670");
    receipt_is(&till, 1, 0, 1, 670, false);
    order_refund(&till, &till.clerk, &paid, 671, CORRECTION, REFUSED, "refund.too-much");
    refund = order_refund(&till, &till.clerk, &paid, 670, CORRECTION, ORDERED, "");
    carry_out(&till, &refund, 670, APPROVED, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 870, 0);
    books_say(&till, "");
    /* Another revision says anew what the bill is. */
    announce(&till, 2, 300);
    bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 300, 0);
    settle(&till, 300, SUGU__DESK_MONEY__DESK_TRANSFER, "");
    books_say(&till, "cash-desk 300 revenue-clearing -300");

    /* A revision to what a correction left is not given back twice. */
    announce_another(&till, 900);
    paid = pay(&till, CARD, 900);
    refund = order_refund(&till, &till.clerk, &paid, 300, CORRECTION, ORDERED, "");
    carry_out(&till, &refund, 300, APPROVED, "");
    announce(&till, 2, 600);
    bill_is(&till, SETTLED, 600, 600);
    books_say(&till, "card-clearing 600 cash-desk 300 revenue-clearing -900");
    till_done(&till);
}
END_TEST

struct presser {
    struct sugu_test_client client;
    struct sugu_id original, refund;
    Sugu__Reply *reply;
};

static void *
press(void *context)
{
    struct presser *presser = context;
    Sugu__OrderRefund body = SUGU__ORDER_REFUND__INIT;

    body.refund = sugu_id_field(&presser->refund);
    body.original = sugu_id_field(&presser->original);
    body.amount_yen = 600;
    body.reason = VOID;
    body.note = (char *)"slip 3";
    body.desk = (char *)"9";
    presser->reply =
        sugu_test_client_call(&presser->client, SUGU__REQUEST__BODY_ORDER_REFUND, &body, NULL);
    return NULL;
}

START_TEST(two_desks_that_press_at_once_give_back_once)
{
    struct till till;
    struct presser pressers[2] = {0};
    pthread_t threads[2];
    struct sugu_id paid;
    int done = 0;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = pay(&till, CARD, 870);
    for (int i = 0; i < 2; i++) {
        sugu_test_client_init(&pressers[i].client, &till.day.hospital, i ? "desk-b" : "desk-a",
                              "desk", i ? "desk-b" : "desk-a");
        pressers[i].original = paid;
        pressers[i].refund = sugu_test_id();
    }
    sugu_facts_run(&till.facts, "BEGIN; SELECT FROM bill FOR UPDATE");
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, press, &pressers[i]), 0);
    sugu_facts_wait_blocked(&till.facts, 1);
    sugu_facts_run(&till.facts, "COMMIT");
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        if (!*pressers[i].reply->code)
            done++;
        else
            ck_assert_str_eq(pressers[i].reply->code, "refund.too-much");
        sugu__reply__free_unpacked(pressers[i].reply, NULL);
        sugu_test_client_done(&pressers[i].client);
    }
    ck_assert_int_eq(done, 1);
    ck_assert_int_eq(count(&till, "refund"), 1);
    ck_assert_int_eq(count(&till, "attempt WHERE kind = 'refund'"), 1);
    books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(money_at_a_desk_is_taken_and_given_by_hand)
{
    struct till till;
    struct sugu_id coins, desk;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    coins = pay_cash(&till, 2);
    settle(&till, 671, SUGU__DESK_MONEY__DESK_CASH, "payment.amount");
    settle(&till, 170, SUGU__DESK_MONEY__DESK_CASH, "");
    bill_is(&till, ANNOUNCED, 870, 370);
    settle(&till, 500, SUGU__DESK_MONEY__DESK_CARD, "");
    desk = bill_is(&till, SETTLED, 870, 870);
    fee_posts(&till, 1, 870);
    receipt_is(&till, 1, 0, 3, 870, false);
    announce(&till, 2, 300);
    order_refund(&till, &till.clerk, &desk, 400, OVERPAID, DONE, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 470);
    order_refund(&till, &till.clerk, &coins, 170, OVERPAID, DONE, "");
    bill_is(&till, SETTLED, 300, 300);
    fee_posts(&till, 2, 300);
    ck_assert_int_eq(count(&till, "audit WHERE verb = 'order-refund' AND staff = 'clerk'"), 2);
    /* The coins stay in the kiosk; what went back came from the drawer. */
    books_say(&till, "cash 200 cash-desk 100 revenue-clearing -300");

    set_money(&till, "0", "100");
    desk = order_refund(&till, &till.boss, &coins, 30, VOID, DONE, "");
    bill_is(&till, ANNOUNCED, 300, 270);
    settle(&till, 30, SUGU__DESK_MONEY__DESK_CASH, "");
    books_say(&till, "cash 200 cash-desk 100 revenue-clearing -300");
    till_done(&till);
}
END_TEST

/* A visit without proof of insurance, and its bill. */
static void
begin_unproven(struct till *till, int64_t yen)
{
    sugu_day_open_session(&till->day);
    sugu_day_verify_insurance(&till->day, SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW, "");
    sugu_day_check_in(&till->day, "R-001");
    announce(till, 1, yen);
}

static void
prove(struct till *till)
{
    Sugu__StateRatio state = SUGU__STATE_RATIO__INIT;

    state.number = till->day.number;
    state.ratio_percent = 30;
    state.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_STATE_RATIO, &state), "");
}

static struct sugu_id
deposit(struct till *till, int64_t yen, const char *code)
{
    begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT, CARD, yen, code);
    if (!*code)
        end(till, APPROVED, yen, "");
    return till->day.attempt;
}

#define DEPOSITED SUGU__BILL_STATE__BILL_DEPOSITED

START_TEST(a_deposit_is_held_until_insurance_is_proven)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    till.day.answered_ratio = 0;
    begin_unproven(&till, 1200);
    deposit(&till, 500, "payment.amount"); /* no deposit is taken here */
    set_money(&till, "500", "10000");
    deposit(&till, 499, "payment.amount");
    held = deposit(&till, 500, "");
    bill_is(&till, DEPOSITED, 1200, 500);
    BEGIN(&till, CARD, 700, "bill.not-allowed");
    receipt_is(&till, 1, 0, 1, 500, true);
    books_say(&till, "card-clearing 500 deposit -500 receivable 1200 revenue-clearing -1200");
    announce(&till, 2, 900);
    bill_is(&till, DEPOSITED, 900, 500);
    prove(&till);
    announce(&till, 3, 600);
    bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 600, 500);
    books_say(&till, "card-clearing 500 receivable 100 revenue-clearing -600");
    deposit(&till, 500, "payment.amount");
    pay(&till, CARD, 100);
    fee_posts(&till, 3, 600);
    receipt_is(&till, 2, 0, 2, 600, false);
    announce(&till, 4, 300); /* less than the deposit */
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 600);
    refund = order_refund(&till, &till.clerk, &held, 300, OVERPAID, ORDERED, "");
    carry_out(&till, &refund, 300, APPROVED, "");
    bill_is(&till, SETTLED, 300, 300);
    fee_posts(&till, 4, 300);
    books_say(&till, "card-clearing 300 revenue-clearing -300");
    till_done(&till);
}
END_TEST

START_TEST(a_deposit_is_used_or_given_back_without_proof)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    till.day.answered_ratio = 0;
    set_money(&till, "500", "10000");
    begin_unproven(&till, 1200);
    held = deposit(&till, 500, "");
    refund = order_refund(&till, &till.clerk, &held, 200, VOID, ORDERED, "");
    carry_out(&till, &refund, 200, APPROVED, "");
    bill_is(&till, DEPOSITED, 1200, 300);
    refund = order_refund(&till, &till.clerk, &held, 300, VOID, ORDERED, "");
    carry_out(&till, &refund, 300, APPROVED, "");
    bill_is(&till, ANNOUNCED, 1200, 0);
    books_say(&till, "receivable 1200 revenue-clearing -1200");

    deposit(&till, 500, "");
    receipt_is(&till, 1, 0, 1, 500, true);
    assist(&till, SUGU__BILL_VERB__OFFER_AGAIN, "");
    bill_is(&till, ANNOUNCED, 1200, 500);
    deposit(&till, 500, "payment.amount");
    pay(&till, CARD, 700);
    receipt_is(&till, 2, 0, 2, 1200, false);
    books_say(&till, "card-clearing 1200 revenue-clearing -1200");

    announce_another(&till, 900); /* at the counter it counts as paid */
    deposit(&till, 500, "");
    assist(&till, SUGU__BILL_VERB__TO_COUNTER, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 900, 500);
    settle(&till, 401, SUGU__DESK_MONEY__DESK_CASH, "payment.amount");
    settle(&till, 400, SUGU__DESK_MONEY__DESK_CASH, "");
    bill_is(&till, SETTLED, 900, 900);

    announce_another(&till, 900); /* became less than what is held */
    deposit(&till, 500, "");
    announce(&till, 2, 300);
    bill_is(&till, DEPOSITED, 300, 500);
    assist(&till, SUGU__BILL_VERB__OFFER_AGAIN, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 500);
    books_say(&till, "card-clearing 2200 cash-desk 400 refund-payable -200 revenue-clearing -2400");
    till_done(&till);
}
END_TEST

static struct sugu_id
hold(struct till *till, int64_t yen)
{
    BEGIN(till, CARD, yen, "");
    end(till, SUGU__ATTEMPT_STATE__ATTEMPT_HELD, 0, "");
    bill_is(till, SUGU__BILL_STATE__BILL_TO_COUNTER, yen, 0);
    return till->day.attempt;
}

START_TEST(a_supervisor_finds_out_what_became_of_a_held_payment)
{
    struct till till;
    struct sugu_id held;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    held = hold(&till, 870);
    desk_hears(&till, "payment.held");
    settle(&till, 870, SUGU__DESK_MONEY__DESK_CASH, "payment.open");
    resolve(&till, &till.clerk, &held, APPROVED, 870, "staff.not-allowed");
    resolve(&till, &till.boss, &held, APPROVED, 0, "payment.amount");
    resolve(&till, &till.boss, &held, APPROVED, 870, "");
    hears_resolved(&till, &held, APPROVED);
    bill_is(&till, SETTLED, 870, 870);
    fee_posts(&till, 1, 870);
    resolve(&till, &till.boss, &held, APPROVED, 870, "payment.not-allowed");
    end(&till, APPROVED, 870, ""); /* the program says the same afterwards */
    books_say(&till, "card-clearing 870 revenue-clearing -870");

    announce_another(&till, 900);
    held = hold(&till, 900);
    resolve(&till, &till.boss, &held, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    hears_resolved(&till, &held, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED);
    bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 900, 0);
    settle(&till, 900, SUGU__DESK_MONEY__DESK_CASH, "");
    end(&till, APPROVED, 900, "payment.differs"); /* and a person has to look */
    desk_hears(&till, "payment.differs");
    books_say(&till, "card-clearing 870 cash-desk 900 revenue-clearing -1770");
    till_done(&till);
}
END_TEST

START_TEST(money_that_comes_late_is_taken_in_and_goes_back_by_itself)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    held = hold(&till, 870);
    announce(&till, 2, 600); /* while nobody knows */
    end(&till, APPROVED, 870, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 600, 870);
    desk_hears(&till, "bill.overpaid");
    refund = hears_order(&till, &held, 270);
    books_say(&till, "card-clearing 870 refund-payable -270 revenue-clearing -600");
    carry_out(&till, &refund, 270, APPROVED, "");
    bill_is(&till, SETTLED, 600, 600);
    fee_posts(&till, 2, 600);

    announce_another(&till, 900);
    held = hold(&till, 900);
    withdraw(&till, "");
    resolve(&till, &till.boss, &held, APPROVED, 900, "");
    refund = hears_order(&till, &held, 900);
    bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 900, 900);
    carry_out(&till, &refund, 900, APPROVED, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 900, 0);
    fee_posts_no_more(&till);
    books_say(&till, "card-clearing 600 revenue-clearing -600");
    till_done(&till);
}
END_TEST

START_TEST(a_paid_bill_that_is_withdrawn_is_given_back)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = pay(&till, CARD, 870);
    withdraw(&till, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 870, 870);
    books_say(&till, "card-clearing 870 refund-payable -870");
    refund = order_refund(&till, &till.clerk, &paid, 300, OVERPAID, ORDERED, "");
    carry_out(&till, &refund, 300, APPROVED, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 870, 570);
    refund = order_refund(&till, &till.clerk, &paid, 570, OVERPAID, ORDERED, "");
    carry_out(&till, &refund, 570, APPROVED, "");
    bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 870, 0);
    books_say(&till, "");
    announce(&till, 2, 300);
    pay(&till, CARD, 300);
    bill_is(&till, SETTLED, 300, 300);
    books_say(&till, "card-clearing 300 revenue-clearing -300");
    till_done(&till);
}
END_TEST

static void
get_bill(struct till *till, const char *code)
{
    Sugu__GetBill get = SUGU__GET_BILL__INIT;
    Sugu__Reply *reply;

    get.session = sugu_id_field(&till->day.session);
    get.bill = sugu_id_field(&till->day.bill);
    reply = sugu_test_client_call(&till->day.kiosk, SUGU__REQUEST__BODY_GET_BILL, &get, NULL);
    ck_assert_str_eq(reply->code, code);
    if (!*code)
        ck_assert_int_eq(reply->bill->total_yen, 870);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(an_old_bill_is_shown_and_paid_on_another_day)
{
    struct till till;
    Sugu__Reply *reply;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    pay(&till, CARD, 300);
    sugu_day_close(&till.day, SUGU__VISIT_STATE__VISIT_BILLED);
    get_bill(&till, "session.unknown");
    /* It was a fortnight ago. */
    sugu_facts_run(&till.facts,
                   "SET session_replication_role = replica; "
                   "UPDATE visit SET day = day - 14, state = 6; UPDATE stage SET day = day - 14; "
                   "SET session_replication_role = origin");
    till.day.session = sugu_test_id();
    reply = sugu_day_send_open(&till.day, 1123);
    ck_assert_str_eq(reply->code, "");
    ck_assert_ptr_null(reply->session_opened->bill);
    ck_assert_uint_eq(reply->session_opened->n_old_bills, 1);
    ck_assert_int_eq(reply->session_opened->old_bills[0]->due_yen, 570);
    ck_assert(!reply->session_opened->old_bills[0]->is_at_counter);
    sugu__reply__free_unpacked(reply, NULL);
    get_bill(&till, "");
    pay(&till, CARD, 570);
    bill_is(&till, SETTLED, 870, 870);
    fee_posts(&till, 1, 870);
    receipt_is(&till, 1, 0, 2, 870, false);
    till.day.session = sugu_test_id();
    reply = sugu_day_send_open(&till.day, 1123);
    ck_assert_uint_eq(reply->session_opened->n_old_bills, 0);
    sugu__reply__free_unpacked(reply, NULL);
    books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("money",
                       60,
                       a_bill_is_paid_in_parts_by_different_ways,
                       what_a_revision_changes_is_due_or_given_back,
                       above_the_limit_a_second_person_decides,
                       what_a_correction_gives_back_is_not_due_again,
                       two_desks_that_press_at_once_give_back_once,
                       money_at_a_desk_is_taken_and_given_by_hand,
                       a_deposit_is_held_until_insurance_is_proven,
                       a_deposit_is_used_or_given_back_without_proof,
                       a_supervisor_finds_out_what_became_of_a_held_payment,
                       money_that_comes_late_is_taken_in_and_goes_back_by_itself,
                       a_paid_bill_that_is_withdrawn_is_given_back,
                       an_old_bill_is_shown_and_paid_on_another_day)
