/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-printer - the session's papers: ticket, receipt and statement, slips over money
 */
#include "session-private.h"

#include "base/text.h"

#include <string.h>

/* Longer than the page waits for its papers. Who ordered them is gone then, and what they say of a
 * person must not come out into an open tray. */
#define PRINT_DEADLINE_US (120 * SUGU_SECOND)

static void
fail_paper(struct kiosk_session *session, const char *code)
{
    sugu_text_copy(session->facts.person.paper_code, sizeof session->facts.person.paper_code, code);
    kiosk_session_event(session, SUGU_KIOSK_ON_PAPER_TROUBLE, "");
}

static void
on_print_asked(void *user, const Sugu__Reply *reply)
{
    struct kiosk_session *session = kiosk_ask_take(user);

    /* Queued: what becomes of it comes as events. */
    if (!session || reply->status == SUGU__STATUS__OK)
        return;
    if (reply->status == SUGU__STATUS__UNKNOWN) {
        sugu_text_copy(session->facts.person.paper_code, sizeof session->facts.person.paper_code,
                       "printer.away");
        kiosk_session_event(session, SUGU_KIOSK_ON_PAPER_UNKNOWN, "");
        return;
    }
    fail_paper(session, reply->code);
}

/* Papers are laid out in a language of the printer's; easy Japanese is printed as Japanese. */
static void
set_language(const struct kiosk_session *session, char to[static 16])
{
    sugu_text_copy(to, 16, kiosk_model_language(session->model));
    to[strcspn(to, "@")] = '\0';
}

/* Sends the order with what every order has. */
static bool
order_paper(struct kiosk_session *session,
            const Sugu__PrintPaper *order,
            const struct sugu_id *paper,
            sugu_on_reply on_reply)
{
    const struct sugu_id *visit = &session->facts.person.ticket.visit;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__PrintPaper print = *order;
    char language[16];

    set_language(session, language);
    print.paper = sugu_id_field(paper);
    if (!sugu_id_is_none(visit))
        print.visit = sugu_id_field(visit);
    print.language = language;
    print.phone_page = session->facts.place.phone_page;
    print.facility_name = session->facts.place.facility_name;
    request.deadline_utc_us = session->clock->utc_us(session->clock) + PRINT_DEADLINE_US;
    request.body_case = SUGU__REQUEST__BODY_PRINT_PAPER;
    request.print_paper = &print;
    return kiosk_device_ask(session, &session->printer, &request, KIOSK_DEVICE_WAIT_US, on_reply);
}

static void
print(struct kiosk_session *session, const Sugu__PrintPaper *order)
{
    struct kiosk_paper *paper;

    if (!session->facts.place.has_printer || session->paper_count == KIOSK_PAPERS_MAX) {
        fail_paper(session, session->parts[SUGU__PART__PART_PRINTER].code[0]
                                ? session->parts[SUGU__PART__PART_PRINTER].code
                                : "printer.away");
        return;
    }
    paper = &session->papers[session->paper_count++];
    *paper = (struct kiosk_paper){.id = sugu_id_new(session->clock, session->random)};
    if (!order_paper(session, order, &paper->id, on_print_asked))
        fail_paper(session, "printer.away");
}

/* The day's places for the slip. */
static void
fill_stages(const struct kiosk_ticket *from,
            Sugu__TicketStage stages[KIOSK_STAGES_MAX],
            Sugu__TicketStage *list[KIOSK_STAGES_MAX],
            Sugu__Ticket *to)
{
    for (unsigned i = 0; i < from->stage_count; i++) {
        list[i] = &stages[i];
        sugu__ticket_stage__init(list[i]);
        list[i]->department_name = (char *)from->stages[i].department_name;
        list[i]->before_you = from->stages[i].before_you;
    }
    to->n_stages = from->stage_count;
    to->stages = list;
    to->low_min = from->low_min;
    to->high_min = from->high_min;
}

void
kiosk_device_print_ticket(struct kiosk_session *session)
{
    Sugu__TicketStage stages[KIOSK_STAGES_MAX], *list[KIOSK_STAGES_MAX];
    const struct kiosk_person *person = &session->facts.person;
    const struct kiosk_ticket *from = &person->ticket;
    Sugu__PrintPaper paper = SUGU__PRINT_PAPER__INIT;
    Sugu__Ticket ticket = SUGU__TICKET__INIT;

    session->paper_count = 0;
    session->is_paper_told = false;
    session->facts.person.is_paper_out = false;
    session->facts.person.paper_code[0] = '\0';
    ticket.number = (char *)(from->number[0] ? from->number : person->reference);
    ticket.department_name = (char *)from->department_name;
    ticket.before_you = from->before_you;
    ticket.issued_utc_us = session->clock->utc_us(session->clock);
    ticket.is_to_desk = from->is_to_desk || !from->number[0];
    ticket.reason = (char *)from->reason;
    fill_stages(from, stages, list, &ticket);
    if (!sugu_id_is_none(&from->visit))
        ticket.visit = sugu_id_field(&from->visit);
    if (!sugu_id_is_none(&from->token))
        ticket.token = sugu_id_field(&from->token);
    paper.kind = SUGU__PAPER_KIND__PAPER_TICKET;
    paper.content_case = SUGU__PRINT_PAPER__CONTENT_TICKET;
    paper.ticket = &ticket;
    print(session, &paper);
}

/* ---- slips over money */

