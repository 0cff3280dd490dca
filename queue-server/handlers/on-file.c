/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file - somebody's card on file: may it pay, what is ordered of it, what an attempt says of it
 */
#include "handlers/on-file.h"

#include "handlers/money.h"

#include <stdio.h>
#include <string.h>

/* ---- facts */

void
sugu_card_facts_send(struct sugu_batch *batch,
                     const struct sugu_card_asked *asked,
                     size_t count,
                     struct sugu_card_facts_rows *rows)
{
    struct sugu_id patients[SUGU_BATCH_MAX], visits[SUGU_BATCH_MAX], cards[SUGU_BATCH_MAX];

    for (size_t i = 0; i < count; i++) {
        patients[i] = asked[i].patient;
        visits[i] = asked[i].visit;
        cards[i] = asked[i].card;
    }
    sugu_card_facts_rows_done(rows);
    sugu_db_card_facts(batch->db,
                       &(struct sugu_card_facts_params){.count = count,
                                                        .facility = batch->facility.facility,
                                                        .patients = patients,
                                                        .visits = visits,
                                                        .cards = cards},
                       rows);
}

void
sugu_card_lock(struct sugu_batch *batch,
               const struct sugu_card_asked *asked,
               struct sugu_card_lock_row *row)
{
    sugu_db_card_lock(batch->db,
                      &(struct sugu_card_lock_params){.facility = batch->facility.facility,
                                                      .patient = asked->patient,
                                                      .visit = asked->visit},
                      row);
}

struct sugu_card_facts_row *
sugu_card_facts_find(struct sugu_card_facts_rows *rows, const struct sugu_id *visit)
{
    for (size_t i = 0; i < rows->count; i++)
        if (sugu_id_equal(&rows->rows[i].visit, visit))
            return &rows->rows[i];
    return NULL;
}

/* ---- rules */

struct sugu_on_file_house
sugu_card_house(const struct sugu_card_facts_row *card)
{
    return (struct sugu_on_file_house){.text_version = (uint32_t)card->text_version_now,
                                       .ceiling_yen_max = card->ceiling_yen_max,
                                       .hold_yen = card->house_hold_yen,
                                       .hold_days = (uint32_t)card->house_hold_days};
}

struct sugu_on_file_consent
sugu_card_consent(const struct sugu_card_facts_row *card)
{
    return (struct sugu_on_file_consent){.text_version = (uint32_t)card->text_version,
                                         .ceiling_yen = card->ceiling_yen};
}

uint32_t
sugu_card_excluded(const struct sugu_card_facts_row *card, uint32_t day)
{
    struct sugu_on_file_house house = sugu_card_house(card);
    struct sugu_on_file_facts facts = {
        .is_active = card->state == SUGU_ON_FILE_ACTIVE,
        .has_open_payment = card->has_open_payment,
        .has_unpaid_bill = card->has_unpaid_bill,
        .has_ceiling_sheet = card->has_ceiling_sheet,
        .is_declined_today = card->is_declined,
        .consent = sugu_card_consent(card),
        .card = {.expiry_month = (uint32_t)card->expiry,
                 .funding = (enum sugu_on_file_funding)card->funding},
        .day = day};

    return sugu_on_file_exclude(&facts, &house);
}

const char *
sugu_card_code(const struct sugu_card_facts_row *card, uint32_t day)
{
    uint32_t bits = sugu_card_excluded(card, day);

    if (card->state != SUGU_ON_FILE_ACTIVE && *card->code)
        return card->code;
    if (card->state == SUGU_ON_FILE_OFFERED || card->state == SUGU_ON_FILE_ENDED)
        return "";
    if (card->client == 0)
        return "later.not-offered";
    if (card->dues_state == SUGU_DUES_AT_KIOSK && *card->dues_code)
        return card->dues_code;
    return sugu_on_file_exclusion_code(bits);
}

static Sugu__CardOnFileState
state_of(const struct sugu_card_facts_row *card)
{
    switch ((enum sugu_on_file_state)card->state) {
    case SUGU_ON_FILE_OFFERED:
        return SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING;
    case SUGU_ON_FILE_ACTIVE:
        return SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE;
    case SUGU_ON_FILE_SUSPENDED:
        return SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED;
    case SUGU_ON_FILE_ENDED:
        return SUGU__CARD_ON_FILE_STATE__ON_FILE_ENDED;
    case SUGU_ON_FILE_STATE_COUNT:
        break;
    }
    return SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE;
}

