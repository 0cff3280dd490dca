/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insurance-number - layouts and check digits of the numbers that Japan's health insurance uses
 */
#include "domain/insurance-number.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PREFECTURE_LAST 47

/* domain/card-insurance.md section 3; its source has no names for most of the public-expense laws.
 */
static const struct sugu_law laws[] = {
    {"01", SUGU_LAW_INSURER, "協会けんぽ"},     {"02", SUGU_LAW_INSURER, "船員保険"},
    {"03", SUGU_LAW_INSURER, "日雇（一般）"},   {"04", SUGU_LAW_INSURER, "日雇（特別）"},
    {"06", SUGU_LAW_INSURER, "組合健保"},       {"07", SUGU_LAW_INSURER, "自衛官"},
    {"31", SUGU_LAW_INSURER, "国家公務員共済"}, {"32", SUGU_LAW_INSURER, "地方公務員共済"},
    {"33", SUGU_LAW_INSURER, "警察共済"},       {"34", SUGU_LAW_INSURER, "公立学校・私学共済"},
    {"39", SUGU_LAW_INSURER, "後期高齢者"},     {"63", SUGU_LAW_INSURER, "特例退職"},
    {"67", SUGU_LAW_INSURER, "退職国保"},       {"72", SUGU_LAW_INSURER, "特例退職"},
    {"73", SUGU_LAW_INSURER, "特例退職"},       {"74", SUGU_LAW_INSURER, "特例退職"},
    {"75", SUGU_LAW_INSURER, "特例退職"},       {"10", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"11", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"12", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"13", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"14", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"15", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"16", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"17", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"18", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"19", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"20", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"21", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"22", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"23", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"24", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"25", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"28", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"29", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"30", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"38", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"51", SUGU_LAW_PUBLIC_EXPENSE, "特定疾患"},
    {"52", SUGU_LAW_PUBLIC_EXPENSE, ""},        {"53", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"54", SUGU_LAW_PUBLIC_EXPENSE, "難病"},    {"66", SUGU_LAW_PUBLIC_EXPENSE, ""},
    {"79", SUGU_LAW_PUBLIC_EXPENSE, ""},
};

char
sugu_check_digit(const char *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        unsigned product = digit * (i % 2 == 0 ? 2 : 1);
        sum += product / 10 + product % 10;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

bool
sugu_check_digit_is_right(const char *text)
{
    size_t length = strlen(text);

    return length >= 2 && sugu_text_is_digits(text, length) &&
           sugu_check_digit(text, length - 1) == text[length - 1];
}

bool
sugu_prefecture_is_known(const char *text)
{
    int number;

    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    number = (text[0] - '0') * 10 + (text[1] - '0');
    return number >= 1 && number <= PREFECTURE_LAST;
}

const struct sugu_law *
sugu_law_find(enum sugu_law_kind kind, const char *code)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(laws); i++)
        if (laws[i].kind == kind && strncmp(laws[i].code, code, 2) == 0)
            return &laws[i];
    return NULL;
}

static enum sugu_status
fail_number(struct sugu_error *reterr, const char *what, const char *why)
{
    return sugu_fail(reterr, SUGU_REFUSED, "eligibility.number-invalid", "%s: %s", what, why);
}

/* Digits only, of this length, and the check digit; the part that all the numbers share. */
static enum sugu_status
check_digits(const char *text, size_t length, const char *what, struct sugu_error *reterr)
{
    if (strlen(text) != length || !sugu_text_is_digits(text, length))
        return fail_number(reterr, what, "not the right count of digits");
    if (!sugu_check_digit_is_right(text))
        return fail_number(reterr, what, "the check digit is wrong");
    return SUGU_OK;
}

/* The layout that 8-digit insurer numbers and public payers' numbers share. */
static enum sugu_status
check_law_number(const char *text,
                 enum sugu_law_kind kind,
                 const char *what,
                 struct sugu_error *reterr)
{
    enum sugu_status status = check_digits(text, 8, what, reterr);

    if (status != SUGU_OK)
        return status;
    if (!sugu_law_find(kind, text))
        return fail_number(reterr, what, "the law code is not known");
    if (!sugu_prefecture_is_known(text + 2))
        return fail_number(reterr, what, "the prefecture is not known");
    return SUGU_OK;
}

enum sugu_status
sugu_insurer_number_check(const char *text, struct sugu_error *reterr)
{
    static const char what[] = "insurer number";
    enum sugu_status status;

    if (strlen(text) != 6)
        return check_law_number(text, SUGU_LAW_INSURER, what, reterr);
    status = check_digits(text, 6, what, reterr);
    if (status == SUGU_OK && !sugu_prefecture_is_known(text))
        return fail_number(reterr, what, "the prefecture is not known");
    return status;
}

enum sugu_status
sugu_payer_number_check(const char *text, struct sugu_error *reterr)
{
    return check_law_number(text, SUGU_LAW_PUBLIC_EXPENSE, "public payer's number", reterr);
}

enum sugu_status
sugu_recipient_number_check(const char *text, struct sugu_error *reterr)
{
    return check_digits(text, 7, "recipient number", reterr);
}

enum sugu_status
sugu_institution_code_check(const char *text, struct sugu_error *reterr)
{
    static const char what[] = "institution code";
    enum sugu_status status = check_digits(text, 10, what, reterr);

    if (status != SUGU_OK)
        return status;
    if (!sugu_prefecture_is_known(text))
        return fail_number(reterr, what, "the prefecture is not known");
    if (text[2] == '0')
        return fail_number(reterr, what, "the fee table is not known");
    return SUGU_OK;
}

bool
sugu_insurer_number_is_society(const char *text)
{
    return strlen(text) == 6 && text[2] == '3';
}

void
sugu_insurer_number_pad(char to[SUGU_INSURER_NUMBER_SIZE], const char *number)
{
    assert(strlen(number) < SUGU_INSURER_NUMBER_SIZE);
    snprintf(to, SUGU_INSURER_NUMBER_SIZE, "%8s", number);
}
