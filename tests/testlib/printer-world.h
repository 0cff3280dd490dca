/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer-world - a kiosk's corner with its printer: sugu-printer, the device, a listener, a server
 *
 * The program and the device (ipp-printer.h) are real processes; the kiosk's side is a real client
 * on the ipc:// socket; the queue server is a sugu_service that notes how papers ended. Everything
 * lives in one folder, which stays when a test fails.
 */
#pragma once

#include "client/client.h"
#include "client/service.h"
#include "testlib/ipp-printer.h"
#include "testlib/sample-orders.h"

#define WORLD_NEWS_MAX    512
#define WORLD_DEADLINE_US (40 * SUGU_SECOND)

struct world_news {
    struct sugu_id paper;
    Sugu__PaperState state;
    char code[64];
};

struct printer_world {
    char folder[64], endpoint[128], server[128], spool[128], log[128];
    char where[160]; /* setting "printer": the device's address unless the test changes it */
    struct ipp_printer device;
    pid_t program;
    void *zmq;
    struct sugu_client *client;
    struct sugu_request_store *store;
    struct sugu_service *service;
    /* what the kiosk heard */
    struct world_news news[WORLD_NEWS_MAX];
    size_t news_count;
    char part_code[64];
    Sugu__PartHealth part_health;
    bool has_part;
    int64_t deadline_us; /* of what is ordered, from now; 0 = none */
    /* what the server was told: how papers ended, and those that waited for somebody */
    struct world_news reports[WORLD_NEWS_MAX], waits[WORLD_NEWS_MAX];
    size_t report_count, wait_count;
    size_t report_repeats;
};

/* Fails the test where something cannot be started. The program is not started yet. */
struct printer_world *world_new(const char *formats);
/* Ends everything; removes the folder. */
struct printer_world *world_free(struct printer_world *world);

void world_start_program(struct printer_world *world);
/* SIGKILL or SIGTERM, and waits for its end; the exit status, or -signal. */
int world_end_program(struct printer_world *world, int signal);

/* Lets everyone talk until `is_so` or the deadline; fails the test at the deadline. */
void world_await(struct printer_world *world,
                 bool (*is_so)(const struct printer_world *world, const void *what),
                 const void *what,
                 const char *name);

/* Sends the order and returns its reply's status; `code` has room for 64. */
Sugu__Status world_order(struct printer_world *world, const Sugu__PrintPaper *order, char code[64]);

/* Waits for news of this paper in this state and with this code (NULL = any). */
void world_await_paper(struct printer_world *world,
                       const struct sugu_id *paper,
                       Sugu__PaperState state,
                       const char *code);
/* Waits until the printer's part has this code ("" = well). */
void world_await_part(struct printer_world *world, const char *code);
/* Waits for the report at the server. */
void world_await_report(struct printer_world *world,
                        const struct sugu_id *paper,
                        Sugu__PaperState state);
/* Waits until the server knows that the paper waits, and why. */
void world_await_wait(struct printer_world *world, const struct sugu_id *paper, const char *code);
/* Was the paper ever said to be in this state? */
bool
world_heard(const struct printer_world *world, const struct sugu_id *paper, Sugu__PaperState state);
/* Files in the spool folder that end so. */
unsigned world_spooled(const struct printer_world *world, const char *ending);
