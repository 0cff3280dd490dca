/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qualification-register - the emulated terminal's people, and its requests and answers as XML
 */
#pragma once

#include "emulators/qualification-terminal.h"

#include <stdint.h>

#define SUGU_PEOPLE_MAX 512
#define SUGU_VALUE_SIZE 128

enum sugu_terminal_fault {
#define SUGU_FAULT(name, word, help) SUGU_FAULT_##name,
    SUGU_TERMINAL_FAULTS(SUGU_FAULT)
#undef SUGU_FAULT
        SUGU_FAULT_COUNT
};

/* Keys of `people add` and the elements of a result that they become, in the result's order. */
#define SUGU_PERSON_VALUES(X)                                                                      \
    X(card, "InsuredCardClassification")                                                           \
    X(insurer, "InsurerNumber")                                                                    \
    X(symbol, "InsuredCardSymbol")                                                                 \
    X(number, "InsuredIdentificationNumber")                                                       \
    X(branch, "InsuredBranchNumber")                                                               \
    X(family, "PersonalFamilyClassification")                                                      \
    X(name, "Name")                                                                                \
    X(kana, "NameKana")                                                                            \
    X(sex, "Sex1")                                                                                 \
    X(birth, "Birthdate")                                                                          \
    X(address, "Address")                                                                          \
    X(qualified, "QualificationDate")                                                              \
    X(lost, "DisqualificationDate")                                                                \
    X(from, "InsuredCardValidDate")                                                                \
    X(until, "InsuredCardExpirationDate")                                                          \
    X(ratio, "InsuredPartialContributionRatio")                                                    \
    X(reference, "ReferenceNumber")                                                                \
    X(elderly_from, "ElderlyRecipientValidStartDate")                                              \
    X(elderly_until, "ElderlyRecipientValidEndDate")                                               \
    X(elderly_ratio, "ElderlyRecipientContributionRatio")                                          \
    X(limit, "LimitApplicationCertificateClassificationFlag")                                      \
    X(limit_from, "LimitApplicationCertificateValidStartDate")                                     \
    X(limit_until, "LimitApplicationCertificateValidEndDate")                                      \
    X(newer, "") /* "yes": once lost, a newer qualification exists */

struct sugu_person {
#define SUGU_VALUE(key, element) char key[SUGU_VALUE_SIZE];
    SUGU_PERSON_VALUES(SUGU_VALUE)
#undef SUGU_VALUE
};

struct sugu_register {
    struct sugu_person people[SUGU_PEOPLE_MAX];
    size_t count;
};

/* "insurer=… number=… birth=… …", blanks between; a value may hold U+3000. False for a mistake. */
bool sugu_register_add(struct sugu_register *people, const char *line);

struct sugu_qualification_request {
    char confirm_date[SUGU_VALUE_SIZE], institution[SUGU_VALUE_SIZE], identifier[SUGU_VALUE_SIZE];
    char insurer[SUGU_VALUE_SIZE], symbol[SUGU_VALUE_SIZE], number[SUGU_VALUE_SIZE];
    char branch[SUGU_VALUE_SIZE], birth[SUGU_VALUE_SIZE], asks_limit[SUGU_VALUE_SIZE];
};

/* NULL where all is right, else which rule of the interface the request breaks. */
const char *sugu_qualification_request_read(const uint8_t *bytes,
                                            size_t size,
                                            const char *institution,
                                            struct sugu_qualification_request *request);

struct sugu_qualification_style {
    enum sugu_terminal_fault fault;
    bool is_shift_jis;
    const char *institution;
    sugu_time_us now_utc;
    bool is_error; /* the request broke the layout */
};

/* The whole answer in fresh memory (free with free()). */
uint8_t *sugu_qualification_answer(const struct sugu_register *people,
                                   const struct sugu_qualification_request *request,
                                   const struct sugu_qualification_style *style,
                                   size_t *ret_size);
/* What the face reader pushes for one person. */
uint8_t *sugu_qualification_face(const struct sugu_person *person,
                                 const struct sugu_qualification_style *style,
                                 size_t *ret_size);

/* Japan's time as YYYYMMDDhhmmss. */
void sugu_japan_time(sugu_time_us utc, char to[15]);
