/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message - nexo Retailer messages, written and read
 *
 * The messages of domain/payments.md 1.2 that a kiosk needs: Login, Display, Diagnosis, Payment,
 * Reversal, TransactionStatus, Abort, and the totals of the day's end (nexo-totals.h). Written as
 * JSON text; what comes back is held against the header of what was asked before anything in it
 * counts. Card data never passes: a message with the members SensitiveCardData or TrackData is
 * refused, of the card number only the last four digits are taken, and whatever else looks like a
 * card number is hidden in every text that leaves here.
 *
 * Facts beyond domain/payments.md, read in stored copies of public pages:
 * - Every request carries ProtocolVersion "3.0"; a ServiceID is unique for 48 hours per POIID
 *   (docs.adyen.com/point-of-sale/basic-tapi-integration/refund-payment/referenced).
 * - Reversal: OriginalPOITransaction.POITransactionID is TransactionID and TimeStamp (UTC) out of
 *   the payment's POIData; ReversedAmount absent = all; several partial ones are allowed, each is
 *   held against the payment (same page). The answer has Response, POIData and, optionally, the
 *   ReversedAmount as a copy (json-schema ReversalResponse; its published example has none).
 * - The answer to a Reversal says that the refund was taken in; that it fails later, at the card's
 *   bank, is told by the acquirer only (…/refund-payment/refund-webhooks). Reconciliation with the
 *   acquirer's report finds it.
 * - A Reversal is asked about like a Payment: MessageReference.MessageCategory "Reversal", the
 *   answer in RepeatedResponseMessageBody.ReversalResponse (api-explorer, TransactionStatus).
 * - Registration is a Payment of amount 0, a zero-value authorisation (…/classic-library-
 *   integrations/create-a-recurring-contract: "can also be a zero value transaction"; cards whose
 *   bank does not offer it are refused) with SaleData.TokenRequestedType "Customer" and
 *   SaleToAcquirerData recurringProcessingModel, shopperReference. The token that can be charged
 *   later is recurring.recurringDetailReference in Response.AdditionalResponse (…/point-of-sale/
 *   recurring-payments, "a token called recurring detail reference"), beside expiryMonth and
 *   expiryYear; a nexo terminal that is not Adyen's gives PaymentInstrumentData.CardData
 *   .PaymentToken{TokenRequestedType, TokenValue, ExpiryDateTime} (json-schema PaymentToken).
 * - AdditionalResponse is "key=value&…" with URL escapes (domain/payments.md has the example
 *   "message=…").
 * - The standby screen is called up by a DisplayRequest of MessageClass Device with OutputFormat
 *   MessageRef, PredefinedContent.ReferenceID "Idle" (…/display-data/idle-display, idle_0.json).
 */
#pragma once

#include "port/terminal.h"
#include "payment/json.h"
#include "payment/terminal/nexo-crypto.h"

#define SUGU_NEXO_MESSAGE_SIZE_MAX 65536

enum sugu_nexo_category {
    SUGU_NEXO_LOGIN,
    SUGU_NEXO_DIAGNOSIS,
    SUGU_NEXO_PAYMENT,
    SUGU_NEXO_REVERSAL,
    SUGU_NEXO_TRANSACTION_STATUS,
    SUGU_NEXO_ABORT,
    SUGU_NEXO_DISPLAY,
    SUGU_NEXO_GET_TOTALS,
    SUGU_NEXO_RECONCILIATION,
    SUGU_NEXO_CATEGORY_COUNT,
};
/* "Login", "Diagnosis" … */
const char *sugu_nexo_category_name(enum sugu_nexo_category category);
/* The message that carries a deed out. */
enum sugu_nexo_category sugu_nexo_category_of(enum sugu_terminal_deed deed);

/* The part of a message header that differs between messages. */
struct sugu_nexo_header {
    enum sugu_nexo_category category;
    const char *service_id; /* of this message */
    const char *sale_id;    /* this kiosk */
    const char *poi_id;     /* the terminal */
};

/* ---- what an ErrorCondition of a payment or reversal allows (1.5) */

enum sugu_nexo_verdict {
    SUGU_NEXO_FINAL,       /* nothing was charged; the patient may try again */
    SUGU_NEXO_TENDER_OFF,  /* nothing was charged; the terminal cannot serve now */
    SUGU_NEXO_OUR_MISTAKE, /* nothing was charged; alarm, no retry */
    SUGU_NEXO_WAIT,        /* something else runs: ask by id */
    SUGU_NEXO_LOG_IN,      /* log in, then ask by id */
    SUGU_NEXO_MISSING,     /* the terminal does not know the transaction */
    SUGU_NEXO_DOUBTFUL,    /* a condition that is not in the table: ask by id */
};

