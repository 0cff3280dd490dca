/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front-world - the real front desk at desk 2 on a display of its own, and who sits there
 *
 * Driven by keys and read as assistive technology reads it. The user is sato, a supervisor.
 */
#pragma once

#include "testlib/hospital.h"
#include "testlib/screen.h"

#define FRONT_DESK     "sugu-desk"
#define FRONT_PASSWORD "correcthorse"

struct front {
    struct sugu_hospital *hospital;
    struct sugu_screen screen;
    struct sugu_process desk;
    char state[300]; /* folder of its requests */
};

/* The client front-1, the user and the display; the desk is not started. */
void front_init(struct front *front, struct sugu_hospital *hospital);
/* Ends the desk, which has to end well. */
void front_done(struct front *front);
/* Starts the desk, which finds the server at `seen`: the hospital, or the same one from beyond a
 * cable. */
void front_start(struct front *front, struct sugu_hospital *seen);

/* Waits until the text is shown, or is not any more. */
void front_expect(struct front *front, const char *text, bool is_there);
/* Is there such a text now? */
bool front_shows(struct front *front, const char *text);
void front_press(struct front *front, const char *key);
void front_sign_in(struct front *front);
