/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders - from an order of the queue server to a verdict, through the qualification terminal
 */
#include "insurance/orders-private.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPLAIN_EVERY_US SUGU_MINUTE
#define PRUNE_EVERY_US    (60 * SUGU_MINUTE)

/* ---- small helpers */

int64_t
sugu_orders_now(const struct sugu_orders *orders)
{
    return orders->clock->monotonic_us(orders->clock);
}

const char *
sugu_stem_for_log(const char *stem, char to[SUGU_OQS_STEM_SIZE + 1])
{
    snprintf(to, SUGU_OQS_STEM_SIZE + 1, "%.8s-%.4s", stem, stem + 8);
    return to;
}

void
sugu_order_log(enum sugu_log_level level, const char *event, const struct order *order)
{
    char id[SUGU_ID_TEXT_SIZE], stem[SUGU_OQS_STEM_SIZE + 1];

    sugu_log(level, event, "eligibility=%s file=%s", sugu_id_to_text(&order->eligibility, id),
             sugu_stem_for_log(order->stem, stem));
}

void
sugu_orders_complain(struct sugu_orders *orders, const char *event, const struct sugu_error *error)
{
    int64_t now_us = sugu_orders_now(orders);

    if (now_us < orders->complain_at_us)
        return;
    orders->complain_at_us = now_us + COMPLAIN_EVERY_US;
    sugu_log_error(SUGU_LOG_WARNING, event, error);
}

static struct order *
find_order(struct sugu_orders *orders, const struct sugu_id *eligibility)
{
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++)
        if (orders->orders[i].phase != ORDER_FREE &&
            sugu_id_equal(&orders->orders[i].eligibility, eligibility))
            return &orders->orders[i];
    return NULL;
}

static struct order *
find_free(struct sugu_orders *orders)
{
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++)
        if (orders->orders[i].phase == ORDER_FREE)
            return &orders->orders[i];
    return NULL;
}

void
sugu_order_clear(struct order *order)
{
    sugu_stable_read_done(&order->read);
    explicit_bzero(order, sizeof *order); /* ORDER_FREE is 0 */
}

void
sugu_order_close_asked(struct sugu_orders *orders, const struct order *order)
{
    struct sugu_error error;
    struct sugu_asked_entry entry = {
        .eligibility = order->eligibility,
        .asked_utc = order->asked_utc,
        .phase = SUGU_ASKED_CLOSED,
    };

    memcpy(entry.stem, order->stem, sizeof entry.stem);
    /* Where this fails the request store still knows that the verdict was given (has_verdict). */
    if (sugu_asked_put(&orders->asked, &entry, &error) != SUGU_OK)
        sugu_orders_complain(orders, "asked.not-written", &error);
}

/* ---- taking orders */

static void
fill_asked(const struct sugu_orders *orders, struct order *order, const struct sugu_order *from)
{
    order->asked = from->asked;
    sugu_hex_from_bytes(order->asked.identifier, from->eligibility.bytes, SUGU_ID_SIZE);
    sugu_text_copy(order->asked.institution, sizeof order->asked.institution,
                   orders->settings.institution);
}

bool
sugu_orders_take(struct sugu_orders *orders, const struct sugu_order *from)
{
    struct order *order = find_order(orders, &from->eligibility);

    if (order) {
        if (order->phase == ORDER_UNTOLD) {
            fill_asked(orders, order, from);
            order->phase = ORDER_WAITING;
        }
        return true;
    }
    if (sugu_asked_find(&orders->asked, &from->eligibility) ||
        orders->callbacks.has_verdict(orders->callbacks.user, &from->eligibility))
        return true; /* decided; the verdict is on its way */
    order = find_free(orders);
    if (!order)
        return false;
    order->phase = ORDER_WAITING;
    order->eligibility = from->eligibility;
    fill_asked(orders, order, from);
    sugu_order_ask(orders, order);
    return true;
}

void
sugu_orders_settle_untold(struct sugu_orders *orders)
{
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++) {
        struct order *order = &orders->orders[i];
        if (order->phase != ORDER_UNTOLD)
            continue;
        sugu_order_log(SUGU_LOG_INFO, "eligibility.settled-elsewhere", order);
        sugu_order_close_asked(orders, order);
        sugu_order_clear(order);
    }
}

/* ---- time */

