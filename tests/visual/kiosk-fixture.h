/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-fixture - pages of the kiosk with the data of an invented patient, without any server
 */
#pragma once

#include "model.h"
#include "style.h"
#include "window.h"

/* One kiosk window with everything it needs. */
struct kiosk_fixture {
    struct kiosk_secret *secret;
    struct kiosk_facts facts;
    struct sugu_kiosk_flow flow;
    struct kiosk_style style;
    KioskModel *model;
    GSimpleActionGroup *actions; /* of the patient's events */
    unsigned activated[SUGU_KIOSK_EVENT_COUNT];
    KioskWindow *window;
    bool is_painted;
    bool has_more;       /* the next pages show all that they may show at once */
    const char *message; /* of the staff, on the next pages that are shown; NULL = none */
};

/* Once in a process, before anything else: GTK without animations, catalogues of the build. */
void kiosk_fixture_start(void);

void kiosk_fixture_init(struct kiosk_fixture *fixture, int width, int height);
/* Fails the test where anything of the window lives on. */
void kiosk_fixture_done(struct kiosk_fixture *fixture);

/* Goes to the page with its data and waits until it was painted. */
void kiosk_fixture_show(struct kiosk_fixture *fixture, enum sugu_kiosk_state state);
void kiosk_fixture_await_paint(struct kiosk_fixture *fixture);

/* What a page shows of the invented patient; the longest plausible texts. */
void kiosk_fixture_fill(struct kiosk_facts *facts, enum sugu_kiosk_state state);
