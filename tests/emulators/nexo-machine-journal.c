/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine-journal - the emulated terminal's deeds, and the money they move
 */
#include "emulators/nexo-machine-private.h"

#include "base/text.h"

struct emulated_row *
emulated_row_of(struct sugu_emulated_machine *machine, uint32_t number)
{
    struct emulated_row *row = &machine->journal[number % EMULATED_JOURNAL_MAX];

    return number && row->number == number ? row : NULL;
}

struct emulated_row *
emulated_row_find(struct sugu_emulated_machine *machine, const char *service_id)
{
    for (unsigned i = 0; i < EMULATED_JOURNAL_MAX; i++)
        if (machine->journal[i].number && strcmp(machine->journal[i].service_id, service_id) == 0)
            return &machine->journal[i];
    return NULL;
}

bool
emulated_is_running(const struct sugu_emulated_machine *machine)
{
    for (unsigned i = 0; i < EMULATED_JOURNAL_MAX && machine->undone > 0; i++) {
        const struct emulated_row *row = &machine->journal[i];
        if (row->number && !row->is_done && row->not_found_left == 0)
            return true;
    }
    return false;
}

void
emulated_lose_journal(struct sugu_emulated_machine *machine)
{
    memset(machine->journal, 0, sizeof machine->journal);
    machine->undone = 0;
}

/* The amount of a Payment (0 = a registration, where a token is wanted) or of a Reversal. */
static bool
read_amounts(const struct emulated_request *request, struct emulated_row *row)
{
    const struct sugu_json *json = &request->json;
    int body = request->body;

    if (strcmp(request->category, "Reversal") == 0) {
        row->deed = SUGU_TERMINAL_REVERSE;
        return sugu_json_whole(json, sugu_json_at(json, body, "ReversedAmount"), 1, 99999999,
                               &row->asked_yen) &&
               sugu_json_at(json, body, "ReversalReason") >= 0 &&
               sugu_json_at(json, body, "OriginalPOITransaction.POITransactionID.TimeStamp") >= 0 &&
               sugu_json_text(json,
                              sugu_json_at(json, body,
                                           "OriginalPOITransaction.POITransactionID.TransactionID"),
                              row->original, sizeof row->original);
    }
    if (!sugu_json_whole(json,
                         sugu_json_at(json, body, "PaymentTransaction.AmountsReq.RequestedAmount"),
                         0, 99999999, &row->asked_yen))
        return false;
    row->deed = row->asked_yen ? SUGU_TERMINAL_PAY : SUGU_TERMINAL_REGISTER;
    return row->asked_yen ||
           sugu_json_is(json, sugu_json_at(json, body, "SaleData.TokenRequestedType"), "Customer");
}

struct emulated_row *
emulated_row_new(struct sugu_emulated_machine *machine, const struct emulated_request *request)
{
    const struct sugu_json *json = &request->json;
    int id = sugu_json_at(json, request->body, "SaleData.SaleTransactionID.TransactionID");
    struct emulated_row row = {.number = machine->row_count + 1};
    struct emulated_row *place = &machine->journal[row.number % EMULATED_JOURNAL_MAX];

    if (emulated_row_find(machine, request->service_id) || !read_amounts(request, &row) ||
        !sugu_json_text(json, id, row.transaction_id, sizeof row.transaction_id))
        return NULL;
    sugu_text_copy(row.service_id, sizeof row.service_id, request->service_id);
    sugu_text_copy(row.sale_id, sizeof row.sale_id, request->sale_id);
    row.approved_yen = row.asked_yen;
    if (place->number && !place->is_done)
        machine->undone--;
    machine->undone++;
    machine->row_count++;
    *place = row;
    return place;
}

/* ---- money */

static unsigned
charges_known(const struct sugu_emulated_machine *machine)
{
    return machine->charge_count < EMULATED_CHARGES_MAX ? machine->charge_count
                                                        : EMULATED_CHARGES_MAX;
}

static void
charge(struct sugu_emulated_machine *machine, struct emulated_row *row)
{
    struct emulated_charge *charge;

    for (unsigned i = 0; i < charges_known(machine); i++)
        if (strcmp(machine->charges[i].transaction_id, row->transaction_id) == 0 &&
            machine->charges[i].yen > machine->charges[i].given_back_yen) {
            machine->counts.twins++;
            break;
        }
    charge = &machine->charges[machine->charge_count++ % EMULATED_CHARGES_MAX];
    *charge = (struct emulated_charge){.yen = row->approved_yen};
    snprintf(charge->id, sizeof charge->id, "EMU%06u.%s", row->number, row->service_id);
    sugu_text_copy(charge->transaction_id, sizeof charge->transaction_id, row->transaction_id);
    machine->counts.charges++;
    machine->counts.charged_yen += row->approved_yen;
    machine->period.debits++;
    machine->period.debit_yen += row->approved_yen;
}

/* Never more than was captured, and nothing of what is not known. */
static void
give_back(struct sugu_emulated_machine *machine, struct emulated_row *row)
{
    struct emulated_charge *charge = NULL;

    for (unsigned i = 0; i < charges_known(machine) && !charge; i++)
        if (strcmp(machine->charges[i].id, row->original) == 0)
            charge = &machine->charges[i];
    if (!charge || row->approved_yen > charge->yen - charge->given_back_yen) {
        sugu_text_copy(row->condition, sizeof row->condition, charge ? "Refusal" : "NotFound");
        row->approved_yen = 0;
        return;
    }
    charge->given_back_yen += row->approved_yen;
    machine->counts.given_back++;
    machine->counts.given_back_yen += row->approved_yen;
    machine->period.credits++;
    machine->period.credit_yen += row->approved_yen;
}

void
emulated_carry_out(struct sugu_emulated_machine *machine, struct emulated_row *row)
{
    row->is_done = true;
    machine->undone--;
    machine->shows_patient = true;
    if (row->is_aborted)
        sugu_text_copy(row->condition, sizeof row->condition, "Aborted");
    if (*row->condition) {
        row->approved_yen = 0;
        return;
    }
    switch (row->deed) {
    case SUGU_TERMINAL_PAY:
        charge(machine, row);
        return;
    case SUGU_TERMINAL_REGISTER:
        machine->counts.registrations++;
        return;
    case SUGU_TERMINAL_REVERSE:
        give_back(machine, row);
        return;
    }
}

void
emulated_advance(struct sugu_emulated_machine *machine, int64_t now_us)
{
    for (unsigned i = 0; i < EMULATED_JOURNAL_MAX && machine->undone > 0; i++) {
        struct emulated_row *row = &machine->journal[i];

        if (!row->number || row->is_done || row->not_found_left > 0)
            continue;
        if (row->is_aborted || (row->is_held ? machine->is_released : row->carry_us <= now_us))
            emulated_carry_out(machine, row);
    }
}
