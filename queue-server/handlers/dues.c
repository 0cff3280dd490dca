/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dues - what a card on file has to pay of one visit: from check-in to the charge, and after it
 */
#include "handlers/dues.h"

#include "handlers/view.h"

#include <stdio.h>
#include <string.h>

#define DAY_US (24 * 60 * SUGU_MINUTE)

/* ---- the row */

static void
write_dues(struct sugu_batch *batch, const struct sugu_card_facts_row *card)
{
    sugu_db_dues_set(batch->db,
                     &(struct sugu_dues_set_params){.facility = batch->facility.facility,
                                                    .visit = card->visit,
                                                    .card = card->card,
                                                    .state = card->dues_state,
                                                    .code = card->dues_code,
                                                    .hold = card->hold,
                                                    .first_day = card->first_day,
                                                    .retries = card->retries,
                                                    .next_day = card->next_day,
                                                    .is_declined = card->is_declined,
                                                    .at = batch->now_utc},
                     NULL);
}

static void
set_code(struct sugu_card_facts_row *card, const char *code)
{
    snprintf(card->dues_code, sizeof card->dues_code, "%s", code);
}

/* False: the machine does not know this step, and nothing changes. `code` is why, for the person
 * and the staff. */
static bool
step_dues(struct sugu_batch *batch,
          struct sugu_card_facts_row *card,
          enum sugu_dues_event event,
          const char *code)
{
    uint32_t effects = 0;
    unsigned state;

    if (card->dues_state < 0 ||
        !sugu_machine_allows(&sugu_dues_machine, (unsigned)card->dues_state, event) ||
        sugu_machine_step(&sugu_dues_machine, (unsigned)card->dues_state, event, &state, &effects,
                          NULL) != SUGU_OK)
        return false;
    card->dues_state = (int16_t)state;
    set_code(card, code);
    if (state != SUGU_DUES_RETRYING)
        card->next_day = 0;
    if (effects & SUGU_DUES_DO_RELEASE)
        sugu_card_release(batch, card);
    write_dues(batch, card);
    if (effects & SUGU_DUES_DO_TASK)
        sugu_want_help(batch, "", card->visit, *code ? code : "later.not-allowed", "");
    return true;
}

/* ---- a visit begins */

/* Of an exclusion that lasts the arrangement learns. */
static void
suspend_expired(struct sugu_batch *batch, struct sugu_card_facts_row *card, uint32_t excluded)
{
    if (excluded & UINT32_C(1) << SUGU_ON_FILE_EXCLUDED_CARD_EXPIRED &&
        card->state == SUGU_ON_FILE_ACTIVE)
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_CARD_EXPIRED, "later.card-expired");
}

static void
order_hold(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    struct sugu_on_file_house house = sugu_card_house(card);
    struct sugu_on_file_consent consent = sugu_card_consent(card);

    card->hold = sugu_card_order_hold(batch, card, sugu_on_file_hold_yen(&consent, &house));
    card->hold_state = SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED;
}

void
sugu_dues_begin(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    const char *code;

    if (!card || card->state == SUGU_ON_FILE_OFFERED || card->state == SUGU_ON_FILE_ENDED)
        return;
    code = sugu_card_code(card, batch->day);
    card->dues_state = *code ? SUGU_DUES_AT_KIOSK : SUGU_DUES_WAITING;
    set_code(card, code);
    if (*code)
        suspend_expired(batch, card, sugu_card_excluded(card, batch->day));
    else
        order_hold(batch, card);
    write_dues(batch, card);
}

/* ---- the bill */

/* Days that an approved hold of this card is old; its yen, 0 = there is none. */
static int64_t
held_yen(const struct sugu_batch *batch,
         const struct sugu_card_facts_row *card,
         uint32_t *ret_age_days)
{
    *ret_age_days = (uint32_t)((batch->now_utc - card->hold_at) / DAY_US);
    return !sugu_id_is_none(&card->hold) && sugu_id_equal(&card->hold_card, &card->card) &&
                   card->hold_state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
               ? card->hold_yen
               : 0;
}

