/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns - whose turn it is, where there is more to do than time
 */
#include "turns.h"

size_t
sugu_turns_take(size_t *next,
                size_t count,
                bool (*is_due)(const void *user, size_t index),
                const void *user)
{
    for (size_t i = 0; i < count; i++) {
        size_t index = (*next + i) % count;
        if (is_due(user, index)) {
            *next = index + 1;
            return index;
        }
    }
    return count;
}
