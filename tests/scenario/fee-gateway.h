/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fee-gateway - the real sugu-fee beside a test's hospital, as its client "fee-1"
 */
#pragma once

#include "testlib/hospital.h"
#include "testlib/process.h"

/* Where it puts what it posts. */
void fee_gateway_postings(const struct sugu_hospital *hospital, char to[static 300]);
/* Starts it, once more too, and waits until the server knows it; the client has been added. */
void fee_gateway_start(struct sugu_hospital *hospital, struct sugu_process *fee);
