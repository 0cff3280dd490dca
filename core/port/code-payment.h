/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-payment - the port behind which a provider of code payments sits
 *
 * The port says what the provider said; what follows from it is decided above, by the rules of
 * domain/code-payment.h and the attempt's machine. All ids are ours and are stored before they are
 * sent. Every call may take as long as the provider's time-out (30 s to make or give back, 15 s
 * otherwise) and runs on a thread of its own, never on a screen's loop.
 *
 * Failures of every function: RETRY "provider.away" (no byte of the request left), UNKNOWN
 * "payment.no-answer" (it may have arrived; ask for the status), BROKEN "provider.not-trusted",
 * "provider.refused" (the provider does not take our key or the form of our request; nothing
 * happened) or "provider.clock" (our clock is too far from the provider's; nothing happened).
 */
#pragma once

#include "base/clock.h"
#include "base/status.h"
#include "domain/code-payment.h"

struct sugu_code_order {
    char payment_id[65];  /* ours, 1–64 of A–Z a–z 0–9 - _; one code for each, for ever */
    int64_t amount_yen;   /* 1 … 99,999,999 */
    sugu_time_us expires; /* when the code is to end, utc */
    char description[64]; /* for the payer's phone, "" = none; never what was treated */
};

struct sugu_code_shown {
    /*
     * The provider had a code of this id already and does not say which (a repeated order): it
     * cannot be shown. Everything below is empty; nobody has seen it, so nobody can pay with it.
     */
    bool is_known_already;
    char code_id[65];          /* the provider's, for `withdraw` */
    char payload[256];         /* to be shown as a QR code */
    sugu_time_us expires;      /* by the provider, utc; 0 = it did not say */
    sugu_time_us provider_now; /* the provider's clock, 0 = it did not say */
};

enum sugu_code_subject {
    SUGU_CODE_PAYMENT,     /* id: our payment id */
    SUGU_CODE_GIVING_BACK, /* id: our refund id */
};

struct sugu_code_answer {
    enum sugu_code_state state; /* of a refund: CREATED (taken in), REFUNDED, FAILED, NOT_FOUND */
    int64_t amount_yen;         /* paid or given back, by the provider; 0 = it did not say */
    char provider_id[65];       /* paymentId, refundId: for `refund` and for reconciliation */
    sugu_time_us paid;          /* utc, 0 = not paid or not said */
    sugu_time_us provider_now;  /* the provider's clock, 0 = it did not say */
};

struct sugu_code_refund {
    char refund_id[65];   /* ours, an attempt's id; the same may be asked twice */
    char provider_id[65]; /* of the payment, from its answer */
    int64_t amount_yen;   /* 1 … what was paid less what was given back */
};

struct sugu_code_payment;

struct sugu_code_payment_ops {
    const char *name;
    enum sugu_status (*create)(struct sugu_code_payment *provider,
                               const struct sugu_code_order *order,
                               struct sugu_code_shown *ret_shown,
                               struct sugu_error *reterr);
    /* A COMPLETED without a usable amount is UNKNOWN: nothing may be posted from it. */
    enum sugu_status (*status)(struct sugu_code_payment *provider,
                               enum sugu_code_subject subject,
                               const char *id,
                               struct sugu_code_answer *ret_answer,
                               struct sugu_error *reterr);
    /*
     * Deletes a code that has not been paid. OK: it cannot be scanned any more; a payment that was
     * under way may still be completed. REFUSED "payment.code-used": it is paid; ask.
     */
    enum sugu_status (*withdraw)(struct sugu_code_payment *provider,
                                 const char *code_id,
                                 struct sugu_error *reterr);
    /*
     * For an unknown outcome, or the whole of a payment on its day (sugu_code_way_back): OK means
     * that the provider took it and guarantees that the money goes back. REFUSED
     * "payment.not-reversible": it cannot be cancelled (any more).
     */
    enum sugu_status (*cancel)(struct sugu_code_payment *provider,
                               const char *payment_id,
                               struct sugu_error *reterr);
    /*
     * State REFUNDED, CREATED (taken in, ask later) or FAILED (nothing went back, final). The same
     * refund may be sent again under its id: the provider carries it out once, and the driver looks
     * behind a refusal whether an earlier request has done it.
     */
    enum sugu_status (*refund)(struct sugu_code_payment *provider,
                               const struct sugu_code_refund *refund,
                               struct sugu_code_answer *ret_answer,
                               struct sugu_error *reterr);
};

struct sugu_code_payment {
    const struct sugu_code_payment_ops *ops;
};
