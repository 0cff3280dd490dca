/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request-store - where requests wait for their replies: a folder of files, or memory
 */
#include "client/client.h"

#include "base/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct folder_store {
    struct sugu_request_store store;
    char folder[4096];
};

static enum sugu_status
folder_put(struct sugu_request_store *store,
           const struct sugu_id *id,
           const uint8_t *request,
           size_t size,
           struct sugu_error *reterr)
{
    char name[SUGU_ID_TEXT_SIZE];

    return sugu_file_write(((struct folder_store *)store)->folder, sugu_id_to_text(id, name),
                           request, size, /* must_be_new= */ false, reterr);
}

static void
folder_remove(struct sugu_request_store *store, const struct sugu_id *id)
{
    char path[4200], name[SUGU_ID_TEXT_SIZE];

    snprintf(path, sizeof path, "%s/%s", ((struct folder_store *)store)->folder,
             sugu_id_to_text(id, name));
    unlink(path); /* a file that stays is sent again and answered again: harmless */
}

static void
folder_list(struct sugu_request_store *store,
            void (*each)(void *user, const struct sugu_id *id, const uint8_t *request, size_t size),
            void *user)
{
    const char *folder = ((struct folder_store *)store)->folder;
    DIR *files = opendir(folder);
    struct dirent *entry;

    while (files && (entry = readdir(files))) {
        struct sugu_id id;
        char path[4400];
        uint8_t *bytes;
        size_t size;
        if (!sugu_id_from_text(entry->d_name, &id))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (sugu_file_read(path, SUGU_MESSAGE_SIZE_MAX, &bytes, &size, /* reterr= */ NULL) ==
            SUGU_OK) {
            each(user, &id, bytes, size);
            free(bytes);
        }
    }
    if (files)
        closedir(files);
}

static void
folder_free(struct sugu_request_store *store)
{
    free(store);
}

enum sugu_status
sugu_store_folder(const char *folder,
                  struct sugu_request_store **ret_store,
                  struct sugu_error *reterr)
{
    struct folder_store *store;

    if (strlen(folder) >= sizeof store->folder)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "name too long");
    if (sugu_folder_make(folder, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    store = calloc(1, sizeof *store);
    if (!store)
        abort();
    store->store = (struct sugu_request_store){
        .put = folder_put, .remove = folder_remove, .list = folder_list, .free = folder_free};
    snprintf(store->folder, sizeof store->folder, "%s", folder);
    *ret_store = &store->store;
    return SUGU_OK;
}

static enum sugu_status
memory_put(struct sugu_request_store *store,
           const struct sugu_id *id,
           const uint8_t *request,
           size_t size,
           struct sugu_error *reterr)
{
    (void)store, (void)id, (void)request, (void)size, (void)reterr;
    return SUGU_OK; /* the client itself holds what is open */
}

static void
memory_remove(struct sugu_request_store *store, const struct sugu_id *id)
{
    (void)store, (void)id;
}

static void
memory_list(struct sugu_request_store *store,
            void (*each)(void *user, const struct sugu_id *id, const uint8_t *request, size_t size),
            void *user)
{
    (void)store, (void)each, (void)user;
}

static void
memory_free(struct sugu_request_store *store)
{
    (void)store;
}

struct sugu_request_store *
sugu_store_memory(void)
{
    static struct sugu_request_store store = {
        .put = memory_put, .remove = memory_remove, .list = memory_list, .free = memory_free};

    return &store;
}