void
sugu_card_fill(struct sugu_card_facts_row *card, uint32_t day, Sugu__CardOnFile *to)
{
    sugu__card_on_file__init(to);
    to->card = sugu_id_field(&card->card);
    to->brand = card->brand;
    to->last4 = card->last4;
    to->expiry = (uint32_t)card->expiry;
    to->ceiling_yen = card->ceiling_yen;
    to->state = state_of(card);
    to->code = (char *)sugu_card_code(card, day);
    to->is_used_today = card->dues_state == SUGU_DUES_WAITING ||
                        card->dues_state == SUGU_DUES_TAKING ||
                        card->dues_state == SUGU_DUES_RETRYING;
    to->is_payer_other = card->is_payer_other;
}

/* ---- the arrangement */

bool
sugu_card_step(struct sugu_batch *batch,
               struct sugu_card_facts_row *card,
               enum sugu_on_file_event event,
               const char *code)
{
    unsigned state;

    if (!sugu_machine_allows(&sugu_on_file_machine, (unsigned)card->state, event) ||
        sugu_machine_step(&sugu_on_file_machine, (unsigned)card->state, event, &state, NULL,
                          NULL) != SUGU_OK)
        return false;
    card->state = (int16_t)state;
    snprintf(card->code, sizeof card->code, "%s", code);
    sugu_card_write(batch, card);
    return true;
}

void
sugu_card_write(struct sugu_batch *batch, const struct sugu_card_facts_row *card)
{
    sugu_db_card_set(batch->db,
                     &(struct sugu_card_set_params){.facility = batch->facility.facility,
                                                    .card = card->card,
                                                    .state = card->state,
                                                    .code = card->code,
                                                    .token = card->token,
                                                    .brand = card->brand,
                                                    .last4 = card->last4,
                                                    .expiry = card->expiry,
                                                    .funding = card->funding,
                                                    .network_id = card->network_id,
                                                    .at = batch->now_utc},
                     NULL);
}

/* ---- orders */

void
sugu_card_order(struct sugu_batch *batch,
                const struct sugu_card_facts_row *card,
                const struct sugu_card_order *order)
{
    bool has_bill = !sugu_id_is_none(&order->bill);
    struct sugu_id none = {{0}};

    sugu_order_payment(batch, &(struct sugu_order){.attempt = order->attempt,
                                                   .bill = order->bill,
                                                   .revision = order->revision,
                                                   .client = card->client,
                                                   .place = card->place,
                                                   .kind = order->kind,
                                                   .method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE,
                                                   .amount_yen = order->yen,
                                                   .original = order->original,
                                                   .original_provider_id = order->provider_id,
                                                   .token = card->token,
                                                   .payer = card->payer,
                                                   .network_id = card->network_id,
                                                   .patient = has_bill ? none : card->patient,
                                                   .visit = has_bill ? none : card->visit,
                                                   .card = card->card});
}

struct sugu_id
sugu_card_order_hold(struct sugu_batch *batch, const struct sugu_card_facts_row *card, int64_t yen)
{
    struct sugu_id attempt = sugu_id_new(batch->clock, batch->random);

    sugu_card_order(batch, card,
                    &(struct sugu_card_order){.attempt = attempt,
                                              .kind = SUGU__ATTEMPT_KIND__ATTEMPT_HOLD,
                                              .yen = yen,
                                              .provider_id = ""});
    return attempt;
}

/* Where the order is under way nobody knows yet what it is: its outcome lets it go (dues.c). */
void
sugu_card_release(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    if (sugu_id_is_none(&card->hold))
        return;
    if (card->hold_state == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED)
        sugu_db_attempt_call_off(
            batch->db,
            &(struct sugu_attempt_call_off_params){
                .facility = batch->facility.facility, .attempt = card->hold, .at = batch->now_utc},
            NULL);
    else if (card->hold_state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED && card->hold_yen > 0)
        sugu_card_order(
            batch, card,
            &(struct sugu_card_order){.attempt = sugu_id_new(batch->clock, batch->random),
                                      .kind = SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE,
                                      .yen = card->hold_yen,
                                      .original = card->hold,
                                      .provider_id = card->hold_provider_id});
    card->hold = (struct sugu_id){{0}};
}
