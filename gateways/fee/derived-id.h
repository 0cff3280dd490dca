/* SPDX-License-Identifier: Apache-2.0 */
/*
 * derived-id - ids that follow from other ids, so that a restart makes the same ones
 *
 * The bill of a visit has one id for all its revisions; a request about it has one id for as long
 * as it is the same request. Both are found again without anything being stored. Derived ids are
 * UUID version 8 (RFC 9562, "custom"), so they never equal an id that another program made (version
 * 7). Not secret and not a proof of anything.
 */
#pragma once

#include "base/id.h"

/* What the id is for; never renumber. */
enum sugu_derived {
    SUGU_DERIVED_BILL = 1,     /* of a visit; number 0 */
    SUGU_DERIVED_ANNOUNCE = 2, /* request; number = acts version */
    SUGU_DERIVED_CONFIRM = 3,  /* request, of a bill; number = revision */
    SUGU_DERIVED_REPORT = 4,   /* request; number = acts version */
    SUGU_DERIVED_CHANGE = 5,   /* request, of a change of a posting; number 0 */
};

/* `attempt` counts from 0; another one for a request that was refused and is made anew. */
struct sugu_id sugu_id_derive(const struct sugu_id *from,
                              enum sugu_derived what,
                              uint32_t number,
                              uint32_t attempt);
