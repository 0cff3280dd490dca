/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words-money - attempts, refunds and what to do about them as the staff's language says them
 */
#pragma once

#include "money.h"
#include "words.h"

const char *desk_words_attempt_kind(Sugu__AttemptKind kind);
const char *desk_words_attempt_state(Sugu__AttemptState state);
/* A sign beside the words: taken, not taken, nobody knows. */
const char *desk_words_attempt_sign(Sugu__AttemptState state);
const char *desk_words_method(Sugu__PaymentMethod method);
const char *desk_words_desk_money(Sugu__DeskMoney by);
const char *desk_words_refund_reason(Sugu__RefundReason reason);
const char *desk_words_refund_state(Sugu__RefundState state);
const char *desk_words_refund_sign(Sugu__RefundState state);

/* "Card on file Visa …4242, in force". */
const char *desk_words_card(char to[static DESK_WORDS_SIZE], const Sugu__CardOnFile *card);
/* "Card Visa …4242", "At the desk: cash". */
const char *desk_words_way(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt);
/* Yen that came of those that were asked for. */
const char *desk_words_attempt_yen(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt);
/* One attempt in a line: "Card Visa …4242, 10:41, ¥870, kiosk-1". */
const char *
desk_words_attempt(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone);
/* One that moves no money: "Amount held on the card, 2025-06-02 10:41, ¥3,000, cards". */
const char *
desk_words_held(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone);
/* Where to look for what became of an attempt that is held. */
const char *
desk_words_look_at(char to[static DESK_WORDS_SIZE], const Sugu__Attempt *attempt, GTimeZone *zone);
