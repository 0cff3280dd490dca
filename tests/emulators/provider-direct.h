/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-direct - an emulated provider behind the http port, in the same process and thread
 */
#pragma once

#include "emulators/provider.h"
#include "payment/http/http.h"

struct sugu_provider_direct {
    struct sugu_http http; /* hand &direct.http down */
    struct sugu_provider *provider;
    struct sugu_clock_manual *clock; /* moved on by what the line and the provider take; or NULL */
    uint32_t line_ms;                /* a question and its answer take this long */
};

void sugu_provider_direct_init(struct sugu_provider_direct *direct,
                               struct sugu_provider *provider,
                               struct sugu_clock_manual *clock);
