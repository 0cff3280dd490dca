/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-request - the file that asks the qualification terminal about one person
 */
#include "insurance/oqs-request.h"

#include "insurance/charset.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define REQUEST_SIZE_MAX 4096
#define ESCAPED_SIZE     ((size_t)SUGU_CERTIFICATE_FIELD_SIZE * 5) /* "&amp;" for each byte */

static void
escape(char to[ESCAPED_SIZE], const char *from)
{
    size_t used = 0;

    for (; *from; from++) {
        const char *entity = *from == '&'   ? "&amp;"
                             : *from == '<' ? "&lt;"
                             : *from == '>' ? "&gt;"
                                            : NULL;
        if (entity)
            used += (size_t)snprintf(to + used, ESCAPED_SIZE - used, "%s", entity);
        else
            to[used++] = *from;
        assert(used < ESCAPED_SIZE);
    }
    to[used] = '\0';
}

static bool
has_control_character(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

enum sugu_status
sugu_oqs_request_write(const struct sugu_eligibility_asked *asked,
                       bool asks_limit,
                       uint8_t **ret_bytes,
                       size_t *ret_size,
                       struct sugu_error *reterr)
{
    char xml[REQUEST_SIZE_MAX], insurer[SUGU_INSURER_NUMBER_SIZE];
    char symbol[ESCAPED_SIZE], number[ESCAPED_SIZE], branch[ESCAPED_SIZE];
    enum sugu_status status;

    if (has_control_character(asked->symbol) || has_control_character(asked->number) ||
        has_control_character(asked->branch))
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.number-invalid",
                         "symbol or number on file has a control character");
    sugu_insurer_number_pad(insurer, asked->insurer_number);
    escape(symbol, asked->symbol);
    escape(number, asked->number);
    escape(branch, asked->branch);
    snprintf(xml, sizeof xml,
             "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\n"
             "<XmlMsg>\n"
             "<MessageHeader>\n"
             "<QualificationConfirmationDate>%08u</QualificationConfirmationDate>\n"
             "<MedicalInstitutionCode>%s</MedicalInstitutionCode>\n"
             "<ArbitraryFileIdentifier>%s</ArbitraryFileIdentifier>\n"
             "</MessageHeader>\n"
             "<MessageBody>\n"
             "<QualificationConfirmSearchInfo>\n"
             "<InsurerNumber>%s</InsurerNumber>\n"
             "<InsuredCardSymbol>%s</InsuredCardSymbol>\n"
             "<InsuredIdentificationNumber>%s</InsuredIdentificationNumber>\n"
             "<InsuredBranchNumber>%s</InsuredBranchNumber>\n"
             "<Birthdate>%08u</Birthdate>\n"
             "<LimitApplicationCertificateRelatedConsFlg>%c"
             "</LimitApplicationCertificateRelatedConsFlg>\n"
             "</QualificationConfirmSearchInfo>\n"
             "</MessageBody>\n"
             "</XmlMsg>\n",
             (unsigned)asked->confirm_date, asked->institution, asked->identifier, insurer, symbol,
             number, branch, (unsigned)asked->birth_date, asks_limit ? '1' : '0');
    status = sugu_charset_from_utf8(xml, ret_bytes, ret_size, reterr);
    explicit_bzero(xml, sizeof xml);
    explicit_bzero(symbol, sizeof symbol);
    explicit_bzero(number, sizeof number);
    return status;
}