void
sugu_orders_step(struct sugu_orders *orders)
{
    int64_t now_us = sugu_orders_now(orders);

    if (sugu_folders_drain(&orders->folders) || now_us >= orders->scan_at_us)
        sugu_orders_look(orders);
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++)
        sugu_order_step(orders, &orders->orders[i], now_us);
    if (now_us >= orders->prune_at_us) {
        sugu_time_us now_utc = orders->clock->utc_us(orders->clock);
        sugu_asked_prune(&orders->asked, now_utc - orders->settings.keep_us);
        sugu_folders_prune(&orders->folders, now_utc - orders->settings.keep_us, now_utc);
        orders->prune_at_us = now_us + PRUNE_EVERY_US;
    }
}

int
sugu_orders_fd(const struct sugu_orders *orders)
{
    return orders->folders.watch;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t
sugu_orders_due_us(const struct sugu_orders *orders)
{
    int64_t due = earlier(orders->scan_at_us, orders->prune_at_us),
            now_us = sugu_orders_now(orders);

    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++) {
        const struct order *order = &orders->orders[i];
        int64_t next = *order->answer_name ? order->read.due_us : order->deadline_us;
        if (order->phase == ORDER_WAITING)
            due = earlier(due, next > order->again_us ? next : order->again_us);
    }
    return due > now_us ? due - now_us : 0;
}

size_t
sugu_orders_open_count(const struct sugu_orders *orders)
{
    size_t count = 0;

    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++)
        count += orders->orders[i].phase != ORDER_FREE;
    return count;
}

/* ---- beginning and end */

/* How long an order of an earlier process may still wait; a clock that jumped cannot stretch it. */
static int64_t
rest_of_wait(const struct sugu_orders *orders, sugu_time_us asked_utc)
{
    int64_t rest_us =
        asked_utc + orders->settings.answer_wait_us - orders->clock->utc_us(orders->clock);

    if (rest_us < 0)
        return 0;
    return earlier(rest_us, orders->settings.answer_wait_us);
}

/* Requests of an earlier process: still waiting, or decided just before it ended. */
static void
resume(struct sugu_orders *orders)
{
    for (size_t i = 0; i < orders->asked.count; i++) {
        const struct sugu_asked_entry *entry = &orders->asked.entries[i];
        struct order *order = find_free(orders);
        if (entry->phase != SUGU_ASKED_WAITING || !order)
            continue;
        order->phase = ORDER_UNTOLD;
        order->eligibility = entry->eligibility;
        order->asked_utc = entry->asked_utc;
        order->deadline_us = sugu_orders_now(orders) + rest_of_wait(orders, entry->asked_utc);
        memcpy(order->stem, entry->stem, sizeof order->stem);
        if (!orders->callbacks.has_verdict(orders->callbacks.user, &entry->eligibility)) {
            sugu_order_log(SUGU_LOG_INFO, "eligibility.resumed", order);
            continue;
        }
        sugu_order_close_asked(orders, order);
        sugu_order_clear(order);
    }
}

enum sugu_status
sugu_orders_new(const struct sugu_orders_settings *settings,
                const struct sugu_orders_callbacks *callbacks,
                const struct sugu_clock *clock,
                struct sugu_orders **ret_orders,
                struct sugu_error *reterr)
{
    struct sugu_orders *orders = calloc(1, sizeof *orders);
    char folder[PATH_MAX];
    enum sugu_status status;

    if (!orders)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    orders->settings = *settings;
    orders->callbacks = *callbacks;
    orders->clock = clock;
    orders->folders.watch = -1;
    orders->asked.lock = -1;
    orders->scan_at_us = orders->prune_at_us = orders->complain_at_us = sugu_orders_now(orders);
    snprintf(folder, sizeof folder, "%s/asked", settings->state_folder);
    status =
        sugu_folders_open(settings->oqs_folder, settings->kept_folder, &orders->folders, reterr);
    if (status == SUGU_OK)
        status = sugu_asked_open(folder, &orders->asked, reterr);
    if (status != SUGU_OK) {
        sugu_orders_free(orders);
        return status;
    }
    resume(orders);
    *ret_orders = orders;
    return SUGU_OK;
}

struct sugu_orders *
sugu_orders_free(struct sugu_orders *orders)
{
    if (!orders)
        return NULL;
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++)
        sugu_order_clear(&orders->orders[i]);
    sugu_asked_done(&orders->asked);
    sugu_folders_done(&orders->folders);
    free(orders);
    return NULL;
}
