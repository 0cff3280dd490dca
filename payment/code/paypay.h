/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paypay - the code payment port over PayPay's Open Payment API
 *
 * Facts (sources: the answers' table and "Handle unknown payment status" of the READMEs of
 * paypay/paypayopa-sdk-python and -node; docs/PaymentApi.md of paypay/paypayopa-sdk-java;
 * api-evangelist/paypay workflows and errors):
 * - POST /v2/codes (30 s), DELETE /v2/codes/{codeId} (15 s), GET /v2/codes/payments/{id} (15 s),
 *   DELETE /v2/payments/{id} (cancel), POST /v2/refunds and GET /v2/refunds/{id} (30 and 15 s).
 *   Answers: {"resultInfo": {"code", "message", "codeId"}, "data": {…}}; "code" decides.
 * - Host apigw.paypay.ne.jp; the merchant stands in X-ASSUME-MERCHANT.
 * - Statuses 500 with INTERNAL_SERVER_ERROR or SERVICE_ERROR, 502, 503, 504 and time-outs are
 * "unknown payment status": ask, or cancel. 429 RATE_LIMIT and 503 MAINTENANCE_MODE come before
 * anything is done [derived from the table]; they are taken for UNKNOWN all the same, asking costs
 * nothing.
 * - 400 DUPLICATE_DYNAMIC_QR_REQUEST: a code of this merchantPaymentId was made before; the first
 *   answer is not given again.
 * - 400 DYNAMIC_QR_PAYMENT_NOT_FOUND; 400 DYNAMIC_QR_ALREADY_PAID; 404 DYNAMIC_QR_NOT_FOUND;
 *   202 REQUEST_ACCEPTED and 400 ORDER_NOT_REVERSIBLE of a cancellation; refunds: 400
 * INVALID_PARAMS, UNACCEPTABLE_OP, CANCELED_USER, 404 RESOURCE_NOT_FOUND, 500 TRANSACTION_FAILED
 * are final noes, 404 NO_SUCH_REFUND_ORDER.
 */
#pragma once

#include "base/random.h"
#include "payment/code/paypay-signature.h"
#include "payment/http/http.h"
#include "port/code-payment.h"

struct sugu_paypay_settings {
    struct sugu_http *http; /* the three are not owned and outlive the provider */
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_paypay_key key; /* copied */
    char merchant[65];          /* PayPay's id of the hospital */
    char store[33];             /* "" = none */
    char place[33];             /* terminalId, this kiosk; "" = none */
    uint32_t make_wait_ms;      /* 30000: never less in a hospital */
    uint32_t ask_wait_ms;       /* 15000 */
};

/* NULL where there is no memory. May be called from several threads. */
struct sugu_code_payment *sugu_paypay_new(const struct sugu_paypay_settings *settings);
/* The key is overwritten. NULL is fine. */
struct sugu_code_payment *sugu_paypay_free(struct sugu_code_payment *provider);
