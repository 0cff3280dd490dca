/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house-world - the whole hospital under trouble: its screen, its emulators, its database
 *
 * For scenarios that make a trouble with the real programs and look at the page that the patient
 * sees and at what staff and the database know of it. Beside the people of demo/house.h there are
 * HOUSE_PATIENTS invented ones with a hospital card (FeliCa), insurance and an appointment in
 * internal medicine, so that each trouble can have a patient of its own. A failure keeps the folder
 * with a photograph of the screen, last.png.
 */
#pragma once

#include "demo/house.h"
#include "testlib/facts.h"

#define HOUSE_PATIENTS 14
#define HOUSE_PIN_SATO "2580"

/* Somebody's visit of today. */
struct house_visit {
    unsigned patient; /* from 0 */
    char number[17];
    char code[64]; /* text of the ticket's QR */
    long bill_yen;
};

struct house_world {
    struct house house;
    char *folder;
    const char *trouble; /* what is being played, for messages; may be NULL */
    struct sugu_facts facts;
    long told[HOUSE_PART_COUNT];       /* up to here the emulators' words were read */
    int wait_s;                        /* how long a page may take to come */
    struct sugu_test_client elsewhere; /* another kiosk, once it was needed */
    bool has_elsewhere;
    char people[4096], insured[4096];
};

/* Starts the house and waits until the kiosk is ready for the first patient. Of the options only
 * `more`, has_cash (the change stands in the books then) and has_codes are looked at; where `more`
 * says nothing of reader, printer and insurance they are quick. */
void house_world_init(struct house_world *world, const struct house_options *options);
/* Ends it; removes the folder. */
void house_world_done(struct house_world *world);

/* ---- emulators */

/* A command to an emulator; waits until it was carried out. */
void house_world_tell(struct house_world *world, enum house_part part, const char *line);
/* Waits for the line with these words among its answers; copies it. */
void house_world_hear(
    struct house_world *world, enum house_part part, const char *words, char *line, size_t size);
/* The hospital card of a patient comes onto the reader; whatever lies there is taken away. */
void house_world_put_card(struct house_world *world, unsigned patient);
void house_world_take_card(struct house_world *world);
/* kill -9; and the part again. */
void house_world_kill(struct house_world *world, enum house_part part);
void house_world_start(struct house_world *world, enum house_part part);

/* ---- the screen */

/* Waits for the page. */
void house_world_page(struct house_world *world, const char *page);
/* Waits until something with this text is on the screen; until nothing is. */
void house_world_sees(struct house_world *world, const char *text);
void house_world_sees_no(struct house_world *world, const char *text);
/* Presses until the page is left; what comes then is the caller's, or has to come to be `page`. */
void house_world_press(struct house_world *world, const char *button);
void house_world_go(struct house_world *world, const char *button, const char *page);
void house_world_digits(struct house_world *world, const char *digits);
/* Waits until the kiosk's log says that it left this page for that one. */
void house_world_left(struct house_world *world, const char *page, const char *next);
/* What a phone reads off the screen. */
void house_world_read_code(struct house_world *world, char *code, size_t size);

/* From the first page with the hospital card and the birthday; the next page is the caller's. */
void house_world_come(struct house_world *world, unsigned patient);
/* The same up to "is this right?", and to the ticket. */
void house_world_check_in(struct house_world *world, unsigned patient);
void house_world_get_ticket(struct house_world *world, unsigned patient);
/* From a page with "done" back to the first one. */
void house_world_leave(struct house_world *world);

/* ---- what staff and the database know */

/* sugu-admin with these words. */
void house_world_admin(struct house_world *world, const char *const *words);
/* Number of the newest ticket. */
void house_world_newest(struct house_world *world, char number[static 17]);
/* Waits until `sugu-admin show NUMBER` has a line that begins so. */
void house_world_staff_see(struct house_world *world, const char *number, const char *line);
/* The database was restarted: its connection anew. */
void house_world_look_again(struct house_world *world);
/* One number out of the database, and waiting until it is this one. */
int64_t house_world_number(struct house_world *world, const char *sql);
void house_world_await(struct house_world *world, const char *sql, int64_t value);

/* ---- money */

/* A patient who checked in at another kiosk and was with the doctor; the bill is announced. */
void house_world_bill(struct house_world *world, unsigned patient, struct house_visit *visit);
/* Opens a session with that ticket at another kiosk; the reply (a copy, freed by the caller). */
Sugu__Reply *house_world_open_elsewhere(struct house_world *world,
                                        const struct house_visit *visit,
                                        const struct sugu_id *session);
/* From the first page with the ticket and the birthday; the next page is the caller's. */
void house_world_come_back(struct house_world *world, const struct house_visit *visit);
/* The same up to the bill. */
void house_world_see_bill(struct house_world *world, const struct house_visit *visit);
/*
 * Yen that the terminal has charged = yen posted = `yen`; no twins; the ledger sums to zero; each
 * settled bill has one approved attempt, which is of its total.
 */
void house_world_books_agree(struct house_world *world, long yen);
