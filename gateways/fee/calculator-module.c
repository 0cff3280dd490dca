/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calculator-module - the fee module of a site without one: calculator, master and posting folder
 */
#include "fee/calculator-module.h"

#include "base/files.h"
#include "fee/calculator.h"
#include "fee/posting.h"

#include <stdlib.h>
#include <string.h>

struct calculator_module {
    struct sugu_fee_module module; /* first */
    const struct sugu_master *master;
    char *folder;
    struct sugu_bill bill; /* of the charge at hand; large, so not on the stack */
};

/* What the calculator says, as the desk is told it. */
static const char *
report_code(const char *code)
{
    static const struct {
        const char *said, *reported;
    } codes[] = {{"acts.unknown", "fee.act-unknown"},
                 {"acts.not-countable", "fee.act-not-countable"},
                 {"fee.ratio-unknown", "fee.ratio-unknown"},
                 {"money.out-of-range", "fee.amount-range"}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(codes); i++)
        if (strcmp(codes[i].said, code) == 0)
            return codes[i].reported;
    return "fee.not-billed";
}

static void
refuse(struct calculator_module *calculator,
       const struct sugu_charge *charge,
       const struct sugu_error *error)
{
    const struct sugu_fee_callbacks *callbacks = &calculator->module.callbacks;
    char act_codes[SUGU_REFUSAL_CODES_SIZE];

    sugu_calculate_refused(calculator->master, charge, error->code, act_codes);
    callbacks->on_refused(callbacks->user,
                          &(struct sugu_refusal){.visit = charge->visit,
                                                 .acts_version = charge->acts_version,
                                                 .code = report_code(error->code),
                                                 .act_codes = act_codes,
                                                 .detail = error->detail});
}

static enum sugu_status
calculator_charge(struct sugu_fee_module *module,
                  const struct sugu_charge *charge,
                  struct sugu_error *reterr)
{
    struct calculator_module *calculator = (struct calculator_module *)module;

    if (sugu_calculate(calculator->master, charge, &calculator->bill, reterr) == SUGU_OK)
        module->callbacks.on_bill(module->callbacks.user, &charge->visit, charge->acts_version,
                                  &calculator->bill);
    else
        refuse(calculator, charge, reterr);
    return SUGU_OK;
}

static enum sugu_status
calculator_post(struct sugu_fee_module *module,
                const struct sugu_posting *posting,
                struct sugu_error *reterr)
{
    struct calculator_module *calculator = (struct calculator_module *)module;
    enum sugu_status status = sugu_posting_write(calculator->folder, posting, reterr);

    if (status == SUGU_OK)
        module->callbacks.on_posted(module->callbacks.user, posting);
    return status;
}

static int
calculator_fd(const struct sugu_fee_module *module)
{
    (void)module;
    return -1;
}

static void
calculator_step(struct sugu_fee_module *module)
{
    (void)module; /* everything was answered at once */
}

static void
calculator_free(struct sugu_fee_module *module)
{
    struct calculator_module *calculator = (struct calculator_module *)module;

    free(calculator->folder);
    free(calculator);
}

enum sugu_status
sugu_calculator_module_new(const struct sugu_master *master,
                           const char *postings_folder,
                           const struct sugu_fee_callbacks *callbacks,
                           struct sugu_fee_module **ret_module,
                           struct sugu_error *reterr)
{
    static const struct sugu_fee_module_ops ops = {.name = "calculator",
                                                   .charge = calculator_charge,
                                                   .post = calculator_post,
                                                   .fd = calculator_fd,
                                                   .step = calculator_step,
                                                   .free = calculator_free};
    struct calculator_module *calculator;

    if (sugu_folder_make(postings_folder, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    calculator = calloc(1, sizeof *calculator);
    if (!calculator || !(calculator->folder = strdup(postings_folder)))
        abort();
    calculator->module = (struct sugu_fee_module){.ops = &ops, .callbacks = *callbacks};
    calculator->master = master;
    *ret_module = &calculator->module;
    return SUGU_OK;
}
