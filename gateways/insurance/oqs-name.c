/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-name - names of the files in the folders req, res and face
 */
#include "insurance/oqs-name.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define STEM_LENGTH (SUGU_OQS_STEM_SIZE - 1)
#define TIME_LENGTH 14

static const char request_prefix[] = "OQSsiquc01req_";
static const char answer_prefix[] = "OQSsiquc01res_";
static const char face_prefix[] = "OQSsiquc01res_face_";

void
sugu_oqs_request_name(char to[SUGU_OQS_NAME_SIZE], const char *stem)
{
    snprintf(to, SUGU_OQS_NAME_SIZE, "%s%s.xml", request_prefix, stem);
}

void
sugu_oqs_answer_name(char to[SUGU_OQS_NAME_SIZE], const char *stem)
{
    snprintf(to, SUGU_OQS_NAME_SIZE, "%s%s.xml", answer_prefix, stem);
}

/* `text` is `count` digits and then ".xml" and no more. */
static bool
is_digits_and_xml(const char *text, size_t count)
{
    return strspn(text, "0123456789") == count && strcasecmp(text + count, ".xml") == 0;
}

bool
sugu_oqs_answer_name_parse(const char *name, char ret_stem[SUGU_OQS_STEM_SIZE])
{
    const char *stem = name + sizeof answer_prefix - 1;

    if (strncmp(name, answer_prefix, sizeof answer_prefix - 1) != 0 ||
        !is_digits_and_xml(stem, STEM_LENGTH))
        return false;
    memcpy(ret_stem, stem, STEM_LENGTH);
    ret_stem[STEM_LENGTH] = '\0';
    return true;
}

bool
sugu_oqs_face_name_parse(const char *name, char ret_time[15])
{
    const char *time = strrchr(name, '_');

    if (strncmp(name, face_prefix, sizeof face_prefix - 1) != 0 ||
        time <= name + sizeof face_prefix - 1 || !is_digits_and_xml(time + 1, TIME_LENGTH))
        return false;
    memcpy(ret_time, time + 1, TIME_LENGTH);
    ret_time[TIME_LENGTH] = '\0';
    return true;
}
