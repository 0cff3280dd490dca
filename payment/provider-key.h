/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-key - who we are at a provider, out of a file that nobody else can read
 *
 * A line for each, "api-key WORD", "secret WORDS", "merchant WORD" and "store WORD"; '#' begins a
 * comment line. Never on a command line, which every user of the machine can read.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>

struct sugu_provider_key {
    char api_key[300];
    char secret[256];
    char merchant[65];
    char store[33];
};

/*
 * `wants_secret`: the provider's requests are signed. REFUSED "key.file" with what is wrong: others
 * can read it, a line that is none, something missing. Clear it with explicit_bzero.
 */
enum sugu_status sugu_provider_key_read(const char *path,
                                        bool wants_secret,
                                        struct sugu_provider_key *ret_key,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;
