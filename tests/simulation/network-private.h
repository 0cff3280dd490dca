/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network-private - sockets and connections of the simulated libzmq
 */
#pragma once

#include "simulation/network.h"

#define ROUTE_SIZE 5

struct message {
    struct message *next;
    uint8_t route[ROUTE_SIZE]; /* of a ROUTER: where it came from */
    char user[80];
    size_t size;
    uint8_t bytes[];
};

/* Between a DEALER and the ROUTER that it found. */
struct connection {
    struct socket *dealer, *router; /* NULL when that side is gone */
    uint8_t route[ROUTE_SIZE];
    char user[80];
    bool is_open;
    unsigned in_flight;      /* frames that point here */
    int64_t arrivals[2];     /* the last planned one, up and down: lines keep their order */
    struct connection *next; /* of the router */
};

struct socket {
    struct context *context;
    struct socket *next;
    uint64_t number; /* never used again: what is planned for a socket finds it by this */
    int type;
    char endpoint[128];
    bool is_bound, has_curve, asks_zap;
    uint8_t public_key[32];
    struct connection *connection; /* of a DEALER */
    struct connection *accepted;   /* of a ROUTER */
    int64_t retry_us;
    struct message *first, *last; /* received */
    size_t part;                  /* of the first message that is given out next */
    /* sending in parts */
    uint8_t route[ROUTE_SIZE];
    bool has_route;
    /* REP for ZAP: who is asked about, and how far the answer is */
    struct zap *asked, *asked_last;
    unsigned answer_part;
    char answer_status[4], answer_user[80];
    /* PAIR that watches a DEALER */
    struct socket *watched;
    int watched_event;
};

struct zap {
    struct zap *next;
    uint64_t dealer;
    uint8_t key[32];
};

struct context {
    struct sim_program *program;
    struct socket *sockets;
    struct context *next;
};

struct socket *network_find(uint64_t number);
struct socket *network_find_bound(const char *endpoint);
void network_wake(const struct socket *socket);
/* Plans the next try of a DEALER to connect. */
void network_plan_connect(struct socket *dealer, int64_t wait_us);
void network_break(struct connection *connection);
/* The gate has said yes or no about a DEALER that wants in. */
void network_judge(uint64_t dealer, const char *status, const char *user);
/* Sends a frame over the line, with what the line does to it. */
void network_transmit(struct connection *connection, bool is_up, const void *bytes, size_t size);
void network_close(struct socket *socket);
