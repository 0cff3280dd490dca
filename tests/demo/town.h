/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town - invented people who come to the demo's hospital, and the hospital's departments
 *
 * The same index makes the same person in every run, so that who sets the hospital up and who
 * plays the patients agree without a word. Nobody of them exists.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TOWN_PEOPLE 240

enum town_department {
    TOWN_INTERNAL,
    TOWN_EYE,
    TOWN_ORTHO,
    TOWN_BLOOD,
    TOWN_XRAY,
    TOWN_PHARMACY,
    TOWN_RECEPTION,
    TOWN_DEPARTMENT_COUNT
};
/* Code and name; minutes that one takes there. */
struct town_place {
    const char *code, *name;
    unsigned minutes_min, minutes_max;
};
extern const struct town_place town_places[TOWN_DEPARTMENT_COUNT];

struct townsman {
    char number[8]; /* patient number */
    char name[64];
    uint32_t birth_date;
    const char *sex;      /* as sugu-admin writes it */
    uint8_t serial[8];    /* of the hospital card (FeliCa) */
    const char *language; /* of the screens; "ja" for nearly all */
    enum town_department goes_to;
    unsigned orders; /* bit 1 << TOWN_BLOOD … */
    int minute;      /* of the appointment behind the arrival; -1 = walk-in */
};
void townsman_make(unsigned index, struct townsman *ret_townsman);

/* The commands of sugu-admin that set departments, desks, rules and people up. `begins_min`: when
 * the morning begins, minutes after midnight, local time; person i arrives some i × 1.5 later. */
void town_write_setup(FILE *file, unsigned begins_min);
/* Lines of insured people for emulate-qualification. */
void town_write_insured(FILE *file);