struct sugu_nexo_condition {
    const char *name; /* "Refusal" */
    enum sugu_nexo_verdict verdict;
    const char *code; /* for the patient and the staff */
};

/* The row of a condition; the catch-all row (DOUBTFUL) for one that is not known. Never NULL. */
const struct sugu_nexo_condition *sugu_nexo_condition_find(const char *name);

/* ---- writing: the whole message as text; false where it does not fit */

bool sugu_nexo_write_login(struct sugu_json_writer *writer,
                           const struct sugu_nexo_header *header,
                           int64_t utc_us);
bool sugu_nexo_write_diagnosis(struct sugu_json_writer *writer,
                               const struct sugu_nexo_header *header);
/* The terminal's own standby screen: nothing of an earlier patient is left on it. */
bool sugu_nexo_write_standby(struct sugu_json_writer *writer,
                             const struct sugu_nexo_header *header);
/* The message of the request's deed; header->category has to be that of the deed. */
bool sugu_nexo_write_deed(struct sugu_json_writer *writer,
                          const struct sugu_nexo_header *header,
                          const struct sugu_terminal_request *request);
/* About the request with this deed and service id. */
bool sugu_nexo_write_status(struct sugu_json_writer *writer,
                            const struct sugu_nexo_header *header,
                            const struct sugu_terminal_request *request);
bool sugu_nexo_write_abort(struct sugu_json_writer *writer,
                           const struct sugu_nexo_header *header,
                           const struct sugu_terminal_request *request);

/* ---- the envelope */

/* Puts a written message into its envelope. `random` makes the nonce. */
enum sugu_status sugu_nexo_wrap(const struct sugu_nexo_key *key,
                                struct sugu_random *random,
                                const struct sugu_nexo_header *header,
                                const struct sugu_json_writer *message,
                                struct sugu_json_writer *envelope,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Opens the envelope of an answer: the plaintext (clear and free() it), parsed into `json`. REFUSED
 * "message.malformed"; "terminal.not-trusted" (not authentic, header inside unlike the one
 * outside, forbidden card data); "terminal.wrong-answer" where it is not the answer to `asked`.
 */
enum sugu_status sugu_nexo_unwrap(const struct sugu_nexo_key *key,
                                  const struct sugu_nexo_header *asked,
                                  const char *text,
                                  struct sugu_json *json,
                                  char **ret_plain,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* ---- reading */

/* The condition of "Response" below `node`; `ret_result` "Success", "Partial" or "Failure". REFUSED
 * "message.malformed". The condition is the catch-all row where there is none. */
enum sugu_status sugu_nexo_read_response(const struct sugu_json *json,
                                         int node,
                                         char ret_result[16],
                                         const struct sugu_nexo_condition **ret_condition,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Is a Diagnosis answer "idle and ready"? OK, RETRY "terminal.busy", RETRY "terminal.away". */
enum sugu_status sugu_nexo_read_diagnosis(const struct sugu_json *json,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Did the answer to a Display say yes? OK also where the terminal has no such display
 * (UnavailableDevice, UnavailableService). RETRY "terminal.busy", RETRY "terminal.away".
 */
enum sugu_status sugu_nexo_read_standby(const struct sugu_json *json,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The answer to the request itself. OK: APPROVED, DECLINED or BUSY. UNKNOWN "payment.no-answer" for
 * everything from which it does not follow that money moved, or that none did. A registration whose
 * answer holds no token of use moved no money: DECLINED "payment.card-not-accepted".
 */
enum sugu_status sugu_nexo_read_deed(const struct sugu_json *json,
                                     const struct sugu_terminal_request *request,
                                     struct sugu_terminal_answer *ret_answer,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The answer about the request. OK: APPROVED, DECLINED, IN_PROGRESS or NOT_FOUND. RETRY
 * "terminal.logged-out": log in and ask again. UNKNOWN as above.
 */
enum sugu_status sugu_nexo_read_status(const struct sugu_json *json,
                                       const struct sugu_nexo_header *asked,
                                       const struct sugu_terminal_request *request,
                                       struct sugu_terminal_answer *ret_answer,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
