/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim - the slip over money that is the patient's: change that a machine owes, or a refund
 *
 * Whoever holds it may be sent to a desk with it, so it names nobody: the number of the day, the
 * amount, and a reference by which the desk finds the payment. The desk's own books decide.
 */
#include "papers/layouts-private.h"

#include "domain/yen.h"
#include "papers/slip-private.h"

#define AMOUNT_SIZE_MAX 40.0

static const struct sugu_type plain = {11.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type strong = {15, true, SUGU_ALIGN_CENTER};
static const struct sugu_type huge = {AMOUNT_SIZE_MAX, true, SUGU_ALIGN_CENTER};

static void
put_amount(struct sugu_sheet *sheet, int64_t yen)
{
    struct sugu_box box = {sheet->margin, sheet->y, sugu_sheet_inner(sheet), 0};
    char words[SUGU_AMOUNT_TEXT_SIZE];

    sugu_yen_text(sugu_yen(yen), /* in_japanese= */ true, words);
    sheet->y += sugu_sheet_ink_line(sheet, &box, &huge, words) + SUGU_MM(4);
}

enum sugu_status
sugu_claim_layout(struct sugu_sheet *sheet,
                  const Sugu__PrintPaper *order,
                  struct sugu_error *reterr)
{
    bool in_japanese = sugu_language_is_japanese(order->language);
    bool is_refund = order->kind == SUGU__PAPER_KIND__PAPER_REFUND;
    const Sugu__Claim *claim = order->claim;

    if (claim->yen <= 0)
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "a slip over nothing");
    sugu_sheet_begin(sheet);
    sugu_slip_head(sheet, order->facility_name, claim->utc_us, in_japanese);
    sugu_slip_say(sheet, &strong, is_refund ? SUGU_TEXT_REFUND_TITLE : SUGU_TEXT_CLAIM_TITLE,
                  in_japanese, "");
    put_amount(sheet, claim->yen);
    sugu_slip_rule(sheet);
    if (*claim->number)
        sugu_slip_say(sheet, &strong, SUGU_TEXT_CLAIM_NUMBER, in_japanese, claim->number);
    sugu_slip_say(sheet, &plain, SUGU_TEXT_CLAIM_REFERENCE, in_japanese, claim->reference);
    if (*claim->place)
        sugu_slip_say(sheet, &plain, SUGU_TEXT_CLAIM_PLACE, in_japanese, claim->place);
    sugu_slip_rule(sheet);
    sugu_slip_say(sheet, &plain, is_refund ? SUGU_TEXT_REFUND_HOW : SUGU_TEXT_CLAIM_HOW,
                  in_japanese, "");
    return SUGU_OK;
}
