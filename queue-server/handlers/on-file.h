/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file - somebody's card on file: may it pay, what is ordered of it, what an attempt says of it
 *
 * Rules are core/domain/on-file.h, states core/domain/on-file-machine.h. Facts are rows of
 * card_facts. What a card owes of a visit is dues.h. Locks are taken in the order visit, bill,
 * attempt, card; the token goes nowhere but into the orders of the house's own client.
 */
#pragma once

#include "handlers/handlers.h"

#include "domain/on-file-machine.h"
#include "domain/on-file.h"

/* ---- facts: send, wait for the round, find */

/* What is none: see card_facts. */
struct sugu_card_asked {
    struct sugu_id patient, visit, card;
};
void sugu_card_facts_send(struct sugu_batch *batch,
                          const struct sugu_card_asked *asked,
                          size_t count,
                          struct sugu_card_facts_rows *rows);
/* Before the facts, where the card is changed or asked for money. */
void sugu_card_lock(struct sugu_batch *batch,
                    const struct sugu_card_asked *asked,
                    struct sugu_card_lock_row *row);
/* Of the visit that was asked for; NULL: no card. */
struct sugu_card_facts_row *sugu_card_facts_find(struct sugu_card_facts_rows *rows,
                                                 const struct sugu_id *visit);

/* ---- rules */

struct sugu_on_file_house sugu_card_house(const struct sugu_card_facts_row *card);
struct sugu_on_file_consent sugu_card_consent(const struct sugu_card_facts_row *card);
/* Bits of enum sugu_on_file_exclusion on this day (YYYYMMDD). */
uint32_t sugu_card_excluded(const struct sugu_card_facts_row *card, uint32_t day);
/* Why it does not pay, "" = it pays: a code of the visit's dues, of the card, of an exclusion. */
const char *sugu_card_code(const struct sugu_card_facts_row *card, uint32_t day);
/* The message; it points into the row. */
void sugu_card_fill(struct sugu_card_facts_row *card, uint32_t day, Sugu__CardOnFile *to);

/* ---- the arrangement */

/* Steps the card's machine and writes the row, with what else was changed in it; a step that is not
 * in its table changes nothing and gives false. `code` is why, "" = all is well. The token of one
 * that ends stays until its provider has forgotten it (change-card.c). */
bool sugu_card_step(struct sugu_batch *batch,
                    struct sugu_card_facts_row *card,
                    enum sugu_on_file_event event,
                    const char *code);
void sugu_card_write(struct sugu_batch *batch, const struct sugu_card_facts_row *card);

/* ---- orders to the house's client */

struct sugu_card_order {
    struct sugu_id attempt, bill; /* holds and releases: of no bill, but of the row's visit */
    int32_t revision;
    Sugu__AttemptKind kind;
    int64_t yen;
    struct sugu_id original; /* the hold */
    const char *provider_id; /* what the provider calls it; "" = there is none */
};
void sugu_card_order(struct sugu_batch *batch,
                     const struct sugu_card_facts_row *card,
                     const struct sugu_card_order *order);
/* A hold of so much for a visit; of 0 yen: is the card good? Without a visit: after registration.
 * Its id. */
struct sugu_id
sugu_card_order_hold(struct sugu_batch *batch, const struct sugu_card_facts_row *card, int64_t yen);
/* The hold of the visit is not wanted any more: called off, or let go. */
void sugu_card_release(struct sugu_batch *batch, struct sugu_card_facts_row *card);
