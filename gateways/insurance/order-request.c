/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order-request - the file that asks about one order, under a name of its own
 */
#include "insurance/orders-private.h"

#include "insurance/oqs-request.h"

#include <stdlib.h>
#include <string.h>

#define NAME_TRIES_MAX 100 /* names taken by other programs */

/* A stem that nobody uses, with its durable entry. */
static enum sugu_status
reserve_stem(struct sugu_orders *orders, struct order *order, struct sugu_error *reterr)
{
    struct sugu_asked_entry entry = {.eligibility = order->eligibility,
                                     .phase = SUGU_ASKED_WAITING};
    enum sugu_status status = SUGU_OK;

    for (int i = 0; i < NAME_TRIES_MAX; i++) {
        status = sugu_asked_next_stem(&orders->asked, order->asked.confirm_date,
                                      orders->settings.sequence_first, entry.stem, reterr);
        if (status != SUGU_OK)
            return status;
        if (!sugu_folders_is_taken(&orders->folders, entry.stem))
            break;
    }
    entry.asked_utc = orders->clock->utc_us(orders->clock);
    status = sugu_asked_put(&orders->asked, &entry, reterr);
    if (status != SUGU_OK)
        return status;
    memcpy(order->stem, entry.stem, sizeof order->stem);
    order->asked_utc = entry.asked_utc;
    return SUGU_OK;
}

static enum sugu_status
publish(struct sugu_orders *orders, struct order *order, struct sugu_error *reterr)
{
    uint8_t *bytes;
    size_t size;
    enum sugu_status status =
        sugu_oqs_request_write(&order->asked, orders->settings.asks_limit, &bytes, &size, reterr);

    if (status != SUGU_OK)
        return status;
    for (int i = 0; i < NAME_TRIES_MAX; i++) {
        status = reserve_stem(orders, order, reterr);
        if (status != SUGU_OK)
            break;
        status = sugu_folders_publish(&orders->folders, order->stem, bytes, size, reterr);
        if (status != SUGU_REFUSED)
            break;
        sugu_asked_forget(&orders->asked, order->stem); /* someone was faster with this name */
        order->stem[0] = '\0';
    }
    explicit_bzero(bytes, size);
    free(bytes);
    return status;
}

void
sugu_order_ask(struct sugu_orders *orders, struct order *order)
{
    struct sugu_error error;
    enum sugu_status status = sugu_eligibility_can_ask(&order->asked, &error);

    if (status == SUGU_OK)
        status = publish(orders, order, &error);
    if (status == SUGU_OK) {
        sugu_order_log(SUGU_LOG_INFO, "eligibility.asked", order);
        order->deadline_us = sugu_orders_now(orders) + orders->settings.answer_wait_us;
        return;
    }
    sugu_log_error(SUGU_LOG_WARNING, "eligibility.not-asked", &error);
    if (strncmp(error.code, "eligibility.", strlen("eligibility.")) == 0)
        sugu_order_decide_not_now(orders, order, error.code, "the terminal was not asked");
    else /* the patient stands at the kiosk: a desk now is better than a share that may come back */
        sugu_order_decide_not_now(orders, order, "eligibility.terminal-away",
                                  "the request could not be written");
}
