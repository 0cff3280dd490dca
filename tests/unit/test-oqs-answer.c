/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-oqs-answer - answers of the qualification terminal: encodings, fields, hostile files
 */
#include "insurance/oqs-answer.h"

#include "insurance/charset.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UTF8_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
#define SJIS_HEAD "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\n"
#define HEADER                                                                                     \
    "<MessageHeader><ProcessExecutionTime>20261122091500</ProcessExecutionTime>"                   \
    "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>"                      \
    "<MedicalInstitutionCode>0110113719</MedicalInstitutionCode>"                                  \
    "<ArbitraryFileIdentifier>id-1</ArbitraryFileIdentifier>"                                      \
    "<ReferenceClassification>2</ReferenceClassification>"                                         \
    "<SegmentOfResult>1</SegmentOfResult><ErrorCode/><NotKnownHere>x</NotKnownHere>"               \
    "</MessageHeader>"
#define RESULT                                                                                     \
    "<ResultOfQualificationConfirmation>"                                                          \
    "<InsuredCardClassification>01</InsuredCardClassification>"                                    \
    "<InsurerNumber>  138008</InsurerNumber><InsuredCardSymbol>記号　あ</InsuredCardSymbol>"   \
    "<InsuredIdentificationNumber>\n 00345　</InsuredIdentificationNumber>"                       \
    "<InsuredBranchNumber>01</InsuredBranchNumber><Name>髙﨑　太郎①</Name>"                 \
    "<Birthdate>19700401</Birthdate><QualificationDate>20200401</QualificationDate>"               \
    "<DisqualificationDate>20270401</DisqualificationDate>"                                        \
    "<InsuredCardValidDate>20200402</InsuredCardValidDate>"                                        \
    "<InsuredCardExpirationDate>20270331</InsuredCardExpirationDate>"                              \
    "<InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>"                       \
    "<ElderlyRecipientCertificateInfo>"                                                            \
    "<ElderlyRecipientCertificateDate>20260801</ElderlyRecipientCertificateDate>"                  \
    "<ElderlyRecipientValidStartDate>20260801</ElderlyRecipientValidStartDate>"                    \
    "<ElderlyRecipientValidEndDate>20270731</ElderlyRecipientValidEndDate>"                        \
    "<ElderlyRecipientContributionRatio>020</ElderlyRecipientContributionRatio>"                   \
    "</ElderlyRecipientCertificateInfo>"                                                           \
    "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>"     \
    "<LimitApplicationCertificateRelatedInfo>"                                                     \
    "<LimitApplicationCertificateClassification>01</LimitApplicationCertificateClassification>"    \
    "<LimitApplicationCertificateClassificationFlag>A03"                                           \
    "</LimitApplicationCertificateClassificationFlag>"                                             \
    "<LimitApplicationCertificateValidStartDate>20260801"                                          \
    "</LimitApplicationCertificateValidStartDate>"                                                 \
    "<LimitApplicationCertificateValidEndDate>20270731</LimitApplicationCertificateValidEndDate>"  \
    "</LimitApplicationCertificateRelatedInfo>"                                                    \
    "<ReferenceNumber>0000123</ReferenceNumber></ResultOfQualificationConfirmation>"
#define BODY(results)                                                                              \
    "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>"                              \
    "<ProcessingResultCode>I0001</ProcessingResultCode>"                                           \
    "<QualificationValidity>1</QualificationValidity>"                                             \
    "<QualificationConfirmSearchInfo><Birthdate>19700401</Birthdate>"                              \
    "</QualificationConfirmSearchInfo><ResultList>" results "</ResultList></MessageBody>"
#define MESSAGE(content) "<XmlMsg>" content "</XmlMsg>"
#define GOOD             MESSAGE(HEADER BODY(RESULT))

static enum sugu_status
parse(const char *text, struct sugu_eligibility_answer *answer, struct sugu_error *error)
{
    return sugu_oqs_answer_parse((const uint8_t *)text, strlen(text), answer, error);
}

static void
check_good(const struct sugu_eligibility_answer *answer)
{
    ck_assert_str_eq(answer->process_time, "20261122091500");
    ck_assert_str_eq(answer->confirm_date, "20261122");
    ck_assert_str_eq(answer->institution, "0110113719");
    ck_assert_str_eq(answer->identifier, "id-1");
    ck_assert_str_eq(answer->reference_class, "2");
    ck_assert_str_eq(answer->segment, "1");
    ck_assert_str_eq(answer->error_code, "");
    ck_assert_str_eq(answer->status, "1");
    ck_assert_str_eq(answer->result_code, "I0001");
    ck_assert_str_eq(answer->validity, "1");
    ck_assert_str_eq(answer->searched_birth_date, "19700401");
    ck_assert_uint_eq(answer->result_count, 1);
    ck_assert_str_eq(answer->result.card_class, "01");
    ck_assert_str_eq(answer->result.insurer_number, "138008");
    ck_assert_str_eq(answer->result.symbol, "記号　あ");
    ck_assert_str_eq(answer->result.number, "00345");
    ck_assert_str_eq(answer->result.branch, "01");
    ck_assert_str_eq(answer->result.birth_date, "19700401");
    ck_assert_str_eq(answer->result.qualified_from, "20200401");
    ck_assert_str_eq(answer->result.disqualified_from, "20270401");
    ck_assert_str_eq(answer->result.card_from, "20200402");
    ck_assert_str_eq(answer->result.card_until, "20270331");
    ck_assert_str_eq(answer->result.ratio, "030");
    ck_assert_str_eq(answer->result.elderly_from, "20260801");
    ck_assert_str_eq(answer->result.elderly_until, "20270731");
    ck_assert_str_eq(answer->result.elderly_ratio, "020");
    ck_assert_str_eq(answer->result.limit_consent, "1");
    ck_assert_str_eq(answer->result.limit_kind, "01");
    ck_assert_str_eq(answer->result.limit_class, "A03");
    ck_assert_str_eq(answer->result.limit_from, "20260801");
    ck_assert_str_eq(answer->result.limit_until, "20270731");
    ck_assert_str_eq(answer->result.reference_number, "0000123");
}

