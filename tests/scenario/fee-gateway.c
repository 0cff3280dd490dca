/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fee-gateway - the real sugu-fee beside a test's hospital, as its client "fee-1"
 */
#include "scenario/fee-gateway.h"

#include <stdio.h>

void
fee_gateway_postings(const struct sugu_hospital *hospital, char to[static 300])
{
    snprintf(to, 300, "%s/postings", hospital->folder);
}

void
fee_gateway_start(struct sugu_hospital *hospital, struct sugu_process *fee)
{
    struct sugu_hospital_options connection;
    char program[512], log[300], postings[300];
    const char *argv[32] = {sugu_hospital_program("gateways/fee/sugu-fee", program),
                            "--master",
                            SUGU_SOURCE_ROOT "/assets/fee/acts-sample.csv",
                            "--own-prices",
                            SUGU_SOURCE_ROOT "/assets/fee/own-prices-sample.csv",
                            "--poll-interval",
                            "1",
                            "--postings-folder",
                            postings};
    size_t count = 9;
    long offset = 0;

    for (const char *const *word = sugu_hospital_connection(hospital, "fee-1", &connection); *word;)
        argv[count++] = *word++;
    snprintf(log, sizeof log, "%s/fee.log", hospital->folder);
    fee_gateway_postings(hospital, postings);
    remove(log); /* of a run before, which was connected as well */
    sugu_process_spawn(fee, log, argv, NULL);
    sugu_process_expect(fee, "fee.connected", &offset, NULL, 0, 20);
}
