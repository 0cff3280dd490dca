/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house-money - the house's cash devices and its provider of code payments
 */
#include "demo/house-private.h"

#include "testlib/checks.h"

#include "base/files.h"

#include <stdio.h>
#include <string.h>

/* Address and yen of each payout, as emulators/cctalk-emulator.h has them. */
static const struct {
    const char *device, *yen;
} payouts[] = {
    {"3", "1"},   {"4", "5"},   {"5", "10"},    {"6", "50"},
    {"7", "100"}, {"8", "500"}, {"41", "1000"}, {"42", "5000"},
};

/* ---- cash */

static void
write_text(struct house *house, const char *name, const char *text)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_file_write(house->hospital.folder, name, text, strlen(text), false, &error),
                   error);
}

static void
write_cash_file(struct house *house)
{
    char text[512];
    size_t used;

    used = (size_t)snprintf(text, sizeof text, "line %s/cash-line\ncoin 2\nnote 40 crc\n",
                            house->hospital.folder);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "payout %s %s\n",
                                 payouts[i].device, payouts[i].yen);
    ck_assert_uint_lt(used, sizeof text);
    write_text(house, "cash.conf", text);
    snprintf(house->cash_file, sizeof house->cash_file, "%s/cash.conf", house->hospital.folder);
}

/* Change is filled in … */
static void
fill(struct house *house)
{
    long offset = 0;

    sugu_process_expect(&house->parts[HOUSE_CASH_EMULATOR], "ready", &offset, NULL, 0,
                        HOUSE_START_S);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        char words[64];

        snprintf(words, sizeof words, "stock %s %d", payouts[i].device, HOUSE_FLOAT_PIECES);
        house_say(house, HOUSE_CASH_EMULATOR, words);
        sugu_process_expect(&house->parts[HOUSE_CASH_EMULATOR], "ok", &offset, NULL, 0,
                            HOUSE_START_S);
    }
}

/* … and a person tells the journal how much. */
static void
keep_counts(struct house *house)
{
    char log[300];

    snprintf(log, sizeof log, "%s/cash-count.log", house->hospital.folder);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        struct line line;

        line_begin(&line, "payment/sugu-payment");
        line_add_option(&line, "sale-id", "kiosk-1");
        line_add_option(&line, "cash", house->cash_file);
        line_add_connection(&line, &house->hospital, "payment-1", /* is_stateless= */ false);
        line_add(&line, "cash-count");
        line_add(&line, "%s", payouts[i].device);
        line_add(&line, "%d", HOUSE_FLOAT_PIECES);
        ck_assert_int_eq(sugu_process_run(log, line.words, NULL), 0);
    }
}

void
house_start_cash_emulator(struct house *house)
{
    struct line line;
    bool is_first = !*house->cash_file;

    line_begin(&line, "tests/emulators/emulate-cash");
    line_add(&line, "%s/cash-line", house->hospital.folder);
    house_spawn(house, HOUSE_CASH_EMULATOR, &line);
    fill(house);
    if (!is_first)
        return;
    write_cash_file(house);
    keep_counts(house);
}

void
house_post_float(struct house *house)
{
    char units[SUGU_ARRAY_SIZE(payouts)][32];
    const char *words[SUGU_ARRAY_SIZE(payouts) + 4] = {"fill-cash", "kiosk-1", "bag-1"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(payouts); i++) {
        snprintf(units[i], sizeof units[i], "%s*%d", payouts[i].yen, HOUSE_FLOAT_PIECES);
        words[3 + i] = units[i];
    }
    sugu_hospital_admin(&house->hospital, 0, NULL, words);
}

/* ---- codes */

void
house_start_code_emulator(struct house *house)
{
    char key[64], secret[64], merchant[64], text[256];
    struct line line;

    line_begin(&line, "tests/emulators/emulate-code-provider");
    line_add(&line, "%s/provider", house->hospital.folder);
    house_spawn(house, HOUSE_CODE_EMULATOR, &line);
    house_take_word(house, HOUSE_CODE_EMULATOR, "address ", house->code_address,
                    sizeof house->code_address);
    house_take_word(house, HOUSE_CODE_EMULATOR, "root ", house->code_root, sizeof house->code_root);
    house_take_word(house, HOUSE_CODE_EMULATOR, "key ", key, sizeof key);
    house_take_word(house, HOUSE_CODE_EMULATOR, "secret ", secret, sizeof secret);
    house_take_word(house, HOUSE_CODE_EMULATOR, "merchant ", merchant, sizeof merchant);
    snprintf(text, sizeof text, "api-key %s\nsecret %s\nmerchant %s\n", key, secret, merchant);
    write_text(house, "code.key", text);
    snprintf(house->code_key, sizeof house->code_key, "%s/code.key", house->hospital.folder);
}

void
house_add_ways(struct house *house, struct line *line)
{
    if (house->options.has_cash) {
        line_add_option(line, "cash", house->cash_file);
        line_add_option(line, "cash-recycles", "yes");
    }
    if (house->options.has_codes) {
        line_add_option(line, "code", house->code_address);
        line_add_option(line, "code-root", house->code_root);
        line_add_option(line, "code-key", house->code_key);
    }
}
