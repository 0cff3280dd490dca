/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eligibility - what an answer of the online qualification system means for the patient
 *
 * Pure: fields as they stood in the answer plus what was asked give an outcome and a dotted code.
 * File presence alone is never success; the rules are those of domain/card-insurance.md 2.5, code
 * values of 2.4 (OQSCD003, 004, 006, 010–012). Whatever is not surely the asked person's valid
 * qualification goes to staff; nothing is guessed.
 */
#pragma once

#include "domain/insurance-number.h"

#include <stdint.h>

#define SUGU_IDENTIFIER_SIZE        33 /* 32 hexadecimal digits of the eligibility's id */
#define SUGU_CERTIFICATE_FIELD_SIZE 81 /* symbol and number: 20 characters of at most 4 bytes */
#define SUGU_BRANCH_SIZE            3
#define SUGU_LIMIT_CLASS_SIZE       4 /* "A03" */

/* The numbers are those of EligibilityOutcome in sugu.proto (held equal where both are known). */
enum sugu_eligibility_outcome {
    SUGU_ELIGIBILITY_VERIFIED = 1,
    SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE = 2, /* valid; the data on file have to be replaced */
    SUGU_ELIGIBILITY_NOT_VERIFIED_NOW = 3,     /* staff */
    SUGU_ELIGIBILITY_NOT_FOUND = 4,            /* staff */
    SUGU_ELIGIBILITY_INVALID = 5,              /* staff */
};

/* What was asked, from the data on file. Dates are YYYYMMDD. */
struct sugu_eligibility_asked {
    char identifier[SUGU_IDENTIFIER_SIZE]; /* travelled in the request, has to come back */
    char institution[SUGU_INSTITUTION_CODE_SIZE];
    char insurer_number[SUGU_INSURER_NUMBER_SIZE];
    char symbol[SUGU_CERTIFICATE_FIELD_SIZE];
    char number[SUGU_CERTIFICATE_FIELD_SIZE];
    char branch[SUGU_BRANCH_SIZE];
    uint32_t birth_date;
    uint32_t confirm_date; /* the day for which the qualification is confirmed */
};

/* Room for one value of an answer; a longer one is no valid answer. */
#define SUGU_ANSWER_FIELD_SIZE 96

/*
 * The values of an answer, as text without blanks around them; "" = not in the answer. `result`
 * holds the first of `result_count` results. Left to right as in domain/card-insurance.md 2.4.
 */
struct sugu_eligibility_answer {
    /* MessageHeader */
    char process_time[SUGU_ANSWER_FIELD_SIZE]; /* YYYYMMDDhhmmss */
    char confirm_date[SUGU_ANSWER_FIELD_SIZE];
    char institution[SUGU_ANSWER_FIELD_SIZE];
    char identifier[SUGU_ANSWER_FIELD_SIZE];
    char reference_class[SUGU_ANSWER_FIELD_SIZE]; /* OQSCD002: 1 card, 2 certificate data */
    char segment[SUGU_ANSWER_FIELD_SIZE];         /* OQSCD003 */
    char error_code[SUGU_ANSWER_FIELD_SIZE];
    /* MessageBody */
    char status[SUGU_ANSWER_FIELD_SIZE]; /* OQSCD004 */
    char result_code[SUGU_ANSWER_FIELD_SIZE];
    char validity[SUGU_ANSWER_FIELD_SIZE];            /* OQSCD006 */
    char searched_birth_date[SUGU_ANSWER_FIELD_SIZE]; /* echo of what was searched for */
    uint32_t result_count;
    struct sugu_eligibility_result {
        char card_class[SUGU_ANSWER_FIELD_SIZE]; /* OQSCD010 */
        char insurer_number[SUGU_ANSWER_FIELD_SIZE];
        char symbol[SUGU_ANSWER_FIELD_SIZE];
        char number[SUGU_ANSWER_FIELD_SIZE];
        char branch[SUGU_ANSWER_FIELD_SIZE];
        char birth_date[SUGU_ANSWER_FIELD_SIZE];
        char qualified_from[SUGU_ANSWER_FIELD_SIZE];    /* QualificationDate */
        char disqualified_from[SUGU_ANSWER_FIELD_SIZE]; /* DisqualificationDate: not that day */
        char card_from[SUGU_ANSWER_FIELD_SIZE];         /* InsuredCardValidDate */
        char card_until[SUGU_ANSWER_FIELD_SIZE];   /* InsuredCardExpirationDate: that day too */
        char ratio[SUGU_ANSWER_FIELD_SIZE];        /* three digits, "030" = 30 % */
        char elderly_from[SUGU_ANSWER_FIELD_SIZE]; /* certificate of an elderly recipient */
        char elderly_until[SUGU_ANSWER_FIELD_SIZE];
        char elderly_ratio[SUGU_ANSWER_FIELD_SIZE];
        char limit_consent[SUGU_ANSWER_FIELD_SIZE]; /* OQSCD001 */
        char limit_kind[SUGU_ANSWER_FIELD_SIZE];    /* OQSCD011 */
        char limit_class[SUGU_ANSWER_FIELD_SIZE];   /* OQSCD012 */
        char limit_from[SUGU_ANSWER_FIELD_SIZE];
        char limit_until[SUGU_ANSWER_FIELD_SIZE];
        char reference_number[SUGU_ANSWER_FIELD_SIZE]; /* the hospital's own patient number */
    } result;
};

/* What it means. Fields from `insurer_number` on are filled where the outcome is VERIFIED…. */
struct sugu_eligibility_verdict {
    enum sugu_eligibility_outcome outcome;
    const char *code;   /* "" with VERIFIED and VERIFIED_WITH_CHANGE */
    const char *reason; /* for staff, one sentence without personal data; "" with VERIFIED… */
    char insurer_number[SUGU_INSURER_NUMBER_SIZE];
    char symbol[SUGU_CERTIFICATE_FIELD_SIZE];
    char number[SUGU_CERTIFICATE_FIELD_SIZE];
    char branch[SUGU_BRANCH_SIZE];
    char limit_class[SUGU_LIMIT_CLASS_SIZE]; /* "" = none, not consented or not in force */
    uint32_t ratio_percent;                  /* the patient's share; 0 = not in the answer */
    uint32_t valid_from;                     /* 0 = not in the answer */
    uint32_t valid_until;                    /* the last valid day; 0 = open */
};

/* Never fails: what cannot be judged is NOT_VERIFIED_NOW. */
void sugu_eligibility_judge(const struct sugu_eligibility_asked *asked,
                            const struct sugu_eligibility_answer *answer,
                            struct sugu_eligibility_verdict *ret_verdict);

/* The verdict of a request that got no answer to judge: NOT_VERIFIED_NOW with this code. */
struct sugu_eligibility_verdict sugu_eligibility_not_now(const char *code, const char *reason);

/* The verdict is VERIFIED or VERIFIED_WITH_CHANGE. */
bool sugu_eligibility_is_verified(const struct sugu_eligibility_verdict *verdict);

/*
 * Can the terminal be asked with these data? REFUSED "eligibility.no-insurance" without insurer or
 * number, "eligibility.number-invalid" for an impossible insurer number or birth date.
 */
enum sugu_status sugu_eligibility_can_ask(const struct sugu_eligibility_asked *asked,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
