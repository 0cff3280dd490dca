/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window-private - between the window and what a patient does by each way to pay
 */
#pragma once

#include "simulation/world.h"

struct window_state {
    struct kiosk *kiosk;
    void *context;
    struct sugu_client *server, *payment;
    struct sugu_id session;
    /* the one question that is waited for */
    bool has_reply;
    Sugu__Reply *reply;
    /* the payment that is looked at */
    struct sugu_id attempt;
    int state;
    bool is_final, is_offered;
    /* of cash */
    int stage;
    int64_t in_yen;
    uint32_t units; /* bits of domain/cash.h */
};

/* Waits for news, at most until then. */
void window_pump(struct window_state *window, int64_t until_us);
/* Asks and waits; the reply is window->reply until the next question. */
const Sugu__Reply *window_ask(struct window_state *window,
                              struct sugu_client *client,
                              Sugu__Request__BodyCase body_case,
                              void *body,
                              int64_t deadline_us);
/* The patient asks for a stop of the payment. */
void window_abort_payment(struct window_state *window);
/* Is the payment neither over nor a person's? */
bool window_is_paying(const struct window_state *window);

/* What the payment program says of the attempt that is looked at. */
void window_take_progress(struct window_state *window, const Sugu__PaymentProgress *progress);

/* patient-card.c: reads, consents, and holds the card to the terminal. */
void patient_register_card(struct window_state *window);
/* patient-cash.c: puts in what is asked for, more or less. */
void patient_pay_cash(struct window_state *window, int64_t due_yen);
