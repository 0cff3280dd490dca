/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order-answer - an order's answer: found, read until stable, judged; or too late
 */
#include "insurance/orders-private.h"

#include "insurance/oqs-answer.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define AGAIN_US      SUGU_SECOND
#define LATE_READINGS 3

/* ---- verdicts */

static void
log_verdict(const struct sugu_orders *orders,
            const struct order *order,
            const struct sugu_eligibility_verdict *verdict)
{
    static const char *const outcomes[] = {"OPEN",    "VERIFIED",  "VERIFIED_WITH_CHANGE",
                                           "NOT_NOW", "NOT_FOUND", "INVALID"};
    char id[SUGU_ID_TEXT_SIZE];
    int64_t wait_us = orders->clock->utc_us(orders->clock) - order->asked_utc;

    sugu_log(SUGU_LOG_INFO, "eligibility.decided",
             "eligibility=%s outcome=%s code=%s wait_ms=%" PRId64 " reason=\"%s\"",
             sugu_id_to_text(&order->eligibility, id), outcomes[verdict->outcome], verdict->code,
             order->asked_utc > 0 ? wait_us / SUGU_MS : 0, verdict->reason);
}

/*
 * Gives the verdict away, keeps the file, closes the order; in this order, so that a crash between
 * two of them repeats what is safe to repeat and loses nothing.
 */
static void
decide(struct sugu_orders *orders,
       struct order *order,
       const struct sugu_eligibility_verdict *verdict)
{
    bool is_verified = sugu_eligibility_is_verified(verdict);
    char evidence[SUGU_OQS_NAME_SIZE + 8] = "";
    struct sugu_error error;

    if (*order->answer_name)
        snprintf(evidence, sizeof evidence, "%s/%s", is_verified ? "done" : "aside",
                 order->answer_name);
    if (orders->callbacks.on_verdict(orders->callbacks.user, &order->eligibility, verdict, evidence,
                                     &error) != SUGU_OK) {
        sugu_orders_complain(orders, "eligibility.not-stored", &error);
        order->again_us = sugu_orders_now(orders) + AGAIN_US;
        return;
    }
    log_verdict(orders, order, verdict);
    if (*order->answer_name &&
        sugu_folders_keep(&orders->folders, order->answer_name, verdict->code,
                          is_verified ? NULL : verdict->reason, &error) != SUGU_OK)
        sugu_orders_complain(orders, "answer.not-moved", &error);
    if (*order->stem)
        sugu_order_close_asked(orders, order);
    sugu_order_clear(order);
}

void
sugu_order_decide_not_now(struct sugu_orders *orders,
                          struct order *order,
                          const char *code,
                          const char *reason)
{
    struct sugu_eligibility_verdict verdict = sugu_eligibility_not_now(code, reason);

    decide(orders, order, &verdict);
}

/* ---- answers */

/* Late answers that someone else took away need no place any more. */
static void
forget_gone(struct sugu_orders *orders)
{
    for (size_t i = 0; i < LATE_MAX; i++) {
        struct late_answer *late = &orders->late[i];
        if (*late->name && sugu_folders_answer_size(&orders->folders, late->name) < 0)
            late->name[0] = '\0';
    }
}

/* The place of this name, else a free one; NULL while all are taken: the file waits its turn. */
static struct late_answer *
find_late(struct sugu_orders *orders, const char *name)
{
    struct late_answer *found = NULL;

    for (size_t i = 0; i < LATE_MAX; i++) {
        if (strcmp(orders->late[i].name, name) == 0)
            return &orders->late[i];
        if (!*orders->late[i].name)
            found = &orders->late[i];
    }
    return found;
}

/* True once the size has not changed for some readings' time: nobody writes it any more. */
static bool
has_stopped_growing(struct sugu_orders *orders, const char *name)
{
    struct late_answer *late = find_late(orders, name);
    int64_t size = sugu_folders_answer_size(&orders->folders, name);
    int64_t now_us = sugu_orders_now(orders);

    if (!late)
        return false;
    if (strcmp(late->name, name) != 0 || late->size != size) {
        sugu_text_copy(late->name, sizeof late->name, name);
        late->size = size;
        late->seen_us = now_us;
        return false;
    }
    return now_us - late->seen_us >= LATE_READINGS * orders->settings.stable_us;
}

