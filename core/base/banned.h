/* SPDX-License-Identifier: Apache-2.0 */
/*
 * banned - functions that no file of Sugu may call; force-included by meson into every C file
 *
 * Each has a bounded or a reentrant counterpart: snprintf, sugu_text_copy, strtol, gmtime_r.
 */
#pragma once

/* Headers that declare the banned names come first, so that only calls are poisoned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With _FORTIFY_SOURCE and clang these are macros, which clang does not let us poison. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll localtime gmtime ctime asctime
#pragma GCC poison random_r tmpnam mktemp

/* Not poisoned, as OpenSSL's headers have parameters of these names: a warning, so an error, where
 * called. */
int rand(void) __attribute__((deprecated("take a struct sugu_random")));
void srand(unsigned seed) __attribute__((deprecated("take a struct sugu_random")));
