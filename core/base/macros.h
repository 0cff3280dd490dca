/* SPDX-License-Identifier: Apache-2.0 */
/*
 * macros - the few compiler words that every header of Sugu may use
 */
#pragma once

#include <stddef.h>

/* The caller has to look at the returned value. */
#define SUGU_MUST_CHECK __attribute__((warn_unused_result))

/* printf-like: argument number of the format, argument number of the first value. */
#define SUGU_PRINTF(format_at, first) __attribute__((format(printf, format_at, first)))

/*
 * Scope cleanup: `SUGU_CLEANUP(sugu_error_free) struct x *x = NULL;` calls sugu_x_free when x goes
 * out of scope. The function takes the pointer itself and accepts NULL; SUGU_DEFINE_CLEANUP makes
 * the adapter that the compiler's attribute wants.
 */
#define SUGU_DEFINE_CLEANUP(type, free_function)                                                   \
    static inline void free_function##_cleanup(type **place)                                       \
    {                                                                                              \
        free_function(*place);                                                                     \
    }
#define SUGU_CLEANUP(free_function) __attribute__((cleanup(free_function##_cleanup)))

/* 1 in a build with the address sanitizer (gcc says so in one way, clang in another). */
#if defined(__SANITIZE_ADDRESS__)
#define SUGU_HAS_ASAN 1
#elif defined(__has_feature)
#define SUGU_HAS_ASAN __has_feature(address_sanitizer)
#else
#define SUGU_HAS_ASAN 0
#endif

#define SUGU_ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
