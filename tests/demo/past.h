/* SPDX-License-Identifier: Apache-2.0 */
/*
 * past - invented weeks before the demo's day, of which the hospital learns its waiting times
 */
#pragma once

#include "testlib/hospital.h"

/* Writes visits of the last 20 days as their programs would have left them, and has sugu-admin make
 * the ranges of them. */
void past_write(struct sugu_hospital *hospital);
