/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - one patient's day, step by step, through the real programs and the real screen
 */
#pragma once

#include "demo/house.h"

struct day {
    struct house *house;
    char out[256];   /* screens/ and papers/ go below it */
    int screens;     /* photographs so far */
    char number[17]; /* of the ticket */
    char qr[128];    /* text of the ticket's QR, read off the printed paper */
    long bill_yen, paid_yen;
    char ledger[512]; /* lines "account yen" */
};

struct day_step {
    const char *name;
    void (*play)(struct day *day); /* ends the test where it does not hold */
};
extern const struct day_step day_steps[];
extern const size_t day_step_count;
