/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr - a QR code on a sheet
 */
#include "papers/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#define QUIET_MODULES 4

enum sugu_status
sugu_sheet_qr(struct sugu_sheet *sheet,
              double x,
              double y,
              double side,
              const char *text,
              struct sugu_error *reterr)
{
    QRcode *code = QRcode_encodeString8bit(text, /* version= */ 0, QR_ECLEVEL_M);
    double module;

    if (!code)
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "QR code: %s", strerror(errno));
    module = side / (code->width + 2 * QUIET_MODULES);
    for (int row = 0; row < code->width; row++) {
        const unsigned char *modules = code->data + (size_t)row * code->width;
        for (int column = 0, run; column < code->width; column += run) {
            bool is_dark = modules[column] & 1;
            /* A run of modules is one rectangle: no hairlines between neighbours. */
            for (run = 1; column + run < code->width; run++)
                if ((modules[column + run] & 1) != is_dark)
                    break;
            if (is_dark)
                cairo_rectangle(sheet->cr, x + (QUIET_MODULES + column) * module,
                                y + (QUIET_MODULES + row) * module, run * module, module);
        }
    }
    cairo_fill(sheet->cr);
    QRcode_free(code);
    return SUGU_OK;
}
