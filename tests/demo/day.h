/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - one patient's day, step by step, through the real programs and the real screens
 */
#pragma once

#include "demo/ward.h"
#include "testlib/browser.h"

struct day {
    struct house *house;
    struct ward *ward;
    struct sugu_browser browser; /* the patient's phone */
    bool has_browser;
    char out[256];    /* screens/ and papers/ go below it */
    char number[17];  /* of the ticket, read off the screen */
    char qr[128];     /* text of the ticket's QR, read off the printed paper */
    long bill_yen;    /* as the queue server has it */
    long paid_yen;    /* as the terminal has counted it */
    double push_ms;   /* from the bill's event in the database to its page on the screen */
    char ledger[512]; /* lines "account yen" */
    struct ward_counts morning; /* of the simulated patients */
    long terminals_yen;         /* as all terminals have counted it */
    long open_bills_yen;        /* announced and not paid, as the queue server has it */
};

struct day_step {
    const char *name;
    void (*play)(struct day *day); /* ends the test where it does not hold */
};
extern const struct day_step day_steps[];
extern const size_t day_step_count;
