/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter - how much one address may ask for
 */
#include "web/meter.h"

#include <glib.h>

#include <string.h>

#define ONE         1000 /* one request, in thousandths */
#define SPAN_US_MAX (720 * SUGU_MINUTE)

struct bucket {
    struct web_address address;
    int64_t filled_at_us;
    int64_t held; /* thousandths */
    GList place;  /* in `order`; data is the bucket */
};

struct web_meter {
    int64_t burst;
    uint32_t per_minute;
    size_t address_max;
    GHashTable *buckets; /* address in bucket → bucket, owned */
    GQueue order;        /* quiet longest first */
};

struct web_address
web_address_of(const uint8_t *bytes, size_t size)
{
    static const uint8_t mapped[12] = {[10] = 0xff, 0xff};
    struct web_address address = {0};

    if (size == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
        bytes += sizeof mapped;
        size = 4;
    }
    if (size == 4) {
        memcpy(address.bytes, mapped, sizeof mapped);
        memcpy(address.bytes + sizeof mapped, bytes, 4);
    } else {
        memcpy(address.bytes, bytes, 8);
    }
    return address;
}

static guint
hash_address(gconstpointer key)
{
    const struct web_address *address = key;
    uint32_t hash = 2166136261u; /* FNV-1a; the table is bounded, so a crafted clash costs little */

    for (size_t i = 0; i < sizeof address->bytes; i++)
        hash = (hash ^ address->bytes[i]) * 16777619u;
    return hash;
}

static gboolean
equal_addresses(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(struct web_address)) == 0;
}

struct web_meter *
web_meter_new(uint32_t burst, uint32_t per_minute, size_t address_max)
{
    struct web_meter *meter = g_new0(struct web_meter, 1);

    meter->burst = (int64_t)burst * ONE;
    meter->per_minute = per_minute;
    meter->address_max = address_max;
    meter->buckets = g_hash_table_new_full(hash_address, equal_addresses, NULL, g_free);
    g_queue_init(&meter->order);
    return meter;
}

struct web_meter *
web_meter_free(struct web_meter *meter)
{
    if (meter)
        g_hash_table_unref(meter->buckets);
    g_free(meter);
    return NULL;
}

static void
fill(const struct web_meter *meter, struct bucket *bucket, int64_t now_us)
{
    int64_t span = now_us - bucket->filled_at_us;
    int64_t per_minute = (int64_t)meter->per_minute * ONE;
    int64_t gained = (span < SPAN_US_MAX ? span : SPAN_US_MAX) * per_minute / SUGU_MINUTE;

    bucket->held += gained;
    if (bucket->held >= meter->burst) {
        bucket->held = meter->burst;
        bucket->filled_at_us = now_us;
    } else {
        /* What is too short for a thousandth is not lost: it counts the next time. */
        bucket->filled_at_us += gained * SUGU_MINUTE / per_minute;
    }
}

static struct bucket *
find(struct web_meter *meter, const struct web_address *address, int64_t now_us)
{
    struct bucket *bucket = g_hash_table_lookup(meter->buckets, address);

    if (bucket) {
        g_queue_unlink(&meter->order, &bucket->place);
        fill(meter, bucket, now_us);
    } else {
        if (g_hash_table_size(meter->buckets) >= meter->address_max) {
            struct bucket *oldest = g_queue_peek_head(&meter->order);
            g_queue_unlink(&meter->order, &oldest->place);
            g_hash_table_remove(meter->buckets, &oldest->address);
        }
        bucket = g_new0(struct bucket, 1);
        bucket->address = *address;
        bucket->filled_at_us = now_us;
        bucket->held = meter->burst;
        bucket->place.data = bucket;
        g_hash_table_insert(meter->buckets, &bucket->address, bucket);
    }
    g_queue_push_tail_link(&meter->order, &bucket->place);
    return bucket;
}

bool
web_meter_has(struct web_meter *meter, const struct web_address *address, int64_t now_us)
{
    return find(meter, address, now_us)->held >= ONE;
}

bool
web_meter_take(struct web_meter *meter, const struct web_address *address, int64_t now_us)
{
    struct bucket *bucket = find(meter, address, now_us);

    if (bucket->held < ONE)
        return false;
    bucket->held -= ONE;
    return true;
}

uint32_t
web_meter_wait_s(const struct web_meter *meter)
{
    return 60 / meter->per_minute + 1;
}
