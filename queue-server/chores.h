/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chores - what the server does by itself: ranges of waiting times, once a night and once a minute,
 * the sessions of kiosks that fell silent, bills for cards on file, and a look at its own clock
 *
 * On a connection of its own, so that nobody's request waits for it. Of several servers on one
 * database one does each chore: whoever takes its row in day_task forward (docs/waiting-times.md).
 */
#pragma once

#include "batch.h"
#include "waiting.h"

struct sugu_chores;

/* `steady`: what tells that the time of day has jumped, which is logged; may be NULL. `list` gives
 * the index-th facility, NULL behind the last one. */
struct sugu_chores *sugu_chores_new(const char *conninfo,
                                    const struct sugu_clock *clock,
                                    const struct sugu_clock_steady *steady,
                                    const struct sugu_facility *(*list)(const void *user,
                                                                        size_t index),
                                    const void *user);
struct sugu_chores *sugu_chores_free(struct sugu_chores *chores);

/* Where works go that have to be done among the requests, with their locks and events: bills that a
 * card on file has to pay now. Without it there are none. */
void sugu_chores_feed(struct sugu_chores *chores, struct sugu_waiting *waiting);

/* Begins what is due and is not under way; never blocks. */
void sugu_chores_step(struct sugu_chores *chores);
/* For the poll loop. */
const struct sugu_db *sugu_chores_db(const struct sugu_chores *chores);
int64_t sugu_chores_due_us(const struct sugu_chores *chores);
