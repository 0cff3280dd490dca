/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eligibility - what an answer of the online qualification system means for the patient
 */
#include "domain/eligibility.h"

#include "base/text.h"
#include "domain/date.h"

#include <string.h>

#define RATIO_MAX 100

/* YYYYMMDD as a number; 0 for "" and for what is no day of the calendar. */
static uint32_t
date_of(const char *text)
{
    int64_t value;

    if (strlen(text) != 8 || !sugu_text_to_int64(text, SUGU_DATE_FIRST, SUGU_DATE_LAST, &value) ||
        !sugu_date_is_valid((uint32_t)value))
        return 0;
    return (uint32_t)value;
}

static bool
is_absent_or_date(const char *text)
{
    return !*text || date_of(text) != 0;
}

/* "" = open at that end. */
static bool
is_in_force(const char *from, const char *until, uint32_t day)
{
    return (!*from || date_of(from) <= day) && (!*until || day <= date_of(until));
}

/* Full-width forms of ASCII (U+FF01 … U+FF5E, U+3000) become ASCII; spaces are dropped. */
static void
fold_width(char to[SUGU_ANSWER_FIELD_SIZE], const char *from)
{
    size_t used = 0;

    for (const unsigned char *at = (const unsigned char *)from;
         *at && used + 1 < SUGU_ANSWER_FIELD_SIZE; at++) {
        if (*at == ' ')
            continue;
        if (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80) {
            at += 2;
        } else if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x81 && at[2] <= 0xbf) {
            to[used++] = (char)(at[2] - 0x81 + '!');
            at += 2;
        } else if (at[0] == 0xef && at[1] == 0xbd && at[2] >= 0x80 && at[2] <= 0x9e) {
            to[used++] = (char)(at[2] - 0x80 + '`');
            at += 2;
        } else {
            to[used++] = (char)*at;
        }
    }
    to[used] = '\0';
}

static bool
is_same_text(const char *a, const char *b)
{
    char left[SUGU_ANSWER_FIELD_SIZE], right[SUGU_ANSWER_FIELD_SIZE];

    fold_width(left, a);
    fold_width(right, b);
    return strcmp(left, right) == 0;
}

/* Code values come as one digit or, zero-filled, as two: "3" and "03" are the same. */
static bool
is_code(const char *text, int value)
{
    int64_t number;

    return sugu_text_is_digits(text, 2) && sugu_text_to_int64(text, 0, 99, &number) &&
           number == value;
}

/* Three digits of at most 100; "" is 0. */
static bool
ratio_of(const char *text, uint32_t *ret_percent)
{
    int64_t value = 0;

    if (*text && (strlen(text) != 3 || !sugu_text_is_digits(text, 3) ||
                  !sugu_text_to_int64(text, 0, RATIO_MAX, &value)))
        return false;
    *ret_percent = (uint32_t)value;
    return true;
}

/*
 * The success rules, each a statement that has to hold. The first one that does not decides.
 */
typedef const struct sugu_eligibility_asked *asked_p;
typedef const struct sugu_eligibility_answer *answer_p;

static bool
has_our_identifier(asked_p asked, answer_p answer)
{
    return *asked->identifier && strcmp(answer->identifier, asked->identifier) == 0;
}

static bool
has_our_institution(asked_p asked, answer_p answer)
{
    return strcmp(answer->institution, asked->institution) == 0;
}

static bool
has_our_day(asked_p asked, answer_p answer)
{
    return !*answer->confirm_date || date_of(answer->confirm_date) == asked->confirm_date;
}

static bool
is_processed(asked_p asked, answer_p answer)
{
    (void)asked;
    return is_code(answer->segment, 1);
}

static bool
is_without_error(asked_p asked, answer_p answer)
{
    (void)asked;
    return is_code(answer->status, 1);
}

static bool
was_searched_with_our_birth_date(asked_p asked, answer_p answer)
{
    return !*answer->searched_birth_date ||
           date_of(answer->searched_birth_date) == asked->birth_date;
}

static bool
is_at_most_one(asked_p asked, answer_p answer)
{
    (void)asked;
    return answer->result_count <= 1 && !is_code(answer->validity, 5);
}

static bool
has_our_birth_date(asked_p asked, answer_p answer)
{
    return answer->result_count == 0 || date_of(answer->result.birth_date) == asked->birth_date;
}

static bool
is_found(asked_p asked, answer_p answer)
{
    (void)asked;
    return !is_code(answer->validity, 4);
}

static bool
is_newest(asked_p asked, answer_p answer)
{
    (void)asked;
    return !is_code(answer->validity, 3);
}

static bool
is_not_called_invalid(asked_p asked, answer_p answer)
{
    (void)asked;
    return !is_code(answer->validity, 2);
}

static bool
is_registered(asked_p asked, answer_p answer)
{
    (void)asked;
    return !is_code(answer->validity, 6);
}

