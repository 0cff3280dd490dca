/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-on-file-provider - an emulated keeper of stored cards: Adyen's Checkout API
 *
 * Knows what payment/on-file/checkout.h lists: payments by token, holds, captures, cancels,
 * refunds, keys that give the first answer again, tokens that are deleted. Money moves when
 * something is charged or captured.
 *
 * Commands besides those of provider.h:
 *   token TOKEN PAYER BRAND LAST4 M/YYYY FUNDING   stores a card; there is none at first
 *   decline NUMBER   the next hold or charge is refused with that refusalReasonCode
 *   result WORD      the next hold or charge has that resultCode
 *   partial YEN      the next hold or charge is approved for that much; 0: without an amount
 *   busy N           the next question and N - 1 repetitions get error 704, transient; then it is
 *                    carried out
 *   differ           the next repetition of an answered key gets the opposite result
 *   forget-keys      keys older than now are new again
 *   lapse            holds have lapsed: captures are refused
 */
#pragma once

#include "emulators/provider.h"

#define SUGU_EMULATED_CARD_MERCHANT "EmulatedHospitalJP"
#define SUGU_EMULATED_CARD_KEY      "emulated-api-key"

struct sugu_card_on_file_provider;

/* NULL without memory. `clock` is not owned. */
struct sugu_card_on_file_provider *sugu_card_on_file_provider_new(const struct sugu_clock *clock);
struct sugu_card_on_file_provider *
sugu_card_on_file_provider_free(struct sugu_card_on_file_provider *provider);
struct sugu_provider *sugu_card_on_file_provider_base(struct sugu_card_on_file_provider *provider);
/* The provider's own list: money that moved, in the order of moving. */
struct sugu_card_on_file_provider_row {
    const char *reference; /* ours: of the charge, capture or refund */
    const char *id;        /* the provider's, of it */
    int64_t yen;           /* > 0 taken, < 0 given back */
};
void sugu_card_on_file_provider_each(const struct sugu_card_on_file_provider *provider,
                                     void (*each)(void *user,
                                                  const struct sugu_card_on_file_provider_row *row),
                                     void *user);
/* What is held and neither captured nor let go, yen. */
int64_t sugu_card_on_file_provider_held(const struct sugu_card_on_file_provider *provider);
/* Every card that is stored. */
void sugu_card_on_file_provider_each_token(const struct sugu_card_on_file_provider *provider,
                                           void (*each)(void *user,
                                                        const char *token,
                                                        const char *payer),
                                           void *user);
/* How many tokens were deleted. */
unsigned sugu_card_on_file_provider_deleted(const struct sugu_card_on_file_provider *provider);
