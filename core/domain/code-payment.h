/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-payment - rules of a payment by a code on the screen: states, watching, the way back
 *
 * The provider makes a code for one attempt; the patient's phone reads it off the kiosk and pays at
 * the provider. Money can move only through a code that somebody has seen, and may move at any
 * moment until the provider says that it cannot any more: leaving the page deletes the code, and
 * the payment is watched until it is final, because it may race the deletion (domain/payments.md
 * 3). What is completed is posted, whoever has left.
 */
#pragma once

#include "domain/payment.h"

#include "base/clock.h"

/*
 * What the provider says of a merchant payment id (domain/payments.md 3: CREATED … REFUNDED);
 * NOT_FOUND is an answer, too.
 */
#define SUGU_CODE_STATES(X)                                                                        \
    X(CREATED)    /* nobody has paid yet */                                                        \
    X(AUTHORIZED) /* money is blocked, not taken */                                                \
    X(COMPLETED)  /* paid */                                                                       \
    X(EXPIRED)                                                                                     \
    X(CANCELED)                                                                                    \
    X(FAILED)                                                                                      \
    X(REFUNDED) /* paid and given back, in whole or in part */                                     \
    X(NOT_FOUND)

#define SUGU_STATE(name) SUGU_CODE_##name,
enum sugu_code_state { SUGU_CODE_STATES(SUGU_STATE) SUGU_CODE_STATE_COUNT };
#undef SUGU_STATE

/* The state of a word as providers write it, "COMPLETED"; false where it is none of the above. */
bool sugu_code_state_parse(const char *word, enum sugu_code_state *ret_state);
/* The code for the person where nothing was charged, "payment.code-expired" …; "" for the rest. */
const char *sugu_code_reason(enum sugu_code_state state);
/* Nothing can be paid with the code any more. NOT_FOUND is not final by itself. */
bool sugu_code_state_is_final(enum sugu_code_state state);

/*
 * The event for the attempt's machine, given where the attempt stands. False: nothing to tell, go
 * on watching. `seen` is the attempt's (sugu_payment_judge_not_found), `now_us` monotonic. A
 * REFUNDED that nobody here asked for leads to a person: money moved both ways by somebody else's
 * hand.
 */
bool sugu_code_judge(enum sugu_attempt_state attempt,
                     enum sugu_code_state said,
                     struct sugu_not_found *seen,
                     int64_t now_us,
                     enum sugu_attempt_event *ret_event);

/*
 * "Not found" counts only when the request that makes the code cannot arrive any more: its time-out
 * of 30 s (paypay/paypayopa-sdk-java docs/PaymentApi.md, createQRCode) twice.
 */
#define SUGU_CODE_NOT_FOUND_APART_US (60 * SUGU_SECOND)

/* ---- watching */

/* Times are monotonic; 0 = has not happened. */
struct sugu_code_watch {
    int64_t shown_us;      /* the code was made */
    int64_t expires_us;    /* by the provider's word, turned to the own clock */
    int64_t left_us;       /* the patient left, or the time ran out */
    int64_t deleted_us;    /* the provider took the deletion, or has no such code */
    int64_t last_asked_us; /* the last status question, answered or not */
};

enum sugu_code_duty {
    SUGU_CODE_WAIT,   /* nothing before *ret_due_us */
    SUGU_CODE_LEAVE,  /* the code has expired: take it off the screen, note left_us */
    SUGU_CODE_DELETE, /* left and not deleted */
    SUGU_CODE_ASK,    /* a status question is due */
    SUGU_CODE_HOLD,   /* watched for too long without an answer: a person */
};

/*
 * Every 4 s while it is shown ("every 4-5 seconds": PayPay's flow as told by api-evangelist/paypay,
 * workflows), also just after leaving; every 15 s from a minute after leaving, every minute from
 * ten minutes after it.
 */
#define SUGU_CODE_ASK_US        (4 * SUGU_SECOND)
#define SUGU_CODE_ASK_LATER_US  (15 * SUGU_SECOND)
#define SUGU_CODE_ASK_SELDOM_US SUGU_MINUTE
#define SUGU_CODE_HOLD_AFTER_US (30 * SUGU_MINUTE) /* behind leaving or expiry, what is later */

/* What to do with an attempt that is not final; *ret_due_us is when to ask this function again. */
enum sugu_code_duty
sugu_code_next(const struct sugu_code_watch *watch, int64_t now_us, int64_t *ret_due_us);

/* ---- the way back */

enum sugu_code_way {
    SUGU_CODE_CANCEL, /* DELETE by our id: the provider guarantees that the money goes back */
    SUGU_CODE_REFUND, /* an order of its own with an id of its own */
};

/*
 * Cancelling works until 00:14:59 Japanese time on the day after the payment, then only a refund
 * (paypay/paypayopa-sdk-java docs/PaymentApi.md, cancelPayment). We change over at 23:59 of the
 * payment's own day, so that neither clock nor line can carry a cancellation over the edge.
 * `paid_us`: when it was paid, or where that is not known the earliest moment that it can have been
 * (the code was asked for). `provider_now_us`: the time of the provider's clock. A part can only be
 * refunded.
 */
enum sugu_code_way
sugu_code_way_back(sugu_time_us paid_us, sugu_time_us provider_now_us, bool is_whole);

/*
 * The signature carries the time, and the provider takes two minutes either way (api-evangelist/
 * paypay, workflows). Beyond 90 s the clocks have to be put right before anything is asked.
 */
#define SUGU_CODE_CLOCK_APART_MAX_US (90 * SUGU_SECOND)
bool sugu_code_clocks_agree(sugu_time_us own_us, sugu_time_us provider_us);
