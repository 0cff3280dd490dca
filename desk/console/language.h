/* SPDX-License-Identifier: Apache-2.0 */
/*
 * language - the staff's language, chosen once at start
 */
#pragma once

#include <stdbool.h>

bool desk_language_is_known(const char *code);
/* Once, before any window: the code ("ja", "en"), and the folder with the catalogues ("" = where
 * they are installed). Numbers and times stay those of C. */
void desk_language_start(const char *code, const char *folder);
