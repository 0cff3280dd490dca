/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service - the listening side inside a kiosk: what a device program offers on its ipc:// socket
 */
#include "client/service.h"

#include "base/files.h"
#include "client/link.h"

#include <zmq.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LISTENERS_MAX   32
#define LISTENER_US     (10 * SUGU_SECOND) /* silent for this long: gone */
#define FRAMES_PER_STEP 64

struct listener {
    uint8_t route[SUGU_ROUTE_SIZE_MAX];
    size_t route_size; /* 0 = free place */
    uint64_t last_event;
    int64_t heard_at;
};

struct sugu_service {
    void *socket;
    struct sugu_service_callbacks callbacks;
    const struct sugu_clock *clock;
    struct listener listeners[LISTENERS_MAX];
    uint64_t event_count;
};

/* The folder of an ipc path is made if missing; the socket's rights come from the umask. */
static enum sugu_status
prepare_folder(const char *endpoint, struct sugu_error *reterr)
{
    char folder[512];
    char *slash;

    if (strncmp(endpoint, "ipc://", 6) != 0 || strlen(endpoint) >= sizeof folder)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid",
                         "listen: \"%s\" is not ipc://PATH", endpoint);
    snprintf(folder, sizeof folder, "%s", endpoint + 6);
    slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return SUGU_OK;
    *slash = '\0';
    return sugu_folder_make(folder, reterr);
}

enum sugu_status
sugu_service_new(void *zmq_context,
                 const char *endpoint,
                 const struct sugu_service_callbacks *callbacks,
                 const struct sugu_clock *clock,
                 struct sugu_service **ret_service,
                 struct sugu_error *reterr)
{
    struct sugu_service *service;
    void *socket;

    if (prepare_folder(endpoint, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    socket = sugu_link_router(zmq_context, endpoint, /* server_secret= */ NULL);
    if (!socket)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "cannot listen on %s: %s",
                         endpoint, zmq_strerror(errno));
    chmod(endpoint + 6, 0660); /* the folder says which group; the umask would shut it out */
    service = calloc(1, sizeof *service);
    if (!service)
        abort();
    service->socket = socket;
    service->callbacks = *callbacks;
    service->clock = clock;
    *ret_service = service;
    return SUGU_OK;
}

struct sugu_service *
sugu_service_free(struct sugu_service *service)
{
    if (service) {
        zmq_close(service->socket);
        free(service);
    }
    return NULL;
}

static int
send_down(struct sugu_service *service, const uint8_t *route, size_t route_size, Sugu__Down *down)
{
    size_t size;
    uint8_t *bytes;
    int error;

    down->version = SUGU_PROTOCOL_VERSION;
    bytes = sugu_down_encode(down, &size);
    error = sugu_link_send(service->socket, route, route_size, bytes, size);
    explicit_bzero(bytes, size);
    free(bytes);
    return error;
}

void
sugu_service_reply(struct sugu_service *service, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    Sugu__Down down = SUGU__DOWN__INIT;

    reply->id = sugu_id_field(&asker->request);
    down.frame_case = SUGU__DOWN__FRAME_REPLY;
    down.reply = reply;
    send_down(service, asker->route, asker->route_size, &down);
    reply->id = (ProtobufCBinaryData){0, NULL};
}

void
sugu_service_reply_error(struct sugu_service *service,
                         const struct sugu_asker *asker,
                         const struct sugu_error *error)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    reply.status = (Sugu__Status)error->status;
    if (error->status != SUGU_OK) {
        reply.code = (char *)error->code;
        reply.detail = (char *)error->detail;
    }
    sugu_service_reply(service, asker, &reply);
}

void
sugu_service_publish(struct sugu_service *service, Sugu__Event *event)
{
    Sugu__Down down = SUGU__DOWN__INIT;

    event->number = ++service->event_count;
    event->utc_us = service->clock->utc_us(service->clock);
    down.frame_case = SUGU__DOWN__FRAME_EVENT;
    down.event = event;
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        struct listener *listener = &service->listeners[i];
        if (listener->route_size == 0)
            continue;
        event->previous = listener->last_event;
        if (send_down(service, listener->route, listener->route_size, &down) == 0)
            listener->last_event = event->number;
        else
            listener->route_size = 0; /* it will come again and be told the present state */
    }
}

