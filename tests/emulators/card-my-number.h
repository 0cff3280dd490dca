/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-my-number - an emulated My Number card: its JPKI and text applications
 *
 * Files, PINs, keys and status words as in domain/card-insurance.md 1.2–1.5. It has the file with
 * the 12-digit number and an (empty) visual application too, so that a test can prove that nobody
 * selects them. The PIN counters belong to the card: they go on counting wherever it is put.
 */
#pragma once

#include "emulators/emulated-card.h"

#include <openssl/x509.h>

#define MY_NUMBER_TRIES_MAX 3

struct my_number_person {
    char label[32]; /* of the folder and the log: "yamada" */
    char name[200]; /* UTF-8, U+3000 between family and given name */
    char kana[200]; /* not on the card: for the hospital's register */
    char address[600];
    char birth_date[9];     /* YYYYMMDD */
    char sex;               /* '1' male, '2' female, '3' other */
    char number[13];        /* the 12 digits that nobody may read */
    char pin[5];            /* of the authentication key */
    char text_pin[5];       /* of the text application */
    unsigned blocked_sw;    /* answer of a blocked PIN: 0x6983 or 0x6984 */
    unsigned leading_bytes; /* 0 or 2 before the attributes (cards of about 2023) */
};

/* `key` and `certificates` (the card's own, then its issuer's) are copied or referenced, not taken.
 */
struct emulated_card *my_number_card_new(const struct my_number_person *person,
                                         EVP_PKEY *key,
                                         X509 *certificate,
                                         X509 *issuer);

enum my_number_pin {
    MY_NUMBER_PIN_AUTHENTICATION, /* JPKI 0018 */
    MY_NUMBER_PIN_TEXT,           /* text 0011 */
    MY_NUMBER_PIN_SIGNATURE,      /* JPKI 001B; nobody of ours asks for it */
    MY_NUMBER_PIN_COUNT
};
unsigned my_number_card_tries(const struct emulated_card *card, enum my_number_pin pin);
void my_number_card_set_tries(struct emulated_card *card, enum my_number_pin pin, unsigned tries);
/* How often the file with the 12-digit number, or the visual application, was selected. */
unsigned my_number_card_forbidden(const struct emulated_card *card);
/* Replaces the attributes file's bytes. */
void my_number_card_set_attributes(struct emulated_card *card, const uint8_t *bytes, size_t size);

/* The attributes file as a real card has it; returns its size. */
size_t my_number_attributes(const struct my_number_person *person, uint8_t to[1024]);
