/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charge - the acts of a visit, the patient's share, and what the fee module could not bill
 *
 * What is charged is a version of the acts with a share. Whatever changes one of them makes a new
 * version, so that a bill says by its number what it was made of.
 */
#include "handlers/charge.h"

#include "domain/bill-machine.h"
#include "domain/visit.h"
#include "handlers/view.h"

#include <stdlib.h>
#include <string.h>

#define ACTS_MAX 300

Sugu__RatioSource
sugu_charge_ratio(int outcome, int ratio_percent, int stated_ratio, uint32_t *ret_ratio_percent)
{
    bool is_verified = outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED ||
                       outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE;

    *ret_ratio_percent = 100;
    if (stated_ratio >= 0) {
        *ret_ratio_percent = (uint32_t)stated_ratio;
        return SUGU__RATIO_SOURCE__RATIO_STATED;
    }
    if (!is_verified)
        return SUGU__RATIO_SOURCE__RATIO_NOT_PROVEN;
    if (ratio_percent <= 0)
        return SUGU__RATIO_SOURCE__RATIO_UNKNOWN;
    *ret_ratio_percent = (uint32_t)ratio_percent;
    return SUGU__RATIO_SOURCE__RATIO_VERIFIED;
}

static void
publish_help(struct sugu_batch *batch, const char *code, const char *number, bool is_over)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Help help = SUGU__HELP__INIT;

    help.reason = (char *)code;
    help.number = (char *)number;
    help.is_over = is_over;
    event.body_case = SUGU__EVENT__BODY_HELP_WANTED;
    event.help_wanted = &help;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
}

void
sugu_charge_report_clear(struct sugu_batch *batch,
                         struct sugu_id visit,
                         int32_t acts_version,
                         struct sugu_charge_report_remove_row *row)
{
    sugu_db_charge_report_remove(
        batch->db,
        &(struct sugu_charge_report_remove_params){
            .facility = batch->facility.facility, .visit = visit, .acts_version = acts_version},
        row);
}

void
sugu_charge_report_publish_over(struct sugu_batch *batch,
                                const struct sugu_charge_report_remove_row *row)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    if (!row->is_found)
        return;
    sugu_ticket_number_format(number, row->series, (uint32_t)row->number);
    publish_help(batch, row->code, number, /* is_over= */ true);
}

/* ---- what RecordActs and StateRatio share */

struct charge {
    struct sugu_visit_by_number_row by_number;
    struct sugu_visit_lock_row visit;
    struct sugu_ticket_view ticket;
    struct sugu_bill_of_visit_row bill;
    struct sugu_act_list_rows acts;
    struct sugu_charge_report_remove_row report;
};

static void
charge_done(void *state)
{
    sugu_act_list_rows_done(&((struct charge *)state)->acts);
}
const struct sugu_state sugu_state_record_acts = {sizeof(struct charge), charge_done};
const struct sugu_state sugu_state_state_ratio = {sizeof(struct charge), charge_done};

/* Locks the visit, then reads what belongs to it. False: it was refused. */
static bool
send_charge(struct sugu_batch *batch, struct sugu_work *work)
{
    struct charge *charge = work->state;
    int32_t facility = batch->facility.facility;
    struct sugu_id visit = charge->by_number.visit;

    if (!charge->by_number.is_found) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    sugu_db_visit_lock(batch->db,
                       &(struct sugu_visit_lock_params){.facility = facility, .visit = visit},
                       &charge->visit);
    sugu_ticket_view_send(batch, &charge->ticket, visit);
    sugu_db_bill_of_visit(batch->db,
                          &(struct sugu_bill_of_visit_params){.facility = facility, .visit = visit},
                          &charge->bill);
    return true;
}

/* The next version of the acts goes to the fee side. */
static void
publish_acts(struct sugu_batch *batch, struct charge *charge, Sugu__Act **acts, size_t count)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__ChargeOrder order = SUGU__CHARGE_ORDER__INIT;
    struct sugu_visit_ticket_row *ticket = &charge->ticket.row;

    order.visit = sugu_id_field(&charge->by_number.visit);
    order.acts_version = (uint32_t)charge->visit.acts_version + 1;
    order.n_acts = count;
    order.acts = acts;
    order.ratio_source = sugu_charge_ratio(ticket->eligibility_outcome, ticket->ratio_percent,
                                           ticket->stated_ratio, &order.ratio_percent);
    order.department = ticket->department;
    order.business_day = ticket->day;
    event.body_case = SUGU__EVENT__BODY_ACTS_RECORDED;
    event.acts_recorded = &order;
    sugu_batch_event(batch, SUGU_ROLE_FEE, "", NULL, &event);
}

