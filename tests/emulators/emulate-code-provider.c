/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-code-provider FOLDER - the emulated provider of code payments as a program, for the demo
 *
 * Prints its address, root file, API key, secret and merchant, one "word value" line each, then
 * "ready"; then carries out commands from standard input (see code-provider.h) and answers each
 * with a line. Ends with the input or on SIGTERM.
 */
#include "emulators/code-provider.h"
#include "emulators/provider-https.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    struct sugu_code_provider *provider = sugu_code_provider_new(sugu_clock_system());
    char facts[512];
    int status;

    if (argc != 2 || !provider) {
        fprintf(stderr, "usage: emulate-code-provider FOLDER\n");
        return 64;
    }
    snprintf(facts, sizeof facts, "key %s\nsecret %s\nmerchant %s\n",
             sugu_code_provider_key.api_key, sugu_code_provider_key.secret,
             SUGU_EMULATED_CODE_MERCHANT);
    status = sugu_provider_https_main(sugu_code_provider_base(provider), "emulate-code-provider",
                                      argv[1], facts);
    sugu_code_provider_free(provider);
    return status;
}
