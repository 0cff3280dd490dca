/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-oqs-request - the request file byte by byte, and the names of files
 */
#include "insurance/oqs-request.h"

#include "insurance/oqs-name.h"

#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

static struct sugu_eligibility_asked
asked_person(void)
{
    return (struct sugu_eligibility_asked){
        .identifier = "0193f0c0a1b27c3d8e4f5a6b7c8d9e0f",
        .institution = "0110113719",
        .insurer_number = "138008",
        .symbol = "松",
        .number = "0345",
        .branch = "01",
        .birth_date = 19700401,
        .confirm_date = 20261122,
    };
}

static char *
write_request(const struct sugu_eligibility_asked *asked, bool asks_limit)
{
    struct sugu_error error;
    uint8_t *bytes;
    size_t size;
    char *text;

    sugu_assert_ok(sugu_oqs_request_write(asked, asks_limit, &bytes, &size, &error), error);
    text = realloc(bytes, size + 1);
    ck_assert_ptr_nonnull(text);
    text[size] = '\0';
    return text;
}

START_TEST(the_request_is_shift_jis_with_a_padded_insurer_number)
{
    static const char expected[] =
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\n"
        "<XmlMsg>\n"
        "<MessageHeader>\n"
        "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>\n"
        "<MedicalInstitutionCode>0110113719</MedicalInstitutionCode>\n"
        "<ArbitraryFileIdentifier>0193f0c0a1b27c3d8e4f5a6b7c8d9e0f</ArbitraryFileIdentifier>\n"
        "</MessageHeader>\n"
        "<MessageBody>\n"
        "<QualificationConfirmSearchInfo>\n"
        "<InsurerNumber>  138008</InsurerNumber>\n"
        "<InsuredCardSymbol>\x8f\xbc</InsuredCardSymbol>\n"
        "<InsuredIdentificationNumber>0345</InsuredIdentificationNumber>\n"
        "<InsuredBranchNumber>01</InsuredBranchNumber>\n"
        "<Birthdate>19700401</Birthdate>\n"
        "<LimitApplicationCertificateRelatedConsFlg>0"
        "</LimitApplicationCertificateRelatedConsFlg>\n"
        "</QualificationConfirmSearchInfo>\n"
        "</MessageBody>\n"
        "</XmlMsg>\n";
    struct sugu_eligibility_asked asked = asked_person();
    char *text = write_request(&asked, /* asks_limit= */ false);

    ck_assert_str_eq(text, expected);
    free(text);
}
END_TEST

START_TEST(limit_certificates_are_asked_for_only_where_wanted)
{
    struct sugu_eligibility_asked asked = asked_person();
    char *text = write_request(&asked, /* asks_limit= */ true);

    ck_assert_ptr_nonnull(strstr(text, "<LimitApplicationCertificateRelatedConsFlg>1<"));
    free(text);
}
END_TEST

START_TEST(markup_in_a_symbol_stays_text)
{
    struct sugu_eligibility_asked asked = asked_person();
    char *text;

    strncpy(asked.symbol,
            "<a>&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&"
            "&&&&&&&&&&",
            sizeof asked.symbol - 1);
    text = write_request(&asked, false);
    ck_assert_ptr_nonnull(strstr(text, "<InsuredCardSymbol>&lt;a&gt;&amp;&amp;"));
    free(text);
}
END_TEST

START_TEST(what_shift_jis_cannot_say_is_refused)
{
    static const char *const symbols[] = {"\xf0\x9f\x98\x80", "\xed\x95\x9c", "a\nb", "a\x7f"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(symbols); i++) {
        struct sugu_eligibility_asked asked = asked_person();
        struct sugu_error error;
        uint8_t *bytes;
        size_t size;
        strncpy(asked.symbol, symbols[i], sizeof asked.symbol - 1);
        sugu_assert_fails(sugu_oqs_request_write(&asked, false, &bytes, &size, &error),
                          SUGU_REFUSED, "eligibility.number-invalid", error);
    }
}
END_TEST

START_TEST(names_carry_the_stem_there_and_back)
{
    char name[SUGU_OQS_NAME_SIZE], stem[SUGU_OQS_STEM_SIZE];

    sugu_oqs_request_name(name, "202611220001");
    ck_assert_str_eq(name, "OQSsiquc01req_202611220001.xml");
    sugu_oqs_answer_name(name, "202611220001");
    ck_assert_str_eq(name, "OQSsiquc01res_202611220001.xml");
    ck_assert(sugu_oqs_answer_name_parse(name, stem));
    ck_assert_str_eq(stem, "202611220001");
    ck_assert(sugu_oqs_answer_name_parse("OQSsiquc01res_202611220001.XML", stem));
}
END_TEST

START_TEST(other_files_of_the_folder_are_not_answers)
{
    static const char *const names[] = {"OQSsiquc01req_202611220001.xml",
                                        "OQSsiquc01res_20261122000.xml",
                                        "OQSsiquc01res_2026112200012.xml",
                                        "OQSsiquc01res_202611220001.xml.tmp",
                                        "OQSsiquc01res_202611220001.pdf",
                                        "OQSmuquc02res_202611220001.zip",
                                        "OQSsiquc01res_2026112200a1.xml",
                                        ".OQSsiquc01res_202611220001.xml",
                                        "OQSsiquc01res_",
                                        "",
                                        "OQSsiquc01res_face_0110113719ab_20261122091500.xml"};
    char stem[SUGU_OQS_STEM_SIZE];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++)
        ck_assert_msg(!sugu_oqs_answer_name_parse(names[i], stem), "%s", names[i]);
}
END_TEST

START_TEST(what_the_face_reader_pushed_is_known_by_its_name)
{
    char time[15];

    ck_assert(sugu_oqs_face_name_parse("OQSsiquc01res_face_0110113719ab_20261122091500.xml", time));
    ck_assert_str_eq(time, "20261122091500");
    ck_assert(!sugu_oqs_face_name_parse("OQSsiquc01res_face_20261122091500.xml", time));
    ck_assert(!sugu_oqs_face_name_parse("OQSsiquc01res_face_a_2026112209150.xml", time));
    ck_assert(!sugu_oqs_face_name_parse("OQSsiquc01res_202611220001.xml", time));
}
END_TEST

SUGU_TEST_MAIN("oqs-request",
               the_request_is_shift_jis_with_a_padded_insurer_number,
               limit_certificates_are_asked_for_only_where_wanted,
               markup_in_a_symbol_stays_text,
               what_shift_jis_cannot_say_is_refused,
               names_carry_the_stem_there_and_back,
               other_files_of_the_folder_are_not_answers,
               what_the_face_reader_pushed_is_known_by_its_name)