START_TEST(every_field_is_read_from_utf8_and_from_shift_jis)
{
    struct sugu_eligibility_answer answer;
    struct sugu_error error;
    uint8_t *bytes;
    size_t size;

    sugu_assert_ok(parse(UTF8_HEAD GOOD, &answer, &error), error);
    check_good(&answer);
    memset(&answer, 0, sizeof answer);
    sugu_assert_ok(sugu_charset_from_utf8(SJIS_HEAD GOOD, &bytes, &size, &error), error);
    sugu_assert_ok(sugu_oqs_answer_parse(bytes, size, &answer, &error), error);
    check_good(&answer);
    free(bytes);
}
END_TEST

START_TEST(the_declaration_decides_and_without_one_the_bytes_do)
{
    static const struct {
        const char *head;
        bool is_shift_jis;
        enum sugu_status status;
    } rows[] = {
        {"", false, SUGU_OK},
        {"", true, SUGU_OK},
        {"\xef\xbb\xbf", false, SUGU_OK},
        {"<?xml version=\"1.0\"?>", false, SUGU_OK},
        {"<?xml version=\"1.0\"?>", true, SUGU_OK},
        {"<?xml version='1.0' encoding='utf-8'?>", false, SUGU_OK},
        {"<?xml version='1.0' encoding='shift_jis'?>", true, SUGU_OK},
        {"<?xml version='1.0' encoding = 'Windows-31J'?>", true, SUGU_OK},
        {"<?xml version=\"1.0\" encoding=\"MS932\"?>", true, SUGU_OK},
        {"<?xml version='1.0' encoding='utf-8'?>", true, SUGU_RETRY}, /* says UTF-8 and is not */
        {"<?xml version='1.0' encoding='EUC-JP'?>", false, SUGU_REFUSED},
        {"<?xml version='1.0' encoding='UTF-16'?>", false, SUGU_REFUSED},
        {"<?xml version='1.0' encoding=?>", false, SUGU_REFUSED},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_eligibility_answer answer;
        struct sugu_error error = {0};
        char text[sizeof GOOD + 128];
        uint8_t *bytes = (uint8_t *)text;
        size_t size = (size_t)snprintf(text, sizeof text, "%s%s", rows[i].head, GOOD);
        if (rows[i].is_shift_jis)
            sugu_assert_ok(sugu_charset_from_utf8(text, &bytes, &size, &error), error);
        ck_assert_msg(sugu_oqs_answer_parse(bytes, size, &answer, &error) == rows[i].status,
                      "row %zu: %s", i, error.detail);
        if (rows[i].status == SUGU_OK)
            ck_assert_str_eq(answer.result.symbol, "記号　あ");
        if (rows[i].is_shift_jis)
            free(bytes);
    }
}
END_TEST

START_TEST(an_odd_letter_in_a_name_does_not_spoil_the_answer)
{
    static const char text[] = SJIS_HEAD "<XmlMsg><MessageHeader><SegmentOfResult>1"
                                         "</SegmentOfResult></MessageHeader><MessageBody>"
                                         "<ResultList><ResultOfQualificationConfirmation><Name>"
                                         "\x81\xad\xfd\x82</Name><InsuredCardSymbol>\x81\xad"
                                         "</InsuredCardSymbol><Birthdate>19700401</Birthdate>"
                                         "</ResultOfQualificationConfirmation></ResultList>"
                                         "</MessageBody></XmlMsg>";
    struct sugu_eligibility_answer answer;
    struct sugu_error error;

    sugu_assert_ok(parse(text, &answer, &error), error);
    ck_assert_str_eq(answer.result.birth_date, "19700401");
    ck_assert_str_eq(answer.result.symbol, "\xef\xbf\xbd");
}
END_TEST

START_TEST(half_an_answer_is_never_an_answer)
{
    static const char whole[] = UTF8_HEAD GOOD;

    for (size_t size = 0; size < sizeof whole - 1; size++) {
        struct sugu_eligibility_answer answer;
        struct sugu_error error = {0};
        enum sugu_status status =
            sugu_oqs_answer_parse((const uint8_t *)whole, size, &answer, &error);
        ck_assert_msg(status == SUGU_RETRY, "%zu bytes: %s %s", size, sugu_status_name(status),
                      error.detail);
    }
}
END_TEST

