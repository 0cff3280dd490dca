/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work - one request on its way through the server: who sent it, its handler, its reply
 */
#include "work.h"

#include <openssl/sha.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint32_t
sugu_role_find(const char *name)
{
#define SUGU_ROLE(role, text)                                                                      \
    if (strcmp(name, text) == 0)                                                                   \
        return SUGU_ROLE_##role;
    SUGU_ROLES(SUGU_ROLE)
#undef SUGU_ROLE
    return 0;
}

/*
 * Of the body alone: the same request under the same id hashes the same, whatever its deadline and
 * whoever has signed in since. The encoding is canonical enough for that, as the message was
 * decoded and is encoded by one library.
 */
static void
hash_body(const Sugu__Request *request, uint8_t hash[32])
{
    Sugu__Request bare = *request;
    uint8_t *bytes;
    size_t size;

    bare.id = (ProtobufCBinaryData){0, NULL};
    bare.deadline_utc_us = 0;
    bare.sign_in = (ProtobufCBinaryData){0, NULL};
    size = sugu__request__get_packed_size(&bare);
    bytes = malloc(size ? size : 1);
    if (!bytes)
        abort();
    sugu__request__pack(&bare, bytes);
    SHA256(bytes, size, hash);
    free(bytes);
}

static void
drop_state(struct sugu_work *work)
{
    if (work->state && work->handler->state->done)
        work->handler->state->done(work->state);
    free(work->state);
    work->state = NULL;
}

struct sugu_work *
sugu_work_new(const struct sugu_peer *peer, const uint8_t *route, size_t route_size, Sugu__Up **up)
{
    struct sugu_work *work = calloc(1, sizeof *work);

    if (!work)
        abort();
    work->peer = *peer;
    memcpy(work->route, route, route_size);
    work->route_size = route_size;
    work->up = *up;
    *up = NULL;
    work->request = work->up->request;
    work->staff_role = -1;
    work->id = sugu_id_of(&work->request->id);
    work->handler = sugu_handler_find(work->request->body_case);
    hash_body(work->request, work->body_hash);
    sugu_work_reset(work);
    return work;
}

struct sugu_work *
sugu_work_of_heartbeat(const struct sugu_peer *peer,
                       const Sugu__Heartbeat *heartbeat,
                       struct sugu_id id)
{
    Sugu__Up up = SUGU__UP__INIT, *copy;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReportState state = SUGU__REPORT_STATE__INIT;
    uint8_t *bytes;
    size_t size;

    state.page = heartbeat->page;
    state.n_parts = heartbeat->n_parts;
    state.parts = heartbeat->parts;
    request.id = sugu_id_field(&id);
    request.facility = (uint32_t)peer->facility;
    request.body_case = SUGU__REQUEST__BODY_REPORT_STATE;
    request.report_state = &state;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    size = sugu__up__get_packed_size(&up);
    bytes = malloc(size);
    if (!bytes)
        abort();
    sugu__up__pack(&up, bytes);
    copy = sugu__up__unpack(NULL, size, bytes);
    free(bytes);
    if (!copy)
        abort();
    return sugu_work_new(peer, (const uint8_t *)"", 0, &copy);
}

struct sugu_work *
sugu_work_of_server(int32_t facility,
                    const struct sugu_handler *handler,
                    struct sugu_id subject,
                    struct sugu_id id)
{
    struct sugu_peer peer = {.facility = facility};
    Sugu__Heartbeat nothing = SUGU__HEARTBEAT__INIT;
    struct sugu_work *work = sugu_work_of_heartbeat(&peer, &nothing, id);

    drop_state(work);
    work->handler = handler;
    work->is_own = true;
    work->subject = subject;
    sugu_work_reset(work);
    return work;
}

/* FNV-1a. */
uint32_t
sugu_heartbeat_hash(const Sugu__Heartbeat *heartbeat)
{
    uint32_t hash = 2166136261U;

    for (const char *at = heartbeat->page; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 16777619U;
    for (size_t i = 0; i < heartbeat->n_parts; i++) {
        const Sugu__PartState *part = heartbeat->parts[i];
        hash = (hash ^ (uint32_t)(part->part * 8 + part->health)) * 16777619U;
        for (const char *at = part->code; *at; at++)
            hash = (hash ^ (uint8_t)*at) * 16777619U;
    }
    return hash;
}

void
sugu_work_reset(struct sugu_work *work)
{
    drop_state(work);
    free(work->reply);
    work->reply = NULL;
    work->is_stored = false;
    work->has_bug = false;
    if (work->handler && work->handler->state->size > 0) {
        work->state = calloc(1, work->handler->state->size);
        if (!work->state)
            abort();
    }
}

struct sugu_work *
sugu_work_free(struct sugu_work *work)
{
    if (work) {
        drop_state(work);
        free(work->reply);
        if (work->up)
            sugu__up__free_unpacked(work->up, NULL);
        free(work);
    }
    return NULL;
}

bool
sugu_work_is_twin(const struct sugu_work *a, const struct sugu_work *b)
{
    return a->peer.client == b->peer.client && a->peer.facility == b->peer.facility &&
           sugu_id_equal(&a->id, &b->id);
}

void
sugu_work_reply(struct sugu_work *work, Sugu__Reply *reply)
{
    Sugu__Down down = SUGU__DOWN__INIT;
    Sugu__Reply broken = SUGU__REPLY__INIT;
    struct sugu_error error;

    assert(!work->reply);
    reply->id = sugu_id_field(&work->id);
    down.version = SUGU_PROTOCOL_VERSION;
    down.frame_case = SUGU__DOWN__FRAME_REPLY;
    down.reply = reply;
    if (sugu_message_check(&down.base, &error) != SUGU_OK ||
        sugu__down__get_packed_size(&down) > SUGU_MESSAGE_SIZE_MAX) {
        work->has_bug = true;
        broken.id = reply->id;
        broken.status = SUGU__STATUS__BROKEN;
        broken.code = (char *)"bug.unexpected";
        broken.detail = (char *)sugu_request_name(work->request);
        down.reply = &broken;
    }
    work->reply = sugu_down_encode(&down, &work->reply_size);
}

void
sugu_work_reply_error(struct sugu_work *work, const struct sugu_error *error)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    reply.status = (Sugu__Status)error->status;
    reply.code = (char *)error->code;
    reply.detail = (char *)error->detail;
    sugu_work_reply(work, &reply);
}

void
sugu_work_refuse(struct sugu_work *work, const char *code, const char *detail)
{
    struct sugu_error error;

    sugu_fail(&error, sugu_code_find(code)->status, code, "%s", detail);
    if (error.status == SUGU_OK)
        error.status = SUGU_REFUSED;
    sugu_work_reply_error(work, &error);
}

void
sugu_work_reply_ok(struct sugu_work *work)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;

    sugu_work_reply(work, &reply);
}