/* Late, second, or of an order that was settled otherwise: never applied to anyone. */
static void
set_aside_late(struct sugu_orders *orders, const char *name, const char *stem)
{
    struct sugu_error error;
    char shown[SUGU_OQS_STEM_SIZE + 1];

    if (!has_stopped_growing(orders, name))
        return;
    if (sugu_folders_keep(&orders->folders, name, "eligibility.no-answer",
                          "the answer came after the verdict and was not used", &error) != SUGU_OK)
        sugu_orders_complain(orders, "answer.not-moved", &error);
    else
        sugu_log(SUGU_LOG_WARNING, "answer.late", "file=%s", sugu_stem_for_log(stem, shown));
}

static void
on_answer_seen(void *user, const char *name, const char *stem)
{
    struct sugu_orders *orders = user;
    const struct sugu_asked_entry *entry = sugu_asked_find_stem(&orders->asked, stem);

    if (!entry)
        return; /* another program's */
    for (size_t i = 0; i < SUGU_ORDERS_MAX; i++) {
        struct order *order = &orders->orders[i];
        if (order->phase == ORDER_FREE || strcmp(order->stem, stem) != 0)
            continue;
        sugu_text_copy(order->answer_name, sizeof order->answer_name, name);
        return;
    }
    if (entry->phase == SUGU_ASKED_CLOSED)
        set_aside_late(orders, name, stem);
}

void
sugu_orders_look(struct sugu_orders *orders)
{
    struct sugu_error error;

    forget_gone(orders);
    if (sugu_folders_scan(&orders->folders, on_answer_seen, orders, &error) != SUGU_OK)
        sugu_orders_complain(orders, "answers.not-readable", &error);
    orders->scan_at_us = sugu_orders_now(orders) + orders->settings.scan_us;
}

static void
judge(struct sugu_orders *orders, struct order *order)
{
    struct sugu_eligibility_answer answer;
    struct sugu_eligibility_verdict verdict;
    struct sugu_error error;
    enum sugu_status status =
        sugu_oqs_answer_parse(order->read.bytes, order->read.size, &answer, &error);

    if (status == SUGU_RETRY && order->read.tries < SUGU_STABLE_TRIES_MAX)
        return; /* not well-formed: a writer that pauses; the next reading is due already */
    if (status == SUGU_OK)
        sugu_eligibility_judge(&order->asked, &answer, &verdict);
    else
        verdict = sugu_eligibility_not_now("eligibility.bad-answer", error.detail);
    decide(orders, order, &verdict);
    explicit_bzero(&answer, sizeof answer);
    explicit_bzero(&verdict, sizeof verdict);
}

/* True while there is a file to read: the order does not time out meanwhile. */
static bool
read_answer(struct sugu_orders *orders, struct order *order)
{
    struct sugu_error error;
    char path[PATH_MAX];
    enum sugu_status status;

    if (!*order->answer_name ||
        !sugu_folders_answer_path(&orders->folders, order->answer_name, path))
        return false;
    status = sugu_stable_read_step(&order->read, path, SUGU_OQS_ANSWER_SIZE_MAX,
                                   sugu_orders_now(orders), orders->settings.stable_us, &error);
    if (status == SUGU_OK) {
        judge(orders, order);
    } else if (status != SUGU_RETRY && strcmp(error.code, "file.missing") == 0) {
        order->answer_name[0] = '\0';
        return false;
    } else if (status != SUGU_RETRY) {
        sugu_order_decide_not_now(orders, order, "eligibility.bad-answer",
                                  strcmp(error.code, "file.too-large") == 0
                                      ? "the file is larger than any answer"
                                      : "the file was never whole");
    }
    return true;
}

void
sugu_order_step(struct sugu_orders *orders, struct order *order, int64_t now_us)
{
    if (order->phase != ORDER_WAITING || now_us < order->again_us)
        return;
    if (!read_answer(orders, order) && now_us >= order->deadline_us)
        sugu_order_decide_not_now(orders, order, "eligibility.no-answer",
                                  "the terminal did not answer within its time");
}