static enum sugu_on_file_step
decide(const struct sugu_batch *batch,
       const struct sugu_card_facts_row *card,
       const struct sugu_dues_bill *bill)
{
    struct sugu_on_file_house house = sugu_card_house(card);
    struct sugu_on_file_consent consent = sugu_card_consent(card);
    uint32_t age_days;
    int64_t held = held_yen(batch, card, &age_days);

    /* The ceiling is for all that the visit costs the card. */
    if (bill->due_yen > 0 && card->charged_yen > 0) {
        consent.ceiling_yen -= card->charged_yen;
        held = 0;
    }
    return sugu_on_file_decide(&consent, &house, bill->due_yen, held, age_days);
}

/* Is the bill one that the card has to pay, or try again to pay? */
static bool
is_ours(const struct sugu_batch *batch,
        const struct sugu_card_facts_row *card,
        const struct sugu_dues_bill *bill)
{
    switch (card->dues_state) {
    case SUGU_DUES_WAITING:
    case SUGU_DUES_NOTHING:
        return true;
    case SUGU_DUES_PAID: /* by the card, and more is due now */
        return bill->due_yen > 0 && card->charged_yen > 0;
    case SUGU_DUES_RETRYING:
        return !bill->is_retry || card->next_day <= batch->day;
    default:
        return false;
    }
}

/* Why this bill has to be paid otherwise, "" = it has not. */
static const char *
find_obstacle(const struct sugu_batch *batch,
              const struct sugu_card_facts_row *card,
              const struct sugu_dues_bill *bill)
{
    const char *code = sugu_card_code(card, batch->day);

    if (*code)
        return code;
    /* Insurance is not proven, and the house takes a deposit then. */
    return !card->is_proven && card->house_deposit_yen > 0 &&
                   card->house_deposit_yen < bill->due_yen && card->charged_yen == 0
               ? "later.not-proven"
               : "";
}

static enum sugu_dues_answer
order_payment(struct sugu_batch *batch,
              struct sugu_card_facts_row *card,
              const struct sugu_dues_bill *bill,
              bool is_capture)
{
    bool is_retry = card->dues_state == SUGU_DUES_RETRYING;
    struct sugu_id none = {{0}};

    if (is_retry)
        card->retries++;
    if (!is_capture && card->hold_state == SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED)
        sugu_card_release(batch, card); /* nobody has taken it up yet */
    if (!step_dues(batch, card, is_retry ? SUGU_DUES_ON_RETRY_DUE : SUGU_DUES_ON_BILL_TAKES, ""))
        return SUGU_DUES_NOT_OURS;
    sugu_card_order(
        batch, card,
        &(struct sugu_card_order){.attempt = sugu_id_new(batch->clock, batch->random),
                                  .bill = bill->bill,
                                  .revision = bill->revision,
                                  .kind = SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT,
                                  .yen = bill->due_yen,
                                  .original = is_capture ? card->hold : none,
                                  .provider_id = is_capture ? card->hold_provider_id : ""});
    return SUGU_DUES_ORDERED;
}

enum sugu_dues_answer
sugu_dues_bill(struct sugu_batch *batch,
               struct sugu_card_facts_row *card,
               const struct sugu_dues_bill *bill)
{
    const char *code;
    enum sugu_on_file_step step;

    if (!card || !is_ours(batch, card, bill))
        return SUGU_DUES_NOT_OURS;
    step = decide(batch, card, bill);
    if (step == SUGU_ON_FILE_NOTHING)
        return step_dues(batch, card, SUGU_DUES_ON_BILL_ZERO, "") ? SUGU_DUES_ZERO
                                                                  : SUGU_DUES_NOT_OURS;
    if (step == SUGU_ON_FILE_TO_KIOSK) {
        step_dues(batch, card, SUGU_DUES_ON_BILL_TOO_HIGH, "later.above-ceiling");
        return SUGU_DUES_NOT_OURS;
    }
    if (card->dues_state == SUGU_DUES_RETRYING && !bill->is_retry)
        return SUGU_DUES_NOT_OURS; /* its day will come */
    code = find_obstacle(batch, card, bill);
    if (*code) {
        step_dues(batch, card, SUGU_DUES_ON_CALLED_OFF, code);
        return SUGU_DUES_NOT_OURS;
    }
    return order_payment(batch, card, bill, step == SUGU_ON_FILE_CAPTURE);
}

