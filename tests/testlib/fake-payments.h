/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake-payments - the queue server's side of attempts and orders, in memory
 *
 * Keeps the promises that sugu-payment relies on: one stored reply per request id (another body
 * under the same id fails the test), one open attempt per bill, a bill settled once, yen posted as
 * approved. For tests of the payment program without PostgreSQL.
 */
#pragma once

#include "protocol/message.h"

#define FAKE_PAYMENTS_MAX 256

struct fake_attempt {
    struct sugu_id id, bill, original;
    uint32_t kind;   /* AttemptKind */
    uint32_t method; /* PaymentMethod */
    int64_t amount_yen, approved_yen;
    uint32_t state; /* AttemptState */
    char code[65], provider_id[65], token[129], payer[65];
    uint32_t decline; /* Decline */
    bool is_ordered;  /* and not begun: the open work says it */
};

struct fake_payments {
    struct fake_attempt attempts[FAKE_PAYMENTS_MAX];
    unsigned attempt_count;
    struct {
        struct sugu_id id;
        uint8_t *request;
        size_t size;
        Sugu__Reply *reply;
    } stored[FAKE_PAYMENTS_MAX];
    unsigned stored_count;
    unsigned begins, ends; /* carried out, repetitions not counted */
    unsigned double_settlements, reused_ids;
    int64_t posted_yen, refunded_yen;
    char refuse_begin[65], refuse_end[65]; /* code for the next one, "" = take it */
    bool calls_off;                        /* what was ordered, when it is begun */
    enum sugu_status fail_next;            /* RETRY, UNKNOWN or BROKEN for the next request */
};

/* The reply to a request (BeginPayment, EndPayment, GetOpenWork); owned by the fake, valid until
 * the next call. */
const Sugu__Reply *fake_payments_handle(struct fake_payments *fake, const Sugu__Request *request);
void fake_payments_done(struct fake_payments *fake);

/*
 * Orders `yen` of the approved attempt to be given back; the order's texts and ids point into the
 * fake. GetOpenWork says it again until it is begun.
 */
void fake_payments_order_refund(struct fake_payments *fake,
                                const struct sugu_id *attempt,
                                const struct sugu_id *original,
                                int64_t yen,
                                Sugu__PaymentOrder *ret_order);

/* Orders anything: of `order` id, bill, original, kind, method, amount, token and payer count. */
void fake_payments_order(struct fake_payments *fake,
                         const struct fake_attempt *order,
                         Sugu__PaymentOrder *ret_order);
/* A person decides about an attempt without an outcome. */
void fake_payments_resolve(struct fake_payments *fake,
                           const struct sugu_id *attempt,
                           uint32_t state,
                           int64_t approved_yen);

/* NULL where it was never begun. */
const struct fake_attempt *fake_payments_find(const struct fake_payments *fake,
                                              const struct sugu_id *attempt);
/* Attempts without an outcome. */
unsigned fake_payments_open(const struct fake_payments *fake);
