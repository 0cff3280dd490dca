/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qualification-register - the emulated terminal's people, and its requests and answers as XML
 */
#include "emulators/qualification-register.h"

#include "base/macros.h"

#include <iconv.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGE_BYTES (5 * 1024 * 1024)

static const struct {
    const char *key;
    const char *element;
    size_t offset;
} values[] = {
#define SUGU_VALUE(key, element) {#key, element, offsetof(struct sugu_person, key)},
    SUGU_PERSON_VALUES(SUGU_VALUE)
#undef SUGU_VALUE
};

static const char *
value_of(const struct sugu_person *person, size_t index)
{
    return (const char *)person + values[index].offset;
}

/* ---- the register */

static bool
set_value(struct sugu_person *person, const char *word, size_t length)
{
    const char *equals = memchr(word, '=', length);
    size_t key_length, value_length;

    if (!equals)
        return false;
    key_length = (size_t)(equals - word);
    value_length = length - key_length - 1;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(values); i++) {
        char *to = (char *)person + values[i].offset;
        if (strlen(values[i].key) != key_length || memcmp(values[i].key, word, key_length) != 0)
            continue;
        if (value_length >= SUGU_VALUE_SIZE)
            return false;
        memcpy(to, equals + 1, value_length);
        to[value_length] = '\0';
        return true;
    }
    return false;
}

bool
sugu_register_add(struct sugu_register *people, const char *line)
{
    struct sugu_person person = {.card = "01", .family = "1", .sex = "3", .name = "-"};

    if (people->count == SUGU_PEOPLE_MAX)
        return false;
    while (*line) {
        size_t length = strcspn(line, " \t\r\n");
        if (length > 0 && !set_value(&person, line, length))
            return false;
        line += length;
        line += strspn(line, " \t\r\n");
    }
    if (!*person.insurer || !*person.number || !*person.birth)
        return false;
    people->people[people->count++] = person;
    return true;
}

/* ---- requests */

/* The text of exactly one element; false where it stands not once. Blanks are kept. */
static bool
take(xmlXPathContext *where, const char *path, char to[SUGU_VALUE_SIZE])
{
    xmlXPathObject *found = xmlXPathEvalExpression((const xmlChar *)path, where);
    bool is_once = found && found->nodesetval && found->nodesetval->nodeNr == 1;

    if (is_once) {
        xmlChar *content = xmlNodeGetContent(found->nodesetval->nodeTab[0]);
        is_once = strlen((const char *)content) < SUGU_VALUE_SIZE;
        if (is_once)
            strncpy(to, (const char *)content, SUGU_VALUE_SIZE - 1);
        xmlFree(content);
    }
    xmlXPathFreeObject(found);
    return is_once;
}

static const char *
check_request(const struct sugu_qualification_request *request, const char *institution)
{
    if (strcmp(request->institution, institution) != 0)
        return "another institution";
    if (strlen(request->insurer) != 8)
        return "InsurerNumber has not 8 characters";
    if (strspn(request->birth, "0123456789") != 8 || strlen(request->birth) != 8)
        return "Birthdate is no date";
    if (strspn(request->confirm_date, "0123456789") != 8 || strlen(request->confirm_date) != 8)
        return "QualificationConfirmationDate is no date";
    if (!*request->number)
        return "InsuredIdentificationNumber is empty";
    if (strcmp(request->asks_limit, "0") != 0 && strcmp(request->asks_limit, "1") != 0)
        return "LimitApplicationCertificateRelatedConsFlg is not 0 or 1";
    return NULL;
}

