/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal-cash - the journal of cash: devices, sessions, events, payouts and stock
 *
 * As in journal.h: what a call wrote is durable when it returns. One entry is one transaction.
 */
#pragma once

#include "domain/cash-session.h"
#include "domain/cash.h"
#include "payment/journal.h"
#include "port/cash.h"

/* What was asked of a session; it survives a restart. Numbers are those of the journal. */
enum sugu_cash_wish {
    SUGU_CASH_WISH_NONE = 0,
    SUGU_CASH_WISH_FIX = 1,    /* the due is reached, or the patient says that it was all */
    SUGU_CASH_WISH_CANCEL = 2, /* everything goes back */
    SUGU_CASH_WISH_KEEP = 3,   /* the patient has left */
};

struct sugu_cash_session_row {
    struct sugu_id attempt;
    int64_t due_yen;
    enum sugu_cash_session_state state;
    enum sugu_cash_wish wish;
    int64_t approved_yen;
    bool is_by_staff; /* staff have counted: the rows are not what is posted */
    char code[65];    /* why it went as it went; "" = as it should */
    sugu_time_us begun_utc_us, changed_utc_us;
};

enum sugu_cash_payout_state {
    SUGU_CASH_ORDER_OPEN = 0,
    SUGU_CASH_ORDER_ENDED = 1,        /* `paid` came out */
    SUGU_CASH_ORDER_NOT_EXECUTED = 2, /* certainly nothing came out */
    SUGU_CASH_ORDER_UNSURE = 3,       /* a person counts */
};

/* An order to a payout device, written before it is given. */
struct sugu_cash_payout_row {
    struct sugu_id session;
    uint8_t device;
    uint32_t serial;
    enum sugu_cash_unit unit;
    struct sugu_cash_order order;
    enum sugu_cash_payout_state state;
    uint8_t paid;
};

/* Pieces into a device (or out of it, negative); `why`: accepted, paid, short, counted. */
struct sugu_cash_movement {
    uint8_t device;
    enum sugu_cash_unit unit;
    int32_t pieces;
    const char *why;
};

/* What one transaction writes; NULL and 0 = nothing of the kind. All are borrowed for the call. */
struct sugu_cash_entry {
    const struct sugu_cash_event *event;
    const struct sugu_id *event_session;         /* whose event; NULL = nobody's */
    const struct sugu_cash_known *device;        /* its newest row; mandatory with an event */
    const struct sugu_cash_session_row *session; /* inserted, or changed */
    const struct sugu_cash_payout_row *intent;   /* a new order */
    const struct sugu_cash_payout_row *payout;   /* the open order of this device, changed */
    const struct sugu_cash_movement *movements;
    size_t movement_count;
};

enum sugu_status sugu_journal_cash_write(struct sugu_journal *journal,
                                         const struct sugu_cash_entry *entry,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Every device's newest row; at most SUGU_CASH_DEVICES_MAX. */
enum sugu_status sugu_journal_cash_devices(struct sugu_journal *journal,
                                           struct sugu_cash_known *ret_known,
                                           size_t *ret_count,
                                           struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The session of the attempt, or with NULL the open one. REFUSED "payment.unknown-attempt". */
enum sugu_status sugu_journal_cash_session(struct sugu_journal *journal,
                                           const struct sugu_id *attempt,
                                           struct sugu_cash_session_row *ret_row,
                                           struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Pieces that came in and went out, by unit: the sums of the rows. */
enum sugu_status sugu_journal_cash_sums(struct sugu_journal *journal,
                                        const struct sugu_id *attempt,
                                        struct sugu_cash_counts *ret_in,
                                        struct sugu_cash_counts *ret_out,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;
/* The order of the session that is open; *ret_is_found false where there is none. */
enum sugu_status sugu_journal_cash_payout(struct sugu_journal *journal,
                                          const struct sugu_id *attempt,
                                          struct sugu_cash_payout_row *ret_row,
                                          bool *ret_is_found,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
/* What a device holds: the sum of its movements, never below 0. */
enum sugu_status sugu_journal_cash_stock(struct sugu_journal *journal,
                                         uint8_t device,
                                         struct sugu_cash_counts *ret_stock,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
/* A person has counted a device: from now on it holds so many pieces. */
enum sugu_status sugu_journal_cash_count(struct sugu_journal *journal,
                                         uint8_t device,
                                         enum sugu_cash_unit unit,
                                         int32_t pieces,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
