/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file - rules of leaving without stopping: who may, how much, when to try again
 *
 * A person consents to a text of a version, with a ceiling; the card is a token (domain/payments.md
 * 4). At check-in the card is looked at or an amount is held, when the bill comes it is charged.
 * The machines of a stored card and of a visit's dues are in on-file-machine.h.
 */
#pragma once

#include "base/clock.h"
#include "base/status.h"

#include <stdbool.h>

/* ---- the card, as far as anybody may know it */

enum sugu_on_file_funding {
    SUGU_ON_FILE_FUNDING_UNKNOWN,
    SUGU_ON_FILE_CREDIT,
    SUGU_ON_FILE_DEBIT,
    SUGU_ON_FILE_PREPAID,
};

struct sugu_on_file_card {
    char brand[20];        /* "visa" */
    char last4[5];         /* four digits */
    uint32_t expiry_month; /* YYYYMM, good to its last day; 0 = not known */
    enum sugu_on_file_funding funding;
};

/* ---- consent */

struct sugu_on_file_consent {
    uint32_t text_version; /* of the text that was shown; 0 = none was given */
    uint8_t text_hash[32]; /* SHA-256 of the text in the language that was shown */
    int64_t ceiling_yen;   /* one visit may never cost the card more */
};

/* What the house asks for today. */
struct sugu_on_file_house {
    uint32_t text_version;   /* older consents have to be given anew */
    int64_t ceiling_yen_max; /* of a consent; above, the kiosk or desk is the place */
    int64_t hold_yen;        /* held at check-in; 0 = validity check only */
    uint32_t hold_days;      /* how long the provider holds, 7–90 (domain/payments.md 4) */
};

/* ---- who may not: rules as data */

/* Name, code for the person and the staff, what a fact means. The first that holds is told. */
#define SUGU_ON_FILE_EXCLUSIONS(X)                                                                 \
    X(SUSPENDED, "later.suspended")     /* the hospital or a decline stopped it */                 \
    X(PAYMENT_OPEN, "payment.open")     /* an earlier payment's outcome is not known */            \
    X(UNPAID_BILL, "later.unpaid-bill") /* an old bill is not paid */                              \
    X(CEILING_SHEET,                                                                               \
      "later.ceiling-sheet") /* public subsidy with a monthly sheet (上限額管理票) */        \
    X(NO_CONSENT, "later.no-consent")       /* none, or to an older text */                        \
    X(CARD_EXPIRED, "later.card-expired")   /* before the day of the visit */                      \
    X(NOT_CREDIT, "later.not-credit")       /* debit and prepaid cards cannot hold */              \
    X(NOT_THIS_TIME, "later.not-this-time") /* the person wants to pay otherwise today */

#define SUGU_EXCLUSION(name, code) SUGU_ON_FILE_EXCLUDED_##name,
enum sugu_on_file_exclusion {
    SUGU_ON_FILE_EXCLUSIONS(SUGU_EXCLUSION) SUGU_ON_FILE_EXCLUSION_COUNT
};
#undef SUGU_EXCLUSION

struct sugu_on_file_facts {
    bool is_active;        /* the arrangement's machine says ACTIVE */
    bool has_open_payment; /* INTENDED … HELD of any bill of this patient */
    bool has_unpaid_bill;  /* older than this visit */
    bool has_ceiling_sheet;
    bool is_declined_today; /* by the person */
    struct sugu_on_file_consent consent;
    struct sugu_on_file_card card;
    uint32_t day; /* of the visit, YYYYMMDD */
};

/* Bits 1 << exclusion; 0 = may leave without stopping. */
uint32_t sugu_on_file_exclude(const struct sugu_on_file_facts *facts,
                              const struct sugu_on_file_house *house);
/* The code of the first exclusion of the bits; "" of 0. */
const char *sugu_on_file_exclusion_code(uint32_t bits);

/* A consent may be stored: a text's current version, a ceiling of 1 … the house's. REFUSED
 * "later.no-consent" or "payment.amount". */
enum sugu_status sugu_on_file_check_consent(const struct sugu_on_file_consent *consent,
                                            const struct sugu_on_file_house *house,
                                            struct sugu_error *reterr) SUGU_MUST_CHECK;

/* What to hold at check-in: the house's amount, at most the ceiling; 0 = validity check. */
int64_t sugu_on_file_hold_yen(const struct sugu_on_file_consent *consent,
                              const struct sugu_on_file_house *house);

/* ---- the bill is there */

enum sugu_on_file_step {
    SUGU_ON_FILE_NOTHING,  /* nothing due: let a hold go */
    SUGU_ON_FILE_CAPTURE,  /* take the bill out of the hold */
    SUGU_ON_FILE_CHARGE,   /* take the bill with one charge; then let a hold go */
    SUGU_ON_FILE_TO_KIOSK, /* above the ceiling: let a hold go, the person pays otherwise */
};

/*
 * `hold_yen` is what was approved, 0 = none; `hold_age_days` since then. A capture above the hold
 * would be a new charge (domain/payments.md 4), so it is one: a single charge for the whole, never
 * a capture and a second charge. A hold on its last day is not trusted any more.
 */
enum sugu_on_file_step sugu_on_file_decide(const struct sugu_on_file_consent *consent,
                                           const struct sugu_on_file_house *house,
                                           int64_t bill_yen,
                                           int64_t hold_yen,
                                           uint32_t hold_age_days);

/* ---- declines */

enum sugu_on_file_decline {
    SUGU_ON_FILE_NOT_DECLINED,
    SUGU_ON_FILE_SOFT, /* may be good another day */
    SUGU_ON_FILE_HARD, /* this card will not do: ask for another at once */
};

/* After the first decline on day D: D+1, D+3, D+7, then stop (domain/payments.md 4). */
#define SUGU_ON_FILE_RETRIES_MAX 3

/*
 * The day of the next try. `first_day` is that of the first decline, `retries` how many tries have
 * been made since. False: no further try (hard, or the calendar is used up).
 */
bool sugu_on_file_next_try(uint32_t first_day,
                           uint32_t retries,
                           enum sugu_on_file_decline decline,
                           uint32_t *ret_day);

/*
 * How long an unknown outcome may be asked by repeating its key: the provider keeps keys for at
 * least 7 days by some editions of its page and 31 by others; a day of margin.
 */
#define SUGU_ON_FILE_KEY_US (6 * 24 * 60 * SUGU_MINUTE)
/* False: never send this key again, a person finds out. */
bool sugu_on_file_may_repeat(sugu_time_us first_sent_us, sugu_time_us now_us);
