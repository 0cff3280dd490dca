/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-link - one message at a time off a socket, whatever its peer made of it
 */
#include "client/link.h"

#include "testlib/checks.h"

#include <zmq.h>

#include <string.h>

#define ENDPOINT "inproc://door"

struct world {
    void *context, *router;
};

static void
world_init(struct world *world)
{
    world->context = zmq_ctx_new();
    world->router = sugu_link_router(world->context, ENDPOINT, /* server_secret= */ NULL);
    ck_assert_ptr_nonnull(world->router);
}

static void
world_done(struct world *world)
{
    zmq_close(world->router);
    zmq_ctx_term(world->context);
}

/* A peer that calls itself by `size` bytes; 0 = as it should be. */
static void *
peer_new(struct world *world, size_t size)
{
    void *peer = zmq_socket(world->context, ZMQ_DEALER);
    char name[256];
    int linger = 0;

    memset(name, 'x', sizeof name);
    if (size > 0)
        ck_assert_int_eq(zmq_setsockopt(peer, ZMQ_ROUTING_ID, name, size), 0);
    zmq_setsockopt(peer, ZMQ_LINGER, &linger, sizeof linger);
    ck_assert_int_eq(zmq_connect(peer, ENDPOINT), 0);
    return peer;
}

static void
send_parts(void *peer, int count)
{
    for (int i = 1; i <= count; i++)
        ck_assert_int_eq(zmq_send(peer, "word", 4, i < count ? ZMQ_SNDMORE : 0), 4);
}

/* What is received next, in words. */
static const char *
next(struct world *world)
{
    zmq_pollitem_t item = {world->router, 0, ZMQ_POLLIN, 0};
    struct sugu_frame frame;

    ck_assert_int_eq(zmq_poll(&item, 1, 5000), 1);
    switch (sugu_link_receive(world->router, /* is_router= */ true, &frame)) {
    case SUGU_LINK_NOTHING:
        return "nothing";
    case SUGU_LINK_MALFORMED:
        return "malformed";
    case SUGU_LINK_FRAME:
        break;
    }
    ck_assert_uint_eq(frame.size, 4);
    ck_assert_mem_eq(frame.bytes, "word", 4);
    sugu_frame_done(&frame);
    return "frame";
}

START_TEST(a_malformed_message_is_one_message_and_not_passed_over)
{
    struct world world;
    struct sugu_frame frame;
    void *peer;

    world_init(&world);
    peer = peer_new(&world, 0);
    send_parts(peer, 2);
    send_parts(peer, 7);
    send_parts(peer, 1);
    send_parts(peer, 2);
    ck_assert_str_eq(next(&world), "malformed");
    ck_assert_str_eq(next(&world), "malformed");
    ck_assert_str_eq(next(&world), "frame");
    ck_assert_str_eq(next(&world), "malformed");
    ck_assert_int_eq(sugu_link_receive(world.router, /* is_router= */ true, &frame),
                     SUGU_LINK_NOTHING);
    zmq_close(peer);
    world_done(&world);
}
END_TEST

START_TEST(a_peer_with_a_name_longer_than_a_route_is_not_mixed_up_with_others)
{
    static const struct {
        size_t size;
        const char *got;
    } rows[] = {
        {1, "frame"},
        {SUGU_ROUTE_SIZE_MAX, "frame"},
        {SUGU_ROUTE_SIZE_MAX + 1, "malformed"},
        {255, "malformed"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct world world;
        void *peer;
        world_init(&world);
        peer = peer_new(&world, rows[i].size);
        send_parts(peer, 1);
        ck_assert_str_eq(next(&world), rows[i].got);
        zmq_close(peer);
        world_done(&world);
    }
}
END_TEST

SUGU_TEST_MAIN("link",
               a_malformed_message_is_one_message_and_not_passed_over,
               a_peer_with_a_name_longer_than_a_route_is_not_mixed_up_with_others)
