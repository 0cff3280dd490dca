/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper - receipts with their gapless numbers, and what became of each paper
 */
#include "handlers/money.h"

#include "domain/bill-machine.h"

#include <stdio.h>
#include <string.h>

/* ---- IssueReceipt */

struct issue_receipt {
    struct sugu_session_find_row session;
    struct sugu_bill_view view;
    struct sugu_ticket_view ticket;
    struct sugu_patient_find_row person;
    struct sugu_facility_find_row facility;
    struct sugu_attempt_parts_rows parts;
    struct sugu_receipt_lock_row before;
    struct sugu_receipt_add_row added;
};

static void
issue_receipt_done(void *state)
{
    struct issue_receipt *issue = state;

    sugu_bill_view_done(&issue->view);
    sugu_attempt_parts_rows_done(&issue->parts);
}
const struct sugu_state sugu_state_issue_receipt = {sizeof(struct issue_receipt),
                                                    issue_receipt_done};

static bool
may_issue(struct sugu_work *work)
{
    const struct issue_receipt *issue = work->state;
    const char *code = NULL;

    if (!issue->session.is_found)
        code = "session.unknown";
    else if (!issue->view.row.is_found || sugu_id_is_none(&issue->session.patient) ||
             !sugu_id_equal(&issue->view.row.patient, &issue->session.patient))
        code = "bill.unknown";
    else if (issue->view.row.state != SUGU_BILL_SETTLED &&
             issue->view.row.state != SUGU_BILL_REFUNDED_IN_PART &&
             issue->view.row.state != SUGU_BILL_DEPOSITED &&
             issue->view.row.state != SUGU_BILL_OVERPAID)
        code = "bill.not-settled";
    if (code)
        sugu_work_refuse(work, code, "");
    return !code;
}

static void
send_parts(struct sugu_batch *batch, struct sugu_work *work)
{
    struct issue_receipt *issue = work->state;
    int32_t facility = batch->facility.facility, revision = issue->view.row.revision;
    struct sugu_id bill = issue->view.bill;

    sugu_ticket_view_send(batch, &issue->ticket, issue->view.row.visit);
    sugu_db_patient_find(
        batch->db,
        &(struct sugu_patient_find_params){.facility = facility, .patient = issue->session.patient},
        &issue->person);
    sugu_db_facility_find(batch->db, &(struct sugu_facility_find_params){.facility = facility},
                          &issue->facility);
    sugu_db_attempt_parts(batch->db,
                          &(struct sugu_attempt_parts_params){.facility = facility, .bill = bill},
                          &issue->parts);
    sugu_db_receipt_lock(batch->db,
                         &(struct sugu_receipt_lock_params){.facility = facility,
                                                            .bill = bill,
                                                            .revision = revision,
                                                            .is_deposit = issue->view.row.state ==
                                                                          SUGU_BILL_DEPOSITED},
                         &issue->before);
}

/* The first is the original; every later one counts as a copy and says so. */
static void
write_receipt(struct sugu_batch *batch, struct issue_receipt *issue)
{
    int32_t facility = batch->facility.facility;

    if (issue->before.is_found)
        sugu_db_receipt_copy(batch->db,
                             &(struct sugu_receipt_copy_params){.facility = facility,
                                                                .receipt = issue->before.receipt},
                             NULL);
    else
        sugu_db_receipt_add(batch->db,
                            &(struct sugu_receipt_add_params){
                                .facility = facility,
                                .bill = issue->view.bill,
                                .revision = issue->view.row.revision,
                                .attempt = issue->parts.rows[0].attempt,
                                .issued_at = batch->now_utc,
                                .is_deposit = issue->view.row.state == SUGU_BILL_DEPOSITED},
                            &issue->added);
}

/* By which ways it was paid; what was given back in whole is no part of it. */
static size_t
fill_parts(struct issue_receipt *issue, Sugu__ReceiptPart *parts, Sugu__ReceiptPart **list)
{
    size_t count = 0;

    for (size_t i = 0; i < issue->parts.count; i++) {
        struct sugu_attempt_parts_row *row = &issue->parts.rows[i];
        if (row->yen == 0 && strcmp(row->method, "nothing-due") != 0)
            continue;
        list[count] = &parts[count];
        sugu__receipt_part__init(list[count]);
        list[count]->method = sugu_method_of(row->method);
        list[count]->yen = row->yen;
        list[count]->brand = row->brand;
        list[count]->last4 = row->last4;
        count++;
    }
    return count;
}