/* ---- the person's word */

bool
sugu_dues_decline(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    card->is_declined = true;
    if (step_dues(batch, card, SUGU_DUES_ON_CALLED_OFF, "later.not-this-time"))
        return true;
    if (card->dues_state == SUGU_DUES_TAKING)
        return false;
    if (card->dues_state < 0)
        card->dues_state = SUGU_DUES_AT_KIOSK;
    set_code(card, "later.not-this-time");
    write_dues(batch, card);
    return true;
}

bool
sugu_dues_want(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    card->is_declined = false;
    if (card->dues_state < 0) {
        sugu_dues_begin(batch, card);
        return true;
    }
    if (card->dues_state != SUGU_DUES_AT_KIOSK)
        return true;
    set_code(card, "");
    set_code(card, sugu_card_code(card, batch->day));
    if (*card->dues_code) {
        write_dues(batch, card);
        return true;
    }
    order_hold(batch, card);
    return step_dues(batch, card, SUGU_DUES_ON_WANTED_AGAIN, "");
}

void
sugu_dues_call_off(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    step_dues(batch, card, SUGU_DUES_ON_CALLED_OFF, "later.not-allowed");
}

void
sugu_dues_end(struct sugu_batch *batch, struct sugu_card_facts_row *card, const char *code)
{
    if (card->state == SUGU_ON_FILE_OFFERED)
        return; /* it was to pay nothing yet: what is open waits for the card in force */
    step_dues(batch, card, SUGU_DUES_ON_CALLED_OFF, code);
    sugu_db_dues_call_off_others(
        batch->db,
        &(struct sugu_dues_call_off_others_params){.facility = batch->facility.facility,
                                                   .patient = card->patient,
                                                   .visit = card->visit,
                                                   .code = code,
                                                   .at = batch->now_utc},
        NULL);
}

/* ---- outcomes: the card */

static void
take_text(char *to, size_t size, const char *said)
{
    if (said && *said)
        snprintf(to, size, "%s", said);
}

/* What was said of the card; what was not said stays. */
static void
take_card(struct sugu_card_facts_row *card, const struct sugu_dues_outcome *outcome)
{
    take_text(card->token, sizeof card->token, outcome->token);
    take_text(card->brand, sizeof card->brand, outcome->brand);
    take_text(card->last4, sizeof card->last4, outcome->last4);
    take_text(card->network_id, sizeof card->network_id, outcome->network_id);
    if (outcome->expiry > 0)
        card->expiry = (int32_t)outcome->expiry;
    if (outcome->funding != SUGU__CARD_FUNDING__FUNDING_UNKNOWN)
        card->funding = (int16_t)outcome->funding;
}

static bool
is_surely_no_credit(const struct sugu_card_facts_row *card)
{
    return card->funding == SUGU_ON_FILE_DEBIT || card->funding == SUGU_ON_FILE_PREPAID;
}

static bool
is_approved(const struct sugu_dues_outcome *outcome)
{
    return outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
}

static bool
is_declined(const struct sugu_dues_outcome *outcome)
{
    return outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED ||
           outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED;
}

/* The token came. A card that cannot be charged later is forgotten at once, and so is one that was
 * ended while it lay in the terminal; else the provider is asked whether it is good. One whose
 * token nobody here has (a person found out that the terminal did it) can never be charged: it
 * ends. */
