/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-waiting - first come, first served, and a place for everybody
 */
#include "waiting.h"

#include "testlib/checks.h"

#include <stdlib.h>

static struct sugu_peer
peer_of(int32_t facility, int32_t client)
{
    return (struct sugu_peer){.facility = facility, .client = client};
}

static struct sugu_work *
push(struct sugu_waiting *waiting, struct sugu_peer peer)
{
    struct sugu_work *work = calloc(1, sizeof *work);

    ck_assert_ptr_nonnull(work);
    work->peer = peer;
    sugu_waiting_push(waiting, work);
    return work;
}

static struct sugu_waiting *
waiting_new(void)
{
    struct sugu_waiting *waiting = malloc(sizeof *waiting);

    ck_assert_ptr_nonnull(waiting);
    sugu_waiting_init(waiting);
    return waiting;
}

START_TEST(one_client_takes_no_place_of_another)
{
    struct sugu_waiting *waiting = waiting_new();
    struct sugu_peer wild = peer_of(1, 7), other = peer_of(1, 8), elsewhere = peer_of(2, 7);

    for (int i = 0; i < SUGU_WAITING_CLIENT_MAX; i++) {
        ck_assert(sugu_waiting_has_room(waiting, &wild));
        push(waiting, wild);
    }
    ck_assert(!sugu_waiting_has_room(waiting, &wild));
    ck_assert(sugu_waiting_has_room(waiting, &other));
    ck_assert(sugu_waiting_has_room(waiting, &elsewhere));
    sugu_work_free(sugu_waiting_take(waiting, &waiting->first));
    ck_assert(sugu_waiting_has_room(waiting, &wild));
    sugu_waiting_done(waiting);
    ck_assert_uint_eq(waiting->count, 0);
    for (size_t i = 0; i < SUGU_WAITING_BUCKETS; i++)
        ck_assert_uint_eq(waiting->of_client[i], 0);
    free(waiting);
}
END_TEST

START_TEST(the_line_has_an_end)
{
    struct sugu_waiting *waiting = waiting_new();
    struct sugu_peer last = peer_of(9, 1);

    for (int32_t i = 0; i < SUGU_WAITING_MAX; i++) {
        ck_assert(sugu_waiting_has_room(waiting, &last));
        push(waiting, peer_of(1, i));
    }
    ck_assert(!sugu_waiting_has_room(waiting, &last));
    sugu_waiting_done(waiting);
    free(waiting);
}
END_TEST

START_TEST(who_is_taken_out_of_the_middle_or_the_end_leaves_the_others_in_order)
{
    struct sugu_waiting *waiting = waiting_new();
    struct sugu_work **place = &waiting->first;
    int32_t left[] = {0, 2, 5}, at = 0;

    for (int32_t i = 0; i < 5; i++)
        push(waiting, peer_of(1, i));
    while (*place) {
        int32_t client = (*place)->peer.client;
        if (client == 1 || client == 3 || client == 4)
            sugu_work_free(sugu_waiting_take(waiting, place));
        else
            place = &(*place)->next;
    }
    push(waiting, peer_of(1, 5));
    for (struct sugu_work *work = waiting->first; work; work = work->next)
        ck_assert_int_eq(work->peer.client, left[at++]);
    ck_assert_int_eq(at, 3);
    sugu_waiting_done(waiting);
    free(waiting);
}
END_TEST

SUGU_TEST_MAIN("waiting",
               one_client_takes_no_place_of_another,
               the_line_has_an_end,
               who_is_taken_out_of_the_middle_or_the_end_leaves_the_others_in_order)
