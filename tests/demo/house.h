/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the whole hospital on one machine: every program, every device emulated in its own bytes
 *
 * Used by tools/demo and by scenarios that need everything. All of it lives in one folder, listens
 * on unix sockets and free loopback ports, and ends with house_done.
 */
#pragma once

#include "testlib/hospital.h"
#include "testlib/screen.h"

enum house_part {
    HOUSE_READER_EMULATOR,
    HOUSE_PRINTER_EMULATOR,
    HOUSE_TERMINAL_EMULATOR,
    HOUSE_QUALIFICATION_EMULATOR,
    HOUSE_CASH_EMULATOR, /* only with has_cash */
    HOUSE_CODE_EMULATOR, /* only with has_codes */
    HOUSE_READER,
    HOUSE_PRINTER,
    HOUSE_PAYMENT,
    HOUSE_INSURANCE,
    HOUSE_FEE,
    HOUSE_WEB, /* only with has_phones */
    HOUSE_KIOSK,
    HOUSE_PART_COUNT
};

/* So many pieces of each unit but 2,000 and 10,000 yen lie in the cash devices at first. */
#define HOUSE_FLOAT_PIECES 30
#define HOUSE_FLOAT_YEN    (HOUSE_FLOAT_PIECES * 6666)

/* All zero is fine. What it points to has to outlive the house. */
struct house_options {
    bool has_user_display; /* the kiosk goes to the user's display instead of one of its own */
    bool has_phones;       /* the phone page is served, and tickets lead to it */
    bool has_cash;         /* the kiosk takes coins and notes; see house_post_float */
    bool has_codes;        /* the kiosk shows codes that a phone pays */
    /* NAME=VALUE … NULL for the queue server; may be NULL. */
    const char *const *server_environment;
    /* Options of a program in addition, ended by NULL. Not for emulators. */
    const char *const *more[HOUSE_PART_COUNT];
    const char *people;  /* further commands of sugu-admin; may be NULL */
    const char *insured; /* further lines of insured people; may be NULL */
    /* Folder for a picture of each page that the kiosk paints and the times of their showing
     * (picture-pages.c); may be NULL. */
    const char *pictures;
};

struct house {
    struct house_options options;
    struct sugu_hospital hospital;
    struct sugu_screen screen;
    struct sugu_process parts[HOUSE_PART_COUNT];
    char reader_device[200], printer_uri[200];
    char terminal_address[200], terminal_root[300], terminal_key[300], terminal_poi[64];
    char cash_file[200]; /* settings of the cash devices */
    char code_address[200], code_root[300], code_key[200];
    char phone_page[100]; /* address of the phone page up to the token */
};

/* Starts everything below `folder` (made; its path may have at most 60 characters). */
void house_init(struct house *house, const char *folder, const struct house_options *options);
/* Ends everything; the folder stays. */
void house_done(struct house *house);

/* One part again, after it was killed. */
void house_start_part(struct house *house, enum house_part part);
const char *house_part_name(enum house_part part);

/* With has_cash, once and before a coin comes out: the change that lies in the devices stands in
 * the books from now on. */
void house_post_float(struct house *house);

/* A command to an emulator. */
void house_say(struct house *house, enum house_part part, const char *line);
