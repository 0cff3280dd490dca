/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calculator-module - the fee module of a site without one: calculator, master and posting folder
 */
#pragma once

#include "fee/fee-module.h"
#include "fee/master.h"

/*
 * `master` is not owned and outlives the module. The folder is made if missing: BROKEN
 * "file.not-written" where that is not possible. Answers at once, from charge and post themselves.
 * Free with module->ops->free(module).
 */
enum sugu_status sugu_calculator_module_new(const struct sugu_master *master,
                                            const char *postings_folder,
                                            const struct sugu_fee_callbacks *callbacks,
                                            struct sugu_fee_module **ret_module,
                                            struct sugu_error *reterr) SUGU_MUST_CHECK;
