/* SPDX-License-Identifier: Apache-2.0 */
/*
 * planted-money - bugs in what providers are told, in refunds and in closed days (planted.h)
 */
#include "simulation/planted.h"

#include "base/text.h"
#include "domain/bill-due.h"
#include "payment/code/paypay.h"
#include "payment/on-file/checkout.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>

#define CODES_MAX    512
#define REQUESTS_MAX 512
#define FAR_TOO_MUCH 1000000

static bool
is_chosen(const char *name)
{
    return strcmp(planted_name(), name) == 0;
}

/* ---- code payments: what the driver says instead of what it was told */

static const struct sugu_code_payment_ops *code_real;
static struct {
    char payment_id[65], code_id[65];
    bool is_withdrawn;
} codes[CODES_MAX];
static unsigned code_count;

static enum sugu_status
create(struct sugu_code_payment *provider,
       const struct sugu_code_order *order,
       struct sugu_code_shown *ret_shown,
       struct sugu_error *reterr)
{
    enum sugu_status status = code_real->create(provider, order, ret_shown, reterr);

    if (status == SUGU_OK && code_count < CODES_MAX) {
        sugu_text_copy(codes[code_count].payment_id, 65, order->payment_id);
        sugu_text_copy(codes[code_count++].code_id, 65, ret_shown->code_id);
    }
    return status;
}

static enum sugu_status
withdraw(struct sugu_code_payment *provider, const char *code_id, struct sugu_error *reterr)
{
    enum sugu_status status = code_real->withdraw(provider, code_id, reterr);

    for (unsigned i = 0; status == SUGU_OK && i < code_count; i++)
        codes[i].is_withdrawn = codes[i].is_withdrawn || strcmp(codes[i].code_id, code_id) == 0;
    return status;
}

/* What was cancelled here is not looked at any more. */
static enum sugu_status
status_of(struct sugu_code_payment *provider,
          enum sugu_code_subject subject,
          const char *id,
          struct sugu_code_answer *ret_answer,
          struct sugu_error *reterr)
{
    enum sugu_status status = code_real->status(provider, subject, id, ret_answer, reterr);

    for (unsigned i = 0; status == SUGU_OK && i < code_count; i++)
        if (is_chosen("drop-paid-code") && codes[i].is_withdrawn &&
            strcmp(codes[i].payment_id, id) == 0)
            ret_answer->state = SUGU_CODE_EXPIRED;
    return status;
}

static enum sugu_status
cancel(struct sugu_code_payment *provider, const char *payment_id, struct sugu_error *reterr)
{
    return is_chosen("forget-reversal") ? SUGU_OK : code_real->cancel(provider, payment_id, reterr);
}

static enum sugu_status
refund(struct sugu_code_payment *provider,
       const struct sugu_code_refund *order,
       struct sugu_code_answer *ret_answer,
       struct sugu_error *reterr)
{
    if (!is_chosen("forget-reversal"))
        return code_real->refund(provider, order, ret_answer, reterr);
    *ret_answer =
        (struct sugu_code_answer){.state = SUGU_CODE_REFUNDED, .amount_yen = order->amount_yen};
    return SUGU_OK;
}

struct sugu_code_payment *__real_sugu_paypay_new(const struct sugu_paypay_settings *settings);
struct sugu_code_payment *__wrap_sugu_paypay_new(const struct sugu_paypay_settings *settings);
struct sugu_code_payment *
__wrap_sugu_paypay_new(const struct sugu_paypay_settings *settings)
{
    static const struct sugu_code_payment_ops ops = {.name = "paypay",
                                                     .create = create,
                                                     .status = status_of,
                                                     .withdraw = withdraw,
                                                     .cancel = cancel,
                                                     .refund = refund};
    struct sugu_code_payment *provider = __real_sugu_paypay_new(settings);

    code_real = provider->ops;
    if (is_chosen("drop-paid-code") || is_chosen("forget-reversal"))
        provider->ops = &ops;
    return provider;
}

/* ---- cards on file: the second time the same is asked, it is asked as if it were new */

