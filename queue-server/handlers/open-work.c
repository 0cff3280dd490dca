/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open-work - what waits for the role that asks: the truth behind the pushed events
 */
#include "handlers/charge.h"
#include "handlers/money.h"
#include "handlers/view.h"

#include <stdlib.h>
#include <string.h>

#define CHARGES_MAX 10   /* charge_open's limit */
#define ACTS_MAX    2000 /* of all charges: what is more comes with the next question */

struct open_work {
    struct sugu_event_last_row last;
    struct sugu_eligibility_open_rows eligibilities;
    struct sugu_charge_open_rows charges;
    struct sugu_act_list_rows acts[CHARGES_MAX];
    struct sugu_posting_open_rows postings;
    struct sugu_posting_change_open_rows changes;
    struct sugu_attempt_open_rows attempts;
    struct sugu_kiosk_orders_row orders;
};

static void
get_open_work_done(void *state)
{
    struct open_work *open = state;

    sugu_eligibility_open_rows_done(&open->eligibilities);
    sugu_charge_open_rows_done(&open->charges);
    for (size_t i = 0; i < CHARGES_MAX; i++)
        sugu_act_list_rows_done(&open->acts[i]);
    sugu_posting_open_rows_done(&open->postings);
    sugu_posting_change_open_rows_done(&open->changes);
    sugu_attempt_open_rows_done(&open->attempts);
}
const struct sugu_state sugu_state_get_open_work = {sizeof(struct open_work), get_open_work_done};

static void
send_reads(struct sugu_batch *batch, const struct sugu_work *work, struct open_work *open)
{
    int32_t facility = batch->facility.facility;

    sugu_db_event_last(batch->db, &(struct sugu_event_last_params){.facility = facility},
                       &open->last);
    if (work->peer.role == SUGU_ROLE_INSURANCE)
        sugu_db_eligibility_open(batch->db,
                                 &(struct sugu_eligibility_open_params){.facility = facility},
                                 &open->eligibilities);
    if (work->peer.role == SUGU_ROLE_FEE) {
        sugu_db_charge_open(batch->db, &(struct sugu_charge_open_params){.facility = facility},
                            &open->charges);
        sugu_db_posting_open(batch->db, &(struct sugu_posting_open_params){.facility = facility},
                             &open->postings);
        sugu_db_posting_change_open(batch->db,
                                    &(struct sugu_posting_change_open_params){.facility = facility},
                                    &open->changes);
    }
    if (work->peer.role == SUGU_ROLE_PAYMENT)
        sugu_db_attempt_open(
            batch->db,
            &(struct sugu_attempt_open_params){.facility = facility, .client = work->peer.client},
            &open->attempts);
    if (work->peer.role == SUGU_ROLE_KIOSK)
        sugu_db_kiosk_orders(
            batch->db,
            &(struct sugu_kiosk_orders_params){.facility = facility, .client = work->peer.client},
            &open->orders);
}

static void
send_acts(struct sugu_batch *batch, struct open_work *open)
{
    for (size_t i = 0; i < open->charges.count; i++)
        sugu_db_act_list(
            batch->db,
            &(struct sugu_act_list_params){.facility = batch->facility.facility,
                                           .visit = open->charges.rows[i].visit,
                                           .version = open->charges.rows[i].acts_version},
            &open->acts[i]);
}

static void *
new_list(size_t count, size_t size)
{
    void *list = calloc(count ? count : 1, size);

    if (!list)
        abort();
    return list;
}

