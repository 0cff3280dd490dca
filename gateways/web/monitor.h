/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monitor - /metrics and /healthz at an address of their own, for the hospital's monitoring
 */
#pragma once

#include "web/figures.h"

#include "base/status.h"

struct web_monitor;

struct web_monitor_means {
    const struct web_figures *figures;
    /* What is not counted but there now; asked for each answer. */
    void (*look)(void *user, struct web_levels *ret_levels);
    void *user;
};

/* Listens on `address` ("127.0.0.1:9100"; port 0 = any). SUGU_REFUSED settings.invalid, SUGU_BROKEN
 * web.not-listening. Ends with web_monitor_free. */
enum sugu_status web_monitor_new(const char *address,
                                 const struct web_monitor_means *means,
                                 struct web_monitor **ret_monitor,
                                 struct sugu_error *reterr);
/* NULL is fine. Returns NULL. */
struct web_monitor *web_monitor_free(struct web_monitor *monitor);
/* 0 for NULL. */
uint16_t web_monitor_port(const struct web_monitor *monitor);
