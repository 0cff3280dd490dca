/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal - the port behind which a card terminal sits
 *
 * The port says what the device said; whether money moved is decided above it, by the payment
 * machine. Every call may take minutes and runs in the payment program, never on a screen's loop.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

struct sugu_terminal_request {
    char service_id[11];     /* 1–10 characters, never used again within 30 days */
    char transaction_id[41]; /* ours, the same for every try at one bill revision; nothing personal
                              */
    int64_t amount_yen;      /* 1 … 99,999,999 */
    int64_t utc_us;          /* time of the transaction id */
};

enum sugu_terminal_result {
    SUGU_TERMINAL_APPROVED,    /* Success or Partial: look at approved_yen */
    SUGU_TERMINAL_DECLINED,    /* the payment's own answer said no; final */
    SUGU_TERMINAL_IN_PROGRESS, /* to a status question only */
    SUGU_TERMINAL_NOT_FOUND,   /* to a status question only; not final by itself */
    SUGU_TERMINAL_BUSY,        /* another service runs; nothing was started */
};

struct sugu_terminal_answer {
    enum sugu_terminal_result result;
    int64_t approved_yen;
    const char *code;     /* "payment.declined" …, static; "" when approved */
    char provider_id[65]; /* POITransactionID */
    char approval_code[17];
    char brand[33];
    char last4[5];
};

struct sugu_terminal;

struct sugu_terminal_ops {
    const char *name;
    /* Connects and asks the terminal how it is. RETRY "terminal.away". */
    enum sugu_status (*open)(struct sugu_terminal *terminal,
                             const char *where,
                             struct sugu_error *reterr);
    /* Takes the money. RETRY only where it is certain that no byte of the request left this
     * machine; UNKNOWN for everything that is not the terminal's own answer. */
    enum sugu_status (*pay)(struct sugu_terminal *terminal,
                            const struct sugu_terminal_request *request,
                            struct sugu_terminal_answer *ret_answer,
                            struct sugu_error *reterr);
    /* What became of the payment with this service id? Uses a fresh connection. */
    enum sugu_status (*status)(struct sugu_terminal *terminal,
                               const char *service_id,
                               struct sugu_terminal_answer *ret_answer,
                               struct sugu_error *reterr);
    /* Asks for a stop, from another thread; the outcome is still that of pay. */
    void (*abort)(struct sugu_terminal *terminal, const char *service_id);
    void (*close)(struct sugu_terminal *terminal);
};

struct sugu_terminal {
    const struct sugu_terminal_ops *ops;
};