/* ---- RecordActs */

static void
write_acts(struct sugu_batch *batch, struct charge *charge, const Sugu__RecordActs *body)
{
    const char *codes[ACTS_MAX];
    int32_t counts[ACTS_MAX];

    for (size_t i = 0; i < body->n_acts; i++) {
        codes[i] = body->acts[i]->code;
        counts[i] = (int32_t)body->acts[i]->count;
    }
    sugu_db_act_add(batch->db,
                    &(struct sugu_act_add_params){.count = body->n_acts,
                                                  .facility = batch->facility.facility,
                                                  .visit = charge->by_number.visit,
                                                  .version = charge->visit.acts_version + 1,
                                                  .codes = codes,
                                                  .counts = counts},
                    NULL);
    sugu_charge_report_clear(batch, charge->by_number.visit, charge->visit.acts_version,
                             &charge->report);
}

static bool
may_record(struct sugu_work *work)
{
    const struct charge *charge = work->state;
    bool is_over =
        charge->visit.state == SUGU_VISIT_LEFT || charge->visit.state == SUGU_VISIT_CANCELLED;

    if (is_over || work->request->record_acts->n_acts == 0) {
        sugu_work_refuse(work, "visit.not-allowed", is_over ? "the visit is over" : "no acts");
        return false;
    }
    for (size_t i = 0; i < work->request->record_acts->n_acts; i++)
        if (strlen(work->request->record_acts->acts[i]->code) != 9 ||
            strspn(work->request->record_acts->acts[i]->code, "0123456789") != 9) {
            sugu_work_refuse(work, "acts.unknown", work->request->record_acts->acts[i]->code);
            return false;
        }
    return true;
}

bool
sugu_step_record_acts(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct charge *charge = work->state;
    const Sugu__RecordActs *body = work->request->record_acts;

    (void)count;
    switch (round) {
    case 0:
        sugu_visit_by_number_send(batch, body->number, &charge->by_number);
        return true;
    case 1:
        return send_charge(batch, work);
    case 2:
        if (!may_record(work))
            return false;
        write_acts(batch, charge, body);
        return true;
    default:
        publish_acts(batch, charge, body->acts, body->n_acts);
        sugu_charge_report_publish_over(batch, &charge->report);
        sugu_work_reply_ok(work);
        return false;
    }
}

/* ---- StateRatio */

/* Of a bill that is paid the share is not changed behind the patient's back. */
static bool
may_state(struct sugu_work *work)
{
    const struct charge *charge = work->state;
    int state = charge->visit.state, bill = charge->bill.state;
    bool is_over =
        state == SUGU_VISIT_LEFT || state == SUGU_VISIT_NO_SHOW || state == SUGU_VISIT_CANCELLED;
    bool is_paid = bill == SUGU_BILL_SETTLED || bill == SUGU_BILL_REFUNDED_IN_PART ||
                   bill == SUGU_BILL_REFUNDED;

    if (work->request->state_ratio->ratio_percent % 10 != 0) {
        sugu_work_refuse(work, "fee.ratio-wrong", "");
    } else if (is_over) {
        sugu_work_refuse(work, "visit.not-allowed", "the visit is over");
    } else if (charge->bill.is_found && is_paid) {
        sugu_work_refuse(work, "bill.not-allowed", "the bill was paid");
    } else if (charge->bill.is_found && bill == SUGU_BILL_IN_PAYMENT) {
        sugu_work_refuse(work, "bill.in-payment", "");
        work->is_stored = true; /* not kept: it may be made again later */
    } else {
        return true;
    }
    return false;
}

static void
write_ratio(struct sugu_batch *batch, struct sugu_work *work)
{
    struct charge *charge = work->state;
    const Sugu__StateRatio *body = work->request->state_ratio;
    int32_t facility = batch->facility.facility, version = charge->visit.acts_version;
    struct sugu_id visit = charge->by_number.visit;
    char detail[64];

    snprintf(detail, sizeof detail, "%u percent, desk %s", body->ratio_percent, body->desk);
    sugu_audit(batch, work, "state-ratio", &visit, detail);
    sugu_db_visit_state_ratio(
        batch->db,
        &(struct sugu_visit_state_ratio_params){
            .facility = facility, .visit = visit, .ratio_percent = (int16_t)body->ratio_percent},
        NULL);
    charge->ticket.row.stated_ratio = (int16_t)body->ratio_percent;
    if (version == 0)
        return;
    sugu_db_act_again(
        batch->db,
        &(struct sugu_act_again_params){.facility = facility, .visit = visit, .version = version},
        NULL);
    sugu_db_act_list(
        batch->db,
        &(struct sugu_act_list_params){.facility = facility, .visit = visit, .version = version},
        &charge->acts);
    sugu_charge_report_clear(batch, visit, version, &charge->report);
}

