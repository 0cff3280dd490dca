/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - rows of the store as the messages that several replies and events share
 */
#include "handlers/view.h"

#include "domain/bill-machine.h"
#include "domain/visit.h"
#include "handlers/queue-view.h"

#include <stdlib.h>
#include <string.h>

#define SOON_US  (15 * SUGU_MINUTE)
#define LATER_US (6 * 60 * SUGU_MINUTE)

void
sugu_ticket_view_send(struct sugu_batch *batch, struct sugu_ticket_view *view, struct sugu_id visit)
{
    sugu_db_visit_ticket(
        batch->db,
        &(struct sugu_visit_ticket_params){.facility = batch->facility.facility, .visit = visit},
        &view->row);
}

void
sugu_ticket_view_fill(struct sugu_ticket_view *view,
                      const struct sugu_id *visit,
                      bool with_token,
                      Sugu__Ticket *to)
{
    struct sugu_visit_ticket_row *row = &view->row;

    sugu__ticket__init(to);
    sugu_ticket_number_format(view->number, row->series, (uint32_t)row->number);
    to->visit = sugu_id_field(visit);
    to->number = view->number;
    to->department = row->department;
    to->department_name = row->department_name;
    to->before_you = (uint32_t)row->before_you;
    to->business_day = row->day;
    to->issued_utc_us = row->arrived_at;
    if (with_token)
        to->token = (ProtobufCBinaryData){row->token_size, row->token};
    to->state = (Sugu__VisitState)row->state;
    to->is_to_desk = row->is_desk;
    to->reason = row->reason;
    to->desk = row->desk;
    to->stage_state = (Sugu__StageState)row->stage_state;
    to->desk_word = (Sugu__DeskWord)row->desk_word;
}

void
sugu_bill_view_send(struct sugu_batch *batch, struct sugu_bill_view *view, struct sugu_id bill)
{
    int32_t facility = batch->facility.facility;

    sugu_bill_view_done(view);
    view->bill = bill;
    sugu_db_bill_view(
        batch->db, &(struct sugu_bill_view_params){.facility = facility, .bill = bill}, &view->row);
    sugu_db_bill_lines(batch->db,
                       &(struct sugu_bill_lines_params){.facility = facility, .bill = bill},
                       &view->lines);
}

static void
fill_lines(struct sugu_bill_view *view)
{
    size_t count = view->lines.count;

    view->messages = calloc(count ? count : 1, sizeof *view->messages);
    view->list = calloc(count ? count : 1, sizeof(Sugu__BillLine *));
    if (!view->messages || !view->list)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct sugu_bill_lines_row *row = &view->lines.rows[i];
        Sugu__BillLine *line = view->list[i] = &view->messages[i];
        sugu__bill_line__init(line);
        line->category = row->category;
        line->act_code = row->act_code;
        line->name = row->name;
        line->points = (uint32_t)row->points;
        line->count = (uint32_t)row->count;
        line->yen = row->yen;
    }
}

/* By the way that the newest payment came, where it covers all that goes back. */
static Sugu__RefundPlace
refund_place(const char *method)
{
    if (strcmp(method, "card") == 0 || strcmp(method, "on-file") == 0)
        return SUGU__REFUND_PLACE__REFUND_TO_CARD;
    if (strcmp(method, "code") == 0)
        return SUGU__REFUND_PLACE__REFUND_TO_CODE;
    if (strcmp(method, "cash") == 0 || strcmp(method, "desk") == 0)
        return SUGU__REFUND_PLACE__REFUND_AT_DESK;
    return SUGU__REFUND_PLACE__REFUND_ANYWHERE;
}

void
sugu_bill_view_fill(struct sugu_bill_view *view, Sugu__Bill *to)
{
    struct sugu_bill_view_row *row = &view->row;

    if (!view->messages)
        fill_lines(view);
    sugu__bill__init(to);
    to->bill = sugu_id_field(&view->bill);
    to->visit = sugu_id_field(&row->visit);
    to->revision = (uint32_t)row->revision;
    to->state = (Sugu__BillState)row->state;
    to->ratio_percent = (uint32_t)row->ratio_percent;
    to->total_points = (uint32_t)row->total_points;
    to->copay_yen = row->copay_yen;
    to->self_pay_yen = row->self_pay_yen;
    to->total_yen = row->total_yen;
    to->n_lines = view->lines.count;
    to->lines = view->list;
    to->department_name = row->department_name;
    to->is_receipt_issued = row->is_receipt_issued;
    to->paid_yen = row->paid_yen;
    to->deposit_yen = row->deposit_yen;
    to->visit_date = row->day;
    to->waived_yen = row->waived_yen;
    to->refund_due_yen = row->refund_due_yen;
    to->on_file_code = row->on_file_code;
    to->refund_place = refund_place(row->refund_method);
}

