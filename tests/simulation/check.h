/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - what check.c and those who count money ask of the database and of a kiosk's journal
 */
#pragma once

#include "simulation/device.h"

#include <libpq-fe.h>
#include <sqlite3.h>

PGresult *check_query(const struct world *world, const char *statement);
/* Of the first row. */
int64_t check_number_at(const PGresult *result, int column);
/* Sum of the account, of one place where `detail` is not "". */
int64_t check_posted_yen(const struct world *world, const char *account, const char *detail);
/* State of an attempt at the server, with its approved yen; -1 = not known there. */
int check_attempt(const struct world *world, const struct sugu_id *attempt, int64_t *ret_yen);
/* Opened for reading; close it with sqlite3_close. */
sqlite3 *check_open_journal(const struct kiosk *kiosk);

/* ---- check-fee.c */

/* What was confirmed stands at the fee module. */
void check_fee(const struct world *world);

/* ---- check-cash.c */

/* An attempt by cash at this place that a person has to settle. */
bool check_held_cash(const struct world *world,
                     const char *place,
                     struct sugu_id *ret_attempt,
                     int64_t *ret_due_yen);
/* What the kiosk's books say is in its machine, but for this attempt. */
int64_t check_booked_yen(const struct kiosk *kiosk, const struct sugu_id *but_for);
/* What its own rows say, where its session is over. */
bool check_session_yen(const struct kiosk *kiosk, const struct sugu_id *attempt, int64_t *ret_yen);
/* Boxes against journals against the ledger; then each bill's money to `each`. */
void check_cash(const struct world *world,
                void (*each)(void *user, const struct device_charge *charge),
                void *user);
