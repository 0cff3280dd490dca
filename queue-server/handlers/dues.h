/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dues - what a card on file has to pay of one visit: from check-in to the charge, and after it
 *
 * The machine is sugu_dues_machine. Everything here changes the row of card_facts and writes it;
 * the caller holds the visit's lock. A NULL card is nobody's: nothing happens.
 */
#pragma once

#include "handlers/on-file.h"

/* A visit begins: the card is held or looked at, or the row says why it will not pay. */
void sugu_dues_begin(struct sugu_batch *batch, struct sugu_card_facts_row *card);

/* A bill that can be paid, with what is due of it. */
struct sugu_dues_bill {
    struct sugu_id bill;
    int32_t revision;
    int64_t due_yen;
    bool is_retry; /* the day of another try may have come */
};
enum sugu_dues_answer {
    SUGU_DUES_NOT_OURS, /* it is paid at a kiosk or desk */
    SUGU_DUES_ORDERED,  /* an attempt is under way: the bill is in payment */
    SUGU_DUES_ZERO,     /* nothing is due, and nobody comes to a kiosk to say so */
};
enum sugu_dues_answer sugu_dues_bill(struct sugu_batch *batch,
                                     struct sugu_card_facts_row *card,
                                     const struct sugu_dues_bill *bill);

/* The person says no, or yes after all, for this visit. False: too late for it. */
bool sugu_dues_decline(struct sugu_batch *batch, struct sugu_card_facts_row *card);
bool sugu_dues_want(struct sugu_batch *batch, struct sugu_card_facts_row *card);
/* The visit comes to no bill. */
void sugu_dues_call_off(struct sugu_batch *batch, struct sugu_card_facts_row *card);
/* The arrangement is over. */
void sugu_dues_end(struct sugu_batch *batch, struct sugu_card_facts_row *card, const char *code);

/* What came of an attempt of this visit, by whichever way, or of one of the card alone. */
struct sugu_dues_outcome {
    struct sugu_id attempt, original;
    const char *kind, *method; /* as in the store */
    const char *provider_id;   /* what the provider calls it; "" = nothing */
    Sugu__AttemptState state;
    int state_before;
    int64_t approved_yen;
    Sugu__Decline decline;
    bool is_settled;    /* the bill, by it or before */
    bool is_at_counter; /* a person settles the bill */
    /* of the card, as far as said */
    const char *token, *brand, *last4, *network_id;
    uint32_t expiry;
    Sugu__CardFunding funding;
};
void sugu_dues_take(struct sugu_batch *batch,
                    struct sugu_card_facts_row *card,
                    const struct sugu_dues_outcome *outcome);
/* The terminal's token of a registration that a person has said the end of before: nobody counts on
 * the card any more, so it ends, and its provider is to forget it. */
void
sugu_dues_late_token(struct sugu_batch *batch, struct sugu_card_facts_row *card, const char *token);
