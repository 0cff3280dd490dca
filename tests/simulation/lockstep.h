/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lockstep - the store's connections wait for PostgreSQL where the server would go on
 *
 * Linked around core functions of store/db.h (ld's --wrap). A round is carried out by PostgreSQL
 * before sugu_db_end_round returns; its results are told with the next sugu_db_step, as ever. So
 * no two statements ever run at the same time, virtual time stands still meanwhile, and the order
 * of everything is that of the program. The crash points before and behind a COMMIT are here, and
 * so is the loss of a connection in the middle of one.
 */
#pragma once

#include "simulation/sim.h"

/* Losses of the connection at a COMMIT, one in so many, 0 = never; how long a disk takes to flush.
 */
void lockstep_begin(uint64_t lose_one_in, int64_t flush_us);
/* Is there a round whose end was not told, or a connection that is being made? The latter are
 * finished here, in real time. */
bool lockstep_has_news(void);
/* Drops connections that a dead server has left. */
void lockstep_drop(void);
