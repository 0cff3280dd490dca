/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkout-refusal - Adyen's numbers of refusal, and whether another day may help
 *
 * Numbers and names: docs.adyen.com/development-resources/refusal-reasons and Adyen/adyen-magento2
 * Enum/AdyenRefusalReason.php. Soft or hard is our reading of the names (domain/payments.md 4 [D]):
 * soft only what may be over in days without the payer doing anything, or by the payer's next pay
 * day; what is not in the table is hard, because repeating what nobody understands costs the
 * hospital fees and the payer's trust. The card networks' own limits of repetition are not known
 * [U]; three repetitions in a week are below every limit we have seen named.
 */
#pragma once

#include "domain/on-file.h"

/* `number` as in refusalReasonCode. The code is "payment.declined" or "payment.card-not-accepted".
 */
enum sugu_on_file_decline sugu_checkout_classify(const char *number, const char **ret_code);
