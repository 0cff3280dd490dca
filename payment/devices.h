/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices - everything that sugu-payment takes money by, each with its threads
 */
#pragma once

#include "payment/agent.h"
#include "payment/settings.h"
#include "payment/terminal/terminal-nexo.h"

#define SUGU_PAYMENT_THREADS 5

struct sugu_payment_devices;

/* Makes what the settings name, and starts the threads; opens no line yet. The settings, `clock`
 * and `ids` (of services, for the terminal) are not owned. Block signals before. */
enum sugu_status sugu_payment_devices_new(const struct sugu_payment_settings *settings,
                                          const struct sugu_clock *clock,
                                          struct sugu_service_ids *ids,
                                          struct sugu_payment_devices **ret_devices,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Lets running jobs go, and waits for them. NULL is fine. */
struct sugu_payment_devices *sugu_payment_devices_free(struct sugu_payment_devices *devices);

/* The terminal alone; REFUSED "settings.invalid" where none is set. */
enum sugu_status sugu_payment_terminal_new(const struct sugu_payment_settings *settings,
                                           const struct sugu_clock *clock,
                                           struct sugu_service_ids *ids,
                                           struct sugu_terminal **ret_terminal,
                                           struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Fills the agent's settings, but for journal, clock and random, which stay as they are: which ways
 * there are, how the ledger names them, and the times of the program's settings. */
void sugu_payment_devices_describe(const struct sugu_payment_devices *devices,
                                   struct sugu_agent_settings *agent);
/* The agent's wishes that go to a device: start_job … abort_job. `user` stays the caller's, whose
 * function hands the devices over. */
void sugu_payment_devices_start(struct sugu_payment_devices *devices, const struct sugu_job *job);
void sugu_payment_devices_abort(struct sugu_payment_devices *devices, const char *service_id);
void sugu_payment_devices_start_cash(struct sugu_payment_devices *devices,
                                     const struct sugu_cash_job *job);
void sugu_payment_devices_start_code(struct sugu_payment_devices *devices,
                                     const struct sugu_code_job *job);
void sugu_payment_devices_start_on_file(struct sugu_payment_devices *devices,
                                        const struct sugu_on_file_job *job);

/* Hands the results of finished jobs to the agent. */
void sugu_payment_devices_step(struct sugu_payment_devices *devices, struct sugu_agent *agent);
/* Readable while a result waits; -1 for what there is not. */
void sugu_payment_devices_fds(const struct sugu_payment_devices *devices,
                              int fds[SUGU_PAYMENT_THREADS]);
