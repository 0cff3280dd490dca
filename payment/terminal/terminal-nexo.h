/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-nexo - the terminal port over nexo Retailer (JSON, encrypted envelope, HTTPS)
 *
 * open logs in and asks for a diagnosis. Every exchange has its own connection and its own service
 * id. A payment is sent at most once; whatever happens behind its first byte is UNKNOWN unless the
 * terminal's own, authentic answer to it says otherwise.
 */
#pragma once

#include "base/clock.h"
#include "payment/terminal/nexo-crypto.h"
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
    const char *root_pem;         /* text of the only trusted root */
    const char *certificate_name; /* see nexo-link.h; "" = the host of the address */
    const char *sale_id;          /* this kiosk, "KIOSK-03" */
    const char *poi_id;           /* the terminal, "<model>-<serial>" */
    uint32_t connect_wait_ms;     /* until TCP and TLS stand */
    uint32_t answer_wait_ms;      /* of a payment; 120000 in a hospital (1.4) */
    uint32_t exchange_wait_ms;    /* of everything else */
};

/*
 * Takes the key over (*key is NULL afterwards) on success; the settings' texts are copied.
 * REFUSED "settings.invalid" for a root that is none.
 */
enum sugu_status sugu_terminal_nexo_new(const struct sugu_terminal_nexo_settings *settings,
                                        struct sugu_nexo_key **key,
                                        struct sugu_terminal **ret_terminal,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;

/* From another thread: lets running calls end within a second (as UNKNOWN where something was
 * sent) and later ones not begin. There is no way back. */
void sugu_terminal_nexo_stop(struct sugu_terminal *terminal);
/* No call may run any more. NULL is fine. */
struct sugu_terminal *sugu_terminal_nexo_free(struct sugu_terminal *terminal);
