/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-world - the real sugu-reader over the emulated chip, with a kiosk's end of its sockets
 */
#pragma once

#include "client/client.h"
#include "emulators/card-authority.h"
#include "emulators/card-my-number.h"
#include "emulators/pn532.h"

#include "testlib/checks.h"

#include <sys/types.h>

#define DEADLINE_US (15 * SUGU_SECOND)

/* A CardChange that came. */
struct seen_card {
    struct sugu_id presence;
    Sugu__CardChangeKind change;
    Sugu__CardKind kind;
    uint8_t serial[10];
    size_t serial_size;
    uint32_t tries_left;
    char code[65];
};

/* A Reply to ReadIdentity. */
struct seen_reply {
    bool is_there;
    enum sugu_status status;
    char code[65], detail[161];
    char name[201], address[601];
    uint32_t birth_date, tries_left;
    Sugu__Sex sex;
};

struct reader_world {
    char folder[64], listen[96], pin_path[96], roots[96], link[96], log[96];
    struct pn532 *chip;
    pid_t pid;
    void *zmq;
    struct sugu_client *client;
    struct sugu_request_store *store;
    /* what was heard */
    struct seen_card card; /* the last one */
    unsigned card_count;
    Sugu__PartHealth health;
    unsigned health_count;
    struct seen_reply reply;
};

/* Made once, before Check forks. */
struct reader_fixture {
    struct card_authority *authority, *stranger;
    EVP_PKEY *key, *key_2;
    sugu_time_us now;
};
extern struct reader_fixture reader_fixture;
void reader_fixture_init(void);
void reader_fixture_done(void);

extern const struct my_number_person reader_person; /* PIN 8317 */

/* Starts the emulator, the program and a client, and waits until the reader is well. `preload` is a
 * library for LD_PRELOAD, or NULL. */
void reader_world_init(struct reader_world *world, const char *preload);
/* Ends the program with SIGTERM: it has to end with status 0. Looks through its log for what must
 * not stand there. */
void reader_world_done(struct reader_world *world);
void reader_world_start_program(struct reader_world *world, const char *preload);
void reader_world_start_client(struct reader_world *world);

/* Valid from a year ago until `until`. */
struct emulated_card *reader_world_card(const struct my_number_person *person,
                                        EVP_PKEY *key,
                                        struct card_authority *authority,
                                        sugu_time_us until);

/* Steps the client until it holds; a test failure with `what` when it does not in time. */
void reader_world_wait(struct reader_world *world,
                       bool (*holds)(struct reader_world *world),
                       const char *what);
void reader_world_wait_card(struct reader_world *world, Sugu__CardChangeKind change);
void reader_world_wait_health(struct reader_world *world, Sugu__PartHealth health);

/* Sends four digits for a presence over the PIN's socket. */
void reader_world_send_pin(struct reader_world *world,
                           const struct sugu_id *presence,
                           const char *digits);
/* Sends any packet. */
void reader_world_send_packet(struct reader_world *world, const void *bytes, size_t size);
/* Asks for the identity and waits for the reply, which stands in world->reply. */
void reader_world_read(struct reader_world *world, const struct sugu_id *presence);
/* PIN, request and reply for the card that lies there. */
void reader_world_read_with(struct reader_world *world, const char *digits);

/* The card side's process. */
pid_t reader_world_side(struct reader_world *world);
