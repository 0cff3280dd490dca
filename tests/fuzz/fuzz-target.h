/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-target - what every fuzz target defines
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Takes any bytes; has to come back without a fault. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
