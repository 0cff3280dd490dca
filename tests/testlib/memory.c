/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - where in the memory of running processes do certain bytes stand?
 */
#include "testlib/memory.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID_LENGTH_MIN 12

/* What can be printed of the bytes about a place; the rest as dots. */
static void
note_around(struct sugu_place *place, const uint8_t *from, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *first = at - from > 16 ? at - 16 : from;
    size_t length = 0;

    for (; first < end && length < sizeof place->around - 1; first++)
        place->around[length++] = *first >= ' ' && *first < 0x7f ? (char)*first : '.';
    place->around[length] = '\0';
}

static bool
is_of_an_id(uint8_t byte)
{
    return isxdigit(byte) || byte == '-' || byte == '_';
}

/*
 * Ids and times are long rows of digits in which any four stand by chance: every widget that a
 * screen reader has seen has one. Who keeps a PIN keeps it by itself.
 */
static bool
is_in_an_id(const uint8_t *from, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *first = at, *last = at;

    while (first > from && is_of_an_id(first[-1]))
        first--;
    while (last < end && is_of_an_id(*last))
        last++;
    return last - first >= ID_LENGTH_MIN;
}

static void
search_range(struct sugu_places *places,
             pid_t pid,
             uint64_t low,
             uint64_t high,
             const char *mapping,
             const char *text)
{
    char path[64];
    size_t size = high - low, length = strlen(text);
    uint8_t *bytes = malloc(size), *end = bytes + size;
    ssize_t got;
    int memory;

    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    memory = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(memory >= 0 && bytes, "%s", path);
    got = pread(memory, bytes, size, (off_t)low);
    close(memory);
    if (got != (ssize_t)size)
        end = bytes; /* [vvar] and its like */
    for (uint8_t *at = bytes; (at = memmem(at, (size_t)(end - at), text, length)); at += length) {
        struct sugu_place *place = &places->at[places->count];
        if (is_in_an_id(bytes, at, end))
            continue;
        ck_assert_uint_lt(places->count, SUGU_PLACES_MAX);
        place->pid = pid;
        place->address = low + (uint64_t)(at - bytes);
        sugu_text_copy(place->mapping, sizeof place->mapping, mapping);
        note_around(place, bytes, at, end);
        places->count++;
    }
    free(bytes);
}

void
sugu_memory_search(struct sugu_places *places, pid_t pid, const char *text)
{
    char path[64], line[512];
    size_t ranges = 0;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    maps = fopen(path, "re");
    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps)) {
        unsigned long long low, high;
        char rights[8], name[400] = "";

        ck_assert_int_ge(
            sscanf(line, "%llx-%llx %7s %*s %*s %*s %399[^\n]", &low, &high, rights, name), 3);
        if (rights[0] != 'r' || strncmp(name, "[v", 2) == 0)
            continue;
        search_range(places, pid, low, high, name, text);
        ranges++;
    }
    fclose(maps);
    ck_assert_uint_gt(ranges, 20);
}

const struct sugu_place *
sugu_memory_next_new(const struct sugu_places *before, const struct sugu_places *now, size_t *from)
{
    while (*from < now->count) {
        const struct sugu_place *place = &now->at[(*from)++];
        bool is_old = false;

        for (size_t i = 0; i < before->count && !is_old; i++)
            is_old = before->at[i].pid == place->pid && before->at[i].address == place->address;
        if (!is_old)
            return place;
    }
    return NULL;
}

bool
sugu_memory_is_guarded(const struct sugu_place *place)
{
    char path[64], line[512], flags[256] = "";
    bool is_here = false;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%d/smaps", (int)place->pid);
    maps = fopen(path, "re");
    ck_assert_ptr_nonnull(maps);
    while (!*flags && fgets(line, sizeof line, maps)) {
        unsigned long long low, high;
        if (sscanf(line, "%llx-%llx ", &low, &high) == 2)
            is_here = low <= place->address && place->address < high;
        else if (is_here && strncmp(line, "VmFlags:", 8) == 0)
            sugu_text_copy(flags, sizeof flags, line + 8);
    }
    fclose(maps);
    return strstr(flags, " lo") && strstr(flags, " dd") && strstr(flags, " wf");
}
