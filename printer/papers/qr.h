/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr - a QR code on a sheet
 *
 * What a ticket's code says stands in domain/ticket-code.h: `SUGU1:` and 32 hexadecimal digits, or
 * the address of the phone page and the digits. Error correction is level M (15 % may be dirty),
 * the quiet zone of four modules is inside the given square. Modules are filled rectangles, so that
 * they stay sharp at any resolution.
 */
#pragma once

#include "papers/sheet.h"

/* Draws `text` (1 … 250 bytes) into the square; BROKEN "printer.layout" where it does not fit. */
enum sugu_status sugu_sheet_qr(struct sugu_sheet *sheet,
                               double x,
                               double y,
                               double side,
                               const char *text,
                               struct sugu_error *reterr) SUGU_MUST_CHECK;
