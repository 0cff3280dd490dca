/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt - how categories and amounts of a bill are written on an official receipt
 */
#include "domain/receipt.h"

#include <assert.h>
#include <stdio.h>

const struct sugu_category_name *
sugu_category_name(enum sugu_category category)
{
    static const struct sugu_category_name names[SUGU_CATEGORY_COUNT] = {
        [SUGU_CATEGORY_A00] = {"初・再診料", "First and repeat visits"},
        [SUGU_CATEGORY_A10] = {"入院料等", "Hospital stay"},
        [SUGU_CATEGORY_B00] = {"医学管理等", "Medical management"},
        [SUGU_CATEGORY_C00] = {"在宅医療", "Home care"},
        [SUGU_CATEGORY_D00] = {"検査", "Tests"},
        [SUGU_CATEGORY_E00] = {"画像診断", "Imaging"},
        [SUGU_CATEGORY_F00] = {"投薬", "Medication"},
        [SUGU_CATEGORY_G00] = {"注射", "Injections"},
        [SUGU_CATEGORY_H00] = {"リハビリテーション", "Rehabilitation"},
        [SUGU_CATEGORY_I00] = {"精神科専門療法", "Psychiatric therapy"},
        [SUGU_CATEGORY_J00] = {"処置", "Treatment"},
        [SUGU_CATEGORY_K00] = {"手術", "Surgery"},
        [SUGU_CATEGORY_L00] = {"麻酔", "Anaesthesia"},
        [SUGU_CATEGORY_M00] = {"放射線治療", "Radiotherapy"},
        [SUGU_CATEGORY_N00] = {"病理診断", "Pathology"},
        [SUGU_CATEGORY_SELF] = {"保険外負担", "Outside insurance"},
    };

    assert(category < SUGU_CATEGORY_COUNT);
    return &names[category];
}

const char *
sugu_yen_text(struct sugu_yen yen, bool in_japanese, char to[SUGU_AMOUNT_TEXT_SIZE])
{
    char grouped[SUGU_YEN_TEXT_SIZE];

    sugu_yen_format(yen, grouped);
    snprintf(to, SUGU_AMOUNT_TEXT_SIZE, "%s%s%s", in_japanese ? "" : "¥", grouped,
             in_japanese ? "円" : "");
    return to;
}

const char *
sugu_count_text(int64_t count, char to[SUGU_AMOUNT_TEXT_SIZE])
{
    char grouped[SUGU_YEN_TEXT_SIZE];

    /* Grouped like yen; the type only tells the units apart. */
    snprintf(to, SUGU_AMOUNT_TEXT_SIZE, "%s", sugu_yen_format(sugu_yen(count), grouped));
    return to;
}

const char *
sugu_points_text(struct sugu_points points, char to[SUGU_AMOUNT_TEXT_SIZE])
{
    char grouped[SUGU_AMOUNT_TEXT_SIZE];

    snprintf(to, SUGU_AMOUNT_TEXT_SIZE, "%.27s点", sugu_count_text(points.value, grouped));
    return to;
}
