/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fee-module - the port to whatever computes the hospital's bills
 *
 * Two things only cross it: a bill is available, and money was received or went back
 * (domain/fee-module.md section 2). A module may answer at once (the built-in calculator) or much
 * later (a receipt computer that pushes or is polled), so both outcomes are callbacks. A module
 * knows nothing of the queue server: gateway.c carries the messages, asks again for what is open
 * and makes everything happen once.
 */
#pragma once

#include "base/id.h"
#include "domain/bill.h"

#define SUGU_CHARGE_ACTS_MAX 300

/* The acts of a visit were recorded: a bill is wanted. */
struct sugu_charge {
    struct sugu_id visit;
    uint32_t acts_version;
    uint32_t ratio_percent; /* patient's share */
    bool is_ratio_unknown;  /* insured, but nobody knows the share: no guessing */
    uint32_t business_day;
    size_t act_count;
    struct sugu_charge_act {
        char code[SUGU_BILL_CODE_SIZE];
        uint32_t count;
    } acts[SUGU_CHARGE_ACTS_MAX];
};

enum sugu_posting_reason { /* why money went back; numbers are those of RefundReason */
                           SUGU_POSTING_OVERPAID, /* 返金: more was paid than the bill asks for */
                           SUGU_POSTING_VOID, /* 入金取消: the payment is undone, the bill is due
                                                 again */
                           SUGU_POSTING_CORRECTION, /* it goes back, and nothing is due for it */
};

/* Money was received for a revision of a bill; or, with `change`, money of a bill that was posted
 * before moved once more. */
struct sugu_posting {
    struct sugu_id bill, visit;
    uint32_t revision;
    struct sugu_yen amount;
    char method[33];
    uint32_t business_day;
    struct sugu_id change;           /* none: what was received for the revision, all of it */
    bool is_back;                    /* to the patient */
    enum sugu_posting_reason reason; /* with is_back */
    struct sugu_yen kept;            /* of the bill's money after the change: holds in any case */
};

/* The acts of a charge that cannot be billed as they stand. */
struct sugu_refusal {
    struct sugu_id visit;
    uint32_t acts_version;
    const char *code;      /* of error-codes.def, "fee.act-unknown" … */
    const char *act_codes; /* those concerned, at most 20, with a blank between; "" = none */
    const char *detail;    /* for the log; no personal data */
};
#define SUGU_REFUSAL_CODES_SIZE 200

/* Called from charge, post or step. What is handed over is valid during the call. */
struct sugu_fee_callbacks {
    /* A bill of these acts is available. */
    void (*on_bill)(void *user,
                    const struct sugu_id *visit,
                    uint32_t acts_version,
                    const struct sugu_bill *bill);
    /* Somebody has to look; told again as often as the charge is given. */
    void (*on_refused)(void *user, const struct sugu_refusal *refusal);
    /* The money stands in the module's books, for ever; told again, it changes nothing. */
    void (*on_posted)(void *user, const struct sugu_posting *posting);
    void *user;
};

struct sugu_fee_module;

/* Five functions, all mandatory. */
struct sugu_fee_module_ops {
    const char *name;
    /*
     * Leads to on_bill or on_refused, now or later; the same charge may be given again at any time.
     * RETRY: ask again later.
     */
    enum sugu_status (*charge)(struct sugu_fee_module *module,
                               const struct sugu_charge *charge,
                               struct sugu_error *reterr);
    /*
     * Leads to on_posted, now or later; posted once per bill and revision, or per change, however
     * often it is called. RETRY "fee.not-posted"; BROKEN "fee.posting-differs" where it stands
     * there otherwise.
     */
    enum sugu_status (*post)(struct sugu_fee_module *module,
                             const struct sugu_posting *posting,
                             struct sugu_error *reterr);
    /* Becomes readable when step has work; -1 = step never has any. */
    int (*fd)(const struct sugu_fee_module *module);
    void (*step)(struct sugu_fee_module *module);
    void (*free)(struct sugu_fee_module *module);
};

/* The beginning of every module's own struct. */
struct sugu_fee_module {
    const struct sugu_fee_module_ops *ops;
    struct sugu_fee_callbacks callbacks;
};
