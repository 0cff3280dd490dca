/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - where in the memory of running processes do certain bytes stand?
 *
 * The processes have to allow it (keep-dumpable.c), and to run without a sanitizer, whose memory
 * has terabytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SUGU_PLACES_MAX 2048

struct sugu_place {
    pid_t pid;
    uint64_t address;
    char mapping[96]; /* as /proc/PID/maps names it; "" where it has no name */
    char around[49];  /* the bytes about it, for whoever has to find out who put it there */
};

struct sugu_places {
    struct sugu_place at[SUGU_PLACES_MAX];
    size_t count;
};

/* Searches every readable byte of the process for the text and adds what it finds, but for ids
 * and times (twelve and more hexadecimal digits) that it is part of by chance. */
void sugu_memory_search(struct sugu_places *places, pid_t pid, const char *text);
/* The first of `now` from *from on that is not in `before`; *from is moved behind it. NULL = no
 * further one. */
const struct sugu_place *
sugu_memory_next_new(const struct sugu_places *before, const struct sugu_places *now, size_t *from);
/* Is the place locked, and left out of dumps and of child processes? */
bool sugu_memory_is_guarded(const struct sugu_place *place);