static void
end_register(struct sugu_batch *batch,
             struct sugu_card_facts_row *card,
             const struct sugu_dues_outcome *outcome)
{
    bool is_ended = card->state == SUGU_ON_FILE_ENDED;

    if (!is_approved(outcome) || (card->state != SUGU_ON_FILE_OFFERED && !is_ended))
        return;
    take_card(card, outcome);
    if (is_ended) {
        sugu_card_write(batch, card);
        return;
    }
    if (!*card->token || is_surely_no_credit(card)) {
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_TAKEN_BACK,
                       *card->token ? "later.not-credit" : "");
        return;
    }
    sugu_card_write(batch, card);
    sugu_card_order_hold(batch, card, 0);
}

void
sugu_dues_late_token(struct sugu_batch *batch, struct sugu_card_facts_row *card, const char *token)
{
    if (!card || !*token || *card->token)
        return;
    snprintf(card->token, sizeof card->token, "%s", token);
    if (card->state == SUGU_ON_FILE_OFFERED)
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_TAKEN_BACK, "");
    else if (card->state == SUGU_ON_FILE_ENDED)
        sugu_card_write(batch, card);
}

/* The first look at a card was good: it is the person's card from now on, and pays the visit that
 * is open where it was registered. */
static void
put_in_force(struct sugu_batch *batch, struct sugu_card_facts_row *card)
{
    int32_t facility = batch->facility.facility;

    if (is_surely_no_credit(card)) {
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_TAKEN_BACK, "later.not-credit");
        return;
    }
    sugu_db_card_end_others(batch->db,
                            &(struct sugu_card_end_others_params){.facility = facility,
                                                                  .patient = card->patient,
                                                                  .card = card->card,
                                                                  .at = batch->now_utc},
                            NULL);
    if (!sugu_card_step(batch, card, SUGU_ON_FILE_ON_CARD_GOOD, "") ||
        sugu_id_is_none(&card->session_visit) || *sugu_card_code(card, batch->day))
        return;
    sugu_db_dues_begin(batch->db,
                       &(struct sugu_dues_begin_params){.facility = facility,
                                                        .visit = card->session_visit,
                                                        .card = card->card,
                                                        .at = batch->now_utc},
                       NULL);
}

/* ---- outcomes: a hold */

static void
decline_hold(struct sugu_batch *batch,
             struct sugu_card_facts_row *card,
             const struct sugu_dues_outcome *outcome)
{
    bool is_wanted = sugu_id_equal(&card->hold, &outcome->attempt);

    if (card->state == SUGU_ON_FILE_OFFERED) {
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_CARD_DECLINED, "later.declined");
        return;
    }
    if (is_wanted && card->dues_state == SUGU_DUES_WAITING) {
        card->hold = (struct sugu_id){{0}};
        step_dues(batch, card, SUGU_DUES_ON_CALLED_OFF, "later.declined");
    }
    if (outcome->decline == SUGU__DECLINE__DECLINE_HARD && card->state == SUGU_ON_FILE_ACTIVE &&
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_CARD_DECLINED, "later.suspended"))
        sugu_want_help(batch, "", card->visit, "later.suspended", "");
}

static void
end_hold(struct sugu_batch *batch,
         struct sugu_card_facts_row *card,
         const struct sugu_dues_outcome *outcome)
{
    bool is_wanted = sugu_id_equal(&card->hold, &outcome->attempt);

    if (is_declined(outcome))
        decline_hold(batch, card, outcome);
    if (!is_approved(outcome))
        return;
    if (card->state != SUGU_ON_FILE_ENDED) {
        take_card(card, outcome);
        if (card->state == SUGU_ON_FILE_OFFERED)
            put_in_force(batch, card);
        else
            sugu_card_write(batch, card);
    }
    if (!is_wanted && outcome->approved_yen > 0) /* late: the bill is paid, or paid otherwise */
        sugu_card_order(
            batch, card,
            &(struct sugu_card_order){.attempt = sugu_id_new(batch->clock, batch->random),
                                      .kind = SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE,
                                      .yen = outcome->approved_yen,
                                      .original = outcome->attempt,
                                      .provider_id = outcome->provider_id});
}