static bool
is_called_valid_once(asked_p asked, answer_p answer)
{
    (void)asked;
    return is_code(answer->validity, 1) && answer->result_count == 1;
}

static bool
has_well_formed_values(asked_p asked, answer_p answer)
{
    const struct sugu_eligibility_result *result = &answer->result;
    uint32_t percent;

    (void)asked;
    return is_absent_or_date(result->qualified_from) &&
           is_absent_or_date(result->disqualified_from) && is_absent_or_date(result->card_from) &&
           is_absent_or_date(result->card_until) && is_absent_or_date(result->elderly_from) &&
           is_absent_or_date(result->elderly_until) && is_absent_or_date(result->limit_from) &&
           is_absent_or_date(result->limit_until) && ratio_of(result->ratio, &percent) &&
           ratio_of(result->elderly_ratio, &percent);
}

/* A certificate of special expense (05) and public assistance (A1) are not paid by a ratio. */
static bool
is_usual_certificate(asked_p asked, answer_p answer)
{
    (void)asked;
    return strcmp(answer->result.card_class, "05") != 0 &&
           strcmp(answer->result.card_class, "A1") != 0;
}

static bool
has_usable_numbers(asked_p asked, answer_p answer)
{
    const struct sugu_eligibility_result *result = &answer->result;
    char insurer[SUGU_ANSWER_FIELD_SIZE], branch[SUGU_ANSWER_FIELD_SIZE];

    (void)asked;
    fold_width(insurer, result->insurer_number);
    fold_width(branch, result->branch);
    return sugu_insurer_number_check(insurer, /* reterr= */ NULL) == SUGU_OK && *result->number &&
           strlen(result->number) < SUGU_CERTIFICATE_FIELD_SIZE &&
           strlen(result->symbol) < SUGU_CERTIFICATE_FIELD_SIZE &&
           (!*branch || (strlen(branch) == SUGU_BRANCH_SIZE - 1 &&
                         sugu_text_is_digits(branch, SUGU_BRANCH_SIZE - 1)));
}

static bool
is_begun(asked_p asked, answer_p answer)
{
    const struct sugu_eligibility_result *result = &answer->result;

    return is_in_force(result->qualified_from, "", asked->confirm_date) &&
           is_in_force(result->card_from, "", asked->confirm_date);
}

/* The day of disqualification is the first day without the insurance. */
static bool
is_not_ended(asked_p asked, answer_p answer)
{
    const struct sugu_eligibility_result *result = &answer->result;

    return is_in_force("", result->card_until, asked->confirm_date) &&
           (!*result->disqualified_from ||
            asked->confirm_date < date_of(result->disqualified_from));
}

#define NOT_NOW   SUGU_ELIGIBILITY_NOT_VERIFIED_NOW
#define NOT_FOUND SUGU_ELIGIBILITY_NOT_FOUND
#define INVALID   SUGU_ELIGIBILITY_INVALID

static const struct {
    bool (*holds)(asked_p asked, answer_p answer);
    enum sugu_eligibility_outcome outcome; /* where it does not hold */
    const char *code;
    const char *reason;
} rules[] = {
    {has_our_identifier, NOT_NOW, "eligibility.bad-answer",
     "the answer belongs to another request"},
    {has_our_institution, NOT_NOW, "eligibility.bad-answer",
     "the answer is for another institution"},
    {has_our_day, NOT_NOW, "eligibility.bad-answer", "the answer is for another day"},
    {is_processed, NOT_NOW, "eligibility.terminal-error",
     "the terminal did not process the request (SegmentOfResult is not 1)"},
    {is_without_error, NOT_NOW, "eligibility.terminal-error",
     "the qualification system reported an error (ProcessingResultStatus is not 1)"},
    {was_searched_with_our_birth_date, NOT_NOW, "eligibility.bad-answer",
     "the answer says it searched for another birth date"},
    {is_at_most_one, NOT_NOW, "eligibility.several", "several qualifications match"},
    {has_our_birth_date, NOT_NOW, "eligibility.bad-answer",
     "the birth date in the answer is not that of the patient"},
    {is_found, NOT_FOUND, "eligibility.not-found", "no qualification was found"},
    {is_newest, INVALID, "eligibility.newer-exists", "a newer qualification exists"},
    {is_not_called_invalid, INVALID, "eligibility.invalid", "the qualification is not valid"},
    {is_registered, NOT_NOW, "eligibility.unregistered",
     "valid, but no medical ticket is registered for this institution"},
    {is_called_valid_once, NOT_NOW, "eligibility.bad-answer",
     "the answer has no single valid qualification"},
    {has_well_formed_values, NOT_NOW, "eligibility.bad-answer",
     "a date or a ratio of the answer is malformed"},
    {is_usual_certificate, NOT_NOW, "eligibility.special-certificate",
     "the certificate is of a kind that staff decide about"},
    {has_usable_numbers, NOT_NOW, "eligibility.bad-answer",
     "insurer number, number or branch of the answer is malformed"},
    {is_begun, INVALID, "eligibility.invalid", "the qualification has not begun yet"},
    {is_not_ended, INVALID, "eligibility.invalid", "the qualification has ended"},
};