static const struct sugu_card_on_file_ops *cards_real;
static char asked[REQUESTS_MAX][65]; /* references */
static unsigned asked_count;

static enum sugu_status
charge(struct sugu_card_on_file *provider,
       const struct sugu_on_file_request *request,
       struct sugu_on_file_answer *ret_answer,
       struct sugu_error *reterr)
{
    static const char digits[] = "0123456789abcdef";
    struct sugu_on_file_request again = *request;
    unsigned times = 0;

    for (unsigned i = 0; i < asked_count; i++)
        times += strcmp(asked[i], request->reference) == 0;
    if (asked_count < REQUESTS_MAX)
        sugu_text_copy(asked[asked_count++], 65, request->reference);
    if (times > 0)
        again.key[0] =
            again.key[0] == digits[times % 16] ? digits[(times + 1) % 16] : digits[times % 16];
    return cards_real->charge(provider, &again, ret_answer, reterr);
}

static enum sugu_status
say_done(struct sugu_card_on_file *provider,
         const struct sugu_on_file_request *request,
         struct sugu_on_file_answer *ret_answer,
         struct sugu_error *reterr)
{
    (void)provider, (void)request, (void)reterr;
    *ret_answer = (struct sugu_on_file_answer){.result = SUGU_ON_FILE_APPROVED};
    return SUGU_OK;
}

struct sugu_card_on_file *__real_sugu_checkout_new(const struct sugu_checkout_settings *settings);
struct sugu_card_on_file *__wrap_sugu_checkout_new(const struct sugu_checkout_settings *settings);
struct sugu_card_on_file *
__wrap_sugu_checkout_new(const struct sugu_checkout_settings *settings)
{
    static struct sugu_card_on_file_ops ops;
    struct sugu_card_on_file *provider = __real_sugu_checkout_new(settings);

    cards_real = provider->ops;
    ops = *provider->ops;
    if (is_chosen("charge-under-new-key"))
        ops.charge = charge;
    else if (is_chosen("forget-no-token"))
        ops.forget = say_done;
    else if (is_chosen("release-nothing"))
        ops.release = say_done;
    provider->ops = &ops;
    return provider;
}

/* ---- the server: what is left of a payment is not looked at */

void __real_sugu_db_refund_of_original(struct sugu_db *db,
                                       const struct sugu_refund_of_original_params *params,
                                       struct sugu_refund_of_original_row *row);
void __wrap_sugu_db_refund_of_original(struct sugu_db *db,
                                       const struct sugu_refund_of_original_params *params,
                                       struct sugu_refund_of_original_row *row);
void
__wrap_sugu_db_refund_of_original(struct sugu_db *db,
                                  const struct sugu_refund_of_original_params *params,
                                  struct sugu_refund_of_original_row *row)
{
    if (is_chosen("refund-above-capture"))
        row->yen = -FAR_TOO_MUCH; /* so much more seems to be left */
    else
        __real_sugu_db_refund_of_original(db, params, row);
}

bool __real_sugu_bill_may_refund(enum sugu_refund_reason reason,
                                 const struct sugu_bill_money *money,
                                 int64_t yen);
bool __wrap_sugu_bill_may_refund(enum sugu_refund_reason reason,
                                 const struct sugu_bill_money *money,
                                 int64_t yen);
bool
__wrap_sugu_bill_may_refund(enum sugu_refund_reason reason,
                            const struct sugu_bill_money *money,
                            int64_t yen)
{
    return is_chosen("refund-above-capture") || __real_sugu_bill_may_refund(reason, money, yen);
}

/* ---- the store: what it would refuse by itself */

const char *
planted_statement(void)
{
    if (is_chosen("refund-above-capture"))
        return "ALTER TABLE sugu.refund DISABLE TRIGGER refund_within";
    return is_chosen("post-into-closed-day")
               ? "ALTER TABLE sugu.journal DISABLE TRIGGER journal_day_open;"
                 "CREATE OR REPLACE FUNCTION sugu.posting_day(integer, date) RETURNS date "
                 "LANGUAGE sql STABLE AS 'SELECT $2'"
               : NULL;
}
