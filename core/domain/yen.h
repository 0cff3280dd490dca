/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yen - whole yen and whole points that cannot be mixed and cannot overflow
 *
 * Yen have no decimals and no floating point ever touches them. An amount may be negative (a
 * refund, a correcting entry). Points are the unit of the fee table; only the copay rule turns them
 * into yen.
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

struct sugu_yen {
    int64_t value;
};

struct sugu_points {
    int64_t value;
};

/* The largest amounts of the wire (bounds.def): a bill, a payment; a bill's points. */
#define SUGU_YEN_MAX    INT64_C(99999999)
#define SUGU_POINTS_MAX INT64_C(99999999)

/* "-9,223,372,036,854,775,808" with the NUL. */
#define SUGU_YEN_TEXT_SIZE 27

static inline struct sugu_yen
sugu_yen(int64_t value)
{
    return (struct sugu_yen){value};
}

static inline struct sugu_points
sugu_points(int64_t value)
{
    return (struct sugu_points){value};
}

/* False, and nothing written, where the result does not fit. */
bool sugu_yen_add(struct sugu_yen a, struct sugu_yen b, struct sugu_yen *ret_sum) SUGU_MUST_CHECK;
bool sugu_yen_subtract(struct sugu_yen from,
                       struct sugu_yen what,
                       struct sugu_yen *ret_rest) SUGU_MUST_CHECK;
bool
sugu_yen_multiply(struct sugu_yen one, int64_t count, struct sugu_yen *ret_product) SUGU_MUST_CHECK;
bool sugu_points_add(struct sugu_points a,
                     struct sugu_points b,
                     struct sugu_points *ret_sum) SUGU_MUST_CHECK;
bool sugu_points_multiply(struct sugu_points one,
                          int64_t count,
                          struct sugu_points *ret_product) SUGU_MUST_CHECK;

/* "12,340", "0", "-370". Returns `to`. */
const char *sugu_yen_format(struct sugu_yen yen, char to[SUGU_YEN_TEXT_SIZE]);

/*
 * "12340" or "12,340", with an optional '-'. Nothing around it, no leading zero, every comma where
 * it belongs, in range; else false and nothing written.
 */
bool sugu_yen_parse(const char *text, struct sugu_yen *ret_yen) SUGU_MUST_CHECK;
