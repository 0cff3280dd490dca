/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-on-file - the port behind which the keeper of stored cards sits
 *
 * We hold a token, four digits, brand, kind and expiry month; never a card number (domain/
 * payments.md 4). The port says what the provider said. Every request has a key of its own, stored
 * before it is sent; the question "what became of it?" is the same request with the same key once
 * more: the provider gives the first answer again and does nothing twice
 * (docs.adyen.com/development-resources/api-idempotency). A key is good for 6 days
 * (SUGU_ON_FILE_KEY_US): beyond, an unknown outcome is for a person, and repeating is forbidden.
 *
 * Failures of every function: RETRY "provider.away" (no byte of the request left), UNKNOWN
 * "payment.no-answer" (it may have arrived: repeat under the same key), REFUSED
 * "payment.message-refused" (the provider looked at the request and did nothing), BROKEN
 * "provider.not-trusted", "provider.refused" (our key to the provider), "payment.key-reused" (the
 * key was used for something else: a bug, a person looks), "payment.card-data" (the provider sent
 * what may be a card number where a reference belongs; nothing of it was kept, the outcome is not
 * known).
 */
#pragma once

#include "base/clock.h"
#include "base/status.h"
#include "domain/on-file.h"

struct sugu_on_file_request {
    char key[65];       /* 16–64 of 0–9 a–f -, random: a UUID */
    char reference[65]; /* ours, the attempt's id; stands in the provider's reports */
    char payer[65];     /* our pseudonym of the payer; no name, no patient number */
    char token[65];     /* the provider's, of the stored card */
    int64_t amount_yen; /* 0 … 99,999,999 */
    char original[65];  /* provider_id of the hold (capture, release) or charge (refund) */
};

enum sugu_on_file_result {
    SUGU_ON_FILE_APPROVED,
    SUGU_ON_FILE_DECLINED,
    SUGU_ON_FILE_ACCEPTED,    /* capture, release, refund: taken in, and carried out behind; a
                                 failure comes with the provider's report */
    SUGU_ON_FILE_IN_PROGRESS, /* repeat under the same key, later */
};

struct sugu_on_file_answer {
    enum sugu_on_file_result result;
    int64_t approved_yen; /* of APPROVED, what was approved; of ACCEPTED, what was asked */
    const char *code;     /* "payment.declined" …, static; "" when not declined */
    enum sugu_on_file_decline decline;
    char refusal[8];               /* the provider's number of the reason, "12" */
    char provider_id[65];          /* pspReference */
    char network_id[65];           /* of the card network, for later charges; "" = not said */
    struct sugu_on_file_card card; /* what was said of it; zero = not said */
};

struct sugu_card_on_file;

struct sugu_card_on_file_ops {
    const char *name;
    /* Holds the amount; with 0 yen only asks whether the card is good (有効性確認). */
    enum sugu_status (*hold)(struct sugu_card_on_file *provider,
                             const struct sugu_on_file_request *request,
                             struct sugu_on_file_answer *ret_answer,
                             struct sugu_error *reterr);
    /* Takes the amount at once, without the payer (MIT, unscheduled card on file). */
    enum sugu_status (*charge)(struct sugu_card_on_file *provider,
                               const struct sugu_on_file_request *request,
                               struct sugu_on_file_answer *ret_answer,
                               struct sugu_error *reterr);
    /* Takes an amount, at most the hold's, out of a hold; the rest is let go. */
    enum sugu_status (*capture)(struct sugu_card_on_file *provider,
                                const struct sugu_on_file_request *request,
                                struct sugu_on_file_answer *ret_answer,
                                struct sugu_error *reterr);
    /* Lets a hold go. The amount does not matter. */
    enum sugu_status (*release)(struct sugu_card_on_file *provider,
                                const struct sugu_on_file_request *request,
                                struct sugu_on_file_answer *ret_answer,
                                struct sugu_error *reterr);
    /* Gives back the amount, at most what was taken. */
    enum sugu_status (*refund)(struct sugu_card_on_file *provider,
                               const struct sugu_on_file_request *request,
                               struct sugu_on_file_answer *ret_answer,
                               struct sugu_error *reterr);
    /*
     * The provider deletes the token; APPROVED, 0 yen, also where it knows no such token (any
     * more). Done twice it does nothing more, so it has no key and may be repeated for ever.
     */
    enum sugu_status (*forget)(struct sugu_card_on_file *provider,
                               const struct sugu_on_file_request *request,
                               struct sugu_on_file_answer *ret_answer,
                               struct sugu_error *reterr);
};

struct sugu_card_on_file {
    const struct sugu_card_on_file_ops *ops;
};
