/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain - the hash chain of the journals, computed again outside the database
 *
 * Each journal's hash is SHA-256 of the hash before it (32 zero bytes before the first) and of its
 * text (docs/ledger.md). PostgreSQL computes it when the journal is sealed (schema 0010); here
 * libsodium does, from the rows alone, so that neither has to be trusted about itself.
 */
#pragma once

#include "store/db.h"

#define SUGU_CHAIN_HASH_SIZE 32

struct sugu_chain_range {
    int32_t facility;
    uint32_t day;        /* from its first journal to its last; 0 = everything */
    const uint8_t *head; /* of the day, as printed on its closing report; NULL = not known */
};

struct sugu_chain_finding {
    bool is_broken;
    int64_t journal;                    /* first broken one, 0 where it is not one journal */
    uint32_t day;                       /* whose anchor is wrong, 0 where it is a journal */
    char what[512];                     /* what differs */
    int64_t checked;                    /* journals that were hashed */
    uint8_t head[SUGU_CHAIN_HASH_SIZE]; /* of the last one */
};

/* Inside the caller's transaction in the facility; a page of journals at a time. */
enum sugu_status sugu_chain_verify(struct sugu_db *db,
                                   const struct sugu_chain_range *range,
                                   struct sugu_chain_finding *ret_finding,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
