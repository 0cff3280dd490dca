/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-world - one bill's money: the test as fee gateway, payment program, kiosk and desk
 *
 * A day (testlib/day.h) with three people signed in at its desk. Each step checks the code that it
 * gets back; "" = done. The bill, session and attempt are those of the day.
 */
#pragma once

#include "scenario/queue-world.h"
#include "testlib/day.h"

#define CARD SUGU__PAYMENT_METHOD__METHOD_CARD

struct till {
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_id clerk, boss, other; /* signed in; two supervisors */
    size_t fee_from, payment_from, desk_from;
    uint32_t revision;
};

#define WAITING    SUGU__REFUND_STATE__REFUND_WAITING
#define ORDERED    SUGU__REFUND_STATE__REFUND_ORDERED
#define DONE       SUGU__REFUND_STATE__REFUND_DONE
#define DENIED     SUGU__REFUND_STATE__REFUND_DENIED
#define REFUSED    (-1)
#define OVERPAID   SUGU__REFUND_REASON__REFUND_OVERPAID
#define VOID       SUGU__REFUND_REASON__REFUND_VOID
#define CORRECTION SUGU__REFUND_REASON__REFUND_CORRECTION

/* A refund as a desk orders it, and what it has to become; REFUSED where it is refused. */
struct order {
    int64_t yen;
    Sugu__RefundReason reason;
    int state;
    const char *code;
    bool is_by_hand; /* it was tried, and cannot go back */
};
#define ORDER(...) (&(struct order){__VA_ARGS__})

void till_set_money(struct till *till, const char *deposit, const char *limit);
void till_init(struct till *till);
void till_done(struct till *till);
/* Clerk and supervisors, anew: a day later nobody is signed in any more. */
void till_sign_in(struct till *till);
void till_announce(struct till *till, uint32_t version, int64_t yen);
void till_announce_another(struct till *till, int64_t yen);
void till_withdraw(struct till *till, const char *code);
void till_fee_posts(struct till *till, uint32_t revision, int64_t yen);
void till_fee_posts_no_more(struct till *till);
void till_begin(struct till *till,
                Sugu__AttemptKind kind,
                Sugu__PaymentMethod method,
                int64_t yen,
                const char *code);
void till_end(struct till *till, Sugu__AttemptState state, int64_t yen, const char *code);
struct sugu_id till_pay(struct till *till, Sugu__PaymentMethod method, int64_t yen);
struct sugu_id till_pay_cash(struct till *till, uint32_t coins_of_100);
struct sugu_id till_hears_order(struct till *till, const struct sugu_id *original, int64_t yen);
void till_open_work_is(struct till *till, size_t attempts, size_t orders);
void till_carry_out(struct till *till,
                    const struct sugu_id *refund,
                    int64_t yen,
                    Sugu__AttemptState state,
                    const char *code);
struct sugu_id till_order_refund(struct till *till,
                                 const struct sugu_id *who,
                                 const struct sugu_id *original,
                                 const struct order *order);
void till_decide(struct till *till,
                 const struct sugu_id *who,
                 const struct sugu_id *refund,
                 bool is_granted,
                 int state,
                 const char *code);
void till_settle(struct till *till, int64_t yen, Sugu__DeskMoney by, const char *code);
void till_assist(struct till *till, Sugu__BillVerb verb, const char *code);
void till_resolve(struct till *till,
                  const struct sugu_id *who,
                  const struct sugu_id *attempt,
                  Sugu__AttemptState state,
                  int64_t yen,
                  const char *code);
void
till_hears_resolved(struct till *till, const struct sugu_id *attempt, Sugu__AttemptState state);
void till_desk_hears(struct till *till, const char *reason);
struct sugu_id till_bill_is(struct till *till, Sugu__BillState state, int64_t total, int64_t paid);
void till_books_say(struct till *till, const char *expected);
int64_t till_count(struct till *till, const char *what);
void till_receipt_is(
    struct till *till, uint64_t number, uint32_t copy, size_t parts, int64_t paid, bool slip);
