/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - a display without a monitor, and a hand that presses what assistive technology can press
 *
 * Xvfb, a session bus of its own and AT-SPI: a program is driven by the accessible names of its
 * buttons, as a screen reader's user would, and photographed from the display itself. The page a
 * window shows is its title.
 */
#pragma once

#include "testlib/process.h"

struct sugu_screen {
    char folder[200];
    char display[16];         /* ":NN" */
    char bus[300];            /* address of the session bus */
    char environment[3][320]; /* for programs: DISPLAY, DBUS_SESSION_BUS_ADDRESS, … */
    const char *words[8];
    bool has_hand;
    struct sugu_process xvfb, dbus;
};

/* Starts both below `folder`; sets DISPLAY and DBUS_SESSION_BUS_ADDRESS of this process too. */
void sugu_screen_init(struct sugu_screen *screen, const char *folder, int width, int height);
/* A display and nothing else: no bus, no hand. */
void sugu_screen_init_bare(struct sugu_screen *screen, const char *folder, int width, int height);
/* The user's own display, which stays as it is, with a session bus of ours below `folder`: what a
 * library launches by itself where there is none would outlive the test. Nobody presses there. */
void sugu_screen_init_own(struct sugu_screen *screen, const char *folder);
void sugu_screen_done(struct sugu_screen *screen);
/* NAME=VALUE strings for sugu_process_spawn. */
const char *const *sugu_screen_environment(struct sugu_screen *screen);

/* Title of the program's window, "" where there is none. `program` is its accessible name. */
void sugu_screen_page(struct sugu_screen *screen, const char *program, char *page, size_t size);
/* Waits until the title is `page`; false after `wait_s`. */
bool sugu_screen_await_page(struct sugu_screen *screen,
                            const char *program,
                            const char *page,
                            int wait_s);
/* Waits until something with this text is on the screen, or nothing is; false after `wait_s`. */
bool sugu_screen_await_text(
    struct sugu_screen *screen, const char *program, const char *text, bool is_there, int wait_s);
/* Waits until the title is `page`; fails the test after `wait_s`. Milliseconds waited. */
double
sugu_screen_expect(struct sugu_screen *screen, const char *program, const char *page, int wait_s);
/* Presses the button if it is there and can be pressed now. */
bool sugu_screen_try(struct sugu_screen *screen, const char *program, const char *button);
/* Presses the button with this accessible name (its beginning is enough), once it can be pressed.
 */
void sugu_screen_press(struct sugu_screen *screen, const char *program, const char *button);
/* Presses it until `page` is shown. A page that has just come takes no presses for half a second (a
 * double tap would go through), so the hand presses again. */
void sugu_screen_press_until(struct sugu_screen *screen,
                             const char *program,
                             const char *button,
                             const char *page,
                             int wait_s);
/* Is there something with this text on the screen? */
bool sugu_screen_shows(struct sugu_screen *screen, const char *program, const char *text);
/* The first text on the screen for which `is_it` says yes; false where there is none. */
bool sugu_screen_find(struct sugu_screen *screen,
                      const char *program,
                      bool (*is_it)(const char *text),
                      char *text,
                      size_t size);
/* Photograph of the whole display. */
void sugu_screen_save(struct sugu_screen *screen, const char *path);
/* Types digits, letters, ':', '/', '.', '-' and '\n' (Enter) on a keyboard. */
void sugu_screen_type(struct sugu_screen *screen, const char *text);
/* Presses one key by its name in X11: "F2", "Down". */
void sugu_screen_key(struct sugu_screen *screen, const char *name);
/* Types as a barcode scanner does (a keyboard wedge), with Enter at the end. */
void sugu_screen_scan(struct sugu_screen *screen, const char *code);
