/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings - what sugu-payment can be told: which ways to pay there are here, and their times
 */
#pragma once

#include "base/settings.h"
#include "client/keys.h"

#define SUGU_PAYMENT_PROGRAM "sugu-payment"

struct sugu_payment_settings {
    char listen[256];
    struct sugu_connection_settings connection;
    char terminal[256];
    char terminal_name[256];
    char terminal_root[512];
    char terminal_key[512];
    char poi_id[65];
    char sale_id[65];
    int64_t connect_wait_ms, answer_wait_ms, exchange_wait_ms;
    int64_t status_interval_ms, status_give_up_ms, held_interval_ms;
    int64_t begin_wait_ms, check_interval_ms;
    char cash[512]; /* "" = none, as with `terminal`, `code`, `on_file` */
    bool cash_recycles;
    int64_t cash_low_pieces, cash_idle_ms, cash_stuck_ms;
    char code[256], code_name[256], code_root[512], code_key[512], code_brand[33];
    int64_t code_valid_ms, code_make_wait_ms, code_ask_wait_ms;
    char on_file[256], on_file_name[256], on_file_root[512], on_file_key[512];
    int64_t on_file_wait_ms, provider_check_ms;
};

extern const struct sugu_program sugu_payment_program;

/*
 * Is there a way to pay, with all that it needs? REFUSED "settings.missing" or "settings.invalid".
 * At a kiosk the window needs a socket; the program at the hospital's server, which takes only
 * orders about registered cards, has none.
 */
enum sugu_status sugu_payment_settings_check(const struct sugu_payment_settings *settings,
                                             struct sugu_error *reterr) SUGU_MUST_CHECK;
