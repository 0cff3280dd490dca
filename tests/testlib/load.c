/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load - kiosks that issue tickets without pause, and what they were told
 */
#include "testlib/load.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

static void
on_ticket(void *user, const Sugu__Reply *reply)
{
    struct sugu_load_kiosk *kiosk = user;
    struct sugu_load *load = kiosk->load;
    uint32_t number;

    kiosk->is_waiting = false;
    if (reply->status != SUGU__STATUS__OK) {
        load->others++;
        snprintf(load->other_code, sizeof load->other_code, "%s", reply->code);
        return;
    }
    number = (uint32_t)strtoul(reply->ticket->number + 2, NULL, 10);
    ck_assert_uint_lt(number, SUGU_LOAD_NUMBERS);
    ck_assert_msg(!load->seen[number], "number %u given twice", number);
    load->seen[number] = 1;
    load->highest = number > load->highest ? number : load->highest;
    load->acknowledged++;
}

static void
send_check_in(struct sugu_load_kiosk *kiosk)
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

void
sugu_load_issue(struct sugu_load *load, size_t more)
{
    size_t until = load->acknowledged + more;
    int64_t limit = now_us() + 40 * SUGU_SECOND;

    while (load->acknowledged < until) {
        ck_assert_msg(now_us() < limit, "no tickets any more; last code %s", load->other_code);
        for (int i = 0; i < load->count; i++) {
            if (!load->kiosks[i].is_waiting)
                send_check_in(&load->kiosks[i]);
            sugu_test_client_run(&load->kiosks[i].client, SUGU_MS);
        }
    }
}

static void
drain(struct sugu_load *load)
{
    int64_t limit = now_us() + 40 * SUGU_SECOND;
    bool is_busy = true;

    while (is_busy) {
        ck_assert(now_us() < limit);
        is_busy = false;
        for (int i = 0; i < load->count; i++) {
            is_busy = is_busy || load->kiosks[i].is_waiting;
            sugu_test_client_run(&load->kiosks[i].client, 5 * SUGU_MS);
        }
    }
}

void
sugu_load_add(struct sugu_load *load, struct sugu_hospital *hospital, const char *name)
{
    struct sugu_load_kiosk *kiosk = &load->kiosks[load->count++];

    ck_assert_int_le(load->count, SUGU_LOAD_KIOSKS_MAX);
    kiosk->load = load;
    sugu_test_client_init(&kiosk->client, hospital, name, "kiosk", name);
}

void
sugu_load_fill(struct sugu_load *load)
{
    for (int i = 0; i < load->count; i++)
        if (!load->kiosks[i].is_waiting)
            send_check_in(&load->kiosks[i]);
}

void
sugu_load_finish(struct sugu_load *load)
{
    drain(load);
    ck_assert_msg(load->others == 0, "%zu other answers, last %s", load->others, load->other_code);
    ck_assert_uint_eq(load->acknowledged, load->highest);
    for (int i = 0; i < load->count; i++)
        sugu_test_client_done(&load->kiosks[i].client);
}
