/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow-card - the fourth part of the kiosk's table: a stored card that pays later
 *
 * Included by kiosk-flow.h only. It is offered behind a payment, when nothing waits any more; one
 * question a page. A card that is registered moves no money: that ends by a pause like any wait.
 */
#pragma once

#define SUGU_KIOSK_RULES_STORED(X)                                                                 \
    X(PAID, STORE_CARD, CONSENT, 0)                                                                \
    X(PAID, MY_CARD, MY_CARD, 0)                                                                   \
    X(ALREADY_PAID, STORE_CARD, CONSENT, 0)                                                        \
    X(ALREADY_PAID, MY_CARD, MY_CARD, 0)                                                           \
    X(TICKET, MY_CARD, MY_CARD, 0)                                                                 \
    SUGU_KIOSK_HELP(X, CONSENT)                                                                    \
    SUGU_KIOSK_WARN(X, CONSENT)                                                                    \
    SUGU_KIOSK_GO_BACK(X, CONSENT)                                                                 \
    SUGU_KIOSK_NEW_CARD(X, CONSENT)                                                                \
    X(CONSENT, YES, LIMIT, 0)                                                                      \
    X(CONSENT, NO, TAKE_CARD, SUGU_KIOSK_LEAVE_EFFECTS)                                            \
    SUGU_KIOSK_HELP(X, LIMIT)                                                                      \
    SUGU_KIOSK_WARN(X, LIMIT)                                                                      \
    X(LIMIT, BACK, CONSENT, 0)                                                                     \
    X(LIMIT, LIMIT_LOW, PAYER, SUGU_KIOSK_DO_SET_LIMIT)                                            \
    X(LIMIT, LIMIT_MIDDLE, PAYER, SUGU_KIOSK_DO_SET_LIMIT)                                         \
    X(LIMIT, LIMIT_HIGH, PAYER, SUGU_KIOSK_DO_SET_LIMIT)                                           \
    SUGU_KIOSK_HELP(X, PAYER)                                                                      \
    SUGU_KIOSK_WARN(X, PAYER)                                                                      \
    X(PAYER, BACK, LIMIT, 0)                                                                       \
    X(PAYER, OWN_CARD, STORING, SUGU_KIOSK_DO_GIVE_CONSENT)                                        \
    X(PAYER, OTHERS_CARD, STORING, SUGU_KIOSK_DO_GIVE_CONSENT)                                     \
    SUGU_KIOSK_HELP(X, STORING)                                                                    \
    X(STORING, CONSENT_TAKEN, REGISTERING, SUGU_KIOSK_DO_REGISTER_CARD)                            \
    X(STORING, CONSENT_REFUSED, CARD_NOT_STORED, 0)                                                \
    X(STORING, NO_ANSWER, CARD_NOT_STORED, 0)                                                      \
    SUGU_KIOSK_HELP(X, REGISTERING)                                                                \
    X(REGISTERING, CARD_STORED, CARD_STORED, 0)                                                    \
    X(REGISTERING, CARD_NOT_STORED, CARD_NOT_STORED, 0)                                            \
    X(REGISTERING, CANCEL, CARD_NOT_STORED, SUGU_KIOSK_DO_ABORT_PAYMENT)                           \
    X(REGISTERING, NO_ANSWER, CARD_NOT_STORED, SUGU_KIOSK_DO_ABORT_PAYMENT)                        \
    SUGU_KIOSK_END(X, CARD_STORED)                                                                 \
    SUGU_KIOSK_NEW_CARD(X, CARD_STORED)                                                            \
    SUGU_KIOSK_END(X, CARD_NOT_STORED)                                                             \
    SUGU_KIOSK_NEW_CARD(X, CARD_NOT_STORED)                                                        \
    X(CARD_NOT_STORED, CARD_STORED, CARD_STORED, 0)                                                \
    SUGU_KIOSK_END(X, MY_CARD)                                                                     \
    SUGU_KIOSK_NEW_CARD(X, MY_CARD)                                                                \
    X(MY_CARD, USE_CARD, MY_CARD, SUGU_KIOSK_DO_USE_CARD)                                          \
    X(MY_CARD, END_CARD, CARD_END, 0)                                                              \
    SUGU_KIOSK_HELP(X, CARD_END)                                                                   \
    SUGU_KIOSK_WARN(X, CARD_END)                                                                   \
    X(CARD_END, YES, MY_CARD, SUGU_KIOSK_DO_END_CARD)                                              \
    X(CARD_END, NO, MY_CARD, 0)                                                                    \
    X(CARD_END, BACK, MY_CARD, 0)