const char *
sugu_qualification_request_read(const uint8_t *bytes,
                                size_t size,
                                const char *institution,
                                struct sugu_qualification_request *request)
{
    static const struct {
        const char *path;
        size_t offset;
    } rows[] = {
#define HEADER           "/XmlMsg/MessageHeader/"
#define SEARCH           "/XmlMsg/MessageBody/QualificationConfirmSearchInfo/"
#define ROW(path, field) {path, offsetof(struct sugu_qualification_request, field)}
        ROW(HEADER "QualificationConfirmationDate", confirm_date),
        ROW(HEADER "MedicalInstitutionCode", institution),
        ROW(HEADER "ArbitraryFileIdentifier", identifier),
        ROW(SEARCH "InsurerNumber", insurer),
        ROW(SEARCH "InsuredCardSymbol", symbol),
        ROW(SEARCH "InsuredIdentificationNumber", number),
        ROW(SEARCH "InsuredBranchNumber", branch),
        ROW(SEARCH "Birthdate", birth),
        ROW(SEARCH "LimitApplicationCertificateRelatedConsFlg", asks_limit),
    };
    xmlDoc *document = xmlReadMemory((const char *)bytes, (int)size, NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const char *wrong = NULL;
    xmlXPathContext *where;

    if (!document)
        return "not well-formed";
    if (!document->encoding || strcmp((const char *)document->encoding, "Shift_JIS") != 0)
        wrong = "not declared as Shift_JIS";
    where = xmlXPathNewContext(document);
    for (size_t i = 0; !wrong && i < SUGU_ARRAY_SIZE(rows); i++)
        if (!take(where, rows[i].path, (char *)request + rows[i].offset))
            wrong = rows[i].path;
    xmlXPathFreeContext(where);
    xmlFreeDoc(document);
    return wrong ? wrong : check_request(request, institution);
}

/* ---- answers */

void
sugu_japan_time(sugu_time_us utc, char to[15])
{
    time_t seconds = (time_t)(utc / SUGU_SECOND) + INT64_C(9) * 3600;
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(to, 15, "%Y%m%d%H%M%S", &parts);
}

static void
put(FILE *xml, const char *element, const char *text)
{
    fprintf(xml, "<%s>", element);
    for (; *text; text++) {
        if (*text == '<' || *text == '&')
            fprintf(xml, "&#%d;", *text);
        else
            fputc(*text, xml);
    }
    fprintf(xml, "</%s>\n", element);
}

static void
put_group(FILE *xml, const struct sugu_person *person, const char *group, const char *prefix)
{
    bool is_there = false;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(values); i++) {
        if (strncmp(values[i].element, prefix, strlen(prefix)) != 0 || !*value_of(person, i))
            continue;
        if (!is_there)
            fprintf(xml, "<%s>\n", group);
        is_there = true;
        put(xml, values[i].element, value_of(person, i));
    }
    if (is_there)
        fprintf(xml, "</%s>\n", group);
}

static bool
is_in_group(const char *element)
{
    return strncmp(element, "Elderly", 7) == 0 || strncmp(element, "LimitApplication", 16) == 0;
}

static void
put_result(FILE *xml, const struct sugu_person *person, enum sugu_terminal_fault fault, bool limit)
{
    struct sugu_person shown = *person;

    if (fault == SUGU_FAULT_BIRTH_DIFFERS)
        shown.birth[7] = shown.birth[7] == '1' ? '2' : '1';
    if (fault == SUGU_FAULT_CHANGED)
        strncat(shown.symbol, "7", SUGU_VALUE_SIZE - strlen(shown.symbol) - 1);
    fputs("<ResultOfQualificationConfirmation>\n", xml);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(values); i++)
        if (*values[i].element && !is_in_group(values[i].element) && *value_of(&shown, i))
            put(xml, values[i].element, value_of(&shown, i));
    if (fault == SUGU_FAULT_DTD || fault == SUGU_FAULT_BOMB)
        fputs("<InsurerName>&who;</InsurerName>\n", xml);
    put_group(xml, &shown, "ElderlyRecipientCertificateInfo", "Elderly");
    put(xml, "LimitApplicationCertificateRelatedConsFlg", limit ? "1" : "0");
    if (limit)
        put_group(xml, &shown, "LimitApplicationCertificateRelatedInfo", "LimitApplication");
    fputs("<SpecificDiseasesCertificateRelatedConsFlg>0"
          "</SpecificDiseasesCertificateRelatedConsFlg>\n"
          "</ResultOfQualificationConfirmation>\n",
          xml);
}

