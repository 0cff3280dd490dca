/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posting - what the fee side has to post: that a revision is paid, and what moved after that
 *
 * Told by event and in the open work until it is confirmed.
 */
#pragma once

#include "handlers/handlers.h"

/* This revision is paid, by this method ("mixed": by several): written down, and told. */
struct sugu_posting_facts {
    struct sugu_id bill, visit;
    int32_t revision;
    int64_t yen;
    const char *method;
    uint32_t day;
};
void sugu_posting_settle(struct sugu_batch *batch, const struct sugu_posting_facts *facts);

/* Money of a bill that was posted has moved once more: row and event. */
struct sugu_posting_change_facts {
    struct sugu_id change; /* the attempt */
    struct sugu_id bill, visit;
    int32_t revision;
    bool is_back; /* to the patient */
    int64_t yen, kept_yen;
    int16_t reason; /* RefundReason, where it went back */
    const char *method;
};
void sugu_posting_change(struct sugu_batch *batch, const struct sugu_posting_change_facts *facts);
