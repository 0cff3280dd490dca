/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - the slip with the day's number
 *
 * One column, 80 mm wide: who gave it and when, the number in giant digits, where to go and how
 * many are before, what to do next, the code to scan. In the patient's language; where that is not
 * Japanese, the Japanese stands beneath in small letters, so that staff can help.
 */
#include "papers/layouts-private.h"

#include "domain/desk-name.h"
#include "domain/ticket-code.h"
#include "domain/ticket.h"
#include "papers/qr.h"
#include "papers/slip-private.h"
#include "papers/texts.h"

#include <stdio.h>

#define GAP              SUGU_SLIP_GAP
#define QR_SIDE          SUGU_MM(38)
#define NUMBER_SIZE_MAX  96.0
#define PLACE_HEIGHT_MAX 62.0 /* two lines at full size */

/* Of the plan, as core/protocol/bounds.def has them. */
#define STAGES_MAX    20
#define NAME_SIZE_MAX 100
#define PLAN_SIZE     (STAGES_MAX * (NAME_SIZE_MAX + 16) + 64)

static const struct sugu_type small = {8.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type plain = {11.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type strong = {15, true, SUGU_ALIGN_CENTER};
static const struct sugu_type place = {21, true, SUGU_ALIGN_CENTER};

static void
put_number(struct sugu_sheet *sheet, const Sugu__Ticket *ticket, bool in_japanese)
{
    static const struct sugu_type giant = {NUMBER_SIZE_MAX, true, SUGU_ALIGN_CENTER};
    struct sugu_box box = {sheet->margin, 0, sugu_sheet_inner(sheet), 0};

    sugu_slip_say(sheet, &plain, SUGU_TEXT_TICKET_NUMBER, in_japanese, "");
    box.y = sheet->y;
    sheet->y += sugu_sheet_ink_line(sheet, &box, &giant, ticket->number) + SUGU_MM(4);
    sugu_slip_rule(sheet);
}

/* The department's name as large as it goes on two lines. */
static void
put_department(struct sugu_sheet *sheet, const char *name)
{
    double width = sugu_sheet_inner(sheet);
    double height = sugu_sheet_text_height(sheet, width, &place, name);
    struct sugu_box box = {sheet->margin, sheet->y, width,
                           height > PLACE_HEIGHT_MAX ? PLACE_HEIGHT_MAX : height};

    sugu_sheet_text(sheet, &box, &place, name);
    sheet->y += box.height + GAP;
}

static void
put_range(struct sugu_sheet *sheet, const Sugu__Ticket *ticket, bool in_japanese)
{
    char range[32];

    if (ticket->before_you == 0 || ticket->high_min == 0)
        return;
    snprintf(range, sizeof range, "%u–%u", ticket->low_min, ticket->high_min);
    sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_RANGE, in_japanese, range);
}

static void
put_place(struct sugu_sheet *sheet, const Sugu__Ticket *ticket, bool in_japanese)
{
    char count[16], desk[SUGU_DESK_NAME_SIZE];

    sugu_desk_name(desk, in_japanese ? "ja" : "en", (enum sugu_desk_word)ticket->desk_word,
                   ticket->desk);
    snprintf(count, sizeof count, "%u",
             ticket->before_you < SUGU_BEFORE_YOU_MAX ? ticket->before_you : SUGU_BEFORE_YOU_MAX);
    if (*ticket->department_name)
        put_department(sheet, ticket->department_name);
    if (ticket->is_to_desk) {
        sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_TO_DESK, in_japanese, "");
        sugu_slip_say(sheet, &plain, SUGU_TEXT_TICKET_DESK_HELPS, in_japanese, "");
    } else if (*ticket->desk) {
        sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_CALLED, in_japanese, desk);
    } else {
        if (ticket->before_you >= SUGU_BEFORE_YOU_MAX)
            sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_BEFORE_MANY, in_japanese, count);
        else if (ticket->before_you > 0)
            sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_BEFORE, in_japanese, count);
        else
            sugu_slip_say(sheet, &strong, SUGU_TEXT_TICKET_NEXT, in_japanese, "");
        put_range(sheet, ticket, in_japanese);
        if (*ticket->department_name)
            sugu_slip_say(sheet, &plain, SUGU_TEXT_TICKET_WAIT, in_japanese,
                          ticket->department_name);
    }
    sugu_slip_say(sheet, &plain, SUGU_TEXT_TICKET_KEEP, in_japanese, "");
}

/* "1 Blood test → 2 Internal medicine → Payment", as many lines as it takes. */
static void
put_plan(struct sugu_sheet *sheet, const Sugu__Ticket *ticket, bool in_japanese)
{
    char plan[PLAN_SIZE];
    size_t used = 0;

    if (ticket->n_stages == 0 || ticket->is_to_desk)
        return;
    for (size_t i = 0; i < ticket->n_stages && i < STAGES_MAX; i++)
        used += (size_t)snprintf(plan + used, sizeof plan - used, "%zu\u00a0%.*s → ", i + 1,
                                 NAME_SIZE_MAX, ticket->stages[i]->department_name);
    snprintf(plan + used, sizeof plan - used, "%s",
             sugu_paper_text(SUGU_TEXT_TICKET_PAYMENT, in_japanese));
    sugu_slip_rule(sheet);
    sugu_slip_say(sheet, &small, SUGU_TEXT_TICKET_PLAN, in_japanese, "");
    sugu_sheet_paragraph(sheet, &plain, GAP, plan);
}

static enum sugu_status
put_code(struct sugu_sheet *sheet,
         const Sugu__PrintPaper *order,
         bool in_japanese,
         struct sugu_error *reterr)
{
    const Sugu__Ticket *ticket = order->ticket;
    char text[SUGU_TICKET_CODE_TEXT_SIZE];
    enum sugu_status status;

    if (ticket->token.len != SUGU_TICKET_TOKEN_SIZE)
        return SUGU_OK; /* a ticket without a token has no code to show */
    if (!sugu_ticket_code_text(order->phone_page, ticket->token.data, text))
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "address of the phone page");
    sugu_slip_rule(sheet);
    status =
        sugu_sheet_qr(sheet, (sheet->width - QR_SIDE) / 2, sheet->y - GAP, QR_SIDE, text, reterr);
    sheet->y += QR_SIDE - GAP;
    sugu_slip_say(sheet, &small,
                  *order->phone_page ? SUGU_TEXT_TICKET_PHONE : SUGU_TEXT_TICKET_CODE, in_japanese,
                  "");
    return status;
}

enum sugu_status
sugu_ticket_layout(struct sugu_sheet *sheet,
                   const Sugu__PrintPaper *order,
                   struct sugu_error *reterr)
{
    bool in_japanese = sugu_language_is_japanese(order->language);

    sugu_sheet_begin(sheet);
    sugu_slip_head(sheet, order->facility_name, order->ticket->issued_utc_us, in_japanese);
    put_number(sheet, order->ticket, in_japanese);
    put_place(sheet, order->ticket, in_japanese);
    put_plan(sheet, order->ticket, in_japanese);
    return put_code(sheet, order, in_japanese, reterr);
}
