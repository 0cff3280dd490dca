/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - requests that outlive the program that asked: a folder of files, in the run's memory
 */
#include "simulation/world.h"

#include <stdlib.h>
#include <string.h>

struct stored {
    struct stored *next;
    struct sugu_id id;
    size_t size;
    uint8_t bytes[];
};

struct kept_store {
    struct sugu_request_store store;
    struct stored *first;
};

static enum sugu_status
put(struct sugu_request_store *store,
    const struct sugu_id *id,
    const uint8_t *request,
    size_t size,
    struct sugu_error *reterr)
{
    struct kept_store *kept = (struct kept_store *)store;
    struct stored *stored = malloc(sizeof *stored + size);

    (void)reterr;
    if (!stored)
        abort();
    sim_point("store.before");
    stored->next = kept->first;
    stored->id = *id;
    stored->size = size;
    memcpy(stored->bytes, request, size);
    kept->first = stored;
    sim_point("store.after");
    return SUGU_OK;
}

static void
take_out(struct sugu_request_store *store, const struct sugu_id *id)
{
    struct stored **place = &((struct kept_store *)store)->first;

    while (*place && !sugu_id_equal(&(*place)->id, id))
        place = &(*place)->next;
    if (*place) {
        struct stored *stored = *place;
        *place = stored->next;
        free(stored);
    }
}

static void
list(struct sugu_request_store *store,
     void (*each)(void *user, const struct sugu_id *id, const uint8_t *request, size_t size),
     void *user)
{
    for (struct stored *at = ((struct kept_store *)store)->first; at; at = at->next)
        each(user, &at->id, at->bytes, at->size);
}

static void
leave(struct sugu_request_store *store)
{
    (void)store; /* the folder stays */
}

struct sugu_request_store *
sim_store_new(void)
{
    struct kept_store *kept = calloc(1, sizeof *kept);

    if (!kept)
        abort();
    kept->store =
        (struct sugu_request_store){.put = put, .remove = take_out, .list = list, .free = leave};
    return &kept->store;
}
