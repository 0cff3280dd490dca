/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web-world - the real sugu-web between a scripted queue server and its visitors
 */
#pragma once

#include "emulators/phone-house.h"
#include "testlib/process.h"
#include "testlib/visitor.h"

struct web_world {
    char *folder;
    struct phone_house house;
    struct sugu_process web;
    uint16_t port, monitor;
    bool has_tls;
};

/* `more` are further options, ended by NULL; may be NULL. Waits until the server is reached. */
void web_world_init(struct web_world *world, size_t visit_count, const char *const *more);
/* Ends the program, which has to end well and to have logged no token. */
void web_world_done(struct web_world *world);
/* A new life of the program, after it was ended. */
void web_world_restart(struct web_world *world, const char *const *more);

/* "/t/TOKEN" and what follows it. */
const char *web_world_path(struct web_world *world, size_t visit, const char *rest, char to[128]);
/* GET of a visit's page, which has to have this status. */
void web_world_get(struct web_world *world,
                   size_t visit,
                   const char *rest,
                   int status,
                   struct sugu_visit_answer *ret_answer);
/* A value of /metrics: "listeners". */
long web_world_figure(struct web_world *world, const char *name);
/* Waits until the value is at least so large. */
void web_world_await_figure(struct web_world *world, const char *name, long value);
