/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web-world - the real sugu-web between a scripted queue server and its visitors
 */
#include "web-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OPTIONS_MAX 40

static void
start(struct web_world *world, const char *const *more)
{
    char log[200], state[200], line[300];
    const char *argv[OPTIONS_MAX] = {
        SUGU_WEB,     "--server",        world->house.endpoint, "--state-folder", state,
        "--listen",   "127.0.0.1:0",     "--monitor",           "127.0.0.1:0",    "--locales",
        SUGU_LOCALES, "--trusted-proxy", "127.0.0.1",
    };
    size_t count = 13;
    const char *place;
    long offset = 0;

    for (; more && *more; more++) {
        ck_assert_uint_lt(count, OPTIONS_MAX - 1);
        argv[count++] = *more;
    }
    snprintf(log, sizeof log, "%s/web.log", world->folder);
    snprintf(state, sizeof state, "%s/state", world->folder);
    sugu_process_spawn(&world->web, log, argv, NULL);
    sugu_process_expect(&world->web, "web.started", &offset, line, sizeof line, 10);
    place = strstr(line, "port=");
    world->port = (uint16_t)strtol(place + strlen("port="), NULL, 10);
    place = strstr(line, "monitor=");
    world->monitor = (uint16_t)strtol(place + strlen("monitor="), NULL, 10);
    sugu_process_expect(&world->web, "server.reached", &offset, NULL, 0, 10);
}

void
web_world_init(struct web_world *world, size_t visit_count, const char *const *more)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    *world = (struct web_world){.folder = sugu_test_folder_new()};
    phone_house_init(&world->house, world->folder, visit_count);
    start(world, more);
}

static void
no_token_was_logged(struct web_world *world)
{
    char *log = NULL, hex[33];

    ck_assert(g_file_get_contents(world->web.log, &log, NULL, NULL));
    for (size_t i = 0; i < world->house.visit_count; i++)
        ck_assert_msg(!strstr(log, phone_house_token(&world->house, i, hex)),
                      "the log holds a token: %s", log);
    g_free(log);
}

void
web_world_done(struct web_world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->web, SIGTERM), 0);
    no_token_was_logged(world);
    phone_house_done(&world->house);
    world->folder = sugu_test_folder_free(world->folder);
}

void
web_world_restart(struct web_world *world, const char *const *more)
{
    remove(world->web.log);
    start(world, more);
}

const char *
web_world_path(struct web_world *world, size_t visit, const char *rest, char to[128])
{
    char hex[33];

    snprintf(to, 128, "/t/%s%s", phone_house_token(&world->house, visit, hex), rest);
    return to;
}

void
web_world_get(struct web_world *world,
              size_t visit,
              const char *rest,
              int status,
              struct sugu_visit_answer *ret_answer)
{
    char path[128];

    sugu_visitor_get(world->port, web_world_path(world, visit, rest, path), "", ret_answer);
    ck_assert_msg(ret_answer->status == status, "%d instead of %d: %s", ret_answer->status, status,
                  ret_answer->body);
}

long
web_world_figure(struct web_world *world, const char *name)
{
    struct sugu_visit_answer answer;
    char line[100];
    const char *place;
    long value;

    sugu_visitor_get(world->monitor, "/metrics", "", &answer);
    ck_assert_int_eq(answer.status, 200);
    snprintf(line, sizeof line, "\nsugu_web_%s ", name);
    place = strstr(answer.body, line);
    ck_assert_msg(place != NULL, "no figure %s in %s", name, answer.body);
    value = strtol(place + strlen(line), NULL, 10);
    sugu_visit_answer_done(&answer);
    return value;
}

struct figure {
    struct web_world *world;
    const char *name;
    long value;
};

static bool
is_reached(void *user)
{
    struct figure *figure = user;

    return web_world_figure(figure->world, figure->name) >= figure->value;
}

void
web_world_await_figure(struct web_world *world, const char *name, long value)
{
    struct figure figure = {world, name, value};

    ck_assert_msg(sugu_wait_until(is_reached, &figure, 20), "%s is %ld, not %ld", name,
                  web_world_figure(world, name), value);
}
