/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posting - money received or given back, as one file for each time
 *
 * The folder is the book of a site without a receipt computer: each file is written once, whole,
 * and never replaced, so a payment cannot be posted twice however often it is tried. A file is
 * lines of "name value", UTF-8:
 *
 *     sugu-posting 1
 *     bill 01934f…
 *     visit 01934f…
 *     revision 2
 *     amount-yen 1010
 *     method card
 *     business-day 20261122
 *
 * What moves after that is another file, "20261123-<change>.change": "sugu-posting-change 1" with
 * `change`, `reason` (overpaid, void, correction, paid-again) and `kept-yen` besides; `amount-yen`
 * is negative where it went back.
 */
#pragma once

#include "fee/fee-module.h"

/* "20261122-<bill>-r2.posting", "20261122-<change>.change" */
#define SUGU_POSTING_NAME_SIZE 72

const char *sugu_posting_name(const struct sugu_posting *posting, char to[SUGU_POSTING_NAME_SIZE]);

/*
 * Durable when OK, also where the same file is there already. BROKEN "fee.posting-differs" where
 * that name is there with another content, or what writing gave ("disk.full", "file.not-written").
 */
enum sugu_status sugu_posting_write(const char *folder,
                                    const struct sugu_posting *posting,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
