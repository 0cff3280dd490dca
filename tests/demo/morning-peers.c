/* SPDX-License-Identifier: Apache-2.0 */
/*
 * morning-peers - the simulated patients' connections: kiosk, rooms, the kiosk's payment program
 */
#include "demo/morning.h"

#include "client/keys.h"

#include <zmq.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_US   (15 * SUGU_SECOND)
#define RETRIES_MAX 20
#define PAUSE_US    (100 * SUGU_MS)

static void
die(const char *what, const struct sugu_error *error)
{
    fprintf(stderr, "sugu-morning: %s: %s [%s]\n", what, error->detail, error->code);
    exit(EXIT_FAILURE);
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct morning *morning = user;

    if (event->body_case == SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED)
        morning->answered = sugu_id_of(&event->eligibility_answered->eligibility);
    else if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED &&
             event->payment_changed->is_final) {
        morning->settled = sugu_id_of(&event->payment_changed->bill);
        morning->settled_state = (int)event->payment_changed->state;
    }
}

static void
open_peer(struct morning *morning,
          struct morning_peer *peer,
          const struct sugu_client_settings *settings)
{
    const struct sugu_client_callbacks callbacks = {.on_event = on_event, .user = morning};
    struct sugu_error error;

    peer->store = sugu_store_memory();
    if (sugu_client_new(settings, &callbacks,
                        &(struct sugu_client_means){morning->zmq, morning->clock,
                                                    sugu_random_system(), peer->store},
                        &peer->client, &error) != SUGU_OK)
        die(settings->endpoint, &error);
}

static void
open_server(struct morning *morning, struct morning_peer *peer, const char *name, bool listens)
{
    struct sugu_connection_settings connection = {.facility = 1};
    struct sugu_client_settings settings;
    struct sugu_error error;

    snprintf(connection.server, sizeof connection.server, "%s", morning->settings.endpoint);
    snprintf(connection.server_key, sizeof connection.server_key, "%s/server.key.pub",
             morning->settings.folder);
    snprintf(connection.key, sizeof connection.key, "%s/%s.key", morning->settings.folder, name);
    if (sugu_connection_prepare(&connection, &settings, &error) != SUGU_OK)
        die(name, &error);
    settings.listens = listens;
    settings.resend_us = SUGU_SECOND;
    open_peer(morning, peer, &settings);
}

/* What the front desk sees of this kiosk: it works, and its paper runs out soon. */
static void
say_health(struct morning *morning)
{
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;
    Sugu__PartState reader = SUGU__PART_STATE__INIT, printer = SUGU__PART_STATE__INIT;
    Sugu__PartState *parts[] = {&reader, &printer};

    reader.part = SUGU__PART__PART_READER;
    printer.part = SUGU__PART__PART_PRINTER;
    printer.health = SUGU__PART_HEALTH__PART_LOW;
    printer.code = (char *)"printer.paper-low";
    heartbeat.page = (char *)"welcome";
    heartbeat.n_parts = 2;
    heartbeat.parts = parts;
    sugu_client_set_heartbeat(morning->kiosk.client, &heartbeat);
}

void
morning_connect(struct morning *morning)
{
    char payment[300];

    morning->zmq = zmq_ctx_new();
    open_server(morning, &morning->kiosk, "kiosk-2", /* listens= */ true);
    open_server(morning, &morning->rooms, "rooms", /* listens= */ false);
    snprintf(payment, sizeof payment, "ipc://%s/ipc/payment-2", morning->settings.folder);
    open_peer(morning, &morning->payment,
              &(struct sugu_client_settings){.endpoint = payment, .listens = true});
    say_health(morning);
}

static void
close_peer(struct morning_peer *peer)
{
    peer->client = sugu_client_free(peer->client);
    peer->store->free(peer->store);
}

void
morning_disconnect(struct morning *morning)
{
    close_peer(&morning->kiosk);
    close_peer(&morning->rooms);
    close_peer(&morning->payment);
    zmq_ctx_term(morning->zmq);
}

/* Waits first: what a step took in is looked at by the caller before the next wait. */
void
morning_pump(struct morning *morning, int64_t wait_us, int file)
{
    struct morning_peer *peers[] = {&morning->kiosk, &morning->rooms, &morning->payment};
    struct pollfd files[4];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(peers); i++) {
        int64_t due_us = sugu_client_due_us(peers[i]->client);
        wait_us = due_us < wait_us ? due_us : wait_us;
        files[i] = (struct pollfd){.fd = sugu_client_fd(peers[i]->client), .events = POLLIN};
    }
    files[3] = (struct pollfd){.fd = file, .events = POLLIN};
    poll(files, SUGU_ARRAY_SIZE(files), wait_us > 0 ? (int)(wait_us / SUGU_MS) + 1 : 0);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(peers); i++)
        while (sugu_client_step(peers[i]->client))
            continue;
}

bool
morning_wait(struct morning *morning, const bool *is_done, int64_t wait_us)
{
    int64_t until_us = morning->clock->monotonic_us(morning->clock) + wait_us, left_us = wait_us;

    while (!*is_done && left_us > 0) {
        morning_pump(morning, left_us, -1);
        left_us = until_us - morning->clock->monotonic_us(morning->clock);
    }
    return *is_done;
}

struct answer {
    bool is_there;
    Sugu__Reply *reply;
};

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct answer *answer = user;

    answer->is_there = true;
    answer->reply = (Sugu__Reply *)sugu_message_copy(&reply->base);
}

static Sugu__Reply *
ask_once(struct morning *morning,
         struct morning_peer *peer,
         Sugu__Request__BodyCase body_case,
         void *body)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct answer answer = {.is_there = false};
    struct sugu_error error;

    request.body_case = body_case;
    request.check_in = body; /* every member of the union is a pointer */
    if (sugu_client_request(
            peer->client, &request,
            &(struct sugu_ask){.wait_us = ANSWER_US, .on_reply = on_reply, .user = &answer},
            &error) != SUGU_OK)
        die("a request", &error);
    morning_wait(morning, &answer.is_there, 2 * ANSWER_US);
    return answer.reply;
}

Sugu__Reply *
morning_ask(struct morning *morning,
            struct morning_peer *peer,
            Sugu__Request__BodyCase body_case,
            void *body)
{
    bool never = false;
    Sugu__Reply *reply = NULL;

    for (int i = 0; i < RETRIES_MAX; i++) {
        if (reply)
            sugu__reply__free_unpacked(reply, NULL);
        reply = ask_once(morning, peer, body_case, body);
        if (!reply || reply->status != SUGU__STATUS__RETRY)
            break;
        morning_wait(morning, &never, PAUSE_US);
    }
    return reply;
}

void
morning_trouble(struct morning *morning, const char *what, const char *code)
{
    morning->counts.troubles++;
    printf("trouble %s %s\n", what, code);
}

bool
morning_do(struct morning *morning,
           struct morning_peer *peer,
           Sugu__Request__BodyCase body_case,
           void *body)
{
    Sugu__Reply *reply = morning_ask(morning, peer, body_case, body);
    bool is_ok = reply && reply->status == SUGU__STATUS__OK;
    char what[32];

    snprintf(what, sizeof what, "request %d", (int)body_case);
    if (!is_ok)
        morning_trouble(morning, what, reply ? reply->code : "no answer");
    if (reply)
        sugu__reply__free_unpacked(reply, NULL);
    return is_ok;
}
