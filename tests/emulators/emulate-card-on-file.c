/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulate-card-on-file FOLDER - the emulated keeper of stored cards as a program, for the demo
 *
 * Prints its address, root file, API key and merchant account, one "word value" line each, then
 * "ready"; then carries out commands from standard input (see card-on-file-provider.h) and answers
 * each with a line. Ends with the input or on SIGTERM.
 */
#include "emulators/card-on-file-provider.h"
#include "emulators/provider-https.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    struct sugu_card_on_file_provider *provider =
        sugu_card_on_file_provider_new(sugu_clock_system());
    int status;

    if (argc != 2 || !provider) {
        fprintf(stderr, "usage: emulate-card-on-file FOLDER\n");
        return 64;
    }
    status = sugu_provider_https_main(
        sugu_card_on_file_provider_base(provider), "emulate-card-on-file", argv[1],
        "key " SUGU_EMULATED_CARD_KEY "\nmerchant " SUGU_EMULATED_CARD_MERCHANT "\n");
    sugu_card_on_file_provider_free(provider);
    return status;
}
