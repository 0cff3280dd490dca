/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-world - a bill's money with a card on file: the test is also the program that charges it
 *
 * The till (money-world.h) and the keeper: the payment program at the place "cards", which speaks
 * to the provider. The house's texts are those of assets/consent. Each step checks the code that it
 * gets back; "" = done.
 */
#pragma once

#include "scenario/money-world.h"

struct cards {
    struct till till;
    struct sugu_test_client keeper;
    size_t keeper_from, fee_seen;
    struct sugu_id card, attempt; /* that was given last; that the keeper took last */
    char payer[65];               /* the reference that the terminal got at registration */
    uint32_t version;             /* of the text */
    int clock;                    /* file with the hands of the server's clock */
    char preload[600], hands[300];
    const char *environment[3];
};

#define CARDS_CEILING 5000

/* The house holds so much at check-in; 0 = it only asks whether the card is good. */
void cards_init(struct cards *cards, const char *hold);
/* The same; the test's own keeper is not there, and a program stands in as client "cards". */
void cards_init_without_keeper(struct cards *cards, const char *hold);
/* The person's card, a check-in as B-001, and its hold approved by the keeper. */
void cards_init_held(struct cards *cards, int64_t hold_yen);
void cards_done(struct cards *cards);
void cards_set(struct cards *cards, const char *const *words);
#define CARDS_SET(cards, ...) cards_set(cards, (const char *const[]){__VA_ARGS__, NULL})

/* Another version of the text comes into force. */
void cards_new_text(struct cards *cards);
void cards_book(struct cards *cards);
/* Days go by; the server is started anew on the later day. */
void cards_days_pass(struct cards *cards, int64_t days);

/* ---- the person at the kiosk */

/* A new session of the person, who leaves the one before. */
void cards_come(struct cards *cards);
/* What the session says of the card; NONE: there is none. */
void cards_session_says(struct cards *cards, Sugu__CardOnFileState state, const char *code);
void cards_consent(struct cards *cards, int64_t ceiling, const char *code);
/* The same card, the text that is in force now. */
void cards_consent_again(struct cards *cards);
/* At the terminal, in two steps or in one: the payer is known behind the first. */
void cards_begin_register(struct cards *cards);
void cards_end_register(struct cards *cards, Sugu__CardFunding funding, uint32_t expiry);
void cards_register(struct cards *cards, Sugu__CardFunding funding, uint32_t expiry);
/* "" or the code of the refusal; the card's code has to be this one. */
void
cards_use(struct cards *cards, bool is_used, bool ends, const char *code, const char *card_code);
/* Consent, registration, the keeper's look: active. The session stays open. */
void cards_have_card(struct cards *cards);
/* The person checks in (this number) and leaves the kiosk. */
void cards_check_in(struct cards *cards, const char *number);
/* Stage and acts are done; the bill comes to who is not at a kiosk. */
void cards_announce(struct cards *cards, uint32_t version, int64_t yen);

/* ---- the keeper */

/* The next order; it is taken (BeginPayment). */
const Sugu__PaymentOrder *cards_hears(struct cards *cards, Sugu__AttemptKind kind, int64_t yen);
void cards_hears_nothing(struct cards *cards);
/* The outcome of the one that was taken last. */
void cards_approve(struct cards *cards, int64_t yen);
void cards_decline(struct cards *cards, Sugu__Decline decline);
void cards_end(struct cards *cards, Sugu__AttemptState state, Sugu__Decline decline, int64_t yen);
/* How many attempts are open work, how many of them orders that were not taken. */
void cards_open_work_is(struct cards *cards, size_t attempts, size_t orders);

/* ---- what stands in the books and at the desk */

void cards_visit_is(struct cards *cards, Sugu__VisitState state);
/* As a kiosk shows it: why the card did not pay. */
void cards_bill_says(struct cards *cards, const char *on_file_code);