/* What is whole and still no answer. */
static const struct {
    const char *text;
    const char *wrong;
} refused[] = {
    {UTF8_HEAD "<!DOCTYPE XmlMsg>" GOOD, "document type"},
    {UTF8_HEAD "<!DOCTYPE XmlMsg SYSTEM \"http://127.0.0.1/x.dtd\">" GOOD, "document type"},
    {UTF8_HEAD "<!DOCTYPE XmlMsg [<!ENTITY a \"b\">]>" GOOD, "document type"},
    {UTF8_HEAD "<!DOCTYPE XmlMsg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" GOOD,
     "document type"},
    {UTF8_HEAD "<!DOCTYPE XmlMsg [", "document type"},
    {UTF8_HEAD "<html/>", "another kind"},
    {UTF8_HEAD "<XmlMsg/>", "MessageHeader"},
    {UTF8_HEAD MESSAGE(HEADER HEADER), "twice"},
    {UTF8_HEAD MESSAGE(HEADER BODY(RESULT) BODY("")), "twice"},
    {UTF8_HEAD MESSAGE(HEADER BODY(RESULT "</ResultList><ResultList>")), "twice"},
    {UTF8_HEAD MESSAGE("<MessageHeader><SegmentOfResult>1</SegmentOfResult>"
                       "<SegmentOfResult>9</SegmentOfResult></MessageHeader>"),
     "twice"},
    {UTF8_HEAD MESSAGE("<MessageHeader><SegmentOfResult><b>1</b></SegmentOfResult>"
                       "</MessageHeader>"),
     "plain value"},
    {UTF8_HEAD MESSAGE(
         "<MessageHeader><ErrorCode>"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</ErrorCode></MessageHeader>"),
     "too long"},
};

START_TEST(document_types_and_doubled_values_are_refused)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(refused); i++) {
        struct sugu_eligibility_answer answer;
        struct sugu_error error = {0};
        sugu_assert_fails(parse(refused[i].text, &answer, &error), SUGU_REFUSED,
                          "eligibility.bad-answer", error);
        ck_assert_msg(strstr(error.detail, refused[i].wrong) != NULL, "row %zu: %s", i,
                      error.detail);
    }
}
END_TEST

START_TEST(an_entity_without_a_document_type_is_not_well_formed)
{
    struct sugu_eligibility_answer answer;
    struct sugu_error error;

    sugu_assert_fails(parse(UTF8_HEAD "<XmlMsg><MessageHeader><ErrorCode>&who;</ErrorCode>"
                                      "</MessageHeader></XmlMsg>",
                            &answer, &error),
                      SUGU_RETRY, "eligibility.bad-answer", error);
}
END_TEST

START_TEST(all_results_are_counted_and_the_first_is_read)
{
    struct sugu_eligibility_answer answer;
    struct sugu_error error;

    sugu_assert_ok(parse(UTF8_HEAD MESSAGE(HEADER BODY("")), &answer, &error), error);
    ck_assert_uint_eq(answer.result_count, 0);
    sugu_assert_ok(parse(UTF8_HEAD MESSAGE(HEADER), &answer, &error), error);
    ck_assert_uint_eq(answer.result_count, 0);
    sugu_assert_ok(
        parse(UTF8_HEAD MESSAGE(HEADER BODY(
                  RESULT "<ResultOfQualificationConfirmation><InsurerNumber>1</InsurerNumber>"
                         "</ResultOfQualificationConfirmation>")),
              &answer, &error),
        error);
    ck_assert_uint_eq(answer.result_count, 2);
    ck_assert_str_eq(answer.result.insurer_number, "138008");
}
END_TEST

START_TEST(more_than_4_mib_is_not_even_looked_at)
{
    struct sugu_eligibility_answer answer;
    struct sugu_error error;
    size_t size = SUGU_OQS_ANSWER_SIZE_MAX + 1;
    char *text = malloc(size);

    ck_assert_ptr_nonnull(text);
    memset(text, ' ', size);
    memcpy(text, GOOD, sizeof GOOD - 1);
    sugu_assert_fails(sugu_oqs_answer_parse((uint8_t *)text, size, &answer, &error), SUGU_REFUSED,
                      "eligibility.bad-answer", error);
    sugu_assert_ok(sugu_oqs_answer_parse((uint8_t *)text, size - 1, &answer, &error), error);
    free(text);
}
END_TEST

SUGU_TEST_MAIN("oqs-answer",
               every_field_is_read_from_utf8_and_from_shift_jis,
               the_declaration_decides_and_without_one_the_bytes_do,
               an_odd_letter_in_a_name_does_not_spoil_the_answer,
               half_an_answer_is_never_an_answer,
               document_types_and_doubled_values_are_refused,
               an_entity_without_a_document_type_is_not_well_formed,
               all_results_are_counted_and_the_first_is_read,
               more_than_4_mib_is_not_even_looked_at)
