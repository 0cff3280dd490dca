/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line-private - the constructor of the bill's lines, for the model alone
 */
#pragma once

#include "model.h"

/* Copies the texts. */
KioskLine *kiosk_line_new(const char *name, const char *points, const char *yen);
