/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-oqs - any bytes as an answer of the qualification terminal, parsed and judged
 *
 * No bytes may crash, leak, or verify anyone but the person asked about.
 */
#include "fuzz-target.h"

#include "insurance/oqs-answer.h"

#include <assert.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct sugu_eligibility_asked asked = {
        .identifier = "0193f0c0a1b27c3d8e4f5a6b7c8d9e0f",
        .institution = "0110113719",
        .insurer_number = "06130488",
        .symbol = "12",
        .number = "0345",
        .birth_date = 19700401,
        .confirm_date = 20261122,
    };
    struct sugu_eligibility_answer answer;
    struct sugu_eligibility_verdict verdict;
    struct sugu_error error = {.code = ""};
    enum sugu_status status = sugu_oqs_answer_parse(bytes, size, &answer, &error);

    if (status != SUGU_OK) {
        assert(status == SUGU_RETRY || status == SUGU_REFUSED);
        assert(strcmp(error.code, "eligibility.bad-answer") == 0);
        return 0;
    }
    sugu_eligibility_judge(&asked, &answer, &verdict);
    if (sugu_eligibility_is_verified(&verdict)) {
        assert(strcmp(answer.identifier, asked.identifier) == 0);
        assert(strcmp(answer.result.birth_date, "19700401") == 0);
        assert(sugu_insurer_number_check(verdict.insurer_number, NULL) == SUGU_OK);
        assert(verdict.ratio_percent <= 100 && *verdict.number && answer.result_count == 1);
    } else {
        assert(*verdict.code && *verdict.reason && !*verdict.insurer_number);
    }
    return 0;
}
