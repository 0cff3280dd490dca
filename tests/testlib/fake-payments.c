/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake-payments - the queue server's side of attempts and orders, in memory
 */
#include "testlib/fake-payments.h"

#include "base/text.h"

#include <assert.h>

static Sugu__Reply passing; /* of replies that are not stored */

static bool
is_open(uint32_t state)
{
    return state == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_SENT ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
}

static struct fake_attempt *
find(struct fake_payments *fake, const struct sugu_id *id)
{
    for (unsigned i = 0; i < fake->attempt_count; i++)
        if (sugu_id_equal(&fake->attempts[i].id, id))
            return &fake->attempts[i];
    return NULL;
}

const struct fake_attempt *
fake_payments_find(const struct fake_payments *fake, const struct sugu_id *attempt)
{
    return find((struct fake_payments *)fake, attempt);
}

unsigned
fake_payments_open(const struct fake_payments *fake)
{
    unsigned count = 0;

    for (unsigned i = 0; i < fake->attempt_count; i++)
        count += is_open(fake->attempts[i].state);
    return count;
}

/* Why the bill takes no (further) attempt; "" where it does. */
static const char *
judge_begin(struct fake_payments *fake, const struct sugu_id *bill)
{
    for (unsigned i = 0; i < fake->attempt_count; i++) {
        const struct fake_attempt *attempt = &fake->attempts[i];
        if (!sugu_id_equal(&attempt->bill, bill))
            continue;
        if (is_open(attempt->state))
            return "payment.open";
        if (attempt->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED &&
            attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT)
            return "bill.not-allowed";
    }
    return "";
}

static void
refuse(Sugu__Reply *reply, const char *code)
{
    reply->status = SUGU__STATUS__REFUSED;
    reply->code = (char *)code;
}

static void
begin(struct fake_payments *fake, const Sugu__BeginPayment *begin, Sugu__Reply *reply)
{
    static Sugu__PaymentBegun begun;
    static char reference[41];
    struct sugu_id bill = sugu_id_of(&begin->bill), id = sugu_id_of(&begin->attempt);
    struct fake_attempt *attempt = find(fake, &id);
    bool is_order = attempt && attempt->is_ordered;
    char text[SUGU_ID_TEXT_SIZE];

    fake->begins++;
    if (*fake->refuse_begin) {
        refuse(reply, fake->refuse_begin);
        if (is_order)
            attempt->state = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
        return;
    }
    if (begin->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER && begin->bill.len > 0) {
        refuse(reply, "payment.amount"); /* it is of no bill */
        return;
    }
    if (!is_order && *judge_begin(fake, &bill)) {
        refuse(reply, judge_begin(fake, &bill));
        return;
    }
    if (!is_order) {
        assert(fake->attempt_count < FAKE_PAYMENTS_MAX);
        attempt = &fake->attempts[fake->attempt_count++];
        *attempt = (struct fake_attempt){.id = id,
                                         .bill = bill,
                                         .kind = begin->kind,
                                         .method = begin->method,
                                         .amount_yen = begin->amount_yen};
    }
    attempt->is_ordered = false;
    sugu__payment_begun__init(&begun);
    begun.attempt = sugu_id_field(&attempt->id);
    snprintf(reference, sizeof reference, "%.36s-%u", sugu_id_to_text(&bill, text),
             begin->revision);
    begun.reference = reference;
    begun.is_called_off = is_order && fake->calls_off;
    reply->body_case = SUGU__REPLY__BODY_PAYMENT_BEGUN;
    reply->payment_begun = &begun;
}

