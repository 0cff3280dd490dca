/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns - whose turn it is, where there is more to do than time
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The first of `count` for which is_due says so, looking from *next on and around; *next moves
 * behind it, so that one that is always due keeps nobody else waiting. `count` where none is.
 */
size_t sugu_turns_take(size_t *next,
                       size_t count,
                       bool (*is_due)(const void *user, size_t index),
                       const void *user);