void
sugu_bill_view_done(struct sugu_bill_view *view)
{
    sugu_bill_lines_rows_done(&view->lines);
    free(view->messages);
    free(view->list);
    view->messages = NULL;
    view->list = NULL;
}

sugu_time_us
sugu_notice_expires(const struct sugu_batch *batch, Sugu__NoticeKind kind)
{
    return batch->now_utc + (kind == SUGU__NOTICE_KIND__NOTICE_SOON ? SOON_US : LATER_US);
}

void
sugu_may_leave(struct sugu_batch *batch, struct sugu_id visit)
{
    sugu_db_notice_may_leave(
        batch->db,
        &(struct sugu_notice_may_leave_params){
            .facility = batch->facility.facility,
            .visit = visit,
            .made_at = batch->now_utc,
            .expires_at = sugu_notice_expires(batch, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE)},
        NULL);
}

/* To the boards: can the bill be paid now? Nobody is called to a kiosk whose card is going to pay.
 * And to the message hooks what follows. */
static void
publish_ready(struct sugu_batch *batch, const struct sugu_bill_view *view)
{
    const struct sugu_bill_view_row *row = &view->row;
    bool is_ready = row->visit_state == SUGU_VISIT_BILLED && !row->is_on_file &&
                    (row->state == SUGU_BILL_ANNOUNCED || row->state == SUGU_BILL_REVISED);
    bool is_over = row->state == SUGU_BILL_SETTLED;
    char number[SUGU_TICKET_NUMBER_SIZE];
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__BillReady ready = SUGU__BILL_READY__INIT;

    sugu_ticket_number_format(number, row->series, (uint32_t)row->number);
    ready.number = number;
    ready.is_ready = is_ready;
    event.body_case = SUGU__EVENT__BODY_BILL_READY;
    event.bill_ready = &ready;
    sugu_batch_event(batch, SUGU_ROLE_BOARD, "", NULL, &event);
    if (is_ready)
        sugu_db_notice_add(
            batch->db,
            &(struct sugu_notice_add_params){
                .facility = batch->facility.facility,
                .visit = row->visit,
                .kind = SUGU__NOTICE_KIND__NOTICE_BILL_READY,
                .made_at = batch->now_utc,
                .expires_at = sugu_notice_expires(batch, SUGU__NOTICE_KIND__NOTICE_BILL_READY)},
            NULL);
    if (is_over)
        sugu_may_leave(batch, row->visit);
}

void
sugu_bill_view_publish(struct sugu_batch *batch, struct sugu_bill_view *view)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Bill bill;

    sugu_bill_view_fill(view, &bill);
    event.body_case = SUGU__EVENT__BODY_BILL_CHANGED;
    event.bill_changed = &bill;
    sugu_batch_event(batch, SUGU_ROLE_KIOSK | SUGU_ROLE_DESK, "", &view->row.visit, &event);
    publish_ready(batch, view);
    sugu_visit_changed_publish(batch, &view->row.visit, "");
}

void
sugu_want_help(struct sugu_batch *batch,
               const char *place,
               struct sugu_id visit,
               const char *reason,
               const char *number)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Help help = SUGU__HELP__INIT;

    sugu_db_help_add(
        batch->db,
        &(struct sugu_help_add_params){.facility = batch->facility.facility,
                                       .help = sugu_id_new(batch->clock, batch->random),
                                       .place = place,
                                       .visit = visit,
                                       .reason = reason,
                                       .asked_at = batch->now_utc},
        NULL);
    help.place = (char *)place;
    help.reason = (char *)reason;
    help.number = (char *)number;
    event.body_case = SUGU__EVENT__BODY_HELP_WANTED;
    event.help_wanted = &help;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
}

void
sugu_audit(struct sugu_batch *batch,
           const struct sugu_work *work,
           const char *verb,
           const struct sugu_id *visit,
           const char *detail)
{
    sugu_db_audit_add(
        batch->db,
        &(struct sugu_audit_add_params){.facility = batch->facility.facility,
                                        .made_at = batch->now_utc,
                                        .client = work->peer.client,
                                        .staff = work->staff,
                                        .place = work->peer.place,
                                        .verb = verb,
                                        .visit = visit ? *visit : (struct sugu_id){{0}},
                                        .detail = detail},
        NULL);
}