static void
reply_issued(struct sugu_batch *batch, struct sugu_work *work)
{
    struct issue_receipt *issue = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Receipt receipt = SUGU__RECEIPT__INIT;
    Sugu__Ticket ticket;
    Sugu__Bill bill;
    Sugu__ReceiptPart parts[10], *list[10];
    char insurance[64];

    sugu_ticket_view_fill(&issue->ticket, &issue->view.row.visit, /* with_token= */ false, &ticket);
    sugu_bill_view_fill(&issue->view, &bill);
    /* Share of the patient in tenths, as Japanese papers say it: 3割. */
    if (bill.ratio_percent == 100)
        snprintf(insurance, sizeof insurance, "自費 10割");
    else
        snprintf(insurance, sizeof insurance, "保険 %u割", bill.ratio_percent / 10);
    receipt.receipt_number =
        (uint64_t)(issue->before.is_found ? issue->before.receipt : issue->added.receipt);
    receipt.copy = issue->before.is_found ? (uint32_t)issue->before.copies + 1 : 0;
    receipt.bill = &bill;
    receipt.patient_number = issue->person.number;
    receipt.patient_name = issue->person.name;
    receipt.visit_date = ticket.business_day;
    receipt.issued_utc_us = batch->now_utc;
    receipt.n_parts = fill_parts(issue, parts, list);
    receipt.parts = list;
    receipt.is_deposit = issue->view.row.state == SUGU_BILL_DEPOSITED;
    for (size_t i = 0; i < receipt.n_parts; i++)
        receipt.paid_yen += list[i]->yen;
    if (receipt.n_parts > 0) {
        receipt.method = parts[0].method;
        receipt.brand = parts[0].brand;
        receipt.last4 = parts[0].last4;
    }
    receipt.insurance = insurance;
    receipt.facility_name = issue->facility.name;
    receipt.facility_address = issue->facility.address;
    receipt.facility_phone = issue->facility.phone;
    receipt.ticket_number = ticket.number;
    reply.body_case = SUGU__REPLY__BODY_RECEIPT;
    reply.receipt = &receipt;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_issue_receipt(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct issue_receipt *issue = work->state;
    const Sugu__IssueReceipt *body = work->request->issue_receipt;

    (void)count;
    switch (round) {
    case 0:
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = batch->facility.facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &issue->session);
        sugu_bill_view_send(batch, &issue->view, sugu_id_of(&body->bill));
        return true;
    case 1:
        if (!may_issue(work))
            return false;
        send_parts(batch, work);
        return true;
    case 2:
        if (issue->parts.count == 0) {
            sugu_work_refuse(work, "bill.not-settled", "no money came for it");
            return false;
        }
        write_receipt(batch, issue);
        return true;
    default:
        reply_issued(batch, work);
        return false;
    }
}

/* ---- ReportPaper */

const struct sugu_state sugu_state_report_paper = {0, NULL};

bool
sugu_step_report_paper(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    const Sugu__ReportPaper *body = work->request->report_paper;
    struct sugu_id visit = sugu_id_of(&body->visit);
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaperChange change = SUGU__PAPER_CHANGE__INIT;

    (void)count, (void)round;
    sugu_db_paper_report(batch->db,
                         &(struct sugu_paper_report_params){.facility = batch->facility.facility,
                                                            .paper = sugu_id_of(&body->paper),
                                                            .place = work->peer.place,
                                                            .visit = visit,
                                                            .kind = (int16_t)body->kind,
                                                            .state = (int16_t)body->state,
                                                            .code = body->code,
                                                            .reported_at = batch->now_utc},
                         NULL);
    change.paper = body->paper;
    change.kind = body->kind;
    change.state = body->state;
    change.code = body->code;
    change.visit = body->visit;
    event.body_case = SUGU__EVENT__BODY_PAPER_CHANGED;
    event.paper_changed = &change;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
    sugu_work_reply_ok(work);
    return false;
}
