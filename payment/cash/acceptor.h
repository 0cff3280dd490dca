/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acceptor - coin and note acceptors: types, masks, the buffer of events, the escrow
 *
 * Both keep their last five events as pairs (A, B), the newest first, behind a counter
 * (domain/payments.md 2.2, headers 229 and 159). A coin acceptor's A is the coin's position, B the
 * sorter's path; a note acceptor's A is the bill's type, B 0 = stacked, 1 = in escrow; with A = 0,
 * B is a code.
 */
#pragma once

#include "payment/cash/cash-part.h"

/* The next question of making an acceptor ready; OK with part->seen.is_ready at the end. Its mask
 * is off then. */
enum sugu_status sugu_acceptor_prepare(struct sugu_cash_room *room,
                                       struct sugu_cash_part *part,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Reads the buffer and tells what is new; sends the masks where they are not as ordered, and again
 * every two seconds while money is taken: a device that was reset unnoticed takes none. */
enum sugu_status sugu_acceptor_poll(struct sugu_cash_room *room,
                                    struct sugu_cash_part *part,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* room->units to the device. */
enum sugu_status sugu_acceptor_mask(struct sugu_cash_room *room,
                                    struct sugu_cash_part *part,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Header 154: the note in escrow goes into the stacker, or back. Errors as in the port. */
enum sugu_status sugu_acceptor_route(struct sugu_cash_room *room,
                                     struct sugu_cash_part *part,
                                     bool into_stacker,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* What a code means, for tests and the log. */
enum sugu_cash_news_kind sugu_acceptor_judge_code(enum sugu_cash_kind kind, uint8_t code);
