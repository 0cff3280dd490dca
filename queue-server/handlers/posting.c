/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posting - what the fee side has to post: that a revision is paid, and what moved after that
 */
#include "handlers/posting.h"

#include "handlers/view.h"

/* ---- telling */

static void
publish(struct sugu_batch *batch, const struct sugu_posting_facts *facts)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PostingOrder order = SUGU__POSTING_ORDER__INIT;

    order.bill = sugu_id_field(&facts->bill);
    order.visit = sugu_id_field(&facts->visit);
    order.revision = (uint32_t)facts->revision;
    order.amount_yen = facts->yen;
    order.method = (char *)facts->method;
    order.business_day = facts->day;
    event.body_case = SUGU__EVENT__BODY_BILL_SETTLED;
    event.bill_settled = &order;
    sugu_batch_event(batch, SUGU_ROLE_FEE, "", NULL, &event);
}

void
sugu_posting_settle(struct sugu_batch *batch, const struct sugu_posting_facts *facts)
{
    sugu_db_bill_settle(batch->db,
                        &(struct sugu_bill_settle_params){.facility = batch->facility.facility,
                                                          .bill = facts->bill,
                                                          .revision = facts->revision,
                                                          .settled_at = batch->now_utc,
                                                          .settled_by = facts->method},
                        NULL);
    publish(batch, facts);
}

static void
publish_change(struct sugu_batch *batch, const struct sugu_posting_change_facts *facts)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PostingChange change = SUGU__POSTING_CHANGE__INIT;

    change.change = sugu_id_field(&facts->change);
    change.bill = sugu_id_field(&facts->bill);
    change.visit = sugu_id_field(&facts->visit);
    change.revision = (uint32_t)facts->revision;
    change.is_back = facts->is_back;
    change.amount_yen = facts->yen;
    change.kept_yen = facts->kept_yen;
    change.reason = (Sugu__RefundReason)facts->reason;
    change.method = (char *)facts->method;
    change.business_day = batch->day;
    event.body_case = SUGU__EVENT__BODY_POSTING_CHANGED;
    event.posting_changed = &change;
    sugu_batch_event(batch, SUGU_ROLE_FEE, "", NULL, &event);
}

void
sugu_posting_change(struct sugu_batch *batch, const struct sugu_posting_change_facts *facts)
{
    sugu_db_posting_change_add(
        batch->db,
        &(struct sugu_posting_change_add_params){.facility = batch->facility.facility,
                                                 .change = facts->change,
                                                 .bill = facts->bill,
                                                 .revision = facts->revision,
                                                 .is_back = facts->is_back,
                                                 .amount_yen = facts->yen,
                                                 .kept_yen = facts->kept_yen,
                                                 .reason = facts->reason,
                                                 .method = facts->method,
                                                 .day = batch->day,
                                                 .made_at = batch->now_utc},
        NULL);
    publish_change(batch, facts);
}

/* ---- ConfirmPosting */

struct confirm_posting {
    struct sugu_bill_view_row row;
};
const struct sugu_state sugu_state_confirm_posting = {sizeof(struct confirm_posting), NULL};

bool
sugu_step_confirm_posting(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct sugu_work *work = works[0];
    struct confirm_posting *confirm = work->state;
    const Sugu__ConfirmPosting *body = work->request->confirm_posting;
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round == 0) {
        sugu_db_bill_view(
            batch->db,
            &(struct sugu_bill_view_params){.facility = facility, .bill = sugu_id_of(&body->bill)},
            &confirm->row);
        return true;
    }
    if (!confirm->row.is_found || (int32_t)body->revision > confirm->row.revision) {
        sugu_work_refuse(work, "bill.unknown", "");
        return false;
    }
    sugu_db_bill_mark_posted(
        batch->db,
        &(struct sugu_bill_mark_posted_params){.facility = facility,
                                               .bill = sugu_id_of(&body->bill),
                                               .revision = (int32_t)body->revision,
                                               .posted_at = batch->now_utc},
        NULL);
    sugu_work_reply_ok(work);
    return false;
}

/* ---- ConfirmPostingChange */

struct confirm_posting_change {
    struct sugu_posting_change_find_row row;
};
const struct sugu_state sugu_state_confirm_posting_change = {sizeof(struct confirm_posting_change),
                                                             NULL};

bool
sugu_step_confirm_posting_change(struct sugu_batch *batch,
                                 struct sugu_work **works,
                                 size_t count,
                                 int round)
{
    struct sugu_work *work = works[0];
    struct confirm_posting_change *confirm = work->state;
    struct sugu_id change = sugu_id_of(&work->request->confirm_posting_change->change);
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round == 0) {
        sugu_db_posting_change_find(
            batch->db,
            &(struct sugu_posting_change_find_params){.facility = facility, .change = change},
            &confirm->row);
        return true;
    }
    if (!confirm->row.is_found) {
        sugu_work_refuse(work, "payment.unknown-attempt", "");
        return false;
    }
    sugu_db_posting_change_mark(
        batch->db,
        &(struct sugu_posting_change_mark_params){
            .facility = facility, .change = change, .posted_at = batch->now_utc},
        NULL);
    sugu_work_reply_ok(work);
    return false;
}
