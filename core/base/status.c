/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status - filling errors and looking codes up in error-codes.def
 */
#include "base/status.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct sugu_code codes[] = {
#define SUGU_CODE(code, status, patient, staff) {code, status, patient, staff},
#include "base/error-codes.def"
#undef SUGU_CODE
};

const struct sugu_code *
sugu_codes(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(codes);
    return codes;
}

const struct sugu_code *
sugu_code_find(const char *code)
{
    for (size_t i = 0; code && i < SUGU_ARRAY_SIZE(codes); i++)
        if (strcmp(codes[i].code, code) == 0)
            return &codes[i];
    return &codes[0]; /* the first row is bug.unknown-code */
}

const char *
sugu_status_name(enum sugu_status status)
{
    switch (status) {
    case SUGU_OK:
        return "OK";
    case SUGU_RETRY:
        return "RETRY";
    case SUGU_REFUSED:
        return "REFUSED";
    case SUGU_UNKNOWN:
        return "UNKNOWN";
    case SUGU_BROKEN:
        return "BROKEN";
    }
    return "BROKEN";
}

#undef sugu_fail /* the analyzer's, in status.h */
enum sugu_status
sugu_fail(
    struct sugu_error *reterr, enum sugu_status status, const char *code, const char *format, ...)
{
    if (reterr) {
        va_list values;
        reterr->status = status;
        reterr->code = sugu_code_find(code)->code;
        va_start(values, format);
        vsnprintf(reterr->detail, sizeof reterr->detail, format, values);
        va_end(values);
        sugu_text_clean(reterr->detail);
    }
    return status;
}
