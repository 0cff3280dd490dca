/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-crowd - two thousand open pages: every change reaches them, and what it costs
 *
 * The figures go to standard error; bounds are wide, because the machine of a test is shared.
 */
#include "web-world.h"

#include "testlib/checks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAGES 2000

struct crowd {
    struct web_world world;
    struct sugu_listener listeners[PAGES];
    int64_t shown_us[PAGES]; /* of the words looked for; 0 = not yet */
    size_t read_to[PAGES];
    int epoll;
};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* CPU time of the program in milliseconds, and its resident memory in KiB. */
static void
weigh(struct web_world *world, long *ret_cpu_ms, long *ret_kib)
{
    char path[64], *text = NULL;
    const char *place;
    unsigned long user, kernel;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)world->web.pid);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    place = strrchr(text, ')');
    ck_assert_int_eq(
        sscanf(place, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel), 2);
    *ret_cpu_ms = (long)((user + kernel) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
    g_free(text);
    snprintf(path, sizeof path, "/proc/%d/status", (int)world->web.pid);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    *ret_kib = strtol(strstr(text, "VmRSS:") + strlen("VmRSS:"), NULL, 10);
    g_free(text);
}

/* Takes in what comes until `count` listeners have the words behind what was read before. */
static size_t
gather(struct crowd *crowd, const char *words, size_t count, int64_t wait_us)
{
    int64_t end = now_us() + wait_us;
    struct epoll_event events[256];
    size_t seen = 0;

    memset(crowd->shown_us, 0, sizeof crowd->shown_us);
    while (seen < count && now_us() < end) {
        int ready = epoll_wait(crowd->epoll, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            size_t at = events[i].data.u64;
            struct sugu_listener *listener = &crowd->listeners[at];
            ck_assert_msg(sugu_listener_read(listener), "page %zu was closed: %s", at,
                          listener->text);
            if (!crowd->shown_us[at] && strstr(listener->text + crowd->read_to[at], words)) {
                crowd->shown_us[at] = now_us();
                seen++;
            }
        }
    }
    for (size_t i = 0; i < PAGES; i++)
        crowd->read_to[i] = crowd->listeners[i].size;
    return seen;
}

static int
compare(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

/* Median, 99th percentile and last of those that were shown, since `begin`. */
static int64_t
report(struct crowd *crowd, const char *what, int64_t begin_us)
{
    int64_t spans[PAGES];
    size_t count = 0;

    for (size_t i = 0; i < PAGES; i++)
        if (crowd->shown_us[i])
            spans[count++] = crowd->shown_us[i] - begin_us;
    ck_assert_uint_gt(count, 0);
    qsort(spans, count, sizeof spans[0], compare);
    fprintf(stderr, "# %s: %zu pages, median %.1f ms, p99 %.1f ms, last %.1f ms\n", what, count,
            (double)spans[count / 2] / 1000, (double)spans[count * 99 / 100] / 1000,
            (double)spans[count - 1] / 1000);
    return spans[count - 1];
}

static void
open_pages(struct crowd *crowd)
{
    char path[128];

    crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < PAGES; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        sugu_listener_init(&crowd->listeners[i], crowd->world.port,
                           web_world_path(&crowd->world, i, "/events?lang=en", path));
        epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, crowd->listeners[i].socket, &event);
    }
    ck_assert_uint_eq(gather(crowd, "event: page\n", PAGES, 30 * SUGU_SECOND), PAGES);
}

/* The queue moves up by one: everybody's page changes. */
static void
move_up(struct crowd *crowd, uint32_t before)
{
    phone_house_lock(&crowd->world.house);
    for (size_t i = 0; i < PAGES; i++)
        crowd->world.house.visits[i].stages[0].before_you = before;
    phone_house_unlock(&crowd->world.house);
    phone_house_change(&crowd->world.house, 0, "A");
}

static void
call_one(struct crowd *crowd, size_t visit)
{
    phone_house_lock(&crowd->world.house);
    crowd->world.house.visits[visit].stages[0].state = SUGU__STAGE_STATE__STAGE_CALLED;
    phone_house_unlock(&crowd->world.house);
    phone_house_change(&crowd->world.house, visit, "");
}

START_TEST(two_thousand_pages_are_kept_right)
{
    static struct crowd crowd;
    static const char *const options[] = {"--asks-per-minute", "100000", NULL};
    long before_kib, kib, cpu_ms, more_ms;
    int64_t begin;
    char words[64];

    web_world_init(&crowd.world, PAGES, options);
    weigh(&crowd.world, &cpu_ms, &before_kib);
    begin = now_us();
    open_pages(&crowd);
    weigh(&crowd.world, &more_ms, &kib);
    fprintf(stderr, "# %d pages opened in %.1f s, %ld ms CPU, %ld KiB each\n", PAGES,
            (double)(now_us() - begin) / 1e6, more_ms - cpu_ms, (kib - before_kib) / PAGES);
    ck_assert_int_lt((kib - before_kib) / PAGES, 64);

    begin = now_us();
    weigh(&crowd.world, &cpu_ms, &kib);
    move_up(&crowd, 77);
    snprintf(words, sizeof words, "<b>%d</b> people before you", 77);
    /* One page says so already. */
    ck_assert_uint_eq(gather(&crowd, words, PAGES - 1, 20 * SUGU_SECOND), PAGES - 1);
    ck_assert_int_lt(report(&crowd, "a queue moves", begin), 10 * SUGU_SECOND);
    weigh(&crowd.world, &more_ms, &kib);
    fprintf(stderr, "# that took %ld ms CPU; %ld KiB resident\n", more_ms - cpu_ms, kib);

    /* While the whole queue moves once more, the one who is called comes first. */
    begin = now_us();
    move_up(&crowd, 66);
    call_one(&crowd, 1500);
    ck_assert_uint_eq(gather(&crowd, "You are being called", 1, 20 * SUGU_SECOND), 1);
    ck_assert_int_lt(report(&crowd, "one is called meanwhile", begin), 3 * SUGU_SECOND);

    weigh(&crowd.world, &cpu_ms, &kib);
    begin = now_us();
    gather(&crowd, "nothing", 1, 5 * SUGU_SECOND);
    weigh(&crowd.world, &more_ms, &kib);
    fprintf(stderr, "# idle for %.1f s: %ld ms CPU\n", (double)(now_us() - begin) / 1e6,
            more_ms - cpu_ms);
    for (size_t i = 0; i < PAGES; i++)
        sugu_listener_done(&crowd.listeners[i]);
    close(crowd.epoll);
    web_world_done(&crowd.world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-crowd", 110, two_thousand_pages_are_kept_right)
