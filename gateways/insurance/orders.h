/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders - from an order of the queue server to a verdict, through the qualification terminal
 *
 * One order is one request file, one wait and one verdict. What has to hold
 * (card-insurance.md 2.5): a request is never written twice, not even when it is uncertain whether
 * it was; an answer counts only when whole and bound to this order by its identifier; an answer
 * that comes after the verdict is set aside. Everything happens in step(), with the clock as an
 * argument; nothing waits.
 */
#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "domain/eligibility.h"

#include <stdbool.h>

#define SUGU_ORDERS_MAX 256 /* open at once; further ones wait at the server */

struct sugu_orders;

struct sugu_orders_settings {
    const char *oqs_folder;   /* holds req and res */
    const char *kept_folder;  /* gets done and aside */
    const char *state_folder; /* gets asked */
    const char *institution;  /* 10 digits, checked by the caller */
    int64_t answer_wait_us;
    int64_t scan_us;   /* between two looks into res */
    int64_t stable_us; /* between two readings of one file */
    int64_t keep_us;   /* how long used answers and late names are kept */
    uint32_t sequence_first;
    bool asks_limit; /* patients agreed to have limit certificates looked up */
};

struct sugu_orders_callbacks {
    /*
     * Keep the verdict durably for the server (a stored request). Anything but OK: it is offered
     * again a second later. `evidence` names the kept file, "" where there is none.
     */
    enum sugu_status (*on_verdict)(void *user,
                                   const struct sugu_id *eligibility,
                                   const struct sugu_eligibility_verdict *verdict,
                                   const char *evidence,
                                   struct sugu_error *reterr);
    /* Is a verdict on this eligibility in the request store already, from before a crash? */
    bool (*has_verdict)(void *user, const struct sugu_id *eligibility);
    void *user;
};

/* An order as the server gives it; identifier and institution of `asked` are filled in here. */
struct sugu_order {
    struct sugu_id eligibility;
    struct sugu_eligibility_asked asked;
};

/*
 * Copies the settings' values; the strings and the clock outlive the result. Goes on with the
 * requests of an earlier process. BROKEN "file.…" names the folder that cannot be used.
 */
enum sugu_status sugu_orders_new(const struct sugu_orders_settings *settings,
                                 const struct sugu_orders_callbacks *callbacks,
                                 const struct sugu_clock *clock,
                                 struct sugu_orders **ret_orders,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_orders *sugu_orders_free(struct sugu_orders *orders);

/* Takes an order; the same one again is fine. False where there is no room for it now. */
bool sugu_orders_take(struct sugu_orders *orders, const struct sugu_order *order);

/*
 * The server's list of open work was taken in whole: an order of an earlier process that was not in
 * it has been settled otherwise; its answer will be set aside.
 */
void sugu_orders_settle_untold(struct sugu_orders *orders);

/* Looks, reads, decides what is due. */
void sugu_orders_step(struct sugu_orders *orders);
/* Readable when something happened in res; -1 without inotify. */
int sugu_orders_fd(const struct sugu_orders *orders);
/* Microseconds until step is due, >= 0. */
int64_t sugu_orders_due_us(const struct sugu_orders *orders);

/* Orders without a verdict. */
size_t sugu_orders_open_count(const struct sugu_orders *orders);
