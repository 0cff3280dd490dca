/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkout-refusal - Adyen's numbers of refusal, and whether another day may help
 */
#include "payment/on-file/checkout-refusal.h"

#include <string.h>

#define REFUSALS(X)                                                                                \
    X("2", SOFT)  /* Refused: the issuer gives no reason */                                        \
    X("3", SOFT)  /* Referral */                                                                   \
    X("4", SOFT)  /* Acquirer Error */                                                             \
    X("5", HARD)  /* Blocked Card */                                                               \
    X("6", HARD)  /* Expired Card */                                                               \
    X("7", HARD)  /* Invalid Amount */                                                             \
    X("8", HARD)  /* Invalid Card Number */                                                        \
    X("9", SOFT)  /* Issuer Unavailable */                                                         \
    X("10", HARD) /* Not supported */                                                              \
    X("11", HARD) /* 3D Not Authenticated */                                                       \
    X("12", SOFT) /* Not enough balance */                                                         \
    X("14", HARD) /* Acquirer Fraud */                                                             \
    X("15", HARD) /* Cancelled */                                                                  \
    X("16", HARD) /* Shopper Cancelled */                                                          \
    X("17", HARD) /* Invalid Pin */                                                                \
    X("18", HARD) /* Pin tries exceeded */                                                         \
    X("19", HARD) /* Pin validation not possible */                                                \
    X("20", HARD) /* FRAUD */                                                                      \
    X("21", SOFT) /* Not Submitted */                                                              \
    X("22", HARD) /* FRAUD-CANCELLED */                                                            \
    X("23", HARD) /* Transaction Not Permitted */                                                  \
    X("24", HARD) /* CVC Declined */                                                               \
    X("25", HARD) /* Restricted Card */                                                            \
    X("26", HARD) /* Revocation Of Auth: the payer forbade it */                                   \
    X("27", SOFT) /* Declined Non Generic */                                                       \
    X("28", SOFT) /* Withdrawal amount exceeded */                                                 \
    X("29", SOFT) /* Withdrawal count exceeded */                                                  \
    X("31", HARD) /* Issuer Suspected Fraud */                                                     \
    X("32", HARD) /* AVS Declined */                                                               \
    X("38", HARD) /* Authentication required: needs the payer */                                   \
    X("39", HARD) /* RReq not received from DS */                                                  \
    X("42", HARD) /* Authentication Error */                                                       \
    X("46", HARD) /* Transaction blocked by Adyen */

enum sugu_on_file_decline
sugu_checkout_classify(const char *number, const char **ret_code)
{
#define REFUSAL(number_, class) {number_, SUGU_ON_FILE_##class},
    static const struct {
        const char *number;
        enum sugu_on_file_decline decline;
    } rows[] = {REFUSALS(REFUSAL)};

    *ret_code = "payment.card-not-accepted";
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        if (strcmp(rows[i].number, number) != 0)
            continue;
        if (rows[i].decline == SUGU_ON_FILE_SOFT)
            *ret_code = "payment.declined";
        return rows[i].decline;
    }
    return SUGU_ON_FILE_HARD;
}
