/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-settings - which cash devices a kiosk has: a text of one line each
 *
 *     line /dev/ttyUSB0          the serial line
 *     coin 2                     coin acceptor at this address
 *     note 40 crc                note acceptor; "crc" where it checks by CRC-16
 *     payout 3 100               hopper or note store at this address, and the unit that it pays
 *
 * '#' begins a comment. Coin and note acceptors tell themselves which position is which unit
 * (headers 184 and 157); a hopper pays whatever was filled in, so its unit has to be written down.
 * The stores of a note recycler are payouts of their own here, with the hoppers' commands: there is
 * no standard for controlling a recycler (Milan/Paylink manual, p. 64).
 */
#pragma once

#include "payment/cash/cctalk-frame.h"
#include "port/cash.h"

struct sugu_cash_place {
    uint8_t address; /* 2 … 250 */
    enum sugu_cash_kind kind;
    uint8_t unit; /* payouts */
    enum sugu_cctalk_check check;
};

struct sugu_cash_settings {
    char line[128];
    size_t count;
    struct sugu_cash_place places[SUGU_CASH_DEVICES_MAX];
};

/* REFUSED "settings.invalid" with the number of the line and what is wrong. At most one acceptor of
 * each kind, at least one device, no address and no unit of a payout twice. */
enum sugu_status sugu_cash_settings_parse(const char *text,
                                          struct sugu_cash_settings *ret_settings,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
