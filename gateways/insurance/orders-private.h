/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders-private - what the three files of an order's life share
 *
 * orders.c keeps the table, order-request.c writes requests, order-answer.c reads answers and
 * decides.
 */
#pragma once

#include "insurance/asked.h"
#include "insurance/folders.h"
#include "insurance/orders.h"
#include "insurance/stable-read.h"

#include "base/log.h"

enum order_phase {
    ORDER_FREE,    /* the slot is empty */
    ORDER_UNTOLD,  /* asked by an earlier process; the server has not told yet for whom */
    ORDER_WAITING, /* asked; an answer can be judged */
};

struct order {
    enum order_phase phase;
    struct sugu_id eligibility;
    struct sugu_eligibility_asked asked;
    char stem[SUGU_OQS_STEM_SIZE];
    sugu_time_us asked_utc;
    int64_t deadline_us;                  /* monotonic */
    int64_t again_us;                     /* monotonic; not before this, after a failed verdict */
    char answer_name[SUGU_OQS_NAME_SIZE]; /* the file seen in res, "" = none */
    struct sugu_stable_read read;
};

#define LATE_MAX 16

/* A late answer that may still be growing; it is moved once it has stopped. */
struct late_answer {
    char name[SUGU_OQS_NAME_SIZE]; /* "" = free place */
    int64_t size;
    int64_t seen_us; /* monotonic, when it had this size first */
};

struct sugu_orders {
    struct sugu_orders_settings settings;
    struct sugu_orders_callbacks callbacks;
    const struct sugu_clock *clock;
    struct sugu_folders folders;
    struct sugu_asked asked;
    int64_t scan_at_us, prune_at_us, complain_at_us;
    struct order orders[SUGU_ORDERS_MAX];
    struct late_answer late[LATE_MAX];
};

/* ---- orders.c */
int64_t sugu_orders_now(const struct sugu_orders *orders);
/* "20261122-0001": the log hides runs of 12 digits. */
const char *sugu_stem_for_log(const char *stem, char to[SUGU_OQS_STEM_SIZE + 1]);
void sugu_order_log(enum sugu_log_level level, const char *event, const struct order *order);
/* Logs trouble with a folder once a minute, not at every look. */
void
sugu_orders_complain(struct sugu_orders *orders, const char *event, const struct sugu_error *error);
/* Durable: from now on an answer to this request is late. */
void sugu_order_close_asked(struct sugu_orders *orders, const struct order *order);
/* Wipes the order; its place is free. */
void sugu_order_clear(struct order *order);

/* ---- order-request.c */

/* Writes the request, or decides at once where that cannot be. */
void sugu_order_ask(struct sugu_orders *orders, struct order *order);

/* ---- order-answer.c */

/* One look into res. */
void sugu_orders_look(struct sugu_orders *orders);
/* Reads, judges, times out, as far as due. */
void sugu_order_step(struct sugu_orders *orders, struct order *order, int64_t now_us);
/* The verdict NOT_VERIFIED_NOW. */
void sugu_order_decide_not_now(struct sugu_orders *orders,
                               struct order *order,
                               const char *code,
                               const char *reason);
