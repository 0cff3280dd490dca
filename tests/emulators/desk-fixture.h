/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-fixture - the front desk's window with an invented morning, without any server
 */
#pragma once

#include "desk-house.h"
#include "model.h"
#include "window.h"

struct desk_fixture {
    DeskModel *model;
    GSimpleActionGroup *actions; /* of the desk; count what is activated */
    unsigned activated;
    char last[32]; /* name of the action that was activated last */
    GVariant *last_value;
    DeskWindow *window;
    bool is_painted;
};

/* Once in a process, before anything else. */
void desk_fixture_start(void);

/* `rows` people wait in all queues; a supervisor is signed in at desk 1. */
void desk_fixture_init(struct desk_fixture *fixture, int width, int height, unsigned rows);
/* Fails the test where anything of the window lives on. */
void desk_fixture_done(struct desk_fixture *fixture);

/* Waits until all is laid out and painted. */
void desk_fixture_settle(struct desk_fixture *fixture);
void desk_fixture_show(struct desk_fixture *fixture, const char *page);
/* Types a key as the window's controller hears it. */
void desk_fixture_key(struct desk_fixture *fixture, guint key);