static bool
differs_from_file(const struct sugu_eligibility_asked *asked,
                  const struct sugu_eligibility_result *result)
{
    return !is_same_text(asked->insurer_number, result->insurer_number) ||
           !is_same_text(asked->symbol, result->symbol) ||
           !is_same_text(asked->number, result->number) ||
           !is_same_text(asked->branch, result->branch);
}

/* The certificate of an elderly recipient goes before the insurance's own ratio while in force. */
static uint32_t
choose_ratio(const struct sugu_eligibility_result *result, uint32_t day)
{
    uint32_t percent = 0;

    if (*result->elderly_ratio && is_in_force(result->elderly_from, result->elderly_until, day) &&
        ratio_of(result->elderly_ratio, &percent) && percent > 0)
        return percent;
    return ratio_of(result->ratio, &percent) ? percent : 0;
}

static void
choose_limit(const struct sugu_eligibility_result *result,
             uint32_t day,
             char to[SUGU_LIMIT_CLASS_SIZE])
{
    const char *class = result->limit_class;
    bool is_class = strlen(class) == 3 && (class[0] == 'A' || class[0] == 'B') &&
                    sugu_text_is_digits(class + 1, 2);

    to[0] = '\0';
    if (is_class && is_code(result->limit_consent, 1) &&
        is_in_force(result->limit_from, result->limit_until, day))
        sugu_text_copy(to, SUGU_LIMIT_CLASS_SIZE, class);
}

static uint32_t
last_valid_day(const struct sugu_eligibility_result *result)
{
    uint32_t card = date_of(result->card_until), lost = date_of(result->disqualified_from);
    uint32_t before_lost = 0;

    if (lost && !sugu_date_add_days(lost, -1, &before_lost))
        before_lost = lost; /* the first day of the calendar; ended long ago */
    if (!card || (before_lost && before_lost < card))
        return before_lost;
    return card;
}

static void
fill_verified(const struct sugu_eligibility_asked *asked,
              const struct sugu_eligibility_result *result,
              struct sugu_eligibility_verdict *verdict)
{
    char folded[SUGU_ANSWER_FIELD_SIZE];

    *verdict = (struct sugu_eligibility_verdict){
        .outcome = differs_from_file(asked, result) ? SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE
                                                    : SUGU_ELIGIBILITY_VERIFIED,
        .code = "",
        .reason = "",
        .ratio_percent = choose_ratio(result, asked->confirm_date),
        .valid_from = date_of(*result->card_from ? result->card_from : result->qualified_from),
        .valid_until = last_valid_day(result),
    };
    fold_width(folded, result->insurer_number);
    sugu_text_copy(verdict->insurer_number, sizeof verdict->insurer_number, folded);
    fold_width(folded, result->branch);
    sugu_text_copy(verdict->branch, sizeof verdict->branch, folded);
    sugu_text_copy(verdict->symbol, sizeof verdict->symbol, result->symbol);
    sugu_text_copy(verdict->number, sizeof verdict->number, result->number);
    choose_limit(result, asked->confirm_date, verdict->limit_class);
}

void
sugu_eligibility_judge(const struct sugu_eligibility_asked *asked,
                       const struct sugu_eligibility_answer *answer,
                       struct sugu_eligibility_verdict *ret_verdict)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rules); i++) {
        if (rules[i].holds(asked, answer))
            continue;
        *ret_verdict = (struct sugu_eligibility_verdict){
            .outcome = rules[i].outcome, .code = rules[i].code, .reason = rules[i].reason};
        return;
    }
    fill_verified(asked, &answer->result, ret_verdict);
}

struct sugu_eligibility_verdict
sugu_eligibility_not_now(const char *code, const char *reason)
{
    return (struct sugu_eligibility_verdict){.outcome = NOT_NOW, .code = code, .reason = reason};
}

bool
sugu_eligibility_is_verified(const struct sugu_eligibility_verdict *verdict)
{
    return verdict->outcome == SUGU_ELIGIBILITY_VERIFIED ||
           verdict->outcome == SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE;
}

enum sugu_status
sugu_eligibility_can_ask(const struct sugu_eligibility_asked *asked, struct sugu_error *reterr)
{
    if (!*asked->insurer_number || !*asked->number)
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.no-insurance",
                         "no insurer or no number on file");
    if (!sugu_date_is_valid(asked->birth_date))
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.number-invalid",
                         "the birth date on file is no date");
    return sugu_insurer_number_check(asked->insurer_number, reterr);
}
