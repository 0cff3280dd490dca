/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-totals - the messages of the day's end, written and read
 */
#include "payment/terminal/nexo-totals.h"

#include "payment/terminal/nexo-message-private.h"

static const struct {
    const char *name;
    enum sugu_nexo_category category;
    const char *type; /* ReconciliationType */
} kinds[SUGU_NEXO_TOTALS_KIND_COUNT] = {
    [SUGU_NEXO_TOTALS_READ] = {"read", SUGU_NEXO_GET_TOTALS, NULL},
    [SUGU_NEXO_TOTALS_CLOSE] = {"close", SUGU_NEXO_RECONCILIATION, "SaleReconciliation"},
    [SUGU_NEXO_TOTALS_PREVIOUS] = {"previous", SUGU_NEXO_RECONCILIATION, "PreviousReconciliation"},
};

bool
sugu_nexo_totals_kind_of(const char *name, enum sugu_nexo_totals_kind *ret_kind)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0) {
            *ret_kind = (enum sugu_nexo_totals_kind)i;
            return true;
        }
    return false;
}

enum sugu_nexo_category
sugu_nexo_totals_category(enum sugu_nexo_totals_kind kind)
{
    return kinds[kind].category;
}

bool
sugu_nexo_write_totals(struct sugu_json_writer *writer,
                       const struct sugu_nexo_header *header,
                       enum sugu_nexo_totals_kind kind)
{
    sugu_nexo_begin(writer, header);
    if (kinds[kind].type)
        sugu_json_put_text(writer, "ReconciliationType", kinds[kind].type);
    return sugu_nexo_end(writer);
}

/* ---- reading */

static enum sugu_status
malformed(struct sugu_error *reterr, const char *why)
{
    return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "totals: %s", why);
}

/* The sums below one TransactionTotals, the object at `node`. */
static const char *
read_sums(const struct sugu_json *json, int node, struct sugu_nexo_totals *totals)
{
    int sums = sugu_json_at(json, node, "PaymentTotals");
    int currency = sugu_json_at(json, node, "PaymentCurrency");

    if (currency >= 0 && !sugu_json_is(json, currency, "JPY"))
        return "not in yen";
    for (int i = 0; sums >= 0 && i < json->count; i++) {
        struct sugu_nexo_total *total = &totals->rows[totals->count];

        if (json->nodes[i].parent != sums)
            continue;
        if (totals->count == SUGU_NEXO_TOTALS_MAX)
            return "too many";
        if (!sugu_json_whole(json, sugu_json_at(json, i, "TransactionCount"), 0, 10000000,
                             &total->count) ||
            !sugu_json_whole(json, sugu_json_at(json, i, "TransactionAmount"), 0, 99999999999,
                             &total->yen))
            return "not whole numbers";
        sugu_nexo_read_clean(json, sugu_json_at(json, node, "CardBrand"), total->brand,
                             sizeof total->brand);
        sugu_nexo_read_clean(json, sugu_json_at(json, i, "TransactionType"), total->type,
                             sizeof total->type);
        totals->count++;
    }
    return NULL;
}

enum sugu_status
sugu_nexo_read_totals(const struct sugu_json *json,
                      enum sugu_nexo_totals_kind kind,
                      struct sugu_nexo_totals *ret_totals,
                      struct sugu_error *reterr)
{
    int body =
        sugu_json_at(json, sugu_json_at(json, 0, "SaleToPOIResponse"),
                     kinds[kind].category == SUGU_NEXO_GET_TOTALS ? "GetTotalsResponse"
                                                                  : "ReconciliationResponse");
    int list = sugu_json_at(json, body, "TransactionTotals");
    const struct sugu_nexo_condition *condition;
    char result[16];
    enum sugu_status status = sugu_nexo_read_response(json, body, result, &condition, reterr);
    struct sugu_nexo_totals totals = {0};
    const char *why = NULL;

    if (status)
        return status;
    if (strcmp(result, "Success") != 0)
        return sugu_fail(reterr, SUGU_RETRY,
                         condition->verdict == SUGU_NEXO_LOG_IN ? "terminal.logged-out"
                         : condition->verdict == SUGU_NEXO_WAIT ? "terminal.busy"
                                                                : "terminal.away",
                         "totals were refused (%s)", condition->name);
    if (!sugu_json_whole(json, sugu_json_at(json, body, "POIReconciliationID"), 0, INT64_MAX,
                         &totals.period))
        totals.period = 0;
    for (int i = 0; list >= 0 && i < json->count && !why; i++)
        if (json->nodes[i].parent == list)
            why = read_sums(json, i, &totals);
    if (why)
        return malformed(reterr, why);
    *ret_totals = totals;
    return SUGU_OK;
}
