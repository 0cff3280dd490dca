/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 *
 * Double entry in whole yen (domain/payments.md 5.4): debit positive, credit negative. The database
 * checks that each journal sums to zero, that its day is open, and that an attempt is posted once.
 */
#pragma once

#include "handlers/handlers.h"

/* receivable grows or shrinks by `yen` against revenue-clearing; nothing is written for 0. `kind`:
 * bill, bill-revised or bill-withdrawn. */
void sugu_ledger_bill(struct sugu_batch *batch, struct sugu_id bill, const char *kind, int64_t yen);

/* Money taken by card: card-clearing (by terminal) against receivable; nothing is written for 0. */
void sugu_ledger_card_payment(struct sugu_batch *batch,
                              struct sugu_id bill,
                              struct sugu_id attempt,
                              const char *terminal,
                              int64_t yen);
