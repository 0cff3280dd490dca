/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-answer - bytes of OQSsiquc01res (an answer, or what the card reader pushed) to fields
 */
#include "insurance/oqs-answer.h"

#include "insurance/charset.h"

#include "base/text.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DECLARATION_SIZE_MAX 256
#define RESULTS_MAX          1000 /* more are counted as this many: several is several */

static const char code[] = "eligibility.bad-answer";

/* ---- encoding */

enum encoding { ENCODING_NONE, ENCODING_UTF8, ENCODING_SHIFT_JIS, ENCODING_OTHER };

static enum encoding
encoding_of_name(const char *name)
{
    static const struct {
        const char *name;
        enum encoding encoding;
    } rows[] = {
        {"UTF-8", ENCODING_UTF8},
        {"UTF8", ENCODING_UTF8},
        {"Shift_JIS", ENCODING_SHIFT_JIS},
        {"Shift-JIS", ENCODING_SHIFT_JIS},
        {"SJIS", ENCODING_SHIFT_JIS},
        {"x-sjis", ENCODING_SHIFT_JIS},
        {"MS_Kanji", ENCODING_SHIFT_JIS},
        {"csShiftJIS", ENCODING_SHIFT_JIS},
        {"Windows-31J", ENCODING_SHIFT_JIS},
        {"MS932", ENCODING_SHIFT_JIS},
        {"CP932", ENCODING_SHIFT_JIS},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcasecmp(rows[i].name, name) == 0)
            return rows[i].encoding;
    return ENCODING_OTHER;
}

/* What the XML declaration says; the bytes before it are ASCII in all encodings that we take. */
static enum encoding
declared_encoding(const uint8_t *bytes, size_t size)
{
    char head[DECLARATION_SIZE_MAX], *end, *name, quote;

    if (size >= sizeof head)
        size = sizeof head - 1;
    memcpy(head, bytes, size);
    head[size] = '\0';
    end = strstr(head, "?>");
    if (strncmp(head, "<?xml", 5) != 0 || !end)
        return ENCODING_NONE;
    *end = '\0';
    name = strstr(head, "encoding");
    if (!name)
        return ENCODING_NONE;
    name += strlen("encoding");
    name += strspn(name, " \t\r\n=");
    quote = *name++;
    if ((quote != '"' && quote != '\'') || !(end = strchr(name, quote)))
        return ENCODING_OTHER;
    *end = '\0';
    return encoding_of_name(name);
}

/* UTF-8 in fresh memory, whatever the bytes were. */
static enum sugu_status
to_utf8(
    const uint8_t *bytes, size_t size, char **ret_text, size_t *ret_size, struct sugu_error *reterr)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    enum encoding encoding;
    char *text;

    if (size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0) {
        bytes += sizeof mark;
        size -= sizeof mark;
        encoding = ENCODING_UTF8;
    } else {
        encoding = declared_encoding(bytes, size);
    }
    if (encoding == ENCODING_NONE)
        encoding =
            sugu_text_is_utf8((const char *)bytes, size) ? ENCODING_UTF8 : ENCODING_SHIFT_JIS;
    if (encoding == ENCODING_OTHER)
        return sugu_fail(reterr, SUGU_REFUSED, code, "the file has an unknown encoding");
    if (encoding == ENCODING_SHIFT_JIS)
        return sugu_charset_to_utf8(bytes, size, ret_text, ret_size, reterr);
    text = malloc(size + 1);
    if (!text)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    memcpy(text, bytes, size);
    text[size] = '\0';
    *ret_text = text;
    *ret_size = size;
    return SUGU_OK;
}

/* ---- XML */

/* A document type may define entities that grow without bound: stop before its first one. */
static void
on_document_type(void *user,
                 const xmlChar *name,
                 const xmlChar *external_id,
                 const xmlChar *system_id)
{
    xmlParserCtxt *parser = user;

    (void)name;
    (void)external_id;
    (void)system_id;
    *(bool *)parser->_private = true;
    xmlStopParser(parser);
}

static enum sugu_status
parse_xml(const char *text, size_t size, xmlDoc **ret_document, struct sugu_error *reterr)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    bool has_document_type = false;
    xmlDoc *document;

    if (!parser)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    parser->_private = &has_document_type;
    parser->sax->internalSubset = on_document_type;
    document = xmlCtxtReadMemory(parser, text, (int)size, /* url= */ NULL, "UTF-8",
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                     XML_PARSE_IGNORE_ENC);
    xmlFreeParserCtxt(parser);
    if (has_document_type) {
        xmlFreeDoc(document);
        return sugu_fail(reterr, SUGU_REFUSED, code, "the file has a document type or entities");
    }
    if (!document)
        return sugu_fail(reterr, SUGU_RETRY, code, "the file is not well-formed XML");
    *ret_document = document;
    return SUGU_OK;
}

