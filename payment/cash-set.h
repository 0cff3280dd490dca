/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-set - the cash devices of a kiosk as its settings name them, with their thread
 */
#pragma once

#include "base/clock.h"
#include "payment/cash-worker.h"

struct sugu_cash_set;

/* Reads the file `path` (cash-settings.h) and starts the thread; opens no line yet. `clock` is not
 * owned. REFUSED "settings.invalid" or "file.missing". Block signals before. */
enum sugu_status sugu_cash_set_new(const char *path,
                                   const struct sugu_clock *clock,
                                   struct sugu_cash_set **ret_set,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Waits for the end of a running job. NULL is fine. */
struct sugu_cash_set *sugu_cash_set_free(struct sugu_cash_set *set);
struct sugu_job_thread *sugu_cash_set_worker(struct sugu_cash_set *set);

/*
 * A person has counted a payout: from now on `device` (its address) holds so many `pieces`, both as
 * the command line says them. The program that takes payments has to be stopped: REFUSED
 * "file.locked" while it runs. REFUSED "cash.unknown-device", "settings.invalid".
 */
enum sugu_status sugu_cash_set_count(const char *path,
                                     const char *folder,
                                     const char *device,
                                     const char *pieces,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
