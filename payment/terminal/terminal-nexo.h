/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-nexo - the terminal port over nexo Retailer (JSON, encrypted envelope, HTTPS)
 *
 * open logs in, calls the standby screen up (between two patients nothing of the first stays on it)
 * and asks for a diagnosis. Every exchange has its own connection and its own service id. A payment
 * or reversal is sent at most once; whatever happens behind its first byte is UNKNOWN unless the
 * terminal's own, authentic answer to it says otherwise.
 */
#pragma once

#include "base/clock.h"
#include "payment/terminal/nexo-crypto.h"
#include "payment/terminal/nexo-link.h"
#include "port/terminal.h"

/* Where service ids come from; called from any thread. An id is never used again within 30 days
 * (1.2). */
struct sugu_service_ids {
    enum sugu_status (*next)(struct sugu_service_ids *ids,
                             char ret_id[11],
                             struct sugu_error *reterr);
};

struct sugu_terminal_nexo_settings {
    struct sugu_service_ids *ids; /* the three are not owned and outlive the terminal */
    const struct sugu_clock *clock;
    struct sugu_random *random;
    const char *sale_id;       /* this kiosk, "KIOSK-03" */
    const char *poi_id;        /* the terminal, "<model>-<serial>" */
    uint32_t answer_wait_ms;   /* of a payment or reversal; 120000 in a hospital (1.4) */
    uint32_t exchange_wait_ms; /* of everything else */
};

/* Takes key and link over (both are NULL afterwards) on success; the settings' texts are copied. */
enum sugu_status sugu_terminal_nexo_new(const struct sugu_terminal_nexo_settings *settings,
                                        struct sugu_nexo_key **key,
                                        struct sugu_nexo_link **link,
                                        struct sugu_terminal **ret_terminal,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;

/* From another thread: lets running calls end within a second (as UNKNOWN where something was
 * sent) and later ones not begin. There is no way back. */
void sugu_terminal_nexo_stop(struct sugu_terminal *terminal);
/* No call may run any more. NULL is fine. */
struct sugu_terminal *sugu_terminal_nexo_free(struct sugu_terminal *terminal);
