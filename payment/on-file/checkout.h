/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkout - the card-on-file port over Adyen's Checkout API, version 71
 *
 * Facts (sources: docs.adyen.com/development-resources/api-idempotency, .../refusal-reasons,
 * /online-payments/tokenization, /online-payments/reversal, /point-of-sale/recurring-payments;
 * Adyen/adyen-openapi CheckoutService; "[K]" = from experience, not read):
 * - DELETE /v71/storedPaymentMethods/TOKEN?merchantAccount=…&shopperReference=…: 204; the token is
 *   gone. A token that is not known is error 800 or 803.
 * - POST /v71/payments with merchantAccount, amount {currency "JPY", value in whole yen [K: JPY has
 *   no minor unit]}, reference, shopperReference, paymentMethod {type "scheme",
 *   storedPaymentMethodId}, shopperInteraction "ContAuth", recurringProcessingModel
 *   "UnscheduledCardOnFile". A hold adds additionalData {"authorisationType": "PreAuth",
 *   "manualCapture": "true"}; amount 0 looks at the card only.
 * - The answer: resultCode Authorised, Refused, Cancelled, Error, Received, Pending,
 *   ChallengeShopper, IdentifyShopper, RedirectShopper, PartiallyAuthorised …; pspReference,
 * amount, refusalReasonCode; additionalData: cardSummary (last four), expiryDate "M/YYYY",
 *   fundingSource CREDIT/DEBIT/PREPAID, networkTxReference; paymentMethod.brand. Status 200 does
 * not mean that it was authorised.
 * - POST /v71/payments/{pspReference}/captures (amount), /cancels, /refunds (amount): 201 with
 *   "status": "received". They are carried out behind; a failure comes as a webhook and stands in
 * the settlement report, which the ledger's reconciliation reads.
 * - Header Idempotency-Key, at most 64 characters, a random UUID: the first answer is given again;
 *   kept per company account for at least 31 days by one edition of the page, 7 by another. A
 * second request before the first is through: 422 or 409 with errorCode "704"; with the header
 *   "transient-error: true" it may be sent again under the same key, without it never.
 * - 401 and 403: our key; 400 and 422 else: the content; nothing was done. 5xx: not known.
 * - At a terminal the token is made by the payment's SaleToAcquirerData
 *   "recurringProcessingModel=UnscheduledCardOnFile&shopperReference=…" and
 *   SaleData.TokenRequestedType "Customer" (0 yen where nothing is to be paid); it comes back in
 *   AdditionalResponse as recurring.recurringDetailReference and serves here as
 *   storedPaymentMethodId..
 */
#pragma once

#include "base/clock.h"
#include "payment/http/http.h"
#include "port/card-on-file.h"

struct sugu_checkout_settings {
    struct sugu_http *http; /* not owned, outlives the provider */
    char api_key[300];      /* copied */
    char merchant[65];      /* merchantAccount */
    uint32_t wait_ms;       /* 60000 */
};

/* NULL where there is no memory. May be called from several threads. */
struct sugu_card_on_file *sugu_checkout_new(const struct sugu_checkout_settings *settings);
/* The key is overwritten. NULL is fine. */
struct sugu_card_on_file *sugu_checkout_free(struct sugu_card_on_file *provider);
