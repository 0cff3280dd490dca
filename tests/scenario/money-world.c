/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-world - one bill's money: the test as fee gateway, payment program, kiosk and desk
 */
#include "scenario/money-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

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

void
till_set_money(struct till *till, const char *deposit, const char *limit)
{
    sugu_hospital_admin(&till->day.hospital, 0, NULL,
                        (const char *const[]){"money", deposit, limit, NULL});
}

void
till_sign_in(struct till *till)
{
    till->clerk = sign_in(till, "clerk", "clerk", 1);
    till->boss = sign_in(till, "boss", "supervisor", 2);
    till->other = sign_in(till, "other", "supervisor", 3);
}

void
till_init(struct till *till)
{
    memset(till, 0, sizeof *till);
    sugu_day_init(&till->day);
    sugu_facts_init(&till->facts, till->day.hospital.folder);
    till_sign_in(till);
    till->revision = 1;
}

void
till_done(struct till *till)
{
    sugu_facts_done(&till->facts);
    sugu_day_done(&till->day);
}

/* ---- the fee gateway */

/* A share of 30 %: points are a third of the yen, which end in 0. */
void
till_announce(struct till *till, uint32_t version, int64_t yen)
{
    uint32_t points = yen == 870 ? 291 : (uint32_t)yen / 3;

    sugu_day_expect_code(sugu_day_send_announce(&till->day, version, points, yen), "");
    till->revision = version;
}

/* Another bill of the same visit. */
void
till_announce_another(struct till *till, int64_t yen)
{
    till->day.bill = sugu_test_id();
    till_announce(till, 1, yen);
}

void
till_withdraw(struct till *till, const char *code)
{
    Sugu__WithdrawBill body = SUGU__WITHDRAW_BILL__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.fee, SUGU__REQUEST__BODY_WITHDRAW_BILL, &body, NULL),
        code);
}

/* The next thing that the fee gateway is told to post. */
void
till_fee_posts(struct till *till, uint32_t revision, int64_t yen)
{
    const Sugu__PostingOrder *order =
        sugu_test_client_event(&till->day.fee, SUGU__EVENT__BODY_BILL_SETTLED, &till->fee_from)
            ->bill_settled;

    ck_assert_uint_eq(order->revision, revision);
    ck_assert_int_eq(order->amount_yen, yen);
}

void
till_fee_posts_no_more(struct till *till)
{
    sugu_test_client_run(&till->day.fee, 300 * SUGU_MS);
    for (size_t i = till->fee_from; i < till->day.fee.event_count; i++)
        ck_assert_int_ne(till->day.fee.events[i]->body_case, SUGU__EVENT__BODY_BILL_SETTLED);
}

/* ---- the payment program */

void
till_begin(struct till *till,
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

void
till_end(struct till *till, Sugu__AttemptState state, int64_t yen, const char *code)
{
    sugu_day_expect_code(sugu_day_send_end_payment(&till->day, state, yen), code);
}

struct sugu_id
till_pay(struct till *till, Sugu__PaymentMethod method, int64_t yen)
{
    till_begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, method, yen, "");
    till_end(till, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, yen, "");
    return till->day.attempt;
}

/* Coins into the kiosk, none out. */
struct sugu_id
till_pay_cash(struct till *till, uint32_t coins_of_100)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    Sugu__CashCount count = SUGU__CASH_COUNT__INIT, *counts[] = {&count};

    till_begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, SUGU__PAYMENT_METHOD__METHOD_CASH,
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
struct sugu_id
till_hears_order(struct till *till, const struct sugu_id *original, int64_t yen)
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
void
till_open_work_is(struct till *till, size_t attempts, size_t orders)
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

void
till_carry_out(struct till *till,
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
    till_end(till, state, state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ? yen : 0, code);
}

/* ---- the desk */

struct sugu_id
till_order_refund(struct till *till,
                  const struct sugu_id *who,
                  const struct sugu_id *original,
                  const struct order *order)
{
    Sugu__OrderRefund body = SUGU__ORDER_REFUND__INIT;
    struct sugu_id refund = sugu_test_id();
    Sugu__Reply *reply;

    body.refund = sugu_id_field(&refund);
    body.original = sugu_id_field(original);
    body.amount_yen = order->yen;
    body.reason = order->reason;
    body.is_by_hand = order->is_by_hand;
    body.note = (char *)"slip 1";
    body.desk = (char *)"9";
    reply = ward_call_as(&till->day.desk, who, SUGU__REQUEST__BODY_ORDER_REFUND, &body);
    ck_assert_str_eq(reply->code, order->code);
    if (order->state != REFUSED)
        ck_assert_int_eq(reply->refund->state, order->state);
    sugu__reply__free_unpacked(reply, NULL);
    return refund;
}

void
till_decide(struct till *till,
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

void
till_settle(struct till *till, int64_t yen, Sugu__DeskMoney by, const char *code)
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

void
till_assist(struct till *till, Sugu__BillVerb verb, const char *code)
{
    Sugu__AssistBill body = SUGU__ASSIST_BILL__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    body.verb = verb;
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_ASSIST_BILL, &body), code);
}

void
till_resolve(struct till *till,
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

void
till_hears_resolved(struct till *till, const struct sugu_id *attempt, Sugu__AttemptState state)
{
    const Sugu__PaymentResolved *resolved =
        sugu_test_client_event(&till->day.payment, SUGU__EVENT__BODY_PAYMENT_RESOLVED,
                               &till->payment_from)
            ->payment_resolved;
    struct sugu_id is = sugu_id_of(&resolved->attempt);

    ck_assert(sugu_id_equal(&is, attempt));
    ck_assert_int_eq(resolved->state, state);
}

void
till_desk_hears(struct till *till, const char *reason)
{
    const Sugu__Event *event;

    do
        event = sugu_test_client_event(&till->day.desk, SUGU__EVENT__BODY_HELP_WANTED,
                                       &till->desk_from);
    while (strcmp(event->help_wanted->reason, reason) != 0);
}

struct sugu_id
till_bill_is(struct till *till, Sugu__BillState state, int64_t total, int64_t paid)
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
void
till_books_say(struct till *till, const char *expected)
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

int64_t
till_count(struct till *till, const char *what)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    return sugu_facts_number(&till->facts, sql);
}

void
till_receipt_is(
    struct till *till, uint64_t number, uint32_t copy, size_t parts, int64_t paid, bool slip)
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
