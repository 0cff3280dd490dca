/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name - a person's name in the form in which names are compared
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>

#define SUGU_NAME_SIZE 201 /* with the NUL; bounds.def */

/*
 * Without blanks (U+0020, U+3000), full-width letters and digits made half-width, letters upper
 * case. Nothing fuzzy: 渡辺 and 渡邊 stay different, and a person decides. False where it does not
 * fit or nothing is left.
 */
bool sugu_name_key(char *to, size_t size, const char *name) SUGU_MUST_CHECK;
