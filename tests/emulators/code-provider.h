/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-provider - an emulated provider of code payments: PayPay's Open Payment API
 *
 * Knows what payment/code/paypay.h lists: codes, states, cancelling until 00:14:59 Japanese time,
 * refunds, signatures with a window of two minutes, nonces used once. Codes expire by the clock.
 *
 * Commands besides those of provider.h; ID is a merchant payment id, the newest code without it:
 *   scan [ID]       a phone has read the code: it may be paid though it is deleted
 *   pay [ID]        the payer pays; "cannot" where the code is deleted unscanned, ended or paid
 *   authorise [ID]  money is blocked (AUTHORIZED), not taken
 *   fail [ID]       the payer's payment fails for good
 *   give-back [ID]  somebody refunds it in the provider's own console
 *   forget [ID]     the provider does not know the code any more
 *   race            the next deletion is taken, and the code is paid in the same moment
 *   differ          the next status of something paid says FAILED
 *   amount YEN      states of something paid name that amount (0 = none, -1 = the true one)
 *   code-amount YEN the next code is made for that amount
 *   slow-refund N   refunds are taken in; the N-th question finds them carried out
 *   irreversible on|off   cancellations are refused
 *   internal        the next question is carried out and answered INTERNAL_SERVER_ERROR
 */
#pragma once

#include "domain/code-payment.h"
#include "emulators/provider.h"
#include "payment/code/paypay-signature.h"

#define SUGU_EMULATED_CODE_MERCHANT "emulated-hospital"

/* The key that the provider takes. */
extern const struct sugu_paypay_key sugu_code_provider_key;

struct sugu_code_provider;

/* NULL without memory. `clock` is not owned. */
struct sugu_code_provider *sugu_code_provider_new(const struct sugu_clock *clock);
struct sugu_code_provider *sugu_code_provider_free(struct sugu_code_provider *provider);
struct sugu_provider *sugu_code_provider_base(struct sugu_code_provider *provider);

/* The provider's own list: a code, or a refund of one that was paid. */
struct sugu_code_provider_row {
    const char *id;          /* ours: payment or refund; of a cancellation the payment's */
    const char *code_id;     /* the provider's, of the code */
    const char *provider_id; /* the provider's, of the payment */
    const char *terminal;    /* who had the code made */
    enum sugu_code_state state;
    bool is_refund, is_cancellation;
    int64_t yen;       /* of the code, or given back */
    int64_t given_yen; /* of the code: all that went back */
    bool is_paid;      /* of the code: money was taken, whatever became of it */
};
/* Every code, then every refund and cancellation, carried out or not. */
void sugu_code_provider_each(struct sugu_code_provider *provider,
                             void (*each)(void *user, const struct sugu_code_provider_row *row),
                             void *user);