static void
settle(struct fake_payments *fake, struct fake_attempt *attempt, const Sugu__EndPayment *end)
{
    attempt->approved_yen = end->approved_yen;
    if (attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND)
        fake->refunded_yen += end->approved_yen;
    if (attempt->kind != SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT &&
        attempt->kind != SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT)
        return;
    for (unsigned i = 0; i < fake->attempt_count; i++)
        if (&fake->attempts[i] != attempt &&
            sugu_id_equal(&fake->attempts[i].bill, &attempt->bill) &&
            fake->attempts[i].kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT &&
            fake->attempts[i].state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
            fake->double_settlements++;
    fake->posted_yen += end->approved_yen;
}

static void
end(struct fake_payments *fake, const Sugu__EndPayment *end, Sugu__Reply *reply)
{
    static Sugu__PaymentEnded ended;
    struct sugu_id id = sugu_id_of(&end->attempt);
    struct fake_attempt *attempt = find(fake, &id);

    fake->ends++;
    if (*fake->refuse_end) {
        static char code[65];
        sugu_text_copy(code, sizeof code, fake->refuse_end);
        fake->refuse_end[0] = '\0';
        refuse(reply, code);
        return;
    }
    if (!attempt) {
        refuse(reply, "payment.unknown-attempt");
        return;
    }
    sugu__payment_ended__init(&ended);
    ended.attempt = sugu_id_field(&attempt->id);
    if (!is_open(attempt->state)) {
        if (attempt->state != end->state && !is_open(end->state)) {
            refuse(reply, "payment.not-allowed");
            return;
        }
        ended.state = (Sugu__AttemptState)attempt->state;
        ended.approved_yen = attempt->approved_yen;
        reply->body_case = SUGU__REPLY__BODY_PAYMENT_ENDED;
        reply->payment_ended = &ended;
        return;
    }
    if (end->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        settle(fake, attempt, end);
    attempt->state = end->state;
    sugu_text_copy(attempt->code, sizeof attempt->code, end->code);
    sugu_text_copy(attempt->provider_id, sizeof attempt->provider_id, end->provider_id);
    if (*end->token)
        sugu_text_copy(attempt->token, sizeof attempt->token, end->token);
    attempt->decline = end->decline;
    ended.state = end->state;
    reply->body_case = SUGU__REPLY__BODY_PAYMENT_ENDED;
    reply->payment_ended = &ended;
}

static void
fill_order(struct fake_payments *fake, struct fake_attempt *attempt, Sugu__PaymentOrder *order)
{
    const struct fake_attempt *original = find(fake, &attempt->original);

    sugu__payment_order__init(order);
    order->attempt = sugu_id_field(&attempt->id);
    order->bill = sugu_id_field(&attempt->bill);
    order->revision = 1;
    order->kind = (Sugu__AttemptKind)attempt->kind;
    order->method = (Sugu__PaymentMethod)attempt->method;
    order->amount_yen = attempt->amount_yen;
    order->original = sugu_id_field(&attempt->original);
    if (original)
        order->original_provider_id = (char *)original->provider_id;
    order->token = attempt->token;
    order->payer = attempt->payer;
}

void
fake_payments_order(struct fake_payments *fake,
                    const struct fake_attempt *order,
                    Sugu__PaymentOrder *ret_order)
{
    struct fake_attempt *kept = &fake->attempts[fake->attempt_count++];

    assert(fake->attempt_count <= FAKE_PAYMENTS_MAX);
    *kept = *order;
    kept->is_ordered = true;
    fill_order(fake, kept, ret_order);
}

void
fake_payments_resolve(struct fake_payments *fake,
                      const struct sugu_id *attempt,
                      uint32_t state,
                      int64_t approved_yen)
{
    struct fake_attempt *found = find(fake, attempt);

    assert(found && is_open(found->state));
    found->state = state;
    found->approved_yen = approved_yen;
    if (state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        fake->posted_yen += approved_yen;
}

void
fake_payments_order_refund(struct fake_payments *fake,
                           const struct sugu_id *attempt,
                           const struct sugu_id *original,
                           int64_t yen,
                           Sugu__PaymentOrder *ret_order)
{
    const struct fake_attempt *paid = find(fake, original);

    assert(paid);
    fake_payments_order(fake,
                        &(struct fake_attempt){.id = *attempt,
                                               .bill = paid->bill,
                                               .original = *original,
                                               .kind = SUGU__ATTEMPT_KIND__ATTEMPT_REFUND,
                                               .method = paid->method,
                                               .amount_yen = yen},
                        ret_order);
}

static void
open_work(struct fake_payments *fake, Sugu__Reply *reply)
{
    static Sugu__OpenWork work;
    static Sugu__OpenPayment payments[FAKE_PAYMENTS_MAX];
    static Sugu__OpenPayment *list[FAKE_PAYMENTS_MAX];
    static Sugu__PaymentOrder orders[FAKE_PAYMENTS_MAX];

    sugu__open_work__init(&work);
    for (unsigned i = 0; i < fake->attempt_count; i++) {
        Sugu__OpenPayment *payment = &payments[work.n_payments];
        if (!is_open(fake->attempts[i].state))
            continue;
        sugu__open_payment__init(payment);
        payment->attempt = sugu_id_field(&fake->attempts[i].id);
        payment->bill = sugu_id_field(&fake->attempts[i].bill);
        payment->revision = 1;
        payment->amount_yen = fake->attempts[i].amount_yen;
        if (fake->attempts[i].is_ordered) {
            fill_order(fake, &fake->attempts[i], &orders[work.n_payments]);
            payment->order = &orders[work.n_payments];
        }
        list[work.n_payments++] = payment;
    }
    work.payments = list;
    reply->body_case = SUGU__REPLY__BODY_OPEN_WORK;
    reply->open_work = &work;
}

/* The stored reply of this id; NULL where it is new. */
static const Sugu__Reply *
find_stored(struct fake_payments *fake, const struct sugu_id *id, const uint8_t *body, size_t size)
{
    for (unsigned i = 0; i < fake->stored_count; i++) {
        if (!sugu_id_equal(&fake->stored[i].id, id))
            continue;
        if (fake->stored[i].size != size || memcmp(fake->stored[i].request, body, size) != 0)
            fake->reused_ids++;
        return fake->stored[i].reply;
    }
    return NULL;
}

const Sugu__Reply *
fake_payments_handle(struct fake_payments *fake, const Sugu__Request *request)
{
    struct sugu_id id = sugu_id_of(&request->id);
    size_t size = sugu__request__get_packed_size(request);
    uint8_t *body = malloc(size + 1);
    const Sugu__Reply *known;

    assert(body);
    sugu__request__pack(request, body);
    sugu__reply__init(&passing);
    passing.id = request->id;
    known = find_stored(fake, &id, body, size);
    if (known || fake->fail_next || request->body_case == SUGU__REQUEST__BODY_GET_OPEN_WORK) {
        free(body);
        if (known)
            return known;
        passing.status = (Sugu__Status)fake->fail_next;
        passing.code = fake->fail_next ? "server.busy" : "";
        fake->fail_next = SUGU_OK;
        if (!passing.status)
            open_work(fake, &passing);
        return &passing;
    }
    if (request->body_case == SUGU__REQUEST__BODY_BEGIN_PAYMENT)
        begin(fake, request->begin_payment, &passing);
    else if (request->body_case == SUGU__REQUEST__BODY_END_PAYMENT)
        end(fake, request->end_payment, &passing);
    else
        refuse(&passing, "message.unknown");
    assert(fake->stored_count < FAKE_PAYMENTS_MAX);
    fake->stored[fake->stored_count].id = id;
    fake->stored[fake->stored_count].request = body;
    fake->stored[fake->stored_count].size = size;
    return fake->stored[fake->stored_count++].reply =
               (Sugu__Reply *)sugu_message_copy(&passing.base);
}

void
fake_payments_done(struct fake_payments *fake)
{
    for (unsigned i = 0; i < fake->stored_count; i++) {
        free(fake->stored[i].request);
        sugu__reply__free_unpacked(fake->stored[i].reply, NULL);
    }
}
