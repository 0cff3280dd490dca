/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file - rules of leaving without stopping: who may, how much, when to try again
 */
#include "domain/on-file.h"

#include "domain/date.h"
#include "domain/yen.h"

/* ---- who may not */

#define SUGU_EXCLUSION(name, code) code,
static const char *const exclusion_codes[] = {SUGU_ON_FILE_EXCLUSIONS(SUGU_EXCLUSION)};
#undef SUGU_EXCLUSION

static uint32_t
bit_if(bool is_true, enum sugu_on_file_exclusion exclusion)
{
    return is_true ? UINT32_C(1) << exclusion : 0;
}

uint32_t
sugu_on_file_exclude(const struct sugu_on_file_facts *facts, const struct sugu_on_file_house *house)
{
    const struct sugu_on_file_card *card = &facts->card;
    bool has_consent = facts->consent.text_version != 0 &&
                       facts->consent.text_version == house->text_version &&
                       facts->consent.ceiling_yen > 0;

    return bit_if(!facts->is_active, SUGU_ON_FILE_EXCLUDED_SUSPENDED) |
           bit_if(facts->has_open_payment, SUGU_ON_FILE_EXCLUDED_PAYMENT_OPEN) |
           bit_if(facts->has_unpaid_bill, SUGU_ON_FILE_EXCLUDED_UNPAID_BILL) |
           bit_if(facts->has_ceiling_sheet, SUGU_ON_FILE_EXCLUDED_CEILING_SHEET) |
           bit_if(!has_consent, SUGU_ON_FILE_EXCLUDED_NO_CONSENT) |
           bit_if(card->expiry_month < sugu_date_month(facts->day),
                  SUGU_ON_FILE_EXCLUDED_CARD_EXPIRED) |
           bit_if(card->funding != SUGU_ON_FILE_CREDIT, SUGU_ON_FILE_EXCLUDED_NOT_CREDIT) |
           bit_if(facts->is_declined_today, SUGU_ON_FILE_EXCLUDED_NOT_THIS_TIME);
}

const char *
sugu_on_file_exclusion_code(uint32_t bits)
{
    for (unsigned i = 0; i < SUGU_ON_FILE_EXCLUSION_COUNT; i++)
        if (bits & UINT32_C(1) << i)
            return exclusion_codes[i];
    return "";
}

enum sugu_status
sugu_on_file_check_consent(const struct sugu_on_file_consent *consent,
                           const struct sugu_on_file_house *house,
                           struct sugu_error *reterr)
{
    if (consent->text_version == 0 || consent->text_version != house->text_version)
        return sugu_fail(reterr, SUGU_REFUSED, "later.no-consent",
                         "consent to text %u, %u is in force", consent->text_version,
                         house->text_version);
    if (consent->ceiling_yen < 1 || consent->ceiling_yen > house->ceiling_yen_max)
        return sugu_fail(reterr, SUGU_REFUSED, "payment.amount",
                         "the ceiling of a consent is out of the house's range");
    return SUGU_OK;
}

int64_t
sugu_on_file_hold_yen(const struct sugu_on_file_consent *consent,
                      const struct sugu_on_file_house *house)
{
    return house->hold_yen < consent->ceiling_yen ? house->hold_yen : consent->ceiling_yen;
}

/* ---- the bill is there */

enum sugu_on_file_step
sugu_on_file_decide(const struct sugu_on_file_consent *consent,
                    const struct sugu_on_file_house *house,
                    int64_t bill_yen,
                    int64_t hold_yen,
                    uint32_t hold_age_days)
{
    if (bill_yen <= 0)
        return SUGU_ON_FILE_NOTHING;
    if (bill_yen > consent->ceiling_yen || bill_yen > SUGU_YEN_MAX)
        return SUGU_ON_FILE_TO_KIOSK;
    if (bill_yen <= hold_yen && hold_age_days + 1 < house->hold_days)
        return SUGU_ON_FILE_CAPTURE;
    return SUGU_ON_FILE_CHARGE;
}

/* ---- declines */

bool
sugu_on_file_next_try(uint32_t first_day,
                      uint32_t retries,
                      enum sugu_on_file_decline decline,
                      uint32_t *ret_day)
{
    static const int32_t days[SUGU_ON_FILE_RETRIES_MAX] = {1, 3, 7};

    return decline == SUGU_ON_FILE_SOFT && retries < SUGU_ON_FILE_RETRIES_MAX &&
           sugu_date_add_days(first_day, days[retries], ret_day);
}

bool
sugu_on_file_may_repeat(sugu_time_us first_sent_us, sugu_time_us now_us)
{
    return now_us - first_sent_us < SUGU_ON_FILE_KEY_US;
}