/* Each fill returns memory that the caller frees after the reply was encoded. */
static void *
fill_eligibilities(struct open_work *open, Sugu__OpenWork *to)
{
    size_t count = open->eligibilities.count;
    Sugu__EligibilityOrder *orders = new_list(count, sizeof *orders + sizeof(void *));
    Sugu__EligibilityOrder **list = (Sugu__EligibilityOrder **)(void *)(orders + count);

    for (size_t i = 0; i < count; i++) {
        struct sugu_eligibility_open_row *row = &open->eligibilities.rows[i];
        list[i] = &orders[i];
        sugu__eligibility_order__init(list[i]);
        list[i]->eligibility = sugu_id_field(&row->eligibility);
        list[i]->insurer_number = row->insurer_number;
        list[i]->symbol = row->symbol;
        list[i]->number = row->number;
        list[i]->branch = row->branch;
        list[i]->birth_date = row->birth_date;
        list[i]->confirm_date = row->confirm_date;
    }
    to->n_eligibilities = count;
    to->eligibilities = list;
    return orders;
}

static void *
fill_acts(const struct sugu_act_list_rows *rows, Sugu__ChargeOrder *to)
{
    Sugu__Act *acts = new_list(rows->count, sizeof *acts + sizeof(void *));
    Sugu__Act **list = (Sugu__Act **)(void *)(acts + rows->count);

    for (size_t i = 0; i < rows->count; i++) {
        list[i] = &acts[i];
        sugu__act__init(list[i]);
        list[i]->code = rows->rows[i].code;
        list[i]->count = (uint32_t)rows->rows[i].count;
    }
    to->n_acts = rows->count;
    to->acts = list;
    return acts;
}

/* As many as fit into one message; how many. */
static size_t
fill_charges(struct open_work *open,
             Sugu__ChargeOrder orders[CHARGES_MAX],
             Sugu__ChargeOrder *list[CHARGES_MAX],
             void *memory[CHARGES_MAX])
{
    size_t acts = 0;

    for (size_t i = 0; i < open->charges.count; i++) {
        struct sugu_charge_open_row *row = &open->charges.rows[i];
        acts += open->acts[i].count;
        if (acts > ACTS_MAX)
            return i;
        list[i] = &orders[i];
        sugu__charge_order__init(list[i]);
        list[i]->visit = sugu_id_field(&row->visit);
        list[i]->acts_version = (uint32_t)row->acts_version;
        list[i]->ratio_source = sugu_charge_ratio(row->eligibility_outcome, row->ratio_percent,
                                                  row->stated_ratio, &list[i]->ratio_percent);
        list[i]->department = row->department;
        list[i]->business_day = row->day;
        memory[i] = fill_acts(&open->acts[i], list[i]);
    }
    return open->charges.count;
}

static void *
fill_postings(struct open_work *open, Sugu__OpenWork *to)
{
    size_t count = open->postings.count;
    Sugu__PostingOrder *orders = new_list(count, sizeof *orders + sizeof(void *));
    Sugu__PostingOrder **list = (Sugu__PostingOrder **)(void *)(orders + count);

    for (size_t i = 0; i < count; i++) {
        struct sugu_posting_open_row *row = &open->postings.rows[i];
        list[i] = &orders[i];
        sugu__posting_order__init(list[i]);
        list[i]->bill = sugu_id_field(&row->bill);
        list[i]->visit = sugu_id_field(&row->visit);
        list[i]->revision = (uint32_t)row->revision;
        list[i]->amount_yen = row->total_yen;
        list[i]->method = row->method;
        list[i]->business_day = row->day;
    }
    to->n_postings = count;
    to->postings = list;
    return orders;
}

static void *
fill_changes(struct open_work *open, Sugu__OpenWork *to)
{
    size_t count = open->changes.count;
    Sugu__PostingChange *changes = new_list(count, sizeof *changes + sizeof(void *));
    Sugu__PostingChange **list = (Sugu__PostingChange **)(void *)(changes + count);

    for (size_t i = 0; i < count; i++) {
        struct sugu_posting_change_open_row *row = &open->changes.rows[i];
        list[i] = &changes[i];
        sugu__posting_change__init(list[i]);
        list[i]->change = sugu_id_field(&row->change);
        list[i]->bill = sugu_id_field(&row->bill);
        list[i]->visit = sugu_id_field(&row->visit);
        list[i]->revision = (uint32_t)row->revision;
        list[i]->is_back = row->is_back;
        list[i]->amount_yen = row->amount_yen;
        list[i]->kept_yen = row->kept_yen;
        list[i]->reason = (Sugu__RefundReason)row->reason;
        list[i]->method = row->method;
        list[i]->business_day = row->day;
    }
    to->n_posting_changes = count;
    to->posting_changes = list;
    return changes;
}

