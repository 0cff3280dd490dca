/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db-arguments - the parameters of the statement that is being put together
 */
#pragma once

#include "store/db-private.h"

#define SUGU_ARGUMENTS_MAX 32

struct sugu_arguments {
    uint8_t *memory;
    size_t used, room;
    ptrdiff_t offsets[SUGU_ARGUMENTS_MAX]; /* into memory; -1 = NULL */
    int sizes[SUGU_ARGUMENTS_MAX];
    int count;
};

struct sugu_arguments *sugu_db_arguments(struct sugu_db *db);
