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
#include "domain/era.h"
#include "domain/ticket-code.h"
#include "domain/ticket.h"
#include "papers/qr.h"
#include "papers/texts.h"

#include <stdio.h>

#define GAP              SUGU_MM(2.5)
#define QR_SIDE          SUGU_MM(38)
#define NUMBER_SIZE_MAX  96.0
#define PLACE_HEIGHT_MAX 62.0 /* two lines at full size */

/* Of the plan, as core/protocol/bounds.def has them. */
#define STAGES_MAX    20
#define NAME_SIZE_MAX 100
#define PLAN_SIZE     (STAGES_MAX * (NAME_SIZE_MAX + 16) + 64)

static const struct sugu_type small = {8.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type plain = {11.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type gloss = {8.5, false, SUGU_ALIGN_CENTER};
static const struct sugu_type strong = {15, true, SUGU_ALIGN_CENTER};
static const struct sugu_type place = {21, true, SUGU_ALIGN_CENTER};

/* The sentence, and beneath it the Japanese one where the patient reads another language. */
static void
say(struct sugu_sheet *sheet,
    const struct sugu_type *type,
    enum sugu_paper_text text,
    bool in_japanese,
    const char *value)
{
    char words[400];

    sugu_paper_text_with(text, in_japanese, value, words, sizeof words);
    sugu_sheet_paragraph(sheet, type, in_japanese ? GAP : SUGU_MM(0.3), words);
    if (!in_japanese) {
        sugu_paper_text_with(text, /* in_japanese= */ true, value, words, sizeof words);
        sugu_sheet_paragraph(sheet, &gloss, GAP, words);
    }
}

static void
rule(struct sugu_sheet *sheet)
{
    sugu_sheet_rule(sheet, sheet->margin, sheet->y, sugu_sheet_inner(sheet), 0.8);
    sheet->y += GAP;
}

static void
put_head(struct sugu_sheet *sheet, const Sugu__PrintPaper *order, bool in_japanese)
{
    char date[SUGU_DATE_TEXT_SIZE], line[SUGU_DATE_TEXT_SIZE + 16];
    uint32_t day = sugu_day_in_japan(order->ticket->issued_utc_us);
    uint32_t minutes = sugu_minutes_of_utc(order->ticket->issued_utc_us, SUGU_JAPAN_OFFSET_MINUTES);

    if (*order->facility_name)
        sugu_sheet_paragraph(sheet, &(struct sugu_type){12, true, SUGU_ALIGN_CENTER}, SUGU_MM(1),
                             order->facility_name);
    if (in_japanese)
        sugu_era_text_both(day, date);
    else
        sugu_date_text_iso(day, date);
    snprintf(line, sizeof line, "%s　%u:%02u", date, minutes / 60, minutes % 60);
    sugu_sheet_paragraph(sheet, &small, GAP, line);
    rule(sheet);
}

static void
put_number(struct sugu_sheet *sheet, const Sugu__Ticket *ticket, bool in_japanese)
{
    static const struct sugu_type giant = {NUMBER_SIZE_MAX, true, SUGU_ALIGN_CENTER};
    struct sugu_box box = {sheet->margin, 0, sugu_sheet_inner(sheet), 0};

    say(sheet, &plain, SUGU_TEXT_TICKET_NUMBER, in_japanese, "");
    box.y = sheet->y;
    sheet->y += sugu_sheet_ink_line(sheet, &box, &giant, ticket->number) + SUGU_MM(4);
    rule(sheet);
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
    say(sheet, &strong, SUGU_TEXT_TICKET_RANGE, in_japanese, range);
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
        say(sheet, &strong, SUGU_TEXT_TICKET_TO_DESK, in_japanese, "");
        say(sheet, &plain, SUGU_TEXT_TICKET_DESK_HELPS, in_japanese, "");
    } else if (*ticket->desk) {
        say(sheet, &strong, SUGU_TEXT_TICKET_CALLED, in_japanese, desk);
    } else {
        if (ticket->before_you >= SUGU_BEFORE_YOU_MAX)
            say(sheet, &strong, SUGU_TEXT_TICKET_BEFORE_MANY, in_japanese, count);
        else if (ticket->before_you > 0)
            say(sheet, &strong, SUGU_TEXT_TICKET_BEFORE, in_japanese, count);
        else
            say(sheet, &strong, SUGU_TEXT_TICKET_NEXT, in_japanese, "");
        put_range(sheet, ticket, in_japanese);
        if (*ticket->department_name)
            say(sheet, &plain, SUGU_TEXT_TICKET_WAIT, in_japanese, ticket->department_name);
    }
    say(sheet, &plain, SUGU_TEXT_TICKET_KEEP, in_japanese, "");
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
    rule(sheet);
    say(sheet, &small, SUGU_TEXT_TICKET_PLAN, in_japanese, "");
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
    rule(sheet);
    status =
        sugu_sheet_qr(sheet, (sheet->width - QR_SIDE) / 2, sheet->y - GAP, QR_SIDE, text, reterr);
    sheet->y += QR_SIDE - GAP;
    say(sheet, &small, *order->phone_page ? SUGU_TEXT_TICKET_PHONE : SUGU_TEXT_TICKET_CODE,
        in_japanese, "");
    return status;
}

enum sugu_status
sugu_ticket_layout(struct sugu_sheet *sheet,
                   const Sugu__PrintPaper *order,
                   struct sugu_error *reterr)
{
    bool in_japanese = sugu_language_is_japanese(order->language);

    sugu_sheet_begin(sheet);
    put_head(sheet, order, in_japanese);
    put_number(sheet, order->ticket, in_japanese);
    put_place(sheet, order->ticket, in_japanese);
    put_plan(sheet, order->ticket, in_japanese);
    return put_code(sheet, order, in_japanese, reterr);
}