struct slip {
    Sugu__Claim claim;
    char reference[9];
};

/* The reference is the id's random end: enough for a desk to find it among the day's. */
static void
fill_slip(const struct kiosk_session *session,
          Sugu__PaperKind kind,
          const struct sugu_id *id,
          int64_t yen,
          struct slip *slip,
          Sugu__PrintPaper *paper)
{
    for (size_t i = 0; i < 4; i++)
        snprintf(slip->reference + 2 * i, 3, "%02X", id->bytes[SUGU_ID_SIZE - 4 + i]);
    sugu__claim__init(&slip->claim);
    slip->claim.number = (char *)session->facts.person.ticket.number;
    slip->claim.reference = slip->reference;
    slip->claim.place = (char *)session->settings.kiosk_name;
    slip->claim.yen = yen;
    slip->claim.utc_us = session->clock->utc_us(session->clock);
    paper->kind = kind;
    paper->content_case = SUGU__PRINT_PAPER__CONTENT_CLAIM;
    paper->claim = &slip->claim;
}

/* Nobody waits for this slip: staff are called all the same. */
static void
on_claim_asked(void *user, const Sugu__Reply *reply)
{
    (void)reply;
    kiosk_ask_take(user);
}

void
kiosk_device_print_claim(struct kiosk_session *session)
{
    Sugu__PrintPaper paper = SUGU__PRINT_PAPER__INIT;
    struct slip slip;

    session->claimed = session->attempt;
    if (!session->facts.place.has_printer)
        return;
    fill_slip(session, SUGU__PAPER_KIND__PAPER_CLAIM, &session->attempt,
              session->facts.person.cash.owed_yen, &slip, &paper);
    session->claim = sugu_id_new(session->clock, session->random);
    order_paper(session, &paper, &session->claim, on_claim_asked);
}

/* What is due to the patient of a bill that was paid. */
static void
print_refund(struct kiosk_session *session)
{
    const Sugu__Bill *bill = session->receipt->bill;
    Sugu__PrintPaper paper = SUGU__PRINT_PAPER__INIT;
    struct sugu_id id;
    struct slip slip;

    if (!bill || bill->refund_due_yen <= 0)
        return;
    id = sugu_id_of(&bill->bill);
    fill_slip(session, SUGU__PAPER_KIND__PAPER_REFUND, &id, bill->refund_due_yen, &slip, &paper);
    print(session, &paper);
}

/* ---- receipt and statement */

void
kiosk_device_print_receipt(struct kiosk_session *session)
{
    static const Sugu__PaperKind kinds[] = {SUGU__PAPER_KIND__PAPER_RECEIPT,
                                            SUGU__PAPER_KIND__PAPER_STATEMENT};

    session->paper_count = 0;
    session->is_paper_told = false;
    session->facts.person.is_paper_out = false;
    session->facts.person.paper_code[0] = '\0';
    if (!session->receipt)
        return;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(kinds); i++) {
        Sugu__PrintPaper paper = SUGU__PRINT_PAPER__INIT;
        paper.kind = kinds[i];
        paper.content_case = SUGU__PRINT_PAPER__CONTENT_RECEIPT;
        paper.receipt = (Sugu__Receipt *)session->receipt;
        print(session, &paper);
    }
    print_refund(session);
}

/* ---- what became of them */

static void
take_paper_out(struct kiosk_session *session, struct kiosk_paper *paper)
{
    paper->is_out = true;
    for (unsigned i = 0; i < session->paper_count; i++)
        if (!session->papers[i].is_out)
            return;
    session->facts.person.is_paper_out = true;
    session->facts.person.paper_code[0] = '\0';
    kiosk_session_event(session, SUGU_KIOSK_ON_PAPER_OUT, "");
}

void
kiosk_take_paper(struct kiosk_session *session, const Sugu__PaperChange *change)
{
    struct sugu_id id = sugu_id_of(&change->paper);
    struct kiosk_paper *paper = NULL;

    if (!sugu_id_is_none(&id) && sugu_id_equal(&id, &session->claim)) {
        session->facts.person.cash.has_slip = change->state == SUGU__PAPER_STATE__PAPER_OUT;
        kiosk_session_refresh(session);
        return;
    }

    for (unsigned i = 0; i < session->paper_count; i++)
        if (sugu_id_equal(&id, &session->papers[i].id))
            paper = &session->papers[i];
    if (!paper)
        return;
    switch (change->state) {
    case SUGU__PAPER_STATE__PAPER_OUT:
        take_paper_out(session, paper);
        return;
    case SUGU__PAPER_STATE__PAPER_FAILED:
        fail_paper(session, change->code[0] ? change->code : "printer.failed");
        return;
    case SUGU__PAPER_STATE__PAPER_DOUBTFUL:
        sugu_text_copy(session->facts.person.paper_code, sizeof session->facts.person.paper_code,
                       "printer.away");
        kiosk_session_event(session, SUGU_KIOSK_ON_PAPER_UNKNOWN, "");
        return;
    case SUGU__PAPER_STATE__PAPER_QUEUED:
    case SUGU__PAPER_STATE__PAPER_PRINTING:
        /* It waits for somebody to fill paper in: the patient need not. */
        if (change->code[0] && strcmp(change->code, "printer.paper-low") != 0)
            fail_paper(session, change->code);
        return;
    case _SUGU__PAPER_STATE_IS_INT_SIZE:
        return;
    }
}
