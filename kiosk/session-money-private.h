/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session-money-private - the half of the inside of a session that is about money and papers
 *
 * Included by session-private.h only.
 */
#pragma once

/* ---- session-printer.c */

void kiosk_device_print_ticket(struct kiosk_session *session);
void kiosk_device_print_receipt(struct kiosk_session *session);
/* A slip over the money that the machine owes. */
void kiosk_device_print_claim(struct kiosk_session *session);
void kiosk_take_paper(struct kiosk_session *session, const Sugu__PaperChange *change);

/* ---- session-payment.c */

/* By the way that the patient's event means. */
void kiosk_device_pay(struct kiosk_session *session, enum sugu_kiosk_event event);
/* Enough cash is in. */
void kiosk_device_fix(struct kiosk_session *session);
/* Stops the attempt, or will when it is known; its outcome comes all the same. */
void kiosk_device_abort(struct kiosk_session *session);
void kiosk_device_ask_payment(struct kiosk_session *session);
void kiosk_take_payment(struct kiosk_session *session, const Sugu__PaymentProgress *progress);
/* The payment program is not heard any more: nobody knows how a payment under way ends. */
void kiosk_payment_lost(struct kiosk_session *session);
/* It is heard again. It says by itself what is open; what ended meanwhile is asked for. */
void kiosk_payment_back(struct kiosk_session *session);

/* ---- session-card.c: a stored card that pays later */

/* Is it offered in this house? The answer shows the offer behind the payment. */
void kiosk_card_ask_text(struct kiosk_session *session);
void kiosk_card_set_limit(struct kiosk_session *session, enum sugu_kiosk_event event);
void kiosk_card_give_consent(struct kiosk_session *session, enum sugu_kiosk_event event);
void kiosk_card_register(struct kiosk_session *session);
void kiosk_card_use(struct kiosk_session *session);
void kiosk_card_end(struct kiosk_session *session);
void kiosk_card_take(struct kiosk_session *session, const Sugu__CardOnFile *card);
void kiosk_card_take_progress(struct kiosk_session *session, const Sugu__PaymentProgress *progress);

/* ---- session-ways.c: ways to pay, cash and codes as facts */

/* What the patient's "pay" is where there is one way only, or several; and where nobody's session
 * is open, what "try again" is. */
enum sugu_kiosk_event kiosk_ways_turn(const struct kiosk_session *session,
                                      enum sugu_kiosk_event event);
/* May the patient's event happen with the ways that work now? */
bool kiosk_ways_allow(const struct kiosk_session *session, enum sugu_kiosk_event event);
void kiosk_ways_set(struct kiosk_session *session, Sugu__Part part, bool works);
/* Coins and notes, or the code of the attempt, into the facts; then the event of its page. */
void kiosk_ways_take(struct kiosk_session *session, const Sugu__PaymentProgress *progress);
/* Cash that is in the machine, told to a window that knows nobody (it was started anew): true where
 * it is taken over. */
bool kiosk_ways_adopt(struct kiosk_session *session, const Sugu__PaymentProgress *progress);
/* The attempt is over: what came of its cash, before the event of its outcome. */
void kiosk_ways_end(struct kiosk_session *session, const Sugu__PaymentProgress *progress);
/* The seconds of the code on the page, as each of them ends; until another page comes. */
void kiosk_ways_count_down(struct kiosk_session *session);