static struct listener *
find_listener(struct sugu_service *service, const struct sugu_frame *frame)
{
    for (size_t i = 0; i < LISTENERS_MAX; i++)
        if (service->listeners[i].route_size == frame->route_size &&
            memcmp(service->listeners[i].route, frame->route, frame->route_size) == 0)
            return &service->listeners[i];
    return NULL;
}

static struct listener *
add_listener(struct sugu_service *service, const struct sugu_frame *frame)
{
    struct listener *oldest = &service->listeners[0];

    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        struct listener *listener = &service->listeners[i];
        if (listener->route_size == 0) {
            oldest = listener;
            break;
        }
        if (listener->heard_at < oldest->heard_at)
            oldest = listener;
    }
    *oldest =
        (struct listener){.route_size = frame->route_size, .last_event = service->event_count};
    memcpy(oldest->route, frame->route, frame->route_size);
    return oldest;
}

static void
take_heartbeat(struct sugu_service *service,
               const struct sugu_frame *frame,
               const Sugu__Heartbeat *heartbeat)
{
    struct listener *listener = find_listener(service, frame);
    Sugu__Pulse pulse = SUGU__PULSE__INIT;
    Sugu__Down down = SUGU__DOWN__INIT;

    pulse.is_reset = !listener || heartbeat->is_repair || heartbeat->is_new;
    if (!listener)
        listener = add_listener(service, frame);
    if (pulse.is_reset)
        listener->last_event = service->event_count;
    listener->heard_at = service->clock->monotonic_us(service->clock);
    pulse.last_event = listener->last_event;
    pulse.utc_us = service->clock->utc_us(service->clock);
    down.frame_case = SUGU__DOWN__FRAME_PULSE;
    down.pulse = &pulse;
    send_down(service, frame->route, frame->route_size, &down);
    if (pulse.is_reset && service->callbacks.on_listener)
        service->callbacks.on_listener(service->callbacks.user);
}

static void
take_frame(struct sugu_service *service, const struct sugu_frame *frame)
{
    struct sugu_asker asker = {.route_size = frame->route_size};
    struct sugu_error error;
    Sugu__Up *up;

    memcpy(asker.route, frame->route, frame->route_size);
    if (sugu_up_decode(frame->bytes, frame->size, &up, &asker.request, &error) != SUGU_OK) {
        if (!sugu_id_is_none(&asker.request))
            sugu_service_reply_error(service, &asker, &error);
        return;
    }
    if (up->frame_case == SUGU__UP__FRAME_HEARTBEAT)
        take_heartbeat(service, frame, up->heartbeat);
    else
        service->callbacks.on_request(service->callbacks.user, &asker, up->request);
    sugu__up__free_unpacked(up, NULL);
}

bool
sugu_service_step(struct sugu_service *service)
{
    int64_t now = service->clock->monotonic_us(service->clock);
    int count = 0;

    for (; count < FRAMES_PER_STEP; count++) {
        struct sugu_frame frame;
        enum sugu_link_got got = sugu_link_receive(service->socket, /* is_router= */ true, &frame);
        if (got == SUGU_LINK_NOTHING)
            break;
        if (got == SUGU_LINK_MALFORMED)
            continue;
        take_frame(service, &frame);
        sugu_frame_done(&frame);
    }
    for (size_t i = 0; i < LISTENERS_MAX; i++)
        if (service->listeners[i].route_size > 0 &&
            now - service->listeners[i].heard_at > LISTENER_US)
            service->listeners[i].route_size = 0;
    return count == FRAMES_PER_STEP;
}

int
sugu_service_fd(struct sugu_service *service)
{
    return sugu_link_fd(service->socket);
}

int64_t
sugu_service_due_us(struct sugu_service *service)
{
    return sugu_link_is_readable(service->socket) ? 0 : LISTENER_US;
}