static void
publish_again(struct sugu_batch *batch, struct charge *charge)
{
    Sugu__Act acts[ACTS_MAX], *list[ACTS_MAX];

    if (charge->visit.acts_version == 0)
        return;
    for (size_t i = 0; i < charge->acts.count; i++) {
        list[i] = &acts[i];
        sugu__act__init(list[i]);
        acts[i].code = charge->acts.rows[i].code;
        acts[i].count = (uint32_t)charge->acts.rows[i].count;
    }
    publish_acts(batch, charge, list, charge->acts.count);
    sugu_charge_report_publish_over(batch, &charge->report);
}

bool
sugu_step_state_ratio(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct charge *charge = work->state;
    const Sugu__StateRatio *body = work->request->state_ratio;

    (void)count;
    switch (round) {
    case 0:
        sugu_visit_by_number_send(batch, body->number, &charge->by_number);
        return true;
    case 1:
        return send_charge(batch, work);
    case 2:
        if (!may_state(work))
            return false;
        if (charge->ticket.row.stated_ratio == (int)body->ratio_percent) { /* as it stands */
            sugu_work_reply_ok(work);
            return false;
        }
        write_ratio(batch, work);
        return true;
    default:
        publish_again(batch, charge);
        sugu_work_reply_ok(work);
        return false;
    }
}

/* ---- ReportCharge */

struct report {
    struct sugu_visit_lock_row visit;
    struct sugu_ticket_view ticket;
    struct sugu_charge_report_remove_row before;
    struct sugu_charge_report_set_row set;
};
const struct sugu_state sugu_state_report_charge = {sizeof(struct report), NULL};

/* "111000110 160008010": nine digits each, one blank between. */
static bool
are_act_codes(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (i % 10 == 9 ? text[i] != ' ' : text[i] < '0' || text[i] > '9')
            return false;
    return length == 0 || length % 10 == 9;
}

static bool
may_report(struct sugu_work *work)
{
    const struct report *report = work->state;
    const Sugu__ReportCharge *body = work->request->report_charge;

    if (!report->visit.is_found) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    /* The code is shown by its words: it has to be one of ours, and of this kind. */
    if (strncmp(body->code, "fee.", 4) != 0 ||
        strcmp(sugu_code_find(body->code)->code, body->code) != 0 ||
        !are_act_codes(body->act_codes)) {
        sugu_work_refuse(work, "message.out-of-bounds", "code or act_codes");
        return false;
    }
    return true;
}

static void
write_report(struct sugu_batch *batch, struct sugu_work *work)
{
    struct report *report = work->state;
    const Sugu__ReportCharge *body = work->request->report_charge;
    struct sugu_id visit = sugu_id_of(&body->visit);

    sugu_ticket_view_send(batch, &report->ticket, visit);
    sugu_charge_report_clear(batch, visit, (int32_t)body->acts_version, &report->before);
    sugu_db_charge_report_set(
        batch->db,
        &(struct sugu_charge_report_set_params){.facility = batch->facility.facility,
                                                .visit = visit,
                                                .acts_version = (int32_t)body->acts_version,
                                                .code = body->code,
                                                .act_codes = body->act_codes,
                                                .reported_at = batch->now_utc},
        &report->set);
}

bool
sugu_step_report_charge(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct report *report = work->state;
    const Sugu__ReportCharge *body = work->request->report_charge;

    (void)count;
    switch (round) {
    case 0:
        sugu_db_visit_lock(batch->db,
                           &(struct sugu_visit_lock_params){.facility = batch->facility.facility,
                                                            .visit = sugu_id_of(&body->visit)},
                           &report->visit);
        return true;
    case 1:
        if (!may_report(work))
            return false;
        write_report(batch, work);
        return true;
    default:
        sugu_charge_report_publish_over(batch, &report->before);
        if (report->set.is_found) {
            sugu_ticket_number_format(report->ticket.number, report->ticket.row.series,
                                      (uint32_t)report->ticket.row.number);
            publish_help(batch, body->code, report->ticket.number, /* is_over= */ false);
        }
        sugu_work_reply_ok(work);
        return false;
    }
}