static void
put_document_type(FILE *xml, enum sugu_terminal_fault fault)
{
    if (fault == SUGU_FAULT_DTD)
        fputs("<!DOCTYPE XmlMsg [<!ENTITY who SYSTEM \"file:///etc/passwd\">]>\n", xml);
    if (fault != SUGU_FAULT_BOMB)
        return;
    fputs("<!DOCTYPE XmlMsg [<!ENTITY a0 \"aaaaaaaaaaaaaaaa\">\n", xml);
    for (int i = 1; i <= 9; i++)
        fprintf(xml, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;\">\n", i, i - 1,
                i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    fputs("<!ENTITY who \"&a9;\">]>\n", xml);
}

static void
put_header(FILE *xml,
           const struct sugu_qualification_request *request,
           const struct sugu_qualification_style *style,
           const char *class)
{
    const char *segment = style->is_error || style->fault == SUGU_FAULT_SEGMENT_ERROR ? "9"
                          : style->fault == SUGU_FAULT_PROCESSING                     ? "2"
                                                                                      : "1";
    char time[15];

    sugu_japan_time(style->now_utc, time);
    fprintf(xml, "<?xml version=\"1.0\" encoding=\"%s\" standalone=\"no\"?>\n",
            style->is_shift_jis ? "Shift_JIS" : "UTF-8");
    put_document_type(xml, style->fault);
    fputs("<XmlMsg>\n<MessageHeader>\n", xml);
    put(xml, "ProcessExecutionTime", time);
    put(xml, "QualificationConfirmationDate", request->confirm_date);
    put(xml, "MedicalInstitutionCode",
        style->fault == SUGU_FAULT_WRONG_INSTITUTION ? "1311111114" : style->institution);
    put(xml, "ArbitraryFileIdentifier",
        style->fault == SUGU_FAULT_WRONG_IDENTIFIER ? "00000000000070008000000000000001"
                                                    : request->identifier);
    put(xml, "ReferenceClassification", class);
    put(xml, "SegmentOfResult", segment);
    if (*segment == '9') {
        put(xml, "ErrorCode", "EMULATED");
        put(xml, "ErrorMessage", "エミュレータの異常");
    }
    put(xml, "CharacterCodeIdentifier", style->is_shift_jis ? "1" : "0");
    fputs("</MessageHeader>\n", xml);
}

static bool
is_match(const struct sugu_person *person, const struct sugu_qualification_request *request)
{
    const char *insurer = request->insurer + strspn(request->insurer, " ");

    return strcmp(person->insurer, insurer) == 0 && strcmp(person->number, request->number) == 0 &&
           strcmp(person->birth, request->birth) == 0 &&
           strcmp(person->symbol, request->symbol) == 0 &&
           (!*request->branch || strcmp(person->branch, request->branch) == 0);
}

/* QualificationValidity (OQSCD006), by the register or by the fault. */
static const char *
validity_of(const struct sugu_person *person,
            size_t count,
            const struct sugu_qualification_request *request,
            enum sugu_terminal_fault fault)
{
    if (fault == SUGU_FAULT_SEVERAL)
        return "5";
    if (fault == SUGU_FAULT_NOT_FOUND)
        return "4";
    if (fault == SUGU_FAULT_NEWER)
        return "3";
    if (fault == SUGU_FAULT_INVALID)
        return "2";
    if (fault == SUGU_FAULT_UNREGISTERED)
        return "6";
    if (count != 1)
        return count == 0 ? "4" : "5";
    if (*person->lost && strcmp(person->lost, request->confirm_date) <= 0)
        return strcmp(person->newer, "yes") == 0 ? "3" : "2";
    return "1";
}

static void
put_search(FILE *xml, const struct sugu_qualification_request *request)
{
    fputs("<QualificationConfirmSearchInfo>\n", xml);
    put(xml, "InsurerNumber", request->insurer);
    put(xml, "InsuredCardSymbol", request->symbol);
    put(xml, "InsuredIdentificationNumber", request->number);
    put(xml, "InsuredBranchNumber", request->branch);
    put(xml, "Birthdate", request->birth);
    put(xml, "LimitApplicationCertificateRelatedConsFlg", request->asks_limit);
    fputs("</QualificationConfirmSearchInfo>\n", xml);
}

static void
put_body(FILE *xml,
         const struct sugu_register *people,
         const struct sugu_qualification_request *request,
         const struct sugu_qualification_style *style)
{
    const struct sugu_person *first = NULL;
    size_t count = 0, repeats = style->fault == SUGU_FAULT_SEVERAL ? 2 : 1;
    const char *validity;
    bool is_error = style->fault == SUGU_FAULT_STATUS_ERROR;

    for (size_t i = 0; i < people->count; i++) {
        if (!is_match(&people->people[i], request))
            continue;
        first = first ? first : &people->people[i];
        count++;
    }
    validity = validity_of(first, count, request, style->fault);
    fputs("<MessageBody>\n", xml);
    put(xml, "ProcessingResultStatus", is_error ? "2" : "1");
    if (is_error) {
        put(xml, "ProcessingResultCode", "EMULATED");
    } else {
        put(xml, "QualificationValidity", validity);
        put_search(xml, request);
        fputs("<ResultList>\n", xml);
        for (size_t i = 0; *validity != '4' && i < people->count; i++)
            for (size_t k = 0; k < repeats && is_match(&people->people[i], request); k++)
                put_result(xml, &people->people[i], style->fault, *request->asks_limit == '1');
        fputs("</ResultList>\n", xml);
    }
    fputs("</MessageBody>\n", xml);
}

/* The whole text as code page 932; what has no place there becomes a geta mark, as in print. */
static uint8_t *
to_shift_jis(char *text, size_t size, size_t *ret_size)
{
    iconv_t handle = iconv_open("CP932", "UTF-8");
    size_t room = size * 2 + 2, left = size;
    char *bytes = malloc(room), *out = bytes, *in = text;

    assert(handle != (iconv_t)-1 && bytes);
    while (left > 0 && iconv(handle, &in, &left, &out, &room) == (size_t)-1) {
        memcpy(out, "\x81\xac", 2);
        out += 2;
        room -= 2;
        do {
            in++;
            left--;
        } while (left > 0 && ((unsigned char)*in & 0xc0) == 0x80);
    }
    iconv_close(handle);
    free(text);
    *ret_size = (size_t)(out - bytes);
    return (uint8_t *)bytes;
}

static uint8_t *
finish(char *text, size_t size, const struct sugu_qualification_style *style, size_t *ret_size)
{
    if (style->is_shift_jis)
        return to_shift_jis(text, size, ret_size);
    *ret_size = size;
    return (uint8_t *)text;
}

uint8_t *
sugu_qualification_answer(const struct sugu_register *people,
                          const struct sugu_qualification_request *request,
                          const struct sugu_qualification_style *style,
                          size_t *ret_size)
{
    char *text = NULL;
    size_t size = 0;
    FILE *xml = open_memstream(&text, &size);

    assert(xml);
    if (style->fault == SUGU_FAULT_GARBAGE) {
        fputs("\x89PNG not an answer", xml);
    } else {
        put_header(xml, request, style, "2");
        if (!style->is_error && style->fault != SUGU_FAULT_SEGMENT_ERROR)
            put_body(xml, people, request, style);
        for (int i = 0; style->fault == SUGU_FAULT_LARGE && i < LARGE_BYTES; i += 64)
            fprintf(xml, "<!-- %56d -->", i);
        fputs("</XmlMsg>\n", xml);
    }
    fclose(xml);
    return finish(text, size, style, ret_size);
}

uint8_t *
sugu_qualification_face(const struct sugu_person *person,
                        const struct sugu_qualification_style *style,
                        size_t *ret_size)
{
    struct sugu_qualification_request request = {.identifier = "Zm9yYS1rYXJ0ZQ=="};
    char *text = NULL, time[15];
    size_t size = 0;
    FILE *xml = open_memstream(&text, &size);

    assert(xml);
    sugu_japan_time(style->now_utc, time);
    memcpy(request.confirm_date, time, 8);
    put_header(xml, &request, style, "1");
    fputs("<MessageBody>\n<ProcessingResultStatus>1</ProcessingResultStatus>\n"
          "<QualificationValidity>1</QualificationValidity>\n<ResultList>\n",
          xml);
    put_result(xml, person, style->fault, /* limit= */ true);
    fputs("</ResultList>\n</MessageBody>\n</XmlMsg>\n", xml);
    fclose(xml);
    return finish(text, size, style, ret_size);
}
