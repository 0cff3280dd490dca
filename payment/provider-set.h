/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-set - a provider as the settings name it: its line, its driver and a thread for its jobs
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "payment/code-worker.h"
#include "payment/on-file-worker.h"
#include "payment/settings.h"

struct sugu_provider_set;

/* The provider of code payments. Reads root and key; opens no line yet. `clock` and `random` are
 * not owned. REFUSED "settings.invalid", "key.file" or "file.missing". Block signals before. */
enum sugu_status sugu_provider_set_new_code(const struct sugu_payment_settings *settings,
                                            const struct sugu_clock *clock,
                                            struct sugu_random *random,
                                            struct sugu_provider_set **ret_set,
                                            struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The keeper of registered cards; the same. */
enum sugu_status sugu_provider_set_new_on_file(const struct sugu_payment_settings *settings,
                                               struct sugu_provider_set **ret_set,
                                               struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Lets a running question go within a second, and waits for it. NULL is fine. */
struct sugu_provider_set *sugu_provider_set_free(struct sugu_provider_set *set);

/* Takes struct sugu_code_job, or struct sugu_on_file_job. */
struct sugu_job_thread *sugu_provider_set_worker(struct sugu_provider_set *set);
/* The driver's name, for the ledger. */
const char *sugu_provider_set_name(const struct sugu_provider_set *set);
