/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service - the listening side inside a kiosk: what a device program offers on its ipc:// socket
 *
 * The same Up and Down messages as the queue server's, without CURVE: the socket's folder is
 * readable by the kiosk's group only. The service answers requests (now or later), and sends its
 * events to every client that sends heartbeats. Events are numbered from 1 at each start of the
 * program and not replayed: a new listener gets `on_listener` called, so that the program can say
 * its present state.
 */
#pragma once

#include "protocol/message.h"

struct sugu_service;

/* Says whom a reply goes to; copied freely, valid until the process ends. */
struct sugu_asker {
    uint8_t route[64];
    size_t route_size;
    struct sugu_id request;
};

struct sugu_service_callbacks {
    /* A checked request. Answer with sugu_service_reply, now or later, once. */
    void (*on_request)(void *user, const struct sugu_asker *asker, const Sugu__Request *request);
    /* Someone began to listen (or listens again): publish the present state. */
    void (*on_listener)(void *user);
    void *user;
};

/* `endpoint` is ipc://PATH; PATH's folder is made (0700) if missing. BROKEN where it cannot be
 * bound. */
enum sugu_status sugu_service_new(void *zmq_context,
                                  const char *endpoint,
                                  const struct sugu_service_callbacks *callbacks,
                                  const struct sugu_clock *clock,
                                  struct sugu_service **ret_service,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_service *sugu_service_free(struct sugu_service *service);

/* `reply`'s id is filled in; status, code, detail and body are the caller's. */
void sugu_service_reply(struct sugu_service *service,
                        const struct sugu_asker *asker,
                        Sugu__Reply *reply);
/* The reply of an error; with SUGU_OK an empty OK. */
void sugu_service_reply_error(struct sugu_service *service,
                              const struct sugu_asker *asker,
                              const struct sugu_error *error);
/* To everyone who listens; number and time are filled in. */
void sugu_service_publish(struct sugu_service *service, Sugu__Event *event);

/* As in client.h. */
bool sugu_service_step(struct sugu_service *service);
int sugu_service_fd(struct sugu_service *service);
int64_t sugu_service_due_us(struct sugu_service *service);
