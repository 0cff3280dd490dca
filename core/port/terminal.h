/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal - the port behind which a card terminal sits
 *
 * The port says what the device said; whether money moved is decided above it, by the payment
 * machine. Every call may take minutes and runs in the payment program, never on a screen's loop.
 * No card number comes through it: of a card its brand, the last four digits and a token.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

enum sugu_terminal_deed {
    SUGU_TERMINAL_PAY,      /* take the money */
    SUGU_TERMINAL_REGISTER, /* check the card for 0 yen and give a token for it */
    SUGU_TERMINAL_REVERSE,  /* give the money of an earlier payment back, whole or in part */
};

struct sugu_terminal_request {
    enum sugu_terminal_deed deed;
    char service_id[11];     /* 1–10 characters, never used again within 30 days */
    char transaction_id[41]; /* ours, the same for every try at one bill revision; nothing personal
                              */
    int64_t amount_yen;      /* 1 … 99,999,999; 0 with REGISTER */
    int64_t utc_us;          /* time of the transaction id */
    char original_id[65];    /* REVERSE: provider_id of the payment … */
    int64_t original_utc_us; /* … and its provider_utc_us, 0 = not known */
};

enum sugu_terminal_result {
    SUGU_TERMINAL_APPROVED,    /* Success or Partial: look at approved_yen (REVERSE: given back) */
    SUGU_TERMINAL_DECLINED,    /* the request's own answer said no; final */
    SUGU_TERMINAL_IN_PROGRESS, /* to a status question only */
    SUGU_TERMINAL_NOT_FOUND,   /* to a status question only; not final by itself */
    SUGU_TERMINAL_BUSY,        /* another service runs; nothing was started */
};

struct sugu_terminal_answer {
    enum sugu_terminal_result result;
    int64_t approved_yen;
    const char *code;        /* "payment.declined" …, static; "" when approved */
    char detail[129];        /* DECLINED: what the device says about it; for the log */
    char provider_id[65];    /* POITransactionID */
    int64_t provider_utc_us; /* its time; 0 = not said */
    char approval_code[17];
    char brand[33];
    char last4[5];
    char token[129]; /* REGISTER: the provider's, never a card number */
    uint32_t expiry; /* REGISTER: 202711 = November 2027; 0 = not said */
};

struct sugu_terminal;

struct sugu_terminal_ops {
    const char *name;
    /* A fresh session with nothing of an earlier patient on the screen, and how is the terminal?
     * RETRY "terminal.away" or "terminal.busy". */
    enum sugu_status (*open)(struct sugu_terminal *terminal,
                             const char *where,
                             struct sugu_error *reterr);
    /* Carries the deed out. RETRY only where it is certain that no byte of the request left this
     * machine; UNKNOWN for everything that is not the terminal's own answer. */
    enum sugu_status (*carry_out)(struct sugu_terminal *terminal,
                                  const struct sugu_terminal_request *request,
                                  struct sugu_terminal_answer *ret_answer,
                                  struct sugu_error *reterr);
    /* What became of the request with this deed and service id? Uses a fresh connection. */
    enum sugu_status (*status)(struct sugu_terminal *terminal,
                               const struct sugu_terminal_request *request,
                               struct sugu_terminal_answer *ret_answer,
                               struct sugu_error *reterr);
    /* Asks for a stop, from another thread; the outcome is still that of carry_out. */
    void (*abort)(struct sugu_terminal *terminal, const struct sugu_terminal_request *request);
    void (*close)(struct sugu_terminal *terminal);
};

struct sugu_terminal {
    const struct sugu_terminal_ops *ops;
};
