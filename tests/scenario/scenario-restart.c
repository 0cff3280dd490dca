/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-restart - the server killed and the database restarted under load: nothing lost, nothing
 * doubled
 *
 * Kiosks issue tickets without pause. Every answer is written down outside the system; at the end
 * the numbers are compared with it: each acknowledged one once, 1 … n without a hole.
 */
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIOSKS  6
#define NUMBERS 20000

struct kiosk {
    struct sugu_test_client client;
    struct load *load;
    bool is_waiting;
};

struct load {
    struct sugu_hospital hospital;
    struct kiosk kiosks[KIOSKS];
    uint8_t seen[NUMBERS];
    uint32_t highest;
    size_t acknowledged, others;
    char other_code[65];
    int64_t last_answer_at, longest_silence_us;
};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

static void
on_ticket(void *user, const Sugu__Reply *reply)
{
    struct kiosk *kiosk = user;
    struct load *load = kiosk->load;
    uint32_t number;

    kiosk->is_waiting = false;
    if (reply->status != SUGU__STATUS__OK) {
        load->others++;
        snprintf(load->other_code, sizeof load->other_code, "%s", reply->code);
        return;
    }
    number = (uint32_t)strtoul(reply->ticket->number + 2, NULL, 10);
    ck_assert_uint_lt(number, NUMBERS);
    ck_assert_msg(!load->seen[number], "number %u given twice", number);
    load->seen[number] = 1;
    load->highest = number > load->highest ? number : load->highest;
    load->acknowledged++;
    if (load->last_answer_at && now_us() - load->last_answer_at > load->longest_silence_us)
        load->longest_silence_us = now_us() - load->last_answer_at;
    load->last_answer_at = now_us();
}

static void
send_check_in(struct kiosk *kiosk)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id visit = sugu_test_id();
    struct sugu_error error;

    body.visit = sugu_id_field(&visit);
    body.department = (char *)"internal";
    request.body_case = SUGU__REQUEST__BODY_CHECK_IN;
    request.check_in = &body;
    kiosk->is_waiting = true;
    sugu_assert_ok(sugu_client_request(kiosk->client.client, &request,
                                       &(struct sugu_ask){.on_reply = on_ticket, .user = kiosk},
                                       &error),
                   error);
}

/* Lets the kiosks work until `more` further tickets were acknowledged. */
static void
issue(struct load *load, size_t more)
{
    size_t until = load->acknowledged + more;
    int64_t limit = now_us() + 40 * SUGU_SECOND;

    while (load->acknowledged < until) {
        ck_assert_msg(now_us() < limit, "no tickets any more; last code %s", load->other_code);
        for (int i = 0; i < KIOSKS; i++) {
            if (!load->kiosks[i].is_waiting)
                send_check_in(&load->kiosks[i]);
            sugu_test_client_run(&load->kiosks[i].client, SUGU_MS);
        }
    }
}

static void
drain(struct load *load)
{
    int64_t limit = now_us() + 40 * SUGU_SECOND;
    bool is_busy = true;

    while (is_busy) {
        ck_assert(now_us() < limit);
        is_busy = false;
        for (int i = 0; i < KIOSKS; i++) {
            is_busy = is_busy || load->kiosks[i].is_waiting;
            sugu_test_client_run(&load->kiosks[i].client, 5 * SUGU_MS);
        }
    }
}

static void
load_init(struct load *load)
{
    memset(load, 0, sizeof *load);
    sugu_hospital_init(&load->hospital, NULL);
    for (int i = 0; i < KIOSKS; i++) {
        char name[16];
        snprintf(name, sizeof name, "kiosk-%d", i);
        load->kiosks[i].load = load;
        sugu_test_client_init(&load->kiosks[i].client, &load->hospital, name, "kiosk", name);
    }
}

static void
load_done(struct load *load)
{
    drain(load);
    ck_assert_msg(load->others == 0, "%zu other answers, last %s", load->others, load->other_code);
    ck_assert_uint_eq(load->acknowledged, load->highest); /* 1 … n, each once */
    for (int i = 0; i < KIOSKS; i++)
        sugu_test_client_done(&load->kiosks[i].client);
    sugu_hospital_done(&load->hospital, /* keep= */ false);
}

START_TEST(a_killed_server_loses_and_doubles_nothing)
{
    static struct load load;

    load_init(&load);
    for (int round = 0; round < 4; round++) {
        issue(&load, 60);
        sugu_hospital_kill_server(&load.hospital);
        sugu_hospital_start_server(&load.hospital, NULL);
    }
    issue(&load, 60);
    load_done(&load);
}
END_TEST

START_TEST(a_restarted_database_loses_and_doubles_nothing)
{
    static struct load load;
    static const char *const modes[] = {"immediate", "fast", "immediate"};

    load_init(&load);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(modes); i++) {
        issue(&load, 60);
        for (int j = 0; j < KIOSKS; j++) /* requests are under way while it goes down */
            if (!load.kiosks[j].is_waiting)
                send_check_in(&load.kiosks[j]);
        sugu_hospital_restart_database(&load.hospital, modes[i]);
    }
    issue(&load, 60);
    load_done(&load);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("restart",
                       150,
                       a_killed_server_loses_and_doubles_nothing,
                       a_restarted_database_loses_and_doubles_nothing)