static bool
is_called(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The one child element of this name; NULL (SUGU_OK) where there is none. `parent` may be NULL. */
static enum sugu_status
find_child(const xmlNode *parent,
           const char *name,
           const xmlNode **ret_child,
           struct sugu_error *reterr)
{
    const xmlNode *found = NULL;

    for (const xmlNode *child = parent ? parent->children : NULL; child; child = child->next) {
        if (!is_called(child, name))
            continue;
        if (found)
            return sugu_fail(reterr, SUGU_REFUSED, code, "%s stands twice", name);
        found = child;
    }
    *ret_child = found;
    return SUGU_OK;
}

/* ---- fields */

struct field {
    const char *element;
    size_t offset; /* in struct sugu_eligibility_answer */
};
#define FIELD(element_, field_)                                                                    \
    {                                                                                              \
        element_, offsetof(struct sugu_eligibility_answer, field_)                                 \
    }

static const struct field header_fields[] = {
    FIELD("ProcessExecutionTime", process_time),
    FIELD("QualificationConfirmationDate", confirm_date),
    FIELD("MedicalInstitutionCode", institution),
    FIELD("ArbitraryFileIdentifier", identifier),
    FIELD("ReferenceClassification", reference_class),
    FIELD("SegmentOfResult", segment),
    FIELD("ErrorCode", error_code),
};
static const struct field body_fields[] = {
    FIELD("ProcessingResultStatus", status),
    FIELD("ProcessingResultCode", result_code),
    FIELD("QualificationValidity", validity),
};
static const struct field search_fields[] = {
    FIELD("Birthdate", searched_birth_date),
};
static const struct field result_fields[] = {
    FIELD("InsuredCardClassification", result.card_class),
    FIELD("InsurerNumber", result.insurer_number),
    FIELD("InsuredCardSymbol", result.symbol),
    FIELD("InsuredIdentificationNumber", result.number),
    FIELD("InsuredBranchNumber", result.branch),
    FIELD("Birthdate", result.birth_date),
    FIELD("QualificationDate", result.qualified_from),
    FIELD("DisqualificationDate", result.disqualified_from),
    FIELD("InsuredCardValidDate", result.card_from),
    FIELD("InsuredCardExpirationDate", result.card_until),
    FIELD("InsuredPartialContributionRatio", result.ratio),
    FIELD("LimitApplicationCertificateRelatedConsFlg", result.limit_consent),
    FIELD("ReferenceNumber", result.reference_number),
};
static const struct field elderly_fields[] = {
    FIELD("ElderlyRecipientValidStartDate", result.elderly_from),
    FIELD("ElderlyRecipientValidEndDate", result.elderly_until),
    FIELD("ElderlyRecipientContributionRatio", result.elderly_ratio),
};
static const struct field limit_fields[] = {
    FIELD("LimitApplicationCertificateClassification", result.limit_kind),
    FIELD("LimitApplicationCertificateClassificationFlag", result.limit_class),
    FIELD("LimitApplicationCertificateValidStartDate", result.limit_from),
    FIELD("LimitApplicationCertificateValidEndDate", result.limit_until),
};

/* Length of a blank (ASCII or U+3000) at `text`, 0 where there is none. */
static size_t
blank_at(const char *text)
{
    if (*text && strchr(" \t\r\n", *text))
        return 1;
    return strncmp(text, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Copies without the blanks at both ends. False where it is too long. */
static bool
copy_trimmed(char to[SUGU_ANSWER_FIELD_SIZE], const char *from)
{
    size_t end = 0, length = 0, step;

    while ((step = blank_at(from)) > 0)
        from += step;
    while (from[length]) {
        step = blank_at(from + length);
        length += step > 0 ? step : 1;
        end = step > 0 ? end : length;
    }
    if (end >= SUGU_ANSWER_FIELD_SIZE)
        return false;
    memcpy(to, from, end);
    to[end] = '\0';
    return true;
}

static enum sugu_status
read_value(const xmlNode *node, char to[SUGU_ANSWER_FIELD_SIZE], struct sugu_error *reterr)
{
    xmlChar *content;
    bool is_short;

    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            return sugu_fail(reterr, SUGU_REFUSED, code, "%s is not a plain value", node->name);
    content = xmlNodeGetContent(node);
    is_short = copy_trimmed(to, content ? (const char *)content : "");
    xmlFree(content);
    if (!is_short)
        return sugu_fail(reterr, SUGU_REFUSED, code, "%s is too long", node->name);
    return SUGU_OK;
}

/* Reads the children of `parent` (may be NULL) that stand in the table. */
static enum sugu_status
read_fields(const xmlNode *parent,
            const struct field *fields,
            size_t count,
            struct sugu_eligibility_answer *answer,
            struct sugu_error *reterr)
{
    for (size_t i = 0; i < count; i++) {
        const xmlNode *child;
        enum sugu_status status = find_child(parent, fields[i].element, &child, reterr);
        if (status == SUGU_OK && child)
            status = read_value(child, (char *)answer + fields[i].offset, reterr);
        if (status != SUGU_OK)
            return status;
    }
    return SUGU_OK;
}
#define READ_FIELDS(parent, fields, answer, reterr)                                                \
    read_fields(parent, fields, SUGU_ARRAY_SIZE(fields), answer, reterr)

/* ---- the message */

static enum sugu_status
read_group(const xmlNode *parent,
           const char *name,
           const struct field *fields,
           size_t count,
           struct sugu_eligibility_answer *answer,
           struct sugu_error *reterr)
{
    const xmlNode *group;
    enum sugu_status status = find_child(parent, name, &group, reterr);

    return status == SUGU_OK ? read_fields(group, fields, count, answer, reterr) : status;
}
#define READ_GROUP(parent, name, fields, answer, reterr)                                           \
    read_group(parent, name, fields, SUGU_ARRAY_SIZE(fields), answer, reterr)

static enum sugu_status
read_results(const xmlNode *body, struct sugu_eligibility_answer *answer, struct sugu_error *reterr)
{
    const xmlNode *list = NULL, *first = NULL;
    enum sugu_status status = find_child(body, "ResultList", &list, reterr);

    for (const xmlNode *child = list ? list->children : NULL; status == SUGU_OK && child;
         child = child->next) {
        if (!is_called(child, "ResultOfQualificationConfirmation"))
            continue;
        first = first ? first : child;
        answer->result_count += answer->result_count < RESULTS_MAX ? 1 : 0;
    }
    if (status == SUGU_OK)
        status = READ_FIELDS(first, result_fields, answer, reterr);
    if (status == SUGU_OK)
        status =
            READ_GROUP(first, "ElderlyRecipientCertificateInfo", elderly_fields, answer, reterr);
    if (status == SUGU_OK)
        status = READ_GROUP(first, "LimitApplicationCertificateRelatedInfo", limit_fields, answer,
                            reterr);
    return status;
}

static enum sugu_status
read_message(const xmlNode *root, struct sugu_eligibility_answer *answer, struct sugu_error *reterr)
{
    const xmlNode *header = NULL, *body = NULL;
    enum sugu_status status;

    if (!root || !is_called(root, "XmlMsg"))
        return sugu_fail(reterr, SUGU_REFUSED, code, "the file is another kind of message");
    status = find_child(root, "MessageHeader", &header, reterr);
    if (status == SUGU_OK)
        status = find_child(root, "MessageBody", &body, reterr);
    if (status != SUGU_OK)
        return status;
    if (!header)
        return sugu_fail(reterr, SUGU_REFUSED, code, "the file has no MessageHeader");
    status = READ_FIELDS(header, header_fields, answer, reterr);
    if (status == SUGU_OK)
        status = READ_FIELDS(body, body_fields, answer, reterr);
    if (status == SUGU_OK)
        status = READ_GROUP(body, "QualificationConfirmSearchInfo", search_fields, answer, reterr);
    return status == SUGU_OK ? read_results(body, answer, reterr) : status;
}

enum sugu_status
sugu_oqs_answer_parse(const uint8_t *bytes,
                      size_t size,
                      struct sugu_eligibility_answer *ret_answer,
                      struct sugu_error *reterr)
{
    struct sugu_eligibility_answer answer = {0};
    xmlDoc *document = NULL;
    char *text = NULL;
    size_t text_size = 0;
    enum sugu_status status;

    if (size > SUGU_OQS_ANSWER_SIZE_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, code, "the file is larger than any answer");
    status = to_utf8(bytes, size, &text, &text_size, reterr);
    if (status != SUGU_OK)
        return status;
    assert(text);
    status = parse_xml(text, text_size, &document, reterr);
    explicit_bzero(text, text_size);
    free(text);
    if (status != SUGU_OK)
        return status;
    status = read_message(xmlDocGetRootElement(document), &answer, reterr);
    xmlFreeDoc(document);
    if (status == SUGU_OK)
        *ret_answer = answer;
    explicit_bzero(&answer, sizeof answer);
    return status;
}
