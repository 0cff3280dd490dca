/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load - kiosks that issue tickets without pause, and what they were told
 *
 * Every answer is written down outside the system. A kiosk sends its next check-in when the one
 * before was answered.
 */
#pragma once

#include "testlib/hospital.h"

#define SUGU_LOAD_KIOSKS_MAX 8
#define SUGU_LOAD_NUMBERS    20000

struct sugu_load;

struct sugu_load_kiosk {
    struct sugu_test_client client;
    struct sugu_load *load;
    bool is_waiting;
};

/* Zeroed at the start. */
struct sugu_load {
    struct sugu_load_kiosk kiosks[SUGU_LOAD_KIOSKS_MAX];
    int count;
    uint8_t seen[SUGU_LOAD_NUMBERS];
    uint32_t highest;
    size_t acknowledged, others;
    char other_code[65]; /* of the last answer that was no ticket */
};

/* Another kiosk of this name, at the hospital's endpoint. */
void sugu_load_add(struct sugu_load *load, struct sugu_hospital *hospital, const char *name);
/* Every kiosk has a request under way. */
void sugu_load_fill(struct sugu_load *load);
/* Lets the kiosks work until `more` further tickets were acknowledged; fails after 40 s. */
void sugu_load_issue(struct sugu_load *load, size_t more);
/* Waits for what is under way; then every number 1 … n was acknowledged, each once, and nothing
 * else was answered. Ends the clients. */
void sugu_load_finish(struct sugu_load *load);
