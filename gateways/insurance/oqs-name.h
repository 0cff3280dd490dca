/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-name - names of the files in the folders req, res and face
 *
 * domain/card-insurance.md 2.3. The 12 characters behind OQSsiquc01req_ are not fixed by any source
 * at hand; those that read them accept exactly 12 digits, and bulk files carry YYYYMMDDNNNN. Sugu
 * writes YYYYMMDDNNNN too: the day and a number of that day. This part of a name is called the
 * stem.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SUGU_OQS_STEM_SIZE 13 /* 12 digits, with the NUL */
#define SUGU_OQS_NAME_SIZE 128

/* "OQSsiquc01req_202611220001.xml" and "OQSsiquc01res_202611220001.xml". */
void sugu_oqs_request_name(char to[SUGU_OQS_NAME_SIZE], const char *stem);
void sugu_oqs_answer_name(char to[SUGU_OQS_NAME_SIZE], const char *stem);

/* True for the name of an answer to a single query; the extension in either case. */
bool sugu_oqs_answer_name_parse(const char *name, char ret_stem[SUGU_OQS_STEM_SIZE]);

/*
 * True for what the card reader pushed: OQSsiquc01res_face_<id>_<YYYYMMDDhhmmss>.xml. Writes the 14
 * digits of the time.
 */
bool sugu_oqs_face_name_parse(const char *name, char ret_time[15]);
