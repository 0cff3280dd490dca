/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message - nexo Retailer messages, written and read
 *
 * The messages of domain/payments.md 1.2 that a kiosk needs: Login, Diagnosis, Payment,
 * TransactionStatus, Abort. Written as JSON text; what comes back is held against the header of
 * what was asked before anything in it counts. Card data never passes: a message with the members
 * SensitiveCardData or TrackData is refused, of the card number only the last four digits are
 * taken, and whatever else looks like a card number is hidden in every text that leaves here.
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
    SUGU_NEXO_TRANSACTION_STATUS,
    SUGU_NEXO_ABORT,
    SUGU_NEXO_CATEGORY_COUNT,
};
/* "Login", "Diagnosis" … */
const char *sugu_nexo_category_name(enum sugu_nexo_category category);

/* The part of a message header that differs between messages. */
struct sugu_nexo_header {
    enum sugu_nexo_category category;
    const char *service_id; /* of this message */
    const char *sale_id;    /* this kiosk */
    const char *poi_id;     /* the terminal */
};

/* ---- what an ErrorCondition of a payment allows (1.5) */

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
bool sugu_nexo_write_payment(struct sugu_json_writer *writer,
                             const struct sugu_nexo_header *header,
                             const struct sugu_terminal_request *request);
/* `payment` is the service id of the payment in question. */
bool sugu_nexo_write_status(struct sugu_json_writer *writer,
                            const struct sugu_nexo_header *header,
                            const char *payment);
bool sugu_nexo_write_abort(struct sugu_json_writer *writer,
                           const struct sugu_nexo_header *header,
                           const char *payment);

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
 * The answer to a payment. OK: APPROVED, DECLINED or BUSY. UNKNOWN "payment.no-answer" for
 * everything from which it does not follow that money moved, or that none did.
 */
enum sugu_status sugu_nexo_read_payment(const struct sugu_json *json,
                                        struct sugu_terminal_answer *ret_answer,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The answer about the payment with service id `payment`. OK: APPROVED, DECLINED, IN_PROGRESS or
 * NOT_FOUND. RETRY "terminal.logged-out": log in and ask again. UNKNOWN as above.
 */
enum sugu_status sugu_nexo_read_status(const struct sugu_json *json,
                                       const struct sugu_nexo_header *asked,
                                       const char *payment,
                                       struct sugu_terminal_answer *ret_answer,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