/* ---- outcomes: the charge */

/* The provider looked at a capture and did nothing (the hold has lapsed): the bill is charged
 * anew at once. Where an answer was missing in between, a person looks. */
static bool
is_hold_gone(const struct sugu_dues_outcome *outcome)
{
    return !sugu_id_is_none(&outcome->original) &&
           outcome->decline == SUGU__DECLINE__NOT_DECLINED &&
           outcome->state_before <= SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
}

/* The day of the next try; 0 = none, as of a card that was ended while it was charged. */
static uint32_t
next_try(const struct sugu_batch *batch,
         struct sugu_card_facts_row *card,
         const struct sugu_dues_outcome *outcome)
{
    enum sugu_on_file_decline decline =
        outcome->decline == SUGU__DECLINE__DECLINE_HARD ? SUGU_ON_FILE_HARD : SUGU_ON_FILE_SOFT;
    uint32_t day;

    if (outcome->is_at_counter || card->state == SUGU_ON_FILE_ENDED)
        return 0;
    if (card->first_day == 0)
        card->first_day = batch->day;
    if (is_hold_gone(outcome))
        return batch->day;
    return sugu_on_file_next_try(card->first_day, (uint32_t)card->retries, decline, &day) ? day : 0;
}

static void
decline_payment(struct sugu_batch *batch,
                struct sugu_card_facts_row *card,
                const struct sugu_dues_outcome *outcome)
{
    uint32_t day = next_try(batch, card, outcome);

    card->next_day = day;
    if (day > 0) {
        step_dues(batch, card, SUGU_DUES_ON_DECLINED_SOFT, "later.declined");
        return;
    }
    if (!step_dues(batch, card, SUGU_DUES_ON_DECLINED_LAST, "later.declined"))
        return;
    /* What a person found out at the counter says nothing of the card. */
    if (!outcome->is_at_counter)
        sugu_card_step(batch, card, SUGU_ON_FILE_ON_CARD_DECLINED, "later.suspended");
}

static void
end_payment(struct sugu_batch *batch,
            struct sugu_card_facts_row *card,
            const struct sugu_dues_outcome *outcome)
{
    if (is_declined(outcome)) {
        decline_payment(batch, card, outcome);
        return;
    }
    if (!is_approved(outcome))
        return;
    if (card->state != SUGU_ON_FILE_ENDED) {
        take_card(card, outcome);
        sugu_card_write(batch, card);
    }
    if (sugu_id_equal(&card->hold, &outcome->original))
        card->hold = (struct sugu_id){{0}}; /* the capture took it */
    if (outcome->is_settled)
        step_dues(batch, card, SUGU_DUES_ON_APPROVED, "");
    else
        step_dues(batch, card, SUGU_DUES_ON_APPROVED_PART, "payment.partial");
}

void
sugu_dues_take(struct sugu_batch *batch,
               struct sugu_card_facts_row *card,
               const struct sugu_dues_outcome *outcome)
{
    bool is_payment = strcmp(outcome->kind, "payment") == 0;

    if (!card)
        return;
    if (strcmp(outcome->kind, "register") == 0)
        end_register(batch, card, outcome);
    else if (strcmp(outcome->kind, "hold") == 0)
        end_hold(batch, card, outcome);
    else if (is_payment && strcmp(outcome->method, "on-file") == 0)
        end_payment(batch, card, outcome);
    else if (strcmp(outcome->kind, "forget") == 0 && is_approved(outcome))
        sugu_db_card_forgotten(
            batch->db,
            &(struct sugu_card_forgotten_params){
                .facility = batch->facility.facility, .card = card->card, .at = batch->now_utc},
            NULL);
    else if (is_payment && is_approved(outcome) && outcome->is_settled)
        step_dues(batch, card, SUGU_DUES_ON_PAID_OTHERWISE, "");
}