static void
fill_order(struct sugu_attempt_open_row *row, Sugu__PaymentOrder *order)
{
    sugu__payment_order__init(order);
    order->attempt = sugu_id_field(&row->attempt);
    if (!sugu_id_is_none(&row->bill))
        order->bill = sugu_id_field(&row->bill);
    order->revision = (uint32_t)row->revision;
    order->kind = sugu_attempt_kind_of(row->kind);
    order->method = sugu_method_of(row->method);
    order->amount_yen = row->amount_yen;
    if (!sugu_id_is_none(&row->original))
        order->original = sugu_id_field(&row->original);
    order->original_provider_id = row->original_provider_id;
    order->original_utc_us = row->original_at;
    order->token = row->token;
    order->payer = row->payer;
    order->network_id = row->network_id;
}

static void *
fill_attempts(struct open_work *open, Sugu__OpenWork *to)
{
    size_t count = open->attempts.count;
    Sugu__OpenPayment *payments =
        new_list(count, sizeof *payments + sizeof(void *) + sizeof(Sugu__PaymentOrder));
    Sugu__OpenPayment **list = (Sugu__OpenPayment **)(void *)(payments + count);
    Sugu__PaymentOrder *orders = (Sugu__PaymentOrder *)(void *)(list + count);

    for (size_t i = 0; i < count; i++) {
        struct sugu_attempt_open_row *row = &open->attempts.rows[i];
        list[i] = &payments[i];
        sugu__open_payment__init(list[i]);
        list[i]->attempt = sugu_id_field(&row->attempt);
        if (!sugu_id_is_none(&row->bill))
            list[i]->bill = sugu_id_field(&row->bill);
        list[i]->revision = (uint32_t)row->revision;
        list[i]->amount_yen = row->amount_yen;
        if (row->is_order) {
            fill_order(row, &orders[i]);
            list[i]->order = &orders[i];
        }
    }
    to->n_payments = count;
    to->payments = list;
    return payments;
}

static void
reply_open(struct sugu_work *work, struct open_work *open)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__OpenWork message = SUGU__OPEN_WORK__INIT;
    Sugu__ChargeOrder charges[CHARGES_MAX], *charge_list[CHARGES_MAX];
    Sugu__KioskOrders orders = SUGU__KIOSK_ORDERS__INIT;
    void *memory[CHARGES_MAX + 4] = {NULL};

    message.last_event = (uint64_t)(open->last.is_found ? open->last.last : 0);
    message.n_charges = fill_charges(open, charges, charge_list, memory);
    message.charges = charge_list;
    memory[CHARGES_MAX] = fill_eligibilities(open, &message);
    memory[CHARGES_MAX + 1] = fill_postings(open, &message);
    memory[CHARGES_MAX + 2] = fill_attempts(open, &message);
    memory[CHARGES_MAX + 3] = fill_changes(open, &message);
    if (open->orders.is_found) {
        orders.is_draining = open->orders.is_draining;
        orders.message = open->orders.message;
        message.kiosk = &orders;
    }
    reply.body_case = SUGU__REPLY__BODY_OPEN_WORK;
    reply.open_work = &message;
    sugu_work_reply(work, &reply);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(memory); i++)
        free(memory[i]);
}

bool
sugu_step_get_open_work(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct open_work *open = works[0]->state;

    (void)count;
    if (round == 0) {
        send_reads(batch, works[0], open);
        return true;
    }
    if (round == 1 && open->charges.count > 0) {
        send_acts(batch, open);
        return true;
    }
    reply_open(works[0], open);
    return false;
}
