/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-set - a provider as the settings name it: its line, its driver and a thread for its jobs
 */
#include "payment/provider-set.h"

#include "base/files.h"
#include "base/text.h"
#include "payment/code/paypay.h"
#include "payment/http/http-curl.h"
#include "payment/on-file/checkout.h"
#include "payment/provider-key.h"

#include <stdlib.h>
#include <string.h>

#define ROOT_SIZE_MAX 65536

struct sugu_provider_set {
    atomic_bool is_stopping;
    struct sugu_http *http;
    struct sugu_code_payment *code; /* one of the two */
    struct sugu_card_on_file *on_file;
    struct sugu_job_thread *worker;
};

/* Where a provider is, in the settings' words. */
struct place {
    const char *address, *name, *root;
    int64_t connect_wait_ms;
};

static enum sugu_status
open_line(struct sugu_provider_set *set, const struct place *place, struct sugu_error *reterr)
{
    struct sugu_http_curl_settings line = {
        .base = place->address,
        .certificate_name = place->name,
        .connect_wait_ms = (uint32_t)place->connect_wait_ms,
        .is_stopping = &set->is_stopping,
    };
    uint8_t *root = NULL;
    size_t size;
    enum sugu_status status = sugu_file_read(place->root, ROOT_SIZE_MAX, &root, &size, reterr);

    if (status)
        return status;
    line.root_pem = (const char *)root;
    status = sugu_http_curl_new(&line, &set->http, reterr);
    free(root);
    return status;
}

static enum sugu_status
set_new(const struct place *place, struct sugu_provider_set **ret_set, struct sugu_error *reterr)
{
    struct sugu_provider_set *set = calloc(1, sizeof *set);
    enum sugu_status status;

    if (!set)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a provider");
    status = open_line(set, place, reterr);
    if (status)
        sugu_provider_set_free(set);
    else
        *ret_set = set;
    return status;
}

/* The driver is there where there was memory for it; then its thread. */
static enum sugu_status
start_worker(struct sugu_provider_set *set, struct sugu_error *reterr)
{
    if (set->code)
        return sugu_code_thread_new(set->code, &set->worker, reterr);
    if (set->on_file)
        return sugu_on_file_thread_new(set->on_file, &set->worker, reterr);
    return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a provider");
}

enum sugu_status
sugu_provider_set_new_code(const struct sugu_payment_settings *settings,
                           const struct sugu_clock *clock,
                           struct sugu_random *random,
                           struct sugu_provider_set **ret_set,
                           struct sugu_error *reterr)
{
    struct place place = {settings->code, settings->code_name, settings->code_root,
                          settings->connect_wait_ms};
    struct sugu_paypay_settings paypay = {
        .clock = clock,
        .random = random,
        .make_wait_ms = (uint32_t)settings->code_make_wait_ms,
        .ask_wait_ms = (uint32_t)settings->code_ask_wait_ms,
    };
    struct sugu_provider_set *set = NULL;
    struct sugu_provider_key key;
    enum sugu_status status = sugu_provider_key_read(settings->code_key, true, &key, reterr);

    if (status)
        return status;
    status = set_new(&place, &set, reterr);
    if (!status) {
        paypay.http = set->http;
        sugu_text_copy(paypay.key.api_key, sizeof paypay.key.api_key, key.api_key);
        sugu_text_copy(paypay.key.secret, sizeof paypay.key.secret, key.secret);
        sugu_text_copy(paypay.merchant, sizeof paypay.merchant, key.merchant);
        sugu_text_copy(paypay.store, sizeof paypay.store, key.store);
        sugu_text_copy(paypay.place, sizeof paypay.place, settings->sale_id);
        set->code = sugu_paypay_new(&paypay);
        status = start_worker(set, reterr);
    }
    explicit_bzero(&key, sizeof key);
    explicit_bzero(&paypay, sizeof paypay);
    if (status)
        sugu_provider_set_free(set);
    else
        *ret_set = set;
    return status;
}

enum sugu_status
sugu_provider_set_new_on_file(const struct sugu_payment_settings *settings,
                              struct sugu_provider_set **ret_set,
                              struct sugu_error *reterr)
{
    struct place place = {settings->on_file, settings->on_file_name, settings->on_file_root,
                          settings->connect_wait_ms};
    struct sugu_checkout_settings checkout = {.wait_ms = (uint32_t)settings->on_file_wait_ms};
    struct sugu_provider_set *set = NULL;
    struct sugu_provider_key key;
    enum sugu_status status = sugu_provider_key_read(settings->on_file_key, false, &key, reterr);

    if (status)
        return status;
    status = set_new(&place, &set, reterr);
    if (!status) {
        checkout.http = set->http;
        sugu_text_copy(checkout.api_key, sizeof checkout.api_key, key.api_key);
        sugu_text_copy(checkout.merchant, sizeof checkout.merchant, key.merchant);
        set->on_file = sugu_checkout_new(&checkout);
        status = start_worker(set, reterr);
    }
    explicit_bzero(&key, sizeof key);
    explicit_bzero(&checkout, sizeof checkout);
    if (status)
        sugu_provider_set_free(set);
    else
        *ret_set = set;
    return status;
}

struct sugu_provider_set *
sugu_provider_set_free(struct sugu_provider_set *set)
{
    if (!set)
        return NULL;
    atomic_store(&set->is_stopping, true);
    sugu_job_thread_free(set->worker);
    sugu_paypay_free(set->code);
    sugu_checkout_free(set->on_file);
    sugu_http_curl_free(set->http);
    free(set);
    return NULL;
}

struct sugu_job_thread *
sugu_provider_set_worker(struct sugu_provider_set *set)
{
    return set->worker;
}

const char *
sugu_provider_set_name(const struct sugu_provider_set *set)
{
    return set->code ? set->code->ops->name : set->on_file->ops->name;
}
